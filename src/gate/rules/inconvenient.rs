//! Times and places the consumer has ruled out.

use super::exceptions::{next_time_consent, time_consent};
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::time::Instant;
use crate::gate::facts::{Inconvenient, InconvenientKind, LocalTime, Phone, PhoneKind};
use crate::gate::findings::{Findings, Until, Why};
use crate::gate::inquiry::Now;
use crate::gate::windows::{WallClock, add_days, at_wall_time};
use crate::gate::words;

/// Cases: `tests/gate_cases/inconvenient.json`.
pub(super) const INCONVENIENT_PLACE: RuleInfo = RuleInfo {
    id: RuleId::InconvenientPlace,
    key: "inconvenient-place",
    name: "A place that is not convenient",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "A person is not reached at a place they have ruled out.",
    public: "The person has ruled out this place.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(ii)",
    exceptions: &["One reply in the same way to a person who makes contact from that place."],
    clears: "When the person lifts it.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/inconvenient.json`.
pub(super) const INCONVENIENT_TIME: RuleInfo = RuleInfo {
    id: RuleId::InconvenientTime,
    key: "inconvenient-time",
    name: "A time that is not convenient",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "A person is not contacted at a time they have said is not convenient.",
    public: "The person has ruled out this time.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(i); comments 6(b)(1)-1, 6(b)(1)-2",
    exceptions: &[
        "One reply in the same way, at that time, to a person who makes contact then.",
        "The person asked the collector itself for this time.",
    ],
    clears: "When the time they named is over.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `inconvenient-time`: exactly the window the consumer named, in their own time, again and
/// again until they lift it. Holds for every channel but a letter.
pub(super) fn inconvenient_time(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !now.is_bound_to_hours() {
        return;
    }
    let designations = now.facts().debtor.flags.inconvenient.iter();
    let times = designations
        .filter(|said| said.kind == InconvenientKind::Time && now.has_begun(said.said_at));
    let mut until: Option<Until> = None;
    let mut named: Option<&Inconvenient> = None;
    for said in times {
        let barred = now
            .clocks
            .iter()
            .filter_map(|clock| barred_until(said, clock, now.at))
            .reduce(later);
        let Some(barred) = barred else { continue };
        if may_go_on(now, said) {
            continue;
        }
        let barred = match (barred, next_time_consent(now, said.said_at)) {
            (Until::At(end), Some(consent)) => Until::At(end.min(consent)),
            (Until::Never, Some(consent)) => Until::At(consent),
            (barred, None) => barred,
        };
        until = Some(until.map_or(barred, |other| later(other, barred)));
        named = named.or(Some(said));
    }
    let (Some(until), Some(said)) = (until, named) else {
        return;
    };
    findings.block(RuleId::InconvenientTime, until, || {
        let message = match until {
            Until::At(_) => "This person has said that this time is not convenient.",
            Until::Never => "This person has said that no time is convenient.",
        };
        Why::says(message).with("debtor.flags.inconvenient", describe(said))
    });
}

fn later(one: Until, other: Until) -> Until {
    match (one, other) {
        (Until::At(one), Until::At(other)) => Until::At(one.max(other)),
        (Until::Never, _) | (_, Until::Never) => Until::Never,
    }
}

/// A person may use a time the consumer asked for since, or answer a contact the consumer made
/// inside the same stretch of barred time.
fn may_go_on(now: &Now<'_>, said: &Inconvenient) -> bool {
    if now.is_automated() {
        return false;
    }
    if time_consent(now, Some(said.said_at.unwrap_or_else(|| now.at.into()))).is_some() {
        return true;
    }
    now.unanswered_contact().is_some_and(|contact| {
        now.clocks.iter().all(|clock| {
            let then = WallClock::read(clock.zone, contact.at);
            match barred_until(said, &then, contact.at) {
                Some(Until::At(end)) => end > now.at,
                Some(Until::Never) => true,
                // Where this clock was free then, it must be free now.
                None => barred_until(said, clock, now.at).is_none(),
            }
        })
    })
}

/// When the stretch of barred time around `at` ends, if `at` lies in one.
fn barred_until(said: &Inconvenient, clock: &WallClock, at: Instant) -> Option<Until> {
    if !is_barred(said, clock) {
        return None;
    }
    let (mut clock, mut at) = (*clock, at);
    // A week of barred days without a gap never ends.
    for _ in 0..16 {
        let end = end_of_range(said, &clock, at);
        let then = WallClock::read(clock.zone, end);
        if !is_barred(said, &then) {
            return Some(Until::At(end));
        }
        if end <= at {
            return Some(Until::Never);
        }
        (clock, at) = (then, end);
    }
    Some(Until::Never)
}

/// First and last minute; equal ones mean the whole day.
fn range_of(said: &Inconvenient) -> (u16, u16) {
    let from = said.from.unwrap_or(LocalTime::MIDNIGHT).minutes();
    let to = said.to.unwrap_or(LocalTime::DAY_END).minutes();
    if from == to { (0, 1440) } else { (from, to) }
}

fn is_barred(said: &Inconvenient, clock: &WallClock) -> bool {
    let (from, to) = range_of(said);
    let today = names_day(said, clock, 0);
    if from < to {
        return today && clock.minute >= from && clock.minute < to;
    }
    (today && clock.minute >= from) || (names_day(said, clock, -1) && clock.minute < to)
}

fn names_day(said: &Inconvenient, clock: &WallClock, offset: i64) -> bool {
    use chrono::Datelike;
    let weekday = add_days(clock.date, offset).weekday();
    said.days.is_empty() || said.days.iter().any(|day| day.to_chrono() == weekday)
}

fn end_of_range(said: &Inconvenient, clock: &WallClock, at: Instant) -> Instant {
    let (from, to) = range_of(said);
    let over_midnight = from > to && clock.minute >= from;
    let date = if over_midnight {
        add_days(clock.date, 1)
    } else {
        clock.date
    };
    at_wall_time(clock.zone, date, to, Some(at))
}

fn describe(said: &Inconvenient) -> String {
    let days: Vec<String> = said.days.iter().map(|day| format!("{day:?}")).collect();
    let days = if days.is_empty() {
        "every day".to_owned()
    } else {
        days.join(", ")
    };
    let from = said.from.unwrap_or(LocalTime::MIDNIGHT);
    let to = said.to.unwrap_or(LocalTime::DAY_END);
    format!("{days}, {from} to {to}")
}

/// Raises `inconvenient-place` for a telephone that rings at the place. A mobile and an email
/// address are tied to no place.
pub(super) fn inconvenient_place(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !now.is_by_phone() {
        return;
    }
    let Some(place) = now.inquiry.phone.and_then(place_of) else {
        return;
    };
    let said = now.facts().debtor.flags.inconvenient.iter().find(|said| {
        said.kind == InconvenientKind::Place
            && now.has_begun(said.said_at)
            && said
                .place
                .as_deref()
                .is_none_or(|named| is_same_place(named, place))
    });
    if said.is_none() {
        return;
    }
    let answers = now
        .unanswered_contact()
        .is_some_and(|contact| now.inquiry.is_to_same_number(contact));
    if answers {
        return;
    }
    findings.block(RuleId::InconvenientPlace, None, || {
        Why::says(format!(
            "This person has asked not to be reached at {}.",
            words::on_file(place)
        ))
        .with("debtor.flags.inconvenient", words::on_file(place))
    });
}

/// Whether two words name one place: "my office" is at work.
fn is_same_place(one: &str, other: &str) -> bool {
    match (kind_of_place(one), kind_of_place(other)) {
        (Some(one), Some(other)) => one == other,
        (None, _) | (_, None) => one.trim().eq_ignore_ascii_case(other.trim()),
    }
}

fn kind_of_place(words: &str) -> Option<&'static str> {
    let words = words.to_lowercase();
    [
        ("work", ["work", "office", "job", "employer"].as_slice()),
        ("school", &["school", "college", "university"]),
        ("home", &["home", "house", "residence"]),
    ]
    .into_iter()
    .find(|(_, names)| names.iter().any(|name| words.contains(name)))
    .map(|(kind, _)| kind)
}

fn place_of(phone: &Phone) -> Option<&str> {
    if let Some(place) = phone.place.as_deref() {
        return Some(place.trim());
    }
    match phone.kind? {
        PhoneKind::Work => Some("work"),
        PhoneKind::Landline => Some("home"),
        PhoneKind::Mobile => None,
    }
}
