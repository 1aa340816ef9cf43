//! Bodies of requests, as JSON.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{Error, FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use super::body_words;
use super::error::{ApiError, Place, Wrong};
use crate::domain::hash::sha256_hex;
use crate::web::extractors::LARGEST_BODY;

/// A body as it came, which must be JSON if there is one.
#[derive(Debug)]
pub struct Body {
    bytes: web::Bytes,
    is_json: bool,
}

impl Body {
    /// SHA-256 of the bytes, for telling a repeated request from another one.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }

    /// The value. 415 if it isn't declared as JSON, 400 if it isn't JSON, 422 with a pointer to
    /// the member if it doesn't fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        if !self.is_json {
            return Err(ApiError::not_json());
        }
        let mut text = serde_json::Deserializer::from_slice(&self.bytes);
        let value = serde_path_to_error::deserialize(&mut text).map_err(|error| {
            let pointer = pointer(error.path());
            describe(error.into_inner(), pointer)
        })?;
        text.end().map_err(|error| describe(error, String::new()))?;
        Ok(value)
    }

    /// The value, or the one without anything where there is no body.
    pub fn read_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.bytes.is_empty() {
            Ok(T::default())
        } else {
            self.read()
        }
    }
}

impl FromRequest for Body {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = req
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(is_json);
        let bytes = web::Bytes::from_request(req, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| {
                if error.as_response_error().status_code()
                    == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE
                {
                    ApiError::too_large(LARGEST_BODY).into()
                } else {
                    error
                }
            })?;
            Ok(Self { bytes, is_json })
        })
    }
}

/// `application/json` with or without parameters, and its kin such as `application/merge+json`.
fn is_json(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn describe(error: serde_json::Error, pointer: String) -> ApiError {
    let text = error.to_string();
    // The position is of use to nobody once the member is named.
    let (message, position) = text.split_once(" at line ").unwrap_or((&text, ""));
    if error.is_data() {
        let pointer = match body_words::missing(message) {
            Some(member) => format!("{pointer}/{}", escaped(member)),
            None => pointer,
        };
        ApiError::invalid(vec![Wrong {
            place: Place::Pointer(pointer),
            message: body_words::plain(message),
        }])
    } else if error.is_eof() {
        ApiError::bad_request("The body isn\u{2019}t JSON: it ends before it is complete.")
    } else {
        ApiError::bad_request(format!(
            "The body isn\u{2019}t JSON: {message}, line {position}."
        ))
    }
}

/// A JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// A member's name as a step of a pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Cents;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq, Eq)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        amount: Cents,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, PartialEq, Eq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        name: String,
    }

    fn body(text: &str) -> Body {
        Body {
            bytes: web::Bytes::copy_from_slice(text.as_bytes()),
            is_json: true,
        }
    }

    #[test]
    fn money_is_read_whether_it_comes_as_text_or_as_a_number() {
        for text in [r#"{"amount":12.34}"#, r#"{"amount":"12.34"}"#] {
            let read: Outer = body(text).read().unwrap();
            assert_eq!(read.amount, Cents::new(1_234), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_a_pointer() {
        for (text, expected) in [
            (r#"{"amount":0.001}"#, "/amount"),
            (r#"{"amount":"NaN"}"#, "/amount"),
            (r#"{"amount":1e9}"#, "/amount"),
            (
                r#"{"amount":"1","inner":[{"name":"a"},{"name":5}]}"#,
                "/inner/1/name",
            ),
            (r#"{"amount":"1","amuont":2}"#, "/amuont"),
            (r#"{}"#, "/amount"),
            ("[]", ""),
        ] {
            let error = body(text).read::<Outer>().unwrap_err();
            assert_eq!(error.status.as_u16(), 422, "{text}: {error}");
            let Some(Wrong {
                place: Place::Pointer(pointer),
                ..
            }) = error.errors.first()
            else {
                panic!("{text}: {error:?}");
            };
            assert_eq!(pointer, expected, "{text}: {error}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_as_such() {
        for text in ["", "{", "{\"amount\":1}}", "amount=1", "\u{feff}{}"] {
            let error = body(text).read::<Outer>().unwrap_err();
            assert_eq!(error.status.as_u16(), 400, "{text:?}: {error}");
        }
        let mut form = body("{}");
        form.is_json = false;
        assert_eq!(form.read::<Outer>().unwrap_err().status.as_u16(), 415);
    }

    #[test]
    fn an_empty_body_is_the_default_only_where_one_is_allowed() {
        assert_eq!(body("").read_or_default(), Ok(Outer::default()));
        assert!(body(" ").read_or_default::<Outer>().is_err());
    }

    #[test]
    fn json_and_its_kin_are_recognised() {
        for yes in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/x+json",
        ] {
            assert!(is_json(yes), "{yes}");
        }
        for no in [
            "",
            "text/json",
            "application/x-www-form-urlencoded",
            "text/plain+json",
        ] {
            assert!(!is_json(no), "{no}");
        }
    }
}
