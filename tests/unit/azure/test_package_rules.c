/* SPDX-License-Identifier: MIT */
/* test_package_rules.c - what the rules find in a package, and what changed between two. */
#include "tests/unit/unit.h"

#include "azure/net.h"
#include "tests/unit/azure/package_kit.h"
#include "tests/unit/x509/x509_kit.h"

#define DAY INT64_C(86400)

static struct package good;
static struct cert_info ours;
static struct buf ours_der;

static void read_into(struct package *p, void (*make)(struct buf *))
{
	AUTO_VALUE(buf) zip = { 0 };
	struct err e = ERR_INIT;

	make(&zip);
	if (pkit_read(p, buf_bytes(&zip), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
}

/* Before each test. */
static int fresh(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	read_into(&good, pkit_new_package);
	return pkit_read_cert(&ours, &ours_der, buf_bytes(&pkit_ours), &e);
}

static int stale(void **state)
{
	(void)state;
	package_clear(&good);
	buf_clear(&ours_der);
	return 0;
}

static void net(struct ip_net *out, const char *text)
{
	if (!ip_net_parse(out, pkit_bytes(text)))
		fail_msg("'%s' is no network", text);
}

static const char *set = "package";
static bool tells_keepalive; /* no package of Azure's has it */

/* What the set finds: ids without "package-", as "!fail ?warning info"; `text`, if not NULL, stands in one of them. */
static void finds_at(const char *want, const char *text, int64_t now, const struct cert_info *root)
{
	static const struct rule *const tables[] = { rules_package, rules_package_files, NULL };
	struct facts f = { .have = FACT_PACKAGE | (root != NULL ? FACT_CHAIN : 0), .package = &good, .root = root,
		.now = now };
	struct findings all = { 0 };
	struct err e = ERR_INIT;
	char ids[1000] = "";
	size_t used = 0;
	bool is_text = text == NULL;

	assert_int_equal(findings_run(tables, set, &f, &all, &e), 0);
	for (size_t i = 0; i < all.n; i++) {
		const struct finding *x = &all.all[i];

		if (x->severity == FINDING_SKIPPED || strcmp(x->id, "package-gateway-root-unknown") == 0)
			continue; /* a test's root is always unknown */
		if (strcmp(x->id, "package-ping-restart") == 0 && !tells_keepalive)
			continue;
		is_text = is_text || strstr(x->text, text) != NULL;
		used += (size_t)snprintf(ids + used, sizeof(ids) - used, "%s%s%s", used > 0 ? " " : "",
		    x->severity == FINDING_FAIL ? "!" : x->severity == FINDING_WARN ? "?" : "",
		    x->id + strlen("package-"));
	}
	assert_string_equal(ids, want);
	if (!is_text)
		fail_msg("no finding says '%s'", text);
}

static void finds(const char *want, const char *text)
{
	finds_at(want, text, KIT_NOW, &ours);
}

TEST(a_good_package)
{
	finds("", NULL);
	finds_at("", NULL, KIT_NOW, NULL);
}

TEST(an_old_package)
{
	package_clear(&good);
	read_into(&good, pkit_old_package);
	finds("no-openvpn client-roots-not-stated", NULL);
}

TEST(keepalive)
{
	tells_keepalive = true;
	finds("ping-restart", "no ping-restart");
	good.ovpn.is_there = false;
	finds("?openvpn-missing", NULL);
	tells_keepalive = false;
}

TEST(tunnels)
{
	good.has_ikev2 = false;
	finds("?no-ikev2", "VpnType");
	good.has_generic = false;
	finds("?no-ikev2", "Generic");
	good.has_openvpn = false;
	good.has_sstp = true;
	finds("!sstp-only ?no-ikev2 no-openvpn", "which ends on 2027-03-31");
	finds_at("!sstp-only ?no-ikev2 no-openvpn", "which ended on", KIT_NOW + 80 * DAY, &ours);
}

TEST(authentication)
{
	(void)snprintf(good.auth, sizeof(good.auth), "AAD,EapTls");
	finds("", NULL);
	(void)snprintf(good.auth, sizeof(good.auth), "EAPMSCHAPv2");
	finds("!auth-not-certificate", "EAPMSCHAPv2");
}

TEST(our_root)
{
	memcpy(good.client_roots[0], good.client_roots[1], SHA1_HEX);
	finds("!root-unknown-to-gateway", ours.thumbprint);
	good.n_client_roots = 0;
	finds("!root-unknown-to-gateway", "roots there: 0");
	good.states_client_roots = false;
	finds("client-roots-not-stated", NULL);
}

/* What a package must not lack for a profile of the family; routes and pools are for `package check` alone. */
TEST(what_profiles_need_of_it)
{
	static const char *const sets[] = { "windows", "apple", "strongswan", "openvpn" };

	good.n_routes = 0;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		set = sets[i];
		finds("", NULL);
		finds_at("", NULL, KIT_NOW, NULL);
		finds_at("?gateway-root-expiring", NULL, KIT_NOW + 300 * DAY, &ours);
		finds_at("!gateway-root-expired", NULL, KIT_NOW + 400 * DAY, &ours);
	}
	memcpy(good.client_roots[0], good.client_roots[1], SHA1_HEX);
	(void)snprintf(good.auth, sizeof(good.auth), "AAD");
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		set = sets[i];
		finds_at("!auth-not-certificate", NULL, KIT_NOW, NULL);
		finds(i == 0 ? "!auth-not-certificate !root-unknown-to-gateway" : "!auth-not-certificate ?before-root",
		    ours.thumbprint);
	}
	good.n_roots = 0;
	finds("!auth-not-certificate ?before-root !gateway-root-missing", NULL);
	good.n_roots = 1;
	set = "package";
}

