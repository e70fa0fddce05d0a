//! The servers of chat platforms, on your machine, with a page where a person chats.

pub mod onebot;
mod serve;
mod world;

pub use serve::{Route, Routes, Serve};
pub use world::{
    Act, By, Change, Conversation, Conversations, Joinable, Member, MessageView, Messages, Notice,
    Part, Person, Reaction, Rejected, Said, Say, Speaker, Time, World,
};
