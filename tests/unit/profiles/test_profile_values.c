/* SPDX-License-Identifier: MIT */
/* test_profile_values.c - values that are missing, or that a format cannot carry, and the limits that it can. */
#include "tests/unit/profiles/profile_kit.h"

/* Each makes one value missing or wrong; NULL: it is fine. */
static void no_roots(void)
{
	package.n_roots = 0;
}
static void no_pfx(void)
{
	profile.pfx.len = 0;
}
static void no_module(void)
{
	profile.module_path = NULL;
}
static void empty_module(void)
{
	profile.module_path = "";
}
static void no_id(void)
{
	profile.cka_id = NULL;
}
static void empty_id(void)
{
	profile.cka_id = "";
}
static void odd_id(void)
{
	profile.cka_id = "00f";
}
static void upper_id(void)
{
	profile.cka_id = "00FF";
}
static void no_uri(void)
{
	profile.openvpn_uri = true;
	profile.key_uri = NULL;
}
static void other_uri(void)
{
	profile.openvpn_uri = true;
	profile.key_uri = "file:key";
}
static void no_cert(void)
{
	profile.cert_info = NULL;
}
static void no_root_info(void)
{
	profile.root_info = NULL;
}
static void no_root(void)
{
	profile.root.len = 0;
}
static void no_azurevpn(void)
{
	package.azurevpn.is_there = false;
}
static void short_secret(void)
{
	package.azurevpn.secret_len--;
}
static void no_server_root(void)
{
	package.azurevpn.server_root[0] = '\0';
}
static void no_url(void)
{
	profile.enrolment_url = NULL;
}
static void other_url(void)
{
	profile.enrolment_url = "ftp://scep.contoso.com/";
}
static void no_scheme(void)
{
	profile.enrolment_url = "https:acme.contoso.com";
}
static void plain_url(void)
{
	profile.enrolment_url = "http://acme.contoso.com/";
}
static void no_tunnel(void)
{
	package.has_ikev2 = package.has_openvpn = false;
}
static void no_ikev2(void)
{
	package.has_ikev2 = false;
}
static void no_openvpn(void)
{
	package.has_openvpn = false;
}
static void most_routes(void)
{
	package.n_routes = 255;
}
static void too_many_routes(void)
{
	package.n_routes = 256;
}
static void smartcard(void)
{
	profile.windows_smartcard = true;
}
static void no_name(void)
{
	profile.connection[0] = '\0';
}
static void odd_name(void)
{
	(void)snprintf(profile.connection, sizeof(profile.connection), "a/b");
}
static void long_name(void)
{
	static unsigned char name[2049];

	package.roots[0].info.subject_der = (struct bytes){ name, sizeof(name) };
}
static void longest_name(void)
{
	long_name();
	package.roots[0].info.subject_der.len--;
}

/* A line of OpenVPN: pkcs11-providers "…", CR and LF; 255 bytes at most. */
static void module_of_length(size_t len)
{
	static char path[300];

	memset(path, 'm', sizeof(path));
	path[0] = '/';
	path[len] = '\0';
	profile.module_path = path;
}
#define LONGEST_MODULE (255 - sizeof("pkcs11-providers \"\"\r\n") + 1)
static void longest_module(void)
{
	module_of_length(LONGEST_MODULE);
}
static void too_long_module(void)
{
	module_of_length(LONGEST_MODULE + 1);
}

