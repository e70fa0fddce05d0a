"""wechatpy makes group chats, changes them, and sends every type into them."""

import re

import world
from common import expect
from wechatpy_peer import VERSION, clients, refused
from world import PEOPLE, PIXEL, REPORT, VIDEO, VOICE, only_part

TEAM = ["alice", "bob", "carol"]


async def main(sandbox, check):
    app, other = clients(sandbox)
    create(check, app.appchat)
    await sandbox.reset()
    update(check, app.appchat)
    await sandbox.reset()
    await visibility(sandbox, check, app.appchat)
    media = upload(app)
    await send(sandbox, check, app.appchat, media)
    await cut(sandbox, check, app.appchat, media)
    await refusals(sandbox, check, app, other.appchat, media)


def create(check, appchat):
    with check("create answers the chatid that was asked for"):
        answer = appchat.create("mynah001", "测试群", "alice", TEAM)
        expect([answer[key] for key in ("errcode", "errmsg", "chatid")], [0, "ok", "mynah001"])

    with check("get answers the group"):
        info = appchat.get("mynah001")
        expect(info.pop("chat_type", 0), 0)
        group = {"chatid": "mynah001", "name": "测试群", "owner": "alice", "userlist": TEAM}
        expect(info, group)

    with check("create without chatid, name and owner makes them up"):
        first, second = (appchat.create(user_list=TEAM)["chatid"] for _ in range(2))
        assert first != second
        for chatid in (first, second):
            assert re.match(r"^[0-9a-zA-Z]{1,32}$", chatid), chatid
            info = appchat.get(chatid)
            expect([info["name"], info["userlist"]], ["", TEAM])
            assert info["owner"] in TEAM, info["owner"]

    with check("create takes empty texts for absent ones"):
        info = appchat.get(appchat.create("", "", "", TEAM)["chatid"])
        expect([info["name"], info["userlist"]], ["", TEAM])

    with check("create cuts the name to 50 characters"):
        chatid = appchat.create(name="群🐦" * 30, user_list=TEAM)["chatid"]
        expect(appchat.get(chatid)["name"], "群🐦" * 25)

    with check("create keeps a member once, in the order given and as the directory spells it"):
        chatid = appchat.create(user_list=["carol", "Alice", "carol", "ALICE"])["chatid"]
        expect(appchat.get(chatid)["userlist"], ["carol", "alice"])

    with check("create takes a chatid of 32 characters"):
        expect(appchat.create("a" * 32, user_list=TEAM)["chatid"], "a" * 32)

    refused_groups = [
        (86204, "no members", {"user_list": None}),
        (40058, "members that are no list", {"user_list": "alice|bob"}),
        (86006, "one member", {"user_list": ["alice"]}),
        (86006, "one member twice", {"user_list": ["alice", "alice"]}),
        (86006, "an empty list", {"user_list": []}),
        (86007, "a stranger", {"user_list": ["alice", "mallory"]}),
        (86005, "a strange owner", {"owner": "mallory"}),
        (86207, "an owner who is no member", {"owner": "erin"}),
        (86205, "a chatid of 33 characters", {"chat_id": "a" * 33}),
        (86001, "a chatid with a hyphen", {"chat_id": "mynah-1"}),
        (86215, "a chatid that is taken", {"chat_id": "mynah001"}),
    ]
    for code, name, given in refused_groups:
        with check(f"create with {name} is {code}"), refused(code):
            appchat.create(**{"user_list": TEAM} | given)


def update(check, appchat):
    appchat.create("mynah001", "测试群", "alice", TEAM)

    def after(**changes):
        answer = appchat.update("mynah001", **changes)
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        info = appchat.get("mynah001")
        return [info["name"], info["owner"], info["userlist"]]

    with check("update renames"):
        expect(after(name="新名字"), ["新名字", "alice", TEAM])

    with check("update cuts the name to 50 characters"):
        expect(after(name="名" * 60)[0], "名" * 50)

    with check("update ignores an empty name"):
        expect(after(name="")[0], "名" * 50)

    with check("update adds members at the end, those there already are ignored"):
        expect(after(name="群", add_user_list=["erin", "bob"])[2], [*TEAM, "erin"])

    with check("update removes members"):
        expect(after(del_user_list=["bob"])[2], ["alice", "carol", "erin"])

    with check("update changes the owner, who was a member"):
        expect(after(owner="erin"), ["群", "erin", ["alice", "carol", "erin"]])

    with check("update adds, removes and hands over at once"):
        changed = after(owner="dave", add_user_list=["dave"], del_user_list=["erin"])
        expect(changed, ["群", "dave", ["alice", "carol", "dave"]])

    with check("update removes who is in both lists"):
        expect(after(add_user_list=["bob"], del_user_list=["bob", "carol"])[2], ["alice", "dave"])

    with check("update with nothing, and with empty lists, changes nothing"):
        expect(after(), ["群", "dave", ["alice", "dave"]])
        expect(after(add_user_list=[], del_user_list=[])[2], ["alice", "dave"])

    refused_changes = [
        (86201, "no chatid", {"chat_id": ""}),
        (86003, "an unknown chatid", {"chat_id": "nowhere"}),
        (86216, "a stranger added", {"add_user_list": ["mallory"]}),
        (86216, "somebody removed who is no member", {"del_user_list": ["erin"]}),
        (86203, "the owner removed", {"add_user_list": ["bob"], "del_user_list": ["dave"]}),
        (86207, "an owner who is no member", {"owner": "erin"}),
        (86006, "one member left", {"del_user_list": ["alice"]}),
    ]
    for code, name, given in refused_changes:
        with check(f"update with {name} is {code}, and changes nothing"):
            with refused(code):
                appchat.update(**{"chat_id": "mynah001", "name": "没改"} | given)
            expect(appchat.get("mynah001")["name"], "群")
            expect(appchat.get("mynah001")["userlist"], ["alice", "dave"])


