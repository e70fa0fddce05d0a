//! The server side of every endpoint, one file per area as in
//! [`mynah_wecom::api`].

mod agent;
mod appchat;
mod department;
mod media;
mod message;
mod misc;
mod socket;
mod tag;
mod token;
mod user;
mod webhook;
