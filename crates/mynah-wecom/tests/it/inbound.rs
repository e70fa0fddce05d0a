//! Callbacks over HTTP: what verifies, what is refused and why, what goes back.

use std::time::{Duration, SystemTime};

use mynah_core::http::{Method, Request, Uri};
use mynah_core::{Arrival, Bytes, Check, DedupeKey, Forged, HttpRequest, Inbound, Received};
use mynah_wecom::event::Callback;
use mynah_wecom::inbound::{Answer, CallbackSecret, Event, LARGEST_BODY, PATIENCE, aim};
use mynah_wecom::reply::PassiveReply;
use mynah_wecom::{AgentId, WeCom, aibot, jssdk_signature};
use proptest::prelude::*;

use super::recorded::{
    CryptoInput, KEY, TOKEN, application, bot, crypto, events, signature, stamp,
};

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn verify(
    secret: &CallbackSecret,
    request: &HttpRequest,
) -> Result<Received<Event, Answer>, Forged> {
    WeCom::verify(secret, request, at(NOW))
}

fn arrival(secret: &CallbackSecret, request: &HttpRequest) -> Arrival<Event, Answer> {
    match verify(secret, request) {
        Ok(Received::Event(arrival)) => arrival,
        other => panic!("{other:?}"),
    }
}

/// Which check refuses it; everything is refused with 403.
fn refusal(secret: &CallbackSecret, request: &HttpRequest) -> Check {
    match verify(secret, request) {
        Err(forged) => {
            assert_eq!(forged.status, 403, "{forged}");
            assert!(!forged.detail.contains(TOKEN) && !forged.detail.contains(KEY));
            forged.check
        }
        Ok(received) => panic!("{received:?}"),
    }
}

/// A click of alice.
fn click() -> Event {
    Event::Application(
        Callback::read(
            "<xml><ToUserName>ww-sandbox</ToUserName><FromUserName>alice</FromUserName>\
             <CreateTime>123456789</CreateTime><MsgType>event</MsgType><Event>click</Event>\
             <EventKey>rota</EventKey><AgentID>1000002</AgentID></xml>",
        )
        .unwrap(),
    )
}

fn with_uri(mut request: HttpRequest, change: impl Fn(String) -> String) -> HttpRequest {
    *request.uri_mut() = change(request.uri().to_string()).parse().unwrap();
    request
}

#[test]
fn the_address_is_verified_with_the_bare_plain_text() {
    let recorded = events().url_verification;
    let Ok(Received::Challenge(response)) = verify(&application(), &recorded.http.request()) else {
        panic!("a challenge")
    };
    assert_eq!(response.status(), 200);
    assert_eq!(response.body(), recorded.reply["body"].as_str().unwrap());
    let media_type = response.headers()["content-type"].to_str().unwrap();
    assert!(media_type.starts_with("text/plain"), "{media_type}");
}

#[test]
fn a_challenge_is_made_like_the_platforms() {
    let request = application().challenge("1616140317555161061", 1_372_623_149, at(NOW));
    assert_eq!(request.method(), Method::GET);
    // Base64 is percent-encoded, or a form decoder makes blanks of its plus signs.
    assert!(!request.uri().query().unwrap().contains('+'));
    let Ok(Received::Challenge(response)) = verify(&application(), &request) else {
        panic!("a challenge")
    };
    assert_eq!(response.body(), "1616140317555161061");
    assert_eq!(refusal(&bot(), &request), Check::Receiver);
}

#[test]
fn a_plus_sign_that_nobody_encoded_stays_one() {
    let request = with_uri(events().url_verification.http.request(), |uri| {
        uri.replace("%2B", "+").replace("%2F", "/")
    });
    assert!(matches!(
        verify(&application(), &request),
        Ok(Received::Challenge(_))
    ));
    let blank = with_uri(request, |uri| uri.replace('+', "%20"));
    assert_eq!(refusal(&application(), &blank), Check::Signature);
}

