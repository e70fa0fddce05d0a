//! Fields of a callback, both ways: taken out of its elements, and written as
//! elements again.
//!
//! Reading never fails. What is absent or not what its type says counts as
//! empty, and the element stays among those that are left over.

use std::borrow::Cow;
use std::str::FromStr;

use super::value::Decimal;
use crate::id::{AgentId, DepartmentId, MediaId, ResponseCode, TagId, TaskId, UserId};
use crate::xml::{Element, Writer};

/// The elements of which fields are taken.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    elements: Vec<Element<'a>>,
    /// Those before it are taken: fields are mostly taken in their order.
    first: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(element: Element<'a>) -> Self {
        Self {
            elements: element.children,
            first: 0,
        }
    }

    /// Those that are not known to be taken.
    fn left(&mut self) -> &mut [Element<'a>] {
        while self.elements.get(self.first).is_some_and(is_taken) {
            self.first += 1;
        }
        self.elements.get_mut(self.first..).unwrap_or_default()
    }

    /// The value of the first element of that name.
    pub(crate) fn value<V: Value>(&mut self, name: &str) -> Option<V> {
        let mut places = self.left().iter_mut();
        let place = places.find(|element| element.name == name)?;
        take(place)
    }

    /// The same, whatever the case of the letters.
    pub(crate) fn value_in_any_case<V: Value>(&mut self, name: &str) -> Option<V> {
        let mut places = self.left().iter_mut();
        let place = places.find(|element| element.name.eq_ignore_ascii_case(name))?;
        take(place)
    }

    /// The text of the first element of that name, as it was lent; empty if
    /// there is none.
    pub(crate) fn word(&mut self, name: &str) -> Cow<'a, str> {
        let mut places = self.left().iter_mut();
        let Some(place) = places.find(|element| element.name == name) else {
            return Cow::Borrowed("");
        };
        match text(place) {
            Some(text) => {
                place.name = Cow::Borrowed("");
                text
            }
            None => Cow::Borrowed(""),
        }
    }

    /// The values of all elements of that name.
    pub(crate) fn values<V: Value>(&mut self, name: &str) -> Vec<V> {
        let places = self
            .left()
            .iter_mut()
            .filter(|element| element.name == name);
        places.filter_map(take).collect()
    }

    /// Takes what is left.
    pub(crate) fn drain(&mut self) -> Vec<Element<'static>> {
        let all = std::mem::take(&mut self.elements).into_iter();
        let left = all.filter(|element| !is_taken(element));
        left.map(Element::into_owned).collect()
    }
}

fn is_taken(element: &Element<'_>) -> bool {
    element.name.is_empty()
}

/// Takes the value, and leaves an element without a name.
fn take<V: Value>(place: &mut Element<'_>) -> Option<V> {
    let value = V::of(place)?;
    place.name = Cow::Borrowed("");
    Some(value)
}

/// What an element can hold.
pub(crate) trait Value: Sized {
    /// Takes what the element holds; nothing, if that is something else.
    fn of(element: &mut Element<'_>) -> Option<Self>;

    fn write(&self, name: &str, out: &mut Writer);
}

/// What the elements in an element, or in the document, make together.
pub(crate) trait Content: Sized {
    fn read(fields: &mut Fields<'_>) -> Self;

    fn write(&self, out: &mut Writer);
}

/// A field of a [`Content`].
pub(crate) trait Field: Sized {
    fn take(fields: &mut Fields<'_>, name: &str) -> Self;

    fn put(&self, name: &str, out: &mut Writer);
}

/// The text of an element that holds text alone.
fn text<'a>(element: &mut Element<'a>) -> Option<Cow<'a, str>> {
    let is_text = element.children.is_empty();
    is_text.then(|| std::mem::take(&mut element.text))
}

/// The number in an element that holds digits alone.
fn number<T: FromStr>(element: &Element<'_>) -> Option<T> {
    let is_text = element.children.is_empty();
    is_text.then(|| element.text.trim().parse().ok()).flatten()
}

/// Text, or what is one: in CDATA.
macro_rules! texts {
    ($($name:ty),+) => {$(
        impl Value for $name {
            fn of(element: &mut Element<'_>) -> Option<Self> {
                text(element).map(|text| text.into_owned().into())
            }

            fn write(&self, name: &str, out: &mut Writer) {
                out.text(name, self.as_ref());
            }
        }

        plain!($name);
    )+};
}

/// A number, or what is one: without CDATA.
macro_rules! numbers {
    ($($name:ty),+) => {$(
        impl Value for $name {
            fn of(element: &mut Element<'_>) -> Option<Self> {
                number(element)
            }

            fn write(&self, name: &str, out: &mut Writer) {
                out.number(name, self);
            }
        }

        plain!($name);
    )+};
}

/// A value that counts as empty where it is absent.
macro_rules! plain {
    ($name:ty) => {
        impl Field for $name {
            fn take(fields: &mut Fields<'_>, name: &str) -> Self {
                fields.value(name).unwrap_or_default()
            }

            fn put(&self, name: &str, out: &mut Writer) {
                self.write(name, out);
            }
        }
    };
}

texts!(String, UserId, MediaId, TaskId, ResponseCode, Decimal);
numbers!(i64, AgentId, DepartmentId, TagId);

impl<V: Value> Field for Option<V> {
    fn take(fields: &mut Fields<'_>, name: &str) -> Self {
        fields.value(name)
    }

