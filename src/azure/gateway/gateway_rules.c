/* SPDX-License-Identifier: MIT */
/* gateway_rules.c - rules that compare a package with the gateway's state: changes since the package was made. */
#include <string.h>

#include "azure/gateway/gateway_state.h"
#include "azure/net.h"
#include "azure/remedy.h"

/* Counts several cases of a fault for one finding, because the number of findings is limited. */
struct several {
	const char *first;
	unsigned n;
};

static void gateway_rules_count(struct several *all, const char *text)
{
	all->first = all->n++ == 0 ? text : all->first;
}

static int gateway_rules_say(
    const struct several *all, const struct rule *r, struct findings *out, struct err *e, const char *what)
{
	if (all->n == 0)
		return 0;
	if (all->n == 1)
		return finding_add(out, r, e, "%s: %s", what, all->first);
	return finding_add(out, r, e, "%s: %s, and %u more", what, all->first, all->n - 1);
}

/* IKEv2 and SSTP are only in the folder Generic, which Azure does not write without IKEv2. */
RULE_TEST(tunnel_gone)
{
	const struct package *p = f->package;
	const struct gateway *g = f->gateway;
	struct several gone = { 0 };

	if (!g->states_tunnels)
		return 0;
	if (p->has_ikev2 && !g->has_ikev2)
		gateway_rules_count(&gone, "IKEv2");
	if (p->has_openvpn && !g->has_openvpn)
		gateway_rules_count(&gone, "OpenVPN");
	if (p->has_sstp && !g->has_sstp)
		gateway_rules_count(&gone, "SSTP");
	return gateway_rules_say(&gone, r, out, e, "the gateway no longer offers");
}

RULE_TEST(tunnel_new)
{
	const struct package *p = f->package;
	const struct gateway *g = f->gateway;
	struct several new = { 0 };

	if (g->has_ikev2 && !p->has_ikev2)
		gateway_rules_count(&new, "IKEv2");
	if (g->has_openvpn && !p->has_openvpn)
		gateway_rules_count(&new, "OpenVPN");
	if (g->has_sstp && !p->has_sstp && p->has_generic)
		gateway_rules_count(&new, "SSTP");
	return gateway_rules_say(&new, r, out, e, "the gateway offers a tunnel type that the package does not contain");
}

/* A RADIUS server can also use EAP-TLS. */
RULE_TEST(auth_changed)
{
	const struct gateway *g = f->gateway;
	const char *auth = f->package->auth;

	if (!g->states_auth || auth[0] == '\0')
		return 0;
	if (strcasestr(auth, "EAPTLS") != NULL && !g->has_certificate && !g->has_radius)
		return finding_add(out, r, e, "the package uses %s, the gateway accepts no certificates", auth);
	if (strcasestr(auth, "EAPTLS") == NULL && g->has_certificate)
		return finding_add(out, r, e, "the package uses %s, the gateway accepts certificates", auth);
	return 0;
}

static bool gateway_rules_is_listed(const struct ip_net *nets, unsigned n, const struct ip_net *one)
{
	for (unsigned i = 0; i < n; i++)
		if (nets[i].prefix == one->prefix && ip_net_contains(&nets[i], one))
			return true;
	return false;
}

RULE_TEST(pool_changed)
{
	const struct package *p = f->package;
	const struct gateway *g = f->gateway;
	struct several gone = { 0 }, new = { 0 };

	if (p->n_pools == 0 || g->n_pools == 0)
		return 0;
	for (unsigned i = 0; i < p->n_pools; i++)
		if (!gateway_rules_is_listed(g->pools, g->n_pools, &p->pools[i]))
			gateway_rules_count(&gone, p->pools[i].text);
	for (unsigned i = 0; i < g->n_pools; i++)
		if (!gateway_rules_is_listed(p->pools, p->n_pools, &g->pools[i]))
			gateway_rules_count(&new, g->pools[i].text);
	return gateway_rules_say(&gone, r, out, e, "the gateway no longer has the address pool") < 0 ||
		       gateway_rules_say(
			   &new, r, out, e, "the gateway has an address pool that the package does not contain") < 0
		   ? -1
		   : 0;
}

static bool gateway_rules_has_root(const struct gateway *g, const char *thumbprint)
{
	for (size_t i = 0; i < g->n_roots; i++)
		if (strcmp(g->roots[i].info.thumbprint, thumbprint) == 0)
			return true;
	return false;
}

static bool knows_root(const struct package *p, const char *thumbprint)
{
	for (unsigned i = 0; i < p->n_client_roots; i++)
		if (strcmp(p->client_roots[i], thumbprint) == 0)
			return true;
	return false;
}

RULE_TEST(root_new)
{
	const struct gateway *g = f->gateway;
	struct several new = { 0 };

	for (size_t i = 0; f->package->states_client_roots && i < g->n_roots; i++)
		if (!knows_root(f->package, g->roots[i].info.thumbprint))
			gateway_rules_count(&new, g->roots[i].info.thumbprint);
	return gateway_rules_say(&new, r, out, e, "the gateway trusts a root that the package does not list");
}

