//! aiocqhttp, and the calls of CQHTTP 4.x that a program makes through it.

use std::time::Duration;

use mynah::Bot;
use mynah::bot::{
    Context, EventKind, OneBotAccount, Reply, Router, Secret, State, command, direct, joined, kind,
    message, request,
};
use mynah::client::Client;
use mynah::core::ErrorKind;
use mynah::onebot::actions::account::{GetCookies, GetCredentials, GetCsrfToken, GetLoginInfo};
use mynah::onebot::actions::friend::{GetFriendList, GetStrangerInfo};
use mynah::onebot::actions::group::{
    SetGroupAdmin, SetGroupAnonymous, SetGroupAnonymousBan, SetGroupBan, SetGroupCard,
    SetGroupKick, SetGroupLeave, SetGroupSpecialTitle, SetGroupWholeBan,
};
use mynah::onebot::actions::group_info::{
    GetGroupInfo, GetGroupList, GetGroupMemberInfo, GetGroupMemberList,
};
use mynah::onebot::actions::legacy::{
    CheckUpdate, CleanDataDir, CleanPluginLog, GetVipInfo, LegacyFriendList, LegacyGetFriendList,
    LegacyGetGroupInfo, LegacySetRestart, SendDiscussMsg, SetDiscussLeave, SetRestartPlugin,
};
use mynah::onebot::actions::media::{CanSendImage, CanSendRecord, GetImage, GetRecord};
use mynah::onebot::actions::message::{
    DeleteMsg, GetGroupMsgHistory, GetMsg, SendGroupMsg, SendMsg, SendPrivateMsg,
};
use mynah::onebot::actions::notice::{GetGroupNotice, SendGroupNotice};
use mynah::onebot::actions::reaction::SendLike;
use mynah::onebot::actions::request::{
    HandleQuickOperation, SetFriendAddRequest, SetGroupAddRequest,
};
use mynah::onebot::actions::system::{GetStatus, GetVersionInfo};
use mynah::onebot::event::MessageEvent;
use mynah::onebot::types::{AudioFormat, DataDir, GroupRequestType, Role};
use mynah::onebot::{
    AccessToken, Content, DiscussId, Event, GroupId, Later, OneBot, QuickOperation, Segment, UserId,
};
use mynah_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use super::programs::aiocqhttp as program;
use super::{Done, client, control, sandbox};
use crate::world::World;

const GENERAL: GroupId = GroupId(20001);
const OTHER: GroupId = GroupId(20002);
const ALICE: UserId = UserId(10001);
const DAVE: UserId = UserId(10004);

fn onebot(sandbox: &Sandbox) -> Client<OneBot> {
    client(
        sandbox,
        "onebot",
        AccessToken::new("sandbox-token").unwrap(),
    )
}

/// What answering a request takes.
async fn flag(sandbox: &Sandbox, act: Value) -> String {
    let answer = control(sandbox, "/control/act", act).await;
    answer["flag"].as_str().unwrap().to_owned()
}

/// Runs a router in the world of OneBot, over its socket.
async fn in_the_world(router: Router<()>) -> World {
    let mut world = World::open().await;
    world.run(forward(&world), router, ());
    world.connected().await;
    world
}

fn forward(world: &World) -> OneBotAccount {
    OneBotAccount {
        connect: Some(world.onebot("ws").parse().unwrap()),
        ..OneBotAccount::default()
    }
}

