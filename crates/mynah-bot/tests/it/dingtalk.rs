//! DingTalk in the words of the bot layer.

use bytes::Bytes;
use mynah_bot::dingtalk::{Piece, Way, card_event, compile, events, robot_event};
use mynah_bot::{
    Card, Event, EventKind, Link, Location, Media, Message, MessageId, Part, Platform, Source,
    UserId, command,
};
use mynah_dingtalk::event::Callback;
use mynah_dingtalk::message::{ActionCard, At, CardButton, Message as Body};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::stream::CardCallback;
use serde_json::{Value, json};

use crate::documents;

const HERE: Platform = Platform::DingTalk;

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/dingtalk_events.json")).unwrap()
}

/// What the vendor documents.
fn payload(name: &str) -> Value {
    let all = vectors();
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no sample {name}"))["payload"].clone()
}

fn told(message: &Value) -> Event {
    let raw = Bytes::from(message.to_string());
    let message = RobotMessage::from_slice(&raw).unwrap();
    robot_event("ding".into(), message, raw)
}

fn robot(name: &str) -> Event {
    told(&payload(name))
}

/// A message to the robot with what a sample shows of it.
fn part(name: &str) -> Event {
    let mut message = payload("robot.message.text.single");
    let sample = payload(name);
    message.as_object_mut().unwrap().remove("text");
    for (key, value) in sample.as_object().unwrap() {
        message[key] = value.clone();
    }
    told(&message)
}

fn happened(name: &str) -> Vec<Event> {
    let raw = Bytes::from(payload(name).to_string());
    let callback = Callback::from_slice(&raw).unwrap();
    events(&"ding".into(), &callback, &raw)
}

fn user(id: &str) -> UserId {
    UserId::new(HERE, id)
}

fn other(name: &'static str) -> EventKind {
    EventKind::Other(name.into())
}

#[test]
fn what_is_said_in_a_group_in_plain_words() {
    let event = robot("robot.message.text.group");
    assert_eq!((&event.kind, event.text()), (&EventKind::Message, "你好"));
    let place = event.conversation.as_ref().unwrap().to_string();
    assert_eq!(place, "dingtalk:group:xxx");
    assert_eq!(event.sender, Some(user("user123")));
    assert_eq!(event.sender_name(), Some("杨xx"));
    assert_eq!(event.message_id, Some(MessageId::new(HERE, "msg0xxxxx")));
    assert!(event.to_bot && event.is_group());
    assert_eq!(event.time, 1_613_630_252);
    assert!(event.native::<RobotMessage>().is_some());
}

/// The platform takes the mention out of the text and leaves a blank behind.
#[test]
fn a_command_behind_a_mention_is_a_command() {
    let mut message = payload("robot.message.text.group");
    for text in [" /roll 20", "/roll 20", "\u{2005}/roll 20 "] {
        message["text"]["content"] = json!(text);
        let event = told(&message);
        assert_eq!(event.command(), Some(("roll", "20")), "{text:?}");
        assert!(command("roll").accepts(&event));
    }
    message["text"]["content"] = json!("  ");
    let event = told(&message);
    assert_eq!((event.text(), event.command()), ("", None));
}

#[test]
fn who_is_mentioned_beside_the_robot_is_a_part_of_the_message() {
    let mut message = payload("robot.message.text.group");
    message["chatbotUserId"] = json!("$:bot");
    message["atUsers"] = json!([
        {"dingtalkId": "$:bot"},
        {"dingtalkId": "$:bob", "staffId": "bob"},
        {"dingtalkId": "$:stranger", "staffId": ""},
    ]);
    let parts = [Part::Mention(user("bob")), "你好".into()];
    assert_eq!(told(&message).message().parts(), parts);
}

#[test]
fn who_has_no_staff_id_is_known_by_the_encrypted_one() {
    let mut message = payload("robot.message.text.single");
    message["senderId"] = json!("$:LWCP_v1:$abc");
    for staff in [json!(null), json!("")] {
        message["senderStaffId"] = staff;
        let event = told(&message);
        assert_eq!(event.sender, Some(user("$:LWCP_v1:$abc")));
        let place = event.conversation.unwrap().to_string();
        assert_eq!(place, "dingtalk:user:$:LWCP_v1:$abc");
    }
}

