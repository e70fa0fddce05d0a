"""Who and what there is in the sandbox's DingTalk world."""

import logging

import common
import divert

CORP, CORP_SECRET = "ding-sandbox-corp", "sandbox-secret"
APP, SECRET, AGENT = "ding-sandbox", "sandbox-secret", 100001
ROBOT, ROBOT_SECRET = "robot-sandbox", "SECsandbox"
CALLBACK_TOKEN = "MynahToken123"
CALLBACK_KEY = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"

PEOPLE = ["alice", "bob", "carol", "dave", "erin"]
# The group that is there from the start: alice owns it, all five are in it, and
# so are the application's robot and the custom robot.
GENERAL = "chatgeneral"
GROUP, ALICE, BOB = f"group:{GENERAL}", "user:alice", "user:bob"
PRIVATE = "user:bot"
MENTION = {"type": "mention", "id": "bot"}

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600

VENDORS = {
    f"https://{host}": "/dingtalk"
    for host in ("oapi.dingtalk.com", "api.dingtalk.com", "eco.taobao.com")
}


class Sandbox(common.Sandbox):
    platform = "dingtalk"
    silence = {"callback_url": None, "robot_callback_url": None}

    def __init__(self):
        super().__init__()
        divert.requests_to(self.url, VENDORS)

    async def fault(self, kind, **more):
        """Makes something go wrong."""
        await self._ask("POST", "/control/fault", {"platform": self.platform, "kind": kind} | more)

    async def titles(self, who):
        """The titles of the conversations that somebody sees."""
        query = {"platform": self.platform, "as": who}
        answer = await self._ask("GET", "/control/conversations", query=query)
        return [each["title"] for each in answer["conversations"]]

    async def message(self, conversation, id):
        """The message of this id."""
        found = [each for each in await self.messages(conversation) if each["id"] == id]
        assert found, f"there is no {id} in {conversation}"
        return found[0]


def run(main):
    """Runs `main(sandbox, checks)` as the whole of a script."""
    # The peers log whatever is refused, and much of it is meant to be.
    logging.getLogger().addHandler(logging.NullHandler())
    common.run(main, Sandbox)


def texts(messages):
    """What was said, as plain text."""
    return ["".join(map(str, common.parts_of(each))) for each in messages]
