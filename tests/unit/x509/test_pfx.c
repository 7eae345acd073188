/* SPDX-License-Identifier: MIT */
/* test_pfx.c - what a PFX holds, that it opens, and what never becomes one. */
#include "tests/unit/unit.h"

#include <openssl/pkcs12.h>

#include "util/secret.h"
#include "x509/ossl.h"
#include "x509/pfx/pfx.h"
#include "x509/pfx/pfx_inspect.h"
#include "tests/unit/x509/x509_kit.h"

AUTO_DEFINE(PKCS12, PKCS12_free);

struct fixture {
	struct kit_root root;
	struct buf client;
	EVP_PKEY *key;
	struct secret password;
	struct bytes chain[1];
	struct pfx pfx;
};

static void fixture(struct fixture *f, const char *kind, enum pfx_compat compat)
{
	struct err e = ERR_INIT;

	memset(f, 0, sizeof(*f));
	kit_root(&f->root, "azure-root", "rsa");
	f->key = kit_key(kind);
	kit_client(&f->client, &f->root, strcmp(kind, "rsa") == 0 ? "azure-client" : "vpn-client", "alice", f->key);
	assert_int_equal(secret_set(&f->password, "p\xc3\xa4ss phrase 12", 15, &e), 0);
	f->chain[0] = buf_bytes(&f->root.cert);
	f->pfx = (struct pfx){ .key = f->key, .cert = buf_bytes(&f->client), .chain = f->chain, .n_chain = 1,
		.name = "alice", .password = &f->password, .compat = compat, .iterations = 1000 };
}

static void fixture_clear(struct fixture *f)
{
	kit_root_clear(&f->root);
	EVP_PKEY_free(f->key);
	buf_clear(&f->client);
	secret_clear(&f->password);
}
AUTO_VALUE_DEFINE(fixture, fixture_clear);

static PKCS12 *parse(const struct buf *der)
{
	const unsigned char *p = der->data;

	return d2i_PKCS12(NULL, &p, (long)der->len);
}

static void opens(const char *kind, enum pfx_compat compat, int want_mac)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	AUTO(PKCS12) p12 = NULL;
	const X509_ALGOR *mac;
	const ASN1_OBJECT *oid;
	struct err e = ERR_INIT;

	fixture(&f, kind, compat);
	if (pfx_write(&out, &f.pfx, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	p12 = parse(&out);
	assert_non_null(p12);
	assert_int_equal(PKCS12_verify_mac(p12, (const char *)f.password.data, -1), 1);
	assert_int_equal(PKCS12_verify_mac(p12, "wrong", -1), 0);
	assert_int_equal(PKCS12_verify_mac(p12, NULL, 0), 0);
	PKCS12_get0_mac(NULL, &mac, NULL, NULL, p12);
	X509_ALGOR_get0(&oid, NULL, NULL, mac);
	assert_int_equal(OBJ_obj2nid(oid), want_mac);
}

TEST(both_sets_open)
{
	opens("rsa", PFX_MODERN, NID_sha256);
	opens("rsa", PFX_LEGACY, NID_sha1);
	opens("P-256", PFX_MODERN, NID_sha256);
	opens("ED25519", PFX_MODERN, NID_sha256);
}

/* True when the plain key's secret bytes stand anywhere in the file. */
TEST(the_key_is_not_readable)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	AUTO(BIGNUM) d = NULL;
	unsigned char bytes[256];
	struct err e = ERR_INIT;

	fixture(&f, "rsa", PFX_MODERN);
	assert_int_equal(pfx_write(&out, &f.pfx, &e), 0);
	assert_int_equal(EVP_PKEY_get_bn_param(f.key, "d", &d), 1);
	assert_int_equal(BN_bn2binpad(d, bytes, sizeof(bytes)), sizeof(bytes));
	assert_null(memmem(out.data, out.len, bytes + 64, 32));
	assert_null(memmem(out.data, out.len, "word", 4));
	assert_null(memmem(out.data, out.len, f.client.data + 100, 64)); /* nor who it is for */
}

TEST(without_a_chain)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;

	fixture(&f, "rsa", PFX_LEGACY);
	f.pfx.n_chain = 0;
	f.pfx.name = NULL;
	assert_int_equal(pfx_write(&out, &f.pfx, &e), 0);
}

