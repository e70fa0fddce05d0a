"""BearyChat: with the hubot of `mynah dev` on its RTM socket, and made up."""

import base64
import json
import time
import urllib.parse
import urllib.request
from pathlib import Path

import fake
from browser import ENTER, ESCAPE, NARROW, PATIENCE_S, UP, WIDE, expect, json_call, png, until
from checks.common import GROUP, asked, bounds_markdown, chosen, do, expect_counted, said_row, stays_quiet, tab_to, texts, visit

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


# In the made-up world.

BEARY_GROUP = "/#/bearychat/as/alice/group/%3DbwAll"
BEARY_HUBOT = "/#/bearychat/as/alice/user/%3Dbw52O"


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
    own = texts(page, "#dialog [name=kind] option")[10:]
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


LIVE = [
    mentions_hubot, survives_rtm_cut, reacts_to_hubot, shows_bearychat_journey, asks_hubot, answers_in_thread, edits_and_deletes, pins_in_bearychat,
    hears_bearychat_robot, sends_bearychat_pictures, governs_bearychat, joins_channel, stays_quiet,
]
MADE_UP = [
    enters_bearychat, draws_bearychat, keeps_bearychat_threads, writes_as_bearychat, acts_in_bearychat, opens_bearychat_traffic, speaks_bearychat, fits_bearychat,
    bounds_markdown, stays_quiet,
]
