"""dingtalk-sdk gets, keeps and renews access tokens, and meets throttling."""

import hashlib

import world
from common import expect, only_part
from dingtalk.model.message import TextBody
from sdk_peer import DingTalkClientException, client, corp_client, raw, refused, use_token
from world import APP, CORP, GENERAL, GROUP, SECRET


async def main(sandbox, check):
    app = client()
    await kept(sandbox, check, app)
    wrong_credentials(check)
    wrong_tokens(check, app)
    await renewed(sandbox, check, app)
    await topapi(sandbox, check, app)
    ticket(check, app)
    await throttled(sandbox, check, app)


async def kept(sandbox, check, app):
    with check("gettoken answers a token and its life"):
        answer = app.get_access_token()
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        expect(answer["expires_in"], 7200)
        expect(app.access_token, answer["access_token"])

    with check("asking again gives the same token, and renews it"):
        for _ in range(3):
            await sandbox.advance(7000)
            again = app.get_access_token()
            expect([again["access_token"], again["expires_in"]], [app.access_token, 7200])
        app.user.get("alice")

    with check("another client of the application gets the same token"):
        expect(client().access_token, app.access_token)

    with check("the organisation itself gets a token that works"):
        corp = corp_client()
        expect(corp.get_access_token()["expires_in"], 7200)
        expect(corp.user.get("bob")["name"], "Bob")

    with check("asking after its life gives a new one"):
        old = app.get_access_token()["access_token"]
        await sandbox.advance(7201)
        new = app.get_access_token()["access_token"]
        assert new != old, "it is the old one"
        use_token(app, new)


def wrong_credentials(check):
    app_words, corp_words = "不合法的appKey或appSecret", "不合法的corpId或corpSecret"
    refusals = [
        ("a wrong secret", client(secret="wrong"), 40096, app_words),
        ("an unknown key", client(key="ding-nobody"), 40096, app_words),
        ("a wrong corpsecret", corp_client(secret="wrong"), 40089, corp_words),
        ("an unknown corpid", corp_client(corp="ding-nowhere"), 40089, corp_words),
    ]
    for name, peer, code, words in refusals:
        with check(f"{name} is {code}, and the first call says so"), refused(code, words):
            peer.chat.get(GENERAL)

    with check("no credentials are 40035"), refused(40035, "缺少参数 corpid or appkey"):
        client()._request("GET", "/gettoken")


def wrong_tokens(check, app):
    def strict(token):
        """A client that does not renew its token by itself."""
        peer = client(auto_retry=False)
        use_token(peer, token)
        return peer

    with check("a token that was made up is 40014, and is not kept"):
        peer = strict("made-up")
        with refused(40014, "不合法的access_token"):
            peer.user.get("alice")
        expect(peer.cache.access_token.get(), None)

    with check("no token, and an empty one, is 41001"):
        for params in ({}, {"access_token": ""}):
            with refused(41001, "缺少access_token参数"):
                app._request("GET", "/chat/get", params={"chatid": GENERAL} | params)

    with check("the token of a robot is no token of the application"), refused(40014):
        strict(world.ROBOT).chat.get(GENERAL)

    with check("an unknown path is 404, whatever the status says"):
        answer = raw(app, "GET", "/chat/nothing")
        expect([answer.status_code, answer.json()["errcode"]], [200, 404])
        expect(answer.json()["errmsg"], "请求的URI地址不存在")


async def renewed(sandbox, check, app):
    with check("a token whose life is over is 42001"):
        token = app.access_token
        await sandbox.advance(7201)
        peer = client(auto_retry=False)
        use_token(peer, token)
        with refused(42001):
            peer.user.get("alice")

    with check("it is renewed, and the call repeated once with the same body"):
        before = await sandbox.count(GROUP)
        app.chat.send(GENERAL, TextBody("只此一次"))
        expect(await sandbox.count(GROUP), before + 1)
        only_part(await sandbox.last(GROUP), "text", text="只此一次")
        assert app.cache.access_token.get() != token, "the token is the old one"

    with check("a token that was made up is renewed, too"):
        use_token(app, "made-up")
        expect(app.user.get("bob")["name"], "Bob")
        assert app.cache.access_token.get() != "made-up", "it was kept"

    with check("a fault that expires tokens is got over"):
        before = app.access_token
        await sandbox.fault("expire_tokens", count=1)
        app.chat.send(GENERAL, TextBody("又来"))
        only_part(await sandbox.last(GROUP), "text", text="又来")
        assert before, "there was no token"


