// The message box: text, mentions, a quote, pictures, and what was sent before.

import { byId, h, icon, setLabel } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { summary, tags } from "./message.js";
import { avatar } from "./dom.js";
import { clockTime } from "./format.js";
import { conversationById, displayOf, me, memberOf, now, on, personById, state, titleOf } from "./store.js";
import * as api from "./api.js";

const LARGEST_MB = 10;
const REMEMBERED = 50;
/** An `@` and what follows it up to the caret, unless it is part of an address. */
const OPEN_MENTION = /(?:^|[^A-Za-z0-9])@([^\s@]{0,20})$/;

const form = byId("composer");
const draft = byId("draft");
const picker = byId("picker");
const pendingList = byId("pending");

let conversation = null;
let quoted = null;
/** Pictures to send: `{ name, data }` with a data URL. */
let pictures = [];
/** Mentions picked: `{ id, label }`; a label that is still in the text counts. */
let mentions = [];
let candidates = [];
let choice = 0;
/** Texts not sent yet, and texts sent, by person and conversation. */
const drafts = new Map();
const sent = new Map();
let recalled = -1;
let unmute;
let sending = Promise.resolve();

/** `links`: `upload(name)` for files that are no pictures. */
export function startComposer(links) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  draft.addEventListener("input", () => {
    recalled = -1;
    fit();
    openPicker();
  });
  draft.addEventListener("click", openPicker);
  draft.addEventListener("blur", () => setTimeout(closePicker, 150));
  draft.addEventListener("keydown", onKey);
  draft.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    addFiles(event.clipboardData.files, links);
  });
  byId("insert-mention").addEventListener("click", () => {
    const spaced = draft.value && !/\s$/.test(draft.value.slice(0, draft.selectionStart));
    insert(spaced ? " @" : "@");
    openPicker();
  });
  byId("insert-image").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", (event) => {
    addFiles(event.target.files, links);
    event.target.value = "";
  });
  startDrop(links);
  on("conversations", drawPermission);
  on("status", drawPermission);
  onLanguage(() => {
    drawPermission();
    drawQuote();
    drawPictures();
  });
}

const slot = () => `${state.me} ${conversation}`;

/** Turns to another conversation, keeping what was begun in the old one. */
export function compose(id) {
  if (conversation) drafts.set(slotOf, { text: draft.value, mentions });
  conversation = id;
  slotOf = slot();
  const kept = drafts.get(slotOf) ?? { text: "", mentions: [] };
  mentions = kept.mentions;
  draft.value = kept.text;
  recalled = -1;
  pictures = [];
  quote(null);
  drawPictures();
  refuse(null);
  closePicker();
  drawPermission();
  fit();
}

let slotOf = null;

export const focusComposer = () => draft.focus();

/** Puts a text into the box, ready to send. */
export function write(text) {
  draft.value = text;
  fit();
  draft.focus();
  draft.setSelectionRange(text.length, text.length);
}

/** Mentions somebody at the caret. */
export function mention(person) {
  draft.focus();
  addMention(person, draft.selectionStart);
}

/** Quotes a message, or nothing. */
export function quote(message) {
  quoted = message;
  drawQuote();
  if (message) draft.focus();
}

function drawQuote() {
  const box = byId("quoting");
  box.hidden = !quoted;
  if (!quoted) return;
  const remove = h("button.tool", { type: "button", onclick: () => quote(null) }, icon("close"));
  setLabel(remove, t("quoting.remove"));
  box.replaceChildren(
    h("p", {}, h("strong", {}, t("quoting.label", { name: quoted.from.display })), " ", summary(quoted)),
    remove,
  );
}

/** The box grows with its text, as far as the style sheet lets it. */
function fit() {
  draft.style.setProperty("height", "auto");
  draft.style.setProperty("height", `${draft.scrollHeight}px`);
}

function insert(text) {
  draft.focus();
  draft.setRangeText(text, draft.selectionStart, draft.selectionEnd, "end");
  fit();
}

// Who may speak

