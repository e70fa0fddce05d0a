//! What nobody expects: values of the wrong kind where something is read.

use mynah_core::HttpRequest;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

/// Any JSON of at most three levels. Numbers read back exactly what was written: digits beyond are
/// another question.
///
/// ```
/// use mynah_testkit::any_json;
/// use proptest::prelude::*;
///
/// proptest!(|(json in any_json())| {
///     let text = json.to_string();
///     prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json);
/// });
/// ```
pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<i32>().prop_map(|quarters| (f64::from(quarters) / 4.0).into()),
        any::<i64>().prop_map(|number| number.to_string().into()),
        "\\PC{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
            prop::collection::hash_map("[a-z_]{1,10}", inner, 0..3)
                .prop_map(|map| map.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// JSON that has some of these words for names and texts, of at most four levels: what a parser of
/// such words may come across.
pub fn json_of(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(words).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(select(words).prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Pointers to everything below the root of a value; what is inside of something comes before it.
///
/// ```
/// let value = serde_json::json!({"to": ["alice", "bob"]});
/// assert_eq!(mynah_testkit::places(&value), ["/to/0", "/to/1", "/to"]);
/// ```
pub fn places(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
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
        let below = places(child).into_iter();
        found.extend(below.map(|place| format!("/{name}{place}")));
        found.push(format!("/{name}"));
    }
    found
}

/// One of the requests, with anything at all in one place of its body. Requests whose body is no
/// JSON object with something in it are left out.
///
/// It is for a law of every platform: whatever a field holds, it is refused or read; and what was
/// read and written once does not change any more.
///
/// ```
/// use mynah_core::HttpRequest;
/// use mynah_testkit::misfit_request;
/// use proptest::prelude::*;
/// # fn rewrite(request: &HttpRequest) -> Result<HttpRequest, ()> {
/// #     Ok(request.clone())
/// # }
///
/// let calls = [HttpRequest::new(r#"{"to": ["alice"], "text": "hi"}"#.into())];
/// proptest!(|(request in misfit_request(calls))| {
///     if let Ok(once) = rewrite(&request) {
///         let twice = rewrite(&once).unwrap();
///         prop_assert_eq!(once.body(), twice.body());
///     }
/// });
/// ```
///
/// # Panics
/// There is no such request.
pub fn misfit_request(
    requests: impl IntoIterator<Item = HttpRequest>,
) -> impl Strategy<Value = HttpRequest> {
    let requests: Vec<_> = requests.into_iter().filter_map(Fields::of).collect();
    assert!(!requests.is_empty(), "no request has fields in its body");
    (select(requests), any::<Index>(), any_json()).prop_map(|(fields, place, value)| {
        let place: &String = place.get(&fields.places);
        fields.with(place, value)
    })
}

/// The request with each place of its body holding one value of each kind in turn: null, a switch,
/// a number, a text, a list and an object; none if the body is no JSON object. What
/// [`misfit_request`] finds by chance with any value, this looks at in every place.
///
/// ```
/// let call = mynah_core::HttpRequest::new(r#"{"text":"hi"}"#.into());
/// let misfits = mynah_testkit::misfits(&call);
/// assert_eq!(misfits[0].body(), r#"{"text":null}"#);
/// assert_eq!(misfits.len(), 6);
/// ```
pub fn misfits(request: &HttpRequest) -> Vec<HttpRequest> {
    let Some(fields) = Fields::of(request.clone()) else {
        return Vec::new();
    };
    let kinds = [
        Value::Null,
        true.into(),
        7.into(),
        "7".into(),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
    ];
    let places = fields.places.iter();
    places
        .flat_map(|place| kinds.iter().map(|kind| fields.with(place, kind.clone())))
        .collect()
}

/// A request, its body, and the places in it.
#[derive(Clone, Debug)]
struct Fields {
    request: HttpRequest,
    body: Value,
    places: Vec<String>,
}

impl Fields {
    fn of(request: HttpRequest) -> Option<Self> {
        let fields: Map<String, Value> = serde_json::from_slice(request.body()).ok()?;
        let body = Value::Object(fields);
        let places = places(&body);
        (!places.is_empty()).then_some(Self {
            request,
            body,
            places,
        })
    }

    fn with(&self, place: &str, value: Value) -> HttpRequest {
        let mut body = self.body.clone();
        if let Some(misfit) = body.pointer_mut(place) {
            *misfit = value;
        }
        self.request.clone().map(|_| body.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_place_can_be_reached() {
        let value = json!({"a/b": {"~": [1, {"c": null}]}, "d": []});
        let places = places(&value);
        assert_eq!(places.len(), 6);
        for place in places {
            assert!(value.pointer(&place).is_some(), "{place}");
        }
    }

    proptest! {
        /// The body differs in one place at the most, and what is no object stays out of it.
        #[test]
        fn one_place_holds_something_else(
            request in misfit_request([
                HttpRequest::new("a=1".into()),
                HttpRequest::new("{}".into()),
                HttpRequest::new(r#"{"to":["alice"],"text":"hi"}"#.into()),
            ])
        ) {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let same = [body["to"] == json!(["alice"]), body["text"] == json!("hi")];
            prop_assert!(same.contains(&true), "{}", body);
        }
    }
}
