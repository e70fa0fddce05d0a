//! The obsolete gateway TOP: the same as what topapi has, by other names.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::notice::{NoticeProgress, NoticeResult, SendNotice};
use mynah_dingtalk::api::top::{
    AsyncSend, AsyncSendByCode, AsyncSendV2, GetAdminScope, GetSendProgress, GetSendResult,
    RecallMessage,
};
use mynah_dingtalk::{DepartmentId, TaskId};

use crate::dingtalk::notices::{OF_NOTICE, Receivers};
use crate::dingtalk::refusal::{missing, refuse};
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

/// Where the same is done today.
const PATH: &str = SendNotice::META.path;

impl Serve<AsyncSend> for DingTalkWorld {
    fn serve(&mut self, call: AsyncSend) -> Result<TaskId, ApiError> {
        let message = call.message();
        let to = Receivers::new(call.userid_list, call.dept_id_list, call.to_all_user);
        let draft = self.draft_notice(PATH, call.agent_id, &message, to, OF_NOTICE)?;
        Ok(self.send_draft(draft))
    }
}

/// It goes to those who are named: the code only allows it, once.
impl Serve<AsyncSendByCode> for DingTalkWorld {
    fn serve(&mut self, call: AsyncSendByCode) -> Result<TaskId, ApiError> {
        let message = call.message();
        if call.code.is_empty() {
            return Err(missing("code"));
        }
        let to = Receivers::new(call.userid_list, call.dept_id_list, call.to_all_user);
        let draft = self.draft_notice(PATH, call.agent_id, &message, to, OF_NOTICE)?;
        self.take_visit(PATH, &call.code)?;
        Ok(self.send_draft(draft))
    }
}

impl Serve<AsyncSendV2> for DingTalkWorld {
    fn serve(&mut self, call: AsyncSendV2) -> Result<TaskId, ApiError> {
        let to = Receivers::new(call.userid_list, call.dept_id_list, call.to_all_user);
        let draft = self.draft_notice(PATH, call.agent_id, &call.msg, to, OF_NOTICE)?;
        Ok(self.send_draft(draft))
    }
}

impl Serve<RecallMessage> for DingTalkWorld {
    fn serve(&mut self, call: RecallMessage) -> Result<Empty, ApiError> {
        self.recall_notice(call.agent_id, call.msg_task_id)?;
        Ok(Empty)
    }
}

impl Serve<GetSendProgress> for DingTalkWorld {
    fn serve(&mut self, call: GetSendProgress) -> Result<NoticeProgress, ApiError> {
        self.notice_progress(call.agent_id, call.task_id)
    }
}

impl Serve<GetSendResult> for DingTalkWorld {
    fn serve(&mut self, call: GetSendResult) -> Result<NoticeResult, ApiError> {
        self.notice_result(call.agent_id, call.task_id)
    }
}

impl Serve<GetAdminScope> for DingTalkWorld {
    fn serve(&mut self, call: GetAdminScope) -> Result<Vec<DepartmentId>, ApiError> {
        if call.userid.is_empty() {
            return Err(missing("userid"));
        }
        if !self.state.directory.has(&call.userid) {
            return Err(refuse(GetAdminScope::META.path, 60121));
        }
        Ok(self.state.directory.admin_scope(&call.userid))
    }
}
