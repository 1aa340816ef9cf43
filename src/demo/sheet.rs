//! `demo.json`: what somebody needs to look around. Secrets of invented people, and still kept
//! from everyone but the folder's owner.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The whole sheet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Where the server is, without a slash at the end.
    pub url: String,
    /// One person for each role, and for each creditor.
    pub users: Vec<PersonLine>,
    pub api_keys: Vec<KeyLine>,
    /// The agency's own key.
    pub staff_key: String,
    pub portal: Vec<LinkLine>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    pub role: String,
    /// The creditor's name; none for staff.
    pub creditor: Option<String>,
    pub email: String,
    pub password: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLine {
    pub creditor: String,
    /// The creditor as the API names it.
    pub creditor_id: String,
    /// `full` or `read`.
    pub access: String,
    pub key: String,
}

/// A debtor's way into the portal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkLine {
    pub placement_id: String,
    pub debtor: String,
    pub link: String,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Sheet {
    /// The same sheet for a server at another address.
    pub fn at(&self, url: &str) -> Self {
        let mut moved = self.clone();
        for line in &mut moved.portal {
            if let Some(path) = line.link.strip_prefix(&self.url) {
                line.link = format!("{url}{path}");
            }
        }
        url.clone_into(&mut moved.url);
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_follow_the_server_to_another_address() {
        let sheet = Sheet {
            url: "http://127.0.0.1:8080".to_owned(),
            users: Vec::new(),
            api_keys: Vec::new(),
            staff_key: "st_x".to_owned(),
            portal: vec![LinkLine {
                placement_id: "p".to_owned(),
                debtor: "Ann Lee".to_owned(),
                link: "http://127.0.0.1:8080/p/token".to_owned(),
            }],
        };
        let moved = sheet.at("http://127.0.0.1:9000");
        assert_eq!(moved.url, "http://127.0.0.1:9000");
        assert_eq!(moved.portal[0].link, "http://127.0.0.1:9000/p/token");
        assert_eq!(moved.at("http://127.0.0.1:8080"), sheet);
    }
}
