//! Requests to other people's servers: one connection for one request, to an address that was
//! checked, within limits of time and size, and never on to where a redirect points.
//!
//! No proxy is taken from the environment: it would connect to what we have not checked.

mod resolve;
mod send;
mod trust;

pub use resolve::{Resolve, SystemResolver};
pub use send::Outbound;
pub use trust::{TrustError, system_trust, trust_in};

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::domain::webhook::address::AddressRules;

/// What may be connected to.
#[derive(Debug, Clone)]
pub enum Reach {
    /// An address that a customer typed: the public internet alone, as the rules say.
    Customers(Arc<AddressRules>),
    /// An address from the settings of whoever runs the program: anything.
    Operators,
}

impl Reach {
    fn admits(&self, url: &Url, ip: IpAddr) -> bool {
        match self {
            Self::Customers(rules) => rules.admits(url, ip),
            Self::Operators => true,
        }
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub reach: Reach,
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// How long a request may take and how much of an answer is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the name, the connection and TLS.
    pub connect: Duration,
    /// For everything, the answer's body included.
    pub total: Duration,
    /// Bytes of the body that are read; the rest is left.
    pub body: usize,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, as they came.
    pub headers: Vec<(String, String)>,
    /// As much as the limits let through.
    pub body: Vec<u8>,
    /// There was more, or it did not end in time.
    pub cut: bool,
}

impl Answer {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why no answer came. The words are for whoever looks after the address.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("the address can\u{2019}t be used: {0}")]
    Address(String),
    #[error("the address leads to {0}, which is not on the public internet; nothing was sent")]
    NotPublic(IpAddr),
    #[error("the name could not be resolved: {0}")]
    Resolve(io::Error),
    #[error("no connection: {0}")]
    Connect(io::Error),
    #[error("no connection within {} seconds", .0.as_secs())]
    SlowConnect(Duration),
    #[error("TLS failed: {0}")]
    Tls(io::Error),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("no answer within {} seconds", .0.as_secs())]
    Timeout(Duration),
    #[error("the answer is not HTTP: {0}")]
    Protocol(String),
}

impl HttpError {
    /// Nothing of the request can have reached the other side.
    pub const fn is_before_sending(&self) -> bool {
        match self {
            Self::Address(_)
            | Self::NotPublic(_)
            | Self::Resolve(_)
            | Self::Connect(_)
            | Self::SlowConnect(_)
            | Self::Tls(_)
            | Self::Trust(_) => true,
            Self::Timeout(_) | Self::Protocol(_) => false,
        }
    }
}

/// The door: whoever sends requests takes one of these, so that a test can stand in for it.
pub trait Http: Send + Sync {
    fn send<'a>(
        &'a self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, HttpError>> + Send + 'a>>;
}
