//! What the do-not-call lists say of a number: single entries, and lists that are kept whole.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::each::on_each;
use super::facts::AGENCY_WIDE;
use crate::db::DbConn;
use crate::db::schema::{dnc_blocks, dnc_entries, dnc_loads};
use crate::domain::id::CreditorId;
use crate::domain::phone::PhoneNumber;
use crate::domain::phone_block;
use crate::gate::facts::DncEntry;
use crate::gate::when::When;

/// One list that a number stands on, in force or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// `federal`, `state`, `debtor` or `internal`.
    pub source: String,
    /// The list, where it is one that is kept whole.
    pub list: Option<String>,
    /// `agency`, or the id of the creditor whose list it is.
    pub scope: String,
    /// The first day on which it holds. A whole list doesn't say: it holds as long as it is loaded.
    pub added_on: Option<NaiveDate>,
    /// The last day on which it holds; none: for good.
    pub expires_on: Option<NaiveDate>,
    /// The day whose state a whole list shows.
    pub as_of: Option<NaiveDate>,
}

impl From<Listing> for DncEntry {
    fn from(listing: Listing) -> Self {
        Self {
            source: Some(listing.source),
            added_at: listing.added_on.map(When::On),
            expires_at: listing.expires_on.map(When::On),
        }
    }
}

/// Every list that this number stands on, the agency's and the creditor's own: at most one read
/// by primary key for each list.
pub fn is_listed(
    conn: &mut DbConn,
    creditor: CreditorId,
    number: PhoneNumber,
) -> QueryResult<Vec<Listing>> {
    let mut listings = entries(conn, creditor, number)?;
    let whole = whole_lists(conn, number)?.into_iter();
    listings.extend(
        whole.filter(|listing| listing.scope == AGENCY_WIDE || listing.scope == creditor.as_str()),
    );
    Ok(listings)
}

fn entries(
    conn: &mut DbConn,
    creditor: CreditorId,
    number: PhoneNumber,
) -> QueryResult<Vec<Listing>> {
    type Row = (String, String, NaiveDate, Option<NaiveDate>);
    let found = dnc_entries::table
        .filter(dnc_entries::number.eq(number))
        .filter(
            dnc_entries::scope
                .eq(AGENCY_WIDE)
                .or(dnc_entries::scope.eq(creditor.as_str())),
        )
        .order((dnc_entries::scope.asc(), dnc_entries::source.asc()))
        .select((
            dnc_entries::source,
            dnc_entries::scope,
            dnc_entries::added_on,
            dnc_entries::expires_on,
        ));
    let rows: Vec<Row> = on_each!(conn, conn => found.load(conn))?;
    Ok(rows
        .into_iter()
        .map(|(source, scope, added_on, expires_on)| Listing {
            source,
            list: None,
            scope,
            added_on: Some(added_on),
            expires_on,
            as_of: None,
        })
        .collect())
}

/// Every list kept whole that this number stands on, whomever it binds.
pub fn whole_lists(conn: &mut DbConn, number: PhoneNumber) -> QueryResult<Vec<Listing>> {
    type Row = (
        String,
        String,
        String,
        NaiveDate,
        Option<NaiveDate>,
        Vec<u8>,
    );
    let found = dnc_loads::table
        .inner_join(
            dnc_blocks::table.on(dnc_blocks::version
                .eq(dnc_loads::version)
                .and(dnc_blocks::prefix.eq(number.prefix()))),
        )
        .filter(dnc_loads::status.eq("active"))
        .order((dnc_loads::scope.asc(), dnc_loads::list.asc()))
        .select((
            dnc_loads::source,
            dnc_loads::list,
            dnc_loads::scope,
            dnc_loads::as_of,
            dnc_loads::expires_on,
            dnc_blocks::lines,
        ));
    let rows: Vec<Row> = on_each!(conn, conn => found.load(conn))?;
    Ok(rows
        .into_iter()
        .filter(|(.., block)| phone_block::lists(block, number.line()))
        .map(|(source, list, scope, as_of, expires_on, _)| Listing {
            source,
            list: Some(list),
            scope,
            added_on: None,
            expires_on,
            as_of: Some(as_of),
        })
        .collect())
}
