"""What the SDK sends when something is wrong with it, and what it is told.

Every parameter of all 52 methods is left out, emptied, made too long or too
many: the answer has the documented code, and nothing has changed.
"""

import hashlib
import time
from typing import NamedTuple

import world
from common import expect
from sdk_peer import FORM, JSON, Peer, refused
from world import GENERAL, KEY, LOBBY, SECRET, text

HOUR_OF_LOG = "2014010101"


class Call(NamedTuple):
    """A method of the peer, and what it is given when nothing is wrong."""

    method: str
    good: dict
    # What must be there, beside the ids.
    required: list = []
    # Ids that must be there, and how many there may be; nothing for one.
    ids: dict = {}
    # Ids that may be left out.
    optional: dict = {}
    # How many characters or bytes what may have.
    longest: dict = {}
    # Numbers, and what is none of them.
    numbers: dict = {}


MINUTES = [-1, 43201, "1.5", "x", ""]
FROM_ONE = [0, *MINUTES]
TXT = {"objectName": "RC:TxtMsg", "content": text("hi")}
SENT = {"longest": {"objectName": 32, "content": 131072}, "required": ["objectName", "content"]}
NAMES = {"groupId": None}

CALLS = [
    Call(
        "User.getToken",
        {"userId": "alice", "name": "Alice", "portraitUri": ""},
        required=["name"],
        ids={"userId": None},
        longest={"name": 128, "portraitUri": 1024},
    ),
    Call(
        "User.refresh",
        {"userId": "alice"},
        ids={"userId": None},
        longest={"name": 128, "portraitUri": 1024},
    ),
    Call("User.checkOnline", {"userId": "alice"}, ids={"userId": None}),
    Call(
        "User.block",
        {"userId": "alice", "minute": 1},
        required=["minute"],
        ids={"userId": 20},
        numbers={"minute": FROM_ONE},
    ),
    Call("User.unBlock", {"userId": "alice"}, ids={"userId": 20}),
    Call("User.queryBlock", {}),
    *(
        Call(
            f"User.{name}",
            {"userId": "alice", "blackUserId": "bob"},
            ids={"userId": None, "blackUserId": 20},
        )
        for name in ["addBlacklist", "removeBlacklist"]
    ),
    Call("User.queryBlacklist", {"userId": "alice"}, ids={"userId": None}),
    Call(
        "Message.publishPrivate",
        TXT | {"fromUserId": "alice", "toUserId": "bob"},
        ids={"fromUserId": None, "toUserId": 1000},
        **SENT,
    ),
    Call(
        "Message.PublishSystem",
        TXT | {"fromUserId": "alice", "toUserId": "bob"},
        ids={"fromUserId": None, "toUserId": 100},
        **SENT,
    ),
    Call(
        "Message.publishGroup",
        TXT | {"fromUserId": "alice", "toGroupId": GENERAL},
        ids={"fromUserId": None, "toGroupId": 3},
        **SENT,
    ),
    Call(
        "Message.publishDiscussion",
        TXT | {"fromUserId": "alice", "toDiscussionId": "d1"},
        ids={"fromUserId": None, "toDiscussionId": None},
        **SENT,
    ),
    Call(
        "Message.publishChatroom",
        TXT | {"fromUserId": "alice", "toChatroomId": LOBBY},
        ids={"fromUserId": None, "toChatroomId": None},
        **SENT,
    ),
    Call("Message.broadcast", TXT | {"fromUserId": "alice"}, ids={"fromUserId": None}, **SENT),
    *(
        Call(
            f"Message.{name}",
            {"date": HOUR_OF_LOG},
            required=["date"],
            numbers={"date": ["", "2014", "2014010124", "2014013201", "20140101010", "x" * 10]},
        )
        for name in ["getHistory", "deleteMessage"]
    ),
    *(
        Call(f"Wordfilter.{name}", {"word": "money"}, required=["word"], longest={"word": 32})
        for name in ["add", "delete"]
    ),
    Call("Wordfilter.getList", {}),
    Call(
        "Group.create",
        {"userId": "alice", "groupId": "g1", "groupName": "One"},
        required=["groupName"],
        ids={"userId": 1000, "groupId": None},
    ),
    Call(
        "Group.join",
        {"userId": "alice", "groupId": GENERAL, "groupName": None},
        ids={"userId": 1000, "groupId": None},
    ),
    Call("Group.sync", {"userId": "alice", "groupInfo": []}, ids={"userId": None}),
    Call(
        "Group.refresh",
        {"groupId": GENERAL, "groupName": "One"},
        required=["groupName"],
        ids=NAMES,
    ),
    Call("Group.queryUser", {"groupId": GENERAL}, ids=NAMES),
    Call("Group.quit", {"userId": "alice", "groupId": GENERAL}, ids={"userId": 1000} | NAMES),
    Call("Group.dismiss", {"userId": "alice", "groupId": GENERAL}, ids={"userId": None} | NAMES),
    Call(
        "Group.addGagUser",
        {"userId": "alice", "groupId": GENERAL, "minute": 1},
        required=["minute"],
        ids={"userId": 20},
        optional=NAMES,
        numbers={"minute": MINUTES},
    ),
    Call("Group.lisGagUser", {"groupId": GENERAL}, optional=NAMES),
    Call(
        "Group.rollBackGagUser",
        {"userId": "alice", "groupId": GENERAL},
        ids={"userId": 20},
        optional=NAMES,
    ),
    Call(
        "Chatroom.join",
        {"userId": "alice", "chatroomId": LOBBY},
        ids={"userId": 50, "chatroomId": None},
    ),
    Call("Chatroom.query", {"chatroomId": LOBBY}, ids={"chatroomId": None}),
    Call(
        "Chatroom.queryUser",
        {"chatroomId": LOBBY, "count": 10, "order": 1},
        required=["count", "order"],
        ids={"chatroomId": None},
        numbers={"count": [0, -1, "1.5", "x", ""], "order": [0, 3, "x", ""]},
    ),
    *(
        Call(f"Chatroom.{name}", {"chatroomId": LOBBY}, ids={"chatroomId": None})
        for name in [
            "stopDistributionMessage",
            "resumeDistributionMessage",
            "ListGagUser",
            "getListBlockUser",
            "destroy",
        ]
    ),
    *(
        Call(
            f"Chatroom.{name}",
            {"userId": "alice", "chatroomId": LOBBY, "minute": 1},
            required=["minute"],
            ids={"userId": 20, "chatroomId": None},
            numbers={"minute": FROM_ONE},
        )
        for name in ["addGagUser", "addBlockUser"]
    ),
    *(
        Call(
            f"Chatroom.{name}",
            {"userId": "alice", "chatroomId": LOBBY},
            ids={"userId": 20, "chatroomId": None},
        )
        for name in ["rollbackGagUser", "rollbackBlockUser"]
    ),
    Call(
        "Chatroom.addWhiteListUser",
        {"chatroomId": LOBBY, "userId": "alice"},
        ids={"chatroomId": None, "userId": 5},
    ),
    Call(
        "Chatroom.addPriority",
        {"objectName": "RC:VcMsg"},
        required=["objectName"],
        longest={"objectName": 32},
    ),
    Call(
        "SMS.sendCode",
        {"mobile": "13500000000", "templateId": "t", "region": "86"},
        required=["mobile", "templateId", "region"],
        numbers={"region": ["1", ""]},
    ),
    Call(
        "SMS.verifyCode",
        {"sessionId": "s", "code": "123456"},
        required=["sessionId", "code"],
    ),
]

