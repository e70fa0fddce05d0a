//! What an account can do, and what it says of what it cannot.
//!
//! Every kind of account has a table: a function that says of each
//! [`Capability`] what becomes of it. `docs/capabilities.md` is made from these
//! tables, and tests hold each of them against the platform's world.

use std::fmt;

use mynah_core::Bilingual;

use crate::id::Platform;
use crate::message::Part;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $en:literal, $zh:literal;)+) => {
        /// What a bot may want of a platform.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[$doc])* $name,)+
        }

        impl Capability {
            /// All there are, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// What it is, as what somebody does: `edit a message`.
            pub const fn words(self) -> Bilingual {
                match self {
                    $(Self::$name => Bilingual::new($en, $zh),)+
                }
            }
        }
    };
}

capabilities! {
    /// Speaking where many are.
    Group = "speak in a group", "在群里发言";
    /// Speaking to one person.
    Direct = "speak to one person", "与某人单聊";
    /// [`Part::Text`].
    Text = "send text", "发文本";
    /// [`Part::Markdown`].
    Markdown = "send Markdown", "发 Markdown";
    /// [`Part::Mention`].
    Mention = "mention somebody", "提及某人";
    /// [`Part::MentionAll`].
    MentionAll = "mention everybody", "提及所有人";
    /// [`Part::Quote`].
    Quote = "reply to a message", "引用回复";
    /// [`Part::Image`].
    Image = "send a picture", "发图片";
    /// [`Part::Voice`].
    Voice = "send a voice message", "发语音";
    /// [`Part::Video`].
    Video = "send a video", "发视频";
    /// [`Part::File`].
    File = "send a file", "发文件";
    /// [`Part::Link`].
    Link = "send a link with a preview", "发带预览的链接";
    /// [`Part::Location`].
    Location = "send a location", "发位置";
    /// [`Part::Card`].
    Card = "send a card with buttons", "发带按钮的卡片";
    /// [`Outbox::edit`](crate::Outbox::edit).
    Edit = "edit a message", "编辑消息";
    /// [`Outbox::recall`](crate::Outbox::recall).
    Recall = "recall a message", "撤回消息";
    /// [`Outbox::react`](crate::Outbox::react).
    React = "react to a message", "用表情回应消息";
    /// [`Outbox::unreact`](crate::Outbox::unreact).
    Unreact = "take a reaction back", "取消表情回应";
    /// [`Outbox::readers`](crate::Outbox::readers).
    Readers = "see who has read a message", "查看已读";
    /// [`Outbox::history`](crate::Outbox::history).
    History = "read the history", "读取历史消息";
    /// [`Outbox::fetch`](crate::Outbox::fetch).
    Fetch = "fetch what came with a message", "下载收到的文件";
    /// [`Reply::Approve`](crate::Reply::Approve) and [`Reply::Decline`](crate::Reply::Decline).
    Decide = "approve and decline requests", "处理好友与入群请求";
    /// [`Outbox::create_group`](crate::Outbox::create_group).
    CreateGroup = "create a group", "建群";
    /// [`Outbox::group`](crate::Outbox::group).
    ReadGroup = "read about a group", "读取群信息";
    /// [`Outbox::members`](crate::Outbox::members).
    Members = "list the members of a group", "列出群成员";
    /// [`Outbox::rename`](crate::Outbox::rename).
    Rename = "rename a group", "改群名";
    /// [`Outbox::set_owner`](crate::Outbox::set_owner).
    SetOwner = "give a group another owner", "转让群主";
    /// [`Outbox::add_members`](crate::Outbox::add_members).
    AddMembers = "add members to a group", "拉人入群";
    /// [`Outbox::remove_members`](crate::Outbox::remove_members).
    RemoveMembers = "remove members from a group", "移出群成员";
    /// [`Outbox::leave`](crate::Outbox::leave).
    Leave = "leave a group", "退群";
    /// [`Outbox::dismiss`](crate::Outbox::dismiss).
    Dismiss = "dismiss a group", "解散群";
}

impl Capability {
    /// Whether it is a part of a message that is sent.
    pub const fn is_part(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Markdown
                | Self::Mention
                | Self::MentionAll
                | Self::Quote
                | Self::Image
                | Self::Voice
                | Self::Video
                | Self::File
                | Self::Link
                | Self::Location
                | Self::Card
        )
    }

    /// What carries this part of a message; nothing for [`Part::Raw`], which
    /// each account takes in its own platform's JSON.
    pub const fn of(part: &Part) -> Option<Self> {
        Some(match part {
            Part::Text(_) => Self::Text,
            Part::Mention(_) => Self::Mention,
            Part::MentionAll => Self::MentionAll,
            Part::Image(_) => Self::Image,
            Part::Voice(_) => Self::Voice,
            Part::Video(_) => Self::Video,
            Part::File(_) => Self::File,
            Part::Link(_) => Self::Link,
            Part::Location(_) => Self::Location,
            Part::Markdown(_) => Self::Markdown,
            Part::Quote(_) => Self::Quote,
            Part::Card(_) => Self::Card,
            Part::Raw(..) => return None,
        })
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

/// What becomes of it when a bot wants something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It is done.
    Yes,
    /// It is done within these bounds, and refused beyond them.
    Within(Bilingual),
    /// Something else is done in its place; where that is a part of a message,
    /// it is named in [`Receipt::losses`](crate::Receipt::losses).
    Substitute(Bilingual),
    /// It is refused as [`Unsupported`]. A part of a message is left out, and
    /// named in [`Receipt::losses`](crate::Receipt::losses).
    No {
        /// What comes nearest to it.
        nearest: Bilingual,
    },
}

