//! One row of cells to one [`ContactRow`], or to everything that is wrong with it.

use chrono_tz::Tz;

use super::{ContactField, ContactRow, moment, shift};
use crate::domain::email::EmailAddress;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::intake::cell::line_of_text;
use crate::intake::issue::{Issues, RowIssue};
use crate::intake::mapping::{Bound, Mapping, MappingError};
use crate::intake::row::RowReader;
use crate::intake::table::Table;
use crate::intake::template;
use crate::intake::words::{self, Channel, Direction, Outcome, Purpose};

use ContactField as F;

const NUMBER_CHARS: usize = 100;
const NAME_CHARS: usize = 200;
const NOTES_CHARS: usize = 2_000;

/// How the times of a history are to be understood.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Contacts after this instant are errors.
    pub now: Instant,
    /// The zone of local times in rows that don't name one.
    pub zone: Option<Tz>,
    /// For the demonstration only: see [`days_to_end_at`](super::days_to_end_at).
    pub move_to_now: bool,
}

/// What a contact history holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactIntake {
    /// The rows without an error, in the order of the file.
    pub rows: Vec<ContactRow>,
    pub errors: Issues,
    pub warnings: Issues,
    /// All rows with content, the wrong ones included.
    pub rows_in_file: usize,
}

type Reader<'a> = RowReader<'a, ContactField>;

/// Reads every row under `mapping`.
pub fn read(
    table: &Table,
    mapping: &Mapping<ContactField>,
    reading: Reading,
) -> Result<ContactIntake, Vec<MappingError>> {
    let bound = mapping.bind(table.headers())?;
    let mut intake = ContactIntake {
        rows: Vec::with_capacity(table.len()),
        rows_in_file: table.len() + table.rejected().len(),
        ..ContactIntake::default()
    };
    intake.errors.extend(table.rejected().iter().cloned());
    for row in table.rows() {
        let mut reader = RowReader::new(row, &bound, &mut intake.errors, &mut intake.warnings);
        intake
            .rows
            .extend(read_row(&mut reader, &bound, reading.zone));
    }
    if reading.move_to_now {
        let days = shift::days_to_end_at(&intake.rows, reading.now);
        shift::apply(&mut intake.rows, days);
    }
    refuse_the_future(&mut intake, &bound, reading.now);
    intake.errors.sort_by_line();
    Ok(intake)
}

fn refuse_the_future(intake: &mut ContactIntake, bound: &Bound<ContactField>, now: Instant) {
    let errors = &mut intake.errors;
    let header = bound.header_of(F::At);
    intake.rows.retain_mut(|row| {
        if row.at <= now {
            return true;
        }
        // The day is not over: the contact took place earlier in it.
        if row.is_date_only && row.at.since(now) < chrono::Duration::days(1) {
            row.at = now;
            return true;
        }
        let at = row.at.to_rfc3339();
        errors.push(RowIssue::new(row.line, header, &at, "lies in the future"));
        false
    });
}

fn read_row(
    reader: &mut Reader<'_>,
    bound: &Bound<ContactField>,
    default_zone: Option<Tz>,
) -> Option<ContactRow> {
    let invoice_number = reader.text(F::InvoiceNumber, NUMBER_CHARS);
    let invoice_number = reader.required(F::InvoiceNumber, invoice_number);
    if invoice_number.as_deref() == Some(template::EXAMPLE_INVOICE) {
        reader.fail_field(
            F::InvoiceNumber,
            "is the example row of the template: delete it",
        );
    }
    let at = at(reader, bound, default_zone);
    let channel = reader.read(F::Channel, words::read::<Channel>);
    let channel = reader.required(F::Channel, channel);
    let direction = direction(reader, channel);
    let outcome = channel
        .zip(direction)
        .and_then(|(channel, direction)| outcome(reader, channel, direction));
    let phone = reader.read(F::Phone, |text| line_of_text(text).parse::<PhoneNumber>());
    let email = reader.read(F::Email, str::parse::<EmailAddress>);
    let purpose = reader.read(F::Purpose, words::read);
    let party = reader.read(F::Party, words::read);
    let mini_miranda = reader.yes_or_no(F::MiniMiranda);
    let agent = reader.text(F::Agent, NAME_CHARS);
    let notes = reader.long_text(F::Notes, NOTES_CHARS);
    if reader.failures() > 0 {
        return None;
    }
    if channel == Some(Channel::Call) && phone.is_none() {
        reader.warn_field(
            F::Phone,
            "is empty: the call is counted for the debtor, but for no number",
        );
    }
    let (at, is_date_only) = at?;
    Some(ContactRow {
        line: reader.line(),
        invoice_number: invoice_number?,
        at,
        is_date_only,
        channel: channel?,
        direction: direction?,
        outcome: outcome?,
        phone,
        email,
        purpose: purpose.unwrap_or(Purpose::Collect),
        party,
        mini_miranda,
        agent,
        notes,
    })
}

