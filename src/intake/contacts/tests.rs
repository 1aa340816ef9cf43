use chrono::Duration;
use chrono_tz::America::Chicago;

use super::*;
use crate::intake::table::Limits;
use crate::intake::words::Party;

const HEADER: &str =
    "invoice_number,at,channel,direction,outcome,phone,purpose,mini_miranda,agent,notes";

fn now() -> Instant {
    Instant::parse_rfc3339("2026-06-01T18:00:00Z").unwrap()
}

fn reading() -> Reading {
    Reading {
        now: now(),
        zone: Some(Chicago),
        move_to_now: false,
    }
}

fn intake_of(text: &str, reading: Reading) -> ContactIntake {
    let table = Table::parse(text, &Limits::default()).unwrap();
    let mapping = Mapping::guess(table.headers());
    read(&table, &mapping, reading).unwrap()
}

fn one(row: &str) -> ContactRow {
    let intake = intake_of(&format!("{HEADER}\n{row}\n"), reading());
    assert_eq!(intake.errors.listed(), []);
    intake.rows.into_iter().next().unwrap()
}

fn error_of(row: &str) -> String {
    let intake = intake_of(&format!("{HEADER}\n{row}\n"), reading());
    assert_eq!(intake.rows, [], "{row}");
    intake.errors.listed()[0].to_string()
}

#[test]
fn a_call_is_read_whole() {
    let row = one(
        "A-1,2026-05-12T10:00:00-04:00,call,out,conversation,212-555-0142,,yes,Kim,\"said\nno\"",
    );
    assert_eq!(row.line, 2);
    assert_eq!(row.invoice_number, "A-1");
    assert_eq!(row.at.to_rfc3339(), "2026-05-12T14:00:00Z");
    assert!(!row.is_date_only);
    assert_eq!(
        (row.channel, row.direction, row.outcome, row.purpose),
        (
            Channel::Call,
            Direction::Out,
            Outcome::Conversation,
            Purpose::Collect
        )
    );
    assert_eq!(row.phone, Some("2125550142".parse().unwrap()));
    assert_eq!(row.mini_miranda, Some(true));
    assert_eq!(row.notes.as_deref(), Some("said\nno"));
}

#[test]
fn a_validation_notice_is_a_letter_with_a_purpose() {
    let row = one("A-1,2026-05-12,letter,,,,validation-notice,,,");
    assert_eq!(
        (row.channel, row.direction, row.outcome, row.purpose),
        (
            Channel::Letter,
            Direction::Out,
            Outcome::Sent,
            Purpose::ValidationNotice
        )
    );
    assert!(row.is_date_only);
    assert_eq!(row.at.to_rfc3339(), "2026-05-13T04:59:59Z");
}

#[test]
fn a_day_that_is_not_over_is_taken_as_now() {
    let row = one("A-1,2026-06-01,email,out,,,,,,");
    assert_eq!(row.at, now());
    assert!(error_of("A-1,2026-06-02T00:00:00Z,email,out,,,,,,").contains("lies in the future"));
    assert!(error_of("A-1,2026-06-03,email,out,,,,,,").contains("lies in the future"));
}

#[test]
fn the_channel_may_say_the_direction() {
    assert_eq!(
        one("A-1,2026-05-12,phone_inbound,,conversation,,,,,").direction,
        Direction::In
    );
    assert_eq!(
        one("A-1,2026-05-12,phone_outbound,,busy,,,,,").direction,
        Direction::Out
    );
    assert!(error_of("A-1,2026-05-12,call,,busy,,,,,").contains("is empty: use out, in"));
}

#[test]
fn outcomes_that_cannot_be_are_refused() {
    assert_eq!(
        error_of("A-1,2026-05-12,call,in,no-answer,,,,,"),
        "Line 2, \"outcome\": \"no-answer\" can't be the outcome of an incoming call"
    );
    assert!(error_of("A-1,2026-05-12,email,out,conversation,,,,,").contains("outgoing email"));
    assert!(error_of("A-1,2026-05-12,call,out,sent,,,,,").contains("outgoing call"));
    assert!(error_of("A-1,2026-05-12,call,out,,,,,,").contains("a call needs one"));
}

#[test]
fn local_times_without_a_zone_are_refused() {
    let text = format!("{HEADER}\nA-1,2026-05-12 10:00,call,out,busy,,,,,\n");
    let intake = intake_of(
        &text,
        Reading {
            zone: None,
            ..reading()
        },
    );
    assert!(
        intake.errors.listed()[0]
            .message
            .contains("names no time zone")
    );
}

#[test]
fn a_row_may_name_its_zone() {
    let text = "invoice,date,tz,type,direction,result,spoke with\nA-1,5/12/2026 10:00 AM,America/Los_Angeles,call,outbound,Third party,spouse\nA-2,5/12/2026,Mars/Base,letter,,,\n";
    let intake = intake_of(text, reading());
    assert_eq!(intake.rows[0].at.to_rfc3339(), "2026-05-12T17:00:00Z");
    assert_eq!(intake.rows[0].party, Some(Party::Spouse));
    assert_eq!(intake.errors.total(), 1);
    assert_eq!(intake.errors.listed()[0].column, "tz");
}

#[test]
fn several_errors_of_a_row_are_all_named() {
    let text = format!("{HEADER}\n,13/01/2026,smoke,out,busy,911,,maybe,,\n");
    let intake = intake_of(&text, reading());
    let columns: Vec<&str> = intake
        .errors
        .listed()
        .iter()
        .map(|e| e.column.as_str())
        .collect();
    assert_eq!(
        columns,
        ["invoice_number", "at", "channel", "phone", "mini_miranda"]
    );
}

#[test]
fn a_demonstration_moves_whole_days_so_that_the_last_contact_is_just_past() {
    let text = format!(
        "{HEADER}\nA-1,2024-01-10T15:00:00Z,call,out,busy,,,,,\nA-1,2024-01-14T19:00:00Z,call,out,busy,,,,,\n"
    );
    let intake = intake_of(
        &text,
        Reading {
            move_to_now: true,
            ..reading()
        },
    );
    assert_eq!(intake.errors.total(), 0);
    let at: Vec<String> = intake.rows.iter().map(|row| row.at.to_rfc3339()).collect();
    assert_eq!(at, ["2026-05-27T15:00:00Z", "2026-05-31T19:00:00Z"]);

    let later = intake_of(
        &text,
        Reading {
            move_to_now: true,
            now: now().plus(Duration::hours(1)),
            ..reading()
        },
    );
    assert_eq!(later.rows[1].at.to_rfc3339(), "2026-06-01T19:00:00Z");

    let before = Instant::parse_rfc3339("2023-03-01T00:00:00Z").unwrap();
    let earlier = intake_of(
        &text,
        Reading {
            move_to_now: true,
            now: before,
            ..reading()
        },
    );
    assert_eq!(earlier.errors.total(), 0);
    assert_eq!(earlier.rows[1].at.to_rfc3339(), "2023-02-28T19:00:00Z");
}
