//! The control API.

use http::Method;
use mynah_sandbox::{Sandbox, StartError};
use serde_json::{Value, json};

use crate::support::Bench;

#[tokio::test]
async fn it_says_when_it_is_ready() {
    let bench = Bench::start().await;
    let answer = bench.get("/control/health").await;
    assert_eq!(answer.status, 200);
    let health = answer.json();
    assert_eq!(health["ok"], true);
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        health["platforms"],
        json!(["onebot", "wecom", "dingtalk", "rongcloud", "bearychat"])
    );
    assert!(health["now"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn strangers_are_not_answered() {
    let bench = Bench::start().await;
    let host = format!("evil.example:{}", bench.addr().port());
    let own = format!("http://{}", bench.addr());
    for (headers, status, field) in [
        (vec![("host", host.as_str())], 403, "host"),
        (vec![("origin", "http://evil.example")], 403, "origin"),
        (vec![("origin", "null")], 403, "origin"),
        (vec![("origin", own.as_str())], 200, ""),
    ] {
        for path in [
            "/control/health",
            "/control/journal/stream",
            "/",
            "/assets/app.js",
        ] {
            if status == 200 && path.ends_with("stream") {
                continue; // It has no end.
            }
            let answer = bench.send(Method::GET, path, &headers, "").await.unwrap();
            assert_eq!(answer.status, status, "{path} {headers:?}");
            if status != 200 {
                assert_eq!(answer.json()["error"]["field"], field);
            }
        }
    }
    // A stranger's order changes nothing.
    let said = json!({"platform": "onebot", "from": "alice", "to": "user:bot", "text": "hi"});
    let headers = [
        ("origin", "http://evil.example"),
        ("content-type", "text/plain"),
    ];
    let answer = bench
        .send(Method::POST, "/control/say", &headers, said.to_string())
        .await
        .unwrap();
    assert_eq!(answer.status, 403);
    assert!(bench.texts("user:10001").await.is_empty());
}

#[tokio::test]
async fn beyond_this_machine_a_token_is_needed() {
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let error = Sandbox::builder()
        .listen(everywhere)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::NeedsToken(_)), "{error}");

    let bench = Bench::with(|builder| builder.control_token("open sesame")).await;
    for (authorization, status) in [("", 401), ("Bearer open", 401), ("Bearer open sesame", 200)] {
        let headers = [("authorization", authorization)];
        let answer = bench
            .send(Method::GET, "/control/health", &headers, "")
            .await
            .unwrap();
        assert_eq!(answer.status, status, "{authorization}");
        let page = bench.send(Method::GET, "/", &headers, "").await.unwrap();
        assert_eq!(page.status, status, "{authorization}");
        let asks = answer.headers.contains_key("www-authenticate");
        assert_eq!(asks, status == 401);
    }
    // The platform has a token of its own.
    assert_eq!(bench.call("get_status", json!({})).await["status"], "ok");
}

#[tokio::test]
async fn a_wrong_option_is_named() {
    let start = async |url: &str| {
        let listen = "127.0.0.1:0".parse().unwrap();
        let builder = Sandbox::builder().listen(listen);
        let error = builder
            .onebot_reverse_ws_url(url)
            .start()
            .await
            .unwrap_err();
        error.to_string()
    };
    assert_eq!(
        start("http://h/").await,
        "reverse_ws_urls: must begin with ws://"
    );
    assert_eq!(
        start("wss://h/").await,
        "reverse_ws_urls: wss:// is not offered, only ws://"
    );
    let taken = Bench::start().await;
    let error = Sandbox::builder()
        .listen(taken.addr())
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
}

