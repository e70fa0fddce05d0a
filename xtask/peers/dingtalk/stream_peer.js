"use strict";

// dingtalk-stream for Node.js, connected to the sandbox.

const { DWClient, EventAck, TOPIC_CARD, TOPIC_ROBOT } = require("dingtalk-stream");
const { Inbox, eventually } = require("../common.js");
const world = require("./world.js");

/** A client, and what it has heard. */
class Peer {
  constructor(sandbox, settings = {}) {
    this.sandbox = sandbox;
    this.inbox = new Inbox();
    // How many events are put off.
    this.later = 0;
    this.opened = 0;
    const credential = { clientId: world.APP, clientSecret: world.SECRET };
    // All clients of the peer share one list of subscriptions unless they are given one.
    const subscriptions = [{ type: "EVENT", topic: "*" }];
    this.client = new DWClient({ ...credential, subscriptions, ...settings });
    this.client.registerCallbackListener(TOPIC_ROBOT, (frame) => this.robot(frame));
    this.client.registerCallbackListener(TOPIC_CARD, (frame) => this.card(frame));
    this.client.registerAllEventListener((frame) => this.event(frame));
    const open = this.client.getEndpoint.bind(this.client);
    this.client.getEndpoint = () => {
      this.opened += 1;
      return open();
    };
  }

  async robot({ headers, data }) {
    const message = JSON.parse(data);
    this.inbox.put({ kind: "message", headers, message });
    const said = message.text?.content.trim() ?? "";
    if (said.startsWith("/echo ")) {
      await this.reply(message, { msgtype: "text", text: { content: said.slice(6) } });
    }
    this.client.socketCallBackResponse(headers.messageId, { status: "SUCCESS" });
  }

  card({ headers, data }) {
    this.inbox.put({ kind: "card", headers, card: JSON.parse(data) });
    this.client.socketCallBackResponse(headers.messageId, {});
  }

  event({ headers, data }) {
    this.inbox.put({ kind: "event", headers, data: JSON.parse(data) });
    if (this.later > 0) {
      this.later -= 1;
      return { status: EventAck.LATER, message: "later" };
    }
    return { status: EventAck.SUCCESS };
  }

  /** Answers a message in its session, as the peer's examples do. */
  async reply(message, body) {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(message.sessionWebhook, init)).json();
  }

  /** Waits until this is the connection of this number. */
  async connected(times) {
    await eventually(`connection ${times}`, () => this.client.connected && this.opened === times);
  }

  async take(kind) {
    return this.inbox.take(`a ${kind}`, (each) => each.kind === kind);
  }
}

module.exports = { Peer };
