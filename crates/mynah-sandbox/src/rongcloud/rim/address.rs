//! The addresses that are set in the console, one for each kind of callback.

use mynah_rongcloud::event::{ChannelType, Event, Source};

/// Which address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// What is said.
    Route,
    /// Who comes online and who goes.
    Status,
    /// What happens in chatrooms.
    Chatroom,
    /// What is about to be delivered.
    Check,
    /// What is recalled.
    Operation,
    /// What was audited.
    Audit,
}

impl Address {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Route,
        Self::Status,
        Self::Chatroom,
        Self::Check,
        Self::Operation,
        Self::Audit,
    ];

    /// The name in the control API.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Route => "route_url",
            Self::Status => "status_url",
            Self::Chatroom => "chatroom_url",
            Self::Check => "check_url",
            Self::Operation => "operation_url",
            Self::Audit => "audit_url",
        }
    }

    /// Where something goes; nowhere if it is none of what the platform tells.
    pub(super) const fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Route(_) => Some(Self::Route),
            Event::Online(_) => Some(Self::Status),
            Event::Chatroom(_) => Some(Self::Chatroom),
            Event::Check(_) => Some(Self::Check),
            Event::Operation(_) => Some(Self::Operation),
            Event::Audit(_) => Some(Self::Audit),
            _ => None,
        }
    }
}

/// What has the same lane arrives in order.
pub(super) fn lane(event: &Event) -> String {
    let place = match event {
        Event::Route(message) => place(
            &message.channel_type,
            message.from_user_id.as_str(),
            message.to_user_id.as_str(),
        ),
        Event::Check(check) => place(
            &check.channel_type,
            check.from_user_id.as_str(),
            check.target_id.as_str(),
        ),
        _ => String::new(),
    };
    format!("{} {place}", event.name())
}

/// A conversation: of two people, whoever speaks.
fn place(channel: &ChannelType, from: &str, target: &str) -> String {
    let (first, second) = match channel {
        ChannelType::Person if from < target => (from, target),
        ChannelType::Person => (target, from),
        _ => ("", target),
    };
    // Ids may have spaces, but no line ends.
    format!("{channel}\n{first}\n{second}")
}

/// The message that something is about.
pub(super) fn subject(event: &Event) -> Option<String> {
    let id = match event {
        Event::Route(message) => message.msg_uid.as_ref(),
        Event::Check(check) => check.message_id.as_ref(),
        Event::Operation(operation) => operation.original_msg_info.message_id.as_ref(),
        Event::Audit(result) => Some(&result.msg_uid),
        _ => None,
    };
    id.map(|id| id.as_str().to_owned())
}

/// Whether the application did it itself, so that nobody misses it.
pub(super) fn is_its_own(event: &Event) -> bool {
    let message = event.message();
    message.is_some_and(|message| message.source == Some(Source::Server))
}

#[cfg(test)]
mod tests {
    use mynah_rongcloud::event::{PreDelivery, RoutedMessage};

    use super::*;

    fn said(from: &str, channel: ChannelType, to: &str) -> Event {
        RoutedMessage::new(from, channel, to, "hi").into()
    }

    #[test]
    fn lanes_are_as_many_as_conversations_and_kinds() {
        let there = lane(&said("alice", ChannelType::Person, "bob"));
        let back = lane(&said("bob", ChannelType::Person, "alice"));
        assert_eq!(there, back);
        let aside = lane(&said("alice", ChannelType::Person, "carol"));
        assert_ne!(there, aside);
        let group = |from| lane(&said(from, ChannelType::Group, "general"));
        assert_eq!(group("alice"), group("bob"));
        let room = lane(&said("alice", ChannelType::TempGroup, "general"));
        assert_ne!(group("alice"), room);
        let check = PreDelivery::new("alice", ChannelType::Group, "general", "hi");
        assert_ne!(group("alice"), lane(&check.into()));
    }

    #[test]
    fn every_kind_of_callback_has_a_name_of_its_own() {
        let names = Address::ALL.map(Address::name);
        for name in names {
            assert!(name.ends_with("_url"), "{name}");
            assert_eq!(names.iter().filter(|other| **other == name).count(), 1);
        }
    }
}
