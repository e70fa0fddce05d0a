//! What the world looks like when nothing has happened yet.

use std::collections::BTreeSet;

use mynah_rongcloud::{App, AppSecret, ChatroomId, GroupId, UserId};
use serde::{Deserialize, Deserializer, de};

use super::settings::Settings;
use crate::seed::{self, SeedError};

/// What the world looks like when nothing has happened yet: the `[rongcloud]`
/// table of a seed file. [`Seed::default`] is the one that ships.
///
/// ```
/// use mynah_sandbox::World;
/// use mynah_sandbox::rongcloud::{RongCloudWorld, Seed};
///
/// let seed = Seed::parse(r#"
///     [rongcloud]
///     app = { key = "k", secret = "s" }
///     people = [{ id = "alice", name = "Alice" }]
/// "#)?;
/// assert_eq!(RongCloudWorld::new(&seed).people().len(), 2);
/// # Ok::<(), mynah_sandbox::SeedError>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Seed {
    /// How the application is set up.
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub(super) random: u64,
    /// In seconds since 1970.
    #[serde(default)]
    pub(super) time: i64,
    #[serde(deserialize_with = "app")]
    pub(super) app: App,
    /// The application's own user.
    #[serde(default = "bot")]
    pub(super) bot: PersonSeed,
    #[serde(default)]
    pub(super) people: Vec<PersonSeed>,
    #[serde(default)]
    pub(super) groups: Vec<GroupSeed>,
    #[serde(default)]
    pub(super) chatrooms: Vec<ChatroomSeed>,
}

/// The application: `key` and `secret`.
fn app<'de, D: Deserializer<'de>>(deserializer: D) -> Result<App, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Credentials {
        key: String,
        secret: AppSecret,
    }
    let app = Credentials::deserialize(deserializer)?;
    App::new(app.key, app.secret).map_err(de::Error::custom)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSeed {
    pub(super) id: UserId,
    pub(super) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
    pub(super) id: GroupId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) members: Vec<UserId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatroomSeed {
    pub(super) id: ChatroomId,
    pub(super) name: String,
}

/// What somebody needs who wants to be the application.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The application.
    pub app_key: String,
    /// Its secret.
    pub app_secret: AppSecret,
    /// The application's own user.
    pub bot: UserId,
}

fn bot() -> PersonSeed {
    PersonSeed {
        id: "bot".into(),
        name: "Mynah".to_owned(),
    }
}

impl seed::Table for Seed {
    const NAME: &'static str = "rongcloud";
}

impl Seed {
    /// Reads the `[rongcloud]` table of a seed file; the one that ships if
    /// there is none.
    ///
    /// # Errors
    /// It is not TOML, lacks a field, or describes what cannot be: two people
    /// with one id, a group with a member who is nobody.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        Ok(seed::table(toml)?.unwrap_or_default())
    }

    /// The credentials of the application.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            app_key: self.app.app_key().to_owned(),
            app_secret: self.app.app_secret().clone(),
            bot: self.bot.id.clone(),
        }
    }

    /// Everybody who is registered, the application's own user first.
    pub(super) fn everybody(&self) -> impl Iterator<Item = (&UserId, &str)> {
        let all = std::iter::once(&self.bot).chain(&self.people);
        all.map(|person| (&person.id, person.name.as_str()))
    }

    fn check(&self) -> Result<(), String> {
        if self.app.app_key().is_empty() {
            return Err("app.key must not be empty".to_owned());
        }
        let mut people = BTreeSet::new();
        for (id, _) in self.everybody() {
            if id.is_empty() || !people.insert(id) {
                return Err(format!("person `{id}`: its id is taken or empty"));
            }
        }
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            let problem = if group.id.is_empty() || !groups.insert(&group.id) {
                "its id is taken or empty"
            } else if group.members.iter().any(|user| !people.contains(user)) {
                "a member is nobody"
            } else {
                continue;
            };
            return Err(format!("group `{}`: {problem}", group.id));
        }
        let mut rooms = BTreeSet::new();
        let mut taken = |id: &ChatroomSeed| id.id.is_empty() || !rooms.insert(id.id.clone());
        if let Some(room) = self.chatrooms.iter().find(|room| taken(room)) {
            return Err(format!("chatroom `{}`: its id is taken or empty", room.id));
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
        assert_eq!(seed.people.len(), 5);
        assert_eq!(seed.groups.len(), 1);
        assert_eq!(seed.groups[0].members.len(), 6);
        assert_eq!(seed.chatrooms.len(), 1);
        let credentials = seed.credentials();
        assert_eq!(credentials.app_key, "rc-sandbox");
        assert_eq!(credentials.app_secret.expose(), "sandbox-secret");
        assert_eq!(credentials.bot.as_str(), "bot");
    }

    #[test]
    fn a_file_without_the_table_leaves_the_shipped_application() {
        assert_eq!(Seed::parse("").unwrap().app.app_key(), "rc-sandbox");
    }

    #[test]
    fn a_seed_that_cannot_be_is_refused_by_name() {
        let start = "[rongcloud]\napp = { key = \"k\", secret = \"s\" }\n";
        for (rest, problem) in [
            ("people = [{ id = \"\", name = \"A\" }]", "taken or empty"),
            (
                "people = [{ id = \"bot\", name = \"A\" }]",
                "taken or empty",
            ),
            (
                "groups = [{ id = \"g\", name = \"G\", members = [\"eve\"] }]",
                "a member is nobody",
            ),
            (
                "groups = [{ id = \"g\", name = \"G\" }, { id = \"g\", name = \"H\" }]",
                "group `g`: its id is taken",
            ),
            (
                "chatrooms = [{ id = \"r\", name = \"R\" }, { id = \"r\", name = \"S\" }]",
                "chatroom `r`: its id is taken",
            ),
            ("[rongcloud.settings]\ncolour = 1", "colour"),
        ] {
            let error = Seed::parse(&format!("{start}{rest}")).unwrap_err();
            assert!(error.to_string().contains(problem), "{rest}: {error}");
        }
    }
}
