//! Tests of [`Engine::conversation`](crate::Engine::conversation): its value is made once per input, and unchanged
//! parts are shared with the previous value. A [`Bench`] runs an engine, and lets the test play the server, the web
//! page and the clock. `posted(3, "hello")` is an agent's message with the sequence number 3.

use std::rc::Rc;

use super::Bench;
use super::body::posted;
use crate::Command;

#[test]
fn the_conversation_is_made_once_per_input() {
    let mut bench = Bench::chatting();
    let first = Rc::clone(bench.engine.conversation());
    assert!(Rc::ptr_eq(&first, bench.engine.conversation()));
    bench.receive(&[&posted(3, "hello")]);
    assert!(!Rc::ptr_eq(&first, bench.engine.conversation()));
    // The earlier value still shows the transcript without the new message.
    assert_eq!(first.transcript.len() + 1, bench.contents().count());
}

#[test]
fn a_key_press_does_not_copy_the_transcript() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "hello")]);
    let before = Rc::clone(bench.engine.conversation());
    bench.command(Command::Typed("h".to_owned()));
    let after = bench.engine.conversation();
    assert!(before.transcript.is_same(&after.transcript));
}

#[test]
fn entries_that_do_not_change_are_shared() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "hello")]);
    let before = Rc::clone(bench.engine.conversation());
    bench.send("hi");
    let after = bench.engine.conversation();
    let mut pairs = before.transcript.iter().zip(after.transcript.iter());
    assert!(pairs.all(|(old, new)| Rc::ptr_eq(old, new)));
}
