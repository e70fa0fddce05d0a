//! The same of calls for users, messages and the log.

use mynah_core::{Endpoint, HttpRequest, RawRequest, decode_request};
use mynah_rongcloud::api::history::{DeleteHistory, GetHistory};
use mynah_rongcloud::api::message::{
    BroadcastMessage, PublishChatroom, PublishDiscussion, PublishGroup, PublishGroupStatus,
    PublishPrivate, PublishPrivateStatus, PublishSystem, PublishSystemTemplate, PublishTemplate,
    RecallMessage,
};
use mynah_rongcloud::api::user::{
    AddToBlacklist, BlockUser, CheckOnline, ExpireTokens, GetToken, GetUserInfo, QueryBlacklist,
    QueryBlockedUsers, RefreshUser, RemoveFromBlacklist, UnblockUser,
};
use mynah_rongcloud::{Content, ConversationType, UserId};

use crate::limits::{answered, ids, long, passes, refused};

#[test]
fn a_user_has_64_bytes_of_id_128_of_name_and_1024_of_picture() {
    let widest = GetToken::new(long(64), "界".repeat(42)).portrait_uri(long(1024));
    passes(&widest);
    passes(&GetToken::new("alice", ""));
    passes(&RefreshUser::new("alice").name("").portrait_uri(""));
    assert_eq!(
        refused(&GetToken::new(long(65), "")),
        "`userId`: at most 64 bytes, not 65"
    );
    assert_eq!(
        refused(&GetToken::new("alice", "界".repeat(43))),
        "`name`: at most 128 bytes, not 129"
    );
    assert_eq!(
        refused(&RefreshUser::new("alice").name(long(129))),
        "`name`: at most 128 bytes, not 129"
    );
    let picture = "`portraitUri`: at most 1024 bytes, not 1025";
    assert_eq!(refused(&widest.portrait_uri(long(1025))), picture);
    assert_eq!(
        refused(&RefreshUser::new("alice").portrait_uri(long(1025))),
        picture
    );
    for found in [
        refused(&GetToken::new("", "")),
        refused(&RefreshUser::new("")),
        refused(&CheckOnline::new("")),
        refused(&GetUserInfo::new("")),
        refused(&QueryBlacklist::new("")),
        refused(&AddToBlacklist::new("", ["bob"])),
        refused(&BlockUser::new([""], 1)),
    ] {
        assert_eq!(found, "`userId`: is required");
    }
}

#[test]
fn a_call_is_about_20_users_at_most() {
    passes(&BlockUser::new(ids(20), 43_200));
    passes(&AddToBlacklist::new("alice", ids(20)));
    for found in [
        refused(&BlockUser::new(ids(21), 1)),
        refused(&UnblockUser::new(ids(21))),
        refused(&ExpireTokens::new(ids(21), 0)),
    ] {
        assert_eq!(found, "`userId`: at most 20, not 21");
    }
    for found in [
        refused(&AddToBlacklist::new("alice", ids(21))),
        refused(&RemoveFromBlacklist::new("alice", ids(21))),
    ] {
        assert_eq!(found, "`blackUserId`: at most 20, not 21");
    }
}

#[test]
fn somebody_is_blocked_for_a_minute_to_30_days() {
    for minute in [0, -1, 43_201] {
        let found = refused(&BlockUser::new(["dave"], minute));
        assert_eq!(found, format!("`minute`: 1 to 43200, not {minute}"));
    }
    passes(&BlockUser::new(["dave"], 1));
    assert!(refused(&ExpireTokens::new(["dave"], -1)).starts_with("`time`: 0 to"));
}

#[test]
fn a_page_has_1000_rows_at_most() {
    passes(&QueryBlockedUsers::new().page(0).size(1000));
    let size = "`size`: 1 to 1000, not 1001";
    assert_eq!(refused(&QueryBlockedUsers::new().size(1001)), size);
    assert_eq!(refused(&QueryBlacklist::new("alice").size(1001)), size);
}

#[test]
fn a_message_goes_to_1000_users_100_of_the_system_or_3_groups() {
    let from = "alice";
    passes(&PublishPrivate::saying(from, ids(1000), "hi"));
    passes(&PublishPrivateStatus::saying(from, ids(1000), "hi"));
    passes(&PublishSystem::saying(from, ids(100), "hi"));
    passes(&PublishGroup::saying(from, ids(3), "hi"));
    passes(&PublishChatroom::saying(from, ids(2000), "hi"));
    let users = "`toUserId`: at most 1000, not 1001";
    assert_eq!(
        refused(&PublishPrivate::saying(from, ids(1001), "hi")),
        users
    );
    assert_eq!(
        refused(&PublishPrivateStatus::saying(from, ids(1001), "hi")),
        users
    );
    assert_eq!(
        refused(&PublishSystem::saying(from, ids(101), "hi")),
        "`toUserId`: at most 100, not 101"
    );
    let groups = "`toGroupId`: at most 3, not 4";
    assert_eq!(refused(&PublishGroup::saying(from, ids(4), "hi")), groups);
    assert_eq!(
        refused(&PublishGroupStatus::saying(from, ids(4), "hi")),
        groups
    );
    let nobody = PublishPrivate::saying(from, ids(0), "hi");
    assert_eq!(refused(&nobody), "`toUserId`: is required");
    assert_eq!(
        refused(&PublishChatroom::saying(from, ids(0), "hi")),
        "`toChatroomId`: is required"
    );
    assert_eq!(
        refused(&PublishDiscussion::saying(from, "", "hi")),
        "`toDiscussionId`: is required"
    );
}

#[test]
fn a_message_for_some_members_goes_to_one_group() {
    let some = |groups| {
        let call = PublishGroup::saying("alice", ids(groups), "hi");
        call.to_user_id(vec![UserId::from("bob")])
    };
    passes(&some(1));
    assert_eq!(refused(&some(2)), "`toGroupId`: at most 1, not 2");
}

