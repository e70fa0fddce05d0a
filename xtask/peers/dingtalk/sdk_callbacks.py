"""dingtalk-sdk registers where events go, and opens what the sandbox posts there."""

import asyncio
import json
import time
from urllib.parse import urlsplit

import common
import receiver
import world
from common import expect, free_port
from dingtalk.client.api.callback import Callback
from dingtalk.crypto import DingTalkCrypto
from dingtalk.model.message import TextBody
from sdk_peer import client, refused
from world import APP, CALLBACK_KEY, CALLBACK_TOKEN, CORP, GENERAL, PEOPLE

TEAM = ["alice", "bob", "carol"]
CHAT_TAGS = [tag for tag in Callback.ALL_CALL_BACK_TAGS if tag.startswith("chat_")]


class Receiver(receiver.Receiver):
    """The address at which an application receives, as people write it."""

    def do_POST(self):
        body, query = self.body(), self.query()
        signed = query["msg_signature"], query["timestamp"], query["nonce"]
        try:
            opened = self.server.crypto.decrypt_message(body, *signed)
        except Exception as error:  # The peer raises whatever it likes.
            self.server.refused.append(type(error).__name__)
            return self.respond(403, "")
        event = {"path": urlsplit(self.path).path, "query": query, "nonce": query["nonce"]}
        self.server.inbox.put(event | json.loads(opened))
        status, sealed = self.server.answer(self.server.crypto)
        return self.respond(status, json.dumps(sealed))


def success(crypto):
    return 200, crypto.encrypt_message("success")


def other_words(crypto):
    return 200, crypto.encrypt_message("welcome")


def other_key(_):
    return 200, DingTalkCrypto(CALLBACK_TOKEN, "a" * 43, CORP).encrypt_message("success")


def other_token(_):
    return 200, DingTalkCrypto("another-token", CALLBACK_KEY, CORP).encrypt_message("success")


def other_organisation(_):
    return 200, DingTalkCrypto(CALLBACK_TOKEN, CALLBACK_KEY, "ding-other").encrypt_message(
        "success"
    )


def nothing(_):
    return 200, {}


def failure(_):
    return 500, {}


def late(crypto):
    time.sleep(2)
    return success(crypto)


def receiving(crypto):
    """An application's server, which answers as `server.answer` says."""
    shared = {"inbox": common.Inbox(), "refused": [], "answer": success}
    return receiver.serving(Receiver, crypto=crypto, **shared)


async def main(sandbox, check):
    app = client(token=CALLBACK_TOKEN, aes_key=CALLBACK_KEY)
    with receiving(app.crypto) as server:
        await registration(check, app, server)
        refused_registrations(check, app, server)
        await events(sandbox, check, app, server)
        await retries(sandbox, check, app, server)
        await replaced(sandbox, check, app, server)
        await removed(sandbox, check, app, server)
    await console(sandbox, check, app)


def register(app, server, tags=CHAT_TAGS, **given):
    given = {"token": CALLBACK_TOKEN, "aes_key": CALLBACK_KEY, "url": server.url} | given
    return app.callback.register_call_back(tags, **given)


