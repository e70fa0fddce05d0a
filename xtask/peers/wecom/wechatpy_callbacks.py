"""The sandbox posts to an application that receives with wechatpy."""

import base64
import time

import common
import receiver
import world
from common import expect
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.messages import UnknownMessage
from wechatpy_appchat import upload
from wechatpy_peer import (
    VERSION,
    WeChatCrypto,
    clients,
    create_reply,
    parse_message,
    replies,
)
from world import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP, PIXEL, REPORT, VIDEO, VOICE, only_part

ALICE = "user:alice"
APPLICATION = "user:1000002"


class Receiver(receiver.Receiver):
    """The address that an application receives at, as people write it."""

    def do_GET(self):
        query = self.query()
        self.server.challenges.append(query["echostr"])
        self.answer(lambda crypto: crypto.check_signature(*self.signed(), query["echostr"]))

    def do_POST(self):
        body = self.body()
        self.answer(lambda crypto: self.handle_message(crypto, body))

    def handle_message(self, crypto, body):
        message = parse_message(crypto.decrypt_message(body, *self.signed()))
        query = self.query()
        self.server.inbox.put(
            {
                "message": message,
                "type": message.type,
                # wechatpy has no class for some events, but keeps their elements.
                "event": message._data.get("Event"),
                "content": getattr(message, "content", None),
                "nonce": query["nonce"],
            }
        )
        reply = self.server.reply(message)
        if reply is None:
            return ""
        return crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"])

    def answer(self, make):
        try:
            text = make(self.server.crypto)
        except InvalidSignatureException:
            self.server.refused.append(self.path)
            self.respond(403, "")
        except Refusal as refusal:
            self.respond(refusal.args[0], "")
        else:
            self.respond(200, text)

    def signed(self):
        query = self.query()
        return query["msg_signature"], query["timestamp"], query["nonce"]


class Refusal(Exception):
    """Makes the application answer with another status."""


def receiving(token, answers):
    """An application's server; `answers` says how it answers which text or key."""

    def reply(message):
        said = getattr(message, "content", None) or getattr(message, "key", None)
        return answers.get(said, lambda _: None)(message)

    shared = {"inbox": common.Inbox(), "refused": [], "challenges": [], "reply": reply}
    return receiver.serving(Receiver, crypto=WeChatCrypto(token, CALLBACK_KEY, CORP), **shared)


def answers(media):
    """What the application answers to which text or key."""

    def article(message):
        article = {"title": "礼品", "description": "豪礼", "url": "https://example.com"}
        return create_reply([article | {"image": "https://example.com/a.png"}], message)

    def medium(kind):
        return lambda message: kind(message=message, media_id=media[kind.type])

    def refuse(_):
        raise Refusal(500)

    def once(failures):
        """Fails so many times, then answers."""
        left = [failures]

        def answer(message):
            left[0] -= 1
            return refuse(message) if left[0] >= 0 else create_reply("终于", message)

        return answer

    def sleep(message):
        time.sleep(6)
        return create_reply("太迟", message)

    return {
        "/ping": lambda message: create_reply("pong", message),
        "/long": lambda message: create_reply("你" * 700, message),
        "/markup": lambda message: create_reply("<b>&amp; 🚀</b>\n第二行", message),
        "/image": medium(replies.ImageReply),
        "/voice": medium(replies.VoiceReply),
        "/video": lambda message: replies.VideoReply(
            message=message, media_id=media["video"], title="影", description="片"
        ),
        "/news": article,
        "TODAY": lambda message: create_reply("今日 carol", message),
        "/fail": refuse,
        "/again": once(1),
        "/slow": sleep,
    }


async def main(sandbox, check):
    app, _ = clients(sandbox)
    media = upload(app)
    with receiving(CALLBACK_TOKEN, answers(media)) as server:
        with check("the address is verified"):
            delivery = await sandbox.deliver(callback_url=server.url, verify=True)
            expect(delivery["verification"]["callback_url"], {"ok": True, "problem": None})
            expect([len(server.challenges), server.refused], [1, []])
        await messages(sandbox, check, server, app)
        await passive_replies(sandbox, check, server, app)
        await events(sandbox, check, server, app)
        await cards(sandbox, check, server, app)
        with check("nothing of all that was signed wrongly"):
            expect(server.refused, [])
        await retries(sandbox, check, server)
    await wrong_token(sandbox, check)


