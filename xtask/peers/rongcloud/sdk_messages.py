"""The SDK sends messages of every kind, takes them back, and reads the log."""

import io
import json
import zipfile

import world
from common import expect
from sdk_peer import Peer, done, nothing, refused
from world import BOT, GENERAL, HOUR, LOBBY, PEOPLE, private, text

GROUP, ROOM = f"group:{GENERAL}", f"chatroom:{LOBBY}"
TXT = "RC:TxtMsg"
# Every optional parameter, as the documentation has it.
PUSH = {"pushContent": "收到消息", "pushData": '{"pushData":"hello"}'}
KEPT = {"isPersisted": 1, "isCounted": 1}


async def main(sandbox, check):
    app = Peer()
    await one_to_one(sandbox, check, app)
    await sandbox.reset()
    await templates(sandbox, check, app)
    await system(sandbox, check, app)
    await groups(sandbox, check, app)
    await sandbox.reset()
    await pushes(sandbox, check, app)
    await sandbox.reset()
    await recall(sandbox, check, app)
    await sandbox.reset()
    await history(sandbox, check, app)
    app.all_called(check, "Message")


def uids(answer, key="userId"):
    """The ids of the messages in an answer, by whom they are for."""
    expect(list(answer), ["messageUIDs"])
    found = {each[key]: world.expect_uid(each["messageUID"]) for each in answer["messageUIDs"]}
    expect(len(found), len(answer["messageUIDs"]))
    expect(len(set(found.values())), len(found))
    return found


async def said_by(sandbox, conversation):
    """Who said what last there."""
    last = await sandbox.last(conversation)
    return [last["from"]["id"], world.text_of(last)]


