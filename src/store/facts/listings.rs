//! What the do-not-call lists say of the debtor's numbers.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{AGENCY_WIDE, Files, rows_of};
use crate::db::DbConn;
use crate::db::schema::{dnc_blocks, dnc_entries, dnc_loads, phones};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;
use crate::domain::phone_block;
use crate::gate::facts;
use crate::gate::when::When;

pub(super) fn add_listings(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    if files
        .values()
        .any(|file| !file.facts.debtor.phones.is_empty())
    {
        add_entries(conn, creditor, ids, files)?;
        add_whole_lists(conn, creditor, ids, files)?;
    }
    Ok(())
}

fn add_entries(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, PhoneNumber, String, NaiveDate, Option<NaiveDate>);
    let binds = dnc_entries::scope
        .eq(AGENCY_WIDE)
        .or(dnc_entries::scope.eq(creditor.to_string()));
    let mut rows: Vec<Row> = rows_of!(conn, phones, creditor, ids, |rows| rows
        .inner_join(dnc_entries::table.on(dnc_entries::number.eq(phones::number)))
        .filter(binds)
        .select((
            phones::debtor_id,
            phones::number,
            dnc_entries::source,
            dnc_entries::added_on,
            dnc_entries::expires_on,
        )))?;
    // In an order of its own, so that the same facts are the same text.
    rows.sort_unstable();
    for (debtor, number, source, added_on, expires_on) in rows {
        let entry = facts::DncEntry {
            source: Some(source),
            added_at: Some(When::On(added_on)),
            expires_at: expires_on.map(When::On),
        };
        add(files, debtor, number, entry);
    }
    Ok(())
}

fn add_whole_lists(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, PhoneNumber, String, Option<NaiveDate>, Vec<u8>);
    let binds = dnc_loads::scope
        .eq(AGENCY_WIDE)
        .or(dnc_loads::scope.eq(creditor.to_string()));
    let block = dnc_blocks::version
        .eq(dnc_loads::version)
        .and(dnc_blocks::prefix.eq(phones::number / 10_000_i64));
    let mut rows: Vec<Row> = rows_of!(conn, phones, creditor, ids, |rows| rows
        .inner_join(dnc_loads::table.on(dnc_loads::status.eq("active").and(binds)))
        .inner_join(dnc_blocks::table.on(block))
        .select((
            phones::debtor_id,
            phones::number,
            dnc_loads::source,
            dnc_loads::expires_on,
            dnc_blocks::lines,
        )))?;
    rows.retain(|(_, number, .., block)| phone_block::lists(block, number.line()));
    rows.sort_unstable();
    for (debtor, number, source, expires_on, _) in rows {
        let entry = facts::DncEntry {
            source: Some(source),
            // It holds as long as the list is loaded.
            added_at: None,
            expires_at: expires_on.map(When::On),
        };
        add(files, debtor, number, entry);
    }
    Ok(())
}

fn add(files: &mut Files, debtor: DebtorId, number: PhoneNumber, entry: facts::DncEntry) {
    let number = number.to_string();
    let phone = files.get_mut(&debtor).and_then(|file| {
        let mut phones = file.facts.debtor.phones.iter_mut();
        phones.find(|phone| phone.number == number)
    });
    if let Some(phone) = phone {
        phone.dnc.push(entry);
    }
}
