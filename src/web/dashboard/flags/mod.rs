//! What staff record about a debtor, each with a page that says what will happen, and what they
//! may find to be no longer so.

mod case_end;
mod counsel;
mod form;
mod kind;
mod lift;
mod location;
mod location_needed;
mod number;
mod preferences;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

pub use self::case_end::{case, case_form};
pub use self::counsel::{counsel, counsel_form};
pub use self::lift::{lift, lift_form};
pub use self::location::{location, location_form};
pub use self::location_needed::{location_needed, location_needed_form};
pub use self::number::{number, number_form};
pub use self::preferences::{preferences, preferences_form};

use self::form::{Read, Said, Typed};
use self::kind::Kind;
use super::frame;
use super::on_file::OnFile;
use crate::actions::blocking;
use crate::actions::case_end as cases;
use crate::actions::ctx::Ctx;
use crate::actions::flags::{self, FlagInput, Learned, Recorded};
use crate::actions::stops::{self, StopInput};
use crate::domain::access::Capability;
use crate::domain::actor::Actor;
use crate::domain::id::DebtorId;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::Facts;
use crate::store::debtors::{self, Debtor};
use crate::store::flags::Flag;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};
use crate::web::view::part::Link;

#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    kind: String,
}

/// The links to what the reader may record.
pub fn links(debtor: DebtorId, reader: &SignedIn) -> Vec<Link> {
    let mut links = Vec::new();
    if reader.can(Capability::RecordFlags) {
        links.extend(Kind::WORDS.iter().map(|(kind, word)| {
            Link::new(
                kind.label(),
                format!("/debtors/{debtor}/flags/new?kind={word}"),
            )
        }));
        let href = format!("/debtors/{debtor}/preferences");
        links.push(Link::new("Preferred way and language", href));
    }
    if reader.can(Capability::SettleFacts) {
        let href = format!("/debtors/{debtor}/location");
        links.push(Link::new("Known to be elsewhere", href));
        let href = format!("/debtors/{debtor}/location-needed");
        links.push(Link::new("Must be located", href));
    }
    links
}

/// The link to what compliance may find out about a flag that stands.
pub fn settle(flag: &Flag, reader: &SignedIn) -> Option<Link> {
    if !reader.can(Capability::SettleFacts) || flag.lifted_at.is_some() {
        return None;
    }
    let at = format!("/debtors/{}/flags/{}", flag.debtor_id, flag.id);
    if flag.kind == FlagKind::Attorney {
        Some(Link::new(
            "What the lawyer answered",
            format!("{at}/counsel"),
        ))
    } else if cases::is_case(flag.kind) {
        Some(Link::new("How the case ended", format!("{at}/case")))
    } else {
        None
    }
}

/// The links to where the debtor's numbers are corrected.
pub fn corrections(debtor: DebtorId, facts: &Facts, reader: &SignedIn) -> Vec<Link> {
    if !reader.can(Capability::RecordFlags) {
        return Vec::new();
    }
    facts
        .debtor
        .phones
        .iter()
        .filter_map(|phone| phone.number.parse::<PhoneNumber>().ok())
        .map(|number| {
            Link::new(
                format!("Correct {}", number.display_national()),
                format!("/debtors/{debtor}/numbers/{}", number.national()),
            )
        })
        .collect()
}

/// `GET /debtors/{id}/flags/new?kind=`.
pub async fn new(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    which: web::Query<Which>,
) -> AppResult<HttpResponse> {
    let (debtor, on_file) = find_with_points(&ctx, &user, *id).await?;
    let kind = Kind::from_word(&which.kind).ok_or(AppError::NotFound)?;
    let typed = Typed::first(ctx.now().date_in(user.time_zone));
    let errors = FieldErrors::default();
    let inputs = typed.inputs(kind, &on_file, &errors);
    page::ok(&draw(&req, &session, &user, &debtor, kind, inputs))
}

/// `POST /debtors/{id}/flags`: on record, and contact stopped where it stops it, when this
/// answers.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (debtor, on_file) = find_with_points(&ctx, &user, *id).await?;
    let typed = form.into_inner();
    let kind = Kind::from_word(&typed.kind).ok_or(AppError::NotFound)?;
    match typed.read(kind, &on_file, user.time_zone, ctx.now()) {
        Ok(read) => {
            let message = record(&ctx, user.actor(), &debtor, read).await?;
            frame::flash(&session, &message)?;
            Ok(page::see_other(&format!("/debtors/{id}")))
        }
        Err(errors) => {
            let inputs = typed.inputs(kind, &on_file, &errors);
            page::unprocessable(&draw(&req, &session, &user, &debtor, kind, inputs))
        }
    }
}

async fn record_learned(
    ctx: &Ctx,
    actor: Actor,
    debtor: &Debtor,
    learned: Learned,
    via: Medium,
    received_at: Instant,
) -> AppResult<Recorded> {
    let input = FlagInput {
        creditor: debtor.creditor_id,
        debtor: debtor.id,
        learned,
        via,
        received_at,
    };
    flags::record(ctx, actor, input).await
}

async fn record(ctx: &Ctx, actor: Actor, debtor: &Debtor, read: Read) -> AppResult<String> {
    match read.said {
        Said::Stop(said) => {
            let in_writing = match read.via {
                Medium::Letter | Medium::Email | Medium::Fax => true,
                Medium::Portal
                | Medium::Voice
                | Medium::Phone
                | Medium::Desk
                | Medium::Api
                | Medium::Import
                | Medium::Journal => false,
            };
            let input = StopInput {
                creditor: debtor.creditor_id,
                debtor: debtor.id,
                placement: None,
                scope: said.scope,
                via: read.via,
                requester: said.requester,
                words: said.words,
                in_writing,
                verified: true,
                received_at: read.received_at,
            };
            let recorded = stops::stop_once(ctx, actor, input).await?;
            Ok(format!(
                "Contact is stopped. The debtor may quote {}.",
                recorded.reference
            ))
        }
        Said::Fact(learned) => {
            let (via, at) = (read.via, read.received_at);
            let recorded = record_learned(ctx, actor, debtor, learned, via, at).await?;
            Ok(format!(
                "Recorded. Calls cancelled: {}, email sequences paused: {}.",
                recorded.calls_cancelled, recorded.sequences_paused
            ))
        }
    }
}

/// A debtor that the reader may see, with numbers and addresses.
pub(super) async fn find_with_points(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    id: DebtorId,
) -> AppResult<(Debtor, OnFile)> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
            let on_file = OnFile::load(conn, debtor.creditor_id, id)?;
            Ok((debtor, on_file))
        })
    })
    .await
}

pub(super) fn trail(debtor: &Debtor) -> Vec<Link> {
    vec![
        Link::new("Debtors", "/debtors"),
        Link::new(debtor.name.clone(), format!("/debtors/{}", debtor.id)),
    ]
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    debtor: &Debtor,
    kind: Kind,
    inputs: Vec<Input>,
) -> RecordPage {
    let section = Some(Section::Debtors);
    RecordPage {
        shell: frame::shell(req, session, user, kind.title(), section),
        trail: trail(debtor),
        title: kind.title(),
        debtor: debtor.name.clone(),
        facts: Vec::new(),
        action: format!("/debtors/{}/flags", debtor.id),
        kind: kind.as_str(),
        inputs,
        effects: kind.effects(),
        button: kind.button(),
        cancel_href: format!("/debtors/{}", debtor.id),
    }
}
