//! Accounts for tests, placed the way every account is placed.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use diesel::prelude::*;
use forbear::actions::placing::{self, NewDebtor, NewEmail, NewPhone, NewPlacement, Placed};
use forbear::db::schema::{email_sequences, placements};
use forbear::db::{DbConn, DbError};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId, SequenceId};
use forbear::domain::money::Cents;

use super::TestApp;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// An account of 1,250.00 of a person of their own in Albany, New York, with a mobile number and
/// an email address, that no rule stops.
pub fn account() -> NewPlacement {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut row = NewPlacement::new(
        format!("INV-{n:05}"),
        Cents::new(125_000),
        NewDebtor::person(format!("Dana Reyes {n}")),
    );
    row.debt_kind = "medical";
    row.debtor.address_line1 = Some(format!("{n} Sample Street"));
    row.debtor.city = Some("Albany".to_owned());
    row.debtor.state = Some("NY".to_owned());
    row.debtor.zip = Some("12207".to_owned());
    row.debtor.phones = vec![phone(&format!("518-555-{:04}", n % 10_000))];
    row.debtor.emails = vec![email(&format!("dana{n}@debtors.example"))];
    row
}

/// A mobile number on which automated calls are allowed.
pub fn phone(number: &str) -> NewPhone {
    NewPhone {
        number: number.parse().unwrap(),
        kind: "mobile",
        automated_calls_since: NaiveDate::from_ymd_opt(2026, 1, 5),
    }
}

/// A mobile number that no machine may call.
pub fn hand_dialled(number: &str) -> NewPhone {
    NewPhone {
        automated_calls_since: None,
        ..phone(number)
    }
}

/// An address of the debtor's own.
pub fn email(address: &str) -> NewEmail {
    NewEmail {
        address: address.to_owned(),
        is_employers: false,
    }
}

impl TestApp {
    /// Places [`account`] after `change` made of it what the test needs:
    /// `app.place(creditor, |row| row.debtor.facts.deceased = true)`.
    pub fn place(
        &self,
        creditor: CreditorId,
        change: impl FnOnce(&mut NewPlacement),
    ) -> PlacementId {
        let mut row = account();
        change(&mut row);
        match self.place_rows(creditor, &[row])[..] {
            [Placed::Created { placement, .. }] => placement,
            ref other => panic!("{other:?}"),
        }
    }

    pub fn place_rows(&self, creditor: CreditorId, rows: &[NewPlacement]) -> Vec<Placed> {
        placing::place_all(&self.ctx, &Actor::System("import"), creditor, rows).unwrap()
    }

    pub fn debtor_of(&self, placement: PlacementId) -> DebtorId {
        self.rows(|conn| {
            placements::table
                .filter(placements::id.eq(placement))
                .select(placements::debtor_id)
                .first(conn)
        })
    }

    /// The series of emails of a placement.
    pub fn sequence_of(&self, placement: PlacementId) -> SequenceId {
        self.rows(|conn| {
            email_sequences::table
                .filter(email_sequences::placement_id.eq(placement))
                .select(email_sequences::id)
                .first(conn)
        })
    }

    /// Looks into the database.
    pub fn rows<T>(&self, query: impl FnOnce(&mut DbConn) -> QueryResult<T>) -> T {
        self.ctx
            .db
            .read(|conn| query(conn).map_err(DbError::from))
            .unwrap()
    }
}
