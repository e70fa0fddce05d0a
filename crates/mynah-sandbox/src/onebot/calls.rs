//! From a call to its answer.

use std::sync::LazyLock;

use mynah_core::{ApiError, HttpRequest, HttpResponse, Method, Parameters, Platform};
use mynah_onebot::{OneBot, parameters, retcode};
use serde_json::Value;

use super::dialect::Channel;
use super::settings::Dialect;
use super::world::OneBotWorld;
use crate::serve::{Route, Routes};
use crate::world::Time;

static ROUTES: LazyLock<Routes<OneBotWorld>> =
    LazyLock::new(|| mynah_onebot::for_each_endpoint!(crate::routes));

/// Actions that exist in legacy mode only, since OneBot 11 has no discussion groups.
const LEGACY: [&str; 2] = ["/send_discuss_msg", "/set_discuss_leave"];

/// When a call is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Now,
    Soon,
    InTurn,
}

impl OneBotWorld {
    /// Answers an HTTP call. `path` is what follows the root of the OneBot
    /// URLs, with its leading slash and without the query.
    ///
    /// Checks in the order path, method, token, content type, body, action:
    /// 404, 405, 401 or 403, 406, 400, 404. Everything after that is a 200
    /// with the envelope
    /// (<https://github.com/botuniverse/onebot-11/blob/master/communication/http.md>).
    pub fn http(&mut self, path: &str, request: &HttpRequest) -> HttpResponse {
        match self.admit(path, request) {
            Ok((action, parameters)) => self.answer(Channel::Http, action, parameters),
            Err(refusal) => OneBot::seal(Err(refusal)),
        }
    }

    /// The action that a request calls, and with what.
    fn admit<'p>(
        &self,
        path: &'p str,
        request: &HttpRequest,
    ) -> Result<(&'p str, Parameters), ApiError> {
        let action = action_in(path).ok_or_else(|| ApiError::http(404, ""))?;
        let (get, post) = (Method::Get.http(), Method::Post.http());
        if *request.method() != get && *request.method() != post {
            return Err(ApiError::http(405, ""));
        }
        self.settings
            .access_token
            .check(request)
            .map_err(|refusal| self.settings.dialect.unauthorized(refusal))?;
        Ok((action, parameters(request)?))
    }

    /// Answers a call that came as a WebSocket frame, always as a 200 with the
    /// envelope. `params` that are no object count as none.
    pub fn call(&mut self, action: &str, params: Value) -> HttpResponse {
        let mut parameters = Parameters::new();
        if let Value::Object(fields) = params {
            parameters.add_object(fields);
        }
        self.answer(Channel::Socket, action, parameters)
    }

    fn answer(&mut self, channel: Channel, action: &str, parameters: Parameters) -> HttpResponse {
        let dialect = self.settings.dialect;
        match self.dispatch(action, parameters) {
            Some(answer) => dialect.translate(channel, answer),
            None => dialect.unknown_action(channel),
        }
    }

    /// Carries a call out, or queues it; `None` for what is no action.
    fn dispatch(&mut self, action: &str, parameters: Parameters) -> Option<HttpResponse> {
        let (action, moment) = moment_of(action, self.settings.dialect);
        let route = self.route(action)?;
        if moment == Moment::Now {
            return Some((route.call_with)(self, parameters));
        }
        if !self.state.queue.has_room() {
            let full = ApiError::new(retcode::FAILED, "too many calls are waiting");
            return Some(OneBot::seal(Err(full)));
        }
        let now = self.state.now;
        let action = action.to_owned();
        if moment == Moment::Soon {
            self.state.queue.add(now, action, parameters);
        } else {
            let interval = i64::try_from(self.settings.rate_limit_interval_ms).unwrap_or(i64::MAX);
            let queue = &mut self.state.queue;
            queue.add_limited(now, interval, action, parameters);
        }
        Some(OneBot::seal(Err(queued())))
    }

    fn route(&self, action: &str) -> Option<&'static Route<Self>> {
        // go-cqhttp answers to both spellings.
        let name = if action == ".ocr_image" {
            "ocr_image"
        } else {
            action
        };
        let route = ROUTES.find(&format!("/{name}"))?;
        (self.settings.legacy || !LEGACY.contains(&route.meta.path)).then_some(route)
    }

    /// The names of all actions, in alphabetical order.
    pub(super) fn action_names(&self) -> Vec<String> {
        let mut names: Vec<String> = ROUTES
            .iter()
            .filter_map(|route| route.meta.path.strip_prefix('/'))
            .filter(|name| self.route(name).is_some())
            .map(str::to_owned)
            .collect();
        names.sort_unstable();
        names
    }

    /// When the next call that was queued (`_async`, `_rate_limited`) is to run.
    pub fn due(&self) -> Option<Time> {
        self.state.queue.due()
    }

    /// Runs the queued calls whose time has come;
    /// [`World::set_time`](crate::World::set_time) does so too.
    pub fn run_due(&mut self) {
        self.run_until(self.state.now);
    }

    /// Runs the queued calls up to a moment, each at its own time.
    pub(super) fn run_until(&mut self, now: Time) {
        while let Some((due, job)) = self.state.queue.take(now) {
            self.state.now = due.max(self.state.now);
            if let Some(route) = self.route(&job.action) {
                // Nobody learns how it went.
                let _ = (route.call_with)(self, job.parameters);
            }
        }
    }
}

