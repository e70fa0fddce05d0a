//! The actions, against what the documentation of the implementations says
//! (`actions.json`) and what their peers were recorded to send (`requests.json`).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::http::{Method, header::CONTENT_TYPE};
use mynah_core::{
    ApiError, Endpoint, Error, HttpRequest, HttpResponse, Kind, Meta, Operation, Platform,
    decode_output, decode_request, encode_output, encode_request,
};
use mynah_onebot::actions::account::Credentials;
use mynah_onebot::actions::forward::{ForwardedContent, ForwardedMsgs};
use mynah_onebot::{OneBot, for_each_endpoint, retcode};
use mynah_testkit::any_json;
use proptest::prelude::*;
use serde::de::{self, Deserializer, Visitor};
use serde_json::{Map, Value, json};

/// One endpoint of the list, with its type forgotten.
struct Action {
    meta: Meta,
    /// The names serde reads, aliases included.
    parameters: BTreeSet<&'static str>,
    /// Reads a request as the endpoint and writes it again: path and body.
    rewrite: fn(&HttpRequest) -> Result<(String, Value), ApiError>,
    /// Reads an answer as the endpoint's output and writes it again: its data.
    reanswer: fn(&HttpResponse) -> Result<Value, Error>,
}

impl Action {
    fn of<E: Endpoint<Platform = OneBot>>() -> Self {
        Self {
            meta: E::META,
            parameters: field_names::<E>(),
            rewrite: |request| {
                let endpoint = decode_request::<E>(request)?;
                let base = "http://127.0.0.1:5700".parse().unwrap();
                let written = encode_request(&base, &endpoint).unwrap();
                assert_eq!(written.method(), Method::POST);
                let body = serde_json::from_slice(written.body()).unwrap();
                Ok((written.uri().path().to_owned(), body))
            },
            reanswer: |response| {
                let output = decode_output::<E>(&OneBot::open(response).unwrap())?;
                let sealed = encode_output::<E>(Ok(output));
                let body: Value = serde_json::from_slice(sealed.body()).unwrap();
                Ok(body["data"].clone())
            },
        }
    }

    fn name(&self) -> &'static str {
        self.meta.path.strip_prefix('/').unwrap()
    }

    /// Calls with a JSON body.
    fn posted(&self, parameters: &Value) -> Result<Value, ApiError> {
        let mut request = HttpRequest::new(parameters.to_string().into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.meta.path.parse().unwrap();
        request
            .headers_mut()
            .insert(CONTENT_TYPE, "application/json".parse().unwrap());
        let (path, body) = (self.rewrite)(&request)?;
        assert_eq!(path, self.meta.path);
        Ok(body)
    }

    /// Calls with every parameter as text in the query.
    fn asked(&self, parameters: &Value) -> Result<Value, ApiError> {
        let pairs: Vec<(&String, String)> = parameters
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text.clone()),
                other => (name, other.to_string()),
            })
            .collect();
        let query = serde_html_form::to_string(pairs).unwrap();
        let mut request = HttpRequest::default();
        *request.uri_mut() = format!("{}?{query}", self.meta.path).parse().unwrap();
        (self.rewrite)(&request).map(|(_, body)| body)
    }

    /// Reads `data` as the answer and writes it again.
    fn try_answered(&self, data: &Value) -> Result<Value, Error> {
        let envelope = json!({ "status": "ok", "retcode": 0, "data": data });
        (self.reanswer)(&HttpResponse::new(envelope.to_string().into()))
    }

    fn answered(&self, data: &Value) -> Value {
        self.try_answered(data)
            .unwrap_or_else(|error| panic!("{error:?}"))
    }
}

macro_rules! table {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Action::of::<$endpoint>()),+] };
}

fn actions() -> Vec<Action> {
    for_each_endpoint!(table)
}

fn action(name: &str) -> Action {
    actions()
        .into_iter()
        .find(|action| action.name() == name)
        .unwrap_or_else(|| panic!("no endpoint is called {name}"))
}

