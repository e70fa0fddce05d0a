//! Pictures, voice messages, videos and files.

use mynah_sandbox::World;

use super::support::*;

const MEGABYTE: usize = 1024 * 1024;

#[test]
fn an_uploaded_file_is_downloaded_as_it_was() {
    let mut org = Org::new();
    let answer = org.try_upload("image", "图.png", PNG);
    assert_eq!(answer.code(), 0, "{answer:?}");
    assert_eq!(answer.0["type"], "image");
    assert_eq!(answer.0["created_at"], NOW);
    let id = answer.0["media_id"].as_str().unwrap().to_owned();
    assert!(id.starts_with('@'));
    let path = format!(
        "/media/downloadFile?access_token={}&media_id={id}",
        org.token
    );
    let response = raw(&mut org.world, &request("GET", &path, b""));
    assert_eq!(response.body().as_ref(), PNG);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.headers().contains_key("content-disposition"));
    // The page shows it as well.
    assert_eq!(
        org.world.media(&id),
        Some(("image/png".to_owned(), PNG.to_vec()))
    );
    // It does not expire.
    org.wait(365 * 24 * 3600);
    org.token = token(&mut org.world);
    let path = format!(
        "/media/downloadFile?access_token={}&media_id={id}",
        org.token
    );
    let response = raw(&mut org.world, &request("GET", &path, b""));
    assert_eq!(response.body().as_ref(), PNG);
}

#[test]
fn type_and_token_stand_in_the_query_or_in_the_form() {
    let mut org = Org::new();
    let path = format!("/media/upload?access_token={}", org.token);
    let token = org.token.clone();
    let kind = || Piece::Text("type", "voice");
    let file = || Piece::File("media", "a.mp3", b"mytext");
    for form in [
        form(&path, &[kind(), file()]),
        form(
            "/media/upload",
            &[Piece::Text("access_token", &token), kind(), file()],
        ),
    ] {
        let answer = send(&mut org.world, &form);
        assert_eq!(answer.code(), 0, "{answer:?}");
        assert_eq!(answer.0["type"], "voice");
    }
    let stranger = form(
        "/media/upload",
        &[Piece::Text("access_token", "x"), kind(), file()],
    );
    assert_eq!(send(&mut org.world, &stranger).code(), 40014);
}

#[test]
fn a_file_has_a_kind_and_a_name_that_goes_with_it() {
    let mut org = Org::new();
    for (kind, names) in [
        ("image", &["a.jpg", "a.JPEG", "a.gif", "a.png", "a.bmp"][..]),
        ("voice", &["a.amr", "a.mp3", "a.wav"]),
        ("video", &["a.mp4"]),
        (
            "file",
            &[
                "a.doc", "a.docx", "a.xls", "a.xlsx", "a.ppt", "a.pptx", "a.zip", "a.pdf", "a.rar",
            ],
        ),
    ] {
        for name in names {
            org.upload(kind, name, b"x");
        }
    }
    for (kind, name) in [
        ("poem", "a.png"),
        ("image", "a.pdf"),
        ("image", "a"),
        ("voice", "a.mp4"),
        ("video", "a.avi"),
        ("file", "a.exe"),
        ("file", "a.png"),
    ] {
        let before = org.world.snapshot();
        let answer = org.try_upload(kind, name, b"x");
        assert_eq!(answer.code(), 40004, "{kind} {name}");
        assert_eq!(answer.words(), "不合法的媒体文件类型");
        assert!(org.world.snapshot() == before);
    }
}

#[test]
fn a_file_has_a_size_that_goes_with_its_kind() {
    let mut org = Org::new();
    for (kind, name, size, code) in [
        ("image", "a.png", 0, 40006),
        ("voice", "a.amr", 2 * MEGABYTE, 0),
        ("voice", "a.amr", 2 * MEGABYTE + 1, 40006),
        ("image", "a.png", 20 * MEGABYTE, 0),
        ("image", "a.png", 20 * MEGABYTE + 1, 40006),
        ("video", "a.mp4", 20 * MEGABYTE + 1, 40006),
        ("file", "a.pdf", 20 * MEGABYTE + 1, 40006),
    ] {
        let answer = org.try_upload(kind, name, &vec![0; size]);
        assert_eq!(answer.code(), code, "{kind} {size}");
    }
}

#[test]
fn an_upload_without_its_parts_says_what_is_missing() {
    let mut org = Org::new();
    let path = format!("/media/upload?access_token={}", org.token);
    let file = || Piece::File("media", "a.png", PNG);
    let answer = send(&mut org.world, &form(&path, &[file()]));
    assert_eq!((answer.code(), answer.words()), (40035, "缺少参数 type"));
    let answer = send(
        &mut org.world,
        &form(&path, &[Piece::Text("type", "image")]),
    );
    assert_eq!((answer.code(), answer.words()), (40035, "缺少参数 media"));
    let answer = send(&mut org.world, &form("/media/upload?type=image", &[file()]));
    assert_eq!(answer.code(), 41001);
    assert_eq!(org.refused_get("media/upload", "type=image"), 43002);
}

#[test]
fn a_download_of_nothing_is_refused_in_json() {
    let mut org = Org::new();
    assert_eq!(org.refused_get("media/downloadFile", "media_id=@x"), 40007);
    assert_eq!(org.refused_get("media/downloadFile", "media_id="), 41006);
    assert_eq!(org.refused_get("media/downloadFile", ""), 41006);
}

#[test]
fn the_oldest_files_go_when_there_is_no_room() {
    let mut org = Org::new();
    let first = org.upload("video", "a.mp4", &vec![0; 20 * MEGABYTE]);
    for _ in 0..5 {
        org.upload("video", "a.mp4", &vec![0; 20 * MEGABYTE]);
    }
    assert!(org.world.media(&first).is_some());
    let last = org.upload("video", "a.mp4", &vec![0; 20 * MEGABYTE]);
    assert!(org.world.media(&first).is_none());
    assert!(org.world.media(&last).is_some());
}
