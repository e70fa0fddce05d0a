"""DingtalkChatbot speaks into the group as its custom robot."""

from urllib.parse import quote_plus

import requests
import world
from common import expect, only_part
from dingtalkchatbot.async_chatbot import DingBot
from dingtalkchatbot.chatbot import ActionCard, CardItem, DingtalkChatbot, FeedLink
from world import GROUP, HOUR, MINUTE, ROBOT, ROBOT_SECRET

WEBHOOK = "https://oapi.dingtalk.com/robot/send"
BOBS_NUMBER = "13800000001"


def robot(secret=ROBOT_SECRET, token=ROBOT, **settings):
    """A robot of its own for each message: the peer itself waits after nineteen."""
    return DingtalkChatbot(f"{WEBHOOK}?access_token={token}", secret=secret, **settings)


def accepted(answer):
    expect(answer, {"errcode": 0, "errmsg": "ok"})


def link(url, slide="false"):
    """How the peer writes every address."""
    return f"dingtalk://dingtalkclient/page/link?url={quote_plus(url)}&pc_slide={slide}"


async def main(sandbox, check):
    await texts(sandbox, check)
    await bodies(sandbox, check)
    await refusals(sandbox, check)
    await signatures(sandbox, check)
    await repeated(sandbox, check)
    await quota(sandbox, check)


async def texts(sandbox, check):
    async def parts():
        parts = (await sandbox.last(GROUP))["parts"]
        known = {"text": "text", "mention": "id", "markdown": "text"}
        return [(part["type"], part[known[part["type"]]].strip()) for part in parts]

    with check("a text, from the robot"):
        accepted(robot().send_text("服务已恢复 🐦\n<b>&amp;"))
        message = await sandbox.last(GROUP)
        only_part(message, "text", text="服务已恢复 🐦\n<b>&amp;")
        expect([message["from"]["bot"], message["from"]["id"]], [True, "robot:0"])

    with check("a text to everybody"):
        accepted(robot().send_text("大家注意", is_at_all=True))
        expect(await parts(), [("text", "大家注意"), ("mention", "all")])

    with check("a text to somebody by number, which the peer appends"):
        accepted(robot().send_text("请看", at_mobiles=[int(BOBS_NUMBER)]))
        expect(await parts(), [("text", "请看"), ("mention", "bob")])

    with check("a text to somebody by id, where it says so"):
        accepted(robot().send_text("@alice 请看", at_dingtalk_ids=["alice"]))
        expect(await parts(), [("mention", "alice"), ("text", "请看")])

    with check("whom the text does not name is not mentioned"):
        accepted(robot().send_text("请看", at_mobiles=[BOBS_NUMBER], is_auto_at=False))
        expect(await parts(), [("text", "请看")])

    with check("markdown, with the addresses as the peer writes them"):
        text = "#### 天气\n> 9度\n[详情](https://www.thinkpage.cn/) ![图](https://a.example/1.png)"
        accepted(robot().send_markdown("天气", text))
        seen = text.replace("https://www.thinkpage.cn/", link("https://www.thinkpage.cn/"))
        only_part(await sandbox.last(GROUP), "markdown", text=seen)

    with check("markdown to everybody, and to somebody"):
        accepted(robot().send_markdown("天气", "晴", is_at_all=True))
        expect(await parts(), [("markdown", "晴"), ("mention", "all")])
        accepted(robot().send_markdown("天气", "晴", at_mobiles=[BOBS_NUMBER]))
        expect((await parts())[0], ("markdown", f"晴\n@{BOBS_NUMBER}"))


