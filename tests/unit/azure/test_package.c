/* SPDX-License-Identifier: MIT */
/* test_package.c - Azure's packages of both generations, in every form in which they come. */
#include "tests/unit/unit.h"

#include "tests/unit/azure/package_kit.h"
#include "util/text.h"
#include "x509/encode.h"

static struct package *read_zip(const struct buf *zip)
{
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	if (pkit_read(p, buf_bytes(zip), &e) < 0)
		fail_msg("%s (%s; %s)", e.what, e.cause, e.n_doing > 0 ? e.doing[0] : "");
	return p;
}

static void drop(struct package *p)
{
	package_clear(p);
	free(p);
}

static void hash_of(char out[SHA1_HEX], const struct buf *der)
{
	struct err e = ERR_INIT;

	assert_int_equal(hash_sha1_hex(out, buf_bytes(der), &e), 0);
}

TEST(second_generation)
{
	AUTO_VALUE(buf) zip = { 0 };
	char sha1[SHA1_HEX];
	struct package *p;

	pkit_new_package(&zip);
	p = read_zip(&zip);
	assert_string_equal(p->server, PKIT_SERVER);
	assert_true(p->has_ikev2 && p->has_openvpn && !p->has_sstp && p->has_generic && p->is_second_generation);
	assert_string_equal(p->auth, "EAPTLS");
	assert_string_equal(p->vnet_name, "Test-vnet");
	assert_string_equal(p->vnet_id, "7e570000-1111-4222-8333-444455556666");
	assert_int_equal(p->n_routes, 3);
	assert_string_equal(p->routes[2].text, "192.0.2.7/32");
	assert_int_equal(p->routes[1].prefix, 20);
	assert_memory_equal(p->routes[1].address, "\12\26\0\0", 4);
	assert_int_equal(p->n_pools, 1);
	assert_string_equal(p->pools[0].text, "172.16.201.0/24");
	assert_int_equal(p->n_dns, 2);
	assert_string_equal(p->dns[1], "10.21.0.5");
	assert_int_equal(p->n_roots, 1); /* one root in four files */
	assert_string_equal(p->roots[0].info.subject, "CN=Test Gateway Root");
	assert_ptr_equal(p->roots[0].info.der.data, p->roots[0].der.data);
	hash_of(sha1, &pkit_gateway);
	assert_string_equal(p->azurevpn.server_root, sha1);
	hash_of(sha1, &pkit_ours);
	assert_true(p->states_client_roots);
	assert_int_equal(p->n_client_roots, 2); /* azurevpnconfig.xml has one of those in the script */
	assert_string_equal(p->client_roots[0], sha1);
	assert_string_equal(p->client_roots[1], "00112233445566778899aabbccddeeff00112233");
	assert_non_null(strstr(p->source, "/package"));
	drop(p);
}

TEST(settings_of_both_clients_are_values_not_text)
{
	AUTO_VALUE(buf) zip = { 0 };
	static const unsigned char begin[] = { 0x00, 0x11, 0x22, 0x33 };
	struct package *p;

	pkit_new_package(&zip);
	p = read_zip(&zip);
	assert_true(p->ovpn.is_there && p->ovpn.has_tls_auth);
	assert_int_equal(p->ovpn.n_faults, 0);
	assert_string_equal(p->ovpn.server, PKIT_SERVER);
	assert_string_equal(p->ovpn.server_name, "7e570000-1111-4222-8333-444455556666.vpn.azure.com");
	assert_int_equal(p->ovpn.tls_timeout, 30);
	assert_int_equal(p->ovpn.verb, 3);
	assert_memory_equal(p->ovpn.tls_auth, begin, sizeof(begin));
	assert_int_equal(p->ovpn.tls_auth[OVPN_KEY_LEN - 1], 0xff);
	assert_true(p->azurevpn.is_there);
	assert_int_equal(p->azurevpn.n_unknown, 0);
	assert_string_equal(p->azurevpn.auth, "cert");
	assert_string_equal(p->azurevpn.name, "Test-vnet");
	assert_int_equal(p->azurevpn.secret_len, OVPN_KEY_LEN);
	assert_memory_equal(p->azurevpn.secret, p->ovpn.tls_auth, OVPN_KEY_LEN);
	drop(p);
}

TEST(first_generation)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p;

	pkit_old_package(&zip);
	p = read_zip(&zip);
	assert_true(p->has_ikev2 && !p->has_openvpn && p->has_sstp && p->has_generic && !p->is_second_generation);
	assert_int_equal(p->n_roots, 1);
	assert_int_equal(p->n_dns, 0);
	assert_false(p->ovpn.is_there);
	assert_false(p->states_client_roots);
	drop(p);
}

TEST(several_server_roots)
{
	AUTO_VALUE(buf) zip = { 0 };
	AUTO_VALUE(buf) settings = { 0 };
	AUTO_VALUE(buf) pem = { 0 };
	struct package *p;
	struct err e = ERR_INIT;

	pkit_fixture(&settings, "settings-2.xml");
	assert_int_equal(der_encode(&pem, buf_bytes(&pkit_gateway2), DER_CERT, "cer", &e), 0);
	pkit_zip(&zip, (struct pkit_entry[]){
	    { .name = "generic\\VPNSERVERROOT.CER_1", .content = buf_bytes(&pem) },
	    { .name = "generic\\vpnsettings.XML", .content = buf_bytes(&settings) },
	    { .name = NULL } }, NULL);
	p = read_zip(&zip);
	assert_true(p->has_generic);
	assert_int_equal(p->n_roots, 2);
	assert_string_equal(p->roots[1].info.cn, "Test Gateway Root G2");
	drop(p);
}

