// Where one is, written in the address: `#/onebot/as/alice/group/20001/message/17`.

import { memory } from "./dom.js";
import { state } from "./store.js";

/**
 * The parts of the address: `platform`, `as` (a name), `conversation` (an id such as
 * `group:20001`), `message` (a `seq`), `traffic` (whether the journal is open).
 */
export function route() {
  const [, platform, , as, kind, id, view, seq] = location.hash.split("/").map(decodeURIComponent);
  return {
    platform: platform || usual(),
    as: as || null,
    conversation: kind && id ? `${kind}:${id}` : null,
    message: view === "message" ? Number(seq) : null,
    traffic: view === "traffic",
  };
}

/** The world one was in last, or the first. */
export function usual() {
  const last = memory.get("platform");
  return state.platforms.includes(last) ? last : state.platforms[0];
}

/** The address of the same place with some parts changed. */
export function link(change) {
  const { platform, as, conversation, message, traffic } = { ...route(), message: null, traffic: false, ...change };
  const parts = ["#", platform];
  if (as) parts.push("as", as);
  // Only the first colon: `agent:1000003:alice` is of the kind `agent`.
  if (as && conversation) parts.push(...conversation.split(/:(.*)/, 2));
  if (as && conversation && message !== null) parts.push("message", message);
  else if (as && conversation && traffic) parts.push("traffic");
  return parts.map((part, at) => (at ? encodeURIComponent(part) : part)).join("/");
}

/** Goes there; `replace` leaves no trace in the browser's history. */
export function go(change, { replace = false } = {}) {
  const address = link(change);
  if (address === location.hash) return;
  if (replace) {
    history.replaceState(null, "", address);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = address;
}
