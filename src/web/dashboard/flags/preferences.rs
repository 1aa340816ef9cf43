//! `/debtors/{id}/preferences`: the preferred way and the language. It forbids nothing.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{find_with_points, trail};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::preferences::{self as actions, Preferences};
use crate::domain::id::DebtorId;
use crate::domain::language::Language;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::Debtor;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    way: String,
    language: String,
    via: String,
}

const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("es", "Spanish")];

const EFFECTS: [&str; 2] = [
    "Whoever opens the file sees it. It forbids nothing: for a number, a time or a way not to be used, record that.",
    "Pages and emails for the debtor are in this language from now on.",
];

/// `GET /debtors/{id}/preferences`.
pub async fn preferences_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
) -> AppResult<HttpResponse> {
    let (debtor, _) = find_with_points(&ctx, &user, *id).await?;
    let typed = Typed {
        way: debtor.preferred_contact_method.clone().unwrap_or_default(),
        language: debtor.language.clone(),
        via: "phone".to_owned(),
    };
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &debtor, &typed, &errors))
}

/// `POST /debtors/{id}/preferences`.
pub async fn preferences(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (debtor, _) = find_with_points(&ctx, &user, *id).await?;
    let typed = form.into_inner();
    let mut errors = FieldErrors::default();
    let language = Language::from_word(&typed.language);
    if language.is_none() {
        errors.add("language", "Choose one of the languages.");
    }
    let done = match (language, typed::medium(&mut errors, &typed.via)) {
        (Some(language), Some(via)) => {
            let said = Preferences {
                creditor: debtor.creditor_id,
                debtor: debtor.id,
                way: Some(typed.way.clone()).filter(|way| !way.is_empty()),
                language,
                via,
            };
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::set(&ctx, &actor, &said)).await
        }
        (_, _) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(()) => {
            frame::flash(&session, "Recorded.")?;
            Ok(page::see_other(&format!("/debtors/{id}")))
        }
        Err(AppError::Invalid(errors)) => {
            page::unprocessable(&draw(&req, &session, &user, &debtor, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    debtor: &Debtor,
    typed: &Typed,
    errors: &FieldErrors,
) -> RecordPage {
    let title = "Preferred way and language";
    let ways = std::iter::once(("", "No matter")).chain(actions::WAYS);
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(debtor),
        title,
        debtor: debtor.name.clone(),
        facts: Vec::new(),
        action: format!("/debtors/{}/preferences", debtor.id),
        kind: "",
        inputs: vec![
            Input::Radios(
                typed::choices("way", ways, &typed.way, errors),
                "How the debtor likes to be reached",
                "",
            ),
            Input::Radios(
                typed::choices("language", LANGUAGES, &typed.language, errors),
                "In which language",
                "",
            ),
            Input::Select(
                typed::choices("via", WAYS, &typed.via, errors),
                "How it came",
            ),
        ],
        effects: EFFECTS.to_vec(),
        button: "Record",
        cancel_href: format!("/debtors/{}", debtor.id),
    }
}
