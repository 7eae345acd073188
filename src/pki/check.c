/* SPDX-License-Identifier: MIT */
/* check.c - lint files with every rule that has its facts. */
#include <ctype.h>
#include <string.h>

#include "pki/gate.h"
#include "pki/ops.h"
#include "pki/show_findings.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/request.h"

#define FILE_MAX (1024 * 1024)
#define CHAIN_MAX 8

struct checking {
	struct pki *p;
	const struct cert_template *template;
	struct out *o;
	struct buf root;             /* of --root */
	unsigned n_bad;
};

static int judge(struct checking *c, const char *file, const struct facts *f, struct err *e)
{
	struct findings all = { .n = 0 };

	return findings_run(all_rules, "check", f, &all, e) < 0 ?
	    -1 :
	    findings_rows(&c->n_bad, file, &all, c->p->o.verbose, c->o, e);
}

struct chain {
	struct buf der[CHAIN_MAX];
	size_t n;
};

static int take(struct bytes der, void *arg, struct err *e)
{
	struct chain *ch = arg;

	return buf_add(&ch->der[ch->n++], der.at, der.len, e);
}

/* Each certificate is judged with the one behind it as its issuer; the last with --root, or itself. */
static int check_one(struct checking *c, const char *file, const struct chain *ch, size_t i, struct err *e)
{
	const struct buf *issuer = i + 1 < ch->n ? &ch->der[i + 1] : &c->root;
	struct cert_info cert, root;
	struct facts f = { .have = FACT_CERT, .now = clock_now(&c->p->clock), .cert = &cert };

	if (cert_read(&cert, buf_bytes(&ch->der[i]), e) < 0)
		return -1;
	if (issuer->len > 0 && !cert.is_self_signed) {
		if (cert_read(&root, buf_bytes(issuer), e) < 0)
			return -1;
		f.root = &root;
		f.have |= FACT_CHAIN;
	}
	return judge(c, file, &f, e);
}

static int check_chain(struct checking *c, const char *file, struct bytes bytes, struct err *e)
{
	struct chain ch = { .n = 0 };
	int result = der_each_cert(bytes, CHAIN_MAX, take, &ch, e);

	for (size_t i = 0; result == 0 && i < ch.n; i++)
		result = check_one(c, file, &ch, i, e);
	for (size_t i = 0; i < ch.n; i++)
		buf_clear(&ch.der[i]);
	return result;
}

/* Of DER and PEM nobody pastes what the file has. */
static int check_pasted(struct checking *c, const char *file, struct bytes text, struct err *e)
{
	struct pasted pasted = { .n_blanks = 0 };
	const struct facts f = { .have = FACT_PASTED, .now = clock_now(&c->p->clock), .pasted = &pasted };
	size_t len = text.len;

	while (len > 0 && strchr(" \t\r\n", text.at[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", text.at[i]) != NULL && text.at[i] != '\0')
			pasted.n_blanks++;
		else if (!isalnum(text.at[i]) && strchr("+/=", text.at[i]) == NULL)
			return 0;
	}
	return pasted.n_blanks > 0 ? judge(c, file, &f, e) : 0;
}

static int check_request(struct checking *c, const char *file, struct bytes der, struct err *e)
{
	AUTO_VALUE(request_info) request = { .n_cn = 0 };
	const struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY | FACT_TEMPLATE,
		.now = clock_now(&c->p->clock), .request = &request, .public_key = &request.public_key,
		.template = c->template };

	return request_read(&request, der, e) < 0 ? -1 : judge(c, file, &f, e);
}

/* PEM says what it is; DER and bare base64 do not.  What is neither goes to the reader with the better message. */
static int check_file(struct checking *c, const char *file, struct err *e)
{
	AUTO_VALUE(buf) bytes = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info cert;
	struct err ignored;

	if (file_read(&bytes, file, FILE_MAX, e) < 0)
		return -1;
	if (der_from_file(&der, buf_bytes(&bytes), DER_REQUEST, &ignored) == 0 &&
	    cert_read(&cert, buf_bytes(&der), &ignored) < 0)
		return check_request(c, file, buf_bytes(&der), e);
	return check_pasted(c, file, buf_bytes(&bytes), e) < 0 ? -1 : check_chain(c, file, buf_bytes(&bytes), e);
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
		if ((result = check_file(&c, job->files[i], e)) < 0)
			(void)err_while(e, "checking '%s'", job->files[i]);
	if (result == 0)
		result = out_end(o, e);
	buf_clear(&c.root);
	return result < 0 ? -1 : c.n_bad > 0 ? 1 : 0;
}
