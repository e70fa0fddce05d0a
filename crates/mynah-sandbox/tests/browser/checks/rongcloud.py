"""RongCloud: with the bot of `mynah dev` behind the message route, and made up."""

import hashlib
import json
import urllib.parse
import urllib.request

from browser import ENTER, ESCAPE, NARROW, PATIENCE_S, WIDE, expect, json_call, until
from checks.common import GROUP, ask_robot, asked, chosen, expect_counted, robot_rows, stays_quiet, texts, visit


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


# In the made-up world.

RONG_GROUP = "/#/rongcloud/as/alice/group/general"
RONG_ROOM = "/#/rongcloud/as/alice/chatroom/lobby"


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
    own = texts(page, "#dialog [name=kind] option")[10:]
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
    expect(page.text("#room-detail") == "2 人 · 聊天室 · lobby", f"the chatroom is {page.text('#room-detail')}")
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


LIVE = [
    mentions_rongcloud_bot, shows_rongcloud_journey, asks_rongcloud_bot, meets_in_chatroom, talks_in_private, recalls_in_rongcloud, shows_system_messages, stays_quiet,
]
MADE_UP = [
    enters_rongcloud, draws_rongcloud_parts, writes_as_rongcloud, acts_in_rongcloud, offers_rongcloud_faults, opens_forms, speaks_rongcloud, fits_rongcloud, stays_quiet,
]
