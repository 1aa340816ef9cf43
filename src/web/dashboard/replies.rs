//! `/replies`: messages of debtors that wait for a person, and what became of the others.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::people::People;
use super::{desk_tabs, frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::replies::{self, Choice};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::id::{DebtorId, InboundMessageId};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::intake::intent::{Intent, Reading};
use crate::store::inbound::{self, InboundMessage};
use crate::store::{Scope, debtors, placement_refs};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::{Chip, Fact, Link, Tone, When};
use crate::web::view::reply::{ReplyListPage, ReplyPage, ReplyRow};

/// Messages on a page.
const PAGE: u64 = 25;

/// What a message may have come to, in the order of the chips.
const STATES: [(&str, &str, Tone); 5] = [
    ("held", "Waiting", Tone::Warning),
    ("acted", "Done at once", Tone::Success),
    ("decided", "Decided", Tone::Neutral),
    ("continued", "Nothing asked", Tone::Neutral),
    ("ignored", "Automatic", Tone::Neutral),
];

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    state: Option<String>,
    page: Option<String>,
}

/// `GET /replies`.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let shell = frame::shell(&req, &session, &user, "Replies", Some(Section::Compliance));
    let state = STATES
        .iter()
        .find(|(word, _, _)| params.state.as_deref() == Some(word))
        .map_or("held", |(word, _, _)| word);
    let number = words::page_number(params.page.as_deref());
    let page = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let scope = user.scope();
            let offset = i64::try_from((number - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let messages = inbound::page(conn, scope, state, offset, limit)?;
            let names = names(conn, scope, &messages)?;
            let mut chips = Vec::new();
            for (word, label, _) in STATES {
                chips.push(Chip {
                    label: label.to_owned(),
                    count: inbound::count(conn, scope, word)?,
                    href: format!("/replies?state={word}"),
                    current: word == state,
                });
            }
            let total = inbound::count(conn, scope, state)?;
            let open = desk_tabs::open(conn, scope)?;
            Ok(ReplyListPage {
                shell,
                tabs: open.tabs("/replies"),
                chips,
                rows: messages
                    .iter()
                    .map(|message| row(message, &names, &user, now))
                    .collect(),
                pager: words::pager(number, PAGE, total, |page| {
                    format!("/replies?state={state}&page={page}")
                }),
                waiting: state == "held",
            })
        })
    })
    .await?;
    page::ok(&page)
}

/// `GET /replies/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<InboundMessageId>,
) -> AppResult<HttpResponse> {
    let shell = shell(&req, &session, &user);
    let id = id.into_inner();
    let typed = Typed::default();
    page::ok(&blocking(move || draw(&ctx, &user, shell, id, &typed)).await?)
}

/// What a decision is sent with.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    choice: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    version: i64,
}

