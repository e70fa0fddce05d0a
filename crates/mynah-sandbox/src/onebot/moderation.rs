//! What those with power in a group do with it.

use mynah_onebot::event::{
    GroupAdmin, GroupAdminType, GroupBan, GroupBanType, GroupCard, GroupName, GroupNameChange,
    Notice, Title,
};
use mynah_onebot::{GroupId, UserId};

use super::archive::{Bilingual, Chat, LineKind};
use super::limits;
use super::refusal::Refusal;
use super::settings::Dialect;
use super::state::{Rank, needs_chars};
use super::world::OneBotWorld;
use crate::world::Time;

/// Whom QQ names when a ban concerns everybody.
const EVERYBODY: UserId = UserId(0);

impl OneBotWorld {
    /// Mutes a member for some seconds; 0 lets them speak again. The end of a
    /// ban comes silently.
    pub(super) fn mute(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        target: UserId,
        seconds: i64,
    ) -> Result<(), Refusal> {
        needs_ban_seconds(seconds)?;
        let until = Time(self.state.now.0.saturating_add(seconds * 1000));
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_power(operator, target)?;
        group.member_mut(target)?.muted_until = (seconds > 0).then_some(until);

        let chat = Chat::Group(group_id);
        let (by, who) = (
            self.state.display(operator, chat),
            self.state.display(target, chat),
        );
        let (kind, sub_type, text) = if seconds > 0 {
            let (en, zh) = span(seconds);
            let text = Bilingual::new(
                format!("{by} muted {who} for {en}"),
                format!("{who} 被 {by} 禁言{zh}"),
            );
            (LineKind::Mute, GroupBanType::Ban, text)
        } else {
            let text = Bilingual::new(
                format!("{by} let {who} speak again"),
                format!("{who} 被 {by} 解除禁言"),
            );
            (LineKind::Unmute, GroupBanType::LiftBan, text)
        };
        self.line(chat, kind, operator, text);
        self.changed_conversations();
        self.group_notice(
            group_id,
            Notice::GroupBan(GroupBan {
                sub_type,
                group_id,
                operator_id: operator,
                user_id: target,
                duration: seconds,
            }),
        );
        Ok(())
    }

    /// Mutes whoever is behind a mask.
    pub(super) fn mute_mask(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        flag: &str,
        seconds: i64,
    ) -> Result<(), Refusal> {
        needs_ban_seconds(seconds)?;
        if seconds == 0 {
            return Err(Refusal::bad("duration", "a ban of a mask cannot be lifted"));
        }
        let until = Time(self.state.now.0.saturating_add(seconds * 1000));
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_admin(operator)?;
        let mask = group
            .masks
            .values_mut()
            .find(|mask| mask.shown.flag == flag)
            .ok_or_else(|| {
                Refusal::forbidden("anonymous_flag", "no mask in this group has this flag")
            })?;
        mask.muted_until = Some(until);
        let name = mask.shown.name.clone();
        let chat = Chat::Group(group_id);
        let by = self.state.display(operator, chat);
        let (en, zh) = span(seconds);
        let text = Bilingual::new(
            format!("{by} muted {name} (anonymous) for {en}"),
            format!("{name}（匿名）被 {by} 禁言{zh}"),
        );
        self.line(chat, LineKind::Mute, operator, text);
        Ok(())
    }

    /// Lets only the owner and admins speak, or everybody again. What is so
    /// already stays so and tells nobody.
    pub(super) fn whole_ban(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        enable: bool,
    ) -> Result<(), Refusal> {
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_admin(operator)?;
        if group.whole_ban == enable {
            return Ok(());
        }
        group.whole_ban = enable;
        let chat = Chat::Group(group_id);
        let by = self.state.display(operator, chat);
        let (kind, sub_type, duration, text) = if enable {
            let text = Bilingual::new(
                format!("{by} muted everybody"),
                format!("{by} 开启了全员禁言"),
            );
            (LineKind::Mute, GroupBanType::Ban, -1, text)
        } else {
            let text = Bilingual::new(
                format!("{by} let everybody speak again"),
                format!("{by} 关闭了全员禁言"),
            );
            (LineKind::Unmute, GroupBanType::LiftBan, 0, text)
        };
        self.line(chat, kind, operator, text);
        self.changed_conversations();
        self.group_notice(
            group_id,
            Notice::GroupBan(GroupBan {
                sub_type,
                group_id,
                operator_id: operator,
                user_id: EVERYBODY,
                duration,
            }),
        );
        Ok(())
    }

