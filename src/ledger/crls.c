/* SPDX-License-Identifier: MIT */
/* crls.c - records certificate revocation lists: their numbers, and each list before it is signed. */
#include "ledger/internal.h"

#include <string.h>

static int last_number(int64_t *out, struct ledger *l, int64_t root_id, struct err *e)
{
	static const char sql[] = "SELECT ifnull(max(number), 0) FROM crls WHERE root_id = ?1";

	*out = 0;
	return db_int(out, &l->db, sql, e, ARGS(v_int(root_id)));
}

int ledger_crl_next(int64_t *last, int64_t *next, struct ledger *l, int64_t root_id, struct err *e)
{
	const int64_t now = clock_now(l->o.clock);
	int64_t newest;

	if (last_number(&newest, l, root_id, e) < 0)
		return -1;
	*last = newest;
	/* the time: after a restore from an old copy, numbers still exceed those given out before */
	*next = newest + 1 > now ? newest + 1 : now;
	return 0;
}

static void crls_object_of(char out[OBJECT_MAX], const struct root_row *root, int64_t number)
{
	(void)snprintf(out, OBJECT_MAX, "CRL %lld of root %s", (long long)number, root->name);
}

int crl_import(struct ledger *l, const struct crl_row *row, struct err *e)
{
	struct crl_record crl = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];
	struct root_row root;
	int64_t newest;

	if (ledger_root_get(&root, l, row->root_id, e) < 0 || last_number(&newest, l, row->root_id, e) < 0)
		return -1;
	if (row->number <= newest)
		return 0;
	crl.row.created_at = clock_now(l->o.clock);
	crl.row.signed_at = row->this_update;
	crls_object_of(object, &root, row->number);
	return row_write(NULL, l, &(struct change){ &crls_table, 0, "crl-imported", object }, e, facts,
	    row_facts(facts, &crls_table, &crl, true));
}

int ledger_crl_begin(bool *is_late, struct ledger *l, struct crl_row *row, int64_t last, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct crl_record crl = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];
	struct root_row root;
	int64_t newest;

	if (row->number <= last)
		return err_set(e, ERR_INTERNAL, "CRL number %lld is not higher than %lld", (long long)row->number,
		    (long long)last);
	if (txn_begin(&t, l, e) < 0 || ledger_may_sign(l, e) < 0 ||
	    ledger_root_get(&root, l, row->root_id, e) < 0 || last_number(&newest, l, row->root_id, e) < 0)
		return -1;
	*is_late = newest != last;
	if (*is_late)
		return 0;
	crl.row.created_at = clock_now(l->o.clock);
	crl.row.signed_at = 0;
	crl.row.sha256[0] = '\0';
	crls_object_of(object, &root, row->number);
	if (row_write(&crl.row.id, l, &(struct change){ &crls_table, 0, "crl-signing", object }, e, facts,
		row_facts(facts, &crls_table, &crl, true)) < 0 ||
	    txn_commit(&t, e) < 0)
		return -1;
	*row = crl.row;
	return 0;
}

static int load_crl(struct crl_record *out, struct ledger *l, int64_t id, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	*out = (struct crl_record){ 0 };
	if (row_query(&q, l, &crls_table, FILTER("WHERE id = ?1", v_int(id)), e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_NOT_FOUND, "the ledger has no CRL %lld", (long long)id);
	return row_read(&out->row.id, out, &q, &crls_table, e);
}

int ledger_crl_signed(struct ledger *l, int64_t id, const char *sha256, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct crl_record crl;
	char object[OBJECT_MAX];
	struct root_row root;

	if (txn_begin(&t, l, e) < 0 || load_crl(&crl, l, id, e) < 0 ||
	    ledger_root_get(&root, l, crl.row.root_id, e) < 0)
		return -1;
	crls_object_of(object, &root, crl.row.number);
	if (crl.row.sha256[0] != '\0')
		return err_set(e, ERR_LEDGER, "%s was signed before", object);
	if (row_write(NULL, l, &(struct change){ &crls_table, id, "crl-signed", object }, e,
		FACTS(FACT("sha256", v_text(sha256)), FACT("signed_at", v_int(clock_now(l->o.clock))))) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_each_crl(struct ledger *l, crl_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &crls_table, FILTER_ONLY("ORDER BY root_id, number"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct crl_record crl = { 0 };

		if (row_read(&crl.row.id, &crl, &q, &crls_table, e) < 0 || fn(&crl.row, arg, e) < 0)
			return -1;
	}
	return r;
}
