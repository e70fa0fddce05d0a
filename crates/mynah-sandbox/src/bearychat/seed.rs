//! What the world looks like when nothing has happened yet.

use std::collections::BTreeSet;

use mynah_bearychat::id::{EmojiId, is_object_id};
use mynah_bearychat::limits::is_user_name;
use mynah_bearychat::types::Role;
use mynah_bearychat::{HookToken, RobotId, TeamId, Token, UserId, VchannelId};
use serde::{Deserialize, Deserializer, de};

use super::settings::Settings;
use crate::seed::{self, SeedError};
use crate::world::Time;

/// What the world looks like when nothing has happened yet: the `[bearychat]`
/// table of a seed file. [`Seed::default`] is the one that ships.
///
/// ```
/// use mynah_sandbox::World;
/// use mynah_sandbox::bearychat::{BearyChatWorld, Seed};
///
/// let seed = Seed::parse(r#"
///     [bearychat]
///     team = { id = "=t1", subdomain = "s", name = "S" }
///     general = { id = "=c1", name = "all", creator = "=u1" }
///     people = [{ id = "=u1", name = "alice" }]
///     bots = [{ id = "=u2", name = "bot", token = "secret" }]
/// "#)?;
/// assert_eq!(BearyChatWorld::new(&seed).people().len(), 2);
/// # Ok::<(), mynah_sandbox::SeedError>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Seed {
    /// How the team is set up.
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub(super) random: u64,
    /// In seconds since 1970.
    #[serde(default)]
    pub(super) time: i64,
    pub(super) team: TeamSeed,
    /// The first of them is the bot that people talk to.
    pub(super) bots: Vec<BotSeed>,
    /// In whose name the platform itself speaks to people.
    #[serde(default)]
    pub(super) assistant: Option<PersonSeed>,
    #[serde(default)]
    pub(super) people: Vec<PersonSeed>,
    pub(super) general: ChannelSeed,
    #[serde(default)]
    pub(super) channels: Vec<ChannelSeed>,
    #[serde(default)]
    pub(super) robots: Vec<RobotSeed>,
    #[serde(default)]
    pub(super) emoji: Vec<EmojiSeed>,
    #[serde(default)]
    pub(super) stickers: Vec<PackSeed>,
    #[serde(default)]
    pub(super) files: Vec<FileSeed>,
}

/// The team that all of them belong to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamSeed {
    pub(super) id: TeamId,
    /// Stands before the address of the platform, and in what robots are told.
    pub(super) subdomain: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) email_domain: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSeed {
    pub(super) id: UserId,
    /// What stands behind an at sign.
    pub(super) name: String,
    #[serde(default)]
    pub(super) full_name: Option<String>,
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) mobile: Option<String>,
    #[serde(default)]
    pub(super) role: Role,
    /// Whether the account is closed.
    #[serde(default)]
    pub(super) inactive: bool,
}

/// A hubot, and the token by which it is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BotSeed {
    pub(super) id: UserId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) full_name: Option<String>,
    pub(super) token: Token,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelSeed {
    pub(super) id: VchannelId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) topic: Option<String>,
    pub(super) creator: UserId,
    /// Not of the channel that everybody is in.
    #[serde(default)]
    pub(super) members: Vec<UserId>,
    #[serde(default)]
    pub(super) private: bool,
}

/// A robot that is no user: it speaks where it was put, and hears nothing but
/// its word.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotSeed {
    pub(super) id: RobotId,
    pub(super) name: String,
    pub(super) creator: UserId,
    /// Where it speaks unless it is told otherwise.
    pub(super) channel: VchannelId,
    /// The secret in the address at which others speak for it.
    #[serde(default)]
    pub(super) incoming: Option<HookToken>,
    /// By which the program that it tells knows it.
    #[serde(default)]
    pub(super) outgoing: Option<HookToken>,
    /// What a text must begin with so that the program is told.
    #[serde(default)]
    pub(super) trigger_word: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmojiSeed {
    pub(super) id: EmojiId,
    pub(super) creator: UserId,
    pub(super) name: String,
    pub(super) url: String,
}

/// Stickers that belong together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackSeed {
    pub(super) pack: String,
    pub(super) stickers: Vec<StickerSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StickerSeed {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A file that was uploaded long ago.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSeed {
    pub(super) key: String,
    /// Where it can be fetched.
    pub(super) url: String,
}

/// What somebody needs who wants to be the bot.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The bot's RTM token.
    pub token: Token,
    /// The bot itself.
    pub bot: UserId,
    /// Its team.
    pub team: TeamId,
    /// The secrets in the addresses of robots that others speak for.
    pub incoming: Vec<HookToken>,
    /// What programs know robots by that wait for a word.
    pub outgoing: Vec<HookToken>,
}

