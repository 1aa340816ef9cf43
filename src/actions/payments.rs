//! Payments that a debtor made to the creditor.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::json;

use super::ctx::Ctx;
use super::placements::{LONGEST_NOTE, StopEffects, about, announce_status, end, lock};
use super::tx::Tx;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{PaymentId, PlacementId};
use crate::domain::money::{BasisPoints, Cents};
use crate::domain::payment::{Account, PaymentMethod, PaymentSource, Settlement, Unpayable};
use crate::domain::placement::PlacementStatus;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::Scope;
use crate::store::once::{self, Done};
use crate::store::payments::{self, Payment};
use crate::store::placements::{self, Placement};

/// Characters of a reference that are kept.
pub const LONGEST_REFERENCE: usize = 100;

/// A payment to record.
#[derive(Debug, Clone)]
pub struct PaymentInput {
    pub amount: Cents,
    pub paid_on: NaiveDate,
    pub method: PaymentMethod,
    pub reference: Option<String>,
    pub note: Option<String>,
    pub source: PaymentSource,
    /// Whose calendar decides which day it is.
    pub zone: Tz,
    /// The placement's version when fee and balance were shown; none where nothing was shown.
    pub version: Option<i64>,
    /// The person has seen that a payment like this is on record, and says it is another one.
    /// Programs repeat themselves by an idempotency key and not by this: they set it.
    pub is_another: bool,
    /// Made anew for each form that is shown: the same form sent twice records one payment.
    pub form_key: Option<String>,
}

/// What recording came to.
#[derive(Debug, Clone)]
pub enum Recorded {
    /// It is recorded now.
    New(Receipt),
    /// This very form had recorded it already; nothing was done again.
    Again(Payment),
    /// Nothing was recorded: a payment of this amount, day and reference is on record.
    Alike(Payment),
    /// Nothing was recorded: it was received before the placement, which should be recalled.
    BeforePlacement,
    /// Nothing was recorded: the placement ended before.
    Ended(Placement),
    /// Nothing was recorded: the placement has changed since fee and balance were shown.
    Changed(Placement),
}

/// A payment with what it did.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub payment: Payment,
    pub account: Account,
    /// What stopped, when it settled the account.
    pub paid_in_full: Option<StopEffects>,
}

/// Records a payment: ledger, totals, trail and webhooks in one transaction, and the end of the
/// placement when nothing is owed any more.
pub fn record(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: PlacementId,
    input: &PaymentInput,
) -> AppResult<Recorded> {
    ctx.write(actor, |tx| record_within(tx, scope, id, input))
}

/// [`record`] as a part of a transaction that does more.
pub fn record_within(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: PlacementId,
    input: &PaymentInput,
) -> AppResult<Recorded> {
    check_texts(input)?;
    let (placement, parties) = lock(tx, scope, id)?;
    let form = input
        .form_key
        .as_deref()
        .map(|key| Form::new(&placement, key, input));
    if let Some(form) = &form
        && let Some(payment) = form.recorded_before(tx, &placement)?
    {
        return Ok(Recorded::Again(payment));
    }
    if placement.status.is_closed() {
        return Ok(Recorded::Ended(placement));
    }
    if input.version.is_some_and(|seen| seen != placement.version) {
        return Ok(Recorded::Changed(placement));
    }
    let today = tx.now.date_in(input.zone);
    let placed_on = placement.placed_at.date_in(input.zone);
    let settlement = settle(&placement, parties.fee_rate, input.amount)?;
    if input.paid_on > today {
        return Err(AppError::invalid("paid_on", "Enter a day that has come."));
    }
    if input.paid_on < placed_on {
        return Ok(Recorded::BeforePlacement);
    }
    if !input.is_another
        && let Some(other) = payments::alike(
            tx.conn,
            placement.creditor_id,
            id,
            input.amount,
            input.paid_on,
            input.reference.as_deref(),
        )?
    {
        return Ok(Recorded::Alike(other));
    }
    let receipt = write(tx, placement, parties.fee_rate, input, settlement)?;
    if let Some(form) = form {
        form.keep(tx, receipt.payment.id)?;
    }
    Ok(Recorded::New(receipt))
}

/// The effect of a payment, or a plain sentence about the amount.
pub fn settle(placement: &Placement, rate: BasisPoints, amount: Cents) -> AppResult<Settlement> {
    placement
        .account()
        .pay(amount, rate)
        .map_err(|why| match why {
            Unpayable::NotPositive => {
                AppError::invalid("amount", "Enter an amount of more than zero.")
            }
            Unpayable::MoreThanOwed => AppError::invalid(
                "amount",
                format!(
                    "Enter at most {}, which is what is still owed.",
                    placement.account().remaining()
                ),
            ),
        })
}

fn check_texts(input: &PaymentInput) -> AppResult<()> {
    let mut errors = FieldErrors::default();
    let too_long = |text: &Option<String>, most: usize| {
        text.as_ref()
            .is_some_and(|text| text.chars().count() > most)
    };
    if too_long(&input.reference, LONGEST_REFERENCE) {
        errors.add(
            "reference",
            format!("Use at most {LONGEST_REFERENCE} characters."),
        );
    }
    if too_long(&input.note, LONGEST_NOTE) {
        errors.add("note", format!("Use at most {LONGEST_NOTE} characters."));
    }
    errors.into_result()
}

