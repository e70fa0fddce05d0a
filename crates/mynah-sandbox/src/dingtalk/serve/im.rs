//! Groups, in version 1.0: the same groups, and the same rules.

use mynah_core::{ApiError, Endpoint};
use mynah_dingtalk::OpenConversationId;
use mynah_dingtalk::api::chat::{CreatedChat, SUCCESS, Success};
use mynah_dingtalk::api::im::{
    ConvertToOpenConversationId, CreateGroup, ManagementOptions, SuccessText, UpdateGroup,
    UpdateSubAdministrators,
};
use mynah_dingtalk::platform::open::word;
use mynah_dingtalk::types::SubadminRole;

use crate::dingtalk::chats::{NewGroup, Switches, Update, distinct};
use crate::dingtalk::limits;
use crate::dingtalk::refusal::refuse_open;
use crate::dingtalk::world::DingTalkWorld;
use crate::frame::Framed as _;
use crate::serve::Serve;

/// There is no such group.
const NO_GROUP: &str = "invalidParameter.openConversationId.invalid";

/// Every rule that is broken is the same refusal here.
fn invalid<E: Endpoint>(_: i64) -> ApiError {
    refuse_open(E::META.path, word::INVALID_PARAMETER)
}

fn switches(options: Option<ManagementOptions>) -> Switches {
    let options = options.unwrap_or_default();
    Switches {
        show_history: options.show_history,
        searchable: options.searchable,
        validation: options.validation,
        mention_all_authority: options.mention_all_authority,
        management: options.management,
        banned: options.banned,
    }
}

impl Serve<CreateGroup> for DingTalkWorld {
    fn serve(&mut self, call: CreateGroup) -> Result<CreatedChat, ApiError> {
        let wanted = NewGroup {
            name: call.name,
            owner: call.owner,
            owner_type: call.owner_type,
            members: call.members,
            external: call.external.unwrap_or_default(),
            tag: call.conversation_tag,
            icon: call.icon,
            switches: switches(call.management_options),
        };
        self.create_group(wanted).map_err(invalid::<CreateGroup>)
    }
}

impl Serve<UpdateGroup> for DingTalkWorld {
    fn serve(&mut self, call: UpdateGroup) -> Result<Success, ApiError> {
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
            switches: switches(call.management_options),
        };
        let done = self.update_group(&update);
        done.map(|()| SUCCESS).map_err(invalid::<UpdateGroup>)
    }
}

impl Serve<ConvertToOpenConversationId> for DingTalkWorld {
    fn serve(&mut self, call: ConvertToOpenConversationId) -> Result<OpenConversationId, ApiError> {
        let group = self.state.groups.get(&call.chat_id);
        let id = group.map(|group| group.open_conversation_id.clone());
        id.ok_or_else(|| refuse_open(ConvertToOpenConversationId::META.path, "invalideChatId"))
    }
}

impl Serve<UpdateSubAdministrators> for DingTalkWorld {
    fn serve(&mut self, call: UpdateSubAdministrators) -> Result<SuccessText, ApiError> {
        let refused = |code| refuse_open(UpdateSubAdministrators::META.path, code);
        if call.open_conversation_id.is_empty() {
            return Err(refused(NO_GROUP));
        }
        if call.user_ids.is_empty() {
            return Err(refused("invalid.staffid"));
        }
        let add = match call.role {
            SubadminRole::Add => true,
            SubadminRole::Remove => false,
            _ => return Err(refused("invalidParamter.role")),
        };
        let found = self.state.group_by_open_id(&call.open_conversation_id);
        let (id, group) = found.ok_or_else(|| refused(NO_GROUP))?;
        if group.disbanded {
            return Err(refused("group.diaband"));
        }
        let users = distinct(&call.user_ids);
        if users.iter().any(|user| !self.state.directory.has(user)) {
            return Err(refused("staff.not.found"));
        }
        if users.iter().any(|user| !group.has(user)) {
            return Err(refused("invalid.staffid"));
        }
        let mut admins = group.admins.clone();
        for user in users {
            if add {
                admins.insert(user);
            } else {
                admins.remove(&user);
            }
        }
        if admins.len() > limits::SUBADMINS {
            return Err(refused("subadmin.exceed"));
        }
        let id = id.clone();
        if let Some(group) = self.state.groups.get_mut(&id) {
            group.admins = admins;
        }
        self.changed_conversations();
        Ok(SuccessText { success: true })
    }
}