static void refused(struct fixture *f, const char *code)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(pfx_write(&out, &f->pfx, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
	assert_int_equal(out.len, 0);
}

TEST(what_is_refused)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO(EVP_PKEY) other = kit_key("P-256");
	struct secret bad = { .len = 2, .data = "a\xff" };
	struct secret nul = { .len = 3, .data = "a\0b" };
	struct secret empty = { .len = 0 }, eleven = { .len = 12, .data = "\xc3\xa4" "bcdefghijk" };

	fixture(&f, "rsa", PFX_MODERN);
	f.pfx.key = other;
	refused(&f, "pfx-key");
	f.pfx.key = f.key;
	f.chain[0] = f.pfx.cert;
	refused(&f, "pfx-chain");
	f.chain[0] = buf_bytes(&f.root.cert);
	f.pfx.password = &bad;
	refused(&f, "pfx-password");
	f.pfx.password = &nul;
	refused(&f, "pfx-password");
	f.pfx.password = &empty;
	refused(&f, "pfx-password");
	f.pfx.password = NULL;
	refused(&f, "pfx-password");
	f.pfx.password = &eleven; /* characters, of 12 bytes */
	refused(&f, "pfx-password-short");
}

/* What is cut or changed is refused or is still this client's; no byte of it crashes the reader. */
TEST(damaged_files_are_judged)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	struct pfx_info info;
	struct err e = ERR_INIT;

	fixture(&f, "P-256", PFX_LEGACY);
	f.pfx.iterations = 10;
	assert_int_equal(pfx_write(&out, &f.pfx, &e), 0);
	assert_int_equal(pfx_inspect(&info, buf_bytes(&out), f.pfx.cert, &f.password, &e), 0);
	assert_true(info.owner == PFX_OWNER_CLIENT && info.is_opened);
	assert_int_equal(pfx_inspect(&info, buf_bytes(&out), f.pfx.cert, NULL, &e), 0);
	assert_true(info.owner == PFX_OWNER_CLIENT && !info.is_opened);
	assert_int_equal(pfx_inspect(&info, buf_bytes(&out), f.chain[0], NULL, &e), 0);
	assert_int_equal(info.owner, PFX_OWNER_UNKNOWN);
	for (size_t len = 0; len < out.len; len += 3)
		assert_int_equal(pfx_inspect(&info, (struct bytes){ out.data, len }, f.pfx.cert, NULL, &e), -1);
	for (size_t i = 0; i < out.len; i++) {
		out.data[i] ^= (unsigned char)(1U << i % 8);
		if (pfx_inspect(&info, buf_bytes(&out), f.pfx.cert, &f.password, &e) < 0)
			assert_true(e.status == ERR_INPUT || e.status == ERR_POLICY || e.status == ERR_PIN);
		out.data[i] ^= (unsigned char)(1U << i % 8);
	}
}

TEST(a_public_key_is_no_key)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	AUTO(EVP_PKEY) public_half = NULL;
	struct err e = ERR_INIT;

	fixture(&f, "rsa", PFX_MODERN);
	assert_int_equal(spki_encode(&spki, f.key, &e), 0);
	assert_int_equal(spki_parse(&public_half, buf_bytes(&spki), &e), 0);
	f.pfx.key = public_half;
	assert_int_equal(pfx_write(&out, &f.pfx, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_int_equal(out.len, 0);
}

/* What everybody gets is what nobody asked to lower. */
TEST(keys_are_derived_by_a_hundred_thousand_rounds)
{
	AUTO_VALUE(fixture) f = { 0 };
	AUTO_VALUE(buf) out = { 0 };
	AUTO(PKCS12) p12 = NULL;
	const ASN1_INTEGER *rounds;
	struct err e = ERR_INIT;

	fixture(&f, "P-256", PFX_MODERN);
	f.pfx.iterations = 0;
	assert_int_equal(pfx_write(&out, &f.pfx, &e), 0);
	p12 = parse(&out);
	PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p12);
	assert_int_equal(ASN1_INTEGER_get(rounds), 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sets_open),
		cmocka_unit_test(the_key_is_not_readable),
		cmocka_unit_test(without_a_chain),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(damaged_files_are_judged),
		cmocka_unit_test(keys_are_derived_by_a_hundred_thousand_rounds),
		cmocka_unit_test(a_public_key_is_no_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
