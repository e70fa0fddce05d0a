//! Passive replies, as the peer makes them.

use mynah_core::http::{HeaderMap, Response};
use mynah_core::{Bytes, Check, HttpResponse};
use mynah_wecom::card::{Fact, TemplateCard, Title};
use mynah_wecom::inbound::{Answer, Sealed};
use mynah_wecom::reply::{Article, PassiveMessage, PassiveReply};
use mynah_wecom::xml::Element;
use proptest::prelude::*;

use super::recorded::{application, bot, replies, stamp};

/// What the peer was asked for.
fn expected(name: &str) -> PassiveReply {
    let article = |number: u8| Article {
        title: format!("t{number}"),
        description: Some(format!("d{number}")),
        pic_url: Some(format!("https://example.com/{number}.png")),
        url: format!("https://example.com/{number}"),
    };
    let video = |title: Option<&str>, description: Option<&str>| PassiveReply::Video {
        media_id: "MEDIA_ID_1".into(),
        title: title.map(str::to_owned),
        description: description.map(str::to_owned),
    };
    match name {
        "text" => PassiveReply::text("收到 <ok> & ]]"),
        "create_reply str" => PassiveReply::text("hi"),
        "image" => PassiveReply::image("MEDIA_ID_1"),
        "voice" => PassiveReply::Voice {
            media_id: "MEDIA_ID_1".into(),
        },
        "video" => video(Some("标题"), Some("描述")),
        "video without title" => video(None, None),
        "news" => PassiveReply::news([article(1), article(2)]),
        "update_taskcard" => PassiveReply::UpdateTaskcard {
            replace_name: "已同意".to_owned(),
        },
        other => panic!("{other}"),
    }
}

fn response(body: impl Into<Bytes>) -> HttpResponse {
    Response::new(body.into())
}

#[test]
fn the_peers_replies_are_opened_read_and_sealed_again_to_the_same_bytes() {
    let (cases, secret) = (replies(), application());
    assert_eq!(cases.len(), 9);
    for case in cases {
        let name = &case.name;
        // The addresses and the signature are made anew out of the plain text.
        let sealed = secret.seal(&case.plaintext_xml, &stamp());
        assert_eq!(
            Sealed::from_xml(&case.encrypted_xml).unwrap(),
            sealed,
            "{name}"
        );
        assert_eq!(
            Sealed::from_xml(&sealed.to_xml()).unwrap(),
            sealed,
            "{name}"
        );
        let opened = secret.open_answer(&response(case.encrypted_xml), "any");
        if name == "text containing CDATA terminator" {
            // The peer does not divide what ends CDATA, and says something else.
            let other = Answer::from(PassiveReply::text("ab]]>"));
            assert_eq!(opened, Ok(Some(other)), "{name}");
            continue;
        }
        let answer = Answer::from(expected(name));
        assert_eq!(opened.unwrap(), Some(answer), "{name}");
        let message = PassiveMessage::read(&case.plaintext_xml).unwrap();
        let ours = PassiveMessage::new("alice", "ww-sandbox", 1_700_000_000, expected(name));
        assert_eq!(message, ours, "{name}");
        assert_eq!(
            elements(&ours.to_xml()),
            elements(&case.plaintext_xml),
            "{name}"
        );
    }
}

/// The elements in an order of their own, without that which the peer adds.
fn elements(xml: &str) -> Vec<Element<'static>> {
    let mut children = Element::read(xml).unwrap().into_owned().children;
    children.retain(|child| child.name != "AgentID");
    children.sort_by(|left, right| left.name.cmp(&right.name));
    children
}

#[test]
fn text_that_ends_cdata_arrives_whole() {
    let message = PassiveMessage::new("alice", "ww-sandbox", 1, "a]]>b".into());
    assert_eq!(PassiveMessage::read(&message.to_xml()).unwrap(), message);
}

