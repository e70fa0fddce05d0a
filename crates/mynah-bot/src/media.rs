//! What each platform takes of pictures, voice messages, videos and files: looked at before
//! anything is uploaded.

use std::fmt;
use std::time::Duration;

use mynah_client::HyperTransport;
use mynah_core::File;

use crate::id::Platform;
use crate::message::{Media, Message, Part, Source};
use crate::outgoing::{MediaKind, Ready, Unfetched, ready};
use crate::reply::Result;

/// Media that its platform would not take. Nothing is sent of the message that it was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRefused {
    /// Whose limit it is.
    pub platform: Platform,
    /// What it was sent as: `image`, `voice`, `video` or `file`.
    pub kind: &'static str,
    /// Its name; empty for none.
    pub name: String,
    /// Which limit.
    pub problem: MediaProblem,
}

/// Why [media](MediaRefused) is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaProblem {
    /// It has more bytes than are taken.
    TooLarge {
        /// So many it has; nothing where it was not fetched to its end to know.
        bytes: Option<usize>,
        /// So many are taken.
        most: usize,
    },
    /// It has fewer bytes than are taken.
    TooSmall {
        /// So many it has.
        bytes: usize,
        /// So many it needs.
        least: usize,
    },
    /// It is of a format that is not taken.
    Format {
        /// Those that are.
        takes: &'static [&'static str],
    },
    /// It takes longer to listen to than is taken.
    TooLong {
        /// So long it is.
        lasts: Duration,
        /// So long it may be.
        most: Duration,
    },
    /// The platform fetches it, and its address does not begin with `http://` or `https://`.
    Address,
}

impl fmt::Display for MediaRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            platform,
            kind,
            name,
            problem,
        } = self;
        write!(f, "{kind} `{name}`: {} takes ", platform.title())?;
        match problem {
            MediaProblem::TooLarge { bytes, most } => match bytes {
                Some(bytes) => write!(f, "at most {most} bytes, and it has {bytes}"),
                None => write!(f, "at most {most} bytes, and it has more"),
            },
            MediaProblem::TooSmall { bytes, least } => {
                write!(f, "at least {least} bytes, and it has {bytes}")
            }
            MediaProblem::Format { takes } => write!(f, "{} only", takes.join(", ")),
            MediaProblem::TooLong { lasts, most } => write!(
                f,
                "at most {} seconds, and it has {}",
                most.as_secs_f64(),
                lasts.as_secs_f64()
            ),
            MediaProblem::Address => f.write_str("addresses with http:// or https:// only"),
        }
    }
}

impl std::error::Error for MediaRefused {}

/// What one place takes of each kind.
pub(crate) struct Limits {
    platform: Platform,
    /// What tells the format.
    by: By,
    image: Takes,
    voice: Takes,
    video: Takes,
    file: Takes,
}

#[derive(Clone, Copy)]
enum By {
    /// The first bytes.
    Content,
    /// The ending of the name.
    Ending,
}

/// What is taken of one kind.
struct Takes {
    least: usize,
    most: usize,
    /// As endings of names; none for any.
    formats: &'static [&'static str],
    longest: Option<Duration>,
}

const MIB: usize = 1024 * 1024;

impl Takes {
    const fn upto(most: usize) -> Self {
        Self {
            least: 1,
            most,
            formats: &[],
            longest: None,
        }
    }

    const fn from(self, least: usize) -> Self {
        Self { least, ..self }
    }

    const fn formats(self, formats: &'static [&'static str]) -> Self {
        Self { formats, ..self }
    }

    const fn seconds(self, longest: u64) -> Self {
        Self {
            longest: Some(Duration::from_secs(longest)),
            ..self
        }
    }
}

