//! `/health` and `/health/deep`, as the public client asks for them: without a key.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::answers;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;

#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// `ok` or `unavailable`.
    status: &'static str,
    /// What was asked, for the deep form.
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'static str>,
}

/// The process answers.
pub async fn shallow() -> HttpResponse {
    answers::ok(&Health {
        status: "ok",
        database: None,
    })
}

/// The process and its database answer; 503 where the database does not.
pub async fn deep(ctx: web::Data<Ctx>) -> HttpResponse {
    let answers = blocking(move || ctx.read(|conn| Ok(crate::store::ping(conn)?))).await;
    match answers {
        Ok(()) => answers::ok(&Health {
            status: "ok",
            database: Some("ok"),
        }),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            HttpResponse::ServiceUnavailable().json(Health {
                status: "unavailable",
                database: Some("unavailable"),
            })
        }
    }
}
