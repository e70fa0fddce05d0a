#!/usr/bin/env python3
"""Drives the sandbox's page in a headless Chromium, as a person would.

Needs a running `mynah dev` (its bot answers /ping with pong), `chromedriver`
and Chromium; nothing but the standard library otherwise.

    MYNAH_URL=http://127.0.0.1:7700 python3 page_test.py

MYNAH_BARE_URL      a running `mynah sandbox`, where no bot is connected yet
                    (optional; without it one check is left out)
MYNAH_SCREENSHOTS   a directory for pictures of what was seen (optional)
MYNAH_CHROMEDRIVER  the driver, if it is not on the PATH
MYNAH_CHROMIUM      the browser, if it is not on the PATH

The world of the sandbox is started over. What no bot of `mynah dev` sends is
looked at in worlds that `fake.py` makes up. Prints one line per check and
a summary; exits with 1 when a check failed and with 2 when nothing could be
checked.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from pathlib import Path

import fake
import robot

PATIENCE_S = 10
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
WIDE = (1440, 900)
NARROW = (360, 740)

# Keys as WebDriver writes them.
ENTER, TAB, SHIFT, ESCAPE, UP, DOWN = "\ue007", "\ue004", "\ue008", "\ue00c", "\ue013", "\ue015"


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

    def action(self, bubble, name):
        """One of the actions that appear beside a message under the pointer."""
        self.hover(bubble)
        self.click(f".actions [data-do={name}]")


# The checks, in the order of a first visit.


def loads(page):
    """the page loads and asks who one wants to be"""
    page.open("/")
    until("people can be chosen", lambda: len(page.seen(".choice")) >= 5)
    names = page.run("return [...document.querySelectorAll('.choice strong')].map((name) => name.textContent)")
    expect(names[:5] == ["alice", "bob", "carol", "dave", "erin"], f"the people are {names}")
    page.screenshot("welcome-wide")


def becomes_alice(page):
    """alice can be chosen and sees her groups and her chat with the bot"""
    page.click(".choice")
    page.is_person("alice")
    kinds = until("there are conversations", lambda: [
        page.run("return arguments[0].dataset.key.split(':')[0]", {ELEMENT: row}) for row in page.elements("#conversations li")
    ])
    expect("group" in kinds and "user" in kinds, f"alice sees {kinds}")


def opens_group(page):
    """the group opens"""
    page.click("#conversations [data-key='group:20001'] a")
    until("the address names the group", lambda: page.run("return location.hash").endswith("/as/alice/group/20001"))
    expect(page.text("#room-title") == "general", f"the title is {page.text('#room-title')}")


def empty_teaches(page):
    """a conversation without messages says how to begin"""
    page.open("/#/onebot/as/erin/user/10005")
    expect("/ping" in page.text("#empty"), "no word of /ping")
    page.click("#empty .chip")
    expect(page.run("return document.activeElement.value") == "/ping", "the suggestion is not in the message box")
    page.open("/#/onebot/as/alice/group/20001")
    page.is_person("alice")


def hears_pong(page):
    """/ping and Enter: the own message and the bot's pong appear"""
    page.say("/ping")
    page.bubble("/ping", own=True)
    page.bubble("pong", own=False)
    page.screenshot("chat-wide")


def shows_journey(page):
    """a message opens to the frame that carried it"""
    page.action(page.bubble("pong", own=False), "journey")
    carried = until("the journey is there", lambda: [page.ask(entry, "text") for entry in page.seen("#journey .entry")])
    whole = "\n".join(filter(None, carried))
    expect("send_group_msg" in whole or '"reply"' in whole, f"no send_group_msg and no reply in {whole[:400]}")
    expect("pong" in whole, f"no pong in {whole[:400]}")
    page.screenshot("journey-wide")


def copies_curl(page):
    """what carried a message can be copied as curl"""
    page.action(page.bubble("/ping", own=True), "journey")
    commands = "return [...document.querySelectorAll('#journey .curl pre')].map((block) => block.textContent)"
    until("the message is in a command", lambda: any("/ping" in text for text in page.run(commands)))
    shown = page.run(commands)
    expect(all(text.startswith("curl -X ") for text in shown), f"not curl: {shown}")
    page.vendor("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"], origin=page.base)
    page.click("#journey .contents .small")
    until("the command is copied", lambda: page.run("return navigator.clipboard.readText()") in shown)


def shows_traffic(page):
    """all traffic is listed and can be filtered"""
    page.click("#tab-traffic")
    before = until("there is traffic", lambda: page.seen("#entries .entry"))
    page.click("#filter")
    page.keys("pong")
    until("the filter leaves less", lambda: 0 < len(page.seen("#entries .entry")) < len(before))
    page.run("arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))", {ELEMENT: page.one("#filter")})


def quotes(page):
    """a message can be quoted"""
    page.action(page.bubble("pong", own=False), "quote")
    expect("pong" in page.text("#quoting"), "the quote is not above the message box")
    page.keys("that was quick", ENTER)
    said = until("the quoting message appears", lambda: page.seen(".row.own .bubble:has(.quote)"))[-1]
    text = page.call("GET", f"/element/{said}/text")
    expect("pong" in text and "that was quick" in text, f"it says {text!r}")
    page.gone("#quoting")


def mentions(page):
    """@ offers the members, and the chosen one is mentioned"""
    page.click("#draft")
    page.keys("hello @")
    everybody = len(page.seen("#picker [role=option]"))
    expect(everybody >= 5, f"{everybody} people are offered")
    page.screenshot("mention-wide")
    page.keys("bo")
    until("the choice is narrowed", lambda: 0 < len(page.seen("#picker [role=option]")) < everybody)
    page.keys(ESCAPE)
    page.gone("#picker")
    page.keys("b")
    page.one("#picker [aria-selected=true]")
    page.keys(ENTER)
    page.gone("#picker")
    page.keys("there", ENTER)
    name = until("the mention appears", lambda: page.run("return document.querySelector('.row.own .mention')?.textContent"))
    expect(name == "@bob", f"the mention says {name}")


def edits_lines(page):
    """Shift+Enter breaks the line, arrow up brings back what was sent"""
    page.click("#draft")
    page.keys("first")
    page.keys(ENTER, shift=True)
    page.keys("second", ENTER)
    page.bubble("first\nsecond", own=True)
    page.keys(UP)
    expect(page.run("return document.activeElement.value") == "first\nsecond", "arrow up did not bring it back")
    page.keys(DOWN)
    expect(page.run("return document.activeElement.value") == "", "arrow down did not lead back")


def sends_picture(page):
    """a picture is shown before it is sent, and after"""
    path = Path(page.scratch, "sea.png")
    path.write_bytes(png(64, 48))
    page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})
    page.one("#pending img")
    page.click("#send")
    until("the picture is there", lambda: page.run("return document.querySelector('.row.own .image img')?.naturalWidth") == 64)
    page.gone("#pending")


def reacts(page):
    """one can react to a message"""
    page.action(page.bubble("pong", own=False), "react")
    page.click(".choices [data-face='76']")
    page.one(".reaction[aria-pressed=true]")


def recalls(page):
    """an own message can be recalled, and others' cannot"""
    page.say("slip of the tongue")
    page.action(page.bubble("slip of the tongue", own=True), "recall")
    page.one(".row.own .recalled")
    until("the text is hidden", lambda: not page.bubbles("slip of the tongue"))
    page.hover(page.bubble("pong", own=False))
    page.one(".actions [data-do=quote]")
    expect(not page.seen(".actions [data-do=recall]"), "the owner's message offers recall to a member")


def joins_and_leaves(page):
    """one asks to join a group, is let in by its owner, and leaves again"""
    page.become("carol")
    page.click("#joinable li:first-child .plain")
    page.keys("please", ENTER)
    page.gone("#dialog")
    page.become("alice")
    page.click("#conversations [data-key='group:20002'] a")
    page.click("#feed .notice .plain")
    page.gone("#feed .notice .plain")
    page.become("carol")
    page.click("#conversations [data-key='group:20002'] a")
    expect("carol" in page.text("#feed .notice"), "no word of carol's request")
    page.click("#more")
    page.screenshot("more-wide")
    page.click("#dialog .danger")
    page.one("#joinable")
    expect(not page.elements("#conversations [data-key='group:20002']"), "the group is still in the list")


def makes_friends(page):
    """one asks the bot for its friendship, and pokes it"""
    page.become("erin")
    page.click("#conversations [data-key^='user:'] a")
    page.click("#more")
    page.click("#dialog .stack button:last-child")
    page.keys("it is me", ENTER)
    page.one("#feed .notice")
    page.click("#more")
    page.click("#dialog .stack button:first-child")
    until("the poke is noted", lambda: "poke" in page.text("#feed"))


def shows_members(page):
    """members and their tags are listed, Escape closes"""
    page.become("alice")
    page.click("#conversations [data-key='group:20001'] a")
    page.click("#members")
    expect(len(page.seen("#dialog .member")) >= 6, "members are missing")
    page.one("#dialog .tag.owner")
    page.screenshot("members-wide")
    page.keys(ESCAPE)
    page.gone("#dialog")


def announces(page):
    """screen readers hear what the bot says"""
    expect(page.attribute("#announcer", "role") == "log", "the announcer is no log")
    expect(page.attribute("#announcer", "aria-live") == "polite", "the announcer is not live")
    page.say("/ping")
    until("pong is announced", lambda: "pong" in page.run("return document.querySelector('#announcer').textContent"))


def stays_in_step(page):
    """two tabs stay in step over one stream"""
    first = page.call("GET", "/window")
    second = page.call("POST", "/window/new", {"type": "tab"})["handle"]
    page.call("POST", "/window", {"handle": second})
    page.open("/#/onebot/as/bob/group/20001")
    page.one("#draft")
    page.say("from the other tab")
    page.bubble("from the other tab", own=True)
    page.call("POST", "/window", {"handle": first})
    page.bubble("from the other tab", own=False)
    page.call("POST", "/window", {"handle": second})
    page.call("DELETE", "/window")
    page.call("POST", "/window", {"handle": first})
    page.gone("#conversations .badge")


def shows_faults(page):
    """faults and a moved clock are announced at the top"""
    control = f"{page.base}/control"
    json_call("POST", f"{control}/fault", {"platform": "onebot", "kind": "drop", "count": 3})
    json_call("POST", f"{control}/clock", {"advance_s": 3600})
    until("both are shown", lambda: len(page.seen("#strip button")) == 2)
    page.click("#strip button")
    page.one("#dialog .faults li")
    page.screenshot("sandbox-wide")
    page.click("#dialog .faults button")
    page.gone("#dialog .faults li")
    json_call("POST", f"{control}/clock", {"advance_s": -3600})
    page.gone("#strip button")
    page.keys(ESCAPE)
    page.gone("#dialog")


def switches_language(page):
    """the language changes everywhere and is remembered"""
    expect(page.run("return document.documentElement.lang") == "en", "the browser's language is not taken over")
    page.click("#language")
    expect(page.text("#tab-traffic") == "全部报文", "the tab is not in Chinese")
    expect("群主" in page.text("#feed"), "the history is not in Chinese")
    page.screenshot("chinese-wide")
    page.reload()
    until("it is remembered", lambda: page.text("#tab-traffic") == "全部报文")
    missing = page.run("""
        return import("/assets/i18n.js").then(({ catalogue }) =>
          Object.entries(catalogue).filter(([, texts]) => texts.length !== 2 || texts.some((text) => !text)).map(([key]) => key))""")
    expect(missing == [], f"without a text in one language: {missing}")
    page.click("#language")
    expect(page.text("#tab-traffic") == "All traffic", "the tab is not in English")


def switches_theme(page):
    """light and dark follow the system until one chooses"""
    ground = "return getComputedStyle(document.querySelector('#chat')).backgroundColor"
    page.colour_scheme("light")
    light = page.run(ground)
    page.colour_scheme("dark")
    dark = until("the system's choice shows", lambda: page.run(ground) != light and page.run(ground))
    page.screenshot("dark-wide")
    page.click("#theme")
    until("light is chosen", lambda: page.run(ground) == light)
    page.reload()
    page.one("#draft")
    expect(page.run(ground) == light, "the choice is not remembered")
    page.click("#theme")
    until("dark is chosen", lambda: page.run(ground) == dark)
    page.click("#theme")
    page.colour_scheme("light")
    until("the system's choice shows again", lambda: page.run(ground) == light)


def fits_telephone(page):
    """at 360 px one pane is shown at a time, with a way back"""
    page.size(*NARROW)
    page.open("/#/onebot/as/alice")
    page.one("#list")
    expect(not page.seen("#chat"), "list and chat are shown at once")
    page.screenshot("list-narrow")
    page.click("#conversations [data-key='group:20001'] a")
    page.one("#draft")
    expect(not page.seen("#list"), "chat and list are shown at once")
    page.screenshot("chat-narrow")
    page.action(page.bubble("pong", own=False), "journey")
    page.one("#journey .entry")
    expect(not page.seen("#chat"), "journey and chat are shown at once")
    page.screenshot("journey-narrow")
    page.click("#inspector-back")
    page.one("#draft")
    page.click("#back")
    page.one("#list")
    width = page.run("return document.documentElement.scrollWidth")
    expect(width <= NARROW[0], f"the page is {width} px wide")
    page.size(*WIDE)


def works_by_keyboard(page):
    """everything from choosing a person to a journey works by keyboard"""
    page.open("/#/onebot")
    page.reload()
    page.one(".choice")
    tab_to(page, ".choice")
    page.keys(ENTER)
    until("the message box has the focus", lambda: page.focused("#draft"))
    tab_to(page, "#people [aria-checked=true]", shift=True)
    page.keys(DOWN)
    page.is_person("bob")
    expect(page.focused("#people [data-key=bob]"), "the focus got lost on the way to bob")
    tab_to(page, "#conversations [data-key='group:20001'] a")
    page.keys(ENTER)
    tab_to(page, "#draft")
    before = len(page.bubbles("pong", own=False))
    page.keys("/ping", ENTER)
    until("the bot answers", lambda: len(page.bubbles("pong", own=False)) > before)
    tab_to(page, ".row", shift=True)
    page.keys(UP)
    page.keys(DOWN)
    page.keys(ENTER)
    until("the journey has the focus", lambda: page.focused("#journey"))
    page.one("#journey .entry")
    page.keys(ESCAPE)
    until("the message has the focus again", lambda: page.focused(".row"))
    page.keys(ESCAPE)
    until("the message box has the focus again", lambda: page.focused("#draft"))


def tab_to(page, selector, shift=False, most=60):
    """Presses Tab until the focus is there, and sees to it that focus is visible."""
    for _ in range(most):
        if page.focused(selector):
            visible = page.run("return document.activeElement.matches(':focus-visible')")
            expect(visible, f"the focus on {selector} is not visible")
            return
        page.keys(TAB, shift=shift)
    raise Failed(f"Tab does not lead to {selector}")


def links_deep(page):
    """an address leads to a message and its journey"""
    seq = page.run("return document.querySelector('#feed .row[data-seq]').dataset.seq")
    page.open(f"/#/onebot/as/alice/group/20001/message/{seq}")
    page.reload()
    page.one("#journey .subject")
    expect(page.run("return document.querySelector('.row[tabindex=\"0\"]').dataset.seq") == seq, "another message is active")
    page.open("/#/onebot/as/nobody/group/20001")
    page.one("#toasts .error")


def starts_over(page):
    """starting over empties the history at once"""
    page.open("/#/onebot/as/erin/user/10005")
    page.say("soon forgotten")
    page.bubble("soon forgotten", own=True)
    page.click("#tools")
    page.click("#dialog .danger")
    page.one("#empty")


def stays_quiet(page):
    """the console has no errors"""
    errors = page.console_errors()
    expect(not errors, "; ".join(errors))


# The checks in the world of WeCom, with the bots of `mynah dev`.

TEAM = "/#/wecom/as/bob/group/general"
AGENT = 1000002


def wecom(page, path, body=None, data=None, media_type="application/json"):
    """Calls WeCom's interface as the application does; answers what it is told."""
    root = f"{page.base}/wecom/cgi-bin"
    token = json_call("GET", f"{root}/gettoken?corpid=ww-sandbox&corpsecret=sandbox-secret")["access_token"]
    if body is not None:
        data = json.dumps(body).encode()
    joint = "&" if "?" in path else "?"
    request = urllib.request.Request(f"{root}/{path}{joint}access_token={token}", data, {"content-type": media_type})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        answer = json.load(response)
    expect(answer["errcode"] == 0, f"{path}: {answer}")
    return {**answer, "token": token}


