//! The server: what wraps a request, in which order, and how it is bound.

use std::sync::Arc;

use actix_session::SessionMiddleware;
use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};

use crate::actions::ctx::Ctx;
use crate::keys::Purpose;
use crate::routes;
use crate::web::api::rate::Limits;
use crate::web::guard::{self, GuardConfig};
use crate::web::session_store::DbSessionStore;
use crate::web::{access, errors, extractors, request_id};

/// Everything a worker thread of the server needs.
#[derive(Debug, Clone)]
pub struct Site {
    pub ctx: Ctx,
    pub guard: GuardConfig,
    /// How often each key may ask, counted over all threads.
    pub limits: web::Data<Limits>,
}

impl Site {
    pub fn new(ctx: Ctx) -> Self {
        let origin = ctx.public_url.to_string();
        let trusted_proxies = Arc::clone(&ctx.trusted_proxies);
        let https = origin.starts_with("https://");
        Self {
            ctx,
            guard: GuardConfig {
                origin,
                https,
                trusted_proxies,
            },
            limits: web::Data::new(Limits::default()),
        }
    }

    /// The application for one thread.
    ///
    /// The wraps are listed innermost first: actix runs the last one first. So a request is named,
    /// then guarded, and only then are its session and its right to the route looked at; an
    /// answer is given its face inside the compression and outside everything that can refuse.
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<>>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        App::new()
            .app_data(web::Data::new(self.ctx.clone()))
            .app_data(web::Data::new(self.guard.clone()))
            .app_data(self.limits.clone())
            .configure(extractors::configure)
            .configure(routes::configure)
            .wrap(from_fn(access::middleware))
            .wrap(self.sessions())
            .wrap(from_fn(guard::middleware))
            .wrap(from_fn(errors::middleware))
            .wrap(from_fn(guard::header_middleware))
            .wrap(Compress::default())
            .wrap(from_fn(request_id::middleware))
    }

    fn sessions(&self) -> SessionMiddleware<DbSessionStore> {
        let key = Key::from(&self.ctx.keys.derive_long(Purpose::SessionCookie));
        let https = self.guard.https;
        // The prefix makes a browser refuse the cookie from any other host or without HTTPS.
        let name = if https { "__Host-forbear" } else { "forbear" };
        SessionMiddleware::builder(DbSessionStore::new(self.ctx.clone()), key)
            .cookie_name(name.to_owned())
            .cookie_secure(https)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Signed)
            .session_lifecycle(BrowserSession::default())
            .build()
    }
}
