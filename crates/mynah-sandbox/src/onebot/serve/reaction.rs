use mynah_core::{ApiError, Empty};
use mynah_onebot::UserId;
use mynah_onebot::actions::reaction::{FriendPoke, GroupPoke, SendLike, SendPoke, SetMsgEmojiLike};
use serde_json::Value;

use super::done;
use crate::onebot::archive::{Bilingual, Chat, LineKind};
use crate::onebot::limits;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::needs_number;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<SendLike> for OneBotWorld {
    fn serve(&mut self, call: SendLike) -> Result<Empty, ApiError> {
        done(self.like(call.user_id, call.times.unwrap_or(1)))
    }
}

impl OneBotWorld {
    fn like(&mut self, user: UserId, times: i32) -> Result<(), Refusal> {
        needs_number("times", times.into())?;
        self.state.user(user)?;
        let today = self.state.today();
        let likes = &mut self.state.bot.likes;
        let so_far = likes.of(today).and_then(|likes| likes.get(&user)).copied();
        let so_far = so_far.unwrap_or_default();
        let sum = so_far.saturating_add(times);
        if sum > limits::LIKES_A_DAY {
            let limit = limits::LIKES_A_DAY;
            return Err(Refusal::forbidden(
                "times",
                format!("{limit} a day is the limit, {so_far} were given today"),
            ));
        }
        likes.on(today).insert(user, sum);
        let bot = self.bot();
        let name = self.state.nickname(bot);
        let text = Bilingual::new(
            format!("{name} liked the profile {times} times"),
            format!("{name} 赞了资料卡 {times} 次"),
        );
        self.line(Chat::Direct(user), LineKind::Notice, bot, text);
        Ok(())
    }
}

impl Serve<SetMsgEmojiLike> for OneBotWorld {
    fn serve(&mut self, call: SetMsgEmojiLike) -> Result<Value, ApiError> {
        let bot = self.bot();
        let set = call.set.unwrap_or(true);
        self.react(bot, call.message_id, call.emoji_id.as_str(), set)?;
        Ok(Value::Null)
    }
}

impl Serve<GroupPoke> for OneBotWorld {
    fn serve(&mut self, call: GroupPoke) -> Result<Empty, ApiError> {
        let (bot, chat) = (self.bot(), Chat::Group(call.group_id));
        done(self.poke(bot, chat, call.target_id.unwrap_or(call.user_id)))
    }
}

impl Serve<FriendPoke> for OneBotWorld {
    fn serve(&mut self, call: FriendPoke) -> Result<Empty, ApiError> {
        let (bot, chat) = (self.bot(), Chat::Direct(call.user_id));
        done(self.poke(bot, chat, call.target_id.unwrap_or(call.user_id)))
    }
}

impl Serve<SendPoke> for OneBotWorld {
    fn serve(&mut self, call: SendPoke) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let chat = call
            .group_id
            .map_or(Chat::Direct(call.user_id), Chat::Group);
        done(self.poke(bot, chat, call.target_id.unwrap_or(call.user_id)))
    }
}
