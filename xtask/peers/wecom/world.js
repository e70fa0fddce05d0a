"use strict";

// Who and what there is in the sandbox's WeCom world.

const { createHash } = require("node:crypto");
const common = require("../common.js");

module.exports = {
  CORP: "ww-sandbox",
  BOT: "aib-sandbox",
  BOT_SECRET: "sandbox-secret",
  CALLBACK_TOKEN: "MynahToken123",
  CALLBACK_KEY: "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE",
  GENERAL: "general",
  PIXEL: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8Dw" +
      "HwAFAAH/iZk9HQAAAABJRU5ErkJggg==",
    "base64",
  ),
  REPORT: Buffer.from("报告\n".repeat(8)),
  VOICE: Buffer.from("#!AMR\n".padEnd(70, "a")),
  VIDEO: Buffer.from("\0\0\0\x18ftypmp42".padEnd(76, "v")),

  /** A picture or file as people send it. */
  mediaPart: (type, content, name = "附件") => ({ type, name, base64: content.toString("base64") }),

  md5: (content) => createHash("md5").update(content).digest("hex"),

  run(main) {
    const silence = { callback_url: null, bot_callback_url: null };
    common.run(main, new common.Sandbox("wecom", silence));
  },
};
