#!/usr/bin/env python3
"""A handler for `mynah run` over a WebSocket, with nothing but the standard library.

    python3 websocket.py [PORT]

In mynah.toml:

    [[handler]]
    name = "socket"
    websocket = "ws://127.0.0.1:9001/"

A bot for daily use takes a library for WebSockets; this one shows that none is needed.
"""

import base64
import hashlib
import json
import socketserver
import struct
import sys

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def answer(event):
    """What becomes of an event: nothing, text, parts, or more."""
    command = event.get("command")
    if command is not None and command["name"] == "ping":
        return "pong over a socket"
    return None


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        headers = {}
        self.rfile.readline()
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        digest = hashlib.sha1(headers[b"sec-websocket-key"] + MAGIC).digest()
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        text = b""
        while (frame := self.read()) is not None:
            final, kind, payload = frame
            if kind == 8:
                self.write(8, payload[:2])
                return
            if kind == 9:
                self.write(10, payload)
            elif kind < 3:
                text += payload
                if final:
                    event, text = json.loads(text), b""
                    said = {"id": event["id"], "answer": answer(event)}
                    self.write(1, json.dumps(said).encode())

    def read(self):
        head = self.rfile.read(2)
        if len(head) < 2:
            return None
        length = head[1] & 127
        if length > 125:
            size, form = (2, ">H") if length == 126 else (8, ">Q")
            (length,) = struct.unpack(form, self.rfile.read(size))
        mask = self.rfile.read(4)
        masked = self.rfile.read(length)
        payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))
        return head[0] >> 7, head[0] & 15, payload

    def write(self, kind, payload):
        length = len(payload)
        if length < 126:
            head = struct.pack(">BB", 128 | kind, length)
        elif length < 65536:
            head = struct.pack(">BBH", 128 | kind, 126, length)
        else:
            head = struct.pack(">BBQ", 128 | kind, 127, length)
        self.wfile.write(head + payload)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9001
    with Server(("127.0.0.1", port), Handler) as server:
        print(f"listening on ws://127.0.0.1:{server.server_address[1]}/", flush=True)
        server.serve_forever()
