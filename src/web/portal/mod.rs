//! The debtor's pages.

pub mod account;
pub mod again;
pub mod allowed;
pub mod code;
pub mod enter;
mod frame;
pub mod leave;
pub mod reach;
pub mod stop;
pub mod stop_without_link;
pub mod unsubscribe;
pub mod visitor;
