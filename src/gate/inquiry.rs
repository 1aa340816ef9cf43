//! One question to the gate: the facts seen from one attempt, at one moment.

use chrono::{Duration, NaiveDate};

use super::attempt::{Attempt, Initiator, Party, Purpose};
use super::facts::{Channel, Contact, Debt, Direction, Email, Facts, Medium, Outcome, Phone, Stop};
use super::facts::{DebtKind, EmailKind, Grant, PhoneKind};
use super::locality::{Place, Zone, digits_of};
use super::policy::{Hours, Policy, State};
use super::when::When;
use super::windows::{OpenHours, WallClock, add_days, all_open, start_of_day};
use crate::domain::time::Instant;

/// Longer than any window a rule counts over, with room for time zones and daylight time.
const LONGEST_WINDOW_DAYS: i64 = 35;

const MICROS_PER_DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What does not change while the moment moves: the attempt and the facts it points to.
pub(crate) struct Inquiry<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub attempt: &'a Attempt,
    pub debt: Option<&'a Debt>,
    pub phone: Option<&'a Phone>,
    pub email: Option<&'a Email>,
    /// Whom the attempt would reach, by the file and not by its word alone.
    pub party: Party,
    pub place: Place,
    /// When a location that is not known yet will be, and the place another one.
    pub moves_at: Option<Instant>,
    /// Contacts recent enough for any window.
    pub recent: Vec<&'a Contact>,
    dialled: Option<u64>,
}

impl<'a> Inquiry<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts, attempt: &'a Attempt) -> Self {
        let dialled = attempt.phone.as_deref().and_then(digits_of);
        let phone = attempt.phone.as_deref().and_then(|number| {
            facts
                .debtor
                .phones
                .iter()
                .find(|phone| same_number(&phone.number, number))
        });
        let email = attempt.email.as_deref().and_then(|address| {
            facts
                .debtor
                .emails
                .iter()
                .find(|email| same_address(&email.address, address))
        });
        let since = attempt.at.minus(Duration::days(LONGEST_WINDOW_DAYS));
        Self {
            policy,
            facts,
            attempt,
            debt: attempt.debt.as_deref().and_then(|id| facts.debt(id)),
            phone,
            email,
            party: reached(facts, attempt, phone, email),
            place: Place::of(policy, &facts.debtor, phone, attempt.at),
            moves_at: facts
                .debtor
                .flags
                .known_location
                .as_ref()
                .and_then(|location| location.at)
                .map(When::earliest)
                .filter(|moves| *moves > attempt.at),
            recent: facts
                .history
                .iter()
                .filter(|contact| contact.at >= since)
                .collect(),
            dialled,
        }
    }

    /// The policies of the states whose law is respected.
    pub fn states(&self) -> impl Iterator<Item = &'a State> {
        self.place
            .states
            .iter()
            .filter_map(|code| self.policy.state(*code))
    }

    /// Whether a contact was about the attempt's debt, or about none in particular. Debts of one
    /// account group are one debt.
    pub fn is_about_debt(&self, contact: &Contact) -> bool {
        if contact.debt.is_none() && contact.debts.is_empty() {
            return true;
        }
        contact
            .debt
            .iter()
            .chain(&contact.debts)
            .any(|id| self.is_same_debt(id))
    }

    /// Student loans under one account number are one debt (12 CFR 1006.14(b)(4)); a group of debts
    /// of no kind we know is taken for one.
    pub fn is_same_debt(&self, id: &str) -> bool {
        if self.attempt.debt.as_deref() == Some(id) {
            return true;
        }
        let grouped = |debt: &&Debt| {
            debt.account_group.is_some()
                && matches!(debt.kind, DebtKind::StudentLoan | DebtKind::Other)
        };
        let group = self.debt.filter(grouped).map(|debt| &debt.account_group);
        let other = self.facts.debt(id).filter(grouped);
        group.is_some() && group == other.map(|debt| &debt.account_group)
    }

    /// Whether a contact was with the person the attempt is for. Another person has counts of
    /// their own.
    pub fn is_with_same_person(&self, contact: &Contact) -> bool {
        let party = self.party_of(contact);
        party == self.party && (party != Party::ThirdParty || self.is_to_same_number(contact))
    }

    fn party_of(&self, contact: &Contact) -> Party {
        if let Some(party) = contact.party {
            return party;
        }
        if contact.purpose == Some(Purpose::LocationInfo) {
            return Party::ThirdParty;
        }
        Party::Consumer
    }

    /// Whether a contact used the number now to be dialled. A contact without a number did.
    pub fn is_to_same_number(&self, contact: &Contact) -> bool {
        match (contact.phone.as_deref(), self.attempt.phone.as_deref()) {
            (Some(earlier), Some(now)) => match (digits_of(earlier), self.dialled) {
                (Some(earlier), Some(now)) => earlier == now,
                (None, None) => earlier == now,
                (Some(_), None) | (None, Some(_)) => false,
            },
            (None, _) | (_, None) => true,
        }
    }

    /// Whether the contact was made at work. A contact without a number may have been.
    pub fn was_at_work(&self, contact: &Contact) -> Option<bool> {
        let number = contact.phone.as_deref()?;
        let phone = self
            .facts
            .debtor
            .phones
            .iter()
            .find(|phone| same_number(&phone.number, number))?;
        Some(is_at_work(phone))
    }

    /// Whether the attempt reaches the person at work.
    pub fn is_at_work(&self) -> bool {
        match self.attempt.channel {
            Channel::Call | Channel::Voicemail | Channel::Sms => self.phone.is_some_and(is_at_work),
            Channel::Email => self
                .email
                .is_some_and(|email| email.kind == EmailKind::Employer),
            Channel::Letter | Channel::Portal => false,
        }
    }
}

