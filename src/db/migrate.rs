//! Brings a database to the schema that this program was built for.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, DbConn, DbError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any constant will do; it only has to be the same in every process of ours.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_lock(7046029254386353131)";
const POSTGRES_UNLOCK: &str = "SELECT pg_advisory_unlock(7046029254386353131)";

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("a migration failed: {0}")]
    Failed(String),
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Runs the migrations that this database has not had, and returns their names.
///
/// Two processes that start at once take turns: on PostgreSQL by an advisory lock, on SQLite by
/// one immediate transaction around them all.
pub fn run(db: &Db) -> Result<Vec<String>, MigrateError> {
    db.unmanaged(|conn| match conn {
        DbConn::Sqlite(conn) => {
            // The write lock is taken before the list of what is missing is read.
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
            let applied = apply(conn, SQLITE);
            if applied.is_ok() {
                AnsiTransactionManager::commit_transaction(conn)?;
            } else {
                AnsiTransactionManager::rollback_transaction(conn)?;
            }
            applied
        }
        DbConn::Pg(conn) => {
            // A first start may have to wait for another's whole migration.
            conn.batch_execute("SET lock_timeout = 0")?;
            conn.batch_execute(POSTGRES_LOCK)?;
            let applied = apply(conn, POSTGRES);
            conn.batch_execute(POSTGRES_UNLOCK)?;
            conn.batch_execute("SET lock_timeout = '5s'")?;
            applied
        }
    })
}

/// The names of migrations that this program knows and the database has not had.
pub fn pending(db: &Db) -> Result<Vec<String>, MigrateError> {
    db.unmanaged(|conn| match conn {
        DbConn::Sqlite(conn) => names_of_pending(conn, SQLITE),
        DbConn::Pg(conn) => names_of_pending(conn, POSTGRES),
    })
}

fn names_of_pending<DB, C>(
    conn: &mut C,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, MigrateError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    match conn.pending_migrations(migrations) {
        Ok(pending) => Ok(pending.iter().map(|m| m.name().to_string()).collect()),
        Err(error) => Err(MigrateError::Failed(error.to_string())),
    }
}

fn apply<DB, C>(conn: &mut C, migrations: EmbeddedMigrations) -> Result<Vec<String>, MigrateError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    match conn.run_pending_migrations(migrations) {
        Ok(versions) => Ok(versions.iter().map(ToString::to_string).collect()),
        Err(error) => Err(MigrateError::Failed(error.to_string())),
    }
}
