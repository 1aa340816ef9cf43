//! How often and how soon again.

use super::exceptions::{calls_consent, next_calls_consent};
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::time::Instant;
use crate::gate::attempt::Party;
use crate::gate::facts::{Contact, Direction, Outcome};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::inquiry::{is_by_phone, is_conversation, is_placed_call};
use crate::gate::words;
use chrono::Duration;

/// Cases: `tests/gate_cases/frequency.json`.
pub(super) const CALL_COUNT: RuleInfo = RuleInfo {
    id: RuleId::CallCount,
    key: "call-count",
    name: "Seven calls in seven days",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "More than seven calls in seven days about one debt are presumed to be too many.",
    public: "The limit on calls is reached.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(b)(2)(i)(A)",
    exceptions: &[
        "A call the person asked the collector itself for, within seven days and until they talk.",
        "Calls to a lawyer, and lines that were busy or not in service, do not count.",
    ],
    clears: "When the oldest counted call is seven days old.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/frequency.json`.
pub(super) const CALL_CONVERSATION: RuleInfo = RuleInfo {
    id: RuleId::CallConversation,
    key: "call-conversation",
    name: "A week after talking",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "After a telephone conversation about a debt there is no call about it for seven days, the day of the conversation included.",
    public: "The person was spoken with less than a week ago.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(b)(2)(i)(B)",
    exceptions: &[
        "A call the person asked the collector itself for, within seven days and until they talk.",
    ],
    clears: "On the seventh day after the conversation.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/frequency.json`.
pub(super) const RAPID_CALLS: RuleInfo = RuleInfo {
    id: RuleId::RapidCalls,
    key: "rapid-calls",
    name: "Clustered calls",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "Calls in quick succession can harass even inside the limit.",
    public: "The last call was too recent.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(a); comment 14(b)(2)(i)-2",
    exceptions: &[],
    clears: "Five minutes after an unanswered call, or on the next day.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/frequency.json`.
pub(super) const WEEKLY_CALL_CAP: RuleInfo = RuleInfo {
    id: RuleId::WeeklyCallCap,
    key: "weekly-call-cap",
    name: "Weekly limit of the account",
    strength: Strength::Product,
    category: Category::Frequency,
    sentence: "The account limits how many successful calls a person gets in seven days, over all their accounts.",
    public: "The account's weekly limit on calls is reached.",
    citation: "Product policy: max_calls_per_week",
    exceptions: &[],
    clears: "When the oldest counted call is seven days old.",
    alert: AlertType::FdcpaViolation,
};

/// Whether the counts of calls concern this attempt: a call to anyone but the lawyer.
fn counts_calls(now: &Now<'_>) -> bool {
    now.is_by_phone() && now.party() != Party::Attorney
}

/// A call that the federal count counts for the attempt's person and debt.
pub(in crate::gate) fn is_counted_call(now: &Now<'_>, contact: &Contact) -> bool {
    is_placed_call(contact)
        && contact.excluded.is_none()
        && now.inquiry.is_with_same_person(contact)
        && now.inquiry.is_about_debt(contact)
}

/// Raises `call-count`: the eighth call within seven consecutive local days about one debt.
pub(super) fn call_count(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !counts_calls(now) {
        return;
    }
    let Some(limit) = now.policy().federal.call_count.on(now.date()) else {
        return;
    };
    let Some(reached) = now.limit_reached(limit.max, limit.days, |contact| {
        is_counted_call(now, contact)
    }) else {
        return;
    };
    if calls_consent(now).is_some() {
        return;
    }
    findings.warn(RuleId::CallCount, or_consent(now, reached.until), || {
        Why::says(format!(
            "There have been {} about this debt in the last {} days, and more than {} are presumed to be too many.",
            words::count(reached.count, "call", "calls"),
            limit.days,
            limit.max
        ))
        .with("history", words::count(reached.count, "counted call", "counted calls"))
    });
}

/// Raises `call-conversation`: a call within seven consecutive local days of a conversation about
/// the debt, whoever dialled, the day of the conversation being the first.
pub(super) fn call_conversation(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !counts_calls(now) {
        return;
    }
    let Some(&days) = now.policy().federal.conversation_quiet_days.on(now.date()) else {
        return;
    };
    let Some(reached) = now.limit_reached(1, days, |contact| {
        is_conversation(contact)
            && now.inquiry.is_with_same_person(contact)
            && now.inquiry.is_about_debt(contact)
    }) else {
        return;
    };
    if calls_consent(now).is_some() {
        return;
    }
    findings.warn(
        RuleId::CallConversation,
        or_consent(now, reached.until),
        || {
            Why::says(format!(
                "This person was spoken with about the debt less than {days} days ago."
            ))
            .with("history", "conversation")
        },
    );
}

fn or_consent(now: &Now<'_>, until: Option<Instant>) -> Option<Instant> {
    match (until, next_calls_consent(now)) {
        (Some(until), Some(consent)) => Some(until.min(consent)),
        (until, consent) => until.or(consent),
    }
}

/// Raises `rapid-calls`: soon after an unanswered call to the same number, or one more of many to
/// it on one day.
pub(super) fn rapid_calls(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !counts_calls(now) {
        return;
    }
    let Some(rapid) = now.policy().federal.rapid_calls.on(now.date()) else {
        return;
    };
    let to_same_number = |contact: &Contact| {
        is_placed_call(contact)
            && now.inquiry.is_with_same_person(contact)
            && now.inquiry.is_to_same_number(contact)
    };
    let pause = Duration::minutes(i64::from(rapid.minutes));
    let soon = now
        .inquiry
        .recent
        .iter()
        .filter(|contact| {
            contact.at <= now.at && now.at.since(contact.at) < pause && is_unanswered(contact)
        })
        .filter(|contact| to_same_number(contact))
        .map(|contact| contact.at.plus(pause))
        .max();
    let before = rapid.same_number_per_day.saturating_sub(1);
    let many = now.limit_reached(before, 1, to_same_number);
    let until = match (soon, many) {
        (None, None) => return,
        (soon, Some(many)) => many.until.max(soon),
        (soon, None) => soon,
    };
    findings.warn(RuleId::RapidCalls, until, || {
        if soon.is_some() {
            Why::says(format!(
                "This number was called without an answer less than {} minutes ago.",
                rapid.minutes
            ))
            .with("history", "unanswered call")
        } else {
            Why::says("This number has already been called many times on this day.").with(
                "history",
                words::count(
                    many.map_or(0, |many| many.count),
                    "call today",
                    "calls today",
                ),
            )
        }
    });
}

fn is_unanswered(contact: &Contact) -> bool {
    match contact.outcome {
        None
        | Some(
            Outcome::NoAnswer | Outcome::Voicemail | Outcome::VoicemailNoMessage | Outcome::Sent,
        ) => true,
        Some(
            Outcome::Busy
            | Outcome::NotInService
            | Outcome::Conversation
            | Outcome::ThirdPartyAnswered
            | Outcome::Received,
        ) => false,
    }
}

/// Raises `weekly-call-cap`: successful calls in and out, over all of the debtor's accounts.
pub(super) fn weekly_call_cap(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !counts_calls(now) {
        return;
    }
    let Some(max) = now.inquiry.debt.and_then(|debt| debt.max_calls_per_week) else {
        return;
    };
    let Some(&days) = now.policy().federal.weekly_cap_days.on(now.date()) else {
        return;
    };
    let Some(reached) = now.limit_reached(max, days, |contact| is_successful_call(now, contact))
    else {
        return;
    };
    findings.warn(RuleId::WeeklyCallCap, reached.until, || {
        Why::says(format!(
            "The account allows {} a week with this person, and that many have taken place.",
            words::count(usize::try_from(max).unwrap_or(usize::MAX), "call", "calls")
        ))
        .with("debts.max_calls_per_week", max.to_string())
        .with(
            "history",
            words::count(reached.count, "successful call", "successful calls"),
        )
    });
}

/// Somebody was reached, in either direction, about any of the debtor's accounts.
pub(in crate::gate) fn is_successful_call(now: &Now<'_>, contact: &Contact) -> bool {
    if !is_by_phone(contact.channel) || !now.inquiry.is_with_same_person(contact) {
        return false;
    }
    match contact.outcome {
        Some(Outcome::Conversation | Outcome::ThirdPartyAnswered) => true,
        None | Some(Outcome::Received) => contact.direction == Direction::In,
        Some(
            Outcome::NoAnswer
            | Outcome::Voicemail
            | Outcome::VoicemailNoMessage
            | Outcome::Busy
            | Outcome::NotInService
            | Outcome::Sent,
        ) => false,
    }
}
