//! Finds the address of the client who sent a request. Behind proxies, the connection comes from the last proxy, and the
//! header `X-Forwarded-For` has the client's address. Each proxy adds one address at the end of that header; whatever
//! stands before the addresses of the customer's own proxies was sent by the client, who can invent it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// The header to which each proxy adds the address from which it got the request.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address by which the requests of a client are counted. `peer` is the address at the other end of the
/// connection, and `proxies` the number of the customer's own proxies before this server.
///
/// An IPv6 address stands for its network of 64 bits, because one client usually has such a network.
pub(crate) fn client_address(headers: &HeaderMap, peer: IpAddr, proxies: usize) -> IpAddr {
    let forwarded = proxies
        .checked_sub(1)
        .and_then(|from_the_end| forwarded_address(headers, from_the_end));
    match forwarded.unwrap_or(peer).to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// The address at this place of `X-Forwarded-For`, counted from its end. `None` if there is none, or if it is no address.
fn forwarded_address(headers: &HeaderMap, from_the_end: usize) -> Option<IpAddr> {
    // A header that occurs several times counts as one list.
    let lines = headers.get_all(FORWARDED_FOR).iter();
    let text: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
    let text = text.join(",");
    let entry = text.rsplit(',').nth(from_the_end)?.trim();
    // Some proxies add the port.
    let with_port = || entry.parse::<SocketAddr>().ok().map(|it| it.ip());
    entry.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(lines: &[&str], proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        client_address(&headers, IpAddr::from([10, 0, 0, 1]), proxies).to_string()
    }

    #[test]
    fn only_what_the_own_proxies_have_added_is_believed() {
        for (lines, proxies, address) in [
            (&["192.0.2.1, 198.51.100.7"][..], 0, "10.0.0.1"),
            (&["192.0.2.1, 198.51.100.7"], 1, "198.51.100.7"),
            (&["192.0.2.1, 198.51.100.7"], 2, "192.0.2.1"),
            (&["192.0.2.1", "198.51.100.7"], 1, "198.51.100.7"),
            (&["192.0.2.1,198.51.100.7:4711"], 1, "198.51.100.7"),
            // Without an address at the right place, the proxy itself counts as the client.
            (&["198.51.100.7"], 2, "10.0.0.1"),
            (&["192.0.2.1, unknown"], 1, "10.0.0.1"),
            (&[], 1, "10.0.0.1"),
        ] {
            assert_eq!(client(lines, proxies), address, "{lines:?}, {proxies}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let addresses = [
            "2001:db8:1:2:3:4:5:6",
            "2001:db8:1:2::1",
            "[2001:db8:1:2::1]:80",
        ];
        for address in addresses {
            assert_eq!(client(&[address], 1), "2001:db8:1:2::");
        }
        assert_eq!(client(&["2001:db8:1:3::1"], 1), "2001:db8:1:3::");
        assert_eq!(client(&["::ffff:198.51.100.7"], 1), "198.51.100.7");
    }
}
