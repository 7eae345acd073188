/* SPDX-License-Identifier: MIT */
/* roots.c - records roots: a name for a key and, once issued, its certificate. */
#include "ledger/internal.h"

#include <string.h>

#include "util/unicode.h"

/* A name is free again if its key became an orphan before a certificate existed. */
#define ABANDONED "(cert_id IS NULL AND (SELECT state FROM keys WHERE keys.id = key_id) = 'orphan')"

static void roots_object_of(char out[OBJECT_MAX], const char *name)
{
	(void)snprintf(out, OBJECT_MAX, "root %s", name);
}

static int roots_find_root(struct root_row *out, bool *found, struct ledger *l,
    const struct row_filter *filter, struct err *e)
{
	struct root_record root = { 0 };
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &roots_table, filter, e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	*found = r > 0;
	if (r == 0)
		return 0;
	if (row_read(&root.row.id, &root, &q, &roots_table, e) < 0)
		return -1;
	*out = root.row;
	return 0;
}

static int roots_refuse_name(const struct root_row *other, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the ledger already has a root '%s'", other->name);
	return err_rule(e, "root-name-taken", "choose another name; `p11ca root list` lists the names in use");
}

static int refuse_subject(const struct root_row *other, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' already has the subject '%.120s'", other->name, other->subject);
	return err_rule(e, "root-subject-taken",
	    "clients cannot distinguish two roots with the same subject; choose another --subject");
}

/* Names and subjects of roots are compared by name_key(), so that two roots never look the same. */
static int refuse_same(const struct root_row *other, void *arg, struct err *e)
{
	const struct root_row *row = arg;
	bool same_name, same_subject;

	if (name_is_same(&same_name, other->name, row->name, e) < 0 ||
	    name_is_same(&same_subject, other->subject, row->subject, e) < 0)
		return -1;
	if (same_name)
		return roots_refuse_name(other, e);
	return same_subject ? refuse_subject(other, e) : 0;
}

static int each_root(struct ledger *l, const char *where, root_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &roots_table, FILTER_ONLY(where), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct root_record root = { 0 };

		if (row_read(&root.row.id, &root, &q, &roots_table, e) < 0 || fn(&root.row, arg, e) < 0)
			return -1;
	}
	return r;
}

int root_write(struct root_row *row, struct ledger *l, const char *kind, struct err *e)
{
	struct root_record root = { .row = *row };
	struct fact facts[COLS_MAX];
	struct root_row abandoned, taken = *row;
	char object[OBJECT_MAX];
	bool found;

	root.row.cert_id = 0;
	root.row.is_retired = false;
	root.row.created_at = clock_now(l->o.clock);
	roots_object_of(object, row->name);
	if (each_root(l, "WHERE NOT " ABANDONED " ORDER BY id", refuse_same, &taken, e) < 0 ||
	    roots_find_root(&abandoned, &found, l, FILTER("WHERE name = ?1", v_text(row->name)), e) < 0)
		return -1;
	root.row.id = found ? abandoned.id : 0;
	if (row_write(&root.row.id, l, &(struct change){ &roots_table, root.row.id, kind, object }, e, facts,
		row_facts(facts, &roots_table, &root, !found)) < 0)
		return -1;
	*row = root.row;
	return 0;
}

int ledger_root_plan(struct ledger *l, struct root_row *row, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct root_row written = *row;

	if (txn_begin(&t, l, e) < 0 || root_write(&written, l, "root-planned", e) < 0 || txn_commit(&t, e) < 0)
		return -1;
	*row = written;
	return 0;
}

static int change_root(struct ledger *l, int64_t id, const char *kind, struct err *e, const struct fact facts[],
    size_t n)
{
	char object[OBJECT_MAX];
	struct root_row row;

	if (ledger_root_get(&row, l, id, e) < 0)
		return -1;
	roots_object_of(object, row.name);
	return row_write(NULL, l, &(struct change){ &roots_table, id, kind, object }, e, facts, n);
}

