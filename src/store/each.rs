//! Running a query on the connection inside.
//!
//! A row found by a unique key is asked for with `get_result`, not with `first`: `first` binds a
//! limit, and SQLite plans a statement anew for each value bound to a limit.

/// Runs a query on the connection to the database at hand.
///
/// Through [`DbConn`](crate::db::DbConn) itself diesel writes the query's text anew for each
/// execution. On the connection inside, a query of fixed shape finds its prepared statement by its
/// type alone, so what runs for every contact goes this way.
macro_rules! on_each {
    ($conn:expr, $inner:ident => $run:expr) => {
        match $conn {
            $crate::db::DbConn::Sqlite($inner) => $run,
            $crate::db::DbConn::Pg($inner) => $run,
        }
    };
}
pub(super) use on_each;
