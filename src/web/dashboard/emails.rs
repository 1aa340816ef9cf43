//! The Emails tab of a placement, and what people may do with its series.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::placement::File;
use super::{frame, words};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, due_emails, series};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::id::{PlacementId, SequenceId};
use crate::domain::mail::{MailTemplate, SeriesStep};
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::outreach::mailer;
use crate::store::attempts::{self, AttemptRow};
use crate::store::sequences::Sequence;
use crate::store::{email_steps, sequences};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::emails::{EmailStepRow, EmailsTab, MailPreviewPage, SeriesCard};
use crate::web::view::part::{Link, Tone, When};

/// The series of a placement with what was sent.
pub fn tab(
    conn: &mut DbConn,
    file: &File,
    reader: &SignedIn,
    now: Instant,
) -> AppResult<EmailsTab> {
    let (creditor, id) = (file.placement.creditor_id, file.placement.id);
    let steps = email_steps::of_creditor(conn, creditor)?;
    let sent = attempts::emails_of_placement(conn, creditor, file.placement.debtor_id, id)?;
    let may_change = reader.can(Capability::ManagePlacements);
    let series = sequences::of_placement(conn, creditor, id)?
        .iter()
        .map(|sequence| {
            let of_series: Vec<&AttemptRow> = sent
                .iter()
                .filter(|attempt| attempt.sequence_id == Some(sequence.id))
                .collect();
            card(sequence, &steps, &of_series, may_change, reader, now)
        })
        .collect();
    Ok(EmailsTab { series })
}

fn card(
    sequence: &Sequence,
    steps: &[SeriesStep],
    sent: &[&AttemptRow],
    may_change: bool,
    reader: &SignedIn,
    now: Instant,
) -> SeriesCard {
    let when = |at| When::new(at, reader.time_zone, now);
    let base = format!(
        "/placements/{}/emails/{}",
        sequence.placement_id, sequence.id
    );
    let (status, tone) = status(sequence);
    let is_left = usize::try_from(sequence.step).is_ok_and(|step| step < steps.len());
    SeriesCard {
        status,
        tone,
        why: why(sequence),
        next: sequence.next_send_at.map(when),
        last_sent: sent
            .iter()
            .filter(|attempt| attempt.status == "started")
            .map(|attempt| attempt.authorised_at)
            .max()
            .map(when),
        last_error: last_error(sequence, reader),
        pause_action: (may_change && series::can_pause(sequence)).then(|| format!("{base}/pause")),
        resume_action: (may_change && series::can_resume(sequence))
            .then(|| format!("{base}/resume")),
        preview_href: (may_change && is_left && !is_over(sequence))
            .then(|| format!("{base}/preview")),
        steps: (0_i32..)
            .zip(steps)
            .map(|(number, step)| step_row(number, *step, sequence, sent, when))
            .collect(),
    }
}

fn step_row(
    number: i32,
    step: SeriesStep,
    sequence: &Sequence,
    sent: &[&AttemptRow],
    when: impl Fn(Instant) -> When,
) -> EmailStepRow {
    let attempt = sent
        .iter()
        .filter(|attempt| attempt.step == Some(number))
        .max_by_key(|attempt| attempt.authorised_at);
    let (state, tone, at) = match attempt.map(|attempt| (attempt.status.as_str(), attempt)) {
        Some(("started", attempt)) => ("Sent", Tone::Success, Some(attempt.authorised_at)),
        Some(("unknown", attempt)) => ("Not known", Tone::Warning, Some(attempt.authorised_at)),
        Some(("starting", attempt)) => ("Being sent", Tone::Info, Some(attempt.authorised_at)),
        _ if number == sequence.step && sequence.next_send_at.is_some() => {
            ("Next", Tone::Info, sequence.next_send_at)
        }
        _ if number < sequence.step => ("Passed over", Tone::Neutral, None),
        _ if is_over(sequence) => ("Not sent", Tone::Neutral, None),
        _ => ("Later", Tone::Neutral, None),
    };
    EmailStepRow {
        number: number + 1,
        what: template_name(step.template).to_owned(),
        wait: if number == 0 {
            String::new()
        } else {
            wait(step.wait_hours)
        },
        state: state.to_owned(),
        tone,
        at: at.map(when),
    }
}

/// Nothing of it will be sent any more, unless the debtor takes the stop back.
fn is_over(sequence: &Sequence) -> bool {
    matches!(
        sequence.status.as_str(),
        "paused_opt_out" | "completed" | "failed" | "cancelled"
    )
}

