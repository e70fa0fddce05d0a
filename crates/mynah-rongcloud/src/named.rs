//! Ids with a name each.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// Ids, each with a name, in their order. An object in JSON, and `group[<id>]=<name>` in a form.
///
/// ```
/// use mynah_rongcloud::{GroupId, Named};
///
/// let groups: Named<GroupId> = [("g1", "Group One"), ("g2", "Group Two")].into();
/// assert_eq!(groups.len(), 2);
/// let json = r#"{"g1":"Group One","g2":"Group Two"}"#;
/// assert_eq!(serde_json::to_string(&groups)?, json);
/// assert_eq!(serde_json::from_str::<Named<GroupId>>(json)?, groups);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<Id>(pub Vec<(Id, String)>);

impl<Id> Named<Id> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids with their names.
    pub fn iter(&self) -> std::slice::Iter<'_, (Id, String)> {
        self.0.iter()
    }
}

impl<Id> Default for Named<Id> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Id, I: Into<Id>, S: Into<String>> FromIterator<(I, S)> for Named<Id> {
    fn from_iter<T: IntoIterator<Item = (I, S)>>(pairs: T) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(id, name)| (id.into(), name.into())).collect())
    }
}

impl<Id, I: Into<Id>, S: Into<String>, const N: usize> From<[(I, S); N]> for Named<Id> {
    fn from(pairs: [(I, S); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<Id, I: Into<Id>, S: Into<String>> From<Vec<(I, S)>> for Named<Id> {
    fn from(pairs: Vec<(I, S)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl<Id, I: Into<Id>, S: Into<String>> From<BTreeMap<I, S>> for Named<Id> {
    fn from(pairs: BTreeMap<I, S>) -> Self {
        pairs.into_iter().collect()
    }
}

impl<'a, Id> IntoIterator for &'a Named<Id> {
    type Item = &'a (Id, String);
    type IntoIter = std::slice::Iter<'a, (Id, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<Id: AsRef<str>> Serialize for Named<Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(id, name)| (id.as_ref(), name)))
    }
}

impl<'de, Id: From<String>> Deserialize<'de> for Named<Id> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamedVisitor(PhantomData))
    }
}

struct NamedVisitor<Id>(PhantomData<Id>);

impl<'de, Id: From<String>> Visitor<'de> for NamedVisitor<Id> {
    type Value = Named<Id>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of a name for each id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<Id>, A::Error> {
        let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or_default().min(1_000));
        while let Some((id, name)) = map.next_entry::<String, Value>()? {
            // Some clients write a name of digits as a number.
            let name = match name {
                Value::String(name) => name,
                Value::Number(number) => number.to_string(),
                _ => return Err(A::Error::custom("must be a name for each id")),
            };
            pairs.push((id.into(), name));
        }
        Ok(Named(pairs))
    }
}
