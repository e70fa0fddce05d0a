// What differs from world to world: what people can do there, how what they
// say is written, and who is what kind of bot. Everything else is the same.

const WORLDS = {
  onebot: {
    can: ["quote", "react", "recall", "poke", "befriend", "card", "govern", "invite", "rename", "leave", "upload"],
    /** Whether a name in the history carries the role beside it. */
    showsRoles: true,
    /** Whether a text may name its links. */
    anchors: false,
    /** Whether everybody may mention everybody at once, or only who governs. */
    allMention: false,
    botKind: ({ bot, name }) => (bot || name === "bot" ? "bot" : null),
    recipient: (conversation) => (conversation.startsWith("user:") ? "user:bot" : conversation),
    write: {
      text: ({ text }) => ({ type: "text", data: { text } }),
      mention: ({ id }) => ({ type: "at", data: { qq: id } }),
      quote: ({ id }) => ({ type: "reply", data: { id } }),
      image: ({ base64 }) => ({ type: "image", data: { file: `base64://${base64}` } }),
    },
    /** What stands together in one message: all of it. */
    bundles: () => true,
    addresses: (origin) => [["transport.ws-forward", `${origin.replace("http", "ws")}/onebot`], ["HTTP", `${origin}/onebot`]],
  },
  wecom: {
    can: ["quote", "leave", "press", "enter", "send"],
    showsRoles: false,
    anchors: true,
    allMention: true,
    // Applications have numbers for ids, intelligent bots `aib…`; what else is a bot came by a group's webhook.
    botKind: ({ bot, id, name }) =>
      !bot && name !== "bot" ? null : /^\d+$/.test(id) ? "application" : /^aib/.test(id) ? "aibot" : "bot",
    recipient(conversation, other) {
      if (conversation.startsWith("group:")) return conversation;
      return `user:${other?.id ?? (conversation.startsWith("bot:") ? "aib-sandbox" : "1000002")}`;
    },
    write: {
      text: ({ text }) => ({ type: "text", text }),
      mention: ({ id }) => ({ type: "mention", id }),
      quote: ({ id }) => ({ type: "quote", message_id: id }),
      image: ({ name, base64 }) => ({ type: "image", name, base64 }),
      voice: ({ name, base64 }) => ({ type: "voice", name, base64 }),
      video: ({ name, base64 }) => ({ type: "video", name, base64 }),
      file: ({ name, base64 }) => ({ type: "file", name, base64 }),
      location: (place) => place,
      link: (page) => page,
    },
    /** An application gets every picture as a message of its own; a bot gets text and pictures mixed. */
    bundles: ({ type }, conversation) =>
      ["text", "mention", "quote"].includes(type) || (type === "image" && !/^(user|agent):/.test(conversation)),
    addresses: (origin) => [["transport.api", `${origin}/wecom/cgi-bin`], ["transport.aibot", `${origin.replace("http", "ws")}/wecom/openws`]],
  },
};

/** The platform whose world is shown; `null` before the first. */
export let platform = null;

export const setPlatform = (name) => (platform = name);

/** The world that is shown; one we know nothing of is taken for the simplest. */
const world = () => WORLDS[platform] ?? WORLDS.onebot;

/** Whether people can do this here. */
export const can = (action) => world().can.includes(action);

export const showsRoles = () => world().showsRoles;
export const anchors = () => world().anchors;
export const allMention = () => world().allMention;

/** `null` for a person; `bot`, `application` or `aibot`. A `kind` that the sandbox names counts first. */
export const botKind = (person) => person.kind ?? world().botKind(person);

/** What the control API calls the other end of a conversation; `other` is the member one talks to. */
export const recipient = (conversation, other) => world().recipient(conversation, other);

/** Where bots connect to: pairs of a label and an address. */
export const addresses = () => world().addresses(location.origin);

/**
 * The messages that say these pieces, as the control API wants them: pieces
 * that stand together in one, and every other one by itself. Plain text stays
 * plain.
 */
export function written(pieces, conversation) {
  const { bundles, write } = world();
  const together = pieces.filter((piece) => bundles(piece, conversation));
  const alone = pieces.filter((piece) => !together.includes(piece));
  // A quote alone says nothing.
  const first = together.some(({ type }) => type !== "quote") ? [together] : [];
  return [...first, ...alone.map((piece) => [piece])].map((message) =>
    message.length === 1 && message[0].type === "text"
      ? { text: message[0].text }
      : { message: message.map((piece) => write[piece.type](piece)) });
}
