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
  let open = false;
  let leading = false;
  tabs.onmessage = ({ data }) => {
    if (data.kind === "ask") {
      if (leading) tabs.postMessage({ kind: "link", data: open });
    } else if (data.kind === "link") link(data.data);
    else hear(data.kind, data.data);
  };
  tabs.postMessage({ kind: "ask" });
  navigator.locks.request("mynah.stream", () => {
    leading = true;
    hold(
      (kind, data) => {
        tabs.postMessage({ kind, data });
        hear(kind, data);
      },
      (now) => {
        open = now;
        tabs.postMessage({ kind: "link", data: now });
        link(now);
      },
    );
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
  for (const kind of KINDS) {
    source.addEventListener(kind, ({ data }) => hear(kind, JSON.parse(data)));
  }
}
