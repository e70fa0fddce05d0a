"""Who and what there is in the sandbox's WeCom world."""

import hashlib

import common
from common import PIXEL, REPORT, VIDEO, VOICE, media_part, only_part

__all__ = ["PIXEL", "REPORT", "VIDEO", "VOICE", "media_part", "only_part"]

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

HOUR, DAY = 3600, 24 * 3600


class Sandbox(common.Sandbox):
    platform = "wecom"
    silence = {"callback_url": None, "bot_callback_url": None}


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    common.run(main, Sandbox)


def md5(content):
    return hashlib.md5(content).hexdigest()
