// What opens on top: members, profiles, questions, pictures, the sandbox's own switches.

import * as api from "./api.js";
import { avatar, button, byId, complain, h, icon, setLabel, toast } from "./dom.js";
import { clockTime } from "./format.js";
import { t } from "./i18n.js";
import { receiptsOf, tags } from "./message.js";
import { displayOf, governs, groupOf, mayRemove, memberOf, me, now, on, outranks, ownRole, personById, runs, state, titleOf } from "./store.js";
import { botKind, can, equal, joins, platform } from "./worlds.js";

const SPANS = { "span.minute": 60, "span.hour": 3600, "span.day": 86400 };

const dialog = byId("dialog");

let links;
/** Draws the open dialog again when what it shows has changed. */
let redraw = null;

/** `given`: `act(action, details)`, `mention(person)`, `become(name)`, `here()`, `at(seq)`, `send(piece)`. */
export function startDialogs(given) {
  links = given;
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  // The event comes a little later than the end: another dialog may have opened since.
  dialog.addEventListener("close", () => dialog.open || (redraw = null));
  for (const change of ["status", "conversations", "message"]) on(change, () => dialog.open && redraw?.());
}

/** Opens a dialog, or draws the open one anew under the same keyboard focus. */
export function show(title, ...content) {
  const controls = () => [...dialog.querySelectorAll("button, input, select")];
  const at = controls().indexOf(document.activeElement);
  dialog.replaceChildren(
    h("header", {}, h("h2", { id: "dialog-title" }, title), setLabel(button(".tool", icon("close"), () => dialog.close()), t("close"))),
    h("div.content", { tabindex: "-1", autofocus: true }, content));
  if (!dialog.open) dialog.showModal();
  else (controls()[at] ?? dialog.lastChild).focus();
}

/** Opens a dialog that stays up to date; `null` for the next one to stay as it is. */
export function keep(draw) {
  redraw = draw;
  draw?.();
}

/** The same about the open conversation; who is thrown out of it meanwhile has nothing left to see. */
export const keepHere = (draw) => keep(() => {
  const here = links.here();
  if (here) draw(here);
  else dialog.close();
});

/** Something to do that closes the dialog first. */
export const closing = (run) => () => {
  dialog.close();
  run();
};

/** Asks for a line of text; `null` when the person thinks better of it. */
function ask(title, label, value = "") {
  keep(null);
  return new Promise((resolve) => {
    let answer = null;
    const input = h("input", { id: "answer", value, autocomplete: "off" });
    show(title, h("form", { method: "dialog", onsubmit: () => (answer = input.value) },
      h("label", { for: "answer" }, label), input,
      h("div.buttons.end", {}, button(".plain", t("cancel"), () => dialog.close()), h("button.primary", {}, t("ok")))));
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    input.select();
  });
}

/** A picture, as large as fits. */
export function showImage({ name, url }) {
  show(name || t("image"), h("img.large", { src: url, alt: name || t("image") }));
}

/** Who is in the group, and who could be. */
export function showMembers() {
  keepHere((group) => {
    // Nobody is invited to a chatroom.
    const open = can("invite") && groupOf(group.id).group;
    const outside = open ? state.people.filter((person) => !memberOf(group, person.id) && joins(person)) : [];
    const invite = ({ name }) => links.act("invite", { ...groupOf(group.id), target: name });
    show(t("members"),
      h("ul.members", {}, group.members.map(memberRow)),
      outside.length > 0 && h("h3", {}, t("invite")),
      h("div.buttons", {}, outside.map((person) => button(".small", [icon("plus"), displayOf(person)], () => invite(person)))));
  });
}

const mutedUntil = (member) => member?.muted_until > now() && t("mutedUntil", { time: clockTime(member.muted_until) });

function memberRow(member) {
  const person = { ...personById(member.id), ...member };
  return h("li", {}, button(".member", [
    avatar(person),
    h("span.line", {}, h("strong", {}, displayOf(person)), tags(person, member)),
    h("small", {}, [member.name === state.me && t("you"), member.card && member.name, member.id, mutedUntil(member)].filter(Boolean).join(" · ")),
  ], () => showProfile(member)));
}

/** A person, and what one may do to them here. */
export function showProfile({ id, name }) {
  keepHere((here) => {
    const member = memberOf(here, id);
    const person = { id, name, ...personById(id), ...member };
    show(displayOf(person),
      h("div.profile", {}, avatar(person),
        h("p", {}, h("strong", {}, displayOf(person)), (here.kind === "group" || botKind(person)) && tags(person, member)),
        h("small", {}, `${name} · ${id}`), h("small", {}, mutedUntil(member))),
      h("div.buttons.stack", {}, name === state.me ? ownChoices(here) : choices(person, here),
        here.kind === "group" && member && mayRemove(here, member) && governing(person, here)));
  });
}

