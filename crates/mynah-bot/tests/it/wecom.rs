//! WeCom in the words of the bot layer.

use std::collections::HashSet;

use bytes::Bytes;
use mynah_bot::wecom::{Piece, Way, application_event, bot_event, compile};
use mynah_bot::{
    Card, Event, EventKind, Link, Location, Media, Message, MessageId, Part, Platform, Source,
    UserId, command,
};
use mynah_wecom::card::{CardType, TemplateCard};
use mynah_wecom::{aibot, event};
use serde_json::{Value, json};

use crate::documents;

const HERE: Platform = Platform::WeCom;

fn vectors(list: &str) -> Vec<Value> {
    let vectors: Value =
        serde_json::from_str(include_str!("../vectors/wecom_events.json")).unwrap();
    vectors[list].as_array().unwrap().clone()
}

/// What an application is told, as the vendor documents it.
fn application(name: &str) -> Event {
    let events = vectors("events");
    let found = events.iter().find(|one| one["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no event {name}"));
    let xml = found["plaintext_xml"].as_str().unwrap().to_owned();
    let callback = event::Callback::read(&xml).unwrap();
    application_event("app".into(), callback, xml.into())
}

/// What a bot is told, as the vendor documents it.
fn bot(name: &str) -> Event {
    let events = vectors("aibot_callbacks");
    let found = events.iter().find(|one| one["name"] == name);
    told(&found.unwrap_or_else(|| panic!("no callback {name}"))["plaintext_json"])
}

fn told(callback: &Value) -> Event {
    let raw = Bytes::from(callback.to_string());
    let callback = aibot::Callback::from_slice(&raw).unwrap();
    bot_event("bot".into(), callback, raw)
}

fn other(name: &'static str) -> EventKind {
    EventKind::Other(name.into())
}

#[test]
fn what_an_application_is_told_in_plain_words() {
    for (name, kind, text) in [
        ("text", EventKind::Message, "this is a test"),
        ("image", EventKind::Message, ""),
        ("voice", EventKind::Message, ""),
        ("event subscribe", other("event.subscribe"), ""),
        ("event enter_agent", other("event.enter_agent"), ""),
        ("event LOCATION", other("event.LOCATION"), ""),
        ("event click", other("event.click"), ""),
        ("event template_card_event", EventKind::Pressed, ""),
    ] {
        let event = application(name);
        assert_eq!((&event.kind, event.text()), (&kind, text), "{name}");
        let place = event.conversation.as_ref().unwrap().to_string();
        assert_eq!(place, "wecom:user:alice", "{name}");
        assert_eq!(event.sender, Some(UserId::new(HERE, "alice")), "{name}");
        assert!(event.to_bot && event.is_direct(), "{name}");
        assert!(event.raw().starts_with(b"<xml>"), "{name}");
    }
    let pressed = application("event template_card_event");
    assert_eq!(pressed.pressed.as_deref(), Some("key111"));
    let text = application("text");
    let id = MessageId::new(HERE, 1_234_567_890_123_456);
    assert_eq!((text.message_id, text.time), (Some(id), 1_348_831_860));
}

/// The directory changes in nobody's name, and what nobody did has no place.
#[test]
fn the_platform_is_nobody() {
    let event = application("event change_contact create_user");
    assert_eq!(event.kind, other("event.change_contact.create_user"));
    assert_eq!(
        (event.conversation, event.sender, event.to_bot),
        (None, None, false)
    );
}

#[test]
fn every_event_of_the_documentation_is_converted() {
    for one in vectors("events") {
        let event = application(one["name"].as_str().unwrap());
        assert!(event.native::<event::Callback>().is_some());
        assert_ne!(event.kind, EventKind::Meta, "{}", one["name"]);
    }
    for one in vectors("aibot_callbacks") {
        let event = bot(one["name"].as_str().unwrap());
        assert!(event.native::<aibot::Callback>().is_some());
        assert!(event.conversation.is_some(), "{}", one["name"]);
    }
}

