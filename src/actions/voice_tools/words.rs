//! The words of a use, read by the same phrases as messages: what the tool was not called for is
//! honoured all the same.

use super::{Said, Subject, ToolUse};
use crate::actions::replies::{learned_by, scope_of};
use crate::domain::stop::StopScope;
use crate::intake::intent::{Intent, Rules};
use crate::intake::message::without_card_numbers;

/// The use with everything that its words ask for, and without the numbers of cards. What only a
/// person can settle is noted in the subject.
///
/// A stop is obeyed whoever is on the line. Everything else that changes an account is done at
/// once only in a call that we placed; in any other a person decides, and contact waits.
pub(super) fn heard(used: &ToolUse, subject: &mut Subject) -> ToolUse {
    let mut used = used.clone();
    let masked = without_card_numbers(&used.raw.to_string());
    if let Ok(raw) = serde_json::from_str(&masked) {
        used.raw = raw;
    }
    let Some(words) = &mut used.words else {
        return used;
    };
    *words = without_card_numbers(words);
    let reading = Rules::builtin().read(words);
    let mut waits = reading.needs_a_person();
    for intent in reading.to_do() {
        if let Some(scope) = scope_of(intent) {
            add_stop(&mut used, scope);
        } else if is_said(&used.said, intent) {
            // The tool itself was used for it.
        } else if !subject.is_our_call {
            waits = true;
        } else if intent == Intent::Dispute {
            used.said.push(Said::Dispute(None));
        } else if let Some(learned) = learned_by(intent) {
            used.said.push(Said::Learned(learned));
        }
    }
    if waits && !only_says_what_was_said(&reading.intents(), &used.said) {
        subject.unsettled = Some(reading);
    }
    used
}

/// Adds a stop unless a wider one is asked for; a wider one takes the place of the narrow.
fn add_stop(used: &mut ToolUse, scope: StopScope) {
    let covers = |other: &Said| match other {
        Said::Stop(other) => *other == scope || *other == StopScope::All,
        Said::Dispute(_) | Said::Learned(_) | Said::Promise { .. } | Said::Consent(_) => false,
    };
    if used.said.iter().any(covers) {
        return;
    }
    if scope == StopScope::All {
        used.said.retain(|other| !matches!(other, Said::Stop(_)));
        // The event of a cease tells the scope that is obeyed, and the one that was asked for.
        if let Some(asked) = used.told.remove("scope") {
            used.told.insert("scope_of_the_tool".to_owned(), asked);
        }
    }
    used.said.push(Said::Stop(scope));
}

fn is_said(said: &[Said], intent: Intent) -> bool {
    said.iter().any(|said| match said {
        Said::Dispute(_) => intent == Intent::Dispute,
        Said::Learned(learned) => {
            learned_by(intent).is_some_and(|other| other.kind() == learned.kind())
        }
        Said::Stop(scope) => scope_of(intent) == Some(*scope),
        Said::Promise { .. } | Said::Consent(_) => false,
    })
}

/// Whether words in doubt are about nothing but what is done already: "already paid" in a
/// dispute, or anything at all once all contact stops.
fn only_says_what_was_said(intents: &[Intent], said: &[Said]) -> bool {
    let stops_all = said
        .iter()
        .any(|said| matches!(said, Said::Stop(StopScope::All)));
    let disputes = said.iter().any(|said| matches!(said, Said::Dispute(_)));
    stops_all
        || intents.iter().all(|intent| {
            is_said(said, *intent)
                || (disputes
                    && matches!(
                        intent,
                        Intent::AlreadyPaid | Intent::Proof | Intent::WrongPerson
                    ))
        })
}
