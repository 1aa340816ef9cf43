//! The page between a wish and a change that is hard to take back.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::Link;

/// A question, what will happen, and one button; with script it opens as a dialog.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    /// "Revoke this key?"
    pub question: String,
    /// What it is about: "Billing export, ca_7f3k…".
    pub subject: String,
    /// Full sentences, in order.
    pub effects: Vec<String>,
    /// Where the `POST` goes.
    pub action: String,
    /// The verb: "Revoke key".
    pub button: String,
    pub cancel_href: String,
    /// Hidden fields to send along: name and value.
    pub keep: Vec<(String, String)>,
    /// It takes something back or can be taken back: the button is not red.
    pub harmless: bool,
}