/// The answer to a call that was accepted and whose outcome will not be known.
pub(super) fn queued() -> ApiError {
    ApiError::new(retcode::ASYNC, "")
}

/// The action in `/action` or `/action/`; CQHTTP looks for `^/([^/\s]+)/?$`.
fn action_in(path: &str) -> Option<&str> {
    let action = path.strip_prefix('/')?;
    let action = action.strip_suffix('/').unwrap_or(action);
    let is_one =
        !action.is_empty() && !action.contains('/') && !action.contains(char::is_whitespace);
    is_one.then_some(action)
}

/// Takes one suffix off; a second one belongs to no action.
fn moment_of(action: &str, dialect: Dialect) -> (&str, Moment) {
    if let Some(action) = action.strip_suffix("_async") {
        if dialect.knows_async() {
            return (action, Moment::Soon);
        }
        if dialect.ignores_async() {
            return (action, Moment::Now);
        }
    }
    match action.strip_suffix("_rate_limited") {
        Some(action) if dialect.knows_rate_limited() => (action, Moment::InTurn),
        _ => (action, Moment::Now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_an_action() {
        for (path, action) in [
            ("/send_msg", Some("send_msg")),
            ("/send_msg/", Some("send_msg")),
            ("/.ocr_image", Some(".ocr_image")),
            ("/", None),
            ("//", None),
            ("", None),
            ("/a/b", None),
            ("/a b", None),
            ("send_msg", None),
        ] {
            assert_eq!(action_in(path), action, "{path:?}");
        }
    }

    #[test]
    fn one_suffix_is_taken_off() {
        let moment_of = |action| moment_of(action, Dialect::OneBot);
        assert_eq!(moment_of("a_async"), ("a", Moment::Soon));
        assert_eq!(moment_of("a_rate_limited"), ("a", Moment::InTurn));
        assert_eq!(moment_of("a_async_async"), ("a_async", Moment::Soon));
        assert_eq!(moment_of("a"), ("a", Moment::Now));
    }

    #[test]
    fn not_every_implementation_knows_the_suffixes() {
        let go = |action| moment_of(action, Dialect::GoCqHttp);
        assert_eq!(go("a_async"), ("a", Moment::Now));
        assert_eq!(go("a_rate_limited"), ("a_rate_limited", Moment::Now));
        let napcat = |action| moment_of(action, Dialect::NapCat);
        assert_eq!(napcat("a_async"), ("a_async", Moment::Now));
    }
}
