//! A message as it came, reduced to what its writer wrote: HTML to text, without quoted history
//! and signature.

pub mod attachment;
mod cards;
mod html;
pub mod postmark;
mod quoted;
pub mod signals;

pub use cards::without_card_numbers;
pub use html::text_of_html;
pub use quoted::{OwnWords, own_words};

/// The text of a message that came as text, as HTML, or as both. The text is preferred where it
/// says anything.
pub fn body_text(text: &str, html: &str) -> String {
    if text.trim().is_empty() {
        text_of_html(html)
    } else {
        text.to_owned()
    }
}

/// What is to be read of a message: its own words, with the subject before them where the subject
/// is the writer's and not that of the mail that is answered.
pub fn words_to_read(subject: &str, own: &OwnWords) -> String {
    let folded = subject.trim().to_lowercase();
    let is_answer = ["re:", "rv:", "fw:", "fwd:", "aw:", "res:"]
        .iter()
        .any(|mark| folded.starts_with(mark));
    if is_answer || folded.is_empty() {
        own.text.clone()
    } else if own.text.is_empty() {
        subject.trim().to_owned()
    } else {
        format!("{}\n\n{}", subject.trim(), own.text)
    }
}