/// The names under which serde looks for the fields of a struct.
fn field_names<T: de::DeserializeOwned>() -> BTreeSet<&'static str> {
    struct Spy<'a>(&'a mut BTreeSet<&'static str>);

    impl<'de> Deserializer<'de> for Spy<'_> {
        type Error = de::value::Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Self::Error> {
            self.0.extend(fields);
            Err(de::Error::custom("only the names were wanted"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("a request is a struct with named fields"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
            option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
            ignored_any
        }
    }

    let mut names = BTreeSet::new();
    T::deserialize(Spy(&mut names)).err().unwrap();
    names
}

/// One row of `actions.json`.
struct Row(Value);

impl Row {
    fn all() -> Vec<Self> {
        let file: Value =
            serde_json::from_str(include_str!("../vectors/actions.json")).expect("actions.json");
        let rows: Vec<Self> = file["actions"]
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(Self)
            .collect();
        assert_eq!(rows.len(), 110);
        rows
    }

    fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    fn parameters(&self) -> Vec<Parameter<'_>> {
        self.0["params"]
            .as_array()
            .unwrap()
            .iter()
            .map(Parameter)
            .collect()
    }

    fn request(&self) -> &Value {
        &self.0["request"]["http"]["json"]
    }

    fn data(&self) -> &Value {
        &self.0["response"]["http"]["json"]["data"]
    }

    /// The recorded request with one more parameter, or with another value for it.
    fn request_with(&self, name: &str, value: Value) -> Value {
        let mut request = self.request().clone();
        request[name] = value;
        request
    }

    /// `request` as we write it: known parameters under their first names, absent ones and
    /// nulls left out, ids as numbers, a message of one segment as a list.
    fn normalized(&self, request: &Value) -> Value {
        let mut normal = Map::new();
        for parameter in self.parameters() {
            let value = parameter
                .spellings()
                .into_iter()
                .find_map(|name| request.get(name).filter(|value| !value.is_null()));
            let Some(value) = value else { continue };
            let value = match (parameter.kind(), value) {
                ("int64" | "int32", Value::String(digits)) => json!(digits.parse::<i64>().unwrap()),
                ("message", Value::Object(_)) => json!([value]),
                _ => value.clone(),
            };
            normal.insert(parameter.name().to_owned(), value);
        }
        Value::Object(normal)
    }
}

/// One parameter of a row.
struct Parameter<'a>(&'a Value);

impl<'a> Parameter<'a> {
    fn name(&self) -> &'a str {
        self.0["name"].as_str().unwrap()
    }

    fn kind(&self) -> &'a str {
        self.0["type"].as_str().unwrap()
    }

    fn required(&self) -> bool {
        self.0["required"].as_bool().unwrap()
    }

    fn aliases(&self) -> Vec<&'a str> {
        let aliases = self.0.get("aliases").and_then(Value::as_array);
        aliases
            .into_iter()
            .flatten()
            .map(|alias| alias.as_str().unwrap())
            .collect()
    }

    /// The name, then the aliases.
    fn spellings(&self) -> Vec<&'a str> {
        let mut names = vec![self.name()];
        names.extend(self.aliases());
        names
    }

    /// Values of the declared type, none of which is the default.
    fn samples(&self) -> Vec<Value> {
        match self.kind() {
            "int64" => vec![json!(7), json!(-1), json!(9_007_199_254_740_993_i64)],
            "int32" => vec![json!(7), json!(i32::MIN)],
            "boolean" => vec![json!(true), json!(false)],
            "string" => vec![json!("某 值"), json!("")],
            "string|string[]" => vec![json!("A=b\r\nC=d"), json!(["A=b", "C=d"])],
            "object" if self.name() == "anonymous" => {
                vec![json!({ "id": 1_000_019, "name": "邓八公", "flag": "F" })]
            }
            other => panic!("no samples for {} of type {other}", self.name()),
        }
    }

    /// Values that cannot be read as the declared type.
    fn misfits(&self) -> Vec<Value> {
        match self.kind() {
            "int64" => vec![
                json!("12abc"),
                json!(true),
                json!([1]),
                json!({}),
                json!(1.5),
            ],
            "int32" => vec![json!("x"), json!(2_147_483_648_i64), json!({})],
            "boolean" => vec![json!("maybe"), json!(2), json!([])],
            "string" | "string|string[]" => vec![json!({ "a": 1 })],
            "message" => vec![json!(5), json!(true)],
            "node[]" => vec![json!(5), json!("[CQ:node,id=1]"), json!({})],
            "object" => vec![json!("x"), json!(5), json!([1])],
            other => panic!("no misfits for type {other}"),
        }
    }
}

