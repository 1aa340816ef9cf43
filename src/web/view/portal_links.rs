//! The links into the portal that staff make and revoke.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Link, When};

/// `GET /placements/{id}/portal-links`, and what making one answers.
#[derive(Template)]
#[template(path = "placements/portal_links.html")]
pub struct PortalLinksPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub invoice: String,
    /// Where a new one is asked for.
    pub action: String,
    /// The address of the link just made; shown this once.
    pub fresh: Option<String>,
    pub rows: Vec<PortalLinkRow>,
}

/// One link.
#[derive(Debug, Clone)]
pub struct PortalLinkRow {
    pub created: When,
    pub expires: When,
    pub last_used: Option<When>,
    pub revoked: Option<When>,
    pub expired: bool,
    /// Where it is revoked, while it is good.
    pub revoke_href: Option<String>,
}
