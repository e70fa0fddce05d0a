//! What accounts of OneBot can do.

use mynah_core::Bilingual;

use crate::capability::{Capabilities, Capability, Support};
use crate::id::Platform;

/// An account that can call.
pub(crate) const CAPABILITIES: Capabilities = Capabilities::new(
    Platform::OneBot,
    Bilingual::new("a OneBot account", "OneBot 账号"),
    by_calls,
);

/// An account that is posted to and cannot call.
pub(crate) const CAPABILITIES_BY_POST: Capabilities = Capabilities::new(
    Platform::OneBot,
    Bilingual::new(
        "a OneBot account without `api`",
        "没有 `api` 的 OneBot 账号",
    ),
    by_post,
);

fn by_calls(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group
        | C::Direct
        | C::Text
        | C::Mention
        | C::MentionAll
        | C::Quote
        | C::Image
        | C::Voice
        | C::Video
        | C::Link
        | C::Location
        | C::Decide
        | C::ReadGroup
        | C::Members => Support::Yes,
        C::Markdown => Support::instead("plain text", "纯文本"),
        C::File => Support::instead("its name or address as text", "以文本显示文件名或地址"),
        C::Card => Support::instead("text with numbered choices", "带编号选项的文本"),
        C::Edit => Support::no("recalling it and saying it anew", "撤回后重发"),
        C::Recall => Support::within(
            "its own for two minutes, and those of members where it is an admin",
            "自己的消息两分钟内；作为管理员可撤回成员的消息",
        ),
        C::React | C::Unreact => Support::within(
            "in groups, where NapCat or LLOneBot is the implementation",
            "仅群聊，且实现为 NapCat 或 LLOneBot",
        ),
        C::Readers => Support::none(),
        C::History => Support::within(
            "in groups with go-cqhttp, everywhere with NapCat and LLOneBot",
            "go-cqhttp 仅群聊，NapCat 与 LLOneBot 均可",
        ),
        C::Fetch => Support::within("what has an address", "有地址的文件"),
        C::CreateGroup => Support::no(
            "a person creates it and invites the bot",
            "由人建群后邀请机器人",
        ),
        C::Rename | C::RemoveMembers => {
            Support::within("where it is an admin", "机器人是管理员的群")
        }
        C::SetOwner => Support::no("making somebody an admin", "将其设为管理员"),
        C::AddMembers => Support::no("approving who asks to join", "同意入群请求"),
        C::Leave => Support::within("where it is not the owner", "机器人不是群主的群"),
        C::Dismiss => Support::within("where it is the owner", "机器人是群主的群"),
    }
}

fn by_post(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group | C::Direct => Support::within(
            "one reply, where something was said to it",
            "仅对收到的消息回复一次",
        ),
        C::Decide => Support::Yes,
        _ if wanted.is_part() => by_calls(wanted),
        _ => Support::no("calls, with `api` in its settings", "在配置中加上 `api`"),
    }
}
