/* SPDX-License-Identifier: MIT */
/* test_package_hostile.c - files in a package that Azure did not write: each is refused with its code. */
#include "tests/unit/unit.h"

#include "tests/unit/azure/package_kit.h"

#define CODE(name) "package-" name

TEST(not_a_package)
{
	static const struct {
		const char *text, *code, *part;
	} all[] = {
		{ "", CODE("format"), "neither the zip" },
		{ "hello", CODE("format"), "nor a VpnSettings.xml" },
		{ "root:x:0:0::/:/bin/sh", CODE("format"), "neither the zip" },
		{ "PK\3\4 and no more", CODE("format"), "is not a zip file" },
		{ "<VpnProfile>", CODE("format"), "XML" },
		{ "<html/>", CODE("format"), "'html'" },
		{ "<vpnprofile/>", CODE("format"), "'vpnprofile'" },
		{ "<AzVpnProfile/>", CODE("format"), "'AzVpnProfile'" },
		{ "<VpnProfile/>", CODE("format"), "names no VpnServer" },
		{ "<VpnProfile><VpnServer/></VpnProfile>", CODE("format"), "names no VpnServer" },
		{ "<VpnProfile><VpnServer>a.example</VpnServer><VpnServer>b.example</VpnServer></VpnProfile>",
		    CODE("format"), "VpnServer is there twice" },
		{ "<VpnProfile><VpnServer>a<b/>.example</VpnServer></VpnProfile>", CODE("format"), "not text alone" },
		{ "<VpnProfile><VpnServer>&lol;</VpnServer></VpnProfile>", CODE("format"), "lol" },
		{ "<VpnProfile>\xff</VpnProfile>", CODE("format"), "UTF-8" },
		{ "<VpnProfile/><VpnProfile/>", CODE("format"), "XML" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pkit_refused(pkit_bytes(all[i].text), all[i].code, all[i].part);
	pkit_raw_refused(PKIT_LIST(PKIT_OTHER("a.exe")), CODE("format"), "contains no file of an Azure client package");
}

TEST(any_dtd)
{
	static const char *const all[] = {
		"<!DOCTYPE VpnProfile>" PKIT_GOOD,
		"<!DOCTYPE VpnProfile SYSTEM \"file:///etc/passwd\">" PKIT_GOOD,
		"<!DOCTYPE VpnProfile [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
		"<VpnProfile><VpnServer>&x;</VpnServer></VpnProfile>",
		"<!DOCTYPE VpnProfile [<!ENTITY % x SYSTEM \"http://127.0.0.1:1/x\"> %x;]>" PKIT_GOOD,
		"<!DOCTYPE v [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
		"\"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><VpnProfile>&d;</VpnProfile>",
		"<!-- --><!doctype VpnProfile>" PKIT_GOOD,
		"<VpnProfile><!ELEMENT x ANY></VpnProfile>",
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pkit_refused(pkit_bytes(all[i]), CODE("dtd"), "DTD");
}

TEST(nul_bytes)
{
	static const char with[] = PKIT_GOOD "\0<x/>";
	static const char inside[] = "<VpnProfile><VpnServer>a.example\0.vpn.azure.com</VpnServer></VpnProfile>";
	static const char wide[] = "\xff\xfe<\0V\0p\0n\0>\0";

	pkit_refused((struct bytes){ (const void *)with, sizeof(with) - 1 }, CODE("format"), "UTF-8");
	pkit_refused((struct bytes){ (const void *)inside, sizeof(inside) - 1 }, CODE("format"), "UTF-8");
	pkit_refused((struct bytes){ (const void *)wide, sizeof(wide) - 1 }, CODE("format"), "UTF-8");
}

TEST(values_that_are_none)
{
	static const struct {
		const char *element, *value, *part;
	} all[] = {
		{ "VpnServer", "gateway", "'gateway'" },
		{ "VpnServer", "10.1.2.3", "'10.1.2.3'" },
		{ "VpnServer", "a.example; rm -rf /", "rm -rf" },
		{ "VpnServer", "a.example&#10;up /bin/sh", "\\x0aup" },
		{ "VpnServer", "a..example", "'a..example'" },
		{ "VpnServer", "-a.example", "'-a.example'" },
		{ "VpnServer", "a_b.example", "'a_b.example'" },
		{ "VpnServer", "\xd0\xb0.example", "host name" },
		{ "Routes", "10.0.0.0", "'10.0.0.0'" },
		{ "Routes", "10.1.0.0/16,10.0.0.0/33", "'10.0.0.0/33'" },
		{ "Routes", "10.0.0.0/08", "'10.0.0.0/08'" },
		{ "Routes", "10.0.0.0/-1", "'10.0.0.0/-1'" },
		{ "Routes", "10.0.0.0/8 via x", "via x" },
		{ "Routes", "010.0.0.0/8", "'010.0.0.0/8'" },
		{ "Routes", "10.0.0/8", "'10.0.0/8'" },
		{ "Routes", "fe80::1%eth0/64", "eth0" },
		{ "Routes", "::/129", "'::/129'" },
		{ "Routes", "10.0.0.0/", "'10.0.0.0/'" },
		{ "VpnClientAddressPool", "pool", "'pool'" },
		{ "CustomDnsServers", "dns.example", "'dns.example'" },
		{ "CustomDnsServers", "10.0.0.1/32", "'10.0.0.1/32'" },
		{ "VnetName", "a&#x202e;b", "\\xe2\\x80\\xaeb" },
		{ "VnetName", "a&#9;b", "\\x09b" },
		{ "VnetId", "0123456789012345678901234567890123456789012345678901234567890123", "VnetId" },
		{ "Auth", "0123456789012345678901234567890123456789", "Auth" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char text[600];

		(void)snprintf(text, sizeof(text), "<VpnProfile><%s>%s</%s></VpnProfile>", all[i].element, all[i].value,
		    all[i].element);
		pkit_refused(pkit_bytes(text), CODE("value"), all[i].part);
	}
}

TEST(thumbprints_and_servers_in_other_files)
{
	static const struct {
		const char *name, *text, *code, *part;
	} all[] = {
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><serverlist><ServerEntry><fqdn>x</fqdn></ServerEntry>"
		                                 "</serverlist></AzVpnProfile>", CODE("value"), "'x'" },
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><clientauth><Cert><ISSUER>zz</ISSUER></Cert>"
		                                 "</clientauth></AzVpnProfile>", CODE("value"), "'zz'" },
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><name>a</name><NAME>b</NAME></AzVpnProfile>",
		    CODE("format"), "twice" },
		{ "AzureVPN/azurevpnconfig.xml", "<VpnProfile/>", CODE("format"), "root element" },
		{ "OpenVPN/vpnconfig.ovpn", "remote a.example\n\xc0\x80", CODE("format"), "UTF-8" },
		{ "Powershell/VpnProfileSetup.ps1", "<IssuerHash>00 11</IssuerHash>", CODE("value"), "'00 11'" },
		{ "Powershell/VpnProfileSetup.ps1", "<IssuerHash>00 11", CODE("format"), "no end" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pkit_raw_refused(PKIT_LIST({ .name = all[i].name, .content = pkit_bytes(all[i].text) }), all[i].code,
		    all[i].part);
}

TEST(too_much_xml)
{
	static const struct {
		const char *head, *middle;
		size_t n;
		const char *tail, *code, *part;
	} all[] = {
		{ "<VpnProfile><Routes>", "10.0.0.0/8,", 513, "</Routes></VpnProfile>", CODE("limit"), "512" },
		{ "<VpnProfile><CustomDnsServers>", "10.0.0.1,", 17, "</CustomDnsServers></VpnProfile>", CODE("limit"),
		    "16" },
		{ "<VpnProfile><VpnClientAddressPool>", "10.0.0.0/8,", 17, "</VpnClientAddressPool></VpnProfile>",
		    CODE("limit"), "16" },
		{ "<VpnProfile>", "<x>", 40, "", CODE("format"), "XML" },
		{ "<VpnProfile>", "<x/>", 20000, "</VpnProfile>", CODE("limit"), "tags" },
		{ "<VpnProfile ", "a=''", 5000, "/>", CODE("limit"), "attributes" },
		{ "<VpnProfile><CaCert>", "QUFB", 5 << 20, "</CaCert></VpnProfile>", CODE("limit"), "1048576" },
		{ "<VpnProfile><CaCert>", "QUFB", 200000, "</CaCert></VpnProfile>", CODE("limit"), "certificate" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		AUTO_VALUE(buf) xml = { 0 };

		pkit_many(&xml, all[i].head, all[i].middle, all[i].n, all[i].tail);
		pkit_refused(buf_bytes(&xml), all[i].code, all[i].part);
	}
}

TEST(deep_xml)
{
	AUTO_VALUE(buf) xml = { 0 };

	pkit_many(&xml, "<VpnProfile>", "<x>", 40, "");
	pkit_many(&xml, "", "</x>", 40, "</VpnProfile>");
	pkit_refused(buf_bytes(&xml), CODE("limit"), "levels");
}

TEST(too_many_client_roots)
{
	AUTO_VALUE(buf) script = { 0 };
	struct err e = ERR_INIT;

	for (unsigned i = 0; i < 33; i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "<IssuerHash>%040x</IssuerHash>", i);
		assert_int_equal(buf_add(&script, text, strlen(text), &e), 0);
	}
	pkit_raw_refused(PKIT_LIST({ .name = "Powershell/VpnProfileSetup.ps1", .content = buf_bytes(&script) }),
	    CODE("limit"), "32 client roots");
}

TEST(certificates_that_are_none)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_raw_zip(&zip, PKIT_LIST(PKIT_SETTINGS("VpnSettings.xml"), PKIT_OTHER("VpnServerRoot.cer_0")));
	assert_int_equal(pkit_read(p, buf_bytes(&zip), &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_non_null(strstr(e.doing[1], "VpnServerRoot.cer_0"));
	package_clear(p);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_a_package),
		cmocka_unit_test(any_dtd),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(values_that_are_none),
		cmocka_unit_test(thumbprints_and_servers_in_other_files),
		cmocka_unit_test(too_much_xml),
		cmocka_unit_test(deep_xml),
		cmocka_unit_test(too_many_client_roots),
		cmocka_unit_test(certificates_that_are_none),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