async def bodies(sandbox, check):
    url = "https://www.dingtalk.com/s?a=1&b=2"

    for slide in (False, True):
        with check(f"a link that opens {'beside the chat' if slide else 'in the browser'}"):
            given = ("时代的火车向前开", "正文", url, "https://a.example/1.png")
            accepted(robot(pc_slide=slide).send_link(*given))
            fields = {"title": given[0], "text": "正文", "image": given[3]}
            fields["url"] = link(url, str(slide).lower())
            only_part(await sandbox.last(GROUP), "link", **fields)

    with check("a link without picture"):
        accepted(robot().send_link("题", "文", url))
        only_part(await sandbox.last(GROUP), "link", title="题", image="")

    one = [CardItem("阅读全文", url)]
    two = [CardItem("不错", url), CardItem("没兴趣", "https://b.example/")]
    cards = [
        ("one button", one, {}),
        ("one button that is a dictionary", [{"title": "阅读全文", "actionURL": url}], {}),
        ("two buttons", two, {}),
        ("two buttons side by side, without a face", two, {"btn_orientation": 1, "hide_avatar": 1}),
    ]
    for name, buttons, settings in cards:
        with check(f"an action card with {name}"):
            accepted(robot().send_action_card(ActionCard("题", "### 正文", buttons, **settings)))
            fields = {"card_type": "action_card", "title": "题", "text": "### 正文"}
            part = only_part(await sandbox.last(GROUP), "card", **fields)
            labels = [each["title"] if isinstance(each, dict) else each.title for each in buttons]
            expect([each["label"] for each in part["buttons"]], labels)
            expect(part["buttons"][0]["url"], link(url))
            side = str(part["data"].get("btnOrientation", 0))
            expect(side, str(settings.get("btn_orientation", 0)))

    for name, make in (("FeedLink", FeedLink), ("CardItem", CardItem)):
        with check(f"a feed of articles, made with {name}"):
            given = [
                (f"第 {n} 篇", f"https://a.example/{n}", f"https://a.example/{n}.png")
                for n in (1, 2)
            ]
            accepted(robot().send_feed_card([make(*each) for each in given]))
            parts = (await sandbox.last(GROUP))["parts"]
            expect([part["type"] for part in parts], ["link", "link"])
            seen = [(part["title"], part["url"], part["image"]) for part in parts]
            expect(seen, [(title, link(where), picture) for title, where, picture in given])


async def refusals(sandbox, check):
    await sandbox.reset()

    def posting(data, **settings):
        return lambda: robot(**settings).post(data)

    def with_header(**headers):
        peer = robot()
        peer.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return peer.post({"msgtype": "text", "text": {"content": "不会有"}})

    text = {"msgtype": "text", "text": {"content": "不会有"}}
    refused = [
        (300005, "an unknown token", posting(text, token="robot-nobody")),
        (40035, "no token", posting(text, token="")),
        (
            400105,
            "a picture, which is not written down",
            lambda: robot().send_image("https://a.example/1.png"),
        ),
        (400105, "an unknown msgtype", posting({"msgtype": "fax", "fax": {}})),
        (
            400105,
            "a card in the spelling of notices",
            posting({"msgtype": "action_card", "action_card": {}}),
        ),
        (40035, "no object of the type", posting({"msgtype": "text"})),
        (40035, "text without content", posting({"msgtype": "text", "text": {}})),
        (
            40035,
            "markdown without title",
            posting({"msgtype": "markdown", "markdown": {"text": "文"}}),
        ),
        (
            40035,
            "a link without address",
            posting({"msgtype": "link", "link": {"title": "题", "text": "文"}}),
        ),
        (
            40035,
            "a card without text",
            posting({"msgtype": "actionCard", "actionCard": {"title": "题"}}),
        ),
        (
            40035,
            "a feed without articles",
            posting({"msgtype": "feedCard", "feedCard": {"links": []}}),
        ),
        (43004, "another content type", lambda: with_header(Content_Type="text/plain")),
    ]
    for code, name, call in refused:
        with check(f"{name} is {code}, and nothing is said"):
            before = await sandbox.count(GROUP)
            answer = call()
            expect(answer["errcode"], code)
            assert answer["errmsg"], answer
            expect(await sandbox.count(GROUP), before)

    with check("what was refused is said by the peer itself, if it is asked to"):
        answer = robot(fail_notice=True).send_image("https://a.example/1.png")
        expect(answer["errcode"], 400105)
        part = only_part(await sandbox.last(GROUP), "text")
        assert "400105" not in part["text"] and answer["errmsg"] in part["text"], part

    with check("GET is 43002, no body and one that is no JSON 40035"):
        webhook, headers = robot().webhook, robot().headers
        expect(requests.get(webhook).json()["errcode"], 43002)
        for body in (b"", b"{"):
            answer = requests.post(webhook, data=body, headers=headers).json()
            expect([answer["errcode"], answer["errmsg"]], [40035, "缺少参数 json"])


