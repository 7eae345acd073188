/* SPDX-License-Identifier: MIT */
/* report_gateways.c - what each gateway trusts and refuses, and how it differs from the ledger. */
#include <string.h>
#include <strings.h>

#include "pki/gateway/gateway_plan.h"
#include "pki/gateway/gateway_record.h"
#include "pki/profile/package_op.h"
#include "pki/report/report_table.h"

#define AZURE_ROOTS_MAX 20

struct report_gateway {
	struct report_gateway_id id;
	char name[81], type[24], sku[33];
	int64_t observed_at, n_trusted, n_refused;
	int64_t n_state_roots, n_state_revoked, n_roots_free, n_roots_to_add, n_roots_to_remove, n_revoked_to_add;
};
const struct out_field report_gateway_fields[] = {
	{ OUT_CHARS("name", "Gateway", struct report_gateway, name),
	    .help = "name of the gateway; null for an auditor" },
	{ OUT_CHARS("type", "Type", struct report_gateway, type), .help = "vnet or vwan" },
	{ OUT_CHARS("sku", "SKU", struct report_gateway, sku), .help = "from the state; null: not stated" },
	{ OUT_TIME("observed_at", "State recorded", struct report_gateway, observed_at),
	    .help = "when gateway diff --record last recorded its state; null: never" },
	{ OUT_INT64("trusted_count", "Roots seen", struct report_gateway, n_trusted),
	    .help = "certificates of the ledger that the recorded state trusts" },
	{ OUT_INT64("refused_count", "Refused clients seen", struct report_gateway, n_refused),
	    .help = "certificates of the ledger that the recorded state refuses" },
	{ OUT_INT64("pending_count", "Pending", struct report_gateway, id.n_pending),
	    .help = "decisions that were not seen at the gateway" },
	{ OUT_KNOWN("state_root_count", "Roots in the state", struct report_gateway, n_state_roots),
	    .help = "roots in the state that was given; null: no state" },
	{ OUT_KNOWN("state_revoked_count", "Revoked in the state", struct report_gateway, n_state_revoked),
	    .help = "revoked certificates in the state that was given; null: no state" },
	{ OUT_KNOWN("free_root_count", "Room for roots", struct report_gateway, n_roots_free),
	    .help = "roots that fit below Azure's limit of 20; null: no state" },
	{ OUT_KNOWN("add_root_count", "Roots to add", struct report_gateway, n_roots_to_add),
	    .help = "roots that the gateway lacks; null: no state" },
	{ OUT_KNOWN("remove_root_count", "Roots to remove", struct report_gateway, n_roots_to_remove),
	    .help = "roots that gateway render removes; null: no state" },
	{ OUT_KNOWN("add_revoked_count", "Revocations to add", struct report_gateway, n_revoked_to_add),
	    .help = "revoked certificates that the gateway lacks; null: no state" },
	{ .key = NULL },
};

struct gateway_counting {
	struct report *r;
	struct report_gateway *row;
};

static int report_count_observed(const struct observation_row *seen, void *arg, struct err *e)
{
	const struct gateway_counting *c = arg;

	(void)e;
	c->row->n_trusted += strcmp(seen->what, OBSERVED_TRUSTED) == 0;
	c->row->n_refused += strcmp(seen->what, OBSERVED_REVOKED) == 0;
	return 0;
}

static int report_compare_state(struct report_gateway *row, struct pki *p, const struct gateway_row *gateway,
    const char *path, struct err *e)
{
	const struct gateway_options options = { .state = path };
	AUTO_VALUE(gateway_plan) plan = { .change = { .is_new = false } };
	const struct gateway *state = &plan.state;

	if (gateway_plan_make(&plan, p, gateway->name, &options, e) < 0)
		return -1;
	row->n_state_roots = (int64_t)state->n_roots;
	row->n_state_revoked = (int64_t)state->n_revoked;
	for (size_t i = 0; i < state->n_unreadable; i++)
		*(state->unreadable[i].is_root ? &row->n_state_roots : &row->n_state_revoked) += 1;
	row->n_roots_free = row->n_state_roots < AZURE_ROOTS_MAX ? AZURE_ROOTS_MAX - row->n_state_roots : 0;
	row->n_roots_to_add = (int64_t)gateway_entries_count(&plan.change.roots, GATEWAY_ADD);
	row->n_roots_to_remove = (int64_t)gateway_entries_count(&plan.change.roots, GATEWAY_REMOVE);
	row->n_revoked_to_add = (int64_t)gateway_entries_count(&plan.change.revoked, GATEWAY_ADD);
	(void)snprintf(row->sku, sizeof(row->sku), "%s", state->sku);
	return 0;
}

/* The state that names this gateway, if one was given. */
static int report_find_state(const char **path, struct report *r, const struct gateway_row *gateway, struct err *e)
{
	*path = NULL;
	for (unsigned i = 0; i < r->options->n_states; i++) {
		AUTO_VALUE(gateway) state = { .n_roots = 0 };

		if (pki_read_gateway(&state, r->options->state_paths[i], e) < 0)
			return -1;
		if (strcasecmp(state.name, gateway->name) == 0)
			*path = r->options->state_paths[i];
	}
	return 0;
}

static int report_add_gateway(const struct gateway_row *gateway, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_gateway row = { .id = { .gateway_id = gateway->id }, .observed_at = gateway->observed_at,
		.n_state_roots = -1, .n_state_revoked = -1, .n_roots_free = -1, .n_roots_to_add = -1,
		.n_roots_to_remove = -1, .n_revoked_to_add = -1 };
	struct gateway_counting counting = { r, &row };
	const struct observation_query here = { .gateway_id = gateway->id };
	const char *path;

	report_name(r, row.name, sizeof(row.name), gateway->name);
	(void)snprintf(row.type, sizeof(row.type), "%s", gateway->type);
	if (ledger_each_observation(r->p->ledger, &here, report_count_observed, &counting, e) < 0 ||
	    report_find_state(&path, r, gateway, e) < 0 ||
	    (path != NULL && report_compare_state(&row, r->p, gateway, path, e) < 0))
		return -1;
	r->summary.n_gateways++;
	return report_add(r, REPORT_GATEWAYS, &row, sizeof(row), e);
}

/* A state of a gateway that the ledger does not have would be left out silently. */
static int report_check_states(const struct report *r, struct err *e)
{
	for (unsigned i = 0; i < r->options->n_states; i++) {
		AUTO_VALUE(gateway) state = { .n_roots = 0 };
		struct gateway_row row;

		if (pki_read_gateway(&state, r->options->state_paths[i], e) < 0 ||
		    gateway_find(&row, r->p, state.name, e) < 0)
			return err_while(e, "comparing '%s' with the ledger", r->options->state_paths[i]);
	}
	return 0;
}

int report_collect_gateways(struct report *r, struct err *e)
{
	return report_check_states(r, e) < 0 ? -1 : ledger_each_gateway(r->p->ledger, report_add_gateway, r, e);
}
