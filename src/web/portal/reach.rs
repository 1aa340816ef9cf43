//! `/p/reach`: "Say when and how to reach me", echoed in one sentence with a reference number.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveTime;
use serde_json::Value;

use super::account::{load, moment};
use super::frame::Frame;
use super::visitor::Visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::flags::{Learned, Point};
use crate::actions::portal::wishes;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::FlagKind;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::facts::{Inconvenient, InconvenientKind, LocalTime, Weekday};
use crate::store::flags::Flag;
use crate::web::page;
use crate::web::view::form::{Choice, Choices, Field};
use crate::web::view::portal::{PortalReachPage, PortalReceiptPage};
use crate::web::view::portal_words::{ReachWords, Words};

/// The fields by name: there is one for each number and address.
pub type Sent = HashMap<String, String>;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

pub async fn form(frame: Frame, ctx: web::Data<Ctx>, visitor: Visitor) -> AppResult<HttpResponse> {
    answer(
        frame,
        ctx,
        visitor,
        StatusCode::OK,
        Sent::new(),
        FieldErrors::default(),
    )
    .await
}

/// Answers only when nothing is starting that was authorised before.
pub async fn submit(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    sent: web::Form<Sent>,
) -> AppResult<HttpResponse> {
    let sent = sent.into_inner();
    load(&ctx, visitor, &mut frame).await?;
    let words = &frame.words().reach;
    let points = points(&ctx, visitor).await?;
    let said = match read(words, &points, &sent) {
        Ok(said) => said,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return answer(frame, ctx, visitor, status, sent, errors).await;
        }
    };
    match wishes::say(&ctx, &visitor.0, said).await {
        Ok(Some(reference)) => Ok(page::see_other(&format!("/p/reach/{reference}"))),
        // All of it stood before: the form says so.
        Ok(None) => Ok(page::see_other("/p/reach")),
        Err(AppError::Busy(why)) => {
            tracing::error!(%why, "a wish said in the portal is not complete");
            let errors = FieldErrors::one("days", words.not_yet);
            let status = StatusCode::SERVICE_UNAVAILABLE;
            answer(frame, ctx, visitor, status, sent, errors).await
        }
        Err(error) => Err(error),
    }
}

/// What was said at one time, whenever that was.
pub async fn receipt(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    reference: web::Path<String>,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let reference = reference.into_inner();
    let asked = reference.clone();
    let said = blocking(move || wishes::receipt(&ctx, &visitor.0, &asked)).await?;
    let words = frame.words();
    let at = said
        .first()
        .map(|flag| moment(words, &account.facts, flag.set_at));
    frame.ok(&PortalReceiptPage {
        shell: frame.inside(words.reach.title),
        heading: words.reach.done,
        sentences: [sentence(&words.reach, words.reach.sentence, &said), at]
            .into_iter()
            .flatten()
            .collect(),
        reference,
        next: words.reach.next,
        home_href: "/p/account".to_owned(),
    })
}

async fn points(ctx: &web::Data<Ctx>, visitor: Visitor) -> AppResult<Vec<Point>> {
    let ctx = ctx.clone();
    blocking(move || wishes::points(&ctx, &visitor.0)).await
}

async fn answer(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    status: StatusCode,
    sent: Sent,
    errors: FieldErrors,
) -> AppResult<HttpResponse> {
    load(&ctx, visitor, &mut frame).await?;
    let points = points(&ctx, visitor).await?;
    let standing = blocking(move || wishes::standing(&ctx, &visitor.0)).await?;
    let words = frame.words();
    let title = if errors.is_empty() {
        words.reach.title.to_owned()
    } else {
        format!("{}: {}", words.error, words.reach.title)
    };
    let field = |name: &'static str| {
        let field = Field::new(name, text(&sent, name));
        match errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    frame.with_status(
        status,
        &PortalReachPage {
            shell: frame.inside(&title),
            action: "/p/reach".to_owned(),
            days: days(words, &sent, &errors),
            from: field("from"),
            to: field("to"),
            ways: ways(words, &points, &sent),
            stands: sentence(&words.reach, words.reach.stands, &standing),
            back_href: "/p/account".to_owned(),
        },
    )
}

