//! Endpoints as an OpenAPI document, for programs that read those.

use serde_json::{Map, Value, json};

use crate::describe::{Field, Kind};
use crate::endpoint::{Encoding, Meta};
use crate::operation::Operation;

/// An [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.0) document of `operations`.
///
/// `place` says where below `server` a call is made; what it says nothing for, such as a frame of
/// a socket, is left out. Calls that share a path and a method, as those of a gateway do, are one
/// operation that takes the parameters of any of them.
///
/// It describes what is asked. Of what is answered it says in words where the output stands:
/// answers may have more fields than anybody documents.
///
/// ```
/// use mynah_core::{
///     ApiError, Bytes, Empty, Endpoint, HttpResponse, Meta, Operation, Platform, Request, Verdict,
///     openapi,
/// };
/// use serde::{Deserialize, Serialize};
/// # struct Chat;
/// # impl Platform for Chat {
/// #     const NAME: &'static str = "chat";
/// #     fn open(response: &HttpResponse) -> Result<Bytes, ApiError> { Ok(response.body().clone()) }
/// #     fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
/// #         HttpResponse::new(outcome.unwrap_or_default())
/// #     }
/// #     fn classify(_: &ApiError) -> Verdict { Verdict::Permanent }
/// # }
///
/// /// Says something.
/// #[derive(Serialize, Deserialize, Request)]
/// struct Say {
///     /// At most 500 characters.
///     text: String,
/// }
///
/// impl Endpoint for Say {
///     type Platform = Chat;
///     type Output = Empty;
///     const META: Meta = Meta::post("chat.say", "/say");
/// }
///
/// let document = openapi("Chat", "/chat", &[Operation::of::<Say>()], |meta| Some(meta.path.into()));
/// let say = &document["paths"]["/say"]["post"];
/// assert_eq!(say["summary"], "Says something.");
/// let body = &say["requestBody"]["content"]["application/json"]["schema"];
/// assert_eq!(body["properties"]["text"]["description"], "At most 500 characters.");
/// assert_eq!(body["required"][0], "text");
/// ```
pub fn openapi(
    title: &str,
    server: &str,
    operations: &[Operation],
    place: impl Fn(&Meta) -> Option<String>,
) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let Some(path) = place(&operation.meta) else {
            continue;
        };
        let method = operation.meta.method.http().as_str().to_lowercase();
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        let described = described(operation);
        match methods.get_mut(&method) {
            Some(there) => add(there, &described),
            None => methods[method] = described,
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": title, "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": server }],
        "paths": paths,
    })
}

fn described(operation: &Operation) -> Value {
    let meta = &operation.meta;
    let (summary, rest) = operation
        .doc
        .split_once("\n\n")
        .unwrap_or((operation.doc, ""));
    let fields = operation.fields();
    let (in_path, others): (Vec<&Field>, Vec<&Field>) = fields
        .iter()
        .partition(|field| stands_in(meta.path, field.name));
    let (in_query, in_body): (Vec<&Field>, Vec<&Field>) = others
        .iter()
        .partition(|field| meta.encoding == Encoding::Query || meta.query.contains(&field.name));
    let parameters = in_path.iter().map(|field| parameter(field, "path"));
    let parameters = parameters.chain(in_query.iter().map(|field| parameter(field, "query")));
    let mut described = json!({
        "operationId": meta.name,
        "summary": one_line(summary),
        "description": rest,
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": { meta.status.to_string(): { "description": answer(meta) } },
        "externalDocs": { "url": meta.doc },
    });
    if !in_body.is_empty() {
        let content = json!({ media_type(meta.encoding): { "schema": schema(meta, &in_body) } });
        let required = in_body.iter().any(|field| field.required);
        described["requestBody"] = json!({ "required": required, "content": content });
    }
    described
}

/// Makes one operation of two that share their path and method.
fn add(there: &mut Value, other: &Value) {
    for words in ["operationId", "summary"] {
        let both = [&there[words], &other[words]].map(|text| text.as_str().unwrap_or_default());
        there[words] = both.join(" | ").into();
    }
    let more = other["parameters"].as_array().into_iter().flatten();
    for parameter in more {
        if let Some(parameters) = there["parameters"].as_array_mut() {
            let known = parameters
                .iter()
                .any(|known| known["name"] == parameter["name"]);
            if !known {
                parameters.push(parameter.clone());
            }
        }
    }
    let content = other["requestBody"]["content"].as_object();
    for (media_type, body) in content.into_iter().flatten() {
        let schema = &mut there["requestBody"]["content"][media_type]["schema"];
        let mut first = schema.take();
        let schemas = match first.get_mut("anyOf").map(Value::take) {
            Some(Value::Array(schemas)) => schemas,
            _ if first.is_null() => vec![],
            _ => vec![first],
        };
        let schemas = schemas.into_iter().chain([body["schema"].clone()]);
        *schema = json!({ "anyOf": schemas.collect::<Vec<_>>() });
    }
}

fn stands_in(path: &str, name: &str) -> bool {
    path.split('/').any(|segment| {
        let variable = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        variable == Some(name)
    })
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({
        "name": field.name,
        "in": place,
        "required": field.required || place == "path",
        "description": field.doc,
        "schema": kind(field),
    })
}

fn schema(meta: &Meta, fields: &[&Field]) -> Value {
    let properties = fields.iter().map(|field| {
        let is_file = meta.encoding == Encoding::Multipart && field.kind == Kind::Object;
        let mut schema = if is_file {
            json!({ "type": "string", "format": "binary" })
        } else {
            kind(field)
        };
        schema["description"] = field.doc.into();
        (field.name.to_owned(), schema)
    });
    let required = fields.iter().filter(|field| field.required);
    json!({
        "type": "object",
        "title": meta.name,
        "properties": properties.collect::<Map<_, _>>(),
        "required": required.map(|field| field.name).collect::<Vec<_>>(),
    })
}

fn kind(field: &Field) -> Value {
    match field.kind {
        Kind::Any => json!({}),
        Kind::Array => json!({ "type": "array", "items": {} }),
        kind => json!({ "type": kind.json_type() }),
    }
}

const fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Form => "application/x-www-form-urlencoded",
        Encoding::Multipart => "multipart/form-data",
        Encoding::Json | Encoding::Query => "application/json",
    }
}

fn answer(meta: &Meta) -> String {
    match meta.at {
        _ if meta.bodiless => "Done.".to_owned(),
        "" => "The platform's answer.".to_owned(),
        at => format!("The platform's answer; what was asked for is `{at}`."),
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}
