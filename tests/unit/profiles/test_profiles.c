/* SPDX-License-Identifier: MIT */
/* test_profiles.c - the table, what is refused, the files of each format. */
#include "tests/unit/unit.h"

#include "profiles/letter.h"
#include "profiles/profile.h"
#include "profiles/text.h"

static struct err e;
static struct package package;
static struct cert_info info;
static struct vpn_profile profile;

static int reset(void **state)
{
	(void)state;
	package_clear(&package);
	memset(&info, 0, sizeof(info));
	(void)snprintf(package.server, sizeof(package.server), "gw.vpn.azure.com");
	(void)snprintf(package.vnet_name, sizeof(package.vnet_name), "VNet `1`");
	package.has_ikev2 = package.has_openvpn = true;
	(void)snprintf(package.routes[0].text, sizeof(package.routes[0].text), "10.1.0.0/16");
	(void)snprintf(package.pools[0].text, sizeof(package.pools[0].text), "172.16.201.0/24");
	package.n_routes = package.n_pools = package.n_roots = 1;
	(void)snprintf(info.cn, sizeof(info.cn), "alice@contoso.com");
	info.sans[0] = (struct san){ SAN_EMAIL, "alice@contoso.com" };
	info.n_sans = 1;
	profile = (struct vpn_profile){ .package = &package, .connection = "VNet1.alice", .cert_info = &info,
		.cert = { (const unsigned char *)"cert", 4 }, .root = { (const unsigned char *)"root", 4 },
		.local_id = "alice@contoso.com", .cka_id = "00ff", .token_label = "my token", .token_serial = "1",
		.token_manufacturer = "A/B", .token_model = "M", .module_path = "/usr/lib/a \"b\"\\c.so",
		.key_uri = "pkcs11:token=my%20token;id=%00%ff" };
	package.ovpn = (struct package_ovpn){ .is_there = true, .server = "gw.vpn.azure.com",
		.server_name = "id.vpn.azure.com", .tls_timeout = 30, .verb = 3, .has_tls_auth = true,
		.tls_auth = { 0xab, 0xcd } };
	return buf_add(&package.roots[0].der, "root", 4, &e);
}

/* The content of a file as text; fails where it is not there. */
static const char *content(struct profile_files *files, const char *name, mode_t mode)
{
	for (size_t i = 0; i < files->n; i++)
		if (strcmp(files->all[i].name, name) == 0) {
			assert_int_equal(files->all[i].mode, mode);
			assert_int_equal(buf_add(&files->all[i].content, "", 1, &e), 0);
			return (const char *)files->all[i].content.data;
		}
	fail_msg("no file %s", name);
	return NULL;
}

static void write_ok(struct profile_files *files, const char *format)
{
	const struct profile_format *f = NULL;

	assert_int_equal(profile_format_find(&f, format, &e), 0);
	if (profile_write(files, f, &profile, &e) < 0)
		fail_msg("%s: %s", format, e.what);
}

static void refused(const char *format, enum err_status status, const char *code)
{
	AUTO_VALUE(profile_files) files = { 0 };
	const struct profile_format *f = NULL;

	assert_int_equal(profile_format_find(&f, format, &e), 0);
	assert_int_equal(profile_write(&files, f, &profile, &e), -1);
	assert_int_equal(e.status, status);
	if (code != NULL)
		assert_string_equal(e.code, code);
}

static void has(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("'%s' is not in:\n%s", what, text);
}

TEST(the_table)
{
	const struct profile_format *f = NULL;
	size_t n = 0;

	for (; (f = profile_format_at(n)) != NULL; n++) {
		const struct profile_format *found = NULL;

		assert_int_equal(profile_format_find(&found, f->name, &e), 0);
		assert_ptr_equal(found, f);
		assert_true(f->keys != 0 && f->why_not != NULL && f->summary[strlen(f->summary) - 1] != '.');
		if (!f->needs_ikev2 && !f->needs_openvpn && strcmp(f->name, "pfx") != 0)
			fail_msg("%s: set .needs_ikev2 or .needs_openvpn", f->name);
	}
	assert_true(n >= 5);
	assert_int_equal(profile_format_find(&f, "none", &e), -1);
	assert_int_equal(e.status, ERR_USAGE);
	has(e.hint, "swanctl ipsec");
}

