/* SPDX-License-Identifier: MIT */
/*
 * internal.h - functions shared by the files of src/ledger: the open ledger, transactions, rows and their events.
 *
 * A row never changes alone: row_write() changes it and appends an event with the same values, column by column.
 * So replaying the events of a row yields the row, and ledger_verify() compares both.
 */
#ifndef LEDGER_INTERNAL_H
#define LEDGER_INTERNAL_H

#include "ledger/db/db.h"
#include "ledger/ledger.h"
#include "model/row_state.h"
#include "util/field.h"
#include "util/lock.h"

#define WRITER_HEX 17            /* 8 random bytes, with the NUL */
#define OBJECT_MAX 160           /* event_row.object */
#define COLS_MAX 64              /* name of a table */

struct head {                    /* the end of the chain, inside a transaction */
	int64_t seq, time;           /* 0 before the first event */
	char hash[SHA256_HEX];       /* 64 zeros before the first event */
};

struct ledger {
	struct ledger_options o;     /* texts borrowed from the caller */
	struct db db;
	char *home;                  /* absolute, without symbolic links */
	bool is_copy;                /* o.home was a file: it is only read, and no file is written beside it */
	char id[33];
	unsigned epoch;
	bool is_test;
	bool is_current;             /* the newest schema, which has table places */
	struct head head;            /* valid between txn_begin() and txn_commit() */
	char writer[WRITER_HEX];
	char *writer_path;
	struct lock writer_lock;
};

/* home.c: the ledger's folder. */
/*
 * Checks (and with o->create makes) the home, fills l->home and l->db.path. *is_there: ledger.db exists.
 * For reading, o->home may also be the database file itself: a copy, for example an auditor's.
 */
int home_prepare(struct ledger *l, bool *is_there, struct err *e) MUST_CHECK;
int home_hint(const struct ledger *l, struct err *e); /* -1; of a copy, not of a home, if l is one */
int home_no_ledger(const char *home, struct err *e); /* -1 (ERR_NOT_FOUND) */
/* *is_there: ledger.db exists. -1: it is not a regular file, or other users can change it. */
int home_inspect(bool *is_there, const struct ledger *l, struct err *e) MUST_CHECK;
/* Opens l->db.path into l->db.at with SQLite's defensive settings. */
int home_open_db(struct ledger *l, struct err *e) MUST_CHECK;

/* schema.c: tables, triggers, versions. */
#define SCHEMA_WITH_KEY_VALUES 11 /* the first version with key_sha256 in keys and certificates */
struct schema_step {
	int64_t from, to;            /* versions; old 0 = no ledger before; old = new: nothing was done */
};
/* Creates the tables in an empty database (inside the caller's transaction), or upgrades an older version. */
int schema_migrate(struct schema_step *step, struct db *db, struct err *e) MUST_CHECK;
/* The same up to one version, for tests of ledgers that an older p11ca made. */
int schema_migrate_to(struct schema_step *step, struct db *db, int64_t version, struct err *e) MUST_CHECK;
/* -1 (ERR_LEDGER): not a ledger, or a newer version. */
int schema_check(bool *is_old, struct db *db, struct err *e) MUST_CHECK;
/* *is_same: each table, index and trigger equals that of schema_migrate(). */
int schema_compare(bool *is_same, struct db *db, struct err *e) MUST_CHECK;

/* writer.c: the processes that work on rows. */
/* Takes home/writers/<writer>. n_events: of the ledger, which a name from a seed depends on. */
int writer_start(struct ledger *l, int64_t n_events, struct err *e) MUST_CHECK;
void writer_stop(struct ledger *l);
/* *found: another process has the ledger open for writing. -1 (ERR_LEDGER): this cannot be determined. */
int writer_others(bool *found, const struct ledger *l, struct err *e) MUST_CHECK;
bool writer_is_dead(const struct ledger *l, const char *writer);
/* -1 (ERR_LEDGER): another running process works on the row. `object` names the row. */
int writer_may_finish(const struct ledger *l, const char *writer, const char *object, struct err *e) MUST_CHECK;

