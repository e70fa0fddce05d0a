// Across the top: what is not as it would be outside of the sandbox, and the way back.

import * as api from "./api.js";
import { button, byId, complain, h, icon } from "./dom.js";
import { clockTime, fullTime } from "./format.js";
import { onLanguage, t } from "./i18n.js";
import { now, on, refreshClock, refreshFaults, state } from "./store.js";
import { platform } from "./worlds.js";

/** How often the virtual time is told anew. */
const TICK_MS = 30_000;

export function startStrip() {
  on("status", draw);
  onLanguage(draw);
  setInterval(draw, TICK_MS);
}

function draw() {
  const strip = byId("strip");
  const focused = document.activeElement.closest?.("#strip button")?.dataset.key;
  const badges = state.faults.map((fault) => badge(`fault-${fault.id}`, "alert", t("strip.fault", { name: faultName(fault) }), "strip.lift", () => lift(fault)));
  if (Math.abs(state.offset) >= 1) badges.push(badge("clock", "clock", t("strip.clock", { time: fullTime(now()) }), "tools.toReal", toReal));
  if (state.open === false) badges.unshift(h("span.lost", {}, icon("alert"), t("strip.lost")));
  strip.replaceChildren(...badges);
  if (focused) strip.querySelector(`[data-key="${focused}"]`)?.focus();
}

/** Something that is out of the ordinary; a press puts an end to it. */
const badge = (key, drawing, text, act, run) =>
  button(".oddity", [icon(drawing), h("span", {}, text), h("span.end", {}, t(act), icon("close"))], run, { "data-key": key });

const lift = ({ id }) => api.removeFault(id).then(() => refreshFaults()).catch(complain);

/** Sets the clock back to real time. */
export const toReal = () => refreshClock(api.setClock({ set: Date.now() / 1000 })).catch(complain);

/** What a fault is called, whose it is if not this world's, where it shows, and how often and how long it still will. */
export function faultName({ kind, ms, count, until, where, platform: whose }) {
  const facts = [
    ms && `${ms} ms`,
    where && where !== "all" && t(`fault.where.${where}`),
    count && `×${count}`,
    until && t("fault.until", { time: clockTime(until) }),
  ].filter(Boolean);
  const world = whose && whose !== platform ? `${t(`world.${whose}`)}: ` : "";
  return `${world}${t(`fault.${kind}`)}${facts.length ? ` (${facts.join(", ")})` : ""}`;
}
