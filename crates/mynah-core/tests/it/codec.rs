use std::collections::BTreeMap;

use mynah_core::{
    ApiError, BaseUrl, Described, Endpoint, File, HttpRequest, Platform, decode_output,
    decode_request, encode_request,
};

use crate::platform::{
    Answer, CreateChat, Download, Publish, Rename, Say, SetMenu, Sync, Test, Touch, Upload, Words,
};

fn base() -> BaseUrl {
    "http://h/api/".parse().unwrap()
}

fn written<E: Endpoint>(endpoint: &E) -> (String, String, String) {
    let request = encode_request(&base(), endpoint).unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    (
        request.method().to_string(),
        request.uri().to_string(),
        body,
    )
}

#[test]
fn json_goes_into_the_body_and_absent_options_stay_away() {
    let (method, uri, body) = written(&CreateChat::new("值班", 7, ["a", "b"]));
    assert_eq!(
        (method.as_str(), uri.as_str()),
        ("POST", "http://h/api/chat/create")
    );
    assert_eq!(body, r#"{"name":"值班","owner":7,"members":["a","b"]}"#);
}

#[test]
fn a_query_is_escaped() {
    let (method, uri, body) = written(&Touch::new("a&b=c d"));
    assert_eq!((method.as_str(), body.as_str()), ("GET", ""));
    assert_eq!(uri, "http://h/api/touch?chatid=a%26b%3Dc+d");
}

#[test]
fn a_form_repeats_the_key_of_a_list() {
    let (_, _, body) = written(&Publish::new(["u1", "u2"], "{\"a\":1}"));
    assert_eq!(body, "to=u1&to=u2&content=%7B%22a%22%3A1%7D");
}

#[test]
fn a_form_has_the_key_of_a_map_in_brackets() {
    let groups =
        BTreeMap::from([("g 1", "One"), ("g2", "{}")].map(|(id, name)| (id.into(), name.into())));
    let sync = Sync::new(["u1", "[u2"], groups);
    let request = encode_request(&base(), &sync).unwrap();
    let body = String::from_utf8_lossy(request.body());
    assert_eq!(
        body,
        "group%5Bg+1%5D=One&group%5Bg2%5D=%7B%7D&user=u1&user=%5Bu2"
    );
    assert_eq!(decode_request::<Sync>(&request).unwrap(), sync);

    let one = Sync::new(["[u2"], sync.group);
    let request = encode_request(&base(), &one).unwrap();
    assert_eq!(decode_request::<Sync>(&request).unwrap(), one);
    let none = request.map(|_| "user=u1&groups[a]=b&group%5Bg=1".into());
    let error = decode_request::<Sync>(&none).unwrap_err();
    assert!(error.message.contains("`group`"), "{error}");
}

#[test]
fn a_variable_fills_the_path_and_leaves_the_body() {
    let (method, uri, body) = written(&Rename::new("a/b ä", "x"));
    assert_eq!(method, "PUT");
    assert_eq!(uri, "http://h/api/chats/a%2Fb%20%C3%A4/name");
    assert_eq!(body, r#"{"name":"x"}"#);
}

#[test]
fn what_belongs_into_the_query_leaves_the_body_in_its_order() {
    let (method, uri, body) = written(&Answer::new("\"hi\", {a}", "a b&c", true));
    assert_eq!(method, "POST");
    assert_eq!(uri, "http://h/api/answer?ticket=a+b%26c");
    assert_eq!(body, r#"{"text":"\"hi\", {a}","loud":true}"#);
}

#[test]
fn an_empty_variable_is_refused_by_name() {
    let error = encode_request(&base(), &Rename::new("", "x")).unwrap_err();
    assert_eq!(error.to_string(), "test.rename: `chatid` must not be empty");
}

/// What one side writes, the other reads: requests, answers and refusals.
fn round_trips<E>(endpoint: &E, output: &E::Output)
where
    E: Endpoint<Platform = Test> + PartialEq + std::fmt::Debug,
    E::Output: Clone + PartialEq + std::fmt::Debug,
{
    let base: BaseUrl = "http://h".parse().unwrap();
    let request = encode_request(&base, endpoint).unwrap();
    assert_eq!(&decode_request::<E>(&request).unwrap(), endpoint);

    let answer = E::write(Ok(output.clone()));
    let payload = Test::open(&answer).unwrap();
    assert_eq!(&E::read(&answer.map(|_| payload)).unwrap(), output);

    let refusal = ApiError::new(33001, "无权限");
    assert_eq!(Test::open(&E::write(Err(refusal.clone()))), Err(refusal));
}

#[test]
fn what_one_side_writes_the_other_reads() {
    round_trips(
        &CreateChat::new("n", 1, ["a"]).searchable(false),
        &"c1".to_owned(),
    );
    round_trips(&Touch::new("a+b %"), &mynah_core::Empty);
    round_trips(&Publish::new(["u1", "u2"], "hi"), &mynah_core::Empty);
    round_trips(&Rename::new("a/b", "x"), &mynah_core::Empty);
    round_trips(&Answer::new("x", "a b&c", false), &mynah_core::Empty);
    round_trips(&SetMenu::new(7, ["a", "b"]), &mynah_core::Empty);
    let file = File::new("报告 1.txt", &b"\r\n--\0\xff"[..]).with_media_type("text/plain");
    let upload = Upload::new("a&b", file.clone());
    round_trips(&upload, &"m1".to_owned());
    round_trips(&upload.note("as \"text\""), &"m1".to_owned());
    round_trips(&Upload::new("empty", File::new("", "")), &"m1".to_owned());
    round_trips(&Download::new("m1"), &file);
    round_trips(
        &Say::new("c", Words::new("hi").volume(3)).tell(true),
        &mynah_core::Empty,
    );
}

#[test]
fn a_field_can_stand_in_the_query_of_a_call_with_a_body() {
    let (method, uri, body) = written(&SetMenu::new(7, ["a"]));
    assert_eq!(
        (method.as_str(), uri.as_str()),
        ("POST", "http://h/api/menu?agent=7")
    );
    assert_eq!(body, r#"{"buttons":["a"]}"#);
}

#[test]
fn a_file_is_the_last_part_of_a_form() {
    let file = File::new("a.txt", "mytext").with_media_type("text/plain");
    let (method, uri, body) = written(&Upload::new("file", file).note("n"));
    assert_eq!(
        (method.as_str(), uri.as_str()),
        ("POST", "http://h/api/upload?kind=file")
    );
    let lines = [
        "--mynah-form-boundary-0",
        "Content-Disposition: form-data; name=\"note\"",
        "",
        "n",
        "--mynah-form-boundary-0",
        "Content-Disposition: form-data; name=\"media\"; filename=\"a.txt\"",
        "Content-Type: text/plain",
        "",
        "mytext",
        "--mynah-form-boundary-0--",
        "",
    ];
    assert_eq!(body, lines.join("\r\n"));
}

#[test]
fn a_form_without_its_file_is_refused_by_name() {
    let mut request = encode_request(&base(), &Upload::new("file", File::new("a", "x"))).unwrap();
    let body = "--mynah-form-boundary-0\r\n\r\nx\r\n--mynah-form-boundary-0--";
    *request.body_mut() = body.into();
    let error = decode_request::<Upload>(&request).unwrap_err();
    assert_eq!(error.message, "`media`: is required");
}

#[test]
fn what_is_flattened_is_described_in_its_place() {
    let fields = Say::FIELDS
        .iter()
        .map(|field| (field.name, field.doc, field.required));
    assert_eq!(
        fields.collect::<Vec<_>>(),
        [
            ("chatid", "Where.", true),
            ("text", "What is said.", true),
            ("volume", "How loud.", false),
            ("tell", "Whether it is told.", false),
        ]
    );
}

#[test]
fn an_output_that_is_not_where_it_should_be_keeps_the_body() {
    let payload = br#"{"chat":{"name":"x"}}"#.as_slice().into();
    let error = decode_output::<CreateChat>(&payload).unwrap_err();
    assert!(error.to_string().contains("missing field `id`"), "{error}");
    assert_eq!(error.body(), Some(&payload));
}

#[test]
fn a_body_that_is_not_an_object_is_a_refusal() {
    for body in ["", "[]", "1", "{", "\u{feff}{}"] {
        let request = HttpRequest::new(body.to_owned().into());
        let mut request = request;
        request
            .headers_mut()
            .insert("content-type", "application/json".parse().unwrap());
        assert!(decode_request::<CreateChat>(&request).is_err(), "{body:?}");
    }
}

mod operations {
    use mynah_core::{Operation, Parameters};

    use super::base;
    use crate::platform::CreateChat;

    fn encode(given: &[(&str, &str)]) -> Result<String, String> {
        let mut parameters = Parameters::new();
        for (name, value) in given {
            parameters.add_one(*name, *value);
        }
        let request = Operation::of::<CreateChat>().encode(&base(), parameters);
        let request = request.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(request.body().to_vec()).unwrap())
    }

    /// Asks for everything leniently, as the end of a platform that has an error of its
    /// own for what is missing.
    mod lenient {
        use mynah_core::lenient::{boolean, integer, list, or_default, text};
        use mynah_core::{Empty, Endpoint, Kind, Meta, Operation, Parameters, Request, describe};
        use serde::{Deserialize, Serialize};

        use super::base;
        use crate::platform::Test;

        /// Changes a group.
        #[derive(Serialize, Deserialize, Request)]
        struct Change {
            /// Which.
            #[serde(default, deserialize_with = "text")]
            id: String,
            /// Who belongs to it.
            #[serde(default, deserialize_with = "list")]
            members: Vec<String>,
            /// Who joins.
            #[serde(default, deserialize_with = "or_default")]
            add: Option<Vec<String>>,
            /// Whether it can be found.
            #[serde(default, deserialize_with = "boolean")]
            searchable: bool,
            /// How large it may be.
            #[serde(default, deserialize_with = "integer")]
            most: i64,
        }

        impl Endpoint for Change {
            type Platform = Test;
            type Output = Empty;
            const META: Meta = Meta::post("test.change", "/change");
        }

        fn encode(given: &[(&str, &str)]) -> Result<String, String> {
            let mut parameters = Parameters::new();
            for (name, value) in given {
                parameters.add_one(*name, *value);
            }
            let request = Operation::of::<Change>().encode(&base(), parameters);
            let request = request.map_err(|error| error.to_string())?;
            Ok(String::from_utf8(request.body().to_vec()).unwrap())
        }

        #[test]
        fn help_tells_what_is_meant() {
            let kinds: Vec<_> = describe::<Change>().iter().map(|it| it.kind).collect();
            let expected = [Kind::String, Kind::Array, Kind::Array, Kind::Boolean];
            assert_eq!(kinds[..4], expected);
        }

        #[test]
        fn what_is_missing_is_named_and_not_sent() {
            let complaint = encode(&[("id", "g")]).unwrap_err();
            for name in ["members", "searchable", "most"] {
                let named = format!("`{name}`: is required");
                assert!(complaint.contains(&named), "{complaint}");
            }
        }

        #[test]
        fn a_word_is_a_list_of_one() {
            let all = [
                ("id", "g"),
                ("members", "alice"),
                ("add", "bob"),
                ("searchable", "1"),
                ("most", "5"),
            ];
            let body = encode(&all).unwrap();
            let lists = r#""members":["alice"],"add":["bob"]"#;
            assert!(body.contains(lists), "{body}");
        }
    }

    #[test]
    fn text_becomes_a_typed_request() {
        let body = encode(&[
            ("name", "n"),
            ("owner", "7"),
            ("members", "[\"a\"]"),
            ("searchable", "yes"),
        ]);
        assert_eq!(
            body.unwrap(),
            r#"{"name":"n","owner":7,"members":["a"],"searchable":true}"#
        );
    }

    #[test]
    fn what_is_wrong_is_said_and_never_dropped() {
        let error = encode(&[
            ("name", "n"),
            ("owner", "7"),
            ("members", "a"),
            ("searchable", "maybe"),
        ]);
        assert!(
            error
                .unwrap_err()
                .starts_with("test.chat.create: `searchable`: must be a boolean")
        );
        let error = encode(&[("name", "n"), ("colour", "red")]).unwrap_err();
        let all =
            "`colour`: no such parameter; there are: name, owner, members, searchable, seconds";
        assert!(error.ends_with(all), "{error}");
        assert!(
            encode(&[("name", "n")])
                .unwrap_err()
                .contains("`owner`: is required")
        );
    }
}
