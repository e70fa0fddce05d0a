//! Users, their tokens, and whom they do not want to hear.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::user::{
    AddToBlacklist, Blacklist, BlockUser, BlockedUser, CheckOnline, ExpireTokens, GetToken,
    GetUserInfo, Presence, QueryBlacklist, QueryBlockedUsers, RefreshUser, Registered,
    RemoveFromBlacklist, UnblockUser, UserInfo,
};
use mynah_rongcloud::errors;
use mynah_rongcloud::event::OnlineState;
use mynah_rongcloud::platform::code;

use crate::frame::Framed as _;
use crate::rongcloud::limits;
use crate::rongcloud::refusal::refuse;
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;
use crate::world::Time;

/// What tokens end with: where clients connect to.
const NAVIGATION: &str = "@sandbox.cn.rongnav.com;sandbox.cn.rongcfg.com";
/// Blacklisted users in one answer.
const PAGE: usize = 1_000;
/// Blocked users on a page.
const USUAL_PAGE: i64 = 50;

impl Serve<GetToken> for RongCloudWorld {
    fn serve(&mut self, call: GetToken) -> Result<Registered, ApiError> {
        let users = &self.state.users;
        let new = users.get(&call.user_id).is_none();
        let most = self.settings.users;
        if new && most != 0 && users.count() >= most {
            return Err(refuse(code::TOO_MANY_USERS));
        }
        let token = format!("{}{NAVIGATION}", self.state.word(32));
        let now = self.state.now;
        let portrait = call.portrait_uri.unwrap_or_default();
        let users = &mut self.state.users;
        users.register(call.user_id.clone(), call.name, portrait, now);
        users.issue(call.user_id.clone(), token.clone(), now);
        self.changed_conversations();
        Ok(Registered {
            token: token.into(),
            user_id: call.user_id,
        })
    }
}

impl Serve<RefreshUser> for RongCloudWorld {
    fn serve(&mut self, call: RefreshUser) -> Result<Empty, ApiError> {
        let users = &mut self.state.users;
        users.refresh(&call.user_id, call.name, call.portrait_uri);
        self.changed_conversations();
        Ok(Empty {})
    }
}

impl Serve<CheckOnline> for RongCloudWorld {
    fn serve(&mut self, call: CheckOnline) -> Result<Presence, ApiError> {
        Ok(match self.state.users.session(&call.user_id) {
            Some(_) => Presence::Online,
            None => Presence::Offline,
        })
    }
}

impl Serve<BlockUser> for RongCloudWorld {
    fn serve(&mut self, call: BlockUser) -> Result<Empty, ApiError> {
        let until = self.later(call.minute.saturating_mul(limits::MINUTE_MS));
        for user in call.user_id {
            self.go_offline(&user, OnlineState::Offline);
            self.state.users.block(user, until, self.state.now);
        }
        Ok(Empty {})
    }
}

impl Serve<UnblockUser> for RongCloudWorld {
    fn serve(&mut self, call: UnblockUser) -> Result<Empty, ApiError> {
        for user in &call.user_id {
            self.state.users.unblock(user);
        }
        Ok(Empty {})
    }
}

impl Serve<QueryBlockedUsers> for RongCloudWorld {
    fn serve(&mut self, call: QueryBlockedUsers) -> Result<Vec<BlockedUser>, ApiError> {
        let blocked = self.state.users.blocked(self.state.now);
        let blocked = blocked.map(|(user, until)| BlockedUser {
            user_id: user.clone(),
            block_end_time: Self::moment(until),
        });
        let (skip, take) = match (call.page, call.size) {
            (None, None) => (0, usize::MAX),
            (page, size) => {
                let number = |number: i64| usize::try_from(number).unwrap_or_default();
                let size = number(size.unwrap_or(USUAL_PAGE));
                (number(page.unwrap_or(1) - 1).saturating_mul(size), size)
            }
        };
        Ok(blocked.skip(skip).take(take).collect())
    }
}

impl Serve<AddToBlacklist> for RongCloudWorld {
    fn serve(&mut self, call: AddToBlacklist) -> Result<Empty, ApiError> {
        let users = &mut self.state.users;
        if users.add_to_blacklist(&call.user_id, &call.black_user_id) {
            Ok(Empty {})
        } else {
            Err(errors::too_many("blackUserId"))
        }
    }
}

impl Serve<QueryBlacklist> for RongCloudWorld {
    /// A page begins behind the user that `pageToken` names; a user who is no
    /// longer there is refused.
    fn serve(&mut self, call: QueryBlacklist) -> Result<Blacklist, ApiError> {
        let mut list = self.state.users.blacklist(&call.user_id);
        let token = call.page_token.filter(|token| !token.is_empty());
        let paged = token.is_some() || call.size.is_some();
        if let Some(token) = token {
            let found = list.any(|user| user.as_str() == token);
            if !found {
                return Err(errors::invalid("pageToken"));
            }
        }
        let size = call.size.and_then(|size| usize::try_from(size).ok());
        let users: Vec<_> = list.by_ref().take(size.unwrap_or(PAGE)).cloned().collect();
        let more = paged && list.next().is_some();
        let next = users.last().filter(|_| more).map(ToString::to_string);
        Ok(Blacklist { users, next })
    }
}

impl Serve<RemoveFromBlacklist> for RongCloudWorld {
    fn serve(&mut self, call: RemoveFromBlacklist) -> Result<Empty, ApiError> {
        let users = &mut self.state.users;
        users.remove_from_blacklist(&call.user_id, &call.black_user_id);
        Ok(Empty {})
    }
}

impl Serve<GetUserInfo> for RongCloudWorld {
    /// Of somebody who was never registered, nothing is known.
    fn serve(&mut self, call: GetUserInfo) -> Result<UserInfo, ApiError> {
        let user = self.state.users.get(&call.user_id);
        Ok(user.map_or_else(UserInfo::default, |user| UserInfo {
            name: user.name.clone(),
            portrait: user.portrait.clone(),
            create_time: Self::moment(user.created),
        }))
    }
}

impl Serve<ExpireTokens> for RongCloudWorld {
    fn serve(&mut self, call: ExpireTokens) -> Result<Empty, ApiError> {
        for user in &call.user_id {
            if self.state.users.expire(user, Time(call.time)) {
                self.go_offline(user, OnlineState::Offline);
            }
        }
        Ok(Empty {})
    }
}
