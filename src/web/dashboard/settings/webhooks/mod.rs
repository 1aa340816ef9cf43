//! `/settings/webhooks`: where a creditor's programs are told. A creditor's admin sees its own, an
//! administrator all.

mod change;
mod deliveries;
mod draw;
mod form;
mod show;

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

pub use self::change::{
    delete, delete_form, disable, disable_form, edit, enable, rotate, rotate_form, test,
};
pub use self::deliveries::{list as deliveries, redeliver, retry, show as delivery};
pub use self::show::show;

use self::form::Submitted;
use super::tabs;
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, webhooks as actions};
use crate::domain::id::{CreditorId, WebhookEndpointId};
use crate::domain::webhook::DeliveryStatus;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::{creditors, webhook_endpoints, webhook_log};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::webhook::{EndpointListPage, NewSecret};

const HERE: &str = "/settings/webhooks";

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let empty = Submitted::default();
    let view = view(&req, &ctx, &session, &user, &empty, &FieldErrors::default()).await?;
    page::ok(&view)
}

/// Adds an endpoint and shows its secret, for the only time.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    fields: web::Form<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    let form = Submitted::read(fields.into_inner());
    let made = match whose(&user, &form) {
        Ok(creditor) => {
            let (ctx, actor, input) = (ctx.clone(), user.actor(), form.input());
            blocking(move || actions::create(&ctx, &actor, creditor, &input)).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let fresh = NewSecret {
                secret: made.secret,
                old_valid_until: None,
            };
            show::created(&req, &ctx, &session, &user, made.endpoint.id, fresh).await
        }
        Err(AppError::Invalid(errors)) => {
            let view = view(&req, &ctx, &session, &user, &form, &errors).await?;
            page::unprocessable(&view)
        }
        Err(error) => Err(error),
    }
}

/// A creditor's admin adds endpoints of that creditor and no other, whatever the form says.
fn whose(user: &SignedIn, form: &Submitted) -> AppResult<CreditorId> {
    if let Some(own) = user.creditor {
        return Ok(own);
    }
    form.creditor
        .parse()
        .map_err(|_| AppError::invalid("creditor", "Choose whose endpoint it is."))
}

async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    form: &Submitted,
    errors: &FieldErrors,
) -> AppResult<EndpointListPage> {
    let (reader, asker) = (ctx.clone(), user.clone());
    let (endpoints, open, creditors) = blocking(move || {
        reader.read(|conn| {
            let scope = asker.scope();
            let creditors = match asker.creditor {
                Some(_) => None,
                None => Some(
                    creditors::list(conn)?
                        .into_iter()
                        .map(|creditor| (creditor.id, creditor.name))
                        .collect::<Vec<_>>(),
                ),
            };
            Ok((
                webhook_endpoints::list(conn, scope)?,
                webhook_log::open_by_endpoint(conn, scope)?,
                creditors,
            ))
        })
    })
    .await?;
    let open: HashMap<(WebhookEndpointId, &str), u64> = open
        .into_iter()
        .map(|(id, status, count)| ((id, key(status)), count))
        .collect();
    let rows = endpoints
        .into_iter()
        .map(|(endpoint, creditor)| {
            let count = |status| open.get(&(endpoint.id, key(status))).copied().unwrap_or(0);
            draw::endpoint_row(
                &endpoint,
                user.creditor.is_none().then_some(creditor),
                count(DeliveryStatus::Pending),
                count(DeliveryStatus::Dead),
            )
        })
        .collect();
    Ok(EndpointListPage {
        shell: frame::shell(req, session, user, "Webhooks", Some(Section::Settings)),
        tabs: tabs(user, HERE),
        rows,
        form: form::draw(form, creditors.as_deref(), errors),
    })
}

fn key(status: DeliveryStatus) -> &'static str {
    crate::domain::text_enum::TextEnum::as_str(&status)
}
