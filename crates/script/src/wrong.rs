//! Wrong versions of a script, with which the test of a runner shows that the runner notices what is wrong.

use crate::script::{Script, Step, Task};
use crate::sight::{AgentSight, Sight, VisitorSight};

/// Returns the script once for each expectation, with this expectation turned into its opposite, and once more for each text
/// that must be seen, with another text. Each comes with the line of what is wrong, on which a runner must fail.
pub fn wrong_versions(script: &Script) -> Vec<(usize, Script)> {
    let mut versions = Vec::new();
    for (index, step) in script.steps.iter().enumerate() {
        let Task::Expect(expectation) = &step.task else {
            continue;
        };
        let mut opposite = expectation.clone();
        opposite.must_be_seen = !opposite.must_be_seen;
        let mut other = expectation.clone();
        let has_text = alter(&mut other.sight);
        let wrong = [
            Some(opposite),
            Some(other).filter(|other| has_text && other.must_be_seen),
        ];
        for wrong in wrong.into_iter().flatten() {
            let mut version = script.clone();
            if let Some(place) = version.steps.get_mut(index) {
                *place = Step {
                    task: Task::Expect(wrong),
                    ..step.clone()
                };
            }
            versions.push((step.line, version));
        }
    }
    versions
}

/// Changes the text of a sight. Returns whether the sight has one.
fn alter(sight: &mut Sight) -> bool {
    let text = match sight {
        Sight::Visitor(
            VisitorSight::Message(text)
            | VisitorSight::Html(text)
            | VisitorSight::File(text)
            | VisitorSight::Joined(text)
            | VisitorSight::Left(text)
            | VisitorSight::Sent(text)
            | VisitorSight::NotSent(text)
            | VisitorSight::NotSure(text)
            | VisitorSight::Ended(text)
            | VisitorSight::Failed(text),
        )
        | Sight::Agent(
            AgentSight::Offer(text)
            | AgentSight::Message(text)
            | AgentSight::Preview(text)
            | AgentSight::End(text),
        ) => text,
        Sight::Visitor(
            VisitorSight::State(_)
            | VisitorSight::Typing(_)
            | VisitorSight::Survey(_)
            | VisitorSight::SurveyByMail(_),
        )
        | Sight::Agent(AgentSight::Typing(_)) => return false,
    };
    text.push_str(" (wrong)");
    true
}
