//! The pages in `docs/migration` show every call of the packages they are about, and nothing that
//! does not compile.

use crate::outline::Outline;
use crate::repository;

/// A page, and the file that does what it shows.
const PAGES: [(&str, &str); 5] = [
    ("aiobearychat", "aiobearychat"),
    ("dingtalk-sdk", "dingtalk_sdk"),
    ("wechatpy", "wechatpy"),
    ("rongcloud-server-sdk-python", "rongcloud_server_sdk_python"),
    ("aiocqhttp", "aiocqhttp"),
];
const TESTS: &str = "crates/mynah/tests/it/migration";
const METHODS: &str = "crates/mynah/tests/vectors/seed-methods.txt";

/// The names of a package's calls.
fn methods(list: &str, package: &str) -> Vec<String> {
    let heading = format!("[{package}]");
    let lines = list.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// A row of a table: their call, ours, what differs.
#[derive(Debug, PartialEq)]
struct Row {
    theirs: String,
    /// Each piece of code of ours.
    ours: Vec<String>,
    differs: String,
}

/// The rows in which two calls stand side by side.
fn rows(page: &str) -> Vec<Row> {
    let mut inside = false;
    let mut rows = Vec::new();
    for line in page.lines() {
        inside ^= line.starts_with("```");
        let Some(row) = line.strip_prefix('|').filter(|_| !inside) else {
            continue;
        };
        let cells = cells(row);
        let [theirs, ours, differs] = cells.as_slice() else {
            continue;
        };
        let code = |cell: &str| -> Vec<String> {
            let spans = cell.split('`').skip(1).step_by(2);
            spans.map(str::to_owned).collect()
        };
        if code(theirs).is_empty() || code(ours).is_empty() {
            continue;
        }
        rows.push(Row {
            theirs: code(theirs).join(" "),
            ours: code(ours),
            differs: differs.clone(),
        });
    }
    rows
}

/// The cells of a row; a bar in a cell has a backslash before it.
fn cells(row: &str) -> Vec<String> {
    let bar = '\u{0}';
    let row = row.replace("\\|", &bar.to_string());
    let row = row.trim().trim_end_matches('|').to_owned();
    let cells = row.split('|').map(|cell| cell.trim().replace(bar, "|"));
    cells.collect()
}

/// The code below each comment that is the name of a call.
fn sections<'s>(source: &'s str, methods: &[String]) -> Vec<(&'s str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in source.lines() {
        let name = line.trim().strip_prefix("// ");
        if let Some(name) = name.filter(|name| methods.iter().any(|known| known == name)) {
            sections.push((name, String::new()));
        } else if let Some((_, code)) = sections.last_mut() {
            code.push_str(line);
            code.push('\n');
        }
    }
    sections
}

/// Code without what rustfmt decides: white space, and commas at the end of a list.
fn squeezed(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")")
        .replace(",]", "]")
        .replace(",}", "}")
}

