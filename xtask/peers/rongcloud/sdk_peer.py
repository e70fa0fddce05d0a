"""The vendor's SDK for Python, talking to the sandbox."""

import inspect

import requests
from common import expect
from rongcloud import RongCloud
from world import KEY, SECRET

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Recorded:
    """An API of the peer, and which of its methods were called."""

    def __init__(self, api):
        self._api = api
        own = vars(type(api)).items()
        self._left = {name for name, value in own if inspect.isfunction(value)}

    def __getattr__(self, name):
        self._left.discard(name)
        return getattr(self._api, name)


class Peer:
    """The peer as an application has it."""

    def __init__(self, key=KEY, secret=SECRET):
        for name, api in vars(RongCloud(key, secret)).items():
            setattr(self, name, Recorded(api))

    def all_called(self, check, *names):
        """Checks that these APIs have no method that was not called."""
        for name in names:
            with check(f"no method of {name} was left out"):
                expect(getattr(self, name)._left, set())

    def call(self, path, params=None, method="POST", host="API", kind=FORM):
        """The low-level call; what it answers, with a code that says 200."""
        answer = self.User.call_api(path, params or {}, (host, method, kind))
        assert type(answer) is requests.Response, type(answer)
        expect([answer.status_code, answer.json()["code"]], [200, 200])
        return without_code(answer.json())


def done(response):
    """What a call that succeeded answered beside the code."""
    result = response.result
    expect([response.status, response.ok, result["code"]], [200, True, 200])
    expect([response.get(), str(response)], [result, str(result)])
    kind = response.response.headers["content-type"]
    expect(kind.lower().replace(" ", ""), "application/json;charset=utf-8")
    return without_code(result)


def nothing(response):
    """Asserts that a call succeeded and answered no more than that."""
    expect(done(response), {})


def refused(response, status, code, words=None):
    """Asserts that a call was refused, and how."""
    raw = getattr(response, "response", response)
    answer = raw.json()
    expect([raw.status_code, answer["code"]], [status, code])
    assert answer["errorMessage"], f"{code} came without words"
    if words is not None:
        expect(answer["errorMessage"], words)
    if raw is not response:
        expect(response.ok, status < 400)
    return answer


def without_code(answer):
    return {name: value for name, value in answer.items() if name != "code"}
