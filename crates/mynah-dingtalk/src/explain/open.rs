//! The words of version 1.0, as they are spelt on the wire: some are misspelt there.

use mynah_core::Explanation;

use super::of;

#[rustfmt::skip]
pub(super) const TABLE: &[Explanation] = &[
    of("InvalidAuthentication").with_status(400).said("不合法的access_token")
        .cause("The token is not recognised: it has expired, or it never was one.", "access_token 无法识别：已过期，或本来就不对。")
        .fix("Fetch a new one with oauth2/accessToken (gettoken gives the same) and call once more.", "用 oauth2/accessToken（gettoken 也可）重新获取后再调用一次。"),
    of("accesstoken.expired").with_status(401)
        .cause("The token has expired.", "access_token 已过期。")
        .fix("Fetch a new one and call once more; Mynah's client does so by itself.", "重新获取后再调用一次；Mynah 的客户端会自动处理。"),
    of("AuthenticationFailed.MissingParameter").with_status(400).said("缺少参数：x-acs-dingtalk-access-token")
        .cause("The header with the token is missing. A query parameter or `Authorization: Bearer` does not count.", "缺少带 token 的请求头；放在查询串或 `Authorization: Bearer` 里无效。")
        .fix("Send the token in the header `x-acs-dingtalk-access-token`.", "用请求头 `x-acs-dingtalk-access-token` 传递 token。"),
    of("AuthenticationFailed.*").with_status(401)
        .cause("Any other code that begins so: the token is refused.", "以它开头的其他错误码：token 被拒绝。")
        .fix("Fetch a new token and call once more; then compare Client ID and Client Secret with 凭证与基础信息.", "重新获取 token 再试一次；仍失败请核对「凭证与基础信息」里的 Client ID 和 Client Secret。"),
    of("invalidClientIdOrSecret").with_status(400).said("无效的clientId或者clientSecret")
        .cause("Client ID or Client Secret is wrong.", "Client ID 或 Client Secret 不正确。")
        .fix("Copy both from 开发者后台 → 应用开发 → the application → 凭证与基础信息; a secret that was reset kills the old one.", "在「开发者后台 → 应用开发 → 该应用 → 凭证与基础信息」重新复制；重置后旧值失效。"),
    of("authFailed").with_status(401).said("鉴权失败")
        .cause("Stream mode: Client ID or Client Secret is wrong, or the application may not use Stream.", "Stream 模式：Client ID 或 Client Secret 不正确，或应用未启用 Stream。")
        .fix("Copy both anew, choose Stream 模式 at 机器人 → 消息接收模式 and at 事件订阅, and publish the application (版本管理与发布). Trying again does not help.", "重新复制两者；在「机器人 → 消息接收模式」和「事件订阅」选择 Stream 模式，并在「版本管理与发布」发布。重试没有用。"),
    of("unknownError").with_status(500)
        .cause("oauth2/{corpId}/token: there is no such organisation.", "oauth2/{corpId}/token 返回：没有这个企业。")
        .fix("Copy CorpId from 开发者后台 → 首页.", "在开发者后台首页复制 CorpId。"),
    of("Forbidden.AccessDenied.AccessTokenPermissionDenied").with_status(403)
        .cause("The application has not the permission for this interface; the words name it.", "应用没有调用该接口的权限，提示里会写明权限点。")
        .fix("Apply for it at 开发者后台 → the application → 权限管理, then publish (版本管理与发布). A token fetched before may lack it for a while.", "在「开发者后台 → 该应用 → 权限管理」申请并发布；之前获取的 token 可能要过一会儿才生效。"),
    of("Forbidden.AccessDenied.IpNotInWhiteList").with_status(403)
        .cause("The call came from an address that is not in the allow-list.", "访问 IP 不在白名单中。")
        .fix("Add it at 开发者后台 → the application → 安全设置 → 服务器出口IP.", "加入「开发者后台 → 该应用 → 安全设置 → 服务器出口IP」。"),
    of("Forbidden.AccessDenied.QpsLimitForApi").with_status(403)
        .cause("Everybody together calls this interface too often; per second.", "该接口的总调用量超过每秒上限。")
        .fix("Try again a second later.", "一秒后重试。"),
    of("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi").with_status(403)
        .cause("This application calls this interface too often; per second.", "该应用调用此接口超过每秒上限。")
        .fix("Try again a second later, and spread the calls.", "一秒后重试，并错开调用。"),
    of("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi").with_status(403)
        .cause("This application calls this interface too often; per minute.", "该应用调用此接口超过每分钟上限。")
        .fix("Try again a minute later, and spread the calls.", "一分钟后重试，并错开调用。"),
    of("InvalidAction.NotFound").with_status(404)
        .cause("There is no such path below /v1.0.", "/v1.0 下没有这个路径。")
        .fix("Mind the letter case: `oToMessages/batchSend`, but `otoMessages/batchRecall`; and the method.", "注意大小写：`oToMessages/batchSend`，但撤回是 `otoMessages/batchRecall`；也要核对请求方法。"),
    of("parameter.invalid")
        .cause("A parameter of group create or update is wrong.", "建群或改群的参数不合法。")
        .fix("`name` has 1 to 20 characters, `owner` is in `useridlist`, lists have at most 40 members.", "`name` 1 到 20 个字符，`owner` 须在 `useridlist` 中，列表最多 40 人。"),
    of("permession.checkFailed")
        .cause("The application may not do this, or does not see the owner of the group.", "权限校验失败，或群主不在应用的可见范围内。")
        .fix("Add the owner at 版本管理与发布 → 可见范围, and apply for the permission at 权限管理.", "在「版本管理与发布 → 可见范围」加入群主，并在「权限管理」申请权限。"),
    of("invalideChatId")
        .cause("There is no group with this chatid.", "chatId 不合法。")
        .fix("Pass the `chatid` of chat.create; if it begins with `cid`, it is an openConversationId already.", "传入 chat.create 返回的 `chatid`；以 `cid` 开头的已经是 openConversationId。"),
    of("invalidParameter.openConversationId.invalid").with_status(400)
        .cause("There is no such conversation.", "openConversationId 无效。")
        .fix("Pass the `conversationId` of a message to the robot, or that of group create.", "传入机器人消息里的 `conversationId`，或建群返回的 openConversationId。"),
    of("invalid.staffid").with_status(400)
        .cause("A userid is not valid.", "userid 无效。")
        .fix("Pass userids of members of the group.", "传入群成员的 userid。"),
    of("staff.not.found").with_status(400)
        .cause("A userid was not found.", "找不到该成员。")
        .fix("Check it against the address book.", "核对通讯录。"),
    of("subadmin.exceed").with_status(400)
        .cause("The group has as many admins as it may have.", "群管理员数量超限。")
        .fix("Remove one first (`role` 3).", "先移除一个（`role` 为 3）。"),
    of("invalidParamter.role").with_status(400)
        .cause("The role is not valid.", "role 不合法。")
        .fix("2 makes admins, 3 removes them.", "2 为设置，3 为移除。"),
    of("group.diaband").with_status(400)
        .cause("The group was dismissed.", "群已解散。")
        .fix("Use another group.", "请使用其他群。"),
    of("group.disbanded")
        .cause("The group was dismissed.", "群已解散。")
        .fix("Use another group, and forget this openConversationId.", "请使用其他群，并删除这个 openConversationId。"),
    of("invalidParameter.robotCode.empty")
        .cause("`robotCode` or, of a download, `downloadCode` is empty.", "`robotCode` 为空；下载文件时也可能是 `downloadCode` 为空。")
        .fix("robotCode is the Client ID (AppKey) of the application that the robot belongs to.", "robotCode 就是机器人所属应用的 Client ID（AppKey）。"),
    of("invalidParameter.robotCode.missing")
        .cause("`robotCode` is missing.", "缺少 `robotCode`。")
        .fix("Pass the Client ID of the application as `robotCode`.", "以应用的 Client ID 作为 `robotCode`。"),
    of("invalidParameter.robotCode.invalid")
        .cause("`robotCode` is not valid.", "`robotCode` 无效。")
        .fix("Copy it from 应用 → 机器人 → RobotCode.", "在「应用 → 机器人」复制 RobotCode。"),
    of("invalidParameter.robotCode")
        .cause("`robotCode` is not valid.", "`robotCode` 无效。")
        .fix("Copy it from 应用 → 机器人 → RobotCode.", "在「应用 → 机器人」复制 RobotCode。"),
    of("invalidParameter.robotCode.notExsit")
        .cause("There is no robot with this robotCode.", "机器人不存在。")
        .fix("Add 机器人 to the application and publish it; robotCode is its Client ID, not the access_token of a custom robot.", "先给应用添加「机器人」能力并发布；robotCode 是其 Client ID，不是自定义机器人的 access_token。"),
    of("invalidParameter.robotCode.auth")
        .cause("The token is not one of the application that the robot belongs to; of a download: the code was received by another robot.", "token 不属于该机器人所在的应用；下载文件时：downloadCode 是别的机器人收到的。")
        .fix("Fetch the token with the Client ID that is the robotCode; download with the robot that received the message.", "用 robotCode 对应的 Client ID 获取 token；用收到该消息的机器人下载。"),
    of("invalidParameter.robotCode.coolApp")
        .cause("The cool app (酷应用) of the robot is not used in this group, or its code is wrong.", "机器人绑定的酷应用没有在该群使用，或酷应用编码不对。")
        .fix("Add the cool app to the group, or leave out `coolAppCode`.", "在群里启用该酷应用，或不传 `coolAppCode`。"),
    of("invalidParameter.robotCode.downloadCode")
        .cause("The download code is wrong or has expired.", "downloadCode 有误或已过期。")
        .fix("Fetch the file soon after the message arrived, with the code unchanged.", "收到消息后尽快下载，原样传入 downloadCode。"),
    of("not.allowed.robotCode")
        .cause("This robot may not recall that message; another one sent it.", "该机器人不能撤回这条消息，它是别的机器人发的。")
        .fix("Recall with the robotCode that sent it.", "用发送时的 robotCode 撤回。"),
    of("invalidParameter.userIds.empty")
        .cause("The list of receivers is empty.", "userIds 为空。")
        .fix("Pass 1 to 20 userids as a JSON array.", "以 JSON 数组传入 1 到 20 个 userid。"),
    of("invalidParameter.userIds.overMax")
        .cause("There are too many receivers in one call.", "userIds 超过上限。")
        .fix("Send in batches of 20.", "每次 20 个，分批发送。"),
    of("invalidParameter.userId.empty")
        .cause("A userid is empty.", "缺少 staffId。")
        .fix("Take the empty text out of the list. `senderStaffId` is missing for outsiders and while the application is not published.", "去掉列表里的空值。外部用户或应用未发布时，消息里没有 `senderStaffId`。"),
    of("staffId.notExisted")
        .cause("A userid does not exist.", "staffId 不存在。")
        .fix("Pass userids of this organisation; a `senderId` (`$:LWCP…`) is none.", "传入本企业的 userid；`senderId`（`$:LWCP…`）不是 userid。"),
    of("invalidParameter.msgKey.empty")
        .cause("`msgKey` is missing.", "缺少 `msgKey`。")
        .fix("Pass a template such as sampleText or sampleMarkdown.", "传入模板名，如 sampleText、sampleMarkdown。"),
    of("invalidParameter.msgKey.invalid")
        .cause("There is no such template.", "`msgKey` 无效。")
        .fix("Use sampleText, sampleMarkdown, sampleImageMsg, sampleLink, sampleActionCard (2 to 6), sampleAudio, sampleFile or sampleVideo.", "使用 sampleText、sampleMarkdown、sampleImageMsg、sampleLink、sampleActionCard（及 2 到 6）、sampleAudio、sampleFile、sampleVideo。"),
    of("invalidParameter.msgParam.invalid")
        .cause("`msgParam` is no JSON text.", "`msgParam` 不是 JSON 字符串。")
        .fix("Write the object as a text: `\"msgParam\": \"{\\\"content\\\":\\\"hi\\\"}\"`, not as an object.", "把对象序列化成字符串：`\"msgParam\": \"{\\\"content\\\":\\\"hi\\\"}\"`，不要直接传对象。"),
    of("invalidParameter.msgParam.tooLong")
        .cause("The message is too long.", "消息内容太长。")
        .fix("At most 15,000 bytes; split the text.", "不超过 15000 字节，请拆分。"),
    of("invalidParameter.msgBody.invalid")
        .cause("The body is no JSON.", "请求体必须是 JSON。")
        .fix("Send a JSON object with its Content-Type.", "发送 JSON 对象并带上 Content-Type。"),
    of("invalidParameter.msg.unsupport")
        .cause("The message type is not supported.", "不支持的消息类型。")
        .fix("Use one of the templates of `msgKey`.", "使用 `msgKey` 支持的模板。"),
    of("invalidParameter.param.invalid")
        .cause("A parameter is wrong.", "参数不合法。")
        .fix("Compare with `mynah call dingtalk ENDPOINT --help`.", "用 `mynah call dingtalk 接口名 --help` 核对。"),
    of("invalidParameter.token.invalid")
        .cause("The token of a custom robot is not authorised.", "无授权的 token。")
        .fix("Pass the access_token of the group's own robot, or leave it out.", "传入该群机器人的 access_token，或不传。"),
    of("token.notExisted")
        .cause("The token of a custom robot does not exist.", "token 不存在。")
        .fix("Copy the webhook anew: 群设置 → 机器人.", "重新复制 Webhook：群设置 → 机器人。"),
    of("invalidParameter.invalid")
        .cause("No robot has this token.", "token 对应的机器人不存在。")
        .fix("Pass `openConversationId` and `robotCode` instead of a token.", "改传 `openConversationId` 和 `robotCode`。"),
    of("invalidParameter.cursor.invalid")
        .cause("`nextToken` is not valid.", "`nextToken` 无效。")
        .fix("Pass that of the last page unchanged, none at first.", "原样传入上一页返回的值，第一页不传。"),
    of("invalidParameter.pageSize.invalid")
        .cause("`maxResults` is not valid.", "`maxResults` 无效。")
        .fix("Use 1 to 200.", "取 1 到 200。"),
    of("invalidParameter.processQueryKey.missing")
        .cause("`processQueryKey` is missing.", "缺少 `processQueryKey`。")
        .fix("Pass the key that sending answered.", "传入发送时返回的 processQueryKey。"),
    of("invalid.processQueryKey")
        .cause("There is no message with this key, or another robot sent it.", "processQueryKey 无效，或是别的机器人发的。")
        .fix("Pass the key unchanged, with the robotCode that sent the message.", "原样传入，并使用发送时的 robotCode。"),
    of("processQueryKey.expireTime")
        .cause("The read state is not there yet, or no longer.", "消息的查询数据尚未生成，或已过期。")
        .fix("Ask again a moment after sending, and within a day.", "发送后稍等再查，并在一天内查询。"),
    of("robot.processQueryKey.expired")
        .cause("The message is older than 24 hours and cannot be recalled.", "消息已超过 24 小时，不能撤回。")
        .fix("Recall within 24 hours; afterwards send a correction.", "24 小时内撤回；超时只能另发更正。"),
    of("invalidParameter.processQueryKeys.overMax")
        .cause("There are more than 20 keys in one call.", "processQueryKeys 超过 20 个。")
        .fix("Recall in batches of 20.", "每次 20 个，分批撤回。"),
    of("notRevoke.all.messages")
        .cause("None of the messages could be recalled.", "所有消息都无法撤回。")
        .fix("Look at `failedResult`; keys must be the robot's own and younger than 24 hours.", "查看 `failedResult`；只能撤回本机器人 24 小时内的消息。"),
    of("unknown.send.result")
        .cause("The outcome of sending is not known.", "发送结果未知。")
        .fix("Ask for the read state before sending again.", "先查询消息状态，再决定是否重发。"),
    of("miss.openConversationId")
        .cause("`openConversationId` is missing.", "缺少 `openConversationId`。")
        .fix("Pass the `conversationId` of a message from the group.", "传入群消息里的 `conversationId`。"),
    of("invalid.openConversationId")
        .cause("There is no such conversation, or the robot is not in it.", "openConversationId 无效，或机器人不在该会话中。")
        .fix("Add the robot to the group; convert a `chatid` with im.chat.convert_to_open_conversation_id.", "把机器人加入该群；`chatid` 需先用 convertToOpenConversationId 转换。"),
    of("openConversationId.notExisted")
        .cause("`openConversationId` and the token are both empty.", "openConversationId 和 token 不能同时为空。")
        .fix("Pass `openConversationId`.", "传入 `openConversationId`。"),
    of("conversation.org.notMatch")
        .cause("The conversation belongs to another organisation.", "会话所属组织不匹配。")
        .fix("Send with an application of that organisation.", "用该组织的应用发送。"),
    of("conversation.org.dismatch")
        .cause("The conversation belongs to another organisation.", "会话不属于当前企业。")
        .fix("Ask with an application of that organisation.", "用该组织的应用查询。"),
    of("miss.chatbotId")
        .cause("The robot has no id in this conversation.", "缺少 chatbotId。")
        .fix("Add the robot to the group, and pass its robotCode.", "把机器人加入该群，并传入其 robotCode。"),
    of("bot.stopped")
        .cause("The robot of the group is stopped.", "群机器人已停用。")
        .fix("Enable it in 群设置 → 机器人, or publish the application again.", "在「群设置 → 机器人」启用，或重新发布应用。"),
    of("bot.forbidden.sendMessage")
        .cause("The robot is muted.", "机器人被禁言。")
        .fix("Let an admin of the group lift the mute.", "请群管理员解除禁言。"),
    of("only.groupAdmin.canAtAll")
        .cause("Only the owner may mention everybody in this group.", "该群仅群主可 @所有人。")
        .fix("Leave out the mention, or let the owner allow it in 群管理.", "不要 @所有人，或请群主在群管理中放开。"),
    of("chatbotId.notAllow.sendOTO")
        .cause("The robot may not begin one-to-one chats.", "机器人不允许主动发单聊。")
        .fix("Apply for the permission 企业内机器人发送消息 at 权限管理, and let the receiver be inside the application's visible range.", "在「权限管理」申请「企业内机器人发送消息权限」，并确保接收者在应用可见范围内。"),
    of("robot.oto.notExist")
        .cause("There is no one-to-one chat between the robot and this person.", "没有有效的机器人单聊会话。")
        .fix("Let the person write to the robot once, or widen 可见范围.", "请对方先给机器人发一条消息，或扩大应用可见范围。"),
    of("sendMessage.model.notMatch")
        .cause("The message fits no template.", "没有匹配的消息模型。")
        .fix("Compare `msgParam` with the members that its `msgKey` wants.", "核对 `msgParam` 的字段是否与 `msgKey` 一致。"),
    of("template.not.existed")
        .cause("The template of the robot does not exist.", "机器人模板不存在。")
        .fix("Check robotCode; publish the application with its robot.", "核对 robotCode，并发布带机器人的应用。"),
    of("template.stopped")
        .cause("The template of the robot is stopped.", "机器人模板已停用。")
        .fix("Enable the robot at 应用 → 机器人 and publish.", "在「应用 → 机器人」启用并发布。"),
    of("send.too.fast")
        .cause("Too many messages in a short time.", "发送过快，被限流。")
        .fix("Wait and send fewer; 20 a minute into one group is a good measure.", "稍等并降低频率，每个群每分钟不超过 20 条为宜。"),
    of("send.byToken.tooFast")
        .cause("Too many messages with this robot's token.", "用该 token 发送过快，被限流。")
        .fix("Wait some minutes, then 20 a minute at most.", "等几分钟，之后每分钟不超过 20 条。"),
    of("too.many.group")
        .cause("Too many groups were sent to in a short time.", "短时间内发送的群过多，被限流。")
        .fix("Spread the groups over some minutes.", "把各群错开几分钟发送。"),
    of("too.many.people")
        .cause("Too many people were sent to in a short time.", "短时间内发送的人过多，被限流。")
        .fix("Spread the receivers over some minutes.", "把接收者错开几分钟发送。"),
    of("send.forbidden")
        .cause("Sending is forbidden for this robot.", "禁止发送。")
        .fix("Look at the application's state in 开发者后台; open a ticket if nothing is said there.", "到开发者后台查看应用状态；没有说明请提交工单。"),
    of("ip.not.match")
        .cause("The address is not in the security settings of the robot.", "IP 与安全设置不匹配。")
        .fix("Add it at 群设置 → 机器人 → 安全设置 → IP地址（段）.", "在「群设置 → 机器人 → 安全设置 → IP地址（段）」加入该 IP。"),
    of("keywords.not.match")
        .cause("None of the robot's keywords is in the text.", "消息不含自定义关键词。")
        .fix("Put one into the visible text (自定义关键词).", "正文中加入自定义关键词。"),
    of("sign.not.match")
        .cause("The signature is wrong.", "签名不匹配。")
        .fix("Sign with the `SEC…` secret (加签): milliseconds, line feed, secret; encode once.", "用 `SEC` 开头的密钥加签：毫秒时间戳、换行、密钥；只编码一次。"),
    of("contain.unsafe.url")
        .cause("The message holds an unsafe link.", "含有不安全的外链。")
        .fix("Remove it, or use another domain.", "去掉链接，或换用其他域名。"),
    of("contain.notAllowed.text")
        .cause("The message holds improper text.", "含有不合适的文本。")
        .fix("Change the text.", "修改文本。"),
    of("contain.notAllowed.picture")
        .cause("The message holds an improper picture.", "含有不合适的图片。")
        .fix("Use another picture.", "更换图片。"),
    of("contain.notAllowed.content")
        .cause("The message holds improper content.", "含有不合适的内容。")
        .fix("Change the content.", "修改内容。"),
    of("illegal.receivers")
        .cause("The list of receivers is not valid.", "接收者名单不合法。")
        .fix("Pass userids of this organisation.", "传入本企业的 userid。"),
    of("receivers.exceed")
        .cause("There are too many receivers.", "接收者名单超限。")
        .fix("Send in batches.", "分批发送。"),
    of("illegal.excludes")
        .cause("The list of those left out is not valid.", "不接收者名单不合法。")
        .fix("Pass userids of this organisation.", "传入本企业的 userid。"),
    of("session.notExisted")
        .cause("The session of the reply does not exist.", "session 不存在。")
        .fix("Use the `sessionWebhook` of the message unchanged.", "原样使用消息里的 `sessionWebhook`。"),
    of("session.expired")
        .cause("The session of the reply has expired.", "session 已过期。")
        .fix("Send with robot.group_messages.send or robot.o_to_messages.batch_send instead.", "改用群聊或单聊的机器人发送接口。"),
    of("resource.not.found")
        .cause("Something that the call names does not exist.", "请求的资源不存在。")
        .fix("Check robotCode, openConversationId and processQueryKey.", "核对 robotCode、openConversationId、processQueryKey。"),
    of("resource.unavailable")
        .cause("Something that the call names is not available.", "请求的资源不可用。")
        .fix("Look whether group and robot are still there and enabled.", "确认群和机器人仍存在且已启用。"),
    of("unauthorized")
        .cause("The application may not do this.", "应用没有权限。")
        .fix("Apply for the permission at 权限管理, and use the token of the robot's own application.", "在「权限管理」申请权限，并使用机器人所属应用的 token。"),
    of("auth.error")
        .cause("The authorisation of the application failed.", "应用鉴权失败。")
        .fix("Fetch a new token with the robot's own Client ID; check 权限管理.", "用机器人自己的 Client ID 重新获取 token，并检查「权限管理」。"),
    of("system.error")
        .cause("Something broke inside the platform.", "钉钉内部错误。")
        .fix("Call again a little later; open a ticket with the requestid if it stays.", "稍后重试；持续出现请凭 requestid 提交工单。"),
    of("send.ding.exception")
        .cause("Sending the DING failed.", "发送 DING 消息异常。")
        .fix("Send again a little later.", "稍后重发。"),
    of("miss.param.text")
        .cause("The message has no `text`.", "缺少 `text` 字段。")
        .fix("sampleMarkdown: `title` and `text`; a custom robot's text: `{\"text\": {\"content\": …}}`.", "sampleMarkdown 需要 `title` 和 `text`；自定义机器人文本为 `{\"text\": {\"content\": …}}`。"),
    of("miss.param.contentOfText")
        .cause("The text has no `content`.", "`text` 缺少 `content`。")
        .fix("Fill in `content`.", "填写 `content`。"),
    of("miss.param.link")
        .cause("The message has no `link`.", "缺少 `link` 字段。")
        .fix("Fill in `title`, `text`, `messageUrl` and `picUrl`.", "填写 `title`、`text`、`messageUrl`、`picUrl`。"),
    of("miss.param.textOfLink")
        .cause("The link has no `text`.", "`link` 缺少 `text`。")
        .fix("Fill in `text`.", "填写 `text`。"),
    of("miss.param.titleOfLink")
        .cause("The link has no `title`.", "`link` 缺少 `title`。")
        .fix("Fill in `title`.", "填写 `title`。"),
    of("miss.param.messageUrlOfLink")
        .cause("The link has no `messageUrl`.", "`link` 缺少 `messageUrl`。")
        .fix("Fill in `messageUrl` (not messageURL here).", "填写 `messageUrl`（此处不是 messageURL）。"),
    of("miss.param.markdown")
        .cause("The message has no `markdown`.", "缺少 `markdown` 字段。")
        .fix("Fill in `title` and `text`.", "填写 `title` 和 `text`。"),
    of("miss.param.markdownTotitle")
        .cause("The markdown has no `title`.", "`markdown` 缺少 `title`。")
        .fix("Fill in `title`; it is what the list of conversations shows.", "填写 `title`，它显示在会话列表里。"),
    of("miss.param.markdownTotext")
        .cause("The markdown has no `text`.", "`markdown` 缺少 `text`。")
        .fix("Fill in `text`.", "填写 `text`。"),
    of("miss.param.actionCard")
        .cause("The message has no `actionCard`.", "缺少 `actionCard` 字段。")
        .fix("Fill in `title`, `text` and buttons.", "填写 `title`、`text` 和按钮。"),
    of("miss.param.actionCardTotitle")
        .cause("The card has no `title`.", "卡片缺少 `title`。")
        .fix("Fill in `title`.", "填写 `title`。"),
    of("miss.param.actionCardTotext")
        .cause("The card has no `text`.", "卡片缺少 `text`。")
        .fix("Fill in `text`.", "填写 `text`。"),
    of("miss.param.actionCardTosingleTitle")
        .cause("The card's one button has no title.", "卡片按钮缺少 `singleTitle`。")
        .fix("Fill in `singleTitle` and `singleURL`, or `btns`.", "填写 `singleTitle` 和 `singleURL`，或改用 `btns`。"),
    of("miss.param.actionCardTosingleUrl")
        .cause("The card's one button has no address.", "卡片按钮缺少 `singleURL`。")
        .fix("Fill in `singleURL` (with URL in capitals).", "填写 `singleURL`（URL 大写）。"),
    of("miss.param.actionCardTobtns")
        .cause("The card has no buttons.", "卡片缺少 `btns`。")
        .fix("Fill in `btns`, or `singleTitle` and `singleURL`.", "填写 `btns`，或 `singleTitle` 和 `singleURL`。"),
    of("miss.param.actionCardTobtnsTotitle")
        .cause("A button of the card has no title.", "卡片的某个按钮缺少 `title`。")
        .fix("Give every button a `title`.", "每个按钮都要有 `title`。"),
    of("miss.param.actionCardTobtnsToactionUrl")
        .cause("A button of the card has no address.", "卡片的某个按钮缺少 `actionURL`。")
        .fix("Give every button an `actionURL`.", "每个按钮都要有 `actionURL`。"),
    of("invalid.param.actionCardTobtnOrientation")
        .cause("`btnOrientation` is not valid.", "`btnOrientation` 不合法。")
        .fix("\"0\" puts buttons below each other, \"1\" side by side.", "\"0\" 为竖排，\"1\" 为横排。"),
    of("invalid.param.actionCardTocanForward")
        .cause("`canForward` of the card is not valid.", "卡片的 `canForward` 不合法。")
        .fix("Leave it out, or use \"0\" or \"1\".", "不传，或取 \"0\"、\"1\"。"),
    of("miss.param.feedCard")
        .cause("The message has no `feedCard`.", "缺少 `feedCard` 字段。")
        .fix("Fill in `feedCard.links`.", "填写 `feedCard.links`。"),
    of("miss.param.feedCardTolinks")
        .cause("The feed card has no links.", "`feedCard` 缺少 `links`。")
        .fix("Fill in at least one link.", "至少填写一条链接。"),
    of("miss.param.feedCardTolinksTotitle")
        .cause("A link of the feed card has no title.", "`feedCard` 的某条链接缺少 `title`。")
        .fix("Give every link a `title`.", "每条链接都要有 `title`。"),
    of("miss.param.feedCardTolinksTomessageUrl")
        .cause("A link of the feed card has no address.", "`feedCard` 的某条链接缺少 `messageURL`。")
        .fix("Give every link a `messageURL`.", "每条链接都要有 `messageURL`。"),
    of("miss.param.feedCardTolinksTopicUrl")
        .cause("A link of the feed card has no picture.", "`feedCard` 的某条链接缺少 `picURL`。")
        .fix("Give every link a `picURL`.", "每条链接都要有 `picURL`。"),
    of("miss.param.photo")
        .cause("The message has no `photo`.", "缺少 `photo` 字段。")
        .fix("sampleImageMsg wants `photoURL`.", "sampleImageMsg 需要 `photoURL`。"),
    of("miss.param.photoTophotoUrl")
        .cause("The picture has no address.", "图片缺少 `photoURL`。")
        .fix("Fill in `photoURL`: a public address, or a media id.", "填写 `photoURL`：公网地址或 media_id。"),
    of("miss.param.image")
        .cause("The message has no `image`.", "缺少 `image` 字段。")
        .fix("Fill in `image.picURL`.", "填写 `image.picURL`。"),
    of("miss.param.imageTopicUrl")
        .cause("The picture has no address.", "图片缺少 `picURL`。")
        .fix("Fill in `picURL`.", "填写 `picURL`。"),
    of("miss.param.beautifulCard")
        .cause("The message has no `beautifulCard`.", "缺少 `beautifulCard` 字段。")
        .fix("Fill in image, title, introduction and actionUrl.", "填写 image、title、introduction、actionUrl。"),
    of("miss.param.beautifulCardToimage")
        .cause("The card has no picture.", "卡片缺少 `image`。")
        .fix("Fill in `image`.", "填写 `image`。"),
    of("miss.param.beautifulCardTotitle")
        .cause("The card has no title.", "卡片缺少 `title`。")
        .fix("Fill in `title`.", "填写 `title`。"),
    of("miss.param.beautifulCardToactionUrl")
        .cause("The card has no address.", "卡片缺少 `actionUrl`。")
        .fix("Fill in `actionUrl`.", "填写 `actionUrl`。"),
    of("miss.param.beautifulCardTointroduction")
        .cause("The card has no introduction.", "卡片缺少 `introduction`。")
        .fix("Fill in `introduction`.", "填写 `introduction`。"),
    of("miss.param.file")
        .cause("The message has no file.", "缺少文件参数。")
        .fix("sampleFile wants `mediaId`, `fileName` and `fileType`.", "sampleFile 需要 `mediaId`、`fileName`、`fileType`。"),
    of("miss.param.video")
        .cause("The message has no video.", "缺少视频参数。")
        .fix("sampleVideo wants `videoMediaId`, `videoType`, `picMediaId` and `duration`.", "sampleVideo 需要 `videoMediaId`、`videoType`、`picMediaId`、`duration`。"),
    of("miss.param.audio")
        .cause("The message has no audio.", "缺少语音参数。")
        .fix("sampleAudio wants `mediaId` and `duration` (milliseconds).", "sampleAudio 需要 `mediaId` 和 `duration`（毫秒）。"),
];
