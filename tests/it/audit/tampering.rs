//! With the triggers gone: any change to any column of any row, anywhere in a chain, is found at
//! the right row.

use diesel::prelude::*;
use forbear::db::schema::{audit_chains, audit_events};
use forbear::domain::audit_verify::{Fault, Head};
use forbear::domain::id::EventId;
use forbear::domain::time::Instant;
use forbear::store::audit::EventRow;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{behind_its_back, chain_of_some_length, drop_triggers, walk};
use crate::support::TestApp;

/// What somebody does to a chain. Places are drawn as shares of its length.
#[derive(Debug, Clone)]
enum Tampering {
    Edit {
        at: prop::sample::Index,
        column: usize,
    },
    Delete {
        at: prop::sample::Index,
        heal: bool,
    },
    Swap {
        one: prop::sample::Index,
        other: prop::sample::Index,
    },
    Insert {
        at: prop::sample::Index,
        told: bool,
    },
}

/// Every column that the hash binds, with another value for it that the table takes.
const COLUMNS: &[(&str, &str)] = &[
    ("id", "'00000000-0000-7000-8000-00000000000a'"),
    ("at", "'2020-01-01 00:00:00'"),
    ("kind", "'user.added'"),
    ("actor", "'system:nobody'"),
    ("debtor_id", "'somebody'"),
    ("placement_id", "'somewhere'"),
    ("cause", "'because'"),
    ("body", "'{}'"),
    (
        "prev_hash",
        "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'",
    ),
    (
        "hash",
        "'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'",
    ),
];

fn tampering() -> impl Strategy<Value = Tampering> {
    use Tampering as T;
    prop_oneof![
        4 => (any::<prop::sample::Index>(), 0..COLUMNS.len())
            .prop_map(|(at, column)| T::Edit { at, column }),
        2 => (any::<prop::sample::Index>(), any::<bool>())
            .prop_map(|(at, heal)| T::Delete { at, heal }),
        2 => (any::<prop::sample::Index>(), any::<prop::sample::Index>())
            .prop_map(|(one, other)| T::Swap { one, other }),
        2 => (any::<prop::sample::Index>(), any::<bool>())
            .prop_map(|(at, told)| T::Insert { at, told }),
    ]
}

/// A chain that can be tampered with and put back.
struct Victim<'a> {
    app: &'a TestApp,
    chain: String,
    rows: Vec<EventRow>,
}

impl<'a> Victim<'a> {
    fn new(app: &'a TestApp) -> Self {
        let (chain, _) = chain_of_some_length(app, 12);
        drop_triggers(app);
        let rows: Vec<EventRow> = app.rows(|conn| {
            audit_events::table
                .filter(audit_events::chain.eq(&chain))
                .order(audit_events::seq)
                .select(EventRow::as_select())
                .load(conn)
        });
        assert!(rows.len() >= 12, "{} events", rows.len());
        Self { app, chain, rows }
    }

    fn len(&self) -> i64 {
        self.rows.len() as i64
    }

    fn sql(&self, sql: &str) {
        behind_its_back(self.app, &sql.replace("THE_CHAIN", &self.chain)).unwrap();
    }

    /// Writes rows in place of the chain's, with a head that fits or the one there was.
    fn write(&self, rows: &[EventRow], head: Head) {
        self.app
            .ctx
            .db
            .write(|conn| -> Result<(), forbear::db::DbError> {
                diesel::delete(audit_events::table.filter(audit_events::chain.eq(&self.chain)))
                    .execute(conn)?;
                for row in rows {
                    forbear::store::audit::insert(conn, row)?;
                }
                diesel::update(audit_chains::table.find(&self.chain))
                    .set((
                        audit_chains::length.eq(head.length),
                        audit_chains::head.eq(head.hash),
                    ))
                    .execute(conn)?;
                Ok(())
            })
            .unwrap();
    }

    fn head_of(&self, rows: &[EventRow]) -> Head {
        let last = rows.last().unwrap();
        Head {
            length: last.seq,
            hash: last.hash.clone(),
        }
    }

