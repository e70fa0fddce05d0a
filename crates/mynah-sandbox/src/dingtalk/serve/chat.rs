//! Chats: groups that the application has made, and all others.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::chat::{
    ChatInfo, CreateChat, CreatedChat, GetChat, GetChatQrcode, GetReadList, Qrcode, ReadPage,
    SUCCESS, SendChat, Success, UpdateChat, UpdateFriendSwitch, UpdateGroupNick, UpdateSubadmin,
};
use mynah_dingtalk::types::{ChatStatus, Number, SubadminRole};
use mynah_dingtalk::{ChatId, MessageId, UserId};

use crate::dingtalk::archive::{Chat, Reading, Speaker, Spoken};
use crate::dingtalk::chats::{Group, NewGroup, Switches, Update, distinct};
use crate::dingtalk::check;
use crate::dingtalk::content::Content;
use crate::dingtalk::refusal::{refuse, refused};
use crate::dingtalk::world::DingTalkWorld;
use crate::frame::Framed as _;
use crate::serve::Serve;

impl Serve<CreateChat> for DingTalkWorld {
    fn serve(&mut self, call: CreateChat) -> Result<CreatedChat, ApiError> {
        let wanted = NewGroup {
            name: call.name,
            owner: call.owner,
            members: call.members,
            switches: Switches {
                show_history: call.show_history,
                searchable: call.searchable,
                validation: call.validation,
                mention_all_authority: call.mention_all_authority,
                management: call.management,
                banned: call.banned,
            },
            ..NewGroup::default()
        };
        self.create_group(wanted).map_err(refused::<CreateChat>)
    }
}

impl Serve<UpdateChat> for DingTalkWorld {
    fn serve(&mut self, call: UpdateChat) -> Result<Empty, ApiError> {
        let external = [call.add_external, call.remove_external];
        let update = Update {
            chatid: call.chatid,
            name: call.name,
            owner: call.owner.filter(|owner| !owner.is_empty()),
            owner_type: call.owner_type,
            add: call.add.unwrap_or_default(),
            remove: call.remove.unwrap_or_default(),
            external: external.into_iter().flatten().any(|list| !list.is_empty()),
            icon: call.icon,
            switches: Switches {
                show_history: call.show_history,
                searchable: call.searchable,
                validation: call.validation,
                mention_all_authority: call.mention_all_authority,
                management: call.management,
                // Two names for one switch.
                banned: call.banned.or_else(|| call.is_ban.map(Into::into)),
            },
        };
        let done = self.update_group(&update);
        done.map(|()| Empty {}).map_err(refused::<UpdateChat>)
    }
}

impl Serve<GetChat> for DingTalkWorld {
    fn serve(&mut self, call: GetChat) -> Result<ChatInfo, ApiError> {
        if call.chatid.is_empty() {
            return Err(refused::<GetChat>(49_000));
        }
        let group = self.state.groups.get(&call.chatid);
        let group = group.ok_or_else(|| refused::<GetChat>(40_016))?;
        Ok(info(call.chatid, group))
    }
}

fn info(chatid: ChatId, group: &Group) -> ChatInfo {
    let flags = group.flags;
    let icon = Some(&group.icon).filter(|icon| !icon.is_empty());
    ChatInfo {
        name: group.name.clone(),
        owner: group.owner.clone(),
        members: group.members.clone(),
        conversation_tag: Some(group.tag),
        banned: Some(flags.banned.into()),
        searchable: Some(flags.searchable.into()),
        validation: Some(flags.validation.into()),
        mention_all_authority: Some(flags.mention_all_authority.into()),
        management: Some(flags.management.into()),
        show_history: Some(flags.show_history.into()),
        icon: icon.cloned(),
        status: Some(if group.disbanded {
            ChatStatus::Disbanded
        } else {
            ChatStatus::Normal
        }),
        chatid: Some(chatid),
        ..ChatInfo::default()
    }
}

impl Serve<SendChat> for DingTalkWorld {
    fn serve(&mut self, call: SendChat) -> Result<MessageId, ApiError> {
        let path = SendChat::META.path;
        if call.chatid.is_empty() {
            return Err(refuse(path, 34_001));
        }
        check::message(path, &call.message)?;
        if self.state.standing(&call.chatid).is_none() {
            return Err(refuse(path, 34_001));
        }
        let id = self.state.message_id();
        let content = Content::of_message(&call.message);
        let spoken = Spoken::new(id.clone(), content);
        self.post(&Chat::Group(call.chatid), Speaker::App, spoken);
        Ok(id.into())
    }
}

