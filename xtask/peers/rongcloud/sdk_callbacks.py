"""What the sandbox posts when people write and come and go, received and
verified here as an application does."""

import hashlib
import json
import time
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import common
import receiver
import world
from common import expect
from sdk_peer import Peer, done, nothing
from world import BOT, GENERAL, HOUR, KEY, LOBBY, MINUTE, SECRET, private, text

GROUP, ROOM = f"group:{GENERAL}", f"chatroom:{LOBBY}"
TXT = "RC:TxtMsg"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

# What the parameters of the signature were called, and the unit of the time.
GENERATIONS = {
    "current": ("appKey", "nonce", "timestamp", "signature", 1000),
    "2020": (None, "nonce", "signTimestamp", "signature", 1000),
    "2014": (None, "rc-nonce", "rc-timestamp", "rc-signature", 1),
    # Not of the query, but of the headers, without the RC- before them.
    "headers": ("app-key", "nonce", "timestamp", "signature", 1000),
}


class Receiver(receiver.Receiver):
    """The address at which an application receives, as people write it."""

    def do_POST(self):
        body = self.body().decode()
        kind = self.headers["content-type"].split(";")[0]
        fields = json.loads(body) if kind == JSON else parse_qsl(body, keep_blank_values=True)
        post = {"address": urlsplit(self.path).path.lstrip("/"), "kind": kind, "body": fields}
        signed = self.query() or {
            name.removeprefix("rc-"): value
            for name, value in ((n.lower(), v) for n, v in self.headers.items())
            if name.startswith("rc-")
        }
        self.server.inbox.put(post | {"signed": signed, "time": time.time()})
        status, answer = self.server.answer()
        return self.respond(status, answer)


def ok():
    return 200, "ok"


def failure():
    return 500, "busy"


def late():
    time.sleep(1.5)
    return ok()


def verdict(**fields):
    return lambda: (200, json.dumps(fields, ensure_ascii=False))


class Server:
    """An application's server, and what it was told."""

    def __init__(self, server):
        self.server = server
        self.base = server.url.removesuffix("/callback")
        self.inbox = server.inbox

    def url(self, name):
        return f"{self.base}/{name}"

    async def take(self, address, **fields):
        """Waits for a post to this address, whose signature is right."""

        def find():
            for post in self.inbox.events:
                if post["address"] == address and all(
                    as_fields(post).get(name) == value for name, value in fields.items()
                ):
                    self.inbox.events.remove(post)
                    return post
            return None

        return await common.eventually(find, f"a post to {address} with {fields}")

    async def quiet(self, seconds=0.3):
        """Asserts that nothing more comes."""
        await common.asyncio.sleep(seconds)
        expect([(each["address"], each["body"]) for each in self.inbox.events], [])

    @contextmanager
    def answering(self, answer):
        before, self.server.answer = self.server.answer, answer
        try:
            yield
        finally:
            self.server.answer = before


def as_fields(post):
    return dict(post["body"]) if post["kind"] == FORM else {}


def verify(post, generation="current"):
    """Verifies the signature of a post as the documentation has it."""
    key, nonce, stamp, signature, unit = GENERATIONS[generation]
    signed = post["signed"]
    expect(set(signed), {name for name in (key, nonce, stamp, signature) if name})
    if key:
        expect(signed[key], KEY)
    own = hashlib.sha1((SECRET + signed[nonce] + signed[stamp]).encode()).hexdigest()
    expect(signed[signature], own)
    return int(signed[stamp]) / unit


async def main(sandbox, check):
    app = Peer()
    with receiver.serving(Receiver, inbox=common.Inbox(), answer=ok) as it:
        server = Server(it)
        await sandbox.deliver(route_url=server.url("route"))
        await route(sandbox, check, app, server)
        await generations(sandbox, check, server)
        await filtered(sandbox, check, app, server)
        await by_application(sandbox, check, app, server)
        await retries(sandbox, check, server)
        await faults(sandbox, check, server)
        await sandbox.deliver(route_url=None)

        await sandbox.reset()
        await sandbox.deliver(status_url=server.url("status"))
        await online(sandbox, check, app, server)
        await sandbox.deliver(status_url=None, chatroom_url=server.url("chatroom"))
        await chatrooms(sandbox, check, app, server)
        await sandbox.deliver(chatroom_url=None)

        await sandbox.reset()
        await sandbox.deliver(check_url=server.url("check"))
        await held(sandbox, check, app, server)
        await sandbox.deliver(check_url=None, operation_url=server.url("operation"))
        await operations(sandbox, check, app, server)
        await sandbox.deliver(operation_url=None, audit_url=server.url("audit"))
        await audits(sandbox, check, server)
        await sandbox.deliver(audit_url=None)
        await one_address(sandbox, check, server)


