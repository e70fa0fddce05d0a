//! Ids, ids that are joined, and numbers that come as text.

use mynah_core::lenient::{integer, optional_integer};
use mynah_core::{Joined, ids};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

ids! {
    /// A number.
    pub struct GroupId(i64) = "a group id";
    /// A number that is not as wide.
    pub struct MessageId(i32) = "a message id";
    /// Text.
    pub struct UserId(String);
}

type Commas<T> = Joined<T, ','>;
type Bars<T> = Joined<T, '|'>;

proptest! {
    #[test]
    fn numbers_are_read_from_digits_too(number in any::<i64>()) {
        let id = GroupId(number);
        let read = |json: String| serde_json::from_str::<GroupId>(&json).unwrap();
        prop_assert_eq!(read(number.to_string()), id);
        prop_assert_eq!(read(format!("\"{number}\"")), id);
        prop_assert_eq!(id.to_string().parse::<GroupId>().unwrap(), id);
        prop_assert_eq!(serde_json::to_string(&id).unwrap(), number.to_string());
    }

    #[test]
    fn joined_ids_are_read_as_they_are_written(
        users in prop::collection::vec("[a-z0-9]{1,8}", 0..5),
        groups in prop::collection::vec(any::<i64>(), 0..5),
    ) {
        let users: Commas<UserId> = users.into();
        prop_assert_eq!(Commas::from(users.to_string().as_str()), users);
        let groups: Bars<GroupId> = groups.into();
        let json = serde_json::to_string(&groups).unwrap();
        prop_assert_eq!(serde_json::from_str::<Bars<GroupId>>(&json).unwrap(), groups);
    }

    /// Anything at all is taken for ids or kept beside them, and never panics.
    #[test]
    fn any_text_is_joined_ids(text in "\\PC{0,40}") {
        let joined = Commas::<GroupId>::from(text.as_str());
        prop_assert_eq!(&Commas::from(joined.to_string().as_str()), &joined);
    }
}

#[test]
fn an_id_that_is_none_is_named_without_being_shown() {
    let problem = "secret".parse::<GroupId>().unwrap_err().to_string();
    assert_eq!(
        problem,
        "expected a group id, found a string of 6 bytes: invalid digit found in string"
    );
    for (wrong, complaint) in [
        (
            "\"secret\"",
            "must be a message id, not a string of 6 bytes",
        ),
        ("2147483648", "a number out of range for a message id"),
        ("99999999999999999999", "invalid type"),
        (
            "18446744073709551615",
            "a number out of range for a message id",
        ),
        ("null", "expected a message id or a string of digits"),
        ("1.5", "expected a message id or a string of digits"),
    ] {
        let problem = serde_json::from_str::<MessageId>(wrong).unwrap_err();
        assert!(problem.to_string().contains(complaint), "{problem}");
    }
}

#[test]
fn joined_ids_come_as_text_a_number_a_list_or_null() {
    let read = |json: Value| serde_json::from_value::<Bars<GroupId>>(json);
    assert_eq!(read(json!("1|2")).unwrap(), [1, 2].into());
    assert_eq!(read(json!(1)).unwrap(), GroupId(1).into());
    assert_eq!(read(json!([1, "2|3"])).unwrap(), [1, 2, 3].into());
    assert!(read(json!(null)).unwrap().is_empty());
    for wrong in [json!([[1]]), json!([null]), json!({}), json!(true)] {
        assert!(read(wrong.clone()).is_err(), "{wrong}");
    }
    let joined = read(json!(" 1 || x |2")).unwrap();
    assert_eq!(
        (joined.items.as_slice(), joined.len()),
        (&[GroupId(1), GroupId(2)][..], 3)
    );
    assert_eq!(joined.to_string(), "1|2|x");
}

#[test]
fn a_number_of_a_field_may_be_null_where_it_may_be_absent() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Page {
        #[serde(default, deserialize_with = "integer")]
        size: u8,
        #[serde(default, deserialize_with = "optional_integer")]
        cursor: Option<i64>,
    }
    let read = |json: Value| serde_json::from_value::<Page>(json);
    let page = |size, cursor| Page { size, cursor };
    assert_eq!(read(json!({})).unwrap(), page(0, None));
    assert_eq!(
        read(json!({"size": null, "cursor": null})).unwrap(),
        page(0, None)
    );
    assert_eq!(
        read(json!({"size": "20", "cursor": 7})).unwrap(),
        page(20, Some(7))
    );
    for wrong in [json!(256), json!(-1), json!("x"), json!([])] {
        assert!(read(json!({"size": wrong})).is_err(), "{wrong}");
    }
}
