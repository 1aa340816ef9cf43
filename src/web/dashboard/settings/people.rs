//! `/people`: who may sign in, for administrators.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::people::{self as actions, Profile};
use crate::domain::access::Role;
use crate::domain::id::{CreditorId, UserId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::creditors;
use crate::store::users::{self, User};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::{Pager, When, trail};
use crate::web::view::user::{ROLES, UserEditPage, UserForm, UserListPage, UserRow};

const HERE: &str = "/people";

/// People on a page of the list.
const A_PAGE: u64 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    creditor: String,
    #[serde(default)]
    version: String,
}

#[derive(Debug, Deserialize)]
pub struct Part {
    offset: Option<String>,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    part: web::Query<Part>,
) -> AppResult<HttpResponse> {
    // What can't be read is as if it weren't there, as in every list.
    let offset = part.offset.as_deref().and_then(|text| text.parse().ok());
    let offset = offset.unwrap_or_default();
    page::ok(&list_view(&req, &ctx, &session, &user, offset, None).await?)
}

pub async fn add_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let (form, errors) = (Submitted::default(), FieldErrors::default());
    page::ok(&edit_view(&req, &ctx, &session, &user, None, form, &errors).await?)
}

/// Adds a person and shows their first password, for the only time.
pub async fn add(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let added = match form.profile() {
        Ok(profile) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::invite(&ctx, &actor, &profile)).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok((_, password)) => {
            let shown = Some((form.name.trim().to_owned(), password));
            let view = list_view(&req, &ctx, &session, &user, 0, shown).await?;
            page::with_status(StatusCode::CREATED, &view)
        }
        Err(AppError::Invalid(errors)) => {
            page::unprocessable(&edit_view(&req, &ctx, &session, &user, None, form, &errors).await?)
        }
        Err(error) => Err(error),
    }
}

pub async fn edit_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
) -> AppResult<HttpResponse> {
    let person = find(&ctx, id.into_inner()).await?;
    let form = Submitted {
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role.as_str().to_owned(),
        creditor: person
            .creditor_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        version: person.version.to_string(),
    };
    let errors = FieldErrors::default();
    page::ok(&edit_view(&req, &ctx, &session, &user, Some(&person), form, &errors).await?)
}

pub async fn edit(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let (id, form) = (id.into_inner(), form.into_inner());
    let person = find(&ctx, id).await?;
    let changed = match form
        .profile()
        .and_then(|profile| Ok((profile, form.version()?)))
    {
        Ok((profile, version)) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::change(&ctx, &actor, id, version, &profile)).await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => {
            frame::flash(&session, &format!("{} is changed.", form.name.trim()))?;
            Ok(page::see_other(HERE))
        }
        Err(AppError::Invalid(errors)) => {
            let view = edit_view(&req, &ctx, &session, &user, Some(&person), form, &errors).await?;
            page::unprocessable(&view)
        }
        Err(error) => Err(error),
    }
}

/// What will happen when a person is shut out.
pub async fn deactivate_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
) -> AppResult<HttpResponse> {
    let person = find(&ctx, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: format!("Deactivate {}?", person.name),
        effects: vec![
            "Every browser they are signed in with is signed out at once.".to_owned(),
            "They can\u{2019}t sign in until somebody activates them again.".to_owned(),
            "What they did stays on record.".to_owned(),
        ],
        button: "Deactivate".to_owned(),
        ..confirm(&req, &session, &user, &person, "deactivate")
    })
}

pub async fn deactivate(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    set_active(ctx, session, user, id.into_inner(), &form, false).await
}

pub async fn activate(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    set_active(ctx, session, user, id.into_inner(), &form, true).await
}

async fn set_active(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: UserId,
    form: &Submitted,
    active: bool,
) -> AppResult<HttpResponse> {
    let person = find(&ctx, id).await?;
    let version = form.version()?;
    blocking(move || actions::set_active(&ctx, &user.actor(), id, version, active)).await?;
    let name = person.name;
    frame::flash(
        &session,
        &if active {
            format!("{name} may sign in again.")
        } else {
            format!("{name} is signed out everywhere and can\u{2019}t sign in any more.")
        },
    )?;
    Ok(page::see_other(HERE))
}

/// What will happen when a person is given a new first password.
pub async fn reset_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
) -> AppResult<HttpResponse> {
    let person = find(&ctx, id.into_inner()).await?;
    page::ok(&ConfirmPage {
        question: format!("Set a new password for {}?", person.name),
        effects: vec![
            "You are shown a password once, to be given to them by a way you trust.".to_owned(),
            "Every browser they are signed in with is signed out at once.".to_owned(),
            "They choose another password when they sign in.".to_owned(),
        ],
        button: "Set a new password".to_owned(),
        ..confirm(&req, &session, &user, &person, "reset-password")
    })
}

