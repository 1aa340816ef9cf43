//! A placement in JSON.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::caller::Caller;
use super::wire::Word;
use crate::actions::placement_feed::{Listed, OutreachState, Whole};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::{PlacementStatus, RecallReason};
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::placement_feed::{DebtorPart, Entry};

/// One account in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacementSummary {
    id: PlacementId,
    creditor: CreditorName,
    debtor: DebtorSummary,
    status: Word<PlacementStatus>,
    outreach_state: Outreach,
    invoice_number: String,
    invoice_amount: Cents,
    recovered_amount: Cents,
    remaining_amount: Cents,
    /// The agency's share of what was recovered.
    fee_amount: Cents,
    due_date: Option<NaiveDate>,
    /// Days since the due date; none before it, or without one.
    days_past_due: Option<i64>,
    debt_kind: String,
    placed_at: Instant,
    updated_at: Instant,
    resolved_at: Option<Instant>,
    version: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CreditorName {
    id: CreditorId,
    name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DebtorSummary {
    id: DebtorId,
    /// `person` or `business`.
    kind: String,
    name: String,
    /// The name once more, under the public client's own name for it.
    company_name: String,
    city: Option<String>,
    state: Option<String>,
    /// The creditor's own number for this customer.
    external_debtor_ref: Option<String>,
}

/// Whether anything may go out at all: `active`, `paused`, `blocked` by the debtor or the law, or
/// `closed`. What may go out now is for the gate to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outreach {
    Active,
    Paused,
    Blocked,
    Closed,
}

impl From<OutreachState> for Outreach {
    fn from(state: OutreachState) -> Self {
        match state {
            OutreachState::Active => Self::Active,
            OutreachState::Paused => Self::Paused,
            OutreachState::Blocked => Self::Blocked,
            OutreachState::Closed => Self::Closed,
        }
    }
}

/// One account with all that is told of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacementDetail {
    #[serde(flatten)]
    summary: PlacementSummary,
    contact: DebtorContact,
    original_creditor: Option<String>,
    incurred_on: Option<NaiveDate>,
    last_payment_on: Option<NaiveDate>,
    limitation_expires_on: Option<NaiveDate>,
    notes: Option<String>,
    recall_reason: Option<Word<RecallReason>>,
    /// How it went, from 0 to 100 with the figures it is made of; once it has ended.
    outcome_score: Option<serde_json::Value>,
    holds: Vec<HoldView>,
    /// What is in force against contact, the oldest first.
    stops: Vec<StopView>,
}

/// Where the debtor can be reached, as far as it is on file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DebtorContact {
    address_line1: Option<String>,
    address_line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    /// In E.164.
    phones: Vec<String>,
    emails: Vec<String>,
    primary_phone: Option<String>,
    primary_email: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct HoldView {
    /// `pause`, or `review` while a person reads a message.
    kind: String,
    reason: Option<String>,
    since: Instant,
    until: Option<Instant>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct StopView {
    kind: StopKind,
    since: Instant,
    received_by: Word<Medium>,
}

/// What stops contact. To a creditor, what is private to the debtor is `legal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    Cease,
    CallOptOut,
    EmailOptOut,
    DoNotCall,
    MailOptOut,
    Attorney,
    Bankruptcy,
    Deceased,
    Legal,
}

