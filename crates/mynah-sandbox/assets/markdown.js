// Markdown as WeCom's, DingTalk's and BearyChat's clients show it: headings, bold,
// italics, links, code, quotes, lists, tables, rules, mentions, font colours (WeCom
// has three with names, DingTalk any), emoji by name in BearyChat. Builds elements,
// never HTML, so that nothing in a message can run. Pictures from elsewhere become
// links: the page loads nothing that is not the sandbox's own.

import { hostOf, ours, safe } from "./address.js";
import { h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { codes, pictures } from "./worlds.js";

/** Quotes in quotes, bold in colours…: no deeper than this. */
const DEEPEST = 8;
const ADDRESS = /https?:\/\/[^\s<>"'，。；！？）】]+/g;
const COLOURS = ["info", "comment", "warning"];

/** A link that opens elsewhere and tells nobody where it was. */
export const link = (href, content) => h("a", { href, target: "_blank", rel: "noopener noreferrer", tabindex: "-1" }, content);

/** A picture; one from elsewhere is a frame that leads to it. */
export const picture = (url, words) =>
  ours(url)
    ? h("img.drawn", { src: url, alt: words })
    : h("a.elsewhere", { href: safe(url), target: "_blank", rel: "noopener noreferrer", tabindex: "-1", title: url }, icon("image"), h("span", {}, words || hostOf(url)));

/** Text with its web addresses made links. */
export function linked(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(end, index), link(address, address));
    end = index + address.length;
  }
  return [...nodes, text.slice(end)];
}

const ANCHOR = /<a href=["'](https?:\/\/[^"'\s<>]{1,2000})["']>([^<>]{1,500})<\/a>/g;

/** The same where a text may name its links, as those of WeCom's applications may. */
export function anchored(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: anchor, 1: address, 2: words, index } of text.matchAll(ANCHOR)) {
    nodes.push(...linked(text.slice(end, index)), link(address, words));
    end = index + anchor.length;
  }
  return [...nodes, ...linked(text.slice(end))];
}

/** Such a text in words alone. */
export const withoutAnchors = (text) => text.replace(ANCHOR, "$2");

// Inside a line. Every repetition is bounded, so that no text takes long.

/** What BearyChat writes in codes, in Markdown or not. */
const CODES = [
  { when: codes, what: /@<=(=[A-Za-z0-9]{1,64})=>/y, draw: ([, id], inside, mention) => mention(id) },
  { when: codes, what: /@<-channel->/y, draw: (_, inside, mention) => mention("all") },
  { when: codes, what: /:([a-z0-9_+-]{1,40}):/y, draw: ([, name]) => emoji(name) },
];

