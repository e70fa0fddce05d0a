//! From a call to its answer: tokens, quotas, and what is refused first.

use mynah_core::http::Request;
use mynah_core::{ApiError, HttpRequest};
use mynah_sandbox::bearychat::{BearyChatWorld, Seed};
use mynah_sandbox::{Time, World};
use serde_json::{Value, json};

use super::support::{ALL, BOT, DEV, HOOK, NOW, TOKEN, Team, act, answer, raw, request, state};

/// A request without a body.
fn bare(method: &str, target: &str) -> HttpRequest {
    let uri = format!("http://127.0.0.1/bearychat{target}");
    let request = Request::builder().method(method).uri(uri);
    request.body(Vec::new().into()).unwrap()
}

fn send(team: &mut Team, method: &str, target: &str) -> (u16, Value) {
    answer(&raw(&mut team.world, &bare(method, target)))
}

/// A header of the answer to a call, as a number.
#[track_caller]
fn header(team: &mut Team, target: &str, name: &str) -> i64 {
    let response = raw(&mut team.world, &bare("GET", target));
    let value = response.headers().get(name).unwrap();
    value.to_str().unwrap().parse().unwrap()
}

#[test]
fn the_interface_tells_its_version_to_everybody() {
    let mut team = Team::new();
    for target in [
        "/v1/meta",
        "/v1/meta?",
        "/v1/meta?token=x",
        "/v1/meta?token=sandbox-token",
    ] {
        let version = json!({ "version": "1" });
        assert_eq!(send(&mut team, "GET", target), (200, version), "{target}");
    }
}

#[test]
fn a_call_without_a_good_token_is_refused_by_every_service() {
    let mut team = Team::new();
    let before = state(&team.world);
    for token in ["", "?", "?token=", "?token=wrong", "?token=sandbox-toke"] {
        let (status, answer) = send(&mut team, "GET", &format!("/v1/user.me{token}"));
        let told = json!({ "code": 2, "error": "未授权" });
        assert_eq!((status, answer), (401, told), "{token}");
        let (status, answer) = send(&mut team, "POST", &format!("/rtm/start{token}"));
        let told = json!({ "code": 2, "error": "未授权", "result": null });
        assert_eq!((status, answer), (401, told), "{token}");
    }
    assert!(state(&team.world) == before);
}

#[test]
fn a_token_may_stand_in_the_query_or_the_body_which_counts_first() {
    let mut team = Team::new();
    let mut join = |query: &str, media_type: &str, body: &str| {
        let request = Request::post(format!("http://127.0.0.1/bearychat/v1/channel.join{query}"));
        let request = request.header("Content-Type", media_type);
        let request = request.body(body.to_owned().into()).unwrap();
        raw(&mut team.world, &request).status().as_u16()
    };
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    assert_eq!(join("?token=sandbox-token&channel_id==bwDev", "", ""), 200);
    assert_eq!(
        join("?token=sandbox-token", json, r#"{"channel_id":"=bwDev"}"#),
        200
    );
    let body = r#"{"channel_id":"=bwDev","token":"sandbox-token"}"#;
    assert_eq!(join("", json, body), 200);
    assert_eq!(join("?token=wrong", json, body), 200);
    assert_eq!(
        join("", form, "channel_id=%3DbwDev&token=sandbox-token"),
        200
    );
    let wrong = r#"{"channel_id":"=bwDev","token":"wrong"}"#;
    assert_eq!(join("?token=sandbox-token", json, wrong), 401);
}

#[test]
fn every_bot_is_known_by_its_own_token() {
    let seed = r#"
        [bearychat]
        team = { id = "=t1", subdomain = "s", name = "S" }
        general = { id = "=c1", name = "all", creator = "=u1" }
        people = [{ id = "=u1", name = "alice", role = "owner" }]
        bots = [
            { id = "=b1", name = "one", token = "first" },
            { id = "=b2", name = "two", token = "second" },
        ]
    "#;
    let mut team = Team::of(BearyChatWorld::new(&Seed::parse(seed).unwrap()));
    for (token, id) in [("first", "=b1"), ("second", "=b2")] {
        team.token = token.to_owned();
        assert_eq!(team.ok("user.me", json!({}))["id"], id);
    }
    // Whose account is closed may not call.
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "two" }),
    );
    assert_eq!(team.refused("user.me", json!({})), (401, 2));
    team.token = "first".to_owned();
    assert_eq!(team.ok("user.me", json!({}))["id"], "=b1");
}