/// Who says that the lawyer is contacted and uses a number or an address of the consumer's reaches
/// the consumer. So does a call or an email to a lawyer of whom the file knows nothing: it goes
/// where the file says, or nowhere. A bankruptcy has its counsel, known by name or not.
fn reached(
    facts: &Facts,
    attempt: &Attempt,
    phone: Option<&Phone>,
    email: Option<&Email>,
) -> Party {
    if attempt.party != Party::Attorney {
        return attempt.party;
    }
    let is_on_file = phone.is_some_and(|phone| !is_of_a_lawyer(phone)) || email.is_some();
    let flags = &facts.debtor.flags;
    let has_counsel =
        flags.attorney.is_some() || flags.bankruptcy.is_some() || flags.codebtor_of.is_some();
    let is_by_letter = matches!(attempt.channel, Channel::Letter | Channel::Portal);
    if is_on_file || !(has_counsel || is_by_letter) {
        Party::Consumer
    } else {
        Party::Attorney
    }
}

fn is_of_a_lawyer(phone: &Phone) -> bool {
    let owner = phone.belongs_to.as_deref().unwrap_or_default().trim();
    ["attorney", "lawyer", "counsel"]
        .iter()
        .any(|name| owner.eq_ignore_ascii_case(name))
}

/// A telephone at work, by its kind or by where it rings.
pub(crate) fn is_at_work(phone: &Phone) -> bool {
    phone.kind == Some(PhoneKind::Work)
        || phone
            .place
            .as_deref()
            .is_some_and(|place| place.eq_ignore_ascii_case("work"))
}

