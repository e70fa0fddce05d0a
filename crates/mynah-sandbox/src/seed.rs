//! What the worlds look like when nothing has happened yet.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{bearychat, dingtalk, onebot, rongcloud, wecom};

/// People, groups and credentials of every world. [`Seed::default`] is the
/// one that ships.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Seed {
    /// The world of OneBot.
    pub onebot: onebot::Seed,
    /// The world of WeCom.
    pub wecom: wecom::Seed,
    /// The world of DingTalk.
    pub dingtalk: dingtalk::Seed,
    /// The world of RongCloud.
    pub rongcloud: rongcloud::Seed,
    /// The world of BearyChat.
    pub bearychat: bearychat::Seed,
}

impl Seed {
    /// Reads a seed file: TOML with a table for each platform. A platform
    /// without a table starts from the one that ships.
    ///
    /// ```
    /// use mynah_sandbox::Seed;
    ///
    /// let seed = Seed::parse("[onebot.bot]\nid = 10000")?;
    /// # Ok::<(), mynah_sandbox::SeedError>(())
    /// ```
    ///
    /// # Errors
    /// The text is not TOML, or not what a world starts from; the error says
    /// where and why.
    pub fn parse(toml: &str) -> Result<Self, SeedError> {
        read(toml)
    }
}

/// A seed that describes no world: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("seed: {0}")]
pub struct SeedError(String);

/// The file that ships.
pub(crate) const SHIPPED: &str = include_str!("../assets/seed.toml");

/// The table of one platform in a seed file.
pub(crate) trait Table: DeserializeOwned {
    /// What it is called.
    const NAME: &'static str;
}

/// Reads the table of one platform in a seed file, if it is there. What other
/// tables say is not looked at.
pub(crate) fn table<T: Table>(toml: &str) -> Result<Option<T>, SeedError> {
    read::<Only<T>>(toml).map(|only| only.0)
}

/// The table of one platform in the file that ships.
pub(crate) fn shipped<T: Table>() -> T {
    match table(SHIPPED) {
        Ok(Some(table)) => table,
        // A test reads the shipped file, so it is known to be sound.
        Ok(None) => unreachable!("the shipped file has the table {}", T::NAME),
        Err(error) => unreachable!("{error}"),
    }
}

/// A seed file of which one table is read.
struct Only<T>(Option<T>);

impl<'de, T: Table> Deserialize<'de> for Only<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tables<T>(PhantomData<T>);

        impl<'de, T: Table> Visitor<'de> for Tables<T> {
            type Value = Only<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("tables of platforms")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut tables: A) -> Result<Only<T>, A::Error> {
                let mut found = None;
                while let Some(name) = tables.next_key::<String>()? {
                    if name == T::NAME {
                        found = Some(tables.next_value()?);
                    } else {
                        tables.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Only(found))
            }
        }

        deserializer.deserialize_map(Tables(PhantomData))
    }
}

/// Reads a seed file, or the tables of it that `T` asks for.
pub(crate) fn read<T: DeserializeOwned>(toml: &str) -> Result<T, SeedError> {
    toml::from_str(toml).map_err(|error| at_line(toml, &error))
}

/// Tells the line, but does not show it: it may hold the token.
fn at_line(toml: &str, error: &toml::de::Error) -> SeedError {
    let start = error.span().map_or(0, |span| span.start);
    let line = toml
        .bytes()
        .take(start)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1;
    SeedError(format!("line {line}: {}", error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_without_a_table_starts_from_what_ships() {
        let shipped = format!("{:?}", Seed::default().onebot);
        let seed = Seed::parse("[telegraph]\nid = 1").unwrap();
        assert_eq!(format!("{:?}", seed.onebot), shipped);
        let seed = Seed::parse("[onebot.bot]\nid = 7").unwrap();
        assert_ne!(format!("{:?}", seed.onebot), shipped);
    }

    #[test]
    fn a_wrong_table_is_found_by_its_line() {
        let error = Seed::parse("[onebot.bot]\nid = \"seven\"").unwrap_err();
        assert!(error.to_string().starts_with("seed: line 2: "), "{error}");
    }
}
