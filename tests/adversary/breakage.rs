//! The ways in which the proxy breaks an answer. Each is named after what a network, a proxy or a server did.

use std::time::Duration;

use pipit_e2e::Engine;

use super::proxy::Answer;

/// What of an answer a client can still use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// All of it: the client must not notice anything.
    Everything,
    /// Nothing, although the server has processed the request. A client cannot know that.
    Nothing,
    /// It is not stated, because clients may treat it in different ways. Only what holds for every case is checked.
    Unstated,
}

/// A way to break an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Breakage {
    pub(super) name: &'static str,
    pub(super) leaves: Leaves,
    kind: Kind,
}

/// What the proxy does with the connection, in this order. At the end it closes the connection.
pub(super) enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Closes the connection with a reset at once.
    Reset,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Sends the status line, the headers and the body up to this share of all bytes.
    CutHead(f32),
    /// Sends the headers and this many bytes of the body; a negative number counts from the end.
    CutBody(isize),
    /// The same, and then a reset instead of the usual end.
    ResetBody(isize),
    Reset,
    /// Changes the body's bytes. The length in the header fits.
    Body(fn(Vec<u8>) -> Vec<u8>),
    /// Adds these header lines, and changes the body's bytes.
    Header(&'static str, fn(Vec<u8>) -> Vec<u8>),
    /// Writes this number, added to the right one, as the body's length.
    Length(isize),
    /// Sends the body in chunks, then these bytes instead of the last chunk.
    Chunks(&'static str),
    /// Sends the whole answer twice.
    Twice,
    /// Sends these bytes before the answer.
    Before(&'static str),
    /// Replaces status line, headers and body.
    Instead(&'static str, &'static str),
    /// Sends the earlier answer of the same operation.
    Stale,
    /// Sends an answer of another operation.
    OfOtherOperation,
    /// Sends this many bytes at a time, with pauses.
    Slow(usize),
    /// Sends the body without any header.
    NoHead,
}

/// HTML that a hotel's network or a proxy sends.
const SIGN_IN: &str = "<!doctype html><title>Sign in</title><script>alarm('a captive page ran')</script><h1>Welcome</h1>";

const fn case(name: &'static str, leaves: Leaves, kind: Kind) -> Breakage {
    Breakage { name, leaves, kind }
}

/// An answer with this status and body in place of the server's.
const fn instead(name: &'static str, status: &'static str, body: &'static str) -> Breakage {
    case(name, Leaves::Nothing, Kind::Instead(status, body))
}

/// A change of the body, whose length in the header fits.
const fn body(name: &'static str, leaves: Leaves, change: fn(Vec<u8>) -> Vec<u8>) -> Breakage {
    case(name, leaves, Kind::Body(change))
}

/// The answers of which Chromium reads nothing, and other engines the body. An answer without a header is one of
/// HTTP/0.9. WebKitGTK uses what has arrived of chunks, and passes on what it cannot unpack.
const READ_BY_OTHER_ENGINES: [(&str, &[Engine]); 4] = [
    ("no header", &[Engine::Firefox, Engine::WebKit]),
    ("chunks without an end", &[Engine::WebKit]),
    ("a chunk of a wrong size", &[Engine::WebKit]),
    ("gzip that is none", &[Engine::WebKit]),
];

/// All ways to break an answer, and what the engine of this run can still use.
pub(super) fn all() -> Vec<Breakage> {
    let engine = Engine::of_this_run();
    let mut all = in_chromium();
    for (name, engines) in READ_BY_OTHER_ENGINES {
        let case = all.iter_mut().find(|case| case.name == name);
        let case = case.expect("each name is that of a case");
        if engines.contains(&engine) {
            case.leaves = Leaves::Unstated;
        }
    }
    all
}

/// All ways to break an answer, and what Chromium can still use.
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn in_chromium() -> Vec<Breakage> {
    use Leaves::{Everything, Nothing, Unstated};
    vec![
        // The connection ends.
        case("no byte of the answer", Nothing, Kind::CutHead(0.0)),
        case("half of the status line", Nothing, Kind::CutHead(0.04)),
        case("half of the headers", Nothing, Kind::CutHead(0.5)),
        case("no byte of the body", Nothing, Kind::CutBody(0)),
        case("one byte of the body", Nothing, Kind::CutBody(1)),
        case("half of the body", Nothing, Kind::CutBody(isize::MAX)),
        case("all but the last byte", Nothing, Kind::CutBody(-1)),
        case("a reset before the answer", Nothing, Kind::Reset),
        case("a reset in the body", Nothing, Kind::ResetBody(1)),
        case("a reset before the last byte", Nothing, Kind::ResetBody(-1)),
        // Lengths and chunks.
        case("a length that is too small", Nothing, Kind::Length(-2)),
        case("a length that is too large", Nothing, Kind::Length(20)),
        case("an enormous length", Nothing, Kind::Length(isize::MAX / 2)),
        case("chunks", Everything, Kind::Chunks("0\r\n\r\n")),
        case("chunks without an end", Nothing, Kind::Chunks("")),
        case(
            "a chunk of a wrong size",
            Nothing,
            Kind::Chunks("zz\r\nno\r\n0\r\n\r\n"),
        ),
        case(
            "a chunk that is longer than its bytes",
            Nothing,
            Kind::Chunks("ffff\r\nno"),
        ),
        // Encodings.
        case(
            "gzip that is none",
            Nothing,
            Kind::Header("Content-Encoding: gzip", |body| body),
        ),
        case(
            "garbage after the start of gzip",
            Nothing,
            Kind::Header("Content-Encoding: gzip", |body| {
                [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &body].concat()
            }),
        ),
        case(
            "brotli that is none",
            Nothing,
            Kind::Header("Content-Encoding: br", |_| b"\xff\xff\xff".to_vec()),
        ),
        case(
            "an encoding that nobody knows",
            Unstated,
            Kind::Header("Content-Encoding: x-proxy", |body| body),
        ),
        body("a byte order mark", Everything, |body| {
            [b"\xef\xbb\xbf", &body[..]].concat()
        }),
        body("two byte order marks", Unstated, |body| {
            [b"\xef\xbb\xbf\xef\xbb\xbf", &body[..]].concat()
        }),
        body("UTF-16", Nothing, |body| {
            [0xff, 0xfe]
                .into_iter()
                .chain(body.into_iter().flat_map(|it| [it, 0]))
                .collect()
        }),
        body("bytes that are no UTF-8", Nothing, |_| {
            b"\xff\xfe\xfd{\x80}".to_vec()
        }),
        // Additions.
        body("white space around", Everything, |body| {
            [b"\r\n\t ", &body[..], b" \n\n"].concat()
        }),
        body("a comment of a proxy behind", Unstated, |body| {
            [&body[..], b"\n<!-- proxied -->"].concat()
        }),
        body("a NUL behind", Unstated, |body| [&body[..], b"\0"].concat()),
        body("a comment before", Unstated, |body| {
            [b"/* proxied */", &body[..]].concat()
        }),
        body("a guard before", Unstated, |body| {
            [b")]}',\n", &body[..]].concat()
        }),
        body("the body twice", Unstated, |body| {
            [&body[..], &body[..]].concat()
        }),
        body("a body that is a text with the body", Unstated, |body| {
            serde_json::Value::from(String::from_utf8_lossy(&body))
                .to_string()
                .into_bytes()
        }),
        body("a body in a list", Unstated, |body| {
            [b"[", &body[..], b"]"].concat()
        }),
        case("a head of the next answer behind", Everything, Kind::Twice),
        case(
            "early hints before",
            Everything,
            Kind::Before("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"),
        ),
        case(
            "headers of half a megabyte",
            Nothing,
            Kind::Header("X-Proxy: LONG", |body| body),
        ),
        case(
            "the type of a web page",
            Everything,
            Kind::Header("Content-Type: text/html", |body| body),
        ),
        case(
            "a download",
            Everything,
            Kind::Header("Content-Disposition: attachment", |body| body),
        ),
        case(
            "a refresh",
            Everything,
            Kind::Header("Refresh: 0; url=/away.html", |body| body),
        ),
        case("a few bytes at a time", Everything, Kind::Slow(16)),
        case("no header", Nothing, Kind::NoHead),
        // Answers of others.
        case("an earlier answer", Unstated, Kind::Stale),
        case(
            "an answer of another operation",
            Nothing,
            Kind::OfOtherOperation,
        ),
        instead("an empty object", "200 OK", "{}"),
        instead("JSON of another service", "200 OK", r#"{"ok":true}"#),
        instead("null", "200 OK", "null"),
        instead("a list", "200 OK", "[]"),
        instead("a number", "200 OK", "34"),
        instead("nothing", "200 OK", ""),
        instead("white space", "200 OK", " \r\n"),
        instead("a sign-in page", "200 OK", SIGN_IN),
        instead("204", "204 No Content", ""),
        instead("205", "205 Reset Content", ""),
        instead(
            "a redirect to a sign-in page",
            "302 Found\r\nLocation: /sign-in.html",
            SIGN_IN,
        ),
        instead(
            "a redirect to another site",
            "307 Temporary Redirect\r\nLocation: http://other.invalid/",
            "",
        ),
        instead(
            "a redirect to itself",
            "308 Permanent Redirect\r\nLocation: ?again",
            "",
        ),
        instead("304", "304 Not Modified", ""),
        instead(
            "407",
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x",
            SIGN_IN,
        ),
        instead("418", "418 No", "no"),
        instead("502", "502 Bad Gateway", SIGN_IN),
        instead("504", "504 Gateway Timeout", ""),
        instead("511", "511 Network Authentication Required", SIGN_IN),
        instead("599", "599 Odd", "{}"),
        instead("a status of four digits", "2000 OK", "{}"),
    ]
}

impl Breakage {
    /// What the proxy does in place of sending the answer. `earlier` has the most recent answers of the same operation and
    /// of another one.
    pub(super) fn steps(&self, answer: &Answer, earlier: &[Option<Answer>; 2]) -> Vec<Step> {
        let whole =
            |answer: &Answer| vec![Step::Send(message(&status_of(answer), "", &answer.body))];
        let status = status_of(answer);
        let plain = message(&status, "", &answer.body);
        let head_length = plain.len() - answer.body.len();
        let cut = |count: isize| match count {
            isize::MAX => answer.body.len() / 2,
            count if count < 0 => answer.body.len().saturating_sub(count.unsigned_abs()),
            count => count.unsigned_abs(),
        };
        match self.kind {
            Kind::CutHead(share) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "a head has few bytes"
                )]
                let count = (head_length as f32 * share) as usize;
                vec![Step::Send(plain[..count].to_vec())]
            }
            Kind::CutBody(count) => vec![Step::Send(plain[..head_length + cut(count)].to_vec())],
            Kind::ResetBody(count) => vec![
                Step::Send(plain[..head_length + cut(count)].to_vec()),
                Step::Pause(Duration::from_millis(50)),
                Step::Reset,
            ],
            Kind::Reset => vec![Step::Reset],
            Kind::Body(change) => vec![Step::Send(message(
                &status,
                "",
                &change(answer.body.clone()),
            ))],
            Kind::Header(line, change) => {
                let line = line.replace("LONG", &"x".repeat(500_000));
                vec![Step::Send(message(
                    &status,
                    &format!("{line}\r\n"),
                    &change(answer.body.clone()),
                ))]
            }
            Kind::Length(difference) => {
                let length = answer.body.len().saturating_add_signed(difference);
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
                );
                vec![Step::Send([head.as_bytes(), &answer.body].concat())]
            }
            Kind::Chunks(end) => {
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                );
                let chunks = answer.body.chunks(7);
                let chunks = chunks
                    .map(|it| [format!("{:x}\r\n", it.len()).as_bytes(), it, b"\r\n"].concat());
                let chunks: Vec<_> = chunks.collect();
                vec![Step::Send(
                    [head.as_bytes(), &chunks.concat(), end.as_bytes()].concat(),
                )]
            }
            Kind::Twice => vec![Step::Send([&plain[..], &plain].concat())],
            Kind::Before(bytes) => vec![Step::Send([bytes.as_bytes(), &plain].concat())],
            Kind::Instead(status, body) => vec![Step::Send(message(status, "", body.as_bytes()))],
            Kind::Stale => whole(earlier[0].as_ref().unwrap_or(answer)),
            Kind::OfOtherOperation => match &earlier[1] {
                Some(other) => whole(other),
                None => vec![],
            },
            Kind::Slow(count) => {
                let pieces = plain.chunks(count.max(plain.len() / 20));
                let pieces = pieces.map(|piece| Step::Send(piece.to_vec()));
                pieces
                    .flat_map(|send| [send, Step::Pause(Duration::from_millis(10))])
                    .collect()
            }
            Kind::NoHead => vec![Step::Send(answer.body.clone())],
        }
    }
}

/// The status of an answer, with its text.
fn status_of(answer: &Answer) -> String {
    let line = answer.head.lines().next().unwrap_or_default();
    line.split_once(' ')
        .map_or("", |(_, status)| status)
        .to_owned()
}

/// The bytes of an answer with this status, these further header lines and this body. JSON is its type, unless it begins
/// as a web page or a header line says something else.
fn message(status: &str, lines: &str, body: &[u8]) -> Vec<u8> {
    let media_type = match body.first() {
        _ if lines.starts_with("Content-Type") => "",
        Some(b'<') => "Content-Type: text/html\r\n",
        _ => "Content-Type: application/json\r\n",
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{media_type}{lines}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