fn text<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.get(name).map_or("", |text| text.trim())
}

fn option(value: &str, label: String, sent: &Sent, group: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
        chosen: text(sent, &format!("{group}_{value}")) == "yes",
    }
}

fn days(words: &Words, sent: &Sent, errors: &FieldErrors) -> Choices {
    Choices {
        name: "days".to_owned(),
        options: DAYS
            .iter()
            .zip(words.reach.days)
            .map(|((value, _), label)| option(value, capitalised(label), sent, "days"))
            .collect(),
        error: errors.of("days").map(str::to_owned),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A number or an address as the form names it: it must not change while the form is open, and a
/// number is told by no more than its end.
fn key(point: &Point) -> String {
    match point {
        Point::Phone(number) => format!("p{}", number.last_four()),
        Point::Email(address) => address.clone(),
    }
}

/// Work, letters, and each number and address.
fn ways(words: &Words, points: &[Point], sent: &Sent) -> Choices {
    let words = &words.reach;
    let mut options = vec![option("work", words.at_work.to_owned(), sent, "ways")];
    for point in points {
        let label = match point {
            Point::Phone(number) => words.number.replace("{point}", &number.last_four()),
            Point::Email(address) => words.address.replace("{point}", address),
        };
        options.push(option(&key(point), label, sent, "ways"));
    }
    options.push(option("letters", words.letters.to_owned(), sent, "ways"));
    Choices {
        name: "ways".to_owned(),
        options,
        error: None,
    }
}

fn read(words: &ReachWords, points: &[Point], sent: &Sent) -> Result<Vec<Learned>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let days: Vec<Weekday> = DAYS
        .iter()
        .filter(|(value, _)| text(sent, &format!("days_{value}")) == "yes")
        .map(|(_, day)| *day)
        .collect();
    let mut time = |name: &'static str| match text(sent, name) {
        "" => None,
        text => {
            let time = LocalTime::parse(text);
            if time.is_none() {
                errors.add(name, words.bad_time);
            }
            time
        }
    };
    let (from, to) = (time("from"), time("to"));
    if from.is_some() && from == to {
        errors.add("to", words.same_time);
    }
    let mut said = Vec::new();
    if !days.is_empty() || from.is_some() || to.is_some() {
        let starts_at_midnight = from.unwrap_or(LocalTime::MIDNIGHT) == LocalTime::MIDNIGHT;
        if starts_at_midnight && to.is_none() && (days.is_empty() || days.len() == DAYS.len()) {
            errors.add("days", words.every_hour);
        }
        said.push(Learned::InconvenientTime { days, from, to });
    }
    if text(sent, "ways_work") == "yes" {
        said.push(Learned::WorkplaceProhibited);
    }
    for point in points {
        if text(sent, &format!("ways_{}", key(point))) == "yes" {
            said.push(Learned::AddressOptOut(point.clone()));
        }
    }
    if text(sent, "ways_letters") == "yes" {
        said.push(Learned::MailOptOut);
    }
    if said.is_empty() && errors.is_empty() {
        errors.add("days", words.nothing);
    }
    if errors.is_empty() {
        Ok(said)
    } else {
        Err(errors)
    }
}

/// The wishes as one sentence, times first; nothing when there are none.
fn sentence(words: &ReachWords, frame: &str, said: &[Flag]) -> Option<String> {
    const ORDER: [FlagKind; 3] = [
        FlagKind::Inconvenient,
        FlagKind::WorkplaceProhibited,
        FlagKind::AddressOptOut,
    ];
    let place = |flag: &&Flag| ORDER.iter().position(|kind| *kind == flag.kind);
    let mut said: Vec<&Flag> = said.iter().collect();
    said.sort_by_key(|flag| (place(flag).unwrap_or(ORDER.len()), flag.detail.clone()));
    let wishes: Vec<String> = said
        .into_iter()
        .filter_map(|flag| wish(words, flag))
        .collect();
    let (last, before) = wishes.split_last()?;
    let all = if before.is_empty() {
        last.clone()
    } else {
        format!("{}, {} {last}", before.join(", "), words.and)
    };
    Some(frame.replace("{wishes}", &all))
}

