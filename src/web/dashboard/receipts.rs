//! `GET /placements/{id}/payments/{payment}`: one payment on paper.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::people::People;
use super::{frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::id::{PaymentId, PlacementId};
use crate::domain::money::Cents;
use crate::error::{AppError, AppResult};
use crate::store::payments::{self, Payment};
use crate::store::placements;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::{Fact, When, trail_to_placement};
use crate::web::view::payment::ReceiptPage;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, PaymentId)>,
) -> AppResult<HttpResponse> {
    let (id, payment) = path.into_inner();
    let reader = user.clone();
    let loaded = blocking(move || load(&ctx, &reader, id, payment)).await?;
    page::ok(&ReceiptPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Payment receipt",
            Some(Section::Placements),
        ),
        trail: trail_to_placement(id.as_str(), &loaded.invoice),
        amount: loaded.amount,
        fee: loaded.fee,
        rate: loaded.rate,
        left: loaded.left,
        facts: loaded.facts,
        back_href: format!("/placements/{id}?tab=payments#record"),
    })
}

struct Loaded {
    invoice: String,
    amount: String,
    fee: String,
    rate: String,
    left: String,
    facts: Vec<Fact>,
}

fn load(ctx: &Ctx, reader: &SignedIn, id: PlacementId, payment: PaymentId) -> AppResult<Loaded> {
    ctx.read(|conn| {
        let (placement, parties) =
            placements::find(conn, reader.scope(), id)?.ok_or(AppError::NotFound)?;
        let ledger = payments::of_placement(conn, placement.creditor_id, id)?;
        let found = ledger
            .iter()
            .find(|known| known.id == payment)
            .ok_or(AppError::NotFound)?;
        let people = People::load(
            conn,
            std::iter::once(found.recorded_by.as_str()),
            reader.creditor.is_some(),
        )?;
        let recorded = When::new(found.created_at, reader.time_zone, ctx.now());
        let mut facts = vec![
            Fact::new("Creditor", parties.creditor),
            Fact::new("Debtor", parties.debtor),
            Fact::new("Invoice", placement.invoice_number.clone()),
            Fact::new("Received on", words::date(found.paid_on)),
            Fact::new("Method", found.method.label()),
        ];
        for (term, text) in [("Reference", &found.reference), ("Note", &found.note)] {
            if let Some(text) = text {
                facts.push(Fact::new(term, text.clone()));
            }
        }
        let by = people.name(&found.recorded_by);
        facts.extend([
            Fact::new("Recorded", format!("{} by {by}", recorded.absolute)),
            Fact::new("Payment number", found.id.to_string()),
        ]);
        Ok(Loaded {
            amount: found.amount_cents.to_string(),
            fee: found.fee_cents.to_string(),
            rate: found.fee_bps.to_string(),
            left: left_after(placement.account().amount, &ledger, found).to_string(),
            invoice: placement.invoice_number,
            facts,
        })
    })
}

/// What remained once this payment was recorded; later ones don't change its receipt.
fn left_after(amount: Cents, ledger: &[Payment], payment: &Payment) -> Cents {
    let place = |payment: &Payment| (payment.created_at, payment.id);
    ledger
        .iter()
        .filter(|known| place(known) <= place(payment))
        .fold(amount, |left, known| {
            left.checked_sub(known.amount_cents).unwrap_or(left)
        })
}
