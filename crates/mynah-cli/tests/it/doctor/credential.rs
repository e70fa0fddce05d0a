//! Mistakes that the platform names.

use super::stub::{http, respond, with};
use super::{account, doctor, sandboxed, wecom, world};

#[test]
fn the_secret_of_another_application() {
    let told = doctor(&wecom("corpsecret = 'sandbox-secret-of-nobody'"), &[]);
    let found = told.only("wecom.secret", 4);
    assert!(found["fix"].as_str().unwrap().contains("Secret"), "{found}");
}

#[test]
fn a_corp_that_there_is_not() {
    doctor(&wecom("corpid = 'ww-other'"), &[]).only("wecom.corpid", 4);
}

#[test]
fn the_number_of_another_application() {
    doctor(&wecom("agentid = 1000003"), &[]).only("wecom.agent", 3);
}

#[test]
fn a_number_that_no_application_has() {
    doctor(&wecom("agentid = 1"), &[]).only("wecom.agent", 3);
}

/// A WeCom that gives tokens, and answers everything else so.
fn wecom_saying(answer: &'static str) -> String {
    let server = http(move |request| {
        let token = r#"{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}"#;
        let is_token = request.uri().path() == "/cgi-bin/gettoken";
        respond(200, if is_token { token } else { answer })
    });
    wecom(&format!("api = 'http://{server}'"))
}

#[test]
fn an_address_that_is_not_trusted() {
    let refusal = r#"{"errcode":60020,"errmsg":"not allow to access from your ip, hint: [1700000000], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020"}"#;
    let told = doctor(&wecom_saying(refusal), &["--language", "zh"]);
    let found = told.only("wecom.address", 5);
    let fix = found["fix"].as_str().unwrap();
    assert!(
        fix.contains("203.0.113.7") && fix.contains("企业可信IP"),
        "{fix}"
    );
}

#[test]
fn an_application_that_nobody_sees() {
    let agent = r#"{"errcode":0,"errmsg":"ok","agentid":1000002,"name":"Rota","allow_userinfos":{"user":[]},"allow_partys":{"partyid":[]},"close":0}"#;
    let told = doctor(&wecom_saying(agent), &[]);
    let found = told.only("wecom.invisible", 5);
    assert!(
        found["fix"].as_str().unwrap().contains("可见范围"),
        "{found}"
    );
}

#[test]
fn an_application_that_is_switched_off() {
    let agent = r#"{"errcode":0,"errmsg":"ok","agentid":1000002,"name":"Rota","close":1}"#;
    doctor(&wecom_saying(agent), &[]).only("wecom.disabled", 5);
}

#[test]
fn too_many_calls() {
    let refusal = r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#;
    doctor(&wecom_saying(refusal), &[]).only("quota.spent", 6);
}

#[test]
fn a_group_robot_that_was_removed() {
    doctor(&sandboxed("wecom", "webhook_key = 'gone'"), &[]).only("wecom.webhook", 4);
}

#[test]
fn the_secret_of_another_intelligent_bot() {
    let keys = format!(
        "bot_id = 'aib-sandbox'\nbot_secret = 'of-another'\nconnect = '{}/openws'",
        world("wecom").replace("http", "ws")
    );
    let told = doctor(&account("wecom", &keys), &["--take-over"]);
    told.only("wecom.bot", 4);
}

#[test]
fn the_secret_of_another_dingtalk_application() {
    let keys = "client_id = 'ding-sandbox'\nclient_secret = 'of-another'";
    doctor(&sandboxed("dingtalk", keys), &[]).only("dingtalk.secret", 4);
}

#[test]
fn a_robot_that_the_application_does_not_have() {
    let keys =
        "client_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'\nrobot_code = 'dingother'";
    doctor(&sandboxed("dingtalk", keys), &[]).only("dingtalk.robot_code", 3);
}

