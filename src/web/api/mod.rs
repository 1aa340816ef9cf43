//! The JSON API under `/v1`, spoken by the trade's public client and by programs of one's own.
//!
//! Handlers parse, call an action and answer, as those of the pages do. What stands in
//! [`operations`] is what there is: the routes and `/openapi.json` are made from it.

mod account;
mod alerts;
mod answers;
mod body;
mod body_words;
pub mod caller;
mod consents;
mod create;
mod decisions;
pub mod error;
mod health;
pub mod not_done;
mod once;
mod openapi;
pub mod operations;
mod params;
mod pause;
mod payments;
mod placement_view;
mod placements;
pub mod rate;
mod recall;
mod records;
mod trail;
pub mod voice;
mod voice_words;
mod webhooks;
mod wire;
