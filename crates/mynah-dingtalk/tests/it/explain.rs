//! What is known of the codes, against every code that the sources name.

use mynah_core::{Explanation, Remedy};
use mynah_dingtalk::explain::explain;

const CODES: &str = include_str!("../vectors/codes.txt");

#[test]
fn every_code_that_the_sources_name_is_explained() {
    let listed = CODES.lines().filter(|line| !line.starts_with('#'));
    let missing: Vec<_> = listed
        .filter(|line| {
            let (code, place) = line.split_once(' ').unwrap();
            let status = code.parse().ok().filter(|_| place == "status");
            let tells = |row: &Explanation| {
                row.place.name() == place || (status.is_some() && row.status == status)
            };
            !explain(code).iter().any(tells)
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn a_number_may_mean_one_thing_in_an_answer_and_another_behind_it() {
    let rows = explain("40014");
    let places: Vec<_> = rows.iter().map(|row| row.place.name()).collect();
    assert_eq!(places, ["answer", "sub-code"]);
    assert!(rows.iter().all(|row| row.remedy == Remedy::RefreshToken));
}

#[test]
fn words_that_begin_like_a_family_are_explained_by_it() {
    let rows = explain("authenticationfailed.Something");
    let codes: Vec<_> = rows.iter().map(|row| row.code).collect();
    assert_eq!(codes, ["AuthenticationFailed.*"]);
    let rows = explain("AuthenticationFailed.MissingParameter");
    assert_eq!(rows[0].remedy, Remedy::Report);
}

#[test]
fn a_wrong_secret_is_no_reason_for_another_token() {
    for code in ["40096", "authFailed", "invalidClientIdOrSecret"] {
        assert_eq!(explain(code)[0].remedy, Remedy::Report, "{code}");
    }
}
