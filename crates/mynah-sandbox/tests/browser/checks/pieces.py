"""What people send beside words: pictures, files, voice, places and pages."""

from pathlib import Path

from browser import ENTER, expect, json_call, png, until
from checks.common import arrive, stays_quiet, texts


def choose(page, name, content):
    """Chooses a file to send, as the file dialog would."""
    path = Path(page.scratch, name)
    path.write_bytes(content)
    page.call("POST", f"/element/{page.elements('#files')[0]}/value", {"text": str(path)})


def bodies(page, platform):
    """What went to the bots of a world, newest last."""
    entries = json_call("GET", f"{page.base}/control/journal?platform={platform}&limit=60")["entries"]
    return [entry["body"] for entry in entries if entry["direction"] == "out"]


def sends_qq_pieces(page):
    """QQ: voice, a place and a page are sent and drawn, and the bot gets their segments"""
    arrive(page, "/#/onebot/as/bob/user/10002")
    choose(page, "hello.amr", b"#!AMR\nhello")
    page.one("#pending .file")
    page.click("#send")
    page.one(".row.own .voice .play")
    page.click("#insert-more")
    page.click("#dialog [name=label]")
    page.keys("Office", ENTER)
    page.one(".row.own .card.place")
    page.click("#insert-more")
    page.click("#dialog [name=title]")
    page.keys("Runbook")
    page.click("#dialog [name=url]")
    page.keys("https://example.com/runbook", ENTER)
    link = page.one(".row.own a.card.link")
    expect(page.call("GET", f"/element/{link}/attribute/href") == "https://example.com/runbook", "the card leads elsewhere")
    for segment in ("record", "location", "share"):
        until(f"the bot gets a {segment}", lambda: any(f"[CQ:{segment}," in body for body in bodies(page, "onebot")))
    page.screenshot("onebot-pieces")


def uploads_qq_files(page):
    """QQ: a file is uploaded to a group and to the bot, content and all"""
    for place, event in (("group/20001", "group_upload"), ("user/10001", "offline_file")):
        arrive(page, f"/#/onebot/as/alice/{place}")
        choose(page, "plan.txt", b"tea at four")
        until("the upload is noted", lambda: any("plan.txt" in line for line in texts(page, "#feed .notice")))
        until("the bot hears of it", lambda: any(f'"notice_type":"{event}"' in body and '"size":11' in body for body in bodies(page, "onebot")))


def sends_rongcloud_files(page):
    """RongCloud: a picture and a file are sent and drawn, and the route carries both"""
    arrive(page, "/#/rongcloud/as/bob/user/bob")
    choose(page, "sea.png", png(64, 48))
    page.one("#pending img")
    choose(page, "plan.txt", b"tea at four")
    page.one("#pending .file")
    page.click("#send")
    until("the picture is there", lambda: page.run("return document.querySelector('.row.own .image img')?.naturalWidth") == 64)
    page.one(".row.own .card.file")
    for kind in ("ImgMsg", "FileMsg"):
        until(f"the route carries a {kind}", lambda: any(f"RC%3A{kind}" in body or f"RC:{kind}" in body for body in bodies(page, "rongcloud")))
    page.screenshot("rongcloud-pieces")


LAST = [sends_qq_pieces, uploads_qq_files, sends_rongcloud_files, stays_quiet]
