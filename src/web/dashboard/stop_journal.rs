//! `/compliance/stop-journal`: stops may be missing, and a person takes it on them that outreach
//! goes on.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::frame;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::journal::Reconciled;
use crate::actions::journal_check;
use crate::error::{AppError, AppResult};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::part::trail;

/// Where the form is and where it goes.
pub const HERE: &str = "/compliance/stop-journal";

const HOME: &str = "/compliance";

/// What is missing, and what signing it off means.
pub async fn form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let shell = frame::shell(
        &req,
        &session,
        &user,
        "Stop journal",
        Some(Section::Compliance),
    );
    let outcome = blocking(move || journal_check::reconcile(&ctx)).await?;
    if outcome.is_whole() {
        return Err(AppError::Conflict(
            "Every stop in the journal is in the database: there is nothing to sign off."
                .to_owned(),
        ));
    }
    let mut effects = missing(&outcome);
    effects.extend([
        "Until somebody signs this off, nothing is dialled or sent.".to_owned(),
        "Afterwards outreach goes on without the stops that are missing. Look for them first: in \
         copies of the file stops.journal, in the inbox, in the voice agent\u{2019}s log."
            .to_owned(),
        "Your name and what was missing are kept in the audit record.".to_owned(),
    ]);
    page::ok(&ConfirmPage {
        shell,
        trail: trail("Compliance", HOME),
        question: "Dial and send although stops may be missing?".to_owned(),
        subject: "Stop journal".to_owned(),
        effects,
        action: HERE.to_owned(),
        button: "Sign it off".to_owned(),
        cancel_href: HOME.to_owned(),
        keep: Vec::new(),
        harmless: false,
    })
}

pub async fn submit(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let actor = user.actor();
    blocking(move || journal_check::sign_off(&ctx, &actor)).await?;
    frame::flash(
        &session,
        "Signed off. Outreach goes on with the stops that are known.",
    )?;
    Ok(page::see_other(HOME))
}

/// What is missing, a sentence each.
fn missing(outcome: &Reconciled) -> Vec<String> {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("One {one}.")),
        _ => Some(format!("{count} {many}.")),
    };
    [
        counted(
            outcome.missing_journals,
            "stop journal that the database knows of is gone",
            "stop journals that the database knows of are gone",
        ),
        counted(
            outcome.missing_entries,
            "stop was in the journal and isn\u{2019}t any more",
            "stops were in the journal and aren\u{2019}t any more",
        ),
        counted(
            outcome.damaged_lines,
            "line of the journal can\u{2019}t be read",
            "lines of the journal can\u{2019}t be read",
        ),
        counted(
            outcome.unknown_debtors,
            "stop in the journal is of a debtor whom the database doesn\u{2019}t know",
            "stops in the journal are of debtors whom the database doesn\u{2019}t know",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
