//! The one list of all endpoints.

/// Every endpoint of the platform, in the order of the documentation.
///
/// Calls the macro at the given path with the types, comma separated.
#[macro_export]
macro_rules! for_each_endpoint {
    ($($callback:tt)+) => {
        $($callback)+! {}
    };
}
