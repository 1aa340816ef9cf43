//! `/debtors` and `/debtors/{id}`.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::list_state::address;
use super::people::People;
use super::{flag_words, flags as desk_flags, frame, holds, words};
use crate::actions::ctx::Ctx;
use crate::actions::flags::{EndsBy, ends_by};
use crate::actions::{blocking, preferences, standing};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::money::Cents;
use crate::domain::search::Reach;
use crate::domain::stop::FlagKind;
use crate::domain::text::folded;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::gate::Facts;
use crate::store::debtors::{self, AccountOf, Debtor};
use crate::store::{consents, flags, placements, reachable};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::debtor::{
    DebtorFlag, DebtorListPage, DebtorPage, DebtorPlacement, DebtorRow,
};
use crate::web::view::part::{Banner, Fact, Link, Search, Tone, When};

/// Debtors that one number or address finds at most.
const MOST_REACHED: i64 = 500;

/// Rows on a page.
const PAGE: u64 = 25;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    q: Option<String>,
    flag: Option<String>,
    page: Option<String>,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let query: String = text(&params.q).chars().take(100).collect();
    let flag = FlagKind::from_word(&text(&params.flag));
    let asked: u64 = text(&params.page).parse().unwrap_or(1).max(1);
    let (scope, prefix, looked_for) = (user.scope(), folded(&query), query.clone());
    let (rows, total, page) = blocking(move || {
        ctx.read(|conn| {
            let reach = Reach::read(&looked_for);
            let filter = match &reach {
                Some(reach) => debtors::Filter {
                    among: Some(reachable::debtors(conn, scope, reach, MOST_REACHED)?),
                    flag,
                    ..debtors::Filter::default()
                },
                None => debtors::Filter {
                    prefix,
                    flag,
                    among: None,
                },
            };
            let total = debtors::total(conn, scope, &filter)?;
            let page = asked.min(total.div_ceil(PAGE).max(1));
            let offset = i64::try_from((page - 1) * PAGE).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let found = debtors::list(conn, scope, &filter, offset, limit)?;
            let ids: Vec<DebtorId> = found.iter().map(|debtor| debtor.id).collect();
            let accounts = debtors::accounts(conn, scope, &ids)?;
            let facts = facts_of(&ctx, conn, &found)?;
            let rows: Vec<DebtorRow> = found
                .iter()
                .map(|debtor| row(debtor, &accounts, facts.get(&debtor.id)))
                .collect();
            Ok((rows, total, page))
        })
    })
    .await?;
    let pairs = |page: u64| {
        let mut pairs = Vec::new();
        if !query.is_empty() {
            pairs.push(("q", query.clone()));
        }
        if let Some(flag) = flag {
            pairs.push(("flag", flag.as_str().to_owned()));
        }
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        pairs
    };
    page::ok(&DebtorListPage {
        shell: frame::shell(&req, &session, &user, "Debtors", Some(Section::Debtors)),
        search: Search {
            action: "/debtors".to_owned(),
            query: query.clone(),
            keep: flag
                .map(|flag| ("flag".to_owned(), flag.as_str().to_owned()))
                .into_iter()
                .collect(),
            clear_href: (!query.is_empty()).then(|| "/debtors".to_owned()),
        },
        narrowed_to: flag.map(|flag| flag_words::what(flag).to_owned()),
        rows,
        pager: words::pager(page, PAGE, total, |page| address("/debtors", &pairs(page))),
    })
}

fn facts_of(
    ctx: &Ctx,
    conn: &mut DbConn,
    debtors: &[Debtor],
) -> AppResult<HashMap<DebtorId, Facts>> {
    let mut of: HashMap<CreditorId, Vec<DebtorId>> = HashMap::new();
    for debtor in debtors {
        of.entry(debtor.creditor_id).or_default().push(debtor.id);
    }
    let mut all = HashMap::new();
    for (creditor, ids) in of {
        all.extend(standing::facts_now(ctx, conn, creditor, &ids)?);
    }
    Ok(all)
}

fn row(debtor: &Debtor, accounts: &[AccountOf], facts: Option<&Facts>) -> DebtorRow {
    let own: Vec<&AccountOf> = accounts
        .iter()
        .filter(|(of, _, _)| *of == debtor.id)
        .collect();
    let remaining = own.iter().fold(Cents::ZERO, |sum, (_, amount, recovered)| {
        amount
            .checked_sub(*recovered)
            .and_then(|left| sum.checked_add(left))
            .unwrap_or(sum)
    });
    DebtorRow {
        id: debtor.id.to_string(),
        name: debtor.name.clone(),
        kind: words::spoken(&debtor.kind),
        place: place(debtor),
        placements: u64::try_from(own.len()).unwrap_or(u64::MAX),
        remaining: remaining.to_string(),
        holds: facts.map_or_else(Vec::new, holds::of_debtor),
    }
}

