//! The account with the provider of telephone calls, and how its messages are told from others'.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::phone::PhoneNumber;

/// The account that calls are placed by.
#[derive(Clone)]
pub struct VoiceAccount {
    /// Of the provider's API, without a slash at the end.
    pub base_url: String,
    /// The account's SID.
    pub account: String,
    /// Authenticates us there, and the provider here.
    pub token: String,
    /// The number that is shown to who is called.
    pub from: PhoneNumber,
    /// Where the provider fetches what to do once somebody answers: the voice agent.
    pub agent_url: String,
}

impl std::fmt::Debug for VoiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VoiceAccount(..)")
    }
}

impl VoiceAccount {
    /// Whether the provider signed a message: `X-Twilio-Signature` is the Base64 of an HMAC-SHA1
    /// over the whole address and the fields in the order of their names. Takes the same time
    /// wherever they differ.
    pub fn has_signed(&self, url: &str, fields: &[(String, String)], signature: &str) -> bool {
        let Ok(said) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        let Some(mac) = self.mac(url, fields) else {
            return false;
        };
        mac.verify_slice(&said).is_ok()
    }

    /// The signature of a message; for a stand-in of the provider.
    pub fn sign(&self, url: &str, fields: &[(String, String)]) -> Option<String> {
        let mac = self.mac(url, fields)?;
        Some(STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn mac(&self, url: &str, fields: &[(String, String)]) -> Option<Hmac<Sha1>> {
        let mut sorted: Vec<&(String, String)> = fields.iter().collect();
        sorted.sort();
        let mut mac = Hmac::<Sha1>::new_from_slice(self.token.as_bytes()).ok()?;
        mac.update(url.as_bytes());
        for (name, value) in sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> VoiceAccount {
        VoiceAccount {
            base_url: "https://api.example".to_owned(),
            account: "AC1".to_owned(),
            token: "12345".to_owned(),
            from: "614-555-0100".parse().unwrap(),
            agent_url: "https://agent.example/answer".to_owned(),
        }
    }

    fn fields() -> Vec<(String, String)> {
        [
            ("To", "+18005551212"),
            ("From", "+14158675309"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("Caller", "+14158675309"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    const URL: &str = "https://example.com/myapp.php?foo=1&bar=2";

    /// From the provider's documentation of its signatures.
    #[test]
    fn the_published_vector_comes_out() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert!(account().has_signed(url, &fields(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    #[test]
    fn anything_changed_is_noticed() {
        let account = account();
        let signature = account.sign(URL, &fields()).unwrap();
        assert!(account.has_signed(URL, &fields(), &signature));
        assert!(!account.has_signed("https://example.com/myapp.php", &fields(), &signature));
        assert!(!account.has_signed(URL, &fields()[1..], &signature));
        assert!(!account.has_signed(URL, &fields(), ""));
        assert!(!account.has_signed(URL, &fields(), "not base64!"));
        let other = VoiceAccount {
            token: "54321".to_owned(),
            ..account
        };
        assert!(!other.has_signed(URL, &fields(), &signature));
    }
}
