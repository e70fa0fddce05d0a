"""The SDK makes chatrooms and rules in them."""

import world
from common import expect
from sdk_peer import Peer, done, nothing, refused
from world import HOUR, LOBBY, MINUTE, MOST_MINUTES, expect_users

ROOM = f"chatroom:{LOBBY}"


async def main(sandbox, check):
    app = Peer()
    await rooms(sandbox, check, app)
    await sandbox.reset()
    await visitors(sandbox, check, app)
    await sandbox.reset()
    await gags(sandbox, check, app)
    await sandbox.reset()
    await blocks(sandbox, check, app)
    await sandbox.reset()
    await distribution(sandbox, check, app)
    await lists(sandbox, check, app)
    await sandbox.reset()
    await keepalive(sandbox, check, app)
    app.all_called(check, "Chatroom")


def rooms_of(app, *rooms):
    answer = done(app.Chatroom.query(list(rooms)))["chatRooms"]
    return {each["chrmId"]: each["name"] for each in answer}


async def rooms(sandbox, check, app):
    chatroom = app.Chatroom

    with check("create makes rooms, and query tells their names and since when they are"):
        nothing(chatroom.create([("r1", "一"), ("r 2&=[x]", "Two 🐦")]))
        answer = done(chatroom.query(["r1", "r 2&=[x]"]))["chatRooms"]
        expect(
            {each["chrmId"]: each["name"] for each in answer}, {"r1": "一", "r 2&=[x]": "Two 🐦"}
        )
        for each in answer:
            expect(set(each), {"chrmId", "name", "time"})
            await sandbox.expect_soon(each["time"], 0)

    with check("a dictionary has what create wants"):
        nothing(chatroom.create({"r3": "Three"}.items()))
        expect(rooms_of(app, "r3"), {"r3": "Three"})

    with check("a room that is there stays as it is"):
        before = done(chatroom.query("r1"))
        await sandbox.advance(MINUTE)
        nothing(chatroom.create([("r1", "other")]))
        expect(done(chatroom.query("r1")), before)

    with check("query leaves out what is not there"):
        expect(rooms_of(app, "r1", "nowhere", LOBBY), {"r1": "一"} | rooms_of(app, LOBBY))
        expect(done(chatroom.query("nowhere")), {"chatRooms": []})

    with check("a hundred are made in one call, one more is too many"):
        many = [(f"m{n}", f"M{n}") for n in range(101)]
        refused(chatroom.create(many), 400, 1002, "Too many chatroom.")
        expect(rooms_of(app, "m0"), {})
        nothing(chatroom.create(many[:100]))
        expect(len(rooms_of(app, *(id for id, _ in many))), 100)

    with check("an id has 64 bytes at most"):
        nothing(chatroom.create([("室" * 21, "x")]))
        refused(chatroom.create([("r4", "Four"), ("室" * 22, "x")]), 400, 1005)
        expect(rooms_of(app, "r4"), {})

    with check("destroy ends one, several, and what is not there"):
        nothing(chatroom.destroy("r1"))
        nothing(chatroom.destroy({"r3", "m0", "nowhere"}))
        expect(rooms_of(app, "r1", "r3", "m0"), {})
        nothing(chatroom.destroy("r1"))

    with check("with everything that was in it"):
        nothing(chatroom.create([("r5", "Five")]))
        nothing(chatroom.join(["alice", "bob"], "r5"))
        nothing(chatroom.addGagUser("alice", "r5", 10))
        nothing(chatroom.addWhiteListUser("r5", "bob"))
        nothing(chatroom.addBlockUser("carol", "r5", 10))
        nothing(chatroom.destroy("r5"))
        nothing(chatroom.create([("r5", "Again")]))
        expect(done(chatroom.queryUser("r5", 10, 1)), {"total": 0, "users": []})
        for query in (chatroom.ListGagUser, chatroom.getListBlockUser):
            expect(done(query("r5")), {"users": []})
        expect(app.call("/chatroom/user/whitelist/query", {"chatroomId": "r5"})["users"], [])


