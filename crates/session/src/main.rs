//! The program `pipit-session`: reads its settings, and serves sessions until it is told to stop. `--help` and
//! `docs/session-server.md` describe it.

mod arguments;

use std::process::ExitCode;

use arguments::{Action, Command, HELP};
use pipit_session::{Server, ServiceSite, Settings, read_settings, start};
use pipit_wire::session::SessionInformation;

#[tokio::main]
async fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            println!("pipit-session {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Command::Use { config, action }) => match read(config.as_deref()) {
            Ok(settings) => use_settings(settings, action).await,
            Err(problems) => {
                let source = config.as_deref().unwrap_or("the environment");
                let count = problems.len();
                let noun = if count == 1 { "mistake" } else { "mistakes" };
                eprintln!("pipit-session: the settings ({source}) have {count} {noun}:");
                for problem in problems {
                    eprintln!("- {problem}.");
                }
                eprintln!("docs/session-server.md and --help describe the settings.");
                ExitCode::FAILURE
            }
        },
        Err(error) => failure(&error),
    }
}

/// Reads the settings from a file, if there is one, and the environment.
fn read(config: Option<&str>) -> Result<Settings, Vec<String>> {
    let text = match config {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            Some(text.map_err(|error| vec![format!("{path} cannot be read: {error}")])?)
        }
        None => None,
    };
    let variable = |name: &str| std::env::var(name).ok();
    let read_file = |path: &str| std::fs::read_to_string(path);
    let settings = read_settings(text.as_deref(), &variable, &read_file);
    settings.map_err(|problems| problems.0)
}

async fn use_settings(settings: Settings, action: Action) -> ExitCode {
    match action {
        Action::Check => {
            println!("The settings have no mistakes. --try asks the service site for a session.");
            ExitCode::SUCCESS
        }
        Action::Try => try_service_site(settings).await,
        Action::Serve => match start(settings).await {
            Ok(server) => serve(server).await,
            Err(error) => failure(&error.to_string()),
        },
    }
}

/// Asks the service site for a session, and says what happened.
async fn try_service_site(settings: Settings) -> ExitCode {
    let site = match ServiceSite::new(settings.service_site) {
        Ok(site) => site,
        Err(error) => return failure(&error),
    };
    match site.establish_session(&SessionInformation::default()).await {
        Ok(_) => {
            println!("The service site has given a session.");
            ExitCode::SUCCESS
        }
        Err(cause) => failure(&format!("establishSessions: {cause}")),
    }
}

/// Serves until a signal comes, and then until all requests have their answers.
async fn serve(server: Server) -> ExitCode {
    // Before the line that says where the server listens: whoever has read that line may stop the program.
    let end = match listen_for_end() {
        Ok(end) => end,
        Err(error) => return failure(&format!("cannot wait for a signal: {error}")),
    };
    eprintln!("pipit-session: listens on http://{}", server.address());
    if let Some(address) = server.metrics_address() {
        eprintln!("pipit-session: metrics at http://{address}/metrics");
    }
    end.await;
    eprintln!("pipit-session: stops");
    server.stop().await;
    ExitCode::SUCCESS
}

/// Listens from now on for Ctrl-C and for SIGTERM, with which other programs end this one. The future ends with the first
/// of them.
#[cfg(unix)]
fn listen_for_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}

/// Listens from now on for Ctrl-C. The future ends with it.
#[cfg(not(unix))]
fn listen_for_end() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Prints an error, which is a text without a full stop, and returns the exit code of a failure.
fn failure(error: &str) -> ExitCode {
    eprintln!("pipit-session: {}.", error.trim_end_matches('.'));
    ExitCode::FAILURE
}
