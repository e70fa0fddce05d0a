//! BearyChat in the words of the bot layer.

use std::sync::Arc;

use bytes::Bytes;
use mynah_bearychat::event::{Event as Told, ReactionChange};
use mynah_bearychat::hook::{HubotPost, OutgoingPost};
use mynah_bearychat::types::{Attachment, User};
use mynah_bot::bearychat::{Hearing, Piece, Way, compile, outgoing_event};
use mynah_bot::{
    Conversation, Event, EventKind, Link, Location, Media, Message, MessageId, Part, Platform,
    UserId, command, edited, mention, reacted, recalled,
};
use serde_json::{Value, json};

use crate::documents;

const HERE: Platform = Platform::BearyChat;

/// What the vendor documents.
fn payload(name: &str) -> Value {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/bearychat_events.json")).unwrap();
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no sample {name}"))["payload"].clone()
}

fn account() -> Arc<str> {
    "beary".into()
}

/// A hubot that is called `@mynah`.
fn hubot() -> Hearing {
    Hearing::new(&User {
        id: "=bwBot".into(),
        name: "mynah".into(),
        ..User::default()
    })
}

fn hears(hearing: &mut Hearing, frame: &Value) -> Option<Event> {
    let raw = Bytes::from(frame.to_string());
    let told = Told::from_slice(&raw).unwrap();
    hearing.event(&account(), told, raw)
}

fn heard(frame: &Value) -> Event {
    hears(&mut hubot(), frame).expect("an event")
}

fn sample(name: &str) -> Event {
    heard(&payload(name))
}

