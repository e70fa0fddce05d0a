"""A small server that gives the page worlds of its own making.

It serves the page's own files beside canned answers of the control API, keeps
what the page asks it to do, and says on the live stream what a test tells it
to. So the drawing of every kind of part can be looked at without a bot that
sends it.
"""

import base64
import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

ASSETS = Path(__file__).resolve().parents[2] / "assets"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# As the sandbox sends it: what it forbids must not be needed.
POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; object-src 'none'"
NOW = 1_700_000_000
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mPQsAkAIgYIBQATHgLRyRY64wAAAABJRU5ErkJggg==")

DING_GROUP = "group:chatgeneral"
LONG = "group:20009"
COVER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="240"><rect width="480" height="240" fill="#3d8bd9"/><circle cx="380" cy="60" r="34" fill="#ffd166"/>'
    b'<path d="M0 240 150 90l90 90 60-50 180 110z" fill="#2b5f8f"/><path d="M0 240 90 170l120 70z" fill="#1d4468"/></svg>'
)
NAMES = ["alice", "bob", "carol", "dave", "erin"]
APPLICATION = {"name": "app", "id": "1000002", "display": "值班助手", "bot": True}
SECOND = {"name": "second", "id": "1000003", "display": "报销", "bot": True}
INTELLIGENT = {"name": "bot", "id": "aib-sandbox", "display": "八哥", "bot": True}
DING = {"name": "bot", "id": "ding-sandbox", "display": "八哥", "bot": True}
RONG = {"name": "bot", "id": "bot", "display": "八哥", "bot": True}
BEARY = {"name": "bot", "id": "=bwBot", "display": "八哥", "bot": True}
BEARYBOT = {"name": "BearyBot", "id": "=bwMkR", "display": "倍洽小助手", "bot": True}
HOOK = {"name": "deploy", "id": "=bwRob", "display": "部署播报", "bot": True}
CUSTOM = {"name": "robot-sandbox", "id": "robot:0", "display": "告警", "bot": True}
ROBOT = {"name": "webhook", "id": "sandbox-webhook-key", "display": "告警", "bot": True}

MARKDOWN = """# 值班表
今天 <font color="warning">3 条告警</font>，已处理 <font color="info">2 条</font>，<font color="comment">更新于 09:40</font>
<@alice> 请看 **高优先级** 的那条，*尽快*，命令是 `mynah doctor`。
> 引用第一行
> 引用第二行 [文档](https://example.com/doc)

1. 先看日志
2. 再重启
   - 主机 a
   - 主机 b
- [x] 已通知
- [ ] 未恢复

| 服务 | 状态 | 延迟 |
|:--|:-:|--:|
| gateway | ok | 12 ms |
| storage | down | – |

---
```rust
fn main() { println!("<b>你好</b>"); }
```
<img src=x onerror=alert(1)> [坏](javascript:alert(1)) ![图](https://example.com/a.png) https://example.com/bare"""

MENU = [
    {"name": "今日", "type": "click", "key": "TODAY"},
    {"name": "更多", "sub_button": [{"name": "排班", "type": "click", "key": "ROTA"}, {"name": "官网", "type": "view", "url": "https://example.com"}]},
]
CARD = {
    "type": "card", "card_type": "button_interaction", "title": "告警：磁盘将满", "text": "主机 db-1 的 /data 已用 92%。",
    "fields": [{"name": "级别", "value": "P1"}, {"name": "负责人", "value": "alice"}],
    "buttons": [{"key": "ack", "label": "认领", "style": 1}, {"key": "mute", "label": "静音", "style": 2}, {"key": "drop", "label": "忽略", "style": 3}],
    "url": "https://example.com/alert/7", "task_id": "task-1", "answered": None,
}
VOTE = {
    "type": "card", "card_type": "vote_interaction", "title": "午饭吃什么？", "text": "", "fields": [], "url": None, "task_id": "task-2", "answered": None,
    "choices": [{"key": "q1", "title": "可多选", "multiple": True, "options": [{"id": "a", "text": "面"}, {"id": "b", "text": "米饭", "selected": True}]}],
    "buttons": [{"key": "submit", "label": "提交", "style": 1}],
}

