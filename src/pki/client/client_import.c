/* SPDX-License-Identifier: MIT */
/*
 * client_import.c - see client_import.h.
 *
 * Only the signature is checked: every certificate that the root signed is valid, even with flaws, and can be revoked
 * only if the ledger knows it.
 */
#include "pki/client/client_import.h"

#include <stdlib.h>
#include <string.h>

#include "pki/issuer.h"
#include "pki/op.h"
#include "pki/profile/package_op.h"
#include "pki/issue/receipt_read.h"
#include "pki/revoke/revoke.h"
#include "pki/user_templates.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/crl_read.h"
#include "x509/encode.h"

#define FILE_MAX (64 * 1024 * 1024)
#define CERTS_MAX 1000000

struct imported_line {
	const char *name, *state, *reason, *serial, *thumbprint, *done;
	int64_t not_after;
};
const struct out_field imported_fields[] = {
	{ OUT_TEXT("name", "NAME", struct imported_line, name), .help = "its commonName" },
	{ OUT_TEXT("state", "STATE", struct imported_line, state), .help = "as it is now; null in a dry run" },
	{ OUT_TEXT("reason", "REASON", struct imported_line, reason), .help = "why it is revoked (RFC 5280, 5.3.1)" },
	{ OUT_TEXT("serial", "SERIAL", struct imported_line, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TIME("not_after", "NOT AFTER", struct imported_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct imported_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("action", "DONE", struct imported_line, done),
	    .help = "imported, completed (only its serial was known), revoked, nothing; null in a dry run" },
	{ .key = NULL },
};

struct import_line {
	const char *root;
	int64_t n_files, n_imported, n_listed, n_revoked, n_unmatched, crl_number;
};
const struct out_field import_fields[] = {
	{ OUT_TEXT("root_name", "Root", struct import_line, root), .help = "who signed them" },
	{ OUT_INT64("certificates_read", "Certificates", struct import_line, n_files), .help = "that were read" },
	{ OUT_INT64("certificates_imported", "Imported", struct import_line, n_imported),
	    .help = "added to the ledger" },
	{ OUT_INT64("certificates_known", "Known by serial", struct import_line, n_listed),
	    .help = "revoked serials of the CRL without a certificate: the next CRL contains them, too" },
	{ OUT_INT64("certificates_revoked", "Revoked", struct import_line, n_revoked),
	    .help = "of which the ledger did not have the revocation" },
	{ OUT_INT64("entries_unmatched", "Unmatched", struct import_line, n_unmatched),
	    .help = "thumbprints on the gateway that belong to no recorded certificate of this root: they are in no "
	        "CRL" },
	{ OUT_INT64("crl_number", "CRL number", struct import_line, crl_number),
	    .help = "number of the CRL that was read; the next CRL has a higher number; 0 without a CRL" },
	{ .key = NULL },
};

void import_job_clear(struct import_job *job)
{
	op_clear(&job->op);
	issuer_clear(&job->root);
	for (size_t i = 0; i < job->n; i++)
		buf_clear(&job->items[i].der);
	free(job->items);
	free(job->results);
	job->items = NULL;
	job->results = NULL;
	job->n = job->cap = 0;
}

/* NULL: out of memory. */
static struct import_item *add_item(struct import_job *job, const char *serial, struct err *e)
{
	struct import_item *item;

	if (job->n == job->cap) {
		const size_t cap = job->cap > 0 ? 2 * job->cap : 32;
		struct import_item *more = reallocarray(job->items, cap, sizeof(*more));

		if (more == NULL) {
			(void)err_set(e, ERR_INTERNAL, "out of memory");
			return NULL;
		}
		job->items = more;
		job->cap = cap;
	}
	item = &job->items[job->n++];
	*item = (struct import_item){ .reason = NULL };
	(void)snprintf(item->serial, sizeof(item->serial), "%s", serial);
	return item;
}

struct reading {
	struct import_job *job;
	const struct cert_issuer *issuer;
	const struct receipt_found *receipt; /* NULL = certificates without a receipt */
	size_t n_outliving;          /* certificates that end later than the root */
	char outliving[128];         /* name of the first */
};

/* A template name that is not a client template is ignored. */
static void take_template(struct import_item *item, const struct reading *r)
{
	const struct cert_template *t;
	struct err unknown;

	if (pki_template_find(&t, r->job->op.pki, r->receipt->template_name, &unknown) == 0 && !t->is_root &&
	    !t->is_ledger)
		(void)snprintf(item->template_name, sizeof(item->template_name), "%s", t->name);
}

static int take_receipt(struct import_item *item, const struct cert_info *info, const struct reading *r, struct err *e)
{
	if (strcmp(info->cn, r->receipt->name) != 0) {
		(void)err_set(e, ERR_INPUT, "the receipt is for '%.100s', its certificate for '%.100s'",
		    r->receipt->name, info->cn);
		return err_rule(e, "receipt-file", "if the certificate is correct, give its file in place of the "
		    "receipt");
	}
	(void)snprintf(item->device, sizeof(item->device), "%s", r->receipt->device);
	take_template(item, r);
	item->is_of_receipt = true;
	return 0;
}

/* Of a repeated certificate the first is recorded, so the entry with device and template is sorted first. */
static int put_receipts_first(struct import_job *job, struct err *e)
{
	struct import_item *sorted = calloc(job->n + 1, sizeof(*sorted));
	size_t n = 0;

	if (sorted == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	for (unsigned others = 0; others <= 1; others++)
		for (size_t i = 0; i < job->n; i++)
			if (job->items[i].is_of_receipt != (others != 0))
				sorted[n++] = job->items[i];
	free(job->items);
	job->items = sorted;
	job->cap = job->n + 1;
	return 0;
}

static void client_import_note_end(struct reading *r, const struct cert_info *info)
{
	if (info->not_after > r->job->root.info.not_after && r->n_outliving++ == 0)
		(void)snprintf(r->outliving, sizeof(r->outliving), "%.100s", info->cn);
}

/* The gateway verifies the chain, so these clients cannot connect once the root has expired. */
static void client_import_warn_end(const struct reading *r)
{
	const struct ui *ui = r->job->op.pki->ui;
	char text[400], until[TEXT_TIME];

	if (r->n_outliving == 0)
		return;
	text_time(until, r->job->root.info.not_after);
	(void)snprintf(text, sizeof(text),
	    "%zu certificate%s valid longer than root '%s', which expires on %.10s; the first is '%s'", r->n_outliving,
	    r->n_outliving == 1 ? " is" : "s are", r->job->root.row.name, until, r->outliving);
	ui->warn(ui->self, "client-outlives-root", text);
}

static int client_import_take_cert(struct bytes der, void *arg, struct err *e)
{
	struct reading *r = arg;
	struct import_item *item;
	struct cert_info info;

	if (cert_read(&info, der, e) < 0 || cert_verify_by(&info, r->issuer, 0, e) < 0)
		return -1;
	if (info.is_ca || info.is_self_signed) {
		(void)err_set(e, ERR_POLICY, "certificate '%.120s' belongs to a CA, not to a client", info.subject);
		return err_rule(e, "import-ca", "leave the certificate out; add a root with `p11ca root adopt`");
	}
	client_import_note_end(r, &info);
	item = add_item(r->job, info.serial, e);
	if (item == NULL || (r->receipt != NULL && take_receipt(item, &info, r, e) < 0))
		return -1;
	return buf_add(&item->der, der.data, der.len, e);
}

/* JSON is an object; a CRL in PEM, DER or base64 does not begin with '{'. */
static bool is_json(struct bytes file)
{
	size_t i = 0;

	if (file.len >= 3 && memcmp(file.data, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < file.len && strchr(" \t\r\n", file.data[i]) != NULL && file.data[i] != '\0')
		i++;
	return i < file.len && file.data[i] == '{';
}

static int client_import_read_receipt(struct reading *r, const char *path, struct err *e)
{
	struct receipt_found receipt = { .name = "" };
	int result = receipt_read(&receipt, path, e);

	r->receipt = &receipt;
	if (result == 0)
		result = der_each_cert(buf_bytes(&receipt.cert), 1, client_import_take_cert, r, e);
	r->receipt = NULL;
	receipt_found_clear(&receipt);
	return result;
}

static int read_certs(struct import_job *job, struct err *e)
{
	AUTO_STRUCT(cert_issuer) issuer = NULL;
	struct reading r = { .job = job };

	if (cert_issuer_open(&issuer, buf_bytes(&job->root.der), e) < 0)
		return -1;
	r.issuer = issuer;
	for (size_t i = 0; i < job->n_files; i++) {
		AUTO_VALUE(buf) file = { 0 };

		if (file_read(&file, job->files[i], FILE_MAX, e) < 0 ||
		    (is_json(buf_bytes(&file)) ?
			    client_import_read_receipt(&r, job->files[i], e) :
			    der_each_cert(buf_bytes(&file), CERTS_MAX, client_import_take_cert, &r, e)) < 0)
			return err_while(e, "reading certificate '%s'", job->files[i]);
	}
	client_import_warn_end(&r);
	return put_receipts_first(job, e);
}

static int client_import_take_revoked(const struct crl_revoked *revoked, void *arg, struct err *e)
{
	struct import_item *item = add_item(arg, revoked->serial, e);

	if (item == NULL)
		return -1;
	item->reason = revoked->reason;
	item->revoked_at = revoked->revoked_at;
	return 0;
}

/* After the certificates, so that a given certificate is revoked instead of only its serial recorded. */
static int read_crl(struct import_job *job, struct bytes file, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	struct crl_info info;

	if (der_from_file(&der, file, DER_CRL, e) < 0 ||
	    crl_read(&info, buf_bytes(&der), buf_bytes(&job->root.der), client_import_take_revoked, job, e) < 0)
		return -1;
	job->crl = (struct crl_row){ .root_id = job->root.row.id,
		.number = info.number,
		.this_update = info.this_update,
		.next_update = info.next_update,
		.n_entries = info.n_entries };
	memcpy(job->crl.sha256, info.sha256, sizeof(job->crl.sha256));
	memcpy(job->crl.tbs_sha256, info.tbs_sha256, sizeof(job->crl.tbs_sha256));
	return 0;
}

static int compare_thumbprints(const void *a, const void *b)
{
	const struct gateway_revoked *left = a, *right = b;

	return strcmp(left->thumbprint, right->thumbprint);
}

/* A gateway lists revoked certificates without date and reason. */
static void revoke_item(const struct op *op, struct import_item *item)
{
	item->reason = "unspecified";
	item->revoked_at = clock_now(&op->pki->clock);
}

/* Finds a thumbprint of a gateway's list in the ledger; the list also has certificates of other roots. */
static int match_ledger(struct import_job *job, const char *thumbprint, struct err *e)
{
	const struct cert_query q = { .any_id = thumbprint, .root_id = job->root.row.id, .clients_only = true };
	struct import_item *item;
	struct cert_row have;
	bool found;

	if (ledger_cert_find(&have, NULL, &found, job->op.pki->ledger, &q, e) < 0)
		return -1;
	if (!found) {
		job->n_unmatched++;
		return 0;
	}
	item = add_item(job, have.serial, e);
	if (item == NULL)
		return -1;
	revoke_item(&job->op, item);
	return 0;
}

static int match_gateway(struct import_job *job, struct gateway *g, struct err *e)
{
	const size_t n_files = job->n;
	AUTO_VALUE(buf) is_matched = { 0 };

	if (g->n_revoked == 0)
		return 0;
	qsort(g->revoked, g->n_revoked, sizeof(*g->revoked), compare_thumbprints);
	for (size_t i = 0; i < g->n_revoked; i++)
		if (buf_add(&is_matched, "", 1, e) < 0)
			return -1;
	for (size_t i = 0; i < n_files; i++) {
		struct import_item *item = &job->items[i];
		struct gateway_revoked wanted = { .name = "" }, *hit;

		if (hash_sha1_hex(wanted.thumbprint, buf_bytes(&item->der), e) < 0)
			return -1;
		hit = bsearch(&wanted, g->revoked, g->n_revoked, sizeof(*g->revoked), compare_thumbprints);
		if (hit == NULL)
			continue;
		is_matched.data[hit - g->revoked] = 1;
		revoke_item(&job->op, item);
	}
	for (size_t i = 0; i < g->n_revoked; i++)
		if (is_matched.data[i] == 0 && match_ledger(job, g->revoked[i].thumbprint, e) < 0)
			return -1;
	return 0;
}

static int read_gateway(struct import_job *job, const char *path, struct err *e)
{
	AUTO_VALUE(gateway) gateway = { .n_roots = 0 };

	if (pki_read_gateway(&gateway, path, e) < 0)
		return -1;
	pki_warn_unreadable(job->op.pki, &gateway);
	return match_gateway(job, &gateway, e);
}

static int read_revoked(struct import_job *job, struct err *e)
{
	const char *path = job->revoked_from;
	AUTO_VALUE(buf) file = { 0 };

	if (path == NULL)
		return 0;
	if (file_read(&file, path, FILE_MAX, e) < 0 ||
	    (is_json(buf_bytes(&file)) ? read_gateway(job, path, e) : read_crl(job, buf_bytes(&file), e)) < 0)
		return err_while(e, "reading the revoked certificates from '%s'", path);
	return 0;
}

static int client_import_read_probe(struct import_job *job, enum step_state *out, struct err *e)
{
	*out = STEP_DONE; /* look() does everything */
	if (job->root.row.id != 0)
		return 0;
	if (issuer_find_any(&job->root, job->op.pki, job->root_name, e) < 0 || read_certs(job, e) < 0)
		return -1;
	return read_revoked(job, e);
}

static int record_show(const struct import_job *job, struct out *o, struct err *e)
{
	return import_print(job, o, e);
}

static int client_import_fill_cert(struct cert_row *row, struct bytes der, struct err *e)
{
	struct cert_info info;

	if (cert_read(&info, der, e) < 0)
		return -1;
	(void)snprintf(row->name, sizeof(row->name), "%s", info.cn[0] != '\0' ? info.cn : row->name);
	(void)snprintf(row->subject, sizeof(row->subject), "%s", info.subject);
	(void)snprintf(row->spki_sha256, sizeof(row->spki_sha256), "%s", info.spki_sha256);
	row->not_before = info.not_before;
	row->not_after = info.not_after;
	row->issued_at = info.not_before > 0 ? info.not_before : 1; /* 0 means "never" */
	row->der = der;
	return 0;
}

static int client_import_fill(struct cert_row *row, size_t i, void *arg, struct err *e)
{
	const struct import_job *job = arg;
	const struct import_item *item = &job->items[i];

	row->root_id = job->root.row.id;
	(void)snprintf(row->serial, sizeof(row->serial), "%s", item->serial);
	(void)snprintf(row->name, sizeof(row->name), "serial %s", item->serial);
	(void)snprintf(row->template_name, sizeof(row->template_name), "%s",
	    item->template_name[0] != '\0' ? item->template_name : IMPORTED_TEMPLATE);
	(void)snprintf(row->device, sizeof(row->device), "%s", item->device);
	if (item->reason != NULL) {
		(void)snprintf(row->revoke_reason, sizeof(row->revoke_reason), "%s", item->reason);
		row->revoked_at = item->revoked_at;
	}
	return item->der.len > 0 ? client_import_fill_cert(row, buf_bytes(&item->der), e) : 0;
}

static int client_import_record_run(struct import_job *job, struct err *e)
{
	free(job->results);
	job->results = calloc(job->n + 1, sizeof(*job->results));
	if (job->results == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	return ledger_certs_import(job->results, job->op.pki->ledger,
	    &(struct import_source){ job->n, client_import_fill, job, &job->crl }, e);
}

int client_import(struct import_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct import_job_step read = { STEP_OF(import_job, "read and verify the certificates"),
		.probe = client_import_read_probe };
	static const struct import_job_step record = { STEP_OF(import_job, "record them"), .show = record_show,
		.run = client_import_record_run };
	static const struct import_job_list list[] = { STEP(import_job, read), STEP(import_job, record), STEPS_END };

	return import_job_run(list, job, mode, o, e) < 0 ? err_while(e, "importing certificates") : 0;
}

static int print_one(const struct import_job *job, size_t i, struct out *o, struct err *e)
{
	static const char *const words[] = { "nothing", "imported", "completed", "revoked" };
	const struct import_item *item = &job->items[i];
	const struct import_result *result = job->results != NULL ? &job->results[i] : NULL;
	struct cert_row row = { .id = 0 };
	struct imported_line line;
	bool found;

	if (result != NULL) {
		const struct cert_query q = { .id = result->id };

		if (ledger_cert_find(&row, NULL, &found, job->op.pki->ledger, &q, e) < 0)
			return -1;
	} else if (client_import_fill(&row, i, (void *)(uintptr_t)job, e) < 0 ||
		   hash_sha1_hex(row.thumbprint, buf_bytes(&item->der), e) < 0) {
		return -1;
	}
	line = (struct imported_line){ row.name, row.state[0] != '\0' ? row.state : NULL,
		row.revoke_reason[0] != '\0' ? row.revoke_reason : NULL, row.serial, row.thumbprint,
		result != NULL ? words[result->done] : NULL, row.not_after };
	return out_row(o, &line, e);
}

/* A CRL may list a million serials: those without a given certificate are counted, not listed. */
int import_print(const struct import_job *job, struct out *o, struct err *e)
{
	struct import_line sum = {
		.root = job->root.row.name, .n_unmatched = (int64_t)job->n_unmatched, .crl_number = job->crl.number
	};

	if (out_list(o, "certificates", imported_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n; i++) {
		const bool is_given = job->items[i].der.len > 0;
		const enum import_done done = job->results != NULL ? job->results[i].done : IMPORT_NOTHING;

		sum.n_files += is_given;
		sum.n_imported += is_given && (done == IMPORT_NEW || done == IMPORT_COMPLETED);
		sum.n_listed += !is_given && done == IMPORT_NEW;
		sum.n_revoked += job->items[i].reason != NULL && done != IMPORT_NOTHING;
		if (is_given && print_one(job, i, o, e) < 0)
			return -1;
	}
	return out_end(o, e) < 0 ? -1 : out_record(o, "import", import_fields, &sum, e);
}