#[test]
fn what_people_send_to_the_robot_alone() {
    let text = robot("robot.message.text.single");
    assert!(text.to_bot && text.is_direct());
    let place = text.conversation.as_ref().unwrap().to_string();
    assert_eq!(place, "dingtalk:user:user123");

    let source = |event: &Event| match event.message().parts() {
        [Part::Image(media) | Part::Voice(media) | Part::Video(media) | Part::File(media)] => {
            media.clone()
        }
        other => panic!("{other:?}"),
    };
    for (name, text, file) in [
        ("robot.message.part.picture", "", ""),
        ("robot.message.part.audio", "钉钉，让进步发生", ""),
        ("robot.message.part.video", "", ""),
        ("robot.message.part.file", "", "钉钉让进步发生.pdf"),
    ] {
        let event = part(name);
        assert_eq!(event.text(), text, "{name}");
        let media = source(&event);
        assert_eq!(media.name, file, "{name}");
        let code = payload(name)["content"]["downloadCode"].clone();
        let Source::Name(kept) = media.source else {
            panic!("{name}")
        };
        assert_eq!(json!(kept), code, "{name}");
    }

    let rich = part("robot.message.part.richText");
    assert_eq!(rich.text(), "你好");
    assert!(matches!(
        rich.message().parts(),
        [Part::Text(_), Part::Image(_), ..]
    ));
}

#[test]
fn what_happens_in_a_group_in_plain_words() {
    for (name, kind, who) in [
        ("chat_add_member", EventKind::Joined, "user456"),
        ("chat_remove_member", EventKind::Left, "16055180056034334"),
        ("chat_quit", EventKind::Left, "user456"),
        ("chat_update_title", other("chat_update_title"), "user456"),
        ("chat_disband", other("chat_disband"), "10203029011219896"),
    ] {
        let happened = happened(&format!("{name}.legacy"));
        let [event] = happened.as_slice() else {
            panic!("{name}: {happened:?}")
        };
        assert_eq!(event.kind, kind, "{name}");
        assert_eq!(event.sender, Some(user(who)), "{name}");
        let place = event.conversation.as_ref().unwrap().to_string();
        assert!(place.starts_with("dingtalk:group:cid"), "{name}: {place}");
        assert!(event.time > 1_600_000_000, "{name}");
        assert!(!event.to_bot && event.native::<Callback>().is_some());
    }
    let owner = happened("chat_update_owner.legacy");
    assert_eq!(
        (&owner[0].kind, &owner[0].sender),
        (&other("chat_update_owner"), &None)
    );
}

#[test]
fn each_one_who_joins_is_an_event() {
    let mut callback = payload("chat_add_member.legacy");
    callback["UserId"] = json!(["alice", "bob"]);
    let raw = Bytes::from(callback.to_string());
    let callback = Callback::from_slice(&raw).unwrap();
    let joined = events(&"ding".into(), &callback, &raw);
    let who: Vec<_> = joined.iter().map(|one| one.sender.clone()).collect();
    assert_eq!(who, [Some(user("alice")), Some(user("bob"))]);
    assert!(joined.iter().all(|one| one.kind == EventKind::Joined));
}

#[test]
fn what_becomes_of_what_the_robot_said() {
    let recalled = &happened("robot_msg_recall.http")[0];
    assert_eq!(recalled.kind, EventKind::Recalled);
    assert_eq!(recalled.sender, Some(user("manager")));
    assert!(recalled.message_id.is_some());
    assert_eq!(recalled.time, 1_654_641_965);
    let read = &happened("robot_msg_read.http")[0];
    assert_eq!(read.kind, other("robot_msg_read"));
    assert_eq!((&read.sender, read.time), (&recalled.sender, recalled.time));
}