fn at(
    reader: &mut Reader<'_>,
    bound: &Bound<ContactField>,
    default_zone: Option<Tz>,
) -> Option<(Instant, bool)> {
    let zone = reader.read(F::TimeZone, |text| {
        text.parse::<Tz>()
            .map_err(|_| "is not a time zone: use a name such as America/Chicago")
    });
    let zone_is_wrong = zone.is_none() && reader.cell(F::TimeZone).is_some();
    let moment = reader.read(F::At, |text| moment::parse(text, bound.date_order()));
    let moment = reader.required(F::At, moment)?;
    if zone_is_wrong {
        return None;
    }
    match moment.instant(zone.or(default_zone)) {
        Some(at) => Some((at, moment.is_date_only())),
        None => {
            reader.fail_field(
                F::At,
                "names no time zone: write an offset (2026-05-12T10:00:00-04:00), map a time zone column, or choose the zone of the file",
            );
            None
        }
    }
}

/// The direction, which some systems hide in the channel: `phone_inbound`.
fn direction(reader: &mut Reader<'_>, channel: Option<Channel>) -> Option<Direction> {
    let written = reader.read(F::Direction, words::read::<Direction>);
    if reader.cell(F::Direction).is_some() {
        return written;
    }
    let of_channel = reader
        .cell(F::Channel)
        .map_or("", |cell| cell.text)
        .to_ascii_lowercase();
    if of_channel.contains("inbound") {
        return Some(Direction::In);
    }
    if of_channel.contains("outbound") {
        return Some(Direction::Out);
    }
    match channel? {
        // A letter on record is one that was sent.
        Channel::Letter => Some(Direction::Out),
        Channel::Call | Channel::Voicemail | Channel::Email | Channel::Portal | Channel::Sms => {
            reader.fail_field(F::Direction, "is empty: use out, in");
            None
        }
    }
}

/// The outcome; where none is written, the only one that a message can have.
fn outcome(reader: &mut Reader<'_>, channel: Channel, direction: Direction) -> Option<Outcome> {
    let written = reader.read(F::Outcome, words::read::<Outcome>);
    if written.is_none() && reader.cell(F::Outcome).is_some() {
        return None;
    }
    let Some(outcome) = written else {
        let only = match (channel, direction) {
            (Channel::Call, _) => {
                reader.fail_field(F::Outcome, "is empty: a call needs one");
                return None;
            }
            (Channel::Voicemail, _) => Outcome::Voicemail,
            (Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms, Direction::Out) => {
                Outcome::Sent
            }
            (Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms, Direction::In) => {
                Outcome::Received
            }
        };
        return Some(only);
    };
    if is_possible(channel, direction, outcome) {
        return Some(outcome);
    }
    let way = match direction {
        Direction::Out => "outgoing",
        Direction::In => "incoming",
    };
    let name = words::Word::key(channel);
    reader.fail_field(
        F::Outcome,
        format!("can't be the outcome of an {way} {name}"),
    );
    None
}

fn is_possible(channel: Channel, direction: Direction, outcome: Outcome) -> bool {
    let is_spoken = match channel {
        Channel::Call | Channel::Voicemail => true,
        Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms => false,
    };
    match outcome {
        Outcome::Voicemail => is_spoken,
        Outcome::Conversation | Outcome::ThirdPartyAnswered => channel == Channel::Call,
        Outcome::NoAnswer | Outcome::VoicemailNoMessage | Outcome::Busy | Outcome::NotInService => {
            is_spoken && direction == Direction::Out
        }
        Outcome::Sent => !is_spoken && direction == Direction::Out,
        Outcome::Received => !is_spoken && direction == Direction::In,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
