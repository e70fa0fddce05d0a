"""The sandbox posts to an application that receives with wechatpy."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import common
import world
from common import expect
from wechatpy.exceptions import InvalidSignatureException
from wechatpy_appchat import upload
from wechatpy_peer import WeChatCrypto, clients, create_reply, parse_message, replies
from world import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP, PIXEL, VIDEO, VOICE, only_part

ALICE = "user:alice"
APPLICATION = "user:1000002"


class Receiver(BaseHTTPRequestHandler):
    """The address that an application receives at, as people write it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = self.query()
        self.answer(lambda crypto: crypto.check_signature(*self.signed(), query["echostr"]))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.answer(lambda crypto: self.handle_message(crypto, body))

    def handle_message(self, crypto, body):
        message = parse_message(crypto.decrypt_message(body, *self.signed()))
        query = self.query()
        self.server.inbox.put(
            {
                "message": message,
                "type": message.type,
                "event": getattr(message, "event", None),
                "content": getattr(message, "content", None),
                "nonce": query["nonce"],
            }
        )
        reply = self.server.reply(message)
        if reply is None:
            return ""
        return crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"])

    def answer(self, make):
        try:
            text = make(self.server.crypto)
        except InvalidSignatureException:
            self.server.refused.append(self.path)
            self.respond(403, "")
        except Refusal as refusal:
            self.respond(refusal.args[0], "")
        else:
            self.respond(200, text)

    def respond(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def query(self):
        return dict(parse_qsl(urlsplit(self.path).query))

    def signed(self):
        query = self.query()
        return query["msg_signature"], query["timestamp"], query["nonce"]

    def log_message(self, *_):
        pass


class Refusal(Exception):
    """Makes the application answer with another status."""


@contextmanager
def receiving(token, answers):
    """An application's server; `answers` says how it answers which text."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.inbox, server.refused = common.Inbox(), []
    server.crypto = WeChatCrypto(token, CALLBACK_KEY, CORP)

    def reply(message):
        answer = answers.get(getattr(message, "content", None), lambda _: None)
        return answer(message)

    server.reply = reply
    server.url = f"http://127.0.0.1:{server.server_port}/callback"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def answers(media):
    """What the application answers to which text."""

    def article(message):
        article = {"title": "礼品", "description": "豪礼", "url": "https://example.com"}
        return create_reply([article | {"image": "https://example.com/a.png"}], message)

    def medium(kind):
        return lambda message: kind(message=message, media_id=media[kind.type])

    def refuse(_):
        raise Refusal(500)

    def once(failures):
        """Fails so many times, then answers."""
        left = [failures]

        def answer(message):
            left[0] -= 1
            return refuse(message) if left[0] >= 0 else create_reply("终于", message)

        return answer

    def sleep(message):
        time.sleep(6)
        return create_reply("太迟", message)

    return {
        "/ping": lambda message: create_reply("pong", message),
        "/long": lambda message: create_reply("你" * 700, message),
        "/markup": lambda message: create_reply("<b>&amp; 🚀</b>\n第二行", message),
        "/image": medium(replies.ImageReply),
        "/voice": medium(replies.VoiceReply),
        "/video": lambda message: replies.VideoReply(
            message=message, media_id=media["video"], title="影", description="片"
        ),
        "/news": article,
        "/fail": refuse,
        "/again": once(1),
        "/slow": sleep,
    }


async def main(sandbox, check):
    app, _ = clients(sandbox)
    media = upload(app)
    with receiving(CALLBACK_TOKEN, answers(media)) as server:
        with check("the address is verified when it is set"):
            await sandbox.deliver(callback_url=server.url)
        await messages(sandbox, check, server, app)
        await passive_replies(sandbox, check, server)
        await events(sandbox, check, server)
        await retries(sandbox, check, server)
    await wrong_token(sandbox, check)


async def messages(sandbox, check, server, app):
    async def heard(**fields):
        return (await server.inbox.take(**fields))["message"]

    with check("a text is opened and parsed"):
        said = await sandbox.say("alice", APPLICATION, "你好 <b>&amp; 🚀</b>\n第二行")
        message = await heard(content="你好 <b>&amp; 🚀</b>\n第二行")
        expect([message.type, message.source, message.target], ["text", "alice", CORP])
        expect([message.agent, str(message.id)], [AGENT, said])
        assert abs(message.time - time.time()) < 60, message.time

    with check("user:bot is the application"):
        await sandbox.say("bob", "user:bot", "找你")
        expect((await heard(content="找你")).source, "bob")

    with check("a text with ]]> in it arrives whole"):
        await sandbox.say("alice", APPLICATION, "a]]>b")
        await heard(content="a]]>b")

    with check("messages keep their order, each with an id of its own"):
        server.inbox.events.clear()
        texts = [f"第 {number} 条" for number in range(10)]
        said = [await sandbox.say("alice", APPLICATION, text) for text in texts]
        await common.eventually(lambda: len(server.inbox.events) == len(said), "all of them")
        heard_now = [event["message"] for event in server.inbox.events]
        expect([str(message.id) for message in heard_now], said)
        expect(len(set(said)), len(said))

    kinds = {"image": PIXEL, "voice": VOICE, "video": VIDEO}
    for kind, content in kinds.items():
        with check(f"{kind} arrives with a media id that can be downloaded"):
            await sandbox.say("alice", APPLICATION, [world.media_part(kind, content)])
            message = await heard(type=kind)
            expect(app.media.download(message.media_id).content, content)
            expect(message.agent, AGENT)

    with check("location"):
        part = {"type": "location", "latitude": 23.134, "longitude": 113.358}
        await sandbox.say("alice", APPLICATION, [part | {"scale": 20, "label": "位置信息"}])
        message = await heard(type="location")
        expect([float(message.location_x), float(message.location_y)], [23.134, 113.358])
        expect([message.scale, message.label], ["20", "位置信息"])

    with check("link"):
        part = {"type": "link", "title": "题", "text": "述", "url": "https://example.com"}
        await sandbox.say("alice", APPLICATION, [part])
        message = await heard(type="link")
        expect([message.title, message.description, message.url], ["题", "述", part["url"]])


async def passive_replies(sandbox, check, server):
    async def answered(text):
        before = await sandbox.count(ALICE)
        await sandbox.say("alice", APPLICATION, text)

        async def find():
            messages = (await sandbox.messages(ALICE))[before:]
            return [each for each in messages if each["from"]["bot"]]

        return (await common.eventually(find, f"an answer to {text}"))[0]

    with check("a text in reply"):
        only_part(await answered("/ping"), "text", text="pong")

    with check("a reply is cut to 2048 bytes"):
        only_part(await answered("/long"), "text", text="你" * 682)

    with check("a reply with markup stays as it is"):
        only_part(await answered("/markup"), "text", text="<b>&amp; 🚀</b>\n第二行")

    for kind, content in {"image": PIXEL, "voice": VOICE, "video": VIDEO}.items():
        with check(f"{kind} in reply"):
            part = only_part(await answered(f"/{kind}"), kind)
            expect(await sandbox.bytes_of(part), content)

    with check("news in reply"):
        fields = {"title": "礼品", "text": "豪礼", "url": "https://example.com"}
        only_part(await answered("/news"), "link", **fields)

    with check("no reply is no message"):
        before = await sandbox.count(ALICE)
        await sandbox.say("alice", APPLICATION, "不用回")
        await server.inbox.take(content="不用回")
        await sandbox.say("alice", APPLICATION, "/ping")
        await common.eventually(lambda: counted(sandbox, before + 3), "the answer")


async def counted(sandbox, number):
    return await sandbox.count(ALICE) == number


async def events(sandbox, check, server):
    happenings = [
        ("subscribe", {}, {}),
        ("enter_agent", {}, {}),
        ("click", {"key": "TODAY"}, {"key": "TODAY"}),
        ("view", {"key": "https://example.com"}, {"url": "https://example.com"}),
        (
            "location",
            {"latitude": 23.104, "longitude": 113.32, "precision": 65.0},
            {"latitude": 23.104, "longitude": 113.32, "precision": 65.0},
        ),
    ]
    for event, details, fields in happenings:
        with check(f"event {event}"):
            await sandbox.act("alice", event, **details)
            message = (await server.inbox.take(type="event", event=event))["message"]
            expect([message.source, message.target, message.agent], ["alice", CORP, AGENT])
            expect({name: getattr(message, name) for name in fields}, fields)


async def retries(sandbox, check, server):
    async def deliveries(text, number):
        def find():
            found = [each for each in server.inbox.events if each["content"] == text]
            return len(found) >= number and found

        return await common.eventually(find, f"{number} deliveries of {text}")

    with check("a message that is refused is sent again at once, signed anew"):
        await sandbox.say("alice", APPLICATION, "/again")
        first, second = await deliveries("/again", 2)
        expect(first["message"].id, second["message"].id)
        assert first["nonce"] != second["nonce"], "it is the same nonce"
        await sandbox.seen(ALICE, "终于")

    with check("a message that is refused for ever is sent four times"):
        await sandbox.say("alice", APPLICATION, "/fail")
        await deliveries("/fail", 2)
        for number in (3, 4):
            await sandbox.advance(6)
            await deliveries("/fail", number)
        await sandbox.advance(60)
        await sandbox.say("alice", APPLICATION, "后来")
        await server.inbox.take(content="后来")
        expect(len(await deliveries("/fail", 4)), 4)

    with check("an answer after five seconds is too late, and the message sent again"):
        await sandbox.say("alice", APPLICATION, "/slow")
        await deliveries("/slow", 2)
        seen = await sandbox.messages(ALICE)
        assert ["太迟"] not in [common.parts_of(each) for each in seen], "it was taken"


async def wrong_token(sandbox, check):
    with receiving("AnotherToken", {}) as server:
        with check("an application with another token refuses what is posted"):
            try:
                await sandbox.deliver(callback_url=server.url)
            except RuntimeError:
                pass  # The address could not be verified.
            await sandbox.say("alice", APPLICATION, "/ping")
            await common.eventually(lambda: server.refused, "a refusal")
            expect(server.inbox.events, [])


if __name__ == "__main__":
    world.run(main)
