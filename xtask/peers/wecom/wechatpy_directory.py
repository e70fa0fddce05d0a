"""wechatpy reads and changes people, departments, tags, applications and menus."""

import ipaddress

import world
from common import expect
from wechatpy_peer import VERSION, clients, refused
from world import AGENT, OTHER_AGENT, PEOPLE


async def main(sandbox, check):
    app, _ = clients(sandbox)
    people(check, app)
    changes_of_people(check, app)
    await sandbox.reset()
    departments(check, app)
    await sandbox.reset()
    tags(check, app)
    applications(check, app)
    menus(check, app)
    await miscellany(sandbox, check, app)


def people(check, app):
    with check("user.get"):
        alice = app.user.get("alice")
        facts = {
            "errcode": 0,
            "userid": "alice",
            "name": "Alice",
            "department": [1],
            "order": [0],
            "is_leader_in_dept": [0],
            "status": 1,
            "main_department": 1,
        }
        expect({key: alice.get(key) for key in facts}, facts)

    with check("user.get finds people without regard to case"):
        expect(app.user.get("ALICE")["userid"], "alice")

    with check("user.get of nobody is 60111"), refused(60111, "userid not found"):
        app.user.get("mallory")

    with check("user.get without a userid is 41009"), refused(41009):
        app.user.get("")

    with check("user.list"):
        everybody = app.user.list(1)
        expect([each["userid"] for each in everybody], PEOPLE)
        expect(everybody[0]["main_department"], 1)

    simple = [{"userid": name, "name": name.title(), "department": [1]} for name in PEOPLE]
    with check("user.list and department.get_users, simple"):
        expect([known(each, simple[0]) for each in app.user.list(1, simple=True)], simple)
        expect([known(each, simple[0]) for each in app.department.get_users(1)], simple)

    with check("department.get_users, in full"):
        everybody = app.department.get_users(1, simple=False)
        expect([each["status"] for each in everybody], [1] * len(PEOPLE))

    with check("user.list of an unknown department is 60003"), refused(60003):
        app.user.list(99)

    with check("user/list_id, page by page"):
        found, cursor, pages = [], "", 0
        while True:
            body = {"cursor": cursor, "limit": 2}
            page = app.post("user/list_id", data=body)
            found += page["dept_user"]
            cursor, pages = page["next_cursor"], pages + 1
            if not cursor:
                break
        expect(found, [{"userid": name, "department": 1} for name in PEOPLE])
        expect(pages, 3)

    with check("department.get_map_users maps names to ids"):
        named = app.department.get_map_users(1)
        expect(named, {name.title(): name for name in PEOPLE})


def known(found, fields):
    return {key: found.get(key) for key in fields}


def changes_of_people(check, app):
    with check("user.create"):
        answer = app.user.create("frank", "Frank", [1], mobile="13800000006", position="工程师")
        expect([answer["errcode"], answer["errmsg"]], [0, "created"])
        frank = app.user.get("frank")
        expect([frank["name"], frank["position"]], ["Frank", "工程师"])

    with check("user.create of somebody who is there is 60102"), refused(60102):
        app.user.create("Frank", "Frank", [1], mobile="13800000007")

    with check("user.create in an unknown department is 60123"), refused(60123):
        app.user.create("grace", "Grace", [99], mobile="13800000008")

    with check("user.create without a name is 60112"), refused(60112):
        app.user.create("grace", "", [1], mobile="13800000008")

    with check("user/getuserid"):
        getuserid(app, "13800000006", "frank")
        with refused(46004):
            getuserid(app, "13999999999", None)

    with check("user.update"):
        answer = app.user.update("frank", name="Franz", gender="1")
        expect([answer["errcode"], answer["errmsg"]], [0, "updated"])
        expect(app.user.get("frank")["name"], "Franz")
        with refused(60111):
            app.user.update("mallory", name="Mallory")

    with check("user.convert_to_openid, and back"):
        openid = app.user.convert_to_openid("frank")["openid"]
        back = app.user.convert_to_user_id(openid)
        expect(back, "frank")

    with check("user.verify"):
        expect(app.user.verify("frank")["errcode"], 0)

    with check("user.delete takes people out of their groups"):
        chatid = app.appchat.create(owner="frank", user_list=["alice", "bob", "frank"])["chatid"]
        answer = app.user.delete("frank")
        expect([answer["errcode"], answer["errmsg"]], [0, "deleted"])
        info = app.appchat.get(chatid)
        expect([info["owner"], info["userlist"]], ["alice", ["alice", "bob"]])
        with refused(60111):
            app.user.get("frank")
        with refused(60111):
            app.user.delete("frank")

    with check("user.batch_delete"):
        answer = app.user.batch_delete(["dave", "erin"])
        expect([answer["errcode"], answer["errmsg"]], [0, "deleted"])
        expect([each["userid"] for each in app.user.list(1)], PEOPLE[:3])

    with check("user.batch_delete of 201 people is 40032"), refused(40032):
        app.user.batch_delete([f"u{number}" for number in range(201)])

    if VERSION == 2:
        with check("user.get_join_qrcode"):
            assert app.user.get_join_qrcode(1).startswith("http")

        with check("user.get_active_stat"):
            expect(type(app.user.get_active_stat("2024-01-01")), int)