#[test]
fn every_other_kind_is_written_as_documented() {
    let written = |reply| PassiveMessage::new("alice", "ww-sandbox", 1, reply).to_xml();
    let button = written(PassiveReply::UpdateButton {
        replace_name: "已同意".to_owned(),
    });
    assert!(button.contains("<MsgType><![CDATA[update_button]]></MsgType>"));
    assert!(button.contains("<Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button>"));

    let card = TemplateCard {
        horizontal_content_list: Some(vec![Fact::new("值班", "alice"), Fact::new("明天", "bob")]),
        task_id: Some("task-1".into()),
        ..TemplateCard::text_notice(Title::new("面板"), "https://work.weixin.qq.com")
    };
    let reply = PassiveReply::update_template_card(card);
    let xml = written(reply.clone());
    for part in [
        "<MsgType><![CDATA[update_template_card]]></MsgType><TemplateCard>",
        "<CardType><![CDATA[text_notice]]></CardType>",
        "<MainTitle><Title><![CDATA[面板]]></Title></MainTitle>",
        "<HorizontalContentList><KeyName><![CDATA[明天]]></KeyName>",
        "<CardAction><Type>1</Type>",
        "<TaskId><![CDATA[task-1]]></TaskId>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert_eq!(PassiveMessage::read(&xml).unwrap().reply, reply);

    let other = PassiveReply::Other {
        msg_type: "transfer".to_owned(),
        content: vec![Element::with_text("To", "bob")],
    };
    assert_eq!(
        PassiveMessage::read(&written(other.clone())).unwrap().reply,
        other
    );
}

#[test]
fn an_empty_body_is_no_answer() {
    for body in ["", "\n"] {
        assert_eq!(application().open_answer(&response(body), "1"), Ok(None));
        assert_eq!(bot().open_answer(&response(body), "1"), Ok(None));
    }
}

#[test]
fn an_answer_of_a_bot_must_carry_the_nonce_of_the_callback() {
    let secret = bot();
    let plain = r#"{"msgtype":"text","text":{"content":"您好！"}}"#;
    let sealed = secret.seal(plain, &stamp());
    let json: serde_json::Value = serde_json::from_str(&sealed.to_json()).unwrap();
    assert_eq!(json["timestamp"], 1_700_000_000);
    assert_eq!(json["nonce"], "1372623149");
    assert_eq!(json.as_object().unwrap().len(), 4);

    let open = |nonce: &str| secret.open_answer(&response(sealed.to_json()), nonce);
    let welcome = Answer::from(mynah_wecom::aibot::Reply::text("您好！"));
    assert_eq!(open("1372623149"), Ok(Some(welcome)));
    assert_eq!(open("1372623140").unwrap_err().check, Check::Form);
}

#[test]
fn an_answer_that_is_none_is_told_by_the_check_it_fails() {
    let secret = application();
    let check = |body: String| secret.open_answer(&response(body), "1").unwrap_err().check;
    assert_eq!(check("success".to_owned()), Check::Body);
    assert_eq!(check("<xml></xml>".to_owned()), Check::Signature);
    let sealed = secret.seal("no xml", &stamp());
    assert_eq!(check(sealed.to_xml()), Check::Body);
    let forged = Sealed {
        timestamp: 0,
        ..sealed
    };
    assert_eq!(check(forged.to_xml()), Check::Signature);
    assert_eq!(
        check(bot().seal("<xml/>", &stamp()).to_xml()),
        Check::Receiver
    );
    assert_eq!(check("x".repeat((1 << 20) + 1)), Check::Size);
}

#[test]
fn headers_do_not_matter() {
    let mut response = response(replies()[1].encrypted_xml.clone());
    *response.headers_mut() = HeaderMap::new();
    assert!(application().open_answer(&response, "1").is_ok());
}

fn any_reply() -> impl Strategy<Value = PassiveReply> {
    let text = || "\\PC{0,12}";
    let article =
        (text(), prop::option::of(text()), text()).prop_map(|(title, description, url)| Article {
            title,
            description,
            pic_url: None,
            url,
        });
    prop_oneof![
        text().prop_map(PassiveReply::text),
        text().prop_map(PassiveReply::image),
        text().prop_map(|id| PassiveReply::Voice {
            media_id: id.into()
        }),
        (text(), prop::option::of(text())).prop_map(|(id, title)| PassiveReply::Video {
            media_id: id.into(),
            title,
            description: None
        }),
        prop::collection::vec(article, 0..4).prop_map(PassiveReply::news),
        text().prop_map(|replace_name| PassiveReply::UpdateButton { replace_name }),
        text().prop_map(|replace_name| PassiveReply::UpdateTaskcard { replace_name }),
    ]
}

proptest! {
    #[test]
    fn what_was_written_is_read(reply in any_reply(), time in any::<i64>()) {
        let message = PassiveMessage::new("alice", "ww-sandbox", time, reply);
        prop_assert_eq!(PassiveMessage::read(&message.to_xml()), Ok(message));
    }
}