static const struct {
	const char *format;
	enum profile_key key;
	void (*spoil)(void);
	enum err_status status; /* 0: it is written */
} refusals[] = {
	{ "swanctl", PROFILE_KEY_TOKEN, no_roots, ERR_INPUT },
	{ "ipsec", PROFILE_KEY_TOKEN, no_roots, ERR_INPUT },
	{ "networkmanager", PROFILE_KEY_TOKEN, no_roots, ERR_INPUT },
	{ "windows", PROFILE_KEY_STORE, no_roots, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_PFX, no_roots, ERR_INPUT },
	{ "sswan", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "pfx", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "windows", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "windows-device", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "windows", PROFILE_KEY_STORE, no_pfx, 0 },
	{ "mobileconfig", PROFILE_KEY_PFX, no_pfx, ERR_INPUT },
	{ "swanctl", PROFILE_KEY_TOKEN, no_module, ERR_INPUT },
	{ "ipsec", PROFILE_KEY_TOKEN, empty_module, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, no_module, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, no_id, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, empty_id, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, no_uri, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, other_uri, ERR_INPUT },
	{ "swanctl", PROFILE_KEY_TOKEN, no_id, ERR_INPUT },
	{ "swanctl", PROFILE_KEY_TOKEN, empty_id, ERR_INPUT },
	{ "ipsec", PROFILE_KEY_TOKEN, odd_id, ERR_INPUT },
	{ "swanctl", PROFILE_KEY_TOKEN, upper_id, ERR_INPUT },
	{ "azurevpn", PROFILE_KEY_STORE, no_cert, ERR_INPUT },
	{ "azurevpn", PROFILE_KEY_STORE, no_root_info, ERR_INPUT },
	{ "windows", PROFILE_KEY_STORE, no_cert, ERR_INPUT },
	{ "windows", PROFILE_KEY_STORE, no_root_info, ERR_INPUT },
	{ "windows", PROFILE_KEY_STORE, no_root, ERR_INPUT },
	{ "azurevpn", PROFILE_KEY_STORE, no_azurevpn, ERR_POLICY },
	{ "azurevpn", PROFILE_KEY_STORE, short_secret, ERR_POLICY },
	{ "azurevpn", PROFILE_KEY_STORE, no_server_root, ERR_POLICY },
	{ "mobileconfig", PROFILE_KEY_SCEP, no_url, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_SCEP, other_url, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_SCEP, no_scheme, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_ACME, no_scheme, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_ACME, plain_url, ERR_INPUT },
	{ "openvpn", PROFILE_KEY_TOKEN, no_ikev2, 0 },
	{ "openvpn", PROFILE_KEY_TOKEN, no_openvpn, ERR_POLICY },
	{ "azurevpn", PROFILE_KEY_STORE, no_ikev2, 0 },
	{ "swanctl", PROFILE_KEY_TOKEN, no_openvpn, 0 },
	{ "swanctl", PROFILE_KEY_TOKEN, no_ikev2, ERR_POLICY },
	{ "pfx", PROFILE_KEY_PFX, no_tunnel, 0 },
	{ "swanctl", PROFILE_KEY_TOKEN, most_routes, 0 },
	{ "swanctl", PROFILE_KEY_TOKEN, too_many_routes, ERR_INPUT },
	{ "sswan", PROFILE_KEY_PFX, too_many_routes, ERR_INPUT },
	{ "windows", PROFILE_KEY_TOKEN, smartcard, 0 },
	{ "windows", PROFILE_KEY_STORE, smartcard, ERR_POLICY },
	{ "windows-device", PROFILE_KEY_STORE, smartcard, 0 },
	{ "swanctl", PROFILE_KEY_TOKEN, no_name, ERR_INTERNAL },
	{ "swanctl", PROFILE_KEY_TOKEN, odd_name, ERR_INTERNAL },
	{ "ipsec", PROFILE_KEY_TOKEN, long_name, ERR_INPUT },
	{ "ipsec", PROFILE_KEY_TOKEN, longest_name, 0 },
	{ "openvpn", PROFILE_KEY_TOKEN, longest_module, 0 },
	{ "openvpn", PROFILE_KEY_TOKEN, too_long_module, ERR_INPUT },
	{ "mobileconfig", PROFILE_KEY_TOKEN, NULL, ERR_POLICY },
	{ "mobileconfig", PROFILE_KEY_STORE, NULL, ERR_POLICY },
	{ "ipsec", PROFILE_KEY_STORE, NULL, ERR_POLICY },
	{ "windows-device", PROFILE_KEY_TOKEN, NULL, ERR_POLICY },
};

TEST(what_a_format_cannot_carry_is_refused)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		AUTO_VALUE(profile_files) files = { 0 };
		const struct profile_format *f = NULL;
		int result;

		profile_large();
		profile_with_key(refusals[i].key);
		if (refusals[i].spoil != NULL)
			refusals[i].spoil();
		assert_int_equal(profile_format_find(&f, refusals[i].format, &e), 0);
		result = profile_write(&files, f, &profile, &e);
		if (result != (refusals[i].status == 0 ? 0 : -1) || (result < 0 && e.status != refusals[i].status))
			fail_msg("row %zu, %s: %d, status %d, %s", i, f->name, result, (int)e.status, e.what);
	}
}

static void connection_names_have_no_characters_that_a_program_interprets(void **state)
{
	static const char *const good[] = { "VPN", "Contoso VPN", "VNet1-alice_contoso.com", "a", "7", "Include2",
		"common",
		"0123456789012345678901234567890123456789012345678901234567890123" };
	static const char *const bad[] = { "", " VPN", "VPN ", "-VPN", ".VPN", "VPN.", "VPN-", "a  b", "a/b", "a\\b",
		"a\nb", "a\tb", "a\x1b[2J", "a\x7f", "a$(id)", "a`id`", "a;b", "a|b", "a&b", "a<b", "a>b", "a\"b",
		"a'b", "a%b", "a]b", "[a", "a{b", "a}b", "a#b", "a=b", "a:b", "a*b", "a?b", "a!b", "a~b", "a^b", "a(b)",
		"a,b", "a@b", "a+b", "\xc3\xbc", "a\xe2\x80\x8b\x62", "..", "include", "CON", "nul", "com1", "LPT9",
		"01234567890123456789012345678901234567890123456789012345678901234" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (profile_check_connection(good[i], &e) < 0)
			fail_msg("'%s' is refused: %s", good[i], e.what);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (profile_check_connection(bad[i], &e) == 0 || e.status != ERR_USAGE)
			fail_msg("'%s' is accepted", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_format_cannot_carry_is_refused),
		cmocka_unit_test(connection_names_have_no_characters_that_a_program_interprets),
	};
	int result = cmocka_run_group_tests(tests, NULL, NULL);

	profile_clear();
	return result;
}
