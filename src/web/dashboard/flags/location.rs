//! `/debtors/{id}/location`: where a debtor is known to be, which decides alone over the address and
//! every area code.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::{America, Pacific, Tz};
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
    zone: String,
    source: String,
    via: String,
    received_on: String,
}

/// One for each clock that people in the United States live by.
const ZONES: [(Tz, &str); 12] = [
    (America::New_York, "Eastern"),
    (America::Chicago, "Central"),
    (America::Denver, "Mountain"),
    (America::Phoenix, "Arizona, without daylight time"),
    (America::Los_Angeles, "Pacific"),
    (America::Anchorage, "Alaska"),
    (America::Adak, "Aleutian Islands"),
    (Pacific::Honolulu, "Hawaii"),
    (America::Puerto_Rico, "Puerto Rico and the Virgin Islands"),
    (Pacific::Guam, "Guam and the Northern Marianas"),
    (Pacific::Pago_Pago, "American Samoa"),
    (Tz::UTC, "Abroad, on Greenwich time"),
];

const EFFECTS: [&str; 3] = [
    "Contact hours are judged by this clock alone, not by the address or any area code.",
    "What has been authorised by another clock may not start any more. Planned calls are decided anew.",
    "The law of the state in the address still applies. A later finding replaces this one.",
];

/// `GET /debtors/{id}/location`.
pub async fn location_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
) -> AppResult<HttpResponse> {
    let (debtor, _) = find_with_points(&ctx, &user, *id).await?;
    let typed = Typed {
        via: "phone".to_owned(),
        received_on: ctx.now().date_in(user.time_zone).to_string(),
        ..Typed::default()
    };
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &debtor, &typed, &errors))
}

/// `POST /debtors/{id}/location`.
pub async fn location(
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
            frame::flash(
                &session,
                "Recorded. Contact hours follow this clock from now on.",
            )?;
            Ok(page::see_other(&format!("/debtors/{id}")))
        }
        Err(errors) => page::unprocessable(&draw(&req, &session, &user, &debtor, &typed, &errors)),
    }
}

impl Typed {
    fn read(&self, zone: Tz, now: Instant) -> Result<(Learned, Medium, Instant), FieldErrors> {
        let mut errors = FieldErrors::default();
        let known = ZONES.iter().find(|(zone, _)| zone.name() == self.zone);
        if known.is_none() {
            errors.add("zone", "Choose one of the clocks.");
        }
        let source = typed::line(&mut errors, "source", &self.source);
        if source.is_none() {
            errors.add("source", "Say how you know. It stays on record.");
        }
        let via = typed::medium(&mut errors, &self.via);
        let at = typed::received(&mut errors, "received_on", &self.received_on, zone, now);
        match (known, source, via, at) {
            (Some((zone, _)), Some(source), Some(via), Some(at)) if errors.is_empty() => Ok((
                Learned::KnownLocation {
                    zone: *zone,
                    source,
                },
                via,
                at,
            )),
            (_, _, _, _) => Err(errors),
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
    let title = "Record where the debtor is";
    let zones = ZONES.iter().map(|(zone, label)| (zone.name(), *label));
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(debtor),
        title,
        debtor: debtor.name.clone(),
        facts: Vec::new(),
        action: format!("/debtors/{}/location", debtor.id),
        kind: "",
        inputs: vec![
            Input::Radios(
                typed::choices("zone", zones, &typed.zone, errors),
                "Whose clock applies",
                "",
            ),
            Input::Text(
                typed::field("source", &typed.source, errors),
                "How you know",
                "Such as: said so on the telephone, lease on file",
            ),
            Input::Select(
                typed::choices("via", WAYS, &typed.via, errors),
                "How it came",
            ),
            Input::Date(
                typed::field("received_on", &typed.received_on, errors),
                "Known since",
                "",
            ),
        ],
        effects: EFFECTS.to_vec(),
        button: "Record",
        cancel_href: format!("/debtors/{}", debtor.id),
    }
}