#[tokio::test]
async fn people_conversations_and_messages_are_shown() {
    let bench = Bench::start().await;
    let people = bench.get("/control/people?platform=onebot").await.json();
    let names: Vec<&str> = people["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["name"].as_str().unwrap())
        .collect();
    for name in ["bot", "alice", "bob", "carol", "dave", "erin"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    bench.say("alice", "group:general", "one").await;
    bench.say("bob", "group:20001", "two").await;
    let seen = bench
        .get("/control/conversations?platform=onebot&as=bob")
        .await
        .json();
    assert_eq!(seen["conversations"][0]["id"], "group:20001");
    assert_eq!(bench.texts("group:20001").await, ["one", "two"]);
    let path = "/control/messages?platform=onebot&conversation=group:20001&limit=1";
    let page = bench.get(path).await.json();
    assert_eq!(page["more"], true);
    let seq = page["messages"][0]["seq"].as_u64().unwrap();
    let older = bench.get(&format!("{path}&before={seq}")).await.json();
    assert_eq!(older["messages"][0]["parts"][0]["text"], "one");
}

#[tokio::test]
async fn people_act() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    let poke = json!({
        "platform": "onebot", "who": "alice", "action": "poke", "target": "bot", "group": "20001",
    });
    let answer = bench.post("/control/act", poke).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(socket.json().await["sub_type"], "poke");
}

#[tokio::test]
async fn every_error_names_the_field() {
    let bench = Bench::start().await;
    let say = |change: Value| {
        let mut said =
            json!({"platform": "onebot", "from": "alice", "to": "user:bot", "text": "x"});
        for (name, value) in change.as_object().unwrap() {
            said[name] = value.clone();
        }
        said
    };
    for (path, body, status, field) in [
        ("say", say(json!({"platform": null})), 400, "platform"),
        (
            "say",
            say(json!({"platform": "telegraph"})),
            404,
            "platform",
        ),
        ("say", say(json!({"from": null})), 400, "from"),
        ("say", say(json!({"from": 5})), 400, "from"),
        ("say", say(json!({"from": "nobody"})), 404, "from"),
        ("say", say(json!({"text": 5})), 400, "text"),
        (
            "act",
            json!({"platform": "onebot", "who": "alice"}),
            400,
            "action",
        ),
        (
            "act",
            json!({"platform": "onebot", "action": "poke"}),
            400,
            "who",
        ),
        ("clock", json!({}), 400, "advance_s"),
        ("clock", json!({"advance_s": 1, "set": 1}), 400, "advance_s"),
        ("clock", json!({"advance_s": "far"}), 400, "advance_s"),
        ("clock", json!({"set": -1}), 400, "set"),
        ("clock", json!({"jump": 1}), 400, "jump"),
        ("clock", json!([]), 400, "body"),
    ] {
        let answer = bench.post(&format!("/control/{path}"), body.clone()).await;
        assert_eq!(answer.status, status, "{path} {body}: {answer:?}");
        let error = &answer.json()["error"];
        assert_eq!(error["field"], field, "{path} {body}: {error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    for (path, status, field) in [
        ("people", 400, "platform"),
        ("people?platform=telegraph", 404, "platform"),
        ("messages?platform=onebot", 400, "conversation"),
        (
            "messages?platform=onebot&conversation=group:20001&limit=x",
            400,
            "limit",
        ),
        ("journal?after=-1", 400, "after"),
        ("media/none.png", 404, "name"),
        ("telegraph/delivery", 404, "platform"),
        ("nonsense", 404, "path"),
    ] {
        let answer = bench.get(&format!("/control/{path}")).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.json()["error"]["field"], field, "{path}");
    }
    let answer = bench.put("/control/say", json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["field"]),
        (405, &json!("method"))
    );
    let broken = bench
        .send(Method::POST, "/control/say", &[], "{oops")
        .await
        .unwrap();
    assert_eq!(
        (broken.status, &broken.json()["error"]["field"]),
        (400, &json!("body"))
    );
}

#[tokio::test]
async fn the_clock_is_moved_and_runs_on() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    let before = bench.get("/control/clock").await.json();
    assert_eq!(before["offset_s"], 0.0);
    let moved = bench
        .post("/control/clock", json!({"advance_s": 3600.5}))
        .await
        .json();
    assert_eq!(moved["offset_s"], 3600.5);
    let passed = moved["now"].as_f64().unwrap() - before["now"].as_f64().unwrap();
    assert!((3600.5..3610.0).contains(&passed), "{passed}");
    let set = bench
        .post("/control/clock", json!({"set": 1_515_204_254}))
        .await
        .json();
    assert!((1_515_204_254.0..1_515_204_255.0).contains(&set["now"].as_f64().unwrap()));
    bench.tell_bot("what time is it").await;
    let time = socket.json().await["time"].as_i64().unwrap();
    assert!((1_515_204_254..1_515_204_264).contains(&time), "{time}");
}

