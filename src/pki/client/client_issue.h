/* SPDX-License-Identifier: MIT */
/* client_issue.h - issues certificates for request files: one or a hundred thousand. */
#ifndef PKI_CLIENT_CLIENT_ISSUE_H
#define PKI_CLIENT_CLIENT_ISSUE_H

#include "pki/issue/issue.h"
#include "pki/issue/name_authority.h"

struct client_issue {
	struct pki *pki;
	char *const *files;          /* request files */
	size_t n_files;
	struct name_authority names;
	const char *root_name, *device, *out_path;
	const struct cert_template *template; /* NULL: the root's template in p11ca.conf, else azure-client */
	unsigned days, jobs;
	bool force;
};

/* One row per request, in order. */
struct issue_row {
	const char *file, *result;   /* "issued", "existing", "finished", "refused", "to issue" */
	const char *name, *device, *serial, *thumbprint, *fingerprint, *path;
	const char *code, *why;      /* code of a refusal */
	const char *ignored;         /* requested extensions that are not granted, comma-separated */
	int64_t not_after;
};
extern const struct out_field issue_row_fields[];

/*
 * Issues in groups, several at once; each certificate is in the ledger before its file is written. Prints rows of the
 * list "certificates". 0: all issued; 1: some refused (or all of several); -1: failed, or the only request was refused.
 */
int client_issue(const struct client_issue *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
