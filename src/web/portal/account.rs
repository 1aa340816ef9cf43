//! `/p/account`: who asks, for whom, how much, and what one may do.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use super::frame::Frame;
use super::visitor::Visitor;
use crate::actions::ctx::Ctx;
use crate::actions::portal::account::{self, Account};
use crate::actions::{blocking, mail_tokens};
use crate::domain::money::Cents;
use crate::domain::stop::StopScope;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::locality::Places;
use crate::store::portal_accounts::PortalAccount;
use crate::web::view::portal::{AmountLine, ChoiceKind, PortalAccountPage, PortalChoice};
use crate::web::view::portal_words::Words;

pub async fn show(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
) -> AppResult<HttpResponse> {
    let now = ctx.now();
    let check_code = mail_tokens::check_code(&ctx.keys, visitor.0.placement);
    let account = load(&ctx, visitor, &mut frame).await?;
    let words = frame.words();
    let facts = &account.facts;
    frame.ok(&PortalAccountPage {
        shell: frame.inside(words.account.title),
        creditor: facts.creditor.clone(),
        invoice: facts.invoice_number.clone(),
        check_code,
        closed: facts.status.is_closed(),
        items: items(words, facts),
        total: AmountLine {
            what: words
                .account
                .total
                .replace("{date}", &day(words, now.date_in(zone(facts)))),
            amount: left(facts).to_string(),
        },
        stopped: stopped(words, account.stopped),
        receipt_href: account
            .receipt
            .as_ref()
            .map(|reference| format!("/p/stop/{reference}")),
        choices: ChoiceKind::ALL
            .into_iter()
            .map(|kind| PortalChoice {
                kind,
                href: kind.href().map(str::to_owned),
            })
            .collect(),
    })
}

pub(super) async fn load(
    ctx: &web::Data<Ctx>,
    visitor: Visitor,
    frame: &mut Frame,
) -> AppResult<Account> {
    let ctx = ctx.clone();
    let account = blocking(move || account::show(&ctx, &visitor.0)).await?;
    frame.prefer(&account.facts.language);
    Ok(account)
}

/// What is stopped, in one sentence.
pub(super) fn stopped(words: &Words, scope: Option<StopScope>) -> Option<&'static str> {
    scope.map(|scope| match scope {
        StopScope::All => words.account.stopped_all,
        StopScope::Call => words.account.stopped_calls,
        StopScope::Email => words.account.stopped_emails,
    })
}

/// A moment on the debtor's own clock, as far as the ZIP code tells.
pub(super) fn moment(words: &Words, facts: &PortalAccount, at: Instant) -> String {
    at.in_zone(zone(facts)).format(words.moment).to_string()
}

/// The day of a moment on the debtor's own calendar.
pub(super) fn day_of(words: &Words, facts: &PortalAccount, at: Instant) -> String {
    day(words, at.date_in(zone(facts)))
}

fn zone(facts: &PortalAccount) -> chrono_tz::Tz {
    facts
        .zip
        .as_deref()
        .and_then(|zip| zip.get(..5)?.parse().ok())
        .and_then(|zip| Places::builtin().zip(zip))
        .and_then(|area| area.zones.first())
        .map_or(chrono_tz::UTC, |zone| zone.tz())
}

fn day(words: &Words, date: NaiveDate) -> String {
    date.format(words.day).to_string()
}

fn left(facts: &PortalAccount) -> Cents {
    facts
        .amount
        .checked_sub(facts.recovered)
        .unwrap_or(facts.amount)
}

/// The lines that lead to the total. The creditor's itemization is shown where it comes to the
/// amount that was placed; lines that don't add up would only raise doubts.
fn items(words: &Words, facts: &PortalAccount) -> Vec<AmountLine> {
    let words_here = &words.account;
    let line = |what: String, amount: Cents| AmountLine {
        what,
        amount: amount.to_string(),
    };
    let mut items = match itemized(facts) {
        Some(parts) => vec![
            line(
                words_here
                    .amount_on
                    .replace("{date}", &day(words, parts.on)),
                parts.amount,
            ),
            line(words_here.interest.to_owned(), parts.interest),
            line(words_here.fees.to_owned(), parts.fees),
            line(words_here.credits.to_owned(), minus(parts.credits)),
        ],
        None => vec![line(
            words_here.placed.replace("{creditor}", &facts.creditor),
            facts.amount,
        )],
    };
    if facts.recovered > Cents::ZERO {
        items.push(line(words_here.paid.to_owned(), minus(facts.recovered)));
    }
    items
}

/// The amounts of 12 CFR 1006.34(c)(2)(vii) and (viii).
struct Itemized {
    on: NaiveDate,
    amount: Cents,
    interest: Cents,
    fees: Cents,
    credits: Cents,
}

fn itemized(facts: &PortalAccount) -> Option<Itemized> {
    let parts = Itemized {
        on: facts.itemization_on?,
        amount: facts.itemization_amount?,
        interest: facts.itemization_interest.unwrap_or(Cents::ZERO),
        fees: facts.itemization_fees.unwrap_or(Cents::ZERO),
        credits: facts.itemization_credits.unwrap_or(Cents::ZERO),
    };
    let sum = parts
        .amount
        .checked_add(parts.interest)?
        .checked_add(parts.fees)?
        .checked_sub(parts.credits)?;
    (sum == facts.amount).then_some(parts)
}

fn minus(amount: Cents) -> Cents {
    Cents::ZERO.checked_sub(amount).unwrap_or(amount)
}
