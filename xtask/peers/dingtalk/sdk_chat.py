"""dingtalk-sdk makes groups, changes them, sends every body into them, and asks
who has read it."""

import json

import world
from common import PIXEL, REPORT, VOICE, expect, only_part
from dingtalk.model.message import (
    BtnActionCardBody,
    FileBody,
    ImageBody,
    LinkBody,
    MarkdownBody,
    OaBody,
    OaBodyContent,
    SingleActionCardBody,
    TextBody,
    VoiceBody,
)
from sdk_peer import client, raw, refused
from world import APP, GENERAL, GROUP, PEOPLE

TEAM = ["alice", "bob", "carol"]

# The parameters of the peer, and what the wire calls them.
FLAGS = {
    "chat_banned_type": "chatBannedType",
    "searchable": "searchable",
    "validation_type": "validationType",
    "mention_all_authority": "mentionAllAuthority",
    "show_history_type": "showHistoryType",
    "management_type": "managementType",
}


def flags_of(info):
    return {name: info[wire] for name, wire in FLAGS.items()}


def flags(**on):
    return dict.fromkeys(FLAGS, 0) | on


async def main(sandbox, check):
    app = client()
    await create(sandbox, check, app)
    await sandbox.reset()
    await update(sandbox, check, app)
    await sandbox.reset()
    await send(sandbox, check, app)
    await refused_messages(sandbox, check, app)
    await read_lists(sandbox, check, app)
    await people(sandbox, check, app)
    await sandbox.reset()
    full(check, app)


async def create(sandbox, check, app):
    chat = app.chat

    with check("create answers a chatid, and get the group"):
        chatid = chat.create("全员群", "alice", TEAM)
        assert chatid.startswith("chat"), chatid
        info = chat.get(chatid)
        expect([info["name"], info["owner"], info["useridlist"]], ["全员群", "alice", TEAM])
        expect(flags_of(info), flags())
        expect([info["conversationTag"], info["status"]], [2, 1])
        expect(info.get("chatid", chatid), chatid)
        expect(info.get("icon", ""), "")

    for name in FLAGS:
        with check(f"create with {name} sets this and no other"):
            given = {name: True if name == "show_history_type" else 1}
            expect(
                flags_of(chat.get(chat.create("群", "alice", TEAM, **given))), flags(**{name: 1})
            )

    with check("create with everything"):
        given = flags(**dict.fromkeys(FLAGS, 1))
        expect(flags_of(chat.get(chat.create("群", "bob", TEAM, **given))), given)

    with check("create also answers the id of the conversation and its tag"):
        body = {"name": "群", "owner": "alice", "useridlist": TEAM}
        answer = app.post("/chat/create", body)
        expect([answer["errcode"], answer["errmsg"], answer["conversationTag"]], [0, "ok", 2])
        assert answer["openConversationId"].startswith("cid"), answer
        expect(chat.get(answer["chatid"])["useridlist"], TEAM)

    with check("a name may have 20 characters, whatever they are"):
        name = "一二三四五六七八九十一二三四五六七八九😀"
        expect(chat.get(chat.create(name, "alice", ["alice"]))["name"], name)

    with check("two groups of one name are two groups"):
        first, second = (chat.create("双胞胎", "alice", TEAM) for _ in range(2))
        assert first != second, first

    with check("members keep the order given, each once, and the owner stays in place"):
        info = chat.get(chat.create("群", "alice", ["carol", "alice", "carol", "bob"]))
        expect(info["useridlist"], ["carol", "alice", "bob"])

    with check("forty members a call are taken"):
        expect(chat.get(chat.create("群", "alice", PEOPLE * 8))["useridlist"], PEOPLE)

    refused_groups = [
        (40035, "群名称不能为空", "no name", {"name": None}),
        (40035, "群名称不能为空", "an empty name", {"name": ""}),
        (400002, "参数过长", "a name of 21 characters", {"name": "名" * 21}),
        (49013, "群主不能为空", "no owner", {"owner": None}),
        (49013, "群主不能为空", "an empty owner", {"owner": ""}),
        (49010, "群成员不能为空", "no members", {"useridlist": None}),
        (49010, "群成员不能为空", "an empty list", {"useridlist": []}),
        (49010, "群成员不能为空", "members that are no list", {"useridlist": "alice"}),
        (49011, "群成员长度超限", "41 members", {"useridlist": [*PEOPLE * 8, "alice"]}),
        (49006, "群成员列表必须包含群主", "an owner who is no member", {"owner": "erin"}),
        (40031, "无效的useridlist列表", "a stranger", {"useridlist": ["alice", "mallory"]}),
        (400002, None, "a flag of 2", {"searchable": 2}),
        (400002, None, "a flag of -1", {"management_type": -1}),
    ]
    for code, words, name, given in refused_groups:
        with check(f"create with {name} is {code}, and makes nothing"):
            before = await sandbox.titles("alice")
            with refused(code, words):
                chat.create(**{"name": "不会有", "owner": "alice", "useridlist": TEAM} | given)
            expect(await sandbox.titles("alice"), before)

    with check("checks come one after the other: a bad name before bad members"):
        with refused(40035):
            chat.create("", "", [])
        with refused(49013):
            chat.create("群", "", [])

    with check("what is no JSON object is 43009"):
        for body in (b"[]", b"{", b"name=x", b""):
            answer = raw(app, "POST", "/chat/create", data=body).json()
            expect([answer["errcode"], answer["errmsg"]], [43009, "参数需要是json格式"])

    with check("get by POST is 43001, create by GET is 43002"):
        expect(raw(app, "POST", "/chat/get", json={}).json()["errcode"], 43001)
        expect(raw(app, "GET", "/chat/create").json()["errcode"], 43002)

    with check("get without chatid is 49000"), refused(49000):
        chat.get("")
    with check("get of an unknown chatid is 40016"), refused(40016, "无效的chatid"):
        chat.get("chatnone")


