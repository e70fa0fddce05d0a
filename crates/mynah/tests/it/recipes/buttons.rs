use mynah::bot::{Card, Context, Message, Pressed, Router, command, pressed};

fn bot() -> Router<()> {
    Router::new()
        .on(command("lunch"), lunch)
        .on(pressed(), chosen)
}

async fn lunch() -> Message {
    let card = Card::new("中午吃什么？")
        .press("面条", "noodles")
        .press("米饭", "rice")
        .link("菜单", "https://example.com/menu");
    Message::new().card(card)
}

async fn chosen(cx: Context, Pressed(dish): Pressed) -> Message {
    Message::new().mention(cx.sender()).push(format!(" {dish}"))
}

mod proof {
    use crate::recipes::with;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn where_there_are_no_buttons_their_numbers_and_labels_count() {
        let world = with(super::bot(), ()).await;
        world.say("alice", "group:20001", "/lunch").await;
        let card = world.hears("group:20001", 1).await.remove(0);
        assert!(card.contains("2. 米饭"), "{card}");
        world.say("bob", "group:20001", "2").await;
        world.say("carol", "group:20001", "面条").await;
        let heard = world.hears("group:20001", 3).await;
        let mut chosen = heard[1..].to_vec();
        chosen.sort_unstable();
        assert_eq!(chosen, ["@10002 rice", "@10003 noodles"]);
        world.close().await;
    }
}
