"""aiocqhttp receives signed posts and answers them with quick operations."""

import aiocqhttp_bot
import common
import world
from common import expect
from world import ALICE, BOB, BOT, CAROL, DAVE, ERIN, GENERAL, SECRET, TOKEN


async def main(sandbox, check):
    inbox = common.Inbox()
    bot = aiocqhttp_bot.make(
        inbox, api_root=f"{sandbox.url}/onebot", access_token=TOKEN, secret=SECRET
    )
    port = common.free_port()
    async with aiocqhttp_bot.serving(bot, port):
        await sandbox.deliver(post_url=f"http://127.0.0.1:{port}/", post_secret=SECRET)
        for message_format in ("array", "string"):
            await sandbox.deliver(message_format=message_format)
            await messages(sandbox, check, inbox, message_format)
        await quick_operations(sandbox, check, inbox, bot)
        await requests(sandbox, check, inbox, bot)
        await notices(sandbox, check, inbox, bot)
        await wrong_secret(sandbox, check, inbox, bot)
        await heartbeat(sandbox, check, inbox)
    with check("the sandbox carries on when the bot is gone"):
        await sandbox.say("alice", f"group:{GENERAL}", "还在吗")
        expect((await bot.get_status())["online"], True)


async def messages(sandbox, check, inbox, message_format):
    general = f"group:{GENERAL}"

    with check(f"a group message arrives, {message_format}"):
        said = await sandbox.say("alice", general, "你好[CQ:face,id=14]&")
        event = await inbox.take(message_type="group", message_id=said)
        expect(event.name, "message.group.normal")
        expect([event.self_id, event.group_id, event.user_id], [BOT, GENERAL, ALICE])
        expect(event.sender["user_id"], ALICE)
        expect(event.anonymous, None)
        expect(event.raw_message, "你好&#91;CQ:face,id=14&#93;&amp;")
        segments = [{"type": "text", "data": {"text": "你好[CQ:face,id=14]&"}}]
        expect(event.message, segments if message_format == "array" else event.raw_message)

    with check(f"a private message arrives, {message_format}"):
        said = await sandbox.say("bob", "user:bot", "在吗")
        event = await inbox.take(message_type="private", message_id=said)
        expect(event.name, "message.private.friend")
        expect([event.self_id, event.user_id], [BOT, BOB])

    with check(f"a group message is answered with the sender in front, {message_format}"):
        await sandbox.say("alice", general, "/ping")
        await sandbox.seen(general, f"@{ALICE}", " pong")

    with check(f"a private message is answered without, {message_format}"):
        await sandbox.say("alice", "user:bot", "/ping")
        await sandbox.seen(f"user:{ALICE}", "pong")

    await sandbox.reset()
    inbox.events.clear()


async def quick_operations(sandbox, check, inbox, bot):
    general = f"group:{GENERAL}"

    with check("at_sender false leaves the mention out"):
        await sandbox.say("alice", general, "/plain")
        await sandbox.seen(general, "pong")

    with check("auto_escape keeps a CQ code as text"):
        await sandbox.say("alice", general, "/code")
        await sandbox.seen(general, "[CQ:face,id=14]")

    with check("a reply may be segments"):
        await sandbox.say("alice", general, "/segments")
        await sandbox.seen(general, "face", " 你好")

    with check("bot.send inside a handler answers in the group"):
        await sandbox.say("alice", general, "/send")
        await sandbox.seen(general, f"@{ALICE}", " 你好", "face")

    with check("delete recalls the message"):
        said = await sandbox.say("carol", general, "/recall")
        event = await inbox.take(notice_type="group_recall", message_id=said)
        expect([event.user_id, event.operator_id], [CAROL, BOT])

    with check("ban mutes the sender for ban_duration"):
        await sandbox.say("carol", general, "/mute 60")
        event = await inbox.take(notice_type="group_ban", user_id=CAROL)
        expect([event.sub_type, event.operator_id, event.duration], ["ban", BOT, 60])

    with check("kick removes the sender"):
        await sandbox.say("dave", general, "/kick")
        event = await inbox.take(notice_type="group_decrease", user_id=DAVE)
        expect([event.sub_type, event.operator_id], ["kick", BOT])
        members = await bot.get_group_member_list(group_id=GENERAL)
        assert DAVE not in [member["user_id"] for member in members]

    await sandbox.reset()
    inbox.events.clear()


