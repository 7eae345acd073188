/* SPDX-License-Identifier: MIT */
/* test_ledger_states.c - events that p11ca never writes, appended with the right hashes: each is found. */
#include "tests/unit/ledger/ledger_unit.h"

#include "util/file.h"

static void make_planned_root(struct ledger *l)
{
	struct root_row root = { .key_id = proved_key(l, "root", "fabrikam").id, .name = "fabrikam",
		.subject = "CN=f" };
	struct fake f;

	OK(ledger_root_plan(l, &root, &e));
	fake_cert(&f, 200, "fabrikam");
	f.row.is_root = true;
	f.row.root_id = root.id;
	f.row.key_id = root.key_id;
	OK(begin(l, &f, 0));
	OK(ledger_cert_void(l, f.row.id, "token gone", &e));
}

/*
 * Keys: 1 planned, 2 proved (root), 3 orphan, 4 proved; roots: 1, 2 planned; certs: 1 root's, 2 alice, 3 void, 4 bob
 * revoked, 5 held, 6 of root 2, void.
 */
static void write_ledger(void)
{
	struct ledger *l = open_ledger(true);
	const struct key_row planned = planned_key(l, "client", "carol");
	const int64_t root = made_root(l, "contoso");
	const struct key_row orphan = planned_key(l, "client", "dave");
	static const char *const names[] = { "alice", "void", "bob", "held" };
	struct fake f[4];

	assert_int_equal(planned.id, 1);
	OK(ledger_key_orphan(l, orphan.id, "card gone", &e));
	for (unsigned i = 0; i < 4; i++) {
		fake_cert(&f[i], 100 + i, names[i]);
		f[i].row.root_id = root;
		OK(begin(l, &f[i], 1));
		if (i == 1)
			OK(ledger_cert_void(l, f[i].row.id, "token gone", &e));
		else
			OK(issue(l, &f[i]));
	}
	OK(ledger_cert_revoke(l, f[2].row.id, "keyCompromise", &e));
	OK(ledger_cert_revoke(l, f[3].row.id, "certificateHold", &e));
	make_planned_root(l);
	ledger_close(l);
}

static struct buf made;      /* ledger.db as write_ledger() leaves it; each test changes a copy of its own */

static int clear_made(void **state)
{
	(void)state;
	buf_clear(&made);
	return 0;
}

static void make_ledger(void)
{
	if (made.len == 0) {
		write_ledger();
		OK(file_read(&made, db_path, 1U << 24, &e));
		return;
	}
	assert_int_equal(mkdir(home, 0700), 0);
	OK(file_write(db_path, buf_bytes(&made), 0600, false, &e));
}

