//! What is wrong with what goes into chats and work notices.
//!
//! The rules and their codes:
//! <https://open.dingtalk.com/document/development/message-types-and-data-format> and
//! <https://open.dingtalk.com/document/development/server-api-error-codes-1>.

use mynah_core::ApiError;
use mynah_dingtalk::Message;
use mynah_dingtalk::message::{ActionCard, Oa, OaBody, Voice};

use super::refusal::refuse;

/// Whether a message can go into a chat. `path` is the call whose words are
/// used.
pub(super) fn message(path: &str, message: &Message) -> Result<(), ApiError> {
    presence(path, message)?;
    length(path, message)
}

/// Whether all is there that makes a message: its kind (34004), what it is
/// about (34008 to 34011), and everything else (34014).
pub(super) fn presence(path: &str, message: &Message) -> Result<(), ApiError> {
    let code = match message {
        Message::Text(it) if it.content.is_empty() => 34014,
        Message::Image(it) if it.media_id.is_empty() => 34008,
        Message::File(it) if it.media_id.is_empty() => 34010,
        Message::Voice(it) if it.media_id.is_empty() => 34011,
        Message::Voice(it) if !is_short(it) => 34014,
        Message::Link(it) if it.message_url.is_empty() => 34009,
        Message::Link(it) if lacks([&it.title, &it.text, &it.pic_url]) => 34014,
        Message::Markdown(it) if lacks([&it.title, &it.text]) => 34014,
        Message::Oa(it) if !is_whole(it) => 34014,
        Message::ActionCard(it) if !has_buttons(it) => 34014,
        Message::Other(kind) if Message::KINDS.contains(&kind.as_str()) => 34014,
        Message::Other(_) => 34004,
        _ => return Ok(()),
    };
    Err(refuse(path, code))
}

/// Whether a message is short enough (34016).
pub(super) fn length(path: &str, message: &Message) -> Result<(), ApiError> {
    if message.is_too_long() {
        return Err(refuse(path, 34016));
    }
    Ok(())
}

fn lacks<const N: usize>(texts: [&String; N]) -> bool {
    texts.iter().any(|text| text.is_empty())
}

/// Under a minute. Not every client says how long it is.
fn is_short(voice: &Voice) -> bool {
    let seconds = voice.duration.as_ref().map(|text| text.parse::<u32>());
    seconds.is_none_or(|seconds| seconds.is_ok_and(|it| (1..60).contains(&it)))
}

fn is_whole(form: &Oa) -> bool {
    let head = [&form.message_url, &form.head.bgcolor, &form.head.text];
    !lacks(head) && form.body != OaBody::default()
}

/// A card has one button or several, and never both.
fn has_buttons(card: &ActionCard) -> bool {
    let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let single = [&card.single_title, &card.single_url].map(filled);
    let several = !card.btn_json_list.is_empty();
    let whole = match single {
        [true, true] => !several,
        [false, false] => several,
        _ => false,
    };
    let mut buttons = card.btn_json_list.iter();
    whole && !card.markdown.is_empty() && buttons.all(|it| !lacks([&it.title, &it.action_url]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn code(message: serde_json::Value) -> i64 {
        let read: Message = serde_json::from_value(message).unwrap();
        let refused = super::message("/chat/send", &read).err();
        refused.map_or(0, |error| error.code.number().unwrap())
    }

    #[test]
    fn a_card_has_one_button_or_several() {
        let card =
            |card: serde_json::Value| code(json!({"msgtype": "action_card", "action_card": card}));
        let list = json!([{"title": "a", "action_url": "b"}]);
        assert_eq!(
            card(json!({"markdown": "m", "single_title": "a", "single_url": "b"})),
            0
        );
        assert_eq!(card(json!({"markdown": "m", "btn_json_list": list})), 0);
        assert_eq!(card(json!({"markdown": "m"})), 34014);
        assert_eq!(card(json!({"markdown": "m", "single_title": "a"})), 34014);
        assert_eq!(card(json!({"single_title": "a", "single_url": "b"})), 34014);
        let both = json!({"markdown": "m", "single_title": "a", "single_url": "b",
            "btn_json_list": list});
        assert_eq!(card(both), 34014);
        let long = json!({"markdown": "m", "single_title": "a".repeat(21), "single_url": "b"});
        assert_eq!(card(long), 34016);
    }

    #[test]
    fn each_kind_has_its_own_code() {
        assert_eq!(code(json!({})), 34004);
        assert_eq!(code(json!({"msgtype": "poem"})), 34004);
        assert_eq!(code(json!({"msgtype": "text"})), 34014);
        assert_eq!(code(json!({"msgtype": "image", "image": {}})), 34008);
        assert_eq!(code(json!({"msgtype": "link", "link": {}})), 34009);
        assert_eq!(code(json!({"msgtype": "file", "file": {}})), 34010);
        assert_eq!(code(json!({"msgtype": "voice", "voice": {}})), 34011);
        for (duration, refused) in [(json!("0"), 34014), (json!("59"), 0), (json!(60), 34014)] {
            let voice = json!({"media_id": "@a", "duration": duration});
            assert_eq!(code(json!({"msgtype": "voice", "voice": voice})), refused);
        }
        assert_eq!(
            code(json!({"msgtype": "oa", "oa": {"message_url": "u"}})),
            34014
        );
    }
}
