"""The SDK pushes to people by tag and system, and sends codes to their phones."""

import world
from common import expect
from sdk_peer import Peer, done, refused
from world import HOUR, MINUTE, PEOPLE, text

MOBILE = "13500000000"
# The sandbox's answers to what it asks.
CODE, IMAGE = "123456", "1234"


async def main(sandbox, check):
    app = Peer()
    await push(sandbox, check, app)
    await refused_pushes(sandbox, check, app)
    app.all_called(check, "Push")
    await sandbox.reset()
    await codes(sandbox, check, app)
    await sandbox.reset()
    await often(sandbox, check, app)
    await sandbox.reset()
    await images(sandbox, check, app)
    app.all_called(check, "SMS")


def notification(**audience):
    """A push with a message, by whose text it is known."""
    return {
        "platform": ["ios", "android"],
        "audience": {"is_to_all": False} | audience,
        "notification": {"alert": "推送"},
    }


async def push(sandbox, check, app):
    tags = {
        "alice": ["北京", "young"],
        "bob": ["北京"],
        "carol": ["young", "music"],
        "dave": ["music"],
    }
    for user, theirs in tags.items():
        done(app.Push.setUserPushTag({"userId": user, "tags": theirs}))

    number = 0

    async def told(**audience):
        """Who gets the message of a push."""
        nonlocal number
        number += 1
        sent = notification(**audience) | {
            "fromuserid": "system",
            "message": {"content": text(f"push {number}"), "objectName": "RC:TxtMsg"},
        }
        answer = done(app.Push.broadcastPush(sent))
        assert answer["id"], answer
        everybody = {who: await sandbox.texts(f"system:{who}") for who in PEOPLE}
        return [who for who, texts in everybody.items() if f"push {number}" in texts]

    audiences = [
        ("everybody", {"is_to_all": True}, PEOPLE),
        ("one tag", {"tag": ["北京"]}, ["alice", "bob"]),
        ("all of these tags", {"tag": ["北京", "young"]}, ["alice"]),
        ("any of these tags", {"tag_or": ["北京", "music"]}, ["alice", "bob", "carol", "dave"]),
        ("tags of both kinds", {"tag": ["young"], "tag_or": ["北京", "music"]}, ["alice", "carol"]),
        ("a tag that nobody has", {"tag": ["nobody"]}, []),
        ("some by id", {"userid": ["erin", "bob"]}, ["bob", "erin"]),
        ("some by id, whatever their tags", {"userid": ["erin"], "tag": ["北京"]}, ["erin"]),
        ("everybody, whatever else", {"is_to_all": True, "userid": ["bob"], "tag": ["x"]}, PEOPLE),
    ]
    for name, audience, expected in audiences:
        with check(f"broadcastPush to {name}"):
            expect(await told(**audience), expected)

    for os, platform, other in [("iOS", "ios", "android"), ("Android", "android", "ios")]:
        with check(f"a push for {platform} reaches who is there with {os}"):
            await sandbox.act("erin", "connect", os=os)
            for name, reached in [(platform, True), (other, False)]:
                sent = notification(is_to_all=True) | {"platform": [name]}
                done(app.Push.broadcastPush(sent))
                pushed = await sandbox.pushed()
                expect(pushed["to_all"] or "erin" in pushed["users"], reached)
            await sandbox.act("erin", "disconnect")

    with check("a push alone leaves no message"):
        before = {who: await sandbox.count(f"system:{who}") for who in PEOPLE}
        answer = done(app.Push.broadcastPush(notification(is_to_all=True)))
        expect(list(answer), ["id"])
        expect({who: await sandbox.count(f"system:{who}") for who in PEOPLE}, before)

    with check("every push has an id of its own"):
        sent = notification(userid=["bob"])
        expect(len({done(app.Push.broadcastPush(sent))["id"] for _ in range(3)}), 3)

    with check("with everything there is"):
        extras = {"alert": "else", "extras": {"id": "1", "name": "二"}}
        full = notification(userid=["bob"], packageName="cn.example") | {
            "fromuserid": "alice",
            "message": {"content": text("full"), "objectName": "RC:TxtMsg"},
        }
        full["notification"] |= {
            "ios": extras | {"title": "题", "badge": 1},
            "android": extras,
        }
        id = done(app.Push.broadcastPush(full))["id"]
        pushed = await sandbox.pushed()
        expect([pushed["id"], pushed["users"], pushed["alert"]], [id, ["bob"], "推送"])
        shown = [pushed[system]["alert"] for system in ("ios", "android")]
        expect(shown, ["else", "else"])
        assert "full" in await sandbox.texts("system:bob")


