// Emoji by the names that BearyChat writes between colons. Those on offer as
// reactions are drawings of our own, as not every machine has letters for them;
// a team has further ones, which are pictures.

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

/** `:+1:` without its colons; other ids as they are. */
const bare = (id) => id.match(/^:([^:\s]+):$/)?.[1] ?? id;

/** Those on offer as reactions. */
export const QUICK = Object.keys(DRAWINGS).map((name) => `:${name}:`);

/** Everything that can be picked, the team's own first. */
export const everyEmoji = () => [...new Set([...state.emoji.map(({ name }) => name), ...Object.keys(DRAWINGS), ...Object.keys(LETTERS)])];

/** An emoji by its name, with or without colons; `null` for one that nobody knows. */
export function emoji(id) {
  const name = bare(id);
  const own = state.emoji.find((known) => known.name === name && ours(known.url));
  const drawn = own
    ? h("img", { src: own.url, alt: `:${name}:` })
    : Object.hasOwn(DRAWINGS, name)
      ? icon(DRAWINGS[name])
      : Object.hasOwn(LETTERS, name)
        ? LETTERS[name]
        : null;
  return drawn && h(`span.emoji${DRAWINGS[name] ? `.${DRAWINGS[name]}` : ""}`, { role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, drawn);
}
