//! One connection type over both databases, and how connections are opened.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};

/// A connection to either database. Queries are written once against it; where diesel can't
/// (locks, upserts, batches) the execution forks by `match`.
#[derive(diesel::MultiConnection)]
pub enum DbConn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A file on a local disk.
    Sqlite(PathBuf),
    /// A libpq connection string, ready for `PgConnection`.
    Postgres(String),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            // A connection string may hold a password.
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// What a connection may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Write,
    Read,
}

/// Opens connections for a pool.
#[derive(Debug)]
pub(super) struct Manager {
    target: Target,
    usage: Use,
}

impl Manager {
    pub(super) fn new(target: Target, usage: Use) -> Self {
        Self { target, usage }
    }
}

/// Waiting for the writer is r2d2's work; this only covers the moment in which a checkpoint or a
/// second tool holds the file. `FULL` makes every commit reach the disk before it is answered: a
/// stop that was acknowledged must survive a power cut.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = MEMORY;";

/// A reader that tries to write is a wiring mistake: the database refuses it.
const SQLITE_READER_PRAGMAS: &str = "PRAGMA query_only = ON;";

/// The session's zone must not change what a timestamp means, and a statement that waits for a
/// lock gives up before the caller does.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '60s';
    SET client_min_messages = warning;";

impl ManageConnection for Manager {
    type Connection = DbConn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<DbConn, Self::Error> {
        match &self.target {
            Target::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(diesel::r2d2::Error::ConnectionError)?;
                let prepared = conn.batch_execute(SQLITE_PRAGMAS).and_then(|()| {
                    if self.usage == Use::Read {
                        conn.batch_execute(SQLITE_READER_PRAGMAS)
                    } else {
                        Ok(())
                    }
                });
                prepared.map_err(diesel::r2d2::Error::QueryError)?;
                Ok(DbConn::Sqlite(conn))
            }
            Target::Postgres(url) => {
                let mut conn =
                    PgConnection::establish(url).map_err(diesel::r2d2::Error::ConnectionError)?;
                conn.batch_execute(POSTGRES_SETTINGS)
                    .map_err(diesel::r2d2::Error::QueryError)?;
                Ok(DbConn::Pg(conn))
            }
        }
    }

    fn is_valid(&self, conn: &mut DbConn) -> Result<(), Self::Error> {
        match conn {
            // A file can't go away between two uses; asking would only cost time.
            DbConn::Sqlite(_) => Ok(()),
            DbConn::Pg(conn) => conn.ping().map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, conn: &mut DbConn) -> bool {
        std::thread::panicking()
            || match conn {
                DbConn::Sqlite(conn) => R2D2Connection::is_broken(conn),
                DbConn::Pg(conn) => R2D2Connection::is_broken(conn),
            }
    }
}
