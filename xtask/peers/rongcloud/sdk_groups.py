"""The SDK makes groups, changes them, forbids people to speak, and keeps words
out of what they say."""

import world
from common import expect
from sdk_peer import Peer, done, nothing, refused
from world import ALWAYS, GENERAL, MINUTE, MOST_MINUTES, PEOPLE, private

GROUP = f"group:{GENERAL}"
# So many words there may be.
MOST_WORDS = 50


async def main(sandbox, check):
    app = Peer()
    await membership(sandbox, check, app)
    await sandbox.reset()
    await limits(sandbox, check, app)
    await sandbox.reset()
    await gags(sandbox, check, app)
    await sandbox.reset()
    await mutes(sandbox, check, app)
    await sandbox.reset()
    await words(sandbox, check, app)
    await sandbox.reset()
    await replaced(sandbox, check, app)
    app.all_called(check, "Group", "Wordfilter")


def members(app, group):
    return [each["id"] for each in done(app.Group.queryUser(group))["users"]]


def groups_of(app, user, **page):
    answer = app.call("/user/group/query", {"userId": user} | page)
    return {each["id"]: each["name"] for each in answer["groups"]}


async def membership(sandbox, check, app):
    group = app.Group

    with check("queryUser lists the members in the order of joining"):
        expect(sorted(members(app, GENERAL)), sorted([*PEOPLE, world.BOT]))

    with check("create makes a group with its members"):
        nothing(group.create(["carol", "alice"], "g1", "一组"))
        expect(members(app, "g1"), ["carol", "alice"])
        expect(groups_of(app, "alice"), {GENERAL: groups_of(app, "bob")[GENERAL], "g1": "一组"})
        expect(groups_of(app, "bob").get("g1"), None)

    with check("people see it, and speak there"):
        await sandbox.say("alice", "group:g1", "hello")
        expect(await sandbox.texts("group:g1"), ["hello"])

    with check("whoever is no member is not heard: 22406"):
        assert "22406" in await sandbox.speech("bob", "group:g1", "hi")

    with check("create is join: it adds to a group, and renames it"):
        nothing(group.create("bob", "g1", "二组"))
        expect(members(app, "g1"), ["carol", "alice", "bob"])
        expect(groups_of(app, "alice")["g1"], "二组")

    with check("join adds one, several, and a set"):
        nothing(group.join("dave", "g1", "二组"))
        nothing(group.join(["erin", "frank"], "g1", None))
        nothing(group.join({"grace"}, "g1", "二组"))
        expect(members(app, "g1"), ["carol", "alice", "bob", "dave", "erin", "frank", "grace"])

    with check("whoever joins twice stays where they are"):
        nothing(group.join(["alice", "grace"], "g1", None))
        expect(members(app, "g1"), ["carol", "alice", "bob", "dave", "erin", "frank", "grace"])

    with check("join with a name renames, without one it does not"):
        nothing(group.join("alice", "g1", "三组"))
        expect(groups_of(app, "alice")["g1"], "三组")
        nothing(group.join("alice", "g1", None))
        expect(groups_of(app, "alice")["g1"], "三组")

    with check("join makes the group that is not there, if it has a name"):
        nothing(group.join("alice", "g2", "新群 🐦"))
        expect([members(app, "g2"), groups_of(app, "alice")["g2"]], [["alice"], "新群 🐦"])
        refused(group.join("alice", "g3", None), 400, 1002, "groupName is required.")
        expect(members(app, "g3"), [])

    with check("refresh renames"):
        nothing(group.refresh("g2", "群二"))
        expect(groups_of(app, "alice")["g2"], "群二")

    with check("refresh of an unknown group makes none"):
        before = await sandbox.state()
        nothing(group.refresh("g9", "nine"))
        expect(await sandbox.state(), before)

    with check("quit takes out one, several, and who is not there"):
        nothing(group.quit("carol", "g1"))
        nothing(group.quit(["dave", "erin", "heidi"], "g1"))
        nothing(group.quit({"frank"}, "g1"))
        expect(members(app, "g1"), ["alice", "bob", "grace"])
        nothing(group.quit("alice", "g9"))
        assert "22406" in await sandbox.speech("carol", "group:g1", "hi")

    with check("an unknown group has nobody in it"):
        expect(done(group.queryUser("g9")), {"users": []})

    with check("sync adds somebody to groups, makes those that are not there, renames none"):
        nothing(group.sync("erin", [("g1", "other"), ("g4", "四"), ("g 5&=[x]", "五")]))
        expect("erin" in members(app, "g1"), True)
        found = groups_of(app, "erin")
        expect(
            {id: found[id] for id in ["g1", "g4", "g 5&=[x]"]},
            {"g1": "三组", "g4": "四", "g 5&=[x]": "五"},
        )

    with check("sync takes nobody out of what is not listed"):
        before = groups_of(app, "erin")
        nothing(group.sync("erin", [("g4", "四")]))
        nothing(group.sync("erin", []))
        expect(groups_of(app, "erin"), before)

    with check("the groups of somebody are read in pages"):
        everything = groups_of(app, "erin")
        pages = [groups_of(app, "erin", page=page, size=2) for page in (1, 2, 3)]
        expect({id: name for page in pages for id, name in page.items()}, everything)
        expect(max(map(len, pages)), 2)

    with check("dismiss ends a group, whoever asks for it"):
        nothing(group.dismiss("stranger", "g1"))
        expect(members(app, "g1"), [])
        expect(groups_of(app, "bob").get("g1"), None)
        nothing(group.dismiss("stranger", "g1"))
        await sandbox.speech("alice", "group:g1", "hi")