    fn put(&self, name: &str, out: &mut Writer) {
        if let Some(value) = self {
            value.write(name, out);
        }
    }
}

/// Elements of one name beside each other.
impl<V: Value> Field for Vec<V> {
    fn take(fields: &mut Fields<'_>, name: &str) -> Self {
        fields.values(name)
    }

    fn put(&self, name: &str, out: &mut Writer) {
        for value in self {
            value.write(name, out);
        }
    }
}

/// Takes a list that stands in an element of its own; what is no item of it is
/// passed over.
pub(crate) fn take_list<V: Value>(fields: &mut Fields<'_>, list: &str, item: &str) -> Vec<V> {
    // One is what is usual. Were others left over, they would be the list the
    // next time, if there was nothing in this one.
    let found = fields.values::<List<V>>(list);
    let items = found.into_iter().flat_map(|list| list.0);
    items
        .filter_map(|(name, value)| (name == item).then_some(value))
        .collect()
}

/// Writes a list into an element of its own, if there is anything in it.
pub(crate) fn put_list<V: Value>(values: &[V], list: &str, item: &str, out: &mut Writer) {
    if !values.is_empty() {
        out.nest(list, |out| {
            for value in values {
                value.write(item, out);
            }
        });
    }
}

struct List<V>(Vec<(String, V)>);

impl<V: Value> Value for List<V> {
    fn of(element: &mut Element<'_>) -> Option<Self> {
        let children = std::mem::take(&mut element.children).into_iter();
        let items = children.filter_map(|mut child| {
            let name = std::mem::take(&mut child.name).into_owned();
            Some((name, V::of(&mut child)?))
        });
        Some(Self(items.collect()))
    }

    fn write(&self, _: &str, _: &mut Writer) {}
}

/// Defines what the elements in an element make together: a struct, how it is
/// read and how it is written. A second name is that of the items of a list.
macro_rules! fields {
    ($(
        $(#[$doc:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_doc:meta])* pub $field:ident: $ty:ty = $wire:literal $(/ $item:literal)?,)*
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $name {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        impl $crate::event::field::Content for $name {
            fn read(fields: &mut $crate::event::field::Fields<'_>) -> Self {
                Self {
                    $($field: $crate::event::field::fields!(@take fields, $wire $(, $item)?),)*
                }
            }

            fn write(&self, out: &mut $crate::xml::Writer) {
                $($crate::event::field::fields!(@put self.$field, out, $wire $(, $item)?);)*
            }
        }

        impl $crate::event::field::Value for $name {
            fn of(element: &mut $crate::xml::Element<'_>) -> Option<Self> {
                let element = std::mem::take(element);
                let mut fields = $crate::event::field::Fields::of(element);
                Some($crate::event::field::Content::read(&mut fields))
            }

            fn write(&self, name: &str, out: &mut $crate::xml::Writer) {
                out.nest(name, |out| $crate::event::field::Content::write(self, out));
            }
        }

        impl $crate::event::field::Field for $name {
            fn take(fields: &mut $crate::event::field::Fields<'_>, name: &str) -> Self {
                fields.value(name).unwrap_or_default()
            }

            fn put(&self, name: &str, out: &mut $crate::xml::Writer) {
                $crate::event::field::Value::write(self, name, out);
            }
        }
    )+};
    (@take $fields:ident, $wire:literal) => {
        $crate::event::field::Field::take($fields, $wire)
    };
    (@take $fields:ident, $wire:literal, $item:literal) => {
        $crate::event::field::take_list($fields, $wire, $item)
    };
    (@put $value:expr, $out:ident, $wire:literal) => {
        $crate::event::field::Field::put(&$value, $wire, $out)
    };
    (@put $value:expr, $out:ident, $wire:literal, $item:literal) => {
        $crate::event::field::put_list(&$value, $wire, $item, $out)
    };
}

/// Defines an enum over the kinds that a word tells apart. A kind nobody told
/// us of is kept as its word.
macro_rules! kinds {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident($content:ty) = $word:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant($content),)+
            /// A kind that is not in the documentation, by its word; its fields
            /// are among those that are left over.
            Other(String),
        }

        impl $name {
            /// The word on the wire.
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $word,)+
                    Self::Other(word) => word,
                }
            }

            /// Takes the fields of the kind that `word` says.
            pub(super) fn read_kind(
                word: std::borrow::Cow<'_, str>,
                fields: &mut $crate::event::field::Fields<'_>,
            ) -> Self {
                match &*word {
                    $($word => Self::$variant(
                        <$content as $crate::event::field::Content>::read(fields),
                    ),)+
                    _ => Self::Other(word.into_owned()),
                }
            }

            /// Writes its fields, but for the word.
            pub(super) fn write_kind(&self, out: &mut $crate::xml::Writer) {
                match self {
                    $(Self::$variant(content) => $crate::event::field::Content::write(content, out),)+
                    Self::Other(_) => {}
                }
            }
        }
    };
}

pub(crate) use {fields, kinds};