async def registration(check, app, server):
    callback = app.callback

    with check("nothing is registered: get, update and delete are 71007"):
        for call in (callback.get_call_back, callback.delete_call_back):
            with refused(71007):
                call()
        with refused(71007):
            callback.update_call_back(CHAT_TAGS, CALLBACK_TOKEN, CALLBACK_KEY, server.url)

    answers = [
        (71009, "says something else than success", other_words),
        (71010, "was encrypted with another key", other_key),
        (71010, "was signed with another token", other_token),
        (71010, "is for another organisation", other_organisation),
        (71010, "has nothing in it", nothing),
        (71012, "is a 500", failure),
        (71012, "comes after more than 1500 ms", late),
    ]
    for code, name, answer in answers:
        with check(f"an address whose answer {name} is {code}, and is not registered"):
            server.answer = answer
            with refused(code):
                register(app, server)
            await server.inbox.take(EventType="check_url")
            with refused(71007):
                callback.get_call_back()
    server.answer = success

    with check("an address where nobody is is 71012"), refused(71012):
        register(app, server, url=f"http://127.0.0.1:{free_port()}/")

    with check("an address that knows another token is 71012: it answers 403"):
        with refused(71012):
            register(app, server, token="another-token")
        expect([server.refused.pop(), server.refused], ["InvalidSignatureException", []])

    with check("an address is asked to open check_url, and registered"):
        expect(register(app, server)["errcode"], 0)
        asked = await server.inbox.take(EventType="check_url")
        query = asked["query"]
        expect(query["signature"], query["msg_signature"])
        found = callback.get_call_back()
        expect([found["token"], found["aes_key"]], [CALLBACK_TOKEN, CALLBACK_KEY])
        expect([found["url"], sorted(found["call_back_tag"])], [server.url, sorted(CHAT_TAGS)])

    with check("a second one is 71006, and is not asked"):
        with refused(71006):
            register(app, server)
        expect(server.inbox.events, [])

    with check("every tag that the peer knows is taken; others it leaves out itself"):
        callback.delete_call_back()
        register(app, server, [*Callback.ALL_CALL_BACK_TAGS, "no_such_tag"])
        await server.inbox.take(EventType="check_url")
        found = callback.get_call_back()["call_back_tag"]
        expect(sorted(found), sorted(Callback.ALL_CALL_BACK_TAGS))
        callback.delete_call_back()


def refused_registrations(check, app, server):
    good = {"token": CALLBACK_TOKEN, "aes_key": CALLBACK_KEY, "url": server.url}
    refusals = [
        (71008, "an unknown tag", {"call_back_tag": ["chat_quit", "no_such_tag"]}),
        (71010, "no tags", {"call_back_tag": None}),
        (71010, "a token of 5 characters", {"token": "12345"}),
        (71010, "a token of 64 characters", {"token": "a" * 64}),
        (71010, "no token", {"token": None}),
        (71010, "an aes_key of 42 characters", {"aes_key": "a" * 42}),
        (71010, "an aes_key with other characters", {"aes_key": "a" * 42 + "+"}),
        (71010, "no aes_key", {"aes_key": None}),
        (71011, "an address that is none", {"url": "call me"}),
    ]
    for code, name, given in refusals:
        with check(f"registering with {name} is {code}"):
            with refused(code):
                body = {"call_back_tag": ["chat_quit"]} | good | given
                app.post("/call_back/register_call_back", body)
            expect([server.inbox.events, server.refused], [[], []])
            with refused(71007):
                app.callback.get_call_back()


