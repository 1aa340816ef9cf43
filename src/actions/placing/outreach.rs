//! What goes out first for an account, before the planner knows better.

use chrono::{Duration, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::known::reach_of;
use super::subjects::Subject;
use crate::domain::phone::PhoneNumber;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;

/// The first call and the email sequence of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outreach {
    /// The number and when.
    pub call: Option<(PhoneNumber, Instant)>,
    pub sequence: Option<FirstSequence>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FirstSequence {
    /// A word of the column `email_sequences.status`.
    pub status: &'static str,
    pub pause_cause: Option<&'static str>,
    pub next_send_at: Option<Instant>,
}

impl Outreach {
    /// One call and one sequence for the next day, each only where nothing known stops it. The
    /// gate decides again when the time comes; this only avoids planning what can't be.
    pub fn first(now: Instant, subject: &Subject, zones: &[Tz], disputed: bool) -> Self {
        let at = by_day(lawful_almost_everywhere(now), zones);
        let stops_calls = subject
            .flags
            .iter()
            .any(|kind| reach_of(*kind).stops_calls());
        let call = subject
            .number_to_call()
            .filter(|_| !stops_calls && !disputed)
            .map(|number| (number, at));
        Self {
            call,
            sequence: first_sequence(at, subject, disputed),
        }
    }
}

fn first_sequence(at: Instant, subject: &Subject, disputed: bool) -> Option<FirstSequence> {
    let addresses = subject.addresses_to_write_to();
    if addresses.is_empty() {
        return None;
    }
    let paused = |status, cause| FirstSequence {
        status,
        pause_cause: Some(cause),
        next_send_at: None,
    };
    // The debtor's own word comes first: what it paused, nothing else may resume.
    let opt_out = subject
        .flags
        .iter()
        .find(|kind| reach_of(**kind).is_opt_out_of_email());
    let halt = subject
        .flags
        .iter()
        .find(|kind| reach_of(**kind).stops_emails());
    Some(match (opt_out, halt) {
        (Some(_), _) => paused("paused_opt_out", "debtor_stop"),
        (None, _) if addresses.iter().all(|address| address.opted_out) => {
            paused("paused_opt_out", "debtor_stop")
        }
        (None, Some(kind)) => paused("paused", kind.as_str()),
        (None, None) if disputed => paused("paused", "dispute"),
        (None, None) => FirstSequence {
            status: "active",
            pause_cause: None,
            next_send_at: Some(at),
        },
    })
}

/// 18:00 UTC of the next day: between eight in the morning and nine in the evening on every clock
/// from Puerto Rico to Honolulu, in summer and in winter.
fn lawful_almost_everywhere(now: Instant) -> Instant {
    let tomorrow = now.plus(Duration::days(1)).as_naive_utc().date();
    let time = NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default();
    Instant::from_naive_utc(tomorrow.and_time(time))
}

/// The first full hour from then on at which it is day on every clock that the debtor may go by:
/// when it is noon in Chicago, it is four in the morning in Guam.
fn by_day(at: Instant, zones: &[Tz]) -> Instant {
    let is_day = |at: &Instant| {
        let mut hours = zones.iter().map(|zone| at.in_zone(*zone).hour());
        hours.all(|hour| (8..21).contains(&hour))
    };
    let mut hours = (0..24).map(|hours| at.plus(Duration::hours(hours)));
    hours.find(is_day).unwrap_or(at)
}
