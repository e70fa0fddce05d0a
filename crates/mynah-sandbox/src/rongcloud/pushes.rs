//! What appears on the screens of telephones.

use std::collections::{BTreeSet, VecDeque};

use mynah_rongcloud::api::push::{Audience, PushNotification, PushPlatform};
use mynah_rongcloud::id::PushId;
use mynah_rongcloud::{MessageUid, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::limits;
use super::sending::To;
use super::world::RongCloudWorld;
use crate::world::Time;

/// What was pushed lately, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Pushes {
    pushed: VecDeque<Push>,
    /// How many bytes all of that shows.
    #[serde(skip)]
    bytes: usize,
}

impl Pushes {
    fn add(&mut self, push: Push) {
        self.bytes += push.bytes();
        self.pushed.push_back(push);
        while self.pushed.len() > limits::PUSHES || self.bytes > limits::PUSHED_BYTES {
            let Some(oldest) = self.pushed.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
        }
    }

    /// Counts again after a snapshot, which holds no count.
    pub(super) fn rebuild_index(&mut self) {
        self.bytes = self.pushed.iter().map(Push::bytes).sum();
    }
}

/// Something that appeared on the screens of telephones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    id: PushId,
    time: Time,
    to: Receivers,
    notification: PushNotification,
    /// What the application gets when it is opened.
    data: String,
    /// The message it tells of.
    message: Option<MessageUid>,
}

impl Push {
    fn bytes(&self) -> usize {
        let shown = &self.notification;
        let own = [&shown.ios, &shown.android].map(size_of_object);
        shown.alert.len() + self.data.len() + own.iter().sum::<usize>()
    }
}

/// About how many bytes JSON has when it is written.
fn size_of_object(object: &Map<String, Value>) -> usize {
    object
        .iter()
        .map(|(key, value)| key.len() + size(value))
        .sum()
}

fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 8 + size(item)).sum(),
        Value::Object(object) => size_of_object(object),
    }
}

/// Whose telephones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Receivers {
    /// Everybody who is registered.
    All,
    Some(Vec<UserId>),
}

/// Something that is about to be pushed.
#[derive(Clone, Debug)]
pub(super) struct Pushing {
    pub(super) to: Receivers,
    pub(super) notification: PushNotification,
    pub(super) data: String,
    pub(super) message: Option<MessageUid>,
}

/// The system of a telephone, by what its client says; nothing of what is no
/// telephone.
fn system(os: &str) -> Option<PushPlatform> {
    match os {
        "iOS" => Some(PushPlatform::Ios),
        "Android" | "HarmonyOS" => Some(PushPlatform::Android),
        _ => None,
    }
}

impl RongCloudWorld {
    /// Pushes something.
    pub(super) fn push(&mut self, pushing: Pushing) -> PushId {
        let id = PushId(self.state.word(22));
        let it = Push {
            id: id.clone(),
            time: self.state.now,
            to: pushing.to,
            notification: pushing.notification,
            data: pushing.data,
            message: pushing.message,
        };
        self.state.pushes.add(it);
        id
    }

    /// Pushes what comes with a message to those whose client is not connected
    /// and who want to hear of it. Without users it goes to all who get the
    /// message.
    pub(super) fn push_message(
        &mut self,
        to: &To,
        from: &UserId,
        users: &[UserId],
        alert: Option<&str>,
        data: Option<&str>,
    ) {
        let Some(alert) = alert.filter(|alert| !alert.is_empty()) else {
            return;
        };
        let to = match to {
            To::Everybody => Receivers::All,
            _ => Receivers::Some(self.who_hears(to, from, users)),
        };
        if to == Receivers::Some(Vec::new()) {
            return;
        }
        self.push(Pushing {
            to,
            notification: PushNotification::new(alert),
            data: data.unwrap_or_default().to_owned(),
            message: None,
        });
    }

