"""aiobearychat, talking to the sandbox."""

import inspect
from contextlib import asynccontextmanager

import aiohttp
from aiobearychat.openapi.aiohttp import OpenAPI
from aiobearychat.rtm.aiohttp import RtmAPI
from common import expect
from world import TOKEN

OPENAPI_GROUPS = [
    "meta", "team", "user", "vchannel", "channel", "session_channel", "p2p", "message",
    "emoji", "sticker", "rtm",
]  # fmt: skip


class Recorded:
    """A group of methods, and which of them were not called."""

    def __init__(self, api):
        self._api = api
        own = vars(type(api)).items()
        self.left = {name for name, it in own if inspect.iscoroutinefunction(it)}

    def __getattr__(self, name):
        self.left.discard(name)
        return getattr(self._api, name)


class Peer:
    """The peer as a bot has it."""

    def __init__(self, sandbox, session, token):
        openapi = OpenAPI(session, token=token, base_url=sandbox.openapi)
        for name in OPENAPI_GROUPS:
            setattr(self, name, Recorded(getattr(openapi, name)))
        self.rtm_http = Recorded(RtmAPI(session, token=token, base_url=sandbox.rtm))

    def left(self):
        """The methods that were not called."""
        groups = {name: group.left for name, group in vars(self).items() if isinstance(group, Recorded)}
        return {name: left for name, left in groups.items() if left}


@asynccontextmanager
async def peer(sandbox, token=TOKEN):
    async with aiohttp.ClientSession() as session:
        yield Peer(sandbox, session, token)


async def done(call, status=200):
    """What a call that succeeded answered."""
    response = await call
    expect(response.status, status)
    for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]:
        assert response.headers[name].isdigit(), name
    expect(response.headers["content-type"], "application/json;charset=utf-8")
    return response.json()


async def nothing(call):
    """Asserts that a call succeeded and that its answer has no body."""
    response = await call
    expect([response.status, response.body], [204, b""])
    assert response.headers["x-ratelimit-remaining"].isdigit()


async def refused(call, status, code, words):
    """Asserts that a call was refused, and how: the peer throws no error."""
    response = await call
    expect([response.status, response.json()], [status, {"code": code, "error": words}])


async def ok(call):
    """What a call that succeeded answered over RTM HTTP."""
    response = await call
    answer = response.json()
    expect([response.status, answer["code"], set(answer)], [200, 0, {"code", "result"}])
    assert "x-ratelimit-limit" not in response.headers
    return answer["result"]
