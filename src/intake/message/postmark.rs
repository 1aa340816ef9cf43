//! A message as Postmark hands it over: the JSON of its inbound webhook.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// One message. Members that we don't read are passed over: the provider may add some.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PostmarkMessage {
    #[serde(rename = "MessageID")]
    pub message_id: String,
    pub from: String,
    pub from_full: Option<Party>,
    pub to_full: Vec<Party>,
    pub original_recipient: String,
    /// What stood behind the `+` of the address.
    pub mailbox_hash: String,
    pub subject: String,
    pub text_body: String,
    pub html_body: String,
    pub headers: Vec<MessageHeader>,
    pub attachments: Vec<PostmarkAttachment>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Party {
    pub email: String,
    pub mailbox_hash: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageHeader {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PostmarkAttachment {
    pub name: String,
    /// Base64.
    pub content: String,
}

impl PostmarkAttachment {
    /// The bytes, or nothing where they can't be read.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.content.trim()).ok()
    }
}

impl PostmarkMessage {
    /// The sender's address in lower case; empty where there is none.
    pub fn sender(&self) -> String {
        let text = match &self.from_full {
            Some(party) if !party.email.is_empty() => party.email.as_str(),
            _ => self
                .from
                .rsplit_once('<')
                .map_or(self.from.as_str(), |(_, address)| address),
        };
        text.trim()
            .trim_end_matches('>')
            .trim()
            .chars()
            .take(254)
            .collect::<String>()
            .to_lowercase()
    }

    /// Every tag that an address of ours in it carries.
    pub fn tags(&self) -> Vec<&str> {
        let of_address = |address: &'_ str| -> Option<(usize, usize)> {
            let plus = address.find('+')?;
            let at = address.rfind('@')?;
            (plus < at).then_some((plus + 1, at))
        };
        let mut tags: Vec<&str> = vec![self.mailbox_hash.as_str()];
        for party in &self.to_full {
            tags.push(&party.mailbox_hash);
            if let Some((from, to)) = of_address(&party.email) {
                tags.extend(party.email.get(from..to));
            }
        }
        if let Some((from, to)) = of_address(&self.original_recipient) {
            tags.extend(self.original_recipient.get(from..to));
        }
        tags.retain(|tag| !tag.is_empty());
        tags
    }

    /// The values of a header, in order; names have no case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |header| header.name.trim().eq_ignore_ascii_case(name))
            .map(|header| header.value.trim())
    }
}
