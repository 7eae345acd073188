/* SPDX-License-Identifier: MIT */
/* root_retire.c - retires a root and lists its clients, and shows the move of clients from one root to another. */
#include <string.h>

#include "model/row_state.h"
#include "pki/gateway/gateway_trust.h"
#include "pki/op.h"
#include "pki/revoke/revoke.h"
#include "pki/root/root.h"
#include "pki/root_find.h"

const struct out_field locked_out_fields[] = {
	{ OUT_TEXT("name", "CLIENT", struct locked_out, name), .help = "client with a valid certificate of the root" },
	{ OUT_TEXT("device", "DEVICE", struct locked_out, device), .help = "the client's device; null without one" },
	{ OUT_TEXT("serial", "SERIAL", struct locked_out, serial), .as = OUT_AS_ID, .help = "of that certificate" },
	{ OUT_TEXT("thumbprint", NULL, struct locked_out, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TIME("not_after", "NOT AFTER", struct locked_out, not_after), .help = "end of validity" },
	{ OUT_TEXT("moved_to", "MOVED TO", struct locked_out, moved_to),
	    .help = "serial of its certificate of the other root; null: not issued yet" },
	{ .key = NULL },
};
const struct out_field rollover_fields[] = {
	{ OUT_TEXT("from", "From", struct rollover, from), .help = "the root that goes" },
	{ OUT_TEXT("from_state", "  state", struct rollover, from_state), .help = "issued, retired" },
	{ OUT_TEXT("from_thumbprint", "  thumbprint", struct rollover, from_thumbprint),
	    .help = "SHA-1, as Azure shows it" },
	{ OUT_TIME("from_not_after", "  ends", struct rollover, from_not_after),
	    .help = "an expired root blocks every update of a gateway that still has it" },
	{ OUT_TEXT("to", "To", struct rollover, to), .help = "the root that follows" },
	{ OUT_TEXT("to_state", "  state", struct rollover, to_state), .help = "issued, retired" },
	{ OUT_TEXT("to_thumbprint", "  thumbprint", struct rollover, to_thumbprint), .help = "SHA-1" },
	{ OUT_TIME("to_not_after", "  ends", struct rollover, to_not_after), .help = "UTC" },
	{ OUT_INT64("client_count", "Clients", struct rollover, n_clients),
	    .help = "clients with a valid certificate of the retired root" },
	{ OUT_INT64("clients_moved", "  moved", struct rollover, n_moved),
	    .help = "those of them that have a certificate of the other root" },
	{ .key = NULL },
};
const struct out_field rollover_step_fields[] = {
	{ OUT_TEXT("step", "STEP", struct rollover_step, step), .as = OUT_AS_FACT, .help = "the steps, in order" },
	{ OUT_TEXT("state", "STATE", struct rollover_step, state), .as = OUT_AS_SEVERITY,
	    .help = "done, next or later; see for yourself: ?" },
	{ OUT_TEXT("command", "COMMAND", struct rollover_step, command), .as = OUT_AS_COMMAND, .help = "how" },
	{ .key = NULL },
};

struct counting {
	struct pki *p;
	struct out *o;               /* NULL = count only */
	const struct root_row *to;   /* NULL = none */
	int64_t n, n_moved;
};

/* Searches the successor by name and device, with any key. */
static int find_moved(char serial[SERIAL_HEX], const struct counting *c, const struct cert_row *row, struct err *e)
{
	struct cert_query q = { .name = row->name, .device = row->device, .state = "issued", .clients_only = true,
		.live_only = true };
	struct cert_row moved;
	bool found = false;

	serial[0] = '\0';
	if (c->to == NULL)
		return 0;
	q.root_id = c->to->id;
	if (ledger_cert_find(&moved, NULL, &found, c->p->ledger, &q, e) < 0) {
		if (e->status != ERR_NOT_FOUND)
			return -1;
		(void)snprintf(serial, SERIAL_HEX, "several");
		return 0;
	}
	if (found)
		(void)snprintf(serial, SERIAL_HEX, "%s", moved.serial);
	return 0;
}

static int root_retire_add_client(const struct cert_row *row, void *arg, struct err *e)
{
	struct counting *c = arg;
	char serial[SERIAL_HEX];
	struct locked_out line = { .name = row->name, .device = row->device[0] != '\0' ? row->device : NULL,
		.serial = row->serial, .thumbprint = row->thumbprint, .not_after = row->not_after };

	if (strcmp(row->template_name, "ledger-signer") == 0) /* no gateway accepts this client */
		return 0;
	if (find_moved(serial, c, row, e) < 0)
		return -1;
	line.moved_to = serial[0] != '\0' ? serial : NULL;
	c->n++;
	c->n_moved += line.moved_to != NULL;
	return c->o != NULL ? out_row(c->o, &line, e) : 0;
}

static int each_client(struct counting *c, int64_t root_id, struct err *e)
{
	const struct cert_query q = { .root_id = root_id, .state = "issued", .clients_only = true, .live_only = true };

	return ledger_each_cert(c->p->ledger, &q, root_retire_add_client, c, e);
}

static int list_clients(struct counting *c, int64_t root_id, struct err *e)
{
	if (out_list(c->o, "clients", locked_out_fields, e) < 0 || each_client(c, root_id, e) < 0)
		return -1;
	return out_end(c->o, e);
}

/* The root's own certificates (its key has one for each renewal) that have another revocation reason. */
struct own_certs {
	int64_t ids[64];
	size_t n;
};

static int keep_own(const struct cert_row *row, void *arg, struct err *e)
{
	struct own_certs *own = arg;

	if (cert_is(row, CERT_VOID) || cert_is(row, CERT_SIGNING) ||
	    strcmp(row->revoke_reason, REVOKE_COMPROMISE) == 0)
		return 0;
	if (own->n >= sizeof(own->ids) / sizeof(own->ids[0]))
		return err_set(e, ERR_INTERNAL, "the root has more than %zu certificates", own->n);
	own->ids[own->n++] = row->id;
	return 0;
}

static int find_own(struct own_certs *own, struct retire_job *job, struct err *e)
{
	struct cert_query q = { .roots_only = true };
	struct key_row key;

	*own = (struct own_certs){ .n = 0 };
	if (ledger_key_get(&key, job->op.pki->ledger, job->root.key_id, e) < 0)
		return -1;
	q.key_sha256 = key.key_sha256;
	return ledger_each_cert(job->op.pki->ledger, &q, keep_own, own, e);
}

static int compromise_probe(struct retire_job *job, enum step_state *out, struct err *e)
{
	struct own_certs own;

	if (find_own(&own, job, e) < 0)
		return -1;
	*out = own.n > 0 || !job->root.is_retired ? STEP_PENDING : STEP_DONE;
	return 0;
}

static int retire_probe(struct retire_job *job, enum step_state *out, struct err *e)
{
	*out = STEP_PENDING;
	if (root_row_find(&job->root, job->op.pki, job->op.name, e) < 0)
		return -1;
	if (job->reason != NULL)
		return compromise_probe(job, out, e);
	if (!job->root.is_retired)
		return 0;
	(void)err_set(e, ERR_POLICY, "root '%s' is already retired", job->op.name);
	e->code = "root-retired";
	e->hint = "see `p11ca root list`";
	return -1;
}

static int retire_show(const struct retire_job *job, struct out *o, struct err *e)
{
	struct counting c = { .p = job->op.pki, .o = o };

	return list_clients(&c, job->root.id, e);
}

static int retire_run(struct retire_job *job, struct err *e)
{
	struct counting c = { .p = job->op.pki };
	struct own_certs own;
	char question[300];

	if (each_client(&c, job->root.id, e) < 0)
		return -1;
	(void)snprintf(question, sizeof(question),
	    "Root %.64s will be retired permanently, and %lld client%s lose%s access to the gateway with it.",
	    job->op.name, (long long)c.n, c.n == 1 ? "" : "s", c.n == 1 ? "s" : "");
	if (op_confirm(&job->op, question, job->op.name, e) < 0)
		return -1;
	if (!job->root.is_retired && ledger_root_retire(job->op.pki->ledger, job->root.id, e) < 0)
		return -1;
	if (job->reason == NULL)
		return 0;
	if (find_own(&own, job, e) < 0)
		return -1;
	return ledger_certs_revoke(job->op.pki->ledger, own.ids, own.n, job->reason, e);
}

int root_retire(struct retire_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct retire_job_step retire = { STEP_OF(retire_job, "retire the root"), .probe = retire_probe,
		.show = retire_show, .run = retire_run };
	static const struct retire_job_list list[] = { STEP(retire_job, retire), STEPS_END };
	struct counting c = { .p = job->op.pki, .o = o };

	job->op.purpose = "root";
	job->op.device = "";
	if (retire_job_run(list, job, mode, o, e) < 0)
		return err_while(e, "retiring root '%s'", job->op.name);
	if (mode->dry_run)
		return 0;
	if (out_say(o, e, "Root %s is retired: it will not issue again.", job->op.name) < 0)
		return -1;
	return list_clients(&c, job->root.id, e);
}

static int root_retire_describe(const char **state, char thumbprint[SHA1_HEX], int64_t *not_after, struct pki *p,
    const struct root_row *row, struct err *e)
{
	const struct cert_query q = { .id = row->cert_id };
	struct cert_row cert;
	bool found = false;

	*state = row->is_retired ? "retired" : row->cert_id == 0 ? "unfinished" : "issued";
	thumbprint[0] = '\0';
	if (row->cert_id == 0)
		return 0;
	if (ledger_cert_find(&cert, NULL, &found, p->ledger, &q, e) < 0)
		return -1;
	(void)snprintf(thumbprint, SHA1_HEX, "%s", cert.thumbprint);
	*not_after = cert.not_after;
	return 0;
}

/* What the gateways of the old root were seen to trust. */
struct rollover_gateways {
	struct pki *p;
	const struct root_row *from, *to;
	unsigned n, n_trusting;
	char missing[sizeof(((struct gateway_row *)0)->name)]; /* the first that was not seen to trust the new root */
};

static int rollover_add_gateway(const struct gateway_row *row, void *arg, struct err *e)
{
	struct rollover_gateways *g = arg;
	enum tri trusts;
	bool concerned;

	if (gateway_may_let_in(&concerned, g->p, row, g->from, e) < 0 ||
	    gateway_observed_trust(&trusts, g->p, row, g->to, e) < 0)
		return -1;
	if (!concerned && !gateway_wants_root(row, g->to))
		return 0;
	g->n++;
	if (trusts == TRI_YES)
		g->n_trusting++;
	else if (g->missing[0] == '\0')
		memcpy(g->missing, row->name, sizeof(g->missing));
	return 0;
}

/*
 * Steps that p11ca can check are done or next; other steps are only listed. A client that is renewed before its gateway
 * trusts the new root cannot connect any more.
 */
static int list_steps(struct out *o, const struct rollover *r, const struct rollover_gateways *g, struct err *e)
{
	char make[200], renew[200], retire[160], upload[200];
	const struct root_row *from = g->from;
	const bool all_moved = r->n_moved == r->n_clients, is_trusted = g->n == g->n_trusting;
	const struct rollover_step steps[] = {
		{ "create the new root", strcmp(r->to_state, "issued") == 0 ? "done" : "next", make },
		{ "upload the new root beside the old root (a gateway accepts 20)",
		    g->n == 0 ? "?" : is_trusted ? "done" : "next", upload },
		{ "download the package again: a package contains the roots of its date, and with an older package "
		    "Windows finds no certificate (error 798)",
		    "?", "p11ca package check PACKAGE" },
		{ "renew the certificate of every client with the new root, in "
		    "groups", all_moved ? "done" : is_trusted ? "next" : "later", renew },
		{ "write the clients' profiles again", "?", "p11ca profile stale PACKAGE" },
		{ "retire the old root",
		    from->is_retired ? "done"
		    : all_moved      ? "next"
				     : "later",
		    retire },
		{ "remove the old root from every gateway before it expires: an expired root blocks all updates",
		    from->is_retired ? "?" : "later", "p11ca gateway render GATEWAY --state FILE --retired" },
	};

	(void)snprintf(make, sizeof(make), "p11ca root create %s --token TOKEN", r->to);
	(void)snprintf(upload, sizeof(upload), g->missing[0] != '\0' ? "p11ca gateway render %s --state FILE" :
	    "p11ca root export %s --format base64", g->missing[0] != '\0' ? g->missing : r->to);
	(void)snprintf(renew, sizeof(renew), "p11ca client renew SERIAL --root %s", r->to);
	(void)snprintf(retire, sizeof(retire), "p11ca root retire %s", r->from);
	if (out_list(o, "steps", rollover_step_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (out_row(o, &steps[i], e) < 0)
			return -1;
	return out_end(o, e);
}

int root_rollover(struct pki *p, const char *from_name, const char *to_name, struct out *o, struct err *e)
{
	char from_thumbprint[SHA1_HEX], to_thumbprint[SHA1_HEX];
	struct root_row from, to;
	struct rollover r = { .from = from_name, .to = to_name, .from_thumbprint = from_thumbprint,
		.to_thumbprint = to_thumbprint };
	struct counting c = { .p = p, .to = &to };
	struct rollover_gateways g = { .p = p, .from = &from, .to = &to };

	if (strcmp(from_name, to_name) == 0)
		return err_set(e, ERR_USAGE, "a root cannot be its own successor");
	if (root_row_find(&from, p, from_name, e) < 0 || root_row_find(&to, p, to_name, e) < 0 ||
	    root_retire_describe(&r.from_state, from_thumbprint, &r.from_not_after, p, &from, e) < 0 ||
	    root_retire_describe(&r.to_state, to_thumbprint, &r.to_not_after, p, &to, e) < 0 ||
	    each_client(&c, from.id, e) < 0 || ledger_each_gateway(p->ledger, rollover_add_gateway, &g, e) < 0)
		return -1;
	r.n_clients = c.n;
	r.n_moved = c.n_moved;
	c.o = o;
	if (out_record(o, "rollover", rollover_fields, &r, e) < 0 || list_clients(&c, from.id, e) < 0)
		return -1;
	return list_steps(o, &r, &g, e);
}
