"""Who and what there is in the sandbox's BearyChat world."""

import re

import common
from common import expect

TOKEN = "sandbox-token"

TEAM = "=bwTeam"
BOT, BEARY_BOT = "=bwBot", "=bwMkR"
ALICE, BOB, CAROL, DAVE, ERIN = "=bw52O", "=bw52P", "=bw52Q", "=bw52R", "=bw52S"
# The channel of everybody, and one that the bot does not belong to.
GENERAL, DEV = "=bwAll", "=bwDev"

HOOK = f"/hook/{TEAM}/incoming/sandbox-hook"

ID = re.compile(r"=[A-Za-z0-9]+")
KEY = re.compile(r"\d{13}\.\d{4}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000")

GONE = "该消息已被删除"


class Sandbox(common.Sandbox):
    platform = "bearychat"
    silence = {"outgoing_url": None, "hubot_url": None}

    def __init__(self):
        super().__init__()
        self.openapi = f"{self.url}/bearychat/v1"
        self.rtm = f"{self.url}/bearychat/rtm"
        self.hook = f"{self.url}/bearychat{HOOK}"

    async def texts(self, conversation):
        """What was said there, oldest first, as it was written."""
        messages = await self.messages(conversation)
        return ["".join(part.get("text", "") for part in each["parts"]) for each in messages]

    async def conversations(self, viewer):
        """What a person sees in the list of conversations."""
        query = {"platform": self.platform, "as": viewer}
        return (await self._ask("GET", "/control/conversations", query=query))["conversations"]


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    common.run(main, Sandbox)


def group(vchannel_id):
    """The name of a channel among the conversations."""
    return f"group:{vchannel_id}"


def private(one, other):
    """The name of the conversation of two people."""
    return "private:" + ":".join(sorted([one, other]))


def expect_user(user, id=None, **fields):
    """Asserts that it is a user as the documentation has them."""
    members = {
        "id", "team_id", "name", "full_name", "email", "mobile", "type", "role",
        "avatars", "profile", "inactive", "created",
    }  # fmt: skip
    assert members <= set(user), members - set(user)
    expect(set(user["avatars"]), {"small", "medium", "large"})
    expect(set(user["profile"]), {"bio", "position", "skype"})
    expect_like(user, team_id=TEAM, **fields | ({"id": id} if id else {}))
    assert TIME.fullmatch(user["created"]), user["created"]


def expect_channel(channel, kind="normal", **fields):
    """Asserts that it is a channel of this kind as the documentation has them."""
    members = {"id", "team_id", "vchannel_id", "type", "is_active", "is_member", "member_uids", "latest_ts"}
    own = {"normal": {"uid", "name", "topic", "general", "private"}, "session": {"name"}, "p2p": set()}
    expect(set(channel), members | own[kind])
    expect(channel["vchannel_id"], channel["id"])
    # One kind has its time as text, the others as a number.
    expect(type(channel["latest_ts"]), str if kind == "session" else int)
    expect_like(channel, team_id=TEAM, type=kind, **fields)


def expect_message(message, **fields):
    """Asserts that it is a message as the documentation has them."""
    members = {
        "key", "team_id", "uid", "robot_id", "vchannel_id", "refer_key", "subtype", "text",
        "fallback", "attachments", "created", "updated", "created_ts", "is_channel",
    }  # fmt: skip
    assert members <= set(message), members - set(message)
    assert KEY.fullmatch(message["key"]), message["key"]
    expect(message["created_ts"], int(message["key"].split(".")[0]))
    assert TIME.fullmatch(message["created"]), message["created"]
    assert TIME.fullmatch(message["updated"]), message["updated"]
    expect_like(message, team_id=TEAM, **fields)


def expect_like(thing, **fields):
    """Asserts what is said of some fields of an object."""
    expect({name: thing.get(name) for name in fields}, fields)
    if "id" in thing:
        assert ID.fullmatch(thing["id"]), thing["id"]
