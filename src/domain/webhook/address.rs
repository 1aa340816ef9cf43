//! Where a webhook may go: addresses of the public internet, over HTTPS.
//!
//! Whoever may name an address could otherwise have us ask machines that only we can reach:
//! databases, routers, the metadata service of a cloud. So an address is looked at three times:
//! when it is saved, when its name is resolved for a try, and when the connection is opened.

// Addresses as values; `core::net` has no sockets.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest address, in characters.
pub const LONGEST: usize = 2_000;

/// Ports that web servers listen on for HTTPS.
const PORTS: [u16; 2] = [443, 8443];

/// Where besides the public internet a webhook may go: for development and tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressRules {
    /// `host` or `host:port` on this machine, reached by HTTP or HTTPS on any port.
    local: Vec<String>,
    /// Ports besides 443 and 8443.
    ports: Vec<u16>,
}

/// Why an address can't be used, in words for whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("Enter a whole address, such as https://example.com/hooks.")]
    NotAnAddress,
    #[error("Use an address of at most 2,000 characters.")]
    TooLong,
    #[error("Use https: messages are not sent over an open line.")]
    NotHttps,
    #[error("Leave name and password out of the address: messages are signed instead.")]
    Credentials,
    #[error("Use port 443 or 8443.")]
    Port,
    #[error("This address is not on the public internet.")]
    NotPublic,
}

impl AddressRules {
    /// `local` holds hosts of this machine, each with or without a port.
    pub fn new(local: Vec<String>, ports: Vec<u16>) -> Self {
        Self { local, ports }
    }

    /// Reads an address and checks what can be seen without asking for its name.
    pub fn check(&self, text: &str) -> Result<Url, BadAddress> {
        if text.len() > LONGEST {
            return Err(BadAddress::TooLong);
        }
        let url = Url::parse(text).map_err(|_| BadAddress::NotAnAddress)?;
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return Err(BadAddress::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        if self.is_local(&url) {
            return Ok(url);
        }
        match url.host() {
            // A literal was never looked up, so no look at an answer would catch it. The parser
            // has put 127.1, 0x7f000001 and the like into their one form.
            Some(Host::Ipv4(ip)) if !is_public(ip.into()) => return Err(BadAddress::NotPublic),
            Some(Host::Ipv6(ip)) if !is_public(ip.into()) => return Err(BadAddress::NotPublic),
            Some(Host::Domain(name)) if is_local_name(name) => return Err(BadAddress::NotPublic),
            _ => {}
        }
        if url.scheme() != "https" {
            return Err(BadAddress::NotHttps);
        }
        let port = url.port_or_known_default().unwrap_or(443);
        if !PORTS.contains(&port) && !self.ports.contains(&port) {
            return Err(BadAddress::Port);
        }
        Ok(url)
    }

    /// Whether this is one of the hosts of this machine that the settings name.
    pub fn is_local(&self, url: &Url) -> bool {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return false;
        };
        let with_port = format!("{host}:{port}");
        self.local
            .iter()
            .any(|known| known == host || *known == with_port)
    }

    /// Whether a connection for `url` may go to `ip`.
    pub fn admits(&self, url: &Url, ip: IpAddr) -> bool {
        if self.is_local(url) {
            // A local name opens the way to this machine, and to no other one behind it.
            ip.is_loopback()
        } else {
            is_public(ip)
        }
    }
}

/// Names that never lead out, whatever a resolver makes of them.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.')
        || ["localhost", "local", "internal", "home.arpa", "onion"]
            .iter()
            .any(|ending| name.ends_with(&format!(".{ending}")))
}

/// Blocks of IPv4 that are not the public internet: the IANA special-purpose registry, and
/// multicast.
const NOT_PUBLIC_V4: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Blocks inside 2000::/3 that are not the public internet. All outside it is not: so mapped
/// IPv4, NAT64, unique local, link-local and multicast fall out.
const NOT_PUBLIC_V6: [([u16; 8], u32); 4] = [
    // Teredo, ORCHID and the like.
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    // Documentation.
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    // 6to4, which carries an IPv4 address.
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    // Documentation.
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Whether an address is on the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4
            .iter()
            .any(|(block, bits)| in_block_v4(ip, Ipv4Addr::from(*block), *bits)),
        IpAddr::V6(ip) => {
            in_block_v6(ip, Ipv6Addr::from([0x2000, 0, 0, 0, 0, 0, 0, 0]), 3)
                && !NOT_PUBLIC_V6
                    .iter()
                    .any(|(block, bits)| in_block_v6(ip, Ipv6Addr::from(*block), *bits))
        }
    }
}

