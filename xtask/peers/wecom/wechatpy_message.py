"""wechatpy sends messages of an application to people, departments and tags."""

import world
from common import expect
from wechatpy_appchat import mp_article, upload
from wechatpy_peer import VERSION, clients, refused
from world import AGENT, OTHER_AGENT, PEOPLE, PIXEL, REPORT, VIDEO, VOICE, only_part

ALICE = "user:alice"
URL = "https://example.com"


async def main(sandbox, check):
    app, other = clients(sandbox)
    media = upload(app)
    await kinds(sandbox, check, app, media)
    await recipients(sandbox, check, app)
    await once(sandbox, check, app)
    await refusals(sandbox, check, app, other, media)
    await recall(sandbox, check, app, other)
    await cards(sandbox, check, app)


async def kinds(sandbox, check, app, media):
    message = app.message

    async def shown(answer, kind, **fields):
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        assert answer["msgid"], "there is no msgid"
        seen = await sandbox.last(ALICE)
        expect([seen["id"], seen["from"]["bot"]], [answer["msgid"], True])
        return only_part(seen, kind, **fields)

    with check("send_text"):
        answer = message.send_text(AGENT, "alice", "你好\nhello")
        await shown(answer, "text", text="你好\nhello")
        await shown(message.send_text(AGENT, ["alice"], "保密", safe=1), "text", text="保密")

    with check("send_text to an agent id that is text"):
        await shown(message.send_text(str(AGENT), "alice", "编号"), "text", text="编号")

    with check("send_text cuts to 2048 bytes, between characters"):
        answer = message.send_text(AGENT, "alice", "你" * 700)
        await shown(answer, "text", text="你" * 682)

    senders = {
        "image": (message.send_image, PIXEL),
        "voice": (message.send_voice, VOICE),
        "video": (message.send_video, VIDEO),
        "file": (message.send_file, REPORT),
    }
    for kind, (send, content) in senders.items():
        with check(f"send_{kind}"):
            part = await shown(send(AGENT, "alice", media[kind]), kind)
            expect(await sandbox.bytes_of(part), content)

    with check("send_video with title and description"):
        answer = message.send_video(AGENT, "alice", media["video"], "片名", "片")
        await shown(answer, "video", name="片名")

    with check("send_text_card"):
        answer = message.send_text_card(AGENT, "alice", "领奖通知", "恭喜", URL, "更多")
        fields = {"title": "领奖通知", "text": "恭喜", "url": URL}
        await shown(answer, "card", card_type="textcard", **fields)

    with check("send_articles"):
        article = {"title": "礼品", "description": "豪礼", "url": URL, "image": f"{URL}/a.png"}
        fields = {"title": "礼品", "text": "豪礼", "url": URL, "image": f"{URL}/a.png"}
        await shown(message.send_articles(AGENT, "alice", [article]), "link", **fields)

    with check("send_mp_articles"):
        article = mp_article(media) | {"show_cover_pic": 1}
        answer = message.send_mp_articles(AGENT, "alice", [article])
        await shown(answer, "link", title="地球一小时")

    with check("send_markdown"):
        answer = message.send_markdown(AGENT, "alice", "**你好**")
        await shown(answer, "markdown", text="**你好**")

    with check("a miniprogram_notice"):
        notice = {"appid": "wx8bd80126147df384", "title": "会议室预订成功通知"}
        notice["content_item"] = [{"key": "会议室", "value": "402"}]
        msg = {"msgtype": "miniprogram_notice", "miniprogram_notice": notice}
        await shown(message.send(AGENT, "alice", msg=msg), "card", title="会议室预订成功通知")


