//! `/debtors/{id}/flags/{flag}/counsel`: what was found out with the debtor's lawyer.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;

use super::trail;
use crate::actions::blocking;
use crate::actions::counsel::{self as actions, Answer, Finding};
use crate::actions::ctx::Ctx;
use crate::domain::id::{DebtorId, FlagId, PlacementId};
use crate::domain::stop::FlagKind;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::{self, Debtor};
use crate::store::flags::{self, Flag};
use crate::store::placements;
use crate::web::access::SignedIn;
use crate::web::dashboard::{flag_words, frame, typed};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};

/// The fields by name: there is one for each account.
type Typed = HashMap<String, String>;

const ANSWERS: [(&str, &str); 3] = [
    ("active", "The lawyer represents the debtor"),
    ("consented", "The lawyer agreed to direct contact"),
    ("unresponsive", "The lawyer does not answer our letters"),
];
const LETTERS: [&str; 3] = ["letter_1", "letter_2", "letter_3"];

const EFFECTS: [&str; 4] = [
    "Represented accounts: contact goes to the lawyer alone.",
    "Accounts that are not ticked: contact is judged as if there were no lawyer, once you have said how you know that counsel declined them.",
    "What the lawyer\u{2019}s record stopped stays stopped until somebody starts it.",
    "Your note, the accounts and your name stay on record.",
];

struct File {
    debtor: Debtor,
    flag: Flag,
    /// Id and invoice number.
    accounts: Vec<(PlacementId, String)>,
}

/// `GET /debtors/{id}/flags/{flag}/counsel`.
pub async fn counsel_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, FlagId)>,
) -> AppResult<HttpResponse> {
    let file = find(&ctx, &user, path.into_inner()).await?;
    let mut typed = Typed::new();
    let of = |name| flag_words::detail(&file.flag, name);
    typed.insert(
        "answer".to_owned(),
        of("status").unwrap_or_else(|| "active".to_owned()),
    );
    let named = flag_words::list(&file.flag, "debts");
    for (id, _) in &file.accounts {
        if named.is_empty() || named.contains(&id.to_string()) {
            typed.insert(format!("debts_{id}"), "yes".to_owned());
        }
    }
    for (field, day) in LETTERS
        .iter()
        .zip(flag_words::list(&file.flag, "letters_sent"))
    {
        typed.insert((*field).to_owned(), day);
    }
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &file, &typed, &errors))
}

/// `POST /debtors/{id}/flags/{flag}/counsel`.
pub async fn counsel(
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
        Ok(finding) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::find_out(&ctx, &actor, &finding)).await
        }
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
            let flag = flags::find(conn, of, debtor.id, flag)?
                .filter(|flag| flag.kind == FlagKind::Attorney)
                .ok_or(AppError::NotFound)?;
            if flag.lifted_at.is_some() {
                return Err(AppError::Conflict(
                    "This record of the lawyer no longer stands. Nothing was changed.".to_owned(),
                ));
            }
            let accounts = placements::of_debtor(conn, of, debtor.id)?
                .into_iter()
                .map(|placement| (placement.id, placement.invoice_number))
                .collect();
            Ok(File {
                debtor,
                flag,
                accounts,
            })
        })
    })
    .await
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

fn read(file: &File, typed: &Typed, zone: Tz, now: Instant) -> Result<Finding, FieldErrors> {
    let mut errors = FieldErrors::default();
    let answer = Answer::from_word(text(typed, "answer"));
    if answer.is_none() {
        errors.add("answer", "Choose what the lawyer answered.");
    }
    let debts: Vec<PlacementId> = file
        .accounts
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| text(typed, &format!("debts_{id}")) == "yes")
        .collect();
    if debts.is_empty() {
        errors.add(
            "debts",
            "Tick at least one account. If the lawyer represents none, lift the record instead.",
        );
    }
    let mut letters_sent = Vec::new();
    for field in LETTERS {
        let day = text(typed, field).trim();
        if !day.is_empty() {
            letters_sent.extend(typed::past_day(&mut errors, field, day, zone, now));
        }
    }
    match answer {
        Some(answer) if errors.is_empty() => Ok(Finding {
            creditor: file.debtor.creditor_id,
            debtor: file.debtor.id,
            flag: file.flag.id,
            answer,
            // Every account, later ones too.
            debts: if debts.len() == file.accounts.len() {
                Vec::new()
            } else {
                debts
            },
            letters_sent,
            note: text(typed, "note").to_owned(),
        }),
        _ => Err(errors),
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
    let title = "What the lawyer answered";
    let ids: Vec<(String, &str)> = file
        .accounts
        .iter()
        .map(|(id, invoice)| (id.to_string(), invoice.as_str()))
        .collect();
    let options = ids.iter().map(|(id, invoice)| (id.as_str(), *invoice));
    let mut debts = typed::choices("debts", options, "", errors);
    for option in &mut debts.options {
        option.chosen = text(typed, &format!("debts_{}", option.value)) == "yes";
    }
    let mut inputs = vec![
        Input::Radios(
            typed::choices("answer", ANSWERS, text(typed, "answer"), errors),
            "What was found out",
            "",
        ),
        Input::Ticks(debts, "Accounts that the lawyer represents", ""),
    ];
    for (field, label) in LETTERS.into_iter().zip([
        "First letter to the lawyer",
        "Second letter",
        "Third letter",
    ]) {
        inputs.push(Input::Date(
            typed::field(field, text(typed, field), errors),
            label,
            "Only where the lawyer does not answer",
        ));
    }
    inputs.push(Input::Area(
        typed::field("note", text(typed, "note"), errors),
        "How you found out",
        "Who said it, when, where it is kept",
    ));
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail(&file.debtor),
        title,
        debtor: file.debtor.name.clone(),
        facts: flag_words::facts(&file.flag.detail),
        action: format!("/debtors/{}/flags/{}/counsel", file.debtor.id, file.flag.id),
        kind: "",
        inputs,
        effects: EFFECTS.to_vec(),
        button: "Record",
        cancel_href: format!("/debtors/{}", file.debtor.id),
    }
}
