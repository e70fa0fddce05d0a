//! Calls for groups, chatrooms, words, tags, push, SMS and the settings of conversations.

use mynah_rongcloud::api::chatroom::{
    AddChatroomBlock, AddChatroomGag, AddChatroomWhitelist, AddKeepalive, AddPriority,
    CheckChatroomUser, CheckChatroomUsers, CreateChatrooms, DestroyChatrooms, JoinChatroom,
    ListChatroomBlocks, ListChatroomGags, Order, QueryChatroomUsers, QueryChatroomWhitelist,
    QueryChatrooms, QueryKeepalive, QueryPriority, RemoveChatroomWhitelist, RemoveKeepalive,
    RemovePriority, ResumeDistribution, RollbackChatroomBlock, RollbackChatroomGag,
    StopDistribution,
};
use mynah_rongcloud::api::conversation::{GetNotification, SetNotification, SetTop, UnpushLevel};
use mynah_rongcloud::api::group::{
    AddGroupBan, AddGroupBanWhitelist, AddGroupGag, CreateGroup, DismissGroup, JoinGroup,
    ListGroupGags, QueryGroupBanWhitelist, QueryGroupBans, QueryGroupUsers, QueryUserGroups,
    QuitGroup, RefreshGroup, RollbackGroupBan, RollbackGroupBanWhitelist, RollbackGroupGag,
    SyncGroups,
};
use mynah_rongcloud::api::push::{Audience, GetUserTags, PushNotification, SendPush, SetUserTags};
use mynah_rongcloud::api::sensitiveword::{
    AddSensitiveWord, DeleteSensitiveWord, DeleteSensitiveWords, ListSensitiveWords, Listed,
};
use mynah_rongcloud::api::sms::{GetImageCode, SendCode, VerifyCode};
use mynah_rongcloud::api::wordfilter::{AddWord, DeleteWord, ListWords};
use mynah_rongcloud::content::GroupNotice;
use mynah_rongcloud::{Content, ConversationType, Named, ObjectName};
use serde_json::{Value, json};

use super::{Call, call};

/// Those that were recorded, and those that nobody recorded.
pub(super) fn calls() -> Vec<Call> {
    let mut calls = words();
    calls.extend(groups());
    calls.extend(mutes_of_groups());
    calls.extend(chatrooms());
    calls.extend(people_in_chatrooms());
    calls.extend(settings_of_chatrooms());
    calls.extend(pushes());
    calls.extend(telephones());
    calls.extend(conversations());
    calls
}

fn words() -> Vec<Call> {
    vec![
        call("wordfilter_add", &AddWord::new("money")),
        call("wordfilter_add_unicode", &AddWord::new("敏感词")),
        call("wordfilter_list", &ListWords::new()),
        call("wordfilter_delete", &DeleteWord::new("money")),
        call(
            "sensitive_add_replace",
            &AddSensitiveWord::new("money").replace_word("***"),
        ),
        call(
            "npm_sensitive_add",
            &AddSensitiveWord::new("money").replace_word("***"),
        ),
        call("sensitive_add_block", &AddSensitiveWord::new("money")),
        call("sensitive_delete", &DeleteSensitiveWord::new("['money']")),
        call(
            "sensitive_batch_delete",
            &DeleteSensitiveWords::new(["money", "gold"]),
        ),
        call(
            "sensitive_list",
            &ListSensitiveWords::new().kind(Listed::All),
        ),
        call("", &ListSensitiveWords::new()),
    ]
}