#[test]
fn every_recorded_callback_is_received_and_posted_again_to_the_same_bytes() {
    let secret = application();
    let cases = events().events;
    assert_eq!(cases.len(), 23);
    for case in cases {
        let request = case.http.request();
        let arrival = arrival(&secret, &request);
        let name = &case.name;
        let plain = Callback::read(&case.plaintext_xml).unwrap();
        assert_eq!(arrival.raw, case.plaintext_xml, "{name}");
        assert_eq!(arrival.event, Event::Application(plain), "{name}");
        assert_eq!(arrival.reply.within, Some(PATIENCE), "{name}");

        let posted = secret.post(&case.plaintext_xml, Some(AgentId(1_000_002)), &stamp());
        let query = posted.uri().query().unwrap();
        assert!(query.contains(case.http.signature()), "{name}");
        assert_eq!(posted.body(), request.body(), "{name}");
        assert_eq!(query, request.uri().query().unwrap(), "{name}");
    }
}

#[test]
fn an_event_that_names_no_agent_is_posted_under_that_of_the_sender() {
    let secret = application().of_agent(AgentId(1_000_002));
    let outer = "<AgentID><![CDATA[1000002]]></AgentID>";
    let nameless = |xml: &str| !xml.contains("AgentID");
    let cases = events().events.into_iter();
    let cases: Vec<_> = cases.filter(|it| nameless(&it.plaintext_xml)).collect();
    assert!(cases.len() >= 3);
    for case in cases {
        let recorded = case.http.request();
        let event = arrival(&secret, &recorded).event;
        let posted = WeCom::push(&secret, &event, 1, at(1_700_000_000));
        for request in [recorded, posted] {
            let body = String::from_utf8_lossy(request.body());
            assert!(body.contains(outer), "{}: {body}", case.name);
        }
    }
    // What an event names itself stands.
    let Event::Application(click) = click() else {
        panic!("it is for an application");
    };
    let event = Event::from(click.agent(7));
    let posted = WeCom::push(&secret, &event, 1, at(1_700_000_000));
    let body = String::from_utf8_lossy(posted.body());
    assert!(body.contains("<AgentID><![CDATA[7]]></AgentID>"), "{body}");
}

#[test]
fn every_recorded_callback_of_a_bot_is_received_and_posted_again_to_the_same_bytes() {
    let secret = bot();
    let cases = events().aibot_callbacks;
    assert_eq!(cases.len(), 11);
    for case in cases {
        let request = case.http.request();
        let arrival = arrival(&secret, &request);
        let name = &case.name;
        let plain = aibot::Callback::from_slice(case.plaintext.as_bytes()).unwrap();
        assert_eq!(arrival.event, Event::Bot(plain), "{name}");
        let read: serde_json::Value = serde_json::from_slice(&arrival.raw).unwrap();
        assert_eq!(read, case.plaintext_json, "{name}");

        let posted = secret.post(&case.plaintext, None, &stamp());
        assert_eq!(posted.body(), request.body(), "{name}");
        assert_eq!(posted.uri().query(), request.uri().query(), "{name}");
    }
}

fn secret_of(input: &CryptoInput) -> CallbackSecret {
    let key = input.encoding_aes_key.parse().unwrap();
    CallbackSecret::application(&input.token.as_str().into(), &key, &input.receiveid)
}

fn request_of(input: &CryptoInput) -> HttpRequest {
    let body = format!(
        "<xml><Encrypt><![CDATA[{}]]></Encrypt></xml>",
        input.encrypt
    );
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = format!(
        "/?msg_signature={}&timestamp={}&nonce={}",
        input.msg_signature, input.timestamp, input.nonce
    )
    .parse()
    .unwrap();
    request
}

