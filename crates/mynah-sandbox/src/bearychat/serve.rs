//! The server side of every endpoint, one file per area as in
//! [`mynah_bearychat::api`].

mod channel;
mod emoji;
mod file;
mod incoming;
mod message;
mod message_pin;
mod meta;
mod p2p;
mod reaction;
mod rtm;
mod session_channel;
mod team;
mod user;
mod vchannel;