async def limits(sandbox, check, app):
    group = app.Group
    crowd = [f"u{n}" for n in range(3001)]

    with check("a thousand join in one call, one more does not"):
        refused(group.create(crowd[:1001], "big", "Big"), 400, 1002, "Too many userId.")
        expect(members(app, "big"), [])
        for start in (0, 1000, 2000):
            nothing(group.create(crowd[start : start + 1000], "big", "Big"))
        expect(members(app, "big"), crowd[:3000])

    with check("the 3,001st finds no room, nor does anybody with them"):
        for call in (group.join, group.create):
            answer = call([crowd[0], crowd[3000]], "big", "Bigger")
            refused(answer, 405, 405, "The group capacity exceeds the limit.")
        expect(members(app, "big"), crowd[:3000])
        expect(groups_of(app, "u1"), {"big": "Big"})

    with check("whoever is in a full group may join it"):
        nothing(group.join([crowd[0], crowd[2999]], "big", "Big"))

    with check("a message to all of them is one"):
        done(app.Message.publishGroup("u0", "big", "RC:TxtMsg", world.text("hello 3,000")))
        expect(await sandbox.texts("group:big"), ["hello 3,000"])

    with check("a thousand leave in one call, one more does not"):
        refused(group.quit(crowd[:1001], "big"), 400, 1002, "Too many userId.")
        nothing(group.quit(crowd[1000:2000], "big"))
        expect(len(members(app, "big")), 2000)
        nothing(group.join(crowd[3000], "big", None))

    with check("somebody is in 500 groups, and in no more"):
        many = [(f"m{n}", f"M{n}") for n in range(500)]
        nothing(group.sync("frank", many))
        expect(len(groups_of(app, "frank", size=1000)), 500)
        refused(group.sync("frank", [("m0", "M0"), ("m500", "M500")]), 400, 1002)
        refused(group.create(["grace", "frank"], "m500", "M500"), 400, 1002)
        refused(group.join(["grace", "frank"], "big", None), 400, 1002)
        expect(len(groups_of(app, "frank", size=1000)), 500)
        expect([groups_of(app, "grace"), members(app, "m500")], [{}, []])

    with check("whoever leaves one can join another"):
        nothing(group.quit("frank", "m0"))
        nothing(group.join("frank", "m500", "M500"))


def gagged(app, group):
    return {each["userId"]: each for each in done(app.Group.lisGagUser(group))["users"]}


