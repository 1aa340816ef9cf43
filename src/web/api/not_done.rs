//! What the trade's public client can ask for and Forbear doesn't do: 501 and a plain sentence,
//! never a made-up success.

use actix_web::http::Method;
use actix_web::{HttpRequest, Route, web};

use super::error::ApiError;
use crate::error::AppError;

/// One thing not done.
pub struct NotDone {
    pub method: Method,
    pub path: &'static str,
    pub handler: fn() -> Route,
    why: &'static str,
}

const PARTNER: &str = "There are no partner accounts. A staff key acts for each creditor that it \
                       names in X-MC-Creditor.";
const DOCUMENTS: &str = "Documents and evidence are not kept here yet.";
const RECOVERY: &str = "There is no recovery workspace here.";
const INTAKE: &str = "Files are taken in on the Imports page. The API takes one placement at a \
                      time, at POST /v1/placements.";
const REPORTS: &str = "Reports and exports are not offered through the API yet.";
const STATEMENTS: &str = "Remittances and statements are not kept here yet.";
const DISPUTES: &str = "Disputes are worked on the dashboard, not through the API yet.";
const CHANGES: &str = "This change is not offered through the API yet.";
const SETTLEMENT: &str = "Settlements are not offered: a debt is collected in full or recalled.";
const BANK: &str = "Bank accounts, agreements and verification are dealt with outside Forbear.";
const NOTICES: &str = "Who is told of what is not set through the API yet.";
const WEBHOOKS: &str = "Webhooks are not set through the API yet.";
const QUICKBOOKS: &str = "QuickBooks is not connected to Forbear.";
const ENRICHMENT: &str = "Forbear does not look for contact details: it uses what the creditor \
                          placed.";