async def update(sandbox, check, app):
    chat = app.chat
    chatid = chat.create("群", "alice", TEAM)

    def after(**changes):
        answer = chat.update(chatid, **changes)
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        info = chat.get(chatid)
        return [info["name"], info["owner"], info["useridlist"]]

    with check("update renames"):
        expect(after(name="新名"), ["新名", "alice", TEAM])

    with check("update adds members at the end; who is there already is passed over"):
        expect(after(add_useridlist=["erin", "bob", "erin"])[2], [*TEAM, "erin"])

    with check("update removes members; who is not there is passed over"):
        expect(after(del_useridlist=["bob", "dave", "mallory"])[2], ["alice", "carol", "erin"])

    with check("update hands the group over"):
        expect(after(owner="erin"), ["新名", "erin", ["alice", "carol", "erin"]])

    with check("update adds, removes, renames and hands over at once"):
        changed = after(name="群", owner="dave", add_useridlist=["dave"], del_useridlist=["erin"])
        expect(changed, ["群", "dave", ["alice", "carol", "dave"]])

    with check("update with nothing, and with empty lists, leaves name, owner and members"):
        expect(after(), ["群", "dave", ["alice", "carol", "dave"]])
        expect(after(add_useridlist=[], del_useridlist=[])[2], ["alice", "carol", "dave"])

    with check("update sets the icon, and leaves it where it is empty"):
        chat.update(chatid, icon="@lADPDfJ6Q7LLejDNAljNAlg")
        chat.update(chatid, icon="")
        expect(chat.get(chatid)["icon"], "@lADPDfJ6Q7LLejDNAljNAlg")

    for name in FLAGS:
        with check(f"update with {name} sets this and no other"):
            given = {name: True if name == "show_history_type" else 1}
            chat.update(chatid, **given)
            expect(flags_of(chat.get(chatid)), flags(**{name: 1}))

    with check("the peer's update resets every flag that it was not told"):
        chat.update(chatid, **dict.fromkeys(FLAGS, 1))
        expect(flags_of(chat.get(chatid)), flags(**dict.fromkeys(FLAGS, 1)))
        chat.update(chatid, name="群")
        expect(flags_of(chat.get(chatid)), flags())

    with check("a flag that is absent or null stays, an explicit 0 does not"):
        chat.update(chatid, **dict.fromkeys(FLAGS, 1))
        app.post("/chat/update", {"chatid": chatid, "searchable": 0, "validationType": None})
        expect(flags_of(chat.get(chatid)), flags(**dict.fromkeys(FLAGS, 1)) | {"searchable": 0})

    many = PEOPLE * 8 + ["alice"]
    refused_changes = [
        (49000, "需要chatid", "no chatid", {"chatid": ""}),
        (40016, "无效的chatid", "an unknown chatid", {"chatid": "chatnone"}),
        (49015, "无效的群名称", "an empty name", {"name": ""}),
        (49015, "无效的群名称", "a name of 21 characters", {"name": "名" * 21}),
        (49011, "userid列表超限", "41 added", {"add_useridlist": many}),
        (49011, "userid列表超限", "41 removed", {"del_useridlist": many}),
        (
            49004,
            "添加和删除的人员有交集",
            "somebody in both lists",
            {"add_useridlist": ["bob", "erin"], "del_useridlist": ["erin"]},
        ),
        (40031, "无效的userid列表", "a stranger added", {"add_useridlist": ["bob", "mallory"]}),
        (49006, None, "an owner who is no member", {"owner": "erin"}),
        (49006, None, "an owner who goes", {"owner": "carol", "del_useridlist": ["carol"]}),
        (49006, None, "the owner removed", {"add_useridlist": ["bob"], "del_useridlist": ["dave"]}),
    ]
    for code, words, name, given in refused_changes:
        with check(f"update with {name} is {code}, and changes nothing"):
            before = chat.get(chatid)
            with refused(code, words):
                chat.update(**{"chatid": chatid, "name": "没改", "searchable": 1} | given)
            expect(chat.get(chatid), before)

    with check("update with external contacts is 49009"), refused(49009):
        app.post("/chat/update", {"chatid": chatid, "add_extidlist": ["x"]})

    with check("the group that is there from the start can be changed as any other"):
        chat.update(GENERAL, name="大家")
        info = chat.get(GENERAL)
        expect([info["name"], info["owner"], info["useridlist"]], ["大家", "alice", PEOPLE])


