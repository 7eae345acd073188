/* SPDX-License-Identifier: MIT */
/* gateways.c - records the gateways that clients connect to, and the observed states of their certificates. */
#include "ledger/internal.h"

#include <string.h>

static int find_gateway(struct gateway_record *out, bool *found, struct ledger *l,
    const struct row_filter *filter, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	*out = (struct gateway_record){ 0 };
	*found = false;
	if (row_query(&q, l, &gateways_table, filter, e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	*found = r > 0;
	return r > 0 ? row_read(&out->row.id, out, &q, &gateways_table, e) : 0;
}

int ledger_gateway_find(struct gateway_row *out, bool *found, struct ledger *l, const char *name, struct err *e)
{
	struct gateway_record gateway;

	if (find_gateway(&gateway, found, l, FILTER("WHERE name = ?1", v_text(name)), e) < 0)
		return -1;
	*out = gateway.row;
	return 0;
}

static void gateways_object_of(char out[OBJECT_MAX], const struct gateway_row *row)
{
	(void)snprintf(out, OBJECT_MAX, "gateway %s", row->name);
}

int ledger_gateway_add(struct ledger *l, struct gateway_row *row, bool replace, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct gateway_record old, gateway = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];
	bool found;

	if (txn_begin(&t, l, e) < 0 ||
	    find_gateway(&old, &found, l, FILTER("WHERE name = ?1", v_text(row->name)), e) < 0)
		return -1;
	if (found && !replace) {
		(void)err_set(e, ERR_POLICY, "the ledger already has a gateway '%s'", old.row.name);
		return err_rule(e, "gateway-name-taken", "change its entry with --replace");
	}
	gateway.row.added_at = found ? old.row.added_at : clock_now(l->o.clock);
	gateway.row.observed_at = old.row.observed_at;
	gateways_object_of(object, row);
	if (row_write(&gateway.row.id, l,
		&(struct change){ &gateways_table, old.row.id, found ? "gateway-changed" : "gateway-added", object }, e,
		facts, row_facts(facts, &gateways_table, &gateway, !found)) < 0 ||
	    txn_commit(&t, e) < 0)
		return -1;
	*row = gateway.row;
	return 0;
}

int ledger_each_gateway(struct ledger *l, gateway_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &gateways_table, FILTER_ONLY("ORDER BY id"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct gateway_record gateway = { 0 };

		if (row_read(&gateway.row.id, &gateway, &q, &gateways_table, e) < 0 || fn(&gateway.row, arg, e) < 0)
			return -1;
	}
	return r;
}

static int write_observation(struct ledger *l, const struct observation_row *row, const char *object, struct err *e)
{
	struct observation_record sighting = { .row = *row };
	struct fact facts[COLS_MAX];
	struct cert_record cert;
	size_t n;

	if (cert_load(&cert, NULL, l, row->cert_id, e) < 0)
		return -1;
	n = row_facts(facts, &observations_table, &sighting, true);
	facts[n++] = (struct fact)EXTRA("serial", v_text(cert.row.serial));
	return row_write(NULL, l, &(struct change){ &observations_table, 0, "gateway-sighting", object }, e, facts, n);
}

int ledger_gateway_observed(
    struct ledger *l, int64_t gateway_id, const struct observation_row rows[], size_t n, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	const int64_t now = clock_now(l->o.clock);
	struct gateway_record gateway;
	char object[OBJECT_MAX];
	bool found;

	if (txn_begin(&t, l, e) < 0 ||
	    find_gateway(&gateway, &found, l, FILTER("WHERE id = ?1", v_int(gateway_id)), e) < 0)
		return -1;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "the ledger has no gateway %lld", (long long)gateway_id);
	gateways_object_of(object, &gateway.row);
	for (size_t i = 0; i < n; i++) {
		struct observation_row row = rows[i];

		row.gateway_id = gateway_id;
		row.observed_at = now;
		if (write_observation(l, &row, object, e) < 0)
			return -1;
	}
	if (row_write(NULL, l, &(struct change){ &gateways_table, gateway_id, "gateway-seen", object }, e,
		FACTS(FACT("seen_at", v_int(now)))) < 0)
		return -1;
	return txn_commit(&t, e);
}

#define NEWEST                                                                                     \
	"id = (SELECT max(s.id) FROM sightings s WHERE s.gateway_id = sightings.gateway_id"        \
	" AND s.cert_id = sightings.cert_id) ORDER BY id"
int ledger_each_observation(struct ledger *l, const struct observation_query *which, observation_row_fn *fn, void *arg,
    struct err *e)
{
	/* two queries, each by the index sightings_of: a condition with OR would read the whole table */
	static const char of_one[] = "WHERE gateway_id = ?1 AND cert_id = ?2 ORDER BY id DESC LIMIT 1";
	static const char of_gateway[] = "WHERE gateway_id = ?1 AND ?2 = 0 AND " NEWEST;
	static const char of_all[] = "WHERE ?1 = 0 AND (?2 = 0 OR cert_id = ?2) AND " NEWEST;
	const char *newest = which->gateway_id == 0 ? of_all : which->cert_id == 0 ? of_gateway : of_one;
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &observations_table,
		FILTER(newest, v_int(which->gateway_id), v_int(which->cert_id)), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct observation_record sighting = { 0 };

		if (row_read(&sighting.row.id, &sighting, &q, &observations_table, e) < 0 ||
		    fn(&sighting.row, arg, e) < 0)
			return -1;
	}
	return r;
}

int ledger_cert_was_restored(bool *was, struct ledger *l, int64_t id, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM events WHERE row_table = 'certificates' AND row_id = ?1"
				  " AND instr(body, char(10) || 'kind: certificate-restored' || char(10)) > 0";
	int64_t n = 0;

	if (db_int(&n, &l->db, sql, e, ARGS(v_int(id))) < 0)
		return -1;
	*was = n > 0;
	return 0;
}

int ledger_gateway_saw_restore(bool *out, struct ledger *l, int64_t gateway_id, int64_t cert_id, struct err *e)
{
	static const char sql[] =
	    "SELECT (SELECT ifnull(max(seq), 0) FROM events WHERE row_table = 'gateways' AND row_id = ?1"
	    " AND instr(body, char(10) || 'kind: gateway-seen' || char(10)) > 0) >"
	    " (SELECT ifnull(max(seq), 0) FROM events WHERE row_table = 'certificates' AND row_id = ?2"
	    " AND instr(body, char(10) || 'kind: certificate-restored' || char(10)) > 0)";
	int64_t is_later = 0;

	if (db_int(&is_later, &l->db, sql, e, ARGS(v_int(gateway_id), v_int(cert_id))) < 0)
		return -1;
	*out = is_later != 0;
	return 0;
}
