//! Which messages a query answers (`message_query.json`).

use std::collections::BTreeSet;

use mynah_bearychat::api::message::QueryMessages;
use mynah_bearychat::{MessageKey, Millis, Place, Query};
use mynah_core::{ApiError, Parameters, decode_parameters};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../vectors/message_query.json");

#[derive(Deserialize)]
struct Vectors {
    messages: Vec<Named>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    key: MessageKey,
    created_ts: Millis,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    query: Value,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    status: u16,
    #[serde(default)]
    ids: Vec<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

/// Reads a query as the server does.
fn read(query: &Value) -> Result<Query, ApiError> {
    let body = json!({"vchannel_id": "=bw52O", "query": query});
    let Value::Object(body) = body else {
        panic!("an object")
    };
    let mut parameters = Parameters::new();
    parameters.add_object(body);
    decode_parameters::<QueryMessages>(parameters).map(|call| call.query)
}

fn place(named: &Named) -> Place {
    named.key.place().unwrap()
}

fn ids<'n>(query: &Query, messages: &'n [Named]) -> Vec<&'n str> {
    let found = query.select(messages, place);
    found.into_iter().map(|named| named.id.as_str()).collect()
}

#[test]
fn every_worked_query_answers_what_it_should() {
    let Vectors { messages, cases } = vectors();
    assert_eq!(cases.len(), 47);
    for Case {
        name,
        query,
        expect,
    } in cases
    {
        match read(&query) {
            Ok(read) => {
                assert_eq!(expect.status, 200, "{name} was read as {read:?}");
                assert_eq!(ids(&read, &messages), expect.ids, "{name}");
            }
            Err(refusal) => {
                assert_eq!(refusal.status, expect.status, "{name}");
                assert_eq!(refusal.message, "参数错误: query", "{name}");
            }
        }
    }
}

#[test]
fn what_is_read_is_written_so_that_it_asks_for_the_same() {
    let Vectors { messages, cases } = vectors();
    for Case { name, query, .. } in cases {
        let Ok(first) = read(&query) else { continue };
        let written = serde_json::to_value(&first).unwrap();
        let again = read(&written).unwrap();
        assert_eq!(again, first, "{name}");
        assert_eq!(ids(&again, &messages), ids(&first, &messages), "{name}");
        if !REPHRASED.contains(&name.as_str()) {
            assert_eq!(written, query, "{name}");
        }
    }
}

/// What says more than counts, or says it otherwise than we do.
const REPHRASED: [&str; 5] = [
    "since-ts-string",
    "since-key-and-ts",
    "window-two-pairs",
    "several-methods",
    "several-methods-2",
];

#[test]
fn our_builders_say_what_the_cases_say() {
    let key = |suffix: &str| MessageKey::from(format!("148523626{suffix}"));
    let time = |seconds: u64| Millis(1_485_236_260_000 + seconds * 1000);
    let cases = vectors().cases;
    let case = |name: &str| &cases.iter().find(|case| case.name == name).unwrap().query;
    for (name, query) in [
        ("latest-default", Query::Latest(None)),
        ("latest-3", Query::latest(3)),
        ("latest-above-maximum", Query::latest(500)),
        ("since-ts-default", Query::since(time(9)).into()),
        (
            "since-ts-backward-3",
            Query::since(time(4)).backward(3).into(),
        ),
        (
            "since-ts-both-3",
            Query::since(time(4)).forward(3).backward(3).into(),
        ),
        ("since-key-default", Query::since(key("8000.0008")).into()),
        (
            "since-key-forward-2",
            Query::since(key("4000.0005")).forward(2).into(),
        ),
        (
            "since-forward-0-backward-2",
            Query::since(key("4000.0005")).forward(0).backward(2).into(),
        ),
        ("window-ts", Query::window(time(3), time(6)).into()),
        (
            "window-ts-forward-2",
            Query::window(time(3), time(6)).forward(2).into(),
        ),
        // The last of two directions counts: both cannot be said.
        (
            "window-ts-backward-2",
            Query::window(time(3), time(6))
                .forward(2)
                .backward(2)
                .into(),
        ),
        (
            "window-key",
            Query::window(key("3000.0003"), key("6000.0006")).into(),
        ),
    ] {
        assert_eq!(serde_json::to_value(&query).unwrap(), *case(name), "{name}");
        assert_eq!(read(case(name)).unwrap(), query, "{name}");
    }
}

#[test]
fn the_keys_of_the_cases_name_their_times() {
    for named in vectors().messages {
        assert_eq!(place(&named).millis, named.created_ts);
        assert_eq!(MessageKey::from(place(&named)), named.key);
    }
}

#[test]
fn what_is_no_query_is_refused() {
    for query in [
        json!([]),
        json!(5),
        json!({"latest": []}),
        json!({"latest": "10"}),
        json!({"latest": {"limit": 1.5}}),
        json!({"latest": {"limit": true}}),
        json!({"latest": null}),
        json!({"since": {"ts": 1.5}}),
        json!({"since": {"ts": "soon"}}),
        json!({"since": {"ts": -1}}),
        json!({"since": {"ts": true}}),
        json!({"since": {"key": 1_485_236_261_000_u64}}),
        json!({"since": {"key": "1485236261000.00001"}}),
        json!({"since": {"key": "1485236261000.0001", "forward": -1}}),
        json!({"window": {"from_key": "1485236261000.0001", "to_key": "x"}}),
        json!({"window": {"from_key": "x", "to_ts": 5}}),
        json!({"window": {"from_ts": 1, "to_ts": 2, "forward": 0, "backward": 0}}),
    ] {
        assert_eq!(read(&query).unwrap_err().status, 400, "{query}");
    }
}

