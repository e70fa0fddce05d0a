//! What is known of the codes, against every code that the sources name.

use mynah_bearychat::explain::explain;
use mynah_core::Explanation;

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
