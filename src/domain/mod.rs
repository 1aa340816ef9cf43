//! The nouns of the trade, as plain values: no database, no network, no clock.

pub mod email;
pub mod id;
pub mod money;
pub mod phone;
pub mod place;
pub mod time;
