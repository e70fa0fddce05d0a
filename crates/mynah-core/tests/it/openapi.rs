//! Endpoints are described as OpenAPI has it.

use mynah_core::{
    ApiError, Bytes, Empty, Encoding, Endpoint, File, HttpResponse, Meta, Method, Operation,
    Platform, Request, Verdict, openapi,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

struct Chat;

impl Platform for Chat {
    const NAME: &'static str = "chat";

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        Ok(response.body().clone())
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        HttpResponse::new(outcome.unwrap_or_default())
    }

    fn classify(_: &ApiError) -> Verdict {
        Verdict::Permanent
    }
}

macro_rules! endpoint {
    ($name:ident, $meta:expr) => {
        impl Endpoint for $name {
            type Platform = Chat;
            type Output = Empty;
            const META: Meta = $meta;
        }
    };
}

/// Renames
/// a room.
///
/// Not all of them.
#[derive(Serialize, Deserialize, Request)]
struct Rename {
    /// Which one.
    room: String,
    /// Who does it.
    by: Option<u64>,
    /// The new name.
    name: String,
}
endpoint!(
    Rename,
    Meta::new("chat.rename", Method::Put, "/rooms/{room}", Encoding::Form)
        .query(&["by"])
        .at("name")
        .doc("https://example.com/rename")
);

/// Puts a file into a room.
#[derive(Serialize, Deserialize, Request)]
struct Upload {
    /// At most 2 MB.
    media: File,
}
endpoint!(Upload, Meta::upload("chat.upload", "/gate"));

/// Says something through the gate.
#[derive(Serialize, Deserialize, Request)]
struct Say {
    /// What.
    text: String,
}
endpoint!(Say, Meta::post("chat.say", "/gate"));

/// Shouts through the gate.
#[derive(Serialize, Deserialize, Request)]
struct Shout {
    /// How.
    volume: Option<f64>,
}
endpoint!(Shout, Meta::post("chat.shout", "/gate"));

/// Whispers over the socket.
#[derive(Serialize, Deserialize, Request)]
struct Whisper {}
endpoint!(Whisper, Meta::post("chat.whisper", "/socket"));

fn document() -> Value {
    let all = [
        Operation::of::<Rename>(),
        Operation::of::<Upload>(),
        Operation::of::<Say>(),
        Operation::of::<Shout>(),
        Operation::of::<Whisper>(),
    ];
    openapi("Chat", "/chat", &all, |meta| {
        (meta.path != "/socket").then(|| format!("/v1{}", meta.path))
    })
}

#[test]
fn every_parameter_stands_where_the_request_puts_it() {
    let rename = &document()["paths"]["/v1/rooms/{room}"]["put"];
    let places: Vec<_> = rename["parameters"].as_array().unwrap().iter().collect();
    assert_eq!(places.len(), 2);
    assert_eq!(
        (&places[0]["name"], &places[0]["in"]),
        (&json!("room"), &json!("path"))
    );
    assert_eq!(
        (&places[1]["name"], &places[1]["schema"]["type"]),
        (&json!("by"), &json!("integer"))
    );
    let form = &rename["requestBody"]["content"]["application/x-www-form-urlencoded"];
    assert_eq!(form["schema"]["required"], json!(["name"]));
    assert_eq!(form["schema"]["properties"].as_object().unwrap().len(), 1);
}

#[test]
fn the_words_are_those_of_the_definition() {
    let rename = &document()["paths"]["/v1/rooms/{room}"]["put"];
    assert_eq!(rename["operationId"], "chat.rename");
    assert_eq!(rename["summary"], "Renames a room.");
    assert_eq!(rename["description"], "Not all of them.");
    assert_eq!(rename["externalDocs"]["url"], "https://example.com/rename");
    let answer = &rename["responses"]["200"]["description"];
    assert!(answer.as_str().unwrap().contains("`name`"), "{answer}");
}

#[test]
fn what_shares_a_path_takes_the_parameters_of_any() {
    let gate = &document()["paths"]["/v1/gate"]["post"];
    assert_eq!(gate["operationId"], "chat.upload | chat.say | chat.shout");
    let content = &gate["requestBody"]["content"];
    let file = &content["multipart/form-data"]["schema"]["properties"]["media"];
    assert_eq!(file["format"], "binary");
    let bodies = content["application/json"]["schema"]["anyOf"].as_array();
    let titles: Vec<_> = bodies.unwrap().iter().map(|body| &body["title"]).collect();
    assert_eq!(titles, ["chat.say", "chat.shout"]);
    let fields: Vec<_> = bodies.unwrap()[0].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["properties", "required", "title", "type"]);
}

#[test]
fn what_has_no_place_is_left_out() {
    let paths = document()["paths"].as_object().unwrap().clone();
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        ["/v1/gate", "/v1/rooms/{room}"]
    );
}
