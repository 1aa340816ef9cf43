//! What runs by itself.

pub mod calls;
pub mod mail;
