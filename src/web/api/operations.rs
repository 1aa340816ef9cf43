//! Every operation of the API: its route, who may call it, what it takes and gives.

use actix_web::http::Method;
use actix_web::{Route, web};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{account, health, openapi};
use crate::routes::{Access, KeyAccess};

/// One operation, as the routes and the description need it.
#[derive(Clone)]
pub struct Operation {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub handler: fn() -> Route,
    /// The operation's name in generated clients.
    pub name: &'static str,
    pub summary: &'static str,
    pub params: &'static [Param],
    pub takes: Takes,
    pub gives: Option<MakeSchema>,
    /// The status of success.
    pub status: u16,
    /// Takes an `Idempotency-Key`.
    pub repeatable: bool,
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: ParamKind,
}

#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    Text,
    Number,
    Instant,
}

/// Makes the schema of a type, putting what it refers to among the generator's definitions.
pub type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// The body of a request.
#[derive(Clone, Copy)]
pub enum Takes {
    Nothing,
    Json(MakeSchema),
    /// JSON or no body at all.
    MaybeJson(MakeSchema),
}

const fn schema_of<T: JsonSchema>() -> MakeSchema {
    |generator| generator.subschema_for::<T>()
}

impl Operation {
    fn new(
        method: Method,
        path: &'static str,
        access: Access,
        name: &'static str,
        summary: &'static str,
        handler: fn() -> Route,
    ) -> Self {
        Self {
            method,
            path,
            access,
            handler,
            name,
            summary,
            params: &[],
            takes: Takes::Nothing,
            gives: None,
            status: 200,
            repeatable: false,
        }
    }

    const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes = Takes::Json(schema_of::<T>());
        self
    }

    fn may_take<T: JsonSchema>(mut self) -> Self {
        self.takes = Takes::MaybeJson(schema_of::<T>());
        self
    }

    fn gives<T: JsonSchema>(mut self) -> Self {
        self.gives = Some(schema_of::<T>());
        self
    }

    const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }
}

/// An operation that anyone may call.
fn open(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    Operation::new(Method::GET, path, Access::Public, name, summary, handler)
}

/// An operation that changes nothing.
fn get(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    let access = Access::Key(KeyAccess::Read);
    Operation::new(Method::GET, path, access, name, summary, handler)
}

/// Every operation.
pub fn all() -> Vec<Operation> {
    vec![
        open("/health", "health", "The process answers.", || {
            web::get().to(health::shallow)
        })
        .gives::<health::Health>(),
        open(
            "/health/deep",
            "health_deep",
            "The process and its database answer.",
            || web::get().to(health::deep),
        )
        .gives::<health::Health>(),
        open(
            "/openapi.json",
            "openapi",
            "This description, in OpenAPI 3.1.",
            || web::get().to(openapi::serve),
        ),
        get(
            "/v1/whoami",
            "whoami",
            "The key that asks and the creditor it acts for.",
            || web::get().to(account::whoami),
        )
        .gives::<account::Whoami>(),
        get(
            "/v1/settings",
            "get_settings",
            "The creditor\u{2019}s account.",
            || web::get().to(account::settings),
        )
        .gives::<account::Settings>(),
    ]
}
