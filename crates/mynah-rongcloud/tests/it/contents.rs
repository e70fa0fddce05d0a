//! What messages say: the kinds of the platform, both ways.

use mynah_rongcloud::content::{
    Command, CommandNotice, ContactNotice, DiscussionNotice, File, GroupNotice, HighQualityVoice,
    Image, InfoNotice, Location, ProfileNotice, Recall, RichText, Sender, Sight, Text, Typing,
    Voice,
};
use mynah_rongcloud::{Content, ConversationType, ObjectName};
use mynah_testkit::any_json;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Every kind with a text that has all of its fields, and what it says.
fn kinds() -> Vec<(&'static str, Value, Content)> {
    vec![
        (
            "RC:TxtMsg",
            json!({"content": "hello", "mentionedInfo":
                {"type": 2, "userIdList": ["bob"], "mentionedContent": "you"}}),
            {
                let mut text = Text::new("hello").mentioning(["bob"]);
                let info = text.mentioned_info.as_mut().unwrap();
                info.mentioned_content = Some("you".to_owned());
                text.into()
            },
        ),
        (
            "RC:ImgMsg",
            json!({"content": "aGk=", "imageUri": "http://a/b.jpg"}),
            Image::new("http://a/b.jpg", "aGk=").into(),
        ),
        (
            "RC:VcMsg",
            json!({"content": "aGk=", "duration": 20}),
            Voice::new("aGk=", 20).into(),
        ),
        (
            "RC:HQVCMsg",
            json!({"remoteUrl": "http://a/b.aac", "localPath": "/b", "duration": 7}),
            HighQualityVoice {
                local_path: Some("/b".to_owned()),
                ..HighQualityVoice::new("http://a/b.aac", 7)
            }
            .into(),
        ),
        (
            "RC:ImgTextMsg",
            json!({"title": "t", "content": "c", "imageUri": "http://a/i", "url": "http://a"}),
            RichText {
                image_uri: "http://a/i".to_owned(),
                ..RichText::new("t", "c", "http://a")
            }
            .into(),
        ),
        (
            "RC:FileMsg",
            json!({"name": "a.pdf", "size": 9, "type": "pdf", "fileUrl": "http://a/a.pdf"}),
            File::new("a.pdf", 9, "http://a/a.pdf").into(),
        ),
        (
            "RC:LBSMsg",
            json!({"content": "", "latitude": 39.9, "longitude": 116.4, "poi": "北京"}),
            Location::new(39.9, 116.4, "北京").into(),
        ),
        (
            "RC:SightMsg",
            json!({"sightUrl": "http://a/v", "content": "", "duration": 3, "size": 0, "name": ""}),
            Sight::new("http://a/v", 3).into(),
        ),
        (
            "RC:ContactNtf",
            json!({"operation": "Request", "sourceUserId": "alice", "targetUserId": "bob",
                "message": "hi"}),
            ContactNotice {
                operation: "Request".to_owned(),
                source_user_id: "alice".into(),
                target_user_id: "bob".into(),
                message: "hi".to_owned(),
                ..ContactNotice::default()
            }
            .into(),
        ),
        (
            "RC:InfoNtf",
            json!({"message": "alice joined"}),
            InfoNotice::new("alice joined").into(),
        ),
        (
            "RC:ProfileNtf",
            json!({"operation": "Update", "data": "{}"}),
            ProfileNotice {
                operation: "Update".to_owned(),
                data: "{}".to_owned(),
                ..ProfileNotice::default()
            }
            .into(),
        ),
        (
            "RC:CmdNtf",
            json!({"name": "open", "data": "door"}),
            CommandNotice {
                name: "open".to_owned(),
                data: "door".to_owned(),
                ..CommandNotice::default()
            }
            .into(),
        ),
        (
            "RC:CmdMsg",
            json!({"name": "open", "data": "door"}),
            Command::new("open", "door").into(),
        ),
        (
            "RC:GrpNtf",
            json!({"operatorUserId": "alice", "operation": "Rename", "data": "{}",
                "message": "renamed"}),
            GroupNotice {
                operator_user_id: "alice".into(),
                operation: "Rename".to_owned(),
                data: "{}".to_owned(),
                message: "renamed".to_owned(),
                ..GroupNotice::default()
            }
            .into(),
        ),
        (
            "RC:DizNtf",
            json!({"type": 1, "extension": "bob", "operation": "alice"}),
            DiscussionNotice {
                kind: 1,
                extension: "bob".to_owned(),
                operation: "alice".to_owned(),
                ..DiscussionNotice::default()
            }
            .into(),
        ),
        (
            "RC:RcCmd",
            json!({"messageUId": "5FGT-7VA9-G4DD-4V5P", "conversationType": 1,
                "isAdmin": true, "isDelete": false}),
            Recall {
                message_uid: "5FGT-7VA9-G4DD-4V5P".into(),
                conversation_type: Some(ConversationType::Private),
                is_admin: true,
                ..Recall::default()
            }
            .into(),
        ),
        (
            "RC:TypSts",
            json!({"typingContentType": "RC:TxtMsg"}),
            Typing::new(ObjectName::Text).into(),
        ),
    ]
}

