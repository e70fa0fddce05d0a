//! OneBot in the words of the bot layer.

use mynah_bot::onebot::{compile, event};
use mynah_bot::{Event, EventKind, Location, Media, Message, MessageId, Part, Platform, UserId};
use mynah_onebot::message::View;
use mynah_onebot::{Message as Native, RawEvent};
use serde_json::{Value, json};

use crate::documents;

fn converted(value: &Value) -> Event {
    let raw = serde_json::to_vec(value).unwrap().into();
    event("qq".into(), RawEvent::from_bytes(raw).unwrap())
}

fn example(name: &str) -> Event {
    let vectors: Value =
        serde_json::from_str(include_str!("../vectors/onebot_events.json")).unwrap();
    let found = vectors["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name);
    converted(&found.unwrap_or_else(|| panic!("no event {name}"))["event"])
}

/// Every event of every implementation: its kind, place, actor, and whether the bot is meant.
#[test]
fn events_in_plain_words() {
    use EventKind as K;
    let group = "onebot:group:20001";
    #[rustfmt::skip]
    let expected = [
        ("message.private.friend", K::Message, "onebot:user:10001", 10001, true),
        ("message.private.group", K::Message, "onebot:user:10003", 10003, true),
        ("message.private.other", K::Message, "onebot:user:10005", 10005, true),
        ("message.group.normal", K::Message, group, 10001, true),
        ("message.group.normal (array format)", K::Message, group, 10001, true),
        ("message.group.anonymous", K::Message, group, 80_000_000, false),
        ("message_sent.group.normal", K::OwnMessage, group, 10000, false),
        ("notice.group_upload", K::Uploaded, group, 10001, false),
        ("notice.group_admin.set", K::Other("notice.group_admin.set".into()), group, 10002, false),
        ("notice.group_decrease.leave", K::Left, group, 10004, false),
        ("notice.group_decrease.kick_me", K::Left, group, 10000, true),
        ("notice.group_increase.approve", K::Joined, group, 10005, false),
        ("notice.group_ban.ban", K::Muted, group, 10002, false),
        ("notice.friend_add", K::Befriended, "onebot:user:10005", 10005, false),
        ("notice.group_recall", K::Recalled, group, 10002, false),
        ("notice.friend_recall", K::Recalled, "onebot:user:10001", 10001, false),
        ("notice.notify.poke (group)", K::Poked, group, 10001, true),
        ("notice.notify.honor (talkative)", K::Other("notice.notify.honor".into()), group, 10001, false),
        ("notice.group_msg_emoji_like", K::Reacted, group, 10001, false),
        ("notice.reaction.add", K::Reacted, group, 10001, false),
        ("request.friend", K::FriendRequest, "onebot:user:10005", 10005, true),
        ("request.group.add", K::JoinRequest, group, 10005, true),
        ("request.group.invite", K::Invitation, "onebot:group:20002", 10001, true),
    ];
    assert_eq!(example("request.group.add").text(), "求进群");
    for (name, kind, place, actor, to_bot) in expected {
        let event = example(name);
        assert_eq!(event.kind, kind, "{name}");
        assert_eq!(
            event.conversation.as_ref().unwrap().to_string(),
            place,
            "{name}"
        );
        assert_eq!(
            event.sender,
            Some(UserId::new(Platform::OneBot, actor)),
            "{name}"
        );
        assert_eq!(event.to_bot, to_bot, "{name}");
        assert_eq!(event.time, 1_515_204_254, "{name}");
    }
    assert_eq!(example("meta_event.heartbeat").kind, K::Meta);
}

#[test]
fn both_formats_say_the_same() {
    for name in [
        "message.group.normal",
        "message.group.normal (array format)",
    ] {
        let event = example(name);
        assert_eq!(event.text(), "在吗");
        let bot = UserId::new(Platform::OneBot, 10000);
        let expected = Message::new().mention(bot).push(" 在吗");
        assert_eq!(event.message(), &expected);
        assert_eq!(event.sender_name(), Some("小爱"));
    }
}

#[test]
fn a_session_through_a_group_is_answered_privately() {
    let mut session = json!({
        "time": 1, "self_id": 10000, "post_type": "message", "message_type": "private",
        "sub_type": "group", "message_id": -7, "user_id": 10003, "group_id": 20001,
        "message": "a&#91;b", "raw_message": "a&#91;b", "font": 0, "sender": {},
    });
    let event = converted(&session);
    assert_eq!(
        event.conversation.as_ref().unwrap().to_string(),
        "onebot:temporary:10003"
    );
    assert_eq!(event.text(), "a[b");
    assert_eq!(event.message_id, Some(MessageId::new(Platform::OneBot, -7)));
    session["message"] = json!([{"type": "text", "data": {"text": "a[b"}}]);
    assert_eq!(converted(&session).text(), "a[b");
}

fn written(message: &Message) -> (String, Vec<&'static str>) {
    let compiled = compile(message);
    (
        compiled.pieces.iter().map(Native::to_cq).collect(),
        compiled.losses.iter().map(|loss| loss.what).collect(),
    )
}

#[test]
fn what_onebot_can_carry_is_carried() {
    let alice = UserId::new(Platform::OneBot, 10001);
    let message = Message::text("欢迎 [x] ")
        .mention(alice)
        .mention_all()
        .image(Media::bytes("a.png", "png"))
        .push(Part::Voice(Media::url("https://h/a.amr")))
        .push(Part::Location(Location {
            latitude: 30.5,
            longitude: 120.25,
            title: "西湖".into(),
        }))
        .quote(MessageId::new(Platform::OneBot, 1002));
    let expected = "[CQ:reply,id=1002]欢迎 &#91;x&#93; [CQ:at,qq=10001][CQ:at,qq=all]\
         [CQ:image,file=base64://cG5n][CQ:record,file=https://h/a.amr]\
         [CQ:location,lat=30.5,lon=120.25,title=西湖]";
    assert_eq!(written(&message), (expected.to_owned(), vec![]));
}

#[test]
fn what_is_lost_is_named() {
    let message = Message::markdown("**a**").push(Part::File(Media::bytes("b.pdf", "pdf")));
    assert_eq!(
        written(&message),
        ("a&#91;b.pdf&#93;".to_owned(), vec!["bold", "file"])
    );
    let quote = Message::text("x").quote(MessageId::new(Platform::OneBot, i64::MAX));
    assert_eq!(written(&quote), ("x".to_owned(), vec!["quote"]));
}

#[test]
fn what_came_in_can_go_out_again() {
    let said =
        Native::parse_cq("[CQ:reply,id=5][CQ:at,qq=10001] hi[CQ:face,id=14][CQ:image,file=a.png]");
    let event = converted(&json!({
        "time": 1, "self_id": 10000, "post_type": "message", "message_type": "group",
        "sub_type": "normal", "message_id": 1, "user_id": 10003, "group_id": 20001,
        "anonymous": null, "message": said, "raw_message": "", "font": 0, "sender": {},
    }));
    assert_eq!(compile(event.message()).pieces, [said]);
}

#[test]
fn long_text_becomes_several_messages() {
    let message = Message::text("值".repeat(5000)).mention(UserId::new(Platform::OneBot, 7));
    let compiled = compile(&message);
    let [first, second] = compiled.pieces.as_slice() else {
        panic!("{compiled:?}")
    };
    assert!(first.plain_text().ends_with("值\n(1/2)"));
    assert!(second.to_cq().ends_with("值[CQ:at,qq=7]\n(2/2)"));
    let unnumbered = compile(&message.unnumbered()).pieces;
    assert!(unnumbered[0].plain_text().ends_with("值"));
}

#[test]
fn whatever_is_said_is_carried_or_named() {
    let place = documents::Place {
        markup: false,
        looks: 0,
        lacks: &documents::WITHOUT_MARKUP,
    };
    documents::every(100_000, Platform::OneBot, |document, _| {
        let compiled = compile(&document.message);
        let pieces = compiled.pieces.iter().map(|said| {
            let texts = said.iter().filter_map(|segment| match segment.view() {
                View::Text(text) => Some(text.to_owned()),
                _ => None,
            });
            let words: String = texts.collect();
            let others = said.segments().len();
            documents::Piece {
                length: words.chars().count() + others / 2,
                words,
                raw: serde_json::to_string(said).unwrap(),
            }
        });
        let pieces: Vec<_> = pieces.collect();
        documents::check(&document, place, &pieces, &compiled.losses, 4500);
    });
}
