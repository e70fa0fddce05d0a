#!/usr/bin/env node
// A handler for `mynah run` through standard input and output, with nothing but Node.js.
//
//     [[handler]]
//     name = "node"
//     command = ["node", "examples/handlers/stdio.js"]
//
// Standard output is for answers. What is meant for people goes to standard error.
'use strict';

const lines = require('node:readline').createInterface({ input: process.stdin });

/** What becomes of an event: nothing, text, parts, or more. */
async function answer(event) {
  if (event.type === 'receipt') {
    // The answer to what became of a reply may change it again.
    const [message] = event.message_ids;
    return message ? { recall: message } : null;
  }
  if (!event.command) return null;
  switch (event.command.name) {
    case 'ping':
      return 'pong from Node.js';
    case 'secret':
      return { reply: 'this message takes itself back', receipt: true };
    case 'sleep':
      await new Promise((done) => setTimeout(done, 1000 * Number(event.command.args)));
      return 'awake';
    case 'crash':
      process.exit(1);
    default:
      return null;
  }
}

lines.on('line', async (line) => {
  const event = JSON.parse(line);
  let said;
  try {
    said = { id: event.id, answer: await answer(event) };
  } catch (error) {
    said = { id: event.id, error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
// The end of the input is the end of the program.
