//! The ids of people, departments, groups and messages.
//!
//! Each is a type of its own: DingTalk calls one group by a `chatid` in its older interfaces and
//! by an `openConversationId` in its newer ones, and neither works in place of the other. All of
//! them are opaque. Numbers are accepted as digits in a string too, because some clients and
//! pages of the documentation write them so.

pub use mynah_core::{Joined, ParseIdError};

mynah_core::ids! {
    /// A department; the root is 1.
    pub struct DepartmentId(i64) = "a department id";

    /// An application of the organisation, in the interfaces for work notices.
    pub struct AgentId(i64) = "an agent id";

    /// A work notice that is being sent, for 24 hours.
    pub struct TaskId(i64) = "a task id";

    /// A member of the organisation (`userid`, `staffId`).
    pub struct UserId(String);

    /// A person, whatever organisation asks; one for each developer.
    pub struct UnionId(String);

    /// A group in the older interfaces; begins with `chat`.
    pub struct ChatId(String);

    /// A conversation in the newer interfaces; begins with `cid`.
    pub struct OpenConversationId(String);

    /// A message that was sent into a group, for asking who has read it; begins with `msg`.
    pub struct MessageId(String);

    /// An uploaded file; begins with `@`.
    pub struct MediaId(String);

    /// A message that a robot sent, for recalling it and for asking who has read it.
    pub struct ProcessQueryKey(String);

    /// A robot; for a robot of an application it is the application's key.
    pub struct RobotCode(String);
}

/// Ids joined by commas, as in `/topapi/…`.
///
/// ```
/// use mynah_dingtalk::{Bars, Commas, DepartmentId, UserId};
///
/// let users: Commas<UserId> = ["alice", "bob"].into();
/// assert_eq!(users.to_string(), "alice,bob");
/// let departments: Bars<DepartmentId> = "2||x|3".into();
/// assert_eq!(departments.items, [DepartmentId(2), DepartmentId(3)]);
/// assert_eq!(departments.others, ["x"]);
/// ```
pub type Commas<T> = Joined<T, ','>;

/// Ids joined by bars, as in `/message/…`.
pub type Bars<T> = Joined<T, '|'>;
