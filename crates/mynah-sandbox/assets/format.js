// Times, JSON and curl, made readable.

import { h } from "./dom.js";
import { language, t } from "./i18n.js";
import { now } from "./store.js";

const formatters = new Map();

function formatter(options) {
  const key = language() + JSON.stringify(options);
  if (!formatters.has(key)) {
    const locale = language() === "zh" ? "zh-CN" : "en-GB";
    formatters.set(key, new Intl.DateTimeFormat(locale, options));
  }
  return formatters.get(key);
}

const date = (seconds) => new Date(seconds * 1000);
const sameDay = (a, b) => date(a).toDateString() === date(b).toDateString();

/** `09:41` */
export const clockTime = (seconds) => formatter({ hour: "2-digit", minute: "2-digit" }).format(date(seconds));

/** `09:41:07.125` */
export const exactTime = (seconds) =>
  formatter({ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }).format(date(seconds));

/** Day and time, whole. */
export const fullTime = (seconds) =>
  formatter({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(date(seconds));

function day(seconds) {
  if (sameDay(seconds, now())) return t("today");
  if (sameDay(seconds, now() - 86400)) return t("yesterday");
  const thisYear = date(seconds).getFullYear() === date(now()).getFullYear();
  return formatter({ year: thisYear ? undefined : "numeric", month: "short", day: "numeric" }).format(date(seconds));
}

/** As short as a list of conversations wants it. */
export const shortTime = (seconds) => (sameDay(seconds, now()) ? clockTime(seconds) : day(seconds));

/** As the line between two messages has it. */
export const separatorTime = (seconds) =>
  sameDay(seconds, now()) ? clockTime(seconds) : `${day(seconds)} ${clockTime(seconds)}`;

/** A length of time in the two largest of days, hours, minutes, seconds. */
export function span(seconds) {
  const units = { day: 86400, hour: 3600, minute: 60, second: 1 };
  const parts = [];
  let rest = Math.round(Math.abs(seconds));
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count && parts.length < 2) {
      parts.push(new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(count));
    }
  }
  return parts.join(" ");
}

/** The text indented if it is JSON, as it is otherwise. */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// Integers that JavaScript cannot hold would be rounded by a parse.
const LONG_INTEGER = /[:[,\s]-?\d{16,}/;
const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A block of JSON with its tokens coloured. */
export function jsonBlock(text) {
  const source = LONG_INTEGER.test(text) ? text : pretty(text);
  const block = h("pre.code", { tabindex: "0" });
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [token, string, colon, word] = match;
    const kind = colon ? "key" : string ? "string" : word ? "word" : "number";
    const written = colon ? string : token;
    block.append(source.slice(end, match.index), h(`span.${kind}`, {}, written));
    end = match.index + written.length;
  }
  block.append(source.slice(end));
  return block;
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

// Hop-by-hop headers, and those curl writes itself.
const OWN_HEADERS = new Set(["host", "content-length", "connection", "accept-encoding", "transfer-encoding"]);

function headerArgument([name, value]) {
  if (!/redacted/i.test(value)) return `-H ${quoted(`${name}: ${value}`)}`;
  // A secret is not in the journal; the shell fills it in.
  const scheme = value.match(/^(Bearer|Token|sha1=)\s?/i)?.[0] ?? "";
  return `-H "${name}: ${scheme}$MYNAH_SECRET"`;
}

const command = (method, url, headers, body) =>
  [
    `curl -X ${method} ${url}`,
    ...headers.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())).map(headerArgument),
    ...(body ? [`--data-raw ${quoted(body)}`] : []),
  ].join(" \\\n  ");

function frame(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

const JSON_HEADER = ["Content-Type", "application/json"];

/**
 * What would make the same happen again from a shell: `{ label, text }` with the
 * key of its label. A frame becomes the same action over HTTP, an event the
 * same POST to one's own bot; answers have none.
 */
export function curl(entry) {
  if (entry.method && entry.url && entry.kind !== "response") {
    return { label: "entry.curl", text: command(entry.method, quoted(entry.url), entry.headers, entry.body) };
  }
  const body = frame(entry.body);
  if (typeof body.action === "string") {
    const url = quoted(`${location.origin}/${entry.platform}/${body.action}`);
    const text = command("POST", url, [JSON_HEADER], JSON.stringify(body.params ?? {}));
    return { label: "entry.curlOf.frame", text };
  }
  if (body.post_type) {
    const headers = [JSON_HEADER, ["X-Self-ID", String(body.self_id)]];
    return { label: "entry.curlOf.event", text: command("POST", '"$BOT_URL"', headers, entry.body) };
  }
  return null;
}
