//! What was said while there was no connection.
//!
//! Nothing is told again over the socket. So it is remembered up to where each conversation was
//! heard, and after a gap the history is read from there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mynah_bearychat::api::channel::ListChannels;
use mynah_bearychat::api::message::QueryMessages;
use mynah_bearychat::api::p2p::ListP2ps;
use mynah_bearychat::api::session_channel::ListSessionChannels;
use mynah_bearychat::event::Event as Told;
use mynah_bearychat::limits::MESSAGES;
use mynah_bearychat::query::Position;
use mynah_bearychat::{BearyChat, Message, MessageKey, Millis, Query, UserId, VchannelId};
use mynah_client::Client;
use mynah_core::Error;

use crate::recent::Recent;

/// So many conversations are remembered.
const CONVERSATIONS: usize = 10_000;

/// So many pages of 100 messages are read of one conversation; who missed more than that has other
/// worries.
const PAGES: usize = 100;

/// Two messages of one millisecond, of which one was heard: beyond this the other one was too.
const SETTLED: u64 = 60_000;

/// Reads what was missed.
#[derive(Debug)]
pub(super) struct CatchUp {
    client: Client<BearyChat>,
    marks: Mutex<Marks>,
}

/// Up to where what happens was heard.
#[derive(Debug)]
struct Marks {
    /// In each conversation: where what was not heard begins.
    heard: Recent<VchannelId, Position>,
    /// The latest moment that anything was heard of.
    latest: Millis,
    /// Whether there is anything to compare with.
    begun: bool,
    /// Whether something may have been missed: what comes by the socket meanwhile says nothing of
    /// what lies before it.
    gap: bool,
}

/// A message as far as it marks a place.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    vchannel: VchannelId,
    key: MessageKey,
}

/// What may have been missed in one conversation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Missed {
    vchannel: VchannelId,
    /// The two, in a conversation of two.
    two: Vec<UserId>,
    from: Position,
    pages: usize,
}

/// A conversation that the hubot belongs to.
struct Joined {
    vchannel: VchannelId,
    latest: Millis,
    two: Vec<UserId>,
}

impl CatchUp {
    pub(super) fn new(client: Client<BearyChat>) -> Self {
        Self {
            client,
            marks: Mutex::new(Marks {
                heard: Recent::of(CONVERSATIONS),
                latest: Millis(0),
                begun: false,
                gap: false,
            }),
        }
    }

    /// There is a connection, and before it there was none.
    pub(super) fn connected(&self) {
        let mut marks = self.marks();
        marks.gap = marks.begun;
    }

    /// Takes down that a message has come over the socket.
    pub(super) fn heard(&self, mark: &Mark) {
        let mut marks = self.marks();
        if !marks.gap {
            marks.pass(&mark.vchannel, &mark.key);
        }
    }

    /// In which conversations something may have been missed. The first time that is none: from
    /// then on it can be told.
    pub(super) async fn survey(&self) -> Result<Vec<Missed>, Error> {
        let joined = self.joined().await?;
        let mut marks = self.marks();
        if !marks.begun {
            marks.begin(&joined);
            return Ok(Vec::new());
        }
        let latest = marks.latest;
        let missed = joined.into_iter().filter_map(|joined| {
            // What nobody has heard of before has come about since then.
            let known = marks.heard.get(&joined.vchannel).cloned();
            let from = known.unwrap_or(Position::Time(latest));
            may_follow(&from, joined.latest, latest).then_some(Missed {
                vchannel: joined.vchannel,
                two: joined.two,
                from,
                pages: 0,
            })
        });
        Ok(missed.collect())
    }

    /// The next messages of a conversation, the oldest first; none when there are no more.
    pub(super) async fn page(&self, missed: &Missed) -> Result<Vec<Message>, Error> {
        if missed.pages == PAGES {
            let vchannel = &missed.vchannel;
            tracing::error!(%vchannel, "more was said meanwhile than is read");
            return Ok(Vec::new());
        }
        let query = Query::since(missed.from.clone()).forward(MESSAGES);
        let messages = QueryMessages::new(missed.vchannel.clone(), query);
        self.client.call(messages).await
    }

    /// Takes down that the messages of a page were handed over. Tells whether there may be more.
    pub(super) fn passed(&self, missed: &mut Missed, page: &[Message]) -> bool {
        let Some(last) = page.last() else {
            return false;
        };
        self.marks().pass(&missed.vchannel, &last.key);
        missed.from = Position::Key(last.key.clone());
        missed.pages += 1;
        u32::try_from(page.len()).is_ok_and(|length| length >= MESSAGES)
    }

    /// Everything was read.
    pub(super) fn done(&self) {
        self.marks().gap = false;
    }

