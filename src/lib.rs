//! Forbear: the collections dashboard that cannot break the law by accident.

pub mod domain;
pub mod gate;
