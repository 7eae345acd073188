/* SPDX-License-Identifier: MIT */
/* show_cert.c - see show_cert.h. */
#include "pki/issue/show_cert.h"

#include <stdio.h>
#include <string.h>

#include "pki/op.h"
#include "x509/name.h"
#include "x509/tbs.h"

struct cert_shown {
	char subject[512];
	const char *issuer, *template_name, *serial, *key;
	char eku[300];
	int64_t not_before, not_after;
};
const struct out_field cert_shown_fields[] = {
	{ OUT_CHARS("subject", "Certificate for", struct cert_shown, subject), .help = "subject" },
	{ OUT_TEXT("issuer", "  issuer", struct cert_shown, issuer), .help = "subject of the root" },
	{ OUT_TEXT("template_name", "  template", struct cert_shown, template_name), .help = "what it will contain" },
	{ OUT_CHARS("eku", "  extended key usage", struct cert_shown, eku), .separator = ',', .help = "in order" },
	{ OUT_TIME("not_before", "  not before", struct cert_shown, not_before), .help = "if signed now" },
	{ OUT_TIME("not_after", "  not after", struct cert_shown, not_after), .help = "if signed now" },
	{ OUT_TEXT("serial", "  serial", struct cert_shown, serial), .help = "chosen at the signature" },
	{ OUT_TEXT("public_key", "  public key", struct cert_shown, key),
	    .help = "SHA-256 of the key where it exists" },
	{ .key = NULL },
};

static void join_eku(char *out, size_t size, const struct cert_template *t)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; t->eku[i] != NULL && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "", t->eku[i]);
}

int show_cert(const struct issue_job *job, const struct issuer *issuer, struct out *o, struct err *e)
{
	const struct op *op = &job->key.op;
	AUTO_VALUE(buf) subject = { 0 };
	struct cert_shown s = { .template_name = job->key.template->name,
		.serial = "(random)",
		.key =
		    job->key.row.spki_sha256[0] != '\0' ? job->key.row.spki_sha256 : "(of the key to be generated)" };
	bool is_test = job->key.is_test || (op->pki->ledger != NULL && ledger_is_test(op->pki->ledger));

	if (job->subject.len > 0 ? buf_add(&subject, job->subject.data, job->subject.len, e) < 0
				 : name_from_cn(&subject, op->name, is_test, e) < 0)
		return -1;
	if (validity_choose(&s.not_before, &s.not_after,
		&(struct validity_query){ clock_now(&job->key.op.pki->clock), job->days, job->key.template,
		    issuer != NULL ? &issuer->info : NULL }, e) < 0)
		return -1;
	name_format(s.subject, sizeof(s.subject), buf_bytes(&subject));
	s.issuer = issuer != NULL ? issuer->info.subject : s.subject;
	join_eku(s.eku, sizeof(s.eku), job->key.template);
	return out_record(o, "certificate", cert_shown_fields, &s, e);
}
