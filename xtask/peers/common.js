"use strict";

// What the peer scripts in JavaScript share; common.py is the same for Python.

const assert = require("node:assert/strict");
const path = require("node:path");

// A script ends by itself within a minute, whatever happens.
const SCRIPT_LIMIT_MS = 55_000;
// What the other side does at once may take this long on a busy machine.
const PATIENCE_MS = 8_000;

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/** What people do in the sandbox, and where it delivers events. */
class Sandbox {
  constructor(platform, silence) {
    this.platform = platform;
    this.silence = silence;
    this.url = process.env.MYNAH_SANDBOX;
    this.wsUrl = this.url.replace("http://", "ws://");
  }

  /** Puts people, groups and messages back to where they began. */
  async reset() {
    await this.ask("POST", "/control/reset");
  }

  /** Sets where and how events go out; what is not named stays as it is. */
  async deliver(settings) {
    return this.ask("PUT", `/control/${this.platform}/delivery`, settings);
  }

  /** Moves the virtual time on. */
  async advance(seconds) {
    await this.ask("POST", "/control/clock", { advance_s: seconds });
  }

  /**
   * Lets a person say something, and returns the message's id. `text` is plain
   * text, or the platform's own message.
   */
  async say(who, to, text) {
    const what = typeof text === "string" ? { text } : { message: text };
    const said = { platform: this.platform, from: who, to, ...what };
    return (await this.ask("POST", "/control/say", said)).ids[0];
  }

  /** Lets a person do something else. */
  async act(who, action, more = {}) {
    return this.ask("POST", "/control/act", { platform: this.platform, who, action, ...more });
  }

  /** What people see in a conversation, oldest first: messages alone. */
  async messages(conversation) {
    const query = new URLSearchParams({ platform: this.platform, conversation });
    const { messages } = await this.ask("GET", `/control/messages?${query}`);
    return messages.filter((message) => message.kind === "message");
  }

  /** The newest message in a conversation. */
  async last(conversation) {
    const messages = await this.messages(conversation);
    assert.ok(messages.length, `nobody said anything in ${conversation}`);
    return messages.at(-1);
  }

  /** The picture or file that a part shows. */
  async bytesOf(part) {
    const answer = await fetch(new URL(part.url, this.url));
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  }

  async ask(method, where, body) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(this.url + where, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${where} ${JSON.stringify(body)}: ${answer.status} ${text}`);
    }
    return text ? JSON.parse(text) : null;
  }
}

/** Counts what holds, and goes on where something does not. */
class Checks {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  async check(name, body) {
    try {
      await body();
      this.passed += 1;
      console.log(`ok ${name}`);
    } catch (error) {
      this.fail(name, error);
    }
  }

  fail(name, error) {
    this.failed += 1;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
    console.log(`FAILED ${name}: ${said.replaceAll("\n", "\n       ")}`);
    const here = `${__dirname}${path.sep}`;
    const lines = String(error?.stack ?? "").split("\n");
    const where = lines.find((line) => line.includes(here) && !line.includes(__filename));
    console.log(`       ${(where ?? "").trim().replace(here, "")}`);
  }
}

/** The events a library handed to its handlers. */
class Inbox {
  constructor() {
    this.events = [];
  }

  put(event) {
    this.events.push(event);
  }

  /** Waits for an event that `wanted` accepts, and takes it out. */
  async take(what, wanted) {
    return eventually(what, () => {
      const index = this.events.findIndex(wanted);
      return index < 0 ? null : this.events.splice(index, 1)[0];
    });
  }
}

/** Asks again until `find` gives something; it may be an async function. */
async function eventually(what, find) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found) {
      return found;
    }
    assert.ok(Date.now() < deadline, `waited ${PATIENCE_MS / 1000} s for ${what}`);
    await sleep(20);
  }
}

/** The one part of a message, of this type and with these fields. */
function onlyPart(message, type, fields = {}) {
  assert.deepEqual(message.parts.map((part) => part.type), [type]);
  const [part] = message.parts;
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, part[name]]));
  assert.deepEqual(found, fields);
  return part;
}

/** Runs `main(sandbox, check)` as the whole of a script. */
async function run(main, sandbox) {
  const checks = new Checks();
  const check = (name, body) => checks.check(name, body);
  const drive = async () => {
    await sandbox.reset();
    await main(sandbox, check);
    await sandbox.deliver(sandbox.silence);
  };
  const tooLate = sleep(SCRIPT_LIMIT_MS).then(() => {
    throw new Error(`not done after ${SCRIPT_LIMIT_MS / 1000} s`);
  });
  try {
    await Promise.race([drive(), tooLate]);
  } catch (error) {
    checks.fail("the script", error);
  }
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  process.exit(checks.failed > 0 ? 1 : 0);
}

module.exports = { Inbox, Sandbox, eventually, onlyPart, run, sleep };