fn groups() -> Vec<Call> {
    let notice = GroupNotice {
        operator_user_id: "alice".into(),
        operation: "Create".to_owned(),
        data: "{}".to_owned(),
        message: "created".to_owned(),
        ..GroupNotice::default()
    };
    vec![
        call(
            "group_create",
            &CreateGroup::new(["alice"], "g1", "Group One"),
        ),
        call(
            "group_create_many",
            &CreateGroup::new(["alice", "bob", "carol"], "g1", "一号群"),
        ),
        call(
            "npm_group_create",
            &CreateGroup::new(["alice", "bob"], "g1", "G 1"),
        ),
        call(
            "call_api_bool_and_list",
            &CreateGroup::new(["alice", "bob"], "g9", "G").bind_notify_msg(true),
        ),
        call(
            "group_create_bind_notify",
            &CreateGroup::new(["alice", "bob"], "g1", "G")
                .telling("alice", notice)
                .max_member(0),
        ),
        call(
            "group_sync",
            &SyncGroups::new(
                "alice",
                [("g1", "Group One"), ("g2", "Group Two"), ("g3", "三号群")],
            ),
        ),
        call(
            "group_sync_single",
            &SyncGroups::new("alice", [("g1", "Group One")]),
        ),
        call(
            "group_sync_empty",
            &SyncGroups::new("alice", Named::default()),
        ),
        call("group_refresh", &RefreshGroup::new("g1", "newGroupName")),
        call(
            "group_join",
            &JoinGroup::new(["bob", "carol", "dave"], "g1").group_name("Group One"),
        ),
        call(
            "group_join_single",
            &JoinGroup::new(["erin"], "g1").group_name("Group One"),
        ),
        call(
            "group_join_full",
            &JoinGroup::new(["erin"], "gfull").group_name("x"),
        ),
        call("", &JoinGroup::new(["erin"], "g1")),
        call("group_query_user", &QueryGroupUsers::new("g1")),
        call("group_quit", &QuitGroup::new(["bob", "carol"], "g1")),
        call("group_quit_single", &QuitGroup::new(["bob"], "g1")),
        call("group_dismiss", &DismissGroup::new("alice", "g1")),
        call("user_group_query", &QueryUserGroups::new("alice")),
        call(
            "user_group_query_paged",
            &QueryUserGroups::new("alice").page(1).size(50),
        ),
    ]
}

fn mutes_of_groups() -> Vec<Call> {
    vec![
        call(
            "group_add_gag",
            &AddGroupGag::new(["bob"], 1).group_id("g1"),
        ),
        call(
            "group_add_gag_many",
            &AddGroupGag::new(["bob", "carol"], 0).group_id("g1"),
        ),
        call("", &AddGroupGag::new(["bob"], 60)),
        call("group_list_gag", &ListGroupGags::new().group_id("g1")),
        call("", &ListGroupGags::new()),
        call(
            "group_rollback_gag",
            &RollbackGroupGag::new(["bob", "carol"]).group_id("g1"),
        ),
        call("group_ban_add", &AddGroupBan::new(["g1", "g2"])),
        call("group_ban_rollback", &RollbackGroupBan::new(["g1"])),
        call("group_ban_query", &QueryGroupBans::of(["g1"])),
        call("", &QueryGroupBans::new().page(1).size(200)),
        call(
            "group_ban_whitelist_add",
            &AddGroupBanWhitelist::new(["alice", "bob"], "g1"),
        ),
        call(
            "group_ban_whitelist_rollback",
            &RollbackGroupBanWhitelist::new(["bob"], "g1"),
        ),
        call(
            "group_ban_whitelist_query",
            &QueryGroupBanWhitelist::new("g1"),
        ),
    ]
}

fn chatrooms() -> Vec<Call> {
    vec![
        call(
            "chatroom_create",
            &CreateChatrooms::new([("r1", "Room 1"), ("r2", "房间二")]),
        ),
        call(
            "chatroom_create_dict_items",
            &CreateChatrooms::new([("r1", "Room 1")]),
        ),
        call(
            "npm_chatroom_create",
            &CreateChatrooms::new([("r1", "Room")]),
        ),
        call("chatroom_query", &QueryChatrooms::new(["r1", "r2"])),
        call("chatroom_query_single", &QueryChatrooms::new(["r1"])),
        call(
            "chatroom_query_user",
            &QueryChatroomUsers::new("r1", 500, Order::Descending),
        ),
        call(
            "chatroom_query_user_int",
            &QueryChatroomUsers::new("r1", 2, Order::Ascending),
        ),
        call(
            "chatroom_user_exist",
            &CheckChatroomUser::new("r1", "alice"),
        ),
        call(
            "chatroom_users_exist",
            &CheckChatroomUsers::new("r1", ["alice", "bob"]),
        ),
        call("chatroom_destroy", &DestroyChatrooms::new(["r1", "r2"])),
        call("chatroom_destroy_single", &DestroyChatrooms::new(["r1"])),
    ]
}

fn people_in_chatrooms() -> Vec<Call> {
    vec![
        call("chatroom_join", &JoinChatroom::new(["alice", "bob"], "r1")),
        call("chatroom_join_single", &JoinChatroom::new(["alice"], "r1")),
        call("chatroom_add_gag", &AddChatroomGag::new(["bob"], "r1", 1)),
        call("chatroom_list_gag", &ListChatroomGags::new("r1")),
        call(
            "chatroom_rollback_gag",
            &RollbackChatroomGag::new(["bob"], "r1"),
        ),
        call(
            "chatroom_add_block",
            &AddChatroomBlock::new(["bob", "carol"], "r1", 1),
        ),
        call("chatroom_list_block", &ListChatroomBlocks::new("r1")),
        call(
            "chatroom_rollback_block",
            &RollbackChatroomBlock::new(["bob"], "r1"),
        ),
        call(
            "chatroom_add_whitelist",
            &AddChatroomWhitelist::new("r1", ["alice", "bob"]),
        ),
        call(
            "chatroom_user_whitelist_remove",
            &RemoveChatroomWhitelist::new("r1", ["alice"]),
        ),
        call(
            "chatroom_user_whitelist_query",
            &QueryChatroomWhitelist::new("r1"),
        ),
    ]
}

