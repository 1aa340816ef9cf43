//! What the debtor has allowed.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;

use super::{Files, detail, known_word, rows_of};
use crate::db::DbConn;
use crate::db::schema::consents;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::gate::facts;
use crate::gate::when::When;

/// The part of a consent's details that the gate reads.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ConsentWindow {
    from: Option<facts::LocalTime>,
    to: Option<facts::LocalTime>,
    during_compliant_contact: Option<bool>,
}

pub(super) fn add_consents(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        Option<PlacementId>,
        String,
        Option<PhoneNumber>,
        String,
        String,
        Instant,
        Option<NaiveDate>,
        Option<Instant>,
    );
    let rows: Vec<Row> = rows_of!(conn, consents, creditor, ids, |rows| rows
        .order((consents::debtor_id.asc(), consents::received_at.asc()))
        .select((
            consents::debtor_id,
            consents::placement_id,
            consents::kind,
            consents::number,
            consents::detail,
            consents::given_to,
            consents::received_at,
            consents::through_on,
            consents::revoked_at,
        )))?;
    for (debtor, placement, kind, number, text, given_to, at, through, revoked) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let grant = || facts::Grant {
            given: true,
            at: Some(When::At(at)),
            revoked_at: revoked.map(When::At),
            ..Default::default()
        };
        let flags = &mut file.facts.debtor.flags;
        match kind.as_str() {
            "recording" => flags.recording_consent = Some(grant()),
            "esign" => flags.esign_consent = Some(grant()),
            "autodial" => {
                let number = number.map(|number| number.to_string());
                for phone in &mut file.facts.debtor.phones {
                    if number.as_deref() == Some(phone.number.as_str()) {
                        phone.autodial_consent = Some(facts::AutodialConsent {
                            given_at: Some(When::At(at)),
                            revoked_at: revoked.map(When::At),
                        });
                    }
                }
            }
            // A permission that was taken back is none.
            "calls" | "time" if revoked.is_none() => {
                let window: ConsentWindow = detail(&text);
                flags.prior_consents.push(facts::PriorConsent {
                    kind: if kind == "time" {
                        facts::ConsentKind::Time
                    } else {
                        facts::ConsentKind::Calls
                    },
                    debt: placement.map(|id| id.to_string()),
                    received_at: Some(When::At(at)),
                    through: through.map(When::On),
                    from: window.from,
                    to: window.to,
                    given_to: known_word(&given_to),
                    during_compliant_contact: window.during_compliant_contact,
                });
            }
            _ => {}
        }
    }
    Ok(())
}
