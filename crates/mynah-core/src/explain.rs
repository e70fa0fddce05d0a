//! What a code means and what to do about it, for people who met one.

use std::fmt;

/// The same words in the two languages of those who use the platforms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// English.
    pub en: &'static str,
    /// 中文。
    pub zh: &'static str,
}

impl Bilingual {
    /// Both at once.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }
}

/// The English words: those of errors and logs.
impl fmt::Display for Bilingual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en)
    }
}

/// What whoever made a call does about its refusal.
///
/// Each platform's table of error codes gives one to every code, and the platform's
/// [`classify`](crate::Platform::classify) decides in the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing is wrong.
    Nothing,
    /// Tells whoever made the call; trying again changes nothing.
    #[default]
    Report,
    /// Fetches a new token once and tries once more.
    RefreshToken,
    /// Tries again later, at most three times.
    Backoff,
    /// Tries again when there may be calls again: the platform counts by the minute, the hour or
    /// the day.
    AfterWindow,
    /// Connects and subscribes to the socket again.
    Resubscribe,
}

impl Remedy {
    /// Every one there is.
    pub const ALL: &'static [Self] = &[
        Self::Nothing,
        Self::Report,
        Self::RefreshToken,
        Self::Backoff,
        Self::AfterWindow,
        Self::Resubscribe,
    ];

    /// Whether the same call may work without anybody mending anything.
    pub const fn is_worth_repeating(self) -> bool {
        !matches!(self, Self::Nothing | Self::Report)
    }

    /// The name for programs, such as `refresh-token`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Report => "report",
            Self::RefreshToken => "refresh-token",
            Self::Backoff => "backoff",
            Self::AfterWindow => "after-window",
            Self::Resubscribe => "resubscribe",
        }
    }

    /// Whether repeating helps, in words.
    pub const fn words(self) -> Bilingual {
        match self {
            Self::Nothing => Bilingual::new("nothing is wrong", "没有出错"),
            Self::Report => Bilingual::new(
                "no: it fails the same way until the cause is gone",
                "没有用：原因不消除，结果不变",
            ),
            Self::RefreshToken => {
                Bilingual::new("yes, once, with a new token", "有用：换新的 token 再试一次")
            }
            Self::Backoff => Bilingual::new(
                "yes, a little later, at most three times",
                "有用：稍后再试，最多三次",
            ),
            Self::AfterWindow => Bilingual::new(
                "yes, when the time that the limit counts over has passed",
                "有用：等限额的统计时间过去再试",
            ),
            Self::Resubscribe => Bilingual::new("yes, on a new connection", "有用：重新连接后再试"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing is wrong",
            Self::Report => "tell whoever made the call; trying again changes nothing",
            Self::RefreshToken => "fetch a new token once and try once more",
            Self::Backoff => "try again later, at most three times",
            Self::AfterWindow => "try again when there may be calls again",
            Self::Resubscribe => "connect and subscribe to the socket again",
        })
    }
}

/// Where a code is met. The same number may mean two things in two places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// In the body of the answer to a call.
    #[default]
    Answer,
    /// Behind the code of an answer, where that one only says where to look.
    SubCode,
    /// Beside each receiver, in the report of a message that was sent.
    Receiver,
    /// As the HTTP status of an answer.
    Status,
    /// In a frame on a socket.
    Frame,
    /// As the code that a WebSocket was closed with.
    Close,
    /// When the platform calls the bot: what is answered to it, or what it makes of the answer.
    Callback,
    /// On the side of the people, in the platform's apps.
    App,
    /// In a client library; the platform itself never sends it.
    Library,
}

impl Place {
    /// Every one there is.
    pub const ALL: &'static [Self] = &[
        Self::Answer,
        Self::SubCode,
        Self::Receiver,
        Self::Status,
        Self::Frame,
        Self::Close,
        Self::Callback,
        Self::App,
        Self::Library,
    ];

    /// The name for programs, such as `sub-code`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::SubCode => "sub-code",
            Self::Receiver => "receiver",
            Self::Status => "status",
            Self::Frame => "frame",
            Self::Close => "close",
            Self::Callback => "callback",
            Self::App => "app",
            Self::Library => "library",
        }
    }

    /// In words.
    pub const fn words(self) -> Bilingual {
        match self {
            Self::Answer => Bilingual::new("answer", "返回值"),
            Self::SubCode => Bilingual::new("sub code", "子错误码"),
            Self::Receiver => Bilingual::new("report on a receiver", "逐个接收者的发送结果"),
            Self::Status => Bilingual::new("HTTP status", "HTTP 状态码"),
            Self::Frame => Bilingual::new("socket frame", "长连接的帧"),
            Self::Close => Bilingual::new("WebSocket close code", "WebSocket 关闭码"),
            Self::Callback => Bilingual::new("callback", "回调"),
            Self::App => Bilingual::new("people's apps", "用户端"),
            Self::Library => Bilingual::new("client library", "客户端库"),
        }
    }
}