    fn who_hears(&self, to: &To, from: &UserId, users: &[UserId]) -> Vec<UserId> {
        let all = match to {
            To::Group(id) if users.is_empty() => self.state.groups.get(id),
            _ => None,
        };
        let members = all.map(|group| group.members()).unwrap_or_default();
        let users = users.iter().chain(members);
        let target = match to {
            To::Group(id) => id.clone().into(),
            _ => from.clone().into(),
        };
        let kind = to.conversation_type();
        let hears = |user: &&UserId| {
            let away = self.state.users.session(user).is_none();
            away && *user != from && !self.state.conversations.is_quiet(user, kind, &target)
        };
        users.filter(hears).cloned().collect()
    }

    /// Whom a push reaches: everybody, or else those who are named, or else
    /// those who have the tags. Those who are named get it on any system.
    pub(super) fn reached(&self, audience: &Audience, platforms: &[PushPlatform]) -> Receivers {
        if !audience.is_to_all && !audience.userid.is_empty() {
            let named: BTreeSet<&UserId> = audience.userid.iter().collect();
            return Receivers::Some(named.into_iter().cloned().collect());
        }
        let by_tags = !audience.tag.is_empty() || !audience.tag_or.is_empty();
        let by_tags = by_tags && !audience.is_to_all;
        let tagged = |user: &UserId| {
            let tags = self.state.users.tags(user);
            let any = audience.tag_or.iter().any(|tag| tags.contains(tag));
            audience.tag.iter().all(|tag| tags.contains(tag)) && (audience.tag_or.is_empty() || any)
        };
        let users = self.state.users.all().map(|(user, _)| user);
        let reached: Vec<UserId> = users
            .filter(|user| self.has_system(user, platforms) && (!by_tags || tagged(user)))
            .cloned()
            .collect();
        if reached.len() == self.state.users.count() {
            return Receivers::All;
        }
        Receivers::Some(reached)
    }

    /// Whether somebody may have a telephone of one of the systems. It is only
    /// known while the client is connected.
    fn has_system(&self, user: &UserId, platforms: &[PushPlatform]) -> bool {
        let session = self.state.users.session(user);
        let known = session.and_then(|session| system(&session.os));
        known.is_none_or(|known| platforms.contains(&known))
    }

    /// What was pushed, oldest first.
    pub(super) fn view_pushes(&self) -> Value {
        let pushes = self.state.pushes.pushed.iter();
        json!({ "pushes": pushes.map(view).collect::<Vec<_>>() })
    }
}

fn view(push: &Push) -> Value {
    let (to_all, users) = match &push.to {
        Receivers::All => (true, &[][..]),
        Receivers::Some(users) => (false, users.as_slice()),
    };
    let own = |fields: &Map<String, Value>| {
        let given = (!fields.is_empty()).then(|| fields.clone());
        given.map_or(Value::Null, Value::Object)
    };
    json!({
        "id": push.id,
        "time": push.time.seconds(),
        "to_all": to_all,
        "users": users,
        "alert": push.notification.alert,
        "ios": own(&push.notification.ios),
        "android": own(&push.notification.android),
        "data": push.data,
        "message": push.message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_when_all_together_show_too_many_bytes() {
        let mut pushes = Pushes::default();
        let push = |alert: usize| Push {
            id: PushId::from("1"),
            time: Time(0),
            to: Receivers::All,
            notification: PushNotification::new("x".repeat(alert)),
            data: String::new(),
            message: None,
        };
        let third = limits::PUSHED_BYTES / 3;
        for _ in 0..5 {
            pushes.add(push(third));
        }
        assert_eq!((pushes.pushed.len(), pushes.bytes), (3, 3 * third));
        pushes.add(push(limits::PUSHED_BYTES + 1));
        assert_eq!((pushes.pushed.len(), pushes.bytes), (0, 0));
        pushes.add(push(7));
        pushes.rebuild_index();
        assert_eq!(pushes.bytes, 7);
    }
}
