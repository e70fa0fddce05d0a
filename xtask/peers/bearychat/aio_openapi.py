"""Every method of aiobearychat 0.2.0, over OpenAPI and over RTM HTTP."""

import world
from aio_peer import done, nothing, ok, peer, refused
from common import expect
from world import (
    ALICE, BEARY_BOT, BOB, BOT, CAROL, DAVE, DEV, ERIN, GENERAL, GONE, TEAM,
    expect_channel, expect_message, expect_user, group,
)  # fmt: skip

NOT_THERE = "=bwNoSuch"
FORBIDDEN = (403, 4, "没有权限")


async def main(sandbox, checks):
    async with peer(sandbox) as bot:
        await team_and_users(bot, checks)
        await channels(sandbox, bot, checks)
        await sessions(sandbox, bot, checks)
        await conversations_of_two(sandbox, bot, checks)
        await messages(sandbox, bot, checks)
        await queries(bot, checks)
        await rtm(sandbox, bot, checks)
        await tokens(sandbox, checks)
        with checks("no method was left out"):
            expect(bot.left(), {})


async def team_and_users(bot, checks):
    with checks("meta.get tells the version"):
        expect(await done(bot.meta.get()), {"version": "1"})
    with checks("team.info tells of the team"):
        team = await done(bot.team.info())
        expect([team["id"], team["subdomain"], team["plan"]], [TEAM, "sandbox", "basic"])
    with checks("user.me is the bot"):
        expect_user(await done(bot.user.me()), BOT, type="hubot", role="normal")
    with checks("user.info tells of one person"):
        expect_user(await done(bot.user.info(ALICE)), ALICE, name="alice", type="normal", role="owner")
    with checks("user.info of nobody is refused"):
        await refused(bot.user.info(NOT_THERE), 404, 6, "用户不存在")
    with checks("user.list tells of everybody, robots too"):
        users = await done(bot.user.list())
        for user in users:
            expect_user(user)
        there = {user["id"] for user in users}
        expect({ALICE, BOB, CAROL, DAVE, ERIN, BOT, BEARY_BOT} - there, set())
    with checks("user.update_me changes the names"):
        changed = await done(bot.user.update_me(name="bage", full_name="八哥"))
        expect_user(changed, BOT, name="bage", full_name="八哥")
        expect_user(await done(bot.user.me()), BOT, name="bage")
    with checks("user.update_me with nothing changes nothing"):
        expect_user(await done(bot.user.update_me()), BOT, name="bage", full_name="八哥")
    with checks("user.update_me refuses a name that somebody has"):
        await refused(bot.user.update_me(name="alice"), 409, 8, "名称已被使用")
    with checks("user.update_me refuses a name with blanks"):
        await refused(bot.user.update_me(name="ba ge"), 400, 1, "参数错误: name")
    with checks("emoji.list and sticker.list tell of the team's own"):
        [emoji] = await done(bot.emoji.list())
        expect([emoji["name"], emoji["type"]], ["mynah", "emoji"])
        [pack] = await done(bot.sticker.list())
        assert {"url", "name", "width", "height"} <= set(pack["stickers"][0]), pack


async def channels(sandbox, bot, checks):
    channel = bot.channel
    with checks("channel.list tells of the public ones"):
        there = await done(channel.list())
        for each in there:
            expect_channel(each)
        expect([each["id"] for each in there], [GENERAL, DEV])
    with checks("channel.info tells of one"):
        expect_channel(await done(channel.info(GENERAL)), id=GENERAL, name="所有人", general=True)
    with checks("vchannel.info finds it too"):
        expect_channel(await done(bot.vchannel.info(GENERAL)), id=GENERAL)
    with checks("vchannel.info of nothing is refused"):
        await refused(bot.vchannel.info(NOT_THERE), 404, 6, "会话不存在")

    with checks("channel.create makes one with its creator in it"):
        made = await done(channel.create("值班", topic="who is on call", private=True), 201)
        expect_channel(made, uid=BOT, member_uids=[BOT], topic="who is on call", private=True)
    made = made["id"]
    with checks("channel.create refuses a name that is taken"):
        await refused(channel.create("值班"), 409, 8, "名称已被使用")
    for name in ["a", "值班值班值班值班值班值", "no blanks", ""]:
        with checks(f"channel.create refuses the name {name!r}"):
            await refused(channel.create(name), 400, 1, "参数错误: name")

    with checks("channel.invite brings somebody in, once or twice"):
        await nothing(channel.invite(made, BOB))
        await nothing(channel.invite(made, BOB))
        await nothing(channel.invite(made, CAROL))
        expect_channel(await done(channel.info(made)), member_uids=[BOT, BOB, CAROL])
    with checks("channel.kick and kickout send somebody out, once"):
        await nothing(channel.kick(made, BOB))
        await nothing(channel.kickout(made, CAROL))
        expect_channel(await done(channel.info(made)), member_uids=[BOT])
        await refused(channel.kick(made, BOB), 404, 6, "用户不存在")
    with checks("channel.kick is not for leaving"):
        await refused(channel.kick(made, BOT), 400, 1, "参数错误: kick_uid")
    with checks("channel.archive closes it, and channel.unarchive opens it again"):
        expect_channel(await done(channel.archive(made)), is_active=False)
        await refused(bot.message.create(made, "a", []), *FORBIDDEN)
        expect_channel(await done(channel.unarchive(made)), is_active=True)
    with checks("channel.archive is not for others' channels"):
        await refused(channel.archive(DEV), *FORBIDDEN)

    with checks("channel.join and leave go in and out of a public one"):
        expect_channel(await done(channel.join(DEV)), id=DEV, is_member=True)
        await nothing(channel.leave(DEV))
        await refused(channel.leave(DEV), *FORBIDDEN)
    with checks("channel.join does not go into a private one"):
        hidden = (await sandbox.act("alice", "create", name="secret", private=True))["id"]
        await refused(channel.join(hidden), *FORBIDDEN)
        await refused(channel.info(hidden), *FORBIDDEN)


