//! Texts that are cut, and ids.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use mynah_wecom::message::{Markdown, Picture, Text, cut, limit};
use mynah_wecom::{ChatId, UserId, errors};
use proptest::prelude::*;

proptest! {
    /// A cut text is the longest beginning that fits, and never ends inside a character.
    #[test]
    fn a_cut_text_is_the_longest_beginning_that_fits(text in "\\PC{0,40}", bytes in 0..120_usize) {
        let short = cut(&text, bytes);
        prop_assert!(text.starts_with(short) && short.len() <= bytes);
        if let Some(next) = text[short.len()..].chars().next() {
            prop_assert!(short.len() + next.len_utf8() > bytes);
        }
        prop_assert_eq!(Text::new(text.as_str()).is_cut(bytes), short.len() < text.len());
    }

    #[test]
    fn members_are_compared_without_regard_to_case(id in "[a-zA-Z0-9_@.-]{1,64}") {
        let hash = |id: &UserId| {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            hasher.finish()
        };
        let (upper, lower) = (UserId(id.to_uppercase()), UserId(id.to_lowercase()));
        prop_assert_eq!(&upper, &lower);
        prop_assert_eq!(hash(&upper), hash(&lower));
        prop_assert_eq!(upper.cmp(&lower), std::cmp::Ordering::Equal);
        prop_assert_eq!(UserId(id.clone()).to_string(), id);
    }

    #[test]
    fn members_have_one_order(left in "[a-cA-C]{0,3}", right in "[a-cA-C]{0,3}") {
        let (left, right) = (UserId(left), UserId(right));
        prop_assert_eq!(left == right, left.cmp(&right).is_eq());
        prop_assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
    }
}

#[test]
fn well_formed_ids_are_those_of_the_documentation() {
    for id in ["alice", "A", "0_-@.", &"a".repeat(64)] {
        assert!(UserId::from(id).is_well_formed(), "{id}");
    }
    for id in ["", "_a", "@all", "a b", "爱丽丝", &"a".repeat(65)] {
        assert!(!UserId::from(id).is_well_formed(), "{id}");
    }
    for id in ["a", "0aZ", &"a".repeat(32)] {
        assert!(ChatId::from(id).is_well_formed(), "{id}");
    }
    for id in ["", "a-b", "群", &"a".repeat(33)] {
        assert!(!ChatId::from(id).is_well_formed(), "{id}");
    }
    assert!(UserId::all().is_all() && !UserId::from("@ALL").is_all());
    let set: HashSet<UserId> = ["a", "A", "b"].map(UserId::from).into();
    assert_eq!(set.len(), 2);
}

#[test]
fn the_limit_itself_still_fits() {
    let full = "a".repeat(limit::TEXT);
    assert!(!Text::new(full.clone()).is_cut(limit::TEXT));
    assert!(Text::new(full + "b").is_cut(limit::TEXT));
    assert!(Markdown::new("界".repeat(683)).is_too_long(limit::MARKDOWN));
}

#[test]
fn a_picture_is_what_its_checksum_says() {
    let picture = Picture::new(b"abc");
    assert_eq!(picture.base64, "YWJj");
    assert_eq!(picture.md5, "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(picture.content().unwrap(), b"abc");
    let shouted = Picture {
        md5: picture.md5.to_uppercase(),
        ..picture.clone()
    };
    assert!(shouted.content().is_some());
    let forged = Picture {
        base64: "YWJk".into(),
        ..picture.clone()
    };
    assert_eq!(forged.content(), None);
    assert_eq!(
        Picture {
            base64: "?".into(),
            ..picture
        }
        .content(),
        None
    );
}

#[test]
fn every_remedy_has_words() {
    for row in errors::TABLE {
        assert!(!row.remedy.to_string().is_empty());
    }
}
