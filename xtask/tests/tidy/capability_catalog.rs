//! `docs/capabilities.md` and its Chinese twin say what each kind of account can do, and are made
//! from the tables of the bot layer.

use std::fmt::Write as _;
use std::fs;

use mynah_bot::{Capabilities, Capability, Platform, Support};
use mynah_core::Bilingual;

use crate::repository;

/// From the best to the worst.
const MARKS: [&str; 4] = ["●", "◐", "◇", "○"];

/// One of the two files.
struct Language {
    file: &'static str,
    head: &'static str,
    overview: &'static str,
    wanted: &'static str,
    titles: [&'static str; 5],
    words: fn(Bilingual) -> &'static str,
}

const ENGLISH: Language = Language {
    file: "docs/capabilities.md",
    head: "\
# What accounts can do

[中文](capabilities.zh-CN.md)

One vocabulary for all platforms: `Outbox`, `Context` and `Room` have a method for
everything below, and a message has a part for it. This file is made by
`cargo xtask catalog` from the tables that bots ask, and every row is held against
the sandbox by a test; do not edit it.

| mark | what becomes of it |
|---|---|
| ● | It is done. |
| ◐ | It is done within these bounds, and refused beyond them. |
| ◇ | Something else is done in its place. In a message that is named in `Receipt::losses`. |
| ○ | It is refused as `Unsupported`, with what comes nearest. A part of a message is left out, and named in `Receipt::losses`. |

Ask before, or take the error:

```rust
if cx.can(Capability::Edit) {
    cx.edit(&sent, \"done\").await?;
}
if let Err(error) = cx.room()?.rename(\"archive\").await
    && let Some(refused) = error.unsupported()
{
    println!(\"{}; nearest: {}\", refused.what, refused.nearest);
}
```
",
    overview: "At a glance: the best that any account of the platform does",
    wanted: "what",
    titles: ["OneBot 11", "WeCom", "DingTalk", "RongCloud", "BearyChat"],
    words: |note| note.en,
};

const CHINESE: Language = Language {
    file: "docs/capabilities.zh-CN.md",
    head: "\
# 各类账号能做什么

[English](capabilities.md)

所有平台用同一套词汇：下面每一项，`Outbox`、`Context` 和 `Room` 都有对应的方法，
或者消息里有对应的部分。本文件由 `cargo xtask catalog` 根据机器人查询的同一张表生成，
每一行都有测试在沙盒里核对；请勿手工修改。

| 标记 | 结果 |
|---|---|
| ● | 照做。 |
| ◐ | 在所列范围内照做，超出范围则拒绝。 |
| ◇ | 以别的方式代替；消息中的替换会写入 `Receipt::losses`。 |
| ○ | 以 `Unsupported` 拒绝，并说明最接近的做法；消息中的这一部分会被略去，并写入 `Receipt::losses`。 |

可以先问，也可以看错误：

```rust
if cx.can(Capability::Edit) {
    cx.edit(&sent, \"好了\").await?;
}
if let Err(error) = cx.room()?.rename(\"归档\").await
    && let Some(refused) = error.unsupported()
{
    println!(\"{}；最接近的做法：{}\", refused.what.words().zh, refused.nearest.zh);
}
```
",
    overview: "一览：该平台各类账号中最好的结果",
    wanted: "能力",
    titles: ["OneBot 11", "企业微信", "钉钉", "融云", "倍洽"],
    words: |note| note.zh,
};

impl Language {
    fn title(&self, platform: Platform) -> &'static str {
        let place = Platform::ALL.iter().position(|one| *one == platform);
        self.titles[place.unwrap()]
    }

    /// The text of the file.
    fn render(&self, kinds: &[Capabilities]) -> String {
        let mut text = self.head.to_owned();
        let _ = write!(text, "\n## {}\n\n", self.overview);
        let of = |platform| {
            let kinds = kinds.iter().copied();
            kinds.filter(move |kind| kind.platform() == Some(platform))
        };
        let best = |wanted| {
            Platform::ALL.map(|platform| {
                let ranks = of(platform).map(|kind| rank(kind.of(wanted)));
                MARKS[ranks.min().unwrap_or(3)].to_owned()
            })
        };
        let titles = Platform::ALL.map(|platform| self.title(platform));
        self.table(&mut text, titles, best);
        for platform in Platform::ALL {
            let _ = write!(text, "\n## {}\n\n", self.title(platform));
            let names = of(platform).map(|kind| (self.words)(kind.account()));
            self.table(&mut text, names, |wanted| {
                of(platform).map(move |kind| self.cell(kind.of(wanted)))
            });
        }
        text
    }

    fn table<Cells: IntoIterator<Item = String>>(
        &self,
        text: &mut String,
        columns: impl IntoIterator<Item = &'static str>,
        cells: impl Fn(Capability) -> Cells,
    ) {
        let columns: Vec<_> = columns.into_iter().collect();
        let _ = writeln!(text, "| {} | {} |", self.wanted, columns.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(columns.len()));
        for wanted in Capability::ALL {
            let cells: Vec<_> = cells(*wanted).into_iter().collect();
            let words = (self.words)(wanted.words());
            let _ = writeln!(text, "| {words} | {} |", cells.join(" | "));
        }
    }

    fn cell(&self, support: Support) -> String {
        let mark = MARKS[rank(support)];
        match note(support) {
            None => mark.to_owned(),
            Some(note) => format!("{mark} {}", (self.words)(note).replace('|', "\\|")),
        }
    }
}

fn note(support: Support) -> Option<Bilingual> {
    match support {
        Support::Within(note) | Support::Substitute(note) => Some(note),
        Support::No { nearest } => Some(nearest),
        _ => None,
    }
}

fn rank(support: Support) -> usize {
    match support {
        Support::Yes => 0,
        Support::Within(_) => 1,
        Support::Substitute(_) => 2,
        _ => 3,
    }
}

#[test]
fn the_tables_of_capabilities_are_up_to_date() {
    for language in [ENGLISH, CHINESE] {
        let text = language.render(Capabilities::ALL);
        let file = repository::root().join(language.file);
        if std::env::var_os("MYNAH_WRITE_CATALOG").is_some() {
            fs::write(&file, &text).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        let name = language.file;
        assert!(
            found == text,
            "{name} is out of date: run `cargo xtask catalog`"
        );
    }
}

#[test]
fn every_kind_of_account_has_a_name_of_its_own_in_both_languages() {
    let mut names = Vec::new();
    for kind in Capabilities::ALL {
        let Bilingual { en, zh } = kind.account();
        assert!(kind.platform().is_some(), "{en}");
        assert!(!names.contains(&en) && !names.contains(&zh), "{en}, {zh}");
        names.extend([en, zh]);
    }
}

#[test]
fn notes_are_in_both_languages() {
    for kind in Capabilities::ALL {
        for (wanted, support) in kind.iter() {
            let Some(note) = note(support) else {
                continue;
            };
            let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            let kind = kind.account().en;
            assert!(!note.en.contains(chinese), "{kind}: {wanted}: {}", note.en);
            assert!(note.zh.contains(chinese), "{kind}: {wanted}: {}", note.zh);
        }
    }
}