def upload(app):
    """Uploads one of each kind that a group takes, and gives their media ids."""
    files = {
        "image": ("图.png", PIXEL),
        "voice": ("声.amr", VOICE),
        "file": ("报告.pdf", REPORT),
    }
    upload = app.message.media_upload
    return {kind: upload(kind, file)["media_id"] for kind, file in files.items()}


def cards(media):
    """The bodies with a card, and what is seen of each."""
    url, other = "https://open.dingtalk.com", "https://www.tmall.com"
    title, text = "透出到会话列表", "支持**markdown**的正文"
    two = [{"title": "一个", "action_url": url}, {"title": "两个", "action_url": other}]
    button = {"label": "查看详情", "url": url}
    seen = {"card_type": "action_card", "title": title, "text": text}
    oa = OaBodyContent(
        title="正文标题",
        content="大段文本",
        author="李四",
        image=media["image"],
        file_count="3",
        forms={"姓名:": "张三", "爱好:": "打球"},
        rich_num="15.6",
        rish_unit="元",
    )
    form = [{"name": "姓名:", "value": "张三"}, {"name": "爱好:", "value": "打球"}]
    return [
        ("single action card", SingleActionCardBody(title, text, "查看详情", url), seen, [button]),
        *(
            (
                f"action card with buttons {how}",
                BtnActionCardBody(title, text, how, two),
                seen,
                [{"label": each["title"], "url": each["action_url"]} for each in two],
            )
            for how in ("0", "1")
        ),
        (
            "oa with everything",
            OaBody(url, "FFBBBBBB", "头部标题", oa, pc_message_url=other),
            {
                "card_type": "oa",
                "title": "正文标题",
                "text": "大段文本",
                "fields": form,
                "url": url,
            },
            [],
        ),
        (
            "oa with a title alone",
            OaBody(url, "FFBBBBBB", "头", OaBodyContent(title="题")),
            {"card_type": "oa", "title": "题", "url": url},
            [],
        ),
    ]


