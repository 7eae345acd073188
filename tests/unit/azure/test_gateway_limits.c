/* SPDX-License-Identifier: MIT */
/* test_gateway_limits.c - each rule of a gateway at its limit: what is still fine, and what is reported. */
#include "tests/unit/unit.h"

#include "azure/gateway/gateway.h"
#include "azure/net.h"
#include "model/gateway.h"

#define NOW INT64_C(1800000000) /* 2027-01-15, before SSTP ends */
#define DAY INT64_C(86400)
#define SSTP_END INT64_C(1806451200)

static struct gateway g;
static struct gateway_root roots[21];
static struct gateway_network around;
static int64_t now;

static void net(struct ip_net *out, const char *text)
{
	if (!ip_net_parse(out, (struct bytes){ (const unsigned char *)text, strlen(text) }))
		fail_msg("'%s' is no network", text);
}

/* A gateway that breaks no rule: two roots for a year, one pool, IKEv2 and OpenVPN. */
static void good(void)
{
	memset(&g, 0, sizeof(g));
	memset(&around, 0, sizeof(around));
	now = NOW;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		memset(&roots[i], 0, sizeof(roots[i]));
		(void)snprintf(roots[i].name, sizeof(roots[i].name), "root%zu", i);
		(void)snprintf(roots[i].info.thumbprint, sizeof(roots[i].info.thumbprint), "%040zu", i);
		roots[i].info.not_after = NOW + 365 * DAY;
	}
	g.kind = GATEWAY_OF_VNET;
	g.roots = roots;
	g.n_roots = 2;
	g.states_roots = g.states_tunnels = g.states_auth = g.has_certificate = g.has_ikev2 = g.has_openvpn = true;
	(void)snprintf(g.name, sizeof(g.name), "gw");
	(void)snprintf(g.sku, sizeof(g.sku), "VpnGw1AZ");
	net(&g.pools[0], "172.16.201.0/24");
	g.n_pools = 1;
}

/* The ids without "gateway-", each with a blank before it. */
static void finds(const char *want)
{
	static const struct rule *const tables[] = { rules_gateway, NULL };
	const struct facts f = { .have = FACT_GATEWAY, .gateway = &g, .gateway_network = &around, .now = now };
	struct findings all = { 0 };
	struct err e = ERR_INIT;
	char ids[1000] = "";

	assert_int_equal(findings_run(tables, "gateway", &f, &all, &e), 0);
	for (size_t i = 0; i < all.n; i++)
		(void)snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), " %s", all.all[i].id + 8);
	assert_string_equal(ids, want);
}

TEST(a_good_gateway)
{
	good();
	finds("");
}

/* Of one root: what it is reported as, that many seconds before it ends. */
TEST(the_end_of_a_root)
{
	static const struct {
		int64_t left;
		const char *want;
	} rows[] = { { 0, " root-expired" }, { -1, " root-expired" }, { 1, " root-expires-30" },
		{ 30 * DAY, " root-expires-30" }, { 30 * DAY + 1, " root-expires-60" },
		{ 60 * DAY, " root-expires-60" }, { 60 * DAY + 1, " root-expires-90" },
		{ 90 * DAY, " root-expires-90" }, { 90 * DAY + 1, "" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		good();
		roots[1].info.not_after = NOW + rows[i].left;
		finds(rows[i].want);
	}
}

TEST(the_number_of_roots)
{
	static struct gateway_unreadable unreadable = { .name = "odd", .is_root = true, .problem = "it is odd" };

	good();
	g.n_roots = 20;
	finds("");
	g.n_roots = 21;
	finds(" root-limit");
	g.n_roots = 20; /* an entry that cannot be read takes a place, too */
	g.unreadable = &unreadable;
	g.n_unreadable = 1;
	finds(" root-unreadable root-limit");
}

TEST(the_size_of_a_pool)
{
	static const struct {
		const char *pool;
		bool is_active_active;
		const char *want;
	} rows[] = { { "172.16.201.0/29", false, "" }, { "172.16.201.0/30", false, " pool-small" },
		{ "172.16.201.0/28", true, "" }, { "172.16.201.0/29", true, " pool-small" },
		{ "fd00::/64", true, "" }, { "172.16.0.0/12", false, "" }, { "172.0.0.0/11", false, " pool-public" },
		{ "100.64.0.0/10", false, "" }, { "100.128.0.0/10", false, " pool-public" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		good();
		net(&g.pools[0], rows[i].pool);
		g.is_active_active = rows[i].is_active_active;
		finds(rows[i].want);
	}
}

/* Every pool is compared with every network. */
TEST(pools_beside_other_networks)
{
	good();
	net(&g.pools[1], "172.16.202.0/24");
	g.n_pools = 2;
	net(&around.vnets[0], "10.0.0.0/8");
	net(&around.vnets[1], "172.16.202.128/25");
	net(&around.locals[0], "192.168.0.0/16");
	net(&around.locals[1], "172.16.0.0/12");
	around.n_vnets = around.n_locals = 1;
	finds("");
	around.n_vnets = 2;
	finds(" pool-overlaps-vnet");
	around.n_vnets = 1;
	around.n_locals = 2;
	finds(" pool-overlaps-local pool-overlaps-local");
}

TEST(the_end_of_sstp)
{
	good();
	g.has_sstp = true;
	g.has_openvpn = false;
	for (size_t i = 0; i < 2; i++)
		roots[i].info.not_after = SSTP_END + 365 * DAY;
	now = SSTP_END - 1;
	finds(" pool-split sstp-ends client-without-tunnel client-without-tunnel");
	now = SSTP_END;
	finds(" pool-split sstp-ended client-without-tunnel client-without-tunnel");
}

TEST(what_is_not_stated_is_not_judged)
{
	good();
	g.states_tunnels = g.states_auth = g.has_certificate = g.has_ikev2 = g.has_openvpn = false;
	finds("");
	g.states_auth = true;
	finds(" no-certificate");
	g.has_radius = true; /* takes the place of certificates, and has a secret that Azure does not return */
	finds(" radius-secret");
	g.has_radius = false;
	g.states_tunnels = g.has_aad = g.has_certificate = g.has_ikev2 = true;
	finds(" aad-tunnel client-without-tunnel client-without-tunnel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_gateway),
		cmocka_unit_test(the_end_of_a_root),
		cmocka_unit_test(the_number_of_roots),
		cmocka_unit_test(the_size_of_a_pool),
		cmocka_unit_test(pools_beside_other_networks),
		cmocka_unit_test(the_end_of_sstp),
		cmocka_unit_test(what_is_not_stated_is_not_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
