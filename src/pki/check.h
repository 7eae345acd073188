/* SPDX-License-Identifier: MIT */
/* check.h - files checked with every rule that has its facts. */
#ifndef PKI_CHECK_H
#define PKI_CHECK_H

#include "out/out.h"
#include "pki/pki.h"
#include "x509/templates.h"

/*
 * Lints files: certificates (followed by issuers, or root_file), and requests as for the template (NULL:
 * azure-client). Prints list "findings". 1: failures or warnings.
 */
struct check_job {
	char *const *files;
	size_t n_files;
	const char *root_file;       /* NULL = none */
	const struct cert_template *template;
};
int check_files(struct pki *p, const struct check_job *job, struct out *o, struct err *e) MUST_CHECK;

#endif
