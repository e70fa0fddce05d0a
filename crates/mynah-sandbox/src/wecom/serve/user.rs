//! Members of the corp.

use std::collections::BTreeSet;

use mynah_core::{ApiError, Empty};
use mynah_wecom::api::user::{
    ConvertToOpenid, ConvertToUserid, CreateUser, DeleteUser, DeleteUsers, GetActiveStat,
    GetJoinQrcode, GetUser, GetUserId, GetUserInfo, ListUserIds, ListUserNames, ListUsers,
    Membership as ListedMembership, UpdateUser, User as Shown, UserIds, UserName, VerifyUser,
    Visitor,
};
use mynah_wecom::event::{Commas, ContactChange, UserChange, UserDeleted};
use mynah_wecom::id::OpenId;
use mynah_wecom::types::{Flag, UserStatus};
use mynah_wecom::{DepartmentId, UserId};
use serde_json::{Map, Value, json};

use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::archive::{Chat, Speaker};
use crate::wecom::directory::{Membership, User};
use crate::wecom::limits;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::seed::ROOT;
use crate::wecom::world::WeComWorld;

/// Characters of a member's name.
const NAME_CHARS: usize = 64;
/// What a refusal to show a member carries of the normal answer.
const EMPTY_LISTS: [&str; 3] = ["department", "order", "is_leader_in_dept"];

impl WeComWorld {
    /// Whether applications may change the directory.
    pub(super) fn needs_directory_writes(&self) -> Result<(), ApiError> {
        if self.settings.directory_writes {
            return Ok(());
        }
        Err(refuse(48002))
    }

    /// A member whom the calling application sees (60111, 60011).
    fn seen_user(&self, id: &UserId) -> Result<&User, ApiError> {
        let user = self.state.directory.user(id)?;
        if self.state.sees(self.caller.agent, &user.userid) {
            return Ok(user);
        }
        Err(refuse(60011))
    }

    fn listed(
        &self,
        department: DepartmentId,
        children: Option<Flag>,
    ) -> Result<Vec<&User>, ApiError> {
        let directory = &self.state.directory;
        directory.department(department)?;
        let children = children.is_some_and(bool::from);
        let members = directory.members(department, children);
        Ok(members.collect())
    }

    /// Takes a member out of the corp and all of its groups.
    fn remove_user(&mut self, id: &UserId) {
        self.state.directory.remove_user(id);
        let mut left = Vec::new();
        for (chatid, group) in &mut self.state.groups {
            if group.has(id) {
                group.remove(id);
                left.push(Chat::Group(chatid.as_str().to_owned()));
            }
        }
        let by = Speaker::Application(self.caller.agent.0);
        for chat in left {
            let text = Bilingual::new(format!("{id} left the corp"), format!("{id} 已离开企业"));
            self.line(&chat, LineKind::Leave, &by, text);
        }
        self.state
            .groups
            .retain(|_, group| !group.members.is_empty());
        self.changed_conversations();
        let user_id = id.clone();
        self.tell_change(ContactChange::DeleteUser(UserDeleted { user_id }));
    }
}

fn shown(user: &User) -> Shown {
    let leads = |it: &Membership| i64::from(it.leader);
    Shown {
        userid: user.userid.clone(),
        name: user.name.clone(),
        department: user.memberships.iter().map(|it| it.department).collect(),
        order: Some(user.memberships.iter().map(|it| it.order).collect()),
        position: Some(user.position.clone()),
        is_leader_in_dept: Some(user.memberships.iter().map(leads).collect()),
        direct_leader: Some(user.leaders.clone()),
        telephone: Some(user.telephone.clone()),
        alias: Some(user.alias.clone()),
        status: Some(UserStatus::from(user.status)),
        main_department: user.main_department,
        extra: user.extra.clone(),
        ..Shown::default()
    }
}

fn name_of(user: &User) -> UserName {
    UserName {
        userid: user.userid.clone(),
        name: user.name.clone(),
        department: Some(user.memberships.iter().map(|it| it.department).collect()),
        open_userid: None,
    }
}

