//! The visitor's side of a chat, as a state machine without I/O, clock or browser.
//!
//! An [`Engine`] holds one conversation after another. A *driver* feeds it [`Input`]s: what the visitor
//! does, what the server answers, that time has passed. The engine answers with [`Effect`]s that the
//! driver performs, and with the [`Conversation`] that the widget draws. Because time and seeds come
//! from outside, the same code runs in a web page, in tests and in simulations, and the same inputs always
//! give the same effects.
//!
//! ```text
//!   Input ──► Engine::handle ──► Engine::conversation   what to draw
//!     ▲                     └──► Engine::next_effect    what to perform
//!     │                     └──► Engine::wake_at        when to hand over Input::Tick
//!     └── answers, commands and ticks, each with the Moment at which it happened
//! ```
//!
//! A web page that may be open in several tabs uses a [`Tab`] instead, which holds an engine and is driven in
//! the same way.
//!
//! # The run loop
//!
//! This driver only pretends to perform the effects: it makes up each answer and hands it to the engine. A
//! real driver would send the request, and call `handle` when the answer arrives.
//!
//! ```
//! use pipit_engine::{
//!     FormAnswers, Command, Effect, Engine, Input, Moment, Options, Outcome, Phase, SessionRefused,
//! };
//!
//! let mut engine = Engine::new(Options::default(), 42);
//! let mut now = Moment { monotonic: 0, wall: 1_800_000_000_000 };
//! let mut inputs = vec![Input::Command(Command::Start(FormAnswers::default()))];
//!
//! while let Some(input) = inputs.pop() {
//!     // 1. Hand the input over, with the time at which it happened.
//!     engine.handle(now, input);
//!
//!     // 2. Perform all effects, in their order.
//!     while let Some(effect) = engine.next_effect() {
//!         match effect {
//!             // The page asks its own server. Here the page has no server.
//!             Effect::GetSession(id, _session_request) => {
//!                 inputs.push(Input::Session(id, Err(SessionRefused::NotConfigured)));
//!             }
//!             // A real driver would send the request. Here the network is down.
//!             Effect::Send(request) => inputs.push(Input::Answer {
//!                 request: request.id,
//!                 outcome: Outcome::NotSent,
//!             }),
//!             // A real driver would write to the tab's storage, abort the request or log the warning.
//!             Effect::Save | Effect::Abort(_) | Effect::Warn(_) => {}
//!         }
//!     }
//!
//!     // 3. Draw the conversation.
//!     println!("{:?}", engine.conversation().phase);
//!
//!     // 4. Set one timer. Here the clock is simply moved on.
//!     if inputs.is_empty()
//!         && let Some(at) = engine.wake_at()
//!     {
//!         now.monotonic = at;
//!         inputs.push(Input::Tick);
//!     }
//! }
//!
//! // Without a session, no conversation starts, and nothing is left to wait for.
//! assert!(matches!(engine.conversation().phase, Phase::Failed(_)));
//! ```
//!
//! # The contract
//!
//! - **Drain before the next input.** After each [`Engine::handle`] and [`Engine::restore`], call
//!   [`Engine::next_effect`] until it returns `None`, and perform the effects in that order. The first of them may be
//!   an [`Effect::Save`], which stores a snapshot (the conversation as text). If a request left before the snapshot
//!   with its message was stored, a crash between the two could lose the message or send it twice.
//! - **One answer per request.** Each [`Effect::Send`] is answered by exactly one [`Input::Answer`] with its id, and
//!   each [`Effect::GetSession`] by exactly one [`Input::Session`]. The exception is an id for which the engine has
//!   asked for an [`Effect::Abort`]. If an answer is missing, the engine waits for it until the request's deadline (45
//!   s for a poll, which asks for new messages). Answers to aborted or unknown requests are ignored.
//! - **[`Outcome::NotSent`] only with proof.** It means that the request certainly did not leave the
//!   browser, so the engine repeats it by itself. If the request may have left, report
//!   [`Outcome::Lost`]: a message that is posted twice looks like abuse to the server.
//! - **One timer.** After each input, set one timer for [`Engine::wake_at`] in place of the previous timer.
//!   Without the timer, polls stop and deadlines pass unnoticed. A tick that comes too early, too late or
//!   twice does no harm.
//! - **A clock that never goes back.** [`Moment::monotonic`] must not decrease, because waits would then
//!   become longer than they should be. [`Moment::wall`] may decrease.
//!
//! # How it is built
//!
//! `state` holds the stage of the conversation and its transcript. The parts of the engine are small state machines
//! with private fields: `start` asks for an engagement (a chat at the server), `poll` retrieves messages, `outbox`
//! posts the visitor's messages, `typing` sends typing signals, `conclude` ends an engagement, `abandoned` ends an
//! engagement whose start was left. Each part takes the
//! answers to its own requests and returns an outcome; `engine` changes the state according to the outcomes. `messages`
//! applies each message of the server to the state. It uses `sequence` (the order of the messages), `participants` (the
//! agents and the visitor's wait), `preview` (whether the agent may see typed text), `survey` (links to surveys) and
//! `file` (files of agents). `snapshot` writes and reads the conversation in its stored form, with the macros of
//! `stored`; `saved_record` writes it to the storage in a safe order; and `tab` shares one conversation among the tabs of a
//! site.
//!
//! The parts share some modules: `outgoing` is the queue of effects, `endpoint` the address of the server, `address`
//! checks addresses, `deadline` decides how long the engine awaits an answer, and `backoff` how long it waits before it
//! repeats a request. Most public types are in
//! `conversation`, `transcript`, `effect`, `input`, `options`, `failure` and `form_answers`.

mod abandoned;
mod address;
mod backoff;
mod chunked_list;
mod conclude;
mod conversation;
mod deadline;
mod effect;
mod endpoint;
mod engine;
mod entries;
mod entry;
mod failure;
mod file;
mod forgotten;
mod form_answers;
mod input;
mod messages;
mod options;
mod outbox;
mod outgoing;
mod participants;
mod poll;
mod preview;
mod reply;
mod saved_record;
mod sequence;
mod snapshot;
mod start;
mod state;
mod stored;
mod survey;
mod tab;
mod transcript;
mod typing;

pub use address::is_local;
pub use chunked_list::{Block, Chunk, ChunkedList, Items, Listed, Node};
pub use conversation::{Agent, Conclusion, Connection, Conversation, Phase, Wait};
pub use effect::{
    Authorization, Effect, Request, RequestId, SessionReason, SessionRequest, Warning,
};
pub use engine::Engine;
pub use entries::{AgentNames, Entries, EntrySummary};
pub use entry::{Content, Delivery, Entry, EntryId, Notice, PostFailure};
pub use failure::Failure;
pub use file::SharedFile;
pub use form_answers::FormAnswers;
pub use input::{Command, Input, Moment, Outcome, SessionRefused};
pub use options::Options;
pub use preview::SneakPreview;
pub use saved_record::{
    RecordStorage, RecordWriter, SavedRecord, record_text, remove_unnamed_pieces,
};
pub use snapshot::Piece;
pub use survey::{SurveyLink, SurveyTemplate};
pub use tab::{ForgetMarker, PageId, Tab, TabEffect, TabInput, TabMode, TabView};

#[cfg(test)]
mod tests;
