//! What an endpoint's parameters are, for people: names, kinds, words.
//!
//! The words come from the doc comments, by `derive(Request)`. The kinds come
//! from the type itself: each field is offered to serde, which says what it
//! asks for. So help texts and schemas cannot differ from what is read.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::lenient::MEANT;

/// The words of a request's definition; written by `derive(Request)`.
pub trait Described {
    /// The doc comment of the request.
    const DOC: &'static str;
    /// The fields, in their order.
    const FIELDS: &'static [FieldWords];
}

/// The words of one field's definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldWords {
    /// The name at the wire.
    pub name: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// Whether it is an argument of `new`.
    pub required: bool,
    /// What it takes, where the type does not tell because it is
    /// [flattened](https://serde.rs/attr-flatten.html).
    pub kind: Option<Kind>,
    /// The words it may be, where the type does not tell.
    pub choices: &'static [&'static str],
}

impl FieldWords {
    /// A field that need not be given.
    pub const fn optional(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            doc,
            required: false,
            kind: None,
            choices: &[],
        }
    }

    /// A field that must be given.
    pub const fn required(name: &'static str, doc: &'static str) -> Self {
        Self {
            required: true,
            ..Self::optional(name, doc)
        }
    }

    /// It is of this kind.
    #[must_use]
    pub const fn of_kind(self, kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }

    /// It is one of these words.
    #[must_use]
    pub const fn one_of(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }.of_kind(Kind::String)
    }
}

/// How many fields the parts of a definition have; for `derive(Request)`.
#[doc(hidden)]
pub const fn count_words(parts: &[&[FieldWords]]) -> usize {
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        count += parts[part].len();
        part += 1;
    }
    count
}

/// The fields of all parts of a definition; for `derive(Request)`.
#[doc(hidden)]
pub const fn join_words<const COUNT: usize>(parts: &[&[FieldWords]]) -> [FieldWords; COUNT] {
    let mut joined = [FieldWords::optional("", ""); COUNT];
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        let mut field = 0;
        while field < parts[part].len() {
            joined[count] = parts[part][field];
            count += 1;
            field += 1;
        }
        part += 1;
    }
    joined
}

/// One parameter of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name at the wire.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it takes in words, where the kind alone does not tell.
    pub expects: String,
    /// What it may be, where that is known; the platform may know more.
    pub choices: Vec<Choice>,
    /// Whether it must be given.
    pub required: bool,
    /// What it means, limits and defaults included.
    pub doc: &'static str,
}

/// One of the values that a parameter may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value at the wire.
    pub value: &'static str,
    /// What we call it; empty where the value says it all.
    pub name: &'static str,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A switch.
    Boolean,
    /// Text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
    /// More than one of these.
    Any,
}

impl Kind {
    /// The word JSON Schema has for it; empty for [`Any`](Self::Any).
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Any => "",
        }
    }

    /// The kind that somebody wants who takes any, and says so by its word.
    pub(crate) fn meant_by(expects: &str) -> Option<Self> {
        let kinds = [
            Self::Integer,
            Self::Number,
            Self::Boolean,
            Self::String,
            Self::Array,
            Self::Object,
        ];
        kinds.into_iter().find(|kind| kind.json_type() == expects)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "value",
            other => other.json_type(),
        })
    }
}

/// The parameters of a request.
///
/// ```
/// use mynah_core::{Kind, Request, describe};
/// use serde::Deserialize;
///
/// /// Says something.
/// #[derive(Deserialize, Request)]
/// struct Say {
///     /// At most 500 characters.
///     text: String,
///     #[serde(rename = "n")]
///     times: Option<u32>,
/// }
///
/// let fields = describe::<Say>();
/// assert_eq!((fields[0].name, fields[0].kind, fields[0].required), ("text", Kind::String, true));
/// assert_eq!(fields[0].doc, "At most 500 characters.");
/// assert_eq!((fields[1].name, fields[1].kind, fields[1].required), ("n", Kind::Integer, false));
/// ```
pub fn describe<E: DeserializeOwned + Described>() -> Vec<Field> {
    let fields = E::FIELDS.iter().map(|words| {
        let asked = RefCell::new(Asked::default());
        // Fails as soon as the field is asked for: by then it is noted what was asked.
        let _ = E::deserialize(Offer {
            name: words.name,
            asked: &asked,
        });
        let asked = asked.into_inner();
        let (kind, expects) = match words.kind {
            Some(kind) => (kind, String::new()),
            None => (asked.kind, asked.expects),
        };
        let told = words.choices.iter();
        let told = told.map(|&value| Choice { value, name: "" });
        Field {
            name: words.name,
            kind,
            expects,
            choices: asked.choices.into_iter().chain(told).collect(),
            required: words.required,
            doc: words.doc,
        }
    });
    fields.collect()
}

/// What a type takes, as [`Field::kind`] and [`Field::expects`] say.
pub(crate) fn kind_of<T: DeserializeOwned>() -> (Kind, String) {
    let asked = RefCell::new(Asked::default());
    let _ = T::deserialize(Note(&asked));
    let asked = asked.into_inner();
    (asked.kind, asked.expects)
}

/// What a visitor takes, in words.
pub(crate) fn expected_by<'de, V: Visitor<'de>>(visitor: &V) -> String {
    struct Expecting<'v, V>(&'v V);
    impl<'de, V: Visitor<'de>> fmt::Display for Expecting<'_, V> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }
    }
    Expecting(visitor).to_string()
}

