/* SPDX-License-Identifier: MIT */
/* test_desktop.c - the profiles of Windows and Apple: what is in them, and what cannot get into them. */
#include "tests/unit/profiles/desktop_kit.h"
#include "profiles/profile.h"
#include "profiles/windows_xml.h"
#include "tests/unit/unit.h"

static const struct profile_format *const formats[] = { &profile_mobileconfig, &profile_windows,
	&profile_windows_device, &profile_azurevpn };
#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static void write_all(struct profile_files *out, const struct profile_format *f, const struct vpn_profile *p)
{
	struct err e = ERR_INIT;

	if (f->write(out, p, &e) < 0)
		fail_msg("%s: %s (%s)", f->name, e.what, e.cause);
}

static void has(const struct profile_files *f, const char *name, const char *text)
{
	if (!desktop_has(&desktop_file(f, name)->content, text))
		fail_msg("%s lacks %s", name, text);
}

TEST(the_same_bytes_again)
{
	AUTO_VALUE(desktop_kit) k = { 0 };

	desktop_kit(&k, "alice@contoso.com");
	for (size_t i = 0; i < N_FORMATS; i++) {
		AUTO_VALUE(profile_files) a = { 0 };
		AUTO_VALUE(profile_files) b = { 0 };

		write_all(&a, formats[i], &k.profile);
		write_all(&b, formats[i], &k.profile);
		assert_int_equal(a.n, b.n);
		for (size_t n = 0; n < a.n; n++) {
			assert_string_equal(a.all[n].name, b.all[n].name);
			assert_int_equal(a.all[n].content.len, b.all[n].content.len);
			assert_memory_equal(a.all[n].content.data, b.all[n].content.data, a.all[n].content.len);
		}
	}
}

TEST(which_files_are_secret)
{
	static const struct { const char *name; unsigned format; mode_t mode; } rows[] = {
		{ "mobileconfig/VNet1-alice.mobileconfig", 0, 0600 }, { "mobileconfig/client.p12", 0, 0600 },
		{ "mobileconfig/VpnServerRoot-2.cer", 0, 0644 }, { "windows/client.pfx", 1, 0600 },
		{ "windows/install.ps1", 1, 0644 }, { "windows/root.cer", 1, 0644 },
		{ "windows/ProfileXML.xml", 1, 0644 },
		{ "windows/eap-tls.xml", 1, 0644 }, { "windows-device/client.pfx", 2, 0600 },
		{ "windows-device/ProfileXML.xml", 2, 0644 }, { "azurevpn/azurevpnconfig.xml", 3, 0600 },
		{ "azurevpn/client.pfx", 3, 0600 },
	};
	AUTO_VALUE(desktop_kit) k = { 0 };

	desktop_kit(&k, "alice@contoso.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(profile_files) f = { 0 };

		write_all(&f, formats[rows[i].format], &k.profile);
		assert_int_equal(desktop_file(&f, rows[i].name)->mode, rows[i].mode);
	}
}

TEST(mobileconfig_content)
{
	static const char file[] = "mobileconfig/VNet1-alice.mobileconfig";
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) f = { 0 };
	AUTO_VALUE(profile_files) with = { 0 };

	desktop_kit(&k, "alice@contoso.com");
	write_all(&f, &profile_mobileconfig, &k.profile);
	has(&f, file, "<key>RemoteAddress</key>\n          <string>" KIT_SERVER "</string>");
	has(&f, file, "<key>RemoteIdentifier</key>\n          <string>" KIT_SERVER "</string>");
	has(&f, file, "<key>LocalIdentifier</key>\n          <string>alice@contoso.com</string>");
	has(&f, file, "<key>EnablePFS</key>\n          <integer>1</integer>");
	has(&f, file, "com.apple.security.root");
	assert_false(desktop_has(&desktop_file(&f, file)->content, "<key>Password</key>"));
	k.profile.pfx_password = "a<b&c";
	write_all(&with, &profile_mobileconfig, &k.profile);
	has(&with, file, "<key>Password</key>\n        <string>a&lt;b&amp;c</string>");
}

