//! Settings, from a file and the environment. An unknown key stops the start: a setting that is
//! misspelt must not silently be its default.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::email::{EmailAddress, is_host};
use crate::domain::mail::{MailAddresses, PostmarkAccount};
use crate::domain::voice::VoiceAccount;

/// A text that never shows itself in logs.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Every setting, under the name it has in the file. In the environment the name is upper case
/// with `FORBEAR_` in front, except `DATABASE_URL`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Folder for the SQLite database, the secret, the stop journal and mail.
    pub data: PathBuf,
    /// The address people reach the dashboard at; decides whether cookies are for HTTPS only.
    pub public_url: Option<String>,
    /// `postgres://…`; without it an SQLite database in the data folder is used.
    pub database_url: Option<Secret>,
    /// Readers on SQLite, all connections on PostgreSQL.
    pub database_connections: u32,
    /// 64 hexadecimal digits. Processes that share a database must share it; without it, a
    /// file in the data folder holds one.
    pub secret: Option<Secret>,
    /// The name the agency does business under, as debtors read it.
    pub agency_name: String,
    /// The agency's postal address, on one line.
    pub agency_address: String,
    /// The number at which debtors reach the agency.
    pub agency_phone: String,
    /// Whom our email comes from; without it `no-reply` at the host of `public_url`.
    pub mail_from: Option<String>,
    /// Where answers to our emails arrive. The provider that takes them must keep a tag behind a
    /// `+` in the part before the `@`.
    pub mail_replies: Option<String>,
    /// `smtp://user:password@host:587` with TLS by STARTTLS, `smtps://host` with TLS from the
    /// start, or `smtp://127.0.0.1:25?tls=none` on this machine. Without it mail is written to
    /// files in the data folder.
    pub smtp_url: Option<Secret>,
    /// The token of a server at Postmark: mail goes out by its API.
    pub postmark_token: Option<Secret>,
    /// The base of Postmark's API, if not `https://api.postmarkapp.com`.
    pub postmark_url: Option<String>,
    /// The message stream for series of emails, if not `broadcast`.
    pub postmark_stream: Option<String>,
    /// The message stream for codes that debtors ask for, if not `outbound`.
    pub postmark_code_stream: Option<String>,
    /// What the mail provider must say, as the password of its basic authentication, when it hands
    /// us mail. Without it no mail is taken in.
    pub inbound_secret: Option<Secret>,
    /// The base of the voice provider's API. With it come the next four; without it nobody is
    /// called.
    pub voice_url: Option<String>,
    /// The account's SID at the voice provider.
    pub voice_account: Option<String>,
    /// The account's token: authenticates us there, and the provider here.
    pub voice_token: Option<Secret>,
    /// The number that calls come from.
    pub voice_from: Option<String>,
    /// Where the provider fetches what to do once somebody answers: the voice agent.
    pub voice_agent_url: Option<String>,
    /// `off`: serve pages only, and let `forbear worker` do the rest.
    pub workers: Switch,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Hosts of this machine, as `host` or `host:port`, that webhooks may reach by plain HTTP: for
    /// development and tests.
    pub webhook_local_hosts: Vec<String>,
    /// Ports besides 443 and 8443 that webhooks may go to.
    pub webhook_ports: Vec<u16>,
    /// How the disk is protected: `volume` when it is encrypted, `none` otherwise. Shown to
    /// compliance.
    pub at_rest: AtRest,
    /// `json` or `text`.
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AtRest {
    Volume,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            public_url: None,
            database_url: None,
            database_connections: 8,
            secret: None,
            agency_name: String::new(),
            agency_address: String::new(),
            agency_phone: String::new(),
            mail_from: None,
            mail_replies: None,
            smtp_url: None,
            postmark_token: None,
            postmark_url: None,
            postmark_stream: None,
            postmark_code_stream: None,
            inbound_secret: None,
            voice_url: None,
            voice_account: None,
            voice_token: None,
            voice_from: None,
            voice_agent_url: None,
            workers: Switch::On,
            trusted_proxies: Vec::new(),
            webhook_local_hosts: Vec::new(),
            webhook_ports: Vec::new(),
            at_rest: AtRest::None,
            log_format: LogFormat::Text,
        }
    }
}

/// Why the settings can't be used; names the key or the line.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{origin}: {error}")]
    Invalid {
        origin: String,
        error: toml::de::Error,
    },
    #[error("{0} is not a setting; see docs/OPERATIONS.md for those there are")]
    UnknownVariable(String),
    #[error("{name}: {message}")]
    BadValue { name: &'static str, message: String },
}

/// Environment variables under our prefix that are not settings of [`Config`].
const NOT_SETTINGS: &[&str] = &["FORBEAR_CONFIG", "FORBEAR_LOG"];

