//! A chat server on this machine that speaks the chat REST API, both sides: the rules of
//! `pipit-switchboard` behind HTTP. For demos, tests and strangers' clients; see `docs/sandbox.md`.
//!
//! Two servers on 127.0.0.1, of different origins, so that CORS is exercised:
//! - the **API**: the chat server, the service site's session endpoints, and the sandbox's switches;
//! - the **site**: a customer's own website and backend, when there is a directory to serve.

mod agent;
mod answer;
mod asked;
mod clock;
mod consumer;
mod cors;
mod fault;
mod files;
mod hall;
mod network;
mod orders;
mod policy;
mod services;
mod site;
mod survey;
mod switches;
mod token;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use pipit_switchboard::Config;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use hall::Hall;
use policy::Refused;

/// The site's name in the API's addresses.
pub const SITE_NAME: &str = "pipit_demo";

/// The Basic user of `establishSessions`, `agentTokens` and `serviceSettings`.
pub const BASIC_USER: &str = "demo";

/// The Basic user's password.
pub const BASIC_PASSWORD: &str = "demo";

/// How to run a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The site's port; 0 takes a free one.
    pub site_port: u16,
    /// The API's port; 0 takes a free one.
    pub api_port: u16,
    /// What the site serves. Without it there is only the API.
    pub site_dir: Option<PathBuf>,
    /// The Content-Security-Policy that the site's files come with. [`Sandbox::refused`] has what browsers report
    /// of it.
    pub policy: Option<String>,
    /// Origins that may read the API's answers, beside those of this machine.
    pub allowed_origins: Vec<String>,
    /// The chat server's settings.
    pub config: Config,
    /// Where session ids come from; by default the system's randomness.
    pub seed: Option<u64>,
}

/// Why a sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// The port cannot be had: usually something else listens there.
    Port {
        /// Which.
        port: u16,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The system gives no random numbers.
    NoRandomness(getrandom::Error),
    /// A setting is out of range; which, in a sentence.
    Config(String),
    /// The site's directory is not one.
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

/// A running sandbox. Stops listening when dropped.
#[derive(Debug)]
pub struct Sandbox {
    api: SocketAddr,
    site: Option<SocketAddr>,
    refused: Refused,
    tasks: Vec<AbortHandle>,
}

impl Sandbox {
    /// The API's address, such as `http://127.0.0.1:8461`.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api)
    }

    /// The site's address, when there is a site.
    pub fn site_url(&self) -> Option<String> {
        self.site.map(|address| format!("http://{address}"))
    }

    /// What browsers have refused to pages of the site because of its policy: their own
    /// reports, JSON as in <https://www.w3.org/TR/CSP3/#deprecated-serialize-violation>.
    pub fn refused(&self) -> Vec<String> {
        self.refused.all()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts a sandbox. It runs on the current tokio runtime until it is dropped.
///
/// # Errors
/// [`StartError`].
pub async fn start(options: Options) -> Result<Sandbox, StartError> {
    options.config.check().map_err(StartError::Config)?;
    if let Some(missing) = options.site_dir.as_ref().filter(|path| !path.is_dir()) {
        return Err(StartError::NoSiteDirectory(missing.clone()));
    }
    let api_listener = listen(options.api_port).await?;
    let api = local_address(&api_listener, options.api_port)?;
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(StartError::NoRandomness)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => getrandom::u64().map_err(StartError::NoRandomness)?,
    };
    let hall = Arc::new(Hall::new(&options, seed, key, api.port()));
    let mut tasks = vec![
        spawn(api_listener, api_router(&hall)),
        tokio::spawn(hall::keep_time(Arc::clone(&hall))).abort_handle(),
    ];
    let mut site = None;
    let refused = Refused::default();
    if let Some(directory) = &options.site_dir {
        let listener = listen(options.site_port).await?;
        site = Some(local_address(&listener, options.site_port)?);
        let mut router = site::router(&hall, directory);
        if let Some(policy) = &options.policy {
            router = policy::guard(router, policy, &refused).map_err(StartError::Config)?;
        }
        tasks.push(spawn(listener, router));
    }
    Ok(Sandbox {
        api,
        site,
        refused,
        tasks,
    })
}

fn api_router(hall: &Arc<Hall>) -> Router {
    Router::new()
        .route(
            "/engagement/api/consumer/{site}/v1/{operation}",
            any(consumer::serve),
        )
        .route(
            "/engagement/api/agent/{site}/v1/{operation}",
            any(agent::serve),
        )
        .route("/sandbox/{switch}", any(switches::serve))
        .merge(services::router())
        .merge(survey::router())
        .merge(files::service_site())
        .nest("/behind-proxy", site::proxied_backend())
        .fallback(answer::nothing_here)
        .layer(from_fn_with_state(Arc::clone(hall), network::apply))
        .layer(from_fn_with_state(Arc::clone(hall), cors::apply))
        .with_state(Arc::clone(hall))
}

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await;
    listener.map_err(|cause| StartError::Port { port, cause })
}

fn local_address(listener: &TcpListener, port: u16) -> Result<SocketAddr, StartError> {
    let address = listener.local_addr();
    address.map_err(|cause| StartError::Port { port, cause })
}

fn spawn(listener: TcpListener, router: Router) -> AbortHandle {
    let server = axum::serve(listener, router);
    tokio::spawn(server.into_future()).abort_handle()
}
