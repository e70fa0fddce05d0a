"""The Python SDK is an intelligent bot on its socket."""

import asyncio

import aibot.ws
import common
import world
from aibot import WSClient, WSClientOptions
from common import expect
from world import BOT, BOT_SECRET, GENERAL, PIXEL, only_part

# The SDK speaks TLS to whatever address it is given; the sandbox does not.
aibot.ws._SSL_CONTEXT = None

GROUP, ALICE = f"group:{GENERAL}", "bot:alice"
PRIVATE = f"user:{BOT}"
MENTION = {"type": "mention", "id": "bot"}


class Silent:
    """The SDK's logger, saying nothing."""

    def debug(self, *_):
        pass

    info = warn = error = debug


class Bot:
    """A connected client, and what it has heard."""

    def __init__(self, sandbox, secret=BOT_SECRET, **settings):
        url = f"{sandbox.ws_url}/wecom/openws"
        options = WSClientOptions(BOT, secret, ws_url=url, logger=Silent(), **settings)
        self.client = WSClient(options)
        self.inbox, self.errors, self.happened = common.Inbox(), [], []
        self.client.on("error", self.errors.append)
        for name in ("authenticated", "disconnected"):
            self.client.on(name, lambda *_, name=name: self.happened.append(name))
        self.client.on("message", self.keep)
        self.client.on("event", self.keep)

    def keep(self, frame):
        body = frame["body"]
        event = body.get("event", {}).get("eventtype")
        self.inbox.put(body | {"frame": frame, "type": body["msgtype"], "event": event})

    async def __aenter__(self):
        await self.client.connect()
        await common.eventually(lambda: self.happened or self.errors, "an answer")
        return self

    async def __aexit__(self, *_):
        self.client.disconnect()
        await asyncio.sleep(0.1)


async def main(sandbox, check):
    with check("a wrong secret is refused"):
        async with Bot(sandbox, secret="wrong") as stranger:
            expect(stranger.happened, [])
            assert "853000" in str(stranger.errors[0]), stranger.errors

    async with Bot(sandbox, heartbeat_interval=200) as bot:
        with check("the right secret is accepted"):
            expect([bot.happened, bot.errors], [["authenticated"], []])
        await messages(sandbox, check, bot)
        await events(sandbox, check, bot)
        await active(sandbox, check, bot)
        with check("pings are answered: the connection is alive after many of them"):
            await asyncio.sleep(1)
            expect(bot.client._ws_manager._missed_pong_count <= 1, True)
            expect(bot.client._ws_manager.is_connected, True)
        await replaced(sandbox, check, bot)


