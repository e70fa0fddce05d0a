// What the page knows of the sandbox, kept up to date by the live stream.

import * as api from "./api.js";
import { soon } from "./dom.js";
import { t } from "./i18n.js";
import { listen } from "./live.js";
import { botKind, equal, freeBot, joins, platform, sectionOf, setPlatform } from "./worlds.js";

/** As many entries as the sandbox keeps. */
const JOURNAL_LIMIT = 10_000;
/** As many as are fetched at once. */
const JOURNAL_PAGE = 2000;
const PAGE = 200;
const LONG_PAGE = 1000;

export const state = {
  /** The platforms that have a world in this sandbox. */
  platforms: [],
  /** The name of the person one speaks as. */
  me: null,
  people: [],
  conversations: [],
  joinable: [],
  /** The team's own emoji and stickers, `{ name, url }`. */
  emoji: [],
  stickers: [],
  /** Journal entries by id, in order of id. */
  journal: new Map(),
  /** Whether they are those of all worlds. */
  everywhere: false,
  faults: [],
  /** Virtual minus real time, in seconds. */
  offset: 0,
  /** Whether the sandbox answers; `null` before it did for the first time. */
  open: null,
  /** Conversation id to the number of messages not yet looked at. */
  unread: new Map(),
};

const timelines = new Map();
const bus = new EventTarget();

/**
 * Topics: `people`, `conversations`, `status` (link, clock, faults), `reload`
 * (everything is new), `journal` (an entry, or `null` for all), `message`,
 * `failed` (an error).
 */
export const on = (topic, listener) => bus.addEventListener(topic, ({ detail }) => listener(detail));
const emit = (topic, detail = null) => bus.dispatchEvent(new CustomEvent(topic, { detail }));
const failed = (error) => emit("failed", error);

/** The history of one conversation as far as it is loaded, ordered by `seq`. */
class Timeline {
  constructor(conversation) {
    this.conversation = conversation;
    this.items = [];
    this.bySeq = new Map();
    this.byId = new Map();
    /** Message id to the `seq`s of those that quote it. */
    this.quotedBy = new Map();
    this.more = true;
    this.loading = null;
  }

  index(message) {
    this.bySeq.set(message.seq, message);
    if (message.id) this.byId.set(message.id, message);
    for (const { type, message_id: quoted } of message.parts) {
      if (type === "quote") this.quotedBy.set(quoted, (this.quotedBy.get(quoted) ?? new Set()).add(message.seq));
    }
  }

  /** The messages that quote another and stand, oldest first. */
  answersTo({ id }) {
    const seqs = [...(this.quotedBy.get(id) ?? [])].sort((a, b) => a - b);
    return seqs.map((seq) => this.bySeq.get(seq)).filter(({ recalled }) => !recalled);
  }

  /** Takes in a message that is new or has changed, unless it is older than what is loaded: it comes with its neighbours. */
  put(message) {
    const known = this.bySeq.has(message.seq);
    if (!known && this.more && message.seq < this.items[0]?.seq) return;
    this.index(message);
    const above = this.items.findLastIndex((item) => item.seq <= message.seq);
    if (known) this.items[above] = message;
    else this.items.splice(above + 1, 0, message);
  }

  /** Loads the page before the oldest known message; answers what was new. */
  older(limit = PAGE) {
    this.loading ??= this.fetchOlder(limit).finally(() => (this.loading = null));
    return this.loading;
  }

  async fetchOlder(limit) {
    const page = await api.messages(this.conversation, this.items[0]?.seq, limit);
    this.more = page.more;
    const fresh = page.messages.filter((message) => !this.bySeq.has(message.seq));
    for (const message of fresh) this.index(message);
    this.items = [...fresh, ...this.items].sort((a, b) => a.seq - b.seq);
    return fresh;
  }

  /** Loads back until `found` answers something; `undefined` if nothing ever does. */
  async search(found) {
    // A timeline of a world one has left is none any more.
    while (!found() && this.more && timelines.get(this.conversation) === this) await this.older(LONG_PAGE);
    return found();
  }
}

/** The timeline of a conversation, its newest page loaded. */
export async function open(conversation) {
  let timeline = timelines.get(conversation);
  if (!timeline) {
    timeline = new Timeline(conversation);
    timelines.set(conversation, timeline);
    await timeline.older();
  }
  await timeline.loading;
  return timeline;
}

