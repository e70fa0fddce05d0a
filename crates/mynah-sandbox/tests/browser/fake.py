"""A small server that gives the page two worlds of its own making.

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
from urllib.parse import parse_qs, urlsplit

ASSETS = Path(__file__).resolve().parents[2] / "assets"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# As the sandbox sends it: what it forbids must not be needed.
POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; object-src 'none'"
NOW = 1_700_000_000
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mPQsAkAIgYIBQATHgLRyRY64wAAAABJRU5ErkJggg==")

NAMES = ["alice", "bob", "carol", "dave", "erin"]
APPLICATION = {"name": "app", "id": "1000002", "display": "值班助手", "bot": True}
SECOND = {"name": "second", "id": "1000003", "display": "报销", "bot": True}
INTELLIGENT = {"name": "bot", "id": "aib-sandbox", "display": "八哥", "bot": True}
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


def person(name):
    return {"name": name, "id": name, "display": name.title(), "bot": False}


def text(words):
    return {"type": "text", "text": words}


class Fake:
    """The server; `did` holds what the page asked for as (path, body)."""

    def __init__(self):
        self.platforms = ["onebot", "wecom"]
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

    def put(self, platform, conversation, speaker, parts, seq=None):
        """Says something, or something else in place of what was said; answers the `seq`."""
        if seq is None:
            self.seq += 1
        message = {
            "seq": seq or self.seq, "id": f"m{seq or self.seq}", "conversation": conversation, "time": NOW + 60 * (seq or self.seq), "from": {**speaker, "role": ""},
            "kind": "message", "parts": parts, "recalled": None, "reactions": [], "notice": None, "journal": [1, 3],
        }
        history = self.histories.setdefault((platform, conversation), {})
        history[message["seq"]] = message
        self.tell("message", {"platform": platform, **message})
        return message["seq"]

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
            "people": {"people": [*map(person, NAMES), INTELLIGENT, *([APPLICATION, SECOND, ROBOT] if platform == "wecom" else [])]},
            "journal": {"entries": JOURNAL if platform == "wecom" else []},
        }
        if path == "conversations":
            return {"conversations": self.conversations(platform, query.get("as"))}
        if path == "messages":
            messages = list(self.histories.get((platform, query["conversation"]), {}).values())
            return {"messages": messages if "before" not in query else [], "more": False}
        return simple.get(path)

    def conversations(self, platform, viewer):
        def conversation(kind, name, title, members, **more):
            history = list(self.histories.get((platform, name), {}).values())
            listed = [{"card": "", "title": "", "muted_until": None, "role": "member", "id": who["id"], "name": who["name"]} for who in members]
            listed[0]["role"] = "owner"
            return {"id": name, "kind": kind, "title": title, "members": listed, "whole_ban": False, "last": history[-1] if history else None, **more}

        people = [person(name) for name in NAMES]
        if platform == "onebot":
            return [conversation("group", "group:20001", "general", [*people, INTELLIGENT])]
        me = person(viewer or "alice")
        return [
            conversation("group", "group:general", "general", [*people, INTELLIGENT]),
            conversation("direct", f"user:{me['id']}", APPLICATION["display"], [me, APPLICATION], menu=MENU),
            conversation("direct", f"agent:1000003:{me['id']}", SECOND["display"], [me, SECOND]),
            conversation("direct", f"bot:{me['id']}", INTELLIGENT["display"], [me, INTELLIGENT], bot_kind="aibot"),
        ]


def entry(number, **details):
    empty = {"method": "", "url": "", "headers": [], "body": "", "status": 0, "note": "", "pair": None, "message": [], "verdict": "ok", "peer": "127.0.0.1:9000"}
    return {"id": number, "time": NOW + number, "platform": "wecom", "transport": "http", **empty, **details}


CALLBACK = (
    "<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName><FromUserName><![CDATA[alice]]></FromUserName><CreateTime>1348831860</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[<b>你好</b>]]></Content><MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID></xml>"
)
JOURNAL = [
    entry(1, direction="in", kind="request", title="wecom.appchat.send", method="POST", url="/wecom/cgi-bin/appchat/send?access_token=…",
          headers=[["content-type", "application/json"]], body='{"chatid":"general","msgtype":"text","text":{"content":"hi"},"safe":0}'),
    entry(2, direction="out", kind="response", title="wecom.appchat.send", status=200, pair=1, body='{"errcode":0,"errmsg":"ok"}'),
    entry(3, direction="out", kind="event", transport="post", title="text", method="POST",
          url="http://127.0.0.1:9000/callback?msg_signature=…&timestamp=1700000000&nonce=1372623149", headers=[["content-type", "text/xml"]], body=CALLBACK),
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
            self.send(200, "image/png", PIXEL)
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
