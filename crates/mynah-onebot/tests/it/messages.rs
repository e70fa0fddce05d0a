//! Messages and CQ codes, against aiocqhttp and four other parsers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use mynah_onebot::message::cq::{self, Token};
use mynah_onebot::message::{Contact, Mention, View};
use mynah_onebot::{Content, GroupId, Message, MessageId, Segment, UserId};
use proptest::prelude::*;
use regex::Regex;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use serde_with::serde_as;

use crate::vectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    peer: String,
    how: String,
    rules: Vec<String>,
    escape: Vec<Escape>,
    unescape: Vec<Unescape>,
    parse: Vec<Parse>,
    serialize: Vec<Serialize>,
    factories: Vec<Factory>,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Escape {
    input: String,
    #[serde(rename = "escape_comma")]
    is_value: bool,
    output: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unescape {
    input: String,
    output: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parse {
    name: String,
    input: String,
    segments: Value,
    string: String,
    plain_text: String,
    round_trip: bool,
    agree: bool,
    #[serde(default)]
    others: BTreeMap<String, OtherParse>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherParse {
    segments: Value,
    string: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Serialize {
    name: String,
    /// Unparsed, for the order of the keys.
    segments: Box<RawValue>,
    string: Option<String>,
    segments_after: Option<Value>,
    plain_text: Option<String>,
    reparsed_equal: Option<bool>,
    error: Option<String>,
    note: Option<String>,
}

#[serde_as]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Factory {
    #[serde(rename = "factory")]
    name: String,
    args: Vec<Value>,
    /// In the order of the call, which is the order of the keys.
    #[serde_as(as = "serde_with::Map<_, _>")]
    kwargs: Vec<(String, Value)>,
    segment: Value,
    string: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    name: String,
    expression: Option<String>,
    segments: Value,
    string: String,
    plain_text: Option<String>,
}

fn file() -> File {
    vectors::read(vectors::MESSAGES)
}

fn to_json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn the_file_is_the_recording_of_the_peer_we_follow() {
    let file = file();
    assert_eq!(file.peer, "aiocqhttp 1.4.4");
    assert!(file.how.contains("Recorded by calling the peer"));
    assert_eq!(
        file.rules,
        [
            "text: & -> &amp;  [ -> &#91;  ] -> &#93;",
            "value: also , -> &#44;",
            "escape order: & first; unescape order: &amp; last",
        ]
    );
    assert_eq!(
        [
            file.escape.len(),
            file.unescape.len(),
            file.parse.len(),
            file.serialize.len(),
            file.factories.len(),
            file.operations.len(),
        ],
        [40, 27, 60, 19, 37, 8]
    );
}

#[test]
fn escaping_is_as_recorded_and_undone_by_unescaping() {
    for (at, case) in file().escape.into_iter().enumerate() {
        assert_eq!(
            case.is_value,
            at % 2 == 0,
            "each input is recorded both ways"
        );
        let escaped = if case.is_value {
            cq::escape_value(&case.input)
        } else {
            cq::escape_text(&case.input)
        };
        assert_eq!(escaped, case.output);
        assert_eq!(cq::unescape(&escaped), case.input);
    }
}

#[test]
fn unescaping_is_as_recorded() {
    for case in file().unescape {
        assert_eq!(cq::unescape(&case.input), case.output);
    }
}

#[test]
fn nothing_is_copied_where_nothing_changes() {
    assert!(matches!(cq::escape_text("a, b"), Cow::Borrowed(_)));
    assert!(matches!(cq::escape_value("a b"), Cow::Borrowed(_)));
    assert!(matches!(cq::unescape("[a, b]"), Cow::Borrowed(_)));
}

#[test]
fn strings_are_parsed_as_recorded() {
    for mut case in file().parse {
        assert_eq!(case.agree, case.others.is_empty(), "{}", case.name);
        for (parser, other) in &case.others {
            // Their reading, where it is one we could have, is written as they write it.
            match Message::deserialize(&other.segments) {
                Ok(message) => assert_eq!(message.to_cq(), other.string, "{parser}"),
                Err(_) => assert_eq!(
                    (case.name.as_str(), &*other.string),
                    ("empty type", "[CQ:]")
                ),
            }
        }
        if case.name == "text named code" {
            // Deviation: aiocqhttp reads "text=abc" here, a defect; we read what the others read.
            assert_eq!(case.string, "text=abc");
            assert_eq!(case.plain_text, case.string);
            assert_eq!(
                case.segments,
                json!([{"type": "text", "data": {"text": "text=abc"}}])
            );
            let others = case.others.pop_first().unwrap().1;
            case.segments = others.segments;
            case.string.clone_from(&others.string);
            case.plain_text = others.string;
            assert_eq!(case.string, "abc");
        }

        let message = Message::parse_cq(&case.input);

        assert_eq!(to_json(&message), case.segments, "{}", case.name);
        assert_eq!(message.to_cq(), case.string, "{}", case.name);
        assert_eq!(message.to_string(), case.string, "{}", case.name);
        assert_eq!(message.plain_text(), case.plain_text, "{}", case.name);
        assert_eq!(case.string == case.input, case.round_trip, "{}", case.name);
    }
}

#[test]
fn of_a_code_named_text_only_the_words_count() {
    let cases = [
        ("[CQ:text,text=abc,k=v]", "abc"),
        ("a[CQ:text,text=b]c", "abc"),
        ("[CQ:text,k=v]", ""),
        ("[CQ:text]", ""),
    ];
    for (string, words) in cases {
        assert_eq!(Message::parse_cq(string), Message::text(words), "{string}");
        assert_eq!(Content::cq(string).is_empty(), words.is_empty(), "{string}");
    }
}

#[test]
fn segments_are_written_as_recorded() {
    for case in file().serialize {
        let name = case.name.as_str();
        let recorded = Written {
            string: case.string.clone(),
            segments: case.segments_after.clone(),
            plain_text: case.plain_text.clone(),
            reparsed_equal: case.reparsed_equal,
        };
        let expected = if let Some((peer, ours)) = deviation(name, &to_json(&case.segments)) {
            assert_eq!(recorded, peer, "{name}");
            ours
        } else {
            assert_eq!((case.error, case.note), (None, None), "{name}");
            recorded
        };

        let ours = match serde_json::from_str::<Message>(case.segments.get()) {
            Ok(message) => Written {
                string: Some(message.to_cq()),
                segments: Some(to_json(&message)),
                plain_text: Some(message.plain_text()),
                reparsed_equal: Some(Message::parse_cq(&message.to_cq()) == message),
            },
            Err(error) => {
                assert!(
                    error
                        .to_string()
                        .starts_with("a message segment has no `type`")
                );
                Written::default()
            }
        };
        assert_eq!(ours, expected, "{name}");
    }
}

/// What became of segments: all `None` where they were refused.
#[derive(Debug, Default, PartialEq)]
struct Written {
    string: Option<String>,
    segments: Option<Value>,
    plain_text: Option<String>,
    reparsed_equal: Option<bool>,
}

impl Written {
    fn new(string: &str, segments: &Value, plain_text: &str, reparsed_equal: bool) -> Self {
        Self {
            string: Some(string.to_owned()),
            segments: Some(segments.clone()),
            plain_text: Some(plain_text.to_owned()),
            reparsed_equal: Some(reparsed_equal),
        }
    }
}

/// What the peer does and what we do, where these differ, or where both refuse.
fn deviation(name: &str, segments: &Value) -> Option<(Written, Written)> {
    Some(match name {
        // The peer merged a, b, face, c, d into the very objects that were being recorded, so the
        // first text of each run stands there already grown. We merge only when asked to.
        "adjacent texts are merged on construction" => {
            let merged = json!([
                {"type": "text", "data": {"text": "ab"}},
                {"type": "face", "data": {"id": "1"}},
                {"type": "text", "data": {"text": "cd"}},
            ]);
            (
                Written::new("ab[CQ:face,id=1]cd", &merged, "ab cd", true),
                Written::new("abb[CQ:face,id=1]cdd", segments, "abb cdd", false),
            )
        }
        // Numbers become strings when they are read, not only when they are written.
        "integer value" => {
            let ours = json!([{"type": "at", "data": {"qq": "10001"}}]);
            (
                Written::new("[CQ:at,qq=10001]", segments, "", false),
                Written::new("[CQ:at,qq=10001]", &ours, "", true),
            )
        }
        // `1`, not Python's `True`.
        "boolean value" => {
            let ours = json!([{"type": "image", "data": {"file": "a.jpg", "cache": "1"}}]);
            (
                Written::new("[CQ:image,file=a.jpg,cache=True]", segments, "", false),
                Written::new("[CQ:image,file=a.jpg,cache=1]", &ours, "", true),
            )
        }
        // Dropped, not Python's `None`.
        "null value" => {
            let ours = json!([{"type": "image", "data": {"file": "a.jpg"}}]);
            (
                Written::new("[CQ:image,file=a.jpg,type=None]", segments, "", false),
                Written::new("[CQ:image,file=a.jpg]", &ours, "", true),
            )
        }
        // The peer throws, although the standard allows it.
        "null data" => {
            let ours = json!([{"type": "rps", "data": {}}]);
            (
                Written::default(),
                Written::new("[CQ:rps]", &ours, "", true),
            )
        }
        // The peer writes a Python list; we write the message it is.
        "node with array content" => {
            let peer = "[CQ:node,user_id=10001,nickname=某人,\
                content=&#91;{'type': 'face'&#44; 'data': {'id': '123'}}&#93;]";
            let ours = "[CQ:node,user_id=10001,nickname=某人,\
                content=&#91;CQ:face&#44;id=123&#93;]";
            (
                Written::new(peer, segments, "", false),
                Written::new(ours, segments, "", false),
            )
        }
        // The peer throws; we write nothing for it.
        "empty text after another segment" => (
            Written::default(),
            Written::new("[CQ:face,id=1]", segments, "", false),
        ),
        "missing type" => (Written::default(), Written::default()),
        _ => return None,
    })
}

#[test]
fn texts_are_merged_when_a_message_is_built() {
    let built: Message = [
        Segment::text("a"),
        Segment::text(""),
        Segment::text("b"),
        Segment::face(1),
        Segment::text("c"),
        Segment::text("d"),
    ]
    .into_iter()
    .collect();
    let decoded = Message::from(vec![
        Segment::text("a"),
        Segment::text("b"),
        Segment::face(1),
        Segment::text("cd"),
        Segment::text(""),
    ]);
    assert_eq!(built.to_cq(), "ab[CQ:face,id=1]cd");
    assert_eq!(built.segments().len(), 3);
    assert_eq!(decoded.segments().len(), 5);
    assert_eq!(decoded.reduce(), built);
}

#[test]
fn every_segment_has_its_constructor() {
    for case in file().factories {
        let built = build(&case.name, &case.args, &case.kwargs);
        let mut expected = case.segment;
        if case.args.get(2).is_some_and(Value::is_array) {
            // Deviation: the peer turns the segments of a node into a string, we keep them.
            assert_eq!(expected["data"]["content"], "[CQ:face,id=123]哈喽～");
            expected["data"]["content"].clone_from(&case.args[2]);
        }
        assert_eq!(to_json(&built), expected, "{}", case.name);
        assert_eq!(built.to_string(), case.string, "{}", case.name);
    }
}

fn build(factory: &str, args: &[Value], kwargs: &[(String, Value)]) -> Segment {
    let text = |at: usize| args[at].as_str().unwrap();
    let number = |at: usize| args[at].as_i64().unwrap();
    let degrees = |at: usize| args[at].as_f64().unwrap();
    let optional = |segment: Segment, names: &[&str], from: usize| {
        let values = args.iter().skip(from);
        names
            .iter()
            .zip(values)
            .fold(segment, |segment, (name, value)| {
                segment.with(name, value.as_str().unwrap())
            })
    };
    let segment = match factory {
        "text" => Segment::text(text(0)),
        "emoji" => Segment::emoji(char::from_u32(number(0).try_into().unwrap()).unwrap()),
        "face" => Segment::face(number(0)),
        "image" => Segment::image(text(0)),
        "record" => Segment::record(text(0)),
        "video" => Segment::video(text(0)),
        "at" if args[0] == "all" => Segment::at_all(),
        "at" => Segment::at(number(0)),
        "rps" => Segment::rps(),
        "dice" => Segment::dice(),
        "shake" => Segment::shake(),
        "poke" => Segment::poke(text(0), number(1)),
        "anonymous" => match args.first() {
            None => Segment::anonymous().with("ignore", false),
            Some(Value::Bool(ignore)) => Segment::anonymous().with("ignore", *ignore),
            Some(Value::Null) => Segment::anonymous(),
            Some(other) => panic!("{other}"),
        },
        "share" => optional(Segment::share(text(0), text(1)), &["content", "image"], 2),
        "contact_user" => Segment::contact_user(number(0)),
        "contact_group" => Segment::contact_group(number(0)),
        "location" => {
            let place = Segment::location(degrees(0), degrees(1));
            optional(place, &["title", "content"], 2)
        }
        "music" => Segment::music(text(0), number(1)),
        "music_custom" => {
            let song = Segment::music_custom(text(0), text(1), text(2));
            optional(song, &["content", "image"], 3)
        }
        "reply" => Segment::reply(i32::try_from(number(0)).unwrap()),
        "forward" => Segment::forward(text(0)),
        "node" => Segment::node(i32::try_from(number(0)).unwrap()),
        "node_custom" => {
            let content: Content = serde_json::from_value(args[2].clone()).unwrap();
            Segment::node_custom(number(0), text(1), content)
        }
        "xml" => Segment::xml(text(0)),
        "json" => Segment::json(text(0)),
        other => panic!("no constructor for {other}"),
    };
    kwargs.iter().fold(segment, |segment, (name, value)| {
        match (name.as_str(), value) {
            ("type", Value::String(kind)) if kind == "flash" => segment.flash(),
            ("cache", Value::Bool(cache)) => segment.cache(*cache),
            ("proxy", Value::Bool(proxy)) => segment.proxy(*proxy),
            ("magic", Value::Bool(magic)) => segment.magic(*magic),
            ("timeout", seconds) => segment.timeout(seconds.as_u64().unwrap().try_into().unwrap()),
            (name, Value::Bool(flag)) => segment.with(name, *flag),
            (name, number) => segment.with(name, number.as_i64().unwrap()),
        }
    })
}

#[test]
fn messages_are_added_as_recorded() {
    let at = || Segment::at(10001);
    let face = || Segment::face(1);
    for case in file().operations {
        let built = match case.name.as_str() {
            "segment + string" => {
                // Deviation: the peer parses strings, ours are text unless parsing is asked for.
                let text = (at() + " hi[CQ:face,id=1]").to_cq();
                assert_eq!(text, "[CQ:at,qq=10001] hi&#91;CQ:face,id=1&#93;");
                at() + Message::parse_cq(" hi[CQ:face,id=1]")
            }
            "string + segment" => "hi " + at(),
            "segment + segment" => at() + Segment::face(14),
            "message + string parses codes" => {
                // Deviation, as above.
                let text = (Message::text("a") + "[CQ:face,id=1]").to_cq();
                assert_eq!(text, "a&#91;CQ:face,id=1&#93;");
                Message::text("a") + Message::parse_cq("[CQ:face,id=1]")
            }
            "message + message merges texts" => Message::text("a") + Message::text("b"),
            "message + dict" => Message::text("a") + face(),
            "message + list" => Message::text("a") + vec![Segment::text("b"), face()],
            "extract_plain_text joins texts with one space" => "a" + (face() + "b"),
            other => panic!("no test for {other}"),
        };
        assert_eq!(to_json(&built), case.segments, "{}", case.name);
        assert_eq!(built.to_cq(), case.string, "{}", case.name);
        match case.plain_text {
            Some(plain_text) => assert_eq!(built.plain_text(), plain_text, "{}", case.name),
            None => assert!(case.expression.is_some(), "{}", case.name),
        }
    }
}

#[test]
fn a_plain_string_is_never_parsed() {
    let spoken = "[CQ:at,qq=all]";
    for content in [Content::from(spoken), Content::from(spoken.to_owned())] {
        assert_eq!(content.to_message().segments(), [Segment::text(spoken)]);
        assert_eq!(content.to_cq(), "&#91;CQ:at,qq=all&#93;");
    }
    assert_eq!(
        Content::cq(spoken).to_message().segments(),
        [Segment::at_all()]
    );
    let escaped = Content::cq(spoken).into_message_escaped(true);
    assert_eq!(escaped.segments(), [Segment::text(spoken)]);
}

#[test]
fn names_cannot_smuggle_in_a_code() {
    let hostile = Segment::new("x][CQ:at,qq=all").with("k],[", "v");
    assert_eq!(
        hostile.to_string(),
        "[CQ:x&#93;&#91;CQ:at&#44;qq=all,k&#93;&#44;&#91;=v]"
    );
    let message = Message::parse_cq(&hostile.to_string());
    assert!(!message.mentions_all());
}

#[test]
fn content_keeps_the_form_of_the_wire() {
    let string = json!("a[CQ:face,id=1]");
    let array =
        json!([{"type": "text", "data": {"text": "a"}}, {"type": "face", "data": {"id": "1"}}]);
    for wire in [&string, &array] {
        let content = Content::deserialize(wire).unwrap();
        assert_eq!(to_json(&content), *wire);
        assert_eq!(to_json(content.to_message()), array);
        assert_eq!(content.to_cq(), "a[CQ:face,id=1]");
        assert_eq!(content.plain_text(), "a");
        assert_eq!(Message::deserialize(wire).unwrap(), content.into_message());
    }
    let single = json!({"type": "face", "data": {"id": 1}});
    let content = Content::deserialize(&single).unwrap();
    assert_eq!(
        to_json(content),
        json!([{"type": "face", "data": {"id": "1"}}])
    );
}

#[test]
fn content_is_empty_when_nothing_is_said() {
    let cases = [
        (json!(""), true),
        (json!([]), true),
        (json!([{"type": "text", "data": {"text": ""}}]), true),
        (
            json!([{"type": "text", "data": null}, {"type": "text"}]),
            true,
        ),
        (json!("[CQ:text,text=]"), true),
        (json!(" "), false),
        (json!("[CQ:shake]"), false),
        (json!({"type": "shake", "data": {}}), false),
    ];
    for (wire, empty) in cases {
        let content = Content::deserialize(&wire).unwrap();
        assert_eq!(content.is_empty(), empty, "{wire}");
        assert_eq!(content.to_message().is_empty(), empty, "{wire}");
    }
}

#[test]
fn what_is_no_message_is_refused_without_being_repeated() {
    let cases = [
        (
            json!(1),
            "invalid type: integer `1`, expected a message: a string, an array of segments or a segment",
        ),
        (json!({"data": {}}), "a message segment has no `type`"),
        (
            json!({"type": "", "data": {}}),
            "a message segment has no `type`",
        ),
        (
            json!({"type": "at", "data": []}),
            "invalid type: sequence, expected the data of a message segment, an object",
        ),
        (
            json!([[]]),
            "invalid type: sequence, expected a message segment with `type` and `data`",
        ),
    ];
    for (wire, error) in cases {
        assert_eq!(Content::deserialize(&wire).unwrap_err().to_string(), error);
    }
}

#[test]
fn no_data_is_lost_whatever_its_shape() {
    let wire = json!([
        {"type": "keyboard", "data": {"content": {"rows": [{"b": 1, "a": null}]}, "z": "1", "a": "2"}},
        {"type": "forward", "data": {"id": "7", "content": [{"user_id": 1, "message": []}]}},
        {"type": "node", "data": {"user_id": "1", "content": [
            {"type": "node", "data": {"uin": "2", "name": "二", "content": [
                {"type": "text", "data": {"text": "深"}},
            ]}},
        ]}},
        {"type": "node", "data": {"user_id": "1", "content": [{"no": "segment"}]}},
    ]);
    let message = Message::deserialize(&wire).unwrap();
    assert_eq!(to_json(&message), wire);

    let text = r#"{"type":"x","data":{"z":"1","a":"2","m":3,"n":null,"b":true,"f":1.5}}"#;
    let segment: Segment = serde_json::from_str(text).unwrap();
    assert_eq!(segment.to_string(), "[CQ:x,z=1,a=2,m=3,b=1,f=1.5]");
    assert_eq!(segment.kind(), "x");
}

#[test]
fn segments_are_equal_whatever_the_order_of_their_keys() {
    let one = Message::parse_cq("[CQ:share,title=t,url=u]");
    assert_eq!(one.segments(), [Segment::share("u", "t")]);
    assert_ne!(one.segments(), [Segment::share("u", "x")]);
    assert_ne!(
        one.segments(),
        [Segment::share("u", "t").with("image", "i")]
    );
}

#[test]
fn every_segment_can_be_read_as_typed_values() {
    let media = |segment: &Segment| match segment.view() {
        View::Image(media) | View::Record(media) | View::Video(media) => {
            (media.file.to_owned(), media.kind.map(str::to_owned))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        media(&Segment::image("1.jpg").flash()),
        ("1.jpg".to_owned(), Some("flash".to_owned()))
    );
    assert_eq!(media(&Segment::record("1.mp3")), ("1.mp3".to_owned(), None));
    assert_eq!(media(&Segment::video("1.mp4")), ("1.mp4".to_owned(), None));

    let poke = Segment::poke(126, 2003).with("name", "戳");
    let share = Segment::share("u", "t").with("content", "c");
    let location = Segment::location(1.0, 2.5).with("title", "t");
    let song = Segment::music("163", 1);
    let own_song = Segment::music_custom("u", "a", "t").with("image", "i");
    let node = Segment::node_custom(10001, "某人", "hi");
    let go_node = Segment::new("node")
        .with("uin", 1)
        .with("name", "二")
        .with("content", "hi");
    let cases = [
        (Segment::text("a"), View::Text("a")),
        (Segment::new("text"), View::Text("")),
        (Segment::face(14), View::Face { id: "14" }),
        (Segment::at(10001), View::At(Mention::User(UserId(10001)))),
        (Segment::at_all(), View::At(Mention::All)),
        (Segment::rps(), View::Rps),
        (Segment::dice(), View::Dice),
        (Segment::shake(), View::Shake),
        (
            poke,
            View::Poke {
                kind: "126",
                id: "2003",
                name: Some("戳"),
            },
        ),
        (Segment::anonymous(), View::Anonymous { ignore: false }),
        (
            Segment::anonymous().with("ignore", "Yes"),
            View::Anonymous { ignore: true },
        ),
        (
            share,
            View::Share {
                url: "u",
                title: "t",
                content: Some("c"),
                image: None,
            },
        ),
        (
            Segment::contact_user(1),
            View::Contact(Contact::User(UserId(1))),
        ),
        (
            Segment::contact_group(2),
            View::Contact(Contact::Group(GroupId(2))),
        ),
        (
            location,
            View::Location {
                latitude: 1.0,
                longitude: 2.5,
                title: Some("t"),
                content: None,
            },
        ),
        (
            song,
            View::Music {
                platform: "163",
                id: "1",
            },
        ),
        (
            own_song,
            View::CustomMusic {
                url: "u",
                audio: "a",
                title: "t",
                content: None,
                image: Some("i"),
            },
        ),
        (Segment::reply(-5), View::Reply(MessageId(-5))),
        (Segment::forward("f"), View::Forward { id: "f" }),
        (Segment::node(7), View::Node(MessageId(7))),
        (
            node,
            View::CustomNode {
                user_id: UserId(10001),
                nickname: "某人",
                content: &Message::text("hi").into(),
            },
        ),
        (
            go_node,
            View::CustomNode {
                user_id: UserId(1),
                nickname: "二",
                content: &"hi".into(),
            },
        ),
        (Segment::xml("<a/>"), View::Xml("<a/>")),
        (Segment::json("{}"), View::Json("{}")),
        (Segment::emoji('😀'), View::Emoji('😀')),
    ];
    for (segment, view) in cases {
        assert_eq!(segment.view(), view);
    }
}

#[test]
fn a_segment_that_does_not_fit_its_type_is_read_as_other() {
    let misfits = [
        Segment::new("at"),
        Segment::new("at").with("qq", "somebody"),
        Segment::new("location")
            .with("lat", "north")
            .with("lon", "1"),
        Segment::new("contact").with("type", "dog").with("id", 1),
        Segment::new("reply").with("id", i64::MAX),
        Segment::new("node").with("content", "hi"),
        Segment::new("emoji").with("id", 0xD800),
        Segment::new("mface").with("summary", "[猫]"),
    ];
    for segment in misfits {
        let (kind, data) = (segment.kind(), segment.data());
        assert_eq!(segment.view(), View::Other { kind, data });
    }
}

#[test]
fn a_message_tells_whom_it_mentions_and_what_it_quotes() {
    let message = Segment::reply(-7) + Segment::at(10000) + " 在吗";
    assert!(message.mentions(UserId(10000)));
    assert!(!message.mentions(UserId(10001)));
    assert!(!message.mentions_all());
    assert_eq!(message.quoted(), Some(MessageId(-7)));
    assert_eq!(message.plain_text(), " 在吗");
    assert!(Message::from(Segment::at_all()).mentions_all());
    assert_eq!(Message::text("x").quoted(), None);
}

#[test]
fn data_can_be_changed_in_place() {
    let mut segment = Segment::image("a.jpg").timeout(5);
    segment.data_mut().set("file", "b.jpg");
    assert_eq!(segment.data_mut().remove("timeout"), Some("5".into()));
    assert_eq!(segment.data_mut().remove("timeout"), None);
    assert_eq!(segment.to_string(), "[CQ:image,file=b.jpg]");
    assert_eq!(segment.data().len(), 1);
    assert!(!segment.data().is_empty());
}

#[test]
fn ids_are_read_from_numbers_and_digits_and_written_as_numbers() {
    for wire in ["-1106888763", "\"-1106888763\""] {
        let id: MessageId = serde_json::from_str(wire).unwrap();
        assert_eq!(id, MessageId(-1_106_888_763));
        assert_eq!(serde_json::to_string(&id).unwrap(), "-1106888763");
    }
    assert_eq!("10001".parse(), Ok(UserId(10001)));
    assert_eq!(GroupId(20001).to_string(), "20001");

    let refused = [
        ("2147483648", "a number out of range for a message id"),
        (
            "18446744073709551615",
            "a number out of range for a message id",
        ),
        (
            "\"secret\"",
            "must be a message id, not a string of 6 bytes",
        ),
        ("\"1 \"", "must be a message id, not a string of 2 bytes"),
        (
            "null",
            "invalid type: null, expected a message id or a string of digits",
        ),
        (
            "1.5",
            "invalid type: floating point `1.5`, expected a message id or a string of digits",
        ),
    ];
    for (wire, expected) in refused {
        let error = serde_json::from_str::<MessageId>(wire)
            .unwrap_err()
            .to_string();
        assert_eq!(error.split(" at line").next(), Some(expected));
    }
    let error = "secret".parse::<UserId>().unwrap_err().to_string();
    assert_eq!(
        error,
        "expected a user id, found a string of 6 bytes: invalid digit found in string"
    );
}

#[test]
fn a_hostile_text_takes_linear_time() {
    // Were each opening bracket tried anew, this would take many minutes.
    for piece in ["[CQ:a,b=", "[CQ:", "[CQ:a,", "[", "[CQ:a,b=&amp;["] {
        let text = piece.repeat(1 << 17);
        let message = Message::parse_cq(&text);
        assert_eq!(message.segments().len(), 1);
        assert_eq!(message.plain_text(), cq::unescape(&text));
    }
}

/// The rule as a regular expression, for comparison.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[CQ:([A-Za-z0-9\-_.]+)((?:,[A-Za-z0-9\-_.]+=[^,\]]*)*),?\]").unwrap()
});

fn tokens_by_regex(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let push_text = |tokens: &mut Vec<_>, text: &str| {
        if !text.is_empty() {
            tokens.push(Token::Text(unescape_in_turn(text).into()));
        }
    };
    for found in CODE.find_iter(text) {
        push_text(&mut tokens, &text[start..found.start()]);
        tokens.extend(cq::tokens(found.as_str()));
        start = found.end();
    }
    push_text(&mut tokens, &text[start..]);
    tokens
}

/// The rule by the letter: `&amp;` last.
fn unescape_in_turn(text: &str) -> String {
    text.replace("&#44;", ",")
        .replace("&#91;", "[")
        .replace("&#93;", "]")
        .replace("&amp;", "&")
}

/// Texts full of what matters to the parser.
fn tricky_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[CQ:"),
        Just("["),
        Just("]"),
        Just(","),
        Just("="),
        Just("a"),
        Just("text"),
        Just("-_."),
        Just("&"),
        Just("&amp;"),
        Just("&#91;"),
        Just("&#93;"),
        Just("&#44;"),
        Just("&#9"),
        Just(";"),
        Just("好"),
        Just(" "),
        Just("[CQ:at,qq=1]"),
        Just(",k=v"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![tricky_text(), any::<String>()]
}

/// Segments that the string format can hold, texts and empty texts among them.
fn any_segment() -> impl Strategy<Value = Segment> {
    let name = "[A-Za-z0-9_.-]{1,8}";
    let data = prop::collection::vec((name, any_text()), 0..4);
    let code = (name, data)
        .prop_filter("a text has no code form", |(kind, _)| kind != "text")
        .prop_map(|(kind, data)| {
            data.iter()
                .fold(Segment::new(&kind), |segment, (key, value)| {
                    segment.with(key, value.as_str())
                })
        });
    prop_oneof![any_text().prop_map(Segment::text), code]
}

fn any_message() -> impl Strategy<Value = Message> {
    prop::collection::vec(any_segment(), 0..8).prop_map(Message::from)
}

proptest! {
    #[test]
    fn escaping_can_be_undone(text in any_text()) {
        for escaped in [cq::escape_text(&text), cq::escape_value(&text)] {
            prop_assert_eq!(cq::unescape(&escaped), text.as_str());
        }
    }

    #[test]
    fn unescaping_in_one_pass_is_unescaping_in_turn(text in any_text()) {
        prop_assert_eq!(cq::unescape(&text), unescape_in_turn(&text));
    }

    #[test]
    fn the_parser_finds_what_the_regular_expression_finds(text in tricky_text()) {
        let tokens: Vec<_> = cq::tokens(&text).collect();
        prop_assert_eq!(&tokens, &tokens_by_regex(&text));
        for (token, captures) in tokens
            .iter()
            .filter_map(|token| match token {
                Token::Code(code) => Some(code),
                Token::Text(_) => None,
            })
            .zip(CODE.captures_iter(&text))
        {
            prop_assert_eq!(token.kind(), &captures[1]);
            let found: Vec<_> = token.params().map(|(key, value)| (key, value.into_owned())).collect();
            let expected: Vec<_> = captures.get(2).map_or("", |params| params.as_str())
                .split(',')
                .skip(1)
                .map(|param| param.split_once('=').unwrap())
                .map(|(key, value)| (key, unescape_in_turn(value)))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn writing_and_parsing_gives_the_message_back(message in any_message()) {
        prop_assert_eq!(Message::parse_cq(&message.to_cq()), message.reduce());
    }

    #[test]
    fn any_text_can_be_parsed_and_says_the_same_when_written(text in any_text()) {
        let message = Message::parse_cq(&text);
        prop_assert_eq!(Message::parse_cq(&message.to_cq()), message);
    }

    #[test]
    fn a_spoken_text_stays_that_text(text in any_text()) {
        let message = Message::text(text.as_str());
        prop_assert_eq!(message.plain_text(), text.as_str());
        prop_assert_eq!(Message::parse_cq(&message.to_cq()), message);
    }

    #[test]
    fn json_gives_the_message_back(message in any_message()) {
        let json = serde_json::to_string(&message).unwrap();
        prop_assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    }
}
