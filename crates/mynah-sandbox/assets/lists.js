// Who one can be, and what that person sees: the rail and the conversations.

import { arrowKeys, avatar, button, byId, h, icon, mosaic, setLabel, syncList } from "./dom.js";
import { shortTime } from "./format.js";
import { language, onLanguage, t } from "./i18n.js";
import { botTag, summary } from "./message.js";
import { link, places, several } from "./route.js";
import { groupOf, me, on, otherIn, personById, state, titleOf } from "./store.js";
import { can, markedKind, platform, sectionOf, sections } from "./worlds.js";

let links;
let current = null;

/** `given`: `become(name)`, `enter(platform)`, `join(group)`, `requestJoin(group)`. */
export function startLists(given) {
  links = given;
  // Among columns one moves without choosing.
  arrowKeys(byId("people"), "button", (radio) => several() || links.become(radio.dataset.key));
  arrowKeys(byId("worlds"), "button", (radio) => links.enter(radio.dataset.key));
  arrowKeys(byId("conversations"), "a");
  on("people", draw);
  on("conversations", draw);
  onLanguage(draw);
}

/** Everybody one can be: the people, not the bots. */
export const personas = () => state.people.filter((person) => !person.bot);

/** Marks the conversation that is open. */
export function markConversation(id) {
  current = id;
  for (const row of byId("conversations").children) {
    row.querySelector("a")?.setAttribute("aria-current", row.dataset.key === id ? "page" : "false");
  }
}

function draw() {
  // One world needs no choice.
  byId("worlds").hidden = state.platforms.length < 2;
  syncList(byId("worlds"), state.platforms, {
    key: (name) => name,
    stamp: (name) => [name === platform, language()],
    build: worldRadio,
  });
  byId("list-title").textContent = me()?.display ?? "";
  byId("create").hidden = !can("create");
  byId("people").setAttribute("role", several() ? "group" : "radiogroup");
  setLabel(byId("people"), t(several() ? "columns.people" : "speakAs"));
  syncList(byId("people"), personas(), {
    key: ({ name }) => name,
    stamp: (person) => [platform, person, several(), isShown(person)],
    build: personButton,
  });
  syncList(byId("conversations"), underHeadings(state.conversations.toSorted((a, b) => (b.last?.seq ?? 0) - (a.last?.seq ?? 0))), {
    key: ({ id }) => id,
    stamp: (conversation) => [platform, conversation, state.unread.get(conversation.id), state.me, language()],
    build: (row) => (row.heading ? h("li.section", {}, h("h2", {}, t(`section.${row.heading}`))) : conversationRow(row)),
  });
  markConversation(current);
  byId("joinable").hidden = state.joinable.length === 0;
  syncList(byId("joinable").lastElementChild, state.joinable, {
    key: ({ id }) => id,
    stamp: (group) => [group, state.me, language()],
    build: joinableRow,
  });
  const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = [unread ? `(${unread})` : "", me()?.display ?? "", "Mynah"].filter(Boolean).join(" ");
}

/** Conversations with a heading above each kind, where the world tells kinds apart. */
function underHeadings(conversations) {
  const of = (heading) => conversations.filter((conversation) => sectionOf(conversation) === heading);
  const headings = sections().filter((heading) => of(heading).length);
  return headings.length ? headings.flatMap((heading) => [{ id: `section:${heading}`, heading }, ...of(heading)]) : conversations;
}

function worldRadio(name) {
  const chosen = name === platform;
  return button(".world", t(`world.${name}`), () => links.enter(name), { role: "radio", "aria-checked": String(chosen), tabindex: chosen ? "0" : "-1" });
}

/** Whether one speaks as somebody, or has a column of theirs. */
const isShown = ({ name }) => (several() ? places().some(({ as }) => as === name) : name === state.me);

/** Chooses a person; among columns, whose there are. */
function personButton(person) {
  const shown = isShown(person);
  return button(".person", [avatar(person), h("span", {}, person.display || person.name)], () => links.become(person.name), {
    ...(several() ? { "aria-pressed": String(shown) } : { role: "radio", "aria-checked": String(shown), tabindex: shown ? "0" : "-1" }),
    title: person.id,
  });
}

function conversationRow(conversation) {
  const { last, kind } = conversation;
  const unread = state.unread.get(conversation.id);
  const other = otherIn(conversation) ?? {};
  const named = last?.kind === "message" && kind === "group" && last.from.name !== state.me;
  return h("li", {},
    h("a", { href: link({ conversation: conversation.id }) },
      sectionOf(conversation) === "channel" ? channelMark(conversation.room) : kind === "group" ? mosaic(conversation.members.map(withPerson)) : sectionOf(conversation) === "system" ? bell() : avatar(other),
      h("span.line", {}, h("strong", {}, titleOf(conversation)), last && h("time", {}, shortTime(last.time))),
      h("span.line", {},
        h("span.last", {}, last && (named ? `${last.from.display}: ` : "") + summary(last)),
        conversation.room?.archived && h("span.tag.closed", {}, t("archived")),
        kind === "direct" && markedKind(other) && botTag(other),
        unread && h("span.badge", {}, unread > 99 ? "99+" : unread))));
}

/** The picture of what nobody in particular says. */
const bell = () => h("span.avatar.system", { "aria-hidden": "true" }, icon("bell"));

/** The picture of a channel. */
const channelMark = ({ private: closed }) => h("span.avatar.channel", { "aria-hidden": "true" }, icon(closed ? "lock" : "hash"));

/** A member with what is known of the person. */
const withPerson = (member) => ({ ...personById(member.id), ...member });

function joinableRow(group) {
  const own = groupOf(group.id);
  const labelled = (spec, key, run) => setLabel(button(spec, t(key), () => run(group)), `${t(key)}: ${group.title}`);
  return h("li", {},
    h("span.line", {}, h("strong", {}, group.title), h("small", {}, own.group ?? own.chatroom)),
    h("span.buttons", {}, labelled(".small", own.chatroom ? "enterRoom" : "join", links.join), can("requestJoin") && labelled(".small.plain", "requestJoin", links.requestJoin)));
}
