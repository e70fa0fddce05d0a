//! Mistakes that stand in the file.

use super::{account, doctor, program, run, sandboxed, wecom};

#[test]
fn a_file_that_is_not_there() {
    let mut command = program();
    command.args(["--config", "/nonexistent/mynah.toml"]);
    let told = run(command);
    let found = told.only("config.file", 3);
    assert!(
        found["where"]
            .as_str()
            .unwrap()
            .contains("/nonexistent/mynah.toml")
    );
}

#[test]
fn a_key_that_is_misspelt() {
    let told = doctor(
        "[[account]]\nplatform = 'onebot'\nconect = 'ws://127.0.0.1:1'\n",
        &[],
    );
    let found = told.only("config.invalid", 3);
    assert_eq!(found["where"], "mynah.toml:3");
    assert_eq!(found["fix"], "write `connect` instead of `conect`");
}

#[test]
fn a_file_without_accounts() {
    doctor("# nothing yet\n", &[]).only("config.nobody", 3);
}

#[test]
fn a_handler_whose_secret_is_nowhere() {
    let handler =
        "[[handler]]\nname = 'h'\nhttp = 'http://127.0.0.1:1/'\nsecret = 'env:MYNAH_NOT_SET'\n";
    let told = doctor(&format!("{}{handler}", wecom("")), &[]);
    let found = told.only("config.handler", 3);
    assert!(found["where"].as_str().unwrap().starts_with("mynah.toml:"));
    assert!(found["seen"].as_str().unwrap().contains("MYNAH_NOT_SET"));
}

#[test]
fn a_variable_that_is_not_set() {
    let told = doctor(&wecom("corpsecret = 'env:MYNAH_NOT_SET'"), &[]);
    let found = told.only("config.secret", 3);
    assert_eq!(found["where"], "mynah.toml:4 corpsecret");
    assert!(found["seen"].as_str().unwrap().contains("MYNAH_NOT_SET"));
}

#[test]
fn a_secret_that_was_copied_with_a_blank() {
    let keys = "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret '";
    let told = doctor(&sandboxed("rongcloud", keys), &[]);
    told.only("config.blanks", 3);
    assert!(!told.stdout.contains("sandbox-secret"), "{}", told.stdout);
}

#[test]
fn an_example_that_was_copied_as_it_is() {
    doctor(&wecom("corpsecret = 'your-secret'"), &[]).only("config.placeholder", 3);
}

#[test]
fn half_of_an_encoding_aes_key() {
    let keys = "listen = '127.0.0.1:0'\ntoken = 't'\nencoding_aes_key = 'TXluYWgtc2Fu'";
    let told = doctor(&wecom(keys), &[]);
    let found = told.only("config.aes_key", 3);
    assert!(found["seen"].as_str().unwrap().contains("43"), "{found}");
}

#[test]
fn an_account_that_is_there_twice() {
    let twice = wecom("").replace("'app'", "'one'") + &wecom("").replace("'app'", "'two'");
    let told = doctor(&twice, &[]);
    let found = told.only("config.twice", 3);
    assert!(
        found["seen"].as_str().unwrap().contains("account one"),
        "{found}"
    );
}

#[test]
fn the_address_of_another_platform() {
    let keys = "app_key = 'k'\napp_secret = 's'\napi = 'https://oapi.dingtalk.com'";
    doctor(&account("rongcloud", keys), &[]).only("config.host", 3);
}

#[test]
fn an_address_for_calls_where_a_socket_is_opened() {
    doctor(&account("onebot", "connect = 'http://127.0.0.1:5700'"), &[]).only("config.scheme", 3);
}

#[test]
fn an_address_with_a_path_that_calls_add() {
    let told = doctor(&wecom("api = 'https://qyapi.weixin.qq.com/cgi-bin'"), &[]);
    let found = told.only("config.path", 3);
    assert_eq!(found["fix"], "write https://qyapi.weixin.qq.com");
}

#[test]
fn an_address_of_another_machine_to_listen_at() {
    let keys = "app_key = 'rc-sandbox'\napp_secret = 'sandbox-secret'\nlisten = '203.0.113.1:8080'";
    doctor(&sandboxed("rongcloud", keys), &[]).only("listen.elsewhere", 3);
}

#[test]
fn an_address_for_callbacks_without_saying_whose() {
    let two = wecom("") + &sandboxed("rongcloud", "app_key = 'k'\napp_secret = 's'");
    let folder = std::env::temp_dir().join(format!("mynah-whose-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("mynah.toml"), two).unwrap();
    let mut command = program();
    command
        .current_dir(&folder)
        .args(["--callback", "http://127.0.0.1:1/"]);
    let output = command.output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("app, it")
    );
}
