"""Sends what a peer sends to the vendor to the sandbox instead.

The peers write the vendor's address into their code. All of them use requests,
so it is exchanged there, and not a line of theirs is changed.
"""

import requests

VENDOR = "https://qyapi.weixin.qq.com"


def send_to(sandbox):
    """Every request of this process goes to the sandbox at this address, or fails."""
    request = requests.Session.request

    def divert(session, method, url, **settings):
        if url.startswith(f"{VENDOR}/"):
            url = f"{sandbox}/wecom{url.removeprefix(VENDOR)}"
        assert url.startswith(f"{sandbox}/"), f"{url} is not the sandbox"
        return request(session, method, url, **settings)

    requests.Session.request = divert
