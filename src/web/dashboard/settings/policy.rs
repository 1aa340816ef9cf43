//! `/settings/policy`: the policy in force, and putting another one in its place.

use actix_multipart::Multipart;
use actix_session::Session;
use actix_web::error::{ErrorBadRequest, ErrorPayloadTooLarge};
use actix_web::{Error, HttpRequest, HttpResponse, web};
use futures_util::TryStreamExt;
use serde::Deserialize;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::policies as actions;
use crate::domain::access::Capability;
use crate::error::{AppError, AppResult};
use crate::gate::Policy;
use crate::gate::policy::{Change, Changed, PolicyEntry, PolicySource, diff};
use crate::store::policies::{self, Activation};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::people::People;
use crate::web::dashboard::words;
use crate::web::page;
use crate::web::rules::{capitalised, values};
use crate::web::shell::Section;
use crate::web::view::form::Field;
use crate::web::view::part::{Fact, When};
use crate::web::view::policy::{
    ActivationRow, CapRow, ChangeRow, PolicyChangePage, PolicyPage, Switch,
};

const HERE: &str = "/settings/policy";

/// The largest of the three files has some 300 kB.
const LARGEST_FILE: usize = 4 * 1024 * 1024;

/// Activations shown.
const HISTORY: i64 = 50;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    page::ok(&view(&req, &ctx, &session, &user, Vec::new()).await?)
}

async fn view(
    req: &HttpRequest,
    ctx: &web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    problems: Vec<String>,
) -> AppResult<PolicyPage> {
    let shell = frame::shell(req, session, user, "Policy", Some(Section::Settings));
    let (ctx, user) = (ctx.clone(), user.clone());
    blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let (_, policy) = actions::look(conn)?;
            let activations = policies::activations(conn, HISTORY)?;
            let by = activations.iter().map(|row| row.activated_by.as_str());
            let people = People::load(conn, by, false)?;
            Ok(PolicyPage {
                tabs: super::tabs(&user, HERE),
                facts: facts(&policy),
                history: activations
                    .iter()
                    .enumerate()
                    .map(|(index, row)| ActivationRow {
                        when: When::new(row.activated_at, user.time_zone, now),
                        by: people.name(&row.activated_by),
                        version: row.version.get(..12).unwrap_or_default().to_owned(),
                        href: format!("{HERE}/{}", row.version),
                        current: index == 0,
                    })
                    .collect(),
                files: if user.can(Capability::Administer) {
                    ["federal", "states", "overlays"]
                        .map(|name| Field::new(name, ""))
                        .to_vec()
                } else {
                    Vec::new()
                },
                caps: caps(&policy, user.can(Capability::Administer)),
                problems,
                shell,
            })
        })
    })
    .await
}

