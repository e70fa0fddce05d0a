//! Codes in text messages, and the pictures before them.

use serde_json::{Value, json};

use super::support::{Service, act, answer, download, may_not, raw, recorded, request, vectors};

const MOBILE: &str = "13500000000";

fn form<'a>(mobile: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("mobile", mobile), ("templateId", "t1"), ("region", "86")];
    form.extend_from_slice(more);
    form
}

/// Sends a code. Returns its session.
#[track_caller]
fn send(service: &mut Service) -> String {
    let answer = service.ok("sendCode", &form(MOBILE, &[]));
    answer["sessionId"].as_str().unwrap().to_owned()
}

fn verify(service: &mut Service, session: &str, code: &str) -> Value {
    let form = [("sessionId", session), ("code", code)];
    service.ok("verifyCode", &form)["success"].clone()
}

#[test]
fn the_right_code_is_right_once() {
    let mut service = Service::new();
    let session = send(&mut service);
    assert_eq!(verify(&mut service, &session, "000000"), json!(false));
    assert_eq!(verify(&mut service, &session, "123456"), json!(true));
    let form = [("sessionId", session.as_str()), ("code", "123456")];
    assert_eq!(service.refused("verifyCode", &form), (400, 1014));
    assert_eq!(verify(&mut service, &session, "000000"), json!(false));
}

#[test]
fn a_session_that_nobody_has_opened_is_no_error() {
    let mut service = Service::new();
    assert_eq!(verify(&mut service, "nobody", "123456"), json!(false));
    for form in [
        [("sessionId", ""), ("code", "1")],
        [("sessionId", "s"), ("code", "")],
    ] {
        assert_eq!(service.refused("verifyCode", &form), (400, 1002));
    }
}

#[test]
fn a_code_lives_for_ten_minutes() {
    let mut service = Service::new();
    let session = send(&mut service);
    service.wait(599);
    let mut earlier = Service {
        world: service.world.clone(),
    };
    assert_eq!(verify(&mut earlier, &session, "123456"), json!(true));
    service.wait(1);
    assert_eq!(verify(&mut service, &session, "123456"), json!(false));
}

#[test]
fn a_number_gets_one_code_a_minute_and_three_an_hour() {
    let mut service = Service::new();
    send(&mut service);
    service.wait(59);
    assert_eq!(service.refused("sendCode", &form(MOBILE, &[])), (429, 1008));
    service.ok("sendCode", &form("13500000001", &[]));
    service.wait(1);
    send(&mut service);
    service.wait(60);
    send(&mut service);
    service.wait(60);
    assert_eq!(service.refused("sendCode", &form(MOBILE, &[])), (429, 1008));
    service.wait(3600 - 180 - 1);
    assert_eq!(service.refused("sendCode", &form(MOBILE, &[])), (429, 1008));
    service.wait(1);
    send(&mut service);
}

#[test]
fn only_numbers_of_china_get_codes() {
    let mut service = Service::new();
    let ask = |service: &mut Service, mobile, template, region| {
        let form = [
            ("mobile", mobile),
            ("templateId", template),
            ("region", region),
        ];
        service.refused("sendCode", &form)
    };
    assert_eq!(ask(&mut service, MOBILE, "t1", "1"), (400, 1002));
    assert_eq!(ask(&mut service, MOBILE, "t1", ""), (400, 1002));
    assert_eq!(ask(&mut service, MOBILE, "", "86"), (400, 1002));
    assert_eq!(ask(&mut service, "", "t1", "86"), (400, 1002));
}

/// Asks for a picture as the documentation has it: a GET.
fn picture(service: &mut Service) -> (String, String) {
    let get = request("GET", "/getImgCode.json?appKey=rc-sandbox", "", "");
    let (status, answer) = answer(&raw(&mut service.world, &get));
    assert_eq!((status, &answer["code"]), (200, &json!(200)));
    let text = |field: &str| answer[field].as_str().unwrap().to_owned();
    (text("url"), text("verifyId"))
}