async def requests(sandbox, check, inbox, bot):
    with check("a friend request is approved, with a remark"):
        await sandbox.act("erin", "befriend", comment="我是 erin")
        event = await inbox.take(request_type="friend", user_id=ERIN)
        expect(event.comment, "我是 erin")
        await inbox.take(notice_type="friend_add", user_id=ERIN)
        friends = {friend["user_id"]: friend for friend in await bot.get_friend_list()}
        expect(friends[ERIN]["remark"], "同事")

    with check("a member leaves"):
        await sandbox.act("erin", "leave", group=str(GENERAL))
        event = await inbox.take(notice_type="group_decrease", user_id=ERIN)
        expect([event.sub_type, event.operator_id], ["leave", ERIN])

    with check("a request to join is refused"):
        await sandbox.act("erin", "request_join", group=str(GENERAL), comment="你好")
        event = await inbox.take(request_type="group", user_id=ERIN)
        expect([event.sub_type, event.comment], ["add", "你好"])
        members = await bot.get_group_member_list(group_id=GENERAL)
        assert ERIN not in [member["user_id"] for member in members]

    with check("a request to join is approved"):
        await sandbox.act("erin", "request_join", group=str(GENERAL), comment="请进")
        await inbox.take(request_type="group", user_id=ERIN)
        event = await inbox.take(notice_type="group_increase", user_id=ERIN)
        expect([event.sub_type, event.group_id, event.operator_id], ["approve", GENERAL, BOT])

    await sandbox.reset()
    inbox.events.clear()


async def notices(sandbox, check, inbox, bot):
    with check("a person recalls a message"):
        said = await sandbox.say("alice", f"group:{GENERAL}", "说错了")
        await sandbox.act("alice", "recall", message=str(said))
        event = await inbox.take(notice_type="group_recall", message_id=said)
        expect([event.user_id, event.operator_id], [ALICE, ALICE])

    with check("a person pokes the bot"):
        await sandbox.act("alice", "poke", group=str(GENERAL), target="bot")
        event = await inbox.take(notice_type="notify", sub_type="poke")
        expect([event.group_id, event.user_id, event.target_id], [GENERAL, ALICE, BOT])

    with check("what the bot does is reported, too"):
        await bot.set_group_ban(group_id=GENERAL, user_id=BOB, duration=60)
        await inbox.take(notice_type="group_ban", sub_type="ban", user_id=BOB)
        await bot.set_group_ban(group_id=GENERAL, user_id=BOB, duration=0)
        await inbox.take(notice_type="group_ban", sub_type="lift_ban", user_id=BOB)
        await bot.set_group_admin(group_id=GENERAL, user_id=BOB, enable=True)
        await inbox.take(notice_type="group_admin", sub_type="set", user_id=BOB)


async def wrong_secret(sandbox, check, inbox, bot):
    with check("a post with a wrong signature is refused, and nothing stops"):
        inbox.events.clear()
        with aiocqhttp_bot.warnings(bot) as warnings:
            await sandbox.deliver(post_secret="wrong")
            unheard = await sandbox.say("alice", f"group:{GENERAL}", "/ping")
            await common.eventually(lambda: warnings, "a refusal")
        expect(warnings[0], "signature header is invalid")
        await sandbox.deliver(post_secret=SECRET)
        heard = await sandbox.say("bob", f"group:{GENERAL}", "/ping")
        await inbox.take(message_type="group", message_id=heard)
        await sandbox.seen(f"group:{GENERAL}", f"@{BOB}", " pong")
        assert unheard not in [event.message_id for event in inbox.events]


async def heartbeat(sandbox, check, inbox):
    with check("a heartbeat comes when it is switched on"):
        await sandbox.deliver(heartbeat_s=1)
        event = await inbox.take(meta_event_type="heartbeat")
        await sandbox.deliver(heartbeat_s=None)
        expect(event.interval, 1000)
        expect([event.status["online"], event.status["good"]], [True, True])


if __name__ == "__main__":
    world.run(main)
