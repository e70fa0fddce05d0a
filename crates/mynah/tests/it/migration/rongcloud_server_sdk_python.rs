//! RongCloud's SDK for Python, version 2: the calls of an application's server.

use std::time::Duration;

use mynah::bot::{Router, command, joined, mention, recalled};
use mynah::client::Client;
use mynah::core::{ErrorKind, RawRequest};
use mynah::rongcloud::api::chatroom::{
    AddChatroomBlock, AddChatroomGag, AddChatroomWhitelist, AddPriority, CreateChatrooms,
    DestroyChatrooms, JoinChatroom, ListChatroomBlocks, ListChatroomGags, Order,
    QueryChatroomUsers, QueryChatroomWhitelist, QueryChatrooms, QueryPriority, ResumeDistribution,
    RollbackChatroomBlock, RollbackChatroomGag, StopDistribution,
};
use mynah::rongcloud::api::group::{
    AddGroupGag, CreateGroup, DismissGroup, JoinGroup, ListGroupGags, QueryGroupUsers, QuitGroup,
    RefreshGroup, RollbackGroupGag, SyncGroups,
};
use mynah::rongcloud::api::history::{DeleteHistory, GetHistory};
use mynah::rongcloud::api::message::{
    BroadcastMessage, PublishChatroom, PublishDiscussion, PublishGroup, PublishPrivate,
    PublishSystem, PublishSystemTemplate, PublishTemplate,
};
use mynah::rongcloud::api::push::{Audience, GetUserTags, PushNotification, SendPush, SetUserTags};
use mynah::rongcloud::api::sms::{GetImageCode, SendCode, VerifyCode};
use mynah::rongcloud::api::user::{
    AddToBlacklist, BlockUser, CheckOnline, GetToken, GetUserInfo, Presence, QueryBlacklist,
    QueryBlockedUsers, RefreshUser, RemoveFromBlacklist, UnblockUser,
};
use mynah::rongcloud::api::wordfilter::{AddWord, DeleteWord, ListWords};
use mynah::rongcloud::content::Voice;
use mynah::rongcloud::{API, App, Content, RongCloud, Sms, UserId};
use mynah_sandbox::Sandbox;
use serde_json::{Value, json};

use super::programs::rongcloud_server_sdk_python as program;
use super::{Done, client, sandbox};

fn app() -> App {
    App::new("rc-sandbox", "sandbox-secret").unwrap()
}

fn rongcloud(sandbox: &Sandbox) -> Client<RongCloud> {
    client(sandbox, "rongcloud", app())
}

#[tokio::test]
async fn the_program_of_the_page_registers_somebody_and_greets_them() -> Done {
    let client = rongcloud(&sandbox());
    let sent = program::greet(&client).await?;
    assert_eq!(sent.message_uids.len(), 3);
    Ok(())
}

#[tokio::test]
async fn users() -> Done {
    let client = rongcloud(&sandbox());

    // rcloud.User.getToken
    let call = GetToken::new("frank", "Frank").portrait_uri("https://example.com/frank.png");
    let registered = client.call(call).await?;
    assert!(!registered.token.expose().is_empty());

    // rcloud.User.refresh
    client
        .call(RefreshUser::new("frank").name("Frank Li"))
        .await?;
    let info = client.call(GetUserInfo::new("frank")).await?;
    assert_eq!(info.name, "Frank Li");

    // rcloud.User.checkOnline
    let presence = client.call(CheckOnline::new("frank")).await?;
    assert_eq!(presence, Presence::Offline);

    // rcloud.User.block
    client.call(BlockUser::new(["frank"], 60)).await?;

    // rcloud.User.queryBlock
    let blocked = client.call(QueryBlockedUsers::new()).await?;
    assert_eq!(blocked[0].user_id.as_str(), "frank");

    // rcloud.User.unBlock
    client.call(UnblockUser::new(["frank"])).await?;
    assert_eq!(client.call(QueryBlockedUsers::new()).await?, []);

    // rcloud.User.addBlacklist
    client.call(AddToBlacklist::new("alice", ["bob"])).await?;

    // rcloud.User.queryBlacklist
    let unwanted = client.call(QueryBlacklist::new("alice")).await?.users;
    assert_eq!(unwanted, [UserId::from("bob")]);

    // rcloud.User.removeBlacklist
    client
        .call(RemoveFromBlacklist::new("alice", ["bob"]))
        .await?;
    assert_eq!(client.call(QueryBlacklist::new("alice")).await?.users, []);
    Ok(())
}