#[test]
fn a_picture_is_where_its_address_says() {
    let mut service = Service::new();
    let (url, _) = picture(&mut service);
    assert!(url.starts_with("http://127.0.0.1:7700/rongcloud/"), "{url}");
    let response = download(&mut service.world, &url);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.body().starts_with(b"\x89PNG"));
}

#[test]
fn the_app_key_of_a_picture_stands_anywhere_or_nowhere() {
    let mut service = Service::new();
    for (method, path, body) in [
        ("GET", "/getImgCode.json", "appKey=rc-sandbox"),
        ("GET", "/getImgCode.json", "appKey=app-key"),
        ("GET", "/getImgCode?appKey=rc-sandbox", ""),
        ("GET", "/getImgCode.json", ""),
        ("POST", "/getImgCode.json", "appKey=rc-sandbox"),
    ] {
        let request = request(method, path, "", body);
        let (status, answer) = answer(&raw(&mut service.world, &request));
        assert_eq!(
            (status, &answer["code"]),
            (200, &json!(200)),
            "{method} {path} {body}"
        );
        assert!(answer["verifyId"].is_string());
    }
}

#[test]
fn where_pictures_are_read_a_code_is_sent_to_whoever_has_read_one() {
    let mut service = Service::new();
    service.world.settings_mut().sms_image_check = true;
    assert_eq!(service.refused("sendCode", &form(MOBILE, &[])), (400, 1010));
    let (_, id) = picture(&mut service);
    let without = form(MOBILE, &[("verifyId", &id)]);
    assert_eq!(service.refused("sendCode", &without), (400, 1010));
    let wrong = form(MOBILE, &[("verifyId", &id), ("verifyCode", "4321")]);
    assert_eq!(service.refused("sendCode", &wrong), (400, 1012));
    let another = form(MOBILE, &[("verifyId", "nobody"), ("verifyCode", "1234")]);
    assert_eq!(service.refused("sendCode", &another), (400, 1012));
    let right = form(MOBILE, &[("verifyId", &id), ("verifyCode", "1234")]);
    service.ok("sendCode", &right);
    service.wait(60);
    assert_eq!(
        service.refused("sendCode", &right),
        (400, 1012),
        "it is read once"
    );
}

#[test]
fn a_picture_stays_readable_when_there_were_too_many_codes() {
    let mut service = Service::new();
    service.world.settings_mut().sms_image_check = true;
    let (_, first) = picture(&mut service);
    let (_, second) = picture(&mut service);
    let read = |id| [("verifyId", id), ("verifyCode", "1234")];
    service.ok("sendCode", &form(MOBILE, &read(&first)));
    let again = form(MOBILE, &read(&second));
    assert_eq!(service.refused("sendCode", &again), (429, 1008));
    service.wait(60);
    service.ok("sendCode", &again);
}

#[test]
fn where_no_pictures_are_read_their_codes_are_not_looked_at() {
    let mut service = Service::new();
    let more = [("verifyId", "verify-1"), ("verifyCode", "ABCD")];
    service.ok("sendCode", &form(MOBILE, &more));
}

#[test]
fn people_read_the_code_on_their_telephones() {
    let mut service = Service::new();
    let mobile = json!({ "mobile": MOBILE });
    assert_eq!(
        may_not(&mut service.world, "alice", "sms", mobile.clone()),
        404
    );
    send(&mut service);
    service.wait(60);
    let session = send(&mut service);
    let told = act(&mut service.world, "alice", "sms", mobile.clone());
    assert_eq!(told, json!({ "code": "123456", "session_id": session }));
    service.wait(600);
    assert_eq!(may_not(&mut service.world, "alice", "sms", mobile), 404);
}

#[test]
fn recorded_calls_are_answered_in_the_same_fields() {
    let vectors = vectors("requests");
    let mut service = Service::new();
    for name in [
        "sms_get_image_code",
        "sms_send_code",
        "sms_verify_code_wrong",
    ] {
        let (request, expected) = recorded(&vectors, name);
        let (status, told) = answer(&raw(&mut service.world, &request));
        assert_eq!(status, 200, "{name}: {told}");
        let fields = |answer: &Value| -> Vec<String> {
            answer.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(fields(&told), fields(&expected), "{name}");
    }
}
