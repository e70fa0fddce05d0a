//! Requests: people who want to be friends, to join, or to have the bot join.

use std::collections::VecDeque;

use mynah_onebot::{GroupId, UserId};
use serde::{Deserialize, Serialize};

use super::limits;
use super::refusal::Refusal;
use super::state::next;

/// The requests of all kinds, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Requests {
    all: VecDeque<Request>,
    count: i64,
    friend_count: u64,
    group_count: u64,
}

/// A request, answered or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// The platform's number of it.
    pub(super) id: i64,
    /// What answering it takes; works once.
    pub(super) flag: String,
    pub(super) wish: Wish,
    pub(super) comment: String,
    /// Who answered it.
    pub(super) answered: Option<UserId>,
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Wish {
    /// To be a friend of the bot.
    Friend { user: UserId },
    /// To join a group.
    Join { group: GroupId, user: UserId },
    /// That the bot joins a group.
    Invite { group: GroupId, inviter: UserId },
}

impl Requests {
    /// Adds a request and returns its flag. The same wish, still open, is not
    /// doubled: it gets a new flag and the new comment.
    pub(super) fn add(&mut self, wish: Wish, comment: String) -> String {
        self.all
            .retain(|request| request.answered.is_some() || request.wish != wish);
        let flag = match wish {
            Wish::Friend { .. } => {
                format!("friend-req-{}", next(&mut self.friend_count))
            }
            Wish::Join { .. } | Wish::Invite { .. } => {
                format!("group-req-{}", next(&mut self.group_count))
            }
        };
        self.count = self.count.saturating_add(1);
        self.all.push_back(Request {
            id: self.count,
            flag: flag.clone(),
            wish,
            comment,
            answered: None,
        });
        if self.all.len() > limits::REQUESTS {
            self.all.pop_front();
        }
        flag
    }

    /// The open request with a flag.
    ///
    /// # Errors
    /// There is none, or it has been answered.
    pub(super) fn open(&self, flag: &str) -> Result<&Request, Refusal> {
        self.all
            .iter()
            .find(|request| request.flag == flag && request.answered.is_none())
            .ok_or_else(|| {
                Refusal::missing(
                    "flag",
                    "no request has this flag, or it was answered before",
                )
            })
    }

    /// The open request for something.
    pub(super) fn open_wish(&self, wish: Wish) -> Option<&Request> {
        self.all
            .iter()
            .find(|request| request.wish == wish && request.answered.is_none())
    }

    /// Notes who answered; the flag is used up.
    pub(super) fn answer(&mut self, flag: &str, by: UserId) {
        if let Some(request) = self.all.iter_mut().find(|request| request.flag == flag) {
            request.answered = Some(by);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Request> {
        self.all.iter()
    }
}