async def recipients(sandbox, check, app):
    async def reached(answer, text):
        """Who has got the message, and whom the answer calls invalid."""
        names = []
        for name in PEOPLE:
            messages = await sandbox.messages(f"user:{name}")
            hits = [each for each in messages if each["parts"] == [{"type": "text", "text": text}]]
            assert len(hits) <= 1, f"{name} got it {len(hits)} times"
            names += [name] * len(hits)
        invalid = [answer.get(key) or "" for key in ("invaliduser", "invalidparty", "invalidtag")]
        return [names, *invalid]

    def send(text, **to):
        return app.message.send_text(AGENT, to.pop("user_ids", ""), text, **to)

    with check("several people"):
        answer = send("二人", user_ids=["alice", "bob"])
        expect(await reached(answer, "二人"), [["alice", "bob"], "", "", ""])

    with check("people are found without regard to case"):
        expect((await reached(send("大写", user_ids="ALICE"), "大写"))[0], ["alice"])

    with check("@all"):
        expect((await reached(send("各位", user_ids="@all"), "各位"))[0], PEOPLE)

    with check("a department, with all below it"):
        app.department.create("研发", 1, id=2)
        app.user.update("dave", department=[2])
        expect((await reached(send("部门", party_ids="2"), "部门"))[0], ["dave"])
        expect((await reached(send("公司", party_ids=["1"]), "公司"))[0], PEOPLE)

    with check("a tag"):
        tag = app.tag.create("值班")["tagid"]
        app.tag.add_users(tag, ["carol"])
        expect((await reached(send("标签", tag_ids=str(tag)), "标签"))[0], ["carol"])

    with check("who is reached several ways gets one message"):
        answer = send("一次", user_ids=["dave", "DAVE"], party_ids="2")
        expect((await reached(answer, "一次"))[0], ["dave"])

    with check("those not there are named, the others reached"):
        answer = send("部分", user_ids=["alice", "Mallory"], party_ids="77", tag_ids="99")
        expect(await reached(answer, "部分"), [["alice"], "mallory", "77", "99"])

    with check("81013 where nobody is there, and the answer names them"):
        with refused(81013, "user & party & tag all invalid"):
            send("无人", user_ids="mallory")
        body = {"touser": "Mallory", "agentid": AGENT, "msgtype": "text", "text": {"content": "?"}}
        params = {"access_token": app.access_token}
        answer = await sandbox.http.post("/wecom/cgi-bin/message/send", params=params, json=body)
        expect(answer.json()["invaliduser"], "mallory")

    await sandbox.reset()


async def once(sandbox, check, app):
    body = {"msgtype": "text", "text": {"content": "只此一次"}, "enable_duplicate_check": 1}

    with check("the duplicate check drops the same request within its interval"):
        before = await sandbox.count(ALICE)
        answers = [app.message.send(AGENT, "alice", msg=body) for _ in range(2)]
        expect(answers[0]["msgid"], answers[1]["msgid"])
        expect(await sandbox.count(ALICE), before + 1)

    with check("and lets it pass after the interval"):
        await sandbox.advance(1801)
        app.message.send(AGENT, "alice", msg=body)
        expect(await sandbox.count(ALICE), before + 2)


async def refusals(sandbox, check, app, other, media):
    def send(agent=AGENT, user_ids="alice", **msg):
        given = {"msgtype": "text", "text": {"content": "你好"}} | msg
        return lambda: app.message.send(agent, user_ids, msg=given)

    people = [f"u{number}" for number in range(1001)]
    article = {"title": "题", "url": URL}
    picture = {"media_id": media["image"]}
    words = "not allow operate another agent with this accesstoken"
    with check("another application's agent id is 301002"), refused(301002, words):
        send(agent=OTHER_AGENT)()

    with check("the other application may"):
        other.message.send_text(OTHER_AGENT, "alice", "另一个")

    refused_calls = [
        (41011, "no agent id", send(agent=None)),
        (40056, "an agent id that is no number", send(agent="abc")),
        (82001, "nobody", send(user_ids="")),
        (40032, "1001 people", send(user_ids=people)),
        (82002, "101 departments", send(toparty="|".join(["1"] * 101))),
        (82003, "101 tags", send(totag="|".join(["1"] * 101))),
        (40008, "no message", lambda: app.message.send(AGENT, "alice")),
        (40008, "an unknown msgtype", send(msgtype="fax")),
        (44004, "empty text", send(text={"content": ""})),
        (41006, "no media_id", send(msgtype="image", image={})),
        (40007, "an unknown media_id", send(msgtype="image", image={"media_id": "made-up"})),
        (40007, "a media_id of another type", send(msgtype="file", file=picture)),
        (40074, "confidential news", send(msgtype="news", news={"articles": [article]}, safe=1)),
        (40058, "long markdown", send(msgtype="markdown", markdown={"content": "长" * 700})),
    ]
    for code, name, call in refused_calls:
        with check(f"{name} is {code}, and nothing is said"):
            before = await sandbox.count(ALICE)
            with refused(code):
                call()
            expect(await sandbox.count(ALICE), before)


