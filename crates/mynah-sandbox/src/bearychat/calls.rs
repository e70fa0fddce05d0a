//! From a call to its answer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::LazyLock;

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::errors::{self, Thing};
use mynah_bearychat::platform::{QUOTA_HEADERS, token_of};
use mynah_bearychat::{BearyChat, Hook, IncomingHook, Rtm, UserId};
use mynah_core::{
    ApiError, Endpoint, HttpRequest, HttpResponse, Meta, Platform, Quota, decode_request,
};

use super::quota::{By, Counted};
use super::tokens::Caller;
use super::world::BearyChatWorld;
use crate::serve::{Route, Routes, Serve};

/// What the platform has a host of its own for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Service {
    OpenApi,
    Rtm,
    Hook,
}

impl Service {
    /// The service that a path belongs to, and the path there. What belongs to
    /// none is refused in the manner of the first.
    fn of(path: &str) -> (Self, &str) {
        let below = |root| path.strip_prefix(root).filter(|rest| rest.starts_with('/'));
        if let Some(path) = below("/rtm") {
            (Self::Rtm, path)
        } else if let Some(path) = below("/hook") {
            (Self::Hook, path)
        } else {
            (Self::OpenApi, below("/v1").unwrap_or_default())
        }
    }

    fn seal(self, refusal: ApiError) -> HttpResponse {
        match self {
            Self::OpenApi => BearyChat::seal(Err(refusal)),
            Self::Rtm => Rtm::seal(Err(refusal)),
            Self::Hook => Hook::seal(Err(refusal)),
        }
    }
}

/// A platform type that stands for one of the services.
trait Served: Platform {
    const SERVICE: Service;
}

impl Served for BearyChat {
    const SERVICE: Service = Service::OpenApi;
}

impl Served for Rtm {
    const SERVICE: Service = Service::Rtm;
}

impl Served for Hook {
    const SERVICE: Service = Service::Hook;
}

type Row = Route<BearyChatWorld>;

macro_rules! table {
    ($($endpoint:ty),* $(,)?) => { Table::from_iter([$(row::<$endpoint>()),*]) };
}

static TABLE: LazyLock<Table> = LazyLock::new(|| mynah_bearychat::for_each_endpoint!(table));

/// All endpoints, each found by its service and its path there.
struct Table(HashMap<Service, Routes<BearyChatWorld>>);

impl FromIterator<(Service, Row)> for Table {
    fn from_iter<I: IntoIterator<Item = (Service, Row)>>(rows: I) -> Self {
        let mut services: HashMap<Service, Vec<Row>> = HashMap::new();
        for (service, row) in rows {
            services.entry(service).or_default().push(row);
        }
        let services = services.into_iter();
        Self(
            services
                .map(|(service, rows)| (service, rows.into_iter().collect()))
                .collect(),
        )
    }
}

impl Table {
    fn find(&self, service: Service, path: &str) -> Result<&Row, ApiError> {
        let routes = self.0.get(&service);
        let found = routes.and_then(|routes| routes.find(path));
        found.ok_or_else(|| errors::not_found(Thing::Path))
    }
}

/// The row of `E`, which is refused what no platform would take.
fn row<E: Endpoint>() -> (Service, Row)
where
    E::Platform: Served,
    BearyChatWorld: Serve<E>,
{
    let route = Row {
        call: |world, request| {
            let call = decode_request::<E>(request).and_then(|call| {
                call.check().map_err(E::Platform::bad_parameters)?;
                Ok(call)
            });
            E::write(call.and_then(|call| world.serve(call)))
        },
        ..Row::to::<E>()
    };
    (E::Platform::SERVICE, route)
}

/// Lets a call in by its method.
fn check_method(meta: &Meta, request: &HttpRequest) -> Result<(), ApiError> {
    if *request.method() == meta.method.http() {
        Ok(())
    } else {
        Err(errors::wrong_method())
    }
}

