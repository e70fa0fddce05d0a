//! Parameters are read by their declared type, wherever they stand.

use mynah_core::{
    ApiError, Endpoint, HttpRequest, Meta, Parameters, Platform, Request, decode_parameters,
    decode_request,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::{CreateChat, Publish};

fn json(body: &str) -> Result<CreateChat, String> {
    let mut request = HttpRequest::new(body.to_owned().into());
    request
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    decode_request(&request).map_err(|error| error.message)
}

fn form(body: &str) -> HttpRequest {
    let mut request = HttpRequest::new(body.to_owned().into());
    let kind = "application/x-www-form-urlencoded; charset=utf-8"
        .parse()
        .unwrap();
    request.headers_mut().insert("content-type", kind);
    request
}

#[test]
fn digits_in_a_string_are_a_number_and_a_number_is_a_name() {
    let chat = json(r#"{"name":7,"owner":"+42","members":[],"seconds":"-1"}"#).unwrap();
    assert_eq!(
        (chat.name.as_str(), chat.owner, chat.seconds),
        ("7", 42, Some(-1))
    );
}

#[test]
fn switches_have_many_spellings() {
    for (written, read) in [
        ("true", true),
        ("\"YES\"", true),
        ("1", true),
        ("\"0\"", false),
        ("\"No\"", false),
        ("0", false),
    ] {
        let chat = json(&format!(
            r#"{{"name":"n","owner":1,"members":[],"searchable":{written}}}"#
        ));
        assert_eq!(chat.unwrap().searchable, Some(read), "{written}");
    }
}

#[test]
fn an_optional_parameter_of_the_wrong_kind_counts_as_absent() {
    for wrong in ["\"maybe\"", "2", "[]", "{}", "null"] {
        let chat = json(&format!(
            r#"{{"name":"n","owner":1,"members":[],"searchable":{wrong},"seconds":"12abc"}}"#
        ))
        .unwrap();
        assert_eq!((chat.searchable, chat.seconds), (None, None), "{wrong}");
    }
}

#[test]
fn a_required_parameter_that_is_missing_or_wrong_is_named_but_not_quoted() {
    assert_eq!(
        json(r#"{"owner":1,"members":[]}"#).unwrap_err(),
        "`name`: is required"
    );
    let error = json(r#"{"name":"n","owner":"secret-value","members":[]}"#).unwrap_err();
    assert!(
        error.starts_with("`owner`: must be i64") && !error.contains("secret"),
        "{error}"
    );
    assert!(json(r#"{"name":"n","owner":1.5,"members":[]}"#).is_err());
    assert!(json(r#"{"name":"n","owner":9223372036854775808,"members":[]}"#).is_err());
}

#[test]
fn null_counts_as_absent() {
    assert_eq!(
        json(r#"{"name":null,"owner":1,"members":[]}"#).unwrap_err(),
        "`name`: is required"
    );
}

#[test]
fn what_is_wrong_with_one_parameter_does_not_hide_that_another_is_missing() {
    assert_eq!(
        json(r#"{"owner":1,"members":[],"seconds":"12abc"}"#).unwrap_err(),
        "`name`: is required"
    );
}

#[test]
fn an_unknown_parameter_is_ignored() {
    assert!(
        json(r#"{"name":"n","owner":1,"members":[],"post_type":"message","sender":{}}"#).is_ok()
    );
}

#[test]
fn one_value_of_a_form_can_be_a_list() {
    let one: Publish = decode_request(&form("to=u1&content=hi")).unwrap();
    assert_eq!(one.to, ["u1"]);
    let two: Publish = decode_request(&form("to=u1&to=u2&content=hi")).unwrap();
    assert_eq!(two.to, ["u1", "u2"]);
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in any::<Vec<u8>>(), is_form in any::<bool>()) {
        let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        let mut request = HttpRequest::new(body.into());
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        let _ = decode_request::<CreateChat>(&request);
    }

    #[test]
    fn any_json_object_is_read_or_refused(value in arbitrary_json()) {
        let body = serde_json::json!({"name": value, "owner": value, "members": value, "searchable": value});
        let _ = json(&body.to_string());
    }
}

fn arbitrary_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(".*", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A platform that wants JSON to be of the kind that is asked for.
struct Strict;

impl Platform for Strict {
    const NAME: &'static str = "strict";
    const STRICT_JSON: bool = true;

    fn open(response: &mynah_core::HttpResponse) -> Result<mynah_core::Bytes, ApiError> {
        Ok(response.body().clone())
    }

    fn seal(outcome: Result<mynah_core::Bytes, ApiError>) -> mynah_core::HttpResponse {
        mynah_core::HttpResponse::new(outcome.unwrap_or_default())
    }

    fn classify(_: &ApiError) -> mynah_core::Verdict {
        mynah_core::Verdict::Permanent
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Order {
    name: String,
    count: Option<i64>,
    members: Option<Vec<String>>,
}

impl Endpoint for Order {
    type Platform = Strict;
    type Output = mynah_core::Empty;
    const META: Meta = Meta::post("strict.order", "/order");
}

#[test]
fn where_json_is_strict_a_value_of_another_kind_is_named_and_null_is_absent() {
    let read = |json: &str| {
        let mut parameters = Parameters::new();
        parameters.add_json(json.as_bytes()).unwrap();
        decode_parameters::<Order>(parameters).map_err(|error| error.message)
    };
    let order = Order::new("a");
    assert_eq!(
        read(r#"{"name": "a", "count": null, "more": 1}"#),
        Ok(order)
    );
    for (json, field) in [
        (r#"{"name": 5}"#, "`name`: must be"),
        (r#"{"name": ["a"]}"#, "`name`: must be"),
        (r#"{"name": "a", "count": "7"}"#, "`count`: must be"),
        (r#"{"name": "a", "members": "b"}"#, "`members`: must be"),
        (r#"{"name": "a", "members": [3]}"#, "`members`: must be"),
        (r#"{"name": null}"#, "`name`: is required"),
    ] {
        let problem = read(json).unwrap_err();
        assert!(problem.starts_with(field), "{json}: {problem}");
    }
}

#[test]
fn where_json_is_strict_a_query_is_text_all_the_same() {
    let mut parameters = Parameters::new();
    parameters.add_text(b"name=5&count=7&members=b");
    let order = decode_parameters::<Order>(parameters).unwrap();
    assert_eq!(
        order,
        Order::new("5").count(7).members(vec!["b".to_owned()])
    );
}

/// A platform that wants text to be of the kind that is asked for as well.
struct Stricter;

impl Platform for Stricter {
    const NAME: &'static str = "stricter";
    const STRICT_JSON: bool = true;
    const STRICT_TEXT: bool = true;

    fn open(response: &mynah_core::HttpResponse) -> Result<mynah_core::Bytes, ApiError> {
        Strict::open(response)
    }

    fn seal(outcome: Result<mynah_core::Bytes, ApiError>) -> mynah_core::HttpResponse {
        Strict::seal(outcome)
    }

    fn classify(error: &ApiError) -> mynah_core::Verdict {
        Strict::classify(error)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Delivery {
    name: String,
    count: Option<i64>,
    express: Option<bool>,
}

impl Endpoint for Delivery {
    type Platform = Stricter;
    type Output = mynah_core::Empty;
    const META: Meta = Meta::post("stricter.delivery", "/delivery");
}

#[test]
fn where_text_is_strict_a_value_of_another_kind_is_named_instead_of_counting_as_absent() {
    fn read<E: Endpoint>(text: &str) -> Result<E, String> {
        let mut parameters = Parameters::new();
        parameters.add_text(text.as_bytes());
        decode_parameters::<E>(parameters).map_err(|error| error.message)
    }
    let fine = read::<Delivery>("name=5&count=7&express=True").unwrap();
    assert_eq!(fine, Delivery::new("5").count(7).express(true));
    for (text, field) in [
        ("name=a&count=many", "`count`: must be"),
        ("name=a&express=maybe", "`express`: must be"),
        ("name=a&express=", "`express`: must be"),
        ("name=a&name=b", "`name`: must be"),
        ("count=1", "`name`: is required"),
    ] {
        let problem = read::<Delivery>(text).unwrap_err();
        assert!(problem.starts_with(field), "{text}: {problem}");
    }
    assert_eq!(read::<Order>("name=a&count=many"), Ok(Order::new("a")));
}

#[test]
fn a_parameter_tells_whether_it_came_as_text() {
    let mut parameters = Parameters::new();
    parameters.add_text(b"a=1&b=2");
    parameters.add_json(br#"{"b": "2", "c": "3"}"#).unwrap();
    assert!(parameters.is_text("a"));
    for name in ["b", "c", "d"] {
        assert!(!parameters.is_text(name), "{name}");
    }
}

/// A platform that converts JSON, and refuses what cannot be converted.
struct Converting;

impl Platform for Converting {
    const NAME: &'static str = "converting";
    const STRICT_TEXT: bool = true;

    fn open(response: &mynah_core::HttpResponse) -> Result<mynah_core::Bytes, ApiError> {
        Strict::open(response)
    }

    fn seal(outcome: Result<mynah_core::Bytes, ApiError>) -> mynah_core::HttpResponse {
        Strict::seal(outcome)
    }

    fn classify(error: &ApiError) -> mynah_core::Verdict {
        Strict::classify(error)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Request)]
struct Parcel {
    name: String,
    count: Option<i64>,
}

impl Endpoint for Parcel {
    type Platform = Converting;
    type Output = mynah_core::Empty;
    const META: Meta = Meta::post("converting.parcel", "/parcel");
}

#[test]
fn where_only_text_is_strict_json_is_converted_and_refused_where_it_cannot_be() {
    let read = |json: &str| {
        let mut parameters = Parameters::new();
        parameters.add_json(json.as_bytes()).unwrap();
        decode_parameters::<Parcel>(parameters).map_err(|error| error.message)
    };
    let seven = Parcel::new("5").count(7);
    assert_eq!(read(r#"{"name": 5, "count": "7"}"#), Ok(seven));
    assert_eq!(
        read(r#"{"name": "a", "count": null}"#),
        Ok(Parcel::new("a"))
    );
    let problem = read(r#"{"name": "a", "count": "many"}"#).unwrap_err();
    assert!(problem.starts_with("`count`: must be"), "{problem}");
}
