//! Members.

use mynah_dingtalk::api::user::{
    CanAccessMicroapp, CreateUser, DeleteUser, DeleteUsers, GetAdmin, GetAuthScopes, GetDeptMember,
    GetOrgUserCount, GetUser, GetUserInfo, GetUserV2, GetUseridByUnionid, ListUserIds,
    ListUserNames, ListUserNamesV2, ListUsers, ListUsersByPage, ListUsersV2, UpdateUser,
};

later!(
    GetUser,
    ListUserNames,
    ListUsers,
    ListUsersByPage,
    GetDeptMember,
    GetUseridByUnionid,
    GetUserInfo,
    GetAdmin,
    CanAccessMicroapp,
    GetOrgUserCount,
    CreateUser,
    UpdateUser,
    DeleteUser,
    DeleteUsers,
    GetAuthScopes,
    GetUserV2,
    ListUsersV2,
    ListUserNamesV2,
    ListUserIds
);
