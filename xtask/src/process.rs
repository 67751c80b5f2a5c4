//! Starting other programs, and ending every one of them: when its value is dropped, on Ctrl-C and
//! on SIGTERM.
//!
//! Each program leads a process group of its own. ChromeDriver, ended alone, would leave its
//! browsers behind.

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

/// How long a program that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// From here on, Ctrl-C and SIGTERM end what was started, and then this program.
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

/// Runs a program to its end, its output shown as it comes. Fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = Process::start(command)?.wait()?;
    succeeded(command, status)
}

/// Runs a program to its end and hands over each line of its standard output.
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
        .map_err(|error| not_started(command, &error))?;
    succeeded(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Fails with the command line, unless the program has succeeded.
pub(crate) fn succeeded(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` failed ({status}). What it printed above says why.",
        line_of(command)
    )))
}

/// A running program. Dropping it ends the program and all that the program has started.
pub(crate) struct Process {
    command: String,
    child: Child,
    group: Pid,
}

impl Process {
    /// Starts a program with no standard input.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        // Held over the start: an interrupt in between must not miss the new program.
        let mut groups = groups();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| not_started(command, &error))?;
        let group = Pid::from_raw(child.id().cast_signed());
        groups.push(group);
        Ok(Self {
            command: line_of(command),
            child,
            group,
        })
    }

    /// Reads standard output, which must be piped, up to the line for which `found` has an answer.
    /// The lines after it are passed on to ours. Fails when the program ends before.
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

    /// Waits for the program's own end.
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
        // Also when the program has ended by itself: what it has started may be left.
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

/// A group that has ended in the meantime is no error: it was to end.
fn signal(group: Pid, signal: Signal) {
    let _ = killpg(group, signal);
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not start `{}`: {error}", line_of(command)))
}

fn line_of(command: &Command) -> String {
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
    fn dropping_a_process_ends_what_it_has_started() {
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
    fn what_a_program_leaves_behind_is_ended_too() {
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
    fn a_program_that_ends_early_is_told_by_its_command_line() {
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
    fn a_program_that_is_not_there_is_told() {
        assert!(run(&mut Command::new("pipit-no-such-program")).is_err());
    }
}
