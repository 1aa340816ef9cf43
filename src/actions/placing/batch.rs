//! The rows of accounts whose debtors are known: the accounts themselves and their first outreach.

use serde_json::json;

use super::Fresh;
use super::outreach::Outreach;
use super::subjects::Subject;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::event::EventKind;
use crate::domain::id::{CallId, CreditorId, DisputeId, SequenceId};
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::Policy;
use crate::store::placing::{self as store, CallRow, DisputeRow, PlacementRow, SequenceRow};
use crate::store::search_words::{self, Entry};

/// Rows to be written together.
pub(super) struct Batch {
    creditor: CreditorId,
    source: Medium,
    now: Instant,
    actor: String,
    placements: Vec<PlacementRow>,
    /// The debtors' names, in the order of the placements.
    names: Vec<String>,
    disputes: Vec<DisputeRow>,
    sequences: Vec<SequenceRow>,
    calls: Vec<CallRow>,
}

impl Batch {
    pub fn new(tx: &Tx<'_>, creditor: CreditorId, source: Medium) -> Self {
        Self {
            creditor,
            source,
            now: tx.now,
            actor: tx.actor.to_string(),
            placements: Vec::new(),
            names: Vec::new(),
            disputes: Vec::new(),
            sequences: Vec::new(),
            calls: Vec::new(),
        }
    }

    pub fn add(&mut self, row: &Fresh<'_>, subject: &Subject, policy: &Policy) {
        let new = row.new;
        let undisputed = if subject.is_reachable() {
            PlacementStatus::InOutreach
        } else {
            PlacementStatus::Ready
        };
        let (status, status_before_dispute) = if new.disputed {
            (PlacementStatus::Disputed, Some(undisputed))
        } else {
            (undisputed, None)
        };
        let itemization = new.itemization.as_ref();
        self.placements.push(PlacementRow {
            creditor_id: self.creditor,
            id: row.id,
            debtor_id: subject.id,
            invoice_number: new.invoice_number.clone(),
            invoice_key: row.key.clone(),
            debt_kind: new.debt_kind,
            original_creditor: new.original_creditor.clone(),
            status,
            status_before_dispute,
            amount_cents: new.amount,
            due_on: new.due_on,
            incurred_on: new.incurred_on,
            last_payment_on: new.last_payment_on,
            limitation_expires_on: new.limitation_expires_on,
            itemization_on: itemization.map(|item| item.on),
            itemization_amount_cents: itemization.and_then(|item| item.amount),
            itemization_interest_cents: itemization.and_then(|item| item.interest),
            itemization_fees_cents: itemization.and_then(|item| item.fees),
            itemization_credits_cents: itemization.and_then(|item| item.credits),
            max_calls_per_week: new.max_calls_per_week,
            posture: new.posture,
            notes: new.notes.clone(),
            import_id: new.import,
            placed_at: self.now,
            updated_at: self.now,
        });
        self.names.push(new.debtor.name.clone());
        if new.disputed {
            self.dispute(row, subject);
        }
        self.plan(row, subject, policy);
    }

    fn dispute(&mut self, row: &Fresh<'_>, subject: &Subject) {
        self.disputes.push(DisputeRow {
            creditor_id: self.creditor,
            id: DisputeId::generate(self.now),
            placement_id: row.id,
            debtor_id: subject.id,
            reason: "other",
            details: Some("Reported by the creditor when the account was placed."),
            in_writing: false,
            via: self.source,
            status: "open",
            received_at: self.now,
            recorded_by: self.actor.clone(),
            created_at: self.now,
        });
    }

    fn plan(&mut self, row: &Fresh<'_>, subject: &Subject, policy: &Policy) {
        let zones = subject.zones(policy, self.now);
        let outreach = Outreach::first(self.now, subject, &zones, row.new.disputed);
        if let Some(sequence) = outreach.sequence {
            self.sequences.push(SequenceRow {
                creditor_id: self.creditor,
                id: SequenceId::generate(self.now),
                placement_id: row.id,
                debtor_id: subject.id,
                status: sequence.status,
                pause_cause: sequence.pause_cause,
                next_send_at: sequence.next_send_at,
                created_at: self.now,
                updated_at: self.now,
            });
        }
        if let Some((number, at)) = outreach.call {
            self.calls.push(CallRow {
                creditor_id: self.creditor,
                id: CallId::generate(self.now),
                placement_id: row.id,
                debtor_id: subject.id,
                number,
                status: "planned",
                scheduled_at: at,
                created_at: self.now,
                updated_at: self.now,
            });
        }
    }

    pub fn write(&self, tx: &mut Tx<'_>) -> AppResult<()> {
        store::insert_placements(tx.conn, &self.placements)?;
        let entries: Vec<Entry<'_>> = self
            .placements
            .iter()
            .zip(&self.names)
            .map(|(placement, name)| Entry {
                placement: placement.id,
                debtor_name: name,
                invoice_number: &placement.invoice_number,
            })
            .collect();
        search_words::insert(tx.conn, self.creditor, &entries)?;
        store::insert_disputes(tx.conn, &self.disputes)?;
        store::insert_sequences(tx.conn, &self.sequences)?;
        store::insert_calls(tx.conn, &self.calls)?;
        Ok(())
    }

    /// One event for each account, and one for each dispute it came with.
    pub fn record(&self, tx: &mut Tx<'_>) -> AppResult<()> {
        for row in &self.placements {
            let created = tx.record(
                NewEvent::of_creditor(self.creditor, EventKind::PlacementCreated)
                    .debtor(row.debtor_id)
                    .placement(row.id)
                    .body(json!({
                        "status": row.status.as_str(),
                        "amount": row.amount_cents.to_decimal(),
                        "import": row.import_id,
                    })),
            )?;
            if row.status == PlacementStatus::Disputed {
                tx.record(
                    NewEvent::of_creditor(self.creditor, EventKind::DisputeOpened)
                        .debtor(row.debtor_id)
                        .placement(row.id)
                        .caused_by(created)
                        .body(json!({"reason": "other", "via": self.source.as_str()})),
                )?;
            }
        }
        Ok(())
    }
}
