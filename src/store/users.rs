//! People who sign in.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{creditors, users};
use crate::domain::access::Role;
use crate::domain::id::{CreditorId, UserId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: UserId,
    pub creditor_id: Option<CreditorId>,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    /// Given by somebody else: another one has to be chosen before anything else is done.
    pub password_is_temporary: bool,
    pub time_zone: String,
    pub active: bool,
    pub last_sign_in_at: Option<Instant>,
    pub created_at: Instant,
    pub version: i64,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct NewUser<'a> {
    pub id: UserId,
    pub creditor_id: Option<CreditorId>,
    /// In lower case.
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub password_hash: &'a str,
    pub password_is_temporary: bool,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, user: &NewUser<'_>) -> QueryResult<()> {
    diesel::insert_into(users::table)
        .values(user)
        .execute(conn)
        .map(drop)
}

pub fn by_email(conn: &mut DbConn, email: &str) -> QueryResult<Option<User>> {
    users::table
        .filter(users::email.eq(email))
        .select(User::as_select())
        .get_result(conn)
        .optional()
}

/// The person with the name of their creditor, if they have one.
pub fn by_id(conn: &mut DbConn, id: UserId) -> QueryResult<Option<(User, Option<String>)>> {
    users::table
        .left_join(creditors::table.on(users::creditor_id.eq(creditors::id.nullable())))
        .filter(users::id.eq(id))
        .select((User::as_select(), creditors::name.nullable()))
        .get_result(conn)
        .optional()
}

pub fn list(conn: &mut DbConn) -> QueryResult<Vec<(User, Option<String>)>> {
    users::table
        .left_join(creditors::table.on(users::creditor_id.eq(creditors::id.nullable())))
        .order((users::name.asc(), users::id.asc()))
        .select((User::as_select(), creditors::name.nullable()))
        .load(conn)
}

/// Names of people, with whether each is staff of the agency.
pub fn names(conn: &mut DbConn, ids: &[UserId]) -> QueryResult<Vec<(UserId, String, bool)>> {
    users::table
        .filter(users::id.eq_any(ids.to_vec()))
        .select((users::id, users::name, users::creditor_id.is_null()))
        .load(conn)
}

pub fn signed_in(conn: &mut DbConn, id: UserId, now: Instant) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set(users::last_sign_in_at.eq(now))
        .execute(conn)
        .map(drop)
}

pub fn set_password(
    conn: &mut DbConn,
    id: UserId,
    hash: &str,
    is_temporary: bool,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((
            users::password_hash.eq(hash),
            users::password_is_temporary.eq(is_temporary),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)
}

/// What can be changed of a person.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct Changes<'a> {
    /// In lower case.
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub creditor_id: Option<CreditorId>,
    pub active: bool,
}

/// Changes a person; nothing if someone else changed the row since `version`.
pub fn update(
    conn: &mut DbConn,
    id: UserId,
    version: i64,
    changes: &Changes<'_>,
) -> QueryResult<usize> {
    diesel::update(
        users::table
            .filter(users::id.eq(id))
            .filter(users::version.eq(version)),
    )
    .set((changes, users::version.eq(version + 1)))
    .execute(conn)
}

/// The administrators who may sign in, locked until the transaction ends: of two who remove each
/// other, the second finds what the first has left.
pub fn lock_administrators(conn: &mut DbConn) -> QueryResult<Vec<UserId>> {
    let query = users::table
        .filter(users::role.eq(Role::Administrator))
        .filter(users::active.eq(true))
        .order(users::id.asc())
        .select(users::id);
    match conn {
        DbConn::Sqlite(conn) => query.load(conn),
        DbConn::Pg(conn) => query.for_update().load(conn),
    }
}
