// The few helpers with which every view builds its elements.

import { botKind } from "./worlds.js";

const SVG = "http://www.w3.org/2000/svg";

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/** Whether this is one of several pages side by side. */
export const isColumn = () => document.documentElement.hasAttribute("data-column");

/**
 * Builds an element: `h("button.tool", { type: "button", onclick: go }, icon("send"))`.
 * Functions become listeners; `null`, `undefined` and `false` leave a property
 * or a child out.
 */
export function h(spec, properties = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (present(value)) node.setAttribute(name, value);
  }
  node.append(...children.flat(2).filter(present));
  return node;
}

const present = (value) => value !== null && value !== undefined && value !== false;

/** A button that submits nothing. */
export const button = (spec, content, onclick, properties = {}) =>
  h(`button${spec}`, { type: "button", onclick, ...properties }, content);

/** A button that asks for a file of JSON, and the hidden field that takes it. */
export function fileButton(label, take) {
  const input = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: () => input.files.length && take(input.files[0]) });
  return [button(".small", [icon("file"), label], () => {
    input.value = ""; // The same file may be chosen again.
    input.click();
  }), input];
}

/** One of the drawings in `index.html`. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `#i-${name}`);
  return svg;
}

/** Names a control for people who see it and for people who hear it. */
export function setLabel(node, text) {
  node.setAttribute("aria-label", text);
  if (node.matches("button")) node.title = text;
  return node;
}

/** One of twelve colours, always the same for the same name. */
function hue(name) {
  let sum = 11;
  for (const character of name) sum = (sum * 53 + character.codePointAt(0)) % 9973;
  return sum % 12;
}

/** The picture of a person: the bird for a bot, tiles for an application, the bear for an assistant, an initial for everybody else. */
export function avatar(person) {
  const name = person.name || person.id || "?";
  const kind = botKind(person);
  if (kind) return h(`span.avatar.bot.${kind}`, { "aria-hidden": "true" }, icon({ application: "tiles", assistant: "bear" }[kind] ?? "bird"));
  return h(`span.avatar.hue-${hue(name)}`, { "aria-hidden": "true" }, [...name][0].toUpperCase());
}

/** The picture of a group: up to four of its members in one. */
export function mosaic(members) {
  const shown = members.slice(0, 4);
  return h("span.avatar.mosaic", { "aria-hidden": "true", "data-count": shown.length }, shown.map(avatar));
}

/**
 * Brings a short list up to date without losing the focus in it. Rows whose
 * `stamp` did not change keep their element.
 */
export function syncList(parent, items, { key, stamp, build }) {
  const old = new Map([...parent.children].map((row) => [row.dataset.key, row]));
  const focused = parent.contains(document.activeElement) && document.activeElement.closest("[data-key]").dataset.key;
  const rows = items.map((item) => {
    const mark = JSON.stringify(stamp(item));
    const kept = old.get(key(item));
    if (kept?.dataset.stamp === mark) return kept;
    const row = build(item);
    row.dataset.key = key(item);
    row.dataset.stamp = mark;
    return row;
  });
  parent.replaceChildren(...rows);
  const row = rows.find(({ dataset }) => dataset.key === focused);
  (row?.matches("button") ? row : row?.querySelector("a, button"))?.focus();
}

/** Lets the arrow keys, Home and End move the focus among the items of a list. */
export function arrowKeys(container, selector, onMove = () => {}) {
  container.addEventListener("keydown", (event) => {
    const items = [...container.querySelectorAll(selector)];
    const here = items.indexOf(document.activeElement);
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -here, End: items.length };
    if (here < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const item = items[Math.max(0, Math.min(here + steps[event.key], items.length - 1))];
    item.focus();
    onMove(item);
  });
}

/** A function that, however often it is called, runs once and a little later. */
export function soon(run) {
  let due = null;
  return () => {
    due ??= setTimeout(() => {
      due = null;
      run();
    }, 30);
  };
}

let toastTimer;

/** Shows a sentence for a few seconds; screen readers hear it at once. */
export function toast(text, kind = "info") {
  byId("toasts").replaceChildren(h(`p.toast.${kind}`, {}, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toasts").replaceChildren(), kind === "error" ? 6000 : 2500);
}

/** Says what went wrong. */
export const complain = (error) => toast(error.message, "error");

/** What the browser remembers between visits; nothing where it forbids that. */
export const memory = {
  get: (key) => storage()?.getItem(`mynah.${key}`),
  set: (key, value) => storage()?.setItem(`mynah.${key}`, value),
};

function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
