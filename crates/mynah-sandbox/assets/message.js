// One message or notice, drawn in QQ's manner.

import { avatar, h, icon } from "./dom.js";
import { clockTime, fullTime, separatorTime } from "./format.js";
import { known, language, t } from "./i18n.js";
import { bot, conversationById, displayOf, me, memberOf, personById, state } from "./store.js";

/** QQ's faces by id: the drawing we have of it, or its name. */
const FACES = {
  14: { drawing: "smile", en: "smile", zh: "微笑" },
  13: { drawing: "grin", en: "grin", zh: "呲牙" },
  5: { drawing: "tears", en: "tears", zh: "流泪" },
  66: { drawing: "heart", en: "heart", zh: "爱心" },
  76: { drawing: "thumb", en: "like", zh: "赞" },
  99: { drawing: "clap", en: "applause", zh: "鼓掌" },
};

/** The faces offered as reactions. */
export const REACTIONS = ["76", "66", "14", "13", "5", "99"];

const SEPARATOR_AFTER_S = 300;
const LINK = /https?:\/\/[^\s<>"'，。；！？）】]+/g;

export const faceName = (id) => FACES[id]?.[language()] ?? `#${id}`;

/** A face as a drawing with its name, or the name in brackets. */
export function face(id) {
  const drawing = FACES[id]?.drawing;
  if (!drawing) return h("span.face", {}, `[${faceName(id)}]`);
  return h("span.face", { role: "img", "aria-label": faceName(id), title: faceName(id) }, icon(drawing));
}

const mentionName = (part) => (part.id === "all" ? t("mentionAll") : displayOf(personById(part.id)) || part.name || part.id);

/** A message in one line of plain text. */
export function summary(message) {
  if (message.kind === "notice") return noticeText(message);
  if (message.recalled) return t("part.recalled");
  const words = {
    text: (part) => part.text,
    mention: (part) => `@${mentionName(part)} `,
    image: () => t("part.image"),
    quote: () => "",
    face: (part) => `[${faceName(part.id)}]`,
  };
  return message.parts.map((part) => words[part.type]?.(part) ?? part.text ?? `[${part.name}]`).join("");
}

const noticeText = (message) => message.notice?.[language() === "zh" ? "text_zh" : "text_en"] ?? "";

/** Only the text and mentions, as one would type them again. */
export const typedText = (message) =>
  message.parts
    .filter((part) => part.type === "text" || part.type === "mention")
    .map((part) => (part.type === "text" ? part.text : `@${mentionName(part)} `))
    .join("");

/** What a screen reader says of a message. */
export const spoken = (message) =>
  message.kind === "notice" ? noticeText(message) : `${message.from.display}: ${summary(message)}`;

/**
 * The row of a message. `before` is the message above it; `on` are the
 * listeners `profile(from)`, `poke(from)`, `jump(id)`, `image(part)`,
 * `react(message, face)`, `edit(message)`, `accept(message)`.
 */
export function messageRow(message, before, timeline, on) {
  const own = message.from.name === state.me;
  const row = h("article.row", { tabindex: "-1", "data-seq": message.seq, "aria-label": `${spoken(message)} ${clockTime(message.time)}` });
  if (!before || message.time - before.time > SEPARATOR_AFTER_S) {
    row.append(h("div.separator", {}, h("time", { datetime: isoTime(message) }, separatorTime(message.time))));
  }
  if (message.kind === "notice") {
    row.classList.add("notice");
    row.append(noticeLine(message, on));
    return row;
  }
  if (own) row.classList.add("own");
  row.append(
    h("div.speech", {},
      h("button.face-button", { type: "button", tabindex: "-1", "aria-label": t("do.profile", { name: message.from.display }), onclick: () => on.profile(message.from), ondblclick: () => on.poke(message.from) }, avatar(message.from)),
      h("div.body", {}, whoLine(message), bubble(message, timeline, on), reactions(message, on)),
    ),
  );
  return row;
}

const isoTime = (message) => new Date(message.time * 1000).toISOString();

function noticeLine(message, on) {
  const line = h("p.line", { "data-kind": message.notice?.kind }, noticeText(message));
  if (mayAccept(message)) {
    line.append(h("button.plain", { type: "button", onclick: () => on.accept(message) }, t("accept")));
  }
  return line;
}

/** An owner or admin lets a person in who asks to join and is not in yet. */
function mayAccept(message) {
  const conversation = conversationById(message.conversation);
  return (
    message.notice?.kind === "request" &&
    conversation?.kind === "group" &&
    !memberOf(conversation, message.from.id) &&
    ["owner", "admin"].includes(memberOf(conversation, me()?.id)?.role)
  );
}

/** The tags QQ shows beside a name: role, special title, bot. */
export function tags(person, member) {
  const role = member?.role ?? person.role;
  return [
    role === "owner" || role === "admin" ? h(`span.tag.${role}`, {}, t(`role.${role}`)) : null,
    member?.title ? h("span.tag.title", {}, member.title) : null,
    person.bot || person.name === bot()?.name ? h("span.tag.robot", {}, t("tag.bot")) : null,
  ];
}

function whoLine(message) {
  const conversation = conversationById(message.conversation);
  const group = conversation?.kind === "group";
  return h("div.who", {},
    group ? tags(message.from, memberOf(conversation, message.from.id)) : null,
    h("span.name", {}, message.from.display),
    h("time", { datetime: isoTime(message), title: fullTime(message.time) }, clockTime(message.time)),
  );
}

function bubble(message, timeline, on) {
  const content = h("div.bubble", {}, message.parts.map((part) => partNode(part, timeline, on)));
  if (message.parts.length === 1 && message.parts[0].type === "image") content.classList.add("picture");
  return message.recalled ? recalled(message, content, on) : content;
}

/** A recalled message stays as a shadow: this is a sandbox, one may look. */
function recalled(message, content, on) {
  const own = message.recalled.by.name === state.me;
  const box = h("div.recalled", {}, h("span", {}, own ? t("recalled.own") : t("recalled.by", { name: message.recalled.by.name })));
  const show = h("button.plain", { type: "button", "aria-expanded": "false" }, t("recalled.show"));
  content.hidden = true;
  show.addEventListener("click", () => {
    content.hidden = !content.hidden;
    show.setAttribute("aria-expanded", String(!content.hidden));
    show.textContent = t(content.hidden ? "recalled.show" : "recalled.hide");
  });
  box.append(show);
  if (message.from.name === state.me && typedText(message)) {
    box.append(h("button.plain", { type: "button", onclick: () => on.edit(message) }, t("recalled.edit")));
  }
  return h("div.shadow", {}, box, content);
}

function partNode(part, timeline, on) {
  const build = {
    text: () => linked(part.text),
    mention: () => h("span.mention", { class: `mention${part.id === me()?.id || part.id === "all" ? " self" : ""}` }, `@${mentionName(part)}`),
    image: () => image(part, on),
    quote: () => quote(part, timeline, on),
    face: () => face(part.id),
  }[part.type];
  return build ? build() : otherCard(part);
}

/** Text with its web addresses made links. */
function linked(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(end, match.index), link(match[0], match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return h("span.text", {}, nodes);
}

const link = (href, content) => h("a", { href, target: "_blank", rel: "noopener noreferrer", tabindex: "-1" }, content);

function image(part, on) {
  return h("button.image", { type: "button", tabindex: "-1", "aria-label": part.name || t("part.image"), onclick: () => on.image(part) },
    h("img", { src: part.url, alt: part.name || t("part.image") }));
}

function quote(part, timeline, on) {
  const target = timeline.byId.get(part.message_id);
  const content = target
    ? [h("strong", {}, target.from.display), h("span", {}, summary(target))]
    : [h("span", {}, t("part.earlier"))];
  return h("button.quote", { type: "button", tabindex: "-1", onclick: () => on.jump(part.message_id) }, content);
}

/** Anything we have no drawing for: its name, its words, its link. */
function otherCard(part) {
  const data = part.data ?? {};
  const title = data.title || data.name || part.text || part.name;
  const detail = data.content || data.desc || "";
  const address = /^https?:\/\//.test(data.url ?? "") ? data.url : null;
  const card = h("span.card", {}, icon(part.name === "file" ? "file" : "card"),
    h("span", {}, h("strong", {}, address ? link(address, title) : title), detail ? h("small", {}, detail) : null, h("small", {}, known(`segment.${part.name}`) ?? part.name)));
  return card;
}

function reactions(message, on) {
  if (!message.reactions.length) return null;
  const mine = me()?.id;
  return h("div.reactions", {}, message.reactions.map((reaction) =>
    h("button.reaction", {
      type: "button",
      tabindex: "-1",
      "aria-pressed": String(reaction.by.includes(mine)),
      title: reaction.by.map((id) => displayOf(personById(id)) || id).join(", "),
      onclick: () => on.react(message, reaction.id),
    }, face(reaction.id), h("span", {}, reaction.by.length))));
}
