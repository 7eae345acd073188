/* SPDX-License-Identifier: MIT */
/* rules.c - rules for a package: problems that would prevent connections, found before a client is set up. */
#include <stdlib.h>
#include <string.h>

#include "azure/net.h"
#include "azure/package.h"
#include "azure/remedy.h"
#include "util/array.h"
#include "util/clock.h"

#define DAY 86400
#define EXPIRING_DAYS 90
#define SSTP_END INT64_C(1806537600) /* 2027-04-01: Azure ends SSTP on 2027-03-31 */

bool package_is_aad_only(const struct package *p)
{
	if (p->ovpn.is_there)
		return false;
	if (p->azurevpn.auth[0] != '\0')
		return strcasecmp(p->azurevpn.auth, "cert") != 0;
	return !p->is_part && p->has_openvpn && !p->has_ikev2 && p->states_aad;
}

/* A gateway for Entra ID alone offers OpenVPN only, and adding IKEv2 does not help. */
RULE_TEST(no_ikev2)
{
	const struct package *p = f->package;

	if ((p->has_generic && p->has_ikev2) || package_is_aad_only(p))
		return 0;
	return finding_add(
	    out, r, e, p->has_generic ? "VpnType does not list IkeV2" : "the package has no Generic folder");
}

RULE_TEST(no_openvpn)
{
	return f->package->has_openvpn ? 0 : finding_add(out, r, e, "the package has no OpenVPN settings");
}

RULE_TEST(no_ping_restart)
{
	return f->package->ovpn.is_there ? finding_add(out, r, e, "vpnconfig.ovpn has no ping-restart") : 0;
}

RULE_TEST(sstp_only)
{
	const struct package *p = f->package;

	if (p->has_ikev2 || p->has_openvpn)
		return 0;
	return finding_add(out, r, e,
	    f->now < SSTP_END ? "the package offers only SSTP, which ends on 2027-03-31"
			      : "the package offers only SSTP, which ended on 2027-03-31");
}

/* Auth can contain several methods. */
RULE_TEST(auth_not_certificate)
{
	const char *auth = f->package->auth;

	if (auth[0] != '\0' && strcasestr(auth, "EAPTLS") == NULL)
		return finding_add(out, r, e, "the authentication is %s", auth);
	if (!package_is_aad_only(f->package))
		return 0;
	if (f->package->azurevpn.auth[0] != '\0')
		return finding_add(out, r, e, "azurevpnconfig.xml uses '%s', and no file uses certificates",
		    f->package->azurevpn.auth);
	return finding_add(out, r, e, "VpnSettings.xml names an Entra ID tenant, and no file uses certificates");
}

RULE_TEST(root_unknown)
{
	const struct package *p = f->package;

	if (!p->states_client_roots)
		return 0;
	for (unsigned i = 0; i < p->n_client_roots; i++)
		if (strcmp(p->client_roots[i], facts_top(f)->thumbprint) == 0)
			return 0;
	return finding_add(
	    out, r, e, "root %s is not in the package (roots there: %u)", facts_top(f)->thumbprint, p->n_client_roots);
}

RULE_TEST(client_roots_not_stated)
{
	return f->package->states_client_roots ? 0 : finding_add(out, r, e, "the package lists no client roots");
}

static int64_t last_end(const struct package *p)
{
	int64_t end = INT64_MIN;

	for (unsigned i = 0; i < p->n_roots; i++)
		end = p->roots[i].info.not_after > end ? p->roots[i].info.not_after : end;
	return end;
}

RULE_TEST(gateway_root_missing)
{
	return f->package->n_roots > 0 ? 0 : finding_add(out, r, e, "the package has no gateway root");
}

RULE_TEST(gateway_root_expired)
{
	const struct package *p = f->package;

	if (p->n_roots == 0 || f->now <= last_end(p))
		return 0;
	return finding_add(out, r, e, "the last of the %u gateway roots expired %lld days ago", p->n_roots,
	    (long long)clock_days(last_end(p), f->now));
}

