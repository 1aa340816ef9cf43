//! Webhooks: where a creditor's programs are told, and what was sent there.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{ChipGroup, Fact, Link, Pager, Tab, Tone, When};

/// A word with its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateBadge {
    pub words: String,
    pub tone: Tone,
}

impl StateBadge {
    pub fn words(&self) -> &str {
        &self.words
    }

    pub const fn tone(&self) -> Tone {
        self.tone
    }
}

/// What is typed of an endpoint.
#[derive(Debug, Clone, Default)]
pub struct EndpointForm {
    /// Field `url`.
    pub url: Field,
    /// Field `description`.
    pub description: Field,
    /// Field `which`: `all`, `chosen`.
    pub which: Choices,
    /// Field `events`: any number of them.
    pub events: Choices,
    /// Field `creditor`, for administrators who add one: whose endpoint it is.
    pub creditor: Option<Choices>,
    /// Sent along with a change, so that one to a page that is out of date changes nothing.
    pub version: i64,
}

impl EndpointForm {
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = form::errors(&[&self.url, &self.description, &self.which, &self.events]);
        if let Some(creditor) = &self.creditor {
            errors.extend(form::errors(&[creditor]));
        }
        errors
    }
}

/// `GET /settings/webhooks`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "settings/webhooks.html")]
pub struct EndpointListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<EndpointRow>,
    pub form: EndpointForm,
}

/// One endpoint in the list.
#[derive(Debug, Clone)]
pub struct EndpointRow {
    pub id: String,
    pub url: String,
    pub description: String,
    /// Whose it is, for administrators.
    pub creditor: Option<String>,
    /// "Every event" or "3 events".
    pub events: String,
    pub state: StateBadge,
    pub waiting: u64,
    pub dead: u64,
}

/// A secret that nobody will see again.
#[derive(Debug, Clone)]
pub struct NewSecret {
    pub secret: String,
    /// Until when the one it replaces signs along.
    pub old_valid_until: Option<When>,
}

/// `GET /settings/webhooks/{id}`, and the answer to what was done there.
#[derive(Template)]
#[template(path = "settings/webhook.html")]
pub struct EndpointPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub id: String,
    pub url: String,
    pub state: StateBadge,
    pub enabled: bool,
    /// Why it is disabled, or since when it fails.
    pub trouble: Option<String>,
    pub new_secret: Option<NewSecret>,
    pub facts: Vec<Fact>,
    pub form: EndpointForm,
    /// The last few.
    pub deliveries: Vec<DeliveryRow>,
    pub deliveries_href: String,
}

/// `GET /settings/webhook-deliveries`.
#[derive(Template)]
#[template(path = "settings/webhook_deliveries.html")]
pub struct DeliveryListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// The endpoint whose deliveries these are, if they are of one.
    pub endpoint: Option<Link>,
    pub filters: Vec<ChipGroup>,
    pub rows: Vec<DeliveryRow>,
    pub pager: Pager,
    /// False when nothing was ever sent.
    pub any: bool,
}

/// One message on its way to one endpoint.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    pub id: String,
    pub event: String,
    pub url: String,
    pub when: When,
    pub state: StateBadge,
    /// "2 tries, the next in 5 minutes".
    pub tries: String,
    /// "answered 500".
    pub last: String,
}

/// `GET /settings/webhook-deliveries/{id}`.
#[derive(Template)]
#[template(path = "settings/webhook_delivery.html")]
pub struct DeliveryPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub delivery: DeliveryRow,
    pub facts: Vec<Fact>,
    /// The body, as it was sent or will be.
    pub payload: String,
    /// The last try first.
    pub attempts: Vec<AttemptView>,
    pub may_retry: bool,
    pub may_redeliver: bool,
}

/// One try.
#[derive(Debug, Clone)]
pub struct AttemptView {
    pub number: i32,
    pub when: When,
    pub state: StateBadge,
    /// "142 ms".
    pub took: String,
    /// The request line and the headers that were signed.
    pub request: String,
    /// The head and the beginning of the body; none where no answer came.
    pub answer: Option<String>,
    pub error: Option<String>,
}
