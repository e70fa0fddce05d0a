"use strict";

// Every method of bearychat 1.2.0 for Node.js, and its incoming hooks.

const assert = require("node:assert/strict");
const bearychat = require("bearychat");
const { onlyPart } = require("../common.js");
const { peer } = require("./sdk_peer.js");
const { ALICE, BOB, BOT, CAROL, DAVE, DEV, GENERAL, TEAM, TOKEN, like, run } = require("./world.js");

const GONE = "该消息已被删除";

run(async (sandbox, check) => {
  const { call, left, nothing, refused } = peer(sandbox);

  await check("meta, team and user tell of the team", async () => {
    assert.deepEqual(await call("meta"), { version: "1" });
    like(await call("team.info"), { id: TEAM, plan: "basic" });
    like(await call("user.me"), { id: BOT, type: "hubot" });
    like(await call("user.info", { user_id: ALICE }), { id: ALICE, role: "owner" });
    assert.equal((await call("user.list")).length, 7);
  });
  await check("user.update_me changes a name", async () => {
    like(await call("user.update_me", { full_name: "八哥" }), { full_name: "八哥", name: "mynah" });
  });
  await check("emoji and sticker tell of the team's own", async () => {
    assert.equal((await call("emoji.list"))[0].name, "mynah");
    assert.equal((await call("sticker.list")).length, 1);
  });

  await check("channel.list, channel.info and vchannel.info tell of channels", async () => {
    assert.deepEqual((await call("channel.list")).map(({ id }) => id), [GENERAL, DEV]);
    like(await call("channel.info", { channel_id: GENERAL }), { general: true });
    like(await call("vchannel.info", { vchannel_id: DEV }), { name: "dev", is_member: false });
  });
  await check("a channel is made, filled, emptied, closed and opened", async () => {
    const { id: channel_id } = await call("channel.create", { name: "值班", topic: "t", private: true });
    const channel = { channel_id };
    await nothing("channel.invite", { ...channel, invite_uid: BOB });
    await nothing("channel.invite", { ...channel, invite_uid: CAROL });
    await nothing("channel.kick", { ...channel, kick_uid: BOB });
    await nothing("channel.kickout", { ...channel, kick_uid: CAROL });
    like(await call("channel.info", channel), { member_uids: [BOT], uid: BOT, private: true });
    like(await call("channel.archive", channel), { is_active: false });
    like(await call("channel.unarchive", channel), { is_active: true });
  });
  await check("channel.join and leave go in and out", async () => {
    like(await call("channel.join", { channel_id: DEV }), { is_member: true });
    await nothing("channel.leave", { channel_id: DEV });
    await refused("channel.leave", { channel_id: DEV }, 4, "没有权限");
  });

  await check("a session channel is made, filled, emptied, and becomes a channel", async () => {
    const made = await call("session_channel.create", { member_uids: [ALICE, BOB] });
    like(made, { type: "session", name: null, member_uids: [BOT, ALICE, BOB] });
    const session = { session_channel_id: made.id };
    await nothing("session_channel.invite", { ...session, invite_uid: CAROL });
    await nothing("session_channel.invite", { ...session, invite_uid: DAVE });
    await nothing("session_channel.kick", { ...session, kick_uid: CAROL });
    await nothing("session_channel.kickout", { ...session, kick_uid: DAVE });
    like(await call("session_channel.info", session), { member_uids: [BOT, ALICE, BOB] });
    const converted = await call("session_channel.convert_to_channel", { ...session, name: "lunch" });
    like(converted, { id: made.id, type: "normal", private: true });
  });
  await check("a session channel is closed, and left", async () => {
    const { id } = await call("session_channel.create", { member_uids: [DAVE], name: "other" });
    const session = { session_channel_id: id };
    like((await call("session_channel.list"))[0], { id, name: "other" });
    like(await call("session_channel.archive", session), { is_active: false });
    await nothing("session_channel.leave", session);
    await refused("session_channel.info", session, 4, "没有权限");
  });

  await check("p2p.create, info and list tell of conversations of two", async () => {
    const { id } = await call("p2p.create", { user_id: DAVE });
    like(await call("p2p.info", { p2p_channel_id: id }), { id, type: "p2p" });
    assert.deepEqual((await call("p2p.list")).map((each) => each.id), [id]);
  });

  await check("a message is said, found, changed and deleted", async () => {
    const attachments = [{ title: "t", text: "x", color: "#ffa500" }];
    const said = await call("message.create", { vchannel_id: GENERAL, text: "值班 😀", attachments });
    like(said, { text: "值班 😀", attachments, uid: BOT });
    const message = { vchannel_id: GENERAL, message_key: said.key };
    like(await call("message.info", message), { text: "值班 😀", created_ts: said.created_ts });
    like(await call("message.update_text", { ...message, text: "b" }), { text: "b", edited: true });
    const query = { latest: { limit: 1 } };
    const { messages } = await call("message.query", { vchannel_id: GENERAL, query });
    assert.deepEqual(messages.map(({ text }) => text), ["b"]);
    await nothing("message.delete", message);
    like(await call("message.info", message), { text: GONE, subtype: "info", attachments: [] });
    await refused("message.delete", message, 6, "消息不存在");
  });
  await check("a message is refused where the bot does not belong", async () => {
    const message = { vchannel_id: DEV, text: "a", attachments: [] };
    await refused("message.create", message, 4, "没有权限");
  });
  await check("rtm.start gives an address", async () => {
    const { user, ws_host } = await call("rtm.start");
    assert.equal(user.id, BOT);
    assert.ok(ws_host.startsWith(`${sandbox.wsUrl}/bearychat/rtm/nimbus/ws:`), ws_host);
  });
  await check("no method was left out", () => assert.deepEqual([...left], []));

  await check("the plain functions answer what fetch does, with headers", async () => {
    const answer = await bearychat.user.me({ token: TOKEN });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("x-ratelimit-limit"), "1000");
    assert.equal((await answer.json()).id, BOT);
  });
  await check("a wrong token is refused", async () => {
    await peer(sandbox, "wrong").refused("user.me", {}, 2, "未授权");
  });

  await check("an incoming hook says what its builder made, without Markdown", async () => {
    const attachment = { title: "t", text: "x", images: [{ url: "http://127.0.0.1/1.png" }] };
    const payload = bearychat.incoming.withText("*plain*").withAttachment(attachment).build();
    const answer = await bearychat.incoming.send(sandbox.hook, payload);
    assert.deepEqual([answer.status, await answer.json()], [200, { code: 0, result: null }]);
    const { parts, tag } = await sandbox.last(`group:${GENERAL}`);
    assert.deepEqual([parts.map(({ type }) => type), tag], [["text", "attachment"], "robot"]);
  });
  await check("an incoming hook finds its channel by name", async () => {
    const payload = bearychat.incoming.withMarkdown("**b**").to("dev").build();
    await bearychat.incoming.send(sandbox.hook, payload);
    onlyPart(await sandbox.last(`group:${DEV}`), "markdown", { text: "**b**" });
  });
});
