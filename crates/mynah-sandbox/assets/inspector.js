// What went over the wire: the journey of one message, beside all traffic.

import { arrowKeys, byId, complain, h, soon } from "./dom.js";
import { entryNode, wayOf } from "./entry.js";
import { language, onLanguage, t } from "./i18n.js";
import { spoken } from "./message.js";
import { journeyOf, on } from "./store.js";
import { openTraffic, startTraffic } from "./traffic.js";

const journey = byId("journey");

let message = null;

export function startInspector() {
  byId("tab-journey").addEventListener("click", () => showTraffic(false));
  byId("tab-traffic").addEventListener("click", () => showTraffic(true));
  arrowKeys(byId("inspector").querySelector("[role=tablist]"), "[role=tab]", (tab) => tab.click());
  startTraffic();
  on("journal", () => message && journeySoon());
  on("message", (heard) => {
    if (heard.seq === message?.seq) inspect(heard);
  });
  onLanguage(drawJourney);
}

/** Shows all traffic, or the journey of the chosen message. */
export function showTraffic(open) {
  for (const [name, chosen] of [["journey", !open], ["traffic", open]]) {
    byId(name).hidden = !chosen;
    byId(`tab-${name}`).setAttribute("aria-selected", String(chosen));
    byId(`tab-${name}`).tabIndex = chosen ? 0 : -1;
  }
  openTraffic(open);
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
    found.length > 0 && h("ol.steps", {}, found.map((entry) =>
      h("li", {}, h("h3", {}, t(step(entry))), entryNode(entry, true, (entry.time - found[0].time) * 1000)))));
  if (drawn && !found.length) journey.append(hint("empty.journeyOf"));
}

/** What an entry is in the life of a message. */
function step(entry) {
  const way = wayOf(entry);
  if (way === "control") return "step.said";
  if (way === "note") return entry.title === "event" ? "step.heard" : "step.handled";
  if (entry.kind === "event") return "step.event";
  if (entry.kind === "response") return way === "in" ? "step.answered" : "step.told";
  return way === "in" ? "step.call" : "step.asked";
}

const hint = (key) => h("p.hint", {}, t(key));

const journeySoon = soon(drawJourney);
