//! Walking through a conversation, page by page.

use mynah_bearychat::{Message, MessageKey, Millis, Pager, Place};
use proptest::prelude::*;

fn message(place: Place) -> Message {
    Message {
        key: place.into(),
        created_ts: place.millis,
        ..Message::default()
    }
}

/// Messages, several of the same moment among them.
fn conversation(count: u64) -> Vec<Message> {
    (0..count)
        .map(|at| {
            message(Place {
                millis: Millis(1_485_236_261_000 + at / 3),
                counter: (at % 10_000) as u16,
            })
        })
        .collect()
}

/// Every message that a walk comes across, page by page.
fn walk(mut pager: Pager, conversation: &[Message]) -> Vec<Vec<MessageKey>> {
    let mut walked = Vec::new();
    while let Some(asked) = pager.ask() {
        assert_eq!(asked.vchannel_id.as_str(), "=bw52O");
        let place = |message: &Message| message.key.place().unwrap();
        let found = asked.query.select(conversation, place);
        let page: Vec<Message> = found.into_iter().cloned().collect();
        pager.turn(&page);
        walked.push(page.into_iter().map(|message| message.key).collect());
        assert!(walked.len() <= conversation.len() + 2, "it goes in circles");
    }
    walked
}

fn keys(messages: &[Message]) -> Vec<MessageKey> {
    messages.iter().map(|message| message.key.clone()).collect()
}

proptest! {
    #[test]
    fn every_newer_message_comes_once_and_in_order(
        count in 1_u64..60, seen in any::<prop::sample::Index>(), size in 1_u32..12,
    ) {
        let conversation = conversation(count);
        let seen = seen.index(conversation.len());
        let pager = Pager::newer_than("=bw52O", &conversation[seen].key).size(size);
        let pages = walk(pager, &conversation);
        prop_assert_eq!(pages.concat(), keys(&conversation[seen + 1..]));
    }

    #[test]
    fn every_message_since_a_time_comes_once_and_in_order(
        count in 1_u64..60, since in 0_u64..25, size in 3_u32..12,
    ) {
        let conversation = conversation(count);
        let time = Millis(1_485_236_261_000 + since);
        let pages = walk(Pager::since("=bw52O", time).size(size), &conversation);
        let wanted: Vec<_> = conversation.iter().filter(|one| one.created_ts >= time).cloned().collect();
        prop_assert_eq!(pages.concat(), keys(&wanted));
    }

    #[test]
    fn every_older_message_comes_once_and_the_newest_page_first(
        count in 1_u64..60, size in 1_u32..12,
    ) {
        let conversation = conversation(count);
        let pages = walk(Pager::from_newest("=bw52O").size(size), &conversation);
        let mut pages: Vec<_> = pages.into_iter().rev().collect();
        prop_assert_eq!(pages.concat(), keys(&conversation));
        let last = pages.pop().unwrap_or_default();
        prop_assert_eq!(last.len() as u64, count.min(size.into()));
    }
}

#[test]
fn a_page_has_one_message_at_least_and_a_hundred_at_most() {
    let conversation = conversation(250);
    let lengths = |pager| {
        let pages = walk(pager, &conversation);
        pages.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(lengths(Pager::from_newest("=bw52O")), [100, 100, 50]);
    assert_eq!(
        lengths(Pager::from_newest("=bw52O").size(1000)),
        [100, 100, 50]
    );
    assert_eq!(lengths(Pager::from_newest("=bw52O").size(0)).len(), 251);
}

#[test]
fn a_server_that_answers_the_same_page_again_and_again_is_left() {
    let conversation = conversation(4);
    let seen = &conversation[3].key;
    for mut pager in [
        Pager::newer_than("=bw52O", seen).size(2),
        Pager::older_than("=bw52O", &conversation[0].key).size(2),
    ] {
        pager.turn(&conversation[..]);
        assert_eq!(pager.ask(), None);
        pager.turn(&conversation[..]);
        assert_eq!(pager.ask(), None);
    }
    let mut pager = Pager::since("=bw52O", Millis(0)).size(2);
    pager.turn(&conversation[..2]);
    assert!(pager.ask().is_some());
    pager.turn(&conversation[..2]);
    assert_eq!(pager.ask(), None);
}
