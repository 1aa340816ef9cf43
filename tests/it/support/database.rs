//! A fresh database for each test: a file for SQLite, a schema of its own on PostgreSQL.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use forbear::db::Target;
use forbear::keys::random_code;

use super::skip::skip;

/// Where tests find PostgreSQL. Set, every test runs on it; unset, on SQLite.
pub const POSTGRES: &str = "FORBEAR_TEST_DATABASE_URL";

/// Where tests that need PostgreSQL whatever the run is for find it, on a run for SQLite.
const POSTGRES_TOO: &str = "FORBEAR_TEST_POSTGRES_URL";

/// The address of a PostgreSQL server, or `None` after one line saying what is not tested for
/// want of it.
pub fn postgres_for(what: &str) -> Option<String> {
    let url = std::env::var(POSTGRES).or_else(|_| std::env::var(POSTGRES_TOO));
    if url.is_err() {
        skip(what, &format!("PostgreSQL ({POSTGRES} is not set)"));
    }
    url.ok()
}

/// A database that goes away with the test.
pub enum TestDatabase {
    Sqlite(Target),
    Postgres {
        target: Target,
        url: String,
        schema: String,
    },
}

impl TestDatabase {
    pub fn create(folder: &Path) -> Self {
        match std::env::var(POSTGRES) {
            Ok(url) => Self::postgres(&url),
            Err(_) => Self::sqlite(folder),
        }
    }

    pub fn sqlite(folder: &Path) -> Self {
        Self::Sqlite(Target::Sqlite(folder.join("forbear.db")))
    }

    pub fn postgres(url: &str) -> Self {
        let schema = format!("test_{}", random_code(12).unwrap().to_lowercase());
        let mut conn = PgConnection::establish(url).expect("PostgreSQL answers");
        conn.batch_execute(&format!("CREATE SCHEMA {schema}"))
            .unwrap();
        let joint = if url.contains('?') { '&' } else { '?' };
        let target = Target::Postgres(format!("{url}{joint}options=-c%20search_path%3D{schema}"));
        Self::Postgres {
            target,
            url: url.to_owned(),
            schema,
        }
    }

    pub fn target(&self) -> &Target {
        match self {
            Self::Sqlite(target) | Self::Postgres { target, .. } => target,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres { url, schema, .. } = self
            && let Ok(mut conn) = PgConnection::establish(url)
        {
            let _ = conn.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}
