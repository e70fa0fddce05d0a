// The richer pieces of a message: files, voice, films, links, cards.

import { button, h, icon, setLabel, toast } from "./dom.js";
import { t } from "./i18n.js";
import { link } from "./markdown.js";
import { can } from "./worlds.js";

/** The address if a link may lead there: the web or the sandbox itself. */
const safe = (url) => (/^(https?:\/\/|\/(?!\/))/.test(url) ? url : null);

/** The address if the page may load it: the policy forbids it everything from elsewhere. */
const ours = (url) => (/^(\/(?!\/)|data:image\/)/.test(url) ? url : null);

const UNITS = ["B", "KB", "MB", "GB"];

/** `1.4 MB` */
function bytes(size) {
  const unit = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), UNITS.length - 1);
  return `${Number((size / 1024 ** unit).toFixed(unit ? 1 : 0))} ${UNITS[unit]}`;
}

const leads = (spec, url, content, properties = {}) =>
  safe(url) ? h(`a${spec}`, { href: url, target: "_blank", rel: "noopener noreferrer", tabindex: "-1", ...properties }, content) : h(`span${spec}`, {}, content);

/** A file, to be fetched. */
export const file = ({ url, name, size }) =>
  leads(".card.file", url, [
    icon("file"),
    h("span", {}, h("strong", {}, name || t("file")), Number.isFinite(size) && h("small", {}, bytes(size))),
  ], { download: name || "" });

/** A voice message: a button plays it. What the browser cannot play can be fetched. */
export function voice({ url, name }) {
  let sound = null;
  const draw = () => {
    const on = Boolean(sound && !sound.paused);
    play.replaceChildren(icon(on ? "pause" : "play"));
    setLabel(play, `${t(on ? "stop" : "play")}: ${name || t("voice")}`);
  };
  const play = button(".play", "", async () => {
    sound ??= Object.assign(new Audio(url), { onended: draw, onpause: draw });
    if (!sound.paused) {
      sound.pause();
      return;
    }
    try {
      await sound.play();
    } catch {
      toast(t("unplayable"), "error");
    }
    draw();
  }, { tabindex: "-1" });
  draw();
  play.disabled = !ours(url);
  return h("span.card.voice", {}, play, icon("wave"), leads("", url, name || t("voice"), { download: name || "" }));
}

/** A film: nothing of it is loaded before somebody wants to see it. */
export function video({ url, name }) {
  const play = button(".film", [icon("play"), h("span", {}, name || t("video"))], () => {
    const film = h("video", { src: url, controls: true, tabindex: "0", "aria-label": name || t("video") });
    film.addEventListener("error", () => toast(t("unplayable"), "error"));
    play.replaceWith(film);
    film.focus();
    film.play().catch(() => {}); // The error above says why.
  }, { tabindex: "-1" });
  setLabel(play, `${t("play")}: ${name || t("video")}`);
  play.disabled = !ours(url);
  return play;
}

/** A page somebody shared, or an article. */
export const sharedLink = ({ url, title, text, image }) =>
  leads(".card.link", url, [
    h("span", {}, h("strong", {}, title || url), text && h("small", {}, text), safe(url) && h("small.host", {}, hostOf(url))),
    ours(image) ? h("img", { src: image, alt: "" }) : icon("card"),
  ]);

const hostOf = (url) => (URL.canParse(url, location.origin) ? new URL(url, location.origin).host : "");

/**
 * A template card. `press(key, details)` tells the one who sent it what was
 * pressed; `details` has what was chosen, by question.
 */
export function card(part, press) {
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
    fields.length > 0 && h("dl", {}, fields.map(({ name, value }) => [h("dt", {}, name), h("dd", {}, value)])),
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