DING_MARKDOWN = """#### 杭州天气 @bob
> 9度，**西北风** 1 级，空气良 89，[天气预报](https://example.com/weather)
> ![天气](@lADPcover.svg)

1. 早上 *有雾*
2. 下午 <font color="#ff6d00">转晴</font>

- 记得带伞
- 问 nobody@example.com，别问 @nobody

![雷达图](https://example.com/radar.png)
<img src=x onerror=alert(1)> [坏](javascript:alert(1))"""


def ding_card(card_type, title, text="", data=None, buttons=(), **more):
    buttons = [{"key": "", "style": 1, **button} for button in buttons]
    return {"type": "card", "card_type": card_type, "title": title, "text": text, "fields": [], "buttons": buttons, "url": "", "task_id": "", "answered": None, "data": data, **more}


SINGLE = ding_card(
    "action_card", "乔布斯 20 年前想打造一间苹果咖啡厅", "![封面](/control/media/cover.svg)\n\n### 乔布斯 20 年前想打造的苹果咖啡厅\nApple Store 的设计正从原来满满的科技感走向**生活化**。",
    {"singleTitle": "阅读全文"}, [{"label": "阅读全文", "url": "https://example.com/coffee"}])
BELOW = ding_card("action_card", "发布审批", "### 发布审批\ngateway 2.4.1 等你点头。", {"btn_orientation": "0"}, [
    {"label": "内容不错", "url": "https://example.com/yes"}, {"label": "不感兴趣", "url": "https://example.com/no"}, {"label": "稍后再看", "url": "https://example.com/later"}])
BESIDE = ding_card("action_card", "请假", "**bob** 请假一天", {"btnOrientation": "1"}, [{"label": "同意", "url": "https://example.com/ok"}, {"label": "拒绝", "url": "https://example.com/no"}])
FEED = [
    {"type": "link", "url": f"https://example.com/{number}", "title": title, "text": "", "image": image}
    for number, title, image in (
        (1, "时代的火车向前开", "/control/media/cover.svg"),
        (2, "时代的火车向前开，而且没有回头路：一篇很长很长的标题", "/control/media/cover.svg"),
        (3, "没有图的那篇", "https://elsewhere.example/pic.png"))
]
OA = ding_card(
    "oa", "正文标题", "大段文本大段文本大段文本大段文本大段文本大段文本大段文本大段文本大段文本大段文本大段文本大段文本",
    {"head": {"bgcolor": "FFBBBBBB", "text": "报销审批"}, "status_bar": {"status_value": "进行中", "status_bg": "0xFFF65E5E"},
     "body": {"rich": {"num": "15.6", "unit": "元"}, "image": "/control/media/cover.svg", "file_count": "3", "author": "李四"}},
    fields=[{"name": "姓名：", "value": "张三"}, {"name": "年龄：", "value": "30"}, {"name": "爱好：", "value": "打球、听音乐"}], url="https://example.com/oa")
INTERACTIVE = ding_card("interactive", "投票", "### 午饭吃什么？\n请选择：", None, [{"key": "noodles", "label": "面"}, {"key": "rice", "label": "米饭"}], task_id="out-track-1")


BEARY_IDS = dict(zip(NAMES, ("=bw52O", "=bw52P", "=bw52Q", "=bw52R", "=bw52S")))
BEARY_MARKDOWN = """**发布完成** @<==bw52O=> 请看 [日志](https://example.com/log) :tada: :mynah: :nobody:
`gateway 2.4.1` @<-channel-> 12:30:45
- 第一步
- 第二步
<img src=x onerror=alert(1)> [坏](javascript:alert(1))"""


