// One message or notice, drawn in QQ's manner.

import { avatar, button, h, icon } from "./dom.js";
import { clockTime, fullTime, separatorTime } from "./format.js";
import { language, t } from "./i18n.js";
import { bot, conversationById, displayOf, me, memberOf, ownRole, personById, state } from "./store.js";

/** Some of QQ's faces by id, as we draw and name them; also the reactions on offer. */
const FACES = {
  76: { drawing: "thumb", en: "like", zh: "赞" },
  66: { drawing: "heart", en: "heart", zh: "爱心" },
  14: { drawing: "smile", en: "smile", zh: "微笑" },
};
export const REACTIONS = Object.keys(FACES).reverse();

const SEPARATOR_AFTER_S = 300;
const LINK = /https?:\/\/[^\s<>"'，。；！？）】]+/g;

export const faceName = (id) => FACES[id]?.[language()] ?? `#${id}`;

/** A face as a drawing with its name, or the name in brackets. */
export function face(id) {
  if (!FACES[id]) return h("span.face", {}, `[${faceName(id)}]`);
  return h("span.face", { role: "img", "aria-label": faceName(id) }, icon(FACES[id].drawing));
}

const mentionName = ({ id, name }) => (id === "all" ? t("mentionAll") : displayOf(personById(id)) || name || id);

const noticeText = ({ notice }) => notice?.[`text_${language()}`] ?? "";

/** How each kind of part reads in plain text. */
const WORDS = {
  text: (part) => part.text,
  mention: (part) => `@${mentionName(part)} `,
  image: () => t("image"),
  quote: () => "",
  face: (part) => `[${faceName(part.id)}]`,
  other: (part) => part.text || `[${part.name}]`,
};

/** A message in one line of plain text. */
export function summary(message) {
  if (message.kind === "notice") return noticeText(message);
  return message.recalled ? t("recalled") : message.parts.map((part) => WORDS[part.type](part)).join("");
}

/** What a screen reader says of a message. */
export const spoken = (message) =>
  message.kind === "notice" ? noticeText(message) : `${message.from.display}: ${summary(message)}`;

/**
 * The row of a message. `before` is the message above it, `quoted(id)` finds a
 * message; `on` are the listeners `profile(from)`, `jump(id)`, `image(part)`,
 * `react(message, face)`, `write(text)`, `accept(message)`.
 */
export function messageRow(message, before, quoted, on) {
  const time = new Date(message.time * 1000).toISOString();
  const row = h("article.row", { tabindex: "-1", "data-seq": message.seq, "aria-label": `${spoken(message)} ${clockTime(message.time)}` });
  if (!before || message.time - before.time > SEPARATOR_AFTER_S) {
    row.append(h("div.separator", {}, h("time", { datetime: time }, separatorTime(message.time))));
  }
  if (message.kind === "notice") {
    row.classList.add("notice");
    row.append(noticeLine(message, on));
    return row;
  }
  row.classList.toggle("own", message.from.name === state.me);
  const profile = { tabindex: "-1", "aria-label": t("profile", { name: message.from.display }) };
  row.append(
    h("div.speech", {},
      button(".face-button", avatar(message.from), () => on.profile(message.from), profile),
      h("div.body", {},
        whoLine(message, time),
        h("div.said", {}, bubble(message, quoted, on)),
        reactions(message, on))),
  );
  return row;
}

function noticeLine(message, on) {
  return h("p.said.line", {}, noticeText(message), mayAccept(message) && button(".plain", t("accept"), () => on.accept(message)));
}

/** An owner or admin lets a person in who asks to join and is not in yet. */
export function mayAccept({ notice, conversation, from }) {
  const group = conversationById(conversation);
  return notice?.kind === "request" && group?.kind === "group" && !memberOf(group, from.id) && ownRole(group) !== "member";
}

/** The tags QQ shows beside a name: role, special title; and who is the bot. */
export const tags = (person, member) => [
  ["owner", "admin"].includes(person.role) && h(`span.tag.${person.role}`, {}, t(`role.${person.role}`)),
  member?.title && h("span.tag.title", {}, member.title),
  (person.bot || person.name === bot()?.name) && h("span.tag.robot", {}, t("bot")),
];

function whoLine(message, time) {
  const conversation = conversationById(message.conversation);
  return h("div.who", {},
    conversation?.kind === "group" && tags(message.from, memberOf(conversation, message.from.id)),
    h("span", {}, message.from.display),
    h("time", { datetime: time, title: fullTime(message.time) }, clockTime(message.time)));
}

function bubble(message, quoted, on) {
  const content = h("div.bubble", {}, message.parts.map((part) => DRAW[part.type](part, quoted, on)));
  content.classList.toggle("picture", message.parts.length === 1 && message.parts[0].type === "image");
  return message.recalled ? recalled(message, content, on) : content;
}

/** A recalled message stays as a shadow: this is a sandbox, one may look. */
function recalled(message, content, on) {
  const typed = message.parts.filter(({ type }) => type === "text" || type === "mention");
  content.hidden = true;
  const show = button(".plain", t("recalled.show"), () => {
    content.hidden = !content.hidden;
    show.setAttribute("aria-expanded", String(!content.hidden));
  }, { "aria-expanded": "false" });
  const edit = () => on.write(typed.map((part) => WORDS[part.type](part)).join(""));
  return [
    h("div.recalled", {}, t("recalled"), show,
      message.from.name === state.me && typed.length > 0 && button(".plain", t("recalled.edit"), edit)),
    content,
  ];
}

const link = (href, content) => h("a", { href, target: "_blank", rel: "noopener noreferrer", tabindex: "-1" }, content);

/** How each kind of part is drawn. */
const DRAW = {
  text: ({ text }) => linked(text),
  mention: (part) =>
    h(part.id === me()?.id || part.id === "all" ? "span.mention.self" : "span.mention", {}, `@${mentionName(part)}`),
  image: (part, quoted, on) =>
    button(".image", h("img", { src: part.url, alt: part.name || t("image") }), () => on.image(part), { tabindex: "-1" }),
  quote(part, quoted, on) {
    const target = quoted(part.message_id);
    const content = target ? [h("strong", {}, target.from.display), h("span", {}, summary(target))] : h("span", {}, t("earlier"));
    return button(".quote", content, () => on.jump(part.message_id), { tabindex: "-1" });
  },
  face: ({ id }) => face(id),
  other: otherCard,
};

/** Text with its web addresses made links. */
function linked(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(LINK)) {
    nodes.push(text.slice(end, index), link(address, address));
    end = index + address.length;
  }
  return h("span.text", {}, nodes, text.slice(end));
}

/** Anything we have no drawing for: its name, its words, its link. */
function otherCard({ name, text, data }) {
  const { title, content, url } = data ?? {};
  const heading = title || text || name;
  const address = /^https?:\/\//.test(url) && url;
  return h("span.card", {}, address && icon("card"),
    h("span", {},
      h("strong", {}, address ? link(address, heading) : heading),
      typeof content === "string" && h("small", {}, content)));
}

function reactions(message, on) {
  if (!message.reactions.length) return null;
  return h("div.reactions", {}, message.reactions.map(({ id, by }) =>
    button(".reaction", [face(id), by.length], () => on.react(message, id), {
      tabindex: "-1",
      "aria-pressed": String(by.includes(me()?.id)),
      title: by.map((person) => displayOf(personById(person)) || person).join(", "),
    })));
}
