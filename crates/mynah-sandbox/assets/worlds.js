// What differs from world to world: what people can do there, how what they
// say is written, and who is what kind of bot. Everything else is the same.

/** A picture or file as BearyChat's world takes it. */
const uploaded = ({ name, base64 }) => ({ file: { name, base64 } });

const WORLDS = {
  onebot: {
    can: [
      "quote", "react", "recall", "poke", "befriend", "card", "govern", "essence", "kick", "invite", "rename", "leave", "dismiss", "requestJoin", "upload",
      "create",
    ],
    /** Whether a name in the history carries the role beside it. */
    showsRoles: true,
    /** Whether a text may name its links. */
    anchors: false,
    /** Whether Markdown may show pictures and mention people by their ids. */
    pictures: false,
    /** Whether everybody may mention everybody at once, or only who governs. */
    allMention: false,
    /** Whether the bot hears everything in a group, or only what mentions it. */
    hearsAll: true,
    botKind: ({ bot, name }) => (bot || name === "bot" ? "bot" : null),
    /** The kinds of bot that a chat of their own is marked with. */
    marks: [],
    recipient: (conversation) => (conversation.startsWith("user:") ? "user:bot" : conversation),
    write: {
      text: ({ text }) => ({ type: "text", data: { text } }),
      mention: ({ id }) => ({ type: "at", data: { qq: id } }),
      quote: ({ id }) => ({ type: "reply", data: { id } }),
      image: ({ base64 }) => ({ type: "image", data: { file: `base64://${base64}` } }),
      voice: ({ base64 }) => ({ type: "record", data: { file: `base64://${base64}` } }),
      video: ({ base64 }) => ({ type: "video", data: { file: `base64://${base64}` } }),
      location: ({ label, latitude, longitude }) => ({ type: "location", data: { lat: `${latitude}`, lon: `${longitude}`, title: label } }),
      link: ({ title, text, url }) => ({ type: "share", data: { url, title, content: text } }),
    },
    /** What the page knows a part as that the sandbox only has by the platform's name. */
    adapt: ({ name, data }) => ({
      record: { type: "voice", url: data.url },
      video: { type: "video", url: data.url },
      location: { type: "place", text: data.title ?? "", data: { latitude: Number(data.lat), longitude: Number(data.lon) } },
      share: { type: "link", url: data.url, title: data.title, text: data.content, image: data.image },
    })[name],
    /** What stands together in one message. */
    bundles: ({ type }) => ["text", "mention", "quote", "image"].includes(type),
    addresses: (origin) => [["transport.ws-forward", `${origin.replace("http", "ws")}/onebot`], ["HTTP", `${origin}/onebot`]],
  },
  wecom: {
    can: ["quote", "leave", "press", "enter", "create", "invite", "remove", "rename", "owner"],
    showsRoles: false,
    anchors: true,
    pictures: false,
    allMention: true,
    // Applications have numbers for ids, intelligent bots `aib…`; what else is a bot came by a group's webhook.
    botKind: ({ bot, id, name }) =>
      !bot && name !== "bot" ? null : /^\d+$/.test(id) ? "application" : /^aib/.test(id) ? "aibot" : "bot",
    /** Which bots can be members of a group; elsewhere it is the one called so. */
    member: ({ id }) => /^aib/.test(id),
    /** Whether anybody may take the bot out of a group. */
    freeBot: true,
    marks: ["application", "aibot"],
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
  dingtalk: {
    can: ["read", "press", "recallRobots", "quit", "disband", "create", "invite", "remove", "rename", "owner"],
    showsRoles: true,
    anchors: false,
    pictures: true,
    allMention: true,
    // Custom robots belong to a group and can only speak.
    botKind: ({ bot, id, name }) => (!bot && name !== "bot" ? null : /^robot:/.test(id) ? "custom" : "bot"),
    freeBot: true,
    marks: ["bot"],
    recipient: (conversation) => (conversation.startsWith("group:") ? conversation : "user:bot"),
    write: {
      text: ({ text }) => ({ type: "text", text }),
      mention: ({ id }) => ({ type: "mention", id }),
      image: ({ name, base64 }) => ({ type: "image", name, base64 }),
      voice: ({ name, base64 }) => ({ type: "voice", name, base64 }),
      video: ({ name, base64 }) => ({ type: "video", name, base64 }),
      file: ({ name, base64 }) => ({ type: "file", name, base64 }),
    },
    /** Text and pictures are one rich text; everything else is a message of its own. */
    bundles: ({ type }) => ["text", "mention", "image"].includes(type),
    faults: ["cut", "farewell", "blocked", "html"],
    addresses: (origin) => [
      ["transport.api", `${origin}/dingtalk`],
      ["transport.stream", `${origin}/dingtalk/v1.0/gateway/connections/open`],
      ["transport.robot", `${origin}/dingtalk/robot/send?access_token=robot-sandbox`],
    ],
  },
  rongcloud: {
    can: ["recall", "leave", "invite", "rename", "remove", "dismiss", "connect", "whisper", "create"],
    /** Whether members of a group are all alike: whoever is in it may change it. */
    equal: true,
    showsRoles: false,
    anchors: false,
    pictures: false,
    allMention: true,
    botKind: ({ bot, name }) => (bot || name === "bot" ? "bot" : null),
    marks: ["bot"],
    /** The headings of the list of conversations, in order, and whose they are. */
    sections: ["direct", "group", "chatroom", "system"],
    section: (conversation) => ({ group: "group", discussion: "group", chatroom: "chatroom", system: "system" })[conversation.split(":")[0]] ?? "direct",
    /** What has no part of its own, told apart by its `objectName`. */
    typeOf: ({ type, name }) =>
      type !== "other" ? type : name === "RC:LBSMsg" ? "place" : /^RC:(\w+Ntf|CmdMsg|RcCmd|TypSts)$/.test(name) ? "line" : "custom",
    recipient: (conversation, other) => (/^(user|private):/.test(conversation) ? `user:${other?.id ?? "bot"}` : conversation),
    write: {
      text: ({ text }) => ({ type: "text", text }),
      mention: ({ id }) => ({ type: "mention", id }),
      image: ({ name, base64 }) => ({ type: "image", name, base64 }),
      voice: ({ name, base64 }) => ({ type: "voice", name, base64 }),
      video: ({ name, base64 }) => ({ type: "video", name, base64 }),
      file: ({ name, base64 }) => ({ type: "file", name, base64 }),
      location: ({ label, latitude, longitude }) => ({ type: "location", name: label, latitude, longitude }),
      link: ({ title, text, url }) => ({ objectName: "RC:ImgTextMsg", content: { title, content: text, imageUri: "", url } }),
    },
    bundles: ({ type }) => ["text", "mention"].includes(type),
    faults: ["timeout", "blocked", "html"],
    addresses: (origin) => [["transport.api", `${origin}/rongcloud`]],
  },
  bearychat: {
    can: [
      "quote", "react", "unreact", "edit", "pin", "forward", "recall", "recallAll", "leave", "invite", "kick", "archive", "convert", "create", "channels", "whisper",
      "emoji", "thread",
    ],
    showsRoles: false,
    anchors: false,
    pictures: false,
    /** Whether texts mention people as `@<=id=>` and name emoji as `:name:`. */
    codes: true,
    /** Whether messages stand below each other, one's own among them, instead of in bubbles on two sides. */
    flat: true,
    allMention: true,
    // Whoever else is a bot posts by a robot's hook.
    botKind: ({ bot, name }) => (!bot && name !== "bot" ? null : { bot: "bot", BearyBot: "assistant" }[name] ?? "custom"),
    marks: ["bot", "assistant"],
    sections: ["channel", "session", "direct"],
    section: (_, room) => room?.kind ?? "direct",
    typeOf: ({ type, name }) => (type === "other" && name === "repost" ? name : type),
    recipient: (conversation, other) => (conversation.startsWith("group:") ? conversation : `user:${other?.id ?? "bot"}`),
    write: {
      text: ({ text }) => text,
      mention: ({ id }) => (id === "all" ? "@<-channel->" : `@<=${id}=>`),
      image: uploaded,
      voice: uploaded,
      video: uploaded,
      file: uploaded,
      sticker: ({ url }) => ({ sticker: url }),
    },
    /** A text in the pieces that write it. */
    read: (text) => text.split(/(@<==[A-Za-z0-9]+=>|@<-channel->)/).filter(Boolean).map((piece) =>
      piece === "@<-channel->" ? { type: "mention", id: "all" } : /^@<=.*=>$/s.test(piece) ? { type: "mention", id: piece.slice(3, -2) } : { type: "text", text: piece }),
    bundles: ({ type }) => ["text", "mention", "quote"].includes(type),
    /** One message as the platform has it: a text, and the key of what it answers. */
    whole(pieces, write) {
      const quote = pieces.find(({ type }) => type === "quote");
      const said = pieces.filter((piece) => piece !== quote).map((piece) => write[piece.type](piece));
      if (typeof said[0] !== "string") return { message: said[0] };
      const text = said.join("");
      return quote ? { message: { text, refer_key: quote.id } } : { text };
    },
    faults: ["cut", "html"],
    addresses: (origin) => [
      ["transport.api", `${origin}/bearychat/v1`],
      ["transport.rtm", `${origin}/bearychat/rtm`],
      ["transport.hook", `${origin}/bearychat/hook/=bwTeam/incoming/sandbox-hook`],
    ],
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
export const pictures = () => world().pictures;
export const codes = () => world().codes ?? false;
export const flat = () => world().flat ?? false;
export const allMention = () => world().allMention;
export const mustMention = () => !world().hearsAll;

/** `null` for a person; `bot`, `custom`, `application`, `aibot` or `assistant`. A `kind` that the sandbox names counts first. */
export const botKind = (person) => person.kind ?? world().botKind(person);

/** Whether somebody can be a member of a group: people, and the bot that is none of a group's own. */
export const joins = (person) => !botKind(person) || (world().member ?? (({ name }) => name === "bot"))(person);

export const equal = () => world().equal ?? false;
export const freeBot = () => world().freeBot ?? false;

/** The same where a chat with such a bot is marked as one; `null` elsewhere. */
export const markedKind = (person) => world().marks.find((kind) => kind === botKind(person)) ?? null;

/** What the control API calls the other end of a conversation; `other` is the member one talks to. */
export const recipient = (conversation, other) => world().recipient(conversation, other);

/** The faults that only this world knows. */
export const ownFaults = () => world().faults ?? [];

/** The headings the conversations stand under; none in most worlds. */
export const sections = () => world().sections ?? [];

/** Under which of them a conversation stands; `null` where there are none. */
export const sectionOf = ({ id, room }) => world().section?.(id, room) ?? null;

/** A part as the page knows it. */
export const adapted = (part) => (part.type === "other" && world().adapt?.(part)) || part;

/** Whether people can say something of this kind here. */
export const writes = (type) => type in world().write;

/** What kind of part this is, for reading and drawing. */
export const typeOf = (part) => world().typeOf?.(part) ?? part.type;

/** Where bots connect to: pairs of a label and an address. */
export const addresses = () => world().addresses(location.origin);

/** The text of a message in pieces of text and mentions, as it would be written again; none if it has no text. */
export const rewritten = ({ parts }) =>
  parts.filter(({ type }) => ["text", "mention", "markdown"].includes(type)).flatMap((part) => (part.text && world().read ? world().read(part.text) : [part]));

/** What such pieces read on the wire. */
export const wireText = (pieces) => pieces.map((piece) => world().write[piece.type](piece)).join("");

/**
 * The messages that say these pieces, as the control API wants them: pieces
 * that stand together in one, and every other one by itself. Plain text stays
 * plain.
 */
export function written(pieces, conversation) {
  const { bundles, write, whole } = world();
  const together = pieces.filter((piece) => bundles(piece, conversation));
  const alone = pieces.filter((piece) => !together.includes(piece));
  // A quote alone says nothing.
  const first = together.some(({ type }) => type !== "quote") ? [together] : [];
  return [...first, ...alone.map((piece) => [piece])].map((message) =>
    whole ? whole(message, write) : message.length === 1 && message[0].type === "text"
      ? { text: message[0].text }
      : { message: message.map((piece) => write[piece.type](piece)) });
}