/// A DingTalk that gives tokens, and refuses everything else so.
fn dingtalk_refusing(status: u16, answer: &'static str) -> String {
    let server = http(move |request| match request.uri().path() {
        "/v1.0/oauth2/accessToken" => respond(200, r#"{"accessToken":"t","expireIn":7200}"#),
        _ => respond(status, answer),
    });
    let keys = format!(
        "client_id = 'ding-sandbox'\nclient_secret = 'sandbox-secret'\nlisten = '127.0.0.1:0'\napi = 'http://{server}'"
    );
    account("dingtalk", &keys)
}

#[test]
fn a_permission_that_nobody_has_applied_for() {
    let refusal = r#"{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"应用尚未开通所需的权限：[qyapi_robot_sendmsg]","requestid":"r"}"#;
    let told = doctor(&dingtalk_refusing(403, refusal), &[]);
    let found = told.only("dingtalk.permission", 5);
    assert!(
        found["fix"]
            .as_str()
            .unwrap()
            .contains("qyapi_robot_sendmsg"),
        "{found}"
    );
}

#[test]
fn an_address_that_dingtalk_does_not_trust() {
    let refusal =
        r#"{"code":"Forbidden.AccessDenied.IpNotInWhiteList","message":"ip","requestid":"r"}"#;
    doctor(&dingtalk_refusing(403, refusal), &[]).only("dingtalk.address", 5);
}

#[test]
fn a_custom_robot_that_was_removed() {
    doctor(&sandboxed("dingtalk", "access_token = 'gone'"), &[]).only("dingtalk.webhook", 4);
}

#[test]
fn a_custom_robot_with_the_signing_secret_of_another() {
    let keys = "access_token = 'robot-sandbox'\nsecret = 'SECother'";
    doctor(&sandboxed("dingtalk", keys), &[]).only("dingtalk.sign", 4);
}

#[test]
fn the_secret_of_another_rongcloud_application() {
    let keys = "app_key = 'rc-sandbox'\napp_secret = 'of-another'";
    doctor(&sandboxed("rongcloud", keys), &[]).only("rongcloud.secret", 4);
}

#[test]
fn an_app_key_that_is_not_known() {
    let keys = "app_key = 'rc-other'\napp_secret = 'sandbox-secret'";
    doctor(&sandboxed("rongcloud", keys), &[]).only("rongcloud.key", 4);
}

#[test]
fn a_bot_that_was_never_registered() {
    let keys = "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'\nuser = 'stranger'";
    let told = doctor(&sandboxed("rongcloud", keys), &[]);
    let found = told.only("rongcloud.user", 1);
    assert!(
        found["fix"].as_str().unwrap().contains("userId=stranger"),
        "{found}"
    );
}

#[test]
fn the_token_of_no_hubot() {
    doctor(&sandboxed("bearychat", "token = 'of-nobody'"), &[]).only("bearychat.token", 4);
}

#[test]
fn a_hook_that_was_removed() {
    let keys = "hook = '/=bwTeam/incoming/gone'";
    doctor(&sandboxed("bearychat", keys), &[]).only("bearychat.hook", 4);
}

#[test]
fn few_calls_that_are_left() {
    let server = http(|_| {
        let me = r#"{"id":"=bw1","name":"bot","type":"hubot","inactive":false}"#;
        let response = with("x-ratelimit-limit", "1000", respond(200, me));
        let response = with("x-ratelimit-reset", "4102444800", response);
        with("x-ratelimit-remaining", "12", response)
    });
    let keys = format!("token = 't'\nlisten = '127.0.0.1:0'\napi = 'http://{server}'");
    let told = doctor(&account("bearychat", &keys), &[]);
    let found = told.only("quota.scarce", 1);
    assert!(
        found["seen"].as_str().unwrap().contains("12 of 1000"),
        "{found}"
    );
}

#[test]
fn another_token_than_that_of_the_implementation() {
    doctor(&sandboxed("onebot", "access_token = 'another'"), &[]).only("onebot.token", 4);
}

#[test]
fn an_implementation_whose_account_is_logged_out() {
    let server = http(|request| {
        if request.headers().contains_key("authorization") {
            respond(
                200,
                r#"{"status":"ok","retcode":0,"data":{"online":false,"good":true}}"#,
            )
        } else {
            respond(401, "")
        }
    });
    let keys = format!("access_token = 't'\napi = 'http://{server}'");
    doctor(&account("onebot", &keys), &[]).only("onebot.offline", 6);
}

#[test]
fn an_implementation_that_looks_at_no_token() {
    let fine = r#"{"status":"ok","retcode":0,"data":{"online":true,"good":true}}"#;
    let server = http(move |_| respond(200, fine));
    let keys = format!("access_token = 't'\napi = 'http://{server}'");
    doctor(&account("onebot", &keys), &[]).only("onebot.unchecked", 1);
}

#[test]
fn the_sandbox_without_the_path_of_the_platform() {
    let told = doctor(
        &wecom(&format!("api = '{}'", world("").trim_end_matches('/'))),
        &[],
    );
    let found = told.only("api.path", 3);
    assert!(found["fix"].as_str().unwrap().contains("/wecom"), "{found}");
}

#[test]
fn a_login_page_in_between() {
    let page = "<!DOCTYPE html><html><title>Wi-Fi login</title></html>";
    let server = http(move |_| with("content-type", "text/html", respond(200, page)));
    doctor(&wecom(&format!("api = 'http://{server}'")), &[]).only("api.foreign", 3);
}

#[test]
fn a_gateway_with_nothing_behind_it() {
    let server = http(|_| respond(502, "Bad Gateway"));
    doctor(&wecom(&format!("api = 'http://{server}'")), &[]).only("api.gateway", 6);
}

#[test]
fn an_account_of_flags_is_looked_at_without_a_file() {
    let api = world("wecom");
    let told = super::run({
        let mut command = super::program();
        command.current_dir(std::env::temp_dir());
        command.args([
            "--platform",
            "wecom",
            "--url",
            &api,
            "--token",
            "ww-sandbox:of-another",
        ]);
        command
    });
    told.only("wecom.secret", 4);
}
