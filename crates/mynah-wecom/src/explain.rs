//! What the codes mean and what to do about them, in English and Chinese.
//!
//! [`errors`] has the words of a code and what a caller does about it; here stand its
//! causes and how they are mended. Names of menus are those of the administration console
//! (<https://work.weixin.qq.com/wework_admin>) and of the members' apps.

use mynah_core::Remedy::{Backoff, Resubscribe};
use mynah_core::{Explanation, Place};

use crate::errors;

/// What is known of a code: nothing, or one explanation for each place it is met in.
///
/// ```
/// let found = mynah_wecom::explain::explain("60020");
/// assert_eq!(found[0].words, "not allow to access from your ip");
/// assert!(found[0].fix.zh.contains("企业可信IP"));
/// ```
pub fn explain(code: &str) -> Vec<Explanation> {
    Explanation::find(all(), code)
}

/// All explanations; codes of the error table first, in its order.
pub fn all() -> impl Iterator<Item = Explanation> + Clone {
    TABLE.iter().map(|row| {
        let known = row.number().and_then(errors::find);
        match known.filter(|_| row.place == Place::Answer) {
            Some(known) => row.said(known.text.trim_end()).remedy(known.remedy),
            None => *row,
        }
    })
}

const fn of(code: &'static str) -> Explanation {
    Explanation::of(code)
}

