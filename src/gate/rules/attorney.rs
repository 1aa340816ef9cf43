//! A represented consumer.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::gate::attempt::Party;
use crate::gate::facts::{Attorney, AttorneyStatus};
use crate::gate::findings::{Findings, Until, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_cases/attorney.json`.
pub(super) const ATTORNEY: RuleInfo = RuleInfo {
    id: RuleId::Attorney,
    key: "attorney",
    name: "Attorney",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "When a lawyer represents the person on a debt, the lawyer is contacted and not the person.",
    public: "The person is represented; contact goes through their representative.",
    citation: "15 U.S.C. 1692c(a)(2); 12 CFR 1006.6(b)(2)",
    exceptions: &[
        "The lawyer may be contacted.",
        "The lawyer agreed to direct contact.",
        "A person has found that the lawyer does not answer, and letters to the lawyer are on file.",
        "A person has found that the lawyer does not act for this account.",
    ],
    clears: "When the representation ends or an exception is recorded.",
    alert: AlertType::AttorneyRep,
};

/// Raises `attorney`. A debt that the record does not name is taken to be represented too, until a
/// person has found that it is not.
pub(super) fn attorney(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(attorney) = &now.facts().debtor.flags.attorney else {
        return;
    };
    if now.party() == Party::Attorney {
        return;
    }
    if let Some(exception) = exception(now, attorney) {
        findings.remind(RuleId::Attorney, || {
            Why::says(exception).with(
                "debtor.flags.attorney.status",
                format!("{:?}", attorney.status),
            )
        });
        return;
    }
    let until = exception_from(now, attorney);
    if is_named(now, attorney) {
        findings.block(RuleId::Attorney, until, || {
            Why::says(format!(
                "{} represents this person; contact the lawyer instead.",
                who(attorney)
            ))
            .with("debtor.flags.attorney", who(attorney))
        });
    } else if attorney.reviewed_by.is_none() {
        findings.block(RuleId::Attorney, until, || {
            Why::says(format!(
                "{} represents this person on another account; ask the lawyer whether on this one too.",
                who(attorney)
            ))
            .with("debtor.flags.attorney.debts", attorney.debts.join(", "))
        });
    }
}

/// Until when a lawyer is known to represent the person on this debt, with no exception on record.
pub(super) fn represented_until(now: &Now<'_>) -> Option<Until> {
    let attorney = now.facts().debtor.flags.attorney.as_ref()?;
    let represents = is_named(now, attorney) || attorney.reviewed_by.is_none();
    let holds = represents && exception(now, attorney).is_none();
    holds.then(|| exception_from(now, attorney).into())
}

/// Whether the record names the debt. One that names no debt covers all of them.
fn is_named(now: &Now<'_>, attorney: &Attorney) -> bool {
    attorney.debts.is_empty()
        || attorney
            .debts
            .iter()
            .any(|debt| now.inquiry.is_same_debt(debt))
        || now.inquiry.debt.is_none()
}

/// Counsel agreed, or never answers: the second needs a person's finding and letters on file, for
/// no number of days is set.
fn exception(now: &Now<'_>, attorney: &Attorney) -> Option<&'static str> {
    match attorney.status {
        AttorneyStatus::Active => None,
        AttorneyStatus::Consented => Some("The lawyer has agreed to direct contact."),
        AttorneyStatus::Unresponsive => {
            let written = attorney
                .letters_sent
                .iter()
                .any(|sent| now.certainly_happened(Some(*sent)));
            (written && attorney.reviewed_by.is_some())
                .then_some("The lawyer has not answered, as a person has found and recorded.")
        }
    }
}

/// When the first letter on file will have been sent, where that is all an exception waits for.
fn exception_from(now: &Now<'_>, attorney: &Attorney) -> Option<Instant> {
    let found = attorney.status == AttorneyStatus::Unresponsive && attorney.reviewed_by.is_some();
    let letters = attorney.letters_sent.iter().filter(|_| found);
    letters.map(|sent| now.happens_at(*sent)).min()
}

fn who(attorney: &Attorney) -> String {
    let name = attorney
        .name
        .as_deref()
        .map(words::on_file)
        .filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "A lawyer".to_owned());
    match attorney
        .phone
        .as_deref()
        .map(|phone| words::on_file(&PhoneNumber::readable(phone)))
        .filter(|phone| !phone.is_empty())
    {
        Some(phone) => format!("{name}, {phone},"),
        None => name,
    }
}