TEST(keys_and_tunnels_are_refused)
{
	profile.key = PROFILE_KEY_PFX;
	refused("swanctl", ERR_POLICY, "profile-key");
	profile.key = PROFILE_KEY_STORE;
	refused("swanctl", ERR_POLICY, "profile-key");
	profile.key = PROFILE_KEY_TOKEN;
	refused("windows-device", ERR_POLICY, "profile-key");
	refused("sswan", ERR_POLICY, "profile-key");
	package.has_ikev2 = package.has_openvpn = false;
	refused("ipsec", ERR_POLICY, "profile-tunnel");
	refused("openvpn", ERR_POLICY, "profile-tunnel");
	package.has_ikev2 = true;
	package.n_routes = 256;
	refused("ipsec", ERR_INPUT, NULL);
	package.n_routes = 1;
	profile.cka_id = "0g";
	refused("swanctl", ERR_INPUT, NULL);
	profile.cka_id = "00";
	profile.module_path = NULL;
	refused("swanctl", ERR_INPUT, NULL);
	profile.module_path = "/m";
	profile.local_id = "a\nb";
	(void)snprintf(info.sans[0].text, sizeof(info.sans[0].text), "a\nb");
	refused("swanctl", ERR_INPUT, NULL);
	(void)snprintf(profile.connection, sizeof(profile.connection), "a;b");
	refused("swanctl", ERR_INTERNAL, NULL);
}

TEST(swanctl)
{
	AUTO_VALUE(profile_files) files = { 0 };
	const char *conf;

	write_ok(&files, "swanctl");
	conf = content(&files, "swanctl.conf", 0644);
	has(conf, "id = \"email:alice@contoso.com\"");
	has(conf, "cacerts = VNet1-alice-gateway-1.pem\n");
	has(conf, "handle = 00ff\n");
	has(conf, "vips = 0.0.0.0\n");
	assert_null(strstr(conf, "pin ="));
	assert_null(strstr(conf, "slot ="));
	has(content(&files, "strongswan.d/VNet1-alice.conf", 0644), "path = \"/usr/lib/a \\\"b\\\"\\\\c.so\"");
	has(content(&files, "x509ca/VNet1-alice-root.pem", 0644), "BEGIN CERTIFICATE");
	conf = content(&files, "INSTALL-swanctl.md", 0644);
	has(conf, "`` VNet `1` ``");
	has(conf, "## Is it up?");
	has(conf, "172.16.201.0/24");
}

TEST(swanctl_without_a_name_that_the_certificate_has)
{
	AUTO_VALUE(profile_files) files = { 0 };

	info.n_sans = 0;
	profile.use_pubkey = true;
	package.pools[0].is_v6 = true;
	write_ok(&files, "swanctl");
	assert_null(strstr(content(&files, "swanctl.conf", 0644), "alice@"));
	has(content(&files, "swanctl.conf", 0644), "vips = 0.0.0.0,::");
}

TEST(openvpn_by_id)
{
	AUTO_VALUE(profile_files) files = { 0 };
	const char *text;

	write_ok(&files, "openvpn");
	text = content(&files, "VNet1-alice.ovpn", 0600);
	has(text, "client\r\nremote gw.vpn.azure.com 443\r\nverify-x509-name id.vpn.azure.com name\r\n"
	    "remote-cert-tls server\r\n\r\ndev tun\r\nproto tcp\r\n");
	has(text, "\r\npkcs11-providers \"/usr/lib/a \\\"b\\\"\\\\c.so\"\r\npkcs11-id ");
	has(text, "pkcs11-id \"A\\\\x2FB/M/1/my\\\\x20token/00FF\"\r\n");
	has(text, "<ca>\r\n-----BEGIN CERTIFICATE-----\r\ncm9vdA==\r\n-----END CERTIFICATE-----\r\n</ca>\r\n");
	has(text, "<tls-auth>\r\n-----BEGIN OpenVPN Static key V1-----\r\nabcd0000000000000000000000000000\r\n");
	has(text, "\r\nlog openvpn.log\r\n");
}

TEST(openvpn_variants)
{
	AUTO_VALUE(profile_files) uri = { 0 }, pfx = { 0 }, connect = { 0 }, windows = { 0 };

	profile.openvpn_uri = true;
	write_ok(&uri, "openvpn");
	has(content(&uri, "VNet1-alice.ovpn", 0600), "\r\nkey \"pkcs11:token=my%20token;id=%00%ff\"\r\n");
	has(content(&uri, "VNet1-alice.ovpn", 0600), "<cert>\r\n-----BEGIN");
	profile.key = PROFILE_KEY_PFX;
	profile.pfx = (struct bytes){ (const unsigned char *)"pfx", 3 };
	write_ok(&pfx, "openvpn");
	has(content(&pfx, "VNet1-alice.ovpn", 0600), "<pkcs12>\r\ncGZ4\r\n</pkcs12>\r\n");
	profile.openvpn_connect3 = true;
	write_ok(&connect, "openvpn");
	has(content(&connect, "VNet1-alice.ovpn", 0600), "\r\n#log openvpn.log\r\n");
	has(content(&connect, "VNet1-alice.ovpn", 0600), "</tls-auth>\r\n\r\nping-restart 0\r\n");
	profile.openvpn_connect3 = false;
	profile.openvpn_windows26 = true;
	write_ok(&windows, "openvpn");
	has(content(&windows, "VNet1-alice.ovpn", 0600), "</pkcs12>\r\ndisable-dco\r\n");
}