const ownChoices = (here) => here.kind === "group" && can("card") && button("", t("card"), () => changeCard(me(), here));

function choices(person, here) {
  const poke = () => links.act("poke", { target: person.name, ...groupOf(here.id) });
  return [
    here.kind === "group" && button("", t("mention"), closing(() => links.mention({ ...person, display: displayOf(person) }))),
    can("poke") && button("", t("poke"), closing(poke)),
    can("whisper") && !botKind(person) && button("", t("whisper"), () => whisper(person)),
    botKind(person)
      ? can("befriend") && button("", t("befriend"), befriend)
      : button("", t("become", { name: person.name }), closing(() => links.become(person.name))),
  ];
}

/** What an owner or admin may do to those below. */
function governing(person, group) {
  const target = { ...groupOf(group.id), target: person.name };
  const admin = person.role === "admin";
  const mute = (label, seconds) => button("", label, () => links.act("mute", { ...target, seconds }));
  const remove = ["kick", "remove"].find(can);
  return [
    can("govern") && outranks(group, person) && [
      button("", t("card"), () => changeCard(person, group)),
      person.muted_until > now()
        ? mute(t("unmute"), 0)
        : Object.entries(SPANS).map(([span, seconds]) => mute(t("mute", { span: t(span) }), seconds)),
      ownRole(group) === "owner" && [
        button("", t(admin ? "unadmin" : "admin"), () => links.act("set_admin", { ...target, enable: !admin })),
        button("", t("title"), () => changeTitle(person, group)),
      ],
    ],
    can("owner") && ownRole(group) === "owner" && !botKind(person) && button("", t("owner"), () => links.act("owner", target)),
    remove && button(".danger", t("kick"), closing(() => links.act(remove, target))),
  ].flat(3);
}

async function changeTitle({ id, name }, group) {
  const title = await ask(t("title"), name, memberOf(group, id).title);
  if (title !== null) links.act("set_title", { ...groupOf(group.id), target: name, title });
}

async function changeCard({ id, name }, group) {
  const card = await ask(t("card"), name, memberOf(group, id).card);
  if (card !== null) links.act("set_card", { ...groupOf(group.id), target: name, card });
}

async function befriend() {
  const comment = await ask(t("befriend"), t("comment"));
  if (comment !== null && (await links.act("befriend", { target: "bot", comment }))) toast(t("requestSent"));
}

/** Begins a conversation of two people. */
async function whisper({ id }) {
  const text = await ask(t("whisper"), displayOf(personById(id)));
  if (text) api.say({ platform, from: state.me, to: `user:${id}`, text }).catch(complain);
}

/** Comes online or goes offline; nothing here shows it, the callbacks do. */
const connecting = ["connect", "disconnect"].map((action) => () =>
  button("", t(action), closing(async () => (await links.act(action)) && toast(t(`${action}.done`)))));

/** Asks a group to be let in. */
export async function requestJoin(group) {
  const comment = await ask(`${t("requestJoin")}: ${group.title}`, t("comment"));
  if (comment !== null && (await links.act("request_join", { ...groupOf(group.id), comment }))) toast(t("requestSent"));
}

async function rename(group) {
  const name = await ask(t("rename"), t("groupName"), group.title);
  if (name) links.act("rename", { ...groupOf(group.id), name });
}

/** What else one can do in the conversation. */
export function showMore() {
  keepHere(drawMore);
}

