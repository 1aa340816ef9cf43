//! The doors to the world, behind small traits. Nothing goes through them without a permit.

pub mod dialer;