async def one_to_one(sandbox, check, app):
    message = app.Message

    with check("publishPrivate says something to one, in the name of another"):
        answer = done(message.publishPrivate("alice", "bob", TXT, text("你好 🐦 & + % =")))
        expect(await said_by(sandbox, private("alice", "bob")), ["alice", "你好 🐦 & + % ="])
        expect(list(uids(answer)), ["bob"])
        last = await sandbox.last(private("alice", "bob"))
        expect(last["id"], uids(answer)["bob"])

    with check("the application's own user writes to a person"):
        done(message.publishPrivate(BOT, "bob", TXT, text("from the bot")))
        last = await sandbox.last("user:bob")
        expect([last["from"]["bot"], world.text_of(last)], [True, "from the bot"])

    with check("with everything there is, to several"):
        to = ["bob", "carol", "dave"]
        given = PUSH | KEPT | {"verifyBlacklist": 0, "isIncludeSender": 0}
        answer = done(message.publishPrivate("alice", to, TXT, text("all"), **given))
        expect(list(uids(answer)), to)
        for who in to:
            expect(await said_by(sandbox, private("alice", who)), ["alice", "all"])

    with check("a set of recipients is taken, and numbers as text"):
        answer = message.publishPrivate(
            "alice", {"bob", "erin"}, TXT, text("set"), isPersisted="0", isCounted="0"
        )
        expect(sorted(uids(done(answer))), ["bob", "erin"])
        expect(await said_by(sandbox, private("alice", "erin")), ["alice", "set"])

    for count in [-1, 1, "9999"]:
        with check(f"a badge of {count!r}"):
            done(message.publishPrivate("alice", "bob", TXT, text("badge"), count=count))

    with check("the sender may be included"):
        answer = message.publishPrivate("alice", "bob", TXT, text("me too"), isIncludeSender=1)
        assert "bob" in [each["userId"] for each in done(answer)["messageUIDs"]]
        expect((await sandbox.texts(private("alice", "bob"))).count("me too"), 1)

    with check("strangers may write and be written to"):
        done(message.publishPrivate("someone", "nobody", TXT, text("hi")))
        expect(await said_by(sandbox, private("nobody", "someone")), ["someone", "hi"])

    with check("a content is any text: a type of one's own need not be JSON"):
        done(message.publishPrivate("alice", "bob", "App:Vote", "<vote & 投票>"))
        part = (await sandbox.last(private("alice", "bob")))["parts"][0]
        expect([part["type"], part["name"]], ["other", "App:Vote"])

    contents = {
        "RC:ImgMsg": {"content": "aGk=", "imageUri": "http://127.0.0.1/a.png"},
        "RC:VcMsg": {"content": "aGk=", "duration": 20},
        "RC:HQVCMsg": {"remoteUrl": "http://127.0.0.1/a.aac", "duration": 3},
        "RC:ImgTextMsg": {
            "title": "题目",
            "content": "article",
            "imageUri": "http://127.0.0.1/a.png",
            "url": "http://127.0.0.1/a",
        },
        "RC:FileMsg": {
            "name": "报告.pdf",
            "size": 190,
            "type": "pdf",
            "fileUrl": "http://127.0.0.1/b",
        },
        "RC:LBSMsg": {"content": "aGk=", "latitude": 24.1, "longitude": 56.2, "poi": "北京"},
        "RC:SightMsg": {"sightUrl": "http://127.0.0.1/a.mp4", "content": "aGk=", "duration": 2},
        "RC:ContactNtf": {
            "operation": "Request",
            "sourceUserId": "alice",
            "targetUserId": "bob",
            "message": "hello",
        },
        "RC:InfoNtf": {"message": "grey"},
        "RC:ProfileNtf": {"operation": "Update", "data": "{}"},
        "RC:CmdNtf": {"name": "go", "data": "{}"},
        "RC:GrpNtf": {"operatorUserId": "alice", "operation": "Add", "data": "{}", "message": "x"},
    }
    for name, content in contents.items():
        with check(f"{name} is shown"):
            before = len(await everything(sandbox, private("alice", "carol")))
            sent = json.dumps(content | {"extra": "e"})
            done(message.publishPrivate("alice", "carol", name, sent))
            expect(len(await everything(sandbox, private("alice", "carol"))), before + 1)

    with check("RC:CmdMsg is for programs"):
        sent = json.dumps({"name": "go", "data": "{}"})
        done(message.publishPrivate("alice", "carol", "RC:CmdMsg", sent))

    with check("what an SDK sends as text may lack what its type has"):
        done(message.publishPrivate("alice", "bob", TXT, "no JSON"))
        done(message.publishPrivate("alice", "bob", "RC:ImgMsg", "{}"))

    with check("a thousand recipients are served, one more is not"):
        crowd = [f"u{n}" for n in range(1000)]
        expect(len(uids(done(message.publishPrivate(BOT, crowd, TXT, text("hi"))))), 1000)
        expect(await sandbox.texts("user:u999"), ["hi"])
        answer = message.publishPrivate(BOT, [*crowd, "u1000"], TXT, text("no"))
        refused(answer, 400, 1002, "Too many toUserId.")
        expect(await sandbox.texts("user:u0"), ["hi"])

    with check("a content has 131,072 bytes at most"):
        longest = "a" * (131072 - len(text("")))
        done(message.publishPrivate("erin", "dave", TXT, text(longest)))
        expect(await sandbox.texts(private("erin", "dave")), [longest])
        answer = message.publishPrivate("erin", "dave", TXT, text(longest + "a"))
        refused(answer, 400, 1005, "content is too long.")
        answer = message.publishPrivate("erin", "dave", "App:X", "界" * 43691)
        refused(answer, 400, 1005, "content is too long.")
        expect(await sandbox.count(private("erin", "dave")), 1)

    with check("a type has 32 characters at most"):
        done(message.publishPrivate("erin", "dave", "a" * 32, "x"))
        answer = message.publishPrivate("erin", "dave", "a" * 33, "x")
        refused(answer, 400, 1005, "objectName is too long.")


async def everything(sandbox, conversation):
    """All that stands in a conversation, grey lines too."""
    query = {"platform": sandbox.platform, "conversation": conversation}
    return (await sandbox._ask("GET", "/control/messages", query=query))["messages"]