#[test]
fn every_kind_is_read_and_written() {
    for (name, json, content) in kinds() {
        let name = ObjectName::from(name);
        assert!(!matches!(name, ObjectName::Other(_)) && name.is_built_in());
        assert_eq!(Content::read(&name, &json.to_string()), content);
        assert_eq!(content.object_name(), name);
        let written: Value = serde_json::from_str(&content.to_text()).unwrap();
        assert_eq!(written, json, "{name}");
    }
}

#[test]
fn every_kind_may_tell_who_says_it_and_more() {
    let sender = json!({"id": "alice", "name": "Alice", "portrait": "http://a", "extra": "e"});
    for (name, mut json, _) in kinds() {
        json["user"] = sender.clone();
        json["extra"] = "more".into();
        let content = Content::read(&name.into(), &json.to_string());
        let written: Value = serde_json::from_str(&content.to_text()).unwrap();
        assert_eq!(written, json, "{name}");
    }
    let icon = r#"{"content":"hi","user":{"id":"alice","icon":"http://a"}}"#;
    let Content::Text(text) = Content::read(&ObjectName::Text, icon) else {
        panic!("not a text")
    };
    let expected = Sender {
        id: "alice".to_owned(),
        portrait: Some("http://a".to_owned()),
        ..Sender::default()
    };
    assert_eq!(text.user, Some(expected));
}

#[test]
fn a_file_of_another_client_is_read_as_ours() {
    let odd = r#"{"name":"a.pdf","size":"9","fileType":"pdf","fileUrl":"http://a/a.pdf"}"#;
    let file = File::new("a.pdf", 9, "http://a/a.pdf");
    assert_eq!(Content::read(&ObjectName::File, odd), file.into());
    let long = Content::read(&ObjectName::Voice, r#"{"content":"","duration":2.9}"#);
    assert_eq!(long, Voice::new("", 2).into());
}

#[test]
fn what_is_not_what_the_kind_should_have_is_kept() {
    for (name, text) in [
        ("MY:Order", "no. 7"),
        ("RC:TxtMsg", "hello"),
        ("RC:TxtMsg", r#"["hello"]"#),
        ("RC:TxtMsg", ""),
        ("RC:NewMsg", r#"{"content":"hello"}"#),
    ] {
        let content = Content::read(&name.into(), text);
        assert_eq!(content, Content::custom(name, text));
        assert_eq!(content.to_text(), text);
        assert_eq!(content.object_name().as_str(), name);
    }
}

#[test]
fn a_text_tells_whom_it_mentions() {
    let mentions = |text: Text, user: &str| {
        let info = text.mentioned_info;
        info.is_some_and(|info| info.mentions(&user.into()))
    };
    assert!(mentions(Text::new("").mentioning(["bob"]), "bob"));
    assert!(!mentions(Text::new("").mentioning(["bob"]), "alice"));
    assert!(mentions(Text::new("").mentioning_all(), "alice"));
    assert!(!mentions(Text::new(""), "alice"));
}

#[test]
fn a_person_reads_the_text_or_the_kind() {
    assert_eq!(Content::from("hi").to_string(), "hi");
    assert_eq!(
        Content::from(InfoNotice::new("joined")).to_string(),
        "joined"
    );
    assert_eq!(Content::from(Voice::new("", 1)).to_string(), "[RC:VcMsg]");
}

proptest! {
    /// Whatever stands in a text, reading it does not fail, and what was read and written once
    /// does not change any more.
    #[test]
    fn any_text_is_read_and_settles(
        name in select(kinds().into_iter().map(|kind| kind.0).collect::<Vec<_>>()),
        json in any_json(),
    ) {
        let name = ObjectName::from(name);
        let once = Content::read(&name, &json.to_string());
        prop_assert_eq!(Content::read(&name, &once.to_text()), once);
    }
}