def send(page, kind, content, to="alice"):
    """The application sends somebody a message."""
    return wecom(page, "message/send", {"touser": to, "agentid": AGENT, "msgtype": kind, kind: content})


def upload(page, kind, name, content):
    """The application uploads a file; answers its id."""
    head = f'--limit\r\nContent-Disposition: form-data; name="media"; filename="{name}"\r\n\r\n'
    form = head.encode() + content + b"\r\n--limit--\r\n"
    return wecom(page, f"media/upload?type={kind}", data=form, media_type="multipart/form-data; boundary=limit")["media_id"]


def journal(page, title):
    """The entries of WeCom's journal with this title."""
    entries = json_call("GET", f"{page.base}/control/journal?platform=wecom")["entries"]
    return [entry for entry in entries if entry["title"] == title]


def mentions_wecom_bot(page):
    """in WeCom's group the intelligent bot answers who mentions it, and everybody can be mentioned"""
    page.open(TEAM)
    page.is_person("bob")
    page.click("#draft")
    page.keys("@")
    expect("RobotA" in page.text("#picker li:first-child"), "the bot is not offered first")
    page.keys(ENTER, "/ping", ENTER)
    page.bubble("@RobotA /ping", own=True)
    page.bubble("pong", own=False)
    page.one(".row:not(.own) .tag.aibot")
    page.keys("@", UP, ENTER, "look", ENTER)
    page.bubble("@all look", own=True)
    page.screenshot("wecom-group")


def asks_wecom_bots(page):
    """alice asks the application and the intelligent bot, each in a chat of its own"""
    page.open("/#/wecom/as/alice")
    page.is_person("alice")
    for kind, detail in (("user", "Application"), ("bot", "Intelligent bot")):
        page.click(f"#conversations [data-key='{kind}:alice'] a")
        until(f"the chat is with the {detail}", lambda: page.text("#room-detail").startswith(detail))
        page.say("/ping")
        page.bubble("/ping", own=True)
        page.bubble("pong", own=False)


def waits_for_slow(page):
    """what takes the application longer than WeCom waits is answered once"""
    page.open("/#/wecom/as/alice/user/alice")
    page.one("#draft")
    page.say("/slow")
    until("the answer is there", lambda: page.bubbles("久等了 here I am", own=False), patience=20)
    told = [entry for entry in journal(page, "text") if "/slow" in entry["body"]]
    expect(len(told) == 1, f"the application was told {len(told)} times")
    time.sleep(1)
    answers = len(page.bubbles("久等了 here I am", own=False))
    expect(answers == 1, f"it answered {answers} times")


ALERT = {
    "card_type": "button_interaction", "task_id": "page-alert",
    "main_title": {"title": "告警：磁盘将满", "desc": "主机 db-1 的 /data 已用 92%。"},
    "horizontal_content_list": [{"keyname": "级别", "value": "P1"}, {"keyname": "负责人", "value": "alice"}],
    "button_list": [{"text": "认领", "style": 1, "key": "take"}, {"text": "静音", "style": 2, "key": "mute"}],
}


def answers_card(page):
    """a card of the application can be pressed, and shows what came of it"""
    page.open("/#/wecom/as/alice/user/alice")
    page.one("#draft")
    sent = send(page, "template_card", {**ALERT, "task_id": f"alert-{time.time_ns()}"})
    page.one(".template .press.style-2")
    page.screenshot("wecom-card")
    page.click(".template .press")
    told = until("the application is told", lambda: journal(page, "event.template_card_event"))[-1]
    expect("<EventKey><![CDATA[take]]></EventKey>" in told["body"], f"it is told {told['body']}")
    button = {"replace_name": "已认领"}
    update = {"userids": ["alice"], "agentid": AGENT, "response_code": sent["response_code"], "button": button}
    wecom(page, "message/update_template_card", update)
    until("the card is answered", lambda: "已认领" in (page.run("return document.querySelector('.template .answered')?.textContent") or ""))
    expect(page.run("return [...document.querySelectorAll('.template .press')].every(({ disabled }) => disabled)"), "it can be pressed again")
    page.action(page.elements(".row:last-child .bubble")[0], "journey")
    titles = "return [...document.querySelectorAll('#journey summary > strong')].map((title) => title.textContent)"
    wanted = {"cgi-bin/message/send", "event.template_card_event", "cgi-bin/message/update_template_card"}
    until("the journey has all of it", lambda: wanted <= set(page.run(titles)))
    shown = page.run("return document.querySelector('#journey').textContent")
    expect(sent["token"] not in shown and sent["response_code"] not in shown, "the journey shows secrets")
    page.screenshot("wecom-card-journey")


def exchanges_files(page):
    """files and pictures of people and of the application are shown"""
    page.open("/#/wecom/as/alice/user/alice")
    page.one("#draft")
    picture, notes = Path(page.scratch, "lake.png"), Path(page.scratch, "notes.txt")
    picture.write_bytes(png(64, 48))
    notes.write_text("八哥会说话")
    for path in (picture, notes):
        page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})
    until("both are there", lambda: len(page.seen("#pending li")) == 2)
    page.click("#send")
    send(page, "image", {"media_id": upload(page, "image", "sky.png", png(80, 40))})
    send(page, "file", {"media_id": upload(page, "file", "rota.csv", b"day,who\nmon,alice\n")})
    for side, width, name in ((".own", 64, "notes.txt"), (":not(.own)", 80, "rota.csv")):
        image = f"return document.querySelector('.row{side} .image img')?.naturalWidth"
        until(f"the picture of {width} px is there", lambda: page.run(image) == width)
        file = f"const file = document.querySelector('.row{side} .card.file'); return file && [file.textContent, file.href]"
        text, href = until(f"{name} is there", lambda: page.run(file))
        expect(name in text and href.startswith(f"{page.base}/control/media/"), f"the file is {text}, {href}")
    fetched = page.run("return fetch(document.querySelector('.row.own .card.file').href).then((answer) => answer.text())")
    expect(fetched == "八哥会说话", f"the file holds {fetched}")
    page.screenshot("wecom-files")


def shows_wecom_journey(page):
    """a message leads to its callback, decrypted, and to what answered it"""
    page.open("/#/wecom/as/alice/user/alice")
    page.action(page.bubble("/ping", own=True), "journey")
    entries = "return [...document.querySelectorAll('#journey .entry:not([data-way=control])')].map((entry) => entry.textContent)"
    told, answer = until("the callback is answered", lambda: len(page.run(entries)) == 2 and page.run(entries))
    expect("<Content><![CDATA[/ping]]></Content>" in told and "Decrypted" in told, f"the callback is {told}")
    expect("msg_signature=…" in told and "POST" in told, f"the callback is {told}")
    expect("200" in answer, f"the answer is {answer}")
    expect(not page.elements("#journey .entry:not([data-way=control]) .curl"), "what was encrypted is offered as a command")
    page.screenshot("wecom-callback")
    page.action(page.bubble("pong", own=False), "journey")
    until("the answer led to the message", lambda: any("pong" in entry for entry in page.run(entries)[:2]))
    sent = send(page, "text", {"content": "by the interface"})
    page.action(page.bubble("by the interface", own=False), "journey")
    command = until("there is a command", lambda: page.run("return document.querySelector('#journey .curl pre')?.textContent"))
    expect("message/send?access_token='\"$MYNAH_SECRET\"" in command and "by the interface" in command, f"the command is {command}")
    expect(sent["token"] not in page.run("return document.body.textContent"), "the token is shown")
    page.open("/#/wecom/as/alice/bot/alice")
    page.action(page.bubble("pong", own=False), "journey")
    frames = until("the frames are there", lambda: len(page.run(entries)) == 2 and page.run(entries))
    expect("aibot_respond_msg" in frames[0] and "pong" in frames[0] and '"errcode": 0' in frames[1], f"the frames are {frames}")
    page.screenshot("wecom-frames")


def has_menu(page):
    """an application's menu appears below its chat, and the intelligent bot greets who enters"""
    page.open("/#/wecom/as/alice/user/alice")
    page.one("#draft")
    expect(not page.seen("#menu"), "there is a menu before there is one")
    below = [{"type": "click", "name": "排班", "key": "ROTA"}, {"type": "view", "name": "官网", "url": "https://example.com/"}]
    menu = {"button": [{"type": "click", "name": "今日", "key": "TODAY"}, {"name": "更多", "sub_button": below}]}
    wecom(page, f"menu/create?agentid={AGENT}", menu)
    page.one("#menu")
    page.screenshot("wecom-menu")
    page.click("#menu button:first-child")
    page.click("#menu button:last-child")
    page.click("#dialog .stack button:last-child")
    for title, key in (("event.click", "TODAY"), ("event.view", "https://example.com/")):
        told = until(f"{title} is told", lambda: journal(page, title))[-1]
        expect(f"<EventKey><![CDATA[{key}]]></EventKey>" in told["body"], f"told is {told['body']}")
    wecom(page, f"menu/delete?agentid={AGENT}")
    page.gone("#menu")
    page.click("#conversations [data-key='bot:alice'] a")
    before = len(page.elements(".row"))
    page.click("#more")
    page.click("#dialog .stack button")
    until("the bot greets", lambda: len(page.elements(".row")) > before and "/whoami" in page.text(".row:last-child .bubble"))


def leads_to_other_world(page):
    """one goes from WeCom to QQ and back, and the message boxes keep what was begun"""
    page.open(TEAM)
    page.bubble("@RobotA /ping")
    page.click("#draft")
    page.keys("begun")
    page.click("#worlds [data-key=onebot]")
    until("the address names the world", lambda: page.run("return location.hash").startswith("#/onebot/as/bob"))
    page.gone(".mention.self")
    page.click("#worlds [data-key=wecom]")
    page.bubble("@RobotA /ping")
    until("the draft is there", lambda: page.run("return document.querySelector('#draft').value") == "begun")
    page.run("document.querySelector('#draft').value = ''")


def answers_after_reset(page):
    """bots answer after the worlds have started over, however often"""
    for _ in range(2):
        json_call("POST", f"{page.base}/control/reset", {})
        for path in ("onebot/as/alice/group/20001", "wecom/as/alice/user/alice", "wecom/as/alice/bot/alice", "dingtalk/as/alice/user/alice", "rongcloud/as/alice/user/alice"):
            page.open(f"/#/{path}")
            page.one("#empty")
            page.say("/ping")
            page.bubble("pong", own=False)


# The checks in the world of RongCloud, with the bot of `mynah dev` behind the message route.


def rong(page, path, fields):
    """Calls RongCloud's server API as the application does, signed; answers what it is told."""
    nonce, now = "14314", str(int(json_call("GET", f"{page.base}/control/clock")["now"]))
    signature = hashlib.sha1(f"sandbox-secret{nonce}{now}".encode()).hexdigest()
    headers = {"app-key": "rc-sandbox", "nonce": nonce, "timestamp": now, "signature": signature, "content-type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(f"{page.base}/rongcloud/{path}", urllib.parse.urlencode(fields, doseq=True).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        answer = json.load(response)
    expect(answer["code"] == 200, f"{path}: {answer}")
    return answer


def mentions_rongcloud_bot(page):
    """in the page, alice writes in a RongCloud group and the bot answers through the message route"""
    page.open("/#/rongcloud/as/alice/group/general")
    page.is_person("alice")
    ask_robot(page, "/ping")
    page.bubble("@Mynah /ping", own=True)
    row = until("the bot answers", lambda: robot_rows(page))[-1]
    expect("pong" in page.text(f".row[data-seq='{row}'] .bubble"), f"the bot says {page.text(f'.row[data-seq={chr(39)}{row}{chr(39)}] .bubble')}")
    page.screenshot("rongcloud-group")


def shows_rongcloud_journey(page):
    """what alice wrote leads to the message route that carried it, decoded and without secrets"""
    page.open("/#/rongcloud/as/alice/group/general")
    page.action(page.bubble("@Mynah /ping", own=True), "journey")
    shown = "return document.querySelector('#journey').textContent"
    until("the route is there", lambda: "message_route" in page.run(shown) and page.elements("#journey .fields .code"))
    expect("/ping" in texts(page, "#journey .fields .code")[0], "the content is not decoded")
    page.screenshot("rongcloud-route")
    page.action(page.elements(".row:has(.avatar.bot) .bubble")[-1], "journey")
    until("the answer is there", lambda: "message/group/publish.json" in page.run(shown) and '"messageUIDs"' in page.run(shown))
    told = json.dumps(json_call("GET", f"{page.base}/control/journal?platform=rongcloud&limit=2000")["entries"])
    expect("sandbox-secret" not in told, "the journal shows the secret")


def asks_rongcloud_bot(page):
    """alice asks the bot in a chat of their own"""
    page.open("/#/rongcloud/as/alice/user/alice")
    until("the chat is with the bot", lambda: page.text("#room-detail") == "The application's user · bot")
    page.say("/ping")
    page.bubble("/ping", own=True)
    page.bubble("pong", own=False)


def meets_in_chatroom(page):
    """alice enters the chatroom, speaks there, hears the application and leaves"""
    page.open("/#/rongcloud/as/alice/group/general")
    page.is_person("alice")
    page.click("#joinable [data-key='chatroom:lobby'] .small")
    until("the chatroom is open", lambda: page.run("return location.hash").endswith("/as/alice/chatroom/lobby"))
    until("somebody is there", lambda: page.text("#room-detail") == "1 present · Chatroom · lobby")
    page.say("anybody here?")
    page.bubble("anybody here?", own=True)
    rong(page, "message/chatroom/publish.json", {"fromUserId": "bot", "toChatroomId": "lobby", "objectName": "RC:TxtMsg", "content": '{"content":"welcome"}'})
    page.bubble("welcome", own=False)
    page.screenshot("rongcloud-chatroom")
    page.click("#more")
    page.click("#dialog .danger")
    until("one is elsewhere", lambda: not page.run("return location.hash").endswith("/chatroom/lobby"))
    page.gone("#conversations [data-key='chatroom:lobby']")


def talks_in_private(page):
    """bob writes to alice from her profile, and she answers"""
    page.open("/#/rongcloud/as/bob/group/general")
    page.is_person("bob")
    page.click("#members")
    chosen(page, "#dialog .members li:nth-child(1) button", "Send a message")
    page.one("#answer")
    page.keys("lunch?", ENTER)
    page.click("#conversations [data-key='private:alice:bob'] a")
    page.bubble("lunch?", own=True)
    page.become("alice")
    page.bubble("lunch?", own=False)
    page.say("at noon")
    page.bubble("at noon", own=True)


def recalls_in_rongcloud(page):
    """alice recalls what she said, and the application what it said"""
    page.open("/#/rongcloud/as/alice/private/alice%3Abob")
    page.action(page.bubble("at noon", own=True), "recall")
    until("it is recalled", lambda: "Message recalled" in (page.text(".row.own .recalled") or ""))
    page.open("/#/rongcloud/as/alice/group/general")
    page.is_person("alice")
    custom = {"fromUserId": "bot", "toGroupId": "general", "objectName": "app:order", "content": '{"order":7}'}
    rong(page, "message/group/publish.json", custom)
    until("the unknown kind is shown", lambda: page.text(".card.custom strong") == "app:order")
    said = rong(page, "message/group/publish.json", {**custom, "objectName": "RC:TxtMsg", "content": '{"content":"oops"}'})
    page.bubble("oops", own=False)
    now = int(json_call("GET", f"{page.base}/control/clock")["now"] * 1000)
    uid = said.get("messageUID") or said["messageUIDs"][0]["messageUID"]
    rong(page, "message/recall.json", {"fromUserId": "bot", "conversationType": 3, "targetId": "general", "messageUID": uid, "sentTime": now})
    until("it is recalled", lambda: page.seen(".row:not(.own) .recalled"))


def shows_system_messages(page):
    """what the system says stands in a conversation of its own, where nobody answers"""
    rong(page, "message/system/publish.json", {"fromUserId": "bot", "toUserId": "alice", "objectName": "RC:TxtMsg", "content": '{"content":"tonight"}'})
    page.click("#conversations [data-key='system:alice'] a")
    page.bubble("tonight", own=False)
    rong(page, "message/broadcast.json", {"fromUserId": "bot", "objectName": "RC:TxtMsg", "content": '{"content":"to all"}'})
    page.bubble("to all", own=False)
    expect(page.text("#room-title") == "System messages", f"it is called {page.text('#room-title')}")
    expect(page.run("return document.querySelector('#draft').disabled"), "one can answer the system")
    rong(page, "message/group/publish.json", {"fromUserId": "bot", "toGroupId": "general", "objectName": "RC:InfoNtf", "content": '{"message":"be nice"}'})
    page.click("#conversations [data-key='group:general'] a")
    until("the notice is a line", lambda: "be nice RC:InfoNtf" in texts(page, ".row.notice .line"))


# The checks in the world of DingTalk, with the robot of `mynah dev` on its Stream.

DING_TEAM = "/#/dingtalk/as/carol/group/chatgeneral"
DING_KEY = "ding-sandbox"


def ding(page, method, path, body=None):
    """Calls DingTalk's interface as the application does, of whichever generation; answers what it is told."""
    root = f"{page.base}/dingtalk"
    token = json_call("GET", f"{root}/gettoken?appkey={DING_KEY}&appsecret=sandbox-secret")["access_token"]
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "x-acs-dingtalk-access-token": token}
    address = f"{root}{path}"
    if not path.startswith("/v1.0/"):
        address += f"{'&' if '?' in path else '?'}access_token={token}"
    with urllib.request.urlopen(urllib.request.Request(address, data, headers, method=method), timeout=PATIENCE_S) as response:
        answer = json.load(response)
    expect(answer.get("errcode", 0) == 0, f"{path}: {answer}")
    return {**answer, "token": token}


