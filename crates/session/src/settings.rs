//! Reads the settings from a TOML file and from environment variables, which override the file. Secrets come from the
//! environment only. All mistakes are collected, so that a reader can mend them at once; no message repeats a secret.

mod file;
mod login;
mod reader;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use pipit_wire::Secret;
use reqwest::Url;

pub use file::MemberNames;
use file::SettingsFile;
pub(crate) use login::TokenPlace;
pub use login::{HeaderLoginSettings, LoginSettings, TokenLoginSettings};
use reader::Reader;

use crate::answers::{Choices, is_id};

/// Everything that the server needs to know.
pub struct Settings {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Where the server shows its metrics. `None` means nowhere.
    pub metrics_address: Option<SocketAddr>,
    /// The service site, and the user with which the server signs in there.
    pub service_site: ServiceSiteSettings,
    /// The origins of the pages that may ask for a session.
    pub allowed_origins: Vec<String>,
    pub(crate) choices: Choices,
    /// How many requests a client may send in a minute.
    pub chats_per_minute: NonZeroU32,
    /// How many sessions all clients may start in a minute.
    pub chats_per_minute_in_all: NonZeroU32,
    /// How many of the customer's own proxies add an address to `X-Forwarded-For`.
    pub proxies: usize,
    /// How the server finds out who is signed in.
    pub login: LoginSettings,
}

