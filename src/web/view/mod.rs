//! What the templates see: plain words, flags and a few enums, one file a noun. A handler fills a
//! view and renders it; a view knows no row of the database and asks nobody.

pub mod badge;
pub mod compliance_card;
pub mod form;
pub mod mark_as_paid;
pub mod part;
pub mod placement;
pub mod placement_list;
pub mod placement_tabs;
pub mod portal;
pub mod recall;
pub mod session;
pub mod timeline;

#[cfg(test)]
mod samples;
