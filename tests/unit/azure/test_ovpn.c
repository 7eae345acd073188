/* SPDX-License-Identifier: MIT */
/* test_ovpn.c - vpnconfig.ovpn by allow list: what Azure writes passes, and every other line is named. */
#include "tests/unit/unit.h"

#include "azure/ovpn.h"
#include "tests/unit/azure/package_kit.h"
#include "util/text.h"

static struct package *p;
static struct buf file;

static int fresh(void **state)
{
	(void)state;
	p = calloc(1, sizeof(*p));
	assert_non_null(p);
	pkit_fixture(&file, "vpnconfig.ovpn");
	return 0;
}

static int stale(void **state)
{
	(void)state;
	package_clear(p);
	free(p);
	buf_clear(&file);
	return 0;
}

static void read_file(void)
{
	struct reading r = { .out = p, .read_cert = pkit_read_cert, .file = PACKAGE_OVPN };
	struct err e = ERR_INIT;

	package_clear(p);
	assert_int_equal(buf_add(&file, "", 1, &e), 0);
	file.len--;
	if (ovpn_read(&r, buf_bytes(&file), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
}

static void put_first(const void *bytes, size_t len)
{
	AUTO_VALUE(buf) all = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(&all, bytes, len, &e), 0);
	assert_int_equal(buf_add(&all, file.data, file.len, &e), 0);
	buf_clear(&file);
	file = all;
	all = (struct buf){ 0 };
}

/* One fault at least has the code, the line and the text. */
static void faulty(const char *code, unsigned line, const char *text)
{
	read_file();
	for (unsigned i = 0; i < p->ovpn.n_faults; i++) {
		const struct ovpn_fault *f = &p->ovpn.faults[i];

		if (strcmp(f->code, code) == 0 && f->line == line && strstr(f->text, text) != NULL)
			return;
	}
	fail_msg("no fault %s at line %u with '%s'; the first: %s", code, line, text,
	    p->ovpn.n_faults > 0 ? p->ovpn.faults[0].text : "none");
}

TEST(the_file_that_azure_writes_has_no_fault)
{
	read_file();
	assert_int_equal(p->ovpn.n_faults, 0);
	pkit_replace(&file, "verb 3", "\t verb\t 5  ");
	pkit_replace(&file, "tls-timeout 30", ";tls-timeout 30\r\n  # up /bin/sh\r\n#plugin x");
	put_first("\xef\xbb\xbf# comment\n\n", 14);
	read_file();
	assert_int_equal(p->ovpn.n_faults, 0);
	assert_int_equal(p->ovpn.verb, 5);
	assert_int_equal(p->ovpn.tls_timeout, 30);
}

TEST(options_that_azure_does_not_write_are_named)
{
	static const char *const lines[] = { "up /bin/sh", "\tup\t/bin/sh", "--client", "Client", "CLIENT",
		"\"client\"",
		"'nobind'", "no\\bind", "nobind x", "client #", "dev tap", "dev tun0", "proto udp", "proto tcp-client",
		"remote 10.1.1.1 443", "remote", "remote gw.vpn.azure.com", "remote gw.vpn.azure.com 1194",
		"remote gw.vpn.azure.com 443 udp", "remote \"gw.vpn.azure.com\" 443", "cipher none", "auth none",
		"auth SHA1", "cipher AES-256-GCM,none", "verify-x509-name gw.vpn.azure.com subject",
		"verify-x509-name gw.vpn.azure.com", "verify-x509-name 'a b' name", "remote-cert-tls client",
		"tls-version-min 1.0", "tls-version-min 1.2 or-highest", "log /etc/passwd", "log ../openvpn.log",
		"log openvpn.log append", "verb 12", "verb 03", "verb -1", "verb 3 4", "verb", "tls-timeout 0",
		"tls-timeout 99999999999999999999", "key-direction 0", "resolv-retry 5", "setenv opt nobind",
		"setenv UV_X 1", "ignore-unknown-option up", "config x", "show-pkcs11-ids /tmp/evil.so",
		"genkey secret /etc/x", "win-sys C:\\evil", "http-proxy 203.0.113.9 80 /etc/shadow basic", "ca x.pem",
		"tls-auth /etc/passwd 1", "redirect-gateway def1", "ping-restart 0", "disable-dco",
		"data-ciphers AES-256-GCM", "client\xc2\xa0", "\xe2\x80\x8b" "client", "cl\xc3\xaf" "ent", "</ca>x y" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *word = lines[i] + strspn(lines[i], " \t");
		char first[240];

		put_first("\n", 1);
		put_first(lines[i], strlen(lines[i]));
		(void)print_safe(first, sizeof(first), word, strcspn(word, " \t")); /* as messages have it */
		faulty(word[0] == '<' ? OVPN_BLOCK : OVPN_OPTION, 1, first);
		buf_clear(&file);
		pkit_fixture(&file, "vpnconfig.ovpn");
	}
}

TEST(lines_that_openvpn_would_split_or_misread)
{
	static char comment[400] = "#";

	memset(comment + 1, ' ', 258);
	(void)snprintf(comment + 254, sizeof(comment) - 254, "\n"); /* 255 bytes with its end */
	put_first(comment, strlen(comment));
	read_file();
	assert_int_equal(p->ovpn.n_faults, 0);
	(void)snprintf(comment + 254, sizeof(comment) - 254, " \n");
	put_first(comment, strlen(comment));
	faulty(OVPN_OPTION, 1, "longer than OpenVPN reads");
	memset(comment + 1, ' ', 258);
	(void)snprintf(comment + 255, sizeof(comment) - 255, "up /bin/sh\n");
	put_first(comment, strlen(comment));
	faulty(OVPN_OPTION, 1, "longer than OpenVPN reads");
	pkit_replace(&file, comment, "nobind\rup /bin/sh\n");
	faulty(OVPN_OPTION, 1, "control character");
	pkit_replace(&file, "nobind\rup /bin/sh\n", "\x0bup /bin/sh\n");
	faulty(OVPN_OPTION, 1, "control character");
	pkit_replace(&file, "\x0bup /bin/sh\n", "#\x7f\n");
	faulty(OVPN_OPTION, 1, "control character");
}

TEST(inline_files_contain_only_what_azure_writes)
{
	static const struct {
		const char *from, *to, *code, *text;
	} all[] = {
		{ "<ca>\r\n", "<ca>\r\nup /bin/sh\r\n", OVPN_BLOCK, "<ca>" },
		{ "<ca>\r\n", "<ca>\r\n-----BEGIN PRIVATE KEY-----\r\n", OVPN_BLOCK, "<ca>" },
		{ "</ca>", "</ca> up /bin/sh", OVPN_BLOCK, "text follows '</ca>'" },
		{ "</ca>", "-----BEGIN CERTIFICATE-----\r\n</ca>", OVPN_BLOCK, "<ca>" },
		{ "<tls-auth>", "<tls-crypt>", OVPN_BLOCK, "<tls-crypt>" },
		{ "<tls-auth>", "<tls-crypt-v2>", OVPN_INCOMPLETE, "<tls-auth> is missing" },
		{ "ddeeff\r\n-----END", "ddeef\r\n-----END", OVPN_BLOCK, "256 bytes" },
		{ "ddeeff\r\n-----END", "ddeegg\r\n-----END", OVPN_BLOCK, "256 bytes" },
		{ "ddeeff\r\n-----END", "ddeeff\r\n00112233445566778899aabbccddeeff\r\n-----END", OVPN_BLOCK,
		    "256 bytes" },
		{ "-----BEGIN OpenVPN Static", "-----BEGIN OpenVPN static", OVPN_BLOCK, "<tls-auth>" },
		{ "$CLIENTCERTIFICATE", "-----BEGIN CERTIFICATE-----", OVPN_BLOCK, "<cert>" },
		{ "$PRIVATEKEY", "-----BEGIN PRIVATE KEY-----", OVPN_BLOCK, "<key>" },
		{ "$PRIVATEKEY", "$PRIVATEKEY\r\n$PRIVATEKEY", OVPN_BLOCK, "<key>" },
		{ "$PRIVATEKEY", "", OVPN_BLOCK, "<key>" },
		{ "</key>", "", OVPN_BLOCK, "no end '</key>'" },
		{ "<key>", "<KEY>", OVPN_BLOCK, "<KEY>" },
		{ "<key>", "<connection>", OVPN_BLOCK, "<connection>" },
		{ "verb 3", "<auth-user-pass>\r\na\r\nb\r\n</auth-user-pass>", OVPN_BLOCK, "<auth-user-pass>" },
		{ "verb 3", "<pkcs12>\r\na\r\n</pkcs12>", OVPN_BLOCK, "<pkcs12>" },
		{ "verb 3", "<up", OVPN_BLOCK, "<up" },
		{ "verb 3", "< ca>", OVPN_BLOCK, "< ca>" },
		{ "<cert>", "<key>\r\n$PRIVATEKEY\r\n</key>\r\n<cert>", OVPN_INCOMPLETE, "<key> occurs twice" },
		{ "nobind", "client", OVPN_INCOMPLETE, "'client' occurs twice" },
		{ "remote azure", "#remote azure", OVPN_INCOMPLETE, "'remote' is missing" },
		{ "verify-x509-name", "#verify-x509-name", OVPN_INCOMPLETE, "'verify-x509-name' is missing" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bool is_found = false;

		pkit_replace(&file, all[i].from, all[i].to);
		read_file();
		for (unsigned k = 0; k < p->ovpn.n_faults; k++)
			is_found = is_found || (strcmp(p->ovpn.faults[k].code, all[i].code) == 0 &&
					       strstr(p->ovpn.faults[k].text, all[i].text) != NULL);
		if (!is_found)
			fail_msg("%s -> %s: no fault with '%s'; the first: %s", all[i].from, all[i].to, all[i].text,
			    p->ovpn.n_faults > 0 ? p->ovpn.faults[0].text : "none");
		buf_clear(&file);
		pkit_fixture(&file, "vpnconfig.ovpn");
	}
}

TEST(faults_without_room_are_counted)
{
	for (unsigned i = 0; i < OVPN_FAULTS_MAX + 5; i++)
		put_first("up x\n", 5);
	read_file();
	assert_int_equal(p->ovpn.n_faults, OVPN_FAULTS_MAX);
	assert_int_equal(p->ovpn.n_more, 5);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fresh, stale)

int main(void)
{
	const struct CMUnitTest tests[] = { T(the_file_that_azure_writes_has_no_fault),
		T(options_that_azure_does_not_write_are_named), T(lines_that_openvpn_would_split_or_misread),
		T(inline_files_contain_only_what_azure_writes), T(faults_without_room_are_counted) };

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
