"""An ordinary NoneBot2 bot, and what it is asked whichever way it is connected."""

import common
import happenings
import nonebot
from common import expect
from nonebot import on_command, on_message, on_notice, on_request
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    Adapter,
    Bot,
    Event,
    FriendRequestEvent,
    GroupRequestEvent,
    Message,
    MessageEvent,
    MessageSegment,
)
from nonebot.rule import to_me
from world import ALICE, BOB, BOT, DAVE, ERIN, GENERAL, OTHER, TOKEN

GENERAL_CHAT = f"group:{GENERAL}"


def init(**settings):
    """NoneBot with our adapter settings, as a `bot.py` does it."""
    nonebot.init(
        log_level="WARNING",
        api_timeout=common.PATIENCE,
        onebot_access_token=TOKEN,
        **settings,
    )
    driver = nonebot.get_driver()
    driver.register_adapter(Adapter)
    return driver


def plugin(inbox):
    """Registers the handlers; every event goes into `inbox`."""

    @on_message(priority=1, block=False).handle()
    @on_notice(priority=1, block=False).handle()
    @on_request(priority=1, block=False).handle()
    async def keep(event: Event):
        fields = event.model_dump()
        inbox.put(fields | {"class": type(event).__name__, "event": event})

    ping = on_command("ping")

    @ping.handle()
    async def pong():
        await ping.finish("pong")

    mention = on_command("mention")

    @mention.handle()
    async def answer_with_mention(bot: Bot, event: MessageEvent):
        await bot.send(event, "你好[CQ:face,id=14]", at_sender=True)

    quote = on_command("quote")

    @quote.handle()
    async def answer_with_quote(bot: Bot, event: MessageEvent):
        await bot.send(event, "收到", reply_message=True)

    picture = on_command("picture")

    @picture.handle()
    async def answer_with_picture(bot: Bot, event: MessageEvent):
        await bot.send(event, Message([MessageSegment.image(b"picture"), MessageSegment.face(14)]))

    addressed = on_message(rule=to_me(), priority=50, block=False)

    @addressed.handle()
    async def answer_when_addressed(event: MessageEvent):
        if event.get_plaintext() == "在吗":
            await addressed.finish("我在")

    @on_request().handle()
    async def approve(bot: Bot, event: Event):
        match event:
            case FriendRequestEvent():
                await event.approve(bot, remark="同事")
            case GroupRequestEvent(comment="请进"):
                await event.approve(bot)
            case GroupRequestEvent():
                await event.reject(bot, reason="暗号不对")


async def connected():
    """The bot, once it is connected."""
    return await common.eventually(lambda: nonebot.get_bots().get(str(BOT)), "the bot")


async def talk(sandbox, check, inbox):
    """Everything a person and a bot say to each other."""
    with check("the bot connects as the account"):
        bot = await connected()
        expect(bot.self_id, str(BOT))
    for message_format in ("array", "string"):
        await sandbox.deliver(message_format=message_format)
        await conversation(sandbox, check, inbox, bot, message_format)
    await calls(check, bot)
    await requests_and_notices(sandbox, check, inbox, bot)
    typed = lambda _, nonebot_class: ("class", nonebot_class)
    await happenings.all_of_them(sandbox, check, inbox, typed)


async def conversation(sandbox, check, inbox, bot, message_format):
    await sandbox.reset()
    inbox.events.clear()

    with check(f"a command is answered in the group, {message_format}"):
        await sandbox.say("alice", GENERAL_CHAT, "/ping")
        await sandbox.seen(GENERAL_CHAT, "pong")

    with check(f"a command is answered in private, {message_format}"):
        await sandbox.say("alice", "user:bot", "/ping")
        await sandbox.seen(f"user:{ALICE}", "pong")

    with check(f"a message is a typed event, {message_format}"):
        said = await sandbox.say("bob", GENERAL_CHAT, "大家好")
        event = await inbox.take(message_id=said)
        expect(event["class"], "GroupMessageEvent")
        expect([event["group_id"], event["user_id"], event["to_me"]], [GENERAL, BOB, False])
        expect(event["event"].sender.user_id, BOB)

    with check(f"bot.send puts the sender in front and keeps text as text, {message_format}"):
        await sandbox.say("alice", GENERAL_CHAT, "/mention")
        await sandbox.seen(GENERAL_CHAT, f"@{ALICE}", " 你好[CQ:face,id=14]")

    with check(f"bot.send quotes, {message_format}"):
        said = await sandbox.say("alice", GENERAL_CHAT, "/quote")
        await sandbox.seen(GENERAL_CHAT, f"quote {said}", "收到")

    with check(f"bot.send sends a picture, null values and all, {message_format}"):
        await sandbox.say("alice", GENERAL_CHAT, "/picture")
        await sandbox.seen(GENERAL_CHAT, "image", "face")

    with check(f"a mention in a group is to me, {message_format}"):
        at = {"type": "at", "data": {"qq": str(BOT)}}
        text = {"type": "text", "data": {"text": " 在吗"}}
        said = await sandbox.say("alice", GENERAL_CHAT, [at, text])
        event = await inbox.take(message_id=said)
        expect(event["to_me"], True)
        await sandbox.seen(GENERAL_CHAT, "我在")

    with check(f"a quote of the bot is resolved by get_msg and is to me, {message_format}"):
        sent = (await bot.send_group_msg(group_id=GENERAL, message="问我"))["message_id"]
        reply = {"type": "reply", "data": {"id": str(sent)}}
        text = {"type": "text", "data": {"text": "好的"}}
        said = await sandbox.say("alice", GENERAL_CHAT, [reply, text])
        event = (await inbox.take(message_id=said))["event"]
        expect([event.reply.message_id, event.reply.sender.user_id], [sent, BOT])
        expect(str(event.reply.message), "问我")
        expect([event.to_me, event.get_plaintext()], [True, "好的"])

    with check(f"a quote of somebody else is resolved and is not to me, {message_format}"):
        first = await sandbox.say("bob", GENERAL_CHAT, "早上好")
        reply = {"type": "reply", "data": {"id": str(first)}}
        text = {"type": "text", "data": {"text": "早"}}
        said = await sandbox.say("alice", GENERAL_CHAT, [reply, text])
        event = (await inbox.take(message_id=said))["event"]
        expect([event.reply.sender.user_id, event.to_me], [BOB, False])


