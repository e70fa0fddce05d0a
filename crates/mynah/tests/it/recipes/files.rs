use std::path::PathBuf;

use mynah::bot::{Context, Media, Message, Part, Result, Router, State, command, message, when};

/// The state is the folder in which files are kept.
fn bot() -> Router<PathBuf> {
    let brings_a_file = when(|event| event.message().parts().iter().any(is_file));
    Router::new()
        .on(command("logs"), logs)
        .on(message() & brings_a_file, keep)
}

fn is_file(part: &Part) -> bool {
    matches!(part, Part::Image(_) | Part::File(_))
}

/// The platform's limits are checked before anything is uploaded.
async fn logs(State(folder): State<PathBuf>) -> Result<Message> {
    let content = tokio::fs::read(folder.join("today.log")).await?;
    Ok(Message::text("今天的日志").file(Media::bytes("today.log", content)))
}

/// The name comes from outside, so it names no path.
async fn keep(cx: Context, State(folder): State<PathBuf>) -> Result<String> {
    let mut kept = 0;
    for part in cx.event().message().parts() {
        if let Part::Image(media) | Part::File(media) = part {
            let file = cx.fetch(media).await?;
            kept += 1;
            tokio::fs::write(folder.join(format!("{kept}.bin")), &file.content).await?;
        }
    }
    Ok(format!("{kept} kept"))
}

mod proof {
    use serde_json::json;

    use crate::recipes::{as_application, with};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn files_go_out_and_come_in() {
        let folder = std::env::temp_dir().join(format!("mynah-recipe-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("today.log"), "all is well\n").unwrap();

        let wecom = as_application(super::bot(), folder.clone()).await;
        wecom.say("alice", "user:1000002", "/logs").await;
        let heard = wecom.hears("user:alice", 2).await;
        assert_eq!(heard, ["今天的日志", "[file]"]);
        wecom.close().await;

        let world = with(super::bot(), folder.clone()).await;
        let icon = format!("http://{}/assets/icon.svg", world.sandbox.addr);
        let picture = json!([{"type": "image", "data": {"file": icon, "url": icon}}]);
        world.show("alice", "group:20001", picture).await;
        assert_eq!(world.hears("group:20001", 1).await, ["1 kept"]);
        let kept = std::fs::read_to_string(folder.join("1.bin")).unwrap();
        assert!(kept.contains("<svg"), "{kept}");
        world.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
