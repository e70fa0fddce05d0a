// The message box: text, mentions, a quote, pictures and files, and what was sent before.
// Also where an own message is written anew.

import * as api from "./api.js";
import { avatar, button, byId, complain, h, icon, setLabel } from "./dom.js";
import { clockTime } from "./format.js";
import { onLanguage, t } from "./i18n.js";
import { summary, tags } from "./message.js";
import { conversationById, displayOf, groupOf, me, memberOf, now, on, otherIn, ownRole, personById, state, titleOf } from "./store.js";
import { allMention, botKind, can, joins, mustMention, platform, recipient, rewritten, sectionOf, wireText, writes, written } from "./worlds.js";

const LARGEST_MB = 5; // As base64 it must stay below the sandbox's 8 MiB a request.
const REMEMBERED = 50;
const DAY_S = 86400;
/** An `@` and what follows it up to the caret, unless it is part of an address. */
const OPEN_MENTION = /(?:^|[^A-Za-z0-9])@([^\s@]{0,20})$/;

const DRAWINGS = { voice: "wave", video: "play", file: "file" };

const form = byId("composer");
const draft = byId("draft");
const picker = byId("picker");

let links;
let conversation = null;
let quoted = null;
/** The message that is being written anew, and the new one that waits meanwhile: `{ message, waiting }`. */
let edited = null;
/** Pictures and files to send: `{ type, name, data }` with a data URL. */
let attached = [];
/** Mentions picked: `{ id, label }`; a label that is still in the text counts. */
let mentions = [];
/** Who the picker offers, and which of them is chosen. */
let candidates = [];
let choice = 0;
/** By world, person and conversation: what was begun, what was sent. */
const begun = new Map();
const sent = new Map();
let slot = null;
/** How far back in what was sent one has gone; -1 for not at all. */
let back = -1;
let unmute;
let sending = Promise.resolve();

/**
 * `given`: `menu(entry)` opens a part of an application's menu, `emoji()` offers emoji and stickers, `act(action, details)`.
 */
export function startComposer(given) {
  links = given;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  draft.addEventListener("input", () => {
    back = -1;
    fit();
    openPicker();
  });
  draft.addEventListener("click", openPicker);
  draft.addEventListener("blur", closePicker);
  draft.addEventListener("keydown", onKey);
  draft.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    addFiles(event.clipboardData.files);
  });
  picker.addEventListener("mousedown", (event) => {
    event.preventDefault(); // Keeps the caret where it is.
    const option = event.target.closest("li");
    if (option) pick([...picker.children].indexOf(option));
  });
  byId("insert-mention").addEventListener("click", () => {
    draft.focus();
    const spaced = /\S$/.test(draft.value.slice(0, draft.selectionStart));
    draft.setRangeText(spaced ? " @" : "@", draft.selectionStart, draft.selectionEnd, "end");
    openPicker();
  });
  byId("insert-emoji").addEventListener("click", () => links.emoji());
  byId("insert-image").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", ({ target }) => {
    addFiles(target.files);
    target.value = "";
  });
  acceptDrops();
  on("conversations", drawHere);
  on("status", drawPermission);
  onLanguage(() => {
    drawHere();
    drawExtras();
  });
}

/** Turns to another conversation, keeping what was begun in the old one. */
export function compose(id) {
  if (slot) begun.set(slot, content());
  conversation = id;
  slot = `${platform} ${state.me} ${id}`;
  fill(begun.get(slot));
  refuse(null);
  drawHere();
}

/** What the box offers in this conversation. */
function drawHere() {
  drawPermission();
  byId("insert-more").hidden = !writes("location");
  byId("insert-emoji").hidden = !can("emoji");
  drawMenu();
}

