//! Telling repeated deliveries from new events.

use mynah_core::{DedupeHash, DedupeKey};

use super::{Callback, ContactChange, Event, Kind};

impl Callback {
    /// What two deliveries of this callback have in common.
    ///
    /// Messages have an id. Events have none: the platform says to compare who
    /// and when (<https://developer.work.weixin.qq.com/document/path/90238>),
    /// but one person does several things within a second, and all changes of
    /// the directory come in the name of `sys`. So what happened counts as
    /// well, and to what: a hash, the same in every process. It serves to tell
    /// accidents apart, not adversaries.
    pub fn dedupe_key(&self) -> DedupeKey {
        let mut hash = DedupeHash::default();
        match &self.kind {
            Kind::Message(message) => match message.msg_id {
                Some(msg_id) => {
                    return DedupeKey::Numbers(self.agent_id.unwrap_or_default().0, msg_id);
                }
                // Not documented: all that is known of it.
                None => hash.part(self.to_xml()),
            },
            Kind::Event(event) => {
                hash.part(&self.from_user_name);
                hash.part(self.create_time);
                hash.part(event.word());
                self.subject(event, &mut hash);
            }
        }
        hash.into()
    }

    /// To what it happened.
    fn subject(&self, event: &Event, hash: &mut DedupeHash) {
        if let Some(key) = self.event_key() {
            hash.part(key);
        }
        match event {
            Event::TemplateCardEvent(card) | Event::TemplateCardMenuEvent(card) => {
                hash.part(&card.task_id);
                hash.part(&card.response_code);
            }
            Event::TaskcardClick(card) => hash.part(&card.task_id),
            Event::BatchJobResult(job) => hash.part(&job.batch_job.job_id),
            Event::ChangeContact(change) => changed(change, hash),
            Event::OpenApprovalChange(change) => {
                let approval = &change.approval_info;
                hash.part(&approval.third_no);
                hash.part(approval.open_sp_status);
            }
            Event::SysApprovalChange(change) => {
                let approval = &change.approval_info;
                hash.optional(approval.sp_no_str.as_ref().or(approval.sp_no.as_ref()));
                hash.part(approval.statu_change_event);
            }
            Event::ChangeExternalContact(change) => {
                hash.part(&change.change_type);
                hash.optional(change.user_id.as_ref());
                hash.optional(change.external_user_id.as_ref());
            }
            Event::ChangeExternalChat(change) => {
                hash.part(&change.change_type);
                hash.part(&change.chat_id);
                hash.optional(change.update_detail.as_ref());
            }
            Event::ChangeExternalTag(change) => {
                hash.part(&change.change_type);
                hash.optional(change.id.as_ref());
            }
            Event::KfMsgOrEvent(service) => hash.part(&service.token),
            Event::Other(_) => {
                for element in &self.extra {
                    hash.part(element.write());
                }
            }
            _ => {}
        }
    }
}

fn changed(change: &ContactChange, hash: &mut DedupeHash) {
    hash.part(change.word());
    match change {
        ContactChange::CreateUser(user) | ContactChange::UpdateUser(user) => {
            hash.part(&user.user_id);
        }
        ContactChange::DeleteUser(user) => hash.part(&user.user_id),
        ContactChange::CreateParty(party) | ContactChange::UpdateParty(party) => {
            hash.part(party.id);
        }
        ContactChange::DeleteParty(party) => hash.part(party.id),
        ContactChange::UpdateTag(tag) => hash.part(tag.tag_id),
        ContactChange::Other(_) => {}
    }
}