async def visitors(sandbox, check, app):
    chatroom = app.Chatroom

    with check("join brings people in, in the order of joining"):
        nothing(chatroom.join("carol", LOBBY))
        await sandbox.advance(1)
        nothing(chatroom.join(["bob", "alice"], LOBBY))
        answer = done(chatroom.queryUser(LOBBY, 500, 1))
        expect(answer["total"], 3)
        expect_users(answer, "carol", "bob", "alice")
        for each in answer["users"]:
            await sandbox.expect_soon(each["time"], 0)

    with check("order 2 is the reverse"):
        expect_users(done(chatroom.queryUser(LOBBY, "500", "2")), "alice", "bob", "carol")

    with check("count cuts the list, not the total"):
        answer = done(chatroom.queryUser(LOBBY, 2, 1))
        expect(answer["total"], 3)
        expect_users(answer, "carol", "bob")
        expect_users(done(chatroom.queryUser(LOBBY, 1, 2)), "alice")

    with check("more than 500 are as 500"):
        nothing(chatroom.create([("big", "Big")]))
        for start in range(0, 550, 50):
            nothing(chatroom.join([f"u{n}" for n in range(start, start + 50)], "big"))
        answer = done(chatroom.queryUser("big", 1000, 1))
        expect([answer["total"], len(answer["users"])], [550, 500])

    for count in [0, -1, "x", "1.5", ""]:
        with check(f"a count of {count!r} is refused"):
            refused(chatroom.queryUser(LOBBY, count, 1), 400, 1002)
    for order in [0, 3, "x", ""]:
        with check(f"an order of {order!r} is refused"):
            refused(chatroom.queryUser(LOBBY, 10, order), 400, 1002)

    with check("nobody is in an unknown room"):
        expect(done(chatroom.queryUser("nowhere", 10, 1)), {"total": 0, "users": []})

    with check("to join an unknown room is to make it, with its id as name"):
        nothing(chatroom.join({"alice"}, "r1"))
        expect(rooms_of(app, "r1"), {"r1": "r1"})
        expect_users(done(chatroom.queryUser("r1", 10, 1)), "alice")

    with check("somebody may be in several rooms"):
        expect(done(chatroom.queryUser(LOBBY, 10, 1))["total"], 3)

    with check("fifty join in one call, one more is too many"):
        refused(chatroom.join([f"v{n}" for n in range(51)], "r1"), 400, 1002, "Too many userId.")
        expect(done(chatroom.queryUser("r1", 10, 1))["total"], 1)

    with check("users/exist and user/exist tell who is there"):
        answer = app.call("/chatroom/users/exist", {"chatroomId": "r1", "userId": ["alice", "bob"]})
        expect(
            {each["userId"]: each["isInChrm"] for each in answer["result"]}, {"alice": 1, "bob": 0}
        )
        answer = app.call("/chatroom/user/exist", {"chatroomId": "r1", "userId": "alice"})
        expect(answer["isInChrm"], True)

    with check("whoever is in a room is heard there, whoever is not is not: 23406"):
        await sandbox.say("alice", ROOM, "hello")
        expect(await sandbox.texts(ROOM), ["hello"])
        assert "23406" in await sandbox.speech("erin", ROOM, "hi")

    with check("clients come and go"):
        await sandbox.act("erin", "enter", chatroom=LOBBY)
        expect(done(chatroom.queryUser(LOBBY, 1, 2))["users"][0]["id"], "erin")
        await sandbox.say("erin", ROOM, "hi")
        await sandbox.act("erin", "exit", chatroom=LOBBY)
        expect(done(chatroom.queryUser(LOBBY, 1, 2))["users"][0]["id"], "alice")


def listed(answer):
    return {each["userId"]: each["time"] for each in done(answer)["users"]}


async def gags(sandbox, check, app):
    chatroom = app.Chatroom
    done(chatroom.join(["alice", "bob"], LOBBY))

    with check("addGagUser gags in one room"):
        nothing(chatroom.addGagUser("bob", LOBBY, "10"))
        expect(list(listed(chatroom.ListGagUser(LOBBY))), ["bob"])
        await sandbox.expect_soon(listed(chatroom.ListGagUser(LOBBY))["bob"], 10 * MINUTE)

    with check("whoever is gagged is not heard: 23408"):
        assert "23408" in await sandbox.speech("bob", ROOM, "hi")
        await sandbox.say("alice", ROOM, "hi")
        done(chatroom.join("bob", "r1"))
        await sandbox.say("bob", "chatroom:r1", "hi")

    with check("it ends by itself"):
        await sandbox.advance(10 * MINUTE + 1)
        expect(listed(chatroom.ListGagUser(LOBBY)), {})
        await sandbox.say("bob", ROOM, "at last")

    with check("rollbackGagUser lifts it, also of whoever is not gagged"):
        nothing(chatroom.addGagUser({"alice", "bob"}, LOBBY, MOST_MINUTES))
        expect(sorted(listed(chatroom.ListGagUser(LOBBY))), ["alice", "bob"])
        nothing(chatroom.rollbackGagUser(["alice", "bob", "erin"], LOBBY))
        expect(listed(chatroom.ListGagUser(LOBBY)), {})
        await sandbox.say("bob", ROOM, "hi")

    with check("a room need not be there to gag in it"):
        nothing(chatroom.addGagUser("bob", "nowhere", 10))
        expect(list(listed(chatroom.ListGagUser("nowhere"))), ["bob"])

    await twenty(check, "gag", chatroom.addGagUser, chatroom.rollbackGagUser, chatroom.ListGagUser)


