//! Work notices: what was sent to whom, and how much of it.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::ApiError;
use mynah_dingtalk::api::notice::Forbidden;
use mynah_dingtalk::{AgentId, DepartmentId, Joined, Message, TaskId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::{Chat, Speaker, Spoken};
use super::check;
use super::content::Content;
use super::limits::{self, DAY_MS, HOUR_MS};
use super::refusal::refuse;
use super::world::DingTalkWorld;
use crate::frame::{Framed as _, trim};
use crate::world::Time;

/// Notices to everybody in a day, and notices to one member
/// (<https://open.dingtalk.com/document/development/asynchronous-sending-of-enterprise-session-messages>).
const TO_ALL_A_DAY: u64 = 3;
const TO_ONE_A_DAY: u64 = 500;
/// The codes of those who were sent too much: at all, and of the same.
const TOO_MUCH: &str = "143105";
const TOO_OFTEN: &str = "143106";
/// How many may get a form that says how far something is.
const TO_STATUS: usize = 5;
/// How long what became of a notice is told, and how long it can be recalled.
const TASK_MS: i64 = DAY_MS;
/// Days begin in China.
const CHINA_MS: i64 = 8 * HOUR_MS;

/// What is remembered of work notices.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notices {
    tasks: BTreeMap<TaskId, Task>,
    today: Today,
}

/// What was sent on one day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Today {
    /// Counted since 1970, in China.
    day: i64,
    to_all: u64,
    users: BTreeMap<UserId, Got>,
}

/// What somebody got on one day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Got {
    times: u64,
    /// Digests of what it was.
    messages: BTreeSet<String>,
}

/// What became of a notice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    agent: AgentId,
    at: Time,
    /// The id of the message in all conversations.
    pub(super) message: String,
    pub(super) reached: Vec<UserId>,
    pub(super) invalid: Invalid,
    pub(super) forbidden: Vec<Forbidden>,
}

/// Who and what there is not.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Invalid {
    pub(super) users: Vec<UserId>,
    pub(super) departments: Vec<DepartmentId>,
    /// What was meant to be a department and has no such form.
    pub(super) others: Vec<String>,
}

/// Whom a notice is meant for.
#[derive(Clone, Debug, Default)]
pub(super) struct Receivers {
    users: Vec<UserId>,
    departments: Vec<DepartmentId>,
    others: Vec<String>,
    all: bool,
}

impl Receivers {
    pub(super) fn new<const BY: char>(
        users: Option<Joined<UserId, BY>>,
        departments: Option<Joined<DepartmentId, BY>>,
        all: Option<bool>,
    ) -> Self {
        let departments = departments.unwrap_or_default();
        Self {
            users: users.unwrap_or_default().items,
            departments: departments.items,
            others: departments.others,
            all: all.unwrap_or_default(),
        }
    }

    pub(super) fn user(user: UserId) -> Self {
        Self {
            users: vec![user],
            ..Self::default()
        }
    }

    fn departments(&self) -> usize {
        self.departments.len().saturating_add(self.others.len())
    }

    fn is_empty(&self) -> bool {
        self.users.is_empty() && self.departments() == 0 && !self.all
    }
}

/// The most receivers that one call names, and the code for more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    users: usize,
    departments: usize,
    code: i64,
}

/// Of a work notice.
pub(super) const OF_NOTICE: Most = Most {
    users: 100,
    departments: 20,
    code: 40035,
};
/// Of what came before
/// (<https://open.dingtalk.com/document/development/server-api-error-codes-1>). Of departments no
/// limit is written down.
pub(super) const OF_MESSAGE: Most = Most {
    users: 5000,
    departments: 20,
    code: 41029,
};

/// A notice with which nothing is wrong.
#[derive(Debug)]
pub(super) struct Draft {
    agent: AgentId,
    content: Content,
    /// Tells what is said from all else.
    digest: String,
    users: Vec<UserId>,
    invalid: Invalid,
    to_all: bool,
}

impl Notices {
    pub(super) fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.get(&id)
    }

    /// The notice that is this message.
    pub(super) fn by_message(&self, id: &str) -> Option<&Task> {
        self.tasks.values().find(|task| task.message == id)
    }
}

impl Today {
    /// Begins a new day, if it is one.
    fn turn(&mut self, now: Time) {
        let day = day(now);
        if self.day != day {
            *self = Self {
                day,
                ..Self::default()
            };
        }
    }

