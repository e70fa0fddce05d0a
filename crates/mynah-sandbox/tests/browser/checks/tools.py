"""The tools for who writes a bot: traffic, journeys, faults, the clock, starting over."""

import json
import re
import time
from pathlib import Path

from browser import ELEMENT, ESCAPE, NARROW, WIDE, Failed, expect, json_call, until
from checks.common import stays_quiet, texts


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
    clear_words(page)


def control(page, method, path, body=None):
    return json_call(method, f"{page.base}/control/{path}", body)


STEPS = ["A person", "Told to the bot", "The bot understands", "The bot calls", "The platform's answer", "The handler is done"]


def all_steps(page):
    """Whether all are there, from the first on. The bot's own words come beside its work, and so may stand a little late."""
    steps = texts(page, "#journey .steps h3")
    return steps[:2] == STEPS[:2] and sorted(steps) == sorted(STEPS)


def follows_steps(page):
    """the journey tells step by step what the bot was told, made of it and did, and how long that took"""
    page.open("/#/onebot/as/alice/group/20001")
    page.action(page.bubble("/ping", own=True), "journey")
    until("all steps are there", lambda: all_steps(page))
    told = page.run("return document.querySelector('#journey').textContent")
    for words in ("The handler took", "Reply", "pong", '"onebot:group:20001"', '"command"'):
        expect(words in told, f"{words} is not in {told}")
    page.screenshot("journey-steps-wide")
    page.action(page.bubble("pong", own=False), "journey")
    until("the answer's journey begins with the question", lambda: "pong" in page.text("#journey .subject") and all_steps(page))


def shows_checks(page):
    """the journey says by what each side knows the other, and what was wrong with it"""
    page.open("/#/rongcloud/as/alice/user/alice")
    page.one("#draft")
    page.say("/ping")
    page.action(page.bubble("pong", own=False), "journey")
    until("the call was verified", lambda: texts(page, "#journey .checks .right") == ["App keyright", "Signatureright"])
    page.action(page.bubble("/ping", own=True), "journey")
    until("what the bot can verify is named", lambda: texts(page, "#journey .checks .left")[:2] == ["Signaturefor the bot to check", "Timestampfor the bot to check"])
    control(page, "POST", "fault", {"platform": "rongcloud", "kind": "forge_signature", "count": 1})
    page.say("/ping forged")
    page.action(page.bubble("/ping forged", own=True), "journey")
    until("the forgery is named", lambda: "Signaturewrong" in texts(page, "#journey .checks .wrong"))
    page.screenshot("journey-checks-wide")
    control(page, "DELETE", "fault")


def opens_traffic(page):
    """Shows the traffic of a group, whether or not somebody has closed it before."""
    page.open("/#/onebot/as/alice/group/20001")
    page.one("#draft")
    if not page.seen("#tab-traffic"):
        page.click("#toggle-inspector")
    page.click("#tab-traffic")


def sifts_traffic(page):
    """traffic is sifted by words, world, direction and outcome"""
    opens_traffic(page)
    shown = "return [...document.querySelectorAll('#entries .entry')].map(({ dataset }) => dataset.way)"
    ways = lambda: set(page.run(shown))
    until("there is traffic both ways", lambda: {"in", "out"} <= ways())
    for way in ("in", "out", "control", "note"):
        choose(page, "#sift-way", way)
        until(f"only {way} is left", lambda: ways() == {way})
    choose(page, "#sift-way", "")
    json_refused(page)
    choose(page, "#sift-verdict", "refused")
    until("what was refused is left", lambda: set(page.run("return [...document.querySelectorAll('#entries .verdict')].map(({ dataset }) => dataset.verdict)")) == {"refused"})
    choose(page, "#sift-verdict", "")
    worlds = "return [...document.querySelectorAll('#entries .facts')].some((facts) => facts.textContent.includes('RongCloud'))"
    expect(not page.run(worlds), "another world's traffic is shown")
    choose(page, "#sift-where", "all")
    page.click("#filter")
    page.keys("message_route")
    until("another world's traffic is there", lambda: page.run(worlds))
    page.screenshot("traffic-everywhere-wide")
    clear_words(page)
    choose(page, "#sift-where", "")
    until("it is gone again", lambda: not page.run(worlds))


def choose(page, selector, value):
    """Chooses from a list, as somebody does with the mouse."""
    page.one(selector)
    page.run("const select = document.querySelector(arguments[0]); select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true }))", selector, value)


def clear_words(page):
    page.run("const filter = document.querySelector('#filter'); filter.value = ''; filter.dispatchEvent(new Event('input'))")


