//! Both databases: the same tables, and history that nobody changes.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use forbear::db::{Db, DbConn, DbError, migrate};

use crate::support::database::{TestDatabase, postgres_for};

#[derive(QueryableByName, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = Integer)]
    is_required: i32,
}

type Schema = BTreeMap<(String, String), (String, bool)>;

fn columns(db: &Db) -> Schema {
    const SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS data_type,
            CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 1 ELSE 0 END AS is_required
        FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'";
    const POSTGRES: &str =
        "SELECT table_name::text AS table_name, column_name::text AS column_name,
            data_type::text AS data_type,
            CASE WHEN is_nullable = 'NO' THEN 1 ELSE 0 END AS is_required
        FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_%'";
    let rows: Vec<Column> = db
        .read(|conn| {
            let query = match conn {
                DbConn::Sqlite(_) => SQLITE,
                DbConn::Pg(_) => POSTGRES,
            };
            diesel::sql_query(query).load(conn).map_err(DbError::from)
        })
        .unwrap();
    rows.into_iter()
        .map(|row| {
            let kind = match row.data_type.as_str() {
                "TEXT" | "text" | "date" | "timestamp without time zone" => "text",
                "INTEGER" | "integer" | "bigint" | "boolean" => "number",
                "BLOB" | "bytea" => "bytes",
                other => panic!("{other} in {}", row.table_name),
            };
            (
                (row.table_name, row.column_name),
                (kind.to_owned(), row.is_required == 1),
            )
        })
        .collect()
}

#[test]
fn both_databases_carry_the_same_columns() {
    let folder = tempfile::tempdir().unwrap();
    let Some(url) = postgres_for("whether the two databases carry the same columns") else {
        return;
    };
    let lite = TestDatabase::sqlite(folder.path());
    let post = TestDatabase::postgres(&url);
    let lite_db = Db::open(lite.target(), 1);
    let post_db = Db::open(post.target(), 2);
    migrate::run(&lite_db).unwrap();
    migrate::run(&post_db).unwrap();
    let (left, right) = (columns(&lite_db), columns(&post_db));
    assert!(left.len() > 100);
    assert_eq!(left, right);
}

#[test]
fn migrations_run_twice_change_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::create(folder.path());
    let db = Db::open(database.target(), 2);
    assert!(!migrate::run(&db).unwrap().is_empty());
    assert!(migrate::run(&db).unwrap().is_empty());
    assert!(migrate::pending(&db).unwrap().is_empty());
}

#[test]
fn two_processes_that_start_at_once_both_come_up() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::create(folder.path());
    let target = database.target().clone();
    let start = || {
        let target = target.clone();
        std::thread::spawn(move || migrate::run(&Db::open(&target, 2)).map(|names| names.len()))
    };
    let (one, other) = (start(), start());
    let total = one.join().unwrap().unwrap() + other.join().unwrap().unwrap();
    assert!(total > 0);
}

#[test]
fn a_reader_of_sqlite_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite(folder.path());
    let db = Db::open(database.target(), 1);
    migrate::run(&db).unwrap();
    let attempt: Result<(), DbError> = db.read(|conn| {
        conn.batch_execute("DELETE FROM users")
            .map_err(DbError::from)
    });
    assert!(attempt.is_err());
}