/** The menu of an application, one button for each of its entries. */
function drawMenu() {
  const entries = conversationById(conversation)?.menu ?? [];
  const menu = byId("menu");
  const stamp = JSON.stringify([conversation, entries]);
  if (menu.dataset.stamp === stamp) return; // The keyboard may be in it.
  menu.dataset.stamp = stamp;
  menu.hidden = entries.length === 0;
  menu.replaceChildren(...entries.map((entry) =>
    button(".small", [entry.sub_button?.length > 0 && icon("list"), entry.name], () => links.menu(entry), {
      "aria-haspopup": entry.sub_button?.length > 0 && "dialog",
    })));
}

const content = () => ({ text: draft.value, mentions, attached, quoted, edited });

/** What the box holds, all at once. */
function fill(held = {}) {
  ({ mentions = [], attached = [], quoted = null, edited = null } = held);
  draft.value = held.text ?? "";
  back = -1;
  closePicker();
  drawExtras();
  fit();
}

export const focusComposer = () => draft.focus();

/** Puts a text into the box, ready to send. */
export function write(text) {
  draft.value = text;
  fit();
  draft.focus();
  draft.setSelectionRange(text.length, text.length);
}

/** Puts a command into the box so that the bot will hear it: with a mention where groups need one. */
export function suggest(command) {
  const asked = conversationById(conversation).kind === "group" && mustMention() && state.people.find((person) => botKind(person) && joins(person));
  write(asked ? "" : command);
  if (!asked) return;
  mention({ ...asked, display: displayOf(asked) });
  insert(command);
}

/** Mentions somebody at the caret. */
export function mention(person) {
  draft.focus();
  addMention(person, draft.selectionStart);
}

/** Writes something at the caret. */
export function insert(text) {
  draft.focus();
  draft.setRangeText(text, draft.selectionStart, draft.selectionEnd, "end");
  fit();
}

/** Quotes a message, or nothing. */
export function quote(message) {
  quoted = message;
  drawExtras();
  draft.focus();
}

/** Takes an own message into the box, to be written anew. */
export function edit(message) {
  const said = rewritten(message);
  const label = ({ id }) => `@${id === "all" ? t("mentionAll") : displayOf(personById(id)) || id}`;
  const mentioned = said.filter(({ type }) => type === "mention").map((piece) => ({ id: piece.id, label: label(piece) }));
  fill({ edited: { message, waiting: edited?.waiting ?? content() }, mentions: mentioned });
  write(said.map((piece) => piece.text ?? label(piece)).join(""));
}

/** Forgets what is quoted or written anew. */
function turnBack() {
  if (edited) fill(edited.waiting);
  else quote(null);
}

/** Puts other words into the message that was written anew. */
async function change(text) {
  const kept = content();
  const { message, waiting } = edited;
  const said = textPieces(text);
  fill({ ...waiting, attached: [...waiting.attached, ...attached] });
  const done = await links.act("edit", { message: message.id, text: wireText(said) });
  if (!done && kept.edited.message.conversation === conversation && !draft.value) fill(kept);
}

/** The quote, the pictures and the files above the text. */
function drawExtras() {
  const line = byId("quoting");
  const subject = edited?.message ?? quoted;
  line.hidden = !subject;
  if (subject) {
    line.replaceChildren(
      h("p", {}, h("strong", {}, edited ? t("editing") : quoted.from.display), " ", summary(subject)),
      setLabel(button(".tool", icon("close"), turnBack), t(edited ? "editing.stop" : "quote.remove")));
  }
  const list = byId("pending");
  list.hidden = attached.length === 0;
  list.replaceChildren(...attached.map((file) => {
    const remove = () => {
      attached = attached.filter((other) => other !== file);
      drawExtras();
      draft.focus();
    };
    const shown = file.type === "image"
      ? h("img", { src: file.data, alt: file.name })
      : h("span.file", {}, icon(DRAWINGS[file.type]), h("span", {}, file.name));
    return h("li", {}, shown, setLabel(button("", icon("close"), remove), t("picture.remove", file)));
  }));
}

