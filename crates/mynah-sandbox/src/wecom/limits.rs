//! How much the world holds and allows. Where WeCom has a limit, ours is it;
//! the others keep a long run from growing without end.

/// Tokens remembered, expired ones included; the oldest go first.
pub(super) const TOKENS: usize = 1_000;
/// Files kept; the oldest go first.
pub(super) const MEDIA: usize = 10_000;
/// Bytes of all of them; the oldest go first.
pub(super) const MEDIA_TOTAL_BYTES: usize = 128 * 1024 * 1024;
/// Codes, request ids and the like remembered of one kind; the oldest go first.
pub(super) const ISSUED: usize = 10_000;
/// Sent messages remembered for the check of duplicates.
pub(super) const DUPLICATES: usize = 10_000;
/// Characters of what a person says at once.
pub(super) const SAID_CHARS: usize = 5_000;
/// Parts of what a person says at once.
pub(super) const SAID_PARTS: usize = 100;

/// Milliseconds of a token's life.
pub(super) const TOKEN_MS: i64 = 7_200_000;
/// Milliseconds of a temporary file's life.
pub(super) const MEDIA_MS: i64 = 3 * DAY_MS;
/// Milliseconds within which an application recalls what it sent.
pub(super) const RECALL_MS: i64 = DAY_MS;
/// Milliseconds of a card's response code.
pub(super) const CARD_CODE_MS: i64 = 72 * HOUR_MS;
/// Milliseconds within which a message to the bot is answered on the socket.
pub(super) const ANSWER_MS: i64 = DAY_MS;
/// Milliseconds within which an event to the bot is answered.
pub(super) const EVENT_MS: i64 = 5_000;
/// Milliseconds of a stream, from the person's message on.
pub(super) const STREAM_MS: i64 = 6 * MINUTE_MS;
/// Milliseconds between two questions for the rest of a stream.
pub(super) const POLL_MS: i64 = 1_000;
/// Milliseconds of a `response_url`.
pub(super) const RESPONSE_URL_MS: i64 = HOUR_MS;
/// Milliseconds of the address of a file that somebody sent to the bot.
pub(super) const DOWNLOAD_MS: i64 = 5 * MINUTE_MS;
/// Milliseconds of an upload over the socket.
pub(super) const UPLOAD_MS: i64 = 30 * MINUTE_MS;
/// Milliseconds of a code that a signed-in person brings along.
pub(super) const OAUTH_MS: i64 = 5 * MINUTE_MS;

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// Characters of a group's name; the rest is cut.
pub(super) const GROUP_NAME_CHARS: usize = 50;
/// Groups there may be before people cannot make another.
pub(super) const GROUPS: usize = 10_000;
/// Characters of a group's id.
pub(super) const CHATID_CHARS: usize = 32;
/// Users, departments and tags that one message is sent to.
pub(super) const TO_USERS: usize = 1_000;
pub(super) const TO_PARTIES: usize = 100;
pub(super) const TO_TAGS: usize = 100;
/// Bytes of a stream's content.
pub(super) const STREAM_BYTES: usize = 20_480;
/// Pictures at the end of a stream.
pub(super) const STREAM_PICTURES: usize = 10;
/// Streams that one person waits for at once.
pub(super) const STREAMS: usize = 3;
/// Bytes of the id of a feedback.
pub(super) const FEEDBACK_BYTES: usize = 256;
/// Chunks of an upload, and bytes of each.
pub(super) const CHUNKS: u64 = 100;
pub(super) const CHUNK_BYTES: usize = 512 * 1024;
/// Uploads under way; one more is refused.
pub(super) const UPLOADS: usize = 100;
/// Users removed by one call.
pub(super) const BATCH_DELETE: usize = 200;
/// Users in one answer of `user/list_id`.
pub(super) const LIST_ID: usize = 10_000;
/// Bytes of a picture that is not temporary.
pub(super) const PICTURE_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of a file, of a picture or video, of a voice message.
pub(super) const FILE_BYTES: usize = 20 * 1024 * 1024;
pub(super) const IMAGE_BYTES: usize = 10 * 1024 * 1024;
pub(super) const VOICE_BYTES: usize = 2 * 1024 * 1024;
/// No file is this short, in bytes.
pub(super) const TOO_FEW_BYTES: usize = 5;
