/* SPDX-License-Identifier: MIT */
/* test_request.c - requests as facts: good ones, and what a stranger may send. */
#include "tests/unit/unit.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "x509/der.h"
#include "x509/ossl.h"
#include "x509/request.h"
#include "tests/unit/x509/x509_kit.h"

AUTO_DEFINE(X509_REQ, X509_REQ_free);

static bool has_flaw(const struct public_key_info *k)
{
	return k->is_encoding_bad || k->is_exponent_bad || k->is_roca || k->has_close_primes || k->has_small_factor ||
	    k->is_ec_explicit || k->is_rsa_pss || k->is_point_bad;
}

static void read_request(struct request_info *out, const struct buf *der)
{
	struct err e = ERR_INIT;

	if (request_read(out, buf_bytes(der), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
}

static void add_cn(X509_REQ *req, int type, const void *bytes, int len)
{
	assert_int_equal(
	    X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(req), NID_commonName, type, bytes, len, -1, 0), 1);
}

/* Somebody else's request: OpenSSL's, with what `change` puts in. */
static void others_request(struct buf *der, EVP_PKEY *key, const EVP_MD *md, void (*change)(X509_REQ *req))
{
	AUTO(X509_REQ) req = X509_REQ_new();
	unsigned char *at = NULL;
	struct err e = ERR_INIT;
	int len;

	assert_int_equal(X509_REQ_set_pubkey(req, key), 1);
	change(req);
	assert_true(X509_REQ_sign(req, key, md) > 0);
	len = i2d_X509_REQ(req, &at);
	assert_true(len > 0);
	assert_int_equal(buf_add(der, at, (size_t)len, &e), 0);
	OPENSSL_free(at);
}

static void plain(X509_REQ *req)
{
	add_cn(req, MBSTRING_UTF8, "alice", -1);
}

TEST(our_own)
{
	static const struct {
		const char *kind, *name, *alg;
	} rows[] = {
		{ "rsa", "rsa:2048", "sha256WithRSAEncryption" },
		{ "P-256", "ec:p256", "ecdsa-with-SHA256" },
		{ "P-384", "ec:p384", "ecdsa-with-SHA384" },
		{ "P-521", "ec:p521", "ecdsa-with-SHA512" },
		{ "ED25519", "ed25519", "ED25519" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(EVP_PKEY) key = kit_key(rows[i].kind);
		AUTO_VALUE(buf) der = { 0 };
		AUTO_VALUE(buf) spki = { 0 };
		AUTO_VALUE(request_info) r = { 0 };
		struct err e = ERR_INIT;

		kit_request(&der, "alice@contoso.com", key);
		read_request(&r, &der);
		assert_string_equal(r.public_key.name, rows[i].name);
		assert_string_equal(r.sig_alg, rows[i].alg);
		assert_string_equal(r.cn, "alice@contoso.com");
		assert_string_equal(r.subject, "CN=alice@contoso.com");
		assert_int_equal(r.n_cn, 1);
		assert_true(r.is_signature_good && r.is_der_strict);
		assert_false(r.is_sig_weak || r.is_sig_alg_bad || r.is_subject_text_bad || has_flaw(&r.public_key));
		assert_int_equal(r.n_asked + r.n_ignored, 0);
		assert_int_equal(spki_encode(&spki, key, &e), 0);
		assert_int_equal(r.spki.len, spki.len);
		assert_memory_equal(r.spki.data, spki.data, spki.len);
	}
}

static void ask(X509_EXTENSIONS *list, int nid, const char *value, int len)
{
	AUTO(ASN1_OCTET_STRING) octets = ASN1_OCTET_STRING_new();

	assert_int_equal(ASN1_OCTET_STRING_set(octets, (const unsigned char *)value, len), 1);
	assert_true(sk_X509_EXTENSION_push(list, X509_EXTENSION_create_by_NID(NULL, nid, 0, octets)) > 0);
}

static void ask_for_much(X509_REQ *req)
{
	AUTO(X509_EXTENSIONS) list = sk_X509_EXTENSION_new_null();
	const unsigned char os[] = "10.0.19045.2";

	plain(req);
	ask(list, NID_basic_constraints, "\x30\x03\x01\x01\xff", 5); /* CA:TRUE */
	ask(list, NID_subject_alt_name, "\x30\x04\x82\x02gw", 6);
	assert_int_equal(X509_REQ_add_extensions(req, list), 1);
	assert_int_equal(
	    X509_REQ_add1_attr_by_txt(req, "challengePassword", MBSTRING_ASC, (const unsigned char *)"x", -1), 1);
	assert_int_equal(
	    X509_REQ_add1_attr_by_txt(req, "1.3.6.1.4.1.311.13.2.3", V_ASN1_IA5STRING, os, sizeof(os) - 1), 1);
}

TEST(asking_for_a_ca)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(request_info) r = { 0 };

	others_request(&der, kit_rsa(), EVP_sha256(), ask_for_much);
	read_request(&r, &der);
	assert_int_equal(r.n_asked, 2);
	assert_string_equal(r.asked[0], "basicConstraints");
	assert_string_equal(r.asked[1], "subjectAltName");
	assert_int_equal(r.n_ignored, 2);
	assert_string_equal(r.ignored[0], "challengePassword");
	assert_string_equal(r.ignored[1], "1.3.6.1.4.1.311.13.2.3");
	assert_true(r.is_signature_good);
}

static void ask_for_all(X509_REQ *req)
{
	plain(req);
	for (int i = 0; i < 40; i++) {
		char oid[32];

		(void)snprintf(oid, sizeof(oid), "1.3.6.1.4.1.99999.%d", i);
		assert_int_equal(
		    X509_REQ_add1_attr_by_txt(req, oid, V_ASN1_UTF8STRING, (const unsigned char *)"x", 1), 1);
	}
}

TEST(more_attributes_than_there_is_room_for)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(request_info) r = { 0 };

	others_request(&der, kit_rsa(), EVP_sha256(), ask_for_all);
	read_request(&r, &der);
	assert_int_equal(r.n_ignored, REQUEST_ASKED_MAX);
}