impl StopKind {
    /// Nothing for a flag that stops nothing by itself.
    fn of(kind: FlagKind, is_staff: bool) -> Option<Self> {
        match kind {
            FlagKind::Cease => Some(Self::Cease),
            FlagKind::CallOptOut => Some(Self::CallOptOut),
            FlagKind::EmailOptOut => Some(Self::EmailOptOut),
            FlagKind::DoNotCall => Some(Self::DoNotCall),
            FlagKind::MailOptOut => Some(Self::MailOptOut),
            FlagKind::Attorney => Some(Self::Attorney),
            FlagKind::Bankruptcy | FlagKind::Discharge if is_staff => Some(Self::Bankruptcy),
            FlagKind::Deceased if is_staff => Some(Self::Deceased),
            FlagKind::Bankruptcy | FlagKind::Discharge | FlagKind::Deceased => Some(Self::Legal),
            FlagKind::KnownLocation
            | FlagKind::Inconvenient
            | FlagKind::WorkplaceProhibited
            | FlagKind::Military
            | FlagKind::Codebtor
            | FlagKind::AddressOptOut
            | FlagKind::BankruptcyDismissed
            | FlagKind::CodebtorEnded
            | FlagKind::LocationNeeded => None,
        }
    }
}

impl PlacementSummary {
    pub fn new(now: Instant, listed: Listed) -> Self {
        let outreach_state = listed.outreach_state();
        let Entry {
            placement,
            debtor,
            creditor_name,
        } = listed.entry;
        let today = now.to_utc().date_naive();
        Self {
            id: placement.id,
            creditor: CreditorName {
                id: placement.creditor_id,
                name: creditor_name,
            },
            debtor: DebtorSummary {
                id: placement.debtor_id,
                kind: debtor.kind,
                company_name: debtor.name.clone(),
                name: debtor.name,
                city: debtor.city,
                state: debtor.state,
                external_debtor_ref: debtor.reference,
            },
            status: Word(placement.status),
            outreach_state: outreach_state.into(),
            remaining_amount: placement.account().remaining(),
            invoice_number: placement.invoice_number,
            invoice_amount: placement.amount_cents,
            recovered_amount: placement.recovered_cents,
            fee_amount: placement.fee_cents,
            due_date: placement.due_on,
            days_past_due: placement
                .due_on
                .map(|due| today.signed_duration_since(due).num_days())
                .filter(|days| *days > 0),
            debt_kind: placement.debt_kind,
            placed_at: placement.placed_at,
            updated_at: placement.updated_at,
            resolved_at: placement.resolved_at,
            version: placement.version,
        }
    }
}

impl PlacementDetail {
    pub fn new(now: Instant, caller: Caller, whole: Whole) -> AppResult<Self> {
        let Whole {
            listed,
            phones,
            emails,
        } = whole;
        let placement = listed.entry.placement.clone();
        let outcome_score = placement
            .outcome_score
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?;
        let stops = listed
            .flags
            .iter()
            .filter_map(|flag| {
                Some(StopView {
                    kind: StopKind::of(flag.kind, caller.is_staff())?,
                    since: flag.received_at,
                    received_by: Word(flag.source),
                })
            })
            .collect();
        let holds = listed
            .holds
            .iter()
            .map(|hold| HoldView {
                kind: hold.kind.clone(),
                reason: hold.reason.clone(),
                since: hold.set_at,
                until: hold.until_at,
            })
            .collect();
        Ok(Self {
            contact: DebtorContact::new(&listed.entry.debtor, phones, emails),
            original_creditor: placement.original_creditor,
            incurred_on: placement.incurred_on,
            last_payment_on: placement.last_payment_on,
            limitation_expires_on: placement.limitation_expires_on,
            notes: placement.notes,
            recall_reason: placement.recall_reason.map(Word),
            outcome_score,
            holds,
            stops,
            summary: PlacementSummary::new(now, listed),
        })
    }
}

impl DebtorContact {
    fn new(debtor: &DebtorPart, phones: Vec<PhoneNumber>, emails: Vec<String>) -> Self {
        let phones: Vec<String> = phones.iter().map(ToString::to_string).collect();
        Self {
            address_line1: debtor.address_line1.clone(),
            address_line2: debtor.address_line2.clone(),
            city: debtor.city.clone(),
            state: debtor.state.clone(),
            zip: debtor.zip.clone(),
            primary_phone: phones.first().cloned(),
            primary_email: emails.first().cloned(),
            phones,
            emails,
        }
    }
}
