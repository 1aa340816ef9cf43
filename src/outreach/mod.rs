//! The doors to the world, behind small traits. Nothing that collects goes through them without a
//! permit.

pub mod dialer;
pub mod http;
pub mod mailer;
