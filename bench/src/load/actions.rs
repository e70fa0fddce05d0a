//! Answers calls of actions over HTTP.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::http::Reader;

/// Answers every request at `listener` as a `send_group_msg` that succeeded,
/// for ever.
///
/// # Errors
/// No connection can be accepted.
pub async fn run(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A caller that goes away is none of our business.
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> io::Result<()> {
    const BODY: &str = r#"{"status":"ok","retcode":0,"data":{"message_id":1001}}"#;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n\
         Content-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut reader = Reader::new();
    while reader.next(&mut stream).await?.is_some() {
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
