"""dingtalk-sdk uploads files and sends work notices, in the manner of today, of
TOP and of long ago."""

import world
from common import PIXEL, REPORT, VIDEO, VOICE, expect, only_part
from dingtalk.model.message import (
    ImageBody,
    MarkdownBody,
    OaBody,
    OaBodyContent,
    SingleActionCardBody,
    TextBody,
)
from sdk_peer import client, open_call, refused
from world import AGENT, ALICE, BOB, DAY, GENERAL, GROUP, PEOPLE


async def main(sandbox, check):
    app = client()
    media(check, app)
    await notices(sandbox, check, app)
    await limits(sandbox, check, app)
    refused_notices(check, app)
    await recall(sandbox, check, app)
    await top(sandbox, check, app)
    await long_ago(sandbox, check, app)
    await beside(sandbox, check, app)


def media(check, app):
    upload, download = app.message.media_upload, app.message.media_download_file
    files = [
        ("image", "图.png", PIXEL),
        ("voice", "声.amr", VOICE),
        ("video", "影.mp4", VIDEO),
        ("file", "报告.pdf", REPORT),
    ]
    for kind, name, content in files:
        with check(f"{kind} is uploaded, and downloaded as it was"):
            answer = upload(kind, (name, content))
            expect([answer["errcode"], answer["type"]], [0, kind])
            assert isinstance(answer["created_at"], int), answer
            expect(download(answer["media_id"]).content, content)

    with check("two uploads of one file are two"):
        first, second = (upload("image", ("图.png", PIXEL))["media_id"] for _ in range(2))
        assert first != second, first

    with check("a picture of 20 MB comes out whole, one of more is 40006"):
        content = PIXEL + bytes(20 * 1024 * 1024 - len(PIXEL))
        expect(download(upload("image", ("大.png", content))["media_id"]).content, content)
        with refused(40006):
            upload("image", ("大.png", content + b"!"))

    with check("voice of more than 2 MB is 40006"), refused(40006):
        upload("voice", ("声.amr", VOICE + bytes(2 * 1024 * 1024)))

    with check("an unknown type, and a name that does not fit it, is 40004"):
        with refused(40004):
            upload("hologram", ("图.png", PIXEL))
        with refused(40004):
            upload("image", ("图.pdf", PIXEL))

    with check("a media_id that nobody knows is 40007"), refused(40007):
        download("@made-up")


def renew(app):
    """Lets the peer renew its token: it does not when TOP refuses it."""
    app.user.get("alice")


def result_of(app, task):
    """What became of a notice: lists by their names, absent ones left out."""
    result = app.message.getsendresult(AGENT, task)

    def plain(value):
        # TOP wraps lists into the name of what is in them.
        return next(iter(value.values())) if isinstance(value, dict) else value

    return {name: plain(value) for name, value in result.items() if value}