impl Serve<GetUser> for WeComWorld {
    fn serve(&mut self, call: GetUser) -> Result<Shown, ApiError> {
        let user = self.seen_user(&call.userid);
        let lists = EMPTY_LISTS.map(|name| (name.to_owned(), json!([])));
        let user = user.map_err(|refusal| refusal.with_details(Map::from_iter(lists)))?;
        Ok(shown(user))
    }
}

impl Serve<ListUsers> for WeComWorld {
    fn serve(&mut self, call: ListUsers) -> Result<Vec<Shown>, ApiError> {
        let users = self.listed(call.department_id, call.fetch_child)?;
        Ok(users.into_iter().map(shown).collect())
    }
}

impl Serve<ListUserNames> for WeComWorld {
    fn serve(&mut self, call: ListUserNames) -> Result<Vec<UserName>, ApiError> {
        let users = self.listed(call.department_id, call.fetch_child)?;
        Ok(users.into_iter().map(name_of).collect())
    }
}

/// One entry for each membership; the cursor is the number of those before.
impl Serve<ListUserIds> for WeComWorld {
    fn serve(&mut self, call: ListUserIds) -> Result<UserIds, ApiError> {
        let most = i64::try_from(limits::LIST_ID).unwrap_or(i64::MAX);
        let limit = call.limit.unwrap_or(most);
        if !(1..=most).contains(&limit) {
            return Err(refuse_with(40058, "limit must be 1 to 10000"));
        }
        let cursor = call.cursor.unwrap_or_default();
        let skip = if cursor.is_empty() {
            Ok(0)
        } else {
            cursor.parse()
        };
        let skip: usize = skip.map_err(|_| refuse_with(40058, "cursor is none of ours"))?;
        let limit = usize::try_from(limit).unwrap_or_default();
        let users = self.state.directory.users.values();
        let all = users.flat_map(|user| {
            user.memberships.iter().map(|it| ListedMembership {
                userid: user.userid.clone(),
                department: it.department,
            })
        });
        let mut rest = all.skip(skip);
        let memberships: Vec<_> = rest.by_ref().take(limit).collect();
        let next_cursor = match rest.next() {
            Some(_) => skip.saturating_add(limit).to_string(),
            None => String::new(),
        };
        Ok(UserIds {
            next_cursor,
            memberships,
        })
    }
}

impl Serve<GetUserId> for WeComWorld {
    fn serve(&mut self, call: GetUserId) -> Result<UserId, ApiError> {
        let mut users = self.state.directory.users.values();
        let found = users.find(|user| !user.mobile.is_empty() && user.mobile == call.mobile);
        Ok(found.ok_or_else(|| refuse(46004))?.userid.clone())
    }
}