#[rustfmt::skip]
const TABLE: &[Explanation] = &[
    of("-1")
        .cause("The platform is busy.", "企业微信的服务繁忙。")
        .fix("Wait a second and call again; at most three times.", "等一秒再调用，最多重试三次。"),
    of("0")
        .cause("The call succeeded.", "调用成功。")
        .fix("Look at the rest of the answer all the same: `invaliduser` and its like name receivers that were not reached.", "仍要看返回的其他字段：`invaliduser` 等会列出没有送达的接收者。"),
    of("40001")
        .cause("From gettoken: the secret does not belong to this corp id, or the application is disabled. From any other call: the token is no longer accepted.", "gettoken 返回：Secret 与企业 ID 不匹配，或应用已停用。其他接口返回：access_token 已失效。")
        .fix("Copy the secret of exactly this application anew: administration console → 应用管理 → the application → Secret, and the corp id from 我的企业 → 企业信息 → 企业ID. A secret that was reset kills the old one at once.", "重新复制本应用的凭证：管理后台 → 应用管理 → 该应用 → Secret；企业 ID 在「我的企业 → 企业信息 → 企业ID」。重置 Secret 后旧值立即失效。"),
    of("40003")
        .cause("The user id is malformed, or nobody in the directory has it.", "UserID 格式不对，或通讯录里没有这个成员。")
        .fix("Use the account (账号) of the member from 通讯录 → the member, not the name, the mobile number or an open_userid; 1 to 64 of letters, digits and `_-@.`.", "使用「通讯录 → 成员详情 → 账号」，不是姓名、手机号或 open_userid；1 到 64 个字母、数字或 `_-@.`。"),
    of("40004")
        .cause("The platform does not take files of this kind here.", "此处不接受这种媒体文件。")
        .fix("Send pictures as JPG or PNG, voice as AMR, video as MP4; anything else as `file`.", "图片用 JPG 或 PNG，语音用 AMR，视频用 MP4；其他都用 `file` 类型上传。"),
    of("40005")
        .cause("The parameter `type` has a value that is not allowed.", "参数 `type` 的取值不在允许范围内。")
        .fix("media.upload takes image, voice, video or file; webhook.upload_media takes file or voice.", "media/upload 只接受 image、voice、video、file；webhook/upload_media 只接受 file、voice。"),
    of("40006")
        .cause("The size of the file is not allowed; 5 bytes or fewer are refused too.", "文件大小不合法；不超过 5 字节的文件也会被拒绝。")
        .fix("Check that the file is not empty, and the limits: image 10 MB, voice 2 MB, video 10 MB, file 20 MB.", "确认文件不是空的，并核对上限：图片 10 MB、语音 2 MB、视频 10 MB、文件 20 MB。"),
    of("40007")
        .cause("The media id is unknown, older than three days, of another type, or was uploaded by another group robot.", "media_id 不存在、已过三天有效期、类型不符，或是别的群机器人上传的。")
        .fix("Upload the file again and use the new id. A group robot takes only ids from webhook.upload_media with its own key.", "重新上传并使用新的 media_id。群机器人只能用同一个 key 通过 webhook/upload_media 上传得到的 id。"),
    of("40008")
        .cause("`msgtype` is missing, or this call does not know it.", "缺少 `msgtype`，或该接口不支持这种类型。")
        .fix("Set `msgtype` to a type of this very call; appchat.send, message.send and webhook.send differ. If the words begin with `Warning: wrong json format`, mend the JSON first.", "把 `msgtype` 设为该接口支持的类型；appchat/send、message/send、webhook/send 各不相同。若提示以 `Warning: wrong json format` 开头，先修正 JSON。"),
    of("40009")
        .cause("The picture is too large.", "图片过大。")
        .fix("Shrink it to at most 10 MB (2 MB for a group robot or media.uploadimg).", "压缩到 10 MB 以内（群机器人和 media/uploadimg 为 2 MB）。"),
    of("40011")
        .cause("The video is too large.", "视频过大。")
        .fix("Shrink it to at most 10 MB, or send it as a file of up to 20 MB.", "压缩到 10 MB 以内，或作为文件发送（上限 20 MB）。"),
    of("40013")
        .cause("There is no such corp id.", "企业 ID 不正确。")
        .fix("Copy it from 我的企业 → 企业信息 → 企业ID (it begins with `ww` or `wx`), without blanks.", "在「我的企业 → 企业信息 → 企业ID」复制（以 `ww` 或 `wx` 开头），不要带空格。"),
    of("40014")
        .cause("The platform does not recognise the token: it has expired, was replaced, or belongs to another corp.", "access_token 无法识别：已过期、已被新的替换，或属于别的企业。")
        .fix("Fetch a new token with gettoken and call once more. If it comes back at once, several programs share a cache wrongly: keep tokens by corp id and secret.", "用 gettoken 重新获取后再调用一次。若马上又出现，多半是多个程序共用缓存出错：请按「企业 ID + Secret」分别缓存。"),
    of("40031")
        .cause("The list of user ids is misspelt, or holds members that the application does not see.", "UserID 列表有误，或含有应用可见范围之外的成员。")
        .fix("Check each id against 通讯录, and widen 应用管理 → the application → 可见范围.", "逐个核对通讯录，并在「应用管理 → 该应用 → 可见范围」加入这些成员。"),
    of("40032")
        .cause("The list of user ids is too long.", "UserID 列表过长。")
        .fix("Split it: at most 1000 for message.send, 200 for user.batchdelete.", "分批调用：message/send 每次最多 1000 个，user/batchdelete 每次最多 200 个。"),
    of("40033")
        .cause("The request holds characters that are not allowed.", "请求里有不允许的字符。")
        .fix("Send raw UTF-8 instead of `\\uXXXX` escapes, and drop control characters.", "直接发送 UTF-8 原文，不要用 `\\uXXXX` 转义，并去掉控制字符。"),
    of("40035")
        .cause("A parameter is invalid.", "参数不合法。")
        .fix("Compare names, types and lengths with `mynah call wecom ENDPOINT --help`.", "用 `mynah call wecom 接口名 --help` 核对参数名、类型和长度。"),
    of("40050")
        .cause("There is no group with this chat id.", "群聊不存在。")
        .fix("Use the `chatid` that appchat.create answered; groups made by hand in the app have none that the API takes. 86003 means the same.", "使用 appchat/create 返回的 `chatid`；在客户端手工建的群没有可用的 chatid。与 86003 含义相同。"),
    of("40056")
        .cause("The agent id is no integer, or there is no such application.", "AgentId 不是整数，或没有这个应用。")
        .fix("Copy 应用管理 → the application → AgentId and pass it as a number.", "复制「应用管理 → 该应用 → AgentId」，以数字传入。"),
    of("40057")
        .cause("The platform refuses the callback URL.", "回调 URL 不被接受。")
        .fix("Use an http or https address that is reachable from the internet, on a domain of the corp's own subject; `mynah doctor --callback URL` plays the platform's check.", "使用公网可访问的 http/https 地址，域名主体须与企业一致；可用 `mynah doctor --callback 地址` 模拟校验。"),
    of("40058")
        .cause("A parameter is invalid: broken JSON, a value or a list that is too long, a wrong type, or a missing field. The words name it.", "参数不合法：JSON 损坏、内容或数组过长、类型不对，或缺少字段。错误信息里会点名。")
        .fix("Read the words: `markdown.content exceed max length 4096` and the like give field and limit (bytes, a Chinese character has three). Shorten or split there. A `response_code` that was used already is refused in the same way.", "看提示：如 `markdown.content exceed max length 4096` 会给出字段和上限（按字节，一个汉字三字节），据此缩短或拆分。已用过的 `response_code` 也会这样被拒绝。"),
    of("40063")
        .cause("A required parameter is missing or empty.", "必填参数缺失或为空。")
        .fix("Fill it in; `mynah call wecom ENDPOINT --help` marks what is required. For messages, the object named like `msgtype` must be there.", "补齐必填项，`mynah call wecom 接口名 --help` 会标出。发消息时必须带有与 `msgtype` 同名的对象。"),
    of("40066")
        .cause("The list of departments is empty, or names one that does not exist.", "部门列表为空，或含有不存在的部门。")
        .fix("Take the ids from department.list, and join them with `|` for message.send.", "用 department/list 查部门 id；message/send 中用 `|` 连接。"),
    of("40068")
        .cause("The tag id is missing or unknown.", "标签 ID 缺失或不存在。")
        .fix("Take it from tag.list, or 通讯录 → 标签.", "用 tag/list 查询，或看「通讯录 → 标签」。"),
    of("40070")
        .cause("None of the members and departments given for the tag is valid.", "要加入标签的成员和部门全部无效。")
        .fix("Check user ids and department ids, and that the application may see them (可见范围).", "核对 UserID、部门 id，并确认它们在应用的可见范围内。"),
    of("40074")
        .cause("News cannot be sent as confidential.", "图文消息不能设为保密消息。")
        .fix("Send `news` with `safe` 0, or use `mpnews`, which may be confidential.", "`news` 请把 `safe` 设为 0；需要保密请用 `mpnews`。"),
    of("40091")
        .cause("The secret is invalid; older deployments say so instead of 40001.", "Secret 不合法；较早的部署用它代替 40001。")
        .fix("Copy the secret of this application anew: 应用管理 → the application → Secret.", "重新复制：应用管理 → 该应用 → Secret。"),
    of("40123")
        .cause("What was uploaded as a picture is none.", "上传的图片不是有效的图片。")
        .fix("Upload real JPG or PNG bytes; a renamed file or a page of HTML is no picture.", "上传真正的 JPG 或 PNG 内容；改了扩展名的文件或 HTML 页面都不行。"),
    of("40206")
        .cause("The request body is too large.", "请求体过大。")
        .fix("Shorten the message, or upload media first and send its `media_id`.", "缩短消息；媒体先上传，再发送 `media_id`。"),
    of("41001")
        .cause("The call has no `access_token` in its query, or an empty one.", "请求的查询串里没有 `access_token`，或为空。")
        .fix("Append `?access_token=…` to the address. Often gettoken failed before and nobody looked: check its answer.", "在地址后加 `?access_token=…`。常见原因是之前 gettoken 已经失败却没有检查，请先看它的返回。"),
    of("41002")
        .cause("The call names no corp.", "缺少企业 ID。")
        .fix("Pass `corpid`: 我的企业 → 企业信息 → 企业ID.", "传入 `corpid`：我的企业 → 企业信息 → 企业ID。"),
    of("41004")
        .cause("The call has no secret.", "缺少 Secret。")
        .fix("Pass `corpsecret`: 应用管理 → the application → Secret. An empty environment variable looks the same.", "传入 `corpsecret`：应用管理 → 该应用 → Secret。环境变量为空时也会如此。"),
    of("41006")
        .cause("`media_id` is missing.", "缺少 `media_id`。")
        .fix("Upload the file with media.upload and pass the id it answers (`thumb_media_id` for mpnews).", "先用 media/upload 上传，再传入返回的 id（mpnews 为 `thumb_media_id`）。"),
    of("41009")
        .cause("`userid` is missing.", "缺少 `userid`。")
        .fix("Pass the account of the member: 通讯录 → the member → 账号.", "传入成员账号：通讯录 → 成员 → 账号。"),
    of("41010")
        .cause("`url` is missing.", "缺少 `url`。")
        .fix("Give the text card or the article an address to open.", "为文本卡片或图文填写跳转地址。"),
    of("41011")
        .cause("`agentid` is missing.", "缺少 `agentid`。")
        .fix("Pass the AgentId of the application whose token you use: 应用管理 → the application.", "传入 token 所属应用的 AgentId：应用管理 → 该应用。"),
    of("41016")
        .cause("The title of an article or card is missing.", "缺少标题。")
        .fix("Give every article and the text card a `title`.", "每篇图文和文本卡片都要有 `title`。"),
    of("41033")
        .cause("The description of the text card is missing.", "文本卡片缺少描述。")
        .fix("Fill in `textcard.description`.", "填写 `textcard.description`。"),
    of("42001")
        .cause("The token has expired; it lives two hours.", "access_token 已过期，有效期两小时。")
        .fix("Fetch a new one with gettoken and call once more; Mynah's client does so by itself.", "用 gettoken 重新获取后再调用一次；Mynah 的客户端会自动处理。"),
    of("42014")
        .cause("The `task_id` of the card is malformed.", "任务卡片的 task_id 不合法。")
        .fix("Use up to 128 bytes of letters, digits and `_-@`, different for every card of the application.", "使用不超过 128 字节的字母、数字或 `_-@`，同一应用内不重复。"),
    of("42015")
        .cause("The card with this `task_id` belongs to another application.", "该 task_id 的卡片属于其他应用。")
        .fix("Update it with the token and the agent id of the application that sent it.", "用发送它的应用的 token 和 AgentId 来更新。"),
    of("42016")
        .cause("There is no card with this `task_id`.", "task_id 不存在。")
        .fix("Pass the `task_id` of the card that was sent, unchanged.", "原样传入发送卡片时的 `task_id`。"),
    of("42052")
        .cause("The message is older than 24 hours and can no longer be recalled.", "消息已超过 24 小时，不能再撤回。")
        .fix("Recall within 24 hours; afterwards send a correction.", "请在 24 小时内撤回；超时只能另发一条更正。"),
    of("44001")
        .cause("The upload has no file in it, or an empty one.", "上传请求里没有文件，或文件为空。")
        .fix("Send multipart/form-data with a part `media` that has a file name and content.", "用 multipart/form-data 上传，`media` 部分要有文件名和内容。"),
    of("44004")
        .cause("The content of the message is missing or empty.", "消息内容缺失或为空。")
        .fix("Fill in `content` of the object that is named like `msgtype`; blank text is refused as well.", "填写与 `msgtype` 同名对象里的 `content`，空文本也会被拒绝。"),
    of("45001")
        .cause("The file is too large.", "媒体文件过大。")
        .fix("At most 2 MB for voice and 20 MB for files.", "语音不超过 2 MB，文件不超过 20 MB。"),
    of("45002")
        .cause("The content of the message is too long.", "消息内容过长。")
        .fix("Split it; text takes 2048 bytes, an mpnews article 666 K bytes.", "拆成多条：文本 2048 字节，mpnews 正文 666 K 字节。"),
    of("45007")
        .cause("The voice message is longer than 60 seconds.", "语音超过 60 秒。")
        .fix("Cut it to 60 seconds, or send it as a file.", "剪到 60 秒以内，或作为文件发送。"),
    of("45008")
        .cause("There are more than 8 articles.", "图文超过 8 篇。")
        .fix("Send at most 8 in one message.", "一条消息最多 8 篇，超出请分条发送。"),
    of("45009")
        .cause("Too many calls: of this interface (10,000 a minute for the corp), of a group robot (20 messages a minute), or of gettoken with a wrong secret.", "调用过于频繁：接口（企业每分钟 1 万次）、群机器人（每分钟 20 条），或用错误的 Secret 反复调用 gettoken。")
        .fix("Stop calling until the window has passed: a minute, an hour, or until midnight. Keep tokens for their two hours instead of fetching one per call, and join messages of a group robot.", "停止调用，等统计窗口过去：一分钟、一小时或到零点。access_token 要缓存两小时，不要每次都取；群机器人的消息请合并发送。"),
    of("45033")
        .cause("Too many calls for the same thing at the same time.", "对同一资源的并发调用过多。")
        .fix("Let calls for one media id or group wait for each other, and try again a moment later.", "让同一 media_id 或同一群的调用排队，稍后再试。"),
    of("45034")
        .cause("The `url` does not begin with http:// or https://.", "`url` 没有以 http:// 或 https:// 开头。")
        .fix("Write the address with its scheme.", "把地址写完整，带上协议头。"),
    of("46004")
        .cause("There is no such member.", "成员不存在。")
        .fix("Check the user id; for user.getuserid, that the mobile number is the one in the directory.", "核对 UserID；用手机号换取时，确认它就是通讯录里的号码。"),
    of("48001")
        .cause("The application is not authorised for this interface.", "应用没有该接口的权限。")
        .fix("In 应用管理 → the application, grant the permission it needs; some interfaces are only for the secret of their own tool, such as 管理工具 → 通讯录同步.", "在「应用管理 → 该应用」开通所需权限；有些接口只能用专门的 Secret，例如「管理工具 → 通讯录同步」。"),
    of("48002")
        .cause("This token may not call this interface: the secret it was made with is of the wrong kind.", "该 token 无权调用此接口：换取它的 Secret 类型不对。")
        .fix("Writing to the directory needs the secret of 管理工具 → 通讯录同步; group chats need an application of the corp's own.", "写通讯录要用「管理工具 → 通讯录同步」的 Secret；群聊接口要用企业自建应用的 Secret。"),
    of("50001")
        .cause("The redirect address of the OAuth login is not registered.", "OAuth 登录的 redirect_uri 未登记。")
        .fix("Enter its domain at 应用管理 → the application → 网页授权及JS-SDK → 可信域名.", "在「应用管理 → 该应用 → 网页授权及JS-SDK → 可信域名」填写该域名。"),
    of("50002")
        .cause("The member is outside of what the application may see.", "成员不在应用的权限范围内。")
        .fix("Add the member at 应用管理 → the application → 可见范围.", "在「应用管理 → 该应用 → 可见范围」加入该成员。"),
    of("50003")
        .cause("The application is disabled.", "应用已停用。")
        .fix("Enable it at 应用管理 → the application.", "在「应用管理 → 该应用」中重新启用。"),
    of("60001")
        .cause("The name of the department is empty or longer than 32 characters.", "部门名称为空，或超过 32 个字符。")
        .fix("Give it 1 to 32 characters, without `\\:*?\"<>|`.", "使用 1 到 32 个字符，不含 `\\:*?\"<>|`。"),
    of("60003")
        .cause("There is no such department.", "部门不存在。")
        .fix("Take the id from department.list; the root is 1.", "用 department/list 查询 id，根部门为 1。"),
    of("60004")
        .cause("The parent department does not exist.", "父部门不存在。")
        .fix("Create the parent first, or pass an existing `parentid`.", "先创建父部门，或传入已有的 `parentid`。"),
    of("60005")
        .cause("The department still has members.", "部门下还有成员。")
        .fix("Move or remove its members, then delete it.", "先移走或删除成员，再删除部门。"),
    of("60006")
        .cause("The department still has departments below it.", "部门下还有子部门。")
        .fix("Delete from the bottom to the top.", "从最底层开始删除。"),
    of("60008")
        .cause("The department's id or name exists already.", "部门 ID 或名称已存在。")
        .fix("Choose another name below this parent, or leave out `id`.", "在同一父部门下换个名称，或不传 `id`。"),
    of("60011")
        .cause("The application has no permission for the member, department or tag. From appchat.*: the application's visible scope is not the whole corp.", "应用对该成员、部门或标签没有权限。appchat 接口返回时：应用的可见范围不是全公司。")
        .fix("Group chats are only for applications of the corp's own that the root department sees: set 应用管理 → the application → 可见范围 to the whole corp. Elsewhere, add the member, department or tag there.", "群聊接口只对可见范围为根部门的自建应用开放：把「应用管理 → 该应用 → 可见范围」设为全公司。其他接口则把相应成员、部门或标签加入可见范围。"),
    of("60020")
        .cause("The call came from an address that the application does not trust. The words name it behind `from ip:`.", "发起调用的 IP 不在应用的可信名单里，错误信息的 `from ip:` 后面就是这个 IP。")
        .fix("Add that address to the trusted addresses: 应用管理 → the application → 企业可信IP. The console wants a trusted domain (可信域名) or a callback URL (接收消息) set first. A changing address needs a proxy with a fixed one: `proxy` in mynah.toml.", "把该 IP 加入「应用管理 → 该应用 → 企业可信IP」；后台要求先设置可信域名或接收消息服务器 URL。出口 IP 不固定时，通过固定 IP 的代理调用（mynah.toml 里的 `proxy`）。"),
    of("60021")
        .cause("The user is outside the visible scope of the application.", "成员不在应用的可见范围内。")
        .fix("Add the member or their department at 应用管理 → the application → 可见范围.", "在「应用管理 → 该应用 → 可见范围」加入该成员或其部门。"),
    of("60102")
        .cause("The user id exists already; letters of either case count as the same.", "UserID 已存在；不区分大小写。")
        .fix("Choose another id, or call user.update.", "换一个 UserID，或改用 user/update。"),
    of("60111")
        .cause("There is no member with this user id.", "UserID 不存在。")
        .fix("Check it against 通讯录 → the member → 账号, and that the application sees the member.", "核对「通讯录 → 成员 → 账号」，并确认该成员在应用可见范围内。"),
    of("60112")
        .cause("The member's name is empty or longer than 64 characters.", "成员姓名为空，或超过 64 个字符。")
        .fix("Give it 1 to 64 characters.", "使用 1 到 64 个字符。"),
    of("60123")
        .cause("The department id is not in the directory.", "部门 ID 不在通讯录中。")
        .fix("Take the ids from department.list.", "用 department/list 查询部门 id。"),
    of("60208")
        .cause("Third-party applications may not send to everybody, to departments or to tags.", "第三方应用不能使用 @all、toparty 或 totag。")
        .fix("List the receivers in `touser`.", "在 `touser` 中逐个列出接收者。"),
    of("81013")
        .cause("None of the receivers exists, or the application sees none of them. The answer lists them in `invaliduser`, `invalidparty`, `invalidtag`.", "接收者全部不存在，或都不在应用可见范围内；返回的 `invaliduser`、`invalidparty`、`invalidtag` 会列出。")
        .fix("Compare the ids with 通讯录; do not put a user id into `toparty`. Add the people at 应用管理 → the application → 可见范围. Members of a linked corp (互联企业) need linkedcorp/message/send.", "核对通讯录；不要把 UserID 填进 `toparty`。在「应用管理 → 该应用 → 可见范围」加入接收者。互联企业的成员要用 linkedcorp/message/send。"),
    of("82001")
        .cause("The message has no receiver.", "没有指定接收者。")
        .fix("Fill in at least one of `touser`, `toparty` and `totag`.", "`touser`、`toparty`、`totag` 至少填一个。"),
    of("82002")
        .cause("More than 100 departments were given.", "部门超过 100 个。")
        .fix("Send in batches of at most 100.", "每次最多 100 个，分批发送。"),
    of("82003")
        .cause("More than 100 tags were given.", "标签超过 100 个。")
        .fix("Send in batches of at most 100.", "每次最多 100 个，分批发送。"),
    of("86001")
        .cause("The chat id is malformed.", "chatid 不合法。")
        .fix("Use 1 to 32 of `0-9a-zA-Z`, or leave it out and take the one that is answered.", "使用 1 到 32 个 `0-9a-zA-Z`，或不传而用返回的 chatid。"),
    of("86003")
        .cause("There is no group with this chat id.", "群聊不存在。")
        .fix("Use the `chatid` that appchat.create of this corp answered; groups made in the app by hand are not reachable through it.", "使用本企业 appchat/create 返回的 `chatid`；客户端手工建的群不能用此接口。"),
    of("86004")
        .cause("The name of the group is invalid.", "群名不合法。")
        .fix("Use up to 50 characters of ordinary text.", "使用不超过 50 个字符的普通文字。"),
    of("86005")
        .cause("The owner is not in the directory.", "群主不在通讯录中。")
        .fix("Pass the account of a member that the application sees.", "传入应用可见范围内某个成员的账号。"),
    of("86006")
        .cause("A group has 2 to 2000 different members; fewer or more were left. Bots do not count.", "群成员必须是 2 到 2000 个不同的人；应用自己不算。")
        .fix("Name 2 to 2000 different people in `userlist`; your administrator may have set a lower maximum.", "`userlist` 里写 2 到 2000 个不同的人；管理员可能设置了更低的上限。"),
    of("86007")
        .cause("A member is not in the directory.", "群成员不在通讯录中。")
        .fix("Check each id of `userlist`; external contacts cannot be members.", "逐个核对 `userlist`；外部联系人不能加入此类群。"),
    of("86008")
        .cause("The group was created by another application.", "该群由别的应用创建。")
        .fix("Use the token of the application that created it, or create a group of your own.", "使用创建该群的应用的 token，或另建一个群。"),
    of("86101")
        .cause("Only the owner of the group may do this.", "只有群主可以这样做。")
        .fix("Do it as the owner, or hand the group over with appchat.update first.", "以群主身份操作，或先用 appchat/update 转让群主。"),
    of("86201")
        .cause("`chatid` is missing.", "缺少 `chatid`。")
        .fix("Pass the `chatid` that appchat.create answered.", "传入 appchat/create 返回的 `chatid`。"),
    of("86202")
        .cause("The name of the group is missing.", "缺少群名。")
        .fix("Pass `name`, up to 50 characters.", "传入 `name`，不超过 50 个字符。"),
    of("86203")
        .cause("The owner is missing. appchat.update: the present owner is to be removed and no new one is named.", "缺少群主。appchat/update 返回时：要移除现任群主却没有指定新群主。")
        .fix("Pass `owner`, one of the members that remain.", "传入 `owner`，须是留在群里的成员。"),
    of("86204")
        .cause("The members are missing.", "缺少群成员。")
        .fix("Pass `userlist` with at least two user ids.", "传入 `userlist`，至少两个 UserID。"),
    of("86205")
        .cause("The chat id is longer than 32 characters.", "chatid 超过 32 个字符。")
        .fix("Shorten it to 32 of `0-9a-zA-Z`.", "缩短到 32 个 `0-9a-zA-Z` 以内。"),
    of("86206")
        .cause("The chat id is a number that is too large.", "数字形式的 chatid 过大。")
        .fix("Put a letter in front, or choose a smaller number.", "在前面加一个字母，或改用更小的数字。"),
    of("86207")
        .cause("The owner is not one of the members.", "群主不在成员列表中。")
        .fix("Add the owner to `userlist`; when updating, name somebody who is a member after the change.", "把群主也写进 `userlist`；更新时新群主须是变更后的成员。"),
    of("86215")
        .cause("The corp has a group with this chat id already.", "该 chatid 在企业内已存在。")
        .fix("Choose another one, or leave it out; the group there is may be read with appchat.get.", "换一个 chatid，或不传；已有的群可用 appchat/get 查看。"),
    of("86216")
        .cause("A member to add is not in the directory, or one to delete is not in the group.", "要添加的人不在通讯录中，或要移除的人不在群里。")
        .fix("Read the members with appchat.get and correct `add_user_list` and `del_user_list`.", "用 appchat/get 查看成员，修正 `add_user_list` 和 `del_user_list`。"),
    of("86217")
        .cause("The sender is no member of the group.", "发送者不在群里。")
        .fix("Add the sender to the group, or send as a member.", "把发送者加入群，或换成群成员发送。"),
    of("86220")
        .cause("A parameter of the older chat.send is invalid.", "旧版 chat/send 的参数不合法。")
        .fix("Use appchat.send instead.", "请改用 appchat/send。"),
    of("93000")
        .cause("No group robot has this key: the address was copied wrongly, or the robot was removed from its group.", "群机器人的 key 无效：地址复制有误，或机器人已被移出群。")
        .fix("Copy the webhook address anew: 群设置 → 消息推送（原群机器人）→ the robot → Webhook地址. Add the robot again if it is gone.", "重新复制：群设置 → 消息推送（原群机器人）→ 该机器人 → Webhook地址；若已被移除，请重新添加。"),
    of("93001")
        .cause("The group does not take messages of robots.", "该群不允许机器人推送。")
        .fix("The owner of the group allows robots in its settings (群设置).", "由群主在群设置里允许群机器人。"),
    of("93004")
        .cause("The robot is disabled.", "机器人已停用。")
        .fix("Whoever added it enables it in the group; the administrator may have switched robots off for the corp.", "由添加者在群里重新启用；也可能是管理员在全企业停用了群机器人。"),
    of("93006")
        .cause("An intelligent bot has no conversation with this id.", "智能机器人没有这个会话。")
        .fix("Pass the `chatid` of a callback, or the user id of somebody who has written to the bot before: it cannot speak first.", "传入回调里的 `chatid`，或曾与机器人对话过的成员的 UserID；机器人不能先开口。"),
    of("93008")
        .cause("The bot is not in this group.", "机器人不在该群里。")
        .fix("Add it to the group: the group → 添加机器人.", "把机器人加入该群：群聊 → 添加机器人。"),
    of("93017")
        .cause("The content of the message is empty.", "消息内容为空。")
        .fix("Fill in `content`; the group robot takes no blank text.", "填写 `content`，群机器人不接受空文本。"),
    of("301002")
        .cause("The token belongs to one application and `agentid` to another.", "token 属于一个应用，`agentid` 却是另一个应用的。")
        .fix("Fetch the token with the secret of the application whose AgentId you pass.", "用该 AgentId 所属应用的 Secret 换取 token。"),
    of("846605")
        .cause("The `req_id` of the answer is unknown, belongs to a callback of another kind or of an earlier connection, or is too old: 24 hours for messages, 5 seconds for events.", "回复用的 `req_id` 不存在、属于另一类回调或之前的连接，或已过期：消息 24 小时，事件 5 秒。")
        .fix("Answer with the `req_id` of the callback itself, byte for byte, with the command of its kind; later, speak with aibot_send_msg.", "原样使用该回调的 `req_id`，并用与其类型对应的命令回复；过期后改用 aibot_send_msg 主动发送。"),
    of("846608")
        .cause("The streaming reply is older than 6 minutes and takes no more updates.", "流式回复已超过 6 分钟，不能再更新。")
        .fix("Send `finish: true` within 6 minutes of the person's message; say the rest with aibot_send_msg.", "请在用户消息后 6 分钟内发送 `finish: true`；其余内容用 aibot_send_msg 发送。"),
    of("846609")
        .cause("The socket has not subscribed, or a newer connection of the same bot has taken its place.", "长连接尚未订阅，或已被同一机器人的新连接取代。")
        .fix("Send aibot_subscribe first. One bot has one connection: stop the other instance.", "先发送 aibot_subscribe。一个机器人只能有一条连接，请停掉另一个实例。"),
    of("853000")
        .cause("The bot id or its secret is wrong.", "机器人的 BotID 或 Secret 不正确。")
        .fix("Copy both from the page of the intelligent bot (智能机器人 → API配置 → 使用长连接). It is not the secret of an application.", "在智能机器人的配置页复制（API配置 → 使用长连接）；它不是应用的 Secret。"),

    of("404").at(Place::Status).with_status(404)
        .cause("There is no such path; the answer is no JSON of the platform's.", "没有这个路径；返回的不是企业微信的 JSON。")
        .fix("Check the base URL: calls go to https://qyapi.weixin.qq.com/cgi-bin/…, the sandbox has /wecom before it. The socket's address is another one.", "核对基础地址：接口在 https://qyapi.weixin.qq.com/cgi-bin/…，沙盒前面多一段 /wecom；长连接是另一个地址。"),
    of("5xx").at(Place::Status).remedy(Backoff)
        .cause("The call did not reach the interface: a gateway or a proxy on the way answered. The platform itself answers 200, whatever happens.", "请求没有到达接口层，是网关或代理返回的。企业微信自己总是返回 200。")
        .fix("Call again a little later. If it stays, look at the proxy between you and the platform: `mynah doctor`.", "稍后重试；若持续出现，检查中间的代理：`mynah doctor`。"),
    of("403").at(Place::Callback).with_status(403)
        .cause("Mynah's receiver refused a callback: signature, decryption or receiver id is wrong.", "Mynah 的接收端拒绝了回调：签名、解密或 ReceiveId 不对。")
        .fix("Compare Token and EncodingAESKey with 应用管理 → the application → 接收消息 → 设置API接收, and the corp id with 企业ID (an intelligent bot of the corp's own has none). `mynah doctor --callback URL` shows which check fails.", "核对「应用管理 → 该应用 → 接收消息 → 设置API接收」的 Token 和 EncodingAESKey，以及企业 ID（自建智能机器人的 ReceiveId 为空）。`mynah doctor --callback 地址` 可看出是哪一步失败。"),
    of("1000").at(Place::Close).remedy(Resubscribe)
        .cause("The socket was closed in order. After `disconnected_event`, because another connection of the same bot has subscribed.", "长连接正常关闭。若之前收到 `disconnected_event`，说明同一机器人的另一条连接已订阅。")
        .fix("Run one instance for each bot, and do not reconnect after `disconnected_event`: two would drive each other out for ever. After any other close, connect again.", "每个机器人只运行一个实例；收到 `disconnected_event` 后不要重连，否则两边会互相挤下线。其他情况重新连接即可。"),
    Explanation::NO_ENVELOPE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_name_the_same_codes() {
        let answers = TABLE.iter().filter(|row| row.place == Place::Answer);
        let explained: Vec<_> = answers.map(Explanation::number).collect();
        let known: Vec<_> = errors::TABLE.iter().map(|row| Some(row.code)).collect();
        assert_eq!(explained, known);
    }
}