/* txn.c: a change and its events in one transaction. */
struct txn {
	struct ledger *l;            /* NULL = no open transaction */
};
/* BEGIN IMMEDIATE; reads the head.  -1: txn_refuse_moved(), too. */
int txn_begin(struct txn *t, struct ledger *l, struct err *e) MUST_CHECK;
int txn_begin_unchecked(struct txn *t, struct ledger *l, struct err *e) MUST_CHECK; /* for a database without tables */
int txn_read_head(struct ledger *l, struct err *e) MUST_CHECK;
int txn_commit(struct txn *t, struct err *e) MUST_CHECK;
void txn_end(struct txn *t);     /* rolls back uncommitted changes */
int txn_refuse_moved(const struct ledger *l, struct err *e); /* -1 (ERR_POLICY, "ledger-moved") */
AUTO_VALUE_DEFINE(txn, txn_end);

/* fact.c: one value in an event. */
struct fact {
	const char *key;             /* name of the column, or another name */
	struct value v;
	bool is_extra;               /* only in the event: no column of the table has this name */
	bool is_default;             /* the event may omit it */
};
#define FACT(key, v) { (key), (v), false, false }
#define EXTRA(key, v) { (key), (v), true, false }
#define FACTS(...) \
	(const struct fact[]){ __VA_ARGS__ }, sizeof((const struct fact[]){ __VA_ARGS__ }) / sizeof(struct fact)
/* Writes a value as an event does, before escaping: text unchanged, numbers in decimal, bytes as their SHA-256. */
int value_text(struct buf *out, const struct value *v, struct err *e) MUST_CHECK;
/* Appends text as one line, reversibly: print_safe(), and \ doubled. */
int fact_escape(struct buf *out, const char *text, struct err *e) MUST_CHECK;
struct line {
	const char *key, *value;     /* borrowed; not NUL-terminated */
	size_t key_len, value_len;
};
/* The next "key: value" line at *p; false at the end. */
bool line_next(struct line *out, const char **p);
bool line_is(const struct line *line, const char *key);
/* The value of the first line with this key, cut to size; "" = no such line. */
void line_find(char *out, size_t size, const char *body, const char *key);
#define LINE_LAST_HEADER "prev"  /* facts follow */

/* event.c: append to the chain; log.c reads it. */
struct event {
	const char *kind;            /* static */
	const char *object;
	const char *table;           /* id of the row of the event; NULL = no row */
	int64_t row_id;
};
/* Must run inside a transaction; updates l->head. */
int event_append(struct ledger *l, const struct event *ev, struct err *e, const struct fact facts[], size_t n)
    MUST_CHECK;

/* row.c: converts rows of a table to structs and back. */
enum col_type { COL_TEXT, COL_INT, COL_REF, COL_BOOL, COL_EVIDENCE, COL_BLOB };
struct col {
	const char *name;
	enum col_type type;
	size_t offset, size;         /* of the member in the record */
	bool is_derived;             /* computed from another column of the row: not in events */
};
struct table {
	const char *name;
	const struct col *cols;      /* all columns but id and the derived ones */
	size_t n_cols;
	const struct derived *derived;
	size_t n_derived;
};
const char *col_default(const struct col *c); /* as text */
/* A column that is derived from another and is in no event: its name_key(), for comparing names. */
struct derived {
	const char *column, *of;
};
#define DERIVED_MAX 2            /* a row of a table, with its record */

struct change {
	const struct table *table;
	int64_t id;                  /* 0 = a new row */
	const char *kind, *object;   /* of the event */
};
/* Writes the facts into the row and appends the event; *id (may be NULL) receives the row's id. */
int row_write(int64_t *id, struct ledger *l, const struct change *c, struct err *e, const struct fact facts[], size_t n)
    MUST_CHECK;