fn wish(words: &ReachWords, flag: &Flag) -> Option<String> {
    match flag.kind {
        FlagKind::WorkplaceProhibited => Some(words.wish_work.to_owned()),
        FlagKind::MailOptOut => Some(words.wish_letters.to_owned()),
        FlagKind::AddressOptOut => {
            let detail: Value = serde_json::from_str(&flag.detail).ok()?;
            let point = detail.get("address")?.as_str()?;
            Some(match point.parse::<PhoneNumber>() {
                Ok(number) => words.wish_number.replace("{point}", &number.last_four()),
                Err(_) => words.wish_address.replace("{point}", point),
            })
        }
        FlagKind::Inconvenient => {
            let said: Inconvenient = serde_json::from_str(&flag.detail).ok()?;
            Some(match said.kind {
                InconvenientKind::Time => time_in_words(words, &said),
                InconvenientKind::Place => match said.place.as_deref() {
                    Some("work") | None => words.wish_work.to_owned(),
                    Some(place) => words.wish_place.replace("{point}", place),
                },
            })
        }
        FlagKind::Cease
        | FlagKind::CallOptOut
        | FlagKind::EmailOptOut
        | FlagKind::DoNotCall
        | FlagKind::Attorney
        | FlagKind::Bankruptcy
        | FlagKind::Deceased
        | FlagKind::KnownLocation
        | FlagKind::Military
        | FlagKind::Codebtor
        | FlagKind::BankruptcyDismissed
        | FlagKind::Discharge
        | FlagKind::CodebtorEnded
        | FlagKind::LocationNeeded => None,
    }
}

fn time_in_words(words: &ReachWords, said: &Inconvenient) -> String {
    let named: Vec<&str> = DAYS
        .iter()
        .zip(words.days)
        .filter(|((_, day), _)| said.days.contains(day))
        .map(|(_, word)| word)
        .collect();
    let days = match named.split_last() {
        None => words.any_day.to_owned(),
        Some((only, [])) => words.all_day.replace("{days}", only),
        Some((last, before)) => {
            let list = format!("{} {} {last}", before.join(", "), words.and);
            words.all_day.replace("{days}", &list)
        }
    };
    if said.from.is_none() && said.to.is_none() {
        return days;
    }
    let clock = |time: Option<LocalTime>| {
        let minutes = time.map_or(0, |time| u32::from(time.minutes()) % 1_440);
        match NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0) {
            Some(time) if minutes > 0 => time.format(words.clock).to_string(),
            _ => words.midnight.to_owned(),
        }
    };
    words
        .between
        .replace("{days}", &days)
        .replace("{from}", &clock(said.from))
        .replace("{to}", &clock(said.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::web::view::portal_words;

    #[test]
    fn a_time_is_told_as_one_would_say_it() {
        let words = &portal_words::of(Language::English).reach;
        let time = |days: &[Weekday], from: Option<&str>, to: Option<&str>| {
            let said = Inconvenient {
                days: days.to_vec(),
                from: from.and_then(LocalTime::parse),
                to: to.and_then(LocalTime::parse),
                ..Inconvenient::default()
            };
            time_in_words(words, &said)
        };
        assert_eq!(
            time(&[Weekday::Sat, Weekday::Sun], None, None),
            "on Saturdays and Sundays"
        );
        assert_eq!(
            time(&[], Some("18:30"), None),
            "on any day between 6:30 PM and midnight"
        );
        assert_eq!(
            time(
                &[Weekday::Mon, Weekday::Tue, Weekday::Fri],
                Some("09:00"),
                Some("17:00")
            ),
            "on Mondays, Tuesdays and Fridays between 9:00 AM and 5:00 PM"
        );
    }
}
