// Puts the parts together: follows the address, and wires the views to each other.

import * as api from "./api.js";
import { closeConversation, messageAt, showConversation, startChat } from "./chat.js";
import { compose, focusComposer, mention, quote, startComposer, write } from "./composer.js";
import { ask, faultName, requestJoin, showImage, showMembers, showMore, showProfile, showTools, startDialogs } from "./dialogs.js";
import { avatar, byId, h, icon, memory, setIcon, setLabel, toast } from "./dom.js";
import { fullTime } from "./format.js";
import { language, onLanguage, setLanguage, t, translatePage } from "./i18n.js";
import { inspect, showTraffic, startInspector } from "./inspector.js";
import { markConversation, personas, startLists } from "./lists.js";
import { typedText } from "./message.js";
import { go, route } from "./route.js";
import { become, conversationById, now, on, start, state } from "./store.js";

const app = byId("app");
const narrow = window.matchMedia("(max-width: 719px)");
const wide = window.matchMedia("(min-width: 1100px)");

// The address

let following = Promise.resolve();

/** Brings the page to where the address says, one address after the other. */
function follow() {
  following = following.then(arrive).catch((error) => toast(error.message, "error"));
}

async function arrive() {
  const place = route();
  if (!state.people.length) return; // Not loaded yet; the first reload follows again.
  if (place.as && !personas().some((person) => person.name === place.as)) {
    toast(t("error.person", { name: place.as }), "error");
    place.as = null;
  }
  if (place.as !== state.me) {
    closeConversation();
    await become(place.as);
    if (place.as) memory.set("as", place.as);
  }
  const conversation = place.as ? conversationById(place.conversation) : null;
  if (place.as && place.conversation && !conversation) {
    toast(t("error.conversation", { name: place.as }), "error");
    go({ conversation: null }, { replace: true });
    return;
  }
  if (place.as && !conversation && !narrow.matches && state.conversations.length) {
    go({ conversation: state.conversations[0].id }, { replace: true });
    return;
  }
  await showPlace(place, conversation);
}

let composing = null;

async function showPlace(place, conversation) {
  app.dataset.pane = !conversation ? "list" : place.message !== null || place.traffic ? "inspector" : "chat";
  app.classList.toggle("nobody", !place.as);
  byId("room").hidden = !conversation;
  byId("welcome").hidden = Boolean(conversation);
  markConversation(conversation?.id ?? null);
  drawWelcome();
  drawInspector();
  if (!conversation) {
    closeConversation();
    inspect(null);
    return;
  }
  if (composing !== `${place.as} ${conversation.id}`) {
    composing = `${place.as} ${conversation.id}`;
    compose(conversation.id);
  }
  await showConversation(conversation.id, place.message);
  inspect(place.message === null ? null : messageAt(place.message) ?? null);
  showTraffic(place.traffic || (place.message === null && app.classList.contains("live")));
}

// Doing things

/** Does something as the chosen person; `false` when it was refused. */
async function act(action, details) {
  try {
    await api.act(state.me, action, details);
    return true;
  } catch (error) {
    toast(error.message, "error");
    return false;
  }
}

async function join(group) {
  if (await act("join", { group: group.id.slice("group:".length) })) awaited = group.id;
}

/** The group one just joined; opened as soon as it is in the list. */
let awaited = null;

function openAwaited() {
  if (!awaited || !conversationById(awaited)) return;
  go({ conversation: awaited });
  awaited = null;
}

/** The open conversation may be gone: left, or thrown out of. */
function leaveLost() {
  const { as, conversation } = route();
  if (as === state.me && conversation && state.conversations.length && !conversationById(conversation)) {
    go({ conversation: null }, { replace: true });
  }
}

const here = () => conversationById(route().conversation);

// The parts that belong to no view

function drawWelcome() {
  const welcome = byId("welcome");
  if (state.me) {
    welcome.replaceChildren(h("h2", {}, t("pick.title")), h("p.hint", {}, t("pick.text")));
    return;
  }
  welcome.replaceChildren(
    h("span.mark", {}, icon("bird")),
    h("h2", {}, t("welcome.title")),
    h("p.hint", {}, t("welcome.text")),
    h("div.choose", {}, personas().map((person) =>
      h("button.choice", { type: "button", "data-name": person.name, onclick: () => go({ as: person.name, conversation: null }) },
        avatar(person), h("strong", {}, person.display || person.name), h("small", {}, person.id)))),
  );
}