async def sessions(sandbox, bot, checks):
    session = bot.session_channel
    with checks("session_channel.create brings people together"):
        made = await done(session.create([ALICE, BOB, ALICE], name="lunch"), 201)
        expect_channel(made, "session", name="lunch", member_uids=[BOT, ALICE, BOB])
    made = made["id"]
    with checks("session_channel.create wants somebody else"):
        await refused(session.create([]), 400, 1, "参数错误: member_uids")
    with checks("session_channel.info and list tell of it"):
        expect_channel(await done(session.info(made)), "session", id=made, is_member=True)
        expect([each["id"] for each in await done(session.list())], [made])
        expect_channel(await done(bot.vchannel.info(made)), "session", id=made)
    with checks("session_channel.invite, kick and kickout change who is there"):
        await nothing(session.invite(made, CAROL))
        await nothing(session.invite(made, DAVE))
        await nothing(session.kick(made, CAROL))
        await nothing(session.kickout(made, DAVE))
        expect_channel(await done(session.info(made)), "session", member_uids=[BOT, ALICE, BOB])
        await refused(session.kick(made, DAVE), 404, 6, "用户不存在")
    with checks("session_channel.convert_to_channel makes a private channel of it"):
        channel = await done(session.convert_to_channel(made, "lunch"), 201)
        expect_channel(channel, id=made, private=True, member_uids=[BOT, ALICE, BOB])
        await refused(session.info(made), 404, 6, "讨论组不存在")
    with checks("session_channel.archive closes one"):
        other = (await done(session.create([ERIN]), 201))["id"]
        expect_channel(await done(session.archive(other)), "session", name=None, is_active=False)
    with checks("session_channel.leave goes out for good"):
        third = (await done(session.create([ERIN]), 201))["id"]
        await nothing(session.leave(third))
        await refused(session.leave(third), *FORBIDDEN)
        await refused(session.info(third), *FORBIDDEN)


async def conversations_of_two(sandbox, bot, checks):
    with checks("p2p.create opens a conversation, and finds it again"):
        made = await done(bot.p2p.create(DAVE), 201)
        expect_channel(made, "p2p")
        expect(set(made["member_uids"]), {BOT, DAVE})
        expect((await done(bot.p2p.create(DAVE), 201))["id"], made["id"])
    with checks("p2p.info and list tell of it"):
        expect_channel(await done(bot.p2p.info(made["id"])), "p2p", id=made["id"])
        expect([each["id"] for each in await done(bot.p2p.list())], [made["id"]])
        expect_channel(await done(bot.vchannel.info(made["id"])), "p2p")
    with checks("p2p.create is not for oneself, nor for nobody"):
        await refused(bot.p2p.create(BOT), 400, 1, "参数错误: user_id")
        await refused(bot.p2p.create(NOT_THERE), 404, 6, "用户不存在")
    with checks("what the bot says there is what dave reads"):
        await done(bot.message.create(made["id"], "早", []), 201)
        expect(await sandbox.texts(f"user:{DAVE}"), ["早"])


