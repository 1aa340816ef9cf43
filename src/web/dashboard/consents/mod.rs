//! `/debtors/{id}/consents`: the ledger of permissions, what is put into it, and what is taken back.

mod form;
mod revoke;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

pub use self::revoke::{revoke, revoke_form};

use self::form::{Kind, Typed};
use super::on_file::OnFile;
use super::people::People;
use super::{consent_words, frame};
use crate::actions::consents as actions;
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, policies};
use crate::domain::access::Capability;
use crate::domain::id::{DebtorId, PlacementId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::{self, Debtor};
use crate::store::{consents, placements};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::consent::{ConsentRow, ConsentsPage};
use crate::web::view::flag::{Input, RecordPage};
use crate::web::view::part::Link;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    kind: String,
}

/// `GET /debtors/{id}/consents`.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
) -> AppResult<HttpResponse> {
    let reader = user.clone();
    let id = id.into_inner();
    let (debtor, rows) = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, reader.scope(), id)?.ok_or(AppError::NotFound)?;
            let of = debtor.creditor_id;
            let ledger = consents::of_debtor(conn, of, id)?;
            let actors = ledger.iter().flat_map(|consent| {
                std::iter::once(consent.recorded_by.as_str()).chain(consent.revoked_by.as_deref())
            });
            let people = People::load(conn, actors, reader.creditor.is_some())?;
            let accounts = placements::of_debtor(conn, of, id)?;
            let policy = policies::in_force(&ctx, conn)?;
            let may_revoke = reader.can(Capability::RevokeConsents);
            let rows: Vec<ConsentRow> = ledger
                .iter()
                .map(|consent| {
                    let account = consent.placement_id.and_then(|id| {
                        let account = accounts.iter().find(|account| account.id == id)?;
                        Some(account.invoice_number.clone())
                    });
                    let revoke_href = (may_revoke && consent.revoked_at.is_none())
                        .then(|| format!("/debtors/{id}/consents/{}/revoke", consent.id));
                    ConsentRow {
                        revoke_href,
                        ..consent_words::row(consent, account, &people, &policy, &reader, now)
                    }
                })
                .collect();
            Ok((debtor, rows))
        })
    })
    .await?;
    page::ok(&ConsentsPage {
        shell: frame::shell(&req, &session, &user, "Permissions", Some(Section::Debtors)),
        trail: trail_to_debtor(&debtor),
        debtor: debtor.name,
        rows,
        grant: if user.can(Capability::RecordFlags) {
            Kind::WORDS
                .iter()
                .map(|(kind, word)| {
                    Link::new(
                        kind.label(),
                        format!("/debtors/{id}/consents/new?kind={word}"),
                    )
                })
                .collect()
        } else {
            Vec::new()
        },
    })
}

/// A debtor with what the form offers.
struct File {
    debtor: Debtor,
    on_file: OnFile,
    accounts: Vec<(PlacementId, String)>,
}

/// `GET /debtors/{id}/consents/new?kind=`.
pub async fn new(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    which: web::Query<Which>,
) -> AppResult<HttpResponse> {
    let kind = Kind::from_word(&which.kind).ok_or(AppError::NotFound)?;
    let file = find(&ctx, &user, *id).await?;
    let typed = Typed::first(ctx.now().date_in(user.time_zone));
    let inputs = typed.inputs(kind, &file, &FieldErrors::default());
    page::ok(&draw(&req, &session, &user, &file, kind, inputs))
}

/// `POST /debtors/{id}/consents`.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let typed = form.into_inner();
    let kind = Kind::from_word(&typed.kind).ok_or(AppError::NotFound)?;
    let file = find(&ctx, &user, *id).await?;
    let done = match typed.read(kind, &file, user.time_zone, ctx.now()) {
        Ok(input) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::grant(&ctx, &actor, &input)).await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(granted) => {
            let message = if granted.already {
                format!(
                    "This was on record already, under {}. Nothing was added.",
                    granted.reference
                )
            } else {
                format!("Recorded. The debtor may quote {}.", granted.reference)
            };
            frame::flash(&session, &message)?;
            Ok(page::see_other(&format!("/debtors/{id}/consents")))
        }
        Err(AppError::Invalid(errors)) => {
            let inputs = typed.inputs(kind, &file, &errors);
            page::unprocessable(&draw(&req, &session, &user, &file, kind, inputs))
        }
        Err(error) => Err(error),
    }
}

async fn find(ctx: &web::Data<Ctx>, user: &SignedIn, id: DebtorId) -> AppResult<File> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
            let of = debtor.creditor_id;
            let accounts = placements::of_debtor(conn, of, id)?
                .into_iter()
                .map(|account| (account.id, account.invoice_number))
                .collect();
            Ok(File {
                on_file: OnFile::load(conn, of, id)?,
                debtor,
                accounts,
            })
        })
    })
    .await
}

fn trail_to_debtor(debtor: &Debtor) -> Vec<Link> {
    vec![
        Link::new("Debtors", "/debtors"),
        Link::new(debtor.name.clone(), format!("/debtors/{}", debtor.id)),
    ]
}

fn trail_to_ledger(debtor: &Debtor) -> Vec<Link> {
    let mut trail = trail_to_debtor(debtor);
    trail.push(Link::new(
        "Permissions",
        format!("/debtors/{}/consents", debtor.id),
    ));
    trail
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    file: &File,
    kind: Kind,
    inputs: Vec<Input>,
) -> RecordPage {
    let ledger = format!("/debtors/{}/consents", file.debtor.id);
    RecordPage {
        shell: frame::shell(req, session, user, kind.title(), Some(Section::Debtors)),
        trail: trail_to_ledger(&file.debtor),
        title: kind.title(),
        debtor: file.debtor.name.clone(),
        facts: Vec::new(),
        action: ledger.clone(),
        kind: kind.as_str(),
        inputs,
        effects: kind.effects(),
        button: "Record",
        cancel_href: ledger,
    }
}
