//! What is known of the codes, against every code that the sources name.

use mynah_core::Explanation;
use mynah_rongcloud::explain::explain;

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
fn a_status_leads_to_the_codes_that_come_with_it() {
    let rows = explain("401");
    let codes: Vec<_> = rows.iter().map(|row| row.code).collect();
    assert_eq!(codes, ["401", "1001", "1004", "1006", "1007"]);
}

#[test]
fn a_number_means_something_else_in_the_apps() {
    let rows = explain("405");
    let places: Vec<_> = rows.iter().map(|row| row.place.name()).collect();
    assert_eq!(places, ["answer", "app"]);
}
