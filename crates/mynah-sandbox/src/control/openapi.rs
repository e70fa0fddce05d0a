//! The description of the control API, for machines.

use serde_json::{Map, Value, json};

use super::{Field, Given, Route};
use crate::platforms;

/// The OpenAPI document of these calls.
pub(super) fn document(routes: &[Route]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method.to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mynah sandbox: control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything the page of the sandbox does, and what tests do. \
                It answers only under its own address and to its own page.",
        },
        "paths": paths,
        "components": { "schemas": { "Error": error() } },
    })
}

fn operation(route: &Route) -> Value {
    let failed = json!({
        "description": "Refused; nothing has changed.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    let mut operation = json!({
        "operationId": format!("{} {}", route.method.to_lowercase(), route.title()),
        "summary": route.about,
        "parameters": parameters(route),
        "responses": { "200": { "description": route.answer }, "4XX": failed },
    });
    if let Some(schema) = body(&route.body) {
        let content = json!({ "application/json": { "schema": schema } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

fn body(given: &Given) -> Option<Value> {
    match given {
        Given::Fields([]) => None,
        Given::Fields(fields) => Some(object(fields)),
        Given::ByPlatform => {
            let schemas = platforms::ALL.map(|platform| {
                let mut schema = object(platform.delivery);
                schema["title"] = json!(platform.name);
                schema
            });
            Some(json!({ "anyOf": schemas }))
        }
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let variables = route.path.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(json!({ "name": name, "in": "path", "required": true, "schema": schema("string") }))
    });
    let query = route.query.iter().map(|field| {
        json!({
            "name": field.name,
            "in": "query",
            "required": field.required,
            "description": field.about,
            "schema": schema(field.kind),
        })
    });
    variables.chain(query).collect()
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = schema(field.kind);
            schema["description"] = json!(field.about);
            (field.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The kinds that stand in the table: a type, or anything.
fn schema(kind: &str) -> Value {
    match kind {
        "any" => json!({}),
        kind => json!({ "type": kind }),
    }
}

fn error() -> Value {
    json!({
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "field": { "type": "string", "description": "The field that is wrong." },
                    "message": { "type": "string", "description": "What is wrong with it." },
                },
                "required": ["field", "message"],
            },
        },
        "required": ["error"],
    })
}