async def route(sandbox, check, app, server):
    with check("what alice writes to bob is posted as a form, with everything about it"):
        uid = await sandbox.say("alice", private("alice", "bob"), "你好 🐦 & + % =")
        post = await server.take("route")
        stamp = verify(post)
        assert abs(stamp - await sandbox.now()) < world.PATIENCE, stamp
        expect(post["kind"], FORM)
        fields = as_fields(post)
        expect(len(fields), len(post["body"]))
        expect(json.loads(fields.pop("content"))["content"], "你好 🐦 & + % =")
        at = fields.pop("msgTimestamp")
        expect(fields.pop("timestamp", at), at)
        assert abs(int(at) / 1000 - await sandbox.now()) < world.PATIENCE, at
        expect(
            {name: value for name, value in fields.items() if value},
            {
                "fromUserId": "alice",
                "toUserId": "bob",
                "objectName": TXT,
                "channelType": "PERSON",
                "msgUID": uid,
                "sensitiveType": "0",
                "source": fields["source"],
            },
        )
        assert fields["source"] in {"iOS", "Android", "Websocket", "PC"}, fields["source"]

    done(app.Chatroom.join("alice", LOBBY))
    places = [
        ("to the application's user", f"user:{BOT}", "PERSON", BOT),
        ("in a group", GROUP, "GROUP", GENERAL),
        ("in a chatroom", ROOM, "TEMPGROUP", LOBBY),
    ]
    for name, conversation, channel, target in places:
        with check(f"what alice writes {name}"):
            uid = await sandbox.say("alice", conversation, "hi")
            fields = as_fields(await server.take("route", msgUID=uid))
            found = [fields[name] for name in ("fromUserId", "toUserId", "channelType")]
            expect(found, ["alice", target, channel])

    with check("what is refused is not told"):
        done(app.Group.addGagUser("bob", GENERAL, 10))
        await sandbox.speech("bob", GROUP, "hi")
        await server.quiet()

    with check("every message has an id of its own"):
        said = [await sandbox.say("carol", GROUP, str(number)) for number in range(20)]
        told = [as_fields(await server.take("route")) for _ in said]
        expect(sorted(each["msgUID"] for each in told), sorted(said))

    with check("signatures have other nonces each time"):
        nonces = set()
        for number in range(5):
            await sandbox.say("carol", GROUP, str(number))
            nonces.add((await server.take("route"))["signed"]["nonce"])
        assert len(nonces) > 1, nonces


async def generations(sandbox, check, server):
    for generation in ["2014", "2020", "current"]:
        with check(f"signed as in the generation {generation}"):
            await sandbox.deliver(signature_names=generation)
            uid = await sandbox.say("alice", GROUP, "hi")
            stamp = verify(await server.take("route", msgUID=uid), generation)
            assert abs(stamp - await sandbox.now()) < world.PATIENCE, stamp


async def filtered(sandbox, check, app, server):
    with check("a word that is replaced arrives replaced, and is marked"):
        app.call("/sensitiveword/add", {"word": "coffee", "replaceWord": "***"})
        uid = await sandbox.say("alice", GROUP, "more coffee")
        fields = as_fields(await server.take("route", msgUID=uid))
        expect(
            [json.loads(fields["content"])["content"], fields["sensitiveType"]], ["more ***", "2"]
        )

    with check("what is kept back for a word is not told"):
        done(app.Wordfilter.add("money"))
        await sandbox.say("alice", GROUP, "more money")
        await server.quiet()

    with check("nor is what a stopped chatroom swallows"):
        done(app.Chatroom.stopDistributionMessage(LOBBY))
        await sandbox.say("alice", ROOM, "anybody?")
        await server.quiet()
        done(app.Chatroom.resumeDistributionMessage(LOBBY))


