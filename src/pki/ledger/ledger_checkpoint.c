/* SPDX-License-Identifier: MIT */
/*
 * ledger_checkpoint.c - signs the head of the chain with a key on a token that signs nothing else.
 *
 * The key is made, proved and certified once, as a client's key is; later checkpoints need neither root nor its
 * token.
 */
#include "pki/ledger/ledger_checkpoint.h"

#include <string.h>

#include "pki/device.h"
#include "pki/issue/issue_steps.h"
#include "pki/issue/request_step.h"
#include "pki/issuer.h"
#include "pki/key/key.h"
#include "pki/ledger/checkpoint.h"
#include "pki/op.h"
#include "pki/token_signer.h"
#include "util/file.h"
#include "x509/cms.h"
#include "x509/encode.h"
#include "x509/tbs.h"
#include "x509/templates.h"

const struct out_field checkpoint_fields[] = {
	{ OUT_TEXT("file", "Checkpoint", struct checkpoint_line, file), .help = "where it was written" },
	{ OUT_TEXT("sha256", NULL, struct checkpoint_line, sha256), .help = "of the file" },
	{ OUT_TEXT("ledger_id", "  ledger", struct checkpoint_line, ledger), .help = "id of the ledger" },
	{ OUT_INT64("seq", "  event", struct checkpoint_line, seq), .help = "the last event that it covers" },
	{ OUT_TEXT("head", "  head", struct checkpoint_line, head), .help = "hash of that event" },
	{ OUT_TIME("signed_at", "  signed at", struct checkpoint_line, time), .help = "UTC" },
	{ OUT_TEXT("signer", "  by", struct checkpoint_line, signer),
	    .help = "subject of the ledger key's certificate" },
	{ OUT_TEXT("serial", NULL, struct checkpoint_line, serial), .help = "of that certificate" },
	{ OUT_TEXT("root_name", "  root", struct checkpoint_line, root), .help = "issuer of that certificate" },
	{ .key = NULL },
};

struct checkpoint_job {
	struct issue_job issue;
	char name[64], root_name[65];
	struct checkpoint checkpoint;
};
#define checkpoint_job_STEPS issue_job_STEPS, const struct checkpoint_job_step *: 0
JOB_DEFINE(checkpoint_job, issue.key.op);

static int search_cert(bool *out, const struct key_job *job, struct err *e)
{
	const struct op *op = &job->op;
	const struct cert_query q = { .root_id = job->root.row.id,
		.name = op->name,
		.device = op->device,
		.state = "issued",
		.clients_only = true,
		.live_only = true };
	struct cert_row row;

	return ledger_cert_find(&row, NULL, out, op->pki->ledger, &q, e);
}

struct signer_search {
	struct pki *p;
	struct cert_row newest;      /* id 0: none */
	struct root_row root;        /* its root */
	bool has_issuing_root;
};

/* A root that still issues is preferred, then the newest certificate. */
static int search_signer(const struct cert_row *row, void *arg, struct err *e)
{
	struct signer_search *s = arg;
	struct root_row root;
	bool issues;

	if (strcmp(row->template_name, "ledger-signer") != 0) /* a client may have the name */
		return 0;
	if (ledger_root_get(&root, s->p->ledger, row->root_id, e) < 0)
		return -1;
	issues = !root.is_retired && root.cert_id != 0;
	if (s->has_issuing_root && !issues)
		return 0;
	s->newest = *row;
	s->newest.tbs = s->newest.der = s->newest.issuers = (struct bytes){ 0 }; /* borrowed for the call */
	s->newest.request_name = NULL;
	s->root = root;
	s->has_issuing_root = issues;
	return 0;
}

/*
 * Without --root: the root that certified the ledger's key. If another root is asked for, the key gets a certificate of
 * that root, which renews the one that it has.
 */
static int choose_root(struct checkpoint_job *j, struct err *e)
{
	struct issue_job *job = &j->issue;
	const struct cert_query q = { .name = job->key.op.name, .device = job->key.op.device, .state = "issued",
		.clients_only = true, .live_only = true };
	struct signer_search s = { .p = job->key.op.pki };
	struct cert_query one = { .id = 0 };
	bool found, is_current;

	if (ledger_each_cert(job->key.op.pki->ledger, &q, search_signer, &s, e) < 0)
		return -1;
	if (s.newest.id == 0)
		return 0;
	if (job->root_name == NULL && s.has_issuing_root) {
		(void)snprintf(j->root_name, sizeof(j->root_name), "%s", s.root.name);
		job->root_name = j->root_name;
	}
	is_current = job->root_name != NULL ? strcmp(job->root_name, s.root.name) == 0 : s.has_issuing_root;
	/* a certificate that renews another is found by that one */
	one.id = is_current ? s.newest.renews : s.newest.id;
	if (one.id == 0)
		return 0;
	job->key.same_key = true;
	return ledger_cert_find(&job->key.renewed, &job->renewed_der, &found, job->key.op.pki->ledger, &one, e);
}

/* The root's token is needed the first time only. */
static int ledger_checkpoint_find_probe(struct checkpoint_job *j, enum step_state *out, struct err *e)
{
	struct issue_job *job = &j->issue;
	struct op *op = &job->key.op;
	int64_t from, to;
	bool found;

	*out = STEP_DONE; /* look() does everything */
	if (op_card_open(&job->key, e) < 0 || choose_root(j, e) < 0 ||
	    issuer_find(&job->key.root, op->pki, job->root_name, e) < 0 ||
	    template_check_key(job->key.template, &job->key.spec, key_spec_name(&job->key.spec), e) < 0 ||
	    search_cert(&found, &job->key, e) < 0)
		return -1;
	if (found)
		return 0;
	if (issuer_open(&job->key.root, op->pki, job->key.card, true, e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){ clock_now(&job->key.op.pki->clock), 0, job->key.template, &job->key.root.info },
	    e);
}