#[test]
fn null_says_nothing() {
    let latest = json!({"window": null, "since": null, "latest": {"limit": null}});
    assert_eq!(read(&latest).unwrap(), Query::Latest(None));
    let since = json!({"since": {"key": null, "ts": 7, "forward": null, "backward": 2}});
    assert_eq!(
        read(&since).unwrap(),
        Query::since(Millis(7)).backward(2).into()
    );
}

#[test]
fn no_more_than_a_hundred_are_answered_on_a_side() {
    let places: Vec<Place> = (0..500)
        .map(|at| Place {
            millis: Millis(1_000_000_000_000 + at),
            counter: 0,
        })
        .collect();
    let count = |query: Query| query.select(&places, |place| *place).len();
    let middle = MessageKey::from(places[250]);
    assert_eq!(count(Query::Latest(None)), 20);
    assert_eq!(count(Query::latest(u32::MAX)), 100);
    assert_eq!(count(Query::since(&middle).into()), 100);
    assert_eq!(
        count(Query::since(&middle).forward(500).backward(500).into()),
        200
    );
    assert_eq!(
        count(Query::window(Millis(0), Millis(u64::MAX)).into()),
        100
    );
    assert_eq!(
        count(
            Query::window(Millis(0), Millis(u64::MAX))
                .backward(500)
                .into()
        ),
        100
    );
}

/// Places of few moments, so that several share one; in order, each once.
fn places() -> impl Strategy<Value = Vec<Place>> {
    prop::collection::btree_set((0_u64..12, 0_u16..4), 0..30).prop_map(|places| {
        let places = places.into_iter();
        places
            .map(|(millis, counter)| Place {
                millis: Millis(1_000_000_000_000 + millis),
                counter,
            })
            .collect()
    })
}

fn key() -> impl Strategy<Value = Place> {
    (0_u64..12, 0_u16..4).prop_map(|(millis, counter)| Place {
        millis: Millis(1_000_000_000_000 + millis),
        counter,
    })
}

fn limit() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(0_u32..6)
}

/// The first of those that are wanted, or the last, as a child would count them.
fn taken(wanted: impl Iterator<Item = Place>, first: bool, most: u32) -> BTreeSet<Place> {
    let mut wanted: Vec<Place> = wanted.collect();
    if !first {
        wanted.reverse();
    }
    wanted.into_iter().take(most as usize).collect()
}

proptest! {
    #[test]
    fn since_a_position_are_the_nearest_on_each_side(
        places in places(), position in key(), by_key in any::<bool>(),
        forward in limit(), backward in limit(),
    ) {
        let mut since = if by_key {
            Query::since(MessageKey::from(position))
        } else {
            Query::since(position.millis)
        };
        if let Some(count) = forward {
            since = since.forward(count);
        }
        if let Some(count) = backward {
            since = since.backward(count);
        }
        let newer = |place: &Place| if by_key { *place > position } else { place.millis >= position.millis };
        let older = |place: &Place| if by_key { *place < position } else { place.millis <= position.millis };
        let most = forward.unwrap_or(if backward.is_none() { 100 } else { 0 });
        let mut expected = taken(places.iter().copied().filter(newer), true, most);
        expected.extend(taken(places.iter().copied().filter(older), false, backward.unwrap_or(0)));
        let found: Vec<Place> = Query::from(since).select(&places, |place| *place).into_iter().copied().collect();
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn within_a_window_are_those_at_its_end(
        places in places(), from in key(), to in key(), by_key in any::<bool>(),
        most in limit(), first in any::<bool>(),
    ) {
        let mut window = if by_key {
            Query::window(MessageKey::from(from), MessageKey::from(to))
        } else {
            Query::window(from.millis, to.millis)
        };
        window = match most {
            Some(count) if first => window.forward(count),
            Some(count) => window.backward(count),
            None => window,
        };
        let within = |place: &Place| if by_key {
            *place > from && *place < to
        } else {
            place.millis >= from.millis && place.millis <= to.millis
        };
        let first = first || most.is_none();
        let expected = taken(places.iter().copied().filter(within), first, most.unwrap_or(100));
        let found: Vec<Place> = Query::from(window).select(&places, |place| *place).into_iter().copied().collect();
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }

    /// Whatever it is, it is refused or read; and what was read and written does not change.
    #[test]
    fn any_query_is_refused_or_settles(
        query in mynah_testkit::json_of(&["latest", "since", "window", "key", "ts", "limit", "forward", "backward", "from_ts", "to_ts", "1485236261000.0001"]),
    ) {
        if let Ok(once) = read(&query) {
            let written = serde_json::to_value(&once).unwrap();
            prop_assert_eq!(read(&written).unwrap(), once);
        }
    }
}