TEST(mobileconfig_uuids_follow_the_certificate)
{
	static const char file[] = "mobileconfig/VNet1-alice.mobileconfig";
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) a = { 0 };
	AUTO_VALUE(profile_files) b = { 0 };
	const char *at, *bt;

	desktop_kit(&k, "alice@contoso.com");
	write_all(&a, &profile_mobileconfig, &k.profile);
	k.cert_info.fingerprint[0] ^= 1;
	write_all(&b, &profile_mobileconfig, &k.profile);
	at = strstr((const char *)desktop_file(&a, file)->content.data, "<key>PayloadUUID</key>\n        <string>");
	bt = strstr((const char *)desktop_file(&b, file)->content.data, "<key>PayloadUUID</key>\n        <string>");
	assert_non_null(at);
	assert_non_null(bt);
	at += 39;
	bt += 39;
	assert_int_equal(at[8], '-');
	assert_int_equal(at[14], '5');                 /* the version */
	assert_non_null(strchr("89AB", at[19]));       /* the variant */
	assert_memory_not_equal(at, bt, 36);
}

TEST(mobileconfig_of_keys_made_on_the_device)
{
	static const char file[] = "mobileconfig/VNet1-alice.mobileconfig";
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) scep = { 0 };
	AUTO_VALUE(profile_files) acme = { 0 };
	struct err e = ERR_INIT;

	desktop_kit(&k, "alice@contoso.com");
	k.profile.cert_info = NULL; /* not issued yet */
	k.profile.cert = (struct bytes){ 0 };
	k.profile.key = PROFILE_KEY_SCEP;
	k.profile.enrolment_url = "http://ca.contoso.com/scep?a=1&b=2";
	write_all(&scep, &profile_mobileconfig, &k.profile);
	has(&scep, file, "com.apple.security.scep");
	has(&scep, file, "http://ca.contoso.com/scep?a=1&amp;b=2");
	has(&scep, file, "<key>rfc822Name</key>");
	assert_int_equal(desktop_file(&scep, file)->mode, 0644);
	k.profile.key = PROFILE_KEY_ACME;
	assert_int_equal(profile_mobileconfig.write(&acme, &k.profile, &e), -1); /* Apple: https only */
	assert_int_equal(e.status, ERR_INPUT);
	k.profile.enrolment_url = "https://ca.contoso.com/acme";
	write_all(&acme, &profile_mobileconfig, &k.profile);
	has(&acme, file, "com.apple.security.acme");
	k.profile.enrolment_url = NULL;
	assert_int_equal(profile_mobileconfig.write(&acme, &k.profile, &e), -1);
	k.profile.key = PROFILE_KEY_PFX;
	k.profile.pfx = (struct bytes){ 0 };
	assert_int_equal(profile_mobileconfig.write(&acme, &k.profile, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
}

TEST(which_keys)
{
	assert_int_equal(profile_mobileconfig.keys & 1u << PROFILE_KEY_TOKEN, 0);
	assert_non_null(strstr(profile_mobileconfig.why_not, "Tunnelblick"));
	for (size_t i = 1; i < N_FORMATS; i++) {
		const unsigned card = formats[i] == &profile_windows_device ? 0 : 1u << PROFILE_KEY_TOKEN;

		assert_int_equal(formats[i]->keys, card | 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_STORE);
	}
}

TEST(hashes_as_windows_writes_them)
{
	char hash[WINDOWS_HASH];

	windows_hash(hash, "df3c24f9bfd666761b268073fe06d1cc8d4f82a4");
	assert_string_equal(hash, "DF 3C 24 F9 BF D6 66 76 1B 26 80 73 FE 06 D1 CC 8D 4F 82 A4 ");
}

TEST(windows_content)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) f = { 0 };
	char hash[WINDOWS_HASH];

	desktop_kit(&k, "alice@contoso.com");
	k.profile.key = PROFILE_KEY_TOKEN;
	write_all(&f, &profile_windows, &k.profile);
	windows_hash(hash, k.root_info.thumbprint);
	has(&f, "windows/eap-tls.xml", "<SimpleCertSelection>true</SimpleCertSelection>");
	has(&f, "windows/eap-tls.xml", hash);
	has(&f, "windows/install.ps1", hash);
	windows_hash(hash, k.package.roots[1].info.thumbprint);
	has(&f, "windows/eap-tls.xml", hash);
	has(&f, "windows/ProfileXML.xml", "<PrefixSize>20</PrefixSize>");
	has(&f, "windows/ProfileXML.xml", "<DnsServers>10.11.0.4,10.11.0.5</DnsServers>");
	has(&f, "windows/ProfileXML.xml", "<RoutingPolicyType>SplitTunnel</RoutingPolicyType>");
	has(&f, "windows/install.ps1", "\n    '10.11.16.0/20'\n)");
	has(&f, "windows/install.ps1", "$server = '" KIT_SERVER "'");
	has(&f, "windows/install.ps1", "$pfx = ''");
	assert_memory_equal(desktop_file(&f, "windows/install.ps1")->content.data, "\xef\xbb\xbf#", 4);
}