/// What was asked for, once it was.
struct Asked {
    kind: Kind,
    expects: String,
    choices: Vec<Choice>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            kind: Kind::Any,
            expects: String::new(),
            choices: Vec::new(),
        }
    }
}

/// A newtype whose name begins so takes one of a few values, which follow in the name, one a line:
/// the value, and behind a tab what it is called. So [`words!`](crate::words) and
/// [`numbers!`](crate::numbers) tell what they know to whoever [describes](describe) a field.
pub(crate) const ONE_OF: &str = "$mynah::OneOf\n";

/// The values in the name of such a newtype.
fn choices(lines: &'static str) -> impl Iterator<Item = Choice> {
    lines.lines().filter_map(|line| {
        let (value, name) = line.split_once('\t')?;
        Some(Choice { value, name })
    })
}

/// An object that has one field.
struct Offer<'a> {
    name: &'static str,
    asked: &'a RefCell<Asked>,
}

impl<'de> Deserializer<'de> for Offer<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let entry = (self.name, Note(self.asked));
        visitor.visit_map(MapDeserializer::new(std::iter::once(entry)))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// A value that notes what it is asked for, and is nothing.
#[derive(Clone, Copy)]
struct Note<'a>(&'a RefCell<Asked>);

impl<'a> IntoDeserializer<'_, de::value::Error> for Note<'a> {
    type Deserializer = Note<'a>;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! note {
    ($($kind:ident: $($method:ident)*;)*) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            self.take(Kind::$kind, &visitor)
        }
    )*)*};
}

impl Note<'_> {
    fn take<'de, V: Visitor<'de>>(
        self,
        kind: Kind,
        visitor: &V,
    ) -> Result<V::Value, de::value::Error> {
        let expects = match kind {
            Kind::Any => expected_by(visitor),
            _ => String::new(),
        };
        let mut asked = self.0.borrow_mut();
        (asked.kind, asked.expects) = match Kind::meant_by(&expects) {
            Some(meant) => (meant, String::new()),
            None => (kind, expects),
        };
        Err(de::Error::custom("noted"))
    }
}

impl<'de> Deserializer<'de> for Note<'_> {
    type Error = de::value::Error;

    note! {
        Integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128;
        Number: deserialize_f32 deserialize_f64;
        Boolean: deserialize_bool;
        String: deserialize_char deserialize_str deserialize_string deserialize_identifier;
        Array: deserialize_seq;
        Object: deserialize_map;
        Any: deserialize_any deserialize_bytes deserialize_byte_buf deserialize_unit
            deserialize_ignored_any;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if name == MEANT {
            return self.take(Kind::Any, &visitor);
        }
        if let Some(lines) = name.strip_prefix(ONE_OF) {
            self.0.borrow_mut().choices.extend(choices(lines));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.take(Kind::Any, &visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.take(Kind::Array, &visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.take(Kind::Array, &visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.take(Kind::Object, &visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let words = variants.iter().map(|&value| Choice { value, name: "" });
        self.0.borrow_mut().choices.extend(words);
        self.take(Kind::String, &visitor)
    }
}

#[cfg(test)]
#[allow(unreachable_pub, dead_code)]
mod tests {
    use super::*;

    crate::words! {
        /// Where somebody sits.
        pub enum Seat {
            /// In front.
            Front = "front",
            /// Behind.
            Back = "back row",
        }
    }

    crate::numbers! {
        /// Who may speak.
        pub enum Speaks {
            /// Nobody is asked.
            Unknown = -1,
            /// Everybody may.
            All = 1,
        }
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
    }

    #[derive(serde::Deserialize)]
    struct Request {
        seat: Option<Seat>,
        speaks: Speaks,
        size: Size,
        text: String,
    }

    impl Described for Request {
        const DOC: &'static str = "";
        const FIELDS: &'static [FieldWords] = &[
            FieldWords::optional("seat", "."),
            FieldWords::required("speaks", "."),
            FieldWords::required("size", "."),
            FieldWords::required("text", "."),
            FieldWords::required("flat", ".").one_of(&["a", "b"]),
        ];
    }

    #[test]
    fn a_field_tells_which_values_are_known() {
        let choices: Vec<Vec<_>> = describe::<Request>()
            .iter()
            .map(|field| field.choices.iter().map(|it| (it.value, it.name)).collect())
            .collect();
        let expected = [
            vec![("front", ""), ("back row", "")],
            vec![("-1", "Unknown"), ("1", "All")],
            vec![("small", "")],
            vec![],
            vec![("a", ""), ("b", "")],
        ];
        assert_eq!(choices, expected);
    }

    #[test]
    fn what_is_listed_is_read_and_so_is_what_is_not() {
        let json = r#"{"seat": "roof", "speaks": "7", "size": "small", "text": ""}"#;
        let read: Request = serde_json::from_str(json).unwrap();
        assert_eq!(read.seat, Some(Seat::Other("roof".to_owned())));
        assert_eq!(read.speaks, Speaks::Other(7));
        let bare = serde::de::value::StrDeserializer::<de::value::Error>::new("back row");
        let seat: Seat = serde::Deserialize::deserialize(bare).unwrap();
        assert_eq!(seat, Seat::Back);
        let (size, text) = (read.size, read.text);
        assert!(matches!(size, Size::Small) && text.is_empty());
    }
}