def ding_robot(page, body):
    """The group's own robot speaks: signed, and without a token of the application."""
    now = str(int(json_call("GET", f"{page.base}/control/clock")["now"] * 1000))
    mac = hmac.new(b"SECsandbox", f"{now}\nSECsandbox".encode(), "sha256").digest()
    query = urllib.parse.urlencode({"access_token": "robot-sandbox", "timestamp": now, "sign": base64.b64encode(mac)})
    answer = json_call("POST", f"{page.base}/dingtalk/robot/send?{query}", body)
    expect(answer["errcode"] == 0, f"the robot is told {answer}")


def ding_journal(page):
    """The entries of DingTalk's journal."""
    return json_call("GET", f"{page.base}/control/journal?platform=dingtalk&limit=2000")["entries"]


def ask_robot(page, words):
    """Mentions the robot through the picker."""
    page.click("#draft")
    page.keys("@")
    until("the robot is offered first", lambda: page.attribute("#picker [aria-selected=true] .tag", "class") == "tag robot bot")
    page.keys(ENTER, words, ENTER)


def robot_rows(page):
    """The `seq` of everything the robot has said here."""
    return page.run("return [...document.querySelectorAll('.row:has(.avatar.bot)')].map(({ dataset }) => dataset.seq)")


def answered_once(page, words, patience):
    """Asks, and expects one answer within `patience` seconds, and none after it."""
    before = set(robot_rows(page))
    begun = time.monotonic()
    ask_robot(page, words)
    new = until("the robot answers", lambda: [seq for seq in robot_rows(page) if seq not in before], patience)
    took = time.monotonic() - begun
    time.sleep(max(0, 6 - took))
    new = [seq for seq in robot_rows(page) if seq not in before]
    expect(len(new) == 1, f"it answered {len(new)} times")
    return f".row[data-seq='{new[0]}']"


def mentions_dingtalk_robot(page):
    """carol mentions the robot in a DingTalk group, and it answers"""
    page.open(DING_TEAM)
    page.is_person("carol")
    row = answered_once(page, "/ping", PATIENCE_S)
    page.bubble("@Mynah /ping", own=True)
    expect("pong" in page.text(f"{row} .bubble"), f"the robot says {page.text(f'{row} .bubble')}")
    expect(page.text(f"{row} .tag.robot") == "Robot", "the robot is not marked as one")
    expect(page.text(f"{row} .receipts") == "5 unread", f"under the answer stands {page.text(f'{row} .receipts')}")
    expect(page.text(".row.own .receipts") == "4 unread", f"under the question stands {page.text('.row.own .receipts')}")
    page.screenshot("dingtalk-group")


def survives_cut(page):
    """after the Stream was cut without a word, the next message is answered within 5 s and exactly once"""
    page.open(DING_TEAM)
    for _ in range(2):
        page.one("#draft")
        json_call("POST", f"{page.base}/control/fault", {"platform": "dingtalk", "kind": "cut"})
        answered_once(page, "/ping", 5)
    expect(not json_call("GET", f"{page.base}/control/fault")["faults"], "the cut is still in force")


def survives_farewell(page):
    """after the Stream has said farewell, the robot answers on another"""
    page.open(DING_TEAM)
    page.one("#draft")
    json_call("POST", f"{page.base}/control/fault", {"platform": "dingtalk", "kind": "farewell"})
    time.sleep(2)  # What is said meanwhile may be lost, as on the platform.
    answered_once(page, "/ping", 5)


def asks_dingtalk_robot(page):
    """alice asks the robot in a chat of their own"""
    page.open("/#/dingtalk/as/alice/user/alice")
    until("the chat is with the robot", lambda: page.text("#room-detail") == f"Robot · {DING_KEY}")
    page.say("/ping")
    page.bubble("/ping", own=True)
    page.bubble("pong", own=False)
    expect(not page.elements(".row.own .receipts"), "what only the robot reads is counted")
    page.say("/slow")
    until("the slow answer is there", lambda: page.bubbles("久等了 here I am", own=False), patience=20)


def shows_dingtalk_journey(page):
    """a message leads to the frame that carried it, and shows no secrets"""
    page.open("/#/dingtalk/as/alice/user/alice")
    page.action(page.bubble("/ping", own=True), "journey")
    shown = "return document.querySelector('#journey').textContent"
    until("the frame is there", lambda: "senderStaffId" in page.run(shown) and '"response": null' in page.run(shown))
    page.screenshot("dingtalk-frame")
    page.action(page.bubble("pong", own=False), "journey")
    until("the answer is there", lambda: "sendBySession" in page.run(shown) and "pong" in page.run(shown))
    page.screenshot("dingtalk-answer")
    told = json.dumps(ding_journal(page))
    for secret in ("sandbox-secret", "SECsandbox"):
        expect(secret not in told, f"the journal shows {secret}")


def marks_read(page):
    """who reads in the page has read for the interface"""
    page.open("/#/dingtalk/as/alice/group/chatgeneral")
    page.one("#draft")
    said = ding(page, "POST", "/chat/send", {"chatid": "chatgeneral", "msgtype": "text", "text": {"content": "周报请查收"}})
    row = page.run("return arguments[0].closest('.row').dataset.seq", {ELEMENT: page.bubble("周报请查收", own=False)})
    count = f".row[data-seq='{row}'] .receipts"
    read = lambda: ding(page, "GET", f"/chat/getReadList?messageId={urllib.parse.quote(said['messageId'])}&cursor=0&size=100").get("readUserIdList", [])
    expect(page.text(count) == "5 unread" and read() == [], f"{page.text(count)}, {read()}")
    page.click(count)
    page.click("#dialog li:nth-child(4) button.reader")
    until("four are left", lambda: page.text("#dialog h3") == "Unread (4)")
    page.click("#dialog li:nth-child(2) button.reader")
    until("three are left", lambda: page.text("#dialog h3") == "Unread (3)")
    page.screenshot("dingtalk-readers")
    page.keys(ESCAPE)
    expect(page.text(count) == "3 unread" and read() == ["dave", "bob"], f"{page.text(count)}, {read()}")
    page.click("#more")
    page.click("#dialog .stack button:first-child")
    until("alice has read it too", lambda: page.text(count) == "2 unread" and read() == ["dave", "bob", "alice"])


def shows_work_notice(page):
    """a work notice is marked as one, and the interface hears who has read it"""
    page.open("/#/dingtalk/as/alice/user/alice")
    page.one("#draft")
    form = [{"key": "金额：", "value": "1280 元"}, {"key": "事由：", "value": "差旅"}]
    oa = {
        "message_url": "https://example.com/oa", "head": {"bgcolor": "FF1A6FD4", "text": "报销"},
        "body": {"title": "等待你审批", "form": form, "rich": {"num": "1280", "unit": "元"}, "file_count": "2", "author": "Bob"},
    }
    task = ding(page, "POST", "/topapi/message/corpconversation/asyncsend_v2",
                {"agent_id": 100001, "userid_list": "alice", "msg": {"msgtype": "oa", "oa": oa}})["task_id"]
    page.one(".row:last-child .via")
    words = page.text(".row:last-child .bubble")
    for part in ("Work notice", "报销", "等待你审批", "1280 元", "差旅", "2 attachments", "Bob"):
        expect(part in words, f"{part} is not in {words}")
    page.screenshot("dingtalk-notice")
    page.click(".row:last-child .receipts")
    page.click("#dialog button.reader")
    page.keys(ESCAPE)
    until("it is read", lambda: page.text(".row:last-child .receipts") == "Read")
    result = ding(page, "POST", "/topapi/message/corpconversation/getsendresult", {"agent_id": 100001, "task_id": task})
    expect(result["send_result"]["read_user_id_list"] == ["alice"], f"the interface says {result}")


def hears_custom_robot(page):
    """what the group's own robot says looks as in DingTalk"""
    page.open("/#/dingtalk/as/alice/group/chatgeneral")
    page.one("#draft")
    ding_robot(page, {"msgtype": "text", "text": {"content": "@bob 磁盘将满"}, "at": {"atUserIds": ["bob"], "isAtAll": False}})
    until("bob is mentioned", lambda: page.run("return document.querySelector('.row:last-child .mention')?.textContent") == "@Bob")
    ding_robot(page, {"msgtype": "markdown", "markdown": {"title": "天气", "text": "#### 天气 @bob\n> 9 度\n> ![图](https://example.com/a.png)\n\n- [详情](https://example.com)"}, "at": {"atUserIds": ["bob"]}})
    page.one(".row:last-child .markdown .h4")
    expect_counted(page, ".row:last-child .markdown", {".mention": 1, "blockquote .elsewhere": 1, "li a": 1})
    ding_robot(page, {"msgtype": "actionCard", "actionCard": {"title": "发布", "text": "### 发布\n好吗？", "btnOrientation": "1", "btns": [
        {"title": "好", "actionURL": "https://example.com/y"}, {"title": "不好", "actionURL": "https://example.com/n"}]}})
    until("the buttons are side by side", lambda: len(page.elements(".row:last-child .beside .press")) == 2)
    ding_robot(page, {"msgtype": "actionCard", "actionCard": {"title": "发布", "text": "### 发布", "singleTitle": "去看看", "singleURL": "https://example.com/go"}})
    until("the button leads on", lambda: page.attribute(".row:last-child .outcomes .press", "href") == "https://example.com/go")
    ding_robot(page, {"msgtype": "feedCard", "feedCard": {"links": [
        {"title": f"第 {number} 篇", "messageURL": f"https://example.com/{number}", "picURL": "https://example.com/p.png"} for number in (1, 2, 3)]}})
    until("the articles are there", lambda: len(page.elements(".row:last-child .feed-card .article")) == 3)
    ding_robot(page, {"msgtype": "link", "link": {"title": "火车", "text": "向前开", "messageUrl": "https://example.com/t", "picUrl": ""}})
    until("the link is there", lambda: page.attribute(".row:last-child .card.link", "href") == "https://example.com/t")
    page.screenshot("dingtalk-custom-robot")


def answers_interactive(page):
    """pressing a button of an interactive card reaches the robot over the Stream"""
    page.open("/#/dingtalk/as/alice/user/alice")
    page.one("#draft")
    card = {
        "header": {"title": {"type": "text", "text": "午饭"}},
        "contents": [
            {"type": "markdown", "id": "1", "text": "**午饭**吃什么？"},
            {"type": "action", "id": "2", "actions": [
                {"type": "button", "id": name, "label": {"type": "text", "text": words}, "actionType": "request"} for name, words in (("noodles", "面"), ("rice", "米饭"))]},
        ],
    }
    ding(page, "POST", "/v1.0/im/v1.0/robot/interactiveCards/send", {
        "cardTemplateId": "StandardCard", "robotCode": DING_KEY, "cardBizId": "lunch", "cardData": json.dumps(card, ensure_ascii=False),
        "singleChatReceiver": json.dumps({"userId": "alice"}), "sendOptions": {}})
    until("the card is there", lambda: texts(page, ".row:last-child .outcomes .press") == ["面", "米饭"])
    page.screenshot("dingtalk-interactive")
    page.click(".row:last-child .outcomes .press:last-child")
    until("the robot is told", lambda: [entry for entry in ding_journal(page) if entry["direction"] == "out" and entry["verdict"] == "ok" and "actionIds" in entry["body"] and "rice" in entry["body"]])
    ding(page, "PUT", "/v1.0/im/robots/interactiveCards", {"cardBizId": "lunch", "cardData": json.dumps({"contents": [{"type": "markdown", "id": "1", "text": "吃**米饭**"}]}, ensure_ascii=False)})
    until("the card has changed", lambda: "吃米饭" in page.text(".row:last-child .bubble"))


