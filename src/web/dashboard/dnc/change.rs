//! Putting a number on a list, and taking one off.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{Typed, draw, shell, told};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::dnc::DncScope;
use crate::actions::dnc_numbers::{self, Entry, Grounds, Source};
use crate::domain::phone::PhoneNumber;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::dnc_search;
use crate::store::facts::AGENCY_WIDE;
use crate::web::access::SignedIn;
use crate::web::dashboard::{frame, words};
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::dnc::RemoveNumberPage;
use crate::web::view::form::Field;
use crate::web::view::part::{Fact, trail};

/// `POST /dnc/numbers`.
pub async fn add(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let typed = form.into_inner();
    let today = ctx.now().date_in(user.time_zone);
    let done = match read(&typed) {
        Ok(entry) => dnc_numbers::add(&ctx, user.actor(), entry, today, typed.note.clone())
            .await
            .map(|()| entry.number),
        Err(error) => Err(error),
    };
    match done {
        Ok(number) => {
            frame::flash(
                &session,
                "The number is on the list. Calls to it are refused.",
            )?;
            Ok(page::see_other(&format!(
                "/dnc?number={}",
                number.national()
            )))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = shell(&req, &session, &user);
            let page = blocking(move || draw(&ctx, &user, shell, "", &typed, &errors)).await?;
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn read(typed: &Typed) -> AppResult<Entry> {
    let mut errors = FieldErrors::default();
    let number = typed.add_number.parse::<PhoneNumber>();
    if number.is_err() {
        errors.add(
            "add_number",
            "Enter a number of ten digits, such as (614) 555-0148.",
        );
    }
    let source = Source::from_word(&typed.source);
    if source.is_none() {
        errors.add("source", "Choose whose wish it is.");
    }
    let scope = scope(&typed.scope);
    if scope.is_none() {
        errors.add("scope", "Choose whom it binds.");
    }
    if typed.note.trim().is_empty() {
        errors.add("note", "Say who asked, and how.");
    }
    match (number, source, scope) {
        (Ok(number), Some(source), Some(scope)) if errors.is_empty() => Ok(Entry {
            number,
            scope,
            source,
        }),
        (_, _, _) => Err(AppError::Invalid(errors)),
    }
}

fn scope(text: &str) -> Option<DncScope> {
    match text.trim() {
        AGENCY_WIDE => Some(DncScope::Agency),
        id => id.parse().ok().map(DncScope::Creditor),
    }
}

/// Which entry, and why it may go.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Removal {
    #[serde(default)]
    scope: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    consent_on: String,
    #[serde(default)]
    reason: String,
}

impl Removal {
    fn entry(&self, number: &str) -> AppResult<Entry> {
        Ok(Entry {
            number: number.parse().map_err(|_| AppError::NotFound)?,
            scope: scope(&self.scope).ok_or(AppError::NotFound)?,
            source: Source::from_word(&self.source).ok_or(AppError::NotFound)?,
        })
    }
}

/// `GET /dnc/numbers/{number}/remove`.
pub async fn remove_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    number: web::Path<String>,
    which: web::Query<Removal>,
) -> AppResult<HttpResponse> {
    let shell = removal_shell(&req, &session, &user);
    let typed = which.into_inner();
    let entry = typed.entry(&number)?;
    let errors = FieldErrors::default();
    page::ok(&blocking(move || draw_removal(&ctx, &user, shell, entry, &typed, &errors)).await?)
}

/// `POST /dnc/numbers/{number}/remove`.
pub async fn remove(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    number: web::Path<String>,
    form: web::Form<Removal>,
) -> AppResult<HttpResponse> {
    let typed = form.into_inner();
    let entry = typed.entry(&number)?;
    let worker = (ctx.clone(), user.actor(), typed.clone());
    let done = blocking(move || {
        let (ctx, actor, typed) = worker;
        let consent_on = match typed.consent_on.trim() {
            "" => None,
            text => Some(
                text.parse::<NaiveDate>()
                    .map_err(|_| AppError::invalid("consent_on", "Enter a day as 2026-05-13."))?,
            ),
        };
        let grounds = Grounds {
            reason: typed.reason,
            consent_on,
        };
        dnc_numbers::remove(&ctx, &actor, entry, &grounds)
    })
    .await;
    match done {
        Ok(()) => {
            frame::flash(&session, "The number is off that list.")?;
            let number = entry.number.national();
            Ok(page::see_other(&format!("/dnc?number={number}")))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = removal_shell(&req, &session, &user);
            let page =
                blocking(move || draw_removal(&ctx, &user, shell, entry, &typed, &errors)).await?;
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn removal_shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    let title = "Take a number off a list";
    frame::shell(req, session, user, title, Some(Section::Compliance))
}

fn draw_removal(
    ctx: &Ctx,
    user: &SignedIn,
    shell: Shell,
    entry: Entry,
    typed: &Removal,
    errors: &FieldErrors,
) -> AppResult<RemoveNumberPage> {
    let found = ctx.read(|conn| {
        dnc_search::entries(conn, entry.number)?
            .into_iter()
            .find(|it| it.is_row && it.scope == typed.scope && it.source == typed.source)
            .ok_or(AppError::NotFound)
    })?;
    let field = |name: &'static str, value: &str| {
        let field = Field::new(name, value);
        match errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    let here = entry.number.national();
    let since = words::day(found.added_on, user.time_zone, ctx.now());
    Ok(RemoveNumberPage {
        shell,
        trail: trail("Do not call", "/dnc"),
        number: entry.number.display_national(),
        facts: vec![
            Fact::new("Source", told::source(&found.source)),
            Fact::new("Binds", told::binds(&found)),
            Fact::new("Since", since.date),
        ],
        action: format!("/dnc/numbers/{here}/remove"),
        cancel_href: format!("/dnc?number={here}"),
        keep: vec![
            ("scope", typed.scope.clone()),
            ("source", typed.source.clone()),
        ],
        consent_on: match entry.source {
            Source::OwnRequest => Some(field("consent_on", &typed.consent_on)),
            Source::Internal => None,
        },
        reason: field("reason", &typed.reason),
    })
}
