// The few helpers with which every view builds its elements.

const SVG = "http://www.w3.org/2000/svg";

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Builds an element: `h("button.tool", { type: "button", onclick: go }, icon("send"))`.
 * Functions become listeners, `null` and `false` leave a property out.
 */
export function h(spec, properties = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** One of the drawings in `index.html`. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Changes which drawing an icon button shows. */
export function setIcon(button, name) {
  button.querySelector("use").setAttribute("href", `#i-${name}`);
}

/** Names a control for people who see it and for people who hear it. */
export function setLabel(node, text) {
  node.setAttribute("aria-label", text);
  if (node.matches("button, a")) node.title = text;
}

/** One of twelve colours, always the same for the same name. */
function hue(name) {
  let sum = 11;
  for (const character of name) sum = (sum * 53 + character.codePointAt(0)) % 9973;
  return `hue-${sum % 12}`;
}

/** The round picture of a person: the bird for a bot, an initial for everybody else. */
export function avatar(person) {
  if (person.bot || person.name === "bot") return h("span.avatar.bot", { "aria-hidden": "true" }, icon("bird"));
  const initial = [...(person.name || person.id || "?")][0].toUpperCase();
  return h(`span.avatar.${hue(person.name || person.id)}`, { "aria-hidden": "true" }, initial);
}

/** The picture of a group: up to four of its members in one circle. */
export function mosaic(conversation) {
  const members = conversation.members.slice(0, 4);
  return h("span.avatar.mosaic", { "aria-hidden": "true", "data-count": members.length }, members.map(avatar));
}

/**
 * Brings a short list up to date without losing the focus in it. Rows whose
 * `stamp` did not change keep their element.
 */
export function syncList(parent, items, { key, stamp, build }) {
  const old = new Map([...parent.children].map((row) => [row.dataset.key, row]));
  const focused = document.activeElement?.closest("[data-key]");
  const focusedKey = focused && parent.contains(focused) ? focused.dataset.key : null;
  const rows = items.map((item) => {
    const kept = old.get(String(key(item)));
    const mark = JSON.stringify(stamp(item));
    if (kept?.dataset.stamp === mark) return kept;
    const row = build(item);
    row.dataset.key = key(item);
    row.dataset.stamp = mark;
    return row;
  });
  parent.replaceChildren(...rows);
  if (focusedKey !== null) focusRow(rows.find((row) => row.dataset.key === focusedKey));
}

function focusRow(row) {
  (row?.matches("a, button") ? row : row?.querySelector("a, button"))?.focus();
}

/** Lets the arrow keys, Home and End move the focus among the items of a list. */
export function arrowKeys(container, selector, onMove = (item) => item.focus()) {
  container.addEventListener("keydown", (event) => {
    const items = [...container.querySelectorAll(selector)];
    const here = items.indexOf(document.activeElement);
    if (here < 0) return;
    const last = items.length - 1;
    const target = {
      ArrowDown: Math.min(here + 1, last),
      ArrowRight: Math.min(here + 1, last),
      ArrowUp: Math.max(here - 1, 0),
      ArrowLeft: Math.max(here - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onMove(items[target]);
  });
}

let toastTimer;

/** Shows a sentence for a few seconds; screen readers hear it at once. */
export function toast(text, kind = "info") {
  byId("toasts").replaceChildren(h(`p.toast.${kind}`, {}, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toasts").replaceChildren(), kind === "error" ? 6000 : 2500);
}

/** Remembered between visits; silently forgotten where the browser forbids storage. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(`mynah.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`mynah.${key}`, value);
    } catch {
      // A page without storage still works, it only forgets.
    }
  },
};