/// What applications and intelligent bots of WeCom upload
/// (<https://developer.work.weixin.qq.com/document/path/90253>). A file needs more than 5 bytes.
pub(crate) const WECOM: Limits = Limits {
    platform: Platform::WeCom,
    by: By::Content,
    image: Takes::upto(10 * MIB).from(6).formats(&["jpg", "png"]),
    voice: Takes::upto(2 * MIB).from(6).formats(&["amr"]).seconds(60),
    video: Takes::upto(10 * MIB).from(6).formats(&["mp4"]),
    file: Takes::upto(20 * MIB).from(6),
};

/// The same for group robots, whose pictures stand in the message
/// (<https://developer.work.weixin.qq.com/document/path/91770>).
pub(crate) const WECOM_ROBOT: Limits = Limits {
    image: Takes::upto(2 * MIB).formats(&["jpg", "png"]),
    ..WECOM
};

/// What is uploaded to DingTalk
/// (<https://open.dingtalk.com/document/development/upload-media-files>).
pub(crate) const DINGTALK: Limits = Limits {
    platform: Platform::DingTalk,
    by: By::Ending,
    image: Takes::upto(20 * MIB).formats(&["jpg", "jpeg", "gif", "png", "bmp"]),
    voice: Takes::upto(2 * MIB).formats(&["amr", "mp3", "wav"]),
    video: Takes::upto(20 * MIB).formats(&["mp4"]),
    file: Takes::upto(20 * MIB).formats(&[
        "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar",
    ]),
};

/// What stands in a message into a group of DingTalk by its `chatid`
/// (<https://open.dingtalk.com/document/development/message-types-and-data-format>).
pub(crate) const DINGTALK_CHAT: Limits = Limits {
    voice: Takes::upto(2 * MIB)
        .formats(&["amr", "mp3", "wav"])
        .seconds(59),
    file: Takes::upto(10 * MIB).formats(DINGTALK.file.formats),
    ..DINGTALK
};

/// What goes to a OneBot implementation inside a message. The protocol says nothing; the frames
/// that implementations take end at 50 MiB, and a third is added on the way there.
pub(crate) const ONEBOT: Limits = Limits {
    platform: Platform::OneBot,
    by: By::Content,
    image: Takes::upto(36 * MIB),
    voice: Takes::upto(36 * MIB),
    video: Takes::upto(36 * MIB),
    file: Takes::upto(36 * MIB),
};

impl Limits {
    const fn takes(&self, kind: MediaKind) -> &Takes {
        match kind {
            MediaKind::Image => &self.image,
            MediaKind::Voice => &self.voice,
            MediaKind::Video => &self.video,
            MediaKind::File => &self.file,
        }
    }

    /// Looks at media that would be sent as this.
    ///
    /// # Errors
    /// The platform would not take it.
    pub(crate) fn check(
        &self,
        kind: MediaKind,
        name: &str,
        content: &[u8],
    ) -> Result<(), MediaRefused> {
        let takes = self.takes(kind);
        let (bytes, most, least) = (content.len(), takes.most, takes.least);
        let problem = if bytes > most {
            let bytes = Some(bytes);
            Some(MediaProblem::TooLarge { bytes, most })
        } else if bytes < least {
            Some(MediaProblem::TooSmall { bytes, least })
        } else if !self.knows(takes.formats, name, content) {
            let takes = takes.formats;
            Some(MediaProblem::Format { takes })
        } else {
            let lasts = takes.longest.zip(lasts(content));
            lasts
                .filter(|(most, lasts)| lasts > most)
                .map(|(most, lasts)| MediaProblem::TooLong { lasts, most })
        };
        match problem {
            Some(problem) => Err(refused(self.platform, kind, name, problem)),
            None => Ok(()),
        }
    }

    /// Looks at what a message holds itself, where it is not uploaded but sent in it: each of them
    /// may be as large as is taken, and so may all of them together.
    ///
    /// # Errors
    /// The platform would not take one of them, or not all of them in one message.
    pub(crate) fn check_message(&self, message: &Message) -> Result<(), MediaRefused> {
        let mut together = 0;
        for (kind, media) in media_of(message) {
            if let Source::Bytes(content) = &media.source {
                self.check(kind, &media.name, content)?;
                together += content.len();
                let most = self.takes(kind).most;
                if together > most {
                    let bytes = Some(together);
                    let problem = MediaProblem::TooLarge { bytes, most };
                    return Err(refused(self.platform, kind, &media.name, problem));
                }
            }
        }
        Ok(())
    }

