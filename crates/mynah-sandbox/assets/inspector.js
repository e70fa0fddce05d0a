// What went over the wire: the journey of one message, or all traffic.

import { arrowKeys, byId, h, icon, toast } from "./dom.js";
import { curl, exactTime, jsonBlock } from "./format.js";
import { onLanguage, t } from "./i18n.js";
import { spoken } from "./message.js";
import { journeyOf, on, state } from "./store.js";

const SHOWN = 300;

const journey = byId("journey");
const entries = byId("entries");
const filter = byId("filter");

let message = null;
let traffic = false;
let due = false;

/** `links`: `traffic(open)` changes the tab. */
export function startInspector(links) {
  byId("tab-journey").addEventListener("click", () => links.traffic(false));
  byId("tab-traffic").addEventListener("click", () => links.traffic(true));
  arrowKeys(byId("inspector").querySelector("[role=tablist]"), "[role=tab]", (tab) => {
    tab.focus();
    tab.click();
  });
  filter.addEventListener("input", drawTraffic);
  on("journal", (entry) => {
    if (!entry) drawTraffic();
    else if (traffic) soon();
    if (message && entry && concerns(entry)) drawJourney();
  });
  on("message", (heard) => {
    if (heard.message.seq === message?.seq && heard.message.conversation === message.conversation) inspect(heard.message);
  });
  onLanguage(() => {
    drawJourney();
    drawTraffic();
  });
}

/** Shows all traffic, or the journey of the chosen message. */
export function showTraffic(open) {
  traffic = open;
  for (const [name, chosen] of [["journey", !open], ["traffic", open]]) {
    byId(name).hidden = !chosen;
    byId(`tab-${name}`).setAttribute("aria-selected", String(chosen));
    byId(`tab-${name}`).tabIndex = chosen ? 0 : -1;
  }
  if (open) drawTraffic();
}

/** Chooses the message whose journey is shown; `null` for none. */
export function inspect(chosen) {
  message = chosen;
  drawJourney();
}

const concerns = (entry) =>
  entry.message.includes(message.id) || message.journal.includes(entry.id) || message.journal.includes(entry.pair);

async function drawJourney() {
  const drawn = message;
  if (!drawn) {
    journey.replaceChildren(hint("empty.journey"));
    return;
  }
  let found;
  try {
    found = await journeyOf(drawn);
  } catch (error) {
    toast(error.message, "error");
    return;
  }
  if (drawn !== message) return;
  const start = found[0]?.time;
  const kept = new Set([...journey.querySelectorAll("details:not([open])")].map((entry) => entry.dataset.id));
  journey.replaceChildren(
    h("blockquote.subject", {}, spoken(drawn)),
    ...found.map((entry) => entryNode(entry, { open: !kept.has(String(entry.id)), after: (entry.time - start) * 1000 })),
    ...(found.length ? [] : [hint("empty.journeyOf")]),
  );
}

const hint = (key) => h("p.hint", {}, t(key));

/** Traffic may come in bursts; drawing once a frame is enough. */
function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawTraffic();
  });
}

function drawTraffic() {
  if (!traffic) return;
  const query = filter.value.trim().toLowerCase();
  const shown = [];
  for (const entry of [...state.journal.values()].reverse()) {
    if (shown.length >= SHOWN) break;
    if (!query || haystack(entry).includes(query)) shown.push(entry);
  }
  const old = new Map([...entries.querySelectorAll("details")].map((node) => [node.dataset.id, node]));
  const language = document.documentElement.lang;
  const nodes = shown.map((entry) => {
    const kept = old.get(String(entry.id));
    const stamp = `${language} ${entry.verdict} ${entry.status}`;
    if (kept?.dataset.stamp === stamp) return kept;
    const node = entryNode(entry, { open: kept?.open ?? false });
    node.dataset.stamp = stamp;
    return node;
  });
  const focused = document.activeElement;
  entries.replaceChildren(...(nodes.length ? nodes : nothing()));
  if (entries.contains(focused)) focused.focus({ preventScroll: true });
}

const nothing = () =>
  state.journal.size
    ? [hint("empty.filter")]
    : [hint("empty.traffic"), h("p.hint", {}, t("empty.connect"), " ", h("code", {}, `ws://${location.host}/onebot`))];

const haystack = (entry) =>
  [entry.title, entry.peer, entry.transport, entry.kind, entry.verdict, entry.note, entry.body].join(" ").toLowerCase();

// One entry

function entryNode(entry, { open, after }) {
  const way = entry.kind === "control" ? "control" : entry.direction;
  const node = h("details.entry", { "data-id": entry.id, "data-way": way, open },
    h("summary", {},
      h("span.way", { title: t(`way.${way}`) }, icon(entry.direction === "out" ? "out" : "in")),
      h("strong", {}, entry.title),
      h("span.verdict", { "data-verdict": entry.verdict }, verdict(entry)),
      h("span.facts", {}, [t(`way.${way}`), t(`transport.${entry.transport}`), t(`kind.${entry.kind}`)].join(" · ")),
      h("time", {}, after > 0.5 ? `${exactTime(entry.time)} ${t("entry.after", { ms: Math.round(after) })}` : exactTime(entry.time)),
    ));
  // Closed entries stay cheap: there may be hundreds.
  const fill = () => node.childElementCount === 1 && node.append(entryBody(entry));
  if (open) fill();
  node.addEventListener("toggle", () => node.open && fill());
  return node;
}

const verdict = (entry) =>
  entry.status && entry.verdict === "ok" ? String(entry.status) : [t(`verdict.${entry.verdict}`), entry.status].filter(Boolean).join(" ");

function entryBody(entry) {
  const command = curl(entry);
  return h("div.contents", {},
    entry.note ? h("p.note", {}, entry.note) : null,
    entry.method || entry.url ? h("p.address", {}, h("strong", {}, entry.method ?? ""), " ", entry.url ?? "") : null,
    h("p.peer", {}, `#${entry.id} · ${entry.peer ?? ""}`),
    entry.headers?.length ? headers(entry.headers) : null,
    entry.body ? jsonBlock(entry.body) : h("p.peer", {}, t("entry.empty")),
    h("div.buttons", {},
      command ? copyButton("copy.curl", command.text) : null,
      entry.body ? copyButton("copy.body", entry.body) : null),
    command ? h("details.curl", {}, h("summary", {}, t(command.label)), h("pre.code", { tabindex: "0" }, command.text)) : null,
  );
}

const headers = (pairs) =>
  h("dl.headers", { "aria-label": t("entry.headers") }, pairs.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

/** A button that copies a text and says so. */
export function copyButton(label, text) {
  const button = h("button.small", { type: "button" }, icon("copy"), t(label));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      toast(t("copy.failed"), "error");
      return;
    }
    button.replaceChildren(icon("check"), t("copy.done"));
    setTimeout(() => button.replaceChildren(icon("copy"), t(label)), 1500);
  });
  return button;
}
