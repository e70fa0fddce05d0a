"""QQ, in the order of a first visit, with the bot of `mynah dev`."""

from pathlib import Path

from browser import DOWN, ELEMENT, ENTER, ESCAPE, NARROW, UP, WIDE, expect, png, until
from checks.common import stays_quiet, tab_to


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


LIVE = [
    loads, stays_quiet, becomes_alice, opens_group, empty_teaches, hears_pong, quotes, mentions, edits_lines, sends_picture, reacts, recalls,
    joins_and_leaves, makes_friends, shows_members, announces, stays_in_step, switches_language, switches_theme, fits_telephone, works_by_keyboard,
]
