"use strict";

// What the sandbox posts, signed and encrypted, in the hands of @wecom/crypto:
// to an application in XML, to an intelligent bot in JSON.

const assert = require("node:assert/strict");
const http = require("node:http");
const { decrypt, encrypt, getSignature } = require("@wecom/crypto");
const { Inbox, eventually, onlyPart } = require("../common.js");
const world = require("./world.js");

const { CALLBACK_KEY, CALLBACK_TOKEN, CORP } = world;
const ALICE = "user:alice";

/** The text of an element, or of its CDATA section. */
function element(xml, name) {
  const found = xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[([^]*?)\\]\\]>|([^<]*))</${name}>`));
  return found && (found[1] ?? found[2]);
}

/**
 * A callback address. `shape` says where the encrypted text stands and how an
 * answer looks; `reply` makes the answer to an opened message: its text, or an
 * object that also says for whom and with which token it is sealed.
 */
async function receiving(shape, reply) {
  const receiver = { inbox: new Inbox(), challenges: [], opened: 0, refused: 0 };
  const open = (query, text) => {
    const signature = getSignature(
      CALLBACK_TOKEN,
      query.get("timestamp"),
      query.get("nonce"),
      text,
    );
    assert.equal(signature, query.get("msg_signature"));
    const { message, id } = decrypt(CALLBACK_KEY, text);
    assert.equal(id, shape.receiver);
    return message;
  };
  const answer = (request, body) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    if (request.method === "GET") {
      const challenge = open(query, query.get("echostr"));
      receiver.challenges.push(challenge);
      return challenge;
    }
    const message = shape.parse(open(query, shape.encrypted(body)));
    receiver.opened += 1;
    receiver.inbox.put({ message, query, body });
    const made = reply(message);
    if (made === null) {
      return "";
    }
    const honest = { receiver: shape.receiver, token: CALLBACK_TOKEN };
    const { text, receiver: id, token } = { ...honest, ...(made.text ? made : { text: made }) };
    const nonce = query.get("nonce");
    const timestamp = Math.floor(Date.now() / 1000);
    const sealed = encrypt(CALLBACK_KEY, text, id);
    return shape.sealed(sealed, getSignature(token, timestamp, nonce, sealed), timestamp, nonce);
  };
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      try {
        response.end(answer(request, Buffer.concat(pieces).toString()));
      } catch (error) {
        receiver.refused += 1;
        console.log(`     refused: ${error.message}`);
        response.writeHead(403).end();
      }
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  receiver.url = `http://127.0.0.1:${server.address().port}/callback`;
  receiver.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return receiver;
}

const APPLICATION = {
  receiver: CORP,
  encrypted: (body) => element(body, "Encrypt"),
  parse: (xml) => xml,
  sealed: (sealed, signature, timestamp, nonce) =>
    `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt>` +
    `<MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`,
};

const INTELLIGENT_BOT = {
  receiver: "",
  encrypted: (body) => JSON.parse(body).encrypt,
  parse: JSON.parse,
  sealed: (encrypt, msgsignature, timestamp, nonce) =>
    JSON.stringify({ encrypt, msgsignature, timestamp, nonce }),
};

/** A passive reply to alice. */
const passive = (type, content) =>
  `<xml><ToUserName><![CDATA[alice]]></ToUserName><FromUserName><![CDATA[${CORP}]]></FromUserName>` +
  `<CreateTime>1700000000</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${content}</xml>`;

const APPLICATION_REPLIES = {
  "/ping": passive("text", "<Content><![CDATA[pong]]></Content>"),
  "/elsewhere": { text: passive("text", "<Content>别家</Content>"), receiver: "ww-other" },
  "/forged": { text: passive("text", "<Content>伪造</Content>"), token: "AnotherToken" },
  yes: passive("update_button", "<Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button>"),
};

/** Calls the API as the application does. */
async function call(sandbox, where, body, query = {}) {
  const url = `${sandbox.url}/wecom/cgi-bin/${where}?${new URLSearchParams(query)}`;
  const method = body ? "POST" : "GET";
  const answer = await (await fetch(url, { method, body: body && JSON.stringify(body) })).json();
  assert.equal(answer.errcode, 0, JSON.stringify(answer));
  return answer;
}