/// The frame of what somebody says in a channel.
fn said(text: &str) -> Value {
    let mut frame = payload("channel_message");
    frame["text"] = json!(text);
    frame
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
fn what_is_said_in_a_channel_in_plain_words() {
    let event = sample("channel_message");
    assert_eq!((&event.kind, event.text()), (&EventKind::Message, "test"));
    assert_eq!(place(&event), "bearychat:group:=bwDfQ");
    assert_eq!(event.sender, Some(user("=bwCkD")));
    let id = event.message_id.as_ref().unwrap();
    assert_eq!(id.to_string(), "bearychat:1487571355082.0141");
    assert_eq!(event.time, 1_487_571_355);
    assert!(event.is_group() && !event.to_bot);
    assert!(event.native::<Told>().is_some());
}

#[test]
fn what_is_said_to_the_hubot_alone_is_meant_for_it() {
    let event = sample("message");
    assert_eq!(place(&event), "bearychat:user:=bwFrB");
    assert!(event.is_direct() && event.to_bot && mention().accepts(&event));
}

/// The platform tells everybody everything, the one who said it too.
#[test]
fn nothing_comes_of_what_the_hubot_does_itself() {
    for name in [
        "message",
        "channel_message",
        "update_message",
        "update_channel_message",
        "add_message_reaction",
        "delete_message_reaction",
        "update_user_connection",
    ] {
        let mut frame = payload(name);
        for at in ["/uid", "/data/uid"] {
            if let Some(uid) = frame.pointer_mut(at) {
                *uid = json!("=bwBot");
            }
        }
        assert!(hears(&mut hubot(), &frame).is_none(), "{name}");
    }
}

#[test]
fn a_command_behind_a_mention_is_a_command() {
    for text in [
        "@<==bwBot=> /roll 20",
        "@<==bwBot=>/roll 20",
        " @<==bwBot=>  /roll 20 ",
        "@<-channel-> /roll 20",
        "@<==bwCkD=> @<==bwBot=> /roll 20",
        "@mynah /roll 20",
        "@mynah: /roll 20",
    ] {
        let event = heard(&said(text));
        assert_eq!(event.command(), Some(("roll", "20")), "{text}");
        assert!(event.to_bot && command("roll").accepts(&event), "{text}");
    }
    for text in ["@mynahs hello", "call @mynah", "@<==bwBo=> hello"] {
        assert!(!heard(&said(text)).to_bot, "{text}");
    }
}

#[test]
fn who_is_mentioned_beside_the_hubot_is_a_part_of_the_message() {
    let event = heard(&said("@<==bwBot=> ask @<==bwCkD=> or @<-channel->, now"));
    let parts = [
        "ask ".into(),
        Part::Mention(user("=bwCkD")),
        " or ".into(),
        Part::MentionAll,
        ", now".into(),
    ];
    assert_eq!(event.message().parts(), parts);
    assert_eq!(event.text(), "ask  or , now");
    let event = heard(&said("@<==bwBot=>"));
    assert_eq!((event.text(), event.message().is_empty()), ("", true));
}

#[test]
fn what_quotes_the_hubot_is_meant_for_it() {
    let mut hubot = hubot();
    let mut own = said("who is there?");
    own["uid"] = json!("=bwBot");
    own["key"] = json!("1487571355000.0140");
    assert!(hears(&mut hubot, &own).is_none());

    let mut answer = said("me");
    answer["refer_key"] = own["key"].clone();
    let event = hears(&mut hubot, &answer).unwrap();
    let quoted = MessageId::new(HERE, "1487571355000.0140");
    assert!(event.to_bot);
    assert_eq!(event.message().quoted(), Some(&quoted));
    assert_eq!(event.message().parts()[1], "me".into());

    answer["refer_key"] = json!("1487571355000.0139");
    assert!(!hears(&mut hubot, &answer).unwrap().to_bot);
}

/// Two robots that answer each other would never end.
#[test]
fn what_robots_and_the_platform_say_is_no_message() {
    let mut frame = said("deployed");
    frame["uid"] = json!(null);
    frame["robot_id"] = json!("=bwRob");
    frame["subtype"] = json!("robot");
    let event = heard(&frame);
    assert_eq!((&event.kind, event.text()), (&other("robot"), "deployed"));
    assert_eq!(event.sender, Some(user("=bwRob")));

    frame = said("/ping");
    frame["subtype"] = json!("info");
    let event = heard(&frame);
    assert_eq!((&event.kind, event.command()), (&other("info"), None));
    for subtype in ["forwarded", "something new"] {
        frame["subtype"] = json!(subtype);
        assert_eq!(heard(&frame).kind, EventKind::Message, "{subtype}");
    }
}

#[test]
fn an_edit_and_a_deletion_are_told_apart() {
    for (name, at) in [
        ("update_message", "bearychat:user:=bwCkD"),
        ("update_channel_message", "bearychat:group:=bwDfQ"),
    ] {
        let mut frame = payload(name);
        frame["data"]["uid"] = json!("=bwCkD");
        let event = heard(&frame);
        assert!(recalled().accepts(&event), "{name}: {event:?}");
        assert_eq!(event.text(), "", "what is left of it says nothing");
        assert!(event.message_id.is_some());

        frame["data"]["deleted"] = json!(false);
        frame["data"]["edited"] = json!(true);
        frame["data"]["text"] = json!("@<==bwBot=> right");
        let event = heard(&frame);
        assert!(edited().accepts(&event), "{name}: {event:?}");
        assert_eq!(event.text(), "right");
        if name == "update_channel_message" {
            assert_eq!(place(&event), at);
        } else {
            assert!(event.is_direct());
        }
        assert_eq!(event.command(), None);
    }
}

/// A reaction does not say where.
#[test]
fn a_reaction_is_in_the_conversation_where_its_message_was_seen() {
    let (reaction, message) = (payload("add_message_reaction"), payload("channel_message"));
    let unknown = heard(&reaction);
    assert!(reacted().accepts(&unknown) && unknown.conversation.is_none());

    let mut hubot = hubot();
    hears(&mut hubot, &message).unwrap();
    let event = hears(&mut hubot, &reaction).unwrap();
    assert_eq!(place(&event), "bearychat:group:=bwDfQ");
    assert_eq!(event.sender, Some(user("=bwCkD")));
    assert_eq!(event.time, 1_487_571_555);
    let Some(Told::AddMessageReaction(change)) = event.native() else {
        panic!("{event:?}")
    };
    let ReactionChange { data, .. } = &**change;
    assert_eq!(data.reaction, ":+1:");
    assert!(!event.to_bot);

    let mut own = message;
    own["uid"] = json!("=bwBot");
    hears(&mut hubot, &own);
    assert!(hears(&mut hubot, &reaction).unwrap().to_bot);
    let gone = hears(&mut hubot, &payload("delete_message_reaction")).unwrap();
    assert_eq!(gone.kind, other("delete_message_reaction"));
}

#[test]
fn everything_else_goes_by_its_own_name() {
    let event = sample("update_user_connection");
    assert_eq!(event.kind, other("update_user_connection"));
    assert_eq!(event.sender, Some(user("=bw52O")));
    let event = heard(&json!({"type": "channel_typing", "vchannel_id": "=1", "uid": "=2"}));
    assert_eq!(
        (&event.kind, &*place(&event)),
        (&other("channel_typing"), "bearychat:group:=1")
    );
    let event = heard(&json!({"type": "update_user", "ts": 1_487_571_355_082_i64}));
    assert_eq!(
        (&event.kind, event.time),
        (&other("update_user"), 1_487_571_355)
    );
}

#[test]
fn every_documented_event_is_converted() {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/bearychat_events.json")).unwrap();
    let events = all.iter().filter(|one| {
        let name = one["name"].as_str().unwrap();
        one["direction"] == "server-to-client" && !["reply", "pong", "ok"].contains(&name)
    });
    let converted: Vec<_> = events.map(|one| heard(&one["payload"])).collect();
    assert_eq!(converted.len(), 7);
}

#[test]
fn what_is_attached_is_a_part_of_the_message() {
    let mut frame = said("look");
    frame["attachments"] = json!([
        {"title": "页", "url": "http://h/a", "text": "words"},
        {"title": "pictures", "images": [{"url": "http://h/1"}, {"url": "http://h/2"}]},
        {"text": "just words", "color": "#ffa500"},
    ]);
    let event = heard(&frame);
    let [text, link, first, second, raw] = event.message().parts() else {
        panic!("{event:?}")
    };
    assert_eq!(*text, "look".into());
    assert_eq!(
        *link,
        Part::Link(Link {
            url: "http://h/a".into(),
            title: "页".into(),
            text: "words".into(),
            image: String::new()
        })
    );
    assert_eq!(*first, Part::Image(Media::url("http://h/1")));
    assert_eq!(*second, Part::Image(Media::url("http://h/2")));
    // It can be said again as it is.
    let again = pieces(&Message::new().push(raw.clone()));
    let [Piece::Raw(body)] = again.as_slice() else {
        panic!("{again:?}")
    };
    assert_eq!(body["text"], "just words");
    assert_eq!(body["attachments"][0]["color"], "#ffa500");
}

#[test]
fn what_is_posted_to_a_hubot_is_meant_for_it() {
    let raw = Bytes::from(payload("hubot-http/request").to_string());
    let post: HubotPost = serde_json::from_slice(&raw).unwrap();
    let group = Conversation::group(HERE, post.vchannel.as_str());
    let event = hubot().posted(&account(), group.clone(), post.clone(), raw.clone());
    assert_eq!((&event.kind, event.text()), (&EventKind::Message, "help"));
    assert_eq!(event.sender_name(), Some("alice"));
    assert!(event.to_bot && event.native::<HubotPost>().is_some());

    // Where it is not known who the hubot is, the first mention was the one that called it.
    let post = HubotPost {
        text: "@<==bwBot=> ask @<==bwCkD=>".into(),
        ..post
    };
    for mut hearing in [hubot(), Hearing::default()] {
        let event = hearing.posted(&account(), group.clone(), post.clone(), raw.clone());
        let parts = ["ask ".into(), Part::Mention(user("=bwCkD"))];
        assert_eq!(event.message().parts(), parts);
    }
}

#[test]
fn what_a_trigger_word_calls_for_stands_behind_it() {
    let raw = Bytes::from(payload("outgoing/request").to_string());
    let post: OutgoingPost = serde_json::from_slice(&raw).unwrap();
    let event = outgoing_event(&account(), post, raw);
    assert_eq!((event.text(), event.to_bot), ("中国", true));
    assert_eq!(place(&event), "bearychat:group:your_channel");
    assert_eq!(event.sender, Some(user("your_name")));
    assert_eq!(event.sender_name(), Some("your_name"));
    assert_eq!(event.time, 1_355_517_523);

    let post = OutgoingPost::new("!robot /roll 20", "!robot");
    let event = outgoing_event(&account(), post, Bytes::new());
    assert_eq!(event.command(), Some(("roll", "20")));
    assert!(event.conversation.is_none());
}

fn written(message: &Message, way: Way) -> (Vec<Piece>, Vec<&'static str>) {
    let compiled = compile(message, way);
    let losses = compiled.losses.iter().map(|loss| loss.what).collect();
    (compiled.pieces, losses)
}

fn pieces(message: &Message) -> Vec<Piece> {
    let (pieces, losses) = written(message, Way::Socket);
    assert_eq!(losses, [""; 0]);
    pieces
}

fn words(text: &str) -> Piece {
    with(text, [])
}

fn with<const N: usize>(text: &str, attachments: [Attachment; N]) -> Piece {
    Piece::Said {
        text: text.into(),
        attachments: attachments.into(),
    }
}

#[test]
fn a_mention_stands_in_the_text() {
    let hello = Message::text("欢迎 ").mention(user("=bw52O")).push("!");
    assert_eq!(pieces(&hello), [words("欢迎 @<==bw52O=> !")]);
    let all = Message::new().mention_all().mention(user("=bw52O"));
    assert_eq!(pieces(&all), [words("@<-channel-> @<==bw52O=>")]);

    // Hooks know people by their names, and others are none of ours.
    let named = Message::new().mention(user("alice"));
    assert_eq!(
        written(&named, Way::Calls),
        (vec![words("@alice")], vec!["mention"])
    );
    let stranger = Message::new().mention(UserId::new(Platform::OneBot, 7));
    assert_eq!(
        written(&stranger, Way::Calls),
        (vec![words("7")], vec!["mention"])
    );
}

#[test]
fn text_is_neither_markup_nor_a_mention_of_anybody() {
    for (text, expected) in [
        ("*c* `d`", "\\*c\\* \\`d\\`"),
        ("@<==bw52O=>", "@\\<==bw52O=>"),
        ("@<-channel->", "@\\<-channel->"),
    ] {
        assert_eq!(pieces(&text.into()), [words(expected)], "{text}");
    }
    let split = Message::text("@").push("<-channel->");
    assert_eq!(pieces(&split), [words("@\\<-channel->")]);
    let loud = Message::markdown("**hi** ").push("*you*");
    assert_eq!(pieces(&loud), [words("**hi** \\*you\\*")]);
    assert!(compile(&" ".into(), Way::Calls).pieces.is_empty());
}

#[test]
fn pictures_and_links_are_attached_to_the_text_before_them() {
    let link = Link {
        url: "http://h/a".into(),
        title: "页".into(),
        ..Link::default()
    };
    let message = Message::text("look")
        .image(Media::url("http://h/cat.png"))
        .push(Part::Link(link))
        .push("!");
    let cat = Attachment {
        images: Some(vec!["http://h/cat.png".into()]),
        ..Attachment::title("cat.png")
    };
    let page = Attachment {
        url: Some("http://h/a".into()),
        ..Attachment::title("页")
    };
    let expected = [with("look", [cat.clone(), page]), words("!")];
    assert_eq!(pieces(&message), expected);

    // The platform wants words.
    let alone = Message::new().image(Media::url("http://h/cat.png"));
    assert_eq!(pieces(&alone), [with("cat.png", [cat])]);
}

#[test]
fn what_cannot_be_carried_is_named() {
    let file = Message::new().push(Part::File(Media::url("http://h/a.pdf?x=1")));
    let linked = Attachment {
        url: Some("http://h/a.pdf?x=1".into()),
        ..Attachment::title("a.pdf")
    };
    assert_eq!(
        written(&file, Way::Calls),
        (vec![with("a.pdf", [linked])], vec!["file"])
    );
    let picture = Message::text("see ").image(Media::bytes("a.png", &b"x"[..]));
    assert_eq!(
        written(&picture, Way::Calls),
        (vec![words("see [a.png]")], vec!["picture"])
    );
    let place = Location {
        latitude: 1.5,
        longitude: 2.0,
        title: "here".into(),
    };
    let (pieces, losses) = written(&Message::new().push(Part::Location(place)), Way::Calls);
    assert_eq!((pieces.len(), losses), (1, vec!["location"]));
    let raw = Part::Raw(HERE, json!({"attachments": []}));
    assert_eq!(
        written(&Message::new().push(raw), Way::Calls),
        (vec![], vec!["raw"])
    );
}

/// Only frames quote, and nothing is attached to them.
#[test]
fn a_quote_goes_over_the_socket_and_attachments_behind_it() {
    let key = MessageId::new(HERE, "1487571355082.0141");
    let quoting = |text: &str| Piece::Quoting {
        key: "1487571355082.0141".into(),
        text: text.into(),
    };
    let reply = Message::new().quote(key.clone()).push("right");
    assert_eq!(pieces(&reply), [quoting("right")]);
    assert_eq!(
        written(&reply, Way::Calls),
        (vec![words("right")], vec!["quote"])
    );

    let shown = reply.clone().image(Media::url("http://h/a.png")).push("!");
    let written_so = pieces(&shown);
    assert_eq!(written_so[0], quoting("right"));
    assert!(matches!(&written_so[1], Piece::Said { attachments, .. } if attachments.len() == 1));
    assert_eq!(written_so[2], words("!"));

    let nothing = Message::new().quote(key);
    assert_eq!(written(&nothing, Way::Socket), (vec![], vec!["quote"]));
    let elsewhere = Message::new().quote(MessageId::new(Platform::OneBot, 7));
    assert_eq!(written(&elsewhere, Way::Socket).1, ["quote"]);
}

#[test]
fn what_was_said_can_be_said_again() {
    for text in ["hello", "*a* [b](http://h)", "@<-all-> & <b>"] {
        let event = heard(&said(&format!("@<==bwBot=> {text}")));
        let [Piece::Said { text: again, .. }] = &pieces(event.message())[..] else {
            panic!("{text}")
        };
        assert_eq!(again.replace('\\', ""), text);
    }
}

#[test]
fn whatever_is_said_is_carried_or_named() {
    let place = documents::Place {
        markup: true,
        looks: documents::ALL,
        lacks: &["heading", "table", "picture", "rule", "card", "button"],
    };
    documents::every(100_000, HERE, |document, random| {
        let way = random.choice([Way::Socket, Way::Calls]).unwrap();
        let compiled = compile(&document.message, way);
        let pieces = compiled.pieces.iter().map(|piece| {
            let (words, raw) = match piece {
                Piece::Said { text, attachments } => (text, json!(attachments).to_string()),
                Piece::Quoting { key, text } => (text, key.as_str().to_owned()),
                other => panic!("{other:?}"),
            };
            documents::Piece {
                words: words.clone(),
                raw,
                length: words.len(),
            }
        });
        let pieces: Vec<_> = pieces.collect();
        documents::check(&document, place, &pieces, &compiled.losses, 32 * 1024);
        // Nobody is mentioned by text.
        let mentions = pieces
            .iter()
            .map(|piece| piece.words.matches("@<=").count());
        let people = document.message.mentions().count();
        assert_eq!(mentions.sum::<usize>(), people, "{:?}", compiled.pieces);
    });
}
