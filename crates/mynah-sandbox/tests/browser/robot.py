"""A small intelligent bot on WeCom's long connection, nothing but the standard library.

It says what a test tells it to, so that an answer can be watched while it grows.
"""

import base64
import json
import os
import socket
import struct
from urllib.parse import urlsplit

PATIENCE_S = 10
TEXT, CLOSE = 1, 8


class Robot:
    """One connection, on which the bot is known."""

    def __init__(self, base, bot_id="aib-sandbox", secret="sandbox-secret"):
        address = urlsplit(base)
        self.stream = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)
        self.heard = []
        key = base64.b64encode(os.urandom(16)).decode()
        self.stream.sendall(
            f"GET /wecom/openws HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.exactly(1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(f"no connection for the bot: {head.decode(errors='replace')}")
        self.command("aibot_subscribe", "subscribe", {"bot_id": bot_id, "secret": secret})

    def close(self):
        self.stream.close()

    def command(self, name, req_id, body):
        """Sends a command; fails unless it is acknowledged."""
        self.send({"cmd": name, "headers": {"req_id": req_id}, "body": body})
        while True:
            frame = self.receive()
            if "cmd" in frame:
                self.heard.append(frame)
            elif frame["headers"]["req_id"] == req_id:
                if frame["errcode"] != 0:
                    raise OSError(f"{name}: {frame}")
                return

    def callback(self):
        """The next callback: its `req_id` and its body."""
        while not self.heard:
            self.heard.append(self.receive())
        frame = self.heard.pop(0)
        return frame["headers"]["req_id"], frame["body"]

    # Frames, none of them longer than 64 KiB

    def send(self, value):
        payload = json.dumps(value).encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        self.stream.sendall(struct.pack(">BBH", 0x80 | TEXT, 0x80 | 126, len(payload)) + mask + masked)

    def receive(self):
        while True:
            first, length = self.exactly(2)
            if length == 126:
                length = struct.unpack(">H", self.exactly(2))[0]
            payload = self.exactly(length)
            if first & 15 == CLOSE:
                raise OSError("the bot was disconnected")
            if first & 15 == TEXT:
                return json.loads(payload)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.stream.recv(count - len(data))
            if not more:
                raise OSError("the bot was disconnected")
            data += more
        return data