    /// The owner makes a member an admin, or an admin a member. What is so
    /// already stays so and tells nobody.
    pub(super) fn set_admin(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        target: UserId,
        enable: bool,
    ) -> Result<(), Refusal> {
        let group = self.state.group_mut(operator, group_id)?;
        group.member(target)?;
        group.needs_owner(operator)?;
        if target == operator {
            return Err(Refusal::forbidden("user_id", "the owner stays the owner"));
        }
        let rank = if enable { Rank::Admin } else { Rank::Member };
        if group.rank(target) == rank {
            return Ok(());
        }
        let admins = group
            .members
            .values()
            .filter(|member| member.rank == Rank::Admin);
        if enable && admins.count() >= limits::ADMINS {
            return Err(Refusal::forbidden(
                "user_id",
                format!("the group has {} admins already", limits::ADMINS),
            ));
        }
        group.member_mut(target)?.rank = rank;

        let chat = Chat::Group(group_id);
        let who = self.state.display(target, chat);
        let text = if enable {
            Bilingual::new(
                format!("{who} is an admin now"),
                format!("{who} 成为了管理员"),
            )
        } else {
            Bilingual::new(
                format!("{who} is no admin any more"),
                format!("{who} 被取消了管理员"),
            )
        };
        self.line(chat, LineKind::Admin, operator, text);
        self.changed_conversations();
        self.group_notice(
            group_id,
            Notice::GroupAdmin(GroupAdmin {
                sub_type: if enable {
                    GroupAdminType::Set
                } else {
                    GroupAdminType::Unset
                },
                group_id,
                user_id: target,
            }),
        );
        Ok(())
    }

    /// Gives a member a name in the group; an empty one removes it. Everybody
    /// may name themselves.
    pub(super) fn set_card(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        target: UserId,
        card: &str,
    ) -> Result<(), Refusal> {
        needs_chars("card", card, limits::NAME_CHARS)?;
        let group = self.state.group_mut(operator, group_id)?;
        if target != operator {
            group.needs_power(operator, target)?;
        }
        let member = group.member_mut(target)?;
        if member.card == card {
            return Ok(());
        }
        let card_old = std::mem::replace(&mut member.card, card.to_owned());
        let chat = Chat::Group(group_id);
        let who = self.state.nickname(target);
        let text = if card.is_empty() {
            Bilingual::new(
                format!("{who} has no card any more"),
                format!("{who} 的群名片已清除"),
            )
        } else {
            Bilingual::new(
                format!("{who} is called {card} here now"),
                format!("{who} 的群名片改为 {card}"),
            )
        };
        self.line(chat, LineKind::Card, operator, text);
        self.changed_conversations();
        self.group_notice(
            group_id,
            Notice::GroupCard(GroupCard {
                group_id,
                user_id: target,
                card_new: card.to_owned(),
                card_old,
            }),
        );
        Ok(())
    }

