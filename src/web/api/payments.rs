//! Payments: recorded by `POST /v1/placements/{id}/payment-received`, listed for a placement.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::answers::{self, Page};
use super::body::Body;
use super::caller::Caller;
use super::error::ApiError;
use super::once::{Refused, once};
use super::params::Params;
use super::placement_view::PlacementDetail;
use super::wire::Word;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::payments::{self, PaymentInput, Recorded};
use crate::actions::{blocking, placement_feed as feed};
use crate::domain::id::{PaymentId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::payment::{PaymentMethod, PaymentSource};
use crate::domain::time::Instant;
use crate::error::AppError;
use crate::store::payments::{self as rows, Payment};
use crate::store::placement_refs;

/// The calendar that decides which day a payment was made on, where a request names none.
const CALENDAR: Tz = chrono_tz::America::New_York;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    amount: Cents,
    /// A date, or a date and time with an offset; today where there is none.
    #[serde(default, deserialize_with = "paid_at")]
    #[schemars(with = "Option<String>")]
    paid_at: Option<NaiveDate>,
    #[serde(default)]
    method: Option<Word<PaymentMethod>>,
    /// The bank's or the customer's reference; at most 100 characters.
    #[serde(default)]
    reference: Option<String>,
    /// At most 2,000 characters.
    #[serde(default)]
    note: Option<String>,
}

/// One payment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentView {
    id: PaymentId,
    placement_id: PlacementId,
    amount: Cents,
    /// The agency's fee on this payment.
    fee_amount: Cents,
    /// The rate the fee was worked out at: `25.00`.
    fee_percent: String,
    paid_on: NaiveDate,
    method: Word<PaymentMethod>,
    reference: Option<String>,
    note: Option<String>,
    source: Word<PaymentSource>,
    recorded_by: String,
    created_at: Instant,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        let points = payment.fee_bps.get();
        Self {
            id: payment.id,
            placement_id: payment.placement_id,
            amount: payment.amount_cents,
            fee_amount: payment.fee_cents,
            fee_percent: format!("{}.{:02}", points / 100, points % 100),
            paid_on: payment.paid_on,
            method: Word(payment.method),
            reference: payment.reference,
            note: payment.note,
            source: Word(payment.source),
            recorded_by: payment.recorded_by,
            created_at: payment.created_at,
        }
    }
}

/// The placement as it is now, with the payment that was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentReceived {
    #[serde(flatten)]
    placement: PlacementDetail,
    payment: PaymentView,
    /// Nothing is owed any more, and the placement has ended.
    paid_in_full: bool,
}

pub async fn record(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked: PaymentRequest = body.read()?;
    let input = PaymentInput {
        amount: asked.amount,
        paid_on: asked.paid_at.unwrap_or_else(|| ctx.now().date_in(CALENDAR)),
        method: asked.method.map_or(PaymentMethod::Other, |word| word.0),
        reference: asked.reference,
        note: asked.note,
        source: PaymentSource::Api,
        zone: CALENDAR,
        version: None,
        // A program says so by sending another request, and not by its idempotency key.
        is_another: true,
        form_key: None,
    };
    once(&req, ctx, caller, &body, move |tx| {
        let recorded = payments::record_within(tx, caller.scope(), id, &input)
            .map_err(named_as_in_the_body)?;
        let receipt = match recorded {
            Recorded::New(receipt) => receipt,
            Recorded::Ended(placement) => {
                return Err(Refused::App(AppError::Conflict(format!(
                    "The placement has ended already: it is {}.",
                    placement.status.label().to_lowercase()
                ))));
            }
            Recorded::BeforePlacement => {
                return Err(Refused::Api(ApiError::invalid_member(
                    "/paid_at",
                    "This was paid before the placement. Recall the placement instead; there is \
                     no fee for that.",
                )));
            }
            // These need a form or a version, and a program sends neither.
            Recorded::Again(_) | Recorded::Alike(_) | Recorded::Changed(_) => {
                return Err(Refused::App(AppError::Busy(
                    "the placement is being changed".to_owned(),
                )));
            }
        };
        let whole = feed::whole(tx.conn, caller.scope(), tx.now, id)?;
        Ok(Answer::new(
            200,
            &PaymentReceived {
                placement: PlacementDetail::new(tx.now, caller, whole)?,
                payment: receipt.payment.into(),
                paid_in_full: receipt.paid_in_full.is_some(),
            },
        )?)
    })
    .await
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    let payments = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            Ok(rows::of_placement(conn, of.creditor_id, id)?)
        })
    })
    .await?;
    let all = payments.into_iter().map(PaymentView::from).collect();
    Ok(answers::ok(&Page::cut(all, slice)))
}

/// The action speaks of a day, the request of a moment.
fn named_as_in_the_body(error: AppError) -> Refused {
    match error {
        AppError::Invalid(errors) if errors.of("paid_on").is_some() => Refused::Api(
            ApiError::invalid_member("/paid_at", errors.of("paid_on").unwrap_or_default()),
        ),
        error => Refused::App(error),
    }
}

fn paid_at<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(Some(date));
    }
    DateTime::parse_from_rfc3339(&text)
        .map(|at| Some(Instant::new(at.to_utc()).date_in(CALENDAR)))
        .map_err(|_| {
            D::Error::custom("use a date such as 2026-05-13, or a date and time with an offset")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Result<Option<NaiveDate>, serde_json::Error> {
        serde_json::from_value::<PaymentRequest>(
            serde_json::json!({"amount": "1", "paid_at": text}),
        )
        .map(|request| request.paid_at)
    }

    #[test]
    fn a_moment_falls_on_the_day_of_the_agencys_calendar() {
        let twelfth = NaiveDate::from_ymd_opt(2026, 5, 12);
        assert_eq!(day("2026-05-12").unwrap(), twelfth);
        assert_eq!(day("2026-05-13T03:59:59Z").unwrap(), twelfth);
        for bad in ["2026-02-30", "12/05/2026", "2026-05-12T10:00:00", ""] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }
}
