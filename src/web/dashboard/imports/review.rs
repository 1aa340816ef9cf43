//! The rows before they are saved, and the two ways on: save them, or throw the file away.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::address;
use super::list::pager;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::imports::{self, Review};
use crate::domain::id::ImportId;
use crate::error::AppResult;
use crate::intake::issue::RowIssue;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::import::{DuplicateRow, ImportReviewPage, ProblemSeverity, RowProblem};

/// Errors and warnings on a page.
const PAGE: usize = 50;

/// Duplicates that are listed; the result file names them all.
const DUPLICATES: usize = 100;

#[derive(Debug, Deserialize)]
pub struct Commit {
    /// `yes`: leave the rows with errors out.
    #[serde(default)]
    good_only: String,
}

pub async fn commit(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    id: web::Path<ImportId>,
    form: web::Form<Commit>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let good_only = form.good_only == "yes";
    imports::commit(&ctx, user.actor(), user.scope(), id, good_only).await?;
    // The next page says how far it is, which a message could only contradict.
    Ok(page::see_other(&address(id)))
}

pub async fn discard(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ImportId>,
) -> AppResult<HttpResponse> {
    let (writer, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let id = id.into_inner();
    blocking(move || imports::discard(&writer, &actor, scope, id)).await?;
    frame::flash(&session, "The file was discarded. Nothing of it was saved.")?;
    Ok(page::see_other("/imports"))
}

pub(super) async fn page(
    req: &HttpRequest,
    ctx: &web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    id: ImportId,
    number: u64,
) -> AppResult<HttpResponse> {
    let review = imports::review(ctx, user.scope(), id).await?;
    page::ok(&draw(req, session, user, review, number))
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    review: Review,
    number: u64,
) -> ImportReviewPage {
    let id = review.import.id;
    let errors = problems(review.errors.listed(), ProblemSeverity::Error);
    let warnings = problems(review.warnings.listed(), ProblemSeverity::Warning);
    let listed = review.errors.listed().len() + review.warnings.listed().len();
    let skip = usize::try_from(number - 1)
        .unwrap_or(usize::MAX)
        .saturating_mul(PAGE);
    ImportReviewPage {
        shell: frame::shell(
            req,
            session,
            user,
            "Check before saving",
            Some(Section::Imports),
        ),
        id: id.to_string(),
        file: review.import.file_name,
        ready: review.ready as u64,
        with_errors: review.with_errors as u64,
        duplicates: review.duplicates.len() as u64,
        total_amount: review.total.map(|total| total.to_string()),
        problems: errors.chain(warnings).skip(skip).take(PAGE).collect(),
        pager: pager(&address(id), number, PAGE as u64, listed as u64),
        all_problems_href: (listed > 0).then(|| format!("{}/problems.csv", address(id))),
        more_duplicates: review.duplicates.len().saturating_sub(DUPLICATES) as u64,
        duplicate_rows: review
            .duplicates
            .into_iter()
            .take(DUPLICATES)
            .map(|row| DuplicateRow {
                row: u64::from(row.line),
                invoice: row.invoice_number,
                debtor: row.about,
                placement_id: row.placement.to_string(),
            })
            .collect(),
    }
}

fn problems(
    issues: &[RowIssue],
    severity: ProblemSeverity,
) -> impl Iterator<Item = RowProblem> + '_ {
    issues.iter().map(move |issue| RowProblem {
        row: u64::from(issue.line),
        column: issue.column.clone(),
        value: issue.value.clone(),
        message: issue.message.clone(),
        severity,
    })
}