static void text_of(char out[200], sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	(void)snprintf(out, 200, "%s", (const char *)sqlite3_column_text(stmt, 0));
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

struct forgery {
	const char *what, *kind, *table;
	int id;
	const char *facts;           /* lines that begin with a newline */
	const char *sql;             /* what they say, for the row; NULL */
	const char *faults;
};

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* The event as p11ca would write it, with hash and head right. */
static void append(const struct forgery *f, int epoch)
{
	char id[200], head[200], seq[200], body[2000], hash[SHA256_HEX], sql[4000];
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	text_of(id, db, "SELECT ledger_id FROM ledger");
	text_of(head, db, "SELECT head FROM ledger");
	text_of(seq, db, "SELECT n_events + 1 FROM ledger");
	(void)snprintf(body, sizeof(body), "p11ca event v1\nledger: %s\nepoch: %d\nseq: %s\nat: 2027-01-15T08:00:00Z\n"
	    "actor: nobody\nnote: \nkind: %s\nobject: x\nrow: %s %d\nprev: %s%s", id, epoch, seq, f->kind, f->table,
	    f->id, head, f->facts);
	OK(hash_sha256_hex(hash, (struct bytes){ (const unsigned char *)body, strlen(body) }, &e));
	(void)snprintf(sql, sizeof(sql), "INSERT INTO events (seq, at, row_table, row_id, body, hash) VALUES"
	    " (%s, 1800000000, '%s', %d, '%s', '%s')", seq, f->table, f->id, body, hash);
	run(db, sql);
	(void)snprintf(sql, sizeof(sql), "UPDATE ledger SET n_events = %s, head = '%s'", seq, hash);
	run(db, sql);
	if (f->sql != NULL)
		run(db, f->sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define TRANSITION " ledger-transition"
#define COMPROMISED "\nstate: issued\nrevoked_at: 0\nrevoke_reason: "
#define CERT(id, set) "UPDATE certificates SET " set " WHERE id = " #id
#define KEY(id, set) "UPDATE keys SET " set " WHERE id = " #id

static const struct forgery forgeries[] = {
	{ "keyCompromise is lifted", "certificate-restored", "certificates", 4, COMPROMISED,
	    CERT(4, "state = 'issued', revoked_at = 0, revoke_reason = ''"), TRANSITION },
	{ "a hold is lifted", "certificate-restored", "certificates", 5, COMPROMISED,
	    CERT(5, "state = 'issued', revoked_at = 0, revoke_reason = ''"), "" },
	{ "a hold is lifted and stays revoked", "certificate-restored", "certificates", 5, "\nrevoke_reason: ",
	    CERT(5, "revoke_reason = ''"), TRANSITION },
	{ "a hold is lifted and keeps its reason", "certificate-restored", "certificates", 5,
	    "\nstate: issued\nrevoked_at: 0", CERT(5, "state = 'issued', revoked_at = 0"), TRANSITION },
	{ "a hold is lifted and keeps its date", "certificate-restored", "certificates", 5,
	    "\nstate: issued\nrevoke_reason: ", CERT(5, "state = 'issued', revoke_reason = ''"), TRANSITION },
	{ "a hold becomes a hold", "certificate-revoked", "certificates", 5, "\nrevoke_reason: certificateHold", NULL,
	    TRANSITION },
	{ "a hold becomes unknown instead of issued", "certificate-restored", "certificates", 5,
	    "\nstate: unknown\nrevoked_at: 0\nrevoke_reason: ",
	    CERT(5, "state = 'unknown', revoked_at = 0, revoke_reason = ''"), TRANSITION },
	{ "a hold becomes keyCompromise", "certificate-revoked", "certificates", 5, "\nrevoke_reason: keyCompromise",
	    CERT(5, "revoke_reason = 'keyCompromise'"), "" },
	{ "keyCompromise becomes superseded", "certificate-revoked", "certificates", 4, "\nrevoke_reason: superseded",
	    CERT(4, "revoke_reason = 'superseded'"), TRANSITION },
	{ "keyCompromise becomes a hold", "certificate-revoked", "certificates", 4, "\nrevoke_reason: certificateHold",
	    CERT(4, "revoke_reason = 'certificateHold'"), TRANSITION },
	{ "a revocation has a reason of its own", "certificate-revoked", "certificates", 2,
	    "\nstate: revoked\nrevoked_at: 1\nrevoke_reason: dislike",
	    CERT(2, "state = 'revoked', revoked_at = 1, revoke_reason = 'dislike'"), TRANSITION },
	{ "a revocation is called a restoration", "certificate-restored", "certificates", 2,
	    "\nstate: revoked\nrevoked_at: 1\nrevoke_reason: superseded",
	    CERT(2, "state = 'revoked', revoked_at = 1, revoke_reason = 'superseded'"), TRANSITION },
	{ "a revocation changes a name", "certificate-revoked", "certificates", 2,
	    "\nstate: revoked\nrevoked_at: 1\nrevoke_reason: superseded\nname: eve",
	    CERT(2, "state = 'revoked', revoked_at = 1, revoke_reason = 'superseded', name = 'eve', name_key = 'eve'"),
	    TRANSITION },
	{ "a void certificate is issued", "certificate-issued", "certificates", 3, "\nstate: issued\nissued_at: 1",
	    CERT(3, "state = 'issued', issued_at = 1"), TRANSITION },
	{ "an issued one never was", "certificate-void", "certificates", 2, "\nstate: void", CERT(2, "state = 'void'"),
	    TRANSITION },
	{ "an issued one is unknown", "certificate-unknown", "certificates", 2, "\nstate: unknown",
	    CERT(2, "state = 'unknown'"), TRANSITION },
	{ "an issued one is taken over", "certificate-taken", "certificates", 2, "\nwriter: 00",
	    CERT(2, "writer = '00'"), TRANSITION },
	{ "a revoked one is installed", "certificate-installed", "certificates", 4, "\ninstalled_at: 7",
	    CERT(4, "installed_at = 7"), TRANSITION },
	{ "an installation issues", "certificate-installed", "certificates", 2, "\ninstalled_at: 7\nissued_at: 7",
	    CERT(2, "installed_at = 7, issued_at = 7"), TRANSITION },
	{ "a row is signed twice", "certificate-signing", "certificates", 2, "\nstate: signing\nwriter: ",
	    CERT(2, "state = 'signing', writer = ''"), TRANSITION },
	{ "a row is adopted that is there", "certificate-adopted", "certificates", 4, "\nstate: issued",
	    CERT(4, "state = 'issued'"), TRANSITION },
	{ "a row is received that is there", "certificate-received", "certificates", 2, "\nname: eve",
	    CERT(2, "name = 'eve', name_key = 'eve'"), TRANSITION },
	{ "an import changes what was issued here", "certificate-imported", "certificates", 4, "\nname: eve",
	    CERT(4, "name = 'eve', name_key = 'eve'"), TRANSITION },
	{ "an event of no kind", "certificate-edited", "certificates", 2, "\nname: eve",
	    CERT(2, "name = 'eve', name_key = 'eve'"), TRANSITION },
	{ "a key's event is about a certificate", "key-orphaned", "certificates", 2, "\nstate: void",
	    CERT(2, "state = 'void'"), TRANSITION },
	{ "a key is verified before it was made", "key-proved", "keys", 1, "\nstate: proved",
	    KEY(1, "state = 'proved'"), TRANSITION },
	{ "a key is made twice", "key-made", "keys", 2, "\nstate: made\ncka_id: 99",
	    KEY(2, "state = 'made', cka_id = '99'"), TRANSITION " ledger-key-unfinished" },
	{ "a verified key is an orphan", "key-orphaned", "keys", 2, "\nstate: orphan", KEY(2, "state = 'orphan'"),
	    TRANSITION },
	{ "a verified key is replaced", "key-replaced", "keys", 2, "\nstate: orphan", KEY(2, "state = 'orphan'"), "" },
	{ "an orphan is attached", "key-attached", "keys", 3, "\nstate: proved", KEY(3, "state = 'proved'"),
	    TRANSITION },
	{ "an orphan is planned", "key-planned", "keys", 3, "\nstate: planned", KEY(3, "state = 'planned'"),
	    TRANSITION " ledger-key-unfinished" },
	{ "a verified key is taken over", "key-taken", "keys", 2, "\nwriter: 00", KEY(2, "writer = '00'"), TRANSITION },
	{ "a key is adopted that is there", "key-adopted", "keys", 3, "\nstate: proved", KEY(3, "state = 'proved'"),
	    TRANSITION },
	{ "a root gets a client's certificate", "root-certified", "roots", 1, "\ncert_id: 2",
	    "UPDATE roots SET cert_id = 2 WHERE id = 1", TRANSITION },
	{ "a root gets a certificate that was never issued", "root-certified", "roots", 2, "\ncert_id: 6",
	    "UPDATE roots SET cert_id = 6 WHERE id = 2", TRANSITION },
	{ "a planned root gets another key, though its own was not given up", "root-planned", "roots", 2, "\nkey_id: 2",
	    "UPDATE roots SET key_id = 2 WHERE id = 2", TRANSITION },
	{ "a key is given up and is verified", "key-orphaned", "keys", 1, "\nstate: proved",
	    KEY(1, "state = 'proved'"), TRANSITION },
	{ "a root is planned that has a certificate", "root-planned", "roots", 1, "\nsubject: CN=eve",
	    "UPDATE roots SET subject = 'CN=eve' WHERE id = 1", TRANSITION },
	{ "a root is adopted that has a certificate", "root-adopted", "roots", 1, "\norigin: stated local",
	    "UPDATE roots SET origin = 'stated local' WHERE id = 1", TRANSITION },
	{ "names are allowed, and the subject changed", "root-names-allowed", "roots", 1, "\nsubject: CN=eve",
	    "UPDATE roots SET subject = 'CN=eve' WHERE id = 1", TRANSITION },
	{ "a retirement takes the certificate away", "root-retired", "roots", 1, "\ncert_id: \nis_retired: 1",
	    "UPDATE roots SET cert_id = NULL, is_retired = 1 WHERE id = 1", TRANSITION },
	{ "a request changes the subject", "root-requested", "roots", 1, "\nrequested_at: 1\nsubject: CN=eve",
	    "UPDATE roots SET requested_at = 1, subject = 'CN=eve' WHERE id = 1", TRANSITION },
	{ "the ledger is made twice", "ledger-created", "ledger", 1, "\ncreated_at: 1",
	    "UPDATE ledger SET created_at = 1", TRANSITION },
	{ "a restore begins no epoch", "ledger-restored", "ledger", 1, "\nepoch: 1", NULL, TRANSITION TRANSITION },
	{ "a restore makes a test ledger", "ledger-restored", "ledger", 1, "\nis_test: 1",
	    "UPDATE ledger SET is_test = 1", TRANSITION TRANSITION },
};

TEST(each_impossible_event_is_found)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		const struct forgery *f = &forgeries[i];
		struct faults found;
		struct ledger *l;
		bool is_wrong;

		assert_int_equal(in_folder(NULL), 0);
		make_ledger();
		append(f, 1);
		l = open_ledger(false);
		found = verify(l, NULL);
		/* unfinished work is no fault: key 1 is unfinished in most of them */
		is_wrong = strncmp(found.ids, f->faults, strlen(f->faults)) != 0 ||
		    (f->faults[0] == '\0' && strcmp(found.ids, " ledger-key-unfinished") != 0);
		if (is_wrong)
			print_error("%s: found%s\n%s", f->what, found.ids, found.texts);
		wrong += is_wrong;
		ledger_close(l);
		assert_int_equal(remove_folder(NULL), 0);
	}
	assert_int_equal(wrong, 0);
}

static void expect_after(const struct forgery *first, const struct forgery *second, const char *faults)
{
	struct ledger_options o = options();
	AUTO_STRUCT(ledger) l = NULL;

	o.read_only = true; /* a sealed one is not opened for writing */
	make_ledger();
	append(first, 1);
	if (second != NULL)
		append(second, 1);
	OK(ledger_open(&l, &o, &e));
	if (strncmp(verify(l, NULL).ids, faults, strlen(faults)) != 0)
		fail_msg("%s: found%s\n%s", first->what, verify(l, NULL).ids, verify(l, NULL).texts);
}

TEST(a_retired_root_stays_retired)
{
	static const struct forgery retired = { "", "root-retired", "roots", 1, "\nis_retired: 1",
		"UPDATE roots SET is_retired = 1", "" },
		back = { "", "root-names-allowed", "roots", 1, "\nis_retired: 0",
			"UPDATE roots SET is_retired = 0", "" };

	expect_after(&retired, &back, TRANSITION);
}

#define CRL_ROW(id, number, sha) \
	"INSERT INTO crls VALUES (" #id ", 1, " #number ", 1, 2, 0, 'aa', '" sha "', 3, 0)"
#define CRL_FACTS(number) \
	"\nroot_id: 1\nnumber: " #number "\nthis_update: 1\nnext_update: 2\ntbs_sha256: aa\ncreated_at: 3"

TEST(lists_are_signed_once_with_rising_numbers)
{
	static const struct forgery first = { "", "crl-signing", "crls", 1, CRL_FACTS(7), CRL_ROW(1, 7, ""), "" },
		lower = { "", "crl-signing", "crls", 2, CRL_FACTS(6), CRL_ROW(2, 6, ""), "" },
		as_signed = { "", "crl-imported", "crls", 1, CRL_FACTS(7) "\nsha256: bb", CRL_ROW(1, 7, "bb"), "" },
		again = { "", "crl-signed", "crls", 1, "\nsha256: cc", "UPDATE crls SET sha256 = 'cc'", "" };

	expect_after(&first, NULL, " ledger-key-unfinished");
	assert_int_equal(remove_folder(NULL), 0);
	assert_int_equal(in_folder(NULL), 0);
	expect_after(&first, &lower, " ledger-crl-number");
	assert_int_equal(remove_folder(NULL), 0);
	assert_int_equal(in_folder(NULL), 0);
	expect_after(&as_signed, &again, TRANSITION);
}

#define PLACE_ROW(state) "INSERT INTO places VALUES (1, 1, '" state "', '', 0, 0, 3, 0)"
#define PLACE_FACTS(state) "\nepoch: 1\nstate: " state "\nplaced_at: 3"

TEST(places_go_one_way)
{
	static const struct forgery held = { "", "ledger-placed", "places", 1, PLACE_FACTS("held"), PLACE_ROW("held"),
		"" },
		in_use = { "", "ledger-placed", "places", 1, PLACE_FACTS("in use"), PLACE_ROW("in use"), "" },
		acknowledged = { "", "ledger-acknowledged", "places", 1, "\nstate: in use",
			"UPDATE places SET state = 'in use'", "" },
		moved = { "", "ledger-moved", "places", 1, "\nstate: moved", "UPDATE places SET state = 'moved'", "" },
		held_again = { "", "ledger-placed", "places", 1, "\nstate: held",
			"UPDATE places SET state = 'held'", "" };

	expect_after(&held, &acknowledged, " ledger-key-unfinished");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(remove_folder(NULL), 0);
		assert_int_equal(in_folder(NULL), 0);
		expect_after(i == 0 ? &held : &in_use, i == 0 ? &moved : i == 1 ? &acknowledged : &held_again,
		    TRANSITION);
	}
}

