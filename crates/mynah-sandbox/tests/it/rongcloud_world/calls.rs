//! How calls are let in: path, method, signature, parameters.

use mynah_core::HttpRequest;
use mynah_sandbox::World;
use mynah_sandbox::rongcloud::{RongCloudWorld, Seed};
use serde_json::{Value, json};

use super::support::{NOW, Service, answer, download, post, raw, request, say, told, vectors};

const FORM: &str = "application/x-www-form-urlencoded";
const CHECK: &str = "userId=alice";

/// The status and the code that a request is answered with; nothing changes.
#[track_caller]
fn code(service: &mut Service, request: &HttpRequest) -> (u16, i64) {
    let before = service.world.snapshot();
    let (status, body) = answer(&raw(&mut service.world, request));
    assert!(service.world.snapshot() == before);
    (status, body["code"].as_i64().unwrap())
}

fn signed(headers: &[(&str, &str)]) -> HttpRequest {
    let mut request = post("user/checkOnline", FORM, CHECK);
    for name in ["app-key", "nonce", "timestamp", "signature"] {
        request.headers_mut().remove(name);
    }
    for (name, value) in headers {
        let name: mynah_core::http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

#[test]
fn every_recorded_signature_opens_the_door() {
    let vectors = vectors("signature");
    let ours = vectors["request"].as_array().unwrap().iter();
    let ours = ours.filter(|record| record["input"]["app_secret"] == "sandbox-secret");
    let ours = ours.map(|record| &record["output"]);
    let others = vectors["other_clients"].as_array().unwrap().iter();
    let others = others.map(|record| &record["headers"]);
    let mut tried = 0;
    for headers in ours.chain(others) {
        let headers = headers.as_object().unwrap().iter();
        let headers: Vec<(&str, &str)> = headers
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let mut service = Service::new();
        assert_eq!(
            code(&mut service, &signed(&headers)),
            (200, 200),
            "{headers:?}"
        );
        // The same again: nobody counts.
        assert_eq!(
            code(&mut service, &signed(&headers)),
            (200, 200),
            "{headers:?}"
        );
        tried += 1;
    }
    assert_eq!(tried, 6);
}

#[test]
fn a_wrong_signature_is_refused_and_so_is_an_unknown_key() {
    let good = [
        ("rc-app-key", "rc-sandbox"),
        ("rc-nonce", "14314"),
        ("rc-timestamp", "1408710653491"),
        ("rc-signature", "53b47c2be6f1fa25b5a4653d089f22ad63e23064"),
    ];
    let mut service = Service::new();
    assert_eq!(code(&mut service, &signed(&good)), (200, 200));
    for (name, wrong) in [
        ("rc-nonce", "14315"),
        ("rc-timestamp", "1408710653492"),
        ("rc-signature", "45beb7cc7307889a8e711219a47b7cf6a5b000e8"),
        ("rc-signature", ""),
    ] {
        let headers = good.map(|(key, value)| (key, if key == name { wrong } else { value }));
        assert_eq!(code(&mut service, &signed(&headers)), (401, 1004), "{name}");
    }
    for (left_out, expected) in [
        ("rc-nonce", (401, 1004)),
        ("rc-timestamp", (401, 1004)),
        ("rc-signature", (401, 1004)),
        ("rc-app-key", (400, 1002)),
    ] {
        let headers: Vec<_> = good
            .into_iter()
            .filter(|(name, _)| *name != left_out)
            .collect();
        assert_eq!(
            code(&mut service, &signed(&headers)),
            expected,
            "{left_out}"
        );
    }
    let other = good.map(|(key, value)| (key, if key == "rc-app-key" { "else" } else { value }));
    let (status, body) = answer(&raw(&mut service.world, &signed(&other)));
    assert_eq!(
        (status, body),
        (
            400,
            json!({ "code": 1002, "errorMessage": "Invalidate App-Key." })
        )
    );
}

#[test]
fn a_strict_world_wants_fresh_signatures_and_new_nonces() {
    let mut service = Service::new();
    service.world.settings_mut().strict_signatures = true;
    let call = post("user/checkOnline", FORM, CHECK);
    assert_eq!(answer(&raw(&mut service.world, &call)).0, 200);
    assert_eq!(
        answer(&raw(&mut service.world, &call)).0,
        401,
        "the nonce was used"
    );
    let mut service = Service::new();
    service.world.settings_mut().strict_signatures = true;
    service.wait(300);
    assert_eq!(answer(&raw(&mut service.world, &call)).0, 200);
    let mut service = Service::new();
    service.world.settings_mut().strict_signatures = true;
    service.wait(301);
    assert_eq!(
        answer(&raw(&mut service.world, &call)).0,
        401,
        "it is too old"
    );
}

#[test]
fn the_ending_of_a_path_may_be_left_out_and_no_other_is_known() {
    let mut service = Service::new();
    let mut ask = |path: &str| code(&mut service, &request("POST", path, FORM, CHECK));
    assert_eq!(ask("/user/checkOnline.json"), (200, 200));
    assert_eq!(ask("/user/checkOnline"), (200, 200));
    for unknown in [
        "/user/checkOnline.xml",
        "/user/checkonline.json",
        "/user/checkOnline.json.json",
        "/user/checkOnline/",
        "/user",
        "/",
        "",
    ] {
        assert_eq!(ask(unknown), (404, 404), "{unknown}");
    }
}

#[test]
fn a_blacklist_is_called_a_blocklist_as_well() {
    let mut service = Service::new();
    let form = [("userId", "alice"), ("blackUserId", "bob")];
    service.ok("user/blocklist/add", &form);
    let listed = service.ok("user/blocklist/query", &[("userId", "alice")]);
    assert_eq!(listed["users"], json!(["bob"]));
    service.ok("user/blocklist/remove", &form);
    let listed = service.ok("user/blacklist/query", &[("userId", "alice")]);
    assert_eq!(listed["users"], json!([]));
}

#[test]
fn the_method_is_looked_at_before_the_signature() {
    let mut service = Service::new();
    for method in ["GET", "PUT", "DELETE"] {
        let asked = request(method, "/user/checkOnline.json", FORM, CHECK);
        assert_eq!(code(&mut service, &asked), (405, 405), "{method}");
    }
    // What is a GET may be a POST.
    let asked = request("POST", "/getImgCode.json", FORM, "appKey=rc-sandbox");
    assert_eq!(answer(&raw(&mut service.world, &asked)).0, 200);
    // Path, then method, then key, then signature, then parameters.
    let mut stranger = request("GET", "/user/checkOnline.json", FORM, "");
    stranger.headers_mut().clear();
    assert_eq!(code(&mut service, &stranger), (405, 405));
    let mut stranger = post("user/checkOnline", FORM, "");
    stranger.headers_mut().remove("app-key");
    stranger.headers_mut().remove("signature");
    assert_eq!(code(&mut service, &stranger), (400, 1002));
    let mut stranger = post("user/checkOnline", FORM, "");
    stranger.headers_mut().remove("signature");
    assert_eq!(code(&mut service, &stranger), (401, 1004));
}

#[test]
fn the_number_of_a_call_comes_back_with_its_answer() {
    let mut service = Service::new();
    let longest = "x".repeat(36);
    for (given, back) in [
        ("r-1", Some("r-1")),
        (longest.as_str(), Some(longest.as_str())),
        (&*format!("{longest}x"), None),
    ] {
        for path in ["user/checkOnline", "nowhere"] {
            let mut call = post(path, FORM, CHECK);
            call.headers_mut()
                .insert("x-request-id", given.parse().unwrap());
            let response = raw(&mut service.world, &call);
            let found = response.headers().get("x-request-id");
            assert_eq!(found.map(|it| it.to_str().unwrap()), back);
            let media_type = response.headers()["content-type"].to_str().unwrap();
            assert_eq!(media_type, "application/json; charset=utf-8");
        }
    }
    let (_, body) = answer(&raw(&mut service.world, &post("user/unblock", FORM, CHECK)));
    assert_eq!(body, json!({ "code": 200 }), "as small as that");
}

#[test]
fn every_encoding_of_a_form_is_read() {
    let mut service = Service::new();
    let records = vectors("encoding");
    let mut tried = 0;
    for record in records.as_array().unwrap() {
        let decoded = record["decoded"].as_array();
        let Some([pair]) = decoded.map(Vec::as_slice) else {
            continue;
        };
        let name = record["name"].as_str().unwrap();
        if pair[0] != "k" {
            continue;
        }
        let body = record["body"].as_str().unwrap();
        let body = format!("userId=zed&{}", body.replacen("k=", "name=", 1));
        let call = post("user/getToken", FORM, &body);
        assert_eq!(answer(&raw(&mut service.world, &call)).0, 200, "{name}");
        let info = service.ok("user/info", &[("userId", "zed")]);
        assert_eq!(info["userName"], pair[1], "{name}");
        tried += 1;
    }
    assert_eq!(tried, 17);
}

#[test]
fn json_that_is_none_is_refused() {
    let mut service = Service::new();
    for body in ["", "{", "[1, 2]", "1", "userId=alice&tags=a"] {
        let call = post("user/tag/set", "application/json", body);
        assert_eq!(code(&mut service, &call), (400, 1002), "{body}");
    }
}

#[test]
fn what_people_sent_is_there_for_whoever_knows_where() {
    let mut service = Service::new();
    let picture = json!({ "type": "image", "name": "a.png", "base64": "iVBORw0KGgo=" });
    super::support::says(&mut service.world, "alice", "user:bot", picture);
    let told = told(&mut service.world);
    let [mynah_sandbox::rongcloud::Effect::Route(message)] = told.as_slice() else {
        panic!("{told:?}");
    };
    let content: Value = serde_json::from_str(&message.content).unwrap();
    let uri = content["imageUri"].as_str().unwrap();
    assert!(
        uri.starts_with("http://127.0.0.1:7700/rongcloud/_files/"),
        "{uri}"
    );
    let response = download(&mut service.world, uri);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.body().as_ref(), b"\x89PNG\r\n\x1a\n");
    let unknown = download(&mut service.world, &format!("{uri}x"));
    assert_eq!(unknown.status(), 404);
}

#[test]
fn nothing_asked_of_an_empty_world_breaks_it() {
    let seed = "[rongcloud]\napp = { key = \"rc-sandbox\", secret = \"sandbox-secret\" }";
    let mut service = Service::of(RongCloudWorld::new(&Seed::parse(seed).unwrap()));
    service.ok("user/getToken", &[("userId", "bob"), ("name", "B")]);
    service.ok("group/user/query", &[("groupId", "g")]);
    say(&mut service.world, "bob", "user:bot", "hi");
    assert_eq!(service.world.people().len(), 2);
    assert_eq!(NOW % 1000, 0);
}

#[test]
fn an_optional_parameter_of_the_wrong_kind_is_refused_instead_of_meaning_something_else() {
    let mut service = Service::new();
    // Without a group it would be a mute in all groups.
    let two = [("userId", "bob"), ("groupId", "g1"), ("groupId", "g2")];
    for path in ["group/user/gag/add", "group/user/gag/rollback"] {
        let form: Vec<_> = two.iter().copied().chain([("minute", "5")]).collect();
        assert_eq!(service.refused(path, &form), (400, 1002), "{path}");
    }
    let form = [("page", "many")];
    assert_eq!(service.refused("user/block/query", &form), (400, 1002));
    let template = |push: Value| {
        json!({
            "fromUserId": "alice", "toUserId": ["bob"], "values": [{}],
            "objectName": "RC:TxtMsg", "content": "{}", "pushContent": push,
        })
    };
    let path = "message/private/publish_template";
    for push in [json!("hi"), json!(["hi", null])] {
        assert_eq!(service.refused_json(path, template(push)), (400, 1002));
    }
    let push = json!({
        "platform": ["ios"], "audience": { "is_to_all": true },
        "notification": { "alert": "x" }, "message": {},
    });
    assert_eq!(service.refused_json("push", push), (400, 1002));
    service.ok_json(path, template(Value::Null));
}

#[test]
fn what_takes_back_nothing_leaves_no_trace() {
    let mut service = Service::new();
    let before = service.world.snapshot();
    for (path, place) in [
        ("chatroom/user/gag/rollback", "chatroomId"),
        ("chatroom/user/block/rollback", "chatroomId"),
        ("chatroom/user/whitelist/remove", "chatroomId"),
        ("group/user/gag/rollback", "groupId"),
        ("group/user/ban/whitelist/rollback", "groupId"),
    ] {
        service.ok(path, &[("userId", "bob"), (place, "nowhere")]);
        assert_eq!(service.world.snapshot(), before, "{path}");
    }
    for (there, back, form) in [
        (
            "chatroom/user/gag/add",
            "chatroom/user/gag/rollback",
            [("userId", "bob"), ("chatroomId", "new"), ("minute", "5")],
        ),
        (
            "group/user/gag/add",
            "group/user/gag/rollback",
            [("userId", "bob"), ("groupId", "new"), ("minute", "5")],
        ),
        (
            "user/blacklist/add",
            "user/blacklist/remove",
            [("userId", "bob"), ("blackUserId", "carol"), ("minute", "5")],
        ),
    ] {
        service.ok(there, &form);
        assert_ne!(service.world.snapshot(), before, "{there}");
        service.ok(back, &form);
        assert_eq!(service.world.snapshot(), before, "{back}");
    }
}
