//! Rust source as tokens: comments, documentation and strings do not count.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The tokens of `source`, without what only tests see.
pub(crate) fn of(source: &str) -> TokenStream {
    without_tests(TokenStream::from_str(source).expect("the source is Rust"))
}

/// Drops each item that follows `#[cfg(test)]`.
fn without_tests(stream: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut trees = stream.into_iter();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Group(group) if is_cfg_test(&group) => {
                kept.pop(); // the `#` before it
                skip_item(&mut trees);
            }
            TokenTree::Group(group) => {
                let inner = without_tests(group.stream());
                let mut copy = proc_macro2::Group::new(group.delimiter(), inner);
                copy.set_span(group.span());
                kept.push(copy.into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn is_cfg_test(group: &proc_macro2::Group) -> bool {
    let text: String = group.stream().to_string().split_whitespace().collect();
    group.delimiter() == Delimiter::Bracket && text == "cfg(test)"
}

/// An item ends with its body or with a semicolon.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) {
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

/// A path as written in the source, a lone name included.
pub(crate) struct Path {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
}

/// All paths in `stream`; `use std::{net, time::Instant}` gives two.
pub(crate) fn paths(stream: TokenStream) -> Vec<Path> {
    let mut found = Vec::new();
    collect(stream, &[], &mut found);
    found
}

fn collect(stream: TokenStream, prefix: &[String], found: &mut Vec<Path>) {
    let mut path = Path {
        line: 0,
        segments: prefix.to_vec(),
    };
    let mut colons = 2;
    for tree in stream {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    finish(&mut path, prefix, found);
                }
                path.line = ident.span().start().line;
                path.segments.push(ident.to_string());
                colons = 0;
            }
            TokenTree::Group(group) if colons == 2 && group.delimiter() == Delimiter::Brace => {
                let inner = std::mem::replace(&mut path.segments, prefix.to_vec());
                collect(group.stream(), &inner, found);
            }
            TokenTree::Group(group) => {
                finish(&mut path, prefix, found);
                collect(group.stream(), &[], found);
                colons = 2;
            }
            _ => {
                finish(&mut path, prefix, found);
                colons = 2;
            }
        }
    }
    finish(&mut path, prefix, found);
}

/// Puts the path away and starts the next one.
fn finish(path: &mut Path, prefix: &[String], found: &mut Vec<Path>) {
    if path.segments.len() > prefix.len() {
        found.push(Path {
            line: path.line,
            segments: path.segments.clone(),
        });
    }
    path.segments = prefix.to_vec();
}

#[test]
fn paths_are_read_whole() {
    let source = "use a::{b, c::{d, e}}; fn f(x: g::H) -> i { j.k::<l::m>() }";
    let paths: Vec<String> = paths(of(source))
        .into_iter()
        .map(|path| path.segments.join("::"))
        .collect();
    assert_eq!(
        paths,
        [
            "use", "a::b", "a::c::d", "a::c::e", "fn", "f", "x", "g::H", "i", "j", "k", "l::m"
        ]
    );
}

#[test]
fn comments_strings_and_tests_do_not_count() {
    let source = r#"
        //! hidden
        /// hidden
        const A: &str = "hidden"; // hidden
        #[cfg(test)]
        mod tests { fn hidden() {} }
        #[cfg(test)] use hidden;
        fn seen() {}
    "#;
    let names: Vec<String> = paths(of(source))
        .into_iter()
        .flat_map(|path| path.segments)
        .collect();
    assert!(names.contains(&"seen".to_owned()));
    assert!(!names.contains(&"hidden".to_owned()), "{names:?}");
}
