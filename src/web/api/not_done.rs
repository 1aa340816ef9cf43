//! What the trade's public client can ask for and Forbear doesn't do: 501 and a plain sentence,
//! never a made-up success.
//!
//! These are no routes: they are looked up where there is none, so that the table of routes says
//! what there is.

use actix_web::http::Method;

use super::error::ApiError;

/// One thing not done.
#[derive(Debug)]
pub struct NotDone {
    pub method: Method,
    /// A path whose steps in braces stand for anything; `{*}` at the end for any further steps.
    pub path: &'static str,
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
const GATE: &str = "Ask the gate at POST /v1/gate/check; its answers are kept at \
                    /v1/placements/{id}/decisions.";
const DISPUTES: &str = "Disputes are worked on the dashboard, not through the API yet.";
const CHANGES: &str = "This change is not offered through the API yet.";
const SETTLEMENT: &str = "Settlements are not offered: a debt is collected in full or recalled.";
const PAYMENTS: &str = "Payments are listed for each placement, at \
                        /v1/placements/{id}/payments.";
const BANK: &str = "Bank accounts, agreements and verification are dealt with outside Forbear.";
const NOTICES: &str = "Who is told of what is not set through the API yet.";
const QUICKBOOKS: &str = "QuickBooks is not connected to Forbear.";
const ENRICHMENT: &str = "Forbear does not look for contact details: it uses what the creditor \
                          placed.";

/// Every one.
pub const PATHS: &[NotDone] = &[
    // Placements.
    get("/v1/placements/{id}/compliance-decision", GATE),
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
    get("/v1/payments", PAYMENTS),
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
    get("/v1/partner/{*}", PARTNER),
    post("/v1/partner/{*}", PARTNER),
    put("/v1/partner/{*}", PARTNER),
    patch("/v1/partner/{*}", PARTNER),
    delete("/v1/partner/{*}", PARTNER),
];

impl NotDone {
    pub fn error(&self) -> ApiError {
        ApiError::not_done(self.why)
    }

    fn is_at(&self, path: &str) -> bool {
        let mut steps = path.split('/');
        for known in self.path.split('/') {
            match (known, steps.next()) {
                (_, None | Some("")) if !known.is_empty() => return false,
                ("{*}", _) => return true,
                (known, Some(_)) if known.starts_with('{') => {}
                (known, step) if step == Some(known) => {}
                _ => return false,
            }
        }
        steps.next().is_none()
    }
}

/// What is asked for, if it is one of these.
pub fn find(method: &Method, path: &str) -> Option<&'static NotDone> {
    PATHS
        .iter()
        .find(|known| known.method == *method && known.is_at(path))
}

const fn get(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::GET,
        path,
        why,
    }
}

const fn post(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::POST,
        path,
        why,
    }
}

const fn put(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::PUT,
        path,
        why,
    }
}

const fn patch(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::PATCH,
        path,
        why,
    }
}

const fn delete(path: &'static str, why: &'static str) -> NotDone {
    NotDone {
        method: Method::DELETE,
        path,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_by_its_steps_and_method() {
        let found = |method, path| find(&method, path).map(|known| known.path);
        assert_eq!(
            found(Method::POST, "/v1/placements/0195/amend"),
            Some("/v1/placements/{id}/amend")
        );
        assert_eq!(
            found(Method::DELETE, "/v1/partner/read-only-key"),
            Some("/v1/partner/{*}")
        );
        assert_eq!(
            found(Method::POST, "/v1/partner/creditors/7/recall-all"),
            Some("/v1/partner/{*}")
        );
        for nothing in [
            "/v1/placements/0195",
            "/v1/placements//amend",
            "/v1/placements/0195/amend/x",
            "/v1/partner/",
            "/v1",
        ] {
            assert_eq!(found(Method::POST, nothing), None, "{nothing}");
        }
        assert_eq!(found(Method::GET, "/v1/placements/0195/amend"), None);
    }
}
