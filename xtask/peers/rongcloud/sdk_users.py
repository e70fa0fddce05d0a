"""The SDK registers users, blocks them, and keeps blacklists and tags."""

import world
from common import expect
from sdk_peer import JSON, Peer, done, nothing, refused
from world import DAY, HOUR, MINUTE, MOST_MINUTES, ids, private

PICTURE = "http://127.0.0.1/苹果.png"


async def main(sandbox, check):
    app = Peer()
    await tokens(sandbox, check, app)
    await refresh(sandbox, check, app)
    await online(sandbox, check, app)
    await sandbox.reset()
    await block(sandbox, check, app)
    await sandbox.reset()
    await blacklist(sandbox, check, app)
    await tags(sandbox, check, app)
    app.all_called(check, "User")


def info(app, user):
    """What is known of a user, by the only call that tells."""
    return app.call("/user/info.json", {"userId": user})


def known(app, user):
    about = info(app, user)
    return [about["userName"], about["userPortrait"]]


async def tokens(sandbox, check, app):
    user = app.User

    with check("getToken registers somebody and answers a token and the id"):
        answer = done(user.getToken("frank", "Frank", PICTURE))
        expect(set(answer), {"token", "userId"})
        expect(answer["userId"], "frank")
        assert 0 < len(answer["token"].encode()) <= 256, answer["token"]

    with check("what was registered can be read back, and when"):
        about = info(app, "frank")
        expect(known(app, "frank"), ["Frank", PICTURE])
        await sandbox.expect_soon(about["createTime"], 0)

    with check("a name is any text"):
        done(user.getToken("grace", "格蕾丝 🐦 & + % = ü", ""))
        expect(known(app, "grace"), ["格蕾丝 🐦 & + % = ü", ""])

    with check("an id is any text"):
        expect(done(user.getToken("用户 +&=%", "x", ""))["userId"], "用户 +&=%")
        expect(known(app, "用户 +&=%"), ["x", ""])

    with check("a name may be empty, and a picture left out"):
        done(user.getToken("heidi", "", None))
        expect(known(app, "heidi"), ["", ""])

    with check("the second getToken renews name and picture"):
        done(user.getToken("frank", "F.", ""))
        expect(known(app, "frank"), ["F.", ""])

    with check("every token is another, and all of them open a client"):
        given = [done(user.getToken("frank", "Frank", PICTURE))["token"] for _ in range(3)]
        expect(len(set(given)), 3)
        for token in given:
            await sandbox.act("frank", "connect", token=token)
            expect(done(user.checkOnline("frank")), {"status": "1"})
            await sandbox.act("frank", "disconnect")

    with check("a token of somebody else opens nothing"):
        token = done(user.getToken("grace", "Grace", ""))["token"]
        try:
            await sandbox.act("frank", "connect", token=token)
        except RuntimeError:
            expect(done(user.checkOnline("frank")), {"status": "0"})
        else:
            raise AssertionError("it did")

    with check("token/expire ends the tokens that were given before a time"):
        old = done(user.getToken("frank", "Frank", ""))["token"]
        await sandbox.advance(MINUTE)
        app.call("/user/token/expire", {"userId": "frank", "time": int(await sandbox.now() * 1000)})
        await sandbox.advance(MINUTE)
        new = done(user.getToken("frank", "Frank", ""))["token"]
        await sandbox.act("frank", "connect", token=new)
        await sandbox.act("frank", "disconnect")
        try:
            await sandbox.act("frank", "connect", token=old)
        except RuntimeError:
            pass
        else:
            raise AssertionError("the old one goes on")

    with check("whoever is registered can speak and be spoken to"):
        await sandbox.say("frank", private("frank", "alice"), "hi")
        expect(await sandbox.texts(private("frank", "alice")), ["hi"])


async def refresh(sandbox, check, app):
    user = app.User

    with check("refresh changes name and picture"):
        nothing(user.refresh("alice", "Alice", PICTURE))
        expect(known(app, "alice"), ["Alice", PICTURE])

    with check("what is not given stays"):
        nothing(user.refresh("alice", name="阿丽"))
        expect(known(app, "alice"), ["阿丽", PICTURE])
        nothing(user.refresh("alice", portraitUri="http://127.0.0.1/b.png"))
        expect(known(app, "alice"), ["阿丽", "http://127.0.0.1/b.png"])
        nothing(user.refresh("alice"))
        expect(known(app, "alice"), ["阿丽", "http://127.0.0.1/b.png"])

    with check("what is empty counts as not given"):
        nothing(user.refresh("alice", "", ""))
        expect(known(app, "alice"), ["阿丽", "http://127.0.0.1/b.png"])

    with check("a stranger is refreshed without becoming known"):
        before = await sandbox.state()
        nothing(user.refresh("nobody", "Nobody", PICTURE))
        expect(await sandbox.state(), before)


