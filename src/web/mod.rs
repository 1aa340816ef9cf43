//! Everything a browser or a program sees: parse, call an action, answer.

pub mod access;
pub mod api;
pub mod assets;
pub mod dashboard;
mod device;
mod error_page;
pub mod errors;
pub mod extractors;
pub mod filters;
pub mod guard;
pub mod health;
pub mod hooks;
pub mod page;
pub mod portal;
mod problem;
pub mod request_id;
pub mod rules;
pub mod session_store;
pub mod shell;
pub mod source;
pub mod view;
mod zones;
