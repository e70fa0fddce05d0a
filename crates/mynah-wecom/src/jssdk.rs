//! What pages need to use the JS-SDK.

/// Signs a page for the JS-SDK: lower-case hexadecimal, for `wx.config`.
///
/// `ticket` is the `jsapi_ticket`, `timestamp` in seconds since 1970, `url`
/// that of the page; its fragment does not count
/// (<https://developer.work.weixin.qq.com/document/path/90506>).
pub fn jssdk_signature(ticket: &str, noncestr: &str, timestamp: i64, url: &str) -> String {
    let (page, _) = url.split_once('#').unwrap_or((url, ""));
    let timestamp = timestamp.to_string();
    let parts = [
        ["jsapi_ticket=", ticket],
        ["&noncestr=", noncestr],
        ["&timestamp=", &timestamp],
        ["&url=", page],
    ];
    let parts = parts.as_flattened().iter().map(|part| part.as_bytes());
    mynah_crypto::hex(&mynah_crypto::sha1(&parts.collect::<Vec<_>>()))
}
