//! The agency's clients.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::domain::money::BasisPoints;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::creditors::{self, Creditor};

/// The calls a week that a creditor's accounts get unless it says otherwise.
pub const CALLS_PER_WEEK: i32 = 3;

/// A creditor to add.
#[derive(Debug, Clone)]
pub struct NewCreditor {
    pub name: String,
    /// The agency's share of what is recovered.
    pub contingency: BasisPoints,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    pub postal_address: Option<String>,
}

/// Adds a creditor, cleared for contact.
pub fn add(ctx: &Ctx, actor: &Actor, new: NewCreditor) -> AppResult<CreditorId> {
    let name = new.name.trim();
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 200 {
        errors.add("name", "Enter a name of at most 200 characters.");
    }
    errors.into_result()?;
    ctx.write(actor, |tx| {
        if creditors::by_name(tx.conn, name)?.is_some() {
            return Err(AppError::invalid(
                "name",
                "There is a creditor of this name already.",
            ));
        }
        let id = CreditorId::generate(tx.now);
        creditors::insert(
            tx.conn,
            &Creditor {
                id,
                name: name.to_owned(),
                contingency_bps: new.contingency,
                max_calls_per_week: CALLS_PER_WEEK,
                cleared: true,
                not_cleared_reason: None,
                contact_email: new.contact_email,
                contact_phone: new.contact_phone,
                postal_address: new.postal_address,
                created_at: tx.now,
                version: 1,
            },
        )?;
        tx.record(
            NewEvent::of_creditor(id, EventKind::CreditorCreated)
                .body(json!({"creditor": id, "contingency_bps": new.contingency.get()})),
        )?;
        Ok(id)
    })
}
