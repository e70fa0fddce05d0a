//! What is said, in both languages.

use std::borrow::Cow;

use mynah_core::Bilingual;
use serde_json::{Value, json};

use crate::language::Language;

/// The same in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Words {
    /// What is the same in every language: the words of a platform, a name, a number.
    pub(crate) fn same(words: impl Into<Cow<'static, str>>) -> Self {
        let en = words.into();
        Self { zh: en.clone(), en }
    }

    /// The words in a language.
    pub(crate) fn to(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// The words in a language, as JSON; null if there are none.
    pub(crate) fn json(&self, language: Language) -> Value {
        match self.to(language) {
            "" => Value::Null,
            words => json!(words),
        }
    }
}

impl<E, Z> From<(E, Z)> for Words
where
    E: Into<Cow<'static, str>>,
    Z: Into<Cow<'static, str>>,
{
    /// English, then Chinese.
    fn from((en, zh): (E, Z)) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }
}

impl From<Bilingual> for Words {
    fn from(words: Bilingual) -> Self {
        Self {
            en: words.en.into(),
            zh: words.zh.into(),
        }
    }
}