#[tokio::test]
async fn messages() -> Done {
    let client = rongcloud(&sandbox());

    // rcloud.Message.publishPrivate
    let voice = Voice::new("AAAA", 20).extra("hi");
    let call = PublishPrivate::saying("alice", ["bob", "carol"], voice).push_content("语音");
    let sent = client
        .call(call.is_persisted(true).is_counted(true))
        .await?;
    assert_eq!(sent.message_uids.len(), 2);

    // rcloud.Message.publishTemplate
    let call = PublishTemplate::saying("alice", "{name}：{mark}")
        .to("bob", [("{name}", "Bob"), ("{mark}", "90")])
        .to("carol", [("{name}", "Carol"), ("{mark}", "95")]);
    let sent = client.call(call).await?;
    assert_eq!(sent.message_uids.len(), 2);

    // rcloud.Message.PublishSystem
    let sent = client
        .call(PublishSystem::saying("alice", ["bob"], "维护通知"))
        .await?;
    assert_eq!(sent.message_uids.len(), 1);

    // rcloud.Message.publishSystemTemplate
    let call =
        PublishSystemTemplate::saying("alice", "{name}，你好").to("bob", [("{name}", "Bob")]);
    let sent = client.call(call).await?;
    assert_eq!(sent.message_uids.len(), 1);

    // rcloud.Message.publishGroup
    let sent = client
        .call(PublishGroup::saying("alice", ["general"], "大家好"))
        .await?;
    assert_eq!(
        sent.message_uids[0].group_id.as_ref().unwrap().as_str(),
        "general"
    );

    // rcloud.Message.publishDiscussion
    let sent = client
        .call(PublishDiscussion::saying("alice", "lunch", "吃什么"))
        .await?;
    assert_eq!(sent.message_uids, []);

    // rcloud.Message.publishChatroom
    let sent = client
        .call(PublishChatroom::saying("alice", ["lobby"], "欢迎"))
        .await?;
    assert_eq!(sent.message_uids.len(), 1);

    // rcloud.Message.broadcast
    let call = BroadcastMessage::saying("alice", "今晚维护")
        .push_content("维护")
        .os("iOS");
    let sent = client.call(call).await?;
    assert!(sent.message_uid.is_some());

    // rcloud.Message.getHistory
    let history = client.call(GetHistory::new("2014010101")).await?;
    assert!(history.url.is_empty());

    // rcloud.Message.deleteMessage
    client.call(DeleteHistory::new("2014010101")).await?;
    Ok(())
}

#[tokio::test]
async fn words() -> Done {
    let client = rongcloud(&sandbox());

    // rcloud.Wordfilter.add
    client.call(AddWord::new("money")).await?;

    // rcloud.Wordfilter.getList
    let words = client.call(ListWords::new()).await?;
    assert_eq!(words[0].word, "money");

    // rcloud.Wordfilter.delete
    client.call(DeleteWord::new("money")).await?;
    assert_eq!(client.call(ListWords::new()).await?, []);
    Ok(())
}