async def online(sandbox, check, app):
    user = app.User

    with check("checkOnline tells whether somebody's client is connected, as text"):
        expect(done(user.checkOnline("alice")), {"status": "0"})
        await sandbox.act("alice", "connect")
        expect(done(user.checkOnline("alice")), {"status": "1"})
        expect(done(user.checkOnline("bob")), {"status": "0"})

    for action in ["disconnect", "logout"]:
        with check(f"after {action} somebody is no longer there"):
            await sandbox.act("alice", "connect")
            await sandbox.act("alice", action)
            expect(done(user.checkOnline("alice")), {"status": "0"})

    with check("a stranger is not there"):
        expect(done(user.checkOnline("nobody")), {"status": "0"})


def blocked(app):
    return {each["userId"]: each["blockEndTime"] for each in done(app.User.queryBlock())["users"]}


async def block(sandbox, check, app):
    user = app.User

    with check("at first nobody is blocked"):
        expect(done(user.queryBlock()), {"users": []})

    with check("block keeps somebody out until a time"):
        nothing(user.block("alice", 10))
        expect(list(blocked(app)), ["alice"])
        await sandbox.expect_soon(blocked(app)["alice"], 10 * MINUTE)

    with check("whoever is blocked cannot connect, and is not online"):
        try:
            await sandbox.act("alice", "connect")
        except RuntimeError:
            expect(done(user.checkOnline("alice")), {"status": "0"})
        else:
            raise AssertionError("alice is in")

    with check("to block again starts anew"):
        await sandbox.advance(5 * MINUTE)
        nothing(user.block("alice", "10"))
        await sandbox.expect_soon(blocked(app)["alice"], 10 * MINUTE)
        nothing(user.block("alice", 1))
        await sandbox.expect_soon(blocked(app)["alice"], MINUTE)

    with check("the block lifts itself"):
        await sandbox.advance(MINUTE + 1)
        expect(blocked(app), {})
        await sandbox.act("alice", "connect")
        expect(done(user.checkOnline("alice")), {"status": "1"})

    with check("block disconnects at once"):
        nothing(user.block("alice", 1))
        expect(done(user.checkOnline("alice")), {"status": "0"})

    with check("unBlock lifts it"):
        nothing(user.unBlock("alice"))
        expect(blocked(app), {})
        await sandbox.act("alice", "connect")

    with check("unBlock of somebody who is not blocked"):
        nothing(user.unBlock("bob"))

    with check("twenty are blocked in one call, and lifted in one"):
        twenty = [f"u{n}" for n in range(20)]
        nothing(user.block(twenty, 1))
        expect(sorted(blocked(app)), sorted(twenty))
        nothing(user.unBlock(set(twenty)))
        expect(blocked(app), {})

    with check("twenty-one are too many, and none of them is blocked"):
        many = [f"u{n}" for n in range(21)]
        refused(user.block(many, 1), 400, 1002, "Too many userId.")
        expect(blocked(app), {})
        refused(user.unBlock(many), 400, 1002, "Too many userId.")

    with check("a month is the longest"):
        nothing(user.block("alice", MOST_MINUTES))
        await sandbox.expect_soon(blocked(app)["alice"], 30 * DAY)
        await sandbox.advance(30 * DAY - HOUR)
        expect(list(blocked(app)), ["alice"])
        await sandbox.advance(HOUR + MINUTE)
        expect(blocked(app), {})

    for minute in [0, -1, MOST_MINUTES + 1, "1.5", "x", ""]:
        with check(f"nobody is blocked for {minute!r} minutes"):
            refused(user.block("alice", minute), 400, 1002)
            expect(blocked(app), {})


def disliked(app, who, **more):
    return app.call("/user/blacklist/query", {"userId": who} | more)