TEMPLATE = {
    "fromUserId": "alice",
    "objectName": "RC:TxtMsg",
    "content": text("{a}"),
    "toUserId": ["bob"],
    "values": [{"{a}": "x"}],
}
PUSH_TAG = {"userId": "alice", "tags": ["x"]}
PUSH = {
    "platform": ["ios"],
    "audience": {"is_to_all": True},
    "notification": {"alert": "x"},
}
# Methods that take one JSON document: it, and its ids.
DOCUMENTS = {
    "Message.publishTemplate": (TEMPLATE, ["fromUserId", "toUserId"]),
    "Message.publishSystemTemplate": (TEMPLATE, ["fromUserId", "toUserId"]),
    "Push.setUserPushTag": (PUSH_TAG, ["userId"]),
    "Push.broadcastPush": (PUSH, []),
}


def method_of(app, name):
    api, method = name.split(".")
    return getattr(getattr(app, api), method)


async def main(sandbox, check):
    app = Peer()
    signatures(sandbox, check, app)
    await headers(sandbox, check)
    paths(sandbox, check, app)
    await bad_json(sandbox, check, app)
    await bad_forms(sandbox, check)
    await faults(sandbox, check, app)

    before = await sandbox.state()
    for call in CALLS:
        parameters(check, app, call)
    for name, (good, ids) in DOCUMENTS.items():
        documents(check, app, name, good, ids)
    maps(check, app)
    with check("nothing of what was refused has left a trace"):
        expect(await sandbox.state(), before)


