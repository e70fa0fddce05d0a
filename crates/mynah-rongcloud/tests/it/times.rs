//! Times in answers, and hours of the log.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_rongcloud::{Hour, Moment};
use proptest::prelude::*;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn times_are_written_with_zeros_and_read_without() {
    // 2014-01-01 01:01:01 in Beijing.
    let time = at(1_388_509_261);
    assert_eq!(Moment::beijing(time).as_str(), "2014-01-01 01:01:01");
    assert_eq!(Moment::utc(time).as_str(), "2013-12-31 17:01:01");
    assert_eq!(Moment::from("2014-1-1 1:1:1").in_beijing(), Some(time));
    assert_eq!(Moment::forever().as_str(), "9999-12-31 23:59:59");
    assert!(Moment::forever().in_beijing().is_some());
}

#[test]
fn what_is_no_time_is_kept_and_is_none() {
    for text in [
        "",
        "soon",
        "2014-01-01",
        "2014-02-30 00:00:00",
        "2015-02-29 00:00:00",
        "2014-13-01 00:00:00",
        "2014-00-01 00:00:00",
        "2014-01-00 00:00:00",
        "2014-01-01 24:00:00",
        "2014-01-01 00:60:00",
        "2014-01-01 00:00:60",
        "2014-01-01 00:00:00:00",
        "2014-01-01 00:00",
        "2014-01-01 +1:00:00",
        "20140-01-01 00:00:00",
        "1969-12-31 23:59:59",
        "0000-00-00 00:00:00",
    ] {
        assert_eq!(Moment::from(text).in_utc(), None, "{text}");
        assert_eq!(Moment::from(text).to_string(), text);
    }
    assert_eq!(Moment::from("1970-01-01 07:59:59").in_beijing(), None);
    assert_eq!(
        Moment::from("1970-01-01 08:00:00").in_beijing(),
        Some(at(0))
    );
    assert!(Moment::from("2016-02-29 00:00:00").in_utc().is_some());
    assert!(Moment::from("1900-02-29 00:00:00").in_utc().is_none());
}

#[test]
fn an_hour_is_ten_digits_in_beijing() {
    assert_eq!(Hour::from("2014010101").start(), Some(at(1_388_509_200)));
    assert_eq!(Hour::beijing(at(1_388_509_199)).as_str(), "2014010100");
    for text in [
        "",
        "201401010",
        "20140101011",
        "2014010124",
        "2014130101",
        "2014013201",
        "201401010a",
        "+014010101",
        "１２３４５６７８９０",
        "1970010107",
    ] {
        assert_eq!(Hour::from(text).start(), None, "{text}");
    }
}

proptest! {
    #[test]
    fn a_time_that_was_written_is_read_again(seconds in 28_800_u64..253_402_300_800 - 28_800) {
        let time = at(seconds);
        prop_assert_eq!(Moment::beijing(time).in_beijing(), Some(time));
        prop_assert_eq!(Moment::utc(time).in_utc(), Some(time));
        let start = Hour::beijing(time).start().unwrap();
        prop_assert!(time.duration_since(start).unwrap() < Duration::from_secs(3600));
    }
}
