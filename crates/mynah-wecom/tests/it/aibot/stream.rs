//! Streams.

use std::time::Instant;

use mynah_wecom::aibot::{Reply, StreamOver, StreamReply};
use mynah_wecom::message::Picture;
use proptest::prelude::*;

use super::secs;

#[test]
fn each_answer_of_a_stream_has_the_whole_text_and_the_same_id() {
    let now = Instant::now();
    let mut stream = StreamReply::new("s", now).feedback("fb-1");
    let first = stream.write(now, "one").unwrap();
    let last = stream
        .finish(now, "one two", [Picture::new(b"jpg")])
        .unwrap();
    assert_eq!(
        serde_json::to_string(&first.reply).unwrap(),
        r#"{"msgtype":"stream","stream":{"id":"s","finish":false,"content":"one","feedback":{"id":"fb-1"}}}"#
    );
    let stream = last.reply.stream().unwrap();
    assert_eq!(
        (stream.id.as_str(), stream.content.as_str()),
        ("s", "one two")
    );
    assert!(stream.finish);
    assert_eq!(stream.msg_item.len(), 1);
    assert_eq!(stream.feedback, None, "only the first answer has it");
}

#[test]
fn a_stream_takes_nothing_after_its_end() {
    let now = Instant::now();
    let mut stream = StreamReply::new("s", now);
    stream.finish(now, "", []).unwrap();
    assert_eq!(stream.write(now, "x").unwrap_err(), StreamOver::Finished);
    assert_eq!(
        stream.finish(now, "x", []).unwrap_err(),
        StreamOver::Finished
    );
}

#[test]
fn a_stream_ends_six_minutes_after_the_message() {
    let now = Instant::now();
    let mut stream = StreamReply::new("s", now);
    assert_eq!(stream.ends(), Some(now + secs(360)));
    stream.write(now + secs(360), "x").unwrap();
    let over = stream.write(now + secs(361), "x").unwrap_err();
    assert_eq!(over, StreamOver::TooLate(secs(361)));
    assert_eq!(
        over.to_string(),
        "a stream ends 360 s after the message, this is 361 s after it"
    );
}

#[test]
fn of_too_many_pictures_the_first_ten_are_shown() {
    let now = Instant::now();
    let pictures = (0_u8..12).map(|number| Picture::new([number]));
    let written = StreamReply::new("s", now)
        .finish(now, "", pictures)
        .unwrap();
    assert_eq!(written.reply.stream().unwrap().msg_item.len(), 10);
    assert_eq!(written.reply.check(), Ok(()));
}

proptest! {
    #[test]
    fn a_text_is_cut_between_characters_and_the_cut_is_told(
        head in "[a字🦀]{0,3}", times in 0_usize..9000,
    ) {
        let now = Instant::now();
        let text = head + &"🦀".repeat(times);
        let written = StreamReply::new("s", now).write(now, &text).unwrap();
        let kept = &written.reply.stream().unwrap().content;
        prop_assert_eq!(written.reply.check(), Ok(()));
        prop_assert!(text.starts_with(kept.as_str()));
        prop_assert_eq!(kept.len() + written.cut, text.len());
        prop_assert!(written.cut == 0 || kept.len() + 3 >= Reply::LONGEST_CONTENT);
    }
}