async def messages(sandbox, check, server, app):
    async def heard(**fields):
        return (await server.inbox.take(**fields))["message"]

    with check("a text is opened and parsed"):
        said = await sandbox.say("alice", APPLICATION, "你好 <b>&amp; 🚀</b>\n第二行")
        message = await heard(content="你好 <b>&amp; 🚀</b>\n第二行")
        expect([message.type, message.source, message.target], ["text", "alice", CORP])
        expect([message.agent, str(message.id)], [AGENT, said])
        assert abs(message.time - time.time()) < 60, message.time

    with check("user:bot is the application"):
        await sandbox.say("bob", "user:bot", "找你")
        expect((await heard(content="找你")).source, "bob")

    with check("a text with ]]> in it arrives whole"):
        await sandbox.say("alice", APPLICATION, "a]]>b")
        await heard(content="a]]>b")

    with check("messages keep their order, each with an id of its own"):
        server.inbox.events.clear()
        texts = [f"第 {number} 条" for number in range(10)]
        said = [await sandbox.say("alice", APPLICATION, text) for text in texts]
        await common.eventually(lambda: len(server.inbox.events) == len(said), "all of them")
        heard_now = [event["message"] for event in server.inbox.events]
        expect([str(message.id) for message in heard_now], said)
        expect(len(set(said)), len(said))

    kinds = {"image": PIXEL, "voice": VOICE, "video": VIDEO}
    for kind, content in kinds.items():
        with check(f"{kind} arrives with a media id that can be downloaded"):
            await sandbox.say("alice", APPLICATION, [world.media_part(kind, content)])
            message = await heard(type=kind)
            expect(app.media.download(message.media_id).content, content)
            expect(message.agent, AGENT)

    with check("location"):
        part = {"type": "location", "latitude": 23.134, "longitude": 113.358}
        await sandbox.say("alice", APPLICATION, [part | {"scale": 20, "label": "位置信息"}])
        message = await heard(type="location")
        expect([float(message.location_x), float(message.location_y)], [23.134, 113.358])
        expect([message.scale, message.label], ["20", "位置信息"])

    with check("link"):
        part = {"type": "link", "title": "题", "text": "述", "url": "https://example.com"}
        await sandbox.say("alice", APPLICATION, [part])
        message = await heard(type="link")
        expect([message.title, message.description, message.url], ["题", "述", part["url"]])


async def passive_replies(sandbox, check, server, app):
    async def answered(text):
        before = await sandbox.count(ALICE)
        await sandbox.say("alice", APPLICATION, text)

        async def find():
            messages = (await sandbox.messages(ALICE))[before:]
            return [each for each in messages if each["from"]["bot"]]

        return (await common.eventually(find, f"an answer to {text}"))[0]

    with check("a text in reply"):
        only_part(await answered("/ping"), "text", text="pong")

    with check("a reply is cut to 2048 bytes"):
        only_part(await answered("/long"), "text", text="你" * 682)

    with check("a reply with markup stays as it is"):
        only_part(await answered("/markup"), "text", text="<b>&amp; 🚀</b>\n第二行")

    for kind, content in {"image": PIXEL, "voice": VOICE, "video": VIDEO}.items():
        with check(f"{kind} in reply"):
            part = only_part(await answered(f"/{kind}"), kind)
            expect(await sandbox.bytes_of(part), content)

    with check("news in reply"):
        fields = {"title": "礼品", "text": "豪礼", "url": "https://example.com"}
        only_part(await answered("/news"), "link", **fields)

    with check("a reply to an event"):
        app.menu.create(AGENT, MENU)
        before = await sandbox.count(ALICE)
        await sandbox.act("alice", "menu", key="TODAY")
        await server.inbox.take(event="click")
        await common.eventually(lambda: counted(sandbox, before + 1), "the answer")
        only_part(await sandbox.last(ALICE), "text", text="今日 carol")

    with check("no reply is no message"):
        before = await sandbox.count(ALICE)
        await sandbox.say("alice", APPLICATION, "不用回")
        await server.inbox.take(content="不用回")
        await sandbox.say("alice", APPLICATION, "/ping")
        await common.eventually(lambda: counted(sandbox, before + 3), "the answer")


async def counted(sandbox, number):
    return await sandbox.count(ALICE) == number


MENU = {
    "button": [
        {
            "name": "一",
            "sub_button": [
                {"type": "click", "name": "今日", "key": "TODAY"},
                {"type": "view", "name": "网页", "url": "https://example.com"},
                {
                    "type": "view_miniprogram",
                    "name": "小程序",
                    "pagepath": "index",
                    "appid": "wx8b",
                },
                {"type": "scancode_push", "name": "扫码", "key": "SCAN"},
                {"type": "scancode_waitmsg", "name": "扫码等待", "key": "WAIT"},
            ],
        },
        {
            "name": "二",
            "sub_button": [
                {"type": "pic_sysphoto", "name": "拍照", "key": "PHOTO"},
                {"type": "pic_photo_or_album", "name": "相册", "key": "ALBUM"},
                {"type": "pic_weixin", "name": "微信相册", "key": "WEIXIN"},
                {"type": "location_select", "name": "位置", "key": "PLACE"},
            ],
        },
    ]
}