#[test]
fn what_members_send_to_an_application() {
    let kept = |id: &str| Media {
        source: Source::Name(id.to_owned()),
        name: String::new(),
    };
    for (name, part) in [
        ("image", Part::Image(Media::url("http://p.qpic.cn/pic/0"))),
        ("voice", Part::Voice(kept("media_id"))),
        ("video", Part::Video(kept("media_id"))),
        (
            "location",
            Part::Location(Location {
                latitude: 23.134,
                longitude: 113.358,
                title: "位置信息".into(),
            }),
        ),
        (
            "link",
            Part::Link(Link {
                url: "https://example.com".into(),
                title: "this is a title！".into(),
                text: "this is a description！".into(),
                image: "https://example.com/a.png".into(),
            }),
        ),
    ] {
        assert_eq!(application(name).message().parts(), [part], "{name}");
    }
}

#[test]
fn what_mentions_the_bot_in_a_group_is_text_without_the_mention() {
    let event = bot("aibot text (group, quote)");
    assert_eq!(event.text(), "hello robot");
    assert!(event.to_bot && event.is_group());
    assert_eq!(
        event.conversation.as_ref().unwrap().to_string(),
        "wecom:group:CHATID"
    );
    let quote = json!({"quote": {"msgtype": "text", "text": {"content": "这是今日的测试情况"}}});
    let parts = [
        Part::Raw(HERE, quote),
        Part::Mention(UserId::new(HERE, "AIBOTID")),
        " hello robot".into(),
    ];
    assert_eq!(event.message().parts(), parts);
}

#[test]
fn a_command_behind_a_mention_is_a_command() {
    let said = |text: &str| {
        told(&json!({
            "msgid": "1", "aibotid": "aib", "chatid": "c", "chattype": "group",
            "from": {"userid": "alice"}, "msgtype": "text", "text": {"content": text},
        }))
    };
    for text in [
        "@RobotA /roll 20",
        "@八哥\u{2005}/roll 20",
        "  @RobotA\n/roll 20",
    ] {
        assert_eq!(said(text).command(), Some(("roll", "20")), "{text:?}");
        assert!(command("roll").accepts(&said(text)));
    }
    assert_eq!(said("@RobotA").text(), "");
    assert_eq!(said("no mention @here").text(), "no mention @here");
}

#[test]
fn what_people_send_to_a_bot_alone() {
    let text = bot("aibot text (single)");
    assert_eq!(
        text.conversation.as_ref().unwrap().to_string(),
        "wecom:user:alice"
    );
    assert_eq!(
        (text.text(), text.kind.clone()),
        ("hello robot", EventKind::Message)
    );
    assert!(
        text.time > 1_700_000_000,
        "messages carry no time, so it is ours"
    );

    let voice = bot("aibot voice (single only)");
    assert_eq!(voice.text(), "这是语音转成文本的内容");
    let image = bot("aibot image (single only)");
    let picture = Media::url("https://example.com/encrypted-image");
    assert_eq!(image.message().parts(), [Part::Image(picture.clone())]);

    let mixed = bot("aibot mixed");
    assert_eq!(mixed.text(), "这是今日的测试情况");
    let parts = [
        Part::Mention(UserId::new(HERE, "AIBOTID")),
        " 这是今日的测试情况".into(),
        Part::Image(picture),
    ];
    assert_eq!(mixed.message().parts(), parts);
}

#[test]
fn what_people_do_with_a_bot() {
    let opened = bot("aibot event enter_chat");
    assert_eq!(
        (opened.kind, opened.time),
        (other("event.enter_chat"), 1_700_000_000)
    );
    let pressed = bot("aibot event template_card_event");
    assert_eq!(pressed.kind, EventKind::Pressed);
    assert_eq!(pressed.pressed.as_deref(), Some("button_replace_text"));
    assert!(pressed.is_group() && pressed.message_id.is_none());
    let refresh = bot("aibot stream refresh");
    assert_eq!(refresh.kind, EventKind::Meta);
}

fn text(content: &str) -> Piece {
    Piece::Text {
        content: content.into(),
        mentioned: Vec::new(),
    }
}

fn markdown(content: &str, mentions: bool) -> Piece {
    Piece::Markdown {
        content: content.into(),
        mentions,
    }
}

fn written(message: &Message, way: Way) -> (Vec<Piece>, Vec<&'static str>) {
    let compiled = compile(message, way);
    let losses = compiled.losses.iter().map(|loss| loss.what).collect();
    (compiled.pieces, losses)
}

