//! Applications and their menus.

use mynah_core::{ApiError, Empty};
use mynah_wecom::api::agent::{
    Agent, AgentName, AllowedDepartments, AllowedTags, AllowedUser, AllowedUsers, CreateMenu,
    DeleteMenu, GetAgent, GetMenu, ListAgents, Menu, MenuButton, SetAgent,
};
use serde_json::Map;

use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::world::WeComWorld;

/// Entries in the bar, and below each of them.
const ENTRIES: usize = 3;
const BELOW: usize = 5;

impl Serve<GetAgent> for WeComWorld {
    fn serve(&mut self, call: GetAgent) -> Result<Agent, ApiError> {
        let application = self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        let scope = &application.scope;
        let users = scope.users.iter().cloned();
        Ok(Agent {
            agentid: call.agentid,
            name: application.name.clone(),
            square_logo_url: application.logo.clone(),
            description: application.description.clone(),
            allow_userinfos: AllowedUsers {
                user: users.map(|userid| AllowedUser { userid }).collect(),
            },
            allow_partys: AllowedDepartments {
                partyid: scope.parties.iter().copied().collect(),
            },
            allow_tags: AllowedTags {
                tagid: scope.tags.iter().copied().collect(),
            },
            close: application.closed.into(),
            redirect_domain: application.redirect_domain.clone(),
            report_location_flag: application.report_location.into(),
            isreportenter: application.report_enter.into(),
            home_url: application.home_url.clone(),
            extra: Map::new(),
        })
    }
}

/// A token shows its own application and no other.
impl Serve<ListAgents> for WeComWorld {
    fn serve(&mut self, _: ListAgents) -> Result<Vec<AgentName>, ApiError> {
        let agentid = self.caller.agent;
        let application = self.state.application(agentid)?;
        Ok(vec![AgentName {
            agentid,
            name: application.name.clone(),
            square_logo_url: application.logo.clone(),
        }])
    }
}

impl Serve<SetAgent> for WeComWorld {
    fn serve(&mut self, call: SetAgent) -> Result<Empty, ApiError> {
        self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        let logo = match &call.logo_mediaid {
            Some(id) if !id.is_empty() => {
                use crate::wecom::media::{Kind, Owner};

                let name = self.file(id, Kind::Image, &Owner::Corp)?;
                Some(self.public_url(&name))
            }
            _ => None,
        };
        let Some(application) = self.state.applications.get_mut(&call.agentid) else {
            return Err(refuse(40056));
        };
        for (field, value) in [
            (&mut application.name, call.name),
            (&mut application.description, call.description),
            (&mut application.redirect_domain, call.redirect_domain),
            (&mut application.home_url, call.home_url),
            (&mut application.logo, logo),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        if let Some(flag) = call.report_location_flag {
            application.report_location = flag != 0;
        }
        if let Some(flag) = call.isreportenter {
            application.report_enter = flag.into();
        }
        self.changed_conversations();
        Ok(Empty)
    }
}

impl Serve<CreateMenu> for WeComWorld {
    fn serve(&mut self, call: CreateMenu) -> Result<Empty, ApiError> {
        check_bar(&call.buttons, ENTRIES)?;
        self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        let menu = Menu {
            buttons: call.buttons,
        };
        if let Some(application) = self.state.applications.get_mut(&call.agentid) {
            application.menu = Some(menu);
        }
        self.changed_conversations();
        Ok(Empty)
    }
}

fn check_bar(buttons: &[MenuButton], most: usize) -> Result<(), ApiError> {
    if !(1..=most).contains(&buttons.len()) {
        let problem = format!("field `button` expect array size in [1, {most}]");
        return Err(refuse_with(40058, &problem));
    }
    for button in buttons {
        if button.name.is_empty() {
            return Err(refuse_with(40063, "button.name is missing"));
        }
        if button.sub_button.is_empty() {
            check_button(button)?;
        } else if most == ENTRIES {
            check_bar(&button.sub_button, BELOW)?;
        } else {
            return Err(refuse_with(40058, "a menu has two levels"));
        }
    }
    Ok(())
}

fn check_button(button: &MenuButton) -> Result<(), ApiError> {
    let has = |value: &Option<String>| value.as_ref().is_some_and(|text| !text.is_empty());
    let (field, is_there) = match button.kind.as_deref() {
        Some("view") => ("url", has(&button.url)),
        Some("view_miniprogram") => ("pagepath", has(&button.pagepath)),
        Some(
            "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album"
            | "pic_weixin" | "location_select",
        ) => ("key", has(&button.key)),
        _ => return Err(refuse_with(40058, "button.type is none we know")),
    };
    if is_there {
        return Ok(());
    }
    Err(refuse_with(40063, &format!("button.{field} is missing")))
}

impl Serve<GetMenu> for WeComWorld {
    fn serve(&mut self, call: GetMenu) -> Result<Menu, ApiError> {
        let application = self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        Ok(application.menu.clone().unwrap_or_default())
    }
}

impl Serve<DeleteMenu> for WeComWorld {
    fn serve(&mut self, call: DeleteMenu) -> Result<Empty, ApiError> {
        self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        if let Some(application) = self.state.applications.get_mut(&call.agentid) {
            application.menu = None;
        }
        self.changed_conversations();
        Ok(Empty)
    }
}
