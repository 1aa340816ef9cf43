//! The steps of a creditor's series of emails.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::email_steps;
use crate::domain::id::CreditorId;
use crate::domain::mail::{DEFAULT_SERIES, MailTemplate, SeriesStep};
use crate::domain::text_enum::TextEnum;

/// The creditor's own series, or else the default one; never empty.
pub fn of_creditor(conn: &mut DbConn, creditor: CreditorId) -> QueryResult<Vec<SeriesStep>> {
    let own: Vec<SeriesStep> = email_steps::table
        .filter(email_steps::creditor_id.eq(creditor))
        .order(email_steps::step.asc())
        .select((email_steps::template, email_steps::wait_hours))
        .load::<(String, i32)>(conn)?
        .into_iter()
        .map(|(template, wait)| SeriesStep {
            // The column allows these words only.
            template: MailTemplate::from_word(&template).unwrap_or(MailTemplate::Reminder),
            wait_hours: u16::try_from(wait).unwrap_or(u16::MAX),
        })
        .collect();
    Ok(if own.is_empty() {
        DEFAULT_SERIES.to_vec()
    } else {
        own
    })
}

/// Replaces the creditor's series; with no steps the default one is in force again.
pub fn replace(conn: &mut DbConn, creditor: CreditorId, steps: &[SeriesStep]) -> QueryResult<()> {
    diesel::delete(email_steps::table.filter(email_steps::creditor_id.eq(creditor)))
        .execute(conn)?;
    for (number, step) in (0_i32..).zip(steps) {
        diesel::insert_into(email_steps::table)
            .values((
                email_steps::creditor_id.eq(creditor),
                email_steps::step.eq(number),
                email_steps::template.eq(step.template.as_str()),
                email_steps::wait_hours.eq(i32::from(step.wait_hours)),
            ))
            .execute(conn)?;
    }
    Ok(())
}
