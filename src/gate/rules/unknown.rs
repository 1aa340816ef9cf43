//! What the gate cannot tell, it refuses.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::Party;
use crate::gate::facts::Channel;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::locality::Unclear;

/// Cases: `tests/gate_cases/unknown.json`.
pub(super) const DEBT_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::DebtUnknown,
    key: "debt-unknown",
    name: "Debt not on file",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "A contact must be about a debt that is on file.",
    public: "The account could not be found.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/unknown.json`.
pub(super) const CONTACT_POINT_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::ContactPointUnknown,
    key: "contact-point-unknown",
    name: "Number or address not on file",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "Only numbers and addresses on the person's file are used.",
    public: "The number or address is not on file.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[
        "Numbers of a lawyer, a spouse, a representative or another person need not be on the debtor's file.",
    ],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/unknown.json`.
pub(super) const FACTS_UNCLEAR: RuleInfo = RuleInfo {
    id: RuleId::FactsUnclear,
    key: "facts-unclear",
    name: "The file contradicts itself",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "When the file contradicts itself or can't be read, nobody is contacted until a person has put it right.",
    public: "The file must be checked first.",
    citation: "Product policy: what is not known is refused",
    exceptions: &["A known location settles a ZIP code that does not fit the state."],
    clears: "When the file is put right.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/unknown.json`.
pub(super) const POLICY_GAP: RuleInfo = RuleInfo {
    id: RuleId::PolicyGap,
    key: "policy-gap",
    name: "No rule for this place or day",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "When the policy has no answer for the place or the day, nobody is contacted.",
    public: "No rules are on file for this place or day.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[],
    clears: "When the policy covers the place and the day.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/unknown.json`.
pub(super) const CHANNEL_NOT_OFFERED: RuleInfo = RuleInfo {
    id: RuleId::ChannelNotOffered,
    key: "channel-not-offered",
    name: "Texts are not sent",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "Text messages are counted but not sent.",
    public: "This way of contact is not offered.",
    citation: "Product policy",
    exceptions: &[],
    clears: "Never.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `debt-unknown` and `contact-point-unknown`.
pub(super) fn not_on_file(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    if now.inquiry.debt.is_none() {
        findings.block(RuleId::DebtUnknown, None, || {
            Why::says("This contact is about a debt that is not on file.")
                .with("attempt.debt", attempt.debt.as_deref().unwrap_or("none"))
        });
    }
    let on_file_only = now.party() == Party::Consumer;
    let (stated, on_file) = match attempt.channel {
        Channel::Call | Channel::Voicemail | Channel::Sms => {
            (attempt.phone.as_deref(), now.inquiry.phone.is_some())
        }
        Channel::Email => (attempt.email.as_deref(), now.inquiry.email.is_some()),
        Channel::Letter | Channel::Portal => return,
    };
    if stated.is_some() && (on_file || !on_file_only) {
        return;
    }
    findings.block(RuleId::ContactPointUnknown, None, || {
        Why::says("This number or address is not on the person's file.")
            .with("attempt", stated.unwrap_or("none"))
    });
}

/// Raises `facts-unclear`: an address that contradicts itself, for everything that is bound to a
/// place, and two debts of one name.
pub(super) fn unclear(now: &Now<'_>, findings: &mut Findings<'_>) {
    let address = now
        .inquiry
        .place
        .unclear
        .filter(|_| now.is_bound_to_hours());
    let message = match address {
        Some(Unclear::Zip) => "The ZIP code on file is not one.",
        Some(Unclear::State) => "The state on file is not one.",
        Some(Unclear::ZipOfAnotherState) => "The ZIP code on file lies in another state.",
        None if has_two_debts_of_one_name(now) => "Two debts on file have the same id.",
        None => return,
    };
    findings.block(RuleId::FactsUnclear, None, || {
        let debtor = &now.facts().debtor;
        Why::says(message)
            .with("debtor.zip", debtor.zip.as_deref().unwrap_or("none"))
            .with("debtor.state", debtor.state.as_deref().unwrap_or("none"))
    });
}

fn has_two_debts_of_one_name(now: &Now<'_>) -> bool {
    let name = now.attempt().debt.as_deref();
    let same = now
        .facts()
        .debts
        .iter()
        .filter(|debt| Some(debt.id.as_str()) == name);
    same.count() > 1
}

/// Raises `policy-gap` when the place has no policy, or an entry that the rules read does not
/// answer for the day.
pub(super) fn policy_gap(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(gap) = gap(now) else { return };
    findings.block(RuleId::PolicyGap, None, || {
        Why::says("No rules are on file for this place or day, so no contact is made.")
            .with("policy", gap)
    });
}

fn gap(now: &Now<'_>) -> Option<&'static str> {
    let date = now.date();
    let federal = &now.policy().federal;
    let answers = federal.call_hours.on(date).is_some()
        && federal.call_count.on(date).is_some()
        && federal.conversation_quiet_days.on(date).is_some()
        && federal.consent_days.on(date).is_some()
        && federal.rapid_calls.on(date).is_some()
        && federal.validation.on(date).is_some()
        && federal.landline_prerecorded.on(date).is_some()
        && federal.debt_collection_words.on(date).is_some()
        && federal.weekly_cap_days.on(date).is_some();
    if !answers {
        return Some("a federal value has no entry for this day");
    }
    if now.inquiry.place.states.is_empty() {
        return Some("no state is known");
    }
    for code in &now.inquiry.place.states {
        let Some(state) = now.policy().state(*code) else {
            return Some("no policy for the state");
        };
        let answers = state.call_frequency_limit.on(date).is_some()
            && state.call_frequency_window_days.on(date).is_some()
            && state.voicemail_disclosure_allowed.on(date).is_some()
            && state.mini_tcpa.on(date).is_some()
            && state.all_party_recording_consent.on(date).is_some()
            && state.sol_hard_stop.on(date).is_some();
        if !answers {
            return Some("a value of the state has no entry for this day");
        }
    }
    None
}

/// Raises `channel-not-offered`: texts sent elsewhere are counted, but none is sent.
pub(super) fn channel(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.attempt().channel == Channel::Sms {
        findings.block(RuleId::ChannelNotOffered, None, || {
            Why::says("Forbear sends no text messages.").with("attempt.channel", "sms")
        });
    }
}