async def by_application(sandbox, check, app, server):
    message = app.Message

    with check("what the application sends is told too, as the server's"):
        answer = done(message.publishPrivate("alice", ["bob", "carol"], TXT, text("from outside")))
        for each in answer["messageUIDs"]:
            fields = as_fields(await server.take("route", msgUID=each["messageUID"]))
            found = [fields[name] for name in ("fromUserId", "toUserId", "source", "channelType")]
            expect(found, ["alice", each["userId"], "Server", "PERSON"])

    with check("its channel says where it was said"):
        done(message.publishGroup("alice", GENERAL, TXT, text("group")))
        done(message.publishChatroom("alice", LOBBY, TXT, text("chatroom")))
        done(message.publishDiscussion("alice", "d1", TXT, text("discussion")))
        done(message.PublishSystem("alice", "bob", TXT, text("system")))
        for channel in ["GROUP", "TEMPGROUP", "PERSONS", "NOTIFY"]:
            expect(as_fields(await server.take("route", channelType=channel))["source"], "Server")

    with check("a template is a message for each"):
        template = {
            "fromUserId": BOT,
            "objectName": TXT,
            "content": text("{a}"),
            "toUserId": ["alice", "bob"],
            "values": [{"{a}": "1"}, {"{a}": "2"}],
        }
        done(message.publishTemplate(template))
        for who, words in [("alice", "1"), ("bob", "2")]:
            fields = as_fields(await server.take("route", toUserId=who))
            expect(json.loads(fields["content"]), {"content": words})

    with check("a directed message names whom it is for, each in a field of its own"):
        params = {
            "fromUserId": "alice",
            "toGroupId": GENERAL,
            "toUserId": ["bob", "carol"],
            "objectName": TXT,
            "content": text("only for two"),
        }
        app.call("/message/group/publish", params)
        body = (await server.take("route"))["body"]
        expect([value for name, value in body if name == "groupUserIds"], ["bob", "carol"])

    with check("broadcasts and status messages are not told"):
        done(message.broadcast("system", TXT, text("all")))
        status = {"fromUserId": "bob", "objectName": "RC:TypSts", "content": "{}"}
        app.call("/statusmessage/private/publish", status | {"toUserId": "alice"})
        await server.quiet()

    with check("nothing of the application is told when that is switched off"):
        await sandbox.deliver(route_server_messages=False)
        done(message.publishPrivate("alice", "bob", TXT, text("psst")))
        await server.quiet()
        uid = await sandbox.say("alice", GROUP, "hi")
        await server.take("route", msgUID=uid)
        await sandbox.deliver(route_server_messages=True)


async def retries(sandbox, check, server):
    async def attempts(uid):
        """How often a message was posted."""
        found = [await server.take("route", msgUID=uid)]
        while len(found) < 3:
            await sandbox.advance(MINUTE)
            found.append(await server.take("route", msgUID=uid))
        await sandbox.advance(MINUTE)
        await server.quiet()
        return found

    with check("what fails is posted three times, each signed, and then dropped"):
        with server.answering(failure):
            uid = await sandbox.say("alice", GROUP, "hi")
            posts = await attempts(uid)
        for post in posts:
            verify(post)
        expect([post["body"] for post in posts], [posts[0]["body"]] * 3)

    with check("and the next message arrives"):
        await sandbox.advance(2 * MINUTE)
        uid = await sandbox.say("alice", GROUP, "still there?")
        await server.take("route", msgUID=uid)

    with check("what is answered late has failed"):
        await sandbox.deliver(timeout_s=1)
        with server.answering(late):
            uid = await sandbox.say("alice", GROUP, "hi")
            expect(len(await attempts(uid)), 3)
        await sandbox.deliver(timeout_s=5)
        await sandbox.advance(2 * MINUTE)


async def faults(sandbox, check, server):
    with check("a forged signature is seen to be one"):
        await sandbox.fault("forge_signature", where="post", count=1)
        uid = await sandbox.say("alice", GROUP, "hi")
        post = await server.take("route", msgUID=uid)
        try:
            verify(post)
        except AssertionError:
            pass
        else:
            raise AssertionError("it was not")

    with check("what comes twice is known by its id"):
        await sandbox.fault("duplicate", where="post", count=1)
        uid = await sandbox.say("alice", GROUP, "hi")
        for _ in range(2):
            verify(await server.take("route", msgUID=uid))
        await server.quiet()


