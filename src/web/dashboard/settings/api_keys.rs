//! `/settings/api-keys`: keys of programs. A creditor's admin sees its own, an administrator all.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::ctx::Ctx;
use crate::actions::{api_keys as actions, blocking};
use crate::domain::api_key::ApiKeyAccess;
use crate::domain::id::{ApiKeyId, CreditorId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::api_keys::{self, ApiKey};
use crate::store::creditors;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::people::People;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::{When, trail};
use crate::web::view::settings::{ApiKeyRow, ApiKeysPage, NewKey};

const HERE: &str = "/settings/api-keys";

#[derive(Debug, Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    access: String,
    #[serde(default)]
    creditor: String,
}

/// What the page is made of.
struct Known {
    keys: Vec<(ApiKey, Option<String>)>,
    makers: People,
    /// For who may choose one.
    creditors: Vec<(CreditorId, String)>,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let form = Submitted::default();
    let view = view(
        &req,
        &ctx,
        &session,
        &user,
        form,
        None,
        &FieldErrors::default(),
    )
    .await?;
    page::ok(&view)
}

/// Makes a key and shows it, for the only time.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let made = match read(&user, &form) {
        Ok((creditor, access)) => {
            let (ctx, actor, label) = (ctx.clone(), user.actor(), form.name.clone());
            blocking(move || actions::create(&ctx, &actor, creditor, access, &label)).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((_, key)) => {
            let new = NewKey {
                name: form.name.trim().to_owned(),
                key,
                old_works_until: None,
            };
            let empty = Submitted::default();
            let errors = FieldErrors::default();
            let view = view(&req, &ctx, &session, &user, empty, Some(new), &errors).await?;
            page::with_status(StatusCode::CREATED, &view)
        }
        Err(AppError::Invalid(errors)) => {
            let view = view(&req, &ctx, &session, &user, form, None, &errors).await?;
            page::unprocessable(&view)
        }
        Err(error) => Err(error),
    }
}

/// What will happen when a key is replaced.
pub async fn rotate_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ApiKeyId>,
) -> AppResult<HttpResponse> {
    let key = usable(&ctx, &user, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: "Rotate this key?".to_owned(),
        effects: vec![
            "A new key of the same kind is made and shown to you once.".to_owned(),
            "The old key stops working at once. To have both for a while, create a second key \
             and revoke this one later."
                .to_owned(),
        ],
        button: "Rotate key".to_owned(),
        ..confirm(&req, &session, &user, &key, "rotate")
    })
}

pub async fn rotate(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ApiKeyId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (writer, asker) = (ctx.clone(), user.clone());
    let (name, key) = blocking(move || {
        let old = writer
            .read(|conn| api_keys::find(conn, asker.scope(), id)?.ok_or(AppError::NotFound))?;
        let (_, key) = actions::rotate(&writer, &asker.actor(), asker.scope(), id)?;
        Ok((old.label, key))
    })
    .await?;
    let new = NewKey {
        name,
        key,
        old_works_until: None,
    };
    let (empty, errors) = (Submitted::default(), FieldErrors::default());
    let view = view(&req, &ctx, &session, &user, empty, Some(new), &errors).await?;
    page::with_status(StatusCode::CREATED, &view)
}

/// What will happen when a key is revoked.
pub async fn revoke_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ApiKeyId>,
) -> AppResult<HttpResponse> {
    let key = usable(&ctx, &user, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: "Revoke this key?".to_owned(),
        effects: vec![
            "The key stops working at once, for good.".to_owned(),
            "What was done with it stays on record.".to_owned(),
        ],
        button: "Revoke key".to_owned(),
        ..confirm(&req, &session, &user, &key, "revoke")
    })
}

pub async fn revoke(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ApiKeyId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (actor, scope) = (user.actor(), user.scope());
    blocking(move || actions::revoke(&ctx, &actor, scope, id)).await?;
    frame::flash(&session, "The key is revoked. It opens nothing any more.")?;
    Ok(page::see_other(HERE))
}

/// A key that still works and is the person's to end.
async fn usable(ctx: &Ctx, user: &SignedIn, id: ApiKeyId) -> AppResult<ApiKey> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    let key = blocking(move || {
        ctx.read(|conn| api_keys::find(conn, scope, id)?.ok_or(AppError::NotFound))
    })
    .await?;
    if key.revoked_at.is_some() {
        return Err(AppError::Conflict(
            "This key has been revoked already. It opens nothing any more.".to_owned(),
        ));
    }
    Ok(key)
}