#[test]
fn every_bad_envelope_is_refused_with_the_right_check() {
    let mut count = 0;
    for case in crypto().vectors.iter().filter(|case| case.op == "decrypt") {
        let (secret, request) = (secret_of(&case.input), request_of(&case.input));
        let expect = case.expect.as_deref().unwrap();
        let Some(reason) = expect.strip_prefix("reject: ") else {
            // What is no XML inside is accepted by the envelope nevertheless.
            match verify(&secret, &request) {
                Ok(Received::Event(_)) => {}
                Err(forged) => assert_eq!(forged.check, Check::Body, "{}", case.id),
                Ok(other) => panic!("{other:?}"),
            }
            continue;
        };
        count += 1;
        let check = match refusal(&secret, &request) {
            Check::Signature => "signature",
            Check::Receiver => "receiveid",
            Check::Cipher => "cipher",
            other => panic!("{}: {other}", case.id),
        };
        let allowed: Vec<&str> = reason
            .split(" or ")
            .map(|reason| match reason {
                "signature" | "receiveid" => reason,
                _ => "cipher",
            })
            .collect();
        assert!(
            allowed.contains(&check),
            "{}: {check}, not {reason}",
            case.id
        );
    }
    assert_eq!(count, 22);
}

#[test]
fn what_is_not_made_like_a_callback_is_refused() {
    let secret = application();
    let good = || events().events[0].http.request();
    let mut wrong_method = good();
    *wrong_method.method_mut() = Method::PUT;
    assert_eq!(refusal(&secret, &wrong_method), Check::Form);
    let mut no_echostr = good();
    *no_echostr.method_mut() = Method::GET;
    assert_eq!(refusal(&secret, &no_echostr), Check::Form);
    for (name, check) in [
        ("msg_signature", Check::SignatureMissing),
        ("timestamp", Check::Form),
        ("nonce", Check::Form),
    ] {
        let request = with_uri(good(), |uri| uri.replace(&format!("{name}="), "x="));
        assert_eq!(refusal(&secret, &request), check, "{name}");
    }
    let not_utf8 = with_uri(good(), |uri| uri.replace("nonce=", "nonce=%ff"));
    assert_eq!(refusal(&secret, &not_utf8), Check::Form);
    for body in ["", "{}", "<xml></xml>", "<xml><Encrypt>", "\u{0}"] {
        let mut request = good();
        *request.body_mut() = Bytes::from(body);
        assert_eq!(refusal(&secret, &request), Check::Body, "{body:?}");
        assert_eq!(refusal(&bot(), &request), Check::Body, "{body:?}");
    }
    let mut bad_bytes = good();
    *bad_bytes.body_mut() = Bytes::from_static(b"<xml>\xff</xml>");
    assert_eq!(refusal(&secret, &bad_bytes), Check::Body);
}

#[test]
fn a_body_over_the_limit_is_refused_before_anything_is_looked_at() {
    let mut request = Request::new(Bytes::from(vec![b' '; LARGEST_BODY + 1]));
    *request.method_mut() = Method::POST;
    assert_eq!(refusal(&application(), &request), Check::Size);
}

#[test]
fn a_bomb_is_refused_outside_and_inside() {
    let secret = application();
    let bomb = r#"<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">]><xml><Encrypt>&a;</Encrypt></xml>"#;
    let mut outside = events().events[0].http.request();
    *outside.body_mut() = Bytes::from(bomb);
    assert_eq!(refusal(&secret, &outside), Check::Body);
    for plain in [
        bomb,
        r#"<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>"#,
        "<xml>",
        "no xml",
    ] {
        let inside = secret.post(plain, None, &stamp());
        assert_eq!(refusal(&secret, &inside), Check::Body, "{plain}");
    }
    assert_eq!(
        refusal(&bot(), &bot().post("{}", None, &stamp())),
        Check::Body
    );
}

#[test]
fn the_media_type_does_not_matter() {
    let mut request = events().events[0].http.request();
    request
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    assert!(verify(&application(), &request).is_ok());
}

#[test]
fn the_window_is_open_until_somebody_closes_it() {
    let request = events().events[0].http.request();
    let seen_at = |secret: &CallbackSecret, seconds| WeCom::verify(secret, &request, at(seconds));
    assert!(seen_at(&application(), NOW + 1_000_000).is_ok());
    let secret = application().fresh_within(Duration::from_secs(300));
    for seconds in [NOW - 300, NOW, NOW + 300] {
        assert!(seen_at(&secret, seconds).is_ok(), "{seconds}");
    }
    for seconds in [NOW - 301, NOW + 301] {
        let forged = seen_at(&secret, seconds).unwrap_err();
        assert_eq!(
            (forged.status, forged.check),
            (403, Check::Time),
            "{seconds}"
        );
    }
    // A challenge is no exception.
    let challenge = secret.challenge("1", 1, at(NOW - 301));
    assert_eq!(refusal(&secret, &challenge), Check::Time);
}

