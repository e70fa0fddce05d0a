//! One typed call for every recorded one, and for every endpoint nobody was recorded to call.

use std::fmt::Debug;

use mynah_core::{Endpoint, File, HttpRequest, decode_request, encode_request};
use mynah_wecom::aibot::{
    Reply, RespondMsg, RespondUpdateMsg, RespondWelcomeMsg, SendMsg, Stream, Update,
    UploadMediaChunk, UploadMediaFinish, UploadMediaInit,
};
use mynah_wecom::api::agent::{
    CreateMenu, DeleteMenu, GetAgent, GetMenu, ListAgents, MenuButton, SetAgent,
};
use mynah_wecom::api::aibot::RespondAibot;
use mynah_wecom::api::appchat::{CreateAppchat, GetAppchat, SendAppchat, UpdateAppchat};
use mynah_wecom::api::department::{
    CreateDepartment, DeleteDepartment, GetDepartment, ListDepartmentIds, ListDepartments,
    UpdateDepartment,
};
use mynah_wecom::api::media::{GetJssdkMedia, GetMedia, UploadImage, UploadMedia};
use mynah_wecom::api::message::{RecallMessage, SendMessage, UpdateTaskcard, UpdateTemplateCard};
use mynah_wecom::api::misc::GetCallbackIp;
use mynah_wecom::api::tag::{
    AddTagUsers, CreateTag, DeleteTag, DeleteTagUsers, GetTag, ListTags, UpdateTag,
};
use mynah_wecom::api::token::GetToken;
use mynah_wecom::api::user::{
    ConvertToOpenid, ConvertToUserid, CreateUser, DeleteUser, DeleteUsers, GetActiveStat,
    GetJoinQrcode, GetUser, GetUserId, GetUserInfo, ListUserIds, ListUserNames, ListUsers,
    UpdateUser, VerifyUser,
};
use mynah_wecom::api::webhook::{SendWebhook, UploadWebhookMedia};
use mynah_wecom::card::{Button, ButtonStyle, CardImage, TemplateCard, Title};
use mynah_wecom::message::{
    Article, Markdown, MiniprogramNotice, Mpnews, MpnewsArticle, News, NoticeItem, Picture,
    TaskButton, Taskcard, Text, Textcard, Video,
};
use mynah_wecom::{
    AgentId, BotMessage, DepartmentId, Joined, Message, TagId, UserId, WeCom, WebhookMessage,
};

use crate::table::base;

/// A call of ours.
pub(crate) struct Call {
    /// The recorded call it equals; empty for none.
    pub(crate) name: &'static str,
    pub(crate) request: HttpRequest,
}

