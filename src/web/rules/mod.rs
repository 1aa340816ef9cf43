//! The public pages of the law as the gate knows it, generated from the active policy: what each
//! rule says, which numbers it reads, where they come from and who reviewed them.

mod catalogue;
mod families;
mod recording_consent;
mod show;
pub mod values;

pub use catalogue::list;
pub use recording_consent::recording_consent;
pub use show::show;

use actix_session::SessionExt;
use actix_web::HttpRequest;

use crate::gate::Policy;
use crate::gate::policy::PolicyEntry;
use crate::web::page;
use crate::web::session_store::USER;
use crate::web::shell::PlainShell;
use crate::web::view::part::Fact;

fn shell(req: &HttpRequest, title: &str) -> PlainShell {
    PlainShell {
        title: title.to_owned(),
        nonce: page::nonce(req),
        // No answer is kept by a cache, so this one is seen by nobody else.
        is_signed_in: matches!(req.get_session().get::<String>(USER), Ok(Some(_))),
    }
}

/// Whose word stands behind these entries.
fn review<'a>(policy: &Policy, entries: impl Iterator<Item = &'a PolicyEntry>) -> Vec<Fact> {
    let (mut all, mut reviewed, mut by_counsel) = (0_usize, 0_usize, 0_usize);
    let mut latest = None;
    for entry in entries {
        all += 1;
        reviewed += usize::from(entry.reviewed_at.is_some());
        by_counsel += usize::from(entry.counsel_reviewed_at.is_some());
        latest = latest.max(entry.reviewed_at);
    }
    let mut facts = vec![Fact::new("Policy version", policy.version().to_string())];
    if all > 0 {
        facts.push(Fact::new(
            "Reviewed",
            latest.map_or_else(
                || "Not yet".to_owned(),
                |day| {
                    format!(
                        "{reviewed} of {all} values, the last on {}",
                        day.format("%-d %b %Y")
                    )
                },
            ),
        ));
        facts.push(Fact::new(
            "Reviewed by counsel",
            if by_counsel == 0 {
                "Not yet".to_owned()
            } else {
                format!("{by_counsel} of {all} values")
            },
        ));
    }
    facts
}

/// With its first letter large.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
