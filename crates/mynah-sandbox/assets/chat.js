// The open conversation: its header and its history.
//
// Rows live in chunks of a hundred; the style sheet gives each chunk
// `content-visibility: auto`, so that the browser lays out and paints only the
// chunks in sight, however long the history grows.

import { byId, h, icon, toast } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { REACTIONS, face, faceName, messageRow, spoken } from "./message.js";
import { conversationById, memberOf, me, on, open, outranks, seen, state, titleOf } from "./store.js";

const CHUNK = 100;
const NEAR_PX = 600;
const PINNED_PX = 60;
const ANNOUNCED = 20;

const log = byId("log");
const feed = byId("feed");
const empty = byId("empty");
const newer = byId("newer");

let timeline = null;
/** `seq` to row. */
let rows = new Map();
let active = null;
let pinned = true;
let unseen = 0;
let actions;
/** Builds the row of a message below another. */
let rowOf;

/**
 * Prepares the view. `links` are what it asks the rest of the page for:
 * `quote(message)`, `edit(message)`, `write(text)`, `journey(message)`,
 * `profile(from)`, `image(part)`, `act(action, details)`, `leaveFeed()`.
 */
export function startChat(links) {
  actions = actionBar(links);
  const listeners = {
    ...links,
    jump,
    poke: (from) => poke(links, from),
    react: (message, emoji) => react(links, message, emoji),
    accept: (message) => accept(links, message),
  };
  rowOf = (message, before) => messageRow(message, before, timeline, listeners);

  log.addEventListener("scroll", onScroll, { passive: true });
  feed.addEventListener("pointerover", (event) => place(event.target.closest(".row")));
  feed.addEventListener("focusin", (event) => {
    const row = event.target.closest(".row");
    activate(row);
    place(row);
  });
  feed.addEventListener("click", (event) => select(event, links));
  feed.addEventListener("keydown", (event) => onKey(event, links));
  newer.addEventListener("click", toEnd);
  // Pictures that arrive and chunks that come into sight change the height.
  new ResizeObserver(() => pinned && stick()).observe(feed);
  new ResizeObserver(() => pinned && stick()).observe(log);

  on("message", ({ message, fresh }) => hear(message, fresh));
  on("conversations", () => timeline && drawHeader());
  on("people", () => timeline && drawHeader());
  onLanguage(() => timeline && drawAll());

  empty.append(h("p"), h("p.hint"), h("div.chips", {}, ["/ping", "/help"].map((text) =>
    h("button.chip", { type: "button", onclick: () => links.write(text) }, text))));
}

/** Shows a conversation; afterwards the message `seq`, if one is asked for. */
export async function showConversation(id, seq) {
  const loaded = await open(id);
  if (timeline !== loaded) {
    timeline = loaded;
    drawAll();
  }
  drawHeader();
  seen(id);
  if (seq !== null && active?.dataset.seq !== String(seq)) await reveal(() => timeline.bySeq.get(seq));
}

/** Forgets the conversation that was open. */
export function closeConversation() {
  timeline = null;
}

/** The message with this `seq` in the open conversation. */
export const messageAt = (seq) => timeline?.bySeq.get(seq);

function drawHeader() {
  const conversation = conversationById(timeline.conversation);
  if (!conversation) return;
  const group = conversation.kind === "group";
  byId("room-title").textContent = titleOf(conversation);
  const id = group ? conversation.id.slice("group:".length) : conversation.members.find((member) => member.name !== state.me)?.id;
  byId("room-detail").textContent = t(group ? "detail.group" : "detail.direct", { count: conversation.members.length, id });
  byId("members").hidden = !group;
}

function drawAll() {
  rows = new Map();
  active = null;
  unseen = 0;
  pinned = true;
  feed.replaceChildren(...chunks(timeline.items, undefined));
  drawEmpty();
  drawNewer();
  activate(feed.lastElementChild?.lastElementChild ?? null);
  stick();
}

