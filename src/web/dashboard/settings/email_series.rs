//! `/creditors/{id}/emails`: which emails the accounts of a creditor get, and when.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::email_series::{self as actions, FIELDS, Series};
use crate::domain::id::CreditorId;
use crate::domain::language::Language;
use crate::domain::mail::{MailTemplate, SeriesStep};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::outreach::mailer;
use crate::web::access::SignedIn;
use crate::web::dashboard::emails::template_name;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::email_series::{EmailSeriesPage, StepInput};
use crate::web::view::emails::MailPreviewPage;
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::Link;

const BACK: &str = "/creditors";

/// What was typed: `template_1`, `wait_2` and so on.
type Typed = HashMap<String, String>;

/// `GET /creditors/{id}/emails`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<CreditorId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let series = load(&ctx, id).await?;
    let mut typed = Typed::new();
    for ((template, wait), step) in FIELDS.iter().zip(&series.steps) {
        let days = step.wait_hours / 24;
        typed.insert((*template).to_owned(), step.template.as_str().to_owned());
        typed.insert((*wait).to_owned(), days.to_string());
    }
    let shell = shell(&req, &session, &user);
    page::ok(&view(shell, &series, &typed, &FieldErrors::default()))
}

/// `POST /creditors/{id}/emails`.
pub async fn save(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<CreditorId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (id, typed) = (id.into_inner(), form.into_inner());
    let saved = match read(&typed) {
        Ok(steps) => {
            let (worker, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::replace(&worker, &actor, id, &steps)).await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match saved {
        Ok(()) => {
            frame::flash(&session, "The series is saved.")?;
            Ok(page::see_other(&format!("{BACK}/{id}/emails")))
        }
        Err(AppError::Invalid(errors)) => {
            let series = load(&ctx, id).await?;
            let shell = shell(&req, &session, &user);
            page::unprocessable(&view(shell, &series, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

/// Which email to look at.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    template: String,
    #[serde(default)]
    language: String,
}

/// `GET /creditors/{id}/emails/preview`.
pub async fn preview(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<CreditorId>,
    which: web::Query<Which>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let template = MailTemplate::from_word(&which.template).unwrap_or(MailTemplate::Introduction);
    let language = Language::from_word(&which.language).unwrap_or_default();
    let draft = blocking(move || actions::sample(&ctx, id, template, language)).await?;
    let written = mailer::write(&draft).map_err(AppError::internal)?;
    let back = format!("{BACK}/{id}/emails");
    page::ok(&MailPreviewPage {
        shell: shell(&req, &session, &user),
        trail: vec![
            Link::new("Creditors", BACK),
            Link::new("Emails", back.clone()),
        ],
        from: format!("{} <{}>", draft.agency, draft.from),
        to: draft.to.to_string(),
        subject: written.subject,
        lang: draft.language.as_str(),
        text: written.text,
        back_href: back,
    })
}

async fn load(ctx: &web::Data<Ctx>, id: CreditorId) -> AppResult<Series> {
    let ctx = ctx.clone();
    blocking(move || actions::of(&ctx, id)).await
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Emails", Some(Section::Settings))
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map(|text| text.trim()).unwrap_or_default()
}

/// The rows that name an email, in order.
fn read(typed: &Typed) -> Result<Vec<SeriesStep>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut steps = Vec::new();
    for (template, wait) in FIELDS {
        let word = text(typed, template);
        if word.is_empty() {
            continue;
        }
        let Some(chosen) = MailTemplate::from_word(word) else {
            errors.add(template, "Choose one of the emails.");
            continue;
        };
        let days = text(typed, wait).parse::<u16>();
        let wait_hours = match days {
            // The first goes out at once.
            _ if steps.is_empty() => 0,
            Ok(days) => days.saturating_mul(24),
            Err(_) => {
                errors.add(wait, "Enter a number of days.");
                continue;
            }
        };
        steps.push(SeriesStep {
            template: chosen,
            wait_hours,
        });
    }
    if errors.is_empty() {
        Ok(steps)
    } else {
        Err(errors)
    }
}

fn view(shell: Shell, series: &Series, typed: &Typed, errors: &FieldErrors) -> EmailSeriesPage {
    let id = series.creditor.id;
    let here = format!("{BACK}/{id}/emails");
    let steps = (1..)
        .zip(FIELDS)
        .map(|(number, (template, wait))| {
            let options = MailTemplate::WORDS
                .iter()
                .map(|(template, word)| (*word, template_name(*template)));
            let choices = Choices::new(template, options, text(typed, template));
            let field = Field::new(wait, text(typed, wait));
            StepInput {
                title: format!("Email {number}"),
                template: match errors.of(template) {
                    Some(error) => choices.with_error(error),
                    None => choices,
                },
                wait: (number > 1).then(|| match errors.of(wait) {
                    Some(error) => field.with_error(error),
                    None => field,
                }),
            }
        })
        .collect();
    let previews = MailTemplate::WORDS
        .iter()
        .flat_map(|(template, word)| {
            [("en", "English"), ("es", "Spanish")].map(|(language, name)| {
                Link::new(
                    format!("{}, {name}", template_name(*template)),
                    format!("{here}/preview?template={word}&language={language}"),
                )
            })
        })
        .collect();
    EmailSeriesPage {
        shell,
        trail: vec![Link::new("Creditors", BACK)],
        creditor: series.creditor.name.clone(),
        action: here,
        steps,
        previews,
        cancel_href: BACK,
    }
}
