"""Who and what there is in the sandbox's OneBot world."""

import common

TOKEN = "sandbox-token"
SECRET = "sandbox-secret"

BOT, ALICE, BOB, CAROL, DAVE, ERIN = range(10000, 10006)
GENERAL, OTHER = 20001, 20002


class Sandbox(common.Sandbox):
    platform = "onebot"
    silence = {"post_url": None, "reverse_ws_urls": []}

    async def say(self, who, to, text, **options):
        return int(await super().say(who, to, text, **options))


async def drive(main, checks):
    """Runs `main(sandbox, checks)` to its end or to the time limit."""
    await common.drive(main, checks, Sandbox())


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    common.run(main, Sandbox)
