/* SPDX-License-Identifier: MIT */
/* test_finding.c - rules, sets, skipping, refusing. */
#include "tests/unit/unit.h"

#include "model/finding.h"
#include "model/key_ref.h"

static int is_extractable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->key->extractable == TRI_YES ? finding_add(out, r, e, "key %s may leave", f->key->id) : 0;
}

static const struct rule key_rules[] = {
	{ "key-extractable", FINDING_FAIL, "gate,audit", FACT_KEY, is_extractable, "no key leaves", "make a new key" },
	{ "key-no-label", FINDING_WARN, "audit", FACT_KEY | FACT_TOKEN, is_extractable, "labels help", "set one" },
	{ .id = NULL },
};
static const struct rule *const tables[] = { key_rules, NULL };

TEST(a_fail_refuses_with_its_id)
{
	const struct key_ref key = { .id = "01", .extractable = TRI_YES };
	const struct facts f = { .have = FACT_KEY, .key = &key };
	struct findings all = { .n = 0 };
	struct err e = ERR_INIT;

	assert_int_equal(findings_run(tables, "gate", &f, &all, &e), 0);
	assert_int_equal(all.n, 1);
	assert_int_equal(findings_refuse(&all, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "key-extractable");
}

TEST(missing_facts_are_listed_not_passed)
{
	const struct key_ref key = { .extractable = TRI_NO };
	const struct facts f = { .have = FACT_KEY, .key = &key };
	struct findings all = { .n = 0 };
	struct err e = ERR_INIT;

	assert_int_equal(findings_run(tables, "audit", &f, &all, &e), 0);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.all[0].severity, FINDING_SKIPPED);
	assert_int_equal(findings_refuse(&all, &e), 0);
	assert_int_equal(findings_run(tables, "aud", &f, &all, &e), 0); /* a set is a whole word */
	assert_int_equal(all.n, 1);
}

/* What does not fit is said to be there, and refuses as what is listed does. */
TEST(more_than_there_is_room_for)
{
	struct findings all = { .n = 0 };
	struct err e = ERR_INIT;

	for (unsigned i = 0; i < FINDINGS_MAX - 1; i++)
		assert_int_equal(finding_add(&all, &key_rules[1], &e, "warning %u", i), 0);
	assert_string_equal(all.all[all.n - 1].id, "key-no-label");
	assert_int_equal(finding_add(&all, &key_rules[1], &e, "one"), 0);
	assert_int_equal(all.n, FINDINGS_MAX);
	assert_string_equal(all.all[FINDINGS_MAX - 1].id, "findings-more");
	assert_int_equal(all.all[FINDINGS_MAX - 1].severity, FINDING_WARN);
	assert_int_equal(findings_refuse(&all, &e), 0);
	assert_int_equal(finding_add(&all, &key_rules[0], &e, "two"), 0);
	assert_int_equal(finding_add(&all, &key_rules[1], &e, "three"), 0);
	assert_int_equal(all.n, FINDINGS_MAX);
	assert_string_equal(all.all[FINDINGS_MAX - 1].text, "and 3 more");
	assert_int_equal(findings_refuse(&all, &e), -1);
	assert_string_equal(e.code, "findings-more");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fail_refuses_with_its_id),
		cmocka_unit_test(missing_facts_are_listed_not_passed),
		cmocka_unit_test(more_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
