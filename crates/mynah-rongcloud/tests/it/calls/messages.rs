//! Calls for users, messages and the log.

use mynah_rongcloud::api::history::{DeleteHistory, GetHistory};
use mynah_rongcloud::api::message::{
    BroadcastChatrooms, BroadcastMessage, BroadcastOnline, PublishChatroom, PublishDiscussion,
    PublishGroup, PublishGroupStatus, PublishPrivate, PublishPrivateStatus, PublishSystem,
    PublishSystemTemplate, PublishTemplate, RecallMessage,
};
use mynah_rongcloud::api::user::{
    AddToBlacklist, BlockUser, CheckOnline, ExpireTokens, GetToken, GetUserInfo, QueryBlacklist,
    QueryBlockedUsers, RefreshUser, RemoveFromBlacklist, UnblockUser,
};
use mynah_rongcloud::content::{ContactNotice, Text, Typing};
use mynah_rongcloud::{Content, ConversationType, Flag, ObjectName};

use super::{Call, call};

/// Those that were recorded, and those that nobody recorded.
pub(super) fn calls() -> Vec<Call> {
    let mut calls = tokens();
    calls.extend(users());
    calls.extend(private());
    calls.extend(templates());
    calls.extend(system());
    calls.extend(groups());
    calls.extend(rooms());
    calls.extend(broadcasts());
    calls.extend(status());
    calls.extend(recalls());
    calls.extend(history());
    calls
}

fn tokens() -> Vec<Call> {
    let logo = "http://www.rongcloud.cn/images/logo.png";
    let picture = "https://img.example.com/a?b=1&c=%E4%B8%AD";
    vec![
        call(
            "user_get_token",
            &GetToken::new("alice", "Alice").portrait_uri(logo),
        ),
        call(
            "user_get_token_unicode",
            &GetToken::new("u_1", "张三 & 李四 + 😀").portrait_uri(picture),
        ),
        call("user_get_token_empty_portrait", &GetToken::new("alice", "")),
        call(
            "user_get_token_none_dropped",
            &GetToken::new("alice", "Alice"),
        ),
        call("user_get_token_over_limit", &GetToken::new("u101", "n")),
        call("get_token_v3_headers", &GetToken::new("alice", "Alice")),
        call("get_token_v3_unescaped", &GetToken::new("alice", "A")),
        call(
            "npm_user_register",
            &GetToken::new("alice", "张三 & co").portrait_uri("http://example.com/p.png"),
        ),
        call(
            "user_token_expire",
            &ExpireTokens::new(["alice", "bob"], 1_700_000_000_000_i64),
        ),
    ]
}

fn users() -> Vec<Call> {
    let picture = "http://example.com/p.png";
    let online = CheckOnline::new("alice");
    vec![
        call(
            "user_refresh",
            &RefreshUser::new("alice")
                .name("Alice Liddell")
                .portrait_uri(picture),
        ),
        call(
            "user_refresh_name_only",
            &RefreshUser::new("alice").name("Alice"),
        ),
        call("user_refresh_id_only", &RefreshUser::new("alice")),
        call(
            "npm_user_update",
            &RefreshUser::new("alice")
                .name("Alice")
                .portrait_uri(picture),
        ),
        call("user_check_online", &online),
        call("error_signature", &online),
        call("error_code_in_http_200", &online),
        call("error_non_json", &online),
        call("error_bytes_v3", &online),
        call("user_block", &BlockUser::new(["dave"], 10)),
        call("user_block_int", &BlockUser::new(["dave"], 43_200)),
        call("user_block_many", &BlockUser::new(["dave", "erin"], 10)),
        call("user_unblock", &UnblockUser::new(["dave"])),
        call("user_query_block", &QueryBlockedUsers::new()),
        call("call_api_no_params", &QueryBlockedUsers::new()),
        call("", &QueryBlockedUsers::new().page(1).size(50)),
        call("user_add_blacklist", &AddToBlacklist::new("alice", ["bob"])),
        call(
            "user_add_blacklist_many",
            &AddToBlacklist::new("alice", ["bob", "carol"]),
        ),
        call("user_query_blacklist", &QueryBlacklist::new("alice")),
        call(
            "",
            &QueryBlacklist::new("alice").page_token("next").size(1000),
        ),
        call(
            "user_remove_blacklist",
            &RemoveFromBlacklist::new("alice", ["bob"]),
        ),
        call("user_info", &GetUserInfo::new("alice")),
    ]
}

