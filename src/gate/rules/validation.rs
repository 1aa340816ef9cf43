//! The validation notice: when it is due, what it says, what must not contradict it.

use super::timeline::{ValidationPeriod, date_of, first_communication, validation_period};
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Content, Party, Purpose};
use crate::gate::facts::{Channel, Debt, DebtKind};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::windows::add_days;
use crate::gate::words;

/// Cases: `tests/gate_cases/validation.json`.
pub(super) const ESIGN: RuleInfo = RuleInfo {
    id: RuleId::Esign,
    key: "esign",
    name: "Consent to electronic notices",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "A required notice after the first communication goes electronically only with the person's consent.",
    public: "The notice must go by post.",
    citation: "12 CFR 1006.42(b); 15 U.S.C. 7001(c)",
    exceptions: &["A notice that is itself the first communication."],
    clears: "When the person agrees.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/validation.json`.
pub(super) const VALIDATION_CONTENT: RuleInfo = RuleInfo {
    id: RuleId::ValidationContent,
    key: "validation-content",
    name: "What the validation notice says",
    strength: Strength::Content,
    category: Category::Notice,
    sentence: "A validation notice must be complete and right.",
    public: "The notice must be changed.",
    citation: "12 CFR 1006.34(c), (d)",
    exceptions: &[
        "Two items may be left out when the debt is not about a consumer financial product.",
        "A periodic mortgage statement may stand in for the itemization.",
        "How to dispute electronically need not stand in a letter.",
        "Hours, a reference code, ways to pay, state wording, a website, Spanish and a brand are optional.",
    ],
    clears: "When the notice is changed.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/validation.json`.
pub(super) const OVERSHADOW: RuleInfo = RuleInfo {
    id: RuleId::Overshadow,
    key: "overshadow",
    name: "The right to dispute",
    strength: Strength::Content,
    category: Category::Notice,
    sentence: "During the validation period no message may contradict the right to dispute.",
    public: "The message must be changed.",
    citation: "15 U.S.C. 1692g(b); 12 CFR 1006.38(b)",
    exceptions: &["A message that restates the right."],
    clears: "After the validation period.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/validation.json`.
pub(super) const VALIDATION_OVERDUE: RuleInfo = RuleInfo {
    id: RuleId::ValidationOverdue,
    key: "validation-overdue",
    name: "Validation notice overdue",
    strength: Strength::Presumption,
    category: Category::Notice,
    sentence: "The validation notice was due within five days of the first communication and has not been sent.",
    public: "A required notice must be sent first.",
    citation: "15 U.S.C. 1692g(a); 12 CFR 1006.34(a)(1)",
    exceptions: &["The notice itself and other messages that do not collect."],
    clears: "When the notice is sent.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/validation.json`.
pub(super) const VALIDATION_DUE: RuleInfo = RuleInfo {
    id: RuleId::ValidationDue,
    key: "validation-due",
    name: "Validation notice due",
    strength: Strength::Reminder,
    category: Category::Notice,
    sentence: "The validation notice is due within five days of the first communication.",
    public: "A required notice is due soon.",
    citation: "15 U.S.C. 1692g(a); 12 CFR 1006.34(a)(1)",
    exceptions: &[],
    clears: "When the notice is sent.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `validation-due` and `validation-overdue`, and works out the dates of the notice.
///
/// The five days are calendar days after the first communication. Once they have passed everything
/// but the notice itself waits for a person's word.
pub(super) fn notice(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(debt) = now.inquiry.debt else {
        return;
    };
    if let Some(period) = validation_period(now, debt) {
        findings.computed.assumed_receipt_on = Some(period.assumed_receipt);
        findings.computed.validation_period_ends_on = Some(period.ends);
        return;
    }
    let Some(times) = now.policy().federal.validation.on(now.date()) else {
        return;
    };
    let first = first_communication(now);
    let day_zero = first.map_or_else(|| now.earliest_date(), |at| now.earliest_date_of(at));
    let due = add_days(day_zero, i64::from(times.notice_due_days));
    if first.is_some() || begins_communication(now) {
        findings.computed.validation_due_on = Some(due);
    } else {
        return;
    }
    let purpose = now.attempt().purpose;
    if now.latest_date() <= due {
        if purpose != Purpose::ValidationNotice {
            findings.remind(RuleId::ValidationDue, || {
                Why::says(format!(
                    "The validation notice must be sent by {}.",
                    words::date(due)
                ))
            });
        }
    } else if !purpose.is_not_collection() {
        let sent = debt
            .validation
            .as_ref()
            .and_then(|validation| validation.provided_on);
        let until = sent
            .map(|sent| now.begun_everywhere(sent))
            .filter(|sent| *sent > now.at);
        findings.warn(RuleId::ValidationOverdue, until, || {
            Why::says(format!(
                "The validation notice was due by {} and has not been sent; send it first.",
                words::date(due)
            ))
            .with("debts.validation", "none")
            .with(
                "history",
                format!("first communication on {}", words::date(day_zero)),
            )
        });
    }
}

/// Whether the attempt itself would be the first communication.
fn begins_communication(now: &Now<'_>) -> bool {
    let attempt = now.attempt();
    let purpose = match attempt.purpose {
        Purpose::LocationInfo | Purpose::ConfirmOptout => false,
        Purpose::Collect
        | Purpose::RespondOnce
        | Purpose::Terminate
        | Purpose::RemedyNotice
        | Purpose::ValidationNotice
        | Purpose::DisputeResponse
        | Purpose::LegalThreat => true,
    };
    let channel = match attempt.channel {
        Channel::Call | Channel::Email | Channel::Letter | Channel::Portal => true,
        Channel::Voicemail | Channel::Sms => false,
    };
    let party = match now.party() {
        Party::Consumer | Party::Spouse | Party::PersonalRepresentative => true,
        Party::ThirdParty | Party::Attorney => false,
    };
    purpose && channel && party
}

/// Raises `overshadow`: a demand for payment inside the period, without a word on the right to
/// dispute. Before the notice the period has not even begun.
pub(super) fn overshadow(now: &Now<'_>, findings: &mut Findings<'_>) {
    let (Some(debt), Some(content)) = (now.inquiry.debt, now.attempt().content.as_deref()) else {
        return;
    };
    let Some(demand) = content.demand_by else {
        return;
    };
    if content.dispute_right_restated == Some(true) {
        return;
    }
    let sent_now = now.attempt().purpose == Purpose::ValidationNotice;
    let until = match validation_period(now, debt).filter(|_| !sent_now) {
        Some(period) => {
            if date_of(now, demand) > period.last_day || now.earliest_date() > period.last_day {
                return;
            }
            Some(now.begun_everywhere(add_days(period.last_day, 1)))
        }
        None => {
            let Some(times) = now.policy().federal.validation.on(now.date()) else {
                return;
            };
            let period = ValidationPeriod::of(now.latest_date(), content.end_date_shown, *times);
            if date_of(now, demand) > period.last_day {
                return;
            }
            None
        }
    };
    findings.block(RuleId::Overshadow, until, || {
        Why::says("The message demands payment within the validation period without restating the right to dispute.")
            .with("attempt.content.demand_by", words::date(date_of(now, demand)))
    });
}

/// Raises `esign`: a required notice that is not itself the first communication.
pub(super) fn esign(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    let electronic = match attempt.channel {
        Channel::Email | Channel::Portal | Channel::Sms => true,
        Channel::Call | Channel::Voicemail | Channel::Letter => false,
    };
    if !electronic || now.party() == Party::Attorney {
        return;
    }
    let required = match attempt.purpose {
        Purpose::DisputeResponse => true,
        Purpose::ValidationNotice => {
            let noticed = now
                .inquiry
                .debt
                .is_some_and(|debt| debt.validation.is_some());
            noticed || first_communication(now).is_some()
        }
        Purpose::Collect
        | Purpose::LocationInfo
        | Purpose::RespondOnce
        | Purpose::Terminate
        | Purpose::RemedyNotice
        | Purpose::ConfirmOptout
        | Purpose::LegalThreat => false,
    };
    let consent = now.facts().debtor.flags.esign_consent.as_ref();
    if !required || now.is_granted(consent) {
        return;
    }
    let from = consent.and_then(|consent| now.granted_from(consent));
    findings.block(RuleId::Esign, from, || {
        Why::says(
            "This notice may go electronically only with the person's consent; send it by post.",
        )
        .with("debtor.flags.esign_consent", "none")
    });
}

/// Raises `validation-content`.
pub(super) fn content(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.attempt().purpose != Purpose::ValidationNotice {
        return;
    }
    let Some(content) = now.attempt().content.as_deref() else {
        return;
    };
    if let Some((fault, fact, value)) = fault_of_notice(now, content) {
        findings.block(RuleId::ValidationContent, None, || {
            Why::says(fault).with(fact, value)
        });
    }
}

type Fault = (&'static str, &'static str, String);

fn fault_of_notice(now: &Now<'_>, content: &Content) -> Option<Fault> {
    if let Some(item) = content.missing.first() {
        return Some((
            "The notice lacks something it must say.",
            "attempt.content.missing",
            words::on_file(item),
        ));
    }
    if content.all_required_items == Some(false) {
        return Some((
            "The notice lacks something it must say.",
            "attempt.content.all_required_items",
            "false".to_owned(),
        ));
    }
    let debt = now.inquiry.debt;
    if let Some(item) = content
        .omitted
        .iter()
        .find(|item| !may_be_omitted(now, debt, content, item))
    {
        return Some((
            "The notice leaves out something it must say.",
            "attempt.content.omitted",
            words::on_file(item),
        ));
    }
    if has_blank(content) {
        return Some((
            "The notice leaves an amount or the account number blank; write zero or none.",
            "attempt.content.itemization",
            "blank".to_owned(),
        ));
    }
    if content
        .addressee
        .as_deref()
        .is_some_and(names_only_an_estate)
    {
        return Some((
            "The notice goes to a named person, not to an estate.",
            "attempt.content.addressee",
            words::on_file(content.addressee.as_deref().unwrap_or("")),
        ));
    }
    let times = *now.policy().federal.validation.on(now.date())?;
    let earliest = ValidationPeriod::of(now.latest_date(), None, times).ends;
    let shown = content.end_date_shown?;
    (shown < earliest).then(|| {
        (
            "The notice shows an end of the validation period that is too early.",
            "attempt.content.end_date_shown",
            format!(
                "{}, not before {}",
                words::date(shown),
                words::date(earliest)
            ),
        )
    })
}

/// Comment 34(a)(1)-1.
pub(super) fn names_only_an_estate(addressee: &str) -> bool {
    let addressee = addressee.trim().to_lowercase();
    addressee.is_empty()
        || addressee.starts_with("estate of")
        || addressee.starts_with("the estate of")
}

/// What 12 CFR 1006.34(c) lets go, and what 1006.34(d)(3) only permits. Anything else that is left
/// out must be there.
fn may_be_omitted(now: &Now<'_>, debt: Option<&Debt>, content: &Content, item: &str) -> bool {
    let financial = debt.is_none_or(|debt| is_consumer_financial(debt.kind));
    let electronic = now.attempt().channel != Channel::Letter;
    let statement = debt.is_some_and(|debt| debt.kind == DebtKind::Mortgage)
        && content.periodic_statement_attached == Some(true);
    match item.replace('-', "_").as_str() {
        "itemization_date_creditor" | "cfpb_website" => !financial,
        item if item.starts_with("electronic_") => !electronic,
        item if OPTIONAL_ITEMS.contains(&item) => true,
        item => statement && item.contains("itemization"),
    }
}

/// What a notice may say and need not: 12 CFR 1006.34(d)(3).
const OPTIONAL_ITEMS: &[&str] = &[
    "telephone",
    "telephone_number",
    "telephone_hours",
    "reference_code",
    "payment_options",
    "payment_disclosures",
    "state_disclosures",
    "website",
    "email",
    "spanish",
    "spanish_disclosures",
    "merchant_brand",
];

/// Whether the debt is about a consumer financial product or service. What kind it is nobody knows
/// is taken as one.
fn is_consumer_financial(kind: DebtKind) -> bool {
    match kind {
        DebtKind::CreditCard | DebtKind::StudentLoan | DebtKind::Mortgage | DebtKind::Other => true,
        DebtKind::Medical | DebtKind::LeaseBalance | DebtKind::Invoice => false,
    }
}

fn has_blank(content: &Content) -> bool {
    let is_blank =
        |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    content.itemization.as_ref().is_some_and(|itemization| {
        is_blank(&itemization.interest)
            || is_blank(&itemization.fees)
            || is_blank(&itemization.credits)
    }) || content
        .account_number
        .as_deref()
        .is_some_and(|number| number.trim().is_empty())
}
