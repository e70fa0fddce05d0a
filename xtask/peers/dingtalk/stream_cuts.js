"use strict";

// The Node SDK loses its Stream, in every way, and goes on.

const assert = require("node:assert/strict");
const { eventually, sleep } = require("../common.js");
const { Peer } = require("./stream_peer.js");
const world = require("./world.js");

const { ALICE, GENERAL, PRIVATE } = world;

/** Says something, which is heard and answered once. */
async function once(sandbox, peer, text) {
  const said = await sandbox.say("alice", PRIVATE, `/echo ${text}`);
  await sandbox.seen(ALICE, text);
  await sleep(300);
  heardOnce(peer, text, said);
  assert.equal((await sandbox.seen(ALICE, text)).length, 1);
}

function heardOnce(peer, text, said) {
  const messages = peer.inbox.events.filter(({ kind }) => kind === "message");
  const heard = messages.filter(({ message }) => message.text.content === `/echo ${text}`);
  assert.deepEqual(heard.map(({ message }) => message.msgId), [said]);
}

async function closed(sandbox, check) {
  const peer = new Peer(sandbox);
  await peer.client.connect();

  await check("before anything happens", () => once(sandbox, peer, "起初"));

  await check("the platform takes leave: the peer waits for the end, and comes back", async () => {
    await sandbox.fault("farewell", { where: "ws" });
    await eventually("the farewell", () => !peer.client.connected);
    assert.equal(peer.opened, 1);
    await sandbox.advance(11);
    await peer.connected(2);
    await once(sandbox, peer, "告别之后");
  });

  await check("the connection is dropped: what is said next is heard once", async () => {
    await sandbox.fault("disconnect", { where: "ws" });
    await peer.connected(3);
    await once(sandbox, peer, "断开之后");
  });

  await check("what is said while it is gone is lost, and people are told", async () => {
    await sandbox.fault("disconnect", { where: "ws" });
    await eventually("the end", () => !peer.client.connected);
    await sandbox.say("alice", PRIVATE, "/echo 断开之间");
    await eventually("a notice", async () => (await sandbox.notices(ALICE)).length);
    await peer.connected(4);
    await once(sandbox, peer, "又断之后");
    const texts = peer.inbox.events.map(({ message }) => message.text.content);
    assert.ok(!texts.includes("/echo 断开之间"), "it was heard all the same");
  });
  peer.client.disconnect();
}

async function cut(sandbox, check) {
  const peer = new Peer(sandbox, { keepAlive: true });
  // By itself the peer asks every 8 seconds whether the connection is alive. It never
  // stops doing so for the connection before, which must not get in the way.
  peer.client.heartbeat_interval = 900;
  peer.client.reconnectInterval = 450;
  await peer.client.connect();

  await check("a connection that is alive stays open", async () => {
    await sleep(2_500);
    assert.equal(peer.opened, 1);
    await once(sandbox, peer, "一切正常");
  });

  await check("the connection is cut, and looks alive: what is said next is heard once", async () => {
    await sandbox.fault("cut", { where: "ws" });
    const said = await sandbox.say("alice", PRIVATE, "/echo 等着");
    await sandbox.act("alice", "rename", { group: GENERAL, name: "切断时" });
    await peer.connected(2);
    await once(sandbox, peer, "切断之后");
    assert.equal((await sandbox.seen(ALICE, "等着")).length, 1);
    heardOnce(peer, "等着", said);
  });

  await check("an event that nobody has taken comes on the new connection, once", async () => {
    await sandbox.advance(61);
    const { headers, data } = await peer.take("event");
    assert.deepEqual([headers.eventType, data.title], ["chat_update_title", "切断时"]);
    await sandbox.advance(200);
    await sleep(300);
    assert.ok(!peer.inbox.events.some(({ kind }) => kind === "event"), "it came again");
  });
  peer.client.disconnect();
}

world.run(async (sandbox, check) => {
  await closed(sandbox, check);
  await cut(sandbox, check);
});