def exchanges_dingtalk_files(page):
    """pictures and files of people and of the robot are shown"""
    page.open("/#/dingtalk/as/alice/user/alice")
    page.one("#draft")
    picture, notes = Path(page.scratch, "lake.png"), Path(page.scratch, "notes.txt")
    picture.write_bytes(png(64, 48))
    notes.write_text("八哥会说话")
    for path in (picture, notes):
        page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})
    until("both are there", lambda: len(page.seen("#pending li")) == 2)
    page.click("#draft")
    page.keys("看", ENTER)
    until("the picture is there", lambda: page.run("return document.querySelector('.row.own .image img')?.naturalWidth") == 64)
    file = "const file = document.querySelector('.row.own .card.file'); return file && [file.textContent, file.href]"
    words, href = until("the file is there", lambda: page.run(file))
    expect("notes.txt" in words and href.startswith(f"{page.base}/control/media/"), f"the file is {words}, {href}")
    fetched = page.run("return fetch(document.querySelector('.row.own .card.file').href).then((answer) => answer.text())")
    expect(fetched == "八哥会说话", f"the file holds {fetched}")
    token = json_call("GET", f"{page.base}/dingtalk/gettoken?appkey={DING_KEY}&appsecret=sandbox-secret")["access_token"]
    head = '--limit\r\nContent-Disposition: form-data; name="media"; filename="sky.png"\r\n\r\n'
    form = head.encode() + png(80, 40) + b"\r\n--limit--\r\n"
    request = urllib.request.Request(f"{page.base}/dingtalk/media/upload?type=image&access_token={token}", form, {"content-type": "multipart/form-data; boundary=limit"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        media = json.load(response)["media_id"]
    for key, body in (("sampleImageMsg", {"photoURL": media}), ("sampleMarkdown", {"title": "图", "text": f"![天]({media})"}), ("sampleFile", {"mediaId": media, "fileName": "sky.png", "fileType": "png"})):
        ding(page, "POST", "/v1.0/robot/oToMessages/batchSend", {"robotCode": DING_KEY, "userIds": ["alice"], "msgKey": key, "msgParam": json.dumps(body, ensure_ascii=False)})
    for place in (".image img", ".markdown img"):
        until(f"{place} is there", lambda: page.run(f"return document.querySelector('.row:not(.own) {place}')?.naturalWidth") == 80)
    until("the robot's file is there", lambda: page.seen(".row:not(.own) .card.file"))
    page.screenshot("dingtalk-files")


def governs_dingtalk_group(page):
    """people quit, come back, rename and disband a group, and the page follows"""
    chat = ding(page, "POST", "/chat/create", {"name": "周报", "owner": "alice", "useridlist": ["alice", "bob", "carol"]})["chatid"]
    page.open(f"/#/dingtalk/as/bob/group/{chat}")
    page.one("#draft")
    page.click("#more")
    page.click("#dialog .danger")
    until("the group is gone from bob's list", lambda: not page.elements(f"#conversations [data-key='group:{chat}']"))
    page.open(f"/#/dingtalk/as/alice/group/{chat}")
    page.is_person("alice")
    until("bob's going is noted", lambda: "Bob" in " ".join(texts(page, "#feed .notice")))
    page.click("#members")
    page.click("#dialog .small[aria-label*=Bob], #dialog .content > .buttons button")
    until("bob is back", lambda: len(ding(page, "GET", f"/chat/get?chatid={chat}")["chat_info"]["useridlist"]) == 3)
    page.keys(ESCAPE)
    page.click("#more")
    page.run("[...document.querySelectorAll('#dialog .stack button')].find((one) => one.textContent === 'Rename the group').click()")
    page.one("#answer")
    page.keys("月报", ENTER)
    until("the name is new", lambda: page.text("#room-title") == "月报")
    page.screenshot("dingtalk-governed")
    page.click("#more")
    page.run("[...document.querySelectorAll('#dialog .stack button')].find((one) => one.textContent === 'Disband the group').click()")
    until("the group is gone", lambda: not page.elements(f"#conversations [data-key='group:{chat}']"))
    expect(ding(page, "GET", f"/chat/get?chatid={chat}")["chat_info"]["status"] == 2, "the group is not disbanded")


# The checks in the world of BearyChat, with the hubot of `mynah dev` on its RTM socket.

BEARY_TEAM = "/#/bearychat/as/dave/group/%3DbwAll"
BEARY_CHANNEL = "=bwAll"


def beary(page, method, path, **arguments):
    """Calls BearyChat's OpenAPI as the hubot does; answers what it is told."""
    address, data = f"{page.base}/bearychat/v1/{path}?token=sandbox-token", None
    if method == "GET":
        address += "".join(f"&{name}={urllib.parse.quote(value)}" for name, value in arguments.items())
    else:
        data = json.dumps(arguments, ensure_ascii=False).encode()
    request = urllib.request.Request(address, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        body = response.read()
    return json.loads(body) if body else None


def beary_newest(page, vchannel=BEARY_CHANNEL):
    """The newest message of a conversation, as the OpenAPI has it."""
    return beary(page, "POST", "message.query", vchannel_id=vchannel, query={"latest": {"limit": 1}})["messages"][0]


def beary_say(page, words, vchannel=BEARY_CHANNEL):
    """The hubot says something; answers its key."""
    return beary(page, "POST", "message.create", vchannel_id=vchannel, text=words)["key"]


def mentions_hubot(page):
    """dave mentions the hubot in a BearyChat channel, and it answers over RTM"""
    page.open(BEARY_TEAM)
    page.is_person("dave")
    page.click("#draft")
    page.keys("@")
    until("the hubot is offered first", lambda: page.attribute("#picker [aria-selected=true] .tag", "class") == "tag robot bot")
    page.keys(ENTER, "/ping", ENTER)
    until("dave has said it", lambda: page.bubbles("@Mynah /ping", own=True))
    page.bubble("pong", own=False)
    page.one(".row:not(.own) .tag.bot")
    told = beary(page, "POST", "message.query", vchannel_id=BEARY_CHANNEL, query={"latest": {"limit": 2}})["messages"]
    expect([message["text"] for message in told] == ["@<==bwBot=> /ping", "pong"], f"on the wire stands {told}")
    page.screenshot("bearychat-group")


def survives_rtm_cut(page):
    """after the RTM socket was cut without a word, the next message is answered, and once"""
    page.open(BEARY_TEAM)
    page.one("#draft")
    before = len(page.bubbles("pong", own=False))
    json_call("POST", f"{page.base}/control/fault", {"platform": "bearychat", "kind": "cut"})
    page.keys("@", ENTER, "/ping", ENTER)
    until("the hubot answers", lambda: len(page.bubbles("pong", own=False)) > before, patience=20)
    time.sleep(2)
    expect(len(page.bubbles("pong", own=False)) == before + 1, f"it answered {len(page.bubbles('pong', own=False)) - before} times")


def reacts_to_hubot(page):
    """a reaction dave adds reaches a handler of the hubot, and he takes it back"""
    page.open(BEARY_TEAM)
    page.action(page.bubble("pong", own=False), "react")
    page.click(".choices [data-face=':heart:']")
    page.one(".reaction[aria-pressed=true]")
    until("the hubot thanks", lambda: [words for words in texts(page, ".row:not(.own) .bubble") if words.startswith("谢谢")])
    page.screenshot("bearychat-reaction")
    page.click(".reaction[aria-pressed=true]")
    page.gone(".reaction")


def shows_bearychat_journey(page):
    """a message leads to the frame that carried it and to the call that answered, without secrets"""
    page.open(BEARY_TEAM)
    page.action(page.bubble("@Mynah /ping", own=True), "journey")
    shown = "return document.querySelector('#journey').textContent"
    until("the frame is there", lambda: '"channel_message"' in page.run(shown) and "@<==bwBot=> /ping" in page.run(shown))
    page.action(page.bubble("pong", own=False), "journey")
    until("the call is there", lambda: "message.create" in page.run(shown))
    page.screenshot("bearychat-answer")
    told = json.dumps(json_call("GET", f"{page.base}/control/journal?platform=bearychat&limit=2000"))
    for secret in ("sandbox-token", "sandbox-hook", "sandbox-outgoing"):
        expect(secret not in told, f"the journal shows {secret}")
    expect(not [part for part in told.split("/ws:")[1:] if not part.startswith("…")], "the journal shows a ticket")


def asks_hubot(page):
    """alice asks the hubot in a conversation of their own"""
    page.open("/#/bearychat/as/alice/user/%3Dbw52O")
    until("the chat is with the hubot", lambda: page.text("#room-detail") == "Hubot · =bwBot")
    page.say("/ping")
    page.bubble("/ping", own=True)
    page.bubble("pong", own=False)


def answers_in_thread(page):
    """a reply quotes what it answers, on the wire by its key, and is counted there"""
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    key = beary_say(page, "谁来发布？")
    page.action(page.bubble("谁来发布？", own=False), "quote")
    page.keys("我来", ENTER)
    until("the reply is there", lambda: texts(page, ".row.own .quote span") == ["谁来发布？"])
    said = beary(page, "POST", "message.query", vchannel_id=BEARY_CHANNEL, query={"since": {"key": key}})["messages"][0]
    expect((said["text"], said["refer_key"]) == ("我来", key), f"the reply is {said}")
    expect("1 reply" in texts(page, ".answers"), f"counted are {texts(page, '.answers')}")


def edits_and_deletes(page):
    """alice edits what she said, and deletes it; the interface sees both"""
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.say("十分钟后")
    page.action(page.bubble("十分钟后", own=True), "edit")
    expect(page.run("return document.activeElement.value") == "十分钟后", f"to be edited is {page.run('return document.activeElement.value')}")
    page.keys(" @", UP, ENTER, "开始", ENTER)
    until("it says so", lambda: page.seen(".row.own:last-child .edited"))
    newest = beary_newest(page)
    expect(newest["text"] == "十分钟后 @<-channel-> 开始" and newest["edited"], f"the interface says {newest}")
    page.screenshot("bearychat-edited")
    page.action(page.one(".row.own:last-child .bubble"), "recall")
    page.one(".row.own:last-child .recalled")
    newest = beary(page, "GET", "message.info", vchannel_id=BEARY_CHANNEL, message_key=newest["key"])
    expect(newest["subtype"] == "info" and newest["text"] == "该消息已被删除", f"the interface says {newest}")
    page.action(page.one(".row.own:has(.quote) .bubble"), "recall")
    page.gone(".answers")


def pins_in_bearychat(page):
    """what is pinned stands in a list for all, and in the interface's"""
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.action(page.bubble("谁来发布？", own=False), "pin")
    until("the pin is counted", lambda: page.text("#pins") == "1")
    page.one(".row .pinned")
    pins = beary(page, "GET", "message_pin.list", vchannel_id=BEARY_CHANNEL)
    expect([pin["uid"] for pin in pins] == ["=bw52O"], f"the interface has {pins}")
    page.click("#pins")
    page.screenshot("bearychat-pins")
    page.click("#dialog .lines .tool")
    until("nothing is pinned", lambda: "Nothing is pinned" in page.text("#dialog"))
    page.keys(ESCAPE)
    page.gone(".row .pinned")
    expect(beary(page, "GET", "message_pin.list", vchannel_id=BEARY_CHANNEL) == [], "the interface still has a pin")


def hears_bearychat_robot(page):
    """what comes by a robot's hook has attachments with a coloured bar; what is for alice comes from BearyBot"""
    hook = f"{page.base}/bearychat/hook/=bwTeam/incoming/sandbox-hook"
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.one("#draft")
    attachment = {"title": "gateway 2.4.1", "url": "https://example.com/gateway", "text": "**3** 个实例健康", "color": "#ffa500", "images": [{"url": "https://example.com/a.png"}]}
    json_call("POST", hook, {"text": "**部署**报告", "attachments": [attachment]})
    until("the attachment is there", lambda: page.attribute(".row:last-child .attachment .head a", "href") == "https://example.com/gateway")
    expect_counted(page, ".row:last-child", {".markdown strong": 2, ".attachment": 1, ".attachment .elsewhere": 1, ".tag.custom": 1, ".avatar.custom": 1})
    bar = page.run("return getComputedStyle(document.querySelector('.row:last-child .attachment')).borderLeftColor")
    expect(bar == "rgb(255, 165, 0)", f"the bar is {bar}")
    page.screenshot("bearychat-robot")
    json_call("POST", hook, {"text": "*不是* Markdown", "markdown": False})
    page.bubble("*不是* Markdown", own=False)
    json_call("POST", hook, {"text": "只给你", "user": "alice"})
    page.click("#conversations [data-key='private:=bw52O:=bwMkR'] a")
    page.bubble("只给你", own=False)
    expect(page.text("#room-detail") == "BearyChat's assistant · =bwMkR", f"it comes from {page.text('#room-detail')}")


def sends_bearychat_pictures(page):
    """pictures, stickers and emoji are shown"""
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.one("#draft")
    picture = Path(page.scratch, "lake.png")
    picture.write_bytes(png(64, 48))
    page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(picture)})
    page.one("#pending li")
    page.click("#send")
    until("the picture is there", lambda: page.run("return document.querySelector('.row.own .image img')?.naturalWidth") == 64)
    page.click("#insert-emoji")
    page.click("#dialog .sticker")
    until("the sticker is there", lambda: page.run("const image = document.querySelector('.row.own:last-child .image img'); return image !== null && image.naturalWidth > 0 && image.naturalWidth !== 64"))
    page.click("#insert-emoji")
    page.click("#dialog .emoji-choice[aria-label=':mynah:']")
    page.gone("#dialog")
    page.keys(ENTER)
    until("the emoji is there", lambda: page.run("return document.querySelector('.row.own:last-child .emoji img')?.naturalWidth > 0"))
    page.screenshot("bearychat-pictures")


def governs_bearychat(page):
    """alice makes a channel, invites and removes bob and archives it; of a chat of three she makes a channel"""
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.one("#draft")
    page.click("#create")
    page.one("#dialog .fields")
    page.run("const [channel] = document.querySelectorAll('#dialog .fields'); channel.elements.name.value = '吃喝玩乐'; channel.elements.topic.value = '周五'; channel.requestSubmit()")
    until("it is open", lambda: page.text("#room-title") == "吃喝玩乐")
    expect("周五" in page.text("#room-detail"), f"the topic is missing in {page.text('#room-detail')}")
    made = next(channel for channel in beary(page, "GET", "channel.list") if channel["name"] == "吃喝玩乐")
    members = lambda: beary(page, "GET", "channel.info", channel_id=made["id"])["member_uids"]
    chosen(page, "#members", "Bob")
    until("bob is in", lambda: members() == ["=bw52O", "=bw52P"])
    page.keys(ESCAPE)
    page.click("#members")
    chosen(page, "#dialog .members li:nth-child(2) button", "Remove from here")
    until("bob is out", lambda: members() == ["=bw52O"])
    page.keys(ESCAPE)
    chosen(page, "#more", "Archive")
    until("nobody can write", lambda: page.run("return document.querySelector('#draft').disabled"))
    expect(not beary(page, "GET", "channel.info", channel_id=made["id"])["is_active"], "the interface knows nothing of it")
    page.screenshot("bearychat-archived")
    chosen(page, "#more", "Unarchive")
    until("one can write again", lambda: not page.run("return document.querySelector('#draft').disabled"))
    page.click("#create")
    page.one("#dialog .fields")
    page.run("const session = document.querySelectorAll('#dialog .fields')[1]; for (const box of session.querySelectorAll('input')) box.checked = ['carol', 'bot'].includes(box.value); session.requestSubmit()")
    until("the chat is open", lambda: "Group chat" in page.text("#room-detail"))
    sessions = beary(page, "GET", "session_channel.list")
    expect([len(session["member_uids"]) for session in sessions] == [3], f"the interface has {sessions}")
    page.say("三人小会")
    page.bubble("三人小会", own=True)
    chosen(page, "#more", "Make it a channel")
    page.one("#answer")
    page.keys("three", ENTER)
    until("it is a channel", lambda: page.text("#room-title") == "three" and "Group chat" not in page.text("#room-detail"))
    page.bubble("三人小会", own=True)
    expect(beary(page, "GET", "session_channel.list") == [], "the interface still has a session channel")


def joins_channel(page):
    """dave joins a channel, passes on what was said there, writes to bob alone, and leaves"""
    page.open(BEARY_TEAM)
    page.is_person("dave")
    page.click("#joinable .small[aria-label$='dev']")
    until("it is open", lambda: page.text("#room-title") == "dev")
    page.say("只有代码 :+1:")
    page.action(page.one(".row.own:last-child .bubble"), "forward")
    chosen(page, "#dialog h2", "所有人")
    until("it is open where it went", lambda: page.text("#room-title") == "所有人")
    until("what was passed on is there", lambda: "只有代码" in (page.text(".row.own:last-child .repost") or ""))
    newest = beary_newest(page)
    expect(newest["subtype"] == "forwarded", f"the interface has {newest}")
    page.screenshot("bearychat-forwarded")
    page.open("/#/bearychat/as/dave/group/%3DbwDev")
    page.one("#draft")
    page.click("#members")
    page.click("#dialog .members li:nth-child(2) button")
    chosen(page, "#dialog h2", "Send a message")
    page.one("#answer")
    page.keys("八点？", ENTER)
    page.click("#conversations [data-key^='private:'] a")
    page.bubble("八点？", own=True)
    page.open("/#/bearychat/as/dave/group/%3DbwDev")
    page.one("#draft")
    chosen(page, "#more", "Leave")
    page.gone("#conversations [data-key='group:=bwDev']")
    page.one("#joinable .small[aria-label$='dev']")


# The check with a bot of our own, where no other is connected.

REPORT = """## 部署报告
**gateway** 已发布，<font color="info">3 个实例</font>健康，<font color="warning">1 个实例</font>重启中。

1. 拉取镜像 `gateway:2.4.1`
2. 滚动更新
   - 主机 a
   - 主机 b

| 服务 | 状态 | 延迟 |
|:--|:-:|--:|
| gateway | ok | 12 ms |
| storage | ok | 8 ms |

> 回滚命令：`mynah rollback`"""


def watches_answer(page):
    """the intelligent bot's answer grows in place and is Markdown"""
    bot = robot.Robot(page.base)
    try:
        page.open("/#/wecom/as/alice/bot/alice")
        page.one("#draft")
        page.say("部署得怎么样？")
        req_id, body = bot.callback()
        expect(body["text"]["content"] == "部署得怎么样？", f"the bot hears {body}")

        def write(content, finish):
            stream = {"id": "report", "finish": finish, "content": content}
            bot.command("aibot_respond_msg", req_id, {"msgtype": "stream", "stream": stream})

        write("正在查看…", False)
        page.bubble("正在查看…", own=False)
        page.one(".row.growing")
        page.screenshot("wecom-stream-begun")
        write(REPORT[:REPORT.index("1. ")], False)
        until("it has grown", lambda: "部署报告" in page.text(".row:last-child .bubble"))
        write(REPORT, True)
        page.gone(".row.growing")
        drawn = "return ['.h2', 'ol > li', 'td', 'blockquote', '.font-warning'].map((selector) => document.querySelectorAll(`.markdown ${selector}`).length)"
        expect(page.run(drawn) == [1, 2, 6, 1, 1], f"drawn is {page.run(drawn)}")
        expect(len(page.elements(".row")) == 2, "the answer became several messages")
        page.screenshot("wecom-stream")
        page.action(page.elements(".row:last-child .bubble")[0], "journey")
        until("every state is in the journey", lambda: len(page.seen("#journey .entry")) == 6)
    finally:
        bot.close()


# The checks in made-up worlds: `page.fake` plays the sandbox.

GROUP = "/#/wecom/as/alice/group/general"
APPLICATION = "/#/wecom/as/alice/user/alice"
BOT = "/#/wecom/as/alice/bot/alice"


def visit(page, path):
    """Opens a place of the made-up worlds afresh and waits for its history."""
    page.leave()
    page.open(path)
    page.one("#draft")
    until("the history is drawn", lambda: page.elements("#feed .row"))


def asked(page, kind, **wanted):
    """Waits until the page has asked for this; answers the last such body."""
    def found():
        return [body for path, body in page.fake.did if path == kind and wanted.items() <= body.items()]

    return until(f"the page asks to {kind} {wanted}", found)[-1]


def switches_worlds(page):
    """one goes from world to world and back, and old addresses still lead home"""
    page.fake.platforms = ["onebot"]
    page.open("/#/onebot/as/alice/group/20001")
    page.bubble("in the other world")
    expect(not page.seen("#worlds"), "one world alone is a choice")
    page.fake.platforms = ["onebot", "wecom"]
    page.reload()
    page.bubble("in the other world")
    page.click("#worlds [data-key=wecom]")
    until("the address names the world", lambda: page.run("return location.hash").startswith("#/wecom/as/alice/"))
    page.click("#conversations [data-key='group:general'] a")
    page.bubble("大家早", own=True)
    expect(page.attribute("html", "data-platform") == "wecom", "the page is not in WeCom's manner")
    page.screenshot("wecom-wide")
    page.click("#worlds [data-key=onebot]")
    page.bubble("in the other world")
    expect(not page.bubbles("大家早"), "the history of the other world is still there")
    page.keys(DOWN)
    page.bubble("大家早", own=True)
    expect(page.focused("#worlds [data-key=wecom]"), "the focus got lost on the way")
    expect(page.run("return location.hash") == GROUP[1:], "the conversation one left is not open again")
    page.click("#conversations [data-key='agent:1000003:alice'] a")
    page.bubble("请提交报销单", own=False)
    page.reload()
    page.bubble("请提交报销单", own=False)
    page.become("bob")
    until("one is still with that application", lambda: page.run("return location.hash").endswith("/as/bob/agent/1000003%3Abob"))
    page.open("/#/telegraph/as/alice")
    page.one("#toasts .error")
    page.leave()
    page.open("/")
    until("the last world is remembered", lambda: page.attribute("#worlds [aria-checked=true]", "data-key") == "wecom")


def keeps_worlds_apart(page):
    """what happens in one world does not show in the other"""
    visit(page, GROUP)
    bob = fake.person("bob")
    page.fake.put("onebot", "group:general", bob, [fake.text("stray")])
    page.fake.put("wecom", "group:general", bob, [fake.text("at home")])
    page.bubble("at home", own=False)
    expect(not page.bubbles("stray"), "a message of another world is shown")


def draws_markdown(page):
    """Markdown becomes elements, and nothing in it runs or leads astray"""
    visit(page, GROUP)
    counted = page.run("""
        const root = document.querySelector(".markdown");
        const count = (selector) => root.querySelectorAll(selector).length;
        return Object.fromEntries(arguments[0].map((selector) => [selector, count(selector)]))""",
        [".h1", "strong", "em", "p > code", "blockquote p", "ol > li", "ol ul > li", ".task", "th", "td", "td.end", "hr", "pre", ".font-info",
         ".font-comment", ".font-warning", ".mention.self", "a", "img", "script"])
    expected = {
        ".h1": 1, "strong": 1, "em": 1, "p > code": 1, "blockquote p": 1, "ol > li": 2, "ol ul > li": 2, ".task": 2, "th": 3, "td": 6, "td.end": 2,
        "hr": 1, "pre": 1, ".font-info": 1, ".font-comment": 1, ".font-warning": 1, ".mention.self": 1, "a": 3, "img": 0, "script": 0,
    }
    wrong = {selector: (counted[selector], number) for selector, number in expected.items() if counted[selector] != number}
    expect(not wrong, f"drawn and expected: {wrong}")
    text = page.run("return document.querySelector('.markdown').textContent")
    for kept in ("<img src=x onerror=alert(1)>", "[坏](javascript:alert(1))", 'println!("<b>你好</b>")'):
        expect(kept in text, f"{kept} is not shown as it was written")
    links = page.run("return [...document.querySelectorAll('.markdown a')].map(({ href, rel }) => [href, rel])")
    expect(all(href.startswith("https://") and "noopener" in rel for href, rel in links), f"the links are {links}")


def bounds_markdown(page):
    """no Markdown, however odd, takes long"""
    slow = page.run(r"""
        return import("/assets/markdown.js").then(({ markdown, plain }) => {
          const odd = ["**a ", "*a", "[", "![a](", "<font color='info'>", "`", "_a ", "> ", "- ", "|", "# ", "  ", "\\", "~~a", "<@", "***"];
          const texts = odd.flatMap((piece) => [piece.repeat(20480 / piece.length), `# ${piece.repeat(20000 / piece.length)}x`]);
          texts.push(Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}- a`).join("\n"), "| a |\n".repeat(2000), "|a|\n|-" + " ".repeat(20000) + "x");
          return texts.map((text) => {
            const start = performance.now();
            markdown(text, String);
            plain(text, String);
            return [performance.now() - start, text.slice(0, 20)];
          }).filter(([time]) => time > 1000);
        })""")
    expect(not slow, f"too slow: {slow}")


def draws_files(page):
    """files, voice, films and links are drawn and loaded only when asked for"""
    visit(page, APPLICATION)
    link = page.run("const { href, download, textContent } = document.querySelector('.card.file'); return [href, download, textContent]")
    expect(link[0].endswith("/control/media/rota.pdf") and link[1].endswith(".pdf"), f"the file leads to {link}")
    expect("1.4 MB" in link[2], f"the file says {link[2]!r}")
    expect("hello.amr" in page.attribute(".play", "aria-label"), "the voice has no name")
    expect(not page.elements("video, audio"), "something is loaded unasked")
    page.click(".film")
    page.one(".bubble video")
    expect(page.text(".row:last-child .bubble") == "from the future", "an unknown part is not shown in words")
    visit(page, GROUP)
    until("the picture of a link is there", lambda: page.run("return document.querySelector('.card.link img').naturalWidth") == 2)


def draws_tags(page):
    """the few tags that WeCom knows in texts and cards are drawn, and no others"""
    visit(page, APPLICATION)
    page.fake.put("wecom", "user:alice", fake.APPLICATION, [fake.text('请看<a href="https://example.com/live">视频实况</a>，<b>早</b><a href="javascript:alert(1)">坏</a>')])
    page.bubble('请看视频实况，<b>早</b><a href="javascript:alert(1)">坏</a>', own=False)
    expect(page.attribute(".row:last-child .bubble a", "href") == "https://example.com/live", "the link leads elsewhere")
    until("the list has its words", lambda: "请看视频实况，" in page.text("#conversations [data-key='user:alice']"))
    description = '<div class="gray">11月29日</div> <div class="highlight">恭喜</div>第一行<br>第二行'
    page.fake.put("wecom", "user:alice", fake.APPLICATION, [{**fake.CARD, "card_type": "textcard", "text": description, "buttons": []}])
    until("the card is drawn", lambda: page.text(".row:last-child .template p") == "11月29日\n恭喜\n第一行\n第二行")


def presses_buttons(page):
    """a card's buttons call back, and an answered card says so"""
    visit(page, GROUP)
    seq = page.run("return Number(document.querySelector('.template').closest('.row').dataset.seq)")
    page.click(".template .press")
    asked(page, "act", platform="wecom", who="alice", action="press", message=f"m{seq}", key="ack")
    page.fake.put("wecom", "group:general", fake.APPLICATION, [{**fake.CARD, "answered": "ack"}], seq=seq)
    until("the card is answered", lambda: "认领" in page.run("return document.querySelector('.template .answered')?.textContent ?? ''"))
    expect(page.run("return [...document.querySelectorAll('.template .press')].every(({ disabled }) => disabled)"), "it can be answered twice")
    visit(page, APPLICATION)
    page.click(".template input")
    page.click(".template .press")
    chosen = asked(page, "act", action="press", key="submit")["selected"]
    expect(sorted(chosen["q1"]) == ["a", "b"], f"chosen was {chosen}")


def grows_answers(page):
    """an answer that grows stays one message, and is read out when it is whole"""
    visit(page, BOT)
    rows = len(page.elements("#feed .row"))
    part = {"type": "markdown", "text": "正在思考", "finished": False}
    seq = page.fake.put("wecom", "bot:alice", fake.INTELLIGENT, [part])
    page.bubble("正在思考", own=False)
    page.one(".row.growing")
    announced = "return document.querySelector('#announcer').textContent"
    expect("正在思考" not in page.run(announced), "half an answer is read out")
    page.fake.put("wecom", "bot:alice", fake.INTELLIGENT, [{**part, "text": "**结果**", "finished": True}], seq=seq)
    page.bubble("结果", own=False)
    page.gone(".row.growing")
    expect(len(page.elements("#feed .row")) == rows + 1, "the answer became several messages")
    until("the whole is read out", lambda: "结果" in page.run(announced))


def writes_as_wecom(page):
    """mentions, files, locations and links are sent as WeCom's world wants them"""
    visit(page, GROUP)
    page.click("#draft")
    page.keys("@")
    offered = until("somebody is offered", lambda: page.run("return [...document.querySelectorAll('#picker li > span:nth-child(2)')].map((name) => name.textContent)"))
    expect(offered[0] == "八哥" and offered[-1] == "all", f"offered are {offered}")
    page.screenshot("wecom-mention-wide")
    page.keys(ENTER, "hi", ENTER)
    said = asked(page, "say", to="group:general", **{"from": "alice"})
    expect(said["message"] == [{"type": "mention", "id": "aib-sandbox"}, {"type": "text", "text": " hi"}], f"said was {said}")
    visit(page, APPLICATION)
    path = Path(page.scratch, "notes.txt")
    path.write_text("八哥")
    page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})
    page.one("#pending .file")
    page.keys("two things", ENTER)
    file = {"type": "file", "name": "notes.txt", "base64": base64.b64encode("八哥".encode()).decode()}
    expect(asked(page, "say", to="user:1000002", text="two things"), "the text is missing")
    asked(page, "say", to="user:1000002", message=[file])
    page.click("#insert-more")
    page.screenshot("wecom-more-wide")
    page.keys(TAB, "广州", ENTER)
    asked(page, "say", message=[{"type": "location", "label": "广州", "latitude": 23.134, "longitude": 113.358}])
    visit(page, BOT)
    page.say("hello again")
    asked(page, "say", to="user:aib-sandbox", text="hello again")


