// What opens on top: members, profiles, questions, pictures, the sandbox's own switches.

import * as api from "./api.js";
import { avatar, byId, h, icon, setLabel, toast } from "./dom.js";
import { clockTime, fullTime, span } from "./format.js";
import { t } from "./i18n.js";
import { copyButton } from "./inspector.js";
import { tags } from "./message.js";
import { bot, displayOf, me, memberOf, now, on, outranks, personById, refreshFaults, state, takeClock, titleOf } from "./store.js";

const FAULTS = ["delay", "drop", "duplicate", "reorder", "error", "rate_limit", "expire_tokens", "forge_signature", "half_open", "disconnect"];
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

const dialog = byId("dialog");

/** What the dialogs ask of the page: `act`, `mention`, `become`. */
let links;
/** Draws the open dialog again when what it shows has changed. */
let redraw = null;

export function startDialogs(given) {
  links = given;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    redraw = null;
    dialog.replaceChildren();
  });
  on("status", () => redraw?.());
  on("conversations", () => redraw?.());
}

function show(title, ...content) {
  const close = h("button.tool", { type: "button", onclick: () => dialog.close() }, icon("close"));
  setLabel(close, t("close"));
  dialog.replaceChildren(
    h("header", {}, h("h2", { id: "dialog-title" }, title), close),
    h("div.content", {}, content),
  );
  if (!dialog.open) dialog.showModal();
}

const button = (label, onclick, kind = "") => h(`button${kind}`, { type: "button", onclick }, label);

function closing(action) {
  return () => {
    dialog.close();
    action();
  };
}

/** Asks for a line of text; `null` when the person thinks better of it. */
export function ask(title, label, value = "") {
  return new Promise((resolve) => {
    const input = h("input", { id: "answer", value, autocomplete: "off" });
    const form = h("form", { method: "dialog" },
      h("label", { for: "answer" }, label), input,
      h("div.buttons.end", {}, button(t("cancel"), () => dialog.close(), ".plain"), h("button.primary", { type: "submit" }, t("ok"))));
    let answer = null;
    form.addEventListener("submit", () => (answer = input.value));
    show(title, form);
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    input.select();
  });
}

/** Asks yes or no. */
export function confirm(title, text, yes) {
  return new Promise((resolve) => {
    let sure = false;
    const agree = h("button.danger", { type: "button", onclick: () => {
      sure = true;
      dialog.close();
    } }, yes);
    show(title, h("p", {}, text), h("div.buttons.end", {}, button(t("cancel"), () => dialog.close(), ".plain"), agree));
    dialog.addEventListener("close", () => resolve(sure), { once: true });
    agree.focus();
  });
}

/** A picture, as large as fits. */
export function showImage(part) {
  show(part.name || t("part.image"), h("img.large", { src: part.url, alt: part.name || t("part.image") }));
}

/** Who is in a group. */
export function showMembers(find) {
  redraw = () => {
    const conversation = find();
    if (!conversation) return;
    const outside = state.people.filter((person) => !memberOf(conversation, person.id));
    show(t("members.title", { title: titleOf(conversation) }),
      h("ul.members", {}, conversation.members.map((member) => memberRow(conversation, member, find))),
      outside.length ? h("h3", {}, t("members.invite")) : null,
      h("div.buttons", {}, outside.map((person) =>
        button([icon("plus"), person.display || person.name], () => links.act("invite", { group: groupId(conversation), target: person.name }), ".small"))));
  };
  redraw();
}

const groupId = (conversation) => conversation.id.slice("group:".length);

function memberRow(conversation, member, find) {
  const person = { ...personById(member.id), ...member };
  const muted = member.muted_until > now() ? t("members.muted", { time: clockTime(member.muted_until) }) : null;
  return h("li", {}, h("button.member", { type: "button", onclick: () => showProfile(member, find) },
    avatar(person),
    h("span.line", {}, h("strong", {}, displayOf(person)), tags(person, member), member.name === state.me ? h("small", {}, t("you")) : null),
    h("small", {}, [member.card ? member.name : null, member.id, muted].filter(Boolean).join(" · "))));
}

