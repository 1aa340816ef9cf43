//! The series of emails of a placement.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Link, Tone, When};

/// The Emails tab.
#[derive(Debug, Clone)]
pub struct EmailsTab {
    pub series: Vec<SeriesCard>,
}

/// One series.
#[derive(Debug, Clone)]
pub struct SeriesCard {
    /// "Running", "Stopped by the debtor".
    pub status: String,
    pub tone: Tone,
    /// Why it does not run, in one sentence.
    pub why: Option<String>,
    pub next: Option<When>,
    pub last_sent: Option<When>,
    pub last_error: Option<String>,
    pub pause_action: Option<String>,
    pub resume_action: Option<String>,
    pub preview_href: Option<String>,
    pub steps: Vec<EmailStepRow>,
}

/// One email of a series.
#[derive(Debug, Clone)]
pub struct EmailStepRow {
    /// From 1.
    pub number: i32,
    /// "Introduction".
    pub what: String,
    /// "5 days after the one before", or empty.
    pub wait: String,
    /// "Sent", "Next".
    pub state: String,
    pub tone: Tone,
    pub at: Option<When>,
}

/// `GET /placements/{id}/emails/{sequence}/preview`.
#[derive(Template)]
#[template(path = "placements/email_preview.html")]
pub struct MailPreviewPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// The language of the text.
    pub lang: &'static str,
    pub text: String,
    pub back_href: String,
}
