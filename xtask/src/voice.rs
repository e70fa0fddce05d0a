//! What is printed while steps run side by side: each line says whose it is.

use std::cell::Cell;

thread_local! {
    static SPEAKER: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Does `work`; what this thread says meanwhile bears the name of `speaker`.
pub(crate) fn of<T>(speaker: &'static str, work: impl FnOnce() -> T) -> T {
    SPEAKER.set(Some(speaker));
    let done = work();
    SPEAKER.set(None);
    done
}

/// Prints `text`, which may be several lines.
pub(crate) fn say(text: &str) {
    println!("{}", marked(SPEAKER.get(), text));
}

fn marked(speaker: Option<&str>, text: &str) -> String {
    let Some(speaker) = speaker else {
        return text.to_owned();
    };
    let lines = text.lines().map(|line| format!("{speaker:<7} │ {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_says_whose_it_is() {
        assert_eq!(marked(None, "a\nb"), "a\nb");
        assert_eq!(marked(Some("peers"), "a\nb"), "peers   │ a\npeers   │ b");
    }

    #[test]
    fn a_speaker_is_done_when_the_work_is() {
        let heard = of("browser", || SPEAKER.get());
        assert_eq!((heard, SPEAKER.get()), (Some("browser"), None));
    }
}