export const me = () => state.people.find((person) => person.name === state.me);
export const bot = () => state.people.find((person) => person.bot);
export const personById = (id) => state.people.find((person) => person.id === id);
export const conversationById = (id) => state.conversations.find((conversation) => conversation.id === id);
export const memberOf = (conversation, id) => conversation?.members.find((member) => member.id === id);
/** The one who is not oneself in a direct conversation, with the kind of bot it is there. */
export function otherIn(conversation) {
  const other = conversation.members.find((member) => member.name !== state.me);
  return other && { ...personById(other.id), ...other, kind: conversation.bot_kind };
}
/** Virtual time in unix seconds. */
export const now = () => Date.now() / 1000 + state.offset;
/** `{ group }` or `{ chatroom }` as the control API wants it; empty for a direct conversation. */
export function groupOf(id) {
  const [, kind, name] = id?.match(/^(group|chatroom):(.*)$/) ?? [];
  return kind ? { [kind]: name } : {};
}

/** What a conversation is called by the person one speaks as. */
export function titleOf(conversation) {
  if (conversation.kind === "group") return conversation.title;
  if (sectionOf(conversation) === "system") return t("section.system");
  const other = otherIn(conversation);
  return displayOf(personById(other?.id) ?? other) || conversation.title;
}

/** How a person is called: group card, then display name, then name. */
export const displayOf = (person) => person?.card || person?.display || person?.name || "";

/** The role of the person one speaks as. */
export const ownRole = (conversation) => memberOf(conversation, me()?.id)?.role;

/** Whether the person one speaks as may govern `member`: owner over admin over member. */
export function outranks(conversation, member) {
  const ranks = ["member", "admin", "owner"];
  return ranks.indexOf(ownRole(conversation)) > Math.max(ranks.indexOf(member?.role), 0);
}

/** Whether the person one speaks as is an owner or admin. */
export const governs = (conversation) => ["owner", "admin"].includes(ownRole(conversation));

/** Whether that person may archive a channel and throw people out: who made it may, and who runs the team. */
export const runs = (conversation) => conversation.room?.creator === me()?.id || governs(conversation);

/** Whether the person one speaks as may throw `member` out. */
export function mayRemove(conversation, member) {
  const { room } = conversation;
  if (member.name === state.me) return false;
  if (room) return !room.general && (room.kind === "session" || runs(conversation));
  const person = { ...personById(member.id), ...member };
  return equal() || outranks(conversation, member) || (freeBot() && Boolean(botKind(person)) && joins(person));
}

/** Goes to the world of another platform, as nobody yet. */
export async function enter(name) {
  setPlatform(name);
  timelines.clear();
  state.people = [];
  state.journal = new Map();
  await Promise.all([become(null), refreshPeople(), refreshJournal()]);
}

/** Takes over an answer, unless one went to another world meanwhile. */
async function adopt(answer, take) {
  const asked = platform;
  const content = await answer;
  if (asked === platform) take(content);
}

/** Becomes another person; `null` for nobody. */
export async function become(name) {
  state.me = name;
  state.unread.clear();
  state.conversations = [];
  state.joinable = [];
  state.emoji = [];
  state.stickers = [];
  await refreshConversations();
}

/** Marks a conversation as looked at. */
export function seen(conversation) {
  if (state.unread.delete(conversation)) emit("conversations");
}

const refreshPeople = () =>
  adopt(api.people(), (people) => {
    state.people = people;
    emit("people");
  });

async function refreshConversations() {
  const as = state.me;
  if (as) {
    await adopt(api.conversations(as), (answer) => {
      if (as !== state.me) return; // Became somebody else meanwhile.
      state.conversations = answer.conversations;
      state.joinable = answer.joinable ?? [];
      state.emoji = answer.emoji ?? [];
      state.stickers = answer.stickers ?? [];
    });
  }
  emit("conversations");
}

/** Takes over what a clock call answers. */
export async function refreshClock(answer = api.clock()) {
  state.offset = (await answer).offset_s;
  emit("status");
}

export async function refreshFaults() {
  state.faults = await api.faults();
  emit("status");
}

/** Whose entries are of interest: `null` is everybody. */
const whose = () => (state.everywhere ? null : platform);

const refreshJournal = () =>
  adopt(api.journal({ limit: JOURNAL_PAGE, of: whose() }), (entries) => {
    state.journal = new Map(entries.map((entry) => [entry.id, entry]));
    allFetched = entries.length < JOURNAL_PAGE;
    emit("journal");
  });

/** Whether nothing is before the first entry that is known. */
let allFetched = false;
let fetching = null;

/** Fetches the entries before the first one that is known. */
export function olderEntries() {
  if (allFetched || state.journal.size >= JOURNAL_LIMIT) return Promise.resolve();
  fetching ??= fetchOlderEntries().finally(() => (fetching = null));
  return fetching;
}

