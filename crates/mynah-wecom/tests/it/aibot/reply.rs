//! What bots answer, as the specification prints it.

use mynah_testkit::json_of;
use mynah_wecom::aibot::{Excess, Reply, Stream, StreamItem, Update};
use mynah_wecom::message::Picture;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Byte for byte what is on the wire.
const DOCUMENTED: [&str; 10] = [
    r#"{"msgtype":"text","text":{"content":"您好！我是机器人"}}"#,
    r#"{"msgtype":"stream","stream":{"id":"STREAMID","finish":false,"content":"正在思考","feedback":{"id":"FEEDBACKID"}}}"#,
    r#"{"msgtype":"stream","stream":{"id":"STREAMID","finish":true,"content":"**结果**","msg_item":[{"msgtype":"image","image":{"base64":"BASE64","md5":"MD5"}}]}}"#,
    r#"{"msgtype":"template_card","template_card":{"button_list":[{"key":"confirm","style":1,"text":"确认"}],"card_type":"button_interaction","task_id":"task-1"}}"#,
    r#"{"msgtype":"stream_with_template_card","stream":{"id":"STREAMID","finish":false,"content":"处理中"},"template_card":{"card_type":"text_notice"}}"#,
    r#"{"response_type":"update_template_card","template_card":{"card_type":"button_interaction","task_id":"task-1"},"userids":["alice"]}"#,
    r#"{"msgtype":"markdown","markdown":{"content":"**迟到**"}}"#,
    r#"{"msgtype":"file","file":{"media_id":"MEDIA_1"}}"#,
    r#"{"msgtype":"video","video":{"media_id":"MEDIA_1","title":"t","description":"d"}}"#,
    r#"{"msgtype":"stream_with_template_card","stream":{"id":"STREAMID","finish":true,"content":"完了"}}"#,
];

fn read(json: &Value) -> Reply {
    serde_json::from_str(&json.to_string()).unwrap()
}

#[test]
fn every_documented_reply_is_understood_and_written_again() {
    for text in DOCUMENTED {
        let reply: Reply = serde_json::from_str(text).unwrap();
        assert!(!matches!(reply, Reply::Other(_)), "{text}");
        let written: Value = serde_json::to_value(&reply).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(text).unwrap());
        let card = text.contains("template_card");
        assert!(
            card || serde_json::to_string(&reply).unwrap() == text,
            "{text}"
        );
    }
}

#[test]
fn replies_are_built_as_they_are_documented() {
    let picture = Picture {
        base64: "BASE64".to_owned(),
        md5: "MD5".to_owned(),
    };
    let streamed = Stream::new("STREAMID", "**结果**")
        .finish()
        .picture(picture);
    for (built, documented) in [
        (Reply::text("您好！我是机器人"), DOCUMENTED[0]),
        (
            Stream::new("STREAMID", "正在思考")
                .feedback("FEEDBACKID")
                .into(),
            DOCUMENTED[1],
        ),
        (streamed.into(), DOCUMENTED[2]),
        (Reply::markdown("**迟到**"), DOCUMENTED[6]),
        (Reply::file("MEDIA_1"), DOCUMENTED[7]),
    ] {
        assert_eq!(serde_json::to_string(&built).unwrap(), documented);
    }
    let documented: Reply = serde_json::from_str(DOCUMENTED[5]).unwrap();
    let Reply::Update(update) = &documented else {
        panic!("{documented:?}");
    };
    let built = Update::new(update.template_card.clone()).userids(["alice"]);
    assert_eq!(Reply::from(built), documented);
}

#[test]
fn a_reply_of_an_unknown_or_broken_kind_is_kept() {
    for json in [
        json!({"msgtype": "hologram", "hologram": {"x": 1}}),
        json!({"msgtype": "stream", "stream": "broken"}),
        json!({"response_type": "explode"}),
        json!({}),
    ] {
        let reply = read(&json);
        assert!(matches!(reply, Reply::Other(_)), "{reply:?}");
        assert_eq!(serde_json::to_value(&reply).unwrap(), json);
    }
}

