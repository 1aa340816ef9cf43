//! Browsers that are signed in. Only hashes of their keys are here.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::sessions;
use crate::domain::id::{PortalLinkId, UserId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct Session {
    pub key_hash: String,
    pub user_id: Option<UserId>,
    pub portal_link_id: Option<PortalLinkId>,
    /// JSON of short words; nothing of record stands here.
    pub state: String,
    pub user_agent: Option<String>,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub expires_at: Instant,
}

pub fn insert(conn: &mut DbConn, session: &Session) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(conn)
        .map(drop)
}

pub fn find(conn: &mut DbConn, key_hash: &str) -> QueryResult<Option<Session>> {
    sessions::table
        .find(key_hash)
        .select(Session::as_select())
        .get_result(conn)
        .optional()
}

/// Changes the state of a session that is still there; a deleted one does not come back.
pub fn update_state(
    conn: &mut DbConn,
    key_hash: &str,
    state: &str,
    user: Option<UserId>,
) -> QueryResult<usize> {
    diesel::update(sessions::table.find(key_hash))
        .set((sessions::state.eq(state), sessions::user_id.eq(user)))
        .execute(conn)
}

/// Notes that the browser was here and lets the session live on.
pub fn touch(
    conn: &mut DbConn,
    key_hash: &str,
    now: Instant,
    expires_at: Instant,
) -> QueryResult<usize> {
    diesel::update(sessions::table.find(key_hash))
        .set((
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(expires_at),
        ))
        .execute(conn)
}

pub fn delete(conn: &mut DbConn, key_hash: &str) -> QueryResult<usize> {
    diesel::delete(sessions::table.find(key_hash)).execute(conn)
}

/// The sessions of one person, the most recently used first.
pub fn of_user(conn: &mut DbConn, user: UserId, now: Instant) -> QueryResult<Vec<Session>> {
    sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::expires_at.gt(now))
        .order(sessions::last_seen_at.desc())
        .select(Session::as_select())
        .load(conn)
}

/// Signs a person out everywhere but in the session with `except`.
pub fn delete_of_user(conn: &mut DbConn, user: UserId, except: Option<&str>) -> QueryResult<usize> {
    diesel::delete(
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::key_hash.ne(except.unwrap_or_default())),
    )
    .execute(conn)
}

pub fn delete_expired(conn: &mut DbConn, now: Instant) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)
}
