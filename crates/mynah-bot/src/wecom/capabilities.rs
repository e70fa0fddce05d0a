//! What accounts of WeCom can do.

use mynah_core::Bilingual;

use crate::capability::{Capabilities, Capability, Support};
use crate::id::Platform;

/// An application.
pub(crate) const APPLICATION_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::WeCom,
    Bilingual::new("an application of WeCom", "企业微信应用"),
    by_application,
);

/// An intelligent bot with a socket.
pub(crate) const BOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::WeCom,
    Bilingual::new("an intelligent bot of WeCom", "企业微信智能机器人"),
    by_bot,
);

/// An intelligent bot that is called back.
pub(crate) const CALLED_BOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::WeCom,
    Bilingual::new(
        "an intelligent bot of WeCom with callbacks",
        "使用回调的企业微信智能机器人",
    ),
    by_called_bot,
);

/// A group robot.
pub(crate) const ROBOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::WeCom,
    Bilingual::new("a group robot of WeCom", "企业微信群机器人"),
    by_robot,
);

const QUOTE: Support = Support::no("quoting its words in Markdown", "用 Markdown 引用原文");

const LOCATION: Support = Support::instead("its name and position as text", "以文本显示名称与坐标");

/// The Markdown of applications knows little.
const SIMPLE_MARKDOWN: Support = Support::within(
    "headings, bold, links, code in a line and quotes; the rest as text",
    "标题、加粗、链接、行内代码与引用，其余以文本显示",
);

/// Nobody reads there.
const HEARD: Support = Support::no("keeping what it is told", "自行保存收到的消息");

fn by_application(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group => Support::within("groups that it has created", "由该应用创建的群"),
        C::Markdown => SIMPLE_MARKDOWN,
        C::Direct
        | C::Text
        | C::Mention
        | C::Image
        | C::Voice
        | C::Video
        | C::File
        | C::Link
        | C::Fetch => Support::Yes,
        C::MentionAll => Support::within(
            "in groups; `@all` as text otherwise",
            "仅群聊，其余以文本显示 `@all`",
        ),
        C::Quote => QUOTE,
        C::Location => LOCATION,
        C::Card => Support::within(
            "to members, up to six buttons that are pressed or open pages; numbered text otherwise",
            "发给成员，最多六个可按或打开网页的按钮；其余为带编号的文本",
        ),
        C::Edit => Support::no("recalling it and saying it anew", "撤回后重发"),
        C::Recall => Support::within(
            "what it said to members, for 24 hours",
            "发给成员的消息，24 小时内",
        ),
        C::React | C::Unreact | C::Readers | C::Decide => Support::none(),
        C::History => HEARD,
        C::CreateGroup => Support::within(
            "with two members at least, and without itself",
            "至少两名成员，应用自身不在群内",
        ),
        C::ReadGroup | C::Members | C::Rename | C::SetOwner | C::AddMembers | C::RemoveMembers => {
            Support::within("groups that it has created", "由该应用创建的群")
        }
        C::Leave => Support::no(
            "it is no member of the groups it speaks in",
            "应用本就不是群成员",
        ),
        C::Dismiss => Support::no("removing members, down to two", "移出成员，至少保留两名"),
    }
}

fn by_bot(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group | C::Direct => {
            Support::within("where somebody has talked to it", "有人与其对话过的会话")
        }
        C::Text | C::Markdown | C::Mention | C::Image | C::Voice | C::Video | C::File | C::Link => {
            Support::Yes
        }
        C::MentionAll => Support::instead("`@all` as text", "以文本显示 `@all`"),
        C::Quote => QUOTE,
        C::Location => LOCATION,
        C::Card => Support::within(
            "up to six buttons that are pressed, or three that open pages or say something; \
             numbered text otherwise",
            "最多六个可按的按钮，或三个打开网页、代为发言的按钮；其余为带编号的文本",
        ),
        C::Edit => Support::no("saying it anew", "重新发送"),
        C::Recall | C::React | C::Unreact | C::Readers | C::Decide => Support::none(),
        C::History => HEARD,
        C::Fetch => Support::within(
            "while the message it came with is handled, within five minutes",
            "处理该消息期间，五分钟内",
        ),
        C::CreateGroup
        | C::ReadGroup
        | C::Members
        | C::Rename
        | C::SetOwner
        | C::AddMembers
        | C::RemoveMembers => Support::no(
            "an application, in groups of its own",
            "使用应用管理其自建群",
        ),
        C::Leave | C::Dismiss => {
            Support::no("a person removes it from the group", "由人将其移出群")
        }
    }
}

fn by_called_bot(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group | C::Direct => Support::within(
            "a reply to each callback in its response, and one more message within an hour",
            "每次回调在响应中回复一次，一小时内可再发一条",
        ),
        C::Image | C::Voice | C::Video | C::File => {
            Support::instead("its name as text", "以文本显示文件名")
        }
        _ => by_bot(wanted),
    }
}

fn by_robot(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group => Support::within("its own", "所在的群"),
        C::MentionAll => Support::Yes,
        C::Markdown => Support::within(
            "tables and code only where nobody is mentioned; as text otherwise",
            "仅在不提及他人时支持表格与代码，其余以文本显示",
        ),
        C::Card => Support::within(
            "up to three buttons that open pages; numbered text otherwise",
            "最多三个打开网页的按钮；其余为带编号的文本",
        ),
        C::Image => Support::within("what has an address or content", "有地址或内容的图片"),
        C::Video => Support::instead("a file", "以文件发送"),
        C::Direct => Support::no(
            "an application, or an intelligent bot",
            "使用应用或智能机器人",
        ),
        _ if wanted.is_part() => by_application(wanted),
        _ => Support::no("an application", "使用应用"),
    }
}
