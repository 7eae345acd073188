/* SPDX-License-Identifier: MIT */
/* gateway_check.c - rules for a gateway's point-to-site configuration by Azure's documentation. */
#include <string.h>

#include "azure/gateway/gateway.h"
#include "azure/gateway/gateway_foreign.h"
#include "azure/net.h"
#include "util/array.h"
#include "util/clock.h"

#define DAY            (int64_t)86400
#define ROOTS_OF_AZURE 20
#define SSTP_END       1806451200 /* 2027-03-31 */

/* A rule reports the first few faults only, because the number of findings is limited and a state may be crafted. */
#define REPORTED_MAX 3U
struct reported {
	const struct rule *r;
	struct findings *out;
	struct err *e;
	unsigned n;
};

static bool may_report(struct reported *s)
{
	return s->n++ < REPORTED_MAX;
}

static int report_rest(const struct reported *s)
{
	return s->n > REPORTED_MAX ? finding_add(s->out, s->r, s->e, "and %u more", s->n - REPORTED_MAX) : 0;
}

static size_t count_unreadable(const struct gateway *g, bool is_root)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_unreadable; i++)
		n += g->unreadable[i].is_root == is_root;
	return n;
}

static int gateway_check_unreadable(
    bool is_root, const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_unreadable; i++)
		if (g->unreadable[i].is_root == is_root && may_report(&reported) &&
		    finding_add(out, r, e, "'%.70s': %s", g->unreadable[i].name, g->unreadable[i].problem) < 0)
			return -1;
	return report_rest(&reported);
}

RULE_TEST(root_unreadable)
{
	return gateway_check_unreadable(true, r, f, out, e);
}

RULE_TEST(revoked_unreadable)
{
	return gateway_check_unreadable(false, r, f, out, e);
}

RULE_TEST(root_limit)
{
	const size_t n = f->gateway->n_roots + count_unreadable(f->gateway, true);

	return n > ROOTS_OF_AZURE
		   ? finding_add(out, r, e, "the gateway has %zu roots, Azure accepts %d", n, ROOTS_OF_AZURE)
		   : 0;
}

RULE_TEST(no_root)
{
	const struct gateway *g = f->gateway;

	return g->has_certificate && g->states_roots && g->n_roots + count_unreadable(g, true) == 0
		   ? finding_add(out, r, e, "the gateway uses certificates and has no root")
		   : 0;
}

/* The portal's message: "Resource name … is invalid". */
static bool gateway_check_is_name(const char *name)
{
	return name[0] != '\0' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name);
}

RULE_TEST(names)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++)
		if (!gateway_check_is_name(g->roots[i].name) && may_report(&reported) &&
		    finding_add(out, r, e, "root '%.100s'", g->roots[i].name) < 0)
			return -1;
	for (size_t i = 0; i < g->n_revoked; i++)
		if (!gateway_check_is_name(g->revoked[i].name) && may_report(&reported) &&
		    finding_add(out, r, e, "revoked certificate '%.100s'", g->revoked[i].name) < 0)
			return -1;
	return report_rest(&reported);
}

RULE_TEST(names_twice)
{
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++)
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(g->roots[i].name, g->roots[k].name) == 0)
				return finding_add(out, r, e, "two roots have the name '%.100s'", g->roots[i].name);
	return 0;
}

RULE_TEST(root_twice)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(g->roots[i].info.thumbprint, g->roots[k].info.thumbprint) == 0 &&
			    may_report(&reported) &&
			    finding_add(out, r, e, "'%.80s' and '%.80s' are the same certificate", g->roots[k].name,
				g->roots[i].name) < 0)
				return -1;
	return report_rest(&reported);
}

RULE_TEST(root_expired)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++)
		if (g->roots[i].info.not_after <= f->now && may_report(&reported) &&
		    finding_add(out, gateway_rule_for(r, &g->roots[i]), e, "root '%.80s' (%.100s) has expired",
			g->roots[i].name, g->roots[i].info.subject) < 0)
			return -1;
	return report_rest(&reported);
}