/* Every column of the record as facts; empty columns of a new row are omitted from the event. Returns the number. */
size_t row_facts(struct fact facts[COLS_MAX], const struct table *t, const void *record, bool is_new);
/* A change of a row that must be in one of some states, and its event. */
struct state_change {
	int64_t id;
	unsigned states;             /* STATE_SET of each */
	const char *kind;            /* of the event */
	const struct fact *facts;
	size_t n_facts;
};
/* Which rows of a table: SQL after the table's name, with the arguments of its ?1 and so on. */
struct row_filter {
	const char *sql;
	const struct value *args;
	size_t n_args;
};
#define FILTER(sql, ...) (&(const struct row_filter){ sql, ARGS(__VA_ARGS__) })
#define FILTER_ONLY(sql) (&(const struct row_filter){ sql, NO_ARGS })
/* Queries all columns. */
int row_query(struct query *out, struct ledger *l, const struct table *t, const struct row_filter *filter,
    struct err *e) MUST_CHECK;
/* Returns the id and fills the record from the current row; bytes are borrowed until the next db_next(). */
int row_read(int64_t *id, void *record, const struct query *q, const struct table *t, struct err *e) MUST_CHECK;

/* The tables, with the columns that model/ledger_rows.h does not have. */
struct key_record {
	struct key_row row;
	char writer[WRITER_HEX];
	struct bytes spki;
};
struct root_record {
	struct root_row row;
};
struct cert_record {
	struct cert_row row;
	char writer[WRITER_HEX];
};
struct crl_record {
	struct crl_row row;
};
struct profile_record {
	struct profile_row row;
};
struct gateway_record {
	struct gateway_row row;
};
struct observation_record {
	struct observation_row row;
};
struct location_record {
	struct location_row row;
};
struct meta_record {             /* the ledger itself: row 1 of table ledger */
	char ledger_id[33];
	int64_t epoch, created_at;
	bool is_test;
};
extern const struct table keys_table, roots_table, certs_table, profiles_table, crls_table, meta_table,
    gateways_table, observations_table, locations_table;

