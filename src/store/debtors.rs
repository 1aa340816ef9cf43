//! People and businesses that owe, or are said to owe.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{Scope, count};
use crate::db::DbConn;
use crate::db::schema::{creditors, debtors, flags, placements};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::money::Cents;
use crate::domain::stop::FlagKind;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = debtors)]
pub struct Debtor {
    pub creditor_id: CreditorId,
    pub id: DebtorId,
    pub reference: Option<String>,
    /// `person` or `business`.
    pub kind: String,
    pub name: String,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub language: String,
    pub preferred_contact_method: Option<String>,
}

/// A debtor that `scope` may see with the creditor's name, or nothing.
pub fn find(
    conn: &mut DbConn,
    scope: Scope,
    id: DebtorId,
) -> QueryResult<Option<(Debtor, String)>> {
    let query = debtors::table
        .inner_join(creditors::table.on(creditors::id.eq(debtors::creditor_id)))
        .filter(debtors::id.eq(id))
        .select((Debtor::as_select(), creditors::name))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(debtors::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// How the debtor likes to be reached; nothing where it stood so before.
pub fn set_preferences(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: DebtorId,
    way: Option<&str>,
    language: &str,
) -> QueryResult<usize> {
    let same_way = match way {
        Some(way) => debtors::table
            .filter(debtors::creditor_id.eq(creditor))
            .filter(debtors::id.eq(id))
            .filter(debtors::preferred_contact_method.eq(way.to_owned()))
            .filter(debtors::language.eq(language.to_owned()))
            .count()
            .get_result::<i64>(conn)?,
        None => debtors::table
            .filter(debtors::creditor_id.eq(creditor))
            .filter(debtors::id.eq(id))
            .filter(debtors::preferred_contact_method.is_null())
            .filter(debtors::language.eq(language.to_owned()))
            .count()
            .get_result::<i64>(conn)?,
    };
    if same_way > 0 {
        return Ok(0);
    }
    diesel::update(
        debtors::table
            .filter(debtors::creditor_id.eq(creditor))
            .filter(debtors::id.eq(id)),
    )
    .set((
        debtors::preferred_contact_method.eq(way),
        debtors::language.eq(language),
        debtors::version.eq(debtors::version + 1),
    ))
    .execute(conn)
}

/// Which debtors are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What the folded name begins with; empty for every name.
    pub prefix: String,
    /// Only these: whoever a number or an address reaches.
    pub among: Option<Vec<DebtorId>>,
    /// Only those with this flag in force.
    pub flag: Option<FlagKind>,
}

type Backend = <DbConn as diesel::Connection>::Backend;

fn filtered(scope: Scope, filter: &Filter) -> debtors::BoxedQuery<'static, Backend> {
    let query = debtors::table.into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(debtors::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    let query = match filter.flag {
        Some(flag) => query.filter(exists(
            flags::table
                .filter(flags::creditor_id.eq(debtors::creditor_id))
                .filter(flags::debtor_id.eq(debtors::id))
                .filter(flags::kind.eq(flag))
                .filter(flags::lifted_at.is_null()),
        )),
        None => query,
    };
    let query = match &filter.among {
        Some(ids) => query.filter(debtors::id.eq_any(ids.clone())),
        None => query,
    };
    if filter.prefix.is_empty() {
        query
    } else {
        let pattern = like_prefix(&filter.prefix);
        query.filter(debtors::search_name.like(pattern).escape('\\'))
    }
}

/// Debtors in the order of their names.
pub fn list(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Debtor>> {
    filtered(scope, filter)
        .order((debtors::search_name.asc(), debtors::id.asc()))
        .offset(offset)
        .limit(limit)
        .select(Debtor::as_select())
        .load(conn)
}

/// How many debtors [`list`] has.
pub fn total(conn: &mut DbConn, scope: Scope, filter: &Filter) -> QueryResult<u64> {
    filtered(scope, filter).count().get_result(conn).map(count)
}

fn like_prefix(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for c in prefix.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A debtor's account in short: whose, how much, how much of it is in.
pub type AccountOf = (DebtorId, Cents, Cents);

/// The accounts of these debtors.
pub fn accounts(conn: &mut DbConn, scope: Scope, ids: &[DebtorId]) -> QueryResult<Vec<AccountOf>> {
    let query = placements::table
        .filter(placements::debtor_id.eq_any(ids.to_vec()))
        .select((
            placements::debtor_id,
            placements::amount_cents,
            placements::recovered_cents,
        ))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        Scope::Agency => {
            let all: Vec<CreditorId> = creditors::table.select(creditors::id).load(conn)?;
            query.filter(placements::creditor_id.eq_any(all))
        }
    }
    .load(conn)
}
