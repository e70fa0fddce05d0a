//! CQ codes: any text is read, and what is written is read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_onebot::Message;

fuzz_target!(|text: &str| {
    let message = Message::parse_cq(text);
    let written = message.to_cq();
    assert_eq!(Message::parse_cq(&written), message, "{written:?}");
});
