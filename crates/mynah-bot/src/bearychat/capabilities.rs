//! What accounts of BearyChat can do.

use mynah_core::Bilingual;

use crate::capability::{Capabilities, Capability, Support};
use crate::id::Platform;

/// A hubot that has a socket.
pub(crate) const SOCKET_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::BearyChat,
    Bilingual::new("a hubot of BearyChat", "倍洽 Hubot"),
    by_socket,
);

/// A hubot that only calls.
pub(crate) const HUBOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::BearyChat,
    Bilingual::new(
        "a hubot of BearyChat without a socket",
        "不用长连接的倍洽 Hubot",
    ),
    by_calls,
);

/// A robot with an incoming hook.
pub(crate) const ROBOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::BearyChat,
    Bilingual::new("an incoming hook of BearyChat", "倍洽 Incoming 机器人"),
    by_hook,
);

/// A robot with an outgoing hook and no other.
pub(crate) const OUTGOING_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::BearyChat,
    Bilingual::new("an outgoing hook of BearyChat", "倍洽 Outgoing 机器人"),
    in_response,
);

fn by_socket(wanted: Capability) -> Support {
    match wanted {
        Capability::Quote => Support::Yes,
        _ => by_calls(wanted),
    }
}

fn by_calls(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group
        | C::Direct
        | C::Text
        | C::Mention
        | C::MentionAll
        | C::Link
        | C::Recall
        | C::React
        | C::Unreact
        | C::CreateGroup
        | C::ReadGroup
        | C::Members
        | C::AddMembers => Support::Yes,
        C::Markdown => Support::within(
            "what the platform knows of it; the rest is written otherwise and named",
            "平台支持的语法；其余改写并逐一说明",
        ),
        C::Quote => Support::no("quoting over its socket", "通过长连接引用"),
        C::Image => Support::within("what has an address", "有地址的图片"),
        C::Voice | C::Video | C::File => Support::instead("a link to it", "链接"),
        C::Location => Support::instead("its name and position as text", "以文本显示名称与坐标"),
        C::Card => Support::instead("text with numbered choices", "带编号选项的文本"),
        C::Edit => Support::within("its words; what is attached stays", "仅文字，附件不变"),
        C::Readers | C::Decide | C::SetOwner => Support::none(),
        C::History => Support::within("up to 100 messages at once", "每次最多 100 条"),
        C::Fetch => Support::within("what has an address", "有地址的文件"),
        C::Rename => Support::no(
            "creating another with the same members",
            "以相同成员另建一个",
        ),
        C::RemoveMembers => Support::within("where it may", "有权限的讨论组"),
        C::Leave => Support::within("all but the channel of everybody", "所有人讨论组除外"),
        C::Dismiss => Support::instead(
            "it is archived: nobody speaks in it any more, and what was said stays",
            "归档：不能再发言，历史消息保留",
        ),
    }
}

fn by_hook(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group | C::Direct => Support::within("by their names", "按名称指定"),
        C::Mention => Support::within(
            "by their ids, which hooks do not tell",
            "需要用户 id，而 hook 不提供",
        ),
        _ if wanted.is_part() => by_calls(wanted),
        _ => Support::no("a hubot, which has a token", "使用有 token 的 Hubot"),
    }
}

fn in_response(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group | C::Direct => Support::within(
            "one reply, where it was called and within five seconds",
            "仅在被触发处、五秒内回复一次",
        ),
        _ => by_hook(wanted),
    }
}