/// The caps that can be switched off, each with its switch.
fn caps(policy: &Policy, may_switch: bool) -> Vec<CapRow> {
    policy
        .switchable()
        .map(|entry| CapRow {
            place: values::place(policy, &entry.place),
            field: words::spoken(&entry.field),
            lines: lines(entry),
            on: entry.enabled,
            switch: may_switch.then(|| Switch {
                place: entry.place.clone(),
                field: entry.field.clone(),
                from: entry
                    .effective_from
                    .map_or_else(String::new, |from| from.to_string()),
            }),
        })
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Switched {
    place: String,
    field: String,
    from: String,
    on: String,
}

/// `POST /settings/policy/caps`: proposes the policy in force with one cap on or off, and leads to
/// the comparison. Nothing is in force before it is put in force there.
pub async fn switch(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    form: web::Form<Switched>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let from = match form.from.as_str() {
        "" => None,
        day => Some(day.parse().map_err(|_| AppError::NotFound)?),
    };
    let actor = user.actor();
    let proposed = blocking(move || {
        let now = ctx.read(|conn| Ok(actions::look(conn)?.1))?;
        let source = now
            .switched(&form.place, &form.field, from, form.on == "yes")
            .ok_or(AppError::NotFound)?;
        actions::propose(&ctx, &actor, &source)
    })
    .await?;
    Ok(page::see_other(&format!("{HERE}/{}", proposed.version())))
}

fn facts(policy: &Policy) -> Vec<Fact> {
    let summary = policy.summary();
    let reviewed = policy
        .entries()
        .iter()
        .filter_map(|entry| entry.reviewed_at);
    let last = reviewed
        .max()
        .map_or_else(|| "no date on any entry".to_owned(), words::date);
    vec![
        Fact::new("Entries", summary.entries.to_string()),
        Fact::new("States and territories", summary.jurisdictions.to_string()),
        Fact::new("City rules", summary.overlays.to_string()),
        Fact::new("Switched off", summary.switched_off.to_string()),
        Fact::new("Last reviewed", last),
        Fact::new(
            "Not reviewed by counsel",
            format!("{} entries", summary.not_reviewed_by_counsel),
        ),
        Fact::new("Version", summary.version.to_string()),
    ]
}

/// Takes the files in and leads to the comparison; what is wrong with them comes back in words.
pub async fn receive(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    body: Multipart,
) -> Result<HttpResponse, Error> {
    let sent = read(body).await?;
    let (writer, actor) = (ctx.clone(), user.actor());
    let proposed = blocking(move || {
        let now = writer.read(|conn| Ok(actions::look(conn)?.1.source()))?;
        let [federal, states, overlays] = sent;
        let source = PolicySource::of_files(
            federal.unwrap_or(now.federal),
            states.unwrap_or(now.states),
            overlays.unwrap_or(now.overlays),
        );
        actions::propose(&writer, &actor, &source)
    })
    .await;
    match proposed {
        Ok(policy) => Ok(page::see_other(&format!("{HERE}/{}", policy.version()))),
        Err(AppError::Invalid(errors)) => {
            let problems = errors.iter().map(|error| error.message.clone()).collect();
            let again = view(&req, &ctx, &session, &user, problems).await?;
            Ok(page::unprocessable(&again)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The texts of the files that were chosen, never more than is accepted.
async fn read(mut body: Multipart) -> Result<[Option<String>; 3], Error> {
    let mut files = [None, None, None];
    while let Some(mut part) = body.try_next().await.map_err(ErrorBadRequest)? {
        let slot = match part.name().unwrap_or_default() {
            "federal" => 0,
            "states" => 1,
            "overlays" => 2,
            _ => return Err(ErrorBadRequest("an unknown part of the form")),
        };
        let mut bytes = Vec::new();
        while let Some(more) = part.try_next().await.map_err(ErrorBadRequest)? {
            if bytes.len() + more.len() > LARGEST_FILE {
                return Err(ErrorPayloadTooLarge("a policy file is too large"));
            }
            bytes.extend_from_slice(&more);
        }
        if let (false, Some(file)) = (bytes.is_empty(), files.get_mut(slot)) {
            // What is not UTF-8 is told as what is not JSON.
            *file = Some(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(files)
}

pub async fn compare(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    version: web::Path<String>,
) -> AppResult<HttpResponse> {
    let version = version.into_inner();
    let shell = frame::shell(&req, &session, &user, "Policy", Some(Section::Settings));
    let page = blocking(move || {
        ctx.read(|conn| {
            let (activation, current) = actions::look(conn)?;
            let policy = actions::kept(conn, &version)?;
            let in_force = activation
                .as_ref()
                .map(|it: &Activation| it.version.clone());
            Ok(PolicyChangePage {
                shell,
                is_in_force: in_force.as_ref() == Some(&version),
                current: in_force.unwrap_or_default(),
                facts: facts(&policy),
                changes: diff(&current, &policy)
                    .iter()
                    .map(|change| row(&policy, change))
                    .collect(),
                may_activate: user.can(Capability::Administer),
                seen: activation.map_or(0, |it| it.seq),
                version,
            })
        })
    })
    .await?;
    page::ok(&page)
}

fn row(policy: &Policy, change: &Change) -> ChangeRow {
    let (what, before, after) = match &change.what {
        Changed::Added(entry) => ("Added", Vec::new(), lines(entry)),
        Changed::Removed(entry) => ("Removed", lines(entry), Vec::new()),
        Changed::Entry { before, after } => ("Changed", lines(before), lines(after)),
        Changed::Area { before, after } => ("Changed", vec![before.clone()], vec![after.clone()]),
    };
    ChangeRow {
        place: values::place(policy, &change.place),
        field: words::spoken(&change.field),
        what,
        before,
        after,
    }
}

/// The value, its dates, its source and who reviewed it.
fn lines(entry: &PolicyEntry) -> Vec<String> {
    let mut lines = vec![values::value(entry)];
    let dates = match (entry.effective_from, entry.effective_until) {
        (Some(from), Some(until)) => Some(format!(
            "From {} until {}",
            words::date(from),
            words::date(until)
        )),
        (Some(from), None) => Some(format!("From {}", words::date(from))),
        (None, Some(until)) => Some(format!("Until {}", words::date(until))),
        (None, None) => None,
    };
    lines.extend(dates);
    if !entry.enabled {
        lines.push("Switched off".to_owned());
    }
    lines.push(entry.citation.clone());
    lines.extend(entry.note.as_deref().map(capitalised));
    lines.extend(
        entry
            .reviewed_by
            .as_ref()
            .map(|by| match entry.reviewed_at {
                Some(at) => format!("Reviewed by {by} on {}", words::date(at)),
                None => format!("Reviewed by {by}"),
            }),
    );
    lines
}

#[derive(Debug, Deserialize)]
pub struct Seen {
    #[serde(default)]
    seen: i64,
}

pub async fn activate(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    version: web::Path<String>,
    form: web::Form<Seen>,
) -> AppResult<HttpResponse> {
    let actor = user.actor();
    blocking(move || actions::activate(&ctx, &actor, &version, form.seen)).await?;
    frame::flash(
        &session,
        "The policy is in force: the next decision is made by it.",
    )?;
    Ok(page::see_other(HERE))
}
