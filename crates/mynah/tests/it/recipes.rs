//! The Rust of `docs/recipes.md`. Each block of it is the first half of one of these files, word
//! for word; the second half has it prove itself.

mod buttons;
mod calls;
mod files;
mod forward;
mod groups;
mod later;
mod layers;
mod native;
mod permission;
mod question;
mod speed;
mod tested;
mod unasked;

use mynah::bot::{OneBotAccount, Router};
use serde_json::json;

use crate::world::{World, free_port, listening};
use crate::{docs, wecom};

/// What stands in the files, in the order of the document.
const FILES: [(&str, &str); 13] = [
    ("question", include_str!("recipes/question.rs")),
    ("buttons", include_str!("recipes/buttons.rs")),
    ("later", include_str!("recipes/later.rs")),
    ("native", include_str!("recipes/native.rs")),
    ("permission", include_str!("recipes/permission.rs")),
    ("speed", include_str!("recipes/speed.rs")),
    ("layers", include_str!("recipes/layers.rs")),
    ("files", include_str!("recipes/files.rs")),
    ("groups", include_str!("recipes/groups.rs")),
    ("unasked", include_str!("recipes/unasked.rs")),
    ("forward", include_str!("recipes/forward.rs")),
    ("calls", include_str!("recipes/calls.rs")),
    ("tested", include_str!("recipes/tested.rs")),
];

/// Between a recipe and its proof.
const PROOF: &str = "\nmod proof {\n";

/// A world in which this bot is connected.
async fn with<S: Send + Sync + 'static>(router: Router<S>, state: S) -> World {
    let mut world = World::open().await;
    let account = OneBotAccount {
        connect: Some(world.onebot("ws").parse().unwrap()),
        api: Some(world.onebot("http").parse().unwrap()),
        ..OneBotAccount::default()
    };
    world.run(account, router, state);
    world.connected().await;
    world
}

/// The same for an application of WeCom.
async fn as_application<S: Send + Sync + 'static>(router: Router<S>, state: S) -> World {
    let mut world = World::of("wecom").await;
    let listen = free_port();
    world.run_as(wecom::application(&world, listen), router, state);
    listening(listen).await;
    let url = format!("http://{listen}/");
    world.deliver(json!({ "callback_url": url })).await;
    world
}

#[test]
fn the_rust_of_the_recipes_is_what_is_run_here() {
    for file in ["docs/recipes.md", "docs/recipes.zh-CN.md"] {
        let blocks = docs::blocks(&docs::read(file), "rust");
        assert_eq!(blocks.len(), FILES.len(), "{file}");
        for (block, (name, text)) in blocks.iter().zip(FILES) {
            let (recipe, _) = text.split_once(PROOF).unwrap();
            assert_eq!(block, recipe, "{file} and recipes/{name}.rs differ");
        }
    }
}
