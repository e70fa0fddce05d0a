// One message or notice, drawn in the platform's manner.

import { hostOf, ours } from "./address.js";
import { avatar, button, h, icon } from "./dom.js";
import { answerOf, card, gathered } from "./cards.js";
import { clockTime, fullTime, separatorTime } from "./format.js";
import { language, t } from "./i18n.js";
import { QUICK, emoji } from "./emoji.js";
import { anchored, coded, link, linked, markdown, picture, plain, withoutAnchors } from "./markdown.js";
import { attachment, custom, file, place, repost, sharedLink, video, voice } from "./parts.js";
import { conversationById, displayOf, me, memberOf, ownRole, personById, state } from "./store.js";
import { adapted, anchors, botKind, can, codes, flat, pictures, showsRoles, typeOf } from "./worlds.js";

/** Some of QQ's faces by id, as we draw and name them; also the reactions on offer. */
const FACES = {
  76: { drawing: "thumb", en: "like", zh: "赞" },
  66: { drawing: "heart", en: "heart", zh: "爱心" },
  14: { drawing: "smile", en: "smile", zh: "微笑" },
};
const QQ_REACTIONS = Object.keys(FACES).reverse();

/** The reactions on offer here: a few, and those of the team's own making. */
export const reactionChoices = () => (codes() ? [...QUICK, ...state.emoji.slice(0, 2).map(({ name }) => `:${name}:`)] : QQ_REACTIONS);

const SEPARATOR_AFTER_S = 300;

export const faceName = (id) => (codes() ? id : FACES[id]?.[language()] ?? `#${id}`);

/** A face as a drawing with its name, or the name in brackets. */
export function face(id) {
  if (codes()) return emoji(id) ?? h("span.face", {}, id);
  if (!FACES[id]) return h("span.face", {}, `[${faceName(id)}]`);
  return h("span.face", { role: "img", "aria-label": faceName(id) }, icon(FACES[id].drawing));
}

const mentionName = ({ id, name }) => (id === "all" ? t("mentionAll") : displayOf(personById(id)) || name || id);
const nameOf = (id) => mentionName({ id });

const noticeText = ({ notice }) => notice?.[`text_${language()}`] ?? "";

/** How each kind of part reads in plain text. */
const WORDS = {
  text: ({ text }) => (anchors() ? withoutAnchors(text) : text),
  mention: (part) => `@${mentionName(part)} `,
  image: () => t("image"),
  quote: () => "",
  face: (part) => `[${faceName(part.id)}]`,
  other: (part) => part.text || `[${part.name}]`,
  markdown: ({ text }) => plain(text, nameOf),
  file: ({ name }) => `[${t("file")}] ${name}`,
  voice: () => `[${t("voice")}]`,
  video: () => `[${t("video")}]`,
  link: ({ title, url }) => `[${t("link")}] ${title || url}`,
  line: ({ text, name }) => text || `[${name}]`,
  place: ({ text }) => `[${t("location")}] ${text}`,
  custom: ({ name }) => `[${name}]`,
  attachment: ({ title, text }) => ` [${title || text}]`,
  repost: ({ text }) => `[${t("forwarded")}] ${plain(text, nameOf)}`,
  card: (part) => [`[${t("card.message")}]`, part.title || part.text, answerOf(part)].filter(Boolean).join(" "),
};

/** Parts we know nothing of yet read and look like `other`. */
const known = (table, part) => table[typeOf(part)] ?? table.other;

/** Whether a message is a line across the history and no speech: what clients tell each other, or show in grey. */
const isLine = ({ kind, parts, recalled }) => kind === "notice" || (!recalled && parts.length > 0 && parts.every((part) => typeOf(part) === "line"));

/** What there is to draw: in DingTalk, articles that came together are one card. */
const drawnParts = ({ parts }) => (pictures() ? gathered(parts) : parts.map(adapted));

