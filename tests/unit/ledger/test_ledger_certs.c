/* SPDX-License-Identifier: MIT */
/* test_ledger_certs.c - certificates from intent to revocation, the rules before them, and finding them. */
#include "tests/unit/ledger/ledger_unit.h"

#include "util/lock.h"

TEST(an_intent_becomes_a_certificate)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct cert_query q = { .any_id = "4F00000065" };
	struct key_location place = { .token_label = "card" };
	AUTO_VALUE(buf) bytes = { 0 };
	struct cert_row row;
	struct fake f;
	bool found;

	fake_cert(&f, 0x65, "alice");
	f.row.root_id = made_root(l, "contoso");
	f.row.request_name = "alice.csr";
	OK(begin(l, &f, 1));
	assert_true(f.row.id > 0);
	OK(ledger_cert_tbs(&bytes, l, f.row.id, &e));
	assert_int_equal(bytes.len, f.row.tbs.len);
	assert_memory_equal(bytes.data, f.row.tbs.data, bytes.len);
	OK(ledger_cert_find(&row, NULL, &found, l, &q, &e));
	assert_true(found);
	assert_string_equal(row.state, "signing");
	assert_false(row.is_writer_dead);
	OK(issue(l, &f));
	buf_clear(&bytes);
	OK(ledger_cert_find(&row, &bytes, &found, l, &q, &e));
	assert_string_equal(row.state, "issued");
	assert_int_equal(row.issued_at, NOW);
	assert_int_equal(bytes.len, f.info.der.len);
	assert_memory_equal(bytes.data, f.der, bytes.len);
	buf_clear(&bytes);
	OK(ledger_cert_tbs(&bytes, l, f.row.id, &e)); /* out of the DER now */
	assert_memory_equal(bytes.data, f.row.tbs.data, f.row.tbs.len);
	OK(ledger_cert_installed(l, f.row.id, &place, &e));
	REFUSED(issue(l, &f), ERR_LEDGER);
	REFUSED(ledger_cert_void(l, f.row.id, "no", &e), ERR_LEDGER);
	assert_int_equal(verify(l, NULL).n, 0);
	assert_int_equal(forge("SELECT count(*) FROM events WHERE body LIKE '%request_name: alice.csr%'"), 1);
}

TEST(what_was_signed_is_what_was_intended)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct fake f;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	f.der[20] ^= 1;
	REFUSED(issue(l, &f), ERR_LEDGER);
	f.der[20] ^= 1;
	for (size_t len = 0; len < 320; len++) {
		f.info.der.len = len;
		REFUSED(issue(l, &f), ERR_LEDGER);
	}
	f.info.der.len = 320;
	f.der[1] = 0x89; /* a length of nine bytes */
	REFUSED(issue(l, &f), ERR_LEDGER);
	f.der[1] = 0x82;
	OK(issue(l, &f));
}

TEST(a_serial_is_used_once_for_ever)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t one = made_root(l, "one"), two = made_root(l, "two");
	struct fake f;

	fake_cert(&f, 100, "alice");
	f.row.root_id = one;
	OK(begin(l, &f, 0));
	OK(ledger_cert_void(l, f.row.id, "token gone", &e));
	fake_cert(&f, 100, "bob");
	f.row.root_id = one;
	REFUSED(begin(l, &f, 0), ERR_POLICY);
	assert_string_equal(e.code, "serial-taken");
	f.row.root_id = two;
	OK(begin(l, &f, 0));
}

TEST(all_or_none)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct fake f[3];
	struct cert_row *rows[] = { &f[0].row, &f[1].row, &f[2].row };
	struct ledger_info before, after;

	fake_cert(&f[0], 1, "alice");
	fake_cert(&f[1], 2, "bob");
	fake_cert(&f[2], 1, "carol");
	OK(ledger_get_info(&before, l, &e));
	REFUSED(ledger_certs_begin(l, rows, 3, 1, &e), ERR_POLICY);
	assert_int_equal(f[0].row.id, 0);
	OK(ledger_get_info(&after, l, &e));
	assert_memory_equal(&before, &after, sizeof(before));
	OK(ledger_certs_begin(l, rows, 2, 1, &e));
	assert_int_not_equal(f[0].row.id, f[1].row.id);
	OK(ledger_certs_begin(l, rows, 0, 1, &e));
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(one_client_one_certificate_two_while_renewing)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct fake f;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	fake_cert(&f, 2, "alice");
	REFUSED(begin(l, &f, 1), ERR_POLICY);
	assert_string_equal(e.code, "client-has-certificate");
	assert_non_null(strstr(e.what, "4f00000001"));
	OK(begin(l, &f, 2));
	fake_cert(&f, 3, "alice");
	REFUSED(begin(l, &f, 2), ERR_POLICY);
	fake_cert(&f, 4, "alice's phone");
	(void)snprintf(f.row.name, sizeof(f.row.name), "alice");
	(void)snprintf(f.row.device, sizeof(f.row.device), "phone");
	OK(begin(l, &f, 1));
	the_clock.fixed = NOW + 86401; /* all expired */
	fake_cert(&f, 5, "alice");
	f.row.not_after = the_clock.fixed + 9;
	OK(begin(l, &f, 1));
}

