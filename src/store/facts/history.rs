//! Contacts of the past.

use diesel::prelude::*;

use super::{Files, known_word, rows_of, word};
use crate::db::DbConn;
use crate::db::schema::contacts;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::time::Instant;
use crate::gate::facts;

pub(super) fn add_history(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        Instant,
        String,
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Row> = rows_of!(conn, contacts, creditor, ids, |rows| rows
        // What certainly reached nobody is no contact.
        .filter(contacts::outcome.ne("not-placed"))
        .order((contacts::debtor_id.asc(), contacts::at.asc()))
        .select((
            contacts::debtor_id,
            contacts::placement_id,
            contacts::at,
            contacts::channel,
            contacts::direction,
            contacts::outcome,
            contacts::party,
            contacts::purpose,
            contacts::address,
            contacts::excluded,
        )))?;
    for (debtor, placement, at, channel, direction, outcome, party, purpose, address, excluded) in
        rows
    {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let direction = if direction == "in" {
            facts::Direction::In
        } else {
            facts::Direction::Out
        };
        file.facts.history.push(facts::Contact {
            // What is not known yet counts as placed.
            outcome: known_word(&outcome),
            debt: Some(placement.to_string()),
            party: known_word(&party),
            purpose: purpose.as_deref().and_then(known_word),
            phone: address.filter(|text| text.starts_with('+')),
            excluded: excluded.as_deref().and_then(known_word),
            ..facts::Contact::new(at, word(&channel), direction)
        });
    }
    Ok(())
}