async def gags(sandbox, check, app):
    group = app.Group

    with check("lisGagUser is empty at first"):
        expect(done(group.lisGagUser(GENERAL)), {"users": []})

    with check("addGagUser gags for some minutes"):
        nothing(group.addGagUser("bob", GENERAL, "10"))
        expect(list(gagged(app, GENERAL)), ["bob"])
        await sandbox.expect_soon(gagged(app, GENERAL)["bob"]["time"], 10 * MINUTE)
        await sandbox.expect_soon(gagged(app, GENERAL)["bob"]["startTime"], 0)

    with check("whoever is gagged is not heard in this group: 22408"):
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")
        expect(await sandbox.count(GROUP), 0)
        nothing(group.create(["bob", "alice"], "g1", "One"))
        await sandbox.say("bob", "group:g1", "hi")
        await sandbox.say("alice", GROUP, "hi")

    with check("a gag survives leaving the group, and the group itself"):
        nothing(group.quit("bob", GENERAL))
        nothing(group.join("bob", GENERAL, None))
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")
        nothing(group.dismiss("alice", GENERAL))
        nothing(group.create(PEOPLE, GENERAL, "General"))
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")

    with check("it ends by itself"):
        await sandbox.advance(10 * MINUTE + 1)
        expect(gagged(app, GENERAL), {})
        await sandbox.say("bob", GROUP, "at last")

    with check("0 minutes are for ever, and 43,200 a month"):
        nothing(group.addGagUser("bob", GENERAL, 0))
        expect(gagged(app, GENERAL)["bob"]["time"], ALWAYS)
        nothing(group.addGagUser("carol", GENERAL, MOST_MINUTES))
        await sandbox.expect_soon(gagged(app, GENERAL)["carol"]["time"], MOST_MINUTES * MINUTE)
        await sandbox.advance(MOST_MINUTES * MINUTE + 1)
        expect(list(gagged(app, GENERAL)), ["bob"])

    with check("rollBackGagUser lifts it, also of whoever is not gagged"):
        nothing(group.rollBackGagUser({"bob", "erin"}, GENERAL))
        expect(gagged(app, GENERAL), {})
        await sandbox.say("bob", GROUP, "hi")
        nothing(group.rollBackGagUser("bob", GENERAL))

    with check("without a group it holds in all of them"):
        nothing(group.addGagUser(["bob", "dave"], None, 10))
        expect(sorted(gagged(app, None)), ["bob", "dave"])
        for where in [GROUP, "group:g1"]:
            assert "22408" in await sandbox.speech("bob", where, "hi")
        expect(gagged(app, GENERAL), {})
        nothing(group.rollBackGagUser(["bob", "dave"], None))
        expect(gagged(app, None), {})
        await sandbox.say("bob", "group:g1", "hi")

    with check("twenty are gagged in one call, twenty-one are not"):
        many = [f"u{n}" for n in range(21)]
        nothing(group.addGagUser(many[:20], GENERAL, 1))
        expect(sorted(gagged(app, GENERAL)), sorted(many[:20]))
        refused(group.addGagUser(many, "g1", 1), 400, 1002, "Too many userId.")
        expect(gagged(app, "g1"), {})
        refused(group.rollBackGagUser(many, GENERAL), 400, 1002, "Too many userId.")
        expect(len(gagged(app, GENERAL)), 20)

    with check("a hundred are gagged in all groups, and no more"):
        for start in range(0, 100, 20):
            nothing(group.addGagUser([f"u{n}" for n in range(start, start + 20)], None, 1))
        refused(group.addGagUser("u100", None, 1), 400, 1002)
        expect(len(gagged(app, None)), 100)
        nothing(group.addGagUser("u99", None, 2))


async def mutes(sandbox, check, app):
    def muted(**asked):
        answer = app.call("/group/ban/query", asked)
        return {each["groupId"]: each["stat"] for each in answer["groupinfo"]}

    def exceptions():
        return app.call("/group/user/ban/whitelist/query", {"groupId": GENERAL})["userIds"]

    with check("ban/add silences a whole group"):
        app.call("/group/ban/add", {"groupId": [GENERAL, "g1"]})
        expect(muted(groupId=[GENERAL, "g1", "g2"]), {GENERAL: 1, "g1": 1, "g2": 0})
        expect(muted(), {GENERAL: 1, "g1": 1})
        assert "22408" in await sandbox.speech("alice", GROUP, "hi")

    with check("but not its exceptions"):
        app.call("/group/user/ban/whitelist/add", {"groupId": GENERAL, "userId": ["alice", "bob"]})
        expect(exceptions(), ["alice", "bob"])
        await sandbox.say("alice", GROUP, "hi")
        assert "22408" in await sandbox.speech("carol", GROUP, "hi")

    with check("the gag of one counts for more than the exception"):
        nothing(app.Group.addGagUser("bob", GENERAL, 1))
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")
        nothing(app.Group.rollBackGagUser("bob", GENERAL))
        await sandbox.say("bob", GROUP, "hi")

    with check("exceptions are taken back"):
        app.call("/group/user/ban/whitelist/rollback", {"groupId": GENERAL, "userId": "bob"})
        expect(exceptions(), ["alice"])
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")

    with check("mute and exceptions outlive the group"):
        nothing(app.Group.dismiss("alice", GENERAL))
        nothing(app.Group.create(PEOPLE, GENERAL, "General"))
        assert "22408" in await sandbox.speech("bob", GROUP, "hi")
        await sandbox.say("alice", GROUP, "hi")

    with check("ban/rollback lifts it"):
        app.call("/group/ban/rollback", {"groupId": [GENERAL, "g1"]})
        expect(muted(), {})
        await sandbox.say("bob", GROUP, "hi")

    paths = ["/group/ban/add", "/group/ban/rollback", "/group/ban/query"]
    for path in paths:
        with check(f"{path} takes twenty groups, and no more"):
            many = [f"g{n}" for n in range(21)]
            app.call(path, {"groupId": many[:20]})
            refused(app.User.call_api(path, {"groupId": many}), 400, 1002, "Too many groupId.")


