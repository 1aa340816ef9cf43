//! Webhooks: what is sent, to whom, in which order, how often, and how it is proved.

mod delivering;
mod libraries;
mod outbound;
mod pages;
mod scene;