impl BearyChatWorld {
    /// Answers an HTTP call. `path` is what follows the root of the BearyChat
    /// URLs, with its leading slash and without the query: `/v1/channel.list`,
    /// `/rtm/start`, `/hook/=bwTeam/incoming/secret`. `caller` is where the call
    /// comes from: those without a valid token are counted by it.
    ///
    /// Checks in the order path, method, token, quota, parameters, existence of
    /// what is named, permission, existence of what is inside of it, state. Every
    /// answer of the OpenAPI tells what is left of the quota. Also answers
    /// `GET /_files/<name>`, what people sent, without a token.
    pub fn http(&mut self, path: &str, request: &HttpRequest, caller: IpAddr) -> HttpResponse {
        if let Some(file) = self.download(path, request) {
            return file;
        }
        let (service, path) = Service::of(path);
        let answer = match service {
            Service::OpenApi => return self.call_open_api(path, request, caller),
            Service::Rtm => self.call_rtm(path, request),
            Service::Hook => self.call_hook(path, request),
        };
        answer.unwrap_or_else(|refusal| service.seal(refusal))
    }

    fn call_open_api(&mut self, path: &str, request: &HttpRequest, caller: IpAddr) -> HttpResponse {
        let owner = self.owner_in(request);
        let counted = self.count_call_of(owner.as_ref(), caller);
        let admit = || {
            let row = TABLE.find(Service::OpenApi, path)?;
            check_method(&row.meta, request)?;
            if row.meta.authorized && owner.is_none() {
                return Err(errors::unauthorized());
            }
            if counted.exceeds {
                return Err(errors::too_fast());
            }
            Ok(row)
        };
        let answer = match admit() {
            Ok(row) => {
                self.caller = owner.map_or(Caller::Nobody, Caller::User);
                (row.call)(self, request)
            }
            Err(refusal) => Service::OpenApi.seal(refusal),
        };
        with_quota(answer, counted.quota)
    }

    fn call_rtm(&mut self, path: &str, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
        let row = TABLE.find(Service::Rtm, path)?;
        check_method(&row.meta, request)?;
        let owner = self.owner_in(request);
        self.caller = Caller::User(owner.ok_or_else(errors::unauthorized)?);
        Ok((row.call)(self, request))
    }

    fn call_hook(&mut self, path: &str, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
        let unknown = || errors::not_found(Thing::Path);
        let address = IncomingHook::of(path).map_err(|_| unknown())?;
        let row = TABLE.find(Service::Hook, SendIncoming::META.path)?;
        check_method(&row.meta, request)?;
        let robot = self.robot_at(&address.team_id, &address.token);
        self.caller = Caller::Robot(robot.ok_or_else(unknown)?);
        Ok((row.call)(self, request))
    }

    /// Whose token a request carries.
    fn owner_in(&self, request: &HttpRequest) -> Option<UserId> {
        token_of(request).and_then(|token| self.owner_of(&token))
    }

    fn count_call_of(&mut self, owner: Option<&UserId>, caller: IpAddr) -> Counted {
        let by = owner.map_or(By::Address(caller), |owner| By::User(owner.clone()));
        self.count_call(&by)
    }

    /// Refuses a call that nobody looks at, in the manner of the service that the
    /// path belongs to. It is counted where calls are.
    pub fn refuse(
        &mut self,
        path: &str,
        request: &HttpRequest,
        caller: IpAddr,
        refusal: ApiError,
    ) -> HttpResponse {
        let (service, _) = Service::of(path);
        let too_fast = refusal == errors::too_fast();
        let answer = service.seal(refusal);
        if service != Service::OpenApi {
            return answer;
        }
        let owner = self.owner_in(request);
        let mut quota = self.count_call_of(owner.as_ref(), caller).quota;
        if too_fast {
            quota.remaining = 0;
        }
        with_quota(answer, quota)
    }
}

fn with_quota(answer: HttpResponse, quota: Quota) -> HttpResponse {
    let mut answer = answer;
    quota.write(answer.headers_mut(), QUOTA_HEADERS);
    answer
}
