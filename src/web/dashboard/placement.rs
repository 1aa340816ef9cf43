//! `GET /placements/{id}`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::banners::{self, Ground};
use super::timeline::{self, TimelineParams};
use super::{compliance_card, emails, frame, holds, placement_header, placement_tabs};
use crate::actions::ctx::Ctx;
use crate::actions::placements::can_undo_recall;
use crate::actions::{policies, standing};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::id::PlacementId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::{Facts, Policy, RuleId};
use crate::store::debtors::{self, Debtor};
use crate::store::flags::{self, Flag};
use crate::store::holds::{self as hold_store, Hold};
use crate::store::placements::{self, Parties, Placement};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::compliance_card::ComplianceCard;
use crate::web::view::part::{Banner, Fact, Tab};
use crate::web::view::placement::{PlacementHeader, PlacementPage, PlacementTab};

/// The address's parameters.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    tab: Option<String>,
    #[serde(flatten)]
    timeline: TimelineParams,
}

/// The tabs, as the address names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TabName {
    Timeline,
    Calls,
    Emails,
    Payments,
    Compliance,
}

impl TabName {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Timeline, "timeline", "Timeline"),
        (Self::Calls, "calls", "Calls"),
        (Self::Emails, "emails", "Emails"),
        (Self::Payments, "payments", "Payments"),
        (Self::Compliance, "compliance", "Compliance"),
    ];

    fn read(word: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|(_, known, _)| Some(*known) == word)
            .map_or(Self::Timeline, |(tab, _, _)| tab)
    }
}

/// Everything about one placement that its page and the pages below it need.
pub struct File {
    pub placement: Placement,
    pub parties: Parties,
    pub debtor: Debtor,
    pub facts: Facts,
    /// Every flag the debtor ever had, newest first.
    pub flags: Vec<Flag>,
    /// Those in force.
    pub holds: Vec<Hold>,
    /// A stop of the debtor's that could not be stored yet binds already.
    pub is_held: bool,
}

impl File {
    /// A placement that the reader may see; another creditor's is not found.
    pub fn load(
        ctx: &Ctx,
        conn: &mut DbConn,
        reader: &SignedIn,
        id: PlacementId,
        now: Instant,
    ) -> AppResult<Self> {
        let (placement, parties) =
            placements::find(conn, reader.scope(), id)?.ok_or(AppError::NotFound)?;
        let (creditor, debtor) = (placement.creditor_id, placement.debtor_id);
        let (debtor, _) = debtors::find(conn, reader.scope(), debtor)?.ok_or(AppError::NotFound)?;
        let facts = standing::facts_now(ctx, conn, creditor, &[debtor.id])?
            .remove(&debtor.id)
            .ok_or(AppError::NotFound)?;
        Ok(Self {
            flags: flags::of_debtor(conn, creditor, debtor.id)?,
            holds: hold_store::in_force(conn, creditor, &[id], now)?,
            is_held: ctx.journal.is_held(debtor.id),
            placement,
            parties,
            debtor,
            facts,
        })
    }

    pub fn flags_in_force(&self) -> Vec<Flag> {
        self.flags
            .iter()
            .filter(|flag| flag.lifted_at.is_none())
            .cloned()
            .collect()
    }
}

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let (id, params) = (id.into_inner(), params.into_inner());
    let reader = user.clone();
    let looked = ctx.look(move |ctx, conn| {
        let now = ctx.now();
        let file = File::load(ctx, conn, &reader, id, now)?;
        let policy = policies::in_force(ctx, conn)?;
        let body = body(conn, &file, &policy, &reader, &params, now)?;
        Ok(Loaded::new(&file, body, &policy, &reader, &params, now))
    });
    let loaded = looked.await?;
    let title = format!("{} \u{b7} {}", loaded.header.debtor, loaded.header.invoice);
    page::ok(&PlacementPage {
        shell: frame::shell(&req, &session, &user, &title, Some(Section::Placements)),
        header: loaded.header,
        banners: loaded.banners,
        compliance: loaded.compliance,
        people: loaded.people,
        dates: loaded.dates,
        tabs: loaded.tabs,
        body: loaded.body,
    })
}

/// The page without its frame, which only the handler's own thread can make.
struct Loaded {
    header: PlacementHeader,
    banners: Vec<Banner>,
    compliance: ComplianceCard,
    people: Vec<Fact>,
    dates: Vec<Fact>,
    tabs: Vec<Tab>,
    body: PlacementTab,
}

impl Loaded {
    fn new(
        file: &File,
        body: PlacementTab,
        policy: &Policy,
        reader: &SignedIn,
        params: &Params,
        now: Instant,
    ) -> Self {
        let standing = standing::standing(policy, &file.facts, file.placement.id, now);
        let zone = reader.time_zone;
        Self {
            banners: banners::of_placement(&Ground {
                placement: &file.placement,
                flags: &file.flags_in_force(),
                holds: &file.holds,
                bankruptcy: standing.severity_of(&[RuleId::Bankruptcy, RuleId::Discharged]),
                reader,
                is_held: file.is_held,
                may_undo_recall: reader.can(Capability::ManagePlacements)
                    && can_undo_recall(&file.placement, now),
            }),
            header: placement_header::header(
                file,
                &standing,
                holds::badges(&file.facts, file.placement.id, zone, now),
                reader,
                now,
            ),
            people: placement_header::people(file, reader),
            dates: placement_header::dates(file, &standing, zone),
            compliance: compliance_card::of(&standing, policy, reader, now),
            tabs: tabs(file.placement.id, TabName::read(params.tab.as_deref())),
            body,
        }
    }
}

fn tabs(id: PlacementId, current: TabName) -> Vec<Tab> {
    TabName::ALL
        .into_iter()
        .map(|(tab, word, label)| Tab {
            label,
            href: if tab == TabName::Timeline {
                format!("/placements/{id}#record")
            } else {
                format!("/placements/{id}?tab={word}#record")
            },
            count: None,
            current: tab == current,
        })
        .collect()
}

fn body(
    conn: &mut DbConn,
    file: &File,
    policy: &Policy,
    reader: &SignedIn,
    params: &Params,
    now: Instant,
) -> AppResult<PlacementTab> {
    Ok(match TabName::read(params.tab.as_deref()) {
        TabName::Timeline => {
            PlacementTab::Timeline(timeline::tab(conn, file, reader, &params.timeline, now)?)
        }
        TabName::Calls => {
            PlacementTab::Calls(placement_tabs::calls(conn, file, policy, reader, now)?)
        }
        TabName::Emails => PlacementTab::Emails(emails::tab(conn, file, reader, now)?),
        TabName::Payments => {
            PlacementTab::Payments(placement_tabs::payments(conn, file, reader, now)?)
        }
        TabName::Compliance => {
            PlacementTab::Compliance(placement_tabs::compliance(conn, file, reader, now)?)
        }
    })
}