async def twenty(check, what, add, rollback, query):
    """Twenty at once are as many as may be."""
    many = [f"u{n}" for n in range(21)]

    with check(f"a {what} of twenty in one call, and of no more"):
        nothing(add(many[:20], "r2", 1))
        expect(sorted(listed(query("r2"))), sorted(many[:20]))
        refused(add(many, "r3", 1), 400, 1002, "Too many userId.")
        expect(listed(query("r3")), {})
        refused(rollback(many, "r2"), 400, 1002, "Too many userId.")
        expect(len(listed(query("r2"))), 20)

    for minute in [0, -1, MOST_MINUTES + 1, "1.5", "x", ""]:
        with check(f"no {what} for {minute!r} minutes"):
            refused(add("bob", "r3", minute), 400, 1002)
            expect(listed(query("r3")), {})


async def blocks(sandbox, check, app):
    chatroom = app.Chatroom
    done(chatroom.join(["alice", "bob", "carol"], LOBBY))

    with check("addBlockUser puts somebody out at once"):
        nothing(chatroom.addBlockUser("bob", LOBBY, "10"))
        expect(list(listed(chatroom.getListBlockUser(LOBBY))), ["bob"])
        await sandbox.expect_soon(listed(chatroom.getListBlockUser(LOBBY))["bob"], 10 * MINUTE)
        expect_users(done(chatroom.queryUser(LOBBY, 10, 1)), "alice", "carol")
        await sandbox.speech("bob", ROOM, "hi")

    with check("whoever is blocked cannot come back: 23409"):
        try:
            await sandbox.act("bob", "enter", chatroom=LOBBY)
        except RuntimeError as refusal:
            assert "23409" in str(refusal), refusal
        else:
            raise AssertionError("bob is in")

    with check("nor is anybody brought in with them"):
        refused(chatroom.join(["dave", "bob"], LOBBY), 403, 23409)
        expect_users(done(chatroom.queryUser(LOBBY, 10, 1)), "alice", "carol")

    with check("rollbackBlockUser lifts the bar, and brings nobody back"):
        nothing(chatroom.rollbackBlockUser({"bob", "erin"}, LOBBY))
        expect(listed(chatroom.getListBlockUser(LOBBY)), {})
        expect_users(done(chatroom.queryUser(LOBBY, 10, 1)), "alice", "carol")
        nothing(chatroom.join("bob", LOBBY))
        expect_users(done(chatroom.queryUser(LOBBY, 10, 1)), "alice", "carol", "bob")

    with check("it ends by itself"):
        nothing(chatroom.addBlockUser("carol", LOBBY, 1))
        await sandbox.advance(MINUTE + 1)
        expect(listed(chatroom.getListBlockUser(LOBBY)), {})
        await sandbox.act("carol", "enter", chatroom=LOBBY)

    await twenty(
        check, "block", chatroom.addBlockUser, chatroom.rollbackBlockUser, chatroom.getListBlockUser
    )


async def distribution(sandbox, check, app):
    chatroom, sent = app.Chatroom, ["alice", LOBBY, "RC:TxtMsg", world.text("from outside")]
    done(chatroom.join(["alice", "bob"], LOBBY))

    with check("stopDistributionMessage swallows what people say"):
        nothing(chatroom.stopDistributionMessage(LOBBY))
        await sandbox.say("bob", ROOM, "anybody?")
        expect(await sandbox.count(ROOM), 0)

    with check("the application is heard"):
        done(app.Message.publishChatroom(*sent))
        expect(await sandbox.texts(ROOM), ["from outside"])

    with check("resumeDistributionMessage lets them be heard again"):
        nothing(chatroom.resumeDistributionMessage(LOBBY))
        await sandbox.say("bob", ROOM, "at last")
        expect(await sandbox.texts(ROOM), ["from outside", "at last"])

    with check("both may be said twice, and of unknown rooms"):
        for call in (chatroom.stopDistributionMessage, chatroom.resumeDistributionMessage):
            nothing(call("nowhere"))
            nothing(call("nowhere"))


