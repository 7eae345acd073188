/* SPDX-License-Identifier: MIT */
/* check.c - `check`: runs every applicable rule on files. */
#include <ctype.h>
#include <string.h>

#include "pki/check.h"
#include "pki/request_check.h"
#include "pki/show_findings.h"
#include "util/base64.h"
#include "util/file.h"
#include "util/text_decode.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/key/public_key.h"
#include "x509/request.h"
#include "x509/templates.h"

#define FILE_MAX (1024 * 1024)
#define CHAIN_MAX 8

struct checking {
	struct pki *p;
	const struct cert_template *template;
	struct out *o;
	struct buf root;             /* of --root */
	unsigned n_bad;
};

static int check_judge(struct checking *c, const char *file, const char *set, const struct facts *f, struct err *e)
{
	struct findings all = { .n = 0 };

	return findings_run(all_rules, set, f, &all, e) < 0 ?
	    -1 :
	    findings_rows(&c->n_bad, file, &all, c->p->o.verbose, c->o, e);
}

struct chain {
	struct buf der[CHAIN_MAX];
	size_t n;
};

static int check_take(struct bytes der, void *arg, struct err *e)
{
	struct chain *ch = arg;

	return buf_add(&ch->der[ch->n++], der.data, der.len, e);
}

static int check_check_key(struct checking *c, const char *file, struct bytes cert, struct err *e)
{
	struct public_key_info key;
	const struct facts f = { .have = FACT_PUBLIC_KEY, .now = clock_now(&c->p->clock), .public_key = &key };
	AUTO_VALUE(buf) spki = { 0 };

	if (cert_spki(&spki, cert, e) < 0 || public_key_info_read(&key, buf_bytes(&spki), e) < 0)
		return -1;
	return check_judge(c, file, "key", &f, e);
}

/* Judges each certificate with the next one in the file as its issuer; the last with --root, or itself. */
static int check_check_one(struct checking *c, const char *file, const struct chain *ch, size_t i, struct err *e)
{
	const struct buf *issuer = i + 1 < ch->n ? &ch->der[i + 1] : &c->root;
	struct cert_info cert, root;
	struct facts f = { .have = FACT_CERT, .now = clock_now(&c->p->clock), .cert = &cert };

	if (cert_read_known(&cert, buf_bytes(&ch->der[i]), e) < 0)
		return -1;
	if (issuer->len > 0 && !cert.is_self_signed) {
		if (cert_read_known(&root, buf_bytes(issuer), e) < 0)
			return -1;
		f.root = &root;
		f.have |= FACT_CHAIN;
	}
	return check_judge(c, file, "check", &f, e) < 0 ? -1 : check_check_key(c, file, buf_bytes(&ch->der[i]), e);
}

static int check_check_chain(struct checking *c, const char *file, struct bytes bytes, struct err *e)
{
	struct chain ch = { .n = 0 };
	int result = der_each_cert(bytes, CHAIN_MAX, check_take, &ch, e);

	for (size_t i = 0; result == 0 && i < ch.n; i++)
		result = check_check_one(c, file, &ch, i, e);
	for (size_t i = 0; i < ch.n; i++)
		buf_clear(&ch.der[i]);
	return result;
}

/* DER and PEM files are not pasted, so the rule does not apply. */
static int check_pasted(struct checking *c, const char *file, struct bytes text, struct err *e)
{
	struct pasted pasted = { .n_blanks = 0 };
	const struct facts f = { .have = FACT_PASTED, .now = clock_now(&c->p->clock), .pasted = &pasted };
	size_t len = text.len;

	while (len > 0 && strchr(" \t\r\n", text.data[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", text.data[i]) != NULL && text.data[i] != '\0')
			pasted.n_blanks++;
		else if (!isalnum(text.data[i]) && strchr("+/=", text.data[i]) == NULL)
			return 0;
	}
	return pasted.n_blanks > 0 ? check_judge(c, file, "check", &f, e) : 0;
}

static int check_request(struct checking *c, const char *file, struct bytes der, struct err *e)
{
	AUTO_VALUE(request_info) request = { .n_cn = 0 };
	const struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY | FACT_TEMPLATE,
		.now = clock_now(&c->p->clock), .request = &request, .public_key = &request.public_key,
		.template = c->template };

	return request_read(&request, der, e) < 0 ? -1 : check_judge(c, file, "check", &f, e);
}

static int check_read_request(struct checking *c, const char *file, struct bytes bytes, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };

	return der_from_file(&der, bytes, DER_REQUEST, e) < 0 ? -1 : check_request(c, file, buf_bytes(&der), e);
}

