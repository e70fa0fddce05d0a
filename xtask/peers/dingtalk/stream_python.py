"""The Python SDK is the application's robot on its Stream."""

import asyncio
import json
import time

import common
import requests
import world
from common import PIXEL, REPORT, VOICE, expect, media_part, only_part
from stream_peer import (
    CardReplier,
    ChatbotMessage,
    Peer,
    ThreadedRobot,
    client,
    reply_specified_group_chat,
    reply_specified_single_chat,
    websockets,
)
from world import ALICE, APP, CORP, GENERAL, GROUP, HOUR, MENTION, MINUTE, PRIVATE

OAPI, API = "https://oapi.dingtalk.com", "https://api.dingtalk.com"


async def main(sandbox, check):
    credentials(check)
    await tickets(sandbox, check)
    peer = Peer()
    peer.start()
    with check("the peer is connected"):
        await peer.connected(1)
    await messages(sandbox, check, peer)
    await files(sandbox, check, peer)
    await replies(sandbox, check, peer)
    await cards(sandbox, check, peer)
    await events(sandbox, check, peer)
    await connection(sandbox, check, peer)


def credentials(check):
    for name, given in (("a wrong secret", {"secret": "no"}), ("an unknown key", {"key": "no"})):
        with check(f"{name} opens nothing, and the peer knows why"):
            stranger, complaints = client(**given)
            expect(stranger.open_connection(), None)
            [complaint] = complaints.found
            assert "401" in complaint and "authFailed" in complaint, complaint

    with check("a wrong secret gets no token: 400"):
        stranger, complaints = client(secret="no")
        expect(stranger.get_access_token(), None)
        [complaint] = complaints.found
        assert "400" in complaint and "invalidClientIdOrSecret" in complaint, complaint

    with check("the token of version 1.0 is the token of the older calls"):
        peer, _ = client()
        token = peer.get_access_token()
        answer = requests.get(f"{OAPI}/user/get", params={"access_token": token, "userid": "bob"})
        expect(answer.json()["name"], "Bob")


async def tickets(sandbox, check):
    def opened():
        peer, complaints = client()
        answer = peer.open_connection()
        assert answer, complaints.found
        return answer

    async def connect(ticket, endpoint):
        """Whether a connection is let in; the status if it is not."""
        try:
            async with websockets.connect(f"{endpoint}?ticket={ticket}"):
                return 101
        except websockets.exceptions.InvalidStatus as refusal:
            return refusal.response.status_code

    with check("open answers where to connect, here, and a ticket"):
        answer = opened()
        expect(answer["endpoint"], f"{sandbox.ws_url}/dingtalk/connect")
        assert answer["ticket"] != opened()["ticket"], "it is the same again"

    with check("a ticket opens one connection"):
        answer = opened()
        expect([await connect(**answer), await connect(**answer)], [101, 401])

    with check("a ticket is good for 90 seconds"):
        answer = opened()
        await sandbox.advance(85)
        expect(await connect(**answer), 101)
        answer = opened()
        await sandbox.advance(91)
        expect(await connect(**answer), 401)

    with check("a ticket that was made up, and none, opens nothing"):
        expect(await connect("made-up", answer["endpoint"]), 401)
        expect(await connect("", answer["endpoint"]), 401)