function drawMore(here) {
  const group = groupOf(here.id);
  const online = can("connect") && connecting.map((draw) => draw());
  const readHere = can("read") && button("", t("readHere"), closing(() => links.act("read", { conversation: here.id })));
  show(titleOf(here), h("div.buttons.stack", {}, here.kind === "group"
    ? [
        readHere,
        online,
        ownChoices(here),
        // Where nobody governs, everybody may.
        can("rename") && group.group && (ownRole(here) !== "member" || !can("govern")) && button("", t("rename"), () => rename(here)),
        can("govern") && governs(here) && button("", t(here.whole_ban ? "unmuteAll" : "muteAll"), () => links.act("whole_ban", { ...group, enable: !here.whole_ban })),
        here.room?.kind === "session" && can("convert") && button("", t("convert"), () => convert(here)),
        can("archive") && !here.room?.general && (here.room?.kind === "session" || runs(here)) && archiving(here),
        !here.room?.general && button(".danger", t(group.chatroom ? "exitRoom" : "leave"), closing(() => links.act(can("quit") ? "quit" : "leave", group))),
        can("disband") && ownRole(here) === "owner" && button(".danger", t("disband"), closing(() => links.act("disband", group))),
        can("dismiss") && group.group && (equal() || ownRole(here) === "owner") && button(".danger", t("disband"), closing(() => links.act("dismiss", group))),
      ]
    : [
        readHere,
        online,
        can("poke") && button("", t("poke"), closing(() => links.act("poke", { target: "bot" }))),
        can("befriend") && button("", t("befriend"), befriend),
        can("enter") && button("", t("enter"), closing(() => links.act("enter", { conversation: here.id }))),
      ]));
}

/** Closes a channel to everything but reading, or opens it again; what is no channel yet stays closed. */
function archiving(here) {
  const { archived, kind } = here.room;
  const action = archived ? "unarchive" : "archive";
  return (!archived || kind === "channel") && button(archived ? "" : ".danger", t(action), closing(() => links.act(action, groupOf(here.id))));
}

/** Makes a channel of a conversation that has no name of its own. */
async function convert(here) {
  const name = await ask(t("convert"), t("channelName"));
  if (name) links.act("convert", { ...groupOf(here.id), name });
}

/** Presses a button of which only the application knows that it is there. */
export async function showPress({ id }) {
  const key = await ask(t("card.press"), t("card.key"));
  if (key) links.act("press", { message: id, key });
}

/** Who has read a message; whoever has not can be made to. */
export function showReaders({ seq }) {
  keep(() => {
    const message = links.at(seq);
    const { read, unread } = receiptsOf(message ?? {});
    const known = ({ id, name }) => personById(id) ?? { id, name };
    const reads = ({ name }) => api.act(name, "read", { message: message.id }).catch(complain);
    const content = (person) => [avatar(known(person)), h("span", {}, displayOf(known(person)))];
    const column = (words, people, none, draw) => h("section.readers", {}, h("h3", {}, `${t(words)} (${people.length})`),
      people.length ? h("ul", {}, people.map((person) => h("li", {}, draw(person)))) : h("p.hint", {}, t(none)));
    show(t("readers"),
      h("div.columns", {},
        column("unread", unread, "readers.waiting", (person) =>
          setLabel(button(".reader", [content(person), icon("check")], () => reads(person)), t("readAs", { name: displayOf(known(person)) }))),
        column("read", read, "readers.nobody", (person) => h("span.reader", {}, content(person)))),
      unread.length > 1 && h("div.buttons.end", {}, button("", t("readByAll"), async () => {
        for (const person of unread) await reads(person); // In this order, one after the other.
      })));
  });
}

/** An entry of the application's menu: what is below it, or the click on it. */
export function showMenu({ type, name, key, url, pagepath, sub_button: below = [] }) {
  if (below.length) {
    show(name, h("div.buttons.stack", {}, below.map((entry) => button("", entry.name, closing(() => showMenu(entry))))));
  } else links.act("menu", { conversation: links.here().id, key: { view: url, view_miniprogram: pagepath }[type] ?? key });
}

/** What can be sent that nobody writes: a location, a link. */
export function showForms() {
  keep(null);
  const field = (name, label, properties) => h("label", {}, t(label), h("input", { name, autocomplete: "off", ...properties }));
  const degrees = (most, value) => ({ type: "number", step: "any", min: -most, max: most, value, required: true });
  const form = (type, read, ...fields) =>
    h("section", {}, h("h3", {}, t(type)), h("form.fields", {
      onsubmit(event) {
        event.preventDefault();
        dialog.close();
        links.send({ type, ...read(Object.fromEntries(new FormData(event.target))) });
      },
    }, fields, h("div.buttons.end", {}, h("button.primary", {}, t("send")))));
  show(t("sendMore"),
    form("location", ({ label, latitude, longitude }) => ({ label, latitude: Number(latitude), longitude: Number(longitude) }),
      field("label", "location.label", { required: true }),
      field("latitude", "location.latitude", degrees(90, "23.134")),
      field("longitude", "location.longitude", degrees(180, "113.358"))),
    form("link", (page) => page,
      field("title", "link.title", { required: true }),
      field("text", "link.text"),
      field("url", "link.url", { type: "url", required: true, placeholder: "https://" })));
}
