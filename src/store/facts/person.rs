//! Who the debtor is and how to reach them: flags, numbers, addresses.

use diesel::prelude::*;

use super::{Files, detail, listings, rows_of};
use crate::db::DbConn;
use crate::db::schema::{emails, flags, phones};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::gate::facts;
use crate::gate::when::When;

pub(super) fn add_flags(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, FlagKind, String, Medium, Instant);
    let rows: Vec<Row> = rows_of!(conn, flags, creditor, ids, |rows| rows
        .filter(flags::lifted_at.is_null())
        .order((flags::debtor_id.asc(), flags::received_at.asc()))
        .select((
            flags::debtor_id,
            flags::kind,
            flags::detail,
            flags::source,
            flags::received_at,
        )))?;
    for (debtor, kind, text, source, at) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let flags = &mut file.facts.debtor.flags;
        let stop = || facts::Stop {
            at: Some(When::At(at)),
            source: Some(source.as_str().to_owned()),
            ..Default::default()
        };
        match kind {
            FlagKind::Cease => flags.cease.push(facts::Cease {
                received_at: Some(When::At(at)),
                via: Some(source.as_str().to_owned()),
                ..detail(&text)
            }),
            // The first of several stops: it has been in force since then.
            FlagKind::CallOptOut => {
                flags.call_opt_out.get_or_insert_with(stop);
            }
            FlagKind::EmailOptOut => {
                flags.email_opt_out.get_or_insert_with(stop);
            }
            FlagKind::DoNotCall => {
                flags.do_not_call.get_or_insert_with(stop);
            }
            FlagKind::MailOptOut => flags.medium_optout.push(facts::MediumOptout {
                medium: facts::Medium::Mail,
                at: Some(When::At(at)),
                via: Some(source.as_str().to_owned()),
            }),
            FlagKind::Attorney => flags.attorney = Some(detail(&text)),
            FlagKind::Bankruptcy | FlagKind::Discharge | FlagKind::BankruptcyDismissed => {
                let case = detail(&text);
                let known = flags.bankruptcy.as_ref();
                if known.is_none_or(|known| weight(&case) >= weight(known)) {
                    flags.bankruptcy = Some(case);
                }
            }
            FlagKind::Deceased => flags.deceased = Some(detail(&text)),
            FlagKind::KnownLocation => flags.known_location = Some(detail(&text)),
            FlagKind::Inconvenient => flags.inconvenient.push(detail(&text)),
            FlagKind::WorkplaceProhibited => {
                flags.workplace_prohibited.get_or_insert_with(stop);
            }
            FlagKind::Military => flags.scra = Some(detail(&text)),
            FlagKind::AddressOptOut => flags.address_optout.push(detail(&text)),
            FlagKind::Codebtor => flags.codebtor_of = Some(detail(&text)),
            FlagKind::CodebtorEnded => {
                flags.codebtor_of.get_or_insert_with(|| detail(&text));
            }
            FlagKind::LocationNeeded => flags.location_needed = Some(detail(&text)),
        }
    }
    Ok(())
}

/// Of several cases the gate reads the one that stops most, and of equal ones the last.
const fn weight(case: &facts::Bankruptcy) -> u8 {
    match case.status {
        facts::BankruptcyStatus::Active => 2,
        facts::BankruptcyStatus::Discharged => 1,
        facts::BankruptcyStatus::Dismissed => 0,
    }
}

pub(super) fn add_phones(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, PhoneNumber, String, Option<String>);
    let rows: Vec<Row> = rows_of!(conn, phones, creditor, ids, |rows| rows
        .order((
            phones::debtor_id.asc(),
            phones::created_at.asc(),
            phones::id.asc(),
        ))
        .select((
            phones::debtor_id,
            phones::number,
            phones::kind,
            phones::belongs_to,
        )))?;
    for (debtor, number, kind, belongs_to) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let (kind, place) = match kind.as_str() {
            "mobile" => (Some(facts::PhoneKind::Mobile), None),
            "landline" => (Some(facts::PhoneKind::Landline), None),
            "work" => (Some(facts::PhoneKind::Work), Some("work".to_owned())),
            _ => (None, None),
        };
        file.facts.debtor.phones.push(facts::Phone {
            number: number.to_string(),
            area_code: None,
            kind,
            place,
            belongs_to,
            autodial_consent: None,
            dnc: Vec::new(),
        });
    }
    listings::add_listings(conn, creditor, ids, files)
}

pub(super) fn add_emails(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, String, String, Option<Instant>, Option<Instant>);
    let rows: Vec<Row> = rows_of!(conn, emails, creditor, ids, |rows| rows
        .order((
            emails::debtor_id.asc(),
            emails::created_at.asc(),
            emails::id.asc(),
        ))
        .select((
            emails::debtor_id,
            emails::address,
            emails::kind,
            emails::opted_out_at,
            emails::used_for_debt_at,
        )))?;
    for (debtor, address, kind, opted_out_at, used_at) in rows {
        if let Some(file) = files.get_mut(&debtor) {
            file.facts.debtor.emails.push(facts::Email {
                address,
                kind: if kind == "employer" {
                    facts::EmailKind::Employer
                } else {
                    facts::EmailKind::Personal
                },
                opted_out_at: opted_out_at.map(When::At),
                consumer_used_for_debt_at: used_at.map(When::At),
            });
        }
    }
    Ok(())
}
