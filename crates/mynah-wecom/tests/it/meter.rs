//! When more is said in one place than the platform takes.

use std::time::{Duration, Instant};

use mynah_wecom::meter::Meter;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn the_thirty_first_message_of_a_minute_is_one_too_many() {
    let start = Instant::now();
    let mut meter = Meter::default();
    for second in 0..30 {
        assert_eq!(meter.count(start + secs(second)), None);
    }
    let surplus = meter.count(start + secs(59)).unwrap();
    assert_eq!(
        (surplus.count, surplus.limit, surplus.window),
        (31, 30, secs(60))
    );
    // The first two are a minute old by now.
    assert_eq!(meter.count(start + secs(61)), None);
}

#[test]
fn the_thousand_and_first_message_of_an_hour_is_one_too_many() {
    let start = Instant::now();
    let mut meter = Meter::default();
    for count in 0..1000 {
        assert_eq!(meter.count(start + secs(count * 3)), None, "{count}");
    }
    let surplus = meter.count(start + secs(3000)).unwrap();
    assert_eq!(
        (surplus.count, surplus.limit, surplus.window),
        (1001, 1000, secs(3600))
    );
    assert!(meter.count(start + secs(3003)).is_some());
    assert_eq!(meter.count(start + secs(6603)), None);
}

#[test]
fn a_group_takes_more() {
    let start = Instant::now();
    let mut meter = Meter::of_appchat();
    for _ in 0..200 {
        assert_eq!(meter.count(start), None);
    }
    let surplus = meter.count(start).unwrap();
    assert_eq!((surplus.limit, surplus.window), (200, secs(60)));
    for count in 202..=10_000 {
        assert_eq!(meter.count(start + secs(count)), None, "{count}");
    }
    let surplus = meter.count(start + secs(86_399)).unwrap();
    assert_eq!(
        (surplus.count, surplus.limit, surplus.window),
        (10_001, 10_000, secs(86_400))
    );
    assert_eq!(meter.last(), Some(start + secs(86_399)));
    assert_eq!(meter.count(start + secs(86_400)), None);
}
