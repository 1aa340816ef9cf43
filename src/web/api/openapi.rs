//! `/openapi.json`: what the API takes and gives, made from the table of operations and the types
//! that the handlers read and write.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operations::{self, Operation, Param, ParamKind, Takes};
use crate::routes::{Access, KeyAccess};

/// The description, made once.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(DOCUMENT.as_str())
}

/// OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
pub fn document() -> Value {
    // What a type takes and what it gives may differ: money is taken as a number, too.
    let mut takes = generator(true);
    let mut gives = generator(false);
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations::all() {
        let described = describe(&operation, &mut takes, &mut gives);
        let path = paths
            .entry(operation.path)
            .or_insert_with(|| Value::Object(Map::new()));
        path[operation.method.as_str().to_lowercase()] = described;
    }
    let mut schemas = takes.take_definitions(true);
    schemas.extend(gives.take_definitions(true));
    schemas.insert("Problem".to_owned(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Forbear",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0"},
            "description": "Places accounts for collection, follows and stops them, and asks \
                            whether a contact would be lawful.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A key of Settings, API keys."},
            },
        },
    })
}

fn generator(takes: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let settings = if takes {
        settings.for_deserialize()
    } else {
        settings.for_serialize()
    };
    settings.into_generator()
}

fn describe(
    operation: &Operation,
    takes: &mut SchemaGenerator,
    gives: &mut SchemaGenerator,
) -> Value {
    let mut parameters: Vec<Value> = path_parameters(operation.path).collect();
    parameters.extend(operation.params.iter().map(query_parameter));
    let mut errors = vec![];
    let mut described = json!({
        "operationId": operation.name,
        "summary": operation.summary,
    });
    if let Access::Key(needs) = operation.access {
        described["security"] = json!([{"key": []}]);
        errors.extend([401, 429]);
        parameters.push(json!({
            "name": "X-MC-Creditor", "in": "header", "required": false,
            "description": "For staff keys: the creditor acted for, by id or name.",
            "schema": {"type": "string"},
        }));
        match needs {
            KeyAccess::Read => {}
            KeyAccess::Write => errors.extend([403, 409, 413, 415, 422]),
        }
    }
    if operation.path.contains('{') {
        errors.push(404);
    }
    if !operation.params.is_empty() {
        errors.push(422);
    }
    if operation.repeatable {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key and body are given the first answer again, for thirty days.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }));
    }
    if !parameters.is_empty() {
        described["parameters"] = Value::Array(parameters);
    }
    let body = match operation.takes {
        Takes::Nothing => None,
        Takes::Json(schema) => Some((schema, true)),
        Takes::MaybeJson(schema) => Some((schema, false)),
    };
    if let Some((schema, required)) = body {
        described["requestBody"] = json!({
            "required": required,
            "content": {"application/json": {"schema": schema(takes)}},
        });
    }
    described["responses"] = responses(operation, gives, &errors);
    described
}

fn responses(operation: &Operation, gives: &mut SchemaGenerator, errors: &[u16]) -> Value {
    let mut responses = Map::new();
    let content = match operation.gives {
        Some(schema) => json!({"application/json": {"schema": schema(gives)}}),
        None => json!({"application/json": {}}),
    };
    responses.insert(
        operation.status.to_string(),
        json!({"description": "Done.", "content": content}),
    );
    for status in errors {
        responses.insert(
            status.to_string(),
            json!({
                "description": reason(*status),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }),
        );
    }
    Value::Object(responses)
}

fn reason(status: u16) -> &'static str {
    match status {
        401 => "No key, or one that opens nothing.",
        403 => "The key does not allow this.",
        404 => "There is no such thing, or it belongs to another creditor.",
        409 => "The request does not go with what is true now.",
        413 => "The body is too large.",
        415 => "The body is not JSON.",
        422 => "Something in the request does not fit; errors says what.",
        _ => "Too many requests; Retry-After says when to ask again.",
    }
}

/// The names in braces. All are ids.
fn path_parameters(path: &'static str) -> impl Iterator<Item = Value> {
    path.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(json!({
            "name": name, "in": "path", "required": true,
            "schema": {"type": "string", "format": "uuid"},
        }))
    })
}

fn query_parameter(param: &Param) -> Value {
    let schema = match param.kind {
        ParamKind::Text => json!({"type": "string"}),
        ParamKind::Number => json!({"type": "integer", "minimum": 0}),
        ParamKind::Instant => json!({"type": "string", "format": "date-time"}),
    };
    json!({
        "name": param.name, "in": "query", "required": false,
        "description": param.about, "schema": schema,
    })
}

/// RFC 9457 with our members.
fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance", "code", "request_id", "error"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "description": "The path that was asked for."},
            "code": {"type": "string", "description": "A word to branch on."},
            "request_id": {"type": "string", "description": "To quote when asking for help."},
            "error": {"type": "object", "properties": {"code": {"type": "string"}}},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "pointer": {"type": "string", "description": "Into the body (RFC 6901)."},
                        "parameter": {"type": "string"},
                        "header": {"type": "string"},
                        "message": {"type": "string"},
                    },
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::Method;

    /// Everything a schema refers to.
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    found.push(target.clone());
                }
                members.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut names: Vec<_> = operations::all().iter().map(|o| o.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn what_changes_something_needs_a_key_that_may() {
        for operation in operations::all() {
            if operation.method != Method::GET && operation.name != "check_contact" {
                assert_eq!(
                    operation.access,
                    Access::Key(KeyAccess::Write),
                    "{}",
                    operation.name
                );
                // Tools are done once for each call and use, which their body names.
                let is_tool = operation.path.starts_with("/v1/voice/tools/");
                assert!(operation.repeatable || is_tool, "{}", operation.name);
            }
        }
    }
}