async def events(sandbox, check, app, server):
    register(app, server)
    await server.inbox.take(EventType="check_url")
    chatid = app.chat.create("群", "alice", TEAM)
    cid = app.post("/chat/create", {"name": "别的", "owner": "alice", "useridlist": TEAM})
    assert cid["openConversationId"].startswith("cid"), cid

    async def told(event, **fields):
        """The next event, which has these fields beside those that all have."""
        found = await server.inbox.take()
        expect(found.pop("path"), "/callback")
        query, now = found.pop("query"), found.pop("TimeStamp")
        expect(found.pop("nonce"), query["nonce"])
        assert isinstance(now, int) and abs(now - int(query["timestamp"])) < 60_000, now
        assert found.pop("OpenConversationId").startswith("cid"), found
        expect(found, {"EventType": event, "CorpId": CORP, "ChatId": chatid} | fields)

    by_alice = {"Operator": "alice"}

    with check("making a group is no event, and sending is none"):
        app.chat.send(chatid, TextBody("你好"))
        expect(server.inbox.events, [])

    with check("all that one update changes, in its order"):
        changes = {"name": "新名", "owner": "dave", "add_useridlist": ["dave", "bob"]}
        app.chat.update(chatid, del_useridlist=["carol", "erin"], **changes)
        await told("chat_add_member", UserId=["dave"], Operator="alice")
        await told("chat_remove_member", UserId=["carol"], Operator="alice")
        await told("chat_update_owner", Owner="dave")
        found = await server.inbox.take(EventType="chat_update_title")
        expect([found["Title"], found["ChatId"]], ["新名", chatid])
        app.chat.update(chatid, owner="alice")
        await told("chat_update_owner", Owner="alice")

    with check("what changes nothing is no event, nor are flags and icon"):
        app.chat.update(chatid, name="新名", owner="alice", add_useridlist=["bob"])
        app.chat.update(chatid, del_useridlist=["erin"], icon="@lA", searchable=1)
        app.chat.update(chatid, name="最后")
        await told("chat_update_title", Title="最后", **by_alice)

    with check("an update that is refused is no event"):
        with refused(49006):
            app.chat.update(chatid, name="没改", owner="mallory")
        expect(server.inbox.events, [])

    with check("who is invited and removed by people"):
        await sandbox.act("bob", "invite", group=chatid, target="erin")
        await told("chat_add_member", UserId=["erin"], Operator="bob")
        await sandbox.act("alice", "remove", group=chatid, target="erin")
        await told("chat_remove_member", UserId=["erin"], **by_alice)

    with check("who quits"):
        await sandbox.act("bob", "quit", group=chatid)
        await told("chat_quit", Operator="bob")

    with check("a new name and a new owner, given by people"):
        await sandbox.act("alice", "rename", group=chatid, name="人改的")
        await told("chat_update_title", Title="人改的", **by_alice)
        await sandbox.act("alice", "owner", group=chatid, target="dave")
        await told("chat_update_owner", Owner="dave")

    with check("the end of a group"):
        await sandbox.act("dave", "disband", group=chatid)
        await told("chat_disband", Operator="dave")

    with check("many events arrive in the order in which they came about"):
        titles = [f"第 {number} 名" for number in range(20)]
        for title in titles:
            app.chat.update(GENERAL, name=title)
        await common.eventually(lambda: len(server.inbox.events) >= 20, "all of them")
        expect([each["Title"] for each in server.inbox.events], titles)
        expect(len({each["nonce"] for each in server.inbox.events}), 20)
        server.inbox.events.clear()

    with check("nothing of all that was signed wrongly"):
        expect(server.refused, [])


async def retries(sandbox, check, app, server):
    def rename(title):
        app.chat.update(GENERAL, name=title)

    async def posted(title, times):
        def find():
            found = [each for each in server.inbox.events if each.get("Title") == title]
            return len(found) >= times and found

        return await common.eventually(find, f"{times} posts of {title}")

    async def answered(title, times):
        """The same, and the sandbox has the answer to the last one."""
        await posted(title, times)
        await asyncio.sleep(0.2)

    with check("an event that is refused is posted again after 10 s, signed anew"):
        server.answer = failure
        rename("第一次")
        await answered("第一次", 1)
        await sandbox.advance(9)
        expect(len(await posted("第一次", 1)), 1)
        server.answer = success
        await sandbox.advance(1.5)
        first, second = await posted("第一次", 2)
        expect(first["TimeStamp"], second["TimeStamp"])
        assert first["nonce"] != second["nonce"], "it is the same nonce"
        server.inbox.events.clear()

    with check("an event that was signed wrongly is refused by the peer, and posted again"):
        await sandbox.fault("forge_signature", where="post", count=1)
        rename("伪造")
        await common.eventually(lambda: server.refused, "a refusal")
        await asyncio.sleep(0.2)
        expect([server.refused.pop(), server.inbox.events[-1:]], ["InvalidSignatureException", []])
        await sandbox.advance(10.5)
        await posted("伪造", 1)

    with check("what arrived in the end is not among those that failed"):
        rename("接着")
        await posted("接着", 1)
        answer = app.callback.get_call_back_failed_result()
        expect([answer["errcode"], answer["has_more"], answer["failed_list"]], [0, False, []])

    for name, answer in (("失败", failure), ("不对", other_words)):
        with check(
            f"an event that is refused three times is among those that failed, once: {name}"
        ):
            server.answer = answer
            rename(f"总是{name}")
            await answered(f"总是{name}", 1)
            await sandbox.advance(10.5)
            await answered(f"总是{name}", 2)
            await sandbox.advance(30.5)
            await answered(f"总是{name}", 3)
            found = await common.eventually(
                lambda: app.callback.get_call_back_failed_result()["failed_list"], "the list"
            )
            [row] = found
            expect(row["call_back_tag"], "chat_update_title")
            assert isinstance(row["event_time"], int), row
            assert f"总是{name}" in json.dumps(row["chat_update_title"], ensure_ascii=False), row
            expect(app.callback.get_call_back_failed_result()["failed_list"], [])

    with check("it is not posted a fourth time, and the next one arrives"):
        server.answer = success
        await sandbox.advance(300)
        rename("后来")
        await posted("后来", 1)
        expect(len(await posted("总是失败", 3)), 3)

    with check("an answer after 1500 ms is too late"):
        server.answer = late
        rename("太慢")
        await posted("太慢", 1)
        await asyncio.sleep(2.2)
        server.answer = success
        await sandbox.advance(10.5)
        await posted("太慢", 2)
    server.inbox.events.clear()


