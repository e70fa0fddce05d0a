//! What the world looks like when nothing has happened yet.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_onebot::types::Sex;
use mynah_onebot::{DiscussId, GroupId, UserId};
use serde::{Deserialize, Deserializer, de};

use super::settings::Settings;
use super::state::{JoinPolicy, Rank};
use crate::seed::{self, SeedError};

/// What the world looks like when nothing has happened yet: the `[onebot]`
/// table of a seed file. [`Seed::default`] is the one that ships.
///
/// ```
/// use mynah_sandbox::onebot::{OneBotWorld, Seed};
/// use mynah_sandbox::World;
///
/// let seed = Seed::parse(r#"
///     [onebot.bot]
///     id = 10000
///     [[onebot.people]]
///     id = 10001
///     name = "alice"
/// "#)?;
/// assert_eq!(OneBotWorld::new(&seed).people().len(), 2);
/// # Ok::<(), mynah_sandbox::onebot::SeedError>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Seed {
    /// How the account behaves.
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub(super) random: u64,
    #[serde(default)]
    pub(super) time: i64,
    #[serde(default = "one")]
    pub(super) first_message_id: i32,
    #[serde(default)]
    pub(super) words: Vec<String>,
    pub(super) bot: BotSeed,
    #[serde(default)]
    pub(super) people: Vec<PersonSeed>,
    #[serde(default)]
    pub(super) groups: Vec<GroupSeed>,
    #[serde(default)]
    pub(super) discusses: Vec<DiscussSeed>,
    #[serde(default)]
    pub(super) media: Vec<MediaSeed>,
    #[serde(default)]
    pub(super) downloads: Vec<DownloadSeed>,
    #[serde(default)]
    pub(super) models: Vec<ModelSeed>,
    #[serde(default)]
    pub(super) urls: UrlsSeed,
}

/// The bot's account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BotSeed {
    pub(super) id: UserId,
    #[serde(default = "bot_name")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) nickname: Option<String>,
    #[serde(default)]
    pub(super) skey: String,
    /// Only business accounts have one.
    #[serde(default)]
    pub(super) qidian: Option<QidianSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QidianSeed {
    pub(super) master_id: UserId,
    #[serde(default)]
    pub(super) ext_name: String,
    #[serde(default)]
    pub(super) create_time: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSeed {
    pub(super) id: UserId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) nickname: Option<String>,
    #[serde(default = "unknown")]
    pub(super) sex: Sex,
    #[serde(default)]
    pub(super) age: i32,
    #[serde(default = "level")]
    pub(super) level: i64,
    /// Present for a friend of the bot.
    #[serde(default)]
    pub(super) friend: Option<FriendSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FriendSeed {
    #[serde(default)]
    pub(super) remark: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
    pub(super) id: GroupId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) introduction: String,
    #[serde(default = "capacity")]
    pub(super) capacity: usize,
    #[serde(default)]
    pub(super) join: JoinPolicy,
    #[serde(default = "yes")]
    pub(super) anonymous: bool,
    pub(super) members: Vec<MemberSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberSeed {
    pub(super) id: UserId,
    #[serde(default)]
    pub(super) role: Rank,
    #[serde(default)]
    pub(super) card: String,
    #[serde(default)]
    pub(super) area: String,
    #[serde(default)]
    pub(super) title: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscussSeed {
    pub(super) id: DiscussId,
    pub(super) name: String,
    pub(super) members: BTreeSet<UserId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MediaSeed {
    pub(super) name: String,
    /// What text recognition finds in the picture.
    #[serde(default)]
    pub(super) caption: String,
    #[serde(rename = "base64", deserialize_with = "bytes")]
    pub(super) content: Vec<u8>,
}

/// A file that `download_file` finds, since nothing is fetched from the network.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DownloadSeed {
    pub(super) url: String,
    #[serde(rename = "base64", deserialize_with = "bytes")]
    pub(super) content: Vec<u8>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelSeed {
    pub(super) model: String,
    pub(super) variants: Vec<String>,
}

/// What `check_url_safely` knows of hosts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UrlsSeed {
    pub(super) safe: Vec<String>,
    pub(super) dangerous: Vec<String>,
}

const fn one() -> i32 {
    1
}

const fn yes() -> bool {
    true
}

const fn capacity() -> usize {
    200
}

const fn level() -> i64 {
    16
}

const fn unknown() -> Sex {
    Sex::Unknown
}

fn bot_name() -> String {
    "bot".to_owned()
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD
        .decode(String::deserialize(deserializer)?)
        .map_err(de::Error::custom)
}

impl seed::Table for Seed {
    const NAME: &'static str = "onebot";
}

impl Seed {
    /// Reads the `[onebot]` table of a seed file.
    ///
    /// # Errors
    /// It is not TOML, lacks a field, or describes what cannot be: two people
    /// with one id, a group without an owner, a member who is nobody.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        #[derive(Deserialize)]
        struct File {
            onebot: Seed,
        }
        let file: File = seed::read(toml)?;
        Ok(file.onebot)
    }

    fn check(&self) -> Result<(), String> {
        let mut ids = BTreeSet::from([self.bot.id]);
        let mut names = BTreeSet::from([self.bot.name.as_str()]);
        for person in &self.people {
            if !ids.insert(person.id) || !names.insert(&person.name) {
                return Err(format!(
                    "people: the id or name of `{}` is taken",
                    person.name
                ));
            }
        }
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            if !groups.insert(group.id) {
                return Err(format!("groups: the id {} is taken", group.id));
            }
            group
                .check(&ids)
                .map_err(|problem| format!("group `{}`: {problem}", group.name))?;
        }
        for discuss in &self.discusses {
            if let Some(stranger) = discuss.members.difference(&ids).next() {
                return Err(format!("discuss `{}`: {stranger} is nobody", discuss.name));
            }
        }
        if self.first_message_id < 1 {
            return Err("first_message_id: must be at least 1".to_owned());
        }
        Ok(())
    }
}

