//! The numbers that name people, groups and messages.
//!
//! Each is a type of its own, so that a group's number cannot slip into a user's place. On the
//! wire they are JSON integers; strings of digits are accepted too, because some implementations
//! send them (<https://github.com/lc-cn/onebots/issues/28>).

pub use mynah_core::ParseIdError;

mynah_core::ids! {
    /// A QQ account: a person, or the bot itself.
    pub struct UserId(i64) = "a user id";

    /// A QQ group.
    pub struct GroupId(i64) = "a group id";

    /// A discussion group of CQHTTP 4.x; OneBot 11 no longer has them.
    pub struct DiscussId(i64) = "a discuss id";

    /// A message, unique for one bot.
    ///
    /// A signed 32-bit number: go-cqhttp, NapCat, LLOneBot and Lagrange use negative ones as well,
    /// so never test for `> 0` (<https://github.com/LLOneBot/LLOneBot/issues/269>).
    pub struct MessageId(i32) = "a message id";
}