async def templates(sandbox, check, app):
    message = app.Message
    three = {
        "fromUserId": BOT,
        "objectName": TXT,
        "toUserId": ["alice", "bob", "carol"],
        "content": '{"content":"{c}{d}","extra":"bb"}',
        "values": [
            {"{c}": "Tom", "{d}": ":2"},
            {"{c}": "Jerry", "{d}": ":5"},
            {"{c}": "Rose", "{d}": ":10"},
        ],
        "pushContent": ["hello {c}", "hello {c}", "hello {c}"],
        "pushData": ["{d}", "", "{c}"],
        "verifyBlacklist": 0,
    }
    kinds = {
        "publishTemplate": (message.publishTemplate, "user"),
        "publishSystemTemplate": (message.publishSystemTemplate, "system"),
    }
    for name, (publish, where) in kinds.items():
        with check(f"{name} says to each what is theirs"):
            expect(list(uids(done(publish(three)))), three["toUserId"])
            for who, words in zip(three["toUserId"], ["Tom:2", "Jerry:5", "Rose:10"]):
                expect(await sandbox.texts(f"{where}:{who}"), [words])

        with check(f"{name}: pushes are optional, and may be null"):
            bare = {key: three[key] for key in ["fromUserId", "objectName", "content"]}
            bare |= {"toUserId": ["erin"], "values": [{"{c}": "好", "{d}": "🐦"}]}
            done(publish(bare))
            done(publish(bare | {"pushContent": None, "pushData": None}))
            expect(await sandbox.texts(f"{where}:erin"), ["好🐦"] * 2)

        with check(f"{name}: a place without a value stays, a value without a place is nothing"):
            values = [{"{c}": "x", "{unknown}": "y"}]
            done(publish(three | unpushed(toUserId=["dave"], values=values)))
            expect(await sandbox.texts(f"{where}:dave"), ["x{d}"])

        with check(f"{name}: values stand as they are, even where they break the JSON"):
            values = [{"{c}": '"', "{d}": ""}]
            done(publish(three | unpushed(toUserId=["dave"], values=values)))
            expect(await sandbox.count(f"{where}:dave"), 2)

        for key in ["values", "pushContent", "pushData"]:
            with check(f"{name}: {key} for two of three is refused, and nobody is told"):
                before = await sandbox.state()
                answer = publish(three | {key: three[key][:2]})
                refused(answer, 400, 1002, f"{key} is invalid.")
                expect(await sandbox.state(), before)

    with check("a blacklist counts when it is asked for"):
        done(app.User.addBlacklist("alice", BOT))
        answer = done(message.publishTemplate(three | {"verifyBlacklist": 1}))
        expect(list(uids(answer)), ["bob", "carol"])
        expect(await sandbox.count("user:alice"), 1)

    for name, publish, most in [
        ("publishTemplate", message.publishTemplate, 1000),
        ("publishSystemTemplate", message.publishSystemTemplate, 100),
    ]:
        with check(f"{name} to {most} is taken, to one more it is not"):
            for many in [most, most + 1]:
                to = [f"u{n}" for n in range(many)]
                values = [{"{c}": str(n), "{d}": ""} for n in range(many)]
                answer = publish(three | unpushed(toUserId=to, values=values))
                if many == most:
                    expect(len(uids(done(answer))), most)
                else:
                    refused(answer, 400, 1002, "Too many toUserId.")


def unpushed(**fields):
    return {"pushContent": None, "pushData": None} | fields


