//! Runs `examples/get-started` as docs/get-started.md says: the page comes with the policy of the document, and the endpoint asks the
//! service site in the form of the API. A listener plays the service site.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use repository::{read, root};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
};

/// The answer of the service site to `establishSessions`.
const SESSION: &str = r#"{"siteName":"acme","channelToken":"t","sessionServerResponse":"{\"domain\":\"chat.example.com\"}"}"#;

/// The server of the example. It ends with the value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_first_page_has_the_documented_policy_and_its_endpoint_gives_a_session() {
    let site = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let site_port = site.local_addr().expect("it has an address").port();
    let asked = thread::spawn(move || {
        let (mut stream, _) = site.accept().expect("the endpoint connects");
        let request = read_request(&mut stream);
        respond(&mut stream, SESSION);
        request
    });
    let port = free_port();
    let server = Command::new("node")
        .arg(root().join("examples/get-started/server.mjs"))
        .env("PORT", port.to_string())
        .env("WIDGET_FILES", root())
        .env("CHAT_SERVER", "https://chat.example.com")
        .env("B2C_SITE", format!("http://127.0.0.1:{site_port}"))
        .env("B2C_USER", "demo")
        .env("B2C_PASSWORD", "secret")
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js is installed");
    let mut server = Server(server);
    let output = server.0.stdout.take().expect("its output is read");
    let mut line = String::new();
    BufReader::new(output)
        .read_line(&mut line)
        .expect("the server says that it listens");
    assert_eq!(line.trim(), format!("http://127.0.0.1:{port}/"));

    let page = exchange(
        port,
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    let policy = header(&page, "content-security-policy");
    assert!(page.contains("data-session-endpoint=\"/chat-session\""));
    let guide = read("docs/get-started.md");
    let documented = guide
        .lines()
        .find_map(|line| line.strip_prefix("Content-Security-Policy: "))
        .expect("the document has a whole header");
    // In the document, the files are on a CDN, and the page does not forbid frames.
    let on_own_origin = documented.replace(" https://your-cdn.example", "");
    assert_eq!(
        policy.replace("; frame-ancestors 'none'", ""),
        on_own_origin
    );

    let answer = exchange(
        port,
        "POST /chat-session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
    );
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains(SESSION),
        "{answer}"
    );
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let request = asked.join().expect("the service site was asked");
    assert!(
        request.starts_with("POST /services/rest/crossChannelServices/latest/establishSessions ")
    );
    assert_eq!(header(&request, "authorization"), "Basic ZGVtbzpzZWNyZXQ=");
    assert!(!header(&request, "osvc-crest-application-context").is_empty());
    assert!(
        request.ends_with(r#"{"sessionInformation":"{}"}"#),
        "{request}"
    );
}

/// A port that nobody uses now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// Sends a request, and returns the whole answer.
fn exchange(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream
        .write_all(request.as_bytes())
        .expect("the request is sent");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("the answer is a text");
    answer
}

/// Reads a request with its body, whose length a header says.
fn read_request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let length = reader.read_line(&mut head).expect("the head is a text");
        assert!(length > 0, "the head ends: {head}");
    }
    let length = header(&head, "content-length").parse().expect("a number");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body comes");
    head + &String::from_utf8(body).expect("the body is a text")
}

fn respond(stream: &mut TcpStream, body: &str) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream
        .write_all(answer.as_bytes())
        .expect("the answer is sent");
}

/// The value of a header, whose name is in small letters. Empty if there is none.
fn header(message: &str, name: &str) -> String {
    let head = message.split("\r\n\r\n").next().unwrap_or_default();
    let value = head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        (found.to_lowercase() == name).then(|| value.to_owned())
    });
    value.unwrap_or_default()
}