def opens_menus(page):
    """an application has a menu, and entering its chat is an event"""
    visit(page, APPLICATION)
    page.click("#menu button:first-child")
    asked(page, "act", action="menu", conversation="user:alice", key="TODAY")
    page.click("#menu button:last-child")
    page.click("#dialog .stack button:last-child")
    asked(page, "act", action="menu", key="https://example.com")
    page.click("#more")
    page.click("#dialog .stack button")
    asked(page, "act", action="enter", conversation="user:alice")


def offers_what_there_is(page):
    """a world offers only what people can do in it"""
    visit(page, GROUP)
    page.hover(page.bubble("大家早", own=True))
    page.one(".actions [data-do=quote]")
    expect(not page.seen(".actions [data-do=react], .actions [data-do=recall]"), "WeCom offers reactions or recall")
    page.click("#more")
    expect(len(page.seen("#dialog .stack button")) == 1, "there is more to do than to leave")
    page.keys(ESCAPE)
    page.gone("#dialog")
    page.click("#members")
    expect(len(page.seen("#dialog .member")) == 6 and not page.seen("#dialog .small"), "members are missing, or can be invited")
    page.one("#dialog .tag.aibot")
    page.keys(ESCAPE)
    page.gone("#dialog")


def shows_callbacks(page):
    """the journey shows what a callback says, and curl only for what can be repeated"""
    visit(page, GROUP)
    page.action(page.bubble("大家早", own=True), "journey")
    until("the journey is there", lambda: len(page.seen("#journey .entry")) == 3)
    xml = page.run("return document.querySelector('#journey .entry:last-child .code').textContent")
    expect("\n  <Content><![CDATA[<b>你好</b>]]></Content>\n" in xml, f"the callback reads {xml!r}")
    commands = page.run("return [...document.querySelectorAll('#journey .curl pre')].map((block) => block.textContent)")
    expect(len(commands) == 1 and "$MYNAH_SECRET" in commands[0], f"the commands are {commands}")
    page.screenshot("wecom-journey-wide")


def speaks_chinese(page):
    """WeCom's own words are there in Chinese"""
    visit(page, GROUP)
    page.click("#language")
    until("the bot is called by its kind", lambda: "智能机器人" in page.run("return document.querySelector('.tag.aibot').textContent"))
    expect("应用" in page.text("#conversations [data-key='user:alice']"), "the application is not called one")
    expect(page.text("#worlds [data-key=wecom]") == "企业微信", "the world has no Chinese name")
    page.screenshot("wecom-chinese-wide")
    page.click("#language")


def fits_parts(page):
    """every part fits a telephone, light and dark"""
    page.size(*NARROW)
    for path, name in ((GROUP, "group"), (APPLICATION, "application")):
        visit(page, path)
        for scheme in ("light", "dark"):
            page.colour_scheme(scheme)
            page.screenshot(f"wecom-{name}-narrow-{scheme}")
        wide = page.run("return [...document.querySelectorAll('.bubble')].map((bubble) => bubble.getBoundingClientRect().right).filter((right) => right > innerWidth)")
        expect(not wide, f"bubbles reach to {wide}")
        width = page.run("return Math.max(document.documentElement.scrollWidth, document.querySelector('#log').scrollWidth)")
        expect(width <= NARROW[0], f"the history is {width} px wide")
    page.open("/#/wecom/as/alice")
    page.one("#worlds")
    page.screenshot("wecom-list-narrow")
    page.colour_scheme("light")
    page.size(*WIDE)


def reaches_parts(page):
    """what is in a message can be reached with the Tab key"""
    visit(page, APPLICATION)
    tab_to(page, ".row", shift=True)
    until("the vote is active", lambda: page.run("return document.activeElement.querySelector('.template input') !== null") or page.keys(UP))
    tab_to(page, ".template input")
    tab_to(page, ".template .press")


# The same in the made-up world of DingTalk.

DING_GROUP = "/#/dingtalk/as/alice/group/chatgeneral"
DING_ROBOT = "/#/dingtalk/as/alice/user/alice"


def counted(page, root, selectors):
    """How often each selector occurs in the first element for `root`."""
    return page.run("""
        const root = document.querySelector(arguments[0]);
        return Object.fromEntries(arguments[1].map((selector) => [selector, root.querySelectorAll(selector).length]))""", root, list(selectors))


def expect_counted(page, root, expected):
    found = counted(page, root, expected)
    wrong = {selector: (found[selector], number) for selector, number in expected.items() if found[selector] != number}
    expect(not wrong, f"{root}: found and expected: {wrong}")


def texts(page, selector):
    """The texts of all elements for a selector, seen or not."""
    return page.run("return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)", selector)


def enters_dingtalk(page):
    """DingTalk's world has its manner: its colours, its robots marked as such"""
    page.fake.platforms = ["onebot", "wecom", "dingtalk"]
    visit(page, GROUP)
    page.click("#worlds [data-key=dingtalk]")
    page.click("#conversations [data-key='group:chatgeneral'] a")
    page.bubble("早上好，周报请在十二点前交。", own=True)
    expect(page.attribute("html", "data-platform") == "dingtalk", "the page is not in DingTalk's manner")
    expect(page.text("#room-detail") == "5 members · Internal group · chatgeneral", f"the group is {page.text('#room-detail')}")
    robots = set(texts(page, ".row:has(.avatar.bot) .tag.robot"))
    expect(robots == {"Robot"}, f"the robots are marked {robots}")
    expect(page.elements(".avatar.bot.custom") and page.elements(".avatar.bot.bot"), "the group's own robot looks like the application's")
    expect(page.text("#conversations [data-key='user:alice'] .tag") == "Robot", "the chat with the robot is not marked")
    page.screenshot("dingtalk-wide")