async def notices(sandbox, check, app):
    message = app.message

    async def shown(who, kind, **fields):
        last = await sandbox.last(f"user:{who}")
        expect([last["from"]["id"], last["tag"]], [world.APP, "notice"])
        return only_part(last, kind, **fields)

    with check("a notice to two, and what became of it"):
        task = message.asyncsend_v2(TextBody("请提交日报"), AGENT, ["alice", "bob"])
        assert isinstance(task, int), task
        for who in ("alice", "bob"):
            await shown(who, "text", text="请提交日报")
        expect(await sandbox.count("user:carol"), 0)
        progress = message.getsendprogress(AGENT, task)
        expect([progress["progress_in_percent"], progress["status"]], [100, 2])
        expect(result_of(app, task), {"unread_user_id_list": ["alice", "bob"]})

    with check("who reads it moves from one list to the other"):
        await sandbox.act("bob", "read", message=(await sandbox.last(BOB))["id"])
        found = result_of(app, task)
        expect(found, {"read_user_id_list": ["bob"], "unread_user_id_list": ["alice"]})

    with check("receivers as a text, in a department, and everybody"):
        message.asyncsend_v2(TextBody("文"), AGENT, "alice,bob")
        await shown("bob", "text", text="文")
        task = message.asyncsend_v2(TextBody("部门"), AGENT, dept_id_list=[1])
        expect(result_of(app, task), {"unread_user_id_list": PEOPLE})
        task = message.asyncsend_v2(TextBody("全员"), AGENT, to_all_user=True)
        expect(result_of(app, task), {"unread_user_id_list": PEOPLE})
        await shown("erin", "text", text="全员")

    bodies = [
        ("image", "image", ImageBody("@made-up"), {}),
        ("markdown", "markdown", MarkdownBody("题", "# 文"), {"text": "# 文"}),
        (
            "oa",
            "card",
            OaBody("https://a.example", "FFBBBBBB", "头", OaBodyContent(title="题")),
            {"card_type": "oa", "title": "题", "url": "https://a.example"},
        ),
        (
            "action card",
            "card",
            SingleActionCardBody("题", "文", "看", "https://a.example"),
            {"card_type": "action_card", "title": "题", "text": "文"},
        ),
    ]
    for name, kind, body, fields in bodies:
        with check(f"a notice with {name}"):
            message.asyncsend_v2(body, AGENT, ["alice"])
            await shown("alice", kind, **fields)

    with check("who is not there is named, and the others get it"):
        given = {"userid_list": ["alice", "mallory"], "dept_id_list": [99]}
        task = message.asyncsend_v2(TextBody("有人不在"), AGENT, **given)
        found = result_of(app, task)
        expect(found["unread_user_id_list"], ["alice"])
        expect(found["invalid_user_id_list"], ["mallory"])
        expect([int(each) for each in found["invalid_dept_id_list"]], [99])

    with check("the current address does the same"):
        body = {"agent_id": AGENT, "userid_list": "carol", "to_all_user": False}
        body["msg"] = {"msgtype": "text", "text": {"content": "新址"}}
        answer = app.post("/topapi/message/corpconversation/asyncsend_v2", body)
        assert answer["request_id"], answer
        await shown("carol", "text", text="新址")
        asked = {"agent_id": AGENT, "task_id": answer["task_id"]}
        progress = app.post("/topapi/message/corpconversation/getsendprogress", asked)["progress"]
        expect([progress["progress_in_percent"], progress["status"]], [100, 2])
        found = app.post("/topapi/message/corpconversation/getsendresult", asked)["send_result"]
        expect(found["unread_user_id_list"], ["carol"])


async def limits(sandbox, check, app):
    message = app.message

    with check("the same to the same on the same day does not arrive"):
        before = await sandbox.count("user:dave")
        first, second = (message.asyncsend_v2(TextBody("重复"), AGENT, ["dave"]) for _ in range(2))
        expect(await sandbox.count("user:dave"), before + 1)
        expect(result_of(app, first), {"unread_user_id_list": ["dave"]})
        found = result_of(app, second)
        expect(found["forbidden_user_id_list"], ["dave"])
        [why] = found["forbidden_list"]
        expect([why["code"], why["userid"]], ["143106", "dave"])

    with check("the next day it does"):
        await sandbox.advance(DAY)
        renew(app)
        message.asyncsend_v2(TextBody("重复"), AGENT, ["dave"])
        expect(await sandbox.count("user:dave"), before + 2)

    with check("to everybody three times a day, and no more"):
        for number in range(3):
            message.asyncsend_v2(TextBody(f"全员 {number}"), AGENT, to_all_user=True)
        with refused_somehow():
            message.asyncsend_v2(TextBody("全员 4"), AGENT, to_all_user=True)
        assert "全员 4" not in world.texts(await sandbox.messages("user:erin"))