async def events(sandbox, check, server, app):
    pictures = {"pictures": [base64.b64encode(each).decode() for each in (PIXEL, REPORT)]}
    sums = [{"PicMd5Sum": world.md5(each)} for each in (PIXEL, REPORT)]
    place = {"latitude": 23.5, "longitude": 113.25, "scale": 15, "label": "塔", "poiname": "广州塔"}
    shown = {"location": ("23.5", "113.25"), "scale": "15", "label": "塔", "poiname": "广州塔"}
    position = {"latitude": 23.104, "longitude": 113.32, "precision": 65.0}
    code = {"result": "https://a.b/?x=1&y=2", "scan_type": "qrcode"}
    read = {"scan_result": "https://a.b/?x=1&y=2", "scan_type": "qrcode"}
    happenings = [
        ("unsubscribe", "unsubscribe", {}, {}),
        ("subscribe", "subscribe", {}, {}),
        ("enter_agent", "enter", {"conversation": ALICE}, {}),
        ("LOCATION", "location", position, position),
        ("click", "menu", {"key": "TODAY"}, {"key": "TODAY"}),
        ("view", "menu", {"key": "https://example.com"}, {"url": "https://example.com"}),
        ("scancode_push", "menu", {"key": "SCAN"} | code, {"key": "SCAN"} | read),
        ("scancode_waitmsg", "menu", {"key": "WAIT"} | code, {"key": "WAIT"} | read),
        *(
            (event, "menu", {"key": key} | pictures, {"key": key, "count": 2, "pictures": sums})
            for event, key in [
                ("pic_sysphoto", "PHOTO"),
                ("pic_photo_or_album", "ALBUM"),
                ("pic_weixin", "WEIXIN"),
            ]
        ),
        ("location_select", "menu", {"key": "PLACE"} | place, {"key": "PLACE"} | shown),
    ]
    app.menu.create(AGENT, MENU)
    for event, action, details, fields in happenings:
        with check(f"event {event}"):
            await sandbox.act("alice", action, **details)
            message = (await server.inbox.take(type="event", event=event))["message"]
            expect([message.source, message.target], ["alice", CORP])
            expect(getattr(message, "agent", AGENT), AGENT)
            expect({name: getattr(message, name) for name in fields}, fields)

    async def elements(event):
        return (await server.inbox.take(event=event))["message"]._data

    with check("event batch_job_result, which wechatpy 2 takes for another one"):
        await sandbox.act("alice", "batch_job", job_id="job-1", err_code=3, err_msg="部分失败")
        job = {"JobId": "job-1", "JobType": "sync_user", "ErrCode": "3", "ErrMsg": "部分失败"}
        expect((await elements("batch_job_result"))["BatchJob"], job)

    with check("event view_miniprogram, which wechatpy does not know"):
        await sandbox.act("alice", "menu", key="小程序")
        found = await elements("view_miniprogram")
        expect([found["EventKey"], found["AgentID"]], ["index", str(AGENT)])

    with check("an event of a part of WeCom that is not here"):
        xml = "<Event>kf_msg_or_event</Event><Token>ENC&lt;1&gt;</Token><OpenKfId>wk1</OpenKfId>"
        await sandbox.act("alice", "event", xml=f"<xml><MsgType>event</MsgType>{xml}</xml>")
        found = await elements("kf_msg_or_event")
        expect([found["Token"], found["OpenKfId"], found["ToUserName"]], ["ENC<1>", "wk1", CORP])

    with check("event change_contact, when the directory changes"):
        app.user.create("frank", "Frank", [1], mobile="13800000006")
        found = await elements("change_contact")
        expect([found["ChangeType"], found["UserID"]], ["create_user", "frank"])
        expect([found["FromUserName"], found["Name"]], ["sys", "Frank"])


