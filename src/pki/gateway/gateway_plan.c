/* SPDX-License-Identifier: MIT */
/* gateway_plan.c - plans the change of a gateway: compares its state with the roots and revocations in the ledger. */
#include <stdlib.h>
#include <string.h>

#include "azure/gateway/gateway_state.h"
#include "model/row_state.h"
#include "pki/gateway/gateway_entries.h"
#include "pki/gateway/gateway_issuers.h"
#include "pki/gateway/gateway_name.h"
#include "pki/gateway/gateway_trust.h"
#include "pki/profile/package_op.h"
#include "util/unicode.h"
#include "x509/cert.h"

static int out_of_memory(struct err *e)
{
	return err_set(e, ERR_INTERNAL, "out of memory");
}

static int refuse_state(const struct gateway *s, const char *what, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the state '%s' is %s", s->source, what);
	return err_rule(e, "gateway-other-state", "give the state of this gateway; see `p11ca gateway list`");
}

/* The name of a subscription cannot be compared with its id. */
static bool is_other_subscription(const char *recorded, const char *stated)
{
	const size_t n = strspn(recorded, "0123456789abcdefABCDEF-");

	return n == 36 && recorded[n] == '\0' && stated[0] != '\0' && strcasecmp(recorded, stated) != 0;
}

/* Names are unique in a resource group only. */
static int gateway_check_place(const struct gateway_row *row, const struct gateway *s, struct err *e)
{
	static const char hint[] = "give the state of this gateway, or correct the gateway's place with `p11ca gateway "
				   "add NAME --resource-group GROUP --replace` and all its options";
	bool same = true;

	if (s->resource_group[0] != '\0' && name_is_same(&same, row->resource_group, s->resource_group, e) < 0)
		return -1;
	if (!same)
		(void)err_set(e, ERR_POLICY, "the state '%s' is of '%s' in resource group '%s', not in '%s'", s->source,
		    row->name, s->resource_group, row->resource_group);
	else if (is_other_subscription(row->subscription, s->subscription))
		(void)err_set(e, ERR_POLICY, "the state '%s' is of '%s' in subscription %s, not in %s", s->source,
		    row->name, s->subscription, row->subscription);
	else
		return 0;
	return err_rule(e, "gateway-other-state", hint);
}

int gateway_check_state(const struct gateway_row *row, const struct gateway *s, struct err *e)
{
	const bool is_wan = strcmp(row->type, GATEWAY_TYPE_VWAN) == 0;

	if (s->name[0] != '\0' && strcasecmp(s->name, row->name) != 0) {
		(void)err_set(e, ERR_POLICY, "the state '%s' is of '%s', not of '%s'", s->source, s->name, row->name);
		return err_rule(e, "gateway-other-state", "give the state of this gateway; see `p11ca gateway list`");
	}
	if (s->kind == GATEWAY_OF_HUB)
		return refuse_state(
		    s, "a p2sVpnGateway's, which has no certificates: the vpnServerConfiguration has", e);
	if (s->kind != GATEWAY_UNSTATED && (s->kind == GATEWAY_SERVER_CONFIG) != is_wan)
		return refuse_state(s, is_wan ? "no vpnServerConfiguration's" : "no virtualNetworkGateway's", e);
	return gateway_check_place(row, s, e);
}

/* A repeated name in a list is refused, because the scripts could not tell the entries apart. */
static int take_entry(struct gateway_entries *list, const char *name, const char *thumbprint, struct bytes der,
    const char *who, struct err *e)
{
	if (gateway_entries_find_name(list, name) == NULL)
		return gateway_plan_copy(list, name, thumbprint, der, who, e);
	(void)err_set(e, ERR_POLICY, "two entries are called '%s'", name);
	return err_rule(e, "gateway-entry-name-taken", "remove one of these entries by hand");
}

/* Finds the client of an undecodable revocation: the ledger may know the number in another form. */
static int find_meant(struct planning *pl, struct gateway_entry *entry, struct err *e)
{
	const struct cert_query q = { .any_id = entry->datum, .clients_only = true };
	struct cert_row c;
	bool found;

	if (entry->datum == NULL)
		return 0;
	if (ledger_cert_find(&c, NULL, &found, pl->p->ledger, &q, e) < 0)
		return e->status == ERR_NOT_FOUND ? 0 : -1; /* a name that several clients have */
	if (found)
		(void)snprintf(entry->subject, sizeof(entry->subject), "%s", c.name);
	return 0;
}