/* Reports roots that expire in more than `from` seconds and at most `to`. */
static int ends_within(
    int64_t from, int64_t to, const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (size_t i = 0; i < g->n_roots; i++) {
		const int64_t left = g->roots[i].info.not_after - f->now;

		if (left > from * DAY && left <= to * DAY && may_report(&reported) &&
		    finding_add(out, gateway_rule_for(r, &g->roots[i]), e, "root '%.80s' (%.80s) expires in %lld days",
			g->roots[i].name, g->roots[i].info.subject,
			(long long)clock_days(f->now, g->roots[i].info.not_after)) < 0)
			return -1;
	}
	return report_rest(&reported);
}

RULE_TEST(ends_30)
{
	return ends_within(0, 30, r, f, out, e);
}

RULE_TEST(ends_60)
{
	return ends_within(30, 60, r, f, out, e);
}

RULE_TEST(ends_90)
{
	return ends_within(60, 90, r, f, out, e);
}

RULE_TEST(no_certificate)
{
	const struct gateway *g = f->gateway;

	return g->states_auth && !g->has_certificate && !g->has_radius
		   ? finding_add(out, r, e, "the gateway accepts no certificates")
		   : 0;
}

RULE_TEST(radius_secret)
{
	return f->gateway->has_radius ? finding_add(out, r, e, "the gateway has RADIUS servers") : 0;
}

RULE_TEST(policy_based)
{
	return f->gateway->is_policy_based ? finding_add(out, r, e, "vpnType is PolicyBased") : 0;
}

RULE_TEST(no_config)
{
	return f->gateway->has_no_config ? finding_add(out, r, e, "the gateway has no point-to-site configuration") : 0;
}

RULE_TEST(no_pool)
{
	const struct gateway *g = f->gateway;

	return g->kind == GATEWAY_OF_VNET && !g->has_no_config && g->n_pools == 0
		   ? finding_add(out, r, e, "the gateway has no address pool")
		   : 0;
}

/* IPv4: a prefix longer than /29, or than /28 if two instances share the pool, has too few addresses. */
RULE_TEST(pool_small)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;
	const unsigned longest = g->is_active_active ? 28 : 29;

	for (unsigned i = 0; i < g->n_pools; i++)
		if (!g->pools[i].is_v6 && g->pools[i].prefix > longest && may_report(&reported) &&
		    finding_add(out, r, e, "pool %s is too small: a gateway that is %s needs /%u", g->pools[i].text,
			g->is_active_active ? "active-active" : "active-passive", longest) < 0)
			return -1;
	return report_rest(&reported);
}

RULE_TEST(pool_bits)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (unsigned i = 0; i < g->n_pools; i++)
		if (ip_net_has_host_bits(&g->pools[i]) && may_report(&reported) &&
		    finding_add(out, r, e, "pool %s has host bits set", g->pools[i].text) < 0)
			return -1;
	return report_rest(&reported);
}

/* RFC 1918, RFC 6598, RFC 4193. */
static bool is_private(const struct ip_net *n)
{
	static const char *const nets[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
		"fc00::/7" };
	struct ip_net net;

	for (size_t i = 0; i < ARRAY_LEN(nets); i++)
		if (ip_net_parse(&net, (struct bytes){ (const void *)nets[i], strlen(nets[i]) }) &&
		    ip_net_contains(&net, n))
			return true;
	return false;
}

RULE_TEST(pool_public)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (unsigned i = 0; i < g->n_pools; i++)
		if (!is_private(&g->pools[i]) && may_report(&reported) &&
		    finding_add(out, r, e, "pool %s is not private", g->pools[i].text) < 0)
			return -1;
	return report_rest(&reported);
}

/* Networks that the pools must not overlap. */
struct other_nets {
	const struct ip_net *all;
	unsigned n;
	const char *what;            /* "pool A overlaps B, …" */
};

