// The sandbox's own switches: time, faults, how to connect, what was and starting over.

import * as api from "./api.js";
import { closing, keep, show } from "./dialogs.js";
import { button, complain, fileButton, h, icon, toast } from "./dom.js";
import { copyButton } from "./entry.js";
import { fullTime } from "./format.js";
import { t } from "./i18n.js";
import { now, refreshClock, refreshFaults, state } from "./store.js";
import { faultName, toReal } from "./strip.js";
import { transcriptSection } from "./transcript.js";
import { addresses, ownFaults, platform } from "./worlds.js";

/** Each kind of fault, and where it may show; the first is where it does unless told otherwise. */
const FAULTS = {
  delay: ["all", "http", "post", "ws"],
  drop: ["all", "http", "post", "ws"],
  duplicate: ["all", "http", "post", "ws"],
  reorder: ["all", "http", "post", "ws"],
  status_5xx: ["all", "http", "ws"],
  rate_limit: ["all", "http", "ws"],
  expire_tokens: ["all", "http", "ws"],
  forge_signature: ["all", "post"],
  half_open: ["all", "http", "post", "ws"],
  disconnect: ["all", "ws"],
  cut: ["all", "ws"],
  farewell: ["all", "ws"],
  blocked: ["all", "http"],
  html: ["all", "http"],
  timeout: ["all", "http"],
};
/** Those that a platform may have besides. */
const SPECIAL = ["cut", "farewell", "blocked", "html", "timeout"];
/** Those that happen at once and are over. */
const INSTANT = ["cut", "farewell"];
const SPANS = { "span.minute": 60, "span.hour": 3600, "span.day": 86400 };

/** `here()` is the conversation that is open, `enter(platform)` goes to a world. */
let links;

export function startTools(given) {
  links = given;
}

export function showTools() {
  const draft = { time: "", kind: "delay", where: "all", ms: "2000", count: "", for_s: "" };
  const draw = () => show(t("tools"), clockSection(draft), faultSection(draft, draw), connectSection(), transcriptSection(links), snapshotSection(), resetSection());
  keep(draw);
}

const setClock = (change) => refreshClock(api.setClock(change)).catch(complain);
const changeFaults = (call) => call.then(() => refreshFaults()).catch(complain);

function clockSection(draft) {
  const shifted = Math.abs(state.offset) >= 1;
  const set = (event) => {
    event.preventDefault();
    const chosen = new Date(event.target.elements.time.value).getTime();
    draft.time = "";
    if (Number.isFinite(chosen)) setClock({ set: chosen / 1000 });
  };
  const time = { name: "time", type: "datetime-local", step: "1", required: true, value: draft.time || local(now()) };
  return h("section", {},
    h("h3", {}, t("tools.clock")),
    h("p", {}, fullTime(now())),
    h("div.buttons", {},
      Object.entries(SPANS).map(([span, seconds]) => button(".small", `+ ${t(span)}`, () => setClock({ advance_s: seconds }))),
      shifted && button(".small.plain", t("tools.toReal"), toReal)),
    h("form.clock", { onsubmit: set },
      h("label", {}, t("tools.setTime"), h("input", { ...time, oninput: ({ target }) => (draft.time = target.value) })),
      h("button.small", {}, t("tools.set"))));
}

/** A time as the browser's own field for it takes it. */
function local(seconds) {
  const offset = new Date(seconds * 1000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1000).toISOString().slice(0, 19);
}

/** `draft` is what has been chosen but not turned on yet. */
function faultSection(draft, draw) {
  const kinds = [...Object.keys(FAULTS).filter((kind) => !SPECIAL.includes(kind)), ...ownFaults()];
  const places = FAULTS[draft.kind] ?? ["all"];
  if (!places.includes(draft.where)) [draft.where] = places;
  const lasts = !INSTANT.includes(draft.kind);
  const select = (name, label, options, change = () => {}) =>
    h("label", {}, t(label), h("select", {
      name,
      onchange: ({ target }) => {
        draft[name] = target.value;
        change();
      },
    }, options.map(([value, text]) => h("option", { value, selected: value === draft[name] }, text))));
  const number = (name, label, properties) =>
    h("label", {}, t(label), h("input", { name, type: "number", value: draft[name], oninput: ({ target }) => (draft[name] = target.value), ...properties }));
  const add = (event) => {
    event.preventDefault();
    const given = ["ms", "count", "for_s"].filter((name) => draft[name] !== "" && (name === "ms" ? draft.kind === "delay" : lasts));
    const numbers = Object.fromEntries(given.map((name) => [name, Number(draft[name])]));
    changeFaults(api.addFault({ kind: draft.kind, where: draft.where, ...numbers }));
  };
  return h("section", {},
    h("h3", {}, t("tools.faults")),
    h("ul.faults", {}, state.faults.map((fault) =>
      h("li", {}, icon("alert"), h("span", {}, faultName(fault)), button(".small.plain", t("tools.off"), () => changeFaults(api.removeFault(fault.id)))))),
    h("form.fault", { onsubmit: add },
      select("kind", "tools.kind", kinds.map((kind) => [kind, t(`fault.${kind}`)]), draw),
      select("where", "tools.where", places.map((place) => [place, t(`fault.where.${place}`)])),
      draft.kind === "delay" && number("ms", "tools.ms", { min: "1", max: "3600000", required: true }),
      lasts && number("count", "tools.count", { min: "1" }),
      lasts && number("for_s", "tools.lasts", { min: "0.1", step: "any" }),
      h("button", {}, t("tools.on"))));
}

/** The whole of all worlds, to be kept in a file and put back. */
function snapshotSection() {
  const put = async (file) => {
    try {
      await api.restore(await file.text());
      toast(t("snapshot.done"));
    } catch (error) {
      complain(error);
    }
  };
  return h("section", {},
    h("h3", {}, t("snapshot")),
    h("p", {}, t("snapshot.text")),
    h("div.buttons", {},
      h("a.button.small", { href: "/control/snapshot", download: "mynah-snapshot.json" }, icon("down"), t("snapshot.save")),
      fileButton(t("snapshot.open"), put)));
}

function connectSection() {
  const line = (label, address) => h("p.connect", {}, h("span", {}, label), h("code", {}, address), copyButton("copy", address));
  return h("section", {},
    h("h3", {}, t("tools.connect")),
    addresses().map(([label, address]) => line(t(label), address)));
}

function resetSection() {
  return h("section", {},
    h("h3", {}, t("tools.reset")),
    h("p", {}, t("tools.resetText")),
    button(".small.danger", t("tools.reset"), closing(() => api.reset().catch(complain))));
}
