/* SPDX-License-Identifier: MIT */
/*
 * client_renew.c - renews a client's certificate.
 *
 * The steps of an enrolment, with another key or the same. Both certificates are valid until the old one is revoked
 * as
 * superseded by another command, so that a renewal locks out no client.
 */
#include "pki/client/client_renew.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/client_find.h"
#include "pki/issue/issue_steps.h"
#include "pki/issue/request_step.h"
#include "pki/key/key.h"
#include "pki/key/key_location.h"
#include "pki/key_uri.h"
#include "pki/op.h"
#include "pki/profile/profile_step.h"
#include "pki/user_templates.h"
#include "util/file.h"
#include "x509/encode.h"
#include "x509/request.h"
#include "x509/templates.h"

static int client_renew_refuse(const char *code, const char *hint, struct err *e)
{
	e->code = code;
	e->hint = hint;
	return -1;
}

static int check_state(const struct cert_row *row, struct err *e)
{
	if (cert_is(row, CERT_ISSUED))
		return 0;
	(void)err_set(e, ERR_POLICY, "certificate %s of '%s' is %s", row->serial, row->name, row->state);
	return client_renew_refuse("renew-not-issued", "enrol the client again: `p11ca client enroll`", e);
}

static int check_same_key(const struct key_job *job, const char *root, struct err *e)
{
	const struct config_root *conf = config_find_root(&job->op.pki->config, root);

	if (!job->same_key || (conf != NULL && conf->renew_same_key != 0))
		return 0;
	(void)err_set(e, ERR_POLICY, "p11ca.conf does not allow root '%s' to renew certificates with the same "
	    "key", root);
	return client_renew_refuse(
	    "renew-same-key", "leave out --same-key, or set renew-same-key = yes in p11ca.conf", e);
}

/* The recorded token of the old certificate's key, unless another token is named. */
static int client_renew_find_card(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct key_row key;

	if (job->key.where != NULL || job->request_path != NULL)
		return 0;
	if (job->key.renewed.key_id == 0) {
		(void)err_set(e, ERR_POLICY,
		    "the ledger does not record the token with the key of certificate %s of '%s'",
		    job->key.renewed.serial, op->name);
		return client_renew_refuse(
		    "renew-key-token-unknown", "give a new request with --csr, or a card with --token", e);
	}
	if (ledger_key_get(&key, op->pki->ledger, job->key.renewed.key_id, e) < 0)
		return -1;
	if (key_location_uri(&job->key.own_where, &key.location, e) < 0)
		return err_while(e, "finding the key of '%s'", op->name);
	job->key.where = job->key.own_where;
	return 0;
}

static int client_renew_read_request(struct issue_job *job, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (job->request_path == NULL || job->request_der.len > 0)
		return 0;
	if (file_read(&file, job->request_path, REQUEST_MAX, e) < 0 ||
	    der_from_file(&job->request_der, buf_bytes(&file), DER_REQUEST, e) < 0 ||
	    request_read(&job->request, buf_bytes(&job->request_der), e) < 0)
		return err_while(e, "reading request '%s'", job->request_path);
	return 0;
}

int client_renew_find(struct issue_job *job, const char *id, char root_name[65], struct err *e)
{
	struct op *op = &job->key.op;
	const struct client_question which = { .id = id, .use = CLIENT_USE_RENEWED,
		.command = "client renew", .options = job->supersede ? " --supersede" : "",
		.continues = job->request_path == NULL && job->root_name == NULL && job->key.template == NULL,
		.key_sha256 = job->request.public_key.key_sha256 };
	struct root_row root;

	if (client_renew_read_request(job, e) < 0 ||
	    client_find(&job->key.renewed, &job->renewed_der, op->pki, &which, e) < 0)
		return -1;
	op->purpose = "client";
	op->name = job->key.renewed.name;
	op->device = job->key.renewed.device;
	if (check_state(&job->key.renewed, e) < 0 ||
	    ledger_root_get(&root, op->pki->ledger, job->key.renewed.root_id, e) < 0)
		return -1;
	if (job->root_name == NULL) { /* a certificate of another root moves the client to that root */
		(void)snprintf(root_name, 65, "%s", root.name);
		job->root_name = root_name;
	}
	/* a certificate of another program is renewed by the root's section */
	if (job->key.template == NULL && strcmp(job->key.renewed.template_name, "imported") != 0 &&
	    pki_template_find(&job->key.template, op->pki, job->key.renewed.template_name, e) < 0)
		return err_while(e, "reading the request of certificate %s", job->key.renewed.serial);
	return check_same_key(&job->key, job->root_name, e) < 0 ? -1 : client_renew_find_card(job, e);
}

struct formats {
	int64_t cert_id;
	char *out;
};

