//! `/debtors/{id}/location-needed`: nobody knows how to reach the debtor, so others must be asked.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{find_with_points, record_learned, trail};
use crate::actions::ctx::Ctx;
use crate::actions::flags::Learned;
use crate::domain::id::DebtorId;
use crate::domain::stop::Medium;
use crate::domain::time::Instant;
use crate::error::{AppResult, FieldErrors};
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
    source: String,
    via: String,
    received_on: String,
}

const EFFECTS: [&str; 3] = [
    "Another person may be asked where the debtor can be reached: once each, without a word of the debt (15 U.S.C. 1692b).",
    "Nobody may be asked once a lawyer is on record.",
    "It ends when somebody finds the debtor and records that it is no longer so.",
];

/// `GET /debtors/{id}/location-needed`.
pub async fn location_needed_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
) -> AppResult<HttpResponse> {
    let (debtor, _) = find_with_points(&ctx, &user, *id).await?;
    let typed = Typed {
        via: "letter".to_owned(),
        received_on: ctx.now().date_in(user.time_zone).to_string(),
        ..Typed::default()
    };
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &debtor, &typed, &errors))
}

/// `POST /debtors/{id}/location-needed`.
pub async fn location_needed(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (debtor, _) = find_with_points(&ctx, &user, *id).await?;
    let typed = form.into_inner();
    match typed.read(user.time_zone, ctx.now()) {
        Ok((learned, via, received_at)) => {
            record_learned(&ctx, user.actor(), &debtor, learned, via, received_at).await?;
            frame::flash(&session, "Recorded. Others may be asked once each.")?;
            Ok(page::see_other(&format!("/debtors/{id}")))
        }
        Err(errors) => page::unprocessable(&draw(&req, &session, &user, &debtor, &typed, &errors)),
    }
}

impl Typed {
    fn read(&self, zone: Tz, now: Instant) -> Result<(Learned, Medium, Instant), FieldErrors> {
        let mut errors = FieldErrors::default();
        let source = typed::line(&mut errors, "source", &self.source);
        if source.is_none() {
            errors.add("source", "Say why nobody knows. It stays on record.");
        }
        let via = typed::medium(&mut errors, &self.via);
        let at = typed::received(&mut errors, "received_on", &self.received_on, zone, now);
        match (source, via, at) {
            (Some(source), Some(via), Some(at)) if errors.is_empty() => {
                Ok((Learned::LocationNeeded { source }, via, at))
            }
            (_, _, _) => Err(errors),
        }
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
    let title = "Record that the debtor must be located";
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(debtor),
        title,
        debtor: debtor.name.clone(),
        facts: Vec::new(),
        action: format!("/debtors/{}/location-needed", debtor.id),
        kind: "",
        inputs: vec![
            Input::Text(
                typed::field("source", &typed.source, errors),
                "Why nobody knows",
                "Such as: mail came back, no number is in service",
            ),
            Input::Select(
                typed::choices("via", WAYS, &typed.via, errors),
                "How it came",
            ),
            Input::Date(
                typed::field("received_on", &typed.received_on, errors),
                "Not known since",
                "",
            ),
        ],
        effects: EFFECTS.to_vec(),
        button: "Record",
        cancel_href: format!("/debtors/{}", debtor.id),
    }
}
