//! What is costly in the world of RongCloud. `cargo bench -p mynah-bench --bench rongcloud`
#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use mynah_core::HttpRequest;
use mynah_core::http::Request;
use mynah_sandbox::rongcloud::{Effect, Finding, RongCloudWorld, Seed, WordFilter};

fn main() {
    divan::main();
}

/// Letters or characters that mean nothing, the same every time.
fn noise(seed: u32, length: usize, first: u32, count: u32) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761);
    let one = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(first + (state >> 8) % count).unwrap()
    };
    (0..length).map(one).collect()
}

/// 10,000 words; a message of 500 characters without any of them.
fn filter(bencher: Bencher<'_, '_>, first: u32, count: u32) {
    let mut filter = WordFilter::default();
    for number in 0..10_000 {
        let length = 6 + usize::try_from(number % 5).unwrap();
        filter.add(&noise(number, length, first, count), None);
    }
    let text = noise(77_777, 500, first, count);
    assert_eq!(filter.check(&text), Finding::Clean);
    bencher.bench_local(|| filter.check(black_box(&text)));
}

#[divan::bench]
fn filter_chinese(bencher: Bencher<'_, '_>) {
    filter(bencher, 0x4e00, 3_000);
}

#[divan::bench]
fn filter_english(bencher: Bencher<'_, '_>) {
    filter(bencher, u32::from(b'a'), 26);
}

fn request(path: &str, form: &str) -> HttpRequest {
    let signature = mynah_crypto::sha1(&[b"sandbox-secret14314", b"1408710653"]);
    Request::post(format!("http://127.0.0.1{path}"))
        .header("App-Key", "rc-sandbox")
        .header("Nonce", "14314")
        .header("Timestamp", "1408710653")
        .header("Signature", mynah_crypto::hex(&signature))
        .body(form.to_owned().into())
        .unwrap()
}

fn call(world: &mut RongCloudWorld, request: &HttpRequest) {
    let path = request.uri().path().to_owned();
    let answer = world.http(&path, request, [127, 0, 0, 1].into());
    assert_eq!(answer.status(), 200);
    while let Some(effect) = world.poll_effect() {
        drop::<Effect>(black_box(effect));
    }
}

const SAID: &str = "fromUserId=u0&objectName=RC:TxtMsg&content=%7B%22content%22:%22hi%22%7D";

/// A message to a group of 3,000 members.
#[divan::bench]
fn publish_to_group(bencher: Bencher<'_, '_>) {
    let mut world = RongCloudWorld::new(&Seed::default());
    for chunk in 0..3 {
        let users = (0..1000).map(|number| format!("userId=u{}&", chunk * 1000 + number));
        let form = users.collect::<Vec<_>>().concat() + "groupId=g&groupName=G";
        call(&mut world, &request("/group/create.json", &form));
    }
    let publish = request(
        "/message/group/publish.json",
        &format!("{SAID}&toGroupId=g"),
    );
    bencher.bench_local(|| call(&mut world, &publish));
}

/// A message to 100,000 users.
#[divan::bench]
fn broadcast(bencher: Bencher<'_, '_>) {
    let mut world = RongCloudWorld::new(&Seed::default());
    for number in 0..100_000 {
        let form = format!("userId=u{number}&name=N");
        call(&mut world, &request("/user/getToken.json", &form));
    }
    let publish = request("/message/broadcast.json", SAID);
    bencher.bench_local(|| call(&mut world, &publish));
}
