//! For whoever watches the process.

use actix_web::{HttpResponse, web};

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::error::AppResult;

/// The process runs.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// The process can serve: its database answers.
pub async fn ready(ctx: web::Data<Ctx>) -> AppResult<HttpResponse> {
    blocking(move || ctx.read(|conn| Ok(crate::store::ping(conn)?))).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain")
        .body("ready\n"))
}