/// Writes a call, and sees that the server reads the same: the law of requests.
#[allow(clippy::needless_pass_by_value)] // So that the calls below read as they are made.
fn call<E>(name: &'static str, endpoint: E) -> Call
where
    E: Endpoint<Platform = WeCom> + PartialEq + Debug,
{
    let request = encode_request(&base(), &endpoint).unwrap();
    let read = decode_request::<E>(&request).unwrap();
    assert_eq!(read, endpoint, "{}", E::META.name);
    Call { name, request }
}

const AGENT: AgentId = AgentId(1_000_002);
const ROOT: DepartmentId = DepartmentId(1);

fn said(message: impl Into<Message>) -> SendAppchat {
    SendAppchat::new("mynah001", message)
}

fn sent(message: impl Into<Message>) -> SendMessage {
    SendMessage::new(AGENT, message).to_users(["alice"])
}

fn festival() -> News {
    let picture =
        "http://res.mail.qq.com/node/ww/wwopenmng/images/independent/doc/test_pic_msg1.png";
    News::new([Article {
        description: Some("今年中秋节公司有豪礼相送".into()),
        picurl: Some(picture.into()),
        ..Article::new("中秋节礼品领取", "https://work.weixin.qq.com/")
    }])
}

fn earth_hour() -> Mpnews {
    let content = "3月24日20:30-21:30 \n办公区将关闭照明一小时";
    Mpnews::new([MpnewsArticle {
        author: Some("Author".into()),
        content_source_url: Some("https://work.weixin.qq.com".into()),
        digest: Some("摘要".into()),
        ..MpnewsArticle::new("地球一小时", "MEDIA_ID_1", content)
    }])
}

fn png() -> File {
    File::new("a.png", &b"\x89PNG\r\n\x1a\n0000"[..])
}

fn dot() -> Vec<u8> {
    use base64::Engine;
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
    base64::engine::general_purpose::STANDARD
        .decode(dot)
        .unwrap()
}

/// All calls; making the list checks the law for each.
pub(crate) fn calls() -> Vec<Call> {
    let mut calls = appchat();
    calls.extend(messages());
    calls.extend(media());
    calls.extend(directory());
    calls.extend(agents());
    calls.extend(webhooks());
    calls.extend(unrecorded());
    calls
}

fn appchat() -> Vec<Call> {
    let all = ["alice", "bob", "carol"];
    vec![
        call(
            "appchat.create full",
            CreateAppchat::new(all)
                .chatid("mynah001")
                .name("测试群 🚀")
                .owner("alice"),
        ),
        call(
            "appchat.create minimal",
            CreateAppchat::new(["alice", "bob"]),
        ),
        call("appchat.get", GetAppchat::new("mynah001")),
        call(
            "appchat.update everything",
            UpdateAppchat::new("mynah001")
                .name("新名字")
                .owner("bob")
                .add([UserId::from("dave"), UserId::from("erin")])
                .remove([UserId::from("carol")]),
        ),
        call(
            "appchat.update name only",
            UpdateAppchat::new("mynah001").name("renamed"),
        ),
        call(
            "appchat.update add only",
            UpdateAppchat::new("mynah001").add([UserId::from("dave")]),
        ),
        call(
            "appchat.update del only",
            UpdateAppchat::new("mynah001").remove([UserId::from("dave")]),
        ),
        call("appchat.update nothing", UpdateAppchat::new("mynah001")),
        call(
            "appchat.update empty lists",
            UpdateAppchat::new("mynah001").add([]).remove([]),
        ),
        call("appchat.send text", said("你好\nhello")),
        call("appchat.send text safe=1", said("secret").safe(true)),
        call("appchat.send text safe=None", said("x").safe(false)),
        call("appchat.send text safe as string", said("x").safe(true)),
        call("appchat.send text without content", said("")),
        call("appchat.send text extra kwargs dropped", said("hi")),
        call("appchat.send_text", said("纯文本 <@bob>")),
        call("appchat.send_text safe", said("secret").safe(true)),
        call("appchat.send image", said(Message::image("MEDIA_ID_1"))),
        call("appchat.send voice", said(Message::voice("MEDIA_ID_2"))),
        call("appchat.send file", said(Message::file("MEDIA_ID_3"))),
        call(
            "appchat.send video full",
            said(Video {
                title: Some("标题".into()),
                description: Some("描述".into()),
                ..Video::new("MEDIA_ID_4")
            }),
        ),
        call("appchat.send video minimal", said(Video::new("MEDIA_ID_4"))),
        call(
            "appchat.send textcard full",
            said(Textcard {
                btntxt: Some("更多".into()),
                ..Textcard::new(
                    "领奖通知",
                    "<div class=\"gray\">2016年9月26日</div>",
                    "https://work.weixin.qq.com/",
                )
            }),
        ),
        call(
            "appchat.send textcard without btntxt",
            said(Textcard::new("t", "d", "https://example.com")),
        ),
        call("appchat.send news", said(festival())),
        call(
            "appchat.send news safe=1 leaks",
            said(festival()).safe(true),
        ),
        call("appchat.send mpnews", said(earth_hour())),
        call(
            "appchat.send mpnews safe=1 leaks",
            said(earth_hour()).safe(true),
        ),
        call(
            "appchat.send markdown",
            said(Markdown::new(
                "您的会议室已经预定\n>**事项详情** <font color=\"info\">开会</font>",
            )),
        ),
        call(
            "appchat.send markdown safe=0 leaks",
            said(Message::markdown("x")),
        ),
        call(
            "appchat.send markdown extra key",
            said(Message::markdown("x")),
        ),
        call("appchat.send_msg", said("deprecated alias")),
    ]
}

fn messages() -> Vec<Call> {
    let departments = [DepartmentId(1), DepartmentId(2)];
    let approval = TemplateCard::buttons(
        "审批".into(),
        [Button {
            style: Some(ButtonStyle::Blue),
            ..Button::new("同意", "yes")
        }],
        "task-1",
    );
    let both = |message: Message| SendMessage::new(AGENT, message).to_users(["alice", "bob"]);
    vec![
        call(
            "message.send lists",
            both("hi".into())
                .to_departments(departments)
                .to_tags([TagId(3)])
                .safe(false),
        ),
        call("message.send tuple", sent("hi")),
        call(
            "message.send @all",
            SendMessage::new(AGENT, "hi all").to_all(),
        ),
        call(
            "message.send dup check",
            sent("hi")
                .enable_id_trans(false)
                .enable_duplicate_check(true)
                .duplicate_check_interval(1800),
        ),
        call("message.send template_card", both(approval.into())),
        call("message.send no msg", sent(Message::Other(String::new()))),
        call(
            "message.send_text",
            both("你的快递已到\n<a href=\"https://work.weixin.qq.com\">实况</a>".into()),
        ),
        call(
            "message.send_text safe",
            sent("secret")
                .to_departments([ROOT])
                .to_tags([TagId(7)])
                .safe(true),
        ),
        call(
            "message.send_text_card",
            sent(Textcard {
                btntxt: Some("详情".into()),
                ..Textcard::new(
                    "领奖通知",
                    "<div class=\"gray\">x</div>",
                    "https://example.com",
                )
            }),
        ),
        call("message.send_image", sent(Message::image("MEDIA_ID_1"))),
        call("message.send_voice", sent(Message::voice("MEDIA_ID_1"))),
        call(
            "message.send_video",
            sent(Video {
                title: Some("t".into()),
                description: Some("d".into()),
                ..Video::new("MEDIA_ID_1")
            }),
        ),
        call("message.send_video minimal", sent(Video::new("MEDIA_ID_1"))),
        call("message.send_file", sent(Message::file("MEDIA_ID_1"))),
        call(
            "message.send_articles",
            sent(News::new([Article {
                description: Some("d".into()),
                picurl: Some("https://example.com/a.png".into()),
                ..Article::new("t", "https://example.com")
            }])),
        ),
        call(
            "message.send_mp_articles",
            sent(Mpnews::new([MpnewsArticle {
                author: Some("A".into()),
                content_source_url: Some("https://example.com".into()),
                digest: Some("D".into()),
                ..MpnewsArticle::new("T", "M", "C")
            }])),
        ),
        call(
            "message.send_markdown",
            sent(Message::markdown("# 标题\n> 引用")),
        ),
        call(
            "message.update_taskcard",
            UpdateTaskcard::new(["alice"], AGENT, "task-1", "已同意"),
        ),
    ]
}

fn media() -> Vec<Call> {
    vec![
        call(
            "media.upload anonymous file",
            UploadMedia::new("file", File::new("media", "mytext")),
        ),
        call(
            "media.upload named file",
            UploadMedia::new("file", File::new("wework.txt", "mytext")),
        ),
        call(
            "media.upload unicode name",
            UploadMedia::new(
                "image",
                File {
                    name: "图片.png".into(),
                    ..png()
                },
            ),
        ),
        call("media.upload_img", UploadImage::new(png())),
        call("media.download", GetMedia::new("MEDIA_ID_1")),
    ]
}

fn directory() -> Vec<Call> {
    let users = || ListUsers::new(ROOT);
    let names = || ListUserNames::new(ROOT);
    vec![
        call("user.get", GetUser::new("alice")),
        call(
            "user.create",
            CreateUser::new("frank", "Frank")
                .gender("0")
                .department([ROOT])
                .mobile("13800000000")
                .email("frank@example.com"),
        ),
        call("user.update", UpdateUser::new("alice").name("Alice L")),
        call("user.delete", DeleteUser::new("frank")),
        call("user.batch_delete", DeleteUsers::new(["frank", "grace"])),
        call("user.list", users().fetch_child(false).status(0)),
        call("user.list fetch_child", users().fetch_child(true).status(1)),
        call("user.list simple", names().fetch_child(false).status(0)),
        call("user.convert_to_openid", ConvertToOpenid::new("alice")),
        call("user.convert_to_user_id", ConvertToUserid::new("OPENID")),
        call("user.verify", VerifyUser::new("alice")),
        call("user.get_join_qrcode", GetJoinQrcode::new().size_type(3)),
        call("user.get_active_stat", GetActiveStat::new("2024-01-01")),
        call("user.getuserid", GetUserId::new("13800000000")),
        call("department.list", ListDepartments::new()),
        call("department.list id", ListDepartments::new().id(ROOT)),
        call("department.simple_list", ListDepartmentIds::new().id(ROOT)),
        call("department.get", GetDepartment::new(ROOT)),
        call("department.get (1.8.18)", ListDepartments::new().id(ROOT)),
        call("department.get_users simple", names().fetch_child(false)),
        call("department.get_users detail", users().fetch_child(true)),
        call("department.get_map_users", users().fetch_child(false)),
        call(
            "department.get_users simple (1.8.18)",
            names().fetch_child(false).status(0),
        ),
        call(
            "department.get_users detail (1.8.18)",
            users().fetch_child(true).status(0),
        ),
        call(
            "department.get_map_users (1.8.18)",
            users().fetch_child(false).status(0),
        ),
        call(
            "department.create",
            CreateDepartment::new("研发", ROOT).order(10).id(2),
        ),
        call(
            "department.update",
            UpdateDepartment::new(2).name("研发中心"),
        ),
        call("department.delete", DeleteDepartment::new(2)),
        call("tag.list", ListTags::new()),
        call("tag.get_users", GetTag::new(1)),
        call("tag.create", CreateTag::new("vip")),
        call("tag.update", UpdateTag::new(1, "vip2")),
        call("tag.delete", DeleteTag::new(1)),
        call(
            "tag.add_users",
            AddTagUsers::new(1).userlist([UserId::from("alice")]),
        ),
        call(
            "tag.delete_users",
            DeleteTagUsers::new(1).userlist([UserId::from("alice")]),
        ),
        call("oauth.get_user_info", GetUserInfo::new("CODE")),
    ]
}

fn agents() -> Vec<Call> {
    let nothing: [MenuButton; 0] = [];
    vec![
        call("agent.get", GetAgent::new(AGENT)),
        call("agent.list", ListAgents::new()),
        call(
            "agent.set",
            SetAgent::new(AGENT)
                .name("Mynah")
                .description("toolkit")
                .report_location_flag(0)
                .isreportenter(true)
                .isreportuser(true),
        ),
        call(
            "menu.create",
            CreateMenu::new(AGENT, [MenuButton::click("帮助", "HELP")]),
        ),
        call("menu.get", GetMenu::new(AGENT)),
        call("menu.delete", DeleteMenu::new(AGENT)),
        call("menu.update #1", DeleteMenu::new(AGENT)),
        call("menu.update #2", CreateMenu::new(AGENT, nothing)),
        call("misc.get_wechat_ips", GetCallbackIp::new()),
    ]
}

fn webhooks() -> Vec<Call> {
    let post = |message: WebhookMessage| SendWebhook::new(message);
    vec![
        call("webhook text", post("广州今日天气：29度 <@alice>".into())),
        call(
            "webhook text mentions",
            post(
                Text::new("hi")
                    .mention("wangqing")
                    .mention_all()
                    .mention_mobile("13800001111")
                    .mention_mobile("@all")
                    .into(),
            ),
        ),
        call(
            "webhook markdown",
            post(WebhookMessage::markdown(
                "实时新增用户反馈<font color=\"warning\">132例</font>",
            )),
        ),
        call(
            "webhook news",
            post(
                News::new([Article {
                    description: Some("今年中秋节公司有豪礼相送".into()),
                    picurl: Some("https://example.com/a.png".into()),
                    ..Article::new("中秋节礼品领取", "https://www.qq.com")
                }])
                .into(),
            ),
        ),
        call("webhook image", post(Picture::new(dot()).into())),
        call(
            "webhook file #1",
            UploadWebhookMedia::new("file", File::new("wework.txt", "mytext")),
        ),
        call(
            "webhook file #2",
            post(WebhookMessage::file("WEBHOOK_MEDIA_1")),
        ),
        call("webhook bad key", post("x".into())),
        call("webhook text via apprise", post("你好 body".into())),
        call("webhook bad key via apprise", post("x".into())),
    ]
}

/// What nobody was recorded to send.
fn unrecorded() -> Vec<Call> {
    let card = TemplateCard::news_notice(
        Title::new("欢迎").desc("您的好友正在邀请您"),
        CardImage {
            aspect_ratio: Some(1.3),
            ..CardImage::new("https://example.com/a.png")
        },
        "https://work.weixin.qq.com",
    );
    let notice = MiniprogramNotice {
        appid: "wx123".into(),
        page: Some("pages/index?a=1".into()),
        title: "会议室预订".into(),
        description: Some("4月27日 16:16".into()),
        emphasis_first_item: Some(true),
        content_item: vec![NoticeItem {
            key: "会议室".into(),
            value: "402".into(),
        }],
    };
    let task = Taskcard {
        title: "审批".into(),
        description: "d".into(),
        url: Some("https://example.com".into()),
        task_id: "task-1".into(),
        btn: vec![TaskButton {
            key: "yes".into(),
            name: "同意".into(),
            replace_name: Some("已同意".into()),
            color: Some("red".into()),
            is_bold: Some(true),
        }],
    };
    let odd = Joined {
        items: vec![DepartmentId(2)],
        others: vec!["x".into()],
    };
    vec![
        call("", GetToken::new("ww-sandbox", "sandbox-secret")),
        call("", RecallMessage::new("MSGID-0001")),
        call(
            "",
            UpdateTemplateCard::new(AGENT, "CODE")
                .userids(["alice".into()])
                .button("已同意"),
        ),
        call(
            "",
            UpdateTemplateCard::new(AGENT, "CODE")
                .atall(true)
                .template_card(card.clone()),
        ),
        call("", GetJssdkMedia::new("MEDIA_ID_1")),
        call("", ListUserIds::new().cursor("next").limit(10_000)),
        call("", sent(notice)),
        call("", sent(task)),
        call("", sent("x").toparty(odd)),
        call("", said(Message::Other("hologram".into()))),
        call("", said(Text::new("x").mention_all())),
        call(
            "",
            SendWebhook::new(WebhookMessage::markdown_v2("# 标题\n|a|b|")),
        ),
        call("", SendWebhook::new(WebhookMessage::voice("M"))),
        call("", SendWebhook::new(card.clone())),
        call("", RespondAibot::new("CODE", Markdown::new("好"))),
        call(
            "",
            RespondAibot::new("CODE", BotMessage::from(card.clone())),
        ),
        call(
            "",
            RespondMsg::new("M", Stream::new("s", "好").feedback("f")),
        ),
        call("", RespondMsg::new("M", Reply::template_card(card.clone()))),
        call("", RespondWelcomeMsg::new("E", Reply::text("好"))),
        call(
            "",
            RespondUpdateMsg::new("C", Update::new(card).userids(["alice"])),
        ),
        call("", SendMsg::new("alice", Reply::file("M")).chat_type(1)),
        call("", UploadMediaInit::of("file", "报告.bin", b"content")),
        call("", UploadMediaChunk::new("U", 0_u32, "Y29udGVudA==")),
        call("", UploadMediaFinish::new("U")),
    ]
}