#[tokio::test]
async fn groups() -> Done {
    let client = rongcloud(&sandbox());

    // rcloud.Group.create
    client
        .call(CreateGroup::new(["alice", "bob"], "duty", "值班"))
        .await?;

    // rcloud.Group.sync
    client
        .call(SyncGroups::new(
            "carol",
            [("duty", "值班"), ("night", "夜班")],
        ))
        .await?;

    // rcloud.Group.refresh
    client.call(RefreshGroup::new("duty", "白班")).await?;

    // rcloud.Group.join
    client
        .call(JoinGroup::new(["dave"], "duty").group_name("白班"))
        .await?;

    // rcloud.Group.queryUser
    let members = client.call(QueryGroupUsers::new("duty")).await?;
    assert_eq!(members.len(), 4);

    // rcloud.Group.quit
    client.call(QuitGroup::new(["dave"], "duty")).await?;
    assert_eq!(client.call(QueryGroupUsers::new("duty")).await?.len(), 3);

    // rcloud.Group.addGagUser
    client
        .call(AddGroupGag::new(["bob"], 60).group_id("duty"))
        .await?;

    // rcloud.Group.lisGagUser
    let muted = client.call(ListGroupGags::new().group_id("duty")).await?;
    assert_eq!(muted[0].user_id.as_str(), "bob");

    // rcloud.Group.rollBackGagUser
    client
        .call(RollbackGroupGag::new(["bob"]).group_id("duty"))
        .await?;
    assert_eq!(
        client.call(ListGroupGags::new().group_id("duty")).await?,
        []
    );

    // rcloud.Group.dismiss
    client.call(DismissGroup::new("alice", "duty")).await?;
    assert_eq!(client.call(QueryGroupUsers::new("duty")).await?, []);
    Ok(())
}

#[tokio::test]
async fn chatrooms() -> Done {
    let client = rongcloud(&sandbox());

    // rcloud.Chatroom.create
    client
        .call(CreateChatrooms::new([("stage", "舞台")]))
        .await?;

    // rcloud.Chatroom.join
    client
        .call(JoinChatroom::new(["alice", "bob"], "stage"))
        .await?;

    // rcloud.Chatroom.query
    let rooms = client.call(QueryChatrooms::new(["stage"])).await?;
    assert_eq!(rooms[0].name, "舞台");

    // rcloud.Chatroom.queryUser
    let page = client
        .call(QueryChatroomUsers::new("stage", 500, Order::Ascending))
        .await?;
    assert_eq!((page.total, page.users.len()), (2, 2));

    // rcloud.Chatroom.stopDistributionMessage
    client.call(StopDistribution::new("stage")).await?;

    // rcloud.Chatroom.resumeDistributionMessage
    client.call(ResumeDistribution::new("stage")).await?;

    // rcloud.Chatroom.addGagUser
    client
        .call(AddChatroomGag::new(["bob"], "stage", 60))
        .await?;

    // rcloud.Chatroom.ListGagUser
    let muted = client.call(ListChatroomGags::new("stage")).await?;
    assert_eq!(muted[0].user_id.as_str(), "bob");

    // rcloud.Chatroom.rollbackGagUser
    client
        .call(RollbackChatroomGag::new(["bob"], "stage"))
        .await?;
    assert_eq!(client.call(ListChatroomGags::new("stage")).await?, []);

    // rcloud.Chatroom.addBlockUser
    client
        .call(AddChatroomBlock::new(["bob"], "stage", 60))
        .await?;

    // rcloud.Chatroom.getListBlockUser
    let barred = client.call(ListChatroomBlocks::new("stage")).await?;
    assert_eq!(barred[0].user_id.as_str(), "bob");

    // rcloud.Chatroom.rollbackBlockUser
    client
        .call(RollbackChatroomBlock::new(["bob"], "stage"))
        .await?;
    assert_eq!(client.call(ListChatroomBlocks::new("stage")).await?, []);

    // rcloud.Chatroom.addWhiteListUser
    client
        .call(AddChatroomWhitelist::new("stage", ["alice"]))
        .await?;
    let whitelisted = client.call(QueryChatroomWhitelist::new("stage")).await?;
    assert_eq!(whitelisted, [UserId::from("alice")]);

    // rcloud.Chatroom.addPriority
    client.call(AddPriority::new(["RC:VcMsg"])).await?;
    assert_eq!(client.call(QueryPriority::new()).await?.len(), 1);

    // rcloud.Chatroom.destroy
    client.call(DestroyChatrooms::new(["stage"])).await?;
    assert_eq!(client.call(QueryChatrooms::new(["stage"])).await?, []);
    Ok(())
}

