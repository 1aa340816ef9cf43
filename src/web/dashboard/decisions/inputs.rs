//! What the rules read, in words: the attempt, the account, the history, the creditor. What is
//! known of the debtor stands in [`debtor_inputs`](super::debtor_inputs).

use chrono::Duration;
use chrono_tz::Tz;

use super::{debtor_inputs, told};
use crate::domain::phone::PhoneNumber;
use crate::gate::facts::{Contact, Debt, Direction, Facts};
use crate::gate::{Attempt, Decision};
use crate::web::dashboard::{decision_words, words};
use crate::web::view::decision::InputGroup;
use crate::web::view::part::Fact;

/// Contacts listed one by one; the rest are counted.
const LISTED: usize = 10;

pub fn of(decision: &Decision, facts: &Facts, zone: Tz) -> Vec<InputGroup> {
    let attempt = &decision.attempt;
    let mut groups = vec![
        InputGroup {
            name: "The attempt",
            facts: of_attempt(attempt, zone),
        },
        InputGroup {
            name: "The debtor",
            facts: debtor_inputs::of(decision, facts, zone),
        },
    ];
    if let Some(debt) = attempt.debt.as_deref().and_then(|id| facts.debt(id)) {
        groups.push(InputGroup {
            name: "The account",
            facts: of_account(debt, facts, zone),
        });
    }
    groups.push(InputGroup {
        name: "Earlier contacts",
        facts: history(attempt, facts, zone),
    });
    groups
}

fn of_attempt(attempt: &Attempt, zone: Tz) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Way", decision_words::attempt(attempt)),
        Fact::new("Moment", told::moment(attempt.at, zone)),
        Fact::new("Purpose", told::word(&attempt.purpose)),
        Fact::new("To reach", told::word(&attempt.party)),
        Fact::new("Made by", told::word(&attempt.initiator)),
    ];
    if attempt.phone.is_some() {
        facts.push(Fact::new("Dialled", told::word(&attempt.dialing)));
        facts.push(Fact::new("Recorded", yes_or_no(attempt.recorded)));
    }
    for it in &attempt.acknowledged {
        facts.push(Fact::new(
            "Acknowledged",
            format!(
                "{}: {}",
                it.rule.info().name,
                it.evidence.as_deref().unwrap_or("no reason given")
            ),
        ));
    }
    facts
}

fn of_account(debt: &Debt, facts: &Facts, zone: Tz) -> Vec<Fact> {
    let mut told = vec![
        Fact::new("Kind of debt", told::word(&debt.kind)),
        Fact::new("Status", told::word(&debt.status)),
    ];
    if let Some(creditor) = &debt.current_creditor {
        told.push(Fact::new("Creditor", creditor.clone()));
    }
    if let Some(until) = debt.paused_until {
        told.push(Fact::new("Paused until", told::when(until, zone)));
    }
    for (term, day) in [
        ("Incurred", debt.incurred_on),
        ("Suit is open until", debt.limitations_expires_on),
        ("Limitation ran out", debt.limitations_expired_on),
    ] {
        if let Some(day) = day {
            told.push(Fact::new(term, words::date(day)));
        }
    }
    if let Some(is_covered) = debt.included_in_discharge {
        told.push(Fact::new("Covered by a discharge", yes_or_no(is_covered)));
    }
    let notice = debt.validation.as_ref().and_then(|it| it.provided_on);
    told.push(Fact::new(
        "Validation notice",
        notice.map_or_else(
            || "Not sent".to_owned(),
            |day| format!("Sent {}", words::date(day)),
        ),
    ));
    for dispute in &debt.disputes {
        let received = dispute.received_at.map_or_else(
            || "at an unknown time".to_owned(),
            |at| told::when(at, zone),
        );
        let answer = if dispute.responded_at.is_some() {
            "answered"
        } else {
            "not answered"
        };
        told.push(Fact::new(
            "Dispute",
            format!("Received {received}, {answer}"),
        ));
    }
    if let Some(max) = debt.max_calls_per_week {
        told.push(Fact::new(
            "Successful calls a week, at most",
            max.to_string(),
        ));
    }
    told.push(Fact::new(
        "Accounts of this debtor",
        facts.debts.len().to_string(),
    ));
    let creditor = &facts.creditor;
    if !creditor.cleared {
        told.push(Fact::new(
            "Creditor not cleared",
            creditor.reason.clone().unwrap_or_default(),
        ));
    }
    for rule in &creditor.harden {
        told.push(Fact::new("Made a block by the creditor", rule.info().name));
    }
    told
}

fn history(attempt: &Attempt, facts: &Facts, zone: Tz) -> Vec<Fact> {
    let week_ago = attempt.at.minus(Duration::days(7));
    let this_week = facts
        .history
        .iter()
        .filter(|contact| contact.at > week_ago && contact.at <= attempt.at)
        .count();
    let mut told = vec![
        Fact::new("On file", facts.history.len().to_string()),
        Fact::new("In the seven days before", this_week.to_string()),
    ];
    let mut latest: Vec<&Contact> = facts.history.iter().collect();
    latest.sort_unstable_by_key(|contact| std::cmp::Reverse(contact.at));
    for contact in latest.into_iter().take(LISTED) {
        told.push(Fact::new(told::moment(contact.at, zone), line(contact)));
    }
    told
}

fn line(contact: &Contact) -> String {
    let direction = match contact.direction {
        Direction::Out => "to the debtor",
        Direction::In => "from the debtor",
    };
    let outcome = contact
        .outcome
        .as_ref()
        .map_or_else(|| "outcome not known".to_owned(), told::word);
    format!(
        "{} {direction}, {}",
        told::word(&contact.channel),
        outcome.to_lowercase()
    )
}

pub fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "Yes" } else { "No" }
}

/// A number as it is written in the country, or as it stands on file.
pub fn number(text: &str) -> String {
    text.parse::<PhoneNumber>()
        .map_or_else(|_| text.to_owned(), PhoneNumber::display_national)
}
