//! Settings: keys, one's own security, people and creditors.

pub mod api_keys;
pub mod creditors;
pub mod email_series;
pub mod hand_offs;
pub mod operations;
pub mod people;
pub mod policy;
pub mod security;
pub mod webhooks;

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::domain::access::Capability;
use crate::routes;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::view::part::Tab;
use crate::web::view::settings::{self, SettingsMay};

/// `/settings` leads to the first page that the person may open.
pub async fn index(user: SignedIn) -> HttpResponse {
    page::see_other(if user.can(Capability::Administer) {
        "/people"
    } else if user.can(Capability::ManageApiKeys) {
        "/settings/api-keys"
    } else {
        "/settings/security"
    })
}

/// The tabs for this person, with the one at `current` marked.
pub(super) fn tabs(user: &SignedIn, current: &str) -> Vec<Tab> {
    let mut tabs = settings::tabs(
        current,
        SettingsMay {
            api_keys: user.can(Capability::ManageApiKeys),
            webhooks: user.can(Capability::ManageWebhooks),
            users: user.can(Capability::Administer),
            audit: user.can(Capability::ViewAudit),
        },
    );
    // Nobody is led to a page that isn't there.
    tabs.retain(|tab| routes::access(&Method::GET, &tab.href).is_some());
    tabs
}
