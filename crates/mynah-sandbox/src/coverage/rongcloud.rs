//! What proves each endpoint and event of RongCloud.
//!
//! A proof is a test in `tests/it/rongcloud_world`, written `file::function`.

use mynah_core::{Described, Endpoint, Operation};

use super::Platform;
use crate::rongcloud::RongCloudWorld;
use crate::serve::Serve;

/// An endpoint, which stands here only if it is served.
const fn served<E: Endpoint + Described>() -> Operation
where
    RongCloudWorld: Serve<E>,
{
    Operation::of::<E>()
}

macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static RONGCLOUD: Platform = Platform {
    name: "rongcloud",
    title: "RongCloud (融云)",
    place: |meta| Some(meta.path.to_owned()),
    tests: "tests/it/rongcloud_world",
    operations: mynah_rongcloud::for_each_endpoint!(operations),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Every kind of callback comes about; that those in the documentation have the
/// documented members, others see to.
const PRODUCED: &str = "events::every_kind_of_event_in_the_coverage_is_produced";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[
    (
        "user.get_token",
        "user::a_token_registers_and_renews_and_the_older_ones_stay_valid",
    ),
    (
        "user.refresh",
        "user::what_is_given_is_refreshed_and_nothing_else",
    ),
    (
        "user.check_online",
        "user::whose_client_is_connected_is_online",
    ),
    (
        "user.block",
        "user::who_is_blocked_is_cut_off_and_stays_out_until_it_ends",
    ),
    (
        "user.unblock",
        "user::who_is_blocked_is_cut_off_and_stays_out_until_it_ends",
    ),
    (
        "user.block.query",
        "user::who_is_blocked_is_cut_off_and_stays_out_until_it_ends",
    ),
    (
        "user.blacklist.add",
        "user::a_blacklist_is_read_from_the_newest_on_and_in_pages",
    ),
    (
        "user.blacklist.query",
        "user::a_blacklist_is_read_from_the_newest_on_and_in_pages",
    ),
    (
        "user.blacklist.remove",
        "user::a_blacklist_is_read_from_the_newest_on_and_in_pages",
    ),
    (
        "user.info",
        "user::what_is_given_is_refreshed_and_nothing_else",
    ),
    (
        "user.token.expire",
        "user::tokens_given_before_a_time_end_and_their_clients_with_them",
    ),
    (
        "message.private.publish",
        "message::a_private_message_goes_to_each_with_an_id_of_its_own",
    ),
    (
        "message.private.publish_template",
        "message::a_template_says_to_each_what_is_theirs",
    ),
    (
        "message.system.publish",
        "message::a_system_message_and_a_broadcast_stand_in_one_conversation",
    ),
    (
        "message.system.publish_template",
        "message::a_template_says_to_each_what_is_theirs",
    ),
    (
        "message.group.publish",
        "message::a_group_message_is_one_message_whoever_sends_it",
    ),
    (
        "message.discussion.publish",
        "message::a_message_to_a_chatroom_and_one_to_a_discussion_are_told_by_their_names",
    ),
    (
        "message.chatroom.publish",
        "message::a_message_to_a_chatroom_and_one_to_a_discussion_are_told_by_their_names",
    ),
    (
        "message.broadcast",
        "message::a_system_message_and_a_broadcast_stand_in_one_conversation",
    ),
    (
        "message.online.broadcast",
        "message::a_broadcast_to_those_who_are_there_is_seen_by_nobody_else",
    ),
    (
        "message.chatroom.broadcast",
        "message::a_broadcast_to_chatrooms_is_said_in_each",
    ),
    (
        "statusmessage.private.publish",
        "message::a_status_message_is_for_those_who_are_there_and_told_to_nobody",
    ),
    (
        "statusmessage.group.publish",
        "message::a_status_message_is_for_those_who_are_there_and_told_to_nobody",
    ),
    (
        "message.recall",
        "message::who_has_sent_a_message_takes_it_back",
    ),
    (
        "message.history",
        "history::the_current_hour_can_be_read_and_grows",
    ),
    (
        "message.history.delete",
        "history::deleting_an_hour_empties_it_at_once_and_only_it",
    ),
    (
        "wordfilter.add",
        "words::words_are_added_and_deleted_and_listed_as_they_came",
    ),
    (
        "wordfilter.delete",
        "words::words_are_added_and_deleted_and_listed_as_they_came",
    ),
    (
        "wordfilter.list",
        "words::words_are_added_and_deleted_and_listed_as_they_came",
    ),
    (
        "sensitiveword.add",
        "words::both_names_of_the_filter_mean_one_list",
    ),
    (
        "sensitiveword.delete",
        "words::both_names_of_the_filter_mean_one_list",
    ),
    (
        "sensitiveword.batch.delete",
        "words::both_names_of_the_filter_mean_one_list",
    ),
    (
        "sensitiveword.list",
        "words::both_names_of_the_filter_mean_one_list",
    ),
    (
        "group.create",
        "group::an_unknown_group_wants_a_name_and_a_name_renames",
    ),
    (
        "group.sync",
        "group::sync_adds_and_neither_renames_nor_removes",
    ),
    (
        "group.refresh",
        "group::an_unknown_group_wants_a_name_and_a_name_renames",
    ),
    (
        "group.join",
        "group::members_are_listed_in_the_order_of_joining",
    ),
    (
        "group.user.query",
        "group::members_are_listed_in_the_order_of_joining",
    ),
    (
        "group.quit",
        "group::members_are_listed_in_the_order_of_joining",
    ),
    ("group.user.gag.add", "group::a_gag_ends_by_itself_or_never"),
    (
        "group.user.gag.list",
        "group::a_gag_ends_by_itself_or_never",
    ),
    (
        "group.user.gag.rollback",
        "group::a_gag_ends_by_itself_or_never",
    ),
    (
        "group.dismiss",
        "group::a_group_that_was_dismissed_is_gone_but_not_its_gags",
    ),
    (
        "user.group.query",
        "group::somebody_is_in_500_groups_unless_that_is_switched_off",
    ),
    (
        "group.ban.add",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "group.ban.rollback",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "group.ban.query",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "group.user.ban.whitelist.add",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "group.user.ban.whitelist.rollback",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "group.user.ban.whitelist.query",
        "group::a_muted_group_lets_its_exceptions_speak_unless_they_are_gagged",
    ),
    (
        "chatroom.create",
        "chatroom::up_to_a_hundred_chatrooms_are_made_at_once",
    ),
    ("chatroom.join", "chatroom::fifty_join_at_once_and_no_more"),
    (
        "chatroom.query",
        "chatroom::chatrooms_that_are_not_there_are_left_out",
    ),
    (
        "chatroom.user.query",
        "chatroom::members_are_told_of_in_the_order_of_joining_or_its_reverse",
    ),
    (
        "chatroom.message.stop_distribution",
        "chatroom::a_stopped_chatroom_swallows_what_people_say_and_delivers_what_calls_send",
    ),
    (
        "chatroom.message.resume_distribution",
        "chatroom::a_stopped_chatroom_swallows_what_people_say_and_delivers_what_calls_send",
    ),
    (
        "chatroom.user.gag.add",
        "chatroom::a_gag_binds_for_its_minutes_and_no_longer",
    ),
    (
        "chatroom.user.gag.list",
        "chatroom::a_gag_binds_for_its_minutes_and_no_longer",
    ),
    (
        "chatroom.user.gag.rollback",
        "chatroom::a_gag_begins_anew_when_it_is_repeated_and_ends_when_it_is_taken_back",
    ),
    (
        "chatroom.user.block.add",
        "chatroom::a_block_takes_somebody_out_and_keeps_them_out",
    ),
    (
        "chatroom.user.block.list",
        "chatroom::a_block_takes_somebody_out_and_keeps_them_out",
    ),
    (
        "chatroom.user.block.rollback",
        "chatroom::taking_a_block_back_brings_nobody_back",
    ),
    (
        "chatroom.destroy",
        "chatroom::destroying_a_chatroom_forgets_all_that_was_known_of_it",
    ),
    (
        "chatroom.user.whitelist.add",
        "chatroom::five_are_on_the_whitelist_of_a_chatroom_at_most",
    ),
    (
        "chatroom.user.whitelist.remove",
        "chatroom::five_are_on_the_whitelist_of_a_chatroom_at_most",
    ),
    (
        "chatroom.user.whitelist.query",
        "chatroom::five_are_on_the_whitelist_of_a_chatroom_at_most",
    ),
    (
        "chatroom.message.priority.add",
        "chatroom::twenty_kinds_of_messages_are_of_low_priority_at_most",
    ),
    (
        "chatroom.message.priority.remove",
        "chatroom::twenty_kinds_of_messages_are_of_low_priority_at_most",
    ),
    (
        "chatroom.message.priority.query",
        "chatroom::twenty_kinds_of_messages_are_of_low_priority_at_most",
    ),
    (
        "chatroom.users.exist",
        "chatroom::a_call_tells_who_of_many_is_in_a_chatroom",
    ),
    (
        "chatroom.user.exist",
        "chatroom::a_call_tells_who_of_many_is_in_a_chatroom",
    ),
    (
        "chatroom.keepalive.add",
        "chatroom::a_hundred_chatrooms_are_kept_alive_at_most",
    ),
    (
        "chatroom.keepalive.remove",
        "chatroom::what_is_not_kept_alive_is_refused_in_an_answer_of_200",
    ),
    (
        "chatroom.keepalive.query",
        "chatroom::a_hundred_chatrooms_are_kept_alive_at_most",
    ),
    ("user.tag.set", "push::tags_replace_those_before"),
    ("user.tags.get", "push::tags_replace_those_before"),
    ("push", "push::a_push_is_shown_as_it_was_sent"),
    (
        "get_img_code",
        "sms::the_app_key_of_a_picture_stands_anywhere_or_nowhere",
    ),
    (
        "send_code",
        "sms::a_number_gets_one_code_a_minute_and_three_an_hour",
    ),
    ("verify_code", "sms::the_right_code_is_right_once"),
    (
        "conversation.notification.set",
        "conversation::a_conversation_is_muted_for_one_user_and_one_target",
    ),
    (
        "conversation.notification.get",
        "conversation::a_conversation_is_muted_for_one_user_and_one_target",
    ),
    (
        "conversation.top.set",
        "conversation::what_is_put_on_top_stands_first_for_one_user",
    ),
];

/// Every kind of callback.
const EVENTS: &[&str] = &[
    "message_route",
    "user_online_status",
    "chatroom_status",
    "message_callback",
    "message_operation",
    "audit_result",
];
