//! What proves each endpoint and callback of WeCom.
//!
//! A proof is a test in `tests/it/wecom_world`, written `file::function`.

use mynah_core::{Described, Endpoint, Meta, Operation};
use mynah_wecom::WeCom;

use super::Platform;
use crate::serve::Serve;
use crate::wecom::WeComWorld;

/// An endpoint, which stands here only if it is served.
const fn served<E: Endpoint<Platform = WeCom> + Described>() -> Operation
where
    WeComWorld: Serve<E>,
{
    Operation::of::<E>()
}

macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { &[$(served::<$endpoint>()),*] };
}

/// What is offered and what proves it.
pub(crate) static WECOM: Platform = Platform {
    name: "wecom",
    title: "WeCom (企业微信)",
    place: on_the_wire,
    tests: "tests/it/wecom_world",
    operations: mynah_wecom::for_each_endpoint!(operations),
    endpoints: ENDPOINTS,
    events: EVENTS,
    event_proof: PRODUCED,
};

/// Where a call is made; the commands of an intelligent bot are frames of its socket.
fn on_the_wire(meta: &Meta) -> Option<String> {
    let is_frame = meta.path.starts_with("/openws/");
    (!is_frame).then(|| meta.path.to_owned())
}

/// Every kind of callback comes about; that those in the documentation have
/// the documented parts, others see to.
const PRODUCED: &str = "events::every_kind_of_callback_in_the_coverage_is_produced";