#[test]
fn a_path_is_looked_at_before_the_method_and_the_method_before_the_token() {
    let mut team = Team::new();
    let code = |(status, answer): (u16, Value)| (status, answer["code"].as_i64().unwrap());
    for target in [
        "/v1/nothing",
        "/v1/",
        "/v1",
        "/",
        "/other/meta",
        "/v1/v1/user.info",
        "/v1/start",
    ] {
        assert_eq!(code(send(&mut team, "GET", target)), (404, 6), "{target}");
    }
    for target in [
        "/rtm/rtm.start",
        "/rtm/user.info",
        "/hook/=bwTeam",
        "/hook/=bwTeam/x/sandbox-hook",
    ] {
        let (status, answer) = send(&mut team, "POST", target);
        assert_eq!((status, &answer["code"]), (404, &json!(6)), "{target}");
        assert_eq!(answer["error"], "接口不存在", "{target}");
        assert!(
            answer.as_object().unwrap().contains_key("result"),
            "{target}"
        );
    }
    assert_eq!(code(send(&mut team, "POST", "/v1/message.info")), (405, 7));
    assert_eq!(
        code(send(&mut team, "POST", "/v1/user.update_me")),
        (405, 7)
    );
    assert_eq!(code(send(&mut team, "GET", "/rtm/start")), (405, 7));
    assert_eq!(code(send(&mut team, "GET", HOOK)), (405, 7));
}

#[test]
fn the_address_of_a_robot_is_its_secret() {
    let mut team = Team::new();
    for path in [
        "/hook/=bwTeam/incoming/wrong",
        "/hook/=bwOther/incoming/sandbox-hook",
        "/hook/=bwTeam/incoming/sandbox-outgoing",
    ] {
        assert_eq!(
            team.refused(path, json!({ "text": "hi" })),
            (404, 6),
            "{path}"
        );
    }
}

