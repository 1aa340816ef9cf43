//! Policies that were ever used, and which of them is in force.

use diesel::prelude::*;

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::{policies, policy_activations};
use crate::domain::time::Instant;

/// One policy, named by the hash of its content.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = policies)]
pub struct PolicyRow {
    pub version: String,
    /// The files as JSON.
    pub content: String,
    /// Who brought it in: an actor's text.
    pub activated_by: String,
    pub activated_at: Instant,
}

/// One time that a policy was put in force.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = policy_activations)]
pub struct Activation {
    /// From 1, without gaps; the highest is in force.
    pub seq: i64,
    pub version: String,
    /// `program` or `chosen`.
    pub origin: String,
    /// An actor's text.
    pub activated_by: String,
    pub activated_at: Instant,
}

pub fn find(conn: &mut DbConn, version: &str) -> QueryResult<Option<PolicyRow>> {
    policies::table
        .find(version)
        .select(PolicyRow::as_select())
        .get_result(conn)
        .optional()
}

/// Whether a policy of this content is kept.
pub fn is_kept(conn: &mut DbConn, version: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(policies::table.find(version))).get_result(conn)
}

pub fn insert(conn: &mut DbConn, policy: &PolicyRow) -> QueryResult<()> {
    diesel::insert_into(policies::table)
        .values(policy)
        .execute(conn)
        .map(drop)
}

/// The activation in force: the number and the version. Asked for every contact.
pub fn in_force(conn: &mut DbConn) -> QueryResult<Option<Activation>> {
    // Not the first of all in descending order: that binds a limit, see `store::each`.
    let other = diesel::alias!(policy_activations as other);
    let latest = other.select(diesel::dsl::max(other.field(policy_activations::seq)));
    let row = policy_activations::table.filter(policy_activations::seq.nullable().eq_any(latest));
    on_each!(conn, conn => row.select(Activation::as_select()).get_result(conn)).optional()
}

/// The latest activations first.
pub fn activations(conn: &mut DbConn, limit: i64) -> QueryResult<Vec<Activation>> {
    policy_activations::table
        .order(policy_activations::seq.desc())
        .limit(limit)
        .select(Activation::as_select())
        .load(conn)
}

pub fn insert_activation(conn: &mut DbConn, activation: &Activation) -> QueryResult<()> {
    diesel::insert_into(policy_activations::table)
        .values(activation)
        .execute(conn)
        .map(drop)
}
