// Several people side by side: the page itself in a column for each of them.
//
// Whatever a person can do they can do in their column, as it is the page once
// more, in a frame. All columns hear of everything over one stream, as tabs do.

import { avatar, button, byId, h, icon, setLabel } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { address, goTo, MOST, places } from "./route.js";

const columns = byId("columns");

/** Turns the page around the columns on or off; it follows the address. */
export function drawColumns() {
  const wanted = places();
  const split = wanted.length > 1;
  columns.hidden = !split;
  const open = [...columns.children];
  if (!split) {
    columns.replaceChildren();
    return;
  }
  // Frames cannot be moved without loading anew: what is too much goes, what lacks comes last.
  const spare = open.filter((column) => !wanted.some((place) => address(place) === shown(column)));
  for (const column of spare.slice(0, Math.max(0, open.length - wanted.length))) column.remove();
  wanted.forEach((place, at) => {
    const column = columns.children[at];
    if (!column) columns.append(newColumn(place));
    else if (shown(column) !== address(place)) windowOf(column).location.replace(`#${address(place)}`);
  });
  [...columns.children].forEach((column, at) => name(column, wanted[at]));
}

onLanguage(drawColumns);

const windowOf = (column) => column.querySelector("iframe").contentWindow;

/** The address a column shows, or is about to show. */
function shown(column) {
  const { pathname, hash } = windowOf(column).location;
  return pathname === location.pathname ? hash.slice(1) : column.dataset.address;
}

function newColumn(place) {
  const frame = h("iframe", { src: `/?column#${address(place)}` });
  const column = h("section.column", { "data-address": address(place) },
    h("header", {}, h("span"), h("h2"), button(".tool.small", icon("close"), () => close(column))),
    frame);
  frame.addEventListener("load", () => {
    const { contentWindow } = frame;
    contentWindow.addEventListener("hashchange", tellAddress);
    contentWindow.addEventListener("keydown", moveOn);
    tellAddress();
  });
  return column;
}

/** Says whose column it is. */
function name(column, { as }) {
  const [picture, title, close] = column.firstChild.children;
  const words = as ?? t("columns.nobody");
  if (title.textContent !== words) picture.replaceChildren(avatar({ name: words }));
  title.textContent = words;
  setLabel(column, t("columns.of", { name: words }));
  column.lastChild.title = t("columns.of", { name: words });
  setLabel(close, t("columns.close", { name: words }));
}

/** What somebody does in a column shows in the address, without a trace in the history: the frame has left its own. */
function tellAddress() {
  if (!columns.hidden) goTo([...columns.children].map(shown), { replace: true });
}

function close(column) {
  goTo([...columns.children].filter((other) => other !== column).map(shown));
}

/** Adds a column, or takes those of a person away. */
export function togglePerson(as, place) {
  const open = [...columns.children].map(shown);
  const left = places().flatMap((other, at) => (other.as === as ? [] : [open[at]]));
  if (left.length === open.length) goTo([...open, address(place)].slice(-MOST));
  else if (left.length) goTo(left);
}

/** F6 leads to the next column, with Shift to the one before. */
function moveOn(event) {
  if (event.key !== "F6") return;
  event.preventDefault();
  focusColumn(event.shiftKey ? -1 : 1);
}

/** Puts the keyboard into the message box of another column, so many steps from where it is. */
export function focusColumn(step = 1) {
  const frames = [...columns.querySelectorAll("iframe")];
  const next = frames.at((frames.indexOf(document.activeElement) + step) % frames.length);
  next.focus();
  next.contentDocument.getElementById("draft").focus();
}

window.addEventListener("keydown", (event) => columns.hidden || moveOn(event));