TEST(a_serial_is_used_once)
{
	AUTO_STRUCT(ledger) l = NULL;

	make_ledger();
	(void)forge("DROP INDEX certificates_serial");
	(void)forge("UPDATE certificates SET serial = (SELECT serial FROM certificates WHERE id = 2) WHERE id = 3");
	l = open_ledger(false);
	assert_non_null(strstr(verify(l, NULL).ids, " ledger-serial-reused"));
}

#define SIGNED_FACTS "\nstate: signing\nroot_id: 1\nname: eve\nserial: 4f0000ffff\nwriter: 00"
#define SIGNED_ROW(key) \
	"INSERT INTO certificates (id, state, root_id, is_root, name, device, template_name, serial, subject," \
	" spki_sha256, request_sha256, thumbprint, fingerprint, not_before, not_after, created_at, issued_at," \
	" installed_at, revoked_at, revoke_reason, writer, name_key, key_sha256) VALUES (7, 'signing', 1, 0, 'eve'," \
	" '', '', '4f0000ffff', '', '', '', '', '', 0, 0, 0, 0, 0, 0, '', '00', 'eve', '" key "')"

/* first is appended, then a certificate 7 is signed: found with first, and not without it. */
static void expect_signed_after(const struct forgery *first, const char *id)
{
	static const struct forgery compromised_key = { "", "certificate-signing", "certificates", 7, SIGNED_FACTS,
		SIGNED_ROW("k"), "" };

	for (unsigned i = 0; i < 2; i++) {
		AUTO_STRUCT(ledger) l = NULL;

		assert_int_equal(remove_folder(NULL), 0);
		assert_int_equal(in_folder(NULL), 0);
		make_ledger();
		(void)forge("UPDATE certificates SET key_sha256 = 'k' WHERE id = 2");
		if (i == 0)
			append(first, 1);
		append(&compromised_key, 1);
		l = open_ledger(false);
		if ((strstr(verify(l, NULL).ids, id) != NULL) != (i == 0))
			fail_msg("%u: found%s\n%s", i, verify(l, NULL).ids, verify(l, NULL).texts);
	}
}

