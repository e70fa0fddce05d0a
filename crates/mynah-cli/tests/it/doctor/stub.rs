//! Small servers that make one mistake.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use bytes::Bytes;
use mynah_core::http::{Request, Response};
use mynah_core::{HttpRequest, HttpResponse};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A server that answers as `answer` says, until the tests are over.
pub(super) fn http(
    answer: impl Fn(HttpRequest) -> HttpResponse + Send + Sync + 'static,
) -> SocketAddr {
    let answer = Arc::new(answer);
    raw(move |mut stream| serve(&mut stream, &*answer))
}

/// A server that does as it likes with each connection.
pub(super) fn raw(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handle = Arc::clone(&handle);
            thread::spawn(move || handle(stream));
        }
    });
    address
}

/// A server under TLS that shows this certificate, made for the names and by itself.
pub(super) fn tls(names: &[&str], change: impl Fn(&mut CertificateParams)) -> SocketAddr {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    raw(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        serve(&mut stream, &|_| respond(200, "{}"));
    })
}

/// One request, one answer.
fn serve(stream: &mut (impl Read + Write), answer: &dyn Fn(HttpRequest) -> HttpResponse) {
    let Some(request) = read(stream) else {
        return;
    };
    let response = answer(request);
    let mut head = vec![
        format!("HTTP/1.1 {}", response.status()),
        "connection: close".to_owned(),
        format!("content-length: {}", response.body().len()),
    ];
    if !response.headers().contains_key("date") {
        let date = httpdate::fmt_http_date(SystemTime::now());
        head.push(format!("date: {date}"));
    }
    let headers = response.headers().iter();
    head.extend(headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
    let head = head.join("\r\n") + "\r\n\r\n";
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(response.body());
    let _ = stream.flush();
}

fn read(stream: &mut impl Read) -> Option<HttpRequest> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut request = Request::builder().method(method.as_str()).uri(target);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
        request = request.header(name, value);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body(Bytes::from(body)).ok()
}

/// An answer.
pub(super) fn respond(status: u16, body: &str) -> HttpResponse {
    let response = Response::builder().status(status);
    response
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

/// An answer with one header.
pub(super) fn with(name: &'static str, value: &str, mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}