#[test]
fn a_mention_stands_where_the_platform_wants_it() {
    let hello = Message::text("欢迎 ")
        .mention(UserId::new(HERE, "alice"))
        .push(" !");
    let inline = text("欢迎 <@alice> !");
    assert_eq!(written(&hello, Way::Direct), (vec![inline.clone()], vec![]));
    assert_eq!(written(&hello, Way::Group), (vec![inline], vec![]));
    let bot = markdown("欢迎 <@alice> !", true);
    assert_eq!(written(&hello, Way::Bot), (vec![bot], vec![]));
    let listed = Piece::Text {
        content: "欢迎  !".into(),
        mentioned: vec!["alice".into()],
    };
    assert_eq!(written(&hello, Way::Robot), (vec![listed], vec![]));

    let all = Message::text("早 ").mention_all();
    let listed = Piece::Text {
        content: "早 ".into(),
        mentioned: vec!["@all".into()],
    };
    let called = Piece::Text {
        content: "@all".into(),
        mentioned: vec!["@all".into()],
    };
    // Markdown calls nobody but single people, so a text below it does.
    let marked = Message::markdown("早").mention_all();
    let expected = (vec![markdown("早", false), called], vec![]);
    assert_eq!(written(&marked, Way::Robot), expected);
    assert_eq!(written(&all, Way::Group), (vec![listed], vec![]));
    let lost = (vec![text("早 @all")], vec!["mention of everybody"]);
    assert_eq!(written(&all, Way::Direct), lost);

    let stranger = Message::text("hi ").mention(UserId::new(Platform::OneBot, 10001));
    assert_eq!(
        written(&stranger, Way::Direct),
        (vec![text("hi 10001")], vec!["mention"])
    );
}

/// Whoever makes a bot repeat `<@all>` must not wake everybody.
#[test]
fn nobody_is_mentioned_by_text() {
    for way in [
        Way::Direct,
        Way::Group,
        Way::Bot,
        Way::CalledBot,
        Way::Robot,
    ] {
        for message in [
            Message::text("<@all>"),
            Message::text("<@all>").push(Part::Markdown("!".into())),
        ] {
            let (pieces, _) = written(&message, way);
            let [Piece::Text { content, .. } | Piece::Markdown { content, .. }] = pieces.as_slice()
            else {
                panic!("{pieces:?}")
            };
            assert!(!content.contains("<@"), "{way:?}: {content}");
        }
    }
}

#[test]
fn markdown_takes_the_text_beside_it_along() {
    let message = Message::markdown("**on call**: ")
        .push("*alice*")
        .mention(UserId::new(HERE, "bob"));
    let both = markdown("**on call**: \\*alice\\*<@bob>", true);
    for way in [Way::Direct, Way::Group, Way::Bot, Way::Robot] {
        assert_eq!(
            written(&message, way),
            (vec![both.clone()], vec![]),
            "{way:?}"
        );
    }
}

#[test]
fn pictures_and_links_are_messages_of_their_own() {
    let link = Link {
        url: "https://h/a b".into(),
        title: "page".into(),
        ..Link::default()
    };
    let picture = Media::bytes("a.png", "png");
    let message = Message::text("see")
        .image(picture.clone())
        .push(Part::Link(link.clone()))
        .push("bye");
    let pieces = vec![
        text("see"),
        Piece::Image(picture.clone()),
        Piece::Link(link),
        text("bye"),
    ];
    for way in [Way::Direct, Way::Group, Way::Robot] {
        assert_eq!(written(&message, way), (pieces.clone(), vec![]), "{way:?}");
    }
    let in_markdown = vec![
        markdown("see", false),
        Piece::Image(picture),
        markdown("[page](https://h/a%20b)bye", false),
    ];
    assert_eq!(written(&message, Way::Bot), (in_markdown, vec![]));
    let named = vec![markdown("see[a.png][page](https://h/a%20b)bye", false)];
    assert_eq!(written(&message, Way::CalledBot), (named, vec!["file"]));
}