static int client_renew_add_format(const struct profile_row *row, void *arg, struct err *e)
{
	const struct formats *f = arg;
	const size_t used = strlen(f->out);

	(void)e;
	if (row->cert_id == f->cert_id && used + strlen(row->format) + 2 <= 256)
		(void)snprintf(f->out + used, 256 - used, "%s%s", used > 0 ? "," : "", row->format);
	return 0;
}

int client_renew_formats(char out[256], const struct key_job *job, struct err *e)
{
	struct formats f = { job->renewed.id, out };

	out[0] = '\0';
	return ledger_each_profile(job->op.pki->ledger, true, client_renew_add_format, &f, e);
}

/* The key of --csr must differ from the renewed certificate's key, unless --same-key says otherwise. */
static int check_request_key(const struct issue_job *job, struct err *e)
{
	const bool is_same = strcmp(job->request.public_key.key_sha256, job->key.renewed.key_sha256) == 0;

	if (is_same == job->key.same_key)
		return 0;
	(void)err_set(e, ERR_POLICY, "the request '%s' is for %s key", job->request_path,
	    is_same ? "the certificate's present" : "another");
	return is_same
		   ? client_renew_refuse(
			 "renew-same-key", "generate a new key, or use --same-key if p11ca.conf allows that", e)
		   : client_renew_refuse("renew-other-key", "leave out --same-key: the request contains a new key", e);
}

static int client_renew_read_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	*out = STEP_DONE; /* client_renew_find() read the request */
	(void)snprintf(
	    job->key.row.spki_sha256, sizeof(job->key.row.spki_sha256), "%s", job->request.public_key.spki_sha256);
	(void)snprintf(
	    job->key.row.key_sha256, sizeof(job->key.row.key_sha256), "%s", job->request.public_key.key_sha256);
	job->key.spec = job->request.public_key.spec;
	return check_request_key(job, e);
}

/* Profiles for the old certificate name its key, so they are written again. */
static int warn_profiles(const struct profiled_job *job, struct err *e)
{
	const struct op *op = &job->issue.key.op;
	char formats[256], text[400];

	if (job->profiles != NULL || job->issue.key.same_key)
		return 0;
	if (client_renew_formats(formats, &job->issue.key, e) < 0)
		return -1;
	if (formats[0] == '\0')
		return 0;
	(void)snprintf(text, sizeof(text), "the profiles of '%.80s' (%s) name the old key: write new ones with "
	    "`p11ca profile write`", op->name, formats);
	op->pki->ui->warn(op->pki->ui->self, "profiles-name-old-key", text);
	return 0;
}

static int supersede_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	(void)e;
	*out = job->supersede ? STEP_PENDING : STEP_DONE;
	return 0;
}

static int supersede_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	char text[400];

	if (ledger_cert_revoke(op->pki->ledger, job->key.renewed.id, "superseded", e) < 0)
		return err_while(e, "superseding certificate %s", job->key.renewed.serial);
	(void)snprintf(text, sizeof(text),
	    "certificate %s is revoked in the ledger, NOT YET ENFORCED: put its "
	    "thumbprint %s on each gateway's list, and sign a CRL",
	    job->key.renewed.serial, job->key.renewed.thumbprint);
	op->pki->ui->warn(op->pki->ui->self, "not-yet-enforced", text);
	return 0;
}

const struct issue_job_step step_read_request = { STEP_OF(issue_job, "read the request"),
	.probe = client_renew_read_probe };
const struct issue_job_step step_supersede = { STEP_OF(issue_job, "supersede the old certificate"),
	.probe = supersede_probe, .run = supersede_run };

int client_renew(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct client_job_list on_card[] = { STEP(client_job, step_find_issuer),
		STEP(client_job, step_plan_key), STEP(client_job, step_generate_key), STEP(client_job, step_prove_key),
		STEP(client_job, step_build_request), STEP(client_job, step_issue), STEP(client_job, step_install),
		STEP(client_job, step_write_profiles), STEP(client_job, step_write_files),
		STEP(client_job, step_supersede), STEPS_END };
	static const struct client_job_list elsewhere[] = { STEP(client_job, step_read_request),
		STEP(client_job, step_find_issuer), STEP(client_job, step_issue), STEP(client_job, step_write_files),
		STEP(client_job, step_supersede), STEPS_END };

	if (client_job_run(job->profiled.issue.request_path != NULL ? elsewhere : on_card, job, mode, o, e) < 0)
		return err_while(e, "renewing certificate %s of '%s'", job->profiled.issue.key.renewed.serial,
		    job->profiled.issue.key.op.name);
	return mode->dry_run ? 0 : warn_profiles(&job->profiled, e);
}
