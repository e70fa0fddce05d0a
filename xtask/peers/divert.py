"""Sends what a peer sends to a vendor to the sandbox instead.

The peers write the vendor's addresses into their code. All of them use requests,
so they are exchanged there, and not a line of theirs is changed.
"""

import requests


def requests_to(sandbox, vendors):
    """Every request of this process goes to the sandbox, or fails.

    `sandbox` is its address, `vendors` says for each of the vendor's addresses
    what stands in its place after that.
    """
    request = requests.Session.request

    def divert(session, method, url, **settings):
        for vendor, path in vendors.items():
            if url.startswith(f"{vendor}/"):
                url = f"{sandbox}{path}{url.removeprefix(vendor)}"
        assert url.startswith(f"{sandbox}/"), f"{url} is not the sandbox"
        return request(session, method, url, **settings)

    requests.Session.request = divert
