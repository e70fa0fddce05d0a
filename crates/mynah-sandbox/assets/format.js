// Times, JSON, XML and curl, made readable.

import { h } from "./dom.js";
import { language, t } from "./i18n.js";
import { now } from "./store.js";

const formatters = new Map();

function format(seconds, options) {
  const key = language() + JSON.stringify(options);
  if (!formatters.has(key)) {
    formatters.set(key, new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", options));
  }
  return formatters.get(key).format(new Date(seconds * 1000));
}

const MINUTES = { hour: "2-digit", minute: "2-digit" };
const DAY = { month: "short", day: "numeric" };
const DAY_S = 86400;

/** `09:41` */
export const clockTime = (seconds) => format(seconds, MINUTES);

/** `09:41:07.125` */
export const exactTime = (seconds) => format(seconds, { ...MINUTES, second: "2-digit", fractionalSecondDigits: 3 });

/** Day and time, whole. */
export const fullTime = (seconds) => format(seconds, { year: "numeric", ...DAY, ...MINUTES });

const isoDay = (seconds) => new Date(seconds * 1000).toDateString();

function day(seconds) {
  if (isoDay(seconds) === isoDay(now() - DAY_S)) return t("yesterday");
  return format(seconds, Math.abs(now() - seconds) < 300 * DAY_S ? DAY : { year: "numeric", ...DAY });
}

/** As short as a list of conversations wants it. */
export const shortTime = (seconds) => (isoDay(seconds) === isoDay(now()) ? clockTime(seconds) : day(seconds));

/** As the line between two messages has it. */
export const separatorTime = (seconds) =>
  isoDay(seconds) === isoDay(now()) ? clockTime(seconds) : `${day(seconds)} ${clockTime(seconds)}`;

const LONG_INTEGER = /[:[,\s]-?\d{16,}/;

/** The text indented if it is JSON, as it is otherwise. */
function pretty(text) {
  if (LONG_INTEGER.test(text)) return text; // A parse would round it.
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A block of JSON or XML, whichever it is, with its tokens coloured. */
export const sourceBlock = (text) => (text.trimStart().startsWith("<") ? xmlBlock(text.trim()) : jsonBlock(text));

function jsonBlock(text) {
  const source = pretty(text);
  const block = codeBlock("");
  let end = 0;
  for (const { 0: token, 1: string, 2: colon, 3: word, index } of source.matchAll(TOKEN)) {
    const kind = colon ? "key" : string ? "string" : word ? "word" : "number";
    const written = colon ? string : token;
    block.append(source.slice(end, index), h(`span.${kind}`, {}, written));
    end = index + written.length;
  }
  block.append(source.slice(end));
  return block;
}

const XML_TOKEN = /<!\[CDATA\[[^]*?\]\]>|<(\/?)[A-Za-z][^<>]*>/g;

/** Every element on its own line, indented; only what holds text stays in one. */
function xmlBlock(text) {
  const block = codeBlock("");
  let end = 0;
  let depth = 0;
  let before = null;
  for (const { 0: token, 1: slash, index } of text.matchAll(XML_TOKEN)) {
    const kind = slash === undefined ? "text" : slash ? "close" : "open";
    const between = text.slice(end, index);
    if (kind === "close") depth -= 1;
    const breaks = kind === "open" ? before !== null : kind === "close" && before === "close";
    block.append(between.trim() ? between : breaks ? `\n${"  ".repeat(Math.max(depth, 0))}` : "", h(`span.${kind === "text" ? "string" : "key"}`, {}, token));
    if (kind === "open" && !token.endsWith("/>")) depth += 1;
    before = token.endsWith("/>") ? "close" : between.trim() && kind !== "close" ? "text" : kind;
    end = index + token.length;
  }
  block.append(text.slice(end));
  return block;
}

/** A block of code; it takes the focus, so that the keyboard can scroll it. */
export const codeBlock = (text) => h("pre.code", { tabindex: "0" }, text);

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Quoted, with the shell to fill in the secret that the journal left out. */
const withSecret = (text) => quoted(text).replaceAll("…", `'"$MYNAH_SECRET"'`);

// Hop-by-hop headers, and those curl writes itself.
const OWN_HEADERS = /^(host|content-length|connection|accept-encoding|transfer-encoding)$/i;

const command = (method, url, headers, body) =>
  [
    `curl -X ${method} ${url}`,
    ...headers.filter(([name]) => !OWN_HEADERS.test(name)).map((pair) => `-H ${withSecret(pair.join(": "))}`),
    ...(body ? [`--data-raw ${quoted(body)}`] : []),
  ].join(" \\\n  ");

/** Whether what is shown was encrypted on the wire: nobody would take it like that. */
export const opened = ({ platform, transport, body }) => transport === "post" && (ENCRYPTED[platform]?.(body) ?? false);

const ENCRYPTED = {
  wecom: (body) => body !== "" && !/<Encrypt>|"encrypt"\s*:/.test(body),
  dingtalk: (body) => /"EventType"\s*:/.test(body),
};

/** Where bodies carry JSON as text. */
const INSIDE = { dingtalk: "data", rongcloud: "content" };

/** The JSON that a body carries as text, such as a frame of DingTalk's Stream; `null` if it carries none. */
export function inside({ platform, body }) {
  const data = INSIDE[platform] && frame(body)[INSIDE[platform]];
  return typeof data === "string" && data.startsWith("{") ? data : null;
}

/** The fields of a form, as RongCloud's calls and callbacks are, and what BearyChat's robots post: pairs of a name and a value. */
export const fields = ({ platform, body }) => (["rongcloud", "bearychat"].includes(platform) && /^[^\s=&{<]+=/.test(body) ? [...new URLSearchParams(body)] : []);

/** Files do not survive being shown as text. */
const multipart = ({ headers }) => headers.some(([name, value]) => /^content-type$/i.test(name) && /^multipart\//i.test(value));

/** What a text says that is JSON; `null` if it is none. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const frame = (text) => parsed(text) ?? {};

/**
 * What would make the same happen again from a shell: `{ label, text }` with the
 * key of its label. A frame becomes the same action over HTTP, an event the
 * same POST to one's own bot; answers and files have none.
 */
export function curl(entry) {
  if (["response", "note"].includes(entry.kind) || opened(entry) || multipart(entry)) return null;
  const json = ["Content-Type", "application/json"];
  if (entry.method) {
    const url = entry.url.startsWith("/") ? location.origin + entry.url : entry.url;
    const headers = entry.headers.length ? entry.headers : [json];
    return { label: "curl.request", text: command(quoted(entry.method), withSecret(url), headers, entry.body) };
  }
  const { action, params, post_type, self_id } = frame(entry.body);
  if (action) {
    const url = quoted(`${location.origin}/${entry.platform}/${action}`);
    return { label: "curl.frame", text: command("POST", url, [json], JSON.stringify(params ?? {})) };
  }
  if (!post_type) return null;
  return { label: "curl.event", text: command("POST", '"$BOT_URL"', [json, ["X-Self-ID", `${self_id}`]], entry.body) };
}
