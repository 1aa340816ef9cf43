//! A copy of the whole database.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::DbConn;

/// Writes one consistent copy into a file that isn't there yet. False on PostgreSQL, which has its
/// own tools.
pub fn write(conn: &mut DbConn, file: &Path) -> QueryResult<bool> {
    match conn {
        DbConn::Sqlite(conn) => diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(file.to_string_lossy())
            .execute(conn)
            .map(|_| true),
        DbConn::Pg(_) => Ok(false),
    }
}
