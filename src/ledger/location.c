/* SPDX-License-Identifier: MIT */
/* location.c - records the ledger's machine, and whether events missing after a restore were acknowledged. */
#include "ledger/internal.h"

#include <string.h>

static void location_object_of(char out[OBJECT_MAX], const struct ledger *l)
{
	(void)snprintf(out, OBJECT_MAX, "ledger %s", l->id);
}

int location_add(struct ledger *l, const struct location_row *row, const char *kind, struct err *e)
{
	struct location_record place = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];

	location_object_of(object, l);
	place.row.epoch = l->epoch;
	place.row.placed_at = clock_now(l->o.clock);
	(void)snprintf(place.row.host, sizeof(place.row.host), "%s", l->o.host != NULL ? l->o.host : "");
	return row_write(NULL, l, &(struct change){ &locations_table, 0, kind, object }, e, facts,
	    row_facts(facts, &locations_table, &place, true));
}

/* Binds the ledger to the machine of the first write; checked inside the transaction, because of other processes. */
static int bind_here(struct ledger *l, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct location_row row;

	if (txn_begin(&t, l, e) < 0 || ledger_location(&row, l, e) < 0)
		return -1;
	if (row.id != 0)
		return 0;
	row = (struct location_row){ .state = LOCATION_IN_USE, .n_events = l->head.seq };
	return location_add(l, &row, "ledger-placed", e) < 0 ? -1 : txn_commit(&t, e);
}

static int refuse_other_host(const struct ledger *l, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the ledger '%.160s' belongs to another machine", l->db.path);
	(void)err_cause(e, "on two machines, ledger %s would have two different histories", l->id);
	return err_rule(e, "ledger-other-host",
	    "run `p11ca ledger move` on that machine and `p11ca ledger restore` on this one; if that machine is "
	    "lost, restore a backup; if the disk moves between machines, set any-host in p11ca.conf");
}

int location_check(struct ledger *l, struct err *e)
{
	const bool has_host = l->o.host != NULL && l->o.host[0] != '\0';
	struct location_row row;

	if (ledger_location(&row, l, e) < 0)
		return -1;
	if (strcmp(row.state, LOCATION_MOVED) == 0 && !l->o.is_moving)
		return txn_refuse_moved(l, e);
	if (l->is_test || l->o.any_host)
		return 0;
	if (row.id == 0)
		return has_host ? bind_here(l, e) : 0;
	return row.host[0] == '\0' || strcmp(row.host, has_host ? l->o.host : "") == 0 ? 0 : refuse_other_host(l, e);
}

int ledger_may_sign(struct ledger *l, struct err *e)
{
	struct location_row row;

	if (ledger_location(&row, l, e) < 0)
		return -1;
	if (strcmp(row.state, LOCATION_SUSPENDED) != 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "issuing is suspended: the ledger '%.160s' was restored and not yet acknowledged",
	    l->db.path);
	(void)err_cause(e, "events after event %lld are missing from the ledger", (long long)row.n_events);
	return err_rule(e, "ledger-issuing-suspended",
	    "add missing certificates with `p11ca client import`, then run `p11ca ledger acknowledge --note REASON`");
}

static int change_state(struct ledger *l, const struct location_row *row, const char *state, const char *kind,
    struct err *e)
{
	const int64_t at = strcmp(state, LOCATION_IN_USE) == 0 ? clock_now(l->o.clock) : row->acknowledged_at;
	char object[OBJECT_MAX];

	location_object_of(object, l);
	return row_write(NULL, l, &(struct change){ &locations_table, row->id, kind, object }, e,
	    FACTS(FACT("state", v_text(state)), FACT("acknowledged_at", v_int(at))));
}

int ledger_acknowledge(struct ledger *l, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct location_row row;

	if (txn_begin(&t, l, e) < 0 || ledger_location(&row, l, e) < 0)
		return -1;
	if (strcmp(row.state, LOCATION_SUSPENDED) != 0) {
		(void)err_set(e, ERR_POLICY, "the ledger '%.160s' is not suspended", l->db.path);
		return err_rule(e, "ledger-issuing-not-suspended", "there is nothing to acknowledge");
	}
	return change_state(l, &row, LOCATION_IN_USE, "ledger-acknowledged", e) < 0 ? -1 : txn_commit(&t, e);
}

/* Gives a location to a ledger without one (no machine id, or a test ledger): the seal is a state of the location. */
static int location_seal(struct ledger *l, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct location_row row;
	int r;

	if (txn_begin(&t, l, e) < 0 || ledger_location(&row, l, e) < 0)
		return -1;
	if (strcmp(row.state, LOCATION_MOVED) == 0)
		return 0;
	if (ledger_may_sign(l, e) < 0)
		return -1;
	if (row.id == 0)
		r = location_add(
		    l, &(struct location_row){ .state = LOCATION_MOVED, .n_events = l->head.seq }, "ledger-moved", e);
	else
		r = change_state(l, &row, LOCATION_MOVED, "ledger-moved", e);
	return r < 0 ? -1 : txn_commit(&t, e);
}

/* Transactions of other writers would be refused after the seal; the writers should end first. */
static int refuse_others(const struct ledger *l, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "another p11ca process is using the ledger '%.160s'", l->db.path);
	return err_rule(e, "operation-running", "wait until it ends");
}

int ledger_move(struct ledger *l, const char *path, struct err *e)
{
	bool others;

	*e = (struct err)ERR_INIT;
	if (writer_others(&others, l, e) < 0)
		return -1;
	if (others)
		return refuse_others(l, e);
	return location_seal(l, e) < 0 ? -1 : ledger_backup(l, path, e);
}