#[test]
fn checks_come_in_order() {
    // Wrong in every way: each check is reached once those before it pass.
    let stale = application().fresh_within(Duration::ZERO);
    let other = CallbackSecret::application(&TOKEN.into(), &KEY.parse().unwrap(), "ww-other");
    let wrong_receiver = other.post("no xml", None, &stamp());
    let late = |request: &HttpRequest| {
        WeCom::verify(&stale, request, at(NOW + 9))
            .unwrap_err()
            .check
    };
    let unsigned = with_uri(wrong_receiver.clone(), |uri| {
        uri.replace("nonce=", "nonce=1")
    });
    assert_eq!(late(&unsigned), Check::Signature);
    assert_eq!(late(&wrong_receiver), Check::Receiver);
    assert_eq!(
        late(&application().post("no xml", None, &stamp())),
        Check::Time
    );
    assert_eq!(
        refusal(&stale, &application().post("no xml", None, &stamp())),
        Check::Body
    );
}

#[test]
fn an_answer_goes_back_to_who_spoke() {
    let secret = application();
    let request = WeCom::push(&secret, &click(), 42, at(NOW));
    let response = arrival(&secret, &request)
        .reply
        .answer(PassiveReply::text("bob").into());
    assert_eq!(response.status(), 200);
    let body = std::str::from_utf8(response.body()).unwrap();
    assert!(body.contains("<TimeStamp>1700000000</TimeStamp>"), "{body}");
    let answer = Answer::from(PassiveReply::text("bob"));
    assert_eq!(secret.open_answer(&response, "42"), Ok(Some(answer)));

    let nothing = arrival(&secret, &request).reply.acknowledge();
    assert_eq!((nothing.status().as_u16(), nothing.body().len()), (200, 0));
    // A bot's answer to an application's callback says nothing.
    let wrong = arrival(&secret, &request)
        .reply
        .answer(aibot::Reply::text("no").into());
    assert_eq!((wrong.status().as_u16(), wrong.body().len()), (200, 0));
}

#[test]
fn an_answer_of_a_bot_carries_the_nonce_of_its_callback() {
    let secret = bot();
    let case = &events().aibot_callbacks[0];
    let arrival = arrival(&secret, &case.http.request());
    let response = arrival.reply.answer(aibot::Reply::text("您好").into());
    let json: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(json["nonce"], "1372623149");
    assert_eq!(json["timestamp"], NOW);
    let answer = Answer::from(aibot::Reply::text("您好"));
    assert_eq!(
        secret.open_answer(&response, "1372623149"),
        Ok(Some(answer))
    );
}

#[test]
fn a_bot_is_asked_again_for_a_stream_and_hears_it_each_time() {
    let secret = bot();
    let case = |name: &str| {
        let cases = events().aibot_callbacks;
        let case = cases
            .into_iter()
            .find(|case| case.name.contains(name))
            .unwrap();
        Event::Bot(aibot::Callback::from_slice(case.plaintext.as_bytes()).unwrap())
    };
    let key = |event: &Event, nonce| {
        arrival(&secret, &WeCom::push(&secret, event, nonce, at(NOW))).dedupe
    };
    let text = case("text (single)");
    assert_eq!(key(&text, 1), key(&text, 2));
    let refresh = case("stream refresh");
    assert_ne!(key(&refresh, 1), key(&refresh, 2));
}

