//! The nouns of the trade, as plain values: no database, no network, no clock.

pub mod id;
pub mod money;
pub mod phone;
pub mod time;
