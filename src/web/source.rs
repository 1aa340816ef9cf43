//! Where a request came from.

use std::net::IpAddr;

use actix_web::HttpRequest;

use super::guard::GuardConfig;

/// The address of whoever sent the request: the one we are connected with, unless that is a proxy
/// of ours, which then tells whom it was connected with in turn.
pub fn of(req: &HttpRequest, guard: &GuardConfig) -> Option<IpAddr> {
    let forwarded = req
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok());
    let peer = req.peer_addr()?.ip();
    Some(through(peer, forwarded, &guard.trusted_proxies))
}

/// Goes back along the proxies, the nearest first, to the first address that is not one of them.
/// What stands before that may be anybody's invention.
fn through<'a>(
    peer: IpAddr,
    forwarded: impl Iterator<Item = &'a str>,
    proxies: &[IpAddr],
) -> IpAddr {
    let hops: Vec<&str> = forwarded.flat_map(|list| list.split(',')).collect();
    let mut source = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !proxies.contains(&source) {
            break;
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        source = before.to_canonical();
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        through(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string()
    }

    #[test]
    fn a_strangers_word_on_where_it_comes_from_is_not_taken() {
        assert_eq!(source("203.0.113.9", &["198.51.100.7"]), "203.0.113.9");
        assert_eq!(source("203.0.113.9", &[]), "203.0.113.9");
    }

    #[test]
    fn a_proxy_of_ours_tells_and_only_its_own_entry_counts() {
        assert_eq!(source("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(source("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            source("10.0.0.1", &["192.0.2.1, 198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(
            source("10.0.0.1", &["192.0.2.1", "198.51.100.7, 10.0.0.2"]),
            "198.51.100.7"
        );
    }

    #[test]
    fn what_cannot_be_read_stops_the_search_at_the_proxy() {
        for list in ["unknown", "", "198.51.100.7:443"] {
            assert_eq!(source("10.0.0.1", &[list]), "10.0.0.1", "{list}");
        }
    }
}