function drawEmpty() {
  empty.hidden = timeline.items.length > 0;
  empty.children[0].textContent = t("empty.title");
  empty.children[1].textContent = t("empty.text");
}

/** Rows for `messages` in new chunks; `before` is the message above the first. */
function chunks(messages, before) {
  const result = [];
  for (const message of messages) {
    if (!result.length || result.at(-1).childElementCount >= CHUNK) result.push(h("div.chunk"));
    result.at(-1).append(register(message, before));
    before = message;
  }
  return result;
}

function register(message, before) {
  const row = rowOf(message, before);
  rows.set(message.seq, row);
  return row;
}

function replace(message) {
  const old = rows.get(message.seq);
  const at = timeline.items.indexOf(message);
  const row = register(message, timeline.items[at - 1]);
  const focused = old.contains(document.activeElement);
  old.replaceWith(row);
  if (active === old) {
    active = null;
    activate(row);
  }
  if (focused) row.focus({ preventScroll: true });
}

function hear(message, fresh) {
  if (message.conversation !== timeline?.conversation) return;
  if (rows.has(message.seq)) {
    replace(message);
    return;
  }
  const last = timeline.items.at(-1);
  if (message !== last) {
    drawAll();
    return;
  }
  append(message);
  if (document.visibilityState === "visible") seen(message.conversation);
  if (message.from.name === state.me) toEnd();
  else if (!pinned) unseen += 1;
  if (fresh && message.from.name !== state.me) announce(message);
  drawEmpty();
  drawNewer();
}

function append(message) {
  const wasLast = active === feed.lastElementChild?.lastElementChild;
  const row = register(message, timeline.items.at(-2));
  const chunk = feed.lastElementChild;
  if (chunk && chunk.childElementCount < CHUNK) chunk.append(row);
  else feed.append(h("div.chunk", {}, row));
  if (!active || (wasLast && !feed.contains(document.activeElement))) activate(row);
}

function announce(message) {
  const announcer = byId("announcer");
  announcer.append(h("p", {}, spoken(message)));
  while (announcer.childElementCount > ANNOUNCED) announcer.firstElementChild.remove();
}

// Scrolling

function onScroll() {
  pinned = log.scrollHeight - log.scrollTop - log.clientHeight < PINNED_PX;
  if (pinned) unseen = 0;
  drawNewer();
  if (log.scrollTop < NEAR_PX) loadOlder();
}

const stick = () => (log.scrollTop = log.scrollHeight);

function toEnd() {
  pinned = true;
  unseen = 0;
  stick();
  drawNewer();
}

function drawNewer() {
  newer.hidden = pinned;
  const text = unseen === 0 ? t("newer.none") : t(unseen === 1 ? "newer.one" : "newer.many", { count: unseen });
  newer.replaceChildren(icon("down"), text);
}

async function loadOlder() {
  const current = timeline;
  if (!current?.more || current.loading || !current.items.length) return;
  feed.setAttribute("aria-busy", "true");
  try {
    const fresh = await current.older();
    if (current === timeline) prepend(fresh);
  } catch (error) {
    toast(error.message, "error");
  } finally {
    feed.removeAttribute("aria-busy");
  }
}

/** Puts older messages on top without moving what is being read. */
function prepend(messages) {
  if (!messages.length) return;
  const first = timeline.items[messages.length];
  const bottom = () => rows.get(first.seq).getBoundingClientRect().bottom;
  const before = bottom();
  feed.prepend(...chunks(messages, undefined));
  replace(first); // Its time line may be gone.
  log.scrollTop += bottom() - before;
}

/** Scrolls to the message that `found` answers, loading history until it does. */
async function reveal(found) {
  const current = timeline;
  const known = current.items.length;
  const message = await current.search(found);
  if (current !== timeline) return;
  if (current.items.length !== known) drawAll();
  const row = message && rows.get(message.seq);
  if (!row) return;
  pinned = false;
  activate(row);
  row.scrollIntoView({ block: "center" });
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
}

const jump = (id) => reveal(() => timeline.byId.get(id)).catch((error) => toast(error.message, "error"));

