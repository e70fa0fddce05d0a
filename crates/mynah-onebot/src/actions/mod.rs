//! The actions a framework may ask of the account, one file per area.
//!
//! Each action is a struct of its parameters; `new` takes the required ones and
//! a setter stands for each of the others. Names follow the wire: `send_msg` is
//! [`SendMsg`](message::SendMsg). Where CQHTTP had an experimental `_name`
//! beside a `name`, the former is `LegacyName`
//! ([`LegacyGetGroupInfo`](legacy::LegacyGetGroupInfo)).
//!
//! What an answer holds beyond the documented fields is kept in `extra`: the
//! implementations add to almost every answer.
//!
//! Failures every action shares: 100 when a parameter is missing or ill-typed,
//! 102 when the thing named is unknown or out of sight, 103 when the account may
//! not or cannot do it. The structs name only what goes beyond that.

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
