"use strict";

// The Node SDK is the application's robot on its Stream.

const assert = require("node:assert/strict");
const { eventually, onlyPart, sleep } = require("../common.js");
const { Peer } = require("./stream_peer.js");
const world = require("./world.js");

const { ALICE, APP, CORP, GENERAL, GROUP, MENTION, PRIVATE } = world;

async function credentials(sandbox, check) {
  for (const [name, settings] of [
    ["a wrong secret", { clientSecret: "no" }],
    ["an unknown key", { clientId: "no" }],
  ]) {
    await check(`${name} opens nothing: 401`, async () => {
      const stranger = new Peer(sandbox, settings);
      await assert.rejects(stranger.client.getEndpoint(), ({ response }) => {
        assert.equal(response.status, 401);
        assert.equal(response.data.code, "authFailed");
        return true;
      });
    });
  }

  await check("the right secret gets a token, a wrong one does not", async () => {
    const token = await new Peer(sandbox).client.getAccessToken();
    assert.equal((await sandbox.call(token, "/chat/update", { chatid: GENERAL })).errcode, 0);
    await assert.rejects(new Peer(sandbox, { clientSecret: "no" }).client.getAccessToken());
  });

  await check("a ticket opens one connection", async () => {
    const first = new Peer(sandbox, { autoReconnect: false });
    await first.client.getEndpoint();
    const second = new Peer(sandbox, { autoReconnect: false });
    second.client.dw_url = first.client.dw_url;
    await first.client._connect();
    await assert.rejects(second.client._connect(), /401/);
    first.client.disconnect();
  });
}

async function messages(sandbox, check, peer) {
  await check("a text in private, with all that belongs to it", async () => {
    const said = await sandbox.say("alice", PRIVATE, "你好 🐦");
    const { headers, message } = await peer.take("message");
    assert.equal(headers.topic, "/v1.0/im/bot/messages/get");
    assert.equal(headers.contentType, "application/json");
    assert.match(headers.time, /^\d{13}$/);
    assert.ok(headers.messageId && headers.connectionId && headers.appId);
    assert.equal(message.msgId, said);
    assert.deepEqual(message.text, { content: "你好 🐦" });
    assert.equal(message.conversationType, "1");
    assert.ok(!("conversationTitle" in message));
    assert.equal(message.senderStaffId, "alice");
    assert.equal(message.robotCode, APP);
    assert.equal(message.sessionWebhookExpiredTime - message.createAt, 5_400_000);
  });

  for (const [name, who, to, where] of [
    ["in private", "alice", PRIVATE, ALICE],
    ["in the group", "bob", GROUP, GROUP],
  ]) {
    await check(`text, Markdown and a card in reply, ${name}`, async () => {
      await sandbox.say(who, to, [MENTION, { type: "text", text: " 在吗" }]);
      const { message } = await peer.take("message");
      assert.equal(message.text.content, " 在吗");
      assert.equal(message.conversationType, to === GROUP ? "2" : "1");
      const ok = { errcode: 0, errmsg: "ok" };
      assert.deepEqual(
        await peer.reply(message, { msgtype: "text", text: { content: "在" } }),
        ok,
      );
      const last = await sandbox.last(where);
      onlyPart(last, "text", { text: "在" });
      assert.deepEqual([last.from.id, last.from.bot], [APP, true]);
      const markdown = { title: "题", text: "**在**" };
      assert.deepEqual(await peer.reply(message, { msgtype: "markdown", markdown }), ok);
      onlyPart(await sandbox.last(where), "markdown", { text: "**在**" });
      const btns = [
        { title: "是", actionURL: "https://a.example" },
        { title: "否", actionURL: "https://b.example" },
      ];
      const actionCard = { title: "题", text: "文", btnOrientation: "1", btns };
      assert.deepEqual(await peer.reply(message, { msgtype: "actionCard", actionCard }), ok);
      const part = onlyPart(await sandbox.last(where), "card", { card_type: "action_card" });
      assert.deepEqual(part.buttons.map(({ label }) => label), ["是", "否"]);
    });
  }

  await check("what mentions nobody is not heard in the group", async () => {
    await sandbox.say("bob", GROUP, "大家好");
    await sandbox.say("alice", PRIVATE, "再见");
    assert.equal((await peer.take("message")).message.text.content, "再见");
  });

  await check("pictures and text together", async () => {
    const image = { type: "image", name: "图.png", base64: world.PIXEL.toString("base64") };
    await sandbox.say("alice", PRIVATE, [{ type: "text", text: "看图" }, image]);
    const { message } = await peer.take("message");
    assert.equal(message.msgtype, "richText");
    const [text, picture] = message.content.richText;
    assert.equal(text.text, "看图");
    assert.equal(picture.type, "picture");
    const token = await peer.client.getAccessToken();
    const asked = { robotCode: APP, downloadCode: picture.downloadCode };
    const answer = await fetch(`${sandbox.url}/dingtalk/v1.0/robot/messageFiles/download`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-acs-dingtalk-access-token": token },
      body: JSON.stringify(asked),
    });
    const { downloadUrl } = await answer.json();
    const content = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
    assert.deepEqual(content, world.PIXEL);
  });

  await check("many messages arrive in their order, each once", async () => {
    const texts = [...Array(30).keys()].map((number) => `第 ${number} 条`);
    for (const text of texts) {
      await sandbox.say("alice", PRIVATE, text);
    }
    await eventually("all of them", () => peer.inbox.events.length >= 30);
    assert.deepEqual(peer.inbox.events.map(({ message }) => message.text.content), texts);
    peer.inbox.events.length = 0;
  });
}

