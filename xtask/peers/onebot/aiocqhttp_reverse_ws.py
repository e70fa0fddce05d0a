"""The sandbox connects to aiocqhttp: events, calls and quick operations."""

import asyncio

import aiocqhttp_bot
import common
import happenings
import world
from aiocqhttp import ActionFailed, ApiNotAvailable, NetworkError
from common import expect
from world import ALICE, BOB, BOT, ERIN, GENERAL, TOKEN

GENERAL_CHAT = f"group:{GENERAL}"


async def main(sandbox, check):
    inbox = common.Inbox()
    # Without api_root every call goes over the WebSocket.
    bot = aiocqhttp_bot.make(inbox, access_token=TOKEN)
    port = common.free_port()
    async with aiocqhttp_bot.serving(bot, port):
        url = f"ws://127.0.0.1:{port}/ws/"
        for role in ("universal", "separate"):
            await sandbox.reset()
            await sandbox.deliver(
                reverse_ws_urls=[url], reverse_ws_role=role, access_token=TOKEN
            )
            with check(f"lifecycle connect is the first event, {role}"):
                first = await common.eventually(lambda: inbox.events, "an event")
                expect(first[0].name, "meta_event.lifecycle.connect")
                expect(first[0].self_id, BOT)
                await common.eventually(lambda: connected(bot), "the API connection")
            await calls(bot, check, role)
            await events(sandbox, bot, check, inbox, role)
            await sandbox.deliver(reverse_ws_urls=[])
            with check(f"the connections are closed when delivery ends, {role}"):
                await common.eventually(lambda: disconnected(bot), "the end")
            inbox.events.clear()

        await sandbox.deliver(reverse_ws_urls=[url], reverse_ws_role="universal")
        await inbox.take(meta_event_type="lifecycle")
        named = lambda name, _: ("name", name)
        await happenings.all_of_them(sandbox, check, inbox, named)
        await sandbox.deliver(reverse_ws_urls=[])

    await reconnects(sandbox, check, port)
    await wrong_token(sandbox, check)


async def connected(bot):
    try:
        return await bot.get_status()
    except (ApiNotAvailable, NetworkError):
        return None


async def disconnected(bot):
    # A call that crosses the closing would be waited for in vain, and long.
    await asyncio.sleep(0.5)
    return await connected(bot) is None


async def calls(bot, check, role):
    with check(f"calls are answered, {role}"):
        expect((await bot.get_login_info())["user_id"], BOT)
        expect((await bot.get_group_info(group_id=GENERAL))["group_id"], GENERAL)
        expect(await bot.clean_cache(), None)

    with check(f"a call may name its account, {role}"):
        expect((await bot.get_status(self_id=BOT))["online"], True)

    with check(f"failures are raised with their code, {role}"):
        for code, call in (
            (1404, bot.call_action("no_such_action", a=1)),
            (100, bot.get_group_info()),
            (102, bot.get_msg(message_id=999_999)),
        ):
            try:
                await call
            except ActionFailed as failed:
                expect(failed.retcode, code)
            else:
                raise AssertionError(f"{code} was expected")

    with check(f"many calls at once find their own answers, {role}"):
        ids = [ALICE, BOB] * 20
        calls = [bot.get_stranger_info(user_id=user_id) for user_id in ids]
        answers = await asyncio.gather(*calls)
        expect([answer["user_id"] for answer in answers], ids)


async def events(sandbox, bot, check, inbox, role):
    with check(f"a handler's reply becomes a quick operation, {role}"):
        await sandbox.say("alice", GENERAL_CHAT, "/ping")
        await sandbox.seen(GENERAL_CHAT, f"@{ALICE}", " pong")
        await sandbox.say("alice", "user:bot", "/ping")
        await sandbox.seen(f"user:{ALICE}", "pong")

    with check(f"bot.send inside a handler goes to the same place, {role}"):
        await sandbox.say("bob", GENERAL_CHAT, "/send")
        await sandbox.seen(GENERAL_CHAT, f"@{BOB}", " 你好", "face")

    with check(f"requests are approved by what a handler returns, {role}"):
        await sandbox.act("erin", "befriend", comment="我是 erin")
        await inbox.take(notice_type="friend_add", user_id=ERIN)
        await sandbox.act("erin", "leave", group=str(GENERAL))
        await inbox.take(notice_type="group_decrease", user_id=ERIN)
        await sandbox.act("erin", "request_join", group=str(GENERAL), comment="请进")
        event = await inbox.take(notice_type="group_increase", user_id=ERIN)
        expect(event.sub_type, "approve")

    with check(f"notices arrive, {role}"):
        said = await sandbox.say("alice", GENERAL_CHAT, "说错了")
        await sandbox.act("alice", "recall", message=str(said))
        await inbox.take(notice_type="group_recall", message_id=said)
        await sandbox.act("alice", "poke", group=str(GENERAL), target="bot")
        await inbox.take(notice_type="notify", sub_type="poke")
        await bot.set_group_ban(group_id=GENERAL, user_id=BOB, duration=60)
        await inbox.take(notice_type="group_ban", sub_type="ban", user_id=BOB)

    with check(f"events keep their order, {role}"):
        inbox.events.clear()
        said = [await sandbox.say("alice", GENERAL_CHAT, str(number)) for number in range(20)]
        await common.eventually(lambda: len(inbox.events) == len(said), "all of them")
        expect([event.message_id for event in inbox.events], said)

    with check(f"heartbeats come over the socket, {role}"):
        await sandbox.deliver(heartbeat_s=1)
        await inbox.take(meta_event_type="heartbeat", interval=1000)
        await sandbox.deliver(heartbeat_s=None)


async def reconnects(sandbox, check, port):
    inbox = common.Inbox()
    url = f"ws://127.0.0.1:{port}/ws/"
    await sandbox.deliver(reverse_ws_urls=[url], reverse_ws_role="universal")
    for attempt in ("first", "second"):
        bot = aiocqhttp_bot.make(inbox, access_token=TOKEN)
        with check(f"the sandbox finds a bot that starts later, {attempt} time"):
            async with aiocqhttp_bot.serving(bot, port):
                await inbox.take(meta_event_type="lifecycle", sub_type="connect")
                expect((await bot.get_login_info())["user_id"], BOT)
    await sandbox.deliver(reverse_ws_urls=[])


async def wrong_token(sandbox, check):
    inbox = common.Inbox()
    bot = aiocqhttp_bot.make(inbox, access_token="another token")
    port = common.free_port()
    with check("a bot that refuses our token costs nothing but a log line"):
        async with aiocqhttp_bot.serving(bot, port):
            with aiocqhttp_bot.warnings(bot) as warnings:
                await sandbox.deliver(reverse_ws_urls=[f"ws://127.0.0.1:{port}/ws/"])
                await common.eventually(lambda: warnings, "a refusal")
            expect(warnings[0], "authorization header is invalid")
            await sandbox.deliver(reverse_ws_urls=[])
        expect(inbox.events, [])
        await sandbox.say("alice", GENERAL_CHAT, "还在吗")


if __name__ == "__main__":
    world.run(main)
