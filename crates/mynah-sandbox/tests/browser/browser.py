"""A headless Chromium behind the W3C WebDriver protocol, and how checks wait and judge.

Nothing but the standard library.
"""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import zlib
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_S = 10
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
WIDE = (1440, 900)
NARROW = (360, 740)

# Keys as WebDriver writes them.
ENTER, TAB, SHIFT, ESCAPE = "\ue007", "\ue004", "\ue008", "\ue00c"
HOME, UP, DOWN = "\ue011", "\ue013", "\ue015"


class Failed(Exception):
    """A check that did not hold."""


def json_call(method, url, body=None, timeout=60):
    """One JSON request; answers the decoded body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {url}: {error.code} {error.read().decode(errors='replace')[:300]}") from error


def until(what, condition, patience=PATIENCE_S):
    """Waits for `condition()` to answer something true, and answers that."""
    end = time.monotonic() + patience
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failed(f"waited {patience} s in vain until {what}")
        time.sleep(0.05)


def expect(condition, message):
    if not condition:
        raise Failed(message)


def program(variable, *names):
    """A program by environment variable, or by the first name on the PATH."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Failed(f"found none of {', '.join(names)} on the PATH; {variable} may name it")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def png(width, height):
    """A small picture, made by hand."""
    rows = b"".join(b"\0" + bytes([40, 110, 90 + y % 160]) * width for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Browser:
    """A Chromium behind the W3C WebDriver protocol."""

    def __init__(self, base):
        driver = program("MYNAH_CHROMEDRIVER", "chromedriver")
        chromium = program("MYNAH_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
        port = free_port()
        self.base = base
        self.root = f"http://127.0.0.1:{port}"
        self.session = ""
        self.scratch = tempfile.mkdtemp(prefix="mynah-page-")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.driver = subprocess.Popen([driver, f"--port={port}"], **quiet)
        try:
            self.start(chromium)
        except BaseException:
            self.close()
            raise

    def start(self, chromium):
        until("chromedriver is ready", self.ready)
        arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--lang=en-US", f"--user-data-dir={self.scratch}/profile", "--window-size=1440,900",
        ]
        options = {
            "binary": chromium,
            "args": arguments,
            "prefs": {"intl.accept_languages": "en-US"},
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{answer['sessionId']}"

    def ready(self):
        try:
            return self.call("GET", "/status")["ready"]
        except OSError:
            return False

    def close(self):
        try:
            if self.session:
                self.call("DELETE", "")
        except (Failed, OSError):
            pass  # It is going away in any case.
        self.driver.terminate()
        self.driver.wait(timeout=10)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def call(self, method, path, body=None):
        if method == "POST" and body is None:
            body = {}
        return json_call(method, f"{self.root}{self.session}{path}", body)["value"]

    # Looking

    def run(self, script, *arguments):
        """Runs a script in the page; its promise, if it answers one, is awaited."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def elements(self, selector):
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def seen(self, selector):
        """The visible elements for a selector."""
        return [element for element in self.elements(selector) if self.ask(element, "displayed")]

    def ask(self, element, what):
        """A property of an element; `None` if the page has drawn it anew meanwhile."""
        try:
            return self.call("GET", f"/element/{element}/{what}")
        except Failed as error:
            if "stale element" in str(error):
                return None
            raise

    def one(self, selector):
        """The first visible element for a selector, waited for."""
        return until(f"{selector} is visible", lambda: self.seen(selector))[0]

    def gone(self, selector):
        until(f"{selector} is gone", lambda: not self.seen(selector))

    def text(self, selector):
        """The text of the first visible element for a selector, of the last drawing."""
        found = until(f"{selector} stays", lambda: [text for text in [self.ask(self.one(selector), "text")] if text is not None])
        return found[0]

    def attribute(self, selector, name):
        return self.run("return document.querySelector(arguments[0])?.getAttribute(arguments[1])", selector, name)

    def focused(self, selector):
        return self.run("return document.activeElement.matches(arguments[0])", selector)

    # Doing

    def open(self, path):
        self.call("POST", "/url", {"url": f"{self.base}{path}"})

    def leave(self):
        self.call("POST", "/url", {"url": "about:blank"})

    def reload(self):
        self.call("POST", "/refresh")

    def click(self, target):
        """Clicks the first visible element for a selector, however often the page draws it anew."""
        def clicked():
            try:
                self.call("POST", f"/element/{self.one(target)}/click")
            except Failed as error:
                if "stale element" not in str(error):
                    raise
                return False
            return True

        until(f"{target} can be clicked", clicked)

    def hover(self, element):
        origin = {ELEMENT: element}
        self.run("arguments[0].scrollIntoView({ block: 'center' })", origin)  # Nothing must lie over it.
        move = {"type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0}
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move]}
        self.call("POST", "/actions", {"actions": [mouse]})

    def keys(self, *keys, shift=False):
        """Presses keys wherever the focus is."""
        presses = []
        if shift:
            presses.append({"type": "keyDown", "value": SHIFT})
        for key in "".join(keys):
            presses += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        if shift:
            presses.append({"type": "keyUp", "value": SHIFT})
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": presses}]})

    def say(self, text):
        """Writes into the message box and sends."""
        self.click("#draft")
        self.keys(text, ENTER)

    def vendor(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        # Windows do not get as narrow as telephones; the viewport does.
        self.vendor("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def colour_scheme(self, scheme):
        self.vendor("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def console_errors(self):
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def screenshot(self, name):
        directory = os.environ.get("MYNAH_SCREENSHOTS")
        if directory:
            Path(directory).mkdir(parents=True, exist_ok=True)
            picture = base64.b64decode(self.call("GET", "/screenshot"))
            Path(directory, f"{name}.png").write_bytes(picture)

    # The page's own things

    def become(self, name):
        """Chooses in the rail who to be."""
        self.click(f"#people [data-key={name}]")
        self.is_person(name)

    def is_person(self, name):
        until(f"one is {name}", lambda: self.attribute(f"#people [data-key={name}]", "aria-checked") == "true")

    def bubbles(self, text, own=None):
        """Visible bubbles with exactly this text; `own` filters by side."""
        side = {None: ".row", True: ".row.own", False: ".row:not(.own)"}[own]
        return [
            element
            for element in self.elements(f"{side} .bubble")
            if self.ask(element, "text") == text
        ]

    def bubble(self, text, own=None):
        return until(f"a bubble says {text!r}", lambda: self.bubbles(text, own))[-1]

    def bubbles_begin(self, words):
        """Visible bubbles whose text begins so."""
        return [element for element in self.elements(".row .bubble") if (self.ask(element, "text") or "").startswith(words)]

    def action(self, bubble, name):
        """One of the actions that appear beside a message under the pointer."""
        self.hover(bubble)
        self.click(f".actions [data-do={name}]")