TEST(nothing_is_signed_for_a_compromised_key)
{
	static const struct forgery revoked = { "", "certificate-revoked", "certificates", 2,
		"\nstate: revoked\nrevoked_at: 1\nrevoke_reason: keyCompromise",
		CERT(2, "state = 'revoked', revoked_at = 1, revoke_reason = 'keyCompromise'"), "" };

	expect_signed_after(&revoked, " ledger-key-compromised");
}

TEST(nothing_is_signed_under_a_retired_root)
{
	static const struct forgery retired = { "", "root-retired", "roots", 1, "\nis_retired: 1",
		"UPDATE roots SET is_retired = 1", "" };

	expect_signed_after(&retired, " ledger-root-retired");
}

TEST(nothing_is_signed_while_held)
{
	static const struct forgery held = { "", "ledger-placed", "places", 1, "\nepoch: 1\nstate: held\nplaced_at: 3",
		PLACE_ROW("held"), "" };

	expect_signed_after(&held, " ledger-signed-while-suspended");
}

TEST(an_epoch_begins_with_a_restore)
{
	static const struct forgery noted = { "", "certificate-revoked", "certificates", 2,
		"\nstate: revoked\nrevoked_at: 1\nrevoke_reason: superseded",
		CERT(2, "state = 'revoked', revoked_at = 1, revoke_reason = 'superseded'"), "" };
	AUTO_STRUCT(ledger) l = NULL;

	make_ledger();
	append(&noted, 2);
	l = open_ledger(false);
	assert_non_null(strstr(verify(l, NULL).ids, TRANSITION));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_impossible_event_is_found),
		UNIT(a_retired_root_stays_retired),
		UNIT(lists_are_signed_once_with_rising_numbers),
		UNIT(places_go_one_way),
		UNIT(a_serial_is_used_once),
		UNIT(nothing_is_signed_for_a_compromised_key),
		UNIT(nothing_is_signed_under_a_retired_root),
		UNIT(nothing_is_signed_while_held),
		UNIT(an_epoch_begins_with_a_restore),
	};
	return cmocka_run_group_tests(tests, NULL, clear_made);
}
