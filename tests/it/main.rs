//! One integration binary: the application in this process, on a fresh database for each test,
//! driven through its public routes.

mod alerts;
mod api_keys;
mod architecture;
mod databases;
mod docs;
mod durability;
mod every_route;
mod imports;
mod laws;
mod log_contact;
mod placing;
mod sign_in;
mod stops;
mod support;
