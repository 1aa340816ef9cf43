//! What runs by itself.

pub mod calls;
