//! Files of an import to take away: templates, problems, results.

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, web};

use crate::actions::ctx::Ctx;
use crate::actions::imports;
use crate::domain::id::ImportId;
use crate::error::{AppError, AppResult};
use crate::intake::template::Template;
use crate::web::access::SignedIn;

pub async fn placements_template() -> AppResult<HttpResponse> {
    template(Template::Placements)
}

pub async fn contacts_template() -> AppResult<HttpResponse> {
    template(Template::ContactHistory)
}

fn template(template: Template) -> AppResult<HttpResponse> {
    let csv = template.csv().map_err(AppError::internal)?;
    Ok(file(template.file_name(), csv))
}

pub async fn problems(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    id: web::Path<ImportId>,
) -> AppResult<HttpResponse> {
    let csv = imports::problems_csv(&ctx, user.scope(), id.into_inner()).await?;
    Ok(file("import-problems.csv", csv))
}

pub async fn result(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    id: web::Path<ImportId>,
) -> AppResult<HttpResponse> {
    let csv = imports::result_csv(&ctx, user.scope(), id.into_inner()).await?;
    Ok(file("import-result.csv", csv))
}

fn file(name: &str, csv: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            ContentDisposition {
                disposition: DispositionType::Attachment,
                parameters: vec![DispositionParam::Filename(name.to_owned())],
            },
        ))
        .body(csv)
}
