//! RongCloud in the words of the bot layer.

use bytes::Bytes;
use mynah_bot::rongcloud::{Piece, chatroom_events, compile, operation_event, routed_event};
use mynah_bot::{
    Event, EventKind, Link, Location, Media, Message, MessageId, Part, Platform, UserId, command,
};
use mynah_rongcloud::content::{
    Command, Content, File, HighQualityVoice, Image, MentionedInfo, Recall, RichText, Text,
};
use mynah_rongcloud::event::{ChannelType, Event as Posted, RoutedMessage};
use mynah_rongcloud::{MessageUid, UserId as User, content};
use serde_json::{Value, json};

use crate::documents;

const HERE: Platform = Platform::RongCloud;

/// What the vendor documents.
fn posted(name: &str) -> (Posted, Bytes) {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/rongcloud_events.json")).unwrap();
    let found = all.iter().find(|one| one["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no sample {name}"));
    if found["json"].is_null() {
        let fields: Vec<(String, String)> = serde_json::from_value(found["form"].clone()).unwrap();
        let form = form(&fields);
        (Posted::from_form(&form), form)
    } else {
        let raw = Bytes::from(found["json"].to_string());
        (Posted::from_json(&raw).unwrap(), raw)
    }
}

fn form(fields: &[(String, String)]) -> Bytes {
    let escaped = |text: &str| {
        let bytes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        bytes.concat()
    };
    let pairs = fields.iter();
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&").into()
}

fn routed(name: &str) -> RoutedMessage {
    match posted(name) {
        (Posted::Route(message), _) => *message,
        (other, _) => panic!("{other:?}"),
    }
}

fn heard_by(bot: &str, message: RoutedMessage) -> Option<Event> {
    routed_event("rc".into(), &bot.into(), message, Bytes::new())
}

/// What the bot hears of what alice says.
fn told(channel: ChannelType, to: &str, content: impl Into<Content>) -> Event {
    heard_by("bot", RoutedMessage::new("alice", channel, to, content)).unwrap()
}

fn in_group(content: impl Into<Content>) -> Event {
    told(ChannelType::Group, "g1", content)
}

fn place(event: &Event) -> String {
    event.conversation.as_ref().unwrap().to_string()
}

fn user(id: &str) -> UserId {
    UserId::new(HERE, id)
}

fn other(name: &'static str) -> EventKind {
    EventKind::Other(name.into())
}

#[test]
fn what_is_said_in_a_group_in_plain_words() {
    let event = heard_by("bot", routed("message_route_legacy_query")).unwrap();
    assert_eq!((&event.kind, event.text()), (&EventKind::Message, "hello"));
    assert_eq!(place(&event), "rongcloud:group:g1");
    assert_eq!(event.sender, Some(user("alice")));
    let id = MessageId::new(HERE, "5FGT-7VA9-G4DD-4V5P");
    assert_eq!(event.message_id, Some(id));
    assert_eq!(event.time, 1_408_710_653);
    assert!(event.is_group() && !event.to_bot);
    assert!(event.native::<RoutedMessage>().is_some());
}

#[test]
fn what_is_said_to_the_bot_alone_is_meant_for_it() {
    let bot = "5c6e09f6cb3def682e423fdd";
    let event = heard_by(bot, routed("message_route_private_text")).unwrap();
    assert_eq!(place(&event), "rongcloud:user:5c6bc01d704519258c573608");
    assert!(event.is_direct() && event.to_bot);
    assert_eq!(event.text(), "来");
}

/// The message route has everything in it.
#[test]
fn what_people_say_to_each_other_is_heard_and_not_meant() {
    let event = heard_by("bot", routed("message_route_private_text")).unwrap();
    assert_eq!(event.kind, other("PERSON"));
    assert!(event.conversation.is_none() && !event.to_bot);
    assert_eq!(event.command(), None);
    let room = heard_by("bot", routed("message_route_chatroom")).unwrap();
    assert_eq!(place(&room), "rongcloud:group:chatroom:r1");
    assert_eq!(room.kind, EventKind::Message);
}

#[test]
fn nothing_comes_of_what_the_bot_says() {
    assert!(heard_by("alice", routed("message_route_chatroom")).is_none());
}

#[test]
fn a_command_behind_a_mention_is_a_command() {
    let picked = |text: &str| Text::new(text).mentioning(["bot"]);
    for content in [
        picked("@Mynah /roll 20"),
        picked("@Alice @Mynah /roll 20"),
        Text::new("@所有人 /roll 20").mentioning_all(),
        Text::new("@bot /roll 20"),
        Text::new(" @bot/roll 20"),
    ] {
        let event = in_group(content.clone());
        assert_eq!(event.command(), Some(("roll", "20")), "{content:?}");
        assert!(event.to_bot && command("roll").accepts(&event));
    }
    for content in ["@bots /roll", "@bob /roll", "call @bot"] {
        let event = in_group(content);
        assert_eq!((event.to_bot, event.text()), (false, content));
    }
    assert_eq!(in_group("@bot").text(), "");
}