fn in_block_v4(ip: Ipv4Addr, block: Ipv4Addr, bits: u32) -> bool {
    (ip.to_bits() ^ block.to_bits()).leading_zeros() >= bits
}

fn in_block_v6(ip: Ipv6Addr, block: Ipv6Addr, bits: u32) -> bool {
    (ip.to_bits() ^ block.to_bits()).leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> Result<Url, BadAddress> {
        AddressRules::default().check(text)
    }

    #[test]
    fn only_https_to_the_public_internet_on_ports_of_web_servers() {
        for good in [
            "https://example.com/hooks?x=1",
            "https://example.com:8443/",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("example.com/hooks", BadAddress::NotAnAddress),
            ("ftp://example.com/", BadAddress::NotAnAddress),
            ("file:///etc/passwd", BadAddress::NotAnAddress),
            ("https:///", BadAddress::NotAnAddress),
            ("http://example.com/", BadAddress::NotHttps),
            ("https://me:secret@example.com/", BadAddress::Credentials),
            ("https://me@example.com/", BadAddress::Credentials),
            ("https://example.com:22/", BadAddress::Port),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
        let long = format!("https://example.com/{}", "a".repeat(LONGEST));
        assert_eq!(check(&long), Err(BadAddress::TooLong));
    }

    #[test]
    fn a_private_address_is_known_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0.0.0.0",
            "①②⑦.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "172.31.255.255",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[fe80::1]",
            "[fd00::1]",
            "[fc00::1]",
            "[ff02::1]",
            "[2002:7f00:1::]",
            "[2001:db8::1]",
            "[::7f00:1]",
            "localhost",
            "LOCALHOST.",
            "db",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "router.home.arpa",
        ] {
            let text = format!("https://{host}/");
            assert_eq!(check(&text), Err(BadAddress::NotPublic), "{text}");
        }
    }

    #[test]
    fn a_local_host_that_the_settings_name_opens_that_host_and_port_alone() {
        let rules = AddressRules::new(vec!["127.0.0.1:9000".to_owned()], vec![4443]);
        let url = rules.check("http://127.0.0.1:9000/hooks").unwrap();
        assert!(rules.admits(&url, IpAddr::from([127, 0, 0, 1])));
        assert!(!rules.admits(&url, IpAddr::from([10, 0, 0, 1])));
        assert!(rules.check("http://127.0.0.1:9001/").is_err());
        assert!(rules.check("http://localhost:9000/").is_err());
        assert!(rules.check("https://example.com:4443/").is_ok());
        let public = rules.check("https://example.com/").unwrap();
        assert!(!rules.admits(&public, IpAddr::from([127, 0, 0, 1])));
        assert!(rules.admits(&public, IpAddr::from([93, 184, 215, 14])));
    }

    proptest! {
        /// Against what the standard library says of the blocks it knows by name.
        #[test]
        fn what_the_standard_library_calls_private_is_not_public(bits in any::<u32>()) {
            let ip = Ipv4Addr::from_bits(bits);
            if ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast()
                || ip.is_broadcast() || ip.is_documentation() || ip.is_unspecified()
            {
                prop_assert!(!is_public(ip.into()));
            }
            prop_assert!(!is_public(ip.to_ipv6_mapped().into()));
            prop_assert!(!is_public(ip.to_ipv6_compatible().into()));
        }

        #[test]
        fn of_ipv6_only_global_unicast_is_public(bits in any::<u128>()) {
            let ip = Ipv6Addr::from_bits(bits);
            if is_public(ip.into()) {
                prop_assert!(matches!(ip.segments()[0] >> 13, 1));
                prop_assert!(!ip.is_unique_local() && !ip.is_unicast_link_local());
            }
        }
    }
}
