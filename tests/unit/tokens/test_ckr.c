/* SPDX-License-Identifier: MIT */
/* test_ckr.c - the true CK_RV, its name, its status; unknown and vendor values. */
#include "tests/unit/unit.h"

#include "tokens/internal.h"

static void assert_fail(CK_RV rv, const char *name, enum err_status status)
{
	struct err e = ERR_INIT;

	assert_int_equal(token_fail(&e, rv, "doing %d", 1), -1);
	assert_string_equal(e.rv_name, name);
	assert_int_equal(e.status, status);
	assert_true(e.has_rv && e.rv == rv);
	assert_string_equal(e.what, "doing 1");
}

TEST(names_and_statuses)
{
	assert_fail(CKR_PIN_LOCKED, "CKR_PIN_LOCKED", ERR_PIN);
	assert_fail(CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", ERR_TOKEN);
	assert_fail(CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", ERR_NOT_FOUND);
}

TEST(a_vendor_value_is_not_taken_for_a_standard_one)
{
	assert_fail(0x800000a4UL, "CKR_VENDOR_DEFINED", ERR_TOKEN); /* not CKR_PIN_LOCKED, 0xa4 */
	assert_fail(0x7ffUL, "CKR_?", ERR_TOKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_statuses),
		cmocka_unit_test(a_vendor_value_is_not_taken_for_a_standard_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
