// Where one is, written in the address: `#/onebot/as/alice/group/20001/message/17`.
// Several places, joined by `+`, are shown side by side.

import { memory } from "./dom.js";
import { state } from "./store.js";

/** How many places there may be side by side. */
export const MOST = 4;

/** Every place in the address: one, or those that are shown side by side. */
export const places = () => location.hash.slice(1).split("+").slice(0, MOST).map(read);

/** Whether several places are shown. */
export const several = () => location.hash.includes("+");

/**
 * The parts of the address, or of its first place: `platform`, `as` (a name),
 * `conversation` (an id such as `group:20001`), `message` (a `seq`), `traffic`
 * (whether the journal is open).
 */
export const route = () => places()[0];

function read(written) {
  const [, platform, , as, kind, id, view, seq] = written.split("/").map(decodeURIComponent);
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

/** A place as it is written in the address. */
export function address({ platform, as, conversation, message = null, traffic = false }) {
  const parts = ["", platform];
  if (as) parts.push("as", as);
  // Only the first colon: `agent:1000003:alice` is of the kind `agent`.
  if (as && conversation) parts.push(...conversation.split(/:(.*)/, 2));
  if (as && conversation && message !== null) parts.push("message", message);
  else if (as && conversation && traffic) parts.push("traffic");
  return parts.map(encodeURIComponent).join("/");
}

/** The address of the same place with some parts changed. */
export const link = (change) => `#${address({ ...route(), message: null, traffic: false, ...change })}`;

/** Goes there; `replace` leaves no trace in the browser's history. */
export const go = (change, options) => visit(link(change), options);

/** Goes to several places at once, or to one. */
export const goTo = (addresses, options) => visit(`#${addresses.join("+")}`, options);

function visit(hash, { replace = false } = {}) {
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, "", hash);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = hash;
}
