//! The database: one door for reading, one for writing.
//!
//! SQLite has one writer and several read-only readers on one file; PostgreSQL has one pool under
//! both names. Everything here blocks: call it from a blocking thread.

mod columns;
mod conn;
pub mod migrate;
pub mod pg_tls;
mod readers;
pub mod schema;
mod timestamps;

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{self, Pool};
use tokio::task::JoinHandle;

pub use conn::{DbConn, Target};
use conn::{Manager, Use};
use readers::Readers;

/// Which database stands behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// What can go wrong below a query.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection became free, or a lock was not given, in time. Trying again later is right.
    #[error("the database is busy: {0}")]
    Busy(String),
    #[error(transparent)]
    Query(diesel::result::Error),
}

impl From<diesel::result::Error> for DbError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        let busy = match &error {
            Error::DatabaseError(Kind::SerializationFailure | Kind::ClosedConnection, _) => true,
            // Both databases report a lock that was not given as an error of unknown kind.
            Error::DatabaseError(Kind::Unknown, info) => {
                let text = info.message();
                text.contains("database is locked")
                    || text.contains("lock timeout")
                    || text.contains("deadlock detected")
                    || text.contains("database or disk is full")
            }
            _ => false,
        };
        if busy {
            Self::Busy(error.to_string())
        } else {
            Self::Query(error)
        }
    }
}

impl From<r2d2::PoolError> for DbError {
    fn from(error: r2d2::PoolError) -> Self {
        Self::Busy(error.to_string())
    }
}

/// The pools. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    kind: Kind,
    target: Target,
    writer: Pool<Manager>,
    reader: Pool<Manager>,
    readers: Readers,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.target).finish()
    }
}

/// How long a caller waits for a connection before it is told that the database is busy.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

impl Db {
    /// Opens the pools. No connection is made before the first is asked for.
    ///
    /// `connections` is the number of readers on SQLite, and of all connections on PostgreSQL.
    pub fn open(target: &Target, connections: u32) -> Self {
        let pool = |usage, size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(WAIT_FOR_CONNECTION)
                .build_unchecked(Manager::new(target.clone(), usage))
        };
        let (kind, writer, reader) = match target {
            Target::Sqlite(_) => (
                Kind::Sqlite,
                pool(Use::Write, 1),
                pool(Use::Read, connections.max(1)),
            ),
            Target::Postgres(_) => {
                let shared = pool(Use::Write, connections.max(2));
                (Kind::Postgres, shared.clone(), shared)
            }
        };
        Self {
            kind,
            target: target.clone(),
            writer,
            reader,
            readers: Readers::new(kind, connections),
        }
    }

    /// Runs `work` on a thread for reading, in its turn.
    ///
    /// It must wait for nothing but the database: every page would wait with it.
    pub fn on_reader<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.readers.run(work)
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Runs `work` on one consistent view of the data, which it can't change.
    pub fn read<T, E>(&self, work: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let mut conn = self.reader.get().map_err(DbError::from)?;
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        transaction(&mut conn, begin, work)
    }

    /// Runs `work` in one transaction that commits if it returns `Ok` and leaves nothing if it
    /// returns `Err`. Only `actions` call this.
    ///
    /// Never call it inside itself: there is one writer on SQLite, and it would wait for itself.
    pub fn write<T, E>(&self, work: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let mut conn = self.writer.get().map_err(DbError::from)?;
        let begin = match self.kind {
            // Takes the write lock at once: a transaction that reads first and writes later
            // fails without waiting when another one wrote in between.
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        transaction(&mut conn, begin, work)
    }

    /// A connection outside any transaction, for the few commands that can't run inside one.
    pub(crate) fn unmanaged<T, E>(
        &self,
        work: impl FnOnce(&mut DbConn) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let mut conn = self.writer.get().map_err(DbError::from)?;
        work(&mut conn)
    }
}

/// Diesel can begin with its own words only on a concrete connection, so the begin forks; commit
/// and rollback go through the common transaction manager, which keeps count of savepoints.
fn transaction<T, E>(
    conn: &mut DbConn,
    begin: &str,
    work: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<DbError>,
{
    match conn {
        DbConn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, begin),
        DbConn::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, begin),
    }
    .map_err(DbError::from)?;
    type Manager = <DbConn as diesel::Connection>::TransactionManager;
    match work(conn) {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(DbError::from)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = Manager::rollback_transaction(conn) {
                tracing::error!(error = %rollback, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}