/// Parameters that implementations added to an action of the standard; not in its table.
const ADDED: [(&str, &str); 2] = [("send_private_msg", "group_id"), ("send_msg", "discuss_id")];

#[test]
fn the_list_holds_the_documented_actions_in_order() {
    let listed: Vec<String> = actions()
        .iter()
        .map(|action| action.meta.path.to_owned())
        .collect();
    let documented: Vec<String> = Row::all()
        .iter()
        .map(|row| format!("/{}", row.name()))
        .collect();
    assert_eq!(listed, documented);
}

#[test]
fn the_facts_about_each_action_agree_with_the_documentation() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        assert_eq!(action.meta.name, format!("onebot.{}", row.name()));
        let idempotent = row.0["idempotent"] == "yes";
        assert_eq!(action.meta.idempotent, idempotent, "{}", row.name());
        assert!(action.meta.doc.starts_with("https://"), "{}", row.name());
        assert!(action.meta.authorized, "{}", row.name());
    }
}

#[test]
fn each_action_has_the_documented_parameters_and_no_others() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let parameters = row.parameters();
        let documented: BTreeSet<&str> = parameters.iter().flat_map(Parameter::spellings).collect();
        let added = ADDED
            .iter()
            .filter(|(action, _)| *action == row.name())
            .map(|(_, name)| *name);
        let expected: BTreeSet<&str> = documented.into_iter().chain(added).collect();
        assert_eq!(action.parameters, expected, "{}", row.name());
    }
}

#[test]
fn each_action_and_parameter_is_described() {
    static OPERATIONS: [Operation; 110] = for_each_endpoint!(mynah_core::operations);
    for (operation, row) in OPERATIONS.iter().zip(Row::all()) {
        assert_eq!(operation.name(), row.name());
        assert!(!operation.doc.is_empty(), "{}", row.name());
        let fields = operation.fields();
        for parameter in row.parameters() {
            let about = format!("{}: {}", row.name(), parameter.name());
            let field = fields
                .iter()
                .find(|field| field.name == parameter.name())
                .expect(&about);
            assert_eq!(field.required, parameter.required(), "{about}");
            assert!(!field.doc.is_empty(), "{about}");
            let kinds: &[Kind] = match parameter.kind() {
                // Identifiers take numbers and text.
                "int64" | "int32" => &[Kind::Integer, Kind::Any],
                "string" => &[Kind::String, Kind::Any],
                "boolean" => &[Kind::Boolean],
                "node[]" => &[Kind::Array],
                "object" => &[Kind::Object, Kind::Any],
                _ => &[Kind::Any],
            };
            assert!(kinds.contains(&field.kind), "{about} is {}", field.kind);
        }
    }
}

#[test]
fn each_recorded_request_is_read_and_written_unchanged() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let written = action
            .posted(row.request())
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        assert_eq!(&written, row.request(), "{}", row.name());
    }
}

#[test]
fn each_recorded_request_can_be_made_with_text_in_the_query() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let written = action
            .asked(row.request())
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        assert_eq!(&written, row.request(), "{}", row.name());
    }
}

#[test]
fn each_recorded_answer_is_read_and_written_unchanged() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let recorded = &row.0["response"]["http"]["json"];
        let response = HttpResponse::new(recorded.to_string().into());
        let data =
            (action.reanswer)(&response).unwrap_or_else(|error| panic!("{row:?}: {error:?}"));
        assert_eq!(&data, row.data(), "{}", row.name());
    }
}

#[test]
fn the_answer_holds_every_documented_field() {
    // Fields of the answer's own object; those of lists and of parts are in the recorded answers.
    for row in Row::all() {
        let Value::Object(data) = row.data() else {
            continue;
        };
        for field in row.0["returns"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            let optional = field["type"].as_str().unwrap().ends_with('?');
            if name.contains(['.', '[', '*'])
                || optional
                || UNRECORDED.contains(&(row.name(), name))
            {
                continue;
            }
            assert!(data.contains_key(name), "{}: {name}", row.name());
        }
    }
}

/// Documented fields that the recorded answer happens to lack.
const UNRECORDED: [(&str, &str); 1] = [("get_file", "base64")];

#[test]
fn each_field_of_a_recorded_answer_is_typed() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        // Answered as the platform gives it, unread.
        if row.name() != "get_group_info_ex" {
            assert_typed(&action, row.data());
        }
    }
}

