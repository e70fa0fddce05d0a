use fastrand::Rng;

use super::*;
use crate::id::Platform;
use crate::message::{Message, Part};

#[path = "../../tests/it/documents.rs"]
#[allow(unreachable_pub)]
mod documents;

use documents::{ALL, Document, Piece, Place, WITHOUT_MARKUP};

/// As much as a place may lack, and still be Markdown.
const POOR: Dialect = Dialect {
    headings: 0,
    italic: false,
    strike: false,
    fence: false,
    tasks: false,
    table: Table::Lines,
    link: false,
    image: false,
    rule: false,
    line_break: "\n",
    ..Dialect::COMMON
};

const FENCED: Dialect = Dialect {
    headings: 3,
    table: Table::Fenced,
    image: false,
    ..Dialect::COMMON
};

fn place(dialect: &Dialect) -> Place {
    let (looks, lacks): (_, &[_]) = match (dialect.markup, dialect.fence, dialect.table) {
        (false, ..) => (0, &WITHOUT_MARKUP),
        (true, false, _) => (
            documents::BOLD | documents::QUOTED,
            &[
                "italic",
                "strikethrough",
                "code block",
                "heading",
                "table",
                "link",
                "picture",
                "rule",
                "card",
                "button",
            ],
        ),
        (true, true, Table::Written) => (ALL, &["card", "button"]),
        (true, true, _) => (ALL, &["table", "picture", "card", "button"]),
    };
    let markup = dialect.markup;
    Place {
        markup,
        looks,
        lacks,
    }
}

fn written(dialect: &'static Dialect, message: &Message, limit: Limit) -> (Vec<Piece>, Vec<Loss>) {
    let mut script = Script::new(dialect);
    let mut tags = Vec::new();
    for (index, part) in message.parts().iter().enumerate() {
        script.begin(index);
        match part {
            Part::Text(text) => script.text(text),
            Part::Markdown(source) => script.markdown(source),
            Part::Card(card) => script.card(card),
            Part::Mention(user) => {
                let mention = format!("@{}", user.id);
                script.tagged(&mention, tags.len());
                tags.push(mention);
            }
            _ => script.lose("other", "nothing"),
        }
    }
    let mut found = 0;
    let pieces: Vec<_> = script
        .take(limit, message.is_numbered())
        .into_iter()
        .map(|words| {
            for (place, tag) in &words.tags {
                assert_eq!(words.text[place.clone()], tags[*tag]);
                found += 1;
            }
            Piece {
                length: limit.length(&words.text),
                raw: words.text.clone(),
                words: words.text,
            }
        })
        .collect();
    assert_eq!(found, tags.len());
    (pieces, script.losses())
}

fn check(document: &Document, random: &mut Rng) {
    let most = random.usize(160..700);
    let limits = [
        Limit::bytes(most),
        Limit::characters(most),
        Limit::json_bytes(most),
    ];
    let limit = random.choice(limits).unwrap();
    let dialects = [&Dialect::PLAIN, &Dialect::COMMON, &POOR, &FENCED];
    let dialect = random.choice(dialects).unwrap();
    let (pieces, losses) = written(dialect, &document.message, limit);
    documents::check(document, place(dialect), &pieces, &losses, most);
}

/// In each dialect, by each unit, for small limits.
#[test]
fn nothing_is_torn_apart_or_lost_without_a_name() {
    documents::every(COUNT, Platform::OneBot, |document, random| {
        check(&document, random);
    });
}

const COUNT: u64 = 100_000;

fn common(source: &str) -> String {
    let message = Message::markdown(source);
    let (mut pieces, losses) = written(&Dialect::COMMON, &message, Limit::bytes(100_000));
    assert_eq!(losses, []);
    pieces.remove(0).words
}

#[test]
fn what_is_known_is_written_as_it_was() {
    for source in [
        "**hi** ",
        "a *b* ~~c~~ `d` [e](http://h/f) ![g](http://h/i.png)",
        "# a\n## b\ntext\nmore",
        "> a\n> b\n>\n> > c\n\nd",
        "- a\n- b\n  - c\n\n    d\n- [x] e",
        "3. a\n4. b",
        "```rust\nlet a = 1;\n\n    b\n```\n",
        "> ```\n> a\n> ```",
        "| a | b |\n| --- | --: |\n| c | d |",
        "a  \nb",
        "a\n\n---\n\nb",
        "``a`b``",
    ] {
        assert_eq!(common(source), source);
    }
}

#[test]
fn what_means_nothing_stays_text() {
    for (source, expected) in [
        ("\\*a\\* \\# &lt;b&gt;", "\\*a\\* # \\<b>"),
        ("[a]: http://h\n\n[a]", "[a](http://h)"),
        ("Title\n=====", "# Title"),
        ("    code", "```\ncode\n```"),
        ("_a_b __c__", "\\_a_b **c**"),
        ("<http://h/_a_>", "[http://h/\\_a\\_](http://h/_a_)"),
    ] {
        assert_eq!(common(source), expected, "{source}");
    }
}

