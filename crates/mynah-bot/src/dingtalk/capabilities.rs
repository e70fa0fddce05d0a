//! What accounts of DingTalk can do.

use mynah_core::Bilingual;

use crate::capability::{Capabilities, Capability, Support};
use crate::id::Platform;

/// An application with its robot.
pub(crate) const APP_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::DingTalk,
    Bilingual::new("an application of DingTalk", "钉钉应用"),
    by_app,
);

/// A custom robot.
pub(crate) const ROBOT_CAPABILITIES: Capabilities = Capabilities::new(
    Platform::DingTalk,
    Bilingual::new("a custom robot of DingTalk", "钉钉自定义机器人"),
    by_robot,
);

/// Groups are managed by another id than the one that events tell.
const BY_CHATID: Support = Support::within(
    "groups that the application has created, by their `chatid`",
    "由该应用创建的群，以 `chatid` 指定",
);

fn by_app(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group => Support::within(
            "groups that its robot is in, and those that it has created",
            "机器人所在的群，以及由该应用创建的群",
        ),
        C::Markdown => Support::within(
            "headings, bold, italic, links, pictures, quotes and lists; the rest as text",
            "标题、加粗、斜体、链接、图片、引用与列表，其余以文本显示",
        ),
        C::Direct | C::Text | C::Image | C::Voice | C::File | C::Link | C::Fetch => Support::Yes,
        C::Mention | C::MentionAll => Support::within(
            "in answers, for about 90 minutes; as text otherwise",
            "仅回复收到的消息，约 90 分钟内；其余以文本显示",
        ),
        C::Quote => Support::no("mentioning who said it", "提及发言者"),
        C::Video => Support::instead("a link to it", "链接"),
        C::Location => Support::instead("its name and position as text", "以文本显示名称与坐标"),
        C::Card => Support::within(
            "up to five buttons that open pages; numbered text otherwise",
            "最多五个打开网页的按钮；其余为带编号的文本",
        ),
        C::Edit => Support::no("recalling it and saying it anew", "撤回后重发"),
        C::Recall => Support::within(
            "what its robot said of its own accord, for 24 hours",
            "机器人主动发送的消息，24 小时内",
        ),
        C::React | C::Unreact | C::Decide => Support::none(),
        C::Readers => Support::within(
            "of what it said of its own accord; who has not read it is told of single people only",
            "主动发送的消息；未读者仅单聊可查",
        ),
        C::History => Support::no("keeping what it is told", "自行保存收到的消息"),
        C::CreateGroup => Support::within(
            "with an owner, who is a member; without one, the first member is",
            "须有群主且为成员，未指定时为第一名成员",
        ),
        C::ReadGroup | C::Members | C::Rename | C::SetOwner | C::AddMembers | C::RemoveMembers => {
            BY_CHATID
        }
        C::Leave => Support::no("a person removes the robot from it", "由人移除机器人"),
        C::Dismiss => Support::no("its owner dismisses it", "由群主解散"),
    }
}

fn by_robot(wanted: Capability) -> Support {
    use Capability as C;
    match wanted {
        C::Group => Support::within("its own", "所在的群"),
        C::Direct => Support::no("an application’s robot", "使用应用的机器人"),
        C::Mention | C::MentionAll => Support::Yes,
        C::Image => Support::within("what has an address", "有地址的图片"),
        C::Voice | C::File => Support::instead("a link to it", "链接"),
        _ if wanted.is_part() => by_app(wanted),
        _ => Support::no("an application", "使用应用"),
    }
}
