//! The application under test, and the people who use it.

pub mod app;
pub mod builders;
pub mod chain;
pub mod client;
pub mod command;
pub mod database;
pub mod line;
pub mod mail_sink;
pub mod page;
pub mod process;
mod programs;
pub mod receiver;
pub mod skip;

pub use app::TestApp;
pub use client::{Answer, Client};
