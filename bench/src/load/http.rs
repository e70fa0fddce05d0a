//! Just enough of HTTP/1.1: messages with a `Content-Length`, one at a time.

use std::io;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A message that was read.
#[derive(Debug)]
pub struct Message {
    /// Start line and headers, without the empty line.
    pub head: BytesMut,
    /// The body.
    pub body: BytesMut,
}

/// Reads messages off a connection.
#[derive(Debug)]
pub struct Reader {
    buffer: BytesMut,
}

impl Reader {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self {
            buffer: BytesMut::with_capacity(16 << 10),
        }
    }

    /// The next message; `None` once the peer has closed the connection.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn next(&mut self, stream: &mut TcpStream) -> io::Result<Option<Message>> {
        loop {
            if let Some(message) = self.take() {
                return Ok(Some(message));
            }
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// What was read behind the last message.
    pub fn into_rest(self) -> BytesMut {
        self.buffer
    }

    fn take(&mut self) -> Option<Message> {
        const END: &[u8] = b"\r\n\r\n";
        let length = self
            .buffer
            .windows(END.len())
            .position(|four| four == END)?;
        let body = header(self.buffer.get(..length)?, "content-length")
            .and_then(|value| value.parse().ok())
            .unwrap_or(0);
        if self.buffer.len() < length + END.len() + body {
            return None;
        }
        let head = self.buffer.split_to(length);
        self.buffer.advance(END.len());
        let body = self.buffer.split_to(body);
        Some(Message { head, body })
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// The value of a header in a head.
pub fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    let mut lines = head.split(|byte| *byte == b'\n').skip(1);
    let value = lines.find_map(|line| {
        let (given, value) = line.split_at_checked(name.len())?;
        let named = given.eq_ignore_ascii_case(name.as_bytes());
        value.strip_prefix(b":").filter(|_| named)
    })?;
    std::str::from_utf8(value).ok().map(str::trim)
}

/// Connects to a program that may still be starting, for five seconds.
///
/// # Errors
/// Nothing listens at the port.
pub async fn connect(port: u16) -> io::Result<TcpStream> {
    const ATTEMPTS: u32 = 100;
    let mut attempt = 0;
    loop {
        match TcpStream::connect(("127.0.0.1", port)).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) if attempt == ATTEMPTS => return Err(error),
            Err(_) => attempt += 1,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_one_by_one() {
        let mut reader = Reader::new();
        let wire = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 204 No Content\r\n";
        reader.buffer.extend_from_slice(wire);
        let first = reader.take().unwrap();
        assert_eq!(first.body, "ok");
        assert!(first.head.starts_with(b"HTTP/1.1 200"));
        assert!(reader.take().is_none());
        reader.buffer.extend_from_slice(b"\r\n");
        assert!(reader.take().unwrap().body.is_empty());
    }

    #[test]
    fn headers_are_found_in_any_case() {
        let head = b"GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key:  abc \r\nX: y";
        assert_eq!(header(head, "sec-websocket-key"), Some("abc"));
        assert_eq!(header(head, "host"), Some("a"));
        assert_eq!(header(head, "hos"), None);
    }
}