async fn count(State(bot): State<Client<OneBot>>) -> mynah::bot::Result<String> {
    let members = bot.call(GetGroupMemberList::new(GroupId(20001))).await?;
    Ok(format!("{} 人", members.len()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_calls_what_it_likes() {
    let mut world = World::open().await;
    let client = onebot(world.sandbox.sandbox());
    let router = Router::new().on(command("count"), count);
    world.run(forward(&world), router, client);
    world.connected().await;
    world.say("alice", "user:bot", "/count").await;
    assert_eq!(world.hears("user:10001", 1).await, ["6 人"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_of_the_page_repeats_welcomes_and_approves() {
    let world = in_the_world(program::bot()).await;
    world.say("alice", "user:bot", "在吗").await;
    assert_eq!(world.hears("user:10001", 2).await, ["你刚才说：", "在吗"]);

    world
        .act(json!({"who": "erin", "action": "leave", "group": "20001"}))
        .await;
    world
        .act(json!({"who": "erin", "action": "join", "group": "20001"}))
        .await;
    assert_eq!(world.hears("group:20001", 1).await, ["欢迎 @10005"]);

    world
        .act(json!({"who": "carol", "action": "befriend"}))
        .await;
    let client = onebot(world.sandbox.sandbox());
    for _ in 0..500 {
        let friends = client.call(GetFriendList::new()).await.unwrap();
        if friends.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(client.call(GetFriendList::new()).await.unwrap().len(), 3);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_program_is_made_of() -> Done {
    // CQHttp
    let account = OneBotAccount {
        api: Some("http://127.0.0.1:5700".parse()?),
        listen: Some("127.0.0.1:8080".parse()?),
        access_token: Some(Secret::new("your-token")),
        secret: Some(Secret::new("your-secret")),
        ..OneBotAccount::default()
    };
    assert!(!format!("{account:?}").contains("your-"), "{account:?}");

    // CQHttp
    let client = Client::<OneBot>::new(
        "http://127.0.0.1:5700".parse()?,
        AccessToken::new("your-token")?,
    );
    assert_eq!(client.base().to_string(), "http://127.0.0.1:5700");

    // bot.on_message
    let router = Router::new().on(message() & direct(), async || "收到");

    // bot.on_notice
    let router = router.on(joined(), async || "欢迎");

    // bot.on_notice
    let router = router.on(kind(EventKind::Uploaded), async || "谢谢");

    // bot.on_request
    let router = router.on(request(), async || Reply::Approve(String::new()));

    let world = in_the_world(router).await;
    world.say("alice", "user:bot", "在吗").await;
    assert_eq!(world.hears("user:10001", 1).await, ["收到"]);
    world.say("alice", "group:20001", "在吗").await;
    world
        .act(json!({"who": "erin", "action": "leave", "group": "20001"}))
        .await;
    world
        .act(json!({"who": "erin", "action": "join", "group": "20001"}))
        .await;
    assert_eq!(world.hears("group:20001", 1).await, ["欢迎"]);
    world.close().await;

    let router = Router::new().on(message(), async |cx: Context| -> Done {
        // bot.send
        cx.reply("你好").await?;

        Ok(())
    });
    let world = in_the_world(router).await;
    world.say("alice", "group:20001", "在吗").await;
    assert_eq!(world.hears("group:20001", 1).await, ["你好"]);
    world.close().await;

    let folder = std::env::temp_dir().join(format!("mynah-migration-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("mynah.toml");
    std::fs::write(
        &file,
        "[[account]]\nname = 'qq'\nplatform = 'onebot'\nlisten = '127.0.0.1:0'\n",
    )?;
    let router = program::bot();
    // bot.run
    let running = Bot::open(&file)?.run(router, ());

    // It runs until it is told to stop.
    let ended = tokio::time::timeout(Duration::from_millis(100), running).await;
    std::fs::remove_dir_all(&folder)?;
    assert!(ended.is_err());
    Ok(())
}

#[tokio::test]
async fn messages() -> Done {
    let sandbox = sandbox();
    let bot = onebot(&sandbox);

    // bot.send_private_msg
    let id = bot.call(SendPrivateMsg::new(ALICE, "你好")).await?;
    assert_eq!(
        bot.call(GetMsg::new(id)).await?.message.plain_text(),
        "你好"
    );

    // bot.send_group_msg
    let id = bot
        .call(SendGroupMsg::new(GENERAL, Segment::at(ALICE) + " 你好"))
        .await?;
    assert!(
        bot.call(GetMsg::new(id))
            .await?
            .message
            .to_message()
            .mentions(ALICE)
    );

    // bot.send_group_msg
    let id = bot
        .call(SendGroupMsg::new(GENERAL, Content::cq("[CQ:face,id=14]")))
        .await?;
    assert_eq!(
        bot.call(GetMsg::new(id)).await?.message.to_cq(),
        "[CQ:face,id=14]"
    );

    // bot.send_group_msg
    let id = bot
        .call(SendGroupMsg::new(GENERAL, Content::cq("[CQ:face,id=14]")).auto_escape(true))
        .await?;
    assert_eq!(
        bot.call(GetMsg::new(id)).await?.message.plain_text(),
        "[CQ:face,id=14]"
    );

    // bot.send_msg
    let id = bot.call(SendMsg::new("你好").group_id(GENERAL)).await?;
    assert_eq!(bot.call(GetMsg::new(id)).await?.group_id, Some(GENERAL));

    let event = json!({
        "time": 1_515_204_254, "self_id": 10000, "post_type": "message", "message_type": "private",
        "sub_type": "friend", "message_id": 7, "user_id": 10001, "message": "在吗",
        "raw_message": "在吗", "font": 0, "sender": {},
    });
    let event = Event::from_slice(event.to_string().as_bytes())?;
    // bot.send_msg
    let answer = SendMsg::answering(&event, "你好").unwrap();
    let id = bot.call(answer).await?;

    assert_eq!(
        bot.call(GetMsg::new(id)).await?.message.plain_text(),
        "你好"
    );

    // bot.delete_msg
    bot.call(DeleteMsg::new(id)).await?;
    assert!(bot.call(GetMsg::new(id)).await.is_err());

    // bot.send_like
    bot.call(SendLike::new(ALICE).times(3)).await?;

    // getattr(bot, ".handle_quick_operation")
    let context = serde_json::to_value(&event)?.as_object().unwrap().clone();
    bot.call(HandleQuickOperation::new(
        context,
        QuickOperation::reply("你好"),
    ))
    .await?;

    let call = SendGroupMsg::new(GENERAL, "不急");
    let response = bot.raw(Later::Async.call(&call)?).await?;
    let answer: Value = serde_json::from_slice(response.body())?;
    assert_eq!(answer["status"], "async");
    Ok(())
}

#[tokio::test]
async fn groups() -> Done {
    let sandbox = sandbox();
    let bot = onebot(&sandbox);

    // bot.set_group_kick
    bot.call(SetGroupKick::new(GENERAL, DAVE).reject_add_request(true))
        .await?;
    assert!(
        bot.call(GetGroupMemberInfo::new(GENERAL, DAVE))
            .await
            .is_err()
    );

    // bot.set_group_ban
    bot.call(SetGroupBan::new(GENERAL, ALICE).duration(600))
        .await?;

    // bot.set_group_whole_ban
    bot.call(SetGroupWholeBan::new(GENERAL).enable(true))
        .await?;

    // bot.set_group_admin
    bot.call(SetGroupAdmin::new(GENERAL, ALICE).enable(true))
        .await?;

    // bot.set_group_card
    bot.call(SetGroupCard::new(GENERAL, ALICE).card("值班"))
        .await?;

    // bot.set_group_special_title
    bot.call(SetGroupSpecialTitle::new(GENERAL, ALICE).special_title("队长"))
        .await?;

    // bot.get_group_member_info
    let alice = bot.call(GetGroupMemberInfo::new(GENERAL, ALICE)).await?;
    assert_eq!(
        (alice.card.as_deref(), alice.role),
        (Some("值班"), Some(Role::Admin))
    );
    assert_eq!(alice.title.as_deref(), Some("队长"));

    // bot.set_group_anonymous
    bot.call(SetGroupAnonymous::new(GENERAL).enable(true))
        .await?;

    bot.call(SetGroupWholeBan::new(GENERAL).enable(false))
        .await?;
    let said = json!({"platform": "onebot", "from": "bob", "to": "group:20001", "text": "猜我是谁",
        "anonymous": true});
    control(&sandbox, "/control/say", said).await;
    let history = bot.call(GetGroupMsgHistory::new(GENERAL)).await?;
    let Some(Event::Message(MessageEvent::Group(message))) = history.last() else {
        panic!("{history:?}")
    };
    let anonymous = message.anonymous.clone().unwrap();
    // bot.set_group_anonymous_ban
    bot.call(
        SetGroupAnonymousBan::new(GENERAL)
            .anonymous(anonymous)
            .duration(600),
    )
    .await?;

    // bot.get_group_info
    let group = bot.call(GetGroupInfo::new(GENERAL).no_cache(true)).await?;
    assert_eq!(
        (group.group_name.as_str(), group.member_count),
        ("general", Some(5))
    );

    // bot.get_group_list
    let groups = bot.call(GetGroupList::new()).await?;
    assert_eq!(groups.len(), 2);

    // bot.get_group_member_list
    let members = bot.call(GetGroupMemberList::new(GENERAL)).await?;
    assert_eq!(members.len(), 5);

    // bot._send_group_notice
    bot.call(SendGroupNotice::new(GENERAL, "今晚维护").title("维护"))
        .await?;

    // bot._get_group_notice
    let notices = bot.call(GetGroupNotice::new(GENERAL)).await?;
    assert!(
        notices[0]
            .message
            .as_ref()
            .unwrap()
            .text
            .contains("今晚维护")
    );

    // bot.set_group_leave
    bot.call(SetGroupLeave::new(OTHER).is_dismiss(false))
        .await?;
    assert_eq!(bot.call(GetGroupList::new()).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn requests() -> Done {
    let sandbox = sandbox();
    let bot = onebot(&sandbox);
    let act =
        json!({"platform": "onebot", "who": "carol", "action": "befriend", "comment": "是我"});
    let flag_of_friend = flag(&sandbox, act).await;

    // bot.set_friend_add_request
    bot.call(
        SetFriendAddRequest::new(flag_of_friend)
            .approve(true)
            .remark("小卡"),
    )
    .await?;
    let friends = bot.call(GetFriendList::new()).await?;
    assert!(friends.iter().any(|friend| friend.remark == "小卡"));

    bot.call(SetGroupKick::new(GENERAL, DAVE)).await?;
    let act =
        json!({"platform": "onebot", "who": "dave", "action": "request_join", "group": "20001"});
    let flag_of_group = flag(&sandbox, act).await;

    // bot.set_group_add_request
    let call = SetGroupAddRequest::new(flag_of_group, GroupRequestType::Add).approve(false);
    bot.call(call.reason("人满了")).await?;
    assert!(
        bot.call(GetGroupMemberInfo::new(GENERAL, DAVE))
            .await
            .is_err()
    );
    Ok(())
}

#[tokio::test]
async fn the_account_and_what_it_knows() -> Done {
    let bot = onebot(&sandbox());

    // bot.get_login_info
    let me = bot.call(GetLoginInfo::new()).await?;
    assert_eq!(me.user_id, UserId(10000));

    // bot.get_stranger_info
    let alice = bot.call(GetStrangerInfo::new(ALICE).no_cache(true)).await?;
    assert_eq!(alice.nickname, "alice");

    // bot.get_friend_list
    let friends = bot.call(GetFriendList::new()).await?;
    assert_eq!(friends.len(), 2);

    // bot.get_cookies
    let cookies = bot.call(GetCookies::new().domain("qun.qq.com")).await?;
    assert!(!cookies.expose().is_empty());

    // bot.get_csrf_token
    let token = bot.call(GetCsrfToken::new()).await?;
    assert_ne!(*token.expose(), 0);

    // bot.get_credentials
    let both = bot.call(GetCredentials::new().domain("qun.qq.com")).await?;
    assert_eq!(both.cookies.expose(), cookies.expose());

    // bot.get_record
    let voice = bot
        .call(GetRecord::new(
            "0B38145AA44505000B38145AA4450500.silk",
            AudioFormat::Mp3,
        ))
        .await?;
    assert!(voice.file.is_some());

    // bot.get_image
    let image = bot
        .call(GetImage::new("6B4DE3DFD1BD271E3297859D41C530F5.jpg"))
        .await?;
    assert!(image.file.is_some());

    // bot.can_send_image
    let yes = bot.call(CanSendImage::new()).await?;
    assert!(yes);

    // bot.can_send_record
    let yes = bot.call(CanSendRecord::new()).await?;
    assert!(yes);

    // bot.get_status
    let status = bot.call(GetStatus::new()).await?;
    assert_eq!((status.online, status.good), (Some(true), true));

    // bot.get_version_info
    let version = bot.call(GetVersionInfo::new()).await?;
    assert_eq!(version.protocol_version.as_deref(), Some("v11"));
    Ok(())
}

#[tokio::test]
async fn what_only_cqhttp_4_had() -> Done {
    let mut seed = Seed::default();
    seed.onebot.settings.legacy = true;
    let bot = onebot(&Sandbox::builder().seed(seed).open()?);

    // bot.send_discuss_msg
    let id = bot
        .call(SendDiscussMsg::new(DiscussId(30001), "吃什么"))
        .await?;
    assert_eq!(
        bot.call(GetMsg::new(id)).await?.message.plain_text(),
        "吃什么"
    );

    // bot.set_discuss_leave
    bot.call(SetDiscussLeave::new(DiscussId(30001))).await?;

    // bot._get_friend_list
    let friends = bot.call(LegacyGetFriendList::new().flat(false)).await?;
    assert!(matches!(friends, LegacyFriendList::Nested(groups) if !groups.is_empty()));

    // bot._get_group_info
    let group = bot.call(LegacyGetGroupInfo::new(GENERAL)).await?;
    assert_eq!(group.owner_id, Some(UserId(10000)));

    // bot._get_vip_info
    let vip = bot.call(GetVipInfo::new(ALICE)).await?;
    assert_eq!(vip.user_id, ALICE);

    // bot.set_restart_plugin
    bot.call(SetRestartPlugin::new().delay(2000)).await?;

    // bot._set_restart
    bot.call(LegacySetRestart::new().clean_cache(true)).await?;

    // bot.clean_data_dir
    bot.call(CleanDataDir::new(DataDir::Image)).await?;

    // bot.clean_plugin_log
    bot.call(CleanPluginLog::new()).await?;

    // getattr(bot, ".check_update")
    bot.call(CheckUpdate::new().automatic(true)).await?;
    Ok(())
}

#[tokio::test]
async fn what_is_refused_is_an_error() -> Done {
    let bot = onebot(&sandbox());
    let told = match bot.call(GetGroupInfo::new(GroupId(1))).await {
        Ok(group) => group.group_name,
        Err(error) if error.is_temporary() => format!("later: {:?}", error.retry_after()),
        Err(error) => match error.api() {
            Some(refusal) => format!("refused: {} {}", refusal.code, refusal.message),
            None => error.to_string(),
        },
    };
    assert!(told.starts_with("refused: 102 "), "{told}");

    let error = bot.call(GetGroupInfo::new(GroupId(1))).await.unwrap_err();
    // error.status_code
    let status_code = error.status_code();
    assert_eq!(status_code, Some(200));

    // error.retcode
    let retcode = error.api().and_then(|refusal| refusal.code.number());
    assert_eq!((error.kind(), retcode), (ErrorKind::Refused, Some(102)));
    Ok(())
}
