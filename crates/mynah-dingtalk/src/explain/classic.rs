//! The numbers of the classic interface and of topapi.

use mynah_core::{Explanation, Place};

use super::of;

#[rustfmt::skip]
pub(super) const TABLE: &[Explanation] = &[
    of("-1")
        .cause("The platform is busy.", "钉钉服务繁忙。")
        .fix("Wait a second and call again; at most three times.", "等一秒再调用，最多重试三次。"),
    of("0")
        .cause("The call succeeded.", "调用成功。")
        .fix("Nothing to do. A work notification is only on its way then: look at getsendresult.", "无需处理。工作通知此时只是已提交，是否送达请查 getsendresult。"),
    of("22")
        .cause("There is no such interface below /topapi.", "/topapi 下没有这个接口。")
        .fix("Check the spelling of the path; some calls have moved to https://api.dingtalk.com/v1.0/….", "检查路径拼写；部分接口已迁到 https://api.dingtalk.com/v1.0/…。"),
    of("88")
        .cause("The gateway refused the call: `sub_code` and `sub_msg` say why. Mostly it is the token, or a permission.", "网关拒绝了调用，原因在 `sub_code` 和 `sub_msg` 里，多半是 token 或权限问题。")
        .fix("Look up the `sub_code` as well. 40014 and 42001 want a new token; at 60011 the words name the permission and where to apply for it.", "再查 `sub_code`：40014、42001 需要换新 token；60011 会写明缺哪个权限以及申请地址。"),
    of("404")
        .cause("There is no such path. The HTTP status is 200 all the same.", "没有这个路径；HTTP 状态码仍是 200。")
        .fix("Check host and path: classic calls go to https://oapi.dingtalk.com, those of version 1.0 to https://api.dingtalk.com.", "检查域名和路径：旧版接口用 https://oapi.dingtalk.com，v1.0 用 https://api.dingtalk.com。"),
    of("500")
        .cause("Something broke inside the platform.", "钉钉内部出错。")
        .fix("Call again a little later; with a `request_id`, support can find the call.", "稍后重试；可凭 `request_id` 提交工单。"),
    of("1002")
        .cause("The organisation has created too many groups.", "组织建群数量超出上限。")
        .fix("Reuse groups, dismiss those that nobody needs, or ask DingTalk's support for more.", "复用已有的群，解散不用的群，或联系钉钉提高上限。"),
    of("1111")
        .cause("The address made more than 10,000 calls in 20 seconds and is blocked for 5 minutes. Such an answer may be a page of HTML.", "该 IP 在 20 秒内调用超过 1 万次，被封禁 5 分钟；返回内容也可能是 HTML 页面。")
        .fix("Wait 5 minutes without calling, then send fewer calls: keep tokens, and send to many receivers in one call.", "停止调用 5 分钟，之后降低频率：缓存 token，一次调用带多个接收者。"),
    of("33001")
        .cause("The corp id is wrong, or the token is that of another organisation.", "企业 ID 无效，或 token 属于别的组织。")
        .fix("Copy CorpId from 开发者后台 → 首页, and fetch the token with an application of the same organisation.", "在开发者后台首页复制 CorpId，并用同一组织的应用获取 token。"),
    of("33012")
        .cause("There is no such userid.", "userid 无效。")
        .fix("Pass the userid of the address book (管理后台 → 通讯录 → 成员 → 员工UserID), not the unionid or the mobile number.", "传入通讯录里的 userid（管理后台 → 通讯录 → 成员 → 员工UserID），不是 unionid 或手机号。"),
    of("34001")
        .cause("`chatid` is missing or there is no such group session.", "`chatid` 缺失或会话不存在。")
        .fix("Pass the `chatid` of chat.create (it begins with `chat`); an openConversationId (`cid…`) belongs to version 1.0.", "传入 chat.create 返回的 `chatid`（以 `chat` 开头）；`cid…` 是 v1.0 用的 openConversationId。"),
    of("34002")
        .cause("The sender of the session message is invalid.", "会话消息的发送者无效。")
        .fix("Send as the application, or pass a userid that is a member of the session.", "以应用身份发送，或传入会话成员的 userid。"),
    of("34003")
        .cause("The organisation of the sender is invalid.", "发送者的企业 ID 无效。")
        .fix("Use a token of the organisation that the sender belongs to.", "使用发送者所在组织的 token。"),
    of("34004")
        .cause("`msgtype` is missing, or chat.send does not know it.", "`msgtype` 缺失或不支持。")
        .fix("Use text, image, voice, file, link, oa, markdown or action_card (with an underscore here).", "使用 text、image、voice、file、link、oa、markdown 或 action_card（此处带下划线）。"),
    of("34006")
        .cause("The sender is not in the organisation.", "发送者不在企业中。")
        .fix("Pass a userid of this organisation.", "传入本企业成员的 userid。"),
    of("34007")
        .cause("The sender is not in the session.", "发送者不在会话中。")
        .fix("Add the sender to the group with chat.update, or send as a member.", "用 chat.update 把发送者加入群，或换成群成员发送。"),
    of("34008")
        .cause("An image message has no `media_id`.", "图片消息缺少 `media_id`。")
        .fix("Upload the picture with media.upload and pass its id.", "先用 media.upload 上传图片，再传入 media_id。"),
    of("34009")
        .cause("A link message has no `messageUrl`.", "链接消息缺少 `messageUrl`。")
        .fix("Fill in `messageUrl`, `picUrl`, `title` and `text`.", "填写 `messageUrl`、`picUrl`、`title`、`text`。"),
    of("34010")
        .cause("A file message has no `media_id`.", "文件消息缺少 `media_id`。")
        .fix("Upload the file with media.upload and pass its id.", "先用 media.upload 上传文件，再传入 media_id。"),
    of("34011")
        .cause("A voice message has no `media_id`.", "语音消息缺少 `media_id`。")
        .fix("Upload it with media.upload (type voice) and pass its id and `duration`.", "先用 media.upload（type 为 voice）上传，再传入 media_id 和 `duration`。"),
    of("34012")
        .cause("The organisation of the sender was not found.", "找不到发送者的企业。")
        .fix("Check CorpId and userid; both must be of one organisation.", "核对 CorpId 和 userid，两者须属于同一组织。"),
    of("34013")
        .cause("The group session does not exist.", "找不到群会话。")
        .fix("Pass the `chatid` of a group of this organisation that is not dismissed.", "传入本组织内未解散的群的 `chatid`。"),
    of("34014")
        .cause("The JSON of the message is incomplete: the object named like `msgtype`, or a member of it, is missing.", "消息 JSON 不完整：缺少与 `msgtype` 同名的对象，或其中的字段。")
        .fix("Fill in the object: `{\"msgtype\": \"text\", \"text\": {\"content\": \"…\"}}`.", "补全对象：`{\"msgtype\": \"text\", \"text\": {\"content\": \"…\"}}`。"),
    of("34015")
        .cause("Sending to the group failed.", "发送群会话消息失败。")
        .fix("Try again a little later.", "稍后重试。"),
    of("34016")
        .cause("The message is too long.", "消息过长。")
        .fix("At most 2048 bytes of JSON; titles 64, button titles 20, addresses 500 characters. Split the text.", "JSON 不超过 2048 字节；标题 64、按钮标题 20、链接 500 个字符。请拆分文本。"),
    of("40000")
        .cause("A parameter is wrong.", "参数错误。")
        .fix("Compare with `mynah call dingtalk ENDPOINT --help`; `errmsg` or `sub_msg` name the parameter.", "用 `mynah call dingtalk 接口名 --help` 核对，`errmsg` 或 `sub_msg` 会指出参数。"),
    of("40001")
        .cause("The secret is wrong, or the token is invalid.", "Secret 错误，或 access_token 无效。")
        .fix("From gettoken: copy AppSecret anew (应用 → 凭证与基础信息). From any other call: fetch a new token.", "gettoken 返回时：重新复制 AppSecret（应用 → 凭证与基础信息）；其他接口返回时：重新获取 token。"),
    of("40002")
        .cause("The kind of credential is not allowed.", "凭证类型不合法。")
        .fix("Use the token of an internal application (企业内部应用) for its own calls, that of a suite for a third party's.", "企业内部应用用自己的 token，第三方应用用套件的 token。"),
    of("40003")
        .cause("The userid is not valid.", "userid 不合法。")
        .fix("Pass a userid from the address book of this organisation.", "传入本组织通讯录里的 userid。"),
    of("40004")
        .cause("The media type is not allowed.", "媒体文件类型不合法。")
        .fix("`type` is image, voice, video or file.", "`type` 只能是 image、voice、video 或 file。"),
    of("40005")
        .cause("The kind of file is not allowed.", "文件类型不合法。")
        .fix("Images jpg, gif, png, bmp; voice amr, mp3, wav; video mp4; files doc, docx, xls, xlsx, ppt, pptx, zip, pdf, rar.", "图片 jpg/gif/png/bmp，语音 amr/mp3/wav，视频 mp4，文件 doc/docx/xls/xlsx/ppt/pptx/zip/pdf/rar。"),
    of("40006")
        .cause("The size of the file is not allowed.", "文件大小不合法。")
        .fix("At most 20 MB, for voice 2 MB; and not empty.", "不超过 20 MB，语音不超过 2 MB；也不能为空。"),
    of("40007")
        .cause("The media id is not valid.", "media_id 不合法。")
        .fix("Pass the `media_id` of media.upload unchanged, with its leading `@`.", "原样传入 media.upload 返回的 `media_id`，包括开头的 `@`。"),
    of("40008")
        .cause("The message type is not allowed.", "消息类型不合法。")
        .fix("Use a `msgtype` that this call documents; custom robots write actionCard, work notifications action_card.", "使用该接口支持的 `msgtype`；自定义机器人写 actionCard，工作通知写 action_card。"),
    of("40009")
        .cause("The department id is not valid.", "部门 id 不合法。")
        .fix("Take it from department.list; the root is 1.", "用 department.list 查询，根部门为 1。"),
    of("40010")
        .cause("The parent department's id is not valid.", "父部门 id 不合法。")
        .fix("Pass the id of a department that exists.", "传入已有部门的 id。"),
    of("40011")
        .cause("The order is not valid.", "排序 order 不合法。")
        .fix("For lists: custom, entry_asc, entry_desc, modify_asc or modify_desc; for departments a number.", "列表用 custom、entry_asc、entry_desc、modify_asc、modify_desc；部门用数字。"),
    of("40012")
        .cause("The sender is not valid.", "发送者不合法。")
        .fix("Pass the userid of somebody in the conversation.", "传入会话中成员的 userid。"),
    of("40013")
        .cause("The corp id is not valid.", "corpid 不合法。")
        .fix("Copy CorpId (`ding…`) from 开发者后台 → 首页.", "在开发者后台首页复制 CorpId（以 `ding` 开头）。"),
    of("40014")
        .cause("The token is not recognised: it has expired, or it never was one.", "access_token 无法识别：已过期，或本来就不对。")
        .fix("Fetch a new one and call once more. A robot's access_token is no token of an application.", "重新获取后再调用一次。群机器人的 access_token 不是应用的 token。"),
    of("40015")
        .cause("The sender is not in the conversation.", "发送者不在会话中。")
        .fix("Send as a member, or add the sender first.", "以会话成员发送，或先加入发送者。"),
    of("40016")
        .cause("There is no such group, or it was dismissed.", "群会话不存在或已解散。")
        .fix("Pass the `chatid` that chat.create answered in this organisation.", "传入本组织 chat.create 返回的 `chatid`。"),
    of("40017")
        .cause("Nobody in the conversation belongs to the sender's organisation.", "会话中没有与发送者同一企业的人。")
        .fix("Send from the organisation that the members belong to.", "用成员所在组织的身份发送。"),
    of("40018")
        .cause("Listing the users of a department with those below it is not allowed.", "不允许递归查询部门用户。")
        .fix("Walk the departments with department.list, and list each.", "用 department.list 逐级取部门，再分别查询。"),
    of("40019")
        .cause("This mobile number belongs to five organisations that are not certified; more are not possible.", "该手机号已加入 5 个非认证企业，达到上限。")
        .fix("Let the person leave one of them, or have the organisation certified (企业认证).", "请用户退出其中一个，或完成企业认证。"),
    of("40020")
        .cause("The organisation has as many members as it may have without certification.", "团队人数已达上限。")
        .fix("Have it certified: 管理后台 → 企业认证.", "在管理后台完成企业认证。"),
    of("40021")
        .cause("The new mobile number belongs to another DingTalk account.", "新手机号已注册钉钉，不能使用。")
        .fix("Use another number, or let its owner cancel that account.", "换一个号码，或由号主先注销原账号。"),
    of("40022")
        .cause("The mobile number in the address book is not the one the person logs in with.", "通讯录手机号与登录手机号不一致，不能修改。")
        .fix("Delete the member and add them again with the new number.", "删除该成员后用新号码重新添加。"),
    of("40023")
        .cause("The department has as many members as it may have.", "部门人数已达上限。")
        .fix("Spread the people over several departments.", "把成员分到多个部门。"),
    of("40024")
        .cause("The organisation is too large for one that is not verified.", "团队人数超限，安全校验不通过。")
        .fix("Verify the creator's identity in the app, or have the organisation certified.", "在手机钉钉完成实名认证，或申请企业认证。"),
    of("40025")
        .cause("The list of departments is no JSON array.", "部门列表不是合法的 JSON 数组。")
        .fix("Write `[1,2]`: brackets, and commas between the ids.", "写成 `[1,2]`：用中括号括起，id 之间用逗号。"),
    of("40029")
        .cause("The login code (免登授权码) is not valid.", "免登授权码无效。")
        .fix("Use each code once, within five minutes, with the application whose page asked for it.", "授权码只能用一次，五分钟内有效，且须由申请它的应用使用。"),
    of("40031")
        .cause("The list of userids holds one that does not exist.", "userid 列表里有不存在的成员。")
        .fix("Check each against the address book; nothing was changed.", "逐个核对通讯录；本次调用没有任何改动。"),
    of("40032")
        .cause("The list of userids is too long or empty.", "userid 列表长度不合法。")
        .fix("Split it: 20 for user.batchdelete, 40 for group members, 100 for work notifications.", "分批：user.batchdelete 20 个，群成员 40 个，工作通知 100 个。"),
    of("40033")
        .cause("The request holds `\\uXXXX` escapes, which are not allowed.", "请求里有 `\\uXXXX` 形式的字符。")
        .fix("Send raw UTF-8.", "直接发送 UTF-8 原文。"),
    of("40035")
        .cause("A parameter is missing or wrong. `errmsg` often names it.", "参数缺失或不合法，`errmsg` 通常会点名。")
        .fix("Compare with `mynah call dingtalk ENDPOINT --help`. From gettoken: pass `appkey` and `appsecret`. From a custom robot: send a JSON body, and the address whole, with its `access_token`.", "用 `mynah call dingtalk 接口名 --help` 核对。gettoken 返回时：传入 `appkey` 和 `appsecret`；自定义机器人返回时：发送 JSON 请求体，并使用带 `access_token` 的完整地址。"),
    of("40038")
        .cause("The request has the wrong form.", "请求格式不合法。")
        .fix("Send JSON with `Content-Type: application/json`, or a form where the page says so.", "以 `Content-Type: application/json` 发送 JSON，或按文档用表单。"),
    of("40039")
        .cause("An address is too long.", "URL 长度不合法。")
        .fix("Shorten it to 500 characters.", "缩短到 500 个字符以内。"),
    of("40048")
        .cause("The message holds a link to a domain that DingTalk deems unsafe.", "消息中含有不安全的域名。")
        .fix("Link to a domain of your own that is not blocked; open a ticket if it is blocked by mistake.", "换用未被拦截的自有域名；误拦请提交工单。"),
    of("40056")
        .cause("There is no application with this agent id.", "agentid 不合法。")
        .fix("Copy AgentId of the application whose token you use: 开发者后台 → 应用 → 凭证与基础信息.", "复制 token 所属应用的 AgentId：开发者后台 → 应用 → 凭证与基础信息。"),
    of("40057")
        .cause("The callback URL is not valid.", "回调 URL 不合法。")
        .fix("Use an http or https address that the internet reaches; `mynah doctor --callback URL` plays the check.", "使用公网可达的 http/https 地址；可用 `mynah doctor --callback 地址` 模拟校验。"),
    of("40061")
        .cause("Setting the application's picture failed.", "设置应用头像失败。")
        .fix("Upload the picture with media.upload and pass its id.", "先用 media.upload 上传图片再传入 id。"),
    of("40062")
        .cause("The mode of the application is not valid.", "应用模式不合法。")
        .fix("Choose one of the modes that the page of the call lists.", "使用接口文档列出的模式。"),
    of("40063")
        .cause("The extension number is not valid.", "分机号不合法。")
        .fix("Write digits and hyphens only, or leave it out.", "只用数字和短横线，或不传。"),
    of("40064")
        .cause("The work place is not valid.", "工作地址不合法。")
        .fix("Shorten it, and drop odd characters.", "缩短并去掉特殊字符。"),
    of("40065")
        .cause("The remark is not valid.", "备注不合法。")
        .fix("Shorten it, and drop odd characters.", "缩短并去掉特殊字符。"),
    of("40066")
        .cause("The list of departments is not valid.", "部门列表不合法。")
        .fix("Take the ids from department.list; at most 20 for a work notification, joined with commas.", "用 department.list 查询 id；工作通知最多 20 个，用逗号连接。"),
    of("40067")
        .cause("The length of the title is not allowed.", "标题长度不合法。")
        .fix("Use 1 to 64 characters.", "使用 1 到 64 个字符。"),
    of("40068")
        .cause("The offset or cursor is not valid.", "偏移量不合法。")
        .fix("Begin with 0 and pass the `next_cursor` of the last page unchanged.", "从 0 开始，原样传入上一页的 `next_cursor`。"),
    of("40069")
        .cause("The size of a page is not valid.", "分页大小不合法。")
        .fix("Use 1 to 100.", "取 1 到 100。"),
    of("40073")
        .cause("There is no such openid.", "openid 不存在。")
        .fix("Use the openid that this very application was given.", "使用本应用拿到的 openid。"),
    of("40078")
        .cause("The temporary authorisation code does not exist.", "临时授权码不存在。")
        .fix("Use each code once, at once; let the person log in again.", "授权码只能立即使用一次；请用户重新登录。"),
    of("40089")
        .cause("Corp id and corp secret do not belong together.", "corpId 或 corpSecret 不合法。")
        .fix("Copy both anew; newer applications have AppKey and AppSecret instead (`mynah.toml`: `client_id`, `client_secret`).", "重新复制两者；新应用改用 AppKey 和 AppSecret（`mynah.toml` 的 `client_id`、`client_secret`）。"),
    of("40096")
        .cause("AppKey or AppSecret is wrong.", "AppKey 或 AppSecret 不合法。")
        .fix("Copy both from 开发者后台 → 应用开发 → the application → 凭证与基础信息 (Client ID and Client Secret), without blanks. Another token does not help.", "在「开发者后台 → 应用开发 → 该应用 → 凭证与基础信息」复制 Client ID 和 Client Secret，不要带空格；换 token 没有用。"),
    of("41001")
        .cause("The call has no `access_token`.", "缺少 `access_token`。")
        .fix("Append `?access_token=…` to classic and topapi paths; version 1.0 wants the header `x-acs-dingtalk-access-token`. Check that gettoken did not fail before.", "旧版和 topapi 在地址后加 `?access_token=…`；v1.0 用请求头 `x-acs-dingtalk-access-token`。并检查之前 gettoken 是否已失败。"),
    of("41002")
        .cause("`corpid` is missing.", "缺少 `corpid`。")
        .fix("Pass CorpId, or `appkey` and `appsecret`.", "传入 CorpId，或改用 `appkey` 和 `appsecret`。"),
    of("41003")
        .cause("`refresh_token` is missing.", "缺少 `refresh_token`。")
        .fix("Pass the one that came with the user's token.", "传入用户授权时返回的 refresh_token。"),
    of("41004")
        .cause("The secret is missing.", "缺少 secret。")
        .fix("Pass it; an empty environment variable looks the same.", "传入 secret；环境变量为空时也会如此。"),
    of("41005")
        .cause("The upload has no file in it.", "缺少媒体文件数据。")
        .fix("Send multipart/form-data with a part `media` that has a file name.", "用 multipart/form-data 发送，`media` 部分带文件名。"),
    of("41006")
        .cause("`media_id` is missing.", "缺少 `media_id`。")
        .fix("Pass the id that media.upload answered.", "传入 media.upload 返回的 id。"),
    of("41007")
        .cause("The code of the administrator's login is not valid.", "ssocode 无效。")
        .fix("Let the administrator open the page again from the console; a code works once.", "请管理员从后台重新进入；每个 code 只能用一次。"),
    of("41008")
        .cause("The OAuth code is missing.", "缺少 OAuth code。")
        .fix("Pass the `code` that the login page handed over.", "传入登录页返回的 `code`。"),
    of("41009")
        .cause("The userid is missing.", "缺少 userid。")
        .fix("Pass a userid from the address book.", "传入通讯录中的 userid。"),
    of("41010")
        .cause("The URL is missing.", "缺少 url。")
        .fix("Fill it in, with http:// or https://.", "填写带 http:// 或 https:// 的地址。"),
    of("41011")
        .cause("The agent id is missing.", "缺少 agentid。")
        .fix("Pass the AgentId of the application: 凭证与基础信息.", "传入应用的 AgentId：凭证与基础信息。"),
    of("41012")
        .cause("The media id of the application's picture is missing.", "缺少应用头像的 mediaid。")
        .fix("Upload the picture first.", "先上传头像图片。"),
    of("41013")
        .cause("The name of the application is missing.", "缺少应用名字。")
        .fix("Fill it in.", "填写应用名字。"),
    of("41014")
        .cause("The description of the application is missing.", "缺少应用描述。")
        .fix("Fill it in.", "填写应用描述。"),
    of("41015")
        .cause("The JSON parameter is missing.", "缺少 JSON 参数。")
        .fix("Send a JSON body.", "发送 JSON 请求体。"),
    of("41028")
        .cause("Messages to everybody are not allowed.", "禁止给全员发送消息。")
        .fix("Name receivers or departments instead of `to_all_user`.", "指定接收者或部门，不要用 `to_all_user`。"),
    of("41029")
        .cause("There are too many receivers: 5000 for an organisation's own application, 1000 for a third party's.", "接收者超限：企业应用 5000，第三方应用 1000。")
        .fix("Send in batches.", "分批发送。"),
    of("41030")
        .cause("The organisation has not authorised this suite.", "企业未授权该套件。")
        .fix("Let an administrator enable the application of the third party.", "请企业管理员开通该第三方应用。"),
    of("41031")
        .cause("`auth_corpid` and `permanent_code` do not belong together.", "auth_corpid 与 permanent_code 不匹配。")
        .fix("Keep the permanent code by organisation, and pass both of the same one.", "按企业保存永久授权码，两者须属于同一企业。"),
    of("41041")
        .cause("The time span is too long.", "时间跨度太大。")
        .fix("Ask for a shorter one, several times.", "缩短时间范围，分多次查询。"),
    of("41042")
        .cause("Encrypting failed.", "加密失败。")
        .fix("Check the aes_key: 43 letters and digits.", "检查 aes_key：43 位字母或数字。"),
    of("41043")
        .cause("Decrypting failed.", "解密失败。")
        .fix("Check that aes_key and corp id are those of this very callback.", "检查 aes_key 和企业 ID 是否属于这个回调。"),
    of("41044")
        .cause("This application may not send messages.", "禁止发送消息。")
        .fix("Look whether the application was punished in 开发者后台, and open a ticket.", "到开发者后台查看应用是否被处罚，并提交工单。"),
    of("41045")
        .cause("The application has sent as many messages to everybody as it may in a day.", "全员消息达到当日上限。")
        .fix("At most three a day; name receivers, or wait for tomorrow.", "每天最多三次；指定接收者，或等第二天。"),
    of("41046")
        .cause("Too many messages to everybody within a minute.", "全员消息超过每分钟次数上限。")
        .fix("Wait a minute.", "等一分钟再发。"),
    of("41047")
        .cause("Too many receivers of this organisation within a minute.", "给该企业发消息的人次超过每分钟上限。")
        .fix("Wait a minute, and spread the sending.", "等一分钟，并分散发送。"),
    of("41048")
        .cause("Too many messages to organisations within a minute.", "给企业发消息的次数超过每分钟总上限。")
        .fix("Wait a minute, and spread the sending.", "等一分钟，并分散发送。"),
    of("41049")
        .cause("The message holds forbidden content.", "消息包含违禁内容。")
        .fix("Change the text.", "修改内容后再发。"),
    of("42001")
        .cause("The token has expired; it lives two hours.", "access_token 已过期，有效期两小时。")
        .fix("Fetch a new one and call once more; Mynah's client does so by itself.", "重新获取后再调用一次；Mynah 的客户端会自动处理。"),
    of("42002")
        .cause("The refresh token has expired.", "refresh_token 已过期。")
        .fix("Let the person log in again.", "请用户重新授权。"),
    of("42003")
        .cause("The OAuth code has expired.", "oauth_code 已超时。")
        .fix("Redeem it within five minutes; let the person log in again.", "请在五分钟内使用；超时请用户重新授权。"),
    of("43001")
        .cause("The call wants a GET.", "需要 GET 请求。")
        .fix("Send a GET with the parameters in the query.", "改用 GET，参数放在查询串里。"),
    of("43002")
        .cause("The call wants a POST.", "需要 POST 请求。")
        .fix("Send a POST with a JSON body. A redirect from http to https turns it into a GET: write https at once.", "改用 POST 并带 JSON 请求体。http 跳转到 https 会变成 GET，请直接写 https。"),
    of("43003")
        .cause("The call wants HTTPS.", "需要 HTTPS。")
        .fix("Write https:// in the base URL.", "把基础地址写成 https://。"),
    of("43004")
        .cause("The header Content-Type is not valid.", "请求头 Content-Type 无效。")
        .fix("Send `Content-Type: application/json; charset=utf-8`.", "使用 `Content-Type: application/json; charset=utf-8`。"),
    of("43005")
        .cause("The call wants `Content-Type: application/json;charset=UTF-8`.", "需要 `Content-Type: application/json;charset=UTF-8`。")
        .fix("Set exactly this header.", "设置该请求头。"),
    of("43007")
        .cause("The application is not authorised for this call.", "应用没有调用该接口的权限。")
        .fix("Apply for the permission that the call's page names: 开发者后台 → the application → 权限管理, then publish a new version (版本管理与发布).", "在「开发者后台 → 该应用 → 权限管理」申请文档所列权限，再到「版本管理与发布」发布。"),
    of("43008")
        .cause("The parameters must be multipart/form-data.", "参数需要 multipart 类型。")
        .fix("Upload files as multipart/form-data with a part `media`.", "上传文件用 multipart/form-data，文件放在 `media` 部分。"),
    of("43009")
        .cause("The body must be a JSON object.", "请求体必须是 JSON 对象。")
        .fix("Send JSON, not a form; check quotes and commas.", "发送 JSON 而不是表单；检查引号和逗号。"),
    of("49000")
        .cause("`chatid` is missing.", "缺少 `chatid`。")
        .fix("Pass the `chatid` that chat.create answered.", "传入 chat.create 返回的 `chatid`。"),
    of("49001")
        .cause("Too many applications are bound to the group.", "群绑定的微应用超过上限。")
        .fix("Unbind one of them first.", "先解绑一个。"),
    of("49002")
        .cause("A group can be bound by one suite of a third party once.", "一个群只能被同一 ISV 套件绑定一次。")
        .fix("Use the binding there is, or remove it first.", "使用已有的绑定，或先解绑。"),
    of("49003")
        .cause("Only the owner of the group may do this.", "操作者必须是群主。")
        .fix("Act as the owner, or change the owner with chat.update.", "以群主身份操作，或用 chat.update 更换群主。"),
    of("49004")
        .cause("The same person is to be added and removed.", "添加和移除的成员有重复。")
        .fix("Name everybody in one of `add_useridlist` and `del_useridlist` only.", "每个人只能出现在 `add_useridlist` 或 `del_useridlist` 之一。"),
    of("49005")
        .cause("The group would have more than 1000 members.", "群人数将超过 1000。")
        .fix("Remove members first, or open another group.", "先移出成员，或另建群。"),
    of("49006")
        .cause("The owner is not one of the members; or the owner is to be removed without a new one.", "成员列表里没有群主；或移除群主却没有指定新群主。")
        .fix("Put the owner into `useridlist`; when removing the owner, pass `owner` as well.", "把群主放进 `useridlist`；移除现任群主时同时传 `owner`。"),
    of("49007")
        .cause("Too many groups were created.", "建群数量超过上限。")
        .fix("Reuse groups, or dismiss those that nobody needs.", "复用已有的群，或解散不用的群。"),
    of("49008")
        .cause("The kind of group is not valid.", "群类型不合法。")
        .fix("`conversationTag` is 0 or 2 (2: internal).", "`conversationTag` 只能是 0 或 2（2 为企业内部群）。"),
    of("49009")
        .cause("An internal group takes no external contacts, and its owner is an employee.", "企业内部群不能加外部联系人，群主须为企业员工。")
        .fix("Leave out `add_extidlist`, or create an ordinary group.", "不要传 `add_extidlist`，或改建普通群。"),
    of("49010")
        .cause("The list of members is empty.", "群成员为空。")
        .fix("Pass `useridlist` as a JSON array, the owner in it.", "以 JSON 数组传入 `useridlist`，并包含群主。"),
    of("49011")
        .cause("More than 40 members were given in one call.", "一次传入的成员超过 40 个。")
        .fix("Create with 40 and add the rest with chat.update, 40 at a time.", "先用 40 人建群，其余用 chat.update 每次 40 人加入。"),
    of("49012")
        .cause("The list of external contacts is too long.", "外部联系人列表过长。")
        .fix("Split it.", "分批添加。"),
    of("49013")
        .cause("The owner is missing.", "群主为空。")
        .fix("Pass `owner`, a userid that is in `useridlist`.", "传入 `owner`，须在 `useridlist` 中。"),
    of("49014")
        .cause("The kind of owner is not valid.", "群主类型不合法。")
        .fix("`ownerType` is `emp` or `ext`.", "`ownerType` 只能是 `emp` 或 `ext`。"),
    of("49015")
        .cause("The name of the group is not valid.", "群名称不合法。")
        .fix("Use 1 to 20 characters; leave `name` out to keep the old one.", "使用 1 到 20 个字符；不改名就不要传 `name`。"),
    of("49016")
        .cause("An employee was not found.", "企业员工不存在。")
        .fix("Check the userid against the address book.", "核对通讯录中的 userid。"),
    of("49017")
        .cause("An external contact was not found.", "企业外部联系人不存在。")
        .fix("Check the id in 管理后台 → 外部联系人.", "在管理后台的外部联系人中核对。"),
    of("49018")
        .cause("The owner is no employee of the organisation.", "群主不是企业员工。")
        .fix("Name an employee, or set `ownerType` to `ext`.", "指定企业员工，或把 `ownerType` 设为 `ext`。"),
    of("49019")
        .cause("The owner is not in the external contacts.", "群主不在企业外部通讯录中。")
        .fix("Add the person there, or set `ownerType` to `emp`.", "先加入外部通讯录，或把 `ownerType` 设为 `emp`。"),
    of("49020")
        .cause("Somebody does not want to be disturbed and refuses to be added to groups.", "对方处于勿扰模式，拒绝加入群聊。")
        .fix("Become friends with the person first, or leave them out.", "先与对方建立好友关系，或不拉此人。"),
    of("49021")
        .cause("Too many people who are no friends were added today: 50 for certified users, 10 for others.", "非好友建群超过每日人数：认证用户 50 人，非认证 10 人。")
        .fix("Go on tomorrow, or become friends first.", "次日再操作，或先加好友。"),
    of("49022")
        .cause("Somebody refuses to be added to groups.", "对方拒绝加入群聊。")
        .fix("Leave the person out, or send them the group's QR code.", "不拉此人，或把群二维码发给对方。"),
    of("49023")
        .cause("Somebody does not want to be disturbed and refuses to be added. chat.update: the same external contact is to be added and removed.", "对方处于勿扰模式，拒绝加入群聊。chat.update 返回时：添加和移除的外部联系人有重复。")
        .fix("Become friends first, or leave the person out; name each contact in one list only.", "先加好友，或不拉此人；每个联系人只放在一个列表里。"),
    of("52019")
        .cause("There is no application with this agent id.", "agentid 无效。")
        .fix("Copy AgentId from 凭证与基础信息 of the application whose token you use.", "复制 token 所属应用「凭证与基础信息」里的 AgentId。"),
    of("60001")
        .cause("The name of the department is not valid.", "部门名称不合法。")
        .fix("Use 1 to 64 characters, without `-`, `,` and `，`.", "使用 1 到 64 个字符，不含 `-`、`,`、`，`。"),
    of("60002")
        .cause("The departments are nested too deeply.", "部门层级过深。")
        .fix("Put it higher up.", "放到更上层。"),
    of("60003")
        .cause("There is no such department.", "部门不存在。")
        .fix("Take the id from department.list; the root is 1.", "用 department.list 查询，根部门为 1。"),
    of("60004")
        .cause("The parent department does not exist.", "父部门不存在。")
        .fix("Create it first, or pass an existing id.", "先创建父部门，或传入已有的 id。"),
    of("60005")
        .cause("The department still has members.", "部门下还有成员。")
        .fix("Move them first.", "先移走成员。"),
    of("60006")
        .cause("The department still has departments below it.", "部门下还有子部门。")
        .fix("Delete from the bottom to the top.", "从最底层开始删除。"),
    of("60007")
        .cause("The root department cannot be deleted.", "不能删除根部门。")
        .fix("Name another department.", "请指定其他部门。"),
    of("60009")
        .cause("The name of the department holds characters that are not allowed.", "部门名称含有非法字符。")
        .fix("Use letters, digits and Chinese characters.", "只用字母、数字和汉字。"),
    of("60010")
        .cause("The department would stand below itself.", "部门存在循环关系。")
        .fix("Choose a parent that is not below it.", "父部门不能是它自己的下级。"),
    of("60011")
        .cause("The application has not the permission for this interface.", "没有调用该接口的权限。")
        .fix("Apply for it at 开发者后台 → the application → 权限管理 (the words name it, such as qyapi_get_member), and check that the contacts asked for are inside its authorised range (通讯录权限范围).", "在「开发者后台 → 该应用 → 权限管理」申请（提示里有权限点，如 qyapi_get_member），并确认所查对象在通讯录授权范围内。"),
    of("60012")
        .cause("A default application cannot be deleted.", "不能删除默认应用。")
        .fix("Hide it in the workbench instead.", "可在工作台中隐藏。"),
    of("60013")
        .cause("The application may not be switched off.", "不允许关闭该应用。")
        .fix("Let an administrator do it in 管理后台, if at all.", "如需关闭，请管理员在管理后台操作。"),
    of("60014")
        .cause("The application may not be switched on.", "不允许开启该应用。")
        .fix("Let an administrator do it in 管理后台.", "请管理员在管理后台操作。"),
    of("60015")
        .cause("The visible range of a default application cannot be changed.", "不允许修改默认应用的可见范围。")
        .fix("Change that of your own application only.", "只能修改自建应用的可见范围。"),
    of("60016")
        .cause("The department's id exists already.", "部门 id 已存在。")
        .fix("Leave out `id` when creating.", "创建时不要传 `id`。"),
    of("60017")
        .cause("The organisation itself cannot be set in this way.", "不允许设置企业。")
        .fix("Change it in 管理后台.", "请在管理后台修改。"),
    of("60018")
        .cause("The root department cannot be changed.", "不允许更新根部门。")
        .fix("Change the organisation's name in 管理后台.", "企业名称请在管理后台修改。"),
    of("60019")
        .cause("The users of the department could not be read.", "从部门查询人员失败。")
        .fix("Check the department's id, and that it is inside the authorised range of the application.", "核对部门 id，并确认在应用的通讯录授权范围内。"),
    of("60020")
        .cause("The call came from an address that is not in the allow-list. The words name it.", "访问 IP 不在白名单中，提示里有该 IP。")
        .fix("Add it at 开发者后台 → the application → 安全设置 → 服务器出口IP. A changing address needs a proxy with a fixed one.", "加入「开发者后台 → 该应用 → 安全设置 → 服务器出口IP」；出口 IP 不固定时走固定 IP 的代理。"),
    of("60021")
        .cause("The parent has a department of this name already.", "同一父部门下已有同名部门。")
        .fix("Choose another name.", "换一个名称。"),
    of("60022")
        .cause("The name or text holds sensitive words.", "包含敏感内容。")
        .fix("Change it and try again.", "修改后重试。"),
    of("60102")
        .cause("The userid exists already.", "userid 已存在。")
        .fix("Choose another one, or update the user.", "换一个 userid，或改用更新接口。"),
    of("60103")
        .cause("The mobile number is not valid.", "手机号码不合法。")
        .fix("Write it with its country code if it is not Chinese: `+852-…`.", "境外号码带国家码，如 `+852-…`。"),
    of("60104")
        .cause("The mobile number exists in the organisation already.", "手机号码在企业中已存在。")
        .fix("Update the member who has it, or use another number.", "更新使用该号码的成员，或换一个号码。"),
    of("60105")
        .cause("The e-mail address is not valid.", "邮箱不合法。")
        .fix("Correct it, or leave it out.", "改正邮箱，或不传。"),
    of("60106")
        .cause("The e-mail address exists already.", "邮箱已存在。")
        .fix("Use another one.", "换一个邮箱。"),
    of("60107")
        .cause("The person who logs in with this number is in the organisation already.", "使用该手机登录钉钉的用户已在企业中。")
        .fix("Update that user instead.", "改为更新该成员。"),
    of("60110")
        .cause("There are too many departments.", "部门个数超出限制。")
        .fix("Delete empty ones.", "删除空部门。"),
    of("60111")
        .cause("There is no such userid.", "userid 不存在。")
        .fix("Check it against the address book.", "核对通讯录中的 userid。"),
    of("60112")
        .cause("The user's name is not valid.", "用户姓名不合法。")
        .fix("Use 1 to 80 characters.", "使用 1 到 80 个字符。"),
    of("60113")
        .cause("Mobile number and e-mail address are both empty.", "手机和邮箱不能同时为空。")
        .fix("Pass at least one.", "至少填写一个。"),
    of("60114")
        .cause("The gender is not valid.", "性别不合法。")
        .fix("Use a value of the page, or leave it out.", "使用文档列出的取值，或不传。"),
    of("60118")
        .cause("The user has nothing to be invited by: neither e-mail address nor mobile number.", "用户没有可邀请的邮箱或手机号。")
        .fix("Fill in one of them first.", "先补上邮箱或手机号。"),
    of("60119")
        .cause("The position is not valid.", "职位不合法。")
        .fix("Shorten it, and drop odd characters.", "缩短并去掉特殊字符。"),
    of("60120")
        .cause("The user is disabled.", "用户已禁用。")
        .fix("Enable them in 管理后台 → 通讯录.", "在管理后台的通讯录中启用。"),
    of("60121")
        .cause("The user was not found in this organisation.", "找不到该用户。")
        .fix("Check the userid, and that the person is inside the application's authorised range.", "核对 userid，并确认在应用的通讯录授权范围内。"),
    of("60122")
        .cause("The extended attributes are not valid.", "extattr 不合法。")
        .fix("Pass an object of texts, whose names exist in the address book's settings.", "传入字符串对象，字段名须在通讯录设置中存在。"),
    of("60123")
        .cause("The job number is not valid.", "工号不合法。")
        .fix("Shorten it, and drop odd characters.", "缩短并去掉特殊字符。"),
    of("60124")
        .cause("The user is not in this group.", "用户不在此群中。")
        .fix("Add them with chat.update first.", "先用 chat.update 加入该群。"),
    of("70001")
        .cause("The organisation does not exist.", "企业不存在。")
        .fix("Check CorpId; the organisation may have been dissolved.", "核对 CorpId；企业可能已解散。"),
    of("71006")
        .cause("A callback URL is registered already; an application has one.", "已注册过回调地址，一个应用只能有一个。")
        .fix("Call call_back.update_call_back, or delete the old one first.", "改用 update_call_back，或先删除旧的。"),
    of("71007")
        .cause("No callback is registered.", "没有注册回调。")
        .fix("Register one with call_back.register_call_back.", "先用 register_call_back 注册。"),
    of("71008")
        .cause("`call_back_tag` names an event that there is not.", "`call_back_tag` 中有不存在的事件。")
        .fix("Use names such as chat_add_member or user_add_org, spelt as in the list of events.", "使用 chat_add_member、user_add_org 等事件名，拼写与事件列表一致。"),
    of("71009")
        .cause("The receiver's answer decrypts to something else than `success`.", "接收端返回的内容解密后不是 `success`。")
        .fix("Answer the encrypted text `success`, nothing around it; `mynah doctor --callback URL` shows what is answered.", "返回加密后的 `success`，前后不要有别的内容；可用 `mynah doctor --callback 地址` 查看实际返回。"),
    of("71010")
        .cause("A parameter is missing or malformed, or the receiver's answer cannot be decrypted.", "参数缺失或格式非法，或接收端的返回无法解密。")
        .fix("`token` has 6 to 63 characters, `aes_key` 43 letters and digits. The answer is JSON with msg_signature, timeStamp, nonce and encrypt, made with the corp id as receiver.", "`token` 6 到 63 个字符，`aes_key` 43 位字母数字。返回 JSON 须含 msg_signature、timeStamp、nonce、encrypt，并以企业 ID 加密。"),
    of("71011")
        .cause("The URL is malformed.", "url 格式不合法。")
        .fix("Write the whole address, with http:// or https://.", "写完整地址，带 http:// 或 https://。"),
    of("71012")
        .cause("The URL could not be reached, or did not answer with 200 in time.", "url 无法访问，或没有及时返回 200。")
        .fix("Make it reachable from the internet, without login or redirect, and answer within 1.5 seconds: `mynah doctor --callback URL`.", "确保公网可达、无需登录、无跳转，并在 1.5 秒内返回：`mynah doctor --callback 地址`。"),
    of("71013")
        .cause("This domain or address may not be registered for callbacks.", "该域名或 IP 不能注册或接收回调。")
        .fix("Use another domain; addresses of private networks are refused.", "换用其他域名；内网地址会被拒绝。"),
    of("90001")
        .cause("All calls of your servers to all interfaces are suspended for a while.", "您的服务器调用所有接口都被暂时禁用。")
        .fix("Stop calling for some minutes, then slow down; back off 1, 2, 4 … seconds.", "停止调用几分钟，之后降低频率，按 1、2、4……秒退避。"),
    of("90002")
        .cause("All calls of your servers to this interface are suspended for a while.", "您的服务器调用当前接口被暂时禁用。")
        .fix("Back off 1, 2, 4 … seconds, and call it less often.", "按 1、2、4……秒退避，并降低该接口的频率。"),
    of("90003")
        .cause("All calls of your organisation are suspended for a while.", "您的企业调用所有接口被暂时禁用。")
        .fix("Stop for some minutes; several applications of the organisation share the quota.", "停止几分钟；企业内多个应用共用配额。"),
    of("90004")
        .cause("The corp id and secret in use are suspended for a while.", "当前使用的 CorpId 和 CorpSecret 被暂时禁用。")
        .fix("Stop for some minutes, then slow down.", "停止几分钟，之后降低频率。"),
    of("90005")
        .cause("Your organisation calls this interface too often.", "您的企业调用当前接口过多，被暂时禁用。")
        .fix("Back off, and join calls: many receivers in one.", "退避重试，并合并调用，一次带多个接收者。"),
    of("90006")
        .cause("The corp id and secret in use call this interface too often.", "当前 CorpId 和 CorpSecret 调用当前接口过多。")
        .fix("Back off, and call it less often.", "退避重试，并降低频率。"),
    of("90007")
        .cause("Too many calls for this organisation, with tokens it gave to a third party.", "调用该企业的接口过多，对该企业的请求被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this organisation.", "对该企业退避重试。"),
    of("90008")
        .cause("Too many calls of this interface for this organisation, with tokens it gave to a third party.", "对该企业调用当前接口过多，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this organisation and interface.", "对该企业的这个接口退避重试。"),
    of("90009")
        .cause("A third party made too many calls for all organisations.", "对所有企业的所有接口调用超限，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Stop for some minutes, then slow down.", "停止几分钟，之后降低频率。"),
    of("90010")
        .cause("A third party made too many calls of this interface for all organisations.", "对所有企业调用当前接口超限，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this interface.", "对该接口退避重试。"),
    of("90011")
        .cause("The suite made too many calls.", "套件调用超限，所有请求被暂时禁用（授权给 ISV 的 token）。")
        .fix("Stop for some minutes, then slow down.", "停止几分钟，之后降低频率。"),
    of("90012")
        .cause("The suite made too many calls of this interface.", "套件调用当前接口超限，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this interface.", "对该接口退避重试。"),
    of("90013")
        .cause("The suite made too many calls for this organisation.", "套件对该企业调用超限，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this organisation.", "对该企业退避重试。"),
    of("90014")
        .cause("The suite made too many calls of this interface for this organisation.", "套件对该企业调用当前接口超限，被暂时禁用（授权给 ISV 的 token）。")
        .fix("Back off for this organisation and interface.", "对该企业的这个接口退避重试。"),
    of("90017")
        .cause("This address uses the credentials of too many organisations.", "该 IP 使用的 CorpId 个数超限。")
        .fix("Spread the organisations over several addresses.", "把企业分散到多个出口 IP。"),
    of("130101")
        .cause("A custom robot has sent more than 20 messages within a minute.", "自定义机器人一分钟内发送超过 20 条。")
        .fix("Stay silent for 10 minutes, then join messages: 20 a minute for each robot.", "停发 10 分钟，之后合并消息：每个机器人每分钟 20 条。"),
    of("143103").at(Place::Receiver)
        .cause("The application has reached too many people of the organisation within a minute.", "企业单应用每分钟发送人次超限。")
        .fix("Send the rest a minute later.", "一分钟后再发其余的人。"),
    of("143104").at(Place::Receiver)
        .cause("The organisation has reached too many people within a minute.", "企业每分钟发送人次超限。")
        .fix("Send the rest a minute later.", "一分钟后再发其余的人。"),
    of("143105").at(Place::Receiver)
        .cause("The application has sent this person as many messages as it may in a day: 500.", "单应用给单人每日推送量超限（500 条）。")
        .fix("Go on tomorrow, and join messages.", "次日再发，并合并消息。"),
    of("143106").at(Place::Receiver)
        .cause("The person was sent the same content today already.", "当天已给该用户推送过相同内容。")
        .fix("Change the text, for instance by a time in it; the same content reaches a person once a day.", "改动内容，例如加上时间；相同内容每人每天只推送一次。"),
    of("143203").at(Place::Receiver)
        .cause("The third party's application has reached too many people of the organisation within a minute.", "ISV 单应用发送给单企业的人次超限。")
        .fix("Send the rest a minute later.", "一分钟后再发其余的人。"),
    of("143204").at(Place::Receiver)
        .cause("The third party's application has reached too many people of all organisations within a minute.", "ISV 单应用发送给所有企业的人次超限。")
        .fix("Send the rest a minute later.", "一分钟后再发其余的人。"),
    of("143205").at(Place::Receiver)
        .cause("The third party's application has sent this person as many messages as it may in a day.", "ISV 单应用给单人每日推送量超限。")
        .fix("Go on tomorrow, and join messages.", "次日再发，并合并消息。"),
    of("143206").at(Place::Receiver)
        .cause("The third party's application has sent this person the same content today already.", "ISV 单应用当天已给该用户推送过相同内容。")
        .fix("Change the text.", "改动内容后再发。"),
    of("300001")
        .cause("The session webhook has expired, about 90 minutes after the message, or never existed.", "sessionWebhook 已过期（消息后约 90 分钟）或不存在。")
        .fix("Answer before `sessionWebhookExpiredTime`; later, send with v1.0 robot.group_messages.send or robot.o_to_messages.batch_send.", "在 `sessionWebhookExpiredTime` 之前回复；之后改用 v1.0 的群聊或单聊机器人发送接口。"),
    of("300005")
        .cause("No custom robot has this access_token: the address was copied wrongly, or the robot was removed.", "自定义机器人的 access_token 不存在：地址复制有误，或机器人已被移除。")
        .fix("Copy the webhook anew: 群设置 → 机器人 → the robot → Webhook. The token of an application does not work here.", "重新复制：群设置 → 机器人 → 该机器人 → Webhook；应用的 token 不能用在这里。"),
    of("310000")
        .cause("The custom robot's security settings refuse the message: no keyword in it, a wrong or old signature, or an address that is not listed. The words say which.", "自定义机器人的安全设置拒绝了消息：缺少关键词、签名错误或过期、IP 不在名单中；提示里会说明。")
        .fix("群设置 → 机器人 → the robot → 安全设置. `keywords not in content`: put a keyword (自定义关键词) into the visible text. `sign not match`: sign with the `SEC…` secret (加签), encode it once. `invalid timestamp`: set the clock, milliseconds, at most an hour off. `ip … not in whitelist`: add the address.", "在「群设置 → 机器人 → 该机器人 → 安全设置」核对。`keywords not in content`：正文要含自定义关键词；`sign not match`：用 `SEC` 开头的密钥加签，且只编码一次；`invalid timestamp`：校准时钟，毫秒，误差不超过一小时；`ip … not in whitelist`：加入该 IP。"),
    of("400001")
        .cause("Something broke inside the platform.", "系统错误。")
        .fix("Call again a little later.", "稍后重试。"),
    of("400002")
        .cause("A parameter is wrong; in chat.create, too long. Recall of a work notification: agent id or task id is wrong.", "参数错误；chat.create 返回时多为过长。撤回工作通知返回时：agentId 或 taskId 不合法。")
        .fix("Names of groups have 1 to 20 characters, flags are 0 or 1; compare with `mynah call dingtalk ENDPOINT --help`.", "群名 1 到 20 个字符，开关取 0 或 1；用 `mynah call dingtalk 接口名 --help` 核对。"),
    of("400013")
        .cause("The robot's group was dismissed.", "机器人所在的群已解散。")
        .fix("Add a robot to another group and use its webhook.", "在别的群添加机器人并使用新的 Webhook。"),
    of("400040")
        .cause("No callback is registered.", "回调不存在。")
        .fix("Register one with call_back.register_call_back.", "先用 register_call_back 注册。"),
    of("400041")
        .cause("A callback is registered already.", "回调已经存在。")
        .fix("Update it, or delete it first.", "改用更新接口，或先删除。"),
    of("400050")
        .cause("The callback URL is not valid.", "回调地址无效。")
        .fix("Write the whole address, with http:// or https://.", "写完整地址，带 http:// 或 https://。"),
    of("400051")
        .cause("The callback URL could not be reached.", "回调地址访问异常。")
        .fix("Make it reachable from the internet, without login or redirect.", "确保公网可达、无需登录、无跳转。"),
    of("400052")
        .cause("The callback URL answered something wrong.", "回调地址返回的数据错误。")
        .fix("Answer 200 with the encrypted `success` as JSON: `mynah doctor --callback URL`.", "返回 200 和加密后的 `success`（JSON）：`mynah doctor --callback 地址`。"),
    of("400054")
        .cause("The callback URL did not answer in time.", "回调 URL 访问超时。")
        .fix("Answer within 1.5 seconds, and do the work afterwards.", "1.5 秒内返回，处理放到之后。"),
    of("400101")
        .cause("The custom robot's access_token does not exist.", "自定义机器人的 access_token 不存在。")
        .fix("Copy the webhook anew: 群设置 → 机器人 → the robot.", "重新复制 Webhook：群设置 → 机器人 → 该机器人。"),
    of("400102")
        .cause("The robot is stopped.", "机器人已停用。")
        .fix("Whoever added it enables it in 群设置 → 机器人.", "由添加者在「群设置 → 机器人」中启用。"),
    of("400105")
        .cause("The message type is not supported.", "不支持的消息类型。")
        .fix("Custom robots know text, link, markdown, actionCard and feedCard, spelt so.", "自定义机器人支持 text、link、markdown、actionCard、feedCard，注意大小写。"),
    of("400106")
        .cause("The robot does not exist.", "机器人不存在。")
        .fix("Add it to the group again.", "重新在群里添加机器人。"),
    of("410100")
        .cause("A custom robot has sent more than 20 messages within a minute.", "自定义机器人一分钟内发送超过 20 条，被限流。")
        .fix("Stay silent for 10 minutes, then join messages.", "停发 10 分钟，之后合并消息。"),
    of("430101")
        .cause("The message holds an unsafe link.", "含有不安全的外链。")
        .fix("Remove the link, or use a domain that is not blocked.", "去掉链接，或换用未被拦截的域名。"),
    of("430102")
        .cause("The message holds improper text.", "含有不合适的文本。")
        .fix("Change the text.", "修改文本。"),
    of("430103")
        .cause("The message holds an improper picture.", "含有不合适的图片。")
        .fix("Use another picture.", "更换图片。"),
    of("430104")
        .cause("The message holds improper content.", "含有不合适的内容。")
        .fix("Change the content.", "修改内容。"),
    of("660026")
        .cause("A custom robot has sent more than 20 messages within a minute.", "自定义机器人一分钟内发送超过 20 条。")
        .fix("Stay silent for 10 minutes, then join messages.", "停发 10 分钟，之后合并消息。"),
    of("900001")
        .cause("The plain text to encrypt is not valid.", "加密明文非法。")
        .fix("Encrypt a text that is not empty; the answer to a callback is `success`.", "明文不能为空；回调应加密返回 `success`。"),
    of("900002")
        .cause("The timestamp of the encrypted answer is not valid.", "加密时间戳非法。")
        .fix("Write `timeStamp` (capital S) in milliseconds, the same as in the signature.", "`timeStamp`（S 大写）用毫秒，并与签名所用的一致。"),
    of("900003")
        .cause("The nonce of the encrypted answer is not valid.", "加密随机串非法。")
        .fix("Write a `nonce` that is not empty, the same as in the signature.", "`nonce` 不能为空，并与签名所用的一致。"),
    of("900004")
        .cause("The aes_key is not valid.", "aes_key 不合法。")
        .fix("It has 43 letters and digits; copy it whole.", "必须是 43 位字母或数字，请完整复制。"),
    of("900005")
        .cause("The signature does not match.", "签名不匹配。")
        .fix("SHA-1 over token, timestamp, nonce and encrypt, sorted and joined; use the token of this very callback (事件订阅 → 签名 token).", "对 token、timestamp、nonce、encrypt 排序拼接后做 SHA-1；token 须是该回调的（事件订阅 → 签名 token）。"),
    of("900006")
        .cause("The signature could not be computed.", "计算签名出错。")
        .fix("Check that none of the four values is missing.", "检查四个值是否齐全。"),
    of("900007")
        .cause("Encrypting failed.", "加密出错。")
        .fix("Check the aes_key, and pad to a multiple of 32 bytes.", "检查 aes_key，并按 32 字节的倍数填充。"),
    of("900008")
        .cause("Decrypting failed.", "解密出错。")
        .fix("Use the aes_key of this very callback (事件订阅 → 加密 aes_key); Base64 with trailing bits must be accepted.", "使用该回调的 aes_key（事件订阅 → 加密 aes_key）；Base64 解码要容许多余的尾部比特。"),
    of("900009")
        .cause("The length inside the decrypted text does not fit.", "解密后长度不匹配。")
        .fix("Read 16 random bytes, 4 bytes of length (big endian), the text, the id.", "依次读取 16 字节随机数、4 字节大端长度、正文、id。"),
    of("900010")
        .cause("The id inside the decrypted text is another one.", "解密后的 corpid 不匹配。")
        .fix("It is the CorpId for callbacks registered by call, the AppKey (Client ID) for events subscribed to in the console, the SuiteKey for third parties.", "用接口注册的回调是 CorpId，开发者后台的事件订阅是 AppKey（Client ID），第三方应用是 SuiteKey。"),
    of("1430000").at(Place::Receiver)
        .cause("There is no receiver.", "接收者为空。")
        .fix("Fill in `userid_list` or `dept_id_list`.", "填写 `userid_list` 或 `dept_id_list`。"),
    of("1430001").at(Place::Receiver)
        .cause("The kind of authorisation is not known.", "未识别的 grantType。")
        .fix("Fetch the token in the usual way and send again.", "用常规方式获取 token 后重发。"),
    of("1430002").at(Place::Receiver)
        .cause("The message holds forbidden content.", "包含违禁内容。")
        .fix("Change the text.", "修改内容后再发。"),
    of("1430003").at(Place::Receiver)
        .cause("The platform protects itself from too much traffic.", "触发系统保护。")
        .fix("Send again some minutes later.", "几分钟后重发。"),
    of("1430004").at(Place::Receiver)
        .cause("The receiver is a protected executive (高管模式).", "接收者开启了高管保护。")
        .fix("Let an administrator allow it in 管理后台, or leave the person out.", "请管理员在管理后台放行，或不发给此人。"),
];