def draws_dingtalk_markdown(page):
    """DingTalk's Markdown has pictures, colours and mentions, and nothing from elsewhere"""
    visit(page, DING_GROUP)
    expect_counted(page, ".markdown", {
        ".h4": 1, "strong": 1, "em": 1, "blockquote p": 1, "ol > li": 2, "ul > li": 2, ".mention": 1, "blockquote img": 1, "img": 1, "a.elsewhere": 1,
        "script": 0, "a[href^='javascript']": 0,
    })
    until("the picture is there", lambda: page.run("return document.querySelector('.markdown img').naturalWidth") > 0)
    text = page.run("return document.querySelector('.markdown').textContent")
    for kept in ("<img src=x onerror=alert(1)>", "[坏](javascript:alert(1))", "nobody@example.com，别问 @nobody"):
        expect(kept in text, f"{kept} is not shown as it was written")
    expect(page.run("return document.querySelector('.markdown .mention').textContent") == "@Bob", "the mention has no name")
    colours = page.run("const of = (node) => getComputedStyle(node).color; const word = document.querySelector('.markdown ol span'); return [of(word), of(word.parentElement)]")
    expect(colours[0] != colours[1], "the coloured word has no colour")
    expect(page.attribute(".markdown a.elsewhere", "href") == "https://example.com/radar.png", "the picture from elsewhere leads nowhere")
    expect(not page.run("return document.querySelector('.row.own .receipts').matches('.waiting')"), "what all have read waits")


def draws_dingtalk_cards(page):
    """action cards, feed cards and OA messages look as in DingTalk"""
    visit(page, DING_GROUP)
    single, below, *_ = page.elements(".action")
    buttons = "return [...arguments[0].querySelectorAll('.press')].map(({ href, textContent, offsetTop }) => [textContent, href, offsetTop])"
    expect([line[:2] for line in page.run(buttons, {ELEMENT: single})] == [["阅读全文", "https://example.com/coffee"]], "the single button is another")
    lines = page.run(buttons, {ELEMENT: below})
    expect([words for words, *_ in lines] == ["内容不错", "不感兴趣", "稍后再看"], f"the buttons are {lines}")
    expect(lines[0][2] < lines[1][2] < lines[2][2], "the buttons are not below each other")
    articles = page.run("return [...document.querySelectorAll('.feed-card .article')].map(({ href, textContent }) => [textContent, href])")
    expect(len(articles) == 3 and articles[0] == ["时代的火车向前开", "https://example.com/1"], f"the articles are {articles}")
    expect_counted(page, ".feed-card", {"img": 2, ".blank": 1})
    visit(page, DING_ROBOT)
    beside = page.run(buttons, {ELEMENT: page.elements(".action")[0]})
    expect(len(beside) == 2 and beside[0][2] == beside[1][2], f"the buttons are not side by side: {beside}")
    paper = page.run("const of = (selector) => document.querySelector(`.oa ${selector}`)?.innerText; return ['.band', '.status', '.head', 'dl', '.amount', '.foot'].map(of)")
    for part, words in zip(paper, ("报销审批", "进行中", "正文标题", "张三", "15.6 元", "3 attachments")):
        expect(words in (part or ""), f"{words} is not in {part!r}")
    ground = page.run("const style = getComputedStyle(document.querySelector('.band')); return [style.backgroundColor, style.color]")
    expect(ground == ["rgb(187, 187, 187)", "rgb(23, 25, 29)"], f"the band's colours are {ground}")
    expect(texts(page, ".via") == ["Work notice"] * 2, "the work notices are not marked")
    expect("4″" in page.run("return document.querySelector('.card.voice').textContent"), "the voice has no length")


def presses_dingtalk_buttons(page):
    """a button of an interactive card calls back"""
    visit(page, DING_GROUP)
    seq = page.run("return Number(document.querySelector('[data-kind=interactive]').closest('.row').dataset.seq)")
    page.click("[data-kind=interactive] .press:last-child")
    asked(page, "act", platform="dingtalk", who="alice", action="press", message=f"m{seq}", key="rice")
    page.fake.put("dingtalk", fake.DING_GROUP, fake.DING, [{**fake.INTERACTIVE, "answered": "rice"}], seq=seq)
    until("the card is answered", lambda: "米饭" in page.run("return document.querySelector('[data-kind=interactive] .answered')?.textContent ?? ''"))
    page.click("[data-kind=interactive]:has(dl) .press")
    page.keys("close", ENTER)
    asked(page, "act", action="press", key="close")


def counts_readers(page):
    """under a message stands how many have not read it; a click shows who, and lets them read"""
    visit(page, DING_GROUP)
    row = page.run("return document.querySelector('.row.own .receipts.waiting').closest('.row').dataset.seq")
    count = f".row[data-seq='{row}'] .receipts"
    expect(page.text(count) == "3 unread", f"it says {page.text(count)}")
    expect("All read" in texts(page, ".row.own .receipts"), "nothing is read by all")
    page.click(count)
    page.one("#dialog .readers")
    names = "return [...document.querySelectorAll('#dialog section')].map((section) => [...section.querySelectorAll('.reader > span:nth-child(2)')].map((name) => name.textContent))"
    expect(page.run(names) == [["Carol", "Dave", "Erin"], ["Bob"]], f"the readers are {page.run(names)}")
    page.screenshot("dingtalk-readers-wide")
    page.click("#dialog li:nth-child(2) button.reader")
    asked(page, "act", platform="dingtalk", who="dave", action="read", message=f"m{row}")
    alice, words = fake.person("alice"), [fake.text("收到，谢谢")]
    page.fake.put("dingtalk", fake.DING_GROUP, alice, words, seq=int(row), **fake.readers(["bob", "dave"], ["carol", "erin"]))
    until("the dialog follows", lambda: page.run(names) == [["Carol", "Erin"], ["Bob", "Dave"]])
    page.click("#dialog .end button")
    for name in ("carol", "erin"):
        asked(page, "act", who=name, action="read", message=f"m{row}")
    page.fake.put("dingtalk", fake.DING_GROUP, alice, words, seq=int(row), **fake.readers(["bob", "dave", "carol", "erin"], []))
    until("nobody is left", lambda: "Nobody is left" in page.text("#dialog"))
    page.keys(ESCAPE)
    until("all have read it", lambda: page.text(count) == "All read")
    visit(page, DING_ROBOT)
    expect(set(texts(page, ".receipts")) == {"Read", "Unread"}, f"to one alone it says {texts(page, '.receipts')}")
    tab_to(page, ".row", shift=True)
    until("a notice is active", lambda: page.run("return document.activeElement.querySelector('.via') !== null") or page.keys(UP))
    tab_to(page, ".receipts")
    page.keys(ENTER)
    page.one("#dialog .readers")
    page.keys(ESCAPE)
    page.gone("#dialog")


def keeps_recalled(page):
    """the owner of a group recalls what robots say, and a recalled message is a line, without readers"""
    visit(page, "/#/dingtalk/as/bob/group/chatgeneral")
    page.hover(page.bubble("收到，谢谢", own=False))
    page.one(".actions [data-do=journey]")
    page.hover(page.elements(".row:has(.avatar.bot) .bubble")[0])
    expect(not page.seen(".actions [data-do=recall]"), "a member may recall what the robot says")
    visit(page, DING_GROUP)
    robots = page.elements(".row:has(.avatar.bot) .bubble")[0]
    seq = page.run("return arguments[0].closest('.row').dataset.seq", {ELEMENT: robots})
    page.action(robots, "recall")
    asked(page, "act", who="alice", action="recall", message=f"m{seq}")
    row = page.run("const row = document.querySelector('.recalled').closest('.row'); return [row.querySelectorAll('.receipts').length, row.textContent]")
    expect(row[0] == 0 and "Message recalled" in row[1], f"the row is {row}")


def writes_as_dingtalk(page):
    """mentions, rich text and files are sent as DingTalk's world wants them"""
    visit(page, DING_GROUP)
    page.click("#draft")
    page.keys("@")
    offered = until("somebody is offered", lambda: texts(page, "#picker li > span:nth-child(2)"))
    expect(offered[0] == "八哥" and offered[-1] == "all", f"offered are {offered}")
    page.screenshot("dingtalk-mention-wide")
    page.keys(ENTER, "天气", ENTER)
    said = asked(page, "say", platform="dingtalk", to="group:chatgeneral", **{"from": "alice"})
    expect(said["message"] == [{"type": "mention", "id": "ding-sandbox"}, {"type": "text", "text": " 天气"}], f"said was {said}")
    visit(page, DING_ROBOT)
    picture, notes = Path(page.scratch, "cloud.png"), Path(page.scratch, "notes.txt")
    picture.write_bytes(png(8, 8))
    notes.write_text("八哥")
    for path in (picture, notes):
        page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})
    until("both are there", lambda: len(page.seen("#pending li")) == 2)
    page.keys("看图", ENTER)
    image = {"type": "image", "name": "cloud.png", "base64": base64.b64encode(png(8, 8)).decode()}
    asked(page, "say", to="user:bot", message=[{"type": "text", "text": "看图"}, image])
    asked(page, "say", to="user:bot", message=[{"type": "file", "name": "notes.txt", "base64": base64.b64encode("八哥".encode()).decode()}])


def acts_in_dingtalk(page):
    """people read, rename, invite, hand over, remove, quit and disband"""
    def chosen(opener, label, more=None):
        page.click(opener)
        if more:
            page.click(more)
        names = page.run("return [...document.querySelectorAll('#dialog .content button')].map((one) => one.textContent)")
        expect(label in names, f"{label} is not among {names}")
        page.run("document.querySelectorAll('#dialog .content button')[arguments[0]].click()", names.index(label))

    visit(page, DING_GROUP)
    page.hover(page.bubble("收到，谢谢", own=True))
    page.one(".actions [data-do=journey]")
    expect(not page.seen(".actions [data-do=react], .actions [data-do=recall], .actions [data-do=quote]"), "there is more to do than in DingTalk")
    chosen("#more", "Read everything here")
    asked(page, "act", who="alice", action="read", conversation="group:chatgeneral")
    chosen("#more", "Rename the group")
    page.keys("周报", ENTER)
    asked(page, "act", action="rename", group="chatgeneral", name="周报")
    bob = "#dialog .members li:nth-child(2) button"
    chosen("#members", "Erin")
    asked(page, "act", action="invite", group="chatgeneral", target="erin")
    expect(not [name for name in texts(page, "#dialog .small") if "告警" in name], "a custom robot can be invited")
    page.keys(ESCAPE)
    chosen("#members", "Make owner", bob)
    asked(page, "act", action="owner", group="chatgeneral", target="bob")
    page.keys(ESCAPE)
    chosen("#members", "Remove from group", bob)
    asked(page, "act", action="remove", group="chatgeneral", target="bob")
    chosen("#more", "Leave the group")
    asked(page, "act", who="alice", action="quit", group="chatgeneral")
    chosen("#more", "Disband the group")
    asked(page, "act", who="alice", action="disband", group="chatgeneral")
    page.become("bob")
    page.click("#more")
    expect("Disband the group" not in texts(page, "#dialog button"), "who does not own the group may disband it")
    page.keys(ESCAPE)
    page.gone("#dialog")


def offers_dingtalk_faults(page):
    """the faults that only DingTalk has are offered in its world alone"""
    for path, number in ((GROUP, 10), (DING_GROUP, 14)):
        visit(page, path)
        page.click("#tools")
        page.one("#dialog select")
        expect(len(page.elements("#dialog option")) == number, f"{len(page.elements('#dialog option'))} faults are offered")
        page.keys(ESCAPE)
    page.click("#tools")
    connect = page.text("#dialog")
    for address in ("/dingtalk\n", "/dingtalk/v1.0/gateway/connections/open", "/dingtalk/robot/send?access_token=robot-sandbox"):
        expect(address in connect, f"{address} is not in {connect}")
    page.run("const kinds = document.querySelector('#dialog select'); kinds.value = 'cut'; kinds.dispatchEvent(new Event('change'))")
    page.screenshot("dingtalk-tools-wide")
    page.click("#dialog .fault button")
    told = asked(page, "fault", platform="dingtalk")
    expect(told["kind"] == "cut" and "count" not in told, f"the fault is {told}")
    page.keys(ESCAPE)
    page.gone("#dialog")


def opens_frames(page):
    """the journey shows what a Stream's frame carries, and no curl for it"""
    visit(page, DING_GROUP)
    page.action(page.bubble("@八哥 今天天气怎么样？", own=False), "journey")
    until("the journey is there", lambda: len(page.seen("#journey .entry")) == 3)
    told, answer = texts(page, "#journey [data-id='1'] .code"), texts(page, "#journey [data-id='2'] .code")
    expect(len(told) == 1 and '"content": " 今天天气怎么样？"' in told[0], f"the robot is told {told}")
    expect(len(answer) == 2 and answer[1] == '{\n  "response": null\n}', f"the answer is {answer}")
    expect("Decrypted" in page.text("#journey [data-id='3']"), "the callback is not shown as decrypted")
    expect(not page.elements("#journey .curl"), "what cannot be repeated is offered as a command")
    page.screenshot("dingtalk-journey-wide")


def speaks_dingtalk(page):
    """DingTalk's own words are there in Chinese"""
    visit(page, DING_GROUP)
    page.click("#language")
    until("what is read is said", lambda: {"全部已读", "3 人未读"} <= set(texts(page, ".receipts")))
    expect(set(texts(page, ".tag.robot")) == {"机器人"}, "the robot is not called one")
    expect(page.text("#worlds [data-key=dingtalk]") == "钉钉", "the world has no Chinese name")
    expect("内部群" in page.text("#room-detail"), "the group is not internal")
    page.screenshot("dingtalk-chinese-wide")
    visit(page, DING_ROBOT)
    expect("工作通知" in texts(page, ".via"), "the notice is not called one")
    page.click("#language")


def fits_dingtalk(page):
    """everything of DingTalk fits a telephone, light and dark"""
    page.size(*NARROW)
    for path, name in ((DING_GROUP, "group"), (DING_ROBOT, "robot")):
        visit(page, path)
        for scheme in ("light", "dark"):
            page.colour_scheme(scheme)
            page.screenshot(f"dingtalk-{name}-narrow-{scheme}")
        wide = page.run("return [...document.querySelectorAll('.bubble, .bubble *')].map((part) => part.getBoundingClientRect().right).filter((right) => right > innerWidth)")
        expect(not wide, f"parts reach to {wide}")
        width = page.run("return Math.max(document.documentElement.scrollWidth, document.querySelector('#log').scrollWidth)")
        expect(width <= NARROW[0], f"the history is {width} px wide")
    visit(page, DING_GROUP)
    page.run("document.querySelector('.receipts.waiting').click()")
    page.one("#dialog .readers")
    page.screenshot("dingtalk-readers-narrow")
    expect(page.run("return document.querySelector('#dialog .content').scrollWidth <= document.querySelector('#dialog').clientWidth"), "the readers do not fit")
    page.keys(ESCAPE)
    page.colour_scheme("light")
    page.size(*WIDE)


# The same in the made-up world of RongCloud.

RONG_GROUP = "/#/rongcloud/as/alice/group/general"
RONG_ROOM = "/#/rongcloud/as/alice/chatroom/lobby"


def chosen(page, opener, label):
    """Opens a dialog and presses what reads so in it."""
    page.click(opener)
    names = texts(page, "#dialog .content button")
    expect(label in names, f"{label} is not among {names}")
    page.run("document.querySelectorAll('#dialog .content button')[arguments[0]].click()", names.index(label))