async def messages(sandbox, check, peer):
    with check("a text in private, with all that belongs to it"):
        said = await sandbox.say("alice", PRIVATE, "你好 🐦")
        heard = (await peer.inbox.take(kind="text"))["message"]
        expect([heard.text.content, heard.message_id], ["你好 🐦", said])
        expect([heard.conversation_type, heard.conversation_title], ["1", None])
        expect([heard.sender_staff_id, heard.sender_nick], ["alice", "Alice"])
        expect([heard.robot_code, heard.chatbot_corp_id], [APP, CORP])
        assert heard.sender_id and heard.sender_id != "alice", heard.sender_id
        assert heard.chatbot_user_id and heard.conversation_id.startswith("cid"), heard
        assert abs(int(heard.create_at) - time.time() * 1000) < 600_000, heard.create_at
        life = heard.session_webhook_expired_time - int(heard.create_at)
        assert abs(life - 5_400_000) < 1000, life
        assert heard.session_webhook.startswith(sandbox.url), heard.session_webhook

    with check("a mention in the group, with the blank behind it"):
        said = await sandbox.say("bob", GROUP, [MENTION, {"type": "text", "text": " 值班是谁"}])
        heard = (await peer.inbox.take(kind="text"))["message"]
        expect([heard.text.content, heard.message_id], [" 值班是谁", said])
        expect([heard.conversation_type, heard.conversation_title], ["2", "general"])
        expect([heard.sender_staff_id, heard.is_in_at_list], ["bob", True])
        assert heard.at_users, "nobody was mentioned"
        expect(heard.conversation_id.startswith("cid"), True)

    with check("a mention of somebody else beside it names both"):
        carol = {"type": "mention", "id": "carol"}
        await sandbox.say("bob", GROUP, [MENTION, {"type": "text", "text": " 问 "}, carol])
        heard = (await peer.inbox.take(kind="text"))["message"]
        expect([user.staff_id for user in heard.at_users if user.staff_id], ["carol"])
        expect(len(heard.at_users), 2)

    with check("what mentions nobody, or somebody else, is not heard"):
        await sandbox.say("bob", GROUP, "大家好")
        await sandbox.say("bob", GROUP, [{"type": "mention", "id": "carol"}])
        await sandbox.say("alice", PRIVATE, "再见")
        expect((await peer.inbox.take(kind="text"))["said"], "再见")

    with check("one conversation has one id, and each its own"):
        ids = []
        for who, to in (("alice", PRIVATE), ("alice", PRIVATE), ("bob", PRIVATE)):
            await sandbox.say(who, to, "我是谁")
            ids.append((await peer.inbox.take(kind="text"))["message"].conversation_id)
        expect([ids[0] == ids[1], ids[0] == ids[2]], [True, False])

    with check("many messages arrive in their order, each once"):
        texts = [f"第 {number} 条" for number in range(30)]
        for text in texts:
            await sandbox.say("alice", PRIVATE, text)
        await common.eventually(lambda: len(peer.inbox.events) >= 30, "all of them")
        expect([each["said"] for each in peer.inbox.events], texts)
        peer.inbox.events.clear()


async def files(sandbox, check, peer):
    robot = peer.robot

    def content_of(code):
        url = robot.get_image_download_url(code)
        assert url.startswith(sandbox.url), url
        return requests.get(url).content

    def download_media(media_id):
        query = {"access_token": peer.client.get_access_token(), "media_id": media_id}
        return requests.get(f"{OAPI}/media/downloadFile", params=query).content

    with check("a picture is downloaded by its code, and uploaded anew"):
        await sandbox.say("alice", PRIVATE, [media_part("image", PIXEL)])
        heard = (await peer.inbox.take(kind="picture"))["message"]
        [code] = heard.get_image_list()
        expect(content_of(code), PIXEL)
        [media_id] = robot.extract_image_from_incoming_message(heard)
        expect(download_media(media_id), PIXEL)

    with check("text and pictures together are richText"):
        text = {"type": "text", "text": "看图"}
        await sandbox.say("alice", PRIVATE, [text, media_part("image", PIXEL)])
        heard = (await peer.inbox.take(kind="richText"))["message"]
        expect(robot.extract_text_from_incoming_message(heard), ["看图"])
        [code] = heard.get_image_list()
        expect(content_of(code), PIXEL)

    for kind, wire, content in (("file", "file", REPORT), ("voice", "audio", VOICE)):
        with check(f"a {kind} arrives as {wire}, and is downloaded by its code"):
            await sandbox.say("alice", PRIVATE, [media_part(kind, content, "附件.pdf")])
            heard = (await peer.inbox.take(kind=wire))["message"]
            expect(content_of(heard.extensions["content"]["downloadCode"]), content)

    with check("a code that was made up leads nowhere"):
        expect(robot.get_image_download_url("made-up"), "")

    with check("an upload, and one that is refused"):
        media_id = peer.client.upload_to_dingtalk(PIXEL)
        expect(download_media(media_id), PIXEL)
        try:
            peer.client.upload_to_dingtalk(PIXEL, filetype="hologram")
        except Exception as error:
            assert "40004" in str(error), error
        else:
            raise AssertionError("it was taken")


