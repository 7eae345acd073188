/* SPDX-License-Identifier: MIT */
/* ledger_unit.h - a ledger in a folder of its own, made-up keys and certificates, and the faults that verify finds. */
#ifndef TESTS_UNIT_LEDGER_LEDGER_UNIT_H
#define TESTS_UNIT_LEDGER_LEDGER_UNIT_H

#include "tests/unit/unit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledger/ledger.h"

#define NOW 1800000000
#define OK(call) \
	do { \
		if ((call) != 0) { \
			err_print(&e, stderr, #call); \
			fail(); \
		} \
	} while (0)
#define REFUSED(call, want) \
	do { \
		assert_int_equal(call, -1); \
		assert_int_equal(e.status, want); \
	} while (0)

static struct err e;
static struct clock the_clock = { .fixed = NOW };
static char base[64], home[80], db_path[96];

static __attribute__((__unused__)) int in_folder(void **state)
{
	(void)state;
	(void)snprintf(base, sizeof(base), "%s", "/tmp/p11ca-ledger.XXXXXX");
	if (mkdtemp(base) == NULL)
		return -1;
	(void)snprintf(home, sizeof(home), "%s/home", base);
	(void)snprintf(db_path, sizeof(db_path), "%s/ledger.db", home);
	the_clock.fixed = NOW;
	return chdir(base);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static __attribute__((__unused__)) int remove_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static inline struct ledger_options options(void)
{
	return (struct ledger_options){ .home = home, .clock = &the_clock, .actor = "uid 0 (root) host test" };
}

static inline struct ledger *open_ledger(bool create)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	o.create = create;
	OK(ledger_open(&l, &o, &e));
	return l;
}

static inline struct key_row planned_key(struct ledger *l, const char *purpose, const char *name)
{
	struct key_row row = { .location = {
				   .module_path = "/usr/lib/m.so", .token_label = "card", .cka_id = "0a0b" } };

	(void)snprintf(row.purpose, sizeof(row.purpose), "%s", purpose);
	(void)snprintf(row.name, sizeof(row.name), "%s", name);
	(void)snprintf(row.spec, sizeof(row.spec), "rsa:2048");
	OK(ledger_key_plan(l, &row, &e));
	return row;
}

static inline struct key_row proved_key(struct ledger *l, const char *purpose, const char *name)
{
	const struct key_evidence evidence = { .local = EVIDENCE_YES, .extractable = EVIDENCE_NO,
		.value_refused = EVIDENCE_YES, .is_challenge_signed = true, .module_path = "/usr/lib/m.so",
		.module_name = "M 1.0", .time = NOW };
	struct key_row row = planned_key(l, purpose, name);
	char spki[300];

	(void)snprintf(spki, sizeof(spki), "SPKI of %s", name);
	OK(ledger_key_made(l, row.id, "0a0c", (struct bytes){ (unsigned char *)spki, strlen(spki) }, &e));
	OK(ledger_key_proved(l, row.id, &evidence, &e));
	OK(ledger_key_get(&row, l, row.id, &e));
	return row;
}

/* A certificate as DER: SEQUENCE { TBS, rest }.  The TBS is 4 + 300 bytes that hold the number. */
struct fake {
	unsigned char der[400];
	struct cert_row row;
	struct cert_info info;
};

static inline void fake_cert(struct fake *f, unsigned number, const char *name)
{
	static const unsigned char head[] = { 0x30, 0x82, 316 >> 8, 316 & 0xff, 0x30, 0x82, 300 >> 8, 300 & 0xff };

	memset(f, 0, sizeof(*f));
	memcpy(f->der, head, sizeof(head));
	(void)snprintf((char *)f->der + sizeof(head), 100, "certificate %u of %s", number, name);
	f->der[308] = 0x30;
	f->der[309] = 10;
	f->info.der = (struct bytes){ f->der, 320 };
	f->row.tbs = (struct bytes){ f->der + 4, 304 };
	f->row.not_before = NOW - 300;
	f->row.not_after = NOW + 86400;
	(void)snprintf(f->row.name, sizeof(f->row.name), "%s", name);
	(void)snprintf(f->row.template_name, sizeof(f->row.template_name), "azure-client");
	(void)snprintf(f->row.serial, sizeof(f->row.serial), "4f%08x", number);
	(void)snprintf(f->row.subject, sizeof(f->row.subject), "CN=%s", name);
	OK(hash_sha256_hex(f->row.spki_sha256, (struct bytes){ (const unsigned char *)name, strlen(name) }, &e));
}

static inline int begin(struct ledger *l, struct fake *f, unsigned max_live)
{
	struct cert_row *rows[] = { &f->row };

	return ledger_certs_begin(l, rows, 1, max_live, &e);
}

static inline int issue(struct ledger *l, struct fake *f)
{
	const struct cert_done done = { f->row.id, &f->info };

	return ledger_certs_issued(l, &done, 1, &e);
}

/* A root "name" with key and certificate; returns its id. */
static inline int64_t made_root(struct ledger *l, const char *name)
{
	struct root_row root = { .key_id = proved_key(l, "root", name).id };
	struct fake f;

	(void)snprintf(root.name, sizeof(root.name), "%s", name);
	(void)snprintf(root.subject, sizeof(root.subject), "CN=%s", name);
	OK(ledger_root_plan(l, &root, &e));
	fake_cert(&f, (unsigned)root.id, name);
	f.row.is_root = true;
	f.row.root_id = root.id;
	f.row.key_id = root.key_id;
	OK(begin(l, &f, 0));
	OK(issue(l, &f));
	OK(ledger_root_set_cert(l, root.id, f.row.id, &e));
	return root.id;
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, in_folder, remove_folder)

struct faults {
	char ids[2000];              /* " ledger-head ledger-…" */
	char texts[8000];
	uint64_t n;
};

static inline int collect(const char *id, const char *text, void *arg, struct err *unused)
{
	struct faults *f = arg;
	const size_t used = strlen(f->ids), used_text = strlen(f->texts);

	(void)unused;
	(void)snprintf(f->ids + used, sizeof(f->ids) - used, " %s", id);
	(void)snprintf(f->texts + used_text, sizeof(f->texts) - used_text, "%s\n", text);
	return 0;
}

static inline struct faults verify(struct ledger *l, cert_check_fn *check)
{
	static struct faults f;

	memset(&f, 0, sizeof(f));
	OK(ledger_verify(&f.n, l, collect, check, &f, &e));
	return f;
}

/* What somebody with the file and SQLite can do; the first column, or -1 where it was refused. */
static inline int64_t forge(const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t n = 0;

	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		n = -1;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

#endif
