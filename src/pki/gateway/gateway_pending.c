/* SPDX-License-Identifier: MIT */
/* gateway_pending.c - see gateway_pending.h. */
#include "pki/gateway/gateway_pending.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/gateway/gateway_trust.h"

struct pending_line {
	const char *gateway, *status, *name, *device, *serial, *thumbprint;
	enum tri is_root_trusted;
	int64_t decided_at, observed_at;
};

#define PENDING_FIELDS(gateway_, state_, name_, serial_, trusted_, recorded_) \
	{ OUT_TEXT("gateway_name", gateway_, struct pending_line, gateway), \
	    .help = "the gateway that was not seen to follow the decision" }, \
	{ OUT_TEXT("state", state_, struct pending_line, status), \
	    .help = "NOT YET ENFORCED: the thumbprint was not seen on its list; NOT YET ACCEPTED AGAIN" }, \
	{ OUT_TEXT("name", name_, struct pending_line, name), .help = "the client" }, \
	{ OUT_TEXT("device", NULL, struct pending_line, device), .help = "name of the device; null without one" }, \
	{ OUT_TEXT("serial", serial_, struct pending_line, serial), .as = OUT_AS_ID, .help = "hex" }, \
	{ OUT_TEXT("thumbprint", NULL, struct pending_line, thumbprint), .help = "SHA-1 of the DER" }, \
	{ OUT_TRI("root_trusted", trusted_, struct pending_line, is_root_trusted), \
	    .help = "whether the gateway trusted the client's root when its state was last recorded; null: never" }, \
	{ OUT_TIME("decided_at", NULL, struct pending_line, decided_at), \
	    .help = "time of the revocation; null: not known" }, \
	{ OUT_TIME("observed_at", recorded_, struct pending_line, observed_at), .as = OUT_AS_LOW, \
	    .help = "when the gateway's state was last recorded; null: never" }, \
	{ .key = NULL }
const struct out_field pending_fields[] = { PENDING_FIELDS(
    "GATEWAY", "STATUS", "NAME", "SERIAL", "ROOT TRUSTED", "STATE RECORDED") };
const struct out_field hidden_pending_fields[] = { PENDING_FIELDS(NULL, NULL, NULL, NULL, NULL, NULL) };

struct pending_walk {
	struct pki *p;
	int64_t gateway_id, cert_id, now;
	gateway_pending_fn *fn;
	void *arg;
	const struct gateway_row *gateway;
	enum tri is_root_trusted;    /* as last observed */
};

struct observed {
	bool is_refused;
};

static int take_observation(const struct observation_row *row, void *arg, struct err *e)
{
	struct observed *s = arg;

	(void)e;
	s->is_refused = strcmp(row->what, OBSERVED_REVOKED) == 0;
	return 0;
}

static int find_observation(struct observed *out, struct ledger *l, int64_t gateway_id, int64_t cert_id, struct err *e)
{
	const struct observation_query q = { .gateway_id = gateway_id, .cert_id = cert_id };

	*out = (struct observed){ .is_refused = false };
	return ledger_each_observation(l, &q, take_observation, out, e);
}

/*
 * A restored certificate may never have been in the list: it is pending only if the gateway was observed to refuse
 * it.
 */
static int pending_cert(const struct cert_row *c, void *arg, struct err *e)
{
	struct pending_walk *w = arg;
	struct gateway_pending one = { w->gateway, c, cert_is(c, CERT_ISSUED), c->revoked_at,
		w->is_root_trusted, w->gateway->observed_at };
	struct observed of_cert;
	bool was_restored = false;

	if (c->not_after < w->now || c->thumbprint[0] == '\0' ||
	    (!one.is_restore && !cert_is(c, CERT_REVOKED)))
		return 0;
	if (find_observation(&of_cert, w->p->ledger, w->gateway->id, c->id, e) < 0)
		return -1;
	if (one.is_restore && of_cert.is_refused &&
	    ledger_cert_was_restored(&was_restored, w->p->ledger, c->id, e) < 0)
		return -1;
	if (one.is_restore ? was_restored : !of_cert.is_refused)
		return w->fn(&one, w->arg, e);
	return 0;
}

