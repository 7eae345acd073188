/* SPDX-License-Identifier: MIT */
/* revoke_script.c - the step that writes a script to complete a revocation at every gateway of the ledger. */
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "azure/gateway/gateway.h"
#include "pki/gateway/gateway.h"
#include "pki/gateway/gateway_name.h"
#include "pki/gateway/gateway_trust.h"
#include "pki/issuer.h"
#include "pki/op.h"
#include "pki/revoke/revoke.h"
#include "util/file.h"

#define ROOTS_MAX 64

struct scripting {
	const struct revoke_job *job;
	struct buf *out;
	struct root_row roots[ROOTS_MAX]; /* roots of the certificates, each once */
	size_t n_roots;
	unsigned n_gateways;
};

static int note_root(struct scripting *s, int64_t id, struct err *e)
{
	for (size_t i = 0; i < s->n_roots; i++)
		if (s->roots[i].id == id)
			return 0;
	if (s->n_roots >= ROOTS_MAX)
		return err_set(e, ERR_USAGE, "the certificates belong to more than %d roots: revoke fewer "
		    "certificates at a time", ROOTS_MAX);
	return ledger_root_get(&s->roots[s->n_roots], s->job->op.pki->ledger, id, e) < 0 ? -1 : (s->n_roots++, 0);
}

static int lets_in(
    bool *out, const struct scripting *s, const struct gateway_row *gateway, int64_t root_id, struct err *e)
{
	*out = false;
	for (size_t i = 0; i < s->n_roots; i++)
		if (s->roots[i].id == root_id)
			return gateway_may_let_in(out, s->job->op.pki, gateway, &s->roots[i], e);
	return 0;
}

static int revoke_script_add_revoked(struct gateway_change *c, const struct cert_row *cert, struct err *e)
{
	struct gateway_entry *entry = gateway_entries_add(&c->revoked);

	if (entry == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	azure_name(entry->name, cert);
	(void)snprintf(entry->thumbprint, sizeof(entry->thumbprint), "%s", cert->thumbprint);
	(void)snprintf(entry->subject, sizeof(entry->subject), "%s", cert->name);
	entry->action = GATEWAY_ADD;
	entry->is_ours = true;
	return 0;
}

static int script_gateway(const struct gateway_row *gateway, void *arg, struct err *e)
{
	struct scripting *s = arg;
	const struct revoke_job *job = s->job;
	AUTO_VALUE(gateway_change) c = { .gateway = *gateway };

	for (size_t i = 0; i < job->n_certs; i++) {
		bool may;

		if (lets_in(&may, s, gateway, job->certs[i].root_id, e) < 0 ||
		    (may && job->certs[i].thumbprint[0] != '\0' &&
			revoke_script_add_revoked(&c, &job->certs[i], e) < 0))
			return -1;
	}
	if (c.revoked.n == 0)
		return 0;
	s->n_gateways++;
	if (gateway_check_names(gateway, e) < 0)
		return err_while(e, "writing the commands for gateway '%.80s'", gateway->name);
	return gateway_close_at(s->out, &c, e);
}

/* No CRL is expected of a root whose certificate does not allow CRLs. */
static int signs_crls(bool *out, struct scripting *s, const char *root, struct err *e)
{
	AUTO_VALUE(issuer) issuer = { .is_shared = false };

	if (issuer_find_any(&issuer, s->job->op.pki, root, e) < 0)
		return -1;
	*out = !issuer.info.has_key_usage || (issuer.info.key_usage & KU_CRL_SIGN) != 0;
	return 0;
}

/* The script may run in another folder, so relative names become absolute. */
static int revoke_script_begin(struct scripting *s, struct err *e)
{
	char *home = realpath(s->job->op.pki->home, NULL);
	int result;

	if (home == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot find the folder '%s'", s->job->op.pki->home);
	result = gateway_close_begin(s->out, home, e);
	free(home);
	return result;
}

static int revoke_script_build(struct scripting *s, struct err *e)
{
	const struct revoke_job *job = s->job;
	const char *names[ROOTS_MAX];
	size_t n = 0;

	if (revoke_script_begin(s, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_certs; i++)
		if (note_root(s, job->certs[i].root_id, e) < 0)
			return -1;
	if (ledger_each_gateway(s->job->op.pki->ledger, script_gateway, s, e) < 0)
		return -1;
	for (size_t i = 0; i < s->n_roots; i++) {
		bool signs;

		if (signs_crls(&signs, s, s->roots[i].name, e) < 0)
			return -1;
		if (signs)
			names[n++] = s->roots[i].name;
	}
	return gateway_close_end(s->out, names, n, e);
}

static int revoke_script_make(struct buf *out, const struct revoke_job *job, struct err *e)
{
	struct scripting s = { .job = job, .out = out };

	if (revoke_script_build(&s, e) < 0)
		return -1;
	if (s.n_gateways > 0)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "no recorded gateway trusts the root of these certificates");
	e->hint = "register the gateway: `p11ca gateway add`";
	return -1;
}

static int revoke_script_inspect(enum step_state *out, const struct revoke_job *job, struct err *e)
{
	AUTO_VALUE(buf) script = { 0 };
	bool same;

	if (revoke_script_make(&script, job, e) < 0 || file_is_same(&same, job->script_path, buf_bytes(&script), e) < 0)
		return -1;
	*out = same ? STEP_DONE : STEP_PENDING;
	return same ? 0 : file_check_writable(job->script_path, job->op.force, e);
}

static int script_show(const struct revoke_job *job, struct out *o, struct err *e)
{
	enum step_state state;

	(void)o;
	return revoke_script_inspect(&state, job, e);
}

/* Does not fail for an error of the script, which run() reports: the revocation is recorded first. */
static int script_probe(struct revoke_job *job, enum step_state *out, struct err *e)
{
	struct err bad_script = ERR_INIT;

	(void)e;
	if (revoke_script_inspect(out, job, &bad_script) < 0)
		*out = STEP_PENDING;
	return 0;
}

static int revoke_script_write(struct revoke_job *job, struct err *e)
{
	AUTO_VALUE(buf) script = { 0 };

	return revoke_script_make(&script, job, e) < 0 ||
		       file_check_writable(job->script_path, job->op.force, e) < 0
		   ? -1
		   : file_write(job->script_path, buf_bytes(&script), 0700, job->op.force, e);
}

/* The revocation is recorded: a script that cannot be written is no failure of the command. */
static int script_run(struct revoke_job *job, struct err *e)
{
	const struct ui *ui = job->op.pki->ui;
	char text[sizeof(e->what) + sizeof(e->cause) + 250];

	if (revoke_script_write(job, e) == 0)
		return 0;
	if (e->status != ERR_NOT_FOUND && e->status != ERR_OUTPUT && e->status != ERR_POLICY)
		return -1;
	(void)snprintf(text, sizeof(text), "the script '%.200s' is not written: %s%s%s", job->script_path, e->what,
	    e->cause[0] != '\0' ? ": " : "", e->cause);
	ui->warn(ui->self, "script-not-written", text);
	job->is_unscripted = true;
	return 0;
}

const struct revoke_job_step step_revoke_script = { STEP_OF(revoke_job, "write the script"), .probe = script_probe,
	.show = script_show, .run = script_run };
