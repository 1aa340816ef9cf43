//! `POST /dnc/lists`: the file arrives, and is read while the browser goes on.

use std::collections::HashMap;

use actix_multipart::Multipart;
use actix_session::Session;
use actix_web::error::{ErrorBadRequest, ErrorPayloadTooLarge};
use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use futures_util::TryStreamExt;
use tokio::sync::Semaphore;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::dnc::DncScope;
use crate::actions::dnc_lists::{self, Arrived, ListSource, NewLoad};
use crate::error::{AppError, FieldErrors};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;

/// The longest value of a field that isn't the file, in bytes.
const LONGEST_FIELD: usize = 500;

/// Larger than the whole national registry, in bytes.
const LARGEST_FILE: u64 = 8_000_000_000;

/// How many files arrive at the same time: each takes room on the disk until it is read.
static ARRIVALS: Semaphore = Semaphore::const_new(2);

/// What a browser sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    fields: HashMap<String, String>,
    file_name: String,
    file: Option<Arrived>,
}

impl Sent {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }
}

/// Takes the file in and begins its load.
pub async fn receive(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    body: Multipart,
) -> Result<HttpResponse, Error> {
    let _turn = ARRIVALS.acquire().await.map_err(AppError::internal)?;
    let mut sent = read(&ctx, body).await?;
    let begun = match checked(&mut sent, &ctx) {
        Ok((new, file)) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || dnc_lists::begin_in_background(&ctx, &actor, &new, file)).await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match begun {
        Ok(_) => {
            frame::flash(
                &session,
                "The list is being loaded. You may leave this page.",
            )?;
            Ok(page::see_other("/dnc/lists"))
        }
        Err(AppError::Invalid(errors)) => {
            let again = super::view(&req, &ctx, &session, &user, &sent, &errors).await?;
            Ok(page::unprocessable(&again)?)
        }
        Err(AppError::Conflict(why)) => {
            let errors = FieldErrors::one("list", why);
            let again = super::view(&req, &ctx, &session, &user, &sent, &errors).await?;
            Ok(page::unprocessable(&again)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the form; the file goes to the disk as it comes.
async fn read(ctx: &web::Data<Ctx>, mut body: Multipart) -> Result<Sent, Error> {
    let mut sent = Sent::default();
    while let Some(mut part) = body.try_next().await.map_err(ErrorBadRequest)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            sent.file_name = part
                .content_disposition()
                .and_then(|disposition| disposition.get_filename())
                .unwrap_or_default()
                .to_owned();
            let mut file = Arrived::new(ctx)?;
            while let Some(more) = part.try_next().await.map_err(ErrorBadRequest)? {
                if file.length() > LARGEST_FILE {
                    return Err(ErrorPayloadTooLarge("the file is too large"));
                }
                file = blocking(move || file.with(&more)).await?;
            }
            sent.file = Some(file);
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(more) = part.try_next().await.map_err(ErrorBadRequest)? {
            if bytes.len() + more.len() > LONGEST_FIELD {
                return Err(ErrorPayloadTooLarge("a part of the form is too large"));
            }
            bytes.extend_from_slice(&more);
        }
        if sent.fields.len() < 10 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            sent.fields.insert(name, text);
        }
    }
    Ok(sent)
}

fn checked(sent: &mut Sent, ctx: &Ctx) -> Result<(NewLoad, Arrived), FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut day = |name: &'static str| -> Option<NaiveDate> {
        let text = sent.field(name);
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            errors.add(name, "Write the day as 2026-11-21.");
        }
        day
    };
    let (as_of, expires_on) = (day("as_of"), day("expires_on"));
    let source = match sent.field("source") {
        "federal" => Some(ListSource::Federal),
        "state" => Some(ListSource::State),
        "internal" => Some(ListSource::Internal),
        _ => None,
    };
    if source.is_none() {
        errors.add("source", "Choose who keeps the list.");
    }
    let list = sent.field("list").to_owned();
    let file = sent.file.take().filter(|file| file.length() > 0);
    if file.is_none() {
        errors.add("file", "Choose a file that is not empty.");
    }
    match (source, file) {
        (Some(source), Some(file)) if errors.is_empty() => {
            let new = NewLoad {
                scope: DncScope::Agency,
                list,
                source,
                file_name: std::mem::take(&mut sent.file_name),
                as_of: as_of.unwrap_or_else(|| ctx.now().as_naive_utc().date()),
                expires_on,
                bytes: Some(file.length()),
            };
            Ok((new, file))
        }
        _ => Err(errors),
    }
}
