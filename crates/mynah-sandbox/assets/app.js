// Puts the parts together: follows the address, and wires the views to each other.

import * as api from "./api.js";
import { showAnswers, showCreate, showEmoji, showForward, showPins, startChannels } from "./channels.js";
import { answersTo, closeConversation, focusMessage, jump, messageAt, showConversation, startChat } from "./chat.js";
import { drawColumns, focusColumn, togglePerson } from "./columns.js";
import { compose, edit, focusComposer, insert, mention, quote, sendPiece, startComposer, suggest, write } from "./composer.js";
import { requestJoin, showForms, showImage, showMembers, showMenu, showMore, showPress, showProfile, showReaders, startDialogs } from "./dialogs.js";
import { avatar, button, byId, complain, h, icon, isColumn, memory, setLabel, toast } from "./dom.js";
import { language, onLanguage, retell, setLanguage, t, translatePage } from "./i18n.js";
import { inspect, showTraffic, startInspector } from "./inspector.js";
import { markConversation, personas, startLists } from "./lists.js";
import { address, go, goTo, places, route, several, usual } from "./route.js";
import { become, conversationById, enter, groupOf, on, start, state } from "./store.js";
import { startStrip } from "./strip.js";
import { showTools, startTools } from "./tools.js";
import { platform } from "./worlds.js";

const app = byId("app");
/** Room for one pane only; room for the inspector beside the chat. */
const narrow = matchMedia("(max-width: 719px)");
const wide = matchMedia("(min-width: 1100px)");

// Following the address

let following = Promise.resolve();
/** The world, person and conversation the message box is set up for. */
let composing = null;
/** Whether any conversation was shown yet. */
let begun = false;
/** Whether the journey was asked for, and should have the keyboard. */
let journeyAsked = false;

/** Brings the page to where the address says, one address after the other. */
function follow() {
  following = following.then(arrive).catch(complain);
}

async function arrive() {
  if (!state.platforms.length) return; // The first load follows again.
  app.classList.toggle("split", several());
  setLabel(byId("side"), t(several() ? "columns.one" : "columns"));
  byId("side").setAttribute("aria-pressed", String(several()));
  if (several()) {
    await standAround();
    return;
  }
  drawColumns();
  const place = route();
  if (!state.platforms.includes(place.platform)) {
    toast(t("error.platform", { name: place.platform }), "error");
    go({ platform: usual(), as: null, conversation: null }, { replace: true });
    return;
  }
  if (place.platform !== platform) {
    closeConversation();
    inspect(null);
    await enter(place.platform);
    dressUp();
  }
  if (place.as && !personas().some(({ name }) => name === place.as)) {
    toast(t("error.person", { name: place.as }), "error");
    place.as = null;
  }
  if (place.as !== state.me) {
    closeConversation();
    await become(place.as);
  }
  const conversation = place.as && conversationById(place.conversation);
  const first = narrow.matches ? undefined : state.conversations[0]?.id;
  if (place.as && !conversation && (place.conversation || first)) {
    go({ conversation: first ?? null }, { replace: true });
    return;
  }
  await showPlace(place, conversation);
}

/** Is nobody itself, but the page around the columns. */
async function standAround() {
  const [{ platform: first }] = places();
  const name = state.platforms.includes(first) ? first : usual();
  closeConversation();
  inspect(null);
  if (name === platform) await become(null);
  else {
    await enter(name);
    dressUp();
  }
  drawColumns();
}

async function showPlace({ as, message, traffic }, conversation) {
  const pane = !conversation ? "list" : message !== null || traffic ? "inspector" : "chat";
  const moved = app.dataset.pane !== pane;
  app.dataset.pane = pane;
  app.classList.toggle("nobody", !as);
  byId("room").hidden = !conversation;
  byId("welcome").hidden = Boolean(conversation);
  markConversation(conversation?.id);
  drawWelcome();
  drawInspector();
  if (conversation) {
    const key = `${platform} ${as} ${conversation.id}`;
    const turned = composing !== key;
    composing = key;
    if (turned) compose(conversation.id);
    await showConversation(conversation.id, message);
    inspect(message === null ? null : messageAt(message));
    showTraffic(traffic || (message === null && wide.matches));
    moveFocus(pane, moved, turned);
  } else closeConversation();
}

/** The keyboard goes where the work goes on, but never away from the rail or into another column. */
function moveFocus(pane, moved, turned) {
  if (isColumn() && !document.hasFocus()) return;
  if (journeyAsked) byId("journey").focus();
  else if (narrow.matches && moved && begun) byId(pane === "chat" ? "back" : "inspector-back").focus();
  else if (turned && !narrow.matches && !byId("rail").contains(document.activeElement)) focusComposer();
  journeyAsked = false;
  begun = true;
}

// Doing things

/** Does something as the chosen person; answers nothing when it was refused. */
const act = (action, details) => api.act(state.me, action, details).catch(complain);

/** The group one just joined; opened as soon as it is in the list. */
let awaited = null;

/** Opens a conversation, at once or as soon as it is in the list. */
function openSoon(id) {
  if (conversationById(id)) go({ conversation: id });
  else awaited = id;
}

async function join(group) {
  awaited = group.id;
  const answer = await act("join", groupOf(group.id));
  if (answer && !answer.flag) return;
  awaited = null;
  if (answer) toast(t("requestSent")); // Somebody has to let one in.
}

function onConversations() {
  const { platform: there, as, conversation } = route();
  if (several()) return;
  if (there !== platform) return; // On the way to another world, whose conversations are not these.
  if (conversationById(awaited)) {
    go({ conversation: awaited });
    awaited = null;
  } else if (as && as === state.me && conversation && state.conversations.length && !conversationById(conversation)) {
    go({ conversation: null }, { replace: true }); // Left, or thrown out.
  }
}

