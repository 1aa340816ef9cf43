//! A consumer who has died.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Party, Purpose};
use crate::gate::facts::Representative;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_cases/deceased.json`.
pub(super) const DECEASED: RuleInfo = RuleInfo {
    id: RuleId::Deceased,
    key: "deceased",
    name: "Deceased",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "When a person has died, only the spouse or a named person with authority over the estate may be contacted.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "12 CFR 1006.6(a), (d)(1); comments 6(a)(1)-1, 6(a)(4)-1, 34(a)(1)-1",
    exceptions: &[
        "A named personal representative, the surviving spouse and the lawyer may be contacted.",
        "Others may be asked once who handles the estate.",
    ],
    clears: "When a permitted recipient is known.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `deceased`.
pub(super) fn deceased(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(deceased) = &now.facts().debtor.flags.deceased else {
        return;
    };
    if !now.has_begun(deceased.known_at) {
        return;
    }
    let named = deceased.representative.as_ref().and_then(authorised);
    let message = match now.party() {
        // The lawyer and the surviving spouse may hear of the debt, and others may be asked who acts
        // for the estate.
        Party::Attorney | Party::Spouse => return,
        Party::ThirdParty if now.attempt().purpose == Purpose::LocationInfo => return,
        Party::ThirdParty => {
            "This person has died, and this recipient has no authority over the estate."
        }
        Party::Consumer => {
            "This person has died; contact the estate and not their own number or address."
        }
        Party::PersonalRepresentative if named.is_none() => {
            "This person has died, and nobody with authority over the estate is named on the file."
        }
        Party::PersonalRepresentative if is_to_nobody_by_name(now) => {
            "A notice about a person who has died goes to a named person, not to the estate."
        }
        Party::PersonalRepresentative => return,
    };
    findings.block(RuleId::Deceased, None, || {
        Why::says(message).with(
            "debtor.flags.deceased.representative",
            named.map_or_else(|| "none".to_owned(), words::on_file),
        )
    });
}

/// The name of a representative whose authority is on file.
fn authorised(representative: &Representative) -> Option<&str> {
    let filled =
        |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    (filled(&representative.name) && filled(&representative.authority))
        .then_some(representative.name.as_deref())?
}

/// "Estate of X" names nobody (comment 34(a)(1)-1).
fn is_to_nobody_by_name(now: &Now<'_>) -> bool {
    now.attempt().purpose == Purpose::ValidationNotice
        && now.attempt().content.as_ref().is_some_and(|content| {
            content
                .addressee
                .as_deref()
                .is_some_and(super::validation::names_only_an_estate)
        })
}

/// Whether somebody still has to be found who may speak for the estate.
pub(super) fn lacks_representative(now: &Now<'_>) -> bool {
    now.facts()
        .debtor
        .flags
        .deceased
        .as_ref()
        .is_some_and(|deceased| {
            now.has_begun(deceased.known_at)
                && deceased
                    .representative
                    .as_ref()
                    .and_then(authorised)
                    .is_none()
        })
}
