//! Serves the endpoint on its ports. Ends connections whose request header is never completed, and stops in an orderly
//! way: requests that are being answered get their answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use crate::endpoint::{Endpoint, Peer, metrics_router, router};
use crate::settings::Settings;

/// How long the header of a request may take to arrive. Also how long a connection is kept without a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// The wait after a failure to accept a connection, usually because the process has too many open files.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(200);

/// How often idle clients are forgotten.
const CLEANING_INTERVAL: Duration = Duration::from_mins(1);

/// How much longer than the service site's time limit the server waits for its last answers when it stops.
const STOP_ALLOWANCE: Duration = Duration::from_secs(2);

/// A server that runs. Dropping it ends all connections at once.
pub struct Server {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Why a server cannot start.
#[derive(Debug)]
pub enum StartError {
    /// An address cannot be listened on.
    Address(SocketAddr, std::io::Error),
    /// The connections to the service site cannot be prepared.
    ServiceSite(String),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address, cause) => write!(
                formatter,
                "cannot listen on {address}: {cause}. Another program may use the port; choose one with port, metrics_port \
                 or the variables PORT and METRICS_PORT"
            ),
            Self::ServiceSite(cause) => write!(
                formatter,
                "cannot prepare TLS: {cause}. The certificates of this machine are needed (Debian: the package \
                 ca-certificates)"
            ),
        }
    }
}

impl std::error::Error for StartError {}

/// Starts a server on the current tokio runtime.
///
/// # Errors
/// [`StartError`].
pub async fn start(settings: Settings) -> Result<Server, StartError> {
    let stop_timeout = settings.service_site.timeout + STOP_ALLOWANCE;
    let (listener, address) = listen(settings.address).await?;
    let metrics = match settings.metrics_address {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let endpoint = Arc::new(Endpoint::new(settings).map_err(StartError::ServiceSite)?);
    let (stop, stopping) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(serve(
        listener,
        router(endpoint.clone()),
        stop_timeout,
        stopping.clone(),
    ));
    let mut metrics_address = None;
    if let Some((listener, address)) = metrics {
        metrics_address = Some(address);
        let router = metrics_router(endpoint.clone());
        tasks.spawn(serve(listener, router, stop_timeout, stopping.clone()));
    }
    tasks.spawn(clean(endpoint, stopping));
    Ok(Server {
        address,
        metrics_address,
        stop,
        tasks,
    })
}

impl Server {
    /// Where the server listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server shows its metrics.
    pub const fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Stops accepting connections, and returns when all requests have their answers or the time for them is over.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failure = |cause| StartError::Address(address, cause);
    let listener = TcpListener::bind(address).await.map_err(failure)?;
    let address = listener.local_addr().map_err(failure)?;
    Ok((listener, address))
}

/// Forgets idle clients from time to time, until the server stops.
async fn clean(endpoint: Arc<Endpoint>, mut stopping: watch::Receiver<bool>) {
    let mut times = interval(CLEANING_INTERVAL);
    loop {
        tokio::select! {
            _ = times.tick() => endpoint.forget_idle_clients(),
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        }
    }
}

/// Serves a router until `stopping` becomes true, and then until all requests have their answers.
async fn serve(
    listener: TcpListener,
    router: Router,
    stop_timeout: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let connections = GracefulShutdown::new();
    let mut running = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => break,
        };
        let Ok((stream, peer)) = accepted else {
            sleep(PAUSE_AFTER_FAILURE).await;
            continue;
        };
        // Without this, a short answer could wait for the client's confirmation of the previous one. A failure only delays.
        let _ = stream.set_nodelay(true);
        let router = router.clone().layer(Extension(Peer(peer.ip())));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let connection = connections.watch(connection);
        running.spawn(async move {
            // An error of the connection concerns only its client, who notices it too.
            let _ = connection.await;
        });
        // Removes the connections that have ended.
        while running.try_join_next().is_some() {}
    }
    drop(listener);
    let _ = timeout(stop_timeout, connections.shutdown()).await;
}
