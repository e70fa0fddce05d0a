//! One typed call for every recorded one, and for every endpoint nobody was recorded to call.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use mynah_core::{Endpoint, File, HttpRequest, decode_request, encode_request};
use mynah_dingtalk::api::callback::{
    DeleteCallback, GetCallback, GetFailedCallbacks, RegisterCallback, UpdateCallback,
};
use mynah_dingtalk::api::card::{
    CardData, CreateAndDeliverCard, CreateCard, DeliverCard, SendInteractiveCard, StreamCard,
    UpdateCard, UpdateInteractiveCard,
};
use mynah_dingtalk::api::chat::{
    CreateChat, GetChat, GetChatQrcode, GetReadList, SendChat, UpdateChat, UpdateFriendSwitch,
    UpdateGroupNick, UpdateSubadmin,
};
use mynah_dingtalk::api::department::{
    CreateDepartment, DeleteDepartment, GetDepartment, GetDepartmentV2, ListDepartmentIds,
    ListDepartments, ListParentsOfDepartment, ListParentsOfUser, ListSubDepartmentIdsV2,
    ListSubDepartmentsV2, UpdateDepartment,
};
use mynah_dingtalk::api::im::{
    ConvertToOpenConversationId, CreateGroup, ManagementOptions, UpdateGroup,
    UpdateSubAdministrators,
};
use mynah_dingtalk::api::media::{DownloadFile, UploadMedia};
use mynah_dingtalk::api::notice::{
    GetNoticeProgress, GetNoticeResult, ListMessageStatus, RecallNotice, SendByCode, SendMessage,
    SendNotice, SendToConversation,
};
use mynah_dingtalk::api::robot::{
    DownloadMessageFile, GetReadStatus, QueryGroupRead, RecallFromGroup, RecallFromUsers,
    SendBySession, SendToGroup, SendToUsers, SendWebhook,
};
use mynah_dingtalk::api::stream::{OpenConnection, Subscription};
use mynah_dingtalk::api::token::{GetAccessToken, GetCorpToken, GetJsapiTicket, GetToken};
use mynah_dingtalk::api::top;
use mynah_dingtalk::api::user::{
    CanAccessMicroapp, CreateUser, DeleteUser, DeleteUsers, GetAdmin, GetAuthScopes, GetDeptMember,
    GetOrgUserCount, GetUser, GetUserInfo, GetUserV2, GetUseridByUnionid, ListUserIds,
    ListUserNames, ListUserNamesV2, ListUsers, ListUsersByPage, ListUsersV2, UpdateUser,
};
use mynah_dingtalk::message::{
    ActionCard, CardButton, FeedCard, FeedLink, Link, Markdown, Oa, OaBody, OaField, OaHead,
    OaRich, TemplateCard, Text, Voice, WebhookBody, WebhookButton, WebhookCard,
};
use mynah_dingtalk::types::{MediaType, Order, SubadminRole};
use mynah_dingtalk::{
    AgentId, Commas, DepartmentId, Message, TaskId, Template, UserId, WebhookMessage,
};
use serde_json::{Map, Value, json};

use crate::table::base;

/// A call of ours.
pub(crate) struct Call {
    /// The recorded call it equals; empty for none.
    pub(crate) name: &'static str,
    pub(crate) request: HttpRequest,
}

/// Writes a call, and sees that the server reads the same: the law of requests.
#[allow(clippy::needless_pass_by_value)] // So that the calls below read as they are made.
fn call<E: Endpoint + PartialEq + Debug>(name: &'static str, endpoint: E) -> Call {
    let request = encode_request(&base(), &endpoint).unwrap();
    let read = decode_request::<E>(&request).unwrap();
    assert_eq!(read, endpoint, "{}", E::META.name);
    Call { name, request }
}

/// All calls; making the list checks the law for each.
pub(crate) fn calls() -> Vec<Call> {
    let mut calls = tokens();
    calls.extend(chats());
    calls.extend(said());
    calls.extend(notices());
    calls.extend(tops());
    calls.extend(callbacks());
    calls.extend(users());
    calls.extend(departments());
    calls.extend(stream());
    calls.extend(cards());
    calls.extend(robots());
    calls.extend(webhooks());
    calls.extend(unrecorded());
    calls
}

