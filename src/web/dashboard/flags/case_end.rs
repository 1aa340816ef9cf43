//! `/debtors/{id}/flags/{flag}/case`: how a bankruptcy case ended, and what a discharge covers.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;

use super::trail;
use crate::actions::blocking;
use crate::actions::case_end::{self as actions, CaseEnd, CaseStatus};
use crate::actions::ctx::Ctx;
use crate::domain::id::{DebtorId, FlagId};
use crate::domain::stop::FlagKind;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::{self, Debtor};
use crate::store::flags::{self, Flag};
use crate::store::placements::{self, Placement};
use crate::web::access::SignedIn;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::dashboard::{flag_words, frame};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};

/// The fields by name: there is one for each account.
type Typed = HashMap<String, String>;

const STATUSES: [(&str, &str); 3] = [
    ("dismissed", "It was dismissed"),
    ("discharged", "It ended with a discharge"),
    ("active", "It is open: the record was wrong"),
];

const OWN_EFFECTS: [&str; 4] = [
    "Dismissed: the case stops nothing any more; whoever makes a contact is reminded to look for a new one. What waited for it alone goes on by itself, each at its first lawful moment.",
    "Discharged: every account that is not ticked may never be collected. A ticked account is judged like any other.",
    "Open again: contact stops at once, as when the case was recorded.",
    "The record before, your note and your name stay on record.",
];

const CODEBTOR_EFFECTS: [&str; 3] = [
    "Ended: the other person\u{2019}s case shields the debtor no more. What waited for it alone goes on by itself, each at its first lawful moment.",
    "Open again: contact stops at once, as when the case was recorded.",
    "The record before, your note and your name stay on record.",
];

struct File {
    debtor: Debtor,
    case: Flag,
    accounts: Vec<Placement>,
}

/// `GET /debtors/{id}/flags/{flag}/case`.
pub async fn case_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, FlagId)>,
) -> AppResult<HttpResponse> {
    let file = find(&ctx, &user, path.into_inner()).await?;
    let today = ctx.now().date_in(user.time_zone).to_string();
    let typed = file.on_record(today);
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &file, &typed, &errors))
}

/// `POST /debtors/{id}/flags/{flag}/case`.
pub async fn case(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, FlagId)>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let file = find(&ctx, &user, path.into_inner()).await?;
    let typed = form.into_inner();
    let done = match read(&file, &typed, user.time_zone, ctx.now()) {
        Ok(end) => actions::record(&ctx, user.actor(), end).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(()) => {
            frame::flash(&session, "Recorded. The next contact is judged by it.")?;
            Ok(page::see_other(&format!("/debtors/{}", file.debtor.id)))
        }
        Err(AppError::Invalid(errors)) => {
            page::unprocessable(&draw(&req, &session, &user, &file, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

async fn find(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    (debtor, flag): (DebtorId, FlagId),
) -> AppResult<File> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, debtor)?.ok_or(AppError::NotFound)?;
            let of = debtor.creditor_id;
            let case = flags::find(conn, of, debtor.id, flag)?
                .filter(|flag| actions::is_case(flag.kind))
                .ok_or(AppError::NotFound)?;
            if case.lifted_at.is_some() {
                return Err(AppError::Conflict(
                    "This record of the case no longer stands. Nothing was changed.".to_owned(),
                ));
            }
            let accounts = placements::of_debtor(conn, of, debtor.id)?;
            Ok(File {
                debtor,
                case,
                accounts,
            })
        })
    })
    .await
}

impl File {
    /// The form as it is first shown: what stands on record.
    fn on_record(&self, today: String) -> Typed {
        let mut typed = Typed::new();
        let of = |name| flag_words::detail(&self.case, name).unwrap_or_default();
        let status = of("status");
        if status != CaseStatus::Open.as_str() {
            typed.insert("status".to_owned(), status);
            typed.insert("ended_on".to_owned(), of("ended_on"));
        }
        if self.case.kind == FlagKind::Discharge {
            for account in &self.accounts {
                if account.included_in_discharge == Some(false) {
                    typed.insert(tick(account), "yes".to_owned());
                }
            }
        }
        typed.insert("via".to_owned(), "letter".to_owned());
        typed.insert("received_on".to_owned(), today);
        typed
    }
}

fn tick(account: &Placement) -> String {
    format!("not_covered_{}", account.id)
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

fn read(file: &File, typed: &Typed, zone: Tz, now: Instant) -> Result<CaseEnd, FieldErrors> {
    let mut errors = FieldErrors::default();
    let status = CaseStatus::from_word(text(typed, "status"));
    if status.is_none() {
        errors.add("status", "Choose how matters stand with the case.");
    }
    let ended_on = match text(typed, "ended_on").trim() {
        "" => None,
        day => typed::past_day(&mut errors, "ended_on", day, zone, now),
    };
    let via = typed::medium(&mut errors, text(typed, "via"));
    let day = text(typed, "received_on");
    let received_at = typed::received(&mut errors, "received_on", day, zone, now);
    match (status, via, received_at) {
        (Some(status), Some(via), Some(received_at)) if errors.is_empty() => Ok(CaseEnd {
            case: file.case.clone(),
            status,
            ended_on,
            not_covered: file
                .accounts
                .iter()
                .filter(|account| text(typed, &tick(account)) == "yes")
                .map(|account| account.id)
                .collect(),
            via,
            received_at,
            note: text(typed, "note").to_owned(),
        }),
        (_, _, _) => Err(errors),
    }
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    file: &File,
    typed: &Typed,
    errors: &FieldErrors,
) -> RecordPage {
    let title = "How the case ended";
    let is_own = actions::is_own(file.case.kind);
    let field = |name: &'static str| typed::field(name, text(typed, name), errors);
    let mut inputs = vec![
        Input::Radios(
            typed::choices("status", STATUSES, text(typed, "status"), errors),
            "How matters stand with the case",
            "",
        ),
        Input::Date(
            field("ended_on"),
            "Dismissed or discharged on",
            "The day in the court\u{2019}s order; empty for a case that is open",
        ),
    ];
    if is_own {
        let ids: Vec<(String, &str)> = file
            .accounts
            .iter()
            .map(|account| (account.id.to_string(), account.invoice_number.as_str()))
            .collect();
        let options = ids.iter().map(|(id, invoice)| (id.as_str(), *invoice));
        let mut not_covered = typed::choices("not_covered", options, "", errors);
        for (option, account) in not_covered.options.iter_mut().zip(&file.accounts) {
            option.chosen = text(typed, &tick(account)) == "yes";
        }
        inputs.push(Input::Ticks(
            not_covered,
            "Accounts that the discharge does not cover",
            "Tick only what the court or counsel says. Every other account is covered.",
        ));
    }
    inputs.extend([
        Input::Select(
            typed::choices("via", WAYS, text(typed, "via"), errors),
            "How it came",
        ),
        Input::Date(
            field("received_on"),
            "Received on",
            "The day it reached us, even if you record it later",
        ),
        Input::Area(
            field("note"),
            "How you know",
            "Who said it, the order or docket entry, where it is kept",
        ),
    ]);
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(&file.debtor),
        title,
        debtor: file.debtor.name.clone(),
        facts: flag_words::facts(&file.case.detail),
        action: format!("/debtors/{}/flags/{}/case", file.debtor.id, file.case.id),
        kind: "",
        inputs,
        effects: if is_own {
            OWN_EFFECTS.to_vec()
        } else {
            CODEBTOR_EFFECTS.to_vec()
        },
        button: "Record",
        cancel_href: format!("/debtors/{}", file.debtor.id),
    }
}
