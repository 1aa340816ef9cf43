//! `/placements/{id}/mark-as-paid`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;

use super::conflict::{self, NotDone};
use super::{frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::payments::{self as actions, PaymentInput, Receipt, Recorded, settle};
use crate::domain::id::PlacementId;
use crate::domain::money::{Cents, NotMoney};
use crate::domain::payment::{PaymentMethod, PaymentSource};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::placements::{self, Parties, Placement};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::mark_as_paid::{MarkAsPaidForm, MarkAsPaidPage, PaymentQuote};
use crate::web::view::part::Link;

/// What the form sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Submitted {
    amount: String,
    received_on: String,
    method: String,
    reference: String,
    note: String,
    /// The amount whose fee and balance the person has seen.
    quoted: String,
    version: String,
    once_key: String,
    is_another: String,
}

struct Ground {
    placement: Placement,
    parties: Parties,
    now: Instant,
}

async fn ground(ctx: &Ctx, user: &SignedIn, id: PlacementId) -> AppResult<Ground> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let (placement, parties) =
                placements::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
            Ok(Ground {
                placement,
                parties,
                now,
            })
        })
    })
    .await
}

/// The form, filled with all that is owed, received today.
pub async fn form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let ground = ground(&ctx, &user, id.into_inner()).await?;
    if ground.placement.status.is_closed() {
        return Ok(page::see_other(&format!(
            "/placements/{}",
            ground.placement.id
        )));
    }
    let remaining = ground.placement.account().remaining();
    let today = ground.now.date_in(user.time_zone);
    let form = MarkAsPaidForm::new(&remaining.to_decimal(), &today.to_string(), "", "", "");
    let quote = quote(&ground, remaining);
    let once_key = random_code(20)?;
    page::ok(&view(&req, &session, &user, &ground, form, quote, once_key))
}