#[test]
fn a_stream_may_leave_out_what_it_has_not() {
    let reply = read(&json!({"msgtype": "stream", "stream": {"id": "s"}}));
    assert_eq!(reply.stream(), Some(&Stream::new("s", "")));
    let unknown = json!({"msgtype": "stream", "stream": {
        "id": "s", "finish": true, "content": "", "msg_item": [{"msgtype": "sound"}],
    }});
    let reply = read(&unknown);
    assert!(matches!(
        reply.stream().unwrap().msg_item[0],
        StreamItem::Other(_)
    ));
    assert_eq!(serde_json::to_value(&reply).unwrap(), unknown);
}

#[test]
fn what_the_platform_would_refuse_for_its_size_is_found() {
    let longest = "字".repeat(20480 / 3) + "ab";
    assert_eq!(longest.len(), 20480);
    let picture = Picture {
        base64: String::new(),
        md5: String::new(),
    };
    let pictures = |count| {
        let stream = Stream::new("s", "").finish();
        (0..count).fold(stream, |stream, _| stream.picture(picture.clone()))
    };
    for fits in [
        Reply::text(longest.clone()),
        Reply::markdown(longest.clone()),
        Stream::new("s", longest.clone())
            .feedback("f".repeat(256))
            .into(),
        pictures(10).into(),
        Reply::file("x".repeat(30000)),
    ] {
        assert_eq!(fits.check(), Ok(()));
    }
    for (excessive, field, limit, found) in [
        (
            Reply::text(longest.clone() + "c"),
            "text.content",
            20480,
            20481,
        ),
        (
            Reply::markdown(longest.clone() + "c"),
            "markdown.content",
            20480,
            20481,
        ),
        (
            Stream::new("s", longest + "c").into(),
            "stream.content",
            20480,
            20481,
        ),
        (
            Stream::new("s", "").feedback("f".repeat(257)).into(),
            "stream.feedback.id",
            256,
            257,
        ),
        (pictures(11).into(), "stream.msg_item", 10, 11),
        (
            Stream::new("s", "").picture(picture.clone()).into(),
            "stream.msg_item",
            0,
            1,
        ),
    ] {
        let excess = excessive.check().unwrap_err();
        assert_eq!(
            (excess.field, excess.limit, excess.found),
            (field, limit, found)
        );
    }
    let excess = Excess {
        field: "text.content",
        limit: 20480,
        found: 20481,
        unit: "bytes",
    };
    assert_eq!(
        excess.to_string(),
        "`text.content`: at most 20480 bytes, not 20481"
    );
}

/// Words replies are made of.
const WORDS: &[&str] = &[
    "msgtype",
    "text",
    "markdown",
    "stream",
    "template_card",
    "stream_with_template_card",
    "content",
    "id",
    "finish",
    "msg_item",
    "image",
    "media_id",
    "feedback",
    "response_type",
    "update_template_card",
    "userids",
    "card_type",
    "button_list",
];

proptest! {
    #[test]
    fn what_was_read_is_written_so_that_it_is_read_the_same(json in json_of(WORDS)) {
        if let Ok(reply) = serde_json::from_value::<Reply>(json) {
            let _ = reply.check();
            let again = serde_json::to_string(&reply).unwrap();
            prop_assert_eq!(serde_json::from_str::<Reply>(&again).unwrap(), reply);
        }
    }

    #[test]
    fn a_stream_of_any_text_comes_through(id: String, content: String, finish: bool, feedback: Option<String>) {
        let mut stream = Stream::new(id, content);
        if finish {
            stream = stream.finish().picture(Picture::new(b"jpg"));
        }
        if let Some(id) = feedback {
            stream = stream.feedback(id);
        }
        let reply = Reply::from(stream);
        let written = serde_json::to_string(&reply).unwrap();
        prop_assert_eq!(serde_json::from_str::<Reply>(&written).unwrap(), reply);
    }
}
