//! Files that are sent as they come.

use std::time::Duration;

use futures_util::stream;
use mynah_client::Client;
use mynah_core::http::header::RETRY_AFTER;
use mynah_core::{
    ApiError, BaseUrl, Bytes, Chunks, ErrorKind, File, Platform, Tokens, TransportError, http,
};
use mynah_testkit::{Capture, Serve};

use crate::platform::{Account, Look, Put, Test, World, client};
use crate::server::Server;

fn chunks(
    pieces: impl IntoIterator<Item = Result<Bytes, TransportError>, IntoIter: Send + 'static>,
) -> Chunks {
    Box::pin(stream::iter(pieces))
}

fn pieces(count: usize) -> Chunks {
    chunks((0..count).map(|_| Ok(Bytes::from(vec![b'x'; 100_000]))))
}

fn over_http(server: &Server) -> Client<Test> {
    let base: BaseUrl = server.base().parse().unwrap();
    Client::builder(base.clone())
        .auth(Tokens::new(base, Account))
        .build()
}

fn put() -> Put {
    Put::new("shelf", File::new("报告.bin", ""))
}

#[tokio::test]
async fn a_file_in_memory_is_one_field_of_a_form() {
    let client = client(World::new().transport());
    let put = Put::new("shelf", File::new("报告.bin", "four"));
    let answer = client.call(put).await.unwrap();
    assert_eq!(answer, "4 bytes of 报告.bin at shelf");
}

#[tokio::test]
async fn a_stream_is_sent_as_it_comes_with_the_length_that_was_said() {
    let world = World::new();
    let platform = world.clone();
    let server = Server::http(move |request| {
        let length = request.headers().get(http::header::CONTENT_LENGTH);
        let length = length.map(|length| length.to_str().unwrap().to_owned());
        let mut answer = platform.answer(request);
        if let Some(length) = length {
            answer
                .headers_mut()
                .insert("x-length", length.parse().unwrap());
        }
        assert!(request.uri().path() != "/put" || answer.headers().contains_key("x-length"));
        answer
    })
    .await;
    let client = over_http(&server);
    let answer = client.upload(put(), pieces(30)).length(3_000_000).await;
    assert_eq!(answer.unwrap(), "3000000 bytes of 报告.bin at shelf");
    assert_eq!((world.issued(), world.calls()), (1, 1));
}

#[tokio::test]
async fn a_file_of_another_length_than_was_said_does_not_pass() {
    let platform = World::new();
    let world = platform.clone();
    let server = Server::http(move |request| platform.answer(request)).await;
    let client = over_http(&server);
    client.call(Look::new("here")).await.unwrap();
    for (length, complaint) in [(300_001, "shorter"), (299_999, "longer")] {
        let error = client.upload(put(), pieces(3)).length(length).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
        assert!(error.to_string().contains(complaint), "{error}");
    }
    assert_eq!(
        world.calls(),
        1,
        "no half of a file was taken for a whole one"
    );
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error() {
    let client = client(World::new().transport());
    let broken = [
        Ok(Bytes::from_static(b"half")),
        Err(TransportError::not_sent("the disk is gone")),
    ];
    let error = client.upload(put(), chunks(broken)).await.unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

#[tokio::test]
async fn an_upload_is_told_how_long_to_wait_and_not_repeated() {
    let world = World::new();
    let transport = Capture::new(Serve::new(move |request| {
        let mut answer = match request.uri().path() {
            "/put" => Test::seal(Err(ApiError::http(429, "too many"))),
            _ => world.answer(&request),
        };
        answer
            .headers_mut()
            .insert(RETRY_AFTER, "7".parse().unwrap());
        Ok(answer)
    }));
    let client = client(transport.clone());
    let error = client.upload(put(), pieces(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(
        transport.count(),
        2,
        "one for the token, one for the upload"
    );
}

#[tokio::test]
async fn a_refused_token_costs_the_upload_and_is_renewed_for_the_next() {
    let world = World::new();
    let client = client(world.transport());
    client.call(Look::new("here")).await.unwrap();
    world.revoke();
    let error = client.upload(put(), pieces(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let answer = client.upload(put(), pieces(1)).await.unwrap();
    assert_eq!(answer, "100000 bytes of 报告.bin at shelf");
    assert_eq!(world.issued(), 2);
}