async def pushes(sandbox, check, app):
    message = app.Message
    sent = ["alice", ["bob", "carol"], TXT, text("hi")]

    async def expect_push(alert, data, *users):
        last = await sandbox.pushed()
        expect([last["alert"], last["data"], sorted(last["users"])], [alert, data, list(users)])
        expect(last["to_all"], False)

    with check("pushContent and pushData appear on telephones"):
        done(message.publishPrivate(*sent, **PUSH))
        found = (await sandbox.act("alice", "pushes"))["pushes"]
        expect([user for each in found for user in each["users"]], ["bob", "carol"])
        await expect_push("收到消息", PUSH["pushData"], "carol")

    with check("not on those of who is there"):
        await sandbox.act("bob", "connect")
        done(message.publishPrivate(*sent, pushContent="2", pushData=""))
        await expect_push("2", "", "carol")

    with check("nor of who has silenced the sender"):
        muted = {"conversationType": 1, "requestId": "carol", "targetId": "alice", "isMuted": 1}
        app.call("/conversation/notification/set", muted)
        done(message.publishPrivate("alice", ["carol", "dave"], *sent[2:], pushContent="3"))
        await expect_push("3", "", "dave")

    with check("in a group on those of the others"):
        done(message.publishGroup("alice", GENERAL, TXT, text("hi"), "4", "d"))
        await expect_push("4", "d", "bot", "carol", "dave", "erin")

    for name, publish in [
        ("publishTemplate", message.publishTemplate),
        ("publishSystemTemplate", message.publishSystemTemplate),
    ]:
        with check(f"{name} pushes to each what is theirs"):
            template = {
                "fromUserId": "alice",
                "objectName": TXT,
                "content": text("{c}"),
                "toUserId": ["dave", "erin"],
                "values": [{"{c}": "1"}, {"{c}": "四"}],
                "pushContent": ["push{c}", "{c}{c}"],
                "pushData": ["x{c}", "y"],
            }
            done(publish(template))
            found = (await sandbox.act("alice", "pushes"))["pushes"][-2:]
            found = [(each["users"], each["alert"], each["data"]) for each in found]
            expect(found, [(["dave"], "push1", "x1"), (["erin"], "四四", "y")])

    with check("broadcast pushes to everybody"):
        done(message.broadcast("system", TXT, text("hi"), "all", "d"))
        last = await sandbox.pushed()
        expect([last["to_all"], last["alert"], last["data"]], [True, "all", "d"])


async def system(sandbox, check, app):
    message = app.Message

    with check("PublishSystem brings a system message"):
        answer = done(message.PublishSystem("system", "erin", TXT, text("入群申请")))
        expect(list(uids(answer)), ["erin"])
        expect(await said_by(sandbox, "system:erin"), ["system", "入群申请"])

    with check("with everything there is, to several"):
        to = {"bob", "carol"}
        answer = message.PublishSystem("system", to, TXT, text("all"), **PUSH, **KEPT)
        expect(sorted(uids(done(answer))), sorted(to))
        for who in to:
            expect(await said_by(sandbox, f"system:{who}"), ["system", "all"])

    with check("a hundred are told, one more is too many"):
        crowd = [f"v{n}" for n in range(100)]
        expect(len(uids(done(message.PublishSystem("system", crowd, TXT, text("hi"))))), 100)
        answer = message.PublishSystem("system", [*crowd, "v100"], TXT, text("no"))
        refused(answer, 400, 1002, "Too many toUserId.")
        expect(await sandbox.texts("system:v0"), ["hi"])

    with check("broadcast tells everybody who is registered, and has one id"):
        done(app.User.getToken("frank", "Frank", ""))
        answer = done(message.broadcast("system", TXT, text("大家好")))
        expect(list(answer), ["messageUID"])
        world.expect_uid(answer["messageUID"])
        for who in [*PEOPLE, "frank"]:
            last = await sandbox.last(f"system:{who}")
            expect([last["id"], world.text_of(last)], [answer["messageUID"], "大家好"])

    with check("whoever is not registered is not told"):
        assert "大家好" not in await sandbox.texts("system:v0")

    for os in ["iOS", "Android"]:
        with check(f"broadcast with everything there is, for {os}"):
            done(message.broadcast("system", TXT, text(os), **PUSH, os=os))
            expect(await said_by(sandbox, "system:alice"), ["system", os])

    with check("broadcast for another system is refused"):
        refused(message.broadcast("system", TXT, text("no"), os="OS/2"), 400, 1002)
        expect(await said_by(sandbox, "system:alice"), ["system", "Android"])


