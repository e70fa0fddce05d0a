//! What is refused before it is sent.

use mynah_bearychat::api::channel::{CreateChannel, InviteToChannel};
use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::api::message::{CreateMessage, ForwardMessage, UpdateMessageText};
use mynah_bearychat::api::reaction::CreateReaction;
use mynah_bearychat::api::session_channel::{ConvertToChannel, CreateSessionChannel};
use mynah_bearychat::api::user::{GetUser, UpdateMe};
use mynah_bearychat::limits::{attachments, channel_name, is_reaction, is_user_name};
use mynah_bearychat::{Attachment, UserId};
use mynah_core::Endpoint;

fn problem<E: Endpoint>(call: &E) -> String {
    call.check().unwrap_err().to_string()
}

#[test]
fn a_channels_name_is_two_to_twenty_wide() {
    for name in [
        "ab",
        "a_",
        "dev-ops_1.0",
        "吃",
        "吃喝玩乐在深圳",
        "é1",
        &"a".repeat(20),
        &"吃".repeat(10),
    ] {
        assert_eq!(channel_name("name", name), Ok(()), "{name}");
    }
    for (name, width) in [
        ("", 0),
        ("a", 1),
        (&*"a".repeat(21), 21),
        (&*"吃".repeat(11), 22),
    ] {
        let problem = channel_name("name", name).unwrap_err().to_string();
        assert!(problem.ends_with(&format!("not {width}")), "{problem}");
    }
    for name in ["a b", "a/b", "吃，喝", "a!", "表情😀", "a\n", "#dev"] {
        let problem = channel_name("name", name).unwrap_err().to_string();
        assert_eq!(
            problem, "`name`: only letters, digits, `_`, `-` and `.`",
            "{name}"
        );
    }
}

#[test]
fn names_of_people_and_reactions_have_their_forms() {
    for name in ["a", "beary_bot", "A.b-9", &"a".repeat(32)] {
        assert!(is_user_name(name), "{name}");
    }
    for name in ["", "a b", "倍洽", "a@b", &"a".repeat(33)] {
        assert!(!is_user_name(name), "{name}");
    }
    for text in [":smile:", ":+1:", ":笑:"] {
        assert!(is_reaction(text), "{text}");
    }
    for text in [
        "", ":", "::", ":::", "smile", ":smile", ":a b:", ":a::b:", " :a:",
    ] {
        assert!(!is_reaction(text), "{text}");
    }
}

#[test]
fn an_attachment_has_a_title_or_a_text() {
    let empty = Attachment {
        title: Some(String::new()),
        url: Some("https://bearychat.com".to_owned()),
        ..Attachment::default()
    };
    assert_eq!(attachments(&[]), Ok(()));
    assert_eq!(
        attachments(&[Attachment::text("a"), Attachment::title("b")]),
        Ok(())
    );
    let problem = attachments(&[Attachment::text("a"), empty]).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "`attachments`: number 2 has neither title nor text"
    );
}

#[test]
fn what_is_missing_or_wrong_is_refused_by_name() {
    let nobody: [UserId; 0] = [];
    let blank = vec![Attachment::default()];
    for (said, field) in [
        (problem(&GetUser::new("")), "user_id"),
        (problem(&UpdateMe::new().name("")), "name"),
        (problem(&UpdateMe::new().full_name("")), "full_name"),
        (problem(&CreateChannel::new("a b")), "name"),
        (problem(&InviteToChannel::new("=a", "")), "invite_uid"),
        (problem(&CreateSessionChannel::new(nobody)), "member_uids"),
        (
            problem(&CreateSessionChannel::new(["=a", ""])),
            "member_uids",
        ),
        (
            problem(&CreateSessionChannel::new(["=a"]).name("a")),
            "name",
        ),
        (problem(&ConvertToChannel::new("=a", "a")), "name"),
        (problem(&CreateMessage::new("", "hi")), "vchannel_id"),
        (problem(&CreateMessage::new("=a", "")), "text"),
        (
            problem(&CreateMessage::new("=a", "hi").attachments(blank.clone())),
            "attachments",
        ),
        (problem(&UpdateMessageText::new("=a", "k", "")), "text"),
        (
            problem(&ForwardMessage::new("=a", "k", "")),
            "to_vchannel_id",
        ),
        (problem(&CreateReaction::new("=a", "k", "")), "reaction"),
        (problem(&SendIncoming::new("")), "text"),
        (
            problem(&SendIncoming::new("hi").attachments(blank)),
            "attachments",
        ),
    ] {
        assert!(said.starts_with(&format!("`{field}`: ")), "{said}");
    }
}