def enters_rongcloud(page):
    """RongCloud's world has its manner, and its conversations stand under their kinds"""
    page.fake.platforms = ["onebot", "wecom", "dingtalk", "rongcloud"]
    visit(page, GROUP)
    page.click("#worlds [data-key=rongcloud]")
    page.click("#conversations [data-key='group:general'] a")
    page.bubble("马上就到", own=True)
    expect(page.attribute("html", "data-platform") == "rongcloud", "the page is not in RongCloud's manner")
    rows = page.run("return [...document.querySelectorAll('#conversations li')].map(({ dataset }) => dataset.key)")
    expect(rows == [
        "section:direct", "private:alice:bob", "user:alice", "section:group", "group:general", "section:chatroom", "chatroom:lobby", "section:system", "system:alice",
    ], f"the list is {rows}")
    expect(texts(page, ".section") == ["Private chats", "Groups", "Chatrooms", "System messages"], f"the headings are {texts(page, '.section')}")
    expect(page.text("#conversations [data-key='user:alice'] .tag") == "Bot", "the chat with the bot is not marked")
    page.screenshot("rongcloud-wide")
    for conversation, detail in (
        ("group:general", "6 members · general"), ("chatroom:lobby", "2 present · Chatroom · lobby"), ("user:alice", "The application's user · bot"),
        ("private:alice:bob", "Direct · bob"), ("system:alice", "What the application tells you"),
    ):
        page.click(f"#conversations [data-key='{conversation}'] a")
        until(f"{conversation} says what it is", lambda: page.text("#room-detail") == detail)
    expect(page.run("return document.querySelector('#draft').disabled"), "one can speak where only the system does")
    page.click("#worlds [data-key=onebot]")
    page.bubble("in the other world")
    expect(not page.seen(".section"), "the other world has headings")
    visit(page, "/#/rongcloud/as/alice/private/alice%3Abob")
    page.become("bob")
    page.bubble("晚上吃什么", own=True)


def draws_rongcloud_parts(page):
    """every kind of content of RongCloud is drawn, and unknown ones by their objectName"""
    visit(page, RONG_GROUP)
    expect_counted(page, "#feed", {
        ".image img": 1, ".card.voice": 1, ".card.file": 1, ".card.link": 1, ".card.place": 1, ".card.custom": 1, ".row.notice": 3, ".recalled": 1, ".fate": 3,
        "img[src=x]": 0, ".mention": 1,
    })
    expect(page.text(".card.place") == "北京融云\n39.9139, 116.4917", f"the place is {page.text('.card.place')!r}")
    expect(page.text(".card.custom strong") == "app:order", f"the unknown kind is called {page.text('.card.custom strong')}")
    expect("<img src=x onerror=alert(1)>" in page.text(".card.custom"), "the unknown content is not shown")
    lines = texts(page, ".row.notice .line")
    expect(lines == ["张三加入了群组 RC:GrpNtf", "请注意保密 RC:InfoNtf", " RC:TypStsNot stored"], f"the grey lines are {lines}")
    expect(texts(page, ".body .fate") == ["Not delivered", "Waiting for the check before delivery"], f"the fates are {texts(page, '.fate')}")
    page.click(".recalled .plain")
    page.bubble("发错了", own=False)
    visit(page, RONG_ROOM)
    expect(texts(page, ".row.notice .line") == ["Alice entered"], "nobody is seen to enter")


def writes_as_rongcloud(page):
    """mentions, files, places and links are sent as RongCloud's world wants them"""
    visit(page, RONG_GROUP)
    page.click("#draft")
    page.keys("@")
    offered = until("somebody is offered", lambda: texts(page, "#picker li > span:nth-child(2)"))
    expect(offered[0] == "八哥" and offered[-1] == "all", f"offered are {offered}")
    page.keys(ENTER, "天气", ENTER)
    said = asked(page, "say", platform="rongcloud", to="group:general", **{"from": "alice"})
    expect(said["message"] == [{"type": "mention", "id": "bot"}, {"type": "text", "text": " 天气"}], f"said was {said}")
    page.click("#insert-more")
    page.one("#dialog .fields")
    page.run("""
        const [place, link] = document.querySelectorAll('#dialog .fields');
        place.elements.label.value = '天安门';
        place.requestSubmit();""")
    asked(page, "say", to="group:general", message=[{"type": "location", "name": "天安门", "latitude": 23.134, "longitude": 113.358}])
    page.click("#insert-more")
    page.one("#dialog .fields")
    page.run("""
        const [place, link] = document.querySelectorAll('#dialog .fields');
        Object.entries({ title: '标题', text: '描述', url: 'https://example.com/' }).forEach(([name, value]) => (link.elements[name].value = value));
        link.requestSubmit();""")
    content = {"title": "标题", "content": "描述", "imageUri": "", "url": "https://example.com/"}
    asked(page, "say", to="group:general", message=[{"objectName": "RC:ImgTextMsg", "content": content}])
    for path, to in ((RONG_ROOM, "chatroom:lobby"), ("/#/rongcloud/as/alice/user/alice", "user:bot"), ("/#/rongcloud/as/alice/private/alice%3Abob", "user:bob")):
        visit(page, path)
        page.say(f"to {to}")
        asked(page, "say", to=to, text=f"to {to}")


def acts_in_rongcloud(page):
    """people recall, come and go, enter and leave chatrooms, and begin to talk to each other"""
    visit(page, RONG_GROUP)
    page.action(page.bubble("马上就到", own=True), "recall")
    asked(page, "act", platform="rongcloud", who="alice", action="recall", group="general")
    page.hover(page.elements(".row:has(.card.link) .bubble")[0])
    expect(not page.seen(".actions [data-do=recall], .actions [data-do=quote], .actions [data-do=react]"), "more can be done to the bot's words than in RongCloud")
    chosen(page, "#more", "Come online")
    asked(page, "act", who="alice", action="connect")
    chosen(page, "#more", "Go offline")
    asked(page, "act", who="alice", action="disconnect")
    chosen(page, "#more", "Leave the group")
    asked(page, "act", who="alice", action="leave", group="general")
    chosen(page, "#more", "Disband the group")
    asked(page, "act", who="alice", action="dismiss", group="general")
    expect(texts(page, "#joinable .small") == ["Join", "Enter"], f"one may {texts(page, '#joinable .small')}")
    page.click("#joinable li:nth-child(1) .small")
    asked(page, "act", who="alice", action="join", group="fans")
    page.click("#joinable li:nth-child(2) .small")
    asked(page, "act", who="alice", action="join", chatroom="live")
    visit(page, RONG_ROOM)
    page.click("#more")
    page.one("#dialog .danger")
    names = texts(page, "#dialog .content button")
    expect(names == ["Come online", "Go offline", "Leave the chatroom"], f"in a chatroom one may {names}")
    page.click("#dialog .danger")
    asked(page, "act", who="alice", action="leave", chatroom="lobby")
    page.click("#members")
    chosen(page, "#dialog .members li:nth-child(2) button", "Send a message")
    page.one("#answer")
    page.keys("你好", ENTER)
    asked(page, "say", to="user:bob", text="你好")


def offers_rongcloud_faults(page):
    """the faults that only RongCloud has are offered in its world"""
    visit(page, RONG_GROUP)
    page.click("#tools")
    page.one("#dialog select")
    own = texts(page, "#dialog option")[10:]
    expect(own == ["Internal time-out (1050)", "Blocked app key (1007)", "HTML for an answer"], f"its own faults are {own}")
    expect("/rongcloud\n" in page.text("#dialog"), "where to connect to is not said")
    page.run("const kinds = document.querySelector('#dialog select'); kinds.value = 'timeout'; kinds.dispatchEvent(new Event('change'))")
    page.click("#dialog .fault button")
    told = asked(page, "fault", platform="rongcloud")
    expect(told["kind"] == "timeout", f"the fault is {told}")
    page.keys(ESCAPE)
    page.gone("#dialog")


def opens_forms(page):
    """the journey shows the fields of a callback, and the content in it as what it is"""
    visit(page, RONG_GROUP)
    page.action(page.bubble("马上就到", own=True), "journey")
    until("the journey is there", lambda: len(page.seen("#journey .entry")) == 3)
    names = texts(page, "#journey [data-id='1'] .fields dt")
    expect(names == ["fromUserId", "toUserId", "objectName", "content", "channelType", "msgUID", "source"], f"the fields are {names}")
    expect(texts(page, "#journey .fields .code") == ['{\n  "content": "早上好 & 100%"\n}'], f"the content is {texts(page, '#journey .fields .code')}")
    inside = texts(page, "#journey [data-id='3'] .code")
    expect(inside[1] == '{\n  "content": "马上就到"\n}', f"the content to be checked is {inside}")
    expect(not page.elements("#journey [data-id='2'] .fields"), "the answer has fields")
    page.screenshot("rongcloud-journey-wide")


def speaks_rongcloud(page):
    """RongCloud's own words are there in Chinese"""
    visit(page, RONG_GROUP)
    page.click("#language")
    until("the headings are Chinese", lambda: texts(page, ".section") == ["单聊", "群组", "聊天室", "系统通知"])
    expect(page.text("#worlds [data-key=rongcloud]") == "融云", "the world has no Chinese name")
    expect(texts(page, ".body .fate") == ["未下发", "等待发送前审核"], "the fates are not Chinese")
    expect(texts(page, "#joinable .small") == ["加入", "进入"], "coming in is not Chinese")
    page.screenshot("rongcloud-chinese-wide")
    visit(page, RONG_ROOM)
    expect(page.text("#room-detail") == "2 人在场 · 聊天室 · lobby", f"the chatroom is {page.text('#room-detail')}")
    expect(texts(page, ".row.notice .line") == ["Alice 进入了"], "the line is not Chinese")
    page.click("#language")


def fits_rongcloud(page):
    """everything of RongCloud fits a telephone, light and dark"""
    for scheme in ("dark", "light"):
        page.colour_scheme(scheme)
        visit(page, RONG_GROUP)
        page.screenshot(f"rongcloud-wide-{scheme}")
    page.size(*NARROW)
    for path, name in ((RONG_GROUP, "group"), (RONG_ROOM, "chatroom")):
        visit(page, path)
        for scheme in ("dark", "light"):
            page.colour_scheme(scheme)
            page.screenshot(f"rongcloud-{name}-narrow-{scheme}")
        wide = page.run("return [...document.querySelectorAll('.bubble, .bubble *, .line')].map((part) => part.getBoundingClientRect().right).filter((right) => right > innerWidth)")
        expect(not wide, f"parts reach to {wide}")
        width = page.run("return Math.max(document.documentElement.scrollWidth, document.querySelector('#log').scrollWidth)")
        expect(width <= NARROW[0], f"the history is {width} px wide")
    page.open("/#/rongcloud/as/alice")
    page.one("#worlds")
    page.screenshot("rongcloud-list-narrow")
    expect(page.run("return document.documentElement.scrollWidth") <= NARROW[0], "the list does not fit")
    expect(page.run("const worlds = document.querySelector('#worlds'); return worlds.scrollWidth <= worlds.clientWidth"), "the worlds do not fit")
    page.size(*WIDE)


# The same in the made-up world of BearyChat.

BEARY_GROUP = "/#/bearychat/as/alice/group/%3DbwAll"
BEARY_HUBOT = "/#/bearychat/as/alice/user/%3Dbw52O"


def said_row(page, words):
    """A selector for the row whose text begins so."""
    seq = until(f"{words} is there", lambda: page.run("return [...document.querySelectorAll('.row')].find((row) => row.querySelector('.bubble')?.textContent.startsWith(arguments[0]))?.dataset.seq", words))
    return f".row[data-seq='{seq}']"


def do(page, row, name):
    """One of the actions beside a message."""
    page.action(page.one(f"{row} .bubble"), name)


def enters_bearychat(page):
    """BearyChat's world has its manner: channels, group chats and direct messages, messages on one side"""
    page.fake.platforms = ["onebot", "wecom", "dingtalk", "rongcloud", "bearychat"]
    visit(page, GROUP)
    page.click("#worlds [data-key=bearychat]")
    page.click("#conversations [data-key='group:=bwAll'] a")
    page.bubble("十分钟后开始", own=True)
    expect(page.attribute("html", "data-platform") == "bearychat", "the page is not in BearyChat's manner")
    expect(texts(page, ".section") == ["Channels", "Group chats", "Direct messages"], f"the headings are {texts(page, '.section')}")
    expect(page.text("#conversations [data-key='user:=bw52O'] .tag") == "Hubot", "the chat with the hubot is not marked")
    expect(page.text("#conversations [data-key='private:=bw52O:=bwMkR'] .tag") == "Assistant", "BearyBot is not marked")
    expect(not page.elements("[data-key='group:=bwAll'] .tag"), "the channel is marked like the hubot in it")
    expect(page.elements("[data-key='group:=bwAll'] .channel use[href='#i-hash']") and page.elements("[data-key='group:=bwDev'] .channel use[href='#i-lock']"), "open and closed channels look alike")
    sides = page.run("return [...document.querySelectorAll('.row .speech')].map((speech) => speech.firstElementChild.getBoundingClientRect().left || null)")
    expect(len({side for side in sides if side}) == 1, f"the pictures stand at {sides}")
    expect_counted(page, "#feed", {".continued": 1})
    for conversation, detail in (
        ("group:=bwAll", "7 members · 一切都在这里"), ("group:=bwDev", "3 members · =bwDev"), ("group:=bwSes", "3 members · Group chat · =bwSes"), ("user:=bw52O", "Hubot · =bwBot"),
        ("private:=bw52O:=bwMkR", "BearyChat's assistant · =bwMkR"), ("private:=bw52O:=bw52P", "Direct · =bw52P"),
    ):
        page.click(f"#conversations [data-key='{conversation}'] a")
        until(f"{conversation} says what it is", lambda: page.text("#room-detail") == detail)
    page.become("bob")
    page.bubble("晚上吃什么", own=True)


def draws_bearychat(page):
    """replies, pins, edits, reposts, tombstones and attachments look as in BearyChat, and nothing in them runs"""
    visit(page, BEARY_GROUP)
    expect_counted(page, "#feed", {
        ".quote": 1, ".pinned": 1, ".edited": 1, ".repost": 1, ".recalled": 1, ".attachment": 2, ".attachment img": 1, ".attachment a.elsewhere": 1, ".row.notice": 1,
        ".tag.custom": 1, ".answers": 1, "img[src=x]": 0, "a[href^='javascript']": 0,
    })
    expect_counted(page, ".row:has(.pinned) .markdown", {"strong": 1, ".mention.self": 2, ".emoji": 2, ".emoji img": 1, "code": 1, "li": 2, "a": 1})
    words = page.run("return document.querySelector('.row:has(.pinned) .markdown').textContent")
    for kept in ("@Alice", "@channel", ":nobody:", "12:30:45", "<img src=x onerror=alert(1)>", "[坏](javascript:alert(1))"):
        expect(kept in words, f"{kept} is not in {words}")
    bars = page.run("return [...document.querySelectorAll('.attachment')].map((one) => [getComputedStyle(one).borderLeftColor, one.querySelector('.head a')?.href ?? null])")
    expect(bars[0] == ["rgb(255, 165, 0)", "https://example.com/gateway"], f"the first attachment is {bars[0]}")
    expect(bars[1][0] != "rgb(0, 0, 0)" and bars[1][1] is None, f"the second attachment is {bars[1]}")
    expect(texts(page, ".attachment > p") == ["*无* :nobody: <b>变化</b>"], f"plain text is {texts(page, '.attachment > p')}")
    expect(page.text(".repost") == "Forwarded\nDave\n请看 @Alice", f"what was passed on is {page.text('.repost')!r}")
    expect(page.text(".pinned") == "Pinned by Bob", f"the pin says {page.text('.pinned')}")
    plain = page.run("return document.querySelector('.bubble > .text').parentElement.innerText.trim()")
    expect(plain == "**原样** @Alice 早", f"without Markdown it reads {plain!r}")
    page.click(".recalled .plain")
    page.bubble("发错了", own=False)
    page.click(".row .quote")
    page.one(".row.flash:has(.answers)")