TEST(gateway_roots)
{
	finds_at("?gateway-root-expiring", "expires in 65 days", KIT_NOW + 300 * DAY, &ours);
	finds_at("!gateway-root-expired", "35 days ago", KIT_NOW + 400 * DAY, &ours);
	good.roots[1].info = good.roots[0].info;
	good.roots[1].info.not_after += 1000 * DAY;
	good.n_roots = 2;
	finds_at("?gateway-root-expiring", "another root is still valid", KIT_NOW + 400 * DAY, &ours);
	good.n_roots = 1;
	good.azurevpn.server_root[0] ^= 1;
	finds("!server-hash-mismatch", good.azurevpn.server_root);
	good.azurevpn.server_root[0] = '\0';
	good.n_roots = 0;
	finds("!gateway-root-missing", NULL);
	good.n_roots = 1;
}

TEST(roots_that_azure_uses)
{
	static const struct rule *const tables[] = { rules_package, NULL };
	struct facts f = { .have = FACT_PACKAGE, .package = &good, .now = KIT_NOW };
	struct findings all = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(findings_run(tables, "package", &f, &all, &e), 0);
	assert_string_equal(all.all[all.n - 1].id, "package-gateway-root-unknown");
	assert_non_null(strstr(all.all[all.n - 1].text, "CN=Test Gateway Root"));
	(void)snprintf(good.roots[0].info.thumbprint, SHA1_HEX, "df3c24f9bfd666761b268073fe06d1cc8d4f82a4");
	memcpy(good.azurevpn.server_root, good.roots[0].info.thumbprint, SHA1_HEX);
	all.n = 0;
	assert_int_equal(findings_run(tables, "package", &f, &all, &e), 0);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.all[0].id, "package-ping-restart");
	assert_int_equal(all.all[1].severity, FINDING_SKIPPED); /* our root is not known */
}

TEST(routes)
{
	net(&good.routes[1], "10.21.128.0/20");
	finds("routes-overlap", "10.21.0.0/16 and 10.21.128.0/20 overlap");
	net(&good.routes[2], "10.21.129.0/24");
	finds("routes-overlap", "other routes do, too");
	good.n_routes = 2;
	net(&good.routes[1], "10.22.1.0/20");
	finds("?routes-host-bits", "10.22.1.0/20");
	net(&good.routes[1], "0.0.0.0/0");
	finds("?routes-default", "0.0.0.0/0");
	net(&good.routes[1], "172.16.0.0/12");
	finds("?pool-overlaps-route", "172.16.201.0/24");
	good.n_routes = 0;
	finds("?routes-none ?dns-outside-routes ?dns-outside-routes", NULL);
}

