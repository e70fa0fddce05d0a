//! What the world looks like when nothing has happened yet.

use std::collections::BTreeSet;

use mynah_wecom::{AgentId, ChatId, DepartmentId, Secret, TagId, UserId};
use serde::{Deserialize, Deserializer, de};

use super::settings::Settings;
use crate::seed::{self, SeedError};

/// What the world looks like when nothing has happened yet: the `[wecom]`
/// table of a seed file. [`Seed::default`] is the one that ships.
///
/// ```
/// use mynah_sandbox::wecom::{Seed, WeComWorld};
/// use mynah_sandbox::World;
///
/// let seed = Seed::parse(r#"
///     [wecom]
///     corpid = "ww-mine"
///     applications = [{ agentid = 1, secret = "s", name = "clerk" }]
///     people = [{ userid = "alice", name = "Alice" }]
///     bot = { id = "robot", secret = "t" }
/// "#)?;
/// assert_eq!(WeComWorld::new(&seed).people().len(), 3);
/// # Ok::<(), mynah_sandbox::SeedError>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Seed {
    /// How the corp and its applications behave.
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub(super) random: u64,
    #[serde(default)]
    pub(super) time: i64,
    pub(super) corpid: String,
    /// The first one is the one that people mean by `bot`.
    pub(super) applications: Vec<ApplicationSeed>,
    #[serde(default = "root")]
    pub(super) departments: Vec<DepartmentSeed>,
    #[serde(default)]
    pub(super) people: Vec<PersonSeed>,
    #[serde(default)]
    pub(super) tags: Vec<TagSeed>,
    #[serde(default)]
    pub(super) groups: Vec<GroupSeed>,
    #[serde(default)]
    pub(super) robots: Vec<RobotSeed>,
    pub(super) bot: BotSeed,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationSeed {
    pub(super) agentid: AgentId,
    pub(super) secret: Secret,
    pub(super) name: String,
    /// Whom it sees; the root department, unless it is said otherwise.
    #[serde(default = "root_scope")]
    pub(super) parties: Vec<DepartmentId>,
    #[serde(default)]
    pub(super) users: Vec<UserId>,
    #[serde(default)]
    pub(super) tags: Vec<TagId>,
    /// Whether it hears when people open it, and where they are then.
    #[serde(default)]
    pub(super) report_enter: bool,
    #[serde(default)]
    pub(super) report_location: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentSeed {
    pub(super) id: DepartmentId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) parent: DepartmentId,
    #[serde(default = "order")]
    pub(super) order: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSeed {
    pub(super) userid: UserId,
    pub(super) name: String,
    #[serde(default = "root_scope")]
    pub(super) departments: Vec<DepartmentId>,
    #[serde(default)]
    pub(super) mobile: String,
    #[serde(default)]
    pub(super) email: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TagSeed {
    pub(super) id: TagId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) users: Vec<UserId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
    pub(super) chatid: ChatId,
    pub(super) name: String,
    /// The application that made it; the first one, unless it is said otherwise.
    #[serde(default)]
    pub(super) agentid: Option<AgentId>,
    pub(super) owner: UserId,
    pub(super) members: Vec<UserId>,
    /// Whether members see it already.
    #[serde(default)]
    pub(super) visible: bool,
    /// Whether the intelligent bot is in it.
    #[serde(default)]
    pub(super) bot: bool,
}

/// What somebody needs who wants to be the bots of the world.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The corp.
    pub corpid: String,
    /// The secret of the first application.
    pub corpsecret: Secret,
    /// The first application.
    pub agentid: AgentId,
    /// The intelligent bot.
    pub bot_id: String,
    /// The secret of the intelligent bot's socket.
    pub bot_secret: Secret,
}

impl Seed {
    /// The credentials of the first application and of the intelligent bot;
    /// `None` if there is no application.
    pub fn credentials(&self) -> Option<Credentials> {
        let first = self.applications.first()?;
        Some(Credentials {
            corpid: self.corpid.clone(),
            corpsecret: first.secret.clone(),
            agentid: first.agentid,
            bot_id: self.bot.id.clone(),
            bot_secret: self.bot.secret.clone(),
        })
    }
}

/// A group robot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotSeed {
    pub(super) key: Secret,
    pub(super) name: String,
    pub(super) chatid: ChatId,
}

/// The intelligent bot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BotSeed {
    pub(super) id: String,
    pub(super) secret: Secret,
    #[serde(default = "bot_name")]
    pub(super) name: String,
}

fn root() -> Vec<DepartmentSeed> {
    vec![DepartmentSeed {
        id: ROOT,
        name: "Mynah".to_owned(),
        parent: DepartmentId(0),
        order: order(),
    }]
}

