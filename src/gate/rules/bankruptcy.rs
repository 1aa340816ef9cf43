//! The automatic stay and the discharge.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use chrono::NaiveDate;

use crate::gate::attempt::Party;
use crate::gate::facts::{BankruptcyStatus, Debt};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_cases/bankruptcy.json`.
pub(super) const BANKRUPTCY: RuleInfo = RuleInfo {
    id: RuleId::Bankruptcy,
    key: "bankruptcy",
    name: "Bankruptcy",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "While a bankruptcy case is open, nobody may try to collect a debt that is older than the case.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "11 U.S.C. 362(a)(6), 1301; 15 U.S.C. 1692c(a)(2)",
    exceptions: &[
        "The debtor's lawyer may be contacted.",
        "A debt incurred after the filing is a warning, for counsel to decide.",
    ],
    clears: "When the case is dismissed or closed.",
    alert: AlertType::Bankruptcy,
};

/// Cases: `tests/gate_cases/bankruptcy.json`.
pub(super) const DISCHARGED: RuleInfo = RuleInfo {
    id: RuleId::Discharged,
    key: "discharged",
    name: "Discharged debt",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "A debt that was discharged in bankruptcy may never be collected.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "11 U.S.C. 524(a)(2); 12 CFR 1006.30(b)",
    exceptions: &["A debt the discharge does not reach, such as one incurred after the filing."],
    clears: "Never.",
    alert: AlertType::Bankruptcy,
};

/// Raises `bankruptcy` and `discharged`. Dates count from the day of filing, whether or not the
/// collector knew.
pub(super) fn bankruptcy(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.party() == Party::Attorney {
        return;
    }
    let debt = now.inquiry.debt;
    let flags = &now.facts().debtor.flags;
    if let Some(case) = &flags.bankruptcy
        && is_filed(now, case.filed_on)
    {
        own_case(
            now,
            findings,
            Case {
                chapter: case.chapter,
                filed_on: case.filed_on,
                status: case.status,
                ended_on: case.ended_on,
            },
        );
    } else if debt.is_some_and(|debt| debt.included_in_discharge == Some(true)) {
        discharged(findings);
    }
    if let Some(case) = &flags.codebtor_of
        && is_filed(now, case.filed_on)
    {
        codebtor(
            now,
            findings,
            Case {
                chapter: case.chapter,
                filed_on: case.filed_on,
                status: case.status,
                ended_on: case.ended_on,
            },
        );
    }
}

#[derive(Clone, Copy)]
struct Case {
    chapter: Option<u8>,
    filed_on: Option<NaiveDate>,
    status: BankruptcyStatus,
    ended_on: Option<NaiveDate>,
}

fn is_filed(now: &Now<'_>, filed_on: Option<NaiveDate>) -> bool {
    filed_on.is_none_or(|filed| filed <= now.latest_date())
}

impl Case {
    /// Dismissed or discharged, by a date that has come on every clock. A case that is said to
    /// have ended, without a date, has.
    fn has_ended(&self, now: &Now<'_>) -> bool {
        match self.status {
            BankruptcyStatus::Active => false,
            BankruptcyStatus::Dismissed | BankruptcyStatus::Discharged => self
                .ended_on
                .is_none_or(|ended| ended <= now.earliest_date()),
        }
    }

    /// The debt was incurred after the petition. One without a date was not.
    fn began_before(&self, debt: Option<&Debt>) -> bool {
        match (self.filed_on, debt.and_then(|debt| debt.incurred_on)) {
            (Some(filed), Some(incurred)) => incurred > filed,
            (None, _) | (_, None) => false,
        }
    }

    fn chapter(&self) -> String {
        match self.chapter {
            Some(chapter) => format!("Chapter {chapter}"),
            None => "An unknown chapter".to_owned(),
        }
    }
}

fn own_case(now: &Now<'_>, findings: &mut Findings<'_>, case: Case) {
    let debt = now.inquiry.debt;
    if !case.has_ended(now) {
        let ends = match case.status {
            BankruptcyStatus::Active => None,
            BankruptcyStatus::Dismissed | BankruptcyStatus::Discharged => {
                case.ended_on.map(|ended| now.begun_everywhere(ended))
            }
        };
        if case.began_before(debt) {
            findings.warn(RuleId::Bankruptcy, ends, || {
                Why::says(format!(
                    "{} bankruptcy is open, and this debt is younger than the case; counsel decides.",
                    case.chapter()
                ))
                .with("debtor.flags.bankruptcy", case.chapter())
            });
        } else {
            findings.block(RuleId::Bankruptcy, ends, || {
                Why::says(format!(
                    "{} bankruptcy is open, so nobody may try to collect this debt.",
                    case.chapter()
                ))
                .with("debtor.flags.bankruptcy", case.chapter())
            });
        }
        return;
    }
    match case.status {
        BankruptcyStatus::Active => {}
        BankruptcyStatus::Dismissed => findings.remind(RuleId::Bankruptcy, || {
            Why::says(
                "A bankruptcy case of this person was dismissed; check that no new one is open.",
            )
            .with("debtor.flags.bankruptcy", "dismissed")
        }),
        BankruptcyStatus::Discharged => {
            let included = debt.and_then(|debt| debt.included_in_discharge);
            if included.unwrap_or(!case.began_before(debt)) {
                discharged(findings);
            } else {
                findings.remind(RuleId::Discharged, || {
                    Why::says("This person has had a discharge in bankruptcy that does not reach this debt.")
                        .with("debts.included_in_discharge", "false")
                });
            }
        }
    }
}

fn discharged(findings: &mut Findings<'_>) {
    findings.block(RuleId::Discharged, None, || {
        Why::says("This debt was discharged in bankruptcy and may never be collected.")
            .with("debts.included_in_discharge", "not excluded")
    });
}

/// Chapters 12 and 13 also shield an individual who owes the debt together with the debtor
/// (11 U.S.C. 1201, 1301). An unknown chapter may be one of them.
fn codebtor(now: &Now<'_>, findings: &mut Findings<'_>, case: Case) {
    let shields = matches!(case.chapter, None | Some(12 | 13));
    if !shields || case.has_ended(now) || case.began_before(now.inquiry.debt) {
        return;
    }
    let ends = match case.status {
        BankruptcyStatus::Active => None,
        BankruptcyStatus::Dismissed | BankruptcyStatus::Discharged => {
            case.ended_on.map(|ended| now.begun_everywhere(ended))
        }
    };
    findings.block(RuleId::Bankruptcy, ends, || {
        Why::says(format!(
            "{} bankruptcy of a co-debtor is open and shields this person too.",
            case.chapter()
        ))
        .with("debtor.flags.codebtor_of", words::on_file(&case.chapter()))
    });
}
