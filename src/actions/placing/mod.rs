//! Placing accounts: debtors found again or made, what is known to stop contact set in the same
//! transaction, and the first outreach planned. The one way by which a placement comes to be.

mod batch;
mod debtor;
mod known;
mod on_file;
mod outreach;
mod rows;
mod subjects;

pub use self::debtor::{NewDebtor, NewEmail, NewPhone};
pub use self::known::{Attorney, Bankruptcy, Cease, KnownFacts};

use std::collections::HashMap;

use chrono::NaiveDate;

use self::batch::Batch;
use self::subjects::Subjects;
use super::ctx::Ctx;
use super::journal::JournalEntry;
use super::tx::Tx;
use crate::domain::actor::Actor;
use crate::domain::id::{CreditorId, DebtorId, ImportId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::posture::Posture;
use crate::domain::stop::Medium;
use crate::domain::text::folded;
use crate::error::{AppError, AppResult};
use crate::gate::Policy;
use crate::store::placing as store;

/// One account to place. Its values are checked by whoever read them.
#[derive(Debug, Clone)]
pub struct NewPlacement {
    /// 1 to 100 characters.
    pub invoice_number: String,
    /// What is owed now; more than zero.
    pub amount: Cents,
    pub debtor: NewDebtor,
    /// A word of the column `placements.debt_kind`.
    pub debt_kind: &'static str,
    pub original_creditor: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub incurred_on: Option<NaiveDate>,
    pub last_payment_on: Option<NaiveDate>,
    pub limitation_expires_on: Option<NaiveDate>,
    pub itemization: Option<Itemization>,
    /// A cap of the account's own; `None`: the creditor's.
    pub max_calls_per_week: Option<i32>,
    pub notes: Option<String>,
    pub posture: Posture,
    /// The creditor knows of an open dispute of this debt.
    pub disputed: bool,
    /// The file it came in.
    pub import: Option<ImportId>,
}

/// How the amount came about since the itemization date (12 CFR 1006.34(c)(2)).
#[derive(Debug, Clone)]
pub struct Itemization {
    pub on: NaiveDate,
    pub amount: Option<Cents>,
    pub interest: Option<Cents>,
    pub fees: Option<Cents>,
    pub credits: Option<Cents>,
}

impl NewPlacement {
    /// An account of which nothing but this is known.
    pub fn new(invoice_number: impl Into<String>, amount: Cents, debtor: NewDebtor) -> Self {
        Self {
            invoice_number: invoice_number.into(),
            amount,
            debtor,
            debt_kind: "other",
            original_creditor: None,
            due_on: None,
            incurred_on: None,
            last_payment_on: None,
            limitation_expires_on: None,
            itemization: None,
            max_calls_per_week: None,
            notes: None,
            posture: Posture::default(),
            disputed: false,
            import: None,
        }
    }
}

/// What became of one account, in the order in which they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    Created {
        placement: PlacementId,
        debtor: DebtorId,
    },
    /// The creditor has placed this invoice before; nothing was changed.
    Duplicate { placement: PlacementId },
}

impl Placed {
    pub fn placement(self) -> PlacementId {
        match self {
            Self::Created { placement, .. } | Self::Duplicate { placement } => placement,
        }
    }
}

/// The form under which an invoice number is compared.
pub fn invoice_key(invoice_number: &str) -> String {
    folded(invoice_number)
}

/// Places accounts in a transaction of their own. `NotFound` where there is no such creditor.
pub fn place_all(
    ctx: &Ctx,
    actor: &Actor,
    creditor: CreditorId,
    rows: &[NewPlacement],
) -> AppResult<Vec<Placed>> {
    let policy = ctx.policies.last_known().policy;
    let placing = ctx.write(actor, |tx| place(tx, &policy, creditor, rows))?;
    placing.keep_stops(ctx)?;
    Ok(placing.outcomes)
}

/// What placing came to, inside a transaction.
#[derive(Debug)]
pub struct Placing {
    /// One for each row.
    pub outcomes: Vec<Placed>,
    /// Stops of debtors who were on file, for the journal.
    stops: Vec<JournalEntry>,
}

impl Placing {
    /// Writes the stops into the journal; to be done as soon as the transaction is committed.
    pub fn keep_stops(&self, ctx: &Ctx) -> AppResult<()> {
        for stop in &self.stops {
            ctx.journal
                .append(stop)
                .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))?;
        }
        Ok(())
    }
}

/// Places accounts. Nothing is asked row by row: what exists is looked up for all rows at once,
/// so callers hand over some hundreds at a time.
///
/// The policy tells in which zones a debtor may be; no rule is asked here.
pub fn place(
    tx: &mut Tx<'_>,
    policy: &Policy,
    creditor: CreditorId,
    rows: &[NewPlacement],
) -> AppResult<Placing> {
    store::lock_creditor(tx.conn, creditor)?;
    let (fresh, mut placed) = sort_out(tx, creditor, rows)?;
    let source = source(tx.actor);

    let debtors: Vec<&NewDebtor> = fresh.iter().map(|row| &row.new.debtor).collect();
    let mut subjects = Subjects::find(tx, creditor, &debtors)?;
    let of_row: Vec<usize> = debtors
        .iter()
        .map(|debtor| subjects.resolve(tx.now, creditor, source, debtor))
        .collect();
    subjects.write(tx, creditor, source)?;

    let mut batch = Batch::new(tx, creditor, source);
    for (row, subject) in fresh.iter().zip(of_row) {
        let subject = subjects
            .get(subject)
            .ok_or_else(|| AppError::internal("an account without a debtor"))?;
        batch.add(row, subject, policy);
        if let Some(outcome) = placed.get_mut(row.index) {
            *outcome = Placed::Created {
                placement: row.id,
                debtor: subject.id,
            };
        }
    }
    batch.write(tx)?;
    let stops = subjects.record(tx, creditor, source)?;
    batch.record(tx)?;
    Ok(Placing {
        outcomes: placed,
        stops,
    })
}

/// A row whose invoice is new, with the id it will have.
struct Fresh<'a> {
    index: usize,
    new: &'a NewPlacement,
    key: String,
    id: PlacementId,
}

/// The rows to place, and every row's outcome as if all were duplicates.
fn sort_out<'a>(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    rows: &'a [NewPlacement],
) -> AppResult<(Vec<Fresh<'a>>, Vec<Placed>)> {
    let keys: Vec<String> = rows
        .iter()
        .map(|row| invoice_key(&row.invoice_number))
        .collect();
    let mut taken: HashMap<String, PlacementId> = store::by_invoice(tx.conn, creditor, &keys)?
        .into_iter()
        .map(|(key, placement, _)| (key, placement))
        .collect();
    let mut fresh = Vec::with_capacity(rows.len());
    let mut placed = Vec::with_capacity(rows.len());
    for (index, (new, key)) in rows.iter().zip(keys).enumerate() {
        let placement = match taken.get(&key) {
            Some(&placement) => placement,
            None => {
                let id = PlacementId::generate(tx.now);
                taken.insert(key.clone(), id);
                fresh.push(Fresh {
                    index,
                    new,
                    key,
                    id,
                });
                id
            }
        };
        placed.push(Placed::Duplicate { placement });
    }
    Ok((fresh, placed))
}

/// How the facts of the rows reached us.
fn source(actor: &Actor) -> Medium {
    match actor {
        Actor::ApiKey(_) => Medium::Api,
        Actor::User(_) | Actor::Debtor(_) | Actor::Anonymous | Actor::System(_) => Medium::Import,
    }
}
