//! The server side of every endpoint, one file per area as in
//! [`mynah_rongcloud::api`].

mod chatroom;
mod conversation;
mod group;
mod history;
mod message;
mod push;
mod sensitiveword;
mod sms;
mod user;
mod wordfilter;