TEST(windows_smartcard_on_request)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) f = { 0 };

	desktop_kit(&k, "alice@contoso.com");
	k.profile.windows_smartcard = true;
	write_all(&f, &profile_windows, &k.profile);
	has(&f, "windows/eap-tls.xml", "<SmartCard/>");
	assert_false(desktop_has(&desktop_file(&f, "windows/eap-tls.xml")->content, "CAHashList"));
}

TEST(windows_device_content)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) f = { 0 };

	desktop_kit(&k, "pc1.contoso.com");
	write_all(&f, &profile_windows_device, &k.profile);
	has(&f, "windows-device/ProfileXML.xml", "<DeviceTunnel>true</DeviceTunnel>");
	has(&f, "windows-device/ProfileXML.xml", "<MachineMethod>Certificate</MachineMethod>");
	assert_false(desktop_has(&desktop_file(&f, "windows-device/ProfileXML.xml")->content, "Eap"));
	has(&f, "windows-device/install.ps1", "IsSystem");
}

/* Quotes and brackets of a script balance outside of strings and comments; no backtick, no here-string. */
static void balances(const struct buf *script)
{
	char open[64];
	size_t depth = 0;

	for (size_t i = 0; i < script->len; i++) {
		char c = (char)script->data[i];

		if (c == '#') {
			while (script->data[i] != '\n')
				i++;
		} else if (c == '\'' || c == '"') {
			for (i++; script->data[i] != (unsigned char)c || script->data[i + 1] == (unsigned char)c; i++) {
				assert_int_not_equal(script->data[i], '\n');
				assert_int_not_equal(script->data[i], '`');
				i += script->data[i] == (unsigned char)c;
			}
		} else if (strchr("([{", c) != NULL) {
			assert_true(depth < sizeof(open));
			open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		} else if (strchr(")]}", c) != NULL) {
			assert_true(depth > 0);
			assert_int_equal(open[--depth], c);
		}
	}
	assert_int_equal(depth, 0);
}

TEST(scripts_balance)
{
	AUTO_VALUE(desktop_kit) k = { 0 };

	desktop_kit(&k, "alice@contoso.com");
	for (size_t i = 1; i < 3; i++) {
		AUTO_VALUE(profile_files) f = { 0 };
		char name[64];

		(void)snprintf(name, sizeof(name), "%s/install.ps1", formats[i]->name);
		write_all(&f, formats[i], &k.profile);
		balances(&desktop_file(&f, name)->content);
		assert_false(desktop_has(&desktop_file(&f, name)->content, "Remove-VpnConnection"));
	}
}