int root_set_cert(struct ledger *l, int64_t root_id, int64_t cert_id, struct err *e)
{
	struct cert_record cert;

	if (cert_load(&cert, NULL, l, cert_id, e) < 0)
		return -1;
	if (!cert.row.is_root || !cert_is(&cert.row, CERT_ISSUED))
		return err_set(e, ERR_LEDGER, "certificate %s (%s) is not an issued certificate of a root",
		    cert.row.serial, cert.row.state);
	return change_root(l, root_id, "root-certified", e,
	    FACTS(FACT("cert_id", v_ref(cert_id)), EXTRA("serial", v_text(cert.row.serial)),
		EXTRA("fingerprint", v_text(cert.row.fingerprint))));
}

int ledger_root_set_cert(struct ledger *l, int64_t root_id, int64_t cert_id, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	return txn_begin(&t, l, e) < 0 || root_set_cert(l, root_id, cert_id, e) < 0 ? -1 : txn_commit(&t, e);
}

int ledger_root_set_allow_names(struct ledger *l, int64_t root_id, const char *allow_names, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (txn_begin(&t, l, e) < 0 ||
	    change_root(l, root_id, "root-names-allowed", e, FACTS(FACT("allow_names", v_text(allow_names)))) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_root_retire(struct ledger *l, int64_t root_id, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (txn_begin(&t, l, e) < 0 ||
	    change_root(l, root_id, "root-retired", e, FACTS(FACT("is_retired", v_int(1)))) < 0)
		return -1;
	return txn_commit(&t, e);
}

/* at: time of the first request; 0 = no request. */
static int set_requested(struct ledger *l, int64_t root_id, const char *kind, int64_t at, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct root_row row;

	if (txn_begin(&t, l, e) < 0 || ledger_root_get(&row, l, root_id, e) < 0)
		return -1;
	if ((row.requested_at == 0) == (at == 0))
		return 0;
	return change_root(l, root_id, kind, e, FACTS(FACT("requested_at", v_int(at)))) < 0 ? -1 : txn_commit(&t, e);
}

int ledger_root_requested(struct ledger *l, int64_t root_id, struct err *e)
{
	return set_requested(l, root_id, "root-requested", clock_now(l->o.clock), e);
}

int ledger_root_request_withdrawn(struct ledger *l, int64_t root_id, struct err *e)
{
	return set_requested(l, root_id, "root-request-withdrawn", 0, e);
}

int ledger_root_get(struct root_row *out, struct ledger *l, int64_t id, struct err *e)
{
	bool found;

	if (roots_find_root(out, &found, l, FILTER("WHERE id = ?1", v_int(id)), e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_NOT_FOUND, "the ledger has no root %lld", (long long)id);
}

struct only {
	struct root_row *out;
	unsigned n;
	char names[200];
};

static int see_root(const struct root_row *row, void *arg, struct err *e)
{
	struct only *only = arg;
	const size_t used = strlen(only->names);

	(void)e;
	if (only->n++ == 0)
		*only->out = *row;
	(void)snprintf(only->names + used, sizeof(only->names) - used, "%s%s", used > 0 ? ", " : "", row->name);
	return 0;
}

int ledger_each_root(struct ledger *l, root_row_fn *fn, void *arg, struct err *e)
{
	return each_root(l, "ORDER BY id", fn, arg, e);
}

int ledger_root_find(struct root_row *out, bool *found, struct ledger *l, const char *name, struct err *e)
{
	struct root_row first;
	struct only only = { .out = &first };

	if (name != NULL)
		return roots_find_root(out, found, l, FILTER("WHERE name = ?1", v_text(name)), e);
	/* a root without certificate counts only if no other root exists */
	if (each_root(l, "WHERE is_retired = 0 AND cert_id IS NOT NULL ORDER BY name", see_root, &only, e) < 0 ||
	    (only.n == 0 &&
		each_root(l, "WHERE is_retired = 0 AND NOT " ABANDONED " ORDER BY name", see_root, &only, e) < 0))
		return -1;
	if (only.n > 1) {
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has %u roots: specify one", only.n);
		(void)err_rule(e, "root-ambiguous", "use --root NAME; `p11ca root list` lists the roots");
		return err_cause(e, "%s", only.names);
	}
	*found = only.n == 1;
	if (*found)
		*out = first;
	return 0;
}