async function application(sandbox, check) {
  const receiver = await receiving(APPLICATION, (xml) => {
    const said = element(xml, "Content") ?? element(xml, "EventKey");
    return APPLICATION_REPLIES[said] ?? null;
  });

  await check("the application's address is verified", async () => {
    const { verification } = await sandbox.deliver({ callback_url: receiver.url, verify: true });
    assert.deepEqual(verification, { callback_url: { ok: true, problem: null } });
    assert.equal(receiver.challenges.length, 1);
    assert.match(receiver.challenges[0], /^\d+$/);
  });

  await check("a text is signed, and opens", async () => {
    const said = await sandbox.say("alice", "user:1000002", "你好 🚀");
    const { message, body } = await receiver.inbox.take("a text", ({ message }) =>
      message.includes("你好"),
    );
    assert.equal(element(message, "Content"), "你好 🚀");
    assert.equal(element(message, "MsgId"), said);
    assert.equal(element(message, "ToUserName"), CORP);
    assert.equal(element(body, "ToUserName"), CORP);
    assert.equal(element(body, "AgentID"), "1000002");
  });

  await check("an encrypted reply is taken", async () => {
    await sandbox.say("alice", "user:1000002", "/ping");
    await receiver.inbox.take("a ping", ({ message }) => message.includes("/ping"));
    const last = await eventually("the answer", async () => {
      const message = await sandbox.last(ALICE);
      return message.from.bot && message;
    });
    onlyPart(last, "text", { text: "pong" });
  });

  for (const [name, text] of [
    ["sealed for another receiver", "/elsewhere"],
    ["signed with another token", "/forged"],
  ]) {
    await check(`a reply ${name} is not taken`, async () => {
      const before = (await sandbox.messages(ALICE)).length;
      await sandbox.say("alice", "user:1000002", text);
      await sandbox.say("alice", "user:1000002", "/ping");
      await eventually("the answer to what followed", async () => {
        const last = await sandbox.last(ALICE);
        return last.from.bot && last.parts[0].text === "pong";
      });
      assert.equal((await sandbox.messages(ALICE)).length, before + 3);
    });
  }

  await check("a pressed card is answered with another button", async () => {
    const secrets = { corpid: CORP, corpsecret: "sandbox-secret" };
    const { access_token } = await call(sandbox, "gettoken", null, secrets);
    const message = { touser: "alice", agentid: 1000002, msgtype: "template_card" };
    const sent = { ...message, template_card: CARD };
    const { msgid } = await call(sandbox, "message/send", sent, { access_token });
    await sandbox.act("alice", "press", { message: msgid, key: "yes" });
    await eventually("another button", async () => {
      const [part] = (await sandbox.last(ALICE)).parts;
      return part.type === "card" && part.buttons[0].label === "已同意";
    });
  });

  await check("every post was signed for this address", async () => {
    assert.ok(receiver.opened > 1, `${receiver.opened} posts were opened`);
    assert.equal(receiver.refused, 0);
  });
  await sandbox.deliver({ callback_url: null });
  receiver.close();
}

const CARD = {
  card_type: "button_interaction",
  main_title: { title: "审批" },
  button_list: [{ text: "同意", style: 1, key: "yes" }],
  task_id: "task-1",
};

