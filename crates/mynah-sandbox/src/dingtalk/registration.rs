//! The address that the application has registered for events, and the events
//! that did not arrive there.

use std::collections::VecDeque;
use std::net::IpAddr;

use http::Uri;
use mynah_core::{ApiError, Empty, Endpoint, HttpRequest, HttpResponse, decode_request};
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::Secret;
use mynah_dingtalk::api::callback::{
    FailedCallback, FailedCallbacks, RegisterCallback, Registered, UpdateCallback,
};
use mynah_dingtalk::event::{Callback, Format};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::limits;
use super::refusal::refuse;
use super::world::DingTalkWorld;

/// The address and what did not arrive there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Registration {
    pub(super) registered: Option<Registered>,
    failed: VecDeque<FailedCallback>,
}

/// What can be registered for
/// (<https://open.dingtalk.com/document/development/register-callback-events>).
const TAGS: &[&str] = &[
    "user_add_org",
    "user_modify_org",
    "user_leave_org",
    "user_active_org",
    "org_admin_add",
    "org_admin_remove",
    "org_dept_create",
    "org_dept_modify",
    "org_dept_remove",
    "org_remove",
    "org_change",
    "label_user_change",
    "label_conf_add",
    "label_conf_del",
    "label_conf_modify",
    "edu_user_insert",
    "edu_user_update",
    "edu_user_delete",
    "edu_user_relation_insert",
    "edu_user_relation_update",
    "edu_user_relation_delete",
    "edu_dept_insert",
    "edu_dept_update",
    "edu_dept_delete",
    "chat_add_member",
    "chat_remove_member",
    "chat_quit",
    "chat_update_owner",
    "chat_update_title",
    "chat_disband",
    "chat_disband_microapp",
    "check_in",
    "bpms_task_change",
    "bpms_instance_change",
    "attendance_check_record",
    "attendance_schedule_change",
    "attendance_overtime_duration",
    "meetingroom_book",
    "meetingroom_room_info",
];

/// Characters of the token of an address.
const TOKEN_CHARS: std::ops::RangeInclusive<usize> = 6..=63;

/// An address that is registered as soon as it has answered `check_url`.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where `check_url` goes, and how it is encrypted.
    pub registered: Registered,
    update: bool,
}

impl Pending {
    fn path(&self) -> &'static str {
        if self.update {
            UpdateCallback::META.path
        } else {
            RegisterCallback::META.path
        }
    }
}

