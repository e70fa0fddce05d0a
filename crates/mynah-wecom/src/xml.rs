//! XML as callbacks and passive replies have it: elements, text and nothing
//! else.
//!
//! Document types are refused, so there are no entities to expand and none to
//! fetch; the five that XML knows and references to characters are read.
//! Attributes are passed over, and so is text beside elements. Size, depth and
//! number of elements are limited.
//!
//! ```
//! use mynah_wecom::xml::Element;
//!
//! let document = Element::read("<xml><Content><![CDATA[1 < 2]]></Content><Id>7</Id></xml>")?;
//! assert_eq!(document.text_of("Content"), Some("1 < 2"));
//! assert_eq!(document.text_of("Id"), Some("7"));
//! # Ok::<(), mynah_wecom::xml::BadXml>(())
//! ```

mod read;
mod write;

use std::borrow::Cow;

pub use read::BadXml;
pub(crate) use read::first_text;
pub(crate) use write::Writer;

/// An element: text, or other elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// What it is called.
    pub name: Cow<'a, str>,
    /// What stands in it, if no elements do.
    pub text: Cow<'a, str>,
    /// The elements in it.
    pub children: Vec<Element<'a>>,
}

impl<'a> Element<'a> {
    /// The longest document, in bytes.
    pub const LARGEST: usize = 1 << 20;
    /// How deep elements may stand in elements.
    pub const DEEPEST: usize = 16;
    /// How many elements a document may have.
    pub const MOST: usize = 4096;

    /// Reads a document, and borrows from it what stands there as it is meant.
    ///
    /// Line ends become line feeds, as XML wants it. Control characters, which
    /// XML does not allow but people manage to send, become U+FFFD.
    ///
    /// # Errors
    /// When it is no XML, or none that we take.
    pub fn read(text: &'a str) -> Result<Self, BadXml> {
        read::document(text)
    }

    /// Writes the document; text stands in CDATA.
    pub fn write(&self) -> String {
        let mut out = Writer::default();
        out.element(self);
        out.finish()
    }

    /// An element with text. The name must be one: nothing checks it.
    pub fn with_text(name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            children: Vec::new(),
        }
    }

    /// An element with elements. The name must be one: nothing checks it.
    pub fn with_children(
        name: impl Into<Cow<'a, str>>,
        children: impl IntoIterator<Item = Self>,
    ) -> Self {
        Self {
            name: name.into(),
            text: Cow::Borrowed(""),
            children: children.into_iter().collect(),
        }
    }

    /// The first element of that name in it.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of that name in it.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| &*child.text)
    }

    /// The same, borrowing from nothing.
    pub fn into_owned(self) -> Element<'static> {
        Element {
            name: Cow::Owned(self.name.into_owned()),
            text: Cow::Owned(self.text.into_owned()),
            children: self.children.into_iter().map(Element::into_owned).collect(),
        }
    }
}