/** A person, and what one may do to them. `find` answers the open conversation. */
export function showProfile(from, find) {
  redraw = () => {
    const conversation = find();
    const member = memberOf(conversation, from.id);
    const person = { ...personById(from.id), ...(member ?? from) };
    const group = conversation?.kind === "group" && member ? conversation : null;
    show(displayOf(person),
      h("div.profile", {}, avatar(person), h("p", {}, h("strong", {}, displayOf(person)), group ? tags(person, member) : null),
        h("small", {}, [person.name, person.id].join(" · ")),
        member?.muted_until > now() ? h("small", {}, t("members.muted", { time: clockTime(member.muted_until) })) : null),
      h("div.buttons.stack", {}, group ? inGroup(person, member, group) : [], general(person, group)));
  };
  redraw();
}

function general(person, group) {
  const own = person.name === state.me;
  if (own) return [];
  const place = group ? { group: groupId(group) } : {};
  return [
    button(t("profile.poke"), closing(() => links.act("poke", { target: person.name, ...place }))),
    person.name === bot()?.name ? button(t("profile.befriend"), closing(befriend)) : button(t("profile.become", { name: person.display || person.name }), closing(() => links.become(person.name))),
  ];
}

function inGroup(person, member, group) {
  const own = person.name === state.me;
  const target = { group: groupId(group), target: person.name };
  const governs = outranks(group, member);
  const owner = memberOf(group, me()?.id)?.role === "owner";
  const muted = member.muted_until > now();
  const mute = (seconds, key) => button(t("profile.mute", { span: t(key) }), () => links.act("mute", { ...target, seconds }));
  return [
    own ? null : button(t("profile.mention"), closing(() => links.mention({ ...person, display: displayOf(person) }))),
    own || governs ? button(t("profile.card"), () => changeCard(person, member, target)) : null,
    ...(governs
      ? [
          muted ? button(t("profile.unmute"), () => links.act("mute", { ...target, seconds: 0 })) : null,
          ...(muted ? [] : [mute(MINUTE, "span.minute"), mute(10 * MINUTE, "span.ten"), mute(HOUR, "span.hour")]),
          owner ? button(t(member.role === "admin" ? "profile.unadmin" : "profile.admin"), () => links.act("set_admin", { ...target, enable: member.role !== "admin" })) : null,
          button(t("profile.kick"), closing(() => links.act("kick", target)), ".danger"),
        ]
      : []),
  ];
}

async function changeCard(person, member, target) {
  redraw = null;
  const card = await ask(t("profile.card"), t("profile.cardOf", { name: person.name }), member.card);
  if (card !== null) links.act("set_card", { ...target, card });
}

export async function befriend() {
  const comment = await ask(t("profile.befriend"), t("more.befriendLabel"));
  if (comment !== null && (await links.act("befriend", { target: "bot", comment }))) toast(t("sent.befriend"));
}

export async function requestJoin(group) {
  const comment = await ask(t("requestJoin"), t("more.joinLabel", { title: group.title }));
  if (comment === null) return;
  if (await links.act("request_join", { group: groupId(group), comment })) toast(t("sent.join"));
}

/** What else one can do in a conversation. */
export function showMore(conversation) {
  const group = conversation.kind === "group";
  const self = memberOf(conversation, me()?.id);
  const governs = group && self?.role !== "member";
  const choices = group
    ? [
        button(t("profile.card"), () => changeCard(me(), self, { group: groupId(conversation), target: state.me })),
        governs ? button(t("more.rename"), () => rename(conversation)) : null,
        button(t("more.leave"), () => leave(conversation), ".danger"),
      ]
    : [
        button(t("more.poke"), closing(() => links.act("poke", { target: "bot" }))),
        button(t("profile.befriend"), befriend),
      ];
  show(titleOf(conversation), h("div.buttons.stack", {}, choices));
}

async function rename(conversation) {
  const name = await ask(t("more.rename"), t("more.renameLabel"), conversation.title);
  if (name) links.act("rename", { group: groupId(conversation), name });
}

