use super::*;
use crate::gate::facts::PhoneKind;
use crate::intake::placements::DebtorIdentity;
use crate::intake::table::Limits;
use crate::intake::words::{Chapter, DebtKind, DebtorKind, PreferredContact};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn intake_of(text: &str) -> Intake {
    let table = Table::parse(text, &Limits::default()).unwrap();
    let mapping = Mapping::guess(table.headers());
    read(&table, &mapping, day(2026, 6, 1)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// A row with the fields given and a valid rest.
fn with(fields: &[(&str, &str)]) -> Intake {
    let mut columns = vec![
        ("invoice_number", "A-1"),
        ("amount", "100.00"),
        ("name", "Ada Lovelace"),
    ];
    for (key, value) in fields {
        match columns.iter_mut().find(|(known, _)| known == key) {
            Some(column) => column.1 = value,
            None => columns.push((key, value)),
        }
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let header: Vec<String> = columns.iter().map(|(key, _)| quoted(key)).collect();
    let row: Vec<String> = columns.iter().map(|(_, value)| quoted(value)).collect();
    intake_of(&format!("{}\n{}\n", header.join(","), row.join(",")))
}

fn good(fields: &[(&str, &str)]) -> NewPlacementRow {
    let intake = with(fields);
    assert_eq!(intake.errors.listed(), [], "{fields:?}");
    intake.rows.into_iter().next().unwrap()
}

fn error(fields: &[(&str, &str)]) -> String {
    let intake = with(fields);
    assert_eq!(intake.rows, [], "{fields:?}");
    intake.errors.listed()[0].to_string()
}

#[test]
fn a_full_row_is_read_field_by_field() {
    let row = good(&[
        ("amount", "$1,250.50"),
        ("debtor_kind", "Individual"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("name", ""),
        ("debtor_reference", "C-7"),
        ("address_line1", " 12  Main St "),
        ("city", "Brooklyn"),
        ("state", "new york"),
        ("zip_code", "112011234"),
        ("mobile_phone", "(718) 555-0142"),
        ("phone", "7185550142; 212.555.0143"),
        ("email", "Ada@Example.COM"),
        ("due_date", "1/31/2026"),
        ("incurred_on", "2026-01-01"),
        ("debt_kind", "Medical"),
        ("max_calls_per_week", "2"),
        ("preferred_contact_method", "cell"),
        ("notes", "first\nsecond"),
    ]);
    assert_eq!(row.amount, Cents::new(125_050));
    assert_eq!(row.debtor.kind, DebtorKind::Person);
    assert_eq!(row.debtor.name, "Ada Lovelace");
    assert_eq!(row.debtor.address.line1.as_deref(), Some("12 Main St"));
    assert_eq!(row.debtor.address.state.unwrap().as_str(), "NY");
    assert_eq!(row.debtor.address.zip.unwrap().to_string(), "11201-1234");
    let phones: Vec<_> = row
        .debtor
        .phones
        .iter()
        .map(|p| (p.number.to_string(), p.kind))
        .collect();
    assert_eq!(
        phones,
        [
            ("+17185550142".to_owned(), Some(PhoneKind::Mobile)),
            ("+12125550143".to_owned(), None)
        ]
    );
    assert_eq!(row.debtor.emails[0].address.as_str(), "Ada@example.com");
    assert_eq!(row.debt.due_date, Some(day(2026, 1, 31)));
    assert_eq!(row.debt.kind, Some(DebtKind::Medical));
    assert_eq!(row.max_calls_per_week, Some(2));
    assert_eq!(row.debtor.preferred_contact, Some(PreferredContact::Phone));
    assert_eq!(row.notes.as_deref(), Some("first\nsecond"));
    assert!(!row.debtor.flags.any());
}

#[test]
fn amounts_that_are_none_are_refused() {
    for (text, why) in [
        ("", "is empty"),
        ("0", "is zero"),
        ("0.00", "is zero"),
        ("-5", "is negative"),
        ("(5.00)", "is negative"),
        ("1.005", "more than two decimals"),
        ("1e9", "is not an amount"),
        ("NaN", "is not an amount"),
        ("inf", "is not an amount"),
        ("1.000,00", "is not an amount"),
        ("1000000000.01", "is larger than"),
        ("\u{200B}", "is empty"),
    ] {
        let error = error(&[("amount", text)]);
        assert!(
            error.contains(why) && error.starts_with("Line 2, \"amount\""),
            "{text}: {error}"
        );
    }
}

#[test]
fn places_phones_and_addresses_that_do_not_exist_are_refused() {
    for (field, text, why) in [
        ("state", "ZZ", "is not a US state"),
        ("state", "Ontario", "is not a US state"),
        ("zip_code", "2134", "drop the zeros in front"),
        ("zip_code", "K1A 0B1", "is not a ZIP code"),
        ("country", "Canada", "only US debtors"),
        ("phone", "555-0142", "is not a US phone number"),
        ("phone", "+44 20 7183 8750", "is not a US phone number"),
        ("email", "ada at example.com", "is not an email address"),
        ("currency", "EUR", "only US dollars"),
        ("website", "not a host", "is not a domain"),
        ("debt_kind", "gambling", "is not a kind of debt"),
        ("max_calls_per_week", "8", "0 to 7"),
        ("cease_and_desist", "perhaps", "neither yes nor no"),
        ("bankruptcy_chapter", "8", "is not a chapter"),
        ("status", "sleeping", "is not a status"),
    ] {
        let error = error(&[(field, text)]);
        assert!(error.contains(why), "{field} {text}: {error}");
        assert!(error.contains(&format!("\"{field}\"")), "{error}");
    }
}

#[test]
fn consent_to_automated_calls_is_for_numbers_that_may_be_mobiles_and_needs_a_day() {
    let row = good(&[
        ("mobile_phone", "212-555-0142"),
        ("phone", "212-555-0143"),
        ("landline_phone", "212-555-0144"),
        ("work_phone", "212-555-0145"),
        ("automated_calls_since", "2026-01-05"),
    ]);
    let allowed: Vec<bool> = row
        .debtor
        .phones
        .iter()
        .map(|phone| phone.automated_calls_since.is_some())
        .collect();
    assert_eq!(allowed, [true, false, false, true]);
    let without = good(&[("mobile_phone", "212-555-0142")]);
    assert_eq!(without.debtor.phones[0].automated_calls_since, None);
    assert!(error(&[("automated_calls_since", "yes")]).contains("is not a date"));
}

#[test]
fn days_that_must_have_been_are_refused_in_the_future() {
    for field in [
        "incurred_on",
        "invoice_date",
        "last_payment_on",
        "itemization_date",
        "bankruptcy_filed_on",
        "cease_received_on",
        "automated_calls_since",
    ] {
        assert!(
            error(&[(field, "2026-06-02")]).contains("lies in the future"),
            "{field}"
        );
        good(&[(field, "2026-06-01")]);
    }
    assert!(error(&[("due_date", "13/01/2026")]).contains("has no month 13"));
}

#[test]
fn all_errors_of_a_row_are_reported_in_the_words_of_the_file() {
    let intake = intake_of("Acct #,Balance Due,Guarantor Name,ST,Due\nA-1,-1,,XX,1/2/26\n");
    let columns: Vec<&str> = intake
        .errors
        .listed()
        .iter()
        .map(|e| e.column.as_str())
        .collect();
    assert_eq!(columns, ["Balance Due", "Guarantor Name", "ST", "Due"]);
    assert_eq!(intake.rows_in_file, 1);
}

#[test]
fn the_kind_is_person_unless_the_file_says_business() {
    let kind = |fields| good(fields).debtor.kind;
    assert_eq!(kind(&[("name", "Ada Lovelace")]), DebtorKind::Person);
    assert_eq!(
        kind(&[("name", "Lovelace Analytics, L.L.C.")]),
        DebtorKind::Business
    );
    assert_eq!(
        kind(&[("name", "Smith & Sons Plumbing")]),
        DebtorKind::Person
    );
    assert_eq!(kind(&[("name", "Inc")]), DebtorKind::Person);
    assert_eq!(
        kind(&[("company_name", "Smith & Sons")]),
        DebtorKind::Business
    );
    assert_eq!(
        kind(&[("name", "Acme LLC"), ("debtor_kind", "person")]),
        DebtorKind::Person
    );
}

#[test]
fn a_business_is_shown_by_its_company_and_a_person_by_their_own_name() {
    let business = good(&[
        ("name", ""),
        ("company_name", "Acme"),
        ("first_name", "Jo"),
        ("last_name", "Roe"),
    ]);
    assert_eq!(business.debtor.name, "Acme");
    assert_eq!(business.debtor.contact_name.as_deref(), Some("Jo Roe"));
    let person = good(&[
        ("name", ""),
        ("company_name", "Acme"),
        ("last_name", "Roe"),
        ("kind", "person"),
    ]);
    assert_eq!(person.debtor.name, "Roe");
    assert!(error(&[("name", "")]).contains("names no debtor"));
}

#[test]
fn details_of_a_flag_set_the_flag() {
    let flags = |fields| good(fields).debtor.flags;
    assert!(flags(&[("cease_received_on", "2026-05-01")]).cease_and_desist);
    let attorney = flags(&[
        ("attorney_name", "R. Vance"),
        ("attorney_phone", "2125550101"),
    ])
    .attorney;
    assert_eq!(attorney.unwrap().phone, Some("2125550101".parse().unwrap()));
    let bankruptcy = flags(&[("bankruptcy_chapter", "Ch. 13")])
        .bankruptcy
        .unwrap();
    assert_eq!(bankruptcy.chapter, Some(Chapter::Thirteen));
    assert!(flags(&[("status", "deceased")]).deceased);
    assert!(flags(&[("attorney_represented", "y")]).attorney.is_some());
    assert!(flags(&[("status", "In bankruptcy")]).bankruptcy.is_some());
    assert!(!flags(&[("status", "active"), ("do_not_call", "0"), ("deceased", "")]).any());
}

#[test]
fn a_no_against_its_own_details_is_a_contradiction() {
    for fields in [
        [
            ("attorney_represented", "no"),
            ("attorney_name", "R. Vance"),
        ],
        [("bankruptcy_filed", "no"), ("bankruptcy_chapter", "7")],
        [
            ("cease_and_desist", "no"),
            ("cease_received_on", "2026-05-01"),
        ],
        [("deceased", "no"), ("status", "deceased")],
    ] {
        assert!(
            error(&fields).contains("contradicts another column"),
            "{fields:?}"
        );
    }
}

#[test]
fn inconvenient_hours_need_both_ends() {
    let hours = good(&[
        ("inconvenient_from", "6 PM"),
        ("inconvenient_until", "08:30"),
    ]);
    assert!(hours.debtor.flags.inconvenient.is_some());
    assert!(
        error(&[("inconvenient_from", "18:00"), ("inconvenient_until", "")]).contains("is empty")
    );
    assert!(
        error(&[
            ("inconvenient_from", "18:00"),
            ("inconvenient_until", "18:00")
        ])
        .contains("same time")
    );
}

#[test]
fn an_itemization_must_add_up() {
    let parts = |amount| {
        [
            ("amount", amount),
            ("itemization_date", "2026-01-01"),
            ("itemization_amount", "90"),
            ("itemization_interest", "10.50"),
            ("itemization_fees", "5"),
            ("itemization_credits", "5.50"),
        ]
    };
    assert!(good(&parts("100")).debt.itemization.is_some());
    let error = error(&parts("100.01"));
    assert!(
        error.contains("add up to $100.00, but the amount is $100.01"),
        "{error}"
    );
    assert!(
        with(&[("itemization_fees", "5")]).errors.listed()[0]
            .message
            .contains("is empty")
    );
}

#[test]
fn an_invoice_number_stands_once_in_a_file() {
    let intake = intake_of("invoice,amount,name\nA-1,5,Ada\nB-1,5,Bo\na-1 ,6,Ada\n");
    assert_eq!(intake.rows.len(), 2);
    assert_eq!(
        intake.errors.listed()[0].to_string(),
        "Line 4, \"invoice\": \"a-1\" stands on line 2 already, and on line 4"
    );
    assert!(error(&[("invoice_number", "1.23457E+11")]).contains("shortened by a spreadsheet"));
    good(&[("invoice_number", "12E+5")]);
}

#[test]
fn one_customer_number_is_one_debtor() {
    let intake = intake_of(
        "invoice,amount,name,customer id\nA-1,5,Ada  Lovelace,C1\nA-2,5,ada lovelace,c1\nA-3,5,Bo,C1\n",
    );
    assert_eq!(intake.rows.len(), 2);
    assert_eq!(
        DebtorIdentity::of(&intake.rows[0]),
        DebtorIdentity::of(&intake.rows[1])
    );
    let message = &intake.errors.listed()[0];
    assert_eq!((message.line, message.column.as_str()), (4, "customer id"));
    assert!(
        message.message.contains("\"Ada Lovelace\" on line 2"),
        "{message}"
    );
}

#[test]
fn without_a_customer_number_name_and_address_make_the_debtor() {
    let at = |name, street, zip| {
        DebtorIdentity::of(&good(&[
            ("name", name),
            ("address_line1", street),
            ("zip_code", zip),
        ]))
    };
    let ada = at("Ada Lovelace", "12 Main St", "10001-1234");
    assert!(ada.is_some());
    assert_eq!(ada, at("ADA LOVELACE", "12  main st", "10001"));
    assert_ne!(ada, at("Ada Lovelace", "14 Main St", "10001"));
    assert_ne!(ada, at("Bo Lovelace", "12 Main St", "10001"));
    assert_eq!(at("Ada Lovelace", "", "10001"), None);
    assert_eq!(at("Ada Lovelace", "12 Main St", ""), None);
}

#[test]
fn what_hinders_outreach_is_a_warning_not_an_error() {
    let intake = with(&[
        ("due_date", "2027-01-01"),
        ("limitations_expires_on", "2026-05-31"),
    ]);
    assert_eq!(intake.rows.len(), 1);
    let columns: Vec<&str> = intake
        .warnings
        .listed()
        .iter()
        .map(|w| w.column.as_str())
        .collect();
    assert_eq!(
        columns,
        ["State", "Phone", "due_date", "limitations_expires_on"]
    );
}

#[test]
fn text_that_is_too_long_is_refused_and_invisible_characters_are_cut() {
    assert!(error(&[("name", &"x".repeat(201))]).contains("at most 200 fit"));
    assert!(error(&[("notes", &"x".repeat(2_001))]).contains("at most 2000 fit"));
    assert_eq!(
        good(&[("name", "Ada\u{202E} \u{7}Lovelace\n")]).debtor.name,
        "Ada Lovelace"
    );
}

#[test]
fn rows_of_the_wrong_shape_stand_among_the_errors_in_order() {
    let intake = intake_of("invoice,amount,name\nA-1,0,Ada\nA-2,5\nA-3,,Cy\nA-4,5,Di\n");
    let lines: Vec<u32> = intake.errors.listed().iter().map(|e| e.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    assert_eq!((intake.rows.len(), intake.rows_in_file), (1, 4));
}

#[test]
fn a_row_that_is_placed_already_is_named_in_the_words_of_the_file() {
    let table = Table::parse("Acct #,Balance,Name\nA-1,5,Ada\n", &Limits::default()).unwrap();
    let mapping = Mapping::guess(table.headers());
    let intake = read(&table, &mapping, day(2026, 6, 1)).unwrap();
    assert_eq!(
        already_placed(&intake.rows[0], &mapping).to_string(),
        "Line 2, \"Acct #\": \"A-1\" is placed with this creditor already"
    );
}
