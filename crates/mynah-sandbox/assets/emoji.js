// Emoji by the names that BearyChat writes between colons. Those on offer as
// reactions are drawings of our own, as not every machine has letters for them;
// a team has further ones, which are pictures. What cannot be shown stays a name.

import { ours } from "./address.js";
import { h, icon } from "./dom.js";
import { state } from "./store.js";

const DRAWINGS = { "+1": "thumb", heart: "heart", smile: "smile", tada: "party", eyes: "eyes", ok: "check" };

const LETTERS = {
  grinning: "😀", joy: "😂", laughing: "😆", wink: "😉", blush: "😊", yum: "😋", sunglasses: "😎", heart_eyes: "😍", thinking: "🤔", neutral_face: "😐",
  unamused: "😒", sweat: "😓", confused: "😕", cry: "😢", sob: "😭", scream: "😱", angry: "😠", sleeping: "😴", mask: "😷", innocent: "😇",
  "-1": "👎", clap: "👏", pray: "🙏", muscle: "💪", wave: "👋", point_up: "☝️", v: "✌️", ok_hand: "👌", raised_hands: "🙌", fist: "✊",
  broken_heart: "💔", star: "⭐", fire: "🔥", zap: "⚡", sunny: "☀️", umbrella: "☔", snowflake: "❄️", rocket: "🚀", bug: "🐛", bear: "🐻",
  panda_face: "🐼", dog: "🐶", cat: "🐱", beer: "🍺", coffee: "☕", cake: "🍰", gift: "🎁", bell: "🔔", bulb: "💡", pushpin: "📌",
  memo: "📝", books: "📚", calendar: "📅", hourglass: "⌛", lock: "🔒", key: "🔑", warning: "⚠️", x: "❌", white_check_mark: "✅", question: "❓",
  exclamation: "❗", 100: "💯",
};

const canvas = new OffscreenCanvas(24, 24).getContext("2d", { willReadFrequently: true });

function pixels(letter) {
  canvas.clearRect(0, 0, 24, 24);
  canvas.font = "16px sans-serif";
  canvas.fillText(letter, 2, 18);
  return canvas.getImageData(0, 0, 24, 24).data.join();
}

const legible = new Map();
let lacking;

/** The letter of an emoji, if this machine has one: all that it lacks look the same. */
function letterOf(name) {
  if (!Object.hasOwn(LETTERS, name)) return null;
  if (!legible.has(name)) legible.set(name, pixels(LETTERS[name].slice(0, 2)) !== (lacking ??= pixels("\u{10ffff}")));
  return legible.get(name) ? LETTERS[name] : null;
}

/** `:+1:` without its colons; other ids as they are. */
const bare = (id) => id.match(/^:([^:\s]+):$/)?.[1] ?? id;

/** Those on offer as reactions. */
export const QUICK = Object.keys(DRAWINGS).map((name) => `:${name}:`);

/** Everything that can be picked, the team's own first. */
export const everyEmoji = () => [...new Set([...state.emoji.map(({ name }) => name), ...Object.keys(DRAWINGS), ...Object.keys(LETTERS).filter(letterOf)])];

/** An emoji by its name, with or without colons; `null` for one that nobody knows, or that cannot be shown. */
export function emoji(id) {
  const name = bare(id);
  const own = state.emoji.find((known) => known.name === name && ours(known.url));
  const drawn = own
    ? h("img", { src: own.url, alt: `:${name}:` })
    : Object.hasOwn(DRAWINGS, name)
      ? icon(DRAWINGS[name])
      : letterOf(name);
  return drawn && h(`span.emoji${DRAWINGS[name] ? `.${DRAWINGS[name]}` : ""}`, { role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, drawn);
}
