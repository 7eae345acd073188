/* SPDX-License-Identifier: MIT */
/* test_gateway_state.c - what Azure says of a gateway, and what it never says. */
#include "tests/unit/unit.h"

#include <sys/resource.h>

#include "tests/unit/azure/gateway_kit.h"

/* What all the resources with certificates say. */
static void is_test_config(const struct gateway *g)
{
	char ours[SHA1_HEX];
	struct err e = ERR_INIT;

	assert_int_equal(hash_sha1_hex(ours, buf_bytes(&pkit_ours), &e), 0);
	assert_true(g->states_tunnels && g->has_ikev2 && g->has_openvpn && !g->has_sstp);
	assert_true(g->states_auth && g->has_certificate && !g->has_radius && !g->has_aad);
	assert_true(g->states_roots);
	assert_int_equal(g->n_roots, 2);
	assert_string_equal(g->roots[0].name, "TestRoot.cer");
	assert_string_equal(g->roots[0].info.thumbprint, ours);
	assert_string_equal(g->roots[0].info.subject, "CN=Test Client Root");
	assert_int_equal(g->roots[0].der.len, pkit_ours.len);
	assert_string_equal(g->roots[1].name, "OtherRoot");
	assert_true(g->states_revoked);
	assert_int_equal(g->n_revoked, 2);
	assert_string_equal(g->revoked[0].name, "alice-lost");
	assert_string_equal(g->revoked[0].thumbprint, "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7");
	assert_string_equal(g->revoked[1].thumbprint, "51ab1edd8da4cfed77e20061c5eb6d2ef2f77800");
}

TEST(gateways_of_networks)
{
	static const char *const names[] = { "vnet-gateway.json", "vnet-gateway-arm.json" };

	for (size_t i = 0; i < 2; i++) {
		AUTO_VALUE(gateway) g = { 0 };

		gkit_read(&g, names[i]);
		is_test_config(&g);
		assert_string_equal(g.name, "test-gw");
		assert_string_equal(g.sku, "VpnGw1AZ");
		assert_int_equal(g.n_pools, 1);
		assert_string_equal(g.pools[0].text, "172.16.201.0/24");
		assert_int_equal(g.n_routes, 1);
		assert_string_equal(g.routes[0].text, "192.0.2.7/32");
		assert_int_equal(g.n_dns, 0);
	}
}

TEST(virtual_wan)
{
	static const char *const names[] = { "vpn-server-config.json", "vpn-server-config-arm.json" };
	AUTO_VALUE(gateway) p2s = { 0 };

	for (size_t i = 0; i < 2; i++) {
		AUTO_VALUE(gateway) g = { 0 };

		gkit_read(&g, names[i]);
		is_test_config(&g);
		assert_string_equal(g.name, "test-config");
		assert_string_equal(g.sku, "");
		assert_int_equal(g.n_pools, 0);
	}
	gkit_read(&p2s, "p2s-vpn-gateway.json");
	assert_false(p2s.states_tunnels || p2s.states_auth || p2s.states_roots || p2s.states_revoked);
	assert_int_equal(p2s.n_pools, 1);
	assert_int_equal(p2s.n_dns, 2);
	assert_string_equal(p2s.dns[1], "10.21.0.5");
}

#define BODY(s) "{\"vpnClientConfiguration\":{" s "}}"

TEST(what_is_not_stated)
{
	static const char *const texts[] = {
		"{\"vpnClientProtocols\":[\"OpenVPN\"]}", /* --query vpnClientConfiguration */
		"\xef\xbb\xbf" BODY("\"vpnClientProtocols\":[\"openvpn\",\"WireGuard\"],"
				    "\"vpnClientRootCertificates\":null"),
		BODY("\"vpnClientProtocols\":[\"OpenVPN\"],\"vpnAuthenticationTypes\":[],"
		     "\"unknown\":{\"x\":[1,true,1e5]}"),
		"{\"properties\":" BODY(
		    "\"vpnClientProtocols\":[\"OpenVPN\"],\"vpnClientAddressPool\":{}") ",\"sku\":7}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_VALUE(gateway) g = { 0 };
		struct err e = ERR_INIT;

		if (gkit_read_bytes(&g, pkit_bytes(texts[i]), &e) < 0)
			fail_msg("%s: %s (%s)", texts[i], e.what, e.cause);
		assert_true(g.has_openvpn && g.states_tunnels && !g.states_auth && !g.states_roots && g.n_pools == 0);
	}
}