TEST(pools_and_name_servers)
{
	net(&good.pools[0], "172.16.201.0/29");
	finds("?pool-mask", "active-active");
	net(&good.pools[0], "172.16.201.0/30");
	finds("?pool-mask", "172.16.201.0/30");
	net(&good.pools[0], "172.16.201.0/28");
	(void)snprintf(good.dns[0], sizeof(good.dns[0]), "168.63.129.16");
	finds("?dns-outside-routes", "168.63.129.16");
}

TEST(server_names)
{
	(void)snprintf(good.server, sizeof(good.server), "gw.CloudApp.NET");
	finds("", NULL);
	(void)snprintf(good.server, sizeof(good.server), "vpn.azure.com.evil.example");
	finds("?server-not-azure", "evil");
	(void)snprintf(good.server, sizeof(good.server), ".vpn.azure.com");
	finds("?server-not-azure", NULL);
}

TEST(rules_have_texts)
{
	for (const struct rule *r = rules_package; r->id != NULL; r++) {
		assert_int_equal(strncmp(r->id, "package-", 8), 0);
		assert_true(strlen(r->summary) > 20 && strlen(r->remedy) > 20);
	}
}

struct told {
	char text[4000];
	size_t used;
};

static int tell(const struct package_change *c, void *arg, struct err *e)
{
	struct told *t = arg;

	(void)e;
	t->used += (size_t)snprintf(t->text + t->used, sizeof(t->text) - t->used, "%s|%s|%s|%s\n", c->what, c->old,
	    c->new, c->formats);
	return 0;
}

static void differs(const struct package *old, const struct package *new, const char *want)
{
	static struct told told;
	struct err e = ERR_INIT;

	told = (struct told){ 0 };
	assert_int_equal(package_diff(old, new, tell, &told, &e), 0);
	assert_string_equal(told.text, want);
}

#define IKE "swanctl,ipsec,networkmanager,sswan,mobileconfig,windows,windows-device"
#define ALL IKE ",openvpn,azurevpn"

TEST(nothing_changed)
{
	static struct package again;

	read_into(&again, pkit_new_package);
	differs(&good, &again, "");
	package_clear(&again);
}

TEST(everything_changed)
{
	static struct package new;
	char want[2000];

	read_into(&new, pkit_new_package);
	(void)snprintf(new.server, sizeof(new.server), "new.vpn.azure.com");
	new.has_ikev2 = false;
	new.has_sstp = true;
	(void)snprintf(new.auth, sizeof(new.auth), "AAD");
	net(&new.routes[1], "10.99.0.0/16");
	net(&new.pools[0], "172.16.0.0/24");
	new.n_dns = 1;
	(void)snprintf(new.roots[0].info.thumbprint, SHA1_HEX, "df3c24f9bfd666761b268073fe06d1cc8d4f82a4");
	memcpy(new.client_roots[1], "ff", 2);
	(void)snprintf(want, sizeof(want),
	    "server|" PKIT_SERVER "|new.vpn.azure.com|" ALL "\n"
	    "tunnel|IKEv2||" IKE "\n"
	    "tunnel||SSTP|\n"
	    "authentication|EAPTLS|AAD|" ALL "\n"
	    "route|10.22.0.0/20||" IKE "\n"
	    "route||10.99.0.0/16|" IKE "\n"
	    "pool|172.16.201.0/24||\n"
	    "pool||172.16.0.0/24|\n"
	    "name server|10.21.0.5||windows,windows-device\n"
	    "gateway root|%s CN=Test Gateway Root||\n"
	    "gateway root||df3c24f9bfd666761b268073fe06d1cc8d4f82a4 CN=Test Gateway Root|" ALL "\n"
	    "client root|00112233445566778899aabbccddeeff00112233||\n"
	    "client root||ff112233445566778899aabbccddeeff00112233|\n", good.roots[0].info.thumbprint);
	differs(&good, &new, want);
	package_clear(&new);
}

