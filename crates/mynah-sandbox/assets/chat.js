// The open conversation: its header and its history.
//
// Rows stand in chunks, and only the chunks near what is in sight have their
// rows: the others are as high as they were, or as they probably will be. So
// the page stays small however long the history grows. Where a chunk turns out
// higher or lower than thought, the browser's scroll anchoring keeps what is
// read where it is.

import { button, byId, complain, h, icon, isColumn, setLabel } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { face, faceName, growing, mayAccept, messageRow, reactionChoices, spoken } from "./message.js";
import { conversationById, governs, groupOf, me, memberOf, on, open, otherIn, outranks, ownRole, seen, state, titleOf } from "./store.js";
import { can, markedKind, rewritten, sectionOf } from "./worlds.js";

const CHUNK = 25;
/** How far beyond what is in sight there are rows. */
const AHEAD_PX = 2400;
/** How close to the top older messages are asked for. */
const NEAR_PX = 3000;
const PINNED_PX = 60;
const ANNOUNCED = 20;

const log = byId("log");
const sight = new IntersectionObserver(onSight, { root: log, rootMargin: `${AHEAD_PX}px 0px` });
const feed = byId("feed");
const empty = byId("empty");
const newer = byId("newer");

let links;
let timeline = null;
/** Chunk to the `seq`s of its messages. */
let held = new Map();
/** The chunks near what is in sight. */
const near = new Set();
/** `seq` to row, of those that are drawn. */
let rows = new Map();
/** How high a row is on average, as far as is known. */
let rowHeight = 84;
/** The one row that is a tab stop. */
let active = null;
/** What one can do with a message; moves from row to row. */
let actions;
let choices;
/** Whether the end of the history stays in sight as it grows. */
let pinned = true;
/** How far down one was when it last scrolled. */
let height = 0;
let unseen = 0;

/**
 * Prepares the view. `given` is what it asks the rest of the page for: `act`,
 * `quote`, `edit`, `forward`, `write`, `suggest`, `journey`, `selected`, `profile`, `image`, `readers`, `answered`, `leave`, `press`.
 */
export function startChat(given) {
  links = { ...given, jump, react, accept };
  choices = h("div.choices", { hidden: true });
  const action = (name, drawing, run) => button("", icon(drawing), () => run(messageOf(actions)), { "data-do": name });
  actions = h("div.actions", { role: "toolbar" },
    action("quote", "quote", links.quote),
    action("react", "smile", () => (choices.hidden = !choices.hidden)),
    action("edit", "pencil", links.edit),
    action("pin", "tack", (message) => links.act(message.pinned ? "unpin" : "pin", { message: message.id, ...groupOf(message.conversation) })),
    action("essence", "tack", (message) => links.act("essence", { message: message.id, enable: !message.pinned })),
    action("forward", "forward", links.forward),
    action("recall", "undo", ({ id, conversation }) => links.act("recall", { message: id, ...groupOf(conversation) })),
    action("journey", "route", links.journey),
    choices);
  empty.append(h("p"), h("p.hint"), h("div.chips", {}, ["/ping", "/help"].map((text) =>
    button(".chip", text, () => links.suggest(text)))));

  log.addEventListener("scroll", onScroll, { passive: true });
  newer.addEventListener("click", toEnd);
  feed.addEventListener("pointerover", ({ target }) => place(target.closest(".row")));
  feed.addEventListener("focusin", ({ target }) => {
    activate(target.closest(".row"));
    place(active);
  });
  feed.addEventListener("click", select);
  feed.addEventListener("keydown", onKey);
  // Pictures that arrive and chunks that get their rows change the height.
  const keepEnd = new ResizeObserver(() => pinned && stick());
  keepEnd.observe(feed);
  keepEnd.observe(log);

  document.addEventListener("visibilitychange", look);
  on("message", hear);
  on("conversations", () => {
    drawHeader();
    for (const button of feed.querySelectorAll(".line > .plain")) if (!mayAccept(messageOf(button))) replace(messageOf(button));
  });
  on("people", drawHeader);
  onLanguage(() => timeline && drawAll());
}

