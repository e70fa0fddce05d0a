"use strict";

// Who and what there is in the sandbox's DingTalk world.

const assert = require("node:assert/strict");
const axios = require("axios");
const common = require("../common.js");

const VENDORS = ["https://api.dingtalk.com/", "https://oapi.dingtalk.com/"];

class Sandbox extends common.Sandbox {
  constructor() {
    super("dingtalk", { callback_url: null, robot_callback_url: null });
    this.divert();
  }

  /**
   * Sends what the peer sends to the vendor here instead. The peer writes the
   * vendor's addresses into its code and uses axios, so they are exchanged
   * there, and not a line of it is changed.
   */
  divert() {
    axios.interceptors.request.use((config) => {
      const vendor = VENDORS.find((each) => config.url.startsWith(each));
      if (vendor) {
        config.url = `${this.url}/dingtalk/${config.url.slice(vendor.length)}`;
      }
      assert.ok(config.url.startsWith(`${this.url}/`), `${config.url} is not the sandbox`);
      return config;
    });
  }

  /** Makes something go wrong. */
  async fault(kind, more = {}) {
    await this.ask("POST", "/control/fault", { platform: this.platform, kind, ...more });
  }

  /** Waits for a message of the robot with this text, and returns all of them. */
  async seen(conversation, text) {
    return common.eventually(`${text} in ${conversation}`, async () => {
      const messages = await this.messages(conversation);
      const found = messages.filter(
        ({ from, parts }) => from.bot && parts.length === 1 && parts[0].text === text,
      );
      return found.length ? found : null;
    });
  }

  /** What people are told in a conversation by nobody. */
  async notices(conversation) {
    const query = new URLSearchParams({ platform: this.platform, conversation });
    const { messages } = await this.ask("GET", `/control/messages?${query}`);
    return messages.filter(({ kind }) => kind === "notice");
  }

  /** Calls the platform itself, in the manner of any application. */
  async call(token, path, body) {
    const url = `${this.url}/dingtalk${path}?access_token=${token}`;
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.json();
  }
}

module.exports = {
  APP: "ding-sandbox",
  SECRET: "sandbox-secret",
  CORP: "ding-sandbox-corp",
  GENERAL: "chatgeneral",
  GROUP: "group:chatgeneral",
  ALICE: "user:alice",
  PRIVATE: "user:bot",
  MENTION: { type: "mention", id: "bot" },
  PIXEL: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8Dw" +
      "HwAFAAH/iZk9HQAAAABJRU5ErkJggg==",
    "base64",
  ),

  run(main) {
    // The peer says much that nobody asked for.
    console.info = console.warn = console.error = () => {};
    common.run(main, new Sandbox());
  },
};
