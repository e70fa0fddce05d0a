//! What happens with people outside the corp (客户联系)
//! (<https://developer.work.weixin.qq.com/document/path/92130>).

use super::field::fields;
use crate::id::UserId;

fields! {
    /// A member and a customer became contacts, or ceased to be, or something
    /// between them changed.
    pub struct ExternalContactChange {
        /// What happened: `add_external_contact`, `edit_external_contact`,
        /// `add_half_external_contact`, `del_external_contact`,
        /// `del_follow_user`, `transfer_fail`.
        pub change_type: String = "ChangeType",
        /// The member.
        pub user_id: Option<UserId> = "UserID",
        /// The customer.
        pub external_user_id: Option<String> = "ExternalUserID",
        /// What the application put into the code through which the customer came.
        pub state: Option<String> = "State",
        /// Allows one word of welcome, within 20 seconds.
        pub welcome_code: Option<String> = "WelcomeCode",
        /// Who removed a contact, where it was not a person.
        pub source: Option<String> = "Source",
        /// Why a customer was not handed on.
        pub fail_reason: Option<String> = "FailReason",
    }

    /// A group with customers was made, changed or dissolved.
    pub struct ExternalChatChange {
        /// The group.
        pub chat_id: String = "ChatId",
        /// What happened: `create`, `update`, `dismiss`.
        pub change_type: String = "ChangeType",
        /// What changed: `add_member`, `del_member`, `change_owner`,
        /// `change_name`, `change_notice`.
        pub update_detail: Option<String> = "UpdateDetail",
        /// How members came: 0 invited, 3 by a code.
        pub join_scene: Option<i64> = "JoinScene",
        /// How members went: 0 by themselves, 1 removed.
        pub quit_scene: Option<i64> = "QuitScene",
        /// How many members came or went.
        pub mem_change_cnt: Option<i64> = "MemChangeCnt",
        /// Who came or went.
        pub mem_change_list: Vec<String> = "MemChangeList" / "Item",
        /// The version of the list of members before.
        pub last_mem_ver: Option<String> = "LastMemVer",
        /// The version of the list of members now.
        pub cur_mem_ver: Option<String> = "CurMemVer",
    }

    /// A tag for customers was made, changed, removed or moved.
    pub struct ExternalTagChange {
        /// The tag, or the group of tags.
        pub id: Option<String> = "Id",
        /// `tag` or `tag_group`.
        pub tag_type: Option<String> = "TagType",
        /// What happened: `create`, `update`, `delete`, `shuffle`.
        pub change_type: String = "ChangeType",
        /// Which rules it belongs to, if any.
        pub strategy_id: Option<String> = "StrategyId",
    }

    /// There are new messages of customers (微信客服), to be asked for with the
    /// token (<https://developer.work.weixin.qq.com/document/path/94670>).
    pub struct CustomerService {
        /// Allows asking for the messages, for ten minutes.
        pub token: String = "Token",
        /// The account for which they came.
        pub open_kf_id: Option<String> = "OpenKfId",
    }
}
