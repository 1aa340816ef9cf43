//! `/debtors/{id}/numbers/{number}`: what a number on file is, and whose.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::trail;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::numbers::{self as actions, Correction, KINDS};
use crate::domain::id::DebtorId;
use crate::domain::phone::PhoneNumber;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::{self, Debtor};
use crate::store::phones::{self, Phone};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};
use crate::web::view::part::Fact;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    number_kind: String,
    owner: String,
    belongs_to: String,
    via: String,
    note: String,
}

const OWNERS: [(&str, &str); 2] = [("debtor", "The debtor"), ("other", "Somebody else")];

const EFFECTS: [&str; 3] = [
    "A number of somebody else\u{2019}s is not dialled any more. Planned calls to it are cancelled.",
    "A number at work is called only where calls at work are allowed. Planned calls to the debtor\u{2019}s own numbers are decided anew when their time comes.",
    "What stood on file before, your note and your name stay on record.",
];

/// `GET /debtors/{id}/numbers/{number}`.
pub async fn number_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, String)>,
) -> AppResult<HttpResponse> {
    let (debtor, phone) = find(&ctx, &user, path.into_inner()).await?;
    let typed = Typed {
        number_kind: phone.kind.clone(),
        owner: if phone.belongs_to.is_none() {
            "debtor".to_owned()
        } else {
            "other".to_owned()
        },
        belongs_to: phone.belongs_to.clone().unwrap_or_default(),
        via: "phone".to_owned(),
        note: String::new(),
    };
    let errors = FieldErrors::default();
    page::ok(&draw(
        &req,
        &session,
        &user,
        (&debtor, &phone),
        &typed,
        &errors,
    ))
}

/// `POST /debtors/{id}/numbers/{number}`.
pub async fn number(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, String)>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (debtor, phone) = find(&ctx, &user, path.into_inner()).await?;
    let typed = form.into_inner();
    let done = match read(&debtor, &phone, &typed) {
        Ok(said) => actions::correct(&ctx, user.actor(), said).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(cancelled) => {
            frame::flash(
                &session,
                &format!("Recorded. Calls cancelled: {cancelled}."),
            )?;
            Ok(page::see_other(&format!("/debtors/{}", debtor.id)))
        }
        Err(AppError::Invalid(errors)) => {
            let about = (&debtor, &phone);
            page::unprocessable(&draw(&req, &session, &user, about, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

async fn find(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    (debtor, number): (DebtorId, String),
) -> AppResult<(Debtor, Phone)> {
    let number: PhoneNumber = number.parse().map_err(|_| AppError::NotFound)?;
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, debtor)?.ok_or(AppError::NotFound)?;
            let phone = phones::find(conn, debtor.creditor_id, debtor.id, number)?
                .ok_or(AppError::NotFound)?;
            Ok((debtor, phone))
        })
    })
    .await
}

fn read(debtor: &Debtor, phone: &Phone, typed: &Typed) -> Result<Correction, FieldErrors> {
    let mut errors = FieldErrors::default();
    let belongs_to = match typed.owner.as_str() {
        "debtor" => None,
        "other" => Some(typed.belongs_to.clone()),
        _ => {
            errors.add("owner", "Choose whose number it is.");
            None
        }
    };
    match typed::medium(&mut errors, &typed.via) {
        Some(via) if errors.is_empty() => Ok(Correction {
            creditor: debtor.creditor_id,
            debtor: debtor.id,
            number: phone.number,
            kind: typed.number_kind.clone(),
            belongs_to,
            via,
            note: typed.note.clone(),
        }),
        Some(_) | None => Err(errors),
    }
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    (debtor, phone): (&Debtor, &Phone),
    typed: &Typed,
    errors: &FieldErrors,
) -> RecordPage {
    let title = "Correct a number";
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(debtor),
        title,
        debtor: debtor.name.clone(),
        facts: vec![Fact::new("Number", phone.number.display_national())],
        action: format!("/debtors/{}/numbers/{}", debtor.id, phone.number.national()),
        kind: "",
        inputs: vec![
            Input::Radios(
                typed::choices("number_kind", KINDS, &typed.number_kind, errors),
                "What it is",
                "",
            ),
            Input::Radios(
                typed::choices("owner", OWNERS, &typed.owner, errors),
                "Whose number it is",
                "",
            ),
            Input::Text(
                typed::field("belongs_to", &typed.belongs_to, errors),
                "Who else",
                "Only for somebody else, such as: the debtor\u{2019}s mother, a stranger",
            ),
            Input::Select(
                typed::choices("via", WAYS, &typed.via, errors),
                "How it came",
            ),
            Input::Area(
                typed::field("note", &typed.note, errors),
                "How you know",
                "Who said it and when",
            ),
        ],
        effects: EFFECTS.to_vec(),
        button: "Record",
        cancel_href: format!("/debtors/{}", debtor.id),
    }
}
