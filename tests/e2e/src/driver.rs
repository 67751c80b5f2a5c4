//! A WebDriver of one browser's own: geckodriver and WebKitWebDriver drive one browser at a time.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::{Engine, until};

/// Below where the system takes the ports of outgoing connections from.
const FIRST_PORT: u16 = 10_000;

const PORTS: u16 = 20_000;

/// WebKit's browser is a window with a toolbar, which would not be as narrow as a phone.
const NARROW_TOOLBAR: &str =
    "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px }";

/// A running driver. It ends when dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts the engine's driver, which `PIPIT_WEBDRIVER_FIREFOX` or its like names.
    pub(crate) async fn start(engine: Engine) -> Self {
        let name = format!("PIPIT_WEBDRIVER_{}", engine.name().to_uppercase());
        let program = std::env::var_os(&name)
            .unwrap_or_else(|| panic!("{name} is not set; run `cargo xtask test e2e`"));
        let port = free_port();
        let home = home();
        let log = File::create(home.join(format!("{}-{port}.log", engine.name())));
        let log = log.expect("the driver's log can be written");
        let mut command = Command::new(program);
        command.args(arguments(engine, port)).envs([
            // Firefox does not start in a home of somebody else's.
            ("HOME", home.as_os_str()),
            ("XDG_CONFIG_HOME", home.as_os_str()),
            ("LC_ALL", "en_US.UTF-8".as_ref()),
            ("NO_AT_BRIDGE", "1".as_ref()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".as_ref()),
            // Root may not make WebKit's sandbox, and these pages are our own.
            ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1".as_ref()),
        ]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let process = command.stdout(log).spawn().expect("the WebDriver starts");
        let driver = Self { process, port };
        until("the WebDriver", || async {
            reqwest::get(format!("{}/status", driver.address()))
                .await
                .ok()
        })
        .await;
        driver
    }

    /// A file that tells WebKit's browser the visitor's own size of text, in px.
    pub(crate) fn webkit_settings(&self, text_size: u32) -> PathBuf {
        let file = home().join(format!("webkit-{}.ini", self.port));
        let settings = format!("[websettings]\ndefault-font-size={text_size}\n");
        fs::write(&file, settings).expect("the home can be written to");
        file
    }

    /// Where it listens, without a slash at the end.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn arguments(engine: Engine, port: u16) -> Vec<String> {
    let port = format!("--port={port}");
    let more: &[&str] = match engine {
        Engine::Chromium | Engine::WebKit => &[],
        // Screens and preferences are set in the browser's own window (`chrome_window.rs`).
        Engine::Firefox => &["--websocket-port=0", "--allow-system-access"],
    };
    let more = more.iter().map(ToString::to_string);
    std::iter::once(port).chain(more).collect()
}

/// A port that nobody has, and that no other test of this process is given.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = std::process::id() % u32::from(PORTS);
    let start = u16::try_from(start).unwrap_or_default();
    let mut ports = std::iter::repeat_with(|| {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        FIRST_PORT + start.wrapping_add(next) % PORTS
    });
    let free = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("there is a free port")
}

/// A home for the browsers of this process, with what they read there.
fn home() -> &'static Path {
    static HOME: LazyLock<PathBuf> = LazyLock::new(|| {
        let home = std::env::temp_dir().join(format!("pipit-e2e-home-{}", std::process::id()));
        let style = home.join("gtk-3.0");
        fs::create_dir_all(&style).expect("a home for the browsers");
        fs::write(style.join("gtk.css"), NARROW_TOOLBAR).expect("the home can be written to");
        home
    });
    &HOME
}