/** Shows a conversation, and in it the message `seq` if one is asked for. */
export async function showConversation(id, seq) {
  const loaded = await open(id);
  if (timeline !== loaded) {
    timeline = loaded;
    drawAll();
  }
  drawHeader();
  look();
  if (seq !== null && active?.dataset.seq !== String(seq)) await reveal(() => timeline.bySeq.get(seq));
}

/** What is open in a visible tab counts as read. */
function look() {
  if (timeline && !document.hidden) seen(timeline.conversation);
}

/** Forgets the conversation that was open. */
export function closeConversation() {
  timeline = null;
  forget();
}

/** The message with this `seq` in the open conversation. */
export const messageAt = (seq) => timeline?.bySeq.get(seq) ?? null;

/** Puts the keyboard on the message it was last on. */
export const focusMessage = () => active?.focus();

function drawHeader() {
  const conversation = timeline && conversationById(timeline.conversation);
  if (!conversation) return;
  const group = conversation.kind === "group";
  const other = otherIn(conversation) ?? {};
  const id = group ? conversation.id.split(":")[1] : other.id;
  const section = sectionOf(conversation);
  const kind = ["chatroom", "system", "channel", "session"].includes(section) ? section : group ? "group" : markedKind(other) ?? "direct";
  byId("room-title").replaceChildren(...[conversation.room?.archived && h("span.tag.closed", {}, t("archived")), titleOf(conversation)].filter(Boolean));
  byId("room-detail").textContent = t(`detail.${kind}`, { count: conversation.members.length, id: conversation.room?.topic || id });
  byId("members").hidden = !group;
  const pins = conversation.room?.pins ?? [];
  byId("pins").hidden = pins.length === 0;
  byId("pins").firstElementChild.textContent = pins.length;
}

// Rows

/** Empties the history on the screen. */
function forget() {
  rows = new Map();
  held = new Map();
  near.clear();
  sight.disconnect();
  active = null;
  feed.replaceChildren();
}

function drawAll() {
  forget();
  feed.append(...chunks(timeline.items));
  for (const chunk of [...feed.children].slice(-2)) fill(chunk);
  drawEmpty();
  drawHeader();
  activate(lastRow());
  toEnd();
}

function drawEmpty() {
  empty.hidden = timeline.items.length > 0;
  empty.children[0].textContent = t("empty.title");
  empty.children[1].textContent = t("empty.text");
}

const lastRow = () => feed.lastElementChild?.lastElementChild ?? null;
const messageOf = (node) => timeline.bySeq.get(Number(node.closest(".row").dataset.seq));

/** New chunks for messages, without rows yet. */
function chunks(messages) {
  const result = [];
  for (let at = 0; at < messages.length; at += CHUNK) result.push(newChunk(messages.slice(at, at + CHUNK)));
  return result;
}

function newChunk(messages) {
  const chunk = h("div.chunk");
  held.set(chunk, messages.map(({ seq }) => seq));
  chunk.style.height = `${messages.length * rowHeight}px`;
  sight.observe(chunk);
  return chunk;
}

/** Gives a chunk its rows. */
function fill(chunk) {
  if (!chunk || chunk.childElementCount) return;
  let before = above(held.get(chunk)[0]);
  for (const seq of held.get(chunk)) {
    const message = timeline.bySeq.get(seq);
    chunk.append(newRow(message, before));
    before = message;
  }
  chunk.style.height = "";
}

/** Whether somebody would miss the rows of a chunk: new ones come there, the keyboard is there or would be, something is marked, chosen or played. */
function inUse(chunk) {
  const marked = getSelection();
  return chunk === feed.lastElementChild || chunk.contains(active) || chunk.contains(document.activeElement) ||
    (!marked.isCollapsed && marked.containsNode(chunk, true)) ||
    [...chunk.querySelectorAll("input, video")].some(({ paused, checked, defaultChecked }) => paused === false || checked !== defaultChecked);
}

/** Takes the rows of a chunk away; `height` is how high it is, 0 while nobody can see it. */
function drain(chunk, height) {
  if (!chunk.childElementCount || height === 0 || inUse(chunk)) return;
  if (chunk.contains(actions)) actions.remove();
  for (const seq of held.get(chunk)) rows.delete(seq);
  rowHeight = height / chunk.childElementCount;
  chunk.style.height = `${height}px`;
  chunk.replaceChildren();
}