/** A message in one line of plain text. */
export function summary(message) {
  if (message.kind === "notice") return noticeText(message);
  return message.recalled ? t("recalled") : drawnParts(message).map((part) => known(WORDS, part)(part)).join("").trim();
}

/** Whether more of a message is still to come: a bot's answer that grows. */
export const growing = ({ parts }) => parts.some(({ finished }) => finished === false);

/** What a screen reader says of a message. */
export const spoken = (message) =>
  message.kind === "notice" ? noticeText(message) : `${message.from.display}: ${summary(message)}`;

/**
 * The row of a message. `before` is the message above it, `quoted(id)` finds a
 * message; `on` are the listeners `profile(from)`, `jump(id)`, `image(part)`,
 * `react(message, face)`, `write(text)`, `accept(message)`, `readers(message)`,
 * `press(message, key, details)`; without a key one is asked for. `answers` is
 * how many messages quote it, `answered(message)` shows them.
 */
export function messageRow(message, before, quoted, on, answers = 0) {
  const time = new Date(message.time * 1000).toISOString();
  const row = h("article.row", { tabindex: "-1", "data-seq": message.seq, "aria-label": `${spoken(message)} ${clockTime(message.time)}` });
  if (!before || message.time - before.time > SEPARATOR_AFTER_S) {
    row.append(h("div.separator", {}, h("time", { datetime: time }, separatorTime(message.time))));
  }
  if (isLine(message)) {
    row.classList.add("notice");
    row.append(noticeLine(message, on));
    return row;
  }
  row.classList.toggle("growing", growing(message));
  row.classList.toggle("continued", flat() && continues(message, before));
  row.classList.toggle("own", message.from.name === state.me);
  const profile = { tabindex: "-1", "aria-label": t("profile", { name: message.from.display }) };
  row.append(
    h("div.speech", {},
      button(".face-button", avatar(message.from), () => on.profile(message.from), profile),
      h("div.body", {},
        whoLine(message, time),
        pinned(message),
        h("div.said", {}, bubble(message, quoted, on)),
        message.edited && !message.recalled && h("small.edited", {}, t("edited")),
        reactions(message, on),
        answers > 0 && button(".answers", [icon("quote"), t(answers > 1 ? "answers.count" : "answers.one", { count: answers })], () => on.answered(message), { tabindex: "-1", "aria-haspopup": "dialog" }),
        fate(message),
        receipts(message, on))),
  );
  return row;
}

/** Whether a message goes on where the one above it ended, so that it needs no name of its own. */
const continues = (message, before) =>
  Boolean(before) && !isLine(before) && before.from.id === message.from.id && message.time - before.time <= SEPARATOR_AFTER_S && !message.pinned;

/** Says who keeps a message in sight for all. */
const pinned = ({ pinned: by, recalled }) =>
  by && !recalled && h("small.pinned", {}, icon("tack"), t("pinnedBy", { name: displayOf(personById(by.id)) || by.name }));

/** What a line says, unless it has nothing to say but its kind. */
const wordsOfLine = (message) => message.parts[0].text !== message.parts[0].name && summary(message);

function noticeLine(message, on) {
  if (message.kind !== "notice") return h("p.said.line", {}, wordsOfLine(message), " ", h("code", {}, message.parts[0].name), fate(message));
  return h("p.said.line", {}, noticeText(message), mayAccept(message) && button(".plain", t("accept"), () => on.accept(message)));
}

/** An owner or admin lets a person in who asks to join and is not in yet. */
export function mayAccept({ notice, conversation, from }) {
  const group = conversationById(conversation);
  return notice?.kind === "request" && group?.kind === "group" && !memberOf(group, from.id) && ownRole(group) !== "member";
}

/** The tags beside a name: role, special title; and what kind of bot it is. */
export const tags = (person, member) => [
  ["owner", "admin"].includes(person.role) && h(`span.tag.${person.role}`, {}, t(`role.${person.role}`)),
  member?.title && h("span.tag.title", {}, member.title),
  botTag(person),
];

