//! What the return codes mean and what to do about them, in English and Chinese.
//!
//! The standard has few codes, and implementations add their own: each explanation names those
//! that use it. go-cqhttp answers 100 to nearly everything; look at `wording` and `message` beside
//! the code.

use mynah_core::Remedy::{Backoff, Nothing, Resubscribe};
use mynah_core::{Explanation, Place};

/// What is known of a code: nothing, or one explanation for each place it is met in.
///
/// ```
/// let found = mynah_onebot::explain::explain("1404");
/// assert!(found[0].cause.en.contains("no such action"));
/// ```
pub fn explain(code: &str) -> Vec<Explanation> {
    Explanation::find(all(), code)
}

/// All explanations: return codes, then HTTP statuses, then what else there is.
pub fn all() -> impl Iterator<Item = Explanation> + Clone {
    TABLE.iter().copied()
}

const fn of(code: &'static str) -> Explanation {
    Explanation::of(code)
}

#[rustfmt::skip]
const TABLE: &[Explanation] = &[
    of("0").said("ok").remedy(Nothing)
        .cause("The call succeeded.", "调用成功。")
        .fix("Nothing to do.", "无需处理。"),
    of("1").said("async").remedy(Nothing)
        .cause("With `status` `async`: the call is queued, and its outcome will never be told. Lagrange.OneBot also fails with it (`status` `failed`).", "`status` 为 `async` 时：调用已排队，结果不会再通知。Lagrange.OneBot 失败时也用它（`status` 为 `failed`）。")
        .fix("Decide by `status`, not by the code. Call without `_async` if the outcome matters.", "按 `status` 判断，不要只看 retcode；需要结果时不要用 `_async` 后缀。"),
    of("100")
        .cause("A parameter is missing or invalid: an id that is 0 or negative, an empty message, a number written as a word. go-cqhttp answers it to nearly every failure.", "参数缺失或无效：id 为 0 或负数、消息为空、数字写成文字等。go-cqhttp 几乎所有失败都返回它。")
        .fix("Read `wording` beside the code, and compare with `mynah call onebot ACTION --help`. With go-cqhttp, look into its own log too: being muted, not being a friend, or risk control (风控) all end here.", "看同时返回的 `wording`，并用 `mynah call onebot 动作 --help` 核对。go-cqhttp 还要看它自己的日志：被禁言、不是好友、风控都会变成 100。"),
    of("102")
        .cause("The parameters are fine, but nothing (visible) is there: a group that the bot has not joined, a message that was recalled, a flag that was handled already.", "参数没问题，但对象不存在或不可见：机器人没加入的群、已撤回的消息、已处理过的 flag 等。")
        .fix("Check ids against get_group_list, get_group_member_list and get_friend_list. A request's flag works once.", "用 get_group_list、get_group_member_list、get_friend_list 核对 id；请求的 flag 只能用一次。"),
    of("103")
        .cause("The operation failed, mostly for lack of permission: the bot is muted, is not in the group, is no admin, or ranks no higher than the person; or a message is older than 2 minutes.", "操作失败，多半是权限不足：机器人被禁言、不在群里、不是管理员，或对方级别不低于机器人；撤回时消息已超过 2 分钟。")
        .fix("Check with get_group_list that the bot is in the group. Then make it an admin (the owner for set_group_admin and special titles), lift its mute, or befriend the person first.", "先用 get_group_list 确认机器人在群里；再把它设为群管理员（设置管理员和专属头衔须为群主）、解除禁言，或先加好友。"),
    of("104")
        .cause("The credentials with which the implementation talks to QQ have expired.", "OneBot 实现与 QQ 通信用的凭证（cookie）已过期。")
        .fix("Let the account log in again: restart the implementation, or scan its code.", "让账号重新登录：重启 OneBot 实现，或重新扫码。"),
    of("201").remedy(Backoff)
        .cause("The implementation's worker pool is not running, so an `_async` call cannot be queued.", "OneBot 实现的工作线程池未初始化，`_async` 调用无法排队。")
        .fix("Call without `_async`, or restart the implementation.", "不带 `_async` 调用，或重启 OneBot 实现。"),
    of("200")
        .cause("NapCat, LLOneBot, Lagrange.OneBot: the action failed while it was carried out; NapCat says so of unknown actions as well. Over WebSocket NapCat and LLOneBot say 1200.", "NapCat、LLOneBot、Lagrange.OneBot：动作执行出错；NapCat 对不存在的动作也返回它。NapCat 和 LLOneBot 的 WebSocket 返回 1200。")
        .fix("Read `message` and `wording` beside it; check the action's name, the bot's rights in the group, and the implementation's log.", "看同时返回的 `message`、`wording`；检查动作名、机器人在群里的权限，以及 OneBot 实现的日志。"),
    of("1200")
        .cause("NapCat, LLOneBot: the action failed while it was carried out (WebSocket twin of 200).", "NapCat、LLOneBot：动作执行出错（200 在 WebSocket 上的写法）。")
        .fix("Read `message` and `wording` beside it, and the implementation's log.", "看同时返回的 `message`、`wording`，以及 OneBot 实现的日志。"),
    of("400")
        .cause("NapCat, LLOneBot: the parameters do not fit the action's schema. Over WebSocket they say 1400.", "NapCat、LLOneBot：参数不符合该动作的定义；WebSocket 上返回 1400。")
        .fix("Compare names and types with `mynah call onebot ACTION --help`; `message` names the field.", "用 `mynah call onebot 动作 --help` 核对参数名和类型；`message` 会指出字段。"),
    of("404")
        .cause("go-cqhttp, Lagrange.OneBot: there is no such action; it comes with HTTP 200.", "go-cqhttp、Lagrange.OneBot：没有这个动作；HTTP 状态码仍是 200。")
        .fix("Check the spelling; the action may be an extension of another implementation. `mynah call onebot` lists them.", "检查拼写；该动作可能是别的实现的扩展。`mynah call onebot` 可列出全部。"),
    of("1400")
        .cause("WebSocket: the frame is no call (no JSON, no object, no `action`). NapCat, LLOneBot: also parameters that do not fit.", "WebSocket：这一帧不是调用（不是 JSON、不是对象，或没有 `action`）。NapCat、LLOneBot 还表示参数不符。")
        .fix("Send `{\"action\": …, \"params\": {…}, \"echo\": …}` as one text frame.", "以一个文本帧发送 `{\"action\": …, \"params\": {…}, \"echo\": …}`。"),
    of("1401")
        .cause("WebSocket: no access token was given. Mostly the handshake is refused with 401 before.", "WebSocket：没有提供 access token；多数实现在握手时就以 401 拒绝。")
        .fix("Send `Authorization: Bearer TOKEN` with the handshake, or `?access_token=TOKEN` in the address.", "握手时带 `Authorization: Bearer TOKEN`，或在地址后加 `?access_token=TOKEN`。"),
    of("1403")
        .cause("WebSocket: the access token is wrong. NapCat and LLOneBot accept the connection, send this and close it.", "WebSocket：access token 错误。NapCat、LLOneBot 会先接受连接，发送它后关闭。")
        .fix("Copy the token of exactly this server from the implementation's settings (NapCat: 网络配置 → WebSocket 服务器 → Token).", "从 OneBot 实现的设置里复制该服务的 token（NapCat：网络配置 → WebSocket 服务器 → Token）。"),
    of("1404")
        .cause("WebSocket: there is no such action.", "WebSocket：没有这个动作。")
        .fix("Check the spelling; `mynah call onebot` lists the actions, and not every implementation has each of them.", "检查拼写；`mynah call onebot` 可列出全部，各实现支持的动作不尽相同。"),
    of("9000")
        .cause("Lagrange.OneBot: the operation was refused.", "Lagrange.OneBot：操作被拒绝。")
        .fix("Look at `message` and the log of Lagrange.OneBot; mostly it is a right that the bot does not have.", "看 `message` 和 Lagrange.OneBot 的日志，多半是机器人没有权限。"),
    of("-1")
        .cause("CQHTTP: the message could not be sent, often because of risk control (风控). Lagrange.OneBot: the operation failed.", "CQHTTP：消息发送失败，常因账号被风控。Lagrange.OneBot：操作失败。")
        .fix("Send something by hand with the account; if that fails too, wait, or verify the account in the QQ app.", "用该账号手工发一条；若也失败，等一段时间，或在手机 QQ 完成验证。"),
    of("-2").remedy(Backoff)
        .cause("CQHTTP: QQ did not answer.", "CQHTTP：QQ 服务器没有回应。")
        .fix("Look whether the message arrived, then try again; check the network of the implementation.", "先确认消息是否已送达再重试；检查 OneBot 实现的网络。"),
    of("-3")
        .cause("CQHTTP: the message is empty or too long.", "CQHTTP：消息为空或过长。")
        .fix("Split the message, or fill it.", "拆分消息，或填写内容。"),
    of("-9")
        .cause("CQHTTP: the bot is not in that group.", "CQHTTP：机器人不在该群。")
        .fix("Compare with get_group_list, and invite the bot.", "用 get_group_list 核对，并邀请机器人入群。"),
    of("-10")
        .cause("CQHTTP: there is no such user, or not in this group.", "CQHTTP：用户不存在，或不在该群。")
        .fix("Compare with get_group_member_list.", "用 get_group_member_list 核对。"),
    of("-14")
        .cause("CQHTTP: the operation failed for a reason that it does not know.", "CQHTTP：操作失败，原因不明。")
        .fix("Do the same by hand in QQ: it usually says why.", "在 QQ 里手工做一遍，通常会提示原因。"),
    of("-15")
        .cause("CQHTTP: anonymous chat is off in this group.", "CQHTTP：该群没有开启匿名聊天。")
        .fix("Let an admin turn it on (set_group_anonymous), or speak by name.", "请管理员开启（set_group_anonymous），或不用匿名。"),
    of("-16")
        .cause("CQHTTP: the bot is not in the group that it is to leave.", "CQHTTP：机器人不在要退出的群里。")
        .fix("Nothing to do; it has left already.", "无需处理，本来就不在群里。"),
    of("-17")
        .cause("CQHTTP: the owner cannot leave a group.", "CQHTTP：群主不能退群。")
        .fix("Hand the group over in QQ, or dismiss it with `is_dismiss` true.", "先在 QQ 里转让群主，或用 `is_dismiss` 为 true 解散该群。"),
    of("-18")
        .cause("CQHTTP: only the owner can dismiss a group.", "CQHTTP：只有群主能解散群。")
        .fix("Leave without `is_dismiss`.", "去掉 `is_dismiss`，只退群。"),
    of("-20")
        .cause("CQHTTP: an argument is wrong.", "CQHTTP：参数错误。")
        .fix("Compare with `mynah call onebot ACTION --help`.", "用 `mynah call onebot 动作 --help` 核对。"),
    of("-23")
        .cause("CQHTTP: the bot has no relation to the person: neither friend nor fellow member.", "CQHTTP：机器人与对方没有关系，既不是好友也没有共同的群。")
        .fix("Befriend the person, or meet in a group that allows temporary sessions.", "先加好友，或在允许临时会话的群里联系。"),
    of("-34")
        .cause("CQHTTP: the bot is muted in this group.", "CQHTTP：机器人在该群被禁言。")
        .fix("Let an admin lift the mute, or wait for its end.", "请管理员解除禁言，或等禁言结束。"),
    of("-39")
        .cause("CQHTTP: an argument is wrong, or the bot has not the right.", "CQHTTP：参数错误，或机器人没有权限。")
        .fix("Check the ids, then make the bot an admin.", "核对 id，再把机器人设为管理员。"),

    of("400").at(Place::Status).with_status(400)
        .cause("The body is no JSON, or no JSON object.", "请求体不是 JSON，或不是 JSON 对象。")
        .fix("Send an object: `{\"group_id\": 20001, …}`.", "发送一个对象：`{\"group_id\": 20001, …}`。"),
    of("401").at(Place::Status).with_status(401)
        .cause("No access token was given, and the implementation wants one.", "没有提供 access token，而 OneBot 实现要求提供。")
        .fix("Set `access_token` in mynah.toml (or --token); it goes out as `Authorization: Bearer …`.", "在 mynah.toml 里设置 `access_token`（或用 --token）；它以 `Authorization: Bearer …` 发出。"),
    of("403").at(Place::Status).with_status(403)
        .cause("The access token is wrong; NapCat and LLOneBot say so of a missing one as well. NoneBot2: a second connection for the same `X-Self-ID`, or a path without its slash.", "access token 错误；NapCat、LLOneBot 对缺少 token 也这样返回。NoneBot2：同一 `X-Self-ID` 的第二条连接，或路径少了斜杠。")
        .fix("Copy the token from the implementation's settings, without blanks. Towards NoneBot2 use one Universal connection to /onebot/v11/ws.", "从 OneBot 实现的设置里复制 token，不要带空格。连接 NoneBot2 时只用一条 Universal 连接，地址为 /onebot/v11/ws。"),
    of("404").at(Place::Status).with_status(404)
        .cause("There is no such action, or the path has more in it than the action.", "没有这个动作，或路径里有多余的部分。")
        .fix("Call `/ACTION` right below the base URL: `http://127.0.0.1:5700/get_status`. If every action says so, the port is another program's.", "直接在基础地址后接动作名：`http://127.0.0.1:5700/get_status`。若所有动作都这样，端口可能是别的程序的。"),
    of("405").at(Place::Status).with_status(405)
        .cause("The HTTP method is not allowed; or aiocqhttp was connected to at `/` instead of `/ws`.", "HTTP 方法不允许；或者连接 aiocqhttp 时用了 `/` 而不是 `/ws`。")
        .fix("Call with GET or POST. A reverse WebSocket to aiocqhttp goes to /ws, /ws/api or /ws/event.", "用 GET 或 POST 调用。反向 WebSocket 连接 aiocqhttp 要用 /ws、/ws/api 或 /ws/event。"),
    of("406").at(Place::Status).with_status(406)
        .cause("The Content-Type of the POST is not supported.", "POST 的 Content-Type 不受支持。")
        .fix("Send application/json or application/x-www-form-urlencoded.", "使用 application/json 或 application/x-www-form-urlencoded。"),
    of("301").at(Place::Status).with_status(301)
        .cause("The address leads elsewhere, mostly to the same one with a slash at its end; many implementations do not follow.", "地址被重定向，多半是末尾差一个斜杠；许多实现不会跟随。")
        .fix("Write the address as the framework expects it, slash included.", "按框架要求写完整地址，包括末尾的斜杠。"),
    of("500").at(Place::Status).with_status(500).remedy(Backoff)
        .cause("The program at the other end broke: aiocqhttp at an unknown `X-Client-Role`, or with no handler at all.", "对端程序出错：aiocqhttp 遇到未知的 `X-Client-Role`，或没有注册任何处理函数。")
        .fix("Look into its log. The role is API, Event or Universal.", "查看它的日志；角色只能是 API、Event 或 Universal。"),
    Explanation::GATEWAY,
    of("400").at(Place::Callback).with_status(400)
        .cause("The framework refused an event: `X-Self-ID` or the JSON content type is missing, or `post_type` is unknown to it.", "框架拒绝了事件：缺少 `X-Self-ID`、Content-Type 不是 JSON，或不认识该 `post_type`。")
        .fix("Post with both headers; update the framework. aiocqhttp 0.0.1 knows no `meta_event`.", "上报时带上这两个请求头，并升级框架；aiocqhttp 0.0.1 不认识 `meta_event`。"),
    of("401").at(Place::Callback).with_status(401)
        .cause("The framework has a secret, and the event has no `X-Signature`; or a reverse WebSocket came without a token.", "框架设置了 secret，而上报没有 `X-Signature`；或反向 WebSocket 没有带 token。")
        .fix("Enter the same secret in the implementation (HTTP POST 的 secret), or the same token.", "在 OneBot 实现里填写相同的 secret（HTTP 上报）或相同的 token。"),
    of("403").at(Place::Callback).with_status(403)
        .cause("The signature of the event or the token of a reverse WebSocket is wrong.", "上报的签名不对，或反向 WebSocket 的 token 不对。")
        .fix("Use the same secret at both ends; it is HMAC-SHA1 over the very bytes of the body: `sha1=` and 40 lower-case hex digits.", "两端使用相同的 secret；签名是对原始请求体做 HMAC-SHA1：`sha1=` 加 40 位小写十六进制。"),
    of("204").at(Place::Callback).with_status(204).remedy(Nothing)
        .cause("The framework took the event and has nothing to do.", "框架已收到事件，没有快速操作。")
        .fix("Nothing to do.", "无需处理。"),
    of("1000").at(Place::Close).remedy(Resubscribe)
        .cause("The WebSocket was closed in order. CQHTTP closes so after the text `authorization failed`; NapCat and LLOneBot after a frame with 1403.", "WebSocket 正常关闭。CQHTTP 在发出 `authorization failed` 后、NapCat 和 LLOneBot 在发出 1403 帧后也会这样关闭。")
        .fix("If it comes before the first event, mend the token; otherwise connect again.", "若在收到第一个事件之前关闭，请检查 token；否则重新连接。"),
    Explanation::NO_ENVELOPE,
];

#[cfg(test)]
mod tests {
    use crate::retcode;

    use super::*;

    #[test]
    fn every_named_return_code_is_explained() {
        for code in [
            retcode::OK,
            retcode::ASYNC,
            retcode::BAD_PARAMETER,
            retcode::NOT_FOUND,
            retcode::FAILED,
            retcode::BAD_REQUEST,
            retcode::UNAUTHORIZED,
            retcode::FORBIDDEN,
            retcode::NO_SUCH_ACTION,
        ] {
            let mut answers = TABLE.iter().filter(|row| row.place == Place::Answer);
            assert!(answers.any(|row| row.number() == Some(code)), "{code}");
        }
    }
}
