//! Who may be reached at all.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Party, Purpose};
use crate::gate::facts::{Contact, Direction, Outcome, Phone};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_cases/recipient.json`.
pub(super) const THIRD_PARTY: RuleInfo = RuleInfo {
    id: RuleId::ThirdParty,
    key: "third-party",
    name: "Other people",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "Nobody but the person, their spouse, their lawyer or their representative may hear of the debt.",
    public: "This recipient may not be contacted.",
    citation: "15 U.S.C. 1692c(b); 12 CFR 1006.6(d)(1)",
    exceptions: &["Asking once where the person can be reached, without mentioning the debt."],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/recipient.json`.
pub(super) const LOCATION_INFO: RuleInfo = RuleInfo {
    id: RuleId::LocationInfo,
    key: "location-info",
    name: "Asking where someone is",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "Another person may be asked once where the debtor can be reached, and only when that is not known.",
    public: "This recipient may not be contacted again.",
    citation: "15 U.S.C. 1692b; 12 CFR 1006.10",
    exceptions: &[
        "A call that nobody answered may be tried again.",
        "Once a lawyer is known, nobody else may be asked.",
        "At the debtor's own number or address nobody else is asked.",
    ],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `third-party`, or `location-info` where the contact only asks where the consumer is.
pub(super) fn recipient(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    match now.party() {
        Party::ThirdParty if attempt.purpose == Purpose::LocationInfo => {
            location_info(now, findings)
        }
        Party::ThirdParty => third_party(now, findings, "somebody else"),
        Party::PersonalRepresentative if now.facts().debtor.flags.deceased.is_none() => {
            third_party(
                now,
                findings,
                "a representative of a person who is not known to have died",
            );
        }
        Party::Consumer => {
            if let Some(owner) = now.inquiry.phone.and_then(owner_of) {
                third_party(now, findings, owner);
            }
        }
        Party::PersonalRepresentative | Party::Spouse | Party::Attorney => {}
    }
}

fn third_party(now: &Now<'_>, findings: &mut Findings<'_>, who: &str) {
    findings.block(RuleId::ThirdParty, None, || {
        let who = now.attempt().recipient.as_deref().unwrap_or(who);
        Why::says("This would reach somebody who may not hear of the debt.")
            .with("attempt.recipient", words::on_file(who))
    });
}

/// Whose number it is, when it is somebody's who may not hear of the debt.
fn owner_of(phone: &Phone) -> Option<&str> {
    let owner = phone.belongs_to.as_deref()?.trim();
    let may_hear = ["self", "consumer", "debtor", "spouse", "husband", "wife"];
    (!may_hear.iter().any(|name| owner.eq_ignore_ascii_case(name))).then_some(owner)
}

/// Only when the location is really not known, once with each person, without a word on the debt,
/// and not once a lawyer is known, who is asked instead (12 CFR 1006.10(b)(2), (5)).
fn location_info(now: &Now<'_>, findings: &mut Findings<'_>) {
    let flags = &now.facts().debtor.flags;
    let own_phone = now.inquiry.phone.filter(|phone| owner_of(phone).is_none());
    if own_phone.is_some() || now.inquiry.email.is_some() {
        findings.block(RuleId::LocationInfo, None, || {
            Why::says(
                "This number or address is the person\u{2019}s own; whoever is asked is another.",
            )
            .with("debtor", "on file")
        });
        return;
    }
    if let Some(until) = super::attorney::represented_until(now) {
        findings.block(RuleId::LocationInfo, until, || {
            Why::says("A lawyer represents this person, so nobody else may be asked.")
                .with("debtor.flags.attorney", "on file")
        });
        return;
    }
    let content = now.attempt().content.as_deref();
    if content.and_then(|content| content.debt_collector_disclosure) == Some(true) {
        findings.block(RuleId::LocationInfo, None, || {
            Why::says("A question where someone is may not tell that it is about a debt.")
                .with("attempt.content.debt_collector_disclosure", "true")
        });
        return;
    }
    let needed = now.is_granted(flags.location_needed.as_ref())
        || super::deceased::lacks_representative(now);
    if !needed {
        let from = flags
            .location_needed
            .as_ref()
            .and_then(|grant| now.granted_from(grant));
        findings.block(RuleId::LocationInfo, from, || {
            Why::says("It is known how to reach this person, so nobody else may be asked.")
                .with("debtor.flags.location_needed", "not set")
        });
        return;
    }
    let asked = |contact: &&Contact| {
        contact.direction == Direction::Out
            && contact.purpose == Some(Purpose::LocationInfo)
            && now.inquiry.is_with_same_person(contact)
            && reached_somebody(contact)
    };
    if let Some(earlier) = now.facts().history.iter().find(asked) {
        findings.block(RuleId::LocationInfo, None, || {
            Why::says("This person has already been asked once.")
                .with("history", earlier.at.to_rfc3339())
        });
    }
}

fn reached_somebody(contact: &Contact) -> bool {
    match contact.outcome {
        None
        | Some(
            Outcome::Conversation
            | Outcome::ThirdPartyAnswered
            | Outcome::Voicemail
            | Outcome::Sent
            | Outcome::Received,
        ) => true,
        Some(
            Outcome::NoAnswer | Outcome::VoicemailNoMessage | Outcome::Busy | Outcome::NotInService,
        ) => false,
    }
}