def json_refused(page):
    """Somebody calls without a token."""
    try:
        json_call("POST", f"{page.base}/onebot/get_status", {})
    except Failed:
        return
    raise Failed("a call without a token was not refused")


def pauses_traffic(page):
    """traffic can be paused, and goes on where it was; it can be cleared, and shown again"""
    opens_traffic(page)
    newest = "return Number(document.querySelector('#entries .entry')?.dataset.id ?? 0)"
    until("there is traffic", lambda: page.run(newest))
    page.click("#pause")
    before = page.run(newest)
    page.say("/ping while paused")
    until("what came is counted", lambda: re.search(r"Go on \([1-9]", page.text("#pause")))
    expect(page.run(newest) == before, "the list has moved while it was paused")
    page.click("#pause")
    until("what came is there", lambda: page.run(newest) > before)
    page.click("#clear")
    until("nothing is shown", lambda: "Cleared" in page.text("#entries .hint"))
    page.say("/ping after that")
    until("only what is new is there", lambda: page.run(newest) > before and len(page.elements("#entries .entry")) < 12)
    page.click("#clear")
    until("all is there again", lambda: len(page.elements("#entries .entry")) >= 12)


def opens_large_bodies(page):
    """a long body opens in part, and whole when asked for"""
    long = "长" * 20_000
    control(page, "POST", "note", {"platform": "onebot", "stage": "event", "by": "test", "event": {"text": long, "end": "the end"}})
    opens_traffic(page)
    choose(page, "#sift-way", "note")
    page.click("#entries .entry summary")
    page.click("#entries .long .small")
    until("all of it is there", lambda: long in (page.run("return document.querySelector('#entries .entry .contents').textContent") or ""))
    page.click("#entries .entry summary")
    choose(page, "#sift-way", "")


def shows_faults(page):
    """faults are set with all that belongs to them; a press on their badge, and on the clock's, ends them"""
    page.open("/#/onebot/as/alice/group/20001")
    page.one("#draft")
    page.click("#tools")
    page.one("#dialog .fault")
    fill(page, {"kind": "forge_signature"})
    until("only what belongs to it is asked for", lambda: page.run("return [...document.querySelector('.fault').elements].map(({ name }) => name).filter(Boolean)") == ["kind", "where", "count", "for_s"])
    expect(page.run("return [...document.querySelector('.fault').elements.where.options].map(({ value }) => value)") == ["all", "post"], "it is offered where it cannot show")
    fill(page, {"kind": "delay"})
    fill(page, {"where": "ws", "ms": "150", "count": "3", "for_s": "600"})
    page.run("document.querySelector('.fault').requestSubmit()")
    fault = until("it is in force", lambda: control(page, "GET", "fault")["faults"])[0]
    expect({name: fault[name] for name in ("kind", "where", "ms", "count")} == {"kind": "delay", "where": "ws", "ms": 150, "count": 3}, f"in force is {fault}")
    expect(fault["until"] is not None, "it has no end")
    until("it is listed", lambda: "Delay (150 ms, WebSockets, ×3, until" in page.text("#dialog .faults li"))
    page.screenshot("sandbox-wide")
    page.keys(ESCAPE)
    page.gone("#dialog")
    badge = page.text("#strip .oddity")
    expect("Delay (150 ms" in badge and "Lift" in badge, f"the badge says {badge}")
    page.screenshot("badges-wide")
    page.click("#strip .oddity")
    page.gone("#strip .oddity")
    expect(control(page, "GET", "fault")["faults"] == [], "the fault is still in force")


def fill(page, values):
    """Fills in fields of the form for faults, as somebody does by hand."""
    page.run("""
        for (const [name, value] of Object.entries(arguments[0])) {
          const field = document.querySelector('.fault').elements[name];
          field.value = value;
          field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
        }""", values)


def moves_clock(page):
    """the clock is moved on and set; its badge sets it back with one press"""
    page.click("#tools")
    page.click("#dialog section:first-of-type .buttons .small:nth-child(2)")
    until("an hour has passed", lambda: abs(control(page, "GET", "clock")["offset_s"] - 3600) < 5)
    page.run("const { time } = document.querySelector('.clock').elements; time.value = '2031-05-06T07:08:09'; time.dispatchEvent(new Event('input')); document.querySelector('.clock').requestSubmit()")
    until("it is another year", lambda: time.gmtime(control(page, "GET", "clock")["now"]).tm_year == 2031)
    page.keys(ESCAPE)
    page.gone("#dialog")
    until("the badge tells", lambda: "2031" in page.text("#strip .oddity"))
    page.click("#strip .oddity")
    page.gone("#strip .oddity")
    expect(abs(control(page, "GET", "clock")["offset_s"]) < 2, "the clock is not back")


