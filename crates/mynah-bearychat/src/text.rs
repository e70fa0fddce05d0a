//! What stands inside of texts: mentions, and the trigger words of outgoing hooks.
//!
//! A mention is `@<=`, the id of a user, and `=>`; as ids begin with `=` it reads `@<==bw52O=>`.
//! `@<-channel->` means everybody in the channel. Neither is documented. Clients disagree on
//! whether a blank must follow; here it need not.
//!
//! ```
//! use mynah_bearychat::text::{Piece, mention, mentions, pieces, replace_mentions};
//!
//! let text = format!("{} 值班 @<-channel->", mention(&"=bw52O".into()));
//! assert_eq!(text, "@<==bw52O=> 值班 @<-channel->");
//! assert_eq!(mentions(&text), ["=bw52O".into()]);
//! assert_eq!(pieces(&text).last(), Some(Piece::Everybody));
//! assert_eq!(replace_mentions(&text, |_| Some("@alice")), "@alice 值班 @<-channel->");
//! ```

use crate::id::UserId;

/// Everybody in the channel, as it stands in texts.
pub const EVERYBODY: &str = "@<-channel->";

const OPEN: &str = "@<=";
const CLOSE: &str = "=>";

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Piece<'a> {
    /// As it stands there.
    Text(&'a str),
    /// A user: the id.
    Mention(&'a str),
    /// Everybody in the channel.
    Everybody,
}

impl<'a> Piece<'a> {
    /// The id of the user who is mentioned, if one is.
    pub fn user(self) -> Option<&'a str> {
        match self {
            Self::Mention(uid) => Some(uid),
            _ => None,
        }
    }
}

/// Takes a text apart; together the pieces make the text.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        rest: text,
        next: None,
    }
}

/// The pieces of a text; see [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
    /// What was found behind the text that was given last.
    next: Option<Piece<'a>>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(found) = self.next.take() {
            return Some(found);
        }
        if self.rest.is_empty() {
            return None;
        }
        let Some((at, found, length)) = first(self.rest) else {
            return Some(Piece::Text(std::mem::take(&mut self.rest)));
        };
        let (before, rest) = self.rest.split_at(at);
        self.rest = rest.get(length..).unwrap_or_default();
        if before.is_empty() {
            return Some(found);
        }
        self.next = Some(found);
        Some(Piece::Text(before))
    }
}

/// The first mention in a text: where it begins, what it is, and its length in bytes.
fn first(text: &str) -> Option<(usize, Piece<'_>, usize)> {
    text.match_indices("@<").find_map(|(at, _)| {
        let here = text.get(at..)?;
        if here.starts_with(EVERYBODY) {
            return Some((at, Piece::Everybody, EVERYBODY.len()));
        }
        let uid = uid_of(here)?;
        let length = OPEN.len() + uid.len() + CLOSE.len();
        Some((at, Piece::Mention(uid), length))
    })
}

/// The id in the mention that a text begins with.
fn uid_of(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(OPEN)?;
    let digits = inside.strip_prefix('=')?;
    let length = digits.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (uid, rest) = inside.split_at_checked(1 + length)?;
    (length > 0 && rest.starts_with(CLOSE)).then_some(uid)
}

/// Who is mentioned, each once, in the order of the text.
pub fn mentions(text: &str) -> Vec<UserId> {
    let mut found: Vec<UserId> = Vec::new();
    for uid in pieces(text).filter_map(Piece::user) {
        if found.iter().all(|known| known.as_str() != uid) {
            found.push(uid.into());
        }
    }
    found
}

/// Whether this user is mentioned. Everybody is another matter; see [`mentions_everybody`].
pub fn mentions_user(text: &str, uid: &UserId) -> bool {
    pieces(text).any(|piece| piece.user() == Some(uid.as_str()))
}

/// Whether everybody is mentioned.
pub fn mentions_everybody(text: &str) -> bool {
    text.contains(EVERYBODY)
}

/// The mention of a user, as it stands in texts. Nobody is mentioned by an id that is none (`=`,
/// then ASCII letters and digits).
pub fn mention(uid: &UserId) -> String {
    format!("{OPEN}{uid}{CLOSE}")
}

/// The text with other words in the place of mentions: `words` has those for an id. Mentions of
/// users without words stay as they are, and so does everybody.
pub fn replace_mentions<'w>(text: &str, mut words: impl FnMut(&str) -> Option<&'w str>) -> String {
    let mut replaced = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => replaced.push_str(text),
            Piece::Everybody => replaced.push_str(EVERYBODY),
            Piece::Mention(uid) => match words(uid) {
                Some(words) => replaced.push_str(words),
                None => {
                    for part in [OPEN, uid, CLOSE] {
                        replaced.push_str(part);
                    }
                }
            },
        }
    }
    replaced
}

/// What an outgoing hook listens for: the beginning of a message
/// (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/outgoing.md>).
///
/// ```
/// use mynah_bearychat::text::TriggerWord;
///
/// let word: TriggerWord = "!baike".parse()?;
/// assert_eq!(word.rest_of("!baike 中国 "), Some("中国"));
/// assert_eq!(word.rest_of("what is !baike?"), None);
/// assert!("/baike".parse::<TriggerWord>().is_err());
/// # Ok::<(), mynah_bearychat::text::BadTriggerWord>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TriggerWord(String);

impl TriggerWord {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the word in a text that begins with it, without blanks around it; `None` for
    /// every other text.
    pub fn rest_of<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(self.as_str()).map(str::trim)
    }
}

impl std::str::FromStr for TriggerWord {
    type Err = BadTriggerWord;

    fn from_str(word: &str) -> Result<Self, BadTriggerWord> {
        if word.trim().is_empty() {
            return Err(BadTriggerWord::Blank);
        }
        if word.starts_with('/') {
            return Err(BadTriggerWord::Command);
        }
        Ok(Self(word.to_owned()))
    }
}

/// Why a word is none to listen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadTriggerWord {
    /// Every message begins with nothing.
    #[error("trigger_word: must not be blank")]
    Blank,
    /// Texts that begin with `/` are commands of the platform's own.
    #[error("trigger_word: must not begin with `/`")]
    Command,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_found_wherever_it_stands() {
        for text in [
            "@<==42=>",
            "@<==42=>hi",
            "hi @<==42=>",
            "a@<==42=>b",
            "@<@<==42=>",
        ] {
            assert_eq!(mentions(text), ["=42".into()], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_mention_is_text() {
        for text in [
            "",
            "@<===>",
            "@<=42=>",
            "@<==42>",
            "@<==4 2=>",
            "@<==中=>",
            "@<==42=",
            "@<-all->",
        ] {
            assert_eq!(mentions(text), [], "{text}");
            assert!(!mentions_everybody(text), "{text}");
            assert!(
                pieces(text).all(|piece| piece == Piece::Text(text)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_trigger_word_is_more_than_blanks_and_no_command() {
        assert_eq!(" ".parse::<TriggerWord>(), Err(BadTriggerWord::Blank));
        assert_eq!("/x".parse::<TriggerWord>(), Err(BadTriggerWord::Command));
    }
}
