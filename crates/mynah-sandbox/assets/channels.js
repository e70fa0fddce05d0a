// What opens on top where people gather: new groups and channels, pins, threads, other
// conversations to pass something on to, emoji and stickers.

import { ours } from "./address.js";
import { avatar, button, h, icon, setLabel } from "./dom.js";
import { closing, keep, keepHere, show } from "./dialogs.js";
import { emoji, everyEmoji } from "./emoji.js";
import { clockTime } from "./format.js";
import { t } from "./i18n.js";
import { summary } from "./message.js";
import { displayOf, groupOf, personById, state, titleOf } from "./store.js";
import { can, joins } from "./worlds.js";

let links;

/**
 * `given`: `act(action, details)`, `here()`, `open(conversation)`, `answers(message)`, `jump(id)`, `insert(text)`,
 * `send(piece)`.
 */
export const startChannels = (given) => (links = given);

/** Opens what was made just now; the answer names it with or without its kind. */
async function made(answer) {
  const { id } = (await answer) ?? {};
  if (id) links.open(id.includes(":") ? id : `group:${id}`);
}

/** Makes a group; where there are channels, a channel, or a conversation of several without a name. */
export function showCreate() {
  keep(null);
  const submit = (run) => (event) => {
    event.preventDefault();
    dialog.close();
    made(run(new FormData(event.target)));
  };
  const others = state.people.filter((person) => person.name !== state.me && joins(person));
  const choice = (person) => h("label.check", {}, h("input", { type: "checkbox", name: "member", value: person.name }), avatar(person), displayOf(person));
  const members = h("div.checks", { role: "group", "aria-label": t("members") }, others.map(choice));
  if (!can("channels")) {
    show(t("create"), h("form.fields", {
      onsubmit: submit((form) => links.act("create", { name: form.get("name"), members: form.getAll("member") })),
    },
      h("label", {}, t("groupName"), h("input", { name: "name", autocomplete: "off", required: true, maxlength: "50" })),
      members,
      h("div.buttons.end", {}, h("button.primary", {}, t("create")))));
    return;
  }
  show(t("create"),
    h("section", {}, h("h3", {}, t("createChannel")), h("form.fields", {
      onsubmit: submit((form) => links.act("create", { name: form.get("name"), private: form.has("private"), ...(form.get("topic") && { topic: form.get("topic") }) })),
    },
      h("label", {}, t("channelName"), h("input", { name: "name", autocomplete: "off", required: true })),
      h("label", {}, t("topic"), h("input", { name: "topic", autocomplete: "off" })),
      h("label.check", {}, h("input", { type: "checkbox", name: "private" }), t("privateChannel")),
      h("div.buttons.end", {}, h("button.primary", {}, t("createChannel"))))),
    h("section", {}, h("h3", {}, t("createSession")), h("form.fields", {
      onsubmit: submit((form) => links.act("session", { members: form.getAll("member") })),
    },
      members,
      h("div.buttons.end", {}, h("button.primary", {}, t("createSession"))))));
}

/** What is pinned here. */
export function showPins() {
  keepHere((here) => {
    const pins = here.room?.pins ?? [];
    const row = (message) => h("li", {},
      messageLine(message, h("small", {}, t("pinnedBy", { name: displayOf(personById(message.pinned?.id)) || message.pinned?.name }))),
      setLabel(button(".tool", icon("close"), () => links.act("unpin", { message: message.id, ...groupOf(message.conversation) })), t("unpin")));
    show(t("pins"), pins.length ? h("ul.lines", {}, pins.map(row)) : h("p.hint", {}, t("pins.none")));
  });
}

/** Who answered a message, and what. */
export function showAnswers(message) {
  keep(() => show(t("thread"), h("ul.lines", {}, [message, ...links.answers(message)].map((one) => h("li", {}, messageLine(one))))));
}

/** A message in a line that leads to it. */
const messageLine = (message, more) =>
  button(".member", [avatar(message.from), h("span.line", {}, h("strong", {}, message.from.display), h("time", {}, clockTime(message.time))), h("small", {}, summary(message)), more],
    closing(() => links.jump(message.id)));

/** Passes a message on to another conversation. */
export function showForward({ id, conversation }) {
  keep(null);
  const choices = state.conversations.filter((other) => !other.room?.archived);
  show(t("forwardTo"), h("div.buttons.stack", {}, choices.map((other) =>
    button("", titleOf(other), closing(async () => {
      const answer = await links.act("forward", { message: id, to: other.id });
      if (answer && other.id !== conversation) links.open(other.id);
    })))));
}

/** Emoji for the message box, and stickers, which are sent at once. */
export function showEmoji() {
  keep(null);
  const choice = (name) => setLabel(button(".emoji-choice", emoji(name) ?? `:${name}:`, closing(() => links.insert(`:${name}: `))), `:${name}:`);
  show(t("emoji"),
    h("div.emoji-grid", {}, everyEmoji().map(choice)),
    state.stickers.length > 0 && h("h3", {}, t("stickers")),
    state.stickers.length > 0 && h("div.sticker-grid", {}, state.stickers.map((sticker) =>
      setLabel(button(".sticker", ours(sticker.url) ? h("img", { src: sticker.url, alt: sticker.name }) : sticker.name, closing(() => links.send({ type: "sticker", ...sticker }))), sticker.name))));
}
