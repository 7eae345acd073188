/* SPDX-License-Identifier: MIT */
/* test_issuers.c - the CAs above a certificate: found in any order, each judged, kept nearest first. */
#include "tests/unit/unit.h"

#include "model/cert_info.h"
#include "x509/cert.h"
#include "x509/issuers.h"
#include "tests/unit/x509/x509_kit.h"

static const struct kit_ext of_ca[] = {
	{ "basicConstraints", "critical,CA:TRUE" },
	{ "keyUsage", "critical,keyCertSign,cRLSign" },
	{ "subjectKeyIdentifier", "hash" },
	{ .name = NULL },
};
static const struct kit_ext of_last_ca[] = {
	{ "basicConstraints", "critical,CA:TRUE,pathlen:0" },
	{ "keyUsage", "critical,keyCertSign,cRLSign" },
	{ .name = NULL },
};
static const struct kit_ext of_leaf[] = {
	{ "keyUsage", "critical,digitalSignature" },
	{ .name = NULL },
};

/* Three CAs, each with a key of its own, and what the lowest signed. */
struct tower {
	EVP_PKEY *keys[3];
	struct buf top, mid, sub;
};

static void signed_by(struct buf *der, const char *subject, EVP_PKEY *key, const struct buf *issuer,
    EVP_PKEY *issuer_key, const struct kit_ext *exts)
{
	kit_others(der,
	    &(struct kit_others){ .subject = subject, .key = key, .issuer = issuer, .issuer_key = issuer_key,
		.exts = exts });
}

static int build_tower(void **state)
{
	static struct tower t;

	for (size_t i = 0; i < 3; i++)
		t.keys[i] = kit_key("P-256");
	signed_by(&t.top, "CN=Top", t.keys[0], NULL, t.keys[0], of_ca);
	signed_by(&t.mid, "CN=Mid", t.keys[1], &t.top, t.keys[0], of_ca);
	signed_by(&t.sub, "CN=Sub", t.keys[2], &t.mid, t.keys[1], of_ca);
	*state = &t;
	return 0;
}

static int tear_down(void **state)
{
	struct tower *t = *state;

	for (size_t i = 0; i < 3; i++)
		EVP_PKEY_free(t->keys[i]);
	buf_clear(&t->top);
	buf_clear(&t->mid);
	buf_clear(&t->sub);
	return 0;
}

static void add(struct buf *pool, const struct buf *der)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(pool, der->data, der->len, &e), 0);
}

static bool is(struct bytes have, const struct buf *want)
{
	return have.len == want->len && memcmp(have.data, want->data, want->len) == 0;
}

static void refused(const struct buf *cert, const struct buf *pool, int64_t at, const char *code)
{
	AUTO_VALUE(buf) issuers = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(issuers_find(&issuers, buf_bytes(cert), buf_bytes(pool), at, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
}

static void in_any_order(void **state)
{
	const struct tower *t = *state;
	const struct buf *const orders[][4] = {
		{ &t->top, &t->mid, &t->sub, &t->sub }, { &t->mid, &t->top, &t->mid, &t->top },
		{ &t->sub, &t->sub, &t->top, &t->mid },
	};

	for (size_t i = 0; i < 3; i++) {
		AUTO_VALUE(buf) pool = { 0 };
		AUTO_VALUE(buf) issuers = { 0 };
		struct bytes list[ISSUERS_MAX];
		struct err e = ERR_INIT;

		for (size_t k = 0; k < 4; k++)
			add(&pool, orders[i][k]);
		assert_int_equal(issuers_find(&issuers, buf_bytes(&t->sub), buf_bytes(&pool), KIT_NOW + 10, &e), 0);
		assert_int_equal(issuers_list(list, buf_bytes(&issuers)), 2);
		assert_true(is(list[0], &t->mid));
		assert_true(is(list[1], &t->top));
		assert_true(is(issuers_top(buf_bytes(&t->sub), buf_bytes(&issuers)), &t->top));
		assert_int_equal(issuers_verify(buf_bytes(&t->sub), buf_bytes(&issuers), &e), 0);
		assert_int_equal(issuers_verify(buf_bytes(&t->mid), buf_bytes(&issuers), &e), -1);
		assert_int_equal(e.status, ERR_POLICY);
	}
}

static void none_above_one_that_signed_itself(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes list[ISSUERS_MAX];
	struct err e = ERR_INIT;

	assert_int_equal(issuers_find(&issuers, buf_bytes(&t->top), (struct bytes){ 0 }, 0, &e), 0);
	assert_int_equal(issuers.len, 0);
	assert_int_equal(issuers_list(list, buf_bytes(&issuers)), 0);
	assert_true(is(issuers_top(buf_bytes(&t->top), buf_bytes(&issuers)), &t->top));
	assert_int_equal(issuers_verify(buf_bytes(&t->top), buf_bytes(&issuers), &e), 0);
}

static void a_gap_is_named(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) pool = { 0 };
	AUTO_VALUE(buf) issuers = { 0 };
	struct err e = ERR_INIT;

	refused(&t->sub, &pool, 0, "issuers-incomplete");
	add(&pool, &t->mid);
	assert_int_equal(issuers_find(&issuers, buf_bytes(&t->sub), buf_bytes(&pool), 0, &e), -1);
	assert_string_equal(e.code, "issuers-incomplete");
	assert_non_null(strstr(e.what, "'CN=Top', which signed 'CN=Mid'"));
}

static void one_of_the_same_name_does_not_do(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) stranger = { 0 };
	AUTO_VALUE(buf) pool = { 0 };
	AUTO_VALUE(buf) issuers = { 0 };
	struct err e = ERR_INIT;

	signed_by(&stranger, "CN=Top", t->keys[2], NULL, t->keys[2], of_ca);
	add(&pool, &t->mid);
	add(&pool, &stranger);
	refused(&t->sub, &pool, 0, "chain-signature");
	add(&pool, &t->top); /* the real one behind it: found even so */
	assert_int_equal(issuers_find(&issuers, buf_bytes(&t->sub), buf_bytes(&pool), 0, &e), 0);
}

