//! `GET /imports/new` and `POST /imports`: the file itself.

use std::collections::HashMap;

use actix_multipart::Multipart;
use actix_session::Session;
use actix_web::error::{ErrorBadRequest, ErrorPayloadTooLarge};
use actix_web::{Error, HttpRequest, HttpResponse, web};
use futures_util::TryStreamExt;
use tokio::sync::Semaphore;

use super::address;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::imports::{self, FieldChoice, Upload};
use crate::domain::id::CreditorId;
use crate::domain::import::ImportKind;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::intake::MAX_FILE_BYTES;
use crate::store::creditors::{self, Creditor};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::form::{Choices, Field};
use crate::web::view::import::{ExpectedColumn, ImportUploadPage};

/// The longest value of a field that isn't the file, in bytes.
const LONGEST_FIELD: usize = 200;

/// How many files arrive at the same time: each stands in memory until it is stored.
static ARRIVALS: Semaphore = Semaphore::const_new(4);

/// What a browser sent.
#[derive(Debug, Default)]
struct Sent {
    fields: HashMap<String, String>,
    file_name: String,
    bytes: Vec<u8>,
}

impl Sent {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

pub async fn form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let creditors = creditors_of(&ctx, &user).await?;
    let sent = Sent::default();
    let errors = FieldErrors::default();
    page::ok(&view(&req, &session, &user, &creditors, &sent, &errors))
}

/// Takes the file in. A file that is too large is refused as soon as it is; one that can't be
/// read brings the form back with the reason.
pub async fn receive(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    body: Multipart,
) -> Result<HttpResponse, Error> {
    let _turn = ARRIVALS.acquire().await.map_err(AppError::internal)?;
    let sent = read(body).await?;
    let creditors = creditors_of(&ctx, &user).await?;
    let (upload, sent) = match checked(&user, &creditors, sent) {
        Ok(both) => both,
        Err((errors, sent)) => {
            let again = view(&req, &session, &user, &creditors, &sent, &errors);
            return Ok(page::unprocessable(&again)?);
        }
    };
    let (actor, writer) = (user.actor(), ctx.clone());
    match blocking(move || imports::upload(&writer, &actor, &upload)).await {
        Ok(id) => Ok(page::see_other(&address(id))),
        Err(AppError::Invalid(errors)) => {
            let again = view(&req, &session, &user, &creditors, &sent, &errors);
            Ok(page::unprocessable(&again)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the form, never more of it than is accepted.
async fn read(mut body: Multipart) -> Result<Sent, Error> {
    let mut sent = Sent::default();
    while let Some(mut part) = body.try_next().await.map_err(ErrorBadRequest)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = name == "file";
        let limit = if is_file {
            MAX_FILE_BYTES
        } else {
            LONGEST_FIELD
        };
        let mut bytes = Vec::new();
        while let Some(more) = part.try_next().await.map_err(ErrorBadRequest)? {
            if bytes.len() + more.len() > limit {
                return Err(ErrorPayloadTooLarge("a part of the form is too large"));
            }
            bytes.extend_from_slice(&more);
        }
        if is_file {
            sent.file_name = part
                .content_disposition()
                .and_then(|disposition| disposition.get_filename())
                .unwrap_or_default()
                .to_owned();
            sent.bytes = bytes;
        } else if sent.fields.len() < 10 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            sent.fields.insert(name, text);
        }
    }
    Ok(sent)
}

/// The upload, and what remains of the form in case it must be shown again.
fn checked(
    user: &SignedIn,
    creditors: &[Creditor],
    mut sent: Sent,
) -> Result<(Upload, Sent), (FieldErrors, Sent)> {
    let mut errors = FieldErrors::default();
    let kind = ImportKind::from_word(sent.field("kind")).filter(|kind| match kind {
        ImportKind::Placements | ImportKind::Contacts => true,
        // Lists of numbers are loaded by the command line.
        ImportKind::Dnc => false,
    });
    if kind.is_none() {
        errors.add("kind", "Choose what is in the file.");
    }
    let creditor = user.creditor.or_else(|| {
        let chosen: CreditorId = sent.field("creditor").parse().ok()?;
        creditors
            .iter()
            .map(|creditor| creditor.id)
            .find(|id| *id == chosen)
    });
    if creditor.is_none() {
        errors.add("creditor", "Choose the creditor whose file it is.");
    }
    if sent.bytes.is_empty() {
        errors.add("file", "Choose a file that is not empty.");
    }
    match (kind, creditor) {
        (Some(kind), Some(creditor)) if errors.is_empty() => {
            let upload = Upload {
                creditor,
                kind,
                file_name: std::mem::take(&mut sent.file_name),
                bytes: std::mem::take(&mut sent.bytes),
                windows_1252: sent.field("encoding") == "windows-1252",
            };
            Ok((upload, sent))
        }
        _ => Err((errors, sent)),
    }
}

/// The creditors to choose from: none for a creditor's own people.
async fn creditors_of(ctx: &web::Data<Ctx>, user: &SignedIn) -> AppResult<Vec<Creditor>> {
    if user.creditor.is_some() {
        return Ok(Vec::new());
    }
    let ctx = ctx.clone();
    blocking(move || ctx.read(|conn| Ok(creditors::list(conn)?))).await
}

fn view(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    creditors: &[Creditor],
    sent: &Sent,
    errors: &FieldErrors,
) -> ImportUploadPage {
    let with_error = |choices: Choices| match errors.of(&choices.name) {
        Some(error) => choices.with_error(error),
        None => choices,
    };
    let or = |value: &str, default: &'static str| {
        if value.is_empty() {
            default.to_owned()
        } else {
            value.to_owned()
        }
    };
    let kinds = [ImportKind::Placements, ImportKind::Contacts];
    let kind = Choices::new(
        "kind",
        kinds.iter().map(|kind| (kind.as_str(), kind.label())),
        &or(sent.field("kind"), "placements"),
    );
    let encoding = Choices::new(
        "encoding",
        [
            ("detect", "UTF-8 or UTF-16"),
            ("windows-1252", "Windows-1252, as Excel on Windows saves it"),
        ],
        &or(sent.field("encoding"), "detect"),
    );
    let creditor = user.creditor.is_none().then(|| {
        let options = creditors
            .iter()
            .map(|creditor| (creditor.id.as_str(), creditor.name.as_str()));
        with_error(Choices::new("creditor", options, sent.field("creditor")))
    });
    let mut file = Field::new("file", "");
    if let Some(error) = errors.of("file") {
        file = file.with_error(error);
    }
    let expected = if sent.field("kind") == ImportKind::Contacts.as_str() {
        ImportKind::Contacts
    } else {
        ImportKind::Placements
    };
    ImportUploadPage {
        shell: frame::shell(req, session, user, "Upload a file", Some(Section::Imports)),
        file,
        kind: with_error(kind),
        creditor,
        encoding,
        columns: imports::fields(expected)
            .into_iter()
            .map(expected_column)
            .collect(),
        sample_href: match expected {
            ImportKind::Placements | ImportKind::Dnc => "/imports/placements-template.csv",
            ImportKind::Contacts => "/imports/contact-history-template.csv",
        }
        .to_owned(),
    }
}

fn expected_column(field: FieldChoice) -> ExpectedColumn {
    ExpectedColumn {
        name: field.key.to_owned(),
        required: field.required,
        meaning: field.help.to_owned(),
    }
}
