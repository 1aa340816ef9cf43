//! What others asked for who are reached at the same number or address: whoever asks not to be
//! called there is one person, whatever account it was said of (12 CFR 1006.14(h)).

use diesel::prelude::*;

use super::{Files, rows_of};
use crate::db::DbConn;
use crate::db::schema::{emails, flags, phones};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::FlagKind;
use crate::domain::time::Instant;
use crate::gate::facts;
use crate::gate::when::When;

diesel::alias!(phones as same_phones: SamePhones, emails as same_emails: SameEmails);

/// Stops of other debtors, of any creditor, that hold for a number or an address of this one.
pub(super) fn add_stops_of_others(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    let mut stops = of_numbers(conn, creditor, ids)?;
    stops.extend(of_addresses(conn, creditor, ids)?);
    // In an order of its own, so that the same facts are the same text.
    stops.sort_unstable();
    for (debtor, address, at) in stops {
        if let Some(file) = files.get_mut(&debtor) {
            file.facts
                .debtor
                .flags
                .address_optout
                .push(facts::AddressOptout {
                    address,
                    at: Some(When::At(at)),
                });
        }
    }
    Ok(())
}

type Stop = (DebtorId, String, Instant);

fn of_numbers(conn: &mut DbConn, creditor: CreditorId, ids: &[DebtorId]) -> QueryResult<Vec<Stop>> {
    type Row = (DebtorId, PhoneNumber, Instant);
    let same = same_phones
        .field(phones::number)
        .eq(phones::number)
        .and(same_phones.field(phones::debtor_id).ne(phones::debtor_id));
    let theirs = flags::creditor_id
        .eq(same_phones.field(phones::creditor_id))
        .and(flags::debtor_id.eq(same_phones.field(phones::debtor_id)));
    let forbids = flags::kind
        .eq(FlagKind::CallOptOut)
        .or(flags::kind.eq(FlagKind::DoNotCall));
    let rows: Vec<Row> = rows_of!(conn, phones, creditor, ids, |rows| rows
        .inner_join(same_phones.on(same))
        .inner_join(flags::table.on(theirs))
        .filter(same_phones.field(phones::belongs_to).is_null())
        .filter(flags::lifted_at.is_null())
        .filter(forbids)
        .select((phones::debtor_id, phones::number, flags::received_at)))?;
    Ok(rows
        .into_iter()
        .map(|(debtor, number, at)| (debtor, number.to_string(), at))
        .collect())
}

fn of_addresses(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
) -> QueryResult<Vec<Stop>> {
    let same = same_emails
        .field(emails::address)
        .eq(emails::address)
        .and(same_emails.field(emails::debtor_id).ne(emails::debtor_id));
    let theirs = flags::creditor_id
        .eq(same_emails.field(emails::creditor_id))
        .and(flags::debtor_id.eq(same_emails.field(emails::debtor_id)));
    rows_of!(conn, emails, creditor, ids, |rows| rows
        .inner_join(same_emails.on(same))
        .inner_join(flags::table.on(theirs))
        .filter(flags::lifted_at.is_null())
        .filter(flags::kind.eq(FlagKind::EmailOptOut))
        .select((emails::debtor_id, emails::address, flags::received_at)))
}