async def send(sandbox, check, app):
    media = upload(app)
    ids = []

    async def shown(body, kind, **fields):
        """Sends a body, and gives the one part that is seen of it."""
        before = await sandbox.count(GROUP)
        ids.append(app.chat.send(GENERAL, body))
        expect(await sandbox.count(GROUP), before + 1)
        message = await sandbox.last(GROUP)
        expect([message["id"], message["from"]["id"]], [ids[-1], APP])
        assert message["from"]["bot"], message["from"]
        return only_part(message, kind, **fields)

    with check("send text"):
        await shown(TextBody("张三的请假申请 🐦\nhello"), "text", text="张三的请假申请 🐦\nhello")

    for kind, body in (("image", ImageBody), ("voice", VoiceBody), ("file", FileBody)):
        with check(f"send {kind}"):
            content = {"image": PIXEL, "voice": VOICE, "file": REPORT}[kind]
            part = await shown(body(media[kind]), kind)
            expect(await sandbox.bytes_of(part), content)

    with check("send voice with its duration"):
        await shown(VoiceBody(media["voice"], duration="10"), "voice", duration_ms=10_000)

    with check("send a file: people see what it was called"):
        await shown(FileBody(media["file"]), "file", name="报告.pdf", size=len(REPORT))

    with check("send a media_id that nobody knows: it is not looked at"):
        await shown(ImageBody("@made-up"), "image")

    with check("send link"):
        seen = {"url": "https://example.com/a?b=1&c=2", "title": "题", "text": "测试"}
        body = LinkBody(seen["url"], "https://example.com/a.png", "题", "测试")
        await shown(body, "link", image="https://example.com/a.png", **seen)

    with check("send markdown"):
        await shown(MarkdownBody("题", "# 一\n* 二"), "markdown", text="# 一\n* 二")

    for name, body, seen, buttons in cards(media):
        with check(f"send {name}"):
            part = await shown(body, "card", **seen)
            expect([{key: it[key] for key in ("label", "url")} for it in part["buttons"]], buttons)
            sent = body.get_data()
            if picture := sent.get("body", {}).get("image"):
                # People see the picture, not its id.
                sent["body"]["image"] = part["data"]["body"]["image"]
                expect(await sandbox.bytes_of({"url": sent["body"]["image"]}), PIXEL)
                assert picture == media["image"], picture
            expect(part["data"], sent)

    with check("send a dictionary, and the wrapped form of the page"):
        await shown({"msgtype": "text", "text": {"content": "字典"}}, "text", text="字典")
        msg = {"msgtype": "text", "text": {"content": "包起来"}}
        answer = app.post("/chat/send", {"chatid": GENERAL, "msg": msg})
        expect((await sandbox.last(GROUP))["id"], answer["messageId"])
        only_part(await sandbox.last(GROUP), "text", text="包起来")

    with check("where both forms are given, the wrapped one wins"):
        msg = {"msgtype": "text", "text": {"content": "里"}}
        body = {"chatid": GENERAL, "msgtype": "text", "text": {"content": "外"}, "msg": msg}
        app.post("/chat/send", body)
        only_part(await sandbox.last(GROUP), "text", text="里")

    with check("every message has an id of its own, equal ones too"):
        await shown(TextBody("一样"), "text", text="一样")
        await shown(TextBody("一样"), "text", text="一样")
        expect(len(set(ids)), len(ids))
        assert all(each.startswith("msg") for each in ids), ids

    with check("a message of 2048 bytes is taken"):
        content = "a" * (2048 - len('{"msgtype":"text","text":{"content":""}}'))
        await shown(TextBody(content), "text", text=content)


def plain(msgtype, **content):
    return {"msgtype": msgtype, msgtype: content}


