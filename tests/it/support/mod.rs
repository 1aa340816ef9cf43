//! The application under test, and the people who use it.

pub mod app;
pub mod builders;
pub mod client;
pub mod database;

pub use app::TestApp;
pub use client::{Answer, Client};