#[test]
fn who_is_mentioned_beside_the_bot_is_a_part_of_the_message() {
    let event = in_group(Text::new("@Bob @Mynah 你好").mentioning(["bob", "bot"]));
    let parts = [Part::Mention(user("bob")), "你好".into()];
    assert_eq!(event.message().parts(), parts);
    let event = in_group(Text::new("@Bob 你好").mentioning(["bob"]));
    assert_eq!((event.to_bot, event.text()), (false, "你好"));
}

#[test]
fn pictures_files_and_what_applications_have_are_messages() {
    let parts = |content: Content| {
        let event = told(ChannelType::Person, "bot", content);
        assert_eq!(event.kind, EventKind::Message);
        event.message().parts().to_vec()
    };
    let picture = parts(Image::new("https://h/a.jpg", "").into());
    assert_eq!(picture, [Part::Image(Media::url("https://h/a.jpg"))]);
    let voice = parts(HighQualityVoice::new("https://h/a.aac", 3).into());
    assert_eq!(voice, [Part::Voice(Media::url("https://h/a.aac"))]);
    let file = Media {
        name: "a.pdf".into(),
        ..Media::url("https://h/1")
    };
    let told = parts(File::new("a.pdf", 9, "https://h/1").into());
    assert_eq!(told, [Part::File(file)]);
    let place = parts(content::Location::new(30.5, 120.25, "西湖").into());
    let expected = Location {
        latitude: 30.5,
        longitude: 120.25,
        title: "西湖".into(),
    };
    assert_eq!(place, [Part::Location(expected)]);
    let own = parts(Content::custom("MY:Order", "no. 7"));
    let expected = json!({"objectName": "MY:Order", "content": "no. 7"});
    assert_eq!(own, [Part::Raw(HERE, expected)]);
}

#[test]
fn commands_are_no_messages_and_a_recall_is_one_taken_back() {
    let command = told(ChannelType::Person, "bot", Command::default());
    assert_eq!(command.kind, other("RC:CmdMsg"));
    let recall = Recall {
        message_uid: "5FGT-7VA9-G4DD-4V5P".into(),
        ..Recall::default()
    };
    let recalled = in_group(recall);
    assert_eq!(recalled.kind, EventKind::Recalled);
    let id = MessageId::new(HERE, "5FGT-7VA9-G4DD-4V5P");
    assert_eq!(recalled.message_id, Some(id));
}

#[test]
fn who_comes_into_a_chatroom_joins_and_each_is_an_event() {
    let (Posted::Chatroom(mut changes), raw) = posted("chatroom_status") else {
        panic!()
    };
    let events = |change| chatroom_events(&"rc".into(), change, &raw);
    changes[0].user_ids = vec!["alice".into(), "bob".into()];
    let joined = events(&changes[0]);
    let who: Vec<_> = joined.iter().map(|one| one.sender.clone()).collect();
    assert_eq!(who, [Some(user("alice")), Some(user("bob"))]);
    for event in &joined {
        assert_eq!(event.kind, EventKind::Joined);
        assert_eq!(place(event), "rongcloud:group:chatroom:destory_11");
        assert_eq!(event.time, 1_574_476_797);
    }
    let created = events(&changes[1]);
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].kind, other("chatroom_status"));
    assert!(created[0].native::<Posted>().is_some());
}

#[test]
fn what_was_taken_back_is_told_with_its_place() {
    let (Posted::Operation(operation), raw) = posted("message_operation_recall") else {
        panic!()
    };
    let told =
        |bot: &str| operation_event("rc".into(), &bot.into(), (*operation).clone(), raw.clone());
    let event = told("bob");
    assert_eq!(
        (&event.kind, event.time),
        (&EventKind::Recalled, 1_700_000_000)
    );
    assert_eq!(place(&event), "rongcloud:user:alice");
    assert_eq!(event.sender, Some(user("alice")));
    let id = MessageId::new(HERE, "5FGT-7VA9-G4DD-4V5P");
    assert_eq!(event.message_id, Some(id));
    assert!(told("bot").conversation.is_none());
}

fn text(content: &str, users: &[&str], all: bool) -> Piece {
    Piece::Text {
        content: content.into(),
        users: users.iter().map(|id| User::from(*id)).collect(),
        all,
    }
}

fn written(message: &Message) -> (Vec<Piece>, Vec<&'static str>) {
    let compiled = compile(message);
    let losses = compiled.losses.iter().map(|loss| loss.what).collect();
    (compiled.pieces, losses)
}

