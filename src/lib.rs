//! Forbear: the collections dashboard that cannot break the law by accident.

pub mod actions;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod gate;
pub mod intake;
pub mod keys;
pub mod outreach;
pub mod passwords;
pub mod policies;
pub mod routes;
pub mod start;
pub mod store;
pub mod web;
pub mod worker;