fn confirm(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    key: &ApiKey,
    what: &str,
) -> ConfirmPage {
    ConfirmPage {
        shell: frame::shell(req, session, user, "API keys", Some(Section::Settings)),
        trail: trail("API keys", HERE),
        question: String::new(),
        subject: format!("{}, {}_{}\u{2026}", key.label, key.access.tag(), key.prefix),
        effects: Vec::new(),
        action: format!("{HERE}/{}/{what}", key.id),
        button: String::new(),
        cancel_href: HERE.to_owned(),
        keep: Vec::new(),
        harmless: false,
    }
}

/// Whose key it will be and what it may do. A creditor's admin makes keys of that creditor and no
/// other, whatever the form says.
fn read(user: &SignedIn, form: &Submitted) -> AppResult<(Option<CreditorId>, ApiKeyAccess)> {
    let access = ApiKeyAccess::from_word(&form.access)
        .filter(|access| user.creditor.is_none() || access.belongs_to_creditor())
        .ok_or_else(|| AppError::invalid("access", "Choose what the key may do."))?;
    if let Some(own) = user.creditor {
        return Ok((Some(own), access));
    }
    let creditor = match form.creditor.as_str() {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| AppError::invalid("creditor", "There is no such creditor."))?,
        ),
    };
    if access.belongs_to_creditor() && creditor.is_none() {
        return Err(AppError::invalid("creditor", "Choose whose key it is."));
    }
    if !access.belongs_to_creditor() && creditor.is_some() {
        return Err(AppError::invalid(
            "creditor",
            "A staff key reaches every creditor: choose \u{201c}Every creditor\u{201d}.",
        ));
    }
    Ok((creditor, access))
}

async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    form: Submitted,
    new_key: Option<NewKey>,
    errors: &FieldErrors,
) -> AppResult<ApiKeysPage> {
    let (reader, asker) = (ctx.clone(), user.clone());
    let known = blocking(move || load(&reader, &asker)).await?;
    let now = ctx.now();
    let when = |at| When::new(at, user.time_zone, now);
    let chosen = if form.access.is_empty() {
        ApiKeyAccess::Full.as_str()
    } else {
        &form.access
    };
    let kinds = ApiKeyAccess::WORDS
        .iter()
        .filter(|(access, _)| user.creditor.is_none() || access.belongs_to_creditor())
        .map(|(access, word)| (*word, access.label()));
    let mut access = Choices::new("access", kinds, chosen);
    access.error = errors.of("access").map(str::to_owned);
    let mut name = Field::new("name", form.name.clone());
    // The action speaks of a label, the form of a name.
    name.error = errors.of("label").map(str::to_owned);
    let creditor = user.creditor.is_none().then(|| {
        let options = known
            .creditors
            .iter()
            .map(|(id, name)| (id.as_str(), name.as_str()));
        // A key that is made as the form first stands belongs to somebody. Only what was chosen
        // makes one that reaches everybody.
        let chosen = match known.creditors.first() {
            Some((first, _)) if form.access.is_empty() => first.as_str(),
            _ => &form.creditor,
        };
        let mut choices = Choices::new("creditor", options, chosen);
        choices.error = errors.of("creditor").map(str::to_owned);
        choices
    });
    let rows = known
        .keys
        .into_iter()
        .map(|(key, owner)| ApiKeyRow {
            id: key.id.to_string(),
            name: key.label,
            creditor: owner.filter(|_| user.creditor.is_none()),
            prefix: format!("{}_{}", key.access.tag(), key.prefix),
            access: key.access.label().to_owned(),
            created: when(key.created_at),
            created_by: known
                .makers
                .name(key.created_by.as_deref().unwrap_or_default()),
            last_used: key.last_used_at.map(when),
            revoked: key.revoked_at.map(when),
        })
        .collect();
    Ok(ApiKeysPage {
        shell: frame::shell(req, session, user, "API keys", Some(Section::Settings)),
        tabs: super::tabs(user, HERE),
        new_key,
        rows,
        name,
        access,
        creditor,
        last_changed: None,
    })
}

fn load(ctx: &Ctx, user: &SignedIn) -> AppResult<Known> {
    ctx.read(|conn| {
        let keys = api_keys::list(conn, user.scope())?;
        let makers = keys.iter().filter_map(|(key, _)| key.created_by.as_deref());
        let makers = People::load(conn, makers, user.creditor.is_some())?;
        let creditors = match user.creditor {
            Some(_) => Vec::new(),
            None => creditors::list(conn)?
                .into_iter()
                .map(|creditor| (creditor.id, creditor.name))
                .collect(),
        };
        Ok(Known {
            keys,
            makers,
            creditors,
        })
    })
}
