//! What the gate reads of Forbear's `domain`, by the project's own files.

#[path = "../../../src/domain/phone.rs"]
pub mod phone;
#[path = "../../../src/domain/place.rs"]
pub mod place;
#[path = "../../../src/domain/placement.rs"]
pub mod placement;
#[path = "../../../src/domain/text_enum.rs"]
pub mod text_enum;
#[path = "../../../src/domain/time.rs"]
pub mod time;