#[test]
fn every_event_of_the_documentation_is_converted() {
    let mut count = 0;
    for one in vectors() {
        let name = one["name"].as_str().unwrap();
        if [".http", ".legacy", ".rds"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            let happened = happened(name);
            assert!(!happened.is_empty(), "{name}");
            assert!(
                happened.iter().all(|it| it.conversation.is_some()),
                "{name}"
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn a_card_is_pressed_by_somebody() {
    let callback = CardCallback {
        kind: Some("actionCallback".into()),
        user_id: Some("alice".into()),
        ..CardCallback::default()
    };
    let event = card_event("ding".into(), callback, Bytes::new());
    assert_eq!(event.kind, other("actionCallback"));
    assert_eq!(event.sender, Some(user("alice")));
    assert!(event.to_bot);
}

#[test]
fn a_button_of_a_card_carries_the_id_of_its_action() {
    let pressed = |action: Value| {
        let content = json!({ "cardPrivateData": action });
        let callback = CardCallback {
            user_id: Some("alice".into()),
            content: Some(content.to_string()),
            ..CardCallback::default()
        };
        let event = card_event("ding".into(), callback, Bytes::new());
        assert_eq!(event.kind, EventKind::Pressed);
        event.pressed
    };
    let by_id = pressed(json!({"actionIds": ["yes"], "params": {"a": "b"}}));
    assert_eq!(by_id.as_deref(), Some("yes"));
    let by_parameters = pressed(json!({"actionIds": [], "params": {"a": "b"}}));
    assert_eq!(by_parameters.as_deref(), Some(r#"{"a":"b"}"#));
}

fn text(content: &str, at: At) -> Piece {
    Piece::Text {
        content: content.into(),
        at,
    }
}

fn markdown(title: &str, text: &str, at: At) -> Piece {
    Piece::Markdown {
        title: title.into(),
        text: text.into(),
        at,
    }
}

fn nobody() -> At {
    At::default()
}

fn at(users: &[&str]) -> At {
    At {
        user_ids: users.iter().map(|id| (*id).into()).collect(),
        ..At::default()
    }
}

fn everybody() -> At {
    At {
        all: true,
        ..At::default()
    }
}

const WAYS: [Way; 4] = [Way::Session, Way::Template, Way::Robot, Way::Chat];

fn written(message: &Message, way: Way) -> (Vec<Piece>, Vec<&'static str>) {
    let compiled = compile(message, way);
    let losses = compiled.losses.iter().map(|loss| loss.what).collect();
    (compiled.pieces, losses)
}

/// A mention shows only where the text says `@` and the id.
#[test]
fn a_mention_stands_in_the_text_and_beside_it() {
    let hello = Message::text("欢迎 ").mention(user("alice")).push(" !");
    for way in [Way::Session, Way::Robot] {
        let expected = vec![text("欢迎 @alice !", at(&["alice"]))];
        assert_eq!(written(&hello, way), (expected, vec![]), "{way:?}");
    }
    for way in [Way::Template, Way::Chat] {
        let expected = vec![text("欢迎 @alice !", nobody())];
        assert_eq!(written(&hello, way), (expected, vec!["mention"]), "{way:?}");
    }
    let loud = Message::markdown("**hi** ")
        .mention(user("bob"))
        .mention(user("bob"));
    let expected = vec![markdown("hi @bob@bob", "**hi** @bob@bob", at(&["bob"]))];
    assert_eq!(written(&loud, Way::Session), (expected, vec![]));

    let all = Message::text("早").mention_all();
    let expected = vec![text("早", everybody())];
    assert_eq!(written(&all, Way::Robot), (expected, vec![]));
    let alone = Message::new().mention_all();
    let expected = vec![text("@所有人", everybody())];
    assert_eq!(written(&alone, Way::Session), (expected, vec![]));
    let lost = (vec![text("早@all", nobody())], vec!["mention of everybody"]);
    assert_eq!(written(&all, Way::Template), lost);

    for (stranger, words) in [
        (UserId::new(Platform::OneBot, 10001), "hi 10001"),
        (user("$:LWCP_v1:$abc"), "hi "),
    ] {
        let message = Message::text("hi ").mention(stranger);
        let expected = (vec![text(words, nobody())], vec!["mention"]);
        assert_eq!(written(&message, Way::Session), expected);
    }
}

/// Whoever makes a bot repeat something must not wake anybody.
#[test]
fn nobody_is_mentioned_by_text() {
    for way in WAYS {
        let message = Message::text("@alice @all @所有人");
        let expected = vec![text("@alice @all @所有人", nobody())];
        assert_eq!(written(&message, way), (expected, vec![]), "{way:?}");
    }
}

#[test]
fn at_most_fifty_are_mentioned_by_one_message() {
    let people = (0..60).map(|number| Part::Mention(user(&format!("u{number}-"))));
    let (pieces, losses) = written(&people.collect(), Way::Session);
    let [Piece::Text { at, .. }] = pieces.as_slice() else {
        panic!("{pieces:?}")
    };
    assert_eq!((at.user_ids.len(), losses), (50, vec!["mention"]));
}

#[test]
fn markdown_takes_the_text_beside_it_along() {
    let message = Message::markdown("## on call\n").push("*alice*\n# 1");
    let both = markdown("on call", "## on call\n\\*alice\\*  \n\\# 1", nobody());
    for way in WAYS {
        assert_eq!(
            written(&message, way),
            (vec![both.clone()], vec![]),
            "{way:?}"
        );
    }
}

fn link(title: &str) -> Link {
    Link {
        url: format!("https://h/{title}"),
        title: title.into(),
        ..Link::default()
    }
}

#[test]
fn links_below_markdown_are_the_buttons_of_a_card() {
    let question = || Message::markdown("### Deploy?");
    let message = question()
        .push(Part::Link(link("yes")))
        .push(Part::Link(link("no")))
        .push("bye");
    let card = Piece::Card {
        title: "Deploy?".into(),
        text: "### Deploy?".into(),
        buttons: vec![
            ("yes".into(), "https://h/yes".into()),
            ("no".into(), "https://h/no".into()),
        ],
    };
    for way in WAYS {
        let expected = vec![card.clone(), markdown("bye", "bye", nobody())];
        assert_eq!(written(&message, way), (expected, vec![]), "{way:?}");
    }
    // A card mentions nobody, so what mentions somebody is none.
    let message = question()
        .mention(user("alice"))
        .push(Part::Link(link("yes")));
    let (pieces, _) = written(&message, Way::Session);
    assert!(matches!(
        pieces.as_slice(),
        [Piece::Markdown { .. }, Piece::Link(_)]
    ));
    // There are templates for five buttons.
    let many = (0..6).map(|number| Part::Link(link(&number.to_string())));
    let message: Message = question().parts().iter().cloned().chain(many).collect();
    let (pieces, _) = written(&message, Way::Template);
    let [Piece::Card { buttons, .. }, Piece::Link(_)] = pieces.as_slice() else {
        panic!("{pieces:?}")
    };
    assert_eq!(buttons.len(), 5);
}

#[test]
fn pictures_and_links_are_messages_of_their_own() {
    let picture = Media::bytes("a.png", "png");
    let message = Message::text("see")
        .image(picture.clone())
        .push(Part::Link(link("page")));
    let page = Link {
        text: "page".into(),
        ..link("page")
    };
    let pieces = vec![
        text("see", nobody()),
        Piece::Image(picture),
        Piece::Link(page.clone()),
    ];
    for way in [Way::Session, Way::Template, Way::Chat] {
        assert_eq!(written(&message, way), (pieces.clone(), vec![]), "{way:?}");
    }
    let named = vec![text("see[a.png]", nobody()), Piece::Link(page)];
    assert_eq!(written(&message, Way::Robot), (named, vec!["picture"]));
    let shown = Message::new().image(Media::url("https://h/a b.png"));
    let expected = vec![markdown("picture", "![](https://h/a%20b.png)", nobody())];
    assert_eq!(written(&shown, Way::Robot), (expected, vec![]));
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
        vec![text("西湖 (30.5, 120.25)", nobody())],
        vec!["location", "quote", "raw", "raw"],
    );
    assert_eq!(written(&message, Way::Session), expected);

    let video = Part::Video(Media::bytes("a.mp4", "mp4"));
    for way in WAYS {
        let expected = (vec![text("[a.mp4]", nobody())], vec!["video"]);
        assert_eq!(written(&Message::new().push(video.clone()), way), expected);
    }
    let report = Part::File(Media::url("https://h/a.pdf"));
    let (pieces, losses) = written(&Message::new().push(report), Way::Robot);
    assert!(matches!(pieces.as_slice(), [Piece::Link(_)]), "{pieces:?}");
    assert_eq!(losses, ["file"]);
    let long = link(&"值".repeat(65));
    let (pieces, losses) = written(&Message::new().push(Part::Link(long)), Way::Chat);
    assert!(matches!(&pieces[0], Piece::Link(link) if link.title.chars().count() == 64));
    assert_eq!(losses, ["title of a link"]);
}

#[test]
fn bodies_of_the_platform_go_out_as_they_are() {
    for body in [
        json!({"msgtype": "actionCard", "actionCard": {"title": "t"}}),
        json!({"msgKey": "sampleText", "msgParam": "{}"}),
    ] {
        let message = Message::new().push(Part::Raw(HERE, body.clone()));
        let expected = (vec![Piece::Raw(body)], vec![]);
        assert_eq!(written(&message, Way::Session), expected);
    }
}

#[test]
fn long_messages_become_several() {
    use mynah_dingtalk::{Message as Body, Template};

    for long in ["值".repeat(12_000), "a \"quoted\"\n\\ b ".repeat(3000)] {
        for marked in [false, true] {
            let message = if marked {
                Message::markdown(long.as_str())
            } else {
                Message::text(long.as_str())
            };
            for way in WAYS {
                let (pieces, losses) = written(&message, way);
                assert!(losses.is_empty() && pieces.len() > 2, "{way:?}");
                let mut said = String::new();
                for piece in pieces {
                    let (title, text) = match piece {
                        Piece::Text { content, .. } => (String::new(), content),
                        Piece::Markdown { title, text, .. } => (title, text),
                        other => panic!("{other:?}"),
                    };
                    let (words, number) = text.rsplit_once('\n').unwrap();
                    assert!(number.starts_with('('), "{way:?}: {number}");
                    said.push_str(words);
                    let (body, template) = if marked {
                        (
                            Body::markdown(title.as_str(), text.as_str()),
                            Template::markdown(title, text),
                        )
                    } else {
                        (Body::text(text.as_str()), Template::text(text))
                    };
                    assert!(!template.is_too_long(), "{way:?}");
                    assert!(way != Way::Chat || !body.is_too_long(), "{way:?}");
                }
                // Blanks where it was cut are gone.
                let words = |text: &str| text.split_whitespace().collect::<String>();
                assert_eq!(words(&said), words(&long), "{way:?}");
            }
        }
    }
    // Each is told once, where the text says so.
    let loud = Message::text("x".repeat(20_000))
        .mention(user("alice"))
        .mention_all();
    let (pieces, _) = written(&loud, Way::Session);
    let told: Vec<_> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text { at, .. } => (at.user_ids.len(), at.all),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(0, true), (1, false)]);
}

#[test]
fn a_card_has_buttons_that_open_pages_and_numbered_lines_for_others() {
    let opens = Card::new("Deploy?")
        .text("**now**")
        .link("Why", "https://h/why");
    let message = Message::text("well: ").mention(user("alice")).card(opens);
    let (pieces, losses) = written(&message, Way::Session);
    let [
        Piece::Markdown { at, .. },
        Piece::Card {
            title,
            text,
            buttons,
        },
    ] = pieces.as_slice()
    else {
        panic!("{pieces:?}")
    };
    // A card mentions nobody, so who is mentioned is mentioned above it.
    assert_eq!((at.user_ids.len(), losses), (1, vec![]));
    assert_eq!(
        (title.as_str(), text.as_str()),
        ("Deploy?", "### Deploy?\n\n**now**")
    );
    assert_eq!(buttons, &[("Why".to_owned(), "https://h/why".to_owned())]);

    let pressed = Card::new("Deploy?").press("Yes", "yes").press("No", "no");
    for way in WAYS {
        let compiled = compile(&Message::new().card(pressed.clone()), way);
        let [Piece::Markdown { text, .. }] = compiled.pieces.as_slice() else {
            panic!("{way:?}: {:?}", compiled.pieces)
        };
        let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines.last().map(|line| line.trim()),
            Some("2. No"),
            "{way:?}"
        );
        assert_eq!(compiled.numbered, pressed.buttons, "{way:?}");
    }
}

/// The platform's own limits of links and cards.
fn takes(piece: &Piece, way: Way) {
    let length = |body: Body| serde_json::to_string(&body).unwrap().len();
    let most = if way == Way::Chat { 2048 } else { 15_000 };
    match piece.clone() {
        Piece::Link(link) => {
            assert!(link.title.chars().count() <= 64, "{link:?}");
            let body = mynah_dingtalk::message::Link {
                message_url: link.url,
                pic_url: link.image,
                title: link.title,
                text: link.text,
            };
            assert!(length(body.clone().into()) <= most, "{body:?}");
        }
        Piece::Card {
            title,
            text,
            buttons,
        } => {
            assert!((1..=5).contains(&buttons.len()), "{buttons:?}");
            let buttons = buttons
                .into_iter()
                .map(|(title, action_url)| CardButton { title, action_url });
            let body = ActionCard::buttons(title, text, buttons);
            assert!(length(body.clone().into()) <= most, "{body:?}");
        }
        _ => {}
    }
}

#[test]
fn a_preview_of_a_link_fits_into_a_message_or_is_text() {
    let long = Link {
        text: "值".repeat(5000),
        image: format!("https://h/{}.png", "p".repeat(300)),
        ..link("page")
    };
    let (pieces, losses) = written(&Message::new().link(long.clone()), Way::Chat);
    takes(&pieces[0], Way::Chat);
    assert!(matches!(&pieces[0], Piece::Link(link) if link.text.len() > 1000));
    assert_eq!(losses, ["text of a link"]);
    let larger = Link {
        image: "p".repeat(2000),
        ..long
    };
    let (pieces, losses) = written(&Message::new().link(larger.clone()), Way::Chat);
    takes(&pieces[0], Way::Chat);
    assert_eq!(losses, ["picture of a link", "text of a link"]);
    let nowhere = Link {
        url: format!("https://h/{}", "u".repeat(2000)),
        ..larger
    };
    let (pieces, losses) = written(&Message::new().link(nowhere), Way::Chat);
    assert!(matches!(pieces[0], Piece::Text { .. }), "{pieces:?}");
    assert_eq!(losses, ["picture of a link", "link", "address"]);
}

#[test]
fn whatever_is_said_is_carried_or_named() {
    documents::every(100_000, HERE, |document, random| {
        let way = *random.choice(&WAYS).unwrap();
        let compiled = compile(&document.message, way);
        let mut parts = document.message.parts().iter();
        let markup = parts.any(|part| matches!(part, Part::Markdown(_) | Part::Card(_)));
        let place = documents::Place {
            markup,
            looks: if markup {
                documents::BOLD | documents::ITALIC | documents::QUOTED
            } else {
                0
            },
            lacks: if markup {
                &[
                    "strikethrough",
                    "code",
                    "code block",
                    "table",
                    "rule",
                    "card",
                    "button",
                ]
            } else {
                &documents::WITHOUT_MARKUP
            },
        };
        let most = if way == Way::Chat { 1792 } else { 14_744 };
        let mut has_card = false;
        let pieces = compiled.pieces.iter().map(|piece| {
            let mut raw = format!("{piece:?}").replace("Media(5 bytes)", "Ynl0ZXM=");
            let words = match piece {
                Piece::Text { content: text, .. } | Piece::Markdown { text, .. } => text.clone(),
                Piece::Card { text, .. } => {
                    has_card = true;
                    text.clone()
                }
                _ => String::new(),
            };
            raw.push_str(&words);
            takes(piece, way);
            let length = json!(words).to_string().len() - 2;
            documents::Piece { words, raw, length }
        });
        let pieces: Vec<_> = pieces.collect();
        if has_card {
            // What stands on buttons is in no text.
            assert!(pieces.iter().all(|piece| piece.length <= most));
            return;
        }
        documents::check(&document, place, &pieces, &compiled.losses, most);
    });
}