/// What a code means and what to do about it.
///
/// The five platform crates have a table of them each, as `explain::all()`.
///
/// ```
/// use mynah_core::{Explanation, Place, Remedy};
///
/// const BUSY: Explanation = Explanation::of("-1")
///     .said("system busy")
///     .cause("The platform is overloaded.", "平台繁忙。")
///     .fix("Try again in a second.", "一秒后再试。")
///     .remedy(Remedy::Backoff);
/// assert_eq!((BUSY.code, BUSY.place), ("-1", Place::Answer));
/// assert!(BUSY.is_called("-1") && !BUSY.is_called("1"));
/// assert!(BUSY.remedy.is_worth_repeating());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The code as it is written: a number with most platforms, a word with some.
    pub code: &'static str,
    /// Where it is met.
    pub place: Place,
    /// The HTTP status it comes with, where that tells anything.
    pub status: Option<u16>,
    /// The platform's own words; empty where it has none.
    pub words: &'static str,
    /// What is wrong.
    pub cause: Bilingual,
    /// How that is mended.
    pub fix: Bilingual,
    /// Whether it helps to try again.
    pub remedy: Remedy,
}

impl Explanation {
    /// Of the word that Mynah's clients put where a code would be, because the answer does not
    /// have the platform's form.
    pub const NO_ENVELOPE: Self = Self::of("envelope")
        .at(Place::Library)
        .cause(
            "Mynah's own word: the answer does not have the platform's form. A proxy, a login page \
             or another program answered, or the base URL is wrong.",
            "这是 Mynah 自己的用词：返回内容不是该平台的格式，多半是代理、登录页或别的程序返回的，或基础地址写错。",
        )
        .fix(
            "Look at the beginning of the answer in the error, and at the base URL; `mynah doctor` \
             finds proxies and wrong addresses.",
            "看错误里返回内容的开头，核对基础地址；`mynah doctor` 可查出代理和地址问题。",
        );

    /// Of an HTTP status that no platform gives by itself: something on the way did.
    pub const GATEWAY: Self = Self::of("5xx")
        .at(Place::Status)
        .cause(
            "A gateway or a proxy on the way answered, or the platform broke before it could name \
             a code.",
            "由中间的网关或代理返回，或平台在给出错误码之前就出错了。",
        )
        .fix(
            "Call again a little later. If it stays, look at what is between you and the platform: \
             `mynah doctor`.",
            "稍后重试；若持续出现，检查与平台之间的代理：`mynah doctor`。",
        )
        .remedy(Remedy::Backoff);

    /// Of this code, with nothing said yet.
    pub const fn of(code: &'static str) -> Self {
        Self {
            code,
            place: Place::Answer,
            status: None,
            words: "",
            cause: Bilingual::new("", ""),
            fix: Bilingual::new("", ""),
            remedy: Remedy::Report,
        }
    }

    /// The same, met somewhere else than in an answer.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same with the HTTP status it comes with.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same in the platform's words.
    #[must_use]
    pub const fn said(mut self, words: &'static str) -> Self {
        self.words = words;
        self
    }

    /// The same with what is wrong.
    #[must_use]
    pub const fn cause(mut self, en: &'static str, zh: &'static str) -> Self {
        self.cause = Bilingual::new(en, zh);
        self
    }

    /// The same with how that is mended.
    #[must_use]
    pub const fn fix(mut self, en: &'static str, zh: &'static str) -> Self {
        self.fix = Bilingual::new(en, zh);
        self
    }

