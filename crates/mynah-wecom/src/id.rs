//! The ids of people, departments, groups and messages.
//!
//! Each is a type of its own: a member's id that looks like a number cannot slip into a
//! department's place (81013 otherwise,
//! <https://github.com/YanHaidao/wecom/issues/23>). Numbers are accepted as digits in a string
//! too, because some clients and callbacks send them so.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

pub use mynah_core::ParseIdError;

mynah_core::ids! {
    /// A department ("party"); the root is 1. 32 bits.
    pub struct DepartmentId(i64) = "a department id";

    /// A tag.
    pub struct TagId(i64) = "a tag id";

    /// An application of the corp.
    pub struct AgentId(i64) = "an agent id";

    /// A member of the corp.
    ///
    /// Compared without regard to case, kept as it was written; the platform lower-cases it in
    /// `invaliduser` (<https://developer.work.weixin.qq.com/document/path/90196>).
    ///
    /// ```
    /// use mynah_wecom::UserId;
    ///
    /// assert_eq!(UserId::from("Alice"), UserId::from("alice"));
    /// assert!(UserId::from("alice@corp-1.example_x").is_well_formed());
    /// assert!(!UserId::from("-alice").is_well_formed());
    /// ```
    pub struct UserId(String): Debug;

    /// A group chat of an application. Given by the caller or made by the platform; opaque.
    pub struct ChatId(String);

    /// An uploaded file, for three days; opaque and of any length.
    pub struct MediaId(String);

    /// A message that an application sent to members; good for recalling it.
    pub struct MsgId(String);

    /// Allows one change of a card, or one message of an intelligent bot: `Debug` does not show it.
    pub struct ResponseCode(String): PartialEq, Eq, PartialOrd, Ord, Hash;

    /// What names a button card; 1 to 128 bytes of `0-9a-zA-Z_-@`, unique for one application.
    pub struct TaskId(String);

    /// What WeChat, which is not WeCom, calls a person.
    pub struct OpenId(String);
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseCode(…)")
    }
}

impl UserId {
    /// The longest id, in bytes.
    pub const LONGEST: usize = 64;

    /// Everybody: `@all` in `touser` and in lists of mentions.
    pub fn all() -> Self {
        Self::from("@all")
    }

    /// Whether this is [`all`](Self::all).
    pub fn is_all(&self) -> bool {
        self.0 == "@all"
    }

    /// Whether a member can be called so: 1 to 64 bytes of `0-9a-zA-Z_-@.`, the first of them a
    /// letter or digit.
    pub fn is_well_formed(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.len() <= Self::LONGEST
            && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-@.".contains(byte))
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl PartialEq for UserId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for UserId {}

impl PartialOrd for UserId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UserId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for UserId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        // As for strings: no id begins another.
        state.write_u8(0xff);
    }
}

impl ChatId {
    /// The longest id a caller may give, in characters.
    pub const LONGEST: usize = 32;

    /// Whether a caller may give it to a new group: 1 to 32 of `0-9a-zA-Z`
    /// (<https://developer.work.weixin.qq.com/document/path/90245>).
    pub fn is_well_formed(&self) -> bool {
        (1..=Self::LONGEST).contains(&self.0.len())
            && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// Ids as one string, joined by `|`: recipients, and those who could not be reached.
///
/// ```
/// use mynah_wecom::{DepartmentId, Joined, UserId};
///
/// let users: Joined<UserId> = ["alice", "bob"].into();
/// assert_eq!(users.to_string(), "alice|bob");
/// let parties: Joined<DepartmentId> = "2||x|3".into();
/// assert_eq!(parties.items, [DepartmentId(2), DepartmentId(3)]);
/// assert_eq!(parties.others, ["x"]);
/// ```
pub type Joined<T> = mynah_core::Joined<T, '|'>;
