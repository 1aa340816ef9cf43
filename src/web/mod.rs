//! Everything a browser sees.

pub mod assets;
pub mod filters;
pub mod shell;
pub mod view;