impl Support {
    /// [`Within`](Self::Within), in two languages.
    pub const fn within(en: &'static str, zh: &'static str) -> Self {
        Self::Within(Bilingual::new(en, zh))
    }

    /// [`Substitute`](Self::Substitute), in two languages.
    pub const fn instead(en: &'static str, zh: &'static str) -> Self {
        Self::Substitute(Bilingual::new(en, zh))
    }

    /// [`No`](Self::No) with what comes nearest, in two languages.
    pub const fn no(en: &'static str, zh: &'static str) -> Self {
        Self::No {
            nearest: Bilingual::new(en, zh),
        }
    }

    /// [`No`](Self::No), where nothing comes near.
    pub const fn none() -> Self {
        Self::no("nothing comes near it", "没有相近的做法")
    }

    /// Whether something is done, if not always exactly what was wanted.
    pub const fn is_there(self) -> bool {
        !matches!(self, Self::No { .. })
    }
}

/// What one kind of account can do.
#[derive(Clone, Copy)]
pub struct Capabilities {
    platform: Option<Platform>,
    account: Bilingual,
    table: fn(Capability) -> Support,
}

impl Capabilities {
    /// Every kind of account there is, those of a platform together.
    pub const ALL: &'static [Self] = &[
        crate::onebot::CAPABILITIES,
        crate::onebot::CAPABILITIES_BY_POST,
        crate::wecom::APPLICATION_CAPABILITIES,
        crate::wecom::BOT_CAPABILITIES,
        crate::wecom::CALLED_BOT_CAPABILITIES,
        crate::wecom::ROBOT_CAPABILITIES,
        crate::dingtalk::APP_CAPABILITIES,
        crate::dingtalk::ROBOT_CAPABILITIES,
        crate::rongcloud::CAPABILITIES,
        crate::bearychat::HUBOT_CAPABILITIES,
        crate::bearychat::SOCKET_CAPABILITIES,
        crate::bearychat::ROBOT_CAPABILITIES,
        crate::bearychat::OUTGOING_CAPABILITIES,
    ];

    /// The table of a kind of account, which is called so in sentences: `a
    /// hubot of BearyChat`.
    pub(crate) const fn new(
        platform: Platform,
        account: Bilingual,
        table: fn(Capability) -> Support,
    ) -> Self {
        Self {
            platform: Some(platform),
            account,
            table,
        }
    }

    /// An outbox that says nothing of itself: it can say things, and no more.
    pub const UNKNOWN: Self = Self {
        platform: None,
        account: Bilingual::new("this account", "此账号"),
        table: |wanted| match wanted {
            Capability::Text | Capability::Group | Capability::Direct => Support::Yes,
            _ => Support::none(),
        },
    };

    /// The platform; none for what is not of ours.
    pub const fn platform(&self) -> Option<Platform> {
        self.platform
    }

    /// What such an account is called in sentences.
    pub const fn account(&self) -> Bilingual {
        self.account
    }

    /// What becomes of it when a bot wants `wanted`.
    pub fn of(&self, wanted: Capability) -> Support {
        (self.table)(wanted)
    }

    /// Whether something is done when a bot wants `wanted`.
    pub fn can(&self, wanted: Capability) -> bool {
        self.of(wanted).is_there()
    }

    /// All of it, in the order of the documentation.
    pub fn iter(&self) -> impl Iterator<Item = (Capability, Support)> + use<> {
        let table = self.table;
        let all = Capability::ALL.iter();
        all.map(move |wanted| (*wanted, table(*wanted)))
    }

    /// Why `wanted` is not done.
    pub fn refuse(&self, wanted: Capability) -> Unsupported {
        let nearest = match self.of(wanted) {
            Support::No { nearest } | Support::Within(nearest) | Support::Substitute(nearest) => {
                nearest
            }
            Support::Yes => Bilingual::new("nothing comes near it", "没有相近的做法"),
        };
        Unsupported {
            account: self.account,
            what: wanted,
            nearest,
        }
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Capabilities({})", self.account)
    }
}

/// What an account cannot do, and what comes nearest to it. Nothing was sent.
///
/// [`BotError::unsupported`](crate::BotError::unsupported) finds it in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{account} cannot {what}; nearest: {nearest}")]
pub struct Unsupported {
    /// Which kind of account.
    pub account: Bilingual,
    /// What was wanted.
    pub what: Capability,
    /// What comes nearest to it.
    pub nearest: Bilingual,
}

impl Unsupported {
    /// The same with something nearer, where a bound is the reason.
    #[must_use]
    pub const fn nearer(self, en: &'static str, zh: &'static str) -> Self {
        Self {
            nearest: Bilingual::new(en, zh),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::BotError;

    #[test]
    fn a_refusal_names_who_what_and_what_is_nearest() {
        let error = BotError::from(crate::onebot::CAPABILITIES.refuse(Capability::Edit));
        let expected = "a OneBot account cannot edit a message; \
                        nearest: recalling it and saying it anew";
        assert_eq!(error.to_string(), expected);
        let found = error.unsupported().unwrap();
        assert_eq!(
            (found.what, found.account.zh),
            (Capability::Edit, "OneBot 账号")
        );
        assert!(BotError::new("something else").unsupported().is_none());
        let nearer = found.nearer("waiting", "等待");
        assert_eq!(nearer.nearest.zh, "等待");
    }

    #[test]
    fn an_outbox_that_says_nothing_of_itself_speaks_and_no_more() {
        let all = Capabilities::UNKNOWN.iter();
        let can: Vec<_> = all.filter(|(_, support)| support.is_there()).collect();
        let [group, direct, text] = [Capability::Group, Capability::Direct, Capability::Text]
            .map(|wanted| (wanted, Support::Yes));
        assert_eq!(can, [group, direct, text]);
    }
}
