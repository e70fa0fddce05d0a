"use strict";

// bearychat-rtm-client 0.8.0: what it hears, what it says, and what it does when
// its connection goes.

const assert = require("node:assert/strict");
const bearychat = require("bearychat");
const RTMClient = require("bearychat-rtm-client");
const WebSocket = require("ws");
const { Inbox, eventually, sleep } = require("../common.js");
const { ALICE, BOT, DAVE, DEV, GENERAL, TOKEN, like, run } = require("./world.js");

const { EVENT, ERROR, OFFLINE, ONLINE } = RTMClient.RTMClientEvents;
const HERE = `group:${GENERAL}`;

run(async (sandbox, check) => {
  bearychat.api.setBasePath(sandbox.openapi);
  let started = 0;
  const url = async () => {
    started += 1;
    const answer = await bearychat.rtm.start({ token: TOKEN });
    return (await answer.json()).ws_host;
  };
  // Faster than by default, so that a lost connection is noticed within the test.
  const pace = { pingInterval: 200, pingTimeout: 1000, backoffMultiplier: 50 };
  const client = new RTMClient({ url, WebSocket, ...pace });
  const inbox = new Inbox();
  let [online, offline] = [0, 0];
  client.on(ONLINE, () => (online += 1));
  client.on(OFFLINE, () => (offline += 1));
  client.on(EVENT, (event) => inbox.put(event));
  client.on(ERROR, () => {});
  const heard = (text) => inbox.take(text, (event) => event.text === text);

  await check("it is online, and hears of its own connection", async () => {
    await eventually("the connection", () => online === 1);
    const { data } = await inbox.take("a connection", ({ type }) => type === "update_user_connection");
    assert.deepEqual(data, { connection: "connected", uid: BOT });
  });
  await check("its pings are answered", async () => {
    await sleep(1500);
    assert.deepEqual([online, offline], [1, 0]);
  });
  await check("it hears what is said in the channel, and answers there", async () => {
    const key = await sandbox.say("alice", HERE, "你好");
    const event = await heard("你好");
    like(event, { type: "channel_message", key, uid: ALICE, vchannel_id: GENERAL, channel_id: GENERAL });
    const reply = await client.send(bearychat.rtm.message.reply(event, "早"));
    like(reply, { type: "reply", code: 0, status: "ok" });
    like(await heard("早"), { uid: BOT, type: "channel_message" });
    assert.deepEqual(await sandbox.texts(HERE), ["你好", "早"]);
  });
  await check("it quotes what it answers", async () => {
    const key = await sandbox.say("alice", HERE, "and?");
    await client.send(bearychat.rtm.message.refer(await heard("and?"), "that is all"));
    like(await heard("that is all"), { refer_key: key });
  });
  await check("it hears what is said to it alone, and answers there", async () => {
    await sandbox.say("dave", "user:bot", "psst");
    const event = await heard("psst");
    like(event, { type: "message", uid: DAVE, to_uid: BOT });
    await client.send(bearychat.rtm.message.reply(event, "yes?"));
    assert.deepEqual(await sandbox.texts(`user:${DAVE}`), ["psst", "yes?"]);
  });
  await check("what cannot be done is answered, too", async () => {
    const frame = { type: "channel_message", vchannel_id: DEV, channel_id: DEV, text: "a" };
    like(await client.send(frame), { code: 4, status: "error", error: "没有权限" });
    like(await client.send({ type: "dance" }), { code: 1, status: "error" });
  });
  await check("reactions, edits and deletions are told", async () => {
    const message = await sandbox.say("alice", HERE, "look");
    const act = (action, more) => sandbox.act("alice", action, { group: HERE, message, ...more });
    const told = (type) => inbox.take(type, (event) => event.type === type);
    await act("react", { emoji: ":+1:" });
    like((await told("add_message_reaction")).data, { message_key: message, reaction: ":+1:" });
    await act("unreact", { emoji: ":+1:" });
    like((await told("delete_message_reaction")).data, { message_key: message, uid: ALICE });
    await act("edit", { text: "look there" });
    like((await told("update_channel_message")).data, { text: "look there", edited: true });
    await act("delete");
    like((await told("update_channel_message")).data, { deleted: true, subtype: "info" });
  });

  await check("a connection that is closed hard is made anew, with a fresh address", async () => {
    await sandbox.fault("disconnect", { where: "ws" });
    await eventually("another connection", () => online === 2);
    assert.equal(started, 2);
    await sandbox.say("alice", HERE, "still there?");
    await heard("still there?");
  });
  await check("a connection that has gone dead is noticed by its pings", async () => {
    await sandbox.fault("cut", { where: "ws" });
    await eventually("another connection", () => online === 3);
    await sandbox.say("alice", HERE, "and now?");
    await heard("and now?");
  });
  await check("it closes when it is told to", async () => {
    const before = offline;
    client.close();
    await eventually("the end", () => offline === before + 1);
    await sleep(500);
    assert.equal(online, 3);
  });
});