pub(super) const fn template_name(template: MailTemplate) -> &'static str {
    match template {
        MailTemplate::Introduction => "Introduction",
        MailTemplate::Reminder => "Reminder",
        MailTemplate::Options => "Ways to settle",
    }
}

fn wait(hours: u16) -> String {
    let (count, unit) = if hours.is_multiple_of(24) {
        (hours / 24, "day")
    } else {
        (hours, "hour")
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} after the one before")
}

fn status(sequence: &Sequence) -> (String, Tone) {
    let (text, tone) = match sequence.status.as_str() {
        "scheduled" => ("Scheduled", Tone::Info),
        "active" => ("Running", Tone::Info),
        "paused" => ("Paused", Tone::Warning),
        "paused_opt_out" => ("Stopped by the debtor", Tone::Danger),
        "completed" => ("Completed", Tone::Success),
        "failed" => ("Failed", Tone::Warning),
        _ => ("Cancelled", Tone::Neutral),
    };
    (text.to_owned(), tone)
}

/// Why it does not run, in a sentence.
fn why(sequence: &Sequence) -> Option<String> {
    let cause = sequence.pause_cause.as_deref()?;
    if let Some(rule) = cause.strip_prefix("refused:") {
        return Some(format!(
            "An email was refused and no lawful moment is in sight: {}.",
            words::spoken(rule).to_lowercase()
        ));
    }
    Some(
        match cause {
            "debtor_stop" => {
                "The debtor asked for no more emails. Only the debtor can take that back."
            }
            "person" => "Somebody paused these emails.",
            "pause" => "Outreach is paused. These emails go on when the pause ends.",
            "unknown" => {
                "Nobody knows whether the last email went out. Look it up before they go on."
            }
            "call_stop" => {
                "The debtor asked for no more calls. Emails wait until somebody lets them go on."
            }
            "allowed_again" => {
                "The debtor allowed emails again. They wait until somebody lets them go on."
            }
            "dispute" => "The account is disputed.",
            "review" => "A message of the debtor waits for somebody to read it.",
            "cancelled_by_recall" => "The account was recalled.",
            "paid_in_full" => "The account is paid.",
            other => return Some(format!("{}.", words::spoken(other))),
        }
        .to_owned(),
    )
}

/// The server's own words are for staff.
fn last_error(sequence: &Sequence, reader: &SignedIn) -> Option<String> {
    let error = sequence.last_error.as_deref()?;
    if error.starts_with("refused:") {
        return None;
    }
    Some(if reader.creditor.is_some() {
        "The last try did not go through.".to_owned()
    } else {
        error.to_owned()
    })
}

/// `GET /placements/{id}/emails/{sequence}/preview`.
pub async fn preview(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, SequenceId)>,
) -> AppResult<HttpResponse> {
    let (placement, sequence) = path.into_inner();
    let scope = user.scope();
    let draft = blocking(move || due_emails::preview(&ctx, scope, sequence, placement)).await?;
    let written = mailer::write(&draft).map_err(AppError::internal)?;
    page::ok(&MailPreviewPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Next email",
            Some(Section::Placements),
        ),
        trail: vec![
            Link::new("Placements", "/placements"),
            Link::new(
                draft.invoice_number.clone(),
                format!("/placements/{placement}?tab=emails"),
            ),
        ],
        from: format!("{} <{}>", draft.agency, draft.from),
        to: draft.to.to_string(),
        subject: written.subject,
        lang: crate::domain::text_enum::TextEnum::as_str(&draft.language),
        text: written.text,
        back_href: format!("/placements/{placement}?tab=emails"),
    })
}

/// `POST /placements/{id}/emails/{sequence}/pause`.
pub async fn pause(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, SequenceId)>,
) -> AppResult<HttpResponse> {
    let (placement, sequence) = path.into_inner();
    blocking(move || series::pause(&ctx, &user.actor(), user.scope(), placement, sequence)).await?;
    frame::flash(&session, "The emails are paused.")?;
    Ok(page::see_other(&format!(
        "/placements/{placement}?tab=emails"
    )))
}

/// `POST /placements/{id}/emails/{sequence}/resume`.
pub async fn resume(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, SequenceId)>,
) -> AppResult<HttpResponse> {
    let (placement, sequence) = path.into_inner();
    blocking(move || series::resume(&ctx, &user.actor(), user.scope(), placement, sequence))
        .await?;
    frame::flash(
        &session,
        "The emails go on. Each is checked again before it is sent.",
    )?;
    Ok(page::see_other(&format!(
        "/placements/{placement}?tab=emails"
    )))
}
