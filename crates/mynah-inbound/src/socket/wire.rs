//! Frames over an upgraded connection.
//!
//! tungstenite's protocol machine, driven without its async wrapper: one task
//! owns the socket, so one waker is enough.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use mynah_core::Frame;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame as RawFrame};
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error as WireError, Utf8Bytes};

use super::Settings;

/// A WebSocket.
pub(super) struct Wire {
    io: TokioIo<Upgraded>,
    protocol: WebSocketContext,
    /// Bytes that the peer has taken so far: it reads as long as they grow.
    written: u64,
    /// What was written has not all gone out.
    blocked: bool,
}

/// The end of a connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum End {
    #[error("closed")]
    Closed,
    #[error("the peer went away without closing")]
    Vanished,
    #[error("the peer broke a rule: {1}")]
    Broken(u16, String),
    #[error("the peer does not read")]
    Stalled,
    #[error("{0}")]
    Io(io::Error),
}

impl Wire {
    pub(super) fn new(io: Upgraded, role: Role, settings: &Settings) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(settings.read_buffer)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(settings.largest_message))
            .max_frame_size(Some(settings.largest_message));
        Self {
            io: TokioIo::new(io),
            protocol: WebSocketContext::new(role, Some(config)),
            written: 0,
            blocked: false,
        }
    }

    /// The next frame; answers pings and closes by itself.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, End>> {
        loop {
            let message = self.with(cx, |protocol, io| protocol.read(io));
            return Poll::Ready(match message {
                Ok(Message::Text(text)) => Ok(Frame::Text(text.into())),
                Ok(Message::Binary(bytes)) => Ok(Frame::Binary(bytes)),
                Ok(Message::Ping(bytes)) => Ok(Frame::Ping(bytes)),
                Ok(Message::Pong(bytes)) => Ok(Frame::Pong(bytes)),
                Ok(Message::Close(close)) => {
                    let close = close.map(|close| (close.code.into(), close.reason.to_string()));
                    let (code, reason) = close.unwrap_or((NO_STATUS, String::new()));
                    Ok(Frame::Close(code, reason))
                }
                Ok(Message::Frame(_)) => continue,
                Err(error) if would_block(&error) => return Poll::Pending,
                Err(error) => Err(end(error)),
            });
        }
    }

    /// Whether another frame may be written.
    pub(super) fn is_writable(&self) -> bool {
        !self.blocked && self.protocol.can_write()
    }

    /// Puts a frame into the write buffer, and sends that if it is full.
    pub(super) fn write(&mut self, cx: &mut Context<'_>, frame: Frame) -> Result<(), End> {
        let message = match frame {
            // A session gives valid UTF-8, so it is not looked at again.
            Frame::Text(bytes) => {
                Message::Frame(RawFrame::message(bytes, OpCode::Data(Data::Text), true))
            }
            Frame::Binary(bytes) => Message::Binary(bytes),
            Frame::Ping(bytes) => Message::Ping(bytes),
            Frame::Pong(bytes) => Message::Pong(bytes),
            Frame::Close(code, reason) => Message::Close(Some(close_frame(code, &reason))),
        };
        match self.with(cx, |protocol, io| protocol.write(io, message)) {
            Ok(()) => Ok(()),
            Err(error) if would_block(&error) => {
                self.blocked = true;
                Ok(())
            }
            Err(error) => Err(end(error)),
        }
    }

    /// Sends what is in the write buffer.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        match self.with(cx, |protocol, io| protocol.flush(io)) {
            Ok(()) => {
                self.blocked = false;
                Poll::Ready(Ok(()))
            }
            Err(error) if would_block(&error) => {
                self.blocked = true;
                Poll::Pending
            }
            Err(error) => Poll::Ready(Err(end(error))),
        }
    }

    /// How many bytes have gone out.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    fn with<T>(
        &mut self,
        cx: &mut Context<'_>,
        step: impl FnOnce(&mut WebSocketContext, &mut Blocking<'_, '_>) -> T,
    ) -> T {
        let mut io = Blocking {
            io: &mut self.io,
            written: &mut self.written,
            cx,
        };
        step(&mut self.protocol, &mut io)
    }
}

/// What is gathered before it is sent: some dozens of calls.
const WRITE_BUFFER: usize = 16 << 10;

/// "No status was given" (RFC 6455, 7.4.1); never sent.
const NO_STATUS: u16 = 1005;

/// Longest reason of a close frame (RFC 6455, 5.5).
const LONGEST_REASON: usize = 123;

fn close_frame(code: u16, reason: &str) -> CloseFrame {
    let fitting = |end: &usize| *end <= LONGEST_REASON;
    let ends = reason.char_indices().map(|(at, char)| at + char.len_utf8());
    let end = ends.take_while(fitting).last().unwrap_or(0);
    CloseFrame {
        code: CloseCode::from(code),
        reason: Utf8Bytes::from(reason.get(..end).unwrap_or_default()),
    }
}

fn would_block(error: &WireError) -> bool {
    matches!(error, WireError::Io(error) if error.kind() == io::ErrorKind::WouldBlock)
}

fn end(error: WireError) -> End {
    match error {
        WireError::ConnectionClosed
        | WireError::AlreadyClosed
        | WireError::Protocol(ProtocolError::SendAfterClosing) => End::Closed,
        WireError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Vanished,
        WireError::Capacity(error @ CapacityError::MessageTooLong { .. }) => {
            End::Broken(CloseCode::Size.into(), error.to_string())
        }
        WireError::Utf8(error) => End::Broken(CloseCode::Invalid.into(), error),
        WireError::Io(error) => End::Io(error),
        other => End::Broken(CloseCode::Protocol.into(), other.to_string()),
    }
}

/// The stream as blocking I/O that would block; the task is woken when it no
/// longer would.
struct Blocking<'a, 'b> {
    io: &'a mut TokioIo<Upgraded>,
    written: &'a mut u64,
    cx: &'a mut Context<'b>,
}

impl io::Read for Blocking<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut into = ReadBuf::new(into);
        match Pin::new(&mut *self.io).poll_read(self.cx, &mut into) {
            Poll::Ready(outcome) => outcome.map(|()| into.filled().len()),
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl io::Write for Blocking<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match Pin::new(&mut *self.io).poll_write(self.cx, bytes) {
            Poll::Ready(outcome) => {
                let count = outcome?;
                *self.written += u64::try_from(count).unwrap_or_default();
                Ok(count)
            }
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match Pin::new(&mut *self.io).poll_flush(self.cx) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}
