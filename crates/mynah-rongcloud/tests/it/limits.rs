//! What is refused before it is sent, and in which words a server refuses it.

use mynah_core::{BadParameters, Endpoint, Platform, decode_request, encode_request};
use mynah_rongcloud::api::chatroom::{
    AddChatroomBlock, AddChatroomGag, AddChatroomWhitelist, AddPriority, CheckChatroomUsers,
    CreateChatrooms, DestroyChatrooms, JoinChatroom, Order, QueryChatroomUsers, QueryChatrooms,
    RemoveChatroomWhitelist, RemovePriority, RollbackChatroomBlock, RollbackChatroomGag,
};
use mynah_rongcloud::api::conversation::{GetNotification, SetNotification, SetTop, UnpushLevel};
use mynah_rongcloud::api::group::{
    AddGroupBan, AddGroupBanWhitelist, AddGroupGag, CreateGroup, DismissGroup, JoinGroup,
    QueryGroupBans, QueryGroupUsers, QueryUserGroups, QuitGroup, RefreshGroup, RollbackGroupBan,
    RollbackGroupBanWhitelist, RollbackGroupGag, SyncGroups,
};
use mynah_rongcloud::api::push::{Audience, GetUserTags, PushNotification, SendPush, SetUserTags};
use mynah_rongcloud::api::sensitiveword::{
    AddSensitiveWord, DeleteSensitiveWord, DeleteSensitiveWords, ListSensitiveWords, Listed,
};
use mynah_rongcloud::api::sms::{SendCode, VerifyCode};
use mynah_rongcloud::api::wordfilter::{AddWord, DeleteWord};
use mynah_rongcloud::{Content, ConversationType, GroupId, Named, ObjectName, RongCloud};

/// What the client says instead of sending the call.
pub(crate) fn refused<E: Endpoint>(endpoint: &E) -> String {
    let error = encode_request(&crate::table::base(), endpoint).unwrap_err();
    assert_eq!(error.endpoint(), E::META.name);
    endpoint.check().unwrap_err().to_string()
}

/// What a server answers to the same call.
pub(crate) fn answered<E: Endpoint>(endpoint: &E) -> (Option<i64>, String) {
    let error = RongCloud::bad_parameters(endpoint.check().unwrap_err());
    assert_eq!(error.status, 400);
    (error.code.number(), error.message)
}

pub(crate) fn passes<E: Endpoint>(endpoint: &E) {
    assert_eq!(endpoint.check(), Ok(()));
}

/// So many different ids.
pub(crate) fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("u{number}")).collect()
}

/// A text of so many bytes.
pub(crate) fn long(bytes: usize) -> String {
    "a".repeat(bytes)
}

#[test]
fn at_most_1000_users_come_into_a_group_or_leave_it_in_one_call() {
    passes(&CreateGroup::new(ids(1000), "g1", "One"));
    passes(&JoinGroup::new(ids(1000), "g1"));
    passes(&QuitGroup::new(ids(1000), "g1"));
    let many = "`userId`: at most 1000, not 1001";
    assert_eq!(refused(&CreateGroup::new(ids(1001), "g1", "One")), many);
    assert_eq!(refused(&JoinGroup::new(ids(1001), "g1")), many);
    assert_eq!(refused(&QuitGroup::new(ids(1001), "g1")), many);
}

#[test]
fn at_most_20_users_or_groups_are_muted_in_one_call() {
    passes(&AddGroupGag::new(ids(20), 1));
    passes(&AddGroupBan::new(ids(20)));
    passes(&AddChatroomBlock::new(ids(20), "r1", 1));
    let many = |field: &str| format!("`{field}`: at most 20, not 21");
    let users = || ids(21);
    for found in [
        refused(&AddGroupGag::new(users(), 1).group_id("g1")),
        refused(&AddGroupGag::new(users(), 1)),
        refused(&RollbackGroupGag::new(users())),
        refused(&AddGroupBanWhitelist::new(users(), "g1")),
        refused(&RollbackGroupBanWhitelist::new(users(), "g1")),
        refused(&AddChatroomGag::new(users(), "r1", 1)),
        refused(&RollbackChatroomGag::new(users(), "r1")),
        refused(&AddChatroomBlock::new(users(), "r1", 1)),
        refused(&RollbackChatroomBlock::new(users(), "r1")),
    ] {
        assert_eq!(found, many("userId"));
    }
    for found in [
        refused(&AddGroupBan::new(users())),
        refused(&RollbackGroupBan::new(users())),
        refused(&QueryGroupBans::of(users())),
    ] {
        assert_eq!(found, many("groupId"));
    }
}

