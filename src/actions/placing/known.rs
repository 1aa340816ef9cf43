//! What a creditor knows on the day of placement that stops or limits contact, as flags in the
//! gate's own form.

use chrono::{NaiveDate, NaiveTime};
use serde_json::{Value, json};

use crate::domain::event::EventKind;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;

const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

/// What is known of a debtor. What is not set is not known to apply, and never clears anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownFacts {
    pub cease: Option<Cease>,
    pub attorney: Option<Attorney>,
    pub bankruptcy: Option<Bankruptcy>,
    pub deceased: bool,
    pub do_not_call: bool,
    pub call_opt_out: bool,
    pub email_opt_out: bool,
    pub no_contact_at_work: bool,
    /// Hours of every day on the debtor's clock; from after until means over midnight.
    pub inconvenient: Option<(NaiveTime, NaiveTime)>,
}

/// A demand that all contact stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cease {
    pub received_on: Option<NaiveDate>,
}

/// The debtor's lawyer, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attorney {
    pub name: Option<String>,
    pub phone: Option<PhoneNumber>,
    pub email: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bankruptcy {
    /// Of title 11 of the US Code.
    pub chapter: Option<u8>,
    pub filed_on: Option<NaiveDate>,
}

/// One flag to set.
#[derive(Debug, Clone)]
pub(super) struct NewFlag {
    pub kind: FlagKind,
    pub detail: Value,
    pub received_at: Instant,
}

impl KnownFacts {
    /// The flags these facts set. A cease stops every channel, as it does wherever it comes from.
    pub(super) fn flags(&self, now: Instant, source: Medium) -> Vec<NewFlag> {
        let via = source.as_str();
        let mut flags = Vec::new();
        let mut add = |kind, detail, received_at| {
            flags.push(NewFlag {
                kind,
                detail,
                received_at,
            });
        };
        let stop = |at: Instant| json!({"at": at, "via": via});
        let ceased_at = self.cease.as_ref().map(|cease| cease.received_at(now));
        if let Some(at) = ceased_at {
            add(FlagKind::Cease, json!({"received_at": at, "via": via}), at);
        }
        let or_ceased = |set: bool| ceased_at.or(set.then_some(now));
        for (kind, at) in [
            (FlagKind::CallOptOut, or_ceased(self.call_opt_out)),
            (FlagKind::DoNotCall, self.do_not_call.then_some(now)),
            (FlagKind::EmailOptOut, or_ceased(self.email_opt_out)),
            (
                FlagKind::WorkplaceProhibited,
                self.no_contact_at_work.then_some(now),
            ),
        ] {
            if let Some(at) = at {
                add(kind, stop(at), at);
            }
        }
        if let Some(attorney) = &self.attorney {
            let detail = json!({
                "name": attorney.name,
                "phone": attorney.phone,
                "address": attorney.email,
                "status": "active",
            });
            add(FlagKind::Attorney, detail, now);
        }
        if let Some(bankruptcy) = &self.bankruptcy {
            let detail = json!({
                "chapter": bankruptcy.chapter,
                "filed_on": bankruptcy.filed_on,
                "status": "active",
            });
            add(FlagKind::Bankruptcy, detail, now);
        }
        if self.deceased {
            add(FlagKind::Deceased, json!({"known_at": now}), now);
        }
        if let Some((from, until)) = self.inconvenient {
            let detail = json!({
                "type": "time",
                "from": from.format("%H:%M").to_string(),
                "to": until.format("%H:%M").to_string(),
                "said_at": now,
                "via": via,
            });
            add(FlagKind::Inconvenient, detail, now);
        }
        flags
    }
}

impl Cease {
    /// Noon in UTC of the day, which is that same day on every clock from Hawaii to Guam: a file
    /// knows no hour.
    fn received_at(&self, now: Instant) -> Instant {
        self.received_on.map_or(now, |day| on_day(day, now))
    }
}

/// A day as a file tells it, not after now.
pub(super) fn on_day(day: NaiveDate, now: Instant) -> Instant {
    Instant::from_naive_utc(day.and_time(NOON)).min(now)
}

/// The event that tells that a flag was set.
pub(super) const fn event_of(kind: FlagKind) -> EventKind {
    match kind {
        FlagKind::Cease => EventKind::CeaseSet,
        FlagKind::CallOptOut => EventKind::CallOptOutSet,
        FlagKind::EmailOptOut => EventKind::EmailOptOutSet,
        FlagKind::DoNotCall => EventKind::DoNotCallSet,
        FlagKind::MailOptOut
        | FlagKind::Attorney
        | FlagKind::Bankruptcy
        | FlagKind::Deceased
        | FlagKind::KnownLocation
        | FlagKind::Inconvenient
        | FlagKind::WorkplaceProhibited
        | FlagKind::Military
        | FlagKind::Codebtor
        | FlagKind::AddressOptOut
        | FlagKind::BankruptcyDismissed
        | FlagKind::Discharge
        | FlagKind::CodebtorEnded
        | FlagKind::LocationNeeded => EventKind::FlagSet,
    }
}

/// How far a flag reaches into outreach that runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The debtor wants no calls.
    Calls,
    /// The debtor wants no emails.
    Emails,
    /// The debtor wants nothing.
    Everything,
    /// Nothing may go out for another reason than the debtor's own word.
    Halt,
    /// Decided anew at each contact.
    Nothing,
}

pub(super) const fn reach_of(kind: FlagKind) -> Reach {
    match kind {
        FlagKind::Cease => Reach::Everything,
        FlagKind::CallOptOut | FlagKind::DoNotCall => Reach::Calls,
        FlagKind::EmailOptOut => Reach::Emails,
        // A discharge covers a new account unless somebody says that it does not.
        FlagKind::Attorney
        | FlagKind::Bankruptcy
        | FlagKind::Deceased
        | FlagKind::Codebtor
        | FlagKind::Discharge => Reach::Halt,
        FlagKind::MailOptOut
        | FlagKind::KnownLocation
        | FlagKind::Inconvenient
        | FlagKind::WorkplaceProhibited
        | FlagKind::AddressOptOut
        | FlagKind::Military
        | FlagKind::BankruptcyDismissed
        | FlagKind::CodebtorEnded
        | FlagKind::LocationNeeded => Reach::Nothing,
    }
}

impl Reach {
    pub fn stops_calls(self) -> bool {
        match self {
            Self::Calls | Self::Everything | Self::Halt => true,
            Self::Emails | Self::Nothing => false,
        }
    }

    pub fn stops_emails(self) -> bool {
        match self {
            Self::Emails | Self::Everything | Self::Halt => true,
            Self::Calls | Self::Nothing => false,
        }
    }

    /// Whether only the debtor's own word can lift it.
    pub fn is_opt_out_of_email(self) -> bool {
        match self {
            Self::Emails | Self::Everything => true,
            Self::Calls | Self::Halt | Self::Nothing => false,
        }
    }
}
