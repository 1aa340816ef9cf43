//! `/sign-in` and `/sign-out`.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::sign_in::{self, Credentials};
use crate::error::{AppError, AppResult};
use crate::web::access::SignedIn;
use crate::web::device;
use crate::web::guard::GuardConfig;
use crate::web::page;
use crate::web::session_store::{DEVICE, USER};
use crate::web::shell::PlainShell;
use crate::web::source;
use crate::web::view::session::{SignInForm, SignInPage};

#[derive(Debug, Deserialize)]
pub struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Submitted {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// The form; whoever is signed in already goes on.
pub async fn form(
    req: HttpRequest,
    session: Session,
    query: web::Query<Next>,
) -> AppResult<HttpResponse> {
    let next = query.into_inner().next.filter(|next| is_ours(next));
    if session.get::<String>(USER).ok().flatten().is_some() {
        return Ok(page::see_other(next.as_deref().unwrap_or("/")));
    }
    page::ok(&SignInPage {
        shell: shell(&req),
        form: SignInForm::new(""),
        notice: next
            .is_some()
            .then(|| "Sign in to go on to the page you asked for.".to_owned()),
        next,
    })
}

pub async fn submit(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    guard: web::Data<GuardConfig>,
    session: Session,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let next = form.next.filter(|next| is_ours(next));
    let credentials = Credentials {
        email: form.email.clone(),
        password: form.password,
        source: source::of(&req, &guard),
    };
    let (status, message) = match sign_in::sign_in(&ctx, credentials).await {
        Ok(user) => {
            // A new key, so that one planted before the sign-in is worth nothing.
            session.renew();
            session.clear();
            session.insert(USER, user).map_err(AppError::internal)?;
            let device = device::of(&req);
            session.insert(DEVICE, device).map_err(AppError::internal)?;
            return Ok(page::see_other(next.as_deref().unwrap_or("/")));
        }
        Err(AppError::Unauthenticated) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "The email address or the password isn\u{2019}t right.".to_owned(),
        ),
        Err(AppError::TooMany {
            retry_after_seconds,
        }) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many tries. Wait {retry_after_seconds} seconds and try again."),
        ),
        Err(error) => return Err(error),
    };
    let mut again = SignInForm::new(&form.email);
    again.email = again.email.with_error(message);
    page::with_status(
        status,
        &SignInPage {
            shell: shell(&req),
            form: again,
            notice: None,
            next,
        },
    )
}

pub async fn leave(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    session.purge();
    blocking(move || sign_in::signed_out(&ctx, user.id)).await?;
    Ok(page::see_other("/sign-in"))
}

/// A path of this site. `//host` and `/\host` are addresses of others to a browser.
fn is_ours(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
}

fn shell(req: &HttpRequest) -> PlainShell {
    PlainShell {
        title: "Sign in".to_owned(),
        nonce: page::nonce(req),
        is_signed_in: false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        assert!(is_ours("/placements?status=paid"));
        for other in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "/a\nb",
        ] {
            assert!(!is_ours(other), "{other:?}");
        }
    }
}
