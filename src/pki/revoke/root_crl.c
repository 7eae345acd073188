/* SPDX-License-Identifier: MIT */
/* root_crl.c - makes the CRL (RFC 5280, 5) of a root and signs it on the root's token. */
#include <openssl/x509v3.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/issuer.h"
#include "pki/op.h"
#include "pki/revoke/revoke.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/crl.h"
#include "x509/encode.h"

#define DAY INT64_C(86400)
#define DAYS_ELSE 30
#define TRIES 20                 /* other processes may make CRLs of the same root */

struct crl_line {
	const char *root, *tbs_sha256, *sha256, *path;
	int64_t number, this_update, next_update, n_entries;
};
const struct out_field crl_fields[] = {
	{ OUT_TEXT("root_name", "Root", struct crl_line, root), .help = "who signs" },
	{ OUT_INT64("number", "CRL number", struct crl_line, number), .help = "CRL number, higher than that of "
	    "every earlier CRL" },
	{ OUT_INT64("entry_count", "Entries", struct crl_line, n_entries), .help = "number of certificates in the "
	    "CRL" },
	{ OUT_TIME("this_update", "This update", struct crl_line, this_update), .help = "when it was made" },
	{ OUT_TIME("next_update", "Next update", struct crl_line, next_update),
	    .help = "nextUpdate: after this date, programs that read CRLs reject every client" },
	{ OUT_TEXT("tbs_sha256", NULL, struct crl_line, tbs_sha256),
	    .help = "SHA-256 of the TBS, recorded before it was signed" },
	{ OUT_TEXT("sha256", "SHA-256", struct crl_line, sha256), .help = "SHA-256 of the CRL's DER; null in a dry "
	    "run" },
	{ OUT_TEXT("file", "File", struct crl_line, path), .help = "where it was written" },
	{ .key = NULL },
};

void crl_job_clear(struct crl_job *job)
{
	op_clear(&job->op);
	issuer_clear(&job->root);
	buf_clear(&job->tbs);
	buf_clear(&job->der);
	buf_clear(&job->file);
}

int crl_print(const struct crl_job *job, struct out *o, struct err *e)
{
	const struct crl_row *row = &job->row;
	const struct crl_line line = { job->root.row.name, row->tbs_sha256, row->sha256[0] != '\0' ? row->sha256 : NULL,
		job->op.out_path, row->number, row->this_update, row->next_update, row->n_entries };

	return out_record(o, "crl", crl_fields, &line, e);
}

struct collecting {
	struct buf entries;
	int64_t n;
};

static int root_crl_add_revoked(const struct cert_row *cert, void *arg, struct err *e)
{
	struct collecting *c = arg;
	unsigned char serial[SERIAL_HEX / 2];
	const bool is_negative = cert->serial[0] == '-';
	struct crl_entry entry = { .revoked_at = cert->revoked_at, .reason = 0, .is_negative = is_negative };

	/* unknown: not revoked, but must not be trusted because a signature may exist */
	if (cert_is(cert, CERT_UNKNOWN))
		entry.revoked_at = cert->created_at;
	else if (cert->revoke_reason[0] != '\0')
		entry.reason = revoke_reason_code(cert->revoke_reason);
	entry.serial = (struct bytes){ serial, text_from_hex(serial, sizeof(serial), cert->serial + is_negative) };
	if (crl_add_entry(&c->entries, &entry, e) < 0)
		return err_while(e, "listing certificate %s of '%s'", cert->serial, cert->name);
	c->n++;
	return 0;
}

static int root_crl_build(struct crl_job *job, int64_t number, struct err *e)
{
	const struct cert_query q = { .root_id = job->root.row.id, .revoked_only = true, .clients_only = true };
	struct crl_spec spec = { .issuer_cert = buf_bytes(&job->root.der), .number = number };
	struct collecting c = { .n = 0 };
	int result = -1;

	buf_clear(&job->tbs);
	spec.this_update = clock_now(&job->op.pki->clock);
	spec.next_update = spec.this_update + (job->days > 0 ? job->days : DAYS_ELSE) * DAY;
	if (key_spec_sig_alg(&spec.alg, &job->root.info.key, e) == 0 &&
	    ledger_each_cert(job->op.pki->ledger, &q, root_crl_add_revoked, &c, e) == 0) {
		spec.entries = buf_bytes(&c.entries);
		result = crl_build(&job->tbs, &spec, e);
	}
	buf_clear(&c.entries);
	job->row = (struct crl_row){ .root_id = job->root.row.id,
		.number = number,
		.this_update = spec.this_update,
		.next_update = spec.next_update,
		.n_entries = c.n };
	return result < 0 ? -1 : hash_sha256_hex(job->row.tbs_sha256, buf_bytes(&job->tbs), e);
}