fn write(
    tx: &mut Tx<'_>,
    placement: Placement,
    rate: BasisPoints,
    input: &PaymentInput,
    settlement: Settlement,
) -> AppResult<Receipt> {
    let payment = Payment {
        creditor_id: placement.creditor_id,
        id: PaymentId::generate(tx.now),
        placement_id: placement.id,
        amount_cents: input.amount,
        fee_cents: settlement.fee,
        fee_bps: rate,
        paid_on: input.paid_on,
        method: input.method,
        reference: input.reference.clone(),
        note: input.note.clone(),
        source: input.source,
        recorded_by: tx.actor.to_string(),
        created_at: tx.now,
    };
    payments::insert(tx.conn, &payment)?;
    let account = settlement.after;
    let written = placements::set_account(
        tx.conn,
        placement.creditor_id,
        placement.id,
        placement.version,
        account,
        input.paid_on,
        tx.now,
    )?;
    if written == 0 {
        return Err(AppError::Busy("the placement is being changed".to_owned()));
    }
    let placement = Placement {
        recovered_cents: account.recovered,
        fee_cents: account.fee,
        version: placement.version + 1,
        ..placement
    };
    let paid_in_full = if account.is_settled() {
        Some(end(tx, &placement, PlacementStatus::Paid, None)?)
    } else {
        None
    };
    tell(tx, &placement, &payment, paid_in_full)?;
    Ok(Receipt {
        payment,
        account,
        paid_in_full,
    })
}

/// Appends to the trail and fills the outbox.
fn tell(
    tx: &mut Tx<'_>,
    placement: &Placement,
    payment: &Payment,
    paid_in_full: Option<StopEffects>,
) -> AppResult<()> {
    let received = tx.record(
        about(placement, EventKind::PaymentReceived)
            .body(json!({
                "payment": payment.id,
                "amount": payment.amount_cents,
                "fee": payment.fee_cents,
                "fee_bps": payment.fee_bps.get(),
                "recovered": placement.recovered_cents,
                "remaining": placement.account().remaining(),
                "paid_on": payment.paid_on,
                "method": payment.method.as_str(),
                "source": payment.source.as_str(),
            }))
            .detail(json!({"reference": payment.reference, "note": payment.note})),
    )?;
    tx.announce(
        placement.creditor_id,
        EventKind::PaymentReceived,
        placement.id.as_str(),
        json!({
            "placement_id": placement.id,
            "payment_id": payment.id,
            "amount": payment.amount_cents,
            "fee_amount": payment.fee_cents,
            "recovered_amount": placement.recovered_cents,
            "remaining_amount": placement.account().remaining(),
            "paid_on": payment.paid_on,
        }),
    )?;
    if let Some(effects) = paid_in_full {
        tx.record(
            about(placement, EventKind::PlacementPaid)
                .caused_by(received)
                .body(json!({
                    "sequences_paused": effects.sequences_paused,
                    "calls_cancelled": effects.calls_cancelled,
                    "status_before": placement.status.as_str(),
                })),
        )?;
        announce_status(tx, placement, PlacementStatus::Paid, Some(tx.now))?;
    }
    Ok(())
}

/// One form that was shown, by its key.
struct Form {
    scope: String,
    key: String,
    hash: String,
}

impl Form {
    fn new(placement: &Placement, key: &str, input: &PaymentInput) -> Self {
        let sent = json!([
            input.amount,
            input.paid_on,
            input.method.as_str(),
            input.reference,
            input.note,
        ]);
        Self {
            scope: format!("mark-as-paid {}", placement.id),
            key: key.to_owned(),
            hash: sha256_hex(sent.to_string().as_bytes()),
        }
    }

    /// The payment that this form has recorded. The same form with other values, sent after going
    /// back in the browser, is neither the old payment nor clearly a new one: a person must look.
    fn recorded_before(
        &self,
        tx: &mut Tx<'_>,
        placement: &Placement,
    ) -> AppResult<Option<Payment>> {
        let Some(done) = once::find(tx.conn, &self.scope, &self.key)? else {
            return Ok(None);
        };
        let payment = done
            .response
            .as_deref()
            .and_then(|id| id.parse::<PaymentId>().ok())
            .ok_or_else(|| AppError::internal("a form's key without its payment"))?;
        let payment = payments::find(tx.conn, placement.creditor_id, payment)?
            .ok_or_else(|| AppError::internal("a form's payment is gone"))?;
        if done.request_hash == self.hash {
            return Ok(Some(payment));
        }
        Err(AppError::Conflict(format!(
            "This form has recorded a payment of {} already. Open Mark as paid again to record \
             another one.",
            payment.amount_cents
        )))
    }

    fn keep(self, tx: &mut Tx<'_>, payment: PaymentId) -> AppResult<()> {
        let done = Done {
            request_hash: self.hash,
            response: Some(payment.to_string()),
        };
        once::keep(tx.conn, &self.scope, &self.key, &done, tx.now)?;
        Ok(())
    }
}