/// Whether a program says this name, and not one that only ends or begins like it.
fn says(code: &str, name: &str) -> bool {
    let within = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(within) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// What is wrong with a page.
fn problems(page: &str, source: &str, methods: &[String]) -> Vec<String> {
    let rows = rows(page);
    let sections = sections(source, methods);
    let sections: Vec<_> = sections
        .iter()
        .map(|(name, code)| (*name, squeezed(code)))
        .collect();
    let mut shown = vec![false; sections.len()];
    let mut problems = Vec::new();
    for row in &rows {
        let about = sections.iter().enumerate().filter(|(_, (name, code))| {
            let pieces = row.ours.iter().map(|piece| squeezed(piece));
            says(&row.theirs, name) && { pieces }.all(|piece| code.contains(&piece))
        });
        let mut none = true;
        for (at, _) in about {
            shown[at] = true;
            none = false;
        }
        if none {
            let Row { theirs, ours, .. } = row;
            problems.push(format!("no test does `{theirs}` as {ours:?}"));
        }
        if row.differs.is_empty() {
            problems.push(format!("`{}`: nothing is said of it", row.theirs));
        }
    }
    for ((name, _), shown) in sections.iter().zip(shown) {
        if !shown {
            problems.push(format!("a test does `{name}`, and no row shows how"));
        }
    }
    for method in methods {
        if !rows.iter().any(|row| says(&row.theirs, method)) {
            problems.push(format!("no row is about `{method}`"));
        }
    }
    problems
}

fn pages(name: &str) -> [String; 2] {
    ["md", "zh-CN.md"].map(|ending| format!("docs/migration/{name}.{ending}"))
}

#[test]
fn every_call_of_a_package_has_a_row_that_a_test_runs() {
    let list = repository::read(METHODS);
    for (package, tests) in PAGES {
        let methods = methods(&list, package);
        assert!(methods.len() > 4, "{METHODS} says nothing of {package}");
        let source = repository::read(&format!("{TESTS}/{tests}.rs"));
        for page in pages(package) {
            let problems = problems(&repository::read(&page), &source, &methods);
            assert!(problems.is_empty(), "{page}:\n{}", problems.join("\n"));
        }
    }
}

#[test]
fn the_rows_show_the_same_code_in_both_languages() {
    for (package, _) in PAGES {
        let [english, chinese] = pages(package).map(|page| {
            let rows = rows(&repository::read(&page)).into_iter();
            let code = rows.map(|row| (row.theirs, row.ours));
            code.collect::<Vec<_>>()
        });
        assert_eq!(english, chinese, "{package}");
    }
}

/// The first block is a whole program; the others are parts of what a test does.
#[test]
fn whatever_a_page_shows_of_ours_is_compiled() {
    for (package, tests) in PAGES {
        let program = repository::read(&format!("{TESTS}/programs/{tests}.rs"));
        let source = squeezed(&repository::read(&format!("{TESTS}/{tests}.rs")));
        for page in pages(package) {
            let outline = Outline::of(&repository::read(&page));
            let mut blocks = outline.code_in("rust");
            assert_eq!(blocks.next(), Some(program.as_str()), "{page}");
            for block in blocks {
                assert!(source.contains(&squeezed(block)), "{page}:\n{block}");
            }
        }
    }
}

#[test]
fn each_problem_is_found() {
    let methods = ["api.user.me", "api.user.list"].map(str::to_owned);
    let source = "
        // api.user.me
        let me = api.call(
            GetMe::new(),
        ).await?;
        // api.user.list
        let all = api.call(ListUsers::new()).await?;
    ";
    let page = |rows: &[&str]| {
        format!(
            "| theirs | ours | what |\n|---|---|---|\n{}",
            rows.join("\n")
        )
    };
    let me = "| `api.user.me()` | `api.call(GetMe::new()).await?` | typed |";
    let all = "| `api.user.list()` | `api.call(ListUsers::new()).await?` | typed |";
    assert_eq!(problems(&page(&[me, all]), source, &methods), [""; 0]);
    for (rows, expected) in [
        (
            vec![me],
            vec![
                "a test does `api.user.list`",
                "no row is about `api.user.list`",
            ],
        ),
        (
            vec![me, all, "| `api.user.me()` | `other()` | typed |"],
            vec!["no test does"],
        ),
        // The code of another call is no better than none.
        (
            vec![
                me,
                all,
                "| `api.user.me()` | `api.call(ListUsers::new()).await?` | typed |",
            ],
            vec!["no test does"],
        ),
        (
            vec![
                me,
                all,
                "| `api.user.me()` | `api.call(GetMe::new()).await?` | |",
            ],
            vec!["nothing is said"],
        ),
    ] {
        let found = problems(&page(&rows), source, &methods);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
    }
}

#[test]
fn names_are_told_apart() {
    assert!(says("await api.rtm.start()", "api.rtm.start"));
    assert!(says("if r.ok:", "r.ok"));
    for (code, name) in [
        ("await api.rtm.start()", "rtm.start"),
        ("await api.session_channel.create()", "channel.create"),
        ("client.appchat.send_text(chat)", "client.appchat.send"),
    ] {
        assert!(!says(code, name), "{code}: {name}");
    }
}

#[test]
fn a_bar_may_stand_in_a_cell() {
    assert_eq!(cells(" `a(\\|b\\| c)` | d |"), ["`a(|b| c)`", "d"]);
}