/* During a migration the package has two roots: the old root may expire while the new root is valid. */
RULE_TEST(gateway_root_expiring)
{
	const struct package *p = f->package;

	for (unsigned i = 0; i < p->n_roots && f->now <= last_end(p); i++) {
		const struct cert_info *c = &p->roots[i].info;

		if (c->not_after - f->now > EXPIRING_DAYS * (int64_t)DAY)
			continue;
		if (finding_add(out, r, e, "gateway root '%.80s' %s %lld days%s", c->subject,
			c->not_after < f->now ? "expired" : "expires in",
			(long long)llabs(clock_days(f->now, c->not_after)),
			c->not_after < f->now ? " ago; another root is still valid" : "") < 0)
			return -1;
	}
	return 0;
}

/* Root certificate authorities of Azure, by SHA-1 (learn.microsoft.com, "Azure Certificate Authority details"). */
static const char *const azure_roots[] = {
	"a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436", /* DigiCert Global Root CA */
	"df3c24f9bfd666761b268073fe06d1cc8d4f82a4", /* DigiCert Global Root G2 */
	"7e04de896a3e666d00e687d33ffad93be83d349e", /* DigiCert Global Root G3 */
	"a78849dc5d7c758c8cde399856b3aad0b2a57135", /* DigiCert TLS RSA 4096 Root G5 */
	"17f3de5e9f0f19e98ef61f32266e20c407ae30ee", /* DigiCert TLS ECC P384 Root G5 */
	"73a5e64a3bff8316ff0edccc618a906e4eae4d74", /* Microsoft RSA Root Certificate Authority 2017 */
	"999a64c37ff47d9fab95f14769891460eec4c3c5", /* Microsoft ECC Root Certificate Authority 2017 */
	"d4de20d05e66fc53fe1a50882c78db2852cae474", /* Baltimore CyberTrust Root, in packages made before 2022 */
};

RULE_TEST(gateway_root_unknown)
{
	const struct package *p = f->package;

	for (unsigned i = 0; i < p->n_roots; i++) {
		bool is_known = false;

		for (size_t k = 0; k < ARRAY_LEN(azure_roots); k++)
			is_known = is_known || strcmp(azure_roots[k], p->roots[i].info.thumbprint) == 0;
		if (!is_known && finding_add(out, r, e, "gateway root %s ('%.80s') is not a root that Azure uses",
				     p->roots[i].info.thumbprint, p->roots[i].info.subject) < 0)
			return -1;
	}
	return 0;
}

RULE_TEST(server_hash)
{
	const struct package *p = f->package;

	if (p->azurevpn.server_root[0] == '\0' || p->n_roots == 0)
		return 0;
	for (unsigned i = 0; i < p->n_roots; i++)
		if (strcmp(p->roots[i].info.thumbprint, p->azurevpn.server_root) == 0)
			return 0;
	return finding_add(out, r, e, "azurevpnconfig.xml expects root %s, which the package does not contain",
	    p->azurevpn.server_root);
}

RULE_TEST(server_not_azure)
{
	static const char *const suffixes[] = { ".vpn.azure.com", ".cloudapp.net" };
	const char *server = f->package->server;
	size_t len = strlen(server);

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && strcasecmp(server + len - n, suffixes[i]) == 0)
			return 0;
	}
	return finding_add(out, r, e, "the server is '%.150s'", server[0] != '\0' ? server : "not named");
}

/* Only VpnSettings.xml states routes. */
RULE_TEST(routes_none)
{
	const struct package *p = f->package;

	return p->n_routes > 0 || !p->has_generic ? 0 : finding_add(out, r, e, "the package has no routes");
}

RULE_TEST(routes_default)
{
	const struct package *p = f->package;
	bool forced[PACKAGE_NETS_MAX];
	const char *first = NULL;
	unsigned n = 0;

	ip_nets_forced(forced, p->routes, p->n_routes);
	for (unsigned i = 0; i < p->n_routes; i++) {
		if (!forced[i])
			continue;
		first = n++ == 0 ? p->routes[i].text : first;
	}
	if (n == 0)
		return 0;
	if (n == 1)
		return finding_add(out, r, e, "the route %s covers all addresses", first);
	return finding_add(out, r, e, "%u routes together cover all addresses; the first is %s", n, first);
}

