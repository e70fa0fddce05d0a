//! What is known of the codes, against every code that the sources name.

use mynah_core::Explanation;
use mynah_wecom::explain::explain;

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
fn an_untrusted_address_is_told_where_it_is_entered() {
    let [row] = &explain("60020")[..] else {
        panic!("60020 is explained once");
    };
    assert_eq!(row.words, "not allow to access from your ip");
    assert!(row.fix.en.contains("企业可信IP") && row.fix.zh.contains("企业可信IP"));
    assert!(!row.remedy.is_worth_repeating());
}
