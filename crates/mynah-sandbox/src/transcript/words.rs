//! Messages in words.

use std::fmt::Write as _;

use super::{Transcript, name};
use crate::world::{Card, MessageView, Part};

/// What a message says, in words, whatever it is made of.
pub(crate) fn spoken(message: &MessageView) -> String {
    let mut words = String::new();
    for part in &message.parts {
        say(&mut words, part);
    }
    words.trim().to_owned()
}

fn say(words: &mut String, part: &Part) {
    let mut tagged = |tag: &str, text: &str| {
        let text = if text.is_empty() {
            String::new()
        } else {
            format!(" {text}")
        };
        let _ = write!(words, "[{tag}{text}]");
    };
    match part {
        Part::Text { text } | Part::Markdown { text, .. } => words.push_str(text),
        Part::Mention { name, .. } => {
            let _ = write!(words, "@{name}");
        }
        // What is quoted stands in the conversation itself.
        Part::Quote { .. } => {}
        Part::Image { name, .. } => tagged("image", name),
        Part::Face { id } => tagged("face", id),
        Part::File { name, .. } => tagged("file", name),
        Part::Voice { name, .. } => tagged("voice", name),
        Part::Video { name, .. } => tagged("video", name),
        Part::Link { title, url, .. } => tagged("link", &format!("{title} {url}")),
        Part::Card(card) => tagged("card", &in_words(card)),
        Part::Attachment { title, text, .. } => {
            tagged("attachment", format!("{title} {text}").trim());
        }
        Part::Other { name, text, .. } => tagged(name, text),
    }
}

fn in_words(card: &Card) -> String {
    let fields = card.fields.iter();
    let fields = fields.map(|field| format!("{} {}", field.name, field.value));
    let buttons = card.buttons.iter().map(|button| button.label.clone());
    let texts = [card.title.clone(), card.text.clone()];
    let all = texts.into_iter().chain(fields).chain(buttons);
    let all: Vec<_> = all.filter(|text| !text.trim().is_empty()).collect();
    all.join(" · ")
}

/// The whole of it, in Markdown. What was said is quoted, so that nothing in it
/// passes for a heading.
pub(super) fn text(transcript: &Transcript) -> String {
    let Transcript {
        platform,
        conversation,
        saved,
        messages,
        ..
    } = transcript;
    let title = match conversation.title.as_str() {
        "" => &conversation.id,
        title => title,
    };
    let mut text = format!(
        "# {title}\n\n{platform} · `{}` · {} messages · saved {}\n",
        conversation.id,
        messages.len(),
        time(*saved)
    );
    let mut day = String::new();
    for message in messages {
        let written = time(message.time);
        let (date, clock) = written.split_at(10);
        if date != day {
            let _ = write!(text, "\n## {date}\n");
            date.clone_into(&mut day);
        }
        entry(&mut text, message, clock.trim_start());
    }
    text
}

fn entry(text: &mut String, message: &MessageView, clock: &str) {
    if let Some(notice) = &message.notice {
        let _ = write!(
            text,
            "\n*{} · {}* ({clock})\n",
            notice.text_en, notice.text_zh
        );
        return;
    }
    let bot = if message.from.bot { " (bot)" } else { "" };
    let _ = write!(text, "\n**{}**{bot} {clock}", name(&message.from));
    let marks = [
        ("edited", message.edited),
        ("recalled", message.recalled.is_some()),
    ];
    for (mark, _) in marks.iter().filter(|(_, is_so)| *is_so) {
        let _ = write!(text, " ({mark})");
    }
    text.push('\n');
    for line in spoken(message).lines() {
        let _ = writeln!(text, "> {line}");
    }
    for reaction in &message.reactions {
        let _ = writeln!(text, "\n{} × {}", reaction.id, reaction.by.len());
    }
}

/// `2023-11-14 22:13:20 UTC`
fn time(seconds: i64) -> String {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let second = second % 60;
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// The day so many days after the beginning of 1970, in the Gregorian calendar.
/// Years begin in March here, so that the day a leap year adds is their last.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let from_march_0 = days + 719_468;
    let (era, day) = (from_march_0.div_euclid(ERA), from_march_0.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..=9 => (year, month + 3),
        _ => (year + 1, month - 9),
    };
    (year + era * 400, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, written) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_700_000_000, "2023-11-14 22:13:20 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
            (253_402_300_799, "9999-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(time(seconds), written);
        }
    }
}