def getuserid(app, mobile, userid):
    if VERSION == 2:
        expect(app.user.getuserid(mobile), userid)
    else:
        expect(app.post("user/getuserid", data={"mobile": mobile})["userid"], userid)


def departments(check, app):
    department = app.department
    # Version 1 asks for the list where it says that it gets one.
    listed = department.list if VERSION == 2 else department.get
    child = None

    with check("department.list has the root"):
        root = listed()
        expect([[each["id"], each["name"], each["parentid"]] for each in root], [[1, "Mynah", 0]])

    with check("department.create"):
        answer = department.create("研发", 1, order=7, id=2)
        expect([answer["errcode"], answer["errmsg"], answer["id"]], [0, "created", 2])
        answer = department.create("测试", 2)
        child = answer["id"]
        assert child not in (1, 2), child

    with check("department.list has the given one and all below it"):
        expect([each["id"] for each in listed(2)], [2, child])
        expect(sorted(each["id"] for each in listed()), sorted([1, 2, child]))

    with check("department/simplelist and department/get"):
        simple = app.get("department/simplelist", params={"id": 2})["department_id"]
        expect(known(simple[0], ("id", "parentid", "order")), {"id": 2, "parentid": 1, "order": 7})
        found = app.get("department/get", params={"id": 2})["department"]
        expect([found["id"], found["name"], found["order"]], [2, "研发", 7])
        if VERSION == 2:
            expect([department.simple_list(2), department.get(2)], [simple, found])

    with check("department.update"):
        answer = department.update(child, name="质量", parent_id=1)
        expect([answer["errcode"], answer["errmsg"]], [0, "updated"])
        found = {each["id"]: each for each in listed()}[child]
        expect([found["name"], found["parentid"]], ["质量", 1])
        department.update(child, parent_id=2)

    with check("people of departments below, when they are asked for"):
        app.user.create("frank", "Frank", [child], mobile="13800000006")
        expect([each["userid"] for each in app.user.list(2)], [])
        expect([each["userid"] for each in app.user.list(2, fetch_child=True)], ["frank"])
        expect([each["userid"] for each in department.get_users(2, fetch_child=1)], ["frank"])

    refused_calls = [
        (60005, "delete of one with people", lambda: department.delete(child)),
        (60006, "delete of one with others below", lambda: department.delete(2)),
        (60003, "delete of an unknown one", lambda: department.delete(99)),
        (60003, "update of an unknown one", lambda: department.update(99, name="无")),
        (60003, "list of an unknown one", lambda: listed(99)),
        (60004, "create below an unknown one", lambda: department.create("无", 99)),
        (60008, "create with an id that is taken", lambda: department.create("无", 1, id=2)),
        (60001, "create without a name", lambda: department.create("", 1)),
    ]
    for code, name, call in refused_calls:
        with check(f"department: {name} is {code}"), refused(code):
            call()

    with check("department.delete"):
        app.user.delete("frank")
        answer = department.delete(child)
        expect([answer["errcode"], answer["errmsg"]], [0, "deleted"])
        department.delete(2)
        expect([each["id"] for each in listed()], [1])