async def lists(sandbox, check, app):
    chatroom = app.Chatroom

    def whitelist(room=LOBBY):
        return app.call("/chatroom/user/whitelist/query", {"chatroomId": room})["users"]

    with check("addWhiteListUser lists one, several and a set"):
        nothing(chatroom.addWhiteListUser(LOBBY, "alice"))
        nothing(chatroom.addWhiteListUser(LOBBY, ["bob", "carol"]))
        nothing(chatroom.addWhiteListUser(LOBBY, {"alice"}))
        expect(sorted(whitelist()), ["alice", "bob", "carol"])

    with check("a room has five of them, and a sixth is refused with the fifth"):
        refused(chatroom.addWhiteListUser(LOBBY, ["u1", "u2", "u3"]), 400, 1002)
        refused(chatroom.addWhiteListUser("r1", [f"u{n}" for n in range(6)]), 400, 1002)
        expect([sorted(whitelist()), whitelist("r1")], [["alice", "bob", "carol"], []])
        nothing(chatroom.addWhiteListUser(LOBBY, ["u1", "u2", "alice"]))
        expect(len(whitelist()), 5)

    with check("whitelist/remove is its twin"):
        params = {"chatroomId": LOBBY, "userId": ["u1", "u2", "nobody"]}
        app.call("/chatroom/user/whitelist/remove", params)
        expect(sorted(whitelist()), ["alice", "bob", "carol"])

    def priority():
        return app.call("/chatroom/message/priority/query")["objectNames"]

    with check("addPriority lists types that can wait"):
        expect(priority(), [])
        nothing(chatroom.addPriority("RC:VcMsg"))
        nothing(chatroom.addPriority({"RC:ImgMsg", "RC:VcMsg"}))
        expect(sorted(priority()), ["RC:ImgMsg", "RC:VcMsg"])

    with check("five in one call, and no more"):
        names = [f"App:{n}" for n in range(24)]
        refused(chatroom.addPriority(names[:6]), 400, 1002, "Too many objectName.")
        expect(len(priority()), 2)

    with check("twenty in all, and no more"):
        for start in (0, 5, 10):
            nothing(chatroom.addPriority(names[start : start + 5]))
        refused(chatroom.addPriority(names[15:19]), 400, 1002)
        expect(len(priority()), 17)
        nothing(chatroom.addPriority(names[15:18]))
        expect(len(priority()), 20)

    with check("priority/remove is its twin"):
        app.call("/chatroom/message/priority/remove", {"objectName": names[:5]})
        expect(len(priority()), 15)


async def keepalive(sandbox, check, app):
    chatroom = app.Chatroom

    def kept():
        return app.call("/chatroom/keepalive/query")["chatroomIds"]

    with check("keepalive/add keeps a room"):
        app.call("/chatroom/keepalive/add", {"chatroomId": LOBBY})
        expect(kept(), [LOBBY])

    with check("a room in which nothing happens is gone after an hour, unless it is kept"):
        nothing(chatroom.create([("r1", "One")]))
        await sandbox.advance(HOUR + MINUTE)
        expect(rooms_of(app, "r1"), {})
        expect(list(rooms_of(app, LOBBY)), [LOBBY])

    with check("a message puts it off"):
        nothing(chatroom.create([("r2", "Two")]))
        await sandbox.advance(HOUR - MINUTE)
        done(app.Message.publishChatroom("alice", "r2", "RC:TxtMsg", world.text("hi")))
        await sandbox.advance(HOUR - MINUTE)
        expect(list(rooms_of(app, "r2")), ["r2"])
        await sandbox.advance(2 * MINUTE)
        expect(rooms_of(app, "r2"), {})

    with check("keepalive/remove lets go"):
        app.call("/chatroom/keepalive/remove", {"chatroomId": LOBBY})
        expect(kept(), [])

    with check("1015 comes in a 200: ok says that it succeeded, code that it did not"):
        answer = app.User.call_api("/chatroom/keepalive/remove.json", {"chatroomId": LOBBY})
        refused(answer, 200, 1015)
        expect(answer.ok, True)

    with check("a hundred rooms are kept, and no more"):
        for number in range(100):
            app.call("/chatroom/keepalive/add", {"chatroomId": f"k{number}"})
        answer = app.User.call_api("/chatroom/keepalive/add", {"chatroomId": "k100"})
        refused(answer, 403, 1016)
        expect(len(kept()), 100)


world.run(main)
