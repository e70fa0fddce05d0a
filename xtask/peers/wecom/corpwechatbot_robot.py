"""corpwechatbot posts into the group as its robot."""

import base64
import re
import tempfile
from pathlib import Path

import elsewhere
import world
from common import expect
from corpwechatbot.chatbot import CorpWechatBot
from world import PIXEL, REPORT, ROBOT_KEY, VOICE, md5, only_part

GENERAL = "group:general"
QUIET = 50


ARTICLE = {"title": "题", "url": "https://example.com"}


def post(msg_type, **content):
    """Posts what corpwechatbot has no method for, or would not take itself.

    It takes markdown for the path of a file first, and falls over a long one.
    """
    bot = robot()
    return bot._post(bot.webhook_send_api, {"msgtype": msg_type, msg_type: content})


def robot(key=ROBOT_KEY):
    """A robot that has sent nothing yet: it waits a minute after twenty messages."""
    return CorpWechatBot(key=key, log_level=QUIET)


async def main(sandbox, check):
    elsewhere.send_to(sandbox.url)
    with tempfile.TemporaryDirectory() as folder:
        await kinds(sandbox, check, Path(folder))
    await refusals(sandbox, check)
    await sandbox.reset()
    await limit(sandbox, check)


async def kinds(sandbox, check, folder):
    bot = robot()

    async def shown(answer, kind, **fields):
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        message = await sandbox.last(GENERAL)
        assert message["from"]["bot"], message["from"]
        return only_part(message, kind, **fields)

    def file(name, content):
        path = folder / name
        path.write_bytes(content)
        return str(path)

    with check("send_text"):
        await shown(bot.send_text("广州今日天气：29度"), "text", text="广州今日天气：29度")

    with check("send_text with mentions"):
        expect(bot.send_text("注意", ["alice", "@all"], ["13800000000"])["errcode"], 0)
        parts = (await sandbox.last(GENERAL))["parts"]
        expect(parts[0], {"type": "text", "text": "注意"})
        mentioned = [part["id"] for part in parts if part["type"] == "mention"]
        assert {"alice", "all"} <= set(mentioned), mentioned

    with check("send_markdown"):
        await shown(bot.send_markdown("**你好**"), "markdown", text="**你好**")

    with check("send_image"):
        part = await shown(bot.send_image(file("a.png", PIXEL)), "image")
        expect(await sandbox.bytes_of(part), PIXEL)

    with check("send_file: an upload whose part has no name, then the message"):
        answer = bot.send_file(file("报告.txt", REPORT))
        part = await shown(answer, "file", name="报告.txt", size=len(REPORT))
        expect(await sandbox.bytes_of(part), REPORT)

    with check("a voice: the same way, at the address for voices"):
        voice = Path(file("a.amr", VOICE))
        at_file = bot._get_media_id(media_type="voice", p_media=voice)["media_id"]
        expect(post("voice", media_id=at_file)["errcode"], 40007)
        bot._media_api = bot._media_api.replace("type=file", "type=voice")
        media_id = bot._get_media_id(media_type="voice", p_media=voice)["media_id"]
        bot._media_api = bot._media_api.replace("type=voice", "type=file")
        part = await shown(post("voice", media_id=media_id), "voice")
        expect(await sandbox.bytes_of(part), VOICE)

    with check("an upload answers its kind, and when it was made, as text"):
        answer = bot._get_media_id(media_type="file", p_media=Path(file("a.txt", REPORT)))
        expect([answer["errcode"], answer["type"]], [0, "file"])
        assert re.fullmatch(r"\d{10}", answer["created_at"]), answer

    with check("markdown_v2"):
        text = "# 标题\n|a|b|\n|:--|--:|\n|1|2|"
        await shown(post("markdown_v2", content=text), "markdown", text=text)

    with check("a text of 2049 bytes is not cut: a robot may send 5120"):
        await shown(post("text", content="长" * 1706), "text", text="长" * 1706)

    with check("template cards: text_notice and news_notice"):
        title = {"title": "欢迎", "desc": "您的好友正在邀请您"}
        card = {"main_title": title, "card_action": {"type": 1, "url": "https://example.com"}}
        notice = card | {"card_type": "text_notice"}
        await shown(post("template_card", **notice), "card", title="欢迎", card_type="text_notice")
        picture = {"card_image": {"url": "https://example.com/a.png", "aspect_ratio": 1.3}}
        notice = card | picture | {"card_type": "news_notice"}
        await shown(post("template_card", **notice), "card", title="欢迎", card_type="news_notice")

    with check("send_news"):
        url, picture = "https://example.com", "https://example.com/a.png"
        answer = bot.send_news("礼品", "豪礼", url, picture)
        await shown(answer, "link", title="礼品", text="豪礼", url=url, image=picture)


async def refusals(sandbox, check):
    picture = {"base64": base64.b64encode(PIXEL).decode(), "md5": md5(REPORT)}
    refused_calls = [
        (93000, "an unknown key", lambda: robot("no-such-key").send_text("你好")),
        (40058, "text over 5120 bytes", lambda: robot().send_text("长" * 1707)),
        (40058, "markdown over 4096 bytes", lambda: post("markdown", content="长" * 1366)),
        (40058, "markdown_v2 over 4096 bytes", lambda: post("markdown_v2", content="长" * 1366)),
        (40008, "an unknown msgtype", lambda: post("fax", content="?")),
        (44004, "empty text", lambda: post("text", content="")),
        (40058, "a picture with another digest", lambda: post("image", **picture)),
        (45008, "news with nine articles", lambda: post("news", articles=[ARTICLE] * 9)),
        (40007, "an unknown media_id", lambda: post("file", media_id="made-up")),
    ]
    for code, name, call in refused_calls:
        with check(f"{name} is {code}, and nothing is said"):
            before = await sandbox.count(GENERAL)
            expect(call()["errcode"], code)
            expect(await sandbox.count(GENERAL), before)


async def limit(sandbox, check):
    with check("the 21st message within a minute is 45009, and nothing is said"):
        for number in range(20):
            expect(robot().send_text(f"第 {number} 条")["errcode"], 0)
        expect(robot().send_text("多了")["errcode"], 45009)
        expect(await sandbox.count(GENERAL), 20)

    with check("a minute later the robot speaks again"):
        await sandbox.advance(61)
        expect(robot().send_text("又来")["errcode"], 0)
        only_part(await sandbox.last(GENERAL), "text", text="又来")


if __name__ == "__main__":
    world.run(main)
