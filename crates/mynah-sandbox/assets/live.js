// The live stream. Browsers allow few connections to one server, so of all the
// tabs that are open (one per person, say) a single one holds the stream and
// passes on what it hears; when it closes, another takes over.

const STREAM = "/control/journal/stream";
const RETRY_MS = 1000;
const KINDS = ["journal", "message", "state"];

/**
 * Listens for good. `hear(kind, data)` gets what the server says, `link(open)`
 * whether it can be heard.
 */
export function listen(hear, link) {
  if (!navigator.locks || !window.BroadcastChannel) {
    hold(hear, link);
    return;
  }
  const tabs = new BroadcastChannel("mynah.stream");
  const tell = (kind, data) => {
    tabs.postMessage({ kind, data });
    if (kind === "link") link(data);
    else hear(kind, data);
  };
  let open = null; // Known only to the tab that holds the stream.
  tabs.onmessage = ({ data: { kind, data } }) => {
    if (kind === "link") link(data);
    else if (kind !== "ask") hear(kind, data);
    else if (open !== null) tabs.postMessage({ kind: "link", data: open });
  };
  tabs.postMessage({ kind: "ask" });
  navigator.locks.request("mynah.stream", () => {
    tell("link", false); // What came while nobody listened is lost to all tabs.
    hold(tell, (now) => tell("link", (open = now)));
    return new Promise(() => {}); // Held until the tab closes.
  });
}

function hold(hear, link) {
  const source = new EventSource(STREAM);
  source.onopen = () => link(true);
  source.onerror = () => {
    link(false);
    // The browser tries again by itself after a broken connection, but gives
    // up after an error answer, such as a proxy's 502 during a restart.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => hold(hear, link), RETRY_MS);
  };
  for (const kind of KINDS) source.addEventListener(kind, ({ data }) => hear(kind, JSON.parse(data)));
}
