"use strict";

// Every method of the Node SDK.

const assert = require("node:assert/strict");
const { done, nothing, peer, recorded, refused } = require("./server_sdk_peer.js");
const world = require("./world.js");

const { BOT, GENERAL, LOBBY, PEOPLE } = world;
const TXT = "RC:TxtMsg";
const GROUP = `group:${GENERAL}`;
const ROOM = `chatroom:${LOBBY}`;
const TALK = "private:alice:bob";
const UID = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/;
// What the platform has beyond the sandbox.
const MISSING = 404;

const people = (...ids) => ids.map((id) => ({ id }));
const idsOf = (list) => list.map(({ id }) => id);

async function users(sandbox, check, { User }) {
  const portrait = "http://127.0.0.1/苹果.png";

  await check("User.register registers somebody, User.update changes them", async () => {
    const { token, userId, ...rest } = await done(
      User.register({ id: "frank", name: "弗兰克 🐦 & + %", portrait }),
    );
    assert.deepEqual([userId, rest], ["frank", {}]);
    assert.ok(token.length > 0 && Buffer.byteLength(token) <= 256);
    let info = await sandbox.call("/user/info.json", { userId: "frank" });
    assert.deepEqual([info.userName, info.userPortrait], ["弗兰克 🐦 & + %", portrait]);
    await nothing(User.update({ id: "frank", name: "Frank", portrait: "http://127.0.0.1/b" }));
    info = await sandbox.call("/user/info.json", { userId: "frank" });
    assert.deepEqual([info.userName, info.userPortrait], ["Frank", "http://127.0.0.1/b"]);
  });

  await check("User.OnlineStatus.get tells who is there", async () => {
    assert.deepEqual(await done(User.OnlineStatus.get({ id: "alice" })), { status: "0" });
    await sandbox.act("alice", "connect");
    assert.deepEqual(await done(User.OnlineStatus.get({ id: "alice" })), { status: "1" });
  });

  await check("User.Block keeps somebody out, and lets in again", async () => {
    await nothing(User.Block.add({ id: "alice", minute: 10 }));
    const listed = (await done(User.Block.getList())).users;
    assert.deepEqual(listed.map(({ userId }) => userId), ["alice"]);
    assert.match(listed[0].blockEndTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.deepEqual(await done(User.OnlineStatus.get({ id: "alice" })), { status: "0" });
    await nothing(User.Block.remove({ id: "alice" }));
    assert.deepEqual(await done(User.Block.getList()), { users: [] });
  });

  await check("User.Blacklist lists, and lets go", async () => {
    await nothing(User.Blacklist.add({ id: "alice", blacklist: people("bob", "carol") }));
    const { users } = await done(User.Blacklist.getList({ id: "alice" }));
    assert.deepEqual(idsOf(users).sort(), ["bob", "carol"]);
    await assert.rejects(sandbox.say("bob", TALK, "hi"), /405/);
    await nothing(User.Blacklist.remove({ id: "alice", blacklist: people("bob", "carol") }));
    assert.deepEqual(await done(User.Blacklist.getList({ id: "alice" })), { users: [] });
  });

  await check("User.Tag gives tags, and takes them", async () => {
    await nothing(User.Tag.set({ id: "alice", tags: ["大叔", "bj"] }));
    await nothing(User.Tag.set({ id: "bob", tags: ["x"] }));
    const { tags } = await done(User.Tag.getList(people("alice", "bob")));
    assert.deepEqual(tags, { alice: ["大叔", "bj"], bob: ["x"] });
    await nothing(User.Tag.remove({ id: "alice" }));
    const left = await done(User.Tag.getList({ id: "alice" }));
    assert.deepEqual(left.tags.alice ?? [], []);
  });

  await check("User.Tag for several at once is beyond the sandbox", async () => {
    const users = people("alice", "bob");
    await refused(User.Tag.batchSet({ users, tags: ["x"] }), MISSING, "Not found.");
    await refused(User.Tag.batchRemove({ users }), MISSING, "Not found.");
  });
}

async function words(sandbox, check, { Sensitive }) {
  const heard = async (text) => {
    const before = (await sandbox.texts(TALK)).length;
    await sandbox.say("alice", TALK, text);
    return (await sandbox.texts(TALK)).slice(before);
  };

  await check("Sensitive.add keeps words back, or puts others in their place", async () => {
    await nothing(Sensitive.add({ type: 1, keyword: "money" }));
    await nothing(Sensitive.add({ type: 0, keyword: "咖啡", replace: "***" }));
    assert.deepEqual(await heard("no money"), []);
    assert.deepEqual(await heard("多喝咖啡"), ["多喝***"]);
  });

  await check("Sensitive.getList tells them apart", async () => {
    const blocked = { type: "1", word: "money", replaceWord: "" };
    const replaced = { type: "0", word: "咖啡", replaceWord: "***" };
    assert.deepEqual((await done(Sensitive.getList({ type: 1 }))).words, [blocked]);
    assert.deepEqual((await done(Sensitive.getList({ type: 0 }))).words, [replaced]);
    const { words } = await done(Sensitive.getList());
    assert.deepEqual(words.sort((one, other) => (one.word < other.word ? -1 : 1)), [blocked, replaced]);
  });

  await check("Sensitive.remove takes several out", async () => {
    await nothing(Sensitive.remove({ keywords: ["money", "咖啡"] }));
    assert.deepEqual(await done(Sensitive.getList()), { words: [] });
    assert.deepEqual(await heard("money 咖啡"), ["money 咖啡"]);
  });
}

async function messages(sandbox, check, { Message }) {
  const said = (targetId, content) => ({
    senderId: "alice",
    targetId,
    objectName: TXT,
    content: { content, extra: "e" },
  });
  const recall = async (kind, targetId, conversation) => {
    const { id } = (await sandbox.messages(conversation)).at(-1);
    const sentTime = String(Date.now());
    await nothing(Message[kind].recall({ senderId: "alice", targetId, uId: id, sentTime }));
    assert.ok((await sandbox.messages(conversation)).at(-1).recalled);
  };

  await check("Message.Private.send and recall", async () => {
    const { messageUIDs } = await done(Message.Private.send(said("bob", "你好 🐦 & + % =")));
    assert.equal((await sandbox.texts(TALK)).at(-1), "你好 🐦 & + % =");
    assert.deepEqual(messageUIDs.map(({ userId }) => userId), ["bob"]);
    assert.match(messageUIDs[0].messageUID, UID);
    await recall("Private", "bob", TALK);
  });

  await check("Message.Private.send to several, with content that is a text", async () => {
    const content = JSON.stringify({ content: "all" });
    await done(Message.Private.send({ ...said(["bob", "carol"], ""), content, pushContent: "push" }));
    assert.equal((await sandbox.texts("private:alice:carol")).at(-1), "all");
  });

  const templates = {
    alice: { data: { "{c}": "Tom", "{d}": ":2" }, push: "hi {c}", pushData: "" },
    bob: { data: { "{c}": "杰瑞", "{d}": ":5" }, push: "hi {c}", pushData: "{d}" },
  };
  const template = { content: "{c}{d}", extra: "bb" };
  for (const [kind, where] of [["Private", "user"], ["System", "system"]]) {
    await check(`Message.${kind}.sendTemplate says to each what is theirs`, async () => {
      const sent = { senderId: BOT, objectName: TXT, template, content: templates };
      await done(Message[kind].sendTemplate(sent));
      assert.equal((await sandbox.texts(`${where}:alice`)).at(-1), "Tom:2");
      assert.equal((await sandbox.texts(`${where}:bob`)).at(-1), "杰瑞:5");
    });
  }

  await check("Message.Group.send, sendMention and recall", async () => {
    await done(Message.Group.send(said(GENERAL, "大家")));
    assert.equal((await sandbox.texts(GROUP)).at(-1), "大家");
    await recall("Group", GENERAL, GROUP);
    const mention = said([GENERAL], "hi");
    mention.content.mentionedInfo = { type: 2, userIds: ["bob"], mentionedContent: "@bob" };
    await done(Message.Group.sendMention(mention));
    assert.match((await sandbox.texts(GROUP)).at(-1), /hi$/);
  });

  await check("Message.Discussion.send; a discussion knows no recall", async () => {
    await done(Message.Discussion.send(said("d1", "讨论")));
    assert.deepEqual(await sandbox.texts("discussion:d1"), ["讨论"]);
    const { id } = (await sandbox.messages("discussion:d1"))[0];
    const sentTime = String(Date.now());
    const message = { senderId: "alice", targetId: "d1", uId: id, sentTime };
    await refused(Message.Discussion.recall(message), 1002, "conversationType is invalid.");
  });

  await check("Message.Chatroom.send and broadcast", async () => {
    await done(Message.Chatroom.send(said(LOBBY, "room")));
    await done(Message.Chatroom.broadcast({ senderId: "alice", objectName: TXT, content: { content: "all" } }));
    assert.deepEqual(await sandbox.texts(ROOM), ["room", "all"]);
  });

  await check("Message.System.send and broadcast", async () => {
    await done(Message.System.send(said("erin", "system")));
    const content = { content: "everybody" };
    const { messageUID } = await done(Message.System.broadcast({ senderId: "alice", objectName: TXT, content }));
    assert.match(messageUID, UID);
    for (const who of PEOPLE) {
      assert.equal((await sandbox.texts(`system:${who}`)).at(-1), "everybody");
    }
    assert.deepEqual(await sandbox.texts("system:erin"), ["system", "everybody"]);
  });

  await check("Message.History.get and remove", async () => {
    const date = await sandbox.hour();
    const found = await done(Message.History.get({ date }));
    assert.equal(found.date, date);
    const file = await fetch(found.url);
    assert.equal(file.status, 200);
    assert.equal(Buffer.from(await file.arrayBuffer()).subarray(0, 2).toString(), "PK");
    await nothing(Message.History.remove({ date }));
    assert.deepEqual(await done(Message.History.get({ date })), { url: "", date });
  });
}

async function groups(sandbox, check, { Group }) {
  const members = async (id) => idsOf((await done(Group.get({ id }))).members);

  await check("Group.create, join, quit and get", async () => {
    await nothing(Group.create({ id: "g1", name: "一组", members: people("alice", "bob") }));
    await nothing(Group.join({ id: "g1", name: "一组", member: { id: "carol" } }));
    assert.deepEqual(await members("g1"), ["alice", "bob", "carol"]);
    await nothing(Group.quit({ id: "g1", member: { id: "alice" } }));
    assert.deepEqual(await members("g1"), ["bob", "carol"]);
  });

  await check("Group.update renames, Group.sync adds", async () => {
    await nothing(Group.update({ id: "g1", name: "二组" }));
    await nothing(Group.sync({ id: "erin", groups: [{ id: "g1", name: "x" }, { id: "g 2&=", name: "三 组" }] }));
    const { groups } = await sandbox.call("/user/group/query", { userId: "erin" });
    const named = Object.fromEntries(groups.map(({ id, name }) => [id, name]));
    assert.deepEqual([named.g1, named["g 2&="]], ["二组", "三 组"]);
  });

  await check("Group.dismiss ends it", async () => {
    await nothing(Group.dismiss({ id: "g1", member: { id: "bob" } }));
    assert.deepEqual(await members("g1"), []);
  });

  for (const [name, gag] of [["Gag", Group.Gag], ["Mute.Member", Group.Mute.Member]]) {
    await check(`Group.${name} gags, and lets speak`, async () => {
      await nothing(gag.add({ id: GENERAL, members: people("bob"), minute: 10 }));
      assert.deepEqual(idsOf((await done(gag.getList({ id: GENERAL }))).members), ["bob"]);
      await assert.rejects(sandbox.say("bob", GROUP, "hi"), /22408/);
      await nothing(gag.remove({ id: GENERAL, members: people("bob") }));
      assert.deepEqual((await done(gag.getList({ id: GENERAL }))).members, []);
      await sandbox.say("bob", GROUP, "hi");
    });
  }

  await check("Group.Mute.All silences a group, but for Group.Mute.Whitelist", async () => {
    const { All, Whitelist } = Group.Mute;
    await nothing(All.add({ groups: people(GENERAL) }));
    assert.deepEqual((await done(All.getList())).groups, [{ id: GENERAL, isMuted: 1 }]);
    await assert.rejects(sandbox.say("alice", GROUP, "hi"), /22408/);
    await nothing(Whitelist.add({ id: GENERAL, members: people("alice") }));
    assert.deepEqual(idsOf((await done(Whitelist.getList({ id: GENERAL }))).members), ["alice"]);
    await sandbox.say("alice", GROUP, "hi");
    await nothing(Whitelist.remove({ id: GENERAL, members: people("alice") }));
    assert.deepEqual((await done(Whitelist.getList({ id: GENERAL }))).members, []);
    await nothing(All.remove({ groups: people(GENERAL) }));
    assert.deepEqual((await done(All.getList())).groups, []);
    await sandbox.say("alice", GROUP, "hi");
  });
}

async function conversations(sandbox, check, { Conversation }) {
  await check("Conversation.mute and unmute", async () => {
    for (const [call, isMuted] of [[Conversation.mute, 1], [Conversation.unmute, 0]]) {
      await nothing(call({ type: "PRIVATE", userId: "alice", targetId: "bob" }));
      const asked = { conversationType: 1, requestId: "alice", targetId: "bob" };
      const answer = await sandbox.call("/conversation/notification/get", asked);
      assert.equal(answer.isMuted, isMuted);
    }
  });
}

async function chatrooms(sandbox, check, { Chatroom }) {
  const room = (id, ...members) => ({ id, members: people(...members) });
  const inside = async (id) => {
    const { members, total } = await done(Chatroom.get({ id, count: 10, order: 1 }));
    assert.equal(total, members.length);
    return idsOf(members);
  };

  await check("Chatroom.create makes one or several", async () => {
    await nothing(Chatroom.create({ id: "r1", name: "一" }));
    await nothing(Chatroom.create([{ id: "r2", name: "Two" }, { id: "r 3&=", name: "三 室" }]));
    const { chatRooms } = await sandbox.call("/chatroom/query", [["chatroomId", "r1"], ["chatroomId", "r 3&="]]);
    const named = Object.fromEntries(chatRooms.map(({ chrmId, name }) => [chrmId, name]));
    assert.deepEqual(named, { r1: "一", "r 3&=": "三 室" });
  });

  await check("Chatroom.get and isExist tell who is there", async () => {
    await sandbox.act("alice", "enter", { chatroom: "r1" });
    await sandbox.act("bob", "enter", { chatroom: "r1" });
    assert.deepEqual(await inside("r1"), ["alice", "bob"]);
    const { members } = await done(Chatroom.isExist(room("r1", "alice", "erin")));
    assert.deepEqual(members.map(({ id, isInChrm }) => [id, isInChrm]), [["alice", 1], ["erin", 0]]);
  });

  await check("Chatroom.Gag gags, and lets speak", async () => {
    await nothing(Chatroom.Gag.add({ ...room("r1", "bob"), minute: 10 }));
    assert.deepEqual(idsOf((await done(Chatroom.Gag.getList({ id: "r1" }))).members), ["bob"]);
    await assert.rejects(sandbox.say("bob", "chatroom:r1", "hi"), /23408/);
    await nothing(Chatroom.Gag.remove(room("r1", "bob")));
    assert.deepEqual((await done(Chatroom.Gag.getList({ id: "r1" }))).members, []);
    await sandbox.say("bob", "chatroom:r1", "hi");
  });

  await check("Chatroom.Distribute stops what people say, and lets it through", async () => {
    const before = (await sandbox.texts("chatroom:r1")).length;
    await nothing(Chatroom.Distribute.stop({ id: "r1" }));
    await sandbox.say("alice", "chatroom:r1", "anybody?");
    assert.equal((await sandbox.texts("chatroom:r1")).length, before);
    await nothing(Chatroom.Distribute.resume({ id: "r1" }));
    await sandbox.say("alice", "chatroom:r1", "at last");
    assert.equal((await sandbox.texts("chatroom:r1")).at(-1), "at last");
  });

  await check("Chatroom.Block puts out, and bars", async () => {
    await nothing(Chatroom.Block.add({ ...room("r1", "bob"), minute: 10 }));
    assert.deepEqual(idsOf((await done(Chatroom.Block.getList({ id: "r1" }))).members), ["bob"]);
    assert.deepEqual(await inside("r1"), ["alice"]);
    await assert.rejects(sandbox.act("bob", "enter", { chatroom: "r1" }), /23409/);
    await nothing(Chatroom.Block.remove(room("r1", "bob")));
    assert.deepEqual((await done(Chatroom.Block.getList({ id: "r1" }))).members, []);
    await sandbox.act("bob", "enter", { chatroom: "r1" });
  });

  await check("Chatroom.Whitelist.User lists", async () => {
    const { User } = Chatroom.Whitelist;
    await nothing(User.add(room("r1", "alice", "bob")));
    assert.deepEqual(idsOf((await done(User.getList({ id: "r1" }))).members).sort(), ["alice", "bob"]);
    await nothing(User.remove(room("r1", "bob")));
    assert.deepEqual(idsOf((await done(User.getList({ id: "r1" }))).members), ["alice"]);
  });

  await check("Chatroom.Demotion lists types that can wait", async () => {
    const { Demotion } = Chatroom;
    await nothing(Demotion.add({ msgs: ["RC:ImgMsg", "RC:VcMsg"] }));
    assert.deepEqual((await done(Demotion.getList())).objectNames.sort(), ["RC:ImgMsg", "RC:VcMsg"]);
    await nothing(Demotion.remove({ msgs: ["RC:ImgMsg"] }));
    assert.deepEqual((await done(Demotion.getList())).objectNames, ["RC:VcMsg"]);
  });

  await check("Chatroom.KeepAlive keeps a room; what is not kept is 1015", async () => {
    const { KeepAlive } = Chatroom;
    await nothing(KeepAlive.add({ id: "r1" }));
    assert.deepEqual(await done(KeepAlive.getList()), { chatrooms: ["r1"] });
    await nothing(KeepAlive.remove({ id: "r1" }));
    const answer = await KeepAlive.remove({ id: "r1" });
    assert.equal(answer.code, 1015);
    assert.ok(answer.errorMessage);
  });

  await check("Chatroom.destroy ends a room, by either spelling", async () => {
    await nothing(Chatroom.destroy({ id: "r1" }));
    await nothing(Chatroom.destory({ id: "r2" }));
    const left = await sandbox.call("/chatroom/query", [["chatroomId", "r1"], ["chatroomId", "r2"]]);
    assert.deepEqual(left, { chatRooms: [] });
  });

  await check("Chatroom.Ban and Whitelist.Message are beyond the sandbox", async () => {
    const members = () => people("alice");
    const { Message } = Chatroom.Whitelist;
    await refused(Chatroom.Ban.add({ members: members(), minute: 1 }), MISSING, "Not found.");
    await refused(Chatroom.Ban.remove({ members: members() }), MISSING, "Not found.");
    await refused(Chatroom.Ban.getList(), MISSING, "Not found.");
    await refused(Message.add({ msgs: [TXT] }), MISSING, "Not found.");
    await refused(Message.remove({ msgs: [TXT] }), MISSING, "Not found.");
    await refused(Message.getList(), MISSING, "Not found.");
  });
}

async function pushes(sandbox, check, { Push, User }) {
  await check("Push.push tells devices, Push.message leaves a message", async () => {
    await nothing(User.Tag.set({ id: "alice", tags: ["女"] }));
    const push = () => ({
      platform: ["ios", "android"],
      audience: { tag: ["女"], is_to_all: false },
      notification: { alert: "push content" },
    });
    const before = (await sandbox.texts("system:alice")).length;
    const pushed = await done(Push.push(push()));
    assert.ok(pushed.id);
    assert.equal((await sandbox.texts("system:alice")).length, before);
    const message = { content: JSON.stringify({ content: "with words" }), objectName: TXT };
    const sent = await done(Push.message({ ...push(), fromUserId: "system", message }));
    assert.ok(sent.id && sent.id !== pushed.id);
    assert.equal((await sandbox.texts("system:alice")).at(-1), "with words");
    assert.ok(!(await sandbox.texts("system:bob")).includes("with words"));
  });
}

async function refusals(sandbox, check, { Group, Message, User, Chatroom }) {
  await check("the sandbox's words come through the SDK", async () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ id: `u${index}` }));
    await refused(User.Blacklist.add({ id: "alice", blacklist: many }), 1002, "Too many blackUserId.");
    await refused(User.Block.add({ id: "x".repeat(65), minute: 1 }), 1005, "userId is too long.");
    await refused(Chatroom.get({ id: LOBBY, count: 0, order: 1 }), 1002, "count is invalid.");
    await refused(Message.History.get({ date: "2014" }), 1002, "date is invalid.");
    await refused(Group.Gag.add({ id: GENERAL, members: [], minute: 1 }), 1002, "userId is required.");
  });
}

world.run(async (sandbox, check) => {
  const { app, left } = recorded(peer(sandbox));
  await users(sandbox, check, app);
  await sandbox.reset();
  await words(sandbox, check, app);
  await sandbox.reset();
  await messages(sandbox, check, app);
  await sandbox.reset();
  await groups(sandbox, check, app);
  await conversations(sandbox, check, app);
  await chatrooms(sandbox, check, app);
  await pushes(sandbox, check, app);
  await refusals(sandbox, check, app);
  await check("no method was left out", () => assert.deepEqual([...left], []));
});