async def cards(sandbox, check, server, app):
    async def pressed(msg_type, card, key, **selected):
        """Presses a button of a card, and gives the elements of the event."""
        answer = app.message.send(AGENT, "alice", msg={"msgtype": msg_type, msg_type: card})
        await sandbox.act("alice", "press", message=answer["msgid"], key=key, **selected)
        found = (await server.inbox.take(type=CARD_TYPE[msg_type]))["message"]._data
        expect([found["FromUserName"], found["EventKey"]], ["alice", key])
        expect([found["TaskId"], found["AgentID"]], [card["task_id"], str(AGENT)])
        return found

    buttons = [{"text": "同意", "style": 1, "key": "yes"}]
    card = {"card_type": "button_interaction", "main_title": {"title": "审批"}}
    card |= {"button_list": buttons, "task_id": "task-1"}
    with check("event template_card_event, whose code changes the card"):
        found = await pressed("template_card", card, "yes")
        expect([found["Event"], found["CardType"]], ["template_card_event", "button_interaction"])
        body = {"userids": ["alice"], "agentid": AGENT, "response_code": found["ResponseCode"]}
        body["button"] = {"replace_name": "已同意"}
        expect(app.post("message/update_template_card", data=body)["invaliduser"], [])
        shown = only_part(await sandbox.last(ALICE), "card", title="审批")
        expect([each["label"] for each in shown["buttons"]], ["已同意"])

    with check("event template_card_event with what was selected"):
        options = [{"id": "one", "text": "一"}, {"id": "two", "text": "二"}]
        vote = {"card_type": "vote_interaction", "main_title": {"title": "投票"}}
        vote["checkbox"] = {"question_key": "which", "mode": 1, "option_list": options}
        vote |= {"submit_button": {"text": "提交", "key": "send"}, "task_id": "task-2"}
        found = await pressed("template_card", vote, "send", selected={"which": ["one", "two"]})
        item = {"QuestionKey": "which", "OptionIds": {"OptionId": ["one", "two"]}}
        expect(found["SelectedItems"], {"SelectedItem": item})

    with check("event template_card_menu_event"):
        menu = {"desc": "更多", "action_list": [{"text": "拒收", "key": "mute"}]}
        notice = {"card_type": "text_notice", "main_title": {"title": "欢迎"}, "task_id": "task-3"}
        notice |= {"action_menu": menu, "card_action": {"type": 1, "url": "https://example.com"}}
        found = await pressed("template_card", notice, "mute")
        expect(found["Event"], "template_card_menu_event")

    with check("event taskcard_click"):
        task = {"title": "申请", "description": "礼品", "url": "https://example.com"}
        task |= {"task_id": "task-4", "btn": [{"key": "ok", "name": "批准"}]}
        found = await pressed("taskcard", task, "ok")
        expect(found["Event"], "taskcard_click")


# The types that wechatpy gives to the events of cards.
CARD_TYPE = {
    "template_card": UnknownMessage.type,
    "taskcard": "event" if VERSION == 2 else UnknownMessage.type,
}


async def retries(sandbox, check, server):
    async def deliveries(text, number):
        def find():
            found = [each for each in server.inbox.events if each["content"] == text]
            return len(found) >= number and found

        return await common.eventually(find, f"{number} deliveries of {text}")

    with check("a message that is refused is sent again at once, signed anew"):
        await sandbox.say("alice", APPLICATION, "/again")
        first, second = await deliveries("/again", 2)
        expect(first["message"].id, second["message"].id)
        assert first["nonce"] != second["nonce"], "it is the same nonce"
        await sandbox.seen(ALICE, "终于")

    with check("a message that is refused for ever is sent four times"):
        await sandbox.say("alice", APPLICATION, "/fail")
        await deliveries("/fail", 2)
        for number in (3, 4):
            await sandbox.advance(6)
            await deliveries("/fail", number)
        await sandbox.advance(60)
        await sandbox.say("alice", APPLICATION, "后来")
        await server.inbox.take(content="后来")
        expect(len(await deliveries("/fail", 4)), 4)

    with check("an answer after five seconds is too late, and the message sent again"):
        await sandbox.say("alice", APPLICATION, "/slow")
        await deliveries("/slow", 2)
        seen = await sandbox.messages(ALICE)
        assert ["太迟"] not in [common.parts_of(each) for each in seen], "it was taken"


async def wrong_token(sandbox, check):
    with receiving("AnotherToken", {}) as server:
        with check("an application with another token refuses what is posted"):
            delivery = await sandbox.deliver(callback_url=server.url, verify=True)
            expect(delivery["verification"]["callback_url"]["ok"], False)
            expect(len(server.refused), 1)
            server.refused.clear()
            await sandbox.say("alice", APPLICATION, "/ping")
            await common.eventually(lambda: server.refused, "a refusal")
            expect(server.inbox.events, [])


if __name__ == "__main__":
    world.run(main)
