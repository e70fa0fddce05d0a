//! From a call to its answer.

use std::net::IpAddr;
use std::sync::LazyLock;

use http::HeaderValue;
use mynah_core::{ApiError, HttpRequest, HttpResponse, Meta, Parameters, Platform};
use mynah_wecom::hint::Hint;
use mynah_wecom::{AgentId, Secret, WeCom};
use serde_json::{Map, Value};

use super::frequency::Quota;
use super::limits::{HOUR_MS, MINUTE_MS};
use super::refusal::{refuse, refuse_with};
use super::world::WeComWorld;
use crate::serve::Routes;

static ROUTES: LazyLock<Routes<WeComWorld>> =
    LazyLock::new(|| mynah_wecom::for_each_endpoint!(crate::routes));

/// Before the paths of the application interface, of group robots, and of
/// what a bot asks on its long connection.
const API: &str = "/cgi-bin/";
const ROBOT: &str = "/cgi-bin/webhook/";
const SOCKET: &str = "/openws/";

/// Who is calling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// The application whose token it is.
    pub(super) agent: AgentId,
    /// The group robot whose key it is, by its place in the seed.
    pub(super) robot: usize,
    pub(super) address: IpAddr,
}

/// A call of one interface, and all calls of one address: only when strict.
const ONE_API: [Quota; 2] = [Quota::new(10_000, MINUTE_MS), Quota::new(150_000, HOUR_MS)];
const ONE_ADDRESS: [Quota; 2] = [Quota::new(20_000, MINUTE_MS), Quota::new(600_000, HOUR_MS)];

impl WeComWorld {
    /// Answers an HTTP call. `path` is what follows the root of the WeCom
    /// URLs, with its leading slash and without the query:
    /// `/cgi-bin/gettoken`. `caller` is where the call comes from; refusals
    /// name it.
    ///
    /// Checks in the order path (404), token, caller, method and JSON,
    /// parameters; everything but the path is answered by a 200 with the
    /// envelope. Also answers `GET /aibot/media/<code>`, the encrypted files
    /// that people send to the intelligent bot.
    pub fn http(&mut self, path: &str, request: &HttpRequest, caller: IpAddr) -> HttpResponse {
        if let Some(code) = path.strip_prefix("/aibot/media/") {
            return self.download(code);
        }
        let route = ROUTES.find(path).filter(|_| path.starts_with(API));
        let Some(route) = route else {
            return WeCom::seal(Err(ApiError::http(404, "404 page not found")));
        };
        let answer = match self.admit(&route.meta, request, caller) {
            Ok(()) => (route.call)(self, request),
            Err(refusal) => WeCom::seal(Err(refusal)),
        };
        self.with_hint(answer, caller)
    }

    /// Carries out what the intelligent bot asks on its long connection:
    /// `aibot_respond_msg` and so on. `req_id` stands in the frame's head.
    /// The answer has the envelope of the HTTP interface; what stands in it
    /// beside the code and the words is the `body` of the acknowledgement.
    pub fn bot_command(
        &mut self,
        command: &str,
        req_id: &str,
        body: Map<String, Value>,
    ) -> HttpResponse {
        let Some(route) = ROUTES.find(&format!("{SOCKET}{command}")) else {
            return WeCom::seal(Err(refuse_with(40058, "cmd is none we know")));
        };
        let mut parameters = Parameters::new();
        parameters.add_object(body);
        if route.meta.query.contains(&"req_id") {
            parameters.add_one("req_id", req_id);
        }
        (route.call_with)(self, parameters)
    }

    /// Lets a call in.
    fn admit(
        &mut self,
        meta: &Meta,
        request: &HttpRequest,
        address: IpAddr,
    ) -> Result<(), ApiError> {
        self.caller.address = address;
        if meta.path.starts_with(ROBOT) {
            self.caller.robot = self.robot(&in_query(request, "key"))?;
        } else if meta.authorized {
            let token = in_query(request, "access_token");
            self.caller.agent = self.state.tokens.check(&token, self.state.now)?;
        }
        let of_application = meta.authorized && !meta.path.starts_with(ROBOT);
        if let Some(trusted) = &self.settings.trusted
            && of_application
            && !trusted.contains(&address)
        {
            return Err(refuse(60020));
        }
        self.count_call(meta.path, address)
    }

    fn robot(&self, key: &str) -> Result<usize, ApiError> {
        let key = Secret::from(key);
        let mut robots = self.seed.robots.iter();
        let robot = robots.position(|robot| robot.key == key);
        robot.ok_or_else(|| refuse(93000))
    }

    /// Counts a call where the large quotas hold.
    fn count_call(&mut self, path: &str, address: IpAddr) -> Result<(), ApiError> {
        if !self.settings.strict {
            return Ok(());
        }
        let now = self.state.now;
        let (api, from) = (format!("api:{path}"), format!("address:{address}"));
        let frequency = &mut self.state.frequency;
        if !frequency.allows(&api, &ONE_API, 1, now)
            || !frequency.allows(&from, &ONE_ADDRESS, 1, now)
        {
            return Err(refuse(45009));
        }
        frequency.count(&api, &ONE_API, 1, now);
        frequency.count(&from, &ONE_ADDRESS, 1, now);
        Ok(())
    }

    /// Adds to a refusal what the platform adds: when and from where it was
    /// called, and where to read more; in the body and in two headers.
    pub(super) fn with_hint(&mut self, answer: HttpResponse, caller: IpAddr) -> HttpResponse {
        let body = serde_json::from_slice::<Map<String, Value>>(answer.body());
        let Ok(mut fields) = body else {
            return answer;
        };
        let code = fields.get("errcode").and_then(Value::as_i64).unwrap_or(0);
        let is_file = answer
            .headers()
            .contains_key(http::header::CONTENT_DISPOSITION);
        if code == 0 || is_file {
            return answer;
        }
        let words = fields.get("errmsg").and_then(Value::as_str).unwrap_or("");
        let seconds = u64::try_from(self.state.now.seconds()).unwrap_or_default();
        let address = caller.to_string();
        let hint = Hint::new(code, seconds, self.hints.next(), &address);
        let words = hint.write(words);
        let (mut head, _) = answer.into_parts();
        if let Ok(words) = HeaderValue::from_str(&words) {
            head.headers.insert("error-msg", words);
        }
        head.headers.insert("error-code", HeaderValue::from(code));
        fields.insert("errmsg".to_owned(), words.into());
        let body = serde_json::to_vec(&fields).unwrap_or_default();
        HttpResponse::from_parts(head, body.into())
    }
}

/// The value of a name in the query; empty if there is none.
fn in_query(request: &HttpRequest, name: &str) -> String {
    let mut parameters = Parameters::new();
    let query = request.uri().query().unwrap_or_default();
    parameters.add_text(query.as_bytes());
    match parameters.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}
