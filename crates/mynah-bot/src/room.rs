//! Conversations as something to manage: groups, their members, and what was
//! said in them.

use std::fmt;
use std::sync::Arc;

use crate::capability::{Capabilities, Capability};
use crate::id::{Conversation, MessageId, UserId};
use crate::message::Message;
use crate::reply::{BotError, Outbox, Receipt, Result};

/// A group that is to be.
///
/// ```
/// use mynah_bot::{NewGroup, Platform, UserId};
///
/// let alice = UserId::new(Platform::BearyChat, "=bw52O");
/// let night = NewGroup::new("night-shift").member(alice);
/// assert_eq!(night.members.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewGroup {
    /// What it is called; each platform has its own limits.
    pub name: String,
    /// Who belongs to it beside the bot.
    pub members: Vec<UserId>,
    /// Whose it is; the platform decides if nobody is named.
    pub owner: Option<UserId>,
}

impl NewGroup {
    /// A group of that name, with the bot alone in it.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// With this one in it.
    #[must_use]
    pub fn member(mut self, user: UserId) -> Self {
        self.members.push(user);
        self
    }

    /// With these in it.
    #[must_use]
    pub fn members(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.members.extend(users);
        self
    }

    /// Belonging to this one.
    #[must_use]
    pub fn owner(mut self, user: UserId) -> Self {
        self.owner = Some(user);
        self
    }
}

/// What became of a [`NewGroup`].
#[derive(Debug)]
pub struct Created {
    /// The group, to speak in and to keep.
    pub place: Conversation,
    /// Who is not in it, and why not.
    pub missing: Vec<NotDone>,
}

/// A group as the platform tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupInfo {
    /// Which one.
    pub place: Conversation,
    /// What it is called; empty for one without a name.
    pub name: String,
    /// Whose it is, if the platform tells.
    pub owner: Option<UserId>,
    /// How many belong to it, if the platform tells.
    pub size: Option<usize>,
}

/// One who belongs to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What they are called there, if the platform tells.
    pub name: Option<String>,
    /// What they may do.
    pub role: MemberRole,
}

/// What somebody may do in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MemberRole {
    /// What everybody may, as far as is known.
    #[default]
    Member,
    /// Managing it.
    Admin,
    /// Everything: it is theirs.
    Owner,
}

/// Somebody of several with whom it was not done.
#[derive(Debug)]
pub struct NotDone {
    /// Who.
    pub user: UserId,
    /// Why not.
    pub error: BotError,
}

/// What came of something that was to be done with several people.
#[derive(Debug, Default)]
#[must_use = "some may be left"]
pub struct Changed {
    /// With whom it was not done.
    pub failed: Vec<NotDone>,
}

impl Changed {
    /// Whether it was done with all of them.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }

    /// Nothing less than all of them.
    ///
    /// # Errors
    /// It was not done with somebody: the first of them, and why.
    pub fn complete(self) -> Result<()> {
        match self.failed.into_iter().next() {
            None => Ok(()),
            Some(NotDone { user, error }) => Err(BotError::new(format!("{user}: {error}"))),
        }
    }

    /// Takes down what was done one by one. What was done with nobody failed.
    pub(crate) fn of(results: impl IntoIterator<Item = (UserId, Result<()>)>) -> Result<Self> {
        let (mut done, mut failed) = (0, Vec::new());
        for (user, result) in results {
            match result {
                Ok(()) => done += 1,
                Err(error) => failed.push(NotDone { user, error }),
            }
        }
        if done == 0 && !failed.is_empty() {
            let NotDone { user, error } = failed.swap_remove(0);
            return Err(if failed.is_empty() {
                error
            } else {
                BotError::new(format!("nobody; {user}: {error}"))
            });
        }
        Ok(Self { failed })
    }
}

/// Who has read a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// Those who have.
    pub read: Vec<UserId>,
    /// Those who have not, where the platform tells.
    pub unread: Option<Vec<UserId>>,
}

/// Which part of a history is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// What was said before this message; the newest if there is none.
    pub before: Option<MessageId>,
    /// How many messages at most. Platforms have limits of their own, and give
    /// fewer then.
    pub most: u32,
}

impl Past {
    /// The newest messages.
    pub const fn newest(most: u32) -> Self {
        Self { before: None, most }
    }

    /// The last ones before this message.
    pub const fn before(message: MessageId, most: u32) -> Self {
        Self {
            before: Some(message),
            most,
        }
    }
}

/// Something in a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its id.
    pub id: MessageId,
    /// Who said it, if it was somebody.
    pub sender: Option<UserId>,
    /// When, in seconds since 1970.
    pub time: i64,
    /// What.
    pub message: Message,
}

/// A conversation with all that can be done in it. Cheap to clone.
///
/// ```no_run
/// # use mynah_bot::{Capability, Context, Result};
/// async fn tidy(cx: Context) -> Result<()> {
///     let room = cx.room()?;
///     if room.can(Capability::Rename) {
///         room.rename("archive").await?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Room {
    place: Conversation,
    outbox: Arc<dyn Outbox>,
}

