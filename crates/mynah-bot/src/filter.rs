//! Filters choose which route takes an event.

use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use regex::Regex;

use crate::event::{Event, EventKind};
use crate::id::{Conversation, Platform, UserId};

/// Says whether a route takes an event. Combined with `&`, `|` and `!`.
///
/// ```
/// use mynah_bot::{command, contains, direct, mention};
///
/// let on_call = (mention() | direct()) & contains("值班") & !command("help");
/// # let _ = on_call;
/// ```
#[derive(Clone)]
pub struct Filter(Test);

#[derive(Clone)]
enum Test {
    Kind(EventKind),
    Request,
    Command(Arc<[Box<str>]>),
    Mention,
    Text(Arc<str>),
    Contains(Arc<str>),
    Regex(Regex),
    Group,
    Direct,
    In(Conversation),
    From(Arc<[UserId]>),
    On(Platform),
    Account(Arc<str>),
    When(Arc<dyn Fn(&Event) -> bool + Send + Sync>),
    Both(Arc<(Filter, Filter)>),
    Either(Arc<(Filter, Filter)>),
    Not(Arc<Filter>),
}

impl Filter {
    /// Whether the event passes.
    pub fn accepts(&self, event: &Event) -> bool {
        match &self.0 {
            Test::Kind(kind) => event.kind == *kind,
            Test::Request => matches!(
                event.kind,
                EventKind::FriendRequest | EventKind::JoinRequest | EventKind::Invitation
            ),
            Test::Command(names) => event
                .command()
                .is_some_and(|(name, _)| names.iter().any(|one| **one == *name)),
            Test::Mention => event.to_bot && event.kind == EventKind::Message,
            Test::Text(text) => event.kind == EventKind::Message && event.text() == &**text,
            Test::Contains(text) => {
                event.kind == EventKind::Message && event.text().contains(&**text)
            }
            Test::Regex(regex) => event.kind == EventKind::Message && regex.is_match(event.text()),
            Test::Group => event.is_group(),
            Test::Direct => event.is_direct(),
            Test::In(place) => event.conversation.as_ref() == Some(place),
            Test::From(users) => event
                .sender
                .as_ref()
                .is_some_and(|user| users.contains(user)),
            Test::On(platform) => event.platform() == *platform,
            Test::Account(name) => event.account == *name,
            Test::When(test) => test(event),
            Test::Both(both) => both.0.accepts(event) && both.1.accepts(event),
            Test::Either(either) => either.0.accepts(event) || either.1.accepts(event),
            Test::Not(filter) => !filter.accepts(event),
        }
    }

    /// The names of the commands it accepts, for a help text.
    pub fn commands(&self) -> Vec<&str> {
        match &self.0 {
            Test::Command(names) => names.iter().map(|name| &**name).collect(),
            Test::Both(pair) | Test::Either(pair) => {
                let mut names = pair.0.commands();
                names.extend(pair.1.commands());
                names
            }
            _ => Vec::new(),
        }
    }
}

/// A message that is the command `/name`, alone or with something behind it.
/// A mention of the bot in front of it does not matter.
pub fn command(name: &str) -> Filter {
    commands([name])
}

/// A message that is one of several commands.
pub fn commands<'a>(names: impl IntoIterator<Item = &'a str>) -> Filter {
    Filter(Test::Command(names.into_iter().map(Box::from).collect()))
}

/// Any message.
pub fn message() -> Filter {
    kind(EventKind::Message)
}

/// A message that means the bot: it is mentioned, quoted, or spoken to directly.
pub fn mention() -> Filter {
    Filter(Test::Mention)
}

/// A message whose text is exactly this, blanks around it aside.
pub fn text(text: &str) -> Filter {
    Filter(Test::Text(text.into()))
}

/// A message whose text contains this.
pub fn contains(text: &str) -> Filter {
    Filter(Test::Contains(text.into()))
}

/// A message whose text matches.
pub fn regex(regex: Regex) -> Filter {
    Filter(Test::Regex(regex))
}

/// Anything that happens in a group.
pub fn group() -> Filter {
    Filter(Test::Group)
}

/// Anything that happens between one person and the bot.
pub fn direct() -> Filter {
    Filter(Test::Direct)
}

/// Somebody joined a group.
pub fn joined() -> Filter {
    kind(EventKind::Joined)
}

/// Somebody left a group or was removed.
pub fn left() -> Filter {
    kind(EventKind::Left)
}

/// A message was taken back.
pub fn recalled() -> Filter {
    kind(EventKind::Recalled)
}

/// A message was edited.
pub fn edited() -> Filter {
    kind(EventKind::Edited)
}

/// Somebody reacted to a message.
pub fn reacted() -> Filter {
    kind(EventKind::Reacted)
}

/// Somebody pressed a button of a card, or said its number or label where there are none.
pub fn pressed() -> Filter {
    kind(EventKind::Pressed)
}

/// Somebody poked the bot.
pub fn poked() -> Filter {
    kind(EventKind::Poked) & when(|event| event.to_bot)
}

/// A friend request, a join request or an invitation.
pub fn request() -> Filter {
    Filter(Test::Request)
}

/// Events of one kind.
pub fn kind(kind: EventKind) -> Filter {
    Filter(Test::Kind(kind))
}

/// Anything in one conversation.
pub fn conversation(place: Conversation) -> Filter {
    Filter(Test::In(place))
}

/// Anything one of these people does.
pub fn from(users: impl IntoIterator<Item = UserId>) -> Filter {
    Filter(Test::From(users.into_iter().collect()))
}

/// Anything on one platform.
pub fn platform(platform: Platform) -> Filter {
    Filter(Test::On(platform))
}

/// Anything that happens to one account, by its name in the configuration.
pub fn account(name: &str) -> Filter {
    Filter(Test::Account(name.into()))
}

/// Whatever you say.
pub fn when(test: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Filter {
    Filter(Test::When(Arc::new(test)))
}

impl BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(Test::Both(Arc::new((self, other))))
    }
}

impl BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(Test::Either(Arc::new((self, other))))
    }
}

impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self(Test::Not(Arc::new(self)))
    }
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Test::Kind(kind) => write!(f, "{kind:?}"),
            Test::Request => f.write_str("request"),
            Test::Command(names) => write!(f, "command{names:?}"),
            Test::Mention => f.write_str("mention"),
            Test::Text(text) => write!(f, "text({text:?})"),
            Test::Contains(text) => write!(f, "contains({text:?})"),
            Test::Regex(regex) => write!(f, "regex({:?})", regex.as_str()),
            Test::Group => f.write_str("group"),
            Test::Direct => f.write_str("direct"),
            Test::In(place) => write!(f, "in({place})"),
            Test::From(users) => write!(f, "from{users:?}"),
            Test::On(platform) => write!(f, "on({platform})"),
            Test::Account(name) => write!(f, "account({name:?})"),
            Test::When(_) => f.write_str("when(…)"),
            Test::Both(both) => write!(f, "({:?} & {:?})", both.0, both.1),
            Test::Either(either) => write!(f, "({:?} | {:?})", either.0, either.1),
            Test::Not(filter) => write!(f, "!{filter:?}"),
        }
    }
}
