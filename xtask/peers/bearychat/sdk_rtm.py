"""bearychat 0.4.1 over RTM HTTP, over the socket and through an incoming hook."""

import json

import aiohttp
import world
from bearychat import RTMClient, RTMMessage, RTMMessageType, incoming
from bearychat.rtm_client_service import RTMServiceError
from common import eventually, expect
from world import (
    ALICE, BOB, BOT, DAVE, DEV, GENERAL, TEAM, TOKEN,
    expect_channel, expect_user, group, private,
)  # fmt: skip


async def main(sandbox, checks):
    bot = RTMClient(TOKEN, sandbox.rtm)
    with checks("current_team tells of the team, its members and its channels"):
        expect(bot.current_team.info()["id"], TEAM)
        members = bot.current_team.members()
        for member in members:
            expect_user(member)
        expect(len(members), 7)
        expect([each["id"] for each in bot.current_team.channels()], [GENERAL, DEV])
    with checks("user and channel tell of one, whose id is not escaped"):
        expect_user(bot.user.info(ALICE), ALICE)
        expect_channel(bot.channel.info(GENERAL), id=GENERAL)
    with checks("a user that is not there is an error"):
        try:
            bot.user.info("=bwNoSuch")
        except RTMServiceError as error:
            expect([error.err_data.resp.status_code, error.err_data.data["code"]], [404, 6])
        else:
            raise AssertionError("somebody was there")
    with checks("start gives nothing for a wrong token"):
        expect(RTMClient("wrong", sandbox.rtm).start(), None)
    await socket(sandbox, bot, checks)
    await hook(sandbox, checks)


async def socket(sandbox, bot, checks):
    started = bot.start()
    me = started["user"]
    async with aiohttp.ClientSession() as session, session.ws_connect(started["ws_host"]) as ws:
        frames = []

        async def take(**fields):
            """The next frame like this one; those that came before are kept."""

            async def find():
                for frame in frames:
                    if all(frame.get(name) == it for name, it in fields.items()):
                        frames.remove(frame)
                        return frame
                message = await ws.receive(timeout=5)
                frames.append(json.loads(message.data))
                return None

            return await eventually(find, f"a frame with {fields}")

        async def send(message, call_id):
            message["call_id"] = call_id
            await ws.send_str(message.to_json())
            return await take(type=RTMMessageType.Reply, call_id=call_id)

        with checks("the socket begins with the bot's own connection"):
            frame = await take(type=RTMMessageType.UpdateUserConnection)
            expect(frame["data"], {"connection": "connected", "uid": BOT})
        with checks("a ping is answered by a reply and a pong"):
            reply = await send(RTMMessage({"type": RTMMessageType.Ping}), 0)
            expect([reply["code"], reply["status"]], [0, "ok"])
            expect((await take(type=RTMMessageType.Pong))["reply_to"], 0)

        with checks("what alice says in the channel is answered where she said it"):
            key = await sandbox.say("alice", group(GENERAL), "你好")
            heard = RTMMessage(await take(type=RTMMessageType.ChannelMessage))
            assert heard.is_chat_message() and not heard.is_p2p() and not heard.is_from(me)
            expect([heard["key"], heard["uid"], heard["channel_id"]], [key, ALICE, GENERAL])
            await send(heard.reply("早"), 1)
            echo = RTMMessage(await take(type=RTMMessageType.ChannelMessage))
            assert echo.is_from(me)
            expect(await sandbox.texts(group(GENERAL)), ["你好", "早"])
        with checks("refer quotes what is answered"):
            await send(heard.refer("about that"), 2)
            echo = await take(type=RTMMessageType.ChannelMessage)
            expect(echo["refer_key"], key)
        with checks("what dave says to the bot is answered to dave"):
            await sandbox.say("dave", "user:bot", "psst")
            heard = RTMMessage(await take(type=RTMMessageType.P2PMessage))
            assert heard.is_p2p()
            expect([heard["uid"], heard["to_uid"]], [DAVE, BOT])
            await send(heard.reply("yes?"), 3)
            expect(await sandbox.texts(f"user:{DAVE}"), ["psst", "yes?"])
        with checks("what others say to each other is not heard"):
            await sandbox.say("alice", f"user:{BOB}", "between us")
            expect(await sandbox.texts(private(ALICE, BOB)), ["between us"])
            await sandbox.say("alice", group(GENERAL), "to all")
            expect((await take(type=RTMMessageType.ChannelMessage))["text"], "to all")
            expect([frame for frame in frames if frame.get("text") == "between us"], [])
        with checks("what cannot be done is a reply too"):
            frame = {"type": "channel_message", "vchannel_id": DEV, "channel_id": DEV, "text": "a"}
            reply = await send(RTMMessage(frame), 4)
            expect([reply["code"], reply["status"], reply["error"]], [4, "error", "没有权限"])
        with checks("a reaction, an edit and a deletion are told"):
            here = group(GENERAL)
            await sandbox.act("alice", "react", group=here, message=key, emoji=":+1:")
            told = await take(type="add_message_reaction")
            expect([told["data"]["message_key"], told["data"]["reaction"]], [key, ":+1:"])
            await sandbox.act("alice", "edit", group=here, message=key, text="您好")
            expect((await take(type="update_channel_message"))["data"]["text"], "您好")
            await sandbox.act("alice", "delete", group=here, message=key)
            told = (await take(type="update_channel_message"))["data"]
            expect([told["deleted"], told["subtype"]], [True, "info"])


async def hook(sandbox, checks):
    with checks("an incoming hook posts into its channel"):
        answer = incoming.send(sandbox.hook, {"text": "愿原力与你同在", "markdown": True})
        expect([answer.status_code, answer.json()], [200, {"code": 0, "result": None}])
        last = await sandbox.last(group(GENERAL))
        expect([last["tag"], last["from"]["bot"]], ["robot", True])
    with checks("it posts to somebody by name, too"):
        incoming.send(sandbox.hook, {"text": "dear dave", "user": "dave", "attachments": [{"title": "t"}]})
        [conversation] = [
            each["id"]
            for each in (await sandbox.conversations("dave"))
            if each["id"].startswith("private:")
        ]
        expect(await sandbox.texts(conversation), ["dear dave"])
    with checks("a hook that is not there is refused"):
        answer = incoming.send(sandbox.hook + "x", {"text": "a"})
        expect([answer.status_code, answer.json()["code"]], [404, 6])


world.run(main)