/// Whatever a seed is read from, it describes a world that can be.
impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not this function, but the derived one of the same name.
        let seed = Seed::deserialize(deserializer)?;
        seed.check().map_err(de::Error::custom)?;
        Ok(seed)
    }
}

impl GroupSeed {
    /// A group of this name, of which nothing else is said.
    pub(super) fn named(name: &str) -> Self {
        Self {
            id: GroupId(0),
            name: name.to_owned(),
            introduction: String::new(),
            capacity: capacity(),
            join: JoinPolicy::default(),
            anonymous: yes(),
            members: Vec::new(),
        }
    }

    fn check(&self, people: &BTreeSet<UserId>) -> Result<(), String> {
        let members: BTreeSet<_> = self.members.iter().map(|member| member.id).collect();
        if let Some(stranger) = members.difference(people).next() {
            return Err(format!("{stranger} is nobody"));
        }
        if members.len() != self.members.len() {
            return Err("somebody is a member twice".to_owned());
        }
        if members.len() > self.capacity {
            return Err("there are more members than it holds".to_owned());
        }
        let owners = self
            .members
            .iter()
            .filter(|member| member.role == Rank::Owner);
        match owners.count() {
            1 => Ok(()),
            count => Err(format!("must have one owner, not {count}")),
        }
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
    use crate::seed::SHIPPED;

    #[test]
    fn the_shipped_seed_is_sound() {
        let seed = Seed::parse(SHIPPED).unwrap();
        assert_eq!(seed.people.len(), 5);
        assert_eq!(seed.groups.len(), 2);
    }

    #[test]
    fn a_seed_that_cannot_be_is_refused_by_name() {
        let bot = "[onebot.bot]\nid = 1\n";
        for (rest, problem) in [
            ("[[onebot.people]]\nid = 1\nname = \"a\"", "is taken"),
            ("[[onebot.people]]\nid = 2\nname = \"bot\"", "is taken"),
            (
                "[[onebot.groups]]\nid = 5\nname = \"g\"\nmembers = []",
                "one owner, not 0",
            ),
            (
                "[[onebot.groups]]\nid = 5\nname = \"g\"\nmembers = [{ id = 9, role = \"owner\" }]",
                "9 is nobody",
            ),
            (
                "[[onebot.discusses]]\nid = 7\nname = \"d\"\nmembers = [9]",
                "9 is nobody",
            ),
            (
                "[onebot.settings]\naccess_token = \"a\\nb\"",
                "access_token",
            ),
            ("[onebot.settings]\ncolour = 1", "colour"),
        ] {
            let error = Seed::parse(&format!("{bot}{rest}")).unwrap_err();
            assert!(error.to_string().contains(problem), "{rest}: {error}");
        }
    }
}
