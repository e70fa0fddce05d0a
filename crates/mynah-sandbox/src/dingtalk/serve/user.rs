//! Members of the organisation.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::user::{
    Admin, AuthScopes, CanAccessMicroapp, CreateUser, DeleteUser, DeleteUsers, DeptOrder, GetAdmin,
    GetAuthScopes, GetDeptMember, GetOrgUserCount, GetUser, GetUserInfo, GetUserV2,
    GetUseridByUnionid, LeaderInDept, ListUserIds, ListUserNames, ListUserNamesV2, ListUsers,
    ListUsersByPage, ListUsersV2, OrgScopes, UpdateUser, User as Shown, UserInfo, UserName,
    UserNames, UserNamesV2, UserV2, UseridOfUnionid, Users, UsersV2,
};
use mynah_dingtalk::types::{Number, Order};
use mynah_dingtalk::{DepartmentId, UserId, errcode};
use serde_json::{Map, Value};

use crate::dingtalk::directory::{AdminLevel, Membership, User};
use crate::dingtalk::limits;
use crate::dingtalk::refusal::{missing, refused};
use crate::dingtalk::seed::ROOT;
use crate::dingtalk::world::DingTalkWorld;
use crate::frame::Framed as _;
use crate::serve::Serve;

/// Characters of what is said of a member
/// (<https://open.dingtalk.com/document/development/user-information-creation>).
const USERID_CHARS: usize = 64;
const NAME_CHARS: usize = 64;
const POSITION_CHARS: usize = 64;
const TEL_CHARS: usize = 50;
const WORK_PLACE_CHARS: usize = 50;
const REMARK_CHARS: usize = 1000;
const EMAIL_CHARS: usize = 64;
const JOBNUMBER_CHARS: usize = 64;

/// The country of every mobile number here.
const STATE_CODE: &str = "86";

/// What the application may see of members.
const FIELDS: [&str; 7] = [
    "name",
    "avatar",
    "userid",
    "mobile",
    "email",
    "position",
    "jobnumber",
];

/// Where a page begins, and how many are on it.
#[derive(Clone, Copy, Debug)]
struct Page {
    from: usize,
    many: usize,
}

impl Page {
    /// 40068 for a bad beginning, 40069 for a bad size.
    fn of<E: Endpoint>(from: &Number, many: &Number) -> Result<Self, ApiError> {
        let from = from.get().and_then(|from| usize::try_from(from).ok());
        let from = from.ok_or_else(|| refused::<E>(40068))?;
        let fits = |many: &i64| (1..=limits::PAGE).contains(many);
        let many = many.get().filter(fits);
        let many = many.and_then(|many| usize::try_from(many).ok());
        let many = many.ok_or_else(|| refused::<E>(40069))?;
        Ok(Self { from, many })
    }

    /// What is on it, and where the next one begins if there is one.
    fn cut<T>(self, all: Vec<T>) -> (Vec<T>, Option<usize>) {
        let next = self.from.saturating_add(self.many);
        let more = next < all.len();
        let rows = all.into_iter().skip(self.from).take(self.many).collect();
        (rows, more.then_some(next))
    }
}

impl DingTalkWorld {
    /// A member, for the classic interface (41009 for no id, 60121 for nobody).
    pub(super) fn member<E: Endpoint>(&self, id: &UserId) -> Result<&User, ApiError> {
        if id.is_empty() {
            return Err(refused::<E>(41009));
        }
        let user = self.state.directory.user(id);
        user.ok_or_else(|| refused::<E>(60121))
    }

    /// Those in a department in this order (60003, 40011).
    fn in_department<E: Endpoint>(
        &self,
        department: DepartmentId,
        order: Option<&Order>,
    ) -> Result<Vec<&User>, ApiError> {
        let order = order.unwrap_or(&Order::Custom);
        if let Order::Other(_) = order {
            return Err(refused::<E>(40011));
        }
        let directory = &self.state.directory;
        let found = directory.department(department);
        found.ok_or_else(|| refused::<E>(60003))?;
        Ok(directory.members(department, order))
    }