TEST(one_key_one_name)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct ledger_precedents a;
	struct fake f;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	OK(ledger_precedents_find(&a, l, f.row.spki_sha256, "bob", "", &e));
	assert_true(a.is_key_certified); /* its signature may exist already */
	OK(issue(l, &f));
	OK(ledger_precedents_find(&a, l, f.row.spki_sha256, "bob", "", &e));
	assert_true(a.is_key_certified && !a.is_root_key && !a.is_key_compromised);
	assert_string_equal(a.key_name, "alice");
	assert_int_equal(a.n_live, 0);
	OK(ledger_precedents_find(&a, l, "00", "alice", "", &e));
	assert_false(a.is_key_certified);
	assert_int_equal(a.n_live, 1);
	assert_string_equal(a.live_serial, "4f00000001");
	f.row.serial[0] = '5';
	(void)snprintf(f.row.name, sizeof(f.row.name), "bob");
	REFUSED(begin(l, &f, 1), ERR_POLICY);
	assert_string_equal(e.code, "key-certified");
	(void)snprintf(f.row.name, sizeof(f.row.name), "alice");
	(void)snprintf(f.row.device, sizeof(f.row.device), "phone");
	REFUSED(begin(l, &f, 1), ERR_POLICY);
	f.row.device[0] = '\0';
	OK(begin(l, &f, 2)); /* renewed with the same key */
}

static void compromised_for(const char *reason)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct ledger_precedents a;
	struct fake f;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	REFUSED(ledger_cert_revoke(l, f.row.id, reason, &e), ERR_LEDGER);
	OK(issue(l, &f));
	REFUSED(ledger_cert_revoke(l, f.row.id, "boredom", &e), ERR_USAGE);
	OK(ledger_cert_revoke(l, f.row.id, reason, &e));
	OK(ledger_precedents_find(&a, l, f.row.spki_sha256, "alice", "", &e));
	assert_true(a.is_key_compromised && !a.is_key_certified);
	fake_cert(&f, 2, "alice");
	REFUSED(begin(l, &f, 1), ERR_POLICY);
	assert_string_equal(e.code, "key-compromised");
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(a_compromised_key_never_again)
{
	compromised_for("keyCompromise");
}

TEST(a_key_of_a_compromised_ca_never_again)
{
	compromised_for("cACompromise");
}

TEST(a_root_key_is_known_as_one)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct ledger_precedents a;
	struct key_row key;

	(void)made_root(l, "contoso");
	OK(ledger_key_get(&key, l, 1, &e));
	OK(ledger_precedents_find(&a, l, key.spki_sha256, "alice", "", &e));
	assert_true(a.is_root_key);
}

static int count(const struct cert_row *row, void *arg, struct err *unused)
{
	(void)unused;
	assert_true(row->id > 0);
	++*(unsigned *)arg;
	return 0;
}

static unsigned matches(struct ledger *l, const struct cert_query q)
{
	unsigned n = 0;

	OK(ledger_each_cert(l, &q, count, &n, &e));
	return n;
}

TEST(found_by_what_one_knows)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t root = made_root(l, "contoso");
	const struct cert_query by_name = { .any_id = "alice" };
	struct cert_row row;
	struct fake f;
	bool found;

	for (unsigned i = 0x10; i < 0x16; i++) {
		fake_cert(&f, i, i < 0x12 ? "alice" : "bob");
		f.row.root_id = root;
		(void)snprintf(f.row.request_sha256, sizeof(f.row.request_sha256), "%u", i / 2);
		OK(begin(l, &f, 0));
		if (i % 2 == 0)
			OK(issue(l, &f));
	}
	OK(ledger_cert_find(&row, NULL, &found, l, &(struct cert_query){ .id = f.row.id - 1 }, &e));
	assert_true(found);
	assert_int_equal(matches(l, (struct cert_query){ .any_id = row.thumbprint }), 1);
	assert_int_equal(matches(l, (struct cert_query){ .any_id = row.fingerprint }), 1);
	assert_int_equal(matches(l, (struct cert_query){ .any_id = row.serial }), 1);
	assert_int_equal(matches(l, (struct cert_query){ .any_id = "" }), 0);
	assert_int_equal(matches(l, (struct cert_query){ .root_id = root }), 7);
	assert_int_equal(matches(l, (struct cert_query){ .key_id = 1 }), 1);
	assert_int_equal(matches(l, (struct cert_query){ .name = "bob", .device = "" }), 4);
	assert_int_equal(matches(l, (struct cert_query){ .key_sha256 = row.spki_sha256 }), 4);
	assert_int_equal(matches(l, (struct cert_query){ .state = "issued" }), 4);
	assert_int_equal(matches(l, (struct cert_query){ .request_sha256 = "9" }), 2);
	assert_int_equal(matches(l, (struct cert_query){ .request_sha256 = "" }), 0);
	assert_int_equal(matches(l, (struct cert_query){ .roots_only = true }), 1);
	assert_int_equal(matches(l, (struct cert_query){ .clients_only = true, .live_only = true }), 6);
	assert_int_equal(matches(l, (struct cert_query){ .expires_before = NOW }), 0);
	assert_int_equal(matches(l, (struct cert_query){ .expires_before = NOW + 90000 }), 7);
	REFUSED(ledger_cert_find(&row, NULL, &found, l, &by_name, &e), ERR_NOT_FOUND);
	assert_string_equal(e.cause, "4f00000010, 4f00000011");
	OK(ledger_cert_find(&row, NULL, &found, l, &(struct cert_query){ .name = "nobody" }, &e));
	assert_false(found);
}

