// A conversation put down: saved, copied as a test, and opened again to be read.

import * as api from "./api.js";
import { keep, show } from "./dialogs.js";
import { complain, fileButton, h, icon } from "./dom.js";
import { copyButton } from "./entry.js";
import { fullTime, parsed } from "./format.js";
import { t } from "./i18n.js";
import { messageRow } from "./message.js";
import { state, titleOf } from "./store.js";
import { platform } from "./worlds.js";

const VERSION = 1;
/** So many messages are drawn; the file has the others as well. */
const DRAWN = 500;

/** What can be done with the conversation that is open, and with a file of another. `here()` and `enter(platform)` are links. */
export function transcriptSection({ here, enter }) {
  const conversation = here();
  const save = (format, label, name) =>
    h("a.button.small", { href: api.transcriptUrl(conversation.id, format), download: name }, icon("down"), t(label));
  const name = conversation && `${platform}-${conversation.id.replace(/[^\p{L}\p{N}]+/gu, "-")}`;
  return h("section", {},
    h("h3", {}, t("transcript")),
    h("p", {}, conversation ? t("transcript.text", { title: titleOf(conversation) }) : t("transcript.none")),
    h("div.buttons", {},
      conversation && [
        save("json", "transcript.json", `${name}.json`),
        save("text", "transcript.read", `${name}.md`),
        copyButton("transcript.test", () => api.transcript(conversation.id, "test")),
      ],
      fileButton(t("transcript.open"), (file) => openFile(file, enter))));
}

async function openFile(file, enter) {
  const transcript = parsed(await file.text());
  if (transcript?.mynah !== "transcript" || transcript.version !== VERSION || !Array.isArray(transcript.messages) || !state.platforms.includes(transcript.platform)) {
    complain(new Error(t("transcript.wrong", { name: file.name })));
    return;
  }
  try {
    if (transcript.platform !== platform) await enter(transcript.platform); // It is drawn in that world's manner.
    showTranscript(transcript);
  } catch (error) {
    complain(error);
  }
}

/** The messages of a transcript. Nothing in it leads anywhere. */
function showTranscript({ conversation, messages, saved }) {
  keep(null);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const drawn = messages.slice(-DRAWN);
  const idle = new Proxy({}, { get: () => () => {} });
  const rows = drawn.map((message, at) => messageRow(message, drawn[at - 1], (id) => byId.get(id), idle));
  const left = messages.length - drawn.length;
  show(t("transcript.title", { title: conversation?.title || conversation?.id || "?" }),
    h("p.readonly", {}, icon("lock"), t("transcript.readonly", { time: fullTime(saved ?? 0) })),
    left > 0 && h("p.hint", {}, t("transcript.left", { count: left })),
    h("div.transcript", { role: "log", inert: true }, rows));
}