async def replies(sandbox, check, peer):
    robot = peer.robot

    async def heard(who, to, text="在吗"):
        parts = [MENTION, {"type": "text", "text": f" {text}"}] if to == GROUP else text
        await sandbox.say(who, to, parts)
        return (await peer.inbox.take(kind="text"))["message"]

    def ok(answer):
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])

    for name, who, to, where in (
        ("in private", "alice", PRIVATE, ALICE),
        ("in the group", "bob", GROUP, GROUP),
    ):
        with check(f"text and Markdown in reply, {name}"):
            message = await heard(who, to)
            ok(robot.reply_text("在", message))
            last = await sandbox.last(where)
            only_part(last, "text", text="在")
            expect([last["from"]["id"], last["from"]["bot"]], [APP, True])
            ok(robot.reply_markdown("题", "**在**", message))
            only_part(await sandbox.last(where), "markdown", text="**在**")

    with check("who is named in a reply is mentioned"):
        ok(robot.reply_text("@bob 在", await heard("bob", GROUP)))
        parts = (await sandbox.last(GROUP))["parts"]
        expect([part["type"] for part in parts], ["mention", "text"])
        expect(parts[0]["id"], "bob")

    with check("a handler that answers by itself"):
        await sandbox.say("alice", PRIVATE, "/echo 回声")
        await sandbox.seen(ALICE, "回声")
        await peer.inbox.take(said="/echo 回声")

    with check("other bodies in reply, and one that is none"):
        message = await heard("alice", PRIVATE)

        def reply(**body):
            return requests.post(message.session_webhook, json=body).json()

        link = {"title": "题", "text": "文", "messageUrl": "https://a.example", "picUrl": ""}
        ok(reply(msgtype="link", link=link))
        only_part(await sandbox.last(ALICE), "link", title="题", url="https://a.example")
        card = {"title": "题", "text": "文", "singleTitle": "看", "singleURL": "https://a.example"}
        ok(reply(msgtype="actionCard", actionCard=card))
        part = only_part(await sandbox.last(ALICE), "card", card_type="action_card", title="题")
        expect(part["buttons"][0]["label"], "看")
        links = [
            {"title": "一", "messageURL": "https://a.example", "picURL": "https://a.example/1"}
        ]
        ok(reply(msgtype="feedCard", feedCard={"links": links}))
        only_part(await sandbox.last(ALICE), "link", title="一")
        before = await sandbox.count(ALICE)
        expect(reply(msgtype="fax", fax={})["errcode"], 400105)
        expect(await sandbox.count(ALICE), before)

    with check("a session lasts an hour and a half, for any number of replies"):
        message = await heard("alice", PRIVATE)
        await sandbox.advance(89 * MINUTE)
        for number in range(25):
            ok(robot.reply_text(f"第 {number} 次", message))
        await sandbox.advance(2 * MINUTE)
        before = await sandbox.count(ALICE)
        expect(robot.reply_text("太迟", message)["errcode"], 300001)
        expect(await sandbox.count(ALICE), before)

    with check("a session that was made up is 300001"):
        where = f"{OAPI}/robot/sendBySession?session=made-up"
        message = ChatbotMessage.from_dict({"sessionWebhook": where})
        expect(robot.reply_text("谁", message)["errcode"], 300001)


STANDARD = {
    "config": {"autoLayout": True},
    "header": {"title": {"type": "text", "text": "审批"}},
    "contents": [
        {"type": "markdown", "text": "**请确认**", "id": "text"},
        {
            "type": "action",
            "id": "actions",
            "actions": [
                {
                    "type": "button",
                    "label": {"type": "text", "text": "同意"},
                    "actionType": "request",
                    "status": "primary",
                    "id": "yes",
                }
            ],
        },
    ],
}


def is_card(message, id):
    return message["parts"][0].get("task_id") == id


