//! `POST /v1/placements`: places one account.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::Body;
use super::caller::Caller;
use super::error::{ApiError, Place, Wrong};
use super::once::{Refused, once};
use super::placement_view::PlacementDetail;
use super::wire::Word;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::placement_feed as feed;
use crate::actions::placing::{self, NewDebtor, NewEmail, NewPhone, NewPlacement, Placed};
use crate::domain::email::EmailAddress;
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::place::{StateCode, ZipCode};
use crate::domain::text_enum::TextEnum;
use crate::error::AppError;
use crate::store::Scope;

/// What kind of debt it is: some states' limits depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DebtKind {
    CreditCard,
    Medical,
    StudentLoan,
    LeaseBalance,
    Mortgage,
    Invoice,
    Other,
}

impl TextEnum for DebtKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::CreditCard, "credit-card"),
        (Self::Medical, "medical"),
        (Self::StudentLoan, "student-loan"),
        (Self::LeaseBalance, "lease-balance"),
        (Self::Mortgage, "mortgage"),
        (Self::Invoice, "invoice"),
        (Self::Other, "other"),
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DebtorKind {
    Person,
    Business,
}

impl TextEnum for DebtorKind {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Person, "person"), (Self::Business, "business")];
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceRequest {
    invoice_amount: Cents,
    /// At most 100 characters; one placement for each invoice.
    invoice_number: String,
    #[serde(default)]
    invoice_date: Option<NaiveDate>,
    #[serde(default)]
    due_date: Option<NaiveDate>,
    debtor: DebtorRequest,
    #[serde(default)]
    debt_kind: Option<Word<DebtKind>>,
    #[serde(default)]
    original_creditor: Option<String>,
    #[serde(default)]
    last_payment_date: Option<NaiveDate>,
    /// The last day on which suit is open.
    #[serde(default)]
    limitation_expires_on: Option<NaiveDate>,
    #[serde(default)]
    notes: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtorRequest {
    /// The name of a business. For a person, send `name`.
    #[serde(default)]
    company_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    /// Without it: a business where `company_name` is sent, else a person.
    #[serde(default)]
    kind: Option<Word<DebtorKind>>,
    #[serde(default)]
    address_line1: Option<String>,
    #[serde(default)]
    address_line2: Option<String>,
    #[serde(default)]
    city: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    state: Option<StateCode>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    zip: Option<ZipCode>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    primary_phone: Option<PhoneNumber>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    primary_email: Option<EmailAddress>,
    /// The creditor's own number for this customer: it finds the debtor again.
    #[serde(default)]
    external_debtor_ref: Option<String>,
}

pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    body: Body,
) -> Result<HttpResponse, Error> {
    let creditor = caller.one_creditor()?;
    let asked: PlaceRequest = body.read()?;
    let row = asked.check()?;
    let policy = ctx.policies.last_known().policy;
    once(&req, ctx, caller, &body, move |tx| {
        // A request tells nothing that stops contact, so there is nothing for the stop journal.
        let placed = placing::place(tx, &policy, creditor, &[row])?
            .outcomes
            .pop()
            .ok_or_else(|| AppError::internal("nothing was placed"))?;
        let id = match placed {
            Placed::Created { placement, .. } => placement,
            Placed::Duplicate { placement } => {
                return Err(Refused::Api(ApiError::conflict(
                    "duplicate_invoice",
                    format!("This invoice has been placed already, as {placement}."),
                )));
            }
        };
        let whole = feed::whole(tx.conn, Scope::Creditor(creditor), tx.now, id)?;
        Ok(Answer::new(
            201,
            &PlacementDetail::new(tx.now, caller, whole)?,
        )?)
    })
    .await
}

/// Collects what doesn't fit.
#[derive(Default)]
struct Checks(Vec<Wrong>);

impl Checks {
    fn refuse(&mut self, pointer: &str, message: impl Into<String>) {
        self.0.push(Wrong {
            place: Place::Pointer(pointer.to_owned()),
            message: message.into(),
        });
    }

    /// A text without spaces around it and without control characters.
    fn text(&mut self, pointer: &str, text: Option<String>, longest: usize) -> Option<String> {
        let text = text?.trim().to_owned();
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > longest || text.chars().any(|c| c.is_control() && c != '\n') {
            self.refuse(
                pointer,
                format!("Use at most {longest} characters, and none that can\u{2019}t be seen."),
            );
        }
        Some(text)
    }
}

impl PlaceRequest {
    fn check(self) -> Result<NewPlacement, ApiError> {
        let mut checks = Checks::default();
        let invoice = checks.text("/invoice_number", Some(self.invoice_number), 100);
        if invoice.is_none() {
            checks.refuse("/invoice_number", "An invoice has a number.");
        }
        if !self.invoice_amount.is_positive() {
            checks.refuse("/invoice_amount", "Send an amount of more than zero.");
        }
        let original_creditor = checks.text("/original_creditor", self.original_creditor, 200);
        let notes = checks.text("/notes", self.notes, 2_000);
        let debtor = self.debtor.check(&mut checks);
        if !checks.0.is_empty() {
            return Err(ApiError::invalid(checks.0));
        }
        let mut row = NewPlacement::new(invoice.unwrap_or_default(), self.invoice_amount, debtor);
        row.debt_kind = self.debt_kind.map_or("invoice", |kind| kind.0.as_str());
        row.original_creditor = original_creditor;
        row.due_on = self.due_date;
        row.incurred_on = self.invoice_date;
        row.last_payment_on = self.last_payment_date;
        row.limitation_expires_on = self.limitation_expires_on;
        row.notes = notes;
        Ok(row)
    }
}

impl DebtorRequest {
    fn check(self, checks: &mut Checks) -> NewDebtor {
        let company = checks.text("/debtor/company_name", self.company_name, 200);
        let name = checks.text("/debtor/name", self.name, 200);
        let kind = match (self.kind, &company) {
            (Some(kind), _) => kind.0,
            (None, Some(_)) => DebtorKind::Business,
            (None, None) => DebtorKind::Person,
        };
        if company.is_some() && name.is_some() {
            checks.refuse("/debtor/name", "Send company_name or name, not both.");
        }
        let name = company.or(name);
        if name.is_none() {
            checks.refuse("/debtor", "Send the debtor\u{2019}s company_name or name.");
        }
        NewDebtor {
            kind: kind.as_str(),
            reference: checks.text("/debtor/external_debtor_ref", self.external_debtor_ref, 100),
            address_line1: checks.text("/debtor/address_line1", self.address_line1, 200),
            address_line2: checks.text("/debtor/address_line2", self.address_line2, 200),
            city: checks.text("/debtor/city", self.city, 100),
            state: self.state.map(|state| state.to_string()),
            zip: self.zip.map(|zip| zip.to_string()),
            phones: self
                .primary_phone
                .map(|number| NewPhone {
                    number,
                    kind: "unknown",
                    automated_calls_since: None,
                })
                .into_iter()
                .collect(),
            emails: self
                .primary_email
                .map(|address| NewEmail {
                    address: address.as_str().to_owned(),
                    is_employers: false,
                })
                .into_iter()
                .collect(),
            ..NewDebtor::person(name.unwrap_or_default())
        }
    }
}