/** The box grows with its text, as far as the style sheet lets it. */
function fit() {
  draft.style.setProperty("height", "auto");
  draft.style.setProperty("height", `${draft.scrollHeight + 2}px`);
}

/** Who is muted cannot write, and reads why. */
function drawPermission() {
  const here = conversationById(conversation);
  if (!here) return;
  const until = memberOf(here, me()?.id)?.muted_until ?? 0;
  const left = until - now();
  clearTimeout(unmute);
  if (left > 0) unmute = setTimeout(drawPermission, Math.min(left, DAY_S) * 1000 + 200);
  const reason = left > 0
    ? t("muted.self", { time: clockTime(until) })
    : sectionOf(here) === "system"
      ? t("muted.system")
      : here.room?.archived
      ? t("muted.archived")
      : here.whole_ban && ownRole(here) === "member" && t("muted.all");
  draft.placeholder = reason || t("draft", { title: titleOf(here) });
  setLabel(draft, draft.placeholder);
  for (const control of form.querySelectorAll(".write textarea, .write button")) control.disabled = Boolean(reason);
  byId("insert-mention").hidden = here.kind !== "group";
}

function refuse(reason) {
  byId("refusal").hidden = !reason;
  byId("refusal").textContent = reason ?? "";
}

function onKey(event) {
  // The Enter that ends a Chinese input method's composition is not ours.
  if (event.isComposing || event.keyCode === 229) return;
  if (!picker.hidden && pickerKey(event.key)) event.preventDefault();
  else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    refuse(null);
    turnBack();
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") browseSent(event);
}

function browseSent(event) {
  const earlier = sent.get(slot) ?? [];
  const next = back + (event.key === "ArrowUp" ? 1 : -1);
  if ((draft.value && back < 0) || next < -1 || next >= earlier.length) return;
  event.preventDefault();
  const { text, mentions: picked } = earlier.at(-1 - next) ?? { text: "", mentions: [] };
  back = next;
  mentions = next < 0 ? [] : picked;
  write(next < 0 ? "" : text);
}

// Mentions

function openPicker() {
  const query = draft.value.slice(0, draft.selectionStart).match(OPEN_MENTION)?.[1].toLowerCase();
  const here = conversationById(conversation);
  const fits = (person) => [person.name, person.display, person.id].some((text) => text?.toLowerCase().includes(query));
  candidates = query === undefined || here?.kind !== "group" ? [] : mentionable(here).filter(fits);
  choice = 0;
  drawPicker();
}

/** Everybody else, the bot first; all at once for those who govern the group. */
function mentionable(here) {
  const others = here.members
    .filter(({ name }) => name !== state.me)
    .map((member) => ({ ...personById(member.id), ...member, display: displayOf({ ...personById(member.id), ...member }) }))
    .sort((a, b) => Number(b.bot ?? 0) - Number(a.bot ?? 0));
  return ownRole(here) === "member" && !allMention() ? others : [...others, { id: "all", name: "all", display: t("mentionAll") }];
}

function drawPicker() {
  picker.hidden = candidates.length === 0;
  picker.replaceChildren(...candidates.map((person, at) =>
    h("li", { id: `mention-${at}`, role: "option", "aria-selected": String(at === choice) },
      avatar(person), h("span", {}, person.display), person.id !== "all" && h("small", {}, person.id), tags(person, person))));
  draft.setAttribute("aria-activedescendant", picker.hidden ? "" : `mention-${choice}`);
  picker.children[choice]?.scrollIntoView({ block: "nearest" });
}

function closePicker() {
  candidates = [];
  drawPicker();
}

/** Handles a key for the open picker; `true` when it was meant for it. */
function pickerKey(key) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step) {
    choice = (choice + step + candidates.length) % candidates.length;
    drawPicker();
  } else if (key === "Enter" || key === "Tab") pick(choice);
  else if (key === "Escape") closePicker();
  else return false;
  return true;
}

function pick(at) {
  const query = draft.value.slice(0, draft.selectionStart).match(OPEN_MENTION)[1];
  addMention(candidates[at], draft.selectionStart - query.length - 1);
  closePicker();
}

