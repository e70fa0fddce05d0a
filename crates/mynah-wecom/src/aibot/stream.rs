//! A text that is written while people watch.

use std::time::{Duration, Instant};

use super::reply::{Reply, Stream};
use crate::message::Picture;

/// Keeps the rules of a streamed answer: one id, the whole text each time, no
/// more than [`Reply::LONGEST_CONTENT`] bytes, no longer than 6 minutes
/// (<https://developer.work.weixin.qq.com/document/path/101031>).
///
/// ```
/// use std::time::Instant;
///
/// use mynah_wecom::aibot::StreamReply;
///
/// let now = Instant::now();
/// let mut stream = StreamReply::new("stream-1", now);
/// let first = stream.write(now, "正在思考")?;
/// assert_eq!(first.cut, 0);
/// let last = stream.finish(now, "**42**", [])?;
/// assert!(last.reply.stream().is_some_and(|stream| stream.finish));
/// assert!(stream.write(now, "more").is_err());
/// # Ok::<(), mynah_wecom::aibot::StreamOver>(())
/// ```
#[derive(Clone, Debug)]
pub struct StreamReply {
    id: String,
    asked: Instant,
    /// Goes into the first answer only.
    feedback: Option<String>,
    finished: bool,
}

/// The next answer of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The answer.
    pub reply: Reply,
    /// How many bytes at the end of the text did not fit.
    pub cut: usize,
}

/// Why a stream takes no more text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamOver {
    /// It has said `finish`.
    #[error("the stream is finished")]
    Finished,
    /// The platform would answer 846608.
    #[error("a stream ends {} s after the message, this is {} s after it", StreamReply::LONGEST.as_secs(), .0.as_secs())]
    TooLate(
        /// How long ago the message was.
        Duration,
    ),
}

impl StreamReply {
    /// How long after the message a stream may go on: 6 minutes.
    pub const LONGEST: Duration = Duration::from_secs(6 * 60);

    /// A stream with this id, which no other has, in answer to a message that
    /// came at `asked`.
    pub fn new(id: impl Into<String>, asked: Instant) -> Self {
        Self {
            id: id.into(),
            asked,
            feedback: None,
            finished: false,
        }
    }

    /// People may rate it; at most [`Reply::LONGEST_FEEDBACK_ID`] bytes.
    #[must_use]
    pub fn feedback(self, id: impl Into<String>) -> Self {
        Self {
            feedback: Some(id.into()),
            ..self
        }
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the platform stops taking text.
    pub fn ends(&self) -> Option<Instant> {
        self.asked.checked_add(Self::LONGEST)
    }

    /// Replaces the text; what does not fit is cut off at the end, between two
    /// characters.
    ///
    /// # Errors
    /// The stream is finished, or too old.
    pub fn write(&mut self, now: Instant, content: &str) -> Result<Written, StreamOver> {
        let (stream, cut) = self.next(now, content)?;
        let reply = Reply::from(stream);
        Ok(Written { reply, cut })
    }

    /// Replaces the text for the last time. Of the pictures the first
    /// [`Reply::MOST_PICTURES`] are shown.
    ///
    /// # Errors
    /// The stream is finished already, or too old.
    pub fn finish(
        &mut self,
        now: Instant,
        content: &str,
        pictures: impl IntoIterator<Item = Picture>,
    ) -> Result<Written, StreamOver> {
        let (stream, cut) = self.next(now, content)?;
        self.finished = true;
        let pictures = pictures.into_iter().take(Reply::MOST_PICTURES);
        let reply = Reply::from(pictures.fold(stream.finish(), Stream::picture));
        Ok(Written { reply, cut })
    }

    fn next(&mut self, now: Instant, content: &str) -> Result<(Stream, usize), StreamOver> {
        if self.finished {
            return Err(StreamOver::Finished);
        }
        let age = now.saturating_duration_since(self.asked);
        if age > Self::LONGEST {
            return Err(StreamOver::TooLate(age));
        }
        let fits = fitting(content, Reply::LONGEST_CONTENT);
        let mut stream = Stream::new(self.id.as_str(), fits);
        if let Some(id) = self.feedback.take() {
            stream = stream.feedback(id);
        }
        Ok((stream, content.len() - fits.len()))
    }
}

/// The longest beginning of `text` that has at most `limit` bytes.
pub(super) fn fitting(text: &str, limit: usize) -> &str {
    let mut ends = (0..=limit.min(text.len())).rev();
    let end = ends.find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}
