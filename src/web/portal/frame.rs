//! What surrounds each page of the portal: the agency, the language, and the cookie that keeps a
//! chosen language.

use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use askama::Template;

use crate::actions::ctx::Ctx;
use crate::domain::agency::Agency;
use crate::domain::language::Language;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::web::guard::GuardConfig;
use crate::web::page;
use crate::web::shell::{OtherLanguage, PortalShell};
use crate::web::view::portal_words::{self, Words};

/// Holds a language and nothing else.
const COOKIE: &str = "forbear-language";

/// The page about to be drawn.
#[derive(Debug)]
pub struct Frame {
    nonce: String,
    path: String,
    agency: Agency,
    https: bool,
    /// Asked for in this address.
    asked: Option<Language>,
    /// Chosen before, in this browser.
    kept: Option<Language>,
    /// What the browser says its reader understands.
    browser: Language,
    /// The debtor's language on file, once the debtor is in.
    on_file: Option<Language>,
}

impl Frame {
    /// The debtor's language on file counts for more than the browser's, and less than a choice.
    pub fn prefer(&mut self, language: &str) {
        // Files say English where nothing is known.
        self.on_file =
            Language::from_word(language).filter(|language| *language != Language::default());
    }

    pub fn language(&self) -> Language {
        self.asked
            .or(self.kept)
            .or(self.on_file)
            .unwrap_or(self.browser)
    }

    pub fn words(&self) -> &'static Words {
        portal_words::of(self.language())
    }

    /// A page before the code.
    pub fn outside(&self, title: &str) -> PortalShell {
        self.shell(title, None)
    }

    /// A page of a visit.
    pub fn inside(&self, title: &str) -> PortalShell {
        self.shell(title, Some("/p/account"))
    }

    fn shell(&self, title: &str, home: Option<&str>) -> PortalShell {
        let other = portal_words::of(self.language().other());
        PortalShell {
            title: title.to_owned(),
            nonce: self.nonce.clone(),
            home_href: home.map(str::to_owned),
            words: self.words(),
            other_language: OtherLanguage {
                name: other.name,
                lang: other.lang,
                href: format!("{}?lang={}", self.path, other.lang),
            },
            agency: self.agency.clone(),
        }
    }

    pub fn ok(&self, page: &impl Template) -> AppResult<HttpResponse> {
        self.with_status(StatusCode::OK, page)
    }

    pub fn with_status(&self, status: StatusCode, page: &impl Template) -> AppResult<HttpResponse> {
        let mut answer = page::with_status(status, page)?;
        if let Some(language) = self.asked {
            let cookie = Cookie::build(COOKIE, language.as_str())
                .path("/")
                .secure(self.https)
                .http_only(true)
                .same_site(SameSite::Lax)
                .finish();
            answer.add_cookie(&cookie).map_err(AppError::internal)?;
        }
        Ok(answer)
    }
}

impl FromRequest for Frame {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(req))
    }
}

fn of(req: &HttpRequest) -> AppResult<Frame> {
    let missing = || AppError::internal("the server has no context");
    let ctx = req.app_data::<web::Data<Ctx>>().ok_or_else(missing)?;
    let guard = req
        .app_data::<web::Data<GuardConfig>>()
        .ok_or_else(missing)?;
    let asked = url::form_urlencoded::parse(req.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, value)| Language::from_word(&value));
    Ok(Frame {
        nonce: page::nonce(req),
        path: req.path().to_owned(),
        agency: Agency::clone(&ctx.agency),
        https: guard.https,
        asked,
        kept: req
            .cookie(COOKIE)
            .and_then(|cookie| Language::from_word(cookie.value())),
        browser: understood(req),
        on_file: None,
    })
}

/// Spanish if the browser names it before English. Weights are the browser's own order already.
fn understood(req: &HttpRequest) -> Language {
    req.headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|list| {
            list.split(',').find_map(|range| {
                let primary = range.trim().split(['-', ';']).next()?;
                Language::from_word(&primary.to_ascii_lowercase())
            })
        })
        .unwrap_or_default()
}