/* Refused with this code; `part` stands in what or in the cause. */
static void refused(struct bytes text, const char *code, const char *part)
{
	AUTO_VALUE(gateway) g = { 0 };
	struct err e = ERR_INIT;

	if (gkit_read_bytes(&g, text, &e) == 0)
		fail_msg("taken: %.60s", (const char *)text.data);
	assert_int_equal(e.status, ERR_INPUT);
	assert_non_null(e.hint);
	assert_true(e.n_doing > 0);
	if (e.code == NULL || strcmp(e.code, code) != 0 ||
	    (strstr(e.what, part) == NULL && strstr(e.cause, part) == NULL))
		fail_msg("%.60s: %s: %s (%s)", (const char *)text.data, e.code, e.what, e.cause);
	assert_null(strstr(e.cause, "hunter2"));
	assert_null(strstr(e.what, "hunter2"));
}

TEST(what_is_no_state)
{
	static const struct {
		const char *text, *part;
	} all[] = {
		{ "", "not JSON" },
		{ "null", "not JSON" },
		{ "7", "not JSON" },
		{ "<xml/>", "not JSON" },
		{ "{", "line 1" },
		{ "{}{}", "not JSON" },
		{ "{\"a\":1,}", "not JSON" },
		{ "{\"a\":1,\"a\":2}", "uplicate" },
		{ "{\"x\":[{\"name\":1,\"name\":2}]}", "uplicate" },
		{ "{\"a\":\"\\u0000\"}", "not JSON" },
		{ "{\"\\u0000\":1}", "not JSON" },
		{ "{\"a\":\"\xff\"}", "not JSON" },
		{ "{\"radiusServerSecret\":\"hunter2\" \"hunter2\"}", "not JSON" },
		{ "{\"a\":NaN}", "not JSON" },
		{ "\xff\xfe{", "UTF-16" },
		{ "\xfe\xff", "UTF-16" },
		{ "{}", "no point-to-site" },
		{ "[]", "is a list" },
		{ "[{\"vpnProtocols\":[]}]", "is a list" },
		{ "{\"properties\":[]}", "no point-to-site" },
		{ "{\"vpnClientConfiguration\":null}", "no point-to-site" },
		{ BODY(""), "no point-to-site" },
		{ "{\"VpnClientConfiguration\":{}}", "no point-to-site" },
		{ "{\"vpnClientConfiguration\":[]}", "vpnClientConfiguration is not an object" },
		{ "{\"name\":7,\"vpnProtocols\":[]}", "name is not a text" },
		{ "{\"sku\":\"x\",\"vpnProtocols\":[]}", "sku is not an object" },
		{ "{\"sku\":{\"name\":[]},\"vpnProtocols\":[]}", "sku is not a text" },
		{ BODY("\"vpnClientProtocols\":\"IkeV2\""), "vpnClientProtocols is not a list" },
		{ BODY("\"vpnClientProtocols\":[7]"), "vpnClientProtocols is not a text" },
		{ BODY("\"vpnClientProtocols\":[null]"), "vpnClientProtocols is not a text" },
		{ BODY("\"vpnAuthenticationTypes\":{}"), "is not a list" },
		{ BODY("\"vpnClientAddressPool\":[]"), "vpnClientAddressPool is not an object" },
		{ BODY("\"vpnClientAddressPool\":{\"addressPrefixes\":\"10.0.0.0/8\"}"), "is not a list" },
		{ BODY("\"vpnClientRootCertificates\":\"\""), "vpnClientRootCertificates is not a list" },
		{ BODY("\"vpnClientRootCertificates\":[\"MII\"]"), "is not a list of objects" },
		{ BODY("\"vpnClientRootCertificates\":[{\"publicCertData\":[]}]"), "publicCertData is not a text" },
		{ BODY("\"vpnClientRevokedCertificates\":{}"), "is not a list" },
		{ "{\"p2SConnectionConfigurations\":[[]]}", "is not a list of objects" },
		{ "{\"customDnsServers\":[4]}", "customDnsServers is not a text" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		refused(pkit_bytes(all[i].text), "gateway-format", all[i].part);
}

#define ROOT(data)     BODY("\"vpnClientRootCertificates\":[{\"name\":\"x\",\"publicCertData\":\"" data "\"}]")
#define REVOKED(print) BODY("\"vpnClientRevokedCertificates\":[{\"name\":\"x\",\"thumbprint\":\"" print "\"}]")
#define POOL(net)      BODY("\"vpnClientAddressPool\":{\"addressPrefixes\":[\"" net "\"]}")

TEST(values_that_are_none)
{
	static const char *const all[] = {
		POOL(""),
		POOL("10.0.0.0"),
		POOL("10.0.0.0/33"),
		POOL("10.0.0/8"),
		POOL("10.0.0.0/8 "),
		POOL("gw/8"),
		"{\"customDnsServers\":[\"ns.example\"]}",
		"{\"customDnsServers\":[\"10.0.0.1\\n\"]}",
		"{\"vpnProtocols\":[],\"name\":\"x\\u001b[31m\"}",
		"{\"vpnProtocols\":[],\"name\":\"x\\u202e\"}",
		"{\"vpnProtocols\":[],\"sku\":{\"name\":\"0123456789012345678901234567890123\"}}",
		"{\"vpnProtocols\":[],\"customRoutes\":{\"addressPrefixes\":[\"::1/129\"]}}",
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		refused(pkit_bytes(all[i]), "gateway-value", "");
}

/* Entries that nobody can use are kept, each with what is wrong. */
TEST(entries_that_cannot_be_read)
{
	static const struct {
		const char *text, *datum, *problem;
	} all[] = {
		{ ROOT(""), "", "nothing" },
		{ ROOT("MII"), "MII", "damaged" },
		{ ROOT("not base64"), "not base64", "blanks" },
		{ ROOT("MIIBAAAA"), "MIIBAAAA", "cut off" },
		{ ROOT("AAAA"), "AAAA", "not DER" },
		{ ROOT("51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7"), "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7",
		    "thumbprint" },
		{ BODY("\"vpnClientRootCertificates\":[{\"name\":\"x\"}]"), NULL, "no publicCertData" },
		{ REVOKED(""), "", "40 hex digits" },
		{ REVOKED("51ab"), "51ab", "40 hex digits" },
		{ REVOKED("51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7ff"), "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7ff",
		    "40" },
		{ REVOKED("zzab1edd8da4cfed77e20061c5eb6d2ef2f778c7"), "zzab1edd8da4cfed77e20061c5eb6d2ef2f778c7",
		    "40" },
		{ REVOKED("\\u200e51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7"),
		    "\xe2\x80\x8e"
		    "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7",
		    "cannot be seen" },
		{ BODY("\"vpnClientRevokedCertificates\":[{\"properties\":{}}]"), NULL, "no thumbprint" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		AUTO_VALUE(gateway) g = { .n_roots = 0 };
		struct err e = ERR_INIT;

		assert_int_equal(gkit_read_bytes(&g, pkit_bytes(all[i].text), &e), 0);
		assert_true(g.n_unreadable == 1 && g.n_roots == 0 && g.n_revoked == 0);
		assert_non_null(strstr(g.unreadable[0].problem, all[i].problem));
		assert_true((g.unreadable[0].datum == NULL) == (all[i].datum == NULL));
		if (all[i].datum != NULL)
			assert_string_equal(g.unreadable[0].datum, all[i].datum);
	}
}

static void add(struct buf *out, const char *text)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, text, strlen(text), &e), 0);
}

/* head, n times item with commas between, tail */
static void many(const char *head, const char *item, unsigned n, const char *tail, const char *code)
{
	AUTO_VALUE(buf) text = { 0 };

	add(&text, head);
	for (unsigned i = 0; i < n; i++) {
		add(&text, i > 0 ? "," : "");
		add(&text, item);
	}
	add(&text, tail);
	refused(buf_bytes(&text), code, "");
}

TEST(more_than_the_bounds)
{
	AUTO_VALUE(buf) deep = { 0 };
	AUTO_VALUE(buf) large = { 0 };
	struct rusage before, after;
	struct err e = ERR_INIT;

	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	many("{\"customDnsServers\":[", "\"10.0.0.1\"", PACKAGE_DNS_MAX + 1, "]}", "gateway-limit");
	many("{\"vpnClientAddressPool\":{\"addressPrefixes\":[", "\"10.0.0.0/8\"", PACKAGE_DNS_MAX + 1, "]}}",
	    "gateway-limit");
	many(
	    "{\"customRoutes\":{\"addressPrefixes\":[", "\"10.0.0.0/8\"", PACKAGE_NETS_MAX + 1, "]}}", "gateway-limit");
	many("{\"vpnClientRootCertificates\":[", "{\"publicCertData\":\"x\"}", GATEWAY_ROOTS_MAX + 1, "]}",
	    "gateway-limit");
	many("{\"x\":[", "{}", 131072, "]}", "gateway-limit");
	many("{\"x\":[", "1", 1048578, "]}", "gateway-limit");
	for (unsigned i = 0; i < 100000; i++)
		add(&deep, "[");
	refused(buf_bytes(&deep), "gateway-format", "depth");
	assert_int_equal(buf_add(&large, "{\"x\":\"", 6, &e), 0);
	for (unsigned i = 0; i < 17; i++) {
		static char megabyte[(1 << 20) + 1];

		memset(megabyte, 'a', sizeof(megabyte) - 1);
		add(&large, megabyte);
	}
	refused(buf_bytes(&large), "gateway-limit", "");
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 200 * 1024);
}

