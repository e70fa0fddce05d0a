"use strict";

// Who and what there is in the sandbox's RongCloud world.

const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const common = require("../common.js");

const KEY = "rc-sandbox";
const SECRET = "sandbox-secret";
const ADDRESSES = ["route_url", "status_url", "chatroom_url", "check_url", "operation_url", "audit_url"];

class Sandbox extends common.Sandbox {
  constructor() {
    super("rongcloud", Object.fromEntries(ADDRESSES.map((name) => [name, null])));
  }

  /** The virtual time, in seconds since 1970. */
  async now() {
    return (await this.ask("GET", "/control/clock")).now;
  }

  /** The hour that it is in Beijing, as history has it. */
  async hour() {
    const there = new Date((await this.now()) * 1000 + 8 * 3_600_000);
    return there.toISOString().replace(/\D/g, "").slice(0, 10);
  }

  /** What came through in a conversation: its sender sees the rest too. */
  async messages(conversation) {
    const found = await super.messages(conversation);
    return found.filter(({ tag }) => tag !== "held" && tag !== "undelivered");
  }

  /** What was said in a conversation, as plain text, oldest first. */
  async texts(conversation) {
    const messages = await this.messages(conversation);
    return messages.map(({ parts }) => parts.map((part) => part.text ?? `@${part.id}`).join(""));
  }

  /** What passed, oldest first, that has this path. */
  async calls(path) {
    const { entries } = await this.ask("GET", "/control/journal?limit=1000");
    return entries.filter((entry) => entry.kind === "request" && entry.url.includes(path));
  }

  /** A call that the peer has no method for, signed for itself. */
  async call(path, params) {
    const nonce = String(Math.random());
    const timestamp = String(Date.now());
    const headers = {
      "App-Key": KEY,
      Nonce: nonce,
      Timestamp: timestamp,
      Signature: crypto.createHash("sha1").update(SECRET + nonce + timestamp).digest("hex"),
    };
    const body = new URLSearchParams(params);
    const answer = await fetch(`${this.url}/rongcloud${path}`, { method: "POST", headers, body });
    const { code, ...rest } = await answer.json();
    assert.deepEqual([answer.status, code], [200, 200]);
    return rest;
  }
}

module.exports = {
  KEY,
  SECRET,
  GENERAL: "general",
  LOBBY: "lobby",
  BOT: "bot",
  PEOPLE: ["alice", "bob", "carol", "dave", "erin"],

  run(main) {
    common.run(main, new Sandbox());
  },
};
