//! The world of WeCom: a corp with its members, its applications, its group
//! robots and its intelligent bot.

mod answered;
mod archive;
mod bot;
mod calls;
mod cards;
mod content;
mod details;
mod directory;
mod effect;
mod frequency;
mod limits;
mod media;
mod menu;
mod people;
mod prepare;
mod press;
mod refusal;
pub(crate) mod rim;
mod seed;
mod serve;
mod settings;
mod speech;
mod state;
mod tokens;
mod uploads;
mod view;
mod world;

pub use effect::Effect;
pub use seed::{Credentials, Seed};
pub use settings::{BotReach, Reach, Settings};
pub use world::WeComWorld;
