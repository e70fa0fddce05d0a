"""Who and what there is in the sandbox's RongCloud world."""

import json
import re
from datetime import datetime, timedelta, timezone

import common
import divert
from common import expect

KEY, SECRET = "rc-sandbox", "sandbox-secret"

PEOPLE = ["alice", "bob", "carol", "dave", "erin"]
# The group that is there from the start, with all five and the application's
# own user in it, and the chatroom, with nobody.
GENERAL, LOBBY = "general", "lobby"
BOT = "bot"

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
# So long a user may be blocked, or a person gagged.
MOST_MINUTES = 43200
# What stands for the end of a gag without end.
ALWAYS = "9999-12-31 23:59:59"

VENDORS = {
    "http://api.cn.ronghub.com": "/rongcloud",
    "http://api.sms.ronghub.com": "/rongcloud",
}
BEIJING = timezone(timedelta(hours=8))
MESSAGE_UID = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


class Sandbox(common.Sandbox):
    platform = "rongcloud"
    silence = dict.fromkeys(
        ["route_url", "status_url", "chatroom_url", "check_url", "operation_url", "audit_url"]
    )

    def __init__(self):
        super().__init__()
        divert.requests_to(self.url, VENDORS)

    async def fault(self, kind, **more):
        """Makes something go wrong."""
        await self._ask("POST", "/control/fault", {"platform": self.platform, "kind": kind} | more)

    async def now(self):
        """The virtual time, in seconds since 1970."""
        return (await self._ask("GET", "/control/clock"))["now"]

    async def hour(self):
        """The hour that it is in Beijing, as history has it."""
        return datetime.fromtimestamp(await self.now(), BEIJING).strftime("%Y%m%d%H")

    async def expect_soon(self, text, seconds):
        """Asserts that a time in an answer is so many seconds from now."""
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text), text
        away = seconds_of(text) - await self.now() - seconds
        assert -PATIENCE <= away <= 1, f"{text} is {away} s off"

    async def messages(self, conversation):
        """What came through in a conversation: its sender sees the rest too."""
        kept_back = {"held", "undelivered"}
        found = await super().messages(conversation)
        return [each for each in found if each.get("tag") not in kept_back]

    async def texts(self, conversation):
        """What was said there, as plain text, oldest first."""
        return [text_of(each) for each in await self.messages(conversation)]

    async def pushed(self):
        """What appeared last on telephones."""
        return (await self.act("alice", "pushes"))["pushes"][-1]

    async def speech(self, who, to, text="", **options):
        """The words with which a person is refused to speak."""
        try:
            await self.say(who, to, text, **options)
        except RuntimeError as refusal:
            return str(refusal)
        raise AssertionError(f"{who} was heard in {to}")

    async def state(self):
        """All that the world holds."""
        worlds = (await self._ask("GET", "/control/snapshot"))["worlds"]
        return worlds[self.platform]["state"] | {"now": None}


# So late, in seconds, may what is answered be on a busy machine.
PATIENCE = 10


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    common.run(main, Sandbox)


def seconds_of(text):
    """A time in an answer, in seconds since 1970."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).timestamp()


def private(one, other):
    """The conversation of two people."""
    return "private:" + ":".join(sorted([one, other]))


def text_of(message):
    return "".join(map(str, common.parts_of(message)))


def text(content, **more):
    """The content of a text message."""
    return json.dumps({"content": content} | more, ensure_ascii=False)


def expect_uid(uid):
    assert MESSAGE_UID.fullmatch(uid), uid
    return uid


def ids(users, key="userId"):
    """Whom an answer lists, in an order of their own."""
    return sorted(each[key] for each in users)


def expect_users(answer, *users):
    """Asserts who is in the `users` of an answer, in this order."""
    expect([each["id"] for each in answer["users"]], list(users))
