#!/usr/bin/env python3
"""A handler for `mynah run` by signed HTTP, with nothing but the standard library.

    HANDLER_SECRET=whsec_… python3 webhook.py [PORT]

In mynah.toml:

    [[handler]]
    name = "python"
    http = "http://127.0.0.1:9000/events"
    secret = "env:HANDLER_SECRET"
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["HANDLER_SECRET"].removeprefix("whsec_"))
TOLERANCE = 300  # seconds


def is_ours(headers, body):
    """Whether Mynah sent this, and just now."""
    moment, number = headers["webhook-timestamp"] or "", headers["webhook-id"] or ""
    if not moment.isdigit() or abs(time.time() - int(moment)) > TOLERANCE:
        return False
    signed = f"{number}.{moment}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    given = (headers["webhook-signature"] or "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def answer(event):
    """What becomes of an event: nothing, text, parts, or more."""
    if event["type"] == "joined":
        return ["Welcome ", {"type": "mention", "user": event["sender"]}]
    command = event.get("command")
    if command is None:
        return None
    if command["name"] == "ping":
        return "pong from Python"
    if command["name"] == "table":
        return {"reply": {"type": "markdown", "text": "| a | b |\n|---|---|\n| 1 | 2 |"}}
    return None


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if not is_ours(self.headers, body):
            self.send_error(401)
            return
        reply = json.dumps(answer(json.loads(body))).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
