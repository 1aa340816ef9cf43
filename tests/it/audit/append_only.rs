//! History that nobody changes while the triggers stand, by whatever statement.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use forbear::actions::decisions::{self, Subject};
use forbear::actions::{checkpoints, policies};
use forbear::db::{DbConn, Kind};
use forbear::domain::actor::Actor;
use forbear::gate::{Attempt, Channel};

use super::behind_its_back;
use crate::support::{TestApp, chain};

/// Tables of history, a column that somebody might like to change, and one that is unique.
const TABLES: &[(&str, &str, &str)] = &[
    ("audit_events", "body", "id"),
    ("decisions", "outcome", "id"),
    ("payments", "recorded_by", "id"),
    ("acknowledgements", "evidence", "id"),
    ("audit_checkpoints", "note", "id"),
    ("policies", "content", "version"),
    ("policy_activations", "activated_by", "seq"),
];

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName, PartialEq, Eq, Debug)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = Text)]
    values: String,
}

/// How many rows there are, and the column's values in order.
fn sum(app: &TestApp, table: &str, column: &str) -> Sum {
    let all = match app.ctx.db.kind() {
        Kind::Sqlite => format!("group_concat({column}, '|')"),
        Kind::Postgres => format!("string_agg({column}, '|')"),
    };
    app.rows(|conn| {
        diesel::sql_query(
            format!(
                "SELECT count(*) AS rows, coalesce({all}, '') AS values_
             FROM (SELECT {column} FROM {table} ORDER BY {column}) AS t"
            )
            .replace("values_", "\"values\""),
        )
        .get_result(conn)
    })
}

fn columns(app: &TestApp, table: &str) -> Vec<String> {
    let sql = match app.ctx.db.kind() {
        Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        Kind::Postgres => format!(
            "SELECT column_name::text AS name FROM information_schema.columns
             WHERE table_name = '{table}' AND table_schema = current_schema()"
        ),
    };
    let names: Vec<Name> = app.rows(|conn: &mut DbConn| diesel::sql_query(sql).load(conn));
    names.into_iter().map(|row| row.name).collect()
}

/// One row in each table.
async fn with_history() -> TestApp {
    let app = TestApp::start().await;
    policies::open(&app.ctx).unwrap();
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |_| ());
    let subject = Subject {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
    };
    let attempt = Attempt::new(app.now(), Channel::Call, placement.as_str());
    let worker = Actor::System("worker");
    let (decision, _) = decisions::check(&app.ctx, &worker, subject, &attempt).unwrap();
    checkpoints::sign(&app.ctx, &worker).unwrap();
    behind_its_back(
        &app,
        &format!(
            "INSERT INTO payments (creditor_id, id, placement_id, amount_cents, fee_cents, fee_bps,
                 paid_on, method, source, recorded_by, created_at)
             VALUES ('{creditor}', '{decision}', '{placement}', 100, 25, 2500, '2026-05-01', 'wire',
                 'dashboard', 'system:cli', '2026-05-01 12:00:00');
             INSERT INTO acknowledgements (creditor_id, id, decision_id, rule, shown, evidence,
                 acknowledged_by, at)
             VALUES ('{creditor}', '{decision}', '{decision}', 'cease', 'a', 'b', 'system:cli',
                 '2026-05-01 12:00:00');"
        ),
    )
    .unwrap();
    app
}

