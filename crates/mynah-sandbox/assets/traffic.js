// All traffic, as it comes: filtered, paused, cleared, however much there is.

import { button, byId, complain, h, soon } from "./dom.js";
import { entryNode, wayOf } from "./entry.js";
import { onLanguage, t } from "./i18n.js";
import { olderEntries, on, state, widen } from "./store.js";
import { virtualList } from "./virtual.js";
import { addresses, platform } from "./worlds.js";

/** How high a closed entry is, and how far they are from each other. */
const ROW = { estimate: 58, gap: 6 };

const WAYS = ["in", "out", "control", "note"];
const VERDICTS = ["ok", "refused", "failed", "dropped", "delayed"];

const words = byId("filter");
const entries = byId("entries");
const none = h("div.none", { hidden: true });

let list;
let open = false;
/** What is shown of the journal, the newest first. */
let shown = [];
/** The first entry that is not shown because somebody has paused; `null` while it goes on. */
let paused = null;
/** What was there when somebody cleared the list is not shown any more. */
let cleared = 0;
let wanted = {};

export function startTraffic() {
  entries.append(none);
  list = virtualList(entries, { ...ROW, key: ({ id }) => id, build: (entry) => entryNode(entry, false), onEnd: older });
  words.addEventListener("input", () => {
    list.rewind();
    sift();
  });
  on("journal", (entry) => {
    if (!entry) siftSoon();
    else if (paused !== null) missSoon();
    else if (passes(entry)) {
      shown.unshift(entry);
      showSoon();
    }
  });
  onLanguage(() => {
    drawControls();
    list.redraw();
    sift();
  });
  drawControls();
}

/** Shows the traffic, or leaves it be. */
export function openTraffic(now) {
  open = now;
  if (open) sift();
}

/** Looks through all of the journal. */
function sift() {
  if (!open) return;
  const query = words.value.trim();
  // Without copying any body: there may be megabytes of them.
  const pattern = query && new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
  wanted = { ...wanted, pattern };
  shown = [...state.journal.values()].filter(passes).reverse();
  show();
}

function passes(entry) {
  const { pattern, way, verdict } = wanted;
  return (
    entry.id > cleared &&
    (paused === null || entry.id < paused) &&
    (state.everywhere || [platform, "sandbox"].includes(entry.platform)) &&
    (!way || wayOf(entry) === way) &&
    (!verdict || entry.verdict === verdict) &&
    (!pattern || says(entry, pattern)));
}

const says = ({ title, peer, url, note, body, headers }, pattern) =>
  [title, peer, url, note, body].some((text) => pattern.test(text)) || headers.some(([name, value]) => pattern.test(`${name}: ${value}`));

function show() {
  if (!open) return;
  while (shown.length && !state.journal.has(shown.at(-1).id)) shown.pop(); // The oldest have made room.
  list.set(shown);
  none.hidden = shown.length > 0;
  if (none.hidden) return;
  const empty = !state.journal.size;
  none.replaceChildren(h("p.hint", {}, t(cleared ? "empty.cleared" : empty ? "empty.traffic" : "empty.filter")), empty && !cleared ? h("code", {}, addresses()[0][1]) : "");
}

const showSoon = soon(show);
const siftSoon = soon(sift);

/** More of what was before, once somebody has come to the end. */
function older() {
  if (open && !cleared) olderEntries().catch(complain);
}

// The controls above the list

function drawControls() {
  const latest = () => [...state.journal.keys()].at(-1) ?? 0;
  const focused = document.activeElement.closest?.("#sift [id]")?.id;
  byId("sift").replaceChildren(
    choice("where", "sift.where", [["", t("sift.here")], ["all", t("sift.everywhere")]], state.everywhere ? "all" : "", async (value) => {
      await widen(value === "all").catch(complain);
    }),
    choice("way", "sift.way", [["", t("sift.ways")], ...WAYS.map((way) => [way, t(`way.${way}`)])], wanted.way, (way) => (wanted.way = way)),
    choice("verdict", "sift.verdict", [["", t("sift.verdicts")], ...VERDICTS.map((verdict) => [verdict, t(`verdict.${verdict}`)])], wanted.verdict, (verdict) => (wanted.verdict = verdict)),
    button(".small", pauseWords(), () => {
      paused = paused === null ? latest() + 1 : null;
      drawControls();
      sift();
    }, { id: "pause", "aria-pressed": String(paused !== null) }),
    button(".small", t(cleared ? "sift.restore" : "sift.clear"), () => {
      cleared = cleared ? 0 : latest();
      drawControls();
      sift();
    }, { id: "clear" }));
  if (focused) byId(focused)?.focus();
}

const pauseWords = () => (paused === null ? t("sift.pause") : t("sift.go", { count: [...state.journal.keys()].filter((id) => id >= paused).length }));

/** Says how much has come meanwhile. */
const missSoon = soon(() => (byId("pause").textContent = pauseWords()));

function choice(id, label, options, value = "", take) {
  const select = h("select", {
    id: `sift-${id}`,
    "aria-label": t(label),
    onchange: async ({ target }) => {
      await take(target.value);
      list.rewind();
      sift();
    },
  }, options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
  return select;
}