#[tokio::test]
async fn what_is_due_happens_when_the_clock_comes_to_it() {
    let bench = Bench::start().await;
    // Calls of the rate limited queue are half a second apart.
    for text in ["one", "two", "three"] {
        let sent = json!({"user_id": 10001, "message": text});
        bench.call("send_private_msg_rate_limited", sent).await;
    }
    let began = std::time::Instant::now();
    while bench.texts("user:10001").await.len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(3));
    bench.post("/control/clock", json!({"advance_s": 10})).await;
    assert_eq!(bench.texts("user:10001").await, ["one", "two", "three"]);
}

#[tokio::test]
async fn a_snapshot_brings_everything_back() {
    let bench = Bench::start().await;
    bench
        .post("/control/clock", json!({"advance_s": 500}))
        .await;
    bench.tell_bot("before").await;
    let snapshot = bench.get("/control/snapshot").await.json();
    bench.tell_bot("after").await;
    bench
        .post("/control/clock", json!({"advance_s": 500}))
        .await;
    assert_eq!(bench.texts("user:10001").await, ["before", "after"]);

    let answer = bench.put("/control/snapshot", snapshot.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(bench.texts("user:10001").await, ["before"]);
    assert_eq!(bench.get("/control/clock").await.json()["offset_s"], 500.0);
    assert_eq!(
        uncounted(timeless(&bench).await),
        uncounted(without_now(snapshot.clone()))
    );

    let elsewhere = Bench::start().await;
    elsewhere.put("/control/snapshot", snapshot.clone()).await;
    assert_eq!(elsewhere.texts("user:10001").await, ["before"]);

    for (wrong, field) in [
        (json!({"worlds": {}}), "offset_ms"),
        (json!({"offset_ms": 0}), "worlds"),
        (json!({"offset_ms": 0, "worlds": {}}), "worlds"),
        (json!({"offset_ms": i64::MAX, "worlds": {}}), "offset_ms"),
    ] {
        let answer = bench.put("/control/snapshot", wrong.clone()).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.json()["error"]["field"], field, "{wrong}");
    }
    let wrong = json!({"offset_ms": 0, "worlds": {"onebot": {"nonsense": 1}}});
    assert_eq!(bench.put("/control/snapshot", wrong).await.status, 400);
    // All worlds or none: the one that was first is put back as it was.
    let mut wrong = snapshot.clone();
    wrong["worlds"]["onebot"] = elsewhere_empty().await;
    wrong["worlds"].as_object_mut().unwrap().remove("wecom");
    let answer = bench.put("/control/snapshot", wrong).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert!(
        answer.json()["error"]["message"]
            .to_string()
            .contains("wecom")
    );
    assert_eq!(
        uncounted(timeless(&bench).await),
        uncounted(without_now(snapshot))
    );
}

#[tokio::test]
async fn no_message_gets_an_id_again_after_a_snapshot_was_put_back() {
    let bench = Bench::start().await;
    for (platform, to) in [
        ("onebot", "user:bot"),
        ("wecom", "user:1000002"),
        ("dingtalk", "user:bot"),
        ("rongcloud", "user:bot"),
        ("bearychat", "user:bot"),
    ] {
        let say = async || {
            let said = json!({"platform": platform, "from": "alice", "to": to, "text": "hi"});
            let said = bench.post("/control/say", said).await.json();
            said["ids"][0].as_str().unwrap().to_owned()
        };
        let first = say().await;
        let snapshot = bench.get("/control/snapshot").await.json();
        let forgotten = say().await;
        bench.put("/control/snapshot", snapshot).await;
        let next = say().await;
        assert_ne!(next, forgotten, "{platform}");
        assert_ne!(next, first, "{platform}");
    }
}

/// The world of OneBot in which nothing has happened.
async fn elsewhere_empty() -> Value {
    let snapshot = Bench::start().await.get("/control/snapshot").await.json();
    snapshot["worlds"]["onebot"].clone()
}

/// A snapshot without the time at which it was taken.
async fn timeless(bench: &Bench) -> Value {
    without_now(bench.get("/control/snapshot").await.json())
}

/// The same without what message ids are counted by, which a reset leaves alone.
fn uncounted(mut snapshot: Value) -> Value {
    let counter = "/worlds/onebot/state/archive/next_message";
    let next = snapshot.pointer_mut(counter).unwrap().take();
    assert!(next.is_number(), "{next}");
    snapshot
}

