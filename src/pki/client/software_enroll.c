/* SPDX-License-Identifier: MIT */
/*
 * software_enroll.c - enrols a client whose key p11ca generates, because the client can neither make a key nor use a
 * token.
 *
 * The key exists only in this process and is exported once, encrypted. If a run dies before, the key is lost: no copy
 * may exist. The next run then revokes the lost key's certificate and starts again.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/row_state.h"
#include "pki/issue/issue_steps.h"
#include "pki/issue/receipt_read.h"
#include "pki/issuer.h"
#include "pki/client/software_key.h"
#include "pki/op.h"
#include "pki/profile/profile.h"
#include "util/file.h"
#include "util/file_name.h"

#define EVENT_MADE "generated-for-client"
#define EVENT_HANDED "handed-to-client"
#define EVENT_LOST "client-key-lost"

#define OBJECT_SIZE (SHA256_HEX + 8)

static void software_enroll_object_of(char out[OBJECT_SIZE], const char *spki_sha256)
{
	(void)snprintf(out, OBJECT_SIZE, "key %s", spki_sha256);
}

struct history {
	bool was_made, was_handed;
};

static int inspect_event(const struct event_row *row, void *arg, struct err *e)
{
	struct history *h = arg;

	(void)e;
	h->was_made |= strcmp(row->kind, EVENT_MADE) == 0;
	h->was_handed |= strcmp(row->kind, EVENT_HANDED) == 0;
	return 0;
}

static int software_enroll_refuse_live(
    const struct op *op, const struct cert_row *row, const struct history *h, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%s' already has a valid certificate, serial %s%s", op->name, row->serial,
	    h->was_handed ? "; p11ca kept no copy of its key" : "");
	return err_rule(e, "client-has-certificate",
	    "write profiles from the PFX of the first run (`p11ca profile write … --pfx FILE`), or revoke the "
	    "certificate with `p11ca client revoke`, or name another machine with --device");
}

static void warn_of_lost(const struct client_job *job)
{
	const struct ui *ui = job->profiled.issue.key.op.pki->ui;
	char text[300];

	(void)snprintf(text, sizeof(text),
	    "an earlier run ended before it wrote the key of certificate %s: the certificate is revoked, and a new "
	    "one issued",
	    job->soft->lost.serial);
	ui->warn(ui->self, "client-key-lost", text);
}

/* A certificate whose key is lost does not prevent a new one. */
static int inspect_live(struct client_job *job, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	char object[OBJECT_SIZE];
	struct ledger_precedents answers;
	struct history h = { .was_made = false };
	struct cert_query q = { .any_id = answers.live_serial, .clients_only = true, .live_only = true };
	struct cert_row row;
	bool found;

	if (ledger_precedents_find(&answers, op->pki->ledger, "", op->name, op->device, e) < 0)
		return -1;
	if (answers.n_live == 0)
		return 0;
	if (ledger_cert_find(&row, NULL, &found, op->pki->ledger, &q, e) < 0)
		return -1;
	if (!found)
		return err_set(e, ERR_LEDGER, "a certificate of '%s' that the ledger counts is missing", op->name);
	software_enroll_object_of(object, row.spki_sha256);
	if (ledger_each_note(op->pki->ledger, object, inspect_event, &h, e) < 0)
		return -1;
	if (!h.was_made || h.was_handed)
		return software_enroll_refuse_live(op, &row, &h, e);
	if (cert_is(&row, CERT_SIGNING) && !row.is_writer_dead) {
		(void)err_set(e, ERR_POLICY, "another p11ca process is enrolling '%s'", op->name);
		return err_rule(e, "operation-running", "wait until that process ends, then run the command again");
	}
	job->soft->lost = row;
	warn_of_lost(job);
	return 0;
}

char *software_pfx_path(const struct op *op, struct err *e)
{
	char stem[FILE_NAME_SIZE], name[100];

	if (file_name_of(stem, op->name, e) < 0)
		return NULL;
	(void)snprintf(name, sizeof(name), "%s.pfx", stem);
	return file_join(op->out_path, name, e);
}

static int check_allowed(const struct op *op, struct err *e)
{
	if (op->pki->config.allow_software_keys)
		return 0;
	(void)err_set(e, ERR_POLICY, "p11ca.conf does not allow private keys in files");
	return err_rule(e, "software-keys-not-allowed",
	    "let the client generate its key (`p11ca client recipe`, `p11ca client request`), or set "
	    "`allow-software-keys = yes` in p11ca.conf");
}

/* The folder may not exist yet. */
static int inspect_files(const struct client_job *job, const char *path, struct err *e)
{
	struct stat st;

	return lstat(job->profiled.issue.key.op.out_path, &st) == 0 ? software_check_pfx(job, path, e) : 0;
}

static int make_probe(struct client_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	AUTO(char) path = NULL;

	*out = STEP_PENDING;
	if (check_allowed(op, e) < 0 || inspect_live(job, e) < 0 || file_check_folder(op->out_path, e) < 0 ||
	    receipt_check_folder(op->out_path, op->name, op->device, e) < 0)
		return -1;
	path = software_pfx_path(op, e);
	return path == NULL ? -1 : inspect_files(job, path, e);
}

