//! Numbers that nobody may call.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::DbConn;
use crate::db::schema::dnc_entries;
use crate::domain::phone::PhoneNumber;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dnc_entries, treat_none_as_default_value = false)]
pub struct DncRow {
    pub number: PhoneNumber,
    /// `agency`, or the id of the creditor whose list it is.
    pub scope: String,
    /// `federal`, `state`, `debtor` or `internal`.
    pub source: String,
    /// The load that brought it.
    pub list_id: Option<String>,
    pub added_on: NaiveDate,
    /// The last day on which it holds; none: for good.
    pub expires_on: Option<NaiveDate>,
}

/// Writes entries; one that is there already from the same source takes the new list's days. No
/// two rows may have the same number, scope and source.
pub fn save(conn: &mut DbConn, rows: &[DncRow]) -> QueryResult<()> {
    macro_rules! upsert {
        ($conn:expr, $rows:expr) => {
            diesel::insert_into(dnc_entries::table)
                .values($rows)
                .on_conflict((dnc_entries::number, dnc_entries::scope, dnc_entries::source))
                .do_update()
                .set((
                    dnc_entries::list_id.eq(excluded(dnc_entries::list_id)),
                    dnc_entries::added_on.eq(excluded(dnc_entries::added_on)),
                    dnc_entries::expires_on.eq(excluded(dnc_entries::expires_on)),
                ))
                .execute($conn)?
        };
    }
    match conn {
        DbConn::Sqlite(conn) => {
            for row in rows {
                upsert!(conn, row);
            }
        }
        DbConn::Pg(conn) => {
            upsert!(conn, rows);
        }
    }
    Ok(())
}

/// Which of these numbers are on the list by the debtor's own request, for good.
pub fn asked_for(
    conn: &mut DbConn,
    scope: &str,
    numbers: &[PhoneNumber],
) -> QueryResult<Vec<PhoneNumber>> {
    dnc_entries::table
        .filter(dnc_entries::scope.eq(scope))
        .filter(dnc_entries::source.eq("debtor"))
        .filter(dnc_entries::expires_on.is_null())
        .filter(dnc_entries::number.eq_any(numbers))
        .select(dnc_entries::number)
        .load(conn)
}
