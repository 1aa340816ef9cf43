//! The debtor's portal: the link that leads to it, the code that opens it, what is seen and asked
//! for inside.
//!
//! Proof is kept low on purpose, as low as what lies behind it allows:
//! nobody needs any to have contact stopped; a link and a code sent to the address on file show
//! one account.

pub mod account;
pub mod allow_again;
pub mod codes;
pub mod links;
mod token;
pub mod visits;
pub mod wishes;
