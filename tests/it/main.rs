//! One integration binary: the application in this process, on a fresh database for each test,
//! driven through its public routes.

mod api_keys;
mod databases;
mod placing;
mod architecture;
mod durability;
mod every_route;
mod laws;
mod sign_in;
mod support;
