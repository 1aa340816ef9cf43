//! What the debtor has allowed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;

use super::{Files, detail, rows_of};
use crate::db::DbConn;
use crate::db::schema::consents;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::gate::facts;
use crate::gate::when::When;

/// The part of a consent's details that the gate reads.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    from: Option<facts::LocalTime>,
    to: Option<facts::LocalTime>,
    during_compliant_contact: Option<bool>,
    /// When the first day it covers begins, where that is later than its receipt.
    begins_at: Option<Instant>,
}

#[derive(Queryable)]
struct Row {
    debtor: DebtorId,
    placement: Option<PlacementId>,
    kind: ConsentKind,
    number: Option<PhoneNumber>,
    detail: String,
    given_to: GivenTo,
    received_at: Instant,
    through_on: Option<NaiveDate>,
    revoked_at: Option<Instant>,
    via: Medium,
    reference: Option<String>,
}

impl Row {
    /// The entry of the ledger, which a decision names.
    fn source(&self) -> String {
        match &self.reference {
            Some(reference) => format!("consent {reference}"),
            None => "consent on a call".to_owned(),
        }
    }
}

/// A permission of which there is one at a time: what was said of it, and what was said last.
#[derive(Default)]
struct Permission {
    given: Vec<Row>,
    last_revoked: Option<Instant>,
}

pub(super) fn add_consents(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
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
            consents::via,
            consents::reference,
        )))?;
    let mut single: BTreeMap<(DebtorId, &'static str, Option<String>), Permission> =
        BTreeMap::new();
    for row in rows {
        if !row.kind.is_one() {
            // A permission that was taken back is none.
            if row.revoked_at.is_none()
                && let Some(file) = files.get_mut(&row.debtor)
            {
                let consent = prior_consent(&row);
                file.facts.debtor.flags.prior_consents.push(consent);
            }
            continue;
        }
        let number = row.number.map(|number| number.to_string());
        let permission = single
            .entry((row.debtor, row.kind.as_str(), number))
            .or_default();
        permission.last_revoked = permission.last_revoked.max(row.revoked_at);
        permission.given.push(row);
    }
    for ((debtor, _, number), permission) in single {
        if let Some(file) = files.get_mut(&debtor) {
            add_single(&mut file.facts.debtor, number.as_deref(), &permission);
        }
    }
    Ok(())
}

fn prior_consent(row: &Row) -> facts::PriorConsent {
    let told: Detail = detail(&row.detail);
    facts::PriorConsent {
        kind: match row.kind {
            ConsentKind::Time => facts::ConsentKind::Time,
            ConsentKind::Calls
            | ConsentKind::Recording
            | ConsentKind::Autodial
            | ConsentKind::Esign => facts::ConsentKind::Calls,
        },
        debt: row.placement.map(|id| id.to_string()),
        received_at: Some(When::At(
            told.begins_at
                .map_or(row.received_at, |begins| begins.max(row.received_at)),
        )),
        through: row.through_on.map(When::On),
        from: told.from,
        to: told.to,
        given_to: Some(match row.given_to {
            GivenTo::Collector => facts::GivenTo::Collector,
            GivenTo::Creditor => facts::GivenTo::Creditor,
        }),
        during_compliant_contact: told.during_compliant_contact,
        source: Some(row.source()),
    }
}

fn add_single(debtor: &mut facts::Debtor, number: Option<&str>, permission: &Permission) {
    let Some((row, ends)) = in_force(permission) else {
        return;
    };
    let source = Some(row.source());
    let grant = || facts::Grant {
        given: true,
        at: Some(When::At(row.received_at)),
        revoked_at: ends,
        source: source.clone(),
        via: Some(row.via.as_str().to_owned()),
    };
    match row.kind {
        ConsentKind::Recording => debtor.flags.recording_consent = Some(grant()),
        ConsentKind::Esign => debtor.flags.esign_consent = Some(grant()),
        ConsentKind::Autodial => {
            for phone in &mut debtor.phones {
                if number == Some(phone.number.as_str()) {
                    phone.autodial_consent = Some(facts::AutodialConsent {
                        given_at: Some(When::At(row.received_at)),
                        revoked_at: ends,
                        source: source.clone(),
                    });
                }
            }
        }
        ConsentKind::Time | ConsentKind::Calls => {}
    }
}

/// The one that counts, and when it ends: the longest of those given after the last revocation,
/// or else the last one, with that revocation. What was given to the creditor counts only where
/// it travels with the debt.
fn in_force(permission: &Permission) -> Option<(&Row, Option<When>)> {
    let counts =
        |row: &&Row| row.given_to == GivenTo::Collector || row.kind.may_be_given_to_creditor();
    let standing = permission.given.iter().filter(counts).filter(|row| {
        row.revoked_at.is_none()
            && permission
                .last_revoked
                .is_none_or(|revoked| row.received_at > revoked)
    });
    let longest =
        standing.max_by_key(|row| (row.through_on.unwrap_or(NaiveDate::MAX), row.received_at));
    if let Some(row) = longest {
        // It is none from the day after its last day, wherever that day begins first.
        let ends = row.through_on.and_then(|last| last.succ_opt());
        return Some((row, ends.map(When::On)));
    }
    let revoked = permission.last_revoked?;
    let last = permission.given.iter().rfind(counts)?;
    Some((last, Some(When::At(revoked))))
}
