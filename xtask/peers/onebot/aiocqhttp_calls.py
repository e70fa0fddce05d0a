"""aiocqhttp calls every action of the sandbox over HTTP."""

import shapes
import world
from aiocqhttp import ActionFailed, CQHttp, HttpFailed
from common import expect
from world import ALICE, BOT, CAROL, DAVE, ERIN, GENERAL, TOKEN

HELLO = "base64://aGVsbG8="
PIXEL = (
    "base64://iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8Dw"
    "HwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)

# Discussion groups are gone from OneBot 11: they are there in legacy mode only.
GONE = {"send_discuss_msg", "set_discuss_leave"}
# What takes a business account, and what is switched off unless the seed says so.
REFUSED = {"qidian_get_account_info": 100, "get_updates": 103}
# go-cqhttp answers without it, NapCat only where it is switched on.
MAY_BE_ABSENT = {"get_file": {"base64"}}
# Lists whose elements are what another action answers for one of them.
ELEMENTS = {
    "get_group_list": "get_group_info",
    "get_group_member_list": "get_group_member_info",
}


class Stage:
    """Brings about what an action needs, and gives its parameters.

    A method named like the action is asked for the parameters; without one the
    example of the vector file will do.
    """

    def __init__(self, sandbox, bot):
        self.sandbox = sandbox
        self.bot = bot

    async def params(self, action):
        prepare = getattr(self, action["name"].replace(".", "dot_"), None)
        return await prepare() if prepare else action["request"]["http"]["json"]

    async def said(self):
        return await self.sandbox.say("alice", f"group:{GENERAL}", "早上好")

    async def sent(self, *segments):
        sent = await self.bot.send_group_msg(group_id=GENERAL, message=list(segments))
        return sent["message_id"]

    async def stored(self, kind):
        """Sends an image or a record, and gives the name it is stored under."""
        sent = await self.sent({"type": kind, "data": {"file": PIXEL}})
        message = (await self.bot.get_msg(message_id=sent))["message"]
        if isinstance(message, str):
            return message.split("file=")[1].split(",")[0].rstrip("]")
        return message[0]["data"]["file"]

    async def about_a_message(self):
        return {"message_id": await self.said()}

    get_msg = about_a_message
    delete_msg = about_a_message
    set_essence_msg = about_a_message
    mark_msg_as_read = about_a_message

    async def delete_essence_msg(self):
        message_id = await self.said()
        await self.bot.set_essence_msg(message_id=message_id)
        return {"message_id": message_id}

    async def get_essence_msg_list(self):
        await self.delete_essence_msg()
        return {"group_id": GENERAL}

    async def set_msg_emoji_like(self):
        return {"message_id": await self.said(), "emoji_id": "76"}

    async def forward_friend_single_msg(self):
        return {"message_id": await self.said(), "user_id": ALICE}

    async def forward_group_single_msg(self):
        return {"message_id": await self.said(), "group_id": GENERAL}

    async def get_group_msg_history(self):
        await self.said()
        return {"group_id": GENERAL}

    async def get_friend_msg_history(self):
        await self.sandbox.say("alice", "user:bot", "在吗")
        return {"user_id": ALICE}

    async def nodes(self):
        spoken = {"name": "alice", "uin": str(ALICE), "content": "第一条"}
        quoted = {"id": str(await self.said())}
        return [{"type": "node", "data": data} for data in (spoken, quoted)]

    async def send_group_forward_msg(self):
        return {"group_id": GENERAL, "messages": await self.nodes()}

    async def send_private_forward_msg(self):
        return {"user_id": ALICE, "messages": await self.nodes()}

    send_forward_msg = send_group_forward_msg

    async def get_forward_msg(self):
        sent = await self.bot.send_group_forward_msg(**await self.send_group_forward_msg())
        return {"id": sent["forward_id"]}

    async def dot_handle_quick_operation(self):
        context = {
            "time": 1515204254,
            "self_id": BOT,
            "post_type": "message",
            "message_type": "group",
            "sub_type": "normal",
            "message_id": await self.said(),
            "group_id": GENERAL,
            "user_id": ALICE,
            "anonymous": None,
            "font": 0,
        }
        return {"context": context, "operation": {"reply": "早", "at_sender": False}}

    async def set_group_anonymous_ban(self):
        await self.bot.set_group_anonymous(group_id=GENERAL, enable=True)
        await self.sandbox.say("carol", f"group:{GENERAL}", "猜猜我是谁", anonymous=True)
        history = await self.bot.get_group_msg_history(group_id=GENERAL)
        flag = history["messages"][-1]["anonymous"]["flag"]
        return {"group_id": GENERAL, "anonymous_flag": flag, "duration": 60}

    async def get_group_honor_info(self):
        await self.sandbox.act("alice", "honor", group=str(GENERAL), honor="talkative")
        return {"group_id": GENERAL, "type": "all"}

    async def set_friend_add_request(self):
        asked = await self.sandbox.act("erin", "befriend", comment="我是 erin")
        return {"flag": asked["flag"], "approve": True, "remark": "同事"}

    async def set_group_add_request(self):
        await self.sandbox.act("erin", "leave", group=str(GENERAL))
        asked = await self.sandbox.act("erin", "request_join", group=str(GENERAL))
        return {"flag": asked["flag"], "sub_type": "add", "approve": False, "reason": "人满"}

    async def get_group_system_msg(self):
        await self.set_group_add_request()
        return {}

    async def get_image(self):
        return {"file": await self.stored("image")}

    async def ocr_image(self):
        return {"image": await self.stored("image")}

    async def get_record(self):
        return {"file": await self.stored("record"), "out_format": "mp3"}

    async def uploaded(self):
        await self.bot.upload_group_file(group_id=GENERAL, file=HELLO, name="hello.txt")
        root = await self.bot.get_group_root_files(group_id=GENERAL)
        return root["files"][0]

    async def about_a_file(self):
        file = await self.uploaded()
        return {"group_id": GENERAL, "file_id": file["file_id"], "busid": file["busid"]}

    get_group_file_url = about_a_file
    delete_group_file = about_a_file

    async def get_file(self):
        return {"file_id": (await self.uploaded())["file_id"]}

    async def get_group_root_files(self):
        await self.uploaded()
        return {"group_id": GENERAL}

    async def about_a_folder(self):
        await self.bot.create_group_file_folder(group_id=GENERAL, name="资料")
        root = await self.bot.get_group_root_files(group_id=GENERAL)
        return {"group_id": GENERAL, "folder_id": root["folders"][0]["folder_id"]}

    get_group_files_by_folder = about_a_folder
    delete_group_folder = about_a_folder

    async def _get_group_notice(self):
        await self.bot.call_action("_send_group_notice", group_id=GENERAL, content="公告")
        return {"group_id": GENERAL}

    async def _del_group_notice(self):
        about = await self._get_group_notice()
        notices = await self.bot.call_action("_get_group_notice", **about)
        return about | {"notice_id": notices[0]["notice_id"]}

    async def delete_friend(self):
        return {"user_id": ALICE}

    async def one_way_friend(self):
        await self.sandbox.act("alice", "unfriend")
        return {"user_id": ALICE}

    delete_unidirectional_friend = one_way_friend

    async def get_unidirectional_friend_list(self):
        await self.one_way_friend()
        return {}

    async def download_file(self):
        return {"url": HELLO}

    async def get_group_shut_list(self):
        await self.bot.set_group_ban(group_id=GENERAL, user_id=DAVE, duration=60)
        return {"group_id": GENERAL}

    async def get_recent_contact(self):
        await self.said()
        return {}


async def every_action(sandbox, bot, check):
    stage = Stage(sandbox, bot)
    actions = shapes.actions()
    returns = {action["name"]: action["returns"] for action in actions}
    with check("the vector file lists 110 actions"):
        expect(len(actions), 110)
    for action in actions:
        name = action["name"]
        await sandbox.reset()
        await sandbox.deliver(legacy=False)
        with check(name):
            params = await stage.params(action)
            if name in GONE:
                await refused(HttpFailed, 404, bot.call_action(name, **params))
                await sandbox.deliver(legacy=True)
            if name in REFUSED:
                await refused(ActionFailed, REFUSED[name], bot.call_action(name, **params))
                continue
            data = await bot.call_action(name, **params)
            shapes.check(data, returns[name], MAY_BE_ABSENT.get(name, ()))
            if name in ELEMENTS:
                assert data, "the list is empty"
                for element in data:
                    shapes.check(element, returns[ELEMENTS[name]])


async def refused(error, code, call):
    """Asserts that `call` raises `error` with this status or return code."""
    try:
        data = await call
    except error as raised:
        expect(raised.status_code if error is HttpFailed else raised.retcode, code)
    else:
        raise AssertionError(f"it was not refused: {data!r}")


async def what_actions_do(sandbox, bot, check):
    """The calls change the world: a few, seen with other calls."""
    await sandbox.reset()

    with check("the bot knows itself"):
        expect((await bot.get_login_info())["user_id"], BOT)

    with check("a message can be read until it is recalled"):
        sent = await bot.send_group_msg(group_id=GENERAL, message="[CQ:face,id=14]&#91;你好&#93;")
        message_id = sent["message_id"]
        await bot.get_msg(message_id=message_id)
        await bot.delete_msg(message_id=message_id)
        await refused(ActionFailed, 102, bot.get_msg(message_id=message_id))
        await refused(ActionFailed, 102, bot.delete_msg(message_id=message_id))

    async def member(user_id):
        return await bot.get_group_member_info(group_id=GENERAL, user_id=user_id)

    with check("a card, a title and a role are seen in the member"):
        await bot.set_group_card(group_id=GENERAL, user_id=CAROL, card="小卡")
        await bot.set_group_special_title(
            group_id=GENERAL, user_id=CAROL, special_title="群宠"
        )
        await bot.set_group_admin(group_id=GENERAL, user_id=CAROL, enable=True)
        carol = await member(CAROL)
        expect([carol["card"], carol["title"], carol["role"]], ["小卡", "群宠", "admin"])

    with check("a member who was kicked is gone"):
        await bot.set_group_kick(group_id=GENERAL, user_id=DAVE)
        await refused(ActionFailed, 102, member(DAVE))

    with check("a friend request is answered once"):
        asked = await sandbox.act("erin", "befriend", comment="我是 erin")
        await bot.set_friend_add_request(flag=asked["flag"], approve=True, remark="同事")
        friends = {friend["user_id"]: friend for friend in await bot.get_friend_list()}
        expect(friends[ERIN]["remark"], "同事")
        again = bot.set_friend_add_request(flag=asked["flag"], approve=True)
        await refused(ActionFailed, 102, again)

    with check("get_supported_actions names all that can be called"):
        supported = set(await bot.get_supported_actions())
        names = {action["name"] for action in shapes.actions()}
        expect(names - supported - GONE, set())


async def ways_to_call(sandbox, bot, check):
    await sandbox.reset()
    api_root = f"{sandbox.url}/onebot"

    with check("_async answers at once, and the message arrives"):
        expect(await bot.send_group_msg_async(group_id=GENERAL, message="稍后"), None)
        await sandbox.seen(f"group:{GENERAL}", "稍后")

    with check("_rate_limited answers at once, and the message arrives"):
        expect(await bot.send_group_msg_rate_limited(group_id=GENERAL, message="排队"), None)
        await sandbox.seen(f"group:{GENERAL}", "排队")

    with check("numbers and booleans may be strings"):
        info = await bot.get_group_info(group_id=str(GENERAL), no_cache="true")
        expect(info["group_id"], GENERAL)

    with check("unknown parameters are passed over"):
        await bot.get_status(self_id=BOT, unheard_of=[1, {"a": None}])

    with check("a slash at the end of api_root makes no difference"):
        other = CQHttp(api_root=f"{api_root}/", access_token=TOKEN)
        await other.get_status()

    with check("a missing parameter is 100"):
        await refused(ActionFailed, 100, bot.get_group_info())

    with check("an ill-typed parameter is 100"):
        await refused(ActionFailed, 100, bot.get_group_info(group_id="general"))

    with check("an empty message is 100"):
        await refused(ActionFailed, 100, bot.send_group_msg(group_id=GENERAL, message=""))

    with check("the members of a group not joined are 102"):
        await refused(ActionFailed, 102, bot.get_group_member_list(group_id=29999))

    with check("an unknown action is 404"):
        await refused(HttpFailed, 404, bot.call_action("no_such_action"))

    with check("no token is 401"):
        await refused(HttpFailed, 401, CQHttp(api_root=api_root).get_status())

    with check("a wrong token is 403"):
        stranger = CQHttp(api_root=api_root, access_token="wrong")
        await refused(HttpFailed, 403, stranger.get_status())


async def main(sandbox, check):
    bot = CQHttp(api_root=f"{sandbox.url}/onebot", access_token=TOKEN)
    await every_action(sandbox, bot, check)
    await what_actions_do(sandbox, bot, check)
    await ways_to_call(sandbox, bot, check)


if __name__ == "__main__":
    world.run(main)
