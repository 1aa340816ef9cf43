//! What the link in an email leads to.

use askama::Template;

use crate::domain::language::Language;
use crate::web::shell::PortalShell;

/// The page's texts in one language.
pub struct UnsubscribeWords {
    pub title: &'static str,
    pub question: &'static str,
    pub lede: &'static str,
    pub button: &'static str,
    pub done: &'static str,
    pub done_lede: &'static str,
    pub everything: &'static str,
}

pub const fn words(language: Language) -> &'static UnsubscribeWords {
    match language {
        Language::English => &UnsubscribeWords {
            title: "Stop emails",
            question: "Stop our emails?",
            lede: "We will send you no more emails. Other ways of contact stay as they are.",
            button: "Stop the emails",
            done: "We will send you no more emails",
            done_lede: "This holds from now on. You have nothing more to do.",
            everything: "Stop calls and everything else as well",
        },
        Language::Spanish => &UnsubscribeWords {
            title: "No recibir correos",
            question: "\u{bf}No recibir m\u{e1}s correos?",
            lede: "No le enviaremos m\u{e1}s correos. Las otras formas de contacto no cambian.",
            button: "No recibir m\u{e1}s correos",
            done: "No le enviaremos m\u{e1}s correos",
            done_lede: "Vale desde ahora. No tiene que hacer nada m\u{e1}s.",
            everything: "Detener tambi\u{e9}n las llamadas y todo lo dem\u{e1}s",
        },
    }
}

/// `GET /u/{token}`, and what a `POST` there is answered with.
#[derive(Template)]
#[template(path = "portal/unsubscribe.html")]
pub struct UnsubscribePage {
    pub shell: PortalShell,
    pub words: &'static UnsubscribeWords,
    /// Where the form goes; none once it is done.
    pub action: Option<String>,
}
