//! The settings of a PostgreSQL connection under libpq's keywords, read from a connection URL and
//! written as the keyword/value string libpq takes (PostgreSQL documentation, 32.1.1 "Connection
//! Strings").

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// Why a connection URL cannot be read. No variant repeats any of it: where a password holds a
/// slash that was not written %2F, its pieces end up in any part of the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("it must start with postgres:// or postgresql://")]
    Scheme,
    #[error("the IPv6 address of the host must end with a bracket: [::1]")]
    OpenBracket,
    #[error("after the IPv6 address of the host only a port, a path or parameters may follow")]
    AfterBracket,
    #[error(
        "the {part} has a percent sign that no two hexadecimal digits follow (a percent sign \
         itself is written %25)"
    )]
    PercentSign { part: &'static str },
    #[error("the {part} is not UTF-8 text, or holds a zero byte")]
    NotText { part: &'static str },
    #[error("every parameter after the question mark must be written name=value")]
    Parameter,
}

/// Settings by libpq's keywords. A setting that is not there, or is empty, is unset.
#[derive(Clone, Default)]
pub(super) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads a URL as libpq does. It is not an RFC 3986 reader on purpose: passwords with `#` or
    /// `?`, which libpq takes, would be cut there. A later setting wins over an earlier one.
    pub(super) fn from_url(url: &str) -> Result<Self, UrlError> {
        let rest = url
            .strip_prefix("postgresql://")
            .or_else(|| url.strip_prefix("postgres://"))
            .ok_or(UrlError::Scheme)?;
        let mut settings = Self::default();
        let rest = settings.read_credentials(rest)?;
        let rest = settings.read_host_and_port(rest)?;
        let (database, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let database = database.strip_prefix('/').unwrap_or(database);
        settings.store_decoded("dbname", database)?;
        settings.read_parameters(parameters)?;
        Ok(settings)
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&str> {
        self.0
            .get(keyword)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Sets a value; an empty one keeps libpq from taking the setting from its environment.
    pub(super) fn set(&mut self, keyword: &str, value: impl Into<String>) {
        self.0.insert(keyword.to_owned(), value.into());
    }

    pub(super) fn remove(&mut self, keyword: &str) {
        self.0.remove(keyword);
    }

    /// The string libpq connects by: `dbname='forbear' host='/run/postgresql'`.
    pub(super) fn to_conninfo(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(keyword, value)| {
                let value = value.replace('\\', r"\\").replace('\'', r"\'");
                format!("{keyword}='{value}'")
            })
            .collect();
        pairs.join(" ")
    }

    /// `user:password@`, where the `@` stands before the first slash.
    fn read_credentials<'a>(&mut self, rest: &'a str) -> Result<&'a str, UrlError> {
        let Some(end) = rest
            .find(['@', '/'])
            .filter(|at| rest[*at..].starts_with('@'))
        else {
            return Ok(rest);
        };
        let (user, password) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        self.store_decoded("user", user)?;
        self.store_decoded("password", password)?;
        Ok(&rest[end + 1..])
    }

    fn read_host_and_port<'a>(&mut self, rest: &'a str) -> Result<&'a str, UrlError> {
        let (host, rest) = if let Some(bracketed) = rest.strip_prefix('[') {
            let (host, rest) = bracketed.split_once(']').ok_or(UrlError::OpenBracket)?;
            if !(rest.is_empty() || rest.starts_with([':', '/', '?', ','])) {
                return Err(UrlError::AfterBracket);
            }
            (host, rest)
        } else {
            let end = rest.find([':', '/', '?']).unwrap_or(rest.len());
            rest.split_at(end)
        };
        self.store_decoded("host", host)?;
        let Some(from_port) = rest.strip_prefix(':') else {
            return Ok(rest);
        };
        let end = from_port.find(['/', '?']).unwrap_or(from_port.len());
        let (port, rest) = from_port.split_at(end);
        self.store_decoded("port", port)?;
        Ok(rest)
    }

    fn read_parameters(&mut self, parameters: &str) -> Result<(), UrlError> {
        for pair in parameters.split('&').filter(|pair| !pair.is_empty()) {
            let (keyword, value) = pair
                .split_once('=')
                .filter(|(_, value)| !value.contains('='))
                .ok_or(UrlError::Parameter)?;
            let keyword = decode(keyword, "name of a parameter")?;
            let value = decode(value, "value of a parameter")?;
            // libpq takes this one from URLs written for JDBC.
            if keyword == "ssl" && value == "true" {
                self.set("sslmode", "require");
            } else {
                self.set(&keyword, value);
            }
        }
        Ok(())
    }

    fn store_decoded(&mut self, keyword: &'static str, encoded: &str) -> Result<(), UrlError> {
        if !encoded.is_empty() {
            self.set(keyword, decode(encoded, keyword)?);
        }
        Ok(())
    }
}

