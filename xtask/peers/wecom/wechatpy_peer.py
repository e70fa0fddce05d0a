"""wechatpy, whichever version is installed, talking to the sandbox."""

import re
from contextlib import contextmanager

import elsewhere
from common import expect
from wechatpy.exceptions import APILimitedException, WeChatClientException
from world import CORP, OTHER_SECRET, SECRET

try:  # 2.0
    from wechatpy.work import WeChatClient, WeChatCrypto, create_reply, parse_message
    from wechatpy.work import replies

    VERSION = 2
except ImportError:  # 1.8
    from wechatpy.enterprise import WeChatClient, WeChatCrypto, create_reply, parse_message
    from wechatpy.enterprise import replies

    VERSION = 1

__all__ = ["VERSION", "WeChatClient", "WeChatCrypto", "create_reply", "parse_message", "replies"]


def clients(sandbox):
    """A client for each of the two applications."""
    elsewhere.send_to(sandbox.url)
    return client(SECRET), client(OTHER_SECRET)


def client(secret, corp=CORP, **settings):
    return WeChatClient(corp, secret, timeout=10, **settings)


# What follows the words of every error.
HINT = re.compile(
    r", hint: \[\d{25}\], from ip: 127\.0\.0\.1, more info at "
    r"https://open\.work\.weixin\.qq\.com/devtool/query\?e=(-?\d+)$"
)


@contextmanager
def refused(code, words=None):
    """Asserts that the block raises the platform's error `code`, with its words."""
    try:
        yield
    except WeChatClientException as raised:
        expect(raised.errcode, code)
        hint = HINT.search(raised.errmsg)
        assert hint, f"{raised.errmsg!r} ends without a hint"
        expect(hint[1], str(code))
        if words is not None:
            expect(raised.errmsg[: hint.start()], words)
        expect(isinstance(raised, APILimitedException), code == 45009)
        headers = raised.response.headers
        expect([headers["error-code"], headers["error-msg"]], [str(code), raised.errmsg])
    else:
        raise AssertionError(f"it was not refused with {code}")
