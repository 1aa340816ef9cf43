//! `/settings/security`: one's own password and sessions.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, browser_sessions, own_password, sign_in};
use crate::error::{AppError, AppResult, FieldErrors};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::session_store::{DEVICE, SELF, USER};
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::form::Field;
use crate::web::view::part::{When, trail};
use crate::web::view::settings::{SecurityPage, SessionRow};
use crate::web::{device, page};

const HERE: &str = "/settings/security";

#[derive(Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    new_password: String,
}

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let view = view(&req, &ctx, &session, &user, &FieldErrors::default()).await?;
    page::ok(&view)
}

pub async fn change_password(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let changed =
        own_password::change(&ctx, user.id, form.current_password, form.new_password).await;
    match changed {
        Ok(()) => {
            // Every session has ended; this browser is given a new one under a new key.
            session.renew();
            session.insert(USER, user.id).map_err(AppError::internal)?;
            session
                .insert(DEVICE, device::of(&req))
                .map_err(AppError::internal)?;
            frame::flash(
                &session,
                "Your password is changed. Every other browser is signed out.",
            )?;
            Ok(page::see_other(HERE))
        }
        // A password is never sent back, so only what was wrong is shown again.
        Err(AppError::Invalid(errors)) => {
            let view = view(&req, &ctx, &session, &user, &errors).await?;
            page::unprocessable(&view)
        }
        Err(error) => Err(error),
    }
}

/// What signing out everywhere means.
pub async fn sign_out_form(
    req: HttpRequest,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    page::ok(&ConfirmPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Sign out everywhere",
            Some(Section::Settings),
        ),
        trail: trail("Security", HERE),
        question: "Sign out everywhere?".to_owned(),
        subject: user.email.clone(),
        effects: vec![
            "Every browser that is signed in as you is signed out, this one too.".to_owned(),
            "You sign in again with your password.".to_owned(),
        ],
        action: format!("{HERE}/sign-out-everywhere"),
        button: "Sign out everywhere".to_owned(),
        cancel_href: HERE.to_owned(),
        keep: Vec::new(),
        harmless: false,
    })
}

pub async fn sign_out_everywhere(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    blocking(move || sign_in::end_other_sessions(&ctx, user.id, None)).await?;
    session.purge();
    Ok(page::see_other("/sign-in"))
}

async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    errors: &FieldErrors,
) -> AppResult<SecurityPage> {
    let (reader, id) = (ctx.clone(), user.id);
    let found = blocking(move || browser_sessions::of_user(&reader, id)).await?;
    let this = session.get::<String>(SELF).ok().flatten();
    let now = ctx.now();
    let when = |at| When::new(at, user.time_zone, now);
    let field = |name: &'static str| {
        let mut field = Field::new(name, "");
        field.error = errors.of(name).map(str::to_owned);
        field
    };
    Ok(SecurityPage {
        shell: frame::shell(req, session, user, "Security", Some(Section::Settings)),
        tabs: super::tabs(user, HERE),
        sessions: found
            .into_iter()
            .map(|row| SessionRow {
                current: this.as_deref() == Some(row.key_hash.as_str()),
                device: row.user_agent.unwrap_or_else(|| "A browser".to_owned()),
                signed_in: when(row.created_at),
                last_seen: when(row.last_seen_at),
            })
            .collect(),
        current_password: field("current_password"),
        new_password: field("new_password"),
        must_choose: user.must_choose_password,
    })
}