/// Fields that are documented and that no recorded answer happens to hold.
#[test]
fn each_documented_field_that_was_not_recorded_is_typed() {
    let friend = json!({ "user_id": 10001, "nickname": "alice", "remark": "" });
    let cases = [
        (
            "get_msg",
            json!({ "time": 1, "message_type": "group", "message_id": 1, "real_id": 2, "sender": {},
                "message": "", "raw_message": "", "user_id": 3, "group_id": 4, "message_seq": 5 }),
        ),
        (
            "get_forward_msg",
            json!({ "messages": [{ "sender": { "nickname": "alice", "user_id": 10001 },
                "time": 1_515_204_254, "content": "第一条" }] }),
        ),
        (
            "send_group_forward_msg",
            json!({ "message_id": 1, "forward_id": "f", "res_id": "r" }),
        ),
        (
            "get_group_system_msg",
            json!({ "join_requests": null, "invited_requests": [{ "request_id": 1,
                "invitor_uin": 10002, "invitor_nick": "bob", "group_id": 20001,
                "group_name": "general", "checked": true, "actor": 10000 }] }),
        ),
        (
            "get_group_root_files",
            json!({ "files": [], "folders": [{ "group_id": 20001, "folder_id": "/folder-1",
                "folder_name": "资料", "create_time": 1, "creator": 10000, "creator_name": "bot",
                "total_file_count": 0 }] }),
        ),
        (
            "_get_group_notice",
            json!([{ "notice_id": "notice-1", "message": { "text": "", "images":
                [{ "id": "i", "height": "1", "width": "2" }] } }]),
        ),
        (
            "_get_friend_list",
            json!({ "friend_groups": [{ "friend_group_id": 0, "friend_group_name": "我的好友" }],
                "friends": [{ "user_id": 10001, "nickname": "alice", "remark": "",
                    "friend_group_id": 0 }] }),
        ),
        (
            "get_friends_with_category",
            json!([{ "categoryId": 1, "categoryName": "同事", "categoryMbCount": 1,
                "buddyList": [friend] }]),
        ),
        (
            "get_unidirectional_friend_list",
            json!([{ "user_id": 10005, "nickname": "erin", "source": "群聊" }]),
        ),
        (
            "get_recent_contact",
            json!([{ "peerUin": "20001", "remark": "", "msgTime": "1515204254", "chatType": 2,
                "msgId": "7", "sendNickName": "alice", "sendMemberName": "",
                "peerName": "general" }]),
        ),
        (
            "get_online_clients",
            json!({ "clients": [{ "app_id": 1, "device_name": "pc", "device_kind": "Windows" }] }),
        ),
        (
            "_get_model_show",
            json!({ "variants": [{ "model_show": "x", "need_pay": false }] }),
        ),
        (
            "get_image",
            json!({ "size": 12, "filename": "a.jpg", "url": "http://127.0.0.1/a.jpg" }),
        ),
        (
            "get_file",
            json!({ "file": "/a", "file_size": 5, "file_name": "a", "base64": "aGVsbG8=" }),
        ),
        (
            "ocr_image",
            json!({ "language": "zh", "texts": [{ "text": "今天", "confidence": 99,
                "coordinates": [{ "x": 1, "y": 2 }] }] }),
        ),
        (
            "get_group_shut_list",
            json!([{ "user_id": 10004, "nickname": "dave", "shut_up_time": 1_515_204_254 }]),
        ),
    ];
    for (name, data) in cases {
        let action = action(name);
        assert_eq!(action.answered(&data), data, "{name}");
        assert_typed(&action, &data);
    }
}

/// Fails if some field of `data` can hold anything: one that no struct names, so that it ends in
/// `extra` and comes back unread.
fn assert_typed(action: &Action, data: &Value) {
    for pointer in pointers(data) {
        let mut data = data.clone();
        let field = data.pointer_mut(&pointer).unwrap();
        *field = if field.is_object() {
            json!(5)
        } else {
            json!({ "misfit": [] })
        };
        let came_back = action.try_answered(&data).is_ok_and(|read| read == data);
        assert!(!came_back, "{}: {pointer}", action.name());
    }
}