fn place(debtor: &Debtor) -> String {
    [&debtor.city, &debtor.state]
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect::<Vec<_>>()
        .join(", ")
}

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DebtorId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let reader = user.clone();
    let loaded = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let (debtor, creditor) =
                debtors::find(conn, reader.scope(), id)?.ok_or(AppError::NotFound)?;
            let of = debtor.creditor_id;
            let facts = standing::facts_now(&ctx, conn, of, &[id])?
                .remove(&id)
                .unwrap_or_default();
            let flags = flags::of_debtor(conn, of, id)?;
            let people = People::load(
                conn,
                flags.iter().map(|flag| flag.set_by.as_str()),
                reader.creditor.is_some(),
            )?;
            let placements = placements::of_debtor(conn, of, id)?
                .into_iter()
                .map(|placement| DebtorPlacement {
                    id: placement.id.to_string(),
                    remaining: placement.account().remaining().to_string(),
                    status: words::status(placement.status),
                    placed: When::new(placement.placed_at, reader.time_zone, now),
                    invoice: placement.invoice_number,
                    creditor: creditor.clone(),
                })
                .collect();
            Ok(Loaded {
                banners: banners(&facts),
                contact_points: contact_points(&debtor, &facts, &reader),
                correct: desk_flags::corrections(id, &facts, &reader),
                flags: flags
                    .iter()
                    .map(|flag| DebtorFlag {
                        row: flag_words::row(flag, &people, &reader, now),
                        lift_href: (reader.can(Capability::WorkAlerts)
                            && flag.lifted_at.is_none()
                            && ends_by(flag.kind) != EndsBy::NotAtTheDesk)
                            .then(|| format!("/debtors/{id}/flags/{}/lift", flag.id)),
                        settle: desk_flags::settle(flag, &reader),
                    })
                    .collect(),
                placements,
                consents: consents::of_debtor(conn, of, id)?
                    .iter()
                    .filter(|consent| consent.revoked_at.is_none())
                    .count(),
                debtor,
            })
        })
    })
    .await?;
    let debtor = &loaded.debtor;
    let kind = words::spoken(&debtor.kind);
    let place = place(debtor);
    page::ok(&DebtorPage {
        shell: frame::shell(&req, &session, &user, &debtor.name, Some(Section::Debtors)),
        name: debtor.name.clone(),
        context: if place.is_empty() {
            kind
        } else {
            format!("{kind} in {place}")
        },
        banners: loaded.banners,
        contact_points: loaded.contact_points,
        placements: loaded.placements,
        flags: loaded.flags,
        record: desk_flags::links(debtor.id, &user),
        correct: loaded.correct,
        consents: Link::new(
            match loaded.consents {
                0 => "Permissions: none on record".to_owned(),
                standing => format!("Permissions: {standing} not taken back"),
            },
            format!("/debtors/{}/consents", debtor.id),
        ),
    })
}

struct Loaded {
    debtor: Debtor,
    banners: Vec<Banner>,
    contact_points: Vec<Fact>,
    correct: Vec<Link>,
    placements: Vec<DebtorPlacement>,
    flags: Vec<DebtorFlag>,
    /// Permissions that were not taken back.
    consents: usize,
}

/// What stops contact with the debtor, in one line each; a placement's page says what can be done.
fn banners(facts: &Facts) -> Vec<Banner> {
    holds::of_debtor(facts)
        .into_iter()
        .map(|hold| Banner {
            tone: hold.tone(),
            title: hold.words(),
            body: match hold.tone() {
                Tone::Danger => "It binds every placement of this debtor.".to_owned(),
                Tone::Neutral | Tone::Info | Tone::Success | Tone::Warning => String::new(),
            },
            actions: Vec::new(),
        })
        .collect()
}

fn contact_points(debtor: &Debtor, facts: &Facts, reader: &SignedIn) -> Vec<Fact> {
    let mut points = vec![Fact::new(
        "Address",
        super::placement_header::address(debtor),
    )];
    points.extend(super::placement_header::numbers(facts, reader));
    if let Some(reference) = &debtor.reference {
        let term = if reader.creditor.is_some() {
            "Your reference"
        } else {
            "Reference"
        };
        points.push(Fact::new(term, reference.clone()));
    }
    points.push(Fact::new(
        "Language",
        if debtor.language == "es" {
            "Spanish"
        } else {
            "English"
        },
    ));
    if let Some(way) = &debtor.preferred_contact_method {
        points.push(Fact::new("Likes to be reached", by_way(way)));
    }
    points
}

/// The preferred way in words; files may name others than the desk does.
fn by_way(way: &str) -> String {
    preferences::WAYS
        .iter()
        .find(|(word, _)| *word == way)
        .map_or_else(|| words::spoken(way), |(_, label)| (*label).to_owned())
}