static int copy_unreadable(struct planning *pl, const struct gateway_unreadable *from, struct err *e)
{
	struct gateway_change *c = &pl->plan->change;
	struct gateway_entries *list = from->is_root ? &c->roots : &c->revoked;
	struct gateway_entry *entry;

	if (take_entry(list, from->name, "", (struct bytes){ 0 }, "", e) < 0)
		return -1;
	entry = &list->all[list->n - 1];
	entry->is_unreadable = true;
	entry->action = pl->options->prune_unreadable ? GATEWAY_REMOVE : GATEWAY_KEEP;
	if (from->datum != NULL && (entry->datum = strdup(from->datum)) == NULL)
		return out_of_memory(e);
	if (asprintf(&entry->reason_text, "it cannot be read: %s%s", from->problem,
		pl->options->prune_unreadable ? "" : "; --prune-unreadable removes it") < 0) {
		entry->reason_text = NULL;
		return out_of_memory(e);
	}
	entry->why = entry->reason_text;
	return from->is_root ? 0 : find_meant(pl, entry, e);
}

static int take_unreadable(struct planning *pl, struct err *e)
{
	const struct gateway *s = &pl->plan->state;

	for (size_t i = 0; i < s->n_unreadable; i++)
		if (copy_unreadable(pl, &s->unreadable[i], e) < 0)
			return -1;
	pki_warn_unreadable(pl->p, s);
	return 0;
}

static int take_state(struct planning *pl, struct err *e)
{
	struct gateway_change *c = &pl->plan->change;
	struct gateway *s = &pl->plan->state;

	c->has_state = true;
	if (pki_read_gateway(s, pl->options->state, e) < 0 || gateway_check_state(&c->gateway, s, e) < 0)
		return -1;
	c->is_new = s->has_no_config;
	c->has_radius = s->has_radius;
	c->has_aad = s->has_aad;
	for (size_t i = 0; i < s->n_roots; i++)
		if (take_entry(&c->roots, s->roots[i].name, s->roots[i].info.thumbprint, buf_bytes(&s->roots[i].der),
			s->roots[i].info.subject, e) < 0)
			return -1;
	for (size_t i = 0; i < s->n_revoked; i++)
		if (take_entry(&c->revoked, s->revoked[i].name, s->revoked[i].thumbprint, (struct bytes){ 0 }, "", e) <
		    0)
			return -1;
	return take_unreadable(pl, e);
}

/* Two roots may have the same serial from two issuers. */
static int gateway_plan_add_root(struct gateway_entries *list, const struct cert_row *c, struct err *e)
{
	char name[AZURE_NAME_MAX], other[AZURE_CA_NAME_MAX];

	azure_name(name, c);
	azure_ca_name(other, c->fingerprint);
	return gateway_plan_add(list, gateway_plan_has_name(list, name) ? other : name, c, c->subject, c->der, e);
}

static int gateway_plan_add_revoked(struct gateway_entries *list, const struct cert_row *c, struct err *e)
{
	char name[AZURE_NAME_MAX];

	azure_name(name, c);
	return gateway_plan_add(list, name, c, c->name, (struct bytes){ 0 }, e);
}

/* Decides about a root on the gateway: keep or remove, with the reason. */
static void gateway_plan_judge_root(
    struct gateway_entry *entry, const struct planning *pl, const struct root_row *root, const struct cert_row *c)
{
	const struct gateway_options *options = pl->options;

	entry->is_ours = true;
	entry->cert_id = c->id;
	entry->root_id = root->id;
	if (root->is_retired) {
		entry->action = options->retired || options->prune ? GATEWAY_REMOVE : GATEWAY_KEEP;
		entry->why = options->retired || options->prune ? "retired" : "retired: --retired removes it";
	} else if (c->not_after <= pl->now) {
		entry->action = options->prune ? GATEWAY_REMOVE : GATEWAY_KEEP;
		entry->why = options->prune ? "expired" : "expired, which blocks every update: --prune removes it";
	} else if (!gateway_wants_root(&pl->plan->change.gateway, root)) {
		entry->action = options->prune ? GATEWAY_REMOVE : GATEWAY_KEEP;
		entry->why = options->prune ? "not one of this gateway's roots"
					    : "not one of this gateway's roots: --prune removes it";
	}
}