async def replaced(sandbox, check, app, server):
    with check("update asks the new address, and takes all four of its values"):
        url = server.url.replace("/callback", "/elsewhere")
        server.crypto = DingTalkCrypto("another-token", CALLBACK_KEY, CORP)
        answer = app.callback.update_call_back(["chat_quit"], "another-token", CALLBACK_KEY, url)
        expect(answer["errcode"], 0)
        expect((await server.inbox.take(EventType="check_url"))["path"], "/elsewhere")
        found = app.callback.get_call_back()
        expect([found["call_back_tag"], found["token"]], [["chat_quit"], "another-token"])
        expect([found["aes_key"], found["url"]], [CALLBACK_KEY, url])

    with check("only what it is registered for arrives, at the new address"):
        app.chat.update(GENERAL, name="听不到", del_useridlist=["erin"])
        await sandbox.act("dave", "quit", group=GENERAL)
        found = await server.inbox.take()
        expect([found["EventType"], found["path"]], ["chat_quit", "/elsewhere"])
        expect([found["Operator"], server.inbox.events], ["dave", []])

    with check("an update that is refused leaves it as it was"):
        server.answer = other_words
        with refused(71009):
            app.callback.update_call_back(CHAT_TAGS, "another-token", CALLBACK_KEY, server.url)
        server.answer = success
        expect(app.callback.get_call_back()["call_back_tag"], ["chat_quit"])
        server.inbox.events.clear()


async def removed(sandbox, check, app, server):
    with check("after delete nothing arrives"):
        expect(app.callback.delete_call_back()["errcode"], 0)
        await sandbox.act("carol", "quit", group=GENERAL)
        with refused(71007):
            app.callback.get_call_back()
        server.crypto = app.crypto
        register(app, server)
        await server.inbox.take(EventType="check_url")
        await sandbox.act("bob", "quit", group=GENERAL)
        found = await server.inbox.take()
        expect([found["EventType"], found["Operator"]], ["chat_quit", "bob"])
        app.callback.delete_call_back()
        expect(app.chat.get(GENERAL)["useridlist"], PEOPLE[:1])


async def console(sandbox, check, app):
    """The address that is set in the console: another id, and another format."""
    await sandbox.reset()
    with receiving(DingTalkCrypto(CALLBACK_TOKEN, CALLBACK_KEY, APP)) as server:
        given = {"callback_token": CALLBACK_TOKEN, "aes_key": CALLBACK_KEY, "verify": True}
        with check("the address of the console is asked, too"):
            delivery = await sandbox.deliver(callback_url=server.url, **given)
            expect(delivery["verification"]["callback_url"]["ok"], True)
            await server.inbox.take(EventType="check_url")

        with check("what it is told is for the application, and names the event"):
            app.chat.update(GENERAL, name="控制台")
            found = await server.inbox.take(EventType="chat_update_title")
            expect(
                [found["title"], found["chatId"], found["operator"]], ["控制台", GENERAL, "alice"]
            )
            assert found["eventId"] and found["BizId"], found
            expect([found["CorpId"], found["corpId"]], [CORP, CORP])

        with check("who takes it to be for the organisation refuses it"):
            server.crypto = app.crypto
            app.chat.update(GENERAL, name="认错人")
            await common.eventually(lambda: server.refused, "a refusal")
            expect(server.inbox.events, [])


if __name__ == "__main__":
    world.run(main)