    fn put_back(&self) {
        self.write(&self.rows, self.head_of(&self.rows));
        let whole = walk(self.app, &self.chain, &[]).unwrap();
        assert_eq!(whole, self.head_of(&self.rows));
    }

    /// Does it, and returns the row that must be named; nothing where nothing was changed.
    fn suffer(&self, what: &Tampering) -> Option<i64> {
        let place = |at: &prop::sample::Index| at.index(self.rows.len()) as i64 + 1;
        match what {
            Tampering::Edit { at, column } => {
                let (seq, (column, value)) = (place(at), COLUMNS[*column]);
                self.sql(&format!(
                    "UPDATE audit_events SET {column} = {value}
                     WHERE chain = 'THE_CHAIN' AND seq = {seq}"
                ));
                Some(seq)
            }
            Tampering::Delete { at, heal } => {
                let seq = place(at);
                let mut rows = self.rows.clone();
                rows.remove(seq as usize - 1);
                if *heal {
                    renumber(&mut rows);
                }
                self.write(&rows, self.head_of(&self.rows));
                Some(seq)
            }
            Tampering::Swap { one, other } => {
                let (one, other) = (place(one) as usize - 1, place(other) as usize - 1);
                if one == other {
                    return None;
                }
                let mut rows = self.rows.clone();
                rows.swap(one, other);
                renumber(&mut rows);
                self.write(&rows, self.head_of(&self.rows));
                Some(one.min(other) as i64 + 1)
            }
            Tampering::Insert { at, told } => {
                let seq = place(at);
                let mut rows = self.rows.clone();
                let mut forged = rows[seq as usize - 1].clone();
                forged.id = EventId::generate(Instant::from_micros(1));
                forged.body = "{\"forged\":true}".to_owned();
                forged.hash = forged.link().hash();
                rows.insert(seq as usize - 1, forged);
                renumber(&mut rows);
                let mut head = self.head_of(&self.rows);
                // Whoever inserts may also count the event in.
                head.length += i64::from(*told);
                self.write(&rows, head);
                Some(seq)
            }
        }
    }
}

fn renumber(rows: &mut [EventRow]) {
    for (row, seq) in rows.iter_mut().zip(1..) {
        row.seq = seq;
    }
}

/// Makes every hash from this row on right again.
fn reforge(rows: &mut [EventRow], from: usize) {
    for index in from..rows.len() {
        if index > 0 {
            rows[index].prev_hash = rows[index - 1].hash.clone();
        }
        rows[index].hash = rows[index].link().hash();
    }
}

#[actix_web::test]
async fn whatever_is_done_to_a_chain_is_found_at_the_right_row() {
    let app = TestApp::start().await;
    let victim = Victim::new(&app);
    let mut runner = TestRunner::new(Config {
        cases: 120,
        // Each case needs the database whole again.
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&tampering(), |what| {
            let Some(seq) = victim.suffer(&what) else {
                return Ok(());
            };
            let broken = walk(&app, &victim.chain, &[]).expect_err("nothing was found");
            victim.put_back();
            prop_assert_eq!(broken.seq, seq, "{:?}: {}", what, broken);
            Ok(())
        })
        .unwrap();
}

#[actix_web::test]
async fn every_column_of_every_row_is_bound() {
    let app = TestApp::start().await;
    let victim = Victim::new(&app);
    for seq in [1, victim.len() / 2, victim.len()] {
        for (column, value) in COLUMNS {
            victim.sql(&format!(
                "UPDATE audit_events SET {column} = {value} WHERE chain = 'THE_CHAIN' AND seq = {seq}"
            ));
            let broken = walk(&app, &victim.chain, &[]).unwrap_err();
            assert_eq!((broken.seq, broken.fault), (seq, Fault::Edited), "{column}");
            victim.put_back();
        }
    }
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    value: Option<String>,
}

/// The text with one character changed: a digit of an id, a hash or a date into another digit.
fn with_one_changed(text: &str, at: &prop::sample::Index) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let changeable: Vec<usize> = (0..chars.len())
        .filter(|at| chars[*at].is_ascii_alphanumeric())
        .collect();
    // A date stays one if only its last digit changes.
    let at = if text.starts_with("20") && text.contains(' ') {
        changeable[changeable.len() - 1]
    } else {
        changeable[at.index(changeable.len())]
    };
    chars[at] = if chars[at] == '1' { '0' } else { '1' };
    chars.into_iter().collect()
}

