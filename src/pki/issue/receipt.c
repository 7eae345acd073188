/* SPDX-License-Identifier: MIT */
/* receipt.c - see receipt.h. */
#include "pki/issue/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "pki/op.h"
#include "util/text.h"

const struct out_field receipt_fields[] = {
	{ OUT_TEXT("name", "Name", struct receipt, name), .as = OUT_AS_DETAIL,
	    .help = "root name, or the name that was certified" },
	{ OUT_TEXT("device", "Device", struct receipt, device), .help = "the client's device; null without one" },
	{ OUT_OBJECT("token", "Token", struct receipt, token, token_ref_by_uri), .as = OUT_AS_DETAIL,
	    .help = "that holds the key" },
	{ OUT_TEXT("key_type", "Key", struct receipt, key), .as = OUT_AS_DETAIL, .help = "kind of key" },
	{ OUT_TEXT("origin", "Software key", struct receipt, origin),
	    .help = "key file, or generated-for-client: made here, handed over and kept nowhere; null: on a token" },
	{ OUT_TEXT("cka_id", "CKA_ID", struct receipt, cka_id), .as = OUT_AS_DETAIL,
	    .help = "of key and certificate on the token" },
	{ OUT_STATED("made_on_token", "Made on the token", struct receipt, local), .as = OUT_AS_DETAIL,
	    .help = "CKA_LOCAL, as the module states it" },
	{ OUT_STATED("extractable", "Extractable", struct receipt, extractable), .as = OUT_AS_DETAIL,
	    .help = "CKA_EXTRACTABLE" },
	{ OUT_STATED("sensitive", NULL, struct receipt, sensitive), .help = "CKA_SENSITIVE" },
	{ OUT_STATED("secret_read_refused", "Secret refused", struct receipt, value_refused), .as = OUT_AS_DETAIL,
	    .help = "the module refused to return the private value" },
	{ OUT_TEXT("module_name", NULL, struct receipt, module), .help = "the module that states it" },
	{ OUT_TEXT("template_name", "Template", struct receipt, template_name), .as = OUT_AS_DETAIL,
	    .help = "what the certificate contains" },
	{ OUT_TEXT("subject", "Subject", struct receipt, subject), .as = OUT_AS_DETAIL,
	    .help = "of the certificate" },
	{ OUT_TEXT("serial", "Serial", struct receipt, serial), .help = "hex" },
	{ OUT_TIME("not_before", "Not before", struct receipt, not_before), .as = OUT_AS_DETAIL, .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct receipt, not_after), .as = OUT_AS_DETAIL, .help = "UTC" },
	{ OUT_TEXT("thumbprint", "Thumbprint", struct receipt, thumbprint),
	    .help = "SHA-1 of the DER, what Azure asks for" },
	{ OUT_TEXT("fingerprint", "Fingerprint", struct receipt, fingerprint), .as = OUT_AS_DETAIL,
	    .help = "SHA-256 of the DER" },
	{ OUT_TEXT("renews", "Renews", struct receipt, renews), .as = OUT_AS_DETAIL,
	    .help = "serial of the certificate whose successor it is; null for a first one" },
	{ OUT_TEXT("root_name", "Root", struct receipt, root), .as = OUT_AS_DETAIL, .help = "who signed" },
	{ OUT_TEXT("root_fingerprint", NULL, struct receipt, root_fingerprint), .help = "SHA-256 of the root's DER" },
	{ OUT_BOOL("installed", "On the token", struct receipt, is_installed), .as = OUT_AS_DETAIL,
	    .help = "the certificate lies beside its key" },
	{ OUT_BOOL("existing", NULL, struct receipt, is_existing), .help = "nothing was left to do" },
	{ OUT_TEXT("home", "Ledger in", struct receipt, home), .as = OUT_AS_DETAIL,
	    .help = "the folder that holds the ledger" },
	{ OUT_CHARS("ledger_id", NULL, struct receipt, ledger), .help = "id of the ledger" },
	{ OUT_CHARS("ledger_head", "Ledger head", struct receipt, head), .as = OUT_AS_DETAIL,
	    .help = "hash of the ledger's last event then" },
	{ .key = NULL },
};

const struct out_field receipt_file_fields[] = {
	{ OUT_TEXT("kind", "FILE", struct receipt_file, what),
	  .help = "certificate, chain, root, receipt, request, pfx or password" },
	{ OUT_TEXT("path", "PATH", struct receipt_file, path), .help = "where it was written" },
	{ OUT_TEXT("sha256", NULL, struct receipt_file, sha256), .help = "of its content; null: of a password" },
	{ .key = NULL },
};