impl seed::Table for Seed {
    const NAME: &'static str = "bearychat";
}

impl Seed {
    /// Reads the `[bearychat]` table of a seed file; the one that ships if there
    /// is none.
    ///
    /// # Errors
    /// It is not TOML, lacks a field, or describes what cannot be: no bot, two
    /// users with one name, a channel with a member who is nobody.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        Ok(seed::table(toml)?.unwrap_or_default())
    }

    /// When the world begins.
    pub(super) fn start(&self) -> Time {
        Time(self.time.saturating_mul(1000))
    }

    /// The credentials of the first bot and of the robots.
    pub fn credentials(&self) -> Credentials {
        let bot = self.bot();
        let robots = self.robots.iter();
        let incoming = robots.clone().filter_map(|robot| robot.incoming.clone());
        Credentials {
            token: bot.token.clone(),
            bot: bot.id.clone(),
            team: self.team.id.clone(),
            incoming: incoming.collect(),
            outgoing: robots.filter_map(|robot| robot.outgoing.clone()).collect(),
        }
    }

    /// The bot that people talk to.
    pub(super) fn bot(&self) -> &BotSeed {
        match self.bots.first() {
            Some(bot) => bot,
            // Whatever a seed is read from, it is checked for this.
            None => unreachable!("a seed has a bot"),
        }
    }

    /// Everybody's id and name, the bots first.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (&UserId, &str)> {
        let bots = self.bots.iter().map(|bot| (&bot.id, bot.name.as_str()));
        let others = self.assistant.iter().chain(&self.people);
        bots.chain(others.map(|person| (&person.id, person.name.as_str())))
    }

    fn check(&self) -> Result<(), String> {
        if self.bots.is_empty() {
            return Err("there must be a bot".to_owned());
        }
        if !is_object_id(self.team.id.as_str()) {
            return Err(format!("team `{}`: {NO_ID}", self.team.id));
        }
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (id, name) in self.everybody() {
            let problem = if !is_object_id(id.as_str()) {
                NO_ID
            } else if !ids.insert(id) {
                "the id is taken"
            } else if !is_user_name(name) || !names.insert(name) {
                "the name is taken or cannot be"
            } else {
                continue;
            };
            return Err(format!("user `{id}`: {problem}"));
        }
        for (at, bot) in self.bots.iter().enumerate() {
            let mut before = self.bots.iter().take(at);
            if bot.token.is_empty() || before.any(|other| other.token == bot.token) {
                return Err(format!("bot `{}`: its token is taken or empty", bot.id));
            }
        }
        self.check_channels(&ids)?;
        self.check_robots(&ids)
    }

    fn all_channels(&self) -> impl Iterator<Item = &ChannelSeed> {
        std::iter::once(&self.general).chain(&self.channels)
    }

    fn check_channels(&self, users: &BTreeSet<&UserId>) -> Result<(), String> {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for channel in self.all_channels() {
            let members: BTreeSet<&UserId> = channel.members.iter().collect();
            let problem = if !is_object_id(channel.id.as_str()) {
                NO_ID
            } else if !ids.insert(&channel.id) {
                "the id is taken"
            } else if channel.name.is_empty() || !names.insert(&channel.name) {
                "the name is taken or empty"
            } else if !users.contains(&channel.creator) || !members.is_subset(users) {
                "a member is nobody"
            } else if members.len() < channel.members.len() {
                "somebody is a member twice"
            } else {
                continue;
            };
            return Err(format!("channel `{}`: {problem}", channel.id));
        }
        Ok(())
    }

    fn check_robots(&self, users: &BTreeSet<&UserId>) -> Result<(), String> {
        let mut ids = BTreeSet::new();
        for (at, robot) in self.robots.iter().enumerate() {
            let mut channels = self.all_channels();
            let mut before = self.robots.iter().take(at);
            let given = robot.incoming.as_ref();
            let problem = if !is_object_id(robot.id.as_str()) {
                NO_ID
            } else if !ids.insert(&robot.id) {
                "the id is taken"
            } else if !users.contains(&robot.creator) {
                "its creator is nobody"
            } else if !channels.any(|channel| channel.id == robot.channel) {
                "its channel is none"
            } else if given.is_some_and(|token| {
                token.is_empty() || before.any(|it| it.incoming.as_ref() == Some(token))
            }) {
                "its token is taken or empty"
            } else if robot.trigger_word.as_deref().is_some_and(str::is_empty) {
                "its word is empty"
            } else {
                continue;
            };
            return Err(format!("robot `{}`: {problem}", robot.id));
        }
        Ok(())
    }
}