/// Timestamp and nonce are joined before they are hashed: whoever swaps them
/// or moves digits between them has a push that verifies. It is the same push.
#[test]
fn a_copied_push_is_known_by_its_signature_however_it_is_dressed_up() {
    let secret = application();
    let request = WeCom::push(&secret, &click(), 1_372_623_149, at(NOW));
    let key = |request: &HttpRequest| arrival(&secret, request).replay.unwrap();
    let first = key(&request);
    let swapped = with_uri(request.clone(), |uri| {
        uri.replace("timestamp=1700000000", "timestamp=1372623149")
            .replace("nonce=1372623149", "nonce=1700000000")
    });
    assert_ne!(swapped.uri(), request.uri());
    assert_eq!(key(&swapped), first);
    let shifted = with_uri(request, |uri| {
        uri.replace("timestamp=1700000000", "timestamp=700000000")
            .replace("nonce=1372623149", "nonce=13726231491")
    });
    assert_eq!(key(&shifted), first);

    let again = WeCom::push(&secret, &click(), 2, at(NOW));
    assert_ne!(key(&again), first);
    assert_eq!(arrival(&secret, &again).dedupe, click().dedupe_key());
    assert!(matches!(first, DedupeKey::Hash(_)));
}

#[test]
fn nothing_of_a_secret_shows() {
    let secret = application().fresh_within(Duration::from_secs(60));
    let shown = format!("{secret:?}");
    assert!(shown.contains("ww-sandbox"), "{shown}");
    assert!(
        !shown.contains("MynahToken") && !shown.contains("TXlu"),
        "{shown}"
    );
}

#[test]
fn a_request_is_aimed_at_the_address_of_the_receiver() {
    let request = WeCom::push(&application(), &click(), 1, at(NOW));
    let query = request.uri().query().unwrap().to_owned();
    for (address, aimed) in [
        (
            "http://127.0.0.1:8080",
            format!("http://127.0.0.1:8080/?{query}"),
        ),
        (
            "http://127.0.0.1:8080/hook",
            format!("http://127.0.0.1:8080/hook?{query}"),
        ),
        (
            "https://example.com/a?b=1",
            format!("https://example.com/a?b=1&{query}"),
        ),
    ] {
        let receiver: Uri = address.parse().unwrap();
        let request = aim(request.clone(), &receiver);
        assert_eq!(request.uri().to_string(), aimed);
        assert!(verify(&application(), &request).is_ok());
    }
}

#[test]
fn a_page_is_signed_as_the_peer_signs_it() {
    let vector = &signature()["jssdk_signature"];
    let input = |name: &str| vector["input"][name].as_str().unwrap();
    let expected = &vector["result"]["@wecom/crypto 1.0.1"]["ok"]["signature"];
    for fragment in ["", "#top"] {
        let url = format!("{}{fragment}", input("url"));
        let signature = jssdk_signature(input("ticket"), input("nonceStr"), 1_414_587_457, &url);
        assert_eq!(*expected, *signature);
    }
}

proptest! {
    #[test]
    fn verify_is_the_inverse_of_push(content in "\\PC{0,40}", nonce: u64, seconds in 0..4_000_000_000_u64) {
        let secret = application();
        let xml = mynah_wecom::reply::PassiveMessage::new("a", "b", 7, content.as_str().into()).to_xml();
        let event = Event::Application(Callback::read(&xml).unwrap());
        let request = WeCom::push(&secret, &event, nonce, at(seconds));
        let arrival = arrival(&secret, &request);
        prop_assert_eq!(arrival.event, event);
    }

    #[test]
    fn a_changed_request_is_refused(at_byte: prop::sample::Index, bit in 0..8_u32) {
        let request = WeCom::push(&application(), &click(), 42, at(NOW));
        let mut body = request.body().to_vec();
        let at_byte = at_byte.index(body.len());
        body[at_byte] ^= 1 << bit;
        let mut changed = request.clone();
        *changed.body_mut() = body.into();
        match verify(&application(), &changed) {
            Err(forged) => prop_assert!(matches!(forged.check, Check::Body | Check::Signature)),
            // The application's id and the addresses outside are not signed, and not used.
            Ok(Received::Event(arrival)) => prop_assert_eq!(arrival.event, click()),
            Ok(other) => panic!("{other:?}"),
        }
    }
}
