/* SPDX-License-Identifier: MIT */
/* client_revoke.c - revokes certificates, and restores those on certificateHold. */
#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/client_find.h"
#include "pki/op.h"
#include "pki/revoke/revoke.h"
#include "util/unicode.h"

void revoke_job_clear(struct revoke_job *job)
{
	op_clear(&job->op);
	free(job->certs);
	job->certs = NULL;
	job->n_certs = job->cap = 0;
}

static bool client_revoke_is_suspended(const struct cert_row *c)
{
	return cert_is(c, CERT_REVOKED) && strcmp(c->revoke_reason, REVOKE_HOLD) == 0;
}

/* Whether the certificate needs no further revocation. */
static bool is_done(const struct cert_row *c, const char *reason)
{
	if (reason == NULL)
		return cert_is(c, CERT_ISSUED);
	if (!cert_is(c, CERT_REVOKED) ||
	    (client_revoke_is_suspended(c) && strcmp(reason, REVOKE_HOLD) != 0))
		return false;
	return strcmp(reason, REVOKE_COMPROMISE) != 0 || strcmp(c->revoke_reason, REVOKE_COMPROMISE) == 0;
}

static int client_revoke_keep(struct revoke_job *job, const struct cert_row *c, struct err *e)
{
	if (job->n_certs == job->cap) {
		const size_t cap = job->cap > 0 ? 2 * job->cap : 4;
		struct cert_row *more = reallocarray(job->certs, cap, sizeof(*more));

		if (more == NULL)
			return err_set(e, ERR_INTERNAL, "out of memory");
		job->certs = more;
		job->cap = cap;
	}
	job->certs[job->n_certs] = *c;
	job->certs[job->n_certs].tbs = job->certs[job->n_certs].der = (struct bytes){ 0 }; /* borrowed for the call */
	job->certs[job->n_certs++].request_name = NULL;
	return 0;
}

struct selecting {
	struct revoke_job *job;
	int64_t now;
	bool with_expired;           /* keyCompromise applies to the key, which outlives the certificate */
};

static int select_cert(const struct cert_row *c, void *arg, struct err *e)
{
	struct selecting *s = arg;

	s->job->n_signing += cert_is(c, CERT_SIGNING);
	if (cert_is(c, CERT_VOID) || cert_is(c, CERT_SIGNING) ||
	    (c->not_after < s->now && !s->with_expired))
		return 0;
	return client_revoke_keep(s->job, c, e);
}

/* "phone" may be the device of many clients: a device alone must belong to one client. */
static int check_one_client(const struct revoke_job *job, struct err *e)
{
	if (job->all != NULL || job->card != NULL)
		return 0;
	for (size_t i = 1; i < job->n_certs; i++) {
		bool same;

		if (name_is_same(&same, job->certs[i].name, job->certs[0].name, e) < 0)
			return -1;
		if (same)
			continue;
		(void)err_set(e, ERR_NOT_FOUND, "several clients have a device '%s'", job->device);
		(void)err_cause(e, "'%.100s', '%.100s'", job->certs[0].name, job->certs[i].name);
		e->hint = "add the client's name with --all NAME";
		return -1;
	}
	return 0;
}

static int find_many(struct revoke_job *job, struct err *e)
{
	char card[17];
	const struct cert_query q = { .name = job->all, .device = job->device,
		.token_serial = job->card != NULL ? card : NULL, .clients_only = true };
	struct selecting s = { job, clock_now(&job->op.pki->clock),
		job->reason != NULL && strcmp(job->reason, REVOKE_COMPROMISE) == 0 };

	if ((job->card != NULL && ledger_card_serial(card, job->op.pki->ledger, job->card, e) < 0) ||
	    ledger_each_cert(job->op.pki->ledger, &q, select_cert, &s, e) < 0 || check_one_client(job, e) < 0)
		return -1;
	if (job->n_certs > 0 || job->n_signing > 0)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no such client certificate that is valid");
	e->hint = "see `p11ca client list --all`";
	return -1;
}

/* A certificate named by id is refused in states in which the other selections skip it. */
static int client_revoke_check_one(const struct cert_row *c, const char *reason, struct err *e)
{
	if (cert_is(c, CERT_SIGNING)) {
		(void)err_set(e, ERR_POLICY, "certificate %s of '%s' is being issued", c->serial, c->name);
		return err_rule(e, "operation-running",
		    "run the command again afterwards; `p11ca ledger recover` finishes what an interrupted run left");
	}
	if (cert_is(c, CERT_VOID) ||
	    (reason == NULL && !cert_is(c, CERT_REVOKED) && !cert_is(c, CERT_ISSUED))) {
		(void)err_set(e, ERR_POLICY, "certificate %s of '%s' is %s", c->serial, c->name, c->state);
		return err_rule(e, "nothing-to-revoke", "see `p11ca client list --all` for those that are there");
	}
	if (reason == NULL && cert_is(c, CERT_REVOKED) && !client_revoke_is_suspended(c)) {
		(void)err_set(e, ERR_POLICY, "certificate %s of '%s' is revoked for %s", c->serial, c->name,
		    c->revoke_reason);
		return err_rule(
		    e, "revoked-permanently", "only certificateHold can be undone: issue another certificate");
	}
	if (reason != NULL && is_done(c, reason) && strcmp(c->revoke_reason, reason) != 0) {
		(void)err_set(e, ERR_POLICY, "certificate %s of '%s' is already revoked (%s)", c->serial, c->name,
		    c->revoke_reason);
		return err_rule(e, "revoked-before",
		    "the recorded reason stays; only certificateHold can be changed, and any reason can be changed "
		    "to keyCompromise");
	}
	return 0;
}