#[test]
fn a_chatroom_takes_50_at_once_whitelists_5_and_tells_of_1000() {
    passes(&JoinChatroom::new(ids(50), "r1"));
    passes(&AddChatroomWhitelist::new("r1", ids(5)));
    passes(&CheckChatroomUsers::new("r1", ids(1000)));
    let many = |most: usize| format!("`userId`: at most {most}, not {}", most + 1);
    assert_eq!(refused(&JoinChatroom::new(ids(51), "r1")), many(50));
    assert_eq!(refused(&AddChatroomWhitelist::new("r1", ids(6))), many(5));
    assert_eq!(
        refused(&RemoveChatroomWhitelist::new("r1", ids(6))),
        many(5)
    );
    assert_eq!(
        refused(&CheckChatroomUsers::new("r1", ids(1001))),
        many(1000)
    );
}

#[test]
fn one_call_creates_100_chatrooms_and_destroys_any_number() {
    let rooms = |count| {
        ids(count)
            .into_iter()
            .map(|id| (id, "Room"))
            .collect::<Vec<_>>()
    };
    passes(&CreateChatrooms::new(rooms(100)));
    assert_eq!(
        refused(&CreateChatrooms::new(rooms(101))),
        "`chatroom`: at most 100, not 101"
    );
    assert_eq!(
        refused(&CreateChatrooms::new(Named::default())),
        "`chatroom`: is required"
    );
    passes(&DestroyChatrooms::new(ids(2000)));
    passes(&QueryChatrooms::new(ids(2000)));
}

#[test]
fn one_call_lowers_5_kinds_of_messages() {
    let kinds = |count| {
        ids(count)
            .into_iter()
            .map(ObjectName::from)
            .collect::<Vec<_>>()
    };
    passes(&AddPriority::new(kinds(5)));
    let many = "`objectName`: at most 5, not 6";
    assert_eq!(refused(&AddPriority::new(kinds(6))), many);
    assert_eq!(refused(&RemovePriority::new(kinds(6))), many);
    assert_eq!(
        refused(&AddPriority::new([long(33).as_str()])),
        "`objectName`: at most 32 characters, not 33"
    );
}

/// 0 is for ever in a group, and nothing in a chatroom.
#[test]
fn a_mute_lasts_30_days_at_most() {
    for minute in [0, 1, 43_200] {
        passes(&AddGroupGag::new(["bob"], minute));
    }
    for minute in [1, 43_200] {
        passes(&AddChatroomGag::new(["bob"], "r1", minute));
        passes(&AddChatroomBlock::new(["bob"], "r1", minute));
    }
    for minute in [-1, 43_201] {
        assert_eq!(
            refused(&AddGroupGag::new(["bob"], minute)),
            format!("`minute`: 0 to 43200, not {minute}")
        );
    }
    for minute in [-1, 0, 43_201] {
        let outside = format!("`minute`: 1 to 43200, not {minute}");
        assert_eq!(
            refused(&AddChatroomGag::new(["bob"], "r1", minute)),
            outside
        );
        assert_eq!(
            refused(&AddChatroomBlock::new(["bob"], "r1", minute)),
            outside
        );
    }
}

#[test]
fn an_id_has_64_bytes_and_is_never_empty() {
    passes(&DismissGroup::new(long(64), long(64)));
    let too_long = |field: &str| format!("`{field}`: at most 64 bytes, not 65");
    assert_eq!(
        refused(&DismissGroup::new(long(65), "g1")),
        too_long("userId")
    );
    assert_eq!(
        refused(&QueryGroupUsers::new(long(65))),
        too_long("groupId")
    );
    assert_eq!(
        refused(&AddGroupGag::new(["bob"], 1).group_id(long(65))),
        too_long("groupId")
    );
    assert_eq!(
        refused(&DestroyChatrooms::new([long(65)])),
        too_long("chatroomId")
    );
    assert_eq!(
        refused(&SyncGroups::new("alice", [(long(65), "One")])),
        too_long("group")
    );
    assert_eq!(
        refused(&SetTop::new(
            "alice",
            ConversationType::Group,
            long(65).as_str(),
            true
        )),
        too_long("targetId")
    );
    let missing = |field: &str| format!("`{field}`: is required");
    assert_eq!(refused(&QueryGroupUsers::new("")), missing("groupId"));
    assert_eq!(refused(&JoinGroup::new([""], "g1")), missing("userId"));
    assert_eq!(refused(&JoinGroup::new([""; 0], "g1")), missing("userId"));
    assert_eq!(
        refused(&VerifyCode::new("", "123456")),
        missing("sessionId")
    );
    // Nobody in particular may be synchronised with nothing, and all groups may be asked about.
    passes(&SyncGroups::new("alice", Named::<GroupId>::default()));
    passes(&QueryGroupBans::new());
}