#[test]
fn what_is_lost_is_named() {
    let place = Location {
        latitude: 30.5,
        longitude: 120.25,
        title: "西湖".into(),
    };
    let message = Message::new()
        .push(Part::Location(place))
        .quote(MessageId::new(HERE, 1))
        .push(Part::Raw(Platform::OneBot, json!({})))
        .push(Part::Raw(HERE, json!({"no": "msgtype"})));
    let expected = (
        vec![text("西湖 (30.5, 120.25)")],
        vec!["location", "quote", "raw", "raw"],
    );
    assert_eq!(written(&message, Way::Direct), expected);

    let video = Media::bytes("a.mp4", "mp4");
    let expected = (vec![Piece::File(video.clone())], vec!["video"]);
    assert_eq!(
        written(&Message::new().push(Part::Video(video)), Way::Robot),
        expected
    );
}

#[test]
fn what_was_quoted_can_be_quoted_in_markdown() {
    let event = bot("aibot text (group, quote)");
    let (pieces, losses) = written(event.message(), Way::Bot);
    let quoted = "> 这是今日的测试情况\n\n<@AIBOTID> hello robot";
    assert_eq!((pieces, losses), (vec![markdown(quoted, true)], vec![]));
    assert_eq!(written(event.message(), Way::Direct).1, ["quote"]);
}

#[test]
fn long_messages_become_several() {
    let long = "值".repeat(1000);
    let (pieces, losses) = written(&Message::text(long.as_str()), Way::Direct);
    assert!(losses.is_empty());
    let parts: Vec<_> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text { content, .. } if content.len() <= 2048 => content.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    let [one, two] = parts.as_slice() else {
        panic!("{} parts", parts.len())
    };
    let (one, two) = (one.strip_suffix("\n(1/2)"), two.strip_suffix("\n(2/2)"));
    assert_eq!([one.unwrap(), two.unwrap()].concat(), long);
    assert_eq!(written(&Message::text(long), Way::Bot).0.len(), 1);
    // Everybody is told once.
    let loud = Message::text("x".repeat(3000)).mention_all();
    let told = written(&loud, Way::Group).0;
    let mentioned = told
        .iter()
        .filter(|piece| matches!(piece, Piece::Text { mentioned, .. } if !mentioned.is_empty()));
    assert_eq!(mentioned.count(), 1);
}

#[test]
fn a_card_is_one_where_the_place_has_it_and_numbered_lines_elsewhere() {
    let card = Card::new("Deploy?")
        .text("`main` now")
        .press("Yes", "yes")
        .press("No", "no");
    let message = Message::text("well:").card(card);
    for way in [Way::Direct, Way::Bot, Way::CalledBot] {
        let compiled = compile(&message, way);
        let [
            Piece::Text { content, .. } | Piece::Markdown { content, .. },
            Piece::Card(card),
        ] = compiled.pieces.as_slice()
        else {
            panic!("{way:?}: {:?}", compiled.pieces)
        };
        assert_eq!(content, "well:");
        let buttons = card.button_list.iter().flatten();
        let keys: Vec<_> = buttons.filter_map(|button| button.key.as_deref()).collect();
        assert_eq!(keys, ["yes", "no"], "{way:?}");
        assert_eq!(card.sub_title_text.as_deref(), Some("main now"), "{way:?}");
        assert!(compiled.numbered.is_empty(), "{way:?}");
    }
    for way in [Way::Group, Way::Robot] {
        let compiled = compile(&message, way);
        let [Piece::Markdown { content, .. }] = compiled.pieces.as_slice() else {
            panic!("{way:?}: {:?}", compiled.pieces)
        };
        let lines: Vec<_> = content.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            ["well:", "**Deploy?**", "`main` now", "1. Yes", "2. No"]
        );
        assert_eq!(compiled.numbered.len(), 2, "{way:?}");
        assert!(compiled.losses.iter().any(|loss| loss.what == "button"));
    }
}

/// The platform's own limits of cards.
fn takes(card: &TemplateCard) {
    let buttons = card.button_list.as_deref().unwrap_or_default();
    let keys: Vec<_> = buttons.iter().filter_map(|it| it.key.as_deref()).collect();
    let jumps = card.jump_list.as_deref().unwrap_or_default();
    assert!(buttons.len() <= 6 && jumps.len() <= 3, "{card:?}");
    assert!(
        keys.iter().all(|key| (1..=1024).contains(&key.len())),
        "{card:?}"
    );
    assert!(
        keys.iter().collect::<HashSet<_>>().len() == keys.len(),
        "{card:?}"
    );
    match card.card_type {
        CardType::ButtonInteraction => assert!(!buttons.is_empty(), "{card:?}"),
        _ => assert!(card.card_action.is_some(), "{card:?}"),
    }
    let words = card.sub_title_text.as_deref().unwrap_or_default();
    assert!(words.chars().count() <= 112, "{card:?}");
}