async function leave(conversation) {
  const sure = await confirm(t("more.leave"), t("more.leaveSure", { title: conversation.title, name: me().display }), t("more.leave"));
  if (sure) links.act("leave", { group: groupId(conversation) });
}

// The sandbox itself

/** Time, faults, how to connect, starting over. */
export function showTools() {
  const clock = h("section");
  const faults = h("section");
  redraw = () => {
    drawClock(clock);
    drawFaults(faults);
  };
  redraw();
  show(t("tools.title"), clock, faults, connectSection(), resetSection());
}

/** Runs a call and says what went wrong, if anything did. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    toast(error.message, "error");
  }
}

function drawClock(section) {
  const advance = (seconds) => button(`+${span(seconds)}`, () => attempt(async () => takeClock(await api.setClock({ advance_s: seconds }))), ".small");
  const { offset } = state;
  const relation = Math.abs(offset) < 1 ? t("tools.same") : t(offset > 0 ? "tools.ahead" : "tools.behind", { span: span(offset) });
  keepFocus(section, () => section.replaceChildren(
    h("h3", {}, t("tools.clock")),
    h("p", {}, t("tools.now", { time: fullTime(now()) }), " · ", relation),
    h("div.buttons", {}, advance(MINUTE), advance(HOUR), advance(DAY),
      Math.abs(offset) < 1 ? null : button(t("tools.real"), () => attempt(async () => takeClock(await api.setClock({ set: Date.now() / 1000 }))), ".small.plain")),
  ));
}

/** What a fault is called, and how long it stays on. */
export const faultName = (fault) => [t(`fault.${fault.kind}`), fault.count ? `×${fault.count}` : ""].join(" ").trim();

function drawFaults(section) {
  const draft = { kind: section.querySelector("select")?.value, count: section.querySelector("input")?.value };
  const kind = h("select", { id: "fault-kind" }, FAULTS.map((name) => h("option", { value: name, selected: name === draft.kind }, t(`fault.${name}`))));
  const count = h("input", { id: "fault-count", type: "number", min: "1", inputmode: "numeric", value: draft.count ?? "" });
  const form = h("form.fault", {},
    h("label", {}, t("tools.kind"), kind), h("label", {}, t("tools.count"), count), h("button.small", { type: "submit" }, t("tools.add")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await api.addFault({ kind: kind.value, ...(count.value ? { count: Number(count.value) } : {}) });
      await refreshFaults();
    });
  });
  const remove = (id) => attempt(async () => {
    await api.removeFault(id);
    await refreshFaults();
  });
  keepFocus(section, () => section.replaceChildren(
    h("h3", {}, t("tools.faults")),
    state.faults.length
      ? h("ul.faults", {}, state.faults.map((fault) => h("li", {}, icon("alert"), h("span", {}, faultName(fault)), button(t("tools.remove"), () => remove(fault.id), ".small.plain"))))
      : h("p", {}, t("tools.noFaults")),
    form,
    ...(state.faults.length > 1 ? [button(t("tools.clear"), () => remove(null), ".small.plain")] : []),
  ));
}

/** Redraws without sending the keyboard back to the start of the page. */
function keepFocus(section, draw) {
  const controls = () => [...section.querySelectorAll("button, input, select")];
  const at = controls().indexOf(document.activeElement);
  draw();
  if (at >= 0) controls()[Math.min(at, controls().length - 1)]?.focus();
}

function connectSection() {
  const line = (key, address) => h("p.connect", {}, h("span", {}, t(key)), h("code", {}, address), copyButton("copy.address", address));
  return h("section", {},
    h("h3", {}, t("tools.connect")),
    h("p", {}, t("tools.connectText")),
    line("tools.ws", `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/onebot`),
    line("tools.http", `${location.origin}/onebot`));
}

function resetSection() {
  return h("section", {},
    h("h3", {}, t("tools.reset")),
    h("p", {}, t("tools.resetText")),
    button(t("tools.reset"), () => attempt(async () => {
      await api.reset();
      dialog.close();
      toast(t("tools.resetDone"));
    }), ".small.danger"));
}
