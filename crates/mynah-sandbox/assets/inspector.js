// What went over the wire: the journey of one message, or all traffic.

import { arrowKeys, button, byId, complain, h, icon, soon, toast } from "./dom.js";
import { codeBlock, curl, exactTime, fields, inside, opened, sourceBlock } from "./format.js";
import { language, onLanguage, t } from "./i18n.js";
import { spoken } from "./message.js";
import { journeyOf, on, state } from "./store.js";
import { addresses } from "./worlds.js";

const SHOWN = 300;

const journey = byId("journey");
const entries = byId("entries");
const filter = byId("filter");

let message = null;
let traffic = false;

export function startInspector() {
  byId("tab-journey").addEventListener("click", () => showTraffic(false));
  byId("tab-traffic").addEventListener("click", () => showTraffic(true));
  arrowKeys(byId("inspector").querySelector("[role=tablist]"), "[role=tab]", (tab) => tab.click());
  filter.addEventListener("input", drawTraffic);
  on("journal", () => {
    trafficSoon();
    if (message) journeySoon();
  });
  on("message", (heard) => {
    if (heard.seq === message?.seq) inspect(heard);
  });
  onLanguage(() => {
    drawJourney();
    entries.replaceChildren();
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
  drawTraffic();
}

/** Chooses the message whose journey is shown; `null` for none. */
export function inspect(chosen) {
  message = chosen;
  drawJourney();
}

async function drawJourney() {
  const drawn = message;
  const found = drawn ? await journeyOf(drawn).catch(complain) : [];
  if (drawn !== message || !found) return;
  const stamp = JSON.stringify([drawn, found.map(({ id, verdict, status }) => [id, verdict, status]), language()]);
  if (journey.dataset.stamp === stamp) return;
  journey.dataset.stamp = stamp;
  journey.replaceChildren(
    drawn ? h("blockquote.subject", {}, spoken(drawn)) : hint("empty.journey"),
    ...found.map((entry) => entryNode(entry, true, (entry.time - found[0].time) * 1000)));
  if (drawn && !found.length) journey.append(hint("empty.journeyOf"));
}

const hint = (key) => h("p.hint", {}, t(key));

function drawTraffic() {
  if (!traffic) return;
  const query = filter.value.trim().toLowerCase();
  const shown = [];
  for (const entry of [...state.journal.values()].reverse()) {
    if (shown.length === SHOWN) break;
    if (JSON.stringify(entry).toLowerCase().includes(query)) shown.push(entry);
  }
  const old = new Map([...entries.children].map((node) => [node.dataset.id, node]));
  const focused = document.activeElement;
  entries.replaceChildren(...shown.map((entry) => old.get(String(entry.id)) ?? entryNode(entry, false)));
  if (!shown.length) {
    entries.append(hint(state.journal.size ? "empty.filter" : "empty.traffic"));
    if (!state.journal.size) entries.append(h("code", {}, addresses()[0][1]));
  }
  if (entries.contains(focused)) focused.focus({ preventScroll: true });
}

const trafficSoon = soon(drawTraffic);
const journeySoon = soon(drawJourney);

/** One entry; `after` is the time since the first one, in milliseconds. */
function entryNode(entry, open, after = 0) {
  const way = entry.kind === "control" ? "control" : entry.direction;
  const node = h("details.entry", { "data-id": entry.id, "data-way": way, open },
    h("summary", {},
      h("span.way", {}, icon(entry.direction)),
      h("strong", {}, entry.title || t(`kind.${entry.kind}`)),
      h("span.verdict", { "data-verdict": entry.verdict }, verdict(entry)),
      h("span.facts", {}, [t(`way.${way}`), t(`transport.${entry.transport}`), t(`kind.${entry.kind}`)].join(" · ")),
      h("time", {}, exactTime(entry.time), after >= 1 && ` +${Math.round(after)} ms`)));
  // Closed entries stay cheap: there may be hundreds.
  const fill = () => node.open && node.childElementCount === 1 && node.append(contents(entry));
  fill();
  node.addEventListener("toggle", fill);
  return node;
}

const verdict = ({ verdict: word, status }) => (word === "ok" && status ? status : `${t(`verdict.${word}`)} ${status || ""}`);

function contents(entry) {
  const { body } = entry;
  const command = curl(entry);
  return h("div.contents", {},
    entry.note && h("p.note", {}, entry.note),
    entry.url && h("p.address", {}, h("strong", {}, entry.method), " ", entry.url),
    h("p.peer", {}, `#${entry.id} · ${entry.peer ?? ""}`),
    entry.headers?.length > 0 && h("dl.headers", {}, entry.headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    opened(entry) && h("h4", {}, t("decrypted")),
    body && sourceBlock(body),
    inside(entry) && [h("h4", {}, t("inside")), sourceBlock(inside(entry))],
    fields(entry).length > 0 && [h("h4", {}, t("fields")), h("dl.fields", {}, fields(entry).map(([name, value]) =>
      [h("dt", {}, name), h("dd", {}, value.startsWith("{") ? sourceBlock(value) : value)]))],
    h("div.buttons", {},
      command && copyButton("copy.curl", command.text),
      body && copyButton("copy.body", body)),
    command && h("details.curl", {}, h("summary", {}, t(command.label)), codeBlock(command.text)));
}

/** A button that copies a text and says so. */
export function copyButton(label, text) {
  const content = () => [icon("copy"), t(label)];
  const copy = button(".small", content(), async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      toast(t("copy.failed"), "error");
      return;
    }
    copy.replaceChildren(icon("check"), t("copy.done"));
    setTimeout(() => copy.replaceChildren(...content()), 1500);
  });
  return copy;
}
