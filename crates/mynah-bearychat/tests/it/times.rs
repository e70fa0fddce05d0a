//! Times as text, keys, and milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_bearychat::id::is_object_id;
use mynah_bearychat::{MessageKey, Millis, Moment, Place};
use proptest::prelude::*;

fn seconds(text: &str) -> Option<u64> {
    let time = Moment::from(text).time()?;
    Some(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
}

#[test]
fn a_moment_is_rounded_to_the_nearest_second_and_not_cut() {
    for (millis, text) in [
        (1_539_079_267_590, "2018-10-09T10:01:08.000+0000"),
        (1_539_079_267_499, "2018-10-09T10:01:07.000+0000"),
        (1_539_079_267_500, "2018-10-09T10:01:08.000+0000"),
        (0, "1970-01-01T00:00:00.000+0000"),
        (1_735_689_599_999, "2025-01-01T00:00:00.000+0000"),
    ] {
        assert_eq!(Moment::utc(Millis(millis)).as_str(), text);
    }
}

#[test]
fn the_recorded_times_of_events_are_those_of_their_milliseconds() {
    for (millis, text) in [
        (1_487_571_355_082, "2017-02-20T14:15:55.000+0800"),
        (1_487_571_555_467, "2017-02-20T14:19:15.000+0800"),
    ] {
        assert_eq!(Moment::china(Millis(millis)).as_str(), text);
    }
}

#[test]
fn a_time_is_read_whatever_its_offset_is() {
    for text in [
        "2017-01-11T12:28:31.000+0000",
        "2017-01-11T20:28:31.000+0800",
        "2017-01-11T20:28:31+08:00",
        "2017-01-11T12:28:31.000Z",
        "2017-01-11T12:28:31Z",
        "2017-01-11 12:28:31Z",
        "2017-01-11T02:58:31.000-0930",
        "2017-01-12T00:00:31.5+1132",
    ] {
        assert_eq!(seconds(text), Some(1_484_137_711), "{text}");
    }
    let half = Moment::from("1970-01-01T00:00:01.25Z").time().unwrap();
    assert_eq!(half, UNIX_EPOCH + Duration::from_millis(1250));
}

#[test]
fn what_is_no_time_is_none() {
    for text in [
        "",
        "2017-01-11",
        "2017-01-11T12:28:31",
        "2017-01-11T12:28:31+",
        "2017-01-11T12:28:31+08",
        "2017-01-11T12:28:31+8:00",
        "2017-01-11T12:28:31+2400",
        "2017-01-11T12:28:31+0060",
        "2017-01-11T12:28:31.+0000",
        "2017-01-11T12:28:31.x+0000",
        "2017-13-11T12:28:31Z",
        "2017-02-30T12:28:31Z",
        "2017-01-11T24:00:00Z",
        "2017-01-11T12:60:00Z",
        "1970-01-01T00:00:00+0800",
        "20170-1-11T12:28:31Z",
        "2017-01-11T1é:28:31Z",
        "+017-01-11T12:28:31Z",
    ] {
        assert_eq!(Moment::from(text).time(), None, "{text}");
    }
}

#[test]
fn milliseconds_are_read_as_a_number_or_as_digits() {
    let read = |json: &str| serde_json::from_str::<Millis>(json).ok();
    assert_eq!(read("1485236262366"), Some(Millis(1_485_236_262_366)));
    assert_eq!(read("\"1489242467694\""), Some(Millis(1_489_242_467_694)));
    for json in ["-1", "1.5", "true", "null", "\"\"", "\"soon\"", "[]"] {
        assert_eq!(read(json), None, "{json}");
    }
    assert_eq!(Millis::from(UNIX_EPOCH - Duration::from_secs(1)), Millis(0));
    let later = UNIX_EPOCH + Duration::from_millis(7);
    assert_eq!(Millis::from(later).time(), Some(later));
}

#[test]
fn a_key_is_thirteen_digits_a_dot_and_four_digits() {
    for text in [
        "",
        ".",
        "1485236262366",
        "1485236262366.",
        "1485236262366.193",
        "1485236262366.00193",
        "148523626236.0193",
        "+485236262366.0193",
        "1485236262366.+193",
        "1485236262366.0193.0",
        "１485236262366.0193",
    ] {
        assert_eq!(MessageKey::from(text).place(), None, "{text}");
    }
}

proptest! {
    #[test]
    fn keys_are_in_order_as_their_places_are(
        left in (1_000_000_000_000_u64..10_000_000_000_000, 0_u16..10_000),
        right in (1_000_000_000_000_u64..10_000_000_000_000, 0_u16..10_000),
    ) {
        let place = |(millis, counter)| Place { millis: Millis(millis), counter };
        let (left, right) = (place(left), place(right));
        let (first, second) = (MessageKey::from(left), MessageKey::from(right));
        prop_assert_eq!(first.place(), Some(left));
        prop_assert_eq!(first.cmp(&second), left.cmp(&right));
    }

    #[test]
    fn a_moment_that_was_written_is_read(millis in 0_u64..253_402_300_000_000) {
        let rounded = UNIX_EPOCH + Duration::from_secs((millis + 500) / 1000);
        prop_assert_eq!(Moment::utc(Millis(millis)).time(), Some(rounded));
        if millis < 253_402_200_000_000 {
            prop_assert_eq!(Moment::china(Millis(millis)).time(), Some(rounded));
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in ".{0,40}", millis in any::<u64>()) {
        let _: Option<SystemTime> = Moment::from(text.as_str()).time();
        let _ = MessageKey::from(text.as_str()).place();
        let _ = is_object_id(&text);
        let _ = (Moment::utc(Millis(millis)), Millis(millis).time());
    }
}