def downloaded(page, selector, name):
    """Presses what saves a file; answers its text."""
    page.vendor("Browser.setDownloadBehavior", behavior="allow", downloadPath=page.scratch)
    file = Path(page.scratch, name)
    page.click(selector)
    until(f"{name} is saved", file.is_file)
    return until(f"{name} is whole", file.read_text)


def keeps_snapshots(page):
    """the worlds are saved in a file, and are as they were when it is opened"""
    page.open("/#/onebot/as/dave/user/10004")
    page.one("#draft")
    page.say("before the snapshot")
    page.bubble("before the snapshot", own=True)
    page.click("#tools")
    saved = downloaded(page, "#dialog a[href='/control/snapshot']", "mynah-snapshot.json")
    expect(set(json.loads(saved)["worlds"]) == {"onebot", "wecom", "dingtalk", "rongcloud", "bearychat"}, "not all worlds are in it")
    page.keys(ESCAPE)
    page.say("after the snapshot")
    page.bubble("after the snapshot", own=True)
    page.click("#tools")
    page.one("#dialog a[href='/control/snapshot']")
    give(page, "#dialog section:has([href='/control/snapshot']) input", Path(page.scratch, "mynah-snapshot.json"))
    until("what came later is gone", lambda: not page.bubbles("after the snapshot"))
    page.bubble("before the snapshot", own=True)
    page.keys(ESCAPE)


def give(page, selector, path):
    """Chooses a file."""
    page.call("POST", f"/element/{page.elements(selector)[0]}/value", {"text": str(path)})


TRANSCRIPT = "#dialog section:has([href*=transcript])"


def saves_transcripts(page):
    """a conversation is saved to be read and to be opened again, read only"""
    page.open("/#/onebot/as/dave/user/10004")
    page.one("#draft")
    page.say("/ping")
    page.bubble("pong", own=False)
    page.click("#tools")
    page.one(TRANSCRIPT)
    readable = downloaded(page, f"{TRANSCRIPT} [href*='format=text']", "onebot-user-10004.md")
    expect("> /ping" in readable and "> pong" in readable, f"it reads {readable}")
    saved = json.loads(downloaded(page, f"{TRANSCRIPT} [href*='format=json']", "onebot-user-10004.json"))
    expect(saved["mynah"] == "transcript" and len(saved["messages"]) >= 3, f"saved is {saved}")
    page.keys(ESCAPE)
    page.open("/#/wecom/as/alice/user/alice")
    page.one("#draft")
    page.click("#tools")
    page.one(TRANSCRIPT)
    give(page, f"{TRANSCRIPT} input", Path(page.scratch, "onebot-user-10004.json"))
    until("it is open in its own world", lambda: "Read only" in page.text("#dialog") and page.attribute("html", "data-platform") == "onebot")
    expect(texts(page, "#dialog .transcript .row .bubble")[-2:] == ["/ping", "pong"], f"it shows {texts(page, '#dialog .transcript .bubble')}")
    expect(page.run("return document.querySelector('#dialog .transcript').inert"), "one can do something in it")
    page.screenshot("transcript-wide")
    page.keys(ESCAPE)
    page.gone("#dialog")
    wrong = Path(page.scratch, "wrong.json")
    wrong.write_text('{"mynah": "something else"}')
    page.click("#tools")
    page.one("#dialog .fault")
    give(page, f"{TRANSCRIPT} input", wrong)
    until("it is refused", lambda: "wrong.json is no transcript" in page.text("#toasts .error"))
    page.keys(ESCAPE)


def copies_tests(page):
    """a conversation is copied as a test that does it again"""
    page.open("/#/onebot/as/dave/user/10004")
    page.one("#draft")
    page.click("#tools")
    page.one(TRANSCRIPT)
    page.vendor("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"], origin=page.base)
    chosen_here(page, "Copy as test (Rust)")
    test = until("the test is copied", lambda: [text for text in [page.run("return navigator.clipboard.readText()")] if "talk.hears" in text])[0]
    for line in ('talk.say(json!({"from": "dave", "text": "/ping", "to": "user:bot"})).await?;', 'talk.hears("pong").await?;', "async fn a_conversation"):
        expect(line in test, f"{line} is not in {test}")
    page.keys(ESCAPE)
    page.gone("#dialog")


def chosen_here(page, label):
    """Presses what reads so in the open dialog."""
    page.run("[...document.querySelectorAll('#dialog button')].find((one) => one.textContent === arguments[0]).click()", label)