async def online(sandbox, check, app, server):
    async def told(user):
        post = await server.take("status")
        verify(post)
        expect([post["kind"], len(post["body"])], [JSON, 1])
        (status,) = post["body"]
        expect(set(status), {"userid", "status", "os", "time", "clientIp", "sessionId"})
        expect(status["userid"], user)
        assert abs(status["time"] / 1000 - await sandbox.now()) < world.PATIENCE, status
        return status

    with check("whoever connects is told, with the system of the client"):
        await sandbox.act("alice", "connect", os="Android")
        status = await told("alice")
        expect([status["status"], status["os"]], ["0", "Android"])

    with check("whoever disconnects is told, of the same session"):
        await sandbox.act("alice", "disconnect")
        left = await told("alice")
        expect([left["status"], left["sessionId"]], ["1", status["sessionId"]])

    with check("logging out is told apart, and every session is another"):
        await sandbox.act("alice", "connect")
        again = await told("alice")
        assert again["sessionId"] != status["sessionId"], again
        await sandbox.act("alice", "logout")
        expect((await told("alice"))["status"], "2")

    with check("whoever is blocked goes offline"):
        await sandbox.act("alice", "connect")
        await told("alice")
        nothing(app.User.block("alice", 1))
        expect((await told("alice"))["status"], "1")

    await server.quiet()


async def chatrooms(sandbox, check, app, server):
    chatroom = app.Chatroom

    async def told(room, type, status, *users):
        post = await server.take("chatroom")
        verify(post)
        expect(post["kind"], JSON)
        (change,) = post["body"]
        taken = change.pop("time")
        assert abs(taken / 1000 - await sandbox.now()) < world.PATIENCE, taken
        change["userIds"] = sorted(change["userIds"])
        wanted = {"chatRoomId": room, "userIds": sorted(users), "status": status, "type": type}
        expect(change, wanted)

    with check("a room that is made"):
        nothing(chatroom.create([("r1", "One")]))
        await told("r1", 0, 0)

    with check("people who are brought in, and who come"):
        nothing(chatroom.join("alice", "r1"))
        await told("r1", 1, 0, "alice")
        await sandbox.act("bob", "enter", chatroom="r1")
        await told("r1", 1, 0, "bob")

    with check("people who go"):
        await sandbox.act("bob", "exit", chatroom="r1")
        await told("r1", 2, 0, "bob")

    with check("people who are put out"):
        nothing(chatroom.addBlockUser("alice", "r1", 1))
        await told("r1", 2, 2, "alice")

    with check("a room that is ended"):
        nothing(chatroom.destroy("r1"))
        await told("r1", 3, 0)

    with check("a room that ends by itself"):
        nothing(chatroom.create([("r2", "Two")]))
        await told("r2", 0, 0)
        await sandbox.advance(HOUR + MINUTE)
        rooms = [await server.take("chatroom")]
        while not any(change["chatRoomId"] == "r2" for change in rooms[-1]["body"]):
            rooms.append(await server.take("chatroom"))
        (change,) = [each for each in rooms[-1]["body"] if each["chatRoomId"] == "r2"]
        expect([change["type"], change["status"]], [3, 3])
        server.inbox.events.clear()

    await server.quiet()


