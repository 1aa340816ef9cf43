//! One integration binary: the application in this process, on a fresh database for each test,
//! driven through its public routes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::arc_with_non_send_sync,
    clippy::type_complexity,
    reason = "a test that meets the unexpected shall stop and say so"
)]

mod alerts;
mod api;
mod api_keys;
mod architecture;
mod audit;
mod browser;
mod call_plan;
mod case_end;
mod command_line;
mod compliance_home;
mod consents;
mod databases;
mod decisions;
mod demo;
mod dnc;
mod dnc_lists;
mod docs;
mod durability;
mod email_series;
mod every_route;
mod flags;
mod idempotency;
mod imports;
mod late_contacts;
mod laws;
mod links;
mod log_contact;
mod log_contact_form;
mod mark_as_paid;
mod next_contact;
mod numbers;
mod operations;
mod pause;
mod people;
mod placement_page;
mod placements_list;
mod placing;
mod planner;
mod policy;
mod portal;
mod postmark;
mod proof;
mod recall;
mod replies;
mod rules;
mod same_person;
mod sequences;
mod settings;
mod sign_in;
mod spoken_words;
mod stop_journal;
mod stops;
mod support;
mod tasks;
mod unknowns;
mod voice_calls;
mod voice_tools;
mod webhooks;
mod workers;