/* Asks for both before a key is generated. */
static int make_run(struct client_job *job, struct err *e)
{
	struct key_job *k = &job->profiled.issue.key;
	struct op *op = &job->profiled.issue.key.op;
	AUTO(char) path = software_pfx_path(op, e);
	struct software_key *soft = job->soft;
	char object[OBJECT_SIZE];

	if (path == NULL || software_pfx_password(job, path, e) < 0)
		return -1;
	/* Logs the signer in before a key is generated, so that a failing login loses no key. */
	if (job->profiled.profiles != NULL && profile_job_seal(job->profiled.profile_job, op->pki, false, e) < 0)
		return -1;
	if (soft_key_generate(&soft->key, &k->spec, e) < 0 || software_fill_key(job, e) < 0)
		return err_while(e, "making the key of '%s'", op->name);
	software_enroll_object_of(object, k->row.spki_sha256);
	return ledger_note(op->pki->ledger, EVENT_MADE, object, op->name, e);
}

static int revoke_lost(struct client_job *job, struct err *e)
{
	const struct cert_row *lost = &job->soft->lost;
	struct ledger *l = job->profiled.issue.key.op.pki->ledger;
	char object[SERIAL_HEX + 16];
	bool taken = true;

	if (cert_is(lost, CERT_SIGNING) &&
	    (ledger_cert_take(&taken, l, lost->id, e) < 0 ||
		(taken && ledger_cert_unknown(l, lost->id, "its key was lost", e) < 0)))
		return -1;
	(void)snprintf(object, sizeof(object), "certificate %s", lost->serial);
	return ledger_note(l, EVENT_LOST, object, "the run that issued the certificate ended before it wrote the "
	    "key", e) < 0 ||
			ledger_cert_revoke(l, lost->id, "superseded", e) < 0 ?
	    -1 :
	    0;
}

static int software_enroll_issue_show(const struct client_job *job, struct out *o, struct err *e)
{
	return step_issue.show(&job->profiled.issue, o, e);
}

static int software_enroll_issue_run(struct client_job *job, struct err *e)
{
	/* Logs in first: the lost certificate is revoked only if a new one can follow. */
	if (issuer_login(&job->profiled.issue.key.root, "root", e) < 0 ||
	    (job->soft->lost.id != 0 && revoke_lost(job, e) < 0))
		return -1;
	return step_issue.run(&job->profiled.issue, e);
}

static int note_handed(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	char object[OBJECT_SIZE], detail[SERIAL_HEX + SHA256_HEX + 40];

	software_enroll_object_of(object, job->key.row.spki_sha256);
	(void)snprintf(detail, sizeof(detail), "certificate %s in a PFX, sha256 %s", job->cert.serial,
	    op->files[op->n_files - 1].sha256);
	return ledger_note(op->pki->ledger, EVENT_HANDED, object, detail, e);
}

/* Apple's payload accepts one certificate, and a MAC with SHA-1 only. */
static int pack_for_profiles(struct client_job *job, const struct buf *pfx, struct err *e)
{
	struct profile_job *profile = job->profiled.profile_job;

	if (job->profiled.profiles == NULL)
		return 0;
	return buf_add(&profile->pfx, pfx->data, pfx->len, e) < 0 ||
		       software_pack(
			   &profile->pfx_apple, job->soft, &job->profiled.issue.cert_info, PFX_LEGACY, true, e) < 0
		   ? -1
		   : 0;
}

static int deliver_key_run(struct client_job *job, struct err *e)
{
	struct issue_job *issue = &job->profiled.issue;
	struct op *op = &job->profiled.issue.key.op;
	AUTO(char) path = software_pfx_path(op, e);
	AUTO_VALUE(buf) pfx = { 0 };
	struct software_key *soft = job->soft;

	if (path == NULL || software_find_chain(soft, buf_bytes(&issue->cert_der), op->pki->ledger, e) < 0 ||
	    software_pack(&pfx, soft, &issue->cert_info, soft->compat, false, e) < 0 ||
	    pack_for_profiles(job, &pfx, e) < 0 || file_make_folder(op->out_path, e) < 0 ||
	    software_write_pfx(job, path, buf_bytes(&pfx), e) < 0)
		return err_while(e, "writing the key of '%s'", op->name);
	soft_key_free(STEAL(soft->key));
	secret_clear(&soft->pfx_password);
	return note_handed(issue, e);
}

const struct client_job_step step_generate_software_key = { STEP_OF(client_job, "make the key in memory"),
	.probe = make_probe, .run = make_run };
const struct client_job_step step_issue_software = { STEP_OF(client_job, "issue the certificate"),
	.show = software_enroll_issue_show, .run = software_enroll_issue_run };
const struct client_job_step step_deliver_key = { STEP_OF(client_job, "write the PFX"), .run = deliver_key_run };
