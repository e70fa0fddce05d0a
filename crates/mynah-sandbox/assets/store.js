// What the page knows of the sandbox, kept up to date by the live stream.

import * as api from "./api.js";
import { listen } from "./live.js";

const JOURNAL_LIMIT = 2000;
const PAGE = 200;
const LONG_PAGE = 1000;

export const state = {
  /** The name of the person one speaks as. */
  me: null,
  people: [],
  conversations: [],
  joinable: [],
  /** Conversation id to `Timeline`. */
  timelines: new Map(),
  /** Journal entries by id, in order of id. */
  journal: new Map(),
  faults: [],
  /** Virtual minus real time, in seconds. */
  offset: 0,
  /** `connecting`, `open` or `lost`. */
  link: "connecting",
  /** Conversation id to the number of messages not yet looked at. */
  unread: new Map(),
};

const bus = new EventTarget();

/**
 * Topics: `people`, `conversations`, `status` (link, clock, faults), `reload`
 * (everything is new), `journal` (detail: entry or null), `message` (detail:
 * `{ message, fresh }`).
 */
export const on = (topic, listener) => bus.addEventListener(topic, (event) => listener(event.detail));
const emit = (topic, detail = null) => bus.dispatchEvent(new CustomEvent(topic, { detail }));

/** The history of one conversation as far as it is loaded, ordered by `seq`. */
class Timeline {
  constructor(conversation) {
    this.conversation = conversation;
    this.items = [];
    this.bySeq = new Map();
    this.byId = new Map();
    this.more = true;
    this.loading = null;
  }

  /** Takes a message in; `true` when it was not known before. */
  put(message) {
    const fresh = !this.bySeq.has(message.seq);
    this.bySeq.set(message.seq, message);
    this.byId.set(message.id, message);
    let at = this.items.length;
    while (at > 0 && this.items[at - 1].seq > message.seq) at -= 1;
    if (fresh) this.items.splice(at, 0, message);
    else this.items[at - 1] = message;
    return fresh;
  }

  /** Loads the page before the oldest known message; answers what was new. */
  older(limit = PAGE) {
    this.loading ??= this.fetchOlder(limit).finally(() => (this.loading = null));
    return this.loading;
  }

  async fetchOlder(limit) {
    const page = await api.messages(this.conversation, this.items[0]?.seq, limit);
    this.more = page.more;
    const known = this.items;
    const fresh = page.messages.filter((message) => !this.bySeq.has(message.seq));
    for (const message of fresh) {
      this.bySeq.set(message.seq, message);
      this.byId.set(message.id, message);
    }
    this.items = [...fresh, ...known].sort((a, b) => a.seq - b.seq);
    return fresh;
  }

  /** Loads back until `found` answers something; `undefined` if nothing ever does. */
  async search(found) {
    while (!found() && this.more) await this.older(LONG_PAGE);
    return found();
  }
}

/** The timeline of a conversation, its newest page loaded. */
export async function open(conversation) {
  let timeline = state.timelines.get(conversation);
  if (!timeline) {
    timeline = new Timeline(conversation);
    state.timelines.set(conversation, timeline);
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
/** Virtual time in unix seconds. */
export const now = () => Date.now() / 1000 + state.offset;

/** What a conversation is called by the person one speaks as. */
export function titleOf(conversation) {
  if (conversation.kind === "group") return conversation.title;
  const other = conversation.members.find((member) => member.name !== state.me);
  return displayOf(personById(other?.id) ?? other) || conversation.title;
}

/** How a person is called: group card, then display name, then name. */
export const displayOf = (person) => person?.card || person?.display || person?.name || "";

/** Whether the person one speaks as may govern `member`: owner over admin over member. */
export function outranks(conversation, member) {
  const rank = { owner: 2, admin: 1 };
  const own = rank[memberOf(conversation, me()?.id)?.role] ?? 0;
  return own > (rank[member?.role] ?? 0);
}

/** Becomes another person; `null` for nobody. */
export async function become(name) {
  state.me = name;
  state.unread.clear();
  state.conversations = [];
  state.joinable = [];
  await refreshConversations();
}

/** Marks a conversation as looked at. */
export function seen(conversation) {
  if (state.unread.delete(conversation)) emit("conversations");
}

async function refreshPeople() {
  state.people = await api.people();
  emit("people");
}

async function refreshConversations() {
  const as = state.me;
  if (as) {
    const answer = await api.conversations(as);
    if (as !== state.me) return; // Became somebody else meanwhile.
    state.conversations = answer.conversations;
    state.joinable = answer.joinable ?? [];
  }
  emit("conversations");
}

export async function refreshClock() {
  takeClock(await api.clock());
}

/** Takes over what the clock calls answer. */
export function takeClock(answer) {
  state.offset = answer.offset_s ?? answer.now - Date.now() / 1000;
  emit("status");
}

export async function refreshFaults() {
  state.faults = await api.faults();
  emit("status");
}

async function refreshJournal() {
  state.journal = new Map();
  for (const entry of await api.journal(null, JOURNAL_LIMIT)) state.journal.set(entry.id, entry);
  emit("journal");
}

/** Everything anew: at the start, after a reset, after the server came back. */
async function reload() {
  state.timelines.clear();
  await Promise.all([refreshPeople(), refreshConversations(), refreshClock(), refreshFaults(), refreshJournal()]);
  emit("reload");
}

const refreshers = {
  people: refreshPeople,
  conversations: refreshConversations,
  clock: refreshClock,
  fault: refreshFaults,
  reset: reload,
};

function hear(kind, data) {
  if (kind === "message") hearMessage(data);
  else if (kind === "journal") hearEntry(data);
  else refreshers[data.kind]?.().catch(() => {});
}

function hearMessage(message) {
  const timeline = state.timelines.get(message.conversation);
  const conversation = conversationById(message.conversation);
  const known = timeline?.bySeq.has(message.seq) || message.seq <= (conversation?.last?.seq ?? -1);
  timeline?.put(message);
  if (!conversation) return;
  if (message.seq >= (conversation.last?.seq ?? -1)) conversation.last = message;
  if (!known && message.from.name !== state.me) {
    state.unread.set(message.conversation, (state.unread.get(message.conversation) ?? 0) + 1);
  }
  emit("message", { message, fresh: !known });
  emit("conversations");
}

function hearEntry(entry) {
  state.journal.set(entry.id, entry);
  if (state.journal.size > JOURNAL_LIMIT) state.journal.delete(state.journal.keys().next().value);
  emit("journal", entry);
}

/**
 * The journal entries that carried a message: the ones it names, the requests
 * they answer and the answers to them, in order.
 */
export async function journeyOf(message) {
  await loadEntries(message.journal);
  const ids = new Set(message.journal);
  for (const id of message.journal) {
    const pair = state.journal.get(id)?.pair;
    if (pair) ids.add(pair);
  }
  for (const entry of state.journal.values()) {
    if (entry.pair && ids.has(entry.pair)) ids.add(entry.id);
  }
  await loadEntries([...ids]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => state.journal.get(id))
    .filter(Boolean);
}

async function loadEntries(ids) {
  for (const id of ids) {
    if (state.journal.has(id)) continue;
    for (const entry of await api.journal(id - 1, 20)) state.journal.set(entry.id, entry);
  }
}

function setLink(open) {
  const before = state.link;
  state.link = open ? "open" : "lost";
  if (state.link === before) return;
  emit("status");
  if (open) reload().catch(() => {});
}

/** Starts listening; the first answer arrives as `reload`. */
export function start() {
  listen(hear, setLink);
}