/// Pointers to everything below the root, except into the segments of messages and into events,
/// which have vectors of their own.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), field))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, child) in children {
        let is_said = matches!(name.as_str(), "message" | "messages") && child.is_array();
        if !is_said {
            let below = pointers(child).into_iter();
            found.extend(below.map(|pointer| format!("/{name}{pointer}")));
        }
        found.push(format!("/{name}"));
    }
    found
}

#[test]
fn a_missing_required_parameter_is_refused_by_name() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row
            .parameters()
            .iter()
            .filter(|parameter| parameter.required())
        {
            for absent in [None, Some(Value::Null)] {
                let mut request = row.request().clone();
                match absent {
                    None => drop(request.as_object_mut().unwrap().remove(parameter.name())),
                    Some(null) => request[parameter.name()] = null,
                }
                let error = action.posted(&request).unwrap_err();
                assert_eq!(
                    error.code.number(),
                    Some(retcode::BAD_PARAMETER),
                    "{}",
                    row.name()
                );
                let named = format!("`{}`", parameter.name());
                assert!(error.message.contains(&named), "{}: {error}", row.name());
            }
        }
    }
}

#[test]
fn an_ill_typed_required_parameter_is_refused_by_name_and_without_its_value() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row
            .parameters()
            .iter()
            .filter(|parameter| parameter.required())
        {
            for misfit in parameter.misfits() {
                let request = row.request_with(parameter.name(), misfit.clone());
                let error = action.posted(&request).unwrap_err();
                assert_eq!(
                    error.code.number(),
                    Some(retcode::BAD_PARAMETER),
                    "{}",
                    row.name()
                );
                let named = format!("`{}`", parameter.name());
                assert!(error.message.contains(&named), "{}: {error}", row.name());
                assert!(!error.message.contains("12abc"), "{}: {error}", row.name());
            }
        }
    }
}

#[test]
fn an_optional_parameter_may_be_left_out() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row
            .parameters()
            .iter()
            .filter(|parameter| !parameter.required())
        {
            let mut request = row.request().clone();
            request.as_object_mut().unwrap().remove(parameter.name());
            assert_eq!(
                action.posted(&request).as_ref(),
                Ok(&request),
                "{}",
                row.name()
            );

            let null = row.request_with(parameter.name(), Value::Null);
            assert_eq!(
                action.posted(&null).as_ref(),
                Ok(&request),
                "{}",
                row.name()
            );
        }
    }
}

#[test]
fn an_ill_typed_optional_parameter_counts_as_absent() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row
            .parameters()
            .iter()
            .filter(|parameter| !parameter.required())
        {
            let mut without = row.request().clone();
            without.as_object_mut().unwrap().remove(parameter.name());
            for misfit in parameter.misfits() {
                let request = row.request_with(parameter.name(), misfit);
                assert_eq!(
                    action.posted(&request).as_ref(),
                    Ok(&without),
                    "{}",
                    row.name()
                );
            }
        }
    }
}

#[test]
fn an_optional_parameter_takes_every_value_of_its_type() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row
            .parameters()
            .iter()
            .filter(|parameter| !parameter.required())
        {
            for sample in parameter.samples() {
                let request = row.request_with(parameter.name(), sample);
                assert_eq!(
                    action.posted(&request).as_ref(),
                    Ok(&request),
                    "{}",
                    row.name()
                );
            }
        }
    }
}

#[test]
fn an_alias_stands_for_the_parameter() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        for parameter in row.parameters() {
            for alias in parameter.aliases() {
                let full = match row.request().get(parameter.name()) {
                    Some(_) => row.request().clone(),
                    None => row.request_with(parameter.name(), parameter.samples().remove(0)),
                };
                let mut request = full.clone();
                let value = request
                    .as_object_mut()
                    .unwrap()
                    .remove(parameter.name())
                    .unwrap();
                request[alias] = value;
                assert_eq!(
                    action.posted(&request).as_ref(),
                    Ok(&full),
                    "{}: {alias}",
                    row.name()
                );
            }
        }
    }
}