/** The place where somebody else is in the same group, or in their own chat with the same bot. */
function placeOf(name) {
  const { platform: there, conversation } = route();
  const { id } = personas().find((person) => person.name === name);
  const direct = conversation && !/^(group|chatroom):/.test(conversation) && !conversation.split(":").includes(id);
  return { platform: there, as: name, conversation: direct ? conversation.replace(/[^:]*$/, id) : conversation };
}

/** Becomes somebody else; among columns, gives them one or takes it away. */
function becomePerson(name) {
  if (several()) togglePerson(name, placeOf(name));
  else go(placeOf(name));
}

/** Puts somebody else beside oneself, or goes back to being one person. */
function toggleColumns() {
  if (several()) {
    go({});
    return;
  }
  const people = personas().map(({ name }) => name);
  const first = state.me ?? people[0];
  const second = people[(people.indexOf(first) + 1) % people.length];
  goTo([first, second].map((name) => address(placeOf(name))));
}

/** World to the conversation that was open when one left it. */
const left = new Map();

/** Goes to another world, as the same person if there is one of that name. */
function enterWorld(name) {
  if (several()) {
    goTo(places().map(({ as }) => address({ platform: name, as })));
    return;
  }
  left.set(platform, route().conversation);
  go({ platform: name, conversation: left.get(name) ?? null });
}

/** Goes to another world and waits until one is there. */
function visitWorld(name) {
  enterWorld(name);
  follow();
  return following;
}

/** Everything that looks or reads different from world to world. */
function dressUp() {
  memory.set("platform", platform);
  document.documentElement.dataset.platform = platform;
  retell();
}

function openJourney({ seq }) {
  journeyAsked = true;
  go({ message: seq });
  follow(); // The address may be the same.
}

function toggleInspector() {
  memory.set("inspector", "open");
  if (app.classList.contains("inspecting")) closeInspector();
  else if (wide.matches) drawInspector();
  else go({ traffic: true });
}

function closeInspector() {
  if (wide.matches) memory.set("inspector", "closed");
  go({});
  drawInspector();
  focusMessage();
}

// The parts that belong to no view

function drawWelcome() {
  const choice = (person) =>
    button(".choice", [avatar(person), h("strong", {}, person.display), h("small", {}, person.id)], () => becomePerson(person.name));
  byId("welcome").replaceChildren(
    h("p.mark", {}, icon("bird"), "Mynah"),
    h("h2", {}, t("welcome.title")),
    h("p.hint", {}, t("welcome.text")),
    h("div.choose", {}, personas().map(choice)));
}

function drawInspector() {
  const kept = wide.matches && memory.get("inspector") !== "closed";
  const shown = state.me !== null && (kept || app.dataset.pane === "inspector");
  app.classList.toggle("inspecting", shown);
  byId("toggle-inspector").setAttribute("aria-pressed", String(shown));
}

const THEMES = { auto: "auto", light: "sun", dark: "moon" };
const theme = () => memory.get("theme") ?? "auto";

function drawSettings() {
  document.documentElement.dataset.theme = theme();
  byId("theme").replaceChildren(icon(THEMES[theme()]));
  setLabel(byId("theme"), t(`theme.${theme()}`));
}

function nextTheme() {
  const names = Object.keys(THEMES);
  memory.set("theme", names[(names.indexOf(theme()) + 1) % names.length]);
  drawSettings();
}

const here = () => conversationById(route().conversation);

const clicks = {
  theme: nextTheme,
  language: () => setLanguage(language() === "zh" ? "en" : "zh"),
  side: toggleColumns,
  tools: showTools,
  skip: () => (several() ? focusColumn() : focusComposer()),
  back: () => go({ conversation: null }),
  "inspector-back": closeInspector,
  "inspector-close": closeInspector,
  "toggle-inspector": toggleInspector,
  create: showCreate,
  pins: showPins,
  members: showMembers,
  more: showMore,
  "insert-more": showForms,
};
for (const [id, run] of Object.entries(clicks)) byId(id).addEventListener("click", run);
byId("inspector").addEventListener("keydown", ({ key }) => key === "Escape" && closeInspector());
wide.addEventListener("change", follow);
narrow.addEventListener("change", follow);
window.addEventListener("hashchange", follow);
window.addEventListener("storage", ({ key }) => key === "mynah.theme" && drawSettings());
on("reload", follow);
on("failed", complain);
on("conversations", onConversations);
onLanguage(() => {
  drawSettings();
  drawWelcome();
});

for (const node of document.querySelectorAll("[data-icon]")) node.append(icon(node.dataset.icon));
translatePage();
drawSettings();
startDialogs({ act, mention, become: becomePerson, here, at: messageAt, send: sendPiece });
startChannels({ act, here, open: openSoon, answers: answersTo, jump, insert, send: sendPiece });
startLists({ become: becomePerson, enter: enterWorld, join, requestJoin });
startChat({
  act,
  quote,
  edit,
  forward: showForward,
  write,
  suggest,
  journey: openJourney,
  selected: ({ seq }) => app.classList.contains("inspecting") && go({ message: seq }, { replace: true }),
  profile: showProfile,
  image: showImage,
  readers: showReaders,
  answered: showAnswers,
  leave: focusComposer,
  press: (message, key, details) => (key === null ? showPress(message) : act("press", { message: message.id, key, ...details })),
});
startComposer({
  menu: showMenu,
  emoji: showEmoji,
  act,
});
startInspector();
startTools({ here, enter: visitWorld });
startStrip();
start();