static int pending_root(const struct root_row *root, void *arg, struct err *e)
{
	struct pending_walk *w = arg;
	const struct cert_query q = { .id = w->cert_id, .root_id = root->id, .clients_only = true };
	bool may;

	if (gateway_may_let_in(&may, w->p, w->gateway, root, e) < 0 ||
	    gateway_observed_trust(&w->is_root_trusted, w->p, w->gateway, root, e) < 0)
		return -1;
	/* a root that is merely absent may be uploaded later, and its revoked clients would connect again */
	if (!may || (root->is_retired && w->is_root_trusted == TRI_NO))
		return 0;
	return ledger_each_cert(w->p->ledger, &q, pending_cert, w, e);
}

static int pending_gateway(const struct gateway_row *gateway, void *arg, struct err *e)
{
	struct pending_walk *w = arg;

	w->gateway = gateway;
	if (w->gateway_id != 0 && gateway->id != w->gateway_id)
		return 0;
	return ledger_each_root(w->p->ledger, pending_root, w, e);
}

int gateway_each_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, gateway_pending_fn *fn, void *arg,
    struct err *e)
{
	struct pending_walk w = { .p = p, .gateway_id = gateway_id, .cert_id = cert_id, .now = clock_now(&p->clock),
		.fn = fn, .arg = arg };

	return ledger_each_gateway(p->ledger, pending_gateway, &w, e);
}

struct pending_out {
	struct out *o;
	unsigned n;
};

static int gateway_pending_print(const struct gateway_pending *one, void *arg, struct err *e)
{
	struct pending_out *out = arg;
	const struct pending_line line = { one->gateway->name,
		one->is_restore ? "NOT YET ACCEPTED AGAIN" : "NOT YET ENFORCED", one->cert->name,
		one->cert->device[0] != '\0' ? one->cert->device : NULL, one->cert->serial, one->cert->thumbprint,
		one->is_root_trusted, one->decided_at, one->observed_at };

	out->n++;
	return out_row(out->o, &line, e);
}

int gateway_pending_rows(struct pki *p, int64_t gateway_id, int64_t cert_id, struct out *o, struct err *e)
{
	struct pending_out out = { .o = o };

	return gateway_each_pending(p, gateway_id, cert_id, gateway_pending_print, &out, e);
}

int gateway_print_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, unsigned *n, struct out *o, struct err *e)
{
	struct pending_out out = { .o = o };

	if (out_list(o, "pending", pending_fields, e) < 0 ||
	    gateway_each_pending(p, gateway_id, cert_id, gateway_pending_print, &out, e) < 0)
		return -1;
	if (n != NULL)
		*n = out.n;
	return out_end(o, e);
}

struct enforced_by_line {
	const char *gateway;
	int64_t observed_at;
};
const struct out_field enforced_by_fields[] = {
	{ OUT_TEXT("gateway_name", "ENFORCED BY", struct enforced_by_line, gateway),
	    .help = "a gateway whose recorded state refuses the certificate" },
	{ OUT_TIME("observed_at", "FIRST SEEN", struct enforced_by_line, observed_at),
	    .help = "when that was first recorded" },
	{ .key = NULL },
};
struct enforced_by {
	struct pki *p;
	struct out *o;
	int64_t cert_id;
	const char *gateway;
};

static int enforced_by_row(const struct observation_row *row, void *arg, struct err *e)
{
	const struct enforced_by *x = arg;

	return strcmp(row->what, OBSERVED_REVOKED) != 0
		   ? 0
		   : out_row(x->o, &(struct enforced_by_line){ x->gateway, row->observed_at }, e);
}

static int enforced_by_gateway(const struct gateway_row *gateway, void *arg, struct err *e)
{
	struct enforced_by *x = arg;
	const struct observation_query q = { .gateway_id = gateway->id, .cert_id = x->cert_id };

	x->gateway = gateway->name;
	return ledger_each_observation(x->p->ledger, &q, enforced_by_row, x, e);
}

int gateway_print_enforced(struct pki *p, int64_t cert_id, struct out *o, struct err *e)
{
	struct enforced_by x = { .p = p, .o = o, .cert_id = cert_id };

	if (out_list(o, "enforced_by", enforced_by_fields, e) < 0 ||
	    ledger_each_gateway(p->ledger, enforced_by_gateway, &x, e) < 0)
		return -1;
	return out_end(o, e);
}