async def cards(sandbox, check, peer):
    robot = peer.robot

    async def heard(who, to):
        await sandbox.say(who, to, [MENTION, {"type": "text", "text": " 卡片"}])
        return (await peer.inbox.take(kind="text"))["message"]

    async def shown(where, **fields):
        return only_part(await sandbox.last(where), "card", card_type="interactive", **fields)

    in_group, in_private = await heard("bob", GROUP), await heard("alice", PRIVATE)
    for name, message, where in (("group", in_group, GROUP), ("private", in_private, ALICE)):
        with check(f"a standard card in reply, in {name}, which is changed later"):
            biz_id = robot.reply_card(STANDARD, message, at_sender=True)
            assert biz_id, peer.complaints.found
            part = await shown(where, title="审批", text="**请确认**", task_id=biz_id)
            expect([(each["key"], each["label"]) for each in part["buttons"]], [("yes", "同意")])
            done = {"contents": [{"type": "markdown", "text": "已同意", "id": "text"}]}
            before = await sandbox.count(where)
            assert robot.update_card(biz_id, done)["processQueryKey"]
            await shown(where, text="已同意", task_id=biz_id)
            expect(await sandbox.count(where), before)

    with check("a card that is not there cannot be changed"):
        status = robot.update_card("made-up", {"contents": []})
        assert isinstance(status, int) and status >= 400, status

    for name, message, where in (("group", in_group, GROUP), ("private", in_private, ALICE)):
        with check(f"a Markdown card in {name}, made, delivered and changed"):
            card = robot.reply_markdown_card("**你好**", message, title="题")
            assert card.card_instance_id, "it was not sent"
            part = await shown(where, title="题", task_id=card.card_instance_id)
            expect(part["fields"], [{"name": "markdown", "value": "**你好**"}])
            card.update("**再见**")
            part = await shown(where, task_id=card.card_instance_id)
            expect(part["fields"], [{"name": "markdown", "value": "**再见**"}])

    with check("a card made and delivered at once"):
        replier = CardReplier(peer.client, in_group)
        card = replier.create_and_deliver_card("mine.schema", {"k": "v"}, at_sender=True)
        part = await shown(GROUP, task_id=card)
        expect(part["fields"], [{"name": "k", "value": "v"}])
        await replier.async_put_card_data(card, {"k": "v2"})
        expect((await shown(GROUP, task_id=card))["fields"], [{"name": "k", "value": "v2"}])
        other = await CardReplier(peer.client, in_private).async_create_and_deliver_card(
            "mine.schema", {"k": "w"}
        )
        expect((await shown(ALICE, task_id=other))["fields"], [{"name": "k", "value": "w"}])

    with check("a card that is written while people watch"):
        card = robot.ai_markdown_card_start(in_private, title="助理")
        written = []
        for text in ("正在", "正在思考", "正在思考……好了"):
            card.ai_streaming(text)
            part = await shown(ALICE, task_id=card.card_instance_id)
            written += [each["value"] for each in part["fields"] if each["name"] == "msgContent"]
        expect(written, ["正在", "正在思考", "正在思考……好了"])
        card.ai_finish(
            markdown="**好了**", button_list=[{"text": "赞", "id": "up", "request": True}]
        )
        part = await shown(ALICE, task_id=card.card_instance_id)
        values = {each["name"]: each["value"] for each in part["fields"]}
        expect(values["msgContent"], "**好了**")
        expect([(each["key"], each["label"]) for each in part["buttons"]], [("up", "赞")])
    written_card = card.card_instance_id

    with check("a card with buttons, and one that could not be made"):
        buttons = [{"text": "打开", "url": "https://a.example", "color": "gray"}]
        card = robot.reply_markdown_button(in_private, "**选**", buttons, tips="请选", title="题")
        part = await shown(ALICE, title="题", task_id=card.card_instance_id)
        seen = [(each["label"], each["url"]) for each in part["buttons"]]
        expect(seen, [("打开", "https://a.example")])
        failed = robot.ai_markdown_card_start(in_private)
        failed.ai_fail()
        part = await shown(ALICE, task_id=failed.card_instance_id)
        assert {"name": "flowStatus", "value": "5"} in part["fields"], part["fields"]

    with check("a card for whom the peer names itself"):
        biz_id = robot.reply_card(STANDARD, reply_specified_single_chat("carol"))
        only_part(await sandbox.last("user:carol"), "card", title="审批", task_id=biz_id)
        to_group = reply_specified_group_chat(in_group.conversation_id)
        biz_id = robot.reply_card(STANDARD, to_group, at_all=True)
        await shown(GROUP, title="审批", task_id=biz_id)
        expect(robot.reply_card(STANDARD, reply_specified_group_chat("cidnone")), "")

    with check("too many calls of version 1.0 are 403, and no card"):
        before = await sandbox.count(ALICE)
        await sandbox.fault("rate_limit", where="http", count=2)
        expect(robot.reply_card(STANDARD, in_private), "")
        headers = {"x-acs-dingtalk-access-token": peer.client.get_access_token()}
        where = f"{API}/v1.0/robot/messageFiles/download"
        body = {"downloadCode": "made-up", "robotCode": APP}
        answer = requests.post(where, json=body, headers=headers)
        expect(answer.status_code, 403)
        code = answer.json()["code"]
        assert code.startswith("Forbidden.AccessDenied.QpsLimitFor"), code
        expect(await sandbox.count(ALICE), before)

    with check("a pressed button is a callback of the card"):
        written = [each for each in await sandbox.messages(ALICE) if is_card(each, written_card)]
        given = {"message": written[0]["id"], "key": "up", "params": {"分": 5}}
        await sandbox.act("alice", "press", **given)
        pressed = (await peer.inbox.take(kind="card"))["card"]
        expect([pressed.user_id, pressed.corp_id], ["alice", CORP])
        expect(pressed.card_instance_id, written_card)
        expect(pressed.content, {"cardPrivateData": {"actionIds": ["up"], "params": {"分": 5}}})
        expect(pressed.extension, {})

    with check("a button of a standard card in the group, pressed by somebody else"):
        biz_id = robot.reply_card(STANDARD, in_group)
        last = await sandbox.last(GROUP)
        await sandbox.act("carol", "press", message=last["id"], key="yes")
        pressed = (await peer.inbox.take(kind="card"))["card"]
        expect([pressed.user_id, pressed.card_instance_id], ["carol", biz_id])
        expect(pressed.content["cardPrivateData"]["actionIds"], ["yes"])