// The active row: the one tab stop of the feed, carrying the action bar

function activate(row) {
  if (row === active) return;
  setTabStop(active, false);
  active = row;
  setTabStop(row, true);
}

function setTabStop(row, on) {
  if (!row) return;
  row.tabIndex = on ? 0 : -1;
  for (const inner of row.querySelectorAll("a, .quote, .image, .reaction")) inner.tabIndex = on ? 0 : -1;
}

function actionBar(links) {
  const button = (name, label, go) => h("button", { type: "button", "data-do": name, "data-label": label, onclick: () => go(rowMessage(actions)) }, icon(name));
  const choices = h("div.choices", { hidden: true }, REACTIONS.map((id) =>
    h("button", { type: "button", "data-face": id, onclick: () => {
      choices.hidden = true;
      react(links, rowMessage(actions), id);
    } }, face(id))));
  const bar = h("div.actions", { role: "toolbar" },
    button("quote", "do.quote", (message) => links.quote(message)),
    button("smile", "do.react", () => (choices.hidden = !choices.hidden)),
    button("undo", "do.recall", (message) => links.act("recall", { message: message.id })),
    button("route", "do.journey", (message) => links.journey(message)),
    choices,
  );
  return bar;
}

const rowMessage = (node) => timeline.bySeq.get(Number(node.closest(".row").dataset.seq));

/** Moves the action bar to a row, unless the focus is in it. */
function place(row) {
  if (!row || row.contains(actions) || actions.contains(document.activeElement)) return;
  const message = timeline.bySeq.get(Number(row.dataset.seq));
  const conversation = conversationById(timeline.conversation);
  const spokenHere = message.kind === "message" && !message.recalled;
  const mayRecall = message.from.name === state.me || outranks(conversation, memberOf(conversation, message.from.id));
  for (const button of actions.querySelectorAll("[data-do]")) {
    const label = t(button.dataset.label);
    button.title = label;
    button.setAttribute("aria-label", label);
    button.hidden = { quote: !spokenHere, smile: !spokenHere, undo: !spokenHere || !mayRecall }[button.dataset.do] ?? false;
  }
  for (const choice of actions.querySelectorAll("[data-face]")) choice.setAttribute("aria-label", faceName(choice.dataset.face));
  actions.querySelector(".choices").hidden = true;
  (row.querySelector(".body") ?? row.querySelector(".line")).append(actions);
}

function react(links, message, emoji) {
  links.act("react", { message: message.id, emoji, ...groupOf(message) });
}

const groupOf = (message) => (message.conversation.startsWith("group:") ? { group: message.conversation.slice(6) } : {});

function poke(links, from) {
  if (from.id !== me()?.id) links.act("poke", { target: from.name, ...groupOf(timeline) });
}

const accept = (links, message) => links.act("invite", { target: message.from.name, ...groupOf(message) });

function select(event, links) {
  const row = event.target.closest(".row");
  if (!row || event.target.closest("button, a")) return;
  if (!window.getSelection()?.isCollapsed) return;
  row.focus({ preventScroll: true });
  links.selected(rowMessage(row));
}

function onKey(event, links) {
  if (event.key === "Escape") {
    const choices = actions.querySelector(".choices");
    if (choices.hidden) links.leaveFeed();
    else choices.hidden = true;
    event.preventDefault();
    return;
  }
  if (!event.target.classList.contains("row")) return;
  if (event.key === "Enter") links.journey(rowMessage(event.target));
  else if (event.key === "Home") moveTo(feed.querySelector(".row"));
  else if (event.key === "End") moveTo(feed.lastElementChild.lastElementChild);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") moveTo(neighbour(event.target, event.key === "ArrowUp"));
  else return;
  event.preventDefault();
}

function neighbour(row, up) {
  if (up) return row.previousElementSibling ?? row.parentElement.previousElementSibling?.lastElementChild;
  return row.nextElementSibling ?? row.parentElement.nextElementSibling?.firstElementChild;
}

function moveTo(row) {
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}
