"""wechatpy gets, keeps and renews access tokens."""

import re

import world
from common import expect
from wechatpy_peer import VERSION, client, clients, refused
from world import CORP, HOUR, SECRET

TOKEN = re.compile(r"^[0-9a-zA-Z_-]{64}$")


def with_token(token, **settings):
    """A client that was given a token, and does not renew it by itself."""
    return client(SECRET, access_token=token, auto_retry=False, **settings)


async def main(sandbox, check):
    app, other = clients(sandbox)

    with check("gettoken answers a token and its life"):
        answer = app.fetch_access_token()
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        assert TOKEN.match(answer["access_token"]), answer["access_token"]
        expect(answer["expires_in"], 7200)

    with check("asking again gives the same token with the rest of its life"):
        await sandbox.advance(100)
        again = app.fetch_access_token()
        expect(again["access_token"], app.access_token)
        assert 7000 < again["expires_in"] <= 7100, again

    with check("another client of the application gets the same token"):
        expect(client(SECRET).access_token, app.access_token)

    with check("another application gets another token"):
        assert other.access_token != app.access_token

    wrong_credentials(check)
    wrong_tokens(check)

    with check("a token works until its life is over"):
        token = app.access_token
        await sandbox.advance(7000 - 10)
        with_token(token).user.get("alice")
        await sandbox.advance(200)
        with refused(42001, "access_token expired"):
            with_token(token).user.get("alice")

    with check("an expired token is renewed, and the call repeated"):
        before = app.session.get(app.access_token_key)
        expect(app.user.get("alice")["name"], "Alice")
        after = app.session.get(app.access_token_key)
        assert before != after, "the token is the old one"
        app.appchat.send_text(world.GENERAL, "令牌已更新")
        world.only_part(await sandbox.last("group:general"), "text", text="令牌已更新")

    with check("a call is repeated once with the same body, whatever expired"):
        await sandbox.advance(3 * HOUR)
        before = await sandbox.count("group:general")
        app.appchat.send_text(world.GENERAL, "只此一次")
        expect(await sandbox.count("group:general"), before + 1)

    with check("a token that was made up is renewed, too"):
        lost = client(SECRET, access_token="made-up")
        expect(lost.user.get("bob")["name"], "Bob")

    if VERSION == 2:
        with check("the other application's calls go on after the first renewed its token"):
            expect(other.user.get("carol")["name"], "Carol")


def wrong_credentials(check):
    refusals = [
        ("an empty corp id", "", SECRET, 41002, "corpid missing"),
        ("an empty secret", CORP, "", 41004, "corpsecret missing"),
        ("an unknown corp id", "ww-nobody", SECRET, 40013, "invalid corpid"),
        ("a wrong secret", CORP, "wrong", 40001, "invalid credential"),
    ]
    for name, corp, secret, code, words in refusals:
        with check(f"{name} is {code}"), refused(code, words):
            client(secret, corp).fetch_access_token()


def wrong_tokens(check):
    with check("a token that was made up is 40014"), refused(40014, "invalid access_token"):
        with_token("made-up").user.get("alice")

    with check("an empty token is 41001"), refused(41001, "access_token missing"):
        with_token("x").get("user/get", params={"access_token": "", "userid": "alice"})

    with check("no token is 41001"), refused(41001, "access_token missing"):
        # wechatpy adds the token only to parameters that are a dictionary.
        with_token("x").get("user/get", params=[("userid", "alice")])


if __name__ == "__main__":
    world.run(main)
