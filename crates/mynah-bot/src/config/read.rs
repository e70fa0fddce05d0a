//! Reads the tables of a file, so that what is wrong is found where it stands:
//! an enum that serde chooses by a field forgets the places of all fields.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use toml::Spanned;

use super::place::{Place, line_of};
use super::{BadConfig, OneBotTable, Table, bearychat, dingtalk, handler, rongcloud, wecom};

/// What stands in a file, and where.
pub(super) struct File {
    pub(super) accounts: Vec<(Place, Table)>,
    pub(super) handlers: Vec<(Place, handler::Table)>,
}

/// Reads the tables of a file.
pub(super) fn read(text: &str) -> Result<File, BadConfig> {
    let read = || {
        let heads: Heads = toml::from_str(text)?;
        let kinds = heads.account.into_iter().map(|head| head.platform);
        Tables(kinds.collect()).deserialize(toml::Deserializer::parse(text)?)
    };
    let (accounts, handlers) = read().map_err(|error| bad(text, &error))?;
    Ok(File {
        accounts: placed(text, accounts),
        handlers: placed(text, handlers),
    })
}

fn placed<T>(text: &str, tables: Vec<Spanned<T>>) -> Vec<(Place, T)> {
    let placed = tables.into_iter().map(|table| {
        let place = Place::of(text, table.span().start);
        (place, table.into_inner())
    });
    placed.collect()
}

fn bad(text: &str, error: &toml::de::Error) -> BadConfig {
    let start = error.span().map(|span| span.start);
    let key = start.and_then(|start| key_at(text, start));
    let problem = error.message();
    BadConfig {
        file: None,
        line: start.map(|start| line_of(text, start)),
        problem: match key {
            Some(key) if !problem.contains(key) => format!("{key}: {problem}"),
            _ => problem.to_owned(),
        },
    }
}

/// The key on the line around `offset`.
fn key_at(text: &str, offset: usize) -> Option<&str> {
    let begin = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let (key, _) = text.get(begin..)?.lines().next()?.split_once('=')?;
    let key = key.trim();
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (!key.is_empty() && key.bytes().all(bare)).then_some(key)
}

/// What the accounts are; the rest of them is not looked at.
#[derive(Deserialize)]
struct Heads {
    #[serde(default)]
    account: Vec<Head>,
}

#[derive(Deserialize)]
struct Head {
    platform: Kind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    OneBot,
    WeCom,
    DingTalk,
    RongCloud,
    BearyChat,
}

/// The whole file, whose accounts are these.
struct Tables(Vec<Kind>);

/// The accounts and the handlers.
type Both = (Vec<Spanned<Table>>, Vec<Spanned<handler::Table>>);

impl<'de> DeserializeSeed<'de> for Tables {
    type Value = Both;

    fn deserialize<D: Deserializer<'de>>(self, file: D) -> Result<Self::Value, D::Error> {
        file.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tables {
    type Value = Both;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accounts under [[account]], handlers under [[handler]]")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut file: M) -> Result<Self::Value, M::Error> {
        let mut tables = Both::default();
        while let Some(key) = file.next_key::<String>()? {
            match &*key {
                "account" => tables.0 = file.next_value_seed(Accounts(&self.0))?,
                "handler" => tables.1 = file.next_value()?,
                _ => return Err(de::Error::unknown_field(&key, &["account", "handler"])),
            }
        }
        Ok(tables)
    }
}

struct Accounts<'a>(&'a [Kind]);

impl<'de> DeserializeSeed<'de> for Accounts<'_> {
    type Value = Vec<Spanned<Table>>;

    fn deserialize<D: Deserializer<'de>>(self, accounts: D) -> Result<Self::Value, D::Error> {
        accounts.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Accounts<'_> {
    type Value = Vec<Spanned<Table>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accounts, each under [[account]]")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut accounts: S) -> Result<Self::Value, S::Error> {
        let mut tables = Vec::new();
        for kind in self.0 {
            tables.extend(match kind {
                Kind::OneBot => accounts
                    .next_element::<Spanned<OneBotTable>>()?
                    .map(|table| Spanned::new(table.span(), Table::OneBot(table.into_inner()))),
                Kind::WeCom => accounts
                    .next_element::<Spanned<wecom::Table>>()?
                    .map(|table| Spanned::new(table.span(), Table::WeCom(table.into_inner()))),
                Kind::DingTalk => accounts
                    .next_element::<Spanned<dingtalk::Table>>()?
                    .map(|table| Spanned::new(table.span(), Table::DingTalk(table.into_inner()))),
                Kind::RongCloud => accounts
                    .next_element::<Spanned<rongcloud::Table>>()?
                    .map(|table| Spanned::new(table.span(), Table::RongCloud(table.into_inner()))),
                Kind::BearyChat => accounts
                    .next_element::<Spanned<bearychat::Table>>()?
                    .map(|table| Spanned::new(table.span(), Table::BearyChat(table.into_inner()))),
            });
        }
        // There are no more, or the file would have changed meanwhile.
        while accounts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(tables)
    }
}