static void two_names(X509_REQ *req)
{
	plain(req);
	add_cn(req, MBSTRING_UTF8, "bob", -1);
}

static void name_with_nul(X509_REQ *req)
{
	add_cn(req, V_ASN1_UTF8STRING, "alice\0.evil", 11);
}

static void name_with_bidi(X509_REQ *req)
{
	add_cn(req, V_ASN1_UTF8STRING, "alice\xe2\x80\xaemoc", 11);
}

static void name_in_bmp(X509_REQ *req)
{
	add_cn(req, V_ASN1_BMPSTRING, "\0a\0l", 4);
}

static void no_name(X509_REQ *req)
{
	(void)req;
}

TEST(strange_names)
{
	static const struct {
		void (*change)(X509_REQ *req);
		const char *cn;
		unsigned n_cn;
		bool is_bad;
	} rows[] = {
		{ two_names, "bob", 2, false },
		{ name_with_nul, "alice\\x00.evil", 1, true },
		{ name_with_bidi, "alice\\xe2\\x80\\xaemoc", 1, true },
		{ name_in_bmp, "al", 1, false },
		{ no_name, "", 0, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) der = { 0 };
		AUTO_VALUE(request_info) r = { 0 };

		others_request(&der, kit_rsa(), EVP_sha256(), rows[i].change);
		read_request(&r, &der);
		assert_string_equal(r.cn, rows[i].cn);
		assert_int_equal(r.n_cn, rows[i].n_cn);
		assert_true(r.is_subject_text_bad == rows[i].is_bad);
		assert_true(r.is_signature_good);
	}
}

TEST(weak_signatures)
{
	AUTO_VALUE(buf) md5 = { 0 };
	AUTO_VALUE(buf) sha1 = { 0 };
	AUTO_VALUE(request_info) a = { 0 };
	AUTO_VALUE(request_info) b = { 0 };

	others_request(&md5, kit_rsa(), EVP_md5(), plain);
	read_request(&a, &md5);
	assert_true(a.is_sig_weak);
	assert_string_equal(a.sig_alg, "md5WithRSAEncryption");
	others_request(&sha1, kit_rsa(), EVP_sha1(), plain);
	read_request(&b, &sha1);
	assert_true(b.is_sig_weak);
}

TEST(a_broken_signature)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(request_info) r = { 0 };

	kit_request(&der, "alice", kit_rsa());
	der.data[der.len - 1] ^= 1;
	read_request(&r, &der);
	assert_false(r.is_signature_good);
}

TEST(odd_keys)
{
	AUTO(EVP_PKEY) short_key = kit_test_key("test-rsa-1024");
	AUTO(EVP_PKEY) pss = kit_test_key("test-rsa-pss-2048");
	AUTO(EVP_PKEY) k256 = kit_key("secp256k1");
	AUTO(EVP_PKEY) own_curve = kit_key("P-256");
	struct buf der[4] = { { 0 } };
	struct request_info r[4] = { { .sha256 = "" } };

	assert_int_equal(EVP_PKEY_set_utf8_string_param(own_curve, "encoding", "explicit"), 1);
	others_request(&der[0], short_key, EVP_sha256(), plain);
	others_request(&der[1], pss, EVP_sha256(), plain);
	others_request(&der[2], k256, EVP_sha256(), plain);
	others_request(&der[3], own_curve, EVP_sha256(), plain);
	for (int i = 0; i < 4; i++) {
		read_request(&r[i], &der[i]);
		assert_true(r[i].is_signature_good || i == 3);
	}
	assert_string_equal(r[0].public_key.name, "rsa:1024");
	assert_int_equal(r[0].public_key.spec.bits, 1024);
	assert_string_equal(r[1].public_key.name, "rsa-pss:2048");
	assert_true(r[1].public_key.is_rsa_pss && r[1].public_key.spec.type == KEY_OTHER && !r[1].is_sig_weak);
	assert_string_equal(r[2].public_key.name, "ec:secp256k1");
	assert_int_equal(r[2].public_key.spec.type, KEY_OTHER);
	assert_true(r[3].public_key.is_ec_explicit && r[3].public_key.spec.type == KEY_OTHER);
	for (int i = 0; i < 4; i++) {
		request_clear(&r[i]);
		buf_clear(&der[i]);
	}
}

