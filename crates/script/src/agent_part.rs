//! The part of a script that one agent can play alone, to real visitors: what the agent does, and when the visitor is to
//! answer.

use crate::deed::{AgentDeed, AgentName, Deed, VisitorDeed};
use crate::script::{Script, Task};

/// A step of an agent who plays alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentStep {
    /// Wait until the visitor has sent the next message. Its text does not matter, because real visitors write what they
    /// want.
    AwaitMessage,
    /// Let this time pass, in ms.
    Pause(u64),
    /// Do this.
    Do(AgentDeed),
}

/// The steps of the first agent after the acceptance of the conversation. Steps of the second agent, of the server and of the
/// network are left out, and expectations too.
pub fn agent_part(script: &Script) -> Vec<AgentStep> {
    let mut part = Vec::new();
    let mut has_accepted = false;
    for step in &script.steps {
        if step.after_ms > 0 {
            part.push(AgentStep::Pause(step.after_ms));
        }
        match &step.task {
            Task::Do(Deed::Visitor(_, VisitorDeed::Say { .. })) => {
                part.push(AgentStep::AwaitMessage);
            }
            Task::Do(Deed::Agent(AgentName::First, AgentDeed::Accept {})) => {
                // What came before belongs to the wait for the visitor, who has come when this part is played.
                if !has_accepted {
                    part.retain(|step| *step == AgentStep::AwaitMessage);
                }
                has_accepted = true;
            }
            Task::Do(Deed::Agent(AgentName::First, deed)) => part.push(AgentStep::Do(deed.clone())),
            _ => {}
        }
    }
    part
}
