//! Rows of a contact history: matched to placements by invoice, saved as contacts, and as letters
//! where they were validation notices.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};
use chrono_tz::America::New_York;
use serde_json::json;

use super::review::{Duplicate, LOOK_UP};
use crate::actions::placing::invoice_key;
use crate::actions::tx::{NewEvent, Tx};
use crate::db::DbConn;
use crate::domain::event::EventKind;
use crate::domain::id::{ContactId, CreditorId, DebtorId, LetterId, PlacementId};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::intake::contacts::ContactRow;
use crate::intake::issue::RowIssue;
use crate::intake::words::{Channel, Direction, Outcome, Party, Purpose, Word};
use crate::store::contacts as contact_store;
use crate::store::imports::{self, ImportedLetter};
use crate::store::placing;

/// What makes two contacts one: the account, the moment, the way and the direction.
type Key = (PlacementId, Instant, String, String);

/// The placements that the rows speak of.
#[derive(Debug)]
pub(super) struct Matching {
    by_invoice: HashMap<String, (PlacementId, DebtorId)>,
}

impl Matching {
    pub fn find(conn: &mut DbConn, creditor: CreditorId, rows: &[ContactRow]) -> AppResult<Self> {
        let mut keys: Vec<String> = rows
            .iter()
            .map(|row| invoice_key(&row.invoice_number))
            .collect();
        keys.sort();
        keys.dedup();
        let mut by_invoice = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(LOOK_UP) {
            by_invoice.extend(
                placing::by_invoice(conn, creditor, keys)?
                    .into_iter()
                    .map(|(key, placement, debtor)| (key, (placement, debtor))),
            );
        }
        Ok(Self { by_invoice })
    }

    fn of(&self, row: &ContactRow) -> Option<(PlacementId, DebtorId)> {
        self.by_invoice
            .get(&invoice_key(&row.invoice_number))
            .copied()
    }

    /// An issue for each row whose invoice is not placed.
    pub fn unmatched(&self, rows: &[ContactRow]) -> Vec<RowIssue> {
        rows.iter()
            .filter(|row| self.of(row).is_none())
            .map(|row| {
                RowIssue::new(
                    row.line,
                    "invoice_number",
                    &row.invoice_number,
                    "is not placed with this creditor: import its placement first",
                )
            })
            .collect()
    }

    /// Rows that are on file already.
    pub fn duplicates(
        &self,
        conn: &mut DbConn,
        creditor: CreditorId,
        before: Instant,
        rows: &[ContactRow],
    ) -> AppResult<Vec<Duplicate>> {
        let on_file = self.on_file(conn, creditor, before, rows)?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                let (placement, _) = self.of(row)?;
                on_file.contains(&key(placement, row)).then(|| Duplicate {
                    line: row.line,
                    invoice_number: row.invoice_number.clone(),
                    about: format!(
                        "{}, {}",
                        row.channel.key(),
                        row.at.date_in(New_York).format("%-d %b %Y")
                    ),
                    placement,
                })
            })
            .collect())
    }

    /// The contacts of the rows' placements that were on file before. Two rows of one file are
    /// never taken for one: a day on which somebody was called twice counts twice.
    fn on_file(
        &self,
        conn: &mut DbConn,
        creditor: CreditorId,
        before: Instant,
        rows: &[ContactRow],
    ) -> AppResult<HashSet<Key>> {
        let mut placements: Vec<PlacementId> = rows
            .iter()
            .filter_map(|row| self.of(row).map(|(placement, _)| placement))
            .collect();
        placements.sort();
        placements.dedup();
        let mut found = HashSet::new();
        for placements in placements.chunks(LOOK_UP) {
            found.extend(imports::contacts_on_file(
                conn, creditor, placements, before,
            )?);
        }
        Ok(found)
    }
}

fn key(placement: PlacementId, row: &ContactRow) -> Key {
    (
        placement,
        row.at,
        row.channel.key().to_owned(),
        row.direction.key().to_owned(),
    )
}

/// What became of a row: its line, its invoice, the placement, and whether it was saved (or was on
/// file already).
pub(super) type RowOutcome = (u32, String, PlacementId, bool);