#[test]
fn a_parameter_that_is_wrong_is_named() {
    let mut team = Team::new();
    for (path, arguments, name) in [
        ("user.info", json!({}), "user_id"),
        ("user.info", json!({ "user_id": "" }), "user_id"),
        ("channel.create", json!({}), "name"),
        ("channel.create", json!({ "name": 7 }), "name"),
        (
            "channel.create",
            json!({ "name": "ab", "private": "maybe" }),
            "private",
        ),
        (
            "channel.create",
            json!({ "name": "ab", "topic": [] }),
            "topic",
        ),
        (
            "session_channel.create",
            json!({ "member_uids": "=bw52O" }),
            "member_uids",
        ),
        (
            "session_channel.create",
            json!({ "member_uids": [] }),
            "member_uids",
        ),
        ("channel.kick", json!({ "channel_id": DEV }), "kick_uid"),
    ] {
        let (code, words) = team.refused_in_words(path, arguments);
        assert_eq!((code, words), ((400, 1), format!("参数错误: {name}")));
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused() {
    let mut team = Team::new();
    for body in ["{", "[]", "7", "\"name\"", "\u{0}"] {
        let uri = format!("http://127.0.0.1/bearychat/v1/channel.create?token={TOKEN}");
        let request = Request::post(uri).header("Content-Type", "application/json");
        let request = request.body(body.to_owned().into()).unwrap();
        let (status, answer) = answer(&raw(&mut team.world, &request));
        assert_eq!((status, &answer["code"]), (400, &json!(1)), "{body}");
    }
}

#[test]
fn a_stranger_does_not_learn_what_is_inside() {
    let mut team = Team::new();
    // Dave is not in the channel, and the bot is neither.
    let kick = json!({ "channel_id": DEV, "kick_uid": "=bw52R" });
    assert_eq!(team.refused("channel.kick", kick), (403, 4));
    let kick = json!({ "channel_id": DEV, "kick_uid": "=bwNobody" });
    assert_eq!(team.refused("channel.kick", kick), (404, 6));
    let kick = json!({ "channel_id": "=bwNone", "kick_uid": BOT });
    assert_eq!(
        team.refused("channel.kick", kick),
        (400, 1),
        "what is wrong comes first"
    );
}

#[test]
fn answers_are_json_in_unicode_and_some_have_no_body() {
    let mut team = Team::new();
    let response = team.response("user.me", json!({}));
    assert_eq!(
        response.headers()["content-type"],
        "application/json;charset=utf-8"
    );
    team.ok("channel.join", json!({ "channel_id": DEV }));
    let response = team.response("channel.leave", json!({ "channel_id": DEV }));
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (204, 0)
    );
    assert!(!response.headers().contains_key("content-type"));
}

#[test]
fn every_answer_of_the_openapi_tells_what_is_left_of_the_quota() {
    let mut team = Team::new();
    for (calls, target) in [
        (1, "/v1/user.me?token=sandbox-token"),
        (2, "/v1/user.info?token=sandbox-token&user_id=none"),
        (3, "/v1/user.info?token=sandbox-token"),
        (4, "/v1/nothing?token=sandbox-token"),
        (5, "/v1/channel.join?token=sandbox-token"),
        (6, "/v1/meta?token=sandbox-token"),
    ] {
        let response = raw(&mut team.world, &bare("GET", target));
        let headers = response.headers();
        assert_eq!(headers["x-ratelimit-limit"], "1000", "{target}");
        let remaining = (1000 - calls).to_string();
        assert_eq!(
            headers["x-ratelimit-remaining"],
            remaining.as_str(),
            "{target}"
        );
        // The end of the hour.
        assert_eq!(headers["x-ratelimit-reset"], "1700002800", "{target}");
        assert_eq!(headers["date"], "Tue, 14 Nov 2023 22:13:20 GMT", "{target}");
    }
    assert_eq!(header(&mut team, "/v1/meta", "x-ratelimit-limit"), 60);
    assert_eq!(
        header(&mut team, "/v1/user.me?token=x", "x-ratelimit-remaining"),
        58
    );
}

#[test]
fn the_documented_example_has_the_documented_headers() {
    let mut team = Team::new();
    team.world.set_time(Time(1_489_386_000_000));
    for _ in 0..3 {
        send(&mut team, "GET", "/v1/meta");
    }
    let response = raw(&mut team.world, &bare("GET", "/v1/meta"));
    let headers = response.headers();
    assert_eq!(headers["x-ratelimit-limit"], "60");
    assert_eq!(headers["x-ratelimit-remaining"], "56");
    assert_eq!(headers["x-ratelimit-reset"], "1489388400");
}

#[test]
fn the_other_services_count_nothing_and_tell_nothing() {
    let mut team = Team::new();
    for path in ["/rtm/v1/current_team.info", "/rtm/v1/nothing"] {
        let response = team.response(path, json!({}));
        assert!(
            !response.headers().contains_key("x-ratelimit-limit"),
            "{path}"
        );
    }
    assert_eq!(
        header(
            &mut team,
            "/v1/meta?token=sandbox-token",
            "x-ratelimit-remaining"
        ),
        999
    );
}

#[test]
fn the_thousandth_call_of_an_hour_is_answered_and_the_next_is_refused() {
    let mut team = Team::new();
    for _ in 0..999 {
        team.ok("user.me", json!({}));
    }
    team.ok("user.me", json!({}));
    let (status, answer) = team.call("user.me", json!({}));
    let told = json!({ "code": 13, "error": "请求太频繁，超过限制了，请慢点" });
    assert_eq!((status, answer), (429, told));
    // What is looked at before is refused for what it is.
    assert_eq!(team.call("nothing", json!({})).0, 404);
    assert_eq!(
        send(&mut team, "POST", "/v1/user.me?token=sandbox-token").0,
        405
    );
    assert_eq!(team.call("user.info", json!({})).0, 429);
    assert_eq!(team.call("/rtm/v1/current_team.info", json!({})).0, 200);
    assert_eq!(
        send(&mut team, "GET", "/v1/meta").0,
        200,
        "those without a token have their own"
    );
    // A minute before the hour, and then the next one.
    team.wait(2_799);
    assert_eq!(team.call("user.me", json!({})).0, 429);
    team.wait(1);
    let left = header(
        &mut team,
        "/v1/user.me?token=sandbox-token",
        "x-ratelimit-remaining",
    );
    assert_eq!(left, 999);
}

#[test]
fn without_a_token_sixty_calls_are_free_for_each_address() {
    let mut team = Team::new();
    let mut call = |last: u8| {
        let request = bare("GET", "/v1/meta");
        let caller = [203, 0, 113, last].into();
        let response = team.world.http("/v1/meta", &request, caller);
        response.status().as_u16()
    };
    for _ in 0..60 {
        assert_eq!(call(1), 200);
    }
    assert_eq!(call(1), 429);
    assert_eq!(call(2), 200);
}

#[test]
fn how_many_calls_are_free_can_be_set_and_a_reset_gives_them_back() {
    let mut team = Team::new();
    team.world.settings_mut().calls_per_hour = 2;
    team.world.settings_mut().anonymous_calls_per_hour = 0;
    assert_eq!(send(&mut team, "GET", "/v1/meta").0, 429);
    team.ok("user.me", json!({}));
    team.ok("user.me", json!({}));
    assert_eq!(team.refused("user.me", json!({})), (429, 13));
    team.world.reset();
    team.world.set_time(Time(NOW));
    team.ok("user.me", json!({}));
}

#[test]
fn what_a_fault_refuses_is_refused_as_the_service_would_and_counted() {
    let mut team = Team::new();
    let refusal = || ApiError::new(10, "服务器错误").with_status(500);
    let caller = [203, 0, 113, 7].into();
    let call = request(TOKEN, "user.me", &json!({}));
    let response = team.world.refuse("/v1/user.me", &call, caller, refusal());
    assert_eq!(response.headers()["x-ratelimit-remaining"], "999");
    let told = json!({ "code": 10, "error": "服务器错误" });
    assert_eq!(answer(&response), (500, told));
    let response = team.world.refuse("/rtm/start", &call, caller, refusal());
    assert!(!response.headers().contains_key("x-ratelimit-remaining"));
    let told = json!({ "code": 10, "error": "服务器错误", "result": null });
    assert_eq!(answer(&response), (500, told));
}

#[test]
fn the_older_calls_answer_the_same_objects_in_an_envelope() {
    let mut team = Team::new();
    for (old, new, arguments) in [
        ("/rtm/v1/current_team.info", "team.info", json!({})),
        (
            "/rtm/v1/current_team.members",
            "user.list",
            json!({ "all": true }),
        ),
        ("/rtm/v1/current_team.channels", "channel.list", json!({})),
        (
            "/rtm/v1/user.info",
            "user.info",
            json!({ "user_id": "=bw52O" }),
        ),
        (
            "/rtm/v1/channel.info",
            "channel.info",
            json!({ "channel_id": ALL }),
        ),
    ] {
        let result = team.ok(new, arguments.clone());
        let answer = team.ok(old, arguments);
        assert_eq!(answer, json!({ "code": 0, "result": result }), "{old}");
    }
    let missing = json!({ "user_id": "=bwNobody" });
    assert_eq!(team.refused("/rtm/v1/user.info", missing), (404, 6));
}

#[test]
fn the_team_tells_of_itself() {
    let mut team = Team::new();
    assert_eq!(
        team.ok("team.info", json!({})),
        json!({
            "id": "=bwTeam",
            "subdomain": "sandbox",
            "name": "Mynah",
            "email_domain": null,
            "logo_url": null,
            "description": "",
            "plan": "basic",
            "created": "2018-01-06T02:04:14.000+0000",
        })
    );
}
