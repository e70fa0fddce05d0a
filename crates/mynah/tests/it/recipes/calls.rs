use std::time::Duration;

use mynah::client::Client;
use mynah::core::ErrorKind;
use mynah::onebot::actions::message::SendGroupMsg;
use mynah::onebot::{GroupId, OneBot, Segment};

/// What became of an alert, and what to do about it.
async fn alert(client: &Client<OneBot>, text: &str) -> String {
    let call = SendGroupMsg::new(GroupId(20001), Segment::text(text));
    let calling = client.call(call).timeout(Duration::from_secs(3));
    let Err(failed) = calling.await else {
        return "said".into();
    };
    match failed.kind() {
        // It was sent, and no answer came: it may have been said. Look before it is said again.
        ErrorKind::OutcomeUnknown => format!("perhaps said: {failed}"),
        ErrorKind::Unauthorized => format!("not said, the credential is wrong: {failed}"),
        _ if failed.is_temporary() => format!("not said, try again later: {failed}"),
        _ => format!("not said, and trying again does not help: {failed}"),
    }
}

mod proof {
    use mynah::client::Client;
    use mynah::onebot::{AccessToken, OneBot};
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    use crate::world::{TOKEN, World};

    fn client(base: &str, token: &str) -> Client<OneBot> {
        Client::new(base.parse().unwrap(), AccessToken::new(token).unwrap())
    }

    async fn alert(base: &str, token: &str) -> String {
        super::alert(&client(base, token), "disk full").await
    }

    #[tokio::test]
    async fn each_failure_is_told_from_the_others() {
        let world = World::open().await;
        let base = world.onebot("http");
        assert_eq!(alert(&base, TOKEN).await, "said");
        let told = alert(&base, "wrong").await;
        assert!(told.contains("the credential is wrong"), "{told}");
        world.close().await;

        // It takes the request and hangs up.
        let rude = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", rude.local_addr().unwrap());
        let hang_up = tokio::spawn(async move {
            let (mut socket, _) = rude.accept().await.unwrap();
            socket.read(&mut [0; 4096]).await.unwrap()
        });
        let told = alert(&base, TOKEN).await;
        assert!(told.starts_with("perhaps said"), "{told}");
        assert!(hang_up.await.unwrap() > 0);
        // Nobody is there any more.
        let told = alert(&base, TOKEN).await;
        assert!(told.starts_with("not said, try again later"), "{told}");
    }
}