    /// All conversations that the hubot belongs to.
    async fn joined(&self) -> Result<Vec<Joined>, Error> {
        let channels = self.client.call(ListChannels::new()).await?;
        let sessions = self.client.call(ListSessionChannels::new()).await?;
        let twos = self.client.call(ListP2ps::new()).await?;
        let joined = |vchannel, latest, two| Joined {
            vchannel,
            latest,
            two,
        };
        let channels = channels.into_iter().filter(|channel| channel.is_member);
        let channels = channels.map(|one| joined(one.vchannel_id, one.latest_ts, Vec::new()));
        let sessions = sessions.into_iter();
        let sessions = sessions.map(|one| joined(one.vchannel_id, one.latest_ts, Vec::new()));
        let twos = twos.into_iter();
        let twos = twos.map(|one| joined(one.vchannel_id, one.latest_ts, one.member_uids));
        Ok(channels.chain(sessions).chain(twos).collect())
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Marks {
    /// What was said up to now was said before.
    fn begin(&mut self, joined: &[Joined]) {
        self.begun = true;
        for Joined {
            vchannel, latest, ..
        } in joined
        {
            self.latest = self.latest.max(*latest);
            // What has come over the socket meanwhile is more exact.
            if latest.0 > 0 && self.heard.get(vchannel).is_none() {
                let next = Position::Time(Millis(latest.0 + 1));
                self.heard.insert(vchannel.clone(), next);
            }
        }
    }

    /// Everything up to this message was heard.
    fn pass(&mut self, vchannel: &VchannelId, key: &MessageKey) {
        let place = key.place();
        let known = match self.heard.get(vchannel) {
            Some(Position::Key(known)) => known.place(),
            _ => None,
        };
        if known.is_some() && known > place {
            return;
        }
        self.latest = place.map_or(self.latest, |place| self.latest.max(place.millis));
        self.heard
            .insert(vchannel.clone(), Position::Key(key.clone()));
    }
}

impl Mark {
    /// Of what was said, if something was.
    pub(super) fn of(told: &Told) -> Option<Self> {
        told.message().map(|message| Self {
            vchannel: message.vchannel_id.clone(),
            key: message.key.clone(),
        })
    }
}

impl Missed {
    /// To whom a message was said, in a conversation of two.
    pub(super) fn other_than(&self, sender: Option<&UserId>) -> Option<UserId> {
        let mut others = self.two.iter().filter(|uid| Some(*uid) != sender);
        others.next().cloned()
    }
}

/// Whether there may be something behind a position in a conversation where something was said
/// `last`, if anything was heard up to `latest`.
fn may_follow(position: &Position, last: Millis, latest: Millis) -> bool {
    if last.0 == 0 {
        // Nobody said when.
        return true;
    }
    match position {
        Position::Time(time) => last >= *time,
        Position::Key(key) => key.place().is_none_or(|place| {
            let settled = place.millis.0.saturating_add(SETTLED) < latest.0;
            last > place.millis || last == place.millis && !settled
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(millis: u64) -> MessageKey {
        MessageKey::from(format!("{millis:013}.0001"))
    }

    fn joined(vchannel: &str, latest: u64) -> Joined {
        Joined {
            vchannel: vchannel.into(),
            latest: Millis(latest),
            two: Vec::new(),
        }
    }

    fn marks() -> Marks {
        Marks {
            heard: Recent::of(CONVERSATIONS),
            latest: Millis(0),
            begun: false,
            gap: false,
        }
    }

    #[test]
    fn what_was_said_before_the_beginning_is_not_missed() {
        let mut marks = marks();
        marks.begin(&[joined("=a", 1000), joined("=b", 0)]);
        assert_eq!(
            marks.heard.get(&"=a".into()),
            Some(&Position::Time(Millis(1001)))
        );
        assert_eq!(marks.heard.get(&"=b".into()), None);
        assert_eq!(marks.latest, Millis(1000));
    }

    #[test]
    fn what_came_over_the_socket_is_more_exact_than_the_beginning() {
        let mut marks = marks();
        marks.pass(&"=a".into(), &key(900));
        marks.begin(&[joined("=a", 1000)]);
        assert_eq!(
            marks.heard.get(&"=a".into()),
            Some(&Position::Key(key(900)))
        );
    }

    #[test]
    fn a_mark_never_goes_back() {
        let mut marks = marks();
        marks.pass(&"=a".into(), &key(2000));
        marks.pass(&"=a".into(), &key(1000));
        assert_eq!(
            marks.heard.get(&"=a".into()),
            Some(&Position::Key(key(2000)))
        );
    }

    #[test]
    fn only_what_has_something_new_is_read() {
        let now = Millis(1_000_000);
        for (position, last, expected) in [
            (Position::Key(key(500_000)), 500_001, true),
            (Position::Key(key(500_000)), 500_000, false),
            // Something else may have been said within the same millisecond.
            (Position::Key(key(999_000)), 999_000, true),
            (Position::Key(key(500_000)), 0, true),
            (Position::Time(Millis(500_000)), 500_000, true),
            (Position::Time(Millis(500_000)), 499_999, false),
        ] {
            let follows = may_follow(&position, Millis(last), now);
            assert_eq!(follows, expected, "{position:?} {last}");
        }
    }
}
