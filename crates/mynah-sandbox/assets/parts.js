// The richer pieces of a message: files, voice, films, links.

import { hostOf, ours, safe } from "./address.js";
import { button, h, icon, setLabel, toast } from "./dom.js";
import { t } from "./i18n.js";
import { coded, markdown, picture } from "./markdown.js";

const UNITS = ["B", "KB", "MB", "GB"];

/** `1.4 MB` */
function bytes(size) {
  const unit = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), UNITS.length - 1);
  return `${Number((size / 1024 ** unit).toFixed(unit ? 1 : 0))} ${UNITS[unit]}`;
}

/** Something that leads to an address, if it may. */
export const leads = (spec, url, content, properties = {}) =>
  safe(url) ? h(`a${spec}`, { href: url, target: "_blank", rel: "noopener noreferrer", tabindex: "-1", ...properties }, content) : h(`span${spec}`, {}, content);

/** A file, to be fetched. */
export const file = ({ url, name, size }) =>
  leads(".card.file", url, [
    icon("file"),
    h("span", {}, h("strong", {}, name || t("file")), Number.isFinite(size) && h("small", {}, bytes(size))),
  ], { download: name || "" });

/** A voice message: a button plays it. What the browser cannot play can be fetched. */
export function voice({ url, name, duration_ms: duration }) {
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
  return h("span.card.voice", {}, play, icon("wave"), leads("", url, name || t("voice"), { download: name || "" }), duration > 0 && h("small", {}, `${Math.ceil(duration / 1000)}″`));
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

/** A place on earth; its picture, if there is one, stands in the message itself. */
export function place({ data, text }) {
  const { latitude, longitude, content } = data ?? {};
  return h("span.card.place", {},
    content ? h("img", { src: `data:image/jpeg;base64,${content}`, alt: "" }) : icon("pin"),
    h("span", {}, h("strong", {}, text || t("location")), Number.isFinite(latitude) && h("small", {}, `${latitude}, ${longitude}`)));
}

/** Content of a kind that only the application knows. */
export const custom = ({ name, text }) =>
  h("span.card.custom", {}, icon("tiles"), h("span", {}, h("strong", {}, name), text && text !== name && h("code", {}, text)));

/** What hangs below a message in BearyChat, beside a bar of its own colour. */
export function attachment({ title, text, url, color, images = [], markdown: marked }, mention) {
  const node = h("div.attachment", { role: "group", "aria-label": title || t("attachment") },
    title && h("strong.head", {}, safe(url) ? leads("", url, title) : title),
    text && (marked === false ? h("p", {}, coded(text, mention)) : h("div.markdown", {}, markdown(text, mention))),
    images.length > 0 && h("div.pictures", {}, images.map((address) => picture(address, hostOf(address)))));
  if (color && CSS.supports("color", color)) node.style.setProperty("--bar", color);
  return node;
}

/** What somebody passed on from another conversation. */
export const repost = ({ text }, author, mention) =>
  h("blockquote.repost", {}, h("small", {}, t("forwarded")), h("strong", {}, author), h("div.markdown", {}, markdown(text, mention)));

/** A page somebody shared, or an article. */
export const sharedLink = ({ url, title, text, image }) =>
  leads(".card.link", url, [
    h("span", {}, h("strong", {}, title || url), text && h("small", {}, text), safe(url) && h("small.host", {}, hostOf(url))),
    ours(image) ? h("img", { src: image, alt: "" }) : icon("card"),
  ]);