pub(crate) fn same_number(one: &str, other: &str) -> bool {
    match (digits_of(one), digits_of(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one == other,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

pub(crate) fn same_address(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// The inquiry at one moment.
pub(crate) struct Now<'a> {
    pub inquiry: &'a Inquiry<'a>,
    pub at: Instant,
    /// One for each zone the consumer may be in; UTC alone when none is known.
    pub clocks: Vec<WallClock>,
}

impl<'a> Now<'a> {
    pub fn of(inquiry: &'a Inquiry<'a>, at: Instant) -> Self {
        let mut now = Self {
            inquiry,
            at,
            clocks: Vec::with_capacity(inquiry.place.zones.len().max(1)),
        };
        now.move_to(at);
        now
    }

    /// The same inquiry at another moment.
    pub fn move_to(&mut self, at: Instant) {
        self.at = at;
        self.clocks.clear();
        let zones = &self.inquiry.place.zones;
        self.clocks
            .extend(zones.iter().map(|zone| WallClock::read(zone.zone, at)));
        if self.clocks.is_empty() {
            self.clocks.push(WallClock {
                zone: Zone::UTC,
                date: at.naive_utc().date(),
                minute: 0,
            });
        }
    }

    pub fn attempt(&self) -> &'a Attempt {
        self.inquiry.attempt
    }

    /// Whom the attempt would reach.
    pub fn party(&self) -> Party {
        self.inquiry.party
    }

    pub fn facts(&self) -> &'a Facts {
        self.inquiry.facts
    }

    pub fn policy(&self) -> &'a Policy {
        self.inquiry.policy
    }

    /// The day by which the policy is read: the first candidate zone's.
    pub fn date(&self) -> NaiveDate {
        self.clocks
            .first()
            .map_or_else(|| self.at.naive_utc().date(), |clock| clock.date)
    }

    /// The latest date any clock shows.
    pub fn latest_date(&self) -> NaiveDate {
        self.dates().max().unwrap_or_else(|| self.date())
    }

    /// The earliest date any clock shows.
    pub fn earliest_date(&self) -> NaiveDate {
        self.dates().min().unwrap_or_else(|| self.date())
    }

    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        self.clocks.iter().map(|clock| clock.date)
    }

    /// The instant by which a date has begun on every clock.
    pub fn begun_everywhere(&self, date: NaiveDate) -> Instant {
        self.clocks
            .iter()
            .map(|clock| start_of_day(clock.zone, date))
            .max()
            .unwrap_or(self.at)
    }

    /// The earliest local date an instant falls on.
    pub fn earliest_date_of(&self, at: Instant) -> NaiveDate {
        let date_in = |clock: &WallClock| WallClock::read(clock.zone, at).date;
        self.clocks
            .iter()
            .map(date_in)
            .min()
            .unwrap_or_else(|| at.naive_utc().date())
    }

    /// Whether a stop that began then is in force. Without a date it is.
    pub fn has_begun(&self, since: Option<When>) -> bool {
        match since {
            None => true,
            Some(When::At(at)) => at <= self.at,
            Some(When::On(date)) => date <= self.latest_date(),
        }
    }

    /// Whether something certainly happened before now. Without a date it did not.
    pub fn certainly_happened(&self, when: Option<When>) -> bool {
        match when {
            None => false,
            Some(When::At(at)) => at <= self.at,
            Some(When::On(date)) => date < self.earliest_date(),
        }
    }

    /// When a permission given then begins to count: for a bare date, on the next day.
    pub fn happens_at(&self, when: When) -> Instant {
        match when {
            When::At(at) => at,
            When::On(date) => self.begun_everywhere(add_days(date, 1)),
        }
    }

    pub fn stops(&self, stop: Option<&'a Stop>) -> Option<&'a Stop> {
        stop.filter(|stop| !stop.lifted && self.has_begun(stop.at))
    }

    pub fn is_granted(&self, grant: Option<&Grant>) -> bool {
        grant.is_some_and(|grant| {
            grant.given
                && (grant.at.is_none() || self.certainly_happened(grant.at))
                && !grant
                    .revoked_at
                    .is_some_and(|revoked| self.has_begun(Some(revoked)))
        })
    }

    /// When a permission that is not given yet will be. `None`: never, or given already.
    pub fn granted_from(&self, grant: &Grant) -> Option<Instant> {
        let from = grant
            .at
            .filter(|_| grant.given)
            .map(|at| self.happens_at(at))?;
        (from > self.at).then_some(from)
    }

    pub fn is_automated(&self) -> bool {
        self.attempt().initiator == Initiator::Automated
    }

    /// A call or a message left by telephone.
    pub fn is_by_phone(&self) -> bool {
        is_by_phone(self.attempt().channel)
    }

    /// Whether the hour matters: letters lie in the mailbox until they are opened.
    pub fn is_bound_to_hours(&self) -> bool {
        match self.attempt().channel {
            Channel::Call
            | Channel::Voicemail
            | Channel::Email
            | Channel::Portal
            | Channel::Sms => true,
            Channel::Letter => false,
        }
    }

    /// The windows that must all be open, the consumer's and those of a state's own clock.
    pub fn contact_windows(&self) -> Vec<OpenHours> {
        let date = self.date();
        let Some(&hours) = self.policy().federal.call_hours.on(date) else {
            return Vec::new();
        };
        let zones = self.inquiry.place.zones.iter();
        let mut windows: Vec<OpenHours> = zones
            .map(|candidate| OpenHours {
                zone: candidate.zone,
                hours,
            })
            .collect();
        windows.extend(
            self.state_clocks()
                .map(|(zone, hours)| OpenHours { zone, hours }),
        );
        windows
    }

    /// Clocks that a state's law keeps beside the consumer's, for calls and texts.
    pub fn state_clocks(&self) -> impl Iterator<Item = (Zone, Hours)> {
        let date = self.date();
        let bound = self.is_by_phone() || self.attempt().channel == Channel::Sms;
        self.inquiry
            .states()
            .filter(move |_| bound)
            .filter_map(move |state| state.call_hours_clock.on(date))
            .map(|clock| (clock.zone, clock.hours))
    }

    /// `at` itself, or the next moment inside contact hours where those apply.
    pub fn inside_hours(&self, at: Instant) -> Option<Instant> {
        if !self.is_bound_to_hours() || self.inquiry.place.zones.is_empty() {
            return Some(at);
        }
        all_open(&self.contact_windows(), at)
    }

    /// The contact by the same medium that the one reply of `respond-once` answers, if the reply
    /// has not been given yet.
    pub fn unanswered_contact(&self) -> Option<&'a Contact> {
        if self.attempt().purpose != Purpose::RespondOnce {
            return None;
        }
        let medium = medium_of(self.attempt().channel);
        let by_same_medium = |contact: &&Contact| medium_of(contact.channel) == medium;
        let history = || self.facts().history.iter().filter(by_same_medium);
        let last = history()
            .filter(|contact| contact.direction == Direction::In && contact.at <= self.at)
            .max_by_key(|contact| contact.at)?;
        let answered =
            history().any(|contact| contact.direction == Direction::Out && contact.at >= last.at);
        (!answered).then_some(last)
    }

    /// How many contacts of the last `days` local days, this one included, are counted: by the
    /// zone in which they are most.
    pub fn count(&self, days: u32, counted: impl Fn(&Contact) -> bool) -> usize {
        self.clocks
            .iter()
            .map(|clock| {
                let (from, to) = window(clock, days);
                let recent = self.inquiry.recent.iter();
                recent
                    .filter(|contact| contact.at >= from && contact.at < to && counted(contact))
                    .count()
            })
            .max()
            .unwrap_or(0)
    }

    /// When a count over the last `days` local days, this one included, falls below `max`, if it
    /// has reached it. Each zone counts by its own days, and the strictest decides.
    pub fn limit_reached(
        &self,
        max: u32,
        days: u32,
        counted: impl Fn(&Contact) -> bool,
    ) -> Option<Reached> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        if max == 0 {
            return Some(Reached {
                count: 0,
                until: None,
            });
        }
        // Most files are far from any limit: a look by elapsed time, a day wider on both sides than
        // any calendar makes the window, spares them the calendar.
        let now = self.at.as_micros();
        let from = now.saturating_sub((i64::from(days) + 1) * MICROS_PER_DAY);
        let to = now.saturating_add(2 * MICROS_PER_DAY);
        let near = |contact: &&&Contact| {
            let at = contact.at.as_micros();
            at >= from && at < to && counted(contact)
        };
        if self.inquiry.recent.iter().filter(near).count() < max {
            return None;
        }
        let mut reached: Option<Reached> = None;
        for clock in &self.clocks {
            let (from, to) = window(clock, days);
            let inside =
                |contact: &&&Contact| contact.at >= from && contact.at < to && counted(contact);
            let count = self.inquiry.recent.iter().filter(inside).count();
            if count < max {
                continue;
            }
            let mut instants: Vec<Instant> = self
                .inquiry
                .recent
                .iter()
                .filter(inside)
                .map(|contact| contact.at)
                .collect();
            instants.sort_unstable();
            let Some(&last_to_leave) = instants.get(count - max) else {
                continue;
            };
            let day = WallClock::read(clock.zone, last_to_leave).date;
            let until = start_of_day(clock.zone, add_days(day, i64::from(days)));
            reached = Some(match reached {
                Some(other) => Reached {
                    count: other.count.max(count),
                    until: other.until.max(Some(until)),
                },
                None => Reached {
                    count,
                    until: Some(until),
                },
            });
        }
        reached
    }
}