async def groups(sandbox, check, app):
    message = app.Message

    with check("publishGroup says something in a group"):
        answer = done(message.publishGroup("alice", GENERAL, TXT, text("大家")))
        expect(list(uids(answer, "groupId")), [GENERAL])
        expect(await said_by(sandbox, GROUP), ["alice", "大家"])
        expect((await sandbox.last(GROUP))["id"], uids(answer, "groupId")[GENERAL])

    with check("with everything there is, in three groups"):
        three = [GENERAL, "g1", "g2"]
        for id in three[1:]:
            done(app.Group.create("alice", id, id))
        given = PUSH | KEPT | {"isIncludeSender": 1}
        answer = done(message.publishGroup("bob", three, TXT, text("three"), **given))
        expect(list(uids(answer, "groupId")), three)
        for id in three:
            expect(await said_by(sandbox, f"group:{id}"), ["bob", "three"])

    with check("four groups are too many"):
        answer = message.publishGroup("bob", [*three, "g3"], TXT, text("no"))
        refused(answer, 400, 1002, "Too many toGroupId.")
        expect(await said_by(sandbox, GROUP), ["bob", "three"])

    with check("the sender need not be a member, and no gag or mute holds"):
        done(app.Group.addGagUser("alice", GENERAL, 10))
        app.call("/group/ban/add", {"groupId": GENERAL})
        for who in ["alice", "stranger"]:
            done(message.publishGroup(who, GENERAL, TXT, text("all the same")))
            expect(await said_by(sandbox, GROUP), [who, "all the same"])

    with check("a mention is in the content"):
        mentioned = {"type": 2, "userIdList": ["bob"], "mentionedContent": "@bob"}
        params = {
            "fromUserId": "alice",
            "toGroupId": GENERAL,
            "objectName": TXT,
            "content": text("@bob hi", mentionedInfo=mentioned),
            "isMentioned": 1,
        }
        app.call("/message/group/publish", params)
        assert "hi" in (await sandbox.texts(GROUP))[-1]
        bare = params | {"content": text("@bob hi")}
        answer = app.User.call_api("/message/group/publish", bare)
        refused(answer, 400, 1002)

    with check("a directed message goes into one group"):
        params = {
            "fromUserId": "alice",
            "toGroupId": GENERAL,
            "toUserId": ["bob", "carol"],
            "objectName": TXT,
            "content": text("only for two"),
        }
        app.call("/message/group/publish", params)
        expect(await said_by(sandbox, GROUP), ["alice", "only for two"])
        two = params | {"toGroupId": [GENERAL, "g1"]}
        refused(app.User.call_api("/message/group/publish", two), 400, 1002)

    with check("publishDiscussion says something in a discussion"):
        answer = done(message.publishDiscussion("alice", "d1", TXT, text("讨论")))
        expect(list(answer), ["messageUID"])
        expect((await sandbox.last("discussion:d1"))["id"], world.expect_uid(answer["messageUID"]))
        expect(await said_by(sandbox, "discussion:d1"), ["alice", "讨论"])
        given = PUSH | KEPT | {"isIncludeSender": 0}
        done(message.publishDiscussion("bob", "d1", TXT, text("all"), **given))
        expect(await said_by(sandbox, "discussion:d1"), ["bob", "all"])

    with check("publishChatroom says something in chatrooms"):
        answer = done(message.publishChatroom("alice", LOBBY, TXT, text("聊天室")))
        expect(list(uids(answer, "chatroomId")), [LOBBY])
        expect(await said_by(sandbox, ROOM), ["alice", "聊天室"])
        done(app.Chatroom.create([("r1", "One"), ("r2", "Two")]))
        answer = done(message.publishChatroom("bob", {"r1", "r2"}, TXT, text("two")))
        expect(sorted(uids(answer, "chatroomId")), ["r1", "r2"])
        for id in ["r1", "r2"]:
            expect(await said_by(sandbox, f"chatroom:{id}"), ["bob", "two"])

    with check("chatroom/broadcast says it in all of them"):
        params = {"fromUserId": "system", "objectName": TXT, "content": text("everywhere")}
        app.call("/message/chatroom/broadcast", params)
        for id in [LOBBY, "r1", "r2"]:
            expect(await said_by(sandbox, f"chatroom:{id}"), ["system", "everywhere"])

    with check("online/broadcast passes by whoever is not there"):
        await sandbox.act("alice", "connect")
        params = {"fromUserId": "system", "objectName": TXT, "content": text("who is there?")}
        world.expect_uid(app.call("/message/online/broadcast", params)["messageUID"])
        expect(await said_by(sandbox, "system:alice"), ["system", "who is there?"])
        assert "who is there?" not in await sandbox.texts("system:bob")

    with check("status messages are taken, and leave nothing in the log"):
        common = {"fromUserId": "bob", "objectName": "RC:TypSts", "content": "{}"}
        app.call("/statusmessage/private/publish", common | {"toUserId": ["alice", "carol"]})
        app.call("/statusmessage/group/publish", common | {"toGroupId": GENERAL})
        kinds = {each["classname"] for each in await log(sandbox, app)}
        assert "RC:TypSts" not in kinds, kinds