/** Says what kind of bot somebody is. */
export function botTag(person) {
  const kind = botKind({ ...person, bot: person.bot ?? personById(person.id)?.bot });
  return kind && h(`span.tag.robot.${kind}`, {}, t(kind));
}

function whoLine(message, time) {
  const conversation = conversationById(message.conversation);
  return h("div.who", {},
    conversation?.kind === "group" &&
      (showsRoles() ? tags(message.from, memberOf(conversation, message.from.id)) : botTag(message.from)),
    h("span", {}, message.from.display),
    h("time", { datetime: time, title: fullTime(message.time) }, clockTime(message.time)));
}

function bubble(message, quoted, on) {
  const press = (key, details) => on.press(message, key, details);
  const notice = message.tag === "notice" && h("div.via", {}, icon("tiles"), t("workNotice"));
  const parts = drawnParts(message);
  const content = h("div.bubble", {}, notice, parts.map((part) => known(DRAW, part)(part, quoted, { ...on, press })));
  const [first, ...more] = parts;
  content.classList.toggle("picture", !more.length && ["image", "video"].includes(first?.type));
  content.classList.toggle("framed", Boolean(notice) || (!more.length && ["file", "link", "card", "place", "custom"].includes(first && typeOf(first))));
  content.classList.toggle("notified", Boolean(notice));
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

/** How each kind of part is drawn. */
const DRAW = {
  text: ({ text }) => h("span.text", {}, codes() ? coded(text, mentioned) : anchors() ? anchored(text) : linked(text)),
  mention: mentionMark,
  image: (part, quoted, on) =>
    ours(part.url)
      ? button(".image", h("img", { src: part.url, alt: part.name || t("image") }), () => on.image(part), { tabindex: "-1" })
      : picture(part.url, part.url ? hostOf(part.url) : part.name || t("image")),
  quote(part, quoted, on) {
    const target = quoted(part.message_id);
    const content = target ? [h("strong", {}, target.from.display), h("span", {}, summary(target))] : h("span", {}, t("earlier"));
    return button(".quote", content, () => on.jump(part.message_id), { tabindex: "-1" });
  },
  face: ({ id }) => face(id),
  other: otherCard,
  markdown: ({ text }) => h("div.markdown", {}, markdown(text, mentioned)),
  file,
  voice,
  video,
  link: sharedLink,
  line: otherCard,
  place,
  custom,
  attachment: (part) => attachment(part, mentioned),
  repost: (part) => repost(part, nameOf(part.data?.uid ?? part.data?.robot_id ?? ""), mentioned),
  card: (part, quoted, on) => card(part, on.press, mentioned),
};

/** Who is mentioned by an id in Markdown; nobody known stays a word. */
const mentioned = (id) => (id === "all" || personById(id) || !pictures() ? mentionMark({ id }) : `@${id}`);

function mentionMark(part) {
  const self = part.id === me()?.id || part.id === "all";
  return h(self ? "span.mention.self" : "span.mention", {}, `@${mentionName(part)}`);
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

/** What became of a message, if not everybody has it for good. */
const fate = ({ tag }) => FATES.includes(tag) && h("small.fate", {}, t(`fate.${tag}`));
const FATES = ["status", "held", "undelivered"];

/** Who has read a message and who has not, `{ read, unread }`; nobody where nobody counts. */
export const receiptsOf = ({ readers, unread, recalled }) =>
  can("read") && !recalled ? { read: readers ?? [], unread: unread ?? [] } : { read: [], unread: [] };

/** How many have not read it yet, or that all have; more of it at a click. */
function receipts(message, on) {
  const { read, unread } = receiptsOf(message);
  if (!read.length && !unread.length) return null;
  const alone = read.length + unread.length === 1;
  const words = unread.length ? t(alone ? "unread" : "unread.count", { count: unread.length }) : t(alone ? "read" : "read.all");
  return button(unread.length ? ".receipts.waiting" : ".receipts", words, () => on.readers(message), { tabindex: "-1", "aria-haspopup": "dialog" });
}
