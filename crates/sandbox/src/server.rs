//! Starts the two servers of a sandbox (the chat REST API, and a website), and stops them when the [`Sandbox`] is
//! dropped. The routes of the API are in `api.rs`, those of the website in `site.rs`.
//!
//! In this file the *site* is that website, which plays a customer's website. The *service site* is another one:
//! Oracle's website for the customer.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinHandle};

use crate::app_state::AppState;
use crate::clock::Clock;
use crate::policy::ViolationReports;
use crate::server_address::ServerAddress;
use crate::system_clock::SystemClock;
use crate::token::SecretKey;
use crate::{Options, api, http_server, policy, site};

/// Why a sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// The port of the API or of the site is not available. Usually another program listens on it. In both cases the text
    /// of the error advises the option `--port` of the program `pipit-sandbox`: it sets the site's port and, without the
    /// option `--api-port`, also the API's, which is then the next port.
    Port {
        /// The port.
        port: u16,
        /// The system's error.
        cause: std::io::Error,
    },
    /// The system provides no random numbers.
    NoRandomness(getrandom::Error),
    /// A setting or the Content-Security-Policy is invalid. The text is a sentence that says what is wrong.
    Config(String),
    /// The site's directory does not exist, or is not a directory.
    NoSiteDirectory(PathBuf),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Port { port, cause } => write!(
                f,
                "cannot listen on port {port} of 127.0.0.1 ({cause}). Stop what listens there, or \
                 choose another with --port"
            ),
            Self::NoRandomness(cause) => write!(f, "the system gives no random numbers: {cause}"),
            Self::Config(sentence) => f.write_str(sentence),
            Self::NoSiteDirectory(path) => {
                write!(f, "the site's directory {} does not exist", path.display())
            }
        }
    }
}

impl std::error::Error for StartError {}

/// A running sandbox. Dropping it stops its servers.
#[derive(Debug)]
pub struct Sandbox {
    api: SocketAddr,
    site: Option<SocketAddr>,
    violations: ViolationReports,
    servers: Vec<JoinHandle<()>>,
    tasks: Vec<AbortHandle>,
    app: Arc<AppState>,
}

impl Sandbox {
    /// The API's address without a slash at the end, such as `http://127.0.0.1:8461`.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api)
    }

    /// The site's address without a slash at the end; `None` if the sandbox serves no site.
    pub fn site_url(&self) -> Option<String> {
        self.site.map(|address| format!("http://{address}"))
    }

    /// The browsers' reports about violations of the site's Content-Security-Policy: JSON texts as in
    /// <https://www.w3.org/TR/CSP3/#deprecated-serialize-violation>.
    pub fn policy_violations(&self) -> Vec<String> {
        self.violations.all()
    }
}

impl Sandbox {
    /// Stops the servers in an orderly way: no connection is accepted any more, held polls are answered without messages,
    /// and the other answers are sent. Returns when all connections have ended, or after 5 s.
    pub async fn stop(mut self) {
        self.app.stop();
        for server in std::mem::take(&mut self.servers) {
            // An error means that the task has panicked: it does not serve any more either.
            let _ = server.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        for server in &self.servers {
            server.abort();
        }
    }
}

/// Starts a sandbox. It runs on the current tokio runtime until it is dropped.
///
/// # Errors
/// [`StartError`] if a port is taken, a setting or the Content-Security-Policy is invalid, the site's directory is
/// missing, or the system has no random numbers.
pub async fn start(options: Options) -> Result<Sandbox, StartError> {
    options.config.check().map_err(StartError::Config)?;
    options.check().map_err(StartError::Config)?;
    if let Some(missing) = options.site_dir.as_ref().filter(|path| !path.is_dir()) {
        return Err(StartError::NoSiteDirectory(missing.clone()));
    }
    let api_listener = listen(options.api_port).await?;
    let api = local_address(&api_listener, options.api_port)?;
    // The secret with which the tokens of visitors and agents are signed. Each start of the sandbox has its own.
    let mut key: SecretKey = [0; 64];
    getrandom::fill(&mut key).map_err(StartError::NoRandomness)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => getrandom::u64().map_err(StartError::NoRandomness)?,
    };
    let address = ServerAddress {
        domain: "127.0.0.1".to_owned(),
        port: Some(api.port()),
    };
    let clock = Clock::System(SystemClock::new(options.speed));
    let app = Arc::new(AppState::new(&options, seed, key, clock, address));
    let violations = ViolationReports::default();
    let mut servers = vec![(api_listener, api::router(&app))];
    let mut site = None;
    if let Some(directory) = &options.site_dir {
        let listener = listen(options.site_port).await?;
        site = Some(local_address(&listener, options.site_port)?);
        let mut router = site::router(&app, directory);
        if let Some(policy) = &options.policy {
            router =
                policy::with_policy(router, policy, &violations).map_err(StartError::Config)?;
        }
        servers.push((listener, router));
    }
    // Nothing can fail from here on. A server that had been started before a failure would run for ever, because no
    // `Sandbox` would stop it.
    let servers = servers.into_iter().map(|(listener, router)| {
        let stop = app.stopping();
        tokio::spawn(http_server::serve(
            listener,
            router,
            options.header_timeout,
            stop,
        ))
    });
    let tasks = api::tasks(&app).into_iter().map(tokio::spawn);
    Ok(Sandbox {
        api,
        site,
        violations,
        servers: servers.collect(),
        tasks: tasks.map(|task| task.abort_handle()).collect(),
        app,
    })
}

/// Opens a port of 127.0.0.1. With port 0 the system chooses a free port.
async fn listen(port: u16) -> Result<TcpListener, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await;
    listener.map_err(|cause| StartError::Port { port, cause })
}

/// The address on which a listener listens. `port` is the requested port, which an error names.
fn local_address(listener: &TcpListener, port: u16) -> Result<SocketAddr, StartError> {
    let address = listener.local_addr();
    address.map_err(|cause| StartError::Port { port, cause })
}