function onSight(entries) {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    if (!held.has(target)) continue; // Noticed before it went.
    if (isIntersecting) {
      near.add(target);
      fill(target);
    } else {
      near.delete(target);
      drain(target, boundingClientRect.height);
    }
  }
}

/** The chunk in which a message stands, with or without its row. */
const chunkOf = ({ seq }) => [...held.keys()].find((chunk) => held.get(chunk).includes(seq));

/** The message above the one with this `seq`. */
const above = (seq) => timeline.items[timeline.items.findLastIndex((item) => item.seq < seq)];

function newRow(message, before) {
  const row = messageRow(message, before, (id) => timeline.byId.get(id), links, answersTo(message).length);
  rows.set(message.seq, row);
  return row;
}

/** The messages here that answer another, where answers make a thread. */
export const answersTo = (message) => (can("thread") && message.id ? timeline.answersTo(message) : []);

/** Draws what a message answers anew: it has one answer more, or one less. */
function redrawAnswered({ parts }) {
  for (const { type, message_id: id } of parts) {
    const answered = type === "quote" && can("thread") && timeline.byId.get(id);
    if (rows.has(answered?.seq)) replace(answered);
  }
}

function replace(message) {
  const old = rows.get(message.seq);
  const row = newRow(message, above(message.seq));
  const focused = old.contains(document.activeElement);
  const pointed = old.contains(actions);
  old.replaceWith(row);
  if (active === old) activate(row);
  if (pointed) place(row);
  if (focused) row.focus({ preventScroll: true });
}

function hear(message) {
  if (message.conversation !== timeline?.conversation) return;
  if (rows.has(message.seq)) {
    const grown = rows.get(message.seq).classList.contains("growing") && !growing(message);
    replace(message);
    redrawAnswered(message);
    if (grown) announce(message);
  } else if (chunkOf(message)) redrawAnswered(message); // It will be drawn as it is then.
  else if (message === timeline.items.at(-1)) {
    append(message);
    redrawAnswered(message);
  } else if (timeline.bySeq.has(message.seq)) drawAll(); // Late, out of order: rare enough.
}

function append(message) {
  const follow = !feed.contains(document.activeElement);
  const last = feed.lastElementChild;
  if (last?.childElementCount < CHUNK) {
    last.append(newRow(message, timeline.items.at(-2)));
    held.get(last).push(message.seq);
  } else {
    const chunk = newChunk([message]);
    feed.append(chunk);
    fill(chunk);
    if (last && !near.has(last)) drain(last, last.offsetHeight);
  }
  if (follow) activate(lastRow());
  drawEmpty();
  look();
  if (message.from.name === state.me) {
    toEnd();
    return;
  }
  if (!growing(message)) announce(message); // Else when all of it is there.
  if (pinned) stick();
  else unseen += 1;
  drawNewer();
}

function announce(message) {
  if (isColumn() && !document.hasFocus()) return; // Once is enough for all columns.
  const announcer = byId("announcer");
  announcer.append(h("p", {}, spoken(message)));
  if (announcer.childElementCount > ANNOUNCED) announcer.firstElementChild.remove();
}

// Scrolling

function onScroll() {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < PINNED_PX;
  // What grows below, such as a picture that has come, is nobody's going away from the end.
  pinned = atEnd || (pinned && log.scrollTop >= height);
  height = log.scrollTop;
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
  if (!pinned) newer.replaceChildren(icon("down"), t(unseen ? "newer" : "newest", { count: unseen }));
}

async function loadOlder() {
  const current = timeline;
  if (!current?.more || current.loading || !current.items.length) return;
  feed.setAttribute("aria-busy", "true");
  try {
    const fresh = await current.older();
    if (current === timeline && fresh.length) prepend(fresh);
  } catch (error) {
    complain(error);
  }
  feed.removeAttribute("aria-busy");
}

/** Puts older messages on top without moving what is being read. */
function prepend(messages) {
  const first = feed.firstElementChild;
  const bottom = () => first.getBoundingClientRect().bottom;
  const before = bottom();
  feed.prepend(...chunks(messages));
  const next = timeline.items[messages.length];
  if (rows.has(next.seq)) replace(next); // Its time line may be gone.
  log.scrollTop += bottom() - before;
}