TEST(the_tls_auth_key_is_never_shown)
{
	static struct package new;
	static struct told told;
	struct err e = ERR_INIT;

	read_into(&new, pkit_new_package);
	new.ovpn.tls_auth[0] = 0xff;
	differs(&good, &new, "tls-auth key|not shown|not shown|openvpn,azurevpn\n");
	new.ovpn.verb = 4;
	told = (struct told){ 0 };
	assert_int_equal(package_diff(&good, &new, tell, &told, &e), 0);
	assert_int_equal(strncmp(told.text, "vpnconfig.ovpn|", 15), 0);
	assert_null(strstr(told.text, "8899aabb"));
	package_clear(&new);
}

static int refuse(const struct package_change *c, void *arg, struct err *e)
{
	(void)c, (void)arg;
	return err_set(e, ERR_OUTPUT, "enough");
}

TEST(whoever_is_told_may_end_it)
{
	static struct package none;
	struct err e = ERR_INIT;

	assert_int_equal(package_diff(&good, &none, refuse, NULL, &e), -1);
	assert_string_equal(e.what, "enough");
}

/* Changes one file of the package: `file` is the entry's name in tests/data/package. */
static void altered(const char *file, const char *from, const char *to)
{
	static const char *const names[][2] = { { "settings-2.xml", "Generic/VpnSettings.xml" },
		{ "vpnconfig.ovpn", "OpenVPN/vpnconfig.ovpn" },
		{ "azurevpnconfig.xml", "AzureVPN/azurevpnconfig.xml" },
		{ "VpnProfileSetup.ps1", "WindowsPowershell/VpnProfileSetup.ps1" } };
	AUTO_VALUE(buf) zip = { 0 };
	struct buf texts[4] = { { 0 } };
	struct pkit_entry entries[6] = { { .name = NULL } };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < 4; i++) {
		pkit_fixture(&texts[i], names[i][0]);
		if (strcmp(names[i][0], file) == 0)
			pkit_replace(&texts[i], from, to);
		entries[i] = (struct pkit_entry){ .name = names[i][1], .content = buf_bytes(&texts[i]) };
	}
	entries[4] = (struct pkit_entry){ .name = "Generic/VpnServerRoot.cer_0", .content = buf_bytes(&pkit_gateway) };
	pkit_zip(&zip, entries, NULL);
	package_clear(&good);
	if (pkit_read(&good, buf_bytes(&zip), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	for (size_t i = 0; i < 4; i++)
		buf_clear(&texts[i]);
}

#define OTHER "azuregateway-7e570009-1111-4222-8333-444455556666-0123456789ab.vpn.azure.com"

TEST(files_that_disagree)
{
	static const struct {
		const char *file, *from, *to, *want, *text;
	} all[] = {
		{ "vpnconfig.ovpn", "remote " PKIT_SERVER, "remote " OTHER, "!server-mismatch", OTHER },
		{ "vpnconfig.ovpn", "verb 3", "remote " OTHER " 443", "!ovpn-incomplete !server-mismatch", OTHER },
		{ "azurevpnconfig.xml", PKIT_SERVER, OTHER, "!server-mismatch", "azurevpnconfig.xml states " OTHER },
		{ "VpnProfileSetup.ps1", "-TunnelType", "-ServerAddress '" OTHER "' -TunnelType", "!server-mismatch",
		    "VpnProfileSetup.ps1 states" },
		{ "settings-2.xml", PKIT_SERVER, OTHER, "!server-mismatch !server-mismatch",
		    "VpnSettings.xml does not" },
		{ "vpnconfig.ovpn", "verify-x509-name 7e570000", "verify-x509-name 7e570009",
		    "!server-name-mismatch", "7e570009" },
		{ "vpnconfig.ovpn", ".vpn.azure.com name", ".evil.example name", "!server-name-mismatch", "evil" },
		{ "settings-2.xml", "<VnetId>7e570000", "<VnetId>7e570009", "!server-name-mismatch", "7e570009" },
		{ "azurevpnconfig.xml", "<serversecret>00", "<serversecret>01", "!secret-mismatch", "different keys" },
		{ "vpnconfig.ovpn", "V1-----\r\n00", "V1-----\r\nf0", "!secret-mismatch", "different keys" },
		{ "azurevpnconfig.xml", ">tcp<", ">udp<", "!protocol-mismatch", "tcp" },
		{ "azurevpnconfig.xml", "<name>Test-vnet", "<name>Other-vnet", "?network-mismatch", "Other-vnet" },
		{ "settings-2.xml", "IkeV2,OpenVPN", "IkeV2", "?tunnel-mismatch ?tunnel-mismatch",
		    "vpnconfig.ovpn states OpenVPN" },
		{ "azurevpnconfig.xml", "<type>cert", "<type>aad", "?auth-mismatch", "aad" },
		{ "VpnProfileSetup.ps1", "-PassThru",
		    "-PassThru\r\nAdd-VpnConnectionRoute -DestinationPrefix \"10.21.0.0/16\"\r\n"
		    "Add-VpnConnectionRoute -DestinationPrefix 10.66.0.0/16", "?route-mismatch ?route-mismatch",
		    "10.66.0.0/16" },
		{ "azurevpnconfig.xml", "<clientconfig i:nil=\"true\" />",
		    "<clientconfig><dnsservers><dnsserver>10.66.0.4</dnsserver></dnsservers></clientconfig>",
		    "?dns-mismatch ?dns-mismatch ?azurevpn-element", "10.66.0.4" },
		{ "azurevpnconfig.xml", "<clientconfig i:nil=\"true\" />",
		    "<clientconfig><includeroutes><route><destination>10.66.0.0</destination><mask>255.255.0.0</mask>"
		    "</route></includeroutes></clientconfig>",
		    "?route-mismatch ?route-mismatch ?azurevpn-element ?azurevpn-element", "10.66.0.0/16" },
		{ "azurevpnconfig.xml", "<version>1", "<script>x</script><version>1", "?azurevpn-element", "script" },
		{ "VpnProfileSetup.ps1", "\"true\"><IssuerHash>", "\"true\"><Issuer>", "?client-root-mismatch",
		    "azurevpnconfig.xml states" },
		{ "VpnProfileSetup.ps1", "</TrustedRootCA>",
		    "</TrustedRootCA><TrustedRootCA>ff 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22"
		    "</TrustedRootCA>", "!root-mismatch", "VpnProfileSetup.ps1 states ff00" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		altered(all[i].file, all[i].from, all[i].to);
		finds(all[i].want, all[i].text);
	}
	altered("VpnProfileSetup.ps1", "-PassThru",
	    "-PassThru # -ServerAddress $server, -DestinationPrefix is a route");
	finds("", NULL);
}

TEST(a_package_for_entra_id_alone)
{
	good.ovpn.is_there = good.has_ikev2 = false;
	(void)snprintf(good.azurevpn.auth, sizeof(good.azurevpn.auth), "aad");
	finds("!auth-not-certificate", "'aad'");
	good.azurevpn.auth[0] = '\0';
	good.states_aad = true;
	finds("!auth-not-certificate", "tenant");
	(void)snprintf(good.azurevpn.auth, sizeof(good.azurevpn.auth), "Cert");
	finds("?no-ikev2 ?openvpn-missing", NULL);
	good.ovpn.is_there = good.has_ikev2 = true; /* certificates and Entra ID */
	finds("", NULL);
}

TEST(all_traffic_by_several_routes)
{
	net(&good.routes[0], "0.0.0.0/1");
	net(&good.routes[1], "128.0.0.0/1");
	finds("?routes-default", "2 routes together");
	net(&good.routes[1], "128.0.0.0/2");
	finds("?pool-overlaps-route", NULL);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, fresh, stale)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(a_good_package), RULE(an_old_package), RULE(keepalive), RULE(tunnels), RULE(authentication),
		RULE(our_root), RULE(what_profiles_need_of_it),
		RULE(gateway_roots), RULE(roots_that_azure_uses), RULE(routes), RULE(pools_and_name_servers),
		RULE(server_names),
		cmocka_unit_test(rules_have_texts),
		RULE(nothing_changed), RULE(everything_changed), RULE(the_tls_auth_key_is_never_shown),
		RULE(whoever_is_told_may_end_it),
		RULE(files_that_disagree), RULE(a_package_for_entra_id_alone), RULE(all_traffic_by_several_routes),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