impl Config {
    /// Reads `file`, if given, and then the environment, which wins.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            Some(path) => read_table(path)?,
            None => toml::Table::new(),
        };
        let known = known_keys();
        for (name, value) in environment {
            if NOT_SETTINGS.contains(&name.as_str()) {
                continue;
            }
            let key = match name.strip_prefix("FORBEAR_") {
                Some(rest) => rest.to_ascii_lowercase(),
                None if name == "DATABASE_URL" => "database_url".to_owned(),
                None => continue,
            };
            let Some(kind) = known.get(key.as_str()) else {
                return Err(ConfigError::UnknownVariable(name));
            };
            table.insert(key, kind.parse(&value));
        }
        let config: Self = table.try_into().map_err(|error| ConfigError::Invalid {
            origin: file.map_or_else(
                || "environment".to_owned(),
                |path| format!("{} and environment", path.display()),
            ),
            error,
        })?;
        config.check()?;
        Ok(config)
    }

    /// The address people use, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// Cookies may travel over HTTPS only.
    pub fn is_https(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// By which addresses we write and are written to.
    ///
    /// # Errors
    /// When a setting is no email address, or is too long for a tag.
    pub fn mail_addresses(&self) -> Result<MailAddresses, ConfigError> {
        let read = |name: &'static str, text: &str| {
            text.parse::<EmailAddress>()
                .map_err(|error| ConfigError::BadValue {
                    name,
                    message: error.to_string(),
                })
        };
        let from = match &self.mail_from {
            Some(text) => read("mail_from", text)?,
            None => {
                let url = self.public_url();
                let host = url::Url::parse(&url)
                    .ok()
                    .and_then(|url| url.host_str().map(str::to_owned))
                    .filter(|host| is_host(host))
                    .unwrap_or_else(|| "forbear.invalid".to_owned());
                read("mail_from", &format!("no-reply@{host}"))?
            }
        };
        let replies = match &self.mail_replies {
            Some(text) => {
                let address = read("mail_replies", text)?;
                // RFC 5321 4.5.3.1.1: 64 characters, of which the tag takes 49.
                let local = address.as_str().len() - address.host().len() - 1;
                if local > 15 || address.as_str().contains('+') {
                    return Err(ConfigError::BadValue {
                        name: "mail_replies",
                        message: "at most 15 characters before the @, and no + among them"
                            .to_owned(),
                    });
                }
                Some(address)
            }
            None => None,
        };
        Ok(MailAddresses { from, replies })
    }

    /// The account that mail is sent by, if there is one.
    ///
    /// # Errors
    /// When one of its settings can't be used, or mail would have two ways out.
    pub fn postmark(&self) -> Result<Option<PostmarkAccount>, ConfigError> {
        let bad = |name, message: &str| ConfigError::BadValue {
            name,
            message: message.to_owned(),
        };
        let Some(token) = &self.postmark_token else {
            let stray = self.postmark_url.is_some()
                || self.postmark_stream.is_some()
                || self.postmark_code_stream.is_some();
            return if stray {
                Err(bad(
                    "postmark_token",
                    "is needed by the other settings of Postmark",
                ))
            } else {
                Ok(None)
            };
        };
        if self.smtp_url.is_some() {
            return Err(bad(
                "smtp_url",
                "mail goes out by Postmark or by SMTP, not by both",
            ));
        }
        let token = token.expose();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(bad("postmark_token", "is no token"));
        }
        let stream = |name, text: &Option<String>, default: &str| {
            let text = text.as_deref().unwrap_or(default);
            let fits = !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            fits.then(|| text.to_owned())
                .ok_or_else(|| bad(name, "has letters, digits, - and _ only"))
        };
        let url = self.postmark_url.as_deref();
        Ok(Some(PostmarkAccount {
            base_url: provider_url("postmark_url", url.unwrap_or("https://api.postmarkapp.com"))?,
            token: token.to_owned(),
            series_stream: stream("postmark_stream", &self.postmark_stream, "broadcast")?,
            service_stream: stream(
                "postmark_code_stream",
                &self.postmark_code_stream,
                "outbound",
            )?,
        }))
    }

    /// The account that calls are placed by, if there is one.
    ///
    /// # Errors
    /// When one of its settings is missing or can't be used.
    pub fn voice(&self) -> Result<Option<VoiceAccount>, ConfigError> {
        let bad = |name, message: &str| ConfigError::BadValue {
            name,
            message: message.to_owned(),
        };
        let Some(base_url) = &self.voice_url else {
            let stray = self.voice_account.is_some()
                || self.voice_token.is_some()
                || self.voice_from.is_some()
                || self.voice_agent_url.is_some();
            return if stray {
                Err(bad("voice_url", "is needed by the other voice settings"))
            } else {
                Ok(None)
            };
        };
        let address =
            |name, text: &Option<String>| provider_url(name, text.as_deref().unwrap_or_default());
        let text = |name, text: Option<&str>| {
            text.filter(|text| !text.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| bad(name, "is needed with voice_url"))
        };
        let account = text("voice_account", self.voice_account.as_deref())?;
        if !account.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(bad("voice_account", "has only letters and digits"));
        }
        Ok(Some(VoiceAccount {
            base_url: address("voice_url", &Some(base_url.clone()))?,
            account,
            token: text("voice_token", self.voice_token.as_ref().map(Secret::expose))?,
            from: text("voice_from", self.voice_from.as_deref())?
                .parse()
                .map_err(|_| bad("voice_from", "is no telephone number of North America"))?,
            agent_url: address("voice_agent_url", &self.voice_agent_url)?,
        }))
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.voice()?;
        self.postmark()?;
        self.mail_addresses()?;
        if let Some(secret) = &self.inbound_secret
            && secret.expose().len() < 20
        {
            return Err(ConfigError::BadValue {
                name: "inbound_secret",
                message: "use at least 20 characters that nobody can guess".to_owned(),
            });
        }
        let url = self.public_url();
        let parsed = url::Url::parse(&url).map_err(|error| ConfigError::BadValue {
            name: "public_url",
            message: error.to_string(),
        })?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.path() != "/" {
            return Err(ConfigError::BadValue {
                name: "public_url",
                message: "use an http or https address without a path".to_owned(),
            });
        }
        if let Some(url) = &self.database_url {
            let url = url.expose();
            if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
                return Err(ConfigError::BadValue {
                    name: "database_url",
                    message: "only postgres:// addresses are known; leave it out for SQLite"
                        .to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// The base of a provider's API: with TLS, or on this machine. Without a slash at the end.
fn provider_url(name: &'static str, text: &str) -> Result<String, ConfigError> {
    let bad = |message: String| ConfigError::BadValue { name, message };
    let url = url::Url::parse(text).map_err(|error| bad(error.to_string()))?;
    let is_here = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(host)) => host == "localhost",
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && is_here) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(bad(
            "use https, or http to this machine for tests".to_owned()
        ))
    }
}

