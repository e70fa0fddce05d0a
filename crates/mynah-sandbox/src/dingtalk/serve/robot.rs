//! Robots: of the application, custom ones, and answers into a session.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::robot::{
    DownloadMessageFile, GetReadStatus, GroupRead, MOST_AT_ONCE, QueryGroupRead, RecallFromGroup,
    RecallFromUsers, Recalled, SendBySession, SendToGroup, SendToUsers, SendWebhook, SentToUsers,
    UserRead, UsersRead,
};
use mynah_dingtalk::types::{ReadStatus, SendStatus};
use mynah_dingtalk::{ChatId, OpenConversationId, ProcessQueryKey, RobotCode, Template, UserId};

use crate::dingtalk::archive::{Chat, Speaker, Spoken};
use crate::dingtalk::content::Content;
use crate::dingtalk::robots::{RECALL_MS, Sent, check_template, refuse_robot};
use crate::dingtalk::world::DingTalkWorld;
use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::world::Time;

/// The most readers on a page, and how many there are unless it is said.
const PAGE: i64 = 200;

impl Serve<SendWebhook> for DingTalkWorld {
    fn serve(&mut self, call: SendWebhook) -> Result<Empty, ApiError> {
        self.custom_robot_says(call).map(|()| Empty)
    }
}

impl Serve<SendBySession> for DingTalkWorld {
    fn serve(&mut self, call: SendBySession) -> Result<Empty, ApiError> {
        let chat = self.session(&call.session)?;
        self.robot_says(&chat, &call.message).map(|()| Empty)
    }
}

/// Refuses a call for something that is not so.
fn needs(path: &str, holds: bool, word: &str) -> Result<(), ApiError> {
    if holds {
        return Ok(());
    }
    Err(refuse_robot(path, word))
}

impl DingTalkWorld {
    /// The one robot that there is.
    pub(super) fn is_our_robot(&self, code: &RobotCode) -> bool {
        code.as_str() == self.seed.app.key
    }

    /// A group by the name that the newer interfaces have for it.
    fn group_of(&self, path: &str, id: &OpenConversationId) -> Result<ChatId, ApiError> {
        needs(path, !id.is_empty(), "miss.openConversationId")?;
        let group = self.state.group_by_open_id(id);
        let group = group.map(|(id, _)| id.clone());
        group.ok_or_else(|| refuse_robot(path, "invalid.openConversationId"))
    }

    /// What the robot sent, to people or into this group.
    fn sent(&self, key: &ProcessQueryKey, group: Option<&ChatId>) -> Option<&Sent> {
        let sent = self.state.robots.sent.get(key)?;
        (sent.group.as_ref() == group).then_some(sent)
    }

    /// A key for what the robot is about to send.
    pub(in crate::dingtalk) fn query_key(&mut self) -> ProcessQueryKey {
        let number = self.state.number();
        // Differs by its number even where chance has been put back.
        ProcessQueryKey(format!("{}{number:x}==", self.state.base64(22)))
    }

    /// Takes back what can be taken back, and says why the rest cannot.
    fn recall(&mut self, keys: Vec<ProcessQueryKey>, group: Option<&ChatId>) -> Recalled {
        let mut recalled = Recalled::default();
        let now = self.state.now;
        for key in keys {
            let why = match self.sent(&key, group) {
                None => "invalid.processQueryKey",
                Some(sent) if is_old(sent, now) => "robot.processQueryKey.expired",
                Some(_) => {
                    self.take_back(key.as_str());
                    recalled.success.push(key);
                    continue;
                }
            };
            recalled.failed.insert(key.into(), why.into());
        }
        recalled
    }

    fn has_read(&self, key: &ProcessQueryKey, user: &UserId) -> Option<Time> {
        let mut readings = self.state.archive.readings(key.as_str()).into_iter();
        let reading = readings.find(|reading| reading.user == *user);
        reading.map(|reading| reading.at)
    }
}

fn is_old(sent: &Sent, now: Time) -> bool {
    now.0.saturating_sub(sent.at.0) >= RECALL_MS
}

fn status(sent: &Sent) -> SendStatus {
    if sent.recalled {
        SendStatus::Recalled
    } else {
        SendStatus::Success
    }
}

/// What a template needs before anybody asks whether it makes sense.
fn check_parameters(path: &str, template: &Template) -> Result<(), ApiError> {
    let has_key = !template.key().is_empty();
    needs(path, has_key, "invalidParameter.msgKey.empty")
}

