//! The form of an endpoint: read, and drawn with what was typed.

use crate::actions::webhooks::EndpointInput;
use crate::domain::id::CreditorId;
use crate::domain::text_enum::TextEnum;
use crate::domain::webhook::events::{OFFERED, Wanted};
use crate::error::FieldErrors;
use crate::store::webhook_endpoints::Endpoint;
use crate::web::view::form::{Choice, Choices, Field};
use crate::web::view::webhook::EndpointForm;

/// What was typed.
#[derive(Debug, Clone)]
pub struct Submitted {
    pub url: String,
    pub description: String,
    /// `all` or `chosen`.
    pub which: String,
    pub events: Vec<String>,
    pub creditor: String,
    pub version: i64,
}

impl Default for Submitted {
    fn default() -> Self {
        Self {
            url: String::new(),
            description: String::new(),
            which: "all".to_owned(),
            events: Vec::new(),
            creditor: String::new(),
            version: 0,
        }
    }
}

impl Submitted {
    /// From the fields of a form, in which `events` may stand any number of times.
    pub fn read(fields: Vec<(String, String)>) -> Self {
        let mut form = Self {
            which: "chosen".to_owned(),
            ..Self::default()
        };
        for (name, value) in fields {
            match name.as_str() {
                "url" => form.url = value,
                "description" => form.description = value,
                "which" => form.which = value,
                "events" => form.events.push(value),
                "creditor" => form.creditor = value,
                "version" => form.version = value.parse().unwrap_or(0),
                _ => {}
            }
        }
        form
    }

    /// What stands on file.
    pub fn of(endpoint: &Endpoint) -> Self {
        let (which, events) = match endpoint.wanted() {
            Wanted::Everything => ("all", Vec::new()),
            Wanted::Only(kinds) => (
                "chosen",
                kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            ),
        };
        Self {
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            which: which.to_owned(),
            events,
            creditor: String::new(),
            version: endpoint.version,
        }
    }

    pub fn input(&self) -> EndpointInput {
        EndpointInput {
            url: self.url.clone(),
            description: self.description.clone(),
            wanted: if self.which == "all" {
                Some(Wanted::Everything)
            } else {
                Wanted::of_words(self.events.iter().map(String::as_str))
            },
        }
    }
}

/// The form with what was typed and what was wrong with it.
pub fn draw(
    form: &Submitted,
    creditors: Option<&[(CreditorId, String)]>,
    errors: &FieldErrors,
) -> EndpointForm {
    let error = |field: &str| errors.of(field).map(str::to_owned);
    let mut url = Field::new("url", form.url.clone());
    url.error = error("url");
    let mut description = Field::new("description", form.description.clone());
    description.error = error("description");
    let which = Choices::new(
        "which",
        [
            ("all", "Every event, also those that Forbear learns later"),
            ("chosen", "Only the events chosen below"),
        ],
        &form.which,
    );
    let events = Choices {
        name: "events".to_owned(),
        options: OFFERED
            .iter()
            .map(|offered| Choice {
                value: offered.kind.as_str().to_owned(),
                label: offered.kind.as_str().to_owned(),
                hint: offered.about.to_owned(),
                chosen: form.events.iter().any(|word| word == offered.kind.as_str()),
            })
            .collect(),
        error: error("events"),
    };
    let creditor = creditors.map(|known| {
        let options = known.iter().map(|(id, name)| (id.as_str(), name.as_str()));
        let mut choices = Choices::new("creditor", options, &form.creditor);
        choices.error = error("creditor");
        choices
    });
    EndpointForm {
        url,
        description,
        which,
        events,
        creditor,
        version: form.version,
    }
}
