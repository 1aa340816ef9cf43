//! What a person does with an endpoint.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::HERE;
use super::form::Submitted;
use super::show::{self, With};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, webhooks as actions};
use crate::domain::actor::Actor;
use crate::domain::id::WebhookEndpointId;
use crate::domain::webhook::EndpointStatus;
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::webhook_endpoints::{self, Endpoint};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::part::{When, trail};
use crate::web::view::webhook::NewSecret;

pub async fn edit(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
    fields: web::Form<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let form = Submitted::read(fields.into_inner());
    let (writer, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let (input, version) = (form.input(), form.version);
    let saved =
        blocking(move || actions::change(&writer, &actor, scope, id, &input, version)).await;
    match saved {
        Ok(()) => {
            frame::flash(&session, "The endpoint is saved.")?;
            Ok(page::see_other(&format!("{HERE}/{id}")))
        }
        Err(AppError::Invalid(errors)) => {
            let with = With::Form(&form, &errors);
            let view = show::view(&req, &ctx, &session, &user, id, with).await?;
            page::unprocessable(&view)
        }
        Err(error) => Err(error),
    }
}

/// What will happen when a secret is replaced.
pub async fn rotate_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let endpoint = find(&ctx, &user, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: "Rotate the secret?".to_owned(),
        effects: vec![
            "A new secret is made and shown to you once.".to_owned(),
            "For 24 hours every message carries two signatures, one by each secret, so that \
             your program can change over without missing one."
                .to_owned(),
            "Then the old secret ends.".to_owned(),
        ],
        button: "Rotate secret".to_owned(),
        ..confirm(&req, &session, &user, &endpoint, "rotate-secret")
    })
}

pub async fn rotate(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (writer, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let made = blocking(move || actions::rotate_secret(&writer, &actor, scope, id)).await?;
    let fresh = NewSecret {
        secret: made.secret,
        old_valid_until: made
            .old_valid_until
            .map(|until| When::new(until, user.time_zone, ctx.now())),
    };
    show::created(&req, &ctx, &session, &user, id, fresh).await
}

/// What will happen when an endpoint is switched off.
pub async fn disable_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let endpoint = find(&ctx, &user, id.into_inner()).await?;
    if endpoint.status != EndpointStatus::Enabled {
        return Err(AppError::Conflict(
            "This endpoint is disabled already.".to_owned(),
        ));
    }
    page::ok(&ConfirmPage {
        question: "Disable this endpoint?".to_owned(),
        effects: vec![
            "Nothing more is sent to it.".to_owned(),
            "What happens meanwhile is kept for 30 days and sent, in order, when you enable it."
                .to_owned(),
        ],
        button: "Disable endpoint".to_owned(),
        ..confirm(&req, &session, &user, &endpoint, "disable")
    })
}

/// What will happen when an endpoint is taken away.
pub async fn delete_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let endpoint = find(&ctx, &user, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: "Delete this endpoint?".to_owned(),
        effects: vec![
            "Nothing more is sent to it, and what waits for it is cancelled.".to_owned(),
            "Its secret ends at once.".to_owned(),
            "What was sent stays on record.".to_owned(),
        ],
        button: "Delete endpoint".to_owned(),
        ..confirm(&req, &session, &user, &endpoint, "delete")
    })
}

/// What the person asked for, by name: an action with the words that follow it.
type Action = fn(&Ctx, &Actor, Scope, WebhookEndpointId) -> AppResult<()>;

async fn act(
    ctx: web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    id: WebhookEndpointId,
    action: Action,
    done: &str,
    then: &str,
) -> AppResult<HttpResponse> {
    let (actor, scope) = (user.actor(), user.scope());
    blocking(move || action(&ctx, &actor, scope, id)).await?;
    frame::flash(session, done)?;
    Ok(page::see_other(then))
}

pub async fn disable(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let (id, done) = (id.into_inner(), "The endpoint is disabled.");
    let then = format!("{HERE}/{id}");
    act(ctx, &session, &user, id, actions::disable, done, &then).await
}

pub async fn enable(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let done = "The endpoint is enabled. What was kept for it is on its way.";
    let id = id.into_inner();
    let then = format!("{HERE}/{id}");
    act(ctx, &session, &user, id, actions::enable, done, &then).await
}

pub async fn delete(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let (id, done) = (id.into_inner(), "The endpoint is deleted.");
    act(ctx, &session, &user, id, actions::delete, done, HERE).await
}

/// Sends a test and leads to the page that shows what came of it.
pub async fn test(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let (id, actor, scope) = (id.into_inner(), user.actor(), user.scope());
    let delivery = blocking(move || actions::send_test(&ctx, &actor, scope, id)).await?;
    frame::flash(
        &session,
        "A test is on its way. Load this page again to see the answer.",
    )?;
    Ok(page::see_other(&format!(
        "/settings/webhook-deliveries/{}",
        delivery.id
    )))
}

async fn find(ctx: &Ctx, user: &SignedIn, id: WebhookEndpointId) -> AppResult<Endpoint> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| webhook_endpoints::find(conn, scope, id)?.ok_or(AppError::NotFound))
    })
    .await
}

fn confirm(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    endpoint: &Endpoint,
    what: &str,
) -> ConfirmPage {
    let here = format!("{HERE}/{}", endpoint.id);
    ConfirmPage {
        shell: frame::shell(req, session, user, "Webhooks", Some(Section::Settings)),
        trail: trail("Webhooks", HERE),
        question: String::new(),
        subject: endpoint.url.clone(),
        effects: Vec::new(),
        action: format!("{here}/{what}"),
        button: String::new(),
        cancel_href: here,
        keep: Vec::new(),
        harmless: false,
    }
}