    fn knows(&self, formats: &[&str], name: &str, content: &[u8]) -> bool {
        if formats.is_empty() {
            return true;
        }
        let format = match self.by {
            By::Content => format(content).unwrap_or_default(),
            By::Ending => ending(name),
        };
        formats.iter().any(|one| one.eq_ignore_ascii_case(format))
    }

    /// Brings media here that is to be uploaded, and looks at it. What the platform has already
    /// stays a name.
    ///
    /// # Errors
    /// The address is none or gives nothing, or the platform would not take what it gives.
    pub(crate) async fn ready<P: mynah_core::Platform>(
        &self,
        transport: &HyperTransport,
        media: Media,
        kind: MediaKind,
    ) -> Result<Ready> {
        let name = media.name.clone();
        let most = self.takes(kind).most;
        let ready = ready::<P>(transport, media, kind, most).await;
        let ready = ready.map_err(|unfetched| match unfetched {
            Unfetched::TooLarge(bytes) => {
                let problem = MediaProblem::TooLarge { bytes, most };
                refused(self.platform, kind, &name, problem).into()
            }
            Unfetched::Failed(error) => error,
        })?;
        if let Ready::Here(File { name, content, .. }) = &ready {
            self.check(kind, name, content)?;
        }
        Ok(ready)
    }

    /// As [`ready`](Self::ready), and leaves the content in its place.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn prepare<P: mynah_core::Platform>(
        &self,
        transport: &HyperTransport,
        media: &mut Media,
        kind: MediaKind,
    ) -> Result<()> {
        if let Ready::Here(file) = self.ready::<P>(transport, media.clone(), kind).await? {
            *media = Media::bytes(file.name, file.content);
        }
        Ok(())
    }
}

/// Looks at the address of media that the platform fetches by itself.
///
/// # Errors
/// It is none of the web.
pub(crate) fn check_address(
    platform: Platform,
    kind: MediaKind,
    media: &Media,
) -> Result<(), MediaRefused> {
    match &media.source {
        Source::Url(url) if !is_of_the_web(url) => {
            Err(refused(platform, kind, &media.name, MediaProblem::Address))
        }
        _ => Ok(()),
    }
}

/// The same for all of a message, where the platform takes nothing in.
///
/// # Errors
/// An address is none of the web.
pub(crate) fn check_addresses(platform: Platform, message: &Message) -> Result<(), MediaRefused> {
    media_of(message).try_for_each(|(kind, media)| check_address(platform, kind, media))
}

fn media_of(message: &Message) -> impl Iterator<Item = (MediaKind, &Media)> {
    message.parts().iter().filter_map(|part| {
        Some(match part {
            Part::Image(media) => (MediaKind::Image, media),
            Part::Voice(media) => (MediaKind::Voice, media),
            Part::Video(media) => (MediaKind::Video, media),
            Part::File(media) => (MediaKind::File, media),
            _ => return None,
        })
    })
}

fn is_of_the_web(url: &str) -> bool {
    let rest = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn refused(platform: Platform, kind: MediaKind, name: &str, problem: MediaProblem) -> MediaRefused {
    MediaRefused {
        platform,
        kind: kind.word(),
        name: name.to_owned(),
        problem,
    }
}

/// `pdf` of `a.pdf`.
pub(crate) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// What the first bytes say.
fn format(content: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 5] = [
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF8", "gif"),
        (b"BM", "bmp"),
        (b"#!AMR", "amr"),
    ];
    if content.get(4..8) == Some(b"ftyp") {
        return Some("mp4");
    }
    let mark = MARKS.iter().find(|(mark, _)| content.starts_with(mark));
    mark.map(|(_, format)| *format)
}