async def refused_pushes(sandbox, check, app):
    def without(name):
        return {key: value for key, value in notification(is_to_all=True).items() if key != name}

    many = [f"u{n}" for n in range(1001)]
    cases = [
        ("platform is missing", without("platform"), "platform is required."),
        ("platform is empty", without("platform") | {"platform": []}, None),
        (
            "platform is unknown",
            without("platform") | {"platform": ["os2"]},
            "platform is invalid.",
        ),
        ("audience is missing", without("audience"), "audience is required."),
        ("notification is missing", without("notification"), "notification is required."),
        ("alert is missing", without("notification") | {"notification": {}}, None),
        ("is_to_all is missing", without("audience") | {"audience": {"tag": ["x"]}}, None),
        ("21 tags", notification(tag=[str(n) for n in range(21)]), "Too many tag."),
        (
            "21 tags of another",
            notification(tag_or=[str(n) for n in range(21)]),
            "Too many tag_or.",
        ),
        ("1,001 ids", notification(userid=many), "Too many userid."),
    ]
    before = await sandbox.state()
    for name, sent, words in cases:
        with check(f"a push is refused: {name}"):
            refused(app.Push.broadcastPush(sent), 400, 1002, words)
    with check("and nobody is told"):
        expect(await sandbox.state(), before)


async def codes(sandbox, check, app):
    sms = app.SMS

    with check("sendCode begins a session, and the code is seen in the sandbox"):
        session = done(sms.sendCode(MOBILE, "template", "86"))["sessionId"]
        assert session, session
        seen = await sandbox.act("alice", "sms", mobile=MOBILE)
        expect([seen["code"], seen["session_id"]], [CODE, session])

    with check("a wrong code is no error, and no success"):
        expect(done(sms.verifyCode(session, "654321")), {"success": False})

    with check("nor is an unknown session"):
        expect(done(sms.verifyCode("unknown", CODE)), {"success": False})

    with check("the right code verifies"):
        expect(done(sms.verifyCode(session, CODE)), {"success": True})

    with check("it does so once: 1014"):
        refused(sms.verifyCode(session, CODE), 400, 1014)

    with check("what is sent for the image does not count as long as none is asked for"):
        done(sms.sendCode("13500000001", "template", 86, "any", "thing"))

    with check("a session ends after ten minutes"):
        session = done(sms.sendCode("13500000002", "template", "86"))["sessionId"]
        await sandbox.advance(10 * MINUTE + 1)
        expect(done(sms.verifyCode(session, CODE)), {"success": False})

    for region in ["1", "+86", "x"]:
        with check(f"region {region} is not served"):
            refused(
                sms.sendCode("13500000003", "template", region), 400, 1002, "region is invalid."
            )


async def often(sandbox, check, app):
    sms = app.SMS

    with check("one code a minute goes to a number"):
        done(sms.sendCode(MOBILE, "template", "86"))
        answer = refused(sms.sendCode(MOBILE, "template", "86"), 429, 1008)
        expect(answer["errorMessage"], "The call frequency exceeds the limit.")

    with check("and to every other number"):
        done(sms.sendCode("13500000001", "template", "86"))

    with check("three an hour, however far apart"):
        for _ in range(2):
            await sandbox.advance(MINUTE + 1)
            done(sms.sendCode(MOBILE, "template", "86"))
        await sandbox.advance(MINUTE + 1)
        refused(sms.sendCode(MOBILE, "template", "86"), 429, 1008)
        await sandbox.advance(HOUR)
        done(sms.sendCode(MOBILE, "template", "86"))


async def images(sandbox, check, app):
    sms = app.SMS

    with check("getImageCode answers an image and the id of its question"):
        answer = done(sms.getImageCode("app-key"))
        expect(set(answer), {"url", "verifyId"})
        assert answer["url"].startswith("http"), answer
        assert answer["verifyId"], answer

    with check("the image is there"):
        image = await sandbox.http.get(answer["url"])
        expect(image.status_code, 200)
        assert image.headers["content-type"].startswith("image/"), image.headers

    with check("its key may stand in the query, in the header alone, and the call be a POST"):
        app.call("/getImgCode.json?appKey=other", method="GET", host="SMS", kind="")
        app.call("/getImgCode", method="GET", host="SMS", kind="")
        app.call("/getImgCode", {"appKey": world.KEY}, host="SMS")

    await sandbox.deliver(sms_image_check=True)

    with check("when it is asked for, a code is not sent without it: 1010"):
        refused(sms.sendCode(MOBILE, "template", "86"), 400, 1010)
        question = done(sms.getImageCode(world.KEY))["verifyId"]
        refused(sms.sendCode(MOBILE, "template", "86", question), 400, 1010)

    with check("nor with a wrong answer, or to an unknown question: 1012"):
        refused(sms.sendCode(MOBILE, "template", "86", question, "0000"), 400, 1012)
        refused(sms.sendCode(MOBILE, "template", "86", "unknown", IMAGE), 400, 1012)

    with check("with the right one it is"):
        question = done(sms.getImageCode(world.KEY))["verifyId"]
        session = done(sms.sendCode(MOBILE, "template", "86", question, IMAGE))["sessionId"]
        expect(done(sms.verifyCode(session, CODE)), {"success": True})

    await sandbox.deliver(sms_image_check=False)


world.run(main)
