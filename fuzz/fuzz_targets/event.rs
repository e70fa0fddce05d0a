//! Events: any bytes are read or refused, and what is written is read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_onebot::Event;

fuzz_target!(|bytes: &[u8]| {
    let Ok(event) = Event::from_slice(bytes) else { return };
    // All of these must work on whatever was read.
    let _ = (event.name(), event.levels(), event.target(), event.dedupe_key());
    let written = serde_json::to_vec(&event).expect("an event can be written");
    let again = Event::from_slice(&written).expect("what was written can be read");
    assert_eq!(again, event);
});
