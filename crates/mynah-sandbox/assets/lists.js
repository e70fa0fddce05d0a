// Who one can be, and what that person sees: the rail and the conversations.

import { arrowKeys, avatar, byId, h, mosaic, setLabel, syncList } from "./dom.js";
import { shortTime } from "./format.js";
import { language, onLanguage, t } from "./i18n.js";
import { summary } from "./message.js";
import { on, me, personById, state, titleOf } from "./store.js";
import { link } from "./route.js";

/** `links`: `become(name)`, `join(group)`, `requestJoin(group)`. */
export function startLists(links) {
  arrowKeys(byId("people"), "[role=radio]", (radio) => {
    radio.focus();
    links.become(radio.dataset.key);
  });
  arrowKeys(byId("conversations"), "a");
  arrowKeys(byId("joinable"), "button");
  const draw = () => {
    drawPeople(links);
    drawConversations();
    drawJoinable(links);
  };
  on("people", draw);
  on("conversations", draw);
  onLanguage(draw);
}

/** Everybody one can be: the people, not the bot. */
export const personas = () => state.people.filter((person) => !person.bot);

function drawPeople(links) {
  syncList(byId("people"), personas(), {
    key: (person) => person.name,
    stamp: (person) => [person, person.name === state.me, !state.me],
    build: (person) => {
      const chosen = person.name === state.me;
      const first = !state.me && person === personas()[0];
      return h("button.person", { type: "button", role: "radio", "aria-checked": String(chosen), tabindex: chosen || first ? "0" : "-1", title: `${person.display} · ${person.id}`, onclick: () => links.become(person.name) },
        avatar(person), h("span", {}, person.display || person.name));
    },
  });
}

/** The conversation of the current link is marked. */
export function markConversation(id) {
  for (const anchor of byId("conversations").querySelectorAll("a")) {
    if (anchor.parentElement.dataset.key === id) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  current = id;
}

let current = null;

function drawConversations() {
  byId("list-title").textContent = me()?.display ?? t("conversations");
  const newest = (conversation) => conversation.last?.seq ?? 0;
  const sorted = [...state.conversations].sort((a, b) => newest(b) - newest(a));
  syncList(byId("conversations"), sorted, {
    key: (conversation) => conversation.id,
    stamp: (conversation) => [conversation, state.unread.get(conversation.id), state.me, language(), state.people.length],
    build: conversationRow,
  });
  markConversation(current);
  const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${me() ? `${me().display} · ` : ""}Mynah`;
}

function conversationRow(conversation) {
  const { last } = conversation;
  const unread = state.unread.get(conversation.id);
  const other = conversation.members.find((member) => member.name !== state.me);
  const picture = conversation.kind === "group" ? mosaic(conversation) : avatar(personById(other?.id) ?? other ?? {});
  const speaker = last?.kind === "message" && conversation.kind === "group" && last.from.name !== state.me ? `${last.from.display}: ` : "";
  return h("li", {},
    h("a", { href: link({ conversation: conversation.id }) },
      picture,
      h("span.line",  {}, h("strong", {}, titleOf(conversation)), last ? h("time", {}, shortTime(last.time)) : null),
      h("span.line", {}, h("span.last", {}, last ? speaker + summary(last) : ""), unread ? h("span.badge", {}, unread > 99 ? "99+" : unread) : null)));
}

function drawJoinable(links) {
  const section = byId("joinable");
  section.hidden = state.joinable.length === 0;
  syncList(section.querySelector("ul"), state.joinable, {
    key: (group) => group.id,
    stamp: (group) => [group, language(), state.me],
    build: (group) => {
      const join = h("button.small", { type: "button", onclick: () => links.join(group) }, t("join"));
      const request = h("button.small.plain", { type: "button", onclick: () => links.requestJoin(group) }, t("requestJoin"));
      setLabel(join, `${t("join")}: ${group.title}`);
      setLabel(request, `${t("requestJoin")}: ${group.title}`);
      return h("li", {}, h("span.line", {}, h("strong", {}, group.title), h("small", {}, group.id.replace("group:", ""))), h("span.buttons", {}, join, request));
    },
  });
}
