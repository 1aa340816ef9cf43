//! The demonstration: filled by the actions that users have, kept, moved, started over.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use diesel::dsl::count_star;
use diesel::prelude::*;
use forbear::actions::api_keys;
use forbear::config::Config;
use forbear::db::DbError;
use forbear::db::schema::{calls, contacts, dnc_entries, flags, letters, placements};
use forbear::demo::{self, Demo, DemoError};
use forbear::domain::access::Role;
use forbear::domain::text_enum::TextEnum;
use forbear::domain::time::{FixedClock, Instant};

/// A day on which everything in the sample files has happened.
const NOW: &str = "2026-11-21T15:00:00Z";

fn open(folder: &Path, port: u16, fresh: bool) -> Result<Demo, DemoError> {
    let config = Config {
        data: folder.to_owned(),
        listen: ([127, 0, 0, 1], port).into(),
        ..Config::default()
    };
    let clock = FixedClock::at(Instant::parse_rfc3339(NOW).unwrap());
    demo::open(config, fresh, Arc::new(clock))
}

fn count<T>(demo: &Demo, query: T) -> i64
where
    T: FnOnce(&mut forbear::db::DbConn) -> QueryResult<i64>,
{
    let read: Result<i64, DbError> = demo
        .services
        .ctx
        .db
        .read(|conn| query(conn).map_err(DbError::from));
    read.unwrap()
}

#[test]
fn it_is_filled_once_kept_moved_to_another_address_and_started_over_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), 8080, false).unwrap();
    assert!(
        count(&first, |conn| placements::table
            .select(count_star())
            .first(conn))
            >= 600
    );
    assert!(
        count(&first, |conn| dnc_entries::table
            .select(count_star())
            .first(conn))
            >= 150
    );
    assert!(
        count(&first, |conn| letters::table
            .select(count_star())
            .first(conn))
            > 0
    );
    assert!(count(&first, |conn| flags::table.select(count_star()).first(conn)) > 20);
    assert!(count(&first, |conn| calls::table.select(count_star()).first(conn)) > 100);
    let this_week = Instant::parse_rfc3339("2026-11-14T15:00:00Z").unwrap();
    let recent = count(&first, |conn| {
        contacts::table
            .filter(contacts::at.gt(this_week))
            .select(count_star())
            .first(conn)
    });
    assert!(recent > 0, "the windows of seven days must not be empty");

    let sheet = first.sheet.clone();
    let roles: BTreeSet<&str> = sheet.users.iter().map(|user| user.role.as_str()).collect();
    assert_eq!(roles.len(), Role::WORDS.len());
    for key in &sheet.api_keys {
        let caller = api_keys::authenticate(&first.services.ctx, &key.key).unwrap();
        assert_eq!(caller.access.as_str(), key.access);
        assert_eq!(caller.creditor.unwrap().to_string(), key.creditor_id);
    }
    assert!(sheet.staff_key.starts_with("st_"));
    let debtors: BTreeSet<&str> = sheet
        .portal
        .iter()
        .map(|line| line.debtor.as_str())
        .collect();
    assert!(debtors.len() >= 4);
    drop(first);

    let second = open(folder.path(), 9000, false).unwrap();
    assert_eq!(second.sheet, sheet.at("http://127.0.0.1:9000"));
    assert!(
        second.sheet.portal[0]
            .link
            .starts_with("http://127.0.0.1:9000/p/")
    );
    // While it runs, nobody starts it over.
    assert!(open(folder.path(), 8080, true).is_err());
    drop(second);

    let fresh = open(folder.path(), 8080, true).unwrap();
    assert_ne!(fresh.sheet.staff_key, sheet.staff_key);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_sheet() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let demo = open(folder.path(), 8080, false).unwrap();
    let mode = |name: &str| {
        let file = folder.path().join(name);
        std::fs::metadata(file).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode("demo.json"), 0o600);
    assert!(!format!("{:?}", demo.sheet).contains(&demo.sheet.staff_key));
}

#[test]
fn a_folder_with_somebodys_database_is_left_alone_even_when_asked_to_start_over() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("forbear.db");
    std::fs::write(&database, b"real").unwrap();
    for fresh in [false, true] {
        assert!(matches!(
            open(folder.path(), 8080, fresh),
            Err(DemoError::Folder(_))
        ));
    }
    assert_eq!(std::fs::read(&database).unwrap(), b"real");
}

#[test]
fn a_start_that_was_broken_off_begins_anew_and_strangers_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("forbear.db"), b"half").unwrap();
    std::fs::write(folder.path().join("demo.unfinished"), b"").unwrap();
    std::fs::write(folder.path().join("notes.txt"), b"mine").unwrap();
    let demo = open(folder.path(), 8080, false).unwrap();
    assert!(
        count(&demo, |conn| placements::table
            .select(count_star())
            .first(conn))
            >= 600
    );
    assert!(!folder.path().join("demo.unfinished").exists());
    assert_eq!(
        std::fs::read(folder.path().join("notes.txt")).unwrap(),
        b"mine"
    );
}