async def calls(check, bot):
    async def get(action, **params):
        return await bot.call_api(action, **params)

    with check("call_api: who and where"):
        expect((await get("get_login_info"))["user_id"], BOT)
        expect((await get("get_status"))["online"], True)
        expect((await get("get_version_info"))["protocol_version"], "v11")
        expect((await get("get_stranger_info", user_id=ALICE))["nickname"], "alice")
        friends = {friend["user_id"] for friend in await get("get_friend_list")}
        expect(friends, {ALICE, BOB})
        groups = {group["group_id"] for group in await get("get_group_list")}
        expect(groups, {GENERAL, OTHER})
        expect((await get("get_group_info", group_id=GENERAL))["group_name"], "general")
        members = await get("get_group_member_list", group_id=GENERAL)
        expect({member["user_id"] for member in members}, set(range(BOT, ERIN + 1)))

    with check("call_api: send, read, recall"):
        message = Message("看这里[CQ:face,id=14]")
        sent = await get("send_msg", message_type="group", group_id=GENERAL, message=message)
        found = await bot.get_msg(message_id=sent["message_id"])
        expect(str(Message(found["message"])), "看这里[CQ:face,id=14]")
        expect(await get("delete_msg", message_id=sent["message_id"]), None)

    with check("call_api: a merged forward"):
        node = MessageSegment.node_custom(ALICE, "某人", Message("[CQ:face,id=123]哈喽"))
        sent = await bot.send_group_forward_msg(group_id=GENERAL, messages=[node])
        found = await bot.get_forward_msg(id=sent["forward_id"])
        expect(found["message"][0]["type"], "node")

    with check("call_api: failures are raised with their code"):
        for action, code in (("no_such_action", 1404), ("get_group_info", 100)):
            try:
                await get(action)
            except ActionFailed as failed:
                expect(failed.info["retcode"], code)
            else:
                raise AssertionError(f"{action} was not refused")


async def requests_and_notices(sandbox, check, inbox, bot):
    await sandbox.reset()
    inbox.events.clear()

    with check("a friend request is approved"):
        await sandbox.act("erin", "befriend", comment="我是 erin")
        event = await inbox.take(request_type="friend", user_id=ERIN)
        expect([event["class"], event["comment"]], ["FriendRequestEvent", "我是 erin"])
        event = await inbox.take(notice_type="friend_add", user_id=ERIN)
        expect(event["class"], "FriendAddNoticeEvent")
        friends = {friend["user_id"]: friend for friend in await bot.get_friend_list()}
        expect(friends[ERIN]["remark"], "同事")

    with check("a request to join is refused, another approved"):
        await sandbox.act("erin", "leave", group=str(GENERAL))
        event = await inbox.take(notice_type="group_decrease", user_id=ERIN)
        expect([event["class"], event["sub_type"]], ["GroupDecreaseNoticeEvent", "leave"])
        await sandbox.act("erin", "request_join", group=str(GENERAL), comment="你好")
        event = await inbox.take(request_type="group", comment="你好")
        expect([event["class"], event["sub_type"]], ["GroupRequestEvent", "add"])
        await sandbox.act("erin", "request_join", group=str(GENERAL), comment="请进")
        event = await inbox.take(notice_type="group_increase", user_id=ERIN)
        expect([event["class"], event["sub_type"]], ["GroupIncreaseNoticeEvent", "approve"])

    with check("a recall is a typed notice"):
        said = await sandbox.say("alice", GENERAL_CHAT, "说错了")
        await sandbox.act("alice", "recall", message=str(said))
        event = await inbox.take(notice_type="group_recall", message_id=said)
        expect([event["class"], event["operator_id"]], ["GroupRecallNoticeEvent", ALICE])

    with check("a poke at the bot is a typed notice, to me"):
        await sandbox.act("alice", "poke", group=str(GENERAL), target="bot")
        event = await inbox.take(sub_type="poke")
        expect([event["class"], event["target_id"]], ["PokeNotifyEvent", BOT])
        expect(event["event"].is_tome(), True)

    with check("what the bot does comes back as typed notices"):
        await bot.set_group_ban(group_id=GENERAL, user_id=DAVE, duration=60)
        event = await inbox.take(notice_type="group_ban", user_id=DAVE)
        expect([event["class"], event["duration"]], ["GroupBanNoticeEvent", 60])
        await bot.set_group_admin(group_id=GENERAL, user_id=BOB, enable=True)
        event = await inbox.take(notice_type="group_admin", user_id=BOB)
        expect([event["class"], event["sub_type"]], ["GroupAdminNoticeEvent", "set"])
        await bot.set_group_kick(group_id=GENERAL, user_id=DAVE)
        event = await inbox.take(notice_type="group_decrease", user_id=DAVE)
        expect([event["class"], event["sub_type"]], ["GroupDecreaseNoticeEvent", "kick"])
