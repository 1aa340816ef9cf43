//! Answers as JSON.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::params::Slice;

/// One page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub limit: i64,
    pub offset: i64,
    /// How many there are in all, on this page and the others.
    pub total: i64,
}

impl<T> Page<T> {
    pub fn new(items: Vec<T>, slice: Slice, total: i64) -> Self {
        Self {
            items,
            limit: slice.limit,
            offset: slice.offset,
            total,
        }
    }

    /// A page of a list that was loaded whole.
    pub fn cut(all: Vec<T>, slice: Slice) -> Self {
        let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let items = all
            .into_iter()
            .skip(count(slice.offset))
            .take(count(slice.limit))
            .collect();
        Self::new(items, slice, total)
    }
}

/// 200.
pub fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(body)
}
