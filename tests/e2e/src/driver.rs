//! Starts the WebDriver process that controls a browser. Each browser has its own, because geckodriver and
//! WebKitWebDriver can control only one browser at a time.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::{Engine, wait_for};

/// The first port for drivers. The range is below the ports that the system uses for outgoing connections.
const FIRST_PORT: u16 = 10_000;

/// The number of ports for drivers.
const PORT_COUNT: u16 = 20_000;

/// A style sheet for GTK, the user interface of WebKit's browser. Without it the toolbar, and thereby the window, is
/// wider than a phone.
const NARROW_TOOLBAR: &str =
    "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px }";

/// A running WebDriver process. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts the engine's driver, and waits until it answers. An environment variable such as
    /// `PIPIT_WEBDRIVER_FIREFOX` contains the program's path.
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
            // Firefox does not start with a home directory that belongs to another user.
            ("HOME", home.as_os_str()),
            ("XDG_CONFIG_HOME", home.as_os_str()),
            ("LC_ALL", "en_US.UTF-8".as_ref()),
            ("NO_AT_BRIDGE", "1".as_ref()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".as_ref()),
            // Root cannot create WebKit's sandbox. The tests load only trusted pages.
            ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1".as_ref()),
        ]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let process = command.stdout(log).spawn().expect("the WebDriver starts");
        let driver = Self { process, port };
        wait_for("the WebDriver", || async {
            reqwest::get(format!("{}/status", driver.address()))
                .await
                .ok()
        })
        .await;
        driver
    }

    /// Writes the settings of WebKit's browser, which are the visitor's text size in px, and returns the file's path.
    pub(crate) fn webkit_settings(&self, text_size: u32) -> PathBuf {
        let file = home().join(format!("webkit-{}.ini", self.port));
        let settings = format!("[websettings]\ndefault-font-size={text_size}\n");
        fs::write(&file, settings).expect("the home can be written to");
        file
    }

    /// The driver's address, without a slash at the end.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The arguments of the driver's command line.
fn arguments(engine: Engine, port: u16) -> Vec<String> {
    let port_argument = format!("--port={port}");
    let engine_arguments: &[&str] = match engine {
        Engine::Chromium | Engine::WebKit => &[],
        // `chrome_window.rs` needs access to the browser's own window.
        Engine::Firefox => &["--websocket-port=0", "--allow-system-access"],
    };
    let engine_arguments = engine_arguments.iter().map(ToString::to_string);
    std::iter::once(port_argument)
        .chain(engine_arguments)
        .collect()
}

/// Finds a free port. No other test of this process gets the same one.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = std::process::id() % u32::from(PORT_COUNT);
    let start = u16::try_from(start).unwrap_or_default();
    let mut ports = std::iter::repeat_with(|| {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        FIRST_PORT + start.wrapping_add(next) % PORT_COUNT
    });
    let free = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("there is a free port")
}

/// The home directory of the browsers of this process, with their settings.
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
