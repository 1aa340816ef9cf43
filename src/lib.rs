//! Forbear: the collections dashboard that cannot break the law by accident.

pub mod db;
pub mod domain;