fn read_table(path: &Path) -> Result<toml::Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File {
        path: path.display().to_string(),
        error,
    })?;
    text.parse().map_err(|error| ConfigError::Invalid {
        origin: path.display().to_string(),
        error,
    })
}

/// How the text of an environment variable becomes a value of the file's kind.
#[derive(Clone, Copy)]
enum ValueKind {
    Text,
    Number,
    List,
    Numbers,
}

impl ValueKind {
    fn parse(self, text: &str) -> toml::Value {
        match self {
            Self::Text => toml::Value::String(text.to_owned()),
            // What isn't a number stays text, and is then refused with the name of the key.
            Self::Number => text.parse().map_or_else(
                |_| toml::Value::String(text.to_owned()),
                toml::Value::Integer,
            ),
            Self::Numbers => match Self::List.parse(text) {
                toml::Value::Array(items) => toml::Value::Array(
                    items
                        .iter()
                        .map(|item| Self::Number.parse(item.as_str().unwrap_or_default()))
                        .collect(),
                ),
                other => other,
            },
            Self::List => toml::Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| toml::Value::String(item.to_owned()))
                    .collect(),
            ),
        }
    }
}

fn known_keys() -> BTreeMap<&'static str, ValueKind> {
    BTreeMap::from([
        ("listen", ValueKind::Text),
        ("data", ValueKind::Text),
        ("public_url", ValueKind::Text),
        ("database_url", ValueKind::Text),
        ("database_connections", ValueKind::Number),
        ("secret", ValueKind::Text),
        ("agency_name", ValueKind::Text),
        ("agency_address", ValueKind::Text),
        ("agency_phone", ValueKind::Text),
        ("mail_from", ValueKind::Text),
        ("mail_replies", ValueKind::Text),
        ("smtp_url", ValueKind::Text),
        ("postmark_token", ValueKind::Text),
        ("postmark_url", ValueKind::Text),
        ("postmark_stream", ValueKind::Text),
        ("postmark_code_stream", ValueKind::Text),
        ("inbound_secret", ValueKind::Text),
        ("voice_url", ValueKind::Text),
        ("voice_account", ValueKind::Text),
        ("voice_token", ValueKind::Text),
        ("voice_from", ValueKind::Text),
        ("voice_agent_url", ValueKind::Text),
        ("workers", ValueKind::Text),
        ("trusted_proxies", ValueKind::List),
        ("webhook_local_hosts", ValueKind::List),
        ("webhook_ports", ValueKind::Numbers),
        ("at_rest", ValueKind::Text),
        ("log_format", ValueKind::Text),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(None, variables)
    }

    #[test]
    fn the_environment_sets_every_kind_of_value() {
        let config = load(&[
            ("FORBEAR_LISTEN", "0.0.0.0:9000"),
            ("FORBEAR_DATABASE_CONNECTIONS", "3"),
            ("FORBEAR_TRUSTED_PROXIES", "127.0.0.1, ::1"),
            ("FORBEAR_WORKERS", "off"),
            ("FORBEAR_WEBHOOK_PORTS", "4443, 9443"),
            ("DATABASE_URL", "postgres://localhost/forbear"),
            ("PATH", "/bin"),
        ])
        .unwrap();
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.database_connections, 3);
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.workers, Switch::Off);
        assert_eq!(config.webhook_ports, [4443, 9443]);
        assert!(!format!("{config:?}").contains("localhost/forbear"));
    }

    #[test]
    fn a_misspelt_variable_stops_the_start() {
        let error = load(&[("FORBEAR_LISTENN", "x")]).unwrap_err();
        assert!(error.to_string().contains("FORBEAR_LISTENN"));
    }

    #[test]
    fn a_misspelt_key_in_the_file_stops_the_start() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "lisden = \"127.0.0.1:1\"\n").unwrap();
        let error = Config::load(Some(file.path()), []).unwrap_err();
        assert!(error.to_string().contains("lisden"), "{error}");
    }

    #[test]
    fn the_voice_settings_come_together_and_over_tls() {
        let all = |url| {
            [
                ("FORBEAR_VOICE_URL", url),
                ("FORBEAR_VOICE_ACCOUNT", "AC0123"),
                ("FORBEAR_VOICE_TOKEN", "a-token"),
                ("FORBEAR_VOICE_FROM", "614-555-0100"),
                ("FORBEAR_VOICE_AGENT_URL", "https://agent.example/answer"),
            ]
        };
        let config = load(&all("https://api.voice.example/")).unwrap();
        let account = config.voice().unwrap().unwrap();
        assert_eq!(account.base_url, "https://api.voice.example");
        assert!(!format!("{config:?}{account:?}").contains("a-token"));
        assert!(load(&all("http://127.0.0.1:9999")).is_ok());
        assert!(load(&all("http://api.voice.example")).is_err());
        for left_out in 0..5 {
            let mut some = all("https://api.voice.example").to_vec();
            some.remove(left_out);
            assert!(load(&some).is_err(), "{left_out}");
        }
        assert!(load(&[]).unwrap().voice().unwrap().is_none());
    }

    #[test]
    fn postmark_needs_a_token_and_no_other_way_out() {
        let token = ("FORBEAR_POSTMARK_TOKEN", "a-token");
        let config = load(&[token]).unwrap();
        let account = config.postmark().unwrap().unwrap();
        assert_eq!(account.base_url, "https://api.postmarkapp.com");
        assert_eq!(
            (&*account.series_stream, &*account.service_stream),
            ("broadcast", "outbound")
        );
        assert!(!format!("{config:?}{account:?}").contains("a-token"));
        let here = ("FORBEAR_POSTMARK_URL", "http://127.0.0.1:9999/");
        let stream = ("FORBEAR_POSTMARK_STREAM", "notices");
        let config = load(&[token, here, stream]).unwrap();
        let account = config.postmark().unwrap().unwrap();
        assert_eq!(account.base_url, "http://127.0.0.1:9999");
        assert_eq!(account.series_stream, "notices");
        for wrong in [
            ("FORBEAR_POSTMARK_URL", "http://mail.example"),
            ("FORBEAR_POSTMARK_STREAM", "a&b=c"),
            ("FORBEAR_SMTP_URL", "smtp://mail.example"),
        ] {
            assert!(load(&[token, wrong]).is_err(), "{wrong:?}");
        }
        assert!(load(&[stream]).is_err());
        assert!(load(&[]).unwrap().postmark().unwrap().is_none());
    }

    #[test]
    fn wrong_values_are_refused_by_name() {
        assert!(load(&[("FORBEAR_DATABASE_CONNECTIONS", "many")]).is_err());
        assert!(load(&[("FORBEAR_WEBHOOK_PORTS", "443,https")]).is_err());
        assert!(load(&[("FORBEAR_PUBLIC_URL", "ftp://x")]).is_err());
        assert!(load(&[("DATABASE_URL", "mysql://x")]).is_err());
    }
}