async def held(sandbox, check, app, server):
    talk = private("alice", "bob")

    async def asked():
        post = await server.take("check")
        verify(post)
        expect(post["kind"], FORM)
        return as_fields(post)

    with check("before alice's message is delivered, the application is asked"):
        with server.answering(verdict(**{"pass": 1})):
            uid = await sandbox.say("alice", talk, "你好")
            fields = await asked()
        expect(json.loads(fields["content"])["content"], "你好")
        names = ["appKey", "fromUserId", "targetId", "msgType", "channelType", "messageId"]
        expect([fields[name] for name in names], [KEY, "alice", "bob", TXT, "PERSON", uid])
        assert abs(int(fields["msgTimeStamp"]) / 1000 - await sandbox.now()) < world.PATIENCE
        assert fields["os"], fields
        expect(await shown(sandbox, talk, 1), ["你好"])

    with check("what it rejects is not delivered"):
        with server.answering(verdict(**{"pass": 0})):
            await say_anyway(sandbox, "alice", talk, "no")
            await asked()
            await common.asyncio.sleep(0.2)
        expect(await sandbox.texts(talk), ["你好"])

    with check("what it lets pass is"):
        with server.answering(verdict(**{"pass": 2, "extra": "x"})):
            await sandbox.say("alice", talk, "yes")
            await asked()
        expect(await shown(sandbox, talk, 2), ["你好", "yes"])

    with check("it may put other words in its place"):
        other = text("better")
        with server.answering(verdict(**{"pass": 1, "replaceContent": other})):
            await sandbox.say("alice", talk, "worse")
            await asked()
        expect((await shown(sandbox, talk, 3))[-1], "better")

    await sandbox.deliver(check_timeout_s=0.5)
    bad = [("is an error", failure), ("is none", lambda: (200, "ok")), ("is late", late)]
    for name, answer in bad:
        with check(f"when the answer {name}, the message is delivered, and asked about once"):
            before = await sandbox.count(talk)
            with server.answering(answer):
                await sandbox.say("alice", talk, name)
                await asked()
                expect((await shown(sandbox, talk, before + 1))[-1], name)
                await sandbox.advance(MINUTE)
                await server.quiet()

    await sandbox.deliver(check_timeout_s=3)

    with check("what the application sends is not asked about"):
        done(app.Message.publishPrivate("alice", "bob", TXT, text("from outside")))
        await server.quiet()

    with check("nor is what a word keeps back"):
        done(app.Wordfilter.add("money"))
        await sandbox.say("alice", talk, "money")
        await server.quiet()


async def say_anyway(sandbox, *said):
    """Says something that may be refused where it is said."""
    try:
        await sandbox.say(*said)
    except RuntimeError:
        pass


async def shown(sandbox, conversation, count):
    """Waits until so many messages are there, and returns what they say."""

    async def find():
        texts = await sandbox.texts(conversation)
        return texts if len(texts) == count else None

    return await common.eventually(find, f"{count} messages in {conversation}")


async def operations(sandbox, check, app, server):
    with check("a recall is told"):
        answer = done(app.Message.publishPrivate(BOT, "alice", TXT, text("oops")))
        uid = answer["messageUIDs"][0]["messageUID"]
        params = {
            "fromUserId": BOT,
            "conversationType": 1,
            "targetId": "alice",
            "messageUID": uid,
            "sentTime": int(await sandbox.now() * 1000),
        }
        app.call("/message/recall", params)
        post = await server.take("operation")
        verify(post)
        expect(post["kind"], JSON)
        told = post["body"]
        expect([told["eventType"], told["fromUserId"], told["source"]], [1, BOT, "Server"])
        expect(told["conversationInfo"], {"conversationType": 1, "targetId": "alice"})
        expect(told["originalMsgInfo"]["messageId"], uid)


async def audits(sandbox, check, server):
    for result in [10000, 10001]:
        with check(f"what was audited is told, signed in the headers: {result}"):
            uid = await sandbox.say("alice", private("alice", "bob"), "你好")
            await sandbox.act("bob", "audit", message=uid, result=result)
            post = await server.take("audit")
            verify(post, "headers")
            told = post["body"]
            expect([told["result"], told["msgUID"]], [result, uid])
            audited = json.loads(told["content"])
            names = ["appKey", "fromUserId", "targetId", "conversationType", "objectName"]
            expect([audited[name] for name in names], [KEY, "alice", "bob", "PERSON", TXT])
            expect(json.loads(audited["message"])["content"], "你好")


async def one_address(sandbox, check, server):
    everything = dict.fromkeys(sandbox.silence, server.url("all"))
    with check("one address may get everything"):
        await sandbox.deliver(**everything)
        await sandbox.act("bob", "connect")
        (status,) = (await server.take("all"))["body"]
        expect(status["userid"], "bob")
        with server.answering(verdict(**{"pass": 1})):
            uid = await sandbox.say("bob", GROUP, "hi")
            await server.take("all", messageId=uid)
            await server.take("all", msgUID=uid)
        await sandbox.act("bob", "enter", chatroom=LOBBY)
        posts = [await server.take("all")]
        expect(posts[-1]["body"][0]["userIds"], ["bob"])


world.run(main)