async function cards(sandbox, check, peer) {
  await check("a pressed button of a card is a callback", async () => {
    const token = await peer.client.getAccessToken();
    const action = { type: "button", label: { type: "text", text: "同意" }, id: "yes" };
    const contents = [{ type: "action", id: "a", actions: [{ ...action, actionType: "request" }] }];
    const answer = await fetch(`${sandbox.url}/dingtalk/v1.0/im/v1.0/robot/interactiveCards/send`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-acs-dingtalk-access-token": token },
      body: JSON.stringify({
        cardTemplateId: "StandardCard",
        robotCode: APP,
        cardBizId: "biz-1",
        cardData: JSON.stringify({ contents }),
        singleChatReceiver: JSON.stringify({ userId: "alice" }),
      }),
    });
    assert.equal(answer.status, 200);
    const { id } = await sandbox.last(ALICE);
    await sandbox.act("alice", "press", { message: id, key: "yes" });
    const { card, headers } = await peer.take("card");
    assert.equal(headers.topic, "/v1.0/card/instances/callback");
    assert.deepEqual([card.outTrackId, card.userId, card.corpId], ["biz-1", "alice", CORP]);
    const pressed = JSON.parse(card.content).cardPrivateData;
    assert.deepEqual(pressed, { actionIds: ["yes"], params: {} });
    assert.deepEqual(JSON.parse(card.extension), {});
  });
}

async function events(sandbox, check, peer) {
  const rename = async (name) => {
    const token = await peer.client.getAccessToken();
    const answer = await sandbox.call(token, "/chat/update", { chatid: GENERAL, name });
    assert.equal(answer.errcode, 0);
  };

  await check("an event, with its id and kind in the headers", async () => {
    await rename("新名");
    const { headers, data } = await peer.take("event");
    assert.equal(headers.topic, "*");
    assert.equal(headers.eventType, "chat_update_title");
    assert.equal(headers.eventCorpId, CORP);
    assert.match(headers.eventBornTime, /^\d{13}$/);
    assert.ok(headers.eventId && headers.eventUnifiedAppId);
    assert.deepEqual([data.chatId, data.title, data.operator], [GENERAL, "新名", "alice"]);
    assert.ok(!("EventType" in data) && !("eventId" in data));
  });

  await check("an event that is put off comes again after a minute, with the same id", async () => {
    peer.later = 1;
    await rename("再来");
    const first = await peer.take("event");
    await sandbox.advance(61);
    const again = await peer.take("event");
    assert.equal(again.headers.eventId, first.headers.eventId);
    assert.deepEqual(again.data, first.data);
  });

  await check("an event that is taken does not come again", async () => {
    await rename("一次");
    await peer.take("event");
    await sandbox.advance(200);
    await rename("下一个");
    assert.equal((await peer.take("event")).data.title, "下一个");
  });

  await check("what people do is told as well", async () => {
    await sandbox.act("dave", "quit", { group: GENERAL });
    const { headers, data } = await peer.take("event");
    assert.equal(headers.eventType, "chat_quit");
    assert.equal(data.operator, "dave");
  });
}

async function connection(sandbox, check, peer) {
  await check("pings are answered: the connection is the first one, after many of them", async () => {
    for (let number = 0; number < 4; number += 1) {
      await sandbox.advance(31);
      await sleep(100);
    }
    assert.deepEqual([peer.opened, peer.client.connected], [1, true]);
  });

  await check("with two connections each message goes to one of them", async () => {
    const second = new Peer(sandbox);
    await second.client.connect();
    const texts = [...Array(30).keys()].map((number) => `给谁 ${number}`);
    for (const text of texts) {
      await sandbox.say("alice", PRIVATE, text);
    }
    const both = [peer, second].map(({ inbox }) => inbox.events);
    await eventually("all of them", () => both[0].length + both[1].length >= 30);
    await sleep(200);
    const heard = both.flat().map(({ message }) => message.text.content);
    assert.deepEqual(heard.sort(), texts.sort());
    assert.ok(both[0].length && both[1].length, "one of them heard nothing");
    second.client.disconnect();
  });
}

world.run(async (sandbox, check) => {
  await credentials(sandbox, check);
  const peer = new Peer(sandbox);
  await check("the peer is connected", async () => {
    await peer.client.connect();
    assert.ok(peer.client.connected);
  });
  await messages(sandbox, check, peer);
  await cards(sandbox, check, peer);
  await events(sandbox, check, peer);
  await connection(sandbox, check, peer);
});
