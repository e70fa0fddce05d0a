"""The Python SDK loses its Stream, in every way, and goes on."""

import asyncio

import common
import world
from common import expect
from stream_peer import Peer, keepalive
from world import ALICE, GENERAL, PRIVATE

# The peer waits so long after a fault of the network.
WAIT = 10


async def main(sandbox, check):
    # By itself it would ask after 20 s, and wait for 20 s.
    keepalive(0.5, close_timeout=1)
    peer = Peer()
    peer.start()
    await peer.connected(1)

    async def once(text):
        """Says something, which is heard and answered once."""
        said = await sandbox.say("alice", PRIVATE, f"/echo {text}")
        await sandbox.seen(ALICE, text)
        await asyncio.sleep(0.3)
        heard = [each for each in peer.inbox.events if each.get("said") == f"/echo {text}"]
        expect([each["message"].message_id for each in heard], [said])
        answers = [
            each for each in await sandbox.messages(ALICE) if common.parts_of(each) == [text]
        ]
        expect(len(answers), 1)

    with check("before anything happens"):
        await once("起初")

    with check("the platform takes leave: the peer says goodbye, and opens another connection"):
        await sandbox.fault("farewell", where="ws")
        await peer.inbox.take(kind="system", topic="disconnect")
        await peer.connected(2)
        await once("告别之后")

    with check("the old connection is closed after ten seconds, and nobody misses it"):
        await sandbox.advance(11)
        await once("十秒之后")
        expect(peer.opened, 2)

    with check("the connection is dropped: what is said next is heard once"):
        await sandbox.fault("disconnect", where="ws")
        await peer.connected(3)
        await once("断开之后")

    with check("the connection is cut, and looks alive: what is said next is heard once"):
        await sandbox.deliver(hold_s=1.5 * WAIT)
        await sandbox.fault("cut", where="ws")
        said = await sandbox.say("alice", PRIVATE, "/echo 等着")
        await sandbox.act("alice", "rename", group=GENERAL, name="切断时")
        await peer.connected(4)
        await once("切断之后")
        await sandbox.seen(ALICE, "等着")
        heard = [each for each in peer.inbox.events if each.get("said") == "/echo 等着"]
        expect([each["message"].message_id for each in heard], [said])

    with check("an event that nobody has taken comes on the new connection, once"):
        await sandbox.advance(61)
        event = await peer.inbox.take(kind="event")
        expect([event["type"], event["data"]["title"]], ["chat_update_title", "切断时"])
        await sandbox.advance(200)
        await asyncio.sleep(0.3)
        expect([each for each in peer.inbox.events if each["kind"] == "event"], [])


if __name__ == "__main__":
    world.run(main)
