//! Serves a router on a port: accepts connections, ends those whose request header is never completed, and stops in an
//! orderly way.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The wait after a failure to accept a connection, usually because the process has too many open files.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(200);

/// The longest time for which a server that stops waits for the answers that it is sending.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves the router until `stop` becomes true, and then until the open connections have had their answers. Dropping the
/// future ends all connections at once. A connection ends if a request's header is not complete within `header_timeout`,
/// which is counted from the end of the previous answer.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    header_timeout: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error means that the sender is gone, and nobody can stop the server in an orderly way.
            _ = stop.wait_for(|is_stopping| *is_stopping) => break,
        };
        let Ok((stream, _)) = accepted else {
            sleep(PAUSE_AFTER_FAILURE).await;
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(serve_connection(stream, router, header_timeout, stop));
        // Removes the connections that have ended.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP_TIMEOUT, all_ended).await;
}

/// Serves one connection until it ends or, after `stop` has become true, until its current answer is sent.
async fn serve_connection(
    stream: TcpStream,
    router: Router,
    header_timeout: Duration,
    mut stop: watch::Receiver<bool>,
) {
    // Without this, a short answer could wait for the client's confirmation of the previous one. A failure only delays.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(connection);
    // An error of the connection concerns only its client, who notices it too.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|is_stopping| *is_stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