impl Serve<GetReadList> for DingTalkWorld {
    fn serve(&mut self, call: GetReadList) -> Result<ReadPage, ApiError> {
        let refused = refused::<GetReadList>;
        if call.message_id.is_empty() {
            return Err(refused(40_035));
        }
        let cursor = number(&call.cursor, 0, i64::MAX).ok_or_else(|| refused(40_068))?;
        let size = number(&call.size, 1, GetReadList::LARGEST).ok_or_else(|| refused(40_069))?;
        if !self.is_sent_to_group(call.message_id.as_str()) {
            return Err(refused(40_035));
        }
        let readings = self.state.archive.readings(call.message_id.as_str());
        page(&readings, cursor, size).ok_or_else(|| refused(40_068))
    }
}

fn number(number: &Number, least: i64, most: i64) -> Option<i64> {
    number
        .get()
        .filter(|number| (least..=most).contains(number))
}

/// The readings after the one that the cursor belongs to; `None` for a cursor
/// that belongs to none.
fn page(readings: &[&Reading], cursor: i64, size: i64) -> Option<ReadPage> {
    let start = match cursor {
        0 => 0,
        _ => readings.iter().position(|it| it.cursor == cursor)? + 1,
    };
    let rest = readings.get(start..).unwrap_or_default();
    let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
    let (here, later) = rest.split_at(size);
    let last = here.last().filter(|_| !later.is_empty());
    Some(ReadPage {
        next_cursor: last.map(|reading| reading.cursor),
        readers: here.iter().map(|reading| reading.user.clone()).collect(),
    })
}

impl DingTalkWorld {
    /// Whether this is a message of the application in a group.
    fn is_sent_to_group(&self, id: &str) -> bool {
        let archive = &self.state.archive;
        archive.places(id).iter().any(|(chat, seq)| {
            let entry = archive.entry(chat, *seq);
            chat.group().is_some() && entry.is_some_and(|it| it.by == Speaker::App)
        })
    }

    /// A group that a call of topapi names, and which this person is in.
    ///
    /// # Errors
    /// 34001, 40003 or 60124.
    fn group_of_member<E: Endpoint>(
        &mut self,
        chatid: &ChatId,
        user: &UserId,
    ) -> Result<&mut Group, ApiError> {
        let known = self.state.directory.has(user);
        let group = self.standing_mut::<E>(chatid)?;
        if !known {
            return Err(refused::<E>(40_003));
        }
        if !group.has(user) {
            return Err(refused::<E>(60_124));
        }
        Ok(group)
    }

    fn standing_mut<E: Endpoint>(&mut self, chatid: &ChatId) -> Result<&mut Group, ApiError> {
        let group = self.state.groups.get_mut(chatid);
        let group = group.filter(|group| !group.disbanded);
        group.ok_or_else(|| refused::<E>(34_001))
    }
}

impl Serve<UpdateSubadmin> for DingTalkWorld {
    fn serve(&mut self, call: UpdateSubadmin) -> Result<Success, ApiError> {
        type Call = UpdateSubadmin;
        if call.chatid.is_empty() || call.userids.is_empty() {
            return Err(refused::<Call>(400_002));
        }
        let add = match call.role {
            SubadminRole::Add => true,
            SubadminRole::Remove => false,
            _ => return Err(refused::<Call>(400_002)),
        };
        let users = distinct(&call.userids.items);
        for user in &users {
            self.group_of_member::<Call>(&call.chatid, user)?;
        }
        let group = self.standing_mut::<Call>(&call.chatid)?;
        for user in users {
            if add {
                group.admins.insert(user);
            } else {
                group.admins.remove(&user);
            }
        }
        self.changed_conversations();
        Ok(SUCCESS)
    }
}

impl Serve<UpdateGroupNick> for DingTalkWorld {
    fn serve(&mut self, call: UpdateGroupNick) -> Result<Success, ApiError> {
        type Call = UpdateGroupNick;
        if call.chatid.is_empty() || call.userid.is_empty() || call.group_nick.is_empty() {
            return Err(refused::<Call>(400_002));
        }
        let group = self.group_of_member::<Call>(&call.chatid, &call.userid)?;
        group.nicks.insert(call.userid, call.group_nick);
        self.changed_conversations();
        Ok(SUCCESS)
    }
}

impl Serve<UpdateFriendSwitch> for DingTalkWorld {
    fn serve(&mut self, call: UpdateFriendSwitch) -> Result<Success, ApiError> {
        let group = self.standing_mut::<UpdateFriendSwitch>(&call.chatid)?;
        group.no_friends = call.is_prohibit;
        Ok(SUCCESS)
    }
}

impl Serve<GetChatQrcode> for DingTalkWorld {
    fn serve(&mut self, call: GetChatQrcode) -> Result<Qrcode, ApiError> {
        self.group_of_member::<GetChatQrcode>(&call.chatid, &call.userid)?;
        let code = self.state.word(32);
        Ok(Qrcode {
            url: self.base_url(&format!("/action/joingroup?code=v1,k1,{code}")),
            success: true,
        })
    }
}
