//! The audit chains: refused changes, found changes, signed states.

mod append_only;
mod checkpoints;
mod export;
mod page;
mod tampering;

use diesel::connection::SimpleConnection;
use forbear::actions::audit::{self, Found};
use forbear::db::{DbError, Kind};
use forbear::domain::audit_verify::Head;
use forbear::domain::id::PlacementId;

use crate::support::TestApp;

/// Changes the database behind the program's back.
fn behind_its_back(app: &TestApp, sql: &str) -> Result<(), String> {
    app.ctx
        .db
        .write(|conn| conn.batch_execute(sql).map_err(DbError::from))
        .map_err(|error| error.to_string())
}

/// As somebody would who may change the schema.
fn drop_triggers(app: &TestApp) {
    let sql = match app.ctx.db.kind() {
        Kind::Sqlite => {
            "DROP TRIGGER audit_events_follow; DROP TRIGGER audit_events_no_update;
             DROP TRIGGER audit_events_no_delete; DROP TRIGGER audit_events_no_replace;"
        }
        Kind::Postgres => {
            "DROP TRIGGER audit_events_follow ON audit_events;
             DROP TRIGGER audit_events_no_change ON audit_events;
             DROP TRIGGER audit_events_no_truncate ON audit_events;"
        }
    };
    behind_its_back(app, sql).unwrap();
}

fn walk(app: &TestApp, chain: &str, signed: &[Head]) -> Found {
    audit::verify(&app.ctx.db, chain, signed, |_| Ok(())).unwrap()
}

/// A creditor with some accounts, and so with a chain of events.
fn chain_of_some_length(app: &TestApp, accounts: usize) -> (String, Vec<PlacementId>) {
    let creditor = app.creditor("Alder Clinic");
    let placements = (0..accounts).map(|_| app.place(creditor, |_| ())).collect();
    (creditor.to_string(), placements)
}
