//! The request to stop all contact.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Party, Purpose};
use crate::gate::facts::{Cease, Contact, Direction};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::when::When;
use crate::gate::words;

/// Cases: `tests/gate_cases/cease.json`.
pub(super) const CEASE: RuleInfo = RuleInfo {
    id: RuleId::Cease,
    key: "cease",
    name: "Request to stop all contact",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person who refuses to pay or asks for contact to stop is not contacted again.",
    public: "The person has asked for contact to stop.",
    citation: "15 U.S.C. 1692c(c); 12 CFR 1006.6(c)",
    exceptions: &[
        "One message that collection ends.",
        "One message that a named remedy may or will be used.",
        "The person's lawyer may be contacted.",
    ],
    clears: "Only when the person withdraws it in writing.",
    alert: AlertType::CeaseDesist,
};

/// Raises `cease` from the moment of receipt, on every channel, for the debts it names or all.
/// However it came: a spoken stop is honoured like a written one.
pub(super) fn cease(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.party() == Party::Attorney {
        return;
    }
    let in_force = now.facts().debtor.flags.cease.iter().find(|cease| {
        now.has_begun(cease.received_at) && covers(now, cease) && !is_allowed_after(now, cease)
    });
    let Some(cease) = in_force else {
        return;
    };
    findings.block(RuleId::Cease, None, || {
        let since = match cease.received_at {
            Some(When::At(at)) => format!(" on {}", words::date(now.earliest_date_of(at))),
            Some(When::On(date)) => format!(" on {}", words::date(date)),
            None => String::new(),
        };
        Why::says(format!("This person asked{since} that contact stops.")).with(
            "debtor.flags.cease",
            cease
                .via
                .as_deref()
                .map_or_else(|| "on file".to_owned(), words::on_file),
        )
    });
}

fn covers(now: &Now<'_>, cease: &Cease) -> bool {
    cease.debts.is_empty()
        || now.inquiry.debt.is_none()
        || cease
            .debts
            .iter()
            .any(|debt| now.inquiry.is_same_debt(debt))
}

/// That collection ends, and that a named remedy may or will be used: once each.
fn is_allowed_after(now: &Now<'_>, cease: &Cease) -> bool {
    let purpose = now.attempt().purpose;
    let allowed = match purpose {
        Purpose::Terminate | Purpose::RemedyNotice => true,
        Purpose::Collect
        | Purpose::LocationInfo
        | Purpose::RespondOnce
        | Purpose::ConfirmOptout
        | Purpose::ValidationNotice
        | Purpose::DisputeResponse
        | Purpose::LegalThreat => false,
    };
    let said_already = |contact: &Contact| {
        contact.direction == Direction::Out
            && contact.purpose == Some(purpose)
            && cease
                .received_at
                .is_none_or(|received| contact.at >= received.earliest())
            && now.inquiry.is_about_debt(contact)
    };
    allowed && !now.facts().history.iter().any(said_already)
}