def fits_tools(page):
    """every tool fits a telephone, light and dark"""
    control(page, "POST", "fault", {"platform": "onebot", "kind": "delay", "where": "ws", "ms": 1, "count": 1000, "for_s": 600})
    control(page, "POST", "clock", {"advance_s": 86400})
    page.open("/#/onebot/as/alice/group/20001")
    page.one("#draft")
    page.say("/ping")
    seq = page.run("return arguments[0].closest('.row').dataset.seq", {ELEMENT: page.bubble("/ping", own=True)})
    page.size(*NARROW)
    page.open("/#/onebot/as/alice")
    page.click("#tools")
    page.one("#dialog .fault")
    within(page, "#dialog .content *")
    for scheme in ("dark", "light"):
        page.colour_scheme(scheme)
        page.screenshot(f"tools-narrow-{scheme}")
        page.run("const content = document.querySelector('#dialog .content'); content.scrollTop = content.scrollHeight")
        page.screenshot(f"tools-end-narrow-{scheme}")
        page.run("document.querySelector('#dialog .content').scrollTop = 0")
    page.keys(ESCAPE)
    page.gone("#dialog")
    for place, shown in ((f"message/{seq}", "#journey .steps"), ("traffic", "#entries .entry")):
        page.open(f"/#/onebot/as/alice/group/20001/{place}")
        page.one(shown)
        within(page, "#inspector *, #strip *")
        for scheme in ("dark", "light"):
            page.colour_scheme(scheme)
            page.screenshot(f"{place.split('/')[0]}-narrow-{scheme}")
    page.size(*WIDE)
    control(page, "DELETE", "fault")
    control(page, "POST", "clock", {"advance_s": -86400})


def within(page, selector):
    """Nothing reaches out of the window."""
    wide = page.run("""
        return [...document.querySelectorAll(arguments[0])].filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('.code'))
          .map((part) => `${part.tagName}.${part.className} ${part.textContent.slice(0, 40)}`)""", selector)
    expect(not wide, f"out of the window reach {wide[:5]}")


def scrolls_traffic(page):
    """10,000 entries of traffic scroll and are sifted smoothly"""
    live, page.base = page.base, page.fake.base
    page.fake.crowd = 10_000
    try:
        page.leave()
        page.open("/#/onebot/as/alice/group/20001/traffic")
        until("there is traffic", lambda: page.elements("#entries .entry"))
        until("all of it has come", lambda: page.run(END) == "10000")
        frames = page.run(SCROLL)
        expect(frames["drawn"] < 100, f"{frames['drawn']} rows are in the document")
        expect(frames["worst"] < 500 and frames["slow"] <= frames["frames"] / 2, f"scrolling took {frames}")
        sifted = page.run("""
            const filter = document.querySelector('#filter');
            const start = performance.now();
            filter.value = 'number 77';
            filter.dispatchEvent(new Event('input'));
            return [performance.now() - start, document.querySelectorAll('#entries .entry').length]""")
        expect(sifted[0] < 500 and 0 < sifted[1] < 60, f"sifting took {sifted}")
        print(f"  10,000 entries: {frames['slow']} of {frames['frames']} frames over 50 ms, the longest {frames['worst']:.0f} ms; sifted in {sifted[0]:.0f} ms")
    finally:
        page.fake.crowd = 0
        page.leave()
        page.base = live


# Goes to the end, and tells how many there are.
END = """
    const box = document.querySelector('#entries');
    box.scrollTop = box.scrollHeight;
    return document.querySelector('#entries [role=listitem]').getAttribute('aria-setsize');"""

# Scrolls through all that is there in steps of one screen, and times the frames.
SCROLL = """
    const box = document.querySelector('#entries');
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    box.scrollTop = 0;
    await frame();
    const times = [];
    let last = performance.now();
    for (let step = 0; step < 120; step += 1) {
      box.scrollTop = (box.scrollHeight / 120) * step;
      await frame();
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    const row = document.querySelector('#entries [role=listitem]');
    return {
      frames: times.length, worst: Math.max(...times), slow: times.filter((time) => time > 50).length,
      rows: Number(row.getAttribute('aria-setsize')), drawn: document.querySelectorAll('#entries [role=listitem]').length,
    };"""


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


LIVE = [
    shows_journey, copies_curl, follows_steps, shows_checks, shows_traffic, sifts_traffic, pauses_traffic, opens_large_bodies, shows_faults, moves_clock,
    links_deep, keeps_snapshots, saves_transcripts, copies_tests, fits_tools, starts_over, stays_quiet,
]
ALONE = [scrolls_traffic, stays_quiet]
LAST = [answers_after_reset, stays_quiet]
