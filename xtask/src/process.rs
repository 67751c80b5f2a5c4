//! Starts other programs. A program that has a [`Process`] does not run longer than the command of `cargo xtask`: the
//! program is ended when its `Process` is dropped, and when `cargo xtask` receives Ctrl-C or SIGTERM. Only the programs
//! that [`read`] runs have no `Process`, because they end soon.
//!
//! Each `Process` gets its own process group, and the whole group is ended. If only ChromeDriver were ended, its
//! browsers would keep running.

use crate::failure::{Failure, Outcome};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The process groups of all programs that were started and whose `Process` was not dropped.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// The time that a program has to end after SIGTERM, before it gets SIGKILL.
const TERMINATION_TIME: Duration = Duration::from_secs(3);

/// The time between two checks whether a program has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The time between two lines that say how long a step has been running.
const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// A step that takes at least this many seconds says how long it has taken.
const REPORTED_SECONDS: u64 = 5;

/// Makes Ctrl-C and SIGTERM end all programs that have a `Process`, and then this program.
pub(crate) fn end_all_on_interrupt() -> Outcome {
    let end_all = || {
        eprintln!("\nxtask: interrupted, ending what was started.");
        for group in groups().iter() {
            signal(*group, Signal::SIGTERM);
        }
        // The exit code of a program that Ctrl-C has ended.
        exit(130);
    };
    ctrlc::set_handler(end_all)
        .map_err(|error| Failure::new(format!("could not listen for Ctrl-C: {error}")))
}

/// Runs a program whose output goes to the terminal. Fails if the program fails.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = Process::start(command)?.wait()?;
    check_status(command, status)
}

/// Runs a program, and passes each line of its standard output to `each_line`. Returns the exit status. It is not an
/// error if the program fails.
pub(crate) fn stream(command: &mut Command, each_line: impl FnMut(String)) -> Outcome<ExitStatus> {
    let mut process = Process::start(command.stdout(Stdio::piped()))?;
    process.lines()?.for_each(each_line);
    process.wait()
}

/// Whether all output of other programs is shown.
static IS_VERBOSE: AtomicBool = AtomicBool::new(false);

/// Shows all output of other programs from now on.
pub(crate) fn show_all_output() {
    IS_VERBOSE.store(true, Ordering::Relaxed);
}

/// Runs a program as one step of a command. Prints the name of the step, and how long it takes if that is more than a few
/// seconds. The program's output is shown only if the program fails, because other programs warn of what nobody has to act
/// on. With `cargo xtask --verbose`, all output is shown.
pub(crate) fn run_step(step: &str, command: &mut Command) -> Outcome {
    println!("{step} …");
    let started_at = Instant::now();
    run_captured(command, |seconds| println!("  {step}: {seconds} s so far"))?;
    let seconds = started_at.elapsed().as_secs();
    if seconds >= REPORTED_SECONDS {
        println!("  {step}: done after {seconds} s");
    }
    Ok(())
}

/// Runs a program that ends soon, as a part of a step. Its output is shown as by [`run_step`].
pub(crate) fn run_silently(command: &mut Command) -> Outcome {
    run_captured(command, |_| ())
}

/// Runs a program, and shows its output only if it fails. Calls `report` every [`REPORT_INTERVAL`], with the seconds since
/// the start.
fn run_captured(command: &mut Command, report: impl Fn(u64)) -> Outcome {
    if IS_VERBOSE.load(Ordering::Relaxed) {
        return run(command);
    }
    let no_pipe = |error| Failure::new(format!("could not read the output of a program: {error}"));
    let (mut reader, writer) = io::pipe().map_err(no_pipe)?;
    command
        .stdout(writer.try_clone().map_err(no_pipe)?)
        .stderr(writer);
    let mut process = Process::start(command)?;
    // The command keeps the writing ends of the pipe, and reading would not end before they are dropped.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let output = thread::spawn(move || {
        let mut output = Vec::new();
        // If the output cannot be read, the error of the program is shown without it.
        let _ = reader.read_to_end(&mut output);
        output
    });
    let started_at = Instant::now();
    let mut reported_at = started_at;
    // The end of the output does not stand for the end of the program, because a descendant may keep the pipe open. The
    // standard library cannot wait for a child with a time limit, so its state is polled.
    while !process.has_ended() {
        thread::sleep(POLL_INTERVAL);
        if reported_at.elapsed() >= REPORT_INTERVAL {
            reported_at = Instant::now();
            report(started_at.elapsed().as_secs());
        }
    }
    let status = process.wait()?;
    if !status.success() {
        let output = output.join().unwrap_or_default();
        println!("{}", String::from_utf8_lossy(&output));
    }
    check_status(command, status)
}

