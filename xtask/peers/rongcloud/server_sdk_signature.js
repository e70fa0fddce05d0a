"use strict";

// The Node SDK signs once for as long as it lives.

const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { sleep } = require("../common.js");
const { done, peer, refused } = require("./server_sdk_peer.js");
const world = require("./world.js");

const DAY = 24 * 3600;

/** The headers of a call, as they came, by their names in lower case. */
function headersOf(entry) {
  return Object.fromEntries(entry.headers.map(([name, value]) => [name.toLowerCase(), value]));
}

world.run(async (sandbox, check) => {
  const app = peer(sandbox);
  const ask = () => app.User.OnlineStatus.get({ id: "alice" });

  await check("its signature is taken again and again, however old it is", async () => {
    for (let day = 0; day < 3; day += 1) {
      assert.deepEqual(await done(ask()), { status: "0" });
      await sandbox.advance(DAY);
    }
    await sleep(1_100);
    assert.deepEqual(await done(ask()), { status: "0" });
  });

  await check("it is one and the same, in seconds, by names without a prefix", async () => {
    const calls = (await sandbox.calls("/user/checkOnline")).map(headersOf);
    assert.equal(calls.length, 4);
    const seen = calls.map((headers) => [headers["app-key"], headers.nonce, headers.timestamp]);
    assert.deepEqual(new Set(seen.map(String)).size, 1);
    assert.equal(seen[0][0], world.KEY);
    assert.match(seen[0][2], /^\d{10}$/);
    assert.ok(!("rc-signature" in calls[0]));
  });

  await check("fifty at a time are taken", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => done(ask())));
    assert.equal(answers.filter(({ status }) => status === "0").length, 50);
  });

  await check("a wrong secret is 1004, which the SDK numbers for itself", async () => {
    const stranger = peer(sandbox, world.KEY, "no");
    await refused(stranger.User.OnlineStatus.get({ id: "alice" }), "20000");
  });

  await check("an unknown application is told so", async () => {
    const stranger = peer(sandbox, "nobody");
    await refused(stranger.User.OnlineStatus.get({ id: "alice" }), 1002, "Invalidate App-Key.");
  });

  await check("and the right one goes on", async () => {
    assert.deepEqual(await done(peer(sandbox).User.OnlineStatus.get({ id: "alice" })), { status: "0" });
  });

  await check("the published formula is what the sandbox reckons with", () => {
    const text = "sandbox-secret0.84442185152504811408710653000";
    const own = crypto.createHash("sha1").update(text).digest("hex");
    assert.equal(own, "1c80447cc0e407245eee3715fe017b2adeacbcfd");
  });
});