/* One finding for all pairs: of 500 routes every pair may overlap, and the number of findings is limited. */
RULE_TEST(routes_overlap)
{
	const struct package *p = f->package;
	const struct ip_net *a = NULL, *b = NULL;
	bool forced[PACKAGE_NETS_MAX];
	unsigned n = 0;

	ip_nets_forced(forced, p->routes, p->n_routes);
	for (unsigned i = 0; i < p->n_routes; i++) {
		for (unsigned k = 0; k < i; k++) {
			if (forced[i] || forced[k] || !ip_net_overlaps(&p->routes[k], &p->routes[i]))
				continue;
			a = n++ == 0 ? &p->routes[k] : a;
			b = b == NULL ? &p->routes[i] : b;
		}
	}
	if (n == 0)
		return 0;
	return finding_add(
	    out, r, e, "routes %s and %s overlap%s", a->text, b->text, n > 1 ? "; other routes do, too" : "");
}

RULE_TEST(routes_host_bits)
{
	const struct package *p = f->package;
	const struct ip_net *first = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < p->n_routes; i++) {
		if (!ip_net_has_host_bits(&p->routes[i]))
			continue;
		first = n++ == 0 ? &p->routes[i] : first;
	}
	if (n == 0)
		return 0;
	return finding_add(
	    out, r, e, "route %s has host bits set%s", first->text, n > 1 ? "; other routes do, too" : "");
}

RULE_TEST(pool_overlaps_route)
{
	const struct package *p = f->package;
	bool forced[PACKAGE_NETS_MAX];

	ip_nets_forced(forced, p->routes, p->n_routes);
	for (unsigned i = 0; i < p->n_pools; i++)
		for (unsigned k = 0; k < p->n_routes; k++)
			if (!forced[k] && ip_net_overlaps(&p->pools[i], &p->routes[k]))
				return finding_add(out, r, e, "pool %s overlaps route %s", p->pools[i].text,
				    p->routes[k].text);
	return 0;
}

RULE_TEST(pool_mask)
{
	const struct package *p = f->package;

	for (unsigned i = 0; i < p->n_pools; i++) {
		const struct ip_net *pool = &p->pools[i];

		if (!pool->is_v6 && pool->prefix > 28 &&
		    finding_add(out, r, e, "pool %s is too small%s", pool->text,
		        pool->prefix == 29 ? " for an active-active gateway" : "") < 0)
			return -1;
	}
	return 0;
}

static bool is_reached(const struct package *p, const struct ip_net *address)
{
	for (unsigned i = 0; i < p->n_routes; i++)
		if (ip_net_contains(&p->routes[i], address))
			return true;
	return false;
}

RULE_TEST(dns_outside_routes)
{
	const struct package *p = f->package;

	for (unsigned i = 0; i < p->n_dns; i++) {
		struct ip_net address;

		if (!ip_address_parse(&address, (struct bytes){ (const void *)p->dns[i], strlen(p->dns[i]) }) ||
		    is_reached(p, &address))
			continue;
		if (finding_add(out, r, e, "no route leads to DNS server %s", p->dns[i]) < 0)
			return -1;
	}
	return 0;
}

#define SET "package"
#define CLIENTS SET "," RULES_CLIENTS

