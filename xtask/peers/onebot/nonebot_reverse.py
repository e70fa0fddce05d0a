"""The sandbox connects to NoneBot2: its FastAPI driver in uvicorn."""

import asyncio
from contextlib import asynccontextmanager

import common
import nonebot
import nonebot_bot
import uvicorn
import world
from common import expect
from world import SECRET, TOKEN


@asynccontextmanager
async def serving(port):
    """Runs NoneBot's ASGI application until the block ends."""
    app = nonebot.get_asgi()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        await common.eventually(lambda: server.started, "the bot's server")
        yield
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 10)


async def main(sandbox, check):
    inbox = common.Inbox()
    nonebot_bot.init(driver="~fastapi", onebot_secret=SECRET)
    nonebot_bot.plugin(inbox)
    port = common.free_port()
    url = f"ws://127.0.0.1:{port}/onebot/v11/ws"
    async with serving(port):
        await sandbox.deliver(
            reverse_ws_urls=[url], reverse_ws_role="universal", access_token=TOKEN
        )
        await nonebot_bot.talk(sandbox, check, inbox)
        with check("the connection is closed when delivery ends"):
            await sandbox.deliver(reverse_ws_urls=[])
            await common.eventually(lambda: not nonebot.get_bots(), "the end")
        await posts(sandbox, check, inbox, port)


async def posts(sandbox, check, inbox, port):
    with check("a signed post is taken"):
        inbox.events.clear()
        post_url = f"http://127.0.0.1:{port}/onebot/v11/http"
        await sandbox.deliver(post_url=post_url, post_secret=SECRET)
        said = await sandbox.say("alice", nonebot_bot.GENERAL_CHAT, "收得到吗")
        event = await inbox.take(message_id=said)
        expect(event["class"], "GroupMessageEvent")


if __name__ == "__main__":
    world.run(main)
