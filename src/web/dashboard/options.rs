//! `GET /placements/{id}/options`: what a creditor can still do after a stop.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;

use super::placement::File;
use super::{flag_words, frame, placement_header, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::access::Capability;
use crate::domain::id::PlacementId;
use crate::domain::stop::FlagKind;
use crate::error::AppResult;
use crate::gate::RuleId;
use crate::store::flags::Flag;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::after_stop::{AfterStopPage, Limitation, StopWords};
use crate::web::view::part::Fact;

/// The flags after which contact goes another way, the widest first.
const STOPS: [FlagKind; 7] = [
    FlagKind::Cease,
    FlagKind::Attorney,
    FlagKind::Bankruptcy,
    FlagKind::Discharge,
    FlagKind::CallOptOut,
    FlagKind::DoNotCall,
    FlagKind::EmailOptOut,
];

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let reader = user.clone();
    let (file, now) = blocking(move || {
        let now = ctx.now();
        let file = ctx.read(|conn| File::load(&ctx, conn, &reader, id, now))?;
        Ok((file, now))
    })
    .await?;
    let flags = file.flags_in_force();
    let stop = STOPS
        .into_iter()
        .find_map(|kind| flags.iter().find(|flag| flag.kind == kind));
    let Some(stop) = stop else {
        // Nothing is stopped: the placement's own page says all.
        return Ok(page::see_other(&format!("/placements/{id}")));
    };
    let today = now.date_in(user.time_zone);
    let placement = &file.placement;
    page::ok(&AfterStopPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "What you can still do",
            Some(Section::Placements),
        ),
        id: id.to_string(),
        debtor: file.parties.debtor.clone(),
        invoice: placement.invoice_number.clone(),
        stop: in_words(stop, &file.parties.debtor, user.time_zone),
        for_counsel: for_counsel(&file),
        limitation: placement.limitation_expires_on.map(|last| Limitation {
            last_day: words::date(last),
            passed: last < today,
        }),
        debtor_counsel: counsel(&flags, &user),
        may_recall: user.can(Capability::ManagePlacements) && !placement.status.is_closed(),
    })
}

/// What was asked or is known, and what it ends: not everything stops everything.
fn in_words(stop: &Flag, debtor: &str, zone: Tz) -> StopWords {
    let since = words::date(stop.received_at.date_in(zone));
    let how = stop.source.by();
    let asked = |what: &str| format!("{debtor} asked us on {since}, {how}, to stop {what}.");
    let (rule, what) = match stop.kind {
        FlagKind::CallOptOut => (
            RuleId::CallOptOut,
            format!("{} {ENDS_CALLS}", asked("calls")),
        ),
        FlagKind::DoNotCall => (
            RuleId::DoNotCall,
            format!("{debtor} is marked as do not call, noted on {since}, {how}. {ENDS_CALLS}"),
        ),
        FlagKind::EmailOptOut => (
            RuleId::EmailOptOut,
            format!(
                "{} That ends emails from us; calls and letters are judged by themselves. It \
                 does not end the debt.",
                asked("emails")
            ),
        ),
        FlagKind::Attorney => (
            RuleId::Attorney,
            format!(
                "{debtor} has a lawyer, noted on {since}, {how}. Contact goes through counsel. \
                 That does not end the debt."
            ),
        ),
        FlagKind::Bankruptcy => (
            RuleId::Bankruptcy,
            format!(
                "{debtor} has filed for bankruptcy, noted on {since}, {how}. Nobody may try to \
                 collect a debt that the case covers."
            ),
        ),
        _ => (
            RuleId::Cease,
            format!(
                "{} The stop ends contact through us. It does not end the debt.",
                asked("contact")
            ),
        ),
    };
    let is_partial = matches!(
        stop.kind,
        FlagKind::CallOptOut | FlagKind::DoNotCall | FlagKind::EmailOptOut
    );
    StopWords {
        what,
        suit: if stop.kind == FlagKind::Bankruptcy {
            "A bankruptcy stays suits as well: ask your attorney before any step."
        } else {
            "That does not take away your right to file suit."
        },
        until_then: if is_partial {
            "until then outreach goes on by the ways that are open."
        } else {
            "until then the placement rests."
        },
        rule: (
            rule.info().name,
            format!("/rules/{rule}"),
            rule.info().citation,
        ),
    }
}

const ENDS_CALLS: &str = "That ends calls from us; emails and letters are judged by themselves. \
                          It does not end the debt.";

fn for_counsel(file: &File) -> Vec<Fact> {
    let placement = &file.placement;
    let account = placement.account();
    let mut facts = vec![
        Fact::new("Debtor", file.parties.debtor.clone()),
        Fact::new("Address", placement_header::address(&file.debtor)),
        Fact::new("Invoice", placement.invoice_number.clone()),
        Fact::new("Amount", account.amount.to_string()),
        Fact::new("Recovered", account.recovered.to_string()),
        Fact::new("Remaining", account.remaining().to_string()),
    ];
    for (term, day) in [
        ("Incurred", placement.incurred_on),
        ("Due", placement.due_on),
        ("Last payment", placement.last_payment_on),
    ] {
        if let Some(day) = day {
            facts.push(Fact::new(term, words::date(day)));
        }
    }
    facts
}

/// The debtor's lawyer, for staff alone.
fn counsel(flags: &[Flag], reader: &SignedIn) -> Option<String> {
    if reader.creditor.is_some() {
        return None;
    }
    let flag = flags.iter().find(|flag| flag.kind == FlagKind::Attorney)?;
    let known = flag_words::in_words(&flag.detail);
    Some(if known.is_empty() {
        "not named".to_owned()
    } else {
        known
    })
}