function drawPermission() {
  const here = conversationById(conversation);
  if (!here) return;
  const self = memberOf(here, me()?.id);
  const mutedFor = (self?.muted_until ?? 0) - now();
  const reason = mutedFor > 0
    ? t("muted.self", { time: clockTime(self.muted_until) })
    : here.whole_ban && self?.role === "member" ? t("muted.all") : null;
  clearTimeout(unmute);
  if (mutedFor > 0) unmute = setTimeout(drawPermission, Math.min(mutedFor * 1000 + 200, 2 ** 31 - 1));
  draft.placeholder = reason ?? t("draft.to", { title: titleOf(here) });
  setLabel(draft, draft.placeholder);
  for (const control of form.querySelectorAll("textarea, .write button")) control.disabled = Boolean(reason);
  byId("insert-mention").hidden = here.kind !== "group";
}

function refuse(error) {
  const line = byId("refusal");
  line.hidden = !error;
  line.textContent = error?.message ?? "";
}

// Keys

function onKey(event) {
  // The Enter that ends a Chinese input method's composition is not ours.
  if (event.isComposing || event.keyCode === 229) return;
  if (!picker.hidden && pickerKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    if (quoted) quote(null);
    else refuse(null);
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    browseSent(event);
  }
}

function browseSent(event) {
  const earlier = sent.get(slot()) ?? [];
  const older = event.key === "ArrowUp";
  if (draft.value && recalled < 0) return;
  const next = older ? recalled + 1 : recalled - 1;
  if (next < -1 || next >= earlier.length) return;
  event.preventDefault();
  recalled = next;
  const entry = next < 0 ? { text: "", mentions: [] } : earlier.at(-1 - next);
  mentions = entry.mentions;
  write(entry.text);
}

// Mentions

function openPicker() {
  const query = draft.value.slice(0, draft.selectionStart).match(OPEN_MENTION)?.[1];
  const here = conversationById(conversation);
  if (query === undefined || here?.kind !== "group") {
    closePicker();
    return;
  }
  candidates = mentionable(here).filter((person) => matches(person, query.toLowerCase()));
  choice = 0;
  drawPicker();
}

/** Everybody else, the bot first; all at once for those who govern the group. */
function mentionable(here) {
  const others = here.members
    .filter((member) => member.name !== state.me)
    .map((member) => ({ ...personById(member.id), ...member, display: displayOf({ ...personById(member.id), card: member.card }) }))
    .sort((a, b) => Number(b.bot ?? false) - Number(a.bot ?? false));
  const governs = memberOf(here, me()?.id)?.role !== "member";
  return governs ? [...others, { id: "all", name: "all", display: t("mentionAll") }] : others;
}

const matches = (person, query) =>
  [person.name, person.display, person.id].some((text) => text?.toLowerCase().includes(query));

function drawPicker() {
  picker.hidden = candidates.length === 0;
  picker.replaceChildren(...candidates.map((person, at) =>
    h("li", { id: `mention-${at}`, role: "option", "aria-selected": String(at === choice), onmousedown: (event) => {
      event.preventDefault();
      pick(at);
    } }, avatar(person), h("span", {}, person.display), h("small", {}, person.id === "all" ? "" : person.id), tags(person, person))));
  if (picker.hidden) draft.removeAttribute("aria-activedescendant");
  else draft.setAttribute("aria-activedescendant", `mention-${choice}`);
  picker.children[choice]?.scrollIntoView({ block: "nearest" });
}

function closePicker() {
  candidates = [];
  drawPicker();
}

/** Handles a key for the open picker; `true` when it was meant for it. */
function pickerKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    choice = (choice + step + candidates.length) % candidates.length;
    drawPicker();
  } else if (event.key === "Enter" || event.key === "Tab") pick(choice);
  else if (event.key === "Escape") closePicker();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function pick(at) {
  const caret = draft.selectionStart;
  const query = draft.value.slice(0, caret).match(OPEN_MENTION)[1];
  addMention(candidates[at], caret - query.length - 1);
  closePicker();
}

/** Writes `@name ` over the text from `start` to the caret. */
function addMention(person, start) {
  const label = `@${person.display || person.name}`;
  draft.setRangeText(`${label} `, start, draft.selectionEnd, "end");
  mentions.push({ id: person.id, label });
  fit();
}

