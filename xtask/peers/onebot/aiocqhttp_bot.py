"""An ordinary aiocqhttp bot, and a server to run it in."""

import asyncio
import logging
from contextlib import asynccontextmanager, contextmanager

import common
from aiocqhttp import CQHttp


def make(inbox, **settings):
    """A bot that keeps its events in `inbox` and answers some of them.

    What a handler returns becomes a quick operation: the body of the answer
    over HTTP, a call of `.handle_quick_operation_async` over WebSocket.
    """
    bot = CQHttp(__name__, api_timeout_sec=common.PATIENCE, **settings)
    bot.logger.setLevel(logging.WARNING)

    @bot.on("message", "notice", "request", "meta_event")
    async def keep(event):
        event["name"] = event.name
        inbox.put(event)

    @bot.on_message
    async def answer(event):
        match event.raw_message.split():
            case ["/ping"]:
                return {"reply": "pong"}
            case ["/plain"]:
                return {"reply": "pong", "at_sender": False}
            case ["/code"]:
                return {"reply": "[CQ:face,id=14]", "at_sender": False, "auto_escape": True}
            case ["/segments"]:
                segments = [
                    {"type": "face", "data": {"id": "14"}},
                    {"type": "text", "data": {"text": " 你好"}},
                ]
                return {"reply": segments, "at_sender": False}
            case ["/recall"]:
                return {"delete": True}
            case ["/mute", seconds]:
                return {"ban": True, "ban_duration": int(seconds)}
            case ["/kick"]:
                return {"kick": True}
            case ["/send"]:
                await bot.send(event, "你好[CQ:face,id=14]", at_sender=True)

    @bot.on_request("friend")
    async def befriend(event):
        return {"approve": True, "remark": "同事"}

    @bot.on_request("group")
    async def admit(event):
        return {"approve": "请进" in event.comment, "reason": "暗号不对"}

    return bot


@asynccontextmanager
async def serving(bot, port):
    """Runs the bot's server as `bot.run` does, until the block ends."""
    stop = asyncio.Event()
    server = bot.run_task("127.0.0.1", port, shutdown_trigger=stop.wait)
    task = asyncio.create_task(server)
    try:
        await common.eventually(lambda: accepts(port), "the bot's server")
        yield
    finally:
        asyncio.get_running_loop().set_exception_handler(report_but_cancellation)
        stop.set()
        await asyncio.wait_for(task, 10)


def report_but_cancellation(loop, context):
    """Hypercorn cancels the connections still open when it stops, and reports that."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


async def accepts(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@contextmanager
def warnings(bot):
    """The warnings the bot logs inside the block, such as a refused signature."""
    seen = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(record.getMessage())
    bot.logger.addHandler(handler)
    try:
        yield seen
    finally:
        bot.logger.removeHandler(handler)