async function fetchOlderEntries() {
  const [before] = state.journal.keys();
  await adopt(api.journal({ before, limit: JOURNAL_PAGE, of: whose() }), (entries) => {
    allFetched = entries.length < JOURNAL_PAGE;
    state.journal = new Map([...entries.map((entry) => [entry.id, entry]), ...state.journal]);
    emit("journal");
  });
}

/** Looks at the traffic of all worlds, or at that of this one alone. */
export async function widen(everywhere) {
  state.everywhere = everywhere;
  await refreshJournal();
}

/** Everything anew: at the start, after a reset, after the server came back. */
async function reload() {
  timelines.clear();
  state.platforms = await api.platforms();
  if (!state.platforms.includes(platform)) setPlatform(null);
  const world = platform ? [refreshPeople(), refreshConversations(), refreshJournal()] : [];
  await Promise.all([refreshClock(), refreshFaults(), ...world]);
  emit("reload");
}

const refreshers = {
  people: refreshPeople,
  conversations: refreshConversations,
  clock: refreshClock,
  fault: refreshFaults,
  reset: reload,
};

/** Whether something is about the world that is shown, or about all of them. */
const concerns = (about) => [platform, "sandbox", undefined].includes(about);

function hear(kind, data) {
  if (!concerns(data.platform) && !(kind === "journal" && state.everywhere)) return;
  if (kind === "message" && data.conversation === "everybody") hearBroadcast(data).catch(failed);
  else if (kind === "message") hearMessage(data);
  else if (kind === "journal") hearEntry(data);
  else refreshers[data.kind]?.().catch(failed);
}

const conversationsSoon = soon(() => emit("conversations"));

function hearMessage(message) {
  timelines.get(message.conversation)?.put(message);
  const conversation = conversationById(message.conversation);
  if (!conversation) {
    // The first words of a conversation of one's own make it.
    if (message.conversation.split(":").slice(1).includes(me()?.id)) refreshConversations().catch(failed);
    return;
  }
  const newest = conversation.last?.seq ?? -1;
  if (message.seq >= newest) conversation.last = message;
  if (message.seq > newest && message.from.name !== state.me) {
    state.unread.set(message.conversation, (state.unread.get(message.conversation) ?? 0) + 1);
  }
  emit("message", message);
  conversationsSoon();
}

/** What everybody is told stands in a conversation of each one's own, if it was for them. */
async function hearBroadcast(message) {
  await refreshConversations();
  const own = conversationById(`system:${me()?.id}`);
  if (own?.last?.seq !== message.seq) return;
  own.last = null;
  hearMessage({ ...message, conversation: own.id });
}

function hearEntry(entry) {
  state.journal.set(entry.id, entry);
  if (state.journal.size > JOURNAL_LIMIT) state.journal.delete(state.journal.keys().next().value);
  emit("journal", entry);
  // A fault that showed may have been the last of its kind.
  if (state.faults.length && entry.verdict !== "ok") refreshFaults().catch(failed);
}

/**
 * The journal entries that carried a message: the ones it names, the requests
 * they answer and the answers to them; where a bot has told what it sent for
 * the message, or for which one it sent it, the same for that; in order.
 */
export async function journeyOf(message) {
  const ids = await entriesOf(message.journal);
  const told = [...ids].map((id) => state.journal.get(id)).filter((entry) => entry?.kind === "note");
  const others = new Set(told.flatMap((note) => note.message).filter((id) => id !== message.id));
  if (others.size) {
    const carried = [...state.journal.values()].filter(({ platform: whose, message: named }) => whose === platform && named.some((id) => others.has(id)));
    for (const id of await entriesOf(carried.map(({ id }) => id))) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b).flatMap((id) => state.journal.get(id) ?? []);
}

/** These entries and those that are pairs with them, by their ids. */
async function entriesOf(named) {
  await loadEntries(named);
  const ids = new Set(named);
  for (const id of named) ids.add(state.journal.get(id)?.pair ?? id);
  for (const { id, pair } of state.journal.values()) if (ids.has(pair)) ids.add(id);
  await loadEntries(ids);
  return ids;
}

async function loadEntries(ids) {
  let fresh = false;
  for (const id of ids) {
    if (state.journal.has(id)) continue;
    for (const entry of await api.journal({ after: id - 1, limit: 20 })) {
      fresh ||= !state.journal.has(entry.id);
      state.journal.set(entry.id, entry);
    }
  }
  if (fresh) state.journal = new Map([...state.journal].sort(([a], [b]) => a - b));
}

/** Starts listening; the first answer arrives as `reload`. */
export function start() {
  listen(hear, (open) => {
    if (open === state.open) return;
    state.open = open;
    emit("status");
    if (open) reload().catch(failed);
  });
}