class refused_somehow:
    """Asserts that the block is refused, whatever the code."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert getattr(error, "errcode", 0), "it was taken" if error is None else error
        return True


def refused_notices(check, app):
    message = app.message
    text = TextBody("不会到")

    def send(body=text, agent=AGENT, **to):
        return lambda: message.asyncsend_v2(body, agent, **to)

    to = {"userid_list": ["alice"]}
    refusals = [
        (40056, "an unknown agent", send(agent=1, **to)),
        (40035, "nobody", send()),
        (40035, "101 people", send(userid_list=[f"u{number}" for number in range(101)])),
        (40035, "21 departments", send(dept_id_list=range(1, 22))),
        (34004, "an unknown msgtype", send({"msgtype": "fax", "fax": {}}, **to)),
        (34014, "an empty text", send(TextBody(""), **to)),
        (34016, "more than 2048 bytes", send(TextBody("长" * 700), **to)),
        (40035, "the progress of an unknown task", lambda: message.getsendprogress(AGENT, 1)),
        (40035, "the result of an unknown task", lambda: message.getsendresult(AGENT, 1)),
        (400002, "the recall of an unknown task", lambda: message.recall(AGENT, 1)),
        (400002, "the recall by another agent", lambda: message.recall(1, task)),
        (40035, "the result for another agent", lambda: message.getsendresult(1, task)),
    ]
    task = message.asyncsend_v2(TextBody("在此"), AGENT, **to)
    for code, name, call in refusals:
        with check(f"{name} is {code}"), refused(code):
            call()


async def recall(sandbox, check, app):
    message = app.message

    with check("a notice is recalled, and who has read it stays known"):
        task = message.asyncsend_v2(TextBody("发错了"), AGENT, ["alice", "bob"])
        sent = (await sandbox.last(ALICE))["id"]
        await sandbox.act("alice", "read", message=sent)
        expect(message.recall(AGENT, task)["errcode"], 0)
        for who in (ALICE, BOB):
            assert (await sandbox.message(who, sent))["recalled"], "it is still there"
        found = result_of(app, task)
        expect(found, {"read_user_id_list": ["alice"], "unread_user_id_list": ["bob"]})

    with check("after a day it is too late"):
        task = message.asyncsend_v2(TextBody("太久"), AGENT, ["alice"])
        await sandbox.advance(DAY + 1)
        renew(app)
        with refused(400002):
            message.recall(AGENT, task)
        with refused(40035):
            message.getsendresult(AGENT, task)


async def top(sandbox, check, app):
    message = app.message

    with check("asyncsend, to people and a department"):
        task = message.asyncsend(TextBody("旧法"), AGENT, ["alice"], [1])
        expect(result_of(app, task), {"unread_user_id_list": PEOPLE})
        only_part(await sandbox.last("user:erin"), "text", text="旧法")

    with check("asyncsend by another agent is 40056"), refused(40056):
        message.asyncsend(TextBody("旧法"), 1, ["alice"])

    with check("asyncsendbycode, allowed by who signed in, once"):
        code = (await sandbox.act("alice", "sign_in"))["code"]
        message.asyncsendbycode(code, TextBody("授权"), AGENT, ["alice"])
        only_part(await sandbox.last(ALICE), "text", text="授权")
        with refused(40078):
            message.asyncsendbycode(code, TextBody("再来"), AGENT, ["alice"])


async def long_ago(sandbox, check, app):
    message = app.message

    with check("send names who is not there, and status says who has read it"):
        answer = message.send(AGENT, TextBody("很久以前"), ["alice", "bob", "mallory"])
        expect([answer["errcode"], answer["invaliduser"]], [0, "mallory"])
        only_part(await sandbox.last(ALICE), "text", text="很久以前")
        await sandbox.act("bob", "read", message=answer["messageId"])
        status = message.list_message_status(answer["messageId"])
        expect([status["read"], status["unread"]], [["bob"], ["alice"]])

    with check("send to a department, and to an unknown one"):
        answer = message.send(AGENT, TextBody("部门"), toparty_list=[1, 99])
        expect([answer["invalidparty"], answer["invaliduser"]], ["99", ""])
        only_part(await sandbox.last("user:erin"), "text", text="部门")

    with check("send by another agent is 40056, to nobody 40035"):
        with refused(40056):
            message.send(1, TextBody("很久以前"), ["alice"])
        with refused(40035):
            message.send(AGENT, TextBody("很久以前"))

    with check("the status of an unknown message is 40035"), refused(40035):
        message.list_message_status("made-up")

    with check("send_by_code goes to who signed in, once"):
        code = (await sandbox.act("carol", "sign_in"))["code"]
        assert message.send_by_code(code, TextBody("凭码"))["messageId"]
        only_part(await sandbox.last("user:carol"), "text", text="凭码")
        with refused(40078):
            message.send_by_code(code, TextBody("再来"))

    with check("send_to_conversation speaks for a member"):
        path = f"/v1.0/im/chat/{GENERAL}/convertToOpenConversationId"
        _, found = open_call(app, "POST", path)
        cid = found["openConversationId"]
        answer = message.send_to_conversation("bob", cid, TextBody("替人说"))
        expect(answer["receiver"].split("|"), [each for each in PEOPLE if each != "bob"])
        last = await sandbox.last(GROUP)
        expect(last["from"]["id"], "bob")
        only_part(last, "text", text="替人说")

    with check("send_to_conversation by nobody and to nowhere is refused"):
        with refused(34006):
            message.send_to_conversation("mallory", GENERAL, TextBody("替人说"))
        with refused(34001):
            message.send_to_conversation("bob", "cidnone", TextBody("替人说"))


async def beside(sandbox, check, app):
    with check("a button whose page opens beside the chat"):
        made = app.message.get_pc_url("https://example.com/?a=1")
        assert made.startswith("dingtalk://dingtalkclient/page/link?url="), made
        body = SingleActionCardBody("题", "文", "看", made)
        app.message.asyncsend_v2(body, AGENT, ["alice"])
        part = only_part(await sandbox.last(ALICE), "card")
        expect(part["buttons"][0]["url"], made)


if __name__ == "__main__":
    world.run(main)