/** Writes `@name ` over the text from `start` to the caret. */
function addMention({ id, display }, start) {
  const label = `@${display}`;
  draft.setRangeText(`${label} `, start, draft.selectionEnd, "end");
  mentions = [...mentions, { id, label }];
  fit();
}

// Pictures and files

function addFiles(files) {
  for (const file of files) {
    if (file.size > LARGEST_MB * 1024 * 1024) refuse(t("file.tooBig", { name: file.name, limit: LARGEST_MB }));
    else {
      const type = typeOfFile(file);
      const taken = writes(type) ? attach(type, file) : upload(file);
      taken.catch(complain);
    }
  }
}

/** Hands over a file that no message can carry. */
async function upload(file) {
  const where = groupOf(conversation);
  links.act("upload", { ...where, name: file.name, content: `base64://${bare(await base64(file))}` });
}

const TYPES = { image: "image", audio: "voice", video: "video" };
/** What WeCom records voice as; browsers know no type for it. */
const VOICE = /\.(amr|silk)$/i;

const typeOfFile = ({ name, type }) => (VOICE.test(name) ? "voice" : TYPES[type.split("/")[0]] ?? "file");

async function attach(type, file) {
  const data = await base64(file);
  attached = [...attached, { type, name: file.name, data }];
  drawExtras();
  draft.focus();
}

/** The base64 in a data URL. */
const bare = (data) => data.slice(data.indexOf(",") + 1);

/** The content of a file as a data URL. */
const base64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

function acceptDrops() {
  const room = byId("room");
  const over = (dropping) => room.classList.toggle("dropping", dropping);
  room.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  room.addEventListener("dragleave", ({ relatedTarget }) => over(room.contains(relatedTarget)));
  room.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    addFiles(event.dataTransfer.files);
  });
}

// Sending

/** The text cut at the mentions in it. */
function textPieces(text) {
  let pieces = [{ type: "text", text }];
  // Longest first: `@bobby` must not be taken for `@bob`.
  for (const { id, label } of [...mentions].sort((a, b) => b.label.length - a.label.length)) {
    const at = pieces.findIndex((piece) => piece.text?.includes(label));
    if (at < 0) continue;
    const [before, ...after] = pieces[at].text.split(label);
    const cut = [{ type: "text", text: before }, { type: "mention", id }, { type: "text", text: after.join(label) }];
    pieces = pieces.toSpliced(at, 1, ...cut);
  }
  return pieces.filter((piece) => piece.text !== "");
}

/** The content of the box in pieces. */
const pieces = (text) => [
  ...(quoted ? [{ type: "quote", id: quoted.id }] : []),
  ...textPieces(text),
  ...attached.map(({ type, name, data }) => ({ type, name, base64: bare(data) })),
];

function send() {
  const text = draft.value.trimEnd();
  if (draft.disabled || (!text.trim() && !attached.length)) return;
  if (edited) {
    change(text);
    return;
  }
  const kept = { ...content(), text };
  const said = pieces(text);
  if (text) sent.set(slot, [...(sent.get(slot) ?? []), kept].slice(-REMEMBERED));
  fill();
  say(said, () => draft.value || fill(kept));
}

/** Says something that was not written in the box, such as a location. */
export const sendPiece = (piece) => say([piece]);

/** Says pieces here; what was refused is said, and `failed` called, unless one went elsewhere. */
function say(said, failed = () => {}) {
  const from = slot;
  const to = recipient(conversation, otherIn(conversationById(conversation)));
  const messages = written(said, conversation).map((message) => ({ platform, from: state.me, to, ...message }));
  refuse(null);
  // One after the other, so that quick typing keeps its order.
  for (const message of messages) sending = sending.then(() => api.say(message));
  sending = sending.catch((error) => {
    if (from !== slot) return;
    refuse(error.message);
    failed();
  });
}