def parameters(check, app, call):
    method = method_of(app, call.method)

    def wrong(name, value, code, words):
        refused(method(**(call.good | {name: value})), 400, code, words)

    for name in [*call.required, *call.ids]:
        with check(f"{call.method} without {name}"):
            wrong(name, None, 1002, f"{name} is required.")
    for name in call.ids:
        with check(f"{call.method} with an empty {name}"):
            wrong(name, "", 1002, f"{name} is required.")
    for name in call.ids | call.optional:
        with check(f"{call.method} with a {name} of 65 bytes"):
            wrong(name, "i" * 65, 1005, f"{name} is too long.")
            wrong(name, "é" * 33, 1005, f"{name} is too long.")
    for name, most in call.longest.items():
        with check(f"{call.method} with a {name} over {most}"):
            wrong(name, "l" * (most + 1), 1005, f"{name} is too long.")
    for name, most in call.ids.items():
        if most is None:
            continue
        with check(f"{call.method} with no {name} in the list"):
            wrong(name, [], 1002, f"{name} is required.")
        with check(f"{call.method} with {most + 1} of {name}"):
            wrong(name, [f"u{n}" for n in range(most + 1)], 1002, f"Too many {name}.")
        with check(f"{call.method} with a {name} too long among good ones"):
            wrong(name, ["good", "i" * 65], 1005, f"{name} is too long.")
        with check(f"{call.method} with an empty {name} among good ones"):
            wrong(name, ["good", ""], 1002, None)
    for name, values in call.numbers.items():
        for value in values:
            with check(f"{call.method} with a {name} of {value!r}"):
                wrong(name, value, 1002, None)


def documents(check, app, name, good, ids):
    method = method_of(app, name)
    for key in good:
        with check(f"{name} without {key}, or null"):
            short = {each: value for each, value in good.items() if each != key}
            refused(method(short), 400, 1002, f"{key} is required.")
            refused(method(good | {key: None}), 400, 1002, f"{key} is required.")
    for key in ids:
        many = isinstance(good[key], list)
        with check(f"{name} with an empty {key}"):
            refused(method(good | {key: [] if many else ""}), 400, 1002)
        with check(f"{name} with a {key} of 65 bytes"):
            refused(method(good | {key: ["i" * 65] if many else "i" * 65}), 400, 1005)


def maps(check, app):
    """The names that stand in brackets."""
    with check("Group.sync with an id of 65 bytes"):
        refused(app.Group.sync("alice", [("g1", "One"), ("i" * 65, "x")]), 400, 1005)
    with check("Chatroom.create of no room"):
        refused(app.Chatroom.create([]), 400, 1002, "chatroom is required.")
    with check("Chatroom.create with an id of 65 bytes"):
        refused(app.Chatroom.create([("r1", "One"), ("i" * 65, "x")]), 400, 1005)
    with check("Chatroom.addPriority of nothing, and of six"):
        refused(app.Chatroom.addPriority([]), 400, 1002, "objectName is required.")
        six = [f"App:{n}" for n in range(6)]
        refused(app.Chatroom.addPriority(six), 400, 1002, "Too many objectName.")


def signatures(sandbox, check, app):
    with check("the right secret is taken"):
        expect(app.User.checkOnline("alice").result["code"], 200)

    with check("a wrong secret is 1004, for every API"):
        stranger = Peer(secret="no")
        for call in [*CALLS, *map(Call, DOCUMENTS, ({"x": 1} for _ in DOCUMENTS))]:
            if call.method in DOCUMENTS:
                answer = method_of(stranger, call.method)(DOCUMENTS[call.method][0])
            else:
                answer = method_of(stranger, call.method)(**call.good)
            refused(answer, 401, 1004, "Signature verification failed.")
        refused(stranger.Chatroom.create([("r1", "One")]), 401, 1004)
        refused(stranger.SMS.getImageCode(KEY), 401, 1004)

    with check("a secret with white space around it is a wrong one"):
        refused(Peer(secret=SECRET + "\n").User.checkOnline("alice"), 401, 1004)

    for key in ["nobody", "", KEY.upper()]:
        with check(f"the application {key!r} is unknown"):
            refused(Peer(key=key).User.checkOnline("alice"), 400, 1002, "Invalidate App-Key.")

    with check("the key is looked at before the signature, the signature before the rest"):
        refused(Peer("nobody", "no").User.checkOnline(""), 400, 1002, "Invalidate App-Key.")
        refused(Peer(secret="no").User.checkOnline(""), 401, 1004)
        answer = Peer("nobody", "no").User.call_api("/nothing.json", {})
        refused(answer, 404, 404, "Not found.")


