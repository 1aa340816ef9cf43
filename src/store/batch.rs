//! Many rows in one go.

/// Rows in one statement on PostgreSQL, which binds at most 65,535 values in one.
pub(super) const ROWS_A_STATEMENT: usize = 1_000;

/// Inserts many rows: on PostgreSQL a thousand in one round trip; on SQLite one by one, because
/// there a statement costs no trip and a single row's is prepared only once.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $conn {
            $crate::db::DbConn::Sqlite(conn) => {
                for row in rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
            $crate::db::DbConn::Pg(conn) => {
                for part in rows.chunks($crate::store::batch::ROWS_A_STATEMENT) {
                    diesel::insert_into($table).values(part).execute(conn)?;
                }
            }
        }
        Ok(())
    }};
}
pub(super) use insert_all;
