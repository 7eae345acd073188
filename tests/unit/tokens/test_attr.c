/* SPDX-License-Identifier: MIT */
/* test_attr.c - ladders, kinds, mechanisms, ids: the data that tokens/ is driven by. */
#include "tests/unit/unit.h"

#include "tokens/internal.h"

static const unsigned long ladder[] = { CKA_DERIVE, CKA_WRAP, CKA_UNWRAP, 0 };

static void fill(struct attrs *a)
{
	*a = (struct attrs){ .n = 0 };
	attrs_add_bool(a, CKA_EXTRACTABLE, false);
	attrs_add_bool(a, CKA_UNWRAP, false);
	attrs_add_bool(a, CKA_DERIVE, false);
}

TEST(a_ladder_leaves_out_one_more_each_time)
{
	struct attrs a, b = { .n = 0 };
	unsigned rung = 0;

	fill(&a);
	attrs_add_bool(&b, CKA_VERIFY, true);
	assert_true(attrs_step_down(ladder, &rung, CKR_ATTRIBUTE_TYPE_INVALID, &a, &b));
	assert_int_equal(a.n, 2);
	assert_true(attrs_step_down(ladder, &rung, CKR_TEMPLATE_INCONSISTENT, &a, &b)); /* CKA_WRAP is not there */
	assert_int_equal(a.n, 1);
	assert_int_equal(a.all[0].type, CKA_EXTRACTABLE);
	assert_false(attrs_step_down(ladder, &rung, CKR_TEMPLATE_INCONSISTENT, &a, &b));
	assert_int_equal(b.n, 1);
}

TEST(other_refusals_are_no_reason)
{
	struct attrs a;
	unsigned rung = 0;

	fill(&a);
	assert_false(attrs_step_down(ladder, &rung, CKR_DEVICE_ERROR, &a, NULL));
	assert_false(attrs_step_down(NULL, &rung, CKR_TEMPLATE_INCONSISTENT, &a, NULL));
	assert_int_equal(a.n, 3);
}

TEST(no_kind_drops_what_keeps_a_key_in_without_saying_so)
{
	for (unsigned i = 0; kind_at(i) != NULL; i++) {
		const struct token_kind *k = kind_find(kind_at(i));

		assert_non_null(k);
		assert_non_null(k->note);
		for (const unsigned long *p = k->key_ladder; p != NULL && *p != 0; p++) {
			assert_true(*p != CKA_SENSITIVE && *p != CKA_TOKEN && *p != CKA_ID && *p != CKA_MODULUS_BITS);
			assert_true(*p != CKA_EXTRACTABLE || k->may_not_state);
		}
	}
}

TEST(kinds_are_matched_by_what_the_token_says)
{
	assert_string_equal(kind_match("", "SoftHSM project", "SoftHSM v2")->name, "softhsm");
	assert_string_equal(kind_match("Some library", "Somebody", "Something")->name, "generic");
	assert_string_equal(kind_match("", "", "")->name, "generic");
	assert_string_equal(kind_match("TPM2.0 Cryptoki", "IBM", "SW   TPM")->name, "tpm2");
	assert_string_equal(kind_match("NSS Internal", "Mozilla Foundation", "NSS 3")->name, "nss");
	assert_string_equal(kind_match("OpenSC smartcard framework", "Somebody", "PKCS#15")->name, "opensc");
	assert_string_equal(kind_match("OpenSC smartcard framework", "www.CardContact.de", "PKCS#15")->name, "schsm");
	assert_null(kind_find("nosuch"));
}

TEST(each_key_and_each_algorithm_has_a_row)
{
	for (size_t i = 0; key_spec_at(i) != NULL; i++) {
		struct err e = ERR_INIT;
		struct key_spec spec;
		enum sig_alg alg;

		assert_int_equal(key_spec_parse(&spec, key_spec_at(i), &e), 0);
		assert_int_equal(key_spec_sig_alg(&alg, &spec, &e), 0);
		assert_non_null(key_mech_find(spec.type));
		assert_non_null(sign_mech_find(alg));
		assert_int_equal(sign_mech_find(alg)->key, spec.type);
	}
	assert_null(key_mech_find(KEY_OTHER));
	assert_null(key_mech_of(CKK_DSA));
}

TEST(ids)
{
	static const char *const bad[] = { "", "a", "0g", "AB", "0x", " 1" };
	char longest[2 * ID_MAX + 3];
	struct err e = ERR_INIT;
	struct id id;

	assert_int_equal(id_parse(&id, "00a1ff", &e), 0);
	assert_int_equal(id.len, 3);
	assert_memory_equal(id.data, "\x00\xa1\xff", 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(id_parse(&id, bad[i], &e), -1);
	memset(longest, '0', sizeof(longest) - 1);
	longest[2 * ID_MAX + 2] = '\0';
	assert_int_equal(id_parse(&id, longest, &e), -1);
	longest[2 * ID_MAX] = '\0';
	assert_int_equal(id_parse(&id, longest, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ladder_leaves_out_one_more_each_time),
		cmocka_unit_test(other_refusals_are_no_reason),
		cmocka_unit_test(no_kind_drops_what_keeps_a_key_in_without_saying_so),
		cmocka_unit_test(kinds_are_matched_by_what_the_token_says),
		cmocka_unit_test(each_key_and_each_algorithm_has_a_row),
		cmocka_unit_test(ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