def beary(name):
    """Somebody of BearyChat's team, where ids are no names."""
    return {**person(name), "id": BEARY_IDS[name]}


def person(name):
    return {"name": name, "id": name, "display": name.title(), "bot": False}


def readers(read, unread):
    """Who has read a message and who has not."""
    def listed(names):
        return [{"id": name, "name": name} for name in names]

    return {"readers": listed(read), "unread": listed(unread)}


def text(words):
    return {"type": "text", "text": words}


BOTS = {"onebot": [INTELLIGENT], "wecom": [INTELLIGENT, APPLICATION, SECOND, ROBOT], "dingtalk": [DING, CUSTOM], "rongcloud": [RONG], "bearychat": [BEARY, BEARYBOT, HOOK]}


class Fake:
    """The server; `did` holds what the page asked for as (path, body)."""

    def __init__(self):
        self.platforms = ["onebot", "wecom", "dingtalk", "rongcloud", "bearychat"]
        self.archived = False
        # So many entries are in QQ's journal besides.
        self.crowd = 0
        self.did = []
        self.histories = {}
        self.listeners = []
        self.seq = 0
        self.fill()
        handler = type("Handler", (Handler,), {"fake": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()

    def fill(self):
        """What was said before the page came."""
        group = [
            (person("alice"), [text("大家早")]),
            (person("bob"), [{"type": "mention", "id": "aib-sandbox", "name": "八哥"}, text(" 今天谁值班？")]),
            (INTELLIGENT, [{"type": "markdown", "text": MARKDOWN}]),
            (APPLICATION, [CARD]),
            (ROBOT, [{"type": "link", "url": "https://example.com/n", "title": "中秋节礼品领取", "text": "今年中秋节公司有豪礼相送", "image": "/control/media/pixel.png"}]),
        ]
        for speaker, parts in group:
            self.put("wecom", "group:general", speaker, parts)
        direct = [
            (person("alice"), [text("在吗")]),
            (APPLICATION, [{"type": "file", "url": "/control/media/rota.pdf", "name": "值班安排-2024-第三季度.pdf", "size": 1_460_000}]),
            (APPLICATION, [{"type": "voice", "url": "/control/media/hello.amr", "name": "hello.amr"}]),
            (APPLICATION, [{"type": "video", "url": "/control/media/tour.mp4", "name": "tour.mp4"}]),
            (APPLICATION, [VOTE]),
            (APPLICATION, [{"type": "card", "card_type": "text_notice", "title": "已处理的卡片", "text": "", "fields": [], "url": None,
                            "buttons": [{"key": "yes", "label": "同意", "style": 1}], "task_id": "t", "answered": "yes"}]),
            (APPLICATION, [{"type": "hologram", "name": "hologram", "text": "from the future"}]),
        ]
        for speaker, parts in direct:
            self.put("wecom", "user:alice", speaker, parts)
        self.put("wecom", "agent:1000003:alice", SECOND, [text("请提交报销单")])
        self.put("wecom", "bot:alice", person("alice"), [text("hello")])
        self.put("onebot", "group:20001", person("alice"), [text("in the other world")])
        self.fill_dingtalk()
        self.fill_rongcloud()
        self.fill_bearychat()

    def fill_dingtalk(self):
        def seen(*read, sender=None):
            return readers(read, [name for name in NAMES if name not in (*read, sender)])

        bob = {"type": "mention", "id": "bob", "name": "Bob"}
        group = [
            (person("alice"), [text("早上好，周报请在十二点前交。")], seen(*NAMES[1:], sender="alice")),
            (person("bob"), [{"type": "mention", "id": "ding-sandbox", "name": "八哥"}, text(" 今天天气怎么样？")], seen("carol", sender="bob")),
            (DING, [{"type": "markdown", "text": DING_MARKDOWN}], seen("bob", "alice")),
            (person("alice"), [text("收到，谢谢")], seen("bob", sender="alice")),
            (CUSTOM, [{"type": "mention", "id": "all", "name": "所有人"}, text(" 磁盘将满，"), bob, text(" 请看")], seen()),
            (CUSTOM, [{"type": "link", "url": "https://example.com/train", "title": "时代的火车向前开", "text": "这个即将发布的新版本，创始人称它为红树林。", "image": "/control/media/cover.svg"}], seen()),
            (CUSTOM, [SINGLE], seen("erin")),
            (CUSTOM, [BELOW], seen()),
            (CUSTOM, FEED, seen()),
            (DING, [INTERACTIVE], seen()),
            (DING, [ding_card("interactive", "工单", "", None, fields=[{"name": "status", "value": "待处理"}], task_id="out-track-2")], seen()),
            (DING, [{"type": "image", "url": "https://elsewhere.example/pic.png", "name": "pic.png"}], seen()),
            (DING, [text("发错了")], {"recalled": {"id": "ding-sandbox", "name": "bot"}, **seen()}),
            (person("erin"), [text("周末愉快"), {"type": "image", "url": "/control/media/cover.svg", "name": "sea.png"}], seen(sender="erin")),
        ]
        for speaker, parts, more in group:
            self.put("dingtalk", DING_GROUP, speaker, parts, **more)
        notice = {"tag": "notice", **readers([], ["alice"])}
        direct = [
            (person("alice"), [text("在吗")], {}),
            (DING, [text("在，有什么可以帮你？")], readers(["alice"], [])),
            (DING, [text("你有一条新的审批")], notice),
            (DING, [OA], notice),
            (DING, [BESIDE], readers([], ["alice"])),
            (DING, [{"type": "file", "url": "/control/media/rota.pdf", "name": "值班安排-2024-第三季度.pdf", "size": 1_460_000}], {}),
            (DING, [{"type": "voice", "url": "/control/media/hello.amr", "name": "hello.amr", "duration_ms": 4000}], {}),
        ]
        for speaker, parts, more in direct:
            self.put("dingtalk", "user:alice", speaker, parts, **more)

    def fill_rongcloud(self):
        def other(name, words, **data):
            return [{"type": "other", "name": name, "text": words, "data": data}]

        alice, bob = person("alice"), person("bob")
        group = [
            (alice, [text("早上好，"), {"type": "mention", "id": "bob", "name": "Bob"}, text(" 到了吗？")], {}),
            (bob, [{"type": "image", "url": "/control/media/cover.svg", "name": "sea.png"}], {}),
            (bob, [{"type": "voice", "url": "/control/media/hello.amr", "name": "voice.amr", "duration_ms": 4000}], {}),
            (RONG, [{"type": "file", "url": "/control/media/rota.pdf", "name": "值班安排-2024-第三季度.pdf", "size": 1_460_000}], {}),
            (RONG, [{"type": "link", "url": "https://example.com/train", "title": "时代的火车向前开", "text": "这个即将发布的新版本，创始人称它为红树林。", "image": "/control/media/cover.svg"}], {}),
            (bob, other("RC:LBSMsg", "北京融云", latitude=39.9139, longitude=116.4917, poi="北京融云", content=""), {}),
            (RONG, other("RC:GrpNtf", "张三加入了群组", operation="Add", message="张三加入了群组"), {}),
            (RONG, other("RC:InfoNtf", "请注意保密", message="请注意保密"), {}),
            (bob, other("RC:TypSts", "RC:TypSts", typingContentType="RC:TxtMsg"), {"tag": "status"}),
            (RONG, other("app:order", '{"order":"20240101-0007","amount":15.6,"note":"<img src=x onerror=alert(1)>"}', order="20240101-0007", title="not the heading"), {}),
            (RONG, [text("发错了")], {"recalled": {"id": "bot", "name": "bot"}}),
            (alice, [text("马上就到")], {}),
            (alice, [text("坏词")], {"tag": "undelivered"}),
            (alice, [text("等一等")], {"tag": "held"}),
        ]
        for speaker, parts, more in group:
            self.put("rongcloud", "group:general", speaker, parts, **more)
        notice = {"kind": "enter", "text_en": "Alice entered", "text_zh": "Alice 进入了"}
        self.put("rongcloud", "chatroom:lobby", alice, [], kind="notice", id="", notice=notice)
        self.put("rongcloud", "chatroom:lobby", alice, [text("大家好")])
        self.put("rongcloud", "user:alice", RONG, [text("在，有什么可以帮你？")])
        self.put("rongcloud", "private:alice:bob", bob, [text("晚上吃什么")])
        self.put("rongcloud", "system:alice", RONG, [text("系统将于今晚维护")])

    def fill_bearychat(self):
        def markdown(words):
            return {"type": "markdown", "text": words}

        def attachment(**details):
            return {"type": "attachment", "title": "", "text": "", "url": "", "color": "", "images": [], "markdown": True, **details}

        alice, bob, carol = map(beary, ("alice", "bob", "carol"))
        group = "group:=bwAll"
        question = self.put("bearychat", group, bob, [markdown("谁来发布 gateway？")], reactions=[{"id": ":+1:", "by": ["=bw52O", "=bw52Q"]}, {"id": ":mynah:", "by": ["=bw52Q"]}])
        self.put("bearychat", group, alice, [{"type": "quote", "message_id": f"m{question}"}, markdown("我来")])
        self.put("bearychat", group, alice, [markdown("十分钟后开始")], edited=True)
        self.put("bearychat", group, BEARY, [markdown(BEARY_MARKDOWN)], pinned={"id": "=bw52P", "name": "bob"})
        self.put("bearychat", group, HOOK, [
            markdown("部署报告"),
            attachment(title="gateway 2.4.1", url="https://example.com/gateway", text="**3** 个实例健康", color="#ffa500", images=["/control/media/cover.svg", "https://elsewhere.example/pic.png"]),
            attachment(title="storage", text="*无* :nobody: <b>变化</b>", color="url(//evil)", markdown=False),
        ], tag="robot")
        self.put("bearychat", group, carol, [{"type": "other", "name": "repost", "text": "请看 @<==bw52O=>", "data": {"uid": "=bw52R", "text": "请看 @<==bw52O=>"}}], tag="forwarded")
        self.put("bearychat", group, bob, [markdown("发错了")], recalled={"id": "=bw52P", "name": "bob"})
        self.put("bearychat", group, carol, [{"type": "image", "url": "/control/media/cover.svg", "name": "sticker"}], tag="sticker")
        notice = {"kind": "join", "text_en": "Dave joined", "text_zh": "Dave 加入了讨论组"}
        self.put("bearychat", group, beary("dave"), [], kind="notice", id="", notice=notice)
        self.put("bearychat", group, beary("dave"), [text("**原样** "), {"type": "mention", "id": "=bw52O", "name": "alice"}, text(" 早 :smile:")])
        self.put("bearychat", "group:=bwDev", bob, [markdown("只有代码")])
        self.put("bearychat", "group:=bwSes", bob, [markdown("三人小会")])
        self.put("bearychat", "user:=bw52O", BEARY, [markdown("在，有什么可以帮你？")])
        self.put("bearychat", "private:=bw52O:=bwMkR", BEARYBOT, [markdown("你有一条提醒")], tag="robot")
        self.put("bearychat", "private:=bw52O:=bw52P", bob, [markdown("晚上吃什么")])

    def put(self, platform, conversation, speaker, parts, seq=None, **more):
        """Says something, or something else in place of what was said; answers the `seq`."""
        if seq is None:
            self.seq += 1
        message = {
            "seq": seq or self.seq, "id": f"m{seq or self.seq}", "conversation": conversation, "time": NOW + 60 * (seq or self.seq), "from": {**speaker, "role": ""},
            "kind": "message", "parts": parts, "recalled": None, "reactions": [], "notice": None, "journal": [1, 3], **more,
        }
        history = self.histories.setdefault((platform, conversation), {})
        history[message["seq"]] = message
        self.tell("message", {"platform": platform, **message})
        return message["seq"]

    def lengthen(self, count):
        """A group of QQ with a history of so many messages, long before anybody looks."""
        if ("onebot", LONG) in self.histories:
            return
        speakers = [person(name) for name in NAMES]
        said = ["好", "收到，我看一下。", "The build is green again, thanks for looking into it so quickly.", "部署完成。\n回滚命令：mynah rollback\n值班：alice", "见 https://example.com/report/2024 第三节"]
        for number in range(count):
            words = f"#{number} {said[number % 7 % 5]}"
            self.put("onebot", LONG, speakers[number % 11 % 5], [text(words)], journal=[])

    def tell(self, kind, data):
        for listener in list(self.listeners):
            listener.put((kind, data))

    # What the control API answers

    def answer(self, path, query):
        platform = query.get("platform", "")
        simple = {
            "health": {"ok": True, "platforms": self.platforms},
            "clock": {"now": time.time(), "offset_s": 0},
            "fault": {"faults": []},
            "people": {"people": [*map(beary if platform == "bearychat" else person, NAMES), *BOTS.get(platform, [])]},
            "journal": {"entries": self.journal(platform, query)},
        }
        if path == "conversations":
            rongcloud = [{"id": "group:fans", "title": "Fans"}, {"id": "chatroom:live", "title": "Live"}]
            joinable = {"rongcloud": rongcloud, "bearychat": [{"id": "group:=bwTea", "title": "下午茶"}]}.get(platform, [])
            drawn = {"emoji": [{"name": "mynah", "url": "/control/media/pixel.png"}], "stickers": [{"name": "你好", "url": "/control/media/cover.svg"}]}
            return {"conversations": self.conversations(platform, query.get("as")), "joinable": joinable, **(drawn if platform == "bearychat" else {})}
        if path == "messages":
            before = int(query.get("before", self.seq + 1))
            older = [message for message in self.histories.get((platform, query["conversation"]), {}).values() if message["seq"] < before]
            limit = int(query.get("limit", len(older)))
            return {"messages": older[-limit:], "more": len(older) > limit}
        return simple.get(path)

    def journal(self, platform, query):
        entries = [entry for entry in JOURNAL if entry["platform"] == platform]
        if platform != "onebot":
            return entries
        first, last = int(query.get("after", 0)) + 1, int(query.get("before", self.crowd + 1))
        return [crowded(number) for number in range(1, self.crowd + 1) if first <= number < last][-int(query.get("limit", 200)):]

    def conversations(self, platform, viewer):
        def conversation(kind, name, title, members, **more):
            history = list(self.histories.get((platform, name), {}).values())
            listed = [{"card": "", "title": "", "muted_until": None, "role": "member", "id": who["id"], "name": who["name"]} for who in members]
            if platform != "rongcloud":  # There nobody is more than others.
                next(member for member, who in zip(listed, members) if not who["bot"])["role"] = "owner"
            return {"id": name, "kind": kind, "title": title, "members": listed, "whole_ban": False, "last": history[-1] if history else None, **more}

        people = [person(name) for name in NAMES]
        if platform == "onebot":
            long = [conversation("group", LONG, "archive", [*people, INTELLIGENT])] if ("onebot", LONG) in self.histories else []
            return [conversation("group", "group:20001", "general", [*people, INTELLIGENT]), *long]
        if platform == "bearychat":
            return self.beary_conversations(conversation, beary(viewer or "alice"))
        me = person(viewer or "alice")
        if platform == "dingtalk":
            return [
                conversation("group", DING_GROUP, "general", [*people[:4], DING]),
                conversation("direct", f"user:{me['id']}", DING["display"], [me, DING]),
            ]
        if platform == "rongcloud":
            return [
                conversation("group", "chatroom:lobby", "lobby", people[:2]),
                conversation("direct", f"system:{me['id']}", "系统通知", [me]),
                conversation("direct", f"user:{me['id']}", RONG["display"], [me, RONG]),
                conversation("group", "group:general", "general", [*people, RONG]),
                conversation("direct", "private:alice:bob", "Bob", people[:2]),
            ]
        return [
            conversation("group", "group:general", "general", [*people, INTELLIGENT]),
            conversation("direct", f"user:{me['id']}", APPLICATION["display"], [me, APPLICATION], menu=MENU),
            conversation("direct", f"agent:1000003:{me['id']}", SECOND["display"], [me, SECOND]),
            conversation("direct", f"bot:{me['id']}", INTELLIGENT["display"], [me, INTELLIGENT], bot_kind="aibot"),
        ]


    def beary_conversations(self, conversation, me):
        def room(kind, **details):
            return {"kind": kind, "topic": None, "creator": "=bw52O", "private": False, "archived": False, "general": False, "pins": [], **details}

        people = list(map(beary, NAMES))
        pins = [message for message in self.histories[("bearychat", "group:=bwAll")].values() if message.get("pinned")]
        bob = people[1]
        return [
            conversation("group", "group:=bwAll", "所有人", [BEARY, BEARYBOT, *people], room=room("channel", general=True, topic="一切都在这里", pins=pins)),
            conversation("group", "group:=bwDev", "dev", people[:3], room=room("channel", private=True, archived=self.archived)),
            conversation("group", "group:=bwSes", "Bob, Carol", people[:3], room=room("session")),
            conversation("direct", f"user:{me['id']}", BEARY["display"], [me, BEARY], room=room("direct")),
            conversation("direct", f"private:{me['id']}:=bwMkR", BEARYBOT["display"], [me, BEARYBOT], room=room("direct")),
            conversation("direct", "private:=bw52O:=bw52P", "Bob", [people[0], bob]),
        ]


def entry(number, **details):
    empty = {"method": "", "url": "", "headers": [], "body": "", "status": 0, "note": "", "pair": None, "message": [], "verdict": "ok", "peer": "127.0.0.1:9000"}
    return {"id": number, "time": NOW + number, "platform": "wecom", "transport": "http", **empty, **details}


def crowded(number):
    """One of very many entries."""
    event = {"post_type": "message", "message_type": "group", "group_id": 20001, "message_id": number, "message": [{"type": "text", "data": {"text": f"number {number} " + "多" * (number % 300)}}]}
    return entry(number, platform="onebot", direction="out", kind="event", transport="ws-forward", title="message.group.normal", body=json.dumps(event, ensure_ascii=False))


CALLBACK = (
    "<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName><FromUserName><![CDATA[alice]]></FromUserName><CreateTime>1348831860</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[<b>你好</b>]]></Content><MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID></xml>"
)
ROUTE = urlencode({
    "fromUserId": "alice", "toUserId": "general", "objectName": "RC:TxtMsg", "content": '{"content":"早上好 & 100%"}', "channelType": "TEMPGROUP",
    "msgUID": "B-1", "source": "iOS",
})
CHECK = {"messageId": "B-1", "fromUserId": "alice", "objectName": "RC:TxtMsg", "content": '{"content":"马上就到"}'}
EVENT = {"EventType": "chat_quit", "CorpId": "ding-sandbox-corp", "ChatId": "chatgeneral", "Operator": "bob", "TimeStamp": 1700000000000}
SAID = {"conversationId": "cid1==", "conversationType": "2", "msgId": "m20", "senderStaffId": "bob", "msgtype": "text", "text": {"content": " 今天天气怎么样？"}}
JOURNAL = [
    entry(1, direction="in", kind="request", title="wecom.appchat.send", method="POST", url="/wecom/cgi-bin/appchat/send?access_token=…",
          headers=[["content-type", "application/json"]], body='{"chatid":"general","msgtype":"text","text":{"content":"hi"},"safe":0}'),
    entry(2, direction="out", kind="response", title="wecom.appchat.send", status=200, pair=1, body='{"errcode":0,"errmsg":"ok"}'),
    entry(3, direction="out", kind="event", transport="post", title="text", method="POST",
          url="http://127.0.0.1:9000/callback?msg_signature=…&timestamp=1700000000&nonce=1372623149", headers=[["content-type", "text/xml"]], body=CALLBACK),
    entry(1, platform="dingtalk", direction="out", kind="event", transport="ws-forward", title="robot text", body=json.dumps(SAID, ensure_ascii=False)),
    entry(2, platform="dingtalk", direction="in", kind="response", transport="ws-forward", title="robot text", pair=1, body='{"code":200,"headers":{"messageId":"f1"},"message":"OK","data":"{\\"response\\":null}"}'),
    entry(3, platform="dingtalk", direction="out", kind="event", transport="post", title="chat_quit", method="POST",
          url="http://127.0.0.1:9000/callback?msg_signature=…&timestamp=1700000000000&nonce=Zn1yQ0vH", headers=[["content-type", "application/json"]], body=json.dumps(EVENT)),
    entry(1, platform="rongcloud", direction="out", kind="event", transport="post", title="message_route", method="POST",
          url="http://127.0.0.1:9000/route?signature=…&nonce=14314&signTimestamp=1700000000000", headers=[["content-type", "application/x-www-form-urlencoded"]], body=ROUTE),
    entry(2, platform="rongcloud", direction="in", kind="response", transport="post", title="message_route", pair=1, status=200, body="ok"),
    entry(1, platform="bearychat", direction="out", kind="event", transport="ws-forward", title="channel_message",
          body='{"type":"channel_message","vchannel_id":"=bwAll","channel_id":"=bwAll","key":"1485236262366.0193","text":"我来","uid":"=bw52O"}'),
    entry(2, platform="bearychat", direction="in", kind="request", title="bearychat.incoming", method="POST", url="/bearychat/hook/=bwTeam/incoming/…",
          headers=[["content-type", "application/x-www-form-urlencoded"]], body='payload={"text":"部署报告"}'),
    entry(3, platform="bearychat", direction="out", kind="response", title="bearychat.incoming", status=200, pair=2, body='{"code":0,"result":null}'),
    entry(3, platform="rongcloud", direction="out", kind="event", transport="post", title="message_callback", method="POST",
          url="http://127.0.0.1:9000/check?signature=…", headers=[["content-type", "application/json"]], body=json.dumps(CHECK, ensure_ascii=False)),
]


class Handler(BaseHTTPRequestHandler):
    fake = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/control/journal/stream":
            self.stream()
        elif address.path.startswith("/control/media/"):
            self.send(200, "image/svg+xml", COVER) if address.path.endswith(".svg") else self.send(200, "image/png", PIXEL)
        elif address.path.startswith("/control/"):
            answer = self.fake.answer(address.path.removeprefix("/control/"), query)
            self.send(404 if answer is None else 200, "application/json", json.dumps(answer or {}).encode())
        else:
            file = ASSETS / (Path(address.path).name or "index.html")
            found = file.is_file()
            self.send(200 if found else 404, KINDS.get(file.suffix, "text/plain"), file.read_bytes() if found else b"")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.removeprefix("/control/")
        self.fake.did.append((path, body))
        self.send(200, "application/json", json.dumps({"ok": True, "ids": [], "seq": 0}).encode())

    def stream(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        mine = queue.Queue()
        self.fake.listeners.append(mine)
        try:
            self.wfile.write(b": mynah\n\n")
            while True:
                try:
                    kind, data = mine.get(timeout=5)
                    self.wfile.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b":\n\n")
        except OSError:
            pass  # The page has gone.
        finally:
            self.fake.listeners.remove(mine)
            self.close_connection = True