static int rescan(const struct cert_row *row, void *arg, struct err *err)
{
	struct cert_row other;
	bool found;

	return ledger_cert_find(&other, NULL, &found, arg, &(struct cert_query){ .id = row->id }, err);
}

TEST(a_callback_may_ask)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);

	(void)made_root(l, "one");
	(void)made_root(l, "two");
	OK(ledger_each_cert(l, &(struct cert_query){ 0 }, rescan, l, &e));
	OK(ledger_note(l, "pin-changed", "token card", "", &e)); /* and nothing is left open */
}

TEST(only_the_dead_are_taken_over)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	AUTO_STRUCT(ledger) other = open_ledger(false);
	struct key_row key = planned_key(other, "client", "alice");
	struct fake f;
	bool taken;

	fake_cert(&f, 1, "alice");
	OK(begin(other, &f, 1));
	OK(ledger_cert_take(&taken, l, f.row.id, &e));
	assert_false(taken);
	OK(ledger_key_take(&taken, l, key.id, &e));
	assert_false(taken);
	REFUSED(issue(l, &f), ERR_LEDGER);
	REFUSED(ledger_key_orphan(l, key.id, "no", &e), ERR_LEDGER);
	assert_int_equal(verify(l, NULL).n, 0);
	ledger_close(STEAL(other));
	assert_string_equal(verify(l, NULL).ids, " ledger-key-unfinished ledger-certificate-unfinished");
	OK(ledger_key_get(&key, l, key.id, &e));
	assert_true(key.is_writer_dead);
	OK(ledger_cert_take(&taken, l, f.row.id, &e));
	assert_true(taken);
	OK(ledger_key_take(&taken, l, key.id, &e));
	assert_true(taken);
	assert_int_equal(verify(l, NULL).n, 0);
	OK(issue(l, &f));
	OK(ledger_cert_take(&taken, l, f.row.id, &e));
	assert_false(taken);
	OK(ledger_key_orphan(l, key.id, "never made", &e));
	assert_int_equal(verify(l, NULL).n, 0);
}

/* Somebody edited the database: the writer names a file elsewhere, which is locked, and still counts as dead. */
TEST(a_writer_is_no_path)
{
	static const char *const writers[] = { "../../locked0000", "0123456789abcdeF", "0123456789abcde", "" };
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct cert_query q = { .any_id = "4f00000001" };
	struct lock lock = LOCK_NONE;
	struct fake f;
	bool found;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	OK(lock_take(&lock, "locked0000", 0, &e));
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		struct cert_row row;
		char sql[120];

		(void)snprintf(sql, sizeof(sql), "UPDATE certificates SET writer = '%s'", writers[i]);
		assert_int_equal(forge(sql), 0);
		OK(ledger_cert_find(&row, NULL, &found, l, &q, &e));
		assert_true(found);
		assert_true(row.is_writer_dead);
	}
	lock_release(&lock);
}

TEST(nobody_knows_whether_it_was_signed)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct cert_row row;
	struct fake f;
	bool found;

	fake_cert(&f, 1, "alice");
	OK(begin(l, &f, 1));
	OK(ledger_cert_unknown(l, f.row.id, "the token answered nothing", &e));
	OK(ledger_cert_revoke(l, f.row.id, "superseded", &e));
	OK(ledger_cert_find(&row, NULL, &found, l, &(struct cert_query){ .state = "revoked" }, &e));
	assert_true(found && row.revoked_at == NOW);
	assert_int_equal(verify(l, NULL).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(an_intent_becomes_a_certificate),
		UNIT(what_was_signed_is_what_was_intended),
		UNIT(a_serial_is_used_once_for_ever),
		UNIT(all_or_none),
		UNIT(one_client_one_certificate_two_while_renewing),
		UNIT(one_key_one_name),
		UNIT(a_compromised_key_never_again),
		UNIT(a_key_of_a_compromised_ca_never_again),
		UNIT(a_root_key_is_known_as_one),
		UNIT(found_by_what_one_knows),
		UNIT(a_callback_may_ask),
		UNIT(only_the_dead_are_taken_over),
		UNIT(a_writer_is_no_path),
		UNIT(nobody_knows_whether_it_was_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
