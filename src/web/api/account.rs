//! `/v1/whoami` and `/v1/settings`: whose key it is, and what stands in the way of collecting.

use actix_web::{Error, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::answers;
use super::caller::Caller;
use super::wire::Word;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::api_key::ApiKeyAccess;
use crate::domain::id::{ApiKeyId, CreditorId};
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::api_keys::{self, ApiKey};
use crate::store::creditors::{self, Creditor};

/// The key and the creditor it acts for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Whoami {
    key: Key,
    /// None for a staff key that named no creditor.
    creditor: Option<Account>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Key {
    id: ApiKeyId,
    /// What the key begins with: `ca_2345BCDF`.
    prefix: String,
    access: Word<ApiKeyAccess>,
    label: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Account {
    id: CreditorId,
    name: String,
    /// Contacts may be made for this creditor.
    outreach_ready: bool,
    outreach_blocked_reason: Option<String>,
}

/// The creditor's account, with the members that the public client's own `whoami` reads.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Settings {
    id: CreditorId,
    name: String,
    /// `verified`, or `pending` while the agency has not cleared the creditor.
    status: &'static str,
    /// The agency has cleared the creditor.
    kyb_cleared: bool,
    /// Not kept here: the agreement is made outside.
    msa_accepted: Option<bool>,
    /// Not kept here: payouts are made outside.
    payouts_enabled: Option<bool>,
    outreach_ready: bool,
    outreach_blocked_reason: Option<String>,
    /// What the key that asks begins with.
    api_key_prefix: String,
    /// The agency's share of what is recovered, in percent: `25.00`.
    contingency_fee_percent: String,
    /// Successful calls to one debtor in seven days, at most.
    max_calls_per_week: i32,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    postal_address: Option<String>,
}

pub async fn whoami(ctx: web::Data<Ctx>, caller: Caller) -> Result<HttpResponse, Error> {
    let (key, creditor) = blocking(move || load(&ctx, caller)).await?;
    let key = Key {
        id: key.id,
        prefix: shown_prefix(&key),
        access: Word(key.access),
        label: key.label,
    };
    let creditor = creditor.map(|creditor| Account {
        id: creditor.id,
        name: creditor.name,
        outreach_ready: creditor.cleared,
        outreach_blocked_reason: creditor.not_cleared_reason,
    });
    Ok(answers::ok(&Whoami { key, creditor }))
}

pub async fn settings(ctx: web::Data<Ctx>, caller: Caller) -> Result<HttpResponse, Error> {
    caller.one_creditor()?;
    let (key, creditor) = blocking(move || load(&ctx, caller)).await?;
    let creditor = creditor.ok_or(AppError::NotFound)?;
    let points = creditor.contingency_bps.get();
    Ok(answers::ok(&Settings {
        id: creditor.id,
        name: creditor.name,
        status: if creditor.cleared {
            "verified"
        } else {
            "pending"
        },
        kyb_cleared: creditor.cleared,
        msa_accepted: None,
        payouts_enabled: None,
        outreach_ready: creditor.cleared,
        outreach_blocked_reason: creditor.not_cleared_reason,
        api_key_prefix: shown_prefix(&key),
        contingency_fee_percent: format!("{}.{:02}", points / 100, points % 100),
        max_calls_per_week: creditor.max_calls_per_week,
        contact_email: creditor.contact_email,
        contact_phone: creditor.contact_phone,
        postal_address: creditor.postal_address,
    }))
}

fn shown_prefix(key: &ApiKey) -> String {
    format!("{}_{}", key.access.tag(), key.prefix)
}

fn load(ctx: &Ctx, caller: Caller) -> AppResult<(ApiKey, Option<Creditor>)> {
    ctx.read(|conn| {
        let key =
            api_keys::find(conn, Scope::Agency, caller.id())?.ok_or(AppError::Unauthenticated)?;
        let creditor = match caller.creditor {
            Some(id) => creditors::by_id(conn, id)?,
            None => None,
        };
        Ok((key, creditor))
    })
}
