//! Tests of the settings: what is read from where, and what a stranger is told about each mistake.

use super::*;

const FILE: &str = r#"
b2c_site = "https://example.custhelp.com/"
b2c_user = "chat-service"
allowed_origins = ["https://shop.example", "http://localhost:8080"]
"#;

const SECRET: &str = "a password that nobody may see";

/// Reads settings. `variables` has one variable in each line. `B2C_PASSWORD` is set unless a line sets it.
fn read(file: &str, variables: &str) -> Result<Settings, Problems> {
    let password = format!("B2C_PASSWORD={SECRET}");
    let variable = |name: &str| {
        let lines = variables.lines().chain([password.as_str()]);
        let mut pairs = lines.filter_map(|line| line.trim().split_once('='));
        pairs.find_map(|(found, value)| (found == name).then(|| value.to_owned()))
    };
    let read_file = |path: &str| match path {
        "/run/password" => Ok(format!("{SECRET}\n")),
        "/run/empty" => Ok("\n".to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    read_settings(Some(file), &variable, &read_file)
}

fn problems(file: &str, variables: &str) -> Vec<String> {
    match read(file, variables) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0,
    }
}

#[test]
fn a_short_file_is_enough() {
    let settings = read(FILE, "").unwrap();
    assert_eq!(settings.service_site.origin, "https://example.custhelp.com");
    assert_eq!(settings.service_site.password.reveal(), SECRET);
    assert_eq!(settings.service_site.timeout, Duration::from_secs(10));
    assert_eq!(settings.address.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.metrics_address, None);
    assert_eq!(settings.chats_per_minute.get(), 10);
    assert_eq!(settings.chats_per_minute_in_all.get(), 600);
    assert!(settings.choices.custom_fields.is_empty());
    assert_eq!(settings.choices.queues, None);
    assert!(matches!(settings.login, LoginSettings::None));
}

#[test]
fn a_variable_overrides_the_file() {
    let file = format!("{FILE}port = 1\nqueues = [5]\nproxies = 1");
    let variables = "PORT=9000\nALLOWED_ORIGINS=https://a.example, https://b.example\nQUEUES=1,7\nCUSTOM_FIELDS=a,b\n\
        LISTEN_ADDRESS=0.0.0.0\nMETRICS_PORT=9001\nPROXIES=\nTIMEOUT_SECONDS=2";
    let settings = read(&file, variables).unwrap();
    assert_eq!(settings.address.to_string(), "0.0.0.0:9000");
    let metrics = settings.metrics_address.unwrap();
    assert_eq!(metrics.to_string(), "127.0.0.1:9001");
    assert_eq!(
        settings.allowed_origins,
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(settings.choices.queues, Some(vec![1, 7]));
    assert_eq!(settings.choices.custom_fields, ["a", "b"]);
    assert_eq!(settings.proxies, 1, "an empty variable counts as none");
    assert_eq!(settings.service_site.timeout, Duration::from_secs(2));
}

#[test]
fn a_password_can_be_in_a_file_of_its_own() {
    let settings = read(FILE, "B2C_PASSWORD=\nB2C_PASSWORD_FILE=/run/password").unwrap();
    assert_eq!(settings.service_site.password.reveal(), SECRET);
}

/// What is added to the file, the variables, and a part of what is said about them.
const MISTAKES: [(&str, &str, &str); 39] = [
    (
        "",
        "B2C_SITE=http://example.custhelp.com",
        "b2c_site must be https://",
    ),
    (
        "",
        "B2C_SITE=https://example.custhelp.com/app",
        "b2c_site must be https://",
    ),
    (
        "",
        "B2C_SITE=https://a:b@example.custhelp.com",
        "b2c_site must be https://",
    ),
    (
        "",
        "B2C_SITE=example.custhelp.com",
        "b2c_site must be https://",
    ),
    ("", "B2C_USER=a:b", "b2c_user must not contain a colon"),
    ("", "B2C_PASSWORD=", "the variable B2C_PASSWORD is missing"),
    (
        "",
        "B2C_PASSWORD=\nB2C_PASSWORD_FILE=/absent",
        "/absent, which cannot be read",
    ),
    (
        "",
        "B2C_PASSWORD=\nB2C_PASSWORD_FILE=/run/empty",
        "/run/empty, which is empty",
    ),
    (
        "",
        "ALLOWED_ORIGINS=https://shop.example/",
        "browsers write as \"https://shop.example\"",
    ),
    (
        "",
        "ALLOWED_ORIGINS=https://Shop.example",
        "browsers write as \"https://shop.example\"",
    ),
    (
        "",
        "ALLOWED_ORIGINS=https://shop.example:443",
        "browsers write as \"https://shop.example\"",
    ),
    ("", "ALLOWED_ORIGINS=*", "\"*\", which is no origin"),
    (
        "",
        "ALLOWED_ORIGINS=shop.example",
        "\"shop.example\", which is no origin",
    ),
    ("", "ALLOWED_ORIGINS=null", "\"null\", which is no origin"),
    (
        "",
        "PORT=http",
        "port must be a whole number from 0 to 65535",
    ),
    (
        "port = 65536",
        "",
        "port must be a whole number from 0 to 65535",
    ),
    ("port = \"80\"", "", "line 5: invalid type"),
    ("prot = 80", "", "line 5: unknown field `prot`"),
    ("port = ", "", "line 5: "),
    ("port = -1", "", "line 5: "),
    (
        "timeout_seconds = 0",
        "",
        "timeout_seconds must be a whole number from 1 to 25",
    ),
    (
        "timeout_seconds = 30",
        "",
        "timeout_seconds must be a whole number from 1 to 25",
    ),
    ("chats_per_minute = 0", "", "chats_per_minute must be"),
    (
        "",
        "CHATS_PER_MINUTE_IN_ALL=many",
        "chats_per_minute_in_all must be",
    ),
    ("queues = [0]", "", "queues must be ids"),
    ("", "QUEUES=1;2", "queues must be ids"),
    (
        "",
        "LISTEN_ADDRESS=localhost",
        "listen_address must be an IP address",
    ),
    ("", "PROXIES=-1", "proxies must be"),
    (
        "[login.token]\nalgorithm = \"HS256\"",
        "LOGIN_KEY=0123456789abcdef0123456789abcdef",
        "either cookie or header",
    ),
    (
        "[login.token]\ncookie = \"a\"\nalgorithm = \"none\"",
        "LOGIN_KEY=0123456789abcdef0123456789abcdef",
        "algorithm must be one of HS256",
    ),
    (
        "[login.token]\ncookie = \"a\"\nalgorithm = \"HS256\"",
        "",
        "the variable LOGIN_KEY is missing",
    ),
    (
        "[login.token]\ncookie = \"a\"\nalgorithm = \"HS256\"",
        "LOGIN_KEY=short",
        "LOGIN_KEY is shorter than 32 bytes",
    ),
    (
        "[login.token]\ncookie = \"a\"\nalgorithm = \"RS256\"",
        "LOGIN_KEY=0123456789abcdef0123456789abcdef",
        "LOGIN_KEY is no public key",
    ),
    (
        "[login.token]\ncookie = \"a\"",
        "",
        "missing field `algorithm`",
    ),
    (
        "[login.headers]\nfrom = []\nmembers = { contactId = \"X-Id\" }",
        "",
        "from must be the addresses",
    ),
    (
        "[login.headers]\nfrom = [\"all\"]\nmembers = { contactId = \"X-Id\" }",
        "",
        "from must be the addresses",
    ),
    (
        "[login.headers]\nfrom = [\"127.0.0.1\"]\nmembers = {}",
        "",
        "members must name at least one header",
    ),
    (
        "[login.headers]\nfrom = [\"127.0.0.1\"]\nmembers = { contactId = \"X Id\" }",
        "",
        "members must name at least one header",
    ),
    (
        "[login.headers]\nfrom = [\"127.0.0.1\"]\nmembers = { id = \"X-Id\" }",
        "",
        "unknown field `id`",
    ),
];

#[test]
fn each_mistake_is_named_with_its_key() {
    for (added, variables, expected) in MISTAKES {
        let found = problems(&format!("{FILE}{added}"), variables);
        let has_expected = found.iter().any(|problem| problem.contains(expected));
        assert!(has_expected, "{added} {variables}: {found:?}");
        assert!(
            found.iter().all(|problem| !problem.ends_with('.')),
            "{found:?}"
        );
    }
}

#[test]
fn two_kinds_of_login_are_a_mistake() {
    let file = format!(
        "{FILE}[login.token]\ncookie = \"a\"\nalgorithm = \"HS256\"\n[login.headers]\nfrom = [\"::1\"]\nmembers = {{}}"
    );
    assert!(
        problems(&file, "")
            .concat()
            .contains("both [login.token] and [login.headers]")
    );
}

#[test]
fn all_mistakes_are_told_at_once_and_say_where_a_value_belongs() {
    let found = problems("", "B2C_PASSWORD=");
    let keys = ["b2c_site", "b2c_user", "B2C_PASSWORD", "allowed_origins"];
    assert_eq!(found.len(), keys.len(), "{found:?}");
    for key in keys {
        let problem = found.iter().find(|problem| problem.contains(key)).unwrap();
        let variable = key.to_uppercase();
        assert!(problem.contains(&variable), "{problem}");
    }
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_repeated() {
    for line in [
        format!("b2c_password = \"{SECRET}\""),
        format!("password = \"{SECRET}\""),
        format!("[login.token]\ncookie = \"a\"\nalgorithm = \"HS256\"\nkey = \"{SECRET}\""),
        format!("b2c_password = {SECRET}"),
    ] {
        let found = problems(&format!("{FILE}{line}"), "").concat();
        assert!(found.contains("line "), "{found}");
        assert!(!found.contains("nobody may see"), "{found}");
    }
    let found = problems(&format!("{FILE}b2c_password = \"{SECRET}\""), "").concat();
    assert!(found.contains("Set the variable B2C_PASSWORD"), "{found}");
}
