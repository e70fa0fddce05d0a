"""What the peer scripts share: the sandbox's control API, and counted checks.

A script drives one running sandbox, named by the environment variable
MYNAH_SANDBOX, and speaks to nothing but 127.0.0.1.
"""

import asyncio
import base64
import inspect
import os
import socket
import sys
import traceback
from contextlib import contextmanager

import httpx

# A script ends by itself within a minute, whatever happens.
SCRIPT_LIMIT = 55
# What the other side does at once may take this long on a busy machine.
PATIENCE = 8

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8Dw"
    "HwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
VOICE = b"#!AMR\n" + bytes(range(64))
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(64)
REPORT = "报告\n".encode() * 8


class Sandbox:
    """What people do in the sandbox, and where it delivers events.

    Each platform has its own, which says what its ids are.
    """

    platform = None
    # The settings with which nothing is delivered.
    silence = {}

    def __init__(self):
        self.url = os.environ["MYNAH_SANDBOX"]
        self.ws_url = self.url.replace("http://", "ws://")
        self.http = httpx.AsyncClient(base_url=self.url, timeout=20)

    async def __aenter__(self):
        await self.reset()
        return self

    async def __aexit__(self, *_):
        await self.deliver(**self.silence)
        await self.http.aclose()

    async def reset(self):
        """Puts people, groups and messages back to where they began."""
        await self._ask("POST", "/control/reset")

    async def deliver(self, **settings):
        """Sets where and how events go out; what is not named stays as it is."""
        return await self._ask("PUT", f"/control/{self.platform}/delivery", settings)

    async def advance(self, seconds):
        """Moves the virtual time on."""
        await self._ask("POST", "/control/clock", {"advance_s": seconds})

    async def say(self, who, to, text, **options):
        """Lets a person say something, and returns the message's id.

        `text` is plain text, or the platform's own message.
        """
        said = {"platform": self.platform, "from": who, "to": to} | options
        said["text" if isinstance(text, str) else "message"] = text
        answer = await self._ask("POST", "/control/say", said)
        return answer["ids"][0]

    async def act(self, who, action, **more):
        """Lets a person do something else."""
        done = {"platform": self.platform, "who": who, "action": action} | more
        return await self._ask("POST", "/control/act", done)

    async def messages(self, conversation):
        """What people see in a conversation, oldest first: messages alone."""
        query = {"platform": self.platform, "conversation": conversation}
        answer = await self._ask("GET", "/control/messages", query=query)
        return [each for each in answer["messages"] if each["kind"] == "message"]

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

    async def seen(self, conversation, *parts):
        """Waits for a message of the bot with exactly these parts."""

        async def find():
            for message in await self.messages(conversation):
                if message["from"]["bot"] and parts_of(message) == list(parts):
                    return message
            return None

        return await eventually(find, f"{parts} in {conversation}")

    async def _ask(self, method, path, body=None, query=None):
        answer = await self.http.request(method, path, json=body, params=query)
        if answer.is_error:
            raise RuntimeError(f"{method} {path} {body}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


def parts_of(message):
    """The parts of a message: texts as strings, mentions as `@id`, others by type."""
    named = {
        "text": lambda part: part["text"],
        "mention": lambda part: f"@{part['id']}",
        "quote": lambda part: f"quote {part['message_id']}",
    }
    return [named.get(part["type"], lambda part: part["type"])(part) for part in message["parts"]]


def only_part(message, kind, **fields):
    """The one part of a message, of this type and with these fields."""
    expect([part["type"] for part in message["parts"]], [kind])
    part = message["parts"][0]
    expect({name: part.get(name) for name in fields}, fields)
    return part


def media_part(kind, content, name="附件"):
    """A picture or file as people send it."""
    return {"type": kind, "name": name, "base64": base64.b64encode(content).decode()}


class Checks:
    """Counts what holds, and goes on where something does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    @contextmanager
    def __call__(self, name):
        try:
            yield
        except Exception as error:
            self.failed += 1
            _, where, *_ = traceback.extract_tb(error.__traceback__)
            print(f"FAILED {name}: {type(error).__name__}: {error}")
            print(f"       at {os.path.basename(where.filename)}:{where.lineno}: {where.line}")
        else:
            self.passed += 1
            print(f"ok {name}")


class Inbox:
    """The events a framework handed to its handlers."""

    def __init__(self):
        self.events = []

    def put(self, event):
        self.events.append(event)

    async def take(self, **fields):
        """Waits for an event with these fields, and takes it out."""

        def find():
            for event in self.events:
                if all(event.get(name) == value for name, value in fields.items()):
                    self.events.remove(event)
                    return event
            return None

        return await eventually(find, f"an event with {fields}")


def expect(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


async def eventually(find, what):
    """Asks again until `find` gives something; it may be a coroutine function."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while True:
        found = find()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        assert loop.time() < deadline, f"waited {PATIENCE} s for {what}"
        await asyncio.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def drive(main, checks, sandbox):
    """Runs `main(sandbox, checks)` to its end or to the time limit."""
    try:
        async with asyncio.timeout(SCRIPT_LIMIT), sandbox:
            await main(sandbox, checks)
    except Exception as error:
        checks.failed += 1
        traceback.print_exception(error, chain=False, file=sys.stdout)


def run(main, make_sandbox):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    checks = Checks()

    async def drive_it():
        await drive(main, checks, make_sandbox())

    asyncio.run(drive_it())
    finish(checks)


def finish(checks):
    """Prints the last line, and ends the script."""
    print(f"{checks.passed} passed, {checks.failed} failed", flush=True)
    sys.exit(checks.failed > 0)