async def visibility(sandbox, check, appchat):
    async def groups():
        query = {"platform": "wecom", "as": "alice"}
        answer = await sandbox.http.get("/control/conversations", params=query)
        return [each["id"] for each in answer.json()["conversations"]]

    with check("a new group is invisible until the first message"):
        appchat.create("mynah001", "测试群", "alice", TEAM)
        assert "group:mynah001" not in await groups()
        appchat.send_text("mynah001", "你好")
        assert "group:mynah001" in await groups()


def upload(app):
    """Uploads one of each kind, and gives their media ids."""
    files = {
        "image": ("图.png", PIXEL),
        "voice": ("声.amr", VOICE),
        "video": ("影.mp4", VIDEO),
        "file": ("报告.txt", REPORT),
    }
    return {kind: app.media.upload(kind, file)["media_id"] for kind, file in files.items()}


async def send(sandbox, check, appchat, media):
    async def shown(kind, msg_type, fields, **content):
        answer = appchat.send("mynah001", msg_type, **content)
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        message = await sandbox.last("group:mynah001")
        assert message["from"]["bot"], message["from"]
        return only_part(message, kind, **fields)

    with check("send text"):
        await shown("text", "text", {"text": "你好\nhello"}, content="你好\nhello")

    with check("send_text, confidential or not, as a number or as text"):
        for safe in (0, 1, "1", None):
            appchat.send_text("mynah001", f"保密 {safe}", safe=safe)
            only_part(await sandbox.last("group:mynah001"), "text", text=f"保密 {safe}")

    if VERSION == 1:
        with check("send_msg is send"):
            appchat.send_msg("mynah001", "text", content="旧名")
            only_part(await sandbox.last("group:mynah001"), "text", text="旧名")

    contents = {"image": PIXEL, "voice": VOICE, "video": VIDEO, "file": REPORT}
    for kind, content in contents.items():
        with check(f"send {kind}"):
            part = await shown(kind, kind, {}, media_id=media[kind])
            expect(await sandbox.bytes_of(part), content)

    with check("send video with title and description"):
        given = {"media_id": media["video"], "title": "片名", "description": "片"}
        await shown("video", "video", {"name": "片名"}, **given)

    card = {"title": "领奖通知", "description": "恭喜", "url": "https://example.com/card"}
    with check("send textcard"):
        fields = {"card_type": "textcard", "title": "领奖通知", "text": "恭喜", "url": card["url"]}
        await shown("card", "textcard", fields, **card)
        await shown("card", "textcard", fields, **card, btntxt="更多")

    article = {
        "title": "中秋节礼品领取",
        "description": "今年有豪礼相送",
        "url": "https://example.com/news",
        "picurl": "https://example.com/a.png",
    }
    with check("send news, the stray safe of the peer and all"):
        fields = {"title": article["title"], "text": article["description"]}
        fields |= {"url": article["url"], "image": article["picurl"]}
        await shown("link", "news", fields, articles=[article])
        await shown("link", "news", fields, articles=[article], safe=1)

    with check("send news with eight articles"):
        appchat.send("mynah001", "news", articles=[article] * 8)
        parts = (await sandbox.last("group:mynah001"))["parts"]
        expect([part["type"] for part in parts], ["link"] * 8)

    with check("send mpnews"):
        fields = {"title": "地球一小时"}
        await shown("link", "mpnews", fields, articles=[mp_article(media)])

    with check("send markdown"):
        await shown("markdown", "markdown", {"text": "**你好**"}, content="**你好**")


def mp_article(media, **changes):
    article = {
        "title": "地球一小时",
        "thumb_media_id": media["image"],
        "author": "作者",
        "content_source_url": "https://example.com",
        "content": "3月24日20:30",
        "digest": "办公区将关闭照明一小时",
    }
    return {key: value for key, value in (article | changes).items() if value is not None}