/** Scrolls to the message that `found` answers, loading history until it does. */
async function reveal(found) {
  const current = timeline;
  const message = await current.search(found);
  if (current !== timeline) return;
  if (held.get(feed.firstElementChild)?.[0] !== current.items[0]?.seq) drawAll();
  if (!message) return;
  fill(chunkOf(message));
  const row = rows.get(message.seq);
  pinned = false;
  activate(row);
  row.scrollIntoView({ block: "center" });
  row.classList.add("flash");
  setTimeout(() => row.classList.remove("flash"), 1600);
}

export const jump = (id) => reveal(() => timeline.byId.get(id)).catch(complain);

// The active row and what one can do with it

function activate(row) {
  setTabStop(active, "-1");
  active = row;
  setTabStop(row, "0");
}

function setTabStop(row, tabindex) {
  for (const node of row ? [row, ...row.querySelectorAll("a, input, .quote, .image, .reaction, .answers, .press, .receipts, .play, .film, .table, .markdown .code")] : []) node.setAttribute("tabindex", tabindex);
}

/** Moves the actions to a row, unless the keyboard is in them. */
function place(row) {
  if (!row || row.contains(actions) || actions.querySelector(":focus-visible")) return;
  const message = messageOf(row);
  const conversation = conversationById(timeline.conversation);
  const alive = message.kind === "message" && !message.recalled;
  const possible = {
    quote: alive && can("quote"),
    react: alive && can("react"),
    edit: alive && can("edit") && message.from.name === state.me && rewritten(message).length > 0,
    pin: alive && can("pin"),
    essence: alive && can("essence") && governs(conversation),
    forward: alive && can("forward"),
    recall: alive && mayRecall(message, conversation),
    journey: true,
  };
  for (const control of actions.querySelectorAll("[data-do]")) {
    control.hidden = !possible[control.dataset.do];
    const undoes = message.pinned && ["pin", "essence"].includes(control.dataset.do);
    setLabel(control, t(undoes ? `un${control.dataset.do}` : control.dataset.do));
  }
  choices.replaceChildren(...reactionChoices().map((id) =>
    setLabel(button("", face(id), () => react(messageOf(actions), id), { "data-face": id }), faceName(id))));
  choices.hidden = true;
  row.querySelector(".said").append(actions);
}

/** One's own and those of whom one outranks, or all as who runs a team; in DingTalk robots' alone, as the owner or the only one who got them. */
function mayRecall({ from, tag }, conversation) {
  if (can("recallAll") && governs(conversation)) return true;
  if (can("recallRobots")) return from.bot && tag !== "notice" && (conversation.kind !== "group" || ownRole(conversation) === "owner");
  return can("recall") && (from.name === state.me || outranks(conversation, memberOf(conversation, from.id)));
}

function react(message, emoji) {
  choices.hidden = true;
  const mine = message.reactions.some(({ id, by }) => id === emoji && by.includes(me()?.id));
  links.act(mine && can("unreact") ? "unreact" : "react", { message: message.id, emoji, ...groupOf(message.conversation) });
}

const accept = (message) => links.act("invite", { target: message.from.name, ...groupOf(message.conversation) });

function select({ target }) {
  const row = target.closest(".row");
  if (!row || target.closest("button, a, label, video") || !getSelection().isCollapsed) return;
  row.focus({ preventScroll: true });
  links.selected(messageOf(row));
}

/** The chunk, with its rows. */
function filled(chunk) {
  fill(chunk);
  return chunk;
}

function onKey(event) {
  const { key, target } = event;
  const move = {
    ArrowUp: () => target.previousElementSibling ?? filled(target.parentElement.previousElementSibling)?.lastElementChild,
    ArrowDown: () => target.nextElementSibling ?? filled(target.parentElement.nextElementSibling)?.firstElementChild,
    Home: () => filled(feed.firstElementChild).firstElementChild,
    End: lastRow,
  }[key];
  if (key === "Escape") {
    if (choices.hidden) links.leave();
    choices.hidden = true;
  } else if (!target.classList.contains("row")) return;
  else if (key === "Enter") links.journey(messageOf(target));
  else if (move) {
    const row = move();
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
}
