//! Programs that come with a key.

use forbear::actions::api_keys;
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::CreditorId;

use super::{Client, TestApp};

impl TestApp {
    /// The text of a new key: a creditor's, or without one a staff key.
    pub fn key(&self, creditor: Option<CreditorId>, access: ApiKeyAccess) -> String {
        api_keys::create(
            &self.ctx,
            &Actor::System("cli"),
            creditor,
            access,
            "A program",
        )
        .unwrap()
        .1
    }

    /// A program of a creditor that may do everything a creditor may.
    pub fn program(&self, creditor: CreditorId) -> Client<'_> {
        self.program_with(&self.key(Some(creditor), ApiKeyAccess::Full))
    }

    /// A program of the agency.
    pub fn staff_program(&self) -> Client<'_> {
        self.program_with(&self.key(None, ApiKeyAccess::Staff))
    }

    pub fn program_with(&self, key: &str) -> Client<'_> {
        let mut client = self.anonymous();
        // Nothing that only a browser sends.
        client.set_header("sec-fetch-site", "");
        client.set_header("authorization", &format!("Bearer {key}"));
        client
    }
}