impl DingTalkWorld {
    /// Every event that an address can be registered for.
    pub fn tags() -> impl Iterator<Item = &'static str> {
        TAGS.iter().copied()
    }

    /// The address that events go to.
    pub fn callback(&self) -> Option<&Registered> {
        self.state.registration.registered.as_ref()
    }

    /// Registers an address without asking it.
    pub fn register_callback(&mut self, registered: Registered) {
        self.state.registration.registered = Some(registered);
    }

    /// The first half of `/call_back/register_call_back` and
    /// `/call_back/update_call_back`, with the arguments of
    /// [`http`](Self::http): what is to be registered. Before it is, the event
    /// `check_url` goes there; see [`finish_callback`](Self::finish_callback).
    ///
    /// # Errors
    /// The answer that refuses the call: that of the gate, or 71006, 71007,
    /// 71008, 71010, 71011.
    pub fn begin_callback(
        &mut self,
        path: &str,
        request: &HttpRequest,
        caller: IpAddr,
    ) -> Result<Pending, HttpResponse> {
        self.caller.address = caller;
        if path == UpdateCallback::META.path {
            self.begin::<UpdateCallback>(request)
        } else {
            self.begin::<RegisterCallback>(request)
        }
    }

    fn begin<E>(&self, request: &HttpRequest) -> Result<Pending, HttpResponse>
    where
        E: Endpoint<Output = Empty> + Into<Wanted>,
    {
        self.admit(&E::META, E::META.path, request)
            .and_then(|()| decode_request::<E>(request))
            .and_then(|call| self.pending(call))
            .map_err(|refusal| E::write(Err(refusal)))
    }

    /// The second half: registers the address if it has answered as it should.
    /// Otherwise it is refused with 71009 (other words than `success`), 71010
    /// (cannot be decrypted) or 71012 (did not answer, or not with a 200).
    pub fn finish_callback(
        &mut self,
        pending: Pending,
        checked: Result<(), ApiError>,
    ) -> HttpResponse {
        let outcome = checked.and_then(|()| self.register(pending));
        RegisterCallback::write(outcome)
    }

    /// Registers an address; meanwhile another one may have been (71006), or
    /// the old one removed (71007).
    pub(super) fn register(&mut self, pending: Pending) -> Result<Empty, ApiError> {
        self.check_place(&pending)?;
        self.state.registration.registered = Some(pending.registered);
        Ok(Empty {})
    }

    fn check_place(&self, pending: &Pending) -> Result<(), ApiError> {
        match (self.callback(), pending.update) {
            (Some(_), false) => Err(refuse(pending.path(), 71006)),
            (None, true) => Err(refuse(pending.path(), 71007)),
            _ => Ok(()),
        }
    }

    /// What a call wants to register, if it may.
    pub(super) fn pending(&self, call: impl Into<Wanted>) -> Result<Pending, ApiError> {
        let Wanted(pending) = call.into();
        check(&pending.registered).map_err(|code| refuse(pending.path(), code))?;
        self.check_place(&pending)?;
        Ok(pending)
    }

    /// An event did not arrive at the registered address, however often it was
    /// posted: it waits for `/call_back/get_call_back_failed_result`.
    pub fn callback_failed(&mut self, event: &Callback) {
        let failed = &mut self.state.registration.failed;
        if failed.len() >= limits::FAILED_CALLBACKS {
            failed.pop_front();
        }
        failed.push_back(row(event));
    }

    /// The next events that did not arrive, which are forgotten.
    pub(super) fn take_failed(&mut self) -> FailedCallbacks {
        let waiting = &mut self.state.registration.failed;
        let many = waiting.len().min(limits::FAILED_PAGE);
        let failed = waiting.drain(..many).collect();
        FailedCallbacks {
            has_more: !waiting.is_empty(),
            failed,
        }
    }
}

/// What a call wants to register.
pub(super) struct Wanted(Pending);

impl From<RegisterCallback> for Wanted {
    fn from(call: RegisterCallback) -> Self {
        let registered = Registered {
            tags: call.tags,
            token: call.token,
            aes_key: call.aes_key,
            url: call.url,
        };
        let update = false;
        Self(Pending { registered, update })
    }
}

impl From<UpdateCallback> for Wanted {
    fn from(call: UpdateCallback) -> Self {
        let registered = Registered {
            tags: call.tags,
            token: call.token,
            aes_key: call.aes_key,
            url: call.url,
        };
        let update = true;
        Self(Pending { registered, update })
    }
}

/// What is wrong with an address, as the platform's code.
fn check(callback: &Registered) -> Result<(), i64> {
    let token = callback.token.expose().chars().count();
    if callback.tags.is_empty()
        || callback.url.is_empty()
        || !TOKEN_CHARS.contains(&token)
        || !is_key(&callback.aes_key)
    {
        return Err(71010);
    }
    if !is_url(&callback.url) {
        return Err(71011);
    }
    if callback
        .tags
        .iter()
        .any(|tag| !TAGS.contains(&tag.as_str()))
    {
        return Err(71008);
    }
    Ok(())
}

fn is_key(key: &Secret) -> bool {
    key.expose().parse::<EncodingAesKey>().is_ok()
}

fn is_url(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

/// The row of an event that did not arrive. What happened stands in a member
/// that is called after the event, its keys in small letters.
fn row(event: &Callback) -> FailedCallback {
    let event = event.in_format(Format::Registered);
    let tag = event.name().to_owned();
    let mut happened = Map::new();
    let mut time = None;
    if let Value::Object(members) = event.to_json() {
        for (name, value) in members {
            match name.to_ascii_lowercase().as_str() {
                "eventtype" => {}
                "timestamp" => time = value.as_i64(),
                small => _ = happened.insert(small.to_owned(), value),
            }
        }
    }
    FailedCallback {
        event_time: time,
        event: Map::from_iter([(tag.clone(), Value::Object(happened))]),
        tag,
    }
}