async def messages(sandbox, bot, checks):
    message = bot.message
    attachment = {"title": "t", "text": "x", "color": "#ffa500", "images": [{"url": "http://h/1.png"}]}
    with checks("message.create says something"):
        said = await done(message.create(GENERAL, "你好 :smile:", [attachment]), 201)
        expect_message(said, uid=BOT, text="你好 :smile:", attachments=[attachment], is_channel=True)
    key = said["key"]
    with checks("message.create takes null for no attachments"):
        expect_message(await done(message.create(GENERAL, "b", None), 201), attachments=[])
    with checks("message.info finds it"):
        expect_message(await done(message.info(GENERAL, key)), key=key, subtype="normal")
    with checks("message.update_text changes the words"):
        changed = await done(message.update_text(GENERAL, key, "再见"))
        expect_message(changed, key=key, text="再见", edited=True, created=said["created"])
        expect((await sandbox.messages(group(GENERAL)))[-2]["edited"], True)
    with checks("message.update_text is not for what others say"):
        theirs = await sandbox.say("alice", group(GENERAL), "mine")
        await refused(message.update_text(GENERAL, theirs, "yours"), *FORBIDDEN)
        await refused(message.delete(GENERAL, theirs), *FORBIDDEN)
    with checks("message.delete leaves a tombstone, once"):
        await nothing(message.delete(GENERAL, key))
        expect_message(await done(message.info(GENERAL, key)), subtype="info", text=GONE, attachments=[])
        await refused(message.delete(GENERAL, key), 404, 6, "消息不存在")
        await refused(message.update_text(GENERAL, key, "c"), 404, 6, "消息不存在")
    with checks("message.create wants words, and attachments with some"):
        await refused(message.create(GENERAL, "", []), 400, 1, "参数错误: text")
        await refused(message.create(GENERAL, "a", [{"color": "#fff"}]), 400, 1, "参数错误: attachments")
    with checks("nothing is said where the bot does not belong"):
        await refused(message.create(DEV, "a", []), *FORBIDDEN)
        await refused(message.info(DEV, "1485236262366.0193"), *FORBIDDEN)
        await refused(message.create(NOT_THERE, "a", []), 404, 6, "会话不存在")


async def queries(bot, checks):
    made = (await done(bot.channel.create("history"), 201))["id"]
    for number in range(1, 6):
        await done(bot.message.create(made, f"m{number}", []), 201)

    async def texts(**query):
        found = await done(bot.message.query(made, query))
        return [each["text"] for each in found["messages"]]

    keys = {}
    with checks("message.query gives the latest, oldest first"):
        found = (await done(bot.message.query(made, {"latest": {}})))["messages"]
        keys = {each["text"]: each["key"] for each in found}
        expect(list(keys), ["m1", "m2", "m3", "m4", "m5"])
        expect(await texts(latest={"limit": 2}), ["m4", "m5"])
    with checks("message.query goes on from a message"):
        expect(await texts(since={"key": keys["m3"]}), ["m4", "m5"])
        expect(await texts(since={"key": keys["m3"], "backward": 1}), ["m2"])
        expect(await texts(since={"key": keys["m3"], "forward": 1, "backward": 1}), ["m2", "m4"])
    with checks("message.query looks through a window"):
        between = {"from_key": keys["m1"], "to_key": keys["m5"]}
        expect(await texts(window=between), ["m2", "m3", "m4"])
        expect(await texts(window=between | {"backward": 1}), ["m4"])
    for query in [{}, {"since": {}}, {"window": {"from_ts": 1}}, {"latest": {"limit": -1}}, "latest"]:
        with checks(f"message.query refuses {query}"):
            response = await bot.message.query(made, query)
            expect([response.status, response.json()["code"]], [400, 1])


async def rtm(sandbox, bot, checks):
    with checks("rtm.start gives an address, without envelope"):
        started = await done(bot.rtm.start())
        expect_user(started["user"], BOT)
        assert started["ws_host"].startswith(f"{sandbox.ws_url}/bearychat/rtm/nimbus/ws:"), started
    with checks("start gives another, in an envelope"):
        result = await ok(bot.rtm_http.start())
        expect_user(result["user"], BOT)
        assert result["ws_host"] != started["ws_host"]
    with checks("message says something"):
        shown = {"title": "t", "text": "x"}
        expect(await ok(bot.rtm_http.message(GENERAL, "*hi*", markdown=False, attachments=[shown])), None)
        last = await sandbox.last(group(GENERAL))
        expect([part["type"] for part in last["parts"]], ["text", "attachment"])
    with checks("message is refused where the bot does not belong, as the service was seen to do"):
        response = await bot.rtm_http.message(DEV, "a")
        refusal = {"code": 4, "error": "没有权限", "result": None}
        expect([response.status, response.json()], [403, refusal])


async def tokens(sandbox, checks):
    for token in ["", "wrong"]:
        with checks(f"the token {token!r} is refused"):
            async with peer(sandbox, token) as nobody:
                await refused(nobody.user.me(), 401, 2, "未授权")
                response = await nobody.rtm_http.start()
                expect([response.status, response.json()["code"]], [401, 2])
    with checks("meta wants no token"):
        async with peer(sandbox, "wrong") as nobody:
            expect(await done(nobody.meta.get()), {"version": "1"})


world.run(main)
