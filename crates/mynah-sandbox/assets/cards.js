// Cards: WeCom's templates, DingTalk's action cards, feed cards and OA messages.

import { ours, safe } from "./address.js";
import { button, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { markdown, picture } from "./markdown.js";
import { leads } from "./parts.js";
import { can } from "./worlds.js";

/**
 * A card of any kind. `press(key, details)` tells the one who sent it what was
 * pressed, without a key one is asked for; `mention(id)` draws a mention.
 */
export const card = (part, press, mention) => (KINDS[part.card_type] ?? template)(part, press, mention);

/** The kinds that are drawn in a way of their own; everything else is a template. */
const KINDS = { action_card: actions, interactive: actions, feed_card: (part) => feed(part), oa };

// DingTalk

/** Text in Markdown above one button or several, below each other or side by side. */
function actions(part, press, mention) {
  const { title, text, fields = [], buttons = [], data, url, answered } = part;
  const beside = String(data?.btn_orientation ?? data?.btnOrientation ?? "0") === "1" && buttons.length > 1;
  const free = can("press") && !answered;
  const choice = ({ key, label, style, url: address }) =>
    safe(address)
      ? leads(".press", address, [h("span", {}, label), !beside && icon("onward")])
      : button(`.press.plain.style-${Number(style) || 1}`, [h("span", {}, label || key), answered === key && icon("check")], () => press(key, {}), { tabindex: "-1", disabled: !free });
  return h("div.action", { role: "group", "aria-label": title || t("card.message"), "data-kind": part.card_type },
    // An action card's title stands in lists and notifications only.
    part.card_type === "interactive" && title && text && h("strong.head", {}, title),
    h("div.markdown", {}, markdown(text || title, mention)),
    fields.length > 0 && facts(fields, (value) => h("div.markdown", {}, markdown(value, mention))),
    buttons.length > 0 && h(beside ? "div.outcomes.beside" : "div.outcomes", {}, buttons.map(choice)),
    // Only the application knows what buttons its own template has.
    !buttons.length && part.card_type === "interactive" && free && h("div.outcomes", {}, button(".press.plain", t("card.press"), () => press(null, {}), { tabindex: "-1" })),
    !buttons.length && safe(url) && h("div.outcomes", {}, leads(".press", url, [h("span", {}, t("card.open")), icon("onward")])),
    answered && h("p.answered", {}, icon("check"), t("card.answered", { answer: answerOf(part) || answered })));
}

/** Articles that came together are one feed card. */
export const gathered = (parts) =>
  parts.length > 1 && parts.every(({ type }) => type === "link") ? [{ type: "card", card_type: "feed_card", title: parts[0].title, links: parts }] : parts;

/** A few articles: the first large, the others a line each. */
const feed = ({ title, links }) =>
  h("div.feed-card", { role: "group", "aria-label": title }, links.map(({ title: words, url, image }, at) =>
    leads(at ? ".article" : ".article.first", url, [
      ours(image) ? h("img", { src: image, alt: "" }) : h("span.blank", {}, icon("image")),
      h("strong", {}, words),
    ], { title: url })));

/** A form on paper: who it is from, what it says, how much it is about. */
function oa({ title, text, fields = [], data, url }) {
  const { head = {}, body = {}, status_bar: status } = data ?? {};
  const { rich, image, file_count: files, author } = body;
  const band = tinted("div.band", head.bgcolor, head.text ?? "");
  if (status?.status_value) band.append(tinted("span.status", status.status_bg, status.status_value));
  return h("div.oa", { role: "group", "aria-label": title || head.text || t("card.message") },
    band,
    h("div.paper", {},
      (body.title ?? title) && h("strong.head", {}, body.title ?? title),
      fields.length > 0 && facts(fields.slice(0, 6)),
      rich && h("p.amount", {}, h("strong", {}, rich.num), " ", rich.unit),
      (body.content ?? text) && h("p.words", {}, body.content ?? text),
      image && picture(image, ""),
      (files || author) && h("p.foot", {}, files && h("span", {}, t("oa.files", { count: files })), author && h("span.author", {}, author))),
    safe(url) && h("div.outcomes", {}, leads(".press", url, [h("span", {}, t("card.open")), icon("onward")])));
}

/** Something on a ground of its own, `AARRGGBB`, with letters that can be read on it. */
function tinted(spec, ground, ...content) {
  const node = h(spec, {}, content);
  const [, alpha, red, green, blue] = String(ground ?? "").match(/^(?:0x)?([\da-f]{2})([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i) ?? [];
  if (alpha) {
    const light = (part) => (parseInt(part, 16) / 255) ** 2.2;
    const bright = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue) > 0.18;
    node.style.setProperty("background", `#${red}${green}${blue}`);
    node.style.setProperty("color", bright ? "#17191d" : "#fff");
  }
  return node;
}

const facts = (fields, draw = String) => h("dl", {}, fields.map(({ name, value }) => [h("dt", {}, name), h("dd", {}, draw(value))]));

// WeCom

/**
 * A template card. `press(key, details)` tells the one who sent it what was
 * pressed; `details` has what was chosen, by question.
 */
function template(part, press) {
  const { card_type, title, text, fields = [], buttons = [], choices = [], menu = [], url, answered } = part;
  const answer = answerOf(part);
  const free = can("press") && answer === null;
  const chosen = new Map(choices.map(({ key, options }) => [key, options.filter(({ selected }) => selected).map(({ id }) => id)]));
  const details = () => (chosen.size ? { selected: Object.fromEntries(chosen) } : {});
  const key = (spec) => ({ key: name, label, style }) =>
    button(`${spec}.press.style-${Number(style) || 1}`, [answered === name && icon("check"), label || name], () => press(name, details()), {
      tabindex: "-1",
      disabled: !free,
    });
  return h("div.template", { role: "group", "aria-label": title || t("card.message"), "data-kind": card_type },
    title && h("strong.head", {}, title),
    text && h("p", {}, SHADED.includes(card_type) ? shaded(text) : text),
    fields.length > 0 && facts(fields),
    choices.map((question) => choice(question, chosen, free)),
    buttons.length > 0 && h("div.presses", {}, buttons.map(key(""))),
    menu.length > 0 && h("div.presses.menu", {}, menu.map(key(".plain"))),
    safe(url) && leads(".onward", url, t("card.open")),
    answer !== null && h("p.answered", {}, icon("check"), answer ? t("card.answered", { answer }) : t("card.closed")));
}

/** The kinds of card whose text knows a few tags. */
const SHADED = ["textcard", "taskcard"];
const SHADE = /<div class=["']?(gray|normal|highlight)["']?>([^<]{0,600})<\/div>|<br ?\/?>/g;

function shaded(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: tag, 1: shade, 2: words, index } of text.matchAll(SHADE)) {
    nodes.push(text.slice(end, index).trim(), shade ? h(`span.${shade}`, {}, words) : h("br"));
    end = index + tag.length;
  }
  return [...nodes, text.slice(end)];
}

/** `null` while the card waits; else the words of what was pressed, empty if nobody knows. */
export function answerOf({ answered, buttons = [], menu = [] }) {
  if (!answered) return null;
  if (answered === true) return "";
  return [...buttons, ...menu].find(({ key }) => key === answered)?.label ?? String(answered);
}

let questions = 0;

/** A question with its options: one of them, or several. */
function choice({ key, title, multiple, options }, chosen, free) {
  const name = `question-${(questions += 1)}`; // Radios of one question belong together.
  const change = ({ target }) => {
    const others = multiple ? chosen.get(key).filter((id) => id !== target.value) : [];
    chosen.set(key, target.checked ? [...others, target.value] : others);
  };
  return h("fieldset", { disabled: !free }, title && h("legend", {}, title), options.map(({ id, text, selected }) =>
    h("label", {}, h("input", { type: multiple ? "checkbox" : "radio", name, value: id, checked: Boolean(selected), onchange: change, tabindex: "-1" }), text)));
}
