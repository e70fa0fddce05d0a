//! Forms and JSON as the peer writes them (`encoding.json`), and as we do.

use mynah_core::{HttpRequest, Meta, Platform, RawRequest};
use mynah_rongcloud::RongCloud;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::table::base;

const VECTORS: &str = include_str!("../vectors/encoding.json");

#[derive(Deserialize)]
struct Encoded {
    name: String,
    mode: String,
    params: Value,
    body: String,
    #[serde(default)]
    decoded: Vec<(String, String)>,
}

fn vectors(mode: &str) -> Vec<Encoded> {
    let mut all: Vec<Encoded> = serde_json::from_str(VECTORS).unwrap();
    all.retain(|one| one.mode == mode);
    assert!(!all.is_empty());
    all
}

fn pairs(body: &[u8]) -> Vec<(String, String)> {
    serde_html_form::from_bytes(body).unwrap()
}

/// What a server reads out of a body, as the values of each name.
fn read(meta: &Meta, body: &str) -> Map<String, Value> {
    let mut request = HttpRequest::new(body.to_owned().into());
    *request.method_mut() = meta.method.http();
    let mut parameters = RongCloud::parameters(meta, &request).unwrap();
    let names: Vec<String> = parameters.names().map(str::to_owned).collect();
    let of = |name: String| parameters.remove(&name).map(|value| (name, value));
    names.into_iter().filter_map(of).collect()
}

#[test]
fn our_server_reads_the_forms_of_the_peer() {
    const META: Meta = Meta::form("rongcloud.test", "/test.json");
    for Encoded {
        name,
        body,
        decoded,
        ..
    } in vectors("form")
    {
        let found = read(&META, &body).into_iter();
        let found: Vec<(String, String)> = found
            .flat_map(|(name, value)| {
                let values = match value {
                    Value::Array(values) => values,
                    one => vec![one],
                };
                let texts = values
                    .into_iter()
                    .map(|value| value.as_str().unwrap().to_owned());
                texts
                    .map(move |value| (name.clone(), value))
                    .collect::<Vec<_>>()
            })
            .collect();
        let mut decoded = decoded;
        // Names are in an order of their own, the values of one stay in theirs.
        decoded.sort_by(|left, right| left.0.cmp(&right.0));
        assert_eq!(found, decoded, "{name}");
    }
}

/// Python's own: what a dictionary, a switch and bytes come to in a form.
const PYTHON: [&str; 3] = ["dict_value", "bools", "bytes"];

#[test]
fn our_low_level_call_writes_the_same_forms() {
    for Encoded {
        name,
        params,
        decoded,
        ..
    } in vectors("form")
    {
        if PYTHON.contains(&name.as_str()) {
            continue;
        }
        let params: Vec<(String, Value)> = entries(params);
        let call = RawRequest::post("/test.json").form(&params).unwrap();
        let request = call.encode(&base()).unwrap();
        assert_eq!(pairs(request.body()), decoded, "{name}");
    }
}

/// What is given to a form: nothing for null, and as many of a name as there are in its list.
fn entries(params: Value) -> Vec<(String, Value)> {
    let Value::Object(params) = params else {
        panic!("a form is made of names and values")
    };
    let params = params.into_iter().flat_map(|(name, value)| {
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        let values = values.into_iter().filter(|value| !value.is_null());
        values
            .map(move |value| (name.clone(), value))
            .collect::<Vec<_>>()
    });
    params.collect()
}

#[test]
fn our_server_reads_the_json_of_the_peer() {
    const META: Meta = Meta::post("rongcloud.test", "/test.json");
    for Encoded {
        name, params, body, ..
    } in vectors("json")
    {
        if let Value::Object(params) = params {
            assert_eq!(read(&META, &body), params, "{name}");
            continue;
        }
        let mut request = HttpRequest::new(body.into());
        *request.method_mut() = mynah_core::http::Method::POST;
        let error = RongCloud::parameters(&META, &request).unwrap_err();
        assert_eq!((error.status, error.code.number()), (400, Some(1002)));
    }
}

#[test]
fn blanks_may_be_plus_signs_or_escaped_or_neither() {
    const META: Meta = Meta::form("rongcloud.test", "/test.json");
    for body in ["k=a+b", "k=a%20b", "k=a b"] {
        assert_eq!(read(&META, body)["k"], "a b");
    }
}

#[test]
fn a_map_in_brackets_is_one_parameter() {
    const META: Meta = Meta::form("rongcloud.test", "/test.json").brackets(&["group"]);
    let body = "group%5Bg+1%5D=One&userId=alice&group[g2]=%7B%22a%22%3A1%7D&group[]=x&groups[a]=b";
    let found = Value::Object(read(&META, body));
    let expected = serde_json::json!({
        "group": {"g 1": "One", "g2": "{\"a\":1}", "": "x"},
        "groups[a]": "b",
        "userId": "alice",
    });
    assert_eq!(found, expected);
}

#[test]
fn the_wrong_method_is_told() {
    const META: Meta = Meta::form("rongcloud.test", "/test.json");
    let error = RongCloud::parameters(&META, &HttpRequest::default()).unwrap_err();
    assert_eq!((error.status, error.code.number()), (405, Some(405)));
    assert_eq!(error.message, "Method not allowed.");
}