TEST(every_byte_of_a_label)
{
	for (unsigned c = 1; c < 256; c++) {
		AUTO_VALUE(profile_files) files = { 0 };
		char label[] = { 'a', (char)c, '\0' };

		profile.token_label = label;
		for (size_t i = 0; profile_format_at(i) != NULL; i++) /* Windows is in test_desktop */
			if ((profile_format_at(i)->keys & 1U << PROFILE_KEY_TOKEN) != 0 &&
			    strcmp(profile_format_at(i)->rule_set, "windows") != 0 &&
			    profile_write(&files, profile_format_at(i), &profile, &e) < 0)
				fail_msg("%s, byte %u: %s", profile_format_at(i)->name, c, e.what);
		profile_files_clear(&files);
	}
}

TEST(a_line_that_openvpn_would_not_read)
{
	static const char label[] = "////////////////////////////////";

	profile.token_label = profile.token_manufacturer = label;
	refused("openvpn", ERR_INPUT, NULL);
}

TEST(a_file_with_faults_becomes_no_profile)
{
	package.ovpn.n_faults = 1;
	package.ovpn.faults[0] = (struct ovpn_fault){ .code = "package-ovpn-option", .line = 3, .text = "up" };
	refused("openvpn", ERR_POLICY, "package-ovpn-option");
	package.ovpn.n_faults = 0;
	package.n_roots = 0;
	refused("openvpn", ERR_POLICY, "package-gateway-root-missing");
	package.ovpn.is_there = false;
	refused("openvpn", ERR_POLICY, "profile-tunnel");
	package.n_roots = 1;
}

TEST(uuids_depend_on_client_and_purpose)
{
	char a[UUID_TEXT], b[UUID_TEXT];

	assert_int_equal(profile_uuid(a, &profile, "x", &e), 0);
	assert_int_equal(profile_uuid(b, &profile, "x", &e), 0);
	assert_string_equal(a, b);
	assert_int_equal(a[14], '5');
	assert_int_equal(profile_uuid(b, &profile, "y", &e), 0);
	assert_string_not_equal(a, b);
}

static struct letter sample_letter(void)
{
	return (struct letter){ .name = "alice", .device = "", .token_label = "", .token_serial = "",
		.token_manufacturer = "", .key_file = "", .contact = "", .is_on_token = true };
}

TEST(a_letter_has_steps_for_every_format)
{
	const struct profile_format *f;

	for (size_t i = 0; (f = profile_format_at(i)) != NULL; i++) {
		struct letter letter = sample_letter();
		struct buf page = { 0 };
		char install[64];

		letter.formats[letter.n_formats++] = f;
		assert_int_equal(letter_write(&page, &letter, &e), 0);
		assert_int_equal(buf_add(&page, "", 1, &e), 0);
		(void)snprintf(install, sizeof(install), "the folder <code>%s</code>", f->name);
		assert_non_null(strstr((const char *)page.data, install));
		buf_clear(&page);
	}
}

TEST(a_letter_reveals_what_a_token_label_hides)
{
	struct letter letter = sample_letter();
	struct buf page = { 0 };

	letter.token_label = "card\x01 \xe2\x80\xae<b>";
	letter.token_serial = "12&3";
	letter.token_manufacturer = "Yubico (www.yubico.com)";
	assert_int_equal(letter_write(&page, &letter, &e), 0);
	assert_int_equal(buf_add(&page, "", 1, &e), 0);
	assert_null(strstr((const char *)page.data, "\xe2\x80\xae"));
	assert_null(strstr((const char *)page.data, "<b>"));
	assert_null(strchr((const char *)page.data, 1));
	assert_non_null(strstr((const char *)page.data, "U+202E"));
	assert_non_null(strstr((const char *)page.data, "<bdi>12&amp;3</bdi>"));
	assert_non_null(strstr((const char *)page.data, "<code>ykman piv access change-pin</code>"));
	buf_clear(&page);

	letter.token_label = "\xff";
	assert_int_equal(letter_write(&page, &letter, &e), 0);
	assert_int_equal(buf_add(&page, "", 1, &e), 0);
	assert_non_null(strstr((const char *)page.data, "<bdi>(unreadable)</bdi>"));
	buf_clear(&page);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, reset)
	const struct CMUnitTest tests[] = { T(the_table), T(keys_and_tunnels_are_refused), T(swanctl),
		T(swanctl_without_a_name_that_the_certificate_has), T(openvpn_by_id), T(openvpn_variants),
		T(every_byte_of_a_label), T(a_line_that_openvpn_would_not_read),
		T(a_file_with_faults_becomes_no_profile),
		T(uuids_depend_on_client_and_purpose), T(a_letter_has_steps_for_every_format),
		T(a_letter_reveals_what_a_token_label_hides) };
	int result = cmocka_run_group_tests(tests, NULL, NULL);

	package_clear(&package);
	return result;
}
