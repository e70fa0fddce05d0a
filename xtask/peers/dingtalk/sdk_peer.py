"""dingtalk-sdk, talking to the sandbox."""

from contextlib import contextmanager

from common import expect
from dingtalk import AppKeyClient, SecretClient
from dingtalk.core.exceptions import DingTalkClientException
from world import APP, CORP, CORP_SECRET, SECRET

__all__ = ["AppKeyClient", "DingTalkClientException", "client", "corp_client", "refused"]


def client(secret=SECRET, key=APP, **settings):
    """The application."""
    return AppKeyClient(CORP, key, secret, timeout=10, **settings)


def corp_client(secret=CORP_SECRET, corp=CORP, **settings):
    """The organisation itself, as before there were applications."""
    return SecretClient(corp, secret, timeout=10, **settings)


@contextmanager
def refused(code, words=None):
    """Asserts that the block raises the platform's error `code`, with its words."""
    try:
        yield
    except DingTalkClientException as raised:
        expect(raised.errcode, code)
        if words is not None:
            expect(raised.errmsg, words)
        assert raised.errmsg, f"{code} came without words"
    else:
        raise AssertionError(f"it was not refused with {code}")


def use_token(client, token):
    """Makes a client go on with another token."""
    client.cache.access_token.set(value=token, ttl=7200)


def raw(client, method, path, **settings):
    """A call with the client's token, and the answer as it is."""
    params = {"access_token": client.access_token} | settings.pop("params", {})
    url = f"{client.API_BASE_URL.rstrip('/')}{path}"
    return client._http.request(method, url, params=params, timeout=10, **settings)


def open_call(client, method, path, body=None):
    """A call of version 1.0, which the peer does not know, with the client's token."""
    headers = {"x-acs-dingtalk-access-token": client.access_token}
    url = f"{client.API_BASE_URL.rstrip('/')}{path}"
    answer = client._http.request(method, url, json=body, headers=headers, timeout=10)
    return answer.status_code, answer.json()
