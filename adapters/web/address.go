package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddr is the address that a request is counted for: the peer, or, if the
// peer is a trusted proxy, the last address in X-Forwarded-For that no trusted
// proxy could have written itself. What stands left of that may be invented.
func clientAddr(r *http.Request, proxies []netip.Prefix) netip.Addr {
	addr := addrOf(r.RemoteAddr)
	if !within(proxies, addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = next.Unmap()
		if !within(proxies, addr) {
			break
		}
	}
	return addr
}

// secure reports whether the person's connection is encrypted, here or at a
// trusted proxy.
func secure(r *http.Request, proxies []netip.Prefix) bool {
	return r.TLS != nil ||
		r.Header.Get("X-Forwarded-Proto") == "https" && within(proxies, addrOf(r.RemoteAddr))
}

// addrOf reads "host:port". What cannot be read (a Unix socket) is one address.
func addrOf(hostPort string) netip.Addr {
	ap, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// clientKey is what counts as one client: an IPv4 address, or the /64 that one
// household or server has in IPv6.
func clientKey(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	p, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return addr
	}
	return p.Addr()
}

func within(prefixes []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}