def signed(nonce="14314", unit=1000, prefix="RC-", **altered):
    """The headers of a call, as the documentation describes them."""
    stamp = str(int(time.time()) * unit)
    own = hashlib.sha1(f"{SECRET}{nonce}{stamp}".encode()).hexdigest()
    parts = {"App-Key": KEY, "Nonce": nonce, "Timestamp": stamp, "Signature": own} | altered
    return {prefix + name: value for name, value in parts.items() if value is not None}


async def post(sandbox, path, headers, content=b"userId=alice", kind=FORM):
    url = f"{sandbox.url}/rongcloud{path}"
    if isinstance(headers, dict):
        headers = list(headers.items())
    headers = [*headers, ("content-type", kind)]
    return await sandbox.http.post(url, headers=headers, content=content)


async def headers(sandbox, check):
    path = "/user/checkOnline.json"

    async def taken(headers):
        answer = await post(sandbox, path, headers)
        expect(answer.json(), {"code": 200, "status": "0"})
        return answer

    async def turned_away(headers, status=401, code=1004):
        refused(await post(sandbox, path, headers), status, code)

    for prefix in ["RC-", "rc-", "", "Rc-"]:
        for unit in [1, 1000]:
            with check(f"headers {prefix}*, in units of {1 / unit} s"):
                await taken(signed(prefix=prefix, unit=unit))

    for nonce in ["x", "a" * 64, "0.13436424411240122", "5e-05"]:
        with check(f"a nonce of {len(nonce)} characters"):
            await taken(signed(nonce))

    with check("a signature may be used again, and at any time"):
        once = signed()
        for _ in range(3):
            await taken(once)
        await sandbox.advance(world.DAY)
        await taken(once)

    with check("a published signature of the vendor's is what it should be"):
        text = "Y1W2MeFwwwRxa0" + "14314" + "1408710653000"
        expect(hashlib.sha1(text.encode()).hexdigest(), "30be0bbca9c9b2e27578701e9fda2358a814c88f")

    for prefix in ["RC-", ""]:
        for name in ["Nonce", "Timestamp", "Signature"]:
            with check(f"{prefix}{name} is missing, or another"):
                await turned_away(signed(prefix=prefix, **{name: None}))
                await turned_away(signed(prefix=prefix, **{name: "1408710653000"}))
        with check(f"{prefix}App-Key is missing"):
            await turned_away(signed(prefix=prefix, **{"App-Key": None}), 400, 1002)

    with check("no header at all"):
        await turned_away({}, 400, 1002)

    with check("a header that stands there twice, with two values"):
        for name in ["Nonce", "Timestamp", "Signature"]:
            right = list(signed().items())
            await turned_away([*right, (f"RC-{name}", "1408710653000")])
            await turned_away([(f"RC-{name}", "1408710653000"), *right])

    with check("X-Request-ID is answered as a header"):
        asked = signed() | {"X-Request-ID": "abc-123"}
        answer = await taken(asked)
        expect(answer.headers.get("x-request-id"), "abc-123")


def paths(sandbox, check, app):
    user = app.User

    for path in ["/", "/user", "/user/nothing", "/user/nothing.json", "/user/checkOnline.jsonp"]:
        with check(f"there is no {path}"):
            refused(user.call_api(path, {}), 404, 404, "Not found.")

    with check("nor any XML"):
        refused(user.call_api("/user/checkOnline.xml", {"userId": "alice"}), 404, 404)

    for method in ["GET", "PUT", "DELETE"]:
        with check(f"{method} where POST belongs"):
            answer = user.call_api(
                "/user/checkOnline.json", {"userId": "alice"}, ("API", method, FORM)
            )
            refused(answer, 405, 405, "Method not allowed.")

    with check("the low-level call goes without suffix, and with it"):
        for path in ["/user/checkOnline", "/user/checkOnline.json"]:
            expect(app.call(path, {"userId": "alice"}), {"status": "0"})

    with check("the low-level call drops what is None, and passes on how long to wait"):
        params = {"userId": "alice", "name": None, "portraitUri": "http://127.0.0.1/a"}
        expect(user.call_api("/user/refresh", params, timeout=5).json(), {"code": 200})

    with check("the low-level call sends truth in Python's words"):
        params = {"userId": "alice", "conversationType": 1, "targetId": "bob", "setTop": True}
        expect(app.call("/conversation/top/set", params), {})
        expect(app.call("/conversation/top/set", params | {"setTop": "false"}), {})

    with check("the low-level call reaches the host of SMS"):
        assert app.call("/getImgCode.json", {"appKey": KEY}, "GET", "SMS", "")["verifyId"]

    with check("conversations are silenced, and asked about"):
        params = {"conversationType": 1, "requestId": "alice", "targetId": "bob"}
        for muted in [1, 0]:
            expect(app.call("/conversation/notification/set", params | {"isMuted": muted}), {})
            answer = app.call("/conversation/notification/get", params)
            expect(answer["isMuted"], muted)