#[test]
fn what_is_not_known_is_written_otherwise_and_named() {
    let source = "# Plan\n**a** [b](http://h/c) `d`\n\n| 名字 | n |\n|---|--:|\n| 爱 | 12 |\n\n> q\n\n- [ ] x\n\n***";
    let (pieces, losses) = written(
        &Dialect::PLAIN,
        &Message::markdown(source),
        Limit::bytes(1000),
    );
    let expected = "Plan\na b (http://h/c) d\n\n名字 |  n\n爱   | 12\n\n> q\n\n- ☐ x\n\n———";
    assert_eq!(pieces[0].words, expected);
    let names: Vec<_> = losses.iter().map(|loss| loss.what).collect();
    let expected = [
        "heading",
        "bold",
        "link",
        "code",
        "table",
        "block quote",
        "list",
        "check box",
        "rule",
    ];
    assert_eq!(names, expected);
}

#[test]
fn code_that_is_too_long_is_closed_and_opened_again() {
    let source = format!("> ```rust\n{}> ```", "> let a = 1;\n".repeat(8));
    let message = Message::markdown(source);
    let (pieces, losses) = written(&Dialect::COMMON, &message, Limit::bytes(100));
    assert_eq!(losses, []);
    for piece in &pieces {
        assert!(
            piece.words.starts_with("> ```rust\n> let a = 1;\n"),
            "{piece:?}"
        );
        assert!(piece.words.contains("\n> ```\n\n("), "{piece:?}");
    }
}

#[test]
fn the_head_of_a_table_is_repeated() {
    let rows = "| 1 | 2 |\n".repeat(20);
    let message = Message::markdown(format!("| a | b |\n| --- | --- |\n{rows}")).unnumbered();
    let (pieces, _) = written(&Dialect::COMMON, &message, Limit::bytes(120));
    assert!(pieces.len() > 1);
    for piece in &pieces {
        let head = "| a | b |\n| --- | --- |\n| 1 | 2 |\n";
        assert!(piece.words.starts_with(head), "{piece:?}");
    }
}

#[test]
fn long_text_is_cut_between_words_and_numbered() {
    let cut = |text: &str, most| {
        let message = Message::text(text);
        let (pieces, _) = written(&Dialect::PLAIN, &message, Limit::characters(most));
        pieces
            .into_iter()
            .map(|piece| piece.words)
            .collect::<Vec<_>>()
    };
    assert_eq!(cut("abcd", 4), ["abcd"]);
    let words = "some words that are long enough to be cut twice, no less";
    let expected = [
        "some words that are\n(1/3)",
        "long enough to be\n(2/3)",
        "cut twice, no less\n(3/3)",
    ];
    assert_eq!(cut(words, 26), expected);
    assert_eq!(cut(&"值".repeat(30), 26).len(), 2);
    let twelve = cut(&"值".repeat(380), 40);
    assert!(
        twelve[0].ends_with("\n(1/12)") && twelve.len() == 12,
        "{twelve:?}"
    );
    // There is no room for a number.
    assert_eq!(cut("abcdefgh", 4), ["abcd", "efgh"]);
}

#[test]
fn what_alone_is_too_long_is_torn_and_named() {
    let message = Message::text("x ").push(format!("http://h/{}", "a".repeat(300)));
    let (pieces, losses) = written(&Dialect::PLAIN, &message, Limit::bytes(100));
    assert!(pieces.len() > 2);
    assert_eq!(losses, [Loss::new(1, "address", "its pieces")]);
}

#[test]
fn cards_become_numbered_lines() {
    let card = Card::new("Deploy?")
        .text("to **production**")
        .link("Diff", "http://h/d")
        .press("Yes", "y");
    let message = Message::new().card(card);
    let words = |dialect| {
        let (pieces, _) = written(dialect, &message, Limit::bytes(1000));
        pieces[0].words.clone()
    };
    let plain = "Deploy?\nto production\n1. Diff http://h/d\n2. Yes";
    assert_eq!(words(&Dialect::PLAIN), plain);
    let marked = "**Deploy?**\n\nto **production**\n\n1. [Diff](http://h/d)\n2. Yes";
    assert_eq!(words(&Dialect::COMMON), marked);
}

/// Whatever is said: no time is lost, nothing is too long.
#[test]
fn anything_is_written_in_time() {
    let mut random = Rng::with_seed(7);
    let signs = [
        "*", "_", "`", "~", "[", "]", "(", ")", "<", ">", "!", "#", "-", "+", "1.", "|", "\\", "&",
        ";", "\n", "\n\n", "    ", " ", "a", "值", "\u{301}", "\u{200d}", "👨", "🇨", "http://",
        "@<", "```", "|---|", "\t", "\r\n", "\u{b}", "\0", "&#10;", "<b>", "<!--",
    ];
    for _ in 0..3000 {
        let length = random.usize(1..200);
        let text: String = (0..length).map(|_| random.choice(signs).unwrap()).collect();
        let message = if random.bool() {
            Message::text(text)
        } else {
            Message::markdown(text)
        };
        let most = random.usize(40..300);
        for dialect in [&Dialect::PLAIN, &Dialect::COMMON, &POOR, &FENCED] {
            let (pieces, _) = written(dialect, &message, Limit::bytes(most));
            assert!(
                pieces.iter().all(|piece| piece.length <= most),
                "{message:?} {pieces:?}"
            );
        }
    }
    for sign in signs.into_iter().chain([
        "- ", "> ", "**a ", "[a](", "![", "1) ", "a|b\n", "🇨🇳", "\\*",
    ]) {
        let text = sign.repeat(20_000);
        for dialect in [&Dialect::PLAIN, &Dialect::COMMON] {
            written(dialect, &Message::text(text.as_str()), Limit::bytes(2000));
            written(
                dialect,
                &Message::markdown(text.as_str()),
                Limit::bytes(2000),
            );
        }
    }
}
