//! The series of emails of a creditor: which emails, and how long after each other.
//!
//! What every email must say, who writes and for whom, that it is an attempt to collect a debt, how
//! to stop, where to write and the check code, stands in the frame around all of them and is nobody's
//! to leave out.

use serde_json::json;

use super::ctx::Ctx;
use super::due_emails::Draft;
use super::mail_tokens;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, PlacementId, SequenceId};
use crate::domain::language::Language;
use crate::domain::mail::{MailTemplate, SeriesStep};
use crate::domain::money::Cents;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::creditors::{self, Creditor};
use crate::store::email_steps;

/// Emails of one series at most.
pub const MOST_STEPS: usize = 6;

/// The names of what and how long after, for each email.
pub const FIELDS: [(&str, &str); MOST_STEPS] = [
    ("template_1", "wait_1"),
    ("template_2", "wait_2"),
    ("template_3", "wait_3"),
    ("template_4", "wait_4"),
    ("template_5", "wait_5"),
    ("template_6", "wait_6"),
];

/// Days between two emails: no fewer, so that nobody is written to twice a day, and no more.
pub const SHORTEST_WAIT: u16 = 1;
pub const LONGEST_WAIT: u16 = 180;

/// A creditor and the series that its accounts get.
#[derive(Debug, Clone)]
pub struct Series {
    pub creditor: Creditor,
    pub steps: Vec<SeriesStep>,
}

/// # Errors
/// `NotFound` where there is no such creditor.
pub fn of(ctx: &Ctx, id: CreditorId) -> AppResult<Series> {
    ctx.read(|conn| {
        let creditor = creditors::by_id(conn, id)?.ok_or(AppError::NotFound)?;
        let steps = email_steps::of_creditor(conn, id)?;
        Ok(Series { creditor, steps })
    })
}

/// Puts another series in the place of the creditor's. Series that run go on with the step they are
/// at, by the new list.
///
/// # Errors
/// `NotFound` where there is no such creditor; `Invalid` for a series without an email, with too
/// many, or with too short or too long a wait: `wait_2` names the second email's.
pub fn replace(ctx: &Ctx, actor: &Actor, id: CreditorId, steps: &[SeriesStep]) -> AppResult<()> {
    check(steps)?;
    ctx.write(actor, |tx| {
        creditors::by_id(tx.conn, id)?.ok_or(AppError::NotFound)?;
        let before = email_steps::of_creditor(tx.conn, id)?;
        if before == steps {
            return Ok(());
        }
        email_steps::replace(tx.conn, id, steps)?;
        let told = |steps: &[SeriesStep]| -> Vec<_> {
            steps
                .iter()
                .map(|step| {
                    json!({"template": step.template.as_str(), "wait_hours": step.wait_hours})
                })
                .collect()
        };
        tx.record(
            NewEvent::of_creditor(id, EventKind::SeriesChanged)
                .body(json!({"before": told(&before), "after": told(steps)})),
        )?;
        Ok(())
    })
}

fn check(steps: &[SeriesStep]) -> AppResult<()> {
    let [(first, _), ..] = FIELDS;
    if steps.is_empty() {
        return Err(AppError::invalid(first, "A series has an email."));
    }
    if steps.len() > MOST_STEPS {
        let many = format!("A series has at most {MOST_STEPS} emails.");
        return Err(AppError::invalid(first, many));
    }
    let fits = (SHORTEST_WAIT * 24)..=(LONGEST_WAIT * 24);
    let mut errors = FieldErrors::default();
    for ((_, field), step) in FIELDS.iter().zip(steps).skip(1) {
        if !fits.contains(&step.wait_hours) {
            errors.add(
                field,
                format!("Wait {SHORTEST_WAIT} to {LONGEST_WAIT} days after the email before."),
            );
        }
    }
    errors.into_result()
}

/// An email of the series as somebody would get it, with a made-up account.
///
/// # Errors
/// `NotFound` where there is no such creditor.
pub fn sample(
    ctx: &Ctx,
    id: CreditorId,
    template: MailTemplate,
    language: Language,
) -> AppResult<Draft> {
    let creditor = ctx
        .read(|conn| Ok(creditors::by_id(conn, id)?))?
        .ok_or(AppError::NotFound)?;
    let now = ctx.now();
    let placement = PlacementId::generate(now);
    let to = "dana.doe@debtor.example"
        .parse()
        .map_err(AppError::internal)?;
    Ok(Draft {
        creditor: id,
        sequence: SequenceId::generate(now),
        placement,
        step: 0,
        at: now,
        template,
        language,
        to,
        from: ctx.mail.from.clone(),
        reply_to: mail_tokens::reply_address(ctx, placement),
        agency: ctx.agency.name.clone(),
        agency_address: ctx.agency.postal_address.clone(),
        agency_phone: ctx.agency.phone.clone(),
        debtor_name: "Dana Doe".to_owned(),
        creditor_name: creditor.name,
        invoice_number: "INV-4411".to_owned(),
        balance: Cents::new(125_000),
        portal_link: format!("{}/p/…", ctx.public_url),
        unsubscribe_link: format!("{}/u/…", ctx.public_url),
        check_code: mail_tokens::check_code(&ctx.keys, placement),
        stop_page: format!("{}/stop", ctx.public_url),
    })
}
