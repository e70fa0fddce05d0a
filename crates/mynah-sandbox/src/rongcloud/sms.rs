//! Codes that are sent to telephones.

use std::collections::VecDeque;

use bytes::Bytes;
use mynah_core::ApiError;
use mynah_rongcloud::id::{SessionId, VerifyId};
use mynah_rongcloud::platform::code;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits;
use super::media::Medium;
use super::refusal::refuse;
use super::world::RongCloudWorld;
use crate::details::Details;
use crate::frame::push;
use crate::world::{Rejected, Time};

/// The code that is sent, always.
const CODE: &str = "123456";
/// The code in the picture, always.
const IMAGE_CODE: &str = "1234";
/// The picture.
const IMAGE: (&str, &[u8]) = (
    "image-code.png",
    include_bytes!("../../assets/rongcloud/image-code.png"),
);

/// The codes that were sent lately, and the pictures that were shown, oldest
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sms {
    sessions: VecDeque<Session>,
    pictures: VecDeque<Picture>,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    id: SessionId,
    mobile: String,
    sent: Time,
    verified: bool,
}

/// A picture that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    id: VerifyId,
    shown: Time,
}

fn lives(since: Time, now: Time) -> bool {
    (0..limits::SMS_MS).contains(&now.0.saturating_sub(since.0))
}

impl Sms {
    fn show(&mut self, id: VerifyId, shown: Time) {
        self.pictures.retain(|picture| lives(picture.shown, shown));
        push(&mut self.pictures, Picture { id, shown }, limits::SMS);
    }

    fn send(&mut self, id: SessionId, mobile: String, sent: Time) {
        self.sessions.retain(|session| lives(session.sent, sent));
        let session = Session {
            id,
            mobile,
            sent,
            verified: false,
        };
        push(&mut self.sessions, session, limits::SMS);
    }

    fn session(&mut self, id: &SessionId, now: Time) -> Option<&mut Session> {
        let mut sessions = self.sessions.iter_mut();
        let found = sessions.find(|session| session.id == *id);
        found.filter(|session| lives(session.sent, now))
    }

    /// Whether somebody has read the picture.
    fn has_read(&self, id: &VerifyId, read: &str, now: Time) -> bool {
        let mut pictures = self.pictures.iter();
        let shown = pictures.any(|it| it.id == *id && lives(it.shown, now));
        shown && read == IMAGE_CODE
    }
}

impl RongCloudWorld {
    /// Shows a picture; where it is, and what it is called.
    pub(super) fn show_picture(&mut self) -> (String, VerifyId) {
        let (name, content) = IMAGE;
        if self.state.media.get(name).is_none() {
            let medium = Medium::new(name, Bytes::from_static(content));
            self.state.media.put(name.to_owned(), medium);
        }
        let id = VerifyId(self.state.word(22));
        self.state.sms.show(id.clone(), self.state.now);
        (self.base_url(&format!("/_files/{name}")), id)
    }

    /// Looks whether somebody has read a picture, if that is asked for.
    ///
    /// # Errors
    /// It is missing: 1010. It is wrong: 1012.
    pub(super) fn check_picture(
        &self,
        id: Option<&VerifyId>,
        read: Option<&str>,
    ) -> Result<(), ApiError> {
        if !self.settings.sms_image_check {
            return Ok(());
        }
        let id = id.filter(|id| !id.is_empty());
        let read = read.filter(|read| !read.is_empty());
        let (Some(id), Some(read)) = (id, read) else {
            return Err(refuse(code::IMAGE_CODE_MISSING));
        };
        if self.state.sms.has_read(id, read, self.state.now) {
            Ok(())
        } else {
            Err(refuse(code::IMAGE_CODE_WRONG))
        }
    }

    /// Sends a code to a telephone. The picture that was read is read once.
    pub(super) fn send_code(&mut self, mobile: String, picture: Option<&VerifyId>) -> SessionId {
        let id = SessionId(self.state.word(22));
        let sms = &mut self.state.sms;
        sms.pictures.retain(|it| Some(&it.id) != picture);
        sms.send(id.clone(), mobile, self.state.now);
        id
    }

    /// Whether a code is the one that was sent.
    ///
    /// # Errors
    /// It was verified before: 1014.
    pub(super) fn verify_code(&mut self, id: &SessionId, given: &str) -> Result<bool, ApiError> {
        let Some(session) = self.state.sms.session(id, self.state.now) else {
            return Ok(false);
        };
        if given != CODE {
            return Ok(false);
        }
        if session.verified {
            return Err(refuse(code::ALREADY_VERIFIED));
        }
        session.verified = true;
        Ok(true)
    }

    /// What somebody reads on a telephone: the code that came last.
    pub(super) fn sms_code(&self, details: Details<'_>) -> Result<Value, Rejected> {
        let mobile = details.needs_name("mobile")?;
        let now = self.state.now;
        let mut sessions = self.state.sms.sessions.iter().rev();
        let found = sessions.find(|it| it.mobile == mobile && lives(it.sent, now));
        let Some(session) = found else {
            return Err(Rejected::missing("mobile", "was sent no code"));
        };
        Ok(json!({ "code": CODE, "session_id": session.id }))
    }
}