/* RFC 5280, 4.2.1.3: without keyUsage a certificate may sign anything, with keyUsage what it states. */
static int check_may_sign(const struct issuer *root, struct err *e)
{
	if (!root->info.has_key_usage || (root->info.key_usage & KU_CRL_SIGN) != 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "the certificate of root '%s' does not allow its key to sign "
	    "CRLs", root->row.name);
	return err_rule(e, "crl-not-allowed",
	    "its keyUsage lacks cRLSign: programs would reject the CRL; revoke by thumbprint on the gateway");
}

static int root_crl_find_probe(struct crl_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->op;
	int64_t last, next;

	*out = STEP_PENDING;
	if (job->root.row.id != 0)
		return 0;
	if (ledger_may_sign(op->pki->ledger, e) < 0 || issuer_find_any(&job->root, op->pki, job->root_name, e) < 0 ||
	    check_may_sign(&job->root, e) < 0 ||
	    (strcmp(op->out_path, "-") != 0 && file_check_writable(op->out_path, op->force, e) < 0) ||
	    ledger_crl_next(&last, &next, op->pki->ledger, job->root.row.id, e) < 0)
		return -1;
	return root_crl_build(job, next, e);
}

static int find_show(const struct crl_job *job, struct out *o, struct err *e)
{
	return crl_print(job, o, e);
}

static int find_run(struct crl_job *job, struct err *e)
{
	if (issuer_open(&job->root, job->op.pki, NULL, false, e) < 0)
		return -1;
	return issuer_login(&job->root, "issuer", e);
}

static int root_crl_record_run(struct crl_job *job, struct err *e)
{
	int64_t last, next;
	bool is_late = true;

	for (int i = 0; is_late && i < TRIES; i++)
		if (ledger_crl_next(&last, &next, job->op.pki->ledger, job->root.row.id, e) < 0 ||
		    root_crl_build(job, next, e) < 0 ||
		    ledger_crl_begin(&is_late, job->op.pki->ledger, &job->row, last, e) < 0)
			return -1;
	if (!is_late)
		return 0;
	(void)err_set(e, ERR_POLICY, "other processes keep signing CRLs of root '%s'", job->root.row.name);
	return err_rule(e, "operation-running", "wait until those processes end, then run the command again");
}

static int root_crl_sign_run(struct crl_job *job, struct err *e)
{
	if (x509_sign_crl(buf_bytes(&job->tbs), &job->root.signer, &job->der, e) < 0 ||
	    hash_sha256_hex(job->row.sha256, buf_bytes(&job->der), e) < 0)
		return -1;
	buf_clear(&job->tbs); /* the DER contains it */
	return ledger_crl_signed(job->op.pki->ledger, job->row.id, job->row.sha256, e);
}

static int root_crl_write_run(struct crl_job *job, struct err *e)
{
	struct op *op = &job->op;

	if (der_encode(&job->file, buf_bytes(&job->der), DER_CRL, job->format, e) < 0)
		return -1;
	buf_clear(&job->der); /* millions of bytes for a root with many revocations */
	return strcmp(op->out_path, "-") == 0 ? 0 : file_write(op->out_path, buf_bytes(&job->file), 0644, op->force, e);
}

int root_crl(struct crl_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct crl_job_step find = { STEP_OF(crl_job, "log in"), .probe = root_crl_find_probe,
		.show = find_show, .run = find_run },
					 record = { STEP_OF(crl_job, "record the TBS before it is signed"),
						 .run = root_crl_record_run },
					 sign = { STEP_OF(crl_job, "sign the CRL"), .run = root_crl_sign_run },
					 write = { STEP_OF(crl_job, "write the file"), .run = root_crl_write_run };
	static const struct crl_job_list list[] = { STEP(crl_job, find), STEP(crl_job, record), STEP(crl_job, sign),
		STEP(crl_job, write), STEPS_END };

	return crl_job_run(list, job, mode, o, e);
}