static int ledger_checkpoint_write_probe(struct checkpoint_job *j, enum step_state *out, struct err *e)
{
	struct op *op = &j->issue.key.op;

	*out = STEP_PENDING;
	return file_check_writable(op->out_path, op->force, e);
}

static int ledger_checkpoint_sign(struct checkpoint_job *j, struct buf *out, struct err *e)
{
	struct op *op = &j->issue.key.op;
	const struct bytes chain[] = { buf_bytes(&j->issue.key.root.der) };
	AUTO_VALUE(signer) s = { 0 };
	AUTO_VALUE(buf) text = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct cms_spec spec = { .cert = buf_bytes(&j->issue.cert_der), .chain = chain, .n_chain = 1, .signer = &s };
	struct ledger_info info;
	struct key_ref key;

	if (op_card_login(&j->issue.key, e) < 0 ||
	    token_find_key(&key, j->issue.key.card, j->issue.key.row.location.cka_id, e) < 0 ||
	    token_signer_open(&s, j->issue.key.card, &key, e) < 0 || ledger_get_info(&info, op->pki->ledger, e) < 0)
		return -1;
	checkpoint_fill(&j->checkpoint, &info, clock_now(&op->pki->clock));
	if (checkpoint_format(&text, &j->checkpoint, e) < 0)
		return -1;
	spec.content = buf_bytes(&text);
	spec.time = j->checkpoint.time;
	if (x509_sign_cms(&der, &spec, e) < 0)
		return -1;
	return der_encode(out, buf_bytes(&der), DER_CMS, "pem", e);
}

/* Records the event before the file is written, so that every signature is known. */
static int ledger_checkpoint_write_run(struct checkpoint_job *j, struct err *e)
{
	struct op *op = &j->issue.key.op;
	AUTO_VALUE(buf) pem = { 0 };
	char object[48], detail[SHA256_HEX + 80];
	char sha256[SHA256_HEX];

	if (ledger_checkpoint_sign(j, &pem, e) < 0 || hash_sha256_hex(sha256, buf_bytes(&pem), e) < 0)
		return err_while(e, "signing the checkpoint");
	(void)snprintf(object, sizeof(object), "checkpoint %lld", (long long)j->checkpoint.seq);
	(void)snprintf(detail, sizeof(detail), "SHA-256 %s by certificate %.43s", sha256, j->issue.cert_info.serial);
	if (ledger_note(op->pki->ledger, "checkpoint-signed", object, detail, e) < 0 ||
	    file_write(op->out_path, buf_bytes(&pem), 0644, op->force, e) < 0)
		return -1;
	return op_add_file(op, "checkpoint", op->out_path, buf_bytes(&pem), e);
}

static int ledger_checkpoint_print(const struct checkpoint_job *j, struct out *o, struct err *e)
{
	const struct op *op = &j->issue.key.op;
	const struct checkpoint_line line = { op->files[0].path, op->files[0].sha256, j->checkpoint.ledger,
		j->checkpoint.head, j->issue.cert_info.subject, j->issue.cert_info.serial, j->issue.key.root.row.name,
		j->checkpoint.seq, j->checkpoint.time };

	return out_record(o, "checkpoint", checkpoint_fields, &line, e);
}

static int ledger_checkpoint_fill(
    struct checkpoint_job *j, struct pki *p, const struct checkpoint_args *args, struct err *e)
{
	struct op *op = &j->issue.key.op;

	op->pki = p;
	op->name = j->name;
	op->purpose = "ledger";
	op->device = args->device;
	j->issue.root_name = args->root_name;
	j->issue.key.where = args->where;
	op->out_path = args->out_path;
	op->force = args->force;
	j->issue.key.shared_card = args->shared_card;
	j->issue.key.same_token = true; /* the root's token may also hold the ledger's key */
	checkpoint_signer_name(j->name, ledger_id(p->ledger));
	if (key_job_set_spec(&j->issue.key, args->spec, e) < 0)
		return -1;
	return device_check(op->device, e) < 0 ? -1 : template_find(&j->issue.key.template, "ledger-signer", e);
}

int ledger_checkpoint(struct pki *p, const struct checkpoint_args *args, const struct run_mode *mode, struct out *o,
    struct err *e)
{
	static const struct checkpoint_job_step find = { STEP_OF(checkpoint_job, "find the root"),
		.probe = ledger_checkpoint_find_probe };
	static const struct checkpoint_job_step write = { STEP_OF(checkpoint_job, "sign the checkpoint"),
		.probe = ledger_checkpoint_write_probe, .run = ledger_checkpoint_write_run };
	static const struct checkpoint_job_list list[] = { STEP(checkpoint_job, find),
		STEP(checkpoint_job, step_plan_key), STEP(checkpoint_job, step_generate_key),
		STEP(checkpoint_job, step_prove_key), STEP(checkpoint_job, step_build_request),
		STEP(checkpoint_job, step_issue), STEP(checkpoint_job, step_install), STEP(checkpoint_job, write),
		STEPS_END };
	struct checkpoint_job j = { .name = "" };
	int result = ledger_checkpoint_fill(&j, p, args, e);

	if (result == 0)
		result = checkpoint_job_run(list, &j, mode, o, e);
	if (result == 0 && !mode->dry_run)
		result = ledger_checkpoint_print(&j, o, e);
	issue_job_clear(&j.issue);
	return result;
}
