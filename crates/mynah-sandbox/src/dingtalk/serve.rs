//! The server side of every endpoint, one file per area as in
//! [`mynah_dingtalk::api`].

mod callback;
mod card;
mod chat;
mod department;
mod im;
mod media;
mod notice;
mod robot;
mod stream;
mod token;
mod top;
mod user;
