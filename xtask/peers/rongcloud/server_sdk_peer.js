"use strict";

// The vendor's SDK for Node.js, talking to the sandbox.

const assert = require("node:assert/strict");
const open = require("rongcloud-sdk");
const { KEY, SECRET } = require("./world.js");

/** The peer as an application has it. It keeps one application for the process. */
function peer(sandbox, appkey = KEY, secret = SECRET) {
  const api = `${sandbox.url}/rongcloud`;
  return open({ appkey, secret, api, sms: api });
}

/** The same, and which of its methods were not called. */
function recorded(api) {
  const left = new Set();
  const wrap = (value, name) => {
    if (typeof value === "function") {
      left.add(name);
      return (...given) => {
        left.delete(name);
        return value(...given);
      };
    }
    const inner = Object.entries(value);
    return Object.fromEntries(inner.map(([key, it]) => [key, wrap(it, name ? `${name}.${key}` : key)]));
  };
  return { app: wrap(api, ""), left };
}

/** What a call that succeeded answered beside the code. */
async function done(answer) {
  const { code, ...rest } = await answer;
  assert.equal(code, 200, JSON.stringify({ code, ...rest }));
  return rest;
}

/** Asserts that a call succeeded and answered no more than that. */
async function nothing(answer) {
  assert.deepEqual(await done(answer), {});
}

/** Asserts that a call was refused: the peer answers an error, and throws none. */
async function refused(answer, code, words) {
  const error = await answer;
  assert.equal(error.code, code, JSON.stringify(error));
  assert.ok(error.msg, `${code} came without words`);
  if (words) {
    assert.equal(error.msg, words);
  }
}

module.exports = { done, nothing, peer, recorded, refused };
