// Who one can be, and what that person sees: the rail and the conversations.

import { arrowKeys, avatar, button, byId, h, mosaic, setLabel, syncList } from "./dom.js";
import { shortTime } from "./format.js";
import { language, onLanguage, t } from "./i18n.js";
import { summary } from "./message.js";
import { link } from "./route.js";
import { groupOf, me, on, otherIn, personById, state, titleOf } from "./store.js";

let links;
let current = null;

/** `given`: `become(name)`, `join(group)`, `requestJoin(group)`. */
export function startLists(given) {
  links = given;
  arrowKeys(byId("people"), "button", (radio) => links.become(radio.dataset.key));
  arrowKeys(byId("conversations"), "a");
  on("people", draw);
  on("conversations", draw);
  onLanguage(draw);
}

/** Everybody one can be: the people, not the bot. */
export const personas = () => state.people.filter((person) => !person.bot);

/** Marks the conversation that is open. */
export function markConversation(id) {
  current = id;
  for (const row of byId("conversations").children) {
    row.firstChild.setAttribute("aria-current", row.dataset.key === id ? "page" : "false");
  }
}

function draw() {
  byId("list-title").textContent = me()?.display ?? "";
  syncList(byId("people"), personas(), {
    key: ({ name }) => name,
    stamp: (person) => [person, person.name === state.me],
    build: personRadio,
  });
  syncList(byId("conversations"), state.conversations.toSorted((a, b) => (b.last?.seq ?? 0) - (a.last?.seq ?? 0)), {
    key: ({ id }) => id,
    stamp: (conversation) => [conversation, state.unread.get(conversation.id), state.me, language()],
    build: conversationRow,
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

function personRadio(person) {
  const chosen = person.name === state.me;
  return button(".person", [avatar(person), h("span", {}, person.display || person.name)], () => links.become(person.name), {
    role: "radio",
    "aria-checked": String(chosen),
    tabindex: chosen ? "0" : "-1",
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
      kind === "group" ? mosaic(conversation) : avatar(personById(other.id) ?? other),
      h("span.line", {}, h("strong", {}, titleOf(conversation)), last && h("time", {}, shortTime(last.time))),
      h("span.line", {},
        h("span.last", {}, last && (named ? `${last.from.display}: ` : "") + summary(last)),
        unread && h("span.badge", {}, unread > 99 ? "99+" : unread))));
}

function joinableRow(group) {
  const labelled = (spec, key, run) => setLabel(button(spec, t(key), () => run(group)), `${t(key)}: ${group.title}`);
  return h("li", {},
    h("span.line", {}, h("strong", {}, group.title), h("small", {}, groupOf(group.id).group)),
    h("span.buttons", {}, labelled(".small", "join", links.join), labelled(".small.plain", "requestJoin", links.requestJoin)));
}
