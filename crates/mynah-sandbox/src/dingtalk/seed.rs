//! What the world looks like when nothing has happened yet.

use std::collections::BTreeSet;

use mynah_dingtalk::{AgentId, ChatId, DepartmentId, OpenConversationId, Secret, UnionId, UserId};
use serde::{Deserialize, Deserializer, de};

use super::settings::Settings;
use crate::seed::{self, SeedError};

/// What the world looks like when nothing has happened yet: the `[dingtalk]`
/// table of a seed file. [`Seed::default`] is the one that ships.
///
/// ```
/// use mynah_sandbox::dingtalk::{DingTalkWorld, Seed};
/// use mynah_sandbox::World;
///
/// let seed = Seed::parse(r#"
///     [dingtalk]
///     corp_id = "ding-mine"
///     app = { key = "k", secret = "s", agent_id = 1 }
///     people = [{ userid = "alice", name = "Alice" }]
/// "#)?;
/// assert_eq!(DingTalkWorld::new(&seed).people().len(), 2);
/// # Ok::<(), mynah_sandbox::SeedError>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Seed {
    /// How the organisation and its application behave.
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub(super) random: u64,
    /// In seconds since 1970.
    #[serde(default)]
    pub(super) time: i64,
    pub(super) corp_id: String,
    /// What the organisation itself is given tokens for, as before there were
    /// applications.
    #[serde(default)]
    pub(super) corp_secret: Secret,
    pub(super) app: AppSeed,
    #[serde(default = "root")]
    pub(super) departments: Vec<DepartmentSeed>,
    #[serde(default)]
    pub(super) people: Vec<PersonSeed>,
    #[serde(default)]
    pub(super) groups: Vec<GroupSeed>,
    #[serde(default)]
    pub(super) robots: Vec<RobotSeed>,
}

/// The application. Its key is the code of its robot as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppSeed {
    pub(super) key: String,
    pub(super) secret: Secret,
    pub(super) agent_id: AgentId,
    #[serde(default = "app_name")]
    pub(super) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentSeed {
    pub(super) id: DepartmentId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) parent: DepartmentId,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSeed {
    pub(super) userid: UserId,
    pub(super) name: String,
    /// The `userid` with `union-` before it, unless it is said otherwise.
    #[serde(default)]
    pub(super) unionid: Option<UnionId>,
    #[serde(default = "in_root")]
    pub(super) departments: Vec<DepartmentId>,
    #[serde(default)]
    pub(super) mobile: String,
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) admin: bool,
}

impl PersonSeed {
    pub(super) fn union_id(&self) -> UnionId {
        let own = || UnionId(format!("union-{}", self.userid));
        self.unionid.clone().unwrap_or_else(own)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
    pub(super) chatid: ChatId,
    /// Made of the `chatid`, unless it is said otherwise.
    #[serde(default)]
    pub(super) open_conversation_id: Option<OpenConversationId>,
    pub(super) name: String,
    pub(super) owner: UserId,
    pub(super) members: Vec<UserId>,
    /// Whether the robot of the application is in it.
    #[serde(default)]
    pub(super) robot: bool,
}

/// A custom robot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotSeed {
    pub(super) token: Secret,
    /// What calls are signed with; not, if there is none.
    #[serde(default)]
    pub(super) secret: Option<Secret>,
    pub(super) name: String,
    pub(super) chatid: ChatId,
    /// One of which must be said; none, if there are none.
    #[serde(default)]
    pub(super) keywords: Vec<String>,
    /// From where it is called; from anywhere, if there are none.
    #[serde(default)]
    pub(super) addresses: Vec<std::net::IpAddr>,
}

/// What somebody needs who wants to be the bots of the world.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The organisation.
    pub corp_id: String,
    /// The application, which is the code of its robot as well.
    pub app_key: String,
    /// The secret of the application.
    pub app_secret: Secret,
    /// The application, where work notices are sent.
    pub agent_id: AgentId,
    /// The first custom robot: its token, and the secret that it signs with.
    pub robot: Option<(Secret, Option<Secret>)>,
}

/// The department above all others.
pub(super) const ROOT: DepartmentId = DepartmentId(1);

/// The most words one of which a custom robot must say.
const KEYWORDS: usize = 10;

fn root() -> Vec<DepartmentSeed> {
    vec![DepartmentSeed {
        id: ROOT,
        name: "Mynah".to_owned(),
        parent: DepartmentId(0),
    }]
}

fn in_root() -> Vec<DepartmentId> {
    vec![ROOT]
}

fn app_name() -> String {
    "Mynah".to_owned()
}

impl seed::Table for Seed {
    const NAME: &'static str = "dingtalk";
}