/// How long a recording is, if it is one in AMR: frames of 20 ms, whose first byte says how long
/// each is (RFC 4867, 5.3).
pub(crate) fn lasts(content: &[u8]) -> Option<Duration> {
    const LENGTHS: [usize; 9] = [12, 13, 15, 17, 19, 20, 26, 31, 5];
    let mut rest = content.strip_prefix(b"#!AMR\n")?;
    let mut frames = 0;
    while let Some((head, after)) = rest.split_first() {
        let kind = usize::from(head >> 3 & 0x0f);
        let length = LENGTHS.get(kind).copied().unwrap_or_default();
        rest = after.get(length..).unwrap_or_default();
        frames += 1;
    }
    Some(Duration::from_millis(20) * frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const ANY: &[&Limits] = &[&WECOM, &WECOM_ROBOT, &DINGTALK, &DINGTALK_CHAT, &ONEBOT];
    const KINDS: [MediaKind; 4] = [
        MediaKind::Image,
        MediaKind::Voice,
        MediaKind::Video,
        MediaKind::File,
    ];

    /// Content of a format that begins as it must and is so long.
    fn content(format: &str, bytes: usize) -> Vec<u8> {
        let mark: &[u8] = match format {
            "png" => PNG,
            "jpg" => b"\xff\xd8\xff\xe0",
            "amr" => b"#!AMR\n",
            "mp4" => b"\0\0\0\x18ftypisom",
            _ => b"",
        };
        let mut content = mark.to_vec();
        // A frame of the longest kind that is not whole counts as one.
        content.resize(bytes, 0x3c);
        content
    }

    fn recording(seconds: usize) -> Vec<u8> {
        [b"#!AMR\n", &[0x3c; 32].repeat(50 * seconds)[..]].concat()
    }

    #[test]
    fn as_much_as_is_taken_passes_and_one_byte_more_does_not() {
        for limits in ANY {
            for kind in KINDS {
                let Takes {
                    most,
                    least,
                    formats,
                    ..
                } = *limits.takes(kind);
                let format = formats.first().copied().unwrap_or("bin");
                let name = format!("a.{format}");
                let check = |bytes| {
                    // Short frames, so that only the bytes are too many.
                    let mut content = content(format, bytes);
                    if format == "amr" {
                        content = [b"#!AMR\n", &vec![0x7c; bytes - 6][..]].concat();
                        content.truncate(bytes);
                    }
                    let checked = limits.check(kind, &name, &content);
                    checked.map_err(|refused| refused.problem)
                };
                let bytes = most + 1;
                let refused = Err(MediaProblem::TooLarge {
                    bytes: Some(bytes),
                    most,
                });
                assert_eq!(check(bytes), refused, "{kind:?}");
                if format != "amr" {
                    assert_eq!(check(most), Ok(()), "{kind:?}");
                }
                let refused = limits.check(kind, &name, &vec![0; least - 1]);
                let bytes = least - 1;
                let problem = refused.unwrap_err().problem;
                assert_eq!(problem, MediaProblem::TooSmall { bytes, least });
            }
        }
    }

    #[test]
    fn a_format_is_told_by_what_the_platform_looks_at() {
        let refused = |limits: &Limits, kind, name: &str, content: &[u8]| {
            limits.check(kind, name, content).is_err()
        };
        let gif = b"GIF89a......";
        assert!(refused(&WECOM, MediaKind::Image, "a.png", gif));
        assert!(!refused(&WECOM, MediaKind::Image, "a.gif", PNG));
        assert!(!refused(&DINGTALK, MediaKind::Image, "a.GIF", gif));
        assert!(refused(&DINGTALK, MediaKind::Image, "a.webp", PNG));
        assert!(refused(&DINGTALK, MediaKind::File, "a.txt", b"words"));
        assert!(!refused(&WECOM, MediaKind::File, "a.txt", b"some words"));
        assert!(refused(&WECOM, MediaKind::Voice, "a.amr", b"ID3......"));
        let mp4 = content("mp4", 20);
        assert!(!refused(&WECOM, MediaKind::Video, "a", &mp4));
    }

    #[test]
    fn a_recording_may_last_so_long() {
        let check = |limits: &Limits, seconds| {
            let checked = limits.check(MediaKind::Voice, "a.amr", &recording(seconds));
            checked.map_err(|refused| refused.problem)
        };
        assert_eq!(check(&WECOM, 60), Ok(()));
        let (lasts, most) = (Duration::from_secs(61), Duration::from_secs(60));
        assert_eq!(
            check(&WECOM, 61),
            Err(MediaProblem::TooLong { lasts, most })
        );
        assert_eq!(check(&DINGTALK_CHAT, 59), Ok(()));
        assert!(check(&DINGTALK_CHAT, 60).is_err());
        // A template says how long it is, and knows no limit.
        assert_eq!(check(&DINGTALK, 120), Ok(()));
    }

    #[test]
    fn a_refusal_names_the_limit() {
        let refused = WECOM.check(MediaKind::Image, "a.gif", b"GIF89a......");
        let refused = refused.unwrap_err().to_string();
        assert_eq!(refused, "image `a.gif`: WeCom takes jpg, png only");
        let large = WECOM_ROBOT.check(MediaKind::Image, "a.png", &content("png", 2_097_153));
        let large = large.unwrap_err().to_string();
        let expected = "image `a.png`: WeCom takes at most 2097152 bytes, and it has 2097153";
        assert_eq!(large, expected);
    }

    #[test]
    fn what_is_sent_in_one_message_may_not_be_too_large_together() {
        let half = || Media::bytes("a.png", vec![0; 18 * MIB]);
        let two = Message::new().image(half()).image(half());
        assert_eq!(ONEBOT.check_message(&two), Ok(()));
        let more = two.file(Media::bytes("b", &b"x"[..]));
        let refused = ONEBOT.check_message(&more).unwrap_err();
        let (bytes, most) = (Some(36 * MIB + 1), 36 * MIB);
        assert_eq!(refused.problem, MediaProblem::TooLarge { bytes, most });
    }

    /// Gives one answer, and what is left of it when nobody reads any more is not sent.
    async fn served(head: &'static str, body: usize) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut asked = [0; 1024];
            let _ = socket.read(&mut asked).await;
            let _ = socket.write_all(head.as_bytes()).await;
            let _ = socket.write_all(&vec![b'x'; body]).await;
        });
        format!("http://{address}/a.amr")
    }

    #[tokio::test]
    async fn what_is_too_large_at_its_address_is_refused_and_names_the_limit() {
        let takes = WECOM.voice.most;
        let said = "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n";
        let unsaid = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
        for (head, body, bytes) in [(said, 10, Some(99_999_999)), (unsaid, takes + 1, None)] {
            let media = Media::url(served(head, body).await);
            let transport = HyperTransport::new();
            let ready = WECOM.ready::<mynah_wecom::WeCom>(&transport, media, MediaKind::Voice);
            let error = ready.await.err().unwrap();
            let refused: &MediaRefused = error.inner().downcast_ref().unwrap();
            let most = takes;
            assert_eq!(refused.problem, MediaProblem::TooLarge { bytes, most });
        }
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        let check = |url: &str| {
            check_address(Platform::RongCloud, MediaKind::Image, &Media::url(url)).is_ok()
        };
        assert!(check("https://h/a.png") && check("http://h"));
        assert!(!check("file:///a.png") && !check("a.png") && !check("https://"));
    }

    #[test]
    fn how_long_a_recording_is() {
        assert_eq!(lasts(&recording(1)), Some(Duration::from_secs(1)));
        assert_eq!(lasts(b"#!AMR\n"), Some(Duration::ZERO));
        assert_eq!(lasts(b"ID3"), None);
    }

    #[test]
    fn a_name_has_an_ending() {
        for (name, expected) in [("a.tar.gz", "gz"), ("a", ""), ("", "")] {
            assert_eq!(ending(name), expected);
        }
    }
}