/// Frameworks pass the whole event as parameters, so two spellings may meet.
#[test]
fn of_two_spellings_one_is_taken() {
    let cases = [
        (
            "get_forward_msg",
            json!({ "id": "fwd-1", "message_id": 1001 }),
            json!({ "id": "fwd-1" }),
        ),
        (
            "set_group_anonymous_ban",
            json!({ "group_id": 20001, "anonymous_flag": "A", "flag": "group-req-1" }),
            json!({ "group_id": 20001, "anonymous_flag": "A" }),
        ),
        (
            "set_group_anonymous_ban",
            json!({ "group_id": 20001, "anonymous_flag": null, "flag": "F" }),
            json!({ "group_id": 20001, "anonymous_flag": "F" }),
        ),
        (
            "set_group_add_request",
            json!({ "flag": "f", "sub_type": "invite", "type": "add" }),
            json!({ "flag": "f", "sub_type": "invite" }),
        ),
        (
            "upload_group_file",
            json!({ "group_id": 1, "file": "/a", "name": "a", "folder": "/x", "folder_id": "/y" }),
            json!({ "group_id": 1, "file": "/a", "name": "a", "folder": "/x" }),
        ),
        (
            "delete_friend",
            json!({ "user_id": 10001, "friend_id": 10005, "id": 10005 }),
            json!({ "user_id": 10005 }),
        ),
        (
            "get_group_file_url",
            json!({ "group_id": 1, "file_id": "f", "busid": 102, "bus_id": 102 }),
            json!({ "group_id": 1, "file_id": "f", "busid": 102 }),
        ),
        (
            "create_group_file_folder",
            json!({ "group_id": 1, "name": "资料", "folder_name": "资料" }),
            json!({ "group_id": 1, "name": "资料" }),
        ),
    ];
    for (name, request, expected) in cases {
        assert_eq!(
            action(name).posted(&request).as_ref(),
            Ok(&expected),
            "{name}"
        );
    }
}

#[test]
fn two_spellings_do_not_hide_what_is_missing() {
    let request = json!({ "sub_type": "add", "type": "add" });
    let error = action("set_group_add_request")
        .posted(&request)
        .unwrap_err();
    assert!(error.message.contains("`flag`"), "{error}");
}

#[test]
fn unknown_parameters_are_ignored() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let mut request = row.request_with("self_id", json!(10000));
        request["no_such_parameter"] = json!({ "a": [1, null] });
        assert_eq!(
            action.posted(&request).as_ref(),
            Ok(row.request()),
            "{}",
            row.name()
        );
    }
}

#[test]
fn over_a_websocket_the_same_is_said() {
    for (action, row) in actions().into_iter().zip(Row::all()) {
        let call = &row.0["request"]["ws"];
        assert_eq!(call["action"], row.name());
        let written = action.posted(&call["params"]).unwrap();
        assert_eq!(&written, row.request(), "{}", row.name());

        let (frame, answer) = (&row.0["response"]["ws"], &row.0["response"]["http"]["json"]);
        assert_eq!(frame["echo"], call["echo"], "{}", row.name());
        let (frame, answer) = (opened(200, frame), opened(200, answer));
        assert!(frame.is_ok() && frame == answer, "{}", row.name());
    }
}

#[test]
fn every_request_the_peers_sent_is_understood() {
    let rows: BTreeMap<String, Row> = Row::all()
        .into_iter()
        .map(|row| (row.name().to_owned(), row))
        .collect();
    let mut understood = 0;
    for case in recorded_calls() {
        let Some(path) = case["request"]["path"].as_str() else {
            // A peer without an address sends nothing.
            assert!(case["request"].is_null());
            continue;
        };
        let called = path.rsplit('/').next().unwrap();
        let name = ["_async", "_rate_limited"]
            .iter()
            .find_map(|suffix| called.strip_suffix(suffix))
            .unwrap_or(called);
        let request = &case["request"]["json"];
        let written = action(name)
            .posted(request)
            .unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        let expected = rows[name].normalized(request);
        assert_eq!(written, expected, "{}", case["name"]);
        understood += 1;
    }
    assert_eq!(understood, 176);
}

#[test]
fn every_answer_the_peers_got_means_the_same_to_us() {
    for case in recorded_calls() {
        let name = case["name"].as_str().unwrap();
        let Some(status) = case["response"]["status"].as_u64() else {
            assert!(case["request"].is_null(), "{name}");
            continue;
        };
        let answer = opened(status.try_into().unwrap(), &case["response"]["json"]);
        match (case.get("returns"), case.get("raises")) {
            // The peer takes an array for an answer without data.
            _ if name == "error: http 200 array" => assert!(answer.is_err(), "{name}"),
            (Some(returns), None) => assert_eq!(answer.as_ref(), Ok(returns), "{name}"),
            (_, Some(raised)) => {
                let error = answer.unwrap_err();
                if let Some(status) = raised["status_code"].as_u64() {
                    assert_eq!(u64::from(error.status), status, "{name}");
                }
                if let Some(retcode) = raised["retcode"].as_i64() {
                    assert_eq!(error.code.number(), Some(retcode), "{name}");
                }
                if let Some(words) = raised["result"]["wording"].as_str() {
                    assert_eq!(error.message, words, "{name}");
                }
            }
            (None, None) => panic!("{name} neither returned nor raised"),
        }
    }
}

