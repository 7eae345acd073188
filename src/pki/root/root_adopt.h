/* SPDX-License-Identifier: MIT */
/* root_adopt.h - imports roots whose keys are already on tokens. */
#ifndef PKI_ROOT_ROOT_ADOPT_H
#define PKI_ROOT_ROOT_ADOPT_H

#include "pki/issue/issue_job.h"
#include "x509/templates.h"

struct adopt_args {
	const char *cert_file;       /* PEM, DER or base64 */
	bool accept_imported;
};
/*
 * Imports a root: its certificate is read and judged by the job's template, its key found on the token and proved, both
 * are recorded with the key's origin, and the certificate is stored beside the key. Creates a ledger if there is
 * none.
 * -1 (ERR_POLICY): "root-not-self-signed", "root-not-ca", "root-imported", or a rule's.
 */
int root_adopt(struct issue_job *job, const struct adopt_args *args, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/* Records another token that holds the key of the root, after the key is found and proved there. */
int root_attach(struct key_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