fn settings_of_chatrooms() -> Vec<Call> {
    use ObjectName::{Image, RichText, Voice};
    vec![
        call("chatroom_stop_distribution", &StopDistribution::new("r1")),
        call(
            "chatroom_resume_distribution",
            &ResumeDistribution::new("r1"),
        ),
        call(
            "chatroom_add_priority",
            &AddPriority::new([Voice, RichText, Image]),
        ),
        call("chatroom_add_priority_single", &AddPriority::new([Voice])),
        call("chatroom_priority_remove", &RemovePriority::new([Voice])),
        call("chatroom_priority_query", &QueryPriority::new()),
        call("chatroom_keepalive_add", &AddKeepalive::new("r1")),
        call("chatroom_keepalive_remove", &RemoveKeepalive::new("r1")),
        call("chatroom_keepalive_query", &QueryKeepalive::new()),
    ]
}

/// The push of the documentation's example.
fn example() -> SendPush {
    let extras = json!({"alert": "override alert", "extras": {"id": "1", "name": "2"}});
    let Value::Object(extras) = extras else {
        unreachable!()
    };
    let audience = Audience {
        tag: vec!["女".into(), "年轻".into(), "北京".into()],
        ..Audience::users(["123", "456"])
    };
    let notification = PushNotification {
        ios: extras.clone(),
        android: extras,
        ..PushNotification::new("this is a push")
    };
    let content = r#"{"content":"1111","extra":"aa"}"#;
    SendPush::new(["ios", "android"], audience, notification)
        .saying("fromuseId1", Content::custom(ObjectName::Text, content))
}

fn pushes() -> Vec<Call> {
    let only = PushNotification::new("push only");
    vec![
        call(
            "push_set_user_tag",
            &SetUserTags::new("31232", ["bj", "男"]),
        ),
        call(
            "push_set_user_tag_clear",
            &SetUserTags::new("alice", [""; 0]),
        ),
        call(
            "user_tag_set_single",
            &SetUserTags::new("alice", ["bj", "vip"]),
        ),
        call("call_api_json", &SetUserTags::new("alice", ["bj", "男"])),
        call("user_tags_get", &GetUserTags::new(["alice", "bob"])),
        call("push_broadcast", &example()),
        call(
            "push_broadcast_push_only",
            &SendPush::new(["ios", "android"], Audience::all(), only),
        ),
        call(
            "",
            &SendPush::new(
                ["ios"],
                Audience::tagged_any(["bj", "sh"]),
                PushNotification::new("hello"),
            ),
        ),
        call(
            "",
            &SendPush::new(
                ["android"],
                Audience::tagged(["bj"]),
                PushNotification::new("hello"),
            ),
        ),
    ]
}

fn telephones() -> Vec<Call> {
    vec![
        call("sms_get_image_code", &GetImageCode::new("rc-sandbox")),
        call("sms_send_code", &SendCode::to("13500000000", "tpl-1")),
        call(
            "sms_send_code_verified",
            &SendCode::to("13500000000", "tpl-1")
                .verify_id("verify-1")
                .verify_code("ABCD"),
        ),
        call("call_api_sms_host", &SendCode::to("13500000000", "t")),
        call("sms_verify_code", &VerifyCode::new("session-1", "123456")),
        call(
            "sms_verify_code_wrong",
            &VerifyCode::new("session-1", "000000"),
        ),
    ]
}

fn conversations() -> Vec<Call> {
    use ConversationType::{Group, Private};
    vec![
        call(
            "conversation_notification_set",
            &SetNotification::new(Group, "alice", "g1", true),
        ),
        call(
            "npm_conversation_mute",
            &SetNotification::new(Private, "alice", "bob", true),
        ),
        call(
            "conversation_notification_set_level",
            &SetNotification::new(Private, "alice", "bob", true).unpush_level(UnpushLevel::None),
        ),
        call(
            "conversation_notification_get",
            &GetNotification::new(Group, "alice", "g1"),
        ),
        call(
            "conversation_top_set",
            &SetTop::new("alice", Group, "g1", true),
        ),
    ]
}