/// Runs a program that ends soon, and returns its standard output without blanks around it. Fails if the program fails.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| start_failure(command, &error))?;
    check_status(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Fails if the program has failed. The error names the command line.
pub(crate) fn check_status(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` failed ({status}). What it printed above says why.",
        command_line(command)
    )))
}

/// A running program. Dropping it ends the program and its descendants. A descendant that ignores SIGTERM is ended only if
/// the program ignores it too.
pub(crate) struct Process {
    /// The command line, for errors.
    command: String,
    child: Child,
    group: Pid,
}

impl Process {
    /// Starts a program without standard input.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        // The list stays locked while the program starts. Otherwise, an interrupt between the start and the entry in the
        // list would not end the program.
        let mut groups = groups();
        let child = command
            .stdin(Stdio::null())
            // 0 means a new group, which gets the number of the program.
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

    /// Reads the program's standard output, which must be piped, up to the first line for which `parse` returns a
    /// value, and returns that value. A thread prints the later lines. Fails if the program ends before such a line.
    pub(crate) fn wait_for_line<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let mut lines = self.lines()?;
        let answer = lines.find_map(|line| parse(&line));
        thread::spawn(|| lines.for_each(|line| println!("{line}")));
        answer.ok_or_else(|| {
            Failure::new(format!(
                "`{}` ended before it was ready. What it printed above says why.",
                self.command
            ))
        })
    }

    /// Waits until the program ends, and returns its exit status. The `Process` is then dropped, which ends the descendants
    /// that still run.
    pub(crate) fn wait(mut self) -> Outcome<ExitStatus> {
        self.child.wait().map_err(|error| {
            Failure::new(format!("could not wait for `{}`: {error}", self.command))
        })
    }

    /// The lines of the program's standard output, which must be piped. Can be called once.
    fn lines(&mut self) -> Outcome<impl Iterator<Item = String> + Send + use<>> {
        let missing = || Failure::new(format!("the output of `{}` cannot be read.", self.command));
        let output: ChildStdout = self.child.stdout.take().ok_or_else(missing)?;
        Ok(BufReader::new(output)
            .split(b'\n')
            .map_while(Result::ok)
            .map(|line| String::from_utf8_lossy(&line).into_owned()))
    }

    /// Whether the program has ended. If the system cannot tell, the answer is true, so that nobody waits in vain.
    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group is signalled even if the program has ended, because its descendants may still run.
        signal(self.group, Signal::SIGTERM);
        let terminated_at = Instant::now();
        // The standard library cannot wait for a child with a time limit, so its state is polled.
        while !self.has_ended() && terminated_at.elapsed() < TERMINATION_TIME {
            thread::sleep(POLL_INTERVAL);
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

/// Sends a signal to a process group. It is not an error if the group has ended.
fn signal(group: Pid, signal: Signal) {
    let _ = killpg(group, signal);
}

fn start_failure(command: &Command, error: &io::Error) -> Failure {
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
        // `sleep` keeps the pipe open. The second `next` returns only when the pipe is closed, which means that `sleep`
        // has ended too.
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
        // The pipe is closed, so `sleep` has ended too.
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn a_program_that_ends_early_is_reported_with_its_command_line() {
        let mut program = Command::new("true");
        let mut process = Process::start(program.stdout(Stdio::piped())).unwrap();
        let failure = process
            .wait_for_line(|line| (line == "ready").then_some(()))
            .unwrap_err();
        assert!(
            failure.to_string().contains("`true` ended before"),
            "{failure}"
        );
    }

    #[test]
    fn a_silent_program_that_fails_is_an_error_and_its_output_is_read_to_the_end() {
        // A pipe holds 64 kB. A program whose output nobody reads would wait for ever.
        let much = "head --bytes=200000 /dev/zero; head --bytes=200000 /dev/zero >&2";
        assert!(run_silently(Command::new("sh").args(["-c", much])).is_ok());
        assert!(run_silently(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }

    #[test]
    fn a_missing_program_is_an_error() {
        assert!(run(&mut Command::new("pipit-no-such-program")).is_err());
    }
}