    /// A page of them, or all where it is not said where and how many; and
    /// whether there are more.
    fn listed<E: Endpoint>(
        &self,
        department: DepartmentId,
        (offset, size): (Option<&Number>, Option<&Number>),
        order: Option<&Order>,
    ) -> Result<(Vec<&User>, bool), ApiError> {
        let page = match (offset, size) {
            (Some(offset), Some(size)) => Some(Page::of::<E>(offset, size)?),
            _ => None,
        };
        let users = self.in_department::<E>(department, order)?;
        Ok(match page {
            Some(page) => {
                let (users, next) = page.cut(users);
                (users, next.is_some())
            }
            None => (users, false),
        })
    }

    /// A page of them in the manner of topapi, and where the next one begins.
    fn listed_v2<E: Endpoint>(
        &self,
        department: DepartmentId,
        (cursor, size): (&Number, &Number),
        order: Option<&Order>,
    ) -> Result<(Vec<&User>, Option<i64>), ApiError> {
        let page = Page::of::<E>(cursor, size)?;
        let users = self.in_department::<E>(department, order)?;
        let (users, next) = page.cut(users);
        Ok((users, next.and_then(|next| i64::try_from(next).ok())))
    }

    /// A member as the classic interface tells of them.
    fn shown(&self, user: &User) -> Shown {
        let directory = &self.state.directory;
        let leads = |it: &Membership| directory.leads(&user.userid, it.department);
        let is_leader = user.memberships.iter().any(leads);
        let optional = |text: &String| (!text.is_empty()).then(|| text.clone());
        Shown {
            userid: user.userid.clone(),
            unionid: user.union_id.clone(),
            name: user.name.clone(),
            active: Some(user.active),
            is_admin: Some(user.admin.is_some()),
            is_boss: Some(user.admin == Some(AdminLevel::Main)),
            is_senior: Some(user.senior),
            is_hide: Some(user.hide),
            real_authed: Some(true),
            department: Some(user.departments()),
            order_in_depts: Some(by_department(user, |it| it.order.to_string())),
            is_leader_in_depts: Some(by_department(user, |it| leads(it).to_string())),
            extattr: Some(user.extattr.clone()),
            roles: Some(Vec::new()),
            mobile: Some(user.mobile.clone()),
            state_code: Some(STATE_CODE.to_owned()),
            tel: Some(user.tel.clone()),
            remark: Some(user.remark.clone()),
            work_place: Some(user.work_place.clone()),
            position: Some(user.position.clone()),
            email: Some(user.email.clone()),
            org_email: optional(&user.org_email),
            jobnumber: Some(user.jobnumber.clone()),
            avatar: Some(String::new()),
            hired_date: None,
            manager_userid: None,
            extra: Map::from_iter([("isLeader".to_owned(), Value::Bool(is_leader))]),
        }
    }

    /// A member as topapi tells of them.
    fn shown_v2(&self, user: &User) -> UserV2 {
        let directory = &self.state.directory;
        let order = |it: &Membership| DeptOrder {
            dept_id: it.department,
            order: it.order,
        };
        let leader = |it: &Membership| LeaderInDept {
            dept_id: it.department,
            leader: directory.leads(&user.userid, it.department),
        };
        let optional = |text: &String| (!text.is_empty()).then(|| text.clone());
        let extension = Value::Object(user.extattr.clone()).to_string();
        UserV2 {
            userid: user.userid.clone(),
            unionid: Some(user.union_id.clone()),
            name: user.name.clone(),
            avatar: Some(String::new()),
            state_code: Some(STATE_CODE.to_owned()),
            mobile: Some(user.mobile.clone()),
            hide_mobile: Some(user.hide),
            telephone: optional(&user.tel),
            job_number: optional(&user.jobnumber),
            title: optional(&user.position),
            email: optional(&user.email),
            org_email: optional(&user.org_email),
            work_place: optional(&user.work_place),
            remark: optional(&user.remark),
            dept_id_list: Some(user.departments()),
            dept_order_list: Some(user.memberships.iter().map(order).collect()),
            leader_in_dept: Some(user.memberships.iter().map(leader).collect()),
            extension: (!user.extattr.is_empty()).then_some(extension),
            active: Some(user.active),
            real_authed: Some(true),
            senior: Some(user.senior),
            admin: Some(user.admin.is_some()),
            boss: Some(user.admin == Some(AdminLevel::Main)),
            exclusive_account: Some(false),
            role_list: Some(Vec::new()),
            ..UserV2::default()
        }
    }
}