RULE_TEST(root_gone)
{
	const struct package *p = f->package;
	struct several gone = { 0 };

	for (unsigned i = 0; f->gateway->states_roots && i < p->n_client_roots; i++)
		if (!gateway_rules_has_root(f->gateway, p->client_roots[i]))
			gateway_rules_count(&gone, p->client_roots[i]);
	return gateway_rules_say(&gone, r, out, e, "the package lists a root that is not on the gateway");
}

/* A gateway with RADIUS or Entra ID authentication alone has no roots. */
RULE_TEST(our_root_missing)
{
	const struct gateway *g = f->gateway;

	if (!g->states_roots || (g->states_auth && !g->has_certificate) ||
	    gateway_rules_has_root(g, facts_top(f)->thumbprint))
		return 0;
	return finding_add(
	    out, r, e, "root %s is not on the gateway (roots there: %zu)", facts_top(f)->thumbprint, g->n_roots);
}

static bool has_dns(const char dns[][46], unsigned n, const char *one)
{
	for (unsigned i = 0; i < n; i++)
		if (strcasecmp(dns[i], one) == 0)
			return true;
	return false;
}

/* A gateway without custom name servers uses those of the network, which the state does not contain. */
RULE_TEST(dns_changed)
{
	const struct package *p = f->package;
	const struct gateway *g = f->gateway;
	struct several gone = { 0 }, new = { 0 };

	if (g->n_dns == 0 || !p->has_generic)
		return 0;
	for (unsigned i = 0; i < p->n_dns; i++)
		if (!has_dns(g->dns, g->n_dns, p->dns[i]))
			gateway_rules_count(&gone, p->dns[i]);
	for (unsigned i = 0; i < g->n_dns; i++)
		if (!has_dns(p->dns, p->n_dns, g->dns[i]))
			gateway_rules_count(&new, g->dns[i]);
	return gateway_rules_say(&gone, r, out, e, "the gateway no longer has the DNS server") < 0 ||
		       gateway_rules_say(
			   &new, r, out, e, "the gateway has a DNS server that the package does not contain") < 0
		   ? -1
		   : 0;
}

/* The package also contains the routes of the networks, so only missing custom routes can be recognised. */
RULE_TEST(routes_changed)
{
	const struct package *p = f->package;
	const struct gateway *g = f->gateway;
	struct several new = { 0 };

	for (unsigned i = 0; p->has_generic && i < g->n_routes; i++) {
		bool is_reached = false;

		for (unsigned k = 0; k < p->n_routes; k++)
			is_reached = is_reached || ip_net_contains(&p->routes[k], &g->routes[i]);
		if (!is_reached)
			gateway_rules_count(&new, g->routes[i].text);
	}
	return gateway_rules_say(&new, r, out, e, "the gateway has a custom route that the package does not contain");
}

#define SET "package"
#define BOTH (FACT_PACKAGE | FACT_GATEWAY)

const struct rule rules_package_gateway[] = {
	{ "package-older-than-gateway-tunnel-gone", FINDING_FAIL, SET, BOTH, tunnel_gone,
	    "the gateway no longer offers a tunnel type of this package", DOWNLOAD },
	{ "package-older-than-gateway-tunnel-new", FINDING_WARN, SET, BOTH, tunnel_new,
	    "the gateway offers a tunnel type that this package does not contain", DOWNLOAD },
	{ "package-older-than-gateway-auth", FINDING_FAIL, SET, BOTH, auth_changed,
	    "the gateway's authentication type changed after this package was generated", DOWNLOAD },
	{ "package-older-than-gateway-pool", FINDING_WARN, SET, BOTH, pool_changed,
	    "the gateway's address pool changed after this package was generated", DOWNLOAD },
	{ "package-older-than-gateway-root-new", FINDING_WARN, SET, BOTH, root_new,
	    "a root was added to the gateway after this package was generated", DOWNLOAD },
	{ "package-older-than-gateway-root-gone", FINDING_WARN, SET, BOTH, root_gone,
	    "a root was removed from the gateway after this package was generated", DOWNLOAD },
	{ "package-root-not-on-gateway", FINDING_FAIL, SET, BOTH | FACT_CHAIN, our_root_missing,
	    "the root is not on the gateway",
	    "upload the output of `p11ca root export NAME --format base64` to the gateway, then " DOWNLOAD },
	{ "package-older-than-gateway-dns", FINDING_WARN, SET, BOTH, dns_changed,
	    "the DNS servers changed after this package was generated", DOWNLOAD },
	{ "package-older-than-gateway-routes", FINDING_WARN, SET, BOTH, routes_changed,
	    "a custom route was added after this package was generated", DOWNLOAD },
	{ 0 }
};