def listed(app):
    answer = done(app.Wordfilter.getList())
    expect(list(answer), ["words"])
    return [each["word"] for each in answer["words"]]


async def heard(sandbox, text):
    """What bob sees of what alice says; nothing if it was kept back."""
    before = await sandbox.count(private("alice", "bob"))
    await sandbox.say("alice", private("alice", "bob"), text)
    said = (await sandbox.texts(private("alice", "bob")))[before:]
    return said[0] if said else None


async def words(sandbox, check, app):
    word = app.Wordfilter

    with check("there are no words at first"):
        expect(listed(app), [])
        expect(await heard(sandbox, "money"), "money")

    with check("add keeps back what people say with the word in it"):
        nothing(word.add("money"))
        nothing(word.add("敏感词"))
        expect(sorted(listed(app)), ["money", "敏感词"])
        for said in ["money", "no money!", "这是敏感词吗"]:
            expect(await heard(sandbox, said), None)
        expect(await heard(sandbox, "mone y 敏感"), "mone y 敏感")

    with check("in groups as well"):
        before = await sandbox.count(GROUP)
        await sandbox.say("alice", GROUP, "give me money")
        expect(await sandbox.count(GROUP), before)

    with check("the application is not filtered"):
        sent = world.text("more money")
        done(app.Message.publishPrivate("alice", "bob", "RC:TxtMsg", sent))
        expect((await sandbox.texts(private("alice", "bob")))[-1], "more money")

    with check("a word added twice is there once"):
        nothing(word.add("money"))
        expect(sorted(listed(app)), ["money", "敏感词"])

    with check("delete lets the word through again"):
        nothing(word.delete("money"))
        expect(listed(app), ["敏感词"])
        expect(await heard(sandbox, "money"), "money")
        nothing(word.delete("money"))

    with check("a word has 32 characters, whatever they are"):
        nothing(word.add("词" * 32))
        nothing(word.delete("词" * 32))
        refused(word.add("词" * 33), 400, 1005, "word is too long.")
        refused(word.delete("词" * 33), 400, 1005, "word is too long.")

    with check("both families of calls have one list"):
        kept = app.call("/sensitiveword/list", {"type": 1})["words"]
        expect([(each["type"], each["word"]) for each in kept], [("1", "敏感词")])
        app.call("/sensitiveword/add", {"word": "bad"})
        assert "bad" in listed(app)
        app.call("/sensitiveword/delete", {"word": "bad"})
        assert "bad" not in listed(app)

    with check(f"there is room for {MOST_WORDS} words"):
        for number in range(MOST_WORDS - 1):
            nothing(word.add(f"w{number}"))
        answer = refused(word.add("one more"), 403, 1019)
        expect(answer["errorMessage"], "The number of sensitive words exceeds the limit.")
        expect(len(listed(app)), MOST_WORDS)
        nothing(word.add("w0"))


async def replaced(sandbox, check, app):
    with check("sensitiveword/add may give something to stand in the word's place"):
        app.call("/sensitiveword/add", {"word": "coffee", "replaceWord": "***"})
        app.call("/sensitiveword/add", {"word": "tea"})
        expect(await heard(sandbox, "coffee and coffee"), "*** and ***")
        expect(await heard(sandbox, "tea or coffee"), None)

    with check("they are told apart in the list"):

        def listed_as(**kind):
            answer = app.call("/sensitiveword/list", kind)["words"]
            return sorted((each["type"], each["word"], each["replaceWord"]) for each in answer)

        coffee, tea = ("0", "coffee", "***"), ("1", "tea", "")
        expect(listed_as(type=0), [coffee])
        expect(listed_as(type=1), [tea])
        expect(listed_as(), [tea])
        expect(listed_as(type=2), [coffee, tea])

    with check("batch/delete takes out several"):
        app.call("/sensitiveword/batch/delete", {"words": ["coffee", "tea", "none"]})
        expect(app.call("/sensitiveword/list", {"type": 2})["words"], [])
        expect(await heard(sandbox, "tea or coffee"), "tea or coffee")

    with check("fifty are taken out in one call, and no more"):
        many = [f"w{n}" for n in range(51)]
        app.call("/sensitiveword/batch/delete", {"words": many[:50]})
        answer = app.User.call_api("/sensitiveword/batch/delete", {"words": many})
        refused(answer, 400, 1002, "Too many words.")


world.run(main)
