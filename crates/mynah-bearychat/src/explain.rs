//! What the codes mean and what to do about them, in English and Chinese.
//!
//! [`errors`] has the words of a code, its HTTP status and what a caller does about it;
//! here stand its causes and how they are mended. Three of the codes are known of the service
//! (4, 6 and 13); the others are how the sandbox refuses, because nobody says how the service
//! does.

use mynah_core::Remedy::{Nothing, Resubscribe};
use mynah_core::{Explanation, Place};

use crate::errors;

/// What is known of a code: nothing, or one explanation for each place it is met in.
///
/// ```
/// let found = mynah_bearychat::explain::explain("4");
/// assert_eq!((found[0].words, found[0].status), ("没有权限", Some(403)));
/// ```
pub fn explain(code: &str) -> Vec<Explanation> {
    Explanation::find(all(), code)
}

/// All explanations; codes of the error table first, in its order.
pub fn all() -> impl Iterator<Item = Explanation> + Clone {
    TABLE.iter().map(|row| {
        let known = row.number().and_then(errors::find);
        match known.filter(|_| row.place == Place::Answer) {
            Some(known) => row
                .said(known.text)
                .with_status(known.status)
                .remedy(known.remedy),
            None => *row,
        }
    })
}

const fn of(code: &'static str) -> Explanation {
    Explanation::of(code)
}