#[test]
fn the_name_of_a_group_has_64_characters() {
    let name = |count| "群".repeat(count);
    passes(&RefreshGroup::new("g1", name(64)));
    let too_long = "`groupName`: at most 64 characters, not 65";
    assert_eq!(refused(&RefreshGroup::new("g1", name(65))), too_long);
    assert_eq!(
        refused(&CreateGroup::new(["alice"], "g1", name(65))),
        too_long
    );
    assert_eq!(
        refused(&JoinGroup::new(["alice"], "g1").group_name(name(65))),
        too_long
    );
    assert_eq!(
        refused(&SyncGroups::new("alice", [("g1", name(65))])),
        "`group`: at most 64 characters, not 65"
    );
    assert_eq!(
        refused(&RefreshGroup::new("g1", "")),
        "`groupName`: is required"
    );
}

#[test]
fn a_word_has_32_characters() {
    let word = |count| "词".repeat(count);
    passes(&AddWord::new(word(32)));
    passes(&AddSensitiveWord::new(word(32)).replace_word(word(32)));
    let too_long = |field: &str| format!("`{field}`: at most 32 characters, not 33");
    assert_eq!(refused(&AddWord::new(word(33))), too_long("word"));
    assert_eq!(refused(&DeleteWord::new(word(33))), too_long("word"));
    assert_eq!(refused(&AddSensitiveWord::new(word(33))), too_long("word"));
    assert_eq!(
        refused(&DeleteSensitiveWord::new(word(33))),
        too_long("word")
    );
    assert_eq!(
        refused(&DeleteSensitiveWords::new([word(33)])),
        too_long("words")
    );
    assert_eq!(
        refused(&AddSensitiveWord::new("money").replace_word(word(33))),
        too_long("replaceWord")
    );
    passes(&DeleteSensitiveWords::new(ids(50)));
    assert_eq!(
        refused(&DeleteSensitiveWords::new(ids(51))),
        "`words`: at most 50, not 51"
    );
    assert_eq!(
        refused(&ListSensitiveWords::new().kind(Listed::Other(3))),
        "`type`: 0 to 2, not 3"
    );
}

#[test]
fn a_user_has_20_tags_of_40_bytes() {
    passes(&SetUserTags::new("alice", vec![long(40); 20]));
    passes(&GetUserTags::new(ids(50)));
    assert_eq!(
        refused(&SetUserTags::new("alice", ids(21))),
        "`tags`: at most 20, not 21"
    );
    assert_eq!(
        refused(&SetUserTags::new("alice", ["男".repeat(14)])),
        "`tags`: at most 40 bytes, not 42"
    );
    assert_eq!(
        refused(&GetUserTags::new(ids(51))),
        "`userIds`: at most 50, not 51"
    );
}

#[test]
fn a_push_goes_to_systems_there_are_and_to_1000_users() {
    let push = |audience| SendPush::new(["ios"], audience, PushNotification::new("hello"));
    passes(&push(Audience::users(ids(1000))));
    passes(&push(Audience::tagged(ids(20))));
    assert_eq!(
        refused(&push(Audience::users(ids(1001)))),
        "`userid`: at most 1000, not 1001"
    );
    assert_eq!(
        refused(&push(Audience::tagged(ids(21)))),
        "`tag`: at most 20, not 21"
    );
    assert_eq!(
        refused(&push(Audience::tagged_any(ids(21)))),
        "`tag_or`: at most 20, not 21"
    );
    assert_eq!(
        refused(&push(Audience::all()).saying("alice", Content::custom("MY:Order", ""))),
        "`content`: is required"
    );
    assert_eq!(
        refused(&push(Audience::all()).saying("alice", Content::custom("MY:Order", long(131_073)))),
        "`content`: at most 131072 bytes, not 131073"
    );
    let to = |platforms: &[&'static str], alert: &str| {
        let platforms = platforms.iter().copied();
        SendPush::new(platforms, Audience::all(), PushNotification::new(alert))
    };
    assert_eq!(refused(&to(&[], "hello")), "`platform`: is required");
    assert_eq!(
        refused(&to(&["windows"], "hello")),
        "`platform`: ios or android, not another"
    );
    assert_eq!(refused(&to(&["ios"], "")), "`alert`: is required");
}