/// The service site: the customer's site at Oracle B2C Service, which makes the sessions.
pub struct ServiceSiteSettings {
    /// The origin, such as `https://example.custhelp.com`.
    pub origin: String,
    /// The name of the service user.
    pub user: String,
    /// The password of the service user.
    pub password: Secret,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Everything that is wrong with the settings: one sentence for each mistake, without a full stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl std::fmt::Display for Problems {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

/// Reads the settings. `file` is the text of the TOML file, if there is one. `variable` returns the value of an
/// environment variable, and `read_file` the text of a file that contains a secret.
///
/// # Errors
/// [`Problems`], with all mistakes.
pub fn read_settings(
    file: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
    read_file: &dyn Fn(&str) -> std::io::Result<String>,
) -> Result<Settings, Problems> {
    let file = match file {
        Some(text) => SettingsFile::read(text).map_err(|problem| Problems(vec![problem]))?,
        None => SettingsFile::default(),
    };
    let mut reader = Reader::new(variable, read_file);
    let settings = read_all(file, &mut reader);
    match (settings, reader.into_problems()) {
        (Some(settings), problems) if problems.is_empty() => Ok(settings),
        (_, problems) => Err(Problems(problems)),
    }
}

/// Reads each key. Returns `None` if one that has no default is missing; the reader has the problems.
fn read_all(file: SettingsFile, reader: &mut Reader<'_>) -> Option<Settings> {
    let host = read_address("listen_address", file.listen_address, reader);
    let port = reader.number("port", file.port, 0..=65_535, 8080);
    let metrics_port = reader.optional_number("metrics_port", file.metrics_port, 0..=65_535);
    let metrics_host = read_address("metrics_address", file.metrics_address, reader);
    let service_site =
        read_service_site(file.b2c_site, file.b2c_user, file.timeout_seconds, reader);
    let allowed_origins = read_origins(file.allowed_origins, reader);
    let custom_fields = reader.list("custom_fields", file.custom_fields);
    let queues = read_queues(file.queues, reader);
    let chats_per_minute = read_limit("chats_per_minute", file.chats_per_minute, 10, reader);
    let chats_per_minute_in_all = read_limit(
        "chats_per_minute_in_all",
        file.chats_per_minute_in_all,
        600,
        reader,
    );
    let proxies = reader.number("proxies", file.proxies, 0..=10, 0);
    let login = login::read_login(file.login, reader);
    Some(Settings {
        address: SocketAddr::new(host, as_port(port)),
        metrics_address: metrics_port.map(|port| SocketAddr::new(metrics_host, as_port(port))),
        service_site: service_site?,
        allowed_origins,
        choices: Choices {
            custom_fields: custom_fields.unwrap_or_default(),
            queues,
        },
        chats_per_minute,
        chats_per_minute_in_all,
        proxies: usize::try_from(proxies).unwrap_or_default(),
        login: login?,
    })
}

/// A number that the reader has found to be a port.
fn as_port(number: u64) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

fn read_address(key: &str, in_file: Option<String>, reader: &mut Reader<'_>) -> IpAddr {
    let text = reader.text(key, in_file);
    let parsed = text.as_deref().map(str::parse);
    match parsed {
        None => Ipv4Addr::LOCALHOST.into(),
        Some(Ok(address)) => address,
        Some(Err(_)) => {
            reader.problem(key, "must be an IP address, such as 127.0.0.1 or 0.0.0.0");
            Ipv4Addr::LOCALHOST.into()
        }
    }
}

fn read_limit(
    key: &str,
    in_file: Option<u64>,
    default: u64,
    reader: &mut Reader<'_>,
) -> NonZeroU32 {
    let number = reader.number(key, in_file, 1..=1_000_000, default);
    let number = u32::try_from(number).ok().and_then(NonZeroU32::new);
    number.unwrap_or(NonZeroU32::MIN)
}

fn read_service_site(
    site: Option<String>,
    user: Option<String>,
    timeout: Option<u64>,
    reader: &mut Reader<'_>,
) -> Option<ServiceSiteSettings> {
    let origin = read_site_origin(site, reader);
    let user = reader.required_text(
        "b2c_user",
        user,
        "the name of the service user, with which this server signs in at the service site",
    );
    if user.as_ref().is_some_and(|user| user.contains(':')) {
        reader.problem(
            "b2c_user",
            "must not contain a colon, which ends the name in HTTP",
        );
    }
    let password = reader.secret("B2C_PASSWORD", "the password of the service user");
    let timeout = reader.number("timeout_seconds", timeout, 1..=25, 10);
    Some(ServiceSiteSettings {
        origin: origin?,
        user: user?,
        password: password?,
        timeout: Duration::from_secs(timeout),
    })
}

fn read_site_origin(site: Option<String>, reader: &mut Reader<'_>) -> Option<String> {
    let site = reader.required_text(
        "b2c_site",
        site,
        "the address of the service site, such as \"https://example.custhelp.com\"",
    )?;
    let url = Url::parse(&site).ok();
    let origin = url.and_then(|url| {
        let is_only_origin = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let is_this_machine = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        // The password must not travel over a network without TLS.
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine);
        (is_only_origin && is_safe).then(|| url.origin().ascii_serialization())
    });
    if origin.is_none() {
        reader.problem(
            "b2c_site",
            "must be https:// and a host, such as \"https://example.custhelp.com\", without a path and a user. \
             http:// is accepted for this machine only, because the password would travel unprotected",
        );
    }
    origin
}

fn read_origins(in_file: Option<Vec<String>>, reader: &mut Reader<'_>) -> Vec<String> {
    let origins = reader.list("allowed_origins", in_file).unwrap_or_default();
    if origins.is_empty() {
        reader.missing(
            "allowed_origins",
            "the origin of each page with the widget, such as \"https://shop.example\"",
        );
    }
    for origin in &origins {
        let normal = Url::parse(origin).map(|url| url.origin().ascii_serialization());
        match normal {
            Ok(normal) if normal == *origin && origin.starts_with("http") => {}
            Ok(normal) if normal.starts_with("http") => {
                let sentence = format!("has {origin:?}, which browsers write as {normal:?}");
                reader.problem("allowed_origins", &sentence);
            }
            _ => {
                let sentence = format!(
                    "has {origin:?}, which is no origin. Write the scheme and the host of a page: \"https://shop.example\""
                );
                reader.problem("allowed_origins", &sentence);
            }
        }
    }
    origins
}

/// Reads the ids of the queues that a visitor may choose. `None` means any queue.
fn read_queues(in_file: Option<Vec<i64>>, reader: &mut Reader<'_>) -> Option<Vec<i64>> {
    let in_file = in_file.map(|ids| ids.iter().map(ToString::to_string).collect());
    let texts = reader.list("queues", in_file)?;
    let parsed: Option<Vec<i64>> = texts
        .iter()
        .map(|text| text.parse().ok().filter(|id| is_id(*id)))
        .collect();
    if parsed.is_none() {
        reader.problem("queues", "must be ids of queues: whole numbers from 1 on");
    }
    parsed
}

#[cfg(test)]
mod tests;