/// Every statement that could change or take away a row.
fn attacks(app: &TestApp, table: &str, column: &str, unique: &str) -> Vec<String> {
    let mut attacks = vec![
        format!("UPDATE {table} SET {column} = {column}"),
        format!("UPDATE {table} SET {unique} = {unique}"),
        format!("DELETE FROM {table}"),
        format!("DELETE FROM {table} WHERE {unique} IS NOT NULL"),
    ];
    let names = columns(app, table);
    let all = names.join(", ");
    match app.ctx.db.kind() {
        Kind::Sqlite => {
            attacks.extend([
                format!("UPDATE OR REPLACE {table} SET {column} = 'x'"),
                format!("UPDATE OR IGNORE {table} SET {column} = 'x'"),
                format!("REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
                format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
                format!(
                    "INSERT INTO {table} SELECT * FROM {table} WHERE true
                     ON CONFLICT DO UPDATE SET {column} = 'x'"
                ),
                // By the number of the row, with everything else new.
                replacing(
                    table,
                    &names,
                    unique,
                    "rowid",
                    "(SELECT min(rowid) FROM {table})",
                ),
            ]);
            if table == "audit_events" {
                // The next in its chain in every way, but with the id of an older event.
                attacks.push(replacing(table, &names, "", "", ""));
            }
        }
        Kind::Postgres => {
            let key = match table {
                "audit_events" => "(chain, seq)",
                "audit_checkpoints" => "(id)",
                "policies" => "(version)",
                "policy_activations" => "(seq)",
                _ => "(creditor_id, id)",
            };
            attacks.extend([
                format!("TRUNCATE {table} CASCADE"),
                format!(
                    "INSERT INTO {table} ({all}) SELECT {all} FROM {table} LIMIT 1
                     ON CONFLICT {key} DO UPDATE SET {column} = 'x'"
                ),
                format!("SET LOCAL session_replication_role = replica; DELETE FROM {table}"),
                format!("SET LOCAL session_replication_role = replica; TRUNCATE {table} CASCADE"),
                format!(
                    "SET LOCAL session_replication_role = replica; UPDATE {table} SET {column} = 'x'"
                ),
                format!(
                    "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone"
                ),
            ]);
        }
    }
    attacks
}

/// `INSERT OR REPLACE` of a row that differs from the last in what makes it unique, so that only
/// `same` collides with another row.
fn replacing(table: &str, names: &[String], unique: &str, same: &str, value: &str) -> String {
    let fresh = "'00000000-0000-7000-8000-000000000000'";
    let values: Vec<String> = names
        .iter()
        .map(|name| match (table, name.as_str()) {
            ("audit_events", "seq") => "seq + 1".to_owned(),
            ("audit_events", "prev_hash") => "hash".to_owned(),
            ("audit_events", "id") if same.is_empty() => {
                "(SELECT id FROM audit_events WHERE seq = 1 LIMIT 1)".to_owned()
            }
            ("policies", "version") => format!("'{}'", "a".repeat(64)),
            ("policy_activations", "seq") => "seq".to_owned(),
            (_, name) if name == unique => fresh.to_owned(),
            (_, name) => name.to_owned(),
        })
        .collect();
    let row = if same.is_empty() {
        String::new()
    } else {
        format!("{same}, ")
    };
    let at = if same.is_empty() {
        String::new()
    } else {
        format!("{}, ", value.replace("{table}", table))
    };
    let order = if table == "audit_events" {
        "WHERE chain = 'platform' ORDER BY seq DESC"
    } else {
        ""
    };
    format!(
        "INSERT OR REPLACE INTO {table} ({row}{}) SELECT {at}{} FROM {table} {order} LIMIT 1",
        names.join(", "),
        values.join(", ")
    )
}

#[actix_web::test]
async fn no_statement_changes_or_takes_away_what_was_written() {
    let app = with_history().await;
    for (table, column, unique) in TABLES {
        let before = sum(&app, table, column);
        assert!(before.rows > 0, "{table} is empty");
        for attack in attacks(&app, table, column, unique) {
            let refusal = behind_its_back(&app, &attack).expect_err(&attack);
            let by_trigger = ["append-only", "must be", "gapless"]
                .iter()
                .any(|words| refusal.contains(words));
            assert!(by_trigger, "{attack}: {refusal}");
            assert_eq!(sum(&app, table, column), before, "{attack}");
        }
    }
    chain::assert_unbroken(&app.ctx.db);
}

#[actix_web::test]
async fn an_event_out_of_its_place_is_not_taken() {
    let app = with_history().await;
    for seq in ["seq + 2", "seq", "1", "0"] {
        let insert = format!(
            "INSERT INTO audit_events (chain, seq, id, at, kind, actor, body, prev_hash, hash)
             SELECT chain, {seq}, '00000000-0000-7000-8000-000000000000', at, kind, actor, body,
                 hash, hash FROM audit_events WHERE chain = 'platform' ORDER BY seq DESC LIMIT 1"
        );
        assert!(behind_its_back(&app, &insert).is_err(), "{seq}");
    }
    let follows_nothing =
        "INSERT INTO audit_events (chain, seq, id, at, kind, actor, body, prev_hash, hash)
         SELECT chain, seq + 1, '00000000-0000-7000-8000-000000000000', at, kind, actor, body,
             prev_hash, hash FROM audit_events WHERE chain = 'platform' ORDER BY seq DESC LIMIT 1";
    assert!(behind_its_back(&app, follows_nothing).is_err());
}