TEST(many_revoked_are_no_attack)
{
	AUTO_VALUE(gateway) g = { 0 };
	AUTO_VALUE(buf) text = { 0 };
	struct err e = ERR_INIT;

	add(&text, "{\"vpnClientRevokedCertificates\":[");
	for (unsigned i = 0; i < 20000; i++) {
		char entry[120];

		(void)snprintf(
		    entry, sizeof(entry), "%s{\"name\":\"c%u\",\"thumbprint\":\"%040X\"}", i > 0 ? "," : "", i, i);
		add(&text, entry);
	}
	add(&text, "]}");
	assert_int_equal(gkit_read_bytes(&g, buf_bytes(&text), &e), 0);
	assert_int_equal(g.n_revoked, 20000);
	assert_string_equal(g.revoked[19999].thumbprint + 32, "00004e1f");
}

TEST(a_state_that_is_not_there)
{
	AUTO_VALUE(gateway) g = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(gateway_state_read(&g, "/nowhere/state.json", pkit_read_cert, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
}

/* Any cut of a good state is refused or read, and nothing else. */
TEST(every_cut)
{
	AUTO_VALUE(buf) text = { 0 };

	gkit_text(&text, "vpn-server-config.json");
	for (size_t len = 0; len + 2 < text.len; len += 7)
		refused((struct bytes){ text.data, len }, "gateway-format", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways_of_networks),
		cmocka_unit_test(virtual_wan),
		cmocka_unit_test(what_is_not_stated),
		cmocka_unit_test(what_is_no_state),
		cmocka_unit_test(values_that_are_none),
		cmocka_unit_test(entries_that_cannot_be_read),
		cmocka_unit_test(more_than_the_bounds),
		cmocka_unit_test(many_revoked_are_no_attack),
		cmocka_unit_test(a_state_that_is_not_there),
		cmocka_unit_test(every_cut),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
