//! Debts past their limitation period.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::Purpose;
use crate::gate::facts::Debt;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_cases/limitation.json`.
pub(super) const EXTINGUISHED_DEBT: RuleInfo = RuleInfo {
    id: RuleId::ExtinguishedDebt,
    key: "extinguished-debt",
    name: "Debt ended by law",
    strength: Strength::Hard,
    category: Category::Limitation,
    sentence: "In some states a debt ends with its limitation period and may no longer be collected.",
    public: "The debt is too old to be collected in this state.",
    citation: "Miss. Code 15-1-3(1); Wis. Stat. 893.05; N.C.G.S. 58-70-115 (product policy)",
    exceptions: &["Answers and notices that do not collect."],
    clears: "Never.",
    alert: AlertType::SolExpired,
};

/// Cases: `tests/gate_cases/limitation.json`.
pub(super) const TIME_BARRED: RuleInfo = RuleInfo {
    id: RuleId::TimeBarred,
    key: "time-barred",
    name: "Too old to sue on",
    strength: Strength::Hard,
    category: Category::Limitation,
    sentence: "Nobody may sue, or threaten to sue, on a debt whose limitation period has run out.",
    public: "The debt is too old to sue on.",
    citation: "12 CFR 1006.26(b)",
    exceptions: &["A message that neither sues nor threatens to is reminded only."],
    clears: "Not by waiting.",
    alert: AlertType::SolExpired,
};

/// Cases: `tests/gate_cases/limitation.json`.
pub(super) const LIMITATION_EXPIRED: RuleInfo = RuleInfo {
    id: RuleId::LimitationExpired,
    key: "limitation-expired",
    name: "Limitation period over",
    strength: Strength::Product,
    category: Category::Limitation,
    sentence: "The time to sue on this debt is over; some states ask that this is said.",
    public: "The debt is too old to sue on.",
    citation: "12 CFR 1006.26; the state's entry in the policy",
    exceptions: &["Answers and notices that do not collect."],
    clears: "Not by waiting.",
    alert: AlertType::SolExpired,
};

/// Raises `extinguished-debt`, `time-barred` and `limitation-expired`, from the day after the
/// last day on which suit was open. Nobody's knowledge matters.
pub(super) fn limitation(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(debt) = now.inquiry.debt.filter(|debt| has_expired(now, debt)) else {
        return;
    };
    let purpose = now.attempt().purpose;
    let threatens = match purpose {
        // A remedy named after a stop is as good as a threat to sue.
        Purpose::LegalThreat | Purpose::RemedyNotice => true,
        Purpose::Collect
        | Purpose::LocationInfo
        | Purpose::RespondOnce
        | Purpose::Terminate
        | Purpose::ConfirmOptout
        | Purpose::ValidationNotice
        | Purpose::DisputeResponse => false,
    };
    if threatens {
        findings.block(RuleId::TimeBarred, None, || {
            Why::says("The time to sue on this debt is over, so nobody may sue or threaten to.")
                .with("debts.limitations", expiry(debt))
        });
    } else {
        findings.remind(RuleId::TimeBarred, || {
            Why::says("The time to sue on this debt is over: no word about a court.")
        });
    }
    if purpose.is_not_collection() {
        return;
    }
    let date = now.date();
    let ended = now
        .inquiry
        .states()
        .find(|state| state.sol_hard_stop.on(date) == Some(&true));
    if let Some(state) = ended {
        findings.block(RuleId::ExtinguishedDebt, None, || {
            Why::says(format!(
                "In {} a debt this old may no longer be collected.",
                state.name
            ))
            .citing(
                state
                    .sol_hard_stop
                    .entry_on(date)
                    .map_or(EXTINGUISHED_DEBT.citation, |entry| &entry.citation),
            )
            .with("debts.limitations", expiry(debt))
        });
        return;
    }
    findings.warn(RuleId::LimitationExpired, None, || {
        let disclosure = now
            .inquiry
            .states()
            .filter_map(|state| state.time_barred_disclosure.entry_on(date))
            .find_map(|entry| Some((entry.value.as_deref()?, &entry.citation)));
        let why = Why::says("The time to sue on this debt is over; use the words for an old debt.")
            .with("debts.limitations", expiry(debt));
        match disclosure {
            Some((words, citation)) => why
                .citing(&format!("{}; {citation}", LIMITATION_EXPIRED.citation))
                .with("disclosure", words),
            None => why,
        }
    });
}

fn has_expired(now: &Now<'_>, debt: &Debt) -> bool {
    let today = now.latest_date();
    debt.time_barred == Some(true)
        || debt.limitations_expires_on.is_some_and(|last| today > last)
        || debt.limitations_expired_on.is_some_and(|last| today > last)
}

fn expiry(debt: &Debt) -> String {
    match debt.limitations_expired_on.or(debt.limitations_expires_on) {
        Some(last) => words::date(last),
        None => "time-barred".to_owned(),
    }
}
