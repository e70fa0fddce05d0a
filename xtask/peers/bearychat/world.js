"use strict";

// Who and what there is in the sandbox's BearyChat world.

const assert = require("node:assert/strict");
const common = require("../common.js");

const TEAM = "=bwTeam";

class Sandbox extends common.Sandbox {
  constructor() {
    super("bearychat", { outgoing_url: null, hubot_url: null });
    this.openapi = `${this.url}/bearychat/v1`;
    this.hook = `${this.url}/bearychat/hook/${TEAM}/incoming/sandbox-hook`;
  }

  /** What was said in a conversation, oldest first, as it was written. */
  async texts(conversation) {
    const messages = await this.messages(conversation);
    return messages.map(({ parts }) => parts.map((part) => part.text ?? "").join(""));
  }

  /** Makes something go wrong. */
  async fault(kind, more = {}) {
    await this.ask("POST", "/control/fault", { platform: this.platform, kind, ...more });
  }
}

/** Asserts what is said of some fields of an object. */
function like(thing, fields) {
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, thing[name]]));
  assert.deepEqual(found, fields);
}

module.exports = {
  like,
  TEAM,
  TOKEN: "sandbox-token",
  BOT: "=bwBot",
  ALICE: "=bw52O",
  BOB: "=bw52P",
  CAROL: "=bw52Q",
  DAVE: "=bw52R",
  GENERAL: "=bwAll",
  DEV: "=bwDev",

  run(main) {
    common.run(main, new Sandbox());
  },
};
