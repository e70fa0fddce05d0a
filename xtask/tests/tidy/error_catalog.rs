//! `docs/errors.md` and its Chinese twin explain every code of the five platforms, and are made
//! from what the platform crates know of them.

use std::fmt::Write as _;
use std::fs;

use mynah_core::{Bilingual, Explanation, Place};

use crate::repository;

/// One of the two files.
struct Language {
    file: &'static str,
    head: &'static str,
    columns: [&'static str; 5],
    told: fn(Bilingual) -> &'static str,
}

const ENGLISH: Language = Language {
    file: "docs/errors.md",
    head: "\
# What the codes mean

[中文](errors.zh-CN.md)

Every code that the five platforms are known to answer with, what is wrong, and how
it is mended. On a terminal, `mynah explain` tells the same of one code, or looks
for words:

```console
$ mynah explain wecom 60020
$ mynah explain dingtalk keyword signature
$ mynah explain rongcloud 401 --language zh
```

A program asks `explain(code)` of the module `explain` in the platform's crate. This
file is made by `cargo xtask catalog` from those tables; do not edit it.

Menus are named as the platforms' own pages name them. Behind a code that is not met
in the answer to a call stands where it is met.
",
    columns: [
        "code",
        "the platform says",
        "cause",
        "what to do",
        "does repeating help?",
    ],
    told: |words| words.en,
};

const CHINESE: Language = Language {
    file: "docs/errors.zh-CN.md",
    head: "\
# 错误码含义

[English](errors.md)

五个平台已知的全部错误码：出了什么问题，怎么处理。在终端里，`mynah explain`
可以查单个错误码，也可以按词搜索：

```console
$ mynah explain wecom 60020
$ mynah explain dingtalk keyword signature
$ mynah explain rongcloud 401 --language zh
```

程序可以调用各平台 crate 里 `explain` 模块的 `explain(code)`。本文件由
`cargo xtask catalog` 根据这些表生成；请勿手工修改。

菜单名称以各平台自己的页面为准。不在接口返回值里出现的错误码，后面注明在哪里出现。
",
    columns: ["错误码", "平台的说法", "原因", "处理", "重试有用吗"],
    told: |words| words.zh,
};

/// Each platform's names, and what it has.
fn platforms() -> [(Bilingual, Vec<Explanation>); 5] {
    [
        (
            Bilingual::new("OneBot 11", "OneBot 11"),
            mynah_onebot::explain::all().collect(),
        ),
        (
            Bilingual::new("WeCom", "企业微信"),
            mynah_wecom::explain::all().collect(),
        ),
        (
            Bilingual::new("DingTalk", "钉钉"),
            mynah_dingtalk::explain::all().collect(),
        ),
        (
            Bilingual::new("RongCloud", "融云"),
            mynah_rongcloud::explain::all().collect(),
        ),
        (
            Bilingual::new("BearyChat", "倍洽"),
            mynah_bearychat::explain::all().collect(),
        ),
    ]
}

impl Language {
    /// The text of the file.
    fn render(&self) -> String {
        let mut text = self.head.to_owned();
        for (title, rows) in platforms() {
            let _ = write!(text, "\n## {}\n\n", (self.told)(title));
            let _ = writeln!(text, "| {} |", self.columns.join(" | "));
            let _ = writeln!(text, "|{}", "---|".repeat(self.columns.len()));
            for row in &rows {
                let cells = self.cells(row).map(|cell| cell.replace('|', "\\|"));
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            }
        }
        text
    }

    fn cells(&self, row: &Explanation) -> [String; 5] {
        let mut code = format!("`{}`", row.code);
        if row.place != Place::Answer {
            let _ = write!(code, " ({})", (self.told)(row.place.words()));
        }
        let mut words = row.words.to_owned();
        if let Some(status) = row.status.filter(|status| row.code != status.to_string()) {
            let parted = if words.is_empty() { "" } else { " · " };
            let _ = write!(words, "{parted}HTTP {status}");
        }
        let repeating = row.remedy.words();
        [
            code,
            words,
            (self.told)(row.cause).to_owned(),
            (self.told)(row.fix).to_owned(),
            (self.told)(repeating).to_owned(),
        ]
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn the_catalogs_of_codes_are_up_to_date() {
    for language in [ENGLISH, CHINESE] {
        let text = language.render();
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
fn every_code_of_the_catalog_is_explained_in_whole_sentences_of_both_languages() {
    for (platform, rows) in platforms() {
        for row in rows {
            let name = format!("{} {}", platform.en, row.code);
            for words in [row.cause, row.fix] {
                let Bilingual { en, zh } = words;
                assert!(en.ends_with('.') || en.ends_with('…'), "{name}: {en}");
                assert!(zh.ends_with('。'), "{name}: {zh}");
                assert!(en.contains(' ') && zh.contains(is_chinese), "{name}: {zh}");
                let first = en.split([' ', ',', ':']).next().unwrap_or(en);
                let is_name = first.contains(|c: char| "-./".contains(c) || c.is_uppercase());
                let small = first.starts_with(char::is_lowercase);
                assert!(is_name || !small, "{name}: {en}");
                for told in [en, zh] {
                    assert!(!told.contains("  "), "{name}: {told}");
                }
            }
        }
    }
}

#[test]
fn no_code_of_the_catalog_is_explained_twice_in_one_place() {
    for (platform, rows) in platforms() {
        let mut met = Vec::new();
        for row in rows {
            let key = (row.code.to_lowercase(), row.place);
            assert!(!met.contains(&key), "{} {}", platform.en, row.code);
            met.push(key);
        }
    }
}
