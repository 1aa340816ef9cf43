//! `GET /placements/export.csv`: the list as it is searched, filtered and sorted, as a file.

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, web};

use super::list_state::{ListState, Params};
use super::{holds, placements, words};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, placement_list, policies};
use crate::domain::money::Cents;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::{Facts, Policy};
use crate::intake::export::CsvWriter;
use crate::store::placement_list::Row;
use crate::web::access::SignedIn;
use crate::web::view::placement_list::NextContact;

/// Placements in one file; more would keep a reader's connection for too long.
const MOST: u64 = 50_000;

const COLUMNS: [&str; 13] = [
    "placement_id",
    "creditor",
    "invoice_number",
    "debtor",
    "state",
    "amount",
    "recovered",
    "remaining",
    "due_on",
    "status",
    "holds",
    "next_contact",
    "placed_on",
];

pub async fn download(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let request = placements::request(&ListState::read(&params), &user);
    let (csv, day) = blocking(move || {
        let policy = ctx.read(|conn| policies::in_force(&ctx, conn))?;
        let mut csv = CsvWriter::new(Vec::new()).map_err(AppError::internal)?;
        csv.row(COLUMNS).map_err(AppError::internal)?;
        placement_list::every_row(&ctx, &request, MOST, |row, facts, recovered, now| {
            csv.row(cells(row, facts, recovered, &policy, &user, now))
                .map_err(AppError::internal)
        })?;
        let csv = csv.finish().map_err(AppError::internal)?;
        Ok((csv, ctx.now().date_in(user.time_zone)))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            ContentDisposition {
                disposition: DispositionType::Attachment,
                parameters: vec![DispositionParam::Filename(format!("placements-{day}.csv"))],
            },
        ))
        .body(csv))
}

fn cells(
    row: &Row,
    facts: Option<&Facts>,
    recovered: Cents,
    policy: &Policy,
    reader: &SignedIn,
    now: Instant,
) -> [String; 13] {
    let zone = reader.time_zone;
    let held: Vec<String> = facts
        .map(|facts| holds::badges(facts, row.id, zone, now))
        .unwrap_or_default()
        .iter()
        .map(|hold| hold.words())
        .collect();
    let left = row
        .amount_cents
        .checked_sub(recovered)
        .unwrap_or(Cents::ZERO);
    [
        row.id.to_string(),
        row.creditor.clone(),
        row.invoice_number.clone(),
        row.debtor.clone(),
        row.state.clone().unwrap_or_default(),
        row.amount_cents.to_decimal(),
        recovered.to_decimal(),
        left.to_decimal(),
        row.due_on.map(|day| day.to_string()).unwrap_or_default(),
        words::status(row.status).words().to_owned(),
        held.join("; "),
        match placements::next_contact_of(row, facts, policy, zone, now) {
            NextContact::Now => "now".to_owned(),
            NextContact::WithWarning => "now, with a warning".to_owned(),
            NextContact::At { when, warned, .. } if warned => {
                format!("{}, with a warning", when.iso)
            }
            NextContact::At { when, .. } => when.iso,
            NextContact::NotByItself(why) => format!("not while: {why}"),
            NextContact::Closed => "closed".to_owned(),
        },
        row.placed_at.date_in(zone).to_string(),
    ]
}
