/* SPDX-License-Identifier: MIT */
/* client_issue_folder.c - the folder of the certificates, and the CA certificates in it: root.cer and issuers.pem. */
#include "pki/client/client_issue_run.h"

#include <string.h>

#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define FILE_MAX ((size_t)1 << 20)

/* The file has an earlier certificate of the same root: written by a run before the renewal. */
static bool issue_folder_is_outdated(const char *path, const struct cert_info *top)
{
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info info;
	struct err none;

	return file_read(&file, path, FILE_MAX, &none) == 0 &&
	    der_from_file(&der, buf_bytes(&file), DER_CERT, &none) == 0 &&
	    cert_read(&info, buf_bytes(&der), &none) == 0 && strcmp(info.spki_sha256, top->spki_sha256) == 0 &&
	    strcmp(info.subject, top->subject) == 0;
}

/* is_probe: only checks whether the file could be written. */
static int issue_folder_write_cert(const struct client_issue_run *r, const char *name, const struct buf *content,
    bool is_probe, struct err *e)
{
	AUTO(char) path = file_join(r->job->out_path, name, e);
	bool same, may_replace;

	if (path == NULL || file_is_same(&same, path, buf_bytes(content), e) < 0)
		return -1;
	if (same)
		return 0;
	may_replace = r->job->force || issue_folder_is_outdated(path, &r->root.top);
	return is_probe ? file_check_writable(path, may_replace, e) :
			  file_write(path, buf_bytes(content), 0644, may_replace, e);
}

/* Writes the trust anchor and, if the issuer is another CA, the CAs between. */
static int issue_folder_write_root(const struct client_issue_run *r, bool is_probe, struct err *e)
{
	const struct bytes own = buf_bytes(&r->root.der), issuers = buf_bytes(&r->root.issuers);
	AUTO_VALUE(buf) cer = { 0 };
	AUTO_VALUE(buf) pem = { 0 };

	if (der_encode(&cer, issuers_top(own, issuers), DER_CERT, "cer", e) < 0 ||
	    issue_folder_write_cert(r, "root.cer", &cer, is_probe, e) < 0)
		return -1;
	if (issuers.len == 0)
		return 0;
	if (der_encode(&pem, own, DER_CERT, "pem", e) < 0 || issuers_encode(&pem, issuers, "pem", e) < 0)
		return -1;
	return issue_folder_write_cert(r, "issuers.pem", &pem, is_probe, e);
}

int issue_folder_prepare(struct client_issue_run *r, const struct issue_group *g, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < g->n_items; i++)
		any = any || issue_is_done(&g->items[i]);
	if (!any || r->is_folder_ready || r->job->out_path == NULL)
		return 0;
	r->is_folder_ready = true;
	file_remove_stale(r->job->out_path, NULL);
	return issue_folder_write_root(r, false, e);
}

int issue_folder_check(const struct client_issue_run *r, struct err *e)
{
	return issue_folder_write_root(r, true, e);
}