async def recall(sandbox, check, app, other):
    def recall_message(client, msgid):
        return client.post("message/recall", data={"msgid": msgid})

    with check("recall takes a message back, also twice"):
        msgid = app.message.send_text(AGENT, "alice", "说错了")["msgid"]
        recall_message(app, msgid)
        assert (await sandbox.last(ALICE))["recalled"], "it is still there"
        recall_message(app, msgid)

    with check("recall of another application's message is 40058"):
        msgid = app.message.send_text(AGENT, "alice", "别动")["msgid"]
        with refused(40058):
            recall_message(other, msgid)

    with check("recall of an unknown message is 40058"), refused(40058):
        recall_message(app, "made-up")

    with check("recall after 24 hours is 42052"):
        await sandbox.advance(world.DAY + 1)
        with refused(42052):
            recall_message(app, msgid)


async def cards(sandbox, check, app):
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "审批", "desc": "请确认"},
        "button_list": [{"text": "同意", "style": 1, "key": "yes"}],
        "task_id": "task-1",
    }

    def send_card(**changes):
        msg = {"msgtype": "template_card", "template_card": card | changes}
        return app.message.send(AGENT, "alice", msg=msg)

    def replace(code, **what):
        body = {"userids": ["alice"], "agentid": AGENT, "response_code": code} | what
        return app.post("message/update_template_card", data=body)

    with check("a template card, and its response code"):
        code = send_card()["response_code"]
        shown = only_part(await sandbox.last(ALICE), "card", title="审批", task_id="task-1")
        expect([shown["card_type"], shown["text"]], ["button_interaction", "请确认"])
        expect([each["label"] for each in shown["buttons"]], ["同意"])

    with check("update_template_card changes the button, once for each code"):
        expect(replace(code, button={"replace_name": "已同意"})["invaliduser"], [])
        shown = only_part(await sandbox.last(ALICE), "card")
        assert shown["answered"], "it is not answered"
        with refused(40058):
            replace(code, button={"replace_name": "又同意"})

    with check("update_template_card puts another card in its place"):
        code = send_card(task_id="task-2")["response_code"]
        replace(code, template_card=card | {"main_title": {"title": "已完成"}, "task_id": "task-2"})
        only_part(await sandbox.last(ALICE), "card", title="已完成")

    with check("a response code is forgotten after 72 hours"):
        code = send_card(task_id="task-3")["response_code"]
        await sandbox.advance(3 * world.DAY + 1)
        with refused(40058):
            replace(code, button={"replace_name": "迟了"})

    notice = {
        "card_type": "text_notice",
        "main_title": {"title": "欢迎"},
        "card_action": {"type": 1, "url": URL},
    }
    with check("a text_notice has no response code"):
        msg = {"msgtype": "template_card", "template_card": notice}
        expect(app.message.send(AGENT, "alice", msg=msg).get("response_code"), None)

    task = {"title": "赵明登的礼物申请", "description": "礼品", "url": URL, "task_id": "taskid123"}
    task["btn"] = [{"key": "yes", "name": "批准"}, {"key": "no", "name": "驳回"}]
    with check("a taskcard"):
        app.message.send(AGENT, "alice", msg={"msgtype": "taskcard", "taskcard": task})
        shown = only_part(await sandbox.last(ALICE), "card", title="赵明登的礼物申请")
        expect([each["key"] for each in shown["buttons"]], ["yes", "no"])

    if VERSION == 2:
        with check("update_taskcard"):
            answer = app.message.update_taskcard(AGENT, ["alice", "mallory"], "taskid123", "已批准")
            expect(answer["invaliduser"], ["mallory"])
            assert only_part(await sandbox.last(ALICE), "card")["answered"], "it is not answered"

        with check("update_taskcard of an unknown task is 42016"), refused(42016):
            app.message.update_taskcard(AGENT, ["alice"], "nothing", "已批准")


if __name__ == "__main__":
    world.run(main)