static enum client_use use_of(const char *reason)
{
	if (reason == NULL)
		return CLIENT_USE_REVOKED;
	return strcmp(reason, "superseded") == 0 ? CLIENT_USE_SUPERSEDED : CLIENT_USE_LIVE;
}

/* The options of the command that continues this run. */
static void write_options(char *out, size_t size, const struct revoke_job *job)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-";
	const char *path = job->script_path;
	const bool is_plain = path != NULL && path[strspn(path, plain)] == '\0' && strlen(path) <= 100;

	if (job->reason != NULL)
		(void)snprintf(out, size, " --reason %s%s%s", job->reason, path != NULL ? " --script " : "",
		    is_plain    ? path
		    : path != NULL ? "…"
				   : "");
}

static int client_revoke_find(struct revoke_job *job, struct err *e)
{
	const char *reason = job->reason;
	char options[200] = "";
	const struct client_question which = { .id = job->id, .use = use_of(reason),
		.command = reason != NULL ? "client revoke" : "client restore", .options = options };
	struct cert_row cert;

	if (job->n_certs > 0)
		return 0;
	if (job->id == NULL)
		return find_many(job, e);
	write_options(options, sizeof(options), job);
	if (client_find(&cert, NULL, job->op.pki, &which, e) < 0 || client_revoke_check_one(&cert, job->reason, e) < 0)
		return -1;
	return client_revoke_keep(job, &cert, e);
}

static int client_revoke_look(struct revoke_job *job, enum step_state *out, struct err *e)
{
	if (client_revoke_find(job, e) < 0)
		return -1;
	*out = STEP_DONE;
	for (size_t i = 0; i < job->n_certs; i++)
		if (!is_done(&job->certs[i], job->reason))
			*out = STEP_PENDING;
	return 0;
}

/* Reads the rows again for the output. */
static int read_again(struct revoke_job *job, struct err *e)
{
	for (size_t i = 0; i < job->n_certs; i++) {
		const struct cert_query q = { .id = job->certs[i].id };
		bool found;

		if (ledger_cert_find(&job->certs[i], NULL, &found, job->op.pki->ledger, &q, e) < 0)
			return -1;
	}
	return 0;
}

#define SHOWN_MAX 6 /* certificates in the question */

/* A selection is confirmed, because the command line does not show which certificates it has. */
static int client_revoke_confirm(struct revoke_job *job, const int64_t ids[], size_t n, struct err *e)
{
	const char *want = job->all != NULL ? job->all : job->card != NULL ? job->card : job->device;
	char question[1200]; /* room for SHOWN_MAX certificates */
	size_t used, shown = 0;

	used = (size_t)snprintf(question, sizeof(question), "%zu certificate%s will be revoked (%s):", n,
	    n == 1 ? "" : "s", job->reason);
	for (size_t i = 0; i < job->n_certs && shown < n && shown < SHOWN_MAX; i++) {
		const struct cert_row *c = &job->certs[i];

		if (c->id != ids[shown])
			continue;
		used += (size_t)snprintf(question + used, sizeof(question) - used, "%s %.80s%s%.40s%s, serial %.16s",
		    shown++ > 0 ? ";" : "", c->name, c->device[0] != '\0' ? " (" : "", c->device,
		    c->device[0] != '\0' ? ")" : "", c->serial);
	}
	if (shown < n)
		(void)snprintf(question + used, sizeof(question) - used, "; and %zu more, which --dry-run lists",
		    n - shown);
	return op_confirm(&job->op, question, want, e);
}

static int revoke_run(struct revoke_job *job, struct err *e)
{
	int64_t *ids = calloc(job->n_certs + 1, sizeof(*ids));
	size_t n = 0;
	int result;

	if (ids == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	for (size_t i = 0; i < job->n_certs; i++)
		if (!is_done(&job->certs[i], job->reason))
			ids[n++] = job->certs[i].id;
	result = job->id == NULL && n > 0 ? client_revoke_confirm(job, ids, n, e) : 0;
	result = result < 0 ? -1 : ledger_certs_revoke(job->op.pki->ledger, ids, n, job->reason, e);
	free(ids);
	return result < 0 ? -1 : read_again(job, e);
}

static int restore_run(struct revoke_job *job, struct err *e)
{
	if (ledger_cert_restore(job->op.pki->ledger, job->certs[0].id, e) < 0)
		return -1;
	return read_again(job, e);
}

int client_revoke(struct revoke_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct revoke_job_step revoke = { STEP_OF(revoke_job, "revoke"), .probe = client_revoke_look,
		.show = revoke_list, .run = revoke_run };
	static const struct revoke_job_list list[] = { STEP(revoke_job, revoke), STEPS_END };
	static const struct revoke_job_list scripted[] = { STEP(revoke_job, revoke),
		STEP(revoke_job, step_revoke_script), STEPS_END };

	return revoke_job_run(job->script_path != NULL ? scripted : list, job, mode, o, e);
}

int client_restore(struct revoke_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct revoke_job_step restore = { STEP_OF(revoke_job, "restore"), .probe = client_revoke_look,
		.show = revoke_list, .run = restore_run };
	static const struct revoke_job_list list[] = { STEP(revoke_job, restore), STEPS_END };

	return revoke_job_run(list, job, mode, o, e);
}