/// What most recorded messages say.
fn hello() -> Content {
    Text::new("hello").extra("helloExtra").into()
}

/// The kind and the text of a message in which the peer's types say something else than ours.
fn raw(text: &str) -> Content {
    Content::custom(ObjectName::Text, text)
}

const PUSH: &str = "thisisapush";
const PUSH_DATA: &str = r#"{"pushData":"hello"}"#;

fn private() -> Vec<Call> {
    let voice = r#"{"content":"hello","extra":"helloExtra","duration":20}"#;
    let notice = ContactNotice {
        operation: "Request".to_owned(),
        source_user_id: "alice".into(),
        target_user_id: "bob".into(),
        message: "hello".to_owned(),
        ..ContactNotice::default()
    };
    let notice = notice.extra(r#"{"title": "this is title", "name": "this is name"}"#);
    // The peer puts a field into it that the kind does not have.
    let notice = Content::from(notice).to_text();
    let notice = notice.replacen('{', r#"{"content":"this is content","#, 1);
    let to_bob = || PublishPrivate::saying("alice", ["bob"], hello());
    vec![
        call("message_publish_private", &to_bob()),
        call("message_publish_private_set", &to_bob()),
        call(
            "message_publish_private_full",
            &PublishPrivate::new("alice", ["bob", "carol", "dave"], "RC:VcMsg", voice)
                .push_content(PUSH)
                .push_data(PUSH_DATA)
                .count(4)
                .verify_blacklist(false)
                .is_persisted(false)
                .is_counted(false)
                .is_include_sender(false),
        ),
        call(
            "message_publish_private_unicode",
            &PublishPrivate::saying("alice", ["bob"], Text::new("你好 😀 a+b=c&d\n").extra("")),
        ),
        call(
            "message_publish_private_ints",
            &to_bob()
                .count(1)
                .verify_blacklist(Flag::ON)
                .is_persisted(Flag::ON)
                .is_counted(Flag::ON)
                .is_include_sender(Flag::ON),
        ),
        call(
            "message_publish_private_custom_type",
            &PublishPrivate::saying(
                "alice",
                ["bob"],
                Content::custom("MY:Order", "not json at all"),
            )
            .push_content("order"),
        ),
        call(
            "message_private_expansion",
            &PublishPrivate::saying("alice", ["bob"], "hi")
                .push_content("p")
                .count(2)
                .content_available(Flag::ON)
                .expansion(true)
                .disable_push(true)
                .push_ext(r#"{"title":"t"}"#),
        ),
        call(
            "message_private_publish_uids",
            &PublishPrivate::saying("alice", ["bob", "carol"], "hi"),
        ),
        call(
            "call_api_no_suffix",
            &PublishPrivate::new("alice", ["bob"], ObjectName::ContactNotice, notice)
                .push_content("this is push content")
                .push_data("this is push data"),
        ),
    ]
}

fn templates() -> Vec<Call> {
    let sample = r#"{"content":"{c}{d}{e}","extra":"bb"}"#;
    let of_two = |pushed: [&str; 2]| pushed.map(str::to_owned).to_vec();
    let marks = || {
        PublishTemplate::saying("alice", "{name}，你的成绩是{score}")
            .to("bob", [("{name}", "鲍勃"), ("{score}", "90")])
            .to("carol", [("{name}", "卡罗尔"), ("{score}", "95")])
            .push_content(of_two(["hi {name}"; 2]))
            .verify_blacklist(Flag::OFF)
    };
    vec![
        call(
            "message_publish_template",
            &PublishTemplate::saying("fromuser", raw(sample))
                .to("21", [("{c}", "1"), ("{d}", "2"), ("{e}", "3")])
                .to("22", [("{c}", "4"), ("{d}", "5"), ("{e}", "6")])
                .push_content(of_two(["push{c}"; 2]))
                .push_data(of_two(["pushd"; 2])),
        ),
        call(
            "message_publish_template_unicode",
            &marks().push_data(of_two([""; 2])),
        ),
        call("message_publish_template_none", &marks()),
        call(
            "message_publish_system_template",
            &PublishSystemTemplate::saying("fromuser", raw(sample))
                .to("21", [("{c}", "1"), ("{d}", "2"), ("{e}", "3")])
                .to("22", [("{c}", "4"), ("{d}", "5"), ("{e}", "6")])
                .push_content(of_two(["push{c}"; 2]))
                .push_data(of_two(["pushd"; 2])),
        ),
    ]
}

fn system() -> Vec<Call> {
    vec![
        call(
            "message_publish_system",
            &PublishSystem::saying("system", ["bob", "carol"], hello())
                .push_content(PUSH)
                .push_data(PUSH_DATA)
                .is_persisted(false)
                .is_counted(false),
        ),
        call(
            "message_publish_system_min",
            &PublishSystem::saying("system", ["bob"], hello()),
        ),
    ]
}

fn groups() -> Vec<Call> {
    let mention = r#"{"content": "@bob hi", "mentionedInfo": {"type": 2, "userIdList": ["bob"],
        "mentionedContent": "you were mentioned"}}"#;
    let of_npm = r#"{"content":"hello","mentionedInfo":
        {"type":2,"pushContent":"ping","userIdList":["bob"]}}"#;
    vec![
        call(
            "message_publish_group",
            &PublishGroup::saying("alice", ["g1"], hello()),
        ),
        call(
            "message_publish_group_full",
            &PublishGroup::saying("alice", ["g1", "g2", "g3"], hello())
                .push_content(PUSH)
                .push_data(PUSH_DATA)
                .is_persisted(Flag::ON)
                .is_counted(Flag::ON)
                .is_include_sender(Flag::OFF),
        ),
        call(
            "message_group_direction",
            &PublishGroup::saying("alice", ["g1"], "hi")
                .to_user_id(["bob", "carol"].map(Into::into)),
        ),
        call(
            "message_group_mention",
            &PublishGroup::saying("alice", ["g1"], Content::read(&ObjectName::Text, mention)),
        ),
        call(
            "npm_group_send_mention",
            &PublishGroup::saying("alice", ["g1"], raw(of_npm)).is_mentioned(true),
        ),
        call(
            "message_publish_discussion",
            &PublishDiscussion::saying("alice", "d1", hello())
                .push_content(PUSH)
                .push_data(PUSH_DATA)
                .is_persisted(Flag::ON)
                .is_counted(Flag::ON)
                .is_include_sender(Flag::OFF),
        ),
    ]
}