const NO_ID: &str = "an id is `=` and letters and digits";

/// Whatever a seed is read from, it describes a world that can be.
impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not this function, but the derived one of the same name.
        let seed = Seed::deserialize(deserializer)?;
        seed.check().map_err(de::Error::custom)?;
        Ok(seed)
    }
}

/// The seed that ships with the sandbox.
impl Default for Seed {
    fn default() -> Self {
        seed::shipped()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_shipped_seed_is_sound() {
        let seed = Seed::default();
        let names: Vec<&str> = seed.everybody().map(|(_, name)| name).collect();
        let people = ["alice", "bob", "carol", "dave", "erin"];
        assert_eq!(names, [&["mynah", "BearyBot"][..], &people].concat());
        assert_eq!(seed.general.name, "所有人");
        assert_eq!(seed.people[0].role, Role::Owner);
        let credentials = seed.credentials();
        assert_eq!(credentials.token.expose(), "sandbox-token");
        assert_eq!(credentials.bot.as_str(), "=bwBot");
        assert_eq!(credentials.team.as_str(), "=bwTeam");
        assert_eq!(credentials.incoming[0].expose(), "sandbox-hook");
        assert_eq!(credentials.outgoing[0].expose(), "sandbox-outgoing");
    }

    #[test]
    fn a_file_without_the_table_leaves_the_shipped_team() {
        assert_eq!(Seed::parse("").unwrap().team.id.as_str(), "=bwTeam");
    }

    #[test]
    fn a_seed_that_cannot_be_is_refused_by_name() {
        const SOUND: &str = r#"
            [bearychat]
            team = { id = "=t1", subdomain = "s", name = "S" }
            general = { id = "=c1", name = "all", creator = "=u1" }
            bots = [{ id = "=u2", name = "bot", token = "secret" }]
            people = [{ id = "=u1", name = "a" }]
            channels = [{ id = "=c2", name = "dev", creator = "=u1", members = ["=u2"] }]
            robots = [{ id = "=r1", name = "r", creator = "=u1", channel = "=c2", incoming = "x" }]
        "#;
        Seed::parse(SOUND).unwrap();
        for (sound, wrong, problem) in [
            ("\"=t1\"", "\"t1\"", "team `t1`: an id is"),
            ("\"=u2\", name", "\"=\", name", "user `=`: an id is"),
            (
                "\"=u2\", name",
                "\"=u1\", name",
                "user `=u1`: the id is taken",
            ),
            (
                "name = \"bot\"",
                "name = \"a\"",
                "user `=u1`: the name is taken",
            ),
            (
                "name = \"bot\"",
                "name = \"a b\"",
                "user `=u2`: the name is taken",
            ),
            ("\"secret\"", "\"\"", "bot `=u2`: its token"),
            (
                "bots = [{ id = \"=u2\", name = \"bot\", token = \"secret\" }]",
                "bots = []",
                "there must be a bot",
            ),
            (
                "\"=c2\", name",
                "\"=c1\", name",
                "channel `=c1`: the id is taken",
            ),
            (
                "name = \"dev\"",
                "name = \"all\"",
                "channel `=c2`: the name is taken",
            ),
            (
                "[\"=u2\"]",
                "[\"=u3\"]",
                "channel `=c2`: a member is nobody",
            ),
            (
                "[\"=u2\"]",
                "[\"=u2\", \"=u2\"]",
                "channel `=c2`: somebody is a member twice",
            ),
            (
                "creator = \"=u1\", channel",
                "creator = \"=u3\", channel",
                "robot `=r1`: its creator",
            ),
            (
                "channel = \"=c2\"",
                "channel = \"=c3\"",
                "robot `=r1`: its channel",
            ),
            (
                "incoming = \"x\"",
                "incoming = \"\"",
                "robot `=r1`: its token",
            ),
            (
                "incoming = \"x\"",
                "trigger_word = \"\"",
                "robot `=r1`: its word",
            ),
            ("incoming = \"x\"", "colour = 1", "colour"),
        ] {
            let text = SOUND.replace(sound, wrong);
            assert_ne!(text, SOUND, "{sound}");
            let error = Seed::parse(&text).unwrap_err().to_string();
            assert!(error.contains(problem), "{problem}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
