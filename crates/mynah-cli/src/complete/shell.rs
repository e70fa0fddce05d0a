//! What shells say and want to hear while somebody types.

use clap_complete::Shell;

use super::Candidate;
use crate::exit::Failure;
use crate::output;

/// What a shell is taught, if it asks the program; the others know commands and options only.
pub(super) const fn script(shell: Shell) -> Option<&'static str> {
    match shell {
        Shell::Bash => Some(include_str!("mynah.bash")),
        Shell::Zsh => Some(include_str!("_mynah")),
        Shell::Fish => Some(include_str!("mynah.fish")),
        _ => None,
    }
}

/// What is typed so far, and what the shell will put the candidate in the place of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The words behind the name of the program; the last one is being typed.
    pub(super) words: Vec<String>,
    /// How much of the last one the shell takes for words of their own, in bytes.
    kept: usize,
    quote: Option<char>,
}

impl Typed {
    /// Reads what a shell says: bash the line up to the cursor and the signs that part its
    /// words, the others the words.
    pub(super) fn read(shell: Shell, said: Vec<String>) -> Result<Self, Failure> {
        match shell {
            Shell::Bash => match said.as_slice() {
                [line, breaks] => Ok(Self::line(line, breaks)),
                _ => Err(Failure::usage("__complete bash -- LINE WORDBREAKS")),
            },
            _ => Ok(Self {
                words: said,
                kept: 0,
                quote: None,
            }),
        }
    }

    /// A line as bash reads it. To bash `a=b` is three words when it completes, and one when it
    /// runs; it puts a candidate in the place of the last of the three.
    fn line(line: &str, breaks: &str) -> Self {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let (mut kept, mut opened) = (0, 0);
        let mut quote = None;
        let mut rest = line.chars();
        while let Some(sign) = rest.next() {
            match (quote, sign) {
                (None, ' ' | '\t' | '\n') => {
                    words.extend(word.take());
                    kept = 0;
                }
                (None, '\'' | '"') => {
                    quote = Some(sign);
                    opened = word.get_or_insert_default().len();
                }
                (Some(open), sign) if sign == open => quote = None,
                (None | Some('"'), '\\') => word.get_or_insert_default().extend(rest.next()),
                (quote, sign) => {
                    let word = word.get_or_insert_default();
                    let before = word.len();
                    word.push(sign);
                    if quote.is_none() && breaks.contains(sign) {
                        // These part words too, but belong to what comes after them.
                        let leads = matches!(sign, '@' | '$');
                        kept = if leads { before } else { word.len() };
                    }
                }
            }
        }
        if quote.is_some() {
            kept = opened;
        }
        words.push(word.unwrap_or_default());
        words.remove(0);
        Self { words, kept, quote }
    }

    /// The candidates, as the shell wants to hear them.
    pub(super) fn answer(&self, shell: Shell, candidates: &[Candidate]) -> String {
        let lines: Vec<String> = match shell {
            Shell::Bash => candidates
                .iter()
                .filter_map(|it| self.for_bash(it))
                .collect(),
            Shell::Zsh => {
                let rows = candidates.iter();
                let rows = rows.map(|it| vec![it.value.clone(), it.about.clone()]);
                let shown = output::aligned(&rows.collect::<Vec<_>>());
                let both = candidates.iter().zip(shown.lines());
                both.map(|(it, shown)| format!("{}\t{shown}", it.value))
                    .collect()
            }
            _ => candidates
                .iter()
                .map(|it| format!("{}\t{}", it.value, it.about))
                .collect(),
        };
        lines.join("\n")
    }

    /// What bash puts in the place of the last of its words.
    fn for_bash(&self, candidate: &Candidate) -> Option<String> {
        let rest = candidate.value.get(self.kept..)?;
        let mut written = String::with_capacity(rest.len() + 1);
        for sign in rest.chars() {
            let is_special = match self.quote {
                None => !(sign.is_alphanumeric() || "_./=:@%+,-~".contains(sign)),
                Some('"') => "\"$`\\".contains(sign),
                Some(_) => false,
            };
            if is_special {
                written.push('\\');
            }
            written.push(sign);
        }
        if candidate.done && self.quote.is_none() {
            written.push(' ');
        }
        Some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'@><=;|&(:";

    fn typed(line: &str) -> (Vec<String>, usize, Option<char>) {
        let typed = Typed::line(line, BREAKS);
        (typed.words, typed.kept, typed.quote)
    }

    #[test]
    fn a_line_is_read_as_bash_reads_it() {
        let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for (line, expected, kept, quote) in [
            ("mynah ", &[""][..], 0, None),
            ("mynah ca", &["ca"], 0, None),
            (
                "mynah call wecom a.b us",
                &["call", "wecom", "a.b", "us"],
                0,
                None,
            ),
            ("mynah call 类型=fi", &["call", "类型=fi"], 7, None),
            ("mynah call media=@dow", &["call", "media=@dow"], 6, None),
            ("mynah send 'my acc", &["send", "my acc"], 0, Some('\'')),
            (r"mynah send my\ acc", &["send", "my acc"], 0, None),
            (
                r#"mynah call "name=a \"b"#,
                &["call", "name=a \"b"],
                0,
                Some('"'),
            ),
            (
                r#"mynah call name="a b" x="#,
                &["call", "name=a b", "x="],
                2,
                None,
            ),
        ] {
            assert_eq!(typed(line), (words(expected), kept, quote), "{line}");
        }
    }

    #[test]
    fn bash_hears_what_it_puts_in_the_place_of_its_last_word() {
        let candidate = |value: &str, done| Candidate {
            value: value.to_owned(),
            about: String::new(),
            done,
        };
        let answer = |line: &str, value: &str, done| {
            Typed::line(line, BREAKS).answer(Shell::Bash, &[candidate(value, done)])
        };
        assert_eq!(answer("mynah ca", "call", true), "call ");
        assert_eq!(answer("mynah us", "userlist=", false), "userlist=");
        assert_eq!(answer("mynah type=fi", "type=file", true), "file ");
        assert_eq!(answer("mynah send m", "my account", true), r"my\ account ");
        assert_eq!(answer("mynah send 'm", "my account", true), "my account");
        assert_eq!(answer("mynah send \"m", "my $x", true), r"my \$x");
        assert_eq!(answer("mynah m=@a", "m=@a/b c", false), r"@a/b\ c");
    }
}