/* In the form of Azure's file, from the values of the package. */
TEST(azurevpn_content)
{
	static const char file[] = "azurevpn/azurevpnconfig.xml";
	AUTO_VALUE(desktop_kit) k = { 0 };
	AUTO_VALUE(profile_files) f = { 0 };
	char want[300];

	desktop_kit(&k, "alice@contoso.com");
	(void)snprintf(k.package.azurevpn.name, sizeof(k.package.azurevpn.name), "A & <b>");
	write_all(&f, &profile_azurevpn, &k.profile);
	has(&f, file, "<AzVpnProfile xmlns=\"http://schemas.datacontract.org/2004/07/\" "
	    "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">");
	(void)snprintf(want, sizeof(want), "<cert>\n      <hash>%s</hash>\n      <issuer>%s</issuer>\n    </cert>",
	    k.cert_info.thumbprint, k.root_info.thumbprint);
	has(&f, file, want);
	has(&f, file, "<name>A &amp; &lt;b&gt;</name>");
	has(&f, file, "<fqdn>" KIT_SERVER "</fqdn>");
	has(&f, file, "<hash>DF3C24F9BFD666761B268073FE06D1CC8D4F82A4</hash>");
	has(&f, file, "<serversecret>00ff0000");
	has(&f, file, "<clientconfig i:nil=\"true\"/>");
}

TEST(azurevpn_of_an_incomplete_package)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	struct package_azurevpn *a;
	struct err e = ERR_INIT;

	desktop_kit(&k, "alice@contoso.com");
	a = &k.package.azurevpn;
	for (unsigned i = 0; i < 3; i++) {
		AUTO_VALUE(profile_files) f = { 0 };

		a->is_there = i != 0;
		a->secret_len = i != 1 ? OVPN_KEY_LEN : 32;
		a->server_root[0] = i != 2 ? 'd' : '\0';
		assert_int_equal(profile_azurevpn.write(&f, &k.profile, &e), -1);
		assert_string_equal(e.code, "package-azurevpn-incomplete");
		assert_int_equal(f.n, 0);
	}
}

TEST(install_has_the_values)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	struct err e = ERR_INIT;

	desktop_kit(&k, "alice@contoso.com");
	for (size_t i = 0; i < N_FORMATS; i++) {
		AUTO_VALUE(buf) out = { 0 };

		if (formats[i]->install(&out, &k.profile, &e) < 0)
			fail_msg("%s: %s", formats[i]->name, e.what);
		assert_true(desktop_has(&out, "`VNet1-alice`"));
		assert_true(desktop_has(&out, "alice@contoso.com"));
		assert_true(desktop_has(&out, "## Is it up?"));
		assert_true(desktop_has(&out, "`172.16.201.0/24`"));
		assert_true(desktop_has(&out, "`10.11.0.5`"));
		assert_false(desktop_has(&out, "@NAME@"));
	}
}

/* Each byte in the names that come from a certificate: refused, or harmless in every file. */
TEST(every_byte_in_names)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	struct err e = ERR_INIT;

	desktop_kit(&k, "alice@contoso.com");
	for (unsigned i = 1; i < 256; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "a%cz", (char)i);
		k.profile.local_id = name;
		(void)snprintf(k.cert_info.cn, sizeof(k.cert_info.cn), "%s", name);
		for (size_t n = 0; n < N_FORMATS; n++) {
			AUTO_VALUE(profile_files) f = { 0 };
			AUTO_VALUE(buf) out = { 0 };

			if (formats[n]->write(&f, &k.profile, &e) < 0)
				assert_int_equal(e.status, ERR_INPUT);
			assert_int_equal(formats[n]->install(&out, &k.profile, &e), 0);
			assert_null(memchr(out.data, '\r', out.len));
			assert_null(memchr(out.data, 0x1b, out.len));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_again),
		cmocka_unit_test(which_files_are_secret),
		cmocka_unit_test(mobileconfig_content),
		cmocka_unit_test(mobileconfig_uuids_follow_the_certificate),
		cmocka_unit_test(mobileconfig_of_keys_made_on_the_device),
		cmocka_unit_test(which_keys),
		cmocka_unit_test(hashes_as_windows_writes_them),
		cmocka_unit_test(windows_content),
		cmocka_unit_test(windows_smartcard_on_request),
		cmocka_unit_test(windows_device_content),
		cmocka_unit_test(scripts_balance),
		cmocka_unit_test(azurevpn_content),
		cmocka_unit_test(azurevpn_of_an_incomplete_package),
		cmocka_unit_test(install_has_the_values),
		cmocka_unit_test(every_byte_in_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
