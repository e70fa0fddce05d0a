use mynah_core::{ApiError, Empty};
use mynah_onebot::GroupId;
use mynah_onebot::actions::group::{
    SendGroupSign, SetGroupAdmin, SetGroupAnonymous, SetGroupAnonymousBan, SetGroupBan,
    SetGroupCard, SetGroupKick, SetGroupLeave, SetGroupName, SetGroupPortrait, SetGroupRemark,
    SetGroupSign, SetGroupSpecialTitle, SetGroupWholeBan,
};

use super::done;
use crate::onebot::limits;
use crate::onebot::media::Kind;
use crate::onebot::refusal::Refusal;
use crate::onebot::settings::Dialect;
use crate::onebot::state::needs_chars;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<SetGroupKick> for OneBotWorld {
    fn serve(&mut self, call: SetGroupKick) -> Result<Empty, ApiError> {
        let (bot, reject) = (self.bot(), call.reject_add_request.unwrap_or(false));
        done(self.kick(bot, call.group_id, call.user_id, reject))
    }
}

impl Serve<SetGroupBan> for OneBotWorld {
    fn serve(&mut self, call: SetGroupBan) -> Result<Empty, ApiError> {
        let default = match self.settings.dialect {
            Dialect::NapCat | Dialect::Lagrange => 0,
            _ => 1800,
        };
        let (bot, seconds) = (self.bot(), call.duration.unwrap_or(default));
        done(self.mute(bot, call.group_id, call.user_id, seconds))
    }
}

impl Serve<SetGroupAnonymousBan> for OneBotWorld {
    /// The anonymous object wins over the flag.
    fn serve(&mut self, call: SetGroupAnonymousBan) -> Result<Empty, ApiError> {
        let flag = call
            .anonymous
            .map(|anonymous| anonymous.flag)
            .or(call.anonymous_flag)
            .ok_or_else(|| Refusal::bad("anonymous_flag", "give it, or `anonymous`"))?;
        let (bot, seconds) = (self.bot(), call.duration.unwrap_or(1800));
        done(self.mute_mask(bot, call.group_id, &flag, seconds))
    }
}

impl Serve<SetGroupWholeBan> for OneBotWorld {
    fn serve(&mut self, call: SetGroupWholeBan) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.whole_ban(bot, call.group_id, call.enable.unwrap_or(true)))
    }
}

impl Serve<SetGroupAdmin> for OneBotWorld {
    fn serve(&mut self, call: SetGroupAdmin) -> Result<Empty, ApiError> {
        let default = !matches!(self.settings.dialect, Dialect::NapCat | Dialect::Lagrange);
        let (bot, enable) = (self.bot(), call.enable.unwrap_or(default));
        done(self.set_admin(bot, call.group_id, call.user_id, enable))
    }
}

impl Serve<SetGroupAnonymous> for OneBotWorld {
    fn serve(&mut self, call: SetGroupAnonymous) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.set_anonymous(bot, call.group_id, call.enable.unwrap_or(true)))
    }
}

impl Serve<SetGroupCard> for OneBotWorld {
    fn serve(&mut self, call: SetGroupCard) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let card = call.card.unwrap_or_default();
        done(self.set_card(bot, call.group_id, call.user_id, &card))
    }
}

impl Serve<SetGroupName> for OneBotWorld {
    fn serve(&mut self, call: SetGroupName) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.rename(bot, call.group_id, &call.group_name))
    }
}

impl Serve<SetGroupLeave> for OneBotWorld {
    fn serve(&mut self, call: SetGroupLeave) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(if call.is_dismiss.unwrap_or(false) {
            self.dismiss(bot, call.group_id)
        } else {
            self.leave(bot, call.group_id)
        })
    }
}

impl Serve<SetGroupSpecialTitle> for OneBotWorld {
    fn serve(&mut self, call: SetGroupSpecialTitle) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let title = call.special_title.unwrap_or_default();
        let seconds = call.duration.unwrap_or(-1);
        done(self.set_title(bot, call.group_id, call.user_id, &title, seconds))
    }
}

impl Serve<SetGroupPortrait> for OneBotWorld {
    fn serve(&mut self, call: SetGroupPortrait) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let taken = self.state.media.read(Kind::Image, &call.file, "file")?;
        self.state.own_group(call.group_id)?.needs_admin(bot)?;
        let name = self.state.media.put(taken);
        self.state.own_group_mut(call.group_id)?.portrait = Some(name);
        Ok(Empty)
    }
}

impl Serve<SetGroupRemark> for OneBotWorld {
    fn serve(&mut self, call: SetGroupRemark) -> Result<Empty, ApiError> {
        needs_chars("remark", &call.remark, limits::NAME_CHARS)?;
        self.state.own_group_mut(call.group_id)?.remark = call.remark;
        Ok(Empty)
    }
}

impl Serve<SetGroupSign> for OneBotWorld {
    fn serve(&mut self, call: SetGroupSign) -> Result<Empty, ApiError> {
        done(self.sign(call.group_id))
    }
}

impl Serve<SendGroupSign> for OneBotWorld {
    fn serve(&mut self, call: SendGroupSign) -> Result<Empty, ApiError> {
        done(self.sign(call.group_id))
    }
}

impl OneBotWorld {
    /// Signs in for the day (打卡); a second time is no more than the first.
    fn sign(&mut self, group: GroupId) -> Result<(), Refusal> {
        let (bot, today) = (self.bot(), self.state.today());
        let group = self.state.own_group_mut(group)?;
        group.signed.on(today).insert(bot, ());
        Ok(())
    }
}
