use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::request::{
    GetGroupSystemMsg, GroupSystemMsgs, HandleQuickOperation, InvitedRequest, JoinRequest,
    SetFriendAddRequest, SetGroupAddRequest,
};
use mynah_onebot::{GroupId, UserId};
use serde_json::{Map, Value};

use super::done;
use crate::onebot::requests::{Request, Wish};
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<SetFriendAddRequest> for OneBotWorld {
    fn serve(&mut self, call: SetFriendAddRequest) -> Result<Empty, ApiError> {
        let approve = call.approve.unwrap_or(true);
        let remark = call.remark.unwrap_or_default();
        done(self.answer_friend_request(call.flag.as_str(), approve, &remark))
    }
}

impl Serve<SetGroupAddRequest> for OneBotWorld {
    fn serve(&mut self, call: SetGroupAddRequest) -> Result<Empty, ApiError> {
        let approve = call.approve.unwrap_or(true);
        let reason = call.reason.unwrap_or_default();
        done(self.answer_group_request(call.flag.as_str(), &call.sub_type, approve, &reason))
    }
}

impl Serve<GetGroupSystemMsg> for OneBotWorld {
    fn serve(&mut self, _: GetGroupSystemMsg) -> Result<GroupSystemMsgs, ApiError> {
        let mut all = GroupSystemMsgs::default();
        for request in self.state.requests.iter() {
            match request.wish {
                Wish::Join { group, user } => {
                    if self.may_answer(group) {
                        all.join_requests
                            .push(self.join_request(request, group, user));
                    }
                }
                Wish::Invite { group, inviter } => {
                    let invited = self.invited_request(request, group, inviter);
                    all.invited_requests.push(invited);
                }
                Wish::Friend { .. } => {}
            }
        }
        Ok(all)
    }
}

impl OneBotWorld {
    fn may_answer(&self, group: GroupId) -> bool {
        let group = self.state.own_group(group);
        group.is_ok_and(|group| group.needs_admin(self.bot()).is_ok())
    }

    fn group_name(&self, group: GroupId) -> String {
        let group = self.state.groups.get(&group);
        group.map(|group| group.name.clone()).unwrap_or_default()
    }

    fn join_request(&self, request: &Request, group: GroupId, user: UserId) -> JoinRequest {
        JoinRequest {
            request_id: request.id,
            requester_uin: Some(user),
            requester_nick: Some(self.state.nickname(user)),
            message: Some(request.comment.clone()),
            group_id: Some(group),
            group_name: Some(self.group_name(group)),
            checked: Some(request.answered.is_some()),
            actor: Some(request.answered.unwrap_or_default()),
            extra: flag(request),
        }
    }

    fn invited_request(
        &self,
        request: &Request,
        group: GroupId,
        inviter: UserId,
    ) -> InvitedRequest {
        InvitedRequest {
            request_id: request.id,
            invitor_uin: Some(inviter),
            invitor_nick: Some(self.state.nickname(inviter)),
            group_id: Some(group),
            group_name: Some(self.group_name(group)),
            checked: Some(request.answered.is_some()),
            actor: Some(request.answered.unwrap_or_default()),
            extra: flag(request),
        }
    }
}

/// What answering takes stands beside the number of the request.
fn flag(request: &Request) -> Map<String, Value> {
    Map::from_iter([("flag".to_owned(), Value::from(request.flag.as_str()))])
}

impl Serve<HandleQuickOperation> for OneBotWorld {
    fn serve(&mut self, call: HandleQuickOperation) -> Result<Empty, ApiError> {
        self.quick_operation(&Value::Object(call.context), &call.operation);
        Ok(Empty)
    }
}