async function intelligentBot(sandbox, check) {
  let polls = 0;
  const stream = (finish, content) =>
    JSON.stringify({ msgtype: "stream", stream: { id: "stream-1", finish, content } });
  const receiver = await receiving(INTELLIGENT_BOT, (callback) => {
    if (callback.event?.eventtype === "enter_chat") {
      return JSON.stringify({ msgtype: "text", text: { content: "您好！" } });
    }
    if (callback.event?.eventtype === "template_card_event") {
      const template_card = { ...CARD, main_title: { title: "已同意" } };
      return JSON.stringify({ response_type: "update_template_card", template_card });
    }
    if (callback.text?.content === "卡片") {
      return JSON.stringify({ msgtype: "template_card", template_card: CARD });
    }
    if (callback.msgtype === "stream") {
      polls += 1;
      return polls < 2 ? stream(false, "正在思考") : stream(true, "**结果**");
    }
    return callback.text?.content.includes("流") ? stream(false, "正在") : null;
  });

  await check("the bot's address is verified, with an empty receiver", async () => {
    const { verification } = await sandbox.deliver({ bot_callback_url: receiver.url, verify: true });
    assert.deepEqual(verification, { bot_callback_url: { ok: true, problem: null } });
    assert.equal(receiver.challenges.length, 1);
  });

  await check("a text in private is signed, and opens", async () => {
    const said = await sandbox.say("alice", `user:${world.BOT}`, "你好");
    const { message } = await receiver.inbox.take(
      "a text",
      ({ message }) => message.text?.content === "你好",
    );
    assert.equal(message.msgid, said);
    assert.equal(message.aibotid, world.BOT);
    assert.equal(message.chattype, "single");
    assert.deepEqual(message.from, { userid: "alice" });
    assert.match(message.response_url, /response_code=/);
  });

  await check("response_url takes one message", async () => {
    await sandbox.say("alice", `user:${world.BOT}`, "主动");
    const { message } = await receiver.inbox.take(
      "a text",
      ({ message }) => message.text?.content === "主动",
    );
    assert.ok(message.response_url.startsWith(`${sandbox.url}/wecom/cgi-bin/aibot/response?`));
    const body = JSON.stringify({ msgtype: "markdown", markdown: { content: "**推送**" } });
    const post = async () => (await fetch(message.response_url, { method: "POST", body })).json();
    assert.equal((await post()).errcode, 0);
    onlyPart(await sandbox.last("bot:alice"), "markdown", { text: "**推送**" });
    assert.equal((await post()).errcode, 40058);
  });

  await check("a stream is asked for until it is finished, each content replacing the last", async () => {
    await sandbox.say("alice", `user:${world.BOT}`, "流");
    for (let turn = 0; turn < 40 && polls < 2; turn += 1) {
      await sandbox.advance(1);
      await new Promise((wake) => setTimeout(wake, 50));
    }
    await eventually("the result", async () => {
      const [part] = (await sandbox.last("bot:alice")).parts;
      return part.text === "**结果**";
    });
    const streams = (await sandbox.messages("bot:alice")).filter(({ parts }) =>
      ["正在", "正在思考", "**结果**"].includes(parts[0].text),
    );
    assert.equal(streams.length, 1);
    assert.equal(polls, 2);
  });

  await check("enter_chat is answered with a welcome", async () => {
    await sandbox.act("carol", "enter", { conversation: "bot:carol" });
    await eventually("the welcome", async () =>
      (await sandbox.messages("bot:carol")).some(({ parts }) => parts[0].text === "您好！"),
    );
  });

  await check("a card in reply, and another one when it is pressed", async () => {
    await sandbox.say("alice", `user:${world.BOT}`, "卡片");
    const shows = async (title) => {
      const last = await sandbox.last("bot:alice");
      return last.parts[0].title === title && last;
    };
    const { id } = await eventually("the card", () => shows("审批"));
    await sandbox.act("alice", "press", { message: id, key: "yes" });
    assert.equal((await eventually("another card", () => shows("已同意"))).id, id);
  });

  await check("a mention in the group names the group", async () => {
    const mention = { type: "mention", id: "bot" };
    await sandbox.say("bob", "group:general", [mention, { type: "text", text: " 在吗" }]);
    const { message } = await receiver.inbox.take(
      "a mention",
      ({ message }) => message.chattype === "group",
    );
    assert.equal(message.chatid, world.GENERAL);
    assert.match(message.text.content, /^@.* 在吗$/);
  });

  await check("a picture is encrypted with the EncodingAESKey", async () => {
    await sandbox.say("alice", `user:${world.BOT}`, [world.mediaPart("image", world.PIXEL)]);
    const { message } = await receiver.inbox.take("a picture", ({ message }) => message.image);
    const { decryptFile } = require("@wecom/aibot-node-sdk");
    const sealed = Buffer.from(await (await fetch(message.image.url)).arrayBuffer());
    assert.deepEqual(decryptFile(sealed, CALLBACK_KEY), world.PIXEL);
  });

  await check("every post was signed for this address", async () => {
    assert.ok(receiver.opened > 1, `${receiver.opened} posts were opened`);
    assert.equal(receiver.refused, 0);
  });
  receiver.close();
}

world.run(async (sandbox, check) => {
  await application(sandbox, check);
  await intelligentBot(sandbox, check);
});
