"""dingtalk-sdk keeps the members and the departments of the organisation."""

import world
from common import expect
from sdk_peer import client, raw, refused
from world import AGENT, GENERAL, PEOPLE


async def main(sandbox, check):
    app = client()
    await members(sandbox, check, app)
    lists(check, app)
    administration(check, app)
    changed_members(check, app)
    departments(check, app)
    topapi(check, app)


def ids(users):
    return [user["userid"] for user in users]


async def members(sandbox, check, app):
    with check("get answers a member, in either language"):
        for settings in ({}, {"lang": "en_US"}):
            user = app.user.get("alice", **settings)
            expect([user["errcode"], user["userid"], user["name"]], [0, "alice", "Alice"])
            expect([user["department"], user["active"]], [[1], True])
            assert user["unionid"] and isinstance(user["orderInDepts"], str), user
            expect(user["isLeaderInDepts"], "{1:false}")

    with check("get of nobody is 60121"), refused(60121, "找不到该用户"):
        app.user.get("mallory")

    with check("a unionid leads to its userid, one of nobody to 60121"):
        unions = [app.user.get(each)["unionid"] for each in PEOPLE]
        expect(len(set(unions)), len(PEOPLE))
        for userid, union in zip(PEOPLE, unions, strict=True):
            answer = app.user.get_userid_by_unionid(union)
            expect([answer["userid"], answer["contactType"]], [userid, 0])
        with refused(60121):
            app.user.get_userid_by_unionid("nobody")

    with check("the code of somebody who signed in says who it is, once"):
        code = (await sandbox.act("carol", "sign_in"))["code"]
        answer = app.user.getuserinfo(code)
        expect([answer["userid"], answer["is_sys"], answer["sys_level"]], ["carol", False, 0])
        with refused(40078):
            app.user.getuserinfo(code)
        code = (await sandbox.act("alice", "sign_in"))["code"]
        answer = app.user.getuserinfo(code)
        expect([answer["userid"], answer["is_sys"]], ["alice", True])

    with check("a code that was made up is 40078"), refused(40078):
        app.user.getuserinfo("made-up")


def lists(check, app):
    user = app.user

    with check("the lists of a department have everybody, in order"):
        names = [{"userid": each, "name": each.capitalize()} for each in PEOPLE]
        expect(user.simple_list(1)["userlist"], names)
        expect(user.simple_list(1)["hasMore"], False)
        for whole in (user.list(1), user.listbypage(1)):
            expect(ids(whole["userlist"]), PEOPLE)
            expect(whole["userlist"][0]["unionid"], user.get("alice")["unionid"])
        expect(user.get_dept_member(1), PEOPLE)

    with check("a page at a time"):
        for call in (user.simple_list, user.list, user.listbypage):
            first, last = (call(1, offset=offset, size=3) for offset in (0, 3))
            expect([ids(first["userlist"]), first["hasMore"]], [PEOPLE[:3], True])
            expect([ids(last["userlist"]), last["hasMore"]], [PEOPLE[3:], False])
            expect(call(1, offset=10, size=3)["userlist"], [])

    with check("the order of entry, either way"):
        expect(ids(user.simple_list(1, order="entry_asc")["userlist"]), PEOPLE)
        expect(ids(user.simple_list(1, order="entry_desc", lang="en_US")["userlist"]), PEOPLE[::-1])

    with check("without offset and size it is everybody"):
        answer = app.get("/user/simplelist", {"department_id": 1, "size": 2})
        expect(ids(answer["userlist"]), PEOPLE)

    refusals = [
        (60003, "an unknown department", {"department_id": 99}),
        (40069, "a size of 101", {"size": 101}),
        (40069, "a size of 0", {"size": 0}),
        (40068, "a negative offset", {"offset": -1}),
        (40011, "an unknown order", {"order": "backwards"}),
    ]
    for code, name, given in refusals:
        with check(f"lists with {name} are {code}"):
            for call in (user.simple_list, user.list):
                with refused(code):
                    call(**{"department_id": 1} | given)
    with check("the members of an unknown department are 60003"), refused(60003):
        user.get_dept_member(99)


