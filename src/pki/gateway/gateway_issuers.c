/* SPDX-License-Identifier: MIT */
/* gateway_issuers.c - see gateway_issuers.h. */
#include "pki/gateway/gateway_issuers.h"

#include <stdlib.h>
#include <string.h>

#include "pki/gateway/gateway_entries.h"
#include "pki/gateway/gateway_name.h"
#include "pki/gateway/gateway_trust.h"
#include "x509/cert.h"
#include "x509/issuers.h"

static int gateway_issuers_add_one(struct gateway_entries *list, const struct cert_info *info, struct err *e)
{
	struct cert_row row = { .id = 0 };
	char name[AZURE_CA_NAME_MAX];

	azure_ca_name(name, info->fingerprint);
	memcpy(row.thumbprint, info->thumbprint, sizeof(row.thumbprint));
	return gateway_plan_add(list, name, &row, info->subject, info->der, e);
}

/* Azure refuses every update of a gateway with an expired root. */
static void warn_expired(const struct planning *pl, const struct cert_info *info, const char *root)
{
	const struct ui *ui = pl->p->ui;
	char text[420];

	(void)snprintf(text, sizeof(text), "'%.200s', an issuer of root '%.100s', has expired and is not uploaded",
	    info->subject, root);
	ui->warn(ui->self, "gateway-issuer-expired", text);
}

/* From the top, because Azure accepts an intermediate only after its root. */
int gateway_issuer_add(struct planning *pl, const struct cert_row *c, struct err *e)
{
	struct gateway_entries *list = &pl->plan->change.roots;
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes ders[ISSUERS_MAX];
	size_t n;

	if (ledger_cert_issuers(&issuers, pl->p->ledger, c->id, e) < 0)
		return -1;
	n = issuers_list(ders, buf_bytes(&issuers));
	while (n-- > 0) {
		struct cert_info info;

		if (cert_read_known(&info, ders[n], e) < 0)
			return -1;
		if (gateway_entries_find(list, info.thumbprint) != NULL)
			continue;
		if (info.not_after <= pl->now)
			warn_expired(pl, &info, c->name);
		else if (gateway_issuers_add_one(list, &info, e) < 0)
			return -1;
	}
	return 0;
}

static int gateway_issuers_note(struct gateway_plan *plan, int64_t root_id, const char *thumbprint, struct err *e)
{
	struct gateway_issuer *one;

	if (plan->n_issuers == plan->cap_issuers) {
		const size_t cap = plan->cap_issuers > 0 ? 2 * plan->cap_issuers : 8;
		struct gateway_issuer *more = reallocarray(plan->issuers, cap, sizeof(*more));

		if (more == NULL)
			return err_set(e, ERR_INTERNAL, "out of memory");
		plan->issuers = more;
		plan->cap_issuers = cap;
	}
	one = &plan->issuers[plan->n_issuers++];
	one->root_id = root_id;
	(void)snprintf(one->thumbprint, sizeof(one->thumbprint), "%s", thumbprint);
	return 0;
}

/* A root's certificate, and whether the gateway should have it. */
struct below {
	struct planning *pl;
	const struct root_row *root;
	bool is_wanted;
};

static int describe_reason(
    struct gateway_entry *entry, const struct below *b, const struct cert_info *info, struct err *e)
{
	const bool is_over = info->not_after <= b->pl->now;
	char *text;

	if (entry->cert_id != 0 || entry->action == GATEWAY_REMOVE ||
	    (entry->is_ours && entry->why != NULL && !b->is_wanted))
		return 0;
	entry->is_ours = true;
	if (asprintf(&text, "issuer of root %s%s", b->root->name,
		is_over        ? ": expired, which blocks every update: --prune removes it"
		: b->is_wanted ? ""
			       : ", and the gateway accepts its clients: remove the CA by hand if no "
				 "other root needs it") < 0)
		return err_set(e, ERR_INTERNAL, "out of memory");
	free(entry->reason_text);
	entry->why = entry->reason_text = text;
	if (!is_over || !b->pl->options->prune || entry->action != GATEWAY_KEEP)
		return 0;
	entry->action = GATEWAY_REMOVE;
	entry->why = "expired";
	return 0;
}

/* Issuers of an expired certificate make the gateway accept no client through it. */
static int judge_issuer(struct below *b, const struct cert_row *c, struct err *e)
{
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes ders[ISSUERS_MAX];
	bool is_valid = c->not_after > b->pl->now;
	size_t n;

	if (ledger_cert_issuers(&issuers, b->pl->p->ledger, c->id, e) < 0)
		return -1;
	n = issuers_list(ders, buf_bytes(&issuers));
	for (size_t i = 0; i < n; i++) {
		struct gateway_entry *entry;
		struct cert_info info;

		if (cert_read_known(&info, ders[i], e) < 0)
			return -1;
		is_valid = is_valid && info.not_after > b->pl->now;
		entry = gateway_entries_find(&b->pl->plan->change.roots, info.thumbprint);
		if (entry == NULL)
			continue;
		if (describe_reason(entry, b, &info, e) < 0 ||
		    (is_valid && gateway_issuers_note(b->pl->plan, b->root->id, info.thumbprint, e) < 0))
			return -1;
	}
	return 0;
}

static int gateway_issuers_judge_root(const struct cert_row *c, void *arg, struct err *e)
{
	struct planning *pl = arg;
	struct root_row root;
	struct below b = { pl, &root, false };
	bool found;

	if (c->der.len == 0)
		return 0;
	if (ledger_root_find(&root, &found, pl->p->ledger, c->name, e) < 0)
		return -1;
	if (!found)
		return 0;
	b.is_wanted = root.cert_id == c->id && !root.is_retired && c->not_after > pl->now &&
		      gateway_wants_root(&pl->plan->change.gateway, &root);
	return judge_issuer(&b, c, e);
}

int gateway_issuers_judge(struct planning *pl, struct err *e)
{
	const struct cert_query roots = { .roots_only = true };

	return ledger_each_cert(pl->p->ledger, &roots, gateway_issuers_judge_root, pl, e);
}

struct warning {
	struct pki *p;
	const struct gateway_plan *plan;
};

static int gateway_issuers_count(const struct cert_row *c, void *arg, struct err *e)
{
	(void)c;
	(void)e;
	++*(unsigned *)arg;
	return 0;
}

static int warn_of_root(const struct root_row *root, void *arg, struct err *e)
{
	const struct warning *w = arg;
	const struct cert_query q = {
		.root_id = root->id, .state = "issued", .clients_only = true, .live_only = true
	};
	const struct gateway_entry *issuer = gateway_trusted_issuer(w->plan, root->id, GATEWAY_REMOVE);
	char text[520];
	unsigned n = 0;

	if (issuer == NULL || gateway_trusts_itself(w->plan, root->id, GATEWAY_REMOVE))
		return 0;
	if (ledger_each_cert(w->p->ledger, &q, gateway_issuers_count, &n, e) < 0)
		return -1;
	if (n == 0)
		return 0;
	(void)snprintf(text, sizeof(text),
	    "by the CA '%.128s' (%.200s) the gateway accepts the clients of root '%.80s', which it should not trust",
	    issuer->name, issuer->subject, root->name);
	w->p->ui->warn(w->p->ui->self, "gateway-issuer-trusted", text);
	return 0;
}

int gateway_issuers_warn(struct pki *p, const struct gateway_plan *plan, struct err *e)
{
	struct warning w = { p, plan };

	return ledger_each_root(p->ledger, warn_of_root, &w, e);
}
