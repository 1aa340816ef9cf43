//! Limits and errors of what is read from requests: without these, a bad form or path would be
//! answered by the framework and not by our error pages.

use actix_web::web;

use crate::error::AppError;

/// The largest form or JSON body; uploads have a limit of their own.
pub const LARGEST_BODY: usize = 64 * 1024;

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(
            web::FormConfig::default()
                .limit(LARGEST_BODY)
                .error_handler(|error, _| match error {
                    actix_web::error::UrlencodedError::Overflow { .. } => {
                        actix_web::error::ErrorPayloadTooLarge(error)
                    }
                    error => actix_web::error::ErrorBadRequest(error),
                }),
        )
        .app_data(web::PayloadConfig::new(LARGEST_BODY))
        .app_data(
            web::QueryConfig::default()
                .error_handler(|error, _| actix_web::error::ErrorBadRequest(error)),
        )
        // An id that can't be one names nothing.
        .app_data(web::PathConfig::default().error_handler(|_, _| AppError::NotFound.into()));
}
