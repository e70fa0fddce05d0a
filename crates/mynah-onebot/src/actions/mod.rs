//! The actions a framework may ask of the account, one file per area.
//!
//! Each action is a struct of its parameters; `new` takes the required ones and
//! a setter stands for each of the others.
//!
//! ```
//! use mynah_onebot::actions::group::SetGroupBan;
//! use mynah_onebot::actions::message::SendGroupMsg;
//! use mynah_onebot::{GroupId, Segment, UserId};
//!
//! let (group, alice) = (GroupId(20001), UserId(10001));
//! let warn = SendGroupMsg::new(group, Segment::at(alice) + " 请冷静");
//! let mute = SetGroupBan::new(group, alice).duration(60);
//!
//! assert_eq!(serde_json::to_value(&mute)?, serde_json::json!({
//!     "group_id": 20001, "user_id": 10001, "duration": 60,
//! }));
//! # let _ = warn;
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! **Names** follow the wire: `send_msg` is [`SendMsg`](message::SendMsg). Where
//! CQHTTP had an experimental `_name` beside a `name`, the former is `LegacyName`
//! ([`LegacyGetGroupInfo`](legacy::LegacyGetGroupInfo)); other prefixes are
//! left out.
//!
//! **Parameters.** The implementations differ in the spelling of some; a field
//! names the others it is read under. Frameworks pass whole events as
//! parameters, so two spellings may come together: parameters are read in the
//! order of their names, and the second spelling counts as absent.
//!
//! **Answers** keep in `extra` what goes beyond the documented fields, as the
//! implementations add to almost every one. Numbers and digits in text are both
//! read where the implementations are known to differ.
//!
//! **Failures** that every action shares: 100 when a parameter is missing or
//! ill-typed, 102 when the thing named is unknown or out of sight, 103 when the
//! account may not or cannot do it ([`retcode`](crate::retcode)). The structs
//! name only what goes beyond that.

pub mod account;
pub mod forward;
pub mod friend;
pub mod group;
pub mod group_file;
pub mod group_info;
pub mod legacy;
pub mod media;
pub mod message;
pub mod notice;
pub mod reaction;
pub mod request;
pub mod system;