/// Saves the rows that are matched and were not on file at `before`; one outcome for each that is
/// matched.
pub(super) fn save(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    before: Instant,
    rows: &[ContactRow],
) -> AppResult<Vec<RowOutcome>> {
    let matching = Matching::find(tx.conn, creditor, rows)?;
    let on_file = matching.on_file(tx.conn, creditor, before, rows)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut contacts = Vec::new();
    let mut letters = Vec::new();
    for row in rows {
        let Some((placement, debtor)) = matching.of(row) else {
            continue;
        };
        let is_new = !on_file.contains(&key(placement, row));
        outcomes.push((row.line, row.invoice_number.clone(), placement, is_new));
        if is_new {
            contacts.push(contact(tx, creditor, placement, debtor, row));
            letters.extend(notice(tx, creditor, placement, debtor, row));
        }
    }
    imports::insert_contacts(tx.conn, &contacts)?;
    imports::insert_letters(tx.conn, &letters)?;
    for contact in &contacts {
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::ContactLogged)
                .debtor(contact.debtor_id)
                .placement(contact.placement_id)
                .body(json!({
                    "contact": contact.id,
                    "at": contact.at,
                    "channel": contact.channel,
                    "direction": contact.direction,
                    "outcome": contact.outcome,
                    "source": contact.source,
                })),
        )?;
    }
    for letter in &letters {
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::LetterRecorded)
                .debtor(letter.debtor_id)
                .placement(letter.placement_id)
                .body(json!({
                    "letter": letter.id,
                    "type": letter.letter_type,
                    "sent_on": letter.sent_on,
                })),
        )?;
    }
    Ok(outcomes)
}

fn contact(
    tx: &Tx<'_>,
    creditor: CreditorId,
    placement: PlacementId,
    debtor: DebtorId,
    row: &ContactRow,
) -> contact_store::ContactRow {
    let party = row.party.unwrap_or(match row.outcome {
        Outcome::ThirdPartyAnswered => Party::ThirdParty,
        Outcome::NoAnswer
        | Outcome::Voicemail
        | Outcome::VoicemailNoMessage
        | Outcome::Busy
        | Outcome::NotInService
        | Outcome::Conversation
        | Outcome::Sent
        | Outcome::Received => Party::Consumer,
    });
    let agent = row.agent.as_ref().map(|agent| format!("Agent: {agent}"));
    let notes: Vec<String> = agent.into_iter().chain(row.notes.clone()).collect();
    contact_store::ContactRow {
        creditor_id: creditor,
        id: ContactId::generate(tx.now),
        debtor_id: debtor,
        placement_id: placement,
        at: row.at,
        channel: row.channel.key().to_owned(),
        direction: row.direction.key().to_owned(),
        outcome: row.outcome.key().to_owned(),
        party: party.key().to_owned(),
        purpose: Some(row.purpose.key().to_owned()),
        address: row
            .phone
            .map(|phone| phone.to_string())
            .or_else(|| row.email.as_ref().map(ToString::to_string)),
        initiator: match row.direction {
            Direction::Out => "agent",
            Direction::In => "debtor",
        }
        .to_owned(),
        logged_by: tx.actor.to_string(),
        decision_id: None,
        contact_epoch: None,
        mini_miranda: row.mini_miranda,
        identified_as_collector: None,
        excluded: None,
        in_flight_at_recall: false,
        source: "import".to_owned(),
        duration_seconds: None,
        notes: (!notes.is_empty()).then(|| notes.join("\n")),
        created_at: tx.now,
    }
}

/// The validation notice that the row tells of (12 CFR 1006.34). The end of its period is worked
/// out by the gate.
fn notice(
    tx: &Tx<'_>,
    creditor: CreditorId,
    placement: PlacementId,
    debtor: DebtorId,
    row: &ContactRow,
) -> Option<ImportedLetter> {
    if row.purpose != Purpose::ValidationNotice || row.direction != Direction::Out {
        return None;
    }
    let method = match row.channel {
        Channel::Letter => "mail",
        Channel::Email | Channel::Portal => "email",
        Channel::Call => "oral",
        Channel::Voicemail | Channel::Sms => return None,
    };
    Some(ImportedLetter {
        creditor_id: creditor,
        id: LetterId::generate(tx.now),
        placement_id: placement,
        debtor_id: debtor,
        letter_type: "validation_notice",
        sent_on: sent_on(row),
        method,
        created_by: tx.actor.to_string(),
        created_at: tx.now,
    })
}

/// The date of sending on the clock of the East. A row that gives only a date stands at the end of
/// it somewhere in the country; half a day earlier it is that date everywhere there.
fn sent_on(row: &ContactRow) -> NaiveDate {
    if row.is_date_only {
        row.at.minus(Duration::hours(12)).date_in(New_York)
    } else {
        row.at.date_in(New_York)
    }
}