/* keys.c, certs.c */
int key_load(struct key_record *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK; /* spki stays empty */
/* tbs (may be NULL) receives the stored TBS; row.tbs and row.der stay empty. */
int cert_load(struct cert_record *out, struct buf *tbs, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/* Fills a certificate's record from the current row, with is_writer_dead, and the TBS taken from the DER. */
int cert_read_row(struct cert_record *out, struct ledger *l, const struct query *q, struct err *e) MUST_CHECK;
/* The name of a key in events. */
void cert_object(char out[OBJECT_MAX], const struct cert_row *row);
/* Whether the key and name of the row may have one more live certificate; max_live and -1: see ledger_certs_begin(). */
int cert_check_policy(struct ledger *l, const struct cert_row *row, unsigned max_live, struct err *e) MUST_CHECK;
/* The first element of a DER SEQUENCE: the TBS of a certificate (RFC 5280, 4.1). False: not a SEQUENCE. */
bool der_first(struct bytes *out, struct bytes der);

/* Does the checks and writes the row of ledger_root_plan(), inside the caller's transaction; kind: of the event. */
int root_write(struct root_row *row, struct ledger *l, const char *kind, struct err *e) MUST_CHECK;
int root_set_cert(struct ledger *l, int64_t root_id, int64_t cert_id, struct err *e) MUST_CHECK;
/* -1 (ERR_POLICY, "key-recorded"): a key with this value is in the ledger and is not an orphan. */
int key_refuse_recorded(struct ledger *l, const char *key_sha256, struct err *e) MUST_CHECK;
/* Fills the facts of a proof and sets n. */
enum { /* facts of a proof: six, and each row of model/evidence.def */
#define EVIDENCE(member, key, text) EVIDENCE_##member,
#include "model/evidence.def"
#undef EVIDENCE
	N_EVIDENCE,
	PROOF_FACTS = N_EVIDENCE + 6,
};
size_t key_proof_facts(struct fact facts[PROOF_FACTS], const struct ledger *l, const struct key_evidence *v);
/* Checks the rules of ledger_certs_begin(). */
int cert_check_policy(struct ledger *l, const struct cert_row *row, unsigned max_live, struct err *e) MUST_CHECK;

/* ledger.c: fills id, epoch and is_test from row 1 of table ledger, whose columns never changed. */
int ledger_read_meta(struct ledger *l, struct err *e) MUST_CHECK;
/* Appends the event about an upgrade from an older schema; inside the caller's transaction. */
int ledger_note_upgrade(struct ledger *l, const struct schema_step *step, struct err *e) MUST_CHECK;
/* -1 (ERR_POLICY): "clock-went-back". */
int ledger_check_clock(struct ledger *l, struct err *e) MUST_CHECK;

/* location.c */
/* Records the first location; -1 (ERR_POLICY): "ledger-moved", "ledger-other-host". */
int location_check(struct ledger *l, struct err *e) MUST_CHECK;
/* Records that the ledger is on this machine, inside a transaction. kind: of the event. */
int location_add(struct ledger *l, const struct location_row *row, const char *kind, struct err *e) MUST_CHECK;

/* value.c: the value of keys (ledger_options.key_value); "" if the ledger does not have the key. */
int value_of_spki(char out[SHA256_HEX], const struct ledger *l, struct bytes spki, struct err *e) MUST_CHECK;
/* from der, else from tbs */
int value_of_cert(char out[SHA256_HEX], const struct ledger *l, const struct cert_row *row, struct err *e) MUST_CHECK;
/* Fills the column after an upgrade added it; inside the caller's transaction. */
int value_fill(struct ledger *l, const struct schema_step *step, struct err *e) MUST_CHECK;

/* backup.c: copies every page as of one moment. */
int backup_pages(struct db *to, const struct db *from, struct err *e) MUST_CHECK;
/* Copies all of l into the existing empty file path. */
int backup_copy(struct ledger *l, const char *path, struct err *e) MUST_CHECK;

/* crls.c: records, inside a transaction, a list that was signed elsewhere, if its number is above the last. */
int crl_import(struct ledger *l, const struct crl_row *row, struct err *e) MUST_CHECK;

/* precedents.c: facts about a name and a key; *is_other: a live certificate has the key for another name or device. */
int precedents_find(struct ledger_precedents *out, bool *is_other, struct ledger *l, const struct cert_row *who,
    struct err *e) MUST_CHECK;

/* verify_rows.c: compares each row with its events. */
struct verify {
	struct ledger *l;
	fault_fn *fn;
	cert_check_fn *check_cert;
	void *arg;
	uint64_t n;
	bool is_sealed;              /* the last event before a move */
	bool is_stopped;             /* fn needs no more faults */
};
/* verify_fault.c: reports one fault; -1: fn wants no more. */
int verify_fault(struct verify *v, const char *id, struct err *e, const char *fmt, ...) ERR_FMT(4, 5) MUST_CHECK;
int verify_rows(struct verify *v, struct err *e) MUST_CHECK;
/* value.c: compares column key_sha256 of each row with the value of the key in the row. */
int value_verify(struct verify *v, struct err *e) MUST_CHECK;
int verify_unfinished(struct verify *v, struct err *e) MUST_CHECK;

/* The values of each column in the events of a row, escaped; NULL = not set. */
struct replayed {
	char *text[COLS_MAX];
	unsigned n_events;
};
/* The values of a row that transitions depend on. */
struct moment {
	char state[16], reason[REVOKE_REASON_MAX], revoked_at[24], key_id[24], cert_id[24];
	int64_t epoch;
	bool was_issued, has_fingerprint;
};
void moment_read(struct moment *m, const struct replayed *r, const struct table *t);
struct step_of_row {             /* an event, and the row before and after the event */
	const struct table *table;
	int64_t row_id, seq;
	const char *body;
	const struct moment *before, *after;
};
/* verify_states.c: "ledger-transition" if no row of transitions.def allows the event. */
int verify_transition(struct verify *v, const struct step_of_row *s, struct err *e) MUST_CHECK;
/*
 * "ledger-serial-reused", "ledger-crl-number", "ledger-key-compromised", "ledger-root-retired",
 * "ledger-signed-while-suspended": faults that several rows together show.
 */
int verify_uniqueness(struct verify *v, struct err *e) MUST_CHECK;

#endif
