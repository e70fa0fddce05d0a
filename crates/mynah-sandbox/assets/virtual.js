// A list of any length, of which only what is in sight is in the document.

import { h } from "./dom.js";

/** How far beyond what is in sight rows are kept, in pixels. */
const MARGIN = 400;

/**
 * A list inside of `box`, which scrolls. Its items are drawn by `build(item)`,
 * told apart by `key(item)`, and taken to be `estimate` pixels high until they
 * have been measured; `gap` pixels are between them. `onEnd()` is called when
 * the end is in sight.
 */
export function virtualList(box, { key, build, estimate, gap = 0, onEnd = () => {} }) {
  const sheet = h("div.virtual", { role: "list" });
  box.append(sheet);
  let items = [];
  /** Key to height. */
  const heights = new Map();
  /** Key to the row in the document. */
  const rows = new Map();
  /** Key to a row out of sight that somebody has opened. */
  const opened = new Map();
  const sizes = new ResizeObserver((changes) => {
    let changed = false;
    for (const { target, borderBoxSize: [{ blockSize }] } of changes) {
      if (!target.isConnected || heights.get(target.key) === blockSize) continue;
      heights.set(target.key, blockSize);
      changed = true;
    }
    if (changed) draw();
  });

  const heightOf = (item) => (heights.get(key(item)) ?? estimate) + gap;

  function row(item, at) {
    const name = key(item);
    const node = rows.get(name) ?? opened.get(name) ?? h("div", { role: "listitem" }, build(item));
    opened.delete(name);
    node.key = name;
    node.setAttribute("aria-posinset", at + 1);
    node.setAttribute("aria-setsize", items.length);
    return node;
  }

  /** What is in sight, and how far it is from the top of the box. */
  let anchor = null;

  function draw() {
    // Rows that grow or come in above must not move what somebody reads; at the
    // very top one sees what is new.
    let top = box.scrollTop;
    if (anchor && top > 0) {
      const at = items.findIndex((item) => key(item) === anchor.key);
      if (at >= 0) top = items.slice(0, at).reduce((sum, item) => sum + heightOf(item), 0) - anchor.offset;
    }
    const height = Math.max(items.reduce((sum, item) => sum + heightOf(item), 0) - gap, 0);
    top = Math.max(Math.min(top, height - box.clientHeight), 0);
    const [from, to] = [top - MARGIN, top + box.clientHeight + MARGIN];
    const focused = document.activeElement.closest?.("[role=listitem]")?.key;
    const shown = new Map();
    let y = 0;
    anchor = null;
    items.forEach((item, at) => {
      const end = y + heightOf(item);
      if ((end >= from && y <= to) || key(item) === focused) {
        const node = row(item, at);
        node.style.translate = `0 ${y}px`;
        shown.set(key(item), node);
      }
      if (!anchor && end > top) anchor = { key: key(item), offset: y - top };
      y = end;
    });
    sheet.style.height = `${height}px`;
    replace(shown);
    if (box.scrollTop !== top) box.scrollTop = top;
    if (y - top < box.clientHeight + MARGIN) onEnd();
  }

  /** Takes away what is out of sight and brings in what is not, without touching the rest: it may have the focus. */
  function replace(shown) {
    for (const [name, node] of rows) {
      if (shown.has(name)) continue;
      sizes.unobserve(node);
      node.remove();
      if (node.querySelector("[open]")) opened.set(name, node);
    }
    let before = null;
    for (const [name, node] of shown) {
      if (!rows.has(name)) {
        if (before) before.after(node);
        else sheet.prepend(node);
        sizes.observe(node);
      }
      before = node;
    }
    rows.clear();
    for (const [name, node] of shown) rows.set(name, node);
  }

  let due = false;
  box.addEventListener("scroll", () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      anchor = null; // Somebody has moved on.
      draw();
    });
  }, { passive: true });
  new ResizeObserver(() => draw()).observe(box);

  return {
    /** Shows other items. */
    set(next) {
      items = next;
      draw();
    },
    /** Draws every row anew, in another language for example. */
    redraw() {
      replace(new Map());
      opened.clear();
      heights.clear();
      draw();
    },
    /** Goes back to the beginning. */
    rewind() {
      anchor = null;
      box.scrollTop = 0;
      draw();
    },
  };
}