async def refused_messages(sandbox, check, app):
    link = {"messageUrl": "https://a.example", "picUrl": "@l", "title": "题", "text": "述"}
    oa = OaBody("https://a.example", "FFBBBBBB", "头", OaBodyContent(title="题")).get_data()
    card = {
        "title": "题",
        "markdown": "文",
        "single_title": "看",
        "single_url": "https://a.example",
    }
    buttons = [{"title": "按钮" * 5, "action_url": "https://a.example/" + "a" * 300}] * 4
    many = {"title": "题", "markdown": "文", "btn_orientation": "0", "btn_json_list": buttons}
    long = len('{"msgtype":"text","text":{"content":""}}')

    def without(fields, *names):
        return {name: value for name, value in fields.items() if name not in names}

    refusals = [
        (34004, "无效的消息类型", "no msgtype", {}),
        (34004, "无效的消息类型", "an unknown msgtype", plain("fax", text="x")),
        (34004, None, "a msgtype of another robot", plain("feedCard", links=[])),
        (34014, "无效的消息", "no object of the type", {"msgtype": "text"}),
        (34014, "无效的消息", "no object but a text", {"msgtype": "text", "text": "你好"}),
        (34014, None, "text without content", plain("text")),
        (34014, None, "empty text", plain("text", content="")),
        (34008, None, "image without media_id", plain("image")),
        (34010, None, "file without media_id", plain("file", media_id="")),
        (34011, None, "voice without media_id", plain("voice", duration="3")),
        (34009, None, "link without messageUrl", plain("link", **without(link, "messageUrl"))),
        (34014, None, "link without title", plain("link", **without(link, "title"))),
        (34014, None, "link without text", plain("link", **without(link, "text"))),
        (34014, None, "markdown without text", plain("markdown", title="题")),
        (34014, None, "markdown without title", plain("markdown", text="文")),
        (34014, None, "oa without message_url", plain("oa", **without(oa, "message_url"))),
        (34014, None, "oa without head", plain("oa", **without(oa, "head"))),
        (34014, None, "oa without body", plain("oa", **without(oa, "body"))),
        (34014, None, "a card without markdown", plain("action_card", **without(card, "markdown"))),
        (
            34014,
            None,
            "a card with half a single button",
            plain("action_card", **without(card, "single_url")),
        ),
        (34016, "消息内容太长", "2049 bytes", plain("text", content="a" * (2049 - long))),
        (34016, "消息内容太长", "683 characters of three bytes", plain("text", content="长" * 683)),
        (34016, None, "a link with a title of 65", plain("link", **link | {"title": "题" * 65})),
        (
            34016,
            None,
            "a card with a single_title of 21",
            plain("action_card", **card | {"single_title": "看" * 21}),
        ),
        (
            34016,
            None,
            "a card with a single_url of 501",
            plain("action_card", **card | {"single_url": "https://a.example/" + "a" * 483}),
        ),
        (34016, None, "a card with more than 1000 of buttons", plain("action_card", **many)),
    ]
    for code, words, name, body in refusals:
        with check(f"send {name} is {code}, and nothing is said"):
            before = await sandbox.count(GROUP)
            with refused(code, words):
                app.chat.send(GENERAL, body)
            expect(await sandbox.count(GROUP), before)

    for name, chatid in (("no chatid", ""), ("an unknown chatid", "chatnone")):
        with check(f"send to {name} is 34001"), refused(34001, "无效的chatid"):
            app.chat.send(chatid, TextBody("你好"))