const struct rule rules_package[] = {
	{ "package-sstp-only", FINDING_FAIL, SET, FACT_PACKAGE, sstp_only, "the gateway offers only SSTP",
	    "select the tunnel type IKEv2 and OpenVPN in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ "package-no-ikev2", FINDING_WARN, SET, FACT_PACKAGE, no_ikev2,
	    "the gateway of this package does not offer IKEv2",
	    "add IKEv2 to the tunnel types in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ "package-no-openvpn", FINDING_INFO, SET, FACT_PACKAGE, no_openvpn,
	    "the gateway of this package does not offer OpenVPN",
	    "if such clients are needed, add OpenVPN to the tunnel types, then " DOWNLOAD },
	{ "package-ping-restart", FINDING_INFO, SET, FACT_PACKAGE, no_ping_restart,
	    "vpnconfig.ovpn does not set ping-restart, and the gateway sends no keepalive",
	    "if this happens, add the line `ping-restart 0` to the client's .ovpn file" },
	{ "package-auth-not-certificate", FINDING_FAIL, CLIENTS, FACT_PACKAGE, auth_not_certificate,
	    "the gateway does not use certificate authentication",
	    "select the authentication type Azure certificate in the gateway's Point-to-site configuration, "
	    "then " DOWNLOAD },
	{ "package-root-unknown-to-gateway", FINDING_FAIL, SET ",windows", FACT_PACKAGE | FACT_CHAIN, root_unknown,
	    "the package does not list the client's root",
	    "upload the root if it is not on the gateway, then " DOWNLOAD },
	{ "package-before-root", FINDING_WARN, "apple,strongswan,openvpn", FACT_PACKAGE | FACT_CHAIN, root_unknown,
	    "the package was generated before the client's root was uploaded",
	    "upload the root if it is not on the gateway, then " DOWNLOAD },
	{ "package-client-roots-not-stated", FINDING_INFO, SET, FACT_PACKAGE, client_roots_not_stated,
	    "neither VpnProfileSetup.ps1 nor azurevpnconfig.xml in the package lists the client roots",
	    "give the whole package, or download the package again" },
	{ "package-gateway-root-missing", FINDING_FAIL, CLIENTS, FACT_PACKAGE, gateway_root_missing,
	    "the package does not contain the gateway's root", DOWNLOAD },
	{ "package-gateway-root-expired", FINDING_FAIL, CLIENTS, FACT_PACKAGE, gateway_root_expired,
	    "the gateway root in the package has expired", DOWNLOAD },
	{ "package-gateway-root-expiring", FINDING_WARN, CLIENTS, FACT_PACKAGE, gateway_root_expiring,
	    "the gateway root in the package expires soon",
	    "check from time to time whether there is a newer package" },
	{ "package-gateway-root-unknown", FINDING_WARN, SET, FACT_PACKAGE, gateway_root_unknown,
	    "the gateway root in the package is not one of the DigiCert and Microsoft roots that Azure uses",
	    "make sure that the package comes from your gateway, then " DOWNLOAD },
	{ "package-server-hash-mismatch", FINDING_FAIL, "package," RULES_CLIENTS, FACT_PACKAGE, server_hash,
	    "the server certificate hash in azurevpnconfig.xml does not match the gateway root in the package",
	    DOWNLOAD },
	{ "package-server-not-azure", FINDING_WARN, SET, FACT_PACKAGE, server_not_azure,
	    "the server's name ends neither with .vpn.azure.com nor with .cloudapp.net",
	    "make sure that the package comes from your gateway" },
	{ "package-routes-none", FINDING_WARN, SET, FACT_PACKAGE, routes_none, "the package contains no routes",
	    "check the address space of the virtual network, then " DOWNLOAD },
	{ "package-routes-default", FINDING_WARN, SET, FACT_PACKAGE, routes_default,
	    "the package routes all addresses to the gateway",
	    "if you do not want forced tunnelling, remove the routes that cover all addresses from the advertised "
	    "routes, then " DOWNLOAD },
	{ "package-routes-overlap", FINDING_INFO, SET, FACT_PACKAGE, routes_overlap,
	    "one route in the package contains another",
	    "check the address spaces of the virtual network and its peered networks" },
	{ "package-routes-host-bits", FINDING_WARN, SET, FACT_PACKAGE, routes_host_bits,
	    "a route in the package has host bits set", "correct the advertised route on the gateway, then " DOWNLOAD },
	{ "package-pool-overlaps-route", FINDING_WARN, SET, FACT_PACKAGE, pool_overlaps_route,
	    "the address pool overlaps a route in the package",
	    "choose another address pool in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ "package-pool-mask", FINDING_WARN, SET, FACT_PACKAGE, pool_mask,
	    "the address pool is smaller than /29, or smaller than /28 on an active-active gateway",
	    "choose a larger address pool in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ "package-dns-outside-routes", FINDING_WARN, SET, FACT_PACKAGE, dns_outside_routes,
	    "a DNS server in the package is outside the routes",
	    "use a DNS server in the virtual network, or advertise a route to it, then " DOWNLOAD },
	{ 0 }
};