/// What a call says of a member.
#[derive(Debug, Default)]
struct Given {
    name: Option<String>,
    department: Option<Vec<DepartmentId>>,
    order: Option<Vec<i64>>,
    leader: Option<Vec<i64>>,
    main_department: Option<DepartmentId>,
    position: Option<String>,
    mobile: Option<String>,
    gender: Option<String>,
    email: Option<String>,
    telephone: Option<String>,
    alias: Option<String>,
    leaders: Option<Vec<UserId>>,
    enable: Option<Flag>,
    extra: Vec<(&'static str, Option<Value>)>,
}

macro_rules! given {
    ($call:ident, $name:expr) => {
        Given {
            name: $name,
            department: $call.department,
            order: $call.order,
            leader: $call.is_leader_in_dept,
            main_department: $call.main_department,
            position: $call.position,
            mobile: $call.mobile,
            gender: $call.gender,
            email: $call.email,
            telephone: $call.telephone,
            alias: $call.alias,
            leaders: $call.direct_leader,
            enable: $call.enable,
            extra: vec![
                ("extattr", $call.extattr.map(Value::Object)),
                (
                    "external_profile",
                    $call.external_profile.map(Value::Object),
                ),
                (
                    "external_position",
                    $call.external_position.map(Value::String),
                ),
            ],
        }
    };
}

impl WeComWorld {
    /// The member with what a call says of them.
    fn with_given(&self, mut user: User, given: Given) -> Result<User, ApiError> {
        if let Some(name) = given.name {
            let length = name.chars().count();
            if !(1..=NAME_CHARS).contains(&length) {
                return Err(refuse(60112));
            }
            user.name = name;
        }
        if let Some(departments) = given.department {
            user.memberships = self.memberships(departments, given.order, given.leader)?;
            user.main_department = None;
        }
        if let Some(main) = given.main_department {
            self.state.directory.department(main)?;
            user.main_department = Some(main);
        }
        let first = user.memberships.first().map(|it| it.department);
        user.main_department = user.main_department.or(first);
        for (field, value) in [
            (&mut user.position, given.position),
            (&mut user.mobile, given.mobile),
            (&mut user.gender, given.gender),
            (&mut user.email, given.email),
            (&mut user.telephone, given.telephone),
            (&mut user.alias, given.alias),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        user.leaders = given.leaders.unwrap_or(user.leaders);
        if let Some(Flag(enabled)) = given.enable {
            user.status = if enabled { 1 } else { 2 };
        }
        let extra = given.extra.into_iter();
        let extra = extra.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        user.extra.extend(extra);
        Ok(user)
    }

    fn memberships(
        &self,
        departments: Vec<DepartmentId>,
        order: Option<Vec<i64>>,
        leader: Option<Vec<i64>>,
    ) -> Result<Vec<Membership>, ApiError> {
        let (order, leader) = (order.unwrap_or_default(), leader.unwrap_or_default());
        let mut memberships = Vec::new();
        for (at, department) in departments.into_iter().enumerate() {
            if !self.state.directory.departments.contains_key(&department) {
                return Err(refuse(60123));
            }
            memberships.push(Membership {
                department,
                order: order.get(at).copied().unwrap_or_default(),
                leader: leader.get(at) == Some(&1),
            });
        }
        if memberships.is_empty() {
            return Err(refuse(40066));
        }
        Ok(memberships)
    }
}

fn change_of(user: &User) -> UserChange {
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let departments = user.memberships.iter().map(|it| it.department);
    let leads = user.memberships.iter().map(|it| i64::from(it.leader));
    UserChange {
        user_id: user.userid.clone(),
        name: text(&user.name),
        department: Some(Commas(departments.collect())),
        main_department: user.main_department,
        is_leader_in_dept: Some(Commas(leads.collect())),
        direct_leader: (!user.leaders.is_empty()).then(|| Commas(user.leaders.clone())),
        position: text(&user.position),
        mobile: text(&user.mobile),
        gender: user.gender.parse().ok(),
        email: text(&user.email),
        status: Some(user.status),
        alias: text(&user.alias),
        telephone: text(&user.telephone),
        ..UserChange::default()
    }
}

impl Serve<CreateUser> for WeComWorld {
    fn serve(&mut self, call: CreateUser) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        let id = call.userid;
        if !id.is_well_formed() {
            return Err(refuse(40003));
        }
        if self.state.directory.users.contains_key(&id) {
            return Err(refuse(60102));
        }
        let user = User {
            userid: id.clone(),
            status: 1,
            memberships: vec![Membership::of(ROOT)],
            ..User::default()
        };
        let user = self.with_given(user, given!(call, Some(call.name)))?;
        self.tell_change(ContactChange::CreateUser(change_of(&user)));
        self.state.directory.users.insert(id, user);
        self.changed_conversations();
        Ok(Empty)
    }
}

impl Serve<UpdateUser> for WeComWorld {
    fn serve(&mut self, call: UpdateUser) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        let before = self.state.directory.user(&call.userid)?.clone();
        if call
            .new_userid
            .as_ref()
            .is_some_and(|id| *id != call.userid)
        {
            // A new id would have to follow the member into every group and message.
            return Err(refuse_with(40058, "new_userid is not supported here"));
        }
        let after = self.with_given(before, given!(call, call.name))?;
        self.tell_change(ContactChange::UpdateUser(change_of(&after)));
        self.state.directory.users.insert(call.userid, after);
        self.changed_conversations();
        Ok(Empty)
    }
}