const CHAT: &str = "chatcf0675d404188cd1";
const AGENT: AgentId = AgentId(100_001);
const ROOT: DepartmentId = DepartmentId(1);
const KEY: &str = "dingappkeyxxx";
const CONVERSATION: &str = "cid6KeBBLoveMJOGXoYKF5x7EeiodoA==";
const TASK: TaskId = TaskId(256_271_667_526);

fn users_of(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::from(*name)).collect()
}

fn fields(value: Value) -> Map<String, Value> {
    let Value::Object(fields) = value else {
        panic!("no object")
    };
    fields
}

fn tokens() -> Vec<Call> {
    vec![
        call("gettoken.appkey", GetToken::app(KEY, "appsecretxxx")),
        call(
            "gettoken.corpsecret",
            GetToken::corp("ding9f50b15bccd16741", "corpsecretxxx"),
        ),
        call("get_jsapi_ticket", GetJsapiTicket::new()),
        call(
            "stream.get_access_token",
            GetAccessToken::new(KEY, "appsecretxxx"),
        ),
        call(
            "v1.oauth2.accessToken",
            GetAccessToken::new(KEY, "appsecretxxx"),
        ),
        call("", GetCorpToken::of("ding1", KEY, "appsecretxxx")),
    ]
}

/// A group whose switches are all set to the same.
fn switched(chat: CreateChat, on: bool) -> CreateChat {
    chat.show_history(on)
        .searchable(on)
        .validation(on)
        .mention_all_authority(on)
        .banned(on)
        .management(on)
}

/// A change as the peer makes it: it always sends all switches.
fn switching(on: bool) -> UpdateChat {
    UpdateChat::new(CHAT)
        .show_history(on)
        .searchable(on)
        .validation(on)
        .mention_all_authority(on)
        .banned(on)
        .management(on)
}

fn chats() -> Vec<Call> {
    let twenty = "一二三四五六七八九十一二三四五六七八九😀";
    let page =
        |cursor: i64, size: i64| GetReadList::new("msgpjzC12345B", size).cursor(cursor.into());
    vec![
        call(
            "chat.create.minimal",
            switched(
                CreateChat::new("全员群", "manager4220", ["manager4220", "user123"]),
                false,
            ),
        ),
        call(
            "chat.create.all",
            switched(
                CreateChat::new("Release room", "alice", ["alice", "bob", "carol"]),
                true,
            ),
        ),
        call(
            "chat.create.unicode_20_chars",
            switched(CreateChat::new(twenty, "alice", ["alice"]), false),
        ),
        call(
            "chat.create.error",
            switched(CreateChat::new("x", "", ["bob"]), false),
        ),
        call("chat.update.defaults", switching(false)),
        call(
            "chat.update.add_members",
            switching(false).add(users_of(&["dave", "erin"])),
        ),
        call(
            "chat.update.del_members",
            switching(false).remove(users_of(&["bob"])),
        ),
        call(
            "chat.update.all",
            switching(true)
                .name("新群名")
                .owner("bob")
                .add(users_of(&["dave"]))
                .remove(users_of(&["carol"]))
                .icon("@lADPDfJ6Q7LLejDNAljNAlg"),
        ),
        call("chat.get", GetChat::new(CHAT)),
        call("chat.get.error", GetChat::new("chatnone")),
        call(
            "chat.get_read_list.defaults",
            GetReadList::all("msgpjzC12345B+/="),
        ),
        call("chat.get_read_list.page", page(200_467_002_472, 1)),
        call("chat.get_read_list.empty", page(0, 100)),
        call("chat.get_read_list.bad_size", page(0, 101)),
        call(
            "topapi.chat_subadmin_update",
            UpdateSubadmin::new(CHAT, ["bob", "carol"], SubadminRole::Add),
        ),
    ]
}

