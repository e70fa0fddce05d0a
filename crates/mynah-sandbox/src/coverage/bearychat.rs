//! What proves each endpoint, event and frame of BearyChat.
//!
//! A proof is a test, written `folder/file::function` from `tests/it` on.

use mynah_bearychat::Service;
use mynah_core::{Described, Endpoint, Meta, Operation};

use super::Platform;
use crate::bearychat::BearyChatWorld;
use crate::serve::Serve;

/// An endpoint, which stands here only if it is served.
const fn served<E: Endpoint + Described>() -> Operation
where
    BearyChatWorld: Serve<E>,
{
    Operation::of::<E>()
}

macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static BEARYCHAT: Platform = Platform {
    name: "bearychat",
    title: "BearyChat (倍洽)",
    place: on_the_wire,
    tests: "tests/it",
    operations: mynah_bearychat::for_each_endpoint!(operations),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Where a call is made; an incoming hook has its own address, which is its secret.
fn on_the_wire(meta: &Meta) -> Option<String> {
    let service = Service::of(meta.path);
    (service != Service::Hook).then(|| format!("/{}{}", service.below(), meta.path))
}

/// All of it comes over one socket, and to one address.
const PRODUCED: &str = "bearychat_rim/events::every_kind_of_event_frame_and_post_is_sent";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[
    (
        "meta",
        "bearychat_world/calls::the_interface_tells_its_version_to_everybody",
    ),
    (
        "team.info",
        "bearychat_world/calls::the_team_tells_of_itself",
    ),
    (
        "user.info",
        "bearychat_world/user::somebody_is_told_of_with_everything_that_is_known",
    ),
    (
        "user.list",
        "bearychat_world/user::the_whole_team_is_listed_robots_and_closed_accounts_included",
    ),
    ("user.me", "bearychat_world/user::the_bot_is_told_of_itself"),
    (
        "user.update_me",
        "bearychat_world/user::the_bot_is_called_otherwise_and_what_is_not_given_stays",
    ),
    (
        "vchannel.info",
        "bearychat_world/channel::anybody_may_look_at_a_public_channel_and_members_at_a_private_one",
    ),
    (
        "channel.info",
        "bearychat_world/channel::anybody_may_look_at_a_public_channel_and_members_at_a_private_one",
    ),
    (
        "channel.list",
        "bearychat_world/channel::all_public_channels_are_listed_and_the_private_ones_of_whoever_asks",
    ),
    (
        "channel.create",
        "bearychat_world/channel::a_channel_is_made_by_its_first_member",
    ),
    (
        "channel.archive",
        "bearychat_world/channel::nothing_changes_in_an_archived_channel_but_it_can_be_left_and_read",
    ),
    (
        "channel.unarchive",
        "bearychat_world/channel::nothing_changes_in_an_archived_channel_but_it_can_be_left_and_read",
    ),
    (
        "channel.leave",
        "bearychat_world/channel::a_public_channel_is_joined_again_and_again_and_left_once",
    ),
    (
        "channel.join",
        "bearychat_world/channel::a_public_channel_is_joined_again_and_again_and_left_once",
    ),
    (
        "channel.invite",
        "bearychat_world/channel::members_invite_whoever_has_an_open_account",
    ),
    (
        "channel.kick",
        "bearychat_world/channel::the_creator_removes_others_by_either_name_of_the_call",
    ),
    (
        "channel.kickout",
        "bearychat_world/channel::the_creator_removes_others_by_either_name_of_the_call",
    ),
    (
        "session_channel.info",
        "bearychat_world/session::whoever_makes_a_session_channel_is_in_it_and_nobody_twice",
    ),
    (
        "session_channel.list",
        "bearychat_world/session::only_the_own_session_channels_are_listed",
    ),
    (
        "session_channel.create",
        "bearychat_world/session::whoever_makes_a_session_channel_is_in_it_and_nobody_twice",
    ),
    (
        "session_channel.archive",
        "bearychat_world/session::what_is_archived_stays_so",
    ),
    (
        "session_channel.convert_to_channel",
        "bearychat_world/session::a_session_channel_becomes_a_channel_with_all_that_is_in_it",
    ),
    (
        "session_channel.leave",
        "bearychat_world/session::whoever_left_is_a_stranger",
    ),
    (
        "session_channel.invite",
        "bearychat_world/session::every_member_invites_and_removes_others",
    ),
    (
        "session_channel.kick",
        "bearychat_world/session::every_member_invites_and_removes_others",
    ),
    (
        "session_channel.kickout",
        "bearychat_world/session::every_member_invites_and_removes_others",
    ),
    (
        "p2p.info",
        "bearychat_world/p2p::two_have_one_conversation_however_often_it_is_begun",
    ),
    (
        "p2p.list",
        "bearychat_world/p2p::two_have_one_conversation_however_often_it_is_begun",
    ),
    (
        "p2p.create",
        "bearychat_world/p2p::two_have_one_conversation_however_often_it_is_begun",
    ),
    (
        "message.query",
        "bearychat_world/query::every_worked_case_finds_what_it_should",
    ),
    (
        "message.info",
        "bearychat_world/messages::what_the_bot_says_is_answered_kept_shown_and_told",
    ),
    (
        "message.create",
        "bearychat_world/messages::what_the_bot_says_is_answered_kept_shown_and_told",
    ),
    (
        "message.delete",
        "bearychat_world/messages::what_is_deleted_leaves_a_tombstone_that_nothing_more_happens_to",
    ),
    (
        "message.update_text",
        "bearychat_world/messages::an_edited_message_keeps_its_key_and_its_attachments",
    ),
    (
        "message.forward",
        "bearychat_world/messages::a_message_that_is_passed_on_says_where_it_was",
    ),
    (
        "message_pin.list",
        "bearychat_world/pins::a_message_is_pinned_once_and_listed_until_it_is_not",
    ),
    (
        "message_pin.create",
        "bearychat_world/pins::a_message_is_pinned_once_and_listed_until_it_is_not",
    ),
    (
        "message_pin.delete",
        "bearychat_world/pins::a_message_is_pinned_once_and_listed_until_it_is_not",
    ),
    (
        "reaction.create",
        "bearychat_world/pins::a_reaction_is_made_once_by_each_and_told",
    ),
    (
        "reaction.delete",
        "bearychat_world/pins::a_reaction_is_made_once_by_each_and_told",
    ),
    (
        "emoji.list",
        "bearychat_world/pins::emoji_and_stickers_are_those_of_the_team",
    ),
    (
        "sticker.list",
        "bearychat_world/pins::emoji_and_stickers_are_those_of_the_team",
    ),
    (
        "file.location",
        "bearychat_world/pins::a_file_is_found_where_its_key_leads",
    ),
    (
        "rtm.start",
        "bearychat_world/rtm::start_gives_an_address_that_is_good_for_five_minutes",
    ),
    (
        "start",
        "bearychat_world/rtm::start_gives_an_address_that_is_good_for_five_minutes",
    ),
    (
        "message",
        "bearychat_world/rtm::a_message_by_the_older_host_is_said_without_markdown_if_that_is_asked",
    ),
    (
        "current_team.info",
        "bearychat_world/rtm::the_older_calls_answer_what_the_newer_ones_do",
    ),
    (
        "current_team.members",
        "bearychat_world/rtm::the_older_calls_answer_what_the_newer_ones_do",
    ),
    (
        "current_team.channels",
        "bearychat_world/rtm::the_older_calls_answer_what_the_newer_ones_do",
    ),
    (
        "v1.user.info",
        "bearychat_world/rtm::the_older_calls_answer_what_the_newer_ones_do",
    ),
    (
        "v1.channel.info",
        "bearychat_world/rtm::the_older_calls_answer_what_the_newer_ones_do",
    ),
    (
        "incoming",
        "bearychat_world/hooks::a_robot_says_what_is_posted_at_its_address",
    ),
];

/// Every kind of event, of other frames, and of what is posted.
const EVENTS: &[&str] = &[
    "message",
    "channel_message",
    "update_message",
    "update_channel_message",
    "add_message_reaction",
    "delete_message_reaction",
    "update_user_connection",
    "reply",
    "pong",
    "ok",
    "outgoing",
    "hubot",
];
