//! The pages of people who sign in.

mod alert_words;
pub mod alerts;
pub mod audit;
mod banners;
mod chart;
pub mod compliance;
mod compliance_card;
mod conflict;
mod consent_words;
pub mod consents;
pub mod contacts;
pub mod debtors;
mod decision_words;
pub mod decisions;
mod desk_tabs;
pub mod dnc;
mod dnc_in_force;
pub mod dnc_lists;
pub mod emails;
mod flag_words;
pub mod flags;
pub mod frame;
mod gate_words;
mod holds;
pub mod imports;
mod list_state;
pub mod mark_as_paid;
mod moments;
mod on_file;
pub mod options;
pub mod overview;
pub mod pause;
pub mod payments;
mod people;
pub mod placement;
mod placement_header;
mod placement_tabs;
pub mod placements;
pub mod placements_export;
pub mod planned_calls;
pub mod portal_links;
pub mod recall;
pub mod receipts;
pub mod replies;
pub mod settings;
pub mod sign_in;
pub mod stop_journal;
pub mod tasks;
mod timeline;
mod timeline_kinds;
mod timeline_marks;
mod timeline_words;
mod typed;
mod words;

use actix_web::HttpResponse;

use super::access::SignedIn;
use super::page;
use crate::domain::access::Role;

/// `/` leads everyone to the page their day begins on.
pub async fn home(user: SignedIn) -> HttpResponse {
    page::see_other(match user.role {
        Role::CreditorAdmin | Role::CreditorMember | Role::Agent => "/placements",
        Role::Supervisor | Role::Compliance => "/compliance",
        Role::Administrator => "/people",
    })
}