fn leave() -> Oa {
    Oa {
        message_url: "http://dingtalk.com".into(),
        head: OaHead {
            bgcolor: "FFBBBBBB".into(),
            text: "头部标题".into(),
        },
        body: OaBody {
            title: Some("正文标题".into()),
            ..OaBody::default()
        },
        ..Oa::default()
    }
}

fn whole_leave() -> Oa {
    let field = |key: &str, value: &str| OaField {
        key: key.into(),
        value: value.into(),
    };
    Oa {
        pc_message_url: Some("http://dingtalk.com/pc".into()),
        body: OaBody {
            form: vec![field("姓名:", "张三"), field("爱好:", "打球、听音乐")],
            rich: Some(OaRich {
                num: "15.6".into(),
                unit: "元".into(),
            }),
            content: Some("大段文本".into()),
            image: Some("@lADOADmaWMzazQKA".into()),
            file_count: Some("3".into()),
            author: Some("李四 ".into()),
            ..leave().body
        },
        ..leave()
    }
}

fn said() -> Vec<Call> {
    fn said(message: impl Into<Message>) -> SendChat {
        SendChat::new(CHAT, message)
    }
    let (title, body) = ("是透出到会话列表和通知的文案", "支持markdown格式的正文内容");
    let buttons = [
        CardButton::new("一个按钮", "https://www.taobao.com"),
        CardButton::new("两个按钮", "https://www.tmall.com"),
    ];
    let markdown =
        "# 这是支持markdown的文本 \n## 标题2  \n* 列表1 \n![alt](https://example.com/a.png)";
    vec![
        call("chat.send.dict", said("raw dict")),
        call("chat.send.text", said("张三的请假申请 @alice")),
        call("chat.send.image", said(Message::image("@lADOADmaWMzazQKA"))),
        call("chat.send.file", said(Message::file("@lAz1f2e3"))),
        call("chat.send.voice", said(Voice::new("@lAz1voice", 10))),
        call(
            "chat.send.voice_no_duration",
            said(Voice {
                duration: None,
                ..Voice::new("@lAz1voice", 10)
            }),
        ),
        call(
            "chat.send.link",
            said(Link::new(
                "测试",
                "测试",
                "http://s.dingtalk.com/market/dingtalk/error_code.php",
                "@lALOACZwe2Rk",
            )),
        ),
        call(
            "chat.send.markdown",
            said(Markdown::new("首屏会话透出的展示内容", markdown)),
        ),
        call("chat.send.oa", said(whole_leave())),
        call("chat.send.oa_minimal", said(leave())),
        call(
            "chat.send.action_card_single",
            said(ActionCard::single(
                title,
                body,
                "查看详情",
                "https://open.dingtalk.com",
            )),
        ),
        call(
            "chat.send.action_card_multi",
            said(ActionCard::buttons(title, body, buttons).side_by_side()),
        ),
        call("chat.send.wrapped", said("wrapped form")),
    ]
}

fn notices() -> Vec<Call> {
    let png = || File {
        media_type: "image/png".into(),
        ..File::new("a.png", "PNGDATA")
    };
    vec![
        call(
            "message.media_upload",
            UploadMedia::new(MediaType::Image, png()),
        ),
        call(
            "stream.upload_to_dingtalk",
            UploadMedia::new(
                MediaType::Image,
                File {
                    name: "image.png".into(),
                    ..png()
                },
            ),
        ),
        call(
            "message.media_download_file",
            DownloadFile::new("@lAjPDfYH9Y3hlLbOI"),
        ),
        call(
            "message.send_to_conversation",
            SendToConversation::new("manager4220", "cid123", "hi"),
        ),
        call(
            "message.send",
            SendMessage::new(AGENT, "hi")
                .touser(["alice", "bob"])
                .toparty([DepartmentId(1), DepartmentId(2)]),
        ),
        call(
            "message.list_message_status",
            ListMessageStatus::new("3b1d4c2e"),
        ),
        call("message.send_by_code", SendByCode::new("cd1", "hi")),
        call(
            "topapi.asyncsend_v2",
            SendNotice::new(AGENT, "请提交日报。")
                .to_users(["alice", "bob"])
                .to_all_user(false),
        ),
        call(
            "topapi.getsendprogress",
            GetNoticeProgress::new(AGENT, TASK),
        ),
        call("topapi.getsendresult", GetNoticeResult::new(AGENT, TASK)),
        call("topapi.recall", RecallNotice::new(AGENT, TASK)),
    ]
}