/// A test of what each call does; of what it answers, where it does nothing
/// that others could see.
const ENDPOINTS: &[(&str, &str)] = &[
    ("gettoken", "calls::credentials_are_checked_in_order"),
    (
        "appchat.create",
        "appchat::a_group_is_created_as_it_is_asked_for",
    ),
    (
        "appchat.get",
        "appchat::a_group_belongs_to_the_application_that_made_it",
    ),
    (
        "appchat.update",
        "appchat::people_see_what_an_application_changes",
    ),
    (
        "appchat.send",
        "appchat::messages_of_a_group_stand_in_the_order_in_which_they_were_accepted",
    ),
    ("message.send", "message::a_message_reaches_those_it_names"),
    (
        "message.recall",
        "message::a_message_is_recalled_within_a_day",
    ),
    (
        "message.update_template_card",
        "cards::a_pressed_button_tells_the_application_and_allows_one_change",
    ),
    (
        "message.update_taskcard",
        "cards::an_older_task_card_is_pressed_and_replaced",
    ),
    ("media.upload", "media::a_form_without_a_file_is_refused"),
    (
        "media.get",
        "media::a_file_lives_for_three_days_in_all_applications",
    ),
    (
        "media.get.jssdk",
        "media::a_file_lives_for_three_days_in_all_applications",
    ),
    (
        "media.uploadimg",
        "media::a_picture_that_stays_has_an_address",
    ),
    (
        "user.get",
        "directory::a_member_is_shown_without_what_new_applications_do_not_see",
    ),
    (
        "user.list",
        "directory::members_are_listed_by_department_and_below_it_on_demand",
    ),
    (
        "user.simplelist",
        "directory::members_are_listed_by_department_and_below_it_on_demand",
    ),
    (
        "user.list_id",
        "directory::ids_are_listed_page_by_page_one_for_each_membership",
    ),
    ("user.getuserid", "directory::a_member_is_found_by_mobile"),
    (
        "user.create",
        "directory::a_member_is_created_changed_and_deleted",
    ),
    (
        "user.update",
        "directory::a_member_is_created_changed_and_deleted",
    ),
    (
        "user.delete",
        "directory::who_is_deleted_leaves_all_groups_and_the_first_member_owns_them",
    ),
    (
        "user.batchdelete",
        "directory::many_are_deleted_together_or_not_at_all",
    ),
    (
        "user.convert_to_openid",
        "directory::members_have_another_id_outside_of_the_corp",
    ),
    (
        "user.convert_to_userid",
        "directory::members_have_another_id_outside_of_the_corp",
    ),
    (
        "user.authsucc",
        "directory::a_member_can_be_verified_counted_and_invited",
    ),
    (
        "corp.get_join_qrcode",
        "directory::a_member_can_be_verified_counted_and_invited",
    ),
    (
        "user.get_active_stat",
        "directory::a_member_can_be_verified_counted_and_invited",
    ),
    (
        "user.getuserinfo",
        "directory::a_signed_in_member_is_known_by_a_code_that_works_once",
    ),
    (
        "department.list",
        "directory::departments_are_listed_from_one_on_downwards",
    ),
    (
        "department.simplelist",
        "directory::departments_are_listed_from_one_on_downwards",
    ),
    (
        "department.get",
        "directory::departments_are_listed_from_one_on_downwards",
    ),
    (
        "department.create",
        "directory::a_department_is_created_changed_and_deleted",
    ),
    (
        "department.update",
        "directory::a_department_is_created_changed_and_deleted",
    ),
    (
        "department.delete",
        "directory::a_department_is_created_changed_and_deleted",
    ),
    (
        "tag.list",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.get",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.create",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.update",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.delete",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.addtagusers",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "tag.deltagusers",
        "directory::a_tag_is_created_given_taken_and_deleted",
    ),
    (
        "agent.get",
        "directory::an_application_shows_and_changes_itself_only",
    ),
    (
        "agent.list",
        "directory::an_application_shows_and_changes_itself_only",
    ),
    (
        "agent.set",
        "directory::an_application_shows_and_changes_itself_only",
    ),
    (
        "menu.create",
        "directory::a_menu_is_created_shown_and_deleted",
    ),
    ("menu.get", "directory::a_menu_is_created_shown_and_deleted"),
    (
        "menu.delete",
        "directory::a_menu_is_created_shown_and_deleted",
    ),
    (
        "getcallbackip",
        "calls::the_platform_calls_itself_wecom_and_names_its_servers",
    ),
    (
        "webhook.send",
        "webhook::whoever_does_not_know_the_key_cannot_post",
    ),
    (
        "webhook.upload_media",
        "webhook::a_robot_uploads_files_and_voice_only",
    ),
    (
        "aibot.response",
        "aibot::the_address_for_one_more_answer_is_good_once_within_an_hour",
    ),
    (
        "aibot_respond_msg",
        "aibot::the_kind_of_a_req_id_decides_what_answers_it",
    ),
    (
        "aibot_respond_welcome_msg",
        "aibot::a_welcome_comes_within_five_seconds",
    ),
    (
        "aibot_respond_update_msg",
        "aibot::a_pressed_card_is_updated_within_five_seconds",
    ),
    (
        "aibot_send_msg",
        "aibot::the_bot_speaks_first_only_where_somebody_has_talked_to_it",
    ),
    (
        "aibot_upload_media_init",
        "aibot::a_file_is_uploaded_in_chunks_counted_from_0_or_1",
    ),
    (
        "aibot_upload_media_chunk",
        "aibot::a_file_is_uploaded_in_chunks_counted_from_0_or_1",
    ),
    (
        "aibot_upload_media_finish",
        "aibot::a_file_is_uploaded_in_chunks_counted_from_0_or_1",
    ),
];

/// Every kind of callback that applications are told, and after `bot` those
/// that the intelligent bot is told.
const EVENTS: &[&str] = &[
    "bot event.enter_chat",
    "bot event.feedback_event",
    "bot event.template_card_event",
    "bot file",
    "bot image",
    "bot mixed",
    "bot stream",
    "bot text",
    "bot video",
    "bot voice",
    "event.LOCATION",
    "event.batch_job_result",
    "event.change_contact.create_party",
    "event.change_contact.create_user",
    "event.change_contact.delete_party",
    "event.change_contact.delete_user",
    "event.change_contact.update_party",
    "event.change_contact.update_tag",
    "event.change_contact.update_user",
    "event.click",
    "event.enter_agent",
    "event.location_select",
    "event.pic_photo_or_album",
    "event.pic_sysphoto",
    "event.pic_weixin",
    "event.scancode_push",
    "event.scancode_waitmsg",
    "event.subscribe",
    "event.taskcard_click",
    "event.template_card_event",
    "event.template_card_menu_event",
    "event.unsubscribe",
    "event.view",
    "event.view_miniprogram",
    "image",
    "link",
    "location",
    "text",
    "video",
    "voice",
];
