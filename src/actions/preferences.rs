//! How a debtor likes to be reached and in which language: a wish that forbids nothing.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::language::Language;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::{debtor_lock, debtors};

/// The ways a debtor may prefer, with the words for them.
pub const WAYS: [(&str, &str); 3] = [
    ("phone", "By telephone"),
    ("email", "By email"),
    ("mail", "By letter"),
];

/// What the debtor said.
#[derive(Debug, Clone)]
pub struct Preferences {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    /// One of [`WAYS`]; none where it does not matter to the debtor.
    pub way: Option<String>,
    pub language: Language,
    pub via: Medium,
}

/// Writes it down. Said again it changes nothing.
///
/// # Errors
/// `Invalid` for a way that is none; `NotFound` when there is no such debtor.
pub fn set(ctx: &Ctx, actor: &Actor, said: &Preferences) -> AppResult<()> {
    let way = said.way.as_deref();
    if way.is_some_and(|way| !WAYS.iter().any(|(word, _)| *word == way)) {
        return Err(AppError::invalid("way", "Choose one of the ways."));
    }
    ctx.write(actor, |tx| {
        let (creditor, debtor) = (said.creditor, said.debtor);
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let language = said.language.as_str();
        if debtors::set_preferences(tx.conn, creditor, debtor, way, language)? == 0 {
            return Ok(());
        }
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::PreferencesSet)
                .debtor(debtor)
                .body(json!({"way": way, "language": language, "via": said.via.as_str()})),
        )?;
        Ok(())
    })
}