/// When all calls to TOP were recorded.
fn then() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn tops() -> Vec<Call> {
    let hi = Message::text("hi");
    let alice = || Commas::<UserId>::from("alice");
    let both = || Commas::<UserId>::from(["alice", "bob"]);
    vec![
        call(
            "message.asyncsend",
            top::AsyncSend::saying(AGENT, &hi, then())
                .userid_list(both())
                .dept_id_list([ROOT])
                .to_all_user(false),
        ),
        call(
            "message.asyncsend.failed",
            top::AsyncSend::saying(AgentId(1), &hi, then())
                .userid_list(alice())
                .to_all_user(false),
        ),
        call(
            "message.asyncsendbycode",
            top::AsyncSendByCode::saying(AGENT, "cd1", &hi, then())
                .userid_list(alice())
                .to_all_user(false),
        ),
        call(
            "message.asyncsend_v2",
            top::AsyncSendV2::new(AGENT, hi, then())
                .userid_list(both())
                .to_all_user(false),
        ),
        call(
            "message.asyncsend_v2.all",
            top::AsyncSendV2::new(AGENT, Message::markdown("t", "# 标题"), then())
                .to_all_user(true),
        ),
        call(
            "message.recall",
            top::RecallMessage::new(AGENT, TASK, then()),
        ),
        call(
            "message.getsendprogress",
            top::GetSendProgress::new(AGENT, 123, then()),
        ),
        call(
            "message.getsendresult",
            top::GetSendResult::new(AGENT, 123, then()),
        ),
        call(
            "user.get_admin_scope",
            top::GetAdminScope::new("alice", then()),
        ),
    ]
}

const AES_KEY: &str = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij";

fn callbacks() -> Vec<Call> {
    let address = "https://example.com/cb";
    vec![
        call(
            "callback.register_call_back",
            RegisterCallback::new(
                ["chat_add_member", "chat_update_title"],
                "123456",
                AES_KEY,
                address,
            ),
        ),
        call(
            "callback.register_call_back.failed_check",
            RegisterCallback::new(["chat_disband"], "123456", AES_KEY, address),
        ),
        call("callback.get_call_back", GetCallback::new()),
        call(
            "callback.update_call_back",
            UpdateCallback::new(["chat_quit"], "654321", AES_KEY, "https://example.com/cb2"),
        ),
        call("callback.delete_call_back", DeleteCallback::new()),
        call(
            "callback.get_call_back_failed_result",
            GetFailedCallbacks::new(),
        ),
    ]
}

