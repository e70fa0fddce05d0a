"""corpwechatbot posts into the group as its robot."""

import tempfile
from pathlib import Path

import elsewhere
import world
from common import expect
from corpwechatbot.chatbot import CorpWechatBot
from world import PIXEL, REPORT, ROBOT_KEY, only_part

GENERAL = "group:general"
QUIET = 50


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
        part = await shown(bot.send_file(file("报告.txt", REPORT)), "file")
        expect(await sandbox.bytes_of(part), REPORT)

    with check("send_news"):
        url, picture = "https://example.com", "https://example.com/a.png"
        answer = bot.send_news("礼品", "豪礼", url, picture)
        await shown(answer, "link", title="礼品", text="豪礼", url=url, image=picture)


async def refusals(sandbox, check):
    refused_calls = [
        (93000, "an unknown key", lambda: robot("no-such-key").send_text("你好")),
        (40058, "text over 5120 bytes", lambda: robot().send_text("长" * 1707)),
        (40058, "markdown over 4096 bytes", lambda: robot().send_markdown("长" * 1366)),
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