const INLINE = [
  { what: /\\([\\`*_{}[\]()#+\-.!|~>])/y, draw: ([, character]) => character },
  { what: /(`{1,2})([^\n]{1,2000}?)\1/y, draw: ([, , code]) => h("code", {}, code) },
  {
    when: pictures,
    what: /!\[([^\]\n]{0,500})\]\(((?:https?:\/\/|\/control\/media\/|@)[^\s()<>"]{1,2000})\)\n?/y,
    // An address, or the id of a file that was uploaded.
    draw: ([, words, source]) => picture(source.startsWith("@") ? `/control/media/${source}` : source, words),
  },
  {
    what: /!?\[([^\]\n]{0,500})\]\((https?:\/\/[^\s()<>"]{1,2000}(?:\([^\s()<>"]{0,500}\)[^\s()<>"]{0,500})?)\)/y,
    draw: ([, text, address], inside) => link(address, text ? inside(text) : address),
  },
  {
    what: /<font color=["']?(#?\w{1,20})["']?>([^]{0,4000}?)<\/font>/y,
    draw: ([, colour, text], inside) => coloured(colour, inside(text)),
  },
  ...CODES,
  { what: /<@([^\s<>]{1,64})>/y, draw: ([, id], inside, mention) => mention(id) },
  { when: pictures, what: /(?<![A-Za-z0-9/.])@([A-Za-z0-9_-]{1,64})/y, draw: ([, id], inside, mention) => mention(id) },
  { what: /\*\*(?=\S)([^\n]{1,2000}?)\*\*/y, draw: ([, text], inside) => h("strong", {}, inside(text)) },
  { what: /~~(?=\S)([^\n]{1,2000}?)~~/y, draw: ([, text], inside) => h("s", {}, inside(text)) },
  { what: /\*(?=[^\s*])([^*\n]{1,2000}?)\*/y, draw: ([, text], inside) => h("em", {}, inside(text)) },
  { what: /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]{1,2000}?)_(?![\p{L}\p{N}_])/uy, draw: ([, text], inside) => h("em", {}, inside(text)) },
];
/** Where one of them could begin. */
const MARK = /[\\`![<*~_@:]/g;

/** Words in a colour by its name or number, brought nearer to the text's so that it stays legible. */
function coloured(colour, content) {
  if (COLOURS.includes(colour) || !pictures() || !CSS.supports("color", colour)) {
    return h(COLOURS.includes(colour) ? `span.font-${colour}` : "span", {}, content);
  }
  const words = h("span", {}, content);
  words.style.setProperty("color", `color-mix(in oklab, ${colour} 72%, var(--text))`);
  return words;
}

/** Text that is not Markdown, with its mentions, emoji and links. */
export const coded = (text, mention) => inline(text, mention, CODES);

function inline(text, mention, marks = INLINE, depth = 0) {
  if (depth > DEEPEST) return [text];
  const inside = (part) => inline(part, mention, marks, depth + 1);
  const nodes = [];
  let end = 0;
  for (const { index } of text.matchAll(MARK)) {
    if (index < end) continue; // Inside what was drawn already.
    for (const { when, what, draw } of marks) {
      if (when && !when()) continue;
      what.lastIndex = index;
      const found = what.exec(text);
      const drawn = found && draw(found, inside, mention);
      if (!drawn) continue;
      nodes.push(linked(text.slice(end, index)), drawn);
      end = index + found[0].length;
      break;
    }
  }
  return [...nodes, linked(text.slice(end))].flat(2);
}

// Blocks, line by line

const FENCE = /^ {0,3}```+[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(\S.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const TASK = /^\[([ xX])\]\s+/;
const TABLE = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

/** Elements for a text; `mention(id)` draws a mention. */
export const markdown = (text, mention) => blocks(text.replaceAll("\r\n", "\n").split("\n"), mention, 0);

function blocks(lines, mention, depth) {
  const nodes = [];
  let at = 0;
  /** The lines from here on for as long as they fit; moves on behind them. */
  const take = (fits) => {
    const from = at;
    while (at < lines.length && fits(lines[at], at - from)) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = line.match(HEADING);
    if (!line.trim()) at += 1;
    else if (FENCE.test(line)) {
      at += 1;
      const code = take((next) => !FENCE.test(next));
      at += 1; // The fence's end, if it has come yet.
      nodes.push(h("pre.code", { tabindex: "-1" }, code.join("\n")));
    } else if (heading) {
      at += 1;
      // Announced as headings they would drown the page's own.
      nodes.push(h(`p.heading.h${heading[1].length}`, {}, inline(heading[2], mention)));
    } else if (RULE.test(line)) {
      at += 1;
      nodes.push(h("hr"));
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      const quoted = take((next) => QUOTE.test(next)).map((next) => next.replace(QUOTE, ""));
      nodes.push(h("blockquote", {}, blocks(quoted, mention, depth + 1)));
    } else if (ITEM.test(line)) {
      nodes.push(...lists(take((next) => ITEM.test(next) || /^\s+\S/.test(next)), mention));
    } else if (line.includes("|") && TABLE.test((lines[at + 1] ?? "").trim())) {
      nodes.push(table(take((next) => next.includes("|")), mention));
    } else {
      const starts = (next, offset) => offset > 0 && (!next.trim() || [FENCE, HEADING, RULE, QUOTE, ITEM].some((start) => start.test(next)));
      nodes.push(h("p", {}, inline(take((next, offset) => !starts(next, offset)).join("\n"), mention)));
    }
  }
  return nodes;
}

/** Lists, one in another by how far their items are indented. */
function lists(lines, mention) {
  const roots = [];
  const open = [];
  for (const line of lines) {
    const [, space, bullet, number, text] = line.match(ITEM) ?? [];
    if (space === undefined) {
      open.at(-1).list.lastElementChild.append("\n", ...inline(line.trim(), mention));
      continue;
    }
    while (open.length && space.length < open.at(-1).indent) open.pop();
    const kind = bullet ? "ul" : "ol";
    const top = open.at(-1);
    if (!top || (space.length > top.indent + 1 && open.length < DEEPEST)) {
      const list = h(kind, { start: number });
      if (top) top.list.lastElementChild.append(list);
      else roots.push(list);
      open.push({ list, indent: space.length });
    } else if (top.list.localName !== kind) {
      const list = h(kind, { start: number });
      top.list.after(list);
      if (open.length === 1) roots.push(list);
      top.list = list;
    }
    open.at(-1).list.append(item(text, mention));
  }
  return roots;
}

function item(text, mention) {
  const task = text.match(TASK);
  if (!task) return h("li", {}, inline(text, mention));
  const done = task[1] !== " ";
  return h("li.task", {}, h("span", { role: "img", "aria-label": done ? "✓" : "–" }, done ? "☑" : "☐"), " ", inline(text.replace(TASK, ""), mention));
}

function table([head, rule, ...rows], mention) {
  const sides = cells(rule).map((cell) => (/^:-+:$/.test(cell) ? "center" : /-:$/.test(cell) ? "end" : "start"));
  const row = (line, kind) =>
    h("tr", {}, sides.map((side, at) => h(`${kind}.${side}`, { scope: kind === "th" && "col" }, inline(cells(line)[at] ?? "", mention))));
  return h("div.table", { tabindex: "-1" },
    h("table", {}, h("thead", {}, row(head, "th")), h("tbody", {}, rows.map((line) => row(line, "td")))));
}

const cells = (line) => line.trim().replace(/^\||(?<!\\)\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

/** What stands on a line of its own, or in a cell. */
const BLOCK = /^(P|PRE|LI|TD|TH)$/;

/** A text without its marks, in one line. */
export function plain(text, name) {
  const words = (node) =>
    node.matches?.(".emoji") ? node.title : node.childNodes.length ? [...node.childNodes].map(words).join("") + (BLOCK.test(node.nodeName) ? " " : "") : node.textContent;
  return markdown(text, (id) => `@${name(id)}`).map(words).join("").replace(/\s+/g, " ").trim();
}