fn check_length(path: &str, template: &Template) -> Result<(), ApiError> {
    let fits = !template.is_too_long();
    needs(path, fits, "invalidParameter.msgParam.tooLong")
}

impl Serve<SendToUsers> for DingTalkWorld {
    fn serve(&mut self, call: SendToUsers) -> Result<SentToUsers, ApiError> {
        const PATH: &str = SendToUsers::META.path;
        let (robot, users) = (&call.robot_code, call.user_ids);
        needs(PATH, !robot.is_empty(), "invalidParameter.robotCode.empty")?;
        needs(PATH, !users.is_empty(), "invalidParameter.userIds.empty")?;
        check_parameters(PATH, &call.template)?;
        let few = users.len() <= MOST_AT_ONCE;
        needs(PATH, few, "invalidParameter.userIds.overMax")?;
        check_length(PATH, &call.template)?;
        let known = self.is_our_robot(robot);
        needs(PATH, known, "invalidParameter.robotCode.notExsit")?;
        check_template(PATH, &call.template)?;

        let (mut reached, mut invalid) = (Vec::new(), Vec::new());
        for user in users {
            let list = if self.state.directory.has(&user) {
                &mut reached
            } else {
                &mut invalid
            };
            if !list.contains(&user) {
                list.push(user);
            }
        }
        let key = self.query_key();
        let content = Content::of_template(&call.template);
        for user in &reached {
            let chat = Chat::User(user.clone());
            let id = key.as_str().to_owned();
            self.post(&chat, Speaker::App, Spoken::new(id, content.clone()));
        }
        let sent = Sent {
            group: None,
            reached,
            at: self.state.now,
            recalled: false,
        };
        self.remember_sent(key.clone(), sent);
        Ok(SentToUsers {
            process_query_key: key,
            invalid,
            flow_controlled: Vec::new(),
        })
    }
}

impl Serve<SendToGroup> for DingTalkWorld {
    fn serve(&mut self, call: SendToGroup) -> Result<ProcessQueryKey, ApiError> {
        const PATH: &str = SendToGroup::META.path;
        let robot = &call.robot_code;
        needs(PATH, !robot.is_empty(), "invalidParameter.robotCode.empty")?;
        let conversation = &call.open_conversation_id;
        needs(PATH, !conversation.is_empty(), "miss.openConversationId")?;
        check_parameters(PATH, &call.template)?;
        check_length(PATH, &call.template)?;
        let known = self.is_our_robot(robot);
        needs(PATH, known, "invalidParameter.robotCode.notExsit")?;
        let group = self.group_of(PATH, conversation)?;
        check_template(PATH, &call.template)?;
        let standing = self.state.standing(&group).is_some();
        needs(PATH, standing, "group.disbanded")?;

        let key = self.query_key();
        let content = Content::of_template(&call.template);
        let chat = Chat::Group(group.clone());
        let spoken = Spoken::new(key.as_str().to_owned(), content);
        self.post(&chat, Speaker::App, spoken);
        let sent = Sent {
            group: Some(group),
            reached: Vec::new(),
            at: self.state.now,
            recalled: false,
        };
        self.remember_sent(key.clone(), sent);
        Ok(key)
    }
}

/// What both kinds of recall need.
fn check_keys(path: &str, robot: &RobotCode, keys: &[ProcessQueryKey]) -> Result<(), ApiError> {
    needs(path, !robot.is_empty(), "invalidParameter.robotCode")?;
    let named = !keys.is_empty();
    needs(path, named, "invalidParameter.processQueryKey.missing")?;
    let few = keys.len() <= MOST_AT_ONCE;
    needs(path, few, "invalidParameter.processQueryKeys.overMax")
}

impl Serve<RecallFromUsers> for DingTalkWorld {
    fn serve(&mut self, call: RecallFromUsers) -> Result<Recalled, ApiError> {
        const PATH: &str = RecallFromUsers::META.path;
        check_keys(PATH, &call.robot_code, &call.process_query_keys)?;
        let known = self.is_our_robot(&call.robot_code);
        needs(PATH, known, "not.allowed.robotCode")?;
        Ok(self.recall(call.process_query_keys, None))
    }
}

