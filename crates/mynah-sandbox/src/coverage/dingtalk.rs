//! What proves each endpoint and event of DingTalk.
//!
//! A proof is a test in `tests/it/dingtalk_world`, written `file::function`.

use mynah_core::{Described, Endpoint, Operation};

use super::Platform;
use crate::dingtalk::DingTalkWorld;
use crate::serve::Serve;

/// An endpoint, which stands here only if it is served.
const fn served<E: Endpoint + Described>() -> Operation
where
    DingTalkWorld: Serve<E>,
{
    Operation::of::<E>()
}

macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static DINGTALK: Platform = Platform {
    name: "dingtalk",
    title: "DingTalk (钉钉)",
    place: |meta| Some(meta.path.to_owned()),
    tests: "tests/it/dingtalk_world",
    operations: mynah_dingtalk::for_each_endpoint!(operations),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Every kind of event comes about; that those in the documentation have the
/// documented members, others see to.
const PRODUCED: &str = "events::every_kind_of_event_in_the_coverage_is_produced";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[
    (
        "gettoken",
        "token::all_three_calls_and_the_older_pair_answer_the_same_token",
    ),
    (
        "v1.oauth2.access_token",
        "token::all_three_calls_and_the_older_pair_answer_the_same_token",
    ),
    (
        "v1.oauth2.token",
        "token::all_three_calls_and_the_older_pair_answer_the_same_token",
    ),
    ("get_jsapi_ticket", "token::a_page_gets_a_ticket"),
    (
        "v1.gateway.connections.open",
        "token::a_ticket_opens_one_connection_with_what_was_asked_for",
    ),
    ("chat.create", "chat::a_group_is_created_as_it_is_asked_for"),
    ("chat.update", "chat::a_group_is_changed_as_it_is_asked_for"),
    (
        "chat.get",
        "chat::a_group_that_there_is_not_cannot_be_read_and_one_that_was_disbanded_can",
    ),
    (
        "chat.send",
        "chat::a_message_stands_beside_the_group_or_in_msg_which_wins",
    ),
    (
        "chat.get_read_list",
        "chat::whoever_has_read_a_message_is_listed_in_the_order_of_reading",
    ),
    (
        "topapi.chat.subadmin.update",
        "chat::topapi_makes_administrators_names_and_codes",
    ),
    (
        "topapi.chat.updategroupnick",
        "chat::topapi_makes_administrators_names_and_codes",
    ),
    (
        "topapi.chat.member.friendswitch.update",
        "chat::topapi_makes_administrators_names_and_codes",
    ),
    (
        "topapi.chat.qrcode.get",
        "chat::topapi_makes_administrators_names_and_codes",
    ),
    (
        "v1.im.group.create",
        "im::both_interfaces_have_the_same_groups",
    ),
    (
        "v1.im.group.update",
        "im::both_interfaces_have_the_same_groups",
    ),
    (
        "v1.im.chat.convert_to_open_conversation_id",
        "im::both_interfaces_have_the_same_groups",
    ),
    (
        "v1.im.sub_administrators",
        "im::administrators_are_made_of_members",
    ),
    (
        "robot.send",
        "webhook::a_robot_is_checked_in_an_order_of_its_own",
    ),
    (
        "robot.send_by_session",
        "robot::a_session_takes_any_number_of_answers_until_it_is_over",
    ),
    (
        "v1.robot.o_to_messages.batch_send",
        "robot::the_robot_writes_to_people_one_by_one",
    ),
    (
        "v1.robot.group_messages.send",
        "robot::the_robot_says_all_templates_in_a_group",
    ),
    (
        "v1.robot.oto_messages.batch_recall",
        "robot::the_robot_takes_back_what_it_said_for_a_day",
    ),
    (
        "v1.robot.group_messages.recall",
        "robot::a_message_in_a_group_is_taken_back_from_that_group",
    ),
    (
        "v1.robot.o_to_messages.read_status",
        "robot::the_read_state_covers_those_who_were_reached_in_the_order_of_naming",
    ),
    (
        "v1.robot.group_messages.query",
        "robot::readers_in_a_group_come_page_by_page_and_late_ones_come_last",
    ),
    (
        "v1.robot.message_files.download",
        "robot::the_robot_downloads_what_it_was_sent",
    ),
    (
        "topapi.message.corpconversation.asyncsend_v2",
        "notice::a_notice_reaches_those_it_names",
    ),
    (
        "topapi.message.corpconversation.getsendprogress",
        "notice::a_task_is_its_applications",
    ),
    (
        "topapi.message.corpconversation.getsendresult",
        "notice::who_has_read_a_notice_is_told_in_the_order_of_reading",
    ),
    (
        "topapi.message.corpconversation.recall",
        "notice::a_notice_is_recalled_within_a_day_and_its_readers_stay_known",
    ),
    (
        "message.send",
        "notice::the_older_call_joins_with_bars_and_answers_whom_it_did_not_reach",
    ),
    (
        "message.list_message_status",
        "notice::the_older_call_joins_with_bars_and_answers_whom_it_did_not_reach",
    ),
    (
        "message.send_by_code",
        "notice::a_code_allows_one_message_to_whoever_brought_it",
    ),
    (
        "message.send_to_conversation",
        "notice::something_is_said_in_a_group_in_the_name_of_a_member",
    ),
    (
        "top.corp.message.corpconversation.asyncsend",
        "top::a_notice_is_sent_and_followed_by_the_methods_of_top",
    ),
    (
        "top.corp.message.corpconversation.asyncsendbycode",
        "top::a_code_allows_one_notice",
    ),
    (
        "top.oapi.message.corpconversation.asyncsend_v2",
        "top::the_newer_method_takes_the_message_as_text",
    ),
    (
        "top.oapi.message.corpconversation.recall",
        "top::a_notice_is_sent_and_followed_by_the_methods_of_top",
    ),
    (
        "top.corp.message.corpconversation.getsendprogress",
        "top::a_notice_is_sent_and_followed_by_the_methods_of_top",
    ),
    (
        "top.corp.message.corpconversation.getsendresult",
        "top::a_notice_is_sent_and_followed_by_the_methods_of_top",
    ),
    (
        "top.oapi.user.get_admin_scope",
        "top::the_departments_of_an_administrator_are_told",
    ),
    (
        "media.upload",
        "media::type_and_token_stand_in_the_query_or_in_the_form",
    ),
    (
        "media.download_file",
        "media::an_uploaded_file_is_downloaded_as_it_was",
    ),
    ("user.get", "user::a_member_is_told_of_with_all_fields"),
    (
        "user.simplelist",
        "user::every_list_of_department_1_has_all_in_the_order_of_the_seed",
    ),
    (
        "user.list",
        "user::every_list_of_department_1_has_all_in_the_order_of_the_seed",
    ),
    (
        "user.listbypage",
        "user::a_list_is_cut_only_where_offset_and_size_are_both_given",
    ),
    (
        "user.get_dept_member",
        "user::every_list_of_department_1_has_all_in_the_order_of_the_seed",
    ),
    (
        "user.get_userid_by_unionid",
        "user::a_person_is_found_by_the_id_that_all_organisations_share",
    ),
    (
        "user.getuserinfo",
        "user::the_code_of_a_signed_in_person_is_good_for_one_call_within_five_minutes",
    ),
    (
        "user.get_admin",
        "user::administrators_are_known_and_manage_the_application",
    ),
    (
        "user.can_access_microapp",
        "user::administrators_are_known_and_manage_the_application",
    ),
    ("user.get_org_user_count", "user::members_are_counted"),
    (
        "user.create",
        "user::a_new_member_is_there_at_once_and_on_the_page",
    ),
    (
        "user.update",
        "user::a_member_is_changed_in_what_is_said_and_nothing_else",
    ),
    (
        "user.delete",
        "user::a_removed_member_is_nobody_but_stays_in_the_groups",
    ),
    (
        "user.batchdelete",
        "user::several_members_are_removed_at_both_addresses_all_or_none",
    ),
    (
        "auth.scopes",
        "user::the_application_sees_the_whole_organisation",
    ),
    (
        "topapi.v2.user.get",
        "user::a_member_is_told_of_by_topapi_with_other_names",
    ),
    (
        "topapi.v2.user.list",
        "user::a_page_of_topapi_says_where_the_next_one_begins",
    ),
    (
        "topapi.user.listsimple",
        "user::a_page_of_topapi_says_where_the_next_one_begins",
    ),
    (
        "topapi.user.listid",
        "user::every_list_of_department_1_has_all_in_the_order_of_the_seed",
    ),
    (
        "department.list",
        "department::the_departments_below_one_are_listed_directly_or_at_all",
    ),
    (
        "department.list_ids",
        "department::the_departments_below_one_are_listed_directly_or_at_all",
    ),
    (
        "department.get",
        "department::the_root_has_no_parent_and_is_not_among_what_is_below_it",
    ),
    (
        "department.create",
        "department::a_new_department_gets_an_id_that_no_other_had",
    ),
    (
        "department.update",
        "department::whoever_manages_a_department_leads_it",
    ),
    (
        "department.delete",
        "department::only_an_empty_department_goes_and_never_the_root",
    ),
    (
        "department.list_parent_depts_by_dept",
        "department::what_a_department_belongs_to_is_told_from_itself_to_the_root",
    ),
    (
        "department.list_parent_depts",
        "department::what_a_department_belongs_to_is_told_from_itself_to_the_root",
    ),
    (
        "topapi.v2.department.listsub",
        "department::topapi_tells_the_same_with_other_names",
    ),
    (
        "topapi.v2.department.listsubid",
        "department::topapi_tells_the_same_with_other_names",
    ),
    (
        "topapi.v2.department.get",
        "department::topapi_tells_the_same_with_other_names",
    ),
    (
        "call_back.register_call_back",
        "callback::an_address_is_registered_when_it_has_answered_and_not_before",
    ),
    (
        "call_back.get_call_back",
        "callback::an_address_is_registered_when_it_has_answered_and_not_before",
    ),
    (
        "call_back.update_call_back",
        "callback::there_is_one_address_and_only_that_is_changed_or_removed",
    ),
    (
        "call_back.delete_call_back",
        "callback::there_is_one_address_and_only_that_is_changed_or_removed",
    ),
    (
        "call_back.get_call_back_failed_result",
        "callback::an_event_that_did_not_arrive_is_listed_once",
    ),
    (
        "v1.im.v1.robot.interactive_cards.send",
        "card::a_built_in_card_is_sent_shown_and_changed",
    ),
    (
        "v1.im.robots.interactive_cards",
        "card::a_built_in_card_is_sent_shown_and_changed",
    ),
    (
        "v1.card.instances.create",
        "card::nobody_sees_a_card_before_it_is_delivered",
    ),
    (
        "v1.card.instances.deliver",
        "card::nobody_sees_a_card_before_it_is_delivered",
    ),
    (
        "v1.card.instances.create_and_deliver",
        "card::what_buttons_a_template_of_ones_own_has_is_not_known",
    ),
    (
        "v1.card.instances.update",
        "card::a_card_is_changed_as_a_whole_or_by_name",
    ),
    (
        "v1.card.streaming",
        "card::a_card_is_written_while_somebody_looks_on",
    ),
];

/// Every kind of event that applications are told, after `robot` what their
/// robots are told, and after `card` what people do with cards.
const EVENTS: &[&str] = &[
    "card actionCallback",
    "chat_add_member",
    "chat_disband",
    "chat_quit",
    "chat_remove_member",
    "chat_update_owner",
    "chat_update_title",
    "robot audio",
    "robot file",
    "robot picture",
    "robot richText",
    "robot text",
    "robot video",
    "robot_msg_read",
    "robot_msg_recall",
];