/// One thing of each department of a member: `{1:176,2:1}`, which is not JSON.
fn by_department(user: &User, thing: impl Fn(&Membership) -> String) -> String {
    let places = user.memberships.iter();
    let pairs = places.map(|it| format!("{}:{}", it.department, thing(it)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

fn name_of(user: &User) -> UserName {
    UserName {
        userid: user.userid.clone(),
        name: user.name.clone(),
    }
}

impl Serve<GetUser> for DingTalkWorld {
    fn serve(&mut self, call: GetUser) -> Result<Shown, ApiError> {
        let user = self.member::<GetUser>(&call.userid)?;
        Ok(self.shown(user))
    }
}

impl Serve<ListUserNames> for DingTalkWorld {
    fn serve(&mut self, call: ListUserNames) -> Result<UserNames, ApiError> {
        let page = (call.offset.as_ref(), call.size.as_ref());
        let order = call.order.as_ref();
        let (users, has_more) = self.listed::<ListUserNames>(call.department_id, page, order)?;
        let users = users.into_iter().map(name_of).collect();
        Ok(UserNames { has_more, users })
    }
}

impl Serve<ListUsers> for DingTalkWorld {
    fn serve(&mut self, call: ListUsers) -> Result<Users, ApiError> {
        let page = (call.offset.as_ref(), call.size.as_ref());
        let order = call.order.as_ref();
        let (users, has_more) = self.listed::<ListUsers>(call.department_id, page, order)?;
        let users = users.into_iter().map(|user| self.shown(user)).collect();
        Ok(Users { has_more, users })
    }
}

impl Serve<ListUsersByPage> for DingTalkWorld {
    fn serve(&mut self, call: ListUsersByPage) -> Result<Users, ApiError> {
        let page = (Some(&call.offset), Some(&call.size));
        let order = call.order.as_ref();
        let (users, has_more) = self.listed::<ListUsersByPage>(call.department_id, page, order)?;
        let users = users.into_iter().map(|user| self.shown(user)).collect();
        Ok(Users { has_more, users })
    }
}

impl Serve<GetDeptMember> for DingTalkWorld {
    fn serve(&mut self, call: GetDeptMember) -> Result<Vec<UserId>, ApiError> {
        let users = self.in_department::<GetDeptMember>(call.dept_id, None)?;
        Ok(users.into_iter().map(|user| user.userid.clone()).collect())
    }
}

impl Serve<GetUseridByUnionid> for DingTalkWorld {
    fn serve(&mut self, call: GetUseridByUnionid) -> Result<UseridOfUnionid, ApiError> {
        if call.unionid.is_empty() {
            return Err(missing("unionid"));
        }
        let user = self.state.directory.by_union_id(&call.unionid);
        let user = user.ok_or_else(|| refused::<GetUseridByUnionid>(60121))?;
        Ok(UseridOfUnionid {
            contact_type: 0,
            userid: user.userid.clone(),
        })
    }
}

/// The code that a person brought along works once, for five minutes.
impl Serve<GetUserInfo> for DingTalkWorld {
    fn serve(&mut self, call: GetUserInfo) -> Result<UserInfo, ApiError> {
        if call.code.is_empty() {
            return Err(missing("code"));
        }
        let userid = self.take_visit(GetUserInfo::META.path, &call.code)?;
        let user = self.state.directory.user(&userid);
        let admin = user.and_then(|user| user.admin);
        Ok(UserInfo {
            userid,
            sys_level: Some(admin.map_or(0, AdminLevel::number)),
            is_sys: Some(admin.is_some()),
            device_id: Some("sandbox".to_owned()),
        })
    }
}

impl Serve<GetAdmin> for DingTalkWorld {
    fn serve(&mut self, _: GetAdmin) -> Result<Vec<Admin>, ApiError> {
        let row = |user: &User| {
            Some(Admin {
                sys_level: user.admin?.number(),
                userid: user.userid.clone(),
            })
        };
        let users = self.state.directory.users();
        let mut admins: Vec<_> = users.filter_map(row).collect();
        admins.sort_by_key(|admin| admin.sys_level);
        Ok(admins)
    }
}

impl Serve<CanAccessMicroapp> for DingTalkWorld {
    fn serve(&mut self, call: CanAccessMicroapp) -> Result<bool, ApiError> {
        if call.app_id.is_empty() {
            return Err(missing("appId"));
        }
        if call.app_id != self.seed.app.agent_id.to_string() {
            return Err(refused::<CanAccessMicroapp>(40056));
        }
        let user = self.member::<CanAccessMicroapp>(&call.user_id)?;
        Ok(user.admin.is_some())
    }
}

impl Serve<GetOrgUserCount> for DingTalkWorld {
    fn serve(&mut self, call: GetOrgUserCount) -> Result<i64, ApiError> {
        let users = self.state.directory.users();
        let count = match call.only_active.get() {
            Some(0) => users.count(),
            Some(1) => users.filter(|user| user.active).count(),
            _ => return Err(refused::<GetOrgUserCount>(errcode::INVALID_PARAMETER)),
        };
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl Serve<GetAuthScopes> for DingTalkWorld {
    fn serve(&mut self, _: GetAuthScopes) -> Result<AuthScopes, ApiError> {
        Ok(AuthScopes {
            auth_user_field: FIELDS.map(str::to_owned).to_vec(),
            condition_field: Vec::new(),
            auth_org_scopes: OrgScopes {
                authed_user: Vec::new(),
                authed_dept: vec![ROOT],
            },
        })
    }
}

impl Serve<GetUserV2> for DingTalkWorld {
    fn serve(&mut self, call: GetUserV2) -> Result<UserV2, ApiError> {
        if call.userid.is_empty() {
            return Err(refused::<GetUserV2>(400_002));
        }
        let user = self.state.directory.user(&call.userid);
        let user = user.ok_or_else(|| refused::<GetUserV2>(33012))?;
        Ok(self.shown_v2(user))
    }
}

impl Serve<ListUsersV2> for DingTalkWorld {
    fn serve(&mut self, call: ListUsersV2) -> Result<UsersV2, ApiError> {
        let page = (&call.cursor, &call.size);
        let order = call.order_field.as_ref();
        let (users, next_cursor) = self.listed_v2::<ListUsersV2>(call.dept_id, page, order)?;
        Ok(UsersV2 {
            has_more: next_cursor.is_some(),
            next_cursor,
            users: users.into_iter().map(|user| self.shown_v2(user)).collect(),
        })
    }
}

impl Serve<ListUserNamesV2> for DingTalkWorld {
    fn serve(&mut self, call: ListUserNamesV2) -> Result<UserNamesV2, ApiError> {
        let page = (&call.cursor, &call.size);
        let order = call.order_field.as_ref();
        let (users, next_cursor) = self.listed_v2::<ListUserNamesV2>(call.dept_id, page, order)?;
        Ok(UserNamesV2 {
            has_more: next_cursor.is_some(),
            next_cursor,
            users: users.into_iter().map(name_of).collect(),
        })
    }
}

impl Serve<ListUserIds> for DingTalkWorld {
    fn serve(&mut self, call: ListUserIds) -> Result<Vec<UserId>, ApiError> {
        let users = self.in_department::<ListUserIds>(call.dept_id, None)?;
        Ok(users.into_iter().map(|user| user.userid.clone()).collect())
    }
}

/// What a call says of a member.
#[derive(Debug, Default)]
struct Given {
    name: Option<String>,
    department: Option<Vec<DepartmentId>>,
    mobile: Option<String>,
    order_in_depts: Option<String>,
    position: Option<String>,
    tel: Option<String>,
    work_place: Option<String>,
    remark: Option<String>,
    email: Option<String>,
    org_email: Option<String>,
    jobnumber: Option<String>,
    hide: Option<bool>,
    senior: Option<bool>,
    extattr: Option<Map<String, Value>>,
}

macro_rules! given {
    ($call:ident, $name:expr, $department:expr, $mobile:expr) => {
        Given {
            name: $name,
            department: $department,
            mobile: $mobile,
            order_in_depts: $call.order_in_depts,
            position: $call.position,
            tel: $call.tel,
            work_place: $call.work_place,
            remark: $call.remark,
            email: $call.email,
            org_email: $call.org_email,
            jobnumber: $call.jobnumber,
            hide: $call.is_hide,
            senior: $call.is_senior,
            extattr: $call.extattr,
        }
    };
}

impl Given {
    /// The code of what is too long or has the wrong form.
    fn check(&self) -> Result<(), i64> {
        let texts = [
            (&self.position, POSITION_CHARS, 60119),
            (&self.tel, TEL_CHARS, 40063),
            (&self.work_place, WORK_PLACE_CHARS, 40064),
            (&self.remark, REMARK_CHARS, 40065),
            (&self.email, EMAIL_CHARS, 60105),
            (&self.org_email, EMAIL_CHARS, 60105),
            (&self.jobnumber, JOBNUMBER_CHARS, 60123),
        ];
        let is = |text: &Option<String>, good: fn(&str) -> bool| text.as_deref().is_none_or(good);
        if !is(&self.name, is_name) {
            return Err(60112);
        }
        if self.department.as_ref().is_some_and(Vec::is_empty) {
            return Err(40066);
        }
        if !is(&self.mobile, is_mobile) {
            return Err(60103);
        }
        if !is(&self.email, is_email) || !is(&self.org_email, is_email) {
            return Err(60105);
        }
        let mut texts = texts.into_iter();
        let long = texts.find(|(text, most, _)| {
            let text = text.as_ref();
            text.is_some_and(|text| text.chars().count() > *most)
        });
        long.map_or(Ok(()), |(_, _, code)| Err(code))
    }

    fn apply(self, user: &mut User) {
        for (field, value) in [
            (&mut user.name, self.name),
            (&mut user.mobile, self.mobile),
            (&mut user.position, self.position),
            (&mut user.tel, self.tel),
            (&mut user.work_place, self.work_place),
            (&mut user.remark, self.remark),
            (&mut user.email, self.email),
            (&mut user.org_email, self.org_email),
            (&mut user.jobnumber, self.jobnumber),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        user.hide = self.hide.unwrap_or(user.hide);
        user.senior = self.senior.unwrap_or(user.senior);
        if let Some(extattr) = self.extattr {
            user.extattr = extattr;
        }
    }
}

fn is_name(name: &str) -> bool {
    (1..=NAME_CHARS).contains(&name.chars().count())
}

/// Digits, with the country before them where it is another one: `+86-13800000000`.
fn is_mobile(mobile: &str) -> bool {
    let number = match mobile.strip_prefix('+') {
        Some(rest) => rest.split_once('-').map_or(rest, |(_, number)| number),
        None => mobile,
    };
    (5..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// An empty one takes it away.
fn is_email(email: &str) -> bool {
    email.is_empty()
        || email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace)
        })
}

fn is_userid(id: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"_-@.".contains(&byte);
    (1..=USERID_CHARS).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_alphanumeric())
        && id.bytes().all(inner)
}

/// Where a member stands in departments, from `{1:176,2:1}`.
fn orders(text: &str) -> Option<Vec<(DepartmentId, i64)>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let pairs = inner.split(',').filter(|pair| !pair.trim().is_empty());
    let pair = |pair: &str| {
        let (department, order) = pair.split_once(':')?;
        let department = department.trim().trim_matches('"').parse().ok()?;
        Some((department, order.trim().parse().ok()?))
    };
    pairs.map(pair).collect()
}

impl DingTalkWorld {
    /// The member with what a call says of them.
    fn with_given<E: Endpoint>(&self, mut user: User, given: Given) -> Result<User, ApiError> {
        let refuse = refused::<E>;
        given.check().map_err(refuse)?;
        let orders = match &given.order_in_depts {
            Some(text) => orders(text).ok_or_else(|| refuse(40011))?,
            None => Vec::new(),
        };
        if let Some(departments) = &given.department {
            user.memberships = self.memberships::<E>(&user, departments)?;
        }
        for place in &mut user.memberships {
            let own = orders.iter().find(|(id, _)| *id == place.department);
            place.order = own.map_or(place.order, |(_, order)| *order);
        }
        self.check_unique(&user.userid, &given).map_err(refuse)?;
        given.apply(&mut user);
        Ok(user)
    }

    /// The places in these departments, each once; where the member is
    /// already, in the same place.
    fn memberships<E: Endpoint>(
        &self,
        user: &User,
        departments: &[DepartmentId],
    ) -> Result<Vec<Membership>, ApiError> {
        let mut memberships: Vec<Membership> = Vec::new();
        for id in departments {
            let known = self.state.directory.department(*id);
            known.ok_or_else(|| refused::<E>(60003))?;
            if memberships.iter().all(|it| it.department != *id) {
                let before = user.place_in(*id).copied();
                memberships.push(before.unwrap_or(Membership::of(*id)));
            }
        }
        Ok(memberships)
    }

    /// The code of what another member has already.
    fn check_unique(&self, id: &UserId, given: &Given) -> Result<(), i64> {
        let directory = &self.state.directory;
        let taken = |text: &Option<String>, field: fn(&User) -> &String| {
            let text = text.as_ref().filter(|text| !text.is_empty());
            let mut others = directory.users().filter(|user| user.userid != *id);
            text.is_some_and(|text| others.any(|user| field(user) == text))
        };
        if taken(&given.mobile, |user| &user.mobile) {
            return Err(60104);
        }
        if taken(&given.email, |user| &user.email) {
            return Err(60106);
        }
        Ok(())
    }
}

impl Serve<CreateUser> for DingTalkWorld {
    fn serve(&mut self, call: CreateUser) -> Result<UserId, ApiError> {
        let refuse = refused::<CreateUser>;
        for (field, empty) in [
            ("name", call.name.is_empty()),
            ("department", call.department.is_empty()),
            ("mobile", call.mobile.is_empty()),
        ] {
            if empty {
                return Err(missing(field));
            }
        }
        let wanted = call.userid.filter(|id| !id.is_empty());
        if let Some(id) = &wanted {
            if !is_userid(id.as_str()) {
                return Err(refuse(40003));
            }
            if self.state.directory.has(id) {
                return Err(refuse(60102));
            }
        }
        if self.state.directory.users().count() >= limits::USERS {
            return Err(refuse(40020));
        }
        let (name, department) = (Some(call.name), Some(call.department));
        let given = given!(call, name, department, Some(call.mobile));
        let mut user = self.with_given::<CreateUser>(User::default(), given)?;
        user.active = true;
        user.userid = wanted.unwrap_or_else(|| self.new_userid());
        user.union_id = self.state.word(22).into();
        let userid = user.userid.clone();
        self.state.directory.add_user(user);
        self.changed_conversations();
        Ok(userid)
    }
}

impl DingTalkWorld {
    fn new_userid(&mut self) -> UserId {
        let number = self.state.number();
        UserId(format!("{}{number}", self.state.hex(8)))
    }
}

impl Serve<UpdateUser> for DingTalkWorld {
    fn serve(&mut self, call: UpdateUser) -> Result<Empty, ApiError> {
        let before = self.member::<UpdateUser>(&call.userid)?.clone();
        let given = given!(call, call.name, call.department, call.mobile);
        let after = self.with_given::<UpdateUser>(before, given)?;
        self.state.directory.change_user(after);
        self.changed_conversations();
        Ok(Empty {})
    }
}

/// They stay in the groups that they are in.
impl Serve<DeleteUser> for DingTalkWorld {
    fn serve(&mut self, call: DeleteUser) -> Result<Empty, ApiError> {
        self.member::<DeleteUser>(&call.userid)?;
        self.state.directory.remove_user(&call.userid);
        self.changed_conversations();
        Ok(Empty {})
    }
}

/// All of them or none.
impl Serve<DeleteUsers> for DingTalkWorld {
    fn serve(&mut self, call: DeleteUsers) -> Result<Empty, ApiError> {
        if call.userids.is_empty() {
            return Err(missing("useridlist"));
        }
        if call.userids.len() > limits::BATCH_DELETE {
            return Err(refused::<DeleteUsers>(40032));
        }
        for id in &call.userids {
            self.member::<DeleteUsers>(id)?;
        }
        for id in &call.userids {
            self.state.directory.remove_user(id);
        }
        self.changed_conversations();
        Ok(Empty {})
    }
}
