//! What the codes mean and what to do about them, in English and Chinese.
//!
//! [`errors`] has the words of a code and what a caller does about it; here stand its causes
//! and how they are mended. Names of menus are those of the developers' console
//! (<https://open-dev.dingtalk.com>) and of the apps.

mod classic;
mod open;

use mynah_core::Remedy::{Backoff, Nothing, RefreshToken, Resubscribe};
use mynah_core::{ApiError, Explanation, Place};

use crate::errors;

/// What is known of a code: nothing, or one explanation for each place it is met in.
///
/// A code that begins with `AuthenticationFailed.` and has no explanation of its own is explained
/// by `AuthenticationFailed.*`.
///
/// ```
/// use mynah_core::Remedy;
/// use mynah_dingtalk::explain::explain;
///
/// let found = explain("invalidParameter.robotCode.notExsit");
/// assert_eq!((found[0].words, found[0].status), ("机器人不存在", Some(400)));
/// let refused = explain("AuthenticationFailed.Signature");
/// assert_eq!(refused[0].remedy, Remedy::RefreshToken);
/// ```
pub fn explain(code: &str) -> Vec<Explanation> {
    Explanation::find(all(), code)
}

/// All explanations: numbers, then the words of version 1.0, then what is met elsewhere.
pub fn all() -> impl Iterator<Item = Explanation> + Clone {
    let classic = classic::TABLE.iter().map(|row| {
        let known = row.number().and_then(errors::find);
        known.map_or(*row, |known| row.said(known.text).remedy(known.remedy))
    });
    let open = open::TABLE.iter().map(|row| {
        let (status, words) = errors::open(row.code).unwrap_or((400, row.words));
        let status = row.status.unwrap_or(status);
        let error = ApiError::new(row.code, words).with_status(status);
        row.with_status(status)
            .said(words)
            .remedy(errors::open_remedy(&error))
    });
    classic.chain(open).chain(ELSEWHERE.iter().copied())
}

const fn of(code: &'static str) -> Explanation {
    Explanation::of(code)
}

