//! Starts other programs and makes sure that they end: when their value is dropped, on Ctrl-C and on SIGTERM.
//!
//! Each program leads its own process group, which is ended as a whole. ChromeDriver alone would leave its browsers running.

use crate::failure::{Failure, Outcome};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// The process groups that run now.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// The time between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(3);

/// Makes Ctrl-C and SIGTERM end all started programs before this one.
pub(crate) fn end_all_on_interrupt() -> Outcome {
    let end_all = || {
        eprintln!("\nxtask: interrupted, ending what was started.");
        for group in groups().iter() {
            signal(*group, Signal::SIGTERM);
        }
        exit(130);
    };
    ctrlc::set_handler(end_all)
        .map_err(|error| Failure::new(format!("could not listen for Ctrl-C: {error}")))
}

/// Runs a program and shows its output. Fails unless the program succeeds.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = Process::start(command)?.wait()?;
    check_status(command, status)
}

/// Runs a program and passes each line of its standard output to `each_line`.
pub(crate) fn stream(command: &mut Command, each_line: impl FnMut(String)) -> Outcome<ExitStatus> {
    let mut process = Process::start(command.stdout(Stdio::piped()))?;
    process.lines()?.for_each(each_line);
    process.wait()
}

/// Runs a short program and returns what it printed. Fails unless it succeeds.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| start_failure(command, &error))?;
    check_status(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Fails with the command line unless the program succeeded.
pub(crate) fn check_status(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` failed ({status}). What it printed above says why.",
        command_line(command)
    )))
}

/// A running program. Dropping it ends the program and its descendants.
pub(crate) struct Process {
    command: String,
    child: Child,
    group: Pid,
}

impl Process {
    /// Starts a program with no standard input.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        // The lock is held while the program starts. An interrupt in between would miss the new program.
        let mut groups = groups();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| start_failure(command, &error))?;
        let group = Pid::from_raw(child.id().cast_signed());
        groups.push(group);
        Ok(Self {
            command: command_line(command),
            child,
            group,
        })
    }

    /// Reads standard output, which must be piped, up to the line for which `found` returns a value. Later lines go to our own
    /// standard output. Fails if the program ends first.
    pub(crate) fn wait_for_line<T>(&mut self, found: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let mut lines = self.lines()?;
        let answer = lines.find_map(|line| found(&line));
        thread::spawn(|| lines.for_each(|line| println!("{line}")));
        answer.ok_or_else(|| {
            Failure::new(format!(
                "`{}` ended before it was ready. What it printed above says why.",
                self.command
            ))
        })
    }

    /// Waits until the program ends by itself.
    pub(crate) fn wait(mut self) -> Outcome<ExitStatus> {
        self.child
            .wait()
            .map_err(|error| Failure::new(format!("lost sight of `{}`: {error}", self.command)))
    }

    fn lines(&mut self) -> Outcome<impl Iterator<Item = String> + Send + use<>> {
        let missing = || Failure::new(format!("the output of `{}` cannot be read.", self.command));
        let output: ChildStdout = self.child.stdout.take().ok_or_else(missing)?;
        Ok(BufReader::new(output)
            .split(b'\n')
            .map_while(Result::ok)
            .map(|line| String::from_utf8_lossy(&line).into_owned()))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Descendants may still run after the program has ended by itself.
        signal(self.group, Signal::SIGTERM);
        let asked = Instant::now();
        while !self.has_ended() && asked.elapsed() < GRACE {
            thread::sleep(Duration::from_millis(20));
        }
        if !self.has_ended() {
            signal(self.group, Signal::SIGKILL);
            let _ = self.child.wait();
        }
        groups().retain(|group| *group != self.group);
    }
}

fn groups() -> MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Signals a process group. A group that has ended already is not an error.
fn signal(group: Pid, signal: Signal) {
    let _ = killpg(group, signal);
}

fn start_failure(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "could not start `{}`: {error}",
        command_line(command)
    ))
}

fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = program.file_name().into_iter().chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_a_process_ends_its_descendants() {
        // The grandchild holds the pipe open: the last line comes, and the pipe closes, only when
        // it has ended too.
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "sleep 600 & echo started; wait"])
            .stdout(Stdio::piped());
        let mut process = Process::start(&mut shell).unwrap();
        let mut lines = process.lines().unwrap();
        assert_eq!(lines.next().as_deref(), Some("started"));
        drop(process);
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn descendants_of_an_ended_program_are_ended_too() {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "sleep 600 & echo started"])
            .stdout(Stdio::piped());
        let mut process = Process::start(&mut shell).unwrap();
        let mut lines = process.lines().unwrap();
        assert_eq!(lines.next().as_deref(), Some("started"));
        assert!(process.wait().unwrap().success());
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn a_program_that_ends_early_is_reported_with_its_command_line() {
        let mut shell = Command::new("true");
        let mut process = Process::start(shell.stdout(Stdio::piped())).unwrap();
        let failure = process
            .wait_for_line(|line| (line == "ready").then_some(()))
            .unwrap_err();
        assert!(
            failure.to_string().contains("`true` ended before"),
            "{failure}"
        );
    }

    #[test]
    fn a_missing_program_is_an_error() {
        assert!(run(&mut Command::new("pipit-no-such-program")).is_err());
    }
}
