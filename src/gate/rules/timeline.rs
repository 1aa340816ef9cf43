//! Dates of the validation notice and of the first communication, which several rules share.

use chrono::NaiveDate;

use crate::domain::time::Instant;
use crate::gate::attempt::{Party, Purpose};
use crate::gate::calendar::add_business_days;
use crate::gate::facts::{Channel, Contact, Debt, Direction, Outcome};
use crate::gate::inquiry::Now;
use crate::gate::policy::ValidationTimes;
use crate::gate::when::When;
use crate::gate::windows::{WallClock, add_days};

/// The validation period of a notice (12 CFR 1006.34(b)(5)).
#[derive(Debug, Clone, Copy)]
pub(super) struct ValidationPeriod {
    pub assumed_receipt: NaiveDate,
    /// As computed: thirty calendar days after the assumed receipt.
    pub ends: NaiveDate,
    /// The last day on which a dispute is in time: the later of the computed end and the end
    /// printed on the notice, which binds.
    pub last_day: NaiveDate,
}

impl ValidationPeriod {
    pub fn of(provided: NaiveDate, printed: Option<NaiveDate>, times: ValidationTimes) -> Self {
        let assumed_receipt = add_business_days(provided, times.receipt_business_days);
        let ends = add_days(assumed_receipt, i64::from(times.period_days));
        Self {
            assumed_receipt,
            ends,
            last_day: printed.map_or(ends, |printed| printed.max(ends)),
        }
    }
}

/// The period of the notice that has been provided by now.
pub(super) fn validation_period(now: &Now<'_>, debt: &Debt) -> Option<ValidationPeriod> {
    let validation = debt.validation.as_ref()?;
    let provided = validation
        .provided_on
        .filter(|provided| *provided <= now.earliest_date())?;
    let times = *now.policy().federal.validation.on(now.date())?;
    Some(ValidationPeriod::of(
        provided,
        validation.period_ends_on,
        times,
    ))
}

/// Whether something received then came in time: by the last day of the period, or before any
/// notice. Without a date it did.
pub(super) fn is_in_time(now: &Now<'_>, debt: &Debt, received: Option<When>) -> bool {
    let (Some(received), Some(period)) = (received, validation_period(now, debt)) else {
        return true;
    };
    let date = match received {
        When::At(at) => now.earliest_date_of(at),
        When::On(date) => date,
    };
    date <= period.last_day
}

/// When information about the debt was first conveyed to the consumer.
pub(in crate::gate) fn first_communication(now: &Now<'_>) -> Option<Instant> {
    let conveyed = |contact: &&Contact| {
        contact.at <= now.at && conveys_the_debt(contact) && now.inquiry.is_about_debt(contact)
    };
    now.facts()
        .history
        .iter()
        .filter(conveyed)
        .map(|contact| contact.at)
        .min()
}

/// Neither a call that reached nobody nor a limited-content message conveys anything, nor a
/// question where somebody is.
fn conveys_the_debt(contact: &Contact) -> bool {
    let to_consumer = match contact.party {
        None | Some(Party::Consumer | Party::Spouse | Party::PersonalRepresentative) => true,
        Some(Party::ThirdParty | Party::Attorney) => false,
    };
    let about_the_debt = !matches!(
        contact.purpose,
        Some(Purpose::LocationInfo | Purpose::ConfirmOptout)
    );
    if !to_consumer || !about_the_debt {
        return false;
    }
    match contact.channel {
        Channel::Call | Channel::Voicemail => match contact.outcome {
            Some(Outcome::Conversation) => true,
            Some(
                Outcome::NoAnswer
                | Outcome::Voicemail
                | Outcome::VoicemailNoMessage
                | Outcome::Busy
                | Outcome::NotInService
                | Outcome::ThirdPartyAnswered
                | Outcome::Sent
                | Outcome::Received,
            )
            | None => {
                contact.direction == Direction::Out
                    && contact.outcome != Some(Outcome::VoicemailNoMessage)
                    && contact
                        .script
                        .as_deref()
                        .is_some_and(|script| script != "limited-content")
            }
        },
        Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms => {
            contact.direction == Direction::Out
        }
    }
}

/// The local date of an instant on the clock that shows the earliest.
pub(super) fn date_of(now: &Now<'_>, when: When) -> NaiveDate {
    match when {
        When::On(date) => date,
        When::At(at) => now
            .clocks
            .iter()
            .map(|clock| WallClock::read(clock.zone, at).date)
            .min()
            .unwrap_or_else(|| at.naive_utc().date()),
    }
}
