/* SPDX-License-Identifier: MIT */
/* gateway_trust.c - see gateway_trust.h. */
#include "pki/gateway/gateway_trust.h"

#include <string.h>

#include "pki/gateway/gateway_record.h"
#include "x509/issuers.h"

bool gateway_wants_root(const struct gateway_row *gateway, const struct root_row *root)
{
	const char *at = gateway->roots;
	char word[80];

	if (root->cert_id == 0)
		return false;
	if (*at == '\0')
		return !root->is_retired;
	while (gateway_word(word, sizeof(word), &at))
		if (strcmp(word, root->name) == 0)
			return true;
	return false;
}

bool gateway_trusts_itself(const struct gateway_plan *plan, int64_t root_id, enum gateway_action without)
{
	const struct gateway_entries *list = &plan->change.roots;

	for (size_t i = 0; i < list->n; i++)
		if (list->all[i].root_id == root_id && list->all[i].action != without &&
		    list->all[i].action != GATEWAY_OMIT)
			return true;
	return false;
}

const struct gateway_entry *gateway_trusted_issuer(
    const struct gateway_plan *plan, int64_t root_id, enum gateway_action without)
{
	for (size_t i = 0; i < plan->n_issuers; i++) {
		const struct gateway_entry *entry =
		    gateway_entries_find(&plan->change.roots, plan->issuers[i].thumbprint);

		if (plan->issuers[i].root_id == root_id && entry->action != without)
			return entry;
	}
	return NULL;
}

bool gateway_plan_trusts(const struct gateway_plan *plan, int64_t root_id, enum gateway_action without)
{
	return gateway_trusts_itself(plan, root_id, without) || gateway_trusted_issuer(plan, root_id, without) != NULL;
}

struct sharing {
	struct pki *p;
	const struct gateway_row *gateway;
	const struct root_row *root;
	struct bytes own[ISSUERS_MAX];
	size_t n;
	bool is_shared;
};

static int find_shared(const struct root_row *other, void *arg, struct err *e)
{
	struct sharing *s = arg;
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes theirs[ISSUERS_MAX];
	size_t n;

	if (s->is_shared || other->id == s->root->id || !gateway_wants_root(s->gateway, other))
		return 0;
	if (ledger_cert_issuers(&issuers, s->p->ledger, other->cert_id, e) < 0)
		return -1;
	n = issuers_list(theirs, buf_bytes(&issuers));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < s->n; k++)
			s->is_shared = s->is_shared || (theirs[i].len == s->own[k].len &&
							   memcmp(theirs[i].data, s->own[k].data, theirs[i].len) == 0);
	return 0;
}

struct trust_search {
	struct pki *p;
	const struct gateway_row *gateway;
	int64_t newest;              /* id of the observation that *out is from */
	enum tri *out;
};

static int note_trusted(const struct observation_row *row, void *arg, struct err *e)
{
	struct trust_search *s = arg;

	(void)e;
	if (row->id < s->newest)
		return 0;
	s->newest = row->id;
	*s->out = strcmp(row->what, OBSERVED_TRUSTED) == 0 ? TRI_YES : TRI_NO;
	return 0;
}

static int find_trusted(const struct cert_row *c, void *arg, struct err *e)
{
	struct trust_search *s = arg;
	const struct observation_query q = { .gateway_id = s->gateway->id, .cert_id = c->id };

	return ledger_each_observation(s->p->ledger, &q, note_trusted, s, e);
}

/* An observation is recorded for the certificate that the root had at that time. */
int gateway_observed_trust(
    enum tri *out, struct pki *p, const struct gateway_row *gateway, const struct root_row *root, struct err *e)
{
	const struct cert_query q = { .name = root->name, .roots_only = true };
	struct trust_search s = { .p = p, .gateway = gateway, .out = out };

	*out = TRI_NOT_STATED;
	return ledger_each_cert(p->ledger, &q, find_trusted, &s, e);
}

int gateway_may_let_in(
    bool *out, struct pki *p, const struct gateway_row *gateway, const struct root_row *root, struct err *e)
{
	struct sharing s = { .p = p, .gateway = gateway, .root = root };
	AUTO_VALUE(buf) issuers = { 0 };
	enum tri observed;

	*out = root->cert_id != 0 && (root->is_retired || gateway_wants_root(gateway, root));
	if (*out || root->cert_id == 0)
		return 0;
	if (gateway_observed_trust(&observed, p, gateway, root, e) < 0)
		return -1;
	*out = observed == TRI_YES;
	if (*out)
		return 0;
	if (ledger_cert_issuers(&issuers, p->ledger, root->cert_id, e) < 0)
		return -1;
	s.n = issuers_list(s.own, buf_bytes(&issuers));
	if (s.n > 0 && ledger_each_root(p->ledger, find_shared, &s, e) < 0)
		return -1;
	*out = s.is_shared;
	return 0;
}