async def events(sandbox, check, peer):
    def post(path, **body):
        query = {"access_token": peer.client.get_access_token()}
        answer = requests.post(f"{OAPI}{path}", params=query, json=body).json()
        expect(answer["errcode"], 0)
        return answer

    def send_one(who, text):
        headers = {"x-acs-dingtalk-access-token": peer.client.get_access_token()}
        body = {"robotCode": APP, "userIds": [who], "msgKey": "sampleText"}
        body["msgParam"] = json.dumps({"content": text})
        where = f"{API}/v1.0/robot/oToMessages/batchSend"
        return requests.post(where, json=body, headers=headers).json()["processQueryKey"]

    async def told(type, **fields):
        event = await peer.inbox.take(kind="event")
        expect(event["type"], type)
        assert event["id"] and event["headers"].event_corp_id == CORP, event["headers"]
        assert event["headers"].event_born_time > 0, event["headers"]
        assert event["headers"].event_unified_app_id, event["headers"]
        expect(event["headers"].topic, "*")
        expect({name: event["data"].get(name) for name in fields}, fields)
        return event

    with check("what an update changes is told, each by itself"):
        post("/chat/update", chatid=GENERAL, name="新名", owner="bob", del_useridlist=["erin"])
        removed = await told(
            "chat_remove_member", chatId=GENERAL, userId=["erin"], operator="alice"
        )
        expect(len(removed["data"]["unionId"]), 1)
        owner = await told("chat_update_owner", owner="bob")
        expect(["chatId" in owner["data"], "operator" in owner["data"]], [False, False])
        await told("chat_update_title", chatId=GENERAL, title="新名")
        post("/chat/update", chatid=GENERAL, add_useridlist=["erin"])
        await told("chat_add_member", chatId=GENERAL, userId=["erin"])

    with check("who quits is told, and the end of a group"):
        await sandbox.act("dave", "quit", group=GENERAL)
        event = await told("chat_quit", operator="dave", chatId=GENERAL, corpId=CORP)
        assert event["data"]["openConversationId"].startswith("cid"), event["data"]
        answer = post("/chat/create", name="短命", owner="alice", useridlist=["alice"])
        await sandbox.act("alice", "disband", group=answer["chatid"])
        await told("chat_disband", chatId=answer["chatid"])

    with check("a message that is read is told"):
        key = send_one("alice", "请读")
        last = await sandbox.last(ALICE)
        await sandbox.act("alice", "read", message=last["id"])
        event = await told("robot_msg_read", userId="alice", processQueryKey=key, robotCode=APP)
        assert isinstance(event["data"]["operatTime"], str), event["data"]

    with check("a message that is recalled is told"):
        key = send_one("alice", "请撤")
        await sandbox.act("alice", "recall", message=(await sandbox.last(ALICE))["id"])
        event = await told("robot_msg_recall", userId="alice", processQueryKey=key, robotCode=APP)
        assert isinstance(event["data"]["operatTime"], int), event["data"]

    with check("an event that is put off comes again after a minute, until it is taken"):
        peer.later = 2
        post("/chat/update", chatid=GENERAL, name="再三")
        first = await told("chat_update_title", title="再三")
        await sandbox.advance(30)
        expect([each for each in peer.inbox.events if each["kind"] == "event"], [])
        for _ in range(2):
            await sandbox.advance(61)
            again = await told("chat_update_title", title="再三")
            expect(again["id"], first["id"])
        await sandbox.advance(200)
        post("/chat/update", chatid=GENERAL, name="之后")
        await told("chat_update_title", title="之后")

    with check("an event that is put off for ever comes four times, and no more"):
        peer.later = 100
        post("/chat/update", chatid=GENERAL, name="没完")
        for _ in range(4):
            await told("chat_update_title", title="没完")
            await sandbox.advance(61)
        peer.later = 0
        await sandbox.advance(200)
        post("/chat/update", chatid=GENERAL, name="完了")
        await told("chat_update_title", title="完了")


