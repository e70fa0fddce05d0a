//! Every endpoint stands in its platform's one list.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::{repository, tokens};

const PLATFORMS: [&str; 5] = [
    "mynah-onebot",
    "mynah-wecom",
    "mynah-dingtalk",
    "mynah-rongcloud",
    "mynah-bearychat",
];
const LIST: &str = "for_each_endpoint";

/// The types with an `impl Endpoint for` that the list does not name.
fn unlisted(sources: &[String]) -> Vec<String> {
    let mut endpoints = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for source in sources {
        let trees: Vec<TokenTree> = flatten(tokens::of(source)).collect();
        endpoints.extend(implementors(&trees));
        listed.extend(list(tokens::of(source)));
    }
    assert!(!listed.is_empty(), "there is no {LIST}!");
    endpoints.difference(&listed).cloned().collect()
}

/// The names `X` in `impl Endpoint for X`, however the trait is spelled.
fn implementors(trees: &[TokenTree]) -> impl Iterator<Item = String> {
    let names = trees.windows(3).filter_map(|window| match window {
        [
            TokenTree::Ident(of),
            TokenTree::Ident(word),
            TokenTree::Ident(name),
        ] if of == "Endpoint" && word == "for" => Some(name.to_string()),
        _ => None,
    });
    names.collect::<Vec<_>>().into_iter()
}

/// All names in the definition of the list.
fn list(stream: TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut names = Vec::new();
    for window in trees.windows(2) {
        match window {
            [TokenTree::Ident(name), TokenTree::Group(body)] if name == LIST => {
                let inside = flatten(body.stream()).filter_map(|tree| match tree {
                    TokenTree::Ident(ident) => Some(ident.to_string()),
                    _ => None,
                });
                names.extend(inside);
            }
            _ => {}
        }
    }
    names
}

/// All tokens of `stream`, those inside brackets included.
fn flatten(stream: TokenStream) -> Box<dyn Iterator<Item = TokenTree>> {
    Box::new(stream.into_iter().flat_map(|tree| match tree {
        TokenTree::Group(group) => flatten(group.stream()),
        other => Box::new(std::iter::once(other)),
    }))
}

#[test]
fn every_endpoint_is_in_its_platforms_list() {
    for platform in PLATFORMS {
        let files = repository::rust_files(&format!("crates/{platform}/src"));
        let sources: Vec<String> = files.iter().map(|file| repository::read(file)).collect();
        let missing = unlisted(&sources);
        assert!(
            missing.is_empty(),
            "{platform}: {LIST}! lacks {}",
            missing.join(", ")
        );
    }
}

#[test]
fn an_endpoint_that_is_not_listed_is_found() {
    let list = "macro_rules! for_each_endpoint { ($m:path) => { $m! { chat::CreateChat, } } }";
    let endpoints = "
        impl Endpoint for CreateChat {}
        mod inner { impl mynah_core::Endpoint for GetChat {} }
        impl Endpoint for Hidden {} // below `Hidden` in no list
    ";
    let missing = unlisted(&[list.to_owned(), endpoints.to_owned()]);
    assert_eq!(missing, ["GetChat", "Hidden"]);
}