    /// Counts one notice for somebody, or says what there is too much of.
    fn count(&mut self, user: &UserId, digest: &str) -> Result<(), Forbidden> {
        let got = self.users.entry(user.clone()).or_default();
        let (code, count) = if got.messages.contains(digest) {
            (TOO_OFTEN, 1)
        } else if got.times >= TO_ONE_A_DAY {
            (TOO_MUCH, TO_ONE_A_DAY)
        } else {
            got.times = got.times.saturating_add(1);
            got.messages.insert(digest.to_owned());
            return Ok(());
        };
        Err(Forbidden {
            code: code.to_owned(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            userid: user.clone(),
        })
    }
}

fn day(now: Time) -> i64 {
    now.0.saturating_add(CHINA_MS).div_euclid(DAY_MS)
}

impl DingTalkWorld {
    /// Looks at a notice before it is sent.
    ///
    /// # Errors
    /// 40035 for nobody, and for a form with a state that goes to more than 5;
    /// the code of `most` for too many; the codes of [`check`]; 40056 for
    /// another application; 41045 for too much to everybody.
    pub(super) fn draft_notice(
        &self,
        path: &str,
        agent: AgentId,
        message: &Message,
        to: Receivers,
        most: Most,
    ) -> Result<Draft, ApiError> {
        if to.is_empty() {
            return Err(refuse(path, 40035));
        }
        check::presence(path, message)?;
        if to.users.len() > most.users || to.departments() > most.departments {
            return Err(refuse(path, most.code));
        }
        check::length(path, message)?;
        if agent != self.seed.app.agent_id {
            return Err(refuse(path, 40056));
        }
        let to_all = to.all;
        let (users, invalid) = self.resolve(to);
        let has_status = matches!(message, Message::Oa(form) if form.status_bar.is_some());
        if has_status && users.len() > TO_STATUS {
            return Err(refuse(path, 40035));
        }
        let today = &self.state.notices.today;
        let used_up = today.to_all >= TO_ALL_A_DAY && today.day == day(self.state.now);
        if to_all && used_up {
            return Err(refuse(path, 41045));
        }
        let written = serde_json::to_vec(message).unwrap_or_default();
        Ok(Draft {
            agent,
            content: Content::of_message(message).into_notice(),
            digest: mynah_crypto::hex(&mynah_crypto::sha1(&[&written])),
            users,
            invalid,
            to_all,
        })
    }

    /// Who is meant, each once, and who is nobody.
    fn resolve(&self, to: Receivers) -> (Vec<UserId>, Invalid) {
        let directory = &self.state.directory;
        if to.all {
            let users = directory.users().map(|user| user.userid.clone());
            return (users.collect(), Invalid::default());
        }
        let (mut users, mut invalid) = (Vec::new(), Invalid::default());
        for user in to.users {
            let list = if directory.has(&user) {
                &mut users
            } else {
                &mut invalid.users
            };
            add(list, user);
        }
        for department in to.departments {
            if directory.department(department).is_none() {
                add(&mut invalid.departments, department);
                continue;
            }
            let below = directory
                .users()
                .filter(|it| directory.is_below(it, department));
            for user in below {
                add(&mut users, user.userid.clone());
            }
        }
        invalid.others = to.others;
        (users, invalid)
    }

    /// Sends a notice; those get it who were not sent too much.
    pub(super) fn send_draft(&mut self, draft: Draft) -> TaskId {
        let now = self.state.now;
        let id = self.state.number();
        let id = TaskId(i64::try_from(id).unwrap_or(i64::MAX));
        let message = self.state.message_id();
        let today = &mut self.state.notices.today;
        today.turn(now);
        if draft.to_all {
            today.to_all = today.to_all.saturating_add(1);
        }
        let (mut reached, mut forbidden) = (Vec::new(), Vec::new());
        for user in draft.users {
            match today.count(&user, &draft.digest) {
                Ok(()) => reached.push(user),
                Err(too_much) => forbidden.push(too_much),
            }
        }
        for user in &reached {
            let chat = Chat::User(user.clone());
            let content = draft.content.clone();
            let notice = Spoken::new(message.clone(), content);
            self.post(&chat, Speaker::App, notice);
        }
        let task = Task {
            agent: draft.agent,
            at: now,
            message,
            reached,
            invalid: draft.invalid,
            forbidden,
        };
        let tasks = &mut self.state.notices.tasks;
        tasks.insert(id, task);
        trim(tasks, limits::ISSUED, |task| task.at);
        id
    }

    /// A notice of an application, for a day; `code` if there is none.
    pub(super) fn task(
        &self,
        path: &str,
        agent: AgentId,
        id: TaskId,
        code: i64,
    ) -> Result<&Task, ApiError> {
        let task = self.state.notices.task(id);
        let now = self.state.now;
        let is_young = |task: &&Task| now.0.saturating_sub(task.at.0) < TASK_MS;
        let task = task.filter(|task| task.agent == agent).filter(is_young);
        task.ok_or_else(|| refuse(path, code))
    }

    /// Who has read a notice, in the order of reading, and who has not.
    pub(super) fn readers(&self, task: &Task) -> (Vec<UserId>, Vec<UserId>) {
        let readings = self.state.archive.readings(&task.message).into_iter();
        let read: Vec<UserId> = readings.map(|reading| reading.user.clone()).collect();
        let others = task.reached.iter().filter(|user| !read.contains(user));
        let unread = others.cloned().collect();
        (read, unread)
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
