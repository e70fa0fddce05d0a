//! Work notices, and what came before them.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::notice::{
    GetNoticeProgress, GetNoticeResult, ListMessageStatus, MessageRead, NoticeProgress,
    NoticeResult, RecallNotice, SendByCode, SendMessage, SendNotice, SendToConversation,
    SentMessage,
};
use mynah_dingtalk::types::ProgressStatus;
use mynah_dingtalk::{AgentId, Bars, ChatId, TaskId, UserId};

use crate::dingtalk::archive::{Chat, Speaker, Spoken};
use crate::dingtalk::check;
use crate::dingtalk::content::Content;
use crate::dingtalk::notices::{OF_MESSAGE, OF_NOTICE, Receivers};
use crate::dingtalk::refusal::{missing, refuse};
use crate::dingtalk::world::DingTalkWorld;
use crate::frame::Framed as _;
use crate::serve::Serve;

/// A list, or nothing where nobody is in it.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

impl DingTalkWorld {
    /// How far a notice is: it has arrived at once.
    pub(super) fn notice_progress(
        &self,
        agent: AgentId,
        task: TaskId,
    ) -> Result<NoticeProgress, ApiError> {
        self.task(GetNoticeProgress::META.path, agent, task, 40035)?;
        Ok(NoticeProgress {
            progress_in_percent: 100,
            status: ProgressStatus::Done,
        })
    }

    /// Whom a notice has reached.
    pub(super) fn notice_result(
        &self,
        agent: AgentId,
        task: TaskId,
    ) -> Result<NoticeResult, ApiError> {
        let task = self.task(GetNoticeResult::META.path, agent, task, 40035)?;
        let (read, unread) = self.readers(task);
        let forbidden = task.forbidden.iter().map(|it| it.userid.clone());
        Ok(NoticeResult {
            invalid_user_id_list: some(task.invalid.users.clone()),
            forbidden_user_id_list: some(forbidden.collect()),
            failed_user_id_list: None,
            read_user_id_list: some(read),
            unread_user_id_list: some(unread),
            invalid_dept_id_list: some(task.invalid.departments.clone()),
            forbidden_list: some(task.forbidden.clone()),
        })
    }

    /// Takes a notice back; who has read it stays known.
    pub(super) fn recall_notice(&mut self, agent: AgentId, task: TaskId) -> Result<(), ApiError> {
        let task = self.task(RecallNotice::META.path, agent, task, 400_002)?;
        let message = task.message.clone();
        self.take_back(&message);
        Ok(())
    }
}

impl Serve<SendNotice> for DingTalkWorld {
    fn serve(&mut self, call: SendNotice) -> Result<TaskId, ApiError> {
        const PATH: &str = SendNotice::META.path;
        let to = Receivers::new(call.userid_list, call.dept_id_list, call.to_all_user);
        let draft = self.draft_notice(PATH, call.agent_id, &call.msg, to, OF_NOTICE)?;
        Ok(self.send_draft(draft))
    }
}

impl Serve<GetNoticeProgress> for DingTalkWorld {
    fn serve(&mut self, call: GetNoticeProgress) -> Result<NoticeProgress, ApiError> {
        self.notice_progress(call.agent_id, call.task_id)
    }
}

impl Serve<GetNoticeResult> for DingTalkWorld {
    fn serve(&mut self, call: GetNoticeResult) -> Result<NoticeResult, ApiError> {
        self.notice_result(call.agent_id, call.task_id)
    }
}

impl Serve<RecallNotice> for DingTalkWorld {
    fn serve(&mut self, call: RecallNotice) -> Result<Empty, ApiError> {
        self.recall_notice(call.agent_id, call.msg_task_id)?;
        Ok(Empty)
    }
}

impl Serve<SendMessage> for DingTalkWorld {
    fn serve(&mut self, call: SendMessage) -> Result<SentMessage, ApiError> {
        const PATH: &str = SendMessage::META.path;
        let to = Receivers::new(call.touser, call.toparty, None);
        let draft = self.draft_notice(PATH, call.agentid, &call.message, to, OF_MESSAGE)?;
        let id = self.send_draft(draft);
        let task = self.task(PATH, call.agentid, id, -1)?;
        let mut invalidparty = Bars::new(task.invalid.departments.iter().copied());
        invalidparty.others.clone_from(&task.invalid.others);
        Ok(SentMessage {
            message_id: task.message.clone(),
            invaliduser: Bars::new(&task.invalid.users),
            invalidparty,
            forbidden: Bars::new(task.forbidden.iter().map(|it| &it.userid)),
        })
    }
}

impl Serve<ListMessageStatus> for DingTalkWorld {
    fn serve(&mut self, call: ListMessageStatus) -> Result<MessageRead, ApiError> {
        let task = self.state.notices.by_message(&call.message_id);
        let task = task.ok_or_else(|| refuse(ListMessageStatus::META.path, 40035))?;
        let (read, unread) = self.readers(task);
        Ok(MessageRead { read, unread })
    }
}

/// It goes to whoever brought the code along.
impl Serve<SendByCode> for DingTalkWorld {
    fn serve(&mut self, call: SendByCode) -> Result<String, ApiError> {
        const PATH: &str = SendByCode::META.path;
        if call.code.is_empty() {
            return Err(missing("code"));
        }
        // The code is used up only where nothing else is wrong.
        check::message(PATH, &call.message)?;
        let user = self.take_visit(PATH, &call.code)?;
        let agent = self.seed.app.agent_id;
        let to = Receivers::user(user);
        let draft = self.draft_notice(PATH, agent, &call.message, to, OF_MESSAGE)?;
        let id = self.send_draft(draft);
        let task = self.task(PATH, agent, id, -1)?;
        Ok(task.message.clone())
    }
}

impl DingTalkWorld {
    /// A group by either of its names.
    fn group_called(&self, cid: &str) -> Option<ChatId> {
        let by_chatid = self.state.groups.keys().find(|id| id.as_str() == cid);
        let found = by_chatid.or_else(|| {
            let found = self.state.group_by_open_id(&cid.into());
            found.map(|(id, _)| id)
        });
        found
            .filter(|id| self.state.standing(id).is_some())
            .cloned()
    }
}

impl Serve<SendToConversation> for DingTalkWorld {
    fn serve(&mut self, call: SendToConversation) -> Result<Bars<UserId>, ApiError> {
        const PATH: &str = SendToConversation::META.path;
        let sender = call.sender;
        if sender.is_empty() {
            return Err(refuse(PATH, 34002));
        }
        if call.cid.is_empty() {
            return Err(refuse(PATH, 34001));
        }
        check::message(PATH, &call.message)?;
        if !self.state.directory.has(&sender) {
            return Err(refuse(PATH, 34006));
        }
        let group = self.group_called(&call.cid);
        let group = group.ok_or_else(|| refuse(PATH, 34001))?;
        let chat = Chat::Group(group.clone());
        if !self.state.takes_part(&sender, &chat) {
            return Err(refuse(PATH, 34007));
        }
        let id = self.state.message_id();
        let content = Content::of_message(&call.message);
        let by = Speaker::Person(sender.clone());
        self.post(&chat, by, Spoken::new(id, content));
        let members = self.state.groups.get(&group);
        let members = members.into_iter().flat_map(|group| &group.members);
        Ok(Bars::new(members.filter(|member| **member != sender)))
    }
}