async def topapi(sandbox, check, app):
    path, alice = "/topapi/v2/user/get", {"userid": "alice"}

    def refusal(peer, code, **settings):
        """What topapi answers where its gateway refuses."""
        answer = peer._http.request("POST", f"{peer.API_BASE_URL}{path[1:]}", **settings).json()
        expect([answer["errcode"], answer["sub_code"]], [88, code])
        expect(answer["errmsg"], f"ding talk error[subcode={code},submsg={answer['sub_msg']}]")
        assert answer["request_id"], answer
        return answer["sub_msg"]

    with check("topapi takes JSON and a form, the token in the query or in the form"):
        token = {"access_token": app.access_token}
        answers = [
            raw(app, "POST", path, json=alice).json(),
            raw(app, "POST", path, data=alice).json(),
            app._http.request("POST", f"{app.API_BASE_URL}{path[1:]}", data=alice | token).json(),
        ]
        for answer in answers:
            expect([answer["errcode"], answer["result"]["name"]], [0, "Alice"])
            assert answer["request_id"], answer

    with check("topapi says 88 and 40014 to a token that was made up"):
        words = refusal(app, "40014", params={"access_token": "made-up"}, json=alice)
        expect(words, "不合法的access_token")

    with check("the peer does not renew its token there"):
        lost = client()
        use_token(lost, "made-up")
        with refused(88, "ding talk error[subcode=40014,submsg=不合法的access_token]"):
            lost.post(path, alice)
        expect(lost.cache.access_token.get(), "made-up")

    with check("topapi says 88 and 40000 to no token, 42001 to an old one"):
        refusal(app, "40000", json=alice)
        token = app.access_token
        await sandbox.advance(7201)
        refusal(app, "42001", params={"access_token": token}, json=alice)

    with check("an unknown name of topapi is 22"):
        app.user.get("alice")  # Renews the token.
        with refused(22, "不合法ApiName"):
            app.post("/topapi/no/such", {})

    with check("TOP refuses a token that was made up, and an unknown method"):
        peer = client(auto_retry=False)
        use_token(peer, "made-up")
        try:
            peer.user.get_admin_scope("alice")
        except DingTalkClientException as refusal_of_top:
            assert refusal_of_top.errcode not in (None, 0), refusal_of_top
        else:
            raise AssertionError("it was taken")
        with refused(22):
            app.top_request("dingtalk.oapi.no.such", {})


def ticket(check, app):
    with check("a ticket for the JS API, which the peer keeps"):
        answer = app.get_jsapi_ticket()
        expect([answer["errcode"], answer["expires_in"]], [0, 7200])
        assert answer["ticket"], answer
        expect(app.jsapi_ticket, app.jsapi_ticket)

    with check("what is signed with it"):
        url = "https://example.com/中文?x=1"
        params = app.get_jsapi_params(url, noncestr="nonce", timestamp=1700000000000)
        text = f"jsapi_ticket={app.jsapi_ticket}&noncestr=nonce&timestamp=1700000000000&url={url}"
        expect(params["signature"], hashlib.sha1(text.encode()).hexdigest())
        expect([params["corpId"], params["nonceStr"]], [CORP, "nonce"])


async def throttled(sandbox, check, app):
    with check("too many calls are 90002, and one later goes through"):
        await sandbox.fault("rate_limit", count=1)
        with refused(90002):
            app.chat.get(GENERAL)
        expect(app.chat.get(GENERAL)["name"], "general")

    with check("too many calls of topapi are 90002 as well"):
        await sandbox.fault("rate_limit", count=1)
        answer = raw(app, "POST", "/topapi/v2/user/get", json={"userid": "alice"}).json()
        assert "90002" in (str(answer["errcode"]), answer.get("sub_code")), answer

    with check("who is blocked gets x5, which the peer takes for success"):
        await sandbox.fault("blocked", count=2)
        answer = app.callback.get_call_back()
        expect([answer["status"], answer["wait"], answer["source"]], [1111, 5, "x5"])
        expect([answer["punish"], "errcode" in answer], ["deny", False])
        try:
            app.chat.get(GENERAL)
        except KeyError as missing:
            expect(missing.args, ("chat_info",))
        else:
            raise AssertionError("it found a group in it")

    with check("or a page of HTML, which the peer hands on"):
        await sandbox.fault("html", count=1)
        answer = app.callback.get_call_back()
        expect(answer.status_code, 200)
        assert "html" in answer.headers["content-type"], answer.headers
        assert "<html" in answer.text.lower(), answer.text

    with check("a server's error has no code at all"):
        await sandbox.fault("status_5xx", count=1)
        try:
            app.chat.get(GENERAL)
        except DingTalkClientException as error:
            expect(error.errcode, None)
            assert error.response.status_code >= 500, error.response
        else:
            raise AssertionError("it was answered")

    with check("after all that the application is as it was"):
        expect([app.app_key, app.app_secret], [APP, SECRET])
        expect(app.chat.get(GENERAL)["name"], "general")


if __name__ == "__main__":
    world.run(main)
