//! Calls whose outcome nobody waits for.

use mynah_core::{Endpoint, Error, RawRequest};

use crate::OneBot;

/// The suffixes that any action may carry: the answer comes at once, the
/// action is carried out behind it, and its outcome is lost
/// (<https://github.com/botuniverse/onebot-11/tree/master/api>).
///
/// Known to CQHTTP and the standard; go-cqhttp carries `_async` out at once
/// and knows no `_rate_limited`, NapCat, LLOneBot and Lagrange know neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Later {
    /// `_async`: in the background.
    Async,
    /// `_rate_limited`: one after the other, one every 500 ms by default.
    RateLimited,
}

impl Later {
    /// What stands behind the action's name.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Async => "_async",
            Self::RateLimited => "_rate_limited",
        }
    }

    /// The action and suffix in a name such as `send_msg_async`. One suffix is
    /// taken off, not two.
    pub fn split(name: &str) -> (&str, Option<Self>) {
        for later in [Self::Async, Self::RateLimited] {
            if let Some(action) = name.strip_suffix(later.suffix()) {
                return (action, Some(later));
            }
        }
        (name, None)
    }

    /// The call of an action with this suffix, to be made raw.
    ///
    /// ```
    /// use mynah_onebot::actions::message::SendGroupMsg;
    /// use mynah_onebot::{GroupId, Later};
    ///
    /// let call = Later::RateLimited.call(&SendGroupMsg::new(GroupId(20001), "早"))?;
    /// assert_eq!(call.path, "/send_group_msg_rate_limited");
    /// # Ok::<(), mynah_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// The request cannot be written as JSON.
    pub fn call<E: Endpoint<Platform = OneBot>>(self, endpoint: &E) -> Result<RawRequest, Error> {
        RawRequest::post([E::META.path, self.suffix()].concat()).json(endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_suffix_is_taken_off() {
        assert_eq!(Later::split("send_msg"), ("send_msg", None));
        assert_eq!(
            Later::split("send_msg_async"),
            ("send_msg", Some(Later::Async))
        );
        assert_eq!(
            Later::split("x_rate_limited"),
            ("x", Some(Later::RateLimited))
        );
        assert_eq!(
            Later::split("x_async_async"),
            ("x_async", Some(Later::Async))
        );
    }
}