fn recorded_calls() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/requests.json")).expect("requests.json")
}

/// The data of an answer; null stands for an empty body.
fn opened(status: u16, body: &Value) -> Result<Value, ApiError> {
    let body = match body {
        Value::Null => String::new(),
        json => json.to_string(),
    };
    let mut response = HttpResponse::new(body.into());
    *response.status_mut() = status.try_into().unwrap();
    let data = OneBot::open(&response)?;
    Ok(serde_json::from_slice(&data).unwrap())
}

#[test]
fn the_answers_of_other_implementations_are_read_and_nothing_is_lost() {
    let cases = [
        // go-cqhttp and the standard, before the account is online.
        (
            "get_status",
            json!({ "online": null, "good": false, "stat": { "packet_lost": 3 } }),
        ),
        // CQHTTP 4.15.
        (
            "get_version_info",
            json!({ "coolq_directory": "C:\\CQ", "coolq_edition": "pro", "plugin_version": "4.15.0",
                "plugin_build_number": 8, "plugin_build_configuration": "release" }),
        ),
        (
            "get_group_list",
            json!([{ "group_id": 20001, "group_name": "general" }]),
        ),
        (
            "_get_group_notice",
            json!([{ "cn": 0, "fid": "3b13", "fn": 0, "msg": { "text": "a", "title": "b" },
                "pubt": 1_554_641_006, "u": 10001 }]),
        ),
        ("_send_group_notice", json!(null)),
        ("_get_group_info", json!({})),
        // go-cqhttp.
        (
            "_get_vip_info",
            json!({ "user_id": 10001, "nickname": "alice", "vip_level": "普通用户",
                "vip_growth_total": 12 }),
        ),
        ("upload_group_file", json!(null)),
        ("check_url_safely", json!({ "level": 9 })),
        // NapCat.
        (
            "get_friends_with_category",
            json!([{ "categoryId": 1, "categoryName": "同事", "categoryMbCount": 1,
                "buddyList": [{ "user_id": 10001, "nickname": "alice", "remark": "", "level": 3 }],
                "onlineCount": 1 }]),
        ),
        ("set_msg_emoji_like", json!({ "result": 0, "errMsg": "" })),
        (
            "get_group_shut_list",
            json!([{ "uid": "u_1", "uin": "10004", "shutUpTime": 1 }]),
        ),
    ];
    for (name, data) in cases {
        assert_eq!(action(name).answered(&data), data, "{name}");
    }
}

#[test]
fn an_empty_list_may_come_as_null() {
    let none = json!({ "files": null, "folders": null });
    let empty = json!({ "files": [], "folders": [] });
    assert_eq!(action("get_group_root_files").answered(&none), empty);

    let empty = json!({ "invited_requests": [], "join_requests": [] });
    let none = json!({ "invited_requests": null, "join_requests": null });
    assert_eq!(action("get_group_system_msg").answered(&empty), none);
}

#[test]
fn numbers_that_come_as_text_are_read_as_numbers() {
    let text = json!({ "user_id": "10000", "nickname": "bot" });
    let number = json!({ "user_id": 10000, "nickname": "bot" });
    assert_eq!(action("get_login_info").answered(&text), number);
}

#[test]
fn a_word_nobody_told_us_of_is_kept() {
    let data = json!({ "user_id": 10001, "nickname": "alice", "sex": "secret", "age": 0 });
    assert_eq!(action("get_stranger_info").answered(&data), data);
    let request = json!({ "group_id": 20001, "type": "newest_badge" });
    assert_eq!(
        action("get_group_honor_info").posted(&request).as_ref(),
        Ok(&request)
    );
}