// Pictures and files

function addFiles(files, links) {
  for (const file of files) {
    if (file.size > LARGEST_MB * 1024 * 1024) refuse({ message: t("file.tooBig", { name: file.name, limit: LARGEST_MB }) });
    else if (file.type.startsWith("image/")) addPicture(file);
    else if (conversation.startsWith("group:")) links.upload(file.name);
    else refuse({ message: t("file.noGroup") });
  }
}

function addPicture(file) {
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    pictures.push({ name: file.name, data: reader.result });
    drawPictures();
    draft.focus();
  });
  reader.readAsDataURL(file);
}

function drawPictures() {
  pendingList.hidden = pictures.length === 0;
  pendingList.replaceChildren(...pictures.map((picture) => {
    const remove = h("button", { type: "button", onclick: () => {
      pictures = pictures.filter((other) => other !== picture);
      drawPictures();
      draft.focus();
    } }, icon("close"));
    setLabel(remove, t("pending.remove", { name: picture.name }));
    return h("li", {}, h("img", { src: picture.data, alt: picture.name }), remove);
  }));
}

function startDrop(links) {
  const room = byId("room");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  room.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    room.classList.add("dropping");
  });
  room.addEventListener("dragleave", (event) => {
    if (!room.contains(event.relatedTarget)) room.classList.remove("dropping");
  });
  room.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    room.classList.remove("dropping");
    addFiles(event.dataTransfer.files, links);
  });
}

// Sending

/** The text cut at the mentions in it, as segments. */
function textSegments(text, picked) {
  let segments = [{ type: "text", data: { text } }];
  for (const { id, label } of [...picked].sort((a, b) => b.label.length - a.label.length)) {
    const at = segments.findIndex((segment) => segment.type === "text" && segment.data.text.includes(label));
    if (at < 0) continue;
    const whole = segments[at].data.text;
    const start = whole.indexOf(label);
    const cut = [
      { type: "text", data: { text: whole.slice(0, start) } },
      { type: "at", data: { qq: id } },
      { type: "text", data: { text: whole.slice(start + label.length) } },
    ];
    segments = [...segments.slice(0, at), ...cut, ...segments.slice(at + 1)];
  }
  return segments.filter((segment) => segment.type !== "text" || segment.data.text);
}

/** The content of the box as the control API wants it; plain text stays plain. */
function content(text) {
  const segments = [
    ...(quoted ? [{ type: "reply", data: { id: quoted.id } }] : []),
    ...textSegments(text, mentions),
    ...pictures.map((picture) => ({ type: "image", data: { file: `base64://${picture.data.slice(picture.data.indexOf(",") + 1)}` } })),
  ];
  return segments.length === 1 && segments[0].type === "text" ? { text } : { message: segments };
}

function send() {
  const text = draft.value.replace(/\s+$/, "");
  if (draft.disabled || (!text.trim() && !pictures.length)) return;
  const here = conversation;
  const body = content(text);
  const kept = { text, mentions, pictures, quoted };
  const from = state.me;
  remember({ text, mentions });
  clear();
  // One after the other, so that quick typing keeps its order.
  sending = sending.then(() => api.say(from, here.startsWith("user:") ? "user:bot" : here, body)).catch((error) => {
    if (conversation === here && state.me === from) restore(kept, error);
  });
}

function remember(entry) {
  const earlier = sent.get(slot()) ?? [];
  if (entry.text) sent.set(slot(), [...earlier, entry].slice(-REMEMBERED));
}

function clear() {
  draft.value = "";
  mentions = [];
  pictures = [];
  recalled = -1;
  refuse(null);
  quote(null);
  drawPictures();
  closePicker();
  fit();
}

/** Gives back what could not be sent, unless something new was begun. */
function restore(kept, error) {
  refuse(error);
  if (draft.value || pictures.length) return;
  ({ mentions, pictures } = kept);
  draft.value = kept.text;
  drawPictures();
  quote(kept.quoted);
  fit();
}
