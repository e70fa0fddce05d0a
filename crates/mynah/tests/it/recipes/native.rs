use mynah::bot::{EventKind, On, Reply, Router, kind};
use mynah::onebot::event::{Event, Request};

fn bot() -> Router<()> {
    Router::new()
        .on(kind(EventKind::FriendRequest), befriend)
        .on(kind(EventKind::JoinRequest), let_in)
}

async fn befriend() -> Reply {
    Reply::Approve(String::new())
}

/// Whoever knows the answer is let into the group.
async fn let_in(On(event): On<Event>) -> Reply {
    let Event::Request(request) = event else {
        return Reply::Nothing;
    };
    match request.request {
        Request::Group(asked) if asked.comment.contains("八哥") => Reply::Approve(String::new()),
        _ => Reply::Decline("What is our bird called?".into()),
    }
}

mod proof {
    use std::time::Duration;

    use mynah::client::Client;
    use mynah::onebot::actions::group_info::GetGroupMemberList;
    use mynah::onebot::{AccessToken, GroupId, OneBot, UserId};
    use serde_json::json;

    use crate::recipes::with;
    use crate::world::{TOKEN, World};

    const ERIN: UserId = UserId(10005);

    async fn is_erin_there(world: &World) -> bool {
        let token = AccessToken::new(TOKEN).unwrap();
        let client: Client<OneBot> = Client::new(world.onebot("http").parse().unwrap(), token);
        let members = client.call(GetGroupMemberList::new(GroupId(20001))).await;
        members.unwrap().iter().any(|member| member.user_id == ERIN)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_knows_the_word_is_let_in_and_nobody_else() {
        let world = with(super::bot(), ()).await;
        let act = |action: &str, comment: &str| json!({"who": "erin", "action": action, "group": "20001", "comment": comment});
        world.act(act("leave", "")).await;
        world.act(act("request_join", "let me in")).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!is_erin_there(&world).await);
        world.act(act("request_join", "八哥")).await;
        for n in 0.. {
            if is_erin_there(&world).await {
                break;
            }
            assert!(n < 500, "erin was not let in");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.close().await;
    }
}