async def recall(sandbox, check, app):
    def take_back(uid, **other):
        params = {
            "fromUserId": BOT,
            "conversationType": 1,
            "targetId": "alice",
            "messageUID": uid,
            "sentTime": 1507778882124,
        }
        return app.User.call_api("/message/recall.json", params | other)

    with check("a message is recalled by its id, of whatever age"):
        answer = done(app.Message.publishPrivate(BOT, "alice", TXT, text("oops")))
        uid = uids(answer)["alice"]
        await sandbox.advance(HOUR)
        expect(take_back(uid).json(), {"code": 200})
        recalled = await sandbox.last("user:alice")
        assert recalled["recalled"], recalled

    with check("it stays in the log, where the recall is added"):
        kinds = [each["classname"] for each in await log(sandbox, app)]
        expect(kinds, ["RC:RcCmd"])
        hour = await sandbox.hour()
        await sandbox.advance(-HOUR)
        records = await log(sandbox, app)
        expect([each["msgUID"] for each in records], [uid])
        assert await sandbox.hour() != hour

    with check("of a group, a chatroom and system messages too"):
        done(app.Chatroom.create([("r1", "One")]))
        sent = {
            3: (GENERAL, app.Message.publishGroup, f"group:{GENERAL}"),
            4: ("r1", app.Message.publishChatroom, "chatroom:r1"),
            6: ("bob", app.Message.PublishSystem, "system:bob"),
        }
        for kind, (target, publish, conversation) in sent.items():
            done(publish(BOT, target, TXT, text("oops")))
            uid = (await sandbox.last(conversation))["id"]
            more = {"isAdmin": 1, "isDelete": 0, "extra": "x"}
            expect(take_back(uid, conversationType=kind, targetId=target, **more).status_code, 200)
            assert (await sandbox.last(conversation))["recalled"], conversation

    with check("an unknown message is recalled without effect"):
        before = await sandbox.count("user:alice")
        expect(take_back("AAAA-BBBB-CCCC-DDDD").json(), {"code": 200})
        expect(await sandbox.count("user:alice"), before)

    for name in ["fromUserId", "conversationType", "targetId", "messageUID", "sentTime"]:
        with check(f"a recall without {name} is refused"):
            refused(
                take_back("AAAA-BBBB-CCCC-DDDD", **{name: None}), 400, 1002, f"{name} is required."
            )

    with check("a discussion knows no recall"):
        refused(take_back("AAAA-BBBB-CCCC-DDDD", conversationType=2), 400, 1002)


async def file_of(sandbox, app, hour=None):
    """The log of an hour as it is downloaded; nothing where there is none."""
    hour = hour or await sandbox.hour()
    answer = done(app.Message.getHistory(hour))
    expect([set(answer), answer["date"]], [{"url", "date"}, hour])
    if not answer["url"]:
        return None
    assert answer["url"].startswith(f"{sandbox.url}/rongcloud/_history/"), answer["url"]
    assert answer["url"].endswith(".zip"), answer["url"]
    file = await sandbox.http.get(answer["url"])
    expect([file.status_code, file.headers["content-type"]], [200, "application/zip"])
    return file.content


async def log(sandbox, app, hour=None):
    """The records of an hour."""
    hour = hour or await sandbox.hour()
    file = await file_of(sandbox, app, hour)
    if file is None:
        return []
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        expect([archive.testzip(), archive.namelist()], [None, [f"{hour}.log"]])
        lines = archive.read(f"{hour}.log").decode("utf-8")
    assert lines.endswith("\n"), lines[-80:]
    return [json.loads(line) for line in lines.splitlines()]