#[tokio::test]
async fn push_and_sms() -> Done {
    let sandbox = sandbox();
    let client = rongcloud(&sandbox);
    let sms: Client<Sms> = super::client(&sandbox, "rongcloud", app());

    // rcloud.Push.setUserPushTag
    client
        .call(SetUserTags::new("alice", ["bj", "vip"]))
        .await?;
    let tags = client.call(GetUserTags::new(["alice"])).await?;
    assert_eq!(tags[&UserId::from("alice")], ["bj", "vip"]);

    // rcloud.Push.broadcastPush
    let audience = Audience::tagged(["bj"]);
    let call = SendPush::new(
        ["ios", "android"],
        audience,
        PushNotification::new("今晚维护"),
    );
    let pushed = client.call(call.saying("alice", "今晚维护")).await?;
    assert!(!pushed.id.is_empty());

    // rcloud.SMS.getImageCode
    let image = sms.call(GetImageCode::new("rc-sandbox")).await?;
    assert!(!image.verify_id.is_empty());

    // rcloud.SMS.sendCode
    let call = SendCode::to("13800000000", "template")
        .verify_id(image.verify_id)
        .verify_code("1234");
    let session = sms.call(call).await?.session_id;
    assert!(!session.is_empty());

    // rcloud.SMS.verifyCode
    let verified = sms.call(VerifyCode::new(session, "123456")).await?;
    assert!(verified.success);
    Ok(())
}

#[tokio::test]
async fn the_parts_that_are_no_calls() -> Done {
    let sandbox = sandbox();
    let (app_key, app_secret) = ("rc-sandbox", "sandbox-secret");

    // RongCloud
    let client = Client::<RongCloud>::new(API.parse()?, App::new(app_key, app_secret)?);
    assert_eq!(client.base().to_string(), "https://api.rong-api.com");

    let client = rongcloud(&sandbox);
    let fields = json!({"fromUserId": "alice", "toUserId": "bob", "objectName": "RC:TxtMsg",
        "content": r#"{"content":"hello"}"#});
    // rcloud.call_api
    let request = RawRequest::post("/message/private/publish.json").form(&fields)?;
    let response = client.raw(request).await?;
    assert_eq!(response.status(), 200);

    let r = &response;
    // r.status
    let status = r.status();
    assert_eq!(status, 200);

    // r.result
    let result: Value = serde_json::from_slice(r.body())?;
    assert_eq!(result["code"], 200);

    // r.get
    let presence = client.call(CheckOnline::new("alice")).await?;
    assert_eq!(presence, Presence::Offline);

    // r.ok
    let ok = client.call(CheckOnline::new("alice")).await.is_ok();
    assert!(ok);

    let custom = PublishPrivate::saying("alice", ["bob"], Content::custom("app:order", "{}"));
    client.call(custom).timeout(Duration::from_secs(3)).await?;
    Ok(())
}

#[tokio::test]
async fn what_is_refused_is_an_error() -> Done {
    let sandbox = sandbox();
    let wrong = App::new("rc-sandbox", "another-secret")?;
    let client: Client<RongCloud> = super::client(&sandbox, "rongcloud", wrong);
    let told = match client.call(CheckOnline::new("alice")).await {
        Ok(presence) => format!("{presence:?}"),
        Err(error) if error.is_temporary() => format!("later: {:?}", error.retry_after()),
        Err(error) => match error.api() {
            Some(refusal) => format!("refused: {} {}", refusal.code, refusal.message),
            None => error.to_string(),
        },
    };
    assert_eq!(told, "refused: 1004 Signature verification failed.");

    let client = rongcloud(&sandbox);
    let forever = client.call(BlockUser::new(["alice"], 0)).await.unwrap_err();
    assert_eq!(forever.kind(), ErrorKind::Invalid);
    Ok(())
}

#[test]
fn an_application_hears_what_is_said_in_it() {
    let router = Router::<()>::new()
        .on(command("ping"), async || "pong")
        .on(mention(), async || "在")
        .on(joined(), async || "欢迎")
        .on(recalled(), async || "撤回了什么？");
    assert_eq!(router.commands(), ["ping"]);
}