static void fill_key(struct receipt *r, const struct key_job *job)
{
	const struct key_evidence *ev = &job->row.evidence;

	r->card = token_ref_of_info(&job->card_info);
	r->token = r->card.uri != NULL ? &r->card : NULL;
	r->key = text_or_null(job->row.spec);
	r->origin = job->key_origin;
	r->cka_id = text_or_null(job->row.location.cka_id);
	if (ev->time == 0)
		return;
	r->local = evidence_text(ev->local);
	r->extractable = evidence_text(ev->extractable);
	r->sensitive = evidence_text(ev->sensitive);
	r->value_refused = evidence_text(ev->value_refused);
	r->module = text_or_null(ev->module_name);
}

static void receipt_fill_cert(struct receipt *r, const struct issue_job *job)
{
	if (job->cert_der.len == 0)
		return;
	r->template_name = text_or_null(job->cert.template_name);
	r->subject = job->cert_info.subject;
	r->serial = job->cert_info.serial;
	r->not_before = job->cert_info.not_before;
	r->not_after = job->cert_info.not_after;
	r->thumbprint = job->cert_info.thumbprint;
	r->fingerprint = job->cert_info.fingerprint;
	r->root = text_or_null(job->key.root.row.name);
	r->renews = text_or_null(job->key.renewed.serial);
	r->root_fingerprint = job->key.root.der.len > 0 ? job->key.root.info.fingerprint : job->cert_info.fingerprint;
	r->is_installed = job->cert.installed_at != 0;
}

int receipt_fill(struct receipt *out, const struct issue_job *job, struct err *e)
{
	const struct op *op = &job->key.op;
	struct ledger_info info = { .epoch = 0 };

	*out = (struct receipt){
		.name = op->name, .device = text_or_null(op->device), .is_existing = op->is_done_before
	};
	fill_key(out, &job->key);
	receipt_fill_cert(out, job);
	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_get_info(&info, op->pki->ledger, e) < 0)
		return -1;
	out->home = op->pki->home;
	(void)snprintf(out->ledger, sizeof(out->ledger), "%s", info.id);
	(void)snprintf(out->head, sizeof(out->head), "%s", info.head);
	return 0;
}

int receipt_print_files(const struct op *op, struct out *o, struct err *e)
{
	if (out_list(o, "files", receipt_file_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < op->n_files; i++) {
		const struct receipt_file f = { op->files[i].what, op->files[i].path,
			text_or_null(op->files[i].sha256) };

		if (out_row(o, &f, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

/* "alice on the device 'phone'" */
static void receipt_subject(char *out, size_t size, const struct receipt *r)
{
	(void)snprintf(out, size, "%.200s%s%.64s%s", r->name, r->device != NULL ? " on device '" : "",
	    r->device != NULL ? r->device : "", r->device != NULL ? "'" : "");
}

/* Where the key is: " on token 'alice'", or nothing for a key that is on no token. */
static void receipt_place(char *out, size_t size, const struct issue_job *job)
{
	const char *label = job->key.card_info.label;

	if (label[0] != '\0')
		(void)snprintf(out, size, " on token '%.64s'", label);
	else
		out[0] = '\0';
}

/* The result in one sentence: what was done, for which client or root, until when it is valid. */
static int receipt_say(const struct issue_job *job, const struct receipt *r, struct out *o, struct err *e)
{
	const bool is_root = strcmp(job->key.op.purpose, "root") == 0;
	char subject[300], place[90], until[TEXT_TIME];

	receipt_subject(subject, sizeof(subject), r);
	receipt_place(place, sizeof(place), job);
	if (r->serial == NULL)
		return out_say(o, e, "The key of %s%s is ready%s, and its certificate request is written.",
		    is_root ? "root " : "", subject, place);
	text_time(until, r->not_after);
	if (is_root)
		return out_say(o, e, "Root %s %s%s, valid until %.10s.", subject,
		    r->is_existing ? "exists" : "is ready", place, until);
	if (r->renews != NULL)
		return out_say(o, e, "%s is renewed%s, valid until %.10s; the older certificate has serial %s.",
		    subject, place, until, r->renews);
	return out_say(o, e, "%s is %s%s, valid until %.10s.", subject,
	    r->is_existing ? "enrolled already" : "enrolled", place, until);
}

int receipt_print(const struct issue_job *job, struct out *o, struct err *e)
{
	struct receipt r;

	if (receipt_fill(&r, job, e) < 0 || receipt_say(job, &r, o, e) < 0 ||
	    out_record(o, "result", receipt_fields, &r, e) < 0)
		return -1;
	return receipt_print_files(&job->key.op, o, e);
}

int receipt_write(struct issue_job *job, struct buf *out, struct err *e)
{
	struct err at_close = ERR_INIT;
	struct out *o = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int result;

	if (f == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	result = out_open(&o, "json", f, e);
	if (result == 0)
		result = receipt_print(job, o, e);
	if (out_close(o, NULL, &at_close) < 0 && result == 0) {
		*e = at_close;
		result = -1;
	}
	(void)fclose(f);
	if (result == 0)
		result = buf_add(out, text, len, e);
	free(text);
	return result;
}