async def messages(sandbox, check, bot):
    with check("a text in private is answered with a stream that replaces itself"):
        said = await sandbox.say("alice", PRIVATE, "你好")
        heard = await bot.inbox.take(type="text")
        expect([heard["msgid"], heard["aibotid"]], [said, BOT])
        expect([heard["chattype"], heard["from"]["userid"]], ["single", "alice"])
        expect([heard["text"]["content"], "chatid" in heard], ["你好", False])
        for content, finish in (("正在", False), ("正在思考", False), ("**好**", True)):
            ack = await bot.client.reply_stream(heard["frame"], "stream-1", content, finish)
            expect([ack["errcode"], ack["errmsg"]], [0, "ok"])
            only_part(await sandbox.last(ALICE), "markdown", text=content)

    with check("a mention in the group is answered in the group"):
        await sandbox.say("bob", GROUP, [MENTION, {"type": "text", "text": " 值班是谁"}])
        heard = await bot.inbox.take(type="text")
        expect([heard["chattype"], heard["chatid"]], ["group", GENERAL])
        expect(heard["from"]["userid"], "bob")
        assert heard["text"]["content"].startswith("@"), heard["text"]
        await bot.client.reply_stream(heard["frame"], "stream-2", "是 carol", True)
        only_part(await sandbox.last(GROUP), "markdown", text="是 carol")

    with check("what is said in the group without a mention is not heard"):
        await sandbox.say("bob", GROUP, "大家好")
        await sandbox.say("alice", PRIVATE, "再见")
        expect((await bot.inbox.take(type="text"))["text"]["content"], "再见")

    with check("a picture is downloaded and decrypted with its own key"):
        await sandbox.say("alice", PRIVATE, [world.media_part("image", PIXEL)])
        heard = await bot.inbox.take(type="image")
        content, _ = await bot.client.download_file(heard["image"]["url"], heard["image"]["aeskey"])
        expect(content, PIXEL)

    with check("a template card in reply"):
        await sandbox.say("alice", PRIVATE, "卡片")
        heard = await bot.inbox.take(type="text")
        await bot.client.reply_template_card(heard["frame"], CARD)
        only_part(await sandbox.last(ALICE), "card", title="审批", task_id="task-py")

    with check("a stream together with a template card"):
        await sandbox.say("alice", PRIVATE, "都要")
        heard = await bot.inbox.take(type="text")
        card = CARD | {"task_id": "task-py-2"}
        ack = await bot.client.reply_stream_with_card(
            heard["frame"], "stream-3", "处理完了", True, template_card=card
        )
        expect(ack["errcode"], 0)
        parts = (await sandbox.last(ALICE))["parts"]
        expect([part["type"] for part in parts], ["markdown", "card"])
        expect([parts[0]["text"], parts[1]["task_id"]], ["处理完了", "task-py-2"])


CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "审批"},
    "button_list": [{"text": "同意", "style": 1, "key": "yes"}],
    "task_id": "task-py",
}


async def events(sandbox, check, bot):
    with check("enter_chat is answered with a welcome"):
        await sandbox.act("carol", "enter", conversation="bot:carol")
        heard = await bot.inbox.take(event="enter_chat")
        expect(heard["from"]["userid"], "carol")
        body = {"msgtype": "text", "text": {"content": "您好！"}}
        expect((await bot.client.reply_welcome(heard["frame"], body))["errcode"], 0)
        only_part(await sandbox.last("bot:carol"), "text", text="您好！")

    with check("a pressed button is an event, and the card is updated"):
        card = next(
            each
            for each in reversed(await sandbox.messages(ALICE))
            if each["parts"][0].get("task_id") == "task-py"
        )
        await sandbox.act("alice", "press", message=card["id"], key="yes")
        heard = await bot.inbox.take(event="template_card_event")
        pressed = heard["frame"]["body"]["event"]["template_card_event"]
        expect([pressed["event_key"], pressed["task_id"]], ["yes", "task-py"])
        done = CARD | {"main_title": {"title": "已同意"}}
        expect((await bot.client.update_template_card(heard["frame"], done))["errcode"], 0)
        shown = {message["id"]: message for message in await sandbox.messages(ALICE)}
        only_part(shown[card["id"]], "card", title="已同意")


async def active(sandbox, check, bot):
    with check("send_message to a person and to a group"):
        body = {"msgtype": "markdown", "markdown": {"content": "主动 **推送**"}}
        for chatid, conversation in (("alice", ALICE), (GENERAL, GROUP)):
            expect((await bot.client.send_message(chatid, body))["errcode"], 0)
            only_part(await sandbox.last(conversation), "markdown", text="主动 **推送**")

    with check("send_message to nowhere is 93006"):
        try:
            await bot.client.send_message("nowhere", body)
        except RuntimeError as error:
            assert "93006" in str(error), error
        else:
            raise AssertionError("it was not refused")


async def replaced(sandbox, check, bot):
    with check("a second connection replaces the first, which is told"):
        async with Bot(sandbox) as second:
            expect(second.happened, ["authenticated"])
            await bot.inbox.take(event="disconnected_event")
            await sandbox.say("alice", PRIVATE, "谁在")
            expect((await second.inbox.take(type="text"))["text"]["content"], "谁在")
            expect([each for each in bot.inbox.events if each["type"] == "text"], [])


if __name__ == "__main__":
    world.run(main)