/* check_pasted() reports spaces inside base64; the certificate is still judged. */
static int strip_blanks(struct bytes *text, struct buf *store, struct err *e)
{
	static const char base64[] = BASE64_CHARACTERS "\r\n \t";

	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] == '\0' || strchr(base64, text->data[i]) == NULL)
			return 0;
	for (size_t i = 0; i < text->len; i++)
		if (strchr(" \t", text->data[i]) == NULL && buf_add(store, text->data + i, 1, e) < 0)
			return -1;
	*text = buf_bytes(store);
	return 0;
}

/* Chooses the reader by the probable kind of the file, so that the message fits. */
static int check_check_file(struct checking *c, const char *file, struct err *e)
{
	AUTO_VALUE(buf) content = { 0 };
	AUTO_VALUE(buf) decoded = { 0 };
	AUTO_VALUE(buf) stripped = { 0 };
	struct bytes text;

	if (file_read(&content, file, FILE_MAX, e) < 0 ||
	    text_decode(&text, &decoded, buf_bytes(&content), e) < 0 || check_pasted(c, file, text, e) < 0 ||
	    strip_blanks(&text, &stripped, e) < 0)
		return -1;
	return der_kind_of_file(text) == DER_REQUEST ? check_read_request(c, file, text, e)
						     : check_check_chain(c, file, text, e);
}

/* If one of several files cannot be read, this is a finding, and the others are still checked. */
static int report_unreadable(struct checking *c, const char *file, const struct err *why, struct err *e)
{
	const struct rule rule = { .id = "file-unreadable", .summary = "a file that cannot be read is not checked",
		.remedy = why->hint != NULL ? why->hint : "give a file that can be read" };
	struct findings all = { .n = 1 };

	all.all[0] = (struct finding){ .id = rule.id, .rule = &rule, .severity = FINDING_FAIL };
	(void)snprintf(all.all[0].text, sizeof(all.all[0].text), "%.150s%s%.40s", why->what,
	    why->cause[0] != '\0' ? ": " : "", why->cause);
	return findings_rows(&c->n_bad, file, &all, c->p->o.verbose, c->o, e);
}

static bool is_files_own(const struct err *e)
{
	return e->status == ERR_INPUT || e->status == ERR_OUTPUT || e->status == ERR_POLICY;
}

static int check_nth(struct checking *c, const struct check_job *job, size_t i, struct err *e)
{
	const char *file = job->files[i];
	struct err why = ERR_INIT;

	if (check_check_file(c, file, &why) == 0)
		return 0;
	if (job->n_files > 1 && is_files_own(&why))
		return report_unreadable(c, file, &why, e);
	*e = why;
	return err_while(e, "checking '%s'", file);
}

static int read_root(struct checking *c, const char *file, struct err *e)
{
	AUTO_VALUE(buf) bytes = { 0 };

	if (file == NULL)
		return 0;
	if (file_read(&bytes, file, FILE_MAX, e) < 0 || der_from_file(&c->root, buf_bytes(&bytes), DER_CERT, e) < 0)
		return err_while(e, "reading root '%s'", file);
	return 0;
}

int check_files(struct pki *p, const struct check_job *job, struct out *o, struct err *e)
{
	struct checking c = { .p = p, .o = o, .template = job->template };
	int result = read_root(&c, job->root_file, e);

	if (result == 0 && c.template == NULL)
		result = template_find(&c.template, "azure-client", e);
	if (result == 0)
		result = out_list(o, "findings", finding_fields, e);
	for (size_t i = 0; result == 0 && i < job->n_files; i++)
		result = check_nth(&c, job, i, e);
	if (result == 0)
		result = out_end(o, e);
	buf_clear(&c.root);
	return result < 0 ? -1 : c.n_bad > 0 ? 1 : 0;
}