#[test]
fn both_forms_of_a_bundle_give_the_same_messages() {
    let nodes = json!({ "message": [{ "type": "node", "data": {
        "uin": "10001", "name": "alice", "time": "1515204254", "content": "第一条",
    } }] });
    let messages = json!({ "messages": [{
        "sender": { "user_id": 10001, "nickname": "alice" },
        "time": 1_515_204_254, "content": "第一条",
    }] });
    let read = |data| {
        let bundle: ForwardedMsgs = serde_json::from_value(data).unwrap();
        bundle.into_messages()
    };
    assert_eq!(read(nodes), read(messages.clone()));
    assert_eq!(read(messages).len(), 1);
}

#[test]
fn a_bundle_may_hold_a_bundle() {
    let said = |text| json!({ "sender": {}, "time": 1, "content": text });
    let data =
        json!({ "messages": [{ "sender": {}, "time": 2, "content": [said("a"), said("b")] }] });
    let bundle: ForwardedMsgs = serde_json::from_value(data).unwrap();
    let messages = bundle.into_messages();
    assert!(matches!(&messages[0].content, ForwardedContent::Bundle(inner) if inner.len() == 2));
}

#[test]
fn cookies_do_not_show_in_debug_output() {
    let data = json!({ "cookies": "skey=@sandbox", "csrf_token": 5381 });
    let credentials: Credentials = serde_json::from_value(data).unwrap();
    assert_eq!(credentials.cookies.expose(), "skey=@sandbox");
    let shown = format!("{credentials:?}");
    assert!(
        !shown.contains("sandbox") && !shown.contains("5381"),
        "{shown}"
    );
}

proptest! {
    /// Whatever one field of an answer holds, it is refused or read; and what was read and
    /// written once does not change any more.
    #[test]
    fn any_answer_is_refused_or_settles(
        (index, value, seed) in (0..110_usize, any_json(), any::<prop::sample::Index>())
    ) {
        let (action, row) = (&actions()[index], &Row::all()[index]);
        let mut data = row.data().clone();
        let mut places = pointers(&data);
        places.push(String::new());
        let place: &String = seed.get(&places);
        *data.pointer_mut(place).unwrap() = value;
        if let Ok(once) = action.try_answered(&data) {
            prop_assert_eq!(action.answered(&once), once);
        }
    }

    /// The same of parameters.
    #[test]
    fn any_request_is_refused_or_settles(
        (index, value, seed) in (0..110_usize, any_json(), any::<prop::sample::Index>())
    ) {
        let action = &actions()[index];
        let mut request = Row::all()[index].request().clone();
        let names: Vec<&str> = action.parameters.iter().copied().collect();
        if !names.is_empty() {
            request[*seed.get(&names)] = value;
        }
        if let Ok(once) = action.posted(&request) {
            prop_assert_eq!(action.posted(&once), Ok(once));
        }
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// `send(event, message)` of the seed finds the target itself.
#[test]
fn an_answer_goes_where_the_event_came_from() {
    use mynah_onebot::actions::message::SendMsg;
    use serde_json::json;

    let event = |value: serde_json::Value| {
        mynah_onebot::Event::from_slice(value.to_string().as_bytes()).unwrap()
    };
    let message = |kind: &str| {
        event(
            json!({"post_type": "message", "message_type": kind, "sub_type": "group", "time": 1,
            "self_id": 10000, "message_id": 1, "user_id": 10003, "group_id": 20001,
            "message": "x"}),
        )
    };
    let written = |event| serde_json::to_value(SendMsg::answering(&event, "hi")).unwrap();
    let hi = json!([{"type": "text", "data": {"text": "hi"}}]);
    assert_eq!(
        written(message("private")),
        json!({"message_type": "private", "user_id": 10003, "message": hi})
    );
    assert_eq!(
        written(message("group")),
        json!({"message_type": "group", "group_id": 20001, "message": hi})
    );
    let joined = event(
        json!({"post_type": "notice", "notice_type": "group_increase",
        "sub_type": "approve", "time": 1, "self_id": 10000, "group_id": 20001,
        "operator_id": 10002, "user_id": 10005}),
    );
    assert_eq!(
        written(joined),
        json!({"message_type": "group", "group_id": 20001, "message": hi})
    );
    let beat = event(
        json!({"post_type": "meta_event", "meta_event_type": "lifecycle",
        "sub_type": "connect", "time": 1, "self_id": 10000}),
    );
    assert_eq!(written(beat), json!(null));
}
