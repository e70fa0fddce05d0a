//! Values that several actions share.

use mynah_onebot::types::{FileId, NumberOrText, RequestFlag, Secret, Sex, UnixSeconds};
use serde_json::{from_value, json, to_value};

#[test]
fn a_number_or_text_is_written_as_it_was_read() {
    for value in [
        json!(7),
        json!(-7),
        json!(1.5),
        json!(u64::MAX),
        json!("7"),
        json!("普通用户"),
    ] {
        let read: NumberOrText = from_value(value.clone()).unwrap();
        assert_eq!(to_value(&read).unwrap(), value);
    }
}

#[test]
fn a_number_or_text_gives_its_whole_number() {
    let number = |value| from_value::<NumberOrText>(value).unwrap().as_i64();
    assert_eq!(number(json!(-7)), Some(-7));
    assert_eq!(number(json!("1515204254")), Some(1_515_204_254));
    for none in [json!(1.5), json!(u64::MAX), json!("普通用户"), json!("")] {
        assert_eq!(number(none), None);
    }
}

#[test]
fn a_number_or_text_is_nothing_else() {
    for wrong in [json!(null), json!(true), json!([1]), json!({})] {
        assert!(from_value::<NumberOrText>(wrong).is_err());
    }
}

#[test]
fn an_identifier_may_come_as_a_number() {
    let flag: RequestFlag = from_value(json!(1_515_204_254)).unwrap();
    assert_eq!(to_value(&flag).unwrap(), json!("1515204254"));
    assert!(from_value::<FileId>(json!(null)).is_err());
}

#[test]
fn a_time_may_come_as_digits() {
    let time: UnixSeconds = from_value(json!("1515204254")).unwrap();
    assert_eq!(to_value(time).unwrap(), json!(1_515_204_254));
}

#[test]
fn an_unknown_word_is_written_as_it_was_read() {
    assert_eq!(Sex::from("female"), Sex::Female);
    let sex: Sex = from_value(json!("secret")).unwrap();
    assert_eq!(sex, Sex::Other("secret".to_owned()));
    assert_eq!(to_value(&sex).unwrap(), json!("secret"));
}

#[test]
fn a_secret_is_written_but_not_shown() {
    let secret = Secret::from("skey=@sandbox".to_owned());
    assert_eq!(to_value(&secret).unwrap(), json!("skey=@sandbox"));
    assert_eq!(format!("{secret:?}"), "Secret(..)");
}