/* A request whose key is spki, signed by nobody. */
static void unsigned_request(struct buf *der, const struct buf *spki)
{
	AUTO_VALUE(buf) tbs = { 0 };
	AUTO_VALUE(buf) body = { 0 };
	static const unsigned char empty_name[] = { 0x30, 0 };
	static const unsigned char alg_and_sig[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
		0x02, 0x03, 0x02, 0x00, 0x01 };
	struct err e = ERR_INIT;

	assert_int_equal(tbs_build_request(&tbs, (struct bytes){ empty_name, 2 }, buf_bytes(spki), &e), 0);
	assert_int_equal(buf_add(&body, tbs.data, tbs.len, &e), 0);
	assert_int_equal(buf_add(&body, alg_and_sig, sizeof(alg_and_sig), &e), 0);
	assert_int_equal(der_add(der, DER_SEQUENCE, buf_bytes(&body), &e), 0);
}

TEST(points_that_are_not_on_the_curve)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) off = { 0 };
	AUTO_VALUE(request_info) r = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, key, &e), 0);
	spki.data[spki.len - 1] ^= 1;
	unsigned_request(&off, &spki);
	read_request(&r, &off);
	assert_true(r.public_key.is_point_bad);
	assert_false(r.is_signature_good);
	assert_string_equal(r.public_key.name, "ec:p256");
}

TEST(what_is_no_request)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) after = { 0 };
	AUTO_VALUE(kit_root) root = { 0 };
	struct request_info r = { .n_cn = 7 };
	struct err e = ERR_INIT;

	kit_request(&der, "alice", kit_rsa());
	for (size_t len = 0; len < der.len; len++)
		assert_int_equal(request_read(&r, (struct bytes){ der.data, len }, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(buf_add(&after, der.data, der.len, &e), 0);
	assert_int_equal(buf_add(&after, "", 1, &e), 0);
	assert_int_equal(request_read(&r, buf_bytes(&after), &e), -1);
	kit_root(&root, "azure-root", "rsa");
	assert_int_equal(request_read(&r, buf_bytes(&root.cert), &e), -1);
	assert_int_equal(r.n_cn, 7);
}

TEST(ten_megabytes)
{
	size_t len = 10U << 20;
	unsigned char *big = calloc(1, len);
	struct request_info r;
	struct err e = ERR_INIT;

	assert_non_null(big);
	memcpy(big, "\x30\x83\x9f\xff\xfb\x30", 6);
	assert_int_equal(request_read(&r, (struct bytes){ big, len }, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	free(big);
}

/* Any byte changed: read or refused, never a good signature over other content. */
TEST(a_changed_byte_never_passes)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) der = { 0 };

	kit_request(&der, "alice", key);
	for (size_t i = 0; i < der.len; i++) {
		AUTO_VALUE(request_info) r = { 0 };
		struct err e = ERR_INIT;

		der.data[i] ^= 0x10;
		if (request_read(&r, buf_bytes(&der), &e) == 0 && r.is_signature_good)
			fail_msg("byte %zu", i);
		der.data[i] ^= 0x10;
	}
}

TEST(ber_is_not_der)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) ber = { 0 };
	AUTO_VALUE(request_info) r = { 0 };
	static const unsigned char head[] = { 0x30, 0x82, 0x00 }; /* two length bytes where one will do */
	struct err e = ERR_INIT;

	kit_request(&der, "alice", key);
	assert_int_equal(der.data[1], 0x81);
	assert_int_equal(buf_add(&ber, head, sizeof(head), &e), 0);
	assert_int_equal(buf_add(&ber, der.data + 2, der.len - 2, &e), 0);
	read_request(&r, &ber);
	assert_false(r.is_der_strict);
}

static int tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(kit_rsa());
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own),
		cmocka_unit_test(asking_for_a_ca),
		cmocka_unit_test(more_attributes_than_there_is_room_for),
		cmocka_unit_test(strange_names),
		cmocka_unit_test(weak_signatures),
		cmocka_unit_test(a_broken_signature),
		cmocka_unit_test(odd_keys),
		cmocka_unit_test(points_that_are_not_on_the_curve),
		cmocka_unit_test(what_is_no_request),
		cmocka_unit_test(ten_megabytes),
		cmocka_unit_test(a_changed_byte_never_passes),
		cmocka_unit_test(ber_is_not_der),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