/// `POST /replies/{id}`.
pub async fn decide(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<InboundMessageId>,
    typed: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (id, typed) = (id.into_inner(), typed.into_inner());
    let done = match Choice::from_word(&typed.choice) {
        Some(choice) => {
            replies::decide(
                &ctx,
                user.actor(),
                user.scope(),
                id,
                choice,
                typed.note.clone(),
                typed.version,
            )
            .await
        }
        None => Err(AppError::invalid("choice", "Choose what the message says.")),
    };
    match done {
        Ok(()) => {
            frame::flash(&session, "The message is decided.")?;
            Ok(page::see_other("/replies"))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = shell(&req, &session, &user);
            let kept = typed.clone();
            let mut page = blocking(move || draw(&ctx, &user, shell, id, &kept)).await?;
            page.note.error = errors.of("note").map(str::to_owned);
            if let Some(choice) = &mut page.choice {
                choice.error = errors.of("choice").map(str::to_owned);
            }
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Reply", Some(Section::Compliance))
}

fn draw(
    ctx: &Ctx,
    user: &SignedIn,
    shell: Shell,
    id: InboundMessageId,
    typed: &Typed,
) -> AppResult<ReplyPage> {
    let now = ctx.now();
    ctx.read(|conn| {
        let message = inbound::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
        let reading: Reading = serde_json::from_str(&message.reading)?;
        let names = names(conn, user.scope(), std::slice::from_ref(&message))?;
        let people = People::load(conn, message.decided_by.as_deref().into_iter(), false)?;
        let mut held = Vec::new();
        for hold in inbound::holds_of(conn, id)? {
            let of =
                placement_refs::find(conn, Scope::Creditor(hold.creditor_id), hold.placement_id)?;
            if let Some(of) = of {
                held.push(Link::new(
                    of.invoice_number,
                    format!("/placements/{}", of.id),
                ));
            }
        }
        let attachments = inbound::attachments(conn, message.creditor_id, id)?
            .into_iter()
            .map(|(name, kind, size, sha256)| {
                format!("{name} ({kind}, {size} bytes, SHA-256 {})", &sha256[..12])
            })
            .collect();
        let may_decide = user.can(Capability::WorkAlerts) && message.status == "held";
        let (status, tone) = state_of(&message);
        Ok(ReplyPage {
            shell: shell.titled(format!("Reply \u{b7} {}", subject(&message))),
            subject: subject(&message),
            status: status.to_owned(),
            tone,
            own_words: message
                .own_words
                .split("\n\n")
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .collect(),
            whole: (message.body.trim() != message.own_words.trim()).then(|| message.body.clone()),
            signals: signals(&message, &names, user, now),
            found: reading
                .findings
                .iter()
                .map(|finding| {
                    (
                        finding.phrase.clone(),
                        intent_name(finding.intent).to_owned(),
                        if finding.certain { "plain" } else { "in doubt" }.to_owned(),
                    )
                })
                .collect(),
            attachments,
            held,
            action: format!("/replies/{id}"),
            version: message.version,
            choice: may_decide.then(|| choices(&typed.choice)),
            note: Field::new("note", typed.note.clone()),
            decided: decided(&message, &people),
        })
    })
}

/// What a person may choose, each with what it does.
fn choices(chosen: &str) -> Choices {
    let mut choices = Choices::new(
        "choice",
        [
            ("stop_all", "Stop all contact"),
            ("stop_calls", "Stop calls"),
            ("stop_emails", "Stop emails"),
            ("dispute", "They dispute the debt"),
            ("attorney", "A lawyer speaks for them"),
            ("bankruptcy", "They are in bankruptcy"),
            ("deceased", "The debtor has died"),
            ("go_on", "Nothing that stands against contact"),
        ],
        chosen,
    );
    let hints = [
        "Every account of the debtor, for good. Calls are cancelled, emails stop.",
        "Planned calls are cancelled; emails wait until somebody lets them go on.",
        "The series of emails ends; calls stay allowed.",
        "The account is disputed and not collected until that is resolved.",
        "Nobody writes to or calls the debtor until the lawyer is on file.",
        "Everything halts at once.",
        "Everything halts at once.",
        "The wait ends and emails go on. Write down why.",
    ];
    for (option, hint) in choices.options.iter_mut().zip(hints) {
        hint.clone_into(&mut option.hint);
    }
    choices
}

fn signals(
    message: &InboundMessage,
    names: &HashMap<DebtorId, String>,
    user: &SignedIn,
    now: Instant,
) -> Vec<Fact> {
    let debtor = message
        .debtor_id
        .and_then(|id| names.get(&id).cloned())
        .unwrap_or_else(|| "Nobody we know".to_owned());
    let when = When::new(message.received_at, user.time_zone, now);
    if message.channel == "call" {
        return vec![
            Fact::new("From", message.from_address.clone()),
            Fact::new("Received", when.absolute),
            Fact::new("Debtor", debtor),
            Fact::new(
                "Known by",
                if message.sender_known {
                    "our own record of the call"
                } else {
                    "the voice agent\u{2019}s word"
                },
            ),
        ];
    }
    vec![
        Fact::new("From", message.from_address.clone()),
        Fact::new("Received", when.absolute),
        Fact::new("Debtor", debtor),
        Fact::new(
            "Found by",
            match message.matched_by.as_str() {
                "token" => "the answer address of our email",
                "address" => "the sender\u{2019}s address",
                _ => "nothing",
            },
        ),
        Fact::new(
            "Sender on file",
            if message.sender_known { "Yes" } else { "No" },
        ),
        Fact::new(
            "Domain\u{2019}s signature (DKIM)",
            match message.dkim.as_str() {
                "pass" => "Good",
                "fail" => "Bad",
                _ => "Not known",
            },
        ),
    ]
}

fn decided(message: &InboundMessage, people: &People) -> Option<String> {
    let what = message.decision.as_deref()?;
    let by = match &message.decided_by {
        Some(by) => format!("by {}", people.name(by)),
        None => "by itself, at once".to_owned(),
    };
    let note = message.note.as_deref().unwrap_or_default();
    Some(format!("Decided {by}: {}. {note}", words::spoken(what)))
}

fn row(
    message: &InboundMessage,
    names: &HashMap<DebtorId, String>,
    user: &SignedIn,
    now: Instant,
) -> ReplyRow {
    let reading: Option<Reading> = serde_json::from_str(&message.reading).ok();
    let found: Vec<&str> = reading
        .map(|reading| reading.intents())
        .unwrap_or_default()
        .into_iter()
        .map(intent_name)
        .collect();
    let first: String = message.own_words.chars().take(120).collect();
    let (status, tone) = state_of(message);
    ReplyRow {
        href: format!("/replies/{}", message.id),
        words: if first.trim().is_empty() {
            subject(message)
        } else {
            first
        },
        from: message.from_address.clone(),
        found: if found.is_empty() {
            "Nothing for certain".to_owned()
        } else {
            found.join(", ")
        },
        debtor: message
            .debtor_id
            .and_then(|id| names.get(&id).cloned())
            .unwrap_or_else(|| "Nobody we know".to_owned()),
        when: When::new(message.received_at, user.time_zone, now),
        status: status.to_owned(),
        tone,
    }
}

fn subject(message: &InboundMessage) -> String {
    match message.subject.trim() {
        "" => "A message without a subject".to_owned(),
        subject => subject.to_owned(),
    }
}

fn state_of(message: &InboundMessage) -> (&'static str, Tone) {
    STATES
        .iter()
        .find(|(word, _, _)| *word == message.status)
        .map_or(("Not known", Tone::Neutral), |(_, label, tone)| {
            (*label, *tone)
        })
}

const fn intent_name(intent: Intent) -> &'static str {
    match intent {
        Intent::CeaseCalls => "Stop calls",
        Intent::CeaseEmail => "Stop emails",
        Intent::CeaseAll => "Stop all contact",
        Intent::Unsubscribe => "Unsubscribe",
        Intent::Dispute => "Dispute",
        Intent::Attorney => "Lawyer",
        Intent::Bankruptcy => "Bankruptcy",
        Intent::Deceased => "Death",
        Intent::WrongPerson => "Wrong person",
        Intent::AlreadyPaid => "Already paid",
        Intent::Proof => "Asks for proof",
        Intent::Inconvenient => "Time or place",
    }
}

fn names(
    conn: &mut DbConn,
    scope: Scope,
    messages: &[InboundMessage],
) -> AppResult<HashMap<DebtorId, String>> {
    let mut names = HashMap::new();
    for id in messages.iter().filter_map(|message| message.debtor_id) {
        if let Some((debtor, _)) = debtors::find(conn, scope, id)? {
            names.insert(id, debtor.name);
        }
    }
    Ok(names)
}
