//! `GET` and `POST /imports/{id}/columns`: which column means what.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::address;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::imports::{self, Column, FieldChoice, MappingForm, MappingView};
use crate::domain::id::ImportId;
use crate::domain::import::ImportKind;
use crate::error::AppResult;
use crate::intake::cell::DateOrder;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::form::{Choices, FieldError};
use crate::web::view::import::{ImportMappingPage, MappedColumn};

/// The zones that contact histories of this country are kept in.
const ZONES: [(&str, &str); 10] = [
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
    ("Pacific/Guam", "Guam"),
    ("UTC", "UTC"),
];

const DATE_ORDERS: [(&str, &str); 3] = [
    ("month_first", "Month first: 1/31/2026"),
    ("day_first", "Day first: 31/1/2026"),
    ("iso_only", "Refuse them: only 2026-01-31"),
];

/// The form's fields in the order in which they were sent: `column_0`, `column_1`, …
type Form = Vec<(String, String)>;

pub async fn columns(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ImportId>,
) -> AppResult<HttpResponse> {
    page(&req, &ctx, &session, &user, id.into_inner(), Vec::new()).await
}

pub async fn choose(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ImportId>,
    form: web::Form<Form>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let chosen = read(&form);
    let (writer, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let form = chosen.clone();
    let mapped = blocking(move || imports::map(&writer, &actor, scope, id, &form)).await?;
    match mapped {
        Ok(()) => Ok(page::see_other(&address(id))),
        Err(errors) => {
            let errors = errors.iter().map(|error| FieldError {
                field: "column_0".to_owned(),
                message: error.to_string(),
            });
            let view = load(&ctx, &user, id).await?;
            let view = with_choices(view, &chosen);
            page::unprocessable(&draw(&req, &session, &user, view, errors.collect()))
        }
    }
}

fn read(form: &Form) -> MappingForm {
    let mut chosen = MappingForm::default();
    for (name, value) in form {
        let value = Some(value.clone()).filter(|value| !value.is_empty());
        match name.as_str() {
            "date_order" => {
                chosen.date_order = match value.as_deref() {
                    Some("day_first") => DateOrder::DayFirst,
                    Some("iso_only") => DateOrder::IsoOnly,
                    Some(_) | None => DateOrder::MonthFirst,
                };
            }
            "zone" => {
                chosen.zone = value.filter(|zone| ZONES.iter().any(|(name, _)| name == zone));
            }
            _ => {
                let number = name.strip_prefix("column_").and_then(|n| n.parse().ok());
                // A file has at most 200 columns.
                if let Some(column) = number.filter(|column: &usize| *column < 200) {
                    if chosen.columns.len() <= column {
                        chosen.columns.resize(column + 1, None);
                    }
                    chosen.columns[column] = value;
                }
            }
        }
    }
    chosen
}

async fn load(ctx: &web::Data<Ctx>, user: &SignedIn, id: ImportId) -> AppResult<MappingView> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || imports::mapping(&ctx, scope, id)).await
}

/// The page as it was sent, so that nothing has to be chosen again.
fn with_choices(mut view: MappingView, chosen: &MappingForm) -> MappingView {
    for (number, column) in view.columns.iter_mut().enumerate() {
        let key = chosen.columns.get(number).and_then(Option::as_deref);
        column.field = view
            .fields
            .iter()
            .map(|field| field.key)
            .find(|known| Some(*known) == key);
        column.guessed = false;
    }
    view.date_order = chosen.date_order;
    view.zone.clone_from(&chosen.zone);
    view
}

pub(super) async fn page(
    req: &HttpRequest,
    ctx: &web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    id: ImportId,
    errors: Vec<FieldError>,
) -> AppResult<HttpResponse> {
    let view = load(ctx, user, id).await?;
    page::ok(&draw(req, session, user, view, errors))
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    view: MappingView,
    errors: Vec<FieldError>,
) -> ImportMappingPage {
    let date_order = match view.date_order {
        DateOrder::MonthFirst => "month_first",
        DateOrder::DayFirst => "day_first",
        DateOrder::IsoOnly => "iso_only",
    };
    let zone = match view.import.kind {
        ImportKind::Contacts => Some(Choices::new(
            "zone",
            ZONES,
            view.zone.as_deref().unwrap_or_default(),
        )),
        ImportKind::Placements | ImportKind::Dnc => None,
    };
    ImportMappingPage {
        shell: frame::shell(
            req,
            session,
            user,
            "Which column is which?",
            Some(Section::Imports),
        ),
        id: view.import.id.to_string(),
        file: view.import.file_name,
        rows: u64::try_from(view.import.total_rows).unwrap_or(0),
        columns: view
            .columns
            .into_iter()
            .enumerate()
            .map(|(number, column)| drawn(number, column, &view.fields))
            .collect(),
        date_order: Choices::new("date_order", DATE_ORDERS, date_order),
        zone,
        errors,
        remembered: view.remembered,
    }
}

fn drawn(number: usize, column: Column, fields: &[FieldChoice]) -> MappedColumn {
    MappedColumn {
        header: column.header,
        samples: column.samples,
        target: Choices::new(
            format!("column_{number}"),
            fields.iter().map(|field| (field.key, field.label)),
            column.field.unwrap_or_default(),
        ),
        guessed: column.guessed,
    }
}
