/* SPDX-License-Identifier: MIT */
/* test_model.c - key specs and evidence words, there and back. */
#include "tests/unit/unit.h"

#include "model/evidence.h"
#include "model/key_spec.h"

static struct err e;

TEST(every_name_parses_to_itself)
{
	struct key_spec s;
	size_t n = 0;

	for (const char *name; (name = key_spec_at(n)) != NULL; n++) {
		enum sig_alg alg;

		assert_int_equal(key_spec_parse(&s, name, &e), 0);
		assert_string_equal(key_spec_name(&s), name);
		assert_int_equal(key_spec_sig_alg(&alg, &s, &e), 0);
	}
	assert_int_equal(n, 7);
}

TEST(others_are_refused)
{
	struct key_spec s = { KEY_RSA, 1024 };
	enum sig_alg alg;

	assert_null(key_spec_name(&s));
	assert_int_equal(key_spec_sig_alg(&alg, &s, &e), 0); /* an adopted key may have any size */
	s = (struct key_spec){ KEY_EC, 224 };
	assert_int_equal(key_spec_sig_alg(&alg, &s, &e), -1);
	assert_int_equal(key_spec_parse(&s, "rsa:20480", &e), -1);
	assert_int_equal(e.status, ERR_USAGE);
	assert_non_null(strstr(e.hint, "ec:p384"));
	assert_int_equal(key_spec_parse(&s, "RSA:2048", &e), -1);
	assert_int_equal(key_spec_parse(&s, "", &e), -1);
}

TEST(evidence_words)
{
	for (int i = EVIDENCE_NOT_STATED; i <= EVIDENCE_ATTESTED; i++) {
		enum evidence v = EVIDENCE_NOT_STATED;

		assert_true(evidence_parse(&v, evidence_text((enum evidence)i)));
		assert_int_equal(v, i);
	}
	enum evidence v;

	assert_false(evidence_parse(&v, "maybe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_parses_to_itself),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(evidence_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