/// The department above all others.
pub(super) const ROOT: DepartmentId = DepartmentId(1);

fn root_scope() -> Vec<DepartmentId> {
    vec![ROOT]
}

const fn order() -> i64 {
    100_000_000
}

fn bot_name() -> String {
    "mynah".to_owned()
}

impl seed::Table for Seed {
    const NAME: &'static str = "wecom";
}

impl Seed {
    /// Reads the `[wecom]` table of a seed file; the one that ships if there
    /// is none.
    ///
    /// # Errors
    /// It is not TOML, lacks a field, or describes what cannot be: two people
    /// with one id, a group with a member who is nobody.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        Ok(seed::table(toml)?.unwrap_or_default())
    }

    fn check(&self) -> Result<(), String> {
        let departments: BTreeSet<_> = self.departments.iter().map(|it| it.id).collect();
        if departments.len() != self.departments.len() || !departments.contains(&ROOT) {
            return Err("departments: ids must differ, and 1 must be among them".to_owned());
        }
        let strays = |it: &&DepartmentSeed| it.id != ROOT && !departments.contains(&it.parent);
        if let Some(stray) = self.departments.iter().find(strays) {
            return Err(format!("department {}: there is no parent", stray.id));
        }
        let mut people = BTreeSet::new();
        for person in &self.people {
            if !person.userid.is_well_formed() || !people.insert(&person.userid) {
                return Err(format!("people: `{}` is taken or no id", person.userid));
            }
            if person
                .departments
                .iter()
                .any(|id| !departments.contains(id))
            {
                return Err(format!(
                    "person `{}`: there is no department",
                    person.userid
                ));
            }
        }
        let agents: BTreeSet<_> = self.applications.iter().map(|it| it.agentid).collect();
        if agents.len() != self.applications.len() || agents.is_empty() {
            return Err("applications: there must be one, with ids that differ".to_owned());
        }
        self.check_groups(&people, &agents)
    }

    fn check_groups(
        &self,
        people: &BTreeSet<&UserId>,
        agents: &BTreeSet<AgentId>,
    ) -> Result<(), String> {
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            let problem = if !group.chatid.is_well_formed() || !groups.insert(&group.chatid) {
                "its id is taken or none"
            } else if group.members.iter().any(|user| !people.contains(user)) {
                "a member is nobody"
            } else if !group.members.contains(&group.owner) {
                "its owner is no member"
            } else if group.agentid.is_some_and(|agent| !agents.contains(&agent)) {
                "there is no such application"
            } else {
                continue;
            };
            return Err(format!("group `{}`: {problem}", group.chatid));
        }
        if let Some(robot) = self.robots.iter().find(|it| !groups.contains(&it.chatid)) {
            return Err(format!("robot `{}`: there is no such group", robot.name));
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
        assert_eq!(seed.applications.len(), 2);
        assert_eq!(seed.groups.len(), 1);
        assert_eq!(seed.robots.len(), 1);
    }

    #[test]
    fn a_file_without_the_table_leaves_the_shipped_corp() {
        assert_eq!(Seed::parse("").unwrap().corpid, "ww-sandbox");
    }

    #[test]
    fn a_seed_that_cannot_be_is_refused_by_name() {
        let start = "[wecom]\ncorpid = \"c\"\nbot = { id = \"b\", secret = \"s\" }\n";
        let one = "applications = [{ agentid = 1, secret = \"s\", name = \"a\" }]\n";
        let alice = "people = [{ userid = \"alice\", name = \"A\" }]\n";
        for (rest, problem) in [
            ("applications = []".to_owned(), "there must be one"),
            (
                format!("{one}people = [{{ userid = \"-\", name = \"A\" }}]"),
                "no id",
            ),
            (
                format!("{one}departments = [{{ id = 2, name = \"x\" }}]"),
                "1 must be among them",
            ),
            (
                format!(
                    "{one}{alice}groups = [{{ chatid = \"g\", name = \"g\", owner = \"alice\", members = [\"bob\"] }}]"
                ),
                "a member is nobody",
            ),
            (
                format!(
                    "{one}{alice}groups = [{{ chatid = \"g\", name = \"g\", owner = \"bob\", members = [\"alice\"] }}]"
                ),
                "its owner is no member",
            ),
            (
                format!("{one}robots = [{{ key = \"k\", name = \"r\", chatid = \"g\" }}]"),
                "there is no such group",
            ),
            (format!("{one}[wecom.settings]\ncolour = 1"), "colour"),
        ] {
            let error = Seed::parse(&format!("{start}{rest}")).unwrap_err();
            assert!(error.to_string().contains(problem), "{rest}: {error}");
        }
    }
}