fn users() -> Vec<Call> {
    let detailed = || {
        ListUsers::new(ROOT)
            .offset(0)
            .size(100)
            .order(Order::Custom)
            .lang("zh_CN")
    };
    vec![
        call("user.auth_scopes", GetAuthScopes::new()),
        call("user.get_org_user_count", GetOrgUserCount::new(0)),
        call("user.getuserinfo", GetUserInfo::new("e2b4")),
        call("user.get", GetUser::new("alice").lang("zh_CN")),
        call("user.get.en", GetUser::new("alice").lang("en_US")),
        call("user.get.missing", GetUser::new("nobody").lang("zh_CN")),
        call(
            "user.create",
            CreateUser::new("张三", [ROOT], "15000000009"),
        ),
        call("user.update", UpdateUser::new("alice").name("Alice B")),
        call("user.delete", DeleteUser::new("alice")),
        call("user.batchdelete", DeleteUsers::new(["alice", "bob"])),
        call(
            "user.simple_list",
            ListUserNames::new(ROOT)
                .offset(0)
                .size(100)
                .order(Order::Custom)
                .lang("zh_CN"),
        ),
        call(
            "user.simple_list.page",
            ListUserNames::new(ROOT)
                .offset(2)
                .size(2)
                .order(Order::EntryAsc)
                .lang("en_US"),
        ),
        call("user.list", detailed()),
        call("user.listbypage", detailed()),
        call("user.get_admin", GetAdmin::new()),
        call(
            "user.can_access_microapp",
            CanAccessMicroapp::new("100001", "alice"),
        ),
        call(
            "user.get_userid_by_unionid",
            GetUseridByUnionid::new("zAliceUnion"),
        ),
        call("user.get_dept_member", GetDeptMember::new(ROOT)),
        call("topapi.error_88", GetUserV2::new("alice")),
        call(
            "topapi.v2_user_get",
            GetUserV2::new("alice").language("zh_CN"),
        ),
        call("topapi.v2_user_list", ListUsersV2::new(ROOT, 0, 2)),
        call("topapi.user_listid", ListUserIds::new(ROOT)),
    ]
}

fn departments() -> Vec<Call> {
    let below = |id: i64| ListDepartments::new().id(id);
    vec![
        call("department.list_ids", ListDepartmentIds::new(ROOT)),
        call("department.list", below(1).lang("zh_CN").fetch_child(false)),
        call(
            "department.list.recursive",
            below(2).lang("en_US").fetch_child(true),
        ),
        call("department.get", GetDepartment::new(ROOT).lang("zh_CN")),
        call(
            "department.create",
            CreateDepartment::new("钉钉事业部", ROOT),
        ),
        call("department.update", UpdateDepartment::new(2).name("新名")),
        call("department.delete", DeleteDepartment::new(2)),
        call(
            "department.list_parent_depts_by_dept",
            ListParentsOfDepartment::new(123),
        ),
        call(
            "department.list_parent_depts",
            ListParentsOfUser::new("alice"),
        ),
        call(
            "topapi.v2_department_listsub",
            ListSubDepartmentsV2::new().dept_id(ROOT),
        ),
    ]
}

fn stream() -> Vec<Call> {
    let program = "dingtalk-sdk-python/v0.24.3-union";
    let nothing: [Subscription; 0] = [];
    vec![
        call(
            "stream.open_connection",
            OpenConnection::new(
                KEY,
                "appsecretxxx",
                [
                    Subscription::events(),
                    Subscription::callback("/v1.0/im/bot/messages/get"),
                ],
            )
            .ua(program)
            .local_ip("127.0.0.1"),
        ),
        call(
            "stream.open_connection.bad_credentials",
            OpenConnection::new("x", "y", nothing)
                .ua(program)
                .local_ip("127.0.0.1"),
        ),
        call(
            "stream.get_image_download_url",
            DownloadMessageFile::new("mIofN681YE3f/+m+NntqpQ==", KEY),
        ),
    ]
}

const TRACK: &str = "ba75aa394d5feac27eb028a4ceb45d7ce950dd95873db708c762583a14c6c94b";

