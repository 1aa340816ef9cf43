//! What providers tell us: they prove who they are by a secret of their own.

pub mod email;
pub mod voice;
