//! Sessions of the dashboard in the database, for actix-session.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time;
use chrono::Duration;

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, browser_sessions};
use crate::domain::hash::sha256_hex;
use crate::error::AppError;
use crate::keys::random_code;
use crate::web::access::SignedIn;

/// A session that nobody uses ends after half an hour; used or not, after twelve (NIST SP
/// 800-63B-4, AAL2: at most one hour idle and 24 hours in all).
pub const IDLE: Duration = Duration::minutes(30);
pub const ABSOLUTE: Duration = Duration::hours(12);

/// The name in the session's state under which the signed-in person's id stands.
pub const USER: &str = "user";

/// The name under which a loaded session tells its own hash, so that a page can say which of a
/// person's sessions is this one. Never stored.
pub const SELF: &str = "self";

/// The name under which a loaded session tells who is signed in, read anew each time. Never stored.
pub const PERSON: &str = "person";

/// The name under which the browser is described once, at the sign-in.
pub const DEVICE: &str = "device";

/// Keeps the SHA-256 of each session's key, so that who reads the database can't sign in.
#[derive(Debug, Clone)]
pub struct DbSessionStore {
    ctx: Ctx,
}

type State = HashMap<String, String>;

impl DbSessionStore {
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx }
    }

    /// The state of a session that is alive, with who is signed in: nearly every request needs
    /// both, so that both are read at once.
    async fn read(&self, hash: String) -> Result<Option<State>, AppError> {
        let lookup = hash.clone();
        let looked = self.ctx.look(move |ctx, conn| {
            let Some(session) = browser_sessions::find(conn, &lookup, ctx.now())? else {
                return Ok(None);
            };
            let person = match session.user_id {
                Some(user) => SignedIn::load(conn, user)?,
                None => None,
            };
            Ok(Some((session, person)))
        });
        let Some((session, person)) = looked.await? else {
            return Ok(None);
        };
        browser_sessions::touch(&self.ctx, &session, IDLE, ABSOLUTE).await?;
        // A state that can't be read is no session.
        let Ok(mut state) = serde_json::from_str::<State>(&session.state) else {
            return Ok(None);
        };
        state.insert(SELF.to_owned(), format!("\"{hash}\""));
        if let Some(person) = person {
            state.insert(PERSON.to_owned(), serde_json::to_string(&person)?);
        }
        Ok(Some(state))
    }
}

/// What the database knows a session by.
pub fn key_hash(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

fn wrap(error: AppError) -> anyhow::Error {
    anyhow::Error::new(error)
}

/// actix-session keeps values as JSON text, so a person's id stands in quotes.
fn text_in(state: &State, name: &str) -> Option<String> {
    serde_json::from_str(state.get(name)?).ok()
}

/// The state as it is stored.
fn stored(mut state: State) -> Result<String, AppError> {
    state.remove(SELF);
    state.remove(PERSON);
    state.remove(DEVICE);
    Ok(serde_json::to_string(&state)?)
}

impl SessionStore for DbSessionStore {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let hash = key_hash(key.as_ref());
        self.read(hash)
            .await
            .map_err(|error| LoadError::Other(wrap(error)))
    }

    async fn save(&self, state: State, _: &time::Duration) -> Result<SessionKey, SaveError> {
        let other = |error| SaveError::Other(wrap(error));
        let key = random_code(48).map_err(|error| other(error.into()))?;
        let user = text_in(&state, USER);
        let device = text_in(&state, DEVICE);
        let text = stored(state).map_err(other)?;
        let ctx = self.ctx.clone();
        let hash = key_hash(&key);
        blocking(move || {
            browser_sessions::create(&ctx, &hash, &text, user.as_deref(), device, IDLE)
        })
        .await
        .map_err(other)?;
        key.try_into()
            .map_err(|_| other(AppError::internal("a session key was too long")))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        let other = |error| UpdateError::Other(wrap(error));
        let user = text_in(&state, USER);
        let text = stored(state).map_err(other)?;
        let ctx = self.ctx.clone();
        let hash = key_hash(key.as_ref());
        blocking(move || browser_sessions::update(&ctx, &hash, &text, user.as_deref()))
            .await
            .map_err(other)?;
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &time::Duration) -> Result<(), anyhow::Error> {
        // Loading a session already lets it live on.
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let ctx = self.ctx.clone();
        let hash = key_hash(key.as_ref());
        blocking(move || browser_sessions::delete(&ctx, &hash))
            .await
            .map_err(wrap)
    }
}