impl Serve<DeleteUser> for WeComWorld {
    fn serve(&mut self, call: DeleteUser) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        let id = self.state.directory.user(&call.userid)?.userid.clone();
        self.remove_user(&id);
        Ok(Empty)
    }
}

impl Serve<DeleteUsers> for WeComWorld {
    fn serve(&mut self, call: DeleteUsers) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        if call.users.is_empty() {
            return Err(refuse(40063));
        }
        if call.users.len() > limits::BATCH_DELETE {
            return Err(refuse(40032));
        }
        let mut ids = BTreeSet::new();
        for user in &call.users {
            ids.insert(self.state.directory.user(user)?.userid.clone());
        }
        for id in ids {
            self.remove_user(&id);
        }
        Ok(Empty)
    }
}

/// What stands before the id that WeChat, which is not WeCom, knows a member by.
const OPENID: &str = "oX";

impl Serve<ConvertToOpenid> for WeComWorld {
    fn serve(&mut self, call: ConvertToOpenid) -> Result<OpenId, ApiError> {
        let user = self.state.directory.user(&call.userid)?;
        let id = mynah_crypto::hex(user.userid.as_str().as_bytes());
        Ok(OpenId(format!("{OPENID}{id}")))
    }
}

impl Serve<ConvertToUserid> for WeComWorld {
    fn serve(&mut self, call: ConvertToUserid) -> Result<UserId, ApiError> {
        let mut users = self.state.directory.users.keys();
        let wanted = call.openid.as_str();
        let same = |user: &&UserId| {
            let id = mynah_crypto::hex(user.as_str().as_bytes());
            wanted.strip_prefix(OPENID) == Some(&id)
        };
        users.find(same).cloned().ok_or_else(|| refuse(46004))
    }
}

/// A member who joined by invitation is let in; seeded ones are in already.
impl Serve<VerifyUser> for WeComWorld {
    fn serve(&mut self, call: VerifyUser) -> Result<Empty, ApiError> {
        self.state.directory.user(&call.userid)?;
        if let Some(user) = self.state.directory.users.get_mut(&call.userid)
            && user.status == 4
        {
            user.status = 1;
        }
        Ok(Empty)
    }
}

impl Serve<GetJoinQrcode> for WeComWorld {
    fn serve(&mut self, call: GetJoinQrcode) -> Result<String, ApiError> {
        let size = call.size_type.unwrap_or(1);
        if !(1..=4).contains(&size) {
            return Err(refuse_with(40058, "size_type must be 1 to 4"));
        }
        Ok(format!(
            "https://work.weixin.qq.com/wework_admin/genqrcode?action=join&size_type={size}"
        ))
    }
}

impl Serve<GetActiveStat> for WeComWorld {
    fn serve(&mut self, call: GetActiveStat) -> Result<i64, ApiError> {
        if !is_date(&call.date) {
            return Err(refuse_with(40058, "date must be YYYY-MM-DD"));
        }
        let users = self.state.directory.users.values();
        let active = users.filter(|user| user.status == 1).count();
        Ok(i64::try_from(active).unwrap_or(i64::MAX))
    }
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let fits = |(at, byte): (usize, &u8)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    bytes.len() == 10 && bytes.iter().enumerate().all(fits)
}

/// The code that a person brought along works once, for five minutes.
impl Serve<GetUserInfo> for WeComWorld {
    fn serve(&mut self, call: GetUserInfo) -> Result<Visitor, ApiError> {
        let now = self.state.now;
        let visit = self.state.codes.visits.get(&call.code);
        let good = visit.filter(|(_, until)| now < *until);
        let wrong = || ApiError::new(40029, "invalid code");
        let (userid, _) = good.cloned().ok_or_else(wrong)?;
        self.state.codes.visits.remove(&call.code);
        Ok(Visitor {
            userid: Some(userid),
            deviceid: Some(String::new()),
            openid: None,
        })
    }
}
