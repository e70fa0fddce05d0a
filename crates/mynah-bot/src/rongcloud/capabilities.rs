//! What accounts of RongCloud can do.

use mynah_core::Bilingual;

use crate::capability::{Capabilities, Capability, Support};
use crate::id::Platform;

/// A user of the application that is a bot.
pub(crate) const CAPABILITIES: Capabilities = Capabilities::new(
    Platform::RongCloud,
    Bilingual::new("a user of RongCloud", "融云用户"),
    by_user,
);

/// Chatrooms are groups here too, and cannot do everything.
const GROUPS: Support = Support::within("groups, no chatrooms", "仅群组，不含聊天室");

fn by_user(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group
        | C::Direct
        | C::Text
        | C::Mention
        | C::MentionAll
        | C::Link
        | C::Location
        | C::CreateGroup
        | C::ReadGroup
        | C::AddMembers
        | C::Dismiss => Support::Yes,
        C::Markdown => Support::instead("plain text", "纯文本"),
        C::Quote => Support::no("mentioning who said it", "提及发言者"),
        C::Image | C::Voice | C::Video | C::File => Support::within(
            "what has an address; its name as text otherwise",
            "有地址的文件，其余以文本显示文件名",
        ),
        C::Card => Support::instead("text with numbered choices", "带编号选项的文本"),
        C::Edit => Support::no("recalling it and saying it anew", "撤回后重发"),
        C::Recall => Support::within(
            "the last 4,096 messages that it said since it was started",
            "启动以来自己最近的 4096 条消息",
        ),
        C::React | C::Unreact | C::Decide => Support::none(),
        C::Readers => Support::no(
            "what people’s clients tell each other of it, which the message route tells",
            "消息路由转来的客户端已读通知",
        ),
        C::History => Support::no(
            "the log of everything that was said in an hour, by its own call",
            "以相应接口下载每小时的消息日志",
        ),
        C::Fetch => Support::within("what has an address", "有地址的文件"),
        C::Members => Support::within(
            "of a chatroom the 500 who came first",
            "聊天室仅最早加入的 500 人",
        ),
        C::Rename | C::RemoveMembers | C::Leave => GROUPS,
        C::SetOwner => Support::no(
            "groups here belong to the application",
            "群组归应用所有，没有群主",
        ),
    }
}