def administration(check, app):
    with check("who administers, and who may do it to the application"):
        expect([each["userid"] for each in app.user.get_admin()], ["alice"])
        expect(app.user.get_admin()[0]["sys_level"], 1)
        expect(app.user.can_access_microapp(AGENT, "alice"), True)
        expect(app.user.can_access_microapp(AGENT, "bob"), False)

    with check("which departments somebody administers, asked through TOP"):
        assert 1 in app.user.get_admin_scope("alice"), app.user.get_admin_scope("alice")
        expect(app.user.get_admin_scope("bob"), [])
        with refused(60121):
            app.user.get_admin_scope("mallory")

    with check("what the application may see"):
        scopes = app.user.auth_scopes()
        expect(scopes["auth_org_scopes"], {"authed_user": [], "authed_dept": [1]})
        assert "name" in scopes["auth_user_field"], scopes

    with check("how many members there are; all are active"):
        expect([app.user.get_org_user_count(each) for each in (True, False)], [5, 5])


def changed_members(check, app):
    user = app.user
    new = {"name": "张三", "department": [1], "mobile": "15000000009"}

    with check("create answers the userid that was asked for, or one of its own"):
        expect(user.create(new | {"userid": "zhangsan", "email": "z@example.com"}), "zhangsan")
        made = user.create({"name": "李四", "department": [1], "mobile": "15000000010"})
        expect(user.get(made)["name"], "李四")
        expect(user.get_dept_member(1), [*PEOPLE, "zhangsan", made])

    with check("the words of create, update and delete"):
        body = {"userid": "x1", "name": "x", "department": [1], "mobile": "15000000011"}
        answers = [app.post("/user/create", body), user.update({"userid": "x1", "name": "y"})]
        answers.append(user.delete("x1"))
        said = [[each["errcode"], each["errmsg"]] for each in answers]
        expect(said, [[0, "created"], [0, "updated"], [0, "deleted"]])

    with check("update changes what it says, and nothing else"):
        user.update({"userid": "zhangsan", "position": "工程师", "orderInDepts": "{1:7}"})
        found = user.get("zhangsan")
        expect(
            [found["name"], found["position"], found["mobile"]], ["张三", "工程师", new["mobile"]]
        )
        expect([found["email"], found["orderInDepts"]], ["z@example.com", "{1:7}"])

    refused_members = [
        (40035, "no name", {"name": ""}),
        (40035, "no department", {"department": []}),
        (40035, "no mobile", {"mobile": ""}),
        (60003, "an unknown department", {"department": [99]}),
        (60102, "a userid that is taken", {"userid": "alice"}),
        (60104, "a mobile that is taken", {"mobile": "15000000009"}),
        (60103, "a mobile that is none", {"mobile": "phone"}),
    ]
    for code, name, given in refused_members:
        with check(f"create with {name} is {code}"):
            before = user.get_dept_member(1)
            with refused(code):
                user.create(new | {"userid": "new", "mobile": "15000000012"} | given)
            expect(user.get_dept_member(1), before)

    with check("update and delete of nobody are 60121"):
        with refused(60121):
            user.update({"userid": "mallory", "name": "x"})
        with refused(60121):
            user.delete("mallory")

    with check("batchdelete removes all or nobody"):
        with refused(60121):
            user.batchdelete(["zhangsan", "mallory"])
        expect(user.get("zhangsan")["name"], "张三")
        rest = [each for each in user.get_dept_member(1) if each not in PEOPLE]
        expect(user.batchdelete(rest)["errmsg"], "deleted")
        expect(user.get_dept_member(1), PEOPLE)

    with check("who has left the organisation is still in its groups"):
        user.create(new | {"userid": "frank"})
        app.chat.update(GENERAL, add_useridlist=["frank"])
        user.delete("frank")
        assert "frank" in app.chat.get(GENERAL)["useridlist"]