#[test]
fn only_numbers_of_china_are_verified() {
    passes(&SendCode::to("13500000000", "t"));
    assert_eq!(
        refused(&SendCode::new("13500000000", "t", "886")),
        "`region`: only 86, not a text of 3 bytes"
    );
    assert_eq!(refused(&SendCode::to("", "t")), "`mobile`: is required");
}

#[test]
fn only_private_groups_and_system_conversations_have_settings() {
    let level = |level| {
        SetNotification::new(ConversationType::Private, "alice", "bob", true).unpush_level(level)
    };
    passes(&level(UnpushLevel::All));
    assert_eq!(
        refused(&level(UnpushLevel::Other(3))),
        "`unpushLevel`: -1, 0, 1, 2, 4 or 5, not 3"
    );
    let wrong = "`conversationType`: 1, 3 or 6, not 4";
    let chatroom = ConversationType::Chatroom;
    assert_eq!(
        refused(&GetNotification::new(chatroom, "alice", "r1")),
        wrong
    );
    assert_eq!(refused(&SetTop::new("alice", chatroom, "r1", true)), wrong);
}

#[test]
fn pages_begin_at_nothing_and_have_their_sizes() {
    passes(&QueryUserGroups::new("alice").page(0).size(1000));
    passes(&QueryGroupBans::new().page(1).size(200));
    assert_eq!(
        refused(&QueryUserGroups::new("alice").size(1001)),
        "`size`: 1 to 1000, not 1001"
    );
    assert_eq!(
        refused(&QueryGroupBans::new().size(201)),
        "`size`: 1 to 200, not 201"
    );
    let users = |count, order: i64| QueryChatroomUsers::new("r1", count, order);
    // More than 500 is no error; 500 are told.
    passes(&users(501, 1));
    let refusal = refused(&users(0, 1));
    assert!(refusal.starts_with("`count`: 1 to "), "{refusal}");
    assert_eq!(refused(&users(1, 3)), "`order`: 1 to 2, not 3");
    passes(&QueryChatroomUsers::new("r1", 1, Order::Descending));
}

#[test]
fn a_server_says_the_same_with_the_codes_of_the_platform() {
    let says = |code: i64, words: &str| (Some(code), words.to_owned());
    assert_eq!(
        answered(&JoinGroup::new([""; 0], "g1")),
        says(1002, "userId is required.")
    );
    assert_eq!(
        answered(&AddGroupGag::new(["bob"], -1)),
        says(1002, "minute is invalid.")
    );
    assert_eq!(
        answered(&AddWord::new(long(33))),
        says(1005, "word is too long.")
    );
    assert_eq!(
        answered(&JoinGroup::new(ids(1001), "g1")),
        says(1002, "Too many userId.")
    );
    // What is missing comes first, then what is wrong, too long, too many.
    assert_eq!(
        answered(&AddChatroomGag::new(ids(21), "", 0)),
        says(1002, "chatroomId is required.")
    );
    assert_eq!(
        answered(&AddChatroomGag::new(ids(21), long(65), 0)),
        says(1002, "minute is invalid.")
    );
    assert_eq!(
        answered(&AddChatroomGag::new(ids(21), long(65), 1)),
        says(1005, "chatroomId is too long.")
    );
    let body = RongCloud::bad_parameters(BadParameters::body("not a JSON object"));
    assert_eq!(body.code.number(), Some(1002));
}

#[test]
fn what_is_not_there_or_no_number_is_refused_when_it_is_read() {
    let read = |body: &'static str| {
        let mut request = mynah_core::HttpRequest::new(body.into());
        *request.method_mut() = "POST".parse().unwrap();
        *request.uri_mut() = "/group/user/gag/add.json".parse().unwrap();
        decode_request::<AddGroupGag>(&request).map_err(|error| error.message)
    };
    let gag = AddGroupGag::new(["bob"], 1).group_id("g1");
    assert_eq!(read("userId=bob&groupId=g1&minute=1"), Ok(gag));
    let says = |words: &str| Err(words.to_owned());
    assert_eq!(read("groupId=g1&minute=1"), says("userId is required."));
    assert_eq!(read("userId=bob&minute=soon"), says("minute is invalid."));
    assert_eq!(read("userId=bob&minute=1.5"), says("minute is invalid."));
    assert_eq!(read(""), says("userId is required."));
}
