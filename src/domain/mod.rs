//! The nouns of the trade, as plain values: no database, no network, no clock.

pub mod access;
pub mod actor;
pub mod agency;
pub mod api_key;
pub mod audit_chain;
pub mod audit_verify;
pub mod checkpoint;
pub mod email;
pub mod event;
pub mod hash;
pub mod id;
pub mod import;
pub mod language;
pub mod money;
pub mod outcome_score;
pub mod payment;
pub mod phone;
pub mod phone_block;
pub mod place;
pub mod placement;
pub mod search;
pub mod stop;
pub mod text;
pub mod text_enum;
pub mod time;