fn rooms() -> Vec<Call> {
    vec![
        call(
            "message_publish_chatroom",
            &PublishChatroom::saying("alice", ["r1"], hello()),
        ),
        call(
            "message_publish_chatroom_many",
            &PublishChatroom::saying("alice", ["r1", "r2", "r3"], hello()),
        ),
        call(
            "message_chatroom_broadcast",
            &BroadcastChatrooms::saying("system", "hi"),
        ),
    ]
}

fn broadcasts() -> Vec<Call> {
    let broadcast = || BroadcastMessage::saying("system", hello());
    vec![
        call(
            "message_broadcast",
            &BroadcastMessage::saying("system", Text::new("哈哈").extra("hello ex"))
                .push_content(PUSH)
                .push_data(PUSH_DATA)
                .os("iOS"),
        ),
        call("message_broadcast_min", &broadcast()),
        call("message_broadcast_limited", &broadcast()),
        call(
            "message_online_broadcast",
            &BroadcastOnline::saying("system", "hi"),
        ),
    ]
}

fn status() -> Vec<Call> {
    let typing = || Typing::new(ObjectName::Text);
    vec![
        call(
            "message_private_status",
            &PublishPrivateStatus::saying("alice", ["bob"], typing()),
        ),
        call(
            "message_group_status",
            &PublishGroupStatus::saying("alice", ["g1"], typing()),
        ),
    ]
}

fn recalls() -> Vec<Call> {
    use ConversationType::{Chatroom, Group, Private};
    let recall = |kind, target: &str| {
        let uid = "5FGT-7VA9-G4DD-4V5P";
        RecallMessage::new("alice", kind, target, uid, 1_507_778_882_124_i64)
    };
    vec![
        call("call_api_recall", &recall(Private, "bob")),
        call("npm_message_recall", &recall(Private, "bob")),
        call(
            "message_recall_private",
            &recall(Private, "bob").is_admin(false).is_delete(false),
        ),
        call(
            "message_recall_group",
            &recall(Group, "g1")
                .is_admin(true)
                .is_delete(false)
                .extra("x"),
        ),
        call("message_recall_chatroom", &recall(Chatroom, "r1")),
        call("", &recall(Private, "bob").disable_push(true)),
    ]
}

fn history() -> Vec<Call> {
    vec![
        call("message_get_history", &GetHistory::new("2014010101")),
        call("message_get_history_empty", &GetHistory::new("2014010102")),
        call("message_delete_history", &DeleteHistory::new("2014010101")),
    ]
}
