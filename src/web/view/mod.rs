//! What the templates see: plain words, flags and a few enums, one file a noun. A handler fills a
//! view and renders it; a view knows no row of the database and asks nobody.

pub mod after_stop;
pub mod alert;
pub mod audit;
pub mod badge;
pub mod compliance;
pub mod compliance_card;
pub mod confirm;
pub mod consent;
pub mod contact;
pub mod creditor;
pub mod debtor;
pub mod decision;
pub mod dnc;
pub mod dnc_lists;
pub mod email_series;
pub mod emails;
pub mod flag;
pub mod form;
pub mod import;
pub mod mark_as_paid;
pub mod operations;
pub mod overview;
pub mod part;
pub mod pause;
pub mod payment;
pub mod placement;
pub mod placement_list;
pub mod placement_tabs;
pub mod planned_call;
pub mod policy;
pub mod portal;
pub mod portal_links;
pub mod portal_words;
pub mod recall;
pub mod reply;
pub mod rule;
pub mod session;
pub mod settings;
pub mod task;
pub mod timeline;
pub mod unsubscribe;
pub mod user;
pub mod webhook;

#[cfg(test)]
mod samples;