static int gateway_check_overlaps(const struct other_nets *others, const struct rule *r, const struct facts *f,
    struct findings *out, struct err *e)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	for (unsigned i = 0; i < g->n_pools; i++)
		for (unsigned k = 0; k < others->n; k++)
			if (ip_net_overlaps(&g->pools[i], &others->all[k]) && may_report(&reported) &&
			    finding_add(out, r, e, "pool %s overlaps %s, %s", g->pools[i].text, others->all[k].text,
				others->what) < 0)
				return -1;
	return report_rest(&reported);
}

RULE_TEST(pool_vnet)
{
	if (f->gateway_network == NULL)
		return 0;
	return gateway_check_overlaps(
	    &(struct other_nets){
		f->gateway_network->vnets, f->gateway_network->n_vnets, "a network of the gateway" },
	    r, f, out, e);
}

RULE_TEST(pool_local)
{
	if (f->gateway_network == NULL)
		return 0;
	return gateway_check_overlaps(
	    &(struct other_nets){
		f->gateway_network->locals, f->gateway_network->n_locals, "a network with clients" },
	    r, f, out, e);
}

RULE_TEST(pool_split)
{
	const struct gateway *g = f->gateway;

	return g->has_sstp && (g->has_ikev2 || g->has_openvpn) && g->n_pools > 0
		   ? finding_add(out, r, e, "SSTP and another tunnel type share the pool")
		   : 0;
}

RULE_TEST(sstp_openvpn)
{
	return f->gateway->has_sstp && f->gateway->has_openvpn
		   ? finding_add(out, r, e, "the gateway offers SSTP and OpenVPN")
		   : 0;
}

RULE_TEST(sstp_ends)
{
	return f->gateway->has_sstp && f->now < SSTP_END
		   ? finding_add(
			 out, r, e, "SSTP stops on 2027-03-31, in %lld days", (long long)clock_days(f->now, SSTP_END))
		   : 0;
}

RULE_TEST(sstp_ended)
{
	return f->gateway->has_sstp && f->now >= SSTP_END ? finding_add(out, r, e, "SSTP stopped on 2027-03-31") : 0;
}

RULE_TEST(aad_tunnel)
{
	const struct gateway *g = f->gateway;

	return g->has_aad && g->states_tunnels && !g->has_openvpn
		   ? finding_add(out, r, e, "the gateway uses Entra ID and does not offer OpenVPN")
		   : 0;
}

static bool is_sku(const struct gateway *g, const char *sku)
{
	return strcasecmp(g->sku, sku) == 0;
}

RULE_TEST(basic)
{
	const struct gateway *g = f->gateway;
	const char *wants = g->has_openvpn        ? "OpenVPN"
			    : g->has_radius       ? "RADIUS"
			    : g->is_active_active ? "active-active"
						  : NULL;

	return is_sku(g, "Basic") && wants != NULL ? finding_add(out, r, e, "SKU Basic has no %s", wants) : 0;
}

RULE_TEST(basic_ikev2)
{
	return is_sku(f->gateway, "Basic") && f->gateway->has_ikev2
		   ? finding_add(out, r, e, "the gateway offers IKEv2 with SKU Basic")
		   : 0;
}

RULE_TEST(sku_retired)
{
	static const char *const old[] = { "VpnGw1", "VpnGw2", "VpnGw3", "VpnGw4", "VpnGw5" };

	for (size_t i = 0; i < ARRAY_LEN(old); i++)
		if (is_sku(f->gateway, old[i]))
			return finding_add(out, r, e, "the gateway has SKU %s", f->gateway->sku);
	return 0;
}

/* Azure's table of the clients that can use each tunnel type with certificates. */
static const struct client_row {
	const char *client;
	bool ikev2, openvpn, sstp;
} clients[] = {
	{ "Windows' own client", true, false, true },
	{ "macOS' and iOS' own client", true, false, false },
	{ "strongSwan (Linux, Android)", true, false, false },
	{ "OpenVPN (Windows, macOS, iOS, Linux, Android)", false, true, false },
	{ "Azure VPN Client (Windows)", false, true, false },
};

