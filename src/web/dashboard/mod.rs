//! The pages of people who sign in.

mod alert_words;
pub mod alerts;
pub mod contacts;
mod decision_words;
mod desk_tabs;
pub mod frame;
mod gate_words;
mod people;
pub mod sign_in;
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
        Role::Administrator => "/settings",
    })
}