fn decode(encoded: &str, part: &'static str) -> Result<String, UrlError> {
    let digits_follow = |at: usize| {
        encoded
            .as_bytes()
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !encoded.match_indices('%').all(|(at, _)| digits_follow(at)) {
        return Err(UrlError::PercentSign { part });
    }
    percent_decode_str(encoded)
        .decode_utf8()
        .ok()
        .filter(|text| !text.contains('\0'))
        .map(|text| text.into_owned())
        .ok_or(UrlError::NotText { part })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Settings {
        Settings::from_url(url).unwrap()
    }

    #[test]
    fn every_part_of_a_url_is_read_and_decoded() {
        let settings = read(
            "postgres://al%40ice:p%3Ass@db.example:5433/for%20bear?sslmode=verify-full&options=-c%20geqo%3Doff",
        );
        assert_eq!(settings.get("user"), Some("al@ice"));
        assert_eq!(settings.get("password"), Some("p:ss"));
        assert_eq!(settings.get("host"), Some("db.example"));
        assert_eq!(settings.get("port"), Some("5433"));
        assert_eq!(settings.get("dbname"), Some("for bear"));
        assert_eq!(settings.get("sslmode"), Some("verify-full"));
        assert_eq!(settings.get("options"), Some("-c geqo=off"));
    }

    #[test]
    fn parts_that_are_left_out_stay_unset() {
        let settings = read("postgresql:///forbear");
        assert_eq!(settings.get("dbname"), Some("forbear"));
        for keyword in ["user", "password", "host", "port"] {
            assert_eq!(settings.get(keyword), None, "{keyword}");
        }
        assert_eq!(read("postgres://").to_conninfo(), "");
    }

    #[test]
    fn ipv6_addresses_sockets_and_parameters_name_the_host() {
        let settings = read("postgres://[2001:db8::7]:6000/x");
        assert_eq!(settings.get("host"), Some("2001:db8::7"));
        assert_eq!(settings.get("port"), Some("6000"));
        let settings = read("postgres://%2Frun%2Fpostgresql/x");
        assert_eq!(settings.get("host"), Some("/run/postgresql"));
        let settings = read("postgres://db.example?host=other.example");
        assert_eq!(settings.get("host"), Some("other.example"));
    }

    #[test]
    fn a_password_may_hold_marks_that_end_other_urls() {
        let settings = read("postgres://alice:a#b?c&d=e@db.example/x");
        assert_eq!(settings.get("password"), Some("a#b?c&d=e"));
        assert_eq!(settings.get("host"), Some("db.example"));
    }

    #[test]
    fn conninfo_quotes_what_libpq_would_misread() {
        let settings = read(r"postgres://alice:it's%20a%5Cb@h/x");
        assert_eq!(
            settings.to_conninfo(),
            r"dbname='x' host='h' password='it\'s a\\b' user='alice'"
        );
    }

    #[test]
    fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
        let cases = [
            ("mysql://h/x", UrlError::Scheme),
            ("host=h dbname=x", UrlError::Scheme),
            ("postgres://[::1/x", UrlError::OpenBracket),
            ("postgres://[::1]x/y", UrlError::AfterBracket),
            ("postgres://h/x?sslmode", UrlError::Parameter),
            ("postgres://h/x?a=b=c", UrlError::Parameter),
            (
                "postgres://u:50%@h/x",
                UrlError::PercentSign { part: "password" },
            ),
            (
                "postgres://u:%00@h/x",
                UrlError::NotText { part: "password" },
            ),
            (
                "postgres://u:%ff@h/x",
                UrlError::NotText { part: "password" },
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(Settings::from_url(url).err(), Some(expected), "{url}");
        }
    }

    #[test]
    fn the_jdbc_way_to_ask_for_tls_is_understood() {
        let settings = read("postgres://h/x?ssl=true");
        assert_eq!(settings.get("sslmode"), Some("require"));
    }
}
