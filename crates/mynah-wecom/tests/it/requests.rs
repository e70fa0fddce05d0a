//! Our requests against those of the peers (`requests.json`, `webhook.json`), and theirs against
//! our server side.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::{ErrorKind, Platform, encode_request};
use mynah_testkit::{misfit_request, misfits};
use mynah_wecom::api::appchat::CreateAppchat;
use mynah_wecom::{UserId, WeCom};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::calls::calls;
use crate::table::{row, rows};
use crate::vectors::{REQUESTS, Traffic, WEBHOOK, meaning, traffic};

/// What was recorded from all peers.
fn recorded() -> Vec<Traffic> {
    let mut all = traffic(REQUESTS);
    all.extend(traffic(WEBHOOK));
    all
}

/// The requests that cannot be made with our client: groups of nobody.
const WITHOUT_MEMBERS: [&str; 2] = [
    "appchat.create no arguments",
    "appchat.create empty strings kept",
];

#[test]
fn what_one_side_writes_the_other_reads_for_every_endpoint() {
    let called: BTreeSet<String> = calls()
        .iter()
        .map(|call| call.request.uri().path().to_owned())
        .collect();
    for row in rows() {
        assert!(
            called.contains(row.meta.path),
            "nobody calls {}",
            row.meta.name
        );
    }
}

#[test]
fn our_client_sends_what_the_peers_were_recorded_to_send() {
    let ours: BTreeMap<_, _> = calls()
        .into_iter()
        .filter(|call| !call.name.is_empty())
        .map(|call| (call.name, call.request))
        .collect();
    let recorded = recorded();
    for Traffic { name, request, .. } in &recorded {
        if WITHOUT_MEMBERS.contains(&name.as_str()) {
            continue;
        }
        let ours = ours
            .get(name.as_str())
            .unwrap_or_else(|| panic!("no call equals {name}"));
        assert_eq!(meaning(ours), meaning(&request.request()), "{name}");
    }
    assert_eq!(
        ours.len() + WITHOUT_MEMBERS.len(),
        recorded.len(),
        "some calls equal nothing that was recorded"
    );
}

#[test]
fn a_group_of_fewer_than_two_is_refused_before_it_is_asked_for() {
    let base = mynah_wecom::API.parse().unwrap();
    for members in [vec![], vec!["alice"], vec!["alice", "Alice"]] {
        let error = encode_request(&base, &CreateAppchat::new(members)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(
            error.to_string().contains("`userlist`: at least 2"),
            "{error}"
        );
    }
    encode_request(&base, &CreateAppchat::new(["alice", "bob"])).unwrap();
}

#[test]
fn our_bodies_are_plain_utf8_and_say_what_they_are() {
    for call in calls() {
        let request = call.request;
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .map(|kind| kind.to_str().unwrap());
        if request.method() == "GET" {
            assert!(request.body().is_empty());
            continue;
        }
        let text = String::from_utf8_lossy(request.body());
        assert!(!text.contains("\\u"), "{text}");
        let kind = kind.unwrap();
        assert!(
            kind == "application/json" || kind.starts_with("multipart/form-data"),
            "{kind}"
        );
    }
}

#[test]
fn our_server_reads_what_the_peers_were_recorded_to_send() {
    for Traffic { name, request, .. } in recorded() {
        let request = request.request();
        let row = row(request.uri().path());
        match (row.rewrite)(&request) {
            Ok(Some(read)) => assert_eq!(meaning(&read), meaning(&request), "{name}"),
            Ok(None) => assert_eq!(name, WITHOUT_MEMBERS[1]),
            Err(error) => {
                assert_eq!(
                    (name.as_str(), error.code.number()),
                    (WITHOUT_MEMBERS[0], Some(86204))
                );
            }
        }
    }
}

#[test]
fn our_client_reads_what_the_peers_were_answered_and_our_server_writes_the_same() {
    for Traffic {
        name,
        request,
        response,
    } in recorded()
    {
        let answer = response.response();
        if let Err(error) = WeCom::open(&answer) {
            assert_eq!(
                error.code.number(),
                response.json.unwrap()["errcode"].as_i64(),
                "{name}"
            );
            continue;
        }
        let written = row(&request.path).reanswer(&answer);
        if let Some(json) = response.json {
            let written: Value = serde_json::from_slice(written.body()).unwrap();
            assert_eq!(written, json, "{name}");
        } else {
            assert_eq!(written.body(), answer.body(), "{name}");
            assert_eq!(written.headers(), answer.headers(), "{name}");
        }
    }
}

#[test]
fn absent_lists_of_nobody_read_as_nobody() {
    let user: mynah_wecom::api::user::User =
        serde_json::from_value(json!({"errcode": 0, "errmsg": "ok", "userid": "Alice"})).unwrap();
    assert_eq!(user.userid, UserId::from("alice"));
    assert!(user.department.is_empty() && user.extra.is_empty());
}

/// The same as the law below, for every field and one value of each kind.
#[test]
fn every_field_is_of_its_kind_or_settles() {
    for call in calls() {
        for request in misfits(&call.request) {
            let row = row(request.uri().path());
            if let Ok(Some(once)) = (row.rewrite)(&request) {
                let twice = (row.rewrite)(&once).unwrap().unwrap();
                assert_eq!(meaning(&once), meaning(&twice), "{:?}", request.body());
            }
        }
    }
}

proptest! {
    /// Whatever one field of a request holds, it is refused or read; and what was read and
    /// written once does not change any more.
    #[test]
    fn any_request_is_refused_or_settles(
        request in misfit_request(calls().into_iter().map(|call| call.request))
    ) {
        let row = row(request.uri().path());
        if let Ok(Some(once)) = (row.rewrite)(&request) {
            let twice = (row.rewrite)(&once).unwrap().unwrap();
            prop_assert_eq!(meaning(&once), meaning(&twice));
        }
    }
}