RULE_TEST(clients_without)
{
	struct reported reported = { r, out, e, 0 };
	const struct gateway *g = f->gateway;

	if (!g->states_tunnels || (g->states_auth && !g->has_certificate))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		if (!((clients[i].ikev2 && g->has_ikev2) || (clients[i].openvpn && g->has_openvpn) ||
			(clients[i].sstp && g->has_sstp && f->now < SSTP_END)) &&
		    may_report(&reported) &&
		    finding_add(out, r, e, "%s cannot use any tunnel type of the gateway", clients[i].client) < 0)
			return -1;
	return report_rest(&reported);
}

#define SET "gateway"
#define ROW(id, severity, test, summary, remedy) \
	{ \
		id, severity, SET, FACT_GATEWAY, test, summary, remedy \
	}

/* Expired roots are first in the table, because they block every other change. */
const struct rule rules_gateway[] = {
	ROW("gateway-root-expired", FINDING_FAIL, root_expired, "a root on the gateway has expired",
	    "remove the root before any other change: `p11ca gateway render GATEWAY --state FILE --prune`"),
	{ "gateway-root-unreadable", FINDING_FAIL, SET ",package", FACT_GATEWAY, root_unreadable,
	    "the data of a root on the gateway is not a certificate",
	    "upload the output of `p11ca root export NAME --format base64`, and remove the entry with `p11ca gateway "
	    "render GATEWAY --state FILE --prune-unreadable --format arm`" },
	{ "gateway-revoked-unreadable", FINDING_FAIL, SET ",package", FACT_GATEWAY, revoked_unreadable,
	    "a thumbprint on the gateway's list of revoked certificates does not consist of 40 hex digits",
	    "add the thumbprint that `p11ca client show NAME` prints, and remove the entry with `p11ca gateway "
	    "render GATEWAY --state FILE --prune-unreadable --format arm`" },
	ROW("gateway-root-expires-30", FINDING_FAIL, ends_30, "a root on the gateway expires within 30 days",
	    "renew or replace the root now: `p11ca root renew NAME` or `p11ca root rollover OLD --to NEW`"),
	ROW("gateway-root-expires-60", FINDING_WARN, ends_60, "a root on the gateway expires within 60 days",
	    "renew or replace the root: `p11ca root renew NAME` or `p11ca root rollover OLD --to NEW`"),
	ROW("gateway-root-expires-90", FINDING_INFO, ends_90, "a root on the gateway expires within 90 days",
	    "plan a successor: `p11ca root rollover OLD --to NEW` shows the steps"),
	ROW("gateway-radius-secret", FINDING_INFO, radius_secret,
	    "Azure does not return the secrets of the gateway's RADIUS servers",
	    "use `p11ca gateway render GATEWAY --format powershell`, which reads the secrets and sends them back"),
	ROW("gateway-root-limit", FINDING_FAIL, root_limit,
	    "the gateway would have more than 20 root certificates, intermediate CAs included",
	    "retire roots with `p11ca root retire NAME`, then remove them: `p11ca gateway render GATEWAY --state "
	    "FILE --retired`"),
	ROW("gateway-no-root", FINDING_FAIL, no_root, "the gateway uses certificate authentication and has no root",
	    "upload the roots of the ledger with the script that `p11ca gateway render GATEWAY --state FILE` writes"),
	ROW("gateway-name", FINDING_FAIL, names,
	    "a name on the gateway contains spaces or other characters that Azure does not accept",
	    "use letters, digits, periods, underscores and hyphens"),
	ROW("gateway-name-duplicate", FINDING_FAIL, names_twice, "two entries on the gateway have the same name",
	    "remove one of the two entries"),
	ROW("gateway-root-duplicate", FINDING_WARN, root_twice, "the same root is on the gateway under two names",
	    "remove one of the two entries"),
	ROW("gateway-root-test-key", FINDING_FAIL, gateway_rule_test_key, "the key of a root on the gateway is public",
	    "remove the root: anyone can issue certificates that the gateway accepts"),
	ROW("gateway-no-certificate", FINDING_FAIL, no_certificate,
	    "the gateway does not use certificate authentication",
	    "add Certificate to the gateway's authentication types: `p11ca gateway render GATEWAY --state FILE` does "
	    "this together with the first root"),
	ROW("gateway-policy-based", FINDING_FAIL, policy_based, "the gateway is policy-based",
	    "create a new gateway of VPN type RouteBased; the type cannot be changed"),
	ROW("gateway-no-config", FINDING_WARN, no_config, "the gateway has no point-to-site configuration",
	    "write the pool, tunnel types, authentication and roots together with `p11ca gateway render GATEWAY "
	    "--state FILE`"),
	ROW("gateway-no-pool", FINDING_FAIL, no_pool, "the gateway has no address pool for clients",
	    "record a pool with `p11ca gateway add … --pool CIDR --replace`, then render the change"),
	ROW("gateway-pool-small", FINDING_FAIL, pool_small,
	    "the address pool is smaller than /29, or smaller than /28 on an active-active gateway",
	    "choose a larger private network that is not used elsewhere"),
	ROW("gateway-pool-bits", FINDING_WARN, pool_bits, "the address pool is written with host bits set",
	    "write the first address of the network"),
	ROW("gateway-pool-public", FINDING_WARN, pool_public, "the address pool consists of public addresses",
	    "choose a private network (RFC 1918)"),
	ROW("gateway-pool-overlaps-vnet", FINDING_FAIL, pool_vnet, "the address pool overlaps the virtual network",
	    "choose a pool outside the virtual network and its peered networks"),
	ROW("gateway-pool-overlaps-local", FINDING_FAIL, pool_local,
	    "the address pool overlaps a network in which clients are",
	    "choose a pool that neither homes nor offices use"),
	ROW("gateway-pool-split", FINDING_INFO, pool_split, "the gateway offers SSTP together with another tunnel type",
	    "turn SSTP off, or plan only half of the pool for the other tunnel type"),
	ROW("gateway-sstp-openvpn", FINDING_FAIL, sstp_openvpn, "the gateway offers SSTP and OpenVPN",
	    "turn SSTP off: it ends on 2027-03-31"),
	ROW("gateway-sstp-ends", FINDING_WARN, sstp_ends, "the gateway offers SSTP",
	    "add IKEv2 or OpenVPN, download the package, and give the clients new profiles before that date"),
	ROW("gateway-sstp-ended", FINDING_FAIL, sstp_ended, "the gateway offers SSTP, which stopped on 2027-03-31",
	    "select IKEv2 or OpenVPN, and give the clients new profiles"),
	ROW("gateway-aad-tunnel", FINDING_FAIL, aad_tunnel, "the gateway uses Microsoft Entra ID without OpenVPN",
	    "add the tunnel type OpenVPN"),
	ROW("gateway-sku-basic", FINDING_FAIL, basic,
	    "the gateway has the SKU Basic and a feature that this SKU does not have: OpenVPN, RADIUS, IPv6 or "
	    "active-active",
	    "use IKEv2 with certificates, or change the SKU"),
	ROW("gateway-sku-basic-ikev2", FINDING_INFO, basic_ikev2, "the gateway has the SKU Basic and offers IKEv2",
	    "if clients get no answer, change the SKU"),
	ROW("gateway-sku-retired", FINDING_WARN, sku_retired,
	    "the gateway has one of the SKUs VpnGw1 to VpnGw5 without AZ, which were retired on 2026-09-30",
	    "upgrade to the SKU of the same name with AZ"),
	ROW("gateway-client-without-tunnel", FINDING_INFO, clients_without,
	    "one kind of client cannot use any of the gateway's tunnel types",
	    "if such clients are needed, add the tunnel type"),
	{ 0 }
};
