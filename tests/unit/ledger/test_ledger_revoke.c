/* SPDX-License-Identifier: MIT */
/* test_ledger_revoke.c - revoked, held, restored; and the numbers of the lists that say so. */
#include "tests/unit/ledger/ledger_unit.h"

static int64_t client_of(struct ledger *l, int64_t root_id, const char *name, unsigned number)
{
	struct fake f;

	fake_cert(&f, number, name);
	f.row.root_id = root_id;
	OK(begin(l, &f, 0));
	OK(issue(l, &f));
	return f.row.id;
}

static struct cert_row row_of(struct ledger *l, int64_t id)
{
	const struct cert_query q = { .id = id };
	struct cert_row row;
	bool found = false;

	OK(ledger_cert_find(&row, NULL, &found, l, &q, &e));
	assert_true(found);
	return row;
}

TEST(a_hold_can_be_taken_back_and_can_become_final)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t id = client_of(l, made_root(l, "vpn"), "alice", 100);

	OK(ledger_cert_revoke(l, id, "certificateHold", &e));
	assert_string_equal(row_of(l, id).revoke_reason, "certificateHold");
	REFUSED(ledger_cert_revoke(l, id, "certificateHold", &e), ERR_POLICY);
	OK(ledger_cert_restore(l, id, &e));
	assert_string_equal(row_of(l, id).state, "issued");
	assert_int_equal(row_of(l, id).revoked_at, 0);
	assert_string_equal(row_of(l, id).revoke_reason, "");
	REFUSED(ledger_cert_restore(l, id, &e), ERR_LEDGER);
	OK(ledger_cert_revoke(l, id, "certificateHold", &e));
	the_clock.fixed += 100;
	OK(ledger_cert_revoke(l, id, "keyCompromise", &e));
	assert_int_equal(row_of(l, id).revoked_at, NOW);
	REFUSED(ledger_cert_restore(l, id, &e), ERR_POLICY);
	assert_string_equal(e.code, "revoked-permanently");
	REFUSED(ledger_cert_revoke(l, id, "superseded", &e), ERR_POLICY);
	assert_string_equal(e.code, "revoked-before");
	assert_string_equal(verify(l, NULL).texts, "");
}

TEST(nobody_is_restored_beside_another_certificate)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t root = made_root(l, "vpn"), id = client_of(l, root, "alice", 100);

	OK(ledger_cert_revoke(l, id, "certificateHold", &e));
	(void)client_of(l, root, "alice", 101);
	REFUSED(ledger_cert_restore(l, id, &e), ERR_POLICY);
	assert_string_equal(e.code, "client-has-certificate");
	assert_string_equal(row_of(l, id).state, "revoked");
}

TEST(what_was_unknown_is_so_again)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct fake f;

	fake_cert(&f, 100, "alice");
	f.row.root_id = made_root(l, "vpn");
	OK(begin(l, &f, 0));
	OK(ledger_cert_unknown(l, f.row.id, "token gone", &e));
	OK(ledger_cert_revoke(l, f.row.id, "certificateHold", &e));
	OK(ledger_cert_restore(l, f.row.id, &e));
	assert_string_equal(row_of(l, f.row.id).state, "unknown");
}

TEST(several_are_revoked_together_or_not_at_all)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t root = made_root(l, "vpn");
	const int64_t ids[] = { client_of(l, root, "alice", 100), client_of(l, root, "bob", 101) };

	OK(ledger_cert_revoke(l, ids[1], "superseded", &e));
	REFUSED(ledger_certs_revoke(l, ids, 2, "privilegeWithdrawn", &e), ERR_POLICY);
	assert_string_equal(row_of(l, ids[0]).state, "issued");
	REFUSED(ledger_certs_revoke(l, ids, 1, "removeFromCRL", &e), ERR_USAGE);
	OK(ledger_certs_revoke(l, ids, 1, "keyCompromise", &e));
	assert_string_equal(row_of(l, ids[0]).state, "revoked");
}

static struct crl_row planned(int64_t root_id, int64_t number)
{
	struct crl_row row = { .root_id = root_id, .number = number, .this_update = NOW, .next_update = NOW + 86400,
		.n_entries = 2 };

	memset(row.tbs_sha256, 'a', sizeof(row.tbs_sha256) - 1);
	return row;
}

static int keep_row(const struct crl_row *row, void *arg, struct err *unused)
{
	(void)unused;
	*(struct crl_row *)arg = *row;
	return 0;
}

TEST(numbers_only_rise)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t root = made_root(l, "vpn"), lab = made_root(l, "lab");
	struct crl_row row, read;
	int64_t last, next;
	bool is_late;

	OK(ledger_crl_next(&last, &next, l, root, &e));
	assert_int_equal(last, 0);
	assert_int_equal(next, NOW);
	row = planned(root, next);
	OK(ledger_crl_begin(&is_late, l, &row, last, &e));
	assert_false(is_late);
	OK(ledger_crl_next(&last, &next, l, root, &e)); /* in the same second */
	assert_int_equal(last, NOW);
	assert_int_equal(next, NOW + 1);
	OK(ledger_crl_signed(l, row.id, "bb", &e));
	REFUSED(ledger_crl_signed(l, row.id, "bb", &e), ERR_LEDGER);
	OK(ledger_each_crl(l, keep_row, &read, &e));
	assert_string_equal(read.sha256, "bb");
	assert_int_equal(read.signed_at, NOW);
	row = planned(root, next);
	OK(ledger_crl_begin(&is_late, l, &row, 0, &e)); /* somebody was faster */
	assert_true(is_late);
	row = planned(root, last);
	REFUSED(ledger_crl_begin(&is_late, l, &row, last, &e), ERR_INTERNAL);
	OK(ledger_crl_next(&last, &next, l, lab, &e)); /* each root has its own */
	assert_int_equal(last, 0);
	REFUSED(ledger_crl_signed(l, 99, "bb", &e), ERR_NOT_FOUND);
	assert_string_equal(verify(l, NULL).texts, "");
}

TEST(an_edited_list_shows)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct crl_row row = planned(made_root(l, "vpn"), NOW);
	bool is_late;

	OK(ledger_crl_begin(&is_late, l, &row, 0, &e));
	assert_int_equal(forge("DELETE FROM crls"), -1);
	(void)forge("UPDATE crls SET number = 5");
	assert_string_equal(verify(l, NULL).ids, " ledger-row-edited");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_hold_can_be_taken_back_and_can_become_final),
		UNIT(nobody_is_restored_beside_another_certificate),
		UNIT(what_was_unknown_is_so_again),
		UNIT(several_are_revoked_together_or_not_at_all),
		UNIT(numbers_only_rise),
		UNIT(an_edited_list_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
