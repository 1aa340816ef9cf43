//! What debtors wrote, and what a person makes of it.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Chip, Fact, Link, Pager, Tab, Tone, When};

/// `GET /replies`.
#[derive(Template)]
#[template(path = "replies/list.html")]
pub struct ReplyListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub chips: Vec<Chip>,
    pub rows: Vec<ReplyRow>,
    pub pager: Pager,
    /// The list shows what waits for a decision.
    pub waiting: bool,
}

/// One message in the list.
#[derive(Debug, Clone)]
pub struct ReplyRow {
    pub href: String,
    /// The first words of the message.
    pub words: String,
    pub from: String,
    /// "Dispute, proof", or what else is known.
    pub found: String,
    pub debtor: String,
    pub when: When,
    pub status: String,
    pub tone: Tone,
}

/// `GET /replies/{id}`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "replies/show.html")]
pub struct ReplyPage {
    pub shell: Shell,
    pub subject: String,
    pub status: String,
    pub tone: Tone,
    /// Paragraphs of the writer's own words.
    pub own_words: Vec<String>,
    /// The whole text as it came, where there is more.
    pub whole: Option<String>,
    pub signals: Vec<Fact>,
    /// Phrases found: the words, what they mean, and how sure.
    pub found: Vec<(String, String, String)>,
    pub attachments: Vec<String>,
    /// The accounts that wait.
    pub held: Vec<Link>,
    pub action: String,
    pub version: i64,
    /// None once it is decided or for who may not decide.
    pub choice: Option<Choices>,
    pub note: Field,
    /// What was decided, by whom.
    pub decided: Option<String>,
}

impl ReplyPage {
    pub fn errors(&self) -> Vec<FieldError> {
        match &self.choice {
            Some(choice) => form::errors(&[choice, &self.note]),
            None => Vec::new(),
        }
    }
}