fn cards() -> Vec<Call> {
    let forward = || fields(json!({"supportForward": true}));
    let group = || format!("dtv1.card//IM_GROUP.{CONVERSATION}");
    let send = |data: &str, options: Value| {
        SendInteractiveCard::new("StandardCard", data, TRACK, KEY).send_options(fields(options))
    };
    let whole = |space: String| {
        CreateAndDeliverCard::new("tpl.schema", TRACK, [("k", "v")], space)
            .callback_type("STREAM")
            .im_group_open_space_model(forward())
            .im_robot_open_space_model(forward())
    };
    vec![
        call(
            "stream.reply_card.group",
            send(
                r#"{"config":{"autoLayout":true},"contents":[]}"#,
                json!({
                    "atAll": false,
                    "atUserListJson": "[{\"nickName\": \"杨xx\", \"userId\": \"user123\"}]",
                }),
            )
            .open_conversation_id(CONVERSATION),
        ),
        call(
            "stream.reply_card.single",
            send(r#"{"contents":[]}"#, json!({"atAll": false}))
                .single_chat_receiver(r#"{"userId":"user123"}"#),
        ),
        call(
            "stream.update_card",
            UpdateInteractiveCard::new("biz1", r#"{"contents":[]}"#),
        ),
        call(
            "stream.create_and_deliver_card.group",
            whole(group()).im_group_open_deliver_model(fields(
                json!({"robotCode": KEY, "atUserIds": {"user123": "杨xx"}}),
            )),
        ),
        call(
            "stream.create_and_deliver_card.single",
            whole("dtv1.card//IM_ROBOT.user123".into())
                .im_robot_open_deliver_model(fields(json!({"spaceType": "IM_ROBOT"}))),
        ),
        call(
            "stream.create_and_send_card.group #1",
            CreateCard::new("tpl.schema", TRACK, [("k", "v")])
                .callback_type("STREAM")
                .im_group_open_space_model(forward())
                .im_robot_open_space_model(forward()),
        ),
        call(
            "stream.create_and_send_card.group #2",
            DeliverCard::new(TRACK, group())
                .user_id_type(1)
                .im_group_open_deliver_model(fields(json!({"robotCode": KEY}))),
        ),
        call(
            "stream.put_card_data",
            UpdateCard::new("cid1", CardData::from([("k", "v2")])),
        ),
    ]
}

fn robots() -> Vec<Call> {
    vec![
        call(
            "v1.robot.oToMessages.batchSend",
            SendToUsers::new(KEY, ["alice", "bob"], "你好"),
        ),
        call(
            "v1.robot.groupMessages.send",
            SendToGroup::new(KEY, CONVERSATION, Template::markdown("t", "# 你好")),
        ),
        call(
            "v1.error.bad_token",
            SendToGroup::new(KEY, "cid1", Template::text("x")),
        ),
        call(
            "v1.robot.otoMessages.batchRecall",
            RecallFromUsers::new(KEY, ["cAQ+3F8X/vs8", "gone"]),
        ),
        call(
            "v1.robot.groupMessages.recall",
            RecallFromGroup::new(KEY, CONVERSATION, ["cAQ+3F8X/vs9"]),
        ),
        call(
            "v1.robot.oToMessages.readStatus",
            GetReadStatus::new(KEY, "cAQ+3F8X/vs8"),
        ),
        call(
            "v1.robot.groupMessages.query",
            QueryGroupRead::new("cAQ+3F8X/vs9")
                .open_conversation_id(CONVERSATION)
                .robot_code(KEY)
                .max_results(200)
                .next_token(""),
        ),
        call(
            "v1.robot.messageFiles.download",
            DownloadMessageFile::new("mIofN681YE3f/+m+NntqpQ==", KEY),
        ),
        call(
            "v1.im.chat.convertToOpenConversationId",
            ConvertToOpenConversationId::new(CHAT),
        ),
    ]
}

/// A page as one peer links to it.
fn paged(address: &str) -> String {
    format!("dingtalk://dingtalkclient/page/link?url={address}&pc_slide=false")
}

fn webhooks() -> Vec<Call> {
    fn posted(message: impl Into<WebhookMessage>) -> SendWebhook {
        SendWebhook::new(message)
    }
    fn replied(message: WebhookMessage) -> SendBySession {
        let mut reply = SendBySession::new("xxxxx", message);
        reply.message.at.user_ids = users_of(&["user123"]);
        reply
    }
    let mut mentioning = posted("hi\n@15000000001@15000000002");
    mentioning.message.at.mobiles = vec!["15000000001".into(), "15000000002".into()];
    mentioning.message.at.user_ids = users_of(&["alice"]);
    let weather = format!(
        "#### 杭州天气\n> 9度\n[天气]({})\n@15000000001",
        paged("https%3A%2F%2Fwww.thinkpage.cn%2F")
    );
    let weather = WebhookMessage::markdown("杭州天气", weather).mention_mobile("15000000001");
    let home = paged("https%3A%2F%2Fwww.dingtalk.com%2F");
    let flagged = |card: WebhookCard, flag: &str| WebhookCard {
        btn_orientation: Some(flag.into()),
        hide_avatar: Some(flag.into()),
        ..card
    };
    let buttons = [
        WebhookButton::new("内容不错", home.clone()),
        WebhookButton::new("不感兴趣", paged("https%3A%2F%2Fwww.dingtalk.com%2F2")),
    ];
    let link = |title: &str, number: u8| FeedLink {
        title: title.into(),
        message_url: paged(&format!("https%3A%2F%2Fwww.dingtalk.com%2F{number}")),
        pic_url: format!("https://img.example.com/{number}.png"),
    };
    vec![
        call("stream.reply_text.group", replied("收到".into())),
        call("stream.reply_text.expired", replied("收到".into())),
        call(
            "stream.reply_markdown.group",
            replied(WebhookMessage::markdown("标题", "# hi")),
        ),
        call("robot.send.text.signed", posted("我就是我, 是不一样的烟火")),
        call("robot.send.text.unsigned", posted("no secret")),
        call(
            "robot.send.text.at_all",
            posted(WebhookMessage::text("hi").mention_all()),
        ),
        call("robot.send.text.at_list", mentioning),
        call(
            "robot.send.link",
            posted(Link::new(
                "时代的火车向前开",
                "正文",
                paged("https%3A%2F%2Fwww.dingtalk.com%2Fs%3Fa%3D1%26b%3D2"),
                "",
            )),
        ),
        call("robot.send.markdown", posted(weather)),
        call(
            "robot.send.actionCard.single",
            posted(flagged(
                WebhookCard::single("t", "### 正文", "阅读全文", home),
                "0",
            )),
        ),
        call(
            "robot.send.actionCard.multi",
            posted(flagged(WebhookCard::buttons("t", "### 正文", buttons), "1")),
        ),
        call(
            "robot.send.feedCard",
            posted(FeedCard {
                links: vec![link("一", 1), link("二", 2)],
            }),
        ),
        call("robot.send.error.sign", posted("hi")),
    ]
}

fn unrecorded() -> Vec<Call> {
    let options = ManagementOptions {
        searchable: Some(true.into()),
        banned: Some(false.into()),
        ..ManagementOptions::default()
    };
    let three = [
        ("一", "https://a"),
        ("二", "https://b"),
        ("三", "https://c"),
    ];
    let card = Template::from(TemplateCard::new("t", "正文", three));
    vec![
        call("", UpdateGroupNick::new("bob", CHAT, "小宝")),
        call("", UpdateFriendSwitch::new(CHAT, true)),
        call("", GetChatQrcode::new(CHAT, "bob")),
        call(
            "",
            CreateGroup::new("值班", "alice", ["alice", "bob"])
                .conversation_tag(2)
                .management_options(options.clone()),
        ),
        call(
            "",
            UpdateGroup::new(CHAT)
                .name("换班")
                .add(users_of(&["carol"]))
                .management_options(options),
        ),
        call(
            "",
            UpdateSubAdministrators::new(CONVERSATION, ["bob"], SubadminRole::Remove),
        ),
        call(
            "",
            SendToGroup::new(KEY, CONVERSATION, card).cool_app_code("c"),
        ),
        call(
            "",
            SendWebhook::new(WebhookBody::from(Text::new("一次"))).msg_uuid("u1"),
        ),
        call(
            "",
            ListUsersByPage::new(ROOT, 0, 20).order(Order::ModifyDesc),
        ),
        call(
            "",
            ListUserNamesV2::new(ROOT, 0, 20).order_field(Order::EntryDesc),
        ),
        call("", ListSubDepartmentIdsV2::new(ROOT)),
        call("", GetDepartmentV2::new(ROOT)),
        call(
            "",
            StreamCard::new(TRACK, "guid1", "content", "你好").is_full(true),
        ),
    ]
}
