/* SPDX-License-Identifier: MIT */
/* test_ledger_removed.c - rows of every table that somebody deleted are missed, and every certificate is verified. */
#include "tests/unit/ledger/ledger_unit.h"

#define OF(text) "00000000000000000000000000000000000000000000000000000000000000" text

/* A row in each table that events are about. */
static void make_rows(struct ledger *l)
{
	struct crl_row crl = { .number = NOW, .this_update = NOW, .next_update = NOW + 86400, .n_entries = 0 };
	struct gateway_row gateway = {
		.name = "gw", .resource_group = "rg", .type = GATEWAY_TYPE_VNET, .tunnels = "OpenVPN"
	};
	struct observation_row seen = { .what = OBSERVED_TRUSTED };
	struct profile_row profile = { .format = "swanctl",
		.package_sha256 = OF("aa"),
		.server = "gw.vpn.azure.com",
		.gateway_roots = OF("bb"),
		.tls_auth_sha256 = OF("cc") };
	struct fake f;
	bool is_late;

	crl.root_id = made_root(l, "vpn");
	(void)snprintf(crl.tbs_sha256, sizeof(crl.tbs_sha256), "%s", OF("dd"));
	fake_cert(&f, 100, "alice");
	f.row.root_id = crl.root_id;
	OK(begin(l, &f, 1));
	OK(issue(l, &f));
	OK(ledger_crl_begin(&is_late, l, &crl, 0, &e));
	OK(ledger_crl_signed(l, crl.id, OF("ee"), &e));
	OK(ledger_gateway_add(l, &gateway, false, &e));
	seen.cert_id = profile.cert_id = f.row.id;
	OK(ledger_gateway_observed(l, gateway.id, &seen, 1, &e));
	OK(ledger_profiles_written(l, &profile, 1, &e));
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* Triggers refuse it: they go first. */
static void forge_freely(const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	char drop[4000] = "PRAGMA foreign_keys = OFF;";
	const char *name;

	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const size_t used = strlen(drop);

		name = (const char *)sqlite3_column_text(stmt, 0);
		(void)snprintf(drop + used, sizeof(drop) - used, "DROP TRIGGER %s;", name);
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	run(db, drop);
	run(db, sql);
	assert_true(sqlite3_changes(db) > 0);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

TEST(rows_of_each_table_are_missed)
{
	static const char *const tables[] = { "keys", "roots", "certificates", "profiles", "crls", "gateways",
		"sightings" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct faults found;
		struct ledger *l;
		char gone[60], sql[60];

		assert_int_equal(in_folder(NULL), 0);
		l = open_ledger(true);
		make_rows(l);
		assert_string_equal(verify(l, NULL).texts, "");
		ledger_close(l);
		(void)snprintf(sql, sizeof(sql), "DELETE FROM %s", tables[i]);
		forge_freely(sql);
		l = open_ledger(false);
		found = verify(l, NULL);
		(void)snprintf(gone, sizeof(gone), "row 1 of %s is missing", tables[i]);
		if (strstr(found.texts, gone) == NULL || strstr(found.ids, "ledger-row-missing") == NULL)
			fail_msg("no '%s' in:\n%s", gone, found.texts);
		ledger_close(l);
		assert_int_equal(remove_folder(NULL), 0);
	}
}

/* A reader takes the list with the higher number for the newer one. */
TEST(crl_numbers_only_rise)
{
	struct crl_row crl = { .this_update = NOW, .next_update = NOW + 86400 };
	struct ledger *l = open_ledger(true);
	int64_t last;
	bool is_late;

	make_rows(l);
	OK(ledger_crl_next(&last, &crl.number, l, 1, &e));
	crl.root_id = 1;
	(void)snprintf(crl.tbs_sha256, sizeof(crl.tbs_sha256), "%s", OF("ff"));
	OK(ledger_crl_begin(&is_late, l, &crl, last, &e));
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
	forge_freely("UPDATE crls SET number = 1 WHERE id = 2");
	l = open_ledger(false);
	assert_non_null(strstr(verify(l, NULL).ids, "ledger-crl-number"));
	ledger_close(l);
}

static unsigned n_looked_at;

static const char *look(const struct cert_row *row, struct bytes issuer, void *arg)
{
	(void)arg;
	(void)issuer;
	n_looked_at++;
	return strcmp(row->name, "bob") == 0 ? "its signature is wrong" : NULL;
}

TEST(revoked_certificates_are_verified_too)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t root = made_root(l, "vpn");
	struct fake f;

	fake_cert(&f, 100, "alice");
	f.row.root_id = root;
	OK(begin(l, &f, 1));
	OK(issue(l, &f));
	fake_cert(&f, 101, "bob");
	f.row.root_id = root;
	OK(begin(l, &f, 1));
	OK(issue(l, &f));
	OK(ledger_cert_revoke(l, f.row.id, "superseded", &e));
	n_looked_at = 0;
	assert_string_equal(verify(l, look).ids, " ledger-certificate-invalid");
	assert_int_equal(n_looked_at, 3); /* the root's own, alice's and bob's */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_each_table_are_missed),
		UNIT(crl_numbers_only_rise),
		UNIT(revoked_certificates_are_verified_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
