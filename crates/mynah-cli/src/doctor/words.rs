//! What is said, in the languages it is said in.

use std::borrow::Cow;

use clap::ValueEnum;
use serde_json::{Value, json};

/// A language that findings are told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English.
    En,
    /// 中文。
    Zh,
}

impl Language {
    /// The language of the environment: the first of these variables that is set decides
    /// (<https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html>).
    pub(crate) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| {
                let value = variable(name)?;
                (!value.is_empty()).then_some(value)
            });
        if set.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh")) {
            Self::Zh
        } else {
            Self::En
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_the_language() {
        let of = |variables: &[(&str, &str)]| {
            Language::of_environment(|name| {
                let found = variables.iter().find(|(it, _)| *it == name)?;
                Some(found.1.to_owned())
            })
        };
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Language::Zh);
        assert_eq!(
            of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]),
            Language::En
        );
        assert_eq!(of(&[("LANG", "zh_TW"), ("LC_ALL", "")]), Language::Zh);
    }
}