/// Every one, in the order in which their routes are tried: fixed words before names.
pub const PATHS: &[NotDone] = &[
    // Placements.
    post("/v1/placements/{id}/unrecall", CHANGES),
    post("/v1/placements/{id}/pause", CHANGES),
    post("/v1/placements/{id}/resume", CHANGES),
    post("/v1/placements/{id}/posture", CHANGES),
    post("/v1/placements/{id}/amend", CHANGES),
    patch("/v1/placements/{id}/debtor", CHANGES),
    put("/v1/placements/{id}/contacts", CHANGES),
    delete("/v1/placements/{id}/outreach-contacts", CHANGES),
    get("/v1/placements/{id}/contact-candidates", ENRICHMENT),
    post("/v1/placements/{id}/enrichment/refresh", ENRICHMENT),
    patch("/v1/placements/{id}/settlement-floor", SETTLEMENT),
    get("/v1/placements/{id}/remittance", STATEMENTS),
    get("/v1/debtors", CHANGES),
    // Disputes.
    get("/v1/placements/{id}/dispute", DISPUTES),
    post("/v1/placements/{id}/dispute/acknowledge", DISPUTES),
    get("/v1/disputes", DISPUTES),
    get("/v1/disputes/{id}/evidence", DISPUTES),
    post("/v1/disputes/{id}/resolve", DISPUTES),
    // Documents and evidence.
    get("/v1/placements/{id}/documents", DOCUMENTS),
    post("/v1/placements/{id}/documents", DOCUMENTS),
    get("/v1/placements/{id}/evidence", DOCUMENTS),
    get("/v1/placements/{id}/evidence/history", DOCUMENTS),
    get("/v1/placements/{id}/context", DOCUMENTS),
    post("/v1/placements/{id}/context/rebuild", DOCUMENTS),
    get("/v1/placements/{id}/improve", DOCUMENTS),
    post("/v1/placements/{id}/upload-link", DOCUMENTS),
    get("/v1/improve", DOCUMENTS),
    post("/v1/documents/batch", DOCUMENTS),
    get("/v1/documents", DOCUMENTS),
    post("/v1/documents", DOCUMENTS),
    get("/v1/documents/{id}", DOCUMENTS),
    post("/v1/documents/{id}/process", DOCUMENTS),
    post("/v1/documents/{id}/debtor-sharing", DOCUMENTS),
    post("/v1/documents/{id}/matches/{match}/confirm", DOCUMENTS),
    post("/v1/documents/{id}/matches/{match}/reject", DOCUMENTS),
    get("/v1/evidence/rubric", DOCUMENTS),
    get("/v1/evidence/summary", DOCUMENTS),
    get("/v1/evidence/requests", DOCUMENTS),
    get("/v1/evidence/requests/{id}", DOCUMENTS),
    // Money.
    get("/v1/payments/{id}/attempts", BANK),
    get("/v1/creditors/me/remittances", STATEMENTS),
    get("/v1/statements", STATEMENTS),
    get("/v1/statements/{id}/download", STATEMENTS),
    get("/v1/statements/{id}/lines", STATEMENTS),
    get("/v1/analytics/{metric}", REPORTS),
    get("/v1/exports", REPORTS),
    post("/v1/exports", REPORTS),
    get("/v1/exports/{id}", REPORTS),
    // Intake.
    post("/v1/intake/csv/preview", INTAKE),
    post("/v1/intake/csv/commit", INTAKE),
    post("/v1/intake/structured", INTAKE),
    get("/v1/intake/webhook", INTAKE),
    post("/v1/intake/webhook/rotate-secret", INTAKE),
    get("/v1/intake/addresses", INTAKE),
    post("/v1/intake/addresses", INTAKE),
    patch("/v1/intake/addresses/{id}", INTAKE),
    delete("/v1/intake/addresses/{id}", INTAKE),
    post("/v1/intake/addresses/{id}/verify", INTAKE),
    get("/v1/intake/drafts", INTAKE),
    post("/v1/intake/drafts/{id}/resolve", INTAKE),
    post("/v1/intake/file", INTAKE),
    post("/v1/intake/file/{id}/confirm", INTAKE),
    get("/v1/intake/file/{id}/download_url", INTAKE),
    get("/v1/intake/identity-reviews", INTAKE),
    post("/v1/intake/identity-reviews/{id}/resolve", INTAKE),
    // The account.
    patch("/v1/settings", CHANGES),
    get("/v1/settings/settlement", SETTLEMENT),
    put("/v1/settings/settlement", SETTLEMENT),
    delete("/v1/settings/settlement", SETTLEMENT),
    get("/v1/settings/payout-destination", BANK),
    get("/v1/settings/agent-skills.zip", REPORTS),
    get("/v1/settings/webhook-events", WEBHOOKS),
    get("/v1/settings/webhook-deliveries", WEBHOOKS),
    post("/v1/settings/webhook-deliveries/test", WEBHOOKS),
    post("/v1/settings/webhook-deliveries/{id}/redeliver", WEBHOOKS),
    get("/v1/creditors/me/setup", BANK),
    patch("/v1/creditors/me/setup", BANK),
    get("/v1/creditors/me/notification-settings", NOTICES),
    put("/v1/creditors/me/notification-settings", NOTICES),
    get("/v1/agreements/current", BANK),
    get("/v1/agreements/certificate", BANK),
    get("/v1/integrations/qbo", QUICKBOOKS),
    delete("/v1/integrations/qbo", QUICKBOOKS),
    post("/v1/integrations/qbo/connect-url", QUICKBOOKS),
    get("/v1/integrations/qbo/sync-log", QUICKBOOKS),
    // The recovery workspace.
    get("/v1/recovery/capability", RECOVERY),
    get("/v1/recovery/progress", RECOVERY),
    get("/v1/recovery/progress/invoices", RECOVERY),
    get("/v1/recovery/reports", RECOVERY),
    post("/v1/recovery/reports", RECOVERY),
    get("/v1/recovery/reports/{id}", RECOVERY),
    get("/v1/recovery/reports/{id}/sources", RECOVERY),
    get("/v1/recovery/actions", RECOVERY),
    get("/v1/recovery/actions/{key}", RECOVERY),
    post("/v1/recovery/actions/{key}/acknowledge", RECOVERY),
    // Partners.
    get("/v1/partner", PARTNER),
    patch("/v1/partner", PARTNER),
    get("/v1/partner/{rest:.*}", PARTNER),
    post("/v1/partner/{rest:.*}", PARTNER),
    put("/v1/partner/{rest:.*}", PARTNER),
    patch("/v1/partner/{rest:.*}", PARTNER),
    delete("/v1/partner/{rest:.*}", PARTNER),
];

/// Says so.
pub async fn answer(req: HttpRequest) -> Result<&'static str, actix_web::Error> {
    let pattern = req.match_pattern().unwrap_or_default();
    let known = PATHS
        .iter()
        .find(|known| known.path == pattern && known.method == *req.method());
    match known {
        Some(known) => Err(ApiError::not_done(known.why).into()),
        None => Err(AppError::NotFound.into()),
    }
}

const fn get(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::GET,
        path,
        handler: || web::get().to(answer),
        why,
    }
}

const fn post(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::POST,
        path,
        handler: || web::post().to(answer),
        why,
    }
}

const fn put(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::PUT,
        path,
        handler: || web::put().to(answer),
        why,
    }
}

const fn patch(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::PATCH,
        path,
        handler: || web::patch().to(answer),
        why,
    }
}

const fn delete(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::DELETE,
        path,
        handler: || web::delete().to(answer),
        why,
    }
}
