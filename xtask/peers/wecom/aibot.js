"use strict";

// The Node SDK is an intelligent bot on its socket.

const assert = require("node:assert/strict");
const { WSClient } = require("@wecom/aibot-node-sdk");
const { Inbox, eventually, onlyPart, sleep } = require("../common.js");
const world = require("./world.js");

const ALICE = "bot:alice";
const GROUP = `group:${world.GENERAL}`;
const PRIVATE = `user:${world.BOT}`;

const CARD = {
  card_type: "button_interaction",
  main_title: { title: "审批", desc: "请确认" },
  button_list: [{ text: "同意", style: 1, key: "yes" }],
  task_id: "task-1",
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A client on its way to connect, and what it has heard. */
function connect(sandbox, settings = {}) {
  const client = new WSClient({
    botId: world.BOT,
    secret: world.BOT_SECRET,
    wsUrl: `${sandbox.wsUrl}/wecom/openws`,
    logger: silent,
    ...settings,
  });
  const bot = { client, inbox: new Inbox(), happened: [], errors: [] };
  for (const name of ["authenticated", "disconnected", "reconnecting"]) {
    client.on(name, () => bot.happened.push(name));
  }
  client.on("error", (error) => bot.errors.push(error));
  client.on("message", (frame) => bot.inbox.put(frame));
  client.on("event", (frame) => bot.inbox.put(frame));
  client.connect();
  return bot;
}

const message = (bot, type) =>
  bot.inbox.take(`a message of type ${type}`, ({ body }) => body.msgtype === type);
const event = (bot, type) =>
  bot.inbox.take(`the event ${type}`, ({ body }) => body.event?.eventtype === type);

/** Asserts that a call is refused with this code. */
async function refused(code, call) {
  const outcome = await call.then(
    (frame) => ({ accepted: frame }),
    (frame) => frame,
  );
  assert.equal(outcome.errcode, code, JSON.stringify(outcome));
}

function accepted(frame) {
  assert.equal(frame.errcode, 0);
  assert.equal(frame.errmsg, "ok");
}

async function authentication(sandbox, check) {
  await check("a wrong secret is 853000, and the client gives up", async () => {
    const settings = { secret: "wrong", reconnectInterval: 10, maxAuthFailureAttempts: 2 };
    const stranger = connect(sandbox, settings);
    await eventually("giving up", () =>
      stranger.errors.some(({ code }) => code === "WS_AUTH_FAILURE_EXHAUSTED"),
    );
    assert.match(stranger.errors[0].message, /853000/);
    assert.ok(!stranger.happened.includes("authenticated"));
  });

  await check("an unknown bot is 853000", async () => {
    const stranger = connect(sandbox, { botId: "aib-nobody", maxAuthFailureAttempts: 0 });
    await eventually("a refusal", () => stranger.errors.length);
    assert.match(stranger.errors[0].message, /853000/);
    stranger.client.disconnect();
  });
}

async function messages(sandbox, check, bot) {
  const { client } = bot;

  await check("a text in private, with the platform's ids", async () => {
    const said = await sandbox.say("alice", PRIVATE, "你好");
    const { body, headers } = await message(bot, "text");
    assert.ok(headers.req_id);
    assert.equal(body.msgid, said);
    assert.equal(body.aibotid, world.BOT);
    assert.equal(body.chattype, "single");
    assert.deepEqual(body.from, { userid: "alice" });
    assert.deepEqual(body.text, { content: "你好" });
    assert.ok(!("chatid" in body) && !("response_url" in body));
  });

  await check("a stream in reply replaces what it said before", async () => {
    await sandbox.say("alice", PRIVATE, "值班是谁");
    const frame = await message(bot, "text");
    const before = (await sandbox.messages(ALICE)).length;
    const contents = ["正在", "正在思考", "**carol**"];
    for (const content of contents) {
      accepted(await client.replyStream(frame, "stream-1", content, content === contents.at(-1)));
      onlyPart(await sandbox.last(ALICE), "markdown", { text: content });
    }
    assert.equal((await sandbox.messages(ALICE)).length, before + 1);
  });

  await check("acknowledgements of many replies at once find their own", async () => {
    await sandbox.say("alice", PRIVATE, "快");
    const frame = await message(bot, "text");
    const contents = [...Array(20).keys()].map((number) => `第 ${number} 版`);
    const replies = contents.map((content, number) =>
      client.replyStream(frame, "stream-2", content, number === 19),
    );
    (await Promise.all(replies)).forEach(accepted);
    onlyPart(await sandbox.last(ALICE), "markdown", { text: "第 19 版" });
  });

  await check("a stream older than six minutes is 846608", async () => {
    await sandbox.say("alice", PRIVATE, "慢");
    const frame = await message(bot, "text");
    accepted(await client.replyStream(frame, "stream-3", "正在"));
    await sandbox.advance(361);
    await refused(846608, client.replyStream(frame, "stream-3", "迟了", true));
  });

  await check("a stream of more than 20480 bytes is refused", async () => {
    await sandbox.say("alice", PRIVATE, "长");
    const frame = await message(bot, "text");
    await refused(40058, client.replyStream(frame, "stream-4", "长".repeat(6827), true));
    accepted(await client.replyStream(frame, "stream-4", "长".repeat(6826), true));
  });

  await check("a reply to a made-up req_id is 846605", () =>
    refused(846605, client.replyStream({ headers: { req_id: "made-up" } }, "s", "?", true)));

  await check("a mention in the group is answered in the group", async () => {
    const mention = { type: "mention", id: "bot" };
    await sandbox.say("bob", GROUP, [mention, { type: "text", text: " 在吗" }]);
    const frame = await message(bot, "text");
    assert.equal(frame.body.chattype, "group");
    assert.equal(frame.body.chatid, world.GENERAL);
    assert.match(frame.body.text.content, /^@.+ 在吗$/);
    accepted(await client.replyStream(frame, "stream-5", "在", true));
    onlyPart(await sandbox.last(GROUP), "markdown", { text: "在" });
  });

  await check("what mentions somebody else is not heard", async () => {
    await sandbox.say("bob", GROUP, "大家好");
    await sandbox.say("alice", PRIVATE, "再见");
    assert.equal((await message(bot, "text")).body.text.content, "再见");
  });

  for (const [type, content] of [
    ["image", world.PIXEL],
    ["file", world.REPORT],
    ["video", world.VIDEO],
  ]) {
    await check(`${type}: downloaded, and decrypted with its own key`, async () => {
      await sandbox.say("alice", PRIVATE, [world.mediaPart(type, content)]);
      const { body } = await message(bot, type);
      const { buffer } = await client.downloadFile(body[type].url, body[type].aeskey);
      assert.deepEqual(buffer, content);
    });
  }

  await check("a quoted message comes along", async () => {
    const quoted = await sandbox.say("alice", PRIVATE, "今日测试");
    await message(bot, "text");
    const quote = { type: "quote", message_id: quoted };
    await sandbox.say("alice", PRIVATE, [quote, { type: "text", text: "怎么样" }]);
    const { body } = await message(bot, "text");
    assert.equal(body.text.content, "怎么样");
    assert.deepEqual(body.quote, { msgtype: "text", text: { content: "今日测试" } });
  });

  await check("voice arrives as text", async () => {
    await sandbox.say("alice", PRIVATE, [{ type: "voice", text: "明天谁值班" }]);
    assert.equal((await message(bot, "voice")).body.voice.content, "明天谁值班");
  });

  await check("text and picture together are mixed", async () => {
    const text = { type: "text", text: "看图" };
    await sandbox.say("alice", PRIVATE, [text, world.mediaPart("image", world.PIXEL)]);
    const items = (await message(bot, "mixed")).body.mixed.msg_item;
    assert.deepEqual(items.map(({ msgtype }) => msgtype), ["text", "image"]);
    const { buffer } = await client.downloadFile(items[1].image.url, items[1].image.aeskey);
    assert.deepEqual(buffer, world.PIXEL);
  });
}

async function cards(sandbox, check, bot) {
  const { client } = bot;

  await check("a template card in reply", async () => {
    await sandbox.say("alice", PRIVATE, "卡片");
    accepted(await client.replyTemplateCard(await message(bot, "text"), CARD));
    const part = onlyPart(await sandbox.last(ALICE), "card", { title: "审批", task_id: "task-1" });
    assert.deepEqual(part.buttons.map(({ label }) => label), ["同意"]);
  });

  await check("a pressed button is an event, and the card is updated once", async () => {
    const { id } = await sandbox.last(ALICE);
    await sandbox.act("alice", "press", { message: id, key: "yes" });
    const frame = await event(bot, "template_card_event");
    const pressed = frame.body.event.template_card_event;
    assert.equal(pressed.event_key, "yes");
    assert.equal(pressed.task_id, "task-1");
    assert.equal(frame.body.from.userid, "alice");
    const done = { ...CARD, main_title: { title: "已同意" } };
    accepted(await client.updateTemplateCard(frame, done, ["alice"]));
    const last = await sandbox.last(ALICE);
    assert.equal(last.id, id);
    onlyPart(last, "card", { title: "已同意" });
    await refused(846605, client.replyStream(frame, "s", "?", true));
  });

  await check("what was selected comes with the pressed button", async () => {
    await sandbox.say("alice", PRIVATE, "投票");
    const options = [{ id: "one", text: "一" }, { id: "two", text: "二" }];
    const vote = {
      card_type: "vote_interaction",
      main_title: { title: "投票" },
      checkbox: { question_key: "which", mode: 1, option_list: options },
      submit_button: { text: "提交", key: "send" },
      task_id: "task-vote",
    };
    accepted(await client.replyTemplateCard(await message(bot, "text"), vote));
    const { id } = await sandbox.last(ALICE);
    const selected = { which: ["one", "two"] };
    await sandbox.act("alice", "press", { message: id, key: "send", selected });
    const pressed = (await event(bot, "template_card_event")).body.event.template_card_event;
    assert.equal(pressed.card_type, "vote_interaction");
    assert.deepEqual(pressed.selected_items, {
      selected_item: [{ question_key: "which", option_ids: { option_id: ["one", "two"] } }],
    });
  });

  await check("a stream together with a template card, which may come later", async () => {
    await sandbox.say("alice", PRIVATE, "都要");
    const frame = await message(bot, "text");
    const templateCard = { ...CARD, task_id: "task-2" };
    accepted(await client.replyStreamWithCard(frame, "stream-6", "处理中"));
    onlyPart(await sandbox.last(ALICE), "markdown", { text: "处理中" });
    accepted(await client.replyStreamWithCard(frame, "stream-6", "完了", true, { templateCard }));
    const { parts } = await sandbox.last(ALICE);
    assert.deepEqual(parts.map(({ type }) => type), ["markdown", "card"]);
    assert.deepEqual([parts[0].text, parts[1].task_id], ["完了", "task-2"]);
  });

  await check("markdown in reply", async () => {
    await sandbox.say("alice", PRIVATE, "简单");
    const body = { msgtype: "markdown", markdown: { content: "**好**" } };
    accepted(await client.reply(await message(bot, "text"), body));
    onlyPart(await sandbox.last(ALICE), "markdown", { text: "**好**" });
  });

  await check("a stream ends with a picture", async () => {
    await sandbox.say("alice", PRIVATE, "图文");
    const frame = await message(bot, "text");
    const image = { base64: world.PIXEL.toString("base64"), md5: world.md5(world.PIXEL) };
    accepted(await client.replyStream(frame, "stream-7", "看", true, [{ msgtype: "image", image }]));
    const { parts } = await sandbox.last(ALICE);
    assert.deepEqual(parts.map(({ type }) => type), ["markdown", "image"]);
    assert.deepEqual(await sandbox.bytesOf(parts[1]), world.PIXEL);
  });

  await check("feedback on a reply is an event", async () => {
    await sandbox.say("alice", PRIVATE, "反馈");
    const frame = await message(bot, "text");
    accepted(await client.replyStream(frame, "stream-8", "好", true, undefined, { id: "fb-1" }));
    const { id } = await sandbox.last(ALICE);
    await sandbox.act("alice", "feedback", { message: id, rating: "bad", content: "不够详细" });
    const { feedback_event: feedback } = (await event(bot, "feedback_event")).body.event;
    assert.deepEqual([feedback.id, feedback.type, feedback.content], ["fb-1", 2, "不够详细"]);
  });

  await check("enter_chat is answered with a welcome, as text and as card", async () => {
    await sandbox.act("carol", "enter", { conversation: "bot:carol" });
    let frame = await event(bot, "enter_chat");
    assert.equal(frame.body.from.userid, "carol");
    accepted(await client.replyWelcome(frame, { msgtype: "text", text: { content: "您好！" } }));
    onlyPart(await sandbox.last("bot:carol"), "text", { text: "您好！" });

    await sandbox.act("dave", "enter", { conversation: "bot:dave" });
    frame = await event(bot, "enter_chat");
    const card = { ...CARD, task_id: "task-3" };
    accepted(await client.replyWelcome(frame, { msgtype: "template_card", template_card: card }));
    onlyPart(await sandbox.last("bot:dave"), "card", { title: "审批" });
  });

  await check("a welcome after five seconds is refused", async () => {
    await sandbox.advance(24 * 3600);
    await sandbox.act("erin", "enter", { conversation: "bot:erin" });
    const frame = await event(bot, "enter_chat");
    await sandbox.advance(6);
    const body = { msgtype: "text", text: { content: "迟了" } };
    await refused(846605, client.replyWelcome(frame, body));
  });
}

async function active(sandbox, check, bot) {
  const { client } = bot;
  const markdown = { msgtype: "markdown", markdown: { content: "主动 **推送**" } };

  await check("sendMessage to a person and to a group", async () => {
    for (const [chatid, conversation] of [
      ["alice", ALICE],
      [world.GENERAL, GROUP],
    ]) {
      accepted(await client.sendMessage(chatid, markdown));
      onlyPart(await sandbox.last(conversation), "markdown", { text: "主动 **推送**" });
    }
  });

  await check("sendMessage with a template card", async () => {
    const template_card = { ...CARD, task_id: "task-4" };
    accepted(await client.sendMessage("alice", { msgtype: "template_card", template_card }));
    onlyPart(await sandbox.last(ALICE), "card", { title: "审批" });
  });

  await check("sendMessage to nowhere, and to who never talked to the bot, is 93006", async () => {
    await refused(93006, client.sendMessage("nowhere", markdown));
    await refused(93006, client.sendMessage("bob", markdown));
  });

  await check("a file in one chunk is uploaded, and sent", async () => {
    const options = { type: "file", filename: "报告.txt" };
    const media = await client.uploadMedia(world.REPORT, options);
    assert.equal(media.type, "file");
    assert.match(media.created_at, /^\d+$/);
    accepted(await client.sendMediaMessage("alice", "file", media.media_id));
    const part = onlyPart(await sandbox.last(ALICE), "file", { name: "报告.txt" });
    assert.deepEqual(await sandbox.bytesOf(part), world.REPORT);
  });

  await check("a file in three chunks comes out whole", async () => {
    const content = Buffer.alloc(1024 * 1024 + 17);
    content.forEach((_, index) => (content[index] = index % 251));
    const media = await client.uploadMedia(content, { type: "file", filename: "大.bin" });
    accepted(await client.sendMediaMessage("alice", "file", media.media_id));
    const part = onlyPart(await sandbox.last(ALICE), "file");
    assert.ok((await sandbox.bytesOf(part)).equals(content), "it came out changed");
  });

  for (const [type, filename, content] of [
    ["image", "图.png", world.PIXEL],
    ["voice", "声.amr", world.VOICE],
    ["video", "影.mp4", world.VIDEO],
    ["file", "报告.txt", world.REPORT],
  ]) {
    await check(`${type} is uploaded, and given in reply`, async () => {
      const { media_id: mediaId } = await client.uploadMedia(content, { type, filename });
      await sandbox.say("alice", PRIVATE, filename);
      accepted(await client.replyMedia(await message(bot, "text"), type, mediaId));
      const part = onlyPart(await sandbox.last(ALICE), type);
      assert.deepEqual(await sandbox.bytesOf(part), content);
    });
  }

  await check("an unknown media_id is 40007, and so is one of another kind", async () => {
    await refused(40007, client.sendMediaMessage("alice", "file", "made-up"));
    const options = { type: "file", filename: "a.txt" };
    const { media_id: mediaId } = await client.uploadMedia(world.REPORT, options);
    await refused(40007, client.sendMediaMessage("alice", "image", mediaId));
  });

  // Only a strict sandbox counts them.
  await check("a suite that says more than thirty things a minute is not held up", async () => {
    await sandbox.advance(61);
    for (let number = 0; number < 31; number += 1) {
      accepted(await client.sendMessage("alice", markdown));
    }
  });
}

async function connection(sandbox, check, bot) {
  await check("pings are answered: the connection is alive after many of them", async () => {
    // The SDK gives up after two that are not.
    await sleep(1_000);
    assert.ok(bot.client.isConnected);
    assert.deepEqual(bot.happened, ["authenticated"]);
  });

  await check("a second connection replaces the first, which is told and stays away", async () => {
    const second = connect(sandbox);
    await eventually("the second", () => second.happened.includes("authenticated"));
    await event(bot, "disconnected_event");
    await eventually("the end of the first", () => bot.happened.includes("disconnected"));
    await sandbox.say("alice", PRIVATE, "谁在");
    assert.equal((await message(second, "text")).body.text.content, "谁在");
    assert.ok(!bot.happened.includes("reconnecting"));
    assert.ok(!bot.client.isConnected);
    second.client.disconnect();
  });
}

world.run(async (sandbox, check) => {
  await authentication(sandbox, check);
  const bot = connect(sandbox, { heartbeatInterval: 150 });
  await check("the right secret is accepted", async () => {
    await eventually("an answer", () => bot.happened.length || bot.errors.length);
    assert.deepEqual(bot.happened, ["authenticated"]);
  });
  await messages(sandbox, check, bot);
  await cards(sandbox, check, bot);
  await active(sandbox, check, bot);
  await connection(sandbox, check, bot);
});