#[test]
fn a_preview_of_a_link_has_as_many_words_as_the_platform_shows() {
    let link = Link {
        title: format!("{}👨‍👩‍👧‍👦", "值".repeat(40)),
        text: "x".repeat(513),
        ..Link::new("https://h/", "")
    };
    let message = Message::new().link(link);
    for way in [Way::Direct, Way::Group, Way::Robot] {
        let compiled = compile(&message, way);
        let [Piece::Link(link)] = compiled.pieces.as_slice() else {
            panic!("{way:?}: {:?}", compiled.pieces)
        };
        // A character is whole or not there.
        assert_eq!((link.title.len(), link.text.len()), (120, 512), "{way:?}");
        let lost: Vec<_> = compiled
            .losses
            .iter()
            .map(|it| (it.what, it.instead))
            .collect();
        let expected = ["title of a link", "text of a link"].map(|what| (what, "its beginning"));
        assert_eq!(lost, expected, "{way:?}");
    }
}

#[test]
fn whatever_is_said_is_carried_or_named() {
    documents::every(100_000, HERE, |document, random| {
        let ways = [
            Way::Direct,
            Way::Group,
            Way::Robot,
            Way::Bot,
            Way::CalledBot,
        ];
        let way = *random.choice(&ways).unwrap();
        let compiled = compile(&document.message, way);
        let mut parts = document.message.parts().iter();
        let is_bot = matches!(way, Way::Bot | Way::CalledBot);
        let markup = is_bot || parts.any(|part| matches!(part, Part::Markdown(_) | Part::Card(_)));
        let mentions = document.message.mentions().next().is_some();
        let place = documents::Place {
            markup,
            looks: match way {
                _ if !markup => 0,
                Way::Bot | Way::CalledBot => documents::ALL,
                Way::Robot if !mentions => documents::ALL & !documents::STRUCK,
                // Code of several lines is text there.
                _ => documents::BOLD | documents::QUOTED,
            },
            lacks: match way {
                _ if !markup => &documents::WITHOUT_MARKUP,
                Way::Bot | Way::CalledBot => &["card", "button"],
                Way::Robot if !mentions => &["strikethrough", "card", "button"],
                _ => &[
                    "italic",
                    "strikethrough",
                    "code block",
                    "list",
                    "table",
                    "picture",
                    "rule",
                    "card",
                    "button",
                ],
            },
        };
        let most = match way {
            Way::Bot | Way::CalledBot => 20_480,
            Way::Robot if markup => 4096,
            _ => 2048,
        };
        let mut has_card = false;
        let pieces = compiled.pieces.iter().map(|piece| {
            let mut raw = format!("{piece:?}").replace("Media(5 bytes)", "Ynl0ZXM=");
            let words = match piece {
                Piece::Text { content, .. } | Piece::Markdown { content, .. } => {
                    raw.push_str(content);
                    content.clone()
                }
                Piece::Card(card) => {
                    has_card = true;
                    takes(card);
                    String::new()
                }
                Piece::Link(link) => {
                    assert!(
                        link.title.len() <= 128 && link.text.len() <= 512,
                        "{link:?}"
                    );
                    String::new()
                }
                _ => String::new(),
            };
            let length = words.len();
            documents::Piece { words, raw, length }
        });
        let pieces: Vec<_> = pieces.collect();
        let mentioned: usize = pieces
            .iter()
            .map(|one| one.words.matches("<@").count())
            .sum();
        let people = document.message.mentions().count();
        assert!(mentioned <= people, "{:?}", compiled.pieces);
        if has_card {
            // The words of a card stand in fields of their own.
            assert!(pieces.iter().all(|piece| piece.length <= most));
            return;
        }
        let listed = way == Way::Robot && !markup;
        assert_eq!(
            mentioned,
            if listed { 0 } else { people },
            "{:?}",
            compiled.pieces
        );
        documents::check(&document, place, &pieces, &compiled.losses, most);
    });
}