/// The last `days` local days up to and including the clock's own, as instants.
fn window(clock: &WallClock, days: u32) -> (Instant, Instant) {
    (
        start_of_day(clock.zone, add_days(clock.date, 1 - i64::from(days))),
        start_of_day(clock.zone, add_days(clock.date, 1)),
    )
}

/// A limit that is reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub count: usize,
    /// `None`: a limit of zero never clears.
    pub until: Option<Instant>,
}

pub(crate) const fn is_by_phone(channel: Channel) -> bool {
    match channel {
        Channel::Call | Channel::Voicemail => true,
        Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms => false,
    }
}

pub(crate) const fn medium_of(channel: Channel) -> Medium {
    match channel {
        Channel::Call | Channel::Voicemail => Medium::Phone,
        Channel::Email => Medium::Email,
        Channel::Letter => Medium::Mail,
        Channel::Portal => Medium::Portal,
        Channel::Sms => Medium::Text,
    }
}

/// A call the collector placed and that connected to the number: answered, rung out, or gone to a
/// mailbox. A call whose outcome isn't known yet is one.
pub(crate) fn is_placed_call(contact: &Contact) -> bool {
    contact.direction == Direction::Out
        && is_by_phone(contact.channel)
        && !matches!(contact.outcome, Some(Outcome::Busy | Outcome::NotInService))
}

/// A telephone conversation, whoever dialled.
pub(crate) fn is_conversation(contact: &Contact) -> bool {
    is_by_phone(contact.channel) && contact.outcome == Some(Outcome::Conversation)
}