/// Any character of anything that is stored of any event.
#[actix_web::test]
async fn a_change_to_any_one_character_of_any_row_is_found_at_that_row() {
    let app = TestApp::start().await;
    let victim = Victim::new(&app);
    let mut runner = TestRunner::new(Config {
        cases: 120,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    });
    let place = (
        any::<prop::sample::Index>(),
        0..COLUMNS.len(),
        any::<prop::sample::Index>(),
    );
    runner
        .run(&place, |(row, column, character)| {
            let (seq, (column, _)) = (row.index(victim.rows.len()) + 1, COLUMNS[column]);
            let chain = &victim.chain;
            let place = format!("chain = '{chain}' AND seq = {seq}");
            let stored: Stored = app.rows(|conn| {
                diesel::sql_query(format!(
                    "SELECT CAST({column} AS TEXT) AS value FROM audit_events WHERE {place}"
                ))
                .get_result(conn)
            });
            let Some(text) = stored.value else {
                return Ok(());
            };
            let changed = with_one_changed(&text, &character).replace('\'', "''");
            let sql = format!("UPDATE audit_events SET {column} = '{changed}' WHERE {place}");
            if behind_its_back(&app, &sql).is_err() {
                // The thirteenth month: the database itself refuses it.
                return Ok(());
            }
            let broken = walk(&app, chain, &[]).expect_err("nothing was found");
            victim.put_back();
            prop_assert_eq!(broken.seq, seq as i64, "{}: {}", column, broken);
            Ok(())
        })
        .unwrap();
}

#[actix_web::test]
async fn a_chain_that_was_cut_at_its_end_is_found_by_its_head() {
    let app = TestApp::start().await;
    let victim = Victim::new(&app);
    let length = victim.len();
    victim.sql(&format!(
        "DELETE FROM audit_events WHERE chain = 'THE_CHAIN' AND seq > {}",
        length - 3
    ));
    let broken = walk(&app, &victim.chain, &[]).unwrap_err();
    assert_eq!(broken.seq, length - 2);
    assert_eq!(broken.fault, Fault::Missing { through: length });

    victim.put_back();
    victim.sql("DELETE FROM audit_chains WHERE chain = 'THE_CHAIN'");
    let broken = walk(&app, &victim.chain, &[]).unwrap_err();
    assert_eq!((broken.seq, broken.fault), (1, Fault::BeyondTheEnd));
}

#[actix_web::test]
async fn a_chain_rewritten_whole_is_found_only_with_a_state_signed_before() {
    let app = TestApp::start().await;
    let victim = Victim::new(&app);
    let signed = victim.head_of(&victim.rows[..victim.rows.len() - 2]);
    for from in [0, 4, victim.rows.len() - 3] {
        let mut rows = victim.rows.clone();
        rows[from].body = "{\"history\":\"mine\"}".to_owned();
        reforge(&mut rows, from);
        victim.write(&rows, victim.head_of(&rows));
        assert!(walk(&app, &victim.chain, &[]).is_ok(), "nothing else tells");
        let broken = walk(&app, &victim.chain, std::slice::from_ref(&signed)).unwrap_err();
        assert_eq!(
            (broken.seq, broken.fault),
            (signed.length, Fault::NotAsSigned)
        );
    }
    // Taken away with its head: nothing is left to be wrong.
    victim.sql(
        "DELETE FROM audit_events WHERE chain = 'THE_CHAIN';
         DELETE FROM audit_chains WHERE chain = 'THE_CHAIN'",
    );
    assert!(walk(&app, &victim.chain, &[]).is_ok());
    let broken = walk(&app, &victim.chain, std::slice::from_ref(&signed)).unwrap_err();
    assert_eq!(
        (broken.seq, broken.fault),
        (
            1,
            Fault::Missing {
                through: signed.length
            }
        )
    );
}
