//! What proves each endpoint and event of OneBot.
//!
//! A proof is a test in `tests/it/onebot_world`, written `file::function`.

use mynah_core::{Described, Endpoint, Operation};
use mynah_onebot::OneBot;

use super::Platform;
use crate::onebot::OneBotWorld;
use crate::serve::Serve;

/// Every action answers its recorded request with the recorded keys and types.
const RECORDED: &str = "actions::every_action_answers_its_recorded_request";
/// Every kind of event comes about with the documented keys and types.
const PRODUCED: &str =
    "events::every_documented_event_is_produced_with_the_documented_keys_and_types";

/// An endpoint, which stands here only if it is served.
const fn served<E: Endpoint<Platform = OneBot> + Described>() -> Operation
where
    OneBotWorld: Serve<E>,
{
    Operation::of::<E>()
}

macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static ONEBOT: Platform = Platform {
    name: "onebot",
    title: "OneBot 11 with the extensions of CQHTTP, go-cqhttp, NapCat and LLOneBot",
    place: |meta| Some(meta.path.to_owned()),
    tests: "tests/it/onebot_world",
    operations: mynah_onebot::for_each_endpoint!(operations),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// A test of what each action does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[
    (
        "send_private_msg",
        "rules::a_private_message_reaches_everybody_seeded_and_nobody_else",
    ),
    (
        "send_group_msg",
        "rules::a_group_message_needs_membership_and_no_ban",
    ),
    (
        "send_msg",
        "rules::send_msg_without_type_goes_to_the_group_else_to_the_person_else_nowhere",
    ),
    (
        "delete_msg",
        "rules::own_messages_can_be_recalled_for_two_minutes",
    ),
    (
        "get_msg",
        "rules::get_msg_writes_in_the_configured_format_and_knows_the_bot_as_author",
    ),
    (
        "get_forward_msg",
        "rules::a_bundle_is_sent_as_a_forward_and_fetched_in_both_shapes",
    ),
    ("send_like", "rules::likes_are_ten_a_day_for_each_person"),
    ("set_group_kick", "rules::a_kick_removes_and_can_keep_out"),
    (
        "set_group_ban",
        "rules::a_ban_lasts_as_long_as_it_says_and_can_be_lifted",
    ),
    (
        "set_group_anonymous_ban",
        "events::members_behind_masks_show_no_more_than_the_mask",
    ),
    (
        "set_group_whole_ban",
        "rules::a_ban_of_everybody_names_nobody",
    ),
    (
        "set_group_admin",
        "rules::names_titles_and_admins_are_set_and_the_same_again_tells_nobody",
    ),
    (
        "set_group_anonymous",
        "events::members_behind_masks_show_no_more_than_the_mask",
    ),
    (
        "set_group_card",
        "rules::a_card_is_given_by_those_with_power_or_by_oneself",
    ),
    (
        "set_group_name",
        "rules::names_titles_and_admins_are_set_and_the_same_again_tells_nobody",
    ),
    (
        "set_group_leave",
        "rules::the_owner_dismisses_and_the_others_leave",
    ),
    (
        "set_group_special_title",
        "rules::names_titles_and_admins_are_set_and_the_same_again_tells_nobody",
    ),
    (
        "set_friend_add_request",
        "rules::a_friend_request_is_answered_once",
    ),
    (
        "set_group_add_request",
        "rules::a_request_to_join_is_answered_once_and_by_its_kind",
    ),
    ("get_login_info", "extras::the_account_shows_what_was_set"),
    ("get_stranger_info", "rules::no_cache_makes_no_difference"),
    (
        "get_friend_list",
        "rules::a_friend_request_is_answered_once",
    ),
    ("get_group_info", "rules::no_cache_makes_no_difference"),
    (
        "get_group_list",
        "rules::the_bot_kicked_out_no_longer_has_the_group",
    ),
    (
        "get_group_member_info",
        "rules::names_titles_and_admins_are_set_and_the_same_again_tells_nobody",
    ),
    (
        "get_group_member_list",
        "rules::a_member_list_tells_all_fifteen_fields",
    ),
    (
        "get_group_honor_info",
        "extras::badges_follow_from_what_is_said",
    ),
    ("get_cookies", "extras::cookies_and_token_belong_together"),
    (
        "get_csrf_token",
        "extras::cookies_and_token_belong_together",
    ),
    (
        "get_credentials",
        "extras::cookies_and_token_belong_together",
    ),
    (
        "get_record",
        "extras::media_are_found_recognised_and_thrown_away",
    ),
    (
        "get_image",
        "rules::a_picture_is_stored_and_found_by_its_name",
    ),
    ("can_send_image", RECORDED),
    ("can_send_record", RECORDED),
    (
        "get_status",
        "rules::an_account_that_is_offline_hears_and_says_nothing",
    ),
    ("get_version_info", RECORDED),
    (
        "set_restart",
        "rules::a_restart_is_promised_and_then_asked_for",
    ),
    (
        "clean_cache",
        "extras::nothing_is_downloaded_from_the_network",
    ),
    (
        ".handle_quick_operation",
        "quick::over_a_socket_it_is_an_action_that_always_succeeds",
    ),
    (
        "send_discuss_msg",
        "transport::discussion_groups_exist_in_legacy_mode_only",
    ),
    (
        "set_discuss_leave",
        "extras::a_discussion_group_is_left_for_good",
    ),
    (
        "set_restart_plugin",
        "rules::a_restart_is_promised_and_then_asked_for",
    ),
    (
        "clean_data_dir",
        "extras::media_are_found_recognised_and_thrown_away",
    ),
    ("clean_plugin_log", RECORDED),
    ("_get_friend_list", RECORDED),
    ("_get_group_info", RECORDED),
    ("_get_vip_info", RECORDED),
    (
        "_get_group_notice",
        "extras::announcements_are_made_and_taken_down_by_admins",
    ),
    (
        "_send_group_notice",
        "extras::announcements_are_made_and_taken_down_by_admins",
    ),
    (
        "_set_restart",
        "rules::a_restart_is_promised_and_then_asked_for",
    ),
    (".check_update", RECORDED),
    (
        "send_group_forward_msg",
        "rules::a_bundle_is_sent_as_a_forward_and_fetched_in_both_shapes",
    ),
    ("send_private_forward_msg", RECORDED),
    ("send_forward_msg", RECORDED),
    (
        "get_group_msg_history",
        "rules::a_history_is_a_window_of_twenty_oldest_first_without_what_was_recalled",
    ),
    (
        "set_essence_msg",
        "extras::essence_messages_are_held_up_until_let_go_or_recalled",
    ),
    (
        "delete_essence_msg",
        "extras::essence_messages_are_held_up_until_let_go_or_recalled",
    ),
    (
        "get_essence_msg_list",
        "extras::essence_messages_are_held_up_until_let_go_or_recalled",
    ),
    (
        "get_group_system_msg",
        "people::requests_go_to_those_who_can_answer_them",
    ),
    (
        "get_group_at_all_remain",
        "people::mentioning_everybody_is_for_admins_and_so_many_times_a_day",
    ),
    (
        "upload_group_file",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "upload_private_file",
        "extras::a_file_sent_to_somebody_is_a_message_to_them",
    ),
    (
        "get_group_file_system_info",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "get_group_root_files",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "get_group_files_by_folder",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "get_group_file_url",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "create_group_file_folder",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "delete_group_folder",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    (
        "delete_group_file",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    ("set_group_portrait", RECORDED),
    (
        "_del_group_notice",
        "extras::announcements_are_made_and_taken_down_by_admins",
    ),
    (
        "delete_friend",
        "people::a_friendship_ends_from_either_side",
    ),
    (
        "get_unidirectional_friend_list",
        "people::a_friendship_ends_from_either_side",
    ),
    (
        "delete_unidirectional_friend",
        "people::a_friendship_ends_from_either_side",
    ),
    ("mark_msg_as_read", RECORDED),
    ("set_qq_profile", "extras::the_account_shows_what_was_set"),
    (
        "get_online_clients",
        "extras::the_account_shows_what_was_set",
    ),
    (
        "check_url_safely",
        "extras::addresses_are_judged_by_the_seed",
    ),
    (
        "download_file",
        "extras::nothing_is_downloaded_from_the_network",
    ),
    (
        "ocr_image",
        "extras::media_are_found_recognised_and_thrown_away",
    ),
    (".get_word_slices", RECORDED),
    ("send_group_sign", RECORDED),
    ("_get_model_show", "extras::the_account_shows_what_was_set"),
    ("_set_model_show", "extras::the_account_shows_what_was_set"),
    (
        "qidian_get_account_info",
        "extras::the_account_shows_what_was_set",
    ),
    ("reload_event_filter", RECORDED),
    (
        "get_supported_actions",
        "actions::the_list_of_actions_has_all_that_can_be_called",
    ),
    (
        "get_updates",
        "extras::updates_are_handed_out_once_and_only_when_enabled",
    ),
    ("get_friend_msg_history", RECORDED),
    ("group_poke", RECORDED),
    ("friend_poke", RECORDED),
    ("send_poke", RECORDED),
    (
        "set_msg_emoji_like",
        "limits::admins_reactions_and_nodes_are_counted",
    ),
    ("mark_private_msg_as_read", RECORDED),
    (
        "mark_group_msg_as_read",
        "extras::recent_contacts_are_the_latest_first",
    ),
    ("_mark_all_as_read", RECORDED),
    (
        "forward_friend_single_msg",
        "extras::single_messages_are_forwarded_as_they_are",
    ),
    (
        "forward_group_single_msg",
        "extras::single_messages_are_forwarded_as_they_are",
    ),
    (
        "get_group_shut_list",
        "rules::a_ban_lasts_as_long_as_it_says_and_can_be_lifted",
    ),
    ("set_friend_remark", RECORDED),
    ("get_friends_with_category", RECORDED),
    ("set_self_longnick", RECORDED),
    (
        "get_recent_contact",
        "extras::recent_contacts_are_the_latest_first",
    ),
    (
        "get_file",
        "extras::files_and_folders_of_a_group_come_and_go",
    ),
    ("set_group_remark", RECORDED),
    ("set_group_sign", RECORDED),
    ("get_group_info_ex", RECORDED),
    ("get_group_detail_info", RECORDED),
    ("nc_get_user_status", RECORDED),
    ("bot_exit", RECORDED),
];

/// Every kind of event that the sandbox sends, in the names of the vectors.
const EVENTS: &[&str] = &[
    "message.private.friend",
    "message.private.group",
    "message.private.other",
    "message.private.discuss",
    "message.group.normal",
    "message.group.normal (array format)",
    "message.group.anonymous",
    "message.group.notice",
    "message.discuss",
    "message_sent.group.normal",
    "message_sent.private.friend",
    "notice.group_upload",
    "notice.group_admin.set",
    "notice.group_admin.unset",
    "notice.group_decrease.leave",
    "notice.group_decrease.kick",
    "notice.group_decrease.kick_me",
    "notice.group_decrease.disband",
    "notice.group_increase.approve",
    "notice.group_increase.invite",
    "notice.group_ban.ban",
    "notice.group_ban.lift_ban",
    "notice.group_ban.ban (whole group)",
    "notice.friend_add",
    "notice.group_recall",
    "notice.friend_recall",
    "notice.notify.poke (group)",
    "notice.notify.poke (friend)",
    "notice.notify.lucky_king",
    "notice.notify.honor (talkative)",
    "notice.notify.honor (performer)",
    "notice.notify.honor (emotion)",
    "notice.notify.title",
    "notice.notify.group_name",
    "notice.group_name_change",
    "notice.notify.input_status",
    "notice.notify.profile_like",
    "notice.notify.poke_recall",
    "notice.notify.gray_tip",
    "notice.group_card",
    "notice.offline_file",
    "notice.client_status",
    "notice.essence.add",
    "notice.essence.delete",
    "notice.group_msg_emoji_like",
    "notice.reaction.add",
    "notice.group_dismiss",
    "notice.bot_offline",
    "notice.bot_online",
    "request.friend",
    "request.group.add",
    "request.group.invite",
    "meta_event.lifecycle.enable",
    "meta_event.lifecycle.disable",
    "meta_event.lifecycle.connect",
    "meta_event.heartbeat",
];
