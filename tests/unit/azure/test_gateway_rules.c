/* SPDX-License-Identifier: MIT */
/* test_gateway_rules.c - a package that is older than what the gateway is now. */
#include "tests/unit/azure/gateway_kit.h"

static struct package good;
static struct gateway now;
static struct cert_info ours;
static struct buf ours_der;

static int fresh(void **state)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	pkit_new_package(&zip);
	if (pkit_read(&good, buf_bytes(&zip), &e) < 0 ||
	    pkit_read_cert(&ours, &ours_der, buf_bytes(&pkit_ours), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	gkit_read(&now, "vnet-gateway.json");
	memcpy(good.client_roots[0], now.roots[0].info.thumbprint, SHA1_HEX);
	memcpy(good.client_roots[1], now.roots[1].info.thumbprint, SHA1_HEX);
	good.n_client_roots = 2;
	return 0;
}

static int stale(void **state)
{
	(void)state;
	package_clear(&good);
	gateway_clear(&now);
	buf_clear(&ours_der);
	return 0;
}

/* The ids found, without "package-older-than-gateway-", as "!fail ?warning"; text stands in one of them. */
static void finds(const char *want, const char *text)
{
	static const struct rule *const tables[] = { rules_package_gateway, NULL };
	static const char prefix[] = "package-older-than-gateway-";
	struct facts f = { .have = FACT_PACKAGE | FACT_GATEWAY | FACT_CHAIN, .package = &good, .gateway = &now,
		.root = &ours, .now = KIT_NOW };
	struct findings all = { 0 };
	struct err e = ERR_INIT;
	char ids[1000] = "";
	bool is_text = text == NULL;

	assert_int_equal(findings_run(tables, "package", &f, &all, &e), 0);
	for (size_t i = 0; i < all.n; i++) {
		const struct finding *x = &all.all[i];
		const size_t used = strlen(ids);

		is_text = is_text || strstr(x->text, text) != NULL;
		(void)snprintf(ids + used, sizeof(ids) - used, "%s%s%s", used > 0 ? " " : "",
		    x->severity == FINDING_FAIL ? "!" : x->severity == FINDING_WARN ? "?" : "",
		    strncmp(x->id, prefix, strlen(prefix)) == 0 ? x->id + strlen(prefix) : x->id);
	}
	assert_string_equal(ids, want);
	if (!is_text)
		fail_msg("no finding says '%s'", text);
}

static void net(struct ip_net *out, const char *address, unsigned char third, unsigned prefix)
{
	*out = (struct ip_net){ .address = { 10, 99, third }, .prefix = prefix };
	(void)snprintf(out->text, sizeof(out->text), "%s", address);
}

TEST(a_package_of_now)
{
	finds("", NULL);
}

TEST(older_tunnels)
{
	now.has_ikev2 = false;
	finds("!tunnel-gone", "no longer offers: IKEv2");
	now.has_openvpn = false;
	finds("!tunnel-gone", "IKEv2, and 1 more");
	now.states_tunnels = false;
	finds("", NULL);
	now.states_tunnels = now.has_ikev2 = now.has_openvpn = now.has_sstp = true;
	finds("?tunnel-new", "does not contain: SSTP");
	good.has_generic = good.has_ikev2 = false;
	finds("?tunnel-new", "does not contain: IKEv2");
}

TEST(older_authentication)
{
	now.has_certificate = false;
	now.has_aad = true;
	finds("!auth", "accepts no certificates");
	now.has_radius = true;
	finds("", NULL);
	now.has_certificate = true;
	(void)snprintf(good.auth, sizeof(good.auth), "AAD");
	finds("!auth", "uses AAD, the gateway accepts certificates");
	(void)snprintf(good.auth, sizeof(good.auth), "AAD,EapTls");
	finds("", NULL);
	now.states_auth = now.has_certificate = now.has_radius = false;
	finds("", NULL);
}

TEST(older_pool)
{
	net(&now.pools[0], "10.99.0.0/24", 0, 24);
	finds("?pool ?pool", "no longer has the address pool: 172.16.201.0/24");
	good.n_pools = 0;
	finds("", NULL);
	good.n_pools = 1;
	now.pools[1] = good.pools[0];
	now.n_pools = 2;
	finds("?pool", "the package does not contain: 10.99.0.0/24");
	now.pools[0] = good.pools[0];
	now.pools[0].prefix = 23;
	now.n_pools = 1;
	finds("?pool ?pool", NULL);
	now.n_pools = 0;
	finds("", NULL);
}

TEST(older_roots)
{
	good.client_roots[1][0] = good.client_roots[1][0] == 'a' ? 'b' : 'a';
	finds("?root-new ?root-gone", now.roots[1].info.thumbprint);
	good.n_client_roots = 1;
	finds("?root-new", now.roots[1].info.thumbprint);
	good.n_client_roots = 0;
	finds("?root-new", "and 1 more");
	good.states_client_roots = false;
	finds("", NULL);
	now.roots[0].info.thumbprint[0] = 'x';
	finds("!package-root-not-on-gateway", "roots there: 2");
	now.has_certificate = false;
	now.has_radius = true;
	finds("", NULL);
	now.states_auth = now.states_roots = false;
	finds("", NULL);
}

TEST(older_names_and_routes)
{
	(void)snprintf(now.dns[0], sizeof(now.dns[0]), "10.21.0.4");
	now.n_dns = 1;
	finds("?dns", "no longer has the DNS server: 10.21.0.5");
	(void)snprintf(now.dns[1], sizeof(now.dns[1]), "10.21.0.6");
	now.n_dns = 2;
	finds("?dns ?dns", "does not contain: 10.21.0.6");
	now.n_dns = 0;
	net(&now.routes[1], "10.99.1.0/24", 1, 24);
	now.n_routes = 2;
	finds("?routes", "10.99.1.0/24");
	net(&good.routes[0], "10.99.0.0/16", 0, 16);
	finds("", NULL);
	good.n_routes = 0;
	finds("?routes", "192.0.2.7/32, and 1 more");
	good.has_generic = false;
	finds("", NULL);
}

TEST(remedies_ask_for_a_new_package)
{
	for (const struct rule *r = rules_package_gateway; r->id != NULL; r++) {
		assert_non_null(strstr(r->remedy, "download the package again"));
		assert_true(strlen(r->summary) > 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_package_of_now, fresh, stale),
		cmocka_unit_test_setup_teardown(older_tunnels, fresh, stale),
		cmocka_unit_test_setup_teardown(older_authentication, fresh, stale),
		cmocka_unit_test_setup_teardown(older_pool, fresh, stale),
		cmocka_unit_test_setup_teardown(older_roots, fresh, stale),
		cmocka_unit_test_setup_teardown(older_names_and_routes, fresh, stale),
		cmocka_unit_test(remedies_ask_for_a_new_package),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
