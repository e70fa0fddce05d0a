//! Messages written for the platforms, in bytes a second.
//! `cargo bench -p mynah-bench --bench compile`

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use mynah_bot::{Message, bearychat, dingtalk, onebot, rongcloud, wecom};

fn main() {
    divan::main();
}

const TEXT: &str = "今晚八点开会，请带上 [议程]: https://example.com/agenda?x=1&y=2\n\
    Words between them are in *no* language_of_markup, 1 < 2 & so on.\n";

const MARKDOWN: &str = "## 值班\n\n**今晚** 由 [alice](https://example.com/alice) 值班，`#oncall` 见。\n\n\
    - one\n- two\n  1. three\n\n> quoted *words*\n\n```rust\nlet rota = read(\"rota.toml\")?;\n```\n\n\
    | day | who |\n| --- | --- |\n| 一 | alice |\n| 二 | bob |\n\n";

fn measured<T>(bencher: Bencher<'_, '_>, message: &Message, compile: impl Fn(&Message) -> T) {
    let bytes = BytesCount::new(message.plain_text().len());
    bencher
        .counter(bytes)
        .bench_local(|| compile(black_box(message)));
}

/// A megabyte: nearly all of it has to be cut.
fn text() -> Message {
    Message::text(TEXT.repeat(1_000_000 / TEXT.len()))
}

fn markdown() -> Message {
    Message::markdown(MARKDOWN.repeat(1_000_000 / MARKDOWN.len()))
}

#[divan::bench]
fn onebot_text(bencher: Bencher<'_, '_>) {
    measured(bencher, &text(), onebot::compile);
}

#[divan::bench]
fn onebot_markdown(bencher: Bencher<'_, '_>) {
    measured(bencher, &markdown(), onebot::compile);
}

#[divan::bench]
fn rongcloud_text(bencher: Bencher<'_, '_>) {
    measured(bencher, &text(), rongcloud::compile);
}

#[divan::bench]
fn rongcloud_markdown(bencher: Bencher<'_, '_>) {
    measured(bencher, &markdown(), rongcloud::compile);
}

#[divan::bench]
fn bearychat_text(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| bearychat::compile(message, bearychat::Way::Calls);
    measured(bencher, &text(), compile);
}

#[divan::bench]
fn bearychat_markdown(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| bearychat::compile(message, bearychat::Way::Calls);
    measured(bencher, &markdown(), compile);
}

#[divan::bench]
fn wecom_text(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| wecom::compile(message, wecom::Way::Direct);
    measured(bencher, &text(), compile);
}

#[divan::bench]
fn wecom_markdown(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| wecom::compile(message, wecom::Way::Bot);
    measured(bencher, &markdown(), compile);
}

#[divan::bench]
fn dingtalk_text(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| dingtalk::compile(message, dingtalk::Way::Session);
    measured(bencher, &text(), compile);
}

#[divan::bench]
fn dingtalk_markdown(bencher: Bencher<'_, '_>) {
    let compile = |message: &Message| dingtalk::compile(message, dingtalk::Way::Session);
    measured(bencher, &markdown(), compile);
}
