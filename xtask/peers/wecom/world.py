"""Who and what there is in the sandbox's WeCom world."""

import base64
import hashlib

import common
from common import expect

CORP = "ww-sandbox"
SECRET, OTHER_SECRET = "sandbox-secret", "sandbox-secret-2"
AGENT, OTHER_AGENT = 1000002, 1000003
BOT, BOT_SECRET = "aib-sandbox", "sandbox-secret"
ROBOT_KEY = "sandbox-webhook-key"
CALLBACK_TOKEN = "MynahToken123"
CALLBACK_KEY = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE"

PEOPLE = ["alice", "bob", "carol", "dave", "erin"]
# The group that is there from the start: alice owns it, all five are in it.
GENERAL = "general"

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8Dw"
    "HwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
VOICE = b"#!AMR\n" + bytes(range(64))
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(64)
REPORT = "报告\n".encode() * 8

HOUR, DAY = 3600, 24 * 3600


class Sandbox(common.Sandbox):
    platform = "wecom"
    silence = {"callback_url": None, "bot_callback_url": None}

    async def last(self, conversation):
        """The newest message in a conversation."""
        messages = await self.messages(conversation)
        assert messages, f"nobody said anything in {conversation}"
        return messages[-1]

    async def count(self, conversation):
        return len(await self.messages(conversation))

    async def bytes_of(self, part):
        """The picture or file that a part shows."""
        answer = await self.http.get(part["url"])
        answer.raise_for_status()
        return answer.content


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    common.run(main, Sandbox)


def only_part(message, kind, **fields):
    """The one part of a message, of this type and with these fields."""
    expect([part["type"] for part in message["parts"]], [kind])
    part = message["parts"][0]
    expect({name: part.get(name) for name in fields}, fields)
    return part


def md5(content):
    return hashlib.md5(content).hexdigest()


def media_part(kind, content, name="附件"):
    """A picture or file as people send it."""
    return {"type": kind, "name": name, "base64": base64.b64encode(content).decode()}
