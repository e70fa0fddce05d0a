//! Mentions, held against what two of the platform's own programs make of them.

use mynah_bearychat::UserId;
use mynah_bearychat::text::{
    EVERYBODY, Piece, mention, mentions, mentions_everybody, mentions_user, pieces,
    replace_mentions,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::helpers;

fn of_function(function: &str) -> Vec<Value> {
    let all = helpers()["mention"].as_array().unwrap().clone();
    let wanted: Vec<Value> = all
        .into_iter()
        .filter(|case| case["function"] == function)
        .collect();
    assert!(!wanted.is_empty(), "{function}");
    wanted
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn mentions_are_replaced_as_the_official_hubot_replaces_them() {
    for case in of_function("decodeMention") {
        let args = &case["args"];
        let given = text(&args["text"]);
        let replaced = replace_mentions(given, |uid| {
            let me = args["user_id"] == uid;
            // The hubot leaves the id of everybody else.
            Some(if me { text(&args["replace_name"]) } else { "" })
        });
        let theirs = text(&case["result"]);
        if given.contains("@<===>") {
            // There it is the mention of somebody without a name.
            assert_eq!(replaced, given);
            continue;
        }
        let mut expected = theirs.to_owned();
        for uid in mentions(given) {
            if args["user_id"] != uid.as_str() {
                expected = expected.replace(uid.as_str(), "");
            }
        }
        assert_eq!(replaced, expected, "{case}");
    }
}

#[test]
fn who_is_mentioned_is_found_with_and_without_a_blank_behind_it() {
    for case in of_function("RTMMessage.mention_user_ids") {
        let given = text(&case["args"]["text"]);
        let theirs: Vec<UserId> = serde_json::from_value(case["result"].clone()).unwrap();
        // They want a blank and miss a mention without one.
        let missed = ["@<==42=>", "@<==42=>hi"].contains(&given);
        let expected = if missed { vec!["=42".into()] } else { theirs };
        assert_eq!(mentions(given), expected, "{given}");
        let is_mentioned = case["is_mention_user_=42"] == true || missed;
        assert_eq!(mentions_user(given, &"=42".into()), is_mentioned, "{given}");
    }
}

#[test]
fn everybody_is_nobody_in_particular() {
    let text = format!("{EVERYBODY} hi");
    assert!(mentions_everybody(&text));
    assert!(!mentions_user(&text, &"=42".into()));
    assert_eq!(
        pieces(&text).collect::<Vec<_>>(),
        [Piece::Everybody, Piece::Text(" hi")]
    );
}

proptest! {
    /// Nothing is lost or made up, whatever stands there.
    #[test]
    fn the_pieces_make_the_text(text in "([@<=>a1-]|@<==a1=>|@<-channel->|中){0,24}") {
        let mut whole = String::new();
        let mut last_was_text = false;
        for piece in pieces(&text) {
            let is_text = matches!(piece, Piece::Text(_));
            prop_assert!(!(is_text && last_was_text), "one text in two pieces");
            last_was_text = is_text;
            match piece {
                Piece::Text(text) => whole.push_str(text),
                Piece::Mention(uid) => whole.push_str(&mention(&uid.into())),
                Piece::Everybody => whole.push_str(EVERYBODY),
                other => panic!("{other:?}"),
            }
        }
        prop_assert_eq!(&whole, &text);
        prop_assert_eq!(replace_mentions(&text, |_| None), text);
    }

    /// Whoever is mentioned is found, whatever stands around it.
    #[test]
    fn a_mention_that_was_written_is_found(before in "[^@]{0,8}", uid in "=[A-Za-z0-9]{1,8}", after in ".{0,8}") {
        let uid = UserId::from(uid);
        let text = format!("{before}{}{after}", mention(&uid));
        prop_assert!(mentions_user(&text, &uid), "{}", text);
    }
}