impl Room {
    /// That conversation, by way of `outbox`.
    pub fn new(place: Conversation, outbox: Arc<dyn Outbox>) -> Self {
        Self { place, outbox }
    }

    /// Which conversation.
    pub fn place(&self) -> &Conversation {
        &self.place
    }

    /// What can be done there.
    pub fn capabilities(&self) -> Capabilities {
        self.outbox.capabilities()
    }

    /// Whether something is done when it is wanted.
    pub fn can(&self, wanted: Capability) -> bool {
        self.capabilities().can(wanted)
    }

    /// Says something.
    ///
    /// # Errors
    /// The platform refused.
    pub async fn send(&self, message: impl Into<Message>) -> Result<Receipt> {
        self.outbox.send(&self.place, &message.into()).await
    }

    /// As [`Outbox::recall`].
    ///
    /// # Errors
    /// As there.
    pub async fn recall(&self, message: &MessageId) -> Result<()> {
        self.outbox.recall(&self.place, message).await
    }

    /// As [`Outbox::edit`].
    ///
    /// # Errors
    /// As there.
    pub async fn edit(&self, message: &MessageId, into: impl Into<Message>) -> Result<()> {
        self.outbox.edit(&self.place, message, &into.into()).await
    }

    /// As [`Outbox::react`].
    ///
    /// # Errors
    /// As there.
    pub async fn react(&self, message: &MessageId, reaction: &str) -> Result<()> {
        self.outbox.react(&self.place, message, reaction).await
    }

    /// As [`Outbox::unreact`].
    ///
    /// # Errors
    /// As there.
    pub async fn unreact(&self, message: &MessageId, reaction: &str) -> Result<()> {
        self.outbox.unreact(&self.place, message, reaction).await
    }

    /// As [`Outbox::readers`].
    ///
    /// # Errors
    /// As there.
    pub async fn readers(&self, message: &MessageId) -> Result<Readers> {
        self.outbox.readers(&self.place, message).await
    }

    /// As [`Outbox::history`].
    ///
    /// # Errors
    /// As there.
    pub async fn history(&self, past: &Past) -> Result<Vec<Said>> {
        self.outbox.history(&self.place, past).await
    }

    /// As [`Outbox::group`].
    ///
    /// # Errors
    /// As there.
    pub async fn info(&self) -> Result<GroupInfo> {
        self.outbox.group(&self.place).await
    }

    /// As [`Outbox::members`].
    ///
    /// # Errors
    /// As there.
    pub async fn members(&self) -> Result<Vec<Member>> {
        self.outbox.members(&self.place).await
    }

    /// As [`Outbox::rename`].
    ///
    /// # Errors
    /// As there.
    pub async fn rename(&self, name: &str) -> Result<()> {
        self.outbox.rename(&self.place, name).await
    }

    /// As [`Outbox::set_owner`].
    ///
    /// # Errors
    /// As there.
    pub async fn set_owner(&self, owner: &UserId) -> Result<()> {
        self.outbox.set_owner(&self.place, owner).await
    }

    /// As [`Outbox::add_members`].
    ///
    /// # Errors
    /// As there.
    pub async fn add_members(&self, users: &[UserId]) -> Result<Changed> {
        self.outbox.add_members(&self.place, users).await
    }

    /// As [`Outbox::remove_members`].
    ///
    /// # Errors
    /// As there.
    pub async fn remove_members(&self, users: &[UserId]) -> Result<Changed> {
        self.outbox.remove_members(&self.place, users).await
    }

    /// As [`Outbox::leave`].
    ///
    /// # Errors
    /// As there.
    pub async fn leave(&self) -> Result<()> {
        self.outbox.leave(&self.place).await
    }

    /// As [`Outbox::dismiss`].
    ///
    /// # Errors
    /// As there.
    pub async fn dismiss(&self) -> Result<()> {
        self.outbox.dismiss(&self.place).await
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Room").field(&self.place).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Platform;

    #[test]
    fn what_was_done_with_some_names_the_others_and_with_nobody_it_failed() {
        let user = |id: i64| UserId::new(Platform::OneBot, id);
        let done = |id| (user(id), Ok(()));
        let failed = |id| (user(id), Err(BotError::new("gone")));
        let told = |results: Vec<_>| Changed::of(results).map_err(|error| error.to_string());

        assert!(told(vec![done(1), done(2)]).unwrap().is_complete());
        assert!(told(vec![]).unwrap().complete().is_ok());
        let some = told(vec![done(1), failed(2)]).unwrap();
        assert_eq!(some.failed[0].user, user(2));
        assert_eq!(some.complete().unwrap_err().to_string(), "onebot:2: gone");
        assert_eq!(told(vec![failed(1)]).unwrap_err(), "gone");
        let nobody = told(vec![failed(1), failed(2)]).unwrap_err();
        assert_eq!(nobody, "nobody; onebot:1: gone");
    }
}
