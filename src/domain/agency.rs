//! Who collects: what a debtor must be told about us, from the settings.

/// The agency that runs this installation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agency {
    /// The name it does business under.
    pub name: String,
    /// On one line.
    pub postal_address: String,
    /// As people read it: `(614) 555-0100`.
    pub phone: String,
}

impl Agency {
    /// Whether a debtor can learn who we are and how to reach us without the portal. Nobody is
    /// asked into the portal before that (12 CFR 1006.18(e), 15 USC 1692d(6)).
    pub fn is_known(&self) -> bool {
        [&self.name, &self.postal_address, &self.phone]
            .iter()
            .all(|text| !text.trim().is_empty())
    }
}
