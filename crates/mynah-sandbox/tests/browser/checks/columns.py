"""Several people side by side."""

from contextlib import contextmanager

from browser import ELEMENT, NARROW, WIDE, expect, until
from checks.common import arrive, stays_quiet

PLACE = "/#/onebot/as/alice/group/20001"
F6 = "\ue036"


@contextmanager
def column(page, name):
    """Whatever is done with the page is done in the column of a person."""
    frame = page.one(f"#columns iframe[title*={name}]")
    page.call("POST", "/frame", {"id": {ELEMENT: frame}})
    try:
        yield page
    finally:
        page.call("POST", "/frame", {"id": None})


def whose(page):
    return page.run("return [...document.querySelectorAll('#columns h2')].map((title) => title.textContent)")


def columns_are(page, *names):
    until(f"the columns are those of {', '.join(names)}", lambda: whose(page) == list(names))


def writes_side_by_side(page):
    """two people stand side by side, and what one writes the other sees"""
    arrive(page, PLACE)
    page.click("#side")
    columns_are(page, "alice", "bob")
    expect(page.run("return location.hash") == f"{PLACE[1:]}+{PLACE[2:].replace('alice', 'bob')}", "the address does not name both")
    with column(page, "bob"):
        page.say("good morning from bob")
        page.bubble("good morning from bob", own=True)
    with column(page, "alice"):
        page.bubble("good morning from bob", own=False)
        page.say("/ping")
        page.bubble("pong", own=False)
    with column(page, "bob"):
        page.bubble("pong", own=False)
    page.screenshot("columns-two")


def adds_columns(page):
    """the rail adds a person and takes one away, up to four"""
    for name in ("carol", "dave"):
        page.click(f"#people [data-key={name}]")
    columns_are(page, "alice", "bob", "carol", "dave")
    for name in whose(page):
        with column(page, name):
            page.one("#draft")
    page.screenshot("columns-four")
    pressed = "return [...document.querySelectorAll('#people [aria-pressed=true]')].map(({ dataset }) => dataset.key)"
    expect(page.run(pressed) == ["alice", "bob", "carol", "dave"], f"pressed are {page.run(pressed)}")
    page.click("#people [data-key=carol]")
    columns_are(page, "alice", "bob", "dave")
    page.click(".column:nth-child(3) header button")
    columns_are(page, "alice", "bob")


def keeps_columns(page):
    """what is done in a column stands in the address, and the address brings it back"""
    with column(page, "bob"):
        page.click("#back")
        page.click("#conversations [data-key^='user:'] a")
        page.one("#draft")
    until("the address follows", lambda: page.run("return location.hash").endswith("+/onebot/as/bob/user/10002"))
    page.reload()
    columns_are(page, "alice", "bob")
    with column(page, "bob"):
        page.one("#draft")
        expect(page.run("return location.hash").endswith("/user/10002"), "bob is elsewhere")
    with column(page, "alice"):
        page.bubble("good morning from bob", own=False)


def reaches_columns(page):
    """F6 leads from column to column"""
    def at():
        return page.run("return document.activeElement.closest('.column')?.querySelector('h2').textContent")

    page.run("document.activeElement.blur()")
    page.keys(F6)
    until("the first column has the focus", lambda: at() == "alice")
    page.keys(F6)
    until("the second column has the focus", lambda: at() == "bob")
    with column(page, "bob"):
        expect(page.focused("#draft"), "the message box has no focus")
    page.keys(F6, shift=True)
    until("the first column has it again", lambda: at() == "alice")
    named = page.run("return [...document.querySelectorAll('#columns iframe, .column')].every((part) => part.title || part.ariaLabel)")
    expect(named, "a column has no name")


def follows_choices(page):
    """theme, language and world hold for all columns"""
    page.click("#language")
    with column(page, "alice"):
        until("the column speaks Chinese", lambda: page.attribute("html", "lang") == "zh-CN")
    page.click("#language")
    page.click("#theme")
    with column(page, "bob"):
        until("the column is light", lambda: page.attribute("html", "data-theme") == "light")
    page.click("#theme")
    page.click("#theme")
    page.click("#worlds [data-key=wecom]")
    for name in ("alice", "bob"):
        with column(page, name):
            until("the column shows the other world", lambda: page.attribute("html", "data-platform") == "wecom")
    page.click("#worlds [data-key=onebot]")
    until("the world is back", lambda: page.attribute("html", "data-platform") == "onebot")


def fits_columns(page):
    """a telephone shows one column at a time, and one goes back to being one person"""
    arrive(page, f"{PLACE}+{PLACE[2:].replace('alice', 'bob')}")
    columns_are(page, "alice", "bob")
    page.size(*NARROW)
    widths = page.run("return [...document.querySelectorAll('.column')].map((column) => column.clientWidth)")
    expect(widths == [NARROW[0], NARROW[0]], f"the columns are {widths} wide")
    expect(page.run("return document.documentElement.scrollWidth") <= NARROW[0], "the page does not fit")
    with column(page, "alice"):
        page.one("#draft")
    page.screenshot("columns-narrow")
    page.size(*WIDE)
    page.click("#side")
    page.is_person("alice")
    page.bubble("good morning from bob", own=False)
    expect(not page.elements("#columns iframe"), "frames are left over")


LAST = [writes_side_by_side, adds_columns, keeps_columns, reaches_columns, follows_choices, fits_columns, stays_quiet]
