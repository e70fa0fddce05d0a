"""DingTalk: with the robot of `mynah dev` on its Stream, and made up."""

import base64
import hmac
import json
import time
import urllib.parse
import urllib.request
from pathlib import Path

import fake
from browser import ELEMENT, ENTER, ESCAPE, NARROW, PATIENCE_S, UP, WIDE, expect, json_call, png, until
from checks.common import GROUP, ask_robot, asked, bounds_markdown, chosen, expect_counted, robot_rows, stays_quiet, tab_to, texts, visit

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


# In the made-up world.

DING_GROUP = "/#/dingtalk/as/alice/group/chatgeneral"
DING_ROBOT = "/#/dingtalk/as/alice/user/alice"


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
        expect(len(page.elements("#dialog [name=kind] option")) == number, f"{len(page.elements('#dialog [name=kind] option'))} faults are offered")
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


LIVE = [
    mentions_dingtalk_robot, survives_cut, survives_farewell, asks_dingtalk_robot, shows_dingtalk_journey, marks_read, shows_work_notice, hears_custom_robot,
    answers_interactive, exchanges_dingtalk_files, governs_dingtalk_group, stays_quiet,
]
MADE_UP = [
    enters_dingtalk, draws_dingtalk_markdown, draws_dingtalk_cards, presses_dingtalk_buttons, counts_readers, keeps_recalled, writes_as_dingtalk,
    acts_in_dingtalk, offers_dingtalk_faults, opens_frames, speaks_dingtalk, fits_dingtalk, bounds_markdown, stays_quiet,
]
