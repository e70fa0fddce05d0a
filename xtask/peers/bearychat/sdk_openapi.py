"""Every method of bearychat 0.4.1 over OpenAPI, in each way people call them.

It puts the token and what it is given as a dictionary into the query, and
passes `json` on to requests. An answer without a body it cannot read.
"""

import world
from bearychat.openapi._api import apis
from bearychat.openapi.client import Client, RequestFailedError
from common import expect
from world import (
    ALICE, BOB, BOT, CAROL, DAVE, DEV, GENERAL, GONE, TEAM, TOKEN,
    expect_channel, expect_message, expect_user, group,
)  # fmt: skip


class Peer:
    """The peer as a bot has it, and which of its methods were called."""

    def __init__(self, sandbox):
        self._client = Client(TOKEN, sandbox.openapi)
        self.left = {
            (service, name)
            for service, methods in apis.items()
            for name in ([None] if "method" in methods else methods)
        }

    def __call__(self, what, params=None, **more):
        """Calls a method: what it gives back."""
        service, _, name = what.partition(".")
        self.left.discard((service, name or None))
        method = getattr(self._client, service)
        return (getattr(method, name) if name else method)(params, **more)

    def nothing(self, what, params, status=204):
        """Calls a method that answers without a body: the peer finds no JSON in it."""
        try:
            self(what, params)
        except RequestFailedError as error:
            expect([str(error), error.resp.status_code, error.resp.content], ["not a json body", status, b""])
        else:
            raise AssertionError(f"{what} answered something")

    def refused(self, what, params, status, words):
        """Calls a method and asserts that it is refused, and how."""
        try:
            self(what, params)
        except RequestFailedError as error:
            expect([error.resp.status_code, str(error)], [status, words])
        else:
            raise AssertionError(f"{what} was not refused")


async def main(sandbox, checks):
    bot = Peer(sandbox)
    with checks("meta, team.info, user.me, user.info and user.list tell of the team"):
        expect(bot("meta"), {"version": "1"})
        expect(bot("team.info")["id"], TEAM)
        expect_user(bot("user.me"), BOT, type="hubot")
        expect_user(bot("user.info", {"user_id": ALICE}), ALICE)
        expect(len(bot("user.list")), 7)
    with checks("user.update_me takes its arguments from the query, and from JSON"):
        expect_user(bot("user.update_me", {"full_name": "八哥"}), full_name="八哥")
        expect_user(bot("user.update_me", json={"full_name": "Mynah"}), full_name="Mynah")
    with checks("emoji.list and sticker.list tell of the team's own"):
        expect([bot("emoji.list")[0]["name"], len(bot("sticker.list"))], ["mynah", 1])

    with checks("channel.list, channel.info and vchannel.info tell of channels"):
        expect([each["id"] for each in bot("channel.list")], [GENERAL, DEV])
        expect_channel(bot("channel.info", {"channel_id": GENERAL}), general=True)
        expect_channel(bot("vchannel.info", {"vchannel_id": DEV}), name="dev", is_member=False)
    with checks("channel.create reads True in the query"):
        made = bot("channel.create", {"name": "query", "private": True})
        expect_channel(made, private=True, uid=BOT)
    with checks("channel.create reads JSON"):
        expect_channel(bot("channel.create", json={"name": "json", "topic": "t"}), topic="t", private=False)
    channel = {"channel_id": made["id"]}
    with checks("channel.invite, kick and kickout change who is there"):
        bot.nothing("channel.invite", channel | {"invite_uid": BOB})
        bot.nothing("channel.invite", channel | {"invite_uid": CAROL})
        bot.nothing("channel.kick", channel | {"kick_uid": BOB})
        bot.nothing("channel.kickout", channel | {"kick_uid": CAROL})
        expect_channel(bot("channel.info", dict(channel)), member_uids=[BOT])
    with checks("channel.archive, unarchive, join and leave do what they say"):
        expect_channel(bot("channel.archive", dict(channel)), is_active=False)
        expect_channel(bot("channel.unarchive", dict(channel)), is_active=True)
        expect_channel(bot("channel.join", {"channel_id": DEV}), is_member=True)
        bot.nothing("channel.leave", {"channel_id": DEV})
        bot.refused("channel.leave", {"channel_id": DEV}, 403, "没有权限")

    with checks("session_channel.create reads a list from repeated parameters"):
        session = bot("session_channel.create", {"member_uids": [ALICE, BOB], "name": "lunch"})
        expect_channel(session, "session", member_uids=[BOT, ALICE, BOB])
    with checks("session_channel.create reads a list of one"):
        expect_channel(bot("session_channel.create", {"member_uids": [DAVE]}), "session", name=None)
    session = {"session_channel_id": session["id"]}
    with checks("session_channel.invite, kick and kickout change who is there"):
        bot.nothing("session_channel.invite", session | {"invite_uid": CAROL})
        bot.nothing("session_channel.invite", session | {"invite_uid": DAVE})
        bot.nothing("session_channel.kick", session | {"kick_uid": CAROL})
        bot.nothing("session_channel.kickout", session | {"kick_uid": DAVE})
        expect_channel(bot("session_channel.info", dict(session)), "session", member_uids=[BOT, ALICE, BOB])
    with checks("session_channel.list, archive, leave and convert_to_channel do what they say"):
        [first, second] = bot("session_channel.list")
        expect_channel(bot("session_channel.archive", {"session_channel_id": second["id"]}), "session", is_active=False)
        bot.nothing("session_channel.leave", {"session_channel_id": second["id"]})
        converted = bot("session_channel.convert_to_channel", session | {"name": "lunch"})
        expect_channel(converted, id=first["id"], private=True, name="lunch")

    with checks("p2p.create, info and list tell of conversations of two"):
        made = bot("p2p.create", {"user_id": DAVE})
        expect(set(made["member_uids"]), {BOT, DAVE})
        expect_channel(bot("p2p.info", {"p2p_channel_id": made["id"]}), "p2p")
        expect(len(bot("p2p.list")), 1)

    with checks("message.create says something, from the query and from JSON"):
        said = bot("message.create", {"vchannel_id": GENERAL, "text": "a + b = 值班?"})
        expect_message(said, text="a + b = 值班?", uid=BOT)
        shown = {"title": "t", "text": "x"}
        more = bot("message.create", json={"vchannel_id": GENERAL, "text": "b", "attachments": [shown]})
        expect_message(more, attachments=[shown])
        expect(len(await sandbox.messages(group(GENERAL))), 2)
    message = {"vchannel_id": GENERAL, "message_key": said["key"]}
    with checks("message.info and update_text find it"):
        expect_message(bot("message.info", dict(message)), text="a + b = 值班?")
        expect_message(bot("message.update_text", message | {"text": "c"}), text="c", edited=True)
    with checks("message.query wants an object, which only JSON can hold"):
        found = bot("message.query", json={"vchannel_id": GENERAL, "query": {"latest": {"limit": 1}}})
        expect([each["text"] for each in found["messages"]], ["b"])
        flattened = {"vchannel_id": GENERAL, "query": {"latest": {"limit": 1}}}
        bot.refused("message.query", flattened, 400, "参数错误: query")
    with checks("message.delete leaves a tombstone"):
        bot.nothing("message.delete", dict(message))
        expect_message(bot("message.info", dict(message)), text=GONE, subtype="info")
    with checks("rtm.start gives an address"):
        assert bot("rtm.start")["ws_host"].startswith(sandbox.ws_url)
    with checks("no method was left out"):
        expect(bot.left, set())


world.run(main)