fn without_now(mut snapshot: Value) -> Value {
    for platform in ["onebot", "wecom", "dingtalk", "rongcloud", "bearychat"] {
        let now = snapshot["worlds"][platform]["state"]["now"].take();
        assert!(now.is_number(), "{platform}");
    }
    snapshot
}

#[tokio::test]
async fn a_reset_starts_over() {
    let bench = Bench::start().await;
    let fresh = timeless(&bench).await;
    bench.tell_bot("hello").await;
    bench.fault(json!({"kind": "drop", "where": "post"})).await;
    bench
        .post("/control/clock", json!({"advance_s": 500}))
        .await;
    assert_eq!(
        bench.post("/control/reset", json!({})).await.json(),
        json!({"ok": true})
    );
    assert!(bench.texts("user:10001").await.is_empty());
    assert_eq!(
        bench.get("/control/fault").await.json(),
        json!({"faults": []})
    );
    assert_eq!(bench.get("/control/clock").await.json()["offset_s"], 0.0);
    let journal = bench.journal().await;
    assert!(journal.is_empty(), "{journal:?}");
    assert_eq!(uncounted(timeless(&bench).await), uncounted(fresh));
}

#[tokio::test]
async fn delivery_is_shown_without_secrets() {
    let bench = Bench::start().await;
    let settings = json!({"post_secret": "sandbox-secret", "access_token": "other-token"});
    let answer = bench.put("/control/onebot/delivery", settings).await;
    assert_eq!(answer.json()["post_secret_set"], true);
    let shown = bench.get("/control/onebot/delivery").await.json();
    assert_eq!(shown, answer.json());
    let everything = format!("{shown}{:?}", bench.get("/control/journal").await);
    for secret in ["sandbox-secret", "other-token"] {
        assert!(!everything.contains(secret), "{everything}");
    }
    let answer = bench.try_call("get_status", json!({})).await.unwrap();
    assert_eq!(answer.status, 403, "the old token is void");
    let wrong = bench
        .put("/control/onebot/delivery", json!({"heartbeat_s": -1}))
        .await;
    assert_eq!(
        (wrong.status, &wrong.json()["error"]["field"]),
        (400, &json!("heartbeat_s"))
    );
}

#[tokio::test]
async fn the_description_has_every_call_and_no_other() {
    let bench = Bench::start().await;
    let document = bench.get("/control/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut calls = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            calls += 1;
            assert!(
                !operation["summary"].as_str().unwrap().is_empty(),
                "{method} {path}"
            );
            let place = path.replace("{platform}", "onebot").replace("{name}", "x");
            if place.ends_with("stream") {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = bench.send(method.clone(), &place, &[], "").await.unwrap();
            assert_ne!(answer.status, 405, "{method} {path}");
            let unknown = answer.status == 404 && answer.json()["error"]["field"] == "path";
            assert!(!unknown, "{method} {path}");
        }
    }
    assert_eq!(calls, 24);
    let say = &document["paths"]["/control/say"]["post"]["requestBody"]["content"];
    let required = &say["application/json"]["schema"]["required"];
    assert_eq!(*required, json!(["platform", "from", "to"]));
    let delivery = &document["paths"]["/control/{platform}/delivery"]["put"]["requestBody"];
    let schemas = &delivery["content"]["application/json"]["schema"]["anyOf"];
    for (place, platform, field) in [(0, "onebot", "post_url"), (1, "wecom", "callback_url")] {
        assert_eq!(schemas[place]["title"], platform);
        assert!(schemas[place]["properties"][field].is_object(), "{schemas}");
    }
}

#[tokio::test]
async fn pictures_are_served_and_never_run() {
    let bench = Bench::start().await;
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mPQsAkAIgYIBQATHgLRyRY64wAAAABJRU5ErkJggg==";
    let message = json!([{"type": "image", "data": {"file": format!("base64://{picture}")}}]);
    let said = json!({"platform": "onebot", "from": "alice", "to": "user:bot", "message": message});
    assert_eq!(bench.post("/control/say", said).await.status, 200);
    let path = "/control/messages?platform=onebot&conversation=user:10001";
    let page = bench.get(path).await.json();
    let url = page["messages"][0]["parts"][0]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url.strip_prefix(&bench.running.url()).unwrap_or(&url);
    let answer = bench.get(path).await;
    assert_eq!(answer.status, 200, "{url}");
    assert_eq!(answer.header("content-type"), "image/png");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert!(answer.body.starts_with(b"\x89PNG"));
}