#[test]
fn a_mention_stands_in_the_text_and_beside_it() {
    for (message, expected) in [
        (
            Message::text("欢迎 ").mention(user("alice")).push(" !"),
            text("欢迎 @alice !", &["alice"], false),
        ),
        (
            Message::new()
                .mention(user("bob"))
                .mention(user("bob"))
                .push("hi"),
            text("@bob @bob hi", &["bob"], false),
        ),
        (
            Message::new().mention_all().push("早"),
            text("@所有人 早", &[], true),
        ),
        (Message::new().mention_all(), text("@所有人", &[], true)),
    ] {
        assert_eq!(written(&message), (vec![expected], vec![]));
    }
    let stranger = UserId::new(Platform::OneBot, 10001);
    let message = Message::text("hi ").mention(stranger);
    let expected = vec![text("hi 10001", &[], false)];
    assert_eq!(written(&message), (expected, vec!["mention"]));
}

#[test]
fn the_content_says_who_is_mentioned() {
    let info = |piece: Piece| match Content::from(piece) {
        Content::Text(text) => text.mentioned_info,
        other => panic!("{other:?}"),
    };
    let listed = info(text("@bob", &["bob"], false)).unwrap();
    assert_eq!(
        (listed.kind, listed.user_ids),
        (MentionedInfo::LISTED, vec!["bob".into()])
    );
    let all = info(text("@所有人", &["bob"], true)).unwrap();
    assert_eq!(all.kind, MentionedInfo::ALL);
    // Whoever makes a bot repeat something must not wake anybody.
    assert_eq!(info(text("@所有人", &[], false)), None);
    assert_eq!(written(&"@bob".into()).0, [text("@bob", &[], false)]);
}

#[test]
fn pictures_and_links_go_by_their_addresses() {
    let message = Message::text("see")
        .image(Media::url("https://h/a.png"))
        .push(Part::File(Media::url("https://h/b.pdf?x=1")))
        .push(Part::Link(Link {
            url: "https://h/".into(),
            title: "page".into(),
            ..Link::default()
        }));
    let pieces = vec![
        text("see", &[], false),
        Piece::Content(Image::new("https://h/a.png", "").into()),
        Piece::Content(File::new("b.pdf", 0, "https://h/b.pdf?x=1").into()),
        Piece::Content(RichText::new("page", "", "https://h/").into()),
    ];
    assert_eq!(written(&message), (pieces, vec![]));
    let message = Message::text("see ").image(Media::bytes("a.png", "png"));
    let expected = (vec![text("see [a.png]", &[], false)], vec!["picture"]);
    assert_eq!(written(&message), expected);
}

#[test]
fn what_is_lost_is_named() {
    let message = Message::markdown("**hi**")
        .quote(MessageId::new(HERE, "x"))
        .push(Part::Raw(Platform::OneBot, json!({})))
        .push(Part::Raw(HERE, json!({"no": "objectName"})));
    let expected = vec![text("hi", &[], false)];
    let losses = vec!["bold", "quote", "raw", "raw"];
    assert_eq!(written(&message), (expected, losses));
    let own = json!({"objectName": "MY:Order", "content": "no. 7"});
    let message = Message::new().push(Part::Raw(HERE, own));
    let expected = vec![Piece::Content(Content::custom("MY:Order", "no. 7"))];
    assert_eq!(written(&message), (expected, vec![]));
}

/// Each is a content of its own, and none is longer than the platform takes.
#[test]
fn long_text_becomes_several_messages() {
    let long = Message::new()
        .mention(user("bob"))
        .push(format!(" {}", "\u{1}".repeat(40_000)));
    let (pieces, losses) = written(&long);
    assert!(losses.is_empty() && pieces.len() > 1);
    let mentioning = pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Text { users, .. } if !users.is_empty()));
    assert_eq!(mentioning.count(), 1);
    for piece in pieces {
        let text = Content::from(piece).to_text();
        assert!(text.len() <= 131_072, "{}", text.len());
    }
}

#[test]
fn ids_of_messages_are_kept_as_they_are() {
    let mut message = routed("message_route_chatroom");
    message.msg_uid = Some(MessageUid::from("123"));
    let event = heard_by("bot", message).unwrap();
    assert_eq!(event.message_id.unwrap().id.to_string(), "123");
}

#[test]
fn whatever_is_said_is_carried_or_named() {
    let place = documents::Place {
        markup: false,
        looks: 0,
        lacks: &documents::WITHOUT_MARKUP,
    };
    documents::every(100_000, HERE, |document, _| {
        let compiled = compile(&document.message);
        let pieces = compiled.pieces.into_iter().map(|piece| {
            let words = match &piece {
                Piece::Text { content, .. } => content.clone(),
                _ => String::new(),
            };
            let raw = Content::from(piece).to_text();
            let length = raw.len();
            documents::Piece { words, raw, length }
        });
        let pieces: Vec<_> = pieces.collect();
        documents::check(&document, place, &pieces, &compiled.losses, 131_072);
    });
}
