/* SPDX-License-Identifier: MIT */
/* desktop-files.c - writes profiles of Windows and Apple, PFX and CMS into a folder, for programs that judge them. */
#include "tests/unit/profiles/desktop_kit.h"
#include "tests/unit/unit.h"

#include "profiles/profile.h"
#include "util/clock.h"
#include "util/file.h"
#include "x509/cms.h"
#include "x509/encode.h"
#include "x509/key/file_signer.h"
#include "x509/pfx/pfx.h"

static const char *folder;

static void write_file(const char *below, const char *name, struct bytes b, mode_t mode)
{
	struct err e = ERR_INIT;
	char path[512], *slash;

	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, below, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	assert_int_equal(file_make_folder(path, &e), 0);
	*slash = '/';
	if (file_write(path, b, mode, false, &e) < 0)
		fail_msg("%s: %s (%s)", path, e.what, e.cause);
}

static void write_format(const char *below, const struct profile_format *f, const struct vpn_profile *p)
{
	AUTO_VALUE(profile_files) files = { 0 };
	AUTO_VALUE(buf) install = { 0 };
	struct err e = ERR_INIT;
	char name[80];

	if (f->write(&files, p, &e) < 0 || f->install(&install, p, &e) < 0)
		fail_msg("%s: %s (%s)", f->name, e.what, e.cause);
	for (size_t i = 0; i < files.n; i++)
		write_file(below, files.all[i].name, buf_bytes(&files.all[i].content), files.all[i].mode);
	(void)snprintf(name, sizeof(name), "INSTALL-%s.md", f->name);
	write_file(below, name, buf_bytes(&install), 0644);
}

static void write_pem(const char *name, struct bytes der)
{
	AUTO_VALUE(buf) pem = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(der_encode(&pem, der, DER_CERT, "pem", &e), 0);
	write_file(".", name, buf_bytes(&pem), 0644);
}

static void write_pfx(const struct desktop_kit *k, enum pfx_compat compat, const char *name)
{
	static struct secret password = { .len = 12, .data = "secret words" };
	AUTO_VALUE(buf) out = { 0 };
	const struct bytes chain[] = { buf_bytes(&k->root.cert) };
	const struct pfx pfx = { .key = k->key, .cert = buf_bytes(&k->cert), .chain = chain, .n_chain = 1,
		.name = "alice", .password = &password, .compat = compat };
	struct err e = ERR_INIT;

	if (pfx_write(&out, &pfx, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	write_file(".", name, buf_bytes(&out), 0600);
}

static void write_signed(const struct desktop_kit *k, const char *kind, const char *name)
{
	AUTO_VALUE(profile_files) files = { 0 };
	AUTO_VALUE(signer) s = { 0 };
	AUTO_VALUE(buf) cert = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	EVP_PKEY *key = kit_key(kind);
	struct err e = ERR_INIT;

	file_signer_init(&s, key);
	kit_client(&cert, &k->root, strcmp(kind, "rsa") == 0 ? "azure-client" : "vpn-client", "signer", key);
	assert_int_equal(profile_mobileconfig.write(&files, &k->profile, &e), 0);
	if (x509_sign_cms(&out,
		&(struct cms_spec){ buf_bytes(&files.all[0].content), buf_bytes(&cert), NULL, 0, kit_now, &s }, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	write_file(".", name, buf_bytes(&out), 0644);
	EVP_PKEY_free(key);
}

TEST(write_all)
{
	AUTO_VALUE(desktop_kit) k = { 0 };
	const struct clock clock = { 0 };

	kit_now = clock_now(&clock); /* openssl cms asks the clock, too */
	desktop_kit(&k, "o'brien@contoso.com");
	write_pem("root.pem", buf_bytes(&k.root.cert));
	write_pem("client.pem", buf_bytes(&k.cert));
	write_pfx(&k, PFX_MODERN, "modern.p12");
	write_pfx(&k, PFX_LEGACY, "legacy.p12");
	write_signed(&k, "rsa", "rsa.cms");
	write_signed(&k, "P-256", "p256.cms");
	k.profile.pfx_password = "a<b&c\"'";
	write_format("pfx", &profile_mobileconfig, &k.profile);
	write_format("pfx", &profile_windows, &k.profile);
	write_format("pfx", &profile_windows_device, &k.profile);
	write_format("pfx", &profile_azurevpn, &k.profile);
	k.profile.key = PROFILE_KEY_TOKEN;
	write_format("token", &profile_windows, &k.profile);
	k.profile.windows_smartcard = true;
	write_format("smartcard", &profile_windows, &k.profile);
	k.profile.enrolment_url = "https://ca.contoso.com/?a=1&b=2";
	k.profile.key = PROFILE_KEY_SCEP;
	write_format("scep", &profile_mobileconfig, &k.profile);
	k.profile.key = PROFILE_KEY_ACME;
	write_format("acme", &profile_mobileconfig, &k.profile);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(write_all) };

	if (argc != 2)
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
