//! What the codes mean and what to do about them, in English and Chinese.
//!
//! [`errors`] has the HTTP status of a code and what a caller does about it; here stand
//! its causes and how they are mended. Names of menus are those of the console
//! (<https://console.rongcloud.cn>).

use mynah_core::Remedy::{Backoff, Nothing};
use mynah_core::{Explanation, Place};

use crate::errors;

/// What is known of a code: nothing, or one explanation for each place it is met in.
///
/// ```
/// let found = mynah_rongcloud::explain::explain("1004");
/// assert_eq!(found[0].status, Some(401));
/// assert!(found[0].cause.zh.contains("签名"));
/// ```
pub fn explain(code: &str) -> Vec<Explanation> {
    Explanation::find(all(), code)
}

/// All explanations; codes of the error table first, in its order.
pub fn all() -> impl Iterator<Item = Explanation> + Clone {
    TABLE.iter().map(|row| {
        let known = row.number().and_then(errors::find);
        match known.filter(|_| row.place == Place::Answer) {
            Some(known) => row.with_status(known.status).remedy(known.remedy),
            None => *row,
        }
    })
}

const fn of(code: &'static str) -> Explanation {
    Explanation::of(code)
}

#[rustfmt::skip]
const TABLE: &[Explanation] = &[
    of("200").with_status(200).remedy(Nothing)
        .cause("The call succeeded.", "调用成功。")
        .fix("Nothing to do. SMS: look at `success` as well, a wrong code is answered with 200 and `success` false.", "无需处理。短信验证还要看 `success`：验证码错误时也返回 200，但 `success` 为 false。"),
    of("404").said("Not found.")
        .cause("There is no such path.", "接口路径不存在。")
        .fix("Check the path and the host: SMS calls have a host of their own. `.json` behind the path is understood, `.xml` is not.", "检查路径和域名：短信接口用单独的域名。路径后可带 `.json`，不支持 `.xml`。"),
    of("405")
        .cause("group.join and group.create: the group would have more than 3000 members, and nobody was added. Elsewhere: the path wants another HTTP method.", "group/join、group/create 返回时：群成员将超过 3000 人，一个人都没有加入。其他接口：HTTP 方法不对。")
        .fix("Open another group, or remove members first. Otherwise send a POST; only getImgCode takes a GET.", "另建群，或先移出成员。否则请改用 POST；只有 getImgCode 接受 GET。"),
    of("1000")
        .cause("Something broke inside the platform.", "融云内部错误。")
        .fix("Call again a little later, on the other host of the pair if it stays (`api-b.…`).", "稍后重试；持续出现时改用备用域名（`api-b.…`）。"),
    of("1001")
        .cause("App Key and App Secret do not belong together.", "App Key 与 App Secret 不匹配。")
        .fix("Copy both from the same application and the same environment (开发环境 or 生产环境) of the console.", "在控制台同一应用、同一环境（开发环境或生产环境）下重新复制两者。"),
    of("1002").said("Invalidate App-Key. / … is required. / … is invalid.")
        .cause("A parameter is missing, wrong, out of range, or has too many values; or the App Key is unknown. The words name it.", "参数缺失、不合法、超出范围或个数过多；也可能是 App Key 不存在。提示里会说明。")
        .fix("Compare with `mynah call rongcloud ENDPOINT --help`. Lists are repeated keys (`userId=1&userId=2`), an empty list counts as missing. At `Invalidate App-Key.` copy the App Key anew, of the right data centre.", "用 `mynah call rongcloud 接口名 --help` 核对。列表用重复的键（`userId=1&userId=2`），空列表视为缺失。提示 `Invalidate App-Key.` 时请重新复制 App Key，并确认数据中心正确。"),
    of("1003")
        .cause("The call has no POST data; or the chatroom id is empty or `minute` is wrong.", "没有 POST 数据；或聊天室 id 为空、`minute` 不合法。")
        .fix("Send the parameters in a form body with its Content-Type; `minute` is 1 to 43200.", "把参数放进表单请求体并带上 Content-Type；`minute` 取 1 到 43200。"),
    of("1004").said("Signature verification failed. / 签名错误，请检查。")
        .cause("The signature is wrong, or one of its headers is missing.", "签名错误，或缺少签名相关的请求头。")
        .fix("Sign SHA-1(App Secret + Nonce + Timestamp) in lower-case hex, with exactly the values of the headers. Copy the secret without blanks around it, and not that of another environment; a secret that was reset in the console kills the old one.", "签名是 SHA-1(App Secret + Nonce + Timestamp) 的小写十六进制，三个值须与请求头完全一致。复制 App Secret 时不要带空格，不要用错环境；在控制台重置后旧值立即失效。"),
    of("1005").said("… is too long.")
        .cause("A parameter is too long. The words name it.", "参数过长，提示里会说明是哪个。")
        .fix("Ids take 64 bytes, names 128 bytes, portraitUri 1024 bytes, words 32 characters, content 128 KB. A Chinese character has three bytes.", "id 64 字节、名称 128 字节、portraitUri 1024 字节、敏感词 32 个字符、消息内容 128 KB；一个汉字三字节。"),
    of("1006")
        .cause("The application is locked or was deleted.", "应用已被锁定或删除。")
        .fix("Look at the application in the console: unpaid bills and violations lock it. Otherwise open a ticket (提交工单).", "到控制台查看应用状态：欠费或违规会被锁定；其他情况请提交工单。"),
    of("1007")
        .cause("The call is restricted, or the address it came from is not allowed.", "调用受限，或来源 IP 不在允许范围内。")
        .fix("Add the server's address to the IP allow-list (IP 白名单) of the application in the console, or switch the list off; a changing address needs a proxy with a fixed one.", "在控制台该应用的 IP 白名单中加入服务器的出口 IP，或关闭白名单；出口 IP 不固定时走固定 IP 的代理。"),
    of("1008").said("The call frequency exceeds the limit.")
        .cause("Too many calls: 100 a second by default, 6000 private messages a minute counted by receivers, 20 a second to one group, broadcasts 2 an hour and 3 a day, an SMS once a minute for each number. Broadcasts: also that the service is not enabled.", "调用过于频繁：默认每秒 100 次；单聊每分钟 6000 条（按接收者计）；每个群每秒 20 条；广播每小时 2 次、每天 3 次；短信每个号码每分钟 1 条。广播接口返回时，也可能是未开通广播服务。")
        .fix("Slow down and try again when the second, the minute or the hour is over. For broadcasts, enable the service in the console (应用配置 → IM 服务管理) first.", "降低频率，等这一秒、一分钟或一小时过去再试；广播请先在控制台「应用配置 → IM 服务管理」开通。"),
    of("1009")
        .cause("The service is not enabled for this application. It comes with HTTP 430.", "应用未开通该服务；HTTP 状态码是 430。")
        .fix("Enable it in the console: 应用配置 → IM 服务管理 → the service (message history, broadcast, chatroom allow-list, message route …); some need a paid plan.", "在控制台「应用配置 → IM 服务管理」开通（历史消息日志、广播、聊天室白名单、消息路由等）；有些需要付费版本。"),
    of("1010")
        .cause("SMS: the image check is on and no image code was given. Newer servers: the allow-list is off.", "短信：开启了图片验证码却没有传。新版服务器：白名单功能未开启。")
        .fix("Call sms.get_image_code, show the picture, and pass `verifyId` and `verifyCode`. Otherwise switch the allow-list on in the console.", "先调用 sms.get_image_code 显示图片，再传 `verifyId` 和 `verifyCode`；否则在控制台开启白名单。"),
    of("1011")
        .cause("SMS: no credit is left. Newer servers: the block-list is off.", "短信余额不足。新版服务器：黑名单功能未开启。")
        .fix("Top up in the console, or switch the block-list on there.", "在控制台充值，或开启黑名单功能。"),
    of("1012")
        .cause("SMS: the image code is wrong.", "短信：图片验证码错误。")
        .fix("Fetch a new picture and let the person type it again.", "重新获取图片，请用户再输入一次。"),
    of("1013")
        .cause("SMS: the channel to the carrier is unavailable.", "短信：通道不可用。")
        .fix("Try again later; open a ticket if it stays.", "稍后再试；持续出现请提交工单。"),
    of("1014")
        .cause("SMS: the code was verified already.", "短信：该验证码已验证过。")
        .fix("Send a new code; each session is good for one success.", "重新发送验证码；每个 sessionId 只能成功一次。"),
    of("1015")
        .cause("What is to be deleted does not exist, such as a keep-alive of a chatroom. It comes in an HTTP 200.", "要删除的内容不存在，例如聊天室没有保活；它在 HTTP 200 里返回。")
        .fix("Nothing: it is gone already. Decide by `code`, not by the HTTP status.", "无需处理，本来就不存在。请按 `code` 判断，不要只看 HTTP 状态码。"),
    of("1016")
        .cause("Too many chatrooms are kept alive.", "保活的聊天室过多。")
        .fix("Release some with chatroom.keepalive.remove, or ask for a larger quota with a ticket.", "用 chatroom/keepalive/remove 释放一些，或提交工单提高配额。"),
    of("1017")
        .cause("The version of the RTC SDK is not supported.", "RTC SDK 版本不受支持。")
        .fix("Upgrade the SDK in the app.", "升级客户端的 RTC SDK。"),
    of("1018")
        .cause("RTC is not enabled for this application.", "应用未开通音视频服务。")
        .fix("Enable it in the console: 服务管理 → 音视频.", "在控制台「服务管理 → 音视频」开通。"),
    of("1019").said("The number of sensitive words exceeds the limit.")
        .cause("The list of sensitive words is full; 50 by default.", "敏感词数量已满，默认 50 个。")
        .fix("Delete words that are no longer needed, or ask for a larger quota.", "删除不再需要的词，或申请提高上限。"),
    of("1050")
        .cause("The platform did not finish in time.", "融云内部超时。")
        .fix("Try again a little later. A message may have been sent all the same: look before repeating.", "稍后重试。消息可能其实已经发出，重发前请先确认。"),
    of("1501").at(Place::Library)
        .cause("An SDK of RongCloud found a parameter of the wrong type and sent nothing.", "融云 SDK 发现参数类型不对，没有发出请求。")
        .fix("Pass the type that the method documents.", "按方法文档传入正确的类型。"),
    of("1502").at(Place::Library)
        .cause("An SDK of RongCloud found too many members in a list and sent nothing.", "融云 SDK 发现列表个数超限，没有发出请求。")
        .fix("Split the list.", "拆分列表，分批调用。"),
    of("1508").at(Place::Library)
        .cause("An SDK of RongCloud found the body to be 100 KB or longer and sent nothing.", "融云 SDK 发现请求体达到或超过 100 KB，没有发出请求。")
        .fix("Send fewer receivers or shorter content at once.", "减少每次的接收者或缩短内容。"),
    of("2007")
        .cause("The development environment has its 100 registered users already.", "开发环境的注册用户已满 100 个。")
        .fix("Reuse user ids while developing, delete test users in the console (only the development environment has that), or move to the production environment (生产环境).", "开发时复用已有的用户 id，在控制台删除不用的测试用户（仅限开发环境），或切换到生产环境。"),

    of("405").at(Place::App)
        .cause("The receiver has the sender on the blacklist.", "发送者在接收者的黑名单里。")
        .fix("Remove the sender with user.blacklist.remove. Messages of the server pass unless `verifyBlacklist` is 1.", "用 user/blacklist/remove 移出黑名单。服务端发的消息不受限制，除非 `verifyBlacklist` 为 1。"),
    of("20604").at(Place::App)
        .cause("The person's app sends too fast.", "客户端发送过于频繁。")
        .fix("Let the app wait a moment between messages.", "让客户端隔一会儿再发。"),
    of("21406").at(Place::App)
        .cause("The person is not in this discussion.", "用户不在该讨论组中。")
        .fix("Discussions are no longer developed: use a group.", "讨论组已不再维护，请改用群组。"),
    of("22406").at(Place::App)
        .cause("The person is not in this group.", "用户不在该群组中。")
        .fix("Add them with group.join.", "用 group/join 加入群组。"),
    of("22408").at(Place::App)
        .cause("The person is muted in this group, or the whole group is.", "用户在群组中被禁言，或全群禁言。")
        .fix("Lift it with group.user.gag.rollback, or group.ban.rollback for the whole group.", "用 group/user/gag/rollback 解除个人禁言，全群禁言用 group/ban/rollback。"),
    of("23406").at(Place::App)
        .cause("The person is not in this chatroom; those who are offline for long are removed.", "用户不在该聊天室中；长时间离线会被移出。")
        .fix("Let the app join again before it sends.", "让客户端重新加入后再发送。"),
    of("23408").at(Place::App)
        .cause("The person is muted in this chatroom.", "用户在聊天室中被禁言。")
        .fix("Lift it with chatroom.user.gag.rollback.", "用 chatroom/user/gag/rollback 解除。"),
    of("23409").at(Place::App).with_status(403)
        .cause("The person was removed from this chatroom and is banned. In the sandbox also the answer of chatroom.join, when one of the list is banned: nobody joins then.", "用户已被踢出并封禁。沙盒的 chatroom/join 在列表里有被封禁者时也返回它，此时谁都没有加入。")
        .fix("Lift the ban with chatroom.user.block.rollback, then join again.", "用 chatroom/user/block/rollback 解除封禁，再重新加入。"),
    of("23410").at(Place::App)
        .cause("There is no such chatroom; rooms with nobody and nothing in them for an hour are destroyed.", "聊天室不存在；一小时无人无消息会自动销毁。")
        .fix("Create it again with chatroom.create, and keep it with chatroom.keepalive.add.", "用 chatroom/create 重新创建，并用 chatroom/keepalive/add 保活。"),
    of("-1").at(Place::Library).remedy(Backoff)
        .cause("The Python SDK 3 could not reach the server.", "Python SDK 3 无法连接服务器。")
        .fix("Check network, proxy and host: `mynah doctor`.", "检查网络、代理和域名：`mynah doctor`。"),
    of("20000").at(Place::Library)
        .cause("A check of RongCloud's SDKs for Java, Python and Node failed; nothing was sent.", "融云 Java、Python、Node SDK 的本地校验未通过，没有发出请求。")
        .fix("Read the words beside it; they name the parameter.", "看同时返回的文字，会指出参数。"),
    of("20001").at(Place::Library)
        .cause("An SDK found a parameter of the wrong type.", "SDK 发现参数类型不对。")
        .fix("Pass the type that the words name.", "按提示传入正确的类型。"),
    of("20002").at(Place::Library)
        .cause("An SDK found too few or too many members in a list.", "SDK 发现列表个数超出范围。")
        .fix("Split the list within the bounds that the words name.", "按提示的范围拆分列表。"),
    of("20003").at(Place::Library)
        .cause("An SDK found a parameter too short or too long.", "SDK 发现参数长度超出范围。")
        .fix("Shorten it within the bounds that the words name; they count bytes.", "按提示的范围缩短，单位是字节。"),
    of("20004").at(Place::Library)
        .cause("An SDK found a number out of range, mostly `minute`.", "SDK 发现数值超出范围，多为 `minute`。")
        .fix("`minute` is 1 to 43200 (30 days).", "`minute` 取 1 到 43200（30 天）。"),
    of("20005").at(Place::Library)
        .cause("An SDK found a required parameter missing.", "SDK 发现缺少必传参数。")
        .fix("Fill in what the words name.", "补上提示的参数。"),
    of("20006").at(Place::Library)
        .cause("A check of RongCloud's SDKs failed; nothing was sent.", "融云 SDK 的本地校验未通过，没有发出请求。")
        .fix("Read the words beside it; they name the parameter.", "看同时返回的文字，会指出参数。"),
    of("20007").at(Place::Library)
        .cause("An SDK found that an address is no URL.", "SDK 发现地址不是合法的 URL。")
        .fix("Write it with http:// or https://.", "写成带 http:// 或 https:// 的完整地址。"),
    of("401").at(Place::Callback).with_status(401)
        .cause("Mynah's receiver, or the sandbox's, refused a callback: App Key, signature or age is wrong.", "Mynah 的接收端拒绝了回调：App Key、签名或时间不对。")
        .fix("Give the receiver the App Secret of the same application and environment. Only the parameters of the address are signed, not those of the body.", "接收端要用同一应用、同一环境的 App Secret；签名只看 URL 里的参数，不看请求体。"),
    of("400").at(Place::Callback).with_status(400)
        .cause("A receiver in the manner of RongCloud's own demo (SealTalk) refused a callback, for its signature.", "仿照融云官方示例（SealTalk）的接收端因签名不对拒绝了回调。")
        .fix("As with 401: compare App Key and App Secret, and read the parameters from the address.", "同 401：核对 App Key 和 App Secret，并从 URL 读取参数。"),
    Explanation::GATEWAY,
    Explanation::NO_ENVELOPE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_name_the_same_codes() {
        let places = [Place::Answer, Place::Library];
        for known in errors::all() {
            let mut rows = TABLE.iter().filter(|row| places.contains(&row.place));
            let found = rows.any(|row| row.number() == Some(known.code));
            assert!(found, "{} is not explained", known.code);
        }
        let answers = TABLE.iter().filter(|row| row.place == Place::Answer);
        for row in answers.skip(1) {
            let known = row.number().and_then(errors::find);
            assert!(known.is_some(), "{} is in no table", row.code);
        }
    }
}
