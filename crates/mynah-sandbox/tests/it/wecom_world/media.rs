//! Pictures, voice messages, videos and files.

use mynah_sandbox::World;

use super::support::*;

#[test]
fn a_file_lives_for_three_days_in_all_applications() {
    let mut corp = Corp::new();
    let answer = corp.try_upload("file", "报告.txt", b"mytext");
    assert_eq!(answer.0["type"], "file");
    assert_eq!(answer.0["created_at"], "1700000000");
    let id = answer.0["media_id"].as_str().unwrap().to_owned();
    for token in [corp.token.clone(), corp.other.clone()] {
        for path in ["media/get", "media/get/jssdk"] {
            let path = format!("/cgi-bin/{path}?media_id={id}&access_token={token}");
            let response = raw(&mut corp.world, &request("GET", &path, b""));
            assert_eq!(response.body().as_ref(), b"mytext");
            let disposition = response.headers()["content-disposition"].as_bytes();
            let expected = "attachment; filename=\"报告.txt\"";
            assert_eq!(disposition, expected.as_bytes());
        }
    }
    corp.wait(3 * 24 * 3600);
    corp.token = token(&mut corp.world, "sandbox-secret");
    let answer = corp.get("media/get", &format!("media_id={id}"));
    assert_eq!(answer.code(), 40007);
}

#[test]
fn a_download_of_nothing_is_refused_in_json() {
    let mut corp = Corp::new();
    assert_eq!(corp.refused_get("media/get", "media_id=unknown"), 40007);
    assert_eq!(corp.refused_get("media/get", "media_id="), 41006);
    assert_eq!(corp.refused_get("media/get", ""), 41006);
    assert_eq!(
        corp.refused_get("media/get/jssdk", "media_id=unknown"),
        40007
    );
}

#[test]
fn a_file_has_a_kind_and_a_size_that_goes_with_it() {
    let mut corp = Corp::new();
    let mib = 1024 * 1024;
    let big = |kind: &str, size: usize| {
        let mut content = vec![0; size];
        if kind == "image" {
            content[..PNG.len()].copy_from_slice(PNG);
        }
        content
    };
    for (kind, content, code) in [
        ("poem", PNG.to_vec(), 40005),
        ("", PNG.to_vec(), 40005),
        ("file", b"12345".to_vec(), 40006),
        ("file", b"123456".to_vec(), 0),
        ("image", big("image", 10 * mib), 0),
        ("image", big("image", 10 * mib + 1), 40009),
        ("video", big("video", 10 * mib + 1), 40011),
        ("voice", big("voice", 2 * mib + 1), 45001),
        ("file", big("file", 20 * mib), 0),
        ("file", big("file", 20 * mib + 1), 45001),
        ("image", b"GIF89a0000".to_vec(), 40123),
        ("image", b"\xff\xd8\xff0000".to_vec(), 0),
        ("voice", b"anything".to_vec(), 0),
    ] {
        let answer = corp.try_upload(kind, "a", &content);
        assert_eq!(answer.code(), code, "{kind}, {} bytes", content.len());
    }
}

#[test]
fn a_form_without_a_file_is_refused() {
    let mut corp = Corp::new();
    let path = format!(
        "/cgi-bin/media/upload?type=file&access_token={}",
        corp.token
    );
    let answer = send(&mut corp.world, &request("POST", &path, b"mytext"));
    assert_eq!(answer.code(), 44001);
    let head = "Content-Disposition: form-data; name=\"other\"";
    let answer = send(&mut corp.world, &form_with(&path, head, b"mytext"));
    assert_eq!(answer.code(), 44001);
}

#[test]
fn a_part_without_a_name_will_do_if_it_has_a_files() {
    let mut corp = Corp::new();
    let path = format!(
        "/cgi-bin/media/upload?type=file&access_token={}",
        corp.token
    );
    for head in [
        "Content-Disposition: form-data; filename=\"a.txt\"; filelength=6",
        "Content-Disposition: form-data; name=\"media\"; filename=\"a.txt\"\r\n\
         Content-Type: application/octet-stream",
    ] {
        let answer = send(&mut corp.world, &form_with(&path, head, b"mytext"));
        assert_eq!(answer.code(), 0, "{head}");
    }
}

#[test]
fn a_picture_that_stays_has_an_address() {
    let mut corp = Corp::new();
    let upload = |corp: &mut Corp, content: &[u8]| {
        let path = format!("/cgi-bin/media/uploadimg?access_token={}", corp.token);
        send(&mut corp.world, &form(&path, "a.png", content))
    };
    let answer = upload(&mut corp, PNG);
    let url = answer.0["url"].as_str().unwrap();
    let name = url
        .strip_prefix("http://127.0.0.1:7700/control/media/wecom/")
        .unwrap();
    let name = name.to_owned();
    corp.wait(365 * 24 * 3600);
    corp.token = token(&mut corp.world, "sandbox-secret");
    assert_eq!(corp.world.media(&name).unwrap().1, PNG);
    // It is no file that a message could name.
    assert_eq!(
        corp.refused_get("media/get", &format!("media_id={name}")),
        40007
    );
    let big = [PNG, &vec![0; 2 * 1024 * 1024]].concat();
    assert_eq!(upload(&mut corp, &big).code(), 40009);
    assert_eq!(upload(&mut corp, b"text text").code(), 40123);
    assert_eq!(upload(&mut corp, b"12345").code(), 40006);
}