#[rustfmt::skip]
const ELSEWHERE: &[Explanation] = &[
    of("40036")
        .cause("A parameter of chat.member.friendswitch.update is not valid; the page gives the code without words.", "chat.member.friendswitch.update 的参数不合法；文档只列了错误码，没有文字。")
        .fix("`is_prohibit` is true or false, and `chatid` that of an internal group.", "`is_prohibit` 取 true 或 false，`chatid` 须是企业内部群。"),
    of("40000").at(Place::SubCode).said("access_token is blank")
        .cause("The call to /topapi has no token, or an empty one.", "/topapi 请求没有 token，或为空。")
        .fix("Append `?access_token=…`, and check that gettoken did not fail before.", "在地址后加 `?access_token=…`，并检查之前 gettoken 是否失败。"),
    of("40001").at(Place::SubCode).remedy(RefreshToken)
        .cause("The token is invalid.", "token 无效。")
        .fix("Fetch a new one and call once more.", "重新获取后再调用一次。"),
    of("40014").at(Place::SubCode).said("不合法的access_token").remedy(RefreshToken)
        .cause("The token is not recognised; mostly it has expired.", "token 无法识别，多为已过期。")
        .fix("Fetch a new one and call once more. The sub code is a text, not a number.", "重新获取后再调用一次；注意 sub_code 是字符串。"),
    of("42001").at(Place::SubCode).remedy(RefreshToken)
        .cause("The token has expired.", "token 已过期。")
        .fix("Fetch a new one and call once more.", "重新获取后再调用一次。"),
    of("200").at(Place::Frame).remedy(Nothing)
        .cause("Stream: the frame was handled.", "Stream：该帧已处理。")
        .fix("Nothing to do.", "无需处理。"),
    of("400").at(Place::Frame)
        .cause("Stream: the frame could not be read.", "Stream：帧无法解析。")
        .fix("Read `data` as JSON text inside JSON, and header values as texts.", "`data` 是 JSON 里的 JSON 字符串，请求头的值都是文本。"),
    of("404").at(Place::Frame)
        .cause("Stream: nobody handles this topic.", "Stream：该 topic 没有处理者。")
        .fix("Subscribe only to topics that are handled: EVENT `*`, CALLBACK `/v1.0/im/bot/messages/get`, `/v1.0/card/instances/callback`.", "只订阅会处理的 topic：EVENT `*`、CALLBACK `/v1.0/im/bot/messages/get`、`/v1.0/card/instances/callback`。"),
    of("500").at(Place::Frame).remedy(Backoff)
        .cause("Stream: the bot failed; an event is delivered again, a robot message is not.", "Stream：机器人处理出错；事件会重新推送，机器人消息不会。")
        .fix("Answer first and work afterwards; keep `eventId` to notice repetition.", "先应答再处理，并用 `eventId` 去重。"),
    of("LATER").at(Place::Frame).said("LATER").remedy(Backoff)
        .cause("Stream: the bot asks for the event to be delivered again.", "Stream：机器人要求稍后重新推送事件。")
        .fix("Nothing to do; answer SUCCESS when it comes again.", "无需处理；再次收到时返回 SUCCESS。"),
    of("401").at(Place::Status).with_status(401).remedy(Resubscribe)
        .cause("Stream: the ticket is unknown, was used, or is older than 90 seconds. In the sandbox; the service's own status is not documented.", "Stream：ticket 不存在、已使用或超过 90 秒。这是沙盒的状态码，正式服务未公开。")
        .fix("Call gateway.connections.open again and connect at once; percent-encode the ticket, it may hold `+`, `/` and `=`.", "重新调用 connections/open 并立即连接；ticket 可能含 `+`、`/`、`=`，须做 URL 编码。"),
    of("401").at(Place::Callback).with_status(401)
        .cause("Mynah's receiver refused a robot message or an event: the signature or its age is wrong.", "Mynah 的接收端拒绝了机器人消息或事件：签名或时间不对。")
        .fix("Robot messages are signed with the AppSecret of the robot's application; the clock may be off by an hour at most. Events: compare token and aes_key with 事件订阅.", "机器人消息用其应用的 AppSecret 签名，时钟误差不能超过一小时；事件请核对「事件订阅」里的 token 和 aes_key。"),
    of("-40001").at(Place::Library)
        .cause("The library for callbacks: the signature does not match.", "回调加解密库：签名不匹配。")
        .fix("Compare the token of the callback; sort the four texts as bytes.", "核对回调的 token；四个字符串按字节排序。"),
    of("-40005").at(Place::Library)
        .cause("The library for callbacks: the id inside the text is another one.", "回调加解密库：明文中的 id 不匹配。")
        .fix("Give it the AppKey for events subscribed to in the console, the CorpId for callbacks registered by call.", "开发者后台的事件订阅传 AppKey，用接口注册的回调传 CorpId。"),
    Explanation::GATEWAY,
    Explanation::NO_ENVELOPE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_name_the_same_numbers() {
        let explained: Vec<_> = classic::TABLE.iter().map(Explanation::number).collect();
        let known: Vec<_> = errors::all().map(|row| Some(row.code)).collect();
        assert_eq!(explained, known);
    }

    #[test]
    fn every_word_of_a_page_is_explained() {
        let explained = |word: &str| open::TABLE.iter().any(|row| row.code == word);
        let missing: Vec<_> = errors::open_words()
            .filter(|word| !explained(word))
            .collect();
        assert_eq!(missing, [] as [&str; 0]);
    }

    #[test]
    fn words_of_pages_stand_in_the_table_of_pages_alone() {
        for row in open::TABLE {
            let twice = errors::open(row.code).is_some() && !row.words.is_empty();
            assert!(!twice, "{} has its words in two tables", row.code);
        }
    }
}