    /// The owner gives a member a title; an empty one removes it. It lasts for
    /// `seconds`, or for ever when they are not above 0.
    pub(super) fn set_title(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        target: UserId,
        title: &str,
        seconds: i64,
    ) -> Result<(), Refusal> {
        needs_chars("special_title", title, limits::TITLE_CHARS)?;
        let now = self.state.now;
        let group = self.state.group_mut(operator, group_id)?;
        group.member(target)?;
        group.needs_owner(operator)?;
        let member = group.member_mut(target)?;
        let changed = member.title(now) != title;
        title.clone_into(&mut member.title);
        member.title_until =
            (seconds > 0 && !title.is_empty()).then(|| now.seconds().saturating_add(seconds));
        if !changed {
            return Ok(());
        }
        let chat = Chat::Group(group_id);
        let who = self.state.display(target, chat);
        let text = if title.is_empty() {
            Bilingual::new(
                format!("{who} has no title any more"),
                format!("{who} 的专属头衔已取消"),
            )
        } else {
            Bilingual::new(
                format!("{who} was given the title {title}"),
                format!("{who} 获得了专属头衔 {title}"),
            )
        };
        self.line(chat, LineKind::Title, operator, text);
        self.changed_conversations();
        if !title.is_empty() {
            self.group_notice(
                group_id,
                Notice::Title(Title {
                    group_id,
                    user_id: target,
                    title: title.to_owned(),
                }),
            );
        }
        Ok(())
    }

    /// Gives a group another name.
    pub(super) fn rename(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        name: &str,
    ) -> Result<(), Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::bad("group_name", "must not be empty"));
        }
        needs_chars("group_name", name, limits::NAME_CHARS)?;
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_admin(operator)?;
        if group.name == name {
            return Ok(());
        }
        name.clone_into(&mut group.name);
        let chat = Chat::Group(group_id);
        let by = self.state.display(operator, chat);
        let text = Bilingual::new(
            format!("{by} renamed the group to {name}"),
            format!("{by} 修改群名为 {name}"),
        );
        self.line(chat, LineKind::Rename, operator, text);
        self.changed_conversations();
        let name = name.to_owned();
        let notice = if self.settings.dialect == Dialect::Lagrange {
            Notice::GroupNameChange(GroupNameChange { group_id, name })
        } else {
            Notice::GroupName(GroupName {
                group_id,
                user_id: operator,
                name_new: name,
            })
        };
        self.group_notice(group_id, notice);
        Ok(())
    }

    /// Allows masks in a group or forbids them; QQ itself says so there. What
    /// is so already stays so and tells nobody.
    pub(super) fn set_anonymous(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        enable: bool,
    ) -> Result<(), Refusal> {
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_admin(operator)?;
        if group.anonymous == enable {
            return Ok(());
        }
        group.anonymous = enable;
        self.changed_conversations();
        let hint = if enable {
            "管理员已允许群内匿名聊天"
        } else {
            "管理员已禁止群内匿名聊天"
        };
        self.system_speaks(group_id, hint)
    }
}

fn needs_ban_seconds(seconds: i64) -> Result<(), Refusal> {
    if (0..=limits::BAN_SECONDS).contains(&seconds) {
        return Ok(());
    }
    Err(Refusal::bad(
        "duration",
        format!("must be from 0 to {} seconds", limits::BAN_SECONDS),
    ))
}

/// A span of time in words, English and Chinese.
fn span(seconds: i64) -> (String, String) {
    const UNITS: [(i64, &str, &str); 3] = [
        (24 * 3600, "day", "天"),
        (3600, "hour", "小时"),
        (60, "minute", "分钟"),
    ];
    let (count, en, zh) = UNITS
        .iter()
        .find(|(length, ..)| seconds % length == 0)
        .map_or((seconds, "second", "秒"), |(length, en, zh)| {
            (seconds / length, *en, *zh)
        });
    let plural = if count == 1 { "" } else { "s" };
    (format!("{count} {en}{plural}"), format!("{count}{zh}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_the_largest_unit_that_fits() {
        for (seconds, en, zh) in [
            (1, "1 second", "1秒"),
            (90, "90 seconds", "90秒"),
            (1800, "30 minutes", "30分钟"),
            (3600, "1 hour", "1小时"),
            (limits::BAN_SECONDS, "30 days", "30天"),
        ] {
            assert_eq!(span(seconds), (en.to_owned(), zh.to_owned()));
        }
    }
}