TEST(openvpn_alone_has_no_generic_folder)
{
	AUTO_VALUE(buf) zip = { 0 };
	AUTO_VALUE(buf) ovpn = { 0 };
	AUTO_VALUE(buf) azurevpn = { 0 };
	struct package *p;

	pkit_fixture(&ovpn, "vpnconfig.ovpn");
	pkit_fixture(&azurevpn, "azurevpnconfig.xml");
	pkit_replace(&azurevpn, "<Cert>", "<cert>");
	pkit_replace(&azurevpn, "</Cert>", "</cert>");
	pkit_zip(&zip, (struct pkit_entry[]){
	    { .name = "AzureVPN\\azurevpnconfig_cert.xml", .content = buf_bytes(&azurevpn) },
	    { .name = "AzureVPN\\azurevpnconfig.xml", .content = pkit_bytes("<AzVpnProfile/>") },
	    { .name = "OpenVPN\\vpnconfig.ovpn", .content = buf_bytes(&ovpn) },
	    { .name = NULL } }, NULL);
	p = read_zip(&zip);
	assert_true(p->has_openvpn && !p->has_ikev2 && !p->has_generic);
	assert_string_equal(p->server, PKIT_SERVER);
	assert_int_equal(p->n_roots, 1);
	assert_true(p->azurevpn.is_there);
	assert_int_equal(p->n_client_roots, 1);
	assert_int_equal(strlen(p->azurevpn.server_root), 40);
	drop(p);
}

/* The same package as a folder, its Generic folder and a lone file: what all have is the same. */
TEST(folder_and_lone_file)
{
	AUTO_VALUE(buf) settings = { 0 };
	AUTO_VALUE(buf) script = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	const char *const names[] = { "", "/Generic", "/Generic/VpnSettings.xml" };
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_fixture(&settings, "settings-2.xml");
	pkit_fixture(&script, "VpnProfileSetup.ps1");
	pkit_put("unpacked/Generic/VpnSettings.xml", buf_bytes(&settings));
	pkit_put("unpacked/Generic/VpnServerRoot.cer_1", buf_bytes(&pkit_gateway2));
	pkit_put("unpacked/Powershell\\VpnProfileSetup.ps1", buf_bytes(&script)); /* as some programs unpack */
	pkit_put("unpacked/.DS_Store", pkit_bytes("x"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[200];

		(void)snprintf(path, sizeof(path), "%s/unpacked%s", pkit_folder(), names[i]);
		if (package_read(p, path, pkit_read_cert, &e) < 0)
			fail_msg("%s", e.what);
		assert_string_equal(p->server, PKIT_SERVER);
		assert_true(p->has_generic);
		assert_int_equal(p->n_roots, i < 2 ? 2 : 1);
		assert_int_equal(p->n_client_roots, i < 1 ? 2 : 0);
		package_clear(p);
	}
	free(p);
}

TEST(declared_encoding_and_byte_order_mark)
{
	AUTO_VALUE(buf) settings = { 0 };
	struct package *p;

	pkit_fixture(&settings, "settings-2.xml");
	pkit_replace(&settings, "<?xml version=\"1.0\"?>", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-16\"?>");
	pkit_replace(&settings, "Test-vnet", "T\xc3\xa9st &amp; <![CDATA[<vnet>]]>");
	p = read_zip(&settings);
	assert_string_equal(p->vnet_name, "T\xc3\xa9st & <vnet>");
	drop(p);
}

TEST(what_is_unknown_or_empty_is_passed_over)
{
	AUTO_VALUE(buf) settings = { 0 };
	struct package *p;

	pkit_fixture(&settings, "settings-2.xml");
	pkit_replace(&settings, "<AadIssuer />", "<New a='1'><Routes>x</Routes></New><!-- <VpnServer> -->");
	pkit_replace(&settings, "IkeV2,OpenVPN", "ikev2, ,WireGuard");
	pkit_replace(&settings, "10.21.0.0/16,", "fd00:21::/48,");
	p = read_zip(&settings);
	assert_true(p->has_ikev2 && !p->has_openvpn);
	assert_int_equal(p->n_routes, 3);
	assert_true(p->routes[0].is_v6);
	drop(p);
}

TEST(cannot_be_read)
{
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	assert_int_equal(package_read(p, "/nowhere/x.zip", pkit_read_cert, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
	drop(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(second_generation),
		cmocka_unit_test(settings_of_both_clients_are_values_not_text),
		cmocka_unit_test(first_generation),
		cmocka_unit_test(several_server_roots),
		cmocka_unit_test(openvpn_alone_has_no_generic_folder),
		cmocka_unit_test(folder_and_lone_file),
		cmocka_unit_test(declared_encoding_and_byte_order_mark),
		cmocka_unit_test(what_is_unknown_or_empty_is_passed_over),
		cmocka_unit_test(cannot_be_read),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
