//! What a call tells the log, and what it does not.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::format::FmtSpan;

use crate::platform::{SECRET, Say, World, client};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_span_names_platform_and_endpoint_and_nothing_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let world = World::new();
    let client = client(world.transport());
    client.call(Say::new("private words")).await.unwrap();
    world.revoke();
    client.call(Say::new("private words")).await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for told in [
        r#"call{platform="test" endpoint="test.say"}"#,
        r#"endpoint="test.get_token""#,
        "the credential was refused",
    ] {
        assert!(log.contains(told), "{told}\n{log}");
    }
    for hidden in ["private", SECRET, "issued-token"] {
        assert!(!log.contains(hidden), "{hidden}\n{log}");
    }
}
