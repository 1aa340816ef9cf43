//! For whoever watches the process.

use actix_web::{HttpResponse, web};

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::error::AppResult;

/// The process runs. It says so with 200 even when contact is held: a process that holds stops in
/// memory must not be restarted for it.
pub async fn alive(ctx: web::Data<Ctx>) -> HttpResponse {
    let mut lines = vec!["ok".to_owned()];
    match ctx.journal.count_held() {
        0 => {}
        held => lines.push(format!(
            "attention: stops that are not in the database yet: {held}"
        )),
    }
    if !ctx.clock_watch.is_steady(&*ctx.clock) {
        lines.push("attention: the clock was set; nothing is dialled or sent".to_owned());
    }
    if !ctx.journal.is_compared() {
        lines.push("attention: stops may be missing; nothing is dialled or sent".to_owned());
    }
    lines.push(String::new());
    HttpResponse::Ok()
        .content_type("text/plain")
        .body(lines.join("\n"))
}

/// The process can serve: its database answers.
pub async fn ready(ctx: web::Data<Ctx>) -> AppResult<HttpResponse> {
    blocking(move || ctx.read(|conn| Ok(crate::store::ping(conn)?))).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain")
        .body("ready\n"))
}
