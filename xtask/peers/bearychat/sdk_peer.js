"use strict";

// bearychat 1.2.0, talking to the sandbox.

const assert = require("node:assert/strict");
const bearychat = require("bearychat");
const paths = require("bearychat/dist/_validation.json");
const { TOKEN } = require("./world.js");

/** The peer as a bot has it, and which of its methods were not called. */
function peer(sandbox, token = TOKEN) {
  bearychat.api.setBasePath(sandbox.openapi);
  const client = new bearychat.HTTPClient(token);
  const left = new Set(Object.keys(paths).map((path) => path.slice(1)));

  /** Calls a method by the platform's name for it. */
  const call = (name, payload) => {
    left.delete(name);
    const method = name.split(".").reduce((found, word) => found[word], client);
    return method(payload);
  };

  /** Calls a method whose answer has no body, which the peer takes for empty text. */
  const nothing = async (name, payload) => assert.equal(await call(name, payload), "");

  /** Calls a method and asserts that it is refused, and how. */
  const refused = async (name, payload, code, words) => {
    const error = await call(name, payload).then(
      () => assert.fail(`${name} was not refused`),
      (error) => error,
    );
    assert.deepEqual([error.code, error.message], [code, words]);
  };

  return { call, left, nothing, refused };
}

module.exports = { peer };
