//! The server side of endpoints, and the table that finds it.

use std::collections::HashMap;

use mynah_core::{
    ApiError, Endpoint, HttpRequest, HttpResponse, Meta, Parameters, decode_parameters,
    decode_request,
};

/// The server side of one endpoint. A world implements it for every endpoint
/// of its platform; one that is missing does not compile.
pub trait Serve<E: Endpoint> {
    /// Carries the call out.
    ///
    /// # Errors
    /// The platform's refusal; a refused call changes nothing.
    fn serve(&mut self, endpoint: E) -> Result<E::Output, ApiError>;
}

/// One row of the table.
#[derive(Debug)]
pub struct Route<W: ?Sized> {
    /// The facts about the endpoint.
    pub meta: Meta,
    /// Reads the request, has it carried out, writes the answer.
    pub call: fn(&mut W, &HttpRequest) -> HttpResponse,
    /// The same for parameters that have been gathered already: from a frame,
    /// or before it was known whose they are.
    pub call_with: fn(&mut W, Parameters) -> HttpResponse,
}

impl<W> Route<W> {
    /// The route to `E`.
    pub fn to<E: Endpoint>() -> Self
    where
        W: Serve<E>,
    {
        Self {
            meta: E::META,
            call: |world, request| {
                E::write(decode_request::<E>(request).and_then(|call| world.serve(call)))
            },
            call_with: |world, parameters| {
                E::write(decode_parameters::<E>(parameters).and_then(|call| world.serve(call)))
            },
        }
    }
}

/// All endpoints that a world serves, found by path.
#[derive(Debug)]
pub struct Routes<W>(HashMap<&'static str, Route<W>>);

impl<W> Routes<W> {
    /// The route whose path is exactly `path`.
    pub fn find(&self, path: &str) -> Option<&Route<W>> {
        self.0.get(path)
    }

    /// All routes, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Route<W>> {
        self.0.values()
    }
}

impl<W> FromIterator<Route<W>> for Routes<W> {
    fn from_iter<I: IntoIterator<Item = Route<W>>>(routes: I) -> Self {
        Self(
            routes
                .into_iter()
                .map(|route| (route.meta.path, route))
                .collect(),
        )
    }
}

/// Makes the table out of a platform's list of endpoints:
/// `mynah_onebot::for_each_endpoint!(crate::routes)`.
#[macro_export]
macro_rules! routes {
    ($($endpoint:ty),* $(,)?) => {
        <$crate::Routes<_> as ::core::iter::FromIterator<_>>::from_iter([
            $($crate::Route::to::<$endpoint>()),*
        ])
    };
}
