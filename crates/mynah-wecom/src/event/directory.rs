//! What changes in the directory.

use super::field::{Content, Fields, fields, kinds};
use super::value::{Commas, Others};
use crate::id::{DepartmentId, TagId, UserId};
use crate::xml::Writer;

fields! {
    /// A member was added or changed; what did not change is absent.
    pub struct UserChange {
        /// The member.
        pub user_id: UserId = "UserID",
        /// The id from now on, if that changed.
        pub new_user_id: Option<UserId> = "NewUserID",
        /// The name.
        pub name: Option<String> = "Name",
        /// The departments.
        pub department: Option<Commas<DepartmentId>> = "Department",
        /// The most important of them.
        pub main_department: Option<DepartmentId> = "MainDepartment",
        /// For each department, whether the member leads it: 0 or 1.
        pub is_leader_in_dept: Option<Commas<i64>> = "IsLeaderInDept",
        /// The superiors.
        pub direct_leader: Option<Commas<UserId>> = "DirectLeader",
        /// The position.
        pub position: Option<String> = "Position",
        /// The number of the mobile telephone.
        pub mobile: Option<String> = "Mobile",
        /// 0 not known, 1 male, 2 female.
        pub gender: Option<i64> = "Gender",
        /// The address for mail.
        pub email: Option<String> = "Email",
        /// The address for mail that the corp gave.
        pub biz_mail: Option<String> = "BizMail",
        /// 1 active, 2 disabled, 4 not activated, 5 left.
        pub status: Option<i64> = "Status",
        /// Where the picture is.
        pub avatar: Option<String> = "Avatar",
        /// The other name.
        pub alias: Option<String> = "Alias",
        /// The number of the telephone.
        pub telephone: Option<String> = "Telephone",
        /// The address.
        pub address: Option<String> = "Address",
    }

    /// A member was removed.
    pub struct UserDeleted {
        /// The member.
        pub user_id: UserId = "UserID",
    }

    /// A department was added or changed; what did not change is absent.
    pub struct PartyChange {
        /// The department.
        pub id: DepartmentId = "Id",
        /// Its name.
        pub name: Option<String> = "Name",
        /// The department it is part of.
        pub parent_id: Option<DepartmentId> = "ParentId",
        /// Where it stands among others; the larger the higher.
        pub order: Option<i64> = "Order",
    }

    /// A department was removed.
    pub struct PartyDeleted {
        /// The department.
        pub id: DepartmentId = "Id",
    }

    /// Members or departments were given a tag or lost it.
    pub struct TagChange {
        /// The tag.
        pub tag_id: TagId = "TagId",
        /// Members who have it now.
        pub add_user_items: Option<Commas<UserId>> = "AddUserItems",
        /// Members who have it no longer.
        pub del_user_items: Option<Commas<UserId>> = "DelUserItems",
        /// Departments that have it now.
        pub add_party_items: Option<Commas<DepartmentId>> = "AddPartyItems",
        /// Departments that have it no longer.
        pub del_party_items: Option<Commas<DepartmentId>> = "DelPartyItems",
    }

    /// A job that an interface was given is done.
    pub struct JobDone {
        /// How it went.
        pub batch_job: BatchJob = "BatchJob",
    }

    /// How a job went.
    pub struct BatchJob {
        /// The job.
        pub job_id: String = "JobId",
        /// What it did: `sync_user`, `replace_user`, `invite_user`, `replace_party`.
        pub job_type: String = "JobType",
        /// 0 if it was done.
        pub err_code: i64 = "ErrCode",
        /// The words for it.
        pub err_msg: String = "ErrMsg",
    }

    /// The state of an approval changed that an application started (自建审批)
    /// (<https://developer.work.weixin.qq.com/document/path/90269>).
    pub struct OpenApprovalChange {
        /// The approval.
        pub approval_info: OpenApproval = "ApprovalInfo",
    }

    /// An approval that an application started.
    pub struct OpenApproval {
        /// What the application calls it.
        pub third_no: String = "ThirdNo",
        /// What its template is called.
        pub open_sp_name: String = "OpenSpName",
        /// Its template.
        pub open_template_id: String = "OpenTemplateId",
        /// 1 in progress, 2 approved, 3 refused, 4 withdrawn.
        pub open_sp_status: i64 = "OpenSpStatus",
        /// When it was asked for, in seconds since 1970.
        pub apply_time: i64 = "ApplyTime",
        /// The name of who asked.
        pub apply_user_name: Option<String> = "ApplyUserName",
        /// Who asked.
        pub apply_user_id: Option<UserId> = "ApplyUserId",
        /// Everything else, the steps and people among it.
        pub others: Others = "",
    }

    /// The state of an approval changed (审批)
    /// (<https://developer.work.weixin.qq.com/document/path/91815>).
    pub struct SysApprovalChange {
        /// The approval.
        pub approval_info: SysApproval = "ApprovalInfo",
    }

    /// An approval.
    pub struct SysApproval {
        /// Its number as text; newer than the number itself.
        pub sp_no_str: Option<String> = "SpNoStr",
        /// Its number.
        pub sp_no: Option<String> = "SpNo",
        /// What its template is called.
        pub sp_name: String = "SpName",
        /// 1 in progress, 2 approved, 3 refused, 4 withdrawn, 6 withdrawn after
        /// it was approved, 7 deleted, 10 paid.
        pub sp_status: i64 = "SpStatus",
        /// Its template.
        pub template_id: String = "TemplateId",
        /// When it was asked for, in seconds since 1970.
        pub apply_time: i64 = "ApplyTime",
        /// Who asked.
        pub applyer: Applicant = "Applyer",
        /// What happened: 1 asked, 2 approved, 3 refused, 4 handed on, 5 urged,
        /// 6 withdrawn, 8 withdrawn after it was approved, 10 commented.
        pub statu_change_event: i64 = "StatuChangeEvent",
        /// Everything else, the steps and comments among it.
        pub others: Others = "",
    }

    /// Who asks for an approval.
    pub struct Applicant {
        /// The member.
        pub user_id: UserId = "UserId",
        /// The department.
        pub party: String = "Party",
    }
}

kinds! {
    /// A change of the directory. Told to the helper that synchronises the
    /// directory and to applications that may see the member.
    ///
    /// <https://developer.work.weixin.qq.com/document/path/90376>
    pub enum ContactChange {
        /// A member was added.
        CreateUser(UserChange) = "create_user",
        /// A member was changed.
        UpdateUser(UserChange) = "update_user",
        /// A member was removed.
        DeleteUser(UserDeleted) = "delete_user",
        /// A department was added.
        CreateParty(PartyChange) = "create_party",
        /// A department was changed.
        UpdateParty(PartyChange) = "update_party",
        /// A department was removed.
        DeleteParty(PartyDeleted) = "delete_party",
        /// A tag was given or taken.
        UpdateTag(TagChange) = "update_tag",
    }
}

impl Content for ContactChange {
    fn read(fields: &mut Fields<'_>) -> Self {
        let word = fields.value::<String>(CHANGE_TYPE).unwrap_or_default();
        Self::read_kind(word.into(), fields)
    }

    fn write(&self, out: &mut Writer) {
        out.text(CHANGE_TYPE, self.word());
        self.write_kind(out);
    }
}

pub(super) const CHANGE_TYPE: &str = "ChangeType";
