// One entry of the journal: a line that opens to everything that is known of it.

import { button, h, icon, toast } from "./dom.js";
import { codeBlock, curl, exactTime, fields, inside, opened, parsed, sourceBlock } from "./format.js";
import { t } from "./i18n.js";
import { platform } from "./worlds.js";

/** Bodies longer than this are shown whole only when somebody asks. */
const LONG = 8000;

/** One entry; `after` is the time since the first one, in milliseconds. */
export function entryNode(entry, open, after = 0) {
  const way = wayOf(entry);
  const node = h("details.entry", { "data-id": entry.id, "data-way": way, open },
    h("summary", {},
      h("span.way", {}, icon(way === "note" ? "bird" : entry.direction)),
      h("strong", {}, way === "note" ? t(`note.${entry.title}`) : entry.title || t(`kind.${entry.kind}`)),
      h("span.verdict", { "data-verdict": entry.verdict }, verdict(entry)),
      h("span.facts", {}, facts(entry, way)),
      h("time", {}, exactTime(entry.time), after >= 1 && ` +${Math.round(after)} ms`)));
  // Closed entries stay cheap: there may be thousands.
  const fill = () => node.open && node.childElementCount === 1 && node.append(contents(entry));
  fill();
  node.addEventListener("toggle", fill);
  return node;
}

/** Who speaks to whom: `in`, `out`, `control` or `note`. */
export const wayOf = ({ kind, direction }) => (["control", "note"].includes(kind) ? kind : direction);

const verdict = ({ verdict: word, status }) => (word === "ok" && status ? status : `${t(`verdict.${word}`)} ${status || ""}`);

const facts = (entry, way) =>
  [
    entry.platform !== platform && t(`world.${entry.platform}`),
    t(`way.${way}`),
    way === "note" ? entry.peer : `${t(`transport.${entry.transport}`)} · ${t(`kind.${entry.kind}`)}`,
    entry.checks?.some(({ ok }) => ok === false) && t("checks.failed"),
  ].filter(Boolean).join(" · ");

function contents(entry) {
  const { body } = entry;
  const command = curl(entry);
  return h("div.contents", {},
    entry.note && h("p.note", {}, entry.note),
    entry.url && h("p.address", {}, h("strong", {}, entry.method), " ", entry.url),
    h("p.peer", {}, `#${entry.id} · ${entry.peer ?? ""}`),
    checks(entry),
    entry.headers?.length > 0 && h("dl.headers", {}, entry.headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    entry.kind === "note" ? told(entry) : [
      opened(entry) && h("h4", {}, t("decrypted")),
      body && source(body),
      inside(entry) && [h("h4", {}, t("inside")), source(inside(entry))],
      fields(entry).length > 0 && [h("h4", {}, t("fields")), h("dl.fields", {}, fields(entry).map(([name, value]) =>
        [h("dt", {}, name), h("dd", {}, value.startsWith("{") ? source(value) : value)]))],
    ],
    h("div.buttons", {},
      command && copyButton("copy.curl", command.text),
      body && copyButton("copy.body", body)),
    command && h("details.curl", {}, h("summary", {}, t(command.label)), codeBlock(command.text)));
}

/** What a bot has told of its own work. */
function told({ body }) {
  const { event, took_ms: took, reply } = parsed(body) ?? {};
  return [
    took !== undefined && h("p", {}, t("note.took", { time: took < 10 ? took.toFixed(2) : Math.round(took) })),
    reply !== undefined && [h("h4", {}, t("note.reply")), source(typeof reply === "string" ? reply : JSON.stringify(reply))],
    event !== undefined && [h("h4", {}, t("note.understood")), source(JSON.stringify(event))],
  ];
}

/** By what the receiver knows the sender, and how that ended. */
function checks({ checks: all = [] }) {
  if (!all.length) return null;
  const one = ({ what, ok }) => {
    const word = ok === null ? "left" : ok ? "right" : "wrong";
    return h(`li.${word}`, {}, icon({ left: "onward", right: "check", wrong: "close" }[word]), t(`check.${what}`), h("span", {}, t(`checks.${word}`)));
  };
  return [h("h4", {}, t("checks")), h("ul.checks", {}, all.map(one))];
}

/** A body; of a long one the beginning, until somebody wants all of it. */
function source(text) {
  if (text.length <= LONG) return sourceBlock(text);
  const block = h("div.long", {}, codeBlock(`${text.slice(0, LONG)}…`));
  block.append(button(".small", t("body.all", { size: Math.round(text.length / 1024) }), () => block.replaceChildren(sourceBlock(text))));
  return block;
}

/** A button that copies a text and says so; `text` may be a function that answers a promise of it. */
export function copyButton(label, text) {
  const content = () => [icon("copy"), t(label)];
  const copy = button(".small", content(), async () => {
    try {
      await navigator.clipboard.writeText(typeof text === "function" ? await text() : text);
    } catch (error) {
      toast(error.name === "ApiError" ? error.message : t("copy.failed"), "error");
      return;
    }
    copy.replaceChildren(icon("check"), t("copy.done"));
    setTimeout(() => copy.replaceChildren(...content()), 1500);
  });
  return copy;
}