pub async fn submit(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let (id, sent) = (id.into_inner(), form.into_inner());
    let ground = ground(&ctx, &user, id).await?;
    let again = |form: MarkAsPaidForm| {
        let amount = Cents::parse_input(&sent.amount).unwrap_or(Cents::ZERO);
        let quote = quote(&ground, amount);
        let once_key = sent.once_key.clone();
        view(&req, &session, &user, &ground, form, quote, once_key)
    };
    let input = match read(&sent, &user) {
        Ok(input) => input,
        Err(form) => return page::unprocessable(&again(*form)),
    };
    // Fee and balance have to be seen before they are confirmed. A closed placement goes on to
    // the action, which says what is true now.
    if !ground.placement.status.is_closed() && sent.quoted != input.amount.to_decimal() {
        if let Err(AppError::Invalid(errors)) =
            settle(&ground.placement, ground.parties.fee_rate, input.amount)
        {
            return page::unprocessable(&again(with_errors(filled(&sent), &errors)));
        }
        let mut page = again(filled(&sent));
        page.look_again = true;
        return page::ok(&page);
    }
    let (worker, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let recorded = blocking(move || actions::record(&worker, &actor, scope, id, &input)).await;
    let ledger = format!("/placements/{id}?tab=payments");
    match recorded {
        Ok(Recorded::New(receipt)) => {
            frame::flash(&session, &done(&receipt))?;
            Ok(page::see_other(&ledger))
        }
        Ok(Recorded::Again(payment)) => {
            frame::flash_warning(
                &session,
                &format!(
                    "The payment of {} was recorded already. Nothing was done again.",
                    payment.amount_cents
                ),
            )?;
            Ok(page::see_other(&ledger))
        }
        Ok(Recorded::Alike(other)) => {
            let mut form = filled(&sent);
            form.is_another = form
                .is_another
                .with_error("Tick the box if this is a second payment.");
            let mut page = again(form);
            page.duplicate_of = Some(format!(
                "{} on {}",
                other.amount_cents,
                words::date(other.paid_on)
            ));
            page::unprocessable(&page)
        }
        Ok(Recorded::BeforePlacement) => {
            let mut form = filled(&sent);
            form.received_on = form.received_on.with_error(format!(
                "Enter a day from {} on, or recall the placement instead.",
                words::date(ground.placement.placed_at.date_in(user.time_zone))
            ));
            let mut page = again(form);
            page.before_placement = true;
            page::unprocessable(&page)
        }
        Ok(Recorded::Ended(placement) | Recorded::Changed(placement)) => {
            let not_done = NotDone {
                what: "The payment was not recorded",
                ways_on: vec![Link::new(
                    "Look at the figures again",
                    format!("/placements/{id}/mark-as-paid"),
                )],
            };
            conflict::respond(&req, &session, &ctx, &user, placement, not_done).await
        }
        Err(AppError::Invalid(errors)) => {
            page::unprocessable(&again(with_errors(filled(&sent), &errors)))
        }
        Err(error) => Err(error),
    }
}

/// The form with everything that was typed.
fn filled(sent: &Submitted) -> MarkAsPaidForm {
    MarkAsPaidForm::new(
        &sent.amount,
        &sent.received_on,
        &sent.method,
        &sent.reference,
        &sent.note,
    )
}

fn with_errors(mut form: MarkAsPaidForm, errors: &crate::error::FieldErrors) -> MarkAsPaidForm {
    for error in errors.iter() {
        let message = error.message.as_str();
        match error.field {
            "amount" => form.amount = form.amount.with_error(message),
            "paid_on" => form.received_on = form.received_on.with_error(message),
            "reference" => form.reference = form.reference.with_error(message),
            _ => form.note = form.note.with_error(message),
        }
    }
    form
}

/// The form as the action takes it, or the form again with what is wrong.
fn read(sent: &Submitted, user: &SignedIn) -> Result<PaymentInput, Box<MarkAsPaidForm>> {
    let amount = Cents::parse_input(&sent.amount);
    let paid_on = sent.received_on.trim().parse::<NaiveDate>();
    let method = PaymentMethod::from_word(&sent.method);
    let text = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    if let (Ok(amount), Ok(paid_on), Some(method)) = (&amount, &paid_on, method) {
        return Ok(PaymentInput {
            amount: *amount,
            paid_on: *paid_on,
            method,
            reference: text(&sent.reference),
            note: text(&sent.note),
            source: PaymentSource::Dashboard,
            zone: user.time_zone,
            // A form without its version was not shown by us.
            version: Some(sent.version.parse().unwrap_or(0)),
            is_another: sent.is_another == "yes",
            form_key: text(&sent.once_key),
        });
    }
    let mut form = filled(sent);
    if let Err(why) = amount {
        form.amount = form.amount.with_error(match why {
            NotMoney::Empty => "Enter the amount received.".to_owned(),
            NotMoney::Malformed
            | NotMoney::TooPrecise
            | NotMoney::Negative
            | NotMoney::TooLarge => format!("The amount {why}."),
        });
    }
    if paid_on.is_err() {
        form.received_on = form
            .received_on
            .with_error("Enter the day it was received, such as 2026-11-12.");
    }
    if method.is_none() {
        form.method = form.method.with_error("Choose how it was paid.");
    }
    Err(Box::new(form))
}

/// What the payment would do; for an amount that can't be paid, the account as it is.
fn quote(ground: &Ground, amount: Cents) -> PaymentQuote {
    let account = ground.placement.account();
    let rate = ground.parties.fee_rate;
    let base = PaymentQuote {
        fee_so_far: account.fee.to_string(),
        remaining_before: account.remaining().to_string(),
        rate: rate.to_string(),
        rate_basis_points: rate.get(),
        remaining_before_cents: account.remaining().get(),
        ..PaymentQuote::default()
    };
    match account.pay(amount, rate) {
        Ok(settlement) => PaymentQuote {
            amount: amount.to_decimal(),
            fee: settlement.fee.to_string(),
            remaining_after: settlement.after.remaining().to_string(),
            closes: settlement.after.is_settled(),
            ..base
        },
        Err(_) => PaymentQuote {
            fee: Cents::ZERO.to_string(),
            remaining_after: account.remaining().to_string(),
            ..base
        },
    }
}

fn done(receipt: &Receipt) -> String {
    let payment = &receipt.payment;
    let recorded = format!(
        "{} is recorded. Our fee on it is {}.",
        payment.amount_cents, payment.fee_cents
    );
    match receipt.paid_in_full {
        Some(_) => format!("{recorded} The placement is paid in full and closed."),
        None => format!("{recorded} {} remains.", receipt.account.remaining()),
    }
}

fn view(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ground: &Ground,
    form: MarkAsPaidForm,
    quote: PaymentQuote,
    once_key: String,
) -> MarkAsPaidPage {
    MarkAsPaidPage {
        shell: frame::shell(
            req,
            session,
            user,
            "Mark as paid",
            Some(Section::Placements),
        ),
        id: ground.placement.id.to_string(),
        debtor: ground.parties.debtor.clone(),
        invoice: ground.placement.invoice_number.clone(),
        version: ground.placement.version.to_string(),
        once_key,
        form,
        quote,
        look_again: false,
        before_placement: false,
        duplicate_of: None,
    }
}