async def read_lists(sandbox, check, app):
    chat = app.chat
    sent = chat.send(GENERAL, TextBody("请看"))

    async def read(*people):
        for who in people:
            await sandbox.act(who, "read", message=sent)

    with check("nobody has read a message until somebody does"):
        answer = chat.get_read_list(sent)
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        assert "readUserIdList" not in answer and "next_cursor" not in answer, answer

    with check("who has read it, in the order in which they did, each once"):
        await read("dave", "alice", "dave", "bob")
        answer = chat.get_read_list(sent)
        expect(answer["readUserIdList"], ["dave", "alice", "bob"])
        assert "next_cursor" not in answer, answer
        expect(chat.get_read_list(sent, 0, 3), answer)

    with check("a page at a time, and who reads meanwhile comes on a later one"):
        page = chat.get_read_list(sent, 0, 2)
        expect(page["readUserIdList"], ["dave", "alice"])
        cursor = page["next_cursor"]
        assert isinstance(cursor, int) and cursor > 0, cursor
        await read("carol")
        page = chat.get_read_list(sent, cursor, 1)
        expect(page["readUserIdList"], ["bob"])
        page = chat.get_read_list(sent, page["next_cursor"], 1)
        expect(page["readUserIdList"], ["carol"])
        assert "next_cursor" not in page, page

    with check("the same page can be asked for again"):
        cursor = chat.get_read_list(sent, size=1)["next_cursor"]
        pages = [chat.get_read_list(sent, cursor, 1)["readUserIdList"] for _ in range(2)]
        expect(pages, [["alice"], ["alice"]])

    with check("every message has readers of its own, and people see who they are"):
        other = chat.send(GENERAL, TextBody("别的"))
        await sandbox.act("erin", "read", message=other)
        expect(chat.get_read_list(other)["readUserIdList"], ["erin"])
        message = await sandbox.message(GROUP, other)
        expect([each["id"] for each in message["readers"]], ["erin"])
        expect([each["id"] for each in message["unread"]], PEOPLE[:4])

    with check("who reads a conversation has read all of it"):
        first, second = (chat.send(GENERAL, TextBody(text)) for text in ("一", "二"))
        await sandbox.act("bob", "read", conversation=GROUP)
        for each in (first, second):
            expect(chat.get_read_list(each)["readUserIdList"], ["bob"])

    with check("without cursor and size it is the first hundred"):
        answer = app.get("/chat/getReadList", {"messageId": sent})
        expect(answer["readUserIdList"], ["dave", "alice", "bob", "carol"])

    refusals = [
        (40035, "无效的参数", "no message", {"message_id": ""}),
        (40035, "无效的参数", "an unknown message", {"message_id": "msgnone+/="}),
        (40068, "无效的偏移量", "a negative cursor", {"cursor": -1}),
        (40068, "无效的偏移量", "a cursor that is no number", {"cursor": "next"}),
        (40069, "无效的大小", "a size of 0", {"size": 0}),
        (40069, "无效的大小", "a size of 101", {"size": 101}),
        (40069, "无效的大小", "a size that is no number", {"size": "many"}),
    ]
    for code, words, name, given in refusals:
        with check(f"get_read_list with {name} is {code}"), refused(code, words):
            chat.get_read_list(**{"message_id": sent} | given)


async def people(sandbox, check, app):
    chat = app.chat

    with check("who quits is no member any more"):
        await sandbox.act("bob", "quit", group=GENERAL)
        expect(chat.get(GENERAL)["useridlist"], [each for each in PEOPLE if each != "bob"])

    with check("what people do to a group is seen by get"):
        await sandbox.act("alice", "rename", group=GENERAL, name="改名")
        await sandbox.act("alice", "owner", group=GENERAL, target="carol")
        info = chat.get(GENERAL)
        expect([info["name"], info["owner"]], ["改名", "carol"])

    with check("a disbanded group can be looked at, and that is all"):
        await sandbox.act("carol", "disband", group=GENERAL)
        expect(chat.get(GENERAL)["status"], 2)
        with refused(40016):
            chat.update(GENERAL, name="没改")
        with refused(34001):
            chat.send(GENERAL, TextBody("有人吗"))


def full(check, app):
    with check("a group of 1000 takes a create and 24 updates, and nobody more: 49005"):
        people = ["alice"]
        for number in range(1000):
            mobile = f"139{number:08}"
            user = {"userid": f"u{number}", "name": f"员工{number}", "department": [1]}
            people.append(app.user.create(user | {"mobile": mobile}))
        chatid = app.chat.create("大群", "alice", people[:40])
        for start in range(40, 1000, 40):
            app.chat.update(chatid, add_useridlist=people[start : start + 40])
        expect(app.chat.get(chatid)["useridlist"], people[:1000])
        with refused(49005, "群人数超过人数限制"):
            app.chat.update(chatid, add_useridlist=[people[1000]])
        app.chat.update(chatid, add_useridlist=[people[1000]], del_useridlist=[people[1]])
        expect(len(app.chat.get(chatid)["useridlist"]), 1000)
        expect(json.dumps(people[1]) in json.dumps(app.chat.get(chatid)["useridlist"]), False)


if __name__ == "__main__":
    world.run(main)