static int plan_root(const struct cert_row *c, void *arg, struct err *e)
{
	struct planning *pl = arg;
	struct gateway_entries *list = &pl->plan->change.roots;
	struct gateway_entry *there = gateway_entries_find(list, c->thumbprint);
	struct cert_row row = *c;
	struct root_row root;
	bool found;

	if (c->der.len == 0 || ledger_root_find(&root, &found, pl->p->ledger, c->name, e) < 0)
		return c->der.len == 0 ? 0 : -1;
	if (!found)
		return 0;
	if (there != NULL) {
		gateway_plan_judge_root(there, pl, &root, c);
		return 0;
	}
	row.root_id = root.id;
	/* an older certificate of a renewed root is not uploaded again, nor one that Azure would refuse */
	if (root.cert_id != c->id || root.is_retired || c->not_after <= pl->now ||
	    !gateway_wants_root(&pl->plan->change.gateway, &root))
		return 0;
	return gateway_issuer_add(pl, c, e) < 0 ? -1 : gateway_plan_add_root(list, &row, e);
}

static int plan_revoked(const struct cert_row *c, void *arg, struct err *e)
{
	struct planning *pl = arg;
	struct gateway_entries *list = &pl->plan->change.revoked;
	struct gateway_entry *there = gateway_entries_find(list, c->thumbprint);
	const bool is_over = c->not_after <= pl->now;

	if (c->thumbprint[0] == '\0' || !cert_is(c, CERT_REVOKED))
		return 0;
	if (there == NULL)
		return is_over || !gateway_plan_trusts(pl->plan, c->root_id, GATEWAY_REMOVE)
			   ? 0
			   : gateway_plan_add_revoked(list, c, e);
	there->is_ours = true;
	there->cert_id = c->id;
	there->root_id = c->root_id;
	(void)snprintf(there->subject, sizeof(there->subject), "%s", c->name);
	if (is_over && pl->options->prune) {
		there->action = GATEWAY_REMOVE;
		there->why = "the certificate is expired";
	}
	return 0;
}

/* Decides about a thumbprint on the gateway that the ledger has not revoked: restored, or added by somebody else. */
static int plan_refused(const struct cert_row *c, void *arg, struct err *e)
{
	struct planning *pl = arg;
	struct gateway_entry *entry = gateway_entries_find(&pl->plan->change.revoked, c->thumbprint);
	bool was = false;

	if (entry == NULL || entry->is_ours)
		return 0;
	if (ledger_cert_was_restored(&was, pl->p->ledger, c->id, e) < 0)
		return -1;
	entry->is_ours = true;
	entry->cert_id = c->id;
	entry->root_id = c->root_id;
	(void)snprintf(entry->subject, sizeof(entry->subject), "%s", c->name);
	entry->action = was ? GATEWAY_REMOVE : GATEWAY_KEEP;
	entry->why = was ? "restored" : "revoked on the gateway, but not in the ledger";
	return 0;
}

#define FEW 64

static bool is_unknown(const struct gateway_entry *entry)
{
	return !entry->is_ours && !entry->is_unreadable;
}

/* A thumbprint with two entries: both get the action of the first. */
static void plan_duplicates(const struct gateway_entries *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct gateway_entry *entry = &list->all[i], *first = gateway_entries_find(list, entry->thumbprint);

		if (!is_unknown(entry) || first == NULL || !first->is_ours || first->action == GATEWAY_ADD)
			continue;
		entry->is_ours = true;
		entry->cert_id = first->cert_id;
		entry->root_id = first->root_id;
		memcpy(entry->subject, first->subject, sizeof(entry->subject));
		entry->action = first->action;
		entry->why = first->why;
	}
}

