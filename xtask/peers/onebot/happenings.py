"""What can happen in the sandbox, and the event that each peer makes of it.

alice owns the group “other”, so there people do what takes rank.
"""

from common import expect
from world import GENERAL, OTHER

IN_GENERAL = {"group": str(GENERAL)}
IN_OTHER = {"group": str(OTHER)}


def says(who, to, **options):
    """Somebody says something."""

    async def happen(sandbox):
        await sandbox.say(who, to, "你好", **options)

    return happen


def does(who, action, **details):
    """Somebody does something."""

    async def happen(sandbox):
        await sandbox.act(who, action, **details)

    return happen


def about_a_message(who, action, to=f"group:{OTHER}", **details):
    """Somebody does something to a message of alice's."""

    async def happen(sandbox):
        said = await sandbox.say("alice", to, "你好")
        await sandbox.act(who, action, message=str(said), **details)

    return happen


def after(first, *then):
    """One thing after the other."""

    async def happen(sandbox):
        for thing in (first, *then):
            await thing(sandbox)

    return happen


# The event's name; the class NoneBot2 gives it; what happens.
HAPPENINGS = [
    ("message.private.friend", "PrivateMessageEvent", says("alice", "user:bot")),
    ("message.private.group", "PrivateMessageEvent", says("carol", "user:bot")),
    (
        "message.private.other",
        "PrivateMessageEvent",
        after(does("erin", "leave", **IN_GENERAL), says("erin", "user:bot")),
    ),
    ("message.group.normal", "GroupMessageEvent", says("alice", f"group:{GENERAL}")),
    (
        "message.group.anonymous",
        "GroupMessageEvent",
        after(
            does("alice", "set_anonymous", enable=True, **IN_OTHER),
            says("bob", f"group:{OTHER}", anonymous=True),
        ),
    ),
    (
        "message.group.notice",
        "GroupMessageEvent",
        after(
            does("alice", "set_anonymous", enable=True, **IN_OTHER),
            does("alice", "set_anonymous", enable=False, **IN_OTHER),
        ),
    ),
    (
        "notice.group_upload",
        "GroupUploadNoticeEvent",
        does("alice", "upload", name="报告.pdf", size=5, **IN_GENERAL),
    ),
    (
        "notice.group_admin.set",
        "GroupAdminNoticeEvent",
        does("alice", "set_admin", target="bob", enable=True, **IN_OTHER),
    ),
    (
        "notice.group_admin.unset",
        "GroupAdminNoticeEvent",
        after(
            does("alice", "set_admin", target="bob", enable=True, **IN_OTHER),
            does("alice", "set_admin", target="bob", enable=False, **IN_OTHER),
        ),
    ),
    (
        "notice.group_decrease.leave",
        "GroupDecreaseNoticeEvent",
        does("bob", "leave", **IN_OTHER),
    ),
    (
        "notice.group_decrease.kick",
        "GroupDecreaseNoticeEvent",
        does("alice", "kick", target="bob", **IN_OTHER),
    ),
    (
        "notice.group_decrease.kick_me",
        "GroupDecreaseNoticeEvent",
        does("alice", "kick", target="bot", **IN_OTHER),
    ),
    (
        "notice.group_decrease.disband",
        "GroupDecreaseNoticeEvent",
        does("alice", "dismiss", **IN_OTHER),
    ),
    (
        "notice.group_increase.invite",
        "GroupIncreaseNoticeEvent",
        does("alice", "invite", target="erin", **IN_OTHER),
    ),
    (
        "notice.group_ban.ban",
        "GroupBanNoticeEvent",
        does("alice", "mute", target="bob", seconds=60, **IN_OTHER),
    ),
    (
        "notice.group_ban.lift_ban",
        "GroupBanNoticeEvent",
        after(
            does("alice", "mute", target="bob", seconds=60, **IN_OTHER),
            does("alice", "unmute", target="bob", **IN_OTHER),
        ),
    ),
    (
        "notice.friend_add",
        "FriendAddNoticeEvent",
        does("erin", "befriend", comment="我是 erin"),
    ),
    ("notice.group_recall", "GroupRecallNoticeEvent", about_a_message("alice", "recall")),
    (
        "notice.friend_recall",
        "FriendRecallNoticeEvent",
        about_a_message("alice", "recall", to="user:bot"),
    ),
    (
        "notice.notify.poke",
        "PokeNotifyEvent",
        does("alice", "poke", target="bot", **IN_GENERAL),
    ),
    (
        "notice.notify.lucky_king",
        "LuckyKingNotifyEvent",
        does("alice", "lucky_king", target="bob", **IN_GENERAL),
    ),
    (
        "notice.notify.honor",
        "HonorNotifyEvent",
        does("alice", "honor", honor="talkative", **IN_GENERAL),
    ),
    (
        "notice.notify.title",
        "NotifyEvent",
        does("alice", "set_title", target="bob", title="群宠", **IN_OTHER),
    ),
    (
        "notice.notify.group_name",
        "NotifyEvent",
        does("alice", "rename", name="新群名", **IN_OTHER),
    ),
    ("notice.notify.input_status", "NotifyEvent", does("alice", "input_status")),
    ("notice.notify.profile_like", "NoticeEvent", does("alice", "profile_like", times=10)),
    (
        "notice.notify.poke_recall",
        "NotifyEvent",
        after(
            does("alice", "poke", target="bot", **IN_GENERAL),
            does("alice", "poke_recall", target="bot", **IN_GENERAL),
        ),
    ),
    ("notice.notify.gray_tip", "NotifyEvent", about_a_message("alice", "gray_tip")),
    (
        "notice.group_card",
        "NoticeEvent",
        does("alice", "set_card", target="bob", card="小波", **IN_OTHER),
    ),
    ("notice.offline_file", "NoticeEvent", does("alice", "upload", name="a.txt", size=5)),
    ("notice.client_status", "NoticeEvent", does("bot", "client_status")),
    ("notice.essence.add", "NoticeEvent", about_a_message("alice", "essence")),
    (
        "notice.group_msg_emoji_like",
        "NoticeEvent",
        about_a_message("bob", "react", emoji="76"),
    ),
    ("notice.bot_offline", "NoticeEvent", does("bot", "go_offline")),
    (
        "notice.bot_online",
        "NoticeEvent",
        after(does("bot", "go_offline"), does("bot", "go_online")),
    ),
    ("request.friend", "FriendRequestEvent", does("erin", "befriend", comment="我是 erin")),
    (
        "request.group.add",
        "GroupRequestEvent",
        after(
            does("erin", "leave", **IN_GENERAL),
            does("erin", "request_join", comment="你好", **IN_GENERAL),
        ),
    ),
    (
        "request.group.invite",
        "GroupRequestEvent",
        after(
            does("alice", "kick", target="bot", **IN_OTHER),
            does("alice", "invite", target="bot", **IN_OTHER),
        ),
    ),
]


async def all_of_them(sandbox, check, inbox, kind):
    """Lets everything happen; `kind(name, class)` says what a peer makes of it.

    It gives a field of the event, and the value the field must have.
    """
    for name, nonebot_class, happen in HAPPENINGS:
        with check(f"{name} arrives"):
            await sandbox.reset()
            inbox.events.clear()
            await happen(sandbox)
            event = await inbox.take(**levels(name))
            field, value = kind(name, nonebot_class)
            expect(event[field], value)


def levels(name):
    """The fields that make up the name of an event."""
    post_type, detail, *sub_type = name.split(".")
    fields = {"post_type": post_type, f"{post_type}_type": detail}
    return fields | ({"sub_type": sub_type[0]} if sub_type else {})