async def bad_json(sandbox, check, app):
    paths = ["/message/private/publish_template", "/message/system/publish_template"]
    paths += ["/user/tag/set", "/push"]
    for path in paths:
        for body in [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"userId":', b"userId=alice"]:
            with check(f"{path} with {body!r} is refused"):
                refused(await post(sandbox, f"{path}.json", signed(), body, JSON), 400, 1002)
        with check(f"{path} with a document that is none"):
            for document in [[], "x", None, 1]:
                refused(app.User.call_api(path, document, ("API", "POST", JSON)), 400, 1002)

    with check("a type that does not belong"):
        for wrong in [
            {"tags": "x"},
            {"tags": [1]},
            {"tags": {}},
            {"userId": {}},
            {"userId": ["a"]},
        ]:
            refused(app.Push.setUserPushTag(PUSH_TAG | wrong), 400, 1002)
        for wrong in [{"values": {}}, {"values": ["x"]}, {"toUserId": "bob"}, {"content": {}}]:
            refused(app.Message.publishTemplate(TEMPLATE | wrong), 400, 1002)
        for wrong in [{"platform": "ios"}, {"audience": []}, {"notification": "x"}]:
            refused(app.Push.broadcastPush(PUSH | wrong), 400, 1002)


async def bad_forms(sandbox, check):
    path = "/user/checkOnline.json"
    good = [b"userId=al%69ce", b"userId=alice&", b"&&userId=alice", b"other=%20&userId=alice"]
    for body in good:
        with check(f"{body!r} is a form"):
            expect((await post(sandbox, path, signed(), body)).json()["code"], 200)
    for body in [b"", b"=", b"&", b"userId", b"userId=", b"userid=alice&", b'{"userId":"alice"}']:
        with check(f"{body!r} has no userId"):
            refused(await post(sandbox, path, signed(), body), 400, 1002)
    with check("an endpoint without parameters has an empty body"):
        answer = await post(sandbox, "/wordfilter/list.json", signed(), b"")
        expect(answer.json(), {"code": 200, "words": []})

    with check("every spelling of a space and of brackets"):
        for body in [
            b"userId=alice&group%5Bg+1%5D=One",
            b"userId=alice&group[g%201]=One",
            b"userId=alice&group%5bg%201%5d=One",
        ]:
            expect((await post(sandbox, "/group/sync", signed(), body)).json(), {"code": 200})
            ask = b"userId=alice"
            groups = (await post(sandbox, "/user/group/query", signed(), ask)).json()["groups"]
            assert {"id": "g 1", "name": "One"} in groups, groups
            leave = b"userId=alice&groupId=g%201"
            await post(sandbox, "/group/quit", signed(), leave)


async def faults(sandbox, check, app):
    def ask():
        return app.User.checkOnline("alice")

    kinds = [
        ("rate_limit", 429, 1008),
        ("status_5xx", 500, 1000),
        ("timeout", 504, 1050),
        ("blocked", 401, 1007),
        ("expire_tokens", 401, 1004),
    ]
    for kind, status, code in kinds:
        with check(f"the fault {kind} is {code}, and the next call succeeds"):
            await sandbox.fault(kind, where="http", count=1)
            refused(ask(), status, code)
            expect(ask().result["code"], 200)

    with check("a page instead of an answer is no result"):
        await sandbox.fault("html", where="http", count=1)
        answer = ask()
        expect([answer.ok, answer.response.headers["content-type"][:9]], [False, "text/html"])
        try:
            answer.get()
        except ValueError:
            pass
        else:
            raise AssertionError(answer.response.text)
        expect(ask().result["code"], 200)


world.run(main)
