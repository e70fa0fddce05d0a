"""Groups that people make and govern, in every world."""

from browser import ENTER, ESCAPE, expect, json_call, until
from checks.common import arrive, chosen, stays_quiet, texts


def found(page, path, name, *members):
    """Makes a group as the person of the address; answers its conversation."""
    arrive(page, path)
    page.click("#create")
    page.click("#dialog [name=name]")
    page.keys(name)
    for member in members:
        page.click(f"#dialog [value='{member}']")
    page.click("#dialog .primary")
    until(f"{name} is open", lambda: page.text("#room-title") == name)
    return page.run("return decodeURIComponent(location.hash).split('/').slice(4, 6).join(':')")


def members(page):
    """The names of the members, as the dialog lists them."""
    page.click("#members")
    names = until("members are listed", lambda: texts(page, "#dialog .members .line > strong"))
    page.keys(ESCAPE)
    page.gone("#dialog")
    return names


def invite(page, display):
    chosen(page, "#members", display)
    until(f"{display} is in", lambda: display in texts(page, "#dialog .members .line > strong"))
    page.keys(ESCAPE)
    page.gone("#dialog")


def govern(page, display, *labels):
    """Does something with a member, by the profile."""
    page.click("#members")
    people = until("members are listed", lambda: texts(page, "#dialog .members .line > strong"))
    page.run("document.querySelectorAll('#dialog .members .member')[arguments[0]].click()", people.index(display))
    for label in labels:
        until(f"{label} is offered", lambda: label in texts(page, "#dialog .stack button"))
        page.run("[...document.querySelectorAll('#dialog .stack button')].find(({ textContent }) => textContent === arguments[0]).click()", label)


def close(page):
    page.keys(ESCAPE)
    page.gone("#dialog")


def answer(page, words):
    page.one("#answer")
    page.run("document.querySelector('#answer').select()")
    page.keys(words, ENTER)
    page.gone("#dialog")


def gone_from(page, conversation):
    until("the group is gone", lambda: not page.elements(f"#conversations [data-key='{conversation}']"))


def governs_qq_group(page):
    """QQ: a group is founded, governed, muted, given an essence and dismissed"""
    group = found(page, "/#/onebot/as/carol/group/20001", "lunch", "alice", "dave")
    there = members(page)
    expect({"carol", "dave"} < set(there) and len(there) == 3, f"members are {there}")
    invite(page, "erin")
    govern(page, "dave", "Make admin", "Remove admin role")
    close(page)
    govern(page, "dave", "Special title")
    answer(page, "chef")
    until("the title is there", lambda: any(member.get("title") == "chef" for member in listed(page, "onebot", "carol", group)["members"]))
    page.say("noodles at twelve")
    page.action(page.bubble("noodles at twelve", own=True), "essence")
    page.one(".row.own .pinned")
    page.action(page.bubble("noodles at twelve", own=True), "essence")
    page.gone(".row.own .pinned")
    chosen(page, "#more", "Mute all members")
    close(page)
    page.become("dave")
    until("dave may not speak", lambda: page.run("return document.querySelector('#draft').disabled"))
    page.become("carol")
    chosen(page, "#more", "Lift the mute of all")
    close(page)
    govern(page, "erin", "Remove from group")
    until("erin is out", lambda: "erin" not in members(page))
    chosen(page, "#more", "Rename the group")
    answer(page, "dinner")
    until("the name is new", lambda: page.text("#room-title") == "dinner")
    page.screenshot("onebot-governed")
    chosen(page, "#more", "Disband the group")
    gone_from(page, group)


def listed(page, platform, viewer, conversation):
    """A conversation as the control API lists it."""
    answer = json_call("GET", f"{page.base}/control/conversations?platform={platform}&as={viewer}")
    return next(one for one in answer["conversations"] if one["id"] == conversation)


def suggests_what_is_heard(page):
    """what an empty group suggests mentions the bot where it must be mentioned, and is answered"""
    places = {"wecom": "dave/group/general", "dingtalk": "dave/group/chatgeneral", "rongcloud": "dave/group/general", "bearychat": "dave/group/%3DbwAll"}
    for world, place in places.items():
        arrive(page, f"/#/{world}/as/{place}")
        known = len(page.bubbles("pong", own=False))
        page.run("import('/assets/composer.js').then(({ suggest }) => suggest('/ping'))")
        until("the command stands behind a mention", lambda: page.run("return document.querySelector('#draft').value").endswith(" /ping"))
        page.click("#send")
        until(f"the bot answers in {world}", lambda: len(page.bubbles("pong", own=False)) > known)


def governs_wecom_group(page):
    """WeCom: people make a group with the bot, ask it there, rename it and take each other out"""
    group = found(page, "/#/wecom/as/alice/group/general", "午餐", "bob", "aib-sandbox")
    page.click("#draft")
    page.keys("@rob", ENTER, "/ping", ENTER)
    page.bubble("pong", own=False)
    invite(page, "Carol")
    page.become("bob")
    chosen(page, "#more", "Rename the group")
    answer(page, "晚餐")
    until("the name is new", lambda: page.text("#room-title") == "晚餐")
    govern(page, "RobotA", "Remove from group")
    until("the bot is out", lambda: "RobotA" not in members(page))
    page.click("#members")
    page.run("[...document.querySelectorAll('#dialog .member')].find((row) => row.textContent.includes('Carol')).click()")
    until("the profile is open", lambda: texts(page, "#dialog .stack button"))
    expect("Remove from group" not in texts(page, "#dialog .stack button"), "who does not own the group may take people out")
    close(page)
    page.become("alice")
    govern(page, "Carol", "Make owner")
    until("carol owns it", lambda: "Make owner" not in texts(page, "#dialog .stack button"))
    close(page)
    page.become("carol")
    govern(page, "Bob", "Remove from group")
    until("bob is out", lambda: "Bob" not in members(page))
    page.screenshot("wecom-governed")
    page.become("alice")
    chosen(page, "#more", "Leave the group")
    gone_from(page, group)


def makes_dingtalk_group(page):
    """DingTalk: people make a group, hand it over, and take the robot out and in"""
    group = found(page, "/#/dingtalk/as/alice/group/chatgeneral", "周会", "bob", "bot")
    govern(page, "Mynah", "Remove from group")
    until("the robot is out", lambda: "Mynah" not in members(page))
    invite(page, "Mynah")
    page.click("#draft")
    page.keys("@myn", ENTER, "/ping", ENTER)
    page.bubble("pong", own=False)
    govern(page, "Bob", "Make owner")
    until("bob owns it", lambda: "Make owner" not in texts(page, "#dialog .stack button"))
    close(page)
    page.become("bob")
    chosen(page, "#more", "Disband the group")
    gone_from(page, group)


def governs_rongcloud_group(page):
    """RongCloud: people make a group, take each other out, rename and dismiss it"""
    group = found(page, "/#/rongcloud/as/alice/group/general", "远足", "bob", "bot")
    invite(page, "Carol")
    page.become("bob")
    govern(page, "Carol", "Remove from group")
    until("carol is out", lambda: "Carol" not in members(page))
    chosen(page, "#more", "Rename the group")
    answer(page, "登山")
    until("the name is new", lambda: page.text("#room-title") == "登山")
    page.screenshot("rongcloud-governed")
    chosen(page, "#more", "Disband the group")
    gone_from(page, group)


LAST = [governs_qq_group, suggests_what_is_heard, governs_wecom_group, makes_dingtalk_group, governs_rongcloud_group, stays_quiet]