async def connection(sandbox, check, peer):
    with check("pings are answered: the connection is the first one, after many of them"):
        peer.inbox.events.clear()
        for _ in range(3):
            await sandbox.advance(31)
            await peer.inbox.take(kind="system", topic="ping")
        await asyncio.sleep(0.2)
        expect([peer.opened, peer.is_open()], [1, True])

    with check("with several connections each message goes to one of them"):
        second = Peer(ThreadedRobot)
        second.start()
        await second.connected(1)
        peer.inbox.events.clear()
        texts = [f"给谁 {number}" for number in range(30)]
        for text in texts:
            await sandbox.say("alice", PRIVATE, text)
        both = (peer.inbox.events, second.inbox.events)
        await common.eventually(lambda: sum(map(len, both)) >= 30, "all of them")
        await asyncio.sleep(0.2)
        heard = [each["said"] for inbox in both for each in inbox if each["kind"] == "text"]
        expect(sorted(heard), sorted(texts))
        assert all(both), "one of them heard nothing"

    with check("a handler that works in threads of its own answers as well"):
        peer.inbox.events.clear()
        second.inbox.events.clear()
        for number in range(20):
            await sandbox.say("bob", PRIVATE, f"/echo {number}")
        for number in range(20):
            await sandbox.seen("user:bob", str(number))
        heard = [each["said"] for inbox in both for each in inbox]
        expect(sorted(heard), sorted(f"/echo {number}" for number in range(20)))

    with check("the peer complained of nothing but what was meant to go wrong"):
        found = peer.complaints.found + second.complaints.found
        expect([each for each in found if "upload" not in each], [])

    with check("hours later all is well"):
        await sandbox.advance(3 * HOUR)
        await sandbox.say("alice", PRIVATE, "/echo 还在")
        await sandbox.seen(ALICE, "还在")


if __name__ == "__main__":
    world.run(main)
