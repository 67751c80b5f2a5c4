//! Tests that the program `pipit-session` gives the password only to a service site whose certificate it trusts. The service site of
//! these tests has a certificate of a root of their own. The variable `SSL_CERT_FILE` makes the program trust a root.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const PASSWORD: &str = "a password that nobody may see";

/// The answer of the service site.
const SESSION: &str = r#"{"siteName":"acme","channelToken":"token","sessionServerResponse":"{\"domain\":\"chat.example\",\"pool\":\"297:1\"}"}"#;

/// A root, which signs certificates.
type Root = Issuer<'static, KeyPair>;

/// A new root, and a file with its certificate.
fn new_root(name: &str) -> (Root, PathBuf) {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let file = std::env::temp_dir().join(format!("pipit-tls-{}-{name}.pem", std::process::id()));
    fs::write(&file, certificate.pem()).unwrap();
    (Issuer::new(parameters, key), file)
}

/// Starts a service site with a certificate of this root, for a server of this name. Returns its port. Its receiver gets the head of each
/// request that has come through TLS.
fn start_site(root: &Root, name: &str, is_expired: bool) -> (u16, Receiver<String>) {
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if is_expired {
        parameters.not_before = date_time_ymd(2019, 1, 1);
        parameters.not_after = date_time_ymd(2020, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.signed_by(&key, root).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.into()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, heads) = channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            // A client that refuses the certificate ends the connection.
            if let Some(head) = answer(StreamOwned::new(connection, socket.unwrap())) {
                sender.send(head).unwrap();
            }
        }
    });
    (port, heads)
}

/// Reads one request, answers it with a session, and returns the head of the request. `None` if the connection has ended before.
fn answer(stream: impl Read + Write) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let stream = reader.get_mut();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{SESSION}",
        SESSION.len()
    )
    .ok()?;
    stream.flush().ok()?;
    Some(head)
}

/// Lets the program ask a service site for a session, and returns whether it got one, and what it has printed. The certificates in the file
/// are the only ones that it trusts.
fn try_session(port: u16, trusted: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pipit-session"))
        .arg("--try")
        .env_clear()
        .envs([
            ("B2C_SITE", format!("https://localhost:{port}")),
            ("B2C_USER", "user".to_owned()),
            ("B2C_PASSWORD", PASSWORD.to_owned()),
            ("ALLOWED_ORIGINS", "https://shop.example".to_owned()),
        ])
        .env("SSL_CERT_FILE", trusted)
        .output()
        .unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!printed.contains(PASSWORD), "{printed}");
    (output.status.success(), printed)
}

#[test]
fn the_password_is_sent_only_to_a_site_whose_certificate_is_trusted() {
    let (root, root_file) = new_root("root");
    let (_, other_file) = new_root("other");

    let (port, heads) = start_site(&root, "localhost", false);
    let (has_session, printed) = try_session(port, &root_file);
    assert!(has_session, "{printed}");
    assert!(heads.recv().unwrap().contains("authorization: Basic "));

    let (wrong_name_port, wrong_name_heads) = start_site(&root, "shop.example", false);
    let (expired_port, expired_heads) = start_site(&root, "localhost", true);
    for (case, port, trusted, heads) in [
        ("a root that is not trusted", port, &other_file, &heads),
        (
            "another name",
            wrong_name_port,
            &root_file,
            &wrong_name_heads,
        ),
        ("its time is over", expired_port, &root_file, &expired_heads),
    ] {
        let (has_session, printed) = try_session(port, trusted);
        assert!(!has_session, "{case}: {printed}");
        assert!(printed.contains("no connection"), "{case}: {printed}");
        assert!(printed.contains("certificate"), "{case}: {printed}");
        assert!(heads.try_recv().is_err(), "{case}: a request was sent");
    }
    for file in [root_file, other_file] {
        fs::remove_file(file).unwrap();
    }
}