function drawStrip() {
  const clock = Math.abs(state.offset) >= 1;
  const kinds = state.faults.map(faultName).join(", ");
  const badge = (kind, drawing, text) => h(`button.${kind}`, { type: "button", onclick: showTools }, icon(drawing), text);
  byId("strip").replaceChildren(
    ...(state.link === "lost" ? [h("span.lost", {}, icon("alert"), t("strip.lost"))] : []),
    ...(kinds ? [badge("fault", "alert", t("strip.fault", { kinds }))] : []),
    ...(clock ? [badge("clock", "clock", t("strip.clock", { time: fullTime(now()) }))] : []),
  );
}

function drawInspector() {
  const shown = !state.me ? false : wide.matches ? memory.get("inspector") !== "closed" : app.dataset.pane === "inspector";
  app.classList.toggle("inspecting", shown);
  app.classList.toggle("live", wide.matches);
  byId("toggle-inspector").setAttribute("aria-pressed", String(shown));
}

function toggleInspector() {
  if (wide.matches) {
    memory.set("inspector", app.classList.contains("inspecting") ? "closed" : "open");
    drawInspector();
  } else go({ traffic: app.dataset.pane !== "inspector" });
}

function closeInspector() {
  if (wide.matches) {
    memory.set("inspector", "closed");
    drawInspector();
  }
  go({});
  focusComposer();
}

function openJourney(message) {
  if (wide.matches) memory.set("inspector", "open");
  go({ message: message.seq });
}

const THEMES = ["auto", "light", "dark"];

function drawSettings() {
  const theme = memory.get("theme") ?? "auto";
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setIcon(byId("theme"), { auto: "auto", light: "sun", dark: "moon" }[theme]);
  setLabel(byId("theme"), t(`theme.${theme}`));
  byId("language").textContent = t("language.next");
  setLabel(byId("language"), t("language.label"));
}

function nextTheme() {
  const at = THEMES.indexOf(memory.get("theme") ?? "auto");
  memory.set("theme", THEMES[(at + 1) % THEMES.length]);
  drawSettings();
}

function startSettings() {
  byId("theme").addEventListener("click", nextTheme);
  byId("language").addEventListener("click", () => setLanguage(language() === "zh" ? "en" : "zh"));
  byId("tools").addEventListener("click", showTools);
  byId("skip").addEventListener("click", focusComposer);
  byId("back").addEventListener("click", () => go({ conversation: null }));
  byId("inspector-back").addEventListener("click", () => go({}));
  byId("inspector-close").addEventListener("click", closeInspector);
  byId("toggle-inspector").addEventListener("click", toggleInspector);
  byId("members").addEventListener("click", () => showMembers(here));
  byId("more").addEventListener("click", () => showMore(here()));
  byId("inspector").addEventListener("keydown", (event) => event.key === "Escape" && closeInspector());
  wide.addEventListener("change", follow);
  narrow.addEventListener("change", follow);
  onLanguage(drawSettings);
  onLanguage(drawStrip);
  onLanguage(drawWelcome);
}

translatePage();
drawSettings();
startSettings();
startDialogs({ act, mention, become: (name) => go({ as: name }) });
startLists({ become: (name) => go({ as: name }), join, requestJoin });
startChat({
  act,
  quote,
  write,
  edit: (message) => write(typedText(message)),
  journey: openJourney,
  selected: (message) => app.classList.contains("inspecting") && go({ message: message.seq }, { replace: true }),
  profile: (from) => showProfile(from, here),
  image: showImage,
  leaveFeed: focusComposer,
});
startComposer({ upload: (name) => act("upload", { group: route().conversation.slice("group:".length), name }) });
startInspector({ traffic: (open) => go(open ? { traffic: true } : {}) });

window.addEventListener("hashchange", follow);
on("reload", follow);
on("status", drawStrip);
on("conversations", () => {
  openAwaited();
  leaveLost();
});
setInterval(() => state.offset && drawStrip(), 30_000);
start();
