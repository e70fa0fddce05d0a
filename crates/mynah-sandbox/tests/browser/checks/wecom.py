"""WeCom: with the bots of `mynah dev`, with a bot of our own, and made up."""

import base64
import json
import time
import urllib.request
from pathlib import Path

import fake
import robot
from browser import DOWN, ENTER, ESCAPE, NARROW, PATIENCE_S, TAB, UP, WIDE, expect, json_call, png, until
from checks.common import GROUP, asked, bounds_markdown, chosen, counted, stays_quiet, tab_to, texts, visit

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
    entries = "return [...document.querySelectorAll('#journey .entry:is([data-way=in], [data-way=out])')].map((entry) => entry.textContent)"
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


# With a bot of our own, where no other is connected.

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


# In made-up worlds: `page.fake` plays the sandbox.

APPLICATION = "/#/wecom/as/alice/user/alice"
BOT = "/#/wecom/as/alice/bot/alice"


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
    expect(texts(page, "#dialog .stack button") == ["Rename the group", "Leave the group"], "there is more to do than to rename and to leave")
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
    xml = page.run("return document.querySelector('#journey li:last-child .code').textContent")
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


LIVE = [
    mentions_wecom_bot, asks_wecom_bots, waits_for_slow, answers_card, exchanges_files, shows_wecom_journey, has_menu,
    leads_to_other_world, stays_quiet,
]
BARE = [watches_answer, stays_quiet]
MADE_UP = [
    switches_worlds, keeps_worlds_apart, draws_markdown, bounds_markdown, draws_files, draws_tags, presses_buttons, grows_answers, writes_as_wecom, opens_menus,
    offers_what_there_is, shows_callbacks, speaks_chinese, fits_parts, reaches_parts, stays_quiet,
]
