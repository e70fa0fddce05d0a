// The control API: everything the page does is one of these calls.

import { t } from "./i18n.js";
import { platform } from "./worlds.js";

/** A call the sandbox refused, or could not be asked at all (`status` 0). */
export class ApiError extends Error {
  constructor(status, field, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.field = field;
  }
}

function address(path, query) {
  const url = new URL(`/control/${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** Makes a call; `text` is JSON that is written already, `read` says what the answer is. */
async function call(method, path, { query = {}, body, text = body && JSON.stringify(body), read = "json" } = {}) {
  const request = { method, headers: { accept: "application/json" } };
  if (text) {
    request.headers["content-type"] = "application/json";
    request.body = text;
  }
  let response;
  let answer;
  try {
    response = await fetch(address(path, query), request);
    answer = await response[response.ok ? read : "json"]();
  } catch {
    throw new ApiError(response?.status ?? 0, "", response ? response.statusText : t("error.offline"));
  }
  if (!response.ok) {
    throw new ApiError(response.status, answer.error?.field ?? "", answer.error?.message ?? response.statusText);
  }
  return answer;
}

/** The platforms that have a world here. */
export const platforms = async () => (await call("GET", "health")).platforms;

export const people = async () => (await call("GET", "people", { query: { platform } })).people;

/** What one person sees: `{ conversations, joinable }`. */
export const conversations = (as) => call("GET", "conversations", { query: { platform, as } });

/** One page of history, oldest first: `{ messages, more }`. */
export const messages = (conversation, before, limit = 200) =>
  call("GET", "messages", { query: { platform, conversation, before, limit } });

/** A person says something: `{ platform, from, to, text }`, or `message` with segments instead of the text. */
export const say = (body) => call("POST", "say", { body });

/** A person does something else: joins, recalls, pokes… */
export const act = (who, action, details = {}) => call("POST", "act", { body: { platform, who, action, ...details } });

/** Journal entries after or before an id, or the newest ones, `of` one platform or all. */
export const journal = async ({ after, before, limit, of = platform }) =>
  (await call("GET", "journal", { query: { platform: of, after, before, limit } })).entries;

/** Where a conversation is put down, as `json`, `text` or `test`. */
export const transcriptUrl = (conversation, format) => address("transcript", { platform, conversation, format }).href;
/** The same, fetched. */
export const transcript = (conversation, format) => call("GET", "transcript", { query: { platform, conversation, format }, read: "text" });

/** Puts a snapshot back, as it was written. */
export const restore = (text) => call("PUT", "snapshot", { text });

export const clock = () => call("GET", "clock");
export const setClock = (change) => call("POST", "clock", { body: change });
export const faults = async () => (await call("GET", "fault")).faults;
export const addFault = (fault) => call("POST", "fault", { body: { platform, ...fault } });
export const removeFault = (id) => call("DELETE", "fault", { query: { id } });
export const reset = () => call("POST", "reset", { body: {} });
