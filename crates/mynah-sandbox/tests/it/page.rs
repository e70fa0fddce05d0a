//! The page and its files.

use http::Method;

use crate::support::Bench;

#[tokio::test]
async fn the_page_and_everything_it_names_is_served() {
    let bench = Bench::start().await;
    let page = bench.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'self'; ")
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    let mut files: Vec<String> = html
        .split("\"/assets/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    let mut seen = Vec::new();
    while let Some(file) = files.pop() {
        if seen.contains(&file) {
            continue;
        }
        let answer = bench.get(&format!("/assets/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
        let kind = match file.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(answer.header("content-type"), kind, "{file}");
        // Modules name further modules.
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let imports = text.split("from \"./").skip(1);
        files.extend(imports.map(|rest| rest.split('"').next().unwrap().to_owned()));
        seen.push(file);
    }
    assert!(seen.len() >= 10, "{seen:?}");
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let bench = Bench::start().await;
    let first = bench.get("/assets/app.css").await;
    assert_eq!(first.header("cache-control"), "no-cache");
    let tag = [("if-none-match", first.header("etag"))];
    let again = bench
        .send(Method::GET, "/assets/app.css", &tag, "")
        .await
        .unwrap();
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn there_is_nothing_else() {
    let bench = Bench::start().await;
    for path in [
        "/assets/seed.toml",
        "/assets/../Cargo.toml",
        "/assets/",
        "/favicon.ico",
        "/x",
    ] {
        assert_eq!(bench.get(path).await.status, 404, "{path}");
    }
    assert_eq!(
        bench.send(Method::POST, "/", &[], "").await.unwrap().status,
        405
    );
}
