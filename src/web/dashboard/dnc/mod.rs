//! `/dnc`: is this number on a do-not-call list, and would the lists allow a call?

mod change;
mod told;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

pub use self::change::{add, remove, remove_form};

use super::dnc_in_force::InForce;
use super::{desk_tabs, frame};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::access::Capability;
use crate::domain::phone::PhoneNumber;
use crate::error::{AppResult, FieldErrors};
use crate::store::{creditors, debtors, dnc_search, reachable};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::dnc::{AddNumber, DncPage, DncVerdict};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::Link;

/// Debtors that are named beside a number.
const DEBTORS: i64 = 10;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    number: String,
}

/// What was typed into the form that puts a number on a list.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    add_number: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    note: String,
}

/// `GET /dnc`.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let shell = shell(&req, &session, &user);
    let searched = params.into_inner().number;
    let typed = Typed {
        add_number: searched.clone(),
        ..Typed::default()
    };
    let errors = FieldErrors::default();
    page::ok(&blocking(move || draw(&ctx, &user, shell, &searched, &typed, &errors)).await?)
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Do not call", Some(Section::Compliance))
}

/// The page for what was searched for and typed, with what is wrong with it.
fn draw(
    ctx: &Ctx,
    user: &SignedIn,
    shell: Shell,
    searched: &str,
    typed: &Typed,
    errors: &FieldErrors,
) -> AppResult<DncPage> {
    let now = ctx.now();
    let searched = searched.trim();
    let parsed = searched.parse::<PhoneNumber>();
    let mut number = Field::new("number", searched);
    if !searched.is_empty() && parsed.is_err() {
        number = number.with_error("Enter a number of ten digits, such as (614) 555-0148.");
    }
    ctx.read(|conn| {
        let creditors = creditors::list(conn)?;
        let verdict = match parsed {
            Err(_) => None,
            Ok(number) => {
                let entries = dnc_search::entries(conn, number)?;
                let mut reached = Vec::new();
                for (_, debtor) in reachable::by_phone(conn, number, DEBTORS)? {
                    if let Some((found, creditor)) = debtors::find(conn, user.scope(), debtor)? {
                        reached.push(Link::new(
                            format!("{} ({creditor})", found.name),
                            format!("/debtors/{}", found.id),
                        ));
                    }
                }
                Some(DncVerdict {
                    number: number.display_national(),
                    standing: told::standing(&entries, now),
                    entries: entries
                        .iter()
                        .map(|entry| told::entry(entry, number, user, now))
                        .collect(),
                    debtors: reached,
                })
            }
        };
        let open = desk_tabs::open(conn, user.scope())?;
        Ok(DncPage {
            shell,
            tabs: open.tabs("/dnc"),
            number,
            verdict,
            add: user
                .can(Capability::WorkAlerts)
                .then(|| form(typed, errors, &creditors)),
            loads: InForce::load(conn)?.all(user, now),
        })
    })
}

fn form(
    typed: &Typed,
    errors: &FieldErrors,
    creditors: &[crate::store::creditors::Creditor],
) -> AddNumber {
    let field = |name: &'static str, value: &str| {
        let field = Field::new(name, value);
        match errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    let choices = |choices: Choices, name: &str| match errors.of(name) {
        Some(error) => choices.with_error(error),
        None => choices,
    };
    let scopes = std::iter::once(("agency", "Every creditor")).chain(
        creditors
            .iter()
            .map(|creditor| (creditor.id.as_str(), creditor.name.as_str())),
    );
    AddNumber {
        number: field("add_number", &typed.add_number),
        source: choices(
            Choices::new(
                "source",
                [
                    ("debtor", "The person asked not to be called"),
                    ("internal", "We do not want it called"),
                ],
                &typed.source,
            ),
            "source",
        ),
        scope: choices(Choices::new("scope", scopes, &typed.scope), "scope"),
        note: field("note", &typed.note),
    }
}
