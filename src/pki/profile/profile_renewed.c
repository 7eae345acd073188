/* SPDX-License-Identifier: MIT */
/* profile_renewed.c - finds clients whose profiles name the key of a certificate that was renewed. */
#include <stdlib.h>
#include <string.h>

#include "pki/profile/profile_history.h"

/* The ids of the certificates that have profiles, in ascending order. */
struct profiled_certs {
	struct pki *p;
	profile_stale_fn *fn;
	void *arg;
	int64_t *ids;                /* owned */
	size_t n, cap;
};

static int profile_renewed_keep_id(const struct profile_row *row, void *arg, struct err *e)
{
	struct profiled_certs *h = arg;

	if (h->n > 0 && h->ids[h->n - 1] == row->cert_id)
		return 0;
	if (h->n == h->cap) {
		const size_t cap = h->cap > 0 ? 2 * h->cap : 64;
		int64_t *more = reallocarray(h->ids, cap, sizeof(*more));

		if (more == NULL)
			return err_oom(e);
		h->ids = more;
		h->cap = cap;
	}
	h->ids[h->n++] = row->cert_id;
	return 0;
}

static int profile_renewed_compare(const void *a_, const void *b_)
{
	const int64_t *a = a_, *b = b_;

	return (*a > *b) - (*a < *b);
}

static bool has_profiles(const struct profiled_certs *h, int64_t cert_id)
{
	return bsearch(&cert_id, h->ids, h->n, sizeof(h->ids[0]), profile_renewed_compare) != NULL;
}

/* A profile names the key, so a certificate renewed with the same key needs no new profile. */
static int profile_renewed_inspect(const struct cert_row *next, void *arg, struct err *e)
{
	struct profiled_certs *h = arg;
	const struct cert_query q = { .id = next->renews };
	struct cert_row old;
	bool found;

	if (next->renews == 0 || !has_profiles(h, next->renews) || has_profiles(h, next->id))
		return 0;
	if (ledger_cert_find(&old, NULL, &found, h->p->ledger, &q, e) < 0)
		return -1;
	if (!found || strcmp(old.key_sha256, next->key_sha256) == 0)
		return 0;
	return h->fn(next, &(struct profile_row){ .id = 0 },
	    "they name the key of the certificate that was renewed", h->arg, e);
}

int profile_each_renewed(struct pki *p, profile_stale_fn *fn, void *arg, struct err *e)
{
	const struct cert_query live = { .clients_only = true, .live_only = true, .state = "issued" };
	struct profiled_certs h = { .p = p, .fn = fn, .arg = arg };
	int r = ledger_each_profile(p->ledger, true, profile_renewed_keep_id, &h, e);

	if (r == 0 && h.n > 0)
		r = ledger_each_cert(p->ledger, &live, profile_renewed_inspect, &h, e);
	free(h.ids);
	return r;
}