#[test]
fn a_content_has_128_kib_and_its_kind_32_characters() {
    let custom = |name: usize, text: usize| {
        let content = Content::custom(long(name), long(text));
        PublishPrivate::saying("alice", ["bob"], content)
    };
    passes(&custom(32, 131_072));
    assert_eq!(
        refused(&custom(1, 131_073)),
        "`content`: at most 131072 bytes, not 131073"
    );
    assert_eq!(
        refused(&custom(33, 1)),
        "`objectName`: at most 32 characters, not 33"
    );
    assert_eq!(refused(&custom(0, 1)), "`objectName`: is required");
    assert_eq!(refused(&custom(1, 0)), "`content`: is required");
    let long = BroadcastMessage::saying("alice", Content::custom("a", long(131_073)));
    assert_eq!(
        answered(&long),
        (Some(1005), "content is too long.".to_owned())
    );
}

#[test]
fn a_badge_is_for_at_most_9999_and_a_broadcast_for_two_systems() {
    let badge = |count: i64| PublishPrivate::saying("alice", ["bob"], "hi").count(count);
    passes(&badge(-1));
    passes(&badge(9999));
    assert_eq!(refused(&badge(10_000)), "`count`: -1 to 9999, not 10000");
    let of = |os: &str| BroadcastMessage::saying("alice", "hi").os(os);
    passes(&of("iOS"));
    passes(&of("Android"));
    assert_eq!(refused(&of("ios")), "`os`: iOS or Android");
}

#[test]
fn a_template_has_something_for_each_recipient() {
    let template = |users: usize| {
        let start = PublishTemplate::saying("alice", "{a}");
        ids(users)
            .into_iter()
            .fold(start, |call, user| call.to(user, [("{a}", "1")]))
    };
    passes(&template(1000));
    assert_eq!(
        refused(&template(1001)),
        "`toUserId`: at most 1000, not 1001"
    );
    let one = || template(2).push_content(vec![String::new(); 2]);
    passes(&one());
    let each = |field: &str| format!("`{field}`: one for each of 2 recipients");
    let mut values = one();
    values.values.pop();
    assert_eq!(refused(&values), each("values"));
    assert_eq!(
        refused(&one().push_content(vec![String::new()])),
        each("pushContent")
    );
    assert_eq!(
        refused(&one().push_data(vec![String::new(); 3])),
        each("pushData")
    );
    assert_eq!(
        answered(&one().push_data(Vec::new())),
        (Some(1002), "pushData is invalid.".to_owned())
    );
    let start = PublishSystemTemplate::saying("alice", "{a}");
    let many = ids(101)
        .into_iter()
        .fold(start, |call, user| call.to(user, [("{a}", "1")]));
    assert_eq!(refused(&many), "`toUserId`: at most 100, not 101");
}

#[test]
fn a_recall_names_a_conversation_a_message_and_its_time() {
    use ConversationType::{Discussion, Group, Other, UltraGroup};
    let recall = |kind, target: &str, uid: &str, time: i64| {
        RecallMessage::new("alice", kind, target, uid, time)
    };
    passes(&recall(Group, "g1", "5FGT-7VA9-G4DD-4V5P", 1));
    for kind in [Discussion, UltraGroup, Other(99)] {
        let found = refused(&recall(kind, "g1", "u", 1));
        assert_eq!(found, "`conversationType`: 1, 3, 4 or 6");
    }
    assert_eq!(
        refused(&recall(Group, "", "u", 1)),
        "`targetId`: is required"
    );
    assert_eq!(
        refused(&recall(Group, "g", "", 1)),
        "`messageUID`: is required"
    );
    assert!(refused(&recall(Group, "g", "u", -1)).starts_with("`sentTime`"));
}

#[test]
fn an_hour_has_ten_digits() {
    passes(&GetHistory::new("2014010123"));
    for hour in ["2014010124", "201401010", "20140101011", "2014-01-01"] {
        let found = refused(&GetHistory::new(hour));
        let expected = format!("`date`: an hour in 10 digits, not {} bytes", hour.len());
        assert_eq!(found, expected);
        assert_eq!(refused(&DeleteHistory::new(hour)), expected);
    }
    let invalid = (Some(1002), "date is invalid.".to_owned());
    assert_eq!(answered(&GetHistory::new("2014130101")), invalid);
    let missing = (Some(1002), "date is required.".to_owned());
    assert_eq!(answered(&GetHistory::new("")), missing);
}

/// What a server answers to a form.
fn form<E: Endpoint>(form: &[(&str, &str)]) -> String {
    let call = RawRequest::post(E::META.path).form(&form).unwrap();
    let request: HttpRequest = call.encode(&crate::table::base()).unwrap();
    let refused = decode_request::<E>(&request).err().unwrap();
    assert_eq!((refused.status, refused.code.number()), (400, Some(1002)));
    refused.message
}

#[test]
fn what_is_missing_is_named_when_it_is_read() {
    assert_eq!(
        form::<GetToken>(&[("userId", "alice")]),
        "name is required."
    );
    assert_eq!(
        form::<GetToken>(&[("name", "Alice")]),
        "userId is required."
    );
    assert_eq!(form::<BlockUser>(&[("minute", "1")]), "userId is required.");
    let ten = [("userId", "dave"), ("minute", "ten")];
    assert_eq!(form::<BlockUser>(&ten), "minute is invalid.");
    let recall = [
        ("fromUserId", "alice"),
        ("conversationType", "1"),
        ("targetId", "bob"),
        ("messageUID", "u"),
    ];
    assert_eq!(form::<RecallMessage>(&recall), "sentTime is required.");
}