impl Seed {
    /// Reads the `[dingtalk]` table of a seed file; the one that ships if
    /// there is none.
    ///
    /// # Errors
    /// It is not TOML, lacks a field, or describes what cannot be: two people
    /// with one id, a group with a member who is nobody.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        Ok(seed::table(toml)?.unwrap_or_default())
    }

    /// The credentials of the application and of the first custom robot.
    pub fn credentials(&self) -> Credentials {
        let robot = self.robots.first();
        Credentials {
            corp_id: self.corp_id.clone(),
            app_key: self.app.key.clone(),
            app_secret: self.app.secret.clone(),
            agent_id: self.app.agent_id,
            robot: robot.map(|robot| (robot.token.clone(), robot.secret.clone())),
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.app.key.is_empty() || self.corp_id.is_empty() {
            return Err("app.key and corp_id must not be empty".to_owned());
        }
        let departments: BTreeSet<_> = self.departments.iter().map(|it| it.id).collect();
        if departments.len() != self.departments.len() || !departments.contains(&ROOT) {
            return Err("departments: ids must differ, and 1 must be among them".to_owned());
        }
        let strays = |it: &&DepartmentSeed| it.id != ROOT && !departments.contains(&it.parent);
        if let Some(stray) = self.departments.iter().find(strays) {
            return Err(format!("department {}: there is no parent", stray.id));
        }
        let mut people = BTreeSet::new();
        let mut unions = BTreeSet::new();
        for person in &self.people {
            let problem = if person.userid.is_empty() || !people.insert(&person.userid) {
                "its id is taken or empty"
            } else if !unions.insert(person.union_id()) {
                "its unionid is taken"
            } else if person
                .departments
                .iter()
                .any(|it| !departments.contains(it))
            {
                "there is no such department"
            } else {
                continue;
            };
            return Err(format!("person `{}`: {problem}", person.userid));
        }
        self.check_groups(&people)
    }

    fn check_groups(&self, people: &BTreeSet<&UserId>) -> Result<(), String> {
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            let problem = if !group.chatid.as_str().starts_with("chat") {
                "its id must begin with `chat`"
            } else if !groups.insert(&group.chatid) {
                "its id is taken"
            } else if group.members.iter().any(|user| !people.contains(user)) {
                "a member is nobody"
            } else if !group.members.contains(&group.owner) {
                "its owner is no member"
            } else {
                continue;
            };
            return Err(format!("group `{}`: {problem}", group.chatid));
        }
        for robot in &self.robots {
            let problem = if !groups.contains(&robot.chatid) {
                "there is no such group"
            } else if robot.keywords.len() > KEYWORDS {
                "has more than 10 keywords"
            } else {
                continue;
            };
            return Err(format!("robot `{}`: {problem}", robot.name));
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
        assert_eq!(seed.robots.len(), 1);
        let credentials = seed.credentials();
        assert_eq!(credentials.app_key, "ding-sandbox");
        assert_eq!(credentials.app_secret.expose(), "sandbox-secret");
        assert_eq!(credentials.agent_id, AgentId(100_001));
    }

    #[test]
    fn a_file_without_the_table_leaves_the_shipped_organisation() {
        assert_eq!(Seed::parse("").unwrap().corp_id, "ding-sandbox-corp");
    }

    #[test]
    fn a_seed_that_cannot_be_is_refused_by_name() {
        let start = "[dingtalk]\ncorp_id = \"c\"\n\
            app = { key = \"k\", secret = \"s\", agent_id = 1 }\n";
        let alice = "people = [{ userid = \"alice\", name = \"A\" }]\n";
        let group = |id: &str, owner: &str, member: &str| {
            format!(
                "{alice}groups = [{{ chatid = \"{id}\", name = \"g\", owner = \"{owner}\", \
                members = [\"{member}\"] }}]"
            )
        };
        for (rest, problem) in [
            (
                "departments = [{ id = 2, name = \"x\" }]".to_owned(),
                "1 must be among them",
            ),
            (
                "people = [{ userid = \"\", name = \"A\" }]".to_owned(),
                "its id is taken or empty",
            ),
            (
                "people = [{ userid = \"a\", name = \"A\", departments = [3] }]".to_owned(),
                "there is no such department",
            ),
            (
                "people = [{ userid = \"a\", name = \"A\", unionid = \"u\" }, \
                    { userid = \"b\", name = \"B\", unionid = \"u\" }]"
                    .to_owned(),
                "its unionid is taken",
            ),
            (group("general", "alice", "alice"), "must begin with `chat`"),
            (group("chat1", "alice", "bob"), "a member is nobody"),
            (group("chat1", "bob", "alice"), "its owner is no member"),
            (
                "robots = [{ token = \"t\", name = \"r\", chatid = \"chat1\" }]".to_owned(),
                "there is no such group",
            ),
            ("[dingtalk.settings]\ncolour = 1".to_owned(), "colour"),
        ] {
            let error = Seed::parse(&format!("{start}{rest}")).unwrap_err();
            assert!(error.to_string().contains(problem), "{rest}: {error}");
        }
    }
}
