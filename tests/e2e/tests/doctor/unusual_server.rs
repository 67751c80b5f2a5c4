//! A server that answers as no server should: the first part of a path says how. It is of another origin than the pages of the tests.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Lets every page read the answers.
const CORS: &str = "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Date\r\n\
    Access-Control-Allow-Headers: Content-Type, SessionId, Authorization\r\n";

/// A running server. It ends with the test.
pub(crate) struct UnusualServer {
    pub(crate) origin: String,
}

impl UnusualServer {
    /// Starts the server. `session` is the answer of the path `/clock`, whose header `Date` is wrong.
    pub(crate) async fn start(session: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("the port has an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = session.clone();
                tokio::spawn(async move {
                    // A browser may close a connection that it has opened in advance.
                    drop(answer(stream, &session).await);
                });
            }
        });
        Self {
            origin: format!("http://{address}"),
        }
    }
}

/// Reads one request and answers it.
async fn answer(stream: TcpStream, session: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut request_line = String::new();
    stream.read_line(&mut request_line).await?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        if stream.read_line(&mut header).await? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some(("content-length", value)) = header.to_ascii_lowercase().split_once(": ") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    stream.read_exact(&mut vec![0; length]).await?;
    let mut words = request_line.split_whitespace();
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (how, rest) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or((path.trim_start_matches('/'), ""));
    let is_preflight = method == "OPTIONS" && how != "hidden";
    let (status, headers, body) = match how {
        _ if is_preflight => ("204 No Content", CORS.to_owned(), Vec::new()),
        "page" => (
            "200 OK",
            format!("{CORS}Content-Type: text/html\r\n"),
            b"<!doctype html><title>Sign in</title>".to_vec(),
        ),
        "moved" => (
            "302 Found",
            format!("{CORS}Location: /page\r\n"),
            Vec::new(),
        ),
        "refused" => ("500 Oops", CORS.to_owned(), Vec::new()),
        "clock" => (
            "200 OK",
            format!("{CORS}Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"),
            session.into(),
        ),
        "octets" => {
            let file = rest.split('?').next().unwrap_or_default();
            let site = std::env::var_os("PIPIT_SITE_DIR").unwrap_or_default();
            let content = std::fs::read(std::path::Path::new(&site).join("npm").join(file))?;
            (
                "200 OK",
                format!("{CORS}Content-Type: application/octet-stream\r\n"),
                content,
            )
        }
        "empty" => ("200 OK", CORS.to_owned(), b"{}".to_vec()),
        // No page may read the answer.
        _ => ("200 OK", String::new(), session.into()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.flush().await
}