async def blacklist(sandbox, check, app):
    user = app.User

    with check("a blacklist is empty at first"):
        expect(done(user.queryBlacklist("alice")), {"users": []})

    with check("addBlacklist puts one there, and one after the other, newest first"):
        nothing(user.addBlacklist("alice", "bob"))
        expect(done(user.queryBlacklist("alice")), {"users": ["bob"]})
        await sandbox.advance(1)
        nothing(user.addBlacklist("alice", ["carol"]))
        expect(done(user.queryBlacklist("alice")), {"users": ["carol", "bob"]})

    with check("twice is as once"):
        nothing(user.addBlacklist("alice", "carol"))
        expect(sorted(done(user.queryBlacklist("alice"))["users"]), ["bob", "carol"])

    with check("it binds in one direction: bob cannot write to alice"):
        assert "405" in await sandbox.speech("bob", private("alice", "bob"), "hi")
        await sandbox.say("alice", private("alice", "bob"), "hello")
        expect(await sandbox.texts(private("alice", "bob")), ["hello"])
        expect(done(user.queryBlacklist("bob")), {"users": []})

    with check("the application can, unless it asks for the blacklist to count"):
        message = ["bob", "alice", "RC:TxtMsg", world.text("from outside")]
        done(app.Message.publishPrivate(*message))
        expect((await sandbox.texts(private("alice", "bob")))[1:], ["from outside"])
        done(app.Message.publishPrivate(*message, verifyBlacklist=0))
        expect(await sandbox.count(private("alice", "bob")), 3)
        answer = done(app.Message.publishPrivate(*message, verifyBlacklist=1))
        expect(answer.get("messageUIDs", []), [])
        expect(await sandbox.count(private("alice", "bob")), 3)

    with check("whoever is not on it gets the message all the same"):
        to = ["alice", "dave"]
        sent = ["bob", to, "RC:TxtMsg", world.text("both?")]
        answer = done(app.Message.publishPrivate(*sent, verifyBlacklist=1))
        expect(ids(answer["messageUIDs"]), ["dave"])
        expect(await sandbox.texts(private("bob", "dave")), ["both?"])
        expect(await sandbox.count(private("alice", "bob")), 3)

    with check("removeBlacklist takes off"):
        nothing(user.removeBlacklist("alice", "bob"))
        expect(done(user.queryBlacklist("alice")), {"users": ["carol"]})
        await sandbox.say("bob", private("alice", "bob"), "hi")
        nothing(user.removeBlacklist("alice", ["carol", "dave"]))
        expect(done(user.queryBlacklist("alice")), {"users": []})

    with check("twenty go on in one call, twenty-one do not"):
        twenty = [f"u{n}" for n in range(20)]
        nothing(user.addBlacklist("bob", twenty))
        expect(sorted(done(user.queryBlacklist("bob"))["users"]), sorted(twenty))
        more = [*twenty, "u20"]
        for call in (user.addBlacklist, user.removeBlacklist):
            refused(call("bob", more), 400, 1002, "Too many blackUserId.")
        expect(len(done(user.queryBlacklist("bob"))["users"]), 20)

    with check("the list can be read in pages"):
        first = disliked(app, "bob", size=15)
        expect([len(first["users"]), bool(first["next"])], [15, True])
        second = disliked(app, "bob", size=15, pageToken=first["next"])
        expect(sorted(first["users"] + second["users"]), sorted(twenty))

    with check("the documented word blocklist names the same list"):
        app.call("/user/blocklist/add.json", {"userId": "carol", "blackUserId": ["dave"]})
        expect(done(user.queryBlacklist("carol")), {"users": ["dave"]})
        expect(app.call("/user/blocklist/query", {"userId": "carol"})["users"], ["dave"])
        app.call("/user/blocklist/remove", {"userId": "carol", "blackUserId": "dave"})
        expect(done(user.queryBlacklist("carol")), {"users": []})


async def tags(sandbox, check, app):
    def tags_of(*users):
        return app.call("/user/tags/get", {"userIds": users})["result"]

    def set_tags(user, tags):
        return app.Push.setUserPushTag({"userId": user, "tags": tags})

    with check("setUserPushTag gives somebody tags, in place of those before"):
        nothing(set_tags("alice", ["bj", "男"]))
        expect(tags_of("alice"), {"alice": ["bj", "男"]})
        nothing(set_tags("alice", ["上海"]))
        expect(tags_of("alice"), {"alice": ["上海"]})

    with check("several are asked for at once"):
        nothing(set_tags("bob", ["x"]))
        expect(tags_of("alice", "bob"), {"alice": ["上海"], "bob": ["x"]})

    with check("an empty list clears them"):
        nothing(set_tags("alice", []))
        expect(tags_of("alice").get("alice", []), [])

    with check("twenty tags of 40 bytes are taken"):
        twenty = [f"{n:02}{'x' * 38}" for n in range(20)]
        nothing(set_tags("alice", twenty))
        expect(sorted(tags_of("alice")["alice"]), twenty)

    with check("one more is too many, and the old ones stay"):
        refused(set_tags("alice", [*twenty, "x"]), 400, 1002, "Too many tags.")
        refused(set_tags("alice", ["x" * 41]), 400, 1005, "tags is too long.")
        refused(set_tags("alice", ["男" * 14]), 400, 1005, "tags is too long.")
        expect(sorted(tags_of("alice")["alice"]), twenty)

    with check("the low-level call sends JSON too"):
        app.call("/user/tag/set", {"userId": "carol", "tags": ["新"]}, kind=JSON)
        expect(tags_of("carol"), {"carol": ["新"]})


world.run(main)