impl Serve<RecallFromGroup> for DingTalkWorld {
    fn serve(&mut self, call: RecallFromGroup) -> Result<Recalled, ApiError> {
        const PATH: &str = RecallFromGroup::META.path;
        let conversation = &call.open_conversation_id;
        needs(PATH, !conversation.is_empty(), "miss.openConversationId")?;
        check_keys(PATH, &call.robot_code, &call.process_query_keys)?;
        let known = self.is_our_robot(&call.robot_code);
        needs(PATH, known, "invalidParameter.robotCode.notExsit")?;
        let group = self.group_of(PATH, conversation)?;
        Ok(self.recall(call.process_query_keys, Some(&group)))
    }
}

impl Serve<GetReadStatus> for DingTalkWorld {
    fn serve(&mut self, call: GetReadStatus) -> Result<UsersRead, ApiError> {
        const PATH: &str = GetReadStatus::META.path;
        let (robot, key) = (&call.robot_code, &call.process_query_key);
        let has_robot = !robot.is_empty();
        needs(PATH, has_robot, "invalidParameter.robotCode.missing")?;
        let has_key = !key.is_empty();
        needs(PATH, has_key, "invalidParameter.processQueryKey.missing")?;
        let known = self.is_our_robot(robot);
        needs(PATH, known, "invalidParameter.robotCode.notExsit")?;
        let sent = self.sent(key, None);
        let sent = sent.ok_or_else(|| refuse_robot(PATH, "invalid.processQueryKey"))?;
        let read = |user: &UserId| {
            let at = self.has_read(key, user);
            UserRead {
                name: Some(self.display(user)),
                user_id: user.clone(),
                read_status: if at.is_some() {
                    ReadStatus::Read
                } else {
                    ReadStatus::Unread
                },
                read_timestamp: at.map(|at| at.0),
            }
        };
        Ok(UsersRead {
            send_status: status(sent),
            people: sent.reached.iter().map(read).collect(),
        })
    }
}

impl Serve<QueryGroupRead> for DingTalkWorld {
    fn serve(&mut self, call: QueryGroupRead) -> Result<GroupRead, ApiError> {
        const PATH: &str = QueryGroupRead::META.path;
        let key = &call.process_query_key;
        let has_key = !key.is_empty();
        needs(PATH, has_key, "invalidParameter.processQueryKey.missing")?;
        let size = call.max_results.map_or(Some(PAGE), |size| size.get());
        let size = size.filter(|size| (1..=PAGE).contains(size));
        let size = size.and_then(|size| usize::try_from(size).ok());
        let size = size.ok_or_else(|| refuse_robot(PATH, "invalidParameter.pageSize.invalid"))?;
        let token = call.next_token.unwrap_or_default();
        let from = if token.is_empty() { "0" } else { &token };
        let no_cursor = || refuse_robot(PATH, "invalidParameter.cursor.invalid");
        let from: usize = from.parse().map_err(|_| no_cursor())?;
        if let Some(robot) = &call.robot_code {
            let known = self.is_our_robot(robot);
            needs(PATH, known, "invalidParameter.robotCode.notExsit")?;
        }
        let sent = self.state.robots.sent.get(key);
        let group = match &call.open_conversation_id {
            Some(conversation) => Some(self.group_of(PATH, conversation)?),
            None => sent.and_then(|sent| sent.group.clone()),
        };
        let sent = sent.filter(|sent| sent.group.is_some() && sent.group == group);
        let sent = sent.ok_or_else(|| refuse_robot(PATH, "invalid.processQueryKey"))?;

        let readings = self.state.archive.readings(key.as_str());
        let rest = readings.get(from..).ok_or_else(no_cursor)?;
        let page = rest.iter().take(size);
        let page: Vec<UserId> = page.map(|reading| reading.user.clone()).collect();
        let has_more = page.len() < rest.len();
        let next = from.saturating_add(page.len());
        Ok(GroupRead {
            send_status: status(sent),
            readers: page,
            next_token: Some(if has_more {
                next.to_string()
            } else {
                String::new()
            }),
            has_more,
        })
    }
}

impl Serve<DownloadMessageFile> for DingTalkWorld {
    fn serve(&mut self, call: DownloadMessageFile) -> Result<String, ApiError> {
        const PATH: &str = DownloadMessageFile::META.path;
        let (robot, code) = (&call.robot_code, &call.download_code);
        let given = !robot.is_empty() && !code.is_empty();
        needs(PATH, given, "invalidParameter.robotCode.empty")?;
        let known = self.is_our_robot(robot);
        needs(PATH, known, "invalidParameter.robotCode.auth")?;
        let url = self.download_url(code);
        url.ok_or_else(|| refuse_robot(PATH, "invalidParameter.robotCode.downloadCode"))
    }
}