#[rustfmt::skip]
const TABLE: &[Explanation] = &[
    of("0").remedy(Nothing)
        .cause("The call succeeded. Only RTM calls and hooks have a code then; the OpenAPI answers the bare thing.", "调用成功。只有 RTM 接口和 Incoming 会带 code，OpenAPI 直接返回内容。")
        .fix("Nothing to do.", "无需处理。"),
    of("1")
        .cause("A parameter is missing, wrong or out of range, or the body is no JSON. The words name it.", "参数缺失、不合法或超出范围，或请求体不是 JSON。提示里会说明。")
        .fix("Compare with `mynah call bearychat ENDPOINT --help`. Names of channels have 2 to 20 letters, or 1 to 10 Chinese characters; texts are not empty; ids keep their leading `=`, `%3D` in an address.", "用 `mynah call bearychat 接口名 --help` 核对。讨论组名为 2 到 20 个英文字符或 1 到 10 个汉字；文本不能为空；id 要保留开头的 `=`，在 URL 中写作 `%3D`。"),
    of("2")
        .cause("There is no token in the call, or nobody knows it.", "请求里没有 token，或 token 无效。")
        .fix("Use the RTM token of a hubot: 倍洽 → 机器人 → Hubot → the robot's settings. It goes into the query or the JSON body as `token`; the address of an incoming hook is no token.", "使用 Hubot 的 RTM token：倍洽 → 机器人 → Hubot → 机器人设置。放在查询串或 JSON 请求体的 `token` 里；Incoming 的地址不是 token。"),
    of("4")
        .cause("Not permitted. Mostly, the hubot does not belong to the conversation it speaks in; or the conversation is archived, or the call is for the creator and admins.", "没有权限。多半是 Hubot 不在该会话里；也可能会话已归档，或该操作只限创建者和管理员。")
        .fix("Join a public channel with channel.join; let somebody invite the hubot to a private one. Unarchive the channel, or ask its creator.", "公开讨论组先用 channel.join 加入，私有的请成员邀请 Hubot；已归档的先恢复，或请创建者操作。"),
    of("6")
        .cause("There is no such user, channel, conversation, message, pin or file; or there is no such path. Deleted messages count as gone.", "用户、讨论组、会话、消息、置顶或文件不存在，或没有这个接口；已删除的消息也算不存在。")
        .fix("Take ids from channel.list, user.list and messages themselves, and do not mix `channel_id` with `vchannel_id`. A session channel that was converted has become a channel. If every call says so, check the base URL: it ends in /v1.", "id 取自 channel.list、user.list 和消息本身，不要混用 `channel_id` 与 `vchannel_id`。临时讨论组转换后就成了讨论组。若每个接口都这样，检查基础地址是否以 /v1 结尾。"),
    of("7")
        .cause("The path wants another HTTP method.", "HTTP 方法不对。")
        .fix("message.query is a POST, message.update_text and user.update_me are PATCH; see `mynah call bearychat ENDPOINT --help`.", "message.query 用 POST，message.update_text 和 user.update_me 用 PATCH；见 `mynah call bearychat 接口名 --help`。"),
    of("8")
        .cause("The name is taken, perhaps by an archived channel.", "名称已被占用，也可能被已归档的讨论组占用。")
        .fix("Choose another name, or unarchive the old channel.", "换一个名称，或恢复原来的讨论组。"),
    of("10")
        .cause("Something broke inside the platform.", "服务器内部出错。")
        .fix("Call again a little later.", "稍后重试。"),
    of("13")
        .cause("The quota of the hour is used up: 1000 calls with a token, 60 without one. Failed calls count too.", "本小时的配额已用完：带 token 1000 次，不带 60 次；失败的调用也计入。")
        .fix("Wait until `x-ratelimit-reset` (Unix seconds, the next full hour). Listen over RTM instead of asking again and again, and check that the token arrives: a limit of 60 means that it does not.", "等到 `x-ratelimit-reset`（Unix 秒，即下个整点）。用 RTM 接收消息，不要轮询；若上限显示 60，说明 token 没有带上。"),

    of("error").at(Place::Frame)
        .cause("A frame that was sent over RTM was refused. In the sandbox, `status` is `error`, and `code` is one of this list.", "通过 RTM 发送的帧被拒绝。沙盒返回 `status` 为 `error`，`code` 是本表中的一个。")
        .fix("Look up its `code`. What carries attachments is sent with message.create and not over the socket.", "按其中的 `code` 查找。带附件的消息用 message.create 发送，不走长连接。"),
    of("1001").at(Place::Close).remedy(Resubscribe)
        .cause("The socket was closed because nothing was heard on it: no ping for 30 seconds in the sandbox; the service's own limit is not known.", "长连接因长时间没有收到数据而关闭：沙盒为 30 秒没有 ping，正式服务的时限未公开。")
        .fix("Send a ping every few seconds, and after any close call start again for a fresh address; catch up with message.query `since` the last key.", "每隔几秒发送 ping；断开后重新调用 start 获取新地址，并用 message.query 的 `since` 补上漏掉的消息。"),
    of("404").at(Place::Callback).with_status(404)
        .cause("A receiver of the hubot's messages answers it to a `token` that is none of its bots'.", "Hubot 消息的接收端收到了不属于自己的 `token`。")
        .fix("Give the receiver the token of exactly this hubot.", "给接收端配置这个 Hubot 的 token。"),
    of("200").at(Place::Status).with_status(200).remedy(Nothing)
        .cause("The call succeeded; message_pin.delete and reaction.delete answer it with an empty body. RTM calls and hooks may say otherwise in their `code`.", "调用成功；message_pin.delete 和 reaction.delete 的返回体为空。RTM 接口和 Incoming 还要看 `code`。")
        .fix("Nothing to do where there is no `code`, or it is 0.", "没有 `code` 或 `code` 为 0 时无需处理。"),
    of("201").at(Place::Status).with_status(201).remedy(Nothing)
        .cause("Something was created and is in the answer.", "创建成功，返回体就是所创建的内容。")
        .fix("Nothing to do. p2p.create answers it for a conversation that there was already.", "无需处理；p2p.create 对已有的会话也返回它。"),
    of("204").at(Place::Status).with_status(204).remedy(Nothing)
        .cause("The call succeeded, and there is nothing to answer.", "调用成功，没有返回内容。")
        .fix("Do not read the empty body as JSON.", "不要把空的返回体当作 JSON 解析。"),
    of("302").at(Place::Status).with_status(302).remedy(Nothing)
        .cause("file.location: the address of the file is in the header `Location`.", "file.location：文件地址在响应头 `Location` 中。")
        .fix("Read the header, or follow it to fetch the file itself.", "读取该响应头，或跟随跳转直接下载文件。"),
    Explanation::GATEWAY,
    Explanation::NO_ENVELOPE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_name_the_same_codes() {
        let answers = TABLE.iter().filter(|row| row.place == Place::Answer);
        let explained: Vec<_> = answers.skip(1).map(Explanation::number).collect();
        let known: Vec<_> = errors::all().map(|row| Some(row.code)).collect();
        assert_eq!(explained, known);
    }
}
