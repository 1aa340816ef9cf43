//! The frame around the dashboard's pages, and the message that the last action left.

use actix_session::Session;
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use crate::domain::access::Capability;
use crate::error::{AppError, AppResult};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Flash, NavItem, Person, Section, Shell};

/// The name in the session's state under which the message stands until it is shown.
const FLASH: &str = "flash";

/// What an action leaves for the next page.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    message: String,
    warning: bool,
}

/// Leaves a message of success for the next page.
pub fn flash(session: &Session, message: &str) -> AppResult<()> {
    leave(session, message, false)
}

/// Leaves a message that something wasn't as expected.
pub fn flash_warning(session: &Session, message: &str) -> AppResult<()> {
    leave(session, message, true)
}

fn leave(session: &Session, message: &str, warning: bool) -> AppResult<()> {
    let note = Note {
        message: message.to_owned(),
        warning,
    };
    session.insert(FLASH, note).map_err(AppError::internal)
}

/// The frame of a page for `user`, with the message of the last action, which is then gone.
pub fn shell(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    title: &str,
    current: Option<Section>,
) -> Shell {
    Shell {
        title: title.to_owned(),
        nonce: page::nonce(req),
        person: Person {
            name: user.name.clone(),
            role: user.role.label().to_owned(),
            organisation: user.creditor_name.clone(),
        },
        nav: NavItem::list(&sections(user), current),
        open_alerts: user.open_alerts,
        flash: take_flash(session),
        ribbon: None,
    }
}

/// The message that the last action left, which is then gone.
fn take_flash(session: &Session) -> Option<Flash> {
    // Removing marks the session as changed even where there is nothing to remove, and a changed
    // session is written: every page would be a write that reaches the disk.
    if !session.contains_key(FLASH) {
        return None;
    }
    let note = session.remove_as::<Note>(FLASH)?.ok()?;
    Some(if note.warning {
        Flash::warning(note.message)
    } else {
        Flash::success(note.message)
    })
}

/// The sections a person may open.
fn sections(user: &SignedIn) -> Vec<Section> {
    Section::ALL
        .into_iter()
        .filter(|section| {
            let needs = match section {
                Section::Overview | Section::Placements | Section::Debtors | Section::Payments => {
                    Capability::ViewPlacements
                }
                Section::Compliance => Capability::ViewCompliance,
                Section::Imports => Capability::Import,
                Section::Settings => Capability::OwnAccount,
            };
            user.can(needs)
        })
        .collect()
}