def tags(check, app):
    tag = app.tag

    with check("tag.create and tag.list"):
        answer = tag.create("值班")
        expect([answer["errcode"], answer["errmsg"]], [0, "created"])
        tagid = answer["tagid"]
        expect(tag.list(), [{"tagid": tagid, "tagname": "值班"}])

    with check("tag.add_users, and who is not there"):
        answer = tag.add_users(tagid, ["alice", "mallory", "bob"])
        expect([answer["errcode"], answer["errmsg"]], [0, "ok"])
        expect(answer["invalidlist"], "mallory")

    with check("tag.get_users"):
        found = tag.get_users(tagid)
        people = [{"userid": name, "name": name.title()} for name in ("alice", "bob")]
        expect([found["tagname"], found["userlist"], found["partylist"]], ["值班", people, []])

    with check("tag.add_users of nobody who is there is 40070"), refused(40070):
        tag.add_users(tagid, ["mallory"])

    with check("tag.delete_users"):
        answer = tag.delete_users(tagid, ["alice"])
        expect([answer["errcode"], answer["errmsg"]], [0, "deleted"])
        expect([each["userid"] for each in tag.get_users(tagid)["userlist"]], ["bob"])

    if VERSION == 2:
        with check("tags hold departments, too"):
            tag.add_users(tagid, department_ids=[1])
            expect(tag.get_users(tagid)["partylist"], [1])
            tag.delete_users(tagid, department_ids=[1])

        with check("tag.create with an id"):
            expect(tag.create("节日", 77)["tagid"], 77)
            tag.delete(77)

    with check("tag.update"):
        answer = tag.update(tagid, "夜班")
        expect([answer["errcode"], answer["errmsg"]], [0, "updated"])
        expect(tag.get_users(tagid)["tagname"], "夜班")

    with check("an unknown tag is 40068"):
        for call in (tag.get_users, tag.delete):
            with refused(40068):
                call(999)

    with check("tag.delete"):
        answer = tag.delete(tagid)
        expect([answer["errcode"], answer["errmsg"]], [0, "deleted"])
        expect(tag.list(), [])


def applications(check, app):
    with check("agent.get"):
        agent = app.agent.get(AGENT)
        expect([agent["errcode"], agent["agentid"], agent["close"]], [0, AGENT, 0])
        expect(agent["allow_partys"], {"partyid": [1]})

    with check("agent.set"):
        expect(app.agent.set(AGENT, name="值班机器人", description="轮值")["errcode"], 0)
        agent = app.agent.get(AGENT)
        expect([agent["name"], agent["description"]], ["值班机器人", "轮值"])

    with check("agent.list has this application"):
        agents = app.agent.list()
        assert AGENT in [each["agentid"] for each in agents], agents
        expect(set(agents[0]) >= {"agentid", "name", "square_logo_url"}, True)

    with check("agent.get of another application is 301002"), refused(301002):
        app.agent.get(OTHER_AGENT)


def menus(check, app):
    menu = {
        "button": [
            {"type": "click", "name": "今日", "key": "TODAY"},
            {"name": "菜单", "sub_button": [{"type": "view", "name": "搜", "url": "https://a.b/"}]},
        ]
    }

    def names(found):
        return [each["name"] for each in found["button"]]

    with check("menu.create and menu.get"):
        expect(app.menu.create(AGENT, menu)["errcode"], 0)
        found = app.menu.get(AGENT)
        expect(names(found), ["今日", "菜单"])
        expect(found["button"][1]["sub_button"][0]["url"], "https://a.b/")

    with check("menu.update"):
        app.menu.update(AGENT, {"button": menu["button"][:1]})
        expect(names(app.menu.get(AGENT)), ["今日"])

    with check("menu.delete"):
        expect(app.menu.delete(AGENT)["errcode"], 0)

    with check("a menu of another application is 301002"), refused(301002):
        app.menu.create(OTHER_AGENT, menu)


async def miscellany(sandbox, check, app):
    with check("misc.get_wechat_ips"):
        addresses = app.misc.get_wechat_ips()
        assert addresses, "there are none"
        for address in addresses:
            ipaddress.ip_address(address.replace("*", "1").split("/")[0])

    with check("oauth.get_user_info says who signed in"):
        code = (await sandbox.act("alice", "sign_in"))["code"]
        expect(app.oauth.get_user_info(code)["UserId"], "alice")

    with check("oauth.get_user_info of a made-up code is refused"), refused(40029):
        app.oauth.get_user_info("made-up")


if __name__ == "__main__":
    world.run(main)
