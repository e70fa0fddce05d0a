"""wechatpy uploads and downloads files."""

import io
import re
import time

import requests
import world
from common import expect
from wechatpy_peer import client, clients, refused
from world import DAY, PIXEL, REPORT, SECRET, VIDEO, VOICE

MEGABYTE = 1024 * 1024
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


async def main(sandbox, check):
    app, other = clients(sandbox)
    kept = upload_and_download(check, app, other)
    names(check, app)
    pictures(check, app)
    refusals(check, app)

    with check("a file is there for three days, and no longer"):
        await sandbox.advance(3 * DAY - 3600)
        # wechatpy looks at its own clock, by which the token is still good.
        app.fetch_access_token()
        expect(app.media.download(kept).content, REPORT)
        await sandbox.advance(3601)
        with refused(40007):
            app.get("media/get", params={"media_id": kept})


def upload_and_download(check, app, other):
    files = {
        "image": ("a.png", PIXEL, "image/png"),
        "voice": ("a.amr", VOICE, "audio/amr"),
        "video": ("a.mp4", VIDEO, "video/mp4"),
        "file": ("a.txt", REPORT, "text/plain"),
    }
    ids = {}
    for kind, (name, content, media_type) in files.items():
        with check(f"upload {kind}"):
            answer = app.media.upload(kind, (name, io.BytesIO(content), media_type))
            expect([answer["errcode"], answer["errmsg"], answer["type"]], [0, "ok", kind])
            ids[kind] = answer["media_id"]
            expect(type(answer["created_at"]), str)
            assert abs(int(answer["created_at"]) - time.time()) < 60, answer["created_at"]

        with check(f"download {kind}"):
            answer = app.media.download(ids[kind])
            expect(answer.content, content)
            expect(filename(answer), name)
            assert "json" not in answer.headers["content-type"], answer.headers["content-type"]

    with check("every upload has an id of its own"):
        again = app.media.upload("file", ("a.txt", REPORT))["media_id"]
        assert again not in ids.values(), again

    with check("a file can be had by every application of the corp"):
        expect(other.media.download(ids["file"]).content, REPORT)

    with check("get_url is an address that serves the file"):
        url = app.media.get_url(ids["image"])
        expect(requests.get(url, timeout=10).content, PIXEL)

    with check("get_jssdk_url is an address that serves the voice"):
        url = app.media.get_jssdk_url(ids["voice"])
        expect(requests.get(url, timeout=10).content, VOICE)

    return ids["file"]


def filename(answer):
    disposition = answer.headers["content-disposition"]
    found = re.match(r'attachment; ?filename="([^"]*)"', disposition)
    assert found, disposition
    return found[1]


def names(check, app):
    with check("a part without a media type"):
        media_id = app.media.upload("file", ("a.bin", io.BytesIO(REPORT)))["media_id"]
        expect(app.media.download(media_id).content, REPORT)

    with check("a file without a name"):
        media_id = app.media.upload("file", io.BytesIO(REPORT))["media_id"]
        expect(app.media.download(media_id).content, REPORT)

    with check("a name in Chinese"):
        media_id = app.media.upload("file", ("报告 2024.txt", REPORT))["media_id"]
        answer = app.media.download(media_id)
        expect(answer.content, REPORT)
        # requests reads headers as Latin-1.
        disposition = answer.headers["content-disposition"].encode("latin-1").decode()
        assert "报告 2024.txt" in disposition or "%E6%8A%A5" in disposition, disposition


def pictures(check, app):
    with check("upload_img answers an address that serves the picture"):
        answer = app.media.upload_img(("a.png", PIXEL))
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        expect(requests.get(answer["url"], timeout=10).content, PIXEL)

    with check("upload takes a JPEG, too"):
        media_id = app.media.upload("image", ("a.jpg", JPEG))["media_id"]
        expect(app.media.download(media_id).content, JPEG)

    with check("upload_img of two megabytes and one byte is 40009"), refused(40009):
        app.media.upload_img(("a.png", PIXEL + bytes(2 * MEGABYTE)))


def refusals(check, app):
    def uploading(kind, content):
        return lambda: app.media.upload(kind, ("a", content))

    def downloading(**params):
        return lambda: app.get("media/get", params=params)

    refused_calls = [
        (40005, "an unknown type", uploading("fax", REPORT)),
        (40006, "a file of five bytes", uploading("file", b"12345")),
        (40009, "a picture over 10 MB", uploading("image", PIXEL + bytes(10 * MEGABYTE))),
        (40011, "a video over 10 MB", uploading("video", VIDEO + bytes(10 * MEGABYTE))),
        (45001, "a voice over 2 MB", uploading("voice", VOICE + bytes(2 * MEGABYTE))),
        (45001, "a file over 20 MB", uploading("file", bytes(20 * MEGABYTE + 1))),
        (40123, "a picture that is none", uploading("image", REPORT)),
        (44001, "no file", lambda: app.post("media/upload", params={"type": "file"}, data={})),
        (40007, "an unknown media_id", downloading(media_id="made-up")),
        (41006, "no media_id", downloading()),
    ]
    for code, name, call in refused_calls:
        with check(f"{name} is {code}"), refused(code):
            call()

    with check("six bytes are enough"):
        media_id = app.media.upload("file", ("a", b"123456"))["media_id"]
        expect(app.media.download(media_id).content, b"123456")

    with check("a file of 20 MB is enough"):
        content = bytes(range(256)) * (20 * MEGABYTE // 256)
        media_id = app.media.upload("file", ("a", content))["media_id"]
        assert app.media.download(media_id).content == content, "it came back changed"

    with check("an upload with a token that has been made up is repeated with a new one"):
        lost = client(SECRET, access_token="made-up")
        media_id = lost.media.upload("file", ("a.txt", REPORT))["media_id"]
        expect(app.media.download(media_id).content, REPORT)


if __name__ == "__main__":
    world.run(main)