def departments(check, app):
    department = app.department

    with check("the root is there, has no parent, and is not its own child"):
        root = department.get(1)
        expect([root["id"], "parentid" in root], [1, False])
        assert root["name"], root
        expect([department.list(), department.list_ids()], [[], []])

    with check("create makes children, which the lists have"):
        made = [department.create({"name": name, "parentid": "1"}) for name in ("研发", "销售")]
        inner = department.create({"name": "后端", "parentid": made[0], "createDeptGroup": True})
        expect(department.list_ids(1), made)
        expect([each["id"] for each in department.list()], made)
        everything = [each["id"] for each in department.list(1, fetch_child=True)]
        expect(sorted(everything), sorted([*made, inner]))
        row = department.list(made[0], lang="en_US")[0]
        expect([row["id"], row["name"], row["parentid"]], [inner, "后端", made[0]])
        expect([row["createDeptGroup"], row["autoAddUser"]], [True, True])

    with check("the way up, of a department and of a member"):
        expect(department.list_parent_depts_by_dept(inner), [inner, made[0], 1])
        app.user.update({"userid": "bob", "department": [inner, made[1]]})
        expect(department.list_parent_depts("bob"), [[inner, made[0], 1], [made[1], 1]])
        expect(app.user.get_dept_member(inner), ["bob"])
        expect(app.user.get_dept_member(1), [each for each in PEOPLE if each != "bob"])

    with check("update answers the id, and changes what it says"):
        expect(department.update({"id": made[1], "name": "市场"}), made[1])
        expect([department.get(made[1])[key] for key in ("name", "parentid")], ["市场", 1])

    with check("the peer itself wants an id for update, and none for create"):
        for call, data in ((department.create, {"id": 5}), (department.update, {"name": "x"})):
            try:
                call(data)
            except AttributeError:
                pass
            else:
                raise AssertionError(f"{call} took it")

    refusals = [
        (60003, "get of an unknown one", lambda: department.get(99)),
        (60003, "the children of an unknown one", lambda: department.list(99)),
        (60003, "the ids below an unknown one", lambda: department.list_ids(99)),
        (60003, "the way up from an unknown one", lambda: department.list_parent_depts_by_dept(99)),
        (60121, "the way up from nobody", lambda: department.list_parent_depts("mallory")),
        (
            60004,
            "create below an unknown one",
            lambda: department.create({"name": "x", "parentid": 99}),
        ),
        (60003, "update of an unknown one", lambda: department.update({"id": 99, "name": "x"})),
        (60003, "delete of an unknown one", lambda: department.delete(99)),
        (60007, "delete of the root", lambda: department.delete(1)),
        (60006, "delete of one with children", lambda: department.delete(made[0])),
        (60005, "delete of one with members", lambda: department.delete(made[1])),
    ]
    for code, name, call in refusals:
        with check(f"{name} is {code}"), refused(code):
            call()

    with check("delete of an empty one"):
        app.user.update({"userid": "bob", "department": [1]})
        expect(department.delete(made[1])["errmsg"], "deleted")
        expect(department.list_ids(1), [made[0]])


def topapi(check, app):
    def result(path, **body):
        answer = app.post(path, body)
        assert answer["request_id"], answer
        return answer.get("result")

    with check("topapi knows the same members"):
        order = PEOPLE
        expect(sorted(result("/topapi/user/listid", dept_id=1)["userid_list"]), sorted(order))
        user = result("/topapi/v2/user/get", userid="alice", language="zh_CN")
        expect([user["userid"], user["name"], user["dept_id_list"]], ["alice", "Alice", [1]])
        expect(user["unionid"], app.user.get("alice")["unionid"])

    with check("topapi's lists go by a cursor"):
        for path in ("/topapi/v2/user/list", "/topapi/user/listsimple"):
            found, cursor, pages = [], 0, 0
            while cursor is not None:
                page = result(path, dept_id=1, cursor=cursor, size=2)
                found += ids(page["list"])
                cursor, pages = page.get("next_cursor"), pages + 1
                expect(page["has_more"], cursor is not None)
            expect([sorted(found), pages], [sorted(PEOPLE), 3])

    with check("topapi knows the same departments"):
        children = app.department.list_ids(1)
        rows = result("/topapi/v2/department/listsub", dept_id=1)
        expect([each["dept_id"] for each in rows], children)
        expect([each["parent_id"] for each in rows], [1] * len(children))
        expect(result("/topapi/v2/department/listsubid", dept_id=1)["dept_id_list"], children)
        expect(result("/topapi/v2/department/get", dept_id=children[0])["name"], "研发")

    refusals = [
        (33012, "/topapi/v2/user/get", {"userid": "mallory"}),
        (60003, "/topapi/user/listid", {"dept_id": 99}),
        (60003, "/topapi/user/listsimple", {"dept_id": 99, "cursor": 0, "size": 10}),
        (40068, "/topapi/user/listsimple", {"dept_id": 1, "cursor": -1, "size": 10}),
        (40069, "/topapi/user/listsimple", {"dept_id": 1, "cursor": 0, "size": 101}),
    ]
    for code, path, body in refusals:
        with check(f"{path} with {body} is {code}"):
            with refused(code):
                app.post(path, body)
            answer = raw(app, "POST", path, data=body).json()
            expect([answer["errcode"], bool(answer["request_id"])], [code, True])


if __name__ == "__main__":
    world.run(main)