def keeps_bearychat_threads(page):
    """under a message stands how many have answered it; pins are listed, and both lead to the message"""
    visit(page, BEARY_GROUP)
    question = page.run("return document.querySelector('.answers').closest('.row').dataset.seq")
    count = f".row[data-seq='{question}'] .answers"
    expect(page.text(count) == "1 reply", f"it says {page.text(count)}")
    answer = [{"type": "quote", "message_id": f"m{question}"}, {"type": "markdown", "text": "我也来"}]
    seq = page.fake.put("bearychat", "group:=bwAll", fake.beary("bob"), answer)
    until("it is counted", lambda: page.text(count) == "2 replies")
    page.click(count)
    until("the thread is there", lambda: len(page.seen("#dialog .lines li")) == 3)
    page.screenshot("bearychat-thread-wide")
    page.fake.put("bearychat", "group:=bwAll", fake.beary("bob"), answer, seq=seq, recalled={"id": "=bw52P", "name": "bob"})
    until("what was deleted is no answer", lambda: len(page.seen("#dialog .lines li")) == 2)
    page.click("#dialog .lines li:last-child .member")
    page.gone("#dialog")
    until("it leads to the answer", lambda: "我来" in page.text(".row.flash"))
    expect(page.text("#pins") == "1", "the pins are not counted")
    page.click("#pins")
    expect("发布完成" in page.text("#dialog .lines") and "Pinned by Bob" in page.text("#dialog .lines"), f"the pins are {page.text('#dialog')}")
    page.screenshot("bearychat-pins-wide")
    page.click("#dialog .lines .tool")
    asked(page, "act", platform="bearychat", who="alice", action="unpin")
    page.click("#dialog .lines .member")
    until("it leads to what is pinned", lambda: "发布完成" in page.text(".row.flash"))


def writes_as_bearychat(page):
    """mentions, replies, edits, emoji, stickers and files are sent as BearyChat has them"""
    visit(page, BEARY_GROUP)
    page.click("#draft")
    page.keys("@")
    offered = until("somebody is offered", lambda: texts(page, "#picker li > span:nth-child(2)"))
    expect(offered[0] == "八哥" and offered[-1] == "channel", f"offered are {offered}")
    page.screenshot("bearychat-mention-wide")
    page.keys(ENTER, "/ping", ENTER)
    said = asked(page, "say", platform="bearychat", to="group:=bwAll", **{"from": "alice"})
    expect(said["text"] == "@<==bwBot=> /ping" and "message" not in said, f"said was {said}")
    row = said_row(page, "谁来发布")
    do(page, row, "quote")
    page.keys("@", UP, ENTER, "一起", ENTER)
    key = page.attribute(row, "data-seq")
    asked(page, "say", message={"text": "@<-channel-> 一起", "refer_key": f"m{key}"})
    own = page.fake.put("bearychat", "group:=bwAll", fake.beary("alice"), [{"type": "markdown", "text": "@<==bw52P=> 看 **这里**"}])
    do(page, f".row[data-seq='{own}']", "edit")
    expect(page.run("return document.activeElement.value") == "@Bob 看 **这里**", f"to be edited is {page.run('return document.activeElement.value')}")
    expect("Editing" in page.text("#quoting"), "nothing says that a message is being edited")
    page.keys("！", ENTER)
    edit = asked(page, "act", action="edit", message=f"m{own}")
    expect(edit["text"] == "@<==bw52P=> 看 **这里**！", f"edited is {edit}")
    page.gone("#quoting")
    page.keys("半句")
    do(page, f".row[data-seq='{own}']", "edit")
    page.keys(ESCAPE)
    expect(page.run("return document.activeElement.value") == "半句", "Escape does not turn back to what was begun")
    page.run("document.querySelector('#draft').value = ''")
    page.click("#insert-emoji")
    page.one("#dialog .emoji-choice[aria-label=':mynah:']")
    page.screenshot("bearychat-emoji-wide")
    page.click("#dialog .emoji-choice[aria-label=':mynah:']")
    page.gone("#dialog")
    until("the name is in the box", lambda: page.run("return document.querySelector('#draft').value") == ":mynah: ")
    page.keys(ENTER)
    asked(page, "say", text=":mynah:")
    page.click("#insert-emoji")
    page.click("#dialog .sticker")
    asked(page, "say", message={"sticker": "/control/media/cover.svg"})
    notes = Path(page.scratch, "notes.txt")
    notes.write_text("八哥")
    page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(notes)})
    page.one("#pending li")
    page.click("#send")
    asked(page, "say", message={"file": {"name": "notes.txt", "base64": base64.b64encode("八哥".encode()).decode()}})
    visit(page, "/#/bearychat/as/alice/private/%3Dbw52O%3A%3Dbw52P")
    page.say("八点？")
    asked(page, "say", to="user:=bw52P", text="八点？")


def acts_in_bearychat(page):
    """people react and take it back, pin, forward, delete, archive, convert, create, invite and throw out"""
    visit(page, BEARY_GROUP)
    question = said_row(page, "谁来发布")
    key = f"m{page.attribute(question, 'data-seq')}"
    do(page, question, "react")
    expect(len(page.seen(".choices button")) == 7, "there are other reactions on offer")
    page.screenshot("bearychat-react-wide")
    page.click(".choices [data-face=':heart:']")
    asked(page, "act", platform="bearychat", who="alice", action="react", message=key, emoji=":heart:")
    page.click(f"{question} .reaction[aria-pressed=true]")
    asked(page, "act", action="unreact", message=key, emoji=":+1:")
    do(page, question, "pin")
    asked(page, "act", action="pin", message=key)
    do(page, question, "forward")
    chosen(page, "#dialog h2", "dev")
    asked(page, "act", action="forward", message=key, to="group:=bwDev")
    until("it is open where it went", lambda: page.run("return location.hash").endswith("/group/%3DbwDev"))
    visit(page, BEARY_GROUP)
    do(page, question, "recall")  # The owner of the team may.
    asked(page, "act", action="recall", message=key)
    page.hover(page.one(".row.own .bubble"))
    page.one(".actions [data-do=edit]")
    page.hover(page.one(f"{question} .bubble"))
    expect(not page.seen(".actions [data-do=edit]"), "what others said can be edited")
    page.open("/#/bearychat/as/alice/group/%3DbwAll")
    page.click("#more")
    page.one("#dialog header")
    expect(texts(page, "#dialog .content button") == [], f"in the general channel one may {texts(page, '#dialog .content button')}")
    page.keys(ESCAPE)
    visit(page, "/#/bearychat/as/alice/group/%3DbwDev")
    chosen(page, "#more", "Archive")
    asked(page, "act", action="archive", group="=bwDev")
    chosen(page, "#more", "Leave")
    asked(page, "act", action="leave", group="=bwDev")
    chosen(page, "#members", "Erin")
    asked(page, "act", action="invite", group="=bwDev", target="erin")
    page.keys(ESCAPE)
    page.click("#members")
    chosen(page, "#dialog .members li:nth-child(2) button", "Remove from here")
    asked(page, "act", action="kick", group="=bwDev", target="bob")
    visit(page, "/#/bearychat/as/alice/group/%3DbwSes")
    chosen(page, "#more", "Make it a channel")
    page.one("#answer")
    page.keys("小会", ENTER)
    asked(page, "act", action="convert", group="=bwSes", name="小会")
    page.click("#create")
    page.one("#dialog .fields")
    page.screenshot("bearychat-create-wide")
    page.run("""
        const [channel] = document.querySelectorAll('#dialog .fields');
        channel.elements.name.value = '吃喝玩乐';
        channel.elements.private.checked = true;
        channel.requestSubmit();""")
    asked(page, "act", action="create", name="吃喝玩乐", private=True)
    page.click("#create")
    page.one("#dialog .fields")
    page.run("""
        const session = document.querySelectorAll('#dialog .fields')[1];
        for (const box of [...session.querySelectorAll('input')].slice(1, 3)) box.checked = true;
        session.requestSubmit();""")
    asked(page, "act", action="session", members=["carol", "dave"])
    page.click("#joinable .small")
    asked(page, "act", who="alice", action="join", group="=bwTea")
    page.become("bob")
    visit(page, "/#/bearychat/as/bob/group/%3DbwDev")
    page.click("#more")
    expect(texts(page, "#dialog .content button") == ["Leave"], f"who made no channel may {texts(page, '#dialog .content button')}")
    page.keys(ESCAPE)
    page.fake.archived = True
    visit(page, "/#/bearychat/as/alice/group/%3DbwDev")
    expect(page.run("return document.querySelector('#draft').disabled"), "one can speak where nobody can")
    expect("Archived" in page.text("#room-title"), "nothing says that the channel is archived")
    chosen(page, "#more", "Unarchive")
    asked(page, "act", action="unarchive", group="=bwDev")
    page.fake.archived = False


def opens_bearychat_traffic(page):
    """faults, addresses and what robots post are shown as BearyChat has them"""
    visit(page, BEARY_GROUP)
    page.click("#tools")
    page.one("#dialog select")
    own = texts(page, "#dialog option")[10:]
    expect(own == ["Silent cut of the RTM socket", "HTML for an answer"], f"its own faults are {own}")
    for address in ("/bearychat/v1\n", "/bearychat/rtm\n", "/bearychat/hook/=bwTeam/incoming/"):
        expect(address in page.text("#dialog"), f"{address} is not in {page.text('#dialog')}")
    page.keys(ESCAPE)
    page.gone("#dialog")
    page.action(page.bubble("十分钟后开始", own=True), "journey")
    until("the journey is there", lambda: len(page.seen("#journey .entry")) == 3)
    expect(texts(page, "#journey [data-id='2'] .fields dt") == ["payload"], "the form has no fields")
    expect("RTM" in page.text("#journey [data-id='1'] .facts"), "the frame is of another kind")
    page.screenshot("bearychat-journey-wide")


def speaks_bearychat(page):
    """BearyChat's own words are there in Chinese"""
    visit(page, BEARY_GROUP)
    page.click("#language")
    until("the headings are Chinese", lambda: texts(page, ".section") == ["讨论组", "临时讨论组", "私聊"])
    expect(page.text("#worlds [data-key=bearychat]") == "倍洽", "the world has no Chinese name")
    expect("该消息已被删除" in page.text(".recalled"), "the tombstone is not Chinese")
    expect("@所有人" in page.text(".row:has(.pinned) .markdown"), "everybody is not Chinese")
    page.screenshot("bearychat-chinese-wide")
    page.click("#language")


def fits_bearychat(page):
    """everything of BearyChat fits a telephone, light and dark, and can be reached with the Tab key"""
    for scheme in ("dark", "light"):
        page.colour_scheme(scheme)
        visit(page, BEARY_GROUP)
        page.screenshot(f"bearychat-wide-{scheme}")
    tab_to(page, ".row", shift=True)
    until("the attachments are active", lambda: page.run("return document.activeElement.querySelector('.attachment') !== null") or page.keys(UP))
    tab_to(page, ".attachment a")
    page.size(*NARROW)
    for path, name in ((BEARY_GROUP, "group"), (BEARY_HUBOT, "hubot")):
        visit(page, path)
        for scheme in ("dark", "light"):
            page.colour_scheme(scheme)
            page.screenshot(f"bearychat-{name}-narrow-{scheme}")
        wide = page.run("return [...document.querySelectorAll('.bubble, .bubble *, .line')].map((part) => part.getBoundingClientRect().right).filter((right) => right > innerWidth)")
        expect(not wide, f"parts reach to {wide}")
        width = page.run("return Math.max(document.documentElement.scrollWidth, document.querySelector('#log').scrollWidth)")
        expect(width <= NARROW[0], f"the history is {width} px wide")
    visit(page, BEARY_GROUP)
    do(page, said_row(page, "谁来发布"), "react")
    box = page.run("return [...document.querySelectorAll('.actions, .choices')].map((one) => { const { left, right } = one.getBoundingClientRect(); return [left, right]; })")
    expect(all(left >= 0 and right <= NARROW[0] for left, right in box), f"the actions reach from and to {box}")
    page.screenshot("bearychat-actions-narrow")
    page.open("/#/bearychat/as/alice")
    page.one("#worlds")
    page.screenshot("bearychat-list-narrow")
    expect(page.run("return document.documentElement.scrollWidth") <= NARROW[0], "the list does not fit")
    expect(page.run("const worlds = document.querySelector('#worlds'); return worlds.scrollWidth <= worlds.clientWidth"), "the worlds do not fit")
    page.size(*WIDE)


CHECKS = [
    loads, stays_quiet, becomes_alice, opens_group, empty_teaches, hears_pong, shows_journey, copies_curl, shows_traffic,
    quotes, mentions, edits_lines, sends_picture, reacts, recalls, joins_and_leaves, makes_friends, shows_members,
    announces, stays_in_step, shows_faults, switches_language, switches_theme, fits_telephone, works_by_keyboard, links_deep,
    starts_over, stays_quiet,
]
IN_WECOM = [
    mentions_wecom_bot, asks_wecom_bots, waits_for_slow, answers_card, exchanges_files, shows_wecom_journey, has_menu,
    leads_to_other_world, stays_quiet,
]
IN_DINGTALK = [
    mentions_dingtalk_robot, survives_cut, survives_farewell, asks_dingtalk_robot, shows_dingtalk_journey, marks_read, shows_work_notice, hears_custom_robot,
    answers_interactive, exchanges_dingtalk_files, governs_dingtalk_group, answers_after_reset, stays_quiet,
]
IN_RONGCLOUD = [
    mentions_rongcloud_bot, shows_rongcloud_journey, asks_rongcloud_bot, meets_in_chatroom, talks_in_private, recalls_in_rongcloud, shows_system_messages, stays_quiet,
]
IN_BEARYCHAT = [
    mentions_hubot, survives_rtm_cut, reacts_to_hubot, shows_bearychat_journey, asks_hubot, answers_in_thread, edits_and_deletes, pins_in_bearychat,
    hears_bearychat_robot, sends_bearychat_pictures, governs_bearychat, joins_channel, stays_quiet,
]
WITH_ROBOT = [watches_answer, stays_quiet]
IN_MADE_UP_WORLDS = [
    switches_worlds, keeps_worlds_apart, draws_markdown, bounds_markdown, draws_files, draws_tags, presses_buttons, grows_answers, writes_as_wecom, opens_menus,
    offers_what_there_is, shows_callbacks, speaks_chinese, fits_parts, reaches_parts, stays_quiet,
]
IN_MADE_UP_DINGTALK = [
    enters_dingtalk, draws_dingtalk_markdown, draws_dingtalk_cards, presses_dingtalk_buttons, counts_readers, keeps_recalled, writes_as_dingtalk,
    acts_in_dingtalk, offers_dingtalk_faults, opens_frames, speaks_dingtalk, fits_dingtalk, bounds_markdown, stays_quiet,
]
IN_MADE_UP_RONGCLOUD = [
    enters_rongcloud, draws_rongcloud_parts, writes_as_rongcloud, acts_in_rongcloud, offers_rongcloud_faults, opens_forms, speaks_rongcloud, fits_rongcloud, stays_quiet,
]
IN_MADE_UP_BEARYCHAT = [
    enters_bearychat, draws_bearychat, keeps_bearychat_threads, writes_as_bearychat, acts_in_bearychat, opens_bearychat_traffic, speaks_bearychat, fits_bearychat,
    bounds_markdown, stays_quiet,
]


def main():
    base = os.environ.get("MYNAH_URL", "").rstrip("/")
    bare = os.environ.get("MYNAH_BARE_URL", "").rstrip("/")
    if not base:
        print("page_test: MYNAH_URL must name a running `mynah dev`", file=sys.stderr)
        return 2
    try:
        for sandbox in filter(None, (base, bare)):
            json_call("POST", f"{sandbox}/control/reset", {})
        page = Browser(base)
    except (Failed, OSError) as error:
        print(f"page_test: {error}", file=sys.stderr)
        return 2
    failed = 0
    page.fake = fake.Fake()
    places = [(base, CHECKS + IN_WECOM + IN_RONGCLOUD + IN_BEARYCHAT + IN_DINGTALK), (page.fake.base, IN_MADE_UP_WORLDS + IN_MADE_UP_DINGTALK + IN_MADE_UP_RONGCLOUD + IN_MADE_UP_BEARYCHAT)]
    if bare:
        places.append((bare, WITH_ROBOT))
    try:
        page.size(*WIDE)
        for where, checks in places:
            page.base = where
            failed += run(page, checks)
    finally:
        page.close()
        page.fake.close()
    print(f"{sum(len(checks) for _, checks in places) - failed} passed, {failed} failed")
    return 1 if failed else 0


def run(page, checks):
    """Runs checks one after the other; answers how many failed."""
    failed = 0
    for check in checks:
        try:
            check(page)
            print(f"ok {check.__doc__}", flush=True)
        except (Failed, OSError) as error:
            failed += 1
            print(f"FAILED {check.__doc__}: {error}", flush=True)
            page.screenshot(f"failed-{check.__name__}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