/* Few thumbprints are searched in the ledger one by one; for many the ledger is read once. */
static int plan_unknown(struct planning *pl, struct err *e)
{
	const struct gateway_entries *list = &pl->plan->change.revoked;
	struct cert_query q = { .clients_only = true };
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += is_unknown(&list->all[i]);
	if (n > FEW)
		return ledger_each_cert(pl->p->ledger, &q, plan_refused, pl, e);
	for (size_t i = 0; i < list->n; i++) {
		q.any_id = list->all[i].thumbprint;
		if (is_unknown(&list->all[i]) && ledger_each_cert(pl->p->ledger, &q, plan_refused, pl, e) < 0)
			return -1;
	}
	return 0;
}

static int plan_lists(struct planning *pl, struct err *e)
{
	const struct cert_query roots = { .roots_only = true };
	const struct cert_query revoked = { .state = "revoked", .clients_only = true };

	if (ledger_each_cert(pl->p->ledger, &roots, plan_root, pl, e) < 0 || gateway_issuers_judge(pl, e) < 0 ||
	    ledger_each_cert(pl->p->ledger, &revoked, plan_revoked, pl, e) < 0)
		return -1;
	if (plan_unknown(pl, e) < 0)
		return -1;
	plan_duplicates(&pl->plan->change.revoked);
	return 0;
}

static void plan_settings(struct gateway_plan *plan)
{
	struct gateway_change *c = &plan->change;
	const struct gateway *s = &plan->state;

	if (!c->has_state || gateway_entries_count(&c->roots, GATEWAY_ADD) == 0)
		return;
	c->sets_tunnels = !s->states_tunnels;
	c->sets_auth = !s->has_certificate;
	c->sets_pools = s->n_pools == 0 && strcmp(c->gateway.type, GATEWAY_TYPE_VNET) == 0;
}

int gateway_plan_refuse(const struct gateway_plan *plan, struct err *e)
{
	const struct gateway_change *c = &plan->change;

	if (c->sets_pools && c->gateway.pools[0] == '\0') {
		(void)err_set(
		    e, ERR_POLICY, "'%s' has no address pool, and Azure accepts no root without a "
		        "pool", c->gateway.name);
		return err_rule(e, "gateway-no-pool", "give it with `p11ca gateway add … --pool CIDR --replace`, "
		    "and all other options again");
	}
	return 0;
}

int gateway_plan_make(
    struct gateway_plan *out, struct pki *p, const char *name, const struct gateway_options *options, struct err *e)
{
	struct planning pl = { out, p, options, clock_now(&p->clock) };

	if (options->state == NULL && (options->retired || options->prune || options->prune_unreadable))
		return err_set(e, ERR_USAGE, "removing entries requires the gateway's current state: give --state");
	if (gateway_find(&out->change.gateway, p, name, e) < 0 || gateway_check_names(&out->change.gateway, e) < 0 ||
	    (options->state != NULL && take_state(&pl, e) < 0) ||
	    plan_lists(&pl, e) < 0)
		return -1;
	plan_settings(out);
	return 0;
}

void gateway_plan_clear(struct gateway_plan *plan)
{
	gateway_change_clear(&plan->change);
	gateway_clear(&plan->state);
	free(plan->issuers);
	plan->issuers = NULL;
	plan->n_issuers = plan->cap_issuers = 0;
}

/* Clients of a root to be removed; none if another certificate of the root or an issuer stays. */
int gateway_each_locked_out(struct pki *p, const struct gateway_plan *plan, cert_row_fn *fn, void *arg, struct err *e)
{
	const struct gateway_entries *roots = &plan->change.roots;

	for (size_t i = 0; i < roots->n; i++) {
		const struct gateway_entry *entry = &roots->all[i];
		const struct cert_query q = {
			.root_id = entry->root_id, .state = "issued", .clients_only = true, .live_only = true
		};
		bool is_first = true;

		for (size_t k = 0; k < i; k++)
			is_first = is_first && roots->all[k].root_id != entry->root_id;
		if (entry->action != GATEWAY_REMOVE || entry->root_id == 0 || !is_first ||
		    gateway_plan_trusts(plan, entry->root_id, GATEWAY_REMOVE))
			continue;
		if (ledger_each_cert(p->ledger, &q, fn, arg, e) < 0)
			return -1;
	}
	return 0;
}