async def history(sandbox, check, app):
    message = app.Message

    with check("an hour in which nothing was said has no log"):
        expect(await file_of(sandbox, app), None)
        expect(await file_of(sandbox, app, "2014010101"), None)

    with check("a record has everything about a message"):
        answer = done(message.publishPrivate("alice", "bob", TXT, text("你好", extra="e")))
        (record,) = await log(sandbox, app)
        taken = record.pop("timestamp")
        assert abs(taken / 1000 - await sandbox.now()) < world.PATIENCE, taken
        at = record.pop("dateTime")
        expect(round(world.seconds_of(at[:19])), taken // 1000)
        expect(at[19:], f".{taken % 1000:03}")
        expect(
            record,
            {
                "appId": world.KEY,
                "fromUserId": "alice",
                "targetId": "bob",
                "targetType": 1,
                "GroupId": "",
                "classname": TXT,
                "content": {"content": "你好", "extra": "e"},
                "msgUID": uids(answer)["bob"],
                "source": "Server",
                "isSensitiveWord": "false",
            },
        )

    with check("every kind of conversation has its number"):
        done(message.publishDiscussion("alice", "d1", TXT, text("2")))
        done(message.publishGroup("alice", GENERAL, TXT, text("3")))
        done(message.publishChatroom("alice", LOBBY, TXT, text("4")))
        done(message.PublishSystem("alice", "bob", TXT, text("6")))
        records = (await log(sandbox, app))[1:]
        found = [(each["targetType"], each["content"]["content"]) for each in records]
        expect(found, [(2, "2"), (3, "3"), (4, "4"), (6, "6")])
        expect([each["targetId"] for each in records], ["d1", GENERAL, LOBBY, "bob"])

    with check("what people say is there too, with where they said it"):
        uid = await sandbox.say("bob", private("alice", "bob"), "and you?")
        record = (await log(sandbox, app))[-1]
        expect([record["msgUID"], record["fromUserId"], record["targetId"]], [uid, "bob", "alice"])
        expect(record["content"]["content"], "and you?")
        assert record["source"] != "Server", record

    with check("content that is not JSON is a text"):
        done(message.publishPrivate("alice", "bob", "App:Raw", "<投票>"))
        expect((await log(sandbox, app))[-1]["content"], "<投票>")

    with check("what is not to be kept is not in the log"):
        before = len(await log(sandbox, app))
        done(message.publishPrivate("alice", "bob", TXT, text("psst"), isPersisted=0))
        expect(len(await log(sandbox, app)), before)
        expect((await sandbox.texts(private("alice", "bob")))[-1], "psst")

    with check("the log of the hour grows, and needs no signature"):
        before = len(await log(sandbox, app))
        for number in range(3):
            done(message.publishPrivate("alice", "bob", TXT, text(str(number))))
            expect(len(await log(sandbox, app)), before + number + 1)

    with check("the next hour has a log of its own"):
        first, kept = await sandbox.hour(), await log(sandbox, app)
        await sandbox.advance(HOUR)
        expect(await log(sandbox, app), [])
        done(message.publishPrivate("alice", "bob", TXT, text("later")))
        expect([each["content"]["content"] for each in await log(sandbox, app)], ["later"])
        expect(await log(sandbox, app, first), kept)

    with check("deleteMessage empties one hour and leaves the other"):
        nothing(message.deleteMessage(first))
        expect(await file_of(sandbox, app, first), None)
        expect(len(await log(sandbox, app)), 1)
        nothing(message.deleteMessage(first))

    with check("people still see what was deleted from the log"):
        assert "and you?" in await sandbox.texts(private("alice", "bob"))

    for date in ["20140101", "201401010", "20140101011", "2014010124", "2014023001", "201401010x"]:
        with check(f"{date} is no hour"):
            refused(message.getHistory(date), 400, 1002, "date is invalid.")
            refused(message.deleteMessage(date), 400, 1002, "date is invalid.")


world.run(main)
