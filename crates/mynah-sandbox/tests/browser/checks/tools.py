"""The tools for who writes a bot: traffic, journeys, faults, the clock, starting over."""

from browser import ELEMENT, ESCAPE, expect, json_call, until
from checks.common import stays_quiet


def shows_journey(page):
    """a message opens to the frame that carried it"""
    page.open("/#/onebot/as/alice/group/20001")
    page.is_person("alice")
    page.say("/ping")
    page.bubble("/ping", own=True)
    page.bubble("pong", own=False)
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


def answers_after_reset(page):
    """bots answer after the worlds have started over, however often"""
    for _ in range(2):
        json_call("POST", f"{page.base}/control/reset", {})
        for path in ("onebot/as/alice/group/20001", "wecom/as/alice/user/alice", "wecom/as/alice/bot/alice", "dingtalk/as/alice/user/alice", "rongcloud/as/alice/user/alice"):
            page.open(f"/#/{path}")
            page.one("#empty")
            page.say("/ping")
            page.bubble("pong", own=False)


LIVE = [shows_journey, copies_curl, shows_traffic, shows_faults, links_deep, starts_over, stays_quiet]
LAST = [answers_after_reset, stays_quiet]
