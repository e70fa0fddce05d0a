//! The documents: what they have people write into `mynah.toml` is read, and what the guides
//! have them write for the sandbox gets its first reply there.

use std::net::SocketAddr;
use std::path::Path;

use mynah::bot::Config;
use serde_json::{Value, json};

use crate::world::{World, free_port, listening};
use crate::{bearychat, dingtalk, talk, wecom};

/// Documents that have people write settings.
const DOCUMENTS: [&str; 8] = [
    "README",
    "docs/handlers",
    "docs/recipes",
    "docs/guides/bearychat",
    "docs/guides/dingtalk",
    "docs/guides/onebot",
    "docs/guides/rongcloud",
    "docs/guides/wecom",
];

/// The text of a document, named from the root of the repository.
pub(crate) fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What stands between the fences of this language.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open = None;
    for line in text.lines() {
        match line.strip_prefix("```") {
            None => {
                let block: Option<&mut String> = open.as_mut();
                if let Some(block) = block {
                    block.push_str(line);
                    block.push('\n');
                }
            }
            Some(found) if open.is_none() && found == language => open = Some(String::new()),
            Some(_) => blocks.extend(open.take()),
        }
    }
    blocks
}

#[test]
fn all_settings_in_the_documents_are_read() {
    for document in DOCUMENTS {
        for ending in [".md", ".zh-CN.md"] {
            let file = format!("{document}{ending}");
            let settings = blocks(&read(&file), "toml");
            assert!(!settings.is_empty(), "{file} shows no settings");
            for block in settings {
                let config = Config::parse(&block);
                let config = config.unwrap_or_else(|error| panic!("{file}: {error}\n{block}"));
                assert!(
                    !config.accounts.is_empty(),
                    "{file}: no account in\n{block}"
                );
            }
        }
    }
}

#[test]
fn blocks_are_found_by_their_language() {
    let text = "```toml\na = 1\n```\ntext\n```sh\nb\n```\n```toml\nc = 2\nd = 3\n```\n";
    assert_eq!(blocks(text, "toml"), ["a = 1\n", "c = 2\nd = 3\n"]);
    assert_eq!(blocks(text, "sh"), ["b\n"]);
}

#[test]
fn the_rust_of_the_readme_is_that_of_the_examples() {
    let examples = ["bot", "ping"].map(|name| read(&format!("crates/mynah/examples/{name}.rs")));
    for file in ["README.md", "README.zh-CN.md"] {
        let blocks = blocks(&read(file), "rust");
        assert_eq!(blocks.len(), examples.len(), "{file}");
        for (block, example) in blocks.iter().zip(&examples) {
            assert!(
                example.contains(block),
                "{file} shows what no example has:\n{block}"
            );
        }
    }
}

/// The first settings of a guide, for a sandbox that listens elsewhere: with them, and where they
/// listen, in their order.
fn first_settings(world: &World, guide: &str) -> (Config, Vec<SocketAddr>) {
    let mut settings = blocks(&read(&format!("docs/guides/{guide}.md")), "toml").remove(0);
    let here = world.sandbox.addr.to_string();
    assert!(settings.contains("127.0.0.1:7700"), "{settings}");
    settings = settings.replace("127.0.0.1:7700", &here);
    let mut listens = Vec::new();
    for port in 8080..8090 {
        let theirs = format!("\"127.0.0.1:{port}\"");
        if settings.contains(&theirs) {
            let ours = free_port();
            settings = settings.replace(&theirs, &format!("\"{ours}\""));
            listens.push(ours);
        }
    }
    (Config::parse(&settings).unwrap(), listens)
}

/// A world in which the bot runs with the first settings of a guide.
async fn guided(platform: &'static str, delivery: fn(&str) -> Option<Value>) -> World {
    let mut world = World::of(platform).await;
    let (config, listens) = first_settings(&world, platform);
    world.run_all(config.accounts, talk::bot(), ());
    if let [first, ..] = listens.as_slice() {
        listening(*first).await;
        if let Some(delivery) = delivery(&format!("http://{first}/")) {
            world.deliver(delivery).await;
        }
    }
    world
}

async fn first_reply(world: &World, to: &str, seen_as: &str, before: &str) {
    world.say("alice", to, &format!("{before}/ping")).await;
    assert_eq!(world.hears(seen_as, 1).await, ["pong"], "{to}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_of_the_guides_get_their_first_reply() {
    let world = guided("onebot", |_| None).await;
    world.connected().await;
    first_reply(&world, "group:20001", "group:20001", "").await;
    world.close().await;

    let world = guided("wecom", |url| Some(json!({ "callback_url": url }))).await;
    wecom::subscribed(&world).await;
    first_reply(&world, "user:1000002", "user:alice", "").await;
    first_reply(&world, "group:general", "group:general", "@bot ").await;
    world.close().await;

    let world = guided("dingtalk", |_| None).await;
    dingtalk::streams(&world, 1).await;
    first_reply(&world, "user:bot", "user:alice", "").await;
    first_reply(&world, "group:chatgeneral", "group:chatgeneral", "@bot ").await;
    world.close().await;

    let world = guided("rongcloud", |url| Some(json!({ "route_url": url }))).await;
    first_reply(&world, "user:bot", "user:alice", "").await;
    first_reply(&world, "group:general", "group:general", "@bot ").await;
    world.close().await;

    let world = guided("bearychat", |_| None).await;
    bearychat::sockets(&world, 1).await;
    first_reply(&world, "user:bot", "user:=bw52O", "").await;
    first_reply(&world, "group:=bwAll", "group:=bwAll", "@<==bwBot=> ").await;
    world.close().await;
}