static void one_that_may_not_sign_or_is_over(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) leaf = { 0 };
	AUTO_VALUE(buf) below = { 0 };
	AUTO_VALUE(buf) last = { 0 };
	AUTO_VALUE(buf) pool = { 0 };
	AUTO_VALUE(buf) issuers = { 0 };
	struct err e = ERR_INIT;

	signed_by(&leaf, "CN=Leaf", t->keys[1], &t->top, t->keys[0], of_leaf);
	signed_by(&below, "CN=Below", t->keys[2], &leaf, t->keys[1], of_ca);
	add(&pool, &leaf);
	add(&pool, &t->top);
	refused(&below, &pool, 0, "chain-not-ca");
	buf_clear(&pool);
	buf_clear(&below);
	signed_by(&last, "CN=Last", t->keys[1], &t->top, t->keys[0], of_last_ca);
	signed_by(&below, "CN=Below", t->keys[2], &last, t->keys[1], of_ca);
	add(&pool, &last);
	add(&pool, &t->top);
	refused(&below, &pool, 0, "issuers-path-length");
	buf_clear(&leaf);
	signed_by(&leaf, "CN=Client", t->keys[2], &last, t->keys[1], of_leaf);
	assert_int_equal(issuers_find(&issuers, buf_bytes(&leaf), buf_bytes(&pool), KIT_NOW, &e), 0);
	buf_clear(&pool);
	add(&pool, &t->mid);
	add(&pool, &t->top);
	refused(&t->sub, &pool, KIT_NOW + INT64_C(500) * 86400, "chain-expired");
}

/* Each signed by the other: no end, and no endless loop. */
static void a_ring_ends(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) a = { 0 };
	AUTO_VALUE(buf) b = { 0 };
	AUTO_VALUE(buf) a_by_b = { 0 };
	AUTO_VALUE(buf) pool = { 0 };

	signed_by(&a, "CN=A", t->keys[0], NULL, t->keys[0], of_ca);
	signed_by(&b, "CN=B", t->keys[1], &a, t->keys[0], of_ca);
	signed_by(&a_by_b, "CN=A", t->keys[0], &b, t->keys[1], of_ca);
	add(&pool, &b);
	add(&pool, &a_by_b);
	refused(&b, &pool, 0, "issuers-incomplete");
}

static void what_is_no_der_is_passed_over(void **state)
{
	const struct tower *t = *state;
	static const unsigned char noise[] = { 0x30, 0x03, 1, 2, 3, 0x30, 0x82, 0xff, 0xff, 0 };
	AUTO_VALUE(buf) pool = { 0 };
	struct bytes list[ISSUERS_MAX];
	struct err e = ERR_INIT;

	add(&pool, &t->mid);
	assert_int_equal(buf_add(&pool, noise, sizeof(noise), &e), 0);
	refused(&t->sub, &pool, 0, "issuers-incomplete");
	assert_int_equal(issuers_list(list, (struct bytes){ noise, sizeof(noise) }), 1);
	for (size_t i = 0; i < 3 * ISSUERS_MAX; i++)
		add(&pool, &t->mid);
	assert_true(issuers_list(list, buf_bytes(&pool)) <= ISSUERS_MAX);
	assert_int_equal(issuers_find(&pool, (struct bytes){ noise, 5 }, (struct bytes){ 0 }, 0, &e), -1);
}

static void the_formats(void **state)
{
	const struct tower *t = *state;
	AUTO_VALUE(buf) issuers = { 0 };
	AUTO_VALUE(buf) lines = { 0 };
	struct err e = ERR_INIT;

	add(&issuers, &t->mid);
	add(&issuers, &t->top);
	assert_int_equal(issuers_encode(&lines, buf_bytes(&issuers), "pem", &e), 0);
	assert_int_equal(buf_add(&lines, "", 1, &e), 0);
	assert_non_null(strstr((char *)lines.data, "-----BEGIN CERTIFICATE-----"));
	assert_non_null(strstr(strstr((char *)lines.data, "-----END"), "-----BEGIN CERTIFICATE-----"));
	assert_int_equal(issuers_encode(&lines, buf_bytes(&issuers), "nonsense", &e), -1);
	assert_int_equal(e.status, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_any_order),
		cmocka_unit_test(none_above_one_that_signed_itself),
		cmocka_unit_test(a_gap_is_named),
		cmocka_unit_test(one_of_the_same_name_does_not_do),
		cmocka_unit_test(one_that_may_not_sign_or_is_over),
		cmocka_unit_test(a_ring_ends),
		cmocka_unit_test(what_is_no_der_is_passed_over),
		cmocka_unit_test(the_formats),
	};

	return cmocka_run_group_tests(tests, build_tower, tear_down);
}
