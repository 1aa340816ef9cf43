//! A message as it came, reduced to what its writer wrote: HTML to text, without quoted history
//! and signature.

mod html;
mod quoted;

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