async def signatures(sandbox, check):
    await sandbox.reset()

    def refused(answer, words):
        expect([answer["errcode"], answer["errmsg"]], [310000, words])

    with check("another secret is 310000, and nothing is said"):
        before = await sandbox.count(GROUP)
        refused(robot(secret="SECwrong").send_text("不会有"), "sign not match")
        expect(await sandbox.count(GROUP), before)

    with check("no secret, and one that the peer does not sign with, is 310000"):
        for secret in (None, "no-such-prefix"):
            refused(robot(secret=secret).send_text("不会有"), "invalid timestamp")

    with check("the peer's robot that does not wait cannot sign, and says nothing"):
        before = await sandbox.count(GROUP)
        await DingBot(ROBOT).send("题", "不会有")
        expect(await sandbox.count(GROUP), before)

    with check("a signature with another time, and one that was cut, is 310000"):
        peer = robot()
        signed = peer.webhook
        peer.webhook = signed.replace("timestamp=1", "timestamp=2")
        refused(peer.send_text("不会有"), "invalid timestamp")
        peer.webhook = signed[:-1]
        refused(peer.send_text("不会有"), "sign not match")
        peer.webhook = signed.split("&sign=")[0]
        refused(peer.send_text("不会有"), "sign not match")
        peer.webhook = signed
        accepted(peer.send_text("原样"))

    with check("signatures of every character are understood"):
        peer, seen = robot(), set()
        for _ in range(500):
            peer.start_time -= 1
            peer.update_webhook()
            sign = peer.webhook.split("&sign=")[1]
            new = {each for each in ("%2B", "%2F") if each in sign} - seen
            if new:
                accepted(peer.send_text("带符号"))
                seen |= new
        expect(seen, {"%2B", "%2F"})

    for name, ahead in (("behind", 1), ("ahead of", -1)):
        with check(f"a clock almost an hour {name} the platform's is taken, one of more is not"):
            await sandbox.reset()
            await sandbox.advance(ahead * (HOUR - 30))
            accepted(robot().send_text("还行"))
            await sandbox.advance(ahead * 60)
            refused(robot().send_text("不会有"), "invalid timestamp")
    await sandbox.reset()

    with check("after an hour the peer signs anew by itself"):
        peer = robot()
        old = peer.webhook
        peer.start_time -= HOUR + 1
        peer.update_webhook()
        accepted(peer.send_text("新签"))
        assert peer.webhook.split("&timestamp=")[1] >= old.split("&timestamp=")[1], peer.webhook


async def repeated(sandbox, check):
    await sandbox.reset()

    with check("one msgUuid is said once, another one again"):
        before = await sandbox.count(GROUP)
        for uuid in ("u-1", "u-1", "u-2"):
            accepted(
                robot().post({"msgtype": "text", "text": {"content": "一次"}, "msgUuid": uuid})
            )
        expect(await sandbox.count(GROUP), before + 2)


async def quota(sandbox, check):
    await sandbox.reset()

    def say(number):
        return robot().send_text(f"第 {number} 条")["errcode"]

    with check("twenty messages a minute are said, the next one is 410100"):
        before = await sandbox.count(GROUP)
        expect([say(number) for number in range(20)], [0] * 20)
        expect(say(21), 410100)
        expect(await sandbox.count(GROUP), before + 20)

    with check("then nothing is said for ten minutes"):
        await sandbox.advance(2 * MINUTE)
        expect(say(22), 410100)
        await sandbox.advance(7 * MINUTE)
        expect(say(23), 410100)

    with check("after that it goes on"):
        await sandbox.advance(2 * MINUTE)
        expect(say(24), 0)
        only_part(await sandbox.last(GROUP), "text", text="第 24 条")

    with check("the minute rolls: ten, half a minute, ten, half a minute, ten"):
        await sandbox.advance(2 * MINUTE)
        for _ in range(3):
            expect([say(number) for number in range(10)], [0] * 10)
            await sandbox.advance(MINUTE / 2 + 1)


if __name__ == "__main__":
    world.run(main)