    /// The same with whether it helps to try again.
    #[must_use]
    pub const fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = remedy;
        self
    }

    /// The number, if the code is one.
    pub fn number(&self) -> Option<i64> {
        self.code.parse().ok()
    }

    /// Whether `code` is this code; case does not matter, for it is lost when codes are typed.
    ///
    /// A row may stand for a family: `5xx` for every number from 500 to 599, `Failed.*` for every
    /// word that begins with `Failed.`.
    pub fn is_called(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code) || self.is_family_of(code)
    }

    fn is_family_of(&self, code: &str) -> bool {
        if let Some(hundreds) = self.code.strip_suffix("xx") {
            let rest = code.strip_prefix(hundreds);
            return rest.is_some_and(|rest| {
                rest.len() == 2 && rest.bytes().all(|digit| digit.is_ascii_digit())
            });
        }
        let beginning = self.code.strip_suffix('*');
        beginning.is_some_and(|beginning| {
            let begins = code.get(..beginning.len());
            begins.is_some_and(|begins| begins.eq_ignore_ascii_case(beginning))
        })
    }

    /// Of all that a platform has, what explains `code`: at most one for each place, and what
    /// comes with that HTTP status, unless the status has an explanation of its own. A row of a
    /// family gives way to one that has the very code.
    pub fn find(all: impl Iterator<Item = Self> + Clone, code: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for row in all.clone().filter(|row| row.is_called(code)) {
            let exact = row.code.eq_ignore_ascii_case(code);
            match found.iter_mut().find(|other| other.place == row.place) {
                Some(other) if exact => *other = row,
                Some(_) => {}
                None => found.push(row),
            }
        }
        let status: Option<u16> = code.parse().ok();
        let told = found.iter().any(|row| row.place == Place::Status);
        if status.is_some() && !told {
            let exact = found.clone();
            found.extend(all.filter(|row| row.status == status && !exact.contains(row)));
        }
        found
    }

    /// Whether every word of `words` stands somewhere in the explanation, in whatever language.
    ///
    /// ```
    /// use mynah_core::Explanation;
    ///
    /// let explanation = Explanation::of("60020")
    ///     .said("not allow to access from your ip")
    ///     .cause("The address is not trusted.", "调用方的 IP 不可信。");
    /// assert!(explanation.mentions("IP 不可信") && explanation.mentions("trusted access"));
    /// assert!(!explanation.mentions("trusted group"));
    /// ```
    pub fn mentions(&self, words: &str) -> bool {
        let texts = [
            self.code,
            self.words,
            self.cause.en,
            self.cause.zh,
            self.fix.en,
            self.fix.zh,
        ]
        .map(str::to_lowercase);
        let words = words.to_lowercase();
        words
            .split_whitespace()
            .all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_all_different() {
        let places: std::collections::BTreeSet<_> = Place::ALL.iter().map(|it| it.name()).collect();
        assert_eq!(places.len(), Place::ALL.len());
        let remedies: std::collections::BTreeSet<_> =
            Remedy::ALL.iter().map(|it| it.name()).collect();
        assert_eq!(remedies.len(), Remedy::ALL.len());
    }

    #[test]
    fn what_is_said_twice_agrees() {
        for remedy in Remedy::ALL {
            let repeats = remedy.words().en.starts_with("yes");
            assert_eq!(repeats, remedy.is_worth_repeating(), "{remedy}");
            assert_eq!(remedy.words().zh.starts_with("有用"), repeats, "{remedy}");
        }
    }

    #[test]
    fn a_family_gives_way_to_its_member_and_a_status_leads_to_its_codes() {
        const ROWS: &[Explanation] = &[
            Explanation::of("Failed.*"),
            Explanation::of("failed.Here").said("here"),
            Explanation::of("5xx").at(Place::Status),
            Explanation::of("500"),
            Explanation::of("500").at(Place::Status).said("broken"),
            Explanation::of("1004").with_status(401),
            Explanation::of("1007").with_status(401),
        ];
        let found = |code| {
            let rows = Explanation::find(ROWS.iter().copied(), code).into_iter();
            rows.map(|row| (row.code, row.words)).collect::<Vec<_>>()
        };
        assert_eq!(found("Failed.There"), [("Failed.*", "")]);
        assert_eq!(found("FAILED.HERE"), [("failed.Here", "here")]);
        assert_eq!(found("503"), [("5xx", "")]);
        assert_eq!(found("500"), [("500", "broken"), ("500", "")]);
        assert_eq!(found("401"), [("1004", ""), ("1007", "")]);
        for none in ["5", "50", "5000", "5ab", "Failed", "", "故障"] {
            assert_eq!(found(none), [], "{none}");
        }
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let word = Explanation::of("invalidParameter.robotCode.notExsit");
        assert!(word.is_called("INVALIDPARAMETER.ROBOTCODE.NOTEXSIT"));
        assert_eq!(word.number(), None);
        assert_eq!(Explanation::of("-39").number(), Some(-39));
    }
}
