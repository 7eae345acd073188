/* SPDX-License-Identifier: MIT */
/* test_chain.c - whether one certificate issued another: each rule fails alone, and holds at its limit. */
#include "tests/unit/unit.h"

#include "x509/cert.h"
#include "tests/unit/x509/x509_kit.h"

#define DAY INT64_C(86400)

static const struct kit_ext of_ca[] = {
	{ "basicConstraints", "critical,CA:TRUE" },
	{ "keyUsage", "critical,keyCertSign" },
	{ .name = NULL },
};
static const struct kit_ext of_ca_that_signs_lists[] = {
	{ "basicConstraints", "critical,CA:TRUE" },
	{ "keyUsage", "critical,cRLSign" },
	{ .name = NULL },
};
static const struct kit_ext of_no_ca_that_may_sign[] = {
	{ "basicConstraints", "critical,CA:FALSE" },
	{ "keyUsage", "critical,keyCertSign" },
	{ .name = NULL },
};
static const struct kit_ext with_identifier[] = {
	{ "basicConstraints", "critical,CA:TRUE" },
	{ "subjectKeyIdentifier", "hash" },
	{ .name = NULL },
};
static const struct kit_ext names_its_issuer[] = {
	{ "authorityKeyIdentifier", "keyid:always" },
	{ .name = NULL },
};

static void issuer(struct buf *der, const char *subject, const struct kit_ext *exts)
{
	kit_others(der,
	    &(struct kit_others){
		.subject = subject, .exts = exts, .not_before = KIT_NOW - 10 * DAY, .not_after = KIT_NOW + 10 * DAY });
}

static void client(struct buf *der, const struct buf *by, int64_t from, int64_t to)
{
	kit_others(
	    der, &(struct kit_others){ .subject = "CN=alice", .issuer = by, .not_before = from, .not_after = to });
}

static void expect(const struct buf *der, const struct buf *by, int64_t at, const char *code)
{
	struct err e = ERR_INIT;
	const int result = cert_verify(buf_bytes(der), buf_bytes(by), at, &e);

	if (code == NULL && result < 0)
		fail_msg("%s", e.what);
	if (code != NULL) {
		assert_int_equal(result, -1);
		assert_string_equal(e.code, code);
	}
}

/* One key, two names of one length: the signature says nothing about the name. */
TEST(the_name_counts_and_not_its_length)
{
	AUTO_VALUE(buf) a = { 0 };
	AUTO_VALUE(buf) b = { 0 };
	AUTO_VALUE(buf) longer = { 0 };
	AUTO_VALUE(buf) der = { 0 };

	issuer(&a, "CN=Root A", of_ca);
	issuer(&b, "CN=Root B", of_ca);
	issuer(&longer, "CN=Root A,O=Contoso", of_ca);
	client(&der, &a, KIT_NOW, KIT_NOW + DAY);
	expect(&der, &a, KIT_NOW, NULL);
	expect(&der, &b, KIT_NOW, "chain-issuer");
	expect(&der, &longer, KIT_NOW, "chain-issuer");
}

TEST(an_issuer_that_may_not_sign_certificates)
{
	static const struct {
		const struct kit_ext *exts;
		const char *code;
	} rows[] = { { of_ca, NULL }, { NULL, NULL }, { of_ca_that_signs_lists, "chain-not-ca" },
		{ of_no_ca_that_may_sign, "chain-not-ca" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) by = { 0 };
		AUTO_VALUE(buf) der = { 0 };

		issuer(&by, "CN=Root", rows[i].exts);
		client(&der, &by, KIT_NOW, KIT_NOW + DAY);
		expect(&der, &by, KIT_NOW, rows[i].code);
	}
}

TEST(the_key_identifier_counts_where_both_have_one)
{
	AUTO_VALUE(buf) by = { 0 };
	AUTO_VALUE(buf) without = { 0 };
	AUTO_VALUE(buf) other = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	EVP_PKEY *key = kit_key("P-256");

	issuer(&by, "CN=Root", with_identifier);
	issuer(&without, "CN=Root", of_ca);
	kit_others(&other, &(struct kit_others){ .subject = "CN=Root",
			       .key = key,
			       .issuer_key = key,
			       .exts = with_identifier,
			       .not_before = KIT_NOW - DAY });
	kit_others(&der, &(struct kit_others){ .subject = "CN=alice", .issuer = &by, .exts = names_its_issuer });
	expect(&der, &by, KIT_NOW, NULL);
	expect(&der, &without, KIT_NOW, NULL);
	expect(&der, &other, KIT_NOW, "chain-aki");
	EVP_PKEY_free(key);
}

TEST(both_certificates_are_valid_at_the_time)
{
	AUTO_VALUE(buf) by = { 0 };
	AUTO_VALUE(buf) inside = { 0 };
	AUTO_VALUE(buf) outside = { 0 };

	issuer(&by, "CN=Root", of_ca); /* 10 days before and after now */
	client(&inside, &by, KIT_NOW - DAY, KIT_NOW + DAY);
	client(&outside, &by, KIT_NOW - 20 * DAY, KIT_NOW + 20 * DAY);
	expect(&inside, &by, KIT_NOW - DAY, NULL);
	expect(&inside, &by, KIT_NOW - DAY - 1, "chain-not-yet-valid");
	expect(&inside, &by, KIT_NOW + DAY, NULL);
	expect(&inside, &by, KIT_NOW + DAY + 1, "chain-expired");
	expect(&outside, &by, KIT_NOW - 10 * DAY, NULL);
	expect(&outside, &by, KIT_NOW - 10 * DAY - 1, "chain-not-yet-valid");
	expect(&outside, &by, KIT_NOW + 10 * DAY, NULL);
	expect(&outside, &by, KIT_NOW + 10 * DAY + 1, "chain-expired");
	expect(&inside, &by, 0, NULL); /* no time: dates are not looked at */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_counts_and_not_its_length),
		cmocka_unit_test(an_issuer_that_may_not_sign_certificates),
		cmocka_unit_test(the_key_identifier_counts_where_both_have_one),
		cmocka_unit_test(both_certificates_are_valid_at_the_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