async def cut(sandbox, check, appchat, media):
    with check("text is cut to 2048 bytes, between characters"):
        appchat.send_text("mynah001", "你" * 700)
        only_part(await sandbox.last("group:mynah001"), "text", text="你" * 682)

    with check("text of 2048 bytes stays whole"):
        appchat.send_text("mynah001", "a" * 2048)
        only_part(await sandbox.last("group:mynah001"), "text", text="a" * 2048)

    with check("a textcard's title is cut to 128 bytes, its description to 512"):
        url = "https://example.com"
        appchat.send("mynah001", "textcard", title="题" * 50, description="述" * 200, url=url)
        last = await sandbox.last("group:mynah001")
        only_part(last, "card", title="题" * 42, text="述" * 170)

    with check("an article's title is cut to 128 bytes, its description to 512"):
        article = {"title": "题" * 50, "description": "述" * 200, "url": "https://example.com"}
        appchat.send("mynah001", "news", articles=[article])
        last = await sandbox.last("group:mynah001")
        only_part(last, "link", title="题" * 42, text="述" * 170)

    with check("an mpnews article's title is cut to 128 bytes"):
        appchat.send("mynah001", "mpnews", articles=[mp_article(media, title="题" * 50)])
        only_part(await sandbox.last("group:mynah001"), "link", title="题" * 42)


async def refusals(sandbox, check, app, foreign, media):
    def sending(msg_type, **content):
        return lambda: app.appchat.send("mynah001", msg_type, **content)

    def raw(**body):
        return lambda: app.post("appchat/send", data={"chatid": "mynah001"} | body)

    url = "https://example.com"
    card = {"title": "题", "description": "述", "url": url}
    article = {"title": "题", "url": url}

    refused_calls = [
        (86201, "no chatid", lambda: app.appchat.send_text("", "你好")),
        (86003, "an unknown chatid", lambda: app.appchat.send_text("nowhere", "你好")),
        (86003, "get of an unknown chatid", lambda: app.appchat.get("nowhere")),
        (40008, "no msgtype", raw()),
        (40008, "an unknown msgtype", raw(msgtype="fax", fax={})),
        (40063, "no object of the type", raw(msgtype="text")),
        (44004, "text without content", sending("text")),
        (44004, "empty text", sending("text", content="")),
        (44004, "markdown without content", sending("markdown")),
        (40058, "long markdown", sending("markdown", content="长" * 700)),
        (41006, "no media_id", sending("image")),
        (40007, "an unknown media_id", sending("file", media_id="made-up")),
        (40007, "a media_id of another type", sending("image", media_id=media["file"])),
        (41016, "a textcard without title", sending("textcard", **card | {"title": None})),
        (41033, "a textcard without text", sending("textcard", **card | {"description": None})),
        (41010, "a textcard without url", sending("textcard", **card | {"url": None})),
        (45034, "a textcard with a bare url", sending("textcard", **card | {"url": "a.example"})),
        (40063, "news without articles", sending("news", articles=[])),
        (45008, "news with nine articles", sending("news", articles=[article] * 9)),
        (41016, "an article without title", sending("news", articles=[{"url": url}])),
        (41006, "mpnews without picture", sending_mp(app, media, thumb_media_id=None)),
        (44004, "mpnews without content", sending_mp(app, media, content=None)),
        (45002, "mpnews that is too long", sending_mp(app, media, content="a" * 700_000)),
        (40058, "a strange safe", sending("text", content="你好", safe=7)),
    ]
    for code, name, call in refused_calls:
        with check(f"{name} is {code}, and nothing is said"):
            before = await sandbox.count("group:mynah001")
            with refused(code):
                call()
            expect(await sandbox.count("group:mynah001"), before)

    words = "you has no privilege to access this chat, which is created by other agent."
    foreign_calls = {
        "get": lambda: foreign.get("mynah001"),
        "update": lambda: foreign.update("mynah001", name="我的群"),
        "send": lambda: foreign.send_text("mynah001", "你好"),
    }
    for name, call in foreign_calls.items():
        with check(f"{name} by another application is 86008"), refused(86008, words):
            call()

    with check("a chatid of another application is taken"), refused(86215):
        foreign.create("mynah001", user_list=TEAM)

    with check("the group that is there from the start belongs to the first application"):
        info = app.appchat.get(world.GENERAL)
        expect([info["name"], info["owner"], info["userlist"]], ["general", "alice", PEOPLE])


def sending_mp(app, media, **changes):
    article = mp_article(media, **changes)
    return lambda: app.appchat.send("mynah001", "mpnews", articles=[article])


if __name__ == "__main__":
    world.run(main)
