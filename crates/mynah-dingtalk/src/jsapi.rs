//! What pages need to use DingTalk's JavaScript.

/// Signs a page: lower-case hexadecimal, for `dd.config`.
///
/// `ticket` is what [`GetJsapiTicket`](crate::api::token::GetJsapiTicket) answers, `url` the
/// page's address, nothing of it escaped
/// (<https://open.dingtalk.com/document/development/jsapi-authentication>).
///
/// ```
/// let signature = mynah_dingtalk::jsapi_signature(
///     "bxLdikRXVbTPdHSM05e5u5sUoXNKd8",
///     "nonceFixedABCDEF",
///     1_700_000_000_000,
///     "https://example.com/app?x=1",
/// );
/// assert_eq!(signature, "4ac3300670c67627364b913b1e6c831b7a011920");
/// ```
pub fn jsapi_signature(ticket: &str, noncestr: &str, timestamp: i64, url: &str) -> String {
    let timestamp = timestamp.to_string();
    let parts = [
        ["jsapi_ticket=", ticket],
        ["&noncestr=", noncestr],
        ["&timestamp=", &timestamp],
        ["&url=", url],
    ];
    let parts = parts.as_flattened().iter().map(|part| part.as_bytes());
    mynah_crypto::hex(&mynah_crypto::sha1(&parts.collect::<Vec<_>>()))
}