pub async fn reset(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<UserId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let person = find(&ctx, id).await?;
    let (writer, actor) = (ctx.clone(), user.actor());
    let password = blocking(move || actions::reset_password(&writer, &actor, id)).await?;
    let shown = Some((person.name, password));
    let view = list_view(&req, &ctx, &session, &user, 0, shown).await?;
    page::with_status(StatusCode::CREATED, &view)
}

impl Submitted {
    fn profile(&self) -> AppResult<Profile> {
        let mut errors = FieldErrors::default();
        let role = Role::from_word(&self.role);
        if role.is_none() {
            errors.add("role", "Choose a role.");
        }
        let creditor: Option<CreditorId> = match self.creditor.as_str() {
            "" => None,
            id => id.parse().map(Some).unwrap_or_else(|_| {
                errors.add("creditor", "There is no such creditor.");
                None
            }),
        };
        errors.into_result()?;
        Ok(Profile {
            email: self.email.clone(),
            name: self.name.clone(),
            role: role.unwrap_or(Role::CreditorMember),
            creditor,
        })
    }

    /// The row as it was when the form was shown.
    fn version(&self) -> AppResult<i64> {
        self.version.parse().map_err(|_| {
            AppError::Conflict("Open the page again: this form is not complete.".to_owned())
        })
    }
}

async fn find(ctx: &Ctx, id: UserId) -> AppResult<User> {
    let ctx = ctx.clone();
    let found = blocking(move || ctx.read(|conn| Ok(users::by_id(conn, id)?))).await?;
    Ok(found.ok_or(AppError::NotFound)?.0)
}

fn confirm(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    person: &User,
    what: &str,
) -> ConfirmPage {
    ConfirmPage {
        shell: frame::shell(req, session, user, &person.name, Some(Section::Settings)),
        trail: trail("People", HERE),
        question: String::new(),
        subject: format!("{}, {}", person.email, person.role.label()),
        effects: Vec::new(),
        action: format!("{HERE}/{}/{what}", person.id),
        button: String::new(),
        cancel_href: format!("{HERE}/{}", person.id),
        keep: vec![("version".to_owned(), person.version.to_string())],
        harmless: false,
    }
}

async fn list_view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    offset: u64,
    one_time_password: Option<(String, String)>,
) -> AppResult<UserListPage> {
    let reader = ctx.clone();
    let found = blocking(move || reader.read(|conn| Ok(users::list(conn)?))).await?;
    let now = ctx.now();
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let offset = offset.min(total);
    let rows: Vec<UserRow> = found
        .into_iter()
        .skip(usize::try_from(offset).unwrap_or(usize::MAX))
        .take(usize::try_from(A_PAGE).unwrap_or(usize::MAX))
        .map(|(person, creditor)| UserRow {
            id: person.id.to_string(),
            name: person.name,
            email: person.email,
            role: person.role.label().to_owned(),
            creditor,
            last_sign_in: person
                .last_sign_in_at
                .map(|at| When::new(at, user.time_zone, now)),
            active: person.active,
        })
        .collect();
    let last = offset + u64::try_from(rows.len()).unwrap_or_default();
    let at = |offset| format!("{HERE}?offset={offset}");
    Ok(UserListPage {
        shell: frame::shell(req, session, user, "People", Some(Section::Settings)),
        tabs: super::tabs(user, HERE),
        rows,
        pager: Pager {
            first: (offset + 1).min(total),
            last,
            total,
            previous_href: (offset > 0).then(|| at(offset.saturating_sub(A_PAGE))),
            next_href: (last < total).then(|| at(last)),
        },
        one_time_password,
    })
}

async fn edit_view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    person: Option<&User>,
    form: Submitted,
    errors: &FieldErrors,
) -> AppResult<UserEditPage> {
    let reader = ctx.clone();
    let known = blocking(move || reader.read(|conn| Ok(creditors::list(conn)?))).await?;
    let error = |name: &str| errors.of(name).map(str::to_owned);
    let options = known
        .iter()
        .map(|creditor| (creditor.id.as_str(), creditor.name.as_str()));
    let title = person.map_or("Add a person", |person| person.name.as_str());
    Ok(UserEditPage {
        shell: frame::shell(req, session, user, title, Some(Section::Settings)),
        id: person.map(|person| person.id.to_string()),
        action: match person {
            Some(person) => format!("{HERE}/{}", person.id),
            None => HERE.to_owned(),
        },
        form: UserForm {
            role: Choices {
                error: error("role"),
                ..Choices::new("role", ROLES, &form.role)
            },
            creditor: Choices {
                error: error("creditor"),
                ..Choices::new("creditor", options, &form.creditor)
            },
            name: Field {
                error: error("name"),
                ..Field::new("name", form.name)
            },
            email: Field {
                error: error("email"),
                ..Field::new("email", form.email)
            },
        },
        active: person.is_none_or(|person| person.active),
        is_oneself: person.is_some_and(|person| person.id == user.id),
        // What was shown before stays what the next change is judged by.
        version: form
            .version
            .parse()
            .ok()
            .or(person.map(|person| person.version))
            .unwrap_or_default(),
    })
}
